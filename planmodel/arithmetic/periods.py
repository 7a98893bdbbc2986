"""Periods: years, runs of years, quarters and cumulative months, and the moments a review looks from."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from planmodel.errors import PlanmodelError
from planmodel.words import Phrase

YEAR, MONTH = r"((?:19|20|21)\d\d|2200)", r"(0[1-9]|1[0-2])"
PERIOD = re.compile(rf"{YEAR}(?:Q([1-4])|-{MONTH}(?:\.\.\1-{MONTH})?|\.\.{YEAR})?")
DAY = re.compile(rf"{YEAR}-{MONTH}-\d\d", re.ASCII)
DATE = re.compile(rf"{YEAR}(?:-{MONTH}(?:-\d\d)?)?", re.ASCII)
FISCAL = re.compile(r"((?:19|20|21)\d\d)/(\d{4}|\d\d)", re.ASCII)


def calendar(text: str) -> str:
    """Return a text with each fiscal year as the year it ends in; 2017/18 is 2018.

    >>> calendar("2017/18"), calendar("2013/14..2017/18"), calendar("2017/19"), calendar("1999/2000")
    ('2018', '2014..2018', '2017/19', '2000')
    """

    def ended(match: re.Match[str]) -> str:
        end = str(int(match[1]) + 1)
        return end if match[2] in (end, end[2:]) else match[0]

    return "..".join(FISCAL.sub(ended, part) if FISCAL.fullmatch(part) else part for part in text.split(".."))


@dataclass(frozen=True)
class Period:
    """A run of whole months, both ends included; months count from year 0: 12 x year + month - 1."""

    first: int
    last: int

    @property
    def first_year(self) -> int:
        return self.first // 12

    @property
    def last_year(self) -> int:
        return self.last // 12

    @property
    def first_month(self) -> int:
        return self.first % 12 + 1

    @property
    def last_month(self) -> int:
        return self.last % 12 + 1

    @property
    def whole_years(self) -> bool:
        """True for a year or a run of years, not a quarter or some months."""
        return self.first_month == 1 and self.last_month == 12

    @property
    def end(self) -> date:
        """The last day."""
        return date(self.last_year, self.last_month, monthrange(self.last_year, self.last_month)[1])


def parse_period(text: str) -> Period | None:
    """Return a period as tables write it, None for other text; a fiscal year counts as the year it ends in.

    >>> parse_period("2023Q3") == parse_period("2023-07..2023-09"), parse_period("2016..2020").whole_years
    (True, True)
    >>> parse_period("2023-01..2023-09").last_month, parse_period("autumn")
    (9, None)
    >>> parse_period("2017/18") == parse_period("2018")
    True
    """
    match = PERIOD.fullmatch(calendar(text))
    if not match:
        return None
    year, quarter, month, month_to, year_to = match.groups()
    start = 12 * int(year)
    if quarter:
        return Period(start + 3 * int(quarter) - 3, start + 3 * int(quarter) - 1)
    if month:
        period = Period(start + int(month) - 1, start + int(month_to or month) - 1)
    else:
        period = Period(start, 12 * int(year_to or year) + 11)
    return period if period.first <= period.last else None


def publication_day(text: str) -> date | None:
    """Return the last day that a day, a month or a year allows; None of other text.

    >>> str(publication_day("2024-02")), publication_day("2024-02-30"), publication_day("March")
    ('2024-02-29', None, None)
    """
    if not DATE.fullmatch(text):
        return None
    year, month, *day = [*map(int, text.split("-")), 12][: max(2, text.count("-") + 1)]
    last = monthrange(year, month)[1]
    return date(year, month, day[0] if day else last) if not day or 1 <= day[0] <= last else None


@dataclass(frozen=True)
class Moment:
    """Where a review stands: the last month it looks at, and the day up to which publications count."""

    text: str
    last: int
    known_on: date

    @property
    def year(self) -> int:
        return self.last // 12

    @property
    def last_full_year(self) -> int:
        """The last year that is over."""
        return self.year if self.last % 12 == 11 else self.year - 1


def parse_moment(text: str, release_months: int) -> Moment:
    """Return the moment of a period, or of a day.

    A period looks at figures up to its end, published within release_months after it. A day (2024-03-15) looks at what
    was published by then.

    Errors: PlanmodelError for other text.

    >>> parse_moment("2023", 6).known_on.isoformat(), parse_moment("2023-09", 2).known_on.isoformat()
    ('2024-06-30', '2023-11-30')
    >>> parse_moment("2024-03-15", 6).last_full_year
    2023
    """
    text = str(text).strip()
    if DAY.fullmatch(text) and (day := publication_day(text)):
        complete = day.day == monthrange(day.year, day.month)[1]
        return Moment(text, 12 * day.year + day.month - (1 if complete else 2), day)
    period = parse_period(text)
    if period is None or period.whole_years and period.first_year != period.last_year:
        raise PlanmodelError.of("as of", Phrase("arithmetic.moment"), text)
    return Moment(text, period.last, Period(0, period.last + release_months).end)

"""Histories as people keep them: a sheet with a row an indicator and a column a year, read into series."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from planmodel.arithmetic.periods import calendar
from planmodel.documents.beginning import Series
from planmodel.documents.grammar import pattern
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.texts import read_text
from planmodel.words import LANGS, Phrase
from planmodel.workbooks.cells import shown

NO_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)\s*\S")
NOTHING = (
    "", "-", "--", ":", "\u2013", "\u2014", "..", "...", "\u2026", "n/a", "na", "n.a.", "nan", "none", "null", "/",
)  # fmt: skip
MARKS = re.compile(r"(?<=\d)\s?(?:[\u00b9\u00b2\u00b3\u2070\u2074-\u2079*\u2020\u2021]+|[pr]|\([pr]\))$")
"""Behind a figure or a year: footnotes, preliminary, revised."""
BRACKETED = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*$")
MOST_ROWS = 5000


def read_histories(path: Path) -> tuple[Series, ...]:
    """Return the series of a sheet (xlsx or CSV): the first row with two years or more, on the first sheet that has one, holds them; names stand left of them.

    The unit stands in a column of its own, in brackets behind the name, or above the table. A row about growth in % is growth of
    what it names, or of the row above where it names nothing ("growth, %"). Empty cells and dashes are gaps.

    Errors: PlanmodelError with every cell that is no number, or where no years are found.
    """
    rows = _grid(path)
    at = next((i for i, row in enumerate(rows) if _is_head(row)), None)
    if at is None:
        wanted, do = Phrase("drafting.fault.years"), Phrase("drafting.fault.do_years")
        raise PlanmodelError(faults=[Fault("sheet", wanted, Phrase("commands.nothing"), path.name, do=do)])
    years, faults = _years(rows[at]), list[Fault]()
    series: list[Series] = []
    faults += [
        Fault(text, Phrase("drafting.fault.header"), Phrase("drafting.fault.twice") if column in years else repr(text),
              path.name, at + 1, Phrase("drafting.fault.do_header"))
        for column, text in _odd_heads(rows[at], years)
    ]  # fmt: skip
    left = [column for column in range(min(years)) if any(_cell(row, column) for row in rows[at:])] or [0]
    unit_heads = _words(Phrase("drafting.sheet.unit"))
    unit_column = next((c for c in left if _cell(rows[at], c).casefold().strip(": ") in unit_heads), None)
    texts = [c for c in left if c != unit_column]
    above = _unit_above(rows[: at + 1])
    for line, row in enumerate(rows[at + 1 :], at + 2):
        name = next((_cell(row, c) for c in texts if re.search(r"[^\W\d_]", _cell(row, c))), "")
        figures = {year: _cell(row, column) for column, year in years.items()}
        figures = {year: text for year, text in figures.items() if text.casefold() not in NOTHING}
        if not figures or not (name or series):
            continue
        if not name:
            wanted, do = Phrase("drafting.fault.name"), Phrase("drafting.fault.do_name")
            faults.append(Fault("A", wanted, Phrase("errors.empty_cell"), path.name, line, do))
            continue
        numbers = {year: _number(text) for year, text in figures.items()}
        wrong = (year for year, text in numbers.items() if not text)
        expected = Phrase("errors.number")
        do = Phrase("errors.correct_cell")
        faults += [Fault(str(y), expected, repr(figures[y]), path.name, line, do) for y in wrong]
        name, unit = _parted(name, "" if unit_column is None else _cell(row, unit_column))
        name, unit = _priced(name, unit)
        bare, growth = _growth(name, unit)
        if growth and not bare and series:
            bare = series[-1].name
        if not growth:
            unit = unit or above
        series.append(Series(bare or name, unit, growth, numbers, f"{path.name}, {line}"))
    if faults:
        raise PlanmodelError(faults=faults)
    return tuple(series)


def _grid(path: Path) -> list[list[str]]:
    if path.suffix.lower() == ".xlsx":
        from planmodel.workbooks.opening import open_workbook

        sheets = open_workbook(path)[1].worksheets
        grids = (
            [list(map(shown, row)) for row in s.iter_rows(max_row=min(s.max_row, MOST_ROWS))] for s in sheets
        )
        return next((grid for grid in grids if any(map(_is_head, grid))), [])
    text = read_text(path)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:4000], delimiters=",;\t")
    except csv.Error:
        dialect = "excel"
    return [list(row) for row in csv.reader(io.StringIO(text), dialect)][:MOST_ROWS]


def _cell(row: Sequence[str], column: int) -> str:
    text = MARKS.sub("", row[column].strip()) if column < len(row) else ""
    return unicodedata.normalize("NFKC", text).strip()


def _years(row: Sequence[str]) -> dict[int, int]:
    """Years by column, a fiscal one (2017/18, FY2017-18) as that in which it ends."""
    matches = ((column, pattern("year_cell").fullmatch(_cell(row, column))) for column in range(len(row)))
    years = {column: calendar("/".join(filter(None, match.groups()))) for column, match in matches if match}
    return {column: int(year) for column, year in years.items() if year.isdigit()}


def _is_head(row: Sequence[str]) -> bool:
    """Whether there are two years or more, and fewer other figures: a row of capacities may hold a 2050, too."""
    years = _years(row)
    others = [c for c in range(len(row)) if c not in years and _number(_cell(row, c))]
    return max(2, len(others) + 1) <= len(years)


def _odd_heads(row: Sequence[str], years: Mapping[int, int]) -> list[tuple[int, str]]:
    """Heads that begin as years and are none ("2025E"), or name a year again."""
    seen, odd = set(), []
    for column in range(len(row)):
        text = _cell(row, column)
        unlike = column not in years and column > min(years) and NO_YEAR.match(text)
        if unlike or years.get(column, 0) in seen:
            odd.append((column, text))
        seen |= {years[column]} if column in years else set()
    return odd


def _number(text: str) -> str:
    """A figure as plain digits, empty where it is none."""
    plain = re.sub(r"(?<=\d)[,\u2009\u00a0 ](?=\d{3}\b)", "", text).rstrip("%").strip().replace("\u2212", "-")
    return plain if re.fullmatch(r"[-+]?\d+(\.\d+)?", plain) else ""


def _words(key: Phrase) -> list[str]:
    """The words of all languages that mean something in such a sheet, longest first."""
    return sorted((word for lang in LANGS for word in key[lang].split("|")), key=len, reverse=True)


def _unit_above(rows: Sequence[Sequence[str]]) -> str:
    """The unit that a line above the table names for all of it, such as "unit: tonnes"; empty: none."""
    words = "|".join(_words(Phrase("drafting.sheet.unit")))
    head = re.compile(rf"(?:{words})\s*:\s*(.+?)\s*[)]?", re.IGNORECASE)
    matches = (head.fullmatch(_cell(row, column).lstrip("(")) for row in rows for column in range(len(row)))
    return next((match[1] for match in matches if match), "")


def _parted(name: str, unit: str) -> tuple[str, str]:
    """A name and its unit, which stands in brackets behind it or after a comma where there is no column for it."""
    match = BRACKETED.match(name)
    if match and (not unit or match[2] == unit):
        return match[1], unit or match[2]
    if not unit and name.endswith("%"):
        return name[:-1].rstrip(" ,\u3001"), "%"
    per = re.search(r"\bper\s+1[\d,]*0\b.*", name, re.IGNORECASE)  # "doctors per 1,000 people"
    return name, unit or (per[0] if per else "")


def _priced(name: str, unit: str) -> tuple[str, str]:
    """A name with the prices that its unit tells, and the unit without them: "RM million, constant 2015 prices", "constant 2015 US$"."""
    first, last = pattern("prices_first").match(unit), pattern("prices").search(unit)
    if first:
        return f"{name}, {first[1]} prices", unit[first.end() :]
    return (
        (f"{name}, {last[0].strip(' ,;()')}", unit[: last.start()]) if last and last.start() else (name, unit)
    )


def _growth(name: str, unit: str) -> tuple[str, bool]:
    """What a row about growth in % is growth of (empty: of the row above), and whether it is one."""
    if unit not in ("%", "percent"):
        return name, False
    words = "|".join(_words(Phrase("drafting.sheet.growth")))
    plain = pattern("prices").sub("", name).strip()
    bare = re.sub(rf"^\W*(?:{words})\s*(?:of\s+)?|\W*(?:{words})\W*$", "", plain, flags=re.IGNORECASE).strip()
    return (bare, True) if bare != plain else (name, False)

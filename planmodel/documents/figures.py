"""Figures as documents print them: digits and words, with what multiplies them, what they count and how they compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from planmodel.documents.grammar import PERCENT, entry, named, pattern
from planmodel.plans.numerals import amounts, words, worth


@dataclass(frozen=True)
class Figure:
    """A figure of a text: from `start` to `end`, its unit and comparator words included; `number_end`: of the bare print.

    >>> figures("达到5万吨以上")[0].value, figures("达到5万吨以上")[0].unit, figures("达到5万吨以上")[0].comparator
    (5.0, '万吨', 'ge')
    """

    start: int
    end: int
    value: float | None
    upper: float | None
    unit: str
    comparator: str
    worded: bool
    number_end: int = 0
    multiplier: str = ""


def number_of(text: str) -> float:
    """Return the number that digits or Chinese numerals print.

    >>> number_of("1,234.5"), number_of("十二"), number_of("两千三百"), number_of("百")
    (1234.5, 12.0, 2300.0, 100.0)
    """
    if text[0].isdigit() and text[0].isascii():
        return float(text.replace(",", ""))
    return float(worth(text.replace("O", entry("zh.zero"))))


def share_of(text: str) -> float:
    """Return the part of a whole that words print, in per cent.

    >>> share_of("三分之二"), share_of("七成"), share_of("three quarters"), share_of("nine out of ten pupils")
    (66.67, 70.0, 75.0, 90.0)
    """
    return round(100 * amounts(text)[0].value, 2)


def figures(text: str) -> list[Figure]:
    """Return the figures of a plain text, in its order; a word counts where a unit follows it."""
    made = []
    for match in pattern("zh.figure").finditer(text):
        unit, mult, word = match["unit"] or "", match["mult"] or "", match["word"]
        if word is not None and not unit and not mult:
            continue
        value: float | None = None
        if match["part"]:
            value, unit = share_of(match["part"]), "%"
        elif match["per"]:
            value, unit = number_of(match["per"]), PERCENT[match["of"] == entry("zh.thousand")]
        elif match["low"] or word is not None:
            value = number_of(match["low"] or word or "1")  # a trillion, without a numeral
        comparator = next((name for name, _ in named("zh.after") if match[name]), "")
        if not comparator and (
            match["more"] or match["many"] or pattern("zh.more_than_half").match(match[0])
        ):
            comparator = "gt"
        if mult[:1] in (places := words()["places"]):
            value = value if value is None else value * 10 ** places[mult[0]]
            mult = mult[1:]
        number_end = (
            match.end("unit")
            if match["unit"]
            else max(match.end(part) for part in ("mult", "low", "high", "word", "masked", "part", "per"))
        )
        high = number_of(match["high"]) if match["high"] else None
        if high is not None and value is not None and high <= value:
            high = None
        worded = bool(word or match["per"])
        place = match.start(), match.end()
        made.append(Figure(*place, value, high, mult + unit, comparator, worded, number_end, mult))
    return made


@dataclass(frozen=True)
class Western:
    """A figure of English: from `start`, its comparator included, its digits at `at`, to `end`; counted: its unit without scale and money.

    high: the second of two, at `high_at`; moves: "to" stands between them; part: a part of a whole in words, in per cent.
    """

    start: int
    at: int
    end: int
    printed: str
    digits: str
    value: float
    unit: str
    counted: str
    comparator: str
    money: bool = False
    high: float | None = None
    high_at: int = 0
    moves: bool = False
    part: bool = False

    @property
    def upper(self) -> float | None:
        """The upper end of a range."""
        return self.high if self.high is not None and self.high > self.value else None

    def moved(self) -> Western:
        """Return the second of two figures: what the first moves to."""
        high = self.value if self.high is None else self.high
        printed = self.printed[self.high_at - self.start :]
        return replace(
            self, start=self.high_at, at=self.high_at, value=high, high=None, moves=False, printed=printed
        )


def western_figures(text: str) -> Iterator[Western]:
    """Yield the figures of an English text; per cent is %, a currency before its scale stands behind it.

    >>> [(f.value, f.unit, f.comparator) for f in western_figures("at least 12 percent of $3 billion, a quarter of all")]
    [(12.0, '%', 'ge'), (3.0, 'billion $', ''), (25.0, '%', '')]
    """
    end = 0
    for m in pattern("en.figure").finditer(text):
        if m.start() < end:
            continue
        kind = next(name for name in ("part", "low", "zero", "word") if m[name])
        digits = m[kind]
        if m["part"]:
            value = share_of(f"{digits} people")
        elif m["zero"]:
            value = 0.0
        else:
            value = float(digits.replace(",", "")) if m["low"] else float(amounts(digits)[0].value)
        unit = pattern("en.percent_in").sub("%", re.sub(r"\s+", " ", m["unit"] or ""))
        if m["part"] or (
            not unit and m["low"] and pattern("en.percent").match(text[m.end("low") :].lstrip(" "))
        ):
            unit = "%"
        things = pattern("en.new_things").match(text, m.end(kind)) or pattern("en.made").match(
            text, m.end(kind)
        )
        signs = [sign for sign in (*entry("en.before"), "after_ge", "after_le") if m[sign]]
        if m["word"] and not (unit or m["scale"] or things or signs[-1:] in (["after_ge"], ["after_le"])):
            continue
        whole = " ".join(part for part in (m["scale"] or "", (m["money"] or "").strip(" ."), unit) if part)
        start = m.start() + len(m[0]) - len(m[0].lstrip())
        end = m.end("part") if m["part"] else start + len(m[0].strip())
        if unit.startswith("hour") and (minutes := pattern("en.minutes").match(text, end)):
            value, end = value + int(minutes[1]) / 60, minutes.end()
            signs = signs or ["le"] * bool(pattern("en.after.le").match(text, end + 1))
        yield Western(
            start, m.start(kind), end, text[start:end], digits, value, whole, unit, signs[0].removeprefix("after_") if signs else "",
            bool(m["money"]), float(m["high"].replace(",", "")) if m["high"] else None, m.start("high"), m["joint"] == "to", bool(m["part"]),
        )  # fmt: skip

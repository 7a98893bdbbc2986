"""Figures as documents print them: digits and words, with what multiplies them, what they count and how they compare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from planmodel.documents.grammar import entry, named, pattern
from planmodel.plans.numerals import words

DIGITS: Mapping[str, int] = words()["digits"] | {"O": 0}
PLACES: Mapping[str, int] = {letter: 10**power for letter, power in words()["places"].items()}
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


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
    if set(text) <= set(DIGITS):
        return float("".join(str(DIGITS[letter]) for letter in text))
    total, digit = 0, 0
    for letter in text:
        if letter in DIGITS:
            digit = DIGITS[letter]
        else:
            total += (digit or 1) * PLACES[letter]
            digit = 0
    return float(total + digit)


def figures(text: str) -> list[Figure]:
    """Return the figures of a plain text, in its order; a word counts where a unit follows it."""
    found = []
    for match in pattern("zh.figure").finditer(text):
        unit, mult, word = match["unit"] or "", match["mult"] or "", match["word"]
        if word and not unit and not mult:
            continue
        value: float | None = None
        if match["per"]:
            value, unit = number_of(match["per"]), "%"
        elif match["low"] or word:
            value = number_of(match["low"] or word)
        comparator = next((name for name, _ in named("zh.after") if match[name]), "")
        if not comparator and (match["more"] or match["many"]):
            comparator = "gt"
        if mult[:1] in PLACES:
            value = value if value is None else value * PLACES[mult[0]]
            mult = mult[1:]
        number_end = match.end("unit") if match["unit"] else max(match.end("mult"), match.end("low"), match.end("high"), match.end("word"), match.end("masked"), match.end("per"))  # fmt: skip
        high = number_of(match["high"]) if match["high"] else None
        if high is not None and value is not None and high <= value:
            high = None
        worded = bool(word or match["per"])
        place = match.start(), match.end()
        found.append(Figure(*place, value, high, mult + unit, comparator, worded, number_end, mult))
    return found


@dataclass(frozen=True)
class Western:
    """A figure of English: from `start`, its comparator included, its digits at `at`, to `end`; counted: its unit without scale and money."""

    start: int
    at: int
    end: int
    printed: str
    digits: str
    value: float
    upper: float | None
    unit: str
    counted: str
    comparator: str
    from_low: bool


@cache
def _western() -> re.Pattern[str]:
    unit, scale, money = (pattern(f"en.{name}").pattern for name in ("units", "scale", "money"))
    before = "|".join(f"(?P<{name}>{found.pattern})" for name, found in named("en.before"))
    after = "|".join(f"(?P<after_{name}>{found.pattern})" for name, found in named("en.after"))
    small = "|".join(word for word, n in words()["western"].items() if 1 < n < 100)
    percent = r"(?:%|per\scent|percent)"
    return re.compile(
        rf"(?:\b(?:{before})\s+)?(?P<between>between\s+)?(?P<money>{money})?\s?(?:(?<![\d.,])(?P<low>{NUMBER})(?!\d)|\b(?P<word>{small})\b(?=\s[a-z]))"
        rf"(?:\s?{percent}?\s?(?P<joint>(?(between)and|(?:-|–|—|to)))\s?(?P<high>{NUMBER})(?=\s?(?:{percent}|{scale}|{unit})))?"
        rf"\s?(?P<scale>{scale})?\s?(?:(?:new|additional|more|extra|further|affordable)\s)?"
        rf"(?P<unit>(?:per\s\d[\d,]+(?:\s(?:live\sbirths|births|people|persons|inhabitants|residents|population|women|children))?)"
        rf"|(?:{unit})(?![a-z])(?:\s(?:{entry('en.per')}))?(?:\sof\s(?:the\s)?(?:GDP|GNI|national\sincome))?|(?:{money})(?![a-z]))?(?:\s(?:{after}))?",
        re.IGNORECASE,
    )


def western_figures(text: str) -> Iterator[Western]:
    """Yield the figures of an English text; per cent is %, a currency before its scale stands behind it.

    >>> [(f.value, f.unit, f.comparator) for f in western_figures("at least 12 percent of $3 billion")]
    [(12.0, '%', 'ge'), (3.0, 'billion $', '')]
    """
    for m in _western().finditer(text):
        at = m.start("low" if m["low"] else "word")
        digits = m["low"] or m["word"]
        value = float(digits.replace(",", "")) if m["low"] else float(words()["western"][digits.lower()])
        upper = float(m["high"].replace(",", "")) if m["high"] else None
        unit = re.sub(
            r"per cent|percent(?!age)", "%", re.sub(r"\s+", " ", m["unit"] or ""), flags=re.IGNORECASE
        )
        if not unit and m["low"] and re.match(r"\s?(?:%|per cent|percent)", text[m.end("low") :]):
            unit = "%"
        if m["word"] and not (unit or m["scale"]):
            continue
        signs = [name for name in ("ge", "le", "gt", "lt", "about") if m[name]]
        signs += [name for name, _ in named("en.after") if m[f"after_{name}"]]
        whole = " ".join(part for part in (m["scale"] or "", (m["money"] or "").strip(), unit) if part)
        start = m.start() + len(m[0]) - len(m[0].lstrip())
        yield Western(
            start, at, m.end(), m[0].strip(), digits, value, upper if upper is None or upper > value else None, whole, unit,
            signs[0] if signs else "", upper is not None and m["joint"] == "to",
        )  # fmt: skip

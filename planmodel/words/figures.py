"""Figures for reading: numbers, shares and probabilities."""

import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

ADDRESS = re.compile(r"https?://[^\s<>\\`]+")
UNREADABLE = 1e16  # from here on a number is shown by its first digits and its power of ten


def plain(text: str) -> str:
    """Return text that markdown shows as it stands, markup and formulas included.

    >>> plain("a *b* <i>")
    'a \\\\*b\\\\* \\\\<i\\\\>'
    """
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|$~&" else c for c in text)


def unmarked(text: str) -> str:
    """Return an answer without the marks of markdown."""
    return text.replace("\\", "").replace("**", "")


def link(url: str) -> str:
    """Return an address as a link of markdown; text that is none as it stands.

    >>> link("https://example.org/a_b"), link("x>*y*")
    ('<https://example.org/a_b>', 'x\\\\>\\\\*y\\\\*')
    """
    return f"<{url}>" if ADDRESS.fullmatch(url) else plain(url)


def probability_words(probability: float, rules: Mapping, lang: str) -> str:
    """Return the words for a probability, the same everywhere (data/rules.yaml)."""
    for entry in rules["words"]:
        if probability < entry["below"]:
            return entry[lang]
    return rules["words"][-1][lang]


def figure(value: float | None, digits: int | None = None) -> str:
    """Return a number for reading: thousands grouped, no needless decimals; a dash for None.

    >>> figure(2669.73), figure(4000.0), figure(0.0312), figure(None), figure(8.4222, 1)
    ('2,669.73', '4,000', '0.0312', '–', '8.4')
    """
    if value is None or math.isnan(value):
        return "–"
    if abs(value) >= UNREADABLE:
        text = f"{value:.3g}"
    elif digits is not None:
        text = f"{value:,.{digits}f}"
    elif abs(value) >= 1000:
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.4g}"
        if "e" in text:
            text = f"{value:,.6f}".rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # no minus before a zero
    return text.replace("-", "−")


def thousands(value: Decimal) -> str:
    """Return a figure with the decimals it has, thousands grouped.

    >>> thousands(Decimal("2669.70")), thousands(Decimal("-0.5"))
    ('2,669.70', '−0.5')
    """
    return f"{value:,}".replace("-", "−")


def percent(probability: float | None) -> str:
    """Return a probability for reading; never a false 0 or 100.

    >>> percent(0.371), percent(0.0003), percent(0.9999), percent(None)
    ('37%', '<1%', '>99%', '–')
    """
    if probability is None:
        return "–"
    if probability < 0.01:
        return "<1%"
    if probability > 0.99:
        return ">99%"
    return f"{100 * probability:.0f}%"


def in_percent(value: float | None, digits: int | None = 1) -> str:
    """Return a growth or share that is given in percent, for reading.

    >>> in_percent(8.4222), in_percent(-0.46, 2), in_percent(None)
    ('8.4%', '−0.46%', '–')
    """
    text = figure(value, digits)
    return text if text == "–" else f"{text}%"


def width_of(text: str) -> int:
    """Return how many Latin characters a text is wide, by its longest line; Chinese characters count double.

    >>> width_of("GDP"), width_of("ＧＤＰ"), width_of("a\\nbcd")
    (3, 6, 3)
    """
    lines = text.split("\n")
    if text.isascii():
        return max(map(len, lines))
    wide = (sum(unicodedata.east_asian_width(letter) in "WF" for letter in line) for line in lines)
    return max(len(line) + more for line, more in zip(lines, wide, strict=True))


COMPARATOR_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "", "about": "≈", "range": ""}

"""The grammar of promises: the words of grammar.yaml as patterns, by language, each compiled once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, reduce
from importlib import resources
from typing import Any

import yaml

from planmodel.plans.numerals import words

PERCENT = ("%", "‰")
UNITS = "\u00b5\u00b2\u00b3"
"""Signs of units that stay as they are: micro, square and cubic."""
HIDDEN = "\x01"
"""What stands for each letter of what is no figure."""


@cache
def _rules() -> Mapping[str, Any]:
    """Return the content of grammar.yaml, and of the words of figures as its entry `numerals`."""
    text = resources.files("planmodel.documents").joinpath("grammar.yaml").read_text(encoding="utf-8")
    return {**yaml.safe_load(text), "numerals": words()}


@cache
def entry(key: str) -> Any:
    """Return an entry of grammar.yaml, its keys joined by dots."""
    return reduce(lambda content, name: content[name], key.split("."), _rules())


@cache
def _plainer() -> Mapping[int, str]:
    pairs = re.sub(r"\s", "", entry("simplified"))
    return {ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)}


@cache
def _plain_letter(letter: str) -> str:
    made = unicodedata.normalize("NFKC", letter)
    if len(made) > 1 or letter in UNITS:
        return letter
    return str(unicodedata.decimal(made)) if made.isdecimal() else made


def plain(text: str) -> str:
    """Return a text of the same length without full-width and traditional forms, line ends and tabs as blanks.

    >>> plain("達到１０％，"), plain("٤٢")
    ('达到10%,', '42')
    """
    return narrow(text).translate(_plainer()).translate({9: " ", 10: " ", 13: " ", 0xAD: " "})


def narrow(text: str) -> str:
    """Return a text without full-width forms, traditional ones kept.

    >>> narrow("萬噸／％")
    '萬噸/%'
    """
    return "".join(letter if letter < "\x7f" else _plain_letter(letter) for letter in text)


def ended(text: str) -> str:
    """Return a text of the same length with fiscal years as the years that they end in.

    >>> ended("by 2030-31, from 2026-30"), ended("2026/27-2030/31")
    ('by    2031, from 2026-30', '   2027-   2031')
    """

    def end(match: re.Match[str]) -> str:
        last = int(match[1]) + 1
        return str(last).rjust(len(match[0])) if last % 100 == int(match[2]) else match[0]

    return pattern("en.fiscal").sub(end, text)


def is_chinese(text: str) -> bool:
    """Return whether a text is written in Chinese rather than in letters.

    >>> is_chinese("GDP年均增长5%"), is_chinese("growth of gross domestic product (GDP, 总值) by 5 %")
    (True, False)
    """
    return len(re.findall(r"[\u4e00-\u9fff]", text)) > len(re.findall(r"[A-Za-z]+", text))


def roc_years(text: str) -> bool:
    """Return whether a text counts its years from 1912: it is in traditional characters.

    >>> roc_years("目標至119年達約195MW"), roc_years("到2025年")
    (True, False)
    """
    return len(set(entry("traditional")) & set(text)) >= 3


@cache
def pattern(key: str) -> re.Pattern[str]:
    """Return the pattern of an entry: one of its words, the longer first, or of a list, in its order; {key} in it is that pattern.

    The words of figures (numerals) are words, the others patterns.
    """
    listed = entry(key)
    if key.startswith("numerals."):  # words, not patterns
        listed = sorted(
            (re.escape(str(word)).replace("\\ ", r"\s+") for word in listed), key=len, reverse=True
        )
    if isinstance(listed, Mapping):
        listed = " ".join(value if isinstance(value, str) else key for key, value in listed.items())
    if isinstance(listed, str):
        listed = sorted(listed.split(), key=len, reverse=True)
    text = re.sub(r"\{([a-z][a-z_.]+)\}", lambda name: pattern(name[1]).pattern, "|".join(listed))
    return re.compile(f"(?:{text})")


@cache
def named(key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of an entry that names several, in its order."""
    return tuple((name, pattern(f"{key}.{name}")) for name in entry(key))


def first_of(key: str, text: str) -> str:
    """Return the name of the first pattern of an entry that a text holds, or nothing."""
    return next((name for name, words in named(key) if words.search(text)), "")


def hide(text: str, *shapes: re.Pattern[str]) -> str:
    r"""Return a text of the same length without what patterns find in it, one after the other.

    >>> hide("in 2030", re.compile(r"\d+")).count(HIDDEN)
    4
    """
    for each in shapes:
        text = each.sub(lambda match: HIDDEN * len(match[0]), text)
    return text

"""Identities of a plan: lines such as `a = b / c` and `a = b + c` between its indicators."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = r"\w+(?:@\w+)?"
LINE = re.compile(rf"({NAME}) = ({NAME})((?: [+/] {NAME})+)")


@dataclass(frozen=True)
class Term:
    """An indicator in a region; an empty region is the plan's."""

    indicator: str
    region: str = ""

    def __str__(self) -> str:
        return f"{self.indicator}@{self.region}" if self.region else self.indicator


@dataclass(frozen=True)
class Identity:
    """left = parts[0] / parts[1] where `ratio`, else left = the sum of the parts."""

    left: Term
    parts: tuple[Term, ...]
    ratio: bool
    text: str

    @property
    def terms(self) -> tuple[Term, ...]:
        return (self.left, *self.parts)

    def __str__(self) -> str:
        return self.text


def parse(line: str) -> Identity | None:
    """Return the identity of a line, None where it is none.

    >>> equation = parse("trade = exports + imports")
    >>> equation.ratio, [str(term) for term in equation.terms]
    (False, ['trade', 'exports', 'imports'])
    >>> parse("share@centre = services_va@centre / services_va").left
    Term(indicator='share', region='centre')
    >>> parse("a = b / c + d") is None, parse("a = b / c / d") is None
    (True, True)
    """
    match = LINE.fullmatch(line)
    if not match or "/" in match[3] and ("+" in match[3] or match[3].count("/") > 1):
        return None
    left, *parts = (Term(*name.split("@")) for name in re.findall(NAME, line))
    return Identity(left, tuple(parts), "/" in match[3], line)

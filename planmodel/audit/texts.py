"""How the audit writes figures: as printed where they are printed, to four digits where they are computed."""

from __future__ import annotations

from planmodel.arithmetic.intervals import Interval
from planmodel.plans.catalogue import Catalogue, Indicator, Region
from planmodel.words import Phrase, Text, figure, said, with_unit

PRINTED, FOLLOWS = Phrase("audit.printed"), Phrase("audit.follows")
"""Labels of the sides of a disagreement."""


class Amount(Text):
    """A figure with its unit, which each language sets in its own way."""

    def __init__(self, figure: str, unit: object):
        self.figure, self.unit = figure, unit

    def _say(self, lang: str) -> str:
        return with_unit(self.figure, said(self.unit, lang), lang)


def name_of(about: Indicator, elsewhere: Region | None) -> Phrase:
    """Return what a figure is about: the indicator, with its region where it is not the plan's."""
    if elsewhere is None:
        return Phrase("audit.name", name=about)
    return Phrase("audit.name_in", name=about, region=elsewhere)


def unit_name(unit: str, catalogue: Catalogue) -> object:
    """Return a unit with its name in each language: one of the catalogue, or pp, pp/year, %/year, times."""
    if unit in catalogue.units:
        return catalogue.units[unit]
    known = {"pp": "audit.unit.pp", "pp/year": "audit.unit.pp_a_year", "%/year": "audit.unit.percent_a_year"}
    known["times"] = "audit.unit.times"
    return Phrase(known[unit]) if unit in known else unit


def digits(value: float, n: int = 4) -> str:
    """Return a computed figure to some significant digits.

    >>> digits(7547.1698), digits(-0.876, 2)
    ('7,547', '−0.88')
    """
    return figure(float(f"{value:.{n}g}"))


def years(n: int) -> Phrase:
    """Return a number of years in words: five years."""
    return Phrase(f"audit.years.{n}") if 1 <= n <= 6 else Phrase("audit.years.many", n=n)


def gap_amount(gap: float, unit: str, catalogue: Catalogue) -> Amount:
    """Return the size of a gap with its unit."""
    return Amount(digits(gap, 3), unit_name(unit, catalogue))


def interval_amount(interval: Interval, unit: str, catalogue: Catalogue) -> Amount:
    """Return an interval with its unit."""
    return Amount(interval_digits(interval), unit_name(unit, catalogue))


def interval_digits(interval: Interval) -> str:
    """Return an interval for reading with no more digits than tell its ends apart.

    >>> interval_digits(Interval(3282.684, 3285.717)), interval_digits(Interval(18.58, 18.6)), interval_digits(Interval(2.0, 2.0))
    ('3,283–3,286', '18.58–18.6', '2')
    """
    low, high = interval.low, interval.high
    if abs(high - low) < 1e-9 * max(abs(high), 1):
        return digits(low)
    apart = (n for n in range(3, 7) if float(f"{low:.{n}g}") != float(f"{high:.{n}g}"))
    n = max(4, next(apart, 7))
    return f"{digits(low, n)}–{digits(high, n)}"

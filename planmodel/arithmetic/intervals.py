"""Interval arithmetic: what rounded figures allow. Intervals are closed, their ends finite or infinite."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planmodel.arithmetic.growth import rounding_interval
from planmodel.errors import UndefinedGrowth
from planmodel.words import Phrase

NOISE = 1e-9
"""Relative room for float noise where two intervals meet in one point."""


@dataclass(frozen=True)
class Interval:
    """All values from low to high. Products and quotients are those of positive values.

    >>> Interval(1, 2) + Interval(10, 20), Interval(1, 2) / Interval(4, 8)
    (Interval(low=11, high=22), Interval(low=0.125, high=0.5))
    """

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle; of a half-open interval its finite end."""
        if math.isinf(self.low) or math.isinf(self.high):
            return self.high if math.isinf(self.low) else self.low
        return (self.low + self.high) / 2

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        return Interval(self.low * other.low, self.high * other.high)

    def __truediv__(self, other: Interval) -> Interval:
        if other.high <= 0:
            raise UndefinedGrowth(
                Phrase("arithmetic.no_quotient", low=f"{other.low:g}", high=f"{other.high:g}")
            )
        return Interval(self.low / other.high, self.high / other.low if other.low > 0 else math.inf)

    def times(self, factor: float) -> Interval:
        """Return the interval multiplied by a number of either sign."""
        ends = (self.low * factor, self.high * factor)
        return Interval(min(ends), max(ends))

    def meets(self, other: Interval) -> bool:
        """Return True where the two have a value in common.

        >>> Interval(153.85, 153.95).meets(Interval(153.755, 153.765))
        False
        """
        finite = [abs(x) for x in (self.low, self.high, other.low, other.high) if not math.isinf(x)]
        slack = NOISE * max(finite, default=1.0)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))


def printed(digits: str) -> Interval:
    """Return what a printed number allows.

    >>> printed("7.5")
    Interval(low=7.45, high=7.55)
    """
    return Interval(*rounding_interval(digits))


def growth(base: Interval, end: Interval, n_years: int) -> Interval:
    """Return the growth rates a year (fractions) from base to end; ends at or below zero count as nearly zero.

    >>> rate = growth(printed("0.1"), printed("1.72"), 5)
    >>> round(100 * rate.low, 1), round(100 * rate.high, 1)
    (62.8, 103.0)
    """
    if base.high <= 0 or end.high <= 0:
        raise UndefinedGrowth(Phrase("arithmetic.no_interval_growth"))
    ratio = Interval(max(end.low, 0.0), end.high) / base
    return Interval(ratio.low ** (1 / n_years) - 1, ratio.high ** (1 / n_years) - 1)


def compound(base: Interval, rate: Interval, n_years: int) -> Interval:
    """Return base grown at a rate (fraction a year) over n_years; negative n_years go back."""
    ends = ((1 + rate.low) ** n_years, (1 + rate.high) ** n_years)
    return base * Interval(min(ends), max(ends))

"""Growth arithmetic: of figures, of the intervals that rounded figures allow, and of years that nobody published.

Rates are fractions a year, never percent; levels are positive. Intervals are closed, their ends finite or infinite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from planmodel.errors import UndefinedGrowth
from planmodel.words import Phrase

NOISE = 1e-9  # relative room for float noise where two intervals meet in one point
EXACT = 0.0003  # how far a published rate may be off through its print, in logs a year
USUAL_OFFSET = 0.03  # how far a region's growth usually lies from its nation's on average
YEARLY = 0.022
"""And in single years about that average; prefectures 2010-2021 (china_city_sample, 80 % of them)."""
PRICES, PRICES_POWER = 0.033, 0.75
"""How far a region's prices move from its nation's in one year, and how that adds up: n^0.75 (the same sample)."""
Span = tuple[int, int, float]
"""From the end of one year to the end of another, and the growth between them in logs."""


def cagr(base: float, target: float, n_years: float) -> float:
    """Return the compound annual growth rate from base to target.

    Formula: (target / base) ** (1 / n_years) - 1, a fraction a year.

    Errors: UndefinedGrowth where base or target is not positive, or n_years is.

    >>> round(100 * cagr(1756.45, 2669.73, 5), 2)
    8.73
    >>> cagr(0, 5, 5)
    Traceback (most recent call last):
    ...
    planmodel.errors.UndefinedGrowth: no growth rate from 0 to 5: both must be positive
    """
    if not n_years > 0:
        raise UndefinedGrowth(Phrase("arithmetic.no_growth_over", n=f"{n_years:g}"))
    if not (base > 0 and target > 0):
        raise UndefinedGrowth(Phrase("arithmetic.no_growth", base=f"{base:g}", target=f"{target:g}"))
    return (target / base) ** (1 / n_years) - 1


def annual_rate(total_change: float, n_years: float) -> float:
    """Return the constant annual rate that adds up to a total change (fractions).

    >>> round(annual_rate(-0.5, 5), 4)
    -0.1294
    """
    return cagr(1.0, 1.0 + total_change, n_years)


def mean_growth(rates) -> float:
    """Return the geometric mean of annual growth rates (fractions; shape (n_years,) or more)."""
    return np.expm1(np.mean(np.log1p(rates), axis=-1))


def rate_left(mean_rate: float, n_years: int, known_rates) -> float:
    """Return the rate needed in the years left so that the geometric mean reaches mean_rate.

    >>> round(rate_left(0.068, 5, [0.098, 0.02]), 4)
    0.0745
    """
    known = np.asarray(known_rates, dtype=float)
    left = n_years - known.size
    if left <= 0:
        raise UndefinedGrowth(Phrase("arithmetic.no_year_left", n=n_years))
    return float(np.exp((n_years * np.log1p(mean_rate) - np.log1p(known).sum()) / left) - 1)


def implied_deflator(nominal: float, real: float) -> float:
    """Return the price change that reconciles a nominal with a real rate: (1+n)/(1+r) - 1.

    >>> round(100 * implied_deflator(cagr(999.21, 1500, 5), 0.075), 2)
    0.9
    """
    return (1 + nominal) / (1 + real) - 1


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
            ends = {"low": f"{other.low:g}", "high": f"{other.high:g}"}
            raise UndefinedGrowth(Phrase("arithmetic.no_quotient", **ends))
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


def total(figures: Sequence[Interval]) -> Interval:
    """Return the sum of intervals."""
    return Interval(sum(figure.low for figure in figures), sum(figure.high for figure in figures))


def printed(digits: str) -> Interval:
    """Return what a printed number allows: the values that round to it.

    >>> printed("7.5"), printed("2669.73")
    (Interval(low=7.45, high=7.55), Interval(low=2669.725, high=2669.735))
    """
    value = Decimal(digits)
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return Interval(float(value - half), float(value + half))


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


def fill_growth(
    usual: np.ndarray, known: Iterable[Span], hints: Iterable[Span] = (), offset: float = USUAL_OFFSET
) -> tuple[np.ndarray, np.ndarray]:
    """Return growth by year that agrees with what is known of longer spans, and the covariance of its errors.

    Least squares: growth of a year = usual growth (of the nation) + one offset, give or take YEARLY; sums over known
    spans as published; sums over hints (levels at current prices less the nation's prices) give or take PRICES n^0.75.

    usual: by year, in logs, shape (n_years,). Spans count from 0, the end of the year before the first. offset: standard
    deviation of the offset.

    >>> growth, errors = fill_growth(np.array([0.08, 0.03, 0.05]), [(0, 3, 0.13), (1, 2, 0.02)])
    >>> growth.round(3).tolist(), float(growth.sum().round(3))
    ([0.07, 0.02, 0.04], 0.13)
    """
    n_years = len(usual)
    rows = [np.append(np.eye(n_years)[year], -1.0) / YEARLY for year in range(n_years)]
    right = list(np.asarray(usual, dtype=float) / YEARLY)
    rows.append(np.append(np.zeros(n_years), 1.0) / offset)
    right.append(0.0)
    for spans, one_year, power in ((known, EXACT, 1.0), (hints, PRICES, PRICES_POWER)):
        for start, end, total in spans:
            inside = (np.arange(n_years + 1) >= start) & (np.arange(n_years + 1) < end)
            off = one_year * (end - start) ** power
            rows.append(np.where(inside & (np.arange(n_years + 1) < n_years), 1.0, 0.0) / off)
            right.append(total / off)
    table = np.array(rows)
    errors = np.linalg.inv(table.T @ table)
    return (errors @ table.T @ np.array(right))[:n_years], errors[:n_years, :n_years]

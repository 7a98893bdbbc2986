"""Growth arithmetic: rates are fractions a year, never percent; levels are positive."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from planmodel.errors import UndefinedGrowth
from planmodel.words import Phrase


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


def rounding_interval(printed: str) -> tuple[float, float]:
    """Return the half-open interval of values that round to a printed number.

    >>> rounding_interval("0.1")
    (0.05, 0.15)
    >>> rounding_interval("2669.73")
    (2669.725, 2669.735)
    """
    value = Decimal(printed)
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return float(value - half), float(value + half)

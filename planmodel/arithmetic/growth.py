"""Growth arithmetic: rates are fractions a year, never percent; levels are positive."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from planmodel.errors import UndefinedGrowth


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
        raise UndefinedGrowth(
            f"no growth rate over {n_years:g} years: the target year must lie after the base year"
        )
    if not (base > 0 and target > 0):
        raise UndefinedGrowth(f"no growth rate from {base:g} to {target:g}: both must be positive")
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
        raise UndefinedGrowth(f"no year is left of {n_years}")
    return float(np.exp((n_years * np.log1p(mean_rate) - np.log1p(known).sum()) / left) - 1)


def implied_deflator(nominal: float, real: float) -> float:
    """Return the price change that reconciles a nominal with a real rate: (1+n)/(1+r) - 1.

    >>> round(100 * implied_deflator(cagr(999.21, 1500, 5), 0.075), 2)
    0.9
    """
    return (1 + nominal) / (1 + real) - 1


def to_nominal(real: float, deflator: float) -> float:
    """Return the nominal rate of a real rate and a deflator's rate: (1+r)(1+p) - 1."""
    return (1 + real) * (1 + deflator) - 1


def rounding_interval(printed: str) -> tuple[float, float]:
    """Return the half-open interval of values that round to a printed number.

    >>> rounding_interval("0.1")
    (0.05, 0.15)
    >>> rounding_interval("2669.73")
    (2669.725, 2669.735)
    """
    value = Decimal(printed)
    half = Decimal(1).scaleb(value.as_tuple().exponent) / 2
    return float(value - half), float(value + half)


def cagr_interval(base_printed: str, target_printed: str, n_years: float) -> tuple[float, float]:
    """Return the growth rates that two rounded figures allow.

    >>> low, high = cagr_interval("0.1", "1.72", 5)
    >>> round(100 * low, 1), round(100 * high, 1)
    (62.8, 103.0)
    """
    base_low, base_high = rounding_interval(base_printed)
    target_low, target_high = rounding_interval(target_printed)
    return cagr(base_high, target_low, n_years), cagr(base_low, target_high, n_years)

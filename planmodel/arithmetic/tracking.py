"""Tracking methods in use, side by side: how a series stands on its way to a target.

They disagree by construction (each assumes another path), which is why all are shown.
"""

import numpy as np

from planmodel.arithmetic.growth import cagr
from planmodel.errors import UndefinedGrowth
from planmodel.words import Phrase


def growth_ratio(base: float, current: float, target: float, years_elapsed: float, n_years: float) -> float:
    """Return actual over required growth (Open SDG, after Eurostat): CAGR so far / CAGR required from base.

    >>> [round(100 * growth_ratio(100, 100 + 5 * t, 150, t, 10)) for t in (1, 2, 3)]
    [121, 118, 115]
    """
    asked = cagr(base, target, n_years)
    if asked == 0:
        raise UndefinedGrowth(Phrase("arithmetic.no_ratio"))
    return cagr(base, current, years_elapsed) / asked


def growth_ratio_class(ratio: float) -> str:
    """Return the Open SDG class of a growth ratio."""
    if ratio >= 0.95:
        return "on_track"
    if ratio >= 0.60:
        return "acceleration_needed"
    return "limited_progress" if ratio >= 0 else "deterioration"


def progress(base: float, current: float, target: float) -> float:
    """Return the share of the way covered: (x_t - x_0) / (x_T - x_0); undefined where the target is the base.

    >>> progress(100, 120, 150)
    0.4
    """
    if target == base:
        raise UndefinedGrowth(Phrase("arithmetic.no_progress"))
    return (current - base) / (target - base)


def five_changes_miss(last_values, target: float, years_left: int) -> float:
    """Return the miss, as a share of (target - current), of a straight line with the mean annual change.

    After Destatis: the mean of the last five annual changes, extended to the target year. Negative: overshoot.

    >>> five_changes_miss([10, 11, 12, 13, 14, 15], 20, 4)
    0.2
    """
    values = np.asarray(last_values, dtype=float)
    current = values[-1]
    if target == current:
        return 0.0
    projected = current + np.diff(values[-6:]).mean() * years_left
    return float((target - projected) / (target - current))


def five_changes_class(miss: float) -> str:
    """Return the Destatis class of a miss: below 5 % of what is left, to 20 %, above, or moving away.

    >>> five_changes_class(-0.1), five_changes_class(0.2), five_changes_class(1.1)
    ('on_course', 'small_miss', 'wrong_way')
    """
    if miss > 1:
        return "wrong_way"
    return "on_course" if miss < 0.05 else "small_miss" if miss <= 0.20 else "large_miss"


def projected_share_class(share: float) -> str:
    """Return the UN class of the share of the way that a projection covers.

    >>> projected_share_class(0.95), projected_share_class(0.42), projected_share_class(0.0)
    ('reaches', 'partly', 'hardly')
    """
    return "reaches" if share >= 0.95 else "partly" if share >= 0.10 else "hardly"


def projected_share(
    base: float, current: float, target: float, years_elapsed: float, n_years: float
) -> float:
    """Return the share of the distance covered when the value goes on at its CAGR (UN 2023).

    >>> round(projected_share(100, 110, 150, 5, 10), 3)
    0.42
    """
    projected = current * (1 + cagr(base, current, years_elapsed)) ** (n_years - years_elapsed)
    return progress(base, projected, target)

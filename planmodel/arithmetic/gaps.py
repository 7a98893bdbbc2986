"""Growth of years that nobody published, from what is known of longer spans and of the nation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

EXACT = 0.0003
"""How far a published rate may be off through its print, in logs a year."""
USUAL_OFFSET = 0.03
"""How far a region's growth usually lies from its nation's on average, and ..."""
YEARLY = 0.022
"""... in single years about that; prefectures 2010-2021 (china_city_sample, 80 % of them)."""
PRICES, PRICES_POWER = 0.033, 0.75
"""How far a region's prices move from its nation's in one year, and how that adds up: n^0.75 (the same sample)."""

Span = tuple[int, int, float]
"""From the end of one year to the end of another, and the growth between them in logs."""


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

"""Simple models of annual series, for many series at once: drift, Theta, damped trend, median drift.

Rows are series, right-aligned with nan on the left. A test holds the smoothing against statsmodels'.
"""

from __future__ import annotations

import numpy as np

HOLT = [(a, b, p) for a in (0.3, 0.6, 0.85, 1.0) for b in (0.05, 0.2, 0.5) for p in (0.8, 0.9, 0.98)]
SES = [(a, 0.0, 0.0) for a in (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)]
"""Grids of (alpha, beta, phi): level and trend smoothing (beta multiplies alpha), damping."""
START_YEARS = 4


def damped_holt(rows: np.ndarray, grid) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return level and trend at the end, squared one-step errors (each (n_rows, n_grid)), and lengths (n_rows,).

    l[t] = l[t-1] + p b[t-1] + a e[t]; b[t] = p b[t-1] + a b e[t], from the first value and the mean change of the
    first four years.
    """
    n_rows, width = rows.shape
    a, b, p = (np.array(column)[None] for column in zip(*grid, strict=True))
    first = np.isnan(rows).sum(1)
    lengths, at = width - first, np.arange(n_rows)
    take = np.minimum(START_YEARS, lengths - 1)
    start = (rows[at, np.minimum(first + take, width - 1)] - rows[at, first]) / np.maximum(take, 1)
    order = np.argsort(first, kind="stable")  # the longest first: those under way stand together
    starts, sorted_rows = first[order], rows[order]
    level = np.repeat(sorted_rows[at, starts][:, None], a.shape[1], axis=1)
    trend = start[order][:, None] * np.where(p > 0, 1.0, 0.0)
    squares = np.zeros_like(level)
    for t in range(1, width):
        n = int(np.searchsorted(starts, t))
        falling = p * trend[:n]
        ahead = level[:n] + falling
        error = sorted_rows[:n, t][:, None] - ahead
        squares[:n] += error * error
        level[:n], trend[:n] = ahead + a * error, falling + a * b * error
    back = np.argsort(order)
    return level[back], trend[back], squares[back], lengths


def likelihood_weights(squares: np.ndarray, lengths: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return weights over a grid by likelihood, flat where a series is too short to tell; rows add up to 1."""
    like = -0.5 * lengths[:, None] * np.log(squares + 2 * scale[:, None] ** 2 + 1e-300)
    weights = np.exp(like - like.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True)


def changes(rows: np.ndarray, n_years: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return each model's change from the last value, (n_rows, n_years), and the damped model's squared error.

    Models: drift, median drift, theta (smoothing plus half the fitted slope), damped (weighted over the grid).
    """
    width, last = rows.shape[1], rows[:, -1]
    first, steps, h = np.isnan(rows).sum(1), np.diff(rows, axis=1), np.arange(1, n_years + 1)[None]
    scale = np.nanmean(np.abs(steps), axis=1) + 1e-12 * np.abs(last) + 1e-300
    models = {"drift": ((last - rows[np.arange(len(rows)), first]) / (width - 1 - first))[:, None] * h}
    models["median drift"] = np.nanmedian(steps, axis=1)[:, None] * h
    time = np.where(np.isnan(rows), np.nan, np.arange(width)[None])
    time = time - np.nanmean(time, 1, keepdims=True)
    slope = np.nansum(time * rows, 1) / np.nansum(time * time, 1)
    level, _, squares, n = damped_holt(rows, SES)
    weights = likelihood_weights(squares, n, scale)
    alpha = (weights * np.array([g[0] for g in SES])).sum(1)
    lag = ((1 - (1 - alpha) ** n) / alpha)[:, None] - 1
    models["theta"] = ((weights * level).sum(1) - last)[:, None] + 0.5 * slope[:, None] * (h + lag)
    level, trend, squares, _ = damped_holt(rows, HOLT)
    weights = likelihood_weights(squares, n, scale)
    sums = np.cumsum(np.array([g[2] for g in HOLT])[None] ** h.T, axis=0)
    models["damped"] = (
        np.einsum("rg,hg->rh", weights * trend, sums) + ((weights * level).sum(1) - last)[:, None]
    )
    return models, (weights * squares).sum(1)

"""Forecasts of any annual series: the median of simple models, and a spread pooled over many series.

What was estimated stands in classes/pooled.json (tools/make_pooled.py): for each length of history the slopes of
the error scales and the quantiles of scaled errors by horizon. This module applies it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np

from planmodel.forecasts.smoothing import changes

FLOOR = 0.004
"""Smallest error scale, as a share of the level."""
BACKTESTS = 15
FULL = 9
"""Histories this long share one table; each shorter length has its own."""
COLUMNS = (
    "recent", "residual", "log residual", "level", "distance", "disagreement", "own first", "own later",
)  # fmt: skip
LEAST_ROOM = 1e-12
"""A value at its bound counts as this share of the room away from it."""
BACKTEST_YEARS = 6
EDGE, CELLS = 5.0, 400


def bend(x: np.ndarray, centre: np.ndarray, low, high) -> np.ndarray:
    """Keep x within bounds: on the side of a bound the distance from the centre shrinks exponentially."""
    room = np.maximum(centre - low, 1e-300)
    with np.errstate(invalid="ignore", over="ignore"):
        below = low + room * np.exp(np.minimum(x - centre, 0) / room)
        x = np.where((x < centre) & np.isfinite(low), below, x)
        room = np.maximum(high - centre, 1e-300)
        above = high - room * np.exp(-np.maximum(x - centre, 0) / room)
        return np.where((x > centre) & np.isfinite(high), above, x)


def unbend(y: np.ndarray, centre: np.ndarray, low, high) -> np.ndarray:
    """Return the error that `bend` turns into y.

    >>> float(bend(5 + unbend(np.array(3.0), 5.0, 0.0, np.inf), 5.0, 0.0, np.inf))
    3.0
    """
    room = np.maximum(centre - low, 1e-300)
    with np.errstate(invalid="ignore"):
        part = np.clip(np.where(np.isfinite(low), (y - low) / room, 1.0), LEAST_ROOM, 1.0)
        down = np.where(np.isfinite(low), np.where(np.isfinite(room), room, 0.0) * np.log(part), y - centre)
        room = np.maximum(high - centre, 1e-300)
        part = np.clip(np.where(np.isfinite(high), (high - y) / room, 1.0), LEAST_ROOM, 1.0)
        up = np.where(np.isfinite(high), -np.where(np.isfinite(room), room, 0.0) * np.log(part), y - centre)
    return np.where(y < centre, down, up)


def _points(rows, low, high, n_years: int):
    """Centre (n_rows, n_years), own scale (n_rows,), and logs of what the spread depends on, without backtests."""
    last = rows[:, -1:]
    level = np.where(low == 0, np.abs(rows[:, -1]), np.nanmean(np.abs(rows), axis=1))
    floor = FLOOR * level + 1e-12
    n = (~np.isnan(rows)).sum(1)
    grow = (low[:, None] >= 0) & (np.nanmin(rows, axis=1, keepdims=True) > 0)
    models, squares = changes(rows, n_years)
    logs, log_squares = changes(np.where(grow, np.log(np.where(grow, rows, 1.0)), rows), n_years)
    names = ("theta", "damped", "drift", "median drift")
    plain = {name: last + models[name] for name in names}
    grown = {
        name: np.where(grow, last * np.exp(np.minimum(logs[name], 30)), plain[name]) for name in names[:3]
    }
    naive = np.repeat(last, n_years, axis=1)
    every = [plain["theta"], plain["damped"], plain["drift"], plain["drift"], plain["median drift"], naive]
    centre = bend(np.median([*every, *grown.values()], axis=0), last, low[:, None], high[:, None])
    size = np.abs(np.diff(rows, axis=1))

    def floored(x):
        return np.sqrt(x * x + floor * floor)

    scale = floored(np.nanmean(size, axis=1))
    residual = floored(np.sqrt(squares / (n - 1)))
    relative = np.sqrt(np.minimum(log_squares / (n - 1), 4) + FLOOR**2) * level
    each = np.array([plain["drift"], plain["damped"], grown["damped"], plain["theta"], naive])
    flat = [
        floored(np.nanmean(size[:, -3:], axis=1)),
        residual,
        np.where(grow[:, 0], relative, residual),
        np.maximum(level, scale),
    ]
    by_year = [np.hypot(centre - last, floor[:, None]), np.hypot(each.std(axis=0), floor[:, None])]
    flat = [np.repeat(x[:, None], n_years, axis=1) for x in flat]
    return centre, scale, np.log(np.stack([*flat, *by_year], axis=2) / scale[:, None, None])


def _backtests(rows, low, high) -> np.ndarray:
    """Logs of the series' own past errors over the usual ones, (n_rows, 2): a year ahead, and further ahead."""
    n_rows, width = rows.shape
    n = (~np.isnan(rows)).sum(1)
    sums = np.zeros((n_rows, 4))
    pairs = [(r, back) for r in range(n_rows) for back in range(1, min(BACKTESTS, n[r] - 3) + 1)]
    if pairs:
        who, cut = np.array(pairs).T
        place = np.arange(width)[None] - cut[:, None]
        past = np.where(place >= 0, np.take_along_axis(rows[who], np.maximum(place, 0), axis=1), np.nan)
        centre, scale, _ = _points(past, low[who], high[who], BACKTEST_YEARS)
        ahead = np.arange(1, BACKTEST_YEARS + 1)[None]
        known = ahead <= cut[:, None]
        actual = np.take_along_axis(
            rows[who], np.minimum(width - 1 - cut[:, None] + ahead, width - 1), axis=1
        )
        error = np.abs(unbend(actual, centre, low[who][:, None], high[who][:, None]))
        error = np.where(known, np.minimum(error / (scale[:, None] * ahead**0.8), 8), 0)
        np.add.at(sums[:, 0], who, error[:, 0])
        np.add.at(sums[:, 1], who, 1.0)
        np.add.at(sums[:, 2], who, error[:, 1:].sum(1) / (BACKTEST_YEARS - 1))
        np.add.at(sums[:, 3], who, known[:, 1:].sum(1) / (BACKTEST_YEARS - 1))
    return np.log((2 + sums[:, 0::2]) / (2 + sums[:, 1::2]))


def prepare(rows: np.ndarray, low: np.ndarray, high: np.ndarray, n_years: int):
    """Return centre (n_rows, n_years), scale (n_rows,) and features (n_rows, n_years, 8).

    rows: (n_rows, width), right-aligned, nan on the left; low, high: bounds by row, infinite where there is none.
    """
    with np.errstate(invalid="ignore"):
        centre, scale, logs = _points(rows, low, high, n_years)
        own = np.repeat(_backtests(rows, low, high)[:, None, :], n_years, axis=1)
    return centre, scale, np.concatenate([logs, own], axis=2)


@cache
def load_table() -> dict:
    """Return the fitted table: `z` (normal scores of the quantiles) and, by length, slopes and quantiles."""
    text = resources.files("planmodel").joinpath("classes/pooled.json").read_text(encoding="utf-8")
    return from_json(json.loads(text))


def from_json(table: dict) -> dict:
    """Return a table as read from JSON with arrays for lists."""
    lengths = {
        int(n): {key: np.array(value) for key, value in part.items()} for n, part in table["lengths"].items()
    }
    return {**table, "z": np.array(table["z"]), "lengths": lengths}


def spread(table: dict, length: int, scale: np.ndarray, features: np.ndarray):
    """Return scales below and above the centre, (n_rows, n_years) each, and quantiles (n_years, n_grid).

    Beyond the fitted horizons the quantiles stay and the scale goes on growing as a power of the horizon.
    """
    part = table["lengths"][length]
    n_years = features.shape[1]
    known = np.minimum(np.arange(n_years), len(part["quantiles"]) - 1)
    clipped = np.clip(features[:, known], part["low"], part["high"])
    h = np.log(known + 1.0)
    sides = []
    for side in ("down", "up"):
        slopes = part[side]
        power = np.clip(slopes[1] + 2 * slopes[2] * h[-1], 0.5, 1.0)
        later = power * np.log((np.arange(n_years) + 1) / (known + 1))
        logs = slopes[0] + slopes[1] * h + slopes[2] * h * h + clipped @ slopes[3:] + later
        sides.append(scale[:, None] * np.exp(logs))
    return sides[0], sides[1], part["quantiles"][known]


def path_tables(rows, lengths, low, high, n_years: int):
    """Yield what paths are drawn by, row by row: (row number, values at normal scores, joint decay, share of the own trend kept).

    lengths: number of observed values by row, which picks the table. values: (n_years, CELLS + 1), at scores from -EDGE to
    EDGE: linear between the bent quantiles, beyond them by their last slope.
    """
    table = load_table()
    low = np.where((low == 0) & (np.nanmin(rows, axis=1) <= 0), -np.inf, low)
    centre, scale, features = prepare(rows, low, high, n_years)
    classes = np.minimum(lengths, FULL)
    for length in np.unique(classes):
        at = np.flatnonzero(classes == length)
        part = table["lengths"][int(length)]
        down, up, quantiles = spread(table, int(length), scale[at], features[at])
        last, kept = rows[at, -1:], float(part["trend_kept"])
        middle = (last + kept * (centre[at] - last))[:, :, None]
        errors = np.array([_fine(table["z"], each) for each in quantiles])
        values = middle + np.where(errors > 0, up[:, :, None], down[:, :, None]) * errors
        values = bend(values, middle, low[at, None, None], high[at, None, None])
        for i, one in zip(at, values, strict=True):
            yield int(i), one, float(part["path"]), kept


def paths(values: np.ndarray, path: float, generator: np.random.Generator, n_draws: int) -> np.ndarray:
    """Draw paths, (n_draws, n_years): years are joined by a Gaussian copula, horizons h < k correlate by (h/k)**path."""
    n_years = len(values)
    draws, z = np.empty((n_years, n_draws)), np.zeros(n_draws)
    fresh, step, below = (np.empty(n_draws) for _ in range(3))
    for h in range(n_years):
        keep = (h / (h + 1)) ** path if h else 0.0
        generator.standard_normal(out=fresh)
        fresh *= np.sqrt(1 - keep * keep)
        z *= keep
        z += fresh
        np.add(z, EDGE, out=step)
        step *= CELLS
        step /= 2 * EDGE
        np.clip(step, 0, CELLS - 1e-3, out=step)
        cell = step.astype(np.intp)
        step -= cell
        np.take(np.diff(values[h]), cell, out=draws[h], mode="clip")
        draws[h] *= step
        np.take(values[h], cell, out=below, mode="clip")
        draws[h] += below
    return draws.T


def _fine(grid, quantiles) -> np.ndarray:
    """Errors at evenly spaced normal scores from -EDGE to EDGE."""
    first = quantiles[0] + (quantiles[1] - quantiles[0]) / (grid[1] - grid[0]) * (-EDGE - grid[0])
    last = quantiles[-1] + (quantiles[-1] - quantiles[-2]) / (grid[-1] - grid[-2]) * (EDGE - grid[-1])
    fine = np.linspace(-EDGE, EDGE, CELLS + 1)
    return np.interp(fine, np.r_[-EDGE, grid, EDGE], np.r_[first, quantiles, last])

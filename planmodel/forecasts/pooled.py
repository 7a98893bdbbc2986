"""Forecasts of any annual series: the median of simple models, and a spread pooled over many series.

The models are drift, Theta, damped trend and median drift, for many series at once: rows are series, right-aligned with
nan on the left; a test holds the smoothing against statsmodels'. What was estimated stands in classes/pooled.json (tools/make_pooled.py): for each length of history the slopes of
the error scales and the quantiles of scaled errors by horizon. This module applies it.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from planmodel.files.reading import shipped
from planmodel.forecasts.levels import through

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
    start = ((weights * level).sum(1) - last)[:, None]
    models["damped"] = np.einsum("rg,hg->rh", weights * trend, sums) + start
    return models, (weights * squares).sum(1)


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
        columns = np.minimum(width - 1 - cut[:, None] + ahead, width - 1)
        actual = np.take_along_axis(rows[who], columns, axis=1)
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
    table = shipped("pooled")
    lengths = {
        int(n): {key: np.array(each) for key, each in part.items()} for n, part in table["lengths"].items()
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
        scores = np.linspace(-EDGE, EDGE, CELLS + 1)
        errors = np.array([through(scores, table["z"], each) for each in quantiles])
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

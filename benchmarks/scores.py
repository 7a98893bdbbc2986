"""Scores of forecasts and of probabilities: formulas on arrays, for checking what was stated against what came.

Lower is better for all but coverage and skill. Scores of a forecast are in the unit of the series unless they are
scaled; shares and probabilities are fractions.
"""

from __future__ import annotations

from math import erf, pi, sqrt

import numpy as np

_erf = np.frompyfunc(erf, 1, 1)


def coverage(actual, low, high) -> float:
    """Return the share of observations within [low, high], ends included.

    >>> coverage([1, 2, 3, 9], [0, 0, 3, 0], [2, 1, 5, 8])
    0.5
    """
    actual = np.asarray(actual, dtype=float)
    return float(((actual >= low) & (actual <= high)).mean())


def interval_score(actual, low, high, alpha: float) -> np.ndarray:
    """Return the score of central intervals that state a probability of 1 - alpha, by observation.

    (high - low) + 2/alpha * (low - y where y < low) + 2/alpha * (y - high where y > high), in the unit of y.
    Source: Gneiting and Raftery 2007, eq. 43, doi:10.1198/016214506000001437.

    >>> interval_score([5, 1, 12], 2, 10, alpha=0.2).tolist()
    [8.0, 18.0, 28.0]
    """
    actual, low, high = (np.asarray(each, dtype=float) for each in (actual, low, high))
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return high - low + 2 / alpha * outside


def msis(actual, low, high, scale, alpha: float = 0.05) -> float:
    """Return the mean scaled interval score; last axis: years ahead. No unit.

    mean over the years of interval_score / scale, then over the series; scale: the mean absolute change of each training
    part. Source: Makridakis, Spiliotis, Assimakopoulos 2020 (M4), doi:10.1016/j.ijforecast.2019.04.014.

    >>> msis([[1.0, 12.0]], 2, 10, scale=[4.0], alpha=0.2)
    5.75
    """
    return float((interval_score(actual, low, high, alpha).mean(axis=-1) / np.asarray(scale)).mean())


def mase(actual, forecast, scale) -> float:
    """Return the mean absolute scaled error; last axis: years ahead. No unit.

    mean over the years of |y - forecast| / scale, then over the series. Source: Hyndman and Koehler 2006,
    doi:10.1016/j.ijforecast.2006.03.001.

    >>> mase([[1.0, 5.0]], [[2.0, 2.0]], scale=[4.0])
    0.5
    """
    error = np.abs(np.asarray(actual, dtype=float) - forecast)
    return float((error.mean(axis=-1) / np.asarray(scale)).mean())


def smape(actual, forecast) -> float:
    """Return the symmetric mean absolute percentage error, in percent (0 to 200); both zero counts as no error.

    mean of 200 |y - f| / (|y| + |f|). Source: Makridakis 1993, doi:10.1016/0169-2070(93)90079-3, as in M4.

    >>> smape([100.0, 0.0], [300.0, 0.0])
    50.0
    """
    actual, forecast = np.broadcast_arrays(np.asarray(actual, dtype=float), np.asarray(forecast, dtype=float))
    size = np.abs(actual) + np.abs(forecast)
    error = 200 * np.abs(actual - forecast)
    return float(np.divide(error, size, out=np.zeros_like(error), where=size > 0).mean())


def crps_draws(actual, draws, fair: bool = False) -> np.ndarray:
    """Return the continuous ranked probability score of draws, in the unit of y; last axis of draws: draws.

    mean |x - y| - 1/2 mean |x - x'|, over all pairs (plain: the score of the draws as a distribution) or over pairs
    of two different draws (fair: the expected score of the distribution that they come from; two draws or more).
    Source: Gneiting and Raftery 2007, eq. 21, doi:10.1198/016214506000001437; Ferro 2014, doi:10.1002/qj.2270.

    >>> float(crps_draws(3.0, [0.0, 2.0])), float(crps_draws(3.0, [0.0, 2.0], fair=True))
    (1.5, 1.0)
    """
    actual, draws = np.asarray(actual, dtype=float), np.sort(np.asarray(draws, dtype=float), axis=-1)
    n = draws.shape[-1]
    # Over sorted draws the sum of |x - x'| over ordered pairs is 2 sum (2i - n - 1) x[i], i from 1.
    rank = 2 * np.arange(1, n + 1) - n - 1
    half_pairs = (rank * draws).sum(axis=-1)
    return np.abs(draws - actual[..., None]).mean(axis=-1) - half_pairs / (n * (n - 1) if fair else n * n)


def crps_normal(actual, mean, sd) -> np.ndarray:
    """Return the continuous ranked probability score of a normal distribution, in the unit of y.

    sd (z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)), z = (y - mean) / sd; sd of 0: |y - mean|.
    Source: Gneiting et al. 2005, eq. 5, doi:10.1175/MWR2904.1.

    >>> round(float(crps_normal(0.0, 0.0, 1.0)), 6)
    0.233695
    """
    actual, mean, sd = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in (actual, mean, sd)))
    error = actual - mean
    z = np.divide(error, sd, out=np.zeros_like(error), where=sd > 0)
    # 2 Phi(z) - 1 is erf(z / sqrt 2).
    inside = np.asarray(_erf(z / sqrt(2)), dtype=float)
    score = sd * (z * inside + 2 * np.exp(-(z**2) / 2) / sqrt(2 * pi) - 1 / sqrt(pi))
    return np.where(sd > 0, score, np.abs(error))


def brier(outcome, probability) -> float:
    """Return the Brier score: the mean of (probability - outcome)^2; outcome 1 or 0. No unit, 0 to 1.

    Source: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2 (half of the sum defined there).

    >>> brier([1, 0], [0.5, 0.0])
    0.125
    """
    return float(((np.asarray(probability, dtype=float) - np.asarray(outcome, dtype=float)) ** 2).mean())


def brier_skill(outcome, probability, base) -> float:
    """Return 1 - brier / brier of the base probability: 1 is perfect, 0 as good as the base, below 0 worse.

    base: one probability for all, known beforehand (the share of successes in the years before). Source: Murphy 1973,
    doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2.

    >>> brier_skill([1, 0], [0.5, 0.0], base=0.5)
    0.5
    """
    return 1 - brier(outcome, probability) / brier(outcome, base)


def block_counts(block, n_samples: int = 2000, seed: int = 0) -> np.ndarray:
    """Return how often each observation enters each sample of a bootstrap over whole blocks: (n_samples, n).

    As many blocks as there are, drawn with replacement: what happened in one block (a year) stays together.
    Source: Efron and Tibshirani 1993, ch. 8; cluster bootstrap, Field and Welsh 2007,
    doi:10.1111/j.1467-9868.2007.00593.x.

    >>> block_counts([2009, 2009, 2010], n_samples=4, seed=0).sum() in range(4 * 2, 4 * 4 + 1)
    True
    """
    _, member = np.unique(np.asarray(block), return_inverse=True)
    n_blocks = member.max() + 1
    rng = np.random.default_rng(seed)
    drawn = rng.integers(n_blocks, size=(n_samples, n_blocks))
    counts = np.apply_along_axis(np.bincount, 1, drawn, minlength=n_blocks)
    return counts[:, member]


def skill_interval(
    outcome, probability, base, block, level: float = 0.9, n_samples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Return an interval of brier_skill by a bootstrap over blocks.

    Few blocks (four years) make it rough: it is then too narrow rather than too wide.

    >>> skill_interval([1, 0, 1, 0], [0.5, 0.0, 0.5, 0.0], 0.5, [1, 1, 2, 2])
    (0.5, 0.5)
    """
    outcome = np.asarray(outcome, dtype=float)
    counts = block_counts(block, n_samples, seed)
    scored = counts @ (np.asarray(probability, dtype=float) - outcome) ** 2
    skill = 1 - scored / (counts @ (np.asarray(base, dtype=float) - outcome) ** 2)
    low, high = np.quantile(skill, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def reliability(
    outcome, probability, block, n_bins: int = 5, level: float = 0.9, n_samples: int = 2000, seed: int = 0
) -> list[dict[str, float]]:
    """Return, by bin of the stated probability, what was stated and what came about.

    Bins hold equal numbers, lowest first, as far as ties allow. Each: n, stated (mean probability), observed (share
    of successes), low and high (interval of the share by a bootstrap over blocks; see block_counts and
    skill_interval on few blocks). Probabilities that say what they mean have stated within the interval.
    Source: Broecker and Smith 2007, doi:10.1175/WAF993.1.

    >>> rows = reliability([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.8], block=[1, 2, 1, 2], n_bins=2)
    >>> [(row["n"], round(row["stated"], 2), row["observed"]) for row in rows]
    [(2, 0.15, 0.0), (2, 0.75, 1.0)]
    """
    outcome, probability = np.asarray(outcome, dtype=float), np.asarray(probability, dtype=float)
    edges = np.quantile(probability, np.arange(1, n_bins) / n_bins)
    place = np.searchsorted(edges, probability, side="left")
    counts = block_counts(block, n_samples, seed)
    rows = []
    for number in range(n_bins):
        at = place == number
        if not at.any():
            continue
        size = counts[:, at].sum(axis=1)
        shares = (counts[:, at] @ outcome[at])[size > 0] / size[size > 0]
        low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
        rows.append(
            {
                "bin": number + 1,
                "n": int(at.sum()),
                "stated": float(probability[at].mean()),
                "observed": float(outcome[at].mean()),
                "low": float(low),
                "high": float(high),
            }
        )
    return rows

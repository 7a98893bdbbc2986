"""Paths of a class and of one member of it: growth is the class's median plus the member's own deviation.

x[i,t] = m[t] + d[i,t], growth of logs (or logits) in hundredths. The class path m is a damped Holt process pulled to a
wider level, averaged over smoothing constants by likelihood; the deviation d is a Gaussian process with a scale of its
own, A rho^|lag| + N at lag 0, so that the weight of a record, the spread by horizon and heavy tails follow from four
numbers estimated over the class. All is computed from what was known at the origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ALPHAS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)
TREND_SHARES = (0.0, 0.15, 0.3, 0.5)
DAMPING, DRIFT_KEPT, PULL = 0.85, 0.5, 0.5
CLASS_YEARS, WARM_UP = 25, 3
PRIOR_SD, PRIOR_DF = 1.0, 3.0
"""Weak prior of the class's yearly surprise, in hundredths of logs."""
MEMORY, LARGEST_FELT, LARGEST_SEEN = 0.5 ** (1 / 8), 2.0, 3.0
"""Of the variance of surprises a year later; the largest surprise that moves the level, and that counts in the variance (sd)."""
RECORD_YEARS, CLIP = 8, 4.0


@dataclass(frozen=True)
class ClassState:
    """A class's level and trend at an origin, for each smoothing constant, with weights and surprise variance."""

    weights: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    level: np.ndarray
    trend: np.ndarray
    variance: np.ndarray
    df: float
    outer: float
    pull: float

    def mean(self, n_years: int) -> np.ndarray:
        """Return the expected class growth of the next years, (n_years,)."""
        level, trend, out = self.level, self.trend, np.empty(n_years)
        for year in range(n_years):
            level = level + DAMPING * DRIFT_KEPT * trend - self.pull * (level - self.outer)
            trend = DAMPING * trend
            out[year] = self.weights @ level
        return out

    def draws(self, n_years: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
        """Return class paths, (n_draws, n_years): one draw is shared by all members of a path."""
        at = rng.choice(len(self.weights), n_draws, p=self.weights)
        level, trend = self.level[at], self.trend[at]
        sd = np.sqrt(self.df * self.variance[at] / rng.chisquare(self.df, n_draws))
        out = np.empty((n_draws, n_years))
        for year in range(n_years):
            surprise = sd * rng.standard_normal(n_draws)
            expected = level + DAMPING * DRIFT_KEPT * trend - self.pull * (level - self.outer)
            out[:, year] = expected + surprise
            level = expected + self.alpha[at] * surprise
            trend = DAMPING * trend + self.beta[at] * surprise
        return out


def class_state(
    medians: np.ndarray, outer: float, pull: float, trend_shares: tuple[float, ...] = TREND_SHARES
) -> ClassState:
    """Return the state of a class after its yearly medians (hundredths, oldest first; the last 25 count).

    outer, pull: the level it is drawn to, and the share of the distance it covers a year. trend_shares: how much of a
    surprise may move its trend; (0,): it has none. One extraordinary year is not
    a level: surprises move level and trend by two standard deviations at most, and their variance forgets by half in
    eight years.
    """
    values = np.asarray(medians, dtype=float)[-CLASS_YEARS:]
    alpha, share = (grid.ravel() for grid in np.meshgrid(ALPHAS, trend_shares, indexing="ij"))
    beta, prior = alpha * share, PRIOR_DF * PRIOR_SD**2
    level, trend = np.full(alpha.shape, np.median(values[:5])), np.zeros(alpha.shape)
    squares, df, like = np.full(alpha.shape, prior), PRIOR_DF, np.zeros(alpha.shape)
    for number, value in enumerate(values):
        expected = level + DRIFT_KEPT * DAMPING * trend - pull * (level - outer)
        surprise, sd = value - expected, np.sqrt(squares / df)
        if number >= WARM_UP:
            like -= np.log(sd) + (df + 1) / 2 * np.log1p((surprise / sd) ** 2 / df)
            seen = np.clip(surprise, -LARGEST_SEEN * sd, LARGEST_SEEN * sd)
            squares = prior + MEMORY * (squares - prior) + seen**2
            df = PRIOR_DF + MEMORY * (df - PRIOR_DF) + 1
        surprise = np.clip(surprise, -LARGEST_FELT * sd, LARGEST_FELT * sd)
        level, trend = expected + alpha * surprise, DAMPING * trend + beta * surprise
    weights = np.exp(like - like.max())
    return ClassState(weights / weights.sum(), alpha, beta, level, trend, squares / df, df, outer, pull)


@dataclass(frozen=True)
class Deviation:
    """How members of a class deviate from it: covariance scale^2 (A rho^|lag| + N [lag = 0]), tails with df nu."""

    A: float
    rho: float
    N: float
    nu: float
    scale: float

    def kernel(self, first, second) -> np.ndarray:
        lag = np.abs(np.subtract.outer(np.asarray(first, float), np.asarray(second, float)))
        return self.A * self.rho**lag + self.N * (lag == 0)


@dataclass(frozen=True)
class OwnPath:
    """A member's deviation in the coming years: mean (n_years,), covariance, tails, and the weight of its record.

    own_weight: the share of a lead that held through the whole record which is expected over the coming years.
    """

    mean: np.ndarray
    covariance: np.ndarray
    df: float
    own_weight: float

    def draws(self, n_draws: int, rng: np.random.Generator) -> np.ndarray:
        n_years = len(self.mean)
        root = np.linalg.cholesky(self.covariance + 1e-9 * np.eye(n_years))
        heavy = np.sqrt(self.df / rng.chisquare(self.df, (n_draws, 1)))
        return self.mean + heavy * (rng.standard_normal((n_draws, n_years)) @ root.T)


def own_path(
    deviation: Deviation, spells: list[tuple[int, int, float]], origin: int, n_years: int
) -> OwnPath:
    """Return a member's coming deviation, given spells (first year, last year, summed deviation) of its record.

    A spell of one year is a yearly growth; of several, the growth between two levels with a gap. Each is a linear
    observation of the process. Deviations beyond four times the class's usual (by root of the years) are clipped.
    """
    ahead = np.arange(origin + 1, origin + n_years + 1)
    prior = deviation.kernel(ahead, ahead)
    if not spells:
        return OwnPath(np.zeros(n_years), prior * deviation.scale**2, deviation.nu, 0.0)
    years = np.arange(min(first for first, _, _ in spells), max(last for _, last, _ in spells) + 1)
    sums = np.array([[first <= year <= last for year in years] for first, last, _ in spells], dtype=float)
    length = sums.sum(axis=1)
    seen = np.array([total for _, _, total in spells]) / deviation.scale
    seen = np.clip(seen, -CLIP * length**0.5, CLIP * length**0.5)
    among = sums @ deviation.kernel(years, years) @ sums.T
    across = sums @ deviation.kernel(years, ahead)
    solved = np.linalg.solve(among, np.column_stack([seen, across, length]))
    mean = across.T @ solved[:, 0]
    covariance = prior - across.T @ solved[:, 1 : n_years + 1]
    n = len(spells)
    widen = (deviation.nu + seen @ solved[:, 0]) / (deviation.nu + n)
    weight = float((across.T @ solved[:, -1]).mean())
    return OwnPath(mean * deviation.scale, covariance * widen * deviation.scale**2, deviation.nu + n, weight)

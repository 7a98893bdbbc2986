"""Changes from a level: what comparable regions did over 1 to 15 years, starting from such a figure.

z is the log (amounts, densities), the logit (shares) or the figure itself. The median change over h years is h times a
yearly rate that depends on the level and on h, follows the momentum of the class at the origin, and keeps a part of the
region's own lead: the less, the shorter its record. The spread depends on level, horizon, and how unsteady the record
is. All was estimated by quantile regression (tools/make_levels.py, classes/levels.json); this module applies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

EDGE = 0.05
"""Percent: a share nearer than this to 0 or 100 is printed as the bound, and counts as there."""
RECORD_YEARS = 8
FELT = 3.0
"""The largest lead of a record that counts, in usual ones."""
STEADIEST = 0.25
"""The least unsteadiness that counts, of the usual one."""
NODES = np.log([1.4, 5.0, 10.0])
"""Logs of the horizons that the three sets of error quantiles stand for (1-2, 5, 7-15); between them they are mixed."""
LONG_RECORD = 4
"""Years of a record from which on it has error quantiles of its own: none, short, long."""
OUTERMOST = 0.001
"""The least and, from 1, the largest share of regions that can be told."""
FAR = 0.5
"""A level this share of the known range beyond it is in another unit, or another world: the middle stands for it."""


@dataclass(frozen=True)
class Record:
    """What a history says at its end: z, years spanned, change a year, and yearly surprises."""

    z: float
    span: int
    change: float
    steps: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, years: np.ndarray, z: np.ndarray) -> Record:
        """Return the record of the last eight years, gaps allowed."""
        recent = years > years[-1] - RECORD_YEARS
        years, z = years[recent], z[recent]
        span = int(years[-1] - years[0])
        steps = tuple(zip(np.diff(years).tolist(), np.diff(z).tolist(), strict=True))
        return cls(float(z[-1]), span, float(z[-1] - z[0]) / max(span, 1), steps)

    def unsteadiness(self, rate: float) -> float:
        """Return the mean deviation of its changes from a rate, a year's worth."""
        off = [abs(step - n * rate) / n**0.5 for n, step in self.steps]
        return float(np.mean(off)) if off else 0.0


def transformed(values: np.ndarray, transform: str) -> np.ndarray:
    """Return z of figures: log, logit (of percent) or the figure.

    >>> transformed(np.array([50.0, 100.0]), "logit").round(2).tolist()
    [0.0, 7.6]
    """
    if transform == "logit":
        return logit(np.clip(values, EDGE, 100 - EDGE) / 100)
    return np.log(values) if transform == "log" else np.asarray(values, dtype=float)


def restored(z: np.ndarray, transform: str) -> np.ndarray:
    """Return figures of z; a share within EDGE of a bound is at it."""
    if transform == "logit":
        share = 100 * expit(z)
        return np.where(share > 100 - EDGE, 100.0, np.where(share < EDGE, 0.0, share))
    return np.exp(np.minimum(z, 700)) if transform == "log" else z


@dataclass(frozen=True)
class Change:
    """The fitted change of a class; see docs/reference.md.

    knots: levels in z. rate: yearly change at the knots, (2, n_knots): constant and times log h. momentum: the class's own
    yearly change by year, less its mean; follow: the share of it that counts. own, scale: by span of the record, (2,)
    and (n_knots + 2,). errors: scaled quantiles at `grid`, (3 records, 3 horizons, n_grid). usual: of leads and of
    unsteadiness by span. bound: logits of the chance to be at 100 and at 0, (2, 4). reach: the longest horizon seen.
    """

    transform: str
    knots: np.ndarray
    rate: np.ndarray
    momentum: Mapping[int, float]
    follow: float
    spans: np.ndarray
    own: np.ndarray
    scale: np.ndarray
    usual: np.ndarray
    grid: np.ndarray
    errors: np.ndarray
    path: float
    bound: np.ndarray | None
    reach: int

    def hats(self, z) -> np.ndarray:
        """Return weights of the knots at levels, (n, n_knots)."""
        return hats(np.atleast_1d(z), self.knots, far=self.transform != "logit")

    def rates(self, record: Record, year: int | None, horizons: np.ndarray) -> np.ndarray:
        """Return the class's median yearly change from a level over each horizon."""
        logs = np.log(np.minimum(horizons, self.reach))
        level = self.hats(record.z)[0]
        own = level @ self.rate[0] + logs * (level @ self.rate[1])
        return own + self.follow * momentum_at(self.momentum, year)

    def _by_span(self, table: np.ndarray, span: int) -> np.ndarray:
        span = min(max(span, int(self.spans[0])), int(self.spans[-1]))
        return np.array([np.interp(span, self.spans, column) for column in table.T])

    def weights(self, span: int, horizons: np.ndarray) -> np.ndarray:
        """Return the share of a record's lead, a year, that is expected on average over each horizon."""
        if span < 1:
            return np.zeros(len(horizons))
        first, slope = self._by_span(self.own, span)
        return np.clip(first + slope * np.log(np.minimum(horizons, self.reach)), 0.0, 1.0)

    def quantiles(
        self, record: Record, year: int | None, n_years: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return z's centre and scale, (n_years,), and error quantiles, (n_years, n_grid)."""
        horizons = np.arange(1, n_years + 1)
        rates = self.rates(record, year, horizons)
        usual_lead, usual_noise = self._by_span(self.usual, record.span)
        most = FELT * usual_lead
        lead = np.clip(record.change - rates[0], -most, most) if record.span else 0.0
        centre = record.z + horizons * (rates + self.weights(record.span, horizons) * lead)
        *level, growth, unsteady = self._by_span(self.scale, record.span)
        noise = np.log(max(record.unsteadiness(rates[0]) / usual_noise, STEADIEST)) if record.span else 0.0
        noise = min(noise, -np.log(STEADIEST))
        scale = np.exp(self.hats(record.z)[0] @ level + growth * np.log(horizons) + unsteady * noise)
        errors = self.errors[(record.span > 0) + (record.span >= LONG_RECORD)]
        return centre, scale, hats(np.log(horizons), NODES, far=False) @ errors

    def below(self, start: float, change: float, n_years: int) -> float:
        """Return the share of regions, 0-1, whose z changed by less over some years from a level, without a record of their own.

        start: z at the start; nan: of no known level.
        """
        z = float(self.knots.mean()) if np.isnan(start) else start
        centre, scale, errors = self.quantiles(Record(z, 0, 0.0, ()), None, n_years)
        score = _score((z + change - centre[-1]) / scale[-1], self.grid, errors[-1])
        return float(np.clip(ndtr(score), OUTERMOST, 1 - OUTERMOST))

    def draws(self, record: Record, year: int, n_years: int, n_draws: int, rng: np.random.Generator):
        """Return paths of figures, (n_draws, n_years): years joined by a Gaussian copula of correlation (h/k)**path."""
        centre, scale, errors = self.quantiles(record, year, n_years)
        score, out = np.zeros(n_draws), np.empty((n_draws, n_years))
        for h in range(n_years):
            keep = (h / (h + 1)) ** self.path if h else 0.0
            score = keep * score + np.sqrt(1 - keep**2) * rng.standard_normal(n_draws)
            error = scale[h] * through(score, ndtri(self.grid), errors[h])
            values = restored(centre[h] + error, self.transform)
            if self.bound is not None:
                full, none = self.bounds(record.z, h + 1)
                values = np.where(ndtr(score) > 1 - full, 100.0, np.where(ndtr(score) < none, 0.0, values))
            out[:, h] = values
        return out

    def bounds(self, z: float, horizon: int) -> np.ndarray:
        """Return the chances to be at 100 and at 0 after some years."""
        ends = np.array([z, -z])
        design = np.stack([np.ones(2), ends, np.full(2, np.log(min(horizon, self.reach))), at_end(ends)])
        return expit((self.bound * design.T).sum(axis=1))


def at_end(z: np.ndarray) -> np.ndarray:
    return (z > logit(1 - EDGE / 100) - 1e-6).astype(float)


def hats(z: np.ndarray, knots: np.ndarray, far: bool = True) -> np.ndarray:
    """Return piecewise linear weights of knots, (n, n_knots); far outside the middle of the range stands (if `far`).

    >>> hats(np.array([0.5, 9.0]), np.array([0.0, 1.0, 2.0])).tolist()
    [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]
    """
    low, high = knots[0], knots[-1]
    room = FAR * (high - low)
    z = np.where(far & ((z < low - room) | (z > high + room)), (low + high) / 2, z)
    return np.column_stack([np.interp(z, knots, row) for row in np.eye(len(knots))])


def momentum_at(momentum: Mapping[int, float], year: int | None) -> float:
    """Return the class's momentum as known in a year: the last one up to it, the first one before all; of no year the mean, 0."""
    if year is None:
        return 0.0
    known = [y for y in momentum if y <= year]
    return momentum[max(known)] if known else momentum[min(momentum)] if momentum else 0.0


def through(score: np.ndarray, z: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Return errors at normal scores: linear between the quantiles, whose scores are z, beyond them by the last slope."""
    mapped = np.interp(score, z, errors)
    for beyond, end, next_ in ((score < z[0], 0, 1), (score > z[-1], -1, -2)):
        slope = (errors[end] - errors[next_]) / (z[end] - z[next_])
        mapped = np.where(beyond, errors[end] + slope * (score - z[end]), mapped)
    return mapped


def _score(error: float, grid: np.ndarray, errors: np.ndarray) -> float:
    """Return the normal score of an error: the inverse of `through`."""
    z = ndtri(grid)
    for beyond, end, next_ in ((error < errors[0], 0, 1), (error > errors[-1], -1, -2)):
        if beyond:
            return float(z[end] + (error - errors[end]) * (z[end] - z[next_]) / (errors[end] - errors[next_]))
    return float(np.interp(error, errors, z))


def change_of(entry: Mapping, grid: np.ndarray, spans: np.ndarray) -> Change:
    """Return the fitted change of a table's entry."""
    names = ("knots", "rate", "own", "scale", "usual", "errors")
    arrays: dict[str, Any] = {key: np.array(entry[key], dtype=float) for key in names}
    bound = None if entry["bound"] is None else np.array(entry["bound"], dtype=float)
    momentum = {int(year): float(value) for year, value in entry["momentum"].items()}
    plain = {key: entry[key] for key in ("transform", "follow", "path", "reach")}
    return Change(**arrays, **plain, bound=bound, momentum=momentum, grid=grid, spans=spans)

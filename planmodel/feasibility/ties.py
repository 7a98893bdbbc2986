"""Ties between the quantities of a plan: what holds in the last year known holds in every draw of the years that follow.

Draws are moved the least, by how uncertain each quantity is, until share = part / whole, whole = a + b and nominal = real x prices
hold: the reconciliation of forecasts by weighted least squares (Hyndman, Lee and Wang 2016), of whole distributions
(Panagiotelis, Gamakumara, Athanasopoulos and Hyndman 2023).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from planmodel.feasibility.outlooks import Paths
from planmodel.feasibility.quantities import Quantity

ROUNDS = 2  # of the projection: a sum is not straight in logarithms
LEAST = 1e-4
"""Of the last figure known, what a path is taken to hold at least where a tie speaks of its logarithm."""
RIDGE = 1e-9
"""Added to the variances of gaps, as a share of the largest: years that are known cannot move."""
N_COVARIANCE = 2000  # draws that covariances over the years are taken from
PRICES = "prices"
Draws = Mapping[Quantity, np.ndarray]


@dataclass(frozen=True, eq=False)
class Tie:
    """What holds between logarithms after the year `since`: the first is the sum of the others by sign, give or take `offset`.

    Without signs the first is the logarithm of the others' sum. offset: by draw, as a known year may stand on an estimate.
    """

    terms: tuple[Quantity, ...]
    signs: tuple[int, ...]
    text: Mapping[str, str]
    since: int = 0
    offset: np.ndarray = field(default_factory=lambda: np.zeros(1), repr=False)

    def made(self, logs: Mapping[Quantity, np.ndarray | float]):
        """Return what the other terms make of the first."""
        others = [logs[term] for term in self.terms[1:]]
        if self.signs:
            return sum(sign * log for sign, log in zip(self.signs, others, strict=True))
        return np.log(sum(map(np.exp, others)))

    def gap(self, logs: Mapping[Quantity, np.ndarray | float]):
        """Return by how much it fails to hold."""
        return logs[self.terms[0]] - self.made(logs) - self.offset

    def slopes(self, logs: Draws) -> list[float | np.ndarray]:
        """Return the derivatives of the gap by its terms, at the medians over the draws (the last axis)."""
        if self.signs:
            return [1.0, *(-float(sign) for sign in self.signs)]
        parts = np.exp([np.median(logs[term], axis=-1) for term in self.terms[1:]])
        return [1.0, *(-parts / parts.sum(axis=0))]


def is_price(quantity: Quantity) -> bool:
    return quantity.definition.endswith(PRICES)


def anchored(tie: Tie, drawn: Mapping[Quantity, Paths]) -> Tie | None:
    """A tie with the last year known of all its terms and how it holds there, None where it cannot be used."""
    terms = [term for term in tie.terms if not is_price(term)]
    if not all(term in drawn and drawn[term].known.min() > 0 for term in terms):
        return None
    years = set.intersection(*(set(drawn[term].known.index) for term in terms))
    if not years:
        return None
    since = max(years)
    logs: dict = {term: np.log(over(np.array([since]), drawn[term])[:, 0]) for term in terms}
    return replace(tie, since=since, offset=tie.gap({**dict.fromkeys(tie.terms, 0.0), **logs}))


def over(years: np.ndarray, paths: Paths) -> np.ndarray:
    """Values of paths over some years; before the first known one, that one's. A share that a path lets fall to nothing is all but
    nothing.
    """
    values = paths.values[:, np.clip(years - paths.years[0], 0, None)]
    return np.maximum(values, LEAST * float(paths.known.iloc[-1]))


def project(logs: Draws, ties: Sequence[Tie], years: np.ndarray) -> Draws:
    """Move draws of logarithms, shape (n_draws, n_years) each, until all ties hold in every year after they are known to.

    z - W A' (A W A')^-1 (A z - c), W the covariance of each quantity's draws over the years: who is more uncertain moves more,
    and what a known year says holds for those that follow. Covariances between quantities are left out: with them the
    trial on cities was no better, and two that are alike push each other away (docs/reference.md).
    """
    size = len(years)
    blocks = {name: slice(i * size, (i + 1) * size) for i, name in enumerate(logs)}
    made = np.vstack([log.T for log in logs.values()])  # a row a year: what is worked on lies together
    spread = np.zeros((len(made),) * 2)
    for name, block in blocks.items():
        some = logs[name][:N_COVARIANCE]  # without their tails
        spread[block, block] = np.cov(np.clip(some, *np.quantile(some, (0.01, 0.99), axis=0)), rowvar=False)
    for _ in range(ROUNDS):
        gaps, slopes = [], []
        for tie in ties:
            later, since = np.flatnonzero(years > tie.since), int(np.flatnonzero(years == tie.since)[0])
            now, moves = {}, np.zeros((len(later), len(made)))
            for term in tie.terms:
                log = made[blocks[term]]
                now[term] = log[later] - log[since] if is_price(term) else log[later]
            for term, slope in zip(tie.terms, tie.slopes(now), strict=True):
                moves[np.arange(len(later)), blocks[term].start + later] += slope
                if is_price(term):  # prices count from the year since which the tie is to hold
                    moves[:, blocks[term].start + since] -= slope
            gaps.append(tie.gap(now))
            slopes.append(moves)
        by_gap = np.vstack(slopes)
        across = by_gap @ spread
        among = across @ by_gap.T
        among += RIDGE * np.diag(among).max() * np.eye(len(among))  # years that are known cannot move
        made -= np.linalg.solve(among, across).T @ np.vstack(gaps)
    moved = {name: made[block] for name, block in blocks.items()}
    for tie in sorted(ties, key=lambda tie: bool(tie.signs)):  # to the last digit: wholes, then shares
        if not any(is_price(term) for term in tie.terms):
            later = np.flatnonzero(years > tie.since)
            exact = tie.made({term: moved[term][later] for term in tie.terms[1:]}) + tie.offset
            moved[tie.terms[0]][later] = exact
    return {name: log.T for name, log in moved.items()}

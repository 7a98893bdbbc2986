"""Fans: bands of draws by year, central or shortest, and fans that mix scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.forecasts import stream
from planmodel.words import Phrase, figure, word
from planmodel.words.cards import Card, Rows

COVERAGES = (0.5, 0.8, 0.95)
BAND_KINDS = ("central", "shortest")


@dataclass(frozen=True, repr=False)
class Fan(Card):
    """Bands by year. low, high: shape (n_coverages, n_years); coverages rise; median: shape (n_years,)."""

    years: np.ndarray
    coverages: tuple[float, ...]
    low: np.ndarray
    high: np.ndarray
    median: np.ndarray
    kind: str

    def _card(self, lang: str) -> tuple[object, Rows]:
        first, last = int(self.years[0]), int(self.years[-1])
        ends = zip(self.coverages, self.low[:, -1].tolist(), self.high[:, -1].tolist(), strict=True)
        return Phrase("forecasts.card.fan", first=first, last=last), [
            (Phrase("forecasts.card.bands"), word(self.kind, lang)),
            (Phrase("forecasts.card.median", year=last), figure(float(self.median[-1]))),
            *(
                (
                    Phrase("forecasts.card.band", year=last, coverage=coverage),
                    Phrase("forecasts.card.between", low=low, high=high),
                )
                for coverage, low, high in ends
            ),
        ]


def central_band(draws: np.ndarray, coverage: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the band between the quantiles (1-c)/2 and (1+c)/2 of draws, shape (n_draws, n_years)."""
    low, high = np.quantile(draws, [(1 - coverage) / 2, (1 + coverage) / 2], axis=0)
    return low, high


def shortest_band(draws: np.ndarray, coverage: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the shortest interval by year that holds the share `coverage` of the draws.

    >>> low, high = shortest_band(np.arange(101.0)[:, None] ** 2, 0.5)
    >>> low.tolist(), high.tolist()
    ([0.0], [2500.0])
    """
    ordered = np.sort(draws, axis=0)
    n_draws = len(ordered)
    inside = int(np.ceil(coverage * n_draws))
    widths = ordered[inside - 1 :] - ordered[: n_draws - inside + 1]
    start = widths.argmin(axis=0)
    columns = np.arange(draws.shape[1])
    return ordered[start, columns], ordered[start + inside - 1, columns]


BANDS = {"central": central_band, "shortest": shortest_band}


def fan(years, draws: np.ndarray, coverages: tuple[float, ...] = COVERAGES, kind: str = "central") -> Fan:
    """Return the fan of draws, shape (n_draws, n_years)."""
    if kind not in BANDS:
        raise PlanmodelError(faults=[unknown("bands", str(kind), BANDS)])
    bands = [BANDS[kind](draws, coverage) for coverage in coverages]
    low, high = (np.array([band[side] for band in bands]) for side in (0, 1))
    return Fan(np.asarray(years), tuple(coverages), low, high, np.median(draws, axis=0), kind)


def mix(draws: list[np.ndarray], weights: list[float], seed: int = 0) -> np.ndarray:
    """Return draws of a mixture: of each scenario as many as its weight says, at random but the same for a seed.

    draws: arrays of one shape (n_draws, n_years). Whole paths are kept.
    """
    total = sum(weights)
    if not total > 0:
        raise PlanmodelError(
            faults=[Fault("weight", "scenarios whose weights add up to more than 0", f"{total:g}")]
        )
    n_draws = len(draws[0])
    edges = np.round(np.cumsum([0.0, *weights]) / total * n_draws).astype(int)
    order = stream(seed, "mixture").permutation(n_draws)
    parts = [d[order[start:end]] for d, start, end in zip(draws, edges[:-1], edges[1:], strict=True)]
    return np.concatenate(parts)

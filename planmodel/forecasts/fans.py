"""Fans: bands by year, of draws, of a frame of quantiles, or of a central bank's inputs; and fans that mix scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from planmodel.arithmetic.streams import stream
from planmodel.errors import PlanmodelError, unknown
from planmodel.words import Phrase, figure, word
from planmodel.words.cards import Card, Rows

COVERAGES = (0.5, 0.8, 0.95)
BAND_KINDS = ("central", "shortest")
QUANTILES = tuple(sorted({0.5, *((1 + side * c) / 2 for c in COVERAGES for side in (-1, 1))}))
"""The quantiles of tables: the ends of the central bands, and the median."""
BANDS_FORM, QUANTILES_FORM = ("year", "coverage", "low", "high", "median"), ("year", "quantile", "value")
BANK_FORM = ("year", "mode", "uncertainty", "skew")
CLOSE = 1e-9


@dataclass(frozen=True, repr=False)
class Fan(Card):
    """Bands by year. low, high: shape (n_coverages, n_years); coverages rise; median: shape (n_years,)."""

    years: np.ndarray
    coverages: tuple[float, ...]
    low: np.ndarray
    high: np.ndarray
    median: np.ndarray
    kind: str

    @property
    def table(self) -> pd.DataFrame:
        """One row a year and coverage: year, coverage, low, high, median."""
        n_bands, n_years = self.low.shape
        columns = (
            np.repeat(self.years, n_bands), np.tile(self.coverages, n_years), self.low.T.ravel(), self.high.T.ravel(),
            np.repeat(self.median, n_bands),
        )  # fmt: skip
        return pd.DataFrame(dict(zip(BANDS_FORM, columns, strict=True)))

    @classmethod
    def of(cls, table: pd.DataFrame, coverages: Sequence[float] = COVERAGES, kind: str = "shortest") -> Fan:
        """Return the fan of a table: bands, quantiles, or a central bank's inputs.

        Columns: year, coverage, low, high, median (as `Fan.table`); year, quantile, value (as `Forecast.table`; quantiles q
        and 1-q make a central band, 0.5 the median); or year, mode, uncertainty, skew (a two-piece normal; skew is mean
        minus mode), of which the coverages and the kind of band are taken.

        Errors: PlanmodelError for other columns, or quantiles that make no band.

        >>> table = pd.DataFrame({"year": [2025] * 3, "quantile": [0.1, 0.5, 0.9], "value": [90.0, 100.0, 120.0]})
        >>> Fan.of(table).table.round(2).values.tolist()
        [[2025.0, 0.8, 90.0, 120.0, 100.0]]
        >>> bank = pd.DataFrame({"year": [2012], "mode": [9.53], "uncertainty": [1.68], "skew": [1.0]})
        >>> Fan.of(bank, coverages=[0.9]).table[["low", "high"]].round(2).values.tolist()
        [[7.33, 13.79]]
        """
        for form, make in ((BANDS_FORM, _of_bands), (QUANTILES_FORM, _of_quantiles)):
            if set(form) <= set(table.columns):
                return make(table)
        if set(BANK_FORM) <= set(table.columns):
            return _of_bank(table, coverages, kind)
        forms = [", ".join(form) for form in (BANDS_FORM, QUANTILES_FORM, BANK_FORM)]
        columns = ", ".join(map(str, table.columns))
        raise PlanmodelError.of("table", Phrase("forecasts.fan.columns", forms=forms), columns)

    def _card(self, lang: str) -> tuple[object, Rows]:
        first, last = int(self.years[0]), int(self.years[-1])
        ends = zip(self.coverages, self.low[:, -1].tolist(), self.high[:, -1].tolist(), strict=True)
        bands = [band_row(last, *each) for each in ends]
        return Phrase("forecasts.card.fan", first=first, last=last), [
            (Phrase("forecasts.card.bands"), word(self.kind, lang)),
            (Phrase("forecasts.card.median", year=last), figure(float(self.median[-1]))),
            *bands,
        ]


def band_row(year: int, coverage: float, low: float, high: float) -> tuple[Phrase, Phrase]:
    """Return the line of a card for a band of a year."""
    of = Phrase("forecasts.card.band", year=year, coverage=coverage)
    return of, Phrase("forecasts.card.between", low=low, high=high)


def quantiles(draws: np.ndarray, q: float | Sequence[float] | np.ndarray) -> np.ndarray:
    """Return quantiles of draws (n_draws, n_years) by year: (n_years,) for one q, (len(q), n_years) for several."""
    return np.quantile(draws, q, axis=0)


def quantile_table(years: np.ndarray, draws: np.ndarray) -> pd.DataFrame:
    """Return one row a year and quantile: year, quantile, value.

    >>> quantile_table(np.array([2025]), np.arange(101.0)[:, None]).value.round(6).tolist()
    [2.5, 10.0, 25.0, 50.0, 75.0, 90.0, 97.5]
    """
    values = quantiles(draws, QUANTILES).T.ravel()
    columns = (np.repeat(years, len(QUANTILES)), np.tile(np.round(QUANTILES, 6), len(years)), values)
    return pd.DataFrame(dict(zip(QUANTILES_FORM, columns, strict=True)))


def central_band(draws: np.ndarray, coverage: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the band between the quantiles (1-c)/2 and (1+c)/2 of draws, shape (n_draws, n_years)."""
    low, high = quantiles(draws, [(1 - coverage) / 2, (1 + coverage) / 2])
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


def fan(years, draws: np.ndarray, coverages: Sequence[float] = COVERAGES, kind: str = "central") -> Fan:
    """Return the fan of draws, shape (n_draws, n_years)."""
    if kind not in BANDS:
        raise PlanmodelError(faults=[unknown("bands", str(kind), BANDS)])
    bands = [BANDS[kind](draws, coverage) for coverage in coverages]
    low, high = (np.array([band[side] for band in bands]) for side in (0, 1))
    return Fan(np.asarray(years), tuple(coverages), low, high, quantiles(draws, 0.5), kind)


def _of_bands(table: pd.DataFrame) -> Fan:
    low, high = (table.pivot(index="coverage", columns="year", values=side) for side in ("low", "high"))
    ends = low.to_numpy(), high.to_numpy(), table.groupby("year")["median"].first().to_numpy()
    return Fan(low.columns.to_numpy(), tuple(low.index.tolist()), *ends, "central")


def _of_quantiles(table: pd.DataFrame) -> Fan:
    wide = table.pivot(index="quantile", columns="year", values="value").sort_index()
    shares = wide.index.to_numpy(dtype=float)
    pairs = [(q, p) for q in shares for p in shares if q < 0.5 and abs(q + p - 1) < CLOSE][::-1]
    middle = shares[abs(shares - 0.5) < CLOSE]
    if not pairs or not middle.size:
        raise PlanmodelError.of("quantile", Phrase("forecasts.fan.pairs"), ", ".join(map(str, shares)))
    low, high = (wide.loc[[pair[side] for pair in pairs]].to_numpy() for side in (0, 1))
    coverages = tuple(round(p - q, 12) for q, p in pairs)
    return Fan(wide.columns.to_numpy(), coverages, low, high, wide.loc[middle[0]].to_numpy(), "central")


def _of_bank(table: pd.DataFrame, coverages: Sequence[float], kind: str) -> Fan:
    if kind not in BAND_KINDS:
        raise PlanmodelError(faults=[unknown("bands", str(kind), BAND_KINDS)])
    table = table.sort_values("year")
    given = table[list(BANK_FORM[1:])].to_numpy(dtype=float)
    pieces = [from_bank_of_england(*each) for each in given]
    bands = np.array([
        [p.shortest_band(c) if kind == "shortest" else p.quantile([(1 - c) / 2, (1 + c) / 2]) for p in pieces]
        for c in coverages
    ])  # fmt: skip
    median = np.array([float(piece.quantile(0.5)) for piece in pieces])
    return Fan(table["year"].to_numpy(), tuple(coverages), bands[..., 0], bands[..., 1], median, kind)


@dataclass(frozen=True)
class TwoPieceNormal:
    """The form of central banks' fan charts: a mode with spreads s1 below and s2 above it.

    Source: Wallis, K. F. (2014), The two-piece normal, binormal, or double Gaussian distribution, Statistical Science 29(1),
    doi:10.1214/13-STS417.
    """

    mode: float
    s1: float
    s2: float

    def quantile(self, q):
        """Return the value not exceeded with probability q; any shape."""
        q, total = np.asarray(q, dtype=float), self.s1 + self.s2
        with np.errstate(invalid="ignore"):
            below = self.mode + self.s1 * ndtri(q * total / (2 * self.s1))
            above = self.mode - self.s2 * ndtri((1 - q) * total / (2 * self.s2))
        return np.where(q <= self.s1 / total, below, above)

    def shortest_band(self, coverage: float) -> tuple[float, float]:
        """Return the shortest (highest-density) band that holds `coverage`: mode -+ z s, z the normal's quantile (1+c)/2.

        >>> low, high = from_bank_of_england(9.53, 1.68, 1.0).shortest_band(0.9)
        >>> round(low, 4), round(high, 4)
        (7.3311, 13.7904)
        """
        z = float(ndtri((1 + coverage) / 2))
        return self.mode - z * self.s1, self.mode + z * self.s2


def from_bank_of_england(mode: float, uncertainty: float, skew: float) -> TwoPieceNormal:
    """Return the distribution for the inputs a central bank publishes; skew is mean minus mode, 0 the normal.

    Formulas: k = skew/uncertainty; g = sign(k) sqrt(1 - 4 ((sqrt(1 + pi k^2) - 1) / (pi k^2))^2);
    s1 = uncertainty / sqrt(1 + g), s2 = uncertainty / sqrt(1 - g).
    """
    if not uncertainty > 0:
        raise PlanmodelError(Phrase("forecasts.fault.uncertainty", value=f"{uncertainty:g}"))
    k = skew / uncertainty
    root = np.sqrt(1 + np.pi * k**2)
    g = k * np.sqrt(np.pi * (root + 3) / (root + 1)) / (root + 1)  # without the cancellation near 0
    return TwoPieceNormal(mode, float(uncertainty / np.sqrt(1 + g)), float(uncertainty / np.sqrt(1 - g)))


def mix(draws: list[np.ndarray], weights: list[float], seed: int = 0) -> np.ndarray:
    """Return draws of a mixture: of each scenario as many as its weight says, at random but the same for a seed.

    draws: arrays of one shape (n_draws, n_years). Whole paths are kept.
    """
    total = sum(weights)
    if not total > 0:
        raise PlanmodelError.of("weight", Phrase("forecasts.fan.weights"), f"{total:g}")
    n_draws = len(draws[0])
    edges = np.round(np.cumsum([0.0, *weights]) / total * n_draws).astype(int)
    order = stream(seed, "mixture").permutation(n_draws)
    parts = [d[order[start:end]] for d, start, end in zip(draws, edges[:-1], edges[1:], strict=True)]
    return np.concatenate(parts)

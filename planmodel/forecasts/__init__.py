"""Forecasts as draws of whole paths, from a history that may be two points long.

Three engines. With a reference class of growth, growth is the class's path plus the series' own deviation from it, of
which a part lasts (class_paths). With one of change from a level, what its regions did from such a figure, and a part of
the series' own lead (levels): one figure is enough. Without one, the centre is the median of simple models and the spread
comes from errors pooled over many annual series (pooled). The result names the class and the weight of the own record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import pandas as pd

from planmodel.arithmetic.streams import Drawn, stream
from planmodel.errors import Fault, NotAssessable, PlanmodelError, unknown
from planmodel.forecasts import pooled
from planmodel.forecasts.class_paths import RECORD_YEARS, own_path
from planmodel.forecasts.fans import COVERAGES, Fan, fan, quantile_table
from planmodel.forecasts.levels import Record, transformed
from planmodel.forecasts.nations import Nation
from planmodel.forecasts.reference import POOLED, ReferenceClass, load_class
from planmodel.words import Phrase, figure, percent
from planmodel.words.cards import Card, Rows

BOUNDS = {
    "amount": (0.0, np.inf),
    "density": (0.0, np.inf),
    "index": (0.0, np.inf),
    "share": (0.0, 100.0),
    "rate": (-np.inf, np.inf),
}
TRANSFORMS = {"amount": "log", "density": "log", "index": "log", "rate": "log", "share": "logit"}
TINY_SHARE = 1e-4


@dataclass(frozen=True, repr=False)
class Forecast(Card):
    """Draws of the years after the last observation; `draws` has shape (n_draws, n_years).

    Of many series at once without a class they are made whenever they are asked for: hundreds of series fit into memory.
    """

    years: np.ndarray
    draws: np.ndarray
    last_year: int
    last_value: float
    reference: str
    own_weight: float
    n_record_years: int
    model: str

    def _card(self, lang: str) -> tuple[object, Rows]:
        first, last = int(self.years[0]), int(self.years[-1])
        low, middle, high = self.quantile([0.1, 0.5, 0.9])[:, -1].tolist()
        latest = Phrase("forecasts.card.in_year", figure=self.last_value, year=self.last_year)
        return Phrase("forecasts.card.forecast", first=first, last=last), [
            (Phrase("forecasts.card.latest"), latest),
            (Phrase("forecasts.card.median", year=last), figure(middle)),
            (
                Phrase("forecasts.card.band", year=last, coverage=0.8),
                Phrase("forecasts.card.between", low=low, high=high),
            ),
            (Phrase("terms.reference"), self.reference),
            (Phrase("forecasts.card.own_weight"), percent(self.own_weight)),
            (Phrase("forecasts.card.model"), self.model),
            (Phrase("forecasts.card.draws"), len(self.draws)),
        ]

    @property
    def table(self) -> pd.DataFrame:
        """One row a year and quantile: year, quantile, value."""
        return quantile_table(self.years, self.draws)

    def quantile(self, q):
        """Return quantiles by year: shape (n_years,) for one q, (len(q), n_years) for several."""
        draws = self.draws
        return np.quantile(draws, q, axis=0, overwrite_input=draws is not vars(self)["draws"])

    def fan(self, coverages: Sequence[float] = COVERAGES, kind: str = "central") -> Fan:
        """Return the fan of the years ahead; kind: central or shortest bands.

        >>> made = forecast(pd.Series({2018: 1.0, 2019: 1.1, 2020: 1.3}), 3)
        >>> made.fan(kind="shortest").table.columns.tolist()
        ['year', 'coverage', 'low', 'high', 'median']
        """
        return fan(self.years, self.draws, coverages, kind)


Drawn.field_of(Forecast, "draws")


def forecast(
    history: pd.Series,
    n_years: int,
    *,
    scale: str = "amount",
    bounds: tuple[float | None, float | None] | None = None,
    key: str | None = None,
    n_draws: int = 10_000,
    seed: int = 0,
    reference: str | None = None,
    nation: Nation | None = None,
    shocks: np.ndarray | None = None,
    volatility: float = 1.0,
) -> Forecast:
    """Draw paths of an annual series for the years after its last value.

    With a reference class, z the log (amount, density, index), the logit (share) or the sum of log growth (rate):
    z[T+k] = z[T] + sum of class growth + sum of own deviation; the deviation is conditioned on the growth of the last
    eight years, gaps included. Without one: pooled quantiles around the median of simple models.

    history: Series by year (int index), gaps allowed; percent for shares and rates.
    key: names the noise, so that two series move apart and one moves alike in all scenarios; default: the series' own
    figures, which give another series another noise.
    bounds: (low, high) the draws are kept within; shares keep to 0-100, positive amounts above 0 by themselves.
    reference: id of a reference class (planmodel.forecasts.reference.reference_names); None or annual_series: the pooled
    errors.
    nation: the country whose outlook the class follows (planmodel.forecasts.nations.load_nation); None: the class's own path.
    shocks: added growth by year, in pp, shape (n_years,); for a share p they are stated at one half and count by
    4 p (1 - p), so that a share of 3 % is not moved like one of 50 %. volatility: factor on the spread.

    Errors: PlanmodelError for an unknown scale or class, an unordered history, or one that does not fit the scale
    (amounts of a class must be positive, shares within 0-100); NotAssessable where the history is too short.

    >>> result = forecast(pd.Series({2015: 1756.45, 2020: 2669.73}), 5, reference="prefectures_nominal_services")
    >>> result.years.tolist(), result.draws.shape, result.n_record_years
    ([2021, 2022, 2023, 2024, 2025], (10000, 5), 5)
    """
    if key is None:
        key = repr(list(checked_history(history, scale).items()) if scale in BOUNDS else history)
    many = forecast_many(
        {key: history},
        n_years,
        scale=scale,
        n_draws=n_draws,
        seed=seed,
        reference=reference,
        nation=nation,
        bounds=bounds,
        shocks=shocks,
        volatility=volatility,
    )
    return many[key]


def forecast_many(
    histories: Mapping[str, pd.Series],
    n_years: int,
    *,
    scale: str = "amount",
    bounds: tuple[float | None, float | None] | None = None,
    n_draws: int = 10_000,
    seed: int = 0,
    reference: str | None = None,
    nation: Nation | None = None,
    shocks: np.ndarray | None = None,
    volatility: float = 1.0,
) -> dict[str, Forecast]:
    """Draw paths of many series at once, by key; the same draws as `forecast` with the same seed and key.

    >>> ahead = forecast_many({"a": pd.Series({2019: 1.0, 2020: 1.1}), "b": pd.Series({2020: 5.0, 2021: 5.2})}, 2)
    >>> ahead["b"].years.tolist()
    [2022, 2023]
    """
    if scale not in BOUNDS:
        raise PlanmodelError(faults=[unknown("scale", str(scale), BOUNDS)])
    if not isinstance(n_years, int | np.integer) or n_years < 1:
        raise PlanmodelError.of("n_years", Phrase("forecasts.fault.years"), repr(n_years))
    group = load_class(reference or POOLED)
    if group.id != POOLED and not _fits(group, scale):
        kind = "forecasts.fault.for_shares" if group.transform == "logit" else "forecasts.fault.for_amounts"
        raise PlanmodelError.of(
            "reference", Phrase("forecasts.fault.of_scale", scale=scale), Phrase(kind, name=group.id)
        )
    _check_options(n_draws, volatility, shocks, int(n_years), _limits(scale, bounds))
    checked = {key: checked_history(history, scale) for key, history in histories.items()}
    if not checked:
        return {}
    shocks = None if shocks is None else np.asarray(shocks, dtype=float)
    options = (scale, int(n_years), _limits(scale, bounds), n_draws, seed, shocks, volatility)
    if group.id == POOLED:
        return _pooled(checked, *options)
    if group.change is not None:
        return {key: _from_level(key, history, group, *options) for key, history in checked.items()}
    return {key: _of_class(key, history, group, nation, *options) for key, history in checked.items()}


def _fits(group: ReferenceClass, scale: str) -> bool:
    """Logits are for shares and logs for what is positive; figures as they are for all but shares and amounts."""
    if group.transform == "unit":
        return scale in ("rate", "index", "density")
    return group.transform == TRANSFORMS[scale] and not (group.change is not None and scale == "rate")


def _check_options(n_draws, volatility, shocks, n_years: int, limits: tuple[float, float]) -> None:
    shocked = shocks is None or (
        np.shape(shocks) == (n_years,) and (np.asarray(shocks, dtype=float) > -100).all()
    )
    steady = isinstance(volatility, int | float) and np.isfinite(volatility) and volatility >= 0
    drawn = isinstance(n_draws, int | np.integer) and n_draws >= 1
    checks = (
        (drawn, "n_draws", Phrase("forecasts.fault.whole"), n_draws),
        (steady, "volatility", Phrase("forecasts.fault.volatility"), volatility),
        (shocked, "shocks", Phrase("forecasts.fault.shocks", n=n_years), shocks),
        (limits[0] < limits[1], "bounds", Phrase("forecasts.fault.bounds"), limits),
    )
    faults = [Fault(what, expected, repr(given)[:60]) for good, what, expected, given in checks if not good]
    if faults:
        raise PlanmodelError(faults=faults)


def _limits(scale: str, bounds) -> tuple[float, float]:
    low, high = BOUNDS[scale]
    if bounds is not None:
        low = low if bounds[0] is None else max(low, float(bounds[0]))
        high = high if bounds[1] is None else min(high, float(bounds[1]))
    return low, high


def checked_history(history: pd.Series, scale: str) -> pd.Series:
    """Return a history with years as whole numbers and figures that are known and fit the scale, or raise."""

    def refused(expected: str, found: object) -> PlanmodelError:
        return PlanmodelError.of("history", Phrase(f"forecasts.history.{expected}"), str(found))

    if not isinstance(history, pd.Series):
        raise refused("series", type(history).__name__)
    history = history.set_axis(_years(history.index))
    try:
        if history.dtype != float or history.isna().any():
            history = history.dropna().astype(float)
    except (TypeError, ValueError):
        raise refused("numbers", history.iloc[:3].tolist()) from None
    if not history.index.is_monotonic_increasing or history.index.has_duplicates:
        raise refused("order", history.index.tolist())
    if not np.isfinite(history.to_numpy()).all():
        raise refused("finite", history[~np.isfinite(history)].tolist())
    if history.empty:
        raise NotAssessable(Phrase("forecasts.history.empty"))
    if scale == "share" and not history.between(0, 100).all():
        raise refused("shares", history.tolist())
    if scale == "rate" and (history <= -100).any():
        raise refused("rates", history.tolist())
    return history


def _years(index: pd.Index) -> pd.Index:
    """Return an index as whole years: integers, whole floats, dates or annual periods."""
    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        return pd.Index(index.year, dtype=int)
    whole = pd.api.types.is_integer_dtype(index) or (
        pd.api.types.is_float_dtype(index) and bool((index == np.floor(index)).all())
    )
    if not whole and len(index):
        raise PlanmodelError.of("history", Phrase("forecasts.history.years"), str(index[:3].tolist()))
    return pd.Index(index.astype(int))


def _finish(draws, history, scale, limits, shocks, volatility) -> np.ndarray:
    """Apply volatility, shocks and bounds to draws."""
    if volatility != 1.0:
        middle = np.median(draws, axis=0)
        if TRANSFORMS[scale] == "log" and scale != "rate" and draws.min() > 0:
            draws = middle * (draws / middle) ** volatility
        else:
            draws = middle + volatility * (draws - middle)
    if shocks is not None and shocks.any():
        draws = shocked(draws, shocks, scale, float(history.iloc[-1]))
    if volatility != 1.0 or shocks is not None or scale == "share" or limits != BOUNDS[scale]:
        draws = np.clip(draws, *limits)
    if TRANSFORMS[scale] == "log" and scale != "rate" and history.to_numpy().min() > 0:
        # a fall beyond what a float can hold is none to nothing
        draws = np.maximum(draws, np.finfo(float).tiny, out=draws)
    return draws


def _ahead(history: pd.Series, n_years: int) -> tuple[np.ndarray, int, float]:
    """The years after a history, its last year and value."""
    last = int(history.index[-1])
    return np.arange(last + 1, last + 1 + n_years), last, float(history.iloc[-1])


def shocked(draws: np.ndarray, shocks: np.ndarray, scale: str, last: float) -> np.ndarray:
    """Return draws, shape (n_draws, n_years), with growth added by year (pp), after a last value; of shares as `forecast` says.

    >>> shocked(np.array([[100.0, 100.0]]), np.array([1.0, 1.0]), "amount", 90.0).round(2).tolist()
    [[101.0, 102.01]]
    """
    if scale == "share":
        return draws + 4 * (last / 100) * (1 - last / 100) * np.cumsum(shocks)
    if scale == "rate":
        return draws + shocks
    return draws * np.cumprod(1 + shocks / 100)


def _pooled(histories, scale, n_years, limits, n_draws, seed, shocks, volatility) -> dict[str, Forecast]:
    """Forecast by errors pooled over many series; all series in one pass."""
    keys, filled, lengths = list(histories), [], []
    for history in histories.values():
        if len(history) < 2:
            raise NotAssessable(Phrase("forecasts.history.one"))
        if not history.any():
            raise NotAssessable(Phrase("forecasts.history.zeros"))
        filled.append(_filled(history))
        lengths.append(len(history))
    rows = np.full((len(keys), max(map(len, filled))), np.nan)
    for row, values in zip(rows, filled, strict=True):
        row[len(row) - len(values) :] = values
    low, high = (np.full(len(keys), float(limit)) for limit in limits)
    forecasts = {}
    for i, values, path, kept in pooled.path_tables(rows, np.array(lengths), low, high, n_years):
        key, history = keys[i], histories[keys[i]]
        span = int(history.index[-1] - history.index[0]) + (scale == "rate")
        options = (history, scale, limits, shocks, volatility)
        made = partial(_pooled_draws, values, path, seed, key, n_draws, *options)
        (years, last, value), model = _ahead(history, n_years), "median of nine models, pooled errors"
        draws = cast(np.ndarray, made) if len(keys) > 1 else made()
        forecasts[key] = Forecast(years, draws, last, value, POOLED, kept, span, model)
    return {key: forecasts[key] for key in keys}


def _pooled_draws(values, path, seed, key, n_draws, history, scale, limits, shocks, volatility) -> np.ndarray:
    draws = pooled.paths(values, path, stream(seed, key), n_draws)
    if np.isfinite(limits[0]) and history.to_numpy().min() >= limits[0]:
        draws = np.maximum(draws, limits[0], out=draws)
    return _finish(draws, history, scale, limits, shocks, volatility)


def _filled(history: pd.Series) -> np.ndarray:
    """Values year by year: gaps filled by equal growth, by straight lines where a value is not positive."""
    years = np.arange(history.index[0], history.index[-1] + 1)
    known, values = history.index.to_numpy(), history.to_numpy()
    if (values > 0).all():
        return np.exp(np.interp(years, known, np.log(values)))
    return np.interp(years, known, values)


def _of_class(
    key, history, group: ReferenceClass, nation, scale, n_years, limits, n_draws, seed, shocks, volatility
) -> Forecast:
    """Forecast as a member of a class: the class's path plus the lasting part of its own deviation."""
    if scale in ("amount", "density", "index") and (history <= 0).any():
        logs = Phrase("forecasts.history.logs")
        raise PlanmodelError.of(
            "history", Phrase("forecasts.history.positive"), str(history.tolist()), do=logs
        )
    last = int(history.index[-1])
    spells = _spells(history, group, scale, last, nation)
    if group.deviation is None:
        raise PlanmodelError.of("reference", Phrase("forecasts.fault.with_deviations"), group.id)
    own = own_path(group.deviation, spells, last, n_years)
    rng = stream(seed, key)
    growth = group.growth(last, n_years, n_draws, rng, nation) + own.draws(n_draws, rng)
    if scale == "rate":
        draws = 100 * np.expm1(growth / 100)
    else:
        z = float(_z(history.iloc[-1:], scale)[0]) + np.cumsum(growth, axis=1) / 100
        draws = 100 / (1 + np.exp(-z)) if scale == "share" else np.exp(z)
    span = spells[-1][1] - spells[0][0] + 1 if spells else 0
    draws = _finish(draws, history, scale, limits, shocks, volatility)
    years, last, value = _ahead(history, n_years)
    model = "class path and own deviation"
    return Forecast(years, draws, last, value, group.id, own.own_weight, span, model)


def _from_level(
    key, history, group: ReferenceClass, scale, n_years, limits, n_draws, seed, shocks, volatility
) -> Forecast:
    """Forecast by what the class's regions did from such a level; counts that are nothing are moved up by one."""
    change, last = group.change, int(history.index[-1])
    assert change is not None
    up = float(scale == "amount" and history.min() == 0)
    if group.transform == "log" and (history + up <= 0).any():
        logs = Phrase("forecasts.history.logs")
        raise PlanmodelError.of(
            "history", Phrase("forecasts.history.positive"), str(history.tolist()), do=logs
        )
    record = Record.of(history.index.to_numpy(), transformed(history.to_numpy() + up, group.transform))
    draws = change.draws(record, last, n_years, n_draws, stream(seed, key)) - up
    draws = np.maximum(draws, 0.0) if up else draws
    weight = float(change.weights(record.span, np.arange(1, n_years + 1)).mean())
    draws = _finish(draws, history, scale, limits, shocks, volatility)
    years, last_year, value = _ahead(history, n_years)
    return Forecast(years, draws, last_year, value, group.id, weight, record.span, "change from a level")


def _z(values: pd.Series, scale: str) -> np.ndarray:
    if scale == "share":
        part = np.clip(values.to_numpy() / 100, TINY_SHARE, 1 - TINY_SHARE)
        return np.log(part / (1 - part))
    return np.log(values.to_numpy())


def _spells(
    history: pd.Series, group: ReferenceClass, scale: str, origin: int, nation: Nation | None
) -> list[tuple[int, int, float]]:
    """Return the deviations of the last years' growth from the class: (first year, last year, sum), hundredths."""
    years = history.index.tolist()
    if scale == "rate":
        steps = [(year, year, 100 * np.log1p(value / 100)) for year, value in history.items()]
    else:
        z = 100 * _z(history, scale)
        steps = [(a + 1, b, c) for a, b, c in zip(years[:-1], years[1:], np.diff(z), strict=True)]
    return [
        (first, last, float(total) - group.past(first, last, origin, nation))
        for first, last, total in steps
        if last > origin - RECORD_YEARS
    ]

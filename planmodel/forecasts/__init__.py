"""Forecasts as draws of whole paths, from a history that may be two points long.

Three engines. With a reference class of growth, growth is the class's path plus the series' own deviation from it, of
which a part lasts (class_paths). With one of change from a level, what its regions did from such a figure, and a part of
the series' own lead (levels): one figure is enough. Without one, the centre is the median of simple models and the spread
comes from errors pooled over many annual series (pooled). The result names the class and the weight of the own record.

To read, from the bottom: fans, levels, class_paths, pooled, nations (their outlooks), reference (the classes), dependence, this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.streams import Drawn, stream
from planmodel.errors import Fault, NotAssessable, PlanmodelError, quoted, unknown
from planmodel.forecasts import pooled
from planmodel.forecasts.class_paths import RECORD_YEARS, own_path
from planmodel.forecasts.fans import COVERAGES, Fan, band_row, fan, quantile_table
from planmodel.forecasts.levels import Record, transformed
from planmodel.forecasts.nations import Nation
from planmodel.forecasts.reference import POOLED, ReferenceClass, load_class
from planmodel.words import Phrase, figure, percent
from planmodel.words.cards import Card, Rows

BOUNDS = {
    **dict.fromkeys(("amount", "density", "index"), (0.0, np.inf)), "share": (0.0, 100.0), "rate": (-np.inf, np.inf),
}  # fmt: skip
TRANSFORMS = {"amount": "log", "density": "log", "index": "log", "rate": "log", "share": "logit"}
TINY_SHARE = 1e-4
MOST_YEARS, MOST_DRAWS = 300, 10_000_000
"""That may be asked for: more would fill the memory."""


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
            band_row(last, 0.8, low, high),
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


@checked
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
    shocks: Sequence[float] | np.ndarray | None = None,
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
    options = _options(n_years, scale, bounds, n_draws, seed, reference, nation, shocks, volatility)
    if key is None:
        key = repr(list(checked_history(history, scale).items()))
    return _drawn({key: history}, options)[key]


@checked
def forecast_many(histories: Mapping[str, pd.Series], n_years: int, **options: Any) -> dict[str, Forecast]:
    """Draw paths of many series at once, by key; the same draws as `forecast` with the same seed, key and options.

    >>> ahead = forecast_many({"a": pd.Series({2019: 1.0, 2020: 1.1}), "b": pd.Series({2020: 5.0, 2021: 5.2})}, 2)
    >>> ahead["b"].years.tolist()
    [2022, 2023]
    """
    return _drawn(histories, _options(n_years, **options))


@dataclass(frozen=True)
class Options:
    """What `forecast` takes beside a history, checked."""

    n_years: int
    scale: str = "amount"
    bounds: tuple[float | None, float | None] | None = None
    n_draws: int = 10_000
    seed: int = 0
    reference: str | None = None
    nation: Nation | None = None
    shocks: Sequence[float] | np.ndarray | None = None
    volatility: float = 1.0

    def __post_init__(self) -> None:
        if self.scale not in BOUNDS:
            raise PlanmodelError(faults=[unknown("scale", str(self.scale), BOUNDS)])
        if not 1 <= self.n_years <= MOST_YEARS:
            raise PlanmodelError.of(
                "n_years", Phrase("forecasts.fault.whole", most=MOST_YEARS), quoted(self.n_years)
            )
        group, shocks = self.group, self.shocks
        if group.id != POOLED and not _fits(group, self.scale):
            kind = "for_shares" if group.transform == "logit" else "for_amounts"
            found = Phrase(f"forecasts.fault.{kind}", name=group.id)
            raise PlanmodelError.of("reference", Phrase("forecasts.fault.of_scale", scale=self.scale), found)
        n_draws, size, limits = self.n_draws, self.volatility, self.limits
        added = np.zeros(self.n_years) if shocks is None else np.asarray(shocks)
        fit = added.dtype.kind in "iuf" and added.shape == (self.n_years,)
        checks = {
            "n_draws": (1 <= n_draws <= MOST_DRAWS, "whole", n_draws),
            "volatility": (size >= 0, "volatility", size),
            "shocks": (fit and ((added > -100) & (added < np.inf)).all(), "shocks", shocks),
            "bounds": (limits[0] < limits[1], "bounds", limits),
        }
        faults = [
            Fault(what, Phrase(f"forecasts.fault.{expected}", n=self.n_years, most=MOST_DRAWS), quoted(given))
            for what, (good, expected, given) in checks.items()
            if not good
        ]
        if faults:
            raise PlanmodelError(faults=faults)

    @property
    def group(self) -> ReferenceClass:
        return load_class(self.reference or POOLED)

    @property
    def limits(self) -> tuple[float, float]:
        """The ends that draws are kept within: the scale's, or narrower ones."""
        (low, high), (least, most) = BOUNDS[self.scale], self.bounds or (None, None)
        low = low if least is None else max(low, float(least))
        return low, high if most is None else min(high, float(most))

    def finished(self, draws: np.ndarray, history: pd.Series) -> np.ndarray:
        """Return draws with volatility, shocks and bounds applied."""
        scale, volatility, limits = self.scale, self.volatility, self.limits
        shocks = None if self.shocks is None else np.asarray(self.shocks, dtype=float)
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

    def made(self, draws, history: pd.Series, own_weight: float, n_record_years: int, model: str) -> Forecast:
        """Return the forecast of some draws of the years after a history."""
        last = int(history.index[-1])
        years, value = np.arange(last + 1, last + 1 + self.n_years), float(history.iloc[-1])
        return Forecast(years, draws, last, value, self.group.id, own_weight, n_record_years, model)


_options = checked(Options)


def _drawn(histories: Mapping[str, pd.Series], options: Options) -> dict[str, Forecast]:
    sound = {key: checked_history(history, options.scale) for key, history in histories.items()}
    if options.group.id == POOLED:
        return _pooled(sound, options) if sound else {}
    one = _of_class if options.group.change is None else _from_level
    return {key: one(key, history, options) for key, history in sound.items()}


def _fits(group: ReferenceClass, scale: str) -> bool:
    """Logits are for shares and logs for what is positive; figures as they are for all but shares and amounts."""
    if group.transform == "unit":
        return scale in ("rate", "index", "density")
    return group.transform == TRANSFORMS[scale] and not (group.change is not None and scale == "rate")


def checked_history(history: pd.Series, scale: str) -> pd.Series:
    """Return a history with years as whole numbers and figures that are known and fit the scale, or raise."""

    def refused(expected: str, found: object) -> PlanmodelError:
        return PlanmodelError.of("history", Phrase(f"forecasts.history.{expected}"), str(found))

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
    kinds = pd.api.types
    counted = isinstance(index, pd.RangeIndex) and index.start == 0  # by pandas itself: no years were given
    whole = kinds.is_float_dtype(index) and bool((index == np.floor(index)).all())
    if (counted or not (whole or kinds.is_integer_dtype(index))) and len(index):
        raise PlanmodelError.of("history", Phrase("forecasts.history.years"), str(index[:3].tolist()))
    return pd.Index(index.astype(int))


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


def _pooled(histories: Mapping[str, pd.Series], options: Options) -> dict[str, Forecast]:
    """Forecast by errors pooled over many series; all series in one pass."""
    for history in histories.values():
        if len(history) < 2:
            raise NotAssessable(Phrase("forecasts.history.one"))
        if not history.any():
            raise NotAssessable(Phrase("forecasts.history.zeros"))
    keys, filled = list(histories), [_filled(history) for history in histories.values()]
    rows = np.full((len(keys), max(map(len, filled))), np.nan)
    for row, values in zip(rows, filled, strict=True):
        row[len(row) - len(values) :] = values
    lengths = np.array([len(history) for history in histories.values()])
    low, high = (np.full(len(keys), float(limit)) for limit in options.limits)
    forecasts = {}
    for i, values, path, kept in pooled.path_tables(rows, lengths, low, high, options.n_years):
        key, history = keys[i], histories[keys[i]]
        span = int(history.index[-1] - history.index[0]) + (options.scale == "rate")
        made = partial(_pooled_draws, values, path, key, history, options)
        draws = made if len(keys) > 1 else made()
        forecasts[key] = options.made(draws, history, kept, span, "median of nine models, pooled errors")
    return {key: forecasts[key] for key in keys}


def _pooled_draws(values, path, key, history, options: Options) -> np.ndarray:
    draws, low = pooled.paths(values, path, stream(options.seed, key), options.n_draws), options.limits[0]
    if np.isfinite(low) and history.to_numpy().min() >= low:
        draws = np.maximum(draws, low, out=draws)
    return options.finished(draws, history)


def _filled(history: pd.Series) -> np.ndarray:
    """Values year by year: gaps filled by equal growth, by straight lines where a value is not positive."""
    years = np.arange(history.index[0], history.index[-1] + 1)
    known, values = history.index.to_numpy(), history.to_numpy()
    if (values > 0).all():
        return np.exp(np.interp(years, known, np.log(values)))
    return np.interp(years, known, values)


def _of_class(key: str, history: pd.Series, options: Options) -> Forecast:
    """Forecast as a member of a class: the class's path plus the lasting part of its own deviation."""
    group, scale, n_years, n_draws = options.group, options.scale, options.n_years, options.n_draws
    if scale in ("amount", "density", "index"):
        _check_positive(history)
    last = int(history.index[-1])
    spells = _spells(history, group, scale, last, options.nation)
    if group.deviation is None:
        raise PlanmodelError.of("reference", Phrase("forecasts.fault.with_deviations"), group.id)
    own = own_path(group.deviation, spells, last, n_years)
    rng = stream(options.seed, key)
    growth = group.growth(last, n_years, n_draws, rng, options.nation) + own.draws(n_draws, rng)
    if scale == "rate":
        draws = 100 * np.expm1(growth / 100)
    else:
        z = float(_z(history.iloc[-1:], scale)[0]) + np.cumsum(growth, axis=1) / 100
        draws = 100 / (1 + np.exp(-z)) if scale == "share" else np.exp(z)
    span = spells[-1][1] - spells[0][0] + 1 if spells else 0
    draws = options.finished(draws, history)
    return options.made(draws, history, own.own_weight, span, "class path and own deviation")


def _from_level(key: str, history: pd.Series, options: Options) -> Forecast:
    """Forecast by what the class's regions did from such a level; counts that are nothing are moved up by one."""
    group, n_years = options.group, options.n_years
    change, last = group.change, int(history.index[-1])
    assert change is not None
    up = float(options.scale == "amount" and history.min() == 0)
    if group.transform == "log":
        _check_positive(history + up)
    record = Record.of(history.index.to_numpy(), transformed(history.to_numpy() + up, group.transform))
    draws = change.draws(record, last, n_years, options.n_draws, stream(options.seed, key)) - up
    draws = options.finished(np.maximum(draws, 0.0) if up else draws, history)
    weight = float(change.weights(record.span, np.arange(1, n_years + 1)).mean())
    return options.made(draws, history, weight, record.span, "change from a level")


def _check_positive(history: pd.Series) -> None:
    if (history <= 0).any():
        positive, logs = Phrase("forecasts.history.positive"), Phrase("forecasts.history.logs")
        raise PlanmodelError.of("history", positive, str(history.tolist()), do=logs)


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
    recent = [step for step in steps if step[1] > origin - RECORD_YEARS]
    own = ((first, last, float(total)) for first, last, total in recent)
    return [(first, last, total - group.past(first, last, origin, nation)) for first, last, total in own]

"""Forecasts as draws of whole paths, from a history that may be two points long.

A history says little, so it shrinks towards a reference class: the centre is the class's expected growth plus the
share of the series' own deviation that lasts; the spread is the class's. The result names the class and its weight.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from planmodel.errors import Fault, NotAssessable, PlanmodelError, unknown
from planmodel.reference import ReferenceClass, load_class
from planmodel.series import window_start

DEFAULT_CLASS = {
    "amount": "annual_series",
    "density": "annual_series",
    "index": "annual_series",
    "share": "gdp_shares",
    "rate": "prefectures_real_gdp",
}
RECORD_YEARS = 5
MODEL_VALUES = 10
TAIL_DF = 6
"""Errors are a Student t across paths: five-year errors of the classes have kurtosis 5 to 10."""
TINY_SHARE = 1e-4


@dataclass(frozen=True)
class Forecast:
    """Draws of the years after the last observation; `draws` has shape (n_draws, n_years)."""

    years: np.ndarray
    draws: np.ndarray = field(repr=False)
    last_year: int
    last_value: float
    reference: str
    own_weight: float
    n_record_years: int
    model: str

    def quantile(self, q):
        """Return quantiles by year: shape (n_years,) for one q, (len(q), n_years) for several."""
        return np.quantile(self.draws, q, axis=0)


def stream(seed: int, key: str) -> np.random.Generator:
    """Return the random stream of (seed, key): another key is independent, the same is the same anywhere."""
    digest = hashlib.sha256(f"{int(seed)}/{key}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def forecast(
    history: pd.Series,
    n_years: int,
    *,
    scale: str = "amount",
    bounds: tuple[float | None, float | None] | None = None,
    key: str = "",
    n_draws: int = 10_000,
    seed: int = 0,
    reference: str | None = None,
    shocks: np.ndarray | None = None,
    volatility: float = 1.0,
) -> Forecast:
    """Draw paths of an annual series for the years after its last value.

    With z the log (amount, density, index), the logit (share, %) or the value itself (rate, %):
    z[T+k] = z[T] + sum of expected increments + e[k], where the increments are the class's centre plus
    own_weight times the series' deviation from the class over its last five years or so, and
    e[k] = volatility * t * (lasting * Z * k + yearly * W[k]), W a random walk, t a heavy-tail factor per path.
    A rate has no increments to speak of: it moves from its last value towards the class's centre.
    With ten values or more, a Theta model (statsmodels) has half of the say in the centre.

    history: Series by year (int index), gaps allowed; percent for shares and rates. A single value has no growth
    of its own: the class speaks alone (own_weight 0).
    bounds: (low, high) the draws are kept within; shares keep to 0-100 by themselves.
    reference: id of a reference class (planmodel.reference.class_names); None picks one by scale.
    shocks: added growth by year, in pp, shape (n_years,). volatility: factor on the spread.

    Errors: PlanmodelError for an unknown scale or class, an empty or unordered history, values that are not
    positive (amounts) or not within 0-100 (shares); NotAssessable without any value.

    >>> result = forecast(pd.Series({2015: 1756.45, 2020: 2669.73}), 5, reference="prefectures_nominal_services")
    >>> result.years.tolist(), result.draws.shape, result.n_record_years
    ([2021, 2022, 2023, 2024, 2025], (10000, 5), 5)
    """
    if scale not in DEFAULT_CLASS:
        raise PlanmodelError(faults=[unknown("scale", str(scale), DEFAULT_CLASS)])
    if not isinstance(n_years, int | np.integer) or n_years < 1:
        raise PlanmodelError(faults=[Fault("n_years", "a whole number of years, 1 or more", repr(n_years))])
    history = _checked(history, scale)
    group = load_class(reference or DEFAULT_CLASS[scale])
    to_z, from_z = _transforms(scale)
    z = pd.Series(to_z(history.to_numpy()), index=history.index)
    last_year = int(z.index[-1])
    if scale == "rate":
        centre, weight, n_record, model = _rate_centre(z, group, n_years)
    else:
        centre, weight, n_record, model = _growth_centre(z, group, n_years)
    if shocks is not None:
        centre = centre + np.cumsum(
            _shock_in_z(np.asarray(shocks, dtype=float), scale, float(history.iloc[-1]))
        )
    errors = _errors(group, n_years, n_draws, stream(seed, key), scale) * volatility
    draws = from_z(z.iloc[-1] + centre + errors)
    low, high = bounds or (None, None)
    if scale == "share":
        low, high = max(low or 0.0, 0.0), min(100.0 if high is None else high, 100.0)
    if low is not None or high is not None:
        draws = np.clip(draws, low, high)
    years = np.arange(last_year + 1, last_year + n_years + 1)
    return Forecast(years, draws, last_year, float(history.iloc[-1]), group.id, weight, n_record, model)


def _checked(history: pd.Series, scale: str) -> pd.Series:
    if not isinstance(history, pd.Series):
        raise PlanmodelError(faults=[Fault("history", "a pandas Series by year", type(history).__name__)])
    history = history.dropna().astype(float)
    history.index = history.index.astype(int)
    if not history.index.is_monotonic_increasing or history.index.has_duplicates:
        raise PlanmodelError(
            faults=[Fault("history", "years in rising order, each once", str(history.index.tolist()))]
        )
    if not np.isfinite(history.to_numpy()).all():
        raise PlanmodelError(faults=[Fault("history", "finite values", "an infinite one")])
    if history.empty:
        raise NotAssessable("a forecast needs an observation, found none")
    if scale == "share" and not history.between(0, 100).all():
        raise PlanmodelError(faults=[Fault("history", "shares between 0 and 100", str(history.tolist()))])
    if scale in ("amount", "density", "index") and (history <= 0).any():
        raise PlanmodelError(
            faults=[
                Fault("history", "positive values", str(history.tolist()), do="Growth is counted in logs.")
            ]
        )
    return history


def _transforms(scale: str):
    if scale == "share":

        def to_logit(values):
            values = np.clip(values / 100, TINY_SHARE, 1 - TINY_SHARE)
            return np.log(values / (1 - values))

        return to_logit, lambda z: 100 / (1 + np.exp(-z))
    if scale == "rate":
        return (lambda values: values), (lambda z: z)
    return np.log, np.exp


def _shock_in_z(shocks: np.ndarray, scale: str, last: float) -> np.ndarray:
    if scale == "share":
        share = np.clip(last / 100, TINY_SHARE, 1 - TINY_SHARE)
        return shocks / 100 / (share * (1 - share))
    if scale == "rate":
        return np.diff(shocks, prepend=0.0)
    return np.log1p(shocks / 100)


def _growth_centre(z: pd.Series, group: ReferenceClass, n_years: int):
    """Cumulated expected increments, the class's weight, the years of record used and the model's name."""
    last = int(z.index[-1])
    first = window_start(z.index.tolist(), RECORD_YEARS) if len(z) > 1 else last
    n_record = last - first
    weight = group.own_weight(n_record)
    deviation = 0.0
    if n_record:
        deviation = float(z[last] - z[first]) / n_record - group.mean_over(first + 1, last)
    centre = np.cumsum(group.centre(last, n_years) + weight * deviation)
    model = "shrinkage to the class"
    if len(z) >= MODEL_VALUES and (np.diff(z.index) == 1).all() and np.ptp(z) > 0:
        from statsmodels.tsa.forecasting.theta import ThetaModel

        values = pd.Series(z.to_numpy(), index=pd.period_range(str(z.index[0]), periods=len(z), freq="Y"))
        theta = ThetaModel(values, deseasonalize=False).fit().forecast(n_years).to_numpy() - z.iloc[-1]
        centre = (centre + theta) / 2
        model = "half Theta (statsmodels), half shrinkage to the class"
    return centre, weight, n_record, model


def _rate_centre(z: pd.Series, group: ReferenceClass, n_years: int):
    """A rate's path from its last value towards the class's centre plus the lasting part of its own deviation."""
    last = int(z.index[-1])
    window = z[z.index > last - RECORD_YEARS]
    n_record = len(window)
    expected = 100 * np.expm1(group.centre(last, n_years))
    past = 100 * np.expm1(group.mean_over(int(window.index[0]), last))
    weight = group.own_weight(n_record)
    return expected + weight * (window.mean() - past) - z.iloc[-1], weight, n_record, "shrinkage to the class"


def _errors(
    group: ReferenceClass, n_years: int, n_draws: int, rng: np.random.Generator, scale: str
) -> np.ndarray:
    yearly, lasting = group.spread()
    steps = np.arange(1, n_years + 1)
    shift = rng.standard_normal((n_draws, 1))
    noise = rng.standard_normal((n_draws, n_years))
    heavy = np.sqrt((TAIL_DF - 2) / rng.chisquare(TAIL_DF, (n_draws, 1)))
    if scale == "rate":
        return 100 * heavy * (lasting * shift + yearly * noise)
    return heavy * (lasting * shift * steps + yearly * noise.cumsum(axis=1))

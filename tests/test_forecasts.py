"""Forecasts: shapes, streams of random numbers, short and gapped histories, shrinkage, Theta, faults."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.forecasting.theta import ThetaModel

from planmodel import NotAssessable, PlanmodelError, forecast
from planmodel.forecasts import DEFAULT_CLASS, MODEL_VALUES, stream
from planmodel.reference import class_names, load_class

TWO_POINTS = pd.Series({2015: 1756.45, 2020: 2669.73})
SHARE = pd.Series({2015: 47.9, 2020: 50.7})
SERVICES = "prefectures_nominal_services"


def yearly(values, last=2020):
    return pd.Series(list(values), index=range(last - len(values) + 1, last + 1), dtype=float)


def centre(history, n_years=5, **options):
    """The path without its errors, in the scale of the forecast (volatility 0)."""
    return forecast(history, n_years, volatility=0, n_draws=2, **options).draws[0]


def test_shape_and_labels():
    found = forecast(TWO_POINTS, 3, n_draws=50, reference=SERVICES)
    assert found.draws.shape == (50, 3) and found.years.tolist() == [2021, 2022, 2023]
    assert (found.last_year, found.last_value) == (2020, 2669.73)
    assert found.n_record_years == 5 and found.reference == SERVICES
    assert found.own_weight == load_class(SERVICES).own_weight(5)


def test_quantiles_rise_by_probability_and_have_their_shapes():
    found = forecast(TWO_POINTS, 4, n_draws=500)
    quantiles = found.quantile([0.05, 0.25, 0.5, 0.75, 0.95])
    assert quantiles.shape == (5, 4) and found.quantile(0.5).shape == (4,)
    assert (np.diff(quantiles, axis=0) > 0).all()
    assert found.quantile(0.5) == pytest.approx(np.median(found.draws, axis=0))


def test_the_band_widens_with_the_years():
    low, high = forecast(TWO_POINTS, 5).quantile([0.1, 0.9])
    assert (np.diff(np.log(high / low)) > 0).all()


def test_the_spread_is_that_of_the_class():
    """Log errors of k years have variance k a^2 + k^2 b^2: of two rates, that of the table."""
    found = forecast(TWO_POINTS, 5, n_draws=200_000, reference=SERVICES)
    table = load_class(SERVICES)
    for n_years in (1, 5):
        sd = n_years * np.hypot(table.deviation_sd[n_years], table.common_sd[n_years])
        assert np.log(found.draws[:, n_years - 1]).std() == pytest.approx(sd, rel=0.03)


@given(st.integers(0, 2**31), st.text(max_size=10))
@settings(max_examples=20)
def test_the_same_seed_and_key_give_the_same_draws(seed, key):
    first, again = (forecast(TWO_POINTS, 3, seed=seed, key=key, n_draws=20).draws for _ in range(2))
    assert (first == again).all()


@pytest.mark.parametrize("changed", [{"seed": 2}, {"key": "b"}])
def test_another_seed_or_key_is_independent(changed):
    options = {"seed": 1, "key": "a"}
    first = forecast(TWO_POINTS, 1, **options).draws[:, 0]
    other = forecast(TWO_POINTS, 1, **(options | changed)).draws[:, 0]
    assert abs(np.corrcoef(np.log(first), np.log(other))[0, 1]) < 0.05
    assert (first != other).all()


def test_streams_of_seed_and_key_do_not_run_together():
    assert stream(1, "2/a").random() != stream(12, "a").random() != stream(1, "a").random()


def test_the_first_draws_do_not_depend_on_other_series():
    """Common random numbers: one noise for one key, whatever the history, scenario or class."""
    plain = np.log(forecast(TWO_POINTS, 3, key="x", n_draws=100).draws)
    other = np.log(forecast(yearly([50, 60, 80]), 3, key="x", n_draws=100).draws)
    assert plain - plain.mean(axis=0) == pytest.approx(other - other.mean(axis=0))


def test_shocks_move_every_path_by_the_same_growth_and_keep_the_noise():
    shocks = np.array([1.0, 0.0, -4.0])
    plain = forecast(TWO_POINTS, 3, key="x", n_draws=100).draws
    shocked = forecast(TWO_POINTS, 3, key="x", n_draws=100, shocks=shocks).draws
    assert shocked / plain == pytest.approx(np.tile(np.cumprod([1.01, 1.0, 0.96]), (100, 1)))


def test_a_shock_to_a_share_is_in_points():
    moved = centre(SHARE, 1, scale="share", shocks=np.array([0.2])) - centre(SHARE, 1, scale="share")
    assert moved[0] == pytest.approx(0.2, abs=0.005)


def test_a_shock_to_a_rate_is_in_points_of_that_year():
    rates = yearly([6.0, 7.0, 6.5])
    moved = centre(rates, 3, scale="rate", shocks=np.array([1.0, 0.0, -4.0])) - centre(rates, 3, scale="rate")
    assert moved == pytest.approx([1.0, 0.0, -4.0])


def test_volatility_scales_the_noise_of_every_path():
    base = np.log(centre(TWO_POINTS))
    one, two = (np.log(forecast(TWO_POINTS, 5, volatility=v, n_draws=50).draws) - base for v in (1, 2))
    assert two == pytest.approx(2 * one)


@pytest.mark.parametrize(
    "history, n_record",
    [
        (pd.Series({2020: 100.0}), 0),
        (pd.Series({2019: 100.0, 2020: 108.0}), 1),
        (TWO_POINTS, 5),
        (pd.Series({2010: 50.0, 2020: 100.0}), 10),
        (pd.Series({2010: 50.0, 2016: 70.0, 2020: 100.0}), 4),
        (pd.Series({2015: np.nan, 2018: 90.0, 2019: np.nan, 2020: 100.0}), 2),
    ],
)
def test_short_and_gapped_histories(history, n_record):
    """The centre is the class's expected growth plus the lasting share of the series' own deviation."""
    group = load_class(SERVICES)
    known = np.log(history.dropna())
    deviation = 0.0
    if n_record:
        own = (known[2020] - known[2020 - n_record]) / n_record
        deviation = own - group.mean_over(2021 - n_record, 2020)
    expected = np.cumsum(group.centre(2020, 5) + group.own_weight(n_record) * deviation)
    found = forecast(history, 5, n_draws=10, reference=SERVICES)
    assert found.n_record_years == n_record
    assert found.own_weight == pytest.approx(group.own_weight(n_record))
    assert np.log(centre(history, reference=SERVICES)) - known[2020] == pytest.approx(expected)


def test_one_value_speaks_with_the_voice_of_its_class():
    found = forecast(pd.Series({2020: 100.0}), 5, n_draws=10)
    assert found.own_weight == 0 and found.n_record_years == 0


@pytest.mark.parametrize("name", ["annual_series", "countries_real_gdp"])
def test_a_longer_history_has_more_of_a_say(name):
    weights = [
        forecast(yearly(100 * 1.1 ** np.arange(n)), 1, n_draws=2, reference=name).own_weight
        for n in (1, 2, 3, 4, 6)
    ]
    assert weights[0] == 0 and (np.diff(weights) > 0).all()


def test_a_fast_history_returns_to_its_class_but_stays_above_a_slow_one():
    fast, slow = (
        np.log(centre(yearly(100 * g ** np.arange(6)), 1, reference="annual_series")[0] / (100 * g**5))
        for g in (1.2, 1.0)
    )
    group = load_class("annual_series")
    assert slow < group.constant < fast < np.log(1.2)
    assert (fast - slow) / np.log(1.2) == pytest.approx(group.own_weight(5))


@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 1000))
@settings(max_examples=30)
def test_a_share_stays_a_share(before, last, seed):
    found = forecast(pd.Series({2015: before, 2020: last}), 10, scale="share", n_draws=200, seed=seed)
    assert (found.draws >= 0).all() and (found.draws <= 100).all()


@pytest.mark.parametrize("scale", ["amount", "density", "index"])
def test_amounts_stay_positive(scale):
    assert (forecast(yearly([100, 50, 10]), 10, scale=scale).draws > 0).all()


def test_bounds_hold():
    draws = forecast(TWO_POINTS, 5, bounds=(2500.0, 4000.0)).draws
    assert draws.min() == 2500 and draws.max() == 4000
    draws = forecast(SHARE, 5, scale="share", bounds=(50.0, None)).draws
    assert draws.min() == 50 and draws.max() < 100


def test_a_rate_moves_towards_its_class():
    group = load_class(DEFAULT_CLASS["rate"])
    expected = 100 * np.expm1(group.centre(2020, 5))
    high = centre(yearly([30.0] * 5), scale="rate")
    low = centre(yearly([0.0] * 5), scale="rate")
    assert (low < expected).all() and (expected < high).all() and (high < 30).all()
    assert high - low == pytest.approx([30 * group.own_weight(5)] * 5)


@pytest.mark.parametrize("scale, name", DEFAULT_CLASS.items())
def test_the_class_is_named(scale, name):
    assert forecast(SHARE, 1, scale=scale, n_draws=2).reference == name
    assert name in class_names()


def wavy(n):
    return 100 * np.exp(0.06 * np.arange(n) + 0.05 * np.sin(3 * np.arange(n)))


def shrunk(z, group, n_years):
    """The centre without Theta, by its formula."""
    own = (z.iloc[-1] - z.iloc[-6]) / 5 - group.mean_over(2016, 2020)
    return np.cumsum(group.centre(2020, n_years) + group.own_weight(5) * own)


def theta(z, n_years):
    values = pd.Series(z.to_numpy(), index=pd.period_range(str(z.index[0]), periods=len(z), freq="Y"))
    return ThetaModel(values, deseasonalize=False).fit().forecast(n_years).to_numpy() - z.iloc[-1]


@pytest.mark.parametrize("n_values", [9, 10, 25])
def test_theta_has_half_of_the_say_from_ten_values_on(n_values):
    assert MODEL_VALUES == 10
    history = yearly(wavy(n_values))
    z = np.log(history)
    expected = shrunk(z, load_class(SERVICES), 5)
    if n_values >= 10:
        expected = (expected + theta(z, 5)) / 2
    assert np.log(centre(history, reference=SERVICES)) - z.iloc[-1] == pytest.approx(expected)
    model = forecast(history, 5, n_draws=2, reference=SERVICES).model
    assert ("Theta" in model) == (n_values >= 10)


def test_theta_needs_ten_years_in_a_row():
    gapped = yearly(wavy(14)).drop(2012)
    assert "Theta" not in forecast(gapped, 3, n_draws=2).model


@pytest.mark.parametrize("scale, value", [("amount", 68.4), ("share", 68.4), ("density", 1.0)])
def test_ten_values_that_never_change(scale, value):
    found = forecast(yearly([value] * 10), 3, scale=scale, n_draws=50)
    assert np.isfinite(found.draws).all()


@given(st.lists(st.floats(1, 1e5), min_size=1, max_size=14))
@settings(max_examples=40)
def test_any_positive_history_gives_positive_draws_without_a_warning(values):
    found = forecast(yearly(values), 3, n_draws=20)
    assert np.isfinite(found.draws).all() and (found.draws > 0).all()


FAULTS = {
    "unknown scale": (TWO_POINTS, {"scale": "amunt"}, "Did you mean 'amount'"),
    "unknown class": (TWO_POINTS, {"reference": "gdp_share"}, "Did you mean 'gdp_shares'"),
    "no years": (TWO_POINTS, {"n_years": 0}, "1 or more, found 0"),
    "years as text": (TWO_POINTS, {"n_years": "5"}, "found '5'"),
    "a list": ([1, 2], {}, "a pandas Series by year, found list"),
    "years out of order": (pd.Series({2020: 1.0, 2019: 2.0}), {}, "rising order"),
    "a year twice": (pd.Series([1.0, 2.0], index=[2020, 2020]), {}, "each once"),
    "zero": (pd.Series({2019: 0.0, 2020: 1.0}), {}, "positive values"),
    "negative": (pd.Series({2019: -1.0, 2020: 1.0}), {"scale": "density"}, "positive values"),
    "infinite": (pd.Series({2019: np.inf, 2020: 1.0}), {}, "finite values"),
    "share above 100": (pd.Series({2019: 99.0, 2020: 101.0}), {"scale": "share"}, "between 0 and 100"),
}


@pytest.mark.parametrize("history, options, says", FAULTS.values(), ids=FAULTS)
def test_faults(history, options, says):
    with pytest.raises(PlanmodelError, match=says) as caught:
        forecast(history, **({"n_years": 5} | options))
    assert not isinstance(caught.value, NotAssessable)


@pytest.mark.parametrize("history", [pd.Series(dtype=float), pd.Series({2020: np.nan})])
def test_without_any_value_nothing_can_be_said(history):
    with pytest.raises(NotAssessable, match="needs an observation"):
        forecast(history, 5)

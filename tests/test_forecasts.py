"""Forecasts: engines, streams of random numbers, short and gapped histories, bounds, faults."""

import itertools
import pickle
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel import NotAssessable, PlanmodelError, forecast
from planmodel.arithmetic.streams import stream
from planmodel.forecasts import BOUNDS, forecast_many
from planmodel.forecasts.class_paths import own_path
from planmodel.forecasts.reference import POOLED, class_names, load_class

TWO_POINTS = pd.Series({2015: 1756.45, 2020: 2669.73})
SHARE = pd.Series({2015: 47.9, 2020: 50.7})
SERVICES = "prefectures_nominal_services"
ENGINES = [None, SERVICES]
AMOUNTS = [n for n in class_names() if n != POOLED and load_class(n).transform == "log"]
SHARES = [n for n in class_names() if n != POOLED and load_class(n).transform == "logit"]


def yearly(values, last=2020):
    return pd.Series(list(values), index=range(last - len(values) + 1, last + 1), dtype=float)


def wavy(n):
    return 100 * np.exp(0.06 * np.arange(n) + 0.05 * np.sin(3 * np.arange(n)))


@pytest.mark.parametrize("reference", ENGINES)
def test_shape_and_labels(reference):
    found = forecast(TWO_POINTS, 3, n_draws=50, reference=reference)
    assert found.draws.shape == (50, 3) and found.years.tolist() == [2021, 2022, 2023]
    assert (found.last_year, found.last_value) == (2020, 2669.73)
    assert found.n_record_years == 5 and found.reference == (reference or POOLED)
    assert 0 < found.own_weight < 1


def test_the_pooled_errors_have_a_name_too():
    plain, named = (forecast(TWO_POINTS, 3, n_draws=50, reference=r) for r in (None, POOLED))
    assert (plain.draws == named.draws).all() and plain.reference == named.reference


@pytest.mark.parametrize("reference", ENGINES)
def test_quantiles_rise_by_probability_and_have_their_shapes(reference):
    found = forecast(TWO_POINTS, 4, n_draws=500, reference=reference)
    quantiles = found.quantile([0.05, 0.25, 0.5, 0.75, 0.95])
    assert quantiles.shape == (5, 4) and found.quantile(0.5).shape == (4,)
    assert (np.diff(quantiles, axis=0) > 0).all()
    assert found.quantile(0.5) == pytest.approx(np.median(found.draws, axis=0))


@pytest.mark.parametrize("reference", ENGINES)
def test_the_band_widens_with_the_years(reference):
    low, high = forecast(TWO_POINTS, 5, reference=reference).quantile([0.1, 0.9])
    assert (np.diff(np.log(high / low)) > 0).all()


# Streams


@given(st.integers(0, 2**31), st.text(max_size=10), st.sampled_from(ENGINES))
@settings(max_examples=30)
def test_the_same_seed_and_key_give_the_same_draws(seed, key, reference):
    options = {"seed": seed, "key": key, "n_draws": 20, "reference": reference}
    first, again = (forecast(TWO_POINTS, 3, **options).draws for _ in range(2))
    assert (first == again).all()


@pytest.mark.parametrize("reference", ENGINES)
@pytest.mark.parametrize("changed", [{"seed": 2}, {"key": "b"}])
def test_another_seed_or_key_is_independent(changed, reference):
    options = {"seed": 1, "key": "a", "reference": reference}
    first = forecast(TWO_POINTS, 1, **options).draws[:, 0]
    other = forecast(TWO_POINTS, 1, **(options | changed)).draws[:, 0]
    assert abs(np.corrcoef(np.log(first), np.log(other))[0, 1]) < 0.05
    assert (first != other).all()


def test_streams_of_seed_and_key_do_not_run_together():
    assert stream(1, "2/a").random() != stream(12, "a").random() != stream(1, "a").random()


MANY = {
    "a": yearly(wavy(3)),
    "b": yearly(wavy(25), last=2018),
    "c": TWO_POINTS,
    "d": yearly([5.0, 4.0, 3.0, 3.0, 3.0, 2.0, 4.0]),
    "e": yearly(1e-3 * wavy(9)),
    "f": pd.Series({2010: 40.0, 2013: 55.0, 2014: 50.0, 2020: 90.0}),
}


@pytest.mark.parametrize("reference", ENGINES)
def test_many_at_once_are_as_one_by_one(reference):
    together = forecast_many(MANY, 4, n_draws=200, seed=3, reference=reference)
    assert list(together) == list(MANY)
    for key, history in MANY.items():
        alone = forecast(history, 4, key=key, n_draws=200, seed=3, reference=reference)
        assert together[key].draws == pytest.approx(alone.draws, rel=1e-9)
        for name in ("last_year", "last_value", "reference", "n_record_years", "model"):
            assert getattr(together[key], name) == getattr(alone, name)
        assert together[key].own_weight == pytest.approx(alone.own_weight)
        assert together[key].years.tolist() == alone.years.tolist()


@given(st.sets(st.sampled_from(sorted(MANY))), st.sampled_from(sorted(MANY)), st.floats(0.001, 1e6))
@settings(max_examples=30)
def test_other_series_in_the_call_do_not_matter(others, key, factor):
    company = {name: factor * MANY[name] for name in others if name != key}
    found = forecast_many({**company, key: MANY[key]}, 4, n_draws=50)[key].draws
    alone = forecast(MANY[key], 4, key=key, n_draws=50).draws
    assert found == pytest.approx(alone, rel=1e-9, abs=0)


def test_bounds_and_options_reach_every_series_of_many():
    found = forecast_many(MANY, 3, n_draws=100, bounds=(None, 1e4), shocks=np.array([1.0, 2.0, 3.0]))
    plain = forecast_many(MANY, 3, n_draws=100, bounds=(None, 1e4))
    for key in MANY:
        ratio = found[key].draws / plain[key].draws
        assert ratio == pytest.approx(np.tile(np.cumprod([1.01, 1.02, 1.03]), (100, 1)))


# Shocks and volatility


@pytest.mark.parametrize("reference", ENGINES)
def test_shocks_move_every_path_by_the_same_growth_and_keep_the_noise(reference):
    options = {"key": "x", "n_draws": 100, "reference": reference}
    plain = forecast(TWO_POINTS, 3, **options).draws
    shocked = forecast(TWO_POINTS, 3, shocks=np.array([1.0, 0.0, -4.0]), **options).draws
    assert shocked / plain == pytest.approx(np.tile(np.cumprod([1.01, 1.0, 0.96]), (100, 1)))


@pytest.mark.parametrize("reference", [None, *SHARES])
def test_a_shock_to_a_share_is_in_points_at_one_half_and_stays(reference):
    options = {"scale": "share", "n_draws": 100, "reference": reference}
    plain = forecast(SHARE, 3, **options).draws
    moved = forecast(SHARE, 3, shocks=np.array([0.2, 0.0, -1.0]), **options).draws
    inside = (plain > 2).all(axis=1) & (plain < 98).all(axis=1)
    assert inside.any()
    assert (moved - plain)[inside] == pytest.approx(
        4 * 0.01 * SHARE.iloc[-1] * (1 - 0.01 * SHARE.iloc[-1]) * np.tile([0.2, 0.2, -0.8], (inside.sum(), 1))
    )
    far = forecast(SHARE, 3, shocks=np.array([90.0, 0, 0]), **options).draws
    assert far.max() == 100, "a shock does not break the bounds"


@pytest.mark.parametrize("reference", [None, "prefectures_real_gdp"])
def test_a_shock_to_a_rate_is_in_points_of_that_year(reference):
    options = {"scale": "rate", "n_draws": 100, "reference": reference}
    rates = yearly([6.0, 7.0, 6.5])
    moved = forecast(rates, 3, shocks=np.array([1.0, 0.0, -4.0]), **options).draws
    plain = forecast(rates, 3, **options).draws
    assert moved - plain == pytest.approx(np.tile([1.0, 0.0, -4.0], (100, 1)))


@pytest.mark.parametrize("volatility", [0.0, 0.5, 1.0, 1.3])
@pytest.mark.parametrize("scale, reference", [("amount", None), ("amount", SERVICES), ("rate", None)])
def test_volatility_scales_the_noise_of_every_path_around_the_median(volatility, scale, reference):
    options = {"scale": scale, "n_draws": 200, "reference": reference}
    history = yearly([100.0, 104.0, 109.0, 113.0, 116.0]) if scale == "amount" else yearly([6, 7, 6.5])
    plain = forecast(history, 4, **options)
    moved = forecast(history, 4, volatility=volatility, **options)
    middle = plain.quantile(0.5)
    assert moved.quantile(0.5) == pytest.approx(middle, rel=1e-3)
    if scale == "amount":  # in logs, so that amounts stay positive
        assert np.log(moved.draws / middle) == pytest.approx(
            volatility * np.log(plain.draws / middle), abs=1e-9
        )
    else:
        assert moved.draws - middle == pytest.approx(volatility * (plain.draws - middle), abs=1e-9)


# The engine of classes


def by_hand(history, group, scale, key, n_years, n_draws, seed=0):
    """The deviations and draws of a class, from its own formula."""
    origin, years, spells = int(history.index[-1]), history.index, []
    if scale == "rate":
        for year, value in history.items():
            spells.append((year, year, 100 * np.log(1 + value / 100) - group.past(year, year, origin)))
    else:
        z = np.log(history / (100 - history)) if scale == "share" else np.log(history)
        for a, b in itertools.pairwise(years):
            spells.append((a + 1, b, 100 * (z[b] - z[a]) - group.past(a + 1, b, origin)))
    spells = [spell for spell in spells if spell[1] > origin - 8]
    own = own_path(group.deviation, spells, origin, n_years)
    rng = stream(seed, key)
    growth = group.growth(origin, n_years, n_draws, rng) + own.draws(n_draws, rng)
    if scale == "rate":
        return own, 100 * (np.exp(growth / 100) - 1)
    z = z[origin] + growth.cumsum(axis=1) / 100
    return own, 100 / (1 + np.exp(-z)) if scale == "share" else np.exp(z)


GAPPED = pd.Series({2003: 30.0, 2010: 33.0, 2015: 35.0, 2016: 34.0, 2019: 38.0, 2020: 39.0})


@pytest.mark.parametrize("history", [GAPPED, GAPPED[-1:], GAPPED[-2:], GAPPED.set_axis(range(2017, 2023))])
@pytest.mark.parametrize(
    "scale, reference",
    [("amount", name) for name in AMOUNTS]
    + [("share", name) for name in SHARES]
    + [("rate", "prefectures_real_gdp"), ("density", SERVICES), ("index", SERVICES)],
)
def test_a_member_goes_by_its_class_and_its_own_lasting_deviation(history, scale, reference):
    found = forecast(history, 5, scale=scale, key="k", n_draws=300, reference=reference)
    own, expected = by_hand(history, load_class(reference), scale, "k", 5, 300)
    assert found.draws == pytest.approx(expected, rel=1e-9)
    assert found.own_weight == pytest.approx(own.own_weight)
    assert found.reference == reference


@pytest.mark.parametrize(
    "history, n_record",
    [
        (pd.Series({2020: 100.0}), 0),
        (pd.Series({2019: 100.0, 2020: 108.0}), 1),
        (TWO_POINTS, 5),
        (pd.Series({2010: 50.0, 2020: 100.0}), 10),
        (pd.Series({2010: 50.0, 2016: 70.0, 2020: 100.0}), 10),
        (pd.Series({2000: 20.0, 2010: 50.0, 2016: 70.0, 2020: 100.0}), 10),
        (pd.Series({2015: np.nan, 2018: 90.0, 2019: np.nan, 2020: 100.0}), 2),
        (yearly(wavy(30)), 8),
    ],
)
def test_the_record_of_a_member_is_its_last_eight_years(history, n_record):
    found = forecast(history, 5, n_draws=10, reference=SERVICES)
    assert found.n_record_years == n_record
    assert (found.own_weight > 0) == (n_record > 0)


@pytest.mark.parametrize("reference", AMOUNTS)
def test_a_longer_record_has_more_of_a_say(reference):
    weights = [
        forecast(yearly(100 * 1.1 ** np.arange(n)), 1, n_draws=2, reference=reference).own_weight
        for n in (1, 2, 3, 4, 6, 9)
    ]
    assert weights[0] == 0 and (np.diff(weights) > 0).all()


@pytest.mark.parametrize("reference", AMOUNTS)
def test_a_fast_member_returns_to_its_class_but_stays_above_a_slow_one(reference):
    fast, slow, only = (
        np.log(forecast(yearly(values), 5, n_draws=4000, reference=reference).quantile(0.5)[-1] / values[-1])
        for values in (100 * 1.2 ** np.arange(6), 100 * 0.98 ** np.arange(6), [100.0])
    )
    assert slow < only < fast < 5 * np.log(1.2)


def test_a_member_that_grows_as_its_class_does_is_expected_to_grow_on_with_it():
    group = load_class("prefectures_real_gdp")
    z = np.cumsum([0.0, *[group.past(year, year, 2020) for year in range(2013, 2021)]]) / 100
    found = forecast(yearly(100 * np.exp(z)), 3, n_draws=20_000, reference=group.id)
    growth = 100 * np.diff(np.log(found.draws), axis=1)
    assert np.median(growth, axis=0) == pytest.approx(group.state(2020).mean(3)[1:], abs=0.15)


# The pooled engine


@pytest.mark.parametrize("growth", [0.9, 1.0, 1.08])
def test_without_a_class_a_steady_series_goes_on_by_the_part_of_its_trend_that_lasts(growth):
    history = yearly(100 * growth ** np.arange(12))
    middle = forecast(history, 3).quantile(0.5) / history.iloc[-1]
    assert np.sign(np.log(middle).round(1)).tolist() in ([0] * 3, [np.sign(np.log(growth))] * 3, [0, 0, 1])
    assert abs(np.log(middle)).max() < abs(3 * np.log(growth)) + 0.03


@pytest.mark.parametrize("reference", ENGINES)
@pytest.mark.parametrize("n", [2, 5, 9, 20])
def test_the_years_of_a_path_go_together(n, reference):
    draws = np.log(forecast(yearly(wavy(n)), 5, reference=reference).draws)
    correlation = np.corrcoef(draws.T)
    assert (np.diag(correlation, 1) > 0.4).all() and correlation.min() > 0.15
    # What is summed over years is wider than independent years would make it.
    values = np.exp(draws)
    assert values.sum(axis=1).var() > 1.5 * values.var(axis=0).sum()


def test_a_gap_is_filled_by_equal_growth_and_is_no_longer_record():
    gapped = forecast(pd.Series({2010: 50.0, 2020: 100.0}), 3, n_draws=4000)
    assert gapped.n_record_years == 10 and gapped.own_weight == 0.3
    full = forecast(yearly(100 * 0.5 ** (np.arange(10, -1, -1) / 10)), 3, n_draws=4000)
    wide, narrow = (np.diff(f.quantile([0.1, 0.9])[:, 0])[0] for f in (gapped, full))
    assert wide > 1.2 * narrow, "two values say less than eleven"


HISTORIES = {
    "two": [3.0, 4.0],
    "constant": [68.4] * 10,
    "two that are equal": [5.0, 5.0],
    "zeros": [0.0, 0.0, 3.0, 0.0, 5.0, 4.0],
    "ends with zeros": [3.0, 2.0, 0.0, 0.0, 0.0],
    "tiny": [1e-9, 2e-9, 1.5e-9, 1.7e-9],
    "huge": [1e12, 1.1e12, 1.3e12],
    "forty": wavy(40).tolist(),
    "a jump": [1.0] * 9 + [1000.0],
}


@pytest.mark.parametrize("values", HISTORIES.values(), ids=HISTORIES)
@pytest.mark.parametrize("scale", ["amount", "density", "index"])
def test_odd_histories_of_amounts(values, scale):
    found = forecast(yearly(values), 8, scale=scale, n_draws=500)
    assert np.isfinite(found.draws).all() and (found.draws >= 0).all()
    assert (np.diff(found.quantile([0.05, 0.5, 0.95]), axis=0) >= 0).all()
    assert (found.quantile(0.95) > 0).all()


@given(st.lists(st.floats(1, 1e4), min_size=2, max_size=40), st.sampled_from(ENGINES))
@settings(max_examples=60)
def test_any_positive_history_gives_positive_draws_without_a_warning(values, reference):
    values = np.maximum(values, max(values) / 50)  # draws from greater falls can be nought to the last digit
    found = forecast(yearly(values), 6, n_draws=100, reference=reference)
    assert np.isfinite(found.draws).all() and (found.draws > 0).all()


@given(st.lists(st.floats(-90, 90), min_size=2, max_size=40), st.sampled_from([None, "prefectures_real_gdp"]))
@settings(max_examples=60)
def test_any_rates_give_finite_draws(values, reference):
    if any(values):
        found = forecast(yearly(values), 6, scale="rate", n_draws=100, reference=reference)
        assert np.isfinite(found.draws).all()
        assert reference is None or (found.draws > -100).all()


@given(st.lists(st.floats(0, 99), min_size=2, max_size=20), st.sampled_from([None, *SHARES]))
@settings(max_examples=60)
def test_a_share_stays_a_share(values, reference):
    if any(values):
        found = forecast(yearly(values), 10, scale="share", n_draws=100, reference=reference)
        assert (found.draws >= 0).all() and (found.draws <= 100).all()


@given(st.dictionaries(st.integers(1990, 2020), st.floats(1, 1e3), min_size=2, max_size=12))
@settings(max_examples=40)
def test_any_gaps(values):
    history = pd.Series(values).sort_index()
    history = history.clip(lower=history.max() / 50)
    for reference in ENGINES:
        if reference and history.index[-1] < 1993:
            continue  # before the class
        found = forecast(history, 4, n_draws=50, reference=reference)
        assert (found.draws > 0).all() and found.years[0] == history.index[-1] + 1


def test_bounds_hold():
    draws = forecast(TWO_POINTS, 5, bounds=(2500.0, 4000.0), reference=SERVICES).draws
    assert draws.min() == 2500 and draws.max() == 4000
    draws = forecast(TWO_POINTS, 5, bounds=(2500.0, 4000.0)).draws
    assert draws.min() >= 2500 and draws.max() <= 4000
    for reference in (None, *SHARES):
        draws = forecast(SHARE, 5, scale="share", bounds=(50.0, None), reference=reference).draws
        assert draws.min() >= 50 and draws.max() <= 100
    draws = forecast(SHARE, 5, scale="share", bounds=(-20.0, 500.0)).draws
    assert draws.min() >= 0 and draws.max() <= 100, "bounds do not widen a share"


# Known faults of the engine: remove the marker with the fault.


@pytest.mark.parametrize("values", [[90, 95, 98, 99.5, 100, 100, 100], [99, 100, 99, 100, 100]])
def test_a_share_that_has_touched_100(values):
    assert np.isfinite(forecast(yearly(values), 5, scale="share", n_draws=50).draws).all()


def test_an_upper_bound_below_what_was_seen():
    draws = forecast(yearly([1756, 1900, 2000, 2300, 2669]), 5, bounds=(None, 2400), n_draws=50).draws
    assert (draws <= 2400).all()


def test_a_lower_bound_above_what_was_seen():
    rates = yearly([-1.0, 1.0, 3.0, 2.0, 5.0, 6.0])
    assert (forecast(rates, 3, scale="rate", bounds=(0, None)).draws >= 0).all()


def test_a_history_that_ends_before_its_class_begins():
    with pytest.raises((PlanmodelError, NotAssessable)):
        forecast(pd.Series({1980: 40.0, 1985: 48.0}), 5, reference="prefectures_real_gdp")


def test_no_series_no_forecasts():
    assert forecast_many({}, 3) == {}


def test_shocks_of_another_length_are_a_fault():
    with pytest.raises(PlanmodelError, match="shocks"):
        forecast(TWO_POINTS, 5, shocks=np.array([1.0, 2.0]))


@pytest.mark.parametrize("reference", ENGINES)
def test_volatility_leaves_amounts_positive(reference):
    draws = forecast(yearly([10, 40, 20, 50, 30]), 10, volatility=2.0, reference=reference).draws
    assert (draws > 0).all()


# Faults

FITS = {
    **{f"{scale}, {name}": (scale, name) for scale in BOUNDS if scale != "share" for name in SHARES},
    **{f"share, {name}": ("share", name) for name in AMOUNTS},
}


@pytest.mark.parametrize("scale, reference", FITS.values(), ids=FITS)
def test_a_class_that_does_not_fit_the_scale_is_a_fault(scale, reference):
    with pytest.raises(PlanmodelError, match=f"a class for the scale {scale}, found {reference}") as caught:
        forecast(yearly([5, 6, 7]), 5, scale=scale, reference=reference)
    assert len(caught.value.faults) == 1


FAULTS = {
    "unknown scale": (TWO_POINTS, {"scale": "amunt"}, "Did you mean 'amount'"),
    "unknown class": (TWO_POINTS, {"reference": "gdp_share"}, "Did you mean 'gdp_shares'"),
    "no years": (TWO_POINTS, {"n_years": 0}, "from 1 to 300, found 0"),
    "years as text": (TWO_POINTS, {"n_years": "5"}, "found '5'"),
    "a list": ([1, 2], {}, r"a pandas Series by year, found \[1, 2\]"),
    "years out of order": (pd.Series({2020: 1.0, 2019: 2.0}), {}, "rising order"),
    "a year twice": (pd.Series([1.0, 2.0], index=[2020, 2020]), {}, "each once"),
    "zero": (pd.Series({2019: 0.0, 2020: 1.0}), {"reference": SERVICES}, "positive values"),
    "negative": (
        pd.Series({2019: -1.0, 2020: 1.0}),
        {"scale": "density", "reference": SERVICES},
        "positive values",
    ),
    "infinite": (pd.Series({2019: np.inf, 2020: 1.0}), {}, "finite values"),
    "share above 100": (pd.Series({2019: 99.0, 2020: 101.0}), {"scale": "share"}, "between 0 and 100"),
    "a rate of -100": (pd.Series({2019: 5.0, 2020: -100.0}), {"scale": "rate"}, "rates above -100 %"),
}


@pytest.mark.parametrize("history, options, says", FAULTS.values(), ids=FAULTS)
def test_faults(history, options, says):
    with pytest.raises(PlanmodelError, match=says) as caught:
        forecast(history, **({"n_years": 5} | options))
    assert not isinstance(caught.value, NotAssessable)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("history", [pd.Series(dtype=float), pd.Series({2020: np.nan})])
def test_without_any_value_nothing_can_be_said(history):
    with pytest.raises(NotAssessable, match="needs an observation"):
        forecast(history, 5)


SAYS_NOTHING = {
    "one value": ([5.0], "one observation says nothing of growth"),
    "zeros": ([0.0, 0.0, 0.0], "all observations are zero"),
}


@pytest.mark.parametrize("values, says", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_without_a_class_one_value_or_nothing_but_zeros_say_nothing(values, says):
    with pytest.raises(NotAssessable, match=re.escape(says)):
        forecast(yearly(values), 5)
    if values[0]:
        assert forecast(yearly(values), 5, n_draws=2, reference=SERVICES).own_weight == 0


def test_years_may_be_whole_floats_dates_or_periods():
    plain = forecast(yearly([5.0, 6.0, 7.0]), 2, n_draws=50)
    years = yearly([5.0, 6.0, 7.0]).index
    for index in (
        pd.Index(years.astype(float)),
        pd.DatetimeIndex([f"{year}-12-31" for year in years]),
        pd.PeriodIndex([str(year) for year in years], freq="Y"),
    ):
        other = forecast(pd.Series([5.0, 6.0, 7.0], index), 2, n_draws=50)
        assert (other.draws == plain.draws).all() and (other.years == plain.years).all()
    with pytest.raises(PlanmodelError, match="years as whole numbers"):
        forecast(pd.Series([5.0, 6.0], ["a", "b"]), 2)


def test_a_small_share_is_moved_little_by_a_shock():
    small = yearly([2.9, 3.0, 3.02, 3.07])
    options = {"scale": "share", "reference": "gdp_shares", "n_draws": 400}
    moved = forecast(small, 5, shocks=np.full(5, -0.2), **options).quantile(0.5)
    assert 0.05 < (forecast(small, 5, **options).quantile(0.5) - moved)[-1] < 0.2


def test_without_a_key_two_series_do_not_share_their_noise():
    one, other = pd.Series({2019: 1.0, 2020: 1.1, 2021: 1.2}), pd.Series({2019: 2.0, 2020: 2.3, 2021: 2.4})
    alone, again, apart = (forecast(history, 3, n_draws=500) for history in (one, one, other))
    assert (alone.draws == again.draws).all()
    order = [np.argsort(made.draws[:, -1]) for made in (alone, apart)]
    assert (order[0] != order[1]).mean() > 0.9


def test_draws_of_many_series_are_made_when_asked_for_and_are_the_same():
    histories = {"a": yearly([1.0, 1.2, 1.1, 1.4]), "b": yearly([5.0, 4.0, 6.0])}
    many = forecast_many(histories, 3, n_draws=300, seed=7)
    assert many["a"].draws is not many["a"].draws
    for key, history in histories.items():
        alone = forecast(history, 3, key=key, n_draws=300, seed=7)
        np.testing.assert_array_equal(many[key].draws, alone.draws)
        np.testing.assert_array_equal(
            many[key].quantile([0.1, 0.5]), np.quantile(alone.draws, [0.1, 0.5], axis=0)
        )
        assert len(pickle.loads(pickle.dumps(many[key])).draws) == 300

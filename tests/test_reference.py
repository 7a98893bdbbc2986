"""Reference classes: what the formulas say of the tables."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.errors import PlanmodelError
from planmodel.forecasts import reference
from planmodel.forecasts.class_paths import class_state
from planmodel.forecasts.reference import POOLED, class_names, load_class

CLASSES = class_names()
WITH_EPISODES = [name for name in CLASSES if load_class(name).episodes]
CALENDAR = [name for name in CLASSES if load_class(name).medians]


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_names_itself_and_its_source(name):
    found = load_class(name)
    assert found.id == name and found.name("zh") != found.name("en")
    assert found.source and found.sample and found.n_series > 20
    assert found.transform in ("log", "logit") or name == POOLED
    assert (found.deviation is None) == (name == POOLED)
    assert (found.medians is None) <= (found.level_sd > 0 or bool(found.outer) or name == POOLED)
    if found.medians:
        assert (min(found.medians), max(found.medians)) == found.years
    if found.deviation:
        d = found.deviation
        assert d.A > 0 and 0 < d.rho < 1 and d.N > 0 and d.nu > 2 and d.scale > 0


def test_deviations_of_regions_last_longer_than_those_of_shares():
    weights = {name: load_class(name).deviation.rho for name in CLASSES if name != POOLED}
    assert weights["countries_real_gdp"] > weights["prefectures_real_gdp"] > weights["gdp_shares"]


@pytest.fixture
def change(monkeypatch):
    """Put other medians after a year in the place of every class's own."""

    def put(after, by):
        groups = {name: load_class(name) for name in CLASSES}
        for name in CALENDAR:
            medians = {y: v + by * (y > after) for y, v in groups[name].medians.items()}
            groups[name] = replace(groups[name], medians=medians)
        monkeypatch.setattr(reference, "load_class", groups.get)
        reference._state.cache_clear()
        return groups

    yield put
    reference._state.cache_clear()


@pytest.mark.parametrize("name", CALENDAR)
@pytest.mark.parametrize("origin", [1998, 2010, 2015, 2020])
def test_a_state_knows_nothing_after_its_origin(name, origin, change):
    """Neither of the class itself, nor of the wider class or of the one its gap is taken from."""
    plain = load_class(name).state(origin)
    past = load_class(name).past(origin - 9, origin + 3, origin)
    other = change(origin, 5.0)[name]
    found = other.state(origin)
    assert found is not plain
    assert found.outer == plain.outer and found.pull == plain.pull
    assert (found.mean(10) == plain.mean(10)).all() and (found.variance == plain.variance).all()
    assert other.past(origin - 9, origin + 3, origin) == past
    found = change(origin - 1, 5.0)[name].state(origin)
    assert (abs(found.mean(3) - plain.mean(3)) > 0.05).all(), "but the origin's own median counts"


def mean_of(group, years):
    return np.mean([group.medians[year] for year in years])


def test_what_a_class_is_drawn_to():
    countries, prefectures = load_class("countries_real_gdp"), load_class("prefectures_real_gdp")
    services = load_class("prefectures_nominal_services")
    ten = range(2011, 2021)
    assert countries.state(2020).outer == pytest.approx(mean_of(countries, range(1996, 2021)))
    assert countries.state(2020).pull == pytest.approx(0.5 * (1 - countries.deviation.rho))
    assert prefectures.state(2020).outer == pytest.approx(mean_of(countries, ten))
    assert prefectures.state(2020).pull == pytest.approx(0.5 * (1 - countries.deviation.rho))
    gap = mean_of(services, ten) - mean_of(prefectures, ten)
    assert services.state(2020).outer == pytest.approx(mean_of(countries, ten) + gap)
    # After the last median the last ten known count.
    last = range(2012, 2022)
    gap = mean_of(services, last) - mean_of(prefectures, last)
    assert services.state(2030).outer == pytest.approx(mean_of(countries, range(2014, 2024)) + gap)


def test_the_state_is_that_of_the_medians_known():
    group = load_class("countries_real_gdp")
    values = [group.medians[year] for year in range(1961, 2011)]
    outer = np.mean(values[-25:])
    expected = class_state(np.array(values), outer, 0.5 * (1 - group.deviation.rho))
    assert (group.state(2010).mean(5) == expected.mean(5)).all()


@pytest.mark.parametrize("name", CALENDAR)
def test_past_growth_is_the_sum_of_medians(name):
    group = load_class(name)
    total = sum(group.medians[year] for year in range(2011, 2016))
    assert group.past(2011, 2015, 2015) == pytest.approx(total)
    assert group.past(2011, 2015, 2020) == pytest.approx(total)
    assert group.past(2012, 2012, 2020) == pytest.approx(group.medians[2012])


@pytest.mark.parametrize("name", CALENDAR)
def test_past_growth_after_the_last_median_is_as_expected_then(name):
    group = load_class(name)
    newest = max(group.medians)
    expected = group.state(newest + 3).mean(3)
    found = group.past(newest - 1, newest + 3, newest + 3)
    assert found == pytest.approx(group.medians[newest - 1] + group.medians[newest] + expected.sum())
    assert group.past(newest + 3, newest + 3, newest + 3) == pytest.approx(expected[2])


@pytest.mark.parametrize("name", CALENDAR)
def test_past_growth_before_the_first_median_is_as_in_the_first(name):
    group = load_class(name)
    oldest = min(group.medians)
    assert group.past(oldest - 3, oldest, 2020) == pytest.approx(4 * group.medians[oldest])


@given(st.sampled_from(CALENDAR), st.integers(1995, 2021), st.integers(0, 10), st.integers(0, 5))
def test_past_growth_adds_up(name, first, one, other):
    group = load_class(name)
    middle, last = first + one, first + one + 1 + other
    parts = group.past(first, middle, 2030) + group.past(middle + 1, last, 2030)
    assert group.past(first, last, 2030) == pytest.approx(parts)


def test_a_year_without_a_median_is_not_a_year_without_growth():
    group = load_class("prefectures_real_gdp")
    assert group.past(1991, 1991, 2020) == pytest.approx((group.medians[1990] + group.medians[1992]) / 2)


@pytest.mark.parametrize("name", CALENDAR)
def test_paths_of_a_class_have_its_expected_growth(name):
    group = load_class(name)
    draws = group.growth(2020, 5, 100_000, np.random.default_rng(2))
    error = draws.std(axis=0) / 100_000**0.5
    assert (abs(draws.mean(axis=0) - group.state(2020).mean(5)) < 4 * error).all()


@pytest.mark.parametrize("name", CALENDAR)
def test_years_between_the_last_median_and_the_origin_are_drawn_and_left_out(name):
    group = load_class(name)
    newest = max(group.medians)
    later = group.growth(newest + 3, 2, 500, np.random.default_rng(2))
    longer = group.state(newest + 3).draws(5, 500, np.random.default_rng(2))
    assert later == pytest.approx(longer[:, 3:])


def test_a_class_without_a_calendar_has_a_lasting_growth_around_nought():
    group = load_class("gdp_shares")
    draws = group.growth(2020, 3, 50_000, np.random.default_rng(1))
    assert (draws == draws[:, :1]).all()
    assert draws.std() == pytest.approx(group.level_sd, rel=0.02)
    assert draws.mean() == pytest.approx(0, abs=0.05)
    assert group.past(2016, 2020, 2020) == 0


def test_prefectures_slowed_and_what_is_expected_with_them():
    found = load_class("prefectures_real_gdp")
    expected = found.state(2019).mean(5)
    assert expected.mean() < found.past(2008, 2010, 2019) / 3 - 3
    assert (np.diff(expected) < 0).all()


def test_shares_of_episodes_as_in_the_text():
    """METHODS 5: of five-year episodes 57 % of prefectures and 1.5 % of countries grew 8.5 % or more."""
    assert round(100 - load_class("prefectures_real_gdp").percentile(0.085, 5)) == 57
    assert 100 - load_class("countries_real_gdp").percentile(0.085, 5) == pytest.approx(1.5, abs=0.25)


@given(st.sampled_from(WITH_EPISODES), st.floats(-0.3, 0.5), st.floats(-0.3, 0.5), st.integers(1, 12))
def test_percentiles_rise_with_the_rate_and_never_say_never(name, one, other, n_years):
    found = load_class(name)
    low, high = (found.percentile(rate, n_years) for rate in sorted((one, other)))
    assert 0.5 <= low <= high <= 99.5


@pytest.mark.parametrize("name", WITH_EPISODES)
def test_percentiles_give_back_the_table(name):
    found = load_class(name)
    assert found.episodes["first_growth_year"] == 2010 or found.transform == "logit"
    for n_years, table in found.episodes["horizons"].items():
        quantiles = np.array(table["quantiles"])
        assert (np.diff(quantiles) >= 0).all()
        for share, rate in zip(found.episodes["grid"], quantiles, strict=True):
            if (quantiles == rate).sum() == 1:
                assert found.percentile(rate, int(n_years)) == pytest.approx(100 * share)


def test_an_uncommon_length_uses_the_nearest():
    found = load_class("prefectures_real_gdp")
    assert found.percentile(0.08, 7) == found.percentile(0.08, 6)
    assert found.percentile(0.08, 13) == found.percentile(0.08, 10) != found.percentile(0.08, 1)
    assert found.percentile(0.08, 15) is None  # ten-year episodes say nothing of fifteen


def test_a_class_without_episodes_has_no_percentile():
    assert load_class("annual_series").percentile(0.05, 5) is None
    assert load_class("gdp_shares").percentile(0.05, 5) is None


def test_a_mistyped_class_is_named():
    with pytest.raises(PlanmodelError, match="Did you mean 'countries_real_gdp'"):
        load_class("country_real_gdp")

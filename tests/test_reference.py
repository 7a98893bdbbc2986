"""Reference classes: what the formulas say of the tables."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.errors import PlanmodelError
from planmodel.reference import class_names, load_class

CLASSES = class_names()
WITH_EPISODES = [name for name in CLASSES if load_class(name).episodes]
classes = st.sampled_from(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_names_itself_and_its_source(name):
    found = load_class(name)
    assert found.id == name and found.name("zh") != found.name("en")
    assert found.source and found.sample and found.n_series > 50
    assert found.transform in ("log", "logit")
    assert set(found.weights) >= {1, 5} and {1, 5} <= set(found.deviation_sd)


def drifting(start=0.15, step=-0.005, first=2000, last=2019):
    """A class whose median growth falls by one step each year."""
    medians = {year: start + step * (year - first) for year in range(first, last + 1)}
    return replace(load_class("prefectures_real_gdp"), medians=medians)


def test_the_centre_of_a_steady_class_is_its_mean():
    assert drifting(0.07, 0.0).centre(2019, 4) == pytest.approx([0.07] * 4)


def test_the_centre_follows_half_of_the_drift():
    last = 0.15 - 0.005 * 19
    # The mean of the last three years stands for the year before the last.
    expected = [last + 0.005 + 0.5 * -0.005 * (1 + k) for k in (1, 2, 3)]
    assert drifting().centre(2019, 3) == pytest.approx(expected)


def test_the_centre_knows_nothing_after_the_origin():
    assert drifting().centre(2012, 3) == pytest.approx(drifting(last=2012).centre(2012, 3))


def test_prefectures_slowed_and_the_centre_with_them():
    found = load_class("prefectures_real_gdp")
    assert found.centre(2019, 5).mean() < found.mean_over(2008, 2010) - 0.03


@pytest.mark.parametrize("name", ["annual_series", "gdp_shares"])
def test_a_class_without_a_calendar_has_a_constant_centre(name):
    found = load_class(name)
    assert found.centre(2020, 3) == pytest.approx([found.constant] * 3)
    assert found.mean_over(2016, 2020) == found.constant


def test_mean_over_is_the_mean_of_the_medians():
    assert drifting().mean_over(2000, 2002) == pytest.approx(0.145)


@given(classes, st.integers(1, 60))
def test_own_weights_are_shares(name, n_years):
    assert 0 <= load_class(name).own_weight(n_years) <= 1


@pytest.mark.parametrize("name", CLASSES)
def test_own_weights_are_those_of_the_table_and_nothing_without_a_record(name):
    found = load_class(name)
    assert found.own_weight(0) == 0
    for n_years, weight in found.weights.items():
        assert found.own_weight(n_years) == pytest.approx(weight)


def test_a_region_keeps_about_a_third_of_its_lead():
    """METHODS 5: slope about .35 for countries since 2005, within -.2 and .5 for prefectures."""
    assert load_class("countries_real_gdp").own_weight(5) == pytest.approx(0.35, abs=0.05)
    assert -0.2 <= load_class("prefectures_real_gdp").own_weight(5) <= 0.5


@pytest.mark.parametrize("name", CLASSES)
def test_spread_gives_back_the_errors_of_one_and_of_five_years(name):
    found = load_class(name)
    yearly, lasting = found.spread()
    one = found.deviation_sd[1] ** 2 + found.common_sd.get(1, 0) ** 2
    five = found.deviation_sd[5] ** 2 + found.common_sd.get(5, 0) ** 2
    assert yearly**2 + lasting**2 == pytest.approx(one)
    assert yearly**2 / 5 + lasting**2 == pytest.approx(five)


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
    assert found.percentile(0.08, 50) == found.percentile(0.08, 10) != found.percentile(0.08, 1)


def test_a_class_without_episodes_has_no_percentile():
    assert load_class("annual_series").percentile(0.05, 5) is None


def test_a_mistyped_class_is_named():
    with pytest.raises(PlanmodelError, match="Did you mean 'countries_real_gdp'"):
        load_class("country_real_gdp")

"""Growth arithmetic and tracking: closed forms and round trips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.arithmetic import growth, tracking
from planmodel.errors import UndefinedGrowth

rates = st.floats(-0.5, 1.0)
levels = st.floats(0.01, 1e6)
spans = st.integers(1, 30)


@given(levels, rates, spans)
def test_cagr_gives_back_the_rate_a_level_grew_at(base, rate, n_years):
    assert growth.cagr(base, base * (1 + rate) ** n_years, n_years) == pytest.approx(rate, abs=1e-9)


@given(levels, levels, spans)
def test_cagr_there_and_back_cancels(base, target, n_years):
    there, back = growth.cagr(base, target, n_years), growth.cagr(target, base, n_years)
    assert (1 + there) * (1 + back) == pytest.approx(1)


@pytest.mark.parametrize("n_years", [0, -1, float("nan")])
def test_cagr_needs_years(n_years):
    with pytest.raises(UndefinedGrowth, match="must lie after the base year"):
        growth.cagr(1, 2, n_years)


@given(rates, spans)
def test_annual_rate_adds_up_to_the_total(rate, n_years):
    assert growth.annual_rate((1 + rate) ** n_years - 1, n_years) == pytest.approx(rate, abs=1e-9)


@given(st.lists(rates, min_size=1, max_size=10))
def test_mean_growth_is_the_cagr_of_the_chained_level(yearly):
    end = np.prod(1 + np.array(yearly))
    assert growth.mean_growth(yearly) == pytest.approx(growth.cagr(1, end, len(yearly)), abs=1e-9)


def test_mean_growth_is_geometric_and_works_on_rows():
    assert growth.mean_growth([0.5, -0.5]) == pytest.approx(np.sqrt(0.75) - 1)
    assert growth.mean_growth([[0.1, 0.1], [0.0, 0.0]]) == pytest.approx([0.1, 0.0])


@given(rates, st.lists(rates, max_size=4))
def test_rate_left_closes_the_mean(mean_rate, known):
    left = growth.rate_left(mean_rate, 5, known)
    assert growth.mean_growth([*known, *[left] * (5 - len(known))]) == pytest.approx(mean_rate, abs=1e-9)


def test_rate_left_needs_a_year():
    with pytest.raises(UndefinedGrowth, match="no year is left of 2"):
        growth.rate_left(0.05, 2, [0.05, 0.05])


@given(rates, st.floats(-0.2, 0.5))
def test_deflator_and_nominal_rate_are_inverse(real, deflator):
    assert growth.implied_deflator((1 + real) * (1 + deflator) - 1, real) == pytest.approx(deflator, abs=1e-9)


@given(st.decimals(-1000, 1000, places=2))
def test_what_is_printed_is_centred_and_one_digit_wide(value):
    allowed = growth.printed(str(value))
    assert allowed.middle == pytest.approx(float(value), abs=1e-9)
    assert allowed.high - allowed.low == pytest.approx(0.01)


@pytest.mark.parametrize(
    "printed, low, high", [("164.80", 164.795, 164.805), ("164.8", 164.75, 164.85), ("665", 664.5, 665.5)]
)
def test_printed_decimals_count(printed, low, high):
    allowed = growth.printed(printed)
    assert (allowed.low, allowed.high) == pytest.approx((low, high))


@given(st.decimals(1, 1000, places=1), st.decimals(1, 1000, places=1), spans)
def test_growth_of_the_printed_figures_lies_in_their_interval(base, target, n_years):
    allowed = growth.growth(growth.printed(str(base)), growth.printed(str(target)), n_years)
    assert allowed.low < growth.cagr(float(base), float(target), n_years) < allowed.high


@given(st.floats(1, 100), st.floats(0.01, 0.2), st.integers(1, 9))
def test_on_the_required_path_the_growth_ratio_and_the_projected_share_are_one(base, rate, elapsed):
    current, target = base * (1 + rate) ** elapsed, base * (1 + rate) ** 10
    assert tracking.growth_ratio(base, current, target, elapsed, 10) == pytest.approx(1)
    assert tracking.projected_share(base, current, target, elapsed, 10) == pytest.approx(1)


def test_growth_ratio_works_where_the_target_lies_below_the_base():
    current, target = 100 * 0.97**2, 100 * 0.97**5
    assert tracking.growth_ratio(100, current, target, 2, 5) == pytest.approx(1)
    assert tracking.growth_ratio(100, 101, target, 2, 5) < 0


def test_growth_ratio_is_undefined_when_the_target_is_the_base():
    with pytest.raises(UndefinedGrowth):
        tracking.growth_ratio(93.3, 94.0, 93.3, 2, 5)


@pytest.mark.parametrize(
    "ratio, expected",
    [
        (0.95, "on_track"),
        (0.949, "acceleration_needed"),
        (0.60, "acceleration_needed"),
        (0.599, "limited_progress"),
        (0.0, "limited_progress"),
        (-0.001, "deterioration"),
    ],
)
def test_growth_ratio_class(ratio, expected):
    assert tracking.growth_ratio_class(ratio) == expected


@pytest.mark.parametrize("current, share", [(100, 0.0), (120, 0.4), (150, 1.0), (160, 1.2), (90, -0.2)])
def test_progress_is_the_share_of_the_way(current, share):
    assert tracking.progress(100, current, 150) == pytest.approx(share)
    assert tracking.progress(-100, -current, -150) == pytest.approx(share)


@given(st.floats(0.5, 5), st.integers(1, 8))
def test_five_changes_reach_a_target_on_their_own_line(step, years_left):
    values = 10 + step * np.arange(6)
    assert tracking.five_changes_miss(values, values[-1] + step * years_left, years_left) == pytest.approx(
        0, abs=1e-9
    )
    assert tracking.five_changes_miss(values, values[-1] - step, years_left) > 1


def test_five_changes_use_the_last_five():
    assert tracking.five_changes_miss([1000, 10, 11, 12, 13, 14, 15], 20, 4) == pytest.approx(0.2)
    assert tracking.five_changes_miss([10, 15], 15, 4) == 0

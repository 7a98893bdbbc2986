"""Intervals: what rounded figures allow. The truth stays inside through every operation."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.arithmetic.growth import Interval, compound, growth, printed
from planmodel.errors import UndefinedGrowth

INFINITY = math.inf
levels = st.floats(1, 1e6)
decimals = st.integers(0, 3)
years = st.integers(1, 15)


def around(value, places):
    """What a value allows when printed with so many decimals."""
    return printed(f"{value:.{places}f}")


def holds(interval, value):
    slack = 1e-9 * max(1.0, abs(value))
    return interval.low - slack <= value <= interval.high + slack


@pytest.mark.parametrize(
    "digits, low, high",
    [("0.1", 0.05, 0.15), ("7.5", 7.45, 7.55), ("7.50", 7.495, 7.505), ("-3", -3.5, -2.5), ("2669.73", 2669.725, 2669.735)],
)  # fmt: skip
def test_printed_figures_allow_half_of_their_last_decimal(digits, low, high):
    assert printed(digits) == Interval(low, high)


@given(levels, decimals)
def test_a_printed_figure_allows_what_was_rounded(value, places):
    assert holds(around(value, places), value)


@given(levels, levels, decimals)
def test_arithmetic_keeps_the_truth(a, b, places):
    one, two = around(a, places), around(b, places)
    assert holds(one + two, a + b) and holds(one - two, a - b)
    assert holds(one * two, a * b) and holds(one / two, a / b)


@given(levels, levels, st.integers(-3, 3))
def test_times_turns_the_ends_of_a_negative_factor(a, b, factor):
    found = Interval(min(a, b), max(a, b)).times(factor)
    assert found.low <= found.high
    assert {found.low, found.high} == {factor * a, factor * b}


@given(levels, levels, decimals, years)
def test_growth_keeps_the_truth_and_compounds_back_to_the_end(base, end, places, n_years):
    first, last = around(base, places), around(end, places)
    if first.low <= 0 or last.low <= 0:
        return
    rate = growth(first, last, n_years)
    assert holds(rate, (end / base) ** (1 / n_years) - 1)
    assert holds(compound(first, rate, n_years), end)
    assert holds(compound(last, rate, -n_years), base)


@given(levels, st.floats(-0.3, 0.5), years)
def test_compound_there_and_back_is_the_start(base, rate, n_years):
    start, step = Interval(base, base), Interval(rate, rate)
    back = compound(compound(start, step, n_years), step, -n_years)
    assert (back.low, back.high) == (pytest.approx(base), pytest.approx(base))


@given(levels, st.floats(-0.3, 0.5), st.floats(0, 0.1), st.integers(-15, 15))
def test_compound_with_a_band_of_rates_is_ordered_either_way(base, rate, room, n_years):
    found = compound(Interval(base, base), Interval(rate, rate + room), n_years)
    assert found.low <= found.high
    assert holds(found, base * (1 + rate) ** n_years) and holds(found, base * (1 + rate + room) ** n_years)


def test_a_tiny_base_allows_much():
    found = growth(printed("0.1"), printed("1.72"), 5)
    assert (100 * found.low, 100 * found.high) == (
        pytest.approx(62.8, abs=0.05),
        pytest.approx(103.0, abs=0.05),
    )


@pytest.mark.parametrize("base, end", [(Interval(-1, 0), Interval(1, 2)), (Interval(1, 2), Interval(-1, 0))])
def test_growth_needs_ends_that_may_be_positive(base, end):
    with pytest.raises(UndefinedGrowth, match="must be positive"):
        growth(base, end, 5)


def test_what_may_be_nearly_zero_leaves_growth_open():
    assert growth(Interval(0, 1), Interval(1, 2), 1) == Interval(0, math.inf)
    assert growth(Interval(1, 2), Interval(-1, 1), 1) == Interval(-1, 0)
    assert Interval(1, 2) / Interval(-1, 4) == Interval(0.25, math.inf)


@pytest.mark.parametrize("bottom", [Interval(0, 0), Interval(-2, -1)])
def test_no_quotient_by_what_is_not_positive(bottom):
    with pytest.raises(UndefinedGrowth, match="no quotient"):
        Interval(1, 2) / bottom


@pytest.mark.parametrize(
    "one, two, meet",
    [
        ((1, 2), (2, 3), True),
        ((1, 2), (2.001, 3), False),
        ((1, 4), (2, 3), True),
        ((0.1 + 0.2, 1), (0, 0.3), True),
        ((1e6, 1e6), (1e6 + 1e-4, 2e6), True),
        ((1e6, 1e6), (1e6 + 1, 2e6), False),
        ((5, INFINITY), (7, 7), True),
        ((5, INFINITY), (4, 4), False),
        ((-INFINITY, 5), (6, INFINITY), False),
        ((-INFINITY, 5), (5, INFINITY), True),
    ],
)
def test_intervals_meet_where_they_share_a_value(one, two, meet):
    assert Interval(*one).meets(Interval(*two)) is meet
    assert Interval(*two).meets(Interval(*one)) is meet


@pytest.mark.parametrize(
    "ends, middle", [((1, 2), 1.5), ((5, INFINITY), 5), ((-INFINITY, 5), 5), ((153.755, 153.765), 153.76)]
)
def test_middle(ends, middle):
    assert Interval(*ends).middle == pytest.approx(middle)


def test_hull_holds_both():
    assert Interval(1, 2).hull(Interval(5, 6)) == Interval(5, 6).hull(Interval(1, 2)) == Interval(1, 6)

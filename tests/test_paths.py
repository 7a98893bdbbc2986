"""Path shapes: both ends exactly, no turning back, totals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.arithmetic.paths import PATH_SHAPES, flow_path, trajectory
from planmodel.errors import PlanmodelError, UndefinedGrowth

shapes = st.sampled_from(sorted(PATH_SHAPES))
levels = st.floats(0.01, 1e6)
spans = st.integers(1, 15)


def test_the_shapes_are_those_of_the_methods():
    assert set(PATH_SHAPES) == {"constant_growth", "linear", "front_loaded", "back_loaded", "logistic"}


@given(shapes, levels, levels, spans)
def test_every_shape_hits_both_ends_exactly_and_never_turns_back(shape, base, target, n_years):
    path = trajectory(base, target, 2020, 2020 + n_years, shape)
    assert path.values[0] == base and path.values[-1] == target
    assert path.years.tolist() == list(range(2020, 2021 + n_years))
    steps = np.diff(path.values) * np.sign(target - base)
    assert (steps >= -1e-9 * max(base, target)).all()


@given(shapes, spans)
def test_the_ends_are_not_only_forced(shape, n_years):
    """The formula itself ends at base and target, so no path jumps in its last step."""
    ends = PATH_SHAPES[shape](np.array([0.0, 1.0]), 100.0, 150.0)
    assert ends == pytest.approx([100.0, 150.0])


@given(levels, levels, st.integers(2, 15))
def test_constant_growth_grows_at_one_rate(base, target, n_years):
    path = trajectory(base, target, 2020, 2020 + n_years)
    assert path.growth == pytest.approx([(target / base) ** (1 / n_years) - 1] * n_years)


@given(st.floats(-100, 100), st.floats(-100, 100), spans)
def test_linear_moves_by_equal_steps_also_through_zero(base, target, n_years):
    path = trajectory(base, target, 2020, 2020 + n_years, "linear")
    assert np.diff(path.values) == pytest.approx([(target - base) / n_years] * n_years, abs=1e-9)


@pytest.mark.parametrize("base, target", [(100, 150), (150, 100)])
def test_front_loaded_leads_and_back_loaded_lags_the_line(base, target):
    covered = {
        shape: (trajectory(base, target, 2020, 2025, shape).values[1:-1] - base) / (target - base)
        for shape in PATH_SHAPES
    }
    assert (covered["front_loaded"] > covered["linear"]).all()
    assert (covered["linear"] > covered["back_loaded"]).all()
    assert covered["logistic"][0] < covered["linear"][0] and covered["logistic"][-1] > covered["linear"][-1]


def test_logistic_is_symmetric():
    values = trajectory(0, 1, 2020, 2030, "logistic").values
    assert values + values[::-1] == pytest.approx(np.ones(11))


@pytest.mark.parametrize("shape, middle", [("front_loaded", 0.75), ("back_loaded", 0.25), ("linear", 0.5)])
def test_half_way_in_time(shape, middle):
    assert trajectory(0, 1, 2020, 2022, shape).values[1] == pytest.approx(middle)


@given(shapes, st.floats(0.2, 5), st.floats(0.1, 1e3), spans)
def test_flows_add_up_to_the_total(shape, times, base_flow, n_years):
    total = times * base_flow * n_years
    path = flow_path(total, base_flow, 2020, 2020 + n_years, shape)
    flows = np.diff(path.values)
    assert path.values[0] == 0 and path.values[-1] == total
    assert flows.sum() == pytest.approx(total) and (flows > 0).all()
    assert path.years.tolist() == list(range(2020, 2021 + n_years))


@given(st.floats(0.2, 5), st.floats(0.1, 1e3), st.integers(2, 10))
def test_flows_of_constant_growth_grow_at_one_rate_from_the_base_flow(times, base_flow, n_years):
    total = times * base_flow * n_years
    flows = np.diff(flow_path(total, base_flow, 2020, 2020 + n_years, "constant_growth").values)
    ratios = flows / np.concatenate([[base_flow], flows[:-1]])
    assert ratios == pytest.approx([ratios[0]] * n_years, rel=1e-6)


@pytest.mark.parametrize("base_flow", [None, 0.0, -3.0])
def test_flows_are_even_without_a_base_flow(base_flow):
    flows = np.diff(flow_path(100, base_flow, 2020, 2025, "constant_growth").values)
    assert flows == pytest.approx([20] * 5)


@pytest.mark.parametrize("base, target", [(0, 10), (10, 0), (-5, 10)])
def test_constant_growth_does_not_pass_zero_and_says_what_to_choose(base, target):
    with pytest.raises(UndefinedGrowth, match="choose path_shape 'linear'"):
        trajectory(base, target, 2020, 2025)


@pytest.mark.parametrize("shape", sorted(PATH_SHAPES))
@pytest.mark.parametrize("target_year", [2020, 2019])
def test_the_target_year_lies_after_the_base_year(shape, target_year):
    with pytest.raises(UndefinedGrowth, match="must lie after the base year"):
        trajectory(100, 150, 2020, target_year, shape)
    with pytest.raises(UndefinedGrowth, match="must lie after the base year"):
        flow_path(100, 10, 2020, target_year, shape)


def test_a_mistyped_shape_is_named():
    with pytest.raises(PlanmodelError, match="found 'liner'. Did you mean 'linear'"):
        trajectory(1, 2, 2020, 2025, "liner")

"""What each kind of target asks for, and when a path keeps it (cases/semantics.yaml)."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from handmade import target
from hypothesis import given
from hypothesis import strategies as st

from planmodel.arithmetic.paths import trajectory
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.plans import KINDS
from planmodel.plans.kinds import Required, change_a_year, end_level, falling, kept, required, threshold

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "semantics.yaml").read_text(encoding="utf-8"))
TOLERANCE = 0.02


def cases_with(*keys):
    return [pytest.param(case, id=f"{case['name']}") for case in CASES if any(key in case for key in keys)]


@pytest.mark.parametrize("case", cases_with("asks"))
def test_required(case):
    figure, measure = case["asks"]
    found = required(target(**case["fields"]), case.get("base"))
    assert found.measure == measure
    assert found.value == pytest.approx(figure, abs=5e-8)


@pytest.mark.parametrize("case", cases_with("keeps", "breaks"))
def test_kept(case):
    paths = [*case.get("keeps", ()), *case["breaks"]]
    found = kept(target(**case["fields"]), np.array(paths, dtype=float), TOLERANCE)
    assert found.dtype == bool and found.shape == (len(paths),)
    expected = [True] * len(case.get("keeps", ())) + [False] * len(case["breaks"])
    assert dict(enumerate(found.tolist())) == dict(enumerate(expected))


def test_every_kind_that_is_forecast_has_a_case():
    shown = {"relative", "ratio", "rank", "milestone"}
    assert {case["fields"].get("kind", "level") for case in CASES} == set(KINDS) - shown


@pytest.mark.parametrize("kind", ["ratio", "rank", "milestone"])
@pytest.mark.parametrize("base", [None, 38.0])
def test_what_is_only_shown_asks_for_nothing(kind, base):
    shown = target(kind=kind, scale="share", target_value=40.0)
    with pytest.raises(NotAssessable):
        required(shown, base)
    with pytest.raises(NotAssessable, match="shown, not forecast"):
        kept(shown, np.ones((2, 6)), TOLERANCE)


@pytest.mark.parametrize(
    "status, word_en, word_zh",
    [
        ("missing", "blank", "空白"),
        ("masked", "masked", "未公开"),
        ("assigned", "assigned", "上级"),
        ("printed", "no figure", "未给出"),
    ],
)
def test_without_a_figure_the_reason_is_the_status(status, word_en, word_zh):
    with pytest.raises(NotAssessable) as caught:
        required(target(target_value=None, status=status), 100)
    assert word_en in caught.value.reason["en"] and word_zh in caught.value.reason["zh"]


@pytest.mark.parametrize("kind", ["level", "keep"])
def test_without_a_base_the_reason_says_so(kind):
    with pytest.raises(NotAssessable, match="no base figure") as caught:
        required(target(kind=kind), None)
    assert "基期" in caught.value.reason["zh"]


@pytest.mark.parametrize("base", [-5.0])
def test_growth_from_a_negative_base_is_undefined(base):
    with pytest.raises(UndefinedGrowth):
        required(target(), base)


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.integers(1, 15))
def test_a_level_reached_at_the_required_rate_is_the_target(base, goal, n_years):
    rate = required(target(target_value=goal), base, n_years).value
    assert base * (1 + rate) ** n_years == pytest.approx(goal)


ENDS = {
    "level": (150.0, 150.0),
    "annual_growth": (6.8, 100 * 1.068**5),
    "multiple": (2.0, 200.0),
    "cumulative_change_pct": (30.0, 130.0),
    "change_units": (12.5, 112.5),
    "change_pp": (1.58, 101.58),
    "change_pp_per_year": (1.8, 109.0),
}


@pytest.mark.parametrize("kind", ENDS)
def test_the_path_to_the_implied_level_keeps_the_promise_and_a_shorter_one_does_not(kind):
    value, end = ENDS[kind]
    promise = target(kind=kind, target_value=value)
    assert end_level(promise, 100.0) == pytest.approx(end)
    ways = [trajectory(100.0, factor * end, 2020, 2025).values for factor in (1.001, 0.999)]
    assert kept(promise, np.array(ways), TOLERANCE).tolist() == [True, False]


@pytest.mark.parametrize("kind", ["cumulative_sum", "annual_flow", "mean_annual_flow", "relative", "ratio"])
def test_kinds_without_an_implied_level(kind):
    assert end_level(target(kind=kind), 100.0) is None


@given(st.floats(1, 1000), st.sampled_from(["higher", "lower"]))
def test_about_never_asks_for_more_than_the_figure(figure, direction):
    promise = target(direction=direction, comparator="about", target_value=figure)
    sign = -1 if falling(promise) else 1
    assert sign * threshold(promise, TOLERANCE) == pytest.approx(sign * figure - TOLERANCE * figure)


def test_figures_are_printed_in_percent_points_or_the_unit():
    assert Required(0.0842, "growth").in_unit("亿元") == (pytest.approx(8.42), "%/year")
    assert Required(0.46, "pp").in_unit("%") == (0.46, "pp/year")
    assert Required(2.0, "flow").in_unit("万人") == (2.0, "万人/year")
    assert Required(2.6, "headroom").in_unit("%") == (2.6, "%")


@pytest.mark.parametrize(
    ("scale", "unit", "growing", "asked"),
    [
        ("amount", "亿元", True, Required(pytest.approx(0.1), "growth")),
        ("amount", "亿元", False, Required(10.5, "units")),
        ("share", "%", True, Required(10.5, "pp")),
        ("rate", "%", True, Required(10.5, "pp")),
        ("rate", "‰", True, Required(10.5, "units")),
        ("rate", "index", True, Required(pytest.approx(0.1), "growth")),
    ],
)
def test_what_a_level_changes_a_year(scale, unit, growing, asked):
    assert change_a_year(target(scale=scale), unit, 100.0, 121.0, 2, growing) == asked
    points = target(scale=scale, kind="change_pp")
    assert change_a_year(points, "", 0.0, -5.0, 5, False) == Required(-1, "pp")

"""A series of one's own is judged as a plan's target is, in a few lines."""

import pandas as pd
import pytest

from planmodel import PlanmodelError, assess_plan, assess_series, load_plan, load_scenario
from planmodel.plans.own import own_plan

HISTORY = pd.Series({2015: 1756.45, 2020: 2669.73})


def test_it_says_of_a_plans_series_what_the_plan_says():
    plan = load_plan("taizhou-services-14fyp")
    found = assess_plan(
        plan, load_scenario("plan-as-stated"), indicators=("services_va",), n_draws=50, as_of=2020
    )["T2/1/1"]
    own = assess_series(
        HISTORY, 4000, 2025, unit="亿元", reference="prefectures_nominal_services", n_draws=4000
    )["own"]
    assert own.required == found.required and own.percentile == found.percentile
    assert own.record.mean == pytest.approx((2669.73 / 1756.45) ** 0.2 - 1)
    assert own.outlook.values.shape == (4000, 6) and 0 < own.probability < 1


@pytest.mark.parametrize(
    "kind, value, scale",
    [("annual_growth", 6, "amount"), ("multiple", 1.3, "amount"), ("cumulative_sum", 13000, "amount"),
     ("annual_flow", 2500, "amount"), ("keep", 2000, "amount"), ("cumulative_change_pct", 30, "index"),
     ("change_units", 500, "density")],
)  # fmt: skip
def test_every_kind_of_promise_can_be_made(kind, value, scale):
    result = assess_series(HISTORY, value, 2025, kind=kind, scale=scale, n_draws=200)
    assert result["own"].probability is not None, str(result["own"].reason)
    assert result.table.loc[0, "kind"] == kind and not result.quantiles.empty


def test_shares_are_percent_and_fall_where_lower_is_better():
    shares = pd.Series({2018: 30.0, 2019: 29.0, 2020: 28.0})
    result = assess_series(shares, 25, 2025, scale="share", direction="lower", comparator="le", n_draws=500)
    assert result["own"].required.measure == "pp" and result["own"].required.value == pytest.approx(-0.6)
    assert result.plan.targets[0].unit == "%"


def test_a_scenario_moves_it_and_stands_in_the_result():
    lower = load_scenario("baseline").with_shock(-3, 2021, 2025)
    both = [
        assess_series(HISTORY, 4000, 2025, scenario=each, n_draws=2000)
        for each in (load_scenario("baseline"), lower)
    ]
    assert both[1].joint < both[0].joint and "−3 pp" in repr(both[1])


def test_results_are_found_by_key_indicator_and_place():
    plan = load_plan("taizhou-services-14fyp")
    result = assess_plan(plan, load_scenario("baseline"), indicators=("services_va",), n_draws=50)
    assert result["services_va"].target.id == "T2/1/1" == result["T2/1/1"].target.id
    assert result[0] is result.assessments[0]
    with pytest.raises(PlanmodelError, match="Did you mean.*'services_va'"):
        result["service_va"]


def test_mistakes_are_named_all_at_once():
    with pytest.raises(PlanmodelError) as caught:
        own_plan(HISTORY, 1, 2025, kind="levels", comparator=">=", reference="gdp_share")
    assert [fault.what for fault in caught.value.faults] == ["kind", "comparator", "reference"]
    with pytest.raises(PlanmodelError, match="years in rising order"):
        own_plan(HISTORY[::-1], 1, 2025)


@pytest.mark.parametrize(
    ("arguments", "what", "expected"),
    [
        ((HISTORY, "130", 2025, {}), "value", "a number"),
        ((HISTORY, 130, 2025, {"base_year": 1999}), "base_year", "a year of the series: 2015, 2020"),
        ((pd.Series([1.0, 2.0, 3.0]), 4, 8, {}), "history", "years as whole numbers in the index"),
        ((pd.Series({1: 1.0, 2: 2.0, 3: 3.0}), 4, 8, {}), "history", "years from 1900 to 2200"),
        ((HISTORY, 130, 10**9, {}), "target_year", "years from 1901 to 2200"),
        ((HISTORY, float("nan"), 2025, {}), "value", "a number"),
        ((HISTORY, 130, 2025, {"reference": ["gdp_shares"]}), "reference", "a text"),
    ],
)
def test_a_mistake_is_one_clear_message(arguments, what, expected):
    *given, options = arguments
    with pytest.raises(PlanmodelError) as caught:
        assess_series(*given, n_draws=50, **options)
    assert [(fault.what, str(fault.expected)) for fault in caught.value.faults] == [(what, expected)]


def test_a_series_bears_its_own_name_and_one_a_language():
    named = assess_series(HISTORY.rename("Sales"), 4000, 2025, n_draws=50, scenario="low")
    assert named["own"].target.indicator.name("zh") == "Sales" and named.scenario.id == "low"
    both = assess_series(HISTORY, 4000, 2025, n_draws=50, name={"zh": "销售额", "en": "Sales"})
    assert [both["own"].target.indicator.name(lang) for lang in ("zh", "en")] == ["销售额", "Sales"]


def test_one_figure_is_judged_by_its_kind_and_a_share_by_any_share():
    alone = assess_series(pd.Series({2020: 99.5}), 100, 2025, scale="share", n_draws=2000)["own"]
    assert alone.reference == "any_share" and 0.1 < alone.probability < 0.5
    assert assess_series(pd.Series({2020: 50.0}), 60, 2025, n_draws=200)["own"].reference == "any_count"
    assert assess_series(HISTORY, 4000, 2025, n_draws=200)["own"].reference == "annual_series"


def test_what_is_better_low_shall_come_down():
    """Without a comparator nobody means that a share shall stay above nothing."""
    one = assess_series(
        pd.Series({2018: 0.3, 2019: 0.2, 2020: 0.1}),
        0.05,
        2025,
        scale="share",
        direction="lower",
        n_draws=2000,
    )["own"]
    assert one.target.comparator == "le" and 0.05 < one.probability < 0.8

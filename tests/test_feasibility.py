"""Feasibility: probabilities out of draws, verdicts by the rules, joint chances, reasons."""

import re

import numpy as np
import pandas as pd
import pytest
from handmade import (
    AUDIT_INDICATORS,
    INVESTMENT_TARGET,
    OBSERVATIONS,
    PM25_TARGET,
    RULES,
    SHARE_TARGET,
    TARGET,
    audit_plan,
    observed,
    scenario,
    shock,
    small_plan,
    target,
)

from planmodel import assess_series, load_plan, load_scenario, plan_names
from planmodel.errors import PlanmodelError
from planmodel.feasibility import assess, assess_plan
from planmodel.feasibility.asked import apart, change_asked, done_before, verdict
from planmodel.feasibility.assessments import VERDICTS, Assessment
from planmodel.feasibility.comparing import plans_table, shared_table
from planmodel.feasibility.milestones import milestones
from planmodel.forecasts.reference import load_class
from planmodel.plans.kinds import Required, in_step, kept, required, throughout
from planmodel.plans.series import History, Record
from planmodel.tables.feasibility import read_beside

N_DRAWS = 4000


def assessed(folder, row, *rows, under=None, n_draws=N_DRAWS, **options):
    """Assess one row of targets.csv with rows of observations.csv beside it."""
    plan = small_plan(folder, (row,), rows or OBSERVATIONS)
    return assess(plan, plan.targets[0], under or scenario(), n_draws=n_draws, **options)


def row(**cells):
    return TARGET | cells


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return small_plan(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def result(plan):
    return assess_plan(plan, scenario(), n_draws=N_DRAWS)


# Required, record, percentile


def test_what_a_level_asks_for_beside_the_record_and_the_class(result):
    found = result.assessments[0]
    assert found.required == Required(pytest.approx(1.5**0.2 - 1), "growth")
    assert found.record.mean == pytest.approx((100 / 70) ** 0.2 - 1)
    assert (found.base, found.base_year) == (100, 2020)
    assert found.reference == "prefectures_nominal_services"
    table = load_class("prefectures_nominal_services")
    assert found.percentile == pytest.approx(table.percentile(1.5**0.2 - 1, 5))
    assert found.required_from_latest is None and found.latest_year is None


def test_the_percentile_of_a_share_is_that_of_its_logit(result):
    found = result.assessments[1]
    rate = (np.log(53 / 47) - np.log(50.7 / 49.3)) / 5
    assert found.percentile == pytest.approx(load_class("prefectures_services_share").percentile(rate, 5))


def test_what_should_fall_counts_percentiles_from_the_other_end(tmp_path):
    falls = PM25_TARGET | {"target_value": "20", "target_printed": "20"}
    found = assessed(tmp_path, falls, reference="countries_real_gdp")
    rate = (20 / 30) ** 0.2 - 1
    assert found.percentile == pytest.approx(100 - load_class("countries_real_gdp").percentile(rate, 5))


def flows(**values):
    return [observed(indicator="investment", period=year[1:], value=value) for year, value in values.items()]


SHARES = [
    observed(indicator="services_share", period=2021, value=51.0, unit="%"),
    observed(indicator="services_share", period=2022, value=51.5, unit="%"),
]
REAL = [
    observed(measure="growth", period=year, value=x, unit="%")
    for year, x in ((2020, 3), (2021, 5), (2022, 7))
]
LATEST = {
    "level": (row(), [observed(period=2022, value=112)], ((150 / 112) ** (1 / 3) - 1, "growth")),
    "share": (SHARE_TARGET, SHARES, (0.5, "pp")),
    "multiple": (
        row(kind="multiple", target_value="2", target_printed="翻一番", price_basis="nominal"),
        [observed(period=2021, value=110)],
        ((200 / 110) ** (1 / 4) - 1, "growth"),
    ),
    "annual_growth": (
        row(kind="annual_growth", target_value="6.8", unit="%", base_value="", base_unit="", base_printed=""),
        REAL,
        ((1.068**5 / 1.05 / 1.07) ** (1 / 3) - 1, "growth"),
    ),
    "cumulative_sum": (INVESTMENT_TARGET, flows(y2020=170, y2021=180, y2022=190), (210, "flow")),
    "mean_annual_flow": (
        INVESTMENT_TARGET | {"kind": "mean_annual_flow", "target_value": "200", "target_printed": "200"},
        flows(y2020=170, y2021=180, y2022=190),
        (210, "flow"),
    ),
    "change_pp": (
        SHARE_TARGET | {"kind": "change_pp", "target_value": "2.3", "unit": "个百分点"},
        SHARES,
        (0.5, "pp"),
    ),
}


@pytest.mark.parametrize("promise, rows, expected", LATEST.values(), ids=LATEST)
def test_required_from_the_latest_observation(tmp_path, promise, rows, expected):
    found = assessed(tmp_path, promise, *rows, n_draws=10)
    assert found.required_from_latest == Required(pytest.approx(expected[0]), expected[1])
    assert found.latest_year in (2021, 2022)


def test_as_of_hides_what_came_later(tmp_path):
    rows = (*OBSERVATIONS, observed(period=2022, value=140))
    found = assessed(tmp_path, TARGET, *rows, as_of=2020)
    assert found.required_from_latest is None and found.outlook.forecast.last_year == 2020
    assert assessed(tmp_path / "later", TARGET, *rows).outlook.forecast.last_year == 2022


def test_years_that_are_known_are_the_same_in_every_draw(tmp_path):
    values = assessed(tmp_path, TARGET, *OBSERVATIONS, observed(period=2021, value=104)).outlook.values
    assert (values[:, 0] == 100).all() and (values[:, 1] == 104).all()
    assert len(np.unique(values[:, 2])) > N_DRAWS / 2


# Probability


def test_the_probability_is_the_share_of_draws_that_keep_the_promise(result):
    for found in result.assessable:
        values = found.outlook.values
        assert values.shape == (N_DRAWS, 6)
        assert found.probability == kept(found.target, values, RULES["about_tolerance"]).mean()
        assert found.probability == found.success.mean()
    assert len(result.assessable) == 4


def test_the_probability_of_a_level_is_the_share_of_draws_at_or_above_it(result):
    found = result.assessments[0]
    assert found.probability == (found.outlook.values[:, -1] >= 150).mean()
    pm25 = result.assessments[3]
    assert pm25.probability == (pm25.outlook.values[:, -1] <= 25).mean()
    total = result.assessments[2]
    assert total.probability == (total.outlook.values[:, 1:].sum(axis=1) >= 1000).mean()
    assert 0.02 < found.probability < 0.98


def test_more_is_less_likely(tmp_path):
    chances = [
        assessed(tmp_path / str(goal), row(target_value=str(goal))).probability
        for goal in (100, 140, 180, 900)
    ]
    assert chances == sorted(chances, reverse=True) and chances[0] > 0.7 and chances[-1] < 0.001


def test_a_known_flow_counts_towards_the_sum(tmp_path):
    found = assessed(tmp_path, INVESTMENT_TARGET, *flows(y2019=150, y2020=170, y2021=990))
    assert found.probability > 0.99


def test_a_flow_of_a_plan_year_that_nobody_knows_is_not_a_miss(tmp_path):
    """The sum over 2021-2025 cannot be judged when 2021 was never published: not 0 %, but a reason."""
    found = assessed(tmp_path, INVESTMENT_TARGET, *flows(y2022=500, y2023=600))
    assert found.probability is None or found.probability > 0.5


def test_real_growth_is_measured_on_published_rates(tmp_path):
    growth = row(kind="annual_growth", target_value="6.8", unit="%", base_value="", base_unit="")
    found = assessed(tmp_path, growth, *REAL[:1], observed(period=2019, value=1))
    assert found.history.real and found.reference == "prefectures_real_gdp"
    assert all("elsewhere" in note["en"] for note in found.notes)
    assert 0.02 < found.probability < 0.98


def test_without_published_rates_nominal_levels_are_deflated_and_it_is_said(tmp_path):
    growth = row(kind="annual_growth", target_value="6.8", unit="%")
    levels = observed(period=2015, value=70), observed(period=2021, value=103)
    found = assessed(tmp_path, growth, *levels, under=scenario(deflator_pct={0: 3.0}))
    index = found.history.values
    assert index[2020] / index[2015] == pytest.approx(100 / 70 / 1.03**5)
    assert any("less the nation's price changes" in note["en"] for note in found.notes)


def test_a_promise_in_step_with_another_indicator_counts_each_from_its_own_base(tmp_path):
    """The printed base is that of services (100); investment was 170: it grows from there."""
    relative = row(
        kind="relative", relative_to="investment", target_value="", target_printed="同步", comparator="",
        unit="", price_basis="nominal",
    )  # fmt: skip
    printed = assessed(tmp_path / "printed", relative)
    bare = relative | {"base_value": "", "base_unit": "", "base_printed": ""}
    observations = (*OBSERVATIONS, observed(period=2020, value=100))
    observed_only = assessed(tmp_path / "bare", bare, *observations)
    assert 0.05 < observed_only.probability < 0.95
    assert printed.probability == observed_only.probability


def test_a_relative_promise_is_one_of_growth(tmp_path):
    """Services value added and investment in step: real by convention, as published rates are."""
    relative = row(
        kind="relative", relative_to="investment", target_value="", comparator="", unit="", price_basis=""
    )
    assert small_plan(tmp_path, (relative,)).targets[0].price_basis == "real_by_convention"


# Common random numbers and dependence


@pytest.mark.parametrize(("name", "unit", "bar"), [
    ("Unemployment", "%", 5.5), ("Forests", "%", 37.5), ("Deaths at birth", "‰", 4.0),
])  # fmt: skip
def test_low_growth_makes_nothing_likelier_that_is_progress(name, unit, bar):
    """Shares that hardly move are hardly moved, and what is better low falls less where growth is less."""
    low = unit == "‰" or name == "Unemployment"
    steps = [5.2, 5.4, 5.1, 5.5, 5.2, 5.2] if low else [36.5, 36.6, 36.7, 36.8, 36.9, 37.0]
    series = pd.Series(steps, range(2020, 2026))
    chances = [
        assess_series(series, bar, 2030, direction="lower" if low else "higher", scale="share" if unit == "%" else "density",
                      scenario=load_scenario(scenario), n_draws=4000)["own"].probability
        for scenario in ("low", "baseline", "high")
    ]  # fmt: skip
    assert chances == sorted(chances) and chances[2] - chances[0] < 0.6


def test_scenarios_share_their_random_numbers(plan):
    plain, high = (
        assess_plan(plan, under, n_draws=200) for under in (scenario(), scenario([shock(1, 1, 99)]))
    )
    for one, other in zip(plain.assessable, high.assessable, strict=True):
        ratio = other.outlook.values / one.outlook.values
        about = one.target.indicator
        less = about.scale == "density" and about.direction == "lower"  # progress is a fall
        factor = 1.0 if about.scale == "share" else 0.99 if less else 1.01
        assert ratio == pytest.approx(np.tile(factor ** np.arange(6), (200, 1)))
    assert high.assessments[0].probability > plain.assessments[0].probability


def test_indicators_have_streams_of_their_own(result):
    ends = np.array([np.log(found.outlook.values[:, -1]) for found in result.assessable])
    correlations = np.corrcoef(ends)[np.triu_indices(len(ends), 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(N_DRAWS)


def test_another_seed_changes_little_and_the_same_nothing(plan, result):
    again, other = (assess_plan(plan, scenario(), n_draws=N_DRAWS, **seed) for seed in ({}, {"seed": 7}))
    for one, same, another in zip(result.assessable, again.assessable, other.assessable, strict=True):
        assert one.probability == same.probability
        assert one.probability == pytest.approx(another.probability, abs=5 * np.sqrt(0.5 / N_DRAWS))
    assert result.joint == again.joint


@pytest.mark.parametrize("dependence", [0.0, 0.3, 0.9])
def test_the_joint_chance_lies_between_the_frechet_bounds(plan, dependence):
    found = assess_plan(plan, scenario(dependence=dependence), n_draws=N_DRAWS)
    chances = [a.probability for a in found.assessable]
    assert max(0, sum(chances) - len(chances) + 1) - 1e-12 <= found.joint <= min(chances)
    assert found.product == pytest.approx(np.prod(chances))
    assert chances == [a.probability for a in assess_plan(plan, scenario(), n_draws=N_DRAWS).assessable]


def test_without_dependence_the_joint_chance_is_the_product_and_with_it_more(plan):
    joint = {
        d: assess_plan(
            plan, scenario(dependence=d), indicators=("services_va", "services_share"), n_draws=20_000
        )
        for d in (0.0, 0.5, 0.99)
    }
    none = joint[0.0]
    error = np.sqrt(none.product * (1 - none.product) / 20_000)
    assert 0.05 < none.product < 0.6
    assert none.joint == pytest.approx(none.product, abs=4 * error)
    assert none.joint < joint[0.5].joint < joint[0.99].joint
    weakest = min(a.probability for a in none.assessable)
    assert joint[0.99].joint == pytest.approx(weakest, abs=0.06)


def test_the_same_indicator_twice_is_one_chance(tmp_path):
    twice = small_plan(tmp_path, (TARGET, TARGET | {"part": "2"}))
    found = assess_plan(twice, scenario(), n_draws=N_DRAWS)
    assert found.joint == found.assessments[0].probability > found.product


def test_binding_targets_have_a_joint_chance_of_their_own(plan, result):
    (binding,) = [a for a in result.assessments if a.target.binding]
    assert result.joint_binding == pytest.approx(binding.probability)
    assert result.joint < result.joint_binding
    none = assess_plan(plan, scenario(), indicators=("services_va",), n_draws=10)
    assert none.joint_binding is None


# Verdicts: the precedent; the chance is another fact


def hand_made(probability, asked=0.08, best=None, percentile=None, down=False, first=2015):
    """A promise for 2025 with a record whose best window, or, from a later first year, only its latest one is known."""
    sign = -1 if down else 1
    past = (
        None
        if best is None
        else Record(sign * best, first, 2020, sign * best if first == 2015 else None, 2018)
    )
    promise = target(direction="lower" if down else "higher")
    asks = Required(sign * asked, "growth")
    done = done_before(promise, asks, past, History(pd.Series(dtype=float), {}), 0.02)
    return Assessment(
        promise, scenario(), 2020, 100.0, asks, record=past, percentile=percentile, probability=probability,
        done_here=done, plan=load_plan("linhai-14fyp"),
    )  # fmt: skip


VERDICT_CASES = {
    "done before": (hand_made(0.01, best=0.08, percentile=99.9), "done_here"),
    "not quite done before": (hand_made(0.9, best=0.0799, percentile=50), "done_elsewhere"),
    "done for fewer years": (hand_made(0.5, best=0.2, percentile=95, first=2018), "rare"),
    "one in ten did": (hand_made(0.5, percentile=90), "done_elsewhere"),
    "fewer than one in ten did": (hand_made(0.5, percentile=90.1), "rare"),
    "one in a hundred did": (hand_made(0.5, percentile=99), "rare"),
    "nobody did": (hand_made(0.9, best=0.05, percentile=99.5), "without_precedent"),
    "no record and no class": (hand_made(0.3), "rare"),
    "a fall that was done before": (hand_made(0.6, best=0.09, percentile=99, down=True), "done_here"),
    "a fall beyond the best": (hand_made(0.05, best=0.07, percentile=99.2, down=True), "without_precedent"),
    "no probability": (hand_made(None, best=0.2), "not_assessable"),
}


@pytest.mark.parametrize("found, expected", VERDICT_CASES.values(), ids=VERDICT_CASES)
def test_verdict(found, expected):
    assert verdict(found, RULES["verdict"]) == expected


def test_the_cut_offs_are_data():
    found = hand_made(0.3, best=0.05, percentile=95)
    assert verdict(found, RULES["verdict"]) == "rare"
    assert verdict(found, RULES["verdict"] | {"elsewhere": 0.05}) == "done_elsewhere"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (hand_made(0.1, best=0.2), "done here before"),
        (hand_made(0.1, percentile=50), "done elsewhere"),
        (hand_made(0.8, percentile=95), "hardly ever done"),
        (hand_made(0.5, best=0.2), None),
        (hand_made(0.05, percentile=99.9), None),
    ],
)
def test_a_row_says_why_precedent_and_chance_point_apart(found, says):
    why = apart(found, RULES["verdict"])
    assert why is None if says is None else why["en"].startswith(says)


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"kind": "cumulative_sum", "target_value": 500}, 0.0),  # 100 a year, as in 2020
        ({"kind": "cumulative_sum", "target_value": 110 + 121 + 133.1 + 146.41 + 161.051}, 0.1),
        ({"kind": "keep", "comparator": "ge", "target_value": 90}, 0.9**0.2 - 1),
        ({"kind": "change_units", "target_value": 50}, 1.5**0.2 - 1),
    ],
)
def test_flows_floors_and_changes_are_counted_by_the_growth_they_ask(cells, asked):
    promise, history = target(**cells), History(pd.Series({2020: 100.0}), {})
    rate = change_asked(promise, required(promise, 100.0), 100.0, history)
    assert rate.measure == "growth" and rate.value == pytest.approx(asked, abs=1e-6)


def test_a_floor_that_held_before_is_done_here():
    held, broken = (
        History(pd.Series(values, index=range(2016, 2021), dtype=float), {})
        for values in ([95, 96, 97, 98, 99], [95, 80, 97, 98, 99])
    )
    promise = target(kind="keep", comparator="ge", target_value=90)
    asks = required(promise, 99.0)
    assert done_before(promise, asks, None, held, 0.02)
    assert not done_before(promise, asks, None, broken, 0.02)


@pytest.mark.parametrize(
    ("flows", "done"),
    [
        ({2016: 100, 2017: 100, 2018: 100, 2019: 100, 2020: 100}, True),
        ({2016: 100, 2017: 100, 2018: 100, 2019: 100, 2020: 99}, False),
        ({2015: 50, 2016: 90, 2017: 100, 2018: 100, 2019: 100, 2020: 110}, True),
        ({2014: 110, 2015: 110, 2016: 100, 2017: 100, 2018: 90, 2019: 10}, True),
        ({2015: 200, 2017: 200, 2018: 200, 2019: 200, 2020: 200}, False),  # never five years in a row
        ({2017: 200, 2018: 200, 2019: 200, 2020: 200}, False),
        ({2017: 200, 2018: 200, 2019: 200, 2020: 200, 2021: 200}, False),  # not by the base year
    ],
)
def test_a_sum_is_done_here_where_as_many_years_in_a_row_made_as_much(flows, done):
    promise = target(kind="cumulative_sum", target_value=500)
    history = History(pd.Series(flows, dtype=float), {})
    assert done_before(promise, required(promise, 100.0), None, history, 0.02) == done


# What cannot be assessed says why

BLANK = {"target_value": "", "comparator": ""}
REASONS = {
    "blank": (row(status="missing", target_printed="", **BLANK), "blank"),
    "masked": (row(status="masked", target_printed="**", **BLANK), "masked"),
    "assigned": (row(status="assigned", target_printed="按上级任务", **BLANK), "assigned"),
    "ratio": (SHARE_TARGET | {"kind": "ratio", "target_value": "40", "target_printed": "40:60"}, "ratio"),
    "milestone": (row(kind="milestone", target_printed="获批", unit="", **BLANK), "milestone"),
    "past": (row(base_year="2015", target_year="2020"), "past"),
    "no history": (row(base_value="", base_unit="", base_printed=""), "base"),
    "outturn known": (row(target_year="2024"), "outturn"),
}


@pytest.mark.parametrize("promise, says", REASONS.values(), ids=REASONS)
def test_not_assessable_has_its_reason_in_both_languages(tmp_path, promise, says):
    rows = [observed(indicator="pm25", value=38, unit="微克/立方米")]
    if says == "outturn":
        rows = [observed(period=2024, value=140)]
    found = assessed(tmp_path, promise, *rows, n_draws=10)
    assert found.verdict == "not_assessable" and found.probability is None and found.success is None
    assert says in found.reason["en"] and found.reason["zh"] != found.reason["en"]


def test_an_old_base_is_too_old_and_a_younger_one_is_noted(tmp_path):
    bare = row(base_value="", base_unit="", base_printed="")
    old = assessed(tmp_path / "old", bare, observed(period=2009, value=50))
    assert old.verdict == "not_assessable" and "base" in old.reason["en"]
    young = assessed(tmp_path / "young", bare, observed(period=2018, value=90))
    assert (young.base, young.base_year) == (90, 2018) and young.probability is not None
    assert any("2018" in note["en"] and "2018" in note["zh"] for note in young.notes)


def test_the_plan_as_stated_has_no_probability(plan):
    found = assess_plan(plan, scenario(follows_plan=True), n_draws=10)
    assert (found.joint, found.product, found.joint_binding) == (None, None, None)
    for one in found.assessments:
        assert one.probability is None and one.verdict == "not_assessable"
        assert "circular" in one.reason["en"] and "循环" in one.reason["zh"]
        assert one.outlook is not None and one.required is not None


@pytest.mark.parametrize("name", plan_names())
@pytest.mark.parametrize("under", ["baseline", "plan-as-stated"])
def test_every_target_of_every_plan_has_a_verdict_or_a_reason(name, under):
    found = assess_plan(load_plan(name), load_scenario(under), n_draws=300)
    assert len(found.assessments) == len(load_plan(name).targets)
    for one in found.assessments:
        assert one.verdict in VERDICTS
        assert (one.verdict == "not_assessable") == (one.probability is None)
        if one.probability is None:
            assert one.reason["zh"] and one.reason["en"]
        else:
            assert 0 <= one.probability <= 1 and one.outlook.forecast.reference and not one.reason
            assert np.isfinite(one.outlook.values).all()
    assert (found.joint is None) == (not found.assessable)


# Bounds that the base keeps, and what a reduction means


@pytest.mark.parametrize(
    ("cells", "values", "unit", "record"),
    [
        (
            {"indicator": "energy_reduction", "kind": "cumulative_change_pct", "target": "15"},
            (2.0, 1.8),
            "%/year",
            -2.09,
        ),
        ({"indicator": "finance_share", "kind": "multiple", "target": "2"}, (4.0, 5.0), "%/year", 4.56),
        ({"indicator": "finance_share", "target": "7"}, (4.0, 5.0), "pp/year", 0.2),
    ],
)
def test_a_record_is_counted_as_what_is_asked(tmp_path, cells, values, unit, record):
    measured = cells["indicator"].removesuffix("_reduction")
    seen = [
        {"indicator": measured, "period": y, "value": v}
        for y, v in zip(("2015", "2020"), values, strict=True)
    ]
    table = assess_plan(audit_plan(tmp_path, [cells], seen), scenario(), n_draws=50).table
    assert table.loc[0, ["required_unit", "record_unit"]].tolist() == [unit, unit]
    assert table.loc[0, "record"] == pytest.approx(record, abs=0.01)


@pytest.mark.parametrize(
    ("comparator", "figure", "kind"),
    [("lt", 36, "keep"), ("le", 30, "keep"), ("le", 25, "level"), ("eq", 36, "level"), ("ge", 25, "keep")],
)
def test_a_bound_that_the_base_keeps_holds_in_every_year(tmp_path, comparator, figure, kind):
    """PM2.5 of 30 in 2020: below 36 is a ceiling for every year, at most 25 a way down."""
    cells = {"comparator": comparator, "target_value": str(figure)}
    (target,) = small_plan(tmp_path, (PM25_TARGET | cells,)).targets
    assert throughout(target, 30.0, 0.02).kind == kind


def test_a_floor_below_the_base_is_judged_over_every_year(tmp_path):
    """Services of 100 in 2020, 90 or more by 2025: the floor is flat, and one bad year breaks it."""
    plan = small_plan(tmp_path, (row(comparator="ge", target_value="90", target_printed="90"),))
    found = assess_plan(plan, scenario(), n_draws=2000).assessments[0]
    assert found.probability == (found.outlook.values[:, 1:] >= 90).all(axis=1).mean()
    assert found.required.measure == "headroom"
    assert np.ptp(milestones(plan, found.target, scenario(), "linear").path.values) == 0


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"indicator": "energy_reduction", "target_value": "-13.5", "comparator": ""}, "target_value"),
        ({"indicator": "energy_reduction", "target_value": "13.5", "comparator": "le"}, "comparator"),
        ({"indicator": "pm25", "target_value": "10", "comparator": "ge"}, "target_value"),
        ({"indicator": "services_va", "target_value": "-10", "comparator": "le"}, "comparator"),
    ],
)
def test_a_fall_that_contradicts_itself_is_a_fault_with_both_readings(tmp_path, cells, column):
    wrong = row(kind="cumulative_change_pct", unit="%", base_value="", base_unit="", base_printed="", **cells)
    with pytest.raises(PlanmodelError) as error:
        small_plan(tmp_path, (wrong,), indicators=AUDIT_INDICATORS)
    fault = next(f for f in error.value.faults if "for a" in f.text("en"))
    assert column in str(fault.what) or column in fault.text("en")
    assert "for a" in fault.text("en")


# Chances at the ends, and promises in step


@pytest.mark.parametrize(("figure", "expected"), [("100000", 0.5 / 1001), ("1", 1 - 0.5 / 1001)])
def test_no_chance_is_certain_and_an_extreme_one_says_why(tmp_path, figure, expected):
    promise = row(comparator="eq", target_value=figure, target_printed=figure)
    found = assess_plan(small_plan(tmp_path, (promise,)), scenario(), n_draws=1000)
    assert found.assessments[0].probability == pytest.approx(expected)
    assert "98 of 100 paths lie between" in found.assessments[0].notes[-1]["en"]
    assert 0 < found.joint < 1


@pytest.mark.parametrize(
    ("comparator", "growth", "keeps"),
    [("ge", 1.2, True), ("ge", 1.19, False), ("gt", 1.2, False), ("gt", 1.21, True), ("about", 1.19, True),
     ("about", 1.17, False), ("le", 1.2, True), ("le", 1.21, False), ("lt", 1.2, False), ("", 1.2, True)],
)  # fmt: skip
def test_a_promise_in_step_has_its_comparator(comparator, growth, keeps):
    assert in_step(target(kind="relative", comparator=comparator), growth, 1.2, 0.02) == keeps


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_plans_stand_beside_each_other_by_theme(lang):
    plans = [
        load_plan(name) for name in ("taizhou-services-14fyp", "jiaojiang-commerce-14fyp", "linhai-14fyp")
    ]
    results = {plan.name: assess_plan(plan, load_scenario("baseline"), n_draws=50) for plan in plans}
    shown, names = read_beside(results, lang).data, [plan.short[lang] for plan in plans]
    assert list(shown.columns) == ["theme", "indicator", *names]
    themes = shown[shown.theme != ""]
    assert themes.theme.is_unique and len(themes) == 5
    for name, n in zip(names, plans_table(results).n_targets, strict=True):
        assert sum(int(re.match(r"\d+", text)[0]) for text in themes[name] if text != "–") == n
    below = shown[shown.theme == ""]
    assert len(below) and ((below[names] != "–").sum(axis=1) >= 2).all()
    shared = shared_table(results)
    assert len(below) == len(shared.drop_duplicates(["indicator", "kind"]))

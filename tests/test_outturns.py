"""Outturns: what became of finished targets, for every kind of promise, and the rows of a real table."""

from pathlib import Path

import pytest
import yaml
from handmade import audit_plan

from planmodel import load_plan
from planmodel.errors import PlanmodelError
from planmodel.plans.promises import outturn, rows_of

LINHAI = yaml.safe_load((Path(__file__).parent / "cases" / "outturns.yaml").read_text(encoding="utf-8"))
PAST = {"base_year": "2015", "target_year": "2020"}
RUN = {"period": "2016..2020", "target": "T1/1/1"}
END = {"period": "2020", "target": "T1/1/1"}


def first_outturn(folder, goal, observed):
    plan = audit_plan(folder, [PAST | goal], observed)
    return outturn(plan, plan.targets[0])


def test_rows_of_linhai():
    rows = rows_of(load_plan("linhai-14fyp"), "T1")
    assert {number: row.met for number, row in rows.items()} == LINHAI


KINDS = {
    "level": ({"base": "100", "target": "150"}, END | {"value": "150"}, 150, "149.9"),
    "level in another unit": ({"base": "100", "target": "150"}, END | {"value": "1500000", "unit": "万元"}, 150, "1499999"),
    "at most": ({"base": "41", "target": "35", "comparator": "le"}, END | {"value": "35"}, 35, "35.1"),
    "lower is better": ({"indicator": "pm25", "base": "41", "target": "35"}, END | {"indicator": "pm25", "value": "30"}, 30, "36"),
    "more than": ({"target": "150", "comparator": "gt"}, END | {"value": "150.1"}, 150.1, "150"),
    "about": ({"target": "400", "comparator": "about"}, END | {"value": "392"}, 392, "391.9"),
    "keep": ({"base": "80", "target": "80", "kind": "keep", "comparator": "ge"}, END | {"value": "80"}, 80, "79"),
    "annual_growth": ({"target": "7.5", "kind": "annual_growth"}, RUN | {"value": "7.5", "measure": "mean_growth"}, 7.5, "6.3"),
    "cumulative_sum": ({"target": "500", "kind": "cumulative_sum"}, RUN | {"value": "500", "measure": "sum"}, 500, "499"),
    "mean_annual_flow": ({"target": "100", "kind": "mean_annual_flow"}, RUN | {"value": "500", "measure": "sum"}, 100, "499"),
    "cumulative_change_pct": ({"target": "30", "kind": "cumulative_change_pct"}, RUN | {"value": "30", "measure": "total_growth"}, 30, "29"),
    "a decrease of": (
        {"indicator": "energy_reduction", "target": "15", "kind": "cumulative_change_pct"},
        RUN | {"indicator": "energy_reduction", "value": "15", "measure": "total_growth"}, 15, "14.9",
    ),
    "multiple": ({"target": "2", "kind": "multiple"}, RUN | {"value": "100", "measure": "total_growth"}, 2, "99"),
    "change_units from the level": ({"base": "10", "target": "5", "kind": "change_units"}, END | {"value": "15"}, 5, "14.9"),
    "change_pp": (
        {"indicator": "finance_share", "target": "1.58", "kind": "change_pp"},
        RUN | {"indicator": "finance_share", "value": "1.58", "measure": "change_pp"}, 1.58, "1.5",
    ),
    "change_pp_per_year from the change": (
        {"indicator": "finance_share", "target": "1.5", "kind": "change_pp_per_year"},
        RUN | {"indicator": "finance_share", "value": "7.5", "measure": "change_pp"}, 1.5, "7.4",
    ),
    "change_pp_per_year from the level": (
        {"indicator": "finance_share", "base": "40", "target": "1.5", "kind": "change_pp_per_year"},
        END | {"indicator": "finance_share", "value": "47.5"}, 1.5, "47.4",
    ),
}  # fmt: skip


@pytest.mark.parametrize("goal, observed, value, short", KINDS.values(), ids=KINDS)
def test_an_outturn_meets_its_target_and_a_worse_one_does_not(goal, observed, value, short, tmp_path):
    good = first_outturn(tmp_path / "good", goal, [observed])
    assert (good.value, good.met) == (pytest.approx(value), True)
    assert first_outturn(tmp_path / "short", goal, [observed | {"value": short}]).met is False


def test_without_an_outturn_nothing_is_known(tmp_path):
    made = first_outturn(tmp_path, {"base": "100", "target": "150"}, [END | {"value": "160", "target": ""}])
    assert (made.value, made.met, made.observation) == (None, None, None)
    assert dict(made.reason) == {"en": "no outturn is printed", "zh": "未列实际完成数"}


def test_an_outturn_by_another_definition_is_shown_and_not_judged(tmp_path):
    observed = END | {"value": "160", "definition": "new"}
    made = first_outturn(tmp_path, {"base": "100", "target": "150"}, [observed])
    assert (made.value, made.met) == (160, None)
    assert "another definition" in made.reason["en"]


def test_an_outturn_of_another_measure_is_none(tmp_path):
    observed = RUN | {"value": "9", "measure": "mean_growth"}
    assert first_outturn(tmp_path, {"base": "100", "target": "150"}, [observed]).met is None


@pytest.mark.parametrize(
    "observed, met",
    [
        ([], None),
        (["150", "8.4"], True),
        (["150", "8.3"], False),
        (["149", "8.4"], False),
        (["150", None], None),
        (["149", None], False),
    ],
)
def test_a_row_is_met_where_all_its_parts_are(observed, met, tmp_path):
    targets = [
        PAST | {"base": "100", "target": "150"},
        PAST | {"number": "1", "part": "2", "target": "8.4", "kind": "annual_growth"},
    ]
    places = (END, RUN | {"measure": "mean_growth", "target": "T1/1/2"})
    known = [place | {"value": value} for place, value in zip(places, observed, strict=False) if value]
    rows = rows_of(audit_plan(tmp_path, targets, known), "T1")
    assert {number: row.met for number, row in rows.items()} == {"1": met}


def test_a_change_from_a_base_in_another_unit(tmp_path):
    goal = {"base": "100", "target": "5", "kind": "change_units"}
    observed = END | {"value": "1060000", "unit": "万元"}
    made = first_outturn(tmp_path, goal, [observed])
    assert (made.value, made.met) == (pytest.approx(6), True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"measure": "growht"}, "Did you mean 'growth'"),
        ({"value": "81,000"}, "expected a number"),
        ({"key": "T2/99/1"}, "expected a known name"),
    ],
)
def test_an_outturn_of_ones_own_is_checked(given, said):
    from planmodel.plans.promises import with_outturn

    right = {"plan": load_plan("linhai-14fyp"), "key": "T2/1/1", "year": 2025, "value": 5.5}
    with pytest.raises(PlanmodelError, match=said):
        with_outturn(**{**right, **given})

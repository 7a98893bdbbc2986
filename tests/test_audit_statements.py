"""Statements: what the print of a figure allows, how badly figures disagree, and what a plan implies unprinted."""

from functools import cache

import pytest
from handmade import audit_plan

from planmodel import load_plan
from planmodel.arithmetic.growth import Interval
from planmodel.audit import audit, facts_of
from planmodel.audit.statements import judge


def statement(folder, **cells):
    (found,) = facts_of(audit_plan(folder, [cells])).statements
    return found


FIGURES = {
    "a plain figure rounds": ({"target": "150"}, 149.5, 150.5),
    "decimals": ({"target": "150.00"}, 149.995, 150.005),
    "a floor is exact": ({"target": "150", "comparator": "ge"}, 150, 150),
    "about gives way by two percent": ({"target": "150", "comparator": "about"}, 147, 153),
    "about a rounder figure rounds": ({"target": "9", "comparator": "about"}, 8.5, 9.5),
    "a range": ({"target": "150", "target_upper": "170", "comparator": "range"}, 149.5, 170),
    "another unit": ({"target": "20000", "unit": "万元"}, 1.99995, 2.00005),
    "growth is a fraction": ({"target": "7.5", "kind": "annual_growth"}, 0.0745, 0.0755),
    "a fall printed as a positive figure": (
        {"indicator": "energy_reduction", "target": "15", "kind": "cumulative_change_pct"}, -0.155, -0.145,
    ),
    "points a year add up": (
        {"indicator": "finance_share", "target": "1.8", "kind": "change_pp_per_year"}, 8.75, 9.25,
    ),
}  # fmt: skip


@pytest.mark.parametrize("cells, low, high", FIGURES.values(), ids=FIGURES)
def test_what_a_printed_target_allows(cells, low, high, tmp_path):
    found = statement(tmp_path, **cells).figure
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


READINGS = {
    "a plain figure": ({"target": "150"}, (149.5, 150.5), (149.5, 150.5)),
    "a floor": ({"target": "150", "comparator": "gt"}, (150, 165), (150, float("inf"))),
    "a ceiling": ({"target": "150", "comparator": "le"}, (135, 150), (-float("inf"), 150)),
    "a floor of a share": ({"indicator": "finance_share", "target": "8", "comparator": "ge"}, (8, 9), (8, float("inf"))),
    "a floor of growth": ({"target": "7", "kind": "annual_growth", "comparator": "ge"}, (0.07, 0.08), (0.07, float("inf"))),
    "a fall of at least": (
        {"indicator": "energy_reduction", "target": "15", "kind": "cumulative_change_pct", "comparator": "ge"},
        (-0.16, -0.15), (-float("inf"), -0.15),
    ),
}  # fmt: skip


@pytest.mark.parametrize("cells, lenient, open_", READINGS.values(), ids=READINGS)
def test_floors_are_read_as_printed_then_overshot_a_little_then_without_limit(
    cells, lenient, open_, tmp_path
):
    found = statement(tmp_path, **cells)
    assert found.reading("point") == found.figure
    assert (found.reading("lenient").low, found.reading("lenient").high) == pytest.approx(lenient)
    assert (found.reading("open").low, found.reading("open").high) == pytest.approx(open_)


@pytest.mark.parametrize(
    "figure, severity",
    [(149.4, "contradiction"), (150, ""), (164, ""), (166, "tension"), (1e6, "tension")],
)
def test_judge_tells_what_the_comparator_explains_from_what_only_a_large_overshoot_does(
    figure, severity, tmp_path
):
    floor = statement(tmp_path, target="150", comparator="ge")
    assert judge(lambda a: (a, Interval(figure, figure)), [floor]) == severity


@pytest.mark.parametrize(
    "cells", [{"target": "", "status": "missing"}, {"target": "5", "kind": "rank", "unit": "家"}]
)
def test_what_has_no_figure_or_no_measure_is_no_statement(cells, tmp_path):
    assert facts_of(audit_plan(tmp_path, [cells])).statements == ()


@pytest.mark.parametrize("period", ["2023Q3", "2023-01..2023-09"])
def test_parts_of_years_are_no_statements(period, tmp_path):
    plan = audit_plan(tmp_path, [], [{"period": period, "value": "9"}, {"period": "2023", "value": "9"}])
    assert [s.last for s in facts_of(plan).statements] == [2023]


IMPLIED = {
    "growth from a base": (
        [{"base": "100", "base_year": "2020", "target": "8.4", "kind": "annual_growth"}], "trade", 2025, 100 * 1.084**5,
    ),
    "growth back from an end": (
        [{"target": "150"}, {"target": "8.4", "kind": "annual_growth"}], "trade", 2020, 150 / 1.084**5,
    ),
    "a change": (
        [{"indicator": "finance_share", "base": "8", "target": "1.5", "kind": "change_pp"}], "finance_share", 2025, 9.5,
    ),
    "a whole of its share": (
        [{"indicator": "finance_va", "target": "15"}, {"indicator": "finance_share", "target": "5"}], "gdp", 2025, 300,
    ),
    "a share of its whole": (
        [{"indicator": "finance_va", "target": "15"}, {"indicator": "gdp", "target": "300"}], "finance_share", 2025, 5,
    ),
    "a part of its whole": (
        [{"target": "150"}, {"indicator": "exports", "target": "100"}], "imports", 2025, 50,
    ),
}  # fmt: skip
IDENTITIES = ["trade = exports + imports", "finance_share = finance_va / gdp"]


@pytest.mark.parametrize("targets, indicator, year, value", IMPLIED.values(), ids=IMPLIED)
def test_a_plan_implies_what_it_does_not_print(targets, indicator, year, value, tmp_path):
    found = {
        (i.indicator, i.year): i
        for i in audit(audit_plan(tmp_path, targets, identities=IDENTITIES), {}).implied
    }
    (figure,) = [i.figure for key, i in found.items() if key == (indicator, year)]
    assert figure.low < value < figure.high


def test_real_growth_implies_no_nominal_level(tmp_path):
    rows = [{"indicator": "gdp", "base": "100", "target": "5", "kind": "annual_growth"}]
    assert audit(audit_plan(tmp_path, rows), {}).implied == ()


def test_a_blank_row_comes_first_and_is_named(tmp_path):
    rows = [
        {"base": "100", "target": "8.4", "kind": "annual_growth"},
        {"indicator": "imports", "target": "", "status": "masked", "comparator": ""},
        {"indicator": "exports", "target": "100"},
    ]
    first, *others = audit(audit_plan(tmp_path, rows, identities=IDENTITIES), {}).implied
    assert (first.indicator, first.targets) == ("imports", ("T1/2/1",))
    assert others and not any(i.targets for i in others)


@cache
def implied_by(name):
    return {(i.indicator, i.region, i.year): i.figure for i in audit(load_plan(name)).implied}


@pytest.mark.parametrize(
    "name, place, value",
    [
        ("taizhou-services-14fyp", ("gdp", "taizhou", 2025), 4000 / 0.53),
        ("xiangtan-services-14fyp", ("gdp", "xiangtan", 2025), 1500 / 0.50),
        ("jiaojiang-commerce-14fyp", ("imports", "jiaojiang", 2025), 277.48 - 258.89),
    ],
)
def test_what_the_plans_imply(name, place, value):
    figure = implied_by(name)[place]
    assert figure.low < value < figure.high

"""The same promise is one promise, wherever the plan makes it; which targets are shown first follows."""

from dataclasses import replace

import pytest
from handmade import target

from planmodel import load_plan, load_scenario, plan_names
from planmodel.feasibility import assess_plan
from planmodel.feasibility.assessments import featured, risks
from planmodel.plans.promises import plan_targets, promises, same_promise
from planmodel.tables.promises import promised
from planmodel.words import said

COUNTS = {
    "jiaojiang-commerce-14fyp": 17, "linhai-14fyp": 122, "quzhou-services-2023-2027": 34, "taizhou-services-14fyp": 71,
    "xiangtan-services-14fyp": 40,
}  # fmt: skip


@pytest.mark.parametrize("name", plan_names())
def test_the_promises_of_each_plan(name):
    plan = load_plan(name)
    assert len(plan_targets(plan)) == COUNTS[name]
    assert promises(plan_targets(plan)) == plan_targets(plan)


SAME = [
    {"table": "text", "number": "9", "comparator": "ge"},
    {"target_printed": "about 150"},
    {"base_value": None},
]
OTHER = [
    {"target_value": 151.0}, {"target_year": 2030}, {"region": "linhai"}, {"definition": "field 1"}, {"unit": "%"},
    {"kind": "keep"}, {"target_upper": 160.0},
]  # fmt: skip


@pytest.mark.parametrize("fields", SAME)
def test_words_place_and_base_make_no_other_promise(fields):
    assert same_promise(target(**fields)) == same_promise(target())


@pytest.mark.parametrize("fields", OTHER)
def test_another_figure_year_region_or_definition_is_another_promise(fields):
    assert same_promise(target(**fields)) != same_promise(target())


def test_a_blank_figure_and_a_masked_one_are_one_promise_and_milestones_count_by_their_words():
    blank, masked = (target(target_value=None, status=status) for status in ("missing", "masked"))
    assert same_promise(blank) == same_promise(masked)
    first, second = (target(kind="milestone", target_value=None, target_printed=words) for words in "ab")
    assert same_promise(first) != same_promise(second)


def test_the_first_table_row_stands_for_a_promise_and_the_order_stays():
    prose, other = target(table="text", number="1"), target(target_year=2030)
    row, again = target(number="2"), target(number="3")
    assert promises([prose, other, row, again]) == (other, row)


def test_headline_first_and_risks_by_probability():
    plan = load_plan("taizhou-services-14fyp")
    result = assess_plan(plan, load_scenario("baseline"), n_draws=300)
    assert featured(result)[0].target.id == "T2/1/1"
    assert len(featured(result, 99)) == len(promises(result.assessable))
    chances = [found.probability for found in risks(result, 99)]
    assert chances == sorted(chances)
    blank = assess_plan(replace(plan, observations=(), targets=()), load_scenario("baseline"), n_draws=10)
    assert not blank.assessable and risks(blank) == ()


@pytest.mark.parametrize(
    ("kind", "comparator", "value", "zh", "en"),
    [
        ("keep", "gt", 0.48, "始终高于 0.48", "more than 0.48 throughout"),
        ("keep", "ge", 80.0, "保持 80 以上", "at least 80 throughout"),
        ("annual_growth", "gt", 7.0, "年均增长超过 7%", "more than 7% a year"),
        ("change_units", "eq", -9.88, "累计减少 9.88", "a fall of 9.88"),
        ("cumulative_change_pct", "eq", -50.0, "累计下降 50%", "a total fall of 50%"),
        ("cumulative_change_pct", "eq", 18.0, "累计变化 18%", "a total change of 18%"),
    ],
)
def test_a_promise_is_worded_in_the_order_of_each_language(kind, comparator, value, zh, en):
    result = assess_plan(load_plan("jiaojiang-commerce-14fyp"), load_scenario("baseline"), n_draws=20)
    a = next(a for a in result.assessments if a.target.kind == "level" and a.target.target_value is not None)
    own = replace(a.target, kind=kind, comparator=comparator, target_value=value, target_upper=None)
    own = replace(own, unit="items", target_year=a.plan.period[1])
    assert {lang: said(promised(replace(a, target=own)), lang) for lang in ("zh", "en")} == {
        "zh": zh,
        "en": en,
    }
    if kind == "cumulative_change_pct":  # of a "decrease of ...", a positive figure is a fall
        less = replace(
            own, comparator="ge", target_value=13.5, indicator=replace(own.indicator, reduction_of="x")
        )
        assert said(promised(replace(a, target=less)), "en") == "a total fall of at least 13.5%"

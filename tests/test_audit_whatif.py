"""What-if: every form of place, numbers in the unit of the figure they replace, and what the audit says then."""

import pytest
from handmade import audit_plan

from planmodel import PlanmodelError, load_plan
from planmodel.audit import audit, change_figures, changes_in
from planmodel.plans import plan_names

TARGETS = (
    {"base": "100", "target": "150"},
    {"target": "8.4", "kind": "annual_growth"},
    {"target": "140", "comparator": "gt", "table": "T2"},
    {"target": "130", "target_year": "2022"},
    {"target": "90", "region": "district"},
    {"target": "70", "definition": "other"},
    {"indicator": "investment", "target": "500", "kind": "cumulative_sum"},
    {"indicator": "exports", "target": "800000", "unit": "万元", "base": "50"},
    {"indicator": "finance_share", "target": "8", "target_upper": "9", "comparator": "range"},
    {"indicator": "parks", "status": "masked", "comparator": ""},
)
OBSERVATIONS = (
    {"value": "80"},
    {"value": "82", "vintage": "final"},
    {"period": "2014", "value": "77", "vintage": "final"},
    {"period": "2016..2020", "value": "4.6", "measure": "mean_growth"},
    {"indicator": "imports", "period": "2015", "value": "300000", "unit": "万元"},
    {"indicator": "imports", "period": "2020", "value": "35"},
    {"indicator": "imports", "period": "2020", "value": "350000", "unit": "万元"},
)


@pytest.fixture
def plan(tmp_path):
    return audit_plan(tmp_path, TARGETS, OBSERVATIONS)


def figures(plan):
    """Every figure of a plan by its place: the digits of targets and bases, of observations their order."""
    ends = {f"{t.id} target": t.target_digits for t in plan.targets}
    bases = {f"{t.id} base": t.base_digits for t in plan.targets}
    seen = {f"{i} {o.indicator} {o.period} {o.unit}": o.digits for i, o in enumerate(plan.observations)}
    return ends | bases | seen


PLACES = {
    "a level is that of the end of the plan": ("trade.target", ["T1/1/1 target", "T2/3/1 target"]),
    "a row": ("T2/3/1.target", ["T2/3/1 target"]),
    "a row of any kind": ("T1/7/1.target", ["T1/7/1 target"]),
    "a row of another year": ("T1/4/1.target", ["T1/4/1 target"]),
    "a row of another definition": ("T1/6/1.target", ["T1/6/1 target"]),
    "a region": ("trade@district.target", ["T1/5/1 target"]),
    "growth": ("trade.growth", ["T1/2/1 target"]),
    "a base and what was printed of it": ("trade.base", ["T1/1/1 base", "0 trade 2020 亿元"]),
    "the base of a row": ("T1/1/1.base", ["T1/1/1 base", "0 trade 2020 亿元"]),
    "the year of a base": ("trade.2020", ["T1/1/1 base", "0 trade 2020 亿元"]),
    "a past year, the plan's own figure": ("trade.2015", ["2 trade 2015 亿元"]),
    "a past year that only others print": ("trade.2014", ["4 trade 2014 亿元"]),
    "an indicator without a target": ("imports.2015", ["6 imports 2015 万元"]),
    "another unit": ("exports.target", ["T1/8/1 target"]),
}


@pytest.mark.parametrize("place, hit", PLACES.values(), ids=PLACES)
def test_a_place_changes_its_figures_and_no_others(place, hit, plan):
    before, after = figures(plan), figures(change_figures(plan, {place: "99.5"}))
    assert before.keys() == after.keys()
    assert {key: after[key] for key in before if before[key] != after[key]} == dict.fromkeys(hit, "99.5")


def test_value_digits_and_text_change_together(plan):
    changed = change_figures(plan, {"trade.target": "99.50", "trade.base": "60", "trade.2015": "-3"})
    row, seen = changed.target("T1/1/1"), changed.observations
    assert (row.target_value, row.target_digits, row.target_printed) == (99.5, "99.50", "99.50")
    assert (row.base_value, row.base_digits, row.base_printed) == (60.0, "60", "60")
    assert (seen[0].value, seen[0].digits) == (60.0, "60") and (seen[2].value, seen[2].digits) == (-3.0, "-3")
    assert changed.target("T2/3/1").comparator == "gt"


def test_numbers_may_be_numbers(plan):
    assert change_figures(plan, {"trade.target": 99.5}).target("T1/1/1").target_value == 99.5


def test_one_number_in_place_of_a_range(plan):
    row = change_figures(plan, {"finance_share.target": "8.5"}).target("T1/9/1")
    assert (row.target_value, row.target_upper, row.comparator) == (8.5, None, "eq")


FAULTS = {
    "mistyped": ("trad.target", "5", "a known name", "'trad'", "Did you mean 'trade'?"),
    "a row that is not there": ("T1/99/1.target", "5", "a known name", "'T1/99/1'", "T1/9/1"),
    "no what": ("trade", "5", "a place such as services_va.target", "'trade'", ""),
    "an unknown what": ("trade.end", "5", "a place such as services_va.target", "'trade.end'", ""),
    "no place": ("", "5", "a place such as", "''", ""),
    "no number": ("trade.target", "many", "a number, such as 1434 or 7.5", "'many'", ""),
    "an empty number": ("trade.target", "", "a number", "''", ""),
    "a number with its unit": ("trade.growth", "7%", "a number", "'7%'", ""),
    "a year that is not there": ("trade.1999", "5", "a year with a figure (2014, 2015)", "none", ""),
    "an indicator without figures of years": (
        "investment.2015",
        "5",
        "a year with a figure (none)",
        "none",
        "",
    ),
    "no growth printed": ("exports.growth", "5", "a growth that is printed", "none", ""),
    "no base printed": ("investment.base", "5", "a base that is printed", "none", ""),
    "a total is no level": ("investment.target", "5", "a target that is printed", "none", ""),
    "two units": ("imports.2020", "5", "figures in one unit", "万元 and 亿元", "Name the row"),
    "a region without figures": (
        "exports@district.target",
        "5",
        "a region with a figure of exports",
        "district",
        "",
    ),
}


@pytest.mark.parametrize("place, number, expected, found, do", FAULTS.values(), ids=FAULTS)
def test_a_place_or_number_that_will_not_do(place, number, expected, found, do, plan):
    with pytest.raises(PlanmodelError) as caught:
        change_figures(plan, {place: number})
    (fault,) = caught.value.faults
    assert fault.what.startswith("set") and expected in str(fault.expected) and do in str(fault.do)
    assert str(fault.found) == found


def test_all_faults_at_once(plan):
    with pytest.raises(PlanmodelError, match="The changes have faults") as caught:
        change_figures(plan, {"trad.target": "5", "trade.target": "x", "trade.base": "60", "trade": "1"})
    assert [str(fault.found) for fault in caught.value.faults] == ["'trad'", "'x'", "'trade'"]


@pytest.mark.parametrize(
    "text", ["a.target=5, b.2015=-7.5", "a.target=5 b.2015=-7.5", "a.target=5，b.2015=-7.5", ["a.target=5", "b.2015=-7.5"]]
)  # fmt: skip
def test_changes_are_read_from_text(text):
    assert changes_in(text) == {"a.target": "5", "b.2015": "-7.5"}


@pytest.mark.parametrize("text", ["a.target", "a.target 5", ["a.target=5", "b"]])
def test_a_change_needs_an_equals_sign(text):
    with pytest.raises(PlanmodelError, match="PLACE=NUMBER"):
        changes_in(text)


@pytest.mark.parametrize("name", plan_names())
def test_a_figure_set_to_itself_changes_no_finding(name):
    plan = load_plan(name)
    rows = [t for t in plan.targets if t.target_value is not None and t.target_upper is None]
    same = {f"{t.id}.target": t.target_digits for t in rows}
    same |= {f"{t.id}.base": t.base_digits for t in plan.targets if t.base_value is not None}
    before, after = audit(plan), audit(change_figures(plan, same))
    assert [(f.id, str(f.arithmetic)) for f in after.findings] == [
        (f.id, str(f.arithmetic)) for f in before.findings
    ]


XIANGTAN, JIAOJIANG = "xiangtan-services-14fyp", "jiaojiang-commerce-14fyp"
SERVICES = "deflator/services_va/2021-2025"


def after(name, changes):
    return {f.id: f for f in audit(change_figures(load_plan(name), changes)).findings}


@pytest.mark.parametrize(
    "changes, needed",
    [
        ({}, "0.90%"),
        ({"services_va.target": "1434"}, "−0.01%"),  # 7.5 % a year: the rate then leaves nothing to prices
        ({"services_va.target": "1601"}, None),  # 2.22 % a year, as in 2016-2020
        ({"services_va.growth": "6.1"}, None),
        ({"services_va.growth": "6.5"}, None),  # 1.84 %, within a point of the past
        ({"services_va.2020": "945"}, None),  # 2.04 %: and the past of 1.15 % changes with its end
    ],
)
def test_the_deflator_that_xiangtan_needs(changes, needed):
    found = after(XIANGTAN, changes)
    assert (SERVICES in found) is (needed is not None)
    if needed:
        assert f"a deflator of {needed} a year, where 2016–2020 had 2.22%" in found[SERVICES].arithmetic["en"]


def test_the_target_of_the_stated_rate_widens_the_gap():
    before, now = (after(XIANGTAN, changes)[SERVICES] for changes in ({}, {"services_va.target": "1434"}))
    assert (before.gap, now.gap) == (pytest.approx(-1.32, abs=0.01), pytest.approx(-2.23, abs=0.01))


@pytest.mark.parametrize(
    "name, changes, gone",
    [
        (JIAOJIANG, {"exports.2020": "153.76"}, "versions/exports/2020"),
        (JIAOJIANG, {"T1/4/1.base": "153.76"}, "versions/exports/2020"),
        (JIAOJIANG, {"trade.target": "280"}, "versions/trade/2025"),
        (JIAOJIANG, {"trade.2015": "145.1"}, "past_growth/trade/2016-2020"),
        (XIANGTAN, {"retail_sales.2015": "520.6"}, "identity/retail_sales/2015"),
        (XIANGTAN, {"wholesale_retail_sales.2015": "428.41"}, "identity/retail_sales/2015"),
    ],
)
def test_a_figure_that_agrees_makes_its_finding_go(name, changes, gone):
    assert gone in after(name, {})
    assert gone not in after(name, changes)


def test_a_blank_target_can_be_tried(plan):
    row = next(t for t in change_figures(plan, {"parks.target": "5"}).targets if t.indicator.id == "parks")
    assert (row.target_value, row.status, row.comparator) == (5.0, "printed", "ge")

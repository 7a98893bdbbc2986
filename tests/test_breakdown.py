"""Breakdowns: printed figures that add up, paths that end at the printed target, owners, parts, contributions, sheets."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import openpyxl
import pandas as pd
import pytest
from handmade import TARGET, TARGETS, audit_plan, csv_text, small_plan, write_data
from hypothesis import given
from hypothesis import strategies as st
from test_charts import check_texts

from planmodel import PlanmodelError, charts, load_plan, load_scenario
from planmodel.arithmetic.apportion import apportion, contributions, rounded, shares_between
from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.breakdown import (
    Shares,
    break_down,
    contributions_table,
    first_divisible,
    first_split,
    given_shares,
    growth_by_sector,
    published_shares,
    sector_growth,
    split,
    wholes_of,
)
from planmodel.breakdown.annual import BESIDE, COLUMNS
from planmodel.commands.cli import main
from planmodel.plans import Node, plan_names
from planmodel.plans.known import known_by
from planmodel.tables.breakdown import (
    OWNERS,
    SPANS,
    annual_columns,
    annual_table,
    as_printed,
    breakdown_answer,
    growth_answer,
    owners_table,
    parts_answer,
    parts_columns,
    parts_table,
    spans_table,
    undivided_columns,
)
from planmodel.tables.reading import read
from planmodel.words import LANGS
from planmodel.workbooks.handout import breakdown_sheets, breakdown_workbook

PLANS = plan_names()
QUZHOU, TAIZHOU, LINHAI = "quzhou-services-2023-2027", "taizhou-services-14fyp", "linhai-14fyp"
WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=12).filter(lambda w: sum(w) > 0)
ENDS = ("level", "keep", "cumulative_sum", "annual_flow", "mean_annual_flow")


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline")


def by_id(result, key):
    return next(line for line in result.lines if line.target.id == key)


def due(line, year):
    return next(each for each in line.years if each.year == year)


@given(st.integers(-(10**9), 10**12), st.integers(0, 4), WEIGHTS)
def test_parts_add_up_exactly_and_lie_within_a_unit_of_their_share(units, decimals, weights):
    unit = Decimal(1).scaleb(-decimals)
    whole = units * unit
    parts = apportion(whole, weights, decimals)
    assert sum(parts) == whole
    total = sum(Decimal(repr(w)) for w in weights)
    for part, weight in zip(parts, weights, strict=True):
        assert part == part.quantize(unit)
        assert abs(part - whole * Decimal(repr(weight)) / total) < unit


@given(st.integers(1, 10**9), WEIGHTS.map(sorted))
def test_a_larger_weight_never_gets_less(units, weights):
    parts = apportion(Decimal(units), weights[::-1], 0)
    assert all(a >= b for a, b in pairwise(parts))


@pytest.mark.parametrize(("weights", "whole"), [([], "1"), ([0, 0], "1"), ([-1, 2], "1"), ([1], "1.5")])
def test_weights_that_are_none_are_refused(weights, whole):
    with pytest.raises(ValueError, match=r"weights|decimals"):
        apportion(Decimal(whole), weights, 0)


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=6),
    st.integers(1, 10),
)
def test_contributions_of_all_parts_add_up_to_growth(ends, n_years):
    before, after = ([pair[i] + 1 for pair in ends] for i in (0, 1))
    made = contributions(before, after, sum(before), sum(after), n_years)
    assert sum(made) == pytest.approx((sum(after) / sum(before)) ** (1 / n_years) - 1, abs=1e-9)


def test_a_contribution_of_one_year_is_share_times_growth():
    made = contributions([20.0, 80.0], [22.0, 84.0], 100.0, 106.0)
    assert made == pytest.approx([0.2 * 0.10, 0.8 * 0.05])
    assert contributions([1.0], [1.0], 1.0, 1.0) == [0.0]


def test_shares_move_linearly_from_end_to_end():
    rows = np.array(shares_between([0.2, 0.8], [0.3, 0.7], 5))
    assert rows[0].tolist() == [0.2, 0.8] and rows[-1].tolist() == [0.3, 0.7]
    np.testing.assert_allclose(np.diff(rows, axis=0), [[0.02, -0.02]] * 5)


@pytest.mark.parametrize("shape", list(PATH_SHAPES))
@pytest.mark.parametrize("name", PLANS)
def test_every_line_ends_at_the_printed_target(name, shape, baseline):
    result = break_down(load_plan(name), baseline, shape)
    seen = set()
    for line in result.lines:
        target = line.target
        if not line.by_year:
            assert line.reason["en"] and line.reason["zh"]
            continue
        seen.add(line.measure)
        assert line.years[-1].year == target.target_year
        start = line.base_year if line.measure in ("level", "index", "cumulated") else target.base_year
        assert [y.year for y in line.years] == list(range(start + 1, target.target_year + 1))
        if target.kind in ENDS:
            assert str(line.years[-1].figure) == target.target_digits
        elif target.kind == "annual_growth":
            ends = float(line.years[-1].figure) / float(line.base)
            tolerance = 0.6 * 10 ** line.years[-1].figure.as_tuple().exponent / float(line.years[-1].figure)
            assert ends == pytest.approx((1 + target.target_value / 100) ** target.n_years, rel=tolerance)
        elif target.kind == "multiple":
            assert float(line.years[-1].figure / line.base) == pytest.approx(target.target_value, abs=1e-3)
    assert seen


@pytest.mark.parametrize("shape", list(PATH_SHAPES))
def test_flows_of_a_sum_add_up_to_the_printed_sum(shape, baseline):
    n_sums = 0
    for name in PLANS:
        for line in break_down(load_plan(name), baseline, shape).lines:
            if line.measure == "cumulated":
                n_sums += 1
                assert sum(y.flow for y in line.years) == Decimal(line.target.target_digits)
                sums = np.cumsum([y.flow for y in line.years])
                assert sums.tolist() == [y.figure for y in line.years]
                assert all(y.flow >= 0 for y in line.years)
    assert n_sums > 20


def test_milestones_are_those_of_the_path(baseline):
    line = by_id(break_down(load_plan(TAIZHOU), baseline), "T2/1/1")
    expected = [2669.73 * (4000 / 2669.73) ** (step / 5) for step in range(1, 6)]
    assert [y.figure for y in line.years] == [rounded(value, 0) for value in expected]
    assert {round(y.asked.value, 6) for y in line.years} == {0.084223}
    assert line.years[0].outturn == 2939.24 and not line.years[0].derived
    assert line.base == Decimal("2669.73") and line.years[1].outturn is None


def test_floors_and_flows_hold_in_every_year(baseline):
    result = break_down(load_plan(LINHAI), baseline)
    floor = by_id(result, "T2/16/1")
    assert floor.measure == "floor" and {str(y.figure) for y in floor.years} == {"96"}
    assert result.lines[0].target.binding
    cleared = by_id(break_down(load_plan("xiangtan-services-14fyp"), baseline), "text/12/1")
    assert cleared.measure == "floor" and cleared.base == Decimal("76.1") and cleared.reason["zh"]
    flow = by_id(break_down(load_plan(QUZHOU), baseline), "text/12/1")
    assert flow.measure == "flow" and {int(y.figure) for y in flow.years} == {30}


def test_things_that_are_counted_stay_whole(baseline):
    line = by_id(break_down(load_plan("jiaojiang-commerce-14fyp"), baseline), "T1/6/1")
    assert [str(y.figure) for y in line.years] == ["2", "2", "3", "3", "3"]


def test_what_has_no_path_says_why(baseline):
    result = break_down(load_plan(LINHAI), baseline)
    assert by_id(result, "T2/13/1").measure == "none"
    assert "assigned" in by_id(result, "T2/13/1").reason["en"]
    assert by_id(result, "T2/23/1").measure == "printed"


def test_nodes_are_passed_through(baseline):
    plan = load_plan(TAIZHOU)
    node = Node("T2/1/1", 2022, 3000.0, "亿元", "3000", "年度计划", "", "")
    line = by_id(break_down(replace(plan, nodes=(node,)), baseline), "T2/1/1")
    assert due(line, 2022).figure == 3000 and due(line, 2022).node and not due(line, 2023).node
    assert str(line.years[-1].figure) == "4000"
    result = break_down(replace(plan, nodes=(node,)), baseline)
    assert (
        "annual plan: 2022"
        in read(annual_table(result), "en", annual_columns(result)).text["Remarks"].tolist()
    )


def test_outturns_are_those_known(baseline):
    plan = load_plan(LINHAI)
    result = break_down(plan, baseline)
    assert due(by_id(result, "T2/1/1"), 2024).derived and not due(by_id(result, "text/5/1"), 2024).derived
    early = replace(plan, observations=tuple(o for o in plan.observations if o.last_year <= 2021))
    assert due(by_id(break_down(plan, baseline, known=early), "text/5/1"), 2022).outturn is None
    assert due(by_id(break_down(plan, baseline, known=early), "text/5/1"), 2021).outturn == 819.9


def with_owner(folder, *owners):
    """Write the hand-made plan with a column `owner`, one cell a row."""
    write_data(folder)
    columns = (*TARGET, "owner")
    rows = [row | {"owner": owner} for row, owner in zip(TARGETS, owners, strict=True)]
    path = folder / "plans" / "example" / "targets.csv"
    path.write_text(csv_text(columns, rows), encoding="utf-8")
    return folder


def test_owners_are_read_and_the_first_leads(tmp_path, baseline):
    folder = with_owner(tmp_path, "市发改委; 市商务局", "", "各县〔市、区〕", "市商务局")
    plan = load_plan("example", folder)
    assert [t.owner for t in plan.targets] == [
        ("市发改委", "市商务局"),
        (),
        ("各县〔市、区〕",),
        ("市商务局",),
    ]
    assert small_plan(tmp_path / "without").targets[0].owner == ()
    result = break_down(plan, baseline)
    assert result.owners[:2] == ("市商务局", "市发改委"), "the binding row comes first"
    sheets = breakdown_sheets(result, "zh")
    assert [s.name for s in sheets[2:]] == list(result.owners)
    roles = dict(zip(sheets[2].table["指标"], sheets[2].table["角色"], strict=True))
    assert roles == {"细颗粒物浓度": "牵头", "服务业增加值": "配合"}


@pytest.mark.parametrize(
    "wrong", ["市发改委;", ";市发改委", "市发改委、市商务局", "市发改委；市商务局", "a;a"]
)
def test_wrong_owners_are_refused(wrong, tmp_path):
    with pytest.raises(PlanmodelError, match="targets.csv, row 2, owner: expected"):
        load_plan("example", with_owner(tmp_path, wrong, "", "", ""))


def test_owners_of_quzhou_are_those_of_its_tasks():
    plan = load_plan(QUZHOU)
    assert plan.target("text/27/1").owner == ("衢江区", "市交通运输局", "市铁道中心")
    assert (
        plan.target("text/1/1").owner == ()
        and plan.target("text/12/1").owner == plan.target("text/32/1").owner
    )
    assert plan.catalogue.owner_name("市发改委", "en") == "Municipal Development and Reform Commission"
    assert plan.catalogue.owner_name("另一单位", "en") == "另一单位"
    named = {owner for t in plan.targets for owner in t.owner}
    assert named <= set(plan.catalogue.owners), "each body of the plan has its English name"


GIVEN = Shares(
    {"jiaojiang": 0.25, "linhai": 0.25, "rest": 0.5}, {"jiaojiang": 0.3, "linhai": 0.25, "rest": 0.45}
)


@pytest.mark.parametrize("shape", list(PATH_SHAPES))
def test_parts_of_a_target_add_up_each_year(shape, baseline):
    plan = load_plan(TAIZHOU)
    found = split(plan, plan.target("T2/1/1"), baseline, shape, "districts", GIVEN)
    for year, whole in found.whole.items():
        assert sum(part.figures[year] for part in found.parts) == whole
    jiaojiang = found.parts[0]
    assert jiaojiang.figures[2025] == Decimal(1200) and jiaojiang.figures[2020] == Decimal("667.43")
    assert jiaojiang.growth == pytest.approx((1200 / (0.25 * 2669.73)) ** 0.2 - 1)
    assert found.parts[1].growth == pytest.approx((4000 / 2669.73) ** 0.2 - 1), (
        "a constant share grows as the whole"
    )


def test_parts_of_a_sum_are_parts_of_its_flows(tmp_path, baseline):
    given_ = {"indicator": "trade", "kind": "cumulative_sum", "target": "1000"}
    plan = audit_plan(tmp_path, (given_,), identities=["trade = exports + imports"])
    shares = Shares({"exports": 0.333, "imports": 0.667}, {"exports": 0.333, "imports": 0.667})
    found = split(plan, plan.targets[0], baseline, "linear", "sectors", shares)
    assert sum(sum(part.figures.values()) for part in found.parts) == 1000
    assert 2020 not in found.whole and set(found.whole.values()) == {Decimal(200)}


def test_published_shares_need_every_part(baseline):
    plan = load_plan(TAIZHOU)
    target = plan.target("T2/1/1")
    with pytest.raises(PlanmodelError, match="none for 2020 for huangyan.*--rest"):
        published_shares(plan, target, "districts")
    shares = published_shares(plan, target, "districts", rest=True)
    assert shares.year == 2020 and sum(shares.first.values()) == pytest.approx(1)
    assert shares.first["jiaojiang"] == pytest.approx(392.45 / 2669.73), "from the plan of Jiaojiang"
    assert shares.first["linhai"] == pytest.approx(0.495 * 738.48 / 2669.73), "a share of GDP times GDP"


def test_published_parts_that_miss_the_whole_are_refused(tmp_path, baseline):
    seen = [{"indicator": n, "period": "2020", "value": v} for n, v in (("exports", 60), ("imports", 30))]
    row = {"indicator": "trade", "base": "100", "target": "150"}
    plan = audit_plan(tmp_path, (row,), seen, identities=["trade = exports + imports"])
    with pytest.raises(PlanmodelError, match="make up the whole, found 90 against 100 亿元 in 2020"):
        published_shares(plan, plan.targets[0], "sectors")
    seen[1]["value"] = 40
    plan = audit_plan(tmp_path / "b", (row,), seen, identities=["trade = exports + imports"])
    assert published_shares(plan, plan.targets[0], "sectors").first == {"exports": 0.6, "imports": 0.4}
    found = split(plan, plan.targets[0], baseline, "linear", "sectors")
    assert [str(part.figures[2025]) for part in found.parts] == ["90", "60"]


@pytest.mark.parametrize("rest", [False, True])
def test_newer_shares_of_some_parts_go_before_older_ones_of_all(tmp_path, rest):
    """Linhai prints a services share of 49.5 % for 2020, and those of all sectors for 2018."""
    plan = load_plan(LINHAI)
    target = next(
        t for t in plan.targets if (t.indicator.id, t.kind, t.target_year) == ("gdp", "level", 2025)
    )
    shares = published_shares(plan, target, "sectors", rest=rest)
    assert (shares.year, shares.older) == (2020, 2018) and sum(shares.first.values()) == pytest.approx(1)
    assert shares.first["services_va"] == pytest.approx(0.495)
    assert shares.first["primary_va"] / shares.first["secondary_va"] == pytest.approx(44.58 / 310.31)
    assert all("2020" in shares.when[lang] and "2018" in shares.when[lang] for lang in LANGS)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"jiaojiang": 0.5}, "add up to 100 %, found 50"),
        ({"jiaojang": 0.5, "rest": 0.5}, "Did you mean 'jiaojiang'"),
        ({"jiaojiang": -0.1, "rest": 1.1}, "0 or more, found -10"),
        ({"jiaojiang": float("nan"), "rest": 0.5}, "0 or more, found nan"),
    ],
)
def test_shares_that_do_not_fit_are_refused(shares, said, baseline):
    plan = load_plan(TAIZHOU)
    with pytest.raises(PlanmodelError, match=said):
        split(plan, plan.target("T2/1/1"), baseline, "linear", "districts", Shares(shares, shares))


def test_only_amounts_with_figures_have_parts(baseline):
    plan = load_plan(TAIZHOU)
    for key, said in (("T2/2/1", "scale share"), ("T2/3/1", "scale share"), ("T2/9/1", "no base figure")):
        with pytest.raises(PlanmodelError, match=said):
            split(plan, plan.target(key), baseline, "linear", "districts", GIVEN)
    assert first_divisible(load_plan(QUZHOU), "services_va", baseline, "linear").id == "text/1/1"
    with pytest.raises(PlanmodelError, match="scale share"):
        first_divisible(plan, "services_share", baseline, "linear")
    other = load_plan("jiaojiang-commerce-14fyp")
    for by, said in (
        ("sectors", "part_of new_overseas"),
        ("districts", "parent jiaojiang"),
        ("parts", "sectors"),
    ):
        with pytest.raises(PlanmodelError, match=said):
            split(other, other.target("T1/6/1"), baseline, "linear", by, GIVEN)


def test_shares_are_read_from_entries_and_files(tmp_path):
    assert given_shares(["a=40", "b=60:55"]).last == {"a": 0.4, "b": 0.55}
    path = tmp_path / "shares.csv"
    path.write_text("part,weight\na,300\nb,100\n", encoding="utf-8")
    assert given_shares([str(path)]).first == {"a": 0.75, "b": 0.25}
    path.write_text("part,share,target_share\na,30,40\nb,70,60\n", encoding="utf-8")
    found = given_shares([str(path)])
    assert found.first == {"a": 0.3, "b": 0.7} and found.last == {"a": 0.4, "b": 0.6} and not found.constant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("part,share\na,x\n", "a number"),
        ("part,share\na,50\na,50\n", "each part once"),
        ("part,share,target_share\na,50,40\nb,50,\n", "every row or in none"),
        ("part,weight\na,0\nb,0\n", "not all zero"),
        ("part,shares\na,50\n", "Did you mean 'share'"),
    ],
)
def test_a_file_of_shares_with_faults_is_refused(text, said, tmp_path):
    path = tmp_path / "shares.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanmodelError, match=said):
        given_shares([str(path)])


@pytest.mark.parametrize("wrong", [["a"], ["a=x", "b=1"], ["a=1:2:3", "b=2"], ["a=1", "a=2"], ["=5", "a=1"]])
def test_entries_of_shares_with_faults_are_refused(wrong):
    with pytest.raises(PlanmodelError, match="expected"):
        given_shares(wrong)


@pytest.mark.parametrize("name", PLANS)
def test_contributions_and_gap_add_up_to_the_growth(name):
    plan = load_plan(name)
    assert "gdp" in wholes_of(plan)
    found = [g for whole in wholes_of(plan) for g in sector_growth(plan, whole)]
    assert found, "each region has published figures by sector"
    for growth in found:
        if growth.growth is not None:
            assert sum(s.contribution for s in growth.slices) + growth.gap == pytest.approx(
                growth.growth, abs=1e-11
            )
            assert abs(growth.gap) < 0.005
        if growth.n_years == 1:
            for part in growth.slices:
                if part.growth is not None:
                    assert part.contribution == pytest.approx(part.share * part.growth, abs=1e-11)
    table = contributions_table(found)
    assert " ".join(table.columns) == CONTRIBUTION_COLUMNS + " formula"
    known = table.dropna(subset="growth").groupby(["whole", "base_year", "last_year", "prices", "planned"])
    sums = known.agg({"contribution": "sum", "growth": "first"})
    np.testing.assert_allclose(sums["contribution"], sums["growth"], atol=1e-9)


def test_contributions_by_hand():
    nominal, real, planned = sector_growth(load_plan(TAIZHOU))
    services = {s.id: s for s in nominal.slices}["services_va"]
    assert services.contribution == pytest.approx((2939.24 - 2669.73) / 5262.72)
    assert {s.id: s for s in real.slices}["secondary_va"].contribution == pytest.approx(
        2298.21 / 5262.72 * 0.093
    )
    assert planned.planned and planned.growth == pytest.approx((4000 / 0.53 / 5262.72) ** 0.2 - 1)
    assert planned.targets == ("T2/1/1", "T2/2/1") and planned.formula == "4000 / 53% = 7547.17"
    assert [s.id for s in planned.slices] == ["services_va", "rest"]
    linhai = {(g.last_year, g.prices): g for g in sector_growth(load_plan(LINHAI))}
    real = linhai[2018, "real"]
    assert real.growth == 0.07 and abs(real.gap) < 0.0002, "1.5, 7.9 and 7.0 % make 7.0 %"
    quzhou = sector_growth(load_plan(QUZHOU))[-1]
    assert quzhou.planned and quzhou.growth is None and quzhou.gap == 0.0


CONTRIBUTION_COLUMNS = (
    "plan whole base_year last_year prices planned growth sector share sector_growth contribution targets"
)
SPLIT_COLUMNS = "plan target indicator by part name unit year figure share growth shares_of"


def test_tables_have_stated_columns_and_agree_with_the_lines(baseline):
    result = break_down(load_plan(LINHAI), baseline)
    table = result.table
    assert tuple(table.columns) == (*COLUMNS, *BESIDE) and tuple(as_printed(table).columns) == COLUMNS
    rows = sum(max(1, len(line.years)) for line in result.lines)
    assert len(table) == rows
    for name in ("base", "figure", "flow"):
        assert table[name].dtype == float
        printed = table.loc[table[f"{name}_printed"] != ""]
        assert (printed[f"{name}_printed"].astype(float) == printed[name]).all() and len(printed)
    plan = load_plan(TAIZHOU)
    parts = split(plan, plan.target("T2/1/1"), baseline, "linear", "districts", GIVEN).table
    assert " ".join(parts.columns) == SPLIT_COLUMNS + " figure_printed" and parts["figure"].dtype == float
    assert " ".join(as_printed(parts).columns) == SPLIT_COLUMNS
    exact = parts.assign(figure=parts.figure_printed.map(Decimal))
    figures = exact.groupby(["year", parts.part == "total"]).figure.sum()
    assert all(figures[year, False] == figures[year, True] for year in parts["year"])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PLANS)
def test_what_a_reader_sees_is_whole_in_both_languages(name, lang, baseline):
    plan = load_plan(name)
    result = break_down(plan, baseline)
    table = annual_table(result)
    assert len(table) == len(result.promises) and table["by_year"].sum() == sum(
        l.by_year for l in result.promises
    )
    parts, why = first_split(plan, baseline, "constant_growth")
    assert (parts is None) == bool(why)
    by_whole = growth_by_sector(plan)
    said = [breakdown_answer(result), growth_answer(by_whole, plan), parts_answer(parts, why, plan)]
    for text in said:
        assert text[lang] and not re.search(r"\b(nan|None)\b", text[lang])
        assert text[lang].rstrip().endswith(("。", "）") if lang == "zh" else ".")
    growths = [growth for each in by_whole.values() for growth in each]
    shown = [
        read(table, lang, annual_columns(result)),
        read(table[~table["by_year"]], lang, undivided_columns(result)),
        read(owners_table(result), lang, OWNERS),
        read(spans_table(growths, plan), lang, SPANS),
        *([read(parts_table(parts), lang, parts_columns(parts))] if parts else []),
    ]
    for reading in shown:
        assert not reading.text.astype(str).isin(["nan", "None", "<NA>"]).any(axis=None)
        assert reading.text.map(type).eq(str).all(axis=None)


@pytest.mark.parametrize("lang", LANGS)
def test_results_show_themselves(lang, baseline):
    plan = load_plan(TAIZHOU)
    for shown in (
        break_down(plan, baseline),
        sector_growth(plan)[0],
        first_split(plan, baseline, "linear")[0],
    ):
        text = repr(shown.card(lang))
        assert 2 <= len(text.splitlines()) <= 12 and "Phrase(" not in text
        assert ("：" in text) == (lang == "zh") or "（" in text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [(7.2, 4.2), (3.75, 3.6)])
def test_charts_fit(lang, size, baseline):
    for name in PLANS:
        plan = load_plan(name)
        for whole in wholes_of(plan):
            growths = sector_growth(plan, whole)
            if growths and (size[0] > 5 or len(growths) < 5):
                chart = charts.sectors_chart(growths, plan, lang, size=size)
                check_texts(chart.figure, f"{name} {whole}")
                assert chart.alt.endswith("。" if lang == "zh" else ".")
    plan = load_plan(TAIZHOU)
    found = split(plan, plan.target("T2/1/1"), baseline, "linear", "districts", GIVEN)
    chart = charts.split_chart(found, plan, lang, size=size)
    check_texts(chart.figure, "parts")
    assert "1,200" in chart.alt


def test_bars_are_the_contributions():
    plan = load_plan("jiaojiang-commerce-14fyp")
    growths = sector_growth(plan)
    chart = charts.sectors_chart(growths, plan)
    ax = chart.figure.axes[0]
    drawn = {bar.get_gid(): bar.get_height() for bar in ax.patches}
    data = chart.data.set_index("sector").contribution
    assert drawn == pytest.approx(data.to_dict())
    line = next(line for line in ax.lines if line.get_gid() == "growth")
    assert line.get_ydata()[0] == pytest.approx(6.2) and sum(drawn.values()) == pytest.approx(6.2)


def test_the_workbook_is_ready_to_hand_out(baseline):
    result = break_down(load_plan(QUZHOU), baseline)
    content = breakdown_workbook(result, "zh")
    assert content == breakdown_workbook(result, "zh")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "年度分解" and len(book.sheetnames) == 2 + len(result.owners) == 17
    ws = book.worksheets[0]
    assert "年度分解" in ws["A1"].value and ws.page_setup.orientation == "landscape" and ws.auto_filter.ref
    header = [cell.value for cell in ws[2]]
    first = dict(zip(header, [cell.value for cell in ws[3]], strict=True))
    assert first["指标"] == "服务业增加值" and first["2027"] == 1600 and first["2023"] == 1130
    assert first["目标"] == ">1,600亿元"
    commerce = book["市商务局"]
    assert {row[2].value for row in commerce.iter_rows(min_row=3, max_row=5)} == {"牵头", "配合"}
    notes = [row[0].value for row in ws.iter_rows() if row[0].value and "首位为牵头" in str(row[0].value)]
    assert notes


def test_the_command_prints_and_writes(tmp_path, capsys):
    assert main(["breakdown", TAIZHOU, "--format", "csv", "--shape", "linear"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str)
    assert tuple(table.columns) == COLUMNS
    assert main(["breakdown", TAIZHOU, "--by", "districts", "--rest", "--lang", "zh"]) == 0
    assert "椒江区" in capsys.readouterr().out
    assert main(["breakdown", TAIZHOU, "--contributions", "--format", "json"]) == 0
    assert '"services_va"' in capsys.readouterr().out
    shares = ["--by", "districts", "--shares", "jiaojiang=15:17", "rest=85:83"]
    for number, options in enumerate(([], shares, ["--contributions"])):
        out = tmp_path / f"{number}.xlsx"
        assert main(["breakdown", TAIZHOU, *options, "--format", "xlsx", "--out", str(out)]) == 0
        assert openpyxl.load_workbook(out).worksheets
    out = tmp_path / "own.csv"
    assert main(["breakdown", QUZHOU, "--owner", "市招商中心", "--format", "csv", "--out", str(out)]) == 0
    assert set(pd.read_csv(out).number) == {23, 24, 31}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "xlsx"], "--out"),
        (["--shares", "a=1"], "--by districts"),
        (["--by", "districts"], "huangyan"),
        (["--by", "districts", "--shares", "jiaojiang=15"], "100 %"),
        (["--by", "districts", "--indicator", "services_vv"], "services_va"),
        (["--by", "sectors", "--contributions"], "--contributions"),
        (["--owner", "市商务"], "--owner"),
        (["--shape", "lineal"], "linear"),
        (["--out", "a.xlsx"], "--format"),
        (["--by", "districts", "--shares", "no-such-file.csv"], "no-such-file.csv"),
    ],
)
def test_a_mistake_is_one_clear_message(options, said, capsys):
    assert main(["breakdown", TAIZHOU, *options]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


def test_what_was_known_at_a_moment_decides_outturns_and_contributions(baseline):
    plan = load_plan(TAIZHOU)
    early, late = known_by(plan, "2021-06"), known_by(plan, "")
    assert late is plan and [g.last_year for g in growth_by_sector(early)["gdp"]] == [2025]
    assert [g.last_year for g in growth_by_sector(late)["gdp"]] == [2021, 2021, 2025]
    assert due(by_id(break_down(plan, baseline, known=early), "T2/1/1"), 2021).outturn is None
    assert due(by_id(break_down(plan, baseline, known=late), "T2/1/1"), 2021).outturn == 2939.24


def test_a_plan_without_a_headline_breaks_its_first_amount_down(baseline):
    bare = replace(load_plan(TAIZHOU), headline="")
    assert first_split(bare, baseline, "constant_growth")[0].line.target.id == "T2/1/1"


def test_faults_of_shares_are_told_in_chinese_too(baseline):
    plan = load_plan(TAIZHOU)
    with pytest.raises(PlanmodelError) as error:
        split(
            plan, plan.target("T2/1/1"), baseline, "linear", "districts", Shares({"rest": 0.5}, {"rest": 0.5})
        )
    assert error.value.text("zh") == "shares：应为合计为 100 % 的比重，实为 50。请补上缺少的部分或 rest。"


def test_a_node_that_does_not_fit_says_so(baseline):
    plan = load_plan(LINHAI)
    node = Node("T2/1/1", 2022, 900.0, "亿元", "900", "年度计划", "", "")
    line = by_id(break_down(replace(plan, nodes=(node,)), baseline), "T2/1/1")
    assert line.measure == "final" and "node" in line.reason["en"]


@pytest.mark.parametrize("base, goal, asked", [("100", "0", -20.0), ("0", "500", 100.0)])
def test_a_way_from_or_to_nothing_has_one_measure_in_all_years(tmp_path, base, goal, asked):
    row = TARGET | {
        "kind": "level",
        "base_value": base,
        "target_value": goal,
        "comparator": "le" if goal == "0" else "ge",
    }
    table = break_down(small_plan(tmp_path, (row,), ()), load_scenario("baseline"), "linear").table
    years = table.dropna(subset="asked")
    assert years["asked"].tolist() == pytest.approx([asked] * 5)
    assert set(years["asked_unit"]) == {"亿元/year"}


def test_points_of_a_level_that_nobody_printed_are_asked_in_points():
    plan = load_plan("linhai-14fyp")  # the myopia rate shall fall by 5 points, its level is not printed
    table = break_down(plan, load_scenario("baseline"), indicators=("myopia_rate_reduction",)).table
    own = table[(table["number"] == "31") & table["year"].notna()]
    assert set(own["asked_unit"]) == {"pp/year"} and own["asked"].tolist() == pytest.approx([-1] * 5)

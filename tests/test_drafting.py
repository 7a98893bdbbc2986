"""Drafts: values for chances of every kind, figures that agree with each other, and plans begun from a sheet."""

import io
import math
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document
from docx.shared import Pt
from handmade import audit_plan, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel import load_plan, load_scenario
from planmodel.audit import audit
from planmodel.charts.chart import unique
from planmodel.documents.beginning import begin
from planmodel.documents.histories import read_histories
from planmodel.documents.newcomers import Newcomers
from planmodel.drafting import CHANCES, draft
from planmodel.drafting.values import sided, success_of, with_value
from planmodel.drivers import growth_targets
from planmodel.errors import PlanmodelError
from planmodel.feasibility import assess_plan
from planmodel.feasibility.milestones import real_nominal
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.kinds import KINDS
from planmodel.report.document import FANS, draft_document
from planmodel.workbooks.updating import accept_draft, extend_catalogue, save_source

BASELINE = load_scenario("baseline")
FEW = {"n_draws": 2000}
IDENTITIES = (
    "trade = exports + imports",
    "finance_share = finance_va / gdp",
    "productivity = gdp / employment",
)


@pytest.fixture(scope="module")
def drafted():
    """The drafts of two plans with all rows anew, as known before they began."""
    names = ("linhai-14fyp", "taizhou-services-14fyp")
    return {name: draft(load_plan(name), BASELINE, redraft=True, as_of=2020, **FEW) for name in names}


def test_the_value_for_a_chance_has_that_chance(drafted):
    seen = set()
    for name, result in drafted.items():
        asked = load_plan(name)
        tolerance = result.plan.catalogue.rules["about_tolerance"]
        for row in result.rows:
            outlook = row.assessment.outlook
            if not row.ladder or outlook is None:
                continue
            seen.add(row.target.kind)
            for p, value in zip(CHANCES, row.ladder, strict=True):
                if math.isnan(value):
                    continue
                share = success_of(sided(asked.target(row.target.id)), outlook, value, tolerance).mean()
                exact = abs(share - p) <= 2 / FEW["n_draws"]
                ties = len(np.unique(outlook.values[:, -1])) < FEW["n_draws"] / 2  # shares held at 0 or 100
                assert exact or (ties and share >= p - 2 / FEW["n_draws"]), (row.target.id, p, share)
    judged = {name for name, kind in KINDS.items() if kind.reads is not None}
    assert (
        {"level", "keep", "annual_growth", "cumulative_sum", "cumulative_change_pct", "multiple"}
        <= seen
        <= judged
    )


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.reads is not None])
@pytest.mark.parametrize("comparator", ["", "ge", "le", "about"])
def test_every_kind_gets_a_value(kind, comparator, tmp_path):
    indicator = {"indicator": "energy"} if comparator == "le" else {"indicator": "trade"}
    if KINDS[kind].figure == "points":
        indicator = {"indicator": "finance_share"}
    level = 30 if kind == "keep" or indicator["indicator"] != "trade" else 100
    yearly = 0.98 if indicator["indicator"] == "energy" else 1.02
    seen = [
        indicator | {"period": str(year), "value": level * yearly ** (year - 2010)}
        for year in range(2010, 2021)
    ]
    plan = audit_plan(
        tmp_path, [indicator | {"kind": kind, "status": "missing", "comparator": comparator}], seen
    )
    unit = plan.targets[0].unit or plan.targets[0].indicator.unit
    plan = replace(plan, targets=(replace(plan.targets[0], unit=unit),))
    row = draft(plan, scenario(), **FEW)["T1/1/1"]
    assert len(row.ladder) == len(CHANCES)
    down = comparator == "le" or row.target.indicator.direction == "lower"
    ladder = [(p, value) for p, value in zip(CHANCES, row.ladder, strict=True) if not math.isnan(value)]
    values = [value for _, value in ladder]
    assert len(values) >= 2
    assert values == sorted(values, reverse=down)
    for p, value in ladder:
        filled = replace(plan, targets=(with_value(sided(plan.targets[0]), value),))
        chance = assess_plan(filled, scenario(), **FEW)["T1/1/1"].probability
        assert chance == pytest.approx(p, abs=0.002)


def test_a_figure_has_the_chance_that_its_plan_gives_it(drafted):
    result = drafted["taizhou-services-14fyp"]
    judged = assess_plan(result.plan, BASELINE, as_of=2020, **FEW)
    for row in result.drafted:
        assert judged[row.target.id].probability == row.assessment.probability
    written = [
        a.success for a in judged.assessments if a.target.id in {row.target.id for row in result.drafted}
    ]
    assert (
        result.joint == pytest.approx(np.logical_and.reduce(written).mean(), abs=1e-9) or result.joint < 0.01
    )


def test_rates_are_drafted_in_tenths(drafted):
    rows = [row.target for result in drafted.values() for row in result.drafted]
    rates = [target.target_value for target in rows if KINDS[target.kind].figure in ("percent", "points")]
    assert len(rates) > 5 and all(round(rate, 1) == rate for rate in rates)


def blank_row(folder, indicator, values, **cells):
    """The draft of a blank level of an indicator, at a chance of 90 %, after its figures up to 2020."""
    years = range(2021 - len(values), 2021)
    seen = [
        {"indicator": indicator, "period": str(y), "value": v} for y, v in zip(years, values, strict=True)
    ]
    plan = audit_plan(folder, [{"indicator": indicator, "kind": "level", "status": "missing", **cells}], seen)
    (target,) = plan.targets
    blank = replace(plan, targets=(replace(target, unit=target.indicator.unit),))
    return draft(blank, scenario(), chance={"": 0.9}, **FEW)["T1/1/1"].target


@pytest.mark.parametrize(
    ("indicator", "given", "kind", "comparator"),
    [
        ("trade", "ge", "keep", "ge"), ("trade", "gt", "keep", "gt"), ("trade", "", "keep", "ge"),
        ("energy", "le", "keep", "le"), ("energy", "lt", "keep", "lt"), ("energy", "", "keep", "le"),
    ],
)  # fmt: skip
def test_what_the_base_has_already_is_to_be_held_on_its_side(tmp_path, indicator, given, kind, comparator):
    row = blank_row(
        tmp_path, indicator, [100, 103, 99, 101, 98, 102, 100, 101, 99, 100, 100], comparator=given
    )
    assert (row.kind, row.comparator) == (kind, comparator)


def test_things_that_are_counted_are_drafted_whole(tmp_path):
    counted, measured = (
        blank_row(folder, "trade", values).target_value
        for folder, values in (
            (tmp_path / "a", [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]),
            (tmp_path / "b", [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3.3]),
        )
    )
    assert counted == round(counted) and measured != round(measured)


def world(draw_of):
    """A region of which trade, finance, GDP and jobs are known for eleven years, by growth and noise."""
    seen, levels = [], {}
    growth = {
        name: draw_of(f"{name}_growth", 0.0, 0.1)
        for name in ("exports", "imports", "finance_va", "gdp", "employment")
    }
    start = {"exports": 80.0, "imports": 30.0, "finance_va": 60.0, "gdp": 1000.0, "employment": 50.0}
    for name, first in start.items():
        value = first * draw_of(f"{name}_size", 0.5, 3.0)
        for year in range(2010, 2021):
            levels[name, year] = value
            value *= 1 + growth[name] + draw_of(f"{name}{year}", -0.03, 0.03)
    for year in range(2010, 2021):
        levels["trade", year] = levels["exports", year] + levels["imports", year]
        levels["finance_share", year] = 100 * levels["finance_va", year] / levels["gdp", year]
        levels["productivity", year] = levels["gdp", year] / levels["employment", year]
    seen = [
        {"indicator": name, "period": str(year), "value": f"{value:.6g}"}
        for (name, year), value in levels.items()
    ]
    real = draw_of("prices", -0.01, 0.03)
    for year in range(2011, 2021):
        rate = levels["gdp", year] / levels["gdp", year - 1] / (1 + real) - 1
        seen.append(
            {"indicator": "gdp", "period": str(year), "value": f"{100 * rate:.2f}", "measure": "growth"}
        )
    rows = [{"indicator": name} for name in (*start, "trade", "finance_share", "productivity")]
    rows += [{"indicator": name, "kind": "annual_growth"} for name in ("gdp", "exports")]
    rows += [
        {"indicator": "trade", "kind": "cumulative_change_pct"},
        {"indicator": "finance_share", "kind": "change_pp"},
    ]
    return [row | {"status": "missing", "comparator": ""} for row in rows], seen


def checked(plan, chance):
    """Draft a generated plan: identities hold exactly, and the audit finds nothing."""
    result = draft(plan, scenario(), chance=chance, n_draws=400)
    found = {
        (row.target.indicator.id, row.target.kind): row.target
        for row in result.rows
        if row.target.target_value is not None
    }
    amounts = {name: t.figure for (name, kind), t in found.items() if kind in ("level", "keep")}
    if {"trade", "exports", "imports"} <= set(amounts):
        assert amounts["trade"] == pytest.approx(amounts["exports"] + amounts["imports"], rel=1e-12)
    if {"finance_share", "finance_va", "gdp"} <= set(amounts) and found.get(("finance_share", "level")):
        share = 100 * amounts["finance_va"] / amounts["gdp"]
        assert amounts["finance_share"] == pytest.approx(share, rel=5e-3)
    assert [(f.id, str(f.sentence["en"])) for f in result.findings] == []


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_a_draft_agrees_with_itself(data):
    _agrees(data)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_many_drafts_agree_with_themselves(data):
    _agrees(data)


def _agrees(data):
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    rows, seen = world(lambda _, low, high: rng.uniform(low, high))
    with tempfile.TemporaryDirectory() as folder:
        plan = audit_plan(Path(folder), rows, seen, identities=list(IDENTITIES))
        checked(plan, data.draw(st.sampled_from([0.5, 0.7, 0.85])))


def test_binding_rows_can_be_safer_and_a_joint_chance_sets_the_single_ones():
    plan = load_plan("linhai-14fyp")
    given = {"redraft": True, "as_of": 2020, "indicators": ("pm25", "gdp", "urbanisation_resident"), **FEW}
    result = draft(plan, BASELINE, chance={"": 0.5, "binding": 0.9}, **given)
    chances = {row.target.binding: row.asked for row in result.drafted}
    assert chances == {True: 0.9, False: 0.5}
    together = draft(plan, BASELINE, joint=0.5, **given)
    assert together.joint == pytest.approx(0.5, abs=0.06)  # figures are rounded
    assert min(row.asked for row in together.drafted) > 0.5


@pytest.mark.parametrize(
    "asked, place",
    [({"chance": 1.2}, "chance"), ({"chance": {"gdpp": 0.5}}, "gdpp"), ({"joint": 0.0}, "joint")],
)
def test_a_chance_that_cannot_be_asked_for_is_refused(asked, place):
    with pytest.raises(PlanmodelError, match=place):
        draft(load_plan("taizhou-services-14fyp"), BASELINE, **asked, **FEW)


def test_the_same_seed_gives_the_same_draft():
    plan = load_plan("taizhou-services-14fyp")
    given = {"redraft": True, "as_of": 2020, "indicators": ("services_va", "services_share"), "n_draws": 100}
    first, second = (draft(plan, BASELINE, **given).table for _ in range(2))
    assert first.map(str).equals(second.map(str))


SHEET = """Main indicators of Taizhou,,,,,,
Indicator,Unit,2021,2022,2023,2024,2025
GDP,100 million yuan,"5,786",6041,6241,6500,6800
"growth (%)",,8.3,2.7,4.9,–,5.4
Services value added,100 million yuan,2939,3050,3200,3390,3570
Services share of GDP (%),,50.8,50.5,51.3,52.2,52.5
Energy use per unit of GDP growth,%,-3.1,-2.2,-2.0,-2.7,-3.3
Sponge cakes sold,cakes,10,12,13,15,18
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder of one's own, and a sheet of histories."""
    folder = tmp_path / "data"
    shutil.copytree(Path(__file__).parent.parent / "data", folder)
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    (tmp_path / "history.csv").write_text(SHEET, encoding="utf-8")
    return folder


def test_a_sheet_of_histories_is_read(tmp_path, data):
    rows = read_histories(tmp_path / "history.csv")
    assert [(s.name, s.unit, s.growth, len(s.figures)) for s in rows] == [
        ("GDP", "100 million yuan", False, 5), ("GDP", "%", True, 4), ("Services value added", "100 million yuan", False, 5),
        ("Services share of GDP", "%", False, 5), ("Energy use per unit of GDP", "%", True, 5), ("Sponge cakes sold", "cakes", False, 5),
    ]  # fmt: skip
    assert rows[0].figures[2021] == "5786"


def test_the_same_sheet_as_a_workbook(tmp_path, data):
    table = pd.DataFrame(
        [line.split(",") for line in SHEET.replace('"5,786"', "5786").replace('"', "").splitlines()]
    )
    table.to_excel(tmp_path / "history.xlsx", index=False, header=False)
    rows = read_histories(tmp_path / "history.xlsx")
    assert [dict(s.figures) for s in rows] == [
        dict(s.figures) for s in read_histories(tmp_path / "history.csv")
    ]


@pytest.mark.parametrize(("name", "lang"), [("linhai-14fyp", "zh"), ("taizhou-services-14fyp", "en")])
def test_a_draft_as_a_document(drafted, name, lang):
    result = drafted[name]
    content = draft_document(result, lang)
    document = Document(io.BytesIO(content))
    assert len(content) < 1_000_000
    assert document.paragraphs[-1].paragraph_format.line_spacing == Pt(1), (
        "no sheet of its own behind the last table"
    )
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert all(alts) and len(alts) == -(-len(unique(row.assessment for row in result.drafted)) // FANS)
    first, *_ = document.tables
    with_values = result.table.value_50.notna().sum()
    assert len(first.rows) == 1 + with_values, "the answer comes first, with every figure"
    years = [[cell.text for cell in table.rows[0].cells if cell.text.isdigit()] for table in document.tables]
    end = str(result.plan.period[1])
    assert end in {each[-1] for each in years if each}, "the plan's years end a table"
    assert all(each[-1] == end or each[0] > end for each in years if each)


def test_the_first_sheet_with_years_is_read_whatever_stands_before_it(tmp_path, data):
    with pd.ExcelWriter(tmp_path / "h.xlsx") as book:
        pd.DataFrame([["Statistics office"]]).to_excel(book, sheet_name="cover", index=False, header=False)
        figures = pd.DataFrame([["", "2020-01-01", "2021-01-01"], ["Literacy (%)", 0.72, 0.74]])
        figures.to_excel(book, sheet_name="data", index=False, header=False)
    series = read_histories(tmp_path / "h.xlsx")
    assert [dict(one.figures) for one in series] == [{2020: "0.72", 2021: "0.74"}]
    begun = begin("l", "linhai", (2026, 2030), "2026-01-01", load_catalogue(data), (), series)
    assert begun.small == ("Literacy",)  # fractions, perhaps


def test_marks_behind_figures_and_years_are_no_part_of_them(tmp_path):
    (tmp_path / "h.csv").write_text(
        "Unit: items,unit,2022,2023\u00b9,2024 (r),2025p\nCrime,cases,155r,126.9\u00b9,:,140*\n",
        encoding="utf-8",
    )
    (series,) = read_histories(tmp_path / "h.csv")
    assert series.figures == {2022: "155", 2023: "126.9", 2025: "140"}


def test_fiscal_years_head_a_sheet_and_figures_do_not(tmp_path, data):
    heads = "Indicator,unit,2018/19,FY2019-20,2020/2021,2022"
    (tmp_path / "h.csv").write_text(f"Selected indicators\n{heads}\nPower stations,MW,1252,1402,2050,2052\n")
    (series,) = read_histories(tmp_path / "h.csv")
    assert series.figures == {2019: "1252", 2020: "1402", 2021: "2050", 2022: "2052"}


def test_growth_at_prices_and_money_by_its_sign(tmp_path, data):
    """GSDP growth at constant prices is growth of GDP; a growth row of its own is judged as what grows; ₹ crore is money of India."""
    with (data / "regions.csv").open("a") as file:
        file.write("india,,India,country,,INR\n")
    rows = [
        "GSDP growth (constant prices) (%),8.4,7.6",
        "Bank credit growth (%),12,14",
        "Own receipts (₹ crore),500,560",
    ]
    (tmp_path / "h.csv").write_text("\n".join(["Indicator,2021-22,2022-23", *rows]), encoding="utf-8")
    begun = begin(
        "i", "india", (2024, 2028), "2024-01-01", load_catalogue(data), (), read_histories(tmp_path / "h.csv")
    )
    assert [(row["indicator"], row["kind"], row["unit"]) for row in begun.source.targets] == [
        ("gdp", "annual_growth", "%"), ("bank_credit", "annual_growth", "%"), ("own_receipts", "level", "crore INR"),
    ]  # fmt: skip
    assert begun.new.indicators["bank_credit"].reference == "any_count"
    assert (
        begun.new.indicators["own_receipts"].price_basis == "nominal"
        and begun.new.units["crore INR"].dimension == "INR"
    )


def test_what_a_sheet_says_of_money_and_shares(tmp_path, data):
    """Money in the region's currency is the catalogue's; a share of GDP is no sum of money; classes by name; % alone is not enough."""
    with (data / "regions.csv").open("a") as file:
        file.write("uganda,,Uganda,country,,UGX\n")
    rows = [
        "GDP at market prices,trillion UGX,120,130", "Tax revenue,% of GDP,12.8,13.0", "Maternal mortality,\"per 100,000 births\",240,189",
        "Population,million persons,43.7,45.5", "GDP (constant prices),trillion UGX,110,115",
    ]  # fmt: skip
    head = "Indicator,unit,2021/22,2022/23"
    (tmp_path / "h.csv").write_text("\n".join([head, *rows]))
    catalogue = load_catalogue(data)
    begun = begin(
        "u", "uganda", (2024, 2028), "2024-01-01", catalogue, (), read_histories(tmp_path / "h.csv")
    )
    made = begun.new.indicators
    cells = {row["indicator"]: row["unit"] for row in begun.source.targets}
    assert cells["gdp"] == "trillion UGX" and begun.new.known.units["million persons"].dimension == "person"
    (tax,) = (i for i in made.values() if i.name_en == "Tax revenue")
    assert (tax.scale, tax.unit) == ("share", "%")
    assert (made["maternal_mortality"].reference, made["gdp_constant_prices"].price_basis) == (
        "maternal_mortality",
        "real",
    )
    (tmp_path / "h.csv").write_text(f"{head}\nTax revenue,%,12.8,13.0")
    with pytest.raises(PlanmodelError, match="% of GDP"):
        begin("u", "uganda", (2024, 2028), "2024-01-01", catalogue, (), read_histories(tmp_path / "h.csv"))


UNITS = """Indicator (unit),2023,2024,2025
"GDP at constant 2015 prices (RM million)",115787,121345,126923
"  annual growth (%)",3.3,4.8,4.6
"Manufacturing output (RM mil, constant 2015 prices)",53850,55900,58100
"Farm output (constant 2015 RM million)",538,559,581
"GDP per capita, current prices (RM)",72586,76033,79500
"Population ('000)",1764.9,1783.6,1797.0
"Labour force ('000 persons)",947.0,962.3,975
"Deaths of infants (per 1,000 live births)",6.3,6.1,
"Arrivals (million)",7.27,7.87,8.2
Unemployed (thousand persons),20.8,19.2,18.5
Doctors per 1000 people,2.1,2.2,2.3
Natural increase (‰),0.3,-0.8,-1.6
Net migration (persons),1200,-300,-900
Rank by income (place),9,9,8
"""


def test_units_as_offices_write_them(tmp_path, data):
    """Signs of money, thousands, prices within the unit; what is counted at constant prices grows by its own growth.

    No class tells how a rate in per mille moves. Drawn anew the draft is the same again.
    """
    with (data / "regions.csv").open("a") as file:
        file.write("penang,,Penang,country,,MYR\n")
    (tmp_path / "h.csv").write_text(UNITS)
    begun = begin(
        "p",
        "penang",
        (2026, 2030),
        "2026-01-01",
        load_catalogue(data),
        (),
        read_histories(tmp_path / "h.csv"),
    )
    made, units = begun.new.indicators, begun.new.known.units
    found = {
        i.name_en: (i.unit, units[i.unit].factor, units[i.unit].dimension, i.price_basis)
        for i in made.values()
    }
    assert found == {
        "GDP at constant 2015 prices": ("million MYR", 1e6, "MYR", "real"),
        "Manufacturing output, constant 2015 prices": ("million MYR", 1e6, "MYR", "real"),
        "Farm output, constant 2015 prices": ("million MYR", 1e6, "MYR", "real"),
        "Population": ("thousand", 1e3, units["个"].dimension, "none"),
        "Labour force": ("thousand persons", 1e3, "person", "none"),
        "Deaths of infants": ("per 1,000 live births", 1, "per 1,000 live births", "none"),
        "Doctors per 1000 people": ("per 1000 people", 1, "per 1000 people", "none"),
        "Unemployed": ("thousand persons", 1e3, "person", "none"),
        "Natural increase": ("‰", 0.1, "percent", "none"),
        "Net migration": ("人", 1, "person", "none"),
        "Rank by income": ("位", 1, "rank", "none"),
        "Arrivals": ("million", 1e6, units["个"].dimension, "none"),
    }
    assert made["unemployed"].direction == "lower" and made["natural_increase"].scale == "rate"
    assert made["rank_by_income"].direction == "lower"
    with_new = {**begun.new.catalogue.indicators, **made}
    assert [(row["indicator"], row["kind"]) for row in begun.source.targets][4] == ("gdp_per_capita", "level")
    extend_catalogue(data, begun.new.rows())
    save_source(begun.source, begun.new.known)
    result = draft(load_plan("p"), BASELINE, n_draws=200)
    why = {
        row.target.indicator.id: str(row.assessment.reason) for row in result.rows if row.assessment.reason
    }
    assert list(why) == ["natural_increase", "net_migration"] and "in ‰" in why["natural_increase"]
    level, growth = (row.target for row in result.rows[:2])  # one quantity: the growth is that of the level
    assert growth.figure == pytest.approx(100 * ((level.figure / 126923) ** (1 / 5) - 1), abs=0.051)
    assert "keep" in {
        t.kind for t in result.plan.targets
    }  # what is drawn anew is the same again, rows to be held too
    again = draft(result.plan, BASELINE, n_draws=200, redraft=True)
    rows = [[(t.kind, t.comparator, t.target_value) for t in made.plan.targets] for made in (result, again)]
    assert rows[0] == rows[1]
    both = real_nominal(result.plan, level, BASELINE)
    assert both.real == pytest.approx((level.figure / 126923) ** (1 / 5) - 1) and both.nominal_end is None
    assert growth_targets(result.plan)[0] == growth  # read as GDP
    real = with_new["gdp_at_constant_2015_prices"]
    assert real.dependence == "gdp" and not real.deflated("real") and with_new["gdp"].deflated("real")


@pytest.mark.parametrize(
    "text, said",
    [
        ("a,b\n1,2\n", "two years"),
        ("x,2020,2021\nGDP,1,many\n", "'many'"),
        ("x,2020,2021\nGDP,1,2\n,3,4\n", "row 3.*name of an indicator"),
        ("x,2020,2021,2022E\nGDP,1,2,3\n", "2022E"),
        ("x,2020,2021,2021\nGDP,1,2,3\n", "two columns"),
    ],
)
def test_a_sheet_that_will_not_do_is_refused(text, said, tmp_path):
    (tmp_path / "h.csv").write_text(text)
    with pytest.raises(PlanmodelError, match=said):
        read_histories(tmp_path / "h.csv")


def test_from_a_sheet_to_the_rows_of_a_plan(tmp_path, data, capsys):
    from planmodel.commands.cli import main

    asked = [
        "new",
        "mine",
        "--region",
        "taizhou",
        "--period",
        "2026-2030",
        "--histories",
        str(tmp_path / "history.csv"),
    ]
    assert main(asked) == 0
    assert "1 indicator added" in capsys.readouterr().out
    assert main(["check", "mine"]) == 0
    plan = load_plan("mine")
    assert all(t.status == "missing" and t.target_year == 2030 for t in plan.targets)
    assert "services_share = services_va / gdp" in [str(one) for one in plan.identities]
    assert main(["draft", "mine", "--accept", "--draws", "500", "--lang", "zh"]) == 0
    accepted = load_plan("mine")
    written = {t.indicator.id: t for t in accepted.targets}
    assert written["gdp"].target_value is not None and "Drafted" in written["gdp"].note
    assert written["energy_intensity"].target_value < 0
    assert not [f for f in audit(accepted).findings if f.severity in ("contradiction", "tension")]
    assert main(["assess", "mine", "--set", "services_va.target=4600", "--draws", "500"]) == 0
    assert main(asked) == 2  # it is there
    assert main(["draft", "mine", "--redraft", "--accept", "--draws", "500"]) == 0
    assert all(t.note.count("Drafted:") <= 1 for t in load_plan("mine").targets)


ABROAD = """Indicator,unit,2019,2020,2021,2022,2023,2024,2025,2026
GDP,billion RWF,9307,9607,10929,13716,16355,18785,21000,23000
Real GDP growth,%,9.5,-3.4,10.9,8.2,8.2,8.9,7.0,
Access to electricity,% of population,38,46.6,48.7,50.6,63.9,70,75,
Under-five mortality,"per 1,000 live births",41,40,40,39,39,38,37,
Rice sold growth,%,1,2,1,2,3,1,2,
"""


def test_a_region_in_another_country_with_units_of_its_own(data, tmp_path, capsys):
    from planmodel.commands.cli import main

    with (data / "regions.csv").open("a", encoding="utf-8") as file:
        file.write("rwanda,卢旺达,Rwanda,country,,\n")
    (tmp_path / "abroad.csv").write_text(ABROAD, encoding="utf-8")
    assert (
        main(
            [
                "new",
                "far",
                "--region",
                "rwanda",
                "--period",
                "2026-2030",
                "--histories",
                str(tmp_path / "abroad.csv"),
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert '"Real GDP" is taken as GDP' in said and "billion RWF" in said
    plan = load_plan("far")
    scales = {t.indicator.name_en: (t.indicator.scale, t.indicator.direction) for t in plan.targets}
    assert scales["Access to electricity"] == ("share", "higher")
    assert scales["Under-five mortality"] == ("density", "lower")
    assert max(o.last_year for o in plan.observations) == 2025
    rows = {(r.target.indicator.name_en, r.target.kind): r for r in draft(plan, BASELINE, **FEW).rows}
    assert all(row.ladder for row in rows.values())
    assert rows["Access to electricity", "level"].ladder[-1] <= 100
    assert len({row.target.indicator.id for (name, _), row in rows.items() if name == "GDP"}) == 1


def test_a_plan_begins_with_what_the_last_one_promised(data):
    plans = [load_plan(name) for name in ("linhai-14fyp", "taizhou-services-14fyp")]
    start = begin("next", "linhai", (2026, 2030), "2025-12-01", load_catalogue(), plans)
    rows = [row.cells for row in start.source.targets]
    assert {"gdp", "pm25"} <= {row["indicator"] for row in rows}
    assert {row["status"] for row in rows} == {"missing"}
    assert not start.new.indicators and start.source.observations


def test_names_of_a_sheet_are_found_in_both_languages():
    known = Newcomers(load_catalogue())
    names = {
        "地区生产总值": "gdp", "gross domestic product": "gdp", "服务业增加值": "services_va", "PM2.5": "pm25",
        "单位GDP能耗降低率": "energy_intensity_reduction", "Life expectancy": "life_expectancy", "Sponge cakes": "",
    }  # fmt: skip
    assert {name: known.found(name) for name in names} == names


def test_accepting_keeps_what_is_there(data):
    plan = load_plan("taizhou-services-14fyp")
    result = draft(plan, BASELINE, as_of=2020, **FEW)
    accept_draft(result)
    after = load_plan("taizhou-services-14fyp")
    for before, now in zip(plan.targets, after.targets, strict=True):
        if before.target_value is not None:
            assert now == before
    assert sum(t.target_value is not None for t in after.targets) > sum(
        t.target_value is not None for t in plan.targets
    )


def test_targets_of_one_year_stand_beside_those_announced_before(data, tmp_path, capsys):
    from planmodel.commands.cli import main

    assert (
        main(
            [
                "new",
                "year",
                "--region",
                "taizhou",
                "--period",
                "2026-2026",
                "--histories",
                str(tmp_path / "history.csv"),
            ]
        )
        == 0
    )
    capsys.readouterr()
    assert main(["draft", "year", "--draws", "500"]) == 0
    assert "2003-2008 80% (of 691)" in capsys.readouterr().out

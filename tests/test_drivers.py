"""Drivers of a plan's growth target: assumptions and their sources, readings of targets, records, tables, command."""

import importlib.util
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from planmodel import NotAssessable, PlanmodelError, load_plan, load_scenario
from planmodel.arithmetic.accounting import capital_path, total_growth
from planmodel.arithmetic.growth import cagr
from planmodel.charts import trade_off_chart
from planmodel.commands.cli import main
from planmodel.drivers import (
    NAMES,
    RANGES,
    assumed_for,
    assumptions_in,
    drivers,
    growth_targets,
    load_assumptions,
    load_records,
    own_record,
    swings,
)
from planmodel.drivers.results import COLUMNS
from planmodel.lab.study import check_parameters
from planmodel.plans import plan_names
from planmodel.plans.catalogue import Region
from planmodel.tables.drivers import (
    ASSUMPTIONS,
    GOALS,
    NEEDS,
    OWN_RECORD,
    SWINGS,
    drivers_answer,
    drivers_sources,
    path_answer,
)
from planmodel.tables.reading import read
from planmodel.words import LANGS

ROOT = Path(__file__).parent.parent
BASELINE = load_scenario("baseline")
READABLE = [name for name in plan_names() if name != "jiaojiang-commerce-14fyp"]
TAIZHOU, LINHAI, QUZHOU, XIANGTAN = (
    "taizhou-services-14fyp", "linhai-14fyp", "quzhou-services-2023-2027", "xiangtan-services-14fyp",
)  # fmt: skip


def found(name, text="", **options):
    return drivers(load_plan(name), BASELINE, assumptions_in(text), **options)


def readings(result, lang):
    """Every table of a result as it is read, by the columns it is read with."""
    tables = {
        "goals": (result.goals_table, GOALS),
        "needs": (result.table, NEEDS),
        "assumptions": (result.assumptions_table, ASSUMPTIONS),
        "own": (own_record(result), OWN_RECORD),
        "swings": (swings(result), SWINGS),
    }
    return {name: read(table, lang, columns).text for name, (table, columns) in tables.items()}


class TestAssumptions:
    def test_percent_fractions_and_years(self):
        given = assumptions_in("labour_share=0.5, investment_share=43，productivity=0.8; capital_output = 3")
        assert given.values == {
            "labour_share": 0.5, "investment_share": 0.43, "productivity": 0.008, "capital_output": 3.0,
        }  # fmt: skip
        assert assumptions_in("labour_share=50%").values == {"labour_share": 0.5}
        assert assumptions_in("population=−0.5").values == {"population": -0.005}
        assert assumptions_in("").values == {}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("labor_share=50", "Did you mean 'labour_share'?"),
            ("labour_share", "NAME=VALUE"),
            ("labour_share=x", "5 to 95 percent, found 'x'"),
            ("labour_share=120", "5 to 95 percent, found 120"),
            ("investment_share=1", "2 to 100 percent, found 1"),
            ("depreciation=0.05", "Percent is meant: 5."),
            ("capital_output=-3", "0.2 to 20 years of output"),
            ("productivity=nan", "found 'nan'"),
            ("productivity=1, productivity=2", "one value, found two"),
            ("labour=1, participation=1", "labour or its parts"),
            ("reading=services", "economy or sector"),
            ("reading=sector", "Add labour_share=..., capital_output=..., investment_share=..., labour=..."),
        ],
    )
    def test_mistakes_get_one_clear_line(self, text, said):
        with pytest.raises(PlanmodelError) as caught:
            assumptions_in(text)
        assert said in str(caught.value)

    @pytest.mark.parametrize(
        "text", ["labour_share", "labour_share=x", "reading=sector", "labour=1, participation=1"]
    )
    def test_mistakes_are_said_in_chinese_too(self, text):
        with pytest.raises(PlanmodelError) as caught:
            assumptions_in(text)
        said = caught.value.text("zh")
        assert "应为" in said and "expected" not in said and "Add" not in said and "Leave" not in said

    def test_all_mistakes_at_once_also_through_the_notebook(self):
        with pytest.raises(PlanmodelError) as caught:
            check_parameters({"assumptions": "labor_share=50, depreciation=0.05", "lang": "fr"})
        assert {fault.what for fault in caught.value.faults} == {
            "assumptions",
            "assumptions, depreciation",
            "lang",
        }
        with pytest.raises(PlanmodelError, match="a text such as"):
            check_parameters({"assumptions": 3})
        assert check_parameters({"assumptions": "productivity=1"}).assumptions.values == {
            "productivity": 0.01
        }

    def test_own_figures_go_before_those_of_the_parent_and_the_nation(self):
        chosen = assumed_for(load_plan(LINHAI), assumptions_in("investment_share=45"))
        names = ("investment_share", "population", "working_age", "depreciation")
        assert [chosen[n].origin for n in names] == ["user", "region", "parent", "general"]
        assert [chosen[n].value for n in names] == pytest.approx([0.45, 0.008, -0.007, 0.053])

    def test_labour_as_a_whole_is_what_the_accounting_gets(self):
        assert found(LINHAI, "labour=-1").assumptions.labour == pytest.approx(-0.01)

    def test_every_figure_has_source_date_and_a_value_in_range(self):
        for figures in load_assumptions().values():
            for name, one in figures.items():
                low, high = RANGES[name]
                assert low <= one.value * (1 if name == "capital_output" else 100) <= high
                assert one.source["zh"] and one.source["en"] and one.date
                office = re.search("Bureau of Statistics|World Bank|Penn World Table", one.source["en"])
                assert office or name == "participation"
                assert not one.url or re.search(
                    r"//[\w.]*(stats\.gov\.cn|tjj\.\w+\.gov\.cn|worldbank\.org|rug\.nl)/", one.url
                )
        assert set(load_assumptions()[""]) == set(NAMES)

    def test_figures_worked_out_from_what_their_source_prints(self):
        figures = load_assumptions()
        census = {
            "taizhou": (5968838, 6622888),
            "linhai": (1114146 - 85333, 1114146),
            "xiangtan": (2748552, 2726181),
        }
        for region, (before, after) in census.items():
            assert figures[region]["population"].value == pytest.approx(cagr(before, after, 10), abs=6e-5)
        assert figures["taizhou"]["working_age"].value == pytest.approx(
            cagr(65.74 + 4.64, 65.74, 10), abs=5e-4
        )
        assert figures[""]["working_age"].value == pytest.approx(cagr(63.35 + 6.79, 63.35, 10), abs=5e-4)
        assert figures[""]["capital_output"].value == pytest.approx(42.5 / 14.3, abs=0.05)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda c: c["assumptions"].pop("depreciation"), "depreciation: expected a figure"),
            (lambda c: c["assumptions"]["labour_share"].update(value=120), "5 to 95, found 120"),
            (
                lambda c: c["assumptions"]["labour_share"].pop("source"),
                "labour_share.source: expected a source, in zh",
            ),
            (lambda c: c["regions"]["linhai"].update(poplation={}), "Did you mean 'population'"),
            (lambda c: c.update(regions=[1]), "regions with their figures"),
        ],
    )
    def test_faults_of_the_file_are_named(self, tmp_path, change, said):
        content = yaml.safe_load((ROOT / "data" / "assumptions.yaml").read_text(encoding="utf-8"))
        change(content)
        (tmp_path / "assumptions.yaml").write_text(
            yaml.safe_dump(content, allow_unicode=True), encoding="utf-8"
        )
        with pytest.raises(PlanmodelError) as caught:
            load_assumptions(tmp_path)
        assert said in str(caught.value)


class TestReadings:
    def test_a_real_rate_is_taken_as_it_is(self):
        goal = found(LINHAI).goal
        assert (goal.target.id, goal.output) == ("T2/1/1", "gdp") and goal.growth == pytest.approx(0.068)

    def test_a_level_is_deflated_and_a_doubling_is_real(self):
        goals = {goal.target.id: goal for goal in found(LINHAI).goals}
        assert goals["text/5/1"].growth == pytest.approx((1 + cagr(738.48, 1000, 5)) / 1.015 - 1)
        assert goals["text/2/1"].growth == pytest.approx(2 ** (1 / 15) - 1)
        assert goals["text/2/2"].growth == pytest.approx(2 ** (1 / 15) * 1.008 - 1)

    def test_services_imply_gdp_along_the_share(self):
        goal = found(TAIZHOU).goal
        services = (1 + cagr(2669.73, 4000, 5)) / 1.015 - 1
        assert goal.growth == pytest.approx((1 + services) / (53 / 50.7) ** 0.2 - 1)
        goal = found(XIANGTAN).goal
        assert goal.target.kind == "annual_growth"
        assert goal.growth == pytest.approx(1.075 / (50 / 42.7) ** 0.2 - 1)

    def test_without_a_target_of_the_share_it_stays_and_that_is_said(self):
        goal = found(QUZHOU).goal
        assert goal.growth == pytest.approx(0.065)
        assert "unchanged" in goal.steps[-1]["en"] and "不变" in goal.steps[-1]["zh"]
        given = found(QUZHOU, "services_share=55").goal
        assert given.growth < goal.growth and "user" in given.steps[-1]["en"]

    def test_services_as_a_sector_take_figures_of_services(self):
        text = "reading=sector, labour_share=50, capital_output=4, investment_share=40, labour=2"
        result = found(TAIZHOU, text)
        assert result.goal.output == "services_va"
        assert result.goal.growth == pytest.approx((1 + cagr(2669.73, 4000, 5)) / 1.015 - 1)
        assert result.assumptions.labour == pytest.approx(0.02) and result.assumptions.population == 0

    def test_a_sector_has_no_record_of_whole_economies(self):
        result = found(
            TAIZHOU, "reading=sector, labour_share=50, capital_output=4, investment_share=40, labour=2"
        )
        assert set(readings(result, "en")["needs"]["Verdict"]) == {"no record"}
        assert result.table.percentile.isna().all()
        chart = trade_off_chart(result, "en")
        assert not chart.data.series.str.startswith("c").any()
        assert "no record of services" in chart.figure.texts[-1].get_text()

    def test_turnover_has_no_production_function(self):
        result = found("jiaojiang-commerce-14fyp")
        assert result.goal is None and not result.needs and "turnover" in result.reason["en"]
        with pytest.raises(NotAssessable):
            growth_targets(load_plan(LINHAI), ("labour_productivity",))

    def test_services_without_a_share_are_refused_with_the_way_out(self):
        plan = load_plan(TAIZHOU)
        bare = replace(
            plan,
            identities=(),
            observations=tuple(o for o in plan.observations if o.indicator not in ("services_share", "gdp")),
        )
        result = drivers(bare, BASELINE)
        assert result.goal is None and "reading=sector" in result.reason["en"]

    def test_a_blank_target_says_that_it_is_blank(self):
        plan = load_plan(LINHAI)
        blank = tuple(
            replace(t, target_value=None, status="missing") if t.indicator.id.startswith("gdp") else t
            for t in plan.targets
        )
        assert "blank" in drivers(replace(plan, targets=blank), BASELINE).reason["en"]

    def test_the_past_is_the_published_real_growth_or_says_how_it_was_made(self):
        past = found(LINHAI).past
        assert (past.growth, past.first_year, past.last_year, past.notes) == (
            pytest.approx(0.063),
            2015,
            2020,
            (),
        )
        assert "deflator" in found(TAIZHOU).past.notes[0]["en"]


@pytest.mark.parametrize("name", READABLE)
class TestResults:
    def test_each_need_alone_meets_the_target(self, name):
        result = found(name)
        for need in result.needs:
            assert need.attainable
            met = result.assumptions.having(need.term, need.value)
            assert capital_path(met, result.goal.n_years).mean == pytest.approx(result.goal.growth)

    def test_cases_add_up(self, name):
        for case in found(name).cases:
            assert sum(case.parts.values()) == pytest.approx(case.growth, abs=1e-12)

    def test_the_record_is_met_by_its_own_productivity(self, name):
        result = found(name)
        before = result.assumptions.having("productivity", result.past_productivity)
        assert capital_path(before, result.past.n_years).mean == pytest.approx(result.past.growth)

    def test_swings_go_the_way_they_must(self, name):
        result = found(name)
        own = result.need("productivity").value
        for swing in swings(result).itertuples():
            low, high = swing.needed_low_pct / 100, swing.needed_high_pct / 100
            assert min(low, high) <= own <= max(low, high)
            if swing.name in ("investment_share", "labour", "human_capital"):
                assert low > high, swing.name
            if swing.name in ("capital_output", "depreciation"):
                assert low < high, swing.name

    @pytest.mark.parametrize("lang", LANGS)
    def test_texts_and_tables_in_both_languages(self, name, lang):
        result = found(name)
        said = "".join(text(result)[lang] for text in (drivers_answer, path_answer, drivers_sources))
        tables = readings(result, lang)
        for text in (said, *(table.to_csv() for table in tables.values())):
            assert not re.search(r"\b(nan|None)\b", text)
        assert f"{100 * result.goal.growth:.1f}%" in said
        assert len(tables["needs"]) == len(result.needs) and len(tables["assumptions"]) == len(NAMES)
        other = {"zh": "assumed", "en": "假定"}[lang]
        assert other not in said


@pytest.mark.parametrize("lang", LANGS)
def test_a_plan_without_a_target_of_output_says_why(lang):
    result = found("jiaojiang-commerce-14fyp")
    assert result.reason[lang] in drivers_answer(result)[lang].replace("\\", "")
    tables = readings(result, lang)
    assert all(tables[name].empty for name in ("goals", "needs", "swings"))
    assert len(tables["assumptions"]) == len(NAMES) and path_answer(result)[lang] == ""


def test_more_than_all_output_is_said_in_words():
    result = found(LINHAI, "capital_output=12")
    assert result.need("investment_share").why == "above_output"
    said = drivers_answer(result)
    assert "Investment share alone **cannot** close it: it would take more than all output" in said["en"]
    assert "单靠投资率**做不到**：须把产出的" in said["zh"]
    assert "not attainable: more than all output" in readings(result, "en")["needs"].to_csv()


def test_what_lies_outside_the_record_is_flagged():
    table = readings(found(LINHAI), "en")["needs"].set_index("This alone")["Verdict"]
    assert table["Investment share"] == "outside the published range"
    assert table["Productivity growth (TFP)"] == "within the record"
    assert table["Labour growth (employed)"] == "beyond China's own record"
    own = readings(found(LINHAI, "labour_share=90"), "en")["assumptions"].set_index("Assumption")["Verdict"]
    assert own["Labour's share of income"] == "outside countries' 5–95%"
    assert own["Participation growth"] == "no record"
    assert (
        own["Population growth"] == "within the record"
    )  # its own census, though the nation's range is narrow


def test_a_plan_of_another_country_is_not_held_against_china():
    plan = load_plan("linhai-14fyp")
    regions = plan.catalogue.regions
    abroad = {
        "ruritania": Region("ruritania", "R", "R", "country", ""),
        "linhai": replace(regions["linhai"], parent="ruritania"),
    }
    here = drivers(plan, load_scenario("baseline"), assumptions_in("investment_share=24"))
    there = replace(
        here, plan=replace(plan, catalogue=replace(plan.catalogue, regions={**regions, **abroad}))
    )
    assert (
        here.flag("investment_share", 0.24) == "not_published"
        and there.flag("investment_share", 0.24) == "within"
    )
    own = ["china", "china_low", "china_high"]
    assert here.assumptions_table[own].notna().any(axis=None) and there.assumptions_table[own].isna().all(
        axis=None
    )
    assert there.assumptions_table.countries_low.notna().any()


def test_employment_that_two_promises_imply_is_shown():
    table = readings(found(LINHAI), "en")["own"].set_index("The region's own record")["Figure"]
    assert table["Employment the plan implies"] == "−0.2%"  # 1.068 / 1.07
    assert table["Employment that implies"] == "−1.7%"  # 1.063 / 1.081
    assert table["Fixed-asset investment over GDP"] == "67%"  # 345.8 / 515.6 in 2016


class TestRecords:
    def test_quantiles_rise_and_china_is_apart(self):
        records = load_records()
        assert set(records) == {
            "productivity", "human_capital", "population", "labour", "labour_share", "depreciation", "investment_share",
            "capital_output",
        }  # fmt: skip
        for record in records.values():
            assert list(record.quantiles) == sorted(record.quantiles)
            assert record.china_low <= record.china <= record.china_high
            assert record.percentile(record.quantile(0.25)) == pytest.approx(25, abs=0.5)
        assert records["productivity"].outside(0.05) and not records["productivity"].outside(0.02)

    def test_the_tool_makes_them_from_a_table(self, tmp_path, monkeypatch):
        spec = importlib.util.spec_from_file_location(
            "make_accounting", ROOT / "tools" / "make_accounting.py"
        )
        tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(tool)
        years = np.arange(1999, 2012)
        rows = []
        for n, country in enumerate(["AAA", "BBB", "CHN", "TINY"]):
            growth = 1.01 + 0.01 * n
            for t, year in enumerate(years):
                rows.append(
                    {"countrycode": country, "year": year, "pop": 0.1 if country == "TINY" else 10.0, "emp": 5.0,
                     "hc": 2.0, "rgdpna": 100.0 * growth**t, "rnna": 300.0 * growth**t, "rtfpna": growth**t,
                     "labsh": 0.5 + 0.1 * n, "delta": 0.05, "csh_i": 0.2}
                )  # fmt: skip
        path = tmp_path / "pwt.csv"
        pd.DataFrame(rows).to_csv(path, index=False)
        monkeypatch.setattr(tool, "OUT", tmp_path / "accounting.json")
        tool.main(path)
        made = json.loads((tmp_path / "accounting.json").read_text(encoding="utf-8"))["records"]
        own = made["productivity"]
        assert (own["n_members"], own["china"], own["last_years"]) == (2, pytest.approx(0.03), [2005, 2011])
        assert own["quantiles"][0] == pytest.approx(0.01) and own["quantiles"][-1] == pytest.approx(0.02)
        assert made["capital_output"]["china"] == pytest.approx(3) and made["labour_share"][
            "china"
        ] == pytest.approx(0.7)


class TestCommand:
    def test_csv_has_stable_columns(self, capsys):
        assert main(["drivers", LINHAI, "--format", "csv"]) == 0
        table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str, keep_default_na=False)
        assert tuple(table.columns) == COLUMNS and len(table) == 4

    def test_the_known_answer_comes_out_of_the_command(self, capsys):
        economy = (
            "labour_share=50 depreciation=5 capital_output=3 investment_share=40 productivity=1 human_capital=0.5 "
            "participation=0 working_age=-0.5 population=0.2"
        )
        assert main(["drivers", LINHAI, "--format", "json", "--set", *economy.split()]) == 0
        rows = json.loads(capsys.readouterr().out)
        numbers = found(LINHAI, economy.replace(" ", ",")).assumptions
        assert total_growth(numbers) == pytest.approx(1.050179 * 1.002 - 1, abs=5e-7)
        ratio, output = 3.0, 1.0
        for _ in range(5):
            capital = 0.95 + 0.4 / ratio
            growth = 1.01 * (1.005 * 0.995 * 1.002) ** 0.5 * capital**0.5
            ratio, output = ratio * capital / growth, output * growth
        assert rows[0]["reached_pct"] == pytest.approx(100 * (output**0.2 - 1), abs=1e-4)

    def test_text_in_chinese_and_the_assumption_counts(self, capsys):
        assert main(["drivers", TAIZHOU, "--lang", "zh", "--set", "investment_share=50"]) == 0
        out = capsys.readouterr().out
        assert "假定已足以支撑目标" in out and "\\" not in out and "**" not in out

    def test_no_target_is_no_mistake(self, capsys):
        assert main(["drivers", "jiaojiang-commerce-14fyp"]) == 0
        assert "turnover" in capsys.readouterr().out
        assert main(["drivers", "jiaojiang-commerce-14fyp", "--format", "csv"]) == 0
        assert capsys.readouterr().out.strip() == ",".join(COLUMNS)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--set", "labor_share=50"], "labour_share"),
            (["--indicator", "gpd"], "gdp"),
            (["--scenario", "basline"], "baseline"),
        ],
    )
    def test_mistakes(self, arguments, said, capsys):
        assert main(["drivers", LINHAI, *arguments]) == 2
        assert said in capsys.readouterr().err


def test_the_command_check_reads_the_assumptions(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    text = (folder / "assumptions.yaml").read_text(encoding="utf-8")
    (folder / "assumptions.yaml").write_text(text.replace("  linhai:", "  linhia:"), encoding="utf-8")
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    assert main(["check"]) == 2
    assert "assumptions.yaml, regions" in (out := capsys.readouterr().out) and "'linhai'" in out


def test_the_table_is_what_was_found():
    result = found(LINHAI)
    table = result.table.set_index("term")
    for need in result.needs:
        assert table.needed_pct[need.term] == pytest.approx(100 * need.value, abs=1e-4)

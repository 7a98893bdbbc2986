"""Plans in the layouts of other offices: what is exported, and that it comes back as it was."""

import csv
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from export_readers import from_iamc, from_sdmx, period_of, quantile_of, read_iamc
from hypothesis import given
from hypothesis import strategies as st

from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.arithmetic.periods import parse_period
from planmodel.commands.cli import main
from planmodel.errors import NotAssessable, PlanmodelError, UndefinedGrowth
from planmodel.exchange import INDEX, QUANTILES, Series, plan_series
from planmodel.exchange.iamc import meta_table, to_iamc
from planmodel.exchange.sdmx import (
    COLUMNS,
    COMPONENTS,
    DIMENSIONS,
    quantile_code,
    time_period,
    to_sdmx,
    unit_code,
)
from planmodel.exchange.sdmx_structure import code_lists, structure_message
from planmodel.feasibility import assess_plan
from planmodel.feasibility.milestones import milestones
from planmodel.plans import CHOICES, KINDS, Observation, load_plan, plan_names
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.scenarios import load_scenario
from planmodel.words import LANGS, significant

CATALOGUE = load_catalogue()
PLANS = plan_names()
SCENARIOS = ("baseline", "low")
DRAWS = 300


@pytest.fixture(scope="module")
def exported():
    """plan -> (its assessments by scenario, their series in all path shapes)"""
    made = {}
    for name in PLANS:
        scenarios = [load_scenario(scenario) for scenario in SCENARIOS]
        results = [assess_plan(load_plan(name), scenario, n_draws=DRAWS) for scenario in scenarios]
        made[name] = results, [item for result in results for item in plan_series(result, PATH_SHAPES)]
    return made


def as_read(table):
    """A table as another program reads it from CSV."""
    return pd.read_csv(io.StringIO(table.to_csv(index=False)), dtype=str, keep_default_na=False)


# What is exported


@pytest.mark.parametrize("name", PLANS)
def test_trajectories_are_the_milestones_of_every_shape(name, exported):
    (result, *_), series = exported[name]
    plan, compared = result.plan, 0
    for item in series:
        if item.figure == "trajectory" and item.unit != INDEX:
            path = milestones(plan, plan.target(item.target), load_scenario(item.scenario), item.variant)
            values = dict(zip(path.path.years.tolist(), path.path.values.tolist(), strict=True))
            assert dict(item.values) == pytest.approx(values, rel=1e-14)
            known = (path.measure, path.unit) if path.unit else ("change", plan.target(item.target).unit)
            assert (item.measure, item.unit) == known
            compared += 1
    assert compared > 20


@pytest.mark.parametrize("name", PLANS)
def test_every_target_with_milestones_has_a_trajectory(name, exported):
    (result, *_), series = exported[name]
    plan = result.plan
    has = {(item.target, item.variant) for item in series if item.figure == "trajectory"}
    for target in plan.targets:
        for shape in PATH_SHAPES:
            try:
                milestones(plan, target, load_scenario("baseline"), shape)
            except (NotAssessable, UndefinedGrowth):
                assert (target.id, shape) not in has
            else:
                assert (target.id, shape) in has


@pytest.mark.parametrize("name", PLANS)
def test_fans_are_the_quantiles_of_the_draws_and_stand_where_a_probability_stands(name, exported):
    results, series = exported[name]
    for result in results:
        for found in result.assessments:
            fan = {
                item.variant: dict(item.values)
                for item in series
                if item.figure == "fan"
                and (item.scenario, item.target) == (result.scenario.id, found.target.id)
            }
            assert bool(fan) == (found.probability is not None)
            if not fan:
                continue
            assert len(fan) == len(QUANTILES)
            ahead = found.outlook
            scale = 100 / found.base if ahead.history.real and found.base else 1.0
            for quantile in QUANTILES:
                expected = np.quantile(ahead.values, quantile, axis=0) * scale
                given_years = fan[f"{quantile:.6g}"]
                for year, value in zip(ahead.years.tolist(), expected.tolist(), strict=True):
                    if math.isfinite(value):
                        assert given_years[year] == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("name", PLANS)
def test_an_index_is_100_in_its_base_period(name, exported):
    for item in exported[name][1]:
        assert (item.unit == INDEX) == (item.base_period is not None)
        if item.unit == INDEX and item.base_period in dict(item.values):
            assert dict(item.values)[item.base_period] == pytest.approx(100, rel=1e-12)


def test_printed_figures_are_exported_as_they_are(exported):
    for name in PLANS:
        plan = load_plan(name)
        targets = {item.target: item for item in exported[name][1] if item.figure == "target"}
        for target in plan.targets:
            if target.target_value is None or not target.unit:
                assert target.id not in targets
            else:
                assert targets[target.id].values == ((target.target_year, target.target_value),)


def test_unknown_shapes_are_all_refused(exported):
    (result, *_), _ = exported[PLANS[0]]
    with pytest.raises(PlanmodelError) as error:
        plan_series(result, ["linaer", "linear", "logistik"])
    assert [fault.found for fault in error.value.faults] == ["'linaer'", "'logistik'"]


# Round trips


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_comes_back_from_the_iamc_layout(name, exported):
    series = exported[name][1]
    table = to_iamc(series, CATALOGUE)
    assert not table.duplicated(["Model", "Scenario", "Region", "Variable", "Unit"]).any()
    assert from_iamc(table, CATALOGUE) == tuple(series)
    assert from_iamc(as_read(table), CATALOGUE) == tuple(series)


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_comes_back_from_sdmx(name, exported):
    plan, series = load_plan(name), exported[name][1]
    observations, back = from_sdmx(as_read(to_sdmx([plan], series)))
    assert observations == {name: plan.observations}
    drawn = [item for item in series if item.figure in ("trajectory", "fan")]
    assert [item for item in back if item.figure in ("trajectory", "fan")] == drawn
    figures = {(item.target, item.figure): item for item in back if item.scenario == ""}
    for target in plan.targets:
        for figure, value in (("target", target.target_value), ("upper", target.target_upper)):
            if value is None:
                assert (target.id, figure) not in figures
            else:
                item = figures[target.id, figure]
                assert item.values == ((target.target_year, value),)
                assert (item.measure, item.unit, item.region) == (target.kind, target.unit, target.region)


numbers = st.floats(1e-6, 1e14).map(significant) | st.floats(-1e14, -1e-6).map(significant) | st.just(0.0)
ids = st.from_regex(r"(T[1-9]|text)/[1-9][0-9]?[a-z]?/[1-9]", fullmatch=True)
values = st.dictionaries(st.integers(1980, 2050), numbers, min_size=1, max_size=8).map(
    lambda found: tuple(sorted(found.items()))
)


@st.composite
def series_of_any_kind(draw):
    figure = draw(st.sampled_from(("history", "base", "target", "upper", "trajectory", "fan")))
    unit = draw(st.sampled_from([INDEX, *CATALOGUE.units]))
    measure = draw(
        st.sampled_from(
            tuple(KINDS) if figure in ("target", "upper") else ("level", "index", "flow", "cumulated")
        )
    )
    variants = {"trajectory": list(PATH_SHAPES), "fan": [f"{q:.6g}" for q in QUANTILES]}
    return Series(
        "some-plan", draw(ids), draw(st.sampled_from(list(CATALOGUE.indicators))),
        draw(st.sampled_from(list(CATALOGUE.regions))), draw(st.sampled_from(SCENARIOS)), figure, measure,
        draw(st.sampled_from(variants.get(figure, [""]))), unit,
        draw(st.integers(1980, 2050)) if unit == INDEX else None, draw(values),
    )  # fmt: skip


def identity(item):
    return (item.target, item.indicator, item.region, item.scenario, item.figure, item.measure, item.variant)


@given(st.lists(series_of_any_kind(), min_size=1, max_size=6, unique_by=identity))
def test_any_series_come_back_from_the_iamc_layout(series):
    assert from_iamc(as_read(to_iamc(series, CATALOGUE)), CATALOGUE) == tuple(series)


@given(st.lists(series_of_any_kind(), min_size=1, max_size=6, unique_by=identity))
def test_any_trajectories_and_fans_come_back_from_sdmx(series):
    drawn = [item for item in series if item.figure in ("trajectory", "fan")]
    assert set(from_sdmx(as_read(to_sdmx([], series)))[1]) == set(drawn)


@given(st.lists(series_of_any_kind(), min_size=1, max_size=4, unique_by=identity))
def test_rows_and_columns_may_come_in_any_order_and_case(series):
    table = to_iamc(series, CATALOGUE)
    turned = as_read(table.iloc[::-1, ::-1].rename(columns=lambda name: str(name).upper()))
    assert from_iamc(turned, CATALOGUE) == tuple(series[::-1])


@given(numbers)
def test_a_figure_survives_the_16_digits_of_a_spreadsheet_writer(value):
    assert float(f"{value:.16G}") == value == significant(value)


cells = st.just("_Z") | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12
).map(str.strip)
digits = st.from_regex(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,5})?", fullmatch=True)
months = st.integers(1, 12).map("{:02}".format)
years = st.integers(1950, 2049).map(str)
periods = st.one_of(
    years,
    st.builds("{}Q{}".format, years, st.integers(1, 4)),
    st.builds("{}-{}".format, years, months),
    st.builds("{0}-{1}..{0}-{2}".format, years, months, months),
    st.builds("{}..{}".format, years, years),
).filter(lambda text: parse_period(text) is not None)


@st.composite
def observation(draw):
    period, printed = draw(periods), draw(digits)
    span = parse_period(period)
    price = draw(st.sampled_from(("nominal", "real", "real_by_convention", "none")))
    return Observation(
        draw(st.sampled_from(list(CATALOGUE.indicators))), draw(st.sampled_from(list(CATALOGUE.regions))), period,
        span.first_year, span.last_year, draw(st.sampled_from(CHOICES["measures"])), float(printed), printed,
        draw(st.sampled_from(list(CATALOGUE.units))), draw(st.sampled_from(("", "ge", "about"))), price, draw(cells),
        draw(st.sampled_from(CHOICES["vintages"])), draw(st.sampled_from(("", "2021", "2021-03", "2021-03-09"))), draw(cells),
        draw(cells), draw(ids), draw(cells),
    )  # fmt: skip


@given(st.lists(observation(), min_size=1, max_size=5))
def test_any_observations_come_back_from_sdmx(observations):
    plan = replace(load_plan(PLANS[0]), observations=tuple(observations), targets=())
    table = to_sdmx([plan], [])
    assert not table.duplicated(list(DIMENSIONS)).any()
    assert from_sdmx(as_read(table))[0] == {plan.name: tuple(observations)}


@given(periods)
def test_periods_come_back(period):
    assert period_of(time_period(period)) == period


@pytest.mark.parametrize("quantile", [f"{q:.6g}" for q in QUANTILES])
def test_quantile_codes_come_back_and_are_codes(quantile):
    assert quantile_of(quantile_code(quantile)) == quantile
    assert re.fullmatch(r"[A-Za-z0-9_@$-]+", quantile_code(quantile))


# SDMX: keys, codes, units, decimals


@pytest.fixture(scope="module")
def whole(exported):
    plans = [load_plan(name) for name in PLANS]
    return to_sdmx(plans, [item for _, series in exported.values() for item in series])


def test_the_columns_are_those_of_the_structure_and_no_key_stands_twice(whole):
    assert tuple(whole.columns) == COLUMNS
    assert COLUMNS[:3] == ("STRUCTURE", "STRUCTURE_ID", "ACTION")
    assert not whole.duplicated(list(DIMENSIONS)).any()
    assert (whole[list(DIMENSIONS)] != "").all(axis=None)
    assert {"observation", "target", "trajectory", "fan"} == set(whole["FIGURE"])


def test_every_code_of_the_data_is_in_its_list(whole):
    scenarios = [load_scenario(name) for name in SCENARIOS]
    lists = code_lists(CATALOGUE, [load_plan(name) for name in PLANS], scenarios)
    assert {c.codelist for c in COMPONENTS} - {""} == set(lists)
    for component in COMPONENTS:
        if component.codelist:
            assert set(whole[component.id]) - {""} <= set(lists[component.codelist]), component.id
    for codes in lists.values():
        for code, names in codes.items():
            assert re.fullmatch(r"[A-Za-z0-9_@$-]+", code)
            assert all(names[lang] for lang in LANGS)


def test_the_decimals_of_printed_figures_are_kept(whole):
    printed = whole[(whole["DECIMALS"] != "") & (whole["OBS_VALUE"] != "")]
    assert len(printed) > 500
    for value, decimals in zip(printed["OBS_VALUE"], printed["DECIMALS"], strict=True):
        assert f"{float(value):.{decimals}f}" == value
    trade = whole[(whole["PLAN"] == "jiaojiang-commerce-14fyp") & (whole["OBS_VALUE"] == "164.80")]
    assert len(trade) >= 1


def test_missing_figures_say_why(whole):
    targets = whole[whole["FIGURE"] == "target"]
    blank = targets[targets["OBS_VALUE"] == ""]
    assert set(zip(blank["TARGET_STATUS"], blank["OBS_STATUS"], strict=True)) == {
        ("printed", "M"), ("missing", "O"), ("masked", "Q"), ("assigned", "L"),
    }  # fmt: skip
    assert set(targets.loc[targets["OBS_VALUE"] != "", "OBS_STATUS"]) == {"A"}
    assert set(whole.loc[whole["VINTAGE"] == "preliminary", "OBS_STATUS"]) == {"P"}
    assert set(whole.loc[whole["FIGURE"] == "fan", "OBS_STATUS"]) == {"F"}


def test_unit_codes_convert_as_the_catalogue_does():
    units = list(CATALOGUE.units.values())
    for a in units:
        for b in units:
            (code_a, power_a), (code_b, power_b) = unit_code(a), unit_code(b)
            if code_a == code_b:
                assert CATALOGUE.convert(1.0, a.id, b.id) == pytest.approx(10.0 ** (power_a - power_b))


def test_the_structure_message_names_every_component_once():
    message = structure_message(CATALOGUE, [load_plan(PLANS[0])], [load_scenario("low")])
    (structure,) = message["data"]["dataStructures"]
    parts = structure["dataStructureComponents"]
    listed = [part["id"] for part in parts["dimensionList"]["dimensions"]]
    listed += [parts["dimensionList"]["timeDimension"]["id"]]
    listed += [part["id"] for part in parts["measureList"]["measures"] + parts["attributeList"]["attributes"]]
    assert listed == [component.id for component in COMPONENTS]
    concepts = [concept["id"] for concept in message["data"]["conceptSchemes"][0]["concepts"]]
    assert concepts == listed


def test_the_page_of_the_documents_has_every_component():
    page = (Path(__file__).parent.parent / "docs" / "interchange.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE) == [component.id for component in COMPONENTS]


# What cannot be read


# The command


def run(capsys, *arguments):
    code = main(["export", *arguments])
    return code, capsys.readouterr()


QUICK = ("--draws", "100", "--scenarios", "low", "--indicators", "services_va")


def test_the_command_prints_the_iamc_table(capsys):
    code, printed = run(capsys, "taizhou-services-14fyp", "--format", "iamc", *QUICK, "--shape", "all")
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert code == 0 and {row["Region"] for row in rows} == {"taizhou", "taizhou_central_city"}
    shapes = {row["Variable"].split("|")[-1] for row in rows if "|Trajectory|" in row["Variable"]}
    assert len(shapes) == len(PATH_SHAPES)


def test_the_command_writes_data_and_what_belongs_to_them(tmp_path, capsys):
    out = tmp_path / "a.csv"
    code, printed = run(capsys, *PLANS[2:4], "--format", "iamc", *QUICK, "--out", str(out))
    assert code == 0 and printed.out.split() == [str(out), str(tmp_path / "a-meta.csv")]
    assert from_iamc(read_iamc(out), CATALOGUE)
    meta = pd.read_csv(tmp_path / "a-meta.csv")
    assert meta["Plan"].tolist() == list(PLANS[2:4]) and set(meta["Draws"]) == {100}
    code, printed = run(capsys, *PLANS[2:4], "--format", "sdmx", *QUICK, "--out", str(tmp_path / "b.csv"))
    assert code == 0 and (tmp_path / "b.csv").is_file()
    assert json.loads((tmp_path / "b-structure.json").read_text(encoding="utf-8"))["data"]["dataStructures"]


def test_the_workbook_holds_what_the_csv_files_hold(tmp_path, capsys):
    for name in ("a.csv", "a.xlsx"):
        code, _ = run(capsys, PLANS[3], "--format", "iamc", *QUICK, "--out", str(tmp_path / name))
        assert code == 0
    tables = [from_iamc(read_iamc(tmp_path / name), CATALOGUE) for name in ("a.csv", "a.xlsx")]
    assert tables[0] == tables[1] != ()
    meta = pd.read_excel(tmp_path / "a.xlsx", sheet_name="meta")
    assert meta.equals(pd.read_csv(tmp_path / "a-meta.csv"))


def test_indicators_narrow_what_sdmx_exports(capsys):
    _, printed = run(capsys, "taizhou-services-14fyp", "--format", "sdmx", *QUICK)
    table = pd.read_csv(io.StringIO(printed.out), dtype=str, keep_default_na=False)
    assert set(table["INDICATOR"]) == {"services_va"} and len(table) > 30


def test_meta_has_verdict_and_probability_of_each_target(exported):
    results, _ = exported["taizhou-services-14fyp"]
    meta = meta_table(results, DRAWS, 7)
    assert meta["Scenario"].tolist() == list(SCENARIOS) and set(meta["Seed"]) == {7}
    found = next(a for a in results[0].assessments if a.target.id == "T2/1/1")
    assert meta.loc[0, "Verdict|Services Value Added|T2/1/1"] == found.verdict
    assert meta.loc[0, "Probability|Services Value Added|T2/1/1"] == pytest.approx(found.probability)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["taizou-services", "--format", "iamc"], "taizhou-services-14fyp"),
        (["linhai-14fyp", "--format", "sdmx", "--scenarios", "hihg"], "high"),
        (["linhai-14fyp", "--format", "iamc", "--shape", "linaer"], "linear"),
        (["linhai-14fyp", "--format", "iamc", "--indicators", "gpd"], "gdp"),
        (["linhai-14fyp", "--format", "iamc", "--draws", "2"], "whole number"),
        (["linhai-14fyp", "--format", "sdmx", "--out", "plan.xlsx"], "ends in .csv"),
        (["linhai-14fyp", "--format", "iamc", "--out", "plan"], ".csv or .xlsx"),
        (["linhai-14fyp", "--format", "iamc-meta", "--out", "plan.csv"], "printed"),
        (["linhai-14fyp", "--format", "iamc", "--draws", "100", "--out", "no-folder/a.csv"], "no-folder"),
    ],
)
def test_a_mistake_is_one_message(arguments, said, capsys, tmp_path, monkeypatch):
    from planmodel.files.reading import data_folder

    monkeypatch.setenv("PLANMODEL_DATA", str(data_folder()))
    monkeypatch.chdir(tmp_path)
    code, printed = run(capsys, *arguments)
    assert code == 2 and printed.out == ""
    assert printed.err.startswith("planmodel: ") and said in printed.err and "Traceback" not in printed.err
    assert not list(tmp_path.iterdir())

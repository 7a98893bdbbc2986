"""The plans in data/: they load, hold the rows of their tables, and the figures that the documents print."""

import csv
import gc
import weakref
from pathlib import Path

import pytest
import yaml
from handmade import OBSERVATION, TARGET, small_plan

from planmodel import PlanmodelError, load_plan, plan_names
from planmodel.files.reading import data_folder
from planmodel.files.texts import read_text
from planmodel.plans import CHOICES, plan_folder
from planmodel.plans.columns import OBSERVATIONS, TARGETS, names_of

PLANS = plan_names()
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "rows.yaml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(name, row, id=f"{name} {row.get('key') or row['text']} {row.get('target_digits', '')}")
    for name, rows in CASES.items()
    for row in rows
]
DOCUMENTED = (Path(__file__).parent.parent / "docs" / "data.md").read_text(encoding="utf-8")

# plan -> table -> (rows as numbered by the document, figures in them)
TABLES = {
    "linhai-14fyp": {"T1": (25, 37), "T2": (34, 34)},
    "taizhou-services-14fyp": {"T1": (9, 17), "T2": (20, 20)},
    "jiaojiang-commerce-14fyp": {"T1": (6, 6)},
    "quzhou-services-2023-2027": {},
    "xiangtan-services-14fyp": {},
}
AT_LEAST_IN_PROSE = {
    "linhai-14fyp": 80,
    "taizhou-services-14fyp": 50,
    "jiaojiang-commerce-14fyp": 8,
    "quzhou-services-2023-2027": 25,
    "xiangtan-services-14fyp": 25,
}
HEADS = {
    "linhai-14fyp": (2020, (2021, 2025), "linhai"),
    "taizhou-services-14fyp": (2020, (2021, 2025), "taizhou"),
    "jiaojiang-commerce-14fyp": (2020, (2021, 2025), "jiaojiang"),
    "quzhou-services-2023-2027": (2022, (2023, 2027), "quzhou"),
    "xiangtan-services-14fyp": (2020, (2021, 2025), "xiangtan"),
}


def of_table(plan, table):
    return [target for target in plan.targets if target.table == table]


def test_the_plans_of_the_project_are_there():
    assert set(TABLES) <= set(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_loads(name):
    plan = load_plan(name)
    assert plan.name == name and plan.targets and plan.observations
    for text in (plan.title, plan.short, plan.issuer):
        assert text["zh"] and text["en"]
    assert plan.period[0] <= plan.period[1] and plan.base_year < plan.period[1]
    assert load_plan(name) is plan


@pytest.mark.parametrize("name, expected", HEADS.items())
def test_heads(name, expected):
    plan = load_plan(name)
    assert (plan.base_year, plan.period, plan.region) == expected


@pytest.mark.parametrize("name, tables", TABLES.items())
def test_every_row_of_a_table_is_entered(name, tables):
    plan = load_plan(name)
    assert {target.table for target in plan.targets} == {*tables, "text"}
    for table, (n_rows, n_figures) in tables.items():
        rows = of_table(plan, table)
        numbers = [int(target.number.rstrip("abc")) for target in rows]
        assert numbers == sorted(numbers) and set(numbers) == set(range(1, n_rows + 1))
        assert len(rows) == n_figures
    assert len(of_table(plan, "text")) >= AT_LEAST_IN_PROSE[name]


@pytest.mark.parametrize(
    "number, parts", [("4", ["4a", "4a", "4b"]), ("25", ["25a", "25b"]), ("18", ["18"] * 4)]
)
def test_rows_with_several_figures(number, parts):
    rows = of_table(load_plan("linhai-14fyp"), "T1")
    assert [target.number for target in rows if target.number.rstrip("ab") == number] == parts


@pytest.mark.parametrize("name, row", ROWS)
def test_hand_checked_rows(name, row):
    expected = {key: value for key, value in row.items() if key not in ("key", "text")}
    plan = load_plan(name)
    if "key" in row:
        candidates = [plan.target(row["key"])]
    else:
        candidates = [t for t in of_table(plan, "text") if t.indicator.id == row["text"]]

    def figures(target):
        return {k: target.indicator.id if k == "indicator" else getattr(target, k) for k in expected}

    found = [figures(target) for target in candidates]
    assert expected in found


def test_the_hand_checked_rows_cover_every_plan_and_status():
    assert set(CASES) == set(TABLES) and len(ROWS) >= 30
    assert {row.get("status", "printed") for rows in CASES.values() for row in rows} == set(
        CHOICES["statuses"]
    )


@pytest.mark.parametrize("name", PLANS)
def test_nothing_is_without_a_source(name):
    plan = load_plan(name)
    assert [target.id for target in plan.targets if not target.source.strip()] == []
    assert [o for o in plan.observations if not o.source.strip()] == []


@pytest.mark.parametrize("name", PLANS)
def test_figures_of_tables_are_those_that_are_printed_beside_them(name):
    for target in load_plan(name).targets:
        if target.table != "text":
            assert target.target_digits in target.target_printed, target.id
            assert target.base_digits in target.base_printed, target.id
            assert not target.target_digits or float(target.target_digits) == target.target_value
    assert all(float(o.digits) == o.value for o in load_plan(name).observations)


@pytest.mark.parametrize("name", PLANS)
def test_keys_are_unique_and_find_their_target(name):
    plan = load_plan(name)
    assert len({target.id for target in plan.targets}) == len(plan.targets)
    for target in plan.targets:
        assert plan.target(target.id) is target
        assert target.n_years == target.target_year - target.base_year > 0


@pytest.mark.parametrize("name", PLANS)
def test_outturns_refer_to_targets_and_identities_to_indicators(name):
    plan = load_plan(name)
    keys = {target.id for target in plan.targets}
    assert {o.target for o in plan.observations if o.target} <= keys
    for identity in plan.identities:
        assert {term.indicator for term in identity.terms} <= set(plan.catalogue.indicators)


def test_bases_of_the_table_are_observations_with_their_printed_decimals():
    bases = [
        (o.indicator, o.period, o.digits, o.unit)
        for o in load_plan("jiaojiang-commerce-14fyp").observations
        if o.indicator == "exports" and o.period == "2020"
    ]
    assert {("exports", "2020", "153.9", "亿元"), ("exports", "2020", "153.76", "亿元")} <= set(bases)


def test_the_base_of_a_growth_target_is_a_growth_rate():
    (gdp,) = [
        o
        for o in load_plan("linhai-14fyp").observations
        if o.indicator == "gdp" and o.value == 3.4 and o.period == "2020" and "表二" in o.source
    ]
    assert gdp.measure == "growth" and gdp.price_basis == "real_by_convention"


@pytest.mark.parametrize("name", PLANS)
def test_select(name):
    plan = load_plan(name)
    assert plan.select() == plan.targets
    first = plan.targets[0].indicator.id
    chosen = plan.select((first,))
    assert chosen and {target.indicator.id for target in chosen} == {first}


def test_select_and_target_name_what_they_do_not_know():
    plan = load_plan("taizhou-services-14fyp")
    with pytest.raises(PlanmodelError, match="Did you mean.*'services_va'"):
        plan.select(("service_va",))
    with pytest.raises(PlanmodelError, match="target: expected a known name, found 'T2/99/1'"):
        plan.target("T2/99/1")


def test_the_columns_are_those_that_are_documented():
    columns_of_targets, columns_of_observations = names_of(TARGETS), names_of(OBSERVATIONS)
    assert tuple(TARGET) == columns_of_targets and tuple(OBSERVATION) == columns_of_observations
    for name in PLANS:
        for file, columns in (
            ("targets.csv", columns_of_targets),
            ("observations.csv", columns_of_observations),
        ):
            text = read_text(plan_folder(name) / file)
            header = next(csv.reader(text.splitlines()))
            assert [name for name in header if name not in names_of(TARGETS, optional=True)] == list(columns)
    for column in (*columns_of_targets, "owner", *columns_of_observations):
        assert f"| {column} |" in DOCUMENTED or f"| {column}, " in DOCUMENTED or f", {column} |" in DOCUMENTED


def test_the_catalogue_converts_units_of_one_dimension_only():
    catalogue = load_plan(PLANS[0]).catalogue
    assert catalogue.convert(1.5, "亿元", "万元") == pytest.approx(15000)
    assert catalogue.convert(4801, "万美元", "亿美元") == pytest.approx(0.4801)
    assert catalogue.convert(7.0, "%", "%") == 7.0
    with pytest.raises(PlanmodelError, match="a unit of USD"):
        catalogue.convert(1.0, "亿元", "万美元")


def test_every_plan_folder_is_a_plan():
    folders = {path.name for path in (data_folder() / "plans").iterdir() if path.is_dir()}
    assert folders == set(PLANS)


def test_of_a_plan_that_changes_the_last_version_is_kept_in_memory(tmp_path):
    versions = [weakref.ref(small_plan(tmp_path, title={"en": f"Plan {number}"})) for number in range(3)]
    gc.collect()
    assert [version() is None for version in versions] == [True, True, False]
    assert load_plan("example", tmp_path) is versions[-1]()

"""Tables of results: the columns that others script against, and what stands in them."""

import pandas as pd
import pytest
from handmade import OBSERVATIONS, PM25_TARGET, TARGETS, observed, scenario, small_plan

from planmodel.feasibility import assess_plan
from planmodel.tables.reading import in_language

TARGET_COLUMNS = [
    "plan", "table", "number", "part", "indicator", "name_zh", "name_en", "unit", "scale", "base_year",
    "base_value", "base_unit", "base_printed", "target_year", "target_value", "target_upper",
    "target_printed", "comparator", "kind", "status", "attribute", "direction", "price_basis", "source",
]  # fmt: skip
ASSESSMENT_COLUMNS = [
    "plan", "table", "number", "part", "indicator", "scenario", "required", "required_unit",
    "required_from_latest", "record", "reference", "reference_percentile", "probability", "verdict", "reason",
]  # fmt: skip
MASKED = PM25_TARGET | {"number": "5", "target_printed": "**", "target_value": "", "comparator": ""} | {
    "status": "masked"
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    rows = (*OBSERVATIONS, observed(period=2021, value=108, vintage="final"))
    return small_plan(tmp_path_factory.mktemp("results"), (*TARGETS, MASKED), rows)


@pytest.fixture(scope="module")
def result(plan):
    return assess_plan(plan, scenario(), n_draws=500)


def test_columns_of_the_targets(plan):
    assert list(plan.table.columns) == TARGET_COLUMNS


def test_columns_of_the_assessments(result):
    assert list(in_language(result.table).columns)[:15] == ASSESSMENT_COLUMNS


def test_columns_stay_when_there_is_no_row(result):
    empty = assess_plan(result.plan, scenario(), indicators=("pm25",), n_draws=10)
    none = type(empty)(empty.plan, empty.scenario, (), None, None, None)
    assert list(in_language(none.table).columns)[:15] == ASSESSMENT_COLUMNS


def test_one_row_a_target_in_the_order_of_the_document(plan, result):
    keys = [(target.table, target.number, target.part) for target in plan.targets]
    for table in (plan.table, in_language(result.table)):
        assert list(table[["table", "number", "part"]].itertuples(index=False, name=None)) == keys


def test_figures_of_the_targets_stand_as_printed(plan):
    table = plan.table.set_index("number")
    assert table.loc["2", ["base_value", "target_value", "base_unit"]].tolist() == ["50.7", "53", "%"]
    assert table.loc["3", ["target_printed", "target_value", "base_value"]].tolist() == ["[1000]", "1000", ""]
    assert table.loc["5", ["status", "target_printed", "target_value"]].tolist() == ["masked", "**", ""]


def test_figures_of_the_assessments(result):
    table = in_language(result.table).set_index("number")
    assert table.loc["1", "required"] == pytest.approx(100 * (1.5**0.2 - 1), abs=5e-5)
    assert table.loc["1", "required_unit"] == "%/year"
    assert table.loc["1", "required_from_latest"] == pytest.approx(100 * ((150 / 108) ** 0.25 - 1), abs=5e-5)
    assert table.loc["2", ["required", "required_unit"]].tolist() == [0.46, "pp/year"]
    assert table.loc["2", "record"] == pytest.approx(0.56, abs=5e-5)
    assert table.loc["3", ["required", "required_unit"]].tolist() == [200, "亿元/year"]
    assert table.loc["4", "record"] == pytest.approx(100 * ((30 / 38) ** 0.2 - 1), abs=5e-5)
    assert table["scenario"].unique().tolist() == ["test"]


def test_figures_are_rounded_and_blank_where_nothing_can_be_said(result):
    table = in_language(result.table)
    assert table["probability"].dropna().between(0, 1).all()
    for column in ("required", "record", "reference_percentile", "probability"):
        assert table[column].dropna().map(lambda x: round(x, 4) == x).all()
    masked = table.iloc[4]
    assert masked["verdict"] == "not_assessable" and pd.isna(masked["probability"])
    assert pd.isna(masked["required"]) and masked["required_unit"] == ""


def test_reasons_come_in_the_language_that_is_asked(result):
    assert in_language(result.table, "en").loc[4, "reason"] == "the figure is masked (**)"
    assert in_language(result.table, "zh").loc[4, "reason"] == "数字未公开（**）"
    assert in_language(result.table).loc[0, "reason"] == ""

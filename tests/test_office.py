"""Workbooks as LibreOffice saves them: filled in, imported, and its sums against ours."""

import io
import re
import shutil

import openpyxl
import pytest
from office import saved
from test_workbooks import same, table_of, workbook_of

from planmodel import load_plan, load_scenario
from planmodel.arithmetic.growth import cagr
from planmodel.batch.downloads import assessments_sheet, formulas_of
from planmodel.feasibility import assess_plan
from planmodel.files.reading import data_folder
from planmodel.plans import plan_names
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.loading import example
from planmodel.tables.reading import in_language
from planmodel.workbooks.form import plan_workbook
from planmodel.workbooks.sheets import workbook_bytes
from planmodel.workbooks.updating import import_workbook

pytestmark = pytest.mark.office
CALCULATED = "planmodel-linhai"


def fill(ws, rows):
    """Write rows of text by the ids of the headers, numbers as numbers with their printed decimals."""
    names = {str(cell.value).split()[0]: cell.column for cell in ws[1]}
    ws.delete_rows(2, ws.max_row)
    for line, row in enumerate(rows, 2):
        for name, text in row.items():
            if not text:
                continue
            cell = ws.cell(line, names[name])
            figure = re.fullmatch(r"-?\d+(\.(\d+))?", text) and name in (
                "base_value",
                "target_value",
                "target_upper",
                "value",
                "base_year",
                "target_year",
            )
            cell.value = float(text) if figure else text
            cell.number_format = (
                ("0." + "0" * len(text.partition(".")[2]) if "." in text else "0") if figure else "@"
            )


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Three workbooks, each saved by one start of LibreOffice: a template filled in, all plans, live formulas."""
    folder = tmp_path_factory.mktemp("office")
    data = folder / "data"
    shutil.copytree(data_folder(), data)
    name = "taizhou-services-14fyp"
    template = folder / "filled.xlsx"
    template.write_bytes(plan_workbook(example("filled", "taizhou"), load_catalogue()))
    book = openpyxl.load_workbook(template)
    sheets = {ws.title.split()[0]: ws for ws in book.worksheets}
    for table in ("targets", "observations"):
        header, *rows = table_of(data / "plans" / name / f"{table}.csv")
        fill(sheets[table], [dict(zip(header, row, strict=True)) for row in rows])
    whole = openpyxl.load_workbook(workbook_of(name, data, folder / "plan.xlsx"))
    for row, cells in enumerate(whole["plan 规划"].iter_rows(min_row=2, max_col=2), 2):
        for cell in cells:
            sheets["plan"].cell(row, cell.column).value = "filled" if cell.value == name else cell.value
    book.save(template)
    result = assess_plan(load_plan("linhai-14fyp"), load_scenario("baseline"), n_draws=300)
    sheet = assessments_sheet(in_language(result.table, "en", None), formulas_of(result))
    live = folder / f"{CALCULATED}.xlsx"
    content = openpyxl.load_workbook(
        io.BytesIO(workbook_bytes([sheet]))
    )  # read and saved: without our results
    content.save(live)
    plans = [workbook_of(plan, data, folder / f"{plan}.xlsx") for plan in plan_names()]
    made = {path.stem: path for path in saved([template, live, *plans], folder / "saved")}
    return data, made, result


def test_a_workbook_filled_in_is_the_same_plan_as_its_csv(office):
    data, made, _ = office
    done = import_workbook(made["filled"], folder=data)
    plan = load_plan("taizhou-services-14fyp", data)
    assert done.new and same(load_plan("filled", data), plan) == plan
    for file in ("targets.csv", "observations.csv"):
        assert table_of(data / "plans/filled" / file) == table_of(data / "plans" / plan.name / file)


@pytest.mark.parametrize("name", plan_names())
def test_a_plan_saved_by_libreoffice_is_the_same_plan(office, name):
    data, made, _ = office
    assert import_workbook(made[name], folder=data, dry_run=True).changes == ()


def test_libreoffice_finds_the_same_required_growth(office):
    _, made, result = office
    ws = openpyxl.load_workbook(made[CALCULATED], data_only=True).worksheets[0]
    names = [cell.value for cell in ws[1]]
    rows = [dict(zip(names, (cell.value for cell in row), strict=True)) for row in ws.iter_rows(min_row=2)]
    formulas = openpyxl.load_workbook(made[CALCULATED]).worksheets[0]
    column = names.index("required") + 1
    n_formulas, n_growth = 0, 0
    for line, (row, found) in enumerate(zip(rows, result.assessments, strict=True), 2):
        expected = found.required.in_unit("")[0] if found.required else None
        assert row["required"] == (
            None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-12)
        ), found.target.id
        n_formulas += str(formulas.cell(line, column).value).startswith("=")
        if (
            found.target.kind == "level"
            and found.required
            and found.required.measure == "growth"
            and found.base
        ):
            rate = cagr(row["base"], row["target_value"], row["target_year"] - row["base_year"])
            assert row["required"] == pytest.approx(100 * rate, rel=1e-9)
            n_growth += 1
    assert n_formulas == sum(found.required is not None for found in result.assessments) and n_growth > 10

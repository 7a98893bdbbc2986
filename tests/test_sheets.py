"""Sheets: what goes in comes out, nothing from data runs, the same bytes each time."""

import io
import math
import re
import string
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel import PlanmodelError, load_plan
from planmodel.arithmetic.growth import cagr
from planmodel.plans.kinds import required_formula
from planmodel.workbooks.cells import text_of
from planmodel.workbooks.sheets import (
    MOST_LETTERS,
    Sheet,
    clean,
    figure,
    sheet_name,
    workbook_bytes,
)

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


def opened(content, results=False):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=results)


def cells_of(content, **options):
    ws = opened(content, **options).worksheets[0]
    return [[cell.value for cell in row] for row in ws.iter_rows(min_row=2)]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(TEXTS, st.floats(allow_nan=False, allow_infinity=False), st.booleans()), max_size=5)
)
def test_what_goes_in_comes_out(rows):
    table = pd.DataFrame(rows, columns=["text", "number", "truth"])
    content = workbook_bytes([Sheet("x", table, figures=())])
    assert content == workbook_bytes([Sheet("x", table, figures=())])
    found = cells_of(content)
    for (text, value, truth), cells in zip(rows, found, strict=False):
        assert text_of(cells[0], "General", "text") == clean(text).strip()
        assert math.isclose(cells[1], value, rel_tol=1e-15) and cells[2] is truth


@settings(max_examples=25)
@given(st.sampled_from("=+-@\t\r"), st.text(alphabet=string.printable, max_size=20))
def test_no_text_is_ever_a_formula(first, rest):
    table = pd.DataFrame({first + rest: [first + rest]})
    content = workbook_bytes(
        [Sheet(first + rest, table, title=first + rest, notes=(first + rest,), figures=())]
    )
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")
    cells = [
        cell for row in opened(content).worksheets[0].iter_rows() for cell in row if cell.value is not None
    ]
    assert all(cell.data_type == "s" for cell in cells)
    assert all(cell.quotePrefix for cell in cells if (first + rest).startswith(("=", "+", "-", "@", "\t")))


@settings(max_examples=25)
@given(st.decimals(min_value=-(10**8), max_value=10**8, places=2))
def test_a_figure_keeps_its_printed_decimals(value):
    printed = f"{value:.2f}"
    ws = opened(workbook_bytes([Sheet("x", pd.DataFrame({"a": [printed]}), figures=["a"])])).worksheets[0]
    cell = ws["A2"]
    assert text_of(cell.value, cell.number_format, "number") == printed


@pytest.mark.parametrize(
    "text, number, form",
    [
        ("164.80", 164.8, "0.00"), ("4000", 4000, "0"), ("-9.88", -9.88, "0.00"), ("−9.88", -9.88, "0.00"),
        ("8.73%", 0.0873, "0.00%"), ("1,234.5", 1234.5, "#,##0.0"), ("+0.3", 0.3, "+0.0;-0.0;0.0"),
    ],
)  # fmt: skip
def test_figures(text, number, form):
    assert figure(text) == (number, form)


@pytest.mark.parametrize(
    "text", ["", "4a", "007", "1e5", "12,34", "[40.8]", "-0.0", "1" * 16, "=1", "2020-01", "6.8 %"]
)
def test_no_figures(text):
    assert figure(text) is None


def test_live_formulas_bring_their_results():
    table = pd.DataFrame(
        {"by": [2020, 2020], "base": ["2669.73", ""], "ty": [2025, 2025], "target": ["4000", "1"]}
    )
    table["required"] = [cagr(2669.73, 4000, 5), None]
    target = load_plan("taizhou-services-14fyp").target("T2/1/1")
    template = required_formula(target, 2669.73, base_year="by", target_year="ty")
    content = workbook_bytes(
        [Sheet("x", table, formats={"required": "0.00%"}, formulas={"required": [template, ""]})]
    )
    assert cells_of(content)[0][4] == "=(D2/B2)^(1/(C2-A2))-1" and cells_of(content)[1][4] is None
    assert cells_of(content, results=True)[0][4] == pytest.approx(cagr(2669.73, 4000, 5), rel=1e-15)
    assert required_formula(replace(target, kind="keep", comparator="le"), 1.0) == "={target}-{base}"
    assert required_formula(replace(target, kind="rank"), 1.0) == ""


def test_names_are_valid_and_unique():
    taken = set()
    for name in ["a/b", "A-B", "x" * 40, "x" * 41, "", "'q'", "History", "  ", *["\U0001f469" * 20] * 2]:
        made = sheet_name(name, taken)
        assert (
            0 < len(made.encode("utf-16-le")) <= 62
            and not re.search(r"[\[\]:*?/\\]", made)
            and made.lower() not in taken
        )
        taken.add(made.lower())


def test_the_sheet_is_ready_to_read_and_print():
    table = pd.DataFrame({"指标": ["地区生产总值" * 20, "b"], "x": [1, 2]})
    ws = opened(workbook_bytes([Sheet("x", table, title="T", notes=("n",), help={"x": "帮助"})])).worksheets[
        0
    ]
    assert ws.freeze_panes == "A3" and ws.auto_filter.ref == "A2:B4" and ws.print_title_rows == "$2:$2"
    assert ws.page_setup.orientation == "landscape" and ws.page_setup.fitToHeight == 0
    assert ws["A3"].alignment.wrap_text and ws.row_dimensions[3].height > 30
    assert (
        60 <= ws.column_dimensions["A"].width < 61
        and ws["B2"].comment.text == "帮助"
        and ws["A6"].value == "n"
    )


def test_no_time_of_its_making_is_in_it():
    content = workbook_bytes([Sheet("x", pd.DataFrame({"a": [1]}))])
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {member.date_time for member in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(file.read(name) for name in file.namelist())
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", everything)) == {b"2000-01-01T00:00:00Z"}
    assert len(content) < 6500


def test_a_text_that_looks_like_markup_of_the_writer_stays_text():
    (row,) = cells_of(workbook_bytes([Sheet("x", pd.DataFrame({"a": ["<r>b & c</r>"]}))]))
    assert text_of(row[0], "General", "text") == "<r>b & c</r>"


def test_what_a_cell_cannot_hold_is_refused():
    with pytest.raises(PlanmodelError, match=f"at most {MOST_LETTERS:,} characters"):
        workbook_bytes([Sheet("x", pd.DataFrame({"a": ["x" * (MOST_LETTERS + 1)]}))])

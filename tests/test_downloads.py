"""The tables of a report as files: the same figures in each form, live formulas beside their inputs."""

import base64
import io
import re
from html import unescape
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest

from planmodel import load_plan, load_scenario
from planmodel.audit import audit
from planmodel.batch import downloads
from planmodel.batch.downloads import assessments_sheet, entry_table, formulas_of, write_entry
from planmodel.feasibility import assess_plan
from planmodel.report import PlanEntry, workbook_of
from planmodel.report.sanitize import clean
from planmodel.report.tabular import with_workbook
from planmodel.review import review
from planmodel.tables.feasibility import judged
from planmodel.tables.reading import data_links, in_language, read, spreadsheet_csv
from planmodel.workbooks.sheets import workbook_bytes

PLANS = ("taizhou-services-14fyp", "linhai-14fyp")


@pytest.fixture(scope="module")
def results():
    return {
        name: {"baseline": assess_plan(load_plan(name), load_scenario("baseline"), n_draws=300)}
        for name in PLANS
    }


def test_required_growth_is_live_beside_its_inputs(results):
    result = results["linhai-14fyp"]["baseline"]
    sheet = assessments_sheet(in_language(result.table, "en", None), formulas_of(result))
    content = workbook_bytes([sheet])
    live = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    kept = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    names = [cell.value for cell in live[1]]
    column = names.index("required") + 1
    assert names[column - 7 : column] == [
        "kind",
        "base_year",
        "base",
        "target_year",
        "target_value",
        "unit",
        "required",
    ]
    for line, found in enumerate(result.assessments, 2):
        formula = live.cell(line, column).value
        assert (formula is None) == (found.required is None), found.target.id
        if found.required:
            assert formula.startswith("=")
            assert kept.cell(line, column).value == pytest.approx(found.required.in_unit("")[0], rel=1e-14)
            assert str(line) in formula and set(re.findall(r"[A-Z]+(?=\d)", formula)) <= set("HIJK"), (
                "base_year, base, target_year, target_value"
            )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_indexes_table_has_what_a_reader_sees(results, lang, tmp_path):
    each = results["taizhou-services-14fyp"]
    entry = PlanEntry(each["baseline"].plan, each, {}, lang)
    links = write_entry(tmp_path, entry)
    assert [link.href for link in links] == [
        f"results/index/taizhou-services-14fyp.{lang}.{form}" for form in ("csv", "xlsx")
    ]
    table = entry_table(entry)
    as_csv = pd.read_csv(tmp_path / links[0].href, dtype=str, keep_default_na=False)
    assert len(table) == len(as_csv) == len(entry.rows) and list(as_csv.columns) == list(table.columns)
    ws = openpyxl.load_workbook(tmp_path / links[1].href).worksheets[0]
    assert ws["A1"].value == entry.plan.title[lang] and [cell.value for cell in ws[2]] == list(table.columns)
    for row, shown in zip(ws.iter_rows(min_row=3, values_only=True), entry.rows, strict=True):
        assert row[1] == shown.name and row[5] == shown.base.text
        assert row[4] == (
            shown.base.text if shown.base.sort is None else pytest.approx(shown.base.sort, rel=1e-14)
        )
        chance = row[list(table.columns).index(next(c for c in table.columns if " · " in c))]
        expected = shown.chances[0].probability
        assert chance == (None if expected is None else pytest.approx(expected, rel=1e-14))


def test_a_table_on_a_page_can_be_had_in_both_forms():
    data = pd.DataFrame({"指标": ["=1+1", "b"], "所需": ["8.73%", "–"], "x": [1.5, None]})
    line = data_links(data, "zh", "linhai-14fyp-baseline-T2 1/a")
    assert line == data_links(data, "zh", "linhai-14fyp-baseline-T2 1/a") and clean(line) == line, (
        "the page keeps the links"
    )
    links = dict(re.findall(r'download="([^"]+)" href="data:[^,]+,([^"]+)"', line))
    assert list(links) == ["linhai-14fyp-baseline-T2-1-a.csv", "linhai-14fyp-baseline-T2-1-a.xlsx"]
    as_csv, as_xlsx = links.values()
    as_csv, as_xlsx = unquote(unescape(as_csv)), base64.b64decode(as_xlsx)
    assert as_csv == "\ufeff指标,所需,x\n'=1+1,8.73%,1.5\nb,–,\n"
    ws = openpyxl.load_workbook(io.BytesIO(as_xlsx)).worksheets[0]
    assert [cell.value for cell in ws[2]] == ["=1+1", 0.0873, 1.5] and ws["A2"].data_type == "s"
    assert len(as_xlsx) < 8000


def test_the_tables_of_a_page_are_the_sheets_of_one_workbook():
    frames = {
        "baseline-a": pd.DataFrame(
            {"指标": ["50%\n& <b>", "#1"], "x": [1 / 3, 2.0], "met": [True, False], "no": ["1", "4a"]}
        ),
        "b": pd.DataFrame({"y": ["8.73%"]}),
    }
    page = (
        "<main>"
        + "".join(data_links(frame, "en", f"linhai-14fyp-{name}") for name, frame in frames.items())
        + "</main>"
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(page, "linhai-14fyp", "baseline")))
    assert book.sheetnames == ["a", "b"]
    assert [cell.value for cell in book["a"]["A"]] == ["指标", "50%\n& <b>", "#1"]
    assert book["a"]["B2"].value == pytest.approx(1 / 3, rel=1e-7) and book["b"]["A2"].value == 0.0873
    assert book["a"]["B2"].number_format == "0.00000" and book["b"]["A2"].number_format == "0.00%"
    assert [cell.value for cell in book["a"]["C"]][1:] == [True, False]
    assert [cell.value for cell in book["a"]["D"]][1:] == ["1", "4a"], "the names of rows are no numbers"
    linked = with_workbook(page, "a b.xlsx", "en")
    assert linked.count("XLSX</a>") == 1 and '<a download href="a b.xlsx">' in linked
    assert linked.count(".csv") == 2 and with_workbook("<main></main>", "x.xlsx", "en") == "<main></main>"


def test_names_of_files_are_those_of_plan_and_scenario_so_that_two_studies_share_none(results):
    for plan, each in results.items():
        shown = read(judged(each["baseline"]), "en")
        assert (
            shown.name == f"{plan}-baseline-feasibility"
            and f'download="{shown.name}.csv"' in shown._repr_html_()
        )


@pytest.mark.parametrize("most", [600_000, 500])
def test_tables_of_many_plans_are_written_in_parts_and_say_the_same(results, tmp_path, monkeypatch, most):
    monkeypatch.setattr(downloads, "MOST_CELLS", most)
    tables, expected = downloads.Tables("en"), {}
    for each in results.values():
        plan = each["baseline"].plan
        reviewed = review(plan, load_scenario("baseline"), n_draws=300)
        judgement = downloads.Judgement(plan, each, audit(plan), reviewed, pd.DataFrame(), None, None)
        tables.add(judgement)
        for name, table in {
            "targets": plan.table,
            "assessments": in_language(each["baseline"].table, "en"),
            "quantiles": each["baseline"].quantiles,
            "review": in_language(reviewed.table, "en"),
            "implied": in_language(judgement.audit.implied_table, "en"),
        }.items():
            expected.setdefault(name, []).append(table)
    tables.write(tmp_path)
    for name, parts in expected.items():
        whole = pd.concat([part for part in parts if len(part)], ignore_index=True)
        path = tmp_path / "results" / name
        assert path.with_suffix(".csv").read_text("utf-8-sig") == spreadsheet_csv(whole), name
        assert spreadsheet_csv(pd.read_parquet(path.with_suffix(".parquet"))) == spreadsheet_csv(whole), name
        assert path.with_suffix(".xlsx").is_file() == (whole.size <= most)
    assert (most == 500) == any(part.size > most for part in tables.parts.values())

"""Plans as workbooks: out and back without loss, and every way in which a person may leave a workbook."""

import csv
import io
import shutil
import zipfile
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from handmade import TARGET, write_data

from planmodel import PlanmodelError, load_plan
from planmodel.commands.cli import main
from planmodel.files.reading import data_folder
from planmodel.plans import plan_folder, plan_names
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.loading import read_source
from planmodel.workbooks.cells import Refused, text_of
from planmodel.workbooks.form import plan_workbook
from planmodel.workbooks.updating import import_workbook, updated_yaml


def table_of(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def workbook_of(plan, data, path):
    path.write_bytes(plan_workbook(read_source(plan_folder(plan, data), []), load_catalogue(data)))
    return path


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """The workbook of the hand-made plan."""
    folder = tmp_path_factory.mktemp("workbook")
    return workbook_of("example", write_data(folder / "data"), folder / "book.xlsx").read_bytes()


def same(plan, other):
    """A plan with the name and folder of another."""
    targets = tuple(replace(target, plan=other.name) for target in plan.targets)
    return replace(plan, name=other.name, folder=other.folder, catalogue=other.catalogue, targets=targets)


@pytest.fixture
def data(tmp_path):
    return write_data(tmp_path / "data")


class Book:
    """The workbook of the hand-made plan, to be spoiled and imported."""

    def __init__(self, data, path):
        self.data, self.path = data, path
        self.book = openpyxl.load_workbook(self.path)
        self.sheets = {ws.title.split()[0]: ws for ws in self.book.worksheets}

    def cell(self, sheet, column, row):
        ws = self.sheets[sheet]
        names = [str(cell.value).split()[0] for cell in ws[1]]
        return ws.cell(row, names.index(column) + 1)

    def entry(self, name):
        return next(row[1] for row in self.sheets["plan"].iter_rows() if row[0].value == name)

    def take(self, **options):
        self.book.save(self.path)
        return import_workbook(self.path, folder=self.data, **options)

    def faults(self):
        before = files_of(self.data)
        with pytest.raises(PlanmodelError) as error:
            self.take()
        assert files_of(self.data) == before, "nothing is written where there are faults"
        return [str(fault) for fault in error.value.faults]


@pytest.fixture
def book(data, workbook, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook)
    return Book(data, path)


def files_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", plan_names())
def test_plan_to_workbook_and_back(name, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(data_folder(), data)
    path = workbook_of(name, data, tmp_path / f"{name}.xlsx")
    before = files_of(data)
    again = import_workbook(path, folder=data)
    assert not again.new and again.changes == () and files_of(data) == before, (
        "the same plan leaves its files alone"
    )
    made = import_workbook(path, "a-copy", folder=data)
    assert made.new and same(load_plan("a-copy", data), load_plan(name)) == load_plan(name)
    for file in ("targets.csv", "observations.csv"):
        assert table_of(data / "plans/a-copy" / file) == table_of(data / "plans" / name / file)


def test_claims_accepted_and_nodes_come_along(data, tmp_path):
    head = {
        "claims": [{"table": "T1", "missed": ["1"], "met": "rest", "source": "一"}, {"table": "T1", "met": [2], "source": "二"}],
        "accepted": [{"finding": "versions/x", "reason": "= as printed"}],
        "notes": "two\nlines", "url": "http://example.org", "headline": "services_va", "document_number": "〔2021〕1号",
    }  # fmt: skip
    write_data(data, **head)
    node = "target,year,value,unit,printed,source,url,note\nT1/1/1,2022,112.50,亿元,112.50,报告,,\n"
    (data / "plans/example/nodes.csv").write_text(node, encoding="utf-8")
    path = workbook_of("example", data, tmp_path / "x.xlsx")
    assert import_workbook(path, folder=data).changes == ()
    made = import_workbook(path, "second", folder=data)
    assert same(load_plan("second", data), load_plan("example", data)) == load_plan("example", data)
    assert made.plan.claims[0].rest_met and made.plan.nodes[0].value == 112.5


def test_an_update_says_what_changed_and_keeps_the_rest(book):
    home = book.data / "plans/example"
    text = "# a comment\n" + (home / "plan.yaml").read_text(encoding="utf-8")
    (home / "plan.yaml").write_text(text, encoding="utf-8")
    (home / "notes.txt").write_text("mine", encoding="utf-8")
    book.cell("targets", "target_value", 2).value = 164.8
    book.cell("targets", "target_value", 2).number_format = "0.00"
    book.cell("targets", "target_printed", 2).value = "164.80"
    for position, cell in enumerate(book.sheets["observations"][2], 1):
        book.sheets["observations"].cell(9, position).value = cell.value
    book.cell("observations", "period", 9).value = "2014"
    book.sheets["targets"].delete_rows(5)
    dry = book.take(dry_run=True)
    assert load_plan("example", book.data).target("T1/1/1").target_digits == "150"
    done = book.take()
    assert dry.changes == done.changes
    told = [str(line) for line in done.changes]
    assert (
        told[0] == "targets.csv: 1 changed, 1 removed"
        and done.changes[0]["zh"] == "targets.csv：改动 1 行、删去 1 行"
    )
    assert "  T1/1/1: target_printed 150 → 164.80; target_value 150 → 164.80" in told and "- T1/4/1" in told
    assert any(line.startswith("+ services_va/2014") for line in told)
    plan = load_plan("example", book.data)
    assert plan.target("T1/1/1").target_digits == "164.80" and len(plan.targets) == 3
    assert (home / "plan.yaml").read_text(encoding="utf-8") == text and (
        home / "notes.txt"
    ).read_text() == "mine"
    assert not (home / "targets.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "as the file was"


def test_an_entry_that_changes_leaves_the_comments_of_the_others():
    before = {"title": {"zh": "一", "en": "one"}, "draft": True, "identities": ["a = b / c"]}
    text = "# top\ntitle: {zh: 一, en: one}  # inline\n\n# of the draft\ndraft: true\nidentities:\n  - a = b / c\n# end\n"
    after = {**before, "draft": False, "notes": "new"}
    assert updated_yaml(text, before, after) == text.replace("draft: true", "draft: false") + "notes: new\n"
    without = {"title": before["title"], "draft": True}
    assert updated_yaml(text, before, without) == text.replace("identities:\n  - a = b / c\n", "")


@pytest.mark.parametrize(
    "value, form, use, unit, text",
    [
        (164.8, "0.00", "number", None, "164.80"), (2669.7300000000001, "General", "number", None, "2669.73"),
        (0.1 + 0.2, "General", "number", None, "0.3"), (164.847, "0.0", "number", None, "164.847"),
        (4000.0, "#,##0", "number", None, "4000"), (0.068, "0.0%", "number", "%", "6.8"), (0.0873, "0%", "number", "%", "8.73"),
        ("6.8%", "@", "number", "%", "6.8"), ("１６４．８０", "General", "number", None, "164.80"), ("\u3000150\xa0", "General", "number", None, "150"),
        ("−9.88", "@", "number", None, "-9.88"), (1e-7, "General", "number", None, "0.0000001"), (1.5e15, "General", "number", None, "1500000000000000"),
        (2025.0, "General", "year", None, "2025"), (datetime(1905, 7, 17), "yyyy-mm-dd", "year", None, "2025"),
        (datetime(2025, 1, 1), "yyyy", "year", None, "2025"), (datetime(2024, 3, 15), "yyyy-mm-dd", "date", None, "2024-03-15"),
        (datetime(2024, 3, 1), "mmm-yy", "date", None, "2024-03"), (2024.0, "General", "date", None, "2024"),
        (6.8, '0.0"%"', "number", "%", "6.8"), (0.5, "0%", "text", None, "50%"), (" a\r\nb ", "@", "text", None, "a\nb"),
        ("T１", "@", "code", None, "T1"), ("２~３家", "@", "text", None, "２~３家"), ("_x005F_x0041_", "@", "text", None, "_x0041_"),
        (True, "General", "code", None, "true"), (-0.0, "General", "number", None, "0"), (None, "", "number", None, ""),
        (1234.5, "#,##0.00_);[Red](#,##0.00)", "number", None, "1234.50"),
    ],
)  # fmt: skip
def test_cells_as_a_person_leaves_them(value, form, use, unit, text):
    assert text_of(value, form, use, unit) == text


@pytest.mark.parametrize(
    "value, form, use, unit",
    [
        (0.068, "0.0%", "number", "亿元"), ("6.8%", "@", "number", ""), (datetime(2025, 12, 31), "yyyy-mm-dd", "year", None),
        (datetime(2024, 3, 5), "m-d", "number", None), (datetime(2024, 3, 5), "m-d", "text", None), (float("inf"), "0", "number", None),
    ],
)  # fmt: skip
def test_cells_that_are_refused(value, form, use, unit):
    with pytest.raises(Refused):
        text_of(value, form, use, unit)


def test_a_result_of_a_formula_ends_where_the_cell_does():
    assert text_of(8.421763, "0.00", "number", None, True) == "8.42"
    assert text_of(8.421763, "General", "number", None, True) == "8.421763"


def test_drop_down_entries_names_and_ids_all_do(book):
    for row, text in enumerate(("services_va", "services_share 随便", "投资", "pm2.5"), 2):
        book.cell("targets", "indicator", row).value = text
    book.cell("targets", "unit", 2).value = "100 million yuan"
    book.entry("draft").value = "否"
    assert book.take().changes == ()


def test_order_of_columns_and_hidden_and_blank_ones_do_not_matter(book):
    ws = book.sheets["targets"]
    rows = [[cell.value for cell in row] for row in ws.iter_rows()]
    ws.delete_cols(1, ws.max_column)
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(reversed(row), 1):
            ws.cell(r, c).value = value
    ws.column_dimensions["B"].hidden = True
    ws.cell(1, 40).value, ws.cell(2, 40).value = "(my sums)", "=1+"
    ws.cell(300, 2).value, ws.cell(7, 50).value = "  ", " "
    book.sheets["nodes"].title = "年度节点"
    assert book.take().changes == ()


def test_hidden_rows_are_read_and_named(book):
    assert book.take().hidden == {}
    book.sheets["targets"].row_dimensions[3].hidden = True
    book.sheets["targets"].row_dimensions[300].hidden = True
    book.sheets["observations"].sheet_state = "hidden"
    hidden = book.take().hidden
    assert hidden == {"targets 目标": (3,), "observations 观测值": (2, 3, 4, 5, 6)}


FAULTS = {
    "number": ("target_value", 2, "abc", "row 2, L (target_value): expected a number"),
    "year": ("base_year", 3, "20x", "row 3, F (base_year): expected a year such as 2025"),
    "choice": ("indicator", 2, "services_vx 服务", "D (indicator): expected a known name, found 'services_vx 服务'. Did you mean 'services_va'"),
    "never counted": ("target_value", 2, "=1+1", "expected a formula with its result, found one that was never calculated. Open the workbook"),
    "error": ("target_value", 2, "#DIV/0!", "expected a value, found the error #DIV/0!"),
    "date": ("base_printed", 2, datetime(2024, 3, 5), "expected text, found the date 2024-03-05"),
    "not a unit": ("unit", 2, "亿圆", "N (unit): expected a known name"),
}  # fmt: skip


@pytest.mark.parametrize("column, row, value, said", FAULTS.values(), ids=FAULTS)
def test_a_fault_names_sheet_row_and_column(book, column, row, value, said):
    book.cell("targets", column, row).value = value
    if value == "#DIV/0!":
        book.cell("targets", column, row).data_type = "e"
    faults = book.faults()
    assert any(
        said in fault and fault.startswith("book.xlsx, sheet targets 目标, row") for fault in faults
    ), faults


def test_a_percentage_needs_its_unit(book):
    cell = book.cell("targets", "target_value", 3)
    cell.value, cell.number_format = 0.53, "0%"
    assert book.take().changes == ()
    cell = book.cell("targets", "target_value", 2)
    cell.value, cell.number_format = 1.5, "0%"
    assert "expected a number in 亿元, found 150%, a percentage. Choose the unit %" in book.faults()[0]


def test_all_faults_at_once_of_head_and_tables(book):
    for name, value in (
        ("date", "soon"),
        ("region", "exampel"),
        ("last_year", 2019),
        ("draft", "maybe"),
    ):
        book.entry(name).value = value
    book.entry("identity").value = "services_share = services_vx / investment"
    book.cell("observations", "value", 2).value = "many"
    book.cell("observations", "source", 3).value = None
    faults = "\n".join(book.faults())
    rows = {row[0].value: row[0].row for row in reversed(list(book.sheets["plan"].iter_rows()))}
    for name, said in (
        ("date", "a date such as"), ("region", "Did you mean 'example'"), ("draft", "true or false"),
        ("identity", "Did you mean 'services_va'"),
    ):  # fmt: skip
        assert any(
            f"plan 规划, row {rows[name]}, B ({name})" in line and said in line for line in faults.split("\n")
        ), faults
    assert (
        "row 2, E (value)" in faults and "row 3, M (source)" in faults and "the first and last year" in faults
    )


def test_headers_are_checked(book):
    ws = book.sheets["targets"]
    book.cell("targets", "kind", 1).value = "kindd"
    ws.cell(1, 30).value = "base_value"
    ws.cell(3, 31).value = "stray"
    faults = "\n".join(book.faults())
    assert "(kindd): expected a known name, found 'kindd'. Did you mean 'kind'" in faults
    assert "kind 目标类型: expected this column, found none of that name" in faults
    assert "AD (base_value): expected each column once" in faults
    assert "AE: expected a header, found none above its cells" in faults


def test_merged_cells_are_refused(book):
    book.sheets["targets"].merge_cells("A2:A4")
    assert "row 2, A2:A4: expected no merged cells" in "\n".join(book.faults())


def test_a_missing_sheet(book):
    book.book.remove(book.sheets["observations"])
    assert "expected a sheet observations, found none of that name. It has guide 说明" in "\n".join(
        book.faults()
    )


def test_what_the_workbook_does_not_have_stays(book):
    home = book.data / "plans/example"
    node = "target,year,value,unit,printed,source,url,note\nT1/1/1,2022,112,亿元,112,报告,,\n"
    (home / "nodes.csv").write_text(node, encoding="utf-8")
    book.book.remove(book.sheets["nodes"])
    assert book.take().changes == () and (home / "nodes.csv").read_text(encoding="utf-8") == node
    book.book.create_sheet("nodes")
    for column, name in enumerate(node.split("\n")[0].split(","), 1):
        book.book["nodes"].cell(1, column).value = name
    assert [*map(str, book.take(force=True).changes)] == ["nodes.csv: 1 removed", "- T1/1/1/2022"]


def disguised(tmp_path, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    return path


def zip_of(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, "x")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    "content, said",
    [
        (b"table,number\nT1,1\n", "text, such as CSV"), (OLE, "an old .xls workbook"), (b"", "an empty file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"), (zip_of("content.xml"), r"OpenDocument sheet"),
        (zip_of("word/document.xml"), "another kind of file"), (zip_of("xl/workbook.xml"), "a damaged one"), (b"PK\x03\x04", "a damaged one"),
        (b"\x89PNG\0\0", "another kind of file"),
    ],
)  # fmt: skip
def test_what_is_no_workbook(content, said, tmp_path, data):
    with pytest.raises(PlanmodelError, match=said):
        import_workbook(disguised(tmp_path, content), folder=data)


def test_a_workbook_of_something_else(tmp_path, data):
    book = openpyxl.Workbook()
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(PlanmodelError, match="a sheet plan, found none of that name. It has Sheet"):
        import_workbook(tmp_path / "x.xlsx", folder=data)


def test_a_formula_that_gives_nothing_is_an_empty_cell(book):
    book.cell("targets", "note", 2).value = '=""'
    book.book.save(book.path)
    out = io.BytesIO()
    with zipfile.ZipFile(book.path) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            content = content.replace(b'<f>""</f><v />', b'<f>""</f><v></v>').replace(
                b'<f>""</f><v/>', b'<f>""</f><v></v>'
            )
            start = content.find(b'<f>""</f>')
            if start > 0:
                at = content.rindex(b"<c ", 0, start)
                content = content[:at] + content[at:].replace(b"<c ", b'<c t="str" ', 1)
            made.writestr(name, content)
    book.path.write_bytes(out.getvalue())
    assert import_workbook(book.path, folder=book.data).changes == ()


def test_files_that_have_faults_are_not_touched(book):
    (book.data / "plans/example/targets.csv").write_text("table\n", encoding="utf-8")
    with pytest.raises(PlanmodelError, match="cannot be read, so they are not changed"):
        book.take()


def test_a_workbook_without_a_name_takes_its_files_or_asks(book):
    book.entry("plan").value = None
    book.path = book.path.with_name("example.xlsx")
    assert book.take().changes == ()
    book.path = book.path.with_name("规划.xlsx")
    assert "Fill in the entry plan on the sheet plan, or give --name." in book.faults()[0]


def test_a_head_without_its_columns(book):
    book.sheets["plan"].cell(1, 2).value = "content"
    faults = book.faults()
    assert "(content): expected a known name" in faults[0] and "value 数值: expected this column" in faults[1]
    assert len(faults) == 2, "what cannot be read is not checked"


def test_the_commands(tmp_path, monkeypatch, capsys, data):
    monkeypatch.setenv("PLANMODEL_DATA", str(data_folder()))
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-plan", "--xlsx", "--region", "linhai"]) == 0
    assert main(["new", "my-plan", "--xlsx"]) == 2 and "which exists" in capsys.readouterr().err
    assert main(["import", "my-plan.xlsx", "--dry-run"]) == 0
    assert "Would make my-plan (3 targets" in capsys.readouterr().out
    assert not (data_folder() / "plans/my-plan").exists()
    monkeypatch.setenv("PLANMODEL_DATA", str(data))
    assert main(["workbook", "example", "out.xlsx"]) == 0 and main(["import", "out.xlsx"]) == 0
    assert "example says the same already" in capsys.readouterr().out
    assert main(["import", "out.xlsx", "--name", "new-one"]) == 0
    assert main(["import", "my-plan.xlsx"]) == 2
    told = capsys.readouterr().err
    assert "my-plan.xlsx: " in told and "faults, nothing was written" in told and "Traceback" not in told
    assert main(["import", "out.xlsx", "--name", "all-plans"]) == 2
    assert main(["workbook", "example", "out.csv"]) == 2


def test_cells_that_look_like_formulas_stay_text(data, tmp_path):
    write_data(
        data, targets=(TARGET | {"note": "=cmd|' /C calc'!A0", "source": "@x", "target_printed": "+150"},)
    )
    path = workbook_of("example", data, tmp_path / "x.xlsx")
    sheet = next(ws for ws in openpyxl.load_workbook(path).worksheets if ws.title.startswith("targets"))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert import_workbook(path, folder=data).changes == ()


def test_faults_of_cells_are_told_in_chinese_too(book):
    cell = book.cell("targets", "target_value", 2)
    cell.value, cell.number_format = 1.5, "0%"
    with pytest.raises(PlanmodelError) as error:
        book.take()
    assert "应为以亿元为单位的数字，实为 150%，百分数。百分数请选单位 %" in error.value.text("zh")


WORDS = {"ge": "以上 不低于 ≥ >= 不少于", "gt": "超过 > ＞ 高于", "le": "以下 ≤ <= 不高于 以内 之内", "lt": "低于 < 小于", "eq": "达到 = ＝ 等于",
         "about": "约 左右 ≈"}  # fmt: skip


@pytest.mark.parametrize("comparator, words", WORDS.items())
def test_comparators_as_people_write_them(book, comparator, words):
    for word in words.split():
        book.cell("targets", "comparator", 2).value = word
        book.take()
        assert load_plan("example", book.data).target("T1/1/1").comparator == comparator, word


@pytest.mark.parametrize(
    "text, comparator", [("150左右", "about"), ("≥150", "ge"), ("", "eq"), ("150亿元以内", "le")]
)
def test_an_empty_comparator_is_what_the_text_says(book, text, comparator):
    for column, value in (("comparator", None), ("target_printed", text), ("target_value", 150)):
        book.cell("targets", column, 2).value = value
    book.take()
    assert load_plan("example", book.data).target("T1/1/1").comparator == comparator


def test_names_are_found_whatever_the_width_of_their_characters(book):
    path = book.data / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    assert "投资" in text
    path.write_text(text.replace("投资", "河流Ⅰ-Ⅲ类ＡＢ（１）"), encoding="utf-8")
    for typed in ("河流Ⅰ-Ⅲ类ＡＢ（１）", "河流I-III类AB(1)", " 河流Ⅰ-III类ab（1） "):
        book.cell("targets", "indicator", 4).value = typed
        assert book.take().changes == (), typed


def remade(path, change):
    """A workbook whose parts are changed: change(name, content) gives the new content, None drops it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                made.writestr(name, content)
    path.write_bytes(out.getvalue())


def test_empty_styled_cells_cost_nothing(book):
    """300,000 rows that somebody coloured are left out before the workbook is read; more than can be held is refused."""
    import resource
    import time

    from planmodel.workbooks.opening import open_workbook

    row = "".join(f'<c r="{letter}{{0}}" s="1"/>' for letter in "ABCD")
    rows = "".join(f'<row r="{r}" spans="1:4">{row.format(r)}</row>' for r in range(20, 300_020)).encode()

    def coloured(sheets):
        book.book.save(book.path)
        end = b"</sheetData>"
        remade(book.path, lambda name, x: x.replace(end, rows * (name in sheets) + end))

    coloured(["xl/worksheets/sheet3.xml"])
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    formulas, _ = open_workbook(book.path)
    assert time.process_time() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000
    assert formulas.worksheets[2].max_row < 20
    assert import_workbook(book.path, folder=book.data).changes == ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planmodel.workbooks.opening.MOST_UNPACKED", 10_000_000)
        with pytest.raises(PlanmodelError, match="found one of .. MB unpacked"):
            import_workbook(book.path, folder=book.data)


def odd_zip(book, kind):
    """The workbook with one part as no reader likes it."""
    raw = bytearray(book.path.read_bytes())
    place = raw.find(b"xl/worksheets/sheet1.xml") - 30
    central = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"xl/worksheets/sheet1.xml"))
    if kind == "version":
        raw[place + 4], raw[central + 6] = 99, 99
    elif kind == "method":
        raw[place + 8], raw[central + 10] = 77, 77
    elif kind == "encrypted":
        raw[place + 6] |= 1
        raw[central + 8] |= 1
    elif kind == "data":
        for i in range(60, 160):
            raw[place + i] ^= 0x55
    elif kind == "cut":
        del raw[len(raw) // 2 :]
    book.path.write_bytes(raw)


@pytest.mark.parametrize("kind", ["version", "method", "encrypted", "data", "cut"])
def test_damaged_zips_are_one_sentence(book, kind):
    book.book.save(book.path)
    odd_zip(book, kind)
    with pytest.raises(PlanmodelError, match="found a damaged one") as caught:
        import_workbook(book.path, folder=book.data)
    assert len(str(caught.value)) < 300


def test_strict_workbooks_and_endless_tags_are_told(book):
    book.book.save(book.path)
    whole = book.path.read_bytes()
    remade(book.path, lambda name, x: x.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                                b"http://purl.oclc.org/ooxml/spreadsheetml/main"))  # fmt: skip
    with pytest.raises(
        PlanmodelError, match="'Strict Open XML Spreadsheet'. Save it in Excel as 'Excel Workbook"
    ):
        import_workbook(book.path, folder=book.data)
    book.path.write_bytes(whole)
    remade(book.path, lambda name, x: x.replace(b"<sheetData>", b'<sheetData x="' + b"x" * 10**6 + b'">'))
    with pytest.raises(PlanmodelError, match="a damaged one"):
        import_workbook(book.path, folder=book.data)


@pytest.mark.parametrize(
    "value", [1e308, -1e308, 1e-308, 1e300, "1e", "9" * 400, "x" * 32_000, "=", "-", "\u2212", "１e５"]
)
def test_no_cell_is_more_than_a_message(book, value):
    for column, row in (
        ("target_value", 2),
        ("base_year", 3),
        ("comparator", 2),
        ("number", 2),
        ("source", 2),
    ):
        kept = book.cell("targets", column, row).value
        book.cell("targets", column, row).value = value
        book.book.save(book.path)
        try:
            import_workbook(book.path, folder=book.data, dry_run=True)
        except PlanmodelError as error:
            assert len(error.text("en")) < 4000 and len(error.text("zh")) < 4000
        book.cell("targets", column, row).value = kept


def test_a_stale_workbook_says_so_before_it_undoes_what_was_changed_by_hand(book, monkeypatch, capsys):
    path = book.data / "plans/example/targets.csv"
    book.cell("targets", "note", 2).value = "mine"
    assert book.take().changes  # its own changes are no news to it
    book.cell("targets", "note", 2).value = "mine again"
    assert book.take().changes
    path.write_text(path.read_text("utf-8").replace("T1,2", "T2,2", 1), "utf-8")
    before = files_of(book.data)
    with pytest.raises(PlanmodelError, match="would undo what was changed in the files of example since"):
        book.take()
    assert files_of(book.data) == before and book.take(dry_run=True).stale
    monkeypatch.setenv("PLANMODEL_DATA", str(book.data))
    assert main(["import", str(book.path), "--dry-run"]) == 0
    assert "were changed since the workbook was written" in capsys.readouterr().out
    assert main(["import", str(book.path)]) == 2
    assert main(["import", str(book.path), "--force"]) == 0
    assert "T2,2" not in path.read_text("utf-8")


def test_a_workbook_does_not_replace_another_plan_unasked(book):
    book.cell("targets", "note", 2).value = "mine"
    before = files_of(book.data)
    with pytest.raises(PlanmodelError, match="found other, another plan that exists"):
        book.take(name="other")
    assert files_of(book.data) == before
    assert book.take(name="other", force=True).changes and book.take(name="third").new

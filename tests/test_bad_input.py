"""Data folders spoiled in one way each: one clear message that says where, expected, found and what to do."""

import csv
import io
import re
from dataclasses import dataclass

import pytest
from handmade import OBSERVATIONS, TARGETS, write_data

from planmodel import PlanmodelError, load_plan, load_scenario
from planmodel.errors import SHOWN_FAULTS, Fault
from planmodel.plans.catalogue import load_catalogue
from planmodel.words import Phrase, link

T, O, P = "targets.csv", "observations.csv", "plan.yaml"


@dataclass(frozen=True)
class Case:
    """How a file is spoiled, and the fault that must be found: its row, its column, what the message says."""

    file: str
    spoil: object
    row: int | None
    what: str
    expected: str
    found: str
    do: str = ""


def path_of(folder, file):
    in_plan = file in (T, O, P)
    return folder / "plans" / "example" / file if in_plan else folder / file


def cell(row, column, value, **others):
    """Change cells of one line (the header is line 1)."""

    def spoil(raw):
        rows = list(csv.reader(io.StringIO(raw.decode())))
        for name, content in {column: value, **others}.items():
            rows[row - 1][rows[0].index(name)] = content
        return text_of(rows)

    return spoil


def text_of(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def without(column):
    def spoil(raw):
        rows = list(csv.reader(io.StringIO(raw.decode())))
        place = rows[0].index(column)
        return text_of([row[:place] + row[place + 1 :] for row in rows])

    return spoil


def repeat(row):
    def spoil(raw):
        rows = list(csv.reader(io.StringIO(raw.decode())))
        return text_of([*rows, rows[row - 1]])

    return spoil


def replaced(old, new):
    def spoil(raw):
        assert old.encode() in raw, f"{old} is not in the file"
        return raw.replace(old.encode(), new.encode() if isinstance(new, str) else new, 1)

    return spoil


def becomes(raw):
    return lambda old: raw


def added(line):
    return lambda raw: raw + line.encode()


CASES = {
    # tables: names
    "unknown indicator": Case(
        T, cell(2, "indicator", "service_va"), 2, "indicator", "a known name", "'service_va'",
        "Did you mean 'services_va'"),
    "unknown indicator of an observation": Case(
        O, cell(2, "indicator", "service_va"), 2, "indicator", "a known name", "'service_va'",
        "Did you mean 'services_va'"),
    "no indicator": Case(T, cell(3, "indicator", ""), 3, "indicator", "a known name", "an empty cell"),
    "unknown region": Case(
        T, cell(2, "region", "exemple"), 2, "region", "a known name", "'exemple'", "Did you mean 'example'?"),
    "unknown unit": Case(T, cell(2, "unit", "亿"), 2, "unit", "a known name", "'亿'", "亿元"),
    "wrong kind": Case(T, cell(2, "kind", "levels"), 2, "kind", "a known name", "'levels'", "'level'"),
    "wrong status": Case(
        T, cell(2, "status", "print"), 2, "status", "a known name", "'print'", "'printed'"),
    "wrong comparator": Case(T, cell(2, "comparator", ">="), 2, "comparator", "a known name", "'>='", "ge"),
    "wrong attribute": Case(
        T, cell(2, "attribute", "Binding"), 2, "attribute", "a known name", "'Binding'", "'binding'"),
    "wrong measure": Case(O, cell(2, "measure", "values"), 2, "measure", "a known name", "'values'", "value"),
    "wrong vintage": Case(O, cell(2, "vintage", "last"), 2, "vintage", "a known name", "'last'", "final"),
    "outturn of no target": Case(
        O, cell(2, "target", "T1/99/1"), 2, "target", "a known name", "'T1/99/1'", "T1/"),
    "in step with itself": Case(
        T, cell(2, "kind", "relative", target_value="", target_printed="同步", unit="", relative_to="services_va", comparator=""), 2,
        "relative_to", "another indicator", "'services_va'"),
    # tables: figures
    "a multiple of nothing": Case(
        T, cell(2, "kind", "multiple", target_value="0", target_printed="", unit="%"), 2, "target_value", "above 0", "'0'"),
    "a rank below the first": Case(
        T, cell(2, "kind", "rank", target_value="-2", target_printed="", unit=""), 2, "target_value", "above 0", "'-2'"),
    "a promise for ever": Case(
        T, cell(2, "target_year", "2199"), 2, "target_year", "at most 100 years after 2020", "'2199'"),
    "text in a number": Case(
        T, cell(2, "target_value", "abc"), 2, "target_value", "a number", "'abc'"),
    "thousands separator": Case(
        T, cell(2, "target_value", "1,500"), 2, "target_value", "a number", "'1,500'"),
    "unit in a number": Case(O, cell(2, "value", "70亿元"), 2, "value", "a number", "'70亿元'"),
    "NaN": Case(T, cell(2, "target_value", "NaN"), 2, "target_value", "a number", "'NaN'"),
    "infinity": Case(O, cell(2, "value", "inf"), 2, "value", "a number", "'inf'"),
    "no value": Case(O, cell(2, "value", ""), 2, "value", "a number", "an empty cell"),
    "printed without a figure": Case(
        T, cell(2, "target_value", "", comparator=""), 2, "target_value", "a number", "an empty cell"),
    "masked with a figure": Case(T, cell(2, "status", "masked"), 2, "status", "printed", "'masked'"),
    "range without an upper end": Case(
        T, cell(2, "comparator", "range"), 2, "target_upper", "a number", ""),
    "range upside down": Case(
        T, cell(2, "comparator", "range", target_upper="140"), 2, "target_upper", "more than", "'140'"),
    "base year after the target year": Case(
        T, cell(2, "base_year", "2026"), 2, "base_year", "a year before the target year 2025", "'2026'"),
    "base year is the target year": Case(
        T, cell(2, "base_year", "2025"), 2, "base_year", "a year before the target year 2025", "'2025'"),
    "no year": Case(T, cell(2, "target_year", "25"), 2, "target_year", "a year such as 2025", "'25'"),
    "no period": Case(O, cell(2, "period", "2015-2020"), 2, "period", "2016..2020", "'2015-2020'"),
    "period backwards": Case(
        O, cell(2, "period", "2020..2016"), 2, "period", "the first not after the last", "'2020..2016'"),
    "zero base of a multiple": Case(
        T, cell(2, "base_value", "0", kind="multiple"), 2, "base_value", "a positive base", "'0'"),
    "negative base": Case(T, cell(2, "base_value", "-5"), 2, "base_value", "a positive base", "'-5'"),
    "share above 100": Case(
        T, cell(3, "target_value", "530"), 3, "target_value", "a share between 0 and 100", "'530'"),
    "base share above 100": Case(
        T, cell(3, "base_value", "507"), 3, "base_value", "a share between 0 and 100", "'507'"),
    "observed share above 100": Case(
        O, cell(3, "value", "479"), 3, "value", "a share between 0 and 100", "'479'"),
    "part that is no number": Case(T, cell(2, "part", "a"), 2, "part", "1, 2, ...", "'a'"),
    "part that only looks like a number": Case(T, cell(2, "part", "①"), 2, "part", "1, 2, ...", "'①'"),
    "no source": Case(T, cell(2, "source", ""), 2, "source", "where it stands", "an empty cell"),
    "observation without a source": Case(
        O, cell(2, "source", " "), 2, "source", "where it stands", "an empty cell"),
    # tables: units
    "a change of a share in money": Case(
        T, cell(3, "unit", "亿元", kind="change_units", target_printed=""), 3, "unit", "percent or pp", "'亿元'"),
    "growth in points": Case(
        T, cell(2, "unit", "个百分点", kind="annual_growth", target_value="6", target_printed=""), 2, "unit", "percent", "'个百分点'"),
    "a share added up over the years": Case(
        T, cell(3, "kind", "cumulative_sum"), 3, "kind", "no sum", "'cumulative_sum'", "keep"),
    "a comparator other than the text's": Case(
        T, cell(3, "comparator", "le", target_printed="不低于53%"), 3, "comparator", "ge, as '不低于53%' says", "'le'"),
    "two units for one indicator": Case(
        T, cell(2, "unit", "亿美元"), 2, "unit", "a unit of CNY", "'亿美元'"),
    "base in the unit of another quantity": Case(
        T, cell(2, "base_unit", "亿美元"), 2, "base_unit", "CNY", "'亿美元'"),
    "observation in the unit of another quantity": Case(
        O, cell(2, "unit", "亿美元"), 2, "unit", "a unit of CNY", "'亿美元'"),
    # tables: rows and columns
    "the same target twice": Case(T, repeat(2), 6, "part", "once", "T1/1/1", "It repeats row 2."),
    "the same observation twice": Case(O, repeat(3), 7, "row", "each row once", "row 3 again"),
    "missing column": Case(T, without("unit"), 1, "unit", "this column", "none of that name", "Add"),
    "missing column of observations": Case(
        O, without("vintage"), 1, "vintage", "this column", "none of that name", "Add"),
    "unknown column": Case(
        O, replaced("note\n", "note,remark\n"), 1, "remark", "a known name", "'remark'"),
    "the same column twice": Case(
        O, replaced("note\n", "note,note\n"), 1, "note", "each column once", "twice"),
    "too many cells": Case(
        O, added("services_va,,2016,value,71,亿元,71,,,,plan,,一,,,a note, with a comma\n"), 7, "row",
        "16 cells", "17", "Quote"),
    # files
    "empty file": Case(T, becomes(b""), None, "file", "some content", "an empty file"),
    "blank file": Case(O, becomes(b"\n \n"), None, "file", "some content", "an empty file"),
    "empty file with a byte order mark": Case(
        O, becomes(b"\xef\xbb\xbf"), None, "file", "some content", "an empty file"),
    "missing file": Case(O, becomes(None), None, "file", "an existing file", "", "Add observations.csv"),
    "UTF-16": Case(
        T, lambda raw: raw.decode().encode("utf-16"), None, "encoding", "UTF-8 or GB18030", "UTF-16",
        "Save it as CSV UTF-8"),
    "UTF-16 without a mark": Case(
        T, lambda raw: raw.decode().encode("utf-16-le"), None, "encoding", "UTF-8 or GB18030", "UTF-16"),
    "Latin-1": Case(
        O, lambda raw: raw + "r\xe9sum\xe9\n".encode("latin-1"), None, "encoding",
        "UTF-8 or GB18030", "another encoding", "Save it as CSV UTF-8"),
    # plan.yaml
    "tab in YAML": Case(P, added("notes:\n\tx: 1\n"), 19, "YAML", "plain YAML", "a tab", "spaces"),
    "YAML that is no mapping": Case(P, becomes(b"- a\n- b\n"), None, "YAML", "names with values", "list"),
    "YAML that is broken": Case(P, added("notes: [1, 2\n"), 19, "YAML", "plain YAML", ""),
    "missing entry": Case(P, replaced("draft: false\n", ""), None, "draft", "an entry", "nothing"),
    "unknown entry": Case(
        P, added("basis_year: 2019\n"), None, "basis_year", "a known name", "'basis_year'", "'base_year'"),
    "title in no language": Case(
        P, replaced("title:\n  en: Plan of Example\n  zh: 例市规划\n", "title: {fr: Plan}\n"), None, "title",
        "a text in zh, in en or in both", "'Plan'"),
    "draft in words": Case(
        P, replaced("draft: false", "draft: nein"), None, "draft", "true or false", "'nein'"),
    "a period of one year": Case(
        P, replaced("period:\n- 2021\n- 2025\n", "period: 2021\n"), None, "period",
        "first and last year", "2021"),
    "unknown region of the plan": Case(
        P, replaced("region: example", "region: exampel"), None, "region", "a known name", "'exampel'",
        "Did you mean 'example'?"),
    "a list of regions": Case(
        P, replaced("region: example", "region: [example]"), None, "region", "a known name", "example"),
    "base year as text": Case(
        P, replaced("base_year: 2020", "base_year: '2020'"), None, "base_year", "a year", "'2020'"),
    "a date that does not exist": Case(
        P, replaced("date: 2021-03", "date: 2021-02-30"), None, "date", "", "2021-02-30"),
    "a formula that is no identity": Case(
        P, added("identities: [services_va - investment]\n"), None, "identities", "a = b + c", "investment"),
    "an identity of unknown indicators": Case(
        P, added("identities: [services_share = services_va / gdp]\n"), None, "identities",
        "a known name", "'gdp'"),
    # catalogue
    "wrong scale": Case(
        "indicators.csv", cell(2, "scale", "amounts"), 2, "scale", "a known name", "'amounts'", "'amount'"),
    "wrong direction": Case(
        "indicators.csv", cell(2, "direction", "up"), 2, "direction", "a known name", "'up'", "higher"),
    "unknown reference class": Case(
        "indicators.csv", cell(2, "reference", "gdp_share"), 2, "reference", "a known name", "'gdp_share'",
        "'gdp_shares'"),
    "the same indicator twice": Case(
        "indicators.csv", repeat(2), 6, "indicator", "a name that no other row has", "'services_va'"),
    "a factor in words": Case("units.csv", cell(3, "factor", "one"), 3, "factor", "a number", "'one'"),
    "a region without its parent": Case(
        "regions.csv", cell(3, "parent", "chna"), 3, "parent", "a known name", "'chna'", "'china'"),
    "an indicator without a name": Case(
        "indicators.csv", cell(2, "name_en", "", name_zh=""), 2, "name_en", "a name", "an empty cell"),
}  # fmt: skip


def spoiled(folder, case):
    path = path_of(write_data(folder), case.file)
    content = case.spoil(path.read_bytes())
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    return folder


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_clear_message(tmp_path, case):
    with pytest.raises(PlanmodelError) as caught:
        load_plan("example", spoiled(tmp_path, case))
    assert len(caught.value.faults) == 1, str(caught.value)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.what) == (case.file, case.row, case.what)
    assert (
        case.expected in str(fault.expected) and case.found in str(fault.found) and case.do in str(fault.do)
    )
    message = str(caught.value)
    assert f"{case.file}, " in message and f"expected {fault.expected}" in message
    assert (f"row {case.row}, {case.what}" if case.row else case.what) in message
    assert case.found in message and "Traceback" not in message


def test_a_quote_that_is_never_closed_does_not_swallow_the_rows_below(tmp_path):
    path = path_of(write_data(tmp_path), O)
    text = path.read_text("utf-8")
    assert text.count(",一,,,\n") == len(OBSERVATIONS)
    path.write_text(text.replace(",一,,,\n", ',一,,,"see below\n', 1), "utf-8")
    with pytest.raises(PlanmodelError, match="observations.csv.*quote"):
        load_plan("example", tmp_path)


def test_the_data_are_sound_before_they_are_spoiled(tmp_path):
    plan = load_plan("example", write_data(tmp_path))
    assert len(plan.targets) == len(TARGETS)
    # three bases are printed in the table
    assert len(plan.observations) == len(OBSERVATIONS) + 3


def test_a_tag_that_would_run_code_is_refused_and_nothing_runs(tmp_path):
    trace = tmp_path / "ran"
    path = path_of(write_data(tmp_path), P)
    path.write_text(
        f"title: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{trace}']]\n"
    )
    with pytest.raises(PlanmodelError, match=r"plan.yaml, row 1, YAML: expected plain YAML.*refused"):
        load_plan("example", tmp_path)
    assert not trace.exists()


def test_a_fault_below_a_line_separator_of_a_word_processor_is_named(tmp_path):
    """YAML counts U+2028 as a line end, so a fault may stand in a line that splitting at \\n does not have."""
    path = path_of(write_data(tmp_path), P)
    path.write_text("notes: '\u2028\u2028\u2028'\ntitle: [\n", "utf-8")
    with pytest.raises(PlanmodelError, match="plan.yaml, row .*YAML: expected plain YAML"):
        load_plan("example", tmp_path)


ENCODINGS = {
    "UTF-8 with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "GB18030": lambda text: text.encode("gb18030"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "line ends of old Macs": lambda text: text.replace("\n", "\r").encode(),
    "blank lines and blanks around cells": lambda text: text.replace(",level,", ", level ,").replace(
        "\n", "\n\n"
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_files_as_spreadsheets_save_them_are_read(tmp_path, encode):
    sound = load_plan("example", write_data(tmp_path / "sound"))
    folder = write_data(tmp_path / "saved")
    for path in folder.rglob("*.csv"):
        path.write_bytes(encode(path.read_text(encoding="utf-8")))
    plan = load_plan("example", folder)
    assert plan.targets == sound.targets and plan.observations == sound.observations
    assert plan.targets[0].unit == "亿元" and plan.targets[0].source == "表1"


def test_columns_may_stand_in_any_order(tmp_path):
    path = path_of(write_data(tmp_path), T)
    rows = [row[::-1] for row in csv.reader(io.StringIO(path.read_text("utf-8")))]
    path.write_bytes(text_of(rows))
    assert load_plan("example", tmp_path).targets[0].target_value == 150


def test_an_indicator_without_a_unit_cannot_have_a_level_in_one(tmp_path):
    """The catalogue allows it (milestones have none); a target with a figure is then a fault, not a crash."""
    path = path_of(write_data(tmp_path), "indicators.csv")
    path.write_bytes(cell(2, "unit", "")(path.read_bytes()))
    with pytest.raises(PlanmodelError) as caught:
        load_plan("example", tmp_path)
    assert {(fault.file, fault.row, fault.what) for fault in caught.value.faults} == {
        (T, 2, "unit"),
        (O, 2, "unit"),
    }


def test_all_faults_are_reported_at_once(tmp_path):
    folder = write_data(tmp_path)
    for file, spoils in {
        T: [cell(2, "kind", "x"), cell(3, "target_value", "x"), cell(3, "unit", "x"), cell(5, "source", "")],
        O: [cell(2, "value", "x"), cell(4, "vintage", "x")],
        P: [replaced("draft: false", "draft: nein")],
    }.items():
        path = path_of(folder, file)
        for spoil in spoils:
            path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(PlanmodelError) as caught:
        load_plan("example", folder)
    places = {(fault.file, fault.row, fault.what) for fault in caught.value.faults}
    assert places == {
        (T, 2, "kind"), (T, 3, "target_value"), (T, 3, "unit"), (T, 5, "source"), (O, 2, "value"),
        (O, 4, "vintage"), (P, None, "draft"),
    }  # fmt: skip
    lines = str(caught.value).splitlines()
    assert "has 7 faults" in lines[0] and len(lines) == 1 + SHOWN_FAULTS + 1
    assert "and 2 more" in lines[-1] and "correct these first" in lines[-1]


def test_a_message_quotes_the_beginning_of_a_long_text(tmp_path):
    path = path_of(write_data(tmp_path), T)
    path.write_bytes(cell(2, "indicator", "x" * 5000)(path.read_bytes()))
    with pytest.raises(PlanmodelError, match="found 'x{77}…'") as caught:
        load_plan("example", tmp_path)
    assert len(str(caught.value)) < 300
    said = str(Fault("a", "b", Phrase("commands.file.exists", name="y" * 500)))
    assert "y" * 79 + "…, which exists" in said and "y" * 80 not in said


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rules.yaml", "leap: 5", "leap: five", "rules.yaml, audit.leap: expected a number, found 'five'"),
        ("rules.yaml", "- schools = public + private", "- 5", "rules.yaml, identities: expected a list of lines such as a = b / c"),
        ("rules.yaml", "- - farm_share", "- - 5", "rules.yaml, divided: expected a list of lists of indicators"),
        ("rules.yaml", "crowded: 0.75", "crowded: [1, 2]", "audit.crowded: expected a number, found [1, 2]"),
        ("rules.yaml", "- 150", "- much", "audit.outturn_bounds.growth: expected a number, found 'much'"),
        ("regions.csv", "china,中国,China,country,", "china,中国,China,country,example", "its own row, found 'example'"),
    ],
)  # fmt: skip
def test_rules_are_numbers_and_nothing_stands_above_itself(tmp_path, file, old, new, said):
    path = write_data(tmp_path) / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlanmodelError, match=re.escape(said)):
        load_catalogue(tmp_path)


def test_faults_of_the_catalogue_are_reported_at_once(tmp_path):
    folder = write_data(tmp_path)
    for file, column in (("indicators.csv", "scale"), ("regions.csv", "level"), ("units.csv", "factor")):
        path = folder / file
        path.write_bytes(cell(2, column, "x")(path.read_bytes()))
    with pytest.raises(PlanmodelError) as caught:
        load_catalogue(folder)
    assert {fault.file for fault in caught.value.faults} == {"indicators.csv", "regions.csv", "units.csv"}


NAMES = {
    "a mistyped plan": ("exampel", "a known name", "Did you mean 'example'?"),
    "a plan of another kind": ("zzz", "a known name", "Known: example, other."),
    "a way out of the folder": ("../other", "letters, digits", "without paths"),
    "a way out of the folder on Windows": ("..\\other", "letters, digits", "without paths"),
    "an absolute path": ("/etc", "letters, digits", "without paths"),
    "dots": ("..", "letters, digits", "without paths"),
    "capital letters": ("Example", "lower-case letters", "'Example'"),
    "a line end": ("example\n", "letters, digits", "without paths"),
    "nothing": ("", "letters, digits", "''"),
}


@pytest.mark.parametrize("name, expected, says", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("load", [load_plan, load_scenario])
def test_names_of_plans_and_scenarios(tmp_path, load, name, expected, says):
    folder = write_data(tmp_path)
    (folder / "scenarios" / "baseline.yaml").rename(folder / "scenarios" / "example.yaml")
    (folder / "scenarios" / "other.yaml").write_bytes((folder / "scenarios" / "example.yaml").read_bytes())
    with pytest.raises(PlanmodelError) as caught:
        load(name, folder)
    (fault,) = caught.value.faults
    assert fault.what == ("plan" if load is load_plan else "scenario")
    assert expected in str(caught.value) and says in str(caught.value)
    assert f"found {name!r}" in str(caught.value)


@pytest.mark.parametrize("mark", ["*", "_", "<b>", "[x](y)", "`", "|"])
def test_no_unit_and_no_word_for_a_probability_holds_markup(tmp_path, mark):
    for file, old, new in (
        ("units.csv", "100 million yuan", f"100 million {mark}"),
        ("rules.yaml", "en: some", f"en: 'so{mark}me'"),
    ):
        path = write_data(tmp_path / file) / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(PlanmodelError) as error:
            load_catalogue(tmp_path / file)
        assert len(error.value.faults) == 1, error.value


def test_an_address_is_a_link_and_nothing_else():
    assert link("https://example.org/a_b?c=1") == "<https://example.org/a_b?c=1>"
    for bad in ("https://x.org/><script>", "javascript:alert(1)", "https://x.org/ [a](b)"):
        assert (
            not link(bad).startswith("<")
            and "](" not in link(bad)
            and "<s" not in link(bad).replace("\\<", "")
        )

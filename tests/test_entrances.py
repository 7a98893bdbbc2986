"""What comes in from outside: files, names and parameters are read where the meaning is plain, else told in bounded words."""

import io
import os
import subprocess
import sys
import time
from inspect import signature
from typing import Any, get_type_hints

import numpy as np
import pandas as pd
import pytest
from handmade import write_data

from planmodel import PlanmodelError, assess_plan, forecast, load_plan, load_scenario
from planmodel.arithmetic.paths import trajectory
from planmodel.audit import audit, change_figures, compare
from planmodel.breakdown import break_down, split
from planmodel.commands.cli import main
from planmodel.commands.parameters import write_file
from planmodel.drafting import draft
from planmodel.drivers import drivers
from planmodel.errors import Fault, Hint
from planmodel.feasibility.milestones import milestones
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.files.reading import read_table, read_yaml
from planmodel.files.texts import content_of, is_chinese, read_text
from planmodel.lab.study import DEFAULTS, check_parameters
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.own import own_plan
from planmodel.review import review

MOST_SAID = 4000


def told(function, *given):
    """What an error says in both languages; it is short, and quick."""
    started = time.process_time()
    with pytest.raises(PlanmodelError) as caught:
        function(*given)
    texts = [caught.value.text(lang) for lang in ("en", "zh")]
    assert time.process_time() - started < 5
    assert all(len(text) < MOST_SAID for text in texts)
    return texts[0]


# calls from Python

PUBLIC = (
    forecast, assess_plan, own_plan, plan_trajectories, milestones, trajectory, audit, compare, change_figures, review, draft,
    drivers, break_down, split, load_plan, load_scenario,
)  # fmt: skip
STRANGE = (object(), pd.NA, 1j, b"x", float("nan"), 10**400, [object()])


@pytest.mark.parametrize("function", PUBLIC, ids=lambda function: function.__name__)
def test_an_argument_of_another_kind_is_named(function):
    hints = get_type_hints(function.__wrapped__)
    names = [name for name in signature(function).parameters if hints.get(name, Any) is not Any]
    for strange in STRANGE:
        with pytest.raises(PlanmodelError) as caught:
            function(**dict.fromkeys(names, strange))
        assert [fault.what for fault in caught.value.faults] == names
        assert all(len(caught.value.text(lang)) < MOST_SAID for lang in ("en", "zh"))


def test_numbers_of_numpy_are_numbers_and_names_are_no_letters():
    history = pd.Series({2019: 1.0, 2020: np.float32(1.5)})
    assert len(forecast(history, np.int64(2), n_draws=np.int32(7), volatility=np.float32(1)).draws) == 7
    with pytest.raises(PlanmodelError, match=r"indicators: expected several \(a text\), found 'gdp'"):
        audit(load_plan("linhai-14fyp"), indicators="gdp")
    with pytest.raises(PlanmodelError, match=r"changes: expected a dict \(a text, a text or a number\)"):
        compare(load_plan("linhai-14fyp"), {"gdp.target": None})
    for wrong in (
        {"n_draws": 10**400},
        {"n_draws": 0},
        {"n_years": 10**9},
        {"shocks": ["x"]},
        {"bounds": (2,)},
    ):
        with pytest.raises(PlanmodelError):
            forecast(history, **{"n_years": 1} | wrong)


# files


@pytest.mark.parametrize("read", [content_of, read_text, read_yaml, lambda path: read_table(path, ("a",))])
def test_only_regular_files_of_bounded_size_are_read(read, tmp_path):
    from pathlib import Path

    pipe, large = tmp_path / "pipe", tmp_path / "large"
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(2 * 10**9)  # takes no room
    assert "found a device or a pipe" in told(read, Path("/dev/zero"))
    assert "found a device or a pipe" in told(read, pipe)
    assert "a file of at most 100 MB, found 2000 MB" in told(read, large)
    assert "found a folder" in told(read, tmp_path)
    assert "expected an existing file" in told(read, tmp_path / "none")
    assert "expected an existing file" in told(read, large / "below a file")
    assert "a file that can be read" in told(read, tmp_path / ("x" * 300))
    assert "a file that can be read" in told(read, Path("\0"))


WESTERN = {
    "cp1252": ["région,année\nÎle-de-France,élevé\n", "Größe;Fläche\nBaden-Württemberg;1\n", "Año,población\nEspaña,Málaga",
               "ação,região,São Paulo\n", "città,perché,più", "Skåne,Malmö,år", "Ærø,Ålborg,København"],
    "cp1250": ["Łódź,Kraków,Poznań", "Plzeň,Žďár"],
    "cp1254": ["İstanbul,Şanlıurfa,Iğdır"],
    "big5": ["指標,地區,數值\n地區生產總值,臺北市,41.3\n人口,高雄市,277", "服務業增加值占國內生產毛額的比重達到百分之六十五"],
    "euc_jp": ["指標,地域,値\n地域総生産,大阪府,41.3\n人口,京都市の人口は増加しています\n"],
    "shift_jis": ["指標,地域,値,出所\n地域総生産,大阪府,41.3,統計年報", "これはひらがなとカタカナだけのぶんしょう"],
    "euc_kr": ["지역별 총생산은 다음과 같다,서울특별시,부산광역시,대구광역시,인천광역시"],
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "text"), [(e, t) for e, texts in WESTERN.items() for t in texts])
def test_text_in_another_encoding_does_not_become_chinese(encoding, text, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    assert "expected UTF-8 or GB18030, found " in told(read_text, path)


def test_chinese_text_stays_chinese(tmp_path):
    texts = [
        "产值,亿元\n",
        "嵊泗",
        "臺灣地區生產總值與服務業增加值",
        "gdp,亿元,plan",
        "河流Ⅰ-Ⅲ类水质断面比例（％）",
        "衢州、湘潭、邗江、亳州",
        "note,a·b",
        "二〇三五年，服務業增加值占地區生產總值的比重達到百分之六十五",
    ]
    assert all(is_chinese(text.encode("gb18030")) for text in texts)
    for each in load_catalogue().indicators.values():
        if len(each.name_zh) > 5:  # fewer are too few to tell from Korean
            assert is_chinese(each.name_zh.encode("gb18030")), each.name_zh


TABLE = [["a", "b", "c"], ["1", "x, y; z", "2"], ["3", "", "4.5"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "sep={}\n", '"sep={}"\n'])
def test_every_separator_of_spreadsheets_is_read(separator, mark, tmp_path):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(TABLE)
    path = tmp_path / "a.csv"
    path.write_text(mark.format(separator) + out.getvalue(), encoding="utf-8")
    rows = read_table(path, ("a", "b"), ("c",))
    assert [[row[name] for name in TABLE[0]] for row in rows] == TABLE[1:]
    assert [row.line for row in rows] == [2 + bool(mark), 3 + bool(mark)]


@pytest.mark.parametrize("figure", ["1500,5", "0,25", "12,5", "1.500,50", "-3,1"])
def test_decimal_commas_are_one_fault_that_names_them(figure, tmp_path):
    folder = write_data(tmp_path)
    path = folder / "plans" / "example" / "observations.csv"
    lines = path.read_text("utf-8").splitlines()
    place = lines[0].split(",").index("value")
    rows = [line.split(",") for line in lines[1:]]
    for row in rows:
        row[place] = f'"{figure}"'
    path.write_text("\n".join([lines[0], *(",".join(row) for row in rows)]), "utf-8")
    with pytest.raises(PlanmodelError) as caught:
        load_plan("example", folder)
    assert [fault.what for fault in caught.value.faults] == ["value"]
    assert "this file has decimal commas" in str(caught.value) and figure in str(caught.value)


def bomb(depth):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, depth)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [bomb(7), bomb(25), "[" * 50_000, "a: " * 3 + "1", "\n".join(f"k{i}: 1" for i in range(20_000)), "x" * 10**6 + ": 1",
     "a: " + "x" * 10**6, "? " * 5000, "- a\n" * 10, "&a [*a]", "a: !!int x", "a: \"\\x0b\"", "a: 2021-99-99\na: 1",
     "a: " + "9" * 5000, "<<: 5", "a: &x {b: *x}"],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_yaml_is_one_short_message(text, tmp_path, monkeypatch, capsys):
    folder = write_data(tmp_path)
    (folder / "scenarios").mkdir(exist_ok=True)
    for file in ("plans/example/plan.yaml", "scenarios/low.yaml", "assumptions.yaml"):
        (folder / file).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    started = time.process_time()
    assert main(["check"]) == 2
    printed = capsys.readouterr()
    assert time.process_time() - started < 5
    assert 0 < len(printed.out + printed.err) < 3 * MOST_SAID  # three files
    assert "Traceback" not in printed.err


def test_aliases_that_stay_small_are_read(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("base: &base {a: 1}\nmore: {<<: *base, b: 2}\n", encoding="utf-8")
    assert read_yaml(path) == {"base": {"a": 1}, "more": {"a": 1, "b": 2}}


@pytest.mark.parametrize("code", ["\x0b", "\x00", "\x1b", "\x7f", "\x9b", "\ufffe"])
@pytest.mark.parametrize("file", ["plan.yaml", "targets.csv"])
def test_control_characters_are_faults_with_their_line(code, file, tmp_path):
    folder = write_data(tmp_path)
    path = folder / "plans" / "example" / file
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("例市规划", f"例市{code}规划", 1)
        if file == "plan.yaml"
        else text.replace("表1", f"表{code}1", 1),
        "utf-8",
    )
    said = told(load_plan, "example", folder)
    assert "binary" in said if code == "\x00" else repr(code) in said and "row " in said


# messages


def test_a_flood_of_faults_ends_with_how_many_more_there_are(tmp_path, monkeypatch, capsys):
    folder = write_data(tmp_path)
    path = folder / "plans" / "example" / "observations.csv"
    head, first, *_ = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *[first.replace("services_va", "x" * 500)] * 3145]), "utf-8")
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    assert told(load_plan, "example", folder).endswith("... and 3,140 more: correct these first.")
    assert main(["check", "example"]) == 2
    out = capsys.readouterr().out
    assert len(out) < MOST_SAID and "and 3,1" in out.splitlines()[-1]


def test_no_part_of_a_fault_is_longer_than_a_message_can_bear():
    long = "'" + "x" * 10**6 + "'"
    from planmodel.words import Phrase

    texts = [long, "a\nb\x1b[31m" + long, Phrase("files.no_control"), Phrase("files.control", code=long)]
    for what in texts:
        for fault in (
            Fault(what, what, what, long, 5, what),
            Fault("a", Hint(long, [long] * 9), "b"),
        ):
            for lang in ("zh", "en"):
                said = fault.text(lang)
                assert len(said) <= 600 and said.isprintable()
    faults = [Fault(long, long, long, long, 5, long)] * 100_000
    assert len(PlanmodelError(long, faults).text("zh")) < MOST_SAID


def test_hints_name_the_nearest_five_with_their_names():
    known = load_catalogue().indicators
    said = Hint("zz", known)
    assert said["en"].count(" (") == 5 == said["zh"].count(" (") and "第" not in said["en"]
    assert "'services_va' (服务业增加值)" in Hint("服务业增值", known)["en"]
    assert Hint("service_va", known)["en"].startswith("Did you mean 'services_va'")


# parameters

PLAIN = [
    ({"indicators": None, "as_of": None, "plan": None, "seed": None}, {"indicators": (), "as_of": None}),
    ({"indicators": "服务业增加值"}, {"indicators": ("services_va",)}),
    ({"indicators": ["服务业增加值", "services_share"]}, {"indicators": ("services_va", "services_share")}),
    (
        {"indicators": "Services value added，services_share"},
        {"indicators": ("services_va", "services_share")},
    ),
    ({"plan": ["linhai-14fyp"]}, {"seed": 20210101}),
    ({"n_draws": "200", "seed": " 7 "}, {"n_draws": 200, "seed": 7}),
    ({"n_draws": 200.0}, {"n_draws": 200}),
    ({"as_of": "2023"}, {"as_of": 2023, "as_at": "2023"}),
    ({"as_of": "２０２３"}, {"as_of": 2023}),
    ({"scenarios": ["low", "high"]}, {}),
    ({"chance": 0.9, "redraft": True}, {"chances": {"": 0.9}, "redraft": True}),
]


@pytest.mark.parametrize(("given", "wanted"), PLAIN)
def test_parameters_with_a_plain_meaning_are_taken(given, wanted):
    study = check_parameters(given)
    assert {name: getattr(study, name) for name in wanted} == wanted


def test_plans_and_scenarios_go_by_their_own_names_too():
    plan = load_plan("linhai-14fyp")
    study = check_parameters({"plan": plan.short["zh"], "plans": [plan.title["en"]]})
    assert study.plan == plan == study.plans[0]
    from planmodel import load_scenario

    scenario = load_scenario("low")
    assert check_parameters({"scenario": scenario.name["zh"]}).scenario == scenario


ODD = [{}, [], [[]], [None], {"a": [1]}, 5, -1, 1.5, float("nan"), float("inf"), 10**5000, "²", "①", "9" * 5000, b"x", "x" * 10**6,
       "\x00", "{}", "%s", "=", True, object(), {1}, (), "null", "../..", "a,b,,;c", ["x"] * 50_000, {str(i): i for i in range(50_000)}]  # fmt: skip


@pytest.mark.parametrize("name", [*DEFAULTS, 3, None, "plam"])
def test_no_value_of_a_parameter_is_more_than_a_message(name):
    for value in ODD:
        started = time.process_time()
        try:
            check_parameters({name: value})
        except PlanmodelError as error:
            assert 0 < len(error.text("en")) < MOST_SAID and 0 < len(error.text("zh")) < MOST_SAID
        assert time.process_time() - started < 5


def test_the_nearest_names_come_in_the_language_of_the_run():
    with pytest.raises(PlanmodelError) as caught:
        check_parameters({"indicators": "服务增加值", "lang": "zh"})
    assert "是否为 'services_va' (服务业增加值)" in caught.value.text(caught.value.lang)


def test_check_goes_on_behind_what_is_no_plan_and_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["check", ".", "nothing", "linhai-14fyp"]) == 2
    printed = capsys.readouterr()
    assert f"{tmp_path.name}: 3 faults" in printed.out and "linhai-14fyp: no faults" in printed.out
    assert "found 'nothing'" in printed.err and f"faults in {tmp_path.name}, nothing" in printed.err


def test_a_parameter_null_of_a_batch_is_its_default(capsys):
    command = ["run", "--dry-run", "--plans", "linhai-14fyp", "--notebooks", "2_feasibility", "-p"]
    assert main([*command, "as_of", "null"]) == 0
    assert main([*command, "as_of", "9" * 5000]) == 2
    assert len(capsys.readouterr().err) < MOST_SAID


def test_a_crash_in_a_process_of_its_own_is_a_line_and_code_3():
    code = "import planmodel.plans as p, sys; p.sound_plans = lambda: 1 / 0\nfrom planmodel.commands.cli import main\nsys.exit(main(['plans']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and done.stderr.count("\n") == 1


# files that stay


@pytest.mark.parametrize(
    "command",
    [["breakdown", "linhai-14fyp", "--format", "csv", "--out", "{}.csv"],
     ["export", "linhai-14fyp", "--format", "iamc", "--indicators", "gdp", "--draws", "200", "--out", "{}.csv"],
     ["review", "taizhou-services-14fyp", "--indicators", "services_va", "--draws", "200", "--docx", "{}.docx"],
     ["draft", "linhai-14fyp", "--indicators", "gdp", "--redraft", "--draws", "200", "--out", "{}.csv"],
     ["workbook", "linhai-14fyp", "{}.xlsx"]],
    ids=lambda command: command[0],
)  # fmt: skip
def test_no_command_writes_over_a_file_unasked(command, tmp_path, capsys):
    arguments = [part.format(tmp_path / "mine") for part in command]
    path = next(tmp_path / part for part in arguments if "mine" in part)
    path.write_text("mine", encoding="utf-8")
    assert main(arguments) == 2
    assert "which exists" in capsys.readouterr().err and path.read_text() == "mine"
    assert os.listdir(tmp_path) == [path.name]
    if command[0] != "workbook":
        assert main([*arguments, "--force"]) == 0 == main(arguments), "the same bytes are no loss"
        assert path.read_bytes() != b"mine"


def test_a_folder_with_a_file_of_the_users_is_not_swept(tmp_path, capsys):
    from planmodel.files.folders import is_left_over, sweep, unfinished

    mine = [
        tmp_path / name
        for name in (".notes.20231105", ".a.99999999", ".planmodel-unfinished-x", "b.csv.4194000")
    ]
    for path in mine:
        path.write_text("mine")
    command = ["run", "--plans", "linhai-14fyp", "--notebooks", "2_feasibility", "--out", str(tmp_path)]
    assert main(command) == 2 and "which holds other files" in capsys.readouterr().err
    with unfinished(tmp_path / "made") as made:
        made.write_text("half")
        left = made.with_name(made.name.replace(f"-{os.getpid()}-", "-99999999-"))
        left.write_text("of a process that is gone")
        assert not is_left_over(made) and is_left_over(left)
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*mine, tmp_path / "made"])


def test_what_fails_while_it_is_written_leaves_nothing(tmp_path, monkeypatch):
    from planmodel.files.folders import unfinished, write_atomically

    path = tmp_path / "a.csv"
    write_atomically(path, "whole")
    with pytest.raises(OSError, match="full"), unfinished(path) as made:
        made.write_text("ha")
        raise OSError(28, "full")
    assert path.read_text() == "whole" and os.listdir(tmp_path) == ["a.csv"]


def test_a_full_disk_leaves_no_part_of_a_plan(tmp_path, monkeypatch, capsys):
    write, data = type(tmp_path).write_bytes, write_data(tmp_path)
    monkeypatch.setenv("PLANMODEL_DATA", str(data))
    before = sorted(data.rglob("*"))

    def until_full(path, content):
        if path.name == "targets.csv":
            write(path, content[:9])
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(type(tmp_path), "write_bytes", until_full)
    for lang, full in (("en", "the disk is full"), ("zh", "磁盘已满")):
        assert main(["new", "mine", "--region", "example", "--lang", lang]) == 2
        said = capsys.readouterr().err
        assert f"{data / 'plans/mine'}: {full}" in said and said.count("\n") == 1
    assert sorted(data.rglob("*")) == before


def test_what_a_killed_call_left_is_swept_by_the_next_that_writes_there(tmp_path):
    for name in (".planmodel-unfinished-4194303-0123456789ab", ".planmodel-unfinished-notes"):
        (tmp_path / name).write_text("half")
    write_file(tmp_path / "\udcff.csv", "x")  # no name that has an encoding
    assert sorted(os.listdir(tmp_path)) == [".planmodel-unfinished-notes", "\udcff.csv"]


def test_a_link_that_leads_nowhere_is_no_file_to_write(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone")
    with pytest.raises(PlanmodelError, match="expected a file, found"):
        write_file(tmp_path / "a.csv", "x", force=True)
    assert (tmp_path / "a.csv").is_symlink()


class Full(io.StringIO):
    """A stream to where there is no room."""

    def write(self, text):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("stream", [None, "full"])
def test_streams_that_are_closed_or_full_are_no_defect(stream, monkeypatch):
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, stream and Full())
    assert [main(["audit", "nosuch"]), main(["plans"])] == [2, 2 if stream else 0]
    sys.stdout.close(), sys.stderr.close()


@pytest.mark.parametrize("name", ["all", "all-plans", "con"])
def test_names_that_mean_something_are_no_plans(name, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PLANMODEL_DATA", str(write_data(tmp_path)))
    assert (
        main(["new", name, "--region", "example"])
        == 2
        == main(["new", name, "--region", "example", "--xlsx"])
    )
    assert "reserved" in capsys.readouterr().err


# long words, and formulas in what spreadsheets open


@pytest.mark.parametrize("word", ["x" * 100, "长" * 100, "W" * 500, "two words " * 40])
def test_long_names_are_broken_or_cut_and_every_chart_is_drawn(word):
    from dataclasses import replace

    from planmodel import Scenario, charts
    from planmodel.feasibility import assess_plan

    plan = load_plan("xiangtan-services-14fyp")
    words = [{**each, "en": word, "zh": word} for each in plan.catalogue.rules["words"]]
    indicators = {
        name: replace(each, name_zh=word, name_en=word) for name, each in plan.catalogue.indicators.items()
    }
    catalogue = replace(plan.catalogue, rules={**plan.catalogue.rules, "words": words}, indicators=indicators)
    named = dict.fromkeys(("zh", "en"), word)
    plan = replace(plan, catalogue=catalogue, title=named, short=named, issuer=named)
    result = assess_plan(
        plan, Scenario.of(word, deflator_pct=2), n_draws=100, indicators=("services_va", "services_share")
    )
    drawn = [charts.fan_chart(result.assessments[0], "en"), charts.fan_chart(result.assessments[0], "en", size=(3.6, 3)),
             charts.required_chart(result, "zh"), charts.probability_chart(result, "zh", size=(3.6, 3)), charts.fan_multiples(result, "en")]  # fmt: skip
    for chart in drawn:
        assert "<svg" in charts.svg(chart.figure)


def test_a_title_longer_than_word_holds(tmp_path, monkeypatch, capsys):
    folder = write_data(tmp_path, title={"zh": "题" * 300, "en": "T" * 300})
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    assert main(["review", "example", "--draws", "100", "--docx", str(tmp_path / "a.docx")]) == 0
    assert (tmp_path / "a.docx").stat().st_size > 10_000


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1", "=HYPERLINK(1)", "\uff1d1+1"]


def test_what_spreadsheets_open_runs_nothing():
    """Links of a page and the results of a report are for reading; a workbook made of them has the text as it was."""
    import re
    from html import unescape
    from urllib.parse import unquote

    import pandas as pd

    from planmodel.tables.reading import as_it_was, data_links, spreadsheet_csv

    table = pd.DataFrame(
        {
            "note": FORMULAS,
            "=head": [1.5, -2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
            "figure": ["-5.2", "+3%", "-", "a", "", "−1", "a\r=2\r\n=3"],
        }
    )
    text = spreadsheet_csv(table)
    assert (
        not re.search(r'(^|[,\n"])[=+@]', text.replace("+3%", "").partition('"a\n')[0])
        and "\n'=1+1,1.5,-5.2\n" in text
        and "'=head" in text
    )
    assert '"a\n=2\n=3"\n' in text and "\r" not in text  # in one cell
    links = data_links(table, "en", "mine")
    csv_link = unescape(unquote(re.search(r'href="data:text/csv[^,]*,([^"]*)"', links)[1]))
    assert "'=1+1" in csv_link and "\n=1+1" not in csv_link
    assert [as_it_was(f"'{formula}") for formula in FORMULAS] == FORMULAS


def test_data_files_and_what_commands_print_keep_every_text(tmp_path, monkeypatch, capsys):
    from handmade import TARGET

    folder = write_data(tmp_path, targets=(TARGET | {"source": "=1+1", "note": "=1+1"},))
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    assert main(["targets", "example", "--format", "csv"]) == 0
    assert ",=1+1" in capsys.readouterr().out
    assert load_plan("example", folder).targets[0].note == "=1+1"


def test_a_whole_number_beyond_all_bounds_is_a_fault_of_its_entry(tmp_path):
    folder = write_data(tmp_path)
    path = folder / "rules.yaml"
    path.write_text(
        path.read_text("utf-8").replace("about_tolerance: 0.02", f"about_tolerance: {'9' * 400}"), "utf-8"
    )
    said = told(load_plan, "example", folder)
    assert "about_tolerance: expected a number from 0 to 100, found a whole number of 400 digits" in said

"""The command line: names, columns, exit codes, one clear message for a mistake."""

import io
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from planmodel.commands.cli import main
from planmodel.commands.parameters import EXIT_OK, EXIT_STOPPED
from planmodel.feasibility.assessments import COLUMNS as ASSESSMENT_COLUMNS
from planmodel.plans.model import TABLE_COLUMNS as TARGET_COLUMNS

LINHAI = "linhai-14fyp"


def test_plans_lists_the_five(capsys):
    assert main(["plans"]) == 0
    listed = capsys.readouterr().out
    for name in (
        "taizhou-services-14fyp",
        "quzhou-services-2023-2027",
        "jiaojiang-commerce-14fyp",
        "xiangtan-services-14fyp",
        LINHAI,
    ):
        assert name in listed


def test_check_all_plans_has_no_fault(capsys):
    assert main(["check"]) == 0
    assert capsys.readouterr().out.count("no faults") >= 5


@pytest.mark.parametrize(
    ("command", "columns"),
    [(["targets"], TARGET_COLUMNS), (["assess", "--draws", "200"], ASSESSMENT_COLUMNS)],
)
def test_csv_columns(command, columns, capsys):
    assert main([*command, LINHAI, "--format", "csv"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str)
    assert tuple(table.columns) == columns
    assert len(table) > 150


def test_assess_in_another_scenario_changes_probabilities_only(capsys):
    tables = []
    for scenario in ("low", "high"):
        main(["assess", LINHAI, "--scenario", scenario, "--format", "csv", "--draws", "500"])
        tables.append(pd.read_csv(io.StringIO(capsys.readouterr().out)))
    low, high = tables
    assert low["required"].equals(high["required"])
    both = low["probability"].notna()
    assert (high.loc[both, "probability"] >= low.loc[both, "probability"]).mean() > 0.8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["assess", "taizou-services"], "taizhou-services-14fyp"),
        (["assess", LINHAI, "--scenario", "hihg"], "high"),
        (["assess", LINHAI, "--indicators", "gpd"], "gdp"),
        (["assess", LINHAI, "--reference", "prefecture_real_gdp"], "prefectures_real_gdp"),
        (["assess", LINHAI, "--draws", "3"], "whole number"),
        (["targets", "../linhai-14fyp"], "lower-case"),
        (["check", "nowhere"], "Known"),
        (["run", "--plans", "linhai"], LINHAI),
        (["run", "--notebooks", "2_feasability"], "2_feasibility"),
        (["run", "-p", "path_shap", "linear"], "path_shape"),
        (["run", "-p", "plan", "linhai-14fyp"], "Use --plans"),
        (["run", "-p", "n_draws", "200"], "Use --draws"),
        (["run", "--notebooks", "2_feasibility", "--out", "/dev/null/x"], "/dev/null/x"),
        (["breakdown", LINHAI, "--format", "csv", "--out", "/dev/null"], "which is none"),
        (["breakdown", LINHAI, "--format", "csv", "--out", "nowhere/x.csv"], "folder"),
        (["new", "all-plans"], "reserved"),
        (["new", "x" * 300], "lower-case"),
        (["run", "--notebooks", "2_feasibility", "-p", "as_of", "01"], "as_of"),
        (["new", "My Plan"], "lower-case"),
        (["new", "linhai-14fyp"], "free"),
        (["new", "my-plan", "--region", "taizou"], "taizhou"),
        ([], "command: expected the name of one"),
        (["asess", LINHAI], "Did you mean 'assess'"),
        (["--versoin"], "Did you mean '--version'?"),
        (["assess"], "PLAN: expected a value, found none. See planmodel assess --help."),
        (["assess", LINHAI, "--scenaro", "low"], "Did you mean '--scenario'?"),
        (["assess", LINHAI, "--format", "xml"], "Known: csv, json, text."),
        (["assess", LINHAI, "--seed", "1.5"], "--seed: expected a whole number, found '1.5'"),
        (["assess", LINHAI, "--indicators", "--format", "csv"], "--indicators: expected a value"),
        (["assess", LINHAI, "--scenario", "--format", "csv"], "--scenario: expected a value"),
        (["assess", LINHAI, "gdp"], "expected no more of them, found 'gdp'"),
        (["run", "-p", "seed"], "-p: expected 2 values"),
        (["run", "--jobs", "-1"], "--jobs: expected 0 or more"),
        (["breakdown", LINHAI, "--rest=yes"], "--rest: expected no value"),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(arguments, said, capsys, tmp_path, monkeypatch):
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("planmodel: ")
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_mistake_is_told_in_the_language_asked_for(capsys, monkeypatch):
    assert main(["assess", "taizou", "--lang", "zh"]) == 2
    assert "应为已知的名称，实为 'taizou'。是否为 'taizhou-services-14fyp'？" in capsys.readouterr().err
    monkeypatch.setenv("PLANMODEL_LANG", "zh")
    assert main(["targets"]) == 2
    assert "PLAN：应为一个值" in capsys.readouterr().err
    assert main(["assess", "taizou", "--lang", "en"]) == 2
    assert "expected a known name" in capsys.readouterr().err
    command = [sys.executable, "-m", "planmodel", "assess", "--help"]
    assert "情景名称" in subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def test_several_values_stand_behind_one_option_or_several(capsys):
    outs = []
    for options in (
        ["--indicators", "gdp", "services_share"],
        ["--indicators=gdp", "--indicators", "services_share"],
    ):
        assert main(["assess", LINHAI, "--draws", "200", "--format", "csv", *options]) == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1] and ",gdp," in outs[0] and ",services_share," in outs[0]


def test_a_defect_of_the_program_has_an_exit_code_of_its_own(capsys, monkeypatch):
    monkeypatch.setattr("planmodel.plans.sound_plans", lambda: 1 / 0)
    assert main(["plans"]) == 3
    said = capsys.readouterr().err
    assert "a defect of the program (ZeroDivisionError: division by zero; commands/data.py, " in said
    assert said.count("\n") == 1 and "Traceback" not in said
    monkeypatch.setenv("PLANMODEL_TRACE", "1")
    assert main(["plans"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["gbk", "ascii", ""])
def test_no_console_is_too_poor_for_what_is_printed(encoding):
    """In a pipe all is UTF-8; where an encoding is asked for, what it lacks shows as its code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    environment |= {"PYTHONUTF8": "0", "LC_ALL": "C"} | ({"PYTHONIOENCODING": encoding} if encoding else {})
    command = [sys.executable, "-m", "planmodel", "audit", "xiangtan-services-14fyp", "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 1 and done.stderr == b""
    assert ("矛盾" in done.stdout.decode(encoding or "utf-8")) == (encoding != "ascii")


@pytest.mark.parametrize(("epoch", "code"), [("", 0), ("soon", 2)])
def test_a_time_that_is_none_is_told_before_a_library_reads_it(epoch, code):
    command = [sys.executable, "-m", "planmodel", "plans"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": epoch}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert not code or done.stderr.startswith("planmodel: SOURCE_DATE_EPOCH: expected seconds since 1970")


def test_the_program_starts_without_what_only_some_commands_need():
    code = "import sys, planmodel.commands.cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    heavy = [
        "scipy.stats",
        "scipy.optimize",
        "matplotlib",
        "statsmodels",
        "openpyxl",
        "xlsxwriter",
        "IPython",
        "nbformat",
    ]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_reader_that_goes_early_is_no_mistake():
    command = [sys.executable, "-m", "planmodel", "targets", LINHAI, "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert (process.wait(), process.stderr.read()) == (0, b"")


def test_new_plan_is_valid(tmp_path, monkeypatch, capsys):
    import shutil

    from planmodel.files.reading import data_folder

    shutil.copytree(data_folder(), tmp_path / "data")
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "data"))
    assert main(["new", "my-plan", "--region", "linhai"]) == 0
    assert main(["check", "my-plan"]) == 0
    assert "no faults (3 targets" in capsys.readouterr().out
    assert main(["new", "my-plan"]) == 2


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the data folder that a test may spoil."""
    import shutil

    from planmodel.files.reading import data_folder

    shutil.copytree(data_folder(), tmp_path / "data")
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_broken_scenario_stops_only_those_who_ask_for_it(data, capsys):
    (data / "scenarios" / "low.yaml").write_text("name: 5\n", encoding="utf-8")
    assert main(["assess", LINHAI, "--format", "csv"]) == 0
    assert main(["check"]) == 2
    assert "scenario low" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("shocks: [{pp: -150, first_year: 1, last_year: 2}]", "between -50 and 50"),
        ("shocks: [{pp: 1, first_year: 1.5, last_year: 2}]", "plan years"),
        ("shocks: [{pp: 1, first_year: -4, last_year: 2}]", "plan years"),
        ("shocks: [{pp: 1, first_year: 1, last_year: 2, indicators: [[gdp]]}]", "a list of names"),
        ("deflator_pct: -100", "from -20 to 50"),
        ("volatility: 0", "from 0.05 to 5"),
        ("volatility: 1\nvolatility: 2", "twice"),
    ],
)
def test_absurd_scenarios_are_refused(entry, said, data, capsys):
    text = "name: {zh: 甲, en: A}\nauthor: me\nrationale: {zh: 因, en: why}\n"
    (data / "scenarios" / "odd.yaml").write_text(text + entry + "\n", encoding="utf-8")
    assert main(["assess", LINHAI, "--scenario", "odd"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "line", ["base_year: !!int abc", "headline: [gdp]", "identities: 5", "date: !!timestamp 2021-13-41"]
)
def test_odd_plan_heads_are_one_fault(line, data, capsys):
    path = data / "plans" / LINHAI / "plan.yaml"
    key = line.partition(":")[0]
    kept, skip = [], False
    for old in path.read_text(encoding="utf-8").splitlines():
        skip = old.startswith(f"{key}:") or (skip and old[:1] in " -")
        if not skip:
            kept.append(old)
    path.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    assert main(["check", LINHAI]) == 2
    assert "1 fault\n" in capsys.readouterr().out


def test_a_file_changed_while_python_runs_is_read_again(data):
    from planmodel import load_plan

    path = data / "plans" / LINHAI / "targets.csv"
    before = load_plan(LINHAI).target("T2/2/1").target_value
    path.write_text(
        path.read_text(encoding="utf-8").replace("34.7,%,2025,37,37,", "34.7,%,2025,38,38,"), encoding="utf-8"
    )
    assert (before, load_plan(LINHAI).target("T2/2/1").target_value) == (37.0, 38.0)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.4, 0.8])
def test_ctrl_c_while_the_command_imports_ends_it_without_a_trace(seconds):
    command = [sys.executable, "-m", "planmodel", "assess", "linhai-14fyp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert (
        process.returncode in (-signal.SIGINT, EXIT_STOPPED, EXIT_OK) and b"Traceback" not in told
    )  # 0: it is ignored

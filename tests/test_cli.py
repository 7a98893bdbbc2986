"""The command line: names, columns, exit codes, one clear message for a mistake."""

import io

import pandas as pd
import pytest

from planmodel.cli import main
from planmodel.results import ASSESSMENT_COLUMNS, TARGET_COLUMNS

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
    ("command", "columns"), [("targets", TARGET_COLUMNS), ("assess", ASSESSMENT_COLUMNS)]
)
def test_csv_columns(command, columns, capsys):
    assert main([command, LINHAI, "--format", "csv"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str)
    assert tuple(table.columns) == columns
    assert len(table) > 150


def test_assess_in_another_scenario_changes_probabilities_only(capsys):
    tables = []
    for scenario in ("low", "high"):
        main(["assess", LINHAI, "--scenario", scenario, "--format", "csv"])
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
        (["run", "--notebooks", "2_feasibility", "-p", "as_of", "01"], "as_of"),
        (["new", "My Plan"], "lower-case"),
        (["new", "linhai-14fyp"], "free"),
        (["new", "my-plan", "--region", "taizou"], "taizhou"),
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


def test_new_plan_is_valid(tmp_path, monkeypatch, capsys):
    import shutil

    from planmodel.tables import data_folder

    shutil.copytree(data_folder(), tmp_path / "data")
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "data"))
    assert main(["new", "my-plan", "--region", "linhai"]) == 0
    assert main(["check", "my-plan"]) == 0
    assert "no faults (3 targets" in capsys.readouterr().out
    assert main(["new", "my-plan"]) == 2

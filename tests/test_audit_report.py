"""The audit as its users meet it: on the command line, on the index, in words."""

import io
import json

import pandas as pd
import pytest

from planmodel import load_plan, load_scenario
from planmodel.audit import audit
from planmodel.commands.cli import main
from planmodel.feasibility import assess_plan
from planmodel.lab.study import check_parameters
from planmodel.lab.views import (
    audit_answer,
    findings_view,
    implied_view,
    tried,
    whatif_answer,
    whatif_view,
)
from planmodel.report import build_entry
from planmodel.tables.results import FINDING_COLUMNS, IMPLIED_COLUMNS, implied_table


def test_exit_code_is_1_while_contradictions_remain_and_0_without(capsys):
    assert main(["audit", "jiaojiang-commerce-14fyp"]) == 1
    assert "151.45 → 164.80 in five years is 1.70% a year, 2.58% is printed" in capsys.readouterr().out
    assert main(["audit", "quzhou-services-2023-2027"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["linhai"], "linhai-14fyp"),
        (["linhai-14fyp", "--set", "gpd.target=3"], "gdp"),
        (["linhai-14fyp", "--set", "gdp.target=much"], "a number"),
        (["linhai-14fyp", "--set", "gdp"], "PLACE=NUMBER"),
        (["--set", "gdp.target=3"], "one plan"),
    ],
)
def test_a_mistake_in_the_call_is_one_clear_message(arguments, said, capsys):
    assert main(["audit", *arguments]) == 2
    message = capsys.readouterr().err
    assert said in message and "Traceback" not in message


def test_formats_have_stable_columns_and_the_same_findings(capsys):
    main(["audit", "xiangtan-services-14fyp", "--format", "csv", "--lang", "zh"])
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert tuple(table.columns) == FINDING_COLUMNS
    main(["audit", "xiangtan-services-14fyp", "--format", "json", "--lang", "zh"])
    records = json.loads(capsys.readouterr().out)
    assert [record["id"] for record in records] == list(table["id"])
    assert any("年均" in text for text in table["arithmetic"])


def test_what_if_marks_what_goes(capsys):
    main(["audit", "xiangtan-services-14fyp", "--set", "services_va.target=1601"])
    out = capsys.readouterr().out
    assert "- tension  deflator/services_va/2021-2025" in out
    assert "\ntension  deflator/services_va/2021-2025" not in out


def entry(name, lang):
    plan, scenario = load_plan(name), load_scenario("baseline")
    result = assess_plan(plan, scenario, n_draws=200)
    return build_entry(plan, {"baseline": result}, {}, {}, lang, audit=audit(plan), audit_page="audit.html")


def test_the_index_counts_contradictions_and_names_them_in_their_rows():
    found = entry("jiaojiang-commerce-14fyp", "en")
    assert (found.contradictions, found.audit_page) == (4, "audit.html")
    notes = {row.id: row.notes for row in found.rows}
    assert any("277.48" in note for note in notes["T1/3/1"])
    assert not any("Online retail" in note or "453.8" in note for note in notes["text/6/1"])


def test_an_implied_figure_stands_beside_the_blank_row_it_fills_and_nowhere_as_printed():
    found = entry("taizhou-services-14fyp", "zh")
    row = next(row for row in found.rows if row.id == "T2/13/1")
    assert any("3,283–3,286亿元" in note for note in row.notes)
    assert "3,28" not in row.target.text
    table = implied_table(audit(load_plan("taizhou-services-14fyp")))
    assert tuple(table.columns) == IMPLIED_COLUMNS
    assert (table["low"] <= table["high"]).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_the_notebook_in_both_languages(lang):
    study = check_parameters(
        {"plan": "jiaojiang-commerce-14fyp", "changes": "exports.2020=153.76", "lang": lang}
    )
    result, comparison = audit(study.plan), tried(study)
    assert ("4 处矛盾" if lang == "zh" else "4 contradictions") in audit_answer(study, result)
    assert len(findings_view(study, result.findings)) == len(result.findings)
    assert not findings_view(study, result.findings).isna().any().any()
    assert len(implied_view(study, result)) == len(result.implied)
    assert [f.id for f in comparison.gone] == ["versions/exports/2020"]
    assert "153.76" in whatif_answer(study, comparison)
    assert len(whatif_view(study, comparison)) >= len(result.findings)


def test_a_plan_without_findings_says_so():
    study = check_parameters({"plan": "quzhou-services-2023-2027"})
    assert "nothing found" in audit_answer(study, audit(study.plan))
    assert whatif_view(study, tried(study)).empty

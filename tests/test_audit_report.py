"""The audit as its users meet it: on the command line, on the index, in words."""

import io
import json

import pandas as pd
import pytest

from planmodel import load_plan, load_scenario
from planmodel.audit import RULES, audit, compare
from planmodel.audit.results import FINDING_COLUMNS, IMPLIED_COLUMNS
from planmodel.commands.cli import main
from planmodel.feasibility import assess_plan
from planmodel.report import PlanEntry
from planmodel.tables.audit import (
    CHANGES,
    DEFLATORS,
    FINDINGS,
    IMPLIED,
    audit_answer,
    audit_text,
    whatif_answer,
)
from planmodel.tables.reading import read


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
    return PlanEntry(plan, {"baseline": result}, {}, lang, audit=audit(plan), audit_page="audit.html")


def test_the_index_counts_contradictions_and_names_them_in_their_rows():
    found = entry("jiaojiang-commerce-14fyp", "en")
    assert (len(found.audit.contradictions), found.audit_page) == (3, "audit.html")
    notes = {row.id: row.notes for row in found.rows}
    assert any("277.48" in note for note in notes["T1/3/1"])
    assert not any("Online retail" in note or "453.8" in note for note in notes["text/6/1"])


def test_an_implied_figure_stands_beside_the_blank_row_it_fills_and_nowhere_as_printed():
    found = entry("taizhou-services-14fyp", "zh")
    row = next(row for row in found.rows if row.id == "T2/13/1")
    assert any("3,283–3,286亿元" in note for note in row.notes)
    assert "3,28" not in row.target.text
    table = audit(load_plan("taizhou-services-14fyp")).implied_table
    assert tuple(table.columns) == IMPLIED_COLUMNS
    assert (table["low"] <= table["high"]).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_the_notebook_in_both_languages(lang):
    plan = load_plan("jiaojiang-commerce-14fyp")
    result, comparison = audit(plan), compare(plan, {"exports.2020": "153.76"})
    assert ("3 处矛盾" if lang == "zh" else "3 contradictions") in audit_answer(result)[lang]
    for table, columns, n in [
        (result.table, FINDINGS, len(result.findings)),
        (result.implied_table, IMPLIED, len(result.implied)),
        (result.deflators_table, DEFLATORS, len(result.deflators)),
        (comparison.table, CHANGES, len(result.findings)),
    ]:
        text = read(table, lang, columns).text
        assert len(text) == len(table) == n and not text.isna().any().any()
        assert text.map(lambda cell: isinstance(cell, str) and cell != "").all().all()
    assert [f.id for f in comparison.gone] == ["versions/exports/2020"]
    assert "153.76" in whatif_answer(comparison)[lang]


def test_tables_hold_numbers():
    result = audit(load_plan("xiangtan-services-14fyp"))
    (row,) = result.table.query("rule == 'deflator' and indicator == 'services_va'").to_dict("records")
    assert row["gap"] == pytest.approx(-1.32, abs=0.005) and row["gap_unit"] == "pp/year"
    prices = result.deflators_table.set_index(["indicator", "first"]).loc[("services_va", 2021)]
    assert prices.deflator_pct == pytest.approx(0.90, abs=0.005)
    assert prices.past_pct == pytest.approx(2.22, abs=0.005)


def test_a_plan_without_findings_says_so():
    result = audit(load_plan("quzhou-services-2023-2027"))
    assert "nothing found" in audit_answer(result)["en"]
    assert result.table.empty and repr(read(result.table, "en", FINDINGS)) == "–"
    assert "Nothing was changed" in whatif_answer(None)["en"]


def failing(facts):
    yield next(iter(RULES["versions"](facts)))
    raise ZeroDivisionError("no base")


def test_a_rule_that_fails_is_named_and_costs_only_itself():
    plan = load_plan("jiaojiang-commerce-14fyp")
    whole, result = audit(plan), audit(plan, rules={**RULES, "vintages": failing})
    assert [(each.rule, each.why["en"]) for each in result.unheard] == [
        ("vintages", "ZeroDivisionError: no base")
    ]
    assert result.findings == tuple(f for f in whole.findings if f.rule != "vintages")
    assert whole.unheard == ()
    said = {"en": "rule vintages could not look at this plan: ZeroDivisionError: no base",
            "zh": "规则 vintages 未能核对本规划：ZeroDivisionError: no base"}  # fmt: skip
    for lang, text in said.items():
        assert audit_text(result, lang).endswith(text)
        assert text in audit_answer(result)[lang].replace("\\", "")
    assert "vintages" in repr(result)


def test_the_exit_code_is_that_of_the_rules_that_were_heard(capsys, monkeypatch):
    monkeypatch.setitem(RULES, "vintages", failing)
    assert main(["audit", "quzhou-services-2023-2027"]) == 0
    assert "could not look at this plan" in capsys.readouterr().out
    assert main(["audit", "quzhou-services-2023-2027", "--format", "csv"]) == 0
    assert "quzhou-services-2023-2027: rule vintages could not look" in capsys.readouterr().err


def test_results_show_themselves():
    plan = load_plan("jiaojiang-commerce-14fyp")
    result, comparison = audit(plan), compare(plan, {"exports.2020": "153.76"})
    assert "3 contradictions, 4 tensions, 6 notes" in repr(result)
    assert repr(result.findings[0]).startswith("versions/trade/2025\n")
    assert "versions/exports/2020" in repr(comparison)
    for shown in (result, result.findings[0], comparison):
        assert len(repr(shown).splitlines()) <= 10
        assert shown._repr_html_().startswith("<table") and "矛盾" in str(result.card("zh"))

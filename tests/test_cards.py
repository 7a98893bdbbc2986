"""Every public object shows itself in a few lines, in either language, and as HTML with everything escaped."""

from dataclasses import replace

import pandas as pd
import pytest

from planmodel import forecast, load_plan, load_scenario
from planmodel.drivers import drivers
from planmodel.feasibility import assess_plan
from planmodel.feasibility.classes import by_class
from planmodel.forecasts.fans import fan
from planmodel.forecasts.reference import load_class
from planmodel.tables.evidence import load_evidence
from planmodel.tables.reading import read
from planmodel.words.cards import Card, Shown


@pytest.fixture(scope="module")
def shown():
    plan, scenario = load_plan("taizhou-services-14fyp"), load_scenario("shock-recovery")
    result = assess_plan(
        plan, scenario, indicators=("services_va", "logistics_share"), n_draws=200, as_of=2020
    )
    growth = drivers(plan, scenario)
    made = forecast(pd.Series({2015: 1.0, 2016: 1.1, 2017: 1.3}), 3, n_draws=200)
    return [
        plan, plan.targets[0], plan.catalogue.indicators["services_va"], scenario, result, *result.assessments[:3],
        made, fan(made.years, made.draws),
        growth, growth.goal, load_class("countries_real_gdp"), by_class(result, n_draws=200), load_evidence(),
    ]  # fmt: skip


def test_each_fits_a_screen_and_holds_no_arrays(shown):
    for item in shown:
        for lang in ("en", "zh"):
            text = repr(item.card(lang))
            lines = text.splitlines()
            assert 2 <= len(lines) <= 16, text
            assert max(map(len, lines)) <= 240
            assert "array(" not in text and "Phrase(" not in text and "{" not in text, text
        assert repr(item) == repr(item.card("en"))
        assert item._repr_html_().count("<tr>") == len(item.card("en").rows)


def test_html_is_escaped(shown):
    plan = replace(shown[0], title={"zh": "<b>", "en": "<script>alert(1)</script>"})
    assert "<script>" not in plan._repr_html_() and "&lt;script&gt;" in plan._repr_html_()


class Long(Card):
    lang = "zh"

    def _card(self, lang):
        return lang, [("甲", "x" * 1000), ("b", "y"), ("none", "")]


def test_long_texts_are_cut_labels_line_up_and_an_objects_own_language_counts():
    title, first, second = repr(Long()).splitlines()
    assert title == "zh" and len(first) < 220 and first.endswith("…")
    assert first.index("x") == second.index("y") - 1  # a Chinese character is two columns wide
    assert Long().card("en") == Shown("en", Long().card("en").rows)


def test_columns_in_which_no_row_says_anything_are_not_shown():
    table = read(pd.DataFrame({"a": ["x", "y"], "b": [None, None], "c": [None, 2.0]}), "en", ("a", "b", "c"))
    assert list(table.told) == ["a", "c"] and list(table.text) == ["a", "b", "c"]
    assert "<th>b</th>" not in table._repr_html_() and ">c</th>" in table._repr_html_()
    nothing = read(pd.DataFrame({"b": [None]}), "en", ("b",))
    assert list(nothing.told) == ["b"]

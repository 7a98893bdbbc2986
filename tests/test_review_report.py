"""What a reader sees of a review: sentences, tables, charts, the Word document, the command; both languages."""

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from test_charts import check_texts

from planmodel import PlanmodelError, charts, load_plan, load_scenario
from planmodel.commands.cli import main
from planmodel.files.reading import data_folder
from planmodel.lab.study import check_parameters
from planmodel.lab.views import (
    closest,
    final_answer,
    final_view,
    flips_view,
    in_danger,
    judged,
    methods_view,
    review_answer,
    review_view,
    reviewed,
    tornado_of,
    unjudged_view,
)
from planmodel.plans import plan_names
from planmodel.report.document import review_document
from planmodel.report.links import local_paths
from planmodel.review import extra_growth, review, tornado
from planmodel.review.flips import shifted
from planmodel.tables.results import FINAL_COLUMNS, REVIEW_COLUMNS, final_table, review_table
from planmodel.words import LANGS

N_DRAWS = 400


@pytest.fixture(scope="module")
def reviews():
    return {
        name: review(load_plan(name), load_scenario("baseline"), n_draws=N_DRAWS) for name in plan_names()
    }


@pytest.fixture(scope="module")
def linhai(reviews):
    return reviews["linhai-14fyp"]


class TestWords:
    def test_linhai_in_english(self, linhai):
        said = review_answer(linhai, "en")
        assert said.startswith("As of 2024, 5 of the plan period's 127 targets can be judged: ")
        assert "Binding targets: 12, of which 0 can be judged." in said

    def test_linhai_in_chinese(self, linhai):
        assert review_answer(linhai, "zh").startswith("截至 2024 年，规划期 127 项目标中 5 项可以判断：")

    def test_the_rows_whose_text_says_otherwise_are_named(self, linhai):
        said = final_answer(linhai, "en")
        assert said.endswith(
            "The text says otherwise of T1 1 Gross domestic product, T1 5 R\\&D expenditure as a share of GDP."
        )
        assert "17 were met by the table's figures, 7 were missed, 3 cannot be judged" in said

    @pytest.mark.parametrize("name", plan_names())
    @pytest.mark.parametrize("lang", LANGS)
    def test_every_plan_speaks(self, reviews, name, lang):
        result = reviews[name]
        for text in (review_answer(result, lang), final_answer(result, lang)):
            assert text and not re.search(r"\b(nan|None|inf)\b", text)
            assert text.rstrip().endswith("。" if lang == "zh" else ".")

    @pytest.mark.parametrize("name", plan_names())
    def test_tables_hold_each_target_once(self, reviews, name):
        result = reviews[name]
        for lang in LANGS:
            n = len(review_view(result, lang)) + len(unjudged_view(result, lang))
            assert n == len(result.standings)
            assert len(methods_view(result, lang)) == sum(bool(s.methods) for s in judged(result))
            assert len(final_view(result, lang)) == len(result.final)

    def test_methods_that_disagree_are_named_with_what_they_say(self, linhai):
        here = next(s for s in judged(linhai) if s.methods_disagree)
        row = [s.target.id for s in judged(linhai) if s.methods].index(here.target.id)
        for lang, words in (("en", ("favourable: ", "in between: ")), ("zh", ("有利：", "不利：", "居中："))):
            said = methods_view(linhai, lang).iloc[row, -1]
            assert sum(word in said for word in words) >= 1 and ("; " in said or "；" in said)

    def test_what_is_urgent_is_off_or_at_risk_each_promise_once(self, linhai):
        urgent = in_danger(linhai)
        assert [s.light for s in urgent] == sorted((s.light for s in urgent), key=["off", "at_risk"].index)
        assert len({(s.target.indicator.id, s.target.target_value) for s in urgent}) == len(urgent)


class TestFlips:
    def test_the_points_to_add_give_the_chance_that_is_wanted(self, linhai):
        here = next(s for s in in_danger(linhai) if s.assessment.probability is not None)
        points = extra_growth(linhai.known, here.target, linhai.scenario, 0.5, n_draws=N_DRAWS)
        more, less = (
            review(
                linhai.plan,
                shifted(linhai.scenario, p),
                "2024",
                indicators=(here.target.indicator.id,),
                n_draws=N_DRAWS,
            )
            for p in (points, points - 0.1)
        )
        chance = [
            next(s for s in r.standings if s.target.id == here.target.id).assessment.probability
            for r in (more, less)
        ]
        assert chance[0] >= 0.5 > chance[1]

    def test_a_tornado_is_ordered_and_needs_a_probability(self, linhai):
        here, swings = tornado_of(linhai, n_draws=N_DRAWS)
        assert [s.size for s in swings] == sorted((s.size for s in swings), reverse=True)
        growth = next(s for s in swings if s.name["en"] == "growth of the years left")
        assert growth.probability_low <= here.assessment.probability <= growth.probability_high
        unlikely = next(s for s in linhai.standings if s.assessment.probability is None)
        assert tornado(linhai.known, unlikely.target, linhai.scenario, n_draws=N_DRAWS) == ()

    def test_classes_are_of_the_same_price_basis(self, linhai):
        here, swings = tornado_of(linhai, n_draws=N_DRAWS)
        assert here.unit == "index"
        group = next(s for s in swings if s.name["en"] == "reference class")
        assert "nominal" not in group.low["en"] + group.high["en"]

    def test_the_table_names_the_break_even_rate(self, linhai):
        table = flips_view(linhai, "en", n_draws=N_DRAWS)
        assert len(table) == len(in_danger(linhai)) and (table["Breaks even at, a year"] != "–").all()


def test_a_batch_may_look_from_before_the_base_year():
    early = check_parameters({"plan": "quzhou-services-2023-2027", "as_of": 2019, "n_draws": N_DRAWS})
    result = reviewed(early)
    assert result.moment.text == "2022" and not judged(result)
    with pytest.raises(PlanmodelError, match="2022 or later"):
        reviewed(early, strict=True)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [(7.2, 4.2), (3.75, 3.6)])
def test_charts_fit(reviews, lang, size):
    drawn = 0
    for name, result in reviews.items():
        check_texts(charts.lights_chart(result, lang, size=size), name)
        here = closest(result)
        if here is None:
            continue
        check_texts(charts.standing_chart(here, result.known, lang, size=size), name)
        target, swings = tornado_of(result, n_draws=N_DRAWS)
        check_texts(charts.tornado_chart(target, swings, lang, size=size).figure, name)
        data = charts.standing_data(here, result.known, lang)
        assert {"history", "required_path", "target"} <= set(data.series)
        drawn += 1
    assert drawn >= 3


def test_data_of_the_lights_are_shares_of_the_way(linhai):
    data = charts.lights_data(linhai, "en").set_index("target")
    level = data.loc["text/5/1"]
    assert level.progress == pytest.approx((971.7 - 738.5) / (1000 - 738.5), abs=0.003)
    assert level.due == pytest.approx((level.milestone - 738.48) / (1000 - 738.48), abs=0.001)
    assert "text/14/1" not in data.index, "the same promise once"


@pytest.fixture(scope="module")
def documents(linhai):
    return {lang: review_document(linhai, lang, n_draws=N_DRAWS) for lang in LANGS}


@pytest.fixture(params=LANGS)
def made(request, documents):
    content = documents[request.param]
    return request.param, content, Document(io.BytesIO(content))


class TestDocument:
    def test_headings_and_the_answer(self, made, linhai):
        lang, _, document = made
        texts = [p.text for p in document.paragraphs]
        assert texts[0] == linhai.plan.title[lang]
        assert review_answer(linhai, lang).replace("\\", "") in texts

    def test_charts_have_texts(self, made):
        _, _, document = made
        alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
        assert len(alts) == 3 and all(alts)

    def test_tables_hold_lights_and_the_earlier_plan(self, made, linhai):
        lang, _, document = made
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        assert {here.target.indicator.name(lang) for here in judged(linhai)} <= cells
        assert any(len(table.rows) == 1 + len(linhai.final) for table in document.tables)

    def test_the_same_bytes_again_and_no_local_path(self, made, linhai):
        lang, content, _ = made
        assert content == review_document(linhai, lang, n_draws=N_DRAWS)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = [
                parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
            ]
        assert not local_paths(texts, own=(Path.cwd(), data_folder()))

    def test_a_plan_without_outturns_has_one_too(self, reviews):
        document = Document(
            io.BytesIO(review_document(reviews["quzhou-services-2023-2027"], "zh", n_draws=N_DRAWS))
        )
        assert len(document.inline_shapes) == 1


class TestCommand:
    def test_columns(self, capsys):
        assert main(["review", "linhai-14fyp", "--as-of", "2024", "--draws", "300", "--format", "csv"]) == 0
        table = pd.read_csv(io.StringIO(capsys.readouterr().out))
        assert tuple(table.columns) == REVIEW_COLUMNS
        assert len(table) == 127 and (table.light != "not_assessable").sum() == 5

    def test_final(self, capsys):
        assert main(["review", "linhai-14fyp", "--final", "--draws", "300", "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert tuple(rows[0]) == FINAL_COLUMNS
        assert [row["number"] for row in rows if row["differs"]] == ["1", "5"]

    def test_text(self, capsys):
        assert main(["review", "xiangtan-services-14fyp", "--lang", "zh", "--draws", "300"]) == 0
        assert "截至 2023 年" in capsys.readouterr().out

    def test_docx(self, capsys, tmp_path):
        path = tmp_path / "review.docx"
        call = ["review", "taizhou-services-14fyp", "--draws", "300", "--docx", str(path)]
        assert main(call) == 0
        assert Document(str(path)).paragraphs[0].text

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--as-of", "autumn"], "2023Q3"),
            (["--as-of", "20"], "a year such as"),
            (["--shape", "liner"], "linear"),
            (["--docx", "review.doc"], ".docx"),
            (["--docx", "nowhere/review.docx"], "folder"),
            (["--indicators", "gpd"], "gdp"),
        ],
    )
    def test_mistakes(self, capsys, arguments, said):
        assert main(["review", "linhai-14fyp", "--draws", "300", *arguments]) == 2
        printed = capsys.readouterr()
        assert said in printed.err and "Traceback" not in printed.err and not printed.out


def test_tables_of_a_plan_without_outturns_have_their_columns(reviews):
    result = reviews["quzhou-services-2023-2027"]
    assert tuple(review_table(result).columns) == REVIEW_COLUMNS
    assert tuple(final_table(result).columns) == FINAL_COLUMNS

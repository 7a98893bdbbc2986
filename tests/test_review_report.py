"""What a reader sees of a review: sentences, tables, charts, the Word document, the command; both languages."""

import io
import json
import re
import zipfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from docx import Document
from docx.shared import Inches
from PIL import Image
from test_charts import check_texts

from planmodel import PlanmodelError, load_plan, load_scenario
from planmodel.charts import lights_chart, standing_chart, tornado_chart
from planmodel.charts.review import LIGHT_COLOURS
from planmodel.charts.style import new_figure
from planmodel.commands.cli import main
from planmodel.files.reading import data_folder
from planmodel.plans import plan_names
from planmodel.plans.promises import FINAL_COLUMNS
from planmodel.report.document import review_document
from planmodel.report.paper import DPI, HEIGHT_CM, WIDE, Paper, fitting, picture_parts
from planmodel.report.sanitize import local_paths
from planmodel.review import METHODS, extra_growth, flips, review, shifted, swings, tornado
from planmodel.review.reviews import COLUMNS
from planmodel.tables.reading import in_language, read
from planmodel.tables.review import (
    ESTIMATES,
    FLIPS,
    REVIEW,
    TRACKED,
    UNJUDGED,
    estimates_answer,
    final_answer,
    final_reading,
    judged,
    methods_text,
    review_answer,
    tracked,
    unjudged,
)
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


@pytest.fixture(scope="module")
def tornados(reviews):
    return {name: tornado(result) for name, result in reviews.items() if result.featured is not None}


class TestWords:
    def test_linhai_in_english(self, linhai):
        said = review_answer(linhai)["en"]
        assert said.startswith("As of 2024, 4 of the plan period's 122 targets can be judged: ")
        assert "Binding targets: 12, of which 0 can be judged." in said

    def test_linhai_in_chinese(self, linhai):
        assert review_answer(linhai)["zh"].startswith("截至 2024 年，规划期 122 项目标中 4 项可以判断：")

    def test_the_rows_whose_text_says_otherwise_are_named(self, linhai):
        said = final_answer(linhai)["en"]
        assert said.endswith(
            "The text says otherwise of T1 1 Gross domestic product, T1 5 R\\&D expenditure as a share of GDP."
        )
        assert "17 were met by the table's figures, 7 were missed, 3 cannot be judged" in said

    @pytest.mark.parametrize("name", plan_names())
    @pytest.mark.parametrize("lang", LANGS)
    def test_every_plan_speaks(self, reviews, name, lang):
        result = reviews[name]
        for text in (review_answer(result)[lang], final_answer(result)[lang]):
            assert text and not re.search(r"\b(nan|None|inf)\b", text)
            assert text.rstrip().endswith("。" if lang == "zh" else ".")

    @pytest.mark.parametrize("name", plan_names())
    @pytest.mark.parametrize("lang", LANGS)
    def test_readings_hold_each_target_once(self, reviews, name, lang):
        result = reviews[name]
        table = result.table
        shown = [read(judged(table), lang, REVIEW), read(unjudged(table), lang, UNJUDGED)]
        assert sum(len(reading.text) for reading in shown) == len(result.promises)
        by_methods = read(tracked(table), lang, TRACKED).text
        assert len(by_methods) == sum(bool(s.tracked) for s in result.promises)
        assert len(final_reading(result, lang).text) == len(result.final)
        for text in (*(reading.text for reading in shown), by_methods):
            assert (
                not text.map(lambda cell: cell in ("", "nan", "None"))
                .drop(columns=text.columns[2])
                .any()
                .any()
            )

    def test_methods_that_disagree_are_named_with_what_they_say(self, linhai):
        rows = tracked(linhai.table)
        rows = rows[rows["methods_disagree"]]
        for lang, words in (("en", ("favourable: ", "in between: ")), ("zh", ("有利：", "不利：", "居中："))):
            said = read(rows, lang, TRACKED).text.iloc[0, -1]
            assert sum(word in said for word in words) >= 1 and ("; " in said or "；" in said)

    def test_each_method_is_said(self):
        for lang in LANGS:
            assert len(methods_text()[lang].splitlines()) == len(METHODS)

    def test_what_is_urgent_is_off_or_at_risk_each_promise_once(self, linhai):
        urgent = linhai.in_danger
        assert [s.light for s in urgent] == sorted((s.light for s in urgent), key=["off", "at_risk"].index)
        assert len({(s.target.indicator.id, s.target.target_value) for s in urgent}) == len(urgent)


class TestFlips:
    def test_the_points_to_add_give_the_chance_that_is_wanted(self, linhai):
        standing = next(s for s in linhai.in_danger if (s.assessment.probability or 0.0) > 0.05)
        points = extra_growth(standing.assessment, 0.5)
        more, less = (
            review(
                linhai.plan,
                shifted(linhai.scenario, p),
                "2024",
                indicators=(standing.target.indicator.id,),
                n_draws=N_DRAWS,
            )
            for p in (points, points - 1)
        )
        chance = [
            next(s for s in r.standings if s.target.id == standing.target.id).assessment.probability
            for r in (more, less)
        ]
        assert chance[0] == pytest.approx(0.5, abs=0.03) and chance[1] < 0.45

    def test_a_tornado_is_ordered_and_needs_a_probability(self, linhai, tornados):
        made = tornados["linhai-14fyp"]
        sizes = [abs(s.probability_high - s.probability_low) for s in made.swings]
        assert sizes == sorted(sizes, reverse=True)
        growth = next(s for s in made.swings if s.assumption["en"] == "growth of the years left")
        assert growth.probability_low <= made.standing.assessment.probability <= growth.probability_high
        unlikely = next(s for s in linhai.standings if s.assessment.probability is None)
        assert swings(unlikely.assessment, n_draws=N_DRAWS) == ()

    def test_classes_are_of_the_same_price_basis(self, linhai):
        made = tornado(review(linhai.plan, linhai.scenario, "2022", n_draws=N_DRAWS))
        assert made.standing.unit == "index"
        group = next(s for s in made.swings if s.assumption["en"] == "reference class")
        assert "nominal" not in group.low["en"] + group.high["en"]

    def test_the_table_names_the_break_even_rate(self, linhai):
        table = read(flips(linhai), "en", FLIPS).text
        assert len(table) == len(linhai.in_danger) and (table["Breaks even at, a year"] != "–").all()


def test_a_batch_may_look_from_before_the_base_year():
    plan, baseline = load_plan("quzhou-services-2023-2027"), load_scenario("baseline")
    result = review(plan, baseline, 2019, n_draws=N_DRAWS, strict=False)
    assert result.moment.text == "2022" and not result.judged
    with pytest.raises(PlanmodelError, match="2022 or later"):
        review(plan, baseline, 2019, n_draws=N_DRAWS)


def test_results_show_themselves(linhai, tornados):
    text = repr(linhai)
    assert text.startswith("Linhai 14th plan, as of 2024\n") and "off" in text and len(text) < 600
    assert "截至 2024 年" in repr(linhai.card("zh"))
    for one in (linhai.judged[0], tornados["linhai-14fyp"], linhai.final[0].outturns[0]):
        assert 2 < len(repr(one).splitlines()) < 15 and "<table" in one._repr_html_()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [(7.2, 4.2), (3.75, 3.6)])
def test_charts_fit(reviews, tornados, lang, size):
    drawn = 0
    for name, result in reviews.items():
        check_texts(lights_chart(result, lang, size=size).figure, name)
        if result.featured is None:
            continue
        chart = standing_chart(result.featured, lang, size=size)
        check_texts(chart.figure, name)
        assert {"history", "required_path", "target"} <= set(chart.data.series)
        check_texts(tornado_chart(tornados[name], lang, size=size).figure, name)
        drawn += 1
    assert drawn >= 3


def test_charts_go_into_given_axes_under_a_title_of_ones_own(linhai):
    figure, axes = plt.subplots(1, 2, figsize=(12, 5))
    own = lights_chart(
        linhai, title="Where it stands", colours=LIGHT_COLOURS | {"off": "#000000"}, ax=axes[0]
    )
    assert own.figure is figure and "Where it stands" in [text.get_text() for text in figure.texts]
    assert "#000000" in {line.get_color() for line in axes[0].lines}
    assert standing_chart(linhai.featured, ax=axes[1]).figure is figure and axes[1].lines
    plt.close(figure)


def test_data_of_the_lights_are_shares_of_the_way(linhai):
    chart = lights_chart(linhai, "en")
    data = chart.data.set_index("target")
    level = data.loc["text/5/1"]
    assert level.progress == pytest.approx((971.7 - 738.5) / (1000 - 738.5), abs=0.003)
    assert level.due == pytest.approx((level.milestone - 738.48) / (1000 - 738.48), abs=0.001)
    assert "text/14/1" not in data.index, "the same promise once"
    assert [
        data.loc[data.name == name].progress.lt(data.due).all() for name in data.name if name in chart.alt
    ]


@pytest.fixture(scope="module")
def write(linhai, tornados):
    found = flips(linhai), tornados["linhai-14fyp"]
    return lambda lang: review_document(linhai, lang, *found)


@pytest.fixture(scope="module")
def documents(write):
    return {lang: write(lang) for lang in LANGS}


@pytest.fixture(params=LANGS)
def made(request, documents):
    content = documents[request.param]
    return request.param, content, Document(io.BytesIO(content))


class TestDocument:
    def test_headings_and_the_answer(self, made, linhai):
        lang, _, document = made
        texts = [p.text for p in document.paragraphs]
        assert texts[0] == linhai.plan.title[lang]
        assert review_answer(linhai)[lang].replace("\\", "") in texts

    def test_charts_have_texts(self, made):
        _, _, document = made
        alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
        assert len(alts) == 3 and all(alts)

    def test_tables_hold_lights_and_the_earlier_plan(self, made, linhai):
        lang, _, document = made
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        assert {standing.target.indicator.name(lang) for standing in linhai.judged} <= cells
        assert any(len(table.rows) == 1 + len(linhai.final) for table in document.tables)

    def test_the_same_bytes_again_and_no_local_path(self, made, write):
        lang, content, _ = made
        assert content == write(lang)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = [
                parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
            ]
        assert not local_paths(texts, own=(Path.cwd(), data_folder()))

    def test_of_a_table_of_thousands_of_rows_the_first_stand_on_paper(self, linhai, monkeypatch):
        monkeypatch.setattr("planmodel.report.paper.MOST_ROWS", 3)
        reading = read(
            linhai.table,
            "en",
            {name: REVIEW[name] for name in ("number", "indicator")},
            catalogue=linhai.plan.catalogue,
        )
        paper = Paper("en", linhai.plan, "name", "review.document.")
        paper.table(reading)
        document = Document(io.BytesIO(paper.content()))
        assert [len(table.rows) for table in document.tables] == [1 + 3]
        said = [p.text for p in document.paragraphs if "data files" in p.text]
        assert said == [
            f"The first 3 of {len(linhai.table)} rows; the data files (CSV, XLSX) have all of them."
        ]

    def test_a_plan_without_outturns_has_one_too(self, reviews):
        document = Document(io.BytesIO(review_document(reviews["quzhou-services-2023-2027"], "zh")))
        assert not document.inline_shapes, "there is nothing to draw"
        assert len(document.sections) == 1, "no wide table, no lying sheet"

    def test_charts_are_printed_as_large_as_they_are_drawn(self, made):
        _, content, document = made
        assert {round(shape.width / Inches(WIDE), 2) for shape in document.inline_shapes} == {1.0}
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            pictures = [Image.open(parts.open(name)) for name in parts.namelist() if name.endswith(".png")]
        assert pictures and {picture.mode for picture in pictures} == {"P"}
        assert len(content) < 250_000

    def test_tables_stand_within_their_sheets_and_keep_heads_and_rows(self, made):
        check_tables(made[2])


def check_tables(document) -> None:
    """Check that tables are no wider than the widest sheet, heads repeat, rows do not break, pages are numbered."""
    room = max(s.page_width - s.left_margin - s.right_margin for s in document.sections)
    for table in document.tables:
        xml = table._tbl.xml
        assert sum(column.width for column in table.columns) <= room + 635 * len(
            table.columns
        )  # widths are whole twips
        assert xml.count("<w:cantSplit") == len(table.rows) and xml.count("<w:tblHeader") == 1
    assert "PAGE" in document.sections[0].footer._element.xml


def test_a_picture_higher_than_a_sheet_is_cut_between_its_rows():
    figure = new_figure((2, 30))
    for row in range(60):
        figure.text(0.2, (row + 0.5) / 60, "row")
    images = [Image.open(part).convert("L") for part in picture_parts(figure)]
    assert len(images) == 4 and max(image.height for image in images) <= HEIGHT_CM / 2.54 * DPI
    assert sum(image.height for image in images) == 30 * DPI
    for image in images:
        ends = [image.crop((0, y, image.width, y + 1)).getextrema()[0] for y in (0, image.height - 1)]
        assert ends == [255, 255], "no letter is cut"


@pytest.mark.parametrize(
    ("needs", "keys", "parts"),
    [
        ([2, 2, 2], 1, [[0, 1, 2]]),
        ([2, 3, 3, 3, 3], 1, [[0, 1, 2], [0, 3, 4]]),
        ([2, 2, 9, 1], 2, [[0, 1, 2], [0, 1, 3]]),
        ([9], 2, [[0]]),
    ],
)
def test_a_table_wider_than_a_sheet_goes_on_with_its_first_columns(needs, keys, parts):
    assert list(fitting(needs, 8, keys)) == parts


class TestCommand:
    def test_columns(self, capsys):
        assert main(["review", "linhai-14fyp", "--as-of", "2024", "--draws", "300", "--format", "csv"]) == 0
        table = pd.read_csv(io.StringIO(capsys.readouterr().out))
        assert tuple(table.columns) == COLUMNS
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
    assert tuple(result.table.columns) == COLUMNS and len(result.estimates_table.columns) > 5
    assert tuple(result.final_table.columns) == FINAL_COLUMNS and len(result.parts_table.columns) > 5
    for lang in LANGS:
        assert read(result.estimates_table, lang, ESTIMATES).text.empty
        assert estimates_answer(result)[lang].endswith("." if lang == "en" else "。")


def test_the_columns_that_others_script_against_come_first():
    assert COLUMNS[:2] == ("plan", "table") and COLUMNS[28:35] == (*METHODS, "methods_disagree", "reason")
    assert FINAL_COLUMNS[-4:][0] == "reason"


def test_tables_hold_numbers(linhai):
    table = linhai.table
    for column in (
        "value",
        "milestone",
        "promised",
        "progress",
        "so_far",
        "probability",
        "growth_ratio_figure",
    ):
        assert pd.api.types.is_float_dtype(table[column]), column
    said = in_language(table, "zh")["why"]
    assert said.str.contains("[\u4e00-\u9fff]").all()

"""The review as a Word document: what is circulated, with its charts; the same bytes for the same review."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zipfile import ZipFile

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from planmodel.charts import (
    Chart,
    fan_chart,
    lights_chart,
    png,
    probability_chart,
    standing_chart,
    tornado_chart,
)
from planmodel.charts.review import LIGHT_COLOURS
from planmodel.drafting import Draft
from planmodel.errors import check_lang
from planmodel.files.folders import write_zip
from planmodel.review import LIGHTS, Review, flips, tornado
from planmodel.tables.draft import (
    BESIDE,
    DRAFT,
    OPEN,
    draft_answer,
    drafted,
    findings_lines,
    left_open,
    lights_rule,
    read_milestones,
    scenario_cells,
)
from planmodel.tables.reading import Reading, read
from planmodel.tables.review import (
    FLIPS,
    REVIEW,
    TRACKED,
    final_answer,
    final_reading,
    judged,
    methods_text,
    review_answer,
    tracked,
    unjudged_counts,
)
from planmodel.words import Text, join, phrase, word
from planmodel.workbooks.sheets import width_of

LATIN, CHINESE = "Calibri", "SimSun"
LANGUAGE_TAGS = {"en": "en-GB", "zh": "zh-CN"}
WIDTH_CM, BESIDE_CM, MARGIN_CM = 16.0, 12.5, 2.2
"""Of charts, of the second one on the first page, and of the paper's margins."""
CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")
HEAD_FILL = "E8EDF2"
DPI, TITLE_POINTS = 200, 20
LETTER_CM, CELL_CM = 0.185, 0.45
"""Widths of a bold letter in a table, and of what stands around a cell's text."""
MOST_TITLE = 255
"""Characters of a title among a document's properties; Word holds no more."""
COMPACT = (
    "number", "indicator", "binding", "target", "latest", "due", "so_far", "left", "probability", "light", "reason",
)  # fmt: skip
"""The columns of the table of lights that fit a sheet of paper."""


def review_document(
    result: Review, lang: str, flipped: pd.DataFrame | None = None, due: Text | None = None
) -> bytes:
    """Return a review as a docx file: the answer, the lights, what would flip them, the methods, the earlier plan.

    flipped: planmodel.review.flips of it, where they are there already. due: what has become due since its moment.

    Errors: PlanmodelError for an unknown language.
    """
    document = _document(check_lang(lang))
    plan, table, catalogue = result.plan, result.table, result.plan.catalogue
    title, moment = phrase("report.review_title", lang), result.moment.text
    document.core_properties.title = f"{plan.title[lang]}: {title}"[:MOST_TITLE]
    document.core_properties.author = "planmodel"

    def heading(name: str) -> None:
        document.add_heading(phrase(f"review.document.{name}", lang), 1)

    def write(reading: Reading) -> None:
        _table(document, reading.text, lang)

    document.add_heading(plan.title[lang], 0)
    document.add_paragraph(phrase("review.document.subtitle", lang, title=title, moment=moment), "Subtitle")
    document.add_paragraph(_unmarked(review_answer(result)[lang]))
    if due and due[lang]:
        document.add_paragraph(due[lang])
    _picture(document, lights_chart(result, lang))
    if result.featured is not None:
        _picture(document, standing_chart(result.featured, lang), BESIDE_CM)
    flipped, sensitivity = flips(result) if flipped is None else flipped, tornado(result)
    if sensitivity is not None or len(flipped):
        heading("flips")
        write(read(flipped, lang, FLIPS, catalogue=catalogue))
        if sensitivity is not None:
            _picture(document, tornado_chart(sensitivity, lang))
    _turn(document)
    heading("targets")
    write(read(judged(table), lang, {name: REVIEW[name] for name in COMPACT}, catalogue=catalogue))
    if len(tracked(table)):
        heading("methods")
        for line in methods_text()[lang].splitlines():
            document.add_paragraph(_unmarked(line.removeprefix("- ")), "List Bullet")
        write(read(tracked(table), lang, TRACKED, catalogue=catalogue))
    heading("final")
    document.add_paragraph(_unmarked(final_answer(result)[lang]))
    if result.final:
        write(final_reading(result, lang))
    heading("unjudged")
    write(read(unjudged_counts(result), lang, catalogue=catalogue))
    heading("basis")
    for line in _basis(result, lang):
        document.add_paragraph(line)
    return _timeless(document)


def draft_document(result: Draft, lang: str) -> bytes:
    """Return a draft of targets as a docx file: the answer, values for chances, what stands beside them, years, outlooks.

    Errors: PlanmodelError for an unknown language.
    """
    document = _document(check_lang(lang))
    plan, catalogue = result.plan, result.plan.catalogue
    document.core_properties.title = plan.title[lang]
    document.core_properties.author = "planmodel"
    document.add_heading(plan.title[lang], 0)
    subtitle = phrase("drafting.document.subtitle", lang, scenario=result.scenario.name)
    document.add_paragraph(subtitle, "Subtitle")
    document.add_paragraph(_unmarked(draft_answer(result)[lang]).replace("**", ""))
    _picture(document, probability_chart(result.assessment, lang))
    _turn(document)
    rows = drafted(result)
    milestones = read_milestones(result, lang)
    for name, reading in (
        ("values", read(rows, lang, DRAFT, catalogue=catalogue)),
        ("beside", read(rows, lang, BESIDE, catalogue=catalogue)),
        ("scenarios", read(rows, lang, scenario_cells(result, lang), catalogue=catalogue)),
        ("milestones", milestones),
        ("open", read(left_open(result), lang, OPEN, catalogue=catalogue)),
    ):
        if len(reading.data):
            document.add_heading(phrase(f"drafting.document.{name}", lang), 1)
            _table(document, reading.text, lang)
        if name == "values":
            document.add_paragraph(phrase("drafting.document.how", lang))
        if name == "milestones":
            document.add_paragraph(lights_rule(result)[lang])
    if result.findings:
        document.add_heading(phrase("drafting.document.findings", lang), 1)
        for line in findings_lines(result, lang):
            document.add_paragraph(line, "List Bullet")
    fans = [row.assessment for row in result.drafted if row.assessment.outlook is not None]
    _turn(document)
    document.add_heading(phrase("drafting.document.fans", lang), 1)
    for assessment in fans:
        _picture(document, fan_chart(assessment, lang))
    return _timeless(document)


def _basis(result: Review, lang: str) -> list[str]:
    """Scenario, path and moment; the document; the sources of the latest figures."""
    plan, moment = result.plan, result.moment
    given = phrase(
        "review.document.given",
        lang,
        scenario=result.scenario.name,
        shape=word(result.shape, lang),
        moment=moment.text,
        known=moment.known_on,
    )
    cited = {(s.origin.source, s.origin.url) for s in result.standings if s.origin and s.origin.url}
    about = [plan.title, plan.issuer, plan.date]
    return [given, join(about, lang, "commas"), *(f"{source} {url}" for source, url in sorted(cited))]


def _unmarked(text: str) -> str:
    """Text without the marks that markdown needs."""
    return text.replace("\\", "")


def _document(lang: str) -> Any:
    """An empty document: paper, fonts of both scripts, language."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            style.font.name = LATIN
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(name), None)
            for name, font in (("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:eastAsia", CHINESE)):
                fonts.set(qn(name), font)
    document.styles["Title"].font.size = Pt(TITLE_POINTS)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    _add(normal.element.get_or_add_rPr(), "w:lang", val=LANGUAGE_TAGS["en"], eastAsia=LANGUAGE_TAGS["zh"])
    document.core_properties.language = LANGUAGE_TAGS[lang]
    return document


def _add(element: Any, tag: str, **attributes: str) -> None:
    """Add an element of Word's XML below another."""
    element.append(
        element.makeelement(qn(tag), {qn(f"w:{name}"): value for name, value in attributes.items()})
    )


def _picture(document: Any, chart: Chart, width: float = WIDTH_CM) -> None:
    run = document.add_paragraph().add_run()
    shape = run.add_picture(io.BytesIO(png(chart.figure, DPI)), width=Cm(width))
    shape._inline.docPr.set("descr", chart.alt)


def _turn(document: Any) -> None:
    """Begin a new page, turned the other way."""
    before = document.sections[-1]
    width, height, upright = before.page_width, before.page_height, before.orientation == WD_ORIENT.PORTRAIT
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if upright else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = height, width


def _table(document: Any, table: pd.DataFrame, lang: str) -> None:
    """Write a table whose head is repeated on each page, columns as wide as their texts need; lights in their colour."""
    if table.empty:
        document.add_paragraph("–")
        return
    table = table[[name for name in table.columns if (table[name] != "").any()]]
    rows = [list(table.columns), *table.itertuples(index=False, name=None)]
    made = document.add_table(rows=len(rows), cols=len(table.columns), style="Table Grid")
    made.autofit = False
    _add(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", val="true")
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [Emu(int(room * share)) for share in _shares(rows, room / Cm(1))]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    colours = {word(light, lang): LIGHT_COLOURS[light] for light in LIGHTS}
    for number, (row, texts) in enumerate(zip(made.rows, rows, strict=True)):
        _add(row._tr.get_or_add_trPr(), "w:cantSplit")
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            _write(cell, text, {} if number == 0 else colours, head=number == 0)
    document.add_paragraph()


def _shares(rows: list[Any], room: float) -> list[float]:
    """The columns' shares of a table's width, room in cm: each holds its longest word, the rest goes to where texts are long.

    >>> narrow, wide = _shares([("Probability", "Reason"), ("5%", "a reason " * 9)], 16.0)
    >>> narrow * 16 > 11 * LETTER_CM, wide > narrow
    (True, True)
    """
    columns = list(zip(*rows, strict=True))
    least = []
    for texts in columns:
        words = [part for text in texts for part in text.split(" ") if not CJK.search(part)]
        least.append(LETTER_CM * min(max(map(width_of, words), default=4), 24) + CELL_CM)
    asked = [min(max(map(width_of, texts)), 60) ** 0.85 for texts in columns]
    left = max(room - sum(least), 0.0)
    widths = [low + left * more / sum(asked) for low, more in zip(least, asked, strict=True)]
    return [width / sum(widths) for width in widths]


def _write(cell: Any, text: str, colours: Mapping[str, str], *, head: bool) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.font.size, run.font.bold = Pt(8.5), head
    if head:
        _add(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=HEAD_FILL)
    if text in colours:
        run.font.color.rgb, run.font.bold = RGBColor.from_string(colours[text].lstrip("#")), True


def _timeless(document: Any) -> bytes:
    """Return a document's bytes without the time at which they were made."""
    properties = document.core_properties
    properties.created = properties.modified = datetime(2000, 1, 1)
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with ZipFile(raw) as source:
        write_zip(out, ((name, source.read(name)) for name in source.namelist()))
    return out.getvalue()

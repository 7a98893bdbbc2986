"""The review as a Word document: what is circulated, with its charts; the same bytes for the same review."""

from __future__ import annotations

import io
import re
from collections import Counter
from zipfile import ZipFile

import pandas as pd

from planmodel import charts
from planmodel.charts.lights import LIGHT_COLOURS
from planmodel.errors import check_lang
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.files.zips import write_zip
from planmodel.lab.views import (
    closest,
    final_answer,
    final_view,
    flips_view,
    methods_text,
    methods_view,
    moment_text,
    review_answer,
    review_view,
    tornado_of,
)
from planmodel.review import LIGHTS, Review
from planmodel.words import moment_words, phrase, word
from planmodel.workbooks.sheets import width_of

LATIN, CHINESE = "Calibri", "SimSun"
WIDTH_CM, MARGIN_CM = 16.0, 2.5
CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")
HEAD_FILL = "E8EDF2"
DPI = 200
COMPACT = (
    "number", "indicator", "binding_short", "target", "latest", "due", "so_far", "left", "probability", "light", "reason",
)  # fmt: skip
"""The columns of the table of lights that fit a sheet of paper."""


def review_document(result: Review, lang: str, *, n_draws: int = N_DRAWS, seed: int = SEED) -> bytes:
    """Return a review as a docx file: the answer, the lights, what would flip them, the methods, the earlier plan.

    n_draws, seed: of what is counted for the document alone (break-even growth, tornado).

    Errors: PlanmodelError for an unknown language.
    """
    zh, document = check_lang(lang) == "zh", _document(lang)
    plan = result.plan
    document.core_properties.title = f"{plan.title[lang]}: {phrase('report.review_title', lang)}"
    document.core_properties.author = "planmodel"
    document.add_heading(plan.title[lang], 0)
    when = moment_text(result, lang)
    document.add_paragraph(
        f"{phrase('report.review_title', lang)}（{when}）"
        if zh
        else f"{phrase('report.review_title', lang)}, {when[:1].lower()}{when[1:]}",
        style="Subtitle",
    )
    document.add_paragraph(_plain(review_answer(result, lang)))
    _picture(document, charts.lights_chart(result, lang), charts.lights_alt(result, lang))
    here = closest(result)
    if here is not None:
        figure = charts.standing_chart(here, result.known, lang)
        _picture(document, figure, charts.standing_alt(here, result.known, lang))
    target, swings = tornado_of(result, n_draws=n_draws, seed=seed)
    flips = flips_view(result, lang, n_draws=n_draws, seed=seed)
    if target is not None or len(flips):
        document.add_heading("什么会改变判断" if zh else "What would flip it", 1)
        _table(document, flips, lang)
        if target is not None:
            chart = charts.tornado_chart(target, swings, lang)
            _picture(document, chart.figure, chart.alt)
    _turn(document)
    document.add_heading("各项目标" if zh else "Target by target", 1)
    table = review_view(result, lang)
    _table(document, table[[word(c, lang) for c in COMPACT]] if len(table) else table, lang)
    methods = methods_view(result, lang)
    if len(methods):
        document.add_heading("几种常用方法" if zh else "The methods in use", 1)
        for line in methods_text(lang).splitlines():
            document.add_paragraph(_plain(line.removeprefix("- ")), style="List Bullet")
        _table(document, methods, lang)
    document.add_heading("上期规划完成情况" if zh else "The earlier plan", 1)
    document.add_paragraph(_plain(final_answer(result, lang)))
    if result.final:
        _table(document, final_view(result, lang), lang)
    document.add_heading("尚不能判断的目标" if zh else "Targets that cannot be judged yet", 1)
    _table(document, unjudged_counts(result, lang), lang)
    document.add_heading("口径与出处" if zh else "Basis and sources", 1)
    for line in _basis(result, lang):
        document.add_paragraph(line)
    return _timeless(document)


def unjudged_counts(result: Review, lang: str) -> pd.DataFrame:
    """Return the reasons why targets cannot be judged, with how many and how many binding ones have each."""
    open_ = [s for s in result.standings if s.light == "not_assessable"]
    reasons = Counter(s.reason.get(lang, "") for s in open_)
    binding = Counter(s.reason.get(lang, "") for s in open_ if s.target.binding)
    rows = [
        {
            word("reason", lang): reason,
            phrase("report.targets", lang).capitalize(): str(n),
            word("binding", lang).capitalize(): str(binding[reason]),
        }
        for reason, n in reasons.most_common()
    ]
    return pd.DataFrame(rows)


def _basis(result: Review, lang: str) -> list[str]:
    plan, zh = result.plan, lang == "zh"
    scenario, shape = result.scenario.name[lang], word(result.shape, lang)
    lines = [
        f"情景：{scenario}；路径：{shape}；数据{moment_text(result, lang)}，"
        f"{moment_words(str(result.moment.known_on), lang)}以后公布的不计。"
        if zh
        else f"Scenario: {scenario}; path: {shape}; figures up to {moment_words(result.moment.text, lang)}, "
        f"as published by {moment_words(str(result.moment.known_on), lang)}.",
        f"{plan.title[lang]}{'，' if zh else ', '}{plan.issuer[lang]}{'，' if zh else ', '}{plan.date}",
    ]
    cited = {
        (s.origin.source, s.origin.url) for s in result.standings if s.origin is not None and s.origin.url
    }
    return lines + [f"{source} {url}" for source, url in sorted(cited)]


def _plain(text: str) -> str:
    return text.replace("\\", "")


def _document(lang: str):
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    for style in document.styles:
        if style.type == 1:  # paragraphs
            style.font.name = LATIN
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(name), None)
            fonts.set(qn("w:ascii"), LATIN)
            fonts.set(qn("w:hAnsi"), LATIN)
            fonts.set(qn("w:eastAsia"), CHINESE)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    language = normal.element.get_or_add_rPr().makeelement(
        qn("w:lang"), {qn("w:val"): "en-GB", qn("w:eastAsia"): "zh-CN"}
    )
    normal.element.get_or_add_rPr().append(language)
    document.core_properties.language = "zh-CN" if lang == "zh" else "en-GB"
    return document


def _picture(document, figure, alt: str) -> None:
    from docx.shared import Cm

    run = document.add_paragraph().add_run()
    shape = run.add_picture(io.BytesIO(charts.png(figure, DPI)), width=Cm(WIDTH_CM))
    shape._inline.docPr.set("descr", alt)


def _turn(document) -> None:
    """Begin a new page, turned sideways."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Cm

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)


def _table(document, table: pd.DataFrame, lang: str) -> None:
    """Write a table whose head is repeated on each page, columns as wide as their texts need; lights in their colour."""
    from docx.oxml.ns import qn
    from docx.shared import Emu

    if table.empty:
        document.add_paragraph("–")
        return
    table = table[[name for name in table.columns if (table[name] != "").any()]]
    names = [str(name) for name in table.columns]
    rows = [names, *(list(row) for row in table.astype(str).itertuples(index=False))]
    made = document.add_table(rows=len(rows), cols=len(names), style="Table Grid")
    made.autofit = False
    head = made.rows[0]._tr.get_or_add_trPr()
    head.append(head.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    needs = [_need([row[i] for row in rows]) for i in range(len(names))]
    for column, need in zip(made.columns, needs, strict=True):
        column.width = Emu(int(room * need / sum(needs)))
    for number, (row, texts) in enumerate(zip(made.rows, rows, strict=True)):
        whole = row._tr.get_or_add_trPr()
        whole.append(whole.makeelement(qn("w:cantSplit"), {}))
        for cell, text, need in zip(row.cells, texts, needs, strict=True):
            cell.width = Emu(int(room * need / sum(needs)))
            _write(cell, text, lang, head=number == 0)
    document.add_paragraph()


def _need(texts: list[str]) -> float:
    """How much room a column asks for: its longest word, and more where its texts are long."""
    words = [part for text in texts for part in text.split(" ")]
    longest = max((width_of(part) for part in words if not CJK.search(part)), default=0)
    return max(min(longest, 20) + 4, 9, min(max(map(width_of, texts)), 60) ** 0.85)


def _write(cell, text: str, lang: str, *, head: bool) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = cell.paragraphs[0].add_run(text)
    run.font.size, run.font.bold = Pt(8.5), head
    if head:
        properties = cell._tc.get_or_add_tcPr()
        fill = {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): HEAD_FILL}
        properties.append(properties.makeelement(qn("w:shd"), fill))
    colours = {word(light, lang): LIGHT_COLOURS[light] for light in LIGHTS}
    if not head and text in colours:
        run.font.color.rgb, run.font.bold = RGBColor.from_string(colours[text].lstrip("#")), True


def _timeless(document) -> bytes:
    """Return a document's bytes without the time at which they were made."""
    from datetime import datetime

    properties = document.core_properties
    properties.created = properties.modified = datetime(2000, 1, 1)
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with ZipFile(raw) as source:
        write_zip(out, ((name, source.read(name)) for name in source.namelist()))
    return out.getvalue()

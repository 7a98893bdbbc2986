"""A Word document while it is written: text, charts as large as they are printed, tables that fit their sheets.

Text, charts and narrow tables stand on portrait sheets, one after the other; wide tables on landscape ones at the end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zipfile import ZipFile

import numpy as np
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from matplotlib.figure import Figure
from PIL import Image

from planmodel.charts import Chart, dots
from planmodel.charts.review import LIGHT_COLOURS
from planmodel.errors import check_lang
from planmodel.files.folders import write_zip
from planmodel.plans import Plan
from planmodel.review import LIGHTS
from planmodel.tables.reading import NONE, Reading
from planmodel.words import phrase, unmarked, word
from planmodel.workbooks.sheets import width_of

LATIN, CHINESE, CHINESE_HEADS = "Calibri", "SimSun", "SimHei"
LANGUAGE_TAGS = {"en": "en-GB", "zh": "zh-CN"}
SHEET_CM, MARGIN_CM, HEIGHT_CM = (21.0, 29.7), 2.0, 23.6
"""Of paper and its margins, and of the highest picture."""
WIDE, LOW = (SHEET_CM[0] - 2 * MARGIN_CM) / 2.54, 3.0
"""Inches of a chart, drawn as large as it is printed, so that letters keep their size; the height of one target's."""
CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")
HEAD_FILL = "E8EDF2"
DPI, COLOURS, WHITE = 220, 128, 252
"""Of pictures: dots an inch, colours, and the shade from which paper shows nothing."""
POINTS, CELL_POINTS = {"Title": 20, "Normal": 10.5, "Footer": 8.5}, 8.5
LETTER_CM, CELL_CM, STEP_CM = 0.165, 0.42, 0.1
"""Widths of a bold letter in a table, of what stands around a cell's text, and by which columns grow."""
LINES, SHORTEST, LONGEST, SHORT_HEAD = 5, 5, 24, 8
"""Of a column: lines that Chinese may take in it, least letters, most that it is asked for, those of a Chinese head that is
not broken."""
"""Cells of columns that are left out."""
MOST_ROWS = 500
"""Of a table: some twenty sheets; data files hold longer ones whole."""
MOST_TITLE = 255
"""Characters of a title among a document's properties; Word holds no more."""


class Paper:
    """A Word document while it is written, in one language; `content` is its bytes.

    plan: whose title stands at its head. name: among its properties. key: of the phrases of its headings.
    """

    def __init__(self, lang: str, plan: Plan, name: str, key: str) -> None:
        self.lang, self.key, self.document = check_lang(lang), key, Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = map(Cm, SHEET_CM)
        for side in ("left", "right", "top", "bottom"):
            setattr(section, f"{side}_margin", Cm(MARGIN_CM))
        self._styles()
        properties = self.document.core_properties
        properties.title, properties.author = name[:MOST_TITLE], "planmodel"
        properties.language = LANGUAGE_TAGS[lang]
        self.document.add_heading(plan.title[lang], 0)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for text, field in ((f"{plan.short[lang]}  ", "PAGE"), (" / ", "NUMPAGES")):
            foot.add_run(text)
            _add(foot._p, "w:fldSimple", instr=field)

    def _styles(self) -> None:
        """Set the fonts of both scripts, and the language."""
        styles = self.document.styles
        for style in styles:
            if style.type == WD_STYLE_TYPE.PARAGRAPH:
                style.font.name = LATIN
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                    fonts.attrib.pop(qn(name), None)
                heads = style.name.startswith(("Heading", "Title", "Subtitle"))
                fonts.set(qn("w:eastAsia"), CHINESE_HEADS if heads else CHINESE)
        for name, points in POINTS.items():
            styles[name].font.size = Pt(points)
        looks = styles["Normal"].element.get_or_add_rPr()
        _add(looks, "w:lang", val=LANGUAGE_TAGS["en"], eastAsia=LANGUAGE_TAGS["zh"])

    def heading(self, name: str) -> None:
        self.document.add_heading(phrase(f"{self.key}{name}", self.lang), 1)

    def text(self, text: str, style: str | None = None) -> None:
        self.document.add_paragraph(unmarked(text), style)

    def picture(self, draw: Callable[..., Chart], result: object, **options: object) -> None:
        """Add a chart as wide as the sheet; one higher than a sheet in parts."""
        chart = draw(result, self.lang, size=(WIDE, LOW), **options)
        for part in picture_parts(chart.figure):
            shape = self.document.add_paragraph().add_run().add_picture(part)
            shape._inline.docPr.set("descr", chart.alt)

    def turn(self) -> None:
        """Go on with landscape sheets."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = map(Cm, reversed(SHEET_CM))

    def table(self, reading: Reading, keys: int = 2) -> None:
        """Write a table, columns as wide as their texts need; one too wide for the sheet in parts that repeat the first columns;
        of one of thousands of rows the first.

        keys: how many these are. Heads are repeated on each sheet, rows stay whole, lights have their colour.
        """
        text = reading.told
        if text.empty:
            return self.text(NONE)
        if len(text) > MOST_ROWS:
            self.text(phrase("report.first_rows", self.lang, k=MOST_ROWS, n=len(text)))
            text = text.head(MOST_ROWS)
        room = SHEET_CM[len(self.document.sections) - 1] - 2 * MARGIN_CM
        columns = [[name, *text[name]] for name in text.columns]
        needs = [_need(texts) for texts in columns]
        for places in fitting(needs, room, keys):
            widths = _widths([columns[i] for i in places], [needs[i] for i in places], room)
            self._rows([*zip(*(columns[i] for i in places), strict=True)], [Cm(width) for width in widths])

    def _rows(self, rows: Sequence[Sequence[str]], widths: Sequence[Cm]) -> None:
        made = self.document.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
        made.autofit = False
        _add(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", val="true")
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        colours = {word(light, self.lang): LIGHT_COLOURS[light] for light in LIGHTS}
        for number, (row, texts) in enumerate(zip(made.rows, rows, strict=True)):
            _add(row._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = width
                _write(cell, text, colours if number else {}, head=number == 0)
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def content(self) -> bytes:
        """Return the document without the time at which it was made."""
        last = self.document.paragraphs[-1]
        if not last.runs:  # what must stand behind a table shall open no sheet of its own
            last.paragraph_format.line_spacing = Pt(1)
        properties = self.document.core_properties
        properties.created = properties.modified = datetime(2000, 1, 1)
        raw, out = io.BytesIO(), io.BytesIO()
        self.document.save(raw)
        with ZipFile(raw) as source:
            write_zip(out, ((name, source.read(name)) for name in source.namelist()))
        return out.getvalue()


def _add(element: Any, tag: str, **attributes: str) -> None:
    """Add an element of Word's XML below another."""
    element.append(
        element.makeelement(qn(tag), {qn(f"w:{name}"): value for name, value in attributes.items()})
    )


def picture_parts(figure: Figure) -> Iterator[io.BytesIO]:
    """Yield a figure as pictures of few colours, none higher than a sheet: cut where its lines hold least."""
    image, most, top = dots(figure, DPI)[:, :, :3], int(HEIGHT_CM / 2.54 * DPI), 0
    inked = (image.min(axis=2) < 200).sum(axis=1)
    while top < len(image):
        end = len(image)
        if end - top > most:
            last = inked[top + most * 3 // 4 : top + most]
            end = top + most - 1 - int(np.argmin(last[::-1]))
        out = io.BytesIO()
        part = Image.fromarray(image[top:end].copy()).quantize(COLOURS, Image.Quantize.FASTOCTREE)
        part.putpalette([255 if shade >= WHITE else shade for shade in part.getpalette() or ()])
        part.save(out, "png", dpi=(DPI, DPI))
        yield out
        top = end


def _need(texts: Sequence[str]) -> float:
    """The least width of a column in cm: its longest word; Chinese, which has none, a few lines of its longest text.

    >>> _need(["Probability", "5%"]) > _need(["Reason", "a reason " * 9])
    True
    """
    head = min(width_of(texts[0]), max(SHORT_HEAD, width_of(texts[0]) / 2)) if CJK.search(texts[0]) else 0
    words = [part for text in texts for part in text.split(" ")]
    least = [width_of(word) / (LINES if CJK.search(word) else 1) for word in words]
    return LETTER_CM * min(max(SHORTEST, head, *least), LONGEST) + CELL_CM


def fitting(needs: Sequence[float], room: float, keys: int) -> Iterator[list[int]]:
    """Yield the places of the columns of each part of a table that fits a room; all begin with the first `keys` columns.

    >>> list(fitting([2, 2, 3, 3, 3], 8, 1)), list(fitting([2, 9], 8, 1))
    ([[0, 1, 2], [0, 3, 4]], [[0, 1]])
    """
    start = list(range(min(keys, len(needs))))
    part = list(start)
    for place in range(len(start), len(needs)):
        if len(part) > len(start) and sum(needs[i] for i in (*part, place)) > room:
            yield part
            part = list(start)
        part.append(place)
    yield part


def _widths(columns: Sequence[Sequence[str]], needs: Sequence[float], room: float) -> list[float]:
    """Widths of columns in cm: each what it needs, the rest goes step by step to those that make rows high.

    >>> narrow, wide = _widths([("Probability", "5%"), ("Reason", "a reason " * 9)], [2.5, 5.0], 16.0)
    >>> round(narrow + wide, 9), wide - 5 > narrow - 2.5
    (16.0, True)
    """
    letters = np.array([[max(width_of(text), 1) for text in texts] for texts in columns])
    widths = np.array(needs)
    while widths.sum() < room:
        lines = letters / (widths - CELL_CM)[:, None]
        high = np.bincount(lines.argmax(axis=0), lines.max(axis=0))
        widths[high.argmax()] += STEP_CM
    return (room * widths / widths.sum()).tolist()


def _write(cell: Any, text: str, colours: Mapping[str, str], *, head: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(CELL_POINTS), head
    if head:
        paragraph.paragraph_format.keep_with_next = True
        _add(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=HEAD_FILL)
    if text in colours:
        run.font.color.rgb, run.font.bold = RGBColor.from_string(colours[text].lstrip("#")), True

"""Tables as workbooks (xlsx): the same bytes for the same tables, and nothing in them that runs but our own formulas."""

import io
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from numbers import Integral, Real

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell as _cell
from xlsxwriter.worksheet import Worksheet

from planmodel.errors import PlanmodelError
from planmodel.words import Phrase
from planmodel.words.figures import width_of

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS, MOST_LETTERS = 1_048_575, 32_767
MOST_NAME = 31
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FIGURE = re.compile(
    r"(?P<sign>[+\-−]?)(?P<digits>0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?P<rest>\.\d+)?(?P<percent>%?)"
)
MOST_DIGITS = 15
SAMPLED_ROWS = 300
NARROWEST, WIDEST = 7, 60
LINE_HEIGHT, MOST_LINES = 15, 25
A4, A3, WIDE = 9, 8, 180
RULE = "#B8C2CC"
HEAD = {
    "bold": True, "bg_color": "#E8EDF2", "bottom": 1, "bottom_color": RULE, "valign": "vcenter", "text_wrap": True,
}  # fmt: skip
RULED = {"border": 1, "border_color": RULE, "valign": "vcenter"}
TITLE, MARKED = {"bold": True, "font_size": 13}, {"bg_color": "#FDF3E1"}
SIGN = "●"  # stands alone in a cell, and then in its middle
FONT = {"font_name": "Calibri", "font_size": 11, "font_family": 2, "font_scheme": "none", "theme": -1}
OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "default_format_properties": FONT,
}  # fmt: skip
MADE = datetime(2000, 1, 1)
"""The time in every workbook, so that the same tables give the same bytes."""
Look = Mapping[str, object]  # properties of XlsxWriter's formats
PLAIN: Look = {}


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    title: a line above the header. notes: lines below the table. help: comments on headers. widths: in characters.
    formats: number formats by column. figures: columns whose text is a figure ("164.80" becomes the number 164.8 that
    shows two decimals); None: those where every cell is one. formulas: by column a template, or one a row ("" leaves
    the value), in which {column} is the cell of that column in the same row; the table's own value is the result that
    is kept until a program counts again. filtered: with arrows to choose rows by. ruled: with rules around its cells, title and notes across it, to be printed
    and handed out. marked: rows with a colour of their own.
    """

    name: str
    table: pd.DataFrame
    title: str = ""
    notes: tuple[str, ...] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    figures: Collection[str] | None = None
    formulas: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    filtered: bool = True
    ruled: bool = False
    marked: Collection[int] = ()

    @property
    def header_row(self) -> int:
        return 2 if self.title else 1

    @property
    def names(self) -> list[str]:
        """The heads of the columns."""
        return [" · ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in self.table.columns]


def workbook_bytes(sheets: Iterable[Sheet], aside: str = "") -> bytes:
    """Return an xlsx file of some sheets, the same bytes for the same sheets.

    aside: a folder where rows wait in a file, not in memory.

    Errors: PlanmodelError for a table or a cell that is larger than a workbook can hold.
    """
    book = Book(aside)
    for sheet in sheets:
        book.add(sheet)
    return book.content()


class Book:
    """A workbook while it is written: `add` sheets, change what they do not say, and take its `content`."""

    def __init__(self, aside: str = "") -> None:
        """aside: see `workbook_bytes`; cells are then put row by row."""
        self._out = io.BytesIO()
        held = {"constant_memory": True, "tmpdir": aside} if aside else {"in_memory": True}
        self._book = xlsxwriter.Workbook(self._out, OPTIONS | held)
        self._book.set_properties({"author": "planmodel", "created": MADE})
        self._looks: dict[tuple, Format] = {}
        self._names: set[str] = set()

    def note(self, name: str, text: str) -> None:
        """Keep a text with the workbook that no sheet shows."""
        self._book.set_custom_property(name, text)

    def content(self) -> bytes:
        """Return the workbook as bytes; nothing can be added after that."""
        self._book.close()
        return self._out.getvalue()

    def look(self, look: Look) -> Format | None:
        """Return a format of the workbook, None for a plain one."""
        key = tuple(sorted(look.items()))
        if key and key not in self._looks:
            self._looks[key] = self._book.add_format(look)
        return self._looks.get(key)

    def put(
        self, ws: Worksheet, row: int, column: int, value: object, look: Look = PLAIN, as_figure: bool = False
    ) -> None:
        """Set a cell: numbers and true or false as they are, a printed figure as its number, all else as plain text.

        row, column: from 0.

        Errors: PlanmodelError for a text longer than a cell can hold.
        """
        held, form = _held(value, as_figure)
        if form:
            look = {"num_format": form, **look}
        if isinstance(held, str) and (held + str(value)).startswith(FORMULA_STARTS):
            look = {**look, "quote_prefix": True}
        if isinstance(held, str) and len(held) > MOST_LETTERS:
            most = Phrase("workbooks.most_letters", n=MOST_LETTERS)
            found = Phrase("workbooks.n_letters", n=len(held))
            raise PlanmodelError.of("cell", most, found, f"{ws.get_name()}, {_cell(row, column)}")
        ws.write(row, column, held, self.look(look))

    def add(self, sheet: Sheet) -> Worksheet:
        """Write a sheet, ready to read and to print, and return it."""
        name, head, n = sheet_name(sheet.name, self._names), sheet.header_row - 1, len(sheet.table)
        if n > MOST_ROWS - sheet.header_row:
            most, found = Phrase("workbooks.most_rows", n=MOST_ROWS), Phrase("workbooks.n_rows", n=n)
            raise PlanmodelError.of("table", most, found, sheet.name)
        self._names.add(name.lower())
        ws = self._book.add_worksheet(name)
        widths = [_width(sheet, position, name) for position, name in enumerate(sheet.names)]
        if sheet.title:
            self._line(ws, sheet, widths, 0, sheet.title, TITLE)
        self._head(ws, sheet, widths)
        self._rows(ws, sheet, widths)
        for number, note in enumerate(sheet.notes, head + n + 2):
            self._line(ws, sheet, widths, number, note)
        if widths and sheet.filtered:
            ws.autofilter(head, 0, head + n, len(widths) - 1)
        ws.freeze_panes(head + 1, 0)
        ws.repeat_rows(head)
        ws.set_landscape()
        ws.set_paper(A3 if sum(widths) > WIDE else A4)
        ws.fit_to_pages(1, 0)
        ws.set_footer("&C&A  &P / &N")
        if sheet.ruled:
            ws.center_horizontally()
            ws.set_margins(0.4, 0.4, 0.5, 0.5)
        return ws

    def _head(self, ws: Worksheet, sheet: Sheet, widths: list[float]) -> None:
        head = sheet.header_row - 1
        look = HEAD | ({**RULED, "align": "center"} if sheet.ruled else {})
        for position, (name, width) in enumerate(zip(sheet.names, widths, strict=True)):
            form = {"num_format": "@"} if sheet.formats.get(name) == "@" else PLAIN
            ws.set_column(position, position, width, self.look(form))
            self.put(ws, head, position, name, look)
            if name in sheet.help:
                options = {"author": "planmodel", "width": 320, "height": 120}
                ws.write_comment(head, position, clean(sheet.help[name]), options)
        lines = max((_lines(n, w - 3) for n, w in zip(sheet.names, widths, strict=True)), default=1)
        ws.set_row(head, LINE_HEIGHT * lines + 3)

    def _rows(self, ws: Worksheet, sheet: Sheet, widths: list[float]) -> None:
        names, figures = sheet.names, _figure_columns(sheet)
        templates = [_templates(sheet, name) for name in names]
        columns = [sheet.table.iloc[:, position].tolist() for position in range(len(names))]
        for number, values in enumerate(zip(*columns, strict=True)):
            row = sheet.header_row + number
            lines = max(
                _lines(value, width - sheet.ruled) if _is_text(value, name in figures) else 1
                for value, width, name in zip(values, widths, names, strict=True)
            )
            look: Look = PLAIN
            if sheet.ruled:
                look = RULED | (MARKED if number in sheet.marked else {})
            elif lines > 1:  # beside several lines, figures stand at the first
                look = {"valign": "top", "text_wrap": True}
            if sheet.ruled or lines > 1:
                ws.set_row(row, LINE_HEIGHT * min(lines, MOST_LINES) + 3 * sheet.ruled)
            for position, (name, value) in enumerate(zip(names, values, strict=True)):
                own = {**look, **_side(value, name in figures)} if sheet.ruled else look
                if form := sheet.formats.get(name, ""):
                    own = {**own, "num_format": form}
                if template := templates[position][number]:
                    cells = {n: _cell(row, place) for place, n in enumerate(names)}
                    result = value if isinstance(value, Real) and math.isfinite(value) else ""
                    ws.write_formula(row, position, template.format(**cells), self.look(own), result)
                else:
                    self.put(ws, row, position, value, own, name in figures)

    def _line(
        self, ws: Worksheet, sheet: Sheet, widths: list[float], row: int, text: str, look: Look = PLAIN
    ) -> None:
        """Write the title or a note; across the table where it is ruled."""
        if sheet.ruled:
            look = {**look, "align": "left", "valign": "vcenter", "text_wrap": True}
            ws.merge_range(row, 0, row, len(widths) - 1, "", self.look(look))
            size = 1.2 if row == 0 else 1.0
            ws.set_row(row, LINE_HEIGHT * size * _lines(text, sum(widths) / size) + 3)
        self.put(ws, row, 0, text, look)


def _held(value: object, as_figure: bool) -> tuple[object, str]:
    """Return a value as a cell holds it (text, number, truth, None for nothing), and the number format of its print."""
    if isinstance(value, str):
        text = clean(value)
        if text.startswith("<r>") and text.endswith("</r>"):  # else XlsxWriter takes it for markup
            text += " "
        return (figure(value) if as_figure else None) or (text, "")
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, Real) and math.isnan(value)):
        return None, ""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return bool(value), ""
    if isinstance(value, Integral) and abs(value) < 10**MOST_DIGITS:
        return int(value), ""
    if isinstance(value, Real) and not isinstance(value, Integral) and math.isfinite(value):
        return float(value), digits_format(float(value))
    return str(value), ""


def _is_text(value: object, as_figure: bool) -> bool:
    return isinstance(value, str) and not (as_figure and figure(value))


def _side(value: object, as_figure: bool) -> Look:
    """Where a cell of a ruled table stands: a sign in the middle, figures to the right, texts to the left."""
    if value == SIGN:
        return {"align": "center"}
    wrap = {"text_wrap": True} if _is_text(value, as_figure) else {}
    return {"align": "right" if as_figure else "left", "indent": 1, **wrap}


def sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """Return a name that a sheet may have: 31 characters, none of []:*?/\\, unlike those taken (lower case).

    >>> sheet_name("T1/4a: GDP"), sheet_name("Targets", {"targets"})
    ('T1-4a- GDP', 'Targets 2')
    """
    name = NOT_XML.sub("", re.sub(r"[\[\]:*?/\\]", "-", re.sub(r"\s+", " ", name))).strip(" '") or "Sheet"
    name = "History 1" if name.lower() == "history" else name
    cut, number = _cut(name, MOST_NAME).rstrip(" '"), 2
    while cut.lower() in taken:
        cut = f"{_cut(name, MOST_NAME - len(str(number)) - 1).rstrip()} {number}"
        number += 1
    return cut


def _cut(name: str, most: int) -> str:
    """The beginning of a name, in characters as spreadsheets count them: those beyond the first plane are two."""
    return name.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def clean(text: str) -> str:
    """Return a text as a cell can hold it: line ends made \\n, without characters that XML refuses."""
    return NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def figure(text: str) -> tuple[float, str] | None:
    """Return a printed figure as a number and the number format that prints it so; None where it is none.

    >>> figure("164.80"), figure("6.8%"), figure("4a"), figure("007")
    ((164.8, '0.00'), (0.068, '0.0%'), None, None)
    """
    printed = FIGURE.fullmatch(text)
    if not printed:
        return None
    digits, rest = printed["digits"], printed["rest"] or ""
    if len((digits.replace(",", "") + rest[1:]).lstrip("0")) > MOST_DIGITS:
        return None
    value = Decimal(digits.replace(",", "") + rest)
    sign = printed["sign"]
    if sign in ("-", "−") and value == 0:
        return None
    form = ("#,##0" if "," in digits else "0") + rest[:1] + "0" * len(rest[1:]) + printed["percent"]
    form = f"+{form};-{form};{form}" if sign == "+" else form
    value = -value if sign in ("-", "−") else value
    return float(value / 100 if printed["percent"] else value), form


def digits_format(value: float) -> str:
    """Return the number format that shows a figure to five digits, empty where the usual one shows it as well.

    >>> [digits_format(value) for value in (10.270841, 0.4605, 2020.0, 12345.678, 1.5e-9)]
    ['0.000', '0.0000', '', '#,##0', '']
    """
    if value.is_integer() or not 1e-4 <= abs(value) < 10**MOST_DIGITS:
        return ""
    decimals = f"{value:.5g}".partition(".")[2]
    return "0." + "0" * len(decimals) if abs(value) < 1e4 and decimals else "#,##0"


def _figure_columns(sheet: Sheet) -> set[str]:
    if sheet.figures is not None:
        return set(sheet.figures)
    columns = set()
    for position, name in enumerate(sheet.names):
        texts = {value for value in sheet.table.iloc[:, position] if isinstance(value, str)}
        texts -= {"", "–", "-", "—"}
        if texts and all(figure(text) for text in texts):
            columns.add(name)
    return columns


def _width(sheet: Sheet, position: int, name: str) -> float:
    if name in sheet.widths:
        return sheet.widths[name]
    form = sheet.formats.get(name, "")
    column = sheet.table.iloc[:, position]
    sample = (*column.head(SAMPLED_ROWS).tolist(), *column.tail(SAMPLED_ROWS).tolist())
    shown = [_shown(value, form) for value in sample]
    return min(max(NARROWEST, width_of(name) + 4, *map(width_of, shown), 0) + 1, WIDEST)


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(1.08 * width_of(line) / width)) for line in text.split("\n"))


def _shown(value, form: str) -> str:
    if isinstance(value, float):
        return f"{value:.{len(form.partition('.')[2].rstrip('%'))}f}" if form else f"{value:.6g}"
    return str(value)


def _templates(sheet: Sheet, name: str) -> tuple[str, ...]:
    given = sheet.formulas.get(name, "")
    return (given,) * len(sheet.table) if isinstance(given, str) else tuple(given)

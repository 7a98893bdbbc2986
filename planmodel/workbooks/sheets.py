"""Tables as workbooks (xlsx): the same bytes for the same tables, and nothing in them that runs but our own formulas."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Integral, Real
from zipfile import ZipFile

import pandas as pd

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.zips import write_zip

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS, MOST_LETTERS = 1_048_575, 32_767
MOST_NAME = 31
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
FIGURE = re.compile(
    r"(?P<sign>[+\-−]?)(?P<digits>0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?P<rest>\.\d+)?(?P<percent>%?)"
)
MOST_DIGITS = 15
SAMPLED_ROWS = 300
NARROWEST, WIDEST = 7, 60
LINE_HEIGHT, MOST_LINES = 15, 25
A4, A3, WIDE = 9, 8, 180
HEADER_FILL, RULE = "FFE8EDF2", "FFB8C2CC"


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    title: a line above the header. notes: lines below the table. help: comments on headers. widths: in characters.
    formats: number formats by column. figures: columns whose text is a figure ("164.80" becomes the number 164.8 that
    shows two decimals); None: those where every cell is one. formulas: by column a template, or one a row ("" leaves
    the value), in which {column} is the cell of that column in the same row; the table's own value is the result that
    is kept until a program counts again.
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

    @property
    def header_row(self) -> int:
        return 2 if self.title else 1


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Return an xlsx file of some sheets, the same bytes for the same sheets.

    Errors: PlanmodelError for a table or a cell that is larger than a workbook can hold.
    """
    sheets = tuple(sheets)
    return to_bytes(build(sheets), [_results(sheet) for sheet in sheets])


def build(sheets: Iterable[Sheet]):
    """Return the sheets as an openpyxl workbook, to be added to and then written by `to_bytes`."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book._named_styles["Normal"].font = Font(name="Calibri", size=11, family=2)
    book._fonts[0] = book._named_styles["Normal"].font
    book.remove(book.active)
    book.properties.creator = "planmodel"
    taken: set[str] = set()
    for sheet in sheets:
        name = sheet_name(sheet.name, taken)
        taken.add(name.lower())
        _fill(book.create_sheet(name), sheet)
    return book


def to_bytes(book, results: Sequence[Mapping[str, float]] = ()) -> bytes:
    """Return a workbook as bytes without times in it; results: by sheet, the values of its formulas by cell."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with ZipFile(raw) as source:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        parts = [(name, source.read(name)) for name in names if not name.startswith("xl/theme/")]
    write_zip(out, ((name, _settled(name, content, results)) for name, content in parts))
    return out.getvalue()


def _settled(name: str, content: bytes, results: Sequence[Mapping[str, float]]) -> bytes:
    """A part of a workbook without times and theme, with the results of its formulas."""
    if name == "docProps/core.xml":
        return re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", content)
    if name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        return re.sub(rb"<(Override|Relationship)\b[^>]*/theme\b[^>]*/>", b"", content)
    if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
        number = int(found[1]) - 1
        return _with_results(content, results[number] if number < len(results) else {})
    return content


def sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """Return a name that a sheet may have: 31 characters, none of []:*?/\\, unlike those taken (lower case).

    >>> sheet_name("T1/4a: GDP"), sheet_name("Targets", {"targets"})
    ('T1-4a- GDP', 'Targets 2')
    """
    name = NOT_XML.sub("", re.sub(r"[\[\]:*?/\\]", "-", re.sub(r"\s+", " ", name))).strip(" '") or "Sheet"
    name = "History 1" if name.lower() == "history" else name
    cut, number = name[:MOST_NAME].rstrip(" '"), 2
    while cut.lower() in taken:
        cut = f"{name[: MOST_NAME - len(str(number)) - 1].rstrip()} {number}"
        number += 1
    return cut


def clean(text: str) -> str:
    """Return a text as a cell can hold it: line ends made \\n, without characters that XML refuses."""
    return NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def figure(text: str) -> tuple[float, str] | None:
    """Return a printed figure as a number and the number format that prints it so; None where it is none.

    >>> figure("164.80"), figure("6.8%"), figure("4a"), figure("007")
    ((164.8, '0.00'), (0.068, '0.0%'), None, None)
    """
    found = FIGURE.fullmatch(text)
    if not found:
        return None
    digits, rest = found["digits"], found["rest"] or ""
    if len((digits.replace(",", "") + rest[1:]).lstrip("0")) > MOST_DIGITS:
        return None
    value = Decimal(digits.replace(",", "") + rest)
    sign = found["sign"]
    if sign in ("-", "−") and value == 0:
        return None
    form = (
        ("#,##0" if "," in digits else "0") + ("." + "0" * (len(rest) - 1) if rest else "") + found["percent"]
    )
    form = f"+{form};-{form};{form}" if sign == "+" else form
    value = -value if sign in ("-", "−") else value
    return float(value / 100 if found["percent"] else value), form


def put(cell, value, format_: str = "", as_figure: bool = False) -> None:
    """Set a cell: numbers and true or false as they are, a printed figure as its number, all else as plain text.

    Errors: PlanmodelError for a text longer than a cell can hold.
    """
    if isinstance(value, str):
        found = figure(value) if as_figure else None
        if found is None:
            _put_text(cell, value)
            return
        cell.value, cell.number_format = found
    elif (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, Real) and math.isnan(value))
    ):
        return
    elif isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        cell.value = bool(value)
        return
    elif isinstance(value, Integral) and abs(value) < 10**MOST_DIGITS:
        cell.value = int(value)
    elif isinstance(value, Real) and not isinstance(value, Integral) and math.isfinite(value):
        cell.value = float(value)
    else:
        _put_text(cell, str(value))
        return
    if format_:
        cell.number_format = format_


def _put_text(cell, value: str) -> None:
    text = clean(value)
    if not text:
        return
    written = ESCAPED.sub("_x005F_", text)
    if len(written) > MOST_LETTERS:
        place = f"{cell.parent.title}, {cell.coordinate}"
        found = f"{len(written)} characters"
        raise PlanmodelError(faults=[Fault("cell", f"at most {MOST_LETTERS:,} characters", found, place)])
    cell.value = written
    cell.data_type = "s"  # else "=..." would be a formula and "#N/A" an error
    if value.startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def width_of(text: str) -> int:
    """Return how many Latin characters a text is wide, by its longest line; Chinese characters count double.

    >>> width_of("GDP"), width_of("增加值"), width_of("a\\nbcd")
    (3, 6, 3)
    """
    return max(
        sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
        for line in text.split("\n")
    )


def _texts(table: pd.DataFrame) -> list[str]:
    return [" · ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in table.columns]


def _figure_columns(sheet: Sheet, names: list[str]) -> set[str]:
    if sheet.figures is not None:
        return set(sheet.figures)
    found = set()
    for position, name in enumerate(names):
        texts = {
            v for v in sheet.table.iloc[:, position] if isinstance(v, str) and v not in ("", "–", "-", "—")
        }
        if texts and all(figure(text) for text in texts):
            found.add(name)
    return found


def _fill(ws, sheet: Sheet) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    table, names, top = sheet.table, _texts(sheet.table), sheet.header_row
    if len(table) > MOST_ROWS - top:
        found = f"{len(table):,} rows"
        raise PlanmodelError(faults=[Fault("table", f"at most {MOST_ROWS:,} rows", found, sheet.name)])
    if sheet.title:
        _put_text(ws.cell(1, 1), sheet.title)
        ws.cell(1, 1).font = Font(name="Calibri", size=13, bold=True)
    bold, fill = Font(name="Calibri", size=11, bold=True), PatternFill("solid", fgColor=HEADER_FILL)
    line = Border(bottom=Side("thin", color=RULE))
    wrap, centred = Alignment(vertical="top", wrap_text=True), Alignment(vertical="center", wrap_text=True)
    for position, name in enumerate(names, 1):
        cell = ws.cell(top, position)
        _put_text(cell, name)
        cell.font, cell.fill, cell.border, cell.alignment = bold, fill, line, centred
        if name in sheet.help:
            cell.comment = Comment(clean(sheet.help[name]), "planmodel", width=320, height=120)
    widths = [_width(sheet, position, name) for position, name in enumerate(names)]
    figures = _figure_columns(sheet, names)
    letters = [get_column_letter(position) for position in range(1, len(names) + 1)]
    wrapped: dict[int, int] = {}
    for position, name in enumerate(names, 1):
        ws.column_dimensions[letters[position - 1]].width = widths[position - 1]
        form, as_figure, templates = sheet.formats.get(name, ""), name in figures, _templates(sheet, name)
        for row, value in enumerate(table.iloc[:, position - 1].tolist(), top + 1):
            template = templates[row - top - 1] if templates else ""
            if template:
                cell = ws.cell(row, position)
                cell.value = template.format(**{n: f"{c}{row}" for n, c in zip(names, letters, strict=True)})
                cell.number_format = form or cell.number_format
            elif isinstance(value, str) and value:
                put(ws.cell(row, position), value, form, as_figure)
                lines = _lines(value, widths[position - 1])
                if lines > 1 and ws.cell(row, position).data_type == "s":
                    wrapped[row] = max(lines, wrapped.get(row, 1))
            elif not isinstance(value, str):
                put(ws.cell(row, position), value, form)
    for row, lines in wrapped.items():  # beside several lines, figures stand at the first
        ws.row_dimensions[row].height = LINE_HEIGHT * min(lines, MOST_LINES)
        for position in range(1, len(names) + 1):
            ws.cell(row, position).alignment = wrap
    header_lines = max(
        (_lines(name, width - 3) for name, width in zip(names, widths, strict=True)), default=1
    )
    ws.row_dimensions[top].height = LINE_HEIGHT * max(header_lines, 1) + 3
    for number, note in enumerate(sheet.notes, top + len(table) + 2):
        _put_text(ws.cell(number, 1), note)
    if names:
        ws.auto_filter.ref = f"A{top}:{letters[-1]}{top + len(table)}"
    ws.freeze_panes = ws.cell(top + 1, 1)
    ws.print_title_rows = f"{top}:{top}"
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", A3 if sum(widths) > WIDE else A4
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr = _fit_to_page()
    ws.oddFooter.center.text = "&A  &P / &N"


def _fit_to_page():
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


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
    given = sheet.formulas.get(name, ())
    return (given,) * len(sheet.table) if isinstance(given, str) else tuple(given)


def _results(sheet: Sheet) -> dict[str, float]:
    """Return the values of a sheet's formulas by cell, as its table holds them."""
    from openpyxl.utils import get_column_letter

    found = {}
    for position, name in enumerate(_texts(sheet.table), 1):
        for number, template in enumerate(_templates(sheet, name), 1):
            value = sheet.table.iloc[number - 1, position - 1]
            if template and isinstance(value, Real) and math.isfinite(value):
                found[f"{get_column_letter(position)}{sheet.header_row + number}"] = float(value)
    return found


def _with_results(content: bytes, results: Mapping[str, float]) -> bytes:
    if not results:
        return content

    def value(cell: re.Match) -> bytes:
        found = results.get(cell[2].decode())
        return cell[0] if found is None else cell[1] + b"<v>" + repr(found).encode() + b"</v></c>"

    pattern = rb'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
    return re.sub(pattern, value, content)

"""Tables in pages: each in a box of its own that scrolls sideways, columns of figures set as figures; one workbook of all."""

from __future__ import annotations

import io
import os
import re
from html import escape, unescape
from urllib.parse import unquote

import pandas as pd

from planmodel.words import phrase
from planmodel.workbooks.sheets import Sheet, workbook_bytes

TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
FIGURE = re.compile(
    r"[<>≥≤≈+−-]{0,2}\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?\s?(?:" + phrase("report.after_figures", "en") + ")?$"
)
EMPTY = ("", "–", "—", "-", "NaN", "nan", "None")
CSV = re.compile(r'<a download="([^"]+)\.csv" href="data:text/csv;charset=utf-8,([^"]*)">')
XLSX = re.compile(r' <a download="[^"]+\.xlsx" href="data:[^"]*">XLSX</a>')
FULL, BROAD = 7, 10  # columns from which a table is printed smaller, and on a page turned sideways
LEFT = re.compile(r"\btext-align:\s*\w+;?\s*")


def boxed(text: str, lang: str) -> str:
    """Return clean HTML with each table in a scrolling box and its columns of figures marked `num`.

    >>> print(boxed("<table><tr><td>a</td><td>1.5</td></tr></table>", "en"))
    <div class="scroll" tabindex="0" role="region" aria-label="Table, scrolls sideways"><table><tr><td>a</td><td class="num">1.5</td></tr></table></div>
    """
    rest = f'tabindex="0" role="region" aria-label="{escape(phrase("report.table", lang))}"'

    def box(table: re.Match) -> str:
        n_columns = max((len(CELL.findall(row)) for row in ROW.findall(table[0])[:3]), default=0)
        size = " broad" if n_columns >= BROAD else " full" if n_columns >= FULL else ""
        return f'<div class="scroll{size}" {rest}>{_figures(table[0])}</div>'

    return TABLE.sub(box, text)


def _figures(table: str) -> str:
    if "colspan=" in table or "rowspan=" in table or 'class="num' in table:
        return table
    columns: dict[int, bool] = {}
    for row in ROW.findall(table):
        for position, (kind, _, content) in enumerate(CELL.findall(row)):
            text = TAG.sub("", content).replace("&lt;", "<").replace("&gt;", ">").strip()
            if kind == "td" and text not in EMPTY:
                columns[position] = columns.get(position, True) and bool(FIGURE.match(text))

    def mark(row: re.Match) -> str:
        count = iter(range(10_000))

        def marked(cell: re.Match) -> str:
            attributes = LEFT.sub("", cell[2]).replace(' style=""', "")
            if columns.get(next(count)) and "class=" not in attributes:
                attributes += ' class="num"'
            return f"<{cell[1]}{attributes}>{cell[3]}</{cell[1]}>"

        return CELL.sub(marked, row[0])

    return ROW.sub(mark, table)


def with_workbook(page: str, file: str, lang: str) -> str:
    """Return a page that links to one workbook of all its tables instead of holding one for each; a page without as it is."""
    if not file or not CSV.search(page):
        return page
    link = f'<a download href="{escape(file)}">XLSX</a>'
    line = f'<p class="data-link workbook">{phrase("report.workbook", lang)} {link}</p>\n'
    before, _, after = XLSX.sub("", page).rpartition("</main>")
    return f"{before}{line}</main>{after}"


def workbook_of(page: str) -> bytes:
    """Return the tables that a page holds as CSV as the sheets of a workbook, empty where it has none."""
    tables = [(name, unquote(unescape(text)).lstrip("\ufeff")) for name, text in CSV.findall(page)]
    stem = os.path.commonprefix([f"{name}-" for name, _ in tables]).rpartition("-")[0]
    sheets = [
        Sheet(name.removeprefix(f"{stem}-"), pd.read_csv(io.StringIO(text), dtype=str, na_filter=False))
        for name, text in tables
    ]
    return workbook_bytes(sheets) if sheets else b""

"""Tables in pages: each in a box of its own that scrolls sideways, columns of figures set as figures."""

from __future__ import annotations

import re
from html import escape

from planmodel.words import phrase

TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
FIGURE = re.compile(r"[<>≥≤≈+−-]{0,2}\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?\s?(?:%|pp|倍|个百分点)?$")
EMPTY = ("", "–", "—", "-", "NaN", "nan", "None")
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

        def cell(found: re.Match) -> str:
            attributes = LEFT.sub("", found[2]).replace(' style=""', "")
            if columns.get(next(count)) and "class=" not in attributes:
                attributes += ' class="num"'
            return f"<{found[1]}{attributes}>{found[3]}</{found[1]}>"

        return CELL.sub(cell, row[0])

    return ROW.sub(mark, table)

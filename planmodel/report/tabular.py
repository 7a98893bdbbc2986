"""Tables in pages: each in a box of its own that scrolls sideways, columns of figures set as figures; one workbook of all."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from html import escape, unescape
from itertools import zip_longest
from urllib.parse import unquote

import pandas as pd

from planmodel.tables.reading import as_it_was, is_of_figures
from planmodel.words import phrase
from planmodel.workbooks.sheets import Sheet, workbook_bytes

TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
PART = re.compile(r"\s*(</?(?:table|caption|thead|tbody|tfoot|tr|t[hd])\b[^>]*>)\s*")
END = re.compile(r"</(?:thead|tbody|tfoot|tr|t[hd])>")
HEAD = re.compile(r"<table\b[^>]*>")
COLUMN = re.compile(r"\bn(\d+)\b")
CELL_TEXT = re.compile(r"(<td\b[^>]*>)([^<]+)</td>")
MOST_BYTES = 1000
"""Of a table that a page holds as CSV: a longer one stands in a file beside it."""
MARK = "/* columns */"
SET = "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;min-width:0"
TAG = re.compile(r"<[^>]*>")
CSV = re.compile(r'<a download="([^"]+)\.csv" href="data:text/csv;charset=utf-8,([^"]*)">')
XLSX = re.compile(r' <a download="[^"]+\.xlsx" href="data:[^"]*">XLSX</a>')
FULL, BROAD = 7, 10  # columns from which a table is printed smaller, and smallest
UPRIGHT = 150
"""Letters that a portrait sheet holds in a row: a table whose longest words need more is printed on landscape ones."""
CHINESE = re.compile("[\u2e80-\uffef]")
LEFT = re.compile(r"\b(?:text-align|min-width):\s*\w+;?\s*")


def boxed(text: str, lang: str) -> str:
    """Return clean HTML with each table in a scrolling box, of a class for each column of figures: n2 for the second.

    A head without a word, as pandas leaves it above the index, is a cell as any other.

    >>> print(boxed("<table><tr><td>a</td><td>1.5</td></tr></table>", "en"))
    <div class="scroll" tabindex="0" role="region" aria-label="Table, scrolls sideways"><table class="n2"><tr><td>a</td><td>1.5</td></tr></table></div>
    """
    rest = f'tabindex="0" role="region" aria-label="{escape(phrase("report.table", lang))}"'

    number = phrase("columns.heads.number", lang)

    def box(table: re.Match) -> str:
        rows = [[TAG.sub("", cell[2]) for cell in CELL.findall(row)] for row in ROW.findall(table[0])]
        n_columns = max((len(row) for row in rows[:3]), default=0)
        size = " broad" if n_columns >= BROAD else " full" if n_columns >= FULL else ""
        size += " turned" if n_columns >= BROAD and _width(rows) > UPRIGHT else ""
        first = CELL.search(table[0])
        size += " second" if first and TAG.sub("", first[3]).strip() == number else ""
        body = _figures(table[0].replace("<th></th>", "<td></td>"))
        return f'<div class="scroll{size}" {rest}>{body}</div>'

    return TABLE.sub(box, text)


def _width(rows: list[list[str]]) -> int:
    """Letters that a row of a table needs at least: each column its longest word and a blank; Chinese breaks anywhere.

    >>> _width([["No.", "Indicator"], ["1", "Gross domestic product"]])
    14
    """
    columns = zip_longest(*rows, fillvalue="")
    words = ((word for text in each for word in text.split() if not CHINESE.search(word)) for each in columns)
    return sum(1 + max(map(len, each), default=4) for each in words)


def _figures(table: str) -> str:
    if "colspan=" in table or "rowspan=" in table or 'class="num' in table:
        return table
    columns: dict[int, list[str]] = {}
    for row in ROW.findall(table):
        for position, (kind, _, content) in enumerate(CELL.findall(row)):
            if kind == "td":
                columns.setdefault(position, []).append(unescape(TAG.sub("", content)).strip())

    def unaligned(cell: re.Match) -> str:
        attributes = LEFT.sub("", cell[2]).replace(' style=""', "")
        return f"<{cell[1]}{attributes}>{cell[3]}</{cell[1]}>"

    table = ROW.sub(lambda row: CELL.sub(unaligned, row[0]), table)
    names = " ".join(f"n{position + 1}" for position in sorted(columns) if is_of_figures(columns[position]))
    if not names:
        return table
    head, rest = table[: table.index(">")], table[table.index(">") :]
    head = head.replace('class="', f'class="{names} ', 1) if 'class="' in head else f'{head} class="{names}"'
    return head + rest


def linked(text: str, places: Mapping[str, str]) -> str:
    """Return HTML whose cells that hold a target's number and nothing else lead to its place.

    >>> linked("<td>T2 1</td><td>T2 12</td>", {"T2 1": "a.html#T2-1-1"})
    '<td><a href="a.html#T2-1-1">T2 1</a></td><td>T2 12</td>'
    """

    def cell(number: re.Match) -> str:
        place = places.get(unescape(number[2]))
        return number[0] if place is None else f'{number[1]}<a href="{escape(place)}">{number[2]}</a></td>'

    return CELL_TEXT.sub(cell, text) if places else text


def with_files(page: str, stem: str) -> tuple[str, dict[str, bytes]]:
    """Return a page whose longer tables stand as CSV in files beside it, and these files by name; stem: of their names."""
    files: dict[str, bytes] = {}

    def beside(link: re.Match) -> str:
        content = unquote(unescape(link[2])).encode()
        if len(content) < MOST_BYTES:
            return link[0]
        name = f"{stem}.{len(files) + 1}.csv"
        files[name] = content
        return f'<a download="{link[1]}.csv" href="{name}">'

    return CSV.sub(beside, page), files


def with_columns(page: str) -> str:
    """Return a page whose style sheet sets the columns of figures that its tables name, at the mark there."""
    names = {int(n) for head in HEAD.findall(page) for n in COLUMN.findall(head)}
    which = ",".join(f".n{n} tr>:nth-child({n})" for n in sorted(names))
    return page.replace(MARK, f"{which}{{{SET}}}" if which else "", 1)


def unspaced(page: str) -> str:
    """Return a page whose tables leave out what HTML reads without: blanks around their parts, ends of rows and cells.

    >>> unspaced("<table>\\n <tr>\\n <th>a</th>\\n <td>b <i>c</i> d</td>\\n </tr>\\n</table> <p>e</p>")
    '<table><tr><th>a<td>b <i>c</i> d</table> <p>e</p>'
    """
    return TABLE.sub(lambda table: END.sub("", PART.sub(r"\1", table[0])), page)


def with_workbook(page: str, file: str, lang: str) -> str:
    """Return a page that links to one workbook of all its tables instead of holding one for each; a page without as it is."""
    if not file or not CSV.search(page):
        return page
    link = f'<a download href="{escape(file)}">XLSX</a>'
    line = f'<p class="data-link workbook">{phrase("report.workbook", lang)}{link}</p>\n'
    before, _, after = XLSX.sub("", page).rpartition("</main>")
    return f"{before}{line}</main>{after}"


def workbook_of(page: str, *of: str) -> bytes:
    """Return the tables that a page holds as CSV as the sheets of a workbook, empty where it has none.

    of: the plan and the scenario, which the names of the sheets do without.
    """
    sheets = []
    for name, text in CSV.findall(page):
        for each in of:
            name = name.removeprefix(f"{each}-")
        rows = io.StringIO(unquote(unescape(text)).lstrip("\ufeff"))
        sheets.append(Sheet(name, pd.read_csv(rows, na_values=[""], keep_default_na=False).map(as_it_was)))
    return workbook_bytes(sheets) if sheets else b""

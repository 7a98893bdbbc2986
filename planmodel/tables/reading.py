"""What a reader sees of a table: chosen columns, their heads and cells set for reading in a language, and links to files.

A result's table holds numbers, with units in a column beside them; `read` makes text of it at the very end. A column without
an entry in CELLS is set by what it holds: a number as a figure, a text by language in this one.
"""

import base64
import contextlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape

import pandas as pd

from planmodel.arguments import checked
from planmodel.errors import PlanmodelError, unknown
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.tables.promises import missing, number_text, promise_text, unit_text
from planmodel.words import (
    LANGS,
    figure,
    filled,
    join,
    percent,
    phrase,
    probability_words,
    said,
    significant,
    texts_of,
    with_more,
    with_unit,
    yearly,
)

DIGITS, SIGNIFICANT = 8, 6
"""Significant digits of numbers in a CSV within a page, and of a base in a table."""
IN_ADDRESS = str.maketrans({c: f"%{ord(c):02X}" for c in '%#"\n\r\t'})
"""Characters that an address would not keep; all others stand in it as they are."""
NONE = "–"
FOR_PAGES = "PLANMODEL_FOR_PAGES"
"""In the environment of a kernel whose notebook becomes a page: that has one workbook of all its tables."""
MOST_SHOWN = 300  # rows of a table that is shown: its files hold all
Cell = Callable[[Mapping, str, Catalogue], str]
"""A function of a row, the language and the catalogue."""
Cells = Mapping[str, Cell | str | None]
"""Columns of a table as read, each with its cell: a function, a template with fields of the row, or the usual cell (None).
What a table lacks is None in a row; a template with an empty field is a dash."""
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20](?!$)")
"""How a text begins that spreadsheets take for a formula; the wide signs are those of East Asian ones."""
PLAIN_NUMBER = re.compile(r"[+\-\uff0b\uff0d]?\d[\d,. ]*(e[+-]?\d+)?%?", re.IGNORECASE)
"""Those that are a mere number."""
LINE_END = re.compile(r"\r\n?")
FIGURE = re.compile(
    r"[<>≥≤≈+−-]{0,2}\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?\s?(?:" + phrase("columns.after_figures", "en") + ")?$"
)
EMPTY = ("", NONE, "—", "-", "NaN", "nan", "None")
AT_LEFT = ' style="text-align: left"'
"""Of a cell of text: JupyterLab sets every cell at the right, and lets a column of sentences be a letter wide."""
WIDE, SENTENCE = ' style="text-align: left; min-width: 16em"', 60


def no_rows(lang: str) -> str:
    """Return what stands in place of a table without rows.

    >>> no_rows("en")
    '<p class="none">(none)</p>'
    """
    return f'<p class="none">{phrase("columns.no_rows", lang)}</p>'


def is_of_figures(texts: Iterable[str]) -> bool:
    """Return True where some cells of a column say something, and all that do are figures.

    >>> is_of_figures(["8.4%", "–", "≥1,051"]), is_of_figures(["8.4%", "rare"]), is_of_figures(["–"])
    (True, False, False)
    """
    said = [text for text in texts if text not in EMPTY]
    return bool(said) and all(map(FIGURE.match, said))


def amount_text(value: float | None, unit: str, lang: str, catalogue: Catalogue) -> str:
    """Return a yearly figure in its unit for reading: 8.4 %, 0.46 pp, 20 units a year.

    unit: as tables name it: %/year, pp/year, a unit of the catalogue, or that with /year.
    """
    text = bare_amount(value, unit, lang, catalogue)
    if missing(value) or unit in ("%/year", "pp/year"):
        return text
    return phrase("columns.a_year" if unit.endswith("/year") else "columns.headroom", lang, text=text)


def bare_amount(value: float | None, unit: str, lang: str, catalogue: Catalogue) -> str:
    """Return a yearly figure as `amount_text` does, without the word that it is yearly."""
    if value is None or missing(value):
        return NONE
    if unit in ("%/year", "pp/year", "%"):  # percent alone: the headroom of a share, in points
        return said(yearly(value, "pp/year" if unit == "%" else unit), lang)
    return with_unit(figure(value), unit_text(unit.removesuffix("/year"), lang, catalogue), lang)


def in_unit(name: str, unit: str, years: str = "") -> Cell:
    """Return the cell of a yearly figure whose unit stands in another column; years: a template of those it is of."""

    def cell(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        text = amount_text(row[name], row[unit], lang, catalogue)
        return text if text == NONE or not years else with_more(text, filled(years, lang, row), lang)

    return cell


def coded(name: str, key: str) -> Cell:
    """Return the cell of a column of codes, each of them a text below a key; a dash where there is none."""
    return lambda row, lang, _: phrase(f"{key}{row[name]}", lang) if row[name] else NONE


def _probability(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    value = row["probability"]
    if value is None:
        return NONE
    return with_known(f"{percent(value)} {probability_words(value, catalogue.rules, lang)}", row, lang)


def base_text(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """Return a base with its unit and year; of an index that growth alone makes there is none to show."""
    if row["base"] is None or not row["base_unit"]:
        return NONE
    text = figure(significant(row["base"], SIGNIFICANT))
    return with_more(
        with_unit(text, unit_text(row["base_unit"], lang, catalogue), lang), f"{row['base_year']:.0f}", lang
    )


def with_known(text: str, row: Mapping, lang: str) -> str:
    """Return a probability for reading with the year to which its figures are known."""
    year = row.get("known_to")
    return text if year is None else phrase("terms.with_known", lang, text=text, year=f"{year:.0f}")


CELLS: Cells = {
    "number": number_text,
    "indicator": lambda row, lang, catalogue: catalogue.indicators[row["indicator"]].name(lang),
    "target": promise_text,
    "base": base_text,
    "binding": lambda row, lang, catalogue: "●" if row["attribute"] == "binding" else "",
    "required": in_unit("required", "required_unit"),
    "required_from_latest": in_unit("required_from_latest", "required_unit", "{latest_year:whole}"),
    "record": in_unit("record", "record_unit", "{record_first:whole}–{record_last:whole}"),
    "record_best": in_unit("record_best", "record_unit"),
    "reference_percentile": "{reference_percentile:whole}",
    "probability": _probability,
    "remark": lambda row, lang, catalogue: said(row["reason"] or row["notes"], lang),
    **{name: f"{{{name}:term}}" for name in ("verdict", "attribute", "light")},
}
"""name -> cell, for columns that are more than their own value in every table."""


def usual(name: str) -> Cell:
    """Return the cell of a column that is set by what it holds: a number as a figure, a text in the language."""

    def cell(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        value = row[name]
        if value is None:
            return NONE
        if isinstance(value, bool):
            return "●" if value else ""
        return figure(value) if isinstance(value, float) else said(value, lang)

    return cell


@dataclass(frozen=True)
class Reading:
    """A table as it is read: `text` by column head; `data` are the numbers behind it. It shows itself in a notebook."""

    data: pd.DataFrame = field(repr=False)
    columns: tuple[str, ...]
    lang: str
    name: str
    catalogue: Catalogue = field(repr=False)
    cells: Cells = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> list[dict]:
        """The table's rows as its cells are made from them: None for what a row lacks."""
        rows = self.data.to_dict("records")
        return [{name: None if missing(value) else value for name, value in row.items()} for row in rows]

    @cached_property
    def text(self) -> pd.DataFrame:
        """The cells as text, one column a head."""
        heads = [head(name, self.lang) for name in self.columns]
        texts = [[self._cell(name, row) for name in self.columns] for row in self.rows]
        return pd.DataFrame(texts, columns=heads, dtype=object)

    @property
    def told(self) -> pd.DataFrame:
        """The text without the columns in which no row says anything."""
        empty = self.text.isin(EMPTY).all().tolist()
        return self.text if all(empty) else self.text.iloc[:, [i for i, none in enumerate(empty) if not none]]

    def _cell(self, name: str, row: Mapping) -> str:
        make = self.cells.get(name) or CELLS.get(name) or usual(name)
        if isinstance(make, str):
            return filled(make, self.lang, row)
        return make(row, self.lang, self.catalogue)

    def __repr__(self) -> str:
        return self.text.to_string(index=False) if len(self.data) else "–"

    def _repr_html_(self) -> str:
        """Show the text as a table, every cell escaped, with links to the numbers as files; without rows, that there are none."""
        if self.data.empty:
            return no_rows(self.lang)
        shown = replace(self, data=self.data.head(MOST_SHOWN)).told
        columns, n = [shown.iloc[:, i] for i in range(shown.shape[1])], len(self.data)
        looks = ["" if is_of_figures(column) else AT_LEFT for column in columns]
        wide = [
            WIDE if column.str.len().max() > SENTENCE else look
            for column, look in zip(columns, looks, strict=True)
        ]

        def row(tag: str, texts: Iterable[str], looks: Sequence[str]) -> str:
            cells = zip(texts, looks, strict=True)
            return f"<tr>{''.join(f'<{tag}{look}>{escape(str(text), False)}</{tag}>' for text, look in cells)}</tr>"

        rows = "".join(row("td", texts, looks) for texts in shown.itertuples(index=False))
        html = (
            f'<table class="dataframe"><thead>{row("th", shown, wide)}</thead><tbody>{rows}</tbody></table>'
        )
        if n > MOST_SHOWN:
            html += f"<p>{phrase('columns.first_rows', self.lang, shown=MOST_SHOWN, n=n)}</p>"
        return html + data_links(self.data, self.lang, self.name)


def head(name: str, lang: str) -> str:
    """Return the head of a column; one that has none, such as a year, stands by its name.

    >>> head("required", "en"), head("record_best", "en"), head("2025", "en")
    ('Required', 'Best window', '2025')
    """
    return phrase(f"columns.heads.{name}", lang) if f"heads.{name}" in texts_of("columns") else name


@checked
def read(
    table: pd.DataFrame,
    lang: str,
    columns: Sequence[str] | Cells = (),
    *,
    name: str = "",
    catalogue: Catalogue | None = None,
) -> Reading:
    """Return a result's table as a reader sees it.

    columns: names of table columns or of cells made from several (planmodel.tables.reading.CELLS), or a mapping of names to
    cells of the table's own subject: a function, or a template such as "{first}–{last}" (None: the usual cell); default: all
    of the table's that have a head. name: of its files (default: the table's own, `table.attrs["name"]`). catalogue: names
    of indicators and units (default: the data folder's).

    Errors: PlanmodelError for another language, and for columns that are not there.
    """
    known = texts_of("columns")
    chosen = tuple(columns) or tuple(column for column in table.columns if f"heads.{column}" in known)
    cells = columns if isinstance(columns, Mapping) else {}
    there = (*table.columns, *CELLS, *cells)
    faults = [unknown("columns", column, there) for column in chosen if column not in there]
    faults += [] if lang in LANGS else [unknown("lang", lang, LANGS)]
    if faults:
        raise PlanmodelError(faults=faults)
    name = name or table.attrs.get("name", "table")
    return Reading(table, chosen, lang, name, catalogue or load_catalogue(), cells)


def by_reason(table: pd.DataFrame, lang: str, reason: str = "reason") -> Reading:
    """Return how many targets of a table have each reason, and which: the most frequent first; reason: its column."""
    told = table.assign(reason=[said(text, lang) for text in table[reason]])
    told["names"] = [number_text(row, lang) for row in table.to_dict("records")]
    names = told.groupby("reason", sort=False).names
    each = names.agg(n_targets="size", numbers=lambda names: join(names, lang))
    each = each.sort_values("n_targets", ascending=False, kind="stable").reset_index()
    return read(each, lang, ("n_targets", "reason", "numbers"), name=table.attrs.get("name", "reasons"))


def in_language(table: pd.DataFrame, lang: str = "en", digits: int | None = 4) -> pd.DataFrame:
    """Return a table to be written to a file: texts in one language, floats rounded (None: as they are)."""
    table = table.copy()
    for name in table.columns:
        column = table[name]
        if column.dtype == object:
            table[name] = [value[lang] if isinstance(value, Mapping) else value for value in column]
        elif digits is not None and pd.api.types.is_float_dtype(column):
            table[name] = column.round(digits)
    return table


def data_links(data: pd.DataFrame, lang: str, name: str, source: str = "") -> str:
    """Return a line of links that hold a table, as CSV (UTF-8 with BOM, as spreadsheets expect) and as a workbook.

    source: of the figures, before the links.
    """
    name, data = re.sub(r"[^\w.]+", "-", name), in_language(data, lang, None)
    text = "\ufeff" + spreadsheet_csv(data, float_format=f"%.{DIGITS}g")
    links = [_link(f"{name}.csv", f"data:text/csv;charset=utf-8,{escape(text.translate(IN_ADDRESS))}")]
    with contextlib.suppress(ImportError):
        from planmodel.workbooks.sheets import XLSX_MIME, Sheet, workbook_bytes

        if FOR_PAGES not in os.environ:
            content = base64.b64encode(workbook_bytes([Sheet(name, data)])).decode()
            links.append(_link(f"{name}.xlsx", f"data:{XLSX_MIME};base64,{content}"))
    before = escape(phrase("charts.sourced", lang, source=source)) if source else ""
    return f'<p class="data-link">{before}{phrase("columns.data", lang)}{" ".join(links)}</p>'


def _link(file: str, address: str) -> str:
    return f'<a download="{file}" href="{address}">{file.rpartition(".")[2].upper()}</a>'


def as_text(value: object) -> object:
    """Return a cell with an apostrophe before a text that a spreadsheet would take for a formula, its lines ended by \\n.

    >>> [as_text(value) for value in ("=1+1", " \\t@x", "-5.2%", "+3", "-", "-a", 5, "a=1")]
    ["'=1+1", "' \\t@x", '-5.2%', '+3', '-', "'-a", 5, 'a=1']
    """
    if not isinstance(value, str):
        return value
    text = LINE_END.sub("\n", value)  # a bare \r would begin a row: the writer of CSV does not quote it
    return f"'{text}" if FORMULA.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def as_it_was(value: object) -> object:
    """Return a cell without the apostrophe that `as_text` puts.

    >>> as_it_was("'=1+1"), as_it_was("'tis")
    ('=1+1', "'tis")
    """
    return value[1:] if isinstance(value, str) and value[:1] == "'" and as_text(value[1:]) == value else value


def spreadsheet_csv(table: pd.DataFrame, header: bool = True, float_format: str | None = None) -> str:
    """Return a table as CSV for a spreadsheet, without the byte order mark: texts that look like formulas marked as texts.

    Tables of a report are for reading and have such marks; data files, exports and what commands print are read by programs
    and hold every text as it is.
    """
    safe = table.rename(columns=as_text)
    for position, name in enumerate(table.columns):
        if not pd.api.types.is_numeric_dtype(table[name]):
            safe.isetitem(position, [as_text(value) for value in table[name]])
    return safe.to_csv(index=False, header=header, float_format=float_format, lineterminator="\n")

"""What a reader sees of a table: chosen columns, their heads and cells set for reading in a language.

A result's table holds numbers, with units in a column beside them; `read` makes text of it at the very end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.tables.cells import CELLS, Cells, missing, usual
from planmodel.tables.links import data_links
from planmodel.words import phrase
from planmodel.words.phrases import filled, texts_of


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

    def _cell(self, name: str, row: Mapping) -> str:
        make = self.cells.get(name) or CELLS.get(name) or usual(name)
        if isinstance(make, str):
            return filled(make, self.lang, row)
        return make(row, self.lang, self.catalogue)

    def __repr__(self) -> str:
        return self.text.to_string(index=False) if len(self.data) else "–"

    def _repr_html_(self) -> str:
        """Show the text as a table, every cell escaped, with links to the numbers as files; a dash without rows."""
        if self.data.empty:
            return "<p>–</p>"
        html = self.text.to_html(index=False, escape=True, border=0, na_rep="–")
        return html + data_links(self.data, self.lang, self.name)


def head(name: str, lang: str) -> str:
    """Return the head of a column; one that has none, such as a year, stands by its name.

    >>> head("required", "en"), head("record_best", "en"), head("2025", "en")
    ('Required', 'Best window', '2025')
    """
    return phrase(f"columns.heads.{name}", lang) if f"heads.{name}" in texts_of("columns") else name


def read(
    table: pd.DataFrame,
    lang: str,
    columns: Sequence[str] | Cells = (),
    *,
    name: str = "",
    catalogue: Catalogue | None = None,
) -> Reading:
    """Return a result's table as a reader sees it.

    columns: names of table columns or of cells made from several (planmodel.tables.cells.CELLS), or a mapping of names to
    cells of the table's own subject: a function, or a template such as "{first}–{last}" (None: the usual cell); default: all
    of the table's that have a head. name: of its files (default: the table's own, `table.attrs["name"]`). catalogue: names
    of indicators and units (default: the data folder's).
    """
    known = texts_of("columns")
    chosen = tuple(columns) or tuple(column for column in table.columns if f"heads.{column}" in known)
    cells = columns if isinstance(columns, Mapping) else {}
    name = name or table.attrs.get("name", "table")
    return Reading(table, chosen, lang, name, catalogue or load_catalogue(), cells)

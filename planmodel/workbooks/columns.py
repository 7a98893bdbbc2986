"""What stands above the columns of a plan's workbook, what their cells hold, and the lists that they choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planmodel.plans.catalogue import Catalogue
from planmodel.plans.columns import TABLES, lists_of
from planmodel.words import LANGS
from planmodel.words.phrases import group

SHEETS = {key: text["zh"] for key, text in group("workbooks.sheets.").items()}
"""The sheets of a plan's workbook, in its order, with their Chinese names."""
NAMES = {key: text["zh"] for key, text in group("workbooks.heads.").items()}
"""The Chinese names of columns."""
ENTRIES = tuple(group("workbooks.entries."))
"""Entries of the sheet `plan`, in its order."""
_COLUMNS = {column.name: column for columns in TABLES.values() for column in columns}
CHOSEN: Mapping[str, str] = {
    **{name: column.among for name, column in _COLUMNS.items() if column.among},
    "headline": "indicators", "draft": "truth",
}  # fmt: skip
"""The columns and entries whose cells choose from a list, and that list's name."""
USES: Mapping[str, str] = {
    **{name: column.holds for name, column in _COLUMNS.items()},
    **dict.fromkeys(("first_year", "last_year"), "year"),
    **dict.fromkeys(("entry", "plan", "headline", "draft"), "code"),
    "date": "date",
}  # fmt: skip
"""What the cells of a column or an entry hold; one not named holds text."""
UNIT_OF = {name: column.unit for name, column in _COLUMNS.items() if column.unit}
"""The column that holds the unit of a figure."""
NAMED = ("indicators", "regions", "units")
"""Lists whose words stand in the catalogue."""
HEAD_TABLES = {"claims": ("table", "missed", "met", "source"), "accepted": ("finding", "reason")}
"""Entries of the head that are tables, with their columns."""


def choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the lists: by name, each id with the text that a cell shows for it.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> choices(load_catalogue())["kinds"]["level"].split()[0]
    'level'
    """

    return {
        "indicators": {i.id: f"{i.id} {i.name_zh}" for i in catalogue.indicators.values()},
        "regions": {r.id: f"{r.id} {r.name_zh}" for r in catalogue.regions.values()},
        "units": {u: u for u in catalogue.units},
        **{name: _with_words(ids, name) for name, ids in lists_of(catalogue).items() if name not in NAMED},
        "truth": _with_words(("true", "false"), "truth"),
    }


def _with_words(ids: Iterable[str], kind: str = "") -> dict[str, str]:
    """Return ids with the Chinese words beside them: the workbook's own, those of a kind of terms, or the terms."""
    known = group("terms.") | group(f"terms.{kind}.") | group(f"workbooks.{kind}.")
    return {i: f"{i} {known[i]['zh']}" for i in ids}


def both(text: Mapping[str, str], between: str = " ") -> str:
    """Return a text in Chinese and English, as cells and messages of a workbook have it."""
    return between.join(text[lang] for lang in LANGS)


def heading(column: str) -> str:
    """Return what stands above a column: its name and the Chinese one.

    >>> heading("base_value").split()[0]
    'base_value'
    """
    return f"{column} {NAMES[column]}" if column in NAMES else column


def column_of(header: str, known: tuple[str, ...]) -> str:
    """Return the column that a header names: by its id, by id and more words, or by the Chinese name alone.

    >>> [column_of(text, ("unit", "value")) for text in ("unit", "value of it", NAMES["unit"], "Unit", "units")]
    ['unit', 'value', 'unit', 'unit', 'units']
    """
    text = " ".join(header.split())
    first = text.partition(" ")[0].lower()
    if first in known:
        return first
    named = [name for name in known if NAMES.get(name) == text]
    return named[0] if len(named) == 1 else first if text.isascii() else text


def chosen(text: str, among: Mapping[str, str], names: Mapping[str, str] | None = None) -> str:
    """Return the id that a cell means: the id, id and name as the list shows them, or a name that only one has.

    >>> among = {"gdp": "gdp output", "trade": "trade in goods"}
    >>> [chosen(text, among) for text in ("gdp", "trade in goods", "output", "gpd")]
    ['gdp', 'trade', 'gdp', 'gpd']
    """
    if text in among:
        return text
    first = text.partition(" ")[0]
    if first in among:
        return first
    called = [key for key, shown in among.items() if shown.partition(" ")[2] == text]
    called = called or [key for key, name in (names or {}).items() if name.lower() == text.lower()]
    return called[0] if len(called) == 1 else text

"""What stands above the columns of a plan's workbook, what their cells hold, and the lists that they choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planmodel.plans import ATTRIBUTES, COMPARATORS, KINDS, MEASURES, STATUSES, VINTAGES
from planmodel.plans.catalogue import BASES, Catalogue
from planmodel.words import LANGS, Phrase
from planmodel.words.phrases import texts_of


def _named(group: str) -> dict[str, str]:
    """Return the texts of a group of words/workbooks.yaml that are the same in every language, by key."""
    keys = [key.partition(".")[2] for key in texts_of("workbooks") if key.startswith(f"{group}.")]
    return {key: Phrase(f"workbooks.{group}.{key}")["zh"] for key in keys}


SHEETS = _named("sheets")
"""The sheets of a plan's workbook, in its order, with their Chinese names."""
NAMES = _named("heads")
"""The Chinese names of columns."""
ENTRIES = tuple(_named("entries"))
"""Entries of the sheet `plan`, in its order."""
CHOSEN: Mapping[str, str] = {
    "indicator": "indicators", "relative_to": "indicators", "headline": "indicators", "region": "regions",
    "base_unit": "units", "unit": "units", "comparator": "comparators", "kind": "kinds", "status": "statuses",
    "attribute": "attributes", "price_basis": "bases", "measure": "measures", "vintage": "vintages", "draft": "truth",
}  # fmt: skip
"""The columns and entries whose cells choose from a list, and that list's name."""
USES: Mapping[str, str] = {
    **dict.fromkeys(("base_value", "target_value", "target_upper", "value"), "number"),
    **dict.fromkeys(("base_year", "target_year", "year", "first_year", "last_year"), "year"),
    **dict.fromkeys(("period", "published", "date"), "date"),
    **dict.fromkeys(("table", "number", "part", "target", "entry", "plan", *CHOSEN), "code"),
}
"""What the cells of a column or an entry hold; one not named holds text."""
UNIT_OF = {"base_value": "base_unit", "target_value": "unit", "target_upper": "unit", "value": "unit"}
"""The column that holds the unit of a figure."""
HEAD_TABLES = {"claims": ("table", "missed", "met", "source"), "accepted": ("finding", "reason")}
"""Entries of the head that are tables, with their columns."""


def choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the lists: by name, each id with the text that a cell shows for it.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> choices(load_catalogue())["kinds"]["level"]
    'level 期末水平'
    """

    def with_words(ids: Iterable[str], group: str) -> dict[str, str]:
        return {i: f"{i} {_word(i, group)}" for i in ids}

    return {
        "indicators": {i.id: f"{i.id} {i.name_zh}" for i in catalogue.indicators.values()},
        "regions": {r.id: f"{r.id} {r.name_zh}" for r in catalogue.regions.values()},
        "units": {u: u for u in catalogue.units},
        "comparators": with_words(COMPARATORS, "comparators"),
        "kinds": with_words(KINDS, "kinds"),
        "statuses": with_words(STATUSES, "statuses"),
        "attributes": with_words(ATTRIBUTES, "attributes"),
        "bases": with_words(BASES, "bases"),
        "measures": with_words(MEASURES, "measures"),
        "vintages": with_words(VINTAGES, "vintages"),
        "truth": with_words(("true", "false"), "truth"),
    }


def _word(name: str, group: str) -> str:
    """Return the Chinese word beside an id: the workbook's own, that of its group of terms, or the term."""
    for key, room in ((f"{group}.{name}", "workbooks"), (f"{group}.{name}", "terms"), (name, "terms")):
        if key in texts_of(room):
            return Phrase(f"{room}.{key}")["zh"]
    return name


def both(key: str, between: str = " ") -> str:
    """Return a text of workbooks in Chinese and English, as cells and messages of a workbook have it."""
    return between.join(Phrase(f"workbooks.{key}")[lang] for lang in LANGS)


def heading(column: str) -> str:
    """Return what stands above a column: its name and the Chinese one.

    >>> heading("base_value")
    'base_value 基期数'
    """
    return f"{column} {NAMES[column]}" if column in NAMES else column


def column_of(header: str, known: tuple[str, ...]) -> str:
    """Return the column that a header names: by its id, by id and more words, or by the Chinese name alone.

    >>> [column_of(text, ("unit", "value")) for text in ("unit", "value 数值", "单位", "Unit", "units")]
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

    >>> among = {"gdp": "gdp 地区生产总值", "trade": "trade 进出口"}
    >>> [chosen(text, among) for text in ("gdp", "trade 进出口", "地区生产总值", "gpd")]
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

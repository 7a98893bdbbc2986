"""Cells of a reader's table: each made from a row of numbers, in a language.

A column without an entry in CELLS is set by what it holds: a number as a figure, a text by language in this one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd

from planmodel.plans import Target
from planmodel.plans.catalogue import Catalogue
from planmodel.words import (
    COMPARATOR_SIGNS,
    by_language,
    figure,
    percent,
    phrase,
    probability_words,
    said,
    with_unit,
    word,
    yearly,
)
from planmodel.words.phrases import filled

NONE = "–"
Cell = Callable[[Mapping, str, Catalogue], str]
"""A function of a row, the language and the catalogue."""
Cells = Mapping[str, Cell | str | None]
"""Columns of a table as read, each with its cell: a function, a template with fields of the row, or the usual cell (None).
What a table lacks is None in a row; a template with an empty field is a dash."""
KEY = ("plan", "table", "number", "part")
PROMISED = (
    "target_value", "target_upper", "target_printed", "target_year", "comparator", "kind", "status", "unit", "relative_to",
)  # fmt: skip
"""What a row must hold for the cell `target`."""


def number_text(row: Mapping, lang: str, catalogue: Catalogue | None = None) -> str:
    """Return a target's number as printed: T2-1, prose 5."""
    table = word("text", lang) if row["table"] == "text" else row["table"]
    return f"{table}\u00a0{row['number']}" + (f"({row['part']})" if row["part"] > 1 else "")


def promise_text(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """Return a target's figure with comparator and unit, for reading; without a figure what stands in its place."""
    value, kind = row["target_value"], row["kind"]
    if missing(value):
        return _without_figure(row, lang)
    upper = "" if missing(row["target_upper"]) else f"–{figure(row['target_upper'])}"
    text = f"{COMPARATOR_SIGNS.get(row['comparator'], '')}{figure(value)}{upper}"
    text = with_unit(text, unit_text(row["unit"], lang, catalogue), lang)
    return text if kind == "level" else phrase("columns.with_kind", lang, text=text, kind=word(kind, lang))


def _without_figure(row: Mapping, lang: str) -> str:
    if row["status"] != "printed":
        return word(row["status"], lang)
    if lang == "zh":
        return row["target_printed"]
    if row["kind"] == "relative":
        name = row["relative_to"].replace("_", " ")
        return phrase("columns.in_step", lang, name=name.upper() if name == "gdp" else name)
    return phrase("columns.done_by", lang, year=row["target_year"])


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
    if unit in ("%/year", "pp/year"):
        return said(yearly(value, unit), lang)
    return with_unit(figure(value), unit_text(unit.removesuffix("/year"), lang, catalogue), lang)


def unit_text(unit: str, lang: str, catalogue: Catalogue) -> str:
    """Return the name of a unit; one that is not in the catalogue as it is."""
    return catalogue.units[unit].name(lang) if unit in catalogue.units else unit


def missing(value: object) -> bool:
    """Return True where a cell holds nothing."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def in_unit(name: str, unit: str, years: str = "") -> Cell:
    """Return the cell of a yearly figure whose unit stands in another column; years: a template of those it is of."""

    def cell(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        text = amount_text(row[name], row[unit], lang, catalogue)
        return text if text == NONE or not years else f"{text} ({filled(years, lang, row)})"

    return cell


def _probability(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    value = row["probability"]
    return NONE if value is None else f"{percent(value)} {probability_words(value, catalogue.rules, lang)}"


CELLS: Cells = {
    "number": number_text,
    "indicator": lambda row, lang, catalogue: catalogue.indicators[row["indicator"]].name(lang),
    "target": promise_text,
    "base": "{base:figure} ({base_year:whole})",
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


def number_of(target: Target, lang: str) -> str:
    """Return a target's number as printed: T2-1, prose 5."""
    return number_text({name: getattr(target, name) for name in KEY}, lang)


def promise(target: Target, catalogue: Catalogue) -> Mapping[str, str]:
    """Return a target's figure with comparator and unit, for reading, by language."""
    row = {name: getattr(target, name) for name in PROMISED}
    return by_language(lambda lang: promise_text(row, lang, catalogue))

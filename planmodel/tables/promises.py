"""Promises in words: the number of a target as printed, and its figure with comparator and unit, in a cell and in a sentence."""

import math
from collections.abc import Callable, Mapping

import pandas as pd

from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.comparing import PROMISED
from planmodel.plans import Target
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.kinds import is_reduction, kind_of
from planmodel.plans.model import BOUNDS, KEY, fields_of
from planmodel.words import (
    COMPARATOR_SIGNS,
    Phrase,
    Text,
    by_language,
    figure,
    of_unit,
    phrase,
    texts_of,
    with_more,
    with_unit,
    word,
)


def missing(value: object) -> bool:
    """Return True where a cell holds nothing."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def unit_text(unit: str, lang: str, catalogue: Catalogue) -> str:
    """Return the name of a unit; one that is not in the catalogue as it is."""
    return catalogue.units[unit].name(lang) if unit in catalogue.units else unit


def number_text(row: Mapping, lang: str, catalogue: Catalogue | None = None) -> str:
    """Return a target's number as printed: T2-1, prose 5."""
    table = word("text", lang) if row["table"] == "text" else row["table"]
    return f"{table}\u00a0{row['number']}" + (f"({row['part']})" if row["part"] > 1 else "")


def number_of(target: Target, lang: str) -> str:
    """Return a target's number as printed: T2-1, prose 5."""
    return number_text(fields_of(KEY, target), lang)


def promise_text(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """Return a target's figure with comparator and unit, for reading; without a figure what stands in its place."""
    value, kind = row["target_value"], row["kind"]
    if missing(value) or row.get("status", "printed") != "printed":  # what is implied is not printed
        return _without_figure(row, lang)
    upper = "" if missing(row["target_upper"]) else f"–{figure(row['target_upper'])}"
    text = f"{COMPARATOR_SIGNS.get(row['comparator'], '')}{figure(value)}{upper}"
    amount, text = text, with_unit(text, unit_text(row["unit"], lang, catalogue), lang)
    if f"kinds.{kind}" in texts_of("columns"):
        return phrase(f"columns.kinds.{kind}", lang, text=text, amount=amount)
    return text if kind == "level" else with_more(text, word(kind, lang), lang)


RELATIVE = {"gt": "faster", "lt": "slower", "le": "not_faster"}
"""comparator -> what is promised of growth beside another indicator's; others: in step."""


def _without_figure(row: Mapping, lang: str) -> str:
    if row["status"] != "printed":
        return word(row["status"], lang)
    if lang == "zh":
        return row["target_printed"]
    if row["kind"] == "relative":
        name = row["relative_to"].replace("_", " ")
        side = RELATIVE.get(row.get("comparator", ""), "in_step")
        return phrase(f"columns.{side}", lang, name=name.upper() if name == "gdp" else name)
    return phrase("columns.done_by", lang, year=row["target_year"])


def promise_from(**columns: str) -> Callable[[Mapping, str, Catalogue], str]:
    """Return the cell of a promise whose parts stand in other columns, such as target_value="promised"."""

    def cell(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        return promise_text({**row, **{name: row[other] for name, other in columns.items()}}, lang, catalogue)

    return cell


def promise(target: Target, catalogue: Catalogue) -> Mapping[str, str]:
    """Return a target's figure with comparator and unit, for reading, by language."""
    row = fields_of(PROMISED, target)
    return by_language(lambda lang: promise_text(row, lang, catalogue))


def promised(assessment: Assessment, *, unit: bool = False) -> Text | Mapping[str, str] | str:
    """Return the promise in a few words: at least 53%, 2 times the base; `unit` adds the unit of an amount.

    A target year other than the plan's last is named where the unit is.
    """
    target, plan, kind = assessment.target, assessment.plan, kind_of(assessment.target)
    if target.target_value is None or not kind.figure:
        return promise(target, plan.catalogue)
    upper = f"–{figure(target.target_upper)}" if target.target_upper is not None else ""
    own = plan.catalogue.units.get(target.unit)
    amount = f"{figure(target.target_value)}{upper}"
    text: Text | str = amount
    if kind.figure == "times":
        text = Phrase("charts.promise.times", year=assessment.base_year, text=text)
    elif kind.figure == "points":
        text = Phrase("charts.promise.points", text=text)
    elif kind.figure == "percent" or own is not None and own.id == "%":
        text = f"{text}%"
    elif unit and own is not None:
        text = Phrase(
            "charts.promise.unit", text=text, unit=by_language(lambda lang: of_unit(amount, own.name(lang)))
        )
    bound = target.comparator in (*BOUNDS, "about")
    own_words = f"promise.kind.{target.kind}_{'down' if target.target_value < 0 else target.comparator}"
    if own_words in texts_of("charts") and (target.target_value >= 0 or not bound):
        text = Phrase(f"charts.{own_words}", text=text)
    else:
        if bound:
            text = Phrase(f"charts.promise.{target.comparator}", text=text)
        less = "_down" * (is_reduction(target) and target.target_value >= 0)  # of a "decrease of ..."
        if f"promise.kind.{target.kind}{less}" in texts_of("charts"):
            text = Phrase(f"charts.promise.kind.{target.kind}{less}", text=text)
    if unit and target.target_year != plan.period[1]:
        text = Phrase("charts.promise.by", text=text, year=target.target_year)
    return text

"""The reference classes as they are read: what each says of the plan's headline target."""

from __future__ import annotations

from collections.abc import Mapping

from planmodel.feasibility.by_class import ByClass
from planmodel.forecasts.reference import load_class
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.cells import NONE, Cell, amount_text, missing, promise
from planmodel.words import Phrase, Text, by_language, percent, word


def _class(row: Mapping, lang: str, _: Catalogue) -> str:
    return load_class(row["class"]).name(lang) + (" ●" if row["used"] else "")


def _years(row: Mapping, lang: str, _: Catalogue) -> str:
    return NONE if missing(row["first_year"]) else f"{row['first_year']:.0f}–{row['last_year']:.0f}"


def _expected(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    text = amount_text(row["expected"], row["expected_unit"], lang, catalogue)
    return NONE if text == NONE else f"{text} ({row['known_until']:.0f})"


def _percent(column: str) -> Cell:
    return lambda row, lang, _: NONE if missing(row[column]) else percent(row[column])


BY_CLASS: Mapping[str, Cell | None] = {
    "reference": _class, "n_series": lambda row, lang, _: str(row["n_series"]), "years": _years, "class_expected": _expected,
    "reached": _percent("reached"), "own_weight": _percent("own_weight"), "probability": _percent("probability"),
    "verdict": None,
}  # fmt: skip
"""Of `ByClass.table`."""


def classes_answer(choices: ByClass, catalogue: Catalogue) -> Text:
    """Return in words how the choice of the class changes the verdict of the plan's headline target."""
    used = choices.used
    known = {name: one for name, one in choices.assessments.items() if one.probability is not None}
    if used is None or used.probability is None or not known:
        return Phrase("calibration.class.no_target")
    target = used.target
    value, unit = (None, "") if used.required is None else used.required.in_unit(target.unit)
    needs = by_language(lambda lang: amount_text(value, unit, lang, catalogue))
    others = sorted(
        (one.probability or 0.0, load_class(name).name("en"), name)
        for name, one in known.items()
        if name != used.reference
    )
    between: Text | str = ""
    if others:
        (low, _, lowest), (high, _, highest) = others[0], others[-1]
        names = {"low_name": load_class(lowest), "high_name": load_class(highest)}
        between = Phrase("calibration.class.between", low=low, high=high, **names)
    verdicts = [Phrase(f"terms.{name}") for name in dict.fromkeys(one.verdict for one in known.values())]
    change = "calibration.class.depends" if len(verdicts) > 1 else "calibration.class.same"
    yearly = needs["en"].endswith(("%", "pp"))
    return Phrase(
        "calibration.class.answer",
        name=target.indicator,
        goal=promise(target, catalogue),
        needs=Phrase("calibration.class.a_year", needs=needs) if yearly else needs,
        own=load_class(used.reference) if used.reference else NONE,
        chance=used.probability,
        verdict=by_language(lambda lang: word(used.verdict, lang)),
        between=between,
        change=Phrase(change, verdicts=verdicts),
    )

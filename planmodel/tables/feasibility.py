"""What a reader sees of feasibility: columns of its tables, and the answers in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.selection import risks
from planmodel.forecasts.reference import load_class
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.cells import NONE, Cell, missing
from planmodel.words import Joined, Phrase, Text, by_language, figure, percent, probability_words, word

FEASIBILITY = (
    "number", "indicator", "base", "target", "binding", "required", "required_from_latest", "record", "record_best",
    "reference_percentile", "probability", "verdict", "remark",
)  # fmt: skip
"""The columns of the table of feasibility, as read."""
NOT_ASSESSABLE = ("number", "indicator", "target", "reason", "source")
JUDGED = ("within_record", "stretch", "beyond_record")


def _class(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return load_class(row["reference"]).name(lang) + (" ●" if row["chosen"] else "")


def share_cell(name: str) -> Cell:
    """Return the cell of a probability or a weight: percent, a dash where there is none."""
    return lambda row, lang, catalogue: percent(None if missing(row[name]) else row[name])


def rank_cell(name: str) -> Cell:
    """Return the cell of a percentile, 0-100, as a whole number."""
    return lambda row, lang, catalogue: NONE if missing(row[name]) else f"{row[name]:.0f}"


CLASSES: Mapping[str, Cell | None] = {
    "reference": _class,
    "n_series": None,
    "own_weight": lambda row, lang, catalogue: (
        NONE if missing(row["own_weight"]) else f"{100 * row['own_weight']:.0f}%"
    ),
    "percentile": rank_cell("percentile"),
    "probability": share_cell("probability"),
    "verdict": lambda row, lang, catalogue: word(row["verdict"], lang),
}
"""Of the table of reference classes; ● marks the one in use."""


def _round(name: str) -> Cell:
    return lambda row, lang, catalogue: figure(float(f"{row[name]:.4g}"))


PLACES: Mapping[str, Cell | None] = {
    "number": None,
    "indicator": None,
    "target": None,
    "q10": _round("q10"),
    "q50": _round("q50"),
    "q90": _round("q90"),
    "percentile_in_fan": rank_cell("percentile"),
    "probability": None,
}
"""Of the table of places in the fan."""


def judged(result: PlanAssessment) -> pd.DataFrame:
    """Return the table's rows of the plan's own period of which something can be said."""
    table = result.table
    known = table["probability"].notna() | table["required"].notna()
    return _named(table[known & (table["target_year"] > result.plan.base_year)], result, "feasibility")


def not_assessable(result: PlanAssessment) -> pd.DataFrame:
    """Return the table's rows of what has no chance, each with its reason."""
    table = result.table
    return _named(table[table["probability"].isna()], result, "not-assessable")


def _named(table: pd.DataFrame, result: PlanAssessment, what: str) -> pd.DataFrame:
    table = table.copy()
    table.attrs["name"] = f"{result.plan.name}-{result.scenario.id}-{what}"
    return table


def feasibility_answer(result: PlanAssessment) -> Text:
    """Return the answer in words: how many can be assessed, the joint chance, and what carries the risk."""
    own = [a for a in result.assessments if a.target.target_year > result.plan.base_year]
    good, rules, joint = result.assessable, result.plan.catalogue.rules, result.joint
    if not good or joint is None:
        reasons = sorted({str(a.reason["en"]): a.reason for a in own if a.reason}.items())[:3]
        return Phrase("feasibility.answer.none", reasons=[reason for _, reason in reasons])
    counts = [(verdict, sum(a.verdict == verdict for a in good)) for verdict in JUDGED]
    parts: list[object] = [
        Phrase(
            "feasibility.answer.chance",
            scenario=result.scenario.name, n=len(own), good=len(good), joint=joint, product=result.product,
            verdicts=[Phrase("feasibility.answer.count", n=n, name=Phrase(f"terms.{v}")) for v, n in counts if n],
            words=by_language(lambda lang: probability_words(joint, rules, lang)),
        )
    ]  # fmt: skip
    years = sorted({a.known_to for a in good if a.known_to is not None})
    parts.append(Phrase("feasibility.answer.known", first=years[0], last=years[-1], n=len(years)))
    if result.joint_binding is not None:
        parts.append(Phrase("feasibility.answer.binding", joint=result.joint_binding))
    elif any(a.target.binding for a in own):
        parts.append(Phrase("feasibility.answer.no_binding"))
    each = [
        Phrase("feasibility.answer.risk", name=a.target.indicator, chance=a.probability)
        for a in risks(result)
    ]
    return Joined([*parts, Phrase("feasibility.answer.risks", risks=each)], "sentences")


def places_answer(table: pd.DataFrame, catalogue: Catalogue) -> Text:
    """Return in words where the targets lie in their fans: how many inside the middle half, the one furthest out."""
    if table.empty:
        return Phrase("feasibility.places.none")
    inside = int(table["percentile"].between(25, 75).sum())
    beyond = int((~table["percentile"].between(10, 90)).sum())
    row = table.iloc[0]
    return Phrase(
        "feasibility.places.answer",
        n=len(table), inside=inside, beyond=beyond, name=catalogue.indicators[row.indicator],
        percentile=f"{row.percentile:.0f}", kept=Phrase(f"feasibility.places.{'below' if row.falls else 'above'}"),
        chance=float(row.probability),
    )  # fmt: skip

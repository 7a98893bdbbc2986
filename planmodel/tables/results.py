"""Results as tidy tables: the names and columns that others script against."""

from __future__ import annotations

import pandas as pd

from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.review import Review
from planmodel.tables.links import in_language

TARGET_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "name_zh", "name_en", "unit", "scale", "base_year", "base_value",
    "base_unit", "base_printed", "target_year", "target_value", "target_upper", "target_printed", "comparator", "kind",
    "status", "attribute", "direction", "price_basis", "source",
)  # fmt: skip
REVIEW_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "as_of", "attribute", "target_value", "target_year", "year", "value",
    "unit", "measure", "vintage", "published", "milestone", "elapsed", "progress", "pace", "label", "so_far",
    "so_far_unit", "required_from_latest", "required_unit", "probability_at_start", "probability", "light", "rule",
    "growth_ratio", "five_changes", "projected_share", "time_progress", "class_speed", "methods_disagree", "reason",
)  # fmt: skip
FINAL_COLUMNS = ("plan", "table", "number", "indicators", "met", "said", "differs", "source", "reason")
RATE_DIGITS, PROBABILITY_DIGITS = 4, 4


def _key(target: Target) -> dict:
    names = ("plan", "table", "number", "part")
    return {name: getattr(target, name) for name in names} | {"indicator": target.indicator.id}


def targets_table(plan: Plan) -> pd.DataFrame:
    """Return one row a target; figures as printed (text), in the units named beside them.

    >>> from planmodel import load_plan
    >>> table = targets_table(load_plan("linhai-14fyp"))
    >>> table.loc[(table.table == "T2") & (table.number == "3"), ["base_value", "base_unit", "target_printed"]].values.tolist()
    [['11.01', '万元/人', '7以上']]
    """
    rows = []
    for target in plan.targets:
        indicator = target.indicator
        rows.append(
            _key(target)
            | {name: getattr(indicator, name) for name in ("name_zh", "name_en", "scale", "direction")}
            | {
                name: getattr(target, name)
                for name in (
                    "unit",
                    "base_year",
                    "base_unit",
                    "base_printed",
                    "target_year",
                    "target_upper",
                    "target_printed",
                    "comparator",
                    "kind",
                    "status",
                    "attribute",
                    "price_basis",
                    "source",
                )
            }
            | {"base_value": target.base_digits, "target_value": target.target_digits}
        )
    return pd.DataFrame(rows, columns=list(TARGET_COLUMNS))


def assessments_table(result: PlanAssessment, lang: str = "en") -> pd.DataFrame:
    """Return the table of assessments as files hold it: texts in one language, figures with four decimals."""
    return in_language(result.table, lang, RATE_DIGITS)


def review_table(result: Review, lang: str = "en") -> pd.DataFrame:
    """Return one row a target of the plan's period: rates in % or pp a year, shares and probabilities 0-1."""
    rows = []
    for found in result.standings:
        unit = found.target.unit
        left, left_unit = (None, "") if found.left is None else found.left.in_unit(unit)
        so_far, so_far_unit = (None, "") if found.so_far is None else found.so_far.in_unit(unit)
        rows.append(
            _key(found.target)
            | {name: getattr(found, name) for name in REVIEW_COLUMNS if hasattr(found, name)}
            | {m.name: m.verdict for m in found.methods}
            | {
                "as_of": result.moment.text,
                "attribute": found.target.attribute,
                "target_value": found.target.target_digits,
                "target_year": found.target.target_year,
                "vintage": found.origin.vintage if found.origin else "",
                "published": found.origin.published if found.origin else "",
                "so_far": so_far,
                "so_far_unit": so_far_unit,
                "required_from_latest": left,
                "required_unit": left_unit,
                "probability": found.assessment.probability,
                "methods_disagree": found.methods_disagree,
                "reason": found.reason.get(lang, ""),
            }
        )
    table = pd.DataFrame(rows, columns=list(REVIEW_COLUMNS))
    for column in ("value", "milestone", "elapsed", "progress", "pace", "so_far", "required_from_latest"):
        table[column] = table[column].astype(float).round(RATE_DIGITS)
    for column in ("probability", "probability_at_start"):
        table[column] = table[column].astype(float).round(PROBABILITY_DIGITS)
    return table


def final_table(result: Review, lang: str = "en") -> pd.DataFrame:
    """Return one row a row of a finished table: met by its figures, as the text says, and whether the two differ."""
    rows = [
        {
            "plan": result.plan.name,
            "table": row.table,
            "number": row.number,
            "indicators": "; ".join(dict.fromkeys(o.target.indicator.id for o in row.outturns)),
            "met": row.met,
            "said": row.said,
            "differs": row.differs,
            "source": row.source,
            "reason": "; ".join(dict.fromkeys(o.reason[lang] for o in row.outturns if o.reason)),
        }
        for row in result.final
    ]
    return pd.DataFrame(rows, columns=list(FINAL_COLUMNS))

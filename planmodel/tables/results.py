"""Results as tidy tables: the names and columns that others script against."""

from __future__ import annotations

import pandas as pd

from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.tables.links import in_language

TARGET_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "name_zh", "name_en", "unit", "scale", "base_year", "base_value",
    "base_unit", "base_printed", "target_year", "target_value", "target_upper", "target_printed", "comparator", "kind",
    "status", "attribute", "direction", "price_basis", "source",
)  # fmt: skip
RATE_DIGITS = 4


def _key(target: Target) -> dict:
    names = ("plan", "table", "number", "part")
    return {name: getattr(target, name) for name in names} | {"indicator": target.indicator.id}


def targets_table(plan: Plan) -> pd.DataFrame:
    """Return one row a target; figures as printed (text), in the units named beside them.

    >>> from planmodel import load_plan
    >>> table = targets_table(load_plan("linhai-14fyp"))
    >>> table.loc[(table.table == "T2") & (table.number == "3"), ["base_value", "target_value", "comparator"]].values.tolist()
    [['11.01', '7', 'ge']]
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

"""Results as tidy tables: the names and columns that others script against."""

from __future__ import annotations

import pandas as pd

from planmodel.audit import Audit, Finding
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.tables.links import in_language

TARGET_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "name_zh", "name_en", "unit", "scale", "base_year", "base_value",
    "base_unit", "base_printed", "target_year", "target_value", "target_upper", "target_printed", "comparator", "kind",
    "status", "attribute", "direction", "price_basis", "source",
)  # fmt: skip
FINDING_COLUMNS = (
    "plan", "id", "rule", "severity", "accepted", "indicators", "places", "arithmetic", "gap", "gap_unit", "reconcile",
)  # fmt: skip
IMPLIED_COLUMNS = (
    "plan", "indicator", "region", "year", "world", "low", "high", "unit", "formula", "targets",
)  # fmt: skip
RATE_DIGITS = 4


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


def findings_table(plan: Plan, findings: tuple[Finding, ...], lang: str = "en") -> pd.DataFrame:
    """Return one row a finding, in the order given; lists within a cell are separated by semicolons."""
    rows = [
        {
            "plan": plan.name,
            "id": found.id,
            "rule": found.rule,
            "severity": found.severity,
            "accepted": found.accepted,
            "indicators": "; ".join(found.indicators),
            "places": "; ".join(found.places),
            "arithmetic": found.arithmetic[lang],
            "gap": found.gap,
            "gap_unit": found.gap_unit,
            "reconcile": found.reconcile.get(lang, ""),
        }
        for found in findings
    ]
    table = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    table["gap"] = table["gap"].astype(float).round(RATE_DIGITS)
    return table


def implied_table(result: Audit, lang: str = "en") -> pd.DataFrame:
    """Return one row a figure that the plan implies; low and high are what the printed decimals allow."""
    rows = [
        {
            "plan": result.plan.name,
            "indicator": found.indicator,
            "region": found.region,
            "year": found.year,
            "world": found.world,
            "low": found.figure.low,
            "high": found.figure.high,
            "unit": found.unit,
            "formula": found.formula[lang],
            "targets": "; ".join(found.targets),
        }
        for found in result.implied
    ]
    table = pd.DataFrame(rows, columns=list(IMPLIED_COLUMNS))
    table[["low", "high"]] = table[["low", "high"]].astype(float).round(RATE_DIGITS)
    return table

"""Assessments: what is found of a target, and of all targets of a plan. Results only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from planmodel.feasibility.outlooks import Outlook
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import Required
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import History, Record
from planmodel.words import Joined

COLUMNS = (
    "plan", "table", "number", "part", "indicator", "scenario", "required", "required_unit", "required_from_latest",
    "record", "reference", "reference_percentile", "probability", "verdict", "reason", "region", "kind", "attribute",
    "status", "base", "base_year", "target_value", "target_upper", "target_printed", "target_year", "comparator", "unit",
    "relative_to", "latest_year", "record_unit", "record_first", "record_last", "record_best", "own_weight", "notes",
    "source",
)  # fmt: skip
"""Of the table of assessments; the first fifteen are those that others script against."""


@dataclass(frozen=True)
class Assessment:
    """What a target asks for and how likely it is; None where it cannot be said, with `reason` by language."""

    target: Target
    scenario: str
    base_year: int
    base: float | None = None
    required: Required | None = None
    required_from_latest: Required | None = None
    latest_year: int | None = None
    record: Record | None = None
    reference: str = ""
    percentile: float | None = None
    own_weight: float | None = None
    probability: float | None = None
    verdict: str = "not_assessable"
    reason: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Mapping[str, str], ...] = ()
    history: History | None = field(default=None, repr=False)
    outlook: Outlook | None = field(default=None, repr=False)
    success: np.ndarray | None = field(default=None, repr=False)
    percentile_from_latest: float | None = None


@dataclass(frozen=True)
class PlanAssessment:
    """All targets of a plan in a scenario, with joint probabilities.

    joint, joint_binding: chance that all assessable (binding) targets are met, from draws with the scenario's
    dependence; product, product_binding: the product of the single chances. None where none is assessable.
    """

    plan: Plan
    scenario: Scenario
    assessments: tuple[Assessment, ...]
    joint: float | None
    product: float | None
    joint_binding: float | None
    product_binding: float | None

    @property
    def table(self) -> pd.DataFrame:
        """One row a target, in the plan's order: rates in % or points a year (the units say which), probabilities 0-1."""
        return pd.DataFrame([_row(found) for found in self.assessments], columns=list(COLUMNS))

    @property
    def assessable(self) -> tuple[Assessment, ...]:
        return tuple(a for a in self.assessments if a.probability is not None)


def _row(found: Assessment) -> dict:
    """One row of the table of assessments."""
    target, past, share = found.target, found.record, found.target.indicator.scale == "share"
    scale = 1 if share else 100
    required, unit = (None, "") if found.required is None else found.required.in_unit(target.unit)
    latest = (
        None if found.required_from_latest is None else found.required_from_latest.in_unit(target.unit)[0]
    )
    row = {name: getattr(target, name) for name in COLUMNS if hasattr(target, name)}
    row |= {name: getattr(found, name) for name in COLUMNS if hasattr(found, name)}
    return row | {
        "indicator": target.indicator.id,
        "required": required,
        "required_unit": unit,
        "required_from_latest": latest,
        "record": None if past is None else scale * past.mean,
        "record_unit": "" if past is None else "pp/year" if share else "%/year",
        "record_first": None if past is None else past.first_year,
        "record_last": None if past is None else past.last_year,
        "record_best": None if past is None or past.best is None else scale * past.best,
        "reference_percentile": found.percentile,
        "reason": found.reason or "",
        "notes": Joined(found.notes, "clauses") if found.notes else "",
    }

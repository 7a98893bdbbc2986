"""Assessments: what is found of a target, and of all targets of a plan. Results only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from planmodel.outlooks import Outlook
from planmodel.plans import Plan, Target
from planmodel.scenarios import Scenario
from planmodel.semantics import Required
from planmodel.series import History, Record


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
    def assessable(self) -> tuple[Assessment, ...]:
        return tuple(a for a in self.assessments if a.probability is not None)

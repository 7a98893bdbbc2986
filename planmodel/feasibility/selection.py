"""Which targets of a result are shown, and which first."""

from __future__ import annotations

from collections.abc import Iterable

from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.promises import promises


def plan_targets(plan: Plan, indicators: Iterable[str] = ()) -> tuple[Target, ...]:
    """Return the targets of the plan's own period (of some indicators, or all), each promise once."""
    return promises(t for t in plan.select(tuple(indicators)) if t.target_year > plan.base_year)


def featured(result: PlanAssessment, n: int = 1) -> tuple[Assessment, ...]:
    """Return the first n assessable targets, each promise once; else any with a history.

    The plan's headline indicator comes first, then table rows, then prose.
    """
    pool = result.assessable or tuple(
        a
        for a in result.assessments
        if a.history is not None and a.required is not None and a.target.target_year > result.plan.base_year
    )
    return tuple(sorted(promises(pool), key=lambda a: place(a.target, result.plan))[:n])


def place(target: Target, plan: Plan) -> tuple[bool, bool]:
    """Return a key that sorts the plan's headline indicator first, then table rows, then prose."""
    return target.indicator.id != plan.headline, target.table == "text"


def risks(result: PlanAssessment, n: int = 3) -> tuple[Assessment, ...]:
    """Return the targets least likely to be met, each indicator once; binding ones first where equally likely."""
    chosen: dict[str, Assessment] = {}
    for assessment in sorted(result.assessable, key=lambda a: (a.probability or 0.0, not a.target.binding)):
        chosen.setdefault(assessment.target.indicator.id, assessment)
    return tuple(chosen.values())[:n]

"""Which targets are shown, and which first."""

from __future__ import annotations

from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.lab.study import Study
from planmodel.plans import Plan, Target


def unique(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return targets without those that only repeat another's figure; table rows win over prose."""
    seen, kept = set(), []
    for target in sorted(targets, key=lambda t: t.table == "text"):
        key = (target.indicator.id, target.region, target.kind, target.target_value, target.target_year)
        if target.target_value is None or key not in seen:
            seen.add(key)
            kept.append(target)
    return tuple(target for target in targets if target in kept)


def plan_targets(study: Study) -> tuple[Target, ...]:
    """Return the chosen targets of the plan's own period, each promise once."""
    return unique(
        tuple(t for t in study.plan.select(study.indicators) if t.target_year > study.plan.base_year)
    )


def featured(result: PlanAssessment, n: int = 1) -> tuple[Assessment, ...]:
    """Return the first n assessable targets, each promise once; else any with a history.

    The plan's headline indicator comes first, then table rows, then prose.
    """
    pool = result.assessable or tuple(
        a
        for a in result.assessments
        if a.history is not None and a.required is not None and a.target.target_year > result.plan.base_year
    )
    order = unique(tuple(a.target for a in pool))
    chosen = sorted((a for a in pool if a.target in order), key=lambda a: place(a.target, result.plan))
    return tuple(chosen[:n])


def place(target: Target, plan: Plan) -> tuple[bool, bool]:
    return target.indicator.id != plan.headline, target.table == "text"


def risks(result: PlanAssessment, n: int = 3) -> tuple[Assessment, ...]:
    """Return the targets least likely to be met, each indicator once; binding ones first where equally likely."""
    order = sorted(result.assessable, key=lambda a: (a.probability, not a.target.binding))
    seen, chosen = set(), []
    for found in order:
        if found.target.indicator.id not in seen:
            seen.add(found.target.indicator.id)
            chosen.append(found)
    return tuple(chosen[:n])

"""A part of a region against its parent: targets of a district beside those of its city."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Finding
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, facts_of, judge
from planmodel.audit.texts import both, level, shown
from planmodel.plans import Plan

INFINITY = float("inf")


def parent_region(facts: Facts) -> Iterator[Finding]:
    """A part's target above its parent's; a parent's target below what its parts already had."""
    for part_plan, whole_plan in _pairs(facts):
        parts, wholes = _named(part_plan), _named(whole_plan)
        for goal in wholes.find(world=TARGET, measure="value", region=whole_plan.region, definition=""):
            if goal.indicator.scale != "amount":
                continue
            found = _over(goal, parts, facts) or _below_rank(goal, parts, facts)
            if found is not None:
                yield found


def _pairs(facts: Facts) -> list[tuple[Plan, Plan]]:
    """The plans of parts and wholes that this plan belongs to."""
    regions, own = facts.catalogue.regions, facts.plan
    pairs = []
    for other in facts.siblings.values():
        if regions[other.region].parent == own.region:
            pairs.append((other, own))
        if regions[own.region].parent == other.region:
            pairs.append((own, other))
    return pairs


def _named(plan: Plan) -> Facts:
    """The facts of a plan, with its short name before each place."""
    facts = facts_of(plan)
    named = tuple(replace(s, source=f"{plan.short['zh']} {s.source}") for s in facts.statements)
    return Facts(plan, named)


def _over(goal: Statement, parts: Facts, facts: Facts) -> Finding | None:
    for part in parts.levels((goal.indicator.id, parts.plan.region, ""), goal.last, TARGET):
        severity = judge(lambda a, b: (Interval(a.low, INFINITY), Interval(-INFINITY, b.high)), (part, goal))
        if severity:
            zh, en = (facts.catalogue.regions[part.region].name(lang) for lang in ("zh", "en"))
            return Finding(
                "parent_region",
                severity,
                f"{goal.indicator.id}@{part.region}",
                str(goal.last),
                (part, goal),
                both(
                    f"{goal.indicator.name_zh}：{zh}目标 {shown(part)}，高于上级地区的 {shown(goal)}",
                    f"{goal.indicator.name_en}: {en} plans {shown(part)}, more than the {shown(goal)} of the region it lies in",
                ),
                part.figure.middle - goal.figure.middle,
                goal.indicator.unit,
                both(f"若上级目标不低于 {level(part.figure.middle, goal, facts)}，则一致",
                     f"Agrees with {level(part.figure.middle, goal, facts)} or more for the parent"),
            )  # fmt: skip
    return None


def _below_rank(goal: Statement, parts: Facts, facts: Facts) -> Finding | None:
    """A part that ranks third leaves two parts at least as large: its parent has at least three times its figure."""
    region = parts.plan.region
    for rank in parts.find(indicator=goal.indicator.id, region=region, measure="rank"):
        for part in parts.levels((goal.indicator.id, region, rank.definition), rank.last, OUTTURN):
            place = round(rank.figure.middle)
            least = part.figure.times(place)
            if place < 1 or least.low <= goal.figure.high or rank.last >= goal.last:
                continue
            zh, en = (facts.catalogue.regions[region].name(lang) for lang in ("zh", "en"))
            all_zh, all_en = (facts.catalogue.regions[goal.region].name(lang) for lang in ("zh", "en"))
            amount = level(least.middle, goal, facts)
            return Finding(
                "parent_region",
                "tension",
                f"{goal.indicator.id}@{region}",
                str(goal.last),
                (goal, part, rank),
                both(
                    f"{goal.indicator.name_zh}：{rank.last} 年{zh} {shown(part)}，居{all_zh}第 {place} 位，{all_zh}至少 {amount}，"
                    f"已超过 {goal.last} 年的目标 {shown(goal)}",
                    f"{goal.indicator.name_en}: {en} had {shown(part)} in {rank.last}, place {place} in {all_en}, so {all_en} had at "
                    f"least {place} × {part.text} = {amount}: more than its target {shown(goal)} for {goal.last}",
                ),
                least.middle - goal.figure.middle,
                goal.indicator.unit,
                both(f"若目标高于 {amount}，或口径不同，则可相容", f"Agrees with a target above {amount}, or with another definition"),
            )  # fmt: skip
    return None

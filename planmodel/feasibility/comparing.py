"""Assessments side by side: of a plan in several scenarios or by several classes, and of several plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from planmodel.feasibility import assess, assess_by_class, assess_plan
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.verdicts import PRECEDENTS
from planmodel.forecasts.reference import beside, load_class
from planmodel.plans import Plan, Target
from planmodel.plans.promises import promises
from planmodel.plans.scenarios import Scenario

CLASS_COLUMNS = (
    "reference",
    "n_series",
    "own_weight",
    "percentile",
    "probability",
    "verdict",
    "chosen",
    "known_to",
)
PLANS_COLUMNS = (
    "plan", "scenario", "n_targets", "n_assessable", *PRECEDENTS, "joint", "joint_binding",
)  # fmt: skip
Results = Mapping[str, PlanAssessment]


def assess_scenarios(
    plan: Plan, scenarios: Iterable[Scenario], indicators: Iterable[str] = (), **options: Any
) -> dict[str, PlanAssessment]:
    """Return a plan's assessments by scenario; options: see assess_plan. All share their random numbers."""
    return {s.id: assess_plan(plan, s, indicators=tuple(indicators), **options) for s in scenarios}


def assess_plans(plans: Iterable[Plan], scenario: Scenario, **options: Any) -> dict[str, PlanAssessment]:
    """Return the assessments of several plans in one scenario, by plan; options: see assess_plan."""
    return {plan.name: assess_plan(plan, scenario, **options) for plan in plans}


def assess_target(
    plan: Plan, target: Target, scenarios: Iterable[Scenario], **options: Any
) -> dict[str, Assessment]:
    """Return a target's assessments by scenario, those that follow the plan left out; options: see assess."""
    return {s.id: assess(plan, target, s, **options) for s in scenarios if not s.follows_plan}


def by_reference(plan: Plan, target: Target | None, scenario: Scenario, **options: Any) -> pd.DataFrame:
    """Return one row a reference class that fits a target (None: no rows): its chance by it; chosen: the one in use.

    percentile: 0-100; own_weight, probability: 0-1.
    """
    rows: list[tuple] = []
    if target is not None:
        used = assess(plan, target, scenario, **{**options, "reference": None})
        options.pop("reference", None)
        share = target.indicator.scale == "share"
        names = [n for n in beside(used.reference) if (load_class(n).transform == "logit") == share]
        for name, by_it in assess_by_class(used, names, **options).items():
            about = (by_it.own_weight, by_it.percentile, by_it.probability, by_it.verdict)
            rows.append((name, load_class(name).n_series, *about, name == used.reference, by_it.known_to))
    table = pd.DataFrame(rows, columns=list(CLASS_COLUMNS))
    table.attrs["name"] = f"{plan.name}-{scenario.id}-classes"
    return table


def scenarios_table(results: Results) -> pd.DataFrame:
    """Return the tables of several results one below the other, of targets that have a chance in one of them at least."""
    table = pd.concat([result.table for result in results.values()], ignore_index=True)
    known = table.groupby(["plan", "table", "number", "part"], sort=False).probability.transform("count") > 0
    table = table[known].reset_index(drop=True)
    table.attrs["name"] = "scenarios"
    return table


def plans_table(results: Results) -> pd.DataFrame:
    """Return one row a plan: promises of its period, assessable ones, verdicts, and joint chances (0-1)."""
    rows = []
    for result in results.values():
        own = promises(a for a in result.assessments if a.target.target_year > result.plan.base_year)
        counts = [sum(a.verdict == verdict for a in own) for verdict in PRECEDENTS]
        numbers = (
            len(own),
            sum(a.probability is not None for a in own),
            *counts,
            result.joint,
            result.joint_binding,
        )
        rows.append((result.plan.name, result.scenario.id, *numbers))
    table = pd.DataFrame(rows, columns=list(PLANS_COLUMNS))
    table.attrs["name"] = "plans"
    return table


def shared_table(results: Results) -> pd.DataFrame:
    """Return the rows of the tables for what two or more of the plans promise: one indicator, one kind of target."""
    parts = []
    for result in results.values():
        once = {a.target.id for a in promises(result.assessments)}
        table = result.table
        ids = table["table"] + "/" + table["number"] + "/" + table["part"].astype(str)
        parts.append(
            table[ids.isin(once) & table.required.notna() & (table.target_year > result.plan.base_year)]
        )
    table = pd.concat(parts, ignore_index=True)
    shared = table.groupby(["indicator", "kind"]).plan.transform("nunique") > 1
    table = table[shared].sort_values(["indicator", "kind"], kind="stable").reset_index(drop=True)
    table.attrs["name"] = "shared"
    return table

"""Assessments side by side: of a plan or a target in several scenarios, of several plans, and of figures in their fans."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from planmodel.feasibility.assessing import assess, assess_plan
from planmodel.feasibility.assessments import PRECEDENTS, Assessment, PlanAssessment, promised_figures
from planmodel.forecasts.fans import quantiles
from planmodel.plans import Plan
from planmodel.plans.kinds import falling
from planmodel.plans.model import KEY, called, fields_of, framed
from planmodel.plans.promises import promises
from planmodel.plans.scenarios import Scenario

PLANS_COLUMNS = ("plan", "scenario", "n_targets", "n_assessable", *PRECEDENTS, "joint", "joint_binding")

PROMISED = (
    "target_value", "target_upper", "target_printed", "target_year", "comparator", "kind", "status", "unit", "relative_to",
)  # fmt: skip
PLACE_COLUMNS = (
    *KEY, "indicator", *PROMISED, "q10", "q50", "q90", "percentile", "falls", "probability", "known_to",
)  # fmt: skip
Results = Mapping[str, PlanAssessment]


def assess_scenarios(
    plan: Plan, scenarios: Iterable[Scenario], indicators: Iterable[str] = (), **options: Any
) -> dict[str, PlanAssessment]:
    """Return a plan's assessments by scenario; options: see assess_plan. All share their random numbers."""
    return {s.id: assess_plan(plan, s, indicators=tuple(indicators), **options) for s in scenarios}


def assess_target(one: Assessment, scenarios: Iterable[Scenario], **options: Any) -> dict[str, Assessment]:
    """Return a target's assessments by scenario, those that follow the plan left out; options: those of its own, see assess."""
    chosen = [s for s in scenarios if not s.follows_plan]
    return {s.id: one if s == one.scenario else assess(one.plan, one.target, s, **options) for s in chosen}


def scenarios_table(results: Results) -> pd.DataFrame:
    """Return the tables of several results one below the other, of targets that have a chance in one of them at least."""
    table = pd.concat([result.table for result in results.values()], ignore_index=True)
    known = table.groupby(list(KEY), sort=False).probability.transform("count") > 0
    return called(table[known].reset_index(drop=True), "scenarios")


def plans_table(results: Results) -> pd.DataFrame:
    """Return one row a plan: promises of its period, assessable ones, verdicts, and joint chances (0-1)."""
    rows = []
    for result in results.values():
        own = promises(result.ahead)
        counts = [sum(a.verdict == verdict for a in own) for verdict in PRECEDENTS]
        good = sum(a.probability is not None for a in own)
        numbers = (len(own), good, *counts, result.joint, result.joint_binding)
        rows.append((result.plan.name, result.scenario.id, *numbers))
    return framed(rows, PLANS_COLUMNS, "plans")


def shared_table(results: Results) -> pd.DataFrame:
    """Return the rows of the tables for what two or more of the plans promise: one indicator, one kind of target."""
    parts = []
    for result in results.values():
        once = {a.target.id for a in promises(result.assessments)}
        table = result.table
        ids = table["table"] + "/" + table["number"] + "/" + table["part"].astype(str)
        ahead = table.target_year > result.plan.base_year
        parts.append(table[ids.isin(once) & table.required.notna() & ahead])
    table = pd.concat(parts, ignore_index=True)
    shared = table.groupby(["indicator", "kind"]).plan.transform("nunique") > 1
    table = table[shared].sort_values(["indicator", "kind"], kind="stable", ignore_index=True)
    return called(table, "shared")


def places_table(result: PlanAssessment) -> pd.DataFrame:
    """Return one row a target that has a chance, each promise once: where its figure lies among the paths.

    q10, q50, q90: the 10 %, 50 % and 90 % quantiles of what is promised, in the target's unit. percentile: the share of
    paths below the target's figure, 0-100. falls: the promise is kept at or below it. The hardest stand first.

    >>> from planmodel import load_plan, load_scenario
    >>> from planmodel.feasibility import assess_plan
    >>> table = places_table(assess_plan(load_plan("taizhou-services-14fyp"), load_scenario("baseline"), n_draws=500))
    >>> bool(((table.q10 <= table.q50) & (table.q50 <= table.q90)).all())
    True
    """
    rows = []
    for assessment in promises(result.assessable):
        target, figures = assessment.target, promised_figures(assessment)
        if figures is None or target.target_value is None:
            continue
        low, median, high = (float(value) for value in quantiles(figures[:, None], [0.1, 0.5, 0.9])[:, 0])
        row = fields_of((*KEY, "indicator", *PROMISED), target)
        below = float(np.mean(figures < target.target_value) + np.mean(figures == target.target_value) / 2)
        row |= {"q10": low, "q50": median, "q90": high, "percentile": 100 * below, "falls": falling(target)}
        rows.append(row | fields_of(("probability", "known_to"), assessment))
    table = framed(rows, PLACE_COLUMNS, f"{result.plan.name}-{result.scenario.id}-places")
    return table.sort_values("probability", kind="stable", ignore_index=True)

"""Growth accounting of a plan: what would have to be true for its growth target, one term at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from planmodel.arithmetic.accounting import Assumptions, Needed
from planmodel.arithmetic.capital_paths import capital_path, contributions, needed, trade_off
from planmodel.drivers.assumed import (
    NAMES,
    RANGES,
    READINGS,
    Assumed,
    Given,
    assumed_for,
    assumptions_in,
    load_assumptions,
    numbers_of,
)
from planmodel.drivers.goals import Goal, Past, goal_of, growth_targets, past_growth
from planmodel.drivers.records import Record, RecordTable, load_records
from planmodel.errors import NotAssessable
from planmodel.plans import Plan, Target
from planmodel.plans.scenarios import Scenario

ONE_AT_A_TIME = ("investment_share", "productivity", "labour", "human_capital")
CASES = ("past", "assumed", "by_productivity", "by_investment", "by_labour")
SWUNG = ("labour_share", "capital_output", "depreciation", "human_capital", "labour", "investment_share")
QUARTILES = (0.25, 0.75)
EDGES = {
    "labour_share": (0.05, 0.95),
    "investment_share": (0.0, 1.0),
    "depreciation": (0.0, 1.0),
    "capital_output": (0.1, 50.0),
}


@dataclass(frozen=True)
class Case:
    """One set of assumptions, the mean growth it gives and what each factor adds (fractions a year)."""

    name: str
    growth: float
    parts: Mapping[str, float]
    assumptions: Assumptions


@dataclass(frozen=True)
class Swing:
    """The productivity growth needed with one assumption at a low and at a high value."""

    name: str
    low: float
    high: float
    needed_low: Needed
    needed_high: Needed


@dataclass(frozen=True)
class Drivers:
    """The growth accounting of a plan's goals; `goal` is None, and `reason` says why, where no target can be read.

    reached: mean growth with all assumptions. needs: each term alone. past_productivity: what the record implies with
    the same shares. unread: targets of output that could not be read, with the reason.
    """

    plan: Plan
    scenario: Scenario
    given: Given
    assumed: Mapping[str, Assumed]
    assumptions: Assumptions
    goals: tuple[Goal, ...]
    goal: Goal | None
    reason: Mapping[str, str] | None
    past: Past | None
    past_productivity: float | None
    reached: float | None
    needs: tuple[Needed, ...]
    cases: tuple[Case, ...]
    unread: tuple[tuple[Target, Mapping[str, str]], ...] = ()

    def need(self, term: str) -> Needed:
        return next(n for n in self.needs if n.term == term)


def drivers(
    plan: Plan, scenario: Scenario, given: Given | None = None, indicators: tuple[str, ...] = ()
) -> Drivers:
    """Return what would have to be true for the plan's first growth target, and the growth of the others.

    >>> from planmodel import load_plan, load_scenario
    >>> found = drivers(load_plan("linhai-14fyp"), load_scenario("baseline"))
    >>> found.goal.growth, round(found.need("productivity").value, 4)
    (0.068, 0.024)
    """
    given = given or Given({})
    assumed = assumed_for(plan, given)
    numbers = numbers_of(assumed)
    empty = Drivers(plan, scenario, given, assumed, numbers, (), None, None, None, None, None, (), ())
    try:
        targets = growth_targets(plan, indicators)
    except NotAssessable as error:
        return replace(empty, reason=error.reason)
    goals, unread = [], []
    for target in targets:
        try:
            goals.append(
                goal_of(
                    plan,
                    target,
                    scenario,
                    population=numbers.population,
                    services_share=given.values.get("services_share"),
                    reading=given.reading,
                )
            )
        except NotAssessable as error:
            unread.append((target, error.reason))
    if not goals:
        return replace(empty, reason=unread[0][1], unread=tuple(unread))
    goal = goals[0]
    past = past_growth(plan, goal, scenario)
    own = needed(past.growth, numbers, "productivity").value if past else None
    needs = tuple(needed(goal.growth, numbers, term, goal.n_years) for term in ONE_AT_A_TIME)
    result = replace(
        empty,
        goals=tuple(goals),
        goal=goal,
        past=past,
        past_productivity=own,
        reached=capital_path(numbers, goal.n_years).mean,
        needs=needs,
        unread=tuple(unread),
    )
    return replace(result, cases=_cases(result))


def _cases(result: Drivers) -> tuple[Case, ...]:
    numbers, n_years, found = result.assumptions, result.goal.n_years, []
    if result.past is not None and result.past_productivity is not None:
        before = numbers.having("productivity", result.past_productivity)
        found.append(Case("past", result.past.growth, contributions(before), before))
    found.append(Case("assumed", result.reached, contributions(numbers, n_years), numbers))
    terms = {"by_productivity": "productivity", "by_investment": "investment_share", "by_labour": "labour"}
    for name, term in terms.items():
        need = result.need(term)
        if need.attainable:
            met = numbers.having(term, need.value)
            found.append(Case(name, result.goal.growth, contributions(met, n_years), met))
    return tuple(found)


def swings(result: Drivers) -> tuple[Swing, ...]:
    """Return how the productivity growth that is needed moves with each assumption, the widest swing first.

    Each is moved down and up by half the distance between the quartiles of the countries' record.
    """
    records, found = load_records(), []
    for name in SWUNG:
        lower, upper = (records[name].quantile(q) for q in QUARTILES)
        least, most = EDGES.get(name, (-0.5, 0.5))
        value = getattr(result.assumptions, name)
        ends = [min(max(value + side * (upper - lower) / 2, least), most) for side in (-1, 1)]
        asked = [
            needed(
                result.goal.growth, result.assumptions.having(name, x), "productivity", result.goal.n_years
            )
            for x in ends
        ]
        found.append(Swing(name, *ends, *asked))
    return tuple(sorted(found, key=lambda s: -abs((s.needed_high.value or 0) - (s.needed_low.value or 0))))


def frontier(result: Drivers, low: float, high: float, n_points: int = 41) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of productivity growth and investment share that meet the goal, labour as assumed."""
    productivity = np.linspace(low, high, n_points)
    return productivity, trade_off(result.goal.growth, result.assumptions, result.goal.n_years, productivity)


__all__ = [
    "CASES", "NAMES", "ONE_AT_A_TIME", "RANGES", "READINGS", "Assumed", "Case", "Drivers", "Given", "Goal", "Past", "Record",
    "RecordTable", "Swing", "assumed_for", "assumptions_in", "drivers", "frontier", "goal_of", "growth_targets",
    "load_assumptions", "load_records", "past_growth", "swings",
]  # fmt: skip

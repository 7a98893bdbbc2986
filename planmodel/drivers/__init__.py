"""Growth accounting of a plan: what would have to be true for its growth target, one term at a time."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.accounting import contributions, needed, trade_off
from planmodel.drivers.assumed import (
    NAMES,
    RANGES,
    Given,
    assumed_for,
    assumptions_in,
    foreign,
    load_assumptions,
    load_records,
    numbers_of,
)
from planmodel.drivers.goals import Goal, goal_of, growth_targets, past_growth
from planmodel.drivers.results import Case, Drivers, own_record, scale, unit_of
from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.feasibility.histories import as_known
from planmodel.plans import Plan
from planmodel.plans.model import framed
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase

ONE_AT_A_TIME = ("investment_share", "productivity", "labour", "human_capital")
CASES = {"by_productivity": "productivity", "by_investment": "investment_share", "by_labour": "labour"}
"""case -> term that alone meets the target."""
SWUNG = ("labour_share", "capital_output", "depreciation", "human_capital", "labour", "investment_share")
SWING_COLUMNS = (
    "name", "unit", "low", "high", "needed_low_pct", "needed_high_pct", "why_low", "why_high",
)  # fmt: skip
QUARTILES = (0.25, 0.75)
N_POINTS = 41  # of a frontier
EDGES = {
    "labour_share": (0.05, 0.95), "investment_share": (0.0, 1.0), "depreciation": (0.0, 1.0), "capital_output": (0.1, 50.0),
}  # fmt: skip
"""How far a swing may go, where it is no growth of 50 % a year."""


@checked
def drivers(
    plan: Plan, scenario: Scenario, given: Given | None = None, indicators: tuple[str, ...] = ()
) -> Drivers:
    """Return what would have to be true for the plan's first growth target, and the growth of the others.

    >>> from planmodel import load_plan, load_scenario
    >>> result = drivers(load_plan("linhai-14fyp"), load_scenario("baseline"))
    >>> result.goal.growth, round(result.need("productivity").value, 4)
    (0.068, 0.024)
    """
    given = given or Given({})
    plan, _ = as_known(plan, scenario)
    assumed = assumed_for(plan, given)
    numbers = numbers_of(assumed)
    empty = Drivers(plan, scenario, given, assumed, numbers)
    if others := foreign(plan, assumed):
        region, country = plan.catalogue.regions[plan.region], assumed[others[0]].country
        own = plan.catalogue.regions.get(country, country)
        reason = Phrase("drivers.foreign", names=others, country=own, region=region, id=region.id)
        return replace(empty, reason=reason)
    goals, unread = [], []
    share = given.values.get("services_share")
    try:
        targets = growth_targets(plan, indicators)
    except NotAssessable as error:
        return replace(empty, reason=error.reason)
    for target in targets:
        try:
            goals.append(goal_of(plan, target, scenario, numbers.population, share, given.reading))
        except PlanmodelError as error:  # one figure that will not do costs only its own target
            unread.append((target, error.reason))
    if not goals:
        return replace(empty, reason=unread[0][1], unread=tuple(unread))
    goal = goals[0]
    past = past_growth(plan, goal, scenario)
    needs = tuple(needed(goal.growth, numbers, term, goal.n_years) for term in ONE_AT_A_TIME)
    before = needed(past.growth, numbers, "productivity", past.n_years).value if past else None
    result = replace(empty, goals=tuple(goals), unread=tuple(unread), needs=needs)
    result = replace(result, past=past, past_productivity=before)
    return replace(result, cases=_cases(result, goal))


def _cases(result: Drivers, goal: Goal) -> tuple[Case, ...]:
    numbers, n_years, cases = result.assumptions, goal.n_years, []
    if result.past is not None and result.past_productivity is not None:
        before = numbers.having("productivity", result.past_productivity)
        cases.append(Case("past", result.past.growth, contributions(before, result.past.n_years), before))
    cases.append(Case("assumed", result.reached, contributions(numbers, n_years), numbers))
    for name, term in CASES.items():
        need = result.need(term)
        if need.value is not None and need.attainable:
            met = numbers.having(term, need.value)
            cases.append(Case(name, goal.growth, contributions(met, n_years), met))
    return tuple(cases)


def swings(result: Drivers) -> pd.DataFrame:
    """Return how the productivity growth that is needed moves with each assumption, the widest swing first.

    Each is moved down and up by half the distance between the quartiles of the countries' record. One row an assumption:
    low and high in its unit, the growth needed at each in % a year, or why none will do.
    """
    rows: list[dict] = []
    for goal, name in product(result.goals[:1], SWUNG):
        lower, upper = (load_records()[name].quantile(q) for q in QUARTILES)
        least, most = EDGES.get(name, (-0.5, 0.5))
        row: dict = {"name": name, "unit": unit_of(name)}
        for end, side in (("low", -1), ("high", 1)):
            value = getattr(result.assumptions, name) + side * (upper - lower) / 2
            value = min(max(value, least), most)
            need = needed(goal.growth, result.assumptions.having(name, value), "productivity", goal.n_years)
            figure = None if need.value is None else 100 * need.value
            row |= {end: scale(name) * value, f"needed_{end}_pct": figure, f"why_{end}": need.why}
        rows.append(row)
    rows.sort(key=lambda row: -abs((row["needed_high_pct"] or 0) - (row["needed_low_pct"] or 0)))
    return framed(rows, SWING_COLUMNS, "drivers-swings")


def frontier(result: Drivers, low: float, high: float) -> pd.DataFrame:
    """Return the pairs that meet the goal, labour as assumed: productivity growth (% a year), investment share (%).

    low, high: fractions a year. Where no share of output meets it the share is NaN.
    """
    x = np.linspace(low, high, N_POINTS)
    y = trade_off(result.asked.growth, result.assumptions, result.asked.n_years, x)
    return pd.DataFrame({"productivity_pct": 100 * x, "investment_pct": 100 * y})

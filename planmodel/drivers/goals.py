"""Which targets the growth accounting can read, and the real growth of output that each asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.growth import cagr
from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.feasibility.milestones import real_nominal
from planmodel.feasibility.quantities import history_of
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import REAL, Indicator
from planmodel.plans.derived import price_changes
from planmodel.plans.kinds import NO_FIGURE, end_level
from planmodel.plans.known import until
from planmodel.plans.promises import promises
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import Record, level_history, record
from planmodel.words import Joined, Phrase
from planmodel.words.cards import Card, Rows

GDP, PER_HEAD, SERVICES, SHARE = "gdp", "gdp_per_capita", "services_va", "services_share"
READABLE = (GDP, PER_HEAD, SERVICES)
"""Indicators that are output, or output per head: what a production function explains."""
KINDS = ("annual_growth", "level", "multiple")
FEWEST_YEARS = 3
MOST_GROWTH = 10.0  # growth a year, as a fraction, up to which an accounting is worth its name


@dataclass(frozen=True, repr=False)
class Goal(Card):
    """A target read as growth of output a year, real and not per head (a fraction), with the steps that lead to it.

    stated: the growth that the target itself asks for. output: gdp, or services where reading=sector.
    """

    target: Target
    stated: float
    growth: float
    output: str
    steps: tuple[Mapping[str, str], ...]
    share_rise: float = 0.0
    """Points by which the share of services rises until the target year, where that makes growth of GDP of theirs."""

    def _card(self, lang: str) -> tuple[object, Rows]:
        title = Phrase("drivers.card.goal_of", name=self.target.indicator, id=self.target.id)
        growth = Phrase("drivers.card.growth", growth=self.growth)
        return title, [(Phrase(f"drivers.output.{self.output}"), growth), ("", Joined(self.steps, "clauses"))]

    @property
    def n_years(self) -> int:
        return self.target.n_years


@dataclass(frozen=True)
class Past:
    """Growth of the same output before the base year (a fraction a year), and how it was come by."""

    growth: float
    first_year: int
    last_year: int
    notes: tuple[Mapping[str, str], ...] = ()

    @property
    def n_years(self) -> int:
        return self.last_year - self.first_year


def growth_targets(plan: Plan, indicators: tuple[str, ...] = ()) -> tuple[Target, ...]:
    """Return the targets that can be read, the first to be asked first: headline, rates before levels, tables before prose.

    Errors: NotAssessable with the reason where there is none; PlanmodelError for an indicator without a target.
    """
    own = [t for t in plan.select(indicators) if t.region == plan.region and t.target_year > plan.base_year]
    output = [t for t in own if _output(t.indicator) in READABLE and t.kind in KINDS]
    with_figure = [t for t in output if t.target_value is not None]
    if output and not with_figure:
        raise NotAssessable(NO_FIGURE[output[0].status])
    if not output:
        raise NotAssessable(Phrase("drivers.no_such_indicator" if indicators else "drivers.nothing_to_read"))

    def order(t: Target) -> tuple:
        late, prose = t.target_year > plan.period[1], t.table == "text"
        own = _output(t.indicator)
        return t.indicator.id != plan.headline, READABLE.index(own), late, KINDS.index(t.kind), prose

    return promises(sorted(with_figure, key=order))


def _output(indicator: Indicator) -> str:
    """What an indicator of output is read as: GDP at constant prices, an indicator of its own, as GDP."""
    constant = indicator.price_basis in REAL and indicator.dependence == GDP
    return GDP if constant else indicator.id


def goal_of(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    population: float,
    services_share: float | None = None,
    reading: str = "economy",
) -> Goal:
    """Return the real growth of output that a target asks for.

    Nominal targets are deflated by the scenario. Per head: GDP grows by the population as well. Services: with
    reading=economy the GDP growth that they imply, (1+gs) / (s1/s0)^(1/n) - 1, along the share from the base year (s0) to
    the plan's end (s1: services_share, else the plan's target, else unchanged), as if services' prices moved with
    GDP's; with reading=sector the growth of services themselves.

    Errors: NotAssessable where the growth or the base share is missing.
    """
    stated, real, steps = _real_growth(plan, target, scenario)
    if not -1 < real < MOST_GROWTH:
        raise NotAssessable(Phrase("drivers.no_growth", growth=real))
    name = _output(target.indicator)
    if name == PER_HEAD:
        growth = (1 + real) * (1 + population) - 1
        steps.append(Phrase("drivers.step.per_head", population=population, growth=growth))
        return Goal(target, stated, growth, GDP, tuple(steps))
    if name != SERVICES or reading == "sector":
        return Goal(target, stated, real, GDP if name == GDP else SERVICES, tuple(steps))
    before = _base_share(plan, target)
    after, source = _end_share(plan, target, before, services_share)
    if not (before > 0 and after > 0):
        raise NotAssessable(Phrase("drivers.no_share", year=target.base_year))
    growth = (1 + real) / (after / before) ** (1 / target.n_years) - 1
    steps.append(Phrase("drivers.step.share", before=before, after=after, source=source, growth=growth))
    return Goal(target, stated, growth, GDP, tuple(steps), after - before)


def _real_growth(plan: Plan, target: Target, scenario: Scenario) -> tuple[float, float, list[Phrase]]:
    """Return the growth that a target states, and that at comparable prices, with the steps from one to the other."""
    if target.kind in ("annual_growth", "multiple") and target.price_basis in REAL:
        value = target.target_value or 0.0
        rate = value / 100 if target.kind == "annual_growth" else cagr(1, value, target.n_years)
        return rate, rate, [Phrase("drivers.step.real", growth=rate)]
    both = real_nominal(plan, target, scenario)
    if target.indicator.price_basis in REAL:
        return both.real, both.real, [Phrase("drivers.step.real", growth=both.real)]
    deflated = Phrase("drivers.step.deflated", prices=both.deflator, growth=both.real)
    return both.nominal, both.real, [Phrase("drivers.step.nominal", growth=both.nominal), deflated]


def levels_of(plan: Plan, indicator: str, region: str, as_of: int | None = None) -> pd.Series:
    """Return the levels of an indicator by year; empty where the catalogue does not have it."""
    if indicator not in plan.catalogue.indicators:
        return pd.Series(dtype=float)
    return level_history(plan, indicator, region, as_of=as_of).values


def _base_share(plan: Plan, target: Target) -> float:
    year = target.base_year
    shares = levels_of(plan, SHARE, target.region, year)
    if year in shares.index:
        return float(shares[year])
    levels = [levels_of(plan, name, target.region, year) for name in (SERVICES, GDP)]
    if all(year in values.index for values in levels):
        return float(100 * levels[0][year] / levels[1][year]) if levels[1][year] > 0 else 0.0
    raise NotAssessable(Phrase("drivers.no_share", year=year))


def _end_share(
    plan: Plan, target: Target, before: float, given: float | None
) -> tuple[float, Mapping[str, str]]:
    """Return services' share at the plan's end in percent, and where it comes from."""
    if given is not None:
        return 100 * given, Phrase("drivers.set_by_user")
    for other in plan.series.get((SHARE, target.region), ()):
        if other.target_year == target.target_year:
            level = end_level(other, before) if other.target_value is not None else None
            if level:
                return level, Phrase("drivers.target_of_plan")
    return before, Phrase("drivers.unchanged_share")


def past_growth(plan: Plan, goal: Goal, scenario: Scenario) -> Past | None:
    """Return real growth of the goal's output over about as many years up to the base year; None without a record.

    Published real growth where it covers three years or more, else nominal levels less the nation's prices.
    """
    base_year = min(goal.target.base_year, plan.base_year)
    n_years = min(goal.n_years, plan.period[1] - plan.period[0] + 1)
    indicator = plan.catalogue.indicators.get(goal.output)
    if indicator is None:
        return None
    rate: dict[str, Any] = {"kind": "annual_growth", "price_basis": "real_by_convention", "definition": ""}
    asked = replace(goal.target, indicator=indicator, **rate)
    try:
        before = until(plan, base_year)
        history, notes = history_of(before, asked, scenario)
        past = record(history, n_years, until=base_year)
        if past is None or past.last_year - past.first_year < FEWEST_YEARS:
            levels = level_history(before, indicator.id, goal.target.region)
            nominal = record(levels, n_years, until=base_year)
            if nominal is not None and nominal.last_year - nominal.first_year >= FEWEST_YEARS:
                return _deflated(plan, goal.target.region, nominal, scenario)
    except PlanmodelError:
        return None
    return None if past is None else Past(past.mean, past.first_year, past.last_year, tuple(notes))


def _deflated(plan: Plan, region: str, nominal: Record, scenario: Scenario) -> Past:
    years = range(nominal.first_year + 1, nominal.last_year + 1)
    prices = float(np.expm1(price_changes(plan, region, scenario, years).mean()))
    growth = (1 + nominal.mean) / (1 + prices) - 1
    return Past(growth, nominal.first_year, nominal.last_year, (Phrase("drivers.deflated_record"),))

"""Milestones: the annual figures on the way from a target's base to its target."""

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from planmodel.arguments import checked
from planmodel.arithmetic.growth import cagr, implied_deflator, mean_growth
from planmodel.arithmetic.paths import Trajectory, flow_path, through_nodes, trajectory
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.quantities import base_of, history_of, quantity_of, targets_by_quantity
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import REAL
from planmodel.plans.kinds import (
    NO_BASE,
    NO_FIGURE,
    SHOWN_ONLY,
    counted,
    end_level,
    falling,
    is_reduction,
    kind_of,
    required,
    throughout,
)
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import History, level_history
from planmodel.words import Phrase

INDEX_BASE = 100.0


@dataclass(frozen=True)
class Milestones:
    """A target's trajectory and what its values are.

    measure: level (in `unit`), index (base year 100), cumulated (the sum so far) or flow (the yearly flow).
    """

    plan: Plan = field(repr=False)
    target: Target = field(repr=False)
    path: Trajectory
    measure: str
    unit: str
    history: History = field(repr=False)

    def at_base_prices(self, scenario: Scenario) -> Trajectory | None:
        """Return the path in the base year's prices, of a level at current prices; None where prices play no part."""
        target, path = self.target, self.path
        priced = target.price_basis == "nominal" and target.indicator.scale in ("amount", "density")
        if self.measure != "level" or not priced:
            return None
        prices = float((1 + scenario.deflator(path.years[1:])).prod())
        first, last = int(path.years[0]), int(path.years[-1])
        return trajectory(path.values[0], path.values[-1] / prices, first, last, path.shape)


@checked
def milestones(plan: Plan, target: Target, scenario: Scenario, shape: str) -> Milestones:
    """Return the annual milestones of a target by a path shape.

    level, multiple, change_*: the level from base to target. annual_growth: the level where the growth is of the
    same price basis as the level, else an index with base 100. cumulative_sum: the sum so far. flows and floors: flat.
    Targets of annual plans (plan.nodes) are figures that the path passes through; of a "decrease of ..." the percent of a node is
    that year's decrease. Shares and levels with a base of zero take a linear path where constant growth was asked for.

    Errors: NotAssessable without a figure or a base.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> path = milestones(plan, plan.target("T2/1/1"), load_scenario("baseline"), "linear").path
    >>> path.values.round(2).tolist()
    [2669.73, 2935.78, 3201.84, 3467.89, 3733.95, 4000.0]
    """
    target = counted(target, plan.base_year)
    if not kind_of(target).path:
        raise NotAssessable(SHOWN_ONLY)
    if target.target_value is None:
        raise NotAssessable(NO_FIGURE[target.status])
    history, _ = history_of(plan, target, scenario)
    base, base_year = base_of(target, history, plan)
    target = throughout(target, base, plan.catalogue.rules["about_tolerance"])
    kind = kind_of(target)
    unit = target.unit or target.indicator.unit
    years = (target.base_year, target.target_year)
    nodes = list(plan.nodes_of.get(target.id, ()))
    if kind.path == "cumulated":
        start = start_of_flow(target, history.values.get(target.base_year), target.figure)
        path = flow_path(target.figure, start, *years, shape)
        path = _with_flows(path, {n.year: plan.catalogue.convert(n.value, n.unit, unit) for n in nodes})
        return Milestones(plan, target, path, "cumulated", unit, history)
    if kind.path in ("flow", "floor"):
        flat = np.full(target.n_years, target.figure)
        path = Trajectory(np.arange(years[0] + 1, years[1] + 1), flat, "linear")
        return Milestones(plan, target, path, "flow" if kind.flow else "level", unit, history)
    measure, unit = "level", history.unit
    from_100 = base is None or is_reduction(target) or history.chained
    if kind.path == "index" and from_100:
        base, base_year, measure, unit = INDEX_BASE, target.base_year, "index", "index"
    end = end_level(replace(target, base_year=base_year), base)
    if base is None or end is None:
        raise NotAssessable(NO_BASE)
    if shape == "constant_growth" and (target.indicator.scale == "share" or base <= 0 or end <= 0):
        shape = "linear"
    through = partial(through_nodes, base, base_year, target=end, target_year=target.target_year, shape=shape)
    stops = _horizons(plan, replace(target, base_year=base_year), base, measure, unit)
    scale, sign = 1.0, -1 if is_reduction(target) else 1
    if measure == "index":
        scale = INDEX_BASE / float(history.values.get(base_year, np.nan))
    for node in sorted(nodes, key=lambda n: n.year):
        if plan.catalogue.units[node.unit].dimension != "percent" or unit == "%":
            if measure == "index":
                raise NotAssessable(Phrase("feasibility.level_on_index"))
            stops[node.year] = plan.catalogue.convert(node.value, node.unit, unit)
            continue
        before = float(history.values.get(node.year - 1, np.nan)) * scale
        if np.isnan(before):  # growth counts from the outturn of the year before, else from the path
            before = float(through(stops).values[node.year - 1 - base_year])
        stops[node.year] = before * (1 + sign * node.value / 100)
    return Milestones(plan, target, through(stops), measure, unit, history)


def start_of_flow(target: Target, flow: float | None, total: float) -> float | None:
    """Return the yearly flow that the path of a sum starts from, None for an even path: a sum that what was done already more than
    fills asks for no decline. Of jobs, ten in five years, after 3.2 in one, are two a year.
    """
    fills = flow is not None and flow * target.n_years > total
    return None if fills and not falling(target) else flow


def _horizons(plan: Plan, target: Target, base: float, measure: str, unit: str) -> dict[int, float]:
    """What the plan promises of the same quantity for earlier years, counted from the same base: a path to 2035 goes through 2025."""
    stops: dict[int, float] = {}
    for other in targets_by_quantity(plan).get(quantity_of(plan, target), ()):
        kind = kind_of(other)
        earlier = target.base_year < other.target_year < target.target_year
        if not earlier or other.status != "printed":
            continue
        if kind.path not in ("level", "index") or (measure == "index" and kind.in_unit):
            continue
        value = end_level(replace(other, base_year=target.base_year), base)
        if value is not None and value > 0:
            value = plan.catalogue.convert(value, other.unit, unit) if kind.in_unit else value
            stops.setdefault(other.target_year, value)
    return stops


def _with_flows(path: Trajectory, flows: dict[int, float]) -> Trajectory:
    """A cumulated path whose yearly flow is given in some years; the other years share what is left in proportion."""
    if not flows:
        return path
    yearly = dict(zip(path.years[1:].tolist(), np.diff(path.values).tolist(), strict=True))
    open_years = [year for year in yearly if year not in flows]
    left, planned = path.values[-1] - sum(flows.values()), sum(yearly[year] for year in open_years)
    share = left / planned if planned else 0.0
    made = [flows.get(year, yearly[year] * share) for year in yearly]
    values = np.concatenate([[0.0], np.cumsum(made)])
    values[-1] = path.values[-1]
    return replace(path, values=values)


@dataclass(frozen=True)
class RealNominal:
    """A target read both ways under a deflator: growth a year (fractions) and the nominal level at the end."""

    target: Target
    nominal: float
    deflator: float
    real: float
    nominal_end: float | None
    past_deflator: float | None


def real_nominal(plan: Plan, target: Target, scenario: Scenario) -> RealNominal:
    """Return a growth or level target as real and as nominal growth, by the scenario's deflator path.

    A nominal target gives the real growth it leaves; a real target gives the nominal level it leads to, where the levels are
    not at constant prices.
    past_deflator: the price change implied by past nominal levels and published real growth, where both are known.

    Errors: NotAssessable where the target has no growth.
    """
    if not kind_of(target).as_growth or target.indicator.scale not in ("amount", "density"):
        raise NotAssessable(SHOWN_ONLY)
    if target.target_value is None:
        raise NotAssessable(NO_FIGURE[target.status])
    if target.price_basis == "none":
        raise NotAssessable(Phrase("feasibility.no_price"))
    steps = np.arange(target.base_year + 1, target.target_year + 1)
    prices = float(mean_growth(scenario.deflator(steps)))
    real_target = kind_of(target).growth and target.price_basis in REAL
    constant = target.indicator.price_basis in REAL
    level = level_history(plan, target.indicator.id, target.region, definition=target.definition)
    base = level.values.get(target.base_year)
    if real_target:
        real = required(target, None).value
        nominal = (1 + real) * (1 + prices) - 1
    else:
        path = milestones(plan, target, scenario, "constant_growth").path
        try:
            growth = float(cagr(path.values[0], path.values[-1], path.years[-1] - path.years[0]))
        except UndefinedGrowth as error:
            raise NotAssessable(error.message) from None
        if constant:
            real, nominal = growth, (1 + growth) * (1 + prices) - 1
        else:
            real, nominal = (1 + growth) / (1 + prices) - 1, growth
    end = None if base is None or constant else float(base * (1 + nominal) ** target.n_years)
    return RealNominal(target, nominal, prices, real, end, _past_deflator(plan, target, scenario, level))


def _past_deflator(plan: Plan, target: Target, scenario: Scenario, level: History) -> float | None:
    growth = replace(target, kind="annual_growth", price_basis="real_by_convention")
    real, _ = history_of(plan, growth, scenario)
    if not real.real or not len(real) or real.values.equals(level.values):
        return None
    unsure = (*level.derived, *real.spreads)
    past = (year for year in real.values.index if year <= target.base_year and year not in unsure)
    both = [year for year in past if level.values.get(year, 0.0) > 0]
    if len(both) < 2 or real.from_levels:
        return None
    first, last = both[0], both[-1]
    nominal, own = (cagr(h.values[first], h.values[last], last - first) for h in (level, real))
    return implied_deflator(nominal, own)

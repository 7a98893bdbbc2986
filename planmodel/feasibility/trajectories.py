"""The trajectories of a plan: the annual milestones of its targets, and the growth they mean at both prices."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.paths import PATH_SHAPES, Trajectory
from planmodel.errors import NotAssessable
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.milestones import Milestones, milestones, real_nominal
from planmodel.plans import Plan, Target, kind_of
from planmodel.plans.model import KEY, called, fields_of, framed
from planmodel.plans.promises import place, plan_targets
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase
from planmodel.words.cards import Card, Rows

COLUMNS = (*KEY, "indicator", "path_shape", "measure", "unit", "year", "value")
PRICES = (
    *KEY, "indicator", "price_basis", "nominal", "deflator", "real", "nominal_end", "unit", "past_deflator",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class PlanTrajectories(Card):
    """The trajectories of a plan's targets, implied by the targets, never forecasts.

    targets: those asked for, each promise once. milestones: of those that have a path, in the plan's order.
    """

    plan: Plan
    scenario: Scenario
    shape: str
    targets: tuple[Target, ...]
    milestones: tuple[Milestones, ...] = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """One row a target and year: the figure in its unit (measure: level, index, cumulated or flow)."""
        return _table(self.milestones, f"{self.plan.name}-milestones")

    @property
    def prices(self) -> pd.DataFrame:
        """One row a target of growth or levels: growth a year at current and at comparable prices, in %."""
        rows = []
        for target in self.targets:
            try:
                both = real_nominal(self.plan, target, self.scenario)
            except NotAssessable:
                continue
            rates = fields_of(("nominal", "deflator", "real", "past_deflator"), both)
            row = fields_of(PRICES, target, both) | fields_of(("unit",), target.indicator)
            row |= {name: None if rate is None else 100 * rate for name, rate in rates.items()}
            rows.append(row)
        return framed(rows, PRICES, f"{self.plan.name}-prices")

    def first(self, n: int = 1) -> tuple[Milestones, ...]:
        """Return the first n, the plan's headline indicator before all, then what stands in tables."""
        return tuple(sorted(self.milestones, key=lambda one: place(one.target, self.plan))[:n])

    def shapes(self, goal: Milestones) -> dict[str, Milestones]:
        """Return a target's milestones by path shape; of a sum, a flow or a floor the chosen shape alone."""
        return path_shapes(self.plan, goal.target, self.scenario, self.shape)

    def at_base_prices(self, goal: Milestones) -> Trajectory | None:
        """Return a target's path in the base year's prices, None where prices play no part."""
        return goal.at_base_prices(self.scenario)

    def _card(self, lang: str) -> tuple[object, Rows]:
        title = Phrase("feasibility.card.title", plan=self.plan.short, scenario=self.scenario.name)
        counted = Phrase("feasibility.card.of", n=len(self.targets), good=len(self.milestones))
        return title, [
            (Phrase("feasibility.card.with_path"), counted),
            (Phrase("feasibility.card.shape"), Phrase(f"terms.{self.shape}")),
        ]


@checked
def plan_trajectories(
    plan: Plan,
    scenario: Scenario,
    shape: str = "constant_growth",
    *,
    indicators: Iterable[str] = (),
    as_of: str | int | None = None,
) -> PlanTrajectories:
    """Return the trajectories of a plan's targets (of some indicators, or all) by a path shape.

    scenario: for prices. as_of: see planmodel.feasibility.assess.

    >>> from planmodel import load_plan, load_scenario
    >>> paths = plan_trajectories(load_plan("taizhou-services-14fyp"), load_scenario("baseline"), "linear")
    >>> paths.table[["plan", "value"]].head(2).round(2).values.tolist()
    [['taizhou-services-14fyp', 2669.73], ['taizhou-services-14fyp', 2935.78]]
    """
    plan, _ = as_known(plan, scenario, as_of)
    targets, paths = plan_targets(plan, indicators), []
    for target in targets:
        try:
            paths.append(milestones(plan, target, scenario, shape))
        except NotAssessable:
            continue
    return PlanTrajectories(plan, scenario, shape, targets, tuple(paths))


def path_shapes(
    plan: Plan, target: Target, scenario: Scenario, shape: str = "constant_growth"
) -> dict[str, Milestones]:
    """Return a target's milestones by path shape; of a sum, a flow or a floor the chosen shape alone.

    Errors: NotAssessable as in `milestones`.
    """
    own = milestones(plan, target, scenario, shape)
    if own.measure not in ("level", "index") or kind_of(own.target).path == "floor":
        return {shape: own}
    return {name: milestones(plan, target, scenario, name) for name in PATH_SHAPES}


def shapes_table(paths: dict[str, Milestones]) -> pd.DataFrame:
    """Return the milestones of one target by path shape, one row a shape and year."""
    tables = [_table([goal], "path-shapes").assign(path_shape=name) for name, goal in paths.items()]
    return called(pd.concat(tables or [_table([], "")], ignore_index=True), "path-shapes")


def _table(paths: Iterable[Milestones], name: str) -> pd.DataFrame:
    rows = []
    for goal in paths:
        own = fields_of((*KEY, "indicator"), goal.target) | fields_of(("measure", "unit"), goal)
        own["path_shape"] = goal.path.shape
        each = zip(goal.path.years.tolist(), goal.path.values.tolist(), strict=True)
        rows += [own | {"year": year, "value": value} for year, value in each]
    return framed(rows, COLUMNS, name)

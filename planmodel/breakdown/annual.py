"""The annual breakdown of a plan: what is due by when, target by target, in printed figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from planmodel.arithmetic.apportion import decimals_of, rounded
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.milestones import Milestones, milestones
from planmodel.plans import DERIVED, ESTIMATE, Plan, Target, kind_of
from planmodel.plans.kinds import Required, reached
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import History
from planmodel.review.derived import with_derived

NO_BASE = (
    "no base figure is printed or published: only the final figure",
    "没有基期数：只列期末数",
)
IN_STEP = ("moves with another indicator: no figure of its own", "与其他指标同步：没有自己的数字")
AS_PRINTED = ("a ratio, rank or milestone: as printed", "比例、位次、事项类目标：按规划原文")
CLEARED = ("the base already clears it: not worse in any year", "基期已达到：各年不低于（高于）此数")
UNCOUNTABLE = ("no growth path: {}", "没有增长路径：{}")
FINER, ROOM = 2, 0.1
"""A milestone has at most so many decimals more than the target prints: until rounding is below a tenth of a year's step."""
INDEX_DECIMALS, SIGNIFICANT = 1, 3


@dataclass(frozen=True)
class YearFigure:
    """What is due in a year.

    figure: the milestone with the decimals of print, None where there is none. flow: the flow of the year for a sum.
    asked: what the year needs: growth over the year before, pp, units, or the flow. node: an annual plan sets the
    figure. outturn: the figure of that year, in the unit of the line, None where it is not known. derived: it follows
    from other published figures (planmodel.review.derived).
    """

    year: int
    figure: Decimal | None
    flow: Decimal | None = None
    asked: Required | None = None
    node: bool = False
    outturn: float | None = None
    derived: bool = False


@dataclass(frozen=True)
class Line:
    """A target by year, from the base to its target year.

    measure: level, index (base 100), cumulated (sum so far), flow (each year), mean_flow (each year on average),
    floor (never worse in any year: a floor or a ceiling), final (only the final figure), printed (a ratio, rank, milestone or "in step with"), none (no
    figure is printed). reason: why it has no figure for each year.
    """

    target: Target
    measure: str
    unit: str
    base: Decimal | None = None
    base_year: int | None = None
    years: tuple[YearFigure, ...] = ()
    reason: Mapping[str, str] = field(default_factory=dict)

    @property
    def final(self) -> Decimal | None:
        """The figure of the target year."""
        return self.years[-1].figure if self.years else None

    @property
    def by_year(self) -> bool:
        """True where each year has a figure."""
        return self.measure not in ("final", "printed", "none")

    def of(self, year: int) -> YearFigure | None:
        """Return what is due in a year, None where nothing is."""
        return next((found for found in self.years if found.year == year), None)


@dataclass(frozen=True)
class Breakdown:
    """A plan by year. known: the plan with the observations that were known; lines: binding first, else in order."""

    plan: Plan
    known: Plan = field(repr=False)
    scenario: Scenario
    shape: str
    lines: tuple[Line, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the plan."""
        first, last = self.plan.period
        return tuple(range(first, last + 1))

    @property
    def owners(self) -> tuple[str, ...]:
        """The bodies that the plan names, leading ones first, in the order of the document."""
        leading = [line.target.owner[0] for line in self.lines if line.target.owner]
        others = [owner for line in self.lines for owner in line.target.owner[1:]]
        return tuple(dict.fromkeys([*leading, *others]))


def break_down(
    plan: Plan,
    scenario: Scenario,
    shape: str = "constant_growth",
    *,
    indicators: tuple[str, ...] = (),
    known: Plan | None = None,
) -> Breakdown:
    """Return a plan's targets by year, by the path shape and through the nodes of annual plans.

    known: the plan as it was known at a moment (planmodel.plans.known), for outturns; default: all observations. Milestones
    count from what the plan could know: its base year.

    Errors: PlanmodelError for an unknown path shape or indicator.

    >>> from planmodel import load_plan, load_scenario
    >>> found = break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline"), "linear")
    >>> line = next(line for line in found.lines if line.target.id == "T2/1/1")
    >>> [str(y.figure) for y in line.years]
    ['2936', '3202', '3468', '3734', '4000']
    """
    known = with_derived(known or plan, scenario)
    ahead = [t for t in plan.select(indicators) if t.target_year > plan.base_year]
    lines = [line_of(plan, target, scenario, shape, known) for target in ahead]
    lines.sort(key=lambda line: not line.target.binding)
    return Breakdown(plan, known, scenario, shape, tuple(lines))


def line_of(plan: Plan, target: Target, scenario: Scenario, shape: str, known: Plan) -> Line:
    """Return one target by year; with a reason where it has no path."""
    if target.kind == "relative":
        return _printed(target, IN_STEP)
    if kind_of(target).shown_only:
        return _printed(target, AS_PRINTED)
    try:
        found = milestones(plan, target, scenario, shape)
    except NotAssessable as error:
        if target.target_value is None:
            return replace(_printed(target, (error.reason["en"], error.reason["zh"])), measure="none")
        no_base = error.reason["en"].startswith("no base")
        return _final(target, NO_BASE if no_base else (error.reason["en"], error.reason["zh"]))
    except UndefinedGrowth as error:
        return _final(target, tuple(text.format(error) for text in UNCOUNTABLE))
    nodes = {node.year for node in plan.nodes if node.target == target.id}
    seen, derived = _outturns(known, target, scenario, shape, found)
    tolerance = plan.catalogue.rules["about_tolerance"]
    cleared = (
        target.kind == "level"
        and not nodes
        and target.comparator in ("ge", "gt", "le", "lt")
        and found.measure == "level"
        and int(found.path.years[0]) == target.base_year
        and bool(reached(target, float(found.path.values[0]), tolerance))
    )
    if found.measure == "flow" or target.kind == "keep" or cleared:
        line = _each_year(target, found, seen)
    elif found.measure == "cumulated":
        line = _sum(target, found, nodes, seen)
    else:
        line = _path(target, found, nodes, seen)
    return replace(line, years=tuple(replace(y, derived=y.year in derived) for y in line.years))


def _printed(target: Target, reason: tuple[str, str]) -> Line:
    return Line(target, "printed", target.unit, reason={"en": reason[0], "zh": reason[1]})


def _final(target: Target, reason: tuple[str, str]) -> Line:
    last = YearFigure(target.target_year, Decimal(target.target_digits))
    return Line(target, "final", target.unit, years=(last,), reason={"en": reason[0], "zh": reason[1]})


def _each_year(target: Target, found: Milestones, seen: Mapping[int, float]) -> Line:
    """A floor, a ceiling or a flow: the printed figure in every year."""
    measure = "floor" if target.kind in ("keep", "level") else "flow"
    if target.kind == "mean_annual_flow":
        measure = "mean_flow"
    figure = Decimal(target.target_digits)
    years = tuple(
        YearFigure(
            year,
            figure,
            asked=Required(float(figure), "flow") if measure != "floor" else None,
            outturn=seen.get(year),
        )
        for year in range(target.base_year + 1, target.target_year + 1)
    )
    base = found.history.values.get(target.base_year)
    made = None if base is None else rounded(base, _origin_decimals(found, target.base_year, figure))
    reason = dict(zip(("en", "zh"), CLEARED, strict=True)) if target.kind == "level" else {}
    return Line(target, measure, found.unit, made, None if base is None else target.base_year, years, reason)


def _sum(target: Target, found: Milestones, nodes: set[int], seen: Mapping[int, float]) -> Line:
    """A sum over the plan: the sum so far, and the flows as differences of printed sums, so that they add up."""
    path = dict(zip(found.path.years.tolist(), found.path.values.tolist(), strict=True))
    end = Decimal(target.target_digits)
    decimals = _decimals(target, list(path.values()), decimals_of(target.target_digits))
    sums = {year: rounded(value, decimals) for year, value in path.items()}
    last = found.path.years[-1]
    sums[int(last)] = end
    years = tuple(
        YearFigure(
            year,
            sums[year],
            sums[year] - sums[before],
            Required(path[year] - path[before], "flow"),
            year in nodes,
            seen.get(year),
        )
        for before, year in pairwise(path)
    )
    return Line(target, "cumulated", found.unit, Decimal(0), target.base_year, years)


def _path(target: Target, found: Milestones, nodes: set[int], seen: Mapping[int, float]) -> Line:
    """A level or an index from the base to the target."""
    path = dict(zip(found.path.years.tolist(), found.path.values.tolist(), strict=True))
    base_year, last = int(found.path.years[0]), int(found.path.years[-1])
    index = found.unit == "index"
    scale = 100 / path[base_year] if index else 1.0
    levels = {year: scale * value for year, value in path.items()}
    if target.kind == "level" and not index:
        least = decimals_of(target.target_digits)
    elif index:
        least = INDEX_DECIMALS
    else:
        least = _origin_decimals(found, base_year, Decimal(target.base_digits or "0"))
        if target.kind in ("change_pp", "change_units", "change_pp_per_year"):
            least = max(least, decimals_of(target.target_digits))
    decimals = _decimals(target, list(levels.values()), least)
    made = {year: rounded(value, decimals) for year, value in levels.items()}
    if target.kind == "level" and not index:
        made[last] = Decimal(target.target_digits)
    share = target.indicator.scale == "share"
    years = tuple(
        YearFigure(
            year,
            made[year],
            asked=_asked(levels[before], levels[year], share),
            node=year in nodes,
            outturn=seen.get(year),
        )
        for before, year in pairwise(levels)
    )
    base = made[base_year]
    if not index:
        base = rounded(levels[base_year], _origin_decimals(found, base_year, base))
    return Line(target, "index" if index else "level", found.unit, base, base_year, years)


def _asked(before: float, after: float, share: bool) -> Required:
    if share:
        return Required(after - before, "pp")
    if before > 0 and after > 0:
        return Required(after / before - 1, "growth")
    return Required(after - before, "units")


def _decimals(target: Target, values: list[float], least: int) -> int:
    """The decimals of the target, or as many more as it takes to tell years apart; things that are counted stay whole."""
    indicator = target.indicator
    if indicator.scale == "amount" and indicator.price_basis == "none" and indicator.unit in WHOLE:
        return least
    steps = [abs(b - a) for a, b in pairwise(values) if abs(b - a) > 1e-9]
    step = min(steps, default=1.0)
    return next((d for d in range(least, least + FINER) if 0.5 * 10**-d <= ROOM * step), least + FINER)


WHOLE = ("家", "个", "人", "件", "条", "项", "笔", "张", "所", "次", "位", "标箱")
"""Units of things that come whole."""


def _origin_decimals(found: Milestones, year: int, fallback: Decimal) -> int:
    """The decimals of the figure of the base year: as it was printed, else those of the fallback."""
    target, origin = found.target, found.history.origins.get(year)
    if target.base_value is not None and target.base_unit == found.unit and year == target.base_year:
        return decimals_of(target.base_digits)
    if origin is not None and origin.measure == "value" and origin.unit == found.unit:
        return min(decimals_of(origin.digits), 4)
    value = abs(float(found.history.values.get(year, fallback))) or 1.0
    return max(0, -fallback.as_tuple().exponent, SIGNIFICANT - 1 - math.floor(math.log10(value)))


def _outturns(
    known: Plan, target: Target, scenario: Scenario, shape: str, found: Milestones
) -> tuple[dict[int, float], frozenset[int]]:
    """The known figures of the years after the base, on the scale of the line, and the years from which they are derived."""
    try:
        history = milestones(known, target, scenario, shape).history
    except (NotAssessable, UndefinedGrowth):
        return {}, frozenset()
    start = int(found.path.years[0])
    made = {year for year, o in history.origins.items() if o.vintage in (DERIVED, ESTIMATE) and year > start}
    seen = _on_scale(history, target, found, start)
    first = min(made, default=None)
    chained = found.unit == "index" and first is not None
    return seen, frozenset(year for year in seen if year in made or chained and year >= first)


def _on_scale(history: History, target: Target, found: Milestones, start: int) -> dict[int, float]:
    """Figures after the base on the scale of the line; sums need every year so far."""
    values = {int(y): float(v) for y, v in history.values.items() if int(y) <= target.target_year}
    if found.measure == "cumulated":
        sums, total = {}, 0.0
        for year in range(start + 1, target.target_year + 1):
            if year not in values:
                break
            total += values[year]
            sums[year] = total
        return sums
    if found.unit == "index":
        if start not in values or history.unit != found.history.unit:
            return {}
        return {year: 100 * value / values[start] for year, value in values.items() if year > start}
    first = target.base_year if found.measure == "flow" or target.kind == "keep" else start
    return {year: value for year, value in values.items() if year > first and history.unit == found.unit}

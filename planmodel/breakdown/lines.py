"""Lines of a breakdown: one target by year, in printed figures that add up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from planmodel.arithmetic.apportion import decimals_of, rounded
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.milestones import Milestones, milestones
from planmodel.plans import DERIVED, ESTIMATE, Plan, Target
from planmodel.plans.kinds import NO_BASE, Required, kind_of, reached
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import History
from planmodel.words import Phrase

BY_YEAR = ("level", "index", "cumulated", "flow", "mean_flow", "floor")
"""Measures of lines with a figure for each year."""
FINER, ROOM = 2, 0.1
"""A milestone has at most so many decimals more than the target prints: until rounding is below a tenth of a year's step."""
INDEX_DECIMALS, SIGNIFICANT = 1, 3
COUNTED = (
    "firm", "item", "person", "case", "tiao", "xiang", "order", "bed", "institution", "occurrence", "rank", "TEU",
)  # fmt: skip
"""Dimensions of units of things that come whole."""


@dataclass(frozen=True)
class YearFigure:
    """What is due in a year.

    figure: the milestone with the decimals of print, None where there is none. flow: the flow of the year for a sum.
    asked: what the year needs: growth over the year before, pp, units, or the flow. node: an annual plan sets the
    figure. outturn: the figure of that year, in the unit of the line, None where it is not known. derived: it follows
    from other published figures (planmodel.plans.derived).
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
        return self.measure in BY_YEAR

    def of(self, year: int) -> YearFigure | None:
        """Return what is due in a year, None where nothing is."""
        return next((due for due in self.years if due.year == year), None)


def line_of(plan: Plan, target: Target, scenario: Scenario, shape: str, known: Plan) -> Line:
    """Return one target by year; with a reason where it has no path."""
    kind = kind_of(target)
    if not kind.path:
        return _printed(target, Phrase("breakdown.in_step" if kind.growth else "breakdown.as_printed"))
    try:
        way = milestones(plan, target, scenario, shape)
    except NotAssessable as error:
        if target.target_value is None:
            return replace(_printed(target, error.reason), measure="none")
        return _final(target, Phrase("breakdown.no_base") if error.reason == NO_BASE else error.reason)
    except UndefinedGrowth as error:
        return _final(target, Phrase("breakdown.uncountable", error=error.message))
    nodes = {node.year for node in plan.nodes if node.target == target.id}
    seen, derived = _outturns(known, target, scenario, shape, way)
    if way.measure == "flow" or kind.path == "floor" or _cleared(plan, target, way, nodes):
        line = _each_year(target, way, seen)
    else:
        unit = plan.catalogue.units.get(target.indicator.unit)
        whole = target.indicator.scale == "amount" and unit is not None and unit.dimension in COUNTED
        whole = whole and unit is not None and unit.factor == 1
        line = (_sum if way.measure == "cumulated" else _path)(target, way, nodes, seen, whole)
    return replace(line, years=tuple(replace(due, derived=due.year in derived) for due in line.years))


def _cleared(plan: Plan, target: Target, way: Milestones, nodes: set[int]) -> bool:
    """True for a level at or above (below) a figure that its base year reached already."""
    return (
        _is_level(target)
        and not nodes
        and target.comparator in ("ge", "gt", "le", "lt")
        and int(way.path.years[0]) == target.base_year
        and bool(reached(target, float(way.path.values[0]), plan.catalogue.rules["about_tolerance"]))
    )


def _is_level(target: Target) -> bool:
    """True where the figure of the target is the last one of its path."""
    return kind_of(target).path == "level" and kind_of(target).in_unit


def _printed(target: Target, reason: Mapping[str, str]) -> Line:
    return Line(target, "printed", target.unit, reason=reason)


def _final(target: Target, reason: Mapping[str, str]) -> Line:
    last = YearFigure(target.target_year, Decimal(target.target_digits))
    return Line(target, "final", target.unit, years=(last,), reason=reason)


def _each_year(target: Target, way: Milestones, seen: Mapping[int, float]) -> Line:
    """A floor, a ceiling or a flow: the printed figure in every year."""
    kind, figure = kind_of(target), Decimal(target.target_digits)
    measure = "floor" if not kind.flow else "flow" if kind.every_year else "mean_flow"
    asked = Required(float(figure), "flow") if kind.flow else None
    years = tuple(
        YearFigure(year, figure, asked=asked, outturn=seen.get(year))
        for year in range(target.base_year + 1, target.target_year + 1)
    )
    base = way.history.values.get(target.base_year)
    made = None if base is None else rounded(base, _origin_decimals(way, target.base_year, figure))
    reason = Phrase("breakdown.cleared") if _is_level(target) else {}
    return Line(target, measure, way.unit, made, None if base is None else target.base_year, years, reason)


def _sum(target: Target, way: Milestones, nodes: set[int], seen: Mapping[int, float], whole: bool) -> Line:
    """A sum over the plan: the sum so far, and the flows as differences of printed sums, so that they add up."""
    path = _by_year(way)
    decimals = _decimals(list(path.values()), decimals_of(target.target_digits), whole)
    sums = {year: rounded(value, decimals) for year, value in path.items()}
    sums[max(path)] = Decimal(target.target_digits)
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
    return Line(target, "cumulated", way.unit, Decimal(0), target.base_year, years)


def _path(target: Target, way: Milestones, nodes: set[int], seen: Mapping[int, float], whole: bool) -> Line:
    """A level or an index from the base to the target."""
    path, index = _by_year(way), way.unit == "index"
    base_year = min(path)
    scale = 100 / path[base_year] if index else 1.0
    levels = {year: scale * value for year, value in path.items()}
    if index:
        least = INDEX_DECIMALS
    elif _is_level(target):
        least = decimals_of(target.target_digits)
    else:
        least = _origin_decimals(way, base_year, Decimal(target.base_digits or "0"))
        if kind_of(target).change:
            least = max(least, decimals_of(target.target_digits))
    decimals = _decimals(list(levels.values()), least, whole)
    made = {year: rounded(value, decimals) for year, value in levels.items()}
    if _is_level(target) and not index:
        made[max(path)] = Decimal(target.target_digits)
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
        base = rounded(levels[base_year], _origin_decimals(way, base_year, base))
    return Line(target, "index" if index else "level", way.unit, base, base_year, years)


def _by_year(way: Milestones) -> dict[int, float]:
    return dict(zip(way.path.years.tolist(), way.path.values.tolist(), strict=True))


def _asked(before: float, after: float, share: bool) -> Required:
    if share:
        return Required(after - before, "pp")
    if before > 0 and after > 0:
        return Required(after / before - 1, "growth")
    return Required(after - before, "units")


def _decimals(values: list[float], least: int, whole: bool) -> int:
    """The decimals of the target, or as many more as it takes to tell years apart; things that are counted stay whole."""
    if whole:
        return least
    steps = [abs(b - a) for a, b in pairwise(values) if abs(b - a) > 1e-9]
    step = min(steps, default=1.0)
    return next((d for d in range(least, least + FINER) if 0.5 * 10**-d <= ROOM * step), least + FINER)


def _origin_decimals(way: Milestones, year: int, fallback: Decimal) -> int:
    """The decimals of the figure of the base year: as it was printed, else those of the fallback."""
    target, origin = way.target, way.history.origins.get(year)
    if target.base_value is not None and target.base_unit == way.unit and year == target.base_year:
        return decimals_of(target.base_digits)
    if origin is not None and origin.measure == "value" and origin.unit == way.unit:
        return min(decimals_of(origin.digits), 4)
    value = abs(float(way.history.values.get(year, fallback))) or 1.0
    return max(decimals_of(str(fallback)), SIGNIFICANT - 1 - math.floor(math.log10(value)))


def _outturns(
    known: Plan, target: Target, scenario: Scenario, shape: str, way: Milestones
) -> tuple[dict[int, float], frozenset[int]]:
    """The known figures of the years after the base, on the scale of the line, and the years from which they are derived."""
    try:
        history = milestones(known, target, scenario, shape).history
    except (NotAssessable, UndefinedGrowth):
        return {}, frozenset()
    start = int(way.path.years[0])
    made = {year for year, o in history.origins.items() if o.vintage in (DERIVED, ESTIMATE) and year > start}
    seen = _on_scale(history, target, way, start)
    first = min(made, default=None)
    chained = first if way.unit == "index" and first is not None else max(seen, default=0) + 1
    return seen, frozenset(year for year in seen if year in made or year >= chained)


def _on_scale(history: History, target: Target, way: Milestones, start: int) -> dict[int, float]:
    """Figures after the base on the scale of the line; sums need every year so far."""
    values = {int(y): float(v) for y, v in history.values.items() if int(y) <= target.target_year}
    if way.measure == "cumulated":
        sums, total = {}, 0.0
        for year in range(start + 1, target.target_year + 1):
            if year not in values:
                break
            total += values[year]
            sums[year] = total
        return sums
    if way.unit == "index":
        if start not in values or history.unit != way.history.unit:
            return {}
        return {year: 100 * value / values[start] for year, value in values.items() if year > start}
    first = target.base_year if way.measure == "flow" or kind_of(target).path == "floor" else start
    return {year: value for year, value in values.items() if year > first and history.unit == way.unit}

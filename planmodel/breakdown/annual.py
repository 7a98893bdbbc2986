"""The annual breakdown of a plan: what is due by when, target by target, in printed figures that add up."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import accumulate, pairwise, takewhile

import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.apportion import decimals_of, rounded
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.milestones import Milestones, milestones
from planmodel.plans import DERIVED, ESTIMATE, Plan, Target
from planmodel.plans.kinds import NO_BASE, Required, change_a_year, kind_of
from planmodel.plans.promises import promises
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase, by_language, said
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "table", "number", "part", "indicator", "region", "owner", "attribute", "kind", "comparator",
    "target_printed", "target_year", "measure", "unit", "base_year", "base", "year", "figure", "flow", "asked",
    "asked_unit", "node", "outturn", "derived", "reason",
)  # fmt: skip
"""Of the table of a breakdown: those that files have and others script against."""
BESIDE = (
    "base_printed", "figure_printed", "flow_printed", "name", "target_value", "target_upper", "target_unit", "status",
    "relative_to",
)  # fmt: skip
"""More of its columns: figures with the decimals of print, and what a reader's table needs."""
NUMBERS = ("base", "figure", "flow", "asked", "outturn", "target_value", "target_upper")
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
    def by_year(self) -> bool:
        """True where each year has a figure."""
        return self.measure in BY_YEAR


@dataclass(frozen=True, repr=False)
class Breakdown(Card):
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
    def known_until(self) -> int | None:
        """The last year with an outturn, None where none is known."""
        known = (due.year for line in self.lines for due in line.years if due.outturn is not None)
        return max(known, default=None)

    @property
    def owners(self) -> tuple[str, ...]:
        """The bodies that the plan names, leading ones first, in the order of the document."""
        leading = [line.target.owner[0] for line in self.lines if line.target.owner]
        others = [owner for line in self.lines for owner in line.target.owner[1:]]
        return tuple(dict.fromkeys([*leading, *others]))

    @property
    def promises(self) -> tuple[Line, ...]:
        """The lines, each promise once."""
        return promises(self.lines)

    @property
    def table(self) -> pd.DataFrame:
        """One row a target and year; asked is in % a year, pp or units, as asked_unit says.

        A target without figures by year has one row with its reason. node: an annual plan sets the figure. *_printed: the
        figure as text, with the decimals of print.

        >>> from planmodel import load_plan, load_scenario
        >>> table = break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline")).table
        >>> table[(table.table == "T2") & (table.number == "1")].figure_printed.tolist()
        ['2895', '3138', '3403', '3689', '4000']
        """
        rows = [row for line in self.lines for row in _rows(line, self.plan)]
        table = pd.DataFrame(rows, columns=[*COLUMNS, *BESIDE])
        whole = {"year": "Int64", "base_year": "Int64", "node": bool, "derived": bool}
        return table.astype({**whole, **dict.fromkeys(NUMBERS, float)})

    def _card(self, lang: str) -> tuple[object, Rows]:
        once, known = self.promises, self.known_until
        counts = {"n": len(once), "by_year": sum(line.by_year for line in once)}
        return Phrase("breakdown.card.title", plan=self.plan.title), [
            (Phrase("terms.scenario"), self.scenario.name),
            (Phrase("breakdown.card.shape"), Phrase(f"terms.{self.shape}")),
            (Phrase("breakdown.card.targets"), Phrase("breakdown.card.by_year", **counts)),
            (Phrase("breakdown.card.outturns"), known and Phrase("breakdown.card.up_to", year=known)),
            (Phrase("terms.owner"), len(self.owners) or ""),
        ]


def _rows(line: Line, plan: Plan) -> Iterator[dict[str, object]]:
    """The rows of the table of one target: one a year, or one that says why there is none."""
    target = line.target
    name: object = target.indicator
    if target.region != plan.region:
        name = Phrase("breakdown.in_region", name=name, region=plan.catalogue.regions[target.region])
    row = vars(target) | vars(line) | {"indicator": target.indicator.id, "target_unit": target.unit}
    row |= {"name": by_language(lambda lang: said(name, lang)), "owner": "; ".join(target.owner)}
    row["reason"] = line.reason or ""
    for due in line.years or (None,):
        of_year = vars(due or YearFigure(0, None)) | {"year": due and due.year}
        asked = (None, "") if due is None or due.asked is None else due.asked.in_unit(line.unit)
        figures = {"base": line.base, "figure": of_year["figure"], "flow": of_year["flow"]}
        printed = {f"{n}_printed": "" if value is None else str(value) for n, value in figures.items()}
        yield row | of_year | figures | printed | dict(zip(("asked", "asked_unit"), asked, strict=True))


@checked
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
    >>> result = break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline"), "linear")
    >>> line = next(line for line in result.lines if line.target.id == "T2/1/1")
    >>> [str(due.figure) for due in line.years]
    ['2936', '3202', '3468', '3734', '4000']
    """
    known, _ = as_known(known or plan, scenario)
    ahead = [t for t in plan.select(indicators) if t.target_year > plan.base_year]
    lines = [line_of(plan, target, scenario, shape, known) for target in ahead]
    lines.sort(key=lambda line: not line.target.binding)
    return Breakdown(plan, known, scenario, shape, tuple(lines))


def line_of(plan: Plan, target: Target, scenario: Scenario, shape: str, known: Plan) -> Line:
    """Return one target by year; with a reason where it has no path."""
    kind = kind_of(target)
    if not kind.path:
        shown = Phrase("breakdown.in_step" if kind.growth else "breakdown.as_printed")
        return Line(target, "printed", target.unit, reason=shown)
    try:
        way = milestones(plan, target, scenario, shape)
    except (NotAssessable, UndefinedGrowth) as error:
        reason = error.reason if isinstance(error, NotAssessable) else None
        if target.target_value is None and reason:
            return Line(target, "none", target.unit, reason=reason)
        last = YearFigure(target.target_year, Decimal(target.target_digits))
        if reason == NO_BASE:
            reason = Phrase("breakdown.no_base")
        uncountable = Phrase("breakdown.uncountable", error=error.message)
        return Line(target, "final", target.unit, years=(last,), reason=reason or uncountable)
    nodes = {node.year for node in plan.nodes_of.get(target.id, ())}
    flat = _is_flat(way)
    cleared = Phrase("breakdown.cleared") if flat and kind_of(target).is_level else {}
    line = _each_year(way) if flat else _path(way)
    try:
        seen = _outturns(way, milestones(known, target, scenario, shape))
    except (NotAssessable, UndefinedGrowth):
        seen = {}
    years = []
    for due in line.years:
        outturn, derived = seen.get(due.year, (None, False))
        node = due.year in nodes and not flat
        years.append(replace(due, node=node, outturn=outturn, derived=derived))
    return replace(line, target=target, years=tuple(years), reason=cleared)


def _is_flat(way: Milestones) -> bool:
    """True where every year has the same figure: of a flow, and of a bound that its base keeps already."""
    return way.measure == "flow" or kind_of(way.target).path == "floor"


def _each_year(way: Milestones) -> Line:
    """A floor, a ceiling or a flow: the printed figure in every year."""
    target, kind, figure = way.target, kind_of(way.target), Decimal(way.target.target_digits)
    measure = "floor" if not kind.flow else "flow" if kind.every_year else "mean_flow"
    asked = Required(float(figure), "flow") if kind.flow else None
    span = range(target.base_year + 1, target.target_year + 1)
    years = tuple(YearFigure(year, figure, asked=asked) for year in span)
    base = way.history.values.get(target.base_year)
    made = None if base is None else rounded(base, _origin_decimals(way, target.base_year, figure))
    return Line(target, measure, way.unit, made, None if base is None else target.base_year, years)


def _path(way: Milestones) -> Line:
    """A level or an index from the base to the target, or a sum so far, whose flows are differences of printed sums."""
    target, kind = way.target, kind_of(way.target)
    levels = dict(zip(way.path.years.tolist(), way.path.values.tolist(), strict=True))
    start, end = min(levels), max(levels)
    measure = "cumulated" if way.measure == "cumulated" else "index" if way.unit == "index" else "level"
    printed = measure == "cumulated" or (measure == "level" and kind_of(target).is_level)
    least = decimals_of(target.target_digits)
    if measure == "index":
        scale, least = 100 / levels[start], INDEX_DECIMALS
        levels = {year: scale * value for year, value in levels.items()}
    elif not printed:
        origin = _origin_decimals(way, start, Decimal(target.base_digits or "0"))
        least = max(origin, least) if kind.change else origin
    decimals = _decimals(way, list(levels.values()), least)
    figures = {year: rounded(value, decimals) for year, value in levels.items()}
    if printed:
        figures[end] = Decimal(target.target_digits)
    growing = min(levels.values()) > 0  # else no year is told as growth: one measure for all
    years = tuple(
        YearFigure(year, figures[year], asked=_asked(way, levels[before], levels[year], growing))
        for before, year in pairwise(levels)
    )
    if measure == "cumulated":
        flows = (figures[year] - figures[before] for before, year in pairwise(figures))
        years = tuple(replace(due, flow=flow) for due, flow in zip(years, flows, strict=True))
        return Line(target, measure, way.unit, Decimal(0), target.base_year, years)
    base = figures[start]
    if measure == "level":
        base = rounded(levels[start], _origin_decimals(way, start, base))
    return Line(target, measure, way.unit, base, start, years)


def _asked(way: Milestones, before: float, after: float, growing: bool) -> Required:
    if way.measure == "cumulated":
        return Required(after - before, "flow")
    return change_a_year(way.target, way.unit, before, after, 1, growing)


def _decimals(way: Milestones, values: list[float], least: int) -> int:
    """The decimals of the target, or as many more as it takes to tell years apart; things that are counted stay whole."""
    indicator = way.target.indicator
    unit = way.plan.catalogue.units.get(indicator.unit)
    if indicator.scale == "amount" and unit is not None and unit.dimension in COUNTED and unit.factor == 1:
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


def _outturns(way: Milestones, known: Milestones) -> dict[int, tuple[float, bool]]:
    """The known figures of the years after the base, on the scale of the line, and whether each is derived."""
    target, history, start = way.target, known.history, int(way.path.years[0])
    values = {int(y): float(v) for y, v in history.values.items() if int(y) <= target.target_year}
    index = way.unit == "index" and way.measure != "cumulated"
    seen: dict[int, float] = {}
    if way.measure == "cumulated":  # sums need every year so far
        years = list(takewhile(values.__contains__, range(start + 1, target.target_year + 1)))
        seen = dict(zip(years, accumulate(values[year] for year in years), strict=True))
    elif index and start in values and history.unit == way.history.unit:
        seen = {year: 100 * value / values[start] for year, value in values.items() if year > start}
    elif not index and history.unit == way.unit:
        first = target.base_year if _is_flat(way) else start
        seen = {year: value for year, value in values.items() if year > first}
    made = {year for year, o in history.origins.items() if o.vintage in (DERIVED, ESTIMATE) and year > start}
    chained = min(made) if index and made else math.inf
    return {year: (value, year in made or year >= chained) for year, value in seen.items()}

"""Statements: every figure a plan prints, or that is published for it, as a quantity with what its print allows.

Levels stand in the catalogue's unit of the indicator, growth in fractions, changes in the level's unit or in points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from planmodel.arithmetic.intervals import Interval, printed
from planmodel.errors import UndefinedGrowth
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.identities import Term

OUTTURN, TARGET = "outturn", "target"
READINGS = ("point", "lenient", "open")
"""How a figure with a comparator is read: as printed; overshot a little (data/rules.yaml); overshot without limit."""
UP, DOWN = ("ge", "gt"), ("le", "lt")
MEASURE_OF_KIND = {
    "level": "value", "keep": "value", "annual_growth": "growth", "cumulative_sum": "sum", "annual_flow": "flow",
    "mean_annual_flow": "flow", "cumulative_change_pct": "total", "change_units": "change", "change_pp": "change",
    "change_pp_per_year": "change", "multiple": "multiple",
}  # fmt: skip
MEASURE_OF_OBSERVATION = {
    "value": "value", "growth": "growth", "mean_growth": "growth", "total_growth": "total", "sum": "sum", "mean": "flow",
    "change_pp": "change", "change_units": "change", "mean_change_pp": "change", "rank": "rank",
}  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One figure: what it measures, of what, over which years, in which world, and where it stands.

    measure: value (a level), growth (a year), total (growth in all), multiple (last over base), change (last minus
    base), sum (over the years), flow (in each or the mean year), rank. world: outturn or target.
    figure: what its digits allow; text: as shown in a sentence.
    """

    indicator: Indicator
    region: str
    measure: str
    first: int
    last: int
    world: str
    figure: Interval
    text: str
    unit: str
    comparator: str
    basis: str
    definition: str
    vintage: str
    source: str
    target: Target | None = field(default=None, repr=False)
    spare: float = 0.0

    @property
    def n_years(self) -> int:
        return self.last - self.first + 1

    @property
    def key(self) -> tuple[str, str, str]:
        return self.indicator.id, self.region, self.definition

    @property
    def own(self) -> bool:
        """True where the plan itself prints the figure."""
        return self.vintage == "plan"

    @property
    def point(self) -> Interval:
        """The figure as printed, without what its decimals allow."""
        return Interval(self.figure.middle, self.figure.middle)

    @property
    def floor(self) -> bool:
        return self.comparator in (*UP, *DOWN)

    def reading(self, how: str) -> Interval:
        """Return what the figure allows when its comparator is read in one of READINGS."""
        if how == "point" or not self.floor:
            return self.figure
        room = float("inf") if how == "open" else self.spare
        if self.comparator in UP:
            return Interval(self.figure.low, self.figure.high + room)
        return Interval(self.figure.low - room, self.figure.high)


@dataclass(frozen=True)
class Facts:
    """What the rules look at: the plan and its statements; `siblings` are the other plans by name."""

    plan: Plan
    statements: tuple[Statement, ...]
    siblings: Mapping[str, Plan] = field(default_factory=dict, repr=False)

    @property
    def catalogue(self) -> Catalogue:
        return self.plan.catalogue

    @property
    def rules(self) -> Mapping:
        return self.plan.catalogue.rules["audit"]

    def find(self, *, own: bool = True, **wanted) -> tuple[Statement, ...]:
        """Return the statements with some attributes; with `own`, only what the plan itself prints.

        `indicator` is an id; `key` is (indicator id, region, definition).
        """
        found = []
        indicator = wanted.pop("indicator", None)
        for statement in self._by_indicator.get(indicator, ()) if indicator else self.statements:
            if own and not statement.own:
                continue
            if all(getattr(statement, name) == value for name, value in wanted.items()):
                found.append(statement)
        return tuple(found)

    @cached_property
    def _by_indicator(self) -> dict[str, list[Statement]]:
        index: dict[str, list[Statement]] = {}
        for statement in self.statements:
            index.setdefault(statement.indicator.id, []).append(statement)
        return index

    def levels(self, key: tuple[str, str, str], year: int, world: str, *, published: bool = False):
        """Return the levels of a year: the plan's own, and without one, where asked, published ones."""
        indicator, region, definition = key
        wanted = {"measure": "value", "last": year, "world": world, "region": region}
        found = self.find(indicator=indicator, definition=definition, **wanted)
        if not found and published:
            found = self.find(indicator=indicator, definition=definition, own=False, **wanted)
        return found

    def values_of(self, term: Term, year: int, world: str) -> tuple[Statement, ...]:
        """Return the levels of an identity's term in a year, by the standard definition."""
        return self.levels((term.indicator, term.region or self.plan.region, ""), year, world)


def judge(compare: Callable, statements: Iterable[Statement]) -> str:
    """Return how badly figures disagree: "" (print or comparator explains it), tension or contradiction.

    compare: takes their intervals and returns the two intervals that must meet. They are read as printed, then with
    floors overshot a little, then with floors overshot without limit: what only the last reconciles is a tension.
    Figures of zero, from which no rate or share follows, are not judged.
    """
    statements = tuple(statements)
    for how in READINGS:
        try:
            here, there = compare(*(statement.reading(how) for statement in statements))
        except UndefinedGrowth:  # a figure of zero: nothing can be said
            return ""
        if here.meets(there):
            return "tension" if how == "open" else ""
    return "contradiction"


def facts_of(plan: Plan, siblings: Mapping[str, Plan] | None = None) -> Facts:
    """Return the facts of a plan: its targets, then its observations, each once."""
    found = [s for target in plan.targets if (s := _of_target(target, plan.catalogue)) is not None]
    found += [s for o in plan.observations if (s := _of_observation(o, plan.catalogue)) is not None]
    return Facts(plan, tuple(dict.fromkeys(found)), siblings or {})


def _of_target(target: Target, catalogue: Catalogue) -> Statement | None:
    measure = MEASURE_OF_KIND.get(target.kind)
    if measure is None or target.target_value is None:
        return None
    about = catalogue.rules["about_tolerance"] if target.comparator == "about" else 0.0
    exact = target.comparator in (*UP, *DOWN)
    if measure == "multiple" and "." not in target.target_digits:  # doubling is neither 1.5 nor 2.5 times
        about, exact = catalogue.rules["about_tolerance"], True
    figure = _figure("" if exact else target.target_digits, target.target_value, about)
    if target.target_upper is not None:
        figure = Interval(figure.low, target.target_upper)
    n_years = target.n_years if target.kind == "change_pp_per_year" else 1
    indicator, figure, comparator = _turned(target.indicator, measure, figure, target.comparator, catalogue)
    level = measure in ("value", "sum", "flow")
    scale = _scale(indicator, measure, target.unit, catalogue)
    spare = _spare(indicator, measure, target.target_value * scale, catalogue) if target.comparator else 0.0
    return Statement(
        indicator, target.region, measure,
        target.target_year if measure == "value" else target.base_year + 1, target.target_year, TARGET,
        figure.times(scale * n_years), target.target_digits + ("" if target.target_upper is None else f"–{target.target_upper:g}"),
        target.unit, comparator, target.price_basis if not level else indicator.price_basis,
        target.definition, "plan", target.source, target, spare,
    )  # fmt: skip


def _of_observation(seen: Observation, catalogue: Catalogue) -> Statement | None:
    measure = MEASURE_OF_OBSERVATION[seen.measure]
    if not seen.whole_years or measure == "value" and seen.first_year != seen.last_year:
        return None
    about = catalogue.rules["about_tolerance"] if seen.comparator == "about" else 0.0
    figure = _figure("" if seen.comparator in (*UP, *DOWN) else seen.digits, seen.value, about)
    n_years = seen.last_year - seen.first_year + 1 if seen.measure == "mean_change_pp" else 1
    indicator = catalogue.indicators[seen.indicator]
    indicator, figure, comparator = _turned(indicator, measure, figure, seen.comparator, catalogue)
    scale = _scale(indicator, measure, seen.unit, catalogue)
    return Statement(
        indicator, seen.region, measure, seen.first_year, seen.last_year, OUTTURN, figure.times(scale * n_years),
        seen.digits, seen.unit, comparator or "eq", seen.price_basis, seen.definition, seen.vintage, seen.source,
        None, _spare(indicator, measure, seen.value * scale, catalogue) if comparator else 0.0,
    )  # fmt: skip


def _figure(digits: str, value: float, about: float) -> Interval:
    """What a figure allows: its rounding, and the tolerance either way where it says about. Floors are exact."""
    figure = printed(digits) if digits else Interval(value, value)
    give = abs(value) * about
    return figure.hull(Interval(value - give, value + give))


def _turned(indicator: Indicator, measure: str, figure: Interval, comparator: str, catalogue: Catalogue):
    """A "decrease of ..." prints a fall as a positive figure: it is a total change of what falls."""
    if not indicator.reduction_of or measure not in ("total", "change"):
        return indicator, figure, comparator
    swapped = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}.get(comparator, comparator)
    return catalogue.indicators[indicator.reduction_of], figure.times(-1), swapped


def _scale(indicator: Indicator, measure: str, unit: str, catalogue: Catalogue) -> float:
    """What a printed number is multiplied by: percent to fractions, units to the catalogue's."""
    if measure in ("growth", "total"):
        return 0.01
    here, there = catalogue.units.get(unit), catalogue.units.get(indicator.unit)
    level = measure in ("value", "sum", "flow", "change") and here is not None and there is not None
    return here.factor / there.factor if level and here.dimension == there.dimension else 1.0


def _spare(indicator: Indicator, measure: str, value: float, catalogue: Catalogue) -> float:
    """By how much a floor may be overshot before that needs explaining."""
    overshoot = catalogue.rules["audit"]["overshoot"]
    if measure in ("growth", "total"):
        return overshoot["points"] / 100
    if indicator.scale == "share":
        return overshoot["points"]
    return abs(value) * overshoot["relative"]

"""Statements: every figure a plan prints, or that is published for it, as a quantity with what its print allows.

Levels stand in the catalogue's unit of the indicator, growth in fractions, changes in the level's unit or in points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from planmodel.arithmetic.intervals import Interval, compound, growth, printed
from planmodel.errors import UndefinedGrowth
from planmodel.plans import Observation, Target
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.kinds import kind_of

OUTTURN, TARGET = "outturn", "target"
READINGS = ("point", "lenient", "open")
"""How a figure with a comparator is read: as printed; overshot a little (data/rules.yaml); overshot without limit."""
UP, DOWN = ("ge", "gt"), ("le", "lt")
RATES = ("growth", "total")
"""Measures in fractions, printed in percent."""
INFINITY = float("inf")
ONE_SIDED, OTHER_SIDE = (*UP, *DOWN), {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}
MEASURE_OF_OBSERVATION = {
    "value": "value", "growth": "growth", "mean_growth": "growth", "total_growth": "total", "sum": "sum", "mean": "flow",
    "change_pp": "change", "change_units": "change", "mean_change_pp": "change", "rank": "rank",
}  # fmt: skip


def measure_of(target: Target) -> str:
    """Return what a target's figure measures, empty for kinds without one: that of its outturns, but for multiples.

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> [measure_of(plan.target(key)) for key in ("T1/1/1", "T1/1/2", "T1/4a/2")]
    ['value', 'growth', 'change']
    """
    kind = kind_of(target)
    if kind.figure == "times":
        return "multiple"
    return MEASURE_OF_OBSERVATION[next(iter(kind.outturns))] if kind.outturns else ""


def is_level(target: Target) -> bool:
    """Return True where a target promises a level of its last year, and not a floor for all years."""
    return measure_of(target) == "value" and not kind_of(target).every_year


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
    places: tuple[str, ...]
    target: Target | None = field(default=None, repr=False)
    spare: float = 0.0

    @property
    def n_years(self) -> int:
        return self.last - self.first + 1

    @property
    def period(self) -> str:
        """Its years: 2025, 2021-2025."""
        return str(self.last) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.indicator.id, self.region, self.definition

    @property
    def own(self) -> bool:
        """True where the plan itself prints the figure."""
        return self.vintage == "plan"

    @property
    def promise(self) -> Target:
        """The target that a statement of the world `target` was read from."""
        assert self.target is not None, "an outturn promises nothing"
        return self.target

    @property
    def yearly_change(self) -> bool:
        """True where a change is promised as points a year; the figure holds them all."""
        return self.target is not None and "mean_change_pp" in kind_of(self.target).outturns

    @property
    def middle(self) -> float:
        return self.figure.middle

    @property
    def point(self) -> Interval:
        """The figure as printed, without what its decimals allow."""
        return Interval(self.middle, self.middle)

    @property
    def positive(self) -> bool:
        return self.figure.low > 0

    @property
    def floor(self) -> bool:
        return self.comparator in ONE_SIDED

    def reading(self, how: str) -> Interval:
        """Return what the figure allows when its comparator is read in one of READINGS."""
        if how == "point" or not self.floor:
            return self.figure
        room = INFINITY if how == "open" else self.spare
        if self.comparator in UP:
            return Interval(self.figure.low, self.figure.high + room)
        return Interval(self.figure.low - room, self.figure.high)

    def between(self, base: Interval, end: Interval) -> Interval:
        """Return the growth, total growth, multiple or change, as this statement measures it, from a base to an end."""
        if self.measure == "change":
            return end - base
        if self.measure == "multiple":
            return end / base
        return growth(base, end, self._n_steps)

    def after(self, base: Interval) -> Interval:
        """Return the end that this growth, multiple or change makes of a base."""
        if self.measure == "change":
            return base + self.figure
        return (
            base * self.figure if self.measure == "multiple" else compound(base, self.figure, self._n_steps)
        )

    def before(self, end: Interval) -> Interval:
        """Return the base from which this growth, multiple or change leads to an end."""
        if self.measure == "change":
            return end - self.figure
        return end / self.figure if self.measure == "multiple" else compound(end, self.figure, -self._n_steps)

    def computed(
        self, figure: Interval, year: int, world: str = "", places: tuple[str, ...] | None = None
    ) -> Statement:
        """Return a level of the same that follows from others instead of being printed."""
        return replace(
            self,
            figure=figure,
            text=f"{figure.middle:.4g}",
            unit=self.indicator.unit,
            first=year,
            last=year,
            world=world or self.world,
            comparator="eq",
            vintage="implied",
            places=self.places if places is None else places,
            target=None,
            spare=0.0,
        )

    @property
    def _n_steps(self) -> int:
        return 1 if self.measure == "total" else self.n_years


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


def disagreement(
    compare: Callable, versions: Iterable[tuple[Statement, ...]]
) -> tuple[tuple[Statement, ...], str] | None:
    """Judge each combination of the versions in which figures are printed: what `compare` takes, one tuple each.

    Return the plainest combination (the fewest floors) and the mildest severity; None where one combination agrees, or
    there is none.
    """
    severities = {chosen: judge(compare, chosen) for chosen in versions}
    if not severities or "" in severities.values():
        return None
    plainest = min(severities, key=lambda statements: sum(s.comparator != "eq" for s in statements))
    return plainest, "tension" if "tension" in severities.values() else "contradiction"


def statement_of_target(target: Target, catalogue: Catalogue) -> Statement | None:
    """Return a target as a statement, None without a figure or a measure."""
    measure = measure_of(target)
    if not measure or target.target_value is None:
        return None
    about = catalogue.rules["about_tolerance"] if target.comparator == "about" else 0.0
    exact = target.comparator in ONE_SIDED
    if measure == "multiple" and "." not in target.target_digits:  # doubling is neither 1.5 nor 2.5 times
        about, exact = catalogue.rules["about_tolerance"], True
    figure = _allowed("" if exact else target.target_digits, target.target_value, about)
    upper = ""
    if target.target_upper is not None:
        figure, upper = Interval(figure.low, target.target_upper), f"–{target.target_upper:g}"
    n_years = target.n_years if "mean_change_pp" in kind_of(target).outturns else 1
    indicator, figure, comparator = _turned(target.indicator, measure, figure, target.comparator, catalogue)
    scale = _scale(indicator, measure, target.unit, catalogue)
    level = measure in ("value", "sum", "flow")
    return Statement(
        indicator=indicator,
        region=target.region,
        measure=measure,
        first=target.target_year if measure == "value" else target.base_year + 1,
        last=target.target_year,
        world=TARGET,
        figure=figure.times(scale * n_years),
        text=target.target_digits + upper,
        unit=target.unit,
        comparator=comparator,
        basis=indicator.price_basis if level else target.price_basis,
        definition=target.definition,
        vintage="plan",
        places=(target.source,),
        target=target,
        spare=_spare(indicator, measure, target.target_value * scale, catalogue)
        if target.comparator
        else 0.0,
    )


def statement_of_observation(seen: Observation, catalogue: Catalogue) -> Statement | None:
    """Return an observation as a statement, None for parts of years and levels over several."""
    measure = MEASURE_OF_OBSERVATION[seen.measure]
    if not seen.whole_years or measure == "value" and seen.first_year != seen.last_year:
        return None
    about = catalogue.rules["about_tolerance"] if seen.comparator == "about" else 0.0
    figure = _allowed("" if seen.comparator in ONE_SIDED else seen.digits, seen.value, about)
    n_years = seen.last_year - seen.first_year + 1 if seen.measure == "mean_change_pp" else 1
    indicator = catalogue.indicators[seen.indicator]
    indicator, figure, comparator = _turned(indicator, measure, figure, seen.comparator, catalogue)
    scale = _scale(indicator, measure, seen.unit, catalogue)
    return Statement(
        indicator=indicator,
        region=seen.region,
        measure=measure,
        first=seen.first_year,
        last=seen.last_year,
        world=OUTTURN,
        figure=figure.times(scale * n_years),
        text=seen.digits,
        unit=seen.unit,
        comparator=comparator or "eq",
        basis=seen.price_basis,
        definition=seen.definition,
        vintage=seen.vintage,
        places=seen.places or ((seen.source,) if seen.source else ()),
        spare=_spare(indicator, measure, seen.value * scale, catalogue) if comparator else 0.0,
    )


def _allowed(digits: str, value: float, about: float) -> Interval:
    """What a figure allows: its rounding, and the tolerance either way where it says about. Floors are exact."""
    figure = printed(digits) if digits else Interval(value, value)
    give = abs(value) * about
    return figure.hull(Interval(value - give, value + give))


def _turned(
    indicator: Indicator, measure: str, figure: Interval, comparator: str, catalogue: Catalogue
) -> tuple[Indicator, Interval, str]:
    """A "decrease of ..." prints a fall as a positive figure: it is a total change of what falls."""
    if not indicator.reduction_of or measure not in ("total", "change"):
        return indicator, figure, comparator
    falling = catalogue.indicators[indicator.reduction_of]
    return falling, figure.times(-1), OTHER_SIDE.get(comparator, comparator)


def _scale(indicator: Indicator, measure: str, unit: str, catalogue: Catalogue) -> float:
    """What a printed number is multiplied by: percent to fractions, units to the catalogue's."""
    if measure in RATES:
        return 0.01
    here, there = catalogue.units.get(unit), catalogue.units.get(indicator.unit)
    if measure in ("multiple", "rank") or here is None or there is None:
        return 1.0
    return here.factor / there.factor if here.dimension == there.dimension else 1.0


def _spare(indicator: Indicator, measure: str, value: float, catalogue: Catalogue) -> float:
    """By how much a floor may be overshot before that needs explaining."""
    overshoot = catalogue.rules["audit"]["overshoot"]
    if measure in RATES:
        return overshoot["points"] / 100
    if indicator.scale == "share":
        return overshoot["points"]
    return abs(value) * overshoot["relative"]

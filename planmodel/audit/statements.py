"""Statements: every figure a plan prints, or that is published for it, as a quantity with what its print allows.

Levels stand in the catalogue's unit of the indicator, growth in fractions, changes in the level's unit or in points. In
sentences figures stand as printed where they are printed, with four digits where they are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from planmodel.arithmetic.growth import Interval, compound, growth
from planmodel.errors import UndefinedGrowth
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import Catalogue, Indicator, Region
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import BOUNDS, UP
from planmodel.words import COMPARATOR_SIGNS, Phrase, Text, by_language, figure, said, with_unit

OUTTURN, TARGET = "outturn", "target"
READINGS = ("point", "lenient", "open")
"""How a figure with a comparator is read: as printed; overshot a little (data/rules.yaml); overshot without limit."""
OTHER_SIDE = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}
RATES = ("growth", "total")  # measures in fractions, printed in percent
INFINITY = float("inf")
NOT_NEGATIVE = Interval(0.0, INFINITY)
MEASURE_OF_OBSERVATION = {
    "value": "value", "growth": "growth", "mean_growth": "growth", "total_growth": "total", "sum": "sum", "mean": "flow",
    "change_pp": "change", "change_units": "change", "mean_change_pp": "change", "rank": "rank",
}  # fmt: skip
UNITS = {"pp": "pp", "pp/year": "pp_a_year", "%/year": "percent_a_year", "times": "times"}
"""Units of gaps that the catalogue does not have, with their words."""


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


@dataclass(frozen=True)
class Statement:
    """One figure: what it measures, of what, over which years, in which world, and where it stands.

    measure: value (a level), growth (a year), total (growth in all), multiple (last over base), change (last minus
    base), sum (over the years), flow (in each or the mean year), rank. world: outturn or target.
    figure: what its digits allow; text: as shown in a sentence, in `unit`. spare: by how much a floor may be overshot.
    plan: the one it stands in. In a sentence it shows itself as printed, with its comparator, in percent where it is a
    rate or a share.
    """

    plan: Plan = field(repr=False, compare=False)
    indicator: Indicator
    measure: str
    figure: Interval
    text: str
    unit: str
    comparator: str
    spare: float
    region: str
    first: int
    last: int
    world: str
    basis: str
    definition: str
    vintage: str
    places: tuple[str | Text, ...]
    target: Target | None = field(default=None, repr=False)

    def __str__(self) -> str:
        share = self.unit == "%" and self.measure != "change"
        return f"{self._signed}{'%' if share or self.measure in RATES else ''}"

    @property
    def elsewhere(self) -> Region | None:
        """Its region, None where that is the plan's."""
        return None if self.region == self.plan.region else self.plan.catalogue.regions[self.region]

    @property
    def name(self) -> Phrase:
        """What it is about: the indicator, with its region where that is not the plan's."""
        return name_of(self.indicator, self.elsewhere)

    @property
    def amount(self) -> Mapping[str, str]:
        """The figure as printed, with its unit."""
        return in_unit(self._signed, "%" if self.measure in RATES else self._units.get(self.unit, ""))

    def level(self, value: float) -> str:
        """Return a computed level (catalogue unit) in the unit and about the precision of this printed one."""
        if self.unit in self._units and self.indicator.unit in self._units:
            value *= self._units[self.indicator.unit].factor / self._units[self.unit].factor
        return digits(value) + ("%" if self.unit == "%" else "")

    def beside(self, other: Statement) -> str:
        """Return the figure as printed, converted where its unit is not that of another."""
        same = self.unit == other.unit or self.indicator.unit != other.indicator.unit
        return str(self) if same else other.level(self.middle)

    @property
    def _signed(self) -> str:
        return COMPARATOR_SIGNS.get(self.comparator, "") + self.text

    @property
    def _units(self):
        return self.plan.catalogue.units

    @property
    def difference_unit(self) -> str:
        """The unit of a difference of two such figures: points for shares and rates."""
        return "pp" if self.measure in RATES or self.indicator.scale == "share" else self.indicator.unit

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
        return self.comparator in BOUNDS

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
        return end / base if self.measure == "multiple" else growth(base, end, self._n_steps)

    def after(self, base: Interval) -> Interval:
        """Return the end that this growth, multiple or change makes of a base."""
        if self.measure == "change":
            return base + self.figure
        multiple = self.measure == "multiple"
        return base * self.figure if multiple else compound(base, self.figure, self._n_steps)

    def before(self, end: Interval) -> Interval:
        """Return the base from which this growth, multiple or change leads to an end."""
        if self.measure == "change":
            return end - self.figure
        return end / self.figure if self.measure == "multiple" else compound(end, self.figure, -self._n_steps)

    @property
    def _n_steps(self) -> int:
        return 1 if self.measure == "total" else self.n_years

    def computed(
        self, figure: Interval, year: int, world: str = "", places: tuple[str | Text, ...] | None = None
    ) -> Statement:
        """Return a level of the same that follows from others instead of being printed."""
        places = self.places if places is None else places
        return replace(
            self, figure=figure, text=f"{figure.middle:.4g}", unit=self.indicator.unit, first=year, last=year,
            world=world or self.world, comparator="eq", vintage="implied", places=places, target=None, spare=0.0,
        )  # fmt: skip


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


def in_unit(figure: str, unit: object) -> Mapping[str, str]:
    """Return a figure with its unit, which each language sets in its own way."""
    return by_language(lambda lang: with_unit(figure, said(unit, lang), lang))


def amount_of(value: float | Interval, unit: str, catalogue: Catalogue) -> Mapping[str, str]:
    """Return a gap or an interval with its unit: one of the catalogue, or pp, pp/year, %/year, times."""
    known = Phrase(f"audit.unit.{UNITS[unit]}") if unit in UNITS else unit
    text = interval_digits(value) if isinstance(value, Interval) else digits(value, 3)
    return in_unit(text, catalogue.units.get(unit, known))


def name_of(about: Indicator, elsewhere: Region | None) -> Phrase:
    """Return what a figure is about: the indicator, with its region where it is not the plan's."""
    if elsewhere is None:
        return Phrase("audit.name", name=about)
    return Phrase("audit.name_in", name=about, region=elsewhere)


def years(n: int) -> Phrase:
    """Return a number of years in words: five years."""
    return Phrase(f"audit.years.{n}") if 1 <= n <= 6 else Phrase("audit.years.many", n=n)


def digits(value: float, n: int = 4) -> str:
    """Return a computed figure to some significant digits.

    >>> digits(7547.1698), digits(-0.876, 2)
    ('7,547', '−0.88')
    """
    return figure(float(f"{value:.{n}g}"))


def interval_digits(interval: Interval) -> str:
    """Return an interval for reading with no more digits than tell its ends apart.

    >>> interval_digits(Interval(3282.684, 3285.717)), interval_digits(Interval(18.58, 18.6)), interval_digits(Interval(2.0, 2.0))
    ('3,283–3,286', '18.58–18.6', '2')
    """
    low, high = interval.low, interval.high
    if abs(high - low) < 1e-9 * max(abs(high), 1):
        return digits(low)
    apart = (n for n in range(3, 7) if float(f"{low:.{n}g}") != float(f"{high:.{n}g}"))
    n = max(4, next(apart, 7))
    return f"{digits(low, n)}–{digits(high, n)}"

"""Facts: what the rules of the audit look at, the statements of a plan and the equations between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any

from planmodel.arithmetic.growth import Interval, printed
from planmodel.audit.statements import (
    MEASURE_OF_OBSERVATION,
    OTHER_SIDE,
    OUTTURN,
    RATES,
    TARGET,
    Statement,
    measure_of,
)
from planmodel.errors import PlanmodelError
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.derived import Equation, equation_of, equations
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import BOUNDS, grouped, grouped_by_each, identity_of
from planmodel.words import Phrase

Key = tuple[str, str, str]  # indicator, region, definition


def in_figures(equation: Equation, figures: Sequence[Statement | None] = ()) -> Phrase:
    """Return an equation with the names of its terms, and the figures of those that are known."""
    left, *parts = (
        Phrase("audit.name_figure" if figure else "audit.name", name=name, figure=figure)
        for name, figure in zip_longest(equation.indicators, figures)
    )
    return Phrase("audit.ratio" if equation.ratio else "audit.sum", left=left, parts=parts)


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
        """The thresholds of the audit (data/rules.yaml)."""
        return self.plan.catalogue.rules["audit"]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The plan's identities as arithmetic."""
        return equations(self.plan)

    @cached_property
    def standing(self) -> list[Equation]:
        """What holds for every plan (data/rules.yaml, identities) and this one does not say otherwise."""
        known, said = self.catalogue.indicators, {equation.terms[0] for equation in self.equations}
        lines = self.catalogue.rules.get("identities") or ()
        identities = [each for each in map(identity_of, lines) if each is not None]
        if len(identities) < len(lines):
            raise PlanmodelError.of("identities", Phrase("plans.head.identity"), repr(lines), "rules.yaml")
        usable = (
            i for i in identities if all(t.indicator in known and known[t.indicator].unit for t in i.terms)
        )
        return [equation_of(each, self.plan) for each in usable if each.left not in said]

    @property
    def ratios(self) -> list[Equation]:
        return [equation for equation in self.equations if equation.ratio]

    @cached_property
    def printed_years(self) -> list[tuple[str, int]]:
        """Every world and year in which the plan prints a level."""
        return sorted({(s.world, s.last) for s in self.statements if s.measure == "value" and s.own})

    def find(self, *, own: bool = True, **wanted) -> tuple[Statement, ...]:
        """Return the statements with some attributes; with `own`, only what the plan itself prints.

        `indicator` is an id; `key` is (indicator id, region, definition).
        """
        among: Sequence[Statement] = self.statements
        about = wanted["key"] if "key" in wanted else wanted.pop("indicator", None)
        if about is not None:
            among = self._about.get(about, ())
        statements = (s for s in among if s.own or not own)
        return tuple(
            s for s in statements if all(getattr(s, name) == value for name, value in wanted.items())
        )

    @cached_property
    def _about(self) -> Mapping[str | Key, Sequence[Statement]]:
        """The statements by indicator, and by indicator, region and definition."""
        return grouped_by_each(self.statements, lambda statement: (statement.indicator.id, statement.key))

    @cached_property
    def by_place(self) -> Mapping[str, Sequence[Statement]]:
        """The statements by the places where they stand."""
        return grouped_by_each(self.statements, lambda statement: statement.places)

    @cached_property
    def by_target(self) -> Mapping[str, Sequence[Statement]]:
        """The statements of each target, by its id."""
        promised = (statement for statement in self.statements if statement.target is not None)
        return grouped(promised, lambda statement: statement.promise.id)

    @cached_property
    def equations_of(self) -> Mapping[Key, Sequence[Equation]]:
        """The equations by what they say something of, each in the plan's order."""
        return grouped_by_each(self.equations, lambda equation: equation.keys)

    def levels(self, key: Key, year: int, world: str, *, published: bool = False) -> tuple[Statement, ...]:
        """Return the levels of a year: the plan's own, and without one, where asked, published ones."""
        wanted: dict[str, Any] = {"key": key, "measure": "value", "last": year, "world": world}
        own = self.find(**wanted)
        return own or self.find(own=False, **wanted) if published else own

    def bases(self, goal: Statement, *, published: bool = False) -> tuple[Statement, ...]:
        """Return the levels of a target's base year."""
        return self.levels(goal.key, goal.promise.base_year, OUTTURN, published=published)

    def versions(
        self, keys: Sequence[Key], year: int, world: str, *, published: bool = False
    ) -> list[tuple[Statement, ...]]:
        """Return the levels of a year for each of some terms."""
        return [self.levels(key, year, world, published=published) for key in keys]


def facts_of(plan: Plan, siblings: Mapping[str, Plan] | None = None) -> Facts:
    """Return the facts of a plan: its targets, then its observations, each once.

    siblings: the other plans, for targets of a part beside its parent's.

    >>> from planmodel import load_plan
    >>> facts = facts_of(load_plan("taizhou-services-14fyp"))
    >>> [s.text for s in facts.levels(("services_va", "taizhou", ""), 2025, "target")]
    ['4000', '4000']
    """
    statements = [_of_target(target, plan) for target in plan.targets]
    statements += [_of_observation(seen, plan) for seen in plan.observations]
    return Facts(plan, tuple(dict.fromkeys(s for s in statements if s is not None)), siblings or {})


def _of_target(target: Target, plan: Plan) -> Statement | None:
    """Return a target as a statement, None without a figure or a measure."""
    measure, kind = measure_of(target), kind_of(target)
    if not measure or target.target_value is None:
        return None
    return _statement(
        plan, target, target.indicator, measure, target.target_digits, target.target_value, target.target_upper,
        target.n_years if "mean_change_pp" in kind.outturns else 1,
        first=target.target_year if measure == "value" else target.base_year + 1, last=target.target_year, world=TARGET,
        vintage="plan", places=(target.source,), target=target,
        basis=target.indicator.price_basis if kind.in_unit else target.price_basis,
    )  # fmt: skip


def _of_observation(seen: Observation, plan: Plan) -> Statement | None:
    """Return an observation as a statement, None for parts of years and levels over several."""
    measure, n_years = MEASURE_OF_OBSERVATION[seen.measure], seen.last_year - seen.first_year + 1
    if not seen.whole_years or measure == "value" and n_years > 1:
        return None
    return _statement(
        plan, seen, plan.catalogue.indicators[seen.indicator], measure, seen.digits, seen.value, None,
        n_years if seen.measure == "mean_change_pp" else 1, first=seen.first_year, last=seen.last_year, world=OUTTURN,
        vintage=seen.vintage, places=seen.places or ((seen.source,) if seen.source else ()), basis=seen.price_basis,
    )  # fmt: skip


def _statement(
    plan: Plan,
    of: Target | Observation,
    indicator: Indicator,
    measure: str,
    text: str,
    value: float,
    upper: float | None,
    n_years: int,
    **where: Any,
) -> Statement:
    """Read a printed figure, which counts n_years times: what it allows, and by how much a floor may be overshot.

    A figure allows its rounding, and a tolerance either way where it says about; floors are exact. A "decrease of" prints a
    fall as a positive figure. Percent become fractions, other units the catalogue's.
    """
    catalogue, rules, comparator = plan.catalogue, plan.catalogue.rules, of.comparator
    whole_multiple = measure == "multiple" and "." not in text  # doubling is neither 1.5 nor 2.5 times
    exact = comparator in BOUNDS or whole_multiple or not text
    figure = Interval(value, value) if exact else printed(text)
    if comparator == "about" or whole_multiple:
        give = abs(value) * rules["about_tolerance"]
        figure = figure.hull(Interval(value - give, value + give))
    if upper is not None:
        figure, text = Interval(figure.low, upper), f"{text}–{upper:g}"
    if indicator.reduction_of and measure in ("total", "change"):
        indicator, figure = catalogue.indicators[indicator.reduction_of], figure.times(-1)
        comparator = OTHER_SIDE.get(comparator, comparator)
    here, there = catalogue.units.get(of.unit), catalogue.units.get(indicator.unit)
    scale, overshoot = 1.0, rules["audit"]["overshoot"]
    if measure in RATES:
        scale, spare = 0.01, overshoot["points"] / 100
    else:
        if measure not in ("multiple", "rank") and here and there and here.dimension == there.dimension:
            scale = here.factor / there.factor
        share = indicator.scale == "share"
        spare = overshoot["points"] if share else abs(value * scale) * overshoot["relative"]
    return Statement(
        plan, indicator, measure, figure.times(scale * n_years), text, of.unit, comparator or "eq",
        spare if comparator else 0.0, region=of.region, definition=of.definition, **where,
    )  # fmt: skip

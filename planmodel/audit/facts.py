"""Facts: what the rules of the audit look at, and how they report what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planmodel.arithmetic.intervals import Interval, printed
from planmodel.audit.equations import Equation, equation_of
from planmodel.audit.findings import Finding, Side
from planmodel.audit.statements import (
    MEASURE_OF_OBSERVATION,
    ONE_SIDED,
    OTHER_SIDE,
    OUTTURN,
    RATES,
    TARGET,
    Statement,
    measure_of,
)
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.identities import Term
from planmodel.plans.kinds import kind_of
from planmodel.words import LANGS


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

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The plan's identities."""
        return tuple(equation_of(line, self.catalogue) for line in self.plan.identities)

    @cached_property
    def printed_years(self) -> list[tuple[str, int]]:
        """Every world and year in which the plan prints a level."""
        return sorted({(s.world, s.last) for s in self.statements if s.measure == "value" and s.own})

    def find(self, *, own: bool = True, **wanted) -> tuple[Statement, ...]:
        """Return the statements with some attributes; with `own`, only what the plan itself prints.

        `indicator` is an id; `key` is (indicator id, region, definition).
        """
        indicator = wanted["key"][0] if "key" in wanted else wanted.pop("indicator", None)
        among = self._by_indicator.get(indicator, ()) if indicator else self.statements
        return tuple(
            statement
            for statement in among
            if (statement.own or not own)
            and all(getattr(statement, name) == value for name, value in wanted.items())
        )

    @cached_property
    def _by_indicator(self) -> dict[str, list[Statement]]:
        index: dict[str, list[Statement]] = {}
        for statement in self.statements:
            index.setdefault(statement.indicator.id, []).append(statement)
        return index

    def levels(
        self, key: tuple[str, str, str], year: int, world: str, *, published: bool = False
    ) -> tuple[Statement, ...]:
        """Return the levels of a year: the plan's own, and without one, where asked, published ones."""
        wanted: dict[str, Any] = {"key": key, "measure": "value", "last": year, "world": world}
        own = self.find(**wanted)
        return own or self.find(own=False, **wanted) if published else own

    def bases(self, goal: Statement, *, published: bool = False) -> tuple[Statement, ...]:
        """Return the levels of a target's base year."""
        return self.levels(goal.key, goal.promise.base_year, OUTTURN, published=published)

    def versions(
        self, terms: Sequence[Term], year: int, world: str, *, published: bool = False
    ) -> list[tuple[Statement, ...]]:
        """Return for each term of an identity the levels of a year, by the standard definition."""
        return [self.levels(self.key_of(term), year, world, published=published) for term in terms]

    def key_of(self, term: Term) -> tuple[str, str, str]:
        """Return what a term of an identity means: an indicator, in a region, by the standard definition."""
        return term.indicator, term.region or self.plan.region, ""

    def finding(
        self,
        severity: str,
        statements: Sequence[Statement],
        sentence: Mapping[str, str] | str,
        *,
        lead: str = "",
        about: Indicator | None = None,
        subject: str = "",
        period: str = "",
        gap: float | None = None,
        unit: str = "",
        reconcile: Mapping[str, str] | None = None,
        sides: Sequence[Side] = (),
        sides_unit: str = "",
    ) -> Finding:
        """Return a finding of a rule, to which the audit adds the rule's name.

        statements: the figures, first the one it is about. sentence: the figures and the sum, by language (a plain text says
        the same in each). lead: how it follows the name of the indicator: colon, comma, blank; empty: it stands by itself.
        about, subject, period: where they are not those of the first statement. gap: in `unit` (default: that of a
        difference of two such figures).
        """
        first = statements[0]
        about = about or first.indicator
        elsewhere = first.elsewhere
        return Finding(
            rule="",
            severity=severity,
            subject=subject or (about.id if elsewhere is None else f"{about.id}@{first.region}"),
            period=period or first.period,
            statements=tuple(statements),
            about=about,
            elsewhere=elsewhere,
            sentence=dict.fromkeys(LANGS, sentence) if isinstance(sentence, str) else sentence,
            lead=lead,
            gap=gap,
            gap_unit="" if gap is None else unit or first.difference_unit,
            reconcile=reconcile or {},
            sides=tuple(sides),
            sides_unit=sides_unit,
        )


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
        target.indicator, measure, target.target_digits, target.target_value, target.target_upper, target.unit,
        target.comparator, target.n_years if "mean_change_pp" in kind.outturns else 1, plan,
        region=target.region, first=target.target_year if measure == "value" else target.base_year + 1,
        last=target.target_year, world=TARGET, definition=target.definition, vintage="plan", places=(target.source,),
        basis=target.indicator.price_basis if kind.in_unit else target.price_basis, target=target,
    )  # fmt: skip


def _of_observation(seen: Observation, plan: Plan) -> Statement | None:
    """Return an observation as a statement, None for parts of years and levels over several."""
    measure = MEASURE_OF_OBSERVATION[seen.measure]
    if not seen.whole_years or measure == "value" and seen.first_year != seen.last_year:
        return None
    return _statement(
        plan.catalogue.indicators[seen.indicator], measure, seen.digits, seen.value, None, seen.unit, seen.comparator,
        seen.last_year - seen.first_year + 1 if seen.measure == "mean_change_pp" else 1, plan,
        region=seen.region, first=seen.first_year, last=seen.last_year, world=OUTTURN, definition=seen.definition,
        vintage=seen.vintage, places=seen.places or ((seen.source,) if seen.source else ()), basis=seen.price_basis,
    )  # fmt: skip


def _statement(
    indicator: Indicator,
    measure: str,
    text: str,
    value: float,
    upper: float | None,
    unit: str,
    comparator: str,
    n_years: int,
    plan: Plan,
    **where: Any,
) -> Statement:
    """Read a printed figure; n_years: how often it counts. A "decrease of" prints a fall as a positive figure."""
    catalogue = plan.catalogue
    whole_multiple = measure == "multiple" and "." not in text  # doubling is neither 1.5 nor 2.5 times
    about = catalogue.rules["about_tolerance"] if comparator == "about" or whole_multiple else 0.0
    figure = _allowed("" if comparator in ONE_SIDED or whole_multiple else text, value, about)
    if upper is not None:
        figure, text = Interval(figure.low, upper), f"{text}–{upper:g}"
    if indicator.reduction_of and measure in ("total", "change"):
        indicator, figure = catalogue.indicators[indicator.reduction_of], figure.times(-1)
        comparator = OTHER_SIDE.get(comparator, comparator)
    scale = _scale(indicator, measure, unit, catalogue)
    spare = _spare(indicator, measure, value * scale, catalogue) if comparator else 0.0
    figure = figure.times(scale * n_years)
    return Statement(
        indicator, measure, figure, text, unit, comparator or "eq", spare, catalogue, plan.region, **where
    )


def _allowed(digits: str, value: float, about: float) -> Interval:
    """What a figure allows: its rounding, and the tolerance either way where it says about. Floors are exact."""
    figure = printed(digits) if digits else Interval(value, value)
    give = abs(value) * about
    return figure.hull(Interval(value - give, value + give))


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

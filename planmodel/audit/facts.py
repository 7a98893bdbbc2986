"""Facts: what the rules of the audit look at, and how they report what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planmodel.audit.equations import Equation, equation_of
from planmodel.audit.findings import Finding, Side, name_of
from planmodel.audit.statements import (
    OUTTURN,
    Statement,
    statement_of_observation,
    statement_of_target,
)
from planmodel.audit.texts import gap_unit
from planmodel.plans import Plan
from planmodel.plans.catalogue import Catalogue, Indicator, Region
from planmodel.plans.identities import Term
from planmodel.words import LANGS, Phrase


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
    def moments(self) -> list[tuple[str, int]]:
        """Every world and year in which the plan prints a level."""
        return sorted({(s.world, s.last) for s in self.statements if s.measure == "value" and s.own})

    def find(self, *, own: bool = True, **wanted) -> tuple[Statement, ...]:
        """Return the statements with some attributes; with `own`, only what the plan itself prints.

        `indicator` is an id; `key` is (indicator id, region, definition).
        """
        indicator = wanted.pop("indicator", None)
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
        wanted: dict[str, Any] = {
            "indicator": key[0],
            "key": key,
            "measure": "value",
            "last": year,
            "world": world,
        }
        own = self.find(**wanted)
        return own or self.find(own=False, **wanted) if published else own

    def bases(self, goal: Statement, *, published: bool = False) -> tuple[Statement, ...]:
        """Return the levels of a target's base year."""
        return self.levels(goal.key, goal.promise.base_year, OUTTURN, published=published)

    def versions(
        self, terms: Sequence[Term], year: int, world: str, *, published: bool = False
    ) -> list[tuple[Statement, ...]]:
        """Return for each term of an identity the levels of a year, by the standard definition."""
        keys = [(term.indicator, term.region or self.plan.region, "") for term in terms]
        return [self.levels(key, year, world, published=published) for key in keys]

    def place(self, region: str) -> Region | None:
        """Return a region, None where it is the plan's own."""
        return None if region == self.plan.region else self.catalogue.regions[region]

    def name(self, statement: Statement) -> Phrase:
        """Return what a statement is about: the indicator, with its region where it is not the plan's."""
        return name_of(statement.indicator, self.place(statement.region))

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
        place = self.place(first.region)
        return Finding(
            rule="",
            severity=severity,
            subject=subject or (about.id if place is None else f"{about.id}@{first.region}"),
            period=period or first.period,
            statements=tuple(statements),
            about=about,
            place=place,
            sentence=dict.fromkeys(LANGS, sentence) if isinstance(sentence, str) else sentence,
            lead=lead,
            gap=gap,
            gap_unit="" if gap is None else unit or gap_unit(first),
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
    statements = [statement_of_target(target, plan.catalogue) for target in plan.targets]
    statements += [statement_of_observation(seen, plan.catalogue) for seen in plan.observations]
    return Facts(plan, tuple(dict.fromkeys(s for s in statements if s is not None)), siblings or {})

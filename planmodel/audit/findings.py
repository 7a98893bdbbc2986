"""Findings: what an audit returns. Results only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.statements import Statement
from planmodel.plans import Plan

SEVERITIES = ("contradiction", "tension", "note")
"""No reading reconciles it; only an implausible one does; worth knowing."""


@dataclass(frozen=True)
class Side:
    """One of the figures that disagree, as an interval in the finding's unit; `label` by language.

    value: the single figure it stands for, None: the middle of a narrow interval, nothing for a wide one.
    """

    label: Mapping[str, str]
    figure: Interval
    value: float | None = None


@dataclass(frozen=True)
class Finding:
    """One place where a plan disagrees with itself.

    arithmetic: the figures and the sum in one line; reconcile: what would make it true, empty where nothing simple
    does; both by language. gap: its size in `gap_unit`, None where there is no number. sides: what is printed and what
    follows, for a picture, in `sides_unit` (a unit's id, or %). accepted: the reason that the plan's own file gives.
    """

    rule: str
    severity: str
    subject: str
    period: str
    statements: tuple[Statement, ...]
    arithmetic: Mapping[str, str]
    gap: float | None = None
    gap_unit: str = ""
    reconcile: Mapping[str, str] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    sides_unit: str = ""
    accepted: str = ""

    @property
    def id(self) -> str:
        """rule/indicator/years: how a plan names it when it accepts it."""
        return f"{self.rule}/{self.subject}/{self.period}"

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(statement.indicator.id for statement in self.statements))

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part for s in self.statements for part in s.source.split("; ") if part))


@dataclass(frozen=True)
class Implied:
    """A figure that the plan does not print but implies; low to high is what the printed decimals allow.

    world: target or outturn. targets: the ids of the rows it belongs beside (blank or masked ones), empty for others.
    """

    indicator: str
    region: str
    year: int
    world: str
    figure: Interval
    unit: str
    formula: Mapping[str, str]
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImpliedDeflator:
    """The price change (fraction a year) that reconciles a real rate with the nominal levels beside it.

    allowed: what the printed decimals allow. past: the same of the indicator's own past, None where it is not known.
    statements: rate, base and end. It is no finding: an implausible one is (rule `deflator`).
    """

    indicator: str
    region: str
    first: int
    last: int
    world: str
    nominal: float
    real: float
    deflator: float
    allowed: Interval
    past: float | None
    statements: tuple[Statement, Statement, Statement]


@dataclass(frozen=True)
class Audit:
    """All findings of a plan, worst first, accepted ones last; and what it implies.

    unused: ids that the plan accepts though nothing of that name is found.
    """

    plan: Plan
    findings: tuple[Finding, ...]
    implied: tuple[Implied, ...] = ()
    deflators: tuple[ImpliedDeflator, ...] = ()
    unused: tuple[str, ...] = ()

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Return the open findings of a severity."""
        return tuple(f for f in self.findings if f.severity == severity and not f.accepted)

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        return self.of("contradiction")

    @property
    def accepted(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.accepted)

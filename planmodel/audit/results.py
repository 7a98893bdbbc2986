"""Audits: all that is found in a plan, as objects and as tables of numbers. Results only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import SEVERITIES, Finding, name_of
from planmodel.audit.statements import Statement
from planmodel.audit.texts import shown
from planmodel.plans import Plan
from planmodel.words import Joined, Phrase, Text
from planmodel.words.cards import Card, Rows

FINDING_COLUMNS = (
    "plan", "id", "rule", "severity", "accepted", "indicators", "places", "arithmetic", "gap", "gap_unit", "reconcile",
    "indicator", "region", "period", "line",
)  # fmt: skip
"""Of the table of findings; others script against the first eleven."""
IMPLIED_COLUMNS = (
    "plan", "indicator", "region", "year", "world", "low", "high", "unit", "formula", "targets", "name",
)  # fmt: skip
DEFLATOR_COLUMNS = (
    "plan", "indicator", "region", "first", "last", "world", "levels", "nominal_pct", "stated", "real_pct", "deflator_pct",
    "low_pct", "high_pct", "past_pct", "name",
)  # fmt: skip
CHANGES = ("gone", "new", "changed", "kept")
"""What becomes of findings when figures are changed."""


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
    formula: Text
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
class Unheard:
    """A rule that could not look at the plan, and why."""

    rule: str
    why: Mapping[str, str]

    @property
    def text(self) -> Phrase:
        return Phrase("audit.unheard", rule=self.rule, why=self.why)


@dataclass(frozen=True, repr=False)
class Audit(Card):
    """All findings of a plan, worst first, accepted ones last; and what it implies.

    unused: ids that the plan accepts though nothing of that name is found. unheard: rules that failed on this plan.
    """

    plan: Plan
    findings: tuple[Finding, ...]
    implied: tuple[Implied, ...] = ()
    deflators: tuple[ImpliedDeflator, ...] = ()
    unused: tuple[str, ...] = ()
    unheard: tuple[Unheard, ...] = ()

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Return the open findings of a severity."""
        return tuple(f for f in self.findings if f.severity == severity and not f.accepted)

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        return self.of("contradiction")

    @property
    def accepted(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.accepted)

    @property
    def counts(self) -> Joined:
        """How many findings there are by severity: 4 contradictions, 2 tensions, 3 notes."""
        counted = [Phrase(f"audit.count.{severity}", n=len(self.of(severity))) for severity in SEVERITIES]
        if self.accepted:
            counted.append(Phrase("audit.count.accepted", n=len(self.accepted)))
        return Joined(counted, "commas")

    @property
    def table(self) -> pd.DataFrame:
        """One row a finding, in their order; gap in gap_unit; lists within a cell are separated by semicolons."""
        return _findings_table(self.plan, self.findings)

    @property
    def implied_table(self) -> pd.DataFrame:
        """One row an implied figure; low and high, in `unit`, are what the printed decimals allow."""
        rows = [
            {name: getattr(figure, name, None) for name in IMPLIED_COLUMNS}
            | {
                "plan": self.plan.name,
                "low": figure.figure.low,
                "high": figure.figure.high,
                "targets": "; ".join(figure.targets),
                "name": self._name(figure),
            }
            for figure in self.implied
        ]
        return _numbers(
            pd.DataFrame(rows, columns=list(IMPLIED_COLUMNS)), ("low", "high"), f"{self.plan.name}-implied"
        )

    @property
    def deflators_table(self) -> pd.DataFrame:
        """One row an implied deflator; growth and prices in percent a year, levels and stated rate as printed."""
        rows = []
        for found in self.deflators:
            rate, base, end = found.statements
            figures = {
                "nominal_pct": found.nominal,
                "real_pct": found.real,
                "deflator_pct": found.deflator,
                "low_pct": found.allowed.low,
                "high_pct": found.allowed.high,
                "past_pct": found.past,
            }
            rows.append(
                {name: getattr(found, name, None) for name in DEFLATOR_COLUMNS}
                | {name: None if value is None else 100 * value for name, value in figures.items()}
                | {
                    "plan": self.plan.name,
                    "levels": f"{shown(base)} → {shown(end)}",
                    "stated": shown(rate),
                    "name": self._name(found),
                }
            )
        numbers = [name for name in DEFLATOR_COLUMNS if name.endswith("_pct")]
        return _numbers(
            pd.DataFrame(rows, columns=list(DEFLATOR_COLUMNS)), numbers, f"{self.plan.name}-deflators"
        )

    def _name(self, figure: Implied | ImpliedDeflator) -> Phrase:
        catalogue, own = self.plan.catalogue, figure.region == self.plan.region
        return name_of(
            catalogue.indicators[figure.indicator], None if own else catalogue.regions[figure.region]
        )

    def _card(self, lang: str) -> tuple[object, Rows]:
        return Phrase("audit.card.title", plan=self.plan.short), [
            (Phrase("audit.card.found"), self.counts),
            *((Phrase(f"terms.{f.severity}"), f.id) for f in self.contradictions),
            (Phrase("audit.card.implied"), len(self.implied)),
            *((Phrase("audit.card.unheard"), unheard.text) for unheard in self.unheard),
        ]


@dataclass(frozen=True, repr=False)
class Comparison(Card):
    """Two audits of a plan, before and after some figures were changed: which findings go, come, change and stay.

    changes: the figures put in, by place.
    """

    changes: Mapping[str, str]
    before: Audit
    after: Audit
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    kept: tuple[Finding, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a finding of either audit: what became of it (`change`: gone, new, changed, kept), then as in Audit.table."""
        findings = {name: getattr(self, name) for name in CHANGES}
        table = _findings_table(self.after.plan, [f for group in findings.values() for f in group])
        change = [name for name, group in findings.items() for _ in group]
        table.insert(0, "change", pd.Series(change, dtype=object))
        table.attrs["name"] = f"{self.after.plan.name}-changes"
        return table

    def _card(self, lang: str) -> tuple[object, Rows]:
        return Phrase("audit.card.title", plan=self.after.plan.short), [
            (
                Phrase("audit.card.changes"),
                ", ".join(f"{place} = {value}" for place, value in self.changes.items()),
            ),
            *(
                (Phrase(f"audit.change.{name}"), Joined([f.id for f in getattr(self, name)], "list"))
                for name in CHANGES
            ),
        ]


def _findings_table(plan: Plan, findings) -> pd.DataFrame:
    rows = [
        {name: getattr(f, name, None) for name in FINDING_COLUMNS}
        | {
            "plan": plan.name,
            "indicators": "; ".join(f.indicators),
            "places": "; ".join(f.places),
            "reconcile": f.reconcile or "",
            "indicator": f.about.id,
            "region": plan.region if f.place is None else f.place.id,
        }
        for f in findings
    ]
    return _numbers(pd.DataFrame(rows, columns=list(FINDING_COLUMNS)), ("gap",), f"{plan.name}-findings")


def _numbers(table: pd.DataFrame, columns, name: str) -> pd.DataFrame:
    """Return a table with numbers in some columns, also where it is empty, under its name."""
    table = table.astype({column: float for column in columns})
    table.attrs["name"] = name
    return table

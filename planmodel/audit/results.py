"""Audits: all that is found in a plan, as objects and as tables of numbers. Results only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from planmodel.arithmetic.growth import implied_deflator
from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import SEVERITIES, Finding
from planmodel.audit.statements import Statement
from planmodel.audit.texts import name_of
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
    "plan", "indicator", "region", "first", "last", "world", "levels", "stated", "nominal_pct", "real_pct", "deflator_pct",
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

    statements: rate, base and end; nominal: growth a year between the levels. allowed: what the printed decimals allow.
    past: the same of the indicator's own past, None where it is not known. It is no finding: an implausible one is (rule
    `deflator`).
    """

    statements: tuple[Statement, Statement, Statement]
    nominal: float
    allowed: Interval
    past: float | None

    @property
    def rate(self) -> Statement:
        return self.statements[0]

    @property
    def deflator(self) -> float:
        return implied_deflator(self.nominal, self.rate.middle)


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
        plan, catalogue = self.plan, self.plan.catalogue
        rows = []
        for i in self.implied:
            elsewhere = None if i.region == plan.region else catalogue.regions[i.region]
            name = name_of(catalogue.indicators[i.indicator], elsewhere)
            ends, rows_ = (i.figure.low, i.figure.high), "; ".join(i.targets)
            rows.append(
                (plan.name, i.indicator, i.region, i.year, i.world, *ends, i.unit, i.formula, rows_, name)
            )
        return _frame(rows, IMPLIED_COLUMNS, f"{plan.name}-implied")

    @property
    def deflators_table(self) -> pd.DataFrame:
        """One row an implied deflator; growth and prices in percent a year, levels and stated rate as printed."""
        rows = []
        for d in self.deflators:
            rate, base, end = d.statements
            figures = (d.nominal, rate.middle, d.deflator, d.allowed.low, d.allowed.high, d.past)
            percent = (None if figure is None else 100 * figure for figure in figures)
            when = (rate.first, rate.last, rate.world)
            printed = (f"{base} → {end}", str(rate))
            rows.append(
                (self.plan.name, rate.indicator.id, rate.region, *when, *printed, *percent, rate.name)
            )
        return _frame(rows, DEFLATOR_COLUMNS, f"{self.plan.name}-deflators")

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
        changes = [(name, finding) for name in CHANGES for finding in getattr(self, name)]
        table = _findings_table(self.after.plan, [finding for _, finding in changes])
        table.insert(0, "change", pd.Series([name for name, _ in changes], dtype=object))
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


def _findings_table(plan: Plan, findings: Sequence[Finding]) -> pd.DataFrame:
    rows = [
        (
            plan.name, f.id, f.rule, f.severity, f.accepted, "; ".join(f.indicators), "; ".join(f.places), f.arithmetic,
            f.gap, f.gap_unit, f.reconcile or "", f.about.id, plan.region if f.elsewhere is None else f.elsewhere.id, f.period,
            f.line,
        )
        for f in findings
    ]  # fmt: skip
    return _frame(rows, FINDING_COLUMNS, f"{plan.name}-findings")


def _frame(rows: list[tuple], columns: tuple[str, ...], name: str) -> pd.DataFrame:
    """Return a table under its name, its columns of numbers as such also where it is empty."""
    table = pd.DataFrame(rows, columns=list(columns))
    numbers = {"gap", "low", "high", *(column for column in columns if column.endswith("_pct"))}
    table = table.astype({column: float for column in columns if column in numbers})
    table.attrs["name"] = name
    return table

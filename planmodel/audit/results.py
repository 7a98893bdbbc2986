"""Results of an audit: findings, and all that is found in a plan, as objects and as tables of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from planmodel.arithmetic.growth import Interval, implied_deflator
from planmodel.audit.statements import Statement, name_of
from planmodel.plans import Plan
from planmodel.plans.catalogue import Indicator, Region
from planmodel.plans.model import called, fields_of, framed
from planmodel.words import LANGS, Joined, Phrase, Text
from planmodel.words.cards import Card, Rows

SEVERITIES = ("contradiction", "tension", "note")
"""No reading reconciles it; only an implausible one does; worth knowing."""
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
    "low_pct", "high_pct", "past_pct", "name", "price_basis",
)  # fmt: skip
CHANGES = ("gone", "new", "changed", "kept")
"""What becomes of findings when figures are changed."""
PRINTED, FOLLOWS = Phrase("audit.printed"), Phrase("audit.follows")
"""Labels of the sides of a disagreement."""


@dataclass(frozen=True)
class Side:
    """One of the figures that disagree, as an interval in the finding's unit; `label` by language.

    value: the single figure it stands for, None: the middle of a narrow interval, nothing for a wide one. comparator: the
    one it is printed with; the figure itself is then exact.
    """

    label: Mapping[str, str]
    figure: Interval
    value: float | None = None
    comparator: str = ""


@dataclass(frozen=True, repr=False)
class Finding(Card):
    """One place where a plan disagrees with itself.

    statements: the figures, first the one it is about. sentence: the figures and the sum, by language (a plain text says
    the same in each); lead: how it follows the name of the indicator: colon, comma, blank; empty: it stands by itself.
    gap: its size, None where there is no number, in `unit` (empty: that of a difference of two such figures). reconcile:
    what would make it true, by language, empty where nothing simple does. sides: what is printed and what follows, for a
    picture, in `sides_unit` (a unit's id, or %). of: the indicator, where it is not that of the first statement; at: the
    subject and years of its id, where they are not that statement's. named: false where the sentence names the region.
    rule: the audit adds it. accepted: the reason that the plan's own file gives.
    """

    severity: str
    statements: Sequence[Statement]
    sentence: Mapping[str, str] | str
    lead: str = ""
    gap: float | None = None
    unit: str = ""
    reconcile: Mapping[str, str] = field(default_factory=dict)
    sides: Sequence[Side] = ()
    sides_unit: str = ""
    of: Indicator | None = None
    subject: str = ""
    period: str = ""
    named: bool = True
    rule: str = ""
    accepted: str = ""

    def __post_init__(self) -> None:
        """Fill in what the first statement says."""
        first = self.statements[0]
        place = "" if first.elsewhere is None else f"@{first.region}"
        object.__setattr__(self, "subject", self.subject or f"{self.about.id}{place}")
        object.__setattr__(self, "period", self.period or first.period)

    @property
    def id(self) -> str:
        """rule/indicator/years: how a plan names it when it accepts it."""
        return f"{self.rule}/{self.subject}/{self.period}"

    @property
    def about(self) -> Indicator:
        return self.of or self.statements[0].indicator

    @property
    def elsewhere(self) -> Region | None:
        """The region, None where it is the plan's."""
        return self.statements[0].elsewhere if self.named else None

    @property
    def gap_unit(self) -> str:
        return "" if self.gap is None else self.unit or self.statements[0].difference_unit

    @property
    def name(self) -> Phrase:
        """What it is about: the indicator, with its region where it is not the plan's."""
        return name_of(self.about, self.elsewhere)

    @property
    def arithmetic(self) -> Mapping[str, str]:
        """The figures and the sum in one line that stands by itself."""
        return self._led_by(self.name)

    @property
    def line(self) -> Mapping[str, str]:
        """The figures and the sum in one line that stands beside the name of the indicator."""
        return self._led_by(self.elsewhere)

    def _led_by(self, name: object) -> Mapping[str, str]:
        said = self.sentence
        said = dict.fromkeys(LANGS, said) if isinstance(said, str) else said
        return Phrase(f"audit.lead.{self.lead}", name=name, sentence=said) if self.lead and name else said

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(statement.indicator.id for statement in self.statements))

    @property
    def places(self) -> tuple[str | Text, ...]:
        """Where its figures stand in the documents."""
        return tuple(dict.fromkeys(place for statement in self.statements for place in statement.places))

    def _card(self, lang: str) -> tuple[object, Rows]:
        return self.id, [
            (Phrase("terms.severity"), Phrase(f"terms.{self.severity}")),
            (Phrase("terms.accepted"), self.accepted),
            (Phrase("terms.arithmetic"), self.arithmetic),
            (Phrase("terms.reconcile"), self.reconcile or None),
            (Phrase("terms.source"), Phrase("audit.places", places=self.places)),
        ]


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

    @property
    def text(self) -> Phrase:
        """In a line: the rate with its basis, the levels, and the price change that reconciles them."""
        rate, base, end = self.statements
        about = fields_of(("name", "first", "last"), rate) | {"basis": Phrase(f"terms.{rate.basis}")}
        past = "" if self.past is None else Phrase("audit.text.past_deflator", prices=self.past)
        figures = {"rate": rate, "base": base, "end": end, "prices": self.deflator, "past": past}
        return Phrase("audit.text.deflator", **about, **figures)


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
        plan, known, rows = self.plan, self.plan.catalogue, []
        for i in self.implied:
            elsewhere = None if i.region == plan.region else known.regions[i.region]
            own = {"plan": plan.name, "name": name_of(known.indicators[i.indicator], elsewhere)}
            rows.append(vars(i) | vars(i.figure) | own | {"targets": "; ".join(i.targets)})
        return _frame(rows, IMPLIED_COLUMNS, f"{plan.name}-implied")

    @property
    def deflators_table(self) -> pd.DataFrame:
        """One row an implied deflator; growth and prices in percent a year, levels and stated rate as printed."""
        rows = []
        for d in self.deflators:
            rate, base, end = d.statements
            row = fields_of(DEFLATOR_COLUMNS, rate) | {"plan": self.plan.name}
            row |= {"levels": f"{base} → {end}", "stated": str(rate), "price_basis": rate.basis}
            figures = (d.nominal, rate.middle, d.deflator, d.allowed.low, d.allowed.high, d.past)
            percent = (None if figure is None else 100 * figure for figure in figures)
            rows.append(row | dict(zip(DEFLATOR_COLUMNS[8:14], percent, strict=True)))
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

    changes: Mapping[str, str | float]
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
        return called(table, f"{self.after.plan.name}-changes")

    def _card(self, lang: str) -> tuple[object, Rows]:
        changes = ", ".join(f"{place} = {value}" for place, value in self.changes.items())
        ids = {name: Joined([f.id for f in getattr(self, name)], "list") for name in CHANGES}
        rows = [(Phrase(f"audit.change.{name}"), listed) for name, listed in ids.items()]
        title = Phrase("audit.card.title", plan=self.after.plan.short)
        return title, [(Phrase("audit.card.changes"), changes), *rows]


def _joined(places: Sequence[str | Text]) -> str | Text:
    """Places as one text; those of another plan bear its name in each language."""
    texts = [place for place in places if isinstance(place, str)]
    return "; ".join(texts) if len(texts) == len(places) else Phrase("audit.places", places=places)


def _findings_table(plan: Plan, findings: Sequence[Finding]) -> pd.DataFrame:
    rows = [
        {name: getattr(f, name, None) for name in FINDING_COLUMNS}
        | {"plan": plan.name, "indicators": "; ".join(f.indicators), "places": _joined(f.places)}
        | {"reconcile": f.reconcile or "", "indicator": f.about.id}
        | {"region": plan.region if f.elsewhere is None else f.elsewhere.id}
        for f in findings
    ]
    return _frame(rows, FINDING_COLUMNS, f"{plan.name}-findings")


def _frame(rows: list[dict], columns: tuple[str, ...], name: str) -> pd.DataFrame:
    """Return a table under its name, its columns of numbers as such also where it is empty."""
    numbers = [c for c in columns if c in ("gap", "low", "high") or c.endswith("_pct")]
    return framed(rows, columns, name).astype(dict.fromkeys(numbers, float))

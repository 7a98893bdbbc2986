"""Findings: what a rule returns. Results only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.statements import Statement
from planmodel.audit.texts import name_of
from planmodel.plans.catalogue import Indicator, Region
from planmodel.words import Phrase
from planmodel.words.cards import Card, Rows

SEVERITIES = ("contradiction", "tension", "note")
"""No reading reconciles it; only an implausible one does; worth knowing."""


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

    about, elsewhere: the indicator, and its region where it is not the plan's. sentence: the figures and the sum; lead: the key
    under audit.lead by which it follows the name, empty where the sentence stands by itself. reconcile: what would make it
    true, empty where nothing simple does; all by language. gap: its size in `gap_unit`, None where there is no number.
    sides: what is printed and what follows, for a picture, in `sides_unit` (a unit's id, or %). accepted: the reason that
    the plan's own file gives.
    """

    rule: str
    severity: str
    subject: str
    period: str
    statements: tuple[Statement, ...]
    about: Indicator
    elsewhere: Region | None
    sentence: Mapping[str, str]
    lead: str = ""
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
        return self.sentence if self.elsewhere is None else self._led_by(self.elsewhere)

    def _led_by(self, name: object) -> Mapping[str, str]:
        if not self.lead:
            return self.sentence
        return Phrase(f"audit.lead.{self.lead}", name=name, sentence=self.sentence)

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(statement.indicator.id for statement in self.statements))

    @property
    def places(self) -> tuple[str, ...]:
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

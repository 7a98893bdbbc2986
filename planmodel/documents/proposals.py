"""Proposals: rows of a plan as a document's words say them, each with the quote that proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import pandas as pd

from planmodel.words import Phrase

TARGET, OBSERVATION = "target", "observation"
SORTS = ("outcome", "output", "project", "input", "record")
"""An indicator of the region, things counted, the size of named works, planned money; a figure of the record."""


@dataclass(frozen=True)
class Proposal:
    """A row that a document seems to promise or to record. What the words do not tell is empty.

    row: target or observation. quote: the words, at `start` to `end` of the document's text; figure_start: of its figure.
    place: the line, page or table; section: the headings above. indicator: as written; id: of the catalogue; sure: of the
    id, 0-1. region: as written, where it is another. base_printed .. base_year, printed, value, upper, year, comparator,
    unit, kind, attribute, status: as in targets.csv; period: of an observation. table, number, part: where it stands in a
    table. sort: see SORTS. direction: down for a reduction whose figure is printed without a sign. relative_to: as written. basis: the rule that read it.
    """

    row: str
    quote: str
    start: int
    end: int
    figure_start: int
    printed: str
    indicator: str
    kind: str
    sort: str
    place: str = ""
    section: str = ""
    id: str = ""
    sure: float = 0.0
    region: str = ""
    base_printed: str = ""
    base_value: float | None = None
    base_unit: str = ""
    base_year: int | None = None
    value: float | None = None
    upper: float | None = None
    year: int | None = None
    period: str = ""
    comparator: str = ""
    unit: str = ""
    attribute: str = "none"
    status: str = "printed"
    direction: str = ""
    relative_to: str = ""
    table: str = ""
    number: str = ""
    part: int = 1
    basis: str = ""

    def over(self, other: str, comparator: str) -> Proposal:
        """Return the proposal of a lead over another by so many points, which no kind of target can say: it keeps no figure."""
        return replace(
            self, kind="relative", value=None, unit="", relative_to=other, comparator=comparator, basis="by_margin"
        )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What was read from a document: its text, the head it seems to have, and the rows proposed, in its order.

    notes: what could not be read, as phrases.
    """

    name: str
    text: str
    head: Mapping[str, object]
    proposals: tuple[Proposal, ...]
    notes: tuple[Phrase, ...] = field(default_factory=tuple)

    @property
    def targets(self) -> tuple[Proposal, ...]:
        """The rows that promise something."""
        return tuple(p for p in self.proposals if p.row == TARGET)

    @property
    def observations(self) -> tuple[Proposal, ...]:
        """The rows of the record."""
        return tuple(p for p in self.proposals if p.row == OBSERVATION)

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table, a column a field."""
        names = [each.name for each in fields(Proposal)]
        return pd.DataFrame([[getattr(p, n) for n in names] for p in self.proposals], columns=names)

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.targets)} targets, {len(self.observations)} observations proposed"

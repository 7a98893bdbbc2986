"""Standings: what a review says of one target at a moment. Results only; planmodel.review.positions makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from planmodel.arithmetic.paths import Trajectory
from planmodel.errors import Say
from planmodel.feasibility.assessments import Assessment
from planmodel.plans import DERIVED, ESTIMATE, Observation, Target, kind_of
from planmodel.plans.kinds import Required
from planmodel.plans.model import fields_of
from planmodel.plans.promises import Outturn
from planmodel.words import Joined, Phrase, Text, figure, percent
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "table", "number", "part", "indicator", "as_of", "attribute", "target_value", "target_year", "year", "value",
    "unit", "measure", "vintage", "published", "milestone", "elapsed", "progress", "pace", "label", "so_far",
    "so_far_unit", "required_from_latest", "required_unit", "probability_at_start", "probability", "light", "rule",
)  # fmt: skip
"""The columns of a standing's row that others script against; those of the methods follow."""
LATER = (
    "reason", "region", "kind", "status", "comparator", "promised", "promised_unit", "target_upper", "target_printed",
    "relative_to", "planned", "missed", "unknown", "old", "derived", "revision", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Tracked:
    """What a tracking method says of a standing: figure, grade and sense; without a grade, the reason why it cannot speak.

    sense: good, mixed or bad; empty without a grade.
    """

    method: str
    figure: float | None
    grade: str = ""
    sense: str = ""
    reason: Say = ""


@dataclass(frozen=True, repr=False)
class Standing(Card):
    """Where a target is; figures in `unit` as `measure` says (see planmodel.feasibility.milestones), None where not known.

    year: of the latest figure; old: a later year is over. milestone: the path's figure of that year. elapsed, progress:
    shares of the time and of the way from base to target; planned: the share of the way that the path has covered by then;
    pace: their ratio. so_far: the rate since the base. kept_so_far: False once a promise of every year is broken (missed: in
    these years) or a ceiling on a sum is passed. unknown: years so far without a figure, of a promise of every year. outturn:
    set where the target year is over. probability_at_start: from what was known in the base year. revision: the revised base
    over the printed one, where the series was spliced: `so_far` then counts from the revised base, the path stays as printed.
    rule: which rule gave the light. tracked: what the methods in use say. doubt: of a figure since the base, by the audit; where
    it is the one to judge by, there is no light.
    """

    target: Target
    assessment: Assessment
    reason: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    old: bool = False
    value: float | None = None
    unit: str = ""
    measure: str = ""
    origin: Observation | None = None
    path: Trajectory | None = None
    milestone: float | None = None
    milestone_reached: bool | None = None
    elapsed: float | None = None
    progress: float | None = None
    planned: float | None = None
    pace: float | None = None
    so_far: Required | None = None
    reached_now: bool = False
    kept_so_far: bool = True
    missed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    label: str = ""
    light: str = "not_assessable"
    rule: str = "no_outturn"
    tracked: tuple[Tracked, ...] = ()
    outturn: Outturn | None = None
    probability_at_start: float | None = None
    known_to_at_start: int | None = None
    revision: float | None = None
    doubt: Text | None = None

    def _card(self, lang: str) -> tuple[object, Rows]:
        title, _ = self.target._card(lang)
        known, chance = figure(self.value), self.assessment.probability
        latest = None if self.year is None else Phrase("review.card.in_year", figure=known, year=self.year)
        due = None if self.milestone is None else figure(self.milestone)
        return title, [
            (Phrase("columns.heads.latest"), latest),
            (Phrase("columns.heads.due"), due),
            (Phrase("columns.heads.progress"), None if self.progress is None else f"{self.progress:.0%}"),
            (Phrase("columns.heads.probability"), None if chance is None else percent(chance)),
            (Phrase("columns.heads.light"), Phrase(f"terms.{self.light}")),
            (Phrase("columns.heads.reason"), self.why),
        ]

    @property
    def name(self) -> str:
        """What the names of its files begin with."""
        return f"{self.target.plan}-{self.assessment.scenario.id}"

    @property
    def left(self) -> Required | None:
        """What is asked a year from the latest figure on."""
        if self.outturn is not None or not self.kept_so_far:
            return None
        kind, flow = kind_of(self.target), self.target.target_value
        if kind.flow and kind.every_year and self.year is not None and flow is not None:
            return Required(flow, "flow")
        return self.assessment.required_from_latest

    @property
    def is_lost(self) -> bool:
        """True where nothing that is still to come can keep the promise."""
        return self.light == "off" and (self.outturn is not None or not self.kept_so_far)

    @property
    def methods_disagree(self) -> bool:
        """True where the tracking methods that can speak do not all say the same: good, mixed or bad."""
        return len({tracked.sense for tracked in self.tracked if tracked.sense}) > 1

    @property
    def derived(self) -> bool:
        """True where a figure since the base year follows from others (planmodel.plans.derived)."""
        history = self.assessment.history
        if self.year is None or history is None:
            return False
        made = (year for year, o in history.origins.items() if o and o.vintage == DERIVED)
        return any(year > self.target.base_year for year in made)

    @property
    def estimated(self) -> bool:
        """True where the latest figure is an estimate of a year under way."""
        return self.origin is not None and self.origin.vintage == ESTIMATE

    @property
    def why(self) -> Text:
        """The rule of the light in words, and what the latest figure stands on; without a light, why there is none."""
        if self.light == "not_assessable":
            return Joined([self.reason or Phrase("review.rules.no_outturn")])
        clauses: list[Text] = [Phrase(f"review.rules.{self.rule}")]
        if self.outturn is not None:
            clauses = [Phrase("review.rules.ended", met=bool(self.outturn.met))]
        if self.missed:
            clauses.append(Phrase("review.missed_in", years=self.missed))
        if self.unknown:
            clauses.append(Phrase("review.no_figure_for", years=self.unknown))
        if self.old:
            clauses.append(Phrase("review.nothing_after", year=self.year))
        if self.revision is not None:
            from_printed = not kind_of(self.target).rebased
            share = self.target.indicator.scale == "share" and self.path is not None
            size = float(self.path.values[0]) if share and self.path is not None else 100.0
            size = size / self.revision if share and not from_printed else size
            change = figure(size * (self.revision - 1), 1)
            clauses.append(Phrase("review.revised", change=change, from_printed=from_printed, share=share))
        if self.doubt is not None:
            clauses.append(self.doubt)
        if self.derived:
            clauses.append(Phrase("review.derived"))
        return Joined(clauses, "clauses")

    def row(self) -> dict:
        """Return the row of the review's table: rates in % or points a year (the units say which), shares 0-1."""
        target, origin = self.target, self.origin
        row = fields_of((*COLUMNS, *LATER), target, self)
        rates = (("so_far", "so_far", self.so_far), ("required_from_latest", "required", self.left))
        for name, stem, asked in rates:
            row[name], row[f"{stem}_unit"] = (None, "") if asked is None else asked.in_unit(target.unit)
        for tracked in self.tracked:
            row |= {tracked.method: tracked.grade, f"{tracked.method}_figure": tracked.figure}
        row |= {
            "target_value": target.target_digits,
            "promised": target.target_value,
            "promised_unit": target.unit,
            **({"vintage": "", "published": ""} | fields_of(("vintage", "published"), origin)),
            "missed": ", ".join(map(str, self.missed)),
            "unknown": ", ".join(map(str, self.unknown)),
            "probability": self.assessment.probability,
            "known_to": self.assessment.known_to,
            "known_to_at_start": self.known_to_at_start,
            "methods_disagree": self.methods_disagree,
            "reason": self.reason or "",
        }
        return {name: np.nan if value is None else value for name, value in row.items()}

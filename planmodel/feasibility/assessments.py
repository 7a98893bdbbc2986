"""Assessments: what is found of a target, and of all targets of a plan; which of them are shown, and which first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.streams import Packed
from planmodel.errors import PlanmodelError, unknown
from planmodel.feasibility.outlooks import Outlook
from planmodel.forecasts.fans import quantile_table
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import Required, figures_of, kind_of, measured_falls
from planmodel.plans.model import fields_of
from planmodel.plans.promises import place, promises, repeated
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import History, Record
from planmodel.words import Joined, Phrase, figure, percent, word
from planmodel.words.cards import Card, Rows

VERDICTS = ("done_here", "done_elsewhere", "rare", "without_precedent", "not_assessable")
PRECEDENTS = VERDICTS[:-1]
COLUMNS = (
    "plan", "table", "number", "part", "indicator", "scenario", "required", "required_unit", "required_from_latest",
    "record", "reference", "reference_percentile", "probability", "verdict", "reason", "region", "kind", "attribute",
    "status", "base", "base_year", "target_value", "target_upper", "target_printed", "target_year", "comparator", "unit",
    "relative_to", "latest_year", "record_unit", "record_first", "record_last", "record_best", "own_weight", "notes",
    "source", "base_unit", "latest", "percentile_from_latest", "definition", "price_basis", "falling", "ahead", "repeats",
    "published_outlook", "known_to", "precedent_share", "outturn_known",
)  # fmt: skip
"""Of the table of assessments; the first fifteen are those that others script against. required and record: of a "decrease of ..."
of what falls, so that a fall is negative. falling: what is measured shall come down. ahead: of the plan's own period. repeats: the
target whose promise it says again, empty where it stands for it. published_outlook: publisher and vintage of the nation's
outlook it stands on. known_to: the last year with a figure. precedent_share: of the class's episodes that did as much, 0-1. outturn_known: whether the data have the figure of the target
year; a target year that is over without it is due and unknown."""
NUMBERS = (
    "required", "required_from_latest", "record", "record_best", "reference_percentile", "probability", "base",
    "target_value", "target_upper", "own_weight", "latest", "percentile_from_latest", "precedent_share",
)  # fmt: skip
YEARS = ("base_year", "target_year", "latest_year", "record_first", "record_last", "known_to")
QUANTILE_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "scenario", "year", "unit", "quantile", "value", "known_to",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Assessment(Card):
    """What a target asks for and how likely it is; None where it cannot be said, with `reason` by language.

    beside: the paths of the indicator that a relative promise names, drawn with its own.
    """

    target: Target
    scenario: Scenario
    base_year: int
    base: float | None = None
    required: Required | None = None
    required_from_latest: Required | None = None
    latest_year: int | None = None
    record: Record | None = None
    reference: str = ""
    percentile: float | None = None
    own_weight: float | None = None
    probability: float | None = None
    verdict: str = "not_assessable"
    reason: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Mapping[str, str], ...] = ()
    history: History | None = field(default=None, repr=False)
    outlook: Outlook | None = field(default=None, repr=False)
    beside: Outlook | None = field(default=None, repr=False)
    success: np.ndarray | None = field(default=None, repr=False)
    percentile_from_latest: float | None = None
    done_here: bool = False
    plan: Plan = field(repr=False, compare=False, kw_only=True)

    @property
    def known_to(self) -> int | None:
        """The year to which its indicator is known; of a promise beside another, to which both are."""
        history = self.history if self.outlook is None else self.outlook.history
        return None if history is None else history.known_to

    @property
    def outturn_known(self) -> bool:
        """True where the data have the figure of the target year."""
        return self.history is not None and self.target.target_year in self.history.origins

    def is_due(self, year: int) -> bool:
        """True where in a year the target year is over and its outturn not known: that is asked for, and no chance given."""
        target = self.target
        return target.target_value is not None and target.target_year < year and not self.outturn_known

    @property
    def precedent_share(self) -> float | None:
        """The share of the class's episodes of as many years that did as much, 0-1; None where none are counted."""
        return None if self.percentile is None else round(1 - self.percentile / 100, 9)

    def _card(self, lang: str) -> tuple[object, Rows]:
        title, _ = self.target._card(lang)
        row = _row(self)

        def a_year(name: str):
            value, unit = row[name], row["record_unit" if name == "record" else "required_unit"]
            return None if value is None else f"{figure(value, 2)} {unit}"

        chance = f"{percent(self.probability)} ({word(self.verdict, lang)})"
        return Phrase("feasibility.card.in_scenario", target=title, scenario=self.scenario.name), [
            (Phrase("terms.required"), a_year("required")),
            (Phrase("terms.required_from_latest"), a_year("required_from_latest")),
            (Phrase("terms.record"), a_year("record")),
            (Phrase("terms.percentile"), None if self.percentile is None else f"{self.percentile:.0f}"),
            (Phrase("terms.probability"), None if self.probability is None else chance),
            (Phrase("terms.known_to"), self.known_to),
            (Phrase("columns.heads.published_outlook"), row["published_outlook"]),
            (Phrase("terms.reason"), self.reason or row["notes"]),
        ]


Packed.field_of(Assessment, "success")


@dataclass(frozen=True, repr=False)
class PlanAssessment(Card):
    """All targets of a plan in a scenario, with joint probabilities.

    joint, joint_binding: chance that all assessable (binding) targets are met, from draws with the scenario's
    dependence; product: that of the single chances. None where none is assessable.
    """

    plan: Plan
    scenario: Scenario
    assessments: tuple[Assessment, ...]
    joint: float | None
    product: float | None
    joint_binding: float | None

    def _card(self, lang: str) -> tuple[object, Rows]:
        good = self.assessable
        counts = {name: sum(a.verdict == name for a in good) for name in PRECEDENTS}
        key, seen = "feasibility.card.counted", ((word(name, lang), n) for name, n in counts.items() if n)
        verdicts = [Phrase(key, n=n, name=name) for name, n in seen]
        joint = [None if p is None else percent(p) for p in (self.joint, self.joint_binding)]
        of = Phrase("feasibility.card.of", n=len(self.assessments), good=len(good))
        return Phrase("feasibility.card.title", plan=self.plan.short, scenario=self.scenario.name), [
            (Phrase("feasibility.card.assessed"), of),
            (Phrase("terms.verdict"), Joined(verdicts, "list")),
            (Phrase("feasibility.card.joint"), joint[0]),
            (Phrase("feasibility.card.joint_binding"), joint[1]),
        ]

    @property
    def table(self) -> pd.DataFrame:
        """One row a target, in the plan's order: rates in % or points a year (the units say which), probabilities 0-1."""
        again, base_year = repeated(self.assessments), self.plan.base_year
        rows = [
            _row(one) | {"ahead": one.target.target_year > base_year, "repeats": again[one.target.id]}
            for one in self.assessments
        ]
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        return table.astype(dict.fromkeys(NUMBERS, float) | dict.fromkeys(YEARS, "Int64"))

    @property
    def quantiles(self) -> pd.DataFrame:
        """One row a target, year and quantile of the paths of its indicator, in the unit beside it."""
        parts = [pd.DataFrame(columns=list(QUANTILE_COLUMNS))]
        for assessment in self.assessments:
            if assessment.outlook is not None:
                table = quantile_table(assessment.outlook.years, assessment.outlook.values)
                own = fields_of(QUANTILE_COLUMNS, assessment.target, assessment.outlook, assessment)
                own |= {"scenario": self.scenario.id, "plan": self.plan.name}
                parts.append(table.assign(**own)[list(QUANTILE_COLUMNS)])
        return pd.concat(parts[1:] or parts, ignore_index=True)

    def __getitem__(self, key: str | int) -> Assessment:
        """Return an assessment by place, by its target's key, or by indicator: the first promise ahead, tables first.

        Errors: PlanmodelError with the nearest known names.
        """
        if isinstance(key, int):
            return self.assessments[key]
        of_key = [a for a in self.assessments if key in (a.target.id, a.target.indicator.id)]
        if not of_key:
            names = {name for a in self.assessments for name in (a.target.id, a.target.indicator.id)}
            raise PlanmodelError(faults=[unknown("target", key, names)])
        base_year = self.plan.base_year
        return min(of_key, key=lambda a: (a.target.target_year <= base_year, a.target.table == "text"))

    @property
    def ahead(self) -> tuple[Assessment, ...]:
        """Those of the plan's own period."""
        return tuple(a for a in self.assessments if a.target.target_year > self.plan.base_year)

    @property
    def assessable(self) -> tuple[Assessment, ...]:
        return tuple(a for a in self.assessments if a.probability is not None)


def _row(assessment: Assessment) -> dict[str, Any]:
    """One row of the table of assessments, but for what others of the plan say."""
    target, past, history = assessment.target, assessment.record, assessment.history
    points = assessment.required is not None and assessment.required.measure == "pp"  # and so is the record
    scale = 1 if points else 100
    required, unit = (None, "") if assessment.required is None else assessment.required.in_unit(target.unit)
    left = assessment.required_from_latest
    values = None if history is None or assessment.latest_year is None else history.values
    return fields_of(COLUMNS, target, assessment) | {
        "plan": target.plan,
        "scenario": assessment.scenario.id,
        "required": required,
        "required_unit": unit,
        "required_from_latest": None if left is None else left.in_unit(target.unit)[0],
        "latest": None if values is None else float(values[assessment.latest_year]),
        "record": None if past is None else scale * past.mean,
        "record_unit": "" if past is None else "pp/year" if points else "%/year",
        "record_first": None if past is None else past.first_year,
        "record_last": None if past is None else past.last_year,
        "record_best": None if past is None or past.best is None else scale * past.best,
        "reference_percentile": assessment.percentile,
        "base_unit": "" if history is None or history.chained else history.unit,
        "falling": target.target_value is not None and measured_falls(target),
        "published_outlook": "" if assessment.outlook is None else assessment.outlook.published,
        "reason": assessment.reason or "",
        "notes": Joined(assessment.notes, "clauses") if assessment.notes else "",
    }


def promised_figures(assessment: Assessment) -> np.ndarray | None:
    """Return what each path makes of the figure promised, in the target's own terms: shape (n_draws,).

    The level, the mean growth, the sum, ... as the kind of the target reads a path; of promises about every year, the last.
    None where there is no chance.
    """
    target, kind = assessment.target, kind_of(assessment.target)
    outlook, given = assessment.outlook, (assessment.probability, target.target_value)
    if outlook is None or kind.reads is None or None in given:
        return None
    figures = figures_of(target, outlook.values)
    return figures[:, -1] if kind.every_year else figures


def featured(result: PlanAssessment, n: int = 1) -> tuple[Assessment, ...]:
    """Return the first n assessable targets, each promise once; else any with a history.

    The plan's headline indicator comes first, then table rows, then prose.
    """
    shown = (a for a in result.ahead if a.history is not None and a.required is not None)
    pool = result.assessable or tuple(shown)
    return tuple(sorted(promises(pool), key=lambda a: place(a.target, result.plan))[:n])


def risks(result: PlanAssessment, n: int = 3) -> tuple[Assessment, ...]:
    """Return the targets least likely to be met, each indicator once; binding ones first where equally likely."""
    chosen: dict[str, Assessment] = {}
    for assessment in sorted(result.assessable, key=lambda a: (a.probability or 0.0, not a.target.binding)):
        chosen.setdefault(assessment.target.indicator.id, assessment)
    return tuple(chosen.values())[:n]

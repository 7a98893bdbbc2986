"""A draft as a result: its rows, the chance of them all, and one table of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import Any

import pandas as pd

from planmodel.audit import Finding
from planmodel.drafting.beside import Beside
from planmodel.drafting.values import CHANCES, with_value
from planmodel.errors import NotAssessable, PlanmodelError, UndefinedGrowth, unknown
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import required
from planmodel.plans.model import called
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase, percent
from planmodel.words.cards import Card, Rows

ORIGINS = ("printed", "chosen", "follows", "level", "none")
"""Where the figure of a drafted row is from: the plan; its chance; an identity of the plan; the level beside it; there is none."""
LADDER = {p: f"{100 * p:.0f}" for p in CHANCES}
OWN = (
    *(f"value_{name}" for name in LADDER.values()), *(f"asks_{name}" for name in LADDER.values()), "chance_asked",
    "earlier_target", "earlier_outturn", "parent_target", "parent_asks", "others_low", "others_high", "earlier_year",
    "asks_unit", "origin", "earlier_plan", "earlier_met", "parent_plan", "others",
)  # fmt: skip
"""Columns that the table of the assessments does not have: first the numbers."""
COLUMNS = (
    "plan", "table", "number", "part", "indicator", "region", "kind", "comparator", "target_year", "attribute", "status",
    "unit", "base", "base_year", "base_unit", "known_to", *OWN[: 2 * len(LADDER)], "asks_unit", "chance_asked", "value",
    "origin", "probability", "required", "record", "record_unit", "record_first", "record_last", "verdict",
    "precedent_share", "earlier_plan", "earlier_year", "earlier_target", "earlier_outturn", "earlier_met", "parent_plan",
    "parent_target", "parent_asks", "others", "others_low", "others_high", "reason", "notes", "required_unit",
)  # fmt: skip
"""Of the table of a draft. value_N: kept with a chance of N %; asks_N: what it asks for a year, in asks_unit. value: the one
written, with its own `probability`. others: plans of other regions with a target for the same, which ask from others_low to
others_high a year."""


@dataclass(frozen=True)
class Drafted:
    """One row of a draft. ladder: values for CHANCES of the row as it stood, in its unit; asked: the chance asked for.

    assessment: of the figure written, or of the row without one, with its reason. origin: see ORIGINS. elsewhere: the
    chance of the figure in other scenarios, by id.
    """

    assessment: Assessment = field(repr=False)
    ladder: tuple[float, ...] = ()
    asked: float | None = None
    origin: str = "none"
    beside: Beside = field(default_factory=Beside, repr=False)
    elsewhere: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        return self.assessment.target


@dataclass(frozen=True, repr=False)
class Draft(Card):
    """A draft of a plan's targets in a scenario.

    plan: with the figures of the draft in it. joint: the chance that all rows written by the draft are met, from the same
    draws, and joint_asked what was asked for; assessment: of all its rows. findings: contradictions and tensions that the
    plan without those figures does not have. others: the scenarios it was tried in besides.
    """

    plan: Plan
    scenario: Scenario
    rows: tuple[Drafted, ...]
    joint: float | None
    joint_asked: float | None
    assessment: PlanAssessment
    findings: tuple[Finding, ...]
    others: tuple[Scenario, ...] = ()

    @property
    def drafted(self) -> tuple[Drafted, ...]:
        """The rows whose figures are of the draft."""
        return tuple(row for row in self.rows if row.origin not in ("printed", "none"))

    def _card(self, lang: str) -> tuple[object, Rows]:
        n, written = len(self.rows), len(self.drafted)
        return Phrase("drafting.card.title", plan=self.plan.short, scenario=self.scenario.name), [
            (Phrase("drafting.card.rows"), Phrase("drafting.card.written", n=n, written=written)),
            (Phrase("drafting.card.joint"), None if self.joint is None else percent(self.joint)),
            (Phrase("drafting.card.findings"), len(self.findings) or Phrase("drafting.card.none")),
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a target: values for chances, the figure written, its chance, and what stands beside it (see COLUMNS);
        probability_S: the chance of the figure in another scenario.
        """
        elsewhere = [f"probability_{scenario.id}" for scenario in self.others]
        own = pd.DataFrame([_row(row) for row in self.rows], columns=[*OWN, *elsewhere])
        numbers = dict.fromkeys((*OWN[: OWN.index("earlier_year")], *elsewhere), float)
        table = self.assessment.table.rename(columns={"target_value": "value"})
        table = table.join(own.astype(numbers | {"earlier_year": "Int64"}))[[*COLUMNS, *elsewhere]]
        return called(table, f"{self.plan.name}-{self.scenario.id}-draft")

    def __getitem__(self, key: str) -> Drafted:
        """Return a row by its target's key, or the first of an indicator. Errors: PlanmodelError with the nearest names."""
        names = [(row.target.id, row.target.indicator.id) for row in self.rows]
        for row, own in zip(self.rows, names, strict=True):
            if key in own:
                return row
        raise PlanmodelError(faults=[unknown("target", key, [name for own in names for name in own])])


def _row(row: Drafted) -> dict[str, Any]:
    """What a row of the table has beside its assessment."""
    target, beside = row.target, row.beside
    cells: dict[str, Any] = {"chance_asked": row.asked, "origin": row.origin}
    cells |= {"earlier_plan": "", "parent_plan": ""}
    for name, value in zip(LADDER.values(), row.ladder, strict=False):
        asks, unit = _asks(target, value, row.assessment.base)
        cells |= {f"value_{name}": value, f"asks_{name}": asks, **({"asks_unit": unit} if unit else {})}
    if beside.earlier is not None:
        earlier = beside.earlier.target
        cells |= {"earlier_plan": beside.earlier.plan.name, "earlier_year": earlier.target_year}
        cells |= {"earlier_target": earlier.target_value}
    if beside.outturn is not None:
        cells |= {"earlier_outturn": beside.outturn.value, "earlier_met": beside.outturn.met}
    if beside.parent is not None:
        cells |= {"parent_plan": beside.parent.plan.name, "parent_target": beside.parent.target.target_value}
        asked = beside.parent.asks
        cells |= {} if asked is None else {"parent_asks": asked.in_unit(target.unit)[0]}
    others = {
        one.plan.name: one.asks.in_unit(target.unit)[0] for one in beside.others if one.asks is not None
    }
    ends = {"others_low": min(others.values()), "others_high": max(others.values())} if others else {}
    elsewhere = {f"probability_{name}": chance for name, chance in row.elsewhere.items()}
    return {"earlier_met": None, **cells, "others": ", ".join(others), **ends, **elsewhere}


def _asks(target: Target, value: float, base: float | None) -> tuple[float | None, str]:
    """What a value asks for a year, with its unit."""
    try:
        return (None, "") if isnan(value) else required(with_value(target, value), base).in_unit(target.unit)
    except (NotAssessable, UndefinedGrowth):
        return None, ""

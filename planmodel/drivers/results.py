"""The growth accounting of a plan as a result: numbers, and tidy tables of them beside what others had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from planmodel.arithmetic.accounting import Assumptions, Needed
from planmodel.arithmetic.capital_paths import FACTORS, capital_path
from planmodel.drivers.assumed import NAMES, Assumed, Given
from planmodel.drivers.goals import GDP, Goal, Past
from planmodel.drivers.records import Record, load_records
from planmodel.errors import NotAssessable
from planmodel.feasibility.outlooks import REAL_CLASS
from planmodel.forecasts.reference import load_class
from planmodel.plans import Plan, Target
from planmodel.plans.scenarios import Scenario
from planmodel.words import Joined, Phrase
from planmodel.words.cards import Card, Rows

KEY = ("plan", "table", "number", "part")
RECORD_COLUMNS = (
    "flag",
    "countries_low",
    "countries_high",
    "china",
    "china_low",
    "china_high",
    "china_years",
)
"""What others had, in the row's unit: the middle 90 % of countries' five-year means; China's latest and range."""
COLUMNS = (
    "plan", "scenario", "table", "number", "part", "indicator", "output", "growth_pct", "reached_pct", "term", "assumed_pct",
    "needed_pct", "attainable", "why", "percentile", "unit", *RECORD_COLUMNS,
)  # fmt: skip
"""Of the table of needs; the first fifteen are those that others script against."""
ASSUMPTION_COLUMNS = ("name", "value", "unit", "origin", "source", "url", "year", "date", *RECORD_COLUMNS)
GOAL_COLUMNS = (
    *KEY, "indicator", "output", "first_year", "last_year", "stated_pct", "growth_pct", "steps", "class_percentile", "reason",
    "target_value", "target_upper", "target_printed", "target_year", "comparator", "kind", "status", "unit", "relative_to",
)  # fmt: skip
UNITS = {"capital_output": "years", "labour_share": "%", "investment_share": "%"}
EDGE = 0.05
AT_PARITIES = ("investment_share", "capital_output")
"""The table values these at purchasing-power parities, the assumptions at national prices."""
ROUNDED = 5e-4


@dataclass(frozen=True)
class Case:
    """One set of assumptions, the mean growth it gives and what each factor adds (fractions a year)."""

    name: str
    growth: float
    parts: Mapping[str, float]
    assumptions: Assumptions


@dataclass(frozen=True, repr=False)
class Drivers(Card):
    """The growth accounting of a plan's goals, the first of which is accounted for; `reason` says why there is none.

    needs: each term alone. past_productivity: what the record implies with the same shares. unread: targets of output
    that could not be read, with the reason.
    """

    plan: Plan
    scenario: Scenario
    given: Given
    assumed: Mapping[str, Assumed]
    assumptions: Assumptions
    goals: tuple[Goal, ...] = ()
    reason: Mapping[str, str] = field(default_factory=dict)
    past: Past | None = None
    past_productivity: float | None = None
    needs: tuple[Needed, ...] = ()
    cases: tuple[Case, ...] = ()
    unread: tuple[tuple[Target, Mapping[str, str]], ...] = ()

    def _card(self, lang: str) -> tuple[object, Rows]:
        title = Phrase("drivers.card.title", plan=self.plan.short, scenario=self.scenario.name)
        if self.goal is None:
            return title, [(Phrase("terms.reason"), self.reason)]
        needs = [need for need in self.needs if need.attainable]
        return title, [
            (Phrase("drivers.card.goal"), Phrase("drivers.card.growth", growth=self.asked.growth)),
            (Phrase("drivers.card.reached"), Phrase("drivers.card.growth", growth=self.reached)),
            *((Phrase(f"terms.{n.term}"), Phrase("drivers.card.needed", value=n.value)) for n in needs),
            (Phrase("drivers.card.tables"), "table, assumptions_table, goals_table, contributions"),
        ]

    @property
    def goal(self) -> Goal | None:
        """The target that is accounted for, None where none can be read."""
        return self.goals[0] if self.goals else None

    @property
    def asked(self) -> Goal:
        """The target that is accounted for; NotAssessable with the reason where none can be read."""
        if not self.goals:
            raise NotAssessable(self.reason)
        return self.goals[0]

    @cached_property
    def reached(self) -> float:
        """Mean growth of output with all assumptions, a fraction a year."""
        return capital_path(self.assumptions, self.asked.n_years).mean

    def need(self, term: str) -> Needed:
        return next(n for n in self.needs if n.term == term)

    def record(self, name: str) -> Record | None:
        """Return the record of a term; none where services are a sector of their own: it is of whole economies."""
        return None if self.given.reading == "sector" else load_records().records.get(name)

    @property
    def table(self) -> pd.DataFrame:
        """One row a term for the plan's goal: assumed and needed in percent (a year), attainable or why not.

        percentile: the share of countries' five-year means below the needed figure. Empty where no target can be read.
        """
        rows = []
        for need in self.needs:
            record = self.record(need.term)
            rows.append(
                {
                    **_key(self.asked.target),
                    "scenario": self.scenario.id,
                    "output": self.asked.output,
                    "growth_pct": 100 * self.asked.growth,
                    "reached_pct": 100 * self.reached,
                    "term": need.term,
                    "assumed_pct": 100 * getattr(self.assumptions, need.term),
                    "needed_pct": None if need.value is None else 100 * need.value,
                    "attainable": need.attainable,
                    "why": need.why,
                    "percentile": None
                    if record is None or need.value is None
                    else record.percentile(need.value),
                    "unit": unit_of(need.term),
                    **self._beside(need.term, need.value),
                }
            )
        return _framed(rows, COLUMNS, "needs")

    @property
    def assumptions_table(self) -> pd.DataFrame:
        """One row an assumption, in its unit, with its source and beside what others had."""
        rows = []
        for name in NAMES:
            one, unit = self.assumed[name], unit_of(name)
            row = {column: getattr(one, column) for column in ASSUMPTION_COLUMNS if hasattr(one, column)}
            rows.append(
                row | {"value": scale(name) * one.value, "unit": unit, **self._beside(name, one.value)}
            )
        return _framed(rows, ASSUMPTION_COLUMNS, "assumptions")

    @property
    def goals_table(self) -> pd.DataFrame:
        """One row a target of output: as promised, as real growth with its steps, and where that stands in the class."""
        group, rows = load_class(REAL_CLASS), []
        for goal in self.goals:
            place = group.percentile(goal.growth, goal.n_years) if goal.output == GDP else None
            rows.append(
                _promise(goal.target)
                | {"output": goal.output, "stated_pct": 100 * goal.stated, "growth_pct": 100 * goal.growth}
                | {"steps": Joined(goal.steps, "clauses"), "class_percentile": place, "reason": ""}
            )
        rows += [_promise(target) | {"reason": reason} for target, reason in self.unread]
        return _framed(rows, GOAL_COLUMNS, "goals")

    @property
    def contributions(self) -> pd.DataFrame:
        """One row a case and factor: points of growth a year, which add up to the case's growth, %."""
        rows = [
            (case.name, name, 100 * case.parts[name], 100 * case.growth)
            for case in self.cases
            for name in FACTORS
        ]
        return _framed(rows, ("case", "factor", "points", "growth_pct"), "contributions")

    def flag(self, name: str, value: float | None) -> str:
        """Return where a figure stands beside the record, as a code; empty for no figure.

        no_record; published, not_published (for China); outside_countries (5-95 %); beyond_china; within.
        """
        if value is None:
            return ""
        own, record = self.assumed.get(name), self.record(name)
        if record is None:
            return "no_record"
        if own is not None and own.low is not None and own.high is not None:
            return "published" if own.low <= value <= own.high else "not_published"
        if record.outside(value):
            return "outside_countries"
        measured = own is not None and own.value == value and own.origin != "user"
        if name in AT_PARITIES or measured or record.china_low is None or record.china_high is None:
            return "within"
        near = record.china_low - ROUNDED <= value <= record.china_high + ROUNDED
        return "within" if near else "beyond_china"

    def _beside(self, name: str, value: float | None) -> dict:
        """What others had, as the columns of a row (RECORD_COLUMNS)."""
        record, own = self.record(name), self.assumed.get(name)
        row = {"flag": self.flag(name, value)}
        if record is None:
            return row
        figures: dict[str, float | None]
        figures = {"countries_low": record.quantile(EDGE), "countries_high": record.quantile(1 - EDGE)}
        if own is not None and own.low is not None:
            figures |= {"china_low": own.low, "china_high": own.high}
            row["china_years"] = own.range_years
        else:
            names = ("china", "china_low", "china_high")
            figures |= {column: getattr(record, column) for column in names}
        return row | {
            column: None if figure is None else scale(name) * figure for column, figure in figures.items()
        }


def unit_of(name: str) -> str:
    """Return the unit of a term in tables: years, % or %/year (the default)."""
    return UNITS.get(name, "%/year")


def scale(name: str) -> int:
    """Return what makes a term's fraction a figure of its unit."""
    return 1 if unit_of(name) == "years" else 100


def _key(target: Target) -> dict:
    return {name: getattr(target, name) for name in KEY} | {"indicator": target.indicator.id}


def _promise(target: Target) -> dict:
    promised = {name: getattr(target, name) for name in GOAL_COLUMNS if hasattr(target, name)}
    return promised | _key(target) | {"first_year": target.base_year + 1, "last_year": target.target_year}


def _framed(rows: list, columns: tuple[str, ...], name: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns))
    table.attrs["name"] = name
    return table

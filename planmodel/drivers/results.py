"""The growth accounting of a plan as a result: numbers, and tidy tables of them beside what others had."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from planmodel.arithmetic.accounting import FACTORS, Assumptions, Needed, capital_path
from planmodel.drivers.assumed import NAMES, Assumed, Given, Record, load_records
from planmodel.drivers.goals import GDP, Goal, Past, levels_of
from planmodel.errors import NotAssessable
from planmodel.feasibility.quantities import class_of_real_growth
from planmodel.forecasts.reference import load_class
from planmodel.plans import Plan, Target
from planmodel.plans.model import KEY, fields_of, framed
from planmodel.plans.scenarios import Scenario
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase
from planmodel.words.cards import Card, Rows

RECORD_COLUMNS = (
    "flag", "countries_low", "countries_high", "china", "china_low", "china_high", "china_years",
)  # fmt: skip
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
OWN_COLUMNS = ("name", "value", "unit", "first_year", "last_year", "note")
UNITS = {"capital_output": "years", "labour_share": "%", "investment_share": "%"}
EDGE = 0.05
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

    @property
    def abroad(self) -> bool:
        """Whether the plan is of another country than China, whose own figures stand beside those of countries."""
        return self.plan.catalogue.country_of(self.plan.region) not in ("", "china")

    def record(self, name: str) -> Record | None:
        """Return the record of a term; none where services are a sector of their own: it is of whole economies."""
        record = None if self.given.reading == "sector" else load_records().get(name)
        return (
            replace(record, china=None, china_low=None, china_high=None) if record and self.abroad else record
        )

    def _published(self, name: str) -> tuple[float, float] | None:
        """The range of an assumption that was published for China."""
        own = None if self.abroad else self.assumed.get(name)
        return None if own is None or own.low is None or own.high is None else (own.low, own.high)

    @property
    def table(self) -> pd.DataFrame:
        """One row a term for the plan's goal: assumed and needed in percent (a year), attainable or why not.

        percentile: the share of countries' five-year means below the needed figure. Empty where no target can be read.
        """
        rows = [
            {
                **fields_of((*KEY, "indicator"), self.asked.target), "scenario": self.scenario.id, "output": self.asked.output,
                "growth_pct": 100 * self.asked.growth, "reached_pct": 100 * self.reached, "term": need.term,
                "assumed_pct": 100 * getattr(self.assumptions, need.term),
                "needed_pct": None if need.value is None else 100 * need.value, "attainable": need.attainable,
                "why": need.why, "unit": unit_of(need.term), **self._beside(need.term, need.value),
            }
            for need in self.needs
        ]  # fmt: skip
        return framed(rows, COLUMNS, "needs")

    @property
    def assumptions_table(self) -> pd.DataFrame:
        """One row an assumption, in its unit, with its source and beside what others had."""
        rows = []
        for name in NAMES:
            one = self.assumed[name]
            own = {"value": scale(name) * one.value, "unit": unit_of(name), **self._beside(name, one.value)}
            rows.append(vars(one) | own)
        return framed(rows, ASSUMPTION_COLUMNS, "assumptions")

    @property
    def goals_table(self) -> pd.DataFrame:
        """One row a target of output: as promised, as real growth with its steps, and where that stands in the class."""
        group = load_class(class_of_real_growth(self.plan.catalogue.country_of(self.plan.region)))
        rows: list[dict] = []
        for goal in self.goals:
            row = _promise(goal.target) | {"output": goal.output, "steps": Joined(goal.steps, "clauses")}
            row |= {"stated_pct": 100 * goal.stated, "growth_pct": 100 * goal.growth, "reason": ""}
            if goal.output == GDP:
                row["class_percentile"] = group.percentile(goal.growth, goal.n_years)
            rows.append(row)
        rows += [_promise(target) | {"reason": reason} for target, reason in self.unread]
        return framed(rows, GOAL_COLUMNS, "goals")

    @property
    def contributions(self) -> pd.DataFrame:
        """One row a case and factor: points of growth a year, which add up to the case's growth, %."""
        rows = [(c.name, name, 100 * c.parts[name], 100 * c.growth) for c in self.cases for name in FACTORS]
        return framed(rows, ("case", "factor", "points", "growth_pct"), "contributions")

    def flag(self, name: str, value: float | None) -> str:
        """Return where a figure stands beside the record, as a code; empty for no figure.

        no_record; published, not_published (for China); outside_countries (5-95 %); beyond_china; within.
        """
        if value is None:
            return ""
        own, record = self.assumed.get(name), self.record(name)
        if record is None:
            return "no_record"
        if ends := self._published(name):
            return "published" if ends[0] <= value <= ends[1] else "not_published"
        if record.outside(value):
            return "outside_countries"
        measured = own is not None and own.value == value and own.origin != "user"
        if record.china_low is None or record.china_high is None or (measured and name != "capital_output"):
            return "within"
        near = record.china_low - ROUNDED <= value <= record.china_high + ROUNDED
        return "within" if near else "beyond_china"

    def _beside(self, name: str, value: float | None) -> dict:
        """What others had, as the columns of a row (RECORD_COLUMNS), and the share of their episodes below a figure."""
        record, own = self.record(name), self.assumed.get(name)
        row: dict[str, object] = {"flag": self.flag(name, value)}
        if record is None:
            return row
        ends = record.quantile(EDGE), record.quantile(1 - EDGE)
        figures: dict[str, float | None] = dict(zip(("countries_low", "countries_high"), ends, strict=True))
        if own is not None and (published := self._published(name)):
            figures |= dict(zip(("china_low", "china_high"), published, strict=True))
            row["china_years"] = own.range_years
        else:
            figures |= {column: getattr(record, column) for column in ("china", "china_low", "china_high")}
        row["percentile"] = None if value is None else record.percentile(value)
        return row | {n: None if figure is None else scale(name) * figure for n, figure in figures.items()}


def unit_of(name: str) -> str:
    """Return the unit of a term in tables: years, % or %/year (the default)."""
    return UNITS.get(name, "%/year")


def scale(name: str) -> int:
    """Return what makes a term's fraction a figure of its unit."""
    return 1 if unit_of(name) == "years" else 100


def _promise(target: Target) -> dict:
    years = {"first_year": target.base_year + 1, "last_year": target.target_year}
    return fields_of(GOAL_COLUMNS, target) | years


def own_record(result: Drivers) -> pd.DataFrame:
    """Return one row a figure, % (a year): growth, productivity, investment, employment past and promised.

    investment: fixed-asset investment over GDP, which is no investment share. employment, promised_employment: what growth
    and labour productivity together imply.
    """
    plan, region, past, goal = result.plan, result.plan.region, result.past, result.goal
    rows: list[tuple] = []

    def add(name: str, value: float, years: tuple[int, int], note: object = "") -> None:
        rows.append((name, 100 * value, "%" if name == "investment" else "%/year", *years, note))

    if past is not None:
        years = past.first_year + 1, past.last_year
        add("growth", past.growth, years, Joined(past.notes, "clauses"))
        if result.past_productivity is not None:
            add("productivity", result.past_productivity, years, Phrase("drivers.own.note.productivity"))
    investment, gdp = (levels_of(plan, name, region) for name in ("fixed_investment", GDP))
    both = [int(year) for year in investment.index if year in gdp.index]
    if both:
        last = both[-1]
        note = Phrase("drivers.own.note.investment")
        add("investment", float(investment[last] / gdp[last]), (last, last), note)
    if past is not None:
        asked = ("mean_growth", past.first_year + 1, past.last_year)
        for seen in plan.observed("labour_productivity", region):
            if (seen.measure, seen.first_year, seen.last_year) == asked:
                note = Phrase("drivers.own.note.employment", rate=f"{seen.value:g}")
                add("employment", (1 + past.growth) / (1 + seen.value / 100) - 1, asked[1:], note)
                break
    if goal is not None and goal.output == GDP:
        promised = ("annual_growth", goal.target.target_year)
        for target in plan.series.get(("labour_productivity", region), ()):
            if (target.kind, target.target_year) == promised and target.target_value:
                rate = f"{COMPARATOR_SIGNS.get(target.comparator, '')}{target.target_value:g}"
                years = target.base_year + 1, target.target_year
                value = (1 + goal.growth) / (1 + target.target_value / 100) - 1
                add("promised_employment", value, years, Phrase("drivers.own.note.promised", rate=rate))
    return framed(rows, OWN_COLUMNS, "own-record")

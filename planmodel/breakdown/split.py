"""A target broken down over districts or sectors by shares: parts that add up to the whole in printed figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from planmodel.arithmetic.apportion import apportion, decimals_of, shares_between
from planmodel.arithmetic.growth import cagr
from planmodel.breakdown.lines import Line, line_of
from planmodel.breakdown.shares import (
    DIMENSIONS,
    REST,
    NoParts,
    Shares,
    check_shares,
    parts_of,
    published_shares,
)
from planmodel.errors import Fault, PlanmodelError, UndefinedGrowth, unknown
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import unit_name
from planmodel.plans.scenarios import Scenario
from planmodel.words import Joined, Phrase, thousands
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "target", "indicator", "by", "part", "name", "unit", "year", "figure", "share", "growth", "shares_of",
    "figure_printed",
)  # fmt: skip
"""Of the table of a split; those before `figure_printed` are those that others script against."""
DIVISIBLE = ("level", "cumulated", "flow", "mean_flow")
"""Measures of lines that have parts."""


@dataclass(frozen=True)
class Part:
    """A part: its figure by year (base year first where the whole has one), its shares, and its growth a year."""

    id: str
    name: Mapping[str, str]
    figures: Mapping[int, Decimal]
    shares: Mapping[int, float]
    growth: float | None


@dataclass(frozen=True, repr=False)
class Split(Card):
    """A target's line and its parts. figures of a cumulated sum are the flows of each year, and `whole` their sum."""

    line: Line
    by: str
    shares: Shares
    parts: tuple[Part, ...]
    whole: Mapping[int, Decimal]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.whole)

    @property
    def table(self) -> pd.DataFrame:
        """One row a part and year, and the whole (part: total); growth is what a part needs, % a year."""
        target = self.line.target
        row = {
            "plan": target.plan,
            "target": target.id,
            "indicator": target.indicator.id,
            "by": self.by,
            "unit": self.line.unit,
            "shares_of": "" if self.shares.year is None else str(self.shares.year),
        }
        everything = Part(
            "total", Phrase("breakdown.total"), self.whole, dict.fromkeys(self.years, 1.0), None
        )
        rows = [
            row
            | {
                "part": part.id,
                "name": part.name,
                "year": year,
                "figure": figure,
                "figure_printed": str(figure),
            }
            | {"share": part.shares[year], "growth": None if part.growth is None else 100 * part.growth}
            for part in (*self.parts, everything)
            for year, figure in part.figures.items()
        ]
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        return table.astype(dict.fromkeys(("figure", "share", "growth"), float))

    def _card(self, lang: str) -> tuple[object, Rows]:
        title = Phrase(
            f"breakdown.card.split.{self.by}",
            name=self.line.target.indicator,
            unit=unit_name(self.line.unit, lang),
        )
        first, last = self.years[0], self.years[-1]
        parts = [*((part.name, part.figures) for part in self.parts), (Phrase("breakdown.total"), self.whole)]
        return title, [
            (name, f"{first}: {thousands(own[first])}, {last}: {thousands(own[last])}") for name, own in parts
        ]


def split(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    shape: str,
    by: str,
    shares: Shares | None = None,
    *,
    rest: bool = False,
) -> Split:
    """Return a target by districts or sectors, year by year; parts add up to each printed figure exactly.

    by: districts (regions whose parent is the target's region) or sectors (the parts of a sum in the plan's identities,
    of GDP the three sectors, else indicators that are part_of the target's).
    shares: default those of the latest year in which the parts are published and add up. rest: what the named parts do
    not cover is a part of its own. Parts of a sum are parts of each year's flow.

    Errors: PlanmodelError with the reason where shares are missing, do not add up, or the target is no amount.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> given = Shares({"jiaojiang": 0.25, "rest": 0.75}, {"jiaojiang": 0.30, "rest": 0.70})
    >>> result = split(plan, plan.target("T2/1/1"), load_scenario("baseline"), "linear", "districts", given)
    >>> [(part.id, str(part.figures[2025])) for part in result.parts]
    [('jiaojiang', '1200'), ('rest', '2800')]
    """
    known = parts_of(plan, target, by)
    line = line_of(plan, target, scenario, shape, plan)
    if not divisible(line):
        raise _no_amount(line)
    if shares is None:
        shares = published_shares(plan, target, by, rest=rest)
    faults = [unknown("shares", name, (*known, REST)) for name in shares.first if name not in (*known, REST)]
    faults += check_shares(shares)
    if faults:
        raise PlanmodelError(faults=faults)
    start = line.base_year if line.base_year is not None else target.base_year
    whole = {start: line.base} if line.measure == "level" and line.base is not None else {}
    for due in line.years:
        figure = due.figure if due.flow is None else due.flow
        if figure is not None:
            whole[due.year] = figure
    names = list(shares.first)
    rows = shares_between(
        [shares.first[n] for n in names], [shares.last[n] for n in names], target.target_year - start
    )
    figures = {
        year: dict(zip(names, apportion(value, rows[year - start], decimals_of(str(value))), strict=True))
        for year, value in whole.items()
    }
    parts = []
    for place, name in enumerate(names):
        own = {year: rows[year - start][place] for year in whole}
        called = known.get(name, Phrase("breakdown.others"))
        parts.append(
            Part(name, called, {year: figures[year][name] for year in whole}, own, _growth(whole, own))
        )
    return Split(line, by, shares, tuple(parts), whole)


def _growth(whole: Mapping[int, Decimal], shares: Mapping[int, float]) -> float | None:
    """The growth a year that a part needs, from unrounded figures."""
    first, last = min(whole), max(whole)
    try:
        return cagr(float(whole[first]) * shares[first], float(whole[last]) * shares[last], last - first)
    except (UndefinedGrowth, ZeroDivisionError):
        return None


def divisible(line: Line) -> bool:
    """Return True for a level, sum or flow of an amount, which alone have parts."""
    return line.target.indicator.scale == "amount" and line.measure in DIVISIBLE


def _no_amount(line: Line) -> NoParts:
    target = line.target
    why = Phrase("breakdown.fault.scale", scale=target.indicator.scale)
    if target.indicator.scale == "amount":
        why = Phrase(f"breakdown.fault.of_measure.{line.measure}")
    found = Phrase("breakdown.fault.of_target", id=target.id, why=why)
    fault = Fault("target", Phrase("breakdown.fault.amount"), found)
    return NoParts(fault, Phrase("breakdown.no_amount", name=target.indicator))


def first_divisible(plan: Plan, indicator: str, scenario: Scenario, shape: str) -> Target:
    """Return the first target of an indicator (empty: of any), in the plan's own region, that can be broken down.

    Errors: PlanmodelError where there is none, with the reason of the first.
    """
    targets = [t for t in plan.select((indicator,) if indicator else ()) if t.target_year > plan.base_year]
    lines = [
        line_of(plan, target, scenario, shape, plan)
        for target in sorted(targets, key=lambda t: t.region != plan.region)
    ]
    if not lines:
        fault = Fault("indicator", Phrase("breakdown.fault.in_period", plan=plan.name), indicator)
        raise NoParts(fault, Phrase("breakdown.none_in_period"))
    for line in lines:
        if divisible(line):
            return line.target
    raise _no_amount(lines[0])


def first_split(
    plan: Plan, scenario: Scenario, shape: str, indicators: Iterable[str] = ()
) -> tuple[Split | None, Mapping[str, str]]:
    """Return the first of some targets by districts, else by sectors, with the rest as a part; else None, and why.

    indicators: whose targets; default: the plan's headline, or any where it has no target.
    """
    own = {target.indicator.id for target in plan.targets}
    reasons: dict[Mapping[str, str], None] = {}
    for name in tuple(indicators) or (plan.headline if plan.headline in own else "",):
        for by in DIMENSIONS:
            try:
                target = first_divisible(plan, name, scenario, shape)
                return split(plan, target, scenario, shape, by, rest=True), {}
            except NoParts as error:
                reasons[error.reason] = None
    return None, Joined(reasons, "clauses")

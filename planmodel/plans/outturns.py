"""Outturns: what became of a finished plan's targets, part by part and row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planmodel.plans.kinds import falling, kind_of, reached
from planmodel.plans.model import Observation, Plan, Target
from planmodel.plans.series import PREFERENCE
from planmodel.words import Phrase, Text, figure
from planmodel.words.cards import Card, Rows

OTHER_BASIS = Phrase("plans.reason.other_basis")
NO_OUTTURN = Phrase("plans.reason.no_outturn")
OPEN_FIGURE = Phrase("plans.reason.open_figure")
BEYOND = 1e-6
"""How far beyond its figure an outturn such as "over 100" is taken to lie: enough to be more than 100."""


@dataclass(frozen=True, repr=False)
class Outturn(Card):
    """What became of one target: the figure in its unit, and whether it was met; None with the reason why not known."""

    target: Target
    value: float | None
    met: bool | None
    observation: Observation | None = None
    reason: Text | None = None

    def _card(self, lang: str) -> tuple[object, Rows]:
        title, _ = self.target._card(lang)
        state = "not_assessable" if self.met is None else "met" if self.met else "missed"
        return title, [
            (Phrase("terms.outturn"), None if self.value is None else figure(self.value)),
            (Phrase("terms.verdict"), Phrase(f"terms.{state}")),
            (Phrase("terms.reason"), self.reason),
        ]


def outturn(plan: Plan, target: Target) -> Outturn:
    """Return what the plan prints as a target's outturn, and whether it was met.

    A change without a printed outturn follows from the row's base and its outturn of the level.

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> [outturn(plan, plan.target(key)).met for key in ("T1/1/1", "T1/1/2", "T1/5/1", "T1/11/2")]
    [True, False, True, True]
    """
    kind = kind_of(target)
    row = [o for o in plan.observations if o.target and o.target.rsplit("/", 1)[0] == _row(target)]
    own = [
        o
        for o in row
        if o.target == target.id and o.indicator == target.indicator.id and o.measure in kind.outturns
    ]
    value, printed = None, _best(own, target)
    if printed is not None:
        n_years = printed.last_year - printed.first_year + 1
        value = kind.outturns[printed.measure](_in_unit(plan, printed, target), n_years)
    elif kind.change and target.base_value is not None:
        ends = [o for o in row if o.measure == "value" and o.indicator == target.indicator.id]
        printed = _best(ends, target)
        if printed is not None:
            units = plan.catalogue.units
            known = {printed.unit, target.base_unit} <= set(units)
            end = (
                plan.catalogue.convert(printed.value, printed.unit, target.base_unit)
                if known
                else printed.value
            )
            value = end - target.base_value
            if "change_pp" in kind.outturns:
                value = kind.outturns["change_pp"](value, target.n_years)
    if printed is None or value is None or target.target_value is None:
        return Outturn(target, None, None, reason=NO_OUTTURN)
    if printed.definition != target.definition:
        return Outturn(target, value, None, printed, OTHER_BASIS)
    met = met_by(target, value, printed.comparator, plan.catalogue.rules["about_tolerance"])
    return Outturn(target, value, met, printed, None if met is not None else OPEN_FIGURE)


def _best(figures: list[Observation], target: Target) -> Observation | None:
    """The outturn among the figures of a row: of the target year, the best vintage, then the latest published.

    A plan may print an earlier year's figure as the outturn of its finished table; figures published elsewhere count for
    their own year only.
    """
    fitting = [o for o in figures if o.last_year == target.target_year] or [
        o for o in figures if o.vintage == "plan"
    ]
    return max(fitting, key=lambda o: (PREFERENCE[o.vintage], o.comparator == "", o.published), default=None)


def with_outturn(
    plan: Plan, key: str, year: int, value: float, *, measure: str = "value", source: str = ""
) -> Plan:
    """Return the plan with a figure of one's own for a target's indicator, as if it had been published in time.

    key: of the target. measure: value (in the indicator's unit) or growth (of the year, in %).

    >>> from planmodel import load_plan
    >>> plan = with_outturn(load_plan("linhai-14fyp"), "T2/1/1", 2025, 5.5, measure="growth")
    >>> [(o.indicator, o.period, o.value, o.unit) for o in plan.observations[-1:]]
    [('gdp', '2025', 5.5, '%')]
    """
    target = plan.target(key)
    unit = target.indicator.unit if measure == "value" else "%"
    own = Observation(
        target.indicator.id, target.region, str(year), year, year, measure, value, f"{value:g}", unit, "",
        target.price_basis, target.definition, "unknown", "", source, "", "", "",
    )  # fmt: skip
    return replace(plan, observations=(*plan.observations, own))


def met_by(target: Target, value: float, comparator: str, about_tolerance: float) -> bool | None:
    """Return whether an outturn keeps a promise; None where "over 100" or "below 100" leaves it open.

    >>> from planmodel import load_plan
    >>> goal = load_plan("taizhou-services-14fyp").target("text/15/1")  # above 4000
    >>> met_by(goal, 4000, "gt", 0.02), met_by(goal, 3900, "gt", 0.02), met_by(goal, 3900, "lt", 0.02)
    (True, None, False)
    """
    side = {"gt": 1, "ge": 1, "lt": -1, "le": -1}.get(comparator, 0)
    if comparator in ("gt", "lt"):
        value += side * BEYOND * max(1.0, abs(value))
    met = bool(reached(target, value, about_tolerance))
    if not side:
        return met
    helps = (side > 0) != falling(target)
    return met if met == helps else None


def row_met(outturns: tuple[Outturn, ...]) -> bool | None:
    """Return whether a row is met: all its parts are; None where no part failed and one is not known.

    A change beside a level that was met by another definition is not known either.
    """
    met = [each.met for each in outturns]
    if False in met:
        return False
    return True if met and None not in met else None


def rows_of(plan: Plan, table: str) -> dict[str, tuple[Outturn, ...]]:
    """Return the outturns of a table by row number."""
    rows: dict[str, list[Outturn]] = {}
    for target in plan.targets:
        if target.table == table:
            rows.setdefault(target.number, []).append(outturn(plan, target))
    return {number: tuple(each) for number, each in rows.items()}


def said_of(plan: Plan, table: str, number: str) -> tuple[bool | None, str]:
    """Return what the plan's text says of a row of an earlier table (met, missed, None: nothing), and where."""
    for claim in plan.claims:
        if claim.table == table:
            if number in claim.missed:
                return False, claim.source
            if number in claim.met or claim.rest_met:
                return True, claim.source
    return None, ""


def _row(target: Target) -> str:
    return f"{target.table}/{target.number}"


def _in_unit(plan: Plan, printed: Observation, target: Target) -> float:
    units = plan.catalogue.units
    convertible = kind_of(target).in_unit and {printed.unit, target.unit} <= set(units)
    return plan.catalogue.convert(printed.value, printed.unit, target.unit) if convertible else printed.value

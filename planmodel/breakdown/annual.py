"""The annual breakdown of a plan: what is due by when, target by target."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from planmodel.breakdown.lines import Line, line_of
from planmodel.feasibility.histories import as_known
from planmodel.plans import Plan
from planmodel.plans.promises import promises
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase, by_language, said
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "table", "number", "part", "indicator", "region", "owner", "attribute", "kind", "comparator",
    "target_printed", "target_year", "measure", "unit", "base_year", "base", "year", "figure", "flow", "asked",
    "asked_unit", "node", "outturn", "derived", "reason",
)  # fmt: skip
"""Of the table of a breakdown: those that files have and others script against."""
BESIDE = (
    "base_printed", "figure_printed", "flow_printed", "name", "target_value", "target_upper", "target_unit", "status",
    "relative_to",
)  # fmt: skip
"""More of its columns: figures with the decimals of print, and what a reader's table needs."""
OF_TARGET = (
    "plan", "table", "number", "part", "region", "attribute", "kind", "comparator", "target_printed", "target_year",
    "target_value", "target_upper", "status", "relative_to",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Breakdown(Card):
    """A plan by year. known: the plan with the observations that were known; lines: binding first, else in order."""

    plan: Plan
    known: Plan = field(repr=False)
    scenario: Scenario
    shape: str
    lines: tuple[Line, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the plan."""
        first, last = self.plan.period
        return tuple(range(first, last + 1))

    @property
    def owners(self) -> tuple[str, ...]:
        """The bodies that the plan names, leading ones first, in the order of the document."""
        leading = [line.target.owner[0] for line in self.lines if line.target.owner]
        others = [owner for line in self.lines for owner in line.target.owner[1:]]
        return tuple(dict.fromkeys([*leading, *others]))

    @property
    def promises(self) -> tuple[Line, ...]:
        """The lines, each promise once."""
        return promises(self.lines)

    @property
    def table(self) -> pd.DataFrame:
        """One row a target and year; asked is in % a year, pp or units, as asked_unit says.

        A target without figures by year has one row with its reason. node: an annual plan sets the figure. *_printed: the
        figure as text, with the decimals of print.

        >>> from planmodel import load_plan, load_scenario
        >>> table = break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline")).table
        >>> table[(table.table == "T2") & (table.number == "1")].figure_printed.tolist()
        ['2895', '3138', '3403', '3689', '4000']
        """
        table = pd.DataFrame(
            [row for line in self.lines for row in _rows(line, self.plan)], columns=[*COLUMNS, *BESIDE]
        )
        numbers = dict.fromkeys(
            ("base", "figure", "flow", "asked", "outturn", "target_value", "target_upper"), float
        )
        return table.astype({"year": "Int64", "base_year": "Int64", "node": bool, "derived": bool, **numbers})

    def _card(self, lang: str) -> tuple[object, Rows]:
        once = self.promises
        known = [due.year for line in once for due in line.years if due.outturn is not None]
        return Phrase("breakdown.card.title", plan=self.plan.title), [
            (Phrase("terms.scenario"), self.scenario.name),
            (Phrase("breakdown.card.shape"), Phrase(f"terms.{self.shape}")),
            (
                Phrase("breakdown.card.targets"),
                Phrase("breakdown.card.by_year", n=len(once), by_year=sum(line.by_year for line in once)),
            ),
            (
                Phrase("breakdown.card.outturns"),
                Phrase("breakdown.card.up_to", year=max(known)) if known else "",
            ),
            (Phrase("terms.owner"), len(self.owners) or ""),
        ]


def _rows(line: Line, plan: Plan) -> list[dict[str, object]]:
    """The rows of the table of one target: one a year, or one that says why there is none."""
    target = line.target
    row: dict[str, object] = {name: getattr(target, name) for name in OF_TARGET}
    name: object = target.indicator
    if target.region != plan.region:
        name = Phrase("breakdown.in_region", name=name, region=plan.catalogue.regions[target.region])
    row |= {
        "indicator": target.indicator.id,
        "name": by_language(lambda lang: said(name, lang)),
        "owner": "; ".join(target.owner),
        "measure": line.measure,
        "unit": line.unit,
        "target_unit": target.unit,
        "base_year": line.base_year,
        "reason": line.reason or "",
        "asked_unit": "",
        "node": False,
        "derived": False,
    } | _figure("base", line.base)
    return (
        [row | _figure("figure", None) | _figure("flow", None)]
        if not line.years
        else [
            row
            | _figure("figure", due.figure)
            | _figure("flow", due.flow)
            | {"year": due.year, "node": due.node, "outturn": due.outturn, "derived": due.derived}
            | (
                {}
                if due.asked is None
                else dict(zip(("asked", "asked_unit"), due.asked.in_unit(line.unit), strict=True))
            )
            for due in line.years
        ]
    )


def _figure(name: str, value: Decimal | None) -> dict[str, object]:
    return {name: value, f"{name}_printed": "" if value is None else str(value)}


def break_down(
    plan: Plan,
    scenario: Scenario,
    shape: str = "constant_growth",
    *,
    indicators: tuple[str, ...] = (),
    known: Plan | None = None,
) -> Breakdown:
    """Return a plan's targets by year, by the path shape and through the nodes of annual plans.

    known: the plan as it was known at a moment (planmodel.plans.known), for outturns; default: all observations. Milestones
    count from what the plan could know: its base year.

    Errors: PlanmodelError for an unknown path shape or indicator.

    >>> from planmodel import load_plan, load_scenario
    >>> result = break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline"), "linear")
    >>> line = next(line for line in result.lines if line.target.id == "T2/1/1")
    >>> [str(due.figure) for due in line.years]
    ['2936', '3202', '3468', '3734', '4000']
    """
    known, _ = as_known(known or plan, scenario)
    ahead = [t for t in plan.select(indicators) if t.target_year > plan.base_year]
    lines = [line_of(plan, target, scenario, shape, known) for target in ahead]
    lines.sort(key=lambda line: not line.target.binding)
    return Breakdown(plan, known, scenario, shape, tuple(lines))

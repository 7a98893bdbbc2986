"""Promises: which targets make the same one, and what became of each: its outturn, part by part and row by row."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from planmodel.arguments import checked
from planmodel.errors import PlanmodelError, unknown
from planmodel.plans.kinds import falling, kind_of, reached
from planmodel.plans.model import STRICT, Observation, Plan, Target, fields_of, grouped
from planmodel.plans.series import PREFERENCE
from planmodel.words import Joined, Phrase, Text, figure
from planmodel.words.cards import Card, Rows

Item = TypeVar("Item")
OTHER_BASIS = Phrase("plans.reason.other_basis")
NO_OUTTURN = Phrase("plans.reason.no_outturn")
OPEN_FIGURE = Phrase("plans.reason.open_figure")
FINAL_COLUMNS = (
    "plan", "table", "number", "indicators", "met", "said", "differs", "source", "reason", "attribute", "n_parts",
    "n_missed",
)  # fmt: skip
"""Of the table of a final review; the first nine are those that others script against."""
PART_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "attribute", "kind", "status", "comparator", "target_value",
    "target_upper", "target_printed", "target_year", "unit", "relative_to", "outturn", "met", "year", "vintage",
    "published", "reason",
)  # fmt: skip
MEASURES = ("value", "growth")
"""Of a figure of one's own."""
BEYOND = 1e-6
"""How far beyond its figure an outturn such as "over 100" is taken to lie: enough to be more than 100."""


def same_promise(target: Target) -> Hashable:
    """Return a key that targets of a plan share where they make the same promise.

    Indicator, region, definition, kind, unit, target year and figure. A figure that is blank in a table and masked in prose is
    one figure; of what is printed without a number (a milestone), the words count.

    >>> from planmodel import load_plan
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> same_promise(plan.target("T2/1/1")) == same_promise(plan.target("text/15/1"))  # 4000, above 4000
    True
    """
    figure: Any = (target.target_value, target.target_upper)
    if target.target_value is None and target.status == "printed":
        figure = target.target_printed
    what = (target.indicator.id, target.region, target.definition)
    return (*what, target.kind, target.unit, target.target_year, figure)


def merged(items: Iterable[Item]) -> tuple[tuple[Item, ...], ...]:
    """Return targets, or what has a `target`, by promise: of several the first in a table before the others, else as they come.

    A promise stands in the place of its first item.

    >>> from planmodel import load_plan
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> [[target.id for target in each] for each in merged(plan.targets) if len(each) > 2]
    [['T2/7/1', 'text/19/1', 'text/45/1']]
    """
    listed = list(items)
    targets: list[Any] = [getattr(item, "target", item) for item in listed]
    groups = grouped(range(len(listed)), lambda at: same_promise(targets[at])).values()
    each = [sorted(group, key=lambda at: (targets[at].table == "text", at)) for group in groups]
    return tuple(tuple(listed[at] for at in group) for group in sorted(each, key=lambda group: group[0]))


def promises(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return targets, or what has a `target`, each promise once: of several the first in a table, else the first of all.

    >>> from planmodel import load_plan
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> own = [target for target in plan.targets if target.target_year > plan.base_year]
    >>> len(own), len(promises(own))
    (90, 71)
    """
    return tuple(group[0] for group in merged(items))


def repeated(items: Iterable[Any]) -> dict[str, str]:
    """Return, by the id of each item's target, the target whose promise it says again; nothing where it stands for it."""
    groups = merged(items)
    return {each.target.id: group[0].target.id * (each is not group[0]) for group in groups for each in group}


def plan_targets(plan: Plan, indicators: Iterable[str] = ()) -> tuple[Target, ...]:
    """Return the targets of the plan's own period (of some indicators, or all), each promise once."""
    return promises(t for t in plan.select(tuple(indicators)) if t.target_year > plan.base_year)


def place(target: Target, plan: Plan) -> tuple[bool, bool]:
    """Return a key that sorts the plan's headline indicator first, then table rows, then prose."""
    return target.indicator.id != plan.headline, target.table == "text"


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

    def row(self) -> dict:
        """Return the row of the table of parts: what was promised, and what became of it."""
        seen = self.observation
        row = fields_of(PART_COLUMNS, self.target)
        row |= {"vintage": "", "published": ""} | fields_of(("vintage", "published"), seen)
        row |= {"outturn": self.value, "met": self.met, "reason": self.reason or ""}
        return row | {"year": None if seen is None else seen.last_year}


def outturn(plan: Plan, target: Target) -> Outturn:
    """Return what the plan prints as a target's outturn, and whether it was met.

    A change without a printed outturn follows from the row's base and its outturn of the level.

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> [outturn(plan, plan.target(key)).met for key in ("T1/1/1", "T1/1/2", "T1/5/1", "T1/11/2")]
    [True, False, True, True]
    """
    kind = kind_of(target)
    of_row = plan.outturns.get(f"{target.table}/{target.number}", ())
    row = [o for o in of_row if o.indicator == target.indicator.id]
    own = [o for o in row if o.target == target.id and o.measure in kind.outturns]
    value, printed = None, _best(own, target)
    if printed is not None:
        n_years = printed.last_year - printed.first_year + 1
        measured = _in_unit(plan, printed, target.unit if kind.in_unit else "")
        value = kind.outturns[printed.measure](measured, n_years)
    elif kind.change and target.base_value is not None:
        printed = _best([o for o in row if o.measure == "value"], target)
        if printed is not None:
            value = _in_unit(plan, printed, target.base_unit) - target.base_value
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
    of_year = [o for o in figures if o.last_year == target.target_year]
    fitting = of_year or [o for o in figures if o.vintage == "plan"]
    return max(fitting, key=lambda o: (PREFERENCE[o.vintage], o.comparator == "", o.published), default=None)


@checked
def with_outturn(plan: Plan, key: str, year: int, value: float, *, measure: str = "value") -> Plan:
    """Return the plan with a figure of one's own for a target's indicator, as if it had been published in time.

    key: of the target. measure: value (in the indicator's unit) or growth (of the year, in %).

    Errors: PlanmodelError for another measure, and a target that the plan does not have.

    >>> from planmodel import load_plan
    >>> plan = with_outturn(load_plan("linhai-14fyp"), "T2/1/1", 2025, 5.5, measure="growth")
    >>> [(o.indicator, o.period, o.value, o.unit) for o in plan.observations[-1:]]
    [('gdp', '2025', 5.5, '%')]
    """
    if measure not in MEASURES:
        raise PlanmodelError(faults=[unknown("measure", measure, MEASURES)])
    target = plan.target(key)
    unit = target.indicator.unit if measure == "value" else "%"
    own = Observation(
        target.indicator.id, target.region, str(year), year, year, measure, value, f"{value:g}", unit,
        price_basis=target.price_basis, definition=target.definition,
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
    if comparator in STRICT:
        value += side * BEYOND * max(1.0, abs(value))
    met = bool(reached(target, value, about_tolerance))
    if not side:
        return met
    helps = (side > 0) != falling(target)
    return met if met == helps else None


@dataclass(frozen=True)
class FinalRow:
    """A row of a finished table: what became of its parts, and what the text says of it (None: nothing).

    source: where the text says it.
    """

    table: str
    number: str
    outturns: tuple[Outturn, ...]
    said: bool | None
    source: str

    @property
    def met(self) -> bool | None:
        """Whether all parts are met; None where no part failed and one is not known.

        A change beside a level that was met by another definition is not known either.
        """
        met = {each.met for each in self.outturns}
        return False if False in met else None if None in met else True

    @property
    def differs(self) -> bool:
        """True where table and text are both known and say different things."""
        return self.met is not None and self.said is not None and self.met != self.said

    def row(self) -> dict:
        """Return the row of the table of a final review; lists within a cell are separated by semicolons."""
        reasons = dict.fromkeys(part.reason for part in self.outturns if part.reason)
        return fields_of(FINAL_COLUMNS, self) | {
            "indicators": "; ".join(dict.fromkeys(part.target.indicator.id for part in self.outturns)),
            "attribute": self.outturns[0].target.attribute,
            "n_parts": len(self.outturns),
            "n_missed": sum(part.met is False for part in self.outturns),
            "reason": Joined(reasons, "clauses") if reasons else "",
        }


def rows_of(plan: Plan, table: str) -> dict[str, FinalRow]:
    """Return the rows of a table by number, each with its outturns and what the plan's text says of it."""
    numbers = dict.fromkeys(target.number for target in plan.targets if target.table == table)
    rows = {}
    for number in numbers:
        parts = tuple(outturn(plan, target) for target in plan.rows[table, number])
        said, source = None, ""
        for claim in (claim for claim in plan.claims if claim.table == table and said is None):
            if number in (*claim.missed, *claim.met) or claim.rest_met:
                said, source = number not in claim.missed, claim.source
        rows[number] = FinalRow(table, number, parts, said, source)
    return rows


def final_review(plan: Plan) -> tuple[FinalRow, ...]:
    """Return the rows of the tables whose target years lie before the plan's own, in the document's order.

    >>> from planmodel import load_plan
    >>> [row.number for row in final_review(load_plan("linhai-14fyp")) if row.differs]
    ['1', '5']
    """
    past = [t for t in plan.targets if t.target_year <= plan.base_year and t.table.startswith("T")]
    rows = [row for table in dict.fromkeys(t.table for t in past) for row in rows_of(plan, table).values()]
    return tuple(row for row in rows if row.outturns[0].target.target_year <= plan.base_year)


def _in_unit(plan: Plan, printed: Observation, unit: str) -> float:
    known = {printed.unit, unit} <= set(plan.catalogue.units)
    return plan.catalogue.convert(printed.value, printed.unit, unit) if known else printed.value

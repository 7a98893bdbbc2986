"""Final reviews: what became of each row of a finished table, beside what the plan's text says of it."""

from __future__ import annotations

from dataclasses import dataclass

from planmodel.plans import Plan
from planmodel.plans.outturns import Outturn, row_met, rows_of, said_of
from planmodel.words import Joined

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


@dataclass(frozen=True)
class FinalRow:
    """A row of a finished table: its parts, whether it was met by them, and what the text says (None: nothing).

    source: where the text says it.
    """

    table: str
    number: str
    outturns: tuple[Outturn, ...]
    met: bool | None
    said: bool | None
    source: str

    @property
    def differs(self) -> bool:
        """True where table and text are both known and say different things."""
        return self.met is not None and self.said is not None and self.met != self.said

    def row(self) -> dict:
        """Return the row of the table of a final review; lists within a cell are separated by semicolons."""
        row = {name: getattr(self, name) for name in FINAL_COLUMNS if hasattr(self, name)}
        reasons = dict.fromkeys(part.reason for part in self.outturns if part.reason)
        return row | {
            "indicators": "; ".join(dict.fromkeys(part.target.indicator.id for part in self.outturns)),
            "attribute": self.outturns[0].target.attribute,
            "n_parts": len(self.outturns),
            "n_missed": sum(part.met is False for part in self.outturns),
            "reason": Joined(reasons, "clauses") if reasons else "",
        }


def part_row(part: Outturn) -> dict:
    """Return the row of a part: what was promised, and what became of it."""
    row = {name: getattr(part.target, name) for name in PART_COLUMNS if hasattr(part.target, name)}
    observation = part.observation
    return row | {
        "indicator": part.target.indicator.id,
        "outturn": part.value,
        "met": part.met,
        "year": None if observation is None else observation.last_year,
        "vintage": "" if observation is None else observation.vintage,
        "published": "" if observation is None else observation.published,
        "reason": part.reason or "",
    }


def final_review(plan: Plan) -> tuple[FinalRow, ...]:
    """Return the rows of the tables whose target years lie before the plan's own, in the document's order.

    A row is met where all its parts are; one that is not assessable has no verdict.

    >>> from planmodel import load_plan
    >>> [row.number for row in final_review(load_plan("linhai-14fyp")) if row.differs]
    ['1', '5']
    """
    tables = dict.fromkeys(
        t.table for t in plan.targets if t.target_year <= plan.base_year and t.table.startswith("T")
    )
    rows = []
    for table in tables:
        for number, parts in rows_of(plan, table).items():
            if parts[0].target.target_year <= plan.base_year:
                rows.append(FinalRow(table, number, parts, row_met(parts), *said_of(plan, table, number)))
    return tuple(rows)

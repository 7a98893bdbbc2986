"""Final reviews: what became of each row of a finished table, beside what the plan's text says of it."""

from __future__ import annotations

from dataclasses import dataclass

from planmodel.plans import Plan
from planmodel.plans.outturns import Outturn, row_met, rows_of, said_of


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
        for number, found in rows_of(plan, table).items():
            if found[0].target.target_year > plan.base_year:
                continue
            said, source = said_of(plan, table, number)
            rows.append(FinalRow(table, number, found, row_met(found), said, source))
    return tuple(rows)

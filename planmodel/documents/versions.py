"""What a later version of a document says otherwise: proposals that are new, gone, or changed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planmodel.documents.proposals import Proposal, Reading
from planmodel.documents.subjects import alike

COMPARED = ("value", "upper", "comparator", "unit", "year", "kind", "status", "attribute", "base_value")
SAME = 0.7
COLUMNS = ["change", "indicator", "field", "before", "after", "place"]


def differences(before: Reading, after: Reading) -> pd.DataFrame:
    """Return the targets that a later reading adds, drops or changes: a row a field; changes: added, dropped, changed.

    A target is the same where its indicator is nearly named so, and its kind, year and table are the same, or most of them.
    """
    pairs = list(_pairs(before.targets, after.targets))
    old, new = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
    rows: list[list[object]] = []
    for a, b in pairs:
        for field in COMPARED:
            if getattr(a, field) != getattr(b, field):
                rows.append(["changed", b.indicator, field, getattr(a, field), getattr(b, field), b.place])
    gone = (a for a in before.targets if id(a) not in old)
    rows += [["added", b.indicator, "", None, b.printed, b.place] for b in after.targets if id(b) not in new]
    rows += [["dropped", a.indicator, "", a.printed, None, a.place] for a in gone]
    return pd.DataFrame(rows, columns=COLUMNS)


def _pairs(before: tuple[Proposal, ...], after: tuple[Proposal, ...]) -> Iterator[tuple[Proposal, Proposal]]:
    """Yield the targets that are the same, the likest first."""
    near = []
    for i, a in enumerate(before):
        for j, b in enumerate(after):
            if bool(a.table) != bool(b.table):
                continue
            named = 1.0 if a.indicator == b.indicator else alike(a.indicator, b.indicator)
            if named >= SAME:
                same = sum(getattr(a, f) == getattr(b, f) for f in ("kind", "year", "unit", "value", "table"))
                near.append((named + same, -abs(i - j), i, j))
    taken_i: set[int] = set()
    taken_j: set[int] = set()
    for _, _, i, j in sorted(near, reverse=True):
        if i not in taken_i and j not in taken_j:
            taken_i.add(i)
            taken_j.add(j)
            yield before[i], after[j]

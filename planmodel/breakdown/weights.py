"""Shares of the parts of a whole: as a user gives them, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import number, read_table

ROUNDING = 0.06
"""How far shares in % may be off 100 a part: each is printed with one decimal."""


@dataclass(frozen=True)
class Shares:
    """Shares of the parts of a whole, fractions that add up to 1; at the target year others where `last` is given.

    year: of the figures they come from, None where the user gave them. sources: where those stand.
    """

    first: Mapping[str, float]
    last: Mapping[str, float]
    year: int | None = None
    sources: tuple[str, ...] = ()

    @property
    def constant(self) -> bool:
        return dict(self.first) == dict(self.last)


def check_shares(shares: Shares) -> list[Fault]:
    """Return the faults of shares: negative ones, and sums that are off 100 % by more than rounding."""
    faults = []
    rows = [("shares", shares.first), ("target shares", shares.last)]
    for what, row in rows[:1] if shares.constant else rows:
        faults += [
            Fault(f"{what}, {name}", "a share of 0 or more", f"{100 * value:g}")
            for name, value in row.items()
            if not value >= 0
        ]
        total = 100 * sum(row.values())
        if not abs(total - 100) <= ROUNDING * max(len(row), 1):
            faults.append(
                Fault(
                    what, "shares that add up to 100 %", f"{total:.6g}", do="Add the missing part, or rest."
                )
            )
    return faults


def given_shares(given: list[str]) -> Shares:
    """Return the shares of --shares: a CSV file, or entries such as jiaojiang=25 rest=75, or with the last year's
    jiaojiang=25:30.

    The file has the columns part, share (in %) or weight (any amount), and may have target_share.

    Errors: PlanmodelError with every fault.

    >>> given_shares(["jiaojiang=25:30", "rest=75:70"]).last["rest"]
    0.7
    """
    faults: list[Fault] = []
    if len(given) == 1 and "=" not in given[0]:
        rows = _of_file(Path(given[0]), faults)
    else:
        rows = []
        for entry in given:
            name, _, text = entry.partition("=")
            figures = [_float(part) for part in text.split(":")]
            if not name or not text or None in figures or len(figures) > 2 or name in [r[0] for r in rows]:
                faults.append(
                    Fault("--shares", "each part once, as part=share or part=share:target share", repr(entry))
                )
                continue
            rows.append((name, figures[0], figures[-1]))
    if not faults and not rows:
        faults.append(Fault("--shares", "parts with shares", "none"))
    if faults:
        raise PlanmodelError(faults=faults)
    return Shares({n: a / 100 for n, a, _ in rows}, {n: b / 100 for n, _, b in rows})


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _of_file(path: Path, faults: list[Fault]) -> list[tuple[str, float, float]]:
    table = read_table(path, ("part",), ("share", "weight", "target_share"))
    rows, seen = [], set()
    weights = bool(table) and not table[0]["share"]
    for row in table:
        first = number(row, "weight" if weights else "share", faults, required=True)
        last = number(row, "target_share", faults)
        if row["part"] in seen:
            faults.append(row.fault("part", "each part once", "Remove one of the two."))
        seen.add(row["part"])
        rows.append((row["part"], first or 0.0, last))
    if weights and not faults:
        total = sum(first for _, first, _ in rows)
        if total <= 0:
            faults.append(Fault("weight", "weights that are not all zero", f"{total:g}", path.name))
        rows = [(name, 100 * first / (total or 1), last) for name, first, last in rows]
    if len({last is None for _, _, last in rows}) > 1:
        faults.append(Fault("target_share", "a figure in every row or in none", "some", path.name))
    return [(name, first, first if last is None else last) for name, first, last in rows]

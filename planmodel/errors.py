"""Errors a user can act on: what, where, expected, found, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_FAULTS = 5


@dataclass(frozen=True)
class Fault:
    """One fault of an input: where it stands, what was expected and found, and what to do.

    >>> print(Fault("target_value", "a number", "'abc'", file="targets.csv", row=3, do="Correct the cell."))
    targets.csv, row 3, target_value: expected a number, found 'abc'. Correct the cell.
    """

    what: str
    expected: str
    found: str
    file: str = ""
    row: int | None = None
    do: str = ""

    def __str__(self) -> str:
        where = ", ".join(
            part for part in (self.file, f"row {self.row}" if self.row else "", self.what) if part
        )
        found = f", found {self.found}" if self.found else ""
        return f"{where}: expected {self.expected}{found}. {self.do}".rstrip()


class PlanmodelError(Exception):
    """A user's mistake, said in one clear message; `faults` holds every fault found."""

    def __init__(self, message: str = "", faults: Iterable[Fault] = ()):
        self.faults = tuple(faults)
        shown = [f"  {fault}" for fault in self.faults[:SHOWN_FAULTS]]
        if len(self.faults) > SHOWN_FAULTS:
            shown.append(f"  ... and {len(self.faults) - SHOWN_FAULTS} more: correct these first.")
        if not message and len(self.faults) == 1:
            message, shown = str(self.faults[0]), []
        super().__init__("\n".join([message, *shown]) if shown else message)

    def _render_traceback_(self) -> list[str]:
        """Show one message instead of a traceback in a notebook (an IPython convention)."""
        return [f"{type(self).__name__}: {self}"]


class UndefinedGrowth(PlanmodelError, ValueError):
    """A growth rate that does not exist: base zero or negative, or a change of sign."""


class NotAssessable(PlanmodelError):
    """A quantity that cannot be assessed; `reason` says why in each language."""

    def __init__(self, en: str, zh: str = ""):
        super().__init__(en)
        self.reason = {"en": en, "zh": zh or en}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the nearest known words, or the list of them.

    >>> did_you_mean("taizou", ["taizhou", "quzhou"])
    "Did you mean 'taizhou'?"
    >>> did_you_mean("x", ["low", "high"])
    'Known: high, low.'
    """
    known = sorted(known)
    near = [
        name
        for score, name in sorted(((_likeness(word, name), name) for name in known), reverse=True)
        if score > 0.6
    ][:3]
    if near:
        return f"Did you mean {' or '.join(repr(item) for item in near)}?"
    return f"Known: {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}."


def _likeness(word: str, name: str) -> float:
    """Return how alike two names are, 0-1; a mistyped first part of a long name counts nearly as much."""
    parts = [name, name.split("-")[0], name.split("_")[0]]
    return max(
        difflib.SequenceMatcher(None, word.lower(), part).ratio() - 0.05 * (part != name) for part in parts
    )


def unknown(what: str, word: str, known: Iterable[str], **where) -> Fault:
    """Return the fault for a name that is not known."""
    known = list(known)
    return Fault(
        what,
        "a known name",
        repr(word) if word else "an empty cell",
        do=did_you_mean(str(word), known),
        **where,
    )

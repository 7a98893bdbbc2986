"""Errors a user can act on: what, where, expected, found, what to do; in the language asked for."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planmodel.words import LANGS, Phrase, Text, phrase, said

SHOWN_FAULTS, QUOTED = 5, 80
"""How many faults a message lists, and how many characters of what was found it quotes."""
Say = str | Mapping[str, str]
"""A text of data, or a sentence in every language."""


@dataclass(frozen=True)
class Fault:
    """One fault of an input: where it stands, what was expected and found, and what to do.

    >>> print(Fault("target_value", "a number", "'abc'", file="targets.csv", row=3, do="Correct the cell."))
    targets.csv, row 3, target_value: expected a number, found 'abc'. Correct the cell.
    """

    what: Say
    expected: Say
    found: Say
    file: str = ""
    row: int | None = None
    do: Say = ""

    def text(self, lang: str) -> str:
        """Return the fault in a language, as one line."""
        row = phrase("errors.row", lang, row=self.row) if self.row else ""
        where = phrase(
            "errors.places", lang, places=[part for part in (self.file, row, said(self.what, lang)) if part]
        )
        found = phrase("errors.found", lang, found=_quoted(self.found)) if self.found else ""
        line = phrase(
            "errors.fault", lang, where=where, expected=self.expected, found=found, do=self.do or ""
        )
        return line.rstrip()

    def __str__(self) -> str:
        return self.text("en")


def _quoted(found: Say) -> Say:
    """Return what was found without the rest of a text that goes on for long."""
    if isinstance(found, Phrase):
        texts = {name: _quoted(value) for name, value in found.fields.items() if isinstance(value, str)}
        return Phrase(found.key, **{**found.fields, **texts})
    if not isinstance(found, str) or len(found) <= QUOTED:
        return found
    end = found[0] if found[0] in "'\"" else ""
    return f"{found[: QUOTED - 1 - len(end)]}…{end}"


class PlanmodelError(Exception):
    """A user's mistake, said in one clear message; `faults` holds every fault found.

    lang: the language in which a notebook shows it; empty: that of the notebook's variable `lang`.
    """

    def __init__(self, message: Say = "", faults: Iterable[Fault] = ()):
        self.message, self.faults, self.lang = message, tuple(faults), ""
        super().__init__(message, self.faults)

    @classmethod
    def of(
        cls, what: Say, expected: Say, found: Say, file: str = "", row: int | None = None, do: Say = ""
    ) -> PlanmodelError:
        """Return the error of one fault."""
        return cls(faults=[Fault(what, expected, found, file, row, do)])

    def text(self, lang: str) -> str:
        """Return the message in a language, with the first faults."""
        if not self.message and len(self.faults) == 1:
            return self.faults[0].text(lang)
        lines = [f"  {fault.text(lang)}" for fault in self.faults[:SHOWN_FAULTS]]
        if len(self.faults) > SHOWN_FAULTS:
            lines.append("  " + phrase("errors.more", lang, n=len(self.faults) - SHOWN_FAULTS))
        return "\n".join([said(self.message, lang), *lines])

    @property
    def sentence(self) -> Text:
        """The message in every language, to stand as a reason."""
        return _Message(self)

    def __str__(self) -> str:
        return self.text("en")

    def _render_traceback_(self) -> list[str]:
        """Show one message instead of a traceback in a notebook (an IPython convention)."""
        return [f"{type(self).__name__}: {self.text(self.lang or _notebook_lang())}"]


def _notebook_lang() -> str:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    lang = shell.user_ns.get("lang") if shell is not None else None
    return lang if lang in LANGS else "en"


class _Message(Text):
    def __init__(self, error: PlanmodelError):
        self.error = error

    def _say(self, lang: str) -> str:
        return self.error.text(lang)


class UndefinedGrowth(PlanmodelError, ValueError):
    """A growth rate that does not exist: base zero or negative, or a change of sign."""


class NotAssessable(PlanmodelError):
    """A quantity that cannot be assessed; `reason` says why in each language."""

    def __init__(self, reason: Mapping[str, str]):
        super().__init__(reason)
        self.reason = reason


def check_lang(lang: str) -> str:
    """Return the language, or raise naming the known ones."""
    if lang not in LANGS:
        raise PlanmodelError(faults=[unknown("lang", str(lang), LANGS)])
    return lang


def did_you_mean(word: str, known: Iterable[str]) -> Phrase:
    """Return a hint naming the nearest known words, or the list of them.

    >>> did_you_mean("taizou", ["taizhou", "quzhou"])["en"]
    "Did you mean 'taizhou'?"
    >>> did_you_mean("x", ["low", "high"])["en"]
    'Known: high, low.'
    """
    known = sorted(known)
    ranked = sorted(((_likeness(word, name), name) for name in known), reverse=True)
    near = [name for score, name in ranked if score > 0.6][:3]
    if near:
        return Phrase("errors.did_you_mean", names=[repr(item) for item in near])
    return Phrase("errors.known", names=[*known[:12], *(["..."] if len(known) > 12 else [])])


def _likeness(word: str, name: str) -> float:
    """Return how alike two names are, 0-1; a mistyped first part of a long name counts nearly as much."""
    parts = [name, name.split("-")[0], name.split("_")[0]]
    return max(
        difflib.SequenceMatcher(None, word.lower(), part).ratio() - 0.05 * (part != name) for part in parts
    )


def unknown(what: Say, word: str, known: Iterable[str], **where) -> Fault:
    """Return the fault for a name that is not known."""
    known = list(known)
    found = repr(word) if word else Phrase("errors.empty_cell")
    return Fault(what, Phrase("errors.known_name"), found, do=did_you_mean(str(word), known), **where)

"""Errors a user can act on: what, where, expected, found, what to do; in the language asked for."""

from __future__ import annotations

import difflib
import math
import reprlib
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from planmodel.words import LANGS, Phrase, Text, by_language, names_of, phrase, said

SHOWN_FAULTS, QUOTED, EXPLAINED, LINE, MESSAGE = 5, 80, 200, 600, 3500
"""How many faults a message lists; how many characters it quotes of what was found, and of each text that explains it;
how long a line and all of it may be."""
NEAREST, FEW_NAMES, MOST_NAMES = 5, 12, 500
"""How many names a hint tells of many, how many are so few that all are told, and of how many a word is compared with each."""
Say = str | Mapping[str, str]  # a text of data, or a sentence in every language


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
        parts = [part for part in (shortened(self.file), row, said(shortened(self.what), lang)) if part]
        where = phrase("errors.places", lang, places=parts)
        found = phrase("errors.found", lang, found=shortened(self.found)) if self.found else ""
        expected, do = shortened(self.expected, EXPLAINED), shortened(self.do, EXPLAINED) or ""
        return _on_a_line(phrase("errors.fault", lang, where=where, expected=expected, found=found, do=do))

    def __str__(self) -> str:
        return self.text("en")


def shortened(text: Say, most: int = QUOTED) -> Say:
    """Return a text, or the texts that a sentence quotes, without the rest of one that goes on for long.

    >>> len(shortened("x" * 1000)), shortened("'" + "x" * 1000)[-3:]
    (80, "x…'")
    """
    if isinstance(text, Phrase):
        quotes = {name: each for name, each in text.fields.items() if isinstance(each, str | Phrase)}
        cut = {name: shortened(each, most) for name, each in quotes.items()}
        return Phrase(text.key, **text.fields | cut)
    if not isinstance(text, str) or len(text) <= most:
        return text
    end = text[0] if text[0] in "'\"" else ""
    return f"{text[: most - 1 - len(end)]}…{end}"


def quoted(value: object) -> str:
    """Return a value as it is written in code, as far as a message quotes it.

    >>> quoted("a"), quoted(10**5000), quoted(list(range(99)))
    ("'a'", 'a whole number of 5001 digits', '[0, 1, 2, 3, 4, 5, ...]')
    """
    if isinstance(value, str):
        return repr(value[: QUOTED + 1])
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**QUOTED:
        digits = int(math.log10(abs(value))) + 1
        return f"a whole number of {digits - (abs(value) < 10 ** (digits - 1))} digits"
    try:
        return _QUOTING.repr(value)
    except Exception:  # noqa: BLE001 - of an object of someone else's class
        return type(value).__name__


_QUOTING = reprlib.Repr()
_QUOTING.maxstring = _QUOTING.maxother = QUOTED


def _on_a_line(text: str) -> str:
    """Return a text on one line of bounded length, its unprintable characters as their codes."""
    text = "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in text[: LINE + 1])
    return text.rstrip() if len(text) <= LINE else f"{text[: LINE - 1]}…"


def listed(faults: Sequence[Fault], lang: str, shown: int = SHOWN_FAULTS) -> list[str]:
    """Return faults as lines: the first ones, as many as a message holds, and how many more there are."""
    lines: list[str] = []
    for fault in faults[:shown]:
        line = f"  {fault.text(lang)}"
        if sum(map(len, lines)) + len(line) > MESSAGE:
            break
        lines.append(line)
    more = len(faults) - len(lines)
    return [*lines, "  " + phrase("errors.more", lang, n=f"{more:,}")] if more else lines


class PlanmodelError(Exception):
    """A user's mistake, said in one clear message; `faults` holds every fault found.

    lang: the language in which a notebook shows it; empty: that of the notebook's variable `lang`.
    """

    def __init__(self, message: Say = "", faults: Iterable[Fault] = (), lang: str = ""):
        self.message, self.faults, self.lang = message, tuple(faults), lang
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
        message = said(shortened(self.message) if self.faults else self.message, lang)[:MESSAGE]
        message = message or phrase("errors.faults", lang, n=len(self.faults))
        return "\n".join([message, *listed(self.faults, lang)])

    @property
    def reason(self) -> Mapping[str, str]:
        """The message in every language, to stand as a reason."""
        if isinstance(self.message, Mapping) and not self.faults:
            return self.message
        return by_language(self.text)

    def __str__(self) -> str:
        return self.text("en")

    def _render_traceback_(self) -> list[str]:
        """Show one message instead of a traceback in a notebook (an IPython convention)."""
        return [f"{type(self).__name__}: {self.text(self.lang or _notebook_lang())}"]


def _notebook_lang() -> str:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    lang = shell.user_ns.get("lang") if shell is not None else None
    return lang if lang in LANGS else "en"


class UndefinedGrowth(PlanmodelError, ValueError):
    """A growth rate that does not exist: base zero or negative, or a change of sign."""


class NotAssessable(PlanmodelError):
    """A quantity that cannot be assessed; `reason` says why in each language."""


def refuse(faults: Iterable[Fault], several: Say = "") -> None:
    """Raise the error of some faults, where there are any; several: what stands above more than one."""
    if faults := tuple(faults):
        raise PlanmodelError(several if len(faults) > 1 else "", faults)


def check_lang(lang: str) -> str:
    """Return the language, or raise naming the known ones."""
    check_known("lang", [str(lang)], LANGS)
    return lang


class Hint(Text):
    """What to do about a name that is not known: the nearest known ones, looked for when it is said.

    word: what was found. known: the names, or a mapping of them to what has names of its own (`name(lang)`).

    >>> str(Hint("taizou", ["taizhou", "quzhou"])), str(Hint("x", ["low", "high"]))
    ("Did you mean 'taizhou'?", 'Known: high, low.')
    """

    def __init__(self, word: str, known: Iterable[str]):
        self.word, self.known = str(word)[:QUOTED], known if isinstance(known, Mapping) else tuple(known)

    def _say(self, lang: str) -> str:
        names, n = sorted(map(str, self.known)), len(self.known)
        if n > MOST_NAMES:
            alike = (name for name in names if name[:1].lower() == self.word[:1].lower())
            names = list(islice(alike, MOST_NAMES)) or names[:MOST_NAMES]
        ranked = sorted((-self._likeness(name), name) for name in names)
        near, western = [name for score, name in ranked if score < -0.6][:3], self.word.isascii()
        lang_of_names = lang if western else LANGS[0]
        if near:
            told = [repr(name) if western else self._named(name, lang_of_names, repr) for name in near]
            return phrase("errors.did_you_mean", lang, names=told)
        if n <= FEW_NAMES:
            return phrase("errors.known", lang, names=names) if names else ""
        told = [self._named(name, lang_of_names) for _, name in ranked[:NEAREST]]
        return phrase("errors.nearest", lang, names=told, n=n)

    def _names(self, name: str) -> list[str]:
        return names_of(self.known[name]) if isinstance(self.known, Mapping) else []

    def _named(self, name: str, lang: str, written: Callable[[str], str] = str) -> str:
        names = self._names(name)
        return f"{written(name)} ({names[LANGS.index(lang) % len(names)]})" if names else written(name)

    def _likeness(self, name: str) -> float:
        """Return how alike two names are, 0-1; a mistyped first part of a long name counts nearly as much."""
        parts = [name, name.split("-")[0], name.split("_")[0], *self._names(name)]
        return max(
            difflib.SequenceMatcher(None, self.word.lower(), part.lower()[:QUOTED]).ratio()
            - 0.05 * (part in parts[1:3] and part != name)
            for part in parts
        )


def unknown(what: Say, word: str, known: Iterable[str], **where) -> Fault:
    """Return the fault for a name that is not known."""
    found = quoted(word) if word else Phrase("errors.empty_cell")
    return Fault(what, Phrase("errors.known_name"), found, do=Hint(word, known), **where)


def check_known(what: Say, names: Iterable[str], known: Collection[str], several: Say = "") -> None:
    """Refuse names that are not known, each with the nearest ones; several: what stands above more than one."""
    refuse((unknown(what, name, known) for name in names if name not in known), several)

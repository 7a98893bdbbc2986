"""Promises of Chinese prose that print no figure: multiples in words, ranks, full coverage, none left, as assigned, as another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planmodel.documents.clauses import BRACKETS, NAMES
from planmodel.documents.figures import figures, number_of
from planmodel.documents.grammar import entry, first_of, hide, pattern
from planmodel.documents.kinds import based_in
from planmodel.documents.naming import Context, bare, completed, split_subjects
from planmodel.plans.numerals import amounts


@dataclass(frozen=True)
class Clause:
    """A clause as written, and with what is no figure hidden; what it stands in.

    ahead: whether it names a year to come; one_year: whether the document is for one.
    """

    text: str
    masked: str
    context: Context
    ahead: bool
    one_year: bool


Worded = tuple[str, re.Match[str], dict[str, Any]]
"""A promise: of what, the words that make it, and its fields."""


def multiples(clause: Clause) -> Iterator[Worded]:
    """Yield what is to double, or to halve."""
    masked, said = clause.masked, clause.context.said
    if not (match := pattern("zh.multiples").search(masked)):
        return
    based = based_in(clause.text[: match.start()])
    told = (f.number_end for f in figures(masked[: match.start()]) if not f.worded)  # five years is no figure
    last = max(told, default=0)
    ahead = clause.text[last : match.start()]
    own = bare(pattern("zh.base_year").sub("", ahead))
    both = pattern("zh.both").search(ahead)
    alike = tuple(one for one in said.earlier if one[-2:] == said.subject[-2:])  # of the same measure
    earlier = (alike or said.earlier[-1:]) * (len(said.subjects) == 1)
    fields = {
        "kind": "multiple", "value": float(amounts(match[0])[0].value), "unit": entry("zh.written.multiple"), "basis": "in_words",
        "comparator": first_of("zh.after", masked[match.end() :][:3]) or "eq", "base_year": int(based) if based else None,
    }  # fmt: skip
    own = completed(own, clause.context) or own if own else ""
    for each in split_subjects(own, 0) if own else earlier + said.subjects if both else said.subjects[-1:]:
        yield each, match, fields


def _rank(clause: Clause) -> Iterator[Worded]:
    """Among the first ten."""
    if not (match := pattern("zh.rank").search(hide(clause.text, BRACKETS, NAMES))):
        return
    behind = pattern("zh.ranks").split(clause.text[match.end() :])[0]
    own = bare(clause.text[: match.start()]) or bare(behind) or clause.context.said.text
    value = 1.0 if match["first"] else number_of((match["ahead"] or match["best"])[:-1])
    fields = {
        "kind": "rank", "value": value, "unit": entry("zh.written.rank"), "comparator": "eq" if match["first"] else "le",
        "basis": "in_words",
    }  # fmt: skip
    for each in split_subjects(own, 0) if own and value else ():
        yield each, match, fields


def _whole(clause: Clause) -> Iterator[Worded]:
    """All of them covered."""
    if not (match := pattern("zh.whole").search(clause.masked)):
        return
    own = bare(pattern("zh.covered").sub("", clause.text[: match.end()]))
    own = (
        clause.context.theme or clause.context.said.text
        if not own or pattern("zh.place_first").match(own)
        else own
    )
    if own and (clause.ahead or (pattern("zh.realized").search(clause.masked) and not clause.one_year)):
        fields = {"kind": "level", "value": 100.0, "unit": "%", "comparator": "eq", "basis": "in_words"}
        yield own + entry("zh.written.coverage"), match, fields


def _none_left(clause: Clause) -> Iterator[Worded]:
    """Cleared to zero."""
    match = pattern("zh.to_zero").search(clause.masked)
    own = bare(clause.text[: match.start()]) if match else ""
    if match and own and pattern("zh.ensured").search(clause.masked):
        yield own, match, {"kind": "level", "value": 0.0, "comparator": "eq", "basis": "in_words"}


def _beside(clause: Clause) -> Iterator[Worded]:
    """As those above assign it, else in step with another or ahead of it."""
    if match := pattern("zh.assigned").search(clause.masked):
        if own := bare(clause.text[: match.start()]) or clause.context.said.text:
            yield own, match, {"kind": "level", "status": "assigned", "basis": "assigned"}
        return
    for words in entry("zh.relative").split():
        match = re.search(words, clause.masked)
        if match and pattern("zh.comparable").search(clause.text[: match.start()]):
            sign, other = first_of("zh.beside", match[0]) or "eq", match["other"].strip()
            fields = {"kind": "relative", "comparator": sign, "relative_to": other, "basis": "relative"}
            yield bare(clause.text[: match.start()]), match, fields
            return


IN_SECTIONS = (_rank, _whole, _none_left, _beside)
"""What is a promise only where the section tells what it holds."""

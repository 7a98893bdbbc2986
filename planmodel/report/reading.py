"""A page to go through what was read from a document: its text on the left, figures marked, the rows on the right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planmodel.documents.proposals import Proposal, Reading
from planmodel.documents.subjects import SURE
from planmodel.plans.catalogue import load_catalogue
from planmodel.report.pages import rendered
from planmodel.words import COMPARATOR_SIGNS, figure, phrase, with_more, with_unit, word

LAID, FEW_LAID = re.compile(r"(?m)^.*\S {4,}\S.*$"), 5
"""A line in columns of blanks; more of them than that need letters of one width."""
FIGURE = re.compile(r"[\[(〔]?[\d.,]+\s?%?[\])〕]?|\S{1,4}")


@dataclass(frozen=True)
class Part:
    """A part of a document's text; row: the number of the proposal that it proves, 0 for none."""

    text: str
    row: int = 0


@dataclass(frozen=True)
class Shown:
    """A proposal as the page shows it."""

    number: int
    name: str
    id: str
    known: str
    promise: str
    details: tuple[str, ...]
    sort: str


def parts(reading: Reading) -> Iterator[Part]:
    """Yield the text of a reading, cut where figures of its proposals stand."""
    at = 0
    for number, p in enumerate(reading.proposals, 1):
        start = p.figure_start
        if start < at:
            continue
        printed = p.printed if p.printed and reading.text.startswith(p.printed, start) else ""
        match = FIGURE.match(reading.text, start)
        end = start + len(printed) if printed else match.end() if match else start + 1
        yield Part(reading.text[at:start])
        yield Part(reading.text[start:end], number)
        at = end
    yield Part(reading.text[at:])


def shown(number: int, p: Proposal, lang: str) -> Shown:
    """Return a proposal for reading."""
    known = load_catalogue().indicators.get(p.id)
    sign = COMPARATOR_SIGNS.get(p.comparator, "") + ("\u2212" if p.direction == "down" else "")
    amount = "" if p.value is None else f"{sign}{figure(p.value)}"
    amount += f"–{figure(p.upper)}" if p.upper is not None else ""
    base = (
        phrase("documents.page.base", lang, printed=p.base_printed, year=p.base_year or "")
        if p.base_printed
        else ""
    )
    details = [
        word(p.kind, lang), base, word(p.attribute, lang) if p.attribute != "none" else "",
        word(p.status, lang) if p.status != "printed" else "", p.section, place_words(p.place, lang),
    ]  # fmt: skip
    sort = "record" if p.row == "observation" else "sure" if p.sure >= SURE else "open"
    promise = with_unit(amount, p.unit, lang) if amount and p.unit else amount or p.printed
    name = known.name(lang) if known else ""
    return Shown(
        number,
        p.indicator,
        p.id,
        with_more(name, f"{p.sure:.0%}", lang) if known else "",
        f"{promise} · {p.year or p.period or '?'}",
        tuple(filter(None, details)),
        sort,
    )


def place_words(place: str, lang: str) -> str:
    """Return where a proposal stands, in words.

    >>> place_words("page:3", "en"), place_words("line:12", "zh")
    ('page 3', '第12行')
    """
    kind, _, number = place.partition(":")
    return phrase(f"documents.page.{kind}", lang, n=number) if number else ""


def reading_html(reading: Reading, lang: str) -> str:
    """Return the page of a reading, self-contained and without a script."""
    rows = [shown(number, p, lang) for number, p in enumerate(reading.proposals, 1)]
    title = str(reading.head.get("title") or reading.name)
    label = {
        key: phrase(f"documents.page.{key}", lang)
        for key in ("text", "rows", "sure", "open", "record", "none", "how")
    }
    counts = phrase(
        "documents.read",
        lang,
        name=reading.name,
        targets=len(reading.targets),
        observations=len(reading.observations),
    )
    return rendered(
        "reading",
        lang,
        "reading",
        title=title,
        rows=rows,
        parts=list(parts(reading)),
        said=label,
        counts=counts,
        notes=[note[lang] for note in reading.notes],
        laid=len(LAID.findall(reading.text)) > FEW_LAID,
    )

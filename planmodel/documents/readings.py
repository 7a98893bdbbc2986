"""Read a document: its text and tables, the years it is for, the rows it proposes; what a later version says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from planmodel.documents.english import english
from planmodel.documents.flows import flattened
from planmodel.documents.grammar import entry, is_chinese, narrow, pattern, plain
from planmodel.documents.grids import tabbed
from planmodel.documents.layouts import layouts
from planmodel.documents.passages import Frame, frame_of, paragraphs, plan_years, sections
from planmodel.documents.proposals import Proposal, Reading
from planmodel.documents.prose import prose
from planmodel.documents.rows import table_rows
from planmodel.documents.sources import Document, document
from planmodel.documents.subjects import SURE, Names, alike, essence, region_of
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.words import Phrase

SURELY = 0.9
FINEST_RATE = 2
"""Decimals with which rates in percent are printed at most."""
COMPARED = ("value", "upper", "comparator", "unit", "year", "kind", "status", "attribute", "base_value")
SAME = 0.7
"""How alike names of one target are at least."""
DIFFERENCES = ["change", "indicator", "field", "before", "after", "place"]


def read(path: str | Path, year: int | None = None) -> Reading:
    """Return what a document proposes. year: the last of its promises, where its text does not say it.

    Errors: PlanmodelError for a file that is no document, or none that can be read.
    """
    return read_document(document(path), year)


def read_document(source: Document, year: int | None = None) -> Reading:
    """Return what a document proposes, in its order; see `read`."""
    text = source.text
    frame = frame_of(text, year)
    tables = [*layouts(text, frame.first), *tabbed(text, frame.first)]
    tables += flattened(text, [(grid.start, grid.end) for grid in tables], frame.first)
    tables.sort(key=lambda grid: grid.start)
    proposals = [p for n, grid in enumerate(tables, 1) for p in table_rows(grid, n, frame)]
    for passage in sections(paragraphs(text, [(grid.start, grid.end) for grid in tables]), frame):
        proposals += (prose if is_chinese(passage.text) else english)(passage, frame)
    catalogue = load_catalogue()
    head = head_of(text, frame, catalogue)
    placed = [
        replace(
            p, quote=text[p.start : p.end], place=source.place(p.figure_start),
            indicator=_as_written(p.indicator, text, p.start - 200, p.end + 80), unit=narrow(_as_written(p.unit, text, p.start, p.end)),
        )
        for p in proposals
    ]  # fmt: skip
    names = Names(catalogue)
    placed.sort(key=lambda p: p.figure_start)
    known = [_known(p, names, str(head["region"]), catalogue) for p in placed]
    notes = source.notes + ((Phrase("documents.no_year"),) if frame.last is None else ())
    return Reading(source.name, text, head, tuple(with_units(known, catalogue)), notes)


def _as_written(words: str, text: str, start: int, end: int) -> str:
    """Return words in the letters of the document near a place: full-width and traditional ones where it has them."""
    first = max(0, start)
    at = plain(text[first:end]).rfind(words)
    return text[first + at : first + at + len(words)] if at >= 0 else words


def head_of(text: str, frame: Frame, catalogue: Catalogue) -> dict[str, object]:
    """Return what a document says of itself: title, issuer, number, date, years, region; empty where it does not."""
    top = text[:6000]
    lines = [line.strip() for line in top.split("\n") if line.strip()]

    def is_title(line: str) -> bool:
        words = plain(line)
        named = pattern("title").search(words) and not pattern("heading").match(words)
        return bool(named) and len(line) <= 100 and not pattern("no_title").search(line)

    def unlikely(line: str) -> tuple[bool, bool, bool, int]:
        notice = bool(pattern("zh.unlikely_title").search(line))
        menu = line.count(" ") > 2 and is_chinese(line)
        return notice, menu, not plan_years(plain(line)) and not pattern("years").search(line), -len(line)

    titles = [line for line in lines[:60] if is_title(line)]
    quoted = pattern("zh.title_named").search(plain(top[:1000]))
    if quoted and not titles:
        titles = [quoted[1]]
    first = pattern("no_title").split(lines[0])[0][:100] if lines else ""
    title = min(titles[:8], key=unlikely, default=first)
    issuer = pattern("zh.issuer").search(top) or pattern("zh.issuer_alone").search(top)
    number, date = pattern("zh.document_number").search(top), pattern("zh.date").search(top)
    region = region_of(title, catalogue) or region_of(issuer[1] if issuer else "", catalogue)
    return {
        "title": title, "issuer": issuer[1] if issuer else "", "document_number": number[0] if number else "",
        "date": f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}" if date else "",
        "first_year": frame.first, "last_year": frame.last, "base_year": frame.base, "region": region,
        "draft": bool(pattern("draft").search(title)),
    }  # fmt: skip


def _known(proposal: Proposal, names: Names, home: str, catalogue: Catalogue) -> Proposal:
    """Return a proposal with the ids of the catalogue: of its indicator, and of a region that its name begins with.

    What is no share in the catalogue and is promised in per cent grows by them.
    """
    name, region = proposal.indicator, region_of(proposal.indicator[:20], catalogue)
    if region and region != home:
        where = catalogue.regions[region]
        bare = name.removeprefix(where.name_zh).removeprefix(where.name_en)
        name = bare.strip(entry("zh.of") + " '’s") or name
    match = names.find(name, proposal.unit)
    own, kind = catalogue.indicators.get(match.id), proposal.kind
    surely = own is not None and match.sure >= SURE
    amount = own is not None and (own.scale == "amount" or pattern("zh.yuan").search(own.unit))
    share = re.search(entry("share"), name, re.IGNORECASE)
    if surely and amount and kind == "level" and proposal.unit == "%" and not share:
        kind = "annual_growth"
    return replace(proposal, id=match.id, sure=match.sure, region=region if region != home else "", kind=kind)


def with_units(proposals: Sequence[Proposal], catalogue: Catalogue) -> Iterator[Proposal]:
    """Yield proposals with units that their rows do not print: of the same indicator or figure elsewhere, or of the catalogue.

    The base of a growth or a reduction is a level where the document has that figure as one, or prints it finer than rates.
    """
    kept = ("level", "keep", "cumulative_sum")
    levels = [p for p in proposals if p.unit and p.value is not None and p.kind in kept]
    elsewhere = {p.id: p.unit for p in levels if p.id and p.sure >= SURE}
    by_name = {essence(p.indicator): p.unit for p in levels}
    for p in proposals:
        own = catalogue.indicators.get(p.id) if p.sure >= SURE else None
        if not p.unit and p.value is not None:
            same = [q for q in levels if (q.value, q.year) == (p.value, p.year)]
            units = [q.unit for q in same if alike(q.indicator, p.indicator) >= 0.5]
            named = (own and elsewhere.get(p.id)) or by_name.get(essence(p.indicator), "")
            unit, basis = named or next(iter(units), ""), "unit_elsewhere"
            if not unit and own and p.sure >= SURELY:
                unit, basis = own.unit if p.table else _in_ones(own.unit, catalogue), "unit_of_catalogue"
            if unit:
                base_unit = p.base_unit or (unit if p.base_value is not None else "")
                p = replace(p, unit=unit, base_unit=base_unit, basis=f"{p.basis} {basis}")
        grows = p.kind in ("annual_growth", "cumulative_change_pct") and "[" not in p.base_printed
        if own and p.base_value is not None and grows:
            known = [q.unit for q in levels if q.id == p.id and q.value == p.base_value and q.unit != "%"]
            fall = catalogue.indicators.get(own.reduction_of)
            if known:
                p = replace(p, base_unit=known[0], basis=f"{p.basis} base_elsewhere")
            elif fall and len(p.base_printed.partition(".")[2]) > FINEST_RATE:
                p = replace(p, base_unit=fall.unit, basis=f"{p.basis} base_of_catalogue")
        yield p


def _in_ones(unit: str, catalogue: Catalogue) -> str:
    """Return the unit that counts in ones what a unit counts in thousands or more; nothing where the catalogue has none."""
    of = catalogue.units.get(unit)
    same = (u.id for u in catalogue.units.values() if of and u.dimension == of.dimension and u.factor == 1)
    return unit if of is None or of.factor == 1 else next(same, "")


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
    return pd.DataFrame(rows, columns=DIFFERENCES)


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

"""Tables that a text lays out with blanks: columns begin where their heads do, a cell goes on over several lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from planmodel.documents.grids import Cell, Column, Grid, Line, columns_of
from planmodel.documents.passages import lines_of

SEGMENT = re.compile(r"\S+(?: \S+)*")
NUMBER = re.compile(r"\d{1,3}[a-z]?\.?|[IVX]+\.\d+|\d+(?:\.\d+)+")
APART, NEAR = 6, 18


def _segments(line: str) -> list[tuple[int, str]]:
    return [(m.start(), m[0]) for m in SEGMENT.finditer(line)]


def layouts(text: str, first: int | None = None) -> Iterator[Grid]:
    """Yield the tables that stand in columns of blanks; first: the first year of the document's promises."""
    lines = list(lines_of(text))
    i = 0
    while i < len(lines):
        heads = _heads(lines, i, first)
        if heads is None:
            i += 1
            continue
        starts, columns = heads
        last = i + 1
        while last < len(lines) and not _is_head(lines[last][1], first) and _in_table(lines[last][1], starts):
            last += 1
        starts = _seen(lines[i + 1 : last], starts)
        rows = tuple(_rows(lines[i + 1 : last], starts, columns))
        if rows:
            kept = tuple(c for c in columns if c.role in ("base", "target", "record"))
            yield Grid(lines[i][0], lines[last - 1][0] + len(lines[last - 1][1]), "", kept, rows)
        i = last


def _is_head(line: str, first: int | None) -> bool:
    segments = _segments(line)
    if len(segments) < 3 or len(line) > 400 or "\t" in line:
        return False
    roles = [c.role for c in columns_of([text for _, text in segments], first)]
    return "name" in roles and "target" in roles


def _heads(
    lines: Sequence[tuple[int, str]], i: int, first: int | None
) -> tuple[list[int], list[Column]] | None:
    """Return where columns begin and what they are, where a line names them; the lines beside it may name more."""
    if not _is_head(lines[i][1], first):
        return None
    found = dict(_segments(lines[i][1]))
    for beside in (i - 1, i + 1):
        if 0 <= beside < len(lines):
            for at, text in _segments(lines[beside][1]):
                if (
                    all(abs(at - other) >= APART for other in found)
                    and len(text) < 24
                    and not NUMBER.fullmatch(text)
                ):
                    found[at] = text
    starts = sorted(found)
    columns = list(columns_of([found[at] for at in starts], first))
    names = [k for k, c in enumerate(columns) if c.role == "name"]
    if len(names) > 1:  # the areas stand before the indicators
        for k in names[:-1]:
            columns[k] = Column("group", head=columns[k].head)
    return starts, columns


def _in_table(line: str, starts: Sequence[int]) -> bool:
    """Return whether a line belongs to a table: it is blank, or stands in columns."""
    segments = _segments(line)
    return (
        "\t" not in line and len(segments) != 1 or segments[0][0] >= starts[1] - 2 or len(segments[0][1]) < 60
    )


def _seen(lines: Sequence[tuple[int, str]], starts: Sequence[int]) -> list[int]:
    """Return where the cells of columns mostly begin: heads may stand a little aside."""
    found: dict[int, list[int]] = {}
    for _, line in lines:
        for at, _text in _segments(line):
            found.setdefault(_column(at, starts), []).append(at)
    return sorted(Counter(found.get(k, [start])).most_common(1)[0][0] for k, start in enumerate(starts))


def _cut(line: str, starts: Sequence[int]) -> list[tuple[int, str]]:
    """Return the parts of a line; one that runs on into the next column is cut where that begins."""
    parts = []
    for at, text in _segments(line):
        for begin in starts:
            near = [
                n
                for n in (begin, begin - 1, begin + 1, begin - 2)
                if at + 3 < n < at + len(text) and line[n - 1] == " "
            ]
            for start in near[:1]:
                parts.append((at, text[: start - at].rstrip()))
                at, text = start, text[start - at :]
        parts.append((at, text))
    return parts


def _column(at: int, starts: Sequence[int]) -> int:
    return min(range(len(starts)), key=lambda k: abs(starts[k] - at))


def _rows(
    lines: Sequence[tuple[int, str]], starts: Sequence[int], columns: Sequence[Column]
) -> Iterator[Line]:
    """Yield the rows: one begins at a number, or at a name where no column numbers them."""
    numbered = columns[0].role == "number"
    cells: dict[int, list[tuple[int, str]]] = {}
    number, count = "", 0

    def row() -> Iterator[Line]:
        nonlocal count
        name = next((cells[k] for k, c in enumerate(columns) if c.role == "name" and k in cells), None)
        valued = [k for k, c in enumerate(columns) if c.role in ("base", "target", "record")]
        if name and any(k in cells for k in valued):
            count += 1
            kept = [k for k in valued if k in cells]
            said = {
                c.role: _cell(cells[k]).text
                for k, c in enumerate(columns)
                if c.role in ("unit", "attribute") and k in cells
            }
            yield Line(
                number or str(count), _cell(name), said.get("unit", ""), said.get("attribute", ""),
                tuple(_cell(cells[k]) for k in kept), tuple(valued.index(k) for k in kept),
            )  # fmt: skip

    for at, line in lines:
        segments = _segments(line)
        if not segments or (numbered and segments[0][0] < APART and len(segments[0][1]) > starts[1]):
            continue  # what stands below a page
        segments = _cut(line, starts)
        placed = [(_column(start, starts), at + start, text) for start, text in segments]
        begins = (
            placed[0][0] == 0 and NUMBER.fullmatch(placed[0][2])
            if numbered
            else any(columns[k].role == "name" for k, _, _ in placed)
        )
        if begins and (numbered or any(columns[k].role in ("base", "target") for k, _, _ in placed)):
            yield from row()
            cells, number = {}, placed[0][2].rstrip(".") if numbered else ""
        for k, start, text in placed:
            cells.setdefault(k, []).append((start, text))
    yield from row()


def _cell(parts: Sequence[tuple[int, str]]) -> Cell:
    """Return the parts of a cell as one, words that a line's end cuts made whole."""
    text = ""
    marks: list[int] = []
    for start, part in parts:
        if text.endswith("-") and part[:1].islower() and not part.startswith(("and ", "or ", "to ")):
            text, marks = text[:-1], marks[:-1]
        elif text:
            text += " "
            marks.append(start)
        text += part
        marks += range(start, start + len(part))
    return Cell(text, marks[0], marks[-1] + 1, tuple(marks))

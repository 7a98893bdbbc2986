"""Tables that stand in columns without lines: of a text laid out with blanks, or of a page whose words have places.

Columns stand where their heads do; a cell goes on over several lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planmodel.documents.grids import NUMBER, VALUED, Cell, Column, Grid, columns_of, grid_of
from planmodel.documents.passages import lines_of

SEGMENT = re.compile(r"\S+(?: \S+)*")
APART, LONGEST_HEAD, LONGEST_LINE, WIDEST = 6, 24, 400, 60


@dataclass(frozen=True)
class Segment:
    """Words of a line that stand together, from `at` to `end` across; start: their place in the text. closed: not to be cut."""

    at: float
    end: float
    text: str
    start: int = 0
    closed: bool = False


@dataclass(frozen=True)
class Laid:
    """A table laid out: its lines from `first` up to `last`, its columns, and its rows by column."""

    first: int
    last: int
    columns: Sequence[Column]
    rows: Sequence[Mapping[int, Cell]]


def layouts(text: str, first: int | None = None) -> Iterator[Grid]:
    """Yield the tables that stand in columns of blanks; first: the first year of the document's promises."""
    lines = list(lines_of(text))
    segments = [
        [Segment(m.start(), m.end(), m[0], at + m.start()) for m in SEGMENT.finditer(line)]
        if len(line) <= LONGEST_LINE and "\t" not in line
        else [Segment(0, LONGEST_LINE, line, at)]
        for at, line in lines
    ]
    for table in laid_out(segments, first):
        end = lines[table.last - 1]
        if grid := grid_of(table.columns, table.rows, lines[table.first][0], end[0] + len(end[1])):
            yield grid


def laid_out(lines: Sequence[Sequence[Segment]], first: int | None = None) -> Iterator[Laid]:
    """Yield the tables that lines hold in columns, each below a line that names them."""
    i = 0
    while i < len(lines):
        last = i + 1
        if _is_head(lines[i], first):
            starts, columns = _heads(lines, i, first)
            while last < len(lines) and not _is_head(lines[last], first) and _in_table(lines[last], starts):
                last += 1
            body = lines[i + 1 : last]
            yield Laid(i, last, columns, list(_rows(body, _seen(body, starts), columns)))
        i = last


def _is_head(line: Sequence[Segment], first: int | None) -> bool:
    roles = [c.role for c in columns_of([s.text for s in line], first)] if len(line) >= 3 else []
    return "name" in roles and "target" in roles


def _heads(
    lines: Sequence[Sequence[Segment]], i: int, first: int | None
) -> tuple[list[Segment], list[Column]]:
    """Return where columns stand and what they are, as a line names them; the lines beside it may name more."""
    segments = list(lines[i])
    for beside in (i - 1, i + 1):
        fewer = 0 <= beside < len(lines) and len(lines[beside]) < len(lines[i])
        for segment in lines[beside] if fewer else ():
            apart = all(abs(segment.at - other.at) >= APART for other in segments)
            if apart and len(segment.text) < LONGEST_HEAD and not NUMBER.fullmatch(segment.text):
                segments.append(segment)
    segments.sort(key=lambda segment: segment.at)
    columns = list(columns_of([segment.text for segment in segments], first))
    names = [k for k, c in enumerate(columns) if c.role == "name"]
    for k in names[:-1]:  # the areas stand before the indicators
        columns[k] = replace(columns[k], role="group")
    return segments, columns


def _in_table(line: Sequence[Segment], starts: Sequence[Segment]) -> bool:
    """Return whether a line belongs to a table: it is blank, or stands in columns."""
    return len(line) != 1 or line[0].at >= starts[1].at - 2 or line[0].end - line[0].at < WIDEST


def _seen(lines: Sequence[Sequence[Segment]], starts: Sequence[Segment]) -> list[Segment]:
    """Return where the cells of columns mostly begin: heads may stand a little aside."""
    if starts[0].closed:
        return list(starts)
    begins: dict[int, list[float]] = {}
    for segment in (segment for line in lines for segment in line):
        begins.setdefault(_column(segment, starts), []).append(segment.at)
    usual = [Counter(begins.get(k, [s.at])).most_common(1)[0][0] for k, s in enumerate(starts)]
    return [replace(s, at=at, end=max(s.end, at)) for s, at in zip(starts, sorted(usual), strict=True)]


def _cut(segment: Segment, starts: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the parts of a segment; one that runs on into the next column is cut where that begins."""
    for begin in () if segment.closed else starts:
        for at in (begin.at, begin.at - 1, begin.at + 1, begin.at - 2):
            n = int(at - segment.at)
            if 3 < n < len(segment.text) and segment.text[n - 1] == " ":
                yield replace(segment, end=at, text=segment.text[:n].rstrip())
                segment = replace(segment, at=at, text=segment.text[n:], start=segment.start + n)
                break
    yield segment


def _column(segment: Segment, starts: Sequence[Segment]) -> int:
    """Return the column that a segment stands in: by its left edge, or by its middle or right edge where words have places."""

    def away(head: Segment) -> float:
        edges = [head.at - segment.at]
        if segment.closed:
            edges += [head.end - segment.end, (head.at + head.end - segment.at - segment.end) / 2]
        return min(map(abs, edges))

    return min(range(len(starts)), key=lambda k: away(starts[k]))


def _rows(
    lines: Sequence[Sequence[Segment]], starts: Sequence[Segment], columns: Sequence[Column]
) -> Iterator[Mapping[int, Cell]]:
    """Yield the rows: one begins at a number, or at a name where no column numbers them."""
    numbered = columns[0].role == "number"
    even = all(
        len(line) == len(starts) for line in lines if len(line) > 2
    )  # no cell is empty: they stand in order
    cells: dict[int, list[Segment]] = {}
    for line in lines:
        if not line or (numbered and line[0].at < APART and len(line[0].text) > starts[1].at):
            continue  # what stands below a page
        whole = even and len(line) == len(starts)
        placed = (
            list(enumerate(line))
            if whole
            else [(_column(part, starts), part) for segment in line for part in _cut(segment, starts)]
        )
        roles = {columns[k].role for k, _ in placed}
        at_number = placed[0][0] == 0 and NUMBER.fullmatch(placed[0][1].text)
        if whole or at_number if numbered else "name" in roles and roles & set(VALUED):
            yield {k: _cell(parts) for k, parts in cells.items()}
            cells = {}
        for k, part in placed:
            cells.setdefault(k, []).append(part)
    yield {k: _cell(parts) for k, parts in cells.items()}


def _cell(parts: Sequence[Segment]) -> Cell:
    """Return the parts of a cell as one, words that a line's end cuts made whole."""
    text = ""
    marks: list[int] = []
    for part in parts:
        goes_on = part.text[:1].islower() and not part.text.startswith(("and ", "or ", "to "))
        if text.endswith("-") and goes_on:
            text, marks = text[:-1], marks[:-1]
        elif text and not (text[-1] > "\u2e80" and part.text[0] > "\u2e80"):
            text += " "
            marks.append(part.start)
        text += part.text
        marks += range(part.start, part.start + len(part.text))
    return Cell(text, marks[0], marks[-1] + 1, tuple(marks))

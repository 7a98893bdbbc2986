"""Read a document: its text and tables, the years it is for, and the rows it proposes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planmodel.documents.english import english
from planmodel.documents.grammar import is_chinese
from planmodel.documents.grids import grids
from planmodel.documents.layouts import layouts
from planmodel.documents.passages import frame_of, paragraphs, sections
from planmodel.documents.proposals import Reading
from planmodel.documents.prose import prose
from planmodel.documents.rows import table_rows


def read(path: str | Path, year: int | None = None) -> Reading:
    text = Path(path).read_text(encoding="utf-8")
    frame = frame_of(text, year)
    tables = list(layouts(text, frame.first)) or list(grids(text, frame.first))
    found = [p for n, grid in enumerate(tables, 1) for p in table_rows(grid, n, frame)]
    left_out = [(grid.start, grid.end) for grid in tables]
    for passage in sections(paragraphs(text, left_out), frame):
        found += (prose if is_chinese(passage.text) else english)(passage, frame)
    found = [replace(p, quote=text[p.start : p.end]) for p in found]
    found.sort(key=lambda p: p.figure_start)
    return Reading(Path(path).stem, text, {"first": frame.first, "last": frame.last}, tuple(found))

"""Charts of rows: a name and a promise at the left, marks on a common scale, words at the right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from planmodel.charts.frame import Box, axes, put, value_ticks
from planmodel.charts.lettering import lines_height, shorten, text_width
from planmodel.charts.style import GREY, INK, SMALL, TEXT
from planmodel.feasibility.assessments import Assessment
from planmodel.plans.promises import promises

ROW, PLAIN_ROW = 0.42, 0.28
NAME_SHARE = 0.4
FOOT = 0.25


@dataclass(frozen=True)
class Row:
    """A row's name and the fainter text under it (empty: one line)."""

    name: str
    detail: str = ""
    bold: bool = False

    @property
    def height(self) -> float:
        return ROW if self.detail else PLAIN_ROW


def unique(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Return assessments, each promise once, table rows before prose."""
    return promises(sorted(assessments, key=lambda a: a.target.table == "text"))


def rows_height(rows: list[Row]) -> float:
    """Return the inches that rows and the axis under them take."""
    return sum(row.height for row in rows) + FOOT


def row_axes(
    figure: Figure,
    box: Box,
    rows: list[Row],
    right: list[str],
    limits: tuple[float, float],
    *,
    percent: bool = False,
    names_width: float | None = None,
    colours: list[str] | None = None,
) -> tuple[Axes, list[float]]:
    """Return axes with the rows' names written at the left, texts at the right, and the height of each row.

    right: one or two lines a row, the second in `colours`. Row heights are in inches from the top of the axes (the value axis points down).
    """
    width = names_width or names_room(rows, box.width)
    room = max((text_width(text, SMALL) for text in right), default=0.0)
    inner = replace(
        box,
        left=box.left + width + 0.15,
        right=box.right - room - 0.15 * bool(room),
        bottom=box.bottom + FOOT,
    )
    ax = axes(figure, inner)
    height = inner.top - inner.bottom
    squeeze = min(1.0, height / sum(row.height for row in rows)) if rows else 1.0
    at, y = [], 0.0
    for row in rows:
        at.append(y + squeeze * row.height / 2)
        y += squeeze * row.height
    ax.set_xlim(*limits)
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    low, high = limits
    n = max(1, min(6, int((inner.right - inner.left) / 0.7)))
    ticks, names = value_ticks(low, high, n)
    ax.set_xticks(ticks, [f"{name}%" if percent else name for name in names])
    ax.tick_params(axis="x", length=2.5, pad=2)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    for row, place, text, colour in zip(rows, at, right, colours or [GREY] * len(rows), strict=True):
        y = inner.top - place
        _write(figure, box.left, y, row, width)
        lines = text.split("\n")
        for i, line in enumerate(lines):
            shift = ((len(lines) - 1) / 2 - i) * lines_height(1, SMALL)
            put(figure, inner.right + 0.15, y + shift, line, SMALL, va="center", color=colour if i else INK)
    return ax, at


def names_room(rows: list[Row], width: float) -> float:
    """Return the width of the column of names: as wide as they are, up to a share of the chart."""
    longest = max(
        (
            max(text_width(r.name, TEXT - 0.5, r.bold), text_width(r.detail, SMALL - 0.5) if r.detail else 0)
            for r in rows
        ),
        default=0.0,
    )
    return min(longest, NAME_SHARE * width) + 0.02


def _write(figure: Figure, left: float, y: float, row: Row, width: float) -> None:
    name = shorten(row.name, width, TEXT - 0.5, row.bold)
    weight = "bold" if row.bold else "normal"
    shift = lines_height(1, SMALL) / 2 if row.detail else 0.0
    put(figure, left, y + shift, name, TEXT - 0.5, va="center", color=INK, weight=weight)
    if row.detail:
        detail = shorten(row.detail, width, SMALL - 0.5)
        put(figure, left, y - shift, detail, SMALL - 0.5, va="center", color=GREY)


def key_line(
    figure: Figure, x: float, y: float, entries: list[tuple[dict, str]], size: float, width: float
) -> int:
    """Write marks with their names in a line (more lines where they do not fit); return the number of lines.

    entries: (options of a marker, name).
    """
    full_width, height = figure.get_size_inches()
    left, lines = x, 1
    for options, name in entries:
        need = 0.22 + text_width(name, size) + 0.22
        if left + need - 0.22 > x + width and left > x:
            left, y, lines = x, y - lines_height(1, size), lines + 1
        mark = Line2D(
            [(left + 0.08) / full_width],
            [y / height],
            transform=figure.transFigure,
            ls="",
            **options,
        )
        figure.add_artist(mark)
        put(figure, left + 0.2, y, name, size, va="center", color=INK)
        left += need
    return lines


def key_lines(entries: list[str], size: float, width: float) -> int:
    """Return how many lines a key of these names takes."""
    left, lines = 0.0, 1
    for name in entries:
        need = 0.22 + text_width(name, size) + 0.22
        if left + need - 0.22 > width and left > 0:
            left, lines = 0.0, lines + 1
        left += need
    return lines

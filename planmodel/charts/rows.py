"""Charts of rows: a name and a promise at the left, marks on a common scale, words at the right; and keys of marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from planmodel.charts.frame import Box, value_ticks
from planmodel.charts.letters import lines_height, shorten, text_width
from planmodel.charts.style import GREY, INK, SMALL, TEXT, Look
from planmodel.feasibility.assessments import Assessment
from planmodel.plans.promises import promises

ROW, PLAIN_ROW = 0.42, 0.28
MOST_DRAWN = 120
"""Rows or small charts of one picture: more are not looked at."""
NAME_SHARE, AT_RIGHT = 0.4, 0.4
"""Shares of a chart's width that names and the texts at the right may take."""
FOOT = 0.25
NAME, DETAIL = TEXT - 0.5, SMALL - 0.5
"""Font sizes of a row's name and of the text under it."""
ZERO: Look = {"color": "#8c8c8c", "lw": 0.8, "zorder": 1}
"""The look of a line across all rows."""
Key = Sequence[tuple[Mapping, str]]
"""Marks with their names: options of a marker, name."""


@dataclass(frozen=True)
class Row:
    """A row: its name, the fainter text under it (empty: one line), and the texts at its right, the second in `colour`.

    entry: what is drawn in it; None: nothing, the row is a heading.
    """

    name: str
    detail: str = ""
    bold: bool = False
    right: str = ""
    colour: str = GREY
    entry: Any = None

    @property
    def height(self) -> float:
        return ROW if self.detail else PLAIN_ROW


def unique(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Return assessments, each promise once, table rows before prose."""
    return promises(sorted(assessments, key=lambda a: a.target.table == "text"))


def rows_height(rows: Sequence[Row]) -> float:
    """Return the inches that rows and the axis under them take."""
    return sum(row.height for row in rows) + FOOT


def row_axes(
    box: Box,
    rows: Sequence[Row],
    limits: tuple[float, float],
    *,
    percent: bool = False,
    names_width: float | None = None,
) -> tuple[Axes, list[tuple[Any, float]]]:
    """Return axes with the rows written beside them, and of each row that is drawn its entry and its height.

    Row heights are in inches from the top of the axes (the value axis points down).
    """
    width = names_width or names_room(rows, box.width)
    rights = [
        "\n".join(shorten(line, AT_RIGHT * box.width, SMALL) for line in row.right.split("\n"))
        for row in rows
    ]
    room = max((text_width(right, SMALL) for right in rights), default=0.0)
    inner = box.inset(width + 0.15, FOOT, room + 0.15 * bool(room))
    ax = inner.axes()
    ax.set_xlim(*limits)
    ax.set_ylim(inner.height, 0)
    ax.set_yticks([])
    ticks, names = value_ticks(*limits, max(1, min(6, int(inner.width / 0.7))))
    ax.set_xticks(ticks, [f"{name}%" if percent else name for name in names])
    ax.tick_params(axis="x", length=2.5, pad=2)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    squeeze = min(1.0, inner.height / sum(row.height for row in rows)) if rows else 1.0
    entries, end, line = [], 0.0, lines_height(1, SMALL)
    for row, right in zip(rows, rights, strict=True):
        at = end + squeeze * row.height / 2
        end += squeeze * row.height
        y, shift = inner.top - at, line / 2 if row.detail else 0.0
        name = shorten(row.name, width, NAME, row.bold)
        box.put(
            box.left, y + shift, name, NAME, va="center", color=INK, weight="bold" if row.bold else "normal"
        )
        if row.detail:
            box.put(box.left, y - shift, shorten(row.detail, width, DETAIL), DETAIL, va="center", color=GREY)
        texts = right.split("\n")
        for i, text in enumerate(texts):
            at_right = inner.right + 0.15, y + ((len(texts) - 1) / 2 - i) * line
            box.put(*at_right, text, SMALL, va="center", color=row.colour if i else INK)
        if row.entry is not None:
            entries.append((row.entry, at))
    return ax, entries


def names_room(rows: Sequence[Row], width: float) -> float:
    """Return the width of the column of names: as wide as they are, up to a share of the chart."""
    widths = [max(text_width(row.name, NAME, row.bold), text_width(row.detail, DETAIL)) for row in rows]
    return min(max(widths, default=0.0), NAME_SHARE * width) + 0.02


def draw_key(box: Box, entries: Key) -> Box:
    """Write marks with their names in lines at the top of a box; return what is left under them."""
    for (options, name), (line, left) in zip(entries, _places(entries, box.width), strict=True):
        x, y = box.left + left, box.top - 0.1 - line * lines_height(1, SMALL)
        box.line([x + 0.08], [y], ls="", **options)
        box.put(x + 0.2, y, shorten(name, box.width - 0.22, SMALL), SMALL, va="center", color=INK)
    return box.inset(top=key_height(entries, box.width))


def key_height(entries: Key, width: float) -> float:
    """Return the inches that a key takes."""
    places = _places(entries, width)
    return (places[-1][0] + 1) * lines_height(1, SMALL) + 0.12 if places else 0.0


def _places(entries: Key, width: float) -> list[tuple[int, float]]:
    """The line and the left end of each mark of a key."""
    places, line, left = [], 0, 0.0
    for _, name in entries:
        need = text_width(name, SMALL) + 0.22
        if left and left + need > width:
            line, left = line + 1, 0.0
        places.append((line, left))
        left += need + 0.22
    return places

"""Rows of a chart: a name and a promise, marks on a common scale, words at the right; long lists stand in two columns.

In a broad column the name stands beside its marks, in a narrow one above them. What is too long is broken into lines.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from planmodel.charts.frame import Box, halo, value_ticks
from planmodel.charts.letters import lines_height, text_height, text_width, wrap
from planmodel.charts.style import GREY, INK, SMALL, TEXT, Look

LONG, BETWEEN = 12, 0.3
"""Rows from which a broad chart has two columns, and the room between them."""
BROAD, FULL = 4.7, 6.5
"""Inches from which names stand beside marks, and from which two columns have room."""
NAME_SHARE, AT_RIGHT = 0.4, {True: 0.4, False: 0.25}
"""Shares of a column's width that names beside marks may take, and the texts at the right, with names above or beside."""
MARKS, BARE, PAD, APART, FOOT = 0.16, 0.16, 0.08, 0.14, 0.25
"""Inches of marks under a name, of a row at least, of the room between rows (with names beside and above), of their axis."""
SHORT = 2.0  # inches that the first of two columns has at least
TALL = 5.0  # inches of rows from which their axis is named above them, too
NAME, DETAIL = TEXT - 0.5, SMALL - 0.5  # font sizes of a row's name and of the text under it
ZERO: Look = {"color": "#8c8c8c", "lw": 0.8, "zorder": 1}
"""The look of a line across all rows."""
Drawn = tuple[Axes, Any, float]
"""The axes of a row's marks, what is drawn there, and its height: inches from the top of the axes."""


@dataclass(frozen=True)
class Row:
    """A row: its name, the fainter text under it, and the lines at its right, from the second on in `colour`.

    entry: what is drawn in it; None: nothing, the row is a heading. body: the inches that it needs at a width.
    """

    name: str
    detail: str = ""
    bold: bool = False
    right: str = ""
    colour: str = GREY
    entry: Any = None
    body: Callable[[float], float] | None = None


class Rows:
    """Rows laid out in columns of a width, with their texts broken into lines; scale: whether one axis serves all of a column."""

    def __init__(
        self, rows: Sequence[Row], width: float, *, scale: bool = True, most: int = 2, of: Sequence[Row] = ()
    ):  # fmt: skip
        """most: columns. of: all rows of the chart, where these are some of them: their texts take the same room."""
        together = of or rows
        self.rows, self.scale = rows, scale
        self.n_columns = min(most, 2 if width >= FULL and len(together) > LONG else 1)
        self.width = (width - BETWEEN * (self.n_columns - 1)) / self.n_columns
        self.above = self.width < BROAD
        self.rights = [_lines(row, AT_RIGHT[self.above] * self.width) for row in rows]
        lines = [line for row in together for line, _ in _lines(row, AT_RIGHT[self.above] * self.width)]
        self.right = max((text_width(line, SMALL) + 0.15 for line in lines if line), default=0.0)
        names = [
            max(text_width(row.name, NAME, row.bold), text_width(row.detail, DETAIL)) for row in together
        ]
        self.left = min(max(names, default=0.0) + 0.02, NAME_SHARE * self.width)
        if self.above:
            self.left = self.width - self.right
        self.room = self.width if self.above else self.width - self.left - 0.15 - self.right
        self.names = [wrap(row.name, self.left, NAME, row.bold, lines=6) for row in rows]
        self.details = [wrap(row.detail, self.left, DETAIL) if row.detail else "" for row in rows]
        self.heights = [self._height(i) for i in range(len(rows))]
        self.columns = [range(len(rows))] if self.n_columns == 1 else list(self._halves())

    def _texts(self, i: int) -> float:
        """The inches of a row's texts."""
        left = text_height(self.names[i], NAME) + text_height(self.details[i], DETAIL)
        return max(left, lines_height(len(self.rights[i]), SMALL), BARE)

    def _height(self, i: int) -> float:
        row = self.rows[i]
        body = row.body(self.room) if row.body else MARKS if self.above and row.entry is not None else 0.0
        return self._texts(i) + body + APART if self.above else max(self._texts(i), body) + PAD

    def _halves(self) -> Iterator[range]:
        """The rows of two columns of about the same height, no heading at the end of the first."""
        n, half, end = len(self.rows), max(sum(self.heights) / 2, SHORT), 0.0
        ends = (i for i, height in enumerate(self.heights, 1) if (end := end + height) >= half - 1e-9)
        cut = next(ends, n)
        while 1 < cut < n and self.rows[cut - 1].entry is None:
            cut -= 1
        yield range(cut)
        if cut < n:
            yield range(cut, n)

    @property
    def height(self) -> float:
        """Inches of the tallest column."""
        return max((self._column(column) for column in self.columns), default=0.0)

    def _column(self, column: range) -> float:
        return sum(self.heights[i] for i in column) + self.scale * FOOT * (1 + self._tall(column))

    def _tall(self, column: range) -> bool:
        return sum(self.heights[i] for i in column) > TALL

    def places(self, box: Box) -> list[Box]:
        """Return the boxes of the columns in a box."""
        step = self.width + BETWEEN
        lefts = [box.left + step * i for i in range(len(self.columns))]
        return [
            Box(box.figure, left, box.top - self._column(column), left + self.width, box.top)
            for left, column in zip(lefts, self.columns, strict=True)
        ]

    def draw(
        self, box: Box, limits: tuple[float, float], percent: bool, lines: Sequence[float]
    ) -> list[Drawn]:
        """Draw the rows with their axes into a box, closer together where its axes are given; return where marks belong."""
        places = self.places(box) if box.ax is None else [box]
        drawn: list[Drawn] = []
        for place, column in zip(places, self.columns, strict=True):
            tall = self._tall(column) and box.ax is None
            inner = place.inset(
                *((0.08, FOOT, 0.12) if self.above else (self.left + 0.15, FOOT, self.right)), FOOT * tall
            )
            ax = inner.axes()
            ax.set(xlim=limits, ylim=(inner.height, 0), yticks=[])
            ticks, names = value_ticks(*limits, max(1, min(6, int(inner.width / 0.7))))
            ax.set_xticks(ticks, [f"{name}%" if percent else name for name in names])
            ax.tick_params(axis="x", length=2.5, pad=2, top=tall, labeltop=tall)
            ax.grid(axis="x")
            ax.spines["left"].set_visible(False)
            for x in lines:
                ax.axvline(x, **ZERO)
            squeeze = min(1.0, inner.height / sum(self.heights[i] for i in column)) if column else 1.0
            for i, body in zip(column, self._named(place, inner.top, column, squeeze), strict=True):
                if self.rows[i].entry is not None:
                    drawn.append((ax, self.rows[i].entry, inner.top - (body.top + body.bottom) / 2))
        return drawn

    def bodies(self, box: Box) -> list[Box]:
        """Write the names of rows that have no common axis; return the box of each for what is drawn in it."""
        return list(self._named(box, box.top, self.columns[0]))

    def _named(self, box: Box, top: float, column: range, squeeze: float = 1.0) -> Iterator[Box]:
        """Write the texts of the rows of a column from a height on down; yield the box of each row's marks."""
        line, edge = lines_height(1, SMALL), {"path_effects": halo(3)} if self.above and self.scale else {}
        for i in column:
            row, height, texts, start = self.rows[i], squeeze * self.heights[i], self._texts(i), box.left
            first = top - APART / 2 if self.above else top - (height - texts) / 2
            names, down = text_height(self.names[i], NAME), 0.0
            if not self.above:
                down = (texts - names - text_height(self.details[i], DETAIL)) / 2
            look: Look = {"color": INK, "weight": "bold" if row.bold else "normal", "gid": "name", **edge}
            box.put(start, first - down, self.names[i], NAME, va="top", **look)
            if row.detail:
                box.put(start, first - down - names, self.details[i], DETAIL, va="top", color=GREY, **edge)
            down = 0.0 if self.above else (texts - line * len(self.rights[i])) / 2
            for n, (text, colour) in enumerate(self.rights[i]):
                at = box.right - self.right + 0.15, first - down - (n + 0.5) * line
                box.put(*at, text, SMALL, va="center", color=colour, gid="right", **edge)
            left, right = (0.0, 0.0) if self.above else (self.left + 0.15, self.right)
            ends = (top - height + APART / 2, first - texts) if self.above else (top - height, top)
            yield Box(box.figure, start + left, ends[0], box.right - right, ends[1])
            top -= height


def _lines(row: Row, width: float) -> list[tuple[str, str]]:
    """The lines at the right of a row with their colours, each broken where it is longer than a width."""
    colours = [INK, *[row.colour] * row.right.count("\n")]
    return [
        (part, colour)
        for line, colour in zip(row.right.split("\n"), colours, strict=True)
        for part in wrap(line, width, SMALL, lines=2).split("\n")
    ]

"""The frame of a chart: boxes of a figure, axes with round ticks, labels that do not collide, rows of panels.

All lengths are inches unless they say otherwise. Text is measured before it is drawn, so that no layout pass is
needed and the same input gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from planmodel.charts.letters import shorten, spread, text_height, text_width, wrap
from planmodel.charts.style import FAINT, GREY, INK, PAPER, SMALL, TEXT, TITLE, Look, new_figure
from planmodel.words import figure as number

EDGE, GAP = 0.12, 0.1
"""Inches around a figure, and between the axes and the labels at the ends of lines."""
PANEL, BETWEEN = 2.1, 0.25  # height of a panel, and the room between panels
LEAST, MOST_LABEL = 0.3, 0.5
"""Inches that axes have at least, and the share of a chart's width that labels at the ends of lines may take."""
EndLabel = tuple[float, str, str, float, bool]
"""A label at the right of axes: height in data, text, colour, points, bold."""
Scale = tuple[Sequence[float], Sequence[str], tuple[float, float]]
"""An axis: its ticks, their names, and its limits."""


@dataclass(frozen=True)
class Box:
    """A part of a figure, in inches from its lower left; ax: axes that are there already and fill it."""

    figure: Figure
    left: float
    bottom: float
    right: float
    top: float
    ax: Axes | None = None

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def inset(self, left: float = 0.0, bottom: float = 0.0, right: float = 0.0, top: float = 0.0) -> Box:
        """Return what is left of the box within margins."""
        ends = self.left + left, self.bottom + bottom, self.right - right, self.top - top
        return Box(self.figure, *ends, self.ax)

    def axes(self) -> Axes:
        """Return axes that fill the box: those it holds, else new ones."""
        width, height = self.figure.get_size_inches()
        own = max(self.width, LEAST), max(self.height, LEAST)
        place = self.left / width, self.bottom / height, own[0] / width, own[1] / height
        if self.ax is None:
            return self.figure.add_axes(place)
        self.ax.set_position(place)
        self.ax.spines[["top", "right"]].set_visible(False)
        self.ax.set_axisbelow(True)
        return self.ax

    def put(self, x: float, y: float, text: str, size: float, **options) -> Artist:
        """Write text on the figure, at inches from its lower left."""
        width, height = self.figure.get_size_inches()
        return self.figure.text(x / width, y / height, text, size=size, linespacing=1.15, **options)

    def head(self, text: str, points: float = TEXT, gap: float = 0.0, **options) -> Box:
        """Write lines of text at the top; return what is left under them."""
        if not text:
            return self
        self.put(self.left, self.top, text, points, va="top", **options)
        return self.inset(top=text_height(text, points) + gap)

    def panels(self, n: int, columns: int, height: float = PANEL, gap: float = BETWEEN) -> list[Box]:
        """Return the boxes of n panels, row by row from the top."""
        width, boxes = (self.width - gap * (columns - 1)) / columns, []
        for i in range(n):
            row, column = divmod(i, columns)
            left, top = self.left + column * (width + gap), self.top - row * (height + gap)
            boxes.append(Box(self.figure, left, top - height, left + width, top))
        return boxes

    def panel(self, text: str) -> Box:
        """Write a panel's bold head and return what is left under it."""
        points = TEXT - 0.5
        text = shorten(text, self.width, points, True)
        return self.head(text, points, 0.08, weight="bold", color=INK)


def panels_height(n: int, columns: int, height: float = PANEL, gap: float = BETWEEN) -> float:
    """Return the inches that n panels take."""
    return -(-n // columns) * (height + gap) - gap if n else 0.5


def framed(title: str, subtitle: str, note: str, size: tuple[float, float], body: float | None) -> Box:
    """Return the box between title, subtitle and note of a new figure.

    body: height of what is to come; the figure then grows to fit, and `size` gives the width only.
    """
    width, small = size[0] - 2 * EDGE, size[0] < 5
    title = wrap(title, width, TITLE - 2 * small, True)
    subtitle = wrap(subtitle, width, TEXT - small)
    foot = wrap(note, width, SMALL, lines=6) if note else ""
    foot_height = text_height(foot, SMALL) + 0.06 * bool(foot)
    head = text_height(title, TITLE - 2 * small) + text_height(subtitle, TEXT - small) + 0.1
    height = size[1] if body is None else body + head + foot_height + 2 * EDGE
    box = Box(new_figure((size[0], height)), EDGE, EDGE, size[0] - EDGE, height - EDGE)
    box = box.head(title, TITLE - 2 * small, color=INK, weight="bold")
    box = box.head(subtitle, TEXT - small, color=GREY)
    if foot:
        box.put(EDGE, EDGE, foot, SMALL, color=GREY, va="bottom")
    return box.inset(bottom=foot_height, top=0.1)


def within(ax: Axes, title: str) -> Box:
    """Return the place of axes that are there, under a bold title (empty: none).

    What stands beside the axes is drawn inside the place they had, so that neighbours are not written over.
    """
    figure, place = cast(Figure, ax.get_figure(root=True)), ax.get_position()
    width, height = figure.get_size_inches()
    box = Box(figure, place.x0 * width, place.y0 * height, place.x1 * width, place.y1 * height, ax)
    return box.head(wrap(title, box.width, TEXT, True), gap=0.05, weight="bold") if title else box


def halo(width: float = 2.5):
    """Return the path effect of a white edge around text."""
    return [withStroke(linewidth=width, foreground=PAPER)]


def inches(ax: Axes) -> float:
    """Return the width of axes."""
    return ax.get_window_extent().width / ax.figure.dpi


def robust_limits(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis from or to zero that no outlier eats: the range, cut half the middle's width beyond the middle.

    The middle is where four fifths of the values lie; a range hardly wider is kept whole.

    >>> robust_limits([1, 2, 3, 4, 5]), robust_limits([*range(1, 20), 500])
    ((0.0, 5.0), (0.0, 26.0))
    """
    low, high = min(0.0, *values), max(0.0, *values)
    first, last = (float(v) for v in np.quantile([0.0, *values], (0.1, 0.9)))
    room = 0.5 * (last - first)
    cut_low, cut_high = max(low, first - room), min(high, last + room)
    whole = high - low <= 1.5 * (cut_high - cut_low)
    return (float(low), float(high)) if whole else (cut_low, cut_high)


def value_ticks(low: float, high: float, n: int = 5) -> tuple[np.ndarray, list[str]]:
    """Return round ticks inside a range and their labels."""
    ticks = np.asarray(mpl.ticker.MaxNLocator(n, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    slack = 1e-9 * (high - low)
    ticks = ticks[(ticks >= low - slack) & (ticks <= high + slack)]
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else abs(float(ticks[0])) or 1.0 if len(ticks) else 1
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if len(ticks) > 1 and not np.allclose(ticks, np.round(ticks, digits)):
        digits += 1
    return ticks, [number(float(t), digits) for t in ticks]


def value_scale(low: float, high: float, n: int = 5) -> Scale:
    """Return an axis with round ticks."""
    ticks, names = value_ticks(low, high, n)
    return list(ticks), names, (low, high)


def percent_scale(ticks: Sequence[float], low: float, high: float) -> Scale:
    """Return an axis of percent."""
    return ticks, [f"{tick}%" for tick in ticks], (low, high)


def year_ticks(first: int, last: int, must: tuple[int, ...], width: float, size: float = SMALL) -> list[int]:
    """Return the years to print on an axis of a width: those in `must` first, then as many as fit."""
    room = text_width("2020", size) + 0.12
    step_width = width / max(last - first, 1)

    def apart(year: int, others: Sequence[int]) -> bool:
        return all(abs(year - other) * step_width >= room for other in others)

    chosen: list[int] = []
    for year in must:
        if year not in chosen and apart(year, chosen):
            chosen.append(year)
    for step in (10, 5, 2, 1):
        fresh = [y for y in range(first, last + 1) if (y - must[-1]) % step == 0 and y not in chosen]
        trial = sorted([*chosen, *fresh])
        if all((b - a) * step_width >= room for a, b in pairwise(trial)):
            chosen = trial
        else:
            chosen += [y for y in fresh if step >= 5 and apart(y, chosen)]
    return sorted(chosen)


def plot_axes(
    box: Box, y: Scale, labels: Sequence[EndLabel] = (), x: Scale | None = None, *, points: float = SMALL,
    rooms: tuple[float, float] = (0.0, 0.0), foot: float = 0.25,
) -> Axes:  # fmt: skip
    """Return axes with labels at the right and a scale at the left; x is set later where it depends on the width.

    rooms: least widths at the left and right of the axes, so that small charts line up. foot: room of the names below.
    """
    labels = [fitted(label, MOST_LABEL * box.width) for label in labels]
    left = max(max((text_width(name, points) for name in y[1]), default=0.0) + 0.12, rooms[0])
    ax = box.inset(left, foot, max(label_room(labels), rooms[1])).axes()
    ax.set_ylim(*y[2])
    ax.set_yticks(*y[:2])
    if x:
        ax.set_xlim(*x[2])
        ax.set_xticks(*x[:2])
    ax.tick_params(labelsize=points, length=2.5, pad=2)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    end_labels(ax, labels)
    return ax


def year_axis(
    ax: Axes,
    years: tuple[int, int],
    must: tuple[int, ...],
    limits: tuple[float, float],
    points: float = SMALL,
) -> None:
    """Set the years of an axis, first and last, with names for those in `must` and as many more as fit."""
    ax.set_xlim(*limits)
    named = year_ticks(*years, must, inches(ax), points)
    ax.set_xticks(named, [str(year) for year in named])


def end_labels(ax: Axes, labels: Sequence[EndLabel]) -> None:
    """Write labels to the right of the axes at their heights, moved apart where they would overlap.

    A label that had to move gets a thin line to its height.
    """
    if not labels:
        return
    dpi, box = ax.figure.dpi, ax.get_window_extent()
    wanted = [ax.transData.transform((0, y))[1] / dpi for y, *_ in labels]
    heights = [text_height(text, size) + 0.01 for _, text, _, size, _ in labels]
    placed = spread(wanted, heights, box.y0 / dpi - 0.1, box.y1 / dpi + 0.12)
    height, width, y0 = box.height / dpi, box.width / dpi, box.y0 / dpi
    for (_, text, colour, size, bold), want, place in zip(labels, wanted, placed, strict=True):
        at = (place - y0) / height
        if abs(place - want) > 0.04:
            ends = [1, 1 + (GAP - 0.03) / width], [(want - y0) / height, at]
            ax.plot(*ends, transform=ax.transAxes, color=FAINT, lw=0.8, clip_on=False, zorder=1)
        look: Look = {"color": colour, "size": size, "weight": "bold" if bold else "normal"}
        at_right: Look = {"transform": ax.transAxes, "va": "center", "ha": "left"}
        ax.text(1 + GAP / width, at, text, linespacing=1.15, **at_right, **look)


def fitted(label: EndLabel, width: float) -> EndLabel:
    """Return a label whose lines are no longer than a width."""
    y, text, colour, size, bold = label
    return y, "\n".join(shorten(line, width, size, bold) for line in text.split("\n")), colour, size, bold


def label_room(labels: Sequence[EndLabel]) -> float:
    """Return the width that end labels need beside the axes."""
    if not labels:
        return 0.08
    return GAP + max(text_width(text, size, bold) for _, text, _, size, bold in labels) + 0.04


def beside(ax: Axes, x: float, y: float, text: str, offset: tuple[float, float], **options) -> None:
    """Write text at points from a place in the data, on the side of the offset unless `ha` says otherwise."""
    side = "left" if offset[0] > 0 else "right" if offset[0] < 0 else "center"
    look: Look = {"ha": side, "va": "center", "size": SMALL} | options
    ax.annotate(text, (x, y), xytext=offset, textcoords="offset points", **look)

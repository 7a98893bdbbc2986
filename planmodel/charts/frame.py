"""The frame of a chart: measured text, titles that wrap, margins that fit, labels that do not collide.

All lengths are inches unless they say otherwise. Text is measured before it is drawn, so that no layout pass is
needed and the same input gives the same picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from planmodel.charts.lettering import lines_height, spread, text_width, wrap
from planmodel.charts.style import FAINT, GREY, INK, PAPER, SMALL, TEXT, TITLE, new_figure
from planmodel.words import figure as number

EDGE = 0.12
GAP = 0.1
"""Inches between the axes and the labels at the ends of lines."""
EndLabel = tuple[float, str, str, float, bool]
"""A label at the right of axes: height in data, text, colour, points, bold."""


@dataclass(frozen=True)
class Box:
    """What is left of a figure for its axes, in inches from the lower left; ax: axes that are there already."""

    left: float
    bottom: float
    right: float
    top: float
    ax: Axes | None = None

    @property
    def width(self) -> float:
        return self.right - self.left


def canvas(
    title: str,
    subtitle: str,
    note: str,
    size: tuple[float, float],
    *,
    body: float | None = None,
    ax: Axes | None = None,
) -> tuple[Figure, Box]:
    """Return the figure to draw in and the box for its axes: a framed figure, or the place of axes that are given.

    Into given axes goes the title alone, in bold over them (empty: none); what stands beside the axes is drawn inside
    the place they had, so that neighbours are not written over. body: see `framed`.
    """
    if ax is None:
        return framed(title, subtitle, note, size, body=body)
    figure = cast(Figure, ax.get_figure(root=True))
    (width, height), place = figure.get_size_inches(), ax.get_position()
    box = Box(place.x0 * width, place.y0 * height, place.x1 * width, place.y1 * height, ax)
    if not title:
        return figure, box
    text = wrap(title, box.width, TEXT, True)
    put(figure, box.left, box.top, text, TEXT, weight="bold", va="top")
    return figure, replace(box, top=box.top - lines_height(text.count("\n") + 1, TEXT) - 0.05)


def framed(
    title: str, subtitle: str, note: str, size: tuple[float, float], *, body: float | None = None
) -> tuple[Figure, Box]:
    """Return a figure with title, subtitle and note, and the box between them.

    body: height of what is to come; the figure then grows to fit, and `size` gives the width only.
    """
    width = size[0] - 2 * EDGE
    small = size[0] < 5
    texts = [
        (wrap(title, width, TITLE - 2 * small, True), TITLE - 2 * small, INK, "bold"),
        (wrap(subtitle, width, TEXT - small), TEXT - small, GREY, "normal"),
    ]
    foot = wrap(note, width, SMALL, lines=6) if note else ""
    foot_height = lines_height(foot.count("\n") + 1, SMALL) + 0.06 if foot else 0.0
    head = sum(lines_height(t.count("\n") + 1, s) for t, s, _, _ in texts if t) + 0.1
    height = size[1] if body is None else body + head + foot_height + 2 * EDGE
    figure = new_figure((size[0], height))
    y = height - EDGE
    for text, points, colour, weight in texts:
        if text:
            put(figure, EDGE, y, text, points, color=colour, weight=weight, va="top")
            y -= lines_height(text.count("\n") + 1, points)
    if foot:
        put(figure, EDGE, EDGE, foot, SMALL, color=GREY, va="bottom")
    return figure, Box(EDGE, EDGE + foot_height, size[0] - EDGE, y - 0.1)


def put(figure: Figure, x: float, y: float, text: str, size: float, **options):
    """Write text on a figure, at inches from its lower left."""
    width, height = figure.get_size_inches()
    return figure.text(x / width, y / height, text, size=size, linespacing=1.15, **options)


def axes(figure: Figure, box: Box) -> Axes:
    """Return axes that fill a box: those it holds, else new ones."""
    width, height = figure.get_size_inches()
    place = (
        box.left / width,
        box.bottom / height,
        (box.right - box.left) / width,
        (box.top - box.bottom) / height,
    )
    if box.ax is None:
        return figure.add_axes(place)
    box.ax.set_position(place)
    for side in ("top", "right"):
        box.ax.spines[side].set_visible(False)
    box.ax.set_axisbelow(True)
    return box.ax


def halo(width: float = 2.5):
    """Return the path effect of a white edge around text."""
    return [withStroke(linewidth=width, foreground=PAPER)]


def tick_digits(ticks) -> int:
    """Return the decimals that tell ticks apart."""
    step = float(np.min(np.diff(ticks))) if len(ticks) > 1 else abs(float(ticks[0])) or 1.0
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0


def value_ticks(low: float, high: float, n: int = 5) -> tuple[np.ndarray, list[str]]:
    """Return round ticks inside a range and their labels."""
    ticks = np.asarray(mpl.ticker.MaxNLocator(n, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    ticks = ticks[(ticks >= low - 1e-9 * (high - low)) & (ticks <= high + 1e-9 * (high - low))]
    digits = tick_digits(ticks) if len(ticks) else 0
    if len(ticks) > 1 and not np.allclose(ticks, np.round(ticks, digits)):
        digits += 1
    return ticks, [number(float(t), digits) for t in ticks]


def year_ticks(first: int, last: int, must: tuple[int, ...], width: float, size: float = SMALL) -> list[int]:
    """Return the years to print on an axis of a width: those in `must` first, then as many as fit."""
    room = text_width("2020", size) + 0.12
    step_width = width / max(last - first, 1)
    chosen: list[int] = []
    for step in (0, 10, 5, 2, 1):
        years = must if step == 0 else [y for y in range(first, last + 1) if (y - must[-1]) % step == 0]
        fresh = [y for y in years if y not in chosen]
        trial = sorted([*chosen, *fresh])
        if step == 0:
            for year in fresh:
                if all(abs(year - other) * step_width >= room for other in chosen):
                    chosen.append(year)
        elif all((b - a) * step_width >= room for a, b in pairwise(trial)):
            chosen = trial
        else:
            chosen += [y for y in fresh if step >= 5 and all(abs(y - o) * step_width >= room for o in chosen)]
    return sorted(chosen)


def end_labels(ax: Axes, labels: list[EndLabel]) -> None:
    """Write labels to the right of the axes at their heights, moved apart where they would overlap.

    A label that had to move gets a thin line to its height.
    """
    if not labels:
        return
    dpi = ax.figure.dpi
    box = ax.get_window_extent()
    wanted = [ax.transData.transform((0, y))[1] / dpi for y, *_ in labels]
    heights = [lines_height(t.count("\n") + 1, size) + 0.01 for _, t, _, size, _ in labels]
    placed = spread(wanted, heights, box.y0 / dpi - 0.1, box.y1 / dpi + 0.12)
    height, x0 = (box.y1 - box.y0) / dpi, box.y0 / dpi
    width = (box.x1 - box.x0) / dpi
    for (_, text, colour, size, bold), want, place in zip(labels, wanted, placed, strict=True):
        at = (place - x0) / height
        moved = abs(place - want) > 0.04
        if moved:
            ax.plot(
                [1, 1 + (GAP - 0.03) / width],
                [(want - x0) / height, at],
                transform=ax.transAxes,
                color=FAINT,
                lw=0.8,
                clip_on=False,
                zorder=1,
            )
        ax.text(
            1 + GAP / width,
            at,
            text,
            transform=ax.transAxes,
            color=colour,
            size=size,
            weight="bold" if bold else "normal",
            va="center",
            ha="left",
            linespacing=1.15,
        )


def label_room(labels: list[EndLabel]) -> float:
    """Return the width that end labels need beside the axes."""
    return GAP + max((text_width(t, size, bold) for _, t, _, size, bold in labels), default=0.0) + 0.04

"""Panels: several small axes with a bold head each, in rows of equal boxes."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.frame import Box, axes, end_labels, label_room, put
from planmodel.charts.lettering import lines_height, shorten, text_width
from planmodel.charts.style import INK, SMALL, TEXT

PANEL, GAP = 2.1, 0.25


def panels_height(n: int, columns: int, height: float = PANEL) -> float:
    """Return the inches that n panels take."""
    return -(-n // columns) * (height + GAP) - GAP if n else 0.5


def panel_boxes(box: Box, n: int, columns: int, height: float = PANEL) -> list[Box]:
    """Return the boxes of n panels, row by row from the top."""
    width = (box.width - GAP * (columns - 1)) / columns
    boxes = []
    for i in range(n):
        row, column = divmod(i, columns)
        left, top = box.left + column * (width + GAP), box.top - row * (height + GAP)
        boxes.append(Box(left, top - height, left + width, top))
    return boxes


def head(figure: Figure, box: Box, text: str) -> Box:
    """Write a panel's bold head and return what is left under it."""
    text = shorten(text, box.width, TEXT - 0.5, True)
    put(figure, box.left, box.top, text, TEXT - 0.5, weight="bold", va="top", color=INK)
    return replace(box, top=box.top - lines_height(1, TEXT - 0.5) - 0.08)


def panel_axes(
    figure: Figure,
    box: Box,
    x: tuple[list, list[str], tuple[float, float]],
    y: tuple[list, list[str], tuple[float, float]],
    labels: list,
) -> Axes:
    """Return a panel's axes with labels at the right; x, y: ticks, their names and the limits of the axis."""
    left = max((text_width(name, SMALL) for name in y[1]), default=0.0) + 0.12
    right = label_room(labels) if labels else 0.08
    inner = replace(box, left=box.left + left, right=box.right - right, bottom=box.bottom + 0.25)
    ax = axes(figure, inner)
    ax.set_xlim(*x[2])
    ax.set_ylim(*y[2])
    ax.set_xticks(*x[:2])
    ax.set_yticks(*y[:2])
    ax.tick_params(labelsize=SMALL, length=2.5, pad=2)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    end_labels(ax, labels)
    return ax

"""The frame of a chart: measured text, titles that wrap, margins that fit, labels that do not collide.

All lengths are inches unless they say otherwise. Text is measured before it is drawn, so that no layout pass is
needed and the same input gives the same picture.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patheffects import withStroke

from planmodel.charts.style import BOLD, FAINT, GREY, INK, PAPER, REGULAR, SMALL, TEXT, TITLE, new_figure
from planmodel.words import figure as number

LINE = 1.4
"""Line height in font sizes."""
EDGE = 0.12
NO_START = "，。；：、）)%％”,.;:!?·"


@dataclass(frozen=True)
class Box:
    """What is left of a figure for its axes, in inches from the lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left


@cache
def _face(bold: bool) -> tuple[FT2Font, FT2Font]:
    spare = mpl.get_data_path() + f"/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"
    faces = FT2Font(str(BOLD if bold else REGULAR)), FT2Font(spare)
    for face in faces:
        face.set_size(100, 72)
    return faces


@cache
def _advance(character: str, bold: bool) -> float:
    own, spare = _face(bold)
    face = own if own.get_char_index(ord(character)) else spare
    return face.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one or more lines at a font size in points.

    >>> text_width("ab", 10) < text_width("abc", 10) == text_width("abc\\na", 10)
    True
    """
    return max(sum(_advance(c, bold) for c in line) for line in text.split("\n")) * size / 72


def lines_height(n_lines: int, size: float) -> float:
    """Return the height of lines at a font size in points."""
    return n_lines * size * LINE / 72


def wrap(text: str, width: float, size: float, bold: bool = False, lines: int = 3) -> str:
    """Break text into lines of at most `width`; Chinese breaks anywhere, other scripts at spaces.

    What exceeds `lines` lines ends in an ellipsis.

    >>> wrap("one two three", 0.5, 10).split("\\n")
    ['one', 'two', 'three']
    """
    words = re.findall(r"\s+|[\u2e80-\uffef“”]|[^\s\u2e80-\uffef“”]+", text)
    pieces: list[str] = []
    for piece in words:
        if pieces and piece[0] in NO_START and not piece.isspace():
            pieces[-1] += piece
        else:
            pieces.append(piece)
    done, line = [], ""
    for piece in pieces:
        if line and text_width((line + piece).rstrip(), size, bold) > width:
            done.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece if line else piece.lstrip()
    done.append(line.rstrip())
    if len(done) > lines:
        done = [*done[: lines - 1], " ".join(done[lines - 1 :])]
    return "\n".join(shorten(line, width, size, bold) for line in done)


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Cut a line to a width: first what is in brackets, then the end, with an ellipsis.

    >>> shorten("Goods trade (exports plus imports)", 1.0, 10)
    'Goods trade'
    """
    if text_width(text, size, bold) <= width:
        return text
    text = re.sub(r"\s*[(（][^)）]*[)）]", "", text)
    if text_width(text, size, bold) <= width:
        return text
    while text and text_width(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip(" ,，、") + "…"


def spread(wanted, heights, low: float, high: float) -> np.ndarray:
    """Return centres as near as can be to `wanted` at which things of these heights do not overlap.

    wanted, heights: shape (n,), any one unit; the result keeps their order of `wanted` and stays in [low, high]
    where there is room.

    >>> spread([5.0, 5.0, 9.0], [2.0, 2.0, 2.0], 0, 10).tolist()
    [4.0, 6.0, 9.0]
    """
    wanted, heights = np.asarray(wanted, float), np.asarray(heights, float)
    order = np.argsort(wanted, kind="stable")
    offsets = np.cumsum(heights[order]) - heights[order] / 2
    blocks: list[list[float]] = []
    for value in wanted[order] - offsets:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    flat = np.concatenate([np.full(n, value) for value, n in blocks]) if blocks else np.empty(0)
    flat = np.clip(flat, low, max(low, high - heights.sum()))
    placed = np.empty(len(wanted))
    placed[order] = flat + offsets
    return placed


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
    """Return axes that fill a box."""
    width, height = figure.get_size_inches()
    return figure.add_axes(
        (
            box.left / width,
            box.bottom / height,
            (box.right - box.left) / width,
            (box.top - box.bottom) / height,
        )
    )


def halo(width: float = 2.5):
    """Return the path effect of a white edge around text."""
    return [withStroke(linewidth=width, foreground=PAPER)]


def tick_digits(ticks) -> int:
    """Return the decimals that tell ticks apart."""
    step = float(np.min(np.diff(ticks))) if len(ticks) > 1 else abs(float(ticks[0])) or 1.0
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0


def value_ticks(low: float, high: float, n: int = 5) -> tuple[np.ndarray, list[str]]:
    """Return round ticks inside a range and their labels."""
    ticks = mpl.ticker.MaxNLocator(n, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
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
        elif all((b - a) * step_width >= room for a, b in zip(trial, trial[1:], strict=False)):
            chosen = trial
        else:
            chosen += [y for y in fresh if step >= 5 and all(abs(y - o) * step_width >= room for o in chosen)]
    return sorted(chosen)


def end_labels(ax: Axes, labels: list[tuple[float, str, str, float, bool]], gap: float = 0.1) -> None:
    """Write labels to the right of the axes at their heights, moved apart where they would overlap.

    labels: (height in data, text, colour, points, bold). A label that had to move gets a thin line to its height.
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
                [1, 1 + (gap - 0.03) / width],
                [(want - x0) / height, at],
                transform=ax.transAxes,
                color=FAINT,
                lw=0.8,
                clip_on=False,
                zorder=1,
            )
        ax.text(
            1 + gap / width,
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


def label_room(labels: list[tuple[float, str, str, float, bool]], gap: float = 0.1) -> float:
    """Return the width that end labels need beside the axes."""
    return gap + max((text_width(t, size, bold) for _, t, _, size, bold in labels), default=0.0) + 0.04

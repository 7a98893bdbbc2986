"""Style of the charts: fonts with Chinese glyphs, colours, and files that come out the same each time.

Colours are from the Okabe-Ito family, darkened for print; every colour is doubled by a shape, a dash or a word.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import cache, wraps
from io import BytesIO
from typing import Any

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from planmodel.charts.letters import BOLD, REGULAR, edged_letters, lettered, rare_letters
from planmodel.plans.scenarios import in_order, scenario_names

Look = dict[str, Any]  # how a mark, a line or a text looks: options of matplotlib
SIZE = (7.2, 4.2)  # width and height of a chart in inches
TITLE, TEXT, SMALL = 13.0, 10.0, 9.0  # font sizes in points

INK, GREY, FAINT, PAPER = "#1c1c1c", "#5a5a5a", "#d9d9d9", "#ffffff"
FAN = {0.5: "#6d9fca", 0.8: "#a8c8e3", 0.95: "#d8e7f3"}
MEDIAN = "#0d3f6e"
TARGET = "#b5400a"
VERDICT_COLOURS = {
    "done_here": "#00755a",
    "done_elsewhere": "#0d3f6e",
    "rare": "#a66f00",
    "without_precedent": "#b3262a",
    "not_assessable": GREY,
}
VERDICT_MARKS = {
    "done_here": "o",
    "done_elsewhere": "s",
    "rare": "D",
    "without_precedent": "v",
    "not_assessable": "_",
}
SERIES = (
    ("#0d3f6e", "o", "-"),
    ("#b5400a", "s", (0, (6, 2))),
    ("#00755a", "^", (0, (2, 1.5))),
    ("#8a4f7d", "D", (0, (7, 2, 1.5, 2))),
    ("#8c6a00", "v", (0, (4, 1.5, 1, 1.5, 1, 1.5))),
    ("#3c3c3c", "P", (0, (1, 1))),
    ("#c2447e", "X", (0, (3, 1))),
)
"""Colour, marker and dash of the first, second, ... of several series."""

RC: dict[Any, Any] = {
    "font.family": ["Noto Sans SC", "DejaVu Sans"],
    "font.size": TEXT,
    "text.parse_math": False,
    "text.hinting": "no_hinting",
    "text.color": INK,
    "axes.unicode_minus": True,
    "axes.edgecolor": "#8c8c8c",
    "axes.labelcolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": "#8c8c8c",
    "ytick.color": "#8c8c8c",
    "xtick.labelcolor": GREY,
    "ytick.labelcolor": GREY,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "lines.solid_capstyle": "round",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "planmodel",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
}
UNSTABLE = {
    "svg": ("Date", "Creator", "Format", "Type"),
    "png": ("Software",),
    "pdf": ("CreationDate", "Creator", "Producer"),
}
"""What is left out of the files of each form, so that the same figure gives the same bytes."""
BAND_COLOURS = {f"band_{100 * coverage:.0f}": colour for coverage, colour in FAN.items()}
COLOURS = {"history": INK, "median": MEDIAN, "target": TARGET, **BAND_COLOURS}
"""The colours of a chart over time, each of which a call may change: `colours={"target": "#00755a"}`."""


def scenario_looks(ids: Iterable[str]) -> dict[str, tuple]:
    """Return colour, marker and dash of scenarios: those on file have the same on every chart, others what is left.

    >>> [scenario_looks(names)["low"][1] for names in (["low"], ["baseline", "mine", "low"])]
    ['^', '^']
    """
    ids, looks = list(ids), [look for look in SERIES if look[0] != TARGET]
    known = in_order(scenario_names())
    taken = {name: looks[known.index(name) % len(looks)] for name in ids if name in known}
    free = [look for look in looks if look not in taken.values()] or looks
    others = [name for name in ids if name not in known]
    return taken | {name: free[i % len(free)] for i, name in enumerate(others)}


@cache
def register_fonts() -> None:
    """Make the fonts of the package known to matplotlib; a second call does nothing."""
    for file in (REGULAR, BOLD):
        font_manager.fontManager.addfont(str(file))


def use_style() -> None:
    """Set fonts and colours for every figure of this process, as in a notebook; charts set their own anyway."""
    register_fonts()
    mpl.style.use(RC)


def styled(draw: Callable) -> Callable:
    """Run a drawing function in the style and leave matplotlib's settings as they were."""

    @wraps(draw)
    def inside(*args, **kwargs):
        register_fonts()
        with mpl.rc_context(RC):
            return draw(*args, **kwargs)

    return inside


def new_figure(size: tuple[float, float]) -> Figure:
    """Return an empty figure that pyplot knows nothing of; size in inches."""
    figure = Figure(figsize=size, dpi=100)
    FigureCanvasAgg(figure)
    return figure


@styled
def picture(figure: Figure, form: str, dpi: int = 150, letters: bool = True, **options) -> bytes:
    """Return a figure as the bytes of a file, the same for the same figure (no date, fixed ids); form: svg, png or pdf.

    letters: with the shapes of those of an SVG, for a picture that stands alone.
    """
    out = BytesIO()
    text = form == "svg"
    with rare_letters(figure, text), edged_letters(figure) if text else nullcontext():
        figure.savefig(out, format=form, dpi=dpi, metadata=dict.fromkeys(UNSTABLE[form]), **options)
    return lettered(out.getvalue().decode(), letters).encode() if form == "svg" else out.getvalue()


def svg(figure: Figure, letters: bool = True) -> str:
    """Return a figure as SVG text; letters: with their shapes."""
    return picture(figure, "svg", letters=letters).decode()


@styled
def dots(figure: Figure, dpi: int) -> np.ndarray:
    """Return the colours of a figure's dots, shape (height, width, 4): a picture that takes no way through a file."""
    canvas, before = FigureCanvasAgg(figure), figure.dpi
    try:
        figure.dpi = dpi
        with rare_letters(figure, False):
            canvas.draw()
        return np.asarray(canvas.buffer_rgba())
    finally:
        figure.dpi = before

"""The body of a chart over time: base year, history, fan, required path and target, in a box of a figure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from planmodel.charts.frame import Box, EndLabel, beside, halo, inches, plot_axes, value_scale, year_axis
from planmodel.charts.letters import text_height, text_width, wrap
from planmodel.charts.shown import SAME, Shown
from planmodel.charts.style import COLOURS, GREY, SMALL, TEXT, Look
from planmodel.plans.model import BOUNDS
from planmodel.words import phrase, said, word

OUTER = 2.2
"""The outer band is cut where it would make the chart higher than this many times all else."""
WORDS_WIDTH = 0.82  # inches for the words of a probability beside a small chart
YEARS_ROOM = 0.3
"""Inches that the years take below the axes: band names that have no room beside the rest are left out."""


def draw_target(
    box: Box, seen: Shown, lang: str, colours: Mapping[str, str] = COLOURS, *, small: bool = False,
    rooms: tuple[float, float] = (0.0, 0.0), path_named: bool = True, labels: list[EndLabel] | None = None,
    span: tuple[float, float] | None = None, beyond: float = 0.0,
) -> Axes | None:  # fmt: skip
    """Draw what is shown into a box; return its axes, None where there is nothing to draw.

    rooms: see frame.plot_axes. path_named: write its name along the required path (never on a small chart). labels: at
    the right, in place of the target's and the fan's. span: ends of the value axis. beyond: years after the target year.
    """
    if not seen.values:
        middle = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        box.put(*middle, phrase("charts.nothing", lang), TEXT, ha="center", color=GREY)
        return None
    low, high, cut = value_range(seen)
    if labels is None:
        labels = _labels(seen, lang, small, high, colours)
        if sum(text_height(text, size) for _, text, _, size, _ in labels) > box.height - YEARS_ROOM:
            labels = [label for label in labels if label[-1]]
    points = SMALL - small
    first, last = year_range(seen)
    scale = value_scale(*(span or (low, high)), 3 if small else 5)
    ax = plot_axes(box, scale, labels, points=points, rooms=rooms)
    must = (seen.year, seen.year if seen.base_year is None else seen.base_year)
    ends = first - 0.35, last + (0.12 if seen.mark is None else 0.3) + beyond
    year_axis(ax, (first, last), must, ends, points)
    if seen.base is not None and seen.base_year is not None:
        _draw_base(ax, seen.base_year, seen.base, lang, colours["history"], small)
    if seen.fan is not None:
        fan, bands = seen.fan, zip(seen.fan.coverages, seen.fan.low, seen.fan.high, strict=True)
        for coverage, *edges in sorted(bands, key=lambda band: -band[0]):
            look: Look = {"color": band_colour(coverage, colours), "gid": f"band-{coverage:.2f}"}
            ax.fill_between(fan.years, *edges, lw=0, zorder=2, **look)
        ax.plot(fan.years, fan.median, color=colours["median"], lw=1.1, zorder=3, gid="median")
    past: Look = {"color": colours["history"], "marker": "o", "ms": 4 - small, "gid": "history"}
    ax.plot(seen.history.index, seen.history, lw=1.2, zorder=5, **past)
    if seen.path is not None and len(seen.path) > 1:
        _draw_path(
            ax, seen, phrase("charts.required_path", lang) * (path_named and not small), colours["target"]
        )
    if seen.mark is not None:
        _draw_mark(ax, seen, seen.mark, colours["target"], small)
    if cut and small:
        text = phrase("charts.cut_small", lang)
        ax.text(0.04, 0.99, text, size=SMALL - 2, color=GREY, va="top", transform=ax.transAxes)
    elif cut:
        ax.set_title(phrase("charts.cut", lang), size=SMALL - 1, color=GREY, loc="right", pad=2)
    return ax


def value_range(seen: Shown) -> tuple[float, float, bool]:
    """Return the lower and upper end of the value axis, and whether the outer band is cut.

    The axis starts at zero where the figures come near it.
    """
    low, high, cut = min(seen.values), max(seen.values), False
    if seen.fan is not None:
        span = (high - low) or abs(high) or 1.0
        outer_low, outer_high = float(seen.fan.low.min()), float(seen.fan.high.max())
        cut = outer_high > high + (OUTER - 1) * span
        low, high = min(low, outer_low), high + 0.3 * span if cut else max(high, outer_high)
    if high - low <= SAME * max(abs(high), abs(low)):
        low, high = min(low, 0.0), max(1.25 * high, 0.0) or 1.0
    pad = 0.06 * (high - low)
    bottom = 0.0 if 0 <= low < 0.45 * high else max(low - pad, 0.0) if low >= 0 else low - pad
    top = high + 1.8 * pad
    if seen.unit == "%" and high <= 100:
        top = min(top, max(100.0, high + 0.5 * pad))
    return bottom, top, cut


def year_range(seen: Shown) -> tuple[int, int]:
    """Return the first and last year of a chart."""
    years = [*map(int, seen.history.index), seen.year, *(y for y in seen.mark_years or () if y <= seen.year)]
    if seen.base is not None and seen.base_year is not None:
        years.append(seen.base_year)
    if seen.fan is not None:
        years.append(int(seen.fan.years[0]))
    first, last = min(years), max(years)
    return (first, last) if last > first else (last - 5, last)


def band_colour(coverage: float, colours: Mapping[str, str] = COLOURS) -> str:
    """Return the colour of a band: between those of the two known coverages where it is neither."""
    known = {float(name[5:]) / 100: to_rgb(colours[name]) for name in colours if name.startswith("band_")}
    at = sorted(known)
    red, green, blue = (float(np.interp(coverage, at, [known[c][i] for c in at])) for i in range(3))
    return to_hex((red, green, blue))


def _labels(seen: Shown, lang: str, small: bool, top: float, colours: Mapping[str, str]) -> list[EndLabel]:
    """The labels at the right: target with probability, band names, median."""
    labels: list[EndLabel] = []
    points, fan, height, chance = SMALL - 0.5 if small else TEXT, seen.fan, None, []
    if seen.probability is not None:
        figures, words = seen.chance[0], said(seen.chance[1], lang)
        chance = [figures, *([wrap(words, WORDS_WIDTH, points, True) if small else words] if words else [])]
    if seen.mark is not None:
        height = seen.mark if seen.mark_upper is None else (seen.mark + seen.mark_upper) / 2
        labels.append((height, "\n".join([seen.mark_text, *chance]), colours["target"], points, True))
    elif chance and fan is not None:
        labels.append((float(fan.median[-1]), "\n".join(chance), colours["target"], points, True))
    if fan is None or small:
        return labels
    edges = fan.high if height is None or height < fan.median[-1] else fan.low
    for coverage, edge in zip(fan.coverages, edges, strict=True):
        labels.append((min(float(edge[-1]), top), f"{coverage:.0%}", GREY, TEXT - 2, False))
    labels.append((float(fan.median[-1]), word("median", lang), colours["median"], TEXT - 2, False))
    return labels


def _draw_base(ax: Axes, year: int, value: float, lang: str, ink: str, small: bool) -> None:
    """Draw the base as a ring on a dotted line, which is named but on a small chart."""
    ax.axvline(year, color="#b0b0b0", lw=0.8, ls=(0, (1, 2)), zorder=1)
    ring: Look = {"marker": "o", "ms": 5 if small else 7, "mfc": "white", "mec": ink, "mew": 1.4}
    ax.plot([year], [value], ls="", zorder=6, gid="base", clip_on=False, **ring)
    if small:
        return
    (first, last), text = ax.get_xlim(), phrase("charts.base_year", lang, year=year)
    late = (year - first) / (last - first) * inches(ax) > text_width(text, SMALL) + 0.1
    look: Look = {"va": "top", "size": SMALL, "color": GREY, "path_effects": halo()}
    beside(ax, year, 1, text, (-3 if late else 3, 0), xycoords=("data", "axes fraction"), **look)


def _draw_path(ax: Axes, seen: Shown, name: str, colour: str) -> None:
    """Draw the required path dashed, with its name along its middle."""
    path: Any = seen.path
    ax.plot(path.index, path, color=colour, lw=1.5, ls=(0, (4, 2)), zorder=4, gid="required_path")
    if not name:
        return
    middle = len(path) // 2
    dots = ax.transData.transform(list(path.items()))
    slope = np.arctan2(*(dots[min(middle + 1, len(dots) - 1)] - dots[max(middle - 1, 0)])[::-1])
    low = (dots[middle][1] - ax.bbox.y0) < 0.12 * ax.bbox.height  # below it are the years
    away = 8 if low or seen.fan is None or path.iloc[-1] >= seen.fan.median[-1] else -8
    turned: Look = {"rotation": float(np.degrees(slope)), "rotation_mode": "anchor", "ha": "center"}
    look: Look = {"size": SMALL - 0.5, "color": colour, "path_effects": halo(2), "zorder": 8}
    offset = -away * np.sin(slope), away * np.cos(slope)
    beside(ax, path.index[middle], path.iloc[middle], name, offset, **turned, **look)


def _draw_mark(ax: Axes, seen: Shown, mark: float, colour: str, small: bool) -> None:
    """Draw the target: a floor or ceiling as a bar with ticks on its far side, a figure as a diamond.

    "About" is an open diamond, a range a bracket; promises about every year span their years.
    """
    first, last = ax.get_xlim()
    half, year = (last - first) * (0.045 if small else 0.022), seen.year
    options: Look = {"color": colour, "zorder": 7, "clip_on": False}
    start = year if seen.mark_years is None else seen.mark_years[0]
    if seen.spans and start < year:
        ax.plot([max(start, first), year], [mark] * 2, lw=1.2, **options)
    if seen.mark_upper is not None:
        ax.plot([year, year], [mark, seen.mark_upper], lw=2, marker="_", ms=9, mew=2, **options)
    elif seen.comparator in BOUNDS:
        ax.plot([year - half, year + half], [mark] * 2, lw=2.2, solid_capstyle="butt", **options)
        tick: Look = {"arrowstyle": "-", "color": colour, "lw": 1, "shrinkA": 0, "shrinkB": 0}
        look: Look = {"annotation_clip": False, "arrowprops": tick, "zorder": 7}
        for x in np.linspace(year - 0.8 * half, year + 0.8 * half, 3 if small else 4):
            beside(ax, x, mark, "", (-2.5, 4.5 if seen.falls else -4.5), **look)
    else:
        face, size = "white" if seen.comparator == "about" else colour, 5 if small else 7
        ax.plot([year], [mark], ls="", marker="D", ms=size, mfc=face, mew=1.6, gid="mark", **options)

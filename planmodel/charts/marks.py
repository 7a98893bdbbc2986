"""The marks of charts over time: axes, base year, history, fan, required path and target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from planmodel.charts.frame import Box, axes, end_labels, halo, label_room, value_ticks, year_ticks
from planmodel.charts.lettering import text_width
from planmodel.charts.shown import Shown
from planmodel.charts.style import COLOURS, GREY, SMALL
from planmodel.words import phrase

OUTER = 2.2
"""The outer band is cut where it would make the chart higher than this many times all else."""


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
    if high == low:
        low, high = min(low, 0.0), max(1.25 * high, 0.0) or 1.0
    pad = 0.06 * (high - low)
    bottom = 0.0 if 0 <= low < 0.45 * high else max(low - pad, 0.0) if low >= 0 else low - pad
    top = high + 1.8 * pad
    if seen.unit == "%" and high <= 100:
        top = min(top, max(100.0, high + 0.5 * pad))
    return bottom, top, cut


def year_range(seen: Shown) -> tuple[int, int]:
    """Return the first and last year of a chart."""
    years = [int(y) for y in seen.history.index] + [seen.year]
    if seen.mark_years is not None:
        years += [year for year in seen.mark_years if year <= seen.year]
    if seen.base is not None and seen.base_year is not None:
        years.append(seen.base_year)
    if seen.fan is not None:
        years.append(int(seen.fan.years[0]))
    first, last = min(years), max(years)
    return (first, last) if last > first else (last - 5, last)


def draw_axes(
    figure: Figure,
    box: Box,
    seen: Shown,
    labels: list,
    lang: str,
    *,
    span: tuple[float, float] | None = None,
    small: bool = False,
    rooms: tuple[float, float] = (0.0, 0.0),
    beyond: float = 0.0,
) -> Axes:
    """Return axes for a target with years, values, base year and labels at the right.

    labels: see frame.end_labels. span: ends of the value axis. rooms: least widths at the left and at the right.
    beyond: years of room after the target year.
    """
    low, high = span or value_range(seen)[:2]
    first, last = year_range(seen)
    ticks, names = value_ticks(low, high, 3 if small else 5)
    points = SMALL - 1 if small else SMALL
    left = max(max((text_width(n, points) for n in names), default=0.2) + 0.12, rooms[0])
    right = max(label_room(labels), rooms[1])
    inner = replace(box, left=box.left + left, right=box.right - right, bottom=box.bottom + 0.25)
    ax = axes(figure, inner)
    ax.set_xlim(first - 0.35, last + (0.12 if seen.mark is None else 0.3) + beyond)
    ax.set_ylim(low, high)
    ax.set_yticks(ticks, names)
    must = (seen.year, seen.year if seen.base_year is None else seen.base_year)
    years = year_ticks(first, last, must, inner.width, points)
    ax.set_xticks(years, [str(y) for y in years])
    ax.tick_params(labelsize=points, length=2.5, pad=2)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    _draw_base_year(ax, seen, lang, points, named=not small)
    end_labels(ax, labels)
    return ax


def _draw_base_year(ax: Axes, seen: Shown, lang: str, points: float, *, named: bool) -> None:
    if seen.base is None or seen.base_year is None:
        return
    ax.axvline(seen.base_year, color="#b0b0b0", lw=0.8, ls=(0, (1, 2)), zorder=1)
    if not named:
        return
    first, last = ax.get_xlim()
    text = phrase("charts.base_year", lang, year=seen.base_year)
    width = ax.get_window_extent().width / ax.figure.dpi
    late = (seen.base_year - first) / (last - first) * width > text_width(text, points) + 0.1
    ax.annotate(
        text,
        (seen.base_year, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-3 if late else 3, 0),
        textcoords="offset points",
        ha="right" if late else "left",
        va="top",
        size=points,
        color=GREY,
        path_effects=halo(),
    )


def draw_fan(ax: Axes, seen: Shown, colours: Mapping[str, str] = COLOURS) -> None:
    """Draw bands, widest first, and the median."""
    fan = seen.fan
    if fan is None:
        return
    for coverage, low, high in sorted(
        zip(fan.coverages, fan.low, fan.high, strict=True), key=lambda band: -band[0]
    ):
        gid = f"band-{coverage:.2f}"
        ax.fill_between(fan.years, low, high, color=band_colour(coverage, colours), lw=0, zorder=2, gid=gid)
    ax.plot(fan.years, fan.median, color=colours["median"], lw=1.1, zorder=3, gid="median")


def band_colour(coverage: float, colours: Mapping[str, str] = COLOURS) -> str:
    """Return the colour of a band: between those of the two known coverages where it is neither."""
    known = {float(name[5:]) / 100: to_rgb(colours[name]) for name in colours if name.startswith("band_")}
    at = sorted(known)
    red, green, blue = (float(np.interp(coverage, at, [known[c][i] for c in at])) for i in range(3))
    return to_hex((red, green, blue))


def draw_history(ax: Axes, seen: Shown, colours: Mapping[str, str] = COLOURS, *, small: bool = False) -> None:
    """Draw past figures as dots with a line, the base as a ring."""
    years = seen.history.index
    ink = colours["history"]
    ax.plot(years, seen.history, color=ink, lw=1.2, marker="o", ms=3 if small else 4, zorder=5, gid="history")
    if seen.base is not None and seen.base_year is not None:
        ring: dict[str, Any] = {
            "marker": "o",
            "ms": 5 if small else 7,
            "mfc": "white",
            "mec": ink,
            "mew": 1.4,
        }
        ax.plot([seen.base_year], [seen.base], ls="", zorder=6, gid="base", clip_on=False, **ring)


def draw_path(ax: Axes, seen: Shown, lang: str = "", colours: Mapping[str, str] = COLOURS) -> None:
    """Draw the required path dashed; with a language, named along its middle."""
    path = seen.path
    if path is None or len(path) < 2:
        return
    ax.plot(path.index, path, color=colours["target"], lw=1.5, ls=(0, (4, 2)), zorder=4, gid="required_path")
    if not lang:
        return
    middle = len(path) // 2
    dots = ax.transData.transform([(y, v) for y, v in zip(path.index, path, strict=True)])
    ends = dots[max(middle - 1, 0)], dots[min(middle + 1, len(dots) - 1)]
    slope = float(np.degrees(np.arctan2(ends[1][1] - ends[0][1], ends[1][0] - ends[0][0])))
    above = seen.fan is None or path.iloc[-1] >= seen.fan.median[-1]
    turn, away = np.radians(slope), 8 if above else -8
    ax.annotate(
        phrase("charts.required_path", lang),
        (path.index[middle], path.iloc[middle]),
        xytext=(-away * np.sin(turn), away * np.cos(turn)),
        textcoords="offset points",
        rotation=slope,
        rotation_mode="anchor",
        ha="center",
        va="center",
        size=SMALL - 0.5,
        color=colours["target"],
        path_effects=halo(2),
        zorder=8,
    )


def draw_mark(ax: Axes, seen: Shown, colours: Mapping[str, str] = COLOURS, *, small: bool = False) -> None:
    """Draw the target: a floor or ceiling as a bar with ticks on its far side, a figure as a diamond.

    "About" is an open diamond, a range a bracket; promises about every year span their years.
    """
    if seen.mark is None:
        return
    first, last = ax.get_xlim()
    half = (last - first) * (0.045 if small else 0.022)
    year, colour = seen.year, colours["target"]
    options: dict[str, Any] = {"color": colour, "zorder": 7, "clip_on": False}
    start = year if seen.mark_years is None else seen.mark_years[0]
    if seen.spans and start < year:
        ax.plot([max(start, first), year], [seen.mark] * 2, lw=1.2, **options)
    if seen.mark_upper is not None:
        ax.plot([year, year], [seen.mark, seen.mark_upper], lw=2, marker="_", ms=9, mew=2, **options)
    elif seen.comparator in ("ge", "gt", "le", "lt"):
        ax.plot([year - half, year + half], [seen.mark] * 2, lw=2.2, solid_capstyle="butt", **options)
        step = 1 if seen.falls else -1
        for x in np.linspace(year - 0.8 * half, year + 0.8 * half, 3 if small else 4):
            tick = {"arrowstyle": "-", "color": colour, "lw": 1, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (x, seen.mark), xytext=(-2.5, 4.5 * step), textcoords="offset points", arrowprops=tick,
                        zorder=7, annotation_clip=False)  # fmt: skip
    else:
        face = "white" if seen.comparator == "about" else colour
        ax.plot(
            [year],
            [seen.mark],
            ls="",
            marker="D",
            ms=5 if small else 7,
            mfc=face,
            mew=1.6,
            gid="mark",
            **options,
        )

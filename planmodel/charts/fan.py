"""Fan charts: history, bands of the outlook, required path and the target's mark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.frame import (
    Box,
    axes,
    end_labels,
    framed,
    label_room,
    text_width,
    value_ticks,
    year_ticks,
)
from planmodel.charts.sentences import fan_sentence, note, subtitle, title
from planmodel.charts.shown import Shown, chance_text, mark_text, shown, tidy
from planmodel.charts.style import FAN, GREY, INK, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.feasibility import Assessment
from planmodel.plans import Plan
from planmodel.semantics import falling
from planmodel.words import check_lang, word

OUTER = 2.2
"""The outer band is cut where it would make the chart higher than this many times all else."""


@styled
def fan_chart(
    found: Assessment,
    plan: Plan,
    lang: str,
    bands: str = "central",
    path_shape: str = "constant_growth",
    *,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return the fan chart of one target; without a probability it shows history and required path, and says why.

    bands: central or shortest. path_shape: constant_growth, linear, ... (shares: linear). size: inches.
    Errors: PlanmodelError for an unknown language, kind of band or path shape.
    """
    check_lang(lang)
    seen = shown(found, plan, bands, path_shape)
    figure, box = framed(title(found, plan, lang), subtitle(found, seen, plan, lang), note(found, lang), size)
    draw_target(figure, box, found, seen, plan, lang)
    figure.set_label(fan_sentence(found, seen, plan, lang))
    return figure


def fan_data(
    found: Assessment,
    plan: Plan,
    lang: str,
    bands: str = "central",
    path_shape: str = "constant_growth",
) -> pd.DataFrame:
    """Return the figures of the fan chart: series, year, coverage (bands only), value, unit."""
    check_lang(lang)
    return tidy(shown(found, plan, bands, path_shape))


def fan_alt(found: Assessment, plan: Plan, lang: str, bands: str = "central") -> str:
    """Return one sentence that says what the fan chart shows."""
    return fan_sentence(found, shown(found, plan, bands), plan, check_lang(lang))


def draw_target(
    figure: Figure,
    box: Box,
    found: Assessment,
    seen: Shown,
    plan: Plan,
    lang: str,
    *,
    text: float = TEXT,
    small: bool = False,
) -> Axes | None:
    """Draw one target into a box of a figure: the body of fan charts and small multiples."""
    if not seen.values:
        _say_nothing_to_draw(figure, box, lang)
        return None
    low, high, cut = value_range(seen)
    years = year_range(seen)
    labels = _labels(found, seen, plan, lang, text, small, high)
    ticks, names = value_ticks(low, high, 3 if small else 5)
    points = text - 1.5 if small else SMALL
    left = max((text_width(n, points) for n in names), default=0.2) + 0.12
    inner = replace(
        box, left=box.left + left, right=box.right - label_room(labels, 0.06), bottom=box.bottom + 0.25
    )
    ax = axes(figure, inner)
    ax.set_xlim(years[0] - 0.35, years[1] + (0.12 if seen.mark is None else 0.3))
    ax.set_ylim(low, high)
    ax.set_yticks(ticks, names)
    must = (seen.target.target_year, seen.base_year)
    shown_years = year_ticks(years[0], years[1], must, inner.width, points)
    ax.set_xticks(shown_years, [str(y) for y in shown_years])
    ax.tick_params(labelsize=points, length=2.5, pad=2)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    draw_base_year(ax, seen, lang, points, named=not small)
    draw_fan(ax, seen)
    draw_history(ax, seen, small)
    draw_path(ax, seen)
    draw_mark(ax, seen, small)
    if cut:
        text_cut = "95% 区间超出图外" if lang == "zh" else "95% band runs off the chart"
        ax.text(
            0.99, 0.99, text_cut, transform=ax.transAxes, size=points - 1, color=GREY, ha="right", va="top"
        )
    end_labels(ax, labels, 0.06)
    return ax


def _say_nothing_to_draw(figure: Figure, box: Box, lang: str) -> None:
    width, height = figure.get_size_inches()
    figure.text(
        (box.left + box.right) / 2 / width,
        (box.bottom + box.top) / 2 / height,
        "没有可画的数据" if lang == "zh" else "No figures to draw",
        ha="center",
        va="center",
        color=GREY,
        size=TEXT,
    )


def value_range(seen: Shown) -> tuple[float, float, bool]:
    """Return the lower and upper end of the value axis, and whether the outer band is cut.

    The axis starts at zero where the figures come near it, and where bars of nothing would mislead.
    """
    inner = seen.values
    low, high = min(inner), max(inner)
    cut = False
    if seen.fan is not None:
        span = (high - low) or abs(high) or 1.0
        outer_low, outer_high = float(seen.fan.low.min()), float(seen.fan.high.max())
        cut = outer_high > high + (OUTER - 1) * span
        low, high = min(low, outer_low), high + 0.3 * span if cut else max(high, outer_high)
    if high == low:
        low, high = low - 0.1 * (abs(low) or 1), high + 0.1 * (abs(high) or 1)
    pad = 0.06 * (high - low)
    positive = low >= 0
    bottom = 0.0 if positive and low < 0.45 * high else low - pad
    if positive:
        bottom = max(bottom, 0.0)
    top = high + 1.8 * pad
    if seen.unit == "%" and high <= 100:
        top = min(top, max(100.0, high + 0.5 * pad))
    return bottom, top, cut


def year_range(seen: Shown) -> tuple[int, int]:
    """Return the first and last year of a chart."""
    years = [int(y) for y in seen.history.index] + [seen.target.target_year]
    if seen.base is not None:
        years.append(seen.base_year)
    first, last = min(years), max(years)
    return (first, last) if last > first else (last - 5, last)


def _labels(found: Assessment, seen: Shown, plan: Plan, lang: str, text: float, small: bool, top: float):
    """Labels at the right: target with probability, band names, median."""
    labels = []
    if seen.mark is not None:
        lines = [mark_text(seen)]
        if found.probability is not None:
            chance = chance_text(found.probability, plan, lang)
            lines += chance.split("，" if lang == "zh" else ", ")
        if seen.mark_upper is None or not small:
            labels.append(
                (_mark_height(seen), "\n".join(lines), TARGET, text if not small else text - 1, True)
            )
    elif found.probability is not None:
        lines = chance_text(found.probability, plan, lang).replace("，", "\n").replace(", ", "\n")
        labels.append((float(seen.fan.median[-1]), lines, TARGET, text, True))
    if seen.fan is None:
        return labels
    points = text - 2
    above = seen.mark is None or _mark_height(seen) < seen.fan.median[-1]
    for coverage, low, high in zip(seen.fan.coverages, seen.fan.low, seen.fan.high, strict=True):
        edge = min(float((high if above else low)[-1]), top)
        labels.append((edge, f"{coverage:.0%}", GREY, points, False))
    if not small:
        labels.append((float(seen.fan.median[-1]), word("median", lang), MEDIAN, points, False))
    return labels


def _mark_height(seen: Shown) -> float:
    return seen.mark if seen.mark_upper is None else (seen.mark + seen.mark_upper) / 2


def draw_base_year(ax: Axes, seen: Shown, lang: str, points: float, *, named: bool = True) -> None:
    """Mark the base year with a thin line and, where named, a word at its top."""
    if seen.base is None:
        return
    ax.axvline(seen.base_year, color="#b0b0b0", lw=0.8, ls=(0, (1, 2)), zorder=1)
    if named:
        first, last = ax.get_xlim()
        late = (seen.base_year - first) / (last - first) > 0.25
        ax.annotate(
            word("base", lang) + (f" {seen.base_year}" if lang == "en" else f" {seen.base_year} 年"),
            (seen.base_year, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-3 if late else 3, 0),
            textcoords="offset points",
            ha="right" if late else "left",
            va="top",
            size=points,
            color=GREY,
        )


def draw_fan(ax: Axes, seen: Shown) -> None:
    """Draw bands, widest first, and the median."""
    if seen.fan is None:
        return
    for coverage, low, high in sorted(
        zip(seen.fan.coverages, seen.fan.low, seen.fan.high, strict=True), key=lambda band: -band[0]
    ):
        ax.fill_between(
            seen.fan.years, low, high, color=FAN[coverage], lw=0, zorder=2, gid=f"band-{coverage:.2f}"
        )
    ax.plot(seen.fan.years, seen.fan.median, color=MEDIAN, lw=1.1, zorder=3, gid="median")


def draw_history(ax: Axes, seen: Shown, small: bool = False) -> None:
    """Draw past figures as dots with a line, the base as a ring."""
    ax.plot(
        seen.history.index,
        seen.history,
        color=INK,
        lw=1.2,
        marker="o",
        ms=3 if small else 4,
        zorder=5,
        gid="history",
    )
    if seen.base is not None:
        ax.plot(
            [seen.base_year],
            [seen.base],
            ls="",
            marker="o",
            ms=5 if small else 7,
            mfc="white",
            mec=INK,
            mew=1.4,
            zorder=6,
            gid="base",
        )


def draw_path(ax: Axes, seen: Shown) -> None:
    """Draw the required path dashed."""
    if seen.path is not None and len(seen.path) > 1:
        ax.plot(
            seen.path.index, seen.path, color=TARGET, lw=1.5, ls=(0, (4, 2)), zorder=4, gid="required_path"
        )


def draw_mark(ax: Axes, seen: Shown, small: bool = False) -> None:
    """Draw the target: a floor or ceiling as a bar with ticks on its far side, a figure as a diamond.

    "About" is an open diamond, a range a bracket; promises about every year span their years.
    """
    if seen.mark is None:
        return
    first, last = ax.get_xlim()
    half = (last - first) * (0.045 if small else 0.022)
    year = seen.mark_years[1]
    if seen.mark_years[0] < year:
        ax.hlines(seen.mark, seen.mark_years[0] - 0.3, year + 0.3, color=TARGET, lw=2, zorder=7)
    if seen.mark_upper is not None:
        ends = [seen.mark, seen.mark_upper]
        ax.plot([year, year], ends, color=TARGET, lw=2, marker="_", ms=9, mew=2, zorder=7)
    elif seen.target.comparator in ("ge", "gt", "le", "lt"):
        down = falling(seen.target)
        ax.plot(
            [year - half, year + half],
            [seen.mark] * 2,
            color=TARGET,
            lw=2.2,
            zorder=7,
            clip_on=False,
            solid_capstyle="butt",
        )
        step = -1 if not down else 1
        for x in np.linspace(year - 0.8 * half, year + 0.8 * half, 4):
            ax.annotate(
                "",
                (x, seen.mark),
                xytext=(-2.5, 4.5 * step),
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": TARGET, "lw": 1, "shrinkA": 0, "shrinkB": 0},
                zorder=7,
                annotation_clip=False,
            )
    else:
        hollow = seen.target.comparator == "about"
        ax.plot(
            [year],
            [seen.mark],
            ls="",
            marker="D",
            ms=5 if small else 7,
            color=TARGET,
            mfc="white" if hollow else TARGET,
            mew=1.6,
            zorder=7,
            clip_on=False,
        )

"""The chart of contributions to growth: a stacked bar a span, past and planned, that adds up to the growth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.breakdown import SectorGrowth, contributions_table
from planmodel.breakdown.levels import sectors_of
from planmodel.charts.frame import Box, axes, framed, halo, put, value_ticks
from planmodel.charts.lettering import lines_height, text_width, wrap
from planmodel.charts.rows import key_line, key_lines
from planmodel.charts.style import GREY, INK, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.plans import Plan
from planmodel.words import figure as number

COLOURS = ("#00755a", "#c9862b", "#0d3f6e", "#8a4f7d", "#8c6a00")
"""Colours of the parts in the order of the identity: of GDP the primary, secondary and services sector."""
REST, GAP = "#b8b8b8", "#e0e0e0"
HATCH = "///"
BAR, WIDEST = 0.62, 1.1
"""Width of a bar as a share of its place, and at most so many inches."""
HEIGHT = 2.9
WRITTEN = 0.16
"""The least height, in inches, of a piece that has its figure written in it."""


def parts_of(growths: tuple[SectorGrowth, ...], plan: Plan) -> dict[str, str]:
    """Return the parts in the order they are stacked, with their colours; the rest and the gap come last."""
    order = sectors_of(plan, growths[0].whole)
    seen = {s.id for g in growths for s in g.slices}
    found = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(order) if name in seen}
    return found | ({"rest": REST} if "rest" in seen else {})


def part_name(name: str, plan: Plan, lang: str) -> str:
    """Return the name of a part."""
    if name == "rest":
        return "其余" if lang == "zh" else "The rest"
    return plan.catalogue.indicators[name].name(lang)


def sectors_data(growths: tuple[SectorGrowth, ...], plan: Plan, lang: str) -> pd.DataFrame:
    """Return the figures drawn: one row a span and part, and what rounding leaves (gap)."""
    table = contributions_table(plan, growths)
    named = table.sector.map(lambda n: n if n == "gap" else part_name(n, plan, check_lang(lang)))
    return table.assign(name=named)


def _title(growths: tuple[SectorGrowth, ...], plan: Plan, lang: str) -> str:
    zh = lang == "zh"
    whole = plan.catalogue.indicators[growths[0].whole].name(lang)
    g = next((g for g in reversed(growths) if g.growth is not None and g.growth > 0), None)
    if g is None:
        return f"{whole}：各部分的拉动" if zh else f"{whole}: what its parts contribute"
    top = max(g.slices, key=lambda s: s.contribution)
    name, share = part_name(top.id, plan, lang), number(100 * top.contribution / g.growth, 0)
    years = str(g.last_year) if g.n_years == 1 else f"{g.base_year + 1}–{g.last_year}"
    if zh:
        what = "规划" if g.planned else ""
        return f"{years}年{what}{whole}增长的 {share}% 来自{name}"
    what = "planned growth" if g.planned else "growth"
    return f"{name}: {share}% of the {what} of {years}"


def _label(g: SectorGrowth, lang: str, width: float) -> str:
    zh = lang == "zh"
    years = str(g.last_year) if g.n_years == 1 else f"{g.base_year + 1}–{str(g.last_year)[2:]}"
    prices = {"nominal": ("现价", "current prices"), "real": ("可比价", "comparable prices")}[g.prices][
        not zh
    ]
    kind = ("目标" if zh else "target") if g.planned else ("实际" if zh else "outturn")
    return "\n".join([years, kind, wrap(prices, width, SMALL, lines=2)])


@styled
def sectors_chart(
    growths: tuple[SectorGrowth, ...], plan: Plan, lang: str, *, size: tuple[float, float] = SIZE
) -> Figure:
    """Return stacked bars of contributions in points a year, past spans first, then hatched what the plan asks.

    The line across a bar, with the figure above it, is the growth of the whole; where the plan leaves it open there is none. size: the width.
    """
    zh = check_lang(lang) == "zh"
    parts = parts_of(growths, plan)
    names = [part_name(name, plan, lang) for name in parts]
    marks = [{"marker": "s", "ms": 8, "color": colour} for colour in parts.values()]
    line = lines_height(1, SMALL)
    key = key_lines(names, SMALL, size[0] - 0.24) * line + 0.12
    note = (
        "单位：百分点，多年为年均。现价按两端数计算；可比价按公布增速和上年比重计算。各年数可能为不同版本。斜线为规划目标，横线为总增速，各段相加（含取整误差）等于总增速。"
        if zh
        else "Points a year. Current prices: from the levels at both ends; comparable prices: published rates with the shares of "
        "the year before. Years may be of different vintages. Hatched: the plan's targets. The line across a bar is the growth "
        "of the whole, to which the pieces add up (rounding included)."
    )
    where = plan.catalogue.regions[plan.region].name(lang)
    whole = plan.catalogue.indicators[growths[0].whole].name(lang)
    subtitle = f"{where}，{whole}，各部分拉动" if zh else f"{where}, {whole}, contributions of its parts"
    body = key + HEIGHT + 4 * line
    figure, box = framed(_title(growths, plan, lang), subtitle, note, size, body=body)
    key_line(figure, box.left, box.top - 0.1, list(zip(marks, names, strict=True)), SMALL, box.width)
    inner = replace(box, left=box.left + 0.42, top=box.top - key - 0.08, bottom=box.bottom + 4 * line)
    _bars(figure, inner, growths, parts, lang)
    figure.set_label(sectors_alt(growths, plan, lang))
    return figure


def _bars(
    figure: Figure, box: Box, growths: tuple[SectorGrowth, ...], parts: dict[str, str], lang: str
) -> None:
    ax = axes(figure, box)
    ups = [sum(max(s.contribution, 0) for s in g.slices) for g in growths]
    downs = [sum(min(s.contribution, 0) for s in g.slices) for g in growths]
    high, low = 100 * max([*ups, *(g.growth or 0 for g in growths), 0.0]), 100 * min([*downs, 0.0])
    span = (high - low) or 1.0
    ax.set_xlim(-0.6, len(growths) - 0.4)
    ax.set_ylim(low - 0.03 * span * (low < 0), high + 0.12 * span)
    ticks, labels = value_ticks(low, high)
    ax.set_yticks(ticks, labels)
    ax.grid(axis="y")
    ax.set_xticks([])
    ax.axhline(0, color="#8c8c8c", lw=0.8, zorder=3)
    inch = (box.top - box.bottom) / (ax.get_ylim()[1] - ax.get_ylim()[0])
    room = box.width / len(growths) - 0.08
    bar = min(BAR, WIDEST * (len(growths) + 0.2) / box.width)
    for x, g in enumerate(growths):
        above, below = 0.0, 0.0
        known = {s.id: s.contribution for s in g.slices}
        pieces = [(name, known[name], parts[name]) for name in parts if name in known]
        for name, value, colour in [*pieces, ("gap", g.gap, GAP)]:
            points = 100 * value
            if abs(points) < 0.005:
                continue
            start = above if points > 0 else below
            options = {"hatch": HATCH, "edgecolor": "white"} if g.planned else {"edgecolor": "white"}
            ax.bar(x, points, bar, bottom=start, color=colour, lw=0.6, zorder=2, gid=name, **options)
            if abs(points) * inch >= WRITTEN and name != "gap":
                dark = np.mean([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) > 150
                text = ax.text(
                    x, start + points / 2, number(points, 1), ha="center", va="center", size=SMALL, zorder=4,
                    color=INK if dark else "white", weight="bold",
                )  # fmt: skip
                if g.planned:
                    text.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 1.2})
            above, below = (above + points, below) if points > 0 else (above, below + points)
        if g.growth is not None:
            top = max(above, 100 * g.growth)
            ends = [x - 0.6 * bar, x + 0.6 * bar]
            ax.plot(ends, [100 * g.growth] * 2, color=INK, lw=1.8, zorder=5, gid="growth")
            ax.text(
                x, top + 0.03 * span, f"{number(100 * g.growth, 1)}%", ha="center", va="bottom", size=TEXT,
                weight="bold", path_effects=halo(),
            )  # fmt: skip
        else:
            text = "总增速未定" if lang == "zh" else "whole: open"
            ax.text(
                x,
                above + 0.02 * span,
                wrap(text, room, SMALL),
                ha="center",
                va="bottom",
                size=SMALL,
                color=GREY,
            )
        middle = box.left + (x + 0.6) / (len(growths) + 0.2) * box.width
        label = _label(g, lang, min(room, 1.2))
        for i, part in enumerate(label.split("\n")):
            y = box.bottom - 0.06 - i * lines_height(1, SMALL)
            width = text_width(part, SMALL)
            put(
                figure, middle - width / 2, y, part, SMALL, va="top", color=INK if i == 0 else GREY,
                weight="bold" if i == 0 else "normal",
            )  # fmt: skip


def sectors_alt(growths: tuple[SectorGrowth, ...], plan: Plan, lang: str) -> str:
    """Return one sentence that says what the bars show."""
    zh = check_lang(lang) == "zh"
    said = []
    for g in growths:
        years = str(g.last_year) if g.n_years == 1 else f"{g.base_year + 1}–{g.last_year}"
        pieces = ("、" if zh else ", ").join(
            f"{part_name(s.id, plan, lang)} {number(100 * s.contribution, 1)}" for s in g.slices
        )
        total = "" if g.growth is None else f" {number(100 * g.growth, 1)}%"
        kind = ("（目标）" if zh else " (target)") if g.planned else ""
        said.append(f"{years}{kind}{total}：{pieces}" if zh else f"{years}{kind}{total}: {pieces}")
    head = _title(growths, plan, lang)
    return f"{head}；{'；'.join(said)}。" if zh else f"{head}; {'; '.join(said)}."

"""The chart of contributions to growth: a stacked bar a span, past and planned, that adds up to the growth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.breakdown import SectorGrowth, contributions_table
from planmodel.breakdown.sectors import GAP, REST, sectors_of
from planmodel.charts.chart import Chart
from planmodel.charts.frame import Box, axes, canvas, halo, put, value_ticks
from planmodel.charts.lettering import lines_height, text_width, wrap
from planmodel.charts.rows import key_line, key_lines
from planmodel.charts.style import GREY, INK, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.plans import Plan
from planmodel.tables.breakdown import part_name
from planmodel.words import Joined, Phrase, Text, in_percent, phrase, said
from planmodel.words import figure as number

COLOURS = ("#00755a", "#c9862b", "#0d3f6e", "#8a4f7d", "#8c6a00")
"""Colours of the parts in the order of the identity: of GDP the primary, secondary and services sector."""
GREYS = {REST: "#b8b8b8", GAP: "#e0e0e0"}
HATCH = "///"
BAR, WIDEST = 0.62, 1.1
"""Width of a bar as a share of its place, and at most so many inches."""
HEIGHT = 2.9
WRITTEN = 0.16
"""The least height, in inches, of a piece that has its figure written in it."""


@styled
def sectors_chart(
    growths: tuple[SectorGrowth, ...],
    plan: Plan,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return stacked bars of contributions in points a year, past spans first, then hatched what the plan asks.

    The line across a bar, with the figure above it, is the growth of the whole; where the plan leaves it open there is
    none. growths: of one whole. size: inches; only the width is used. Data: one row a span and part, and what rounding
    leaves (gap).
    """
    whole = plan.catalogue.indicators[growths[0].whole]
    colours = _colours(growths, plan)
    data = contributions_table(growths)
    data["name"] = [said(part_name(plan, part), check_lang(lang)) for part in data.sector]
    names = [phrase("charts.heading", lang, text=part_name(plan, part)) for part in colours]
    marks = [{"marker": "s", "ms": 8, "color": colour} for colour in colours.values()]
    line = lines_height(1, SMALL)
    key = key_lines(names, SMALL, size[0] - 0.24) * line + 0.12
    region = plan.catalogue.regions[plan.region]
    subtitle, note = (
        phrase("breakdown.chart.subtitle", lang, region=region, whole=whole),
        phrase("breakdown.chart.note", lang),
    )
    own = _title(growths, plan)
    figure, box = canvas(
        own[lang] if title is None else title, subtitle, note, size, body=key + HEIGHT + 4 * line, ax=ax
    )
    key_line(figure, box.left, box.top - 0.1, list(zip(marks, names, strict=True)), SMALL, box.width)
    inner = replace(box, left=box.left + 0.42, top=box.top - key - 0.08, bottom=box.bottom + 4 * line)
    _bars(figure, inner, growths, colours, lang)
    alt = phrase(
        "charts.sentence", lang, text=Joined([own, *(_said(growth, plan) for growth in growths)], "clauses")
    )
    return Chart(f"{plan.name}-sectors-{whole.id}", figure, data, alt, lang)


def _colours(growths: tuple[SectorGrowth, ...], plan: Plan) -> dict[str, str]:
    """The parts in the order they are stacked, with their colours; the rest comes last."""
    seen = {part.id for growth in growths for part in growth.slices}
    order = [name for name in enumerate(sectors_of(plan, growths[0].whole)) if name[1] in seen]
    return {name: COLOURS[i % len(COLOURS)] for i, name in order} | (
        {REST: GREYS[REST]} if REST in seen else {}
    )


def _title(growths: tuple[SectorGrowth, ...], plan: Plan) -> Phrase:
    """Which part gives most of the latest growth that is known."""
    whole = plan.catalogue.indicators[growths[0].whole]
    growth = next((g for g in reversed(growths) if g.growth is not None and g.growth > 0), None)
    if growth is None or growth.growth is None:
        return Phrase("breakdown.chart.bare", whole=whole)
    top = max(growth.slices, key=lambda part: part.contribution)
    share = number(100 * top.contribution / growth.growth, 0)
    part = part_name(plan, top.id)
    return Phrase(
        "breakdown.chart.title",
        years=growth.years,
        planned=growth.planned,
        whole=whole,
        share=share,
        part=part,
    )


def _said(growth: SectorGrowth, plan: Plan) -> Phrase:
    pieces = [
        Phrase("breakdown.chart.piece", name=part_name(plan, part.id), points=100 * part.contribution)
        for part in growth.slices
    ]
    total = "" if growth.growth is None else f" {in_percent(100 * growth.growth)}"
    return Phrase(
        "breakdown.chart.said", years=growth.years, planned=growth.planned, total=total, pieces=pieces
    )


def _bars(
    figure: Figure, box: Box, growths: tuple[SectorGrowth, ...], colours: Mapping[str, str], lang: str
) -> None:
    ax = axes(figure, box)
    ups = [sum(max(part.contribution, 0) for part in growth.slices) for growth in growths]
    downs = [sum(min(part.contribution, 0) for part in growth.slices) for growth in growths]
    high, low = 100 * max([*ups, *(growth.growth or 0 for growth in growths), 0.0]), 100 * min([*downs, 0.0])
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
    for x, growth in enumerate(growths):
        top = _stack(ax, x, bar, growth, colours, inch)
        if growth.growth is None:
            text = wrap(phrase("breakdown.chart.open", lang), room, SMALL)
            ax.text(x, top + 0.02 * span, text, ha="center", va="bottom", size=SMALL, color=GREY)
        else:
            ends, points = [x - 0.6 * bar, x + 0.6 * bar], 100 * growth.growth
            ax.plot(ends, [points] * 2, color=INK, lw=1.8, zorder=5, gid="growth")
            ax.text(
                x, max(top, points) + 0.03 * span, in_percent(points), ha="center", va="bottom", size=TEXT,
                weight="bold", path_effects=halo(),
            )  # fmt: skip
        middle = box.left + (x + 0.6) / (len(growths) + 0.2) * box.width
        _label(figure, middle, box.bottom, growth, lang, min(room, 1.2))


def _stack(
    ax: Axes, x: int, bar: float, growth: SectorGrowth, colours: Mapping[str, str], inch: float
) -> float:
    """Draw the pieces of a span on one another, falls downwards; return the height of the rises. inch: of a point."""
    known = {part.id: part.contribution for part in growth.slices} | {GAP: growth.gap}
    above = below = 0.0
    for name, colour in {**colours, GAP: GREYS[GAP]}.items():
        points = 100 * known.get(name, 0.0)
        if abs(points) < 0.005:
            continue
        start = above if points > 0 else below
        hatch = HATCH if growth.planned else None
        ax.bar(
            x,
            points,
            bar,
            bottom=start,
            color=colour,
            lw=0.6,
            zorder=2,
            gid=name,
            hatch=hatch,
            edgecolor="white",
        )
        if abs(points) * inch >= WRITTEN and name != GAP:
            light = np.mean([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) > 150
            text = ax.text(
                x, start + points / 2, number(points, 1), ha="center", va="center", size=SMALL, zorder=4,
                color=INK if light else "white", weight="bold",
            )  # fmt: skip
            if growth.planned:
                text.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 1.2})
        above, below = (above + points, below) if points > 0 else (above, below + points)
    return above


def _label(
    figure: Figure, middle: float, bottom: float, growth: SectorGrowth, lang: str, width: float
) -> None:
    """Write the years, target or outturn, and the prices below a bar."""
    years = growth.years if growth.n_years == 1 else f"{growth.base_year + 1}–{str(growth.last_year)[2:]}"
    kind: Text = Phrase("terms.target" if growth.planned else "terms.outturn")
    prices = wrap(phrase(f"breakdown.prices.{growth.prices}", lang), width, SMALL, lines=2)
    for place, text in enumerate(
        [years, phrase("breakdown.chart.kind", lang, kind=kind), *prices.split("\n")]
    ):
        y = bottom - 0.06 - place * lines_height(1, SMALL)
        put(
            figure, middle - text_width(text, SMALL) / 2, y, text, SMALL, va="top", color=GREY if place else INK,
            weight="normal" if place else "bold",
        )  # fmt: skip

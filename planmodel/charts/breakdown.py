"""Charts of a breakdown: what sectors add to growth, and the parts of a target."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from planmodel.breakdown import Part, SectorGrowth, Split, contributions_table
from planmodel.breakdown.sectors import GAP, REST, sectors_of
from planmodel.charts.chart import Chart, Sheet, drawn
from planmodel.charts.frame import Box, halo, value_ticks
from planmodel.charts.letters import lines_height, text_width, wrap
from planmodel.charts.rows import ZERO, Row
from planmodel.charts.style import GREY, INK, MEDIAN, SMALL, TARGET, TEXT, Look
from planmodel.plans import Plan
from planmodel.tables.breakdown import part_name, pieces
from planmodel.tables.promises import number_of
from planmodel.words import Joined, Phrase, in_percent, phrase, said, thousands
from planmodel.words import figure as number

COLOURS = ("#00755a", "#c9862b", "#0d3f6e", "#8a4f7d", "#8c6a00")
"""Colours of the parts in the order of the identity: of GDP the primary, secondary and services sector."""
GREYS = {REST: "#b8b8b8", GAP: "#e0e0e0"}
HATCH = "///"
SPAN_BAR, WIDEST = 0.62, 1.1
"""Width of a bar as a share of its place, and at most so many inches."""
HEIGHT = 2.9
WRITTEN = 0.16  # the least height, in inches, of a piece that has its figure written in it
ENDS: tuple[Look, ...] = (
    {"marker": "o", "ms": 7, "color": MEDIAN},
    {"marker": "D", "ms": 7, "color": TARGET},
)
"""Marks of a part's figure in the first and in the last year."""


@drawn("ax")
def sectors_chart(growths: tuple[SectorGrowth, ...], plan: Plan, sheet: Sheet) -> Chart:
    """Return stacked bars of contributions in points a year, past spans first, then hatched what the plan asks.

    The line across a bar, with the figure above it, is the growth of the whole; where the plan leaves it open there is
    none. growths: of one whole. size: inches; only the width is used. Data: one row a span and part, and what rounding
    leaves (gap).
    """
    whole, colours = plan.catalogue.indicators[growths[0].whole], _colours(growths, plan)
    data = contributions_table(growths)
    data["name"] = [said(part_name(plan, part), sheet.lang) for part in data.sector]
    named = [
        (colour, sheet.say("charts.heading", text=part_name(plan, part))) for part, colour in colours.items()
    ]
    key = [({"marker": "s", "ms": 8, "color": colour}, text) for colour, text in named]
    below = Phrase("breakdown.chart.subtitle", region=plan.catalogue.regions[plan.region], whole=whole)
    foot, heading = 4 * lines_height(1, SMALL), _most(growths, plan)
    box = sheet.open(heading, below, Phrase("breakdown.chart.note"), body=HEIGHT + foot, key=key)
    _draw_spans(box.inset(left=0.42, top=0.08, bottom=foot), growths, colours, sheet.lang)
    text = Joined([heading, *(_said(growth, plan) for growth in growths)], "clauses")
    return sheet.chart(f"{plan.name}-sectors-{whole.id}", data, text)


def _colours(growths: tuple[SectorGrowth, ...], plan: Plan) -> dict[str, str]:
    """The parts in the order they are stacked, with their colours; the rest comes last."""
    seen = {part.id for growth in growths for part in growth.slices}
    parts = enumerate(sectors_of(plan, growths[0].whole))
    own = {name: COLOURS[i % len(COLOURS)] for i, name in parts if name in seen}
    return own | ({REST: GREYS[REST]} if REST in seen else {})


def _most(growths: tuple[SectorGrowth, ...], plan: Plan) -> Phrase:
    """Which part gives most of the latest growth that is known."""
    whole = plan.catalogue.indicators[growths[0].whole]
    for growth in reversed(growths):
        if growth.growth is not None and growth.growth > 0:
            top = max(growth.slices, key=lambda part: part.contribution)
            share = number(100 * top.contribution / growth.growth, 0)
            fields = {"share": share, "part": part_name(plan, top.id), "planned": growth.planned}
            return Phrase("breakdown.chart.title", years=growth.years, whole=whole, **fields)
    return Phrase("breakdown.chart.bare", whole=whole)


def _said(growth: SectorGrowth, plan: Plan) -> Phrase:
    named = [(part_name(plan, part.id), 100 * part.contribution) for part in growth.slices]
    pieces = [Phrase("breakdown.chart.piece", name=name, points=points) for name, points in named]
    total = "" if growth.growth is None else f" {in_percent(100 * growth.growth)}"
    return Phrase(
        "breakdown.chart.said", years=growth.years, planned=growth.planned, total=total, pieces=pieces
    )


def _draw_spans(box: Box, growths: tuple[SectorGrowth, ...], colours: Mapping[str, str], lang: str) -> None:
    ax = box.axes()
    ups = [sum(max(part.contribution, 0) for part in growth.slices) for growth in growths]
    downs = [sum(min(part.contribution, 0) for part in growth.slices) for growth in growths]
    high, low = 100 * max([*ups, *(growth.growth or 0 for growth in growths), 0.0]), 100 * min([*downs, 0.0])
    span = (high - low) or 1.0
    ax.set_xlim(-0.6, len(growths) - 0.4)
    ax.set_ylim(low - 0.03 * span * (low < 0), high + 0.12 * span)
    ax.set_yticks(*value_ticks(low, high))
    ax.grid(axis="y")
    ax.set_xticks([])
    ax.axhline(0, **ZERO | {"zorder": 3})
    inch = box.height / (ax.get_ylim()[1] - ax.get_ylim()[0])
    room = box.width / len(growths) - 0.08
    bar = min(SPAN_BAR, WIDEST * (len(growths) + 0.2) / box.width)
    middle: Look = {"ha": "center", "va": "bottom"}
    for x, growth in enumerate(growths):
        top = _stack(ax, x, bar, growth, colours, inch)
        if growth.growth is None:
            text = wrap(phrase("breakdown.chart.open", lang), room, SMALL)
            ax.text(x, top + 0.02 * span, text, size=SMALL, color=GREY, **middle)
        else:
            points = 100 * growth.growth
            ax.plot([x - 0.6 * bar, x + 0.6 * bar], [points] * 2, color=INK, lw=1.8, zorder=5, gid="growth")
            y, look = max(top, points) + 0.03 * span, {"weight": "bold", "path_effects": halo()}
            ax.text(x, y, in_percent(points), size=TEXT, **middle, **look)
        _below_bar(box, box.left + (x + 0.6) / (len(growths) + 0.2) * box.width, growth, lang, min(room, 1.2))


def _stack(
    ax: Axes, x: int, bar: float, growth: SectorGrowth, colours: Mapping[str, str], inch: float
) -> float:
    """Draw the pieces of a span on one another, falls downwards; return the height of the rises. inch: of a point."""
    known = {part.id: part.contribution for part in growth.slices} | {GAP: growth.gap}
    ends = {True: 0.0, False: 0.0}
    for name, colour in {**colours, GAP: GREYS[GAP]}.items():
        points = 100 * known.get(name, 0.0)
        if abs(points) < 0.005:
            continue
        start, hatch = ends[points > 0], HATCH if growth.planned else None
        ends[points > 0] += points
        look: Look = {"color": colour, "gid": name, "hatch": hatch, "edgecolor": "white"}
        ax.bar(x, points, bar, bottom=start, lw=0.6, zorder=2, **look)
        if abs(points) * inch >= WRITTEN and name != GAP:
            light = np.mean([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) > 150
            look = {"color": INK if light else "white", "weight": "bold", "ha": "center", "va": "center"}
            behind = {"facecolor": colour, "edgecolor": "none", "pad": 1.2} if growth.planned else None
            ax.text(x, start + points / 2, number(points, 1), size=SMALL, zorder=4, bbox=behind, **look)
    return ends[True]


def _below_bar(box: Box, middle: float, growth: SectorGrowth, lang: str, width: float) -> None:
    """Write the years, target or outturn, and the prices below a bar."""
    years = growth.years if growth.n_years == 1 else f"{growth.base_year + 1}–{str(growth.last_year)[2:]}"
    kind = Phrase("terms.target" if growth.planned else "terms.outturn")
    prices = wrap(phrase(f"breakdown.prices.{growth.prices}", lang), width, SMALL, lines=2)
    texts = (years, phrase("breakdown.chart.kind", lang, kind=kind), *prices.split("\n"))
    for i, text in enumerate(texts):
        look: Look = {"color": GREY, "weight": "normal"} if i else {"color": INK, "weight": "bold"}
        x, y = middle - text_width(text, SMALL) / 2, box.bottom - 0.06 - lines_height(i, SMALL)
        box.put(x, y, text, SMALL, va="top", **look)


@drawn("ax")
def split_chart(result: Split, plan: Plan, sheet: Sheet) -> Chart:
    """Return a dumbbell a part: its figure in the first and in the last year; at the right the last, and growth a year.

    Data: the figures of each part by year, and of the whole.
    """
    parts, (first, *_, last) = result.parts, result.years
    names = [str(first), sheet.say("breakdown.chart.target_year", year=last)]
    rows = [_part_row(part, first, last, sheet.lang) for part in parts]
    unit, total = plan.catalogue.units[result.line.unit], thousands(result.whole[last])
    given = result.shares.year is None
    note = Phrase(f"breakdown.chart.{'given' if given else 'published'}", when=result.shares.when)
    top = max(parts, key=lambda part: (part.id != REST, part.figures[last]))
    fields = {"year": last, "figure": thousands(top.figures[last]), "share": top.shares[last]}
    heading = Phrase("breakdown.chart.bears", whole=result.line.target.indicator, part=top.name, **fields)
    below = Phrase("breakdown.chart.in_all", unit=unit, total=total)
    key = list(zip(ENDS, names, strict=True))
    high = max(max(row.entry) for row in rows)
    for ax, ends, y in sheet.rows(rows, (0, 1.04 * (high or 1)), heading, below, note, key=key):
        ax.plot(ends, [y, y], color="#bdbdbd", lw=3, zorder=2)
        for value, mark in zip(ends, ENDS, strict=True):
            ax.plot([value], [y], ls="", clip_on=False, zorder=4, gid="part", **mark)
    name = f"{plan.name}-{result.by}-{number_of(result.line.target, 'en')}"
    return sheet.chart(name, result.table, Joined([heading, Joined(pieces(result), "list")], "clauses"))


def _part_row(part: Part, first: int, last: int, lang: str) -> Row:
    shares = [in_percent(100 * part.shares[year]) for year in (first, last)]
    right, ends = thousands(part.figures[last]), [float(part.figures[year]) for year in (first, last)]
    if part.growth is not None:
        right += "\n" + phrase("breakdown.chart.a_year", lang, growth=part.growth)
    return Row(part.name[lang], " → ".join(dict.fromkeys(shares)), right=right, entry=ends)

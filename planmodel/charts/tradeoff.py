"""The chart of the trade-off: pairs of investment share and productivity growth that meet a growth target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from planmodel.charts.chart import Chart, without_figures
from planmodel.charts.frame import axes, canvas, end_labels, halo, label_room, value_ticks
from planmodel.charts.lettering import lines_height, text_width
from planmodel.charts.style import GREY, INK, MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.drivers import Drivers, frontier
from planmodel.errors import check_lang
from planmodel.words import Joined, Phrase, in_percent, phrase

BODY = 3.3
COLUMNS = ("series", "productivity_pct", "investment_pct")
ZONES = {"countries": "#ececec", "china": "#cfe0f0"}
LOOKS: Mapping[str, dict[str, Any]] = {
    "by_investment": {"marker": "s", "ms": 7, "color": TARGET},
    "by_productivity": {"marker": "s", "ms": 7, "color": TARGET},
    "assumed": {"marker": "o", "ms": 8, "color": INK},
    "past": {"marker": "D", "ms": 7, "mfc": "white", "mec": MEDIAN, "mew": 1.8},
}
"""The points, those first that are labelled first, and their marks."""
OFFSETS = tuple((dx, dy) for dy in (0.13, 0.32) for dx in (0.1, -0.1) for dy in (dy, -dy))
"""Where a label may stand beside its point, in inches, the best place first."""
Spot = tuple[float, float, float, float]
"""A place in inches from the lower left of the figure: left, bottom, right, top."""


@styled
def trade_off_chart(
    result: Drivers,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return the curve of pairs that meet the target, today's point, and the record as shaded zones.

    size: inches; only the width is used. Data, in percent: series (target, assumed, past, by_productivity,
    by_investment, and the corners of the zones), productivity growth a year, investment share of output.
    Without a target of output it says why.
    """
    check_lang(lang)
    name = f"{result.plan.name}-{result.scenario.id}-trade-off"
    if not result.goals:
        return without_figures(name, result.reason, lang, COLUMNS, size, ax)
    data, says = _data(result), _says(result)
    figure = _draw(data, result, says[lang] if title is None else title, lang, size, ax)
    alt = phrase(
        "drivers.trade_off.alt",
        lang,
        title=says,
        investment=result.assumptions.investment_share,
        productivity=result.assumptions.productivity,
        reached=result.reached,
    )
    return Chart(name, figure, data, alt, lang)


def _data(result: Drivers) -> pd.DataFrame:
    """The curve, the points, and the corners of the zones.

    countries: the 5th to 95th percentile of their five-year means; china: its own episodes of productivity, and the
    investment share as published. No zones for services as a sector: the record is of whole economies.
    """
    needs = result.table.set_index("term")
    share, own = needs.loc["investment_share"], needs.loc["productivity"]
    points = {"assumed": (own.assumed_pct, share.assumed_pct)}
    if result.past_productivity is not None:
        points["past"] = (100 * result.past_productivity, share.assumed_pct)
    if own.attainable:
        points["by_productivity"] = (own.needed_pct, share.assumed_pct)
    if share.attainable:
        points["by_investment"] = (own.assumed_pct, share.needed_pct)
    for zone in ZONES:
        for end in ("low", "high"):
            points[f"{zone}_{end}"] = (own[f"{zone}_{end}"], share[f"{zone}_{end}"])
    xs = [x for name, (x, _) in points.items() if name in LOOKS]
    curve = frontier(result, (np.floor(min(xs)) - 1) / 100, (np.ceil(max(xs)) + 1) / 100)
    marks = pd.DataFrame([(name, *pair) for name, pair in points.items()], columns=list(COLUMNS))
    marks = marks.astype(dict.fromkeys(COLUMNS[1:], float))
    return pd.concat([curve.assign(series="target"), marks])[list(COLUMNS)].dropna().reset_index(drop=True)


def _says(result: Drivers) -> Joined:
    """What each of the two would have to be, or that it cannot be."""
    share, own = result.need("investment_share"), result.need("productivity")
    ways = [
        Phrase("drivers.trade_off.investment", value=share.value) if share.attainable else None,
        Phrase("drivers.trade_off.productivity", value=own.value) if own.attainable else None,
    ]
    takes = Joined(ways, "alternatives")
    head = Phrase(
        "drivers.trade_off.takes" if takes else "drivers.trade_off.growth",
        output=Phrase(f"drivers.trade_off.output.{result.asked.output}"),
        goal=result.asked.growth,
        takes=takes,
    )
    rest = None if share.attainable else Phrase(f"drivers.trade_off.not_investment.{share.why}")
    return Joined(
        [head, rest, None if own.attainable else Phrase("drivers.trade_off.not_productivity")], "clauses"
    )


def _draw(
    data: pd.DataFrame, result: Drivers, title: str, lang: str, size: tuple[float, float], ax: Axes | None
) -> Figure:
    pairs = {name: (x, y) for name, x, y in data.itertuples(index=False) if name != "target"}
    zones = {
        name: (*pairs[f"{name}_low"], *pairs[f"{name}_high"]) for name in ZONES if f"{name}_low" in pairs
    }
    curve = data[data.series == "target"]
    marks = {name: pairs[name] for name in LOOKS if name in pairs}
    xs = [x for x, _ in marks.values()]
    low, high = float(np.floor(min(xs) - 1)), float(np.ceil(max(xs) + 1))
    seen = [y for _, y in marks.values()] + [zone[3] for zone in zones.values()]
    top = min(100.0, 10 * np.ceil((max(seen) + 8) / 10))
    inside = curve[(curve.investment_pct <= top) & (curve.investment_pct >= 0)]
    where = phrase("drivers.trade_off.where", lang, plan=result.plan.short)
    note = phrase("drivers.trade_off.zones" if zones else "drivers.trade_off.no_zones", lang)
    figure, box = canvas(title, where, note, size, body=BODY, ax=ax)
    labels = []
    if len(inside):
        text = phrase("drivers.trade_off.target", lang, goal=result.asked.growth)
        labels = [(float(inside.investment_pct.iloc[-1]), text, TARGET, SMALL, True)]
    ticks = value_ticks(0, top), value_ticks(low, high, 6 if box.width > 5 else 4)
    left = max(text_width(f"{name}%", SMALL) for name in ticks[0][1]) + 0.12
    inner = replace(box, left=box.left + left, right=box.right - label_room(labels), bottom=box.bottom + 0.28)
    ax = axes(figure, inner)
    ax.set_xlim(low, high)
    ax.set_ylim(0, top)
    for axis, (at, names) in zip((ax.yaxis, ax.xaxis), ticks, strict=True):
        axis.set_ticks(at, [f"{name}%" for name in names])
    ax.grid(axis="y")
    for name, (x0, y0, x1, y1) in zones.items():
        patch = Rectangle((x0, y0), x1 - x0, y1 - y0, color=ZONES[name], lw=0, zorder=0.5)
        patch.set_gid(f"zone-{name}")
        ax.add_patch(patch)
    ax.plot(inside.productivity_pct, inside.investment_pct, color=TARGET, lw=2.2, zorder=4, gid="target")
    end_labels(ax, labels)
    for name in ("by_productivity", "by_investment"):
        if name in marks:
            guide = np.linspace(marks["assumed"], marks[name], 25)
            ax.plot(*guide.T, color=GREY, lw=1.1, ls=(0, (3, 2)), zorder=3, gid="guide")
    for name, (x, y) in marks.items():
        ax.plot([x], [y], ls="", zorder=6, gid=name, **LOOKS[name])
    taken = [_square(ax, x, y, 0.14) for x, y in marks.values()] + _along(ax, "target")
    for name, texts in _texts(marks, result, lang).items():
        colour = TARGET if name.startswith("by") else MEDIAN if name == "past" else INK
        _label(ax, *marks[name], texts, colour, taken)
    taken += _along(ax, "guide")
    for name, zone in zones.items():
        _zone_label(ax, zone, phrase(f"drivers.trade_off.{name}", lang), taken)
    return figure


def _texts(marks: Mapping, result: Drivers, lang: str) -> dict[str, tuple[str, str]]:
    """The label of each point, and a shorter one."""
    texts = {}
    for name, pair in marks.items():
        shown = [in_percent(value) for value in pair]
        fields: dict[str, object] = {"productivity": shown[0], "investment": shown[1]}
        if name == "past" and result.past is not None:
            fields = {"first": result.past.first_year + 1, "last": result.past.last_year}
        long = phrase(f"drivers.trade_off.point.{name}", lang, **fields)
        texts[name] = (long, phrase(f"drivers.trade_off.short.{name}", lang, **fields))
    return texts


def _square(ax: Axes, x: float, y: float, width: float) -> Spot:
    px, py = ax.transData.transform((x, y)) / ax.figure.dpi
    return px - width / 2, py - width / 2, px + width / 2, py + width / 2


def _along(ax: Axes, gid: str) -> list[Spot]:
    lines = [np.column_stack(line.get_data()) for line in ax.lines if line.get_gid() == gid]
    return [_square(ax, x, y, 0.05) for points in lines for x, y in points]


def _label(ax: Axes, x: float, y: float, texts: tuple[str, ...], colour: str, taken: list[Spot]) -> None:
    """Write a label beside a point where it hits nothing and stays in the axes, the shorter text where the longer does not fit."""
    dpi, height = ax.figure.dpi, lines_height(1, SMALL)
    frame = [v / dpi for v in ax.get_window_extent().extents]
    px, py = ax.transData.transform((x, y)) / dpi
    options = {"color": colour, "weight": "bold", "zorder": 7, "path_effects": halo()}
    for text in texts:
        width = text_width(text, SMALL, True)
        for dx, dy in OFFSETS:
            left, bottom = px + dx - width * (dx < 0), py + dy - height / 2
            spot = (left, bottom, left + width, bottom + height)
            fits = frame[0] < spot[0] and spot[2] < frame[2] and frame[1] < spot[1] and spot[3] < frame[3]
            if fits and not any(_meet(spot, other) for other in taken):
                taken.append(spot)
                _write(ax, left, bottom + height / 2, text, **options)
                return


def _zone_label(ax: Axes, zone: Spot, text: str, taken: list[Spot]) -> None:
    """Write a zone's name within its left end, else its right, where there is room."""
    (low, high), (x0, y0, x1, y1), width = ax.get_xlim(), zone, text_width(text, SMALL)
    for x, shift in ((max(x0, low), 0.06), (min(x1, high), -0.06 - width)):
        px, py = ax.transData.transform((x, (y0 + y1) / 2)) / ax.figure.dpi
        spot = (px + shift, py - 0.08, px + shift + width, py + 0.08)
        if not any(_meet(spot, other) for other in taken):
            taken.append(spot)
            _write(ax, spot[0], py, text, color=GREY, zorder=2)
            return


def _write(ax: Axes, left: float, middle: float, text: str, **options) -> None:
    at = ax.transData.inverted().transform((left * ax.figure.dpi, middle * ax.figure.dpi))
    ax.text(at[0], at[1], text, size=SMALL, va="center", ha="left", **options)


def _meet(a: Spot, b: Spot) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

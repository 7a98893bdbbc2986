"""The chart of the trade-off: pairs of investment share and productivity growth that meet a growth target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from planmodel.charts.frame import axes, end_labels, framed, halo, label_room, value_ticks
from planmodel.charts.lettering import lines_height, text_width
from planmodel.charts.style import GREY, INK, MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.drivers import Drivers, frontier, load_records
from planmodel.errors import check_lang
from planmodel.words import figure as number
from planmodel.words import word

EDGE, BODY = 0.05, 3.3
N_POINTS = 41
ZONES = {"countries": "#ececec", "china": "#cfe0f0"}
OFFSETS = (
    (0.1, 0.13),
    (0.1, -0.13),
    (-0.1, 0.13),
    (-0.1, -0.13),
    (0.1, 0.32),
    (0.1, -0.32),
    (-0.1, 0.32),
    (-0.1, -0.32),
)


def zones(result: Drivers) -> dict[str, tuple[float, float, float, float]]:
    """Return the records drawn, in percent: lowest and highest productivity growth, lowest and highest investment share.

    countries: the 5th to 95th percentile of their five-year means; china: its own episodes of productivity, and the
    investment share as published. None for services as a sector: the record is of whole economies.
    """
    if result.given.reading == "sector":
        return {}
    records, share = load_records(), result.assumed["investment_share"]
    pair = records["productivity"], records["investment_share"]
    found = {"countries": tuple(100 * r.quantile(q) for r in pair for q in (EDGE, 1 - EDGE))}
    if pair[0].china_low is not None and share.low is not None:
        found["china"] = (
            100 * pair[0].china_low,
            100 * pair[0].china_high,
            100 * share.low,
            100 * share.high,
        )
    return found


def points(result: Drivers) -> dict[str, tuple[float, float]]:
    """Return what is marked, in percent: assumed, the region's past, and the two places where one term alone does it."""
    share, productivity = 100 * result.assumptions.investment_share, 100 * result.assumptions.productivity
    found = {"assumed": (productivity, share)}
    if result.past_productivity is not None:
        found["past"] = (100 * result.past_productivity, share)
    by_productivity, by_investment = result.need("productivity"), result.need("investment_share")
    if by_productivity.attainable:
        found["by_productivity"] = (100 * by_productivity.value, share)
    if by_investment.attainable:
        found["by_investment"] = (productivity, 100 * by_investment.value)
    return found


def _span(result: Drivers) -> tuple[float, float]:
    xs = [x for x, _ in points(result).values()]
    return float(np.floor(min(xs) - 1)), float(np.ceil(max(xs) + 1))


def trade_off_data(result: Drivers, lang: str) -> pd.DataFrame:
    """Return the pairs drawn, in percent: series, productivity growth a year, investment share of output."""
    check_lang(lang)
    low, high = _span(result)
    x, y = frontier(result, low / 100, high / 100, N_POINTS)
    rows = [("target", 100 * a, 100 * b) for a, b in zip(x, y, strict=True) if not np.isnan(b)]
    rows += [(name, *pair) for name, pair in points(result).items()]
    for name, (left, right, bottom, top) in zones(result).items():
        rows += [(f"{name}_low", left, bottom), (f"{name}_high", right, top)]
    return pd.DataFrame(rows, columns=["series", "productivity_pct", "investment_pct"])


def trade_off_title(result: Drivers, lang: str) -> str:
    """Return what the chart says: what each of the two would have to be, or that it cannot be."""
    zh, goal = lang == "zh", f"{100 * result.goal.growth:.1f}%"
    output = {"gdp": ("地区生产总值", "GDP"), "services_va": ("服务业增加值", "Services")}[result.goal.output]
    share, own = result.need("investment_share"), result.need("productivity")
    ways, not_so = [], []
    if share.attainable:
        ways.append((f"投资率 {_pct(share.value)}", f"an investment share of {_pct(share.value)}"))
    elif share.why == "met_without":
        not_so.append(("不投资也能达到", "it is met without any investment"))
    else:
        not_so.append(("单靠投资做不到", "investment alone cannot do it"))
    if own.attainable:
        ways.append((f"生产率年均增长 {_pct(own.value)}", f"productivity growth of {_pct(own.value)} a year"))
    else:
        not_so.append(("单靠生产率做不到", "productivity alone cannot do it"))
    i = 0 if zh else 1
    takes = ("，或" if zh else ", or ").join(way[i] for way in ways)
    rest = ("；" if zh else "; ").join(text[i] for text in not_so)
    head = f"{output[0]}年均增长 {goal}" if zh else f"{output[1]} growth of {goal} a year"
    if takes:
        head += f"，须{takes}" if zh else f" takes {takes}"
    return head + (("；" if zh else "; ") + rest if rest else "")


def _pct(value: float | None) -> str:
    return "–" if value is None else f"{number(100 * value, 1)}%"


@styled
def trade_off_chart(result: Drivers, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the curve of pairs that meet the target, today's point, and the record as shaded zones.

    size: only the width is used.
    """
    zh = check_lang(lang) == "zh"
    where = (
        f"纵轴：投资率（占产出 %）；横轴：全要素生产率年均增速（%）。{result.plan.short[lang]}，劳动投入按假定"
        if zh
        else f"Up: investment, % of output; across: productivity growth, % a year. {result.plan.short[lang]}, labour as assumed"
    )
    note = _note(result, zh)
    figure, box = framed(trade_off_title(result, lang), where, note, size, body=BODY)
    figure.set_label(trade_off_alt(result, lang))
    data, marks = trade_off_data(result, lang), points(result)
    curve = data[data.series == "target"]
    low, high = _span(result)
    seen = [y for _, y in marks.values()] + [z[3] for z in zones(result).values()]
    top = min(100.0, 10 * np.ceil((max(seen) + 8) / 10))
    inside = curve[(curve.investment_pct <= top) & (curve.investment_pct >= 0)]
    labels = []
    if len(inside):
        words = f"目标\n{100 * result.goal.growth:.1f}%" if zh else f"target\n{100 * result.goal.growth:.1f}%"
        labels = [(float(inside.investment_pct.iloc[-1]), words, TARGET, SMALL, True)]
    ticks = value_ticks(0, top), value_ticks(low, high, 6 if size[0] > 5 else 4)
    left = max(text_width(f"{name}%", SMALL) for name in ticks[0][1]) + 0.12
    inner = replace(box, left=box.left + left, right=box.right - label_room(labels), bottom=box.bottom + 0.28)
    ax = axes(figure, inner)
    ax.set_xlim(low, high)
    ax.set_ylim(0, top)
    for axis, (at, names) in zip((ax.yaxis, ax.xaxis), ticks, strict=True):
        axis.set_ticks(at, [f"{name}%" for name in names])
    ax.grid(axis="y")
    for name, (x0, x1, y0, y1) in zones(result).items():
        ax.add_patch(
            Rectangle((x0, y0), x1 - x0, y1 - y0, color=ZONES[name], lw=0, zorder=0.5, gid=f"zone-{name}")
        )
    ax.plot(inside.productivity_pct, inside.investment_pct, color=TARGET, lw=2.2, zorder=4, gid="target")
    end_labels(ax, labels)
    _draw_points(ax, marks, result, lang)
    return figure


def _note(result: Drivers, zh: bool) -> str:
    if not zones(result):
        return "没有服务业的可比记录。" if zh else "There is no record of services to set this against."
    if zh:
        return (
            "灰区：各国五年平均的中间 90%（佩恩世界表 9.1，投资率按购买力平价）；蓝区：中国，投资率为公布数。"
        )
    return (
        "Grey: the middle 90 % of countries' five-year means (Penn World Table 9.1, investment at purchasing-power parities); "
        "blue: China, investment share as published."
    )


def _draw_points(ax: Axes, marks: dict, result: Drivers, lang: str) -> None:
    """Draw the marks with guides to the axes, and their labels where there is room."""
    zh, past = lang == "zh", result.past
    looks = {
        "past": {"marker": "D", "ms": 7, "mfc": "white", "mec": MEDIAN, "mew": 1.8},
        "assumed": {"marker": "o", "ms": 8, "color": INK},
        "by_productivity": {"marker": "s", "ms": 7, "color": TARGET},
        "by_investment": {"marker": "s", "ms": 7, "color": TARGET},
    }
    years = f"{past.first_year + 1}–{past.last_year}" if past else ""
    said = {
        "by_investment": (
            f"投资率 {_at(marks, 'by_investment', 1)}",
            f"investment {_at(marks, 'by_investment', 1)}",
        ),
        "by_productivity": (
            f"生产率 {_at(marks, 'by_productivity', 0)}",
            f"productivity {_at(marks, 'by_productivity', 0)}",
        ),
        "assumed": (f"假定 {_of(marks, 'assumed')}", f"assumed: {_of(marks, 'assumed')}"),
        "past": (f"历史 {years}", f"record {years}"),
    }
    short = {
        "by_investment": _at(marks, "by_investment", 1),
        "by_productivity": _at(marks, "by_productivity", 0),
        "assumed": "假定" if zh else "assumed",
        "past": "历史" if zh else "record",
    }
    x0, y0 = marks["assumed"]
    for name in ("by_productivity", "by_investment"):
        if name in marks:
            guide = np.linspace((x0, y0), marks[name], 25)
            ax.plot(*guide.T, color=GREY, lw=1.1, ls=(0, (3, 2)), zorder=3, gid="guide")
    for name, (x, y) in marks.items():
        ax.plot([x], [y], ls="", zorder=6, gid=name, **looks[name])
    taken = [_box(ax, x, y, 0.14) for x, y in marks.values()]
    taken += [
        _box(ax, x, y, 0.05) for line in ax.lines if line.get_gid() == "target" for x, y in line.get_xydata()
    ]
    for name, words in said.items():
        if name in marks:
            colour = TARGET if name.startswith("by") else MEDIAN if name == "past" else INK
            texts = (words[0 if zh else 1], short[name])
            _label(ax, *marks[name], texts, colour, taken)
    taken += [
        _box(ax, x, y, 0.05) for line in ax.lines if line.get_gid() == "guide" for x, y in line.get_xydata()
    ]
    _zone_labels(ax, zones(result), lang, taken)


def _zone_labels(ax: Axes, found: dict, lang: str, taken: list) -> None:
    names = {"countries": ("各国", "countries"), "china": ("中国", "China")}
    low, high = ax.get_xlim()
    for name, (x0, x1, y0, y1) in found.items():
        text, middle = names[name][0 if lang == "zh" else 1], (y0 + y1) / 2
        width = text_width(text, SMALL)
        for x, side in ((max(x0, low), 1), (min(x1, high), -1)):
            left, bottom = (v / ax.figure.dpi for v in ax.transData.transform((x, middle)))
            left += 0.06 if side > 0 else -0.06 - width
            spot = (left, bottom - 0.08, left + width, bottom + 0.08)
            if not any(_meet(spot, other) for other in taken):
                taken.append(spot)
                at = ax.transData.inverted().transform((left * ax.figure.dpi, bottom * ax.figure.dpi))
                ax.text(*at, text, color=GREY, size=SMALL, va="center", ha="left", zorder=2)
                break


def _of(marks: dict, name: str) -> str:
    return ", ".join(f"{number(v, 1)}%" for v in marks[name])


def _at(marks: dict, name: str, axis: int) -> str:
    return f"{number(marks[name][axis], 1)}%" if name in marks else ""


def _box(ax: Axes, x: float, y: float, width: float) -> tuple:
    """The square around a point in inches from the lower left of the figure: left, bottom, right, top."""
    px, py = ax.transData.transform((x, y)) / ax.figure.dpi
    return px - width / 2, py - width / 2, px + width / 2, py + width / 2


def _label(ax: Axes, x: float, y: float, texts: tuple[str, ...], colour: str, taken: list) -> None:
    """Write a label beside a point where it hits nothing and stays in the axes, the shorter text where the longer does not fit."""
    dpi = ax.figure.dpi
    frame = [v / dpi for v in ax.get_window_extent().extents]
    px, py = ax.transData.transform((x, y)) / dpi
    for text in texts:
        width, height = text_width(text, SMALL, True), lines_height(1, SMALL)
        for dx, dy in OFFSETS:
            left = px + dx if dx > 0 else px + dx - width
            bottom = py + dy - height / 2
            spot = (left, bottom, left + width, bottom + height)
            fits = frame[0] < spot[0] and spot[2] < frame[2] and frame[1] < spot[1] and spot[3] < frame[3]
            if fits and not any(_meet(spot, other) for other in taken):
                taken.append(spot)
                at = ax.transData.inverted().transform((left * dpi, (bottom + height / 2) * dpi))
                options = {"va": "center", "ha": "left", "zorder": 7, "path_effects": halo()}
                ax.text(*at, text, color=colour, size=SMALL, weight="bold", **options)
                return


def _meet(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def trade_off_alt(result: Drivers, lang: str) -> str:
    """Return one sentence that says what the chart of the trade-off shows."""
    zh, now = check_lang(lang) == "zh", result.assumptions
    reached = _pct(result.reached)
    held = (
        f"{word('investment_share', lang)} {_pct(now.investment_share)}",
        f"{word('productivity', lang)} {_pct(now.productivity)}",
    )
    if zh:
        return f"{trade_off_title(result, lang)}；按假定（{held[0]}、{held[1]}）年均增长为 {reached}。"
    return f"{trade_off_title(result, lang)}; as assumed ({held[0]}, {held[1]}) growth comes to {reached}."

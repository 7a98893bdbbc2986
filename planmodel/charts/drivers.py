"""Charts of drivers: what factors add to growth, and the pairs of two of them that meet a target."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from planmodel.charts.chart import Chart, Sheet, drawn
from planmodel.charts.frame import end_labels, halo, label_room, value_ticks
from planmodel.charts.letters import lines_height, text_width
from planmodel.charts.rows import Row
from planmodel.charts.style import GREY, INK, MEDIAN, SMALL, TARGET, Look
from planmodel.drivers import Case, Drivers, frontier
from planmodel.words import Joined, Phrase, Text, in_percent
from planmodel.words import figure as number

PARTS: Mapping[str, tuple[str, str, str]] = {
    "capital": ("#0d3f6e", "white", ""),
    "labour": ("#e0a458", "#1c1c1c", "//"),
    "human_capital": ("#c9b3d6", "#1c1c1c", "\\\\"),
    "productivity": ("#00755a", "white", ""),
}
"""factor -> colour, colour of its figures, hatch; in the order of the bars."""
BAR = 0.13
CONTRIBUTION_COLUMNS = ("case", "name", "factor", "points", "growth_pct")
BODY = 3.3
TRADE_OFF_COLUMNS = ("series", "productivity_pct", "investment_pct")
ZONES = {"countries": "#ececec", "china": "#cfe0f0"}
LOOKS: Mapping[str, Look] = {
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


@drawn("ax")
def contributions_chart(result: Drivers, sheet: Sheet) -> Chart:
    """Return stacked bars, a row a case: record, as assumed, and the target met by one term alone.

    Data: case, name, factor, points of growth a year, the case's growth in %.
    Without a target of output it says why.
    """
    name = f"{result.plan.name}-{result.scenario.id}-contributions"
    if not result.goals:
        return sheet.without_figures(name, result.reason, CONTRIBUTION_COLUMNS)
    data, heading, lang = result.contributions, _how_far(result), sheet.lang
    cases = {case.name: (_name(case, result)[lang], _held(case)[lang]) for case in result.cases}
    data.insert(1, "name", [cases[case][0] for case in data.case])
    rows, table = [], data.pivot_table("points", "case", "factor", sort=False)
    growth = data.drop_duplicates("case").set_index("case").growth_pct
    for case, points in table.iterrows():
        more: Look = {"entry": points, "body": lambda _: 2 * BAR + 0.06}
        rows.append(Row(*cases[case], case.startswith("by_"), in_percent(growth[case]), **more))
    named = {factor: Phrase(f"drivers.contributions.factor.{factor}") for factor in PARTS}
    key = [
        ({"marker": "s", "ms": 8, "color": PARTS[factor][0]}, text[lang]) for factor, text in named.items()
    ]
    where = Phrase("drivers.contributions.where", plan=result.plan.short)
    low, high = table.clip(upper=0).sum(axis=1).min(), table.clip(lower=0).sum(axis=1).max()
    texts, limits = (heading, where, Phrase("drivers.contributions.note")), (1.1 * low, 1.03 * high or 1.0)
    for ax, points, y in sheet.rows(rows, limits, *texts, key=key, lines=[0]):
        _draw_bars(ax, points, y)
    points = table.loc["assumed"]
    parts = [
        Phrase("drivers.contributions.part", factor=text, points=points[name]) for name, text in named.items()
    ]
    return sheet.chart(name, data, Phrase("drivers.contributions.alt", title=heading, parts=parts))


def _name(case: Case, result: Drivers) -> Text:
    if case.name == "past" and result.past is not None:
        years = {"first": result.past.first_year + 1, "last": result.past.last_year}
        return Phrase("drivers.contributions.past", **years)
    return Phrase(f"drivers.contributions.case.{case.name}")


def _held(case: Case) -> Text:
    """What is held in a case, or what it takes."""
    term = {"by_investment": "investment_share", "by_labour": "labour"}.get(case.name, "productivity")
    return Phrase(f"drivers.contributions.held.{term}", value=getattr(case.assumptions, term))


def _how_far(result: Drivers) -> Phrase:
    """How far growth as assumed is from what is asked for."""
    asked, reached = result.asked.growth, result.reached
    gap = 100 * (asked - reached)
    way = "met" if abs(gap) < 0.05 else "short" if gap > 0 else "above"
    return Phrase(f"drivers.contributions.{way}", asked=asked, reached=reached, points=abs(gap))


def _draw_bars(ax: Axes, points: pd.Series, y: float) -> None:
    ends = {True: 0.0, False: 0.0}
    scale = ax.get_window_extent().width / ax.figure.dpi / (ax.get_xlim()[1] - ax.get_xlim()[0])
    for name, (colour, ink, hatch) in PARTS.items():
        value, text = float(points[name]), number(points[name], 1)
        start = ends[value >= 0]
        look: Look = {"color": colour, "edgecolor": "white", "hatch": hatch, "gid": name}
        ax.barh(y, value, left=start, height=2 * BAR, lw=0.6, zorder=3, **look)
        ends[value >= 0] = start + value
        if abs(value) * scale > text_width(text, SMALL - 0.5) + 0.06:
            behind = {"facecolor": colour, "edgecolor": "none", "pad": 0.6} if hatch else None
            place: Look = {"ha": "center", "va": "center", "zorder": 5, "bbox": behind}
            ax.text(start + value / 2, y, text, size=SMALL - 0.5, color=ink, **place)


@drawn("ax")
def trade_off_chart(result: Drivers, sheet: Sheet) -> Chart:
    """Return the curve of pairs that meet the target, today's point, and the record as shaded zones.

    size: inches; only the width is used. Data, in percent: series (target, assumed, past, by_productivity,
    by_investment, and the corners of the zones), productivity growth a year, investment share of output.
    Without a target of output it says why.
    """
    name = f"{result.plan.name}-{result.scenario.id}-trade-off"
    if not result.goals:
        return sheet.without_figures(name, result.reason, TRADE_OFF_COLUMNS)
    data, heading = _trade_off(result), _takes(result)
    _draw_trade_off(sheet, data, result, heading)
    given = result.assumptions
    fields = {"investment": given.investment_share, "productivity": given.productivity}
    alt = Phrase("drivers.trade_off.alt", title=heading, reached=result.reached, **fields)
    return sheet.chart(name, data, alt)


def _trade_off(result: Drivers) -> pd.DataFrame:
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
    columns = list(TRADE_OFF_COLUMNS)
    marks = pd.DataFrame([(name, *pair) for name, pair in points.items()], columns=columns)
    marks = marks.astype(dict.fromkeys(columns[1:], float))
    return pd.concat([curve.assign(series="target"), marks])[columns].dropna().reset_index(drop=True)


def _takes(result: Drivers) -> Joined:
    """What each of the two would have to be, or that it cannot be."""
    share, own = result.need("investment_share"), result.need("productivity")
    ways = [
        Phrase("drivers.trade_off.investment", value=share.value) if share.attainable else None,
        Phrase("drivers.trade_off.productivity", value=own.value) if own.attainable else None,
    ]
    takes, output = Joined(ways, "alternatives"), Phrase(f"drivers.trade_off.output.{result.asked.output}")
    key = "drivers.trade_off.takes" if takes else "drivers.trade_off.growth"
    head = Phrase(key, output=output, goal=result.asked.growth, takes=takes)
    rest = None if share.attainable else Phrase(f"drivers.trade_off.not_investment.{share.why}")
    last = None if own.attainable else Phrase("drivers.trade_off.not_productivity")
    return Joined([head, rest, last], "clauses")


def _draw_trade_off(sheet: Sheet, data: pd.DataFrame, result: Drivers, heading: Joined) -> None:
    pairs = {name: (x, y) for name, x, y in data.itertuples(index=False) if name != "target"}
    shaded = [name for name in ZONES if f"{name}_low" in pairs]
    zones = {name: (*pairs[f"{name}_low"], *pairs[f"{name}_high"]) for name in shaded}
    curve, marks = data[data.series == "target"], {name: pairs[name] for name in LOOKS if name in pairs}
    xs, ys = zip(*marks.values(), strict=True)
    low, high = float(np.floor(min(xs) - 1)), float(np.ceil(max(xs) + 1))
    top = min(100.0, 10 * np.ceil((max([*ys, *(zone[3] for zone in zones.values())]) + 8) / 10))
    inside = curve[curve.investment_pct.between(0, top)]
    note = Phrase(f"drivers.trade_off.{'zones' if zones else 'no_zones'}", china="china_low" in pairs)
    box = sheet.open(heading, Phrase("drivers.trade_off.where", plan=result.plan.short), note, body=BODY)
    text = sheet.say("drivers.trade_off.target", goal=result.asked.growth)
    labels = [(float(y), text, TARGET, SMALL, True) for y in inside.investment_pct.tail(1)]
    ticks = value_ticks(0, top), value_ticks(low, high, 6 if box.width > 5 else 4)
    left = max(text_width(f"{name}%", SMALL) for name in ticks[0][1]) + 0.12
    ax = box.inset(left, 0.28, label_room(labels)).axes()
    ax.set_xlim(low, high)
    ax.set_ylim(0, top)
    for axis, (at, names) in zip((ax.yaxis, ax.xaxis), ticks, strict=True):
        axis.set_ticks(at, [f"{name}%" for name in names])
    ax.grid(axis="y")
    for name, (x0, y0, x1, y1) in zones.items():
        look: Look = {"color": ZONES[name], "gid": f"zone-{name}"}
        ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, lw=0, zorder=0.5, **look))
    ax.plot(inside.productivity_pct, inside.investment_pct, color=TARGET, lw=2.2, zorder=4, gid="target")
    end_labels(ax, labels)
    for name in ("by_productivity", "by_investment"):
        if name in marks:
            guide = np.linspace(marks["assumed"], marks[name], 25)
            ax.plot(*guide.T, color=GREY, lw=1.1, ls=(0, (3, 2)), zorder=3, gid="guide")
    for name, (x, y) in marks.items():
        ax.plot([x], [y], ls="", zorder=6, gid=name, **LOOKS[name])
    taken = [_square(ax, x, y, 0.14) for x, y in marks.values()] + _along(ax, "target")
    past = {} if result.past is None else {"first": result.past.first_year + 1, "last": result.past.last_year}
    for name, (x, y) in marks.items():
        fields = {"productivity": in_percent(x), "investment": in_percent(y), **past}
        texts = [sheet.say(f"drivers.trade_off.{length}.{name}", **fields) for length in ("point", "short")]
        colour = TARGET if name.startswith("by") else MEDIAN if name == "past" else INK
        _label(ax, x, y, texts, colour, taken)
    taken += _along(ax, "guide")
    for name, zone in zones.items():
        _zone_label(ax, zone, sheet.say(f"drivers.trade_off.{name}"), taken)


def _square(ax: Axes, x: float, y: float, width: float) -> Spot:
    px, py = ax.transData.transform((x, y)) / ax.figure.dpi
    return px - width / 2, py - width / 2, px + width / 2, py + width / 2


def _along(ax: Axes, gid: str) -> list[Spot]:
    lines = [np.column_stack(line.get_data()) for line in ax.lines if line.get_gid() == gid]
    return [_square(ax, x, y, 0.05) for points in lines for x, y in points]


def _label(ax: Axes, x: float, y: float, texts: Sequence[str], colour: str, taken: list[Spot]) -> None:
    """Write a label beside a point where it hits nothing and stays in the axes, the shorter text where the longer does not fit."""
    height = lines_height(1, SMALL)
    left, bottom, right, top = ax.get_window_extent().get_points().ravel() / ax.figure.dpi
    px, py = ax.transData.transform((x, y)) / ax.figure.dpi
    look: Look = {"color": colour, "weight": "bold", "zorder": 7, "path_effects": halo()}
    for text in texts:
        width = text_width(text, SMALL, True)
        places = [(px + dx - width * (dx < 0), py + dy - height / 2) for dx, dy in OFFSETS]
        spots = [(x0, y0, x0 + width, y0 + height) for x0, y0 in places]
        inside = [s for s in spots if left < s[0] and s[2] < right and bottom < s[1] and s[3] < top]
        if _written(ax, inside, text, taken, **look):
            return


def _zone_label(ax: Axes, zone: Spot, text: str, taken: list[Spot]) -> None:
    """Write a zone's name within its left end, else its right, where there is room."""
    (low, high), (x0, y0, x1, y1), width = ax.get_xlim(), zone, text_width(text, SMALL)
    ends = [(max(x0, low), 0.06), (min(x1, high), -0.06 - width)]
    at = [(ax.transData.transform((x, (y0 + y1) / 2)) / ax.figure.dpi + (shift, 0)) for x, shift in ends]
    spots = [(px, py - 0.08, px + width, py + 0.08) for px, py in at]
    _written(ax, spots, text, taken, color=GREY, zorder=2)


def _written(ax: Axes, spots: Sequence[Spot], text: str, taken: list[Spot], **options) -> bool:
    """Write a text in the first spot that is not taken; return whether one was free."""
    for left, bottom, right, top in spots:
        if not any(left < x1 and x0 < right and bottom < y1 and y0 < top for x0, y0, x1, y1 in taken):
            taken.append((left, bottom, right, top))
            place = left * ax.figure.dpi, (bottom + top) / 2 * ax.figure.dpi
            x, y = ax.transData.inverted().transform(place)
            ax.text(x, y, text, size=SMALL, va="center", ha="left", **options)
            return True
    return False

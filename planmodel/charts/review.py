"""Charts of a review: the lights of all targets, one target under way, and the tornado of its assumptions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from planmodel.charts.chart import Chart, Sheet, bound_row, drawn
from planmodel.charts.frame import beside, halo, inches
from planmodel.charts.letters import text_width
from planmodel.charts.marks import draw_target
from planmodel.charts.rows import Row
from planmodel.charts.sentences import note, subtitle
from planmodel.charts.shown import Shown, shown
from planmodel.charts.style import FAINT, FAN, GREY, INK, MEDIAN, SMALL, TARGET, Look
from planmodel.plans.catalogue import Catalogue
from planmodel.review import LIGHTS, Review, Standing, Tornado
from planmodel.tables.promises import missing, number_of, unit_text
from planmodel.tables.review import as_of, lights_counted, promised
from planmodel.words import Phrase, figure, in_percent, percent, phrase, with_more, with_unit, word

LIGHT_COLOURS: Mapping[str, str] = {
    "met": "#00755a",
    "on_pace": "#00755a",
    "at_risk": "#a66f00",
    "off": "#b3262a",
    "not_assessable": GREY,
}
LIGHT_MARKS = {"met": "*", "on_pace": "o", "at_risk": "D", "off": "v", "not_assessable": "_"}
COLUMNS = (
    "target", "indicator", "name", "promise", "year", "value", "milestone", "unit", "progress", "due", "elapsed", "light",
    "binding",
)  # fmt: skip
NUMBERS = ("value", "milestone", "progress", "due", "elapsed")
LOWEST, HIGHEST = -25.0, 130.0
"""Where the axis of the lights ends, in % of the way; what lies beyond is drawn at the end with its figure."""
YEARS_BEFORE = 3  # how many years before the base year the chart of one target begins
SWING = 0.2  # inches of a bar of the tornado
LABEL, LABEL_SHARE = 8, 0.15
"""Room at both ends of the tornado's axis for the figure at a bar's end: points, and a share of the bars."""


@drawn("colours", "ax")
def lights_chart(result: Review, sheet: Sheet) -> Chart:
    """Return progress on the way from base to target beside what is due, target by target, with lights by shape and word.

    Binding targets are bold and named so. A target without a way (a floor, a yearly flow) has its light only. colours: by
    light. Data: one row a judged target, each promise once; progress, due and elapsed are shares of the way and the time (0-1).
    """
    lang, colours = sheet.lang, sheet.colours_of(LIGHT_COLOURS)
    data, rows = _lights_data(result, lang), []
    for e in data.itertuples():
        right = f"{_value(e, result.plan.catalogue, lang)}\n{word(e.light, lang)}"
        rows.append(bound_row(e, right, colours[e.light], lang))
    lit = [light for light in LIGHTS[:-1] if (data.light == light).any()]
    key: list[tuple[Look, str]] = [
        ({"marker": LIGHT_MARKS[light], "color": colours[light], "ms": 7}, word(light, lang)) for light in lit
    ]
    key.append(({"marker": "|", "color": INK, "ms": 10, "mew": 2}, sheet.say("charts.lights.due")))
    counts = {"when": as_of(result), "counts": lights_counted(result)}
    heading = Phrase(f"charts.lights.{'title' if result.judged else 'none'}", **counts)
    n = result.count("not_assessable")
    unjudged = Phrase("charts.lights.unjudged", n=n, more=bool(rows)) if n else ""
    ways = [each for each in 100 * pd.concat([data.progress, data.due]) if not missing(each)]
    limits = max(LOWEST, min([4.0, *ways]) - 4), min(HIGHEST, max([100.0, *ways]) + 4)
    texts = heading, Phrase("charts.lights.subtitle", plan=result.plan.short), unjudged
    nothing = sheet.say("charts.lights.nothing")
    look: Look = {"key": key, "percent": True, "lines": (0, 100), "nothing": nothing}
    for ax, entry, y in sheet.rows(rows, limits, *texts, **look):
        _draw_way(ax, entry, y, colours[entry.light], limits, lang)
    behind = data[(data.progress < data.due) & data.light.isin(["at_risk", "off"])].name.unique()[:3]
    text = Phrase("charts.lights.behind", text=heading, names=list(behind)) if len(behind) else heading
    return sheet.chart(f"{result.name}-review", data, text)


def _lights_data(result: Review, lang: str) -> pd.DataFrame:
    rows = []
    for standing in (each for each in result.promises if each.light != "not_assessable"):
        target, row = standing.target, standing.row()
        row |= {"target": target.id, "name": target.indicator.name(lang), "binding": target.binding}
        rows.append(row | {"promise": promised(row, lang, result.plan.catalogue), "due": standing.planned})
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))


def _value(entry: Any, catalogue: Catalogue, lang: str) -> str:
    """The latest figure with its year; a unit that starts with a number is left out."""
    if entry.unit == "index":
        return with_more(figure(entry.value, 1), f"{entry.year:.0f}", lang)
    name = unit_text(entry.unit, lang, catalogue)
    text = with_unit(figure(entry.value), "" if name[:1].isdigit() else name, lang)
    return with_more(text, f"{entry.year:.0f}", lang)


def _draw_way(ax: Axes, entry: Any, y: float, colour: str, limits: tuple[float, float], lang: str) -> None:
    """One row: the way covered as a bar with the light's mark at its end, what is due as a tick."""
    low, high = limits
    edge: Look = {"mec": INK, "mew": 1.6} if entry.binding else {"mec": colour, "mew": 0.5}
    size, way = 12 if entry.light == "met" else 9, 0.0
    words: Look = {"size": SMALL - 1, "color": GREY}
    if missing(entry.progress):
        beside(ax, 0, y, phrase("charts.lights.no_way", lang), (10, 0), **words)
    else:
        way = min(max(100 * entry.progress, low), high)
        ax.plot([0, way], [y, y], color=FAINT, lw=5, zorder=2, solid_capstyle="butt")
        if way != 100 * entry.progress:
            beside(ax, way, y, f"{100 * entry.progress:.0f}%", (-8 if way == high else 8, -9), **words)
        if not missing(entry.due):
            due = min(max(100 * entry.due, low), high)
            ax.plot([due], [y], ls="", marker="|", ms=15, mew=2, color=INK, zorder=3, gid="due")
    mark: Look = {"marker": LIGHT_MARKS[entry.light], "ms": size, "color": colour, **edge}
    ax.plot([way], [y], ls="", clip_on=False, zorder=4, gid="light", **mark)


@drawn("ax")
def standing_chart(standing: Standing, sheet: Sheet) -> Chart:
    """Return the chart of a target under way: outturns, outlook, milestones as open marks on the dashed path, the rate left.

    Data: series, year, coverage (bands only), value, unit.
    """
    figures, heading = _shown(standing), _standing_title(standing)
    below = subtitle(standing.assessment, figures, summed=standing.measure == "cumulated")
    box = sheet.open(heading, below, note(standing.assessment))
    ax = draw_target(box, figures, sheet.lang, path_named=standing.path is None)
    if ax is not None and standing.path is not None and figures.path is not None:
        _draw_milestones(ax, standing, figures, figures.path, sheet.lang)
    text = Phrase("charts.standing.alt", text=heading, light=Phrase(f"terms.{standing.light}"))
    name = f"{standing.name}-standing-{number_of(standing.target, 'en')}"
    return sheet.chart(name, figures.table, text)


def _shown(standing: Standing) -> Shown:
    """What the chart shows: history from shortly before the base, the path with its milestones, the outlook."""
    target, figures = standing.target, shown(standing.assessment)
    first = max((y for y in figures.history.index if y <= target.base_year - YEARS_BEFORE), default=None)
    if first is not None:
        figures = replace(figures, history=figures.history[figures.history.index >= first])
    if standing.path is None:
        return figures
    figures = replace(figures, path=pd.Series(standing.path.values, index=standing.path.years))
    history = standing.assessment.history
    if standing.measure != "cumulated" or history is None:
        return figures
    flows = history.values.loc[target.base_year + 1 : standing.year]
    so_far = pd.concat([pd.Series({target.base_year: 0.0}), flows.cumsum()])
    years = (target.target_year, target.target_year)
    mark: Look = {"mark": target.target_value, "mark_years": years}
    return replace(figures, unit=standing.unit, history=so_far, base=None, fan=None, **mark)


def _standing_title(standing: Standing) -> Phrase:
    """The latest figure beside the one due, and the rate left."""
    name, value, due = standing.target.indicator, standing.value, standing.milestone
    if due is None or value is None:
        return Phrase("charts.standing.name", name=name)
    digits, left = 1 if standing.unit == "index" else None, standing.left
    figures = {"value": figure(_rounded(value), digits), "due": figure(_rounded(due), digits)}
    key = "charts.standing.sum" if standing.measure == "cumulated" else "charts.standing.figure"
    title = Phrase(key, name=name, year=standing.year, above=value >= due, **figures)
    if left is None or not left.is_rate:
        return title
    rate = in_percent(100 * left.value) if left.measure == "growth" else figure(left.value, 2)
    return Phrase(f"charts.standing.left.{left.measure}", text=title, rate=rate)


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def _draw_milestones(ax: Axes, standing: Standing, figures: Shown, path: pd.Series, lang: str) -> None:
    """Open marks on the path, and a line from the latest figure to the one due."""
    year, value, milestone = standing.year, standing.value, standing.milestone
    mark: Look = {"marker": "o", "ms": 4, "mfc": "white", "mec": TARGET, "mew": 1}
    ax.plot(path.index, path, ls="", zorder=5, gid="milestones", **mark)
    drawn_at = year in path.index and standing.measure in ("level", "index", "cumulated")
    if year is None or value is None or milestone is None or not drawn_at:
        return
    ax.plot([year, year], [value, milestone], color=TARGET, lw=1, zorder=4)
    above = value >= milestone
    due = phrase("charts.standing.due", lang, value=figures.value_text(_rounded(milestone)))
    first, last = ax.get_xlim()
    room = (last - year) / (last - first) * inches(ax)
    rising = path.iloc[-1] >= path.iloc[0]
    late = room < text_width(due, SMALL) + 0.15 or rising != above  # beside the path, not on it
    look: Look = {"size": SMALL - 0.5, "path_effects": halo(2), "zorder": 9}
    beside(ax, year, milestone, due, (-5 if late else 5, -10 if above else 10), color=TARGET, **look)
    latest = figures.value_text(_rounded(value))
    beside(ax, year, value, latest, (-3, 10 if above else -11), ha="center", color=INK, **look)


@drawn("ax")
def tornado_chart(tornado: Tornado, sheet: Sheet) -> Chart:
    """Return a bar an assumption, from the probability at one setting to that at the other; the line is the review's.

    Data: `tornado.table`.
    """
    data, target, now = tornado.table, tornado.standing.target, tornado.standing.assessment.probability
    heading = Phrase("charts.tornado.none", name=target.indicator)
    rows: list[Row] = []
    for r in data.to_dict("records"):
        low, high = sorted((r["probability_low"], r["probability_high"]))
        between = f"{r['low'][sheet.lang]} → {r['high'][sheet.lang]}"
        name = sheet.say("charts.tornado.row", name=r["assumption"])
        if not rows:
            ends = {"first": r["assumption"], "low": low, "high": high}
            heading = Phrase("charts.tornado.title", name=target.indicator, **ends)
        rows.append(Row(name, between, entry=(100 * low, 100 * high), body=lambda _: SWING + 0.04))
    rows, now = ([], 0.0) if now is None else (rows, 100 * now)
    low, high = (pick([now, *(end for row in rows for end in row.entry)]) for pick in (min, max))
    room = max(LABEL, (high - low) * LABEL_SHARE)
    texts = heading, Phrase("charts.tornado.subtitle", now=now / 100)
    look: Look = {"percent": True, "lines": [now], "nothing": sheet.say("charts.tornado.nothing")}
    for ax, (left, right), y in sheet.rows(rows, (low - room, high + room), *texts, **look):
        ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= 100]
        ax.set_xticks(ticks, [f"{tick:g}%" for tick in ticks])
        bar: Look = {"color": FAN[0.5], "ec": MEDIAN, "lw": 0.8, "gid": "swing"}
        ax.barh(y, right - left, left=left, height=SWING, zorder=2, **bar)
        for x, side in ((left, -5), (right, 5)):
            beside(ax, x, y, percent(x / 100), (side, 0), color=INK, annotation_clip=False)
    name = f"{tornado.standing.name}-tornado-{number_of(target, 'en')}"
    return sheet.chart(name, data, heading)

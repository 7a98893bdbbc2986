"""The chart of a review: how far each target is on its way, how far it should be, and its light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart
from planmodel.charts.frame import Box, canvas, put
from planmodel.charts.lettering import lines_height
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height
from planmodel.charts.style import FAINT, GREY, INK, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.plans.catalogue import Catalogue
from planmodel.review import LIGHTS, Review
from planmodel.tables.reading import missing, unit_text
from planmodel.tables.review import as_of, lights_counted, promised
from planmodel.words import Phrase, Text, figure, phrase, with_unit, word

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
"""Where the axis ends, in % of the way; what lies beyond is drawn at the end with its figure."""


@styled
def lights_chart(
    result: Review,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    colours: Mapping[str, str] = LIGHT_COLOURS,
    ax: Axes | None = None,
) -> Chart:
    """Return progress on the way from base to target beside what is due, target by target, with lights by shape and word.

    Binding targets are bold and named so. A target without a way (a floor, a yearly flow) has its light only. title: in
    place of the chart's own. size: only the width is used. colours: by light. ax: axes to draw in.
    Data: one row a judged target, each promise once; progress, due and elapsed are shares of the way and the time (0-1).
    """
    data = _data(result, check_lang(lang))
    said = _title(result)
    drawn = _draw(result, data, said[lang] if title is None else title, lang, size, colours, ax)
    behind = data[(data["progress"] < data["due"]) & data["light"].isin(["at_risk", "off"])]
    names = list(dict.fromkeys(behind["name"]))[:3]
    if names:
        said = Phrase("charts.lights.behind", text=said, names=names)
    return Chart(f"{result.name}-review", drawn, data, phrase("charts.sentence", lang, text=said), lang)


def _data(result: Review, lang: str) -> pd.DataFrame:
    catalogue, rows = result.plan.catalogue, []
    for standing in result.promises:
        if standing.light != "not_assessable":
            target, row = standing.target, standing.row()
            row |= {"target": target.id, "name": target.indicator.name(lang), "binding": target.binding}
            rows.append(row | {"promise": promised(row, lang, catalogue), "due": standing.planned})
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))


def _title(result: Review) -> Text:
    """How many stand how, and as of when."""
    if not result.judged:
        return Phrase("charts.lights.none")
    return Phrase("charts.lights.title", when=as_of(result), counts=lights_counted(result))


def _draw(
    result: Review, data: pd.DataFrame, title: str, lang: str, size: tuple[float, float], colours: Mapping[str, str],
    ax: Axes | None,
) -> Figure:  # fmt: skip
    entries: list[Any] = list(data.rename(columns={"name": "label"}).itertuples())
    rows = [
        Row(e.label, f"{word('binding', lang)} · {e.promise}" if e.binding else e.promise, e.binding)
        for e in entries
    ]
    n = result.count("not_assessable")
    note = phrase("charts.lights.unjudged", lang, n=n, more=bool(rows)) if n else ""
    key = [
        ({"marker": LIGHT_MARKS[light], "color": colours[light], "ms": 7}, word(light, lang))
        for light in LIGHTS[:-1]
        if (data["light"] == light).any()
    ]
    due: dict[str, Any] = {"marker": "|", "color": INK, "ms": 10, "mew": 2}
    key.append((due, phrase("charts.lights.due", lang)))
    n_lines = key_lines([name for _, name in key], SMALL, size[0] - 0.24)
    body = rows_height(rows) + n_lines * lines_height(1, SMALL) + 0.1 if rows else 0.4
    subtitle = phrase("charts.lights.subtitle", lang, plan=result.plan.short)
    drawn, box = canvas(title, subtitle, note, size, body=body, ax=ax)
    if not rows:
        put(drawn, box.left, box.top - 0.2, phrase("charts.lights.nothing", lang), TEXT, color=GREY)
        return drawn
    key_line(drawn, box.left, box.top - lines_height(1, SMALL) / 2, key, SMALL, box.width)
    _draw_rows(drawn, replace(box, top=box.top - n_lines * lines_height(1, SMALL) - 0.1), entries, rows, data, colours,
               result.plan.catalogue, lang)  # fmt: skip
    return drawn


def _draw_rows(
    drawn: Figure, box: Box, entries: list[Any], rows: list[Row], data: pd.DataFrame, colours: Mapping[str, str],
    catalogue: Catalogue, lang: str,
) -> None:  # fmt: skip
    right = [f"{_value(e, catalogue, lang)}\n{word(e.light, lang)}" for e in entries]
    low, high = _limits(data)
    own = [colours[e.light] for e in entries]
    ax, at = row_axes(drawn, box, rows, right, (low, high), percent=True, colours=own)
    for x in (0, 100):
        ax.axvline(x, color="#8c8c8c", lw=0.8, zorder=1)
    for entry, y, colour in zip(entries, at, own, strict=True):
        _draw_way(ax, entry, y, colour, (low, high), phrase("charts.lights.no_way", lang))


def _value(entry: Any, catalogue: Catalogue, lang: str) -> str:
    """The latest figure with its year; a unit that starts with a number is left out."""
    if entry.unit == "index":
        return f"{figure(entry.value, 1)} ({entry.year:.0f})"
    name = unit_text(entry.unit, lang, catalogue)
    return f"{with_unit(figure(entry.value), '' if name[:1].isdigit() else name, lang)} ({entry.year:.0f})"


def _limits(data: pd.DataFrame) -> tuple[float, float]:
    shown = 100 * pd.concat([data["progress"], data["due"]]).dropna()
    low = max(LOWEST, min(0.0, shown.min() - 4)) if len(shown) else 0.0
    high = min(HIGHEST, max(104.0, shown.max() + 4)) if len(shown) else 104.0
    return low, high


def _draw_way(ax: Axes, entry: Any, y: float, colour: str, limits: tuple[float, float], none: str) -> None:
    """One row: the way covered as a bar with the light's mark at its end, what is due as a tick; none: words for no way."""
    low, high = limits
    edge = {"mec": INK, "mew": 1.6} if entry.binding else {"mec": colour, "mew": 0.5}
    mark: dict[str, Any] = {
        "marker": LIGHT_MARKS[entry.light], "ms": 12 if entry.light == "met" else 9, "color": colour, "ls": "",
        "clip_on": False, "zorder": 4, "gid": "light", **edge,
    }  # fmt: skip
    if missing(entry.progress):
        ax.plot([0], [y], **mark)
        ax.annotate(
            none, (0, y), xytext=(10, 0), textcoords="offset points", size=SMALL - 1, color=GREY, va="center"
        )
        return
    way = min(max(100 * entry.progress, low), high)
    ax.plot([0, way], [y, y], color=FAINT, lw=5, zorder=2, solid_capstyle="butt")
    if way != 100 * entry.progress:
        side = -1 if way == high else 1
        ax.annotate(
            f"{100 * entry.progress:.0f}%", (way, y), xytext=(8 * side, -9), textcoords="offset points",
            size=SMALL - 1, color=GREY, ha="right" if side < 0 else "left", va="center",
        )  # fmt: skip
    if not missing(entry.due):
        due = min(max(100 * entry.due, low), high)
        ax.plot([due], [y], ls="", marker="|", ms=15, mew=2, color=INK, zorder=3, gid="due")
    ax.plot([way], [y], **mark)

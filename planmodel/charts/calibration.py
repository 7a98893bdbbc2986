"""Charts of calibration: how many outcomes the bands held by year ahead, and how sharp the bands are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart, without_figures
from planmodel.charts.frame import Box, canvas
from planmodel.charts.panels import head, panel_axes, panel_boxes, panels_height
from planmodel.charts.rows import Row, row_axes, rows_height
from planmodel.charts.style import FAINT, GREY, MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.tables.evidence import OWN, Evidence, named
from planmodel.words import Phrase, percent, phrase, said
from planmodel.words import figure as number

LEVELS = {"c95": 0.95, "c80": 0.80}
CUT = 2.5
"""Scores beyond this many times the middle one are drawn at the edge, with their figure beside them."""
LINES: Mapping[bool, dict[str, Any]] = {
    True: {"color": MEDIAN, "lw": 2, "marker": "o", "ms": 4.5, "zorder": 5, "gid": OWN},
    False: {"color": "#b8b8b8", "lw": 1, "zorder": 2},
}
DOTS: Mapping[bool, dict[str, Any]] = {
    True: {"marker": "o", "ms": 9, "color": MEDIAN},
    False: {"marker": "s", "ms": 5.5, "color": GREY},
}
"""How planmodel (True) and its peers are drawn."""


@styled
def coverage_chart(
    evidence: Evidence, lang: str = "en", *, title: str | None = None, size: tuple[float, float] = SIZE
) -> Chart:
    """Return the share of outcomes within the 95 and 80 % bands by year ahead, planmodel among its peers.

    size: inches; only the width is used. Data: one row a collection, method, band and year ahead (horizon), share 0-1.
    """
    keys = ["collection", "method", "horizon"]
    data = evidence.horizons.melt(keys, list(LEVELS), var_name="band", value_name="share")
    data["band"] = data.band.map(LEVELS)
    data.insert(1, "collection_name", [said(named(key), check_lang(lang)) for key in data.collection])
    order = ["collection", "band", "method", "horizon"]
    data = data.sort_values(order, ascending=[True, False, True, True]).reset_index(drop=True)
    held = [
        Phrase("calibration.coverage.held", name=named(r.collection), c95=r.c95)
        for r in evidence.own().itertuples()
    ]
    says = Phrase("calibration.coverage.title", held=held) if held else Phrase("calibration.coverage.none")
    if data.empty:
        return without_figures("coverage", says, lang, data.columns, size)
    groups = sorted(data.groupby(["band", "collection"], sort=False), key=lambda group: -group[0][0])
    columns = min(data.collection.nunique(), 2) if size[0] >= 5 else 1
    where, note = (phrase(f"calibration.coverage.{name}", lang) for name in ("where", "note"))
    body = panels_height(len(groups), columns)
    figure, box = canvas(says[lang] if title is None else title, where, note, size, body=body)
    for (_, part), place in zip(groups, panel_boxes(box, len(groups), columns), strict=True):
        _coverage_panel(figure, place, part, lang)
    return Chart("coverage", figure, data, phrase("charts.sentence", lang, text=says), lang)


def _coverage_panel(figure: Figure, box: Box, part: pd.DataFrame, lang: str) -> None:
    first = part.iloc[0]
    band = 100 * first.band
    name = phrase("calibration.coverage.panel", lang, name=first.collection_name, band=f"{band:.0f}")
    inner = head(figure, box, name)
    low = min(100 * part.share.min(), band) - 4
    years = sorted(part.horizon.unique())
    last = part[part.method == OWN].tail(1)
    labels = [(100 * r.share, f"{100 * r.share:.0f}%", MEDIAN, SMALL, True) for r in last.itertuples()]
    ticks = [t for t in (range(0, 101, 10) if 100 - low > 25 else (85, 90, 95, 100)) if t > low]
    across = (years, [str(year) for year in years], (min(years) - 0.2, max(years) + 0.15))
    ax = panel_axes(figure, inner, across, (ticks, [f"{t}%" for t in ticks], (low, 101)), labels)
    ax.axhline(band, color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=3)
    for method, line in part.groupby("method"):
        ax.plot(line.horizon, 100 * line.share, **LINES[method == OWN])


@styled
def sharpness_chart(
    evidence: Evidence,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return the interval score of each method by collection: narrow bands that hold score low.

    size: inches; only the width is used. Data: one row a collection and method: MSIS, mean band width, coverage 0-1.
    """
    data = evidence.sharpness()
    data.insert(1, "collection_name", [said(named(key), check_lang(lang)) for key in data.collection])
    scores = [
        Phrase("calibration.sharpness.score", name=named(row["collection"]), **row)
        for row in evidence.ranks().to_dict("records")
    ]
    says = (
        Phrase("calibration.sharpness.title", scores=scores)
        if scores
        else Phrase("calibration.sharpness.none")
    )
    if data.empty:
        return without_figures("sharpness", says, lang, data.columns, size, ax)
    figure = _draw_sharpness(data, says[lang] if title is None else title, lang, size, ax)
    return Chart("sharpness", figure, data, phrase("charts.sentence", lang, text=says), lang)


def _draw_sharpness(
    data: pd.DataFrame, title: str, lang: str, size: tuple[float, float], ax: Axes | None
) -> Figure:
    rows: list[Row] = []
    entries: list[Any] = []
    for name, part in data.groupby("collection_name", sort=False):
        rows += [Row(str(name), bold=True), *(Row(m, bold=m == OWN) for m in part.method)]
        entries += [None, *part.itertuples()]
    right = ["" if e is None else f"{number(e.msis, 1)} · {percent(e.c95)}" for e in entries]
    top = min(data.msis.max(), CUT * data.msis.median())
    note = phrase("calibration.sharpness.edge", lang) if (data.msis > top).any() else ""
    where = phrase("calibration.sharpness.where", lang)
    figure, box = canvas(title, where, note, size, body=rows_height(rows), ax=ax)
    ax, at = row_axes(figure, box, rows, right, (0, 1.04 * top))
    for entry, y in zip(entries, at, strict=True):
        if entry is not None:
            score = min(entry.msis, 1.04 * top)
            ax.plot([0, score], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
            look = DOTS[entry.method == OWN]
            ax.plot([score], [y], ls="", clip_on=False, zorder=3, gid="msis", **look)
    return figure

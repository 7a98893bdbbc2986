"""The tornado: how far each assumption moves the probability of a target, the largest swing on top."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart
from planmodel.charts.frame import canvas, put
from planmodel.charts.rows import Row, row_axes, rows_height
from planmodel.charts.style import FAN, GREY, INK, MEDIAN, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.plans.catalogue import Indicator
from planmodel.review import Tornado
from planmodel.tables.reading import number_of
from planmodel.words import Phrase, percent, phrase

LABEL = 8
"""Room at both ends of the axis for the figure at a bar's end, points."""


@styled
def tornado_chart(
    tornado: Tornado,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return a bar an assumption, from the probability at one setting to that at the other; the line is the review's.

    title: in place of the chart's own. size: inches; only the width is used. ax: axes to draw in. Data: `tornado.table`.
    """
    data, target = tornado.table, tornado.standing.target
    said = _title(target.indicator, data)[check_lang(lang)]
    now = tornado.standing.assessment.probability
    figure = _draw(data, now, said if title is None else title, lang, size, ax)
    name = f"{tornado.standing.name}-tornado-{number_of(target, 'en')}"
    return Chart(name, figure, data, phrase("charts.sentence", lang, text=said), lang)


def _title(indicator: Indicator, data: pd.DataFrame) -> Phrase:
    """Which assumption moves the probability most, and how far."""
    if data.empty:
        return Phrase("charts.tornado.none", name=indicator)
    first = data.iloc[0]
    low, high = sorted((first["probability_low"], first["probability_high"]))
    return Phrase("charts.tornado.title", name=indicator, first=first["assumption"], low=low, high=high)


def _draw(
    data: pd.DataFrame, now: float | None, title: str, lang: str, size: tuple[float, float], ax: Axes | None
) -> Figure:
    rows = [
        Row(phrase("charts.tornado.row", lang, name=r["assumption"]), f"{r['low'][lang]} → {r['high'][lang]}")
        for r in data.to_dict("records")
    ]
    body = rows_height(rows) + 0.2 if rows else 0.4
    figure, box = canvas(title, phrase("charts.tornado.subtitle", lang, now=now), "", size, body=body, ax=ax)
    if not rows or now is None:
        put(figure, box.left, box.top - 0.2, phrase("charts.tornado.nothing", lang), TEXT, color=GREY)
        return figure
    ends = 100 * data[["probability_low", "probability_high"]].to_numpy()
    low, high = min(ends.min(), 100 * now) - LABEL, max(ends.max(), 100 * now) + LABEL
    own, at = row_axes(figure, box, rows, [""] * len(rows), (low, high), percent=True)
    ticks = [tick for tick in own.get_xticks() if 0 <= tick <= 100]
    own.set_xticks(ticks, [f"{tick:g}%" for tick in ticks])
    own.axvline(100 * now, color=INK, lw=1, zorder=3)
    for (left, right), y in zip(map(sorted, ends.tolist()), at, strict=True):
        own.barh(
            y, right - left, left=left, height=0.2, color=FAN[0.5], ec=MEDIAN, lw=0.8, zorder=2, gid="swing"
        )
        for x, side in ((left, -1), (right, 1)):
            own.annotate(
                percent(x / 100), (x, y), xytext=(5 * side, 0), textcoords="offset points", va="center",
                ha="left" if side > 0 else "right", size=SMALL, color=INK, annotation_clip=False,
            )  # fmt: skip
    return figure

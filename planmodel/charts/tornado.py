"""The tornado: how far each assumption moves the probability of a target, the largest swing on top."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart
from planmodel.charts.frame import framed, put
from planmodel.charts.rows import Row, row_axes, rows_height
from planmodel.charts.style import FAN, GREY, INK, MEDIAN, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.review import Standing, Swing
from planmodel.tables.cells import number_of
from planmodel.words import Phrase, percent, phrase

COLUMNS = ("assumption", "low", "high", "probability_low", "probability_high")


@styled
def tornado_chart(
    here: Standing, swings: tuple[Swing, ...], lang: str = "en", *, size: tuple[float, float] = SIZE
) -> Chart:
    """Return a bar an assumption, from the probability at one setting to that at the other; the line is the review's.

    size: inches; only the width is used. Data: one row an assumption, its two settings and the probability at each.
    """
    rows = [(s.name, s.low, s.high, s.probability_low, s.probability_high) for s in swings]
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    title = _title(here, data)[check_lang(lang)]
    figure = _draw(data, here.assessment.probability, title, lang, size)
    alt = phrase("charts.sentence", lang, text=title)
    return Chart(f"{here.target.plan}-tornado-{number_of(here.target, 'en')}", figure, data, alt, lang)


def _title(here: Standing, data: pd.DataFrame) -> Phrase:
    """Which assumption moves the probability most, and how far."""
    if data.empty:
        return Phrase("charts.tornado.none", name=here.target.indicator)
    first = data.iloc[0]
    low, high = sorted((first.probability_low, first.probability_high))
    return Phrase(
        "charts.tornado.title", name=here.target.indicator, first=first.assumption, low=low, high=high
    )


def _draw(data: pd.DataFrame, now: float | None, title: str, lang: str, size: tuple[float, float]) -> Figure:
    rows = [
        Row(phrase("charts.tornado.row", lang, name=r.assumption), f"{r.low[lang]} → {r.high[lang]}")
        for r in data.itertuples()
    ]
    body = rows_height(rows) + 0.2 if rows else 0.4
    figure, box = framed(title, phrase("charts.tornado.subtitle", lang, now=now), "", size, body=body)
    if not rows or now is None:
        put(figure, box.left, box.top - 0.2, phrase("charts.tornado.nothing", lang), TEXT, color=GREY)
        return figure
    ends = 100 * data[["probability_low", "probability_high"]].to_numpy()
    low, high = max(0.0, min(ends.min(), 100 * now) - 8), min(100.0, max(ends.max(), 100 * now) + 8)
    ax, at = row_axes(figure, box, rows, [""] * len(rows), (low, high), percent=True)
    ax.axvline(100 * now, color=INK, lw=1, zorder=3)
    for (left, right), y in zip(sorted_pairs(ends), at, strict=True):
        ax.barh(
            y, right - left, left=left, height=0.2, color=FAN[0.5], ec=MEDIAN, lw=0.8, zorder=2, gid="swing"
        )
        for x, side in ((left, -1), (right, 1)):
            ax.annotate(
                percent(x / 100), (x, y), xytext=(5 * side, 0), textcoords="offset points", va="center",
                ha="left" if side > 0 else "right", size=SMALL, color=INK, annotation_clip=False,
            )  # fmt: skip
    return figure


def sorted_pairs(ends) -> list[list[float]]:
    return [sorted(pair) for pair in ends.tolist()]

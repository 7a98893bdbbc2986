"""The tornado: how far each assumption moves the probability of a target, the largest swing on top."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, put
from planmodel.charts.rows import Row, row_axes, rows_height
from planmodel.charts.style import FAN, GREY, INK, MEDIAN, SIZE, SMALL, TEXT, styled
from planmodel.review import Standing, Swing
from planmodel.words import check_lang, percent

COLUMNS = ("assumption", "low", "high", "probability_low", "probability_high")


def tornado_data(swings: tuple[Swing, ...], lang: str) -> pd.DataFrame:
    """Return one row an assumption: its two settings and the probability (0-1) at each."""
    rows = [(s.name[lang], s.low[lang], s.high[lang], s.probability_low, s.probability_high) for s in swings]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def tornado_title(here: Standing, swings: tuple[Swing, ...], lang: str) -> str:
    """Return which assumption moves the probability most, and how far."""
    name = here.target.indicator.name(lang)
    if not swings:
        return f"{name}：没有改变概率的假设" if lang == "zh" else f"{name}: no assumption moves its chance"
    first = swings[0]
    low, high = sorted((first.probability_low, first.probability_high))
    if lang == "zh":
        return f"{name}：影响最大的是{first.name[lang]}，实现概率在 {percent(low)} 到 {percent(high)} 之间"
    return f"{name}: {first.name[lang]} matters most, the chance runs from {percent(low)} to {percent(high)}"


@styled
def tornado_chart(
    here: Standing, swings: tuple[Swing, ...], lang: str, *, size: tuple[float, float] = SIZE
) -> Figure:
    """Return a bar an assumption, from the probability at one setting to that at the other; the line is the review's. size: only the width is used."""
    zh, now = check_lang(lang) == "zh", here.assessment.probability
    rows = [Row(_capital(s.name[lang]), f"{s.low[lang]} → {s.high[lang]}") for s in swings]
    body = rows_height(rows) + 0.2 if rows else 0.4
    sub = (
        f"实现概率；竖线为评估时点的 {percent(now)}"
        if zh
        else f"probability; the line is the review's {percent(now)}"
    )
    figure, box = framed(tornado_title(here, swings, lang), sub, "", size, body=body)
    figure.set_label(tornado_alt(here, swings, lang))
    if not rows or now is None:
        words = "没有概率可供比较" if zh else "no probability to compare"
        put(figure, box.left, box.top - 0.2, words, TEXT, color=GREY)
        return figure
    ends = [100 * p for s in swings for p in (s.probability_low, s.probability_high)]
    low, high = max(0.0, min(*ends, 100 * now) - 8), min(100.0, max(*ends, 100 * now) + 8)
    ax, at = row_axes(figure, box, rows, [""] * len(rows), (low, high), percent=True)
    ax.axvline(100 * now, color=INK, lw=1, zorder=3)
    for swing, y in zip(swings, at, strict=True):
        left, right = sorted((100 * swing.probability_low, 100 * swing.probability_high))
        ax.barh(
            y, right - left, left=left, height=0.2, color=FAN[0.5], ec=MEDIAN, lw=0.8, zorder=2, gid="swing"
        )
        for x, side in ((left, -1), (right, 1)):
            ax.annotate(
                percent(x / 100), (x, y), xytext=(5 * side, 0), textcoords="offset points", va="center",
                ha="left" if side > 0 else "right", size=SMALL, color=INK, annotation_clip=False,
            )  # fmt: skip
    return figure


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def tornado_alt(here: Standing, swings: tuple[Swing, ...], lang: str) -> str:
    """Return one sentence that says what the tornado shows."""
    said = tornado_title(here, swings, check_lang(lang))
    return f"{said}。" if lang == "zh" else f"{said}."

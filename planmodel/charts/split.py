"""The chart of a target's parts: a row a part, its figure in the base year and in the target year."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.breakdown import Split, split_table
from planmodel.charts.frame import framed
from planmodel.charts.lettering import lines_height
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height
from planmodel.charts.style import MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.plans import Plan
from planmodel.words import figure as number
from planmodel.words import thousands

MARKS = ({"marker": "o", "ms": 7, "color": MEDIAN}, {"marker": "D", "ms": 7, "color": TARGET})


def split_data(found: Split, plan: Plan, lang: str) -> pd.DataFrame:
    """Return the figures of each part by year, and of the whole."""
    return split_table(plan, found, check_lang(lang))


def _title(found: Split, plan: Plan, lang: str) -> str:
    last = found.years[-1]
    top = max(found.parts, key=lambda part: (part.id != "rest", part.figures[last]))
    name, whole = top.name[lang], found.line.target.indicator.name(lang)
    share = f"{number(100 * top.shares[last], 1)}%"
    figure = thousands(top.figures[last])
    if lang == "zh":
        return f"{whole}{last}年：{name}承担 {figure}，占 {share}"
    return f"{whole} in {last}: {figure} for {name}, {share} of the whole"


@styled
def split_chart(found: Split, plan: Plan, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return a dumbbell a part: its figure in the first and in the last year; at the right the last, and growth a year."""
    zh = check_lang(lang) == "zh"
    first, last = found.years[0], found.years[-1]
    names = [str(first), f"{last}（目标）" if zh else f"{last} (target)"]
    line = lines_height(1, SMALL)
    key = key_lines(names, SMALL, size[0] - 0.24) * line + 0.12
    parts = list(found.parts)
    rows = [Row(part.name[lang], _shares(part, first, last)) for part in parts]
    right = [_right(part, last, zh) for part in parts]
    unit = plan.catalogue.units[found.line.unit].name(lang)
    total = thousands(found.whole[last])
    subtitle = f"{unit}；合计 {total}" if zh else f"{unit}; {total} in all"
    if found.shares.year is None:
        note = (
            "比重由使用者给定；各部分相加等于总数。"
            if zh
            else "Shares as given by the user; the parts add up to the whole."
        )
    else:
        note = (
            f"按{found.shares.year}年公布数的比重分解；各部分相加等于总数。"
            if zh
            else f"With the shares of the figures published for {found.shares.year}; the parts add up to the whole."
        )
    figure, box = framed(_title(found, plan, lang), subtitle, note, size, body=key + rows_height(rows))
    key_line(figure, box.left, box.top - 0.1, list(zip(MARKS, names, strict=True)), SMALL, box.width)
    high = max(float(part.figures[year]) for part in parts for year in (first, last))
    ax, at = row_axes(figure, replace(box, top=box.top - key), rows, right, (0, 1.04 * (high or 1)))
    for part, y in zip(parts, at, strict=True):
        ends = [float(part.figures[year]) for year in (first, last)]
        ax.plot(ends, [y, y], color="#bdbdbd", lw=3, zorder=2)
        for value, mark in zip(ends, MARKS, strict=True):
            ax.plot([value], [y], ls="", clip_on=False, zorder=4, gid="part", **mark)
    figure.set_label(split_alt(found, plan, lang))
    return figure


def _shares(part, first: int, last: int) -> str:
    shares = [f"{number(100 * part.shares[year], 1)}%" for year in (first, last)]
    return shares[0] if shares[0] == shares[1] else " → ".join(shares)


def _right(part, last: int, zh: bool) -> str:
    text = thousands(part.figures[last])
    if part.growth is None:
        return text
    return f"{text}\n{'年均 ' if zh else ''}{number(100 * part.growth, 1)}%{'' if zh else ' a year'}"


def split_alt(found: Split, plan: Plan, lang: str) -> str:
    """Return one sentence that says the parts."""
    last = found.years[-1]
    pieces = ("、" if check_lang(lang) == "zh" else ", ").join(
        f"{part.name[lang]} {thousands(part.figures[last])}" for part in found.parts
    )
    title = _title(found, plan, lang)
    return f"{title}；{pieces}。" if lang == "zh" else f"{title}; {pieces}."

"""The chart of required growth: what targets ask for a year beside what the region has done."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, put
from planmodel.charts.lettering import lines_height
from planmodel.charts.rows import Row, key_line, key_lines, names_room, row_axes, rows_height, unique
from planmodel.charts.sentences import in_scenario, phrase
from planmodel.charts.style import GREY, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans.kinds import measured_falls
from planmodel.words import figure as number

COLUMNS = (
    "target",
    "indicator",
    "name",
    "promise",
    "measure",
    "required",
    "record",
    "best",
    "gap",
    "probability",
)
HEADS = {
    "growth": ("增速（% / 年）", "Growth, % a year"),
    "pp": ("占比（百分点 / 年）", "Shares, points a year"),
}
MARKS = (
    {"marker": "D", "ms": 7, "color": TARGET},
    {"marker": "o", "ms": 7, "color": MEDIAN},
    {"marker": "o", "ms": 9.5, "mfc": "white", "mec": MEDIAN, "mew": 1.4},
)
"""Marks of the required change, of the record's mean and of its best window."""


def mark_names(lang: str) -> list[str]:
    """Return the names of MARKS."""
    if lang == "zh":
        return ["所需", "历史（最近窗口）", "历史最好窗口"]
    return ["required", "record, latest window", "record, best window"]


def comparable(result: PlanAssessment) -> tuple[Assessment, ...]:
    """Return the targets ahead, each once, whose required change a year stands beside a record or a probability."""
    return tuple(
        a
        for a in unique(result.assessments)
        if a.required is not None
        and a.required.measure in ("growth", "pp")
        and a.target.target_year > result.plan.base_year
        and (a.record is not None or a.probability is not None)
    )


def changes(found: Assessment) -> tuple[float, float | None, float | None, float | None]:
    """Return required, record, best window and gap in % or points a year; the gap is turned so that more is harder."""
    scale, past = 100 if found.required.measure == "growth" else 1, found.record
    required = scale * found.required.value
    if past is None:
        return required, None, None, None
    sign = -1 if measured_falls(found.target) else 1
    mean = scale * past.mean
    return required, mean, None if past.best is None else scale * past.best, sign * (required - mean)


def required_data(result: PlanAssessment, lang: str) -> pd.DataFrame:
    """Return one row a target: required, record and best window in % or points a year (measure), and the gap.

    The gap is required less record, turned so that more is harder; rows stand as drawn, the largest gap first.
    """
    rows = []
    for found in comparable(result):
        target = found.target
        words = phrase(found, result.plan, lang, unit=True)
        key = (target.id, target.indicator.id, target.indicator.name(lang), words, found.required.measure)
        rows.append((*key, *changes(found), found.probability))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numeric = ["required", "record", "best", "gap", "probability"]
    table[numeric] = table[numeric].astype(float)
    order = ["measure", "gap", "required"]
    return table.sort_values(order, ascending=[True, False, False], kind="stable").reset_index(drop=True)


def _title(table: pd.DataFrame, lang: str) -> str:
    n_more, n_known = int((table.gap > 0).sum()), int(table.gap.notna().sum())
    if not n_known:
        return (
            "没有可与所需增速相比的历史记录"
            if lang == "zh"
            else "No record to set the required growth against"
        )
    if lang == "zh":
        return f"{n_known} 项有历史可比的目标中，{n_more} 项所需高于历史"
    return f"{n_more} of {n_known} targets with a record ask for more than the record"


@styled
def required_chart(result: PlanAssessment, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return required change a year against the record's mean and best window, a row a target.

    One panel in % a year, one in points a year; the largest gap first. size: only the width is used.
    """
    table = required_data(result, check_lang(lang))
    parts = [(m, table[table.measure == m]) for m in HEADS if (table.measure == m).any()]
    panels = [
        (HEADS[m][lang != "zh"], [Row(n, p) for n, p in zip(part["name"], part.promise, strict=True)],
         list(part.itertuples()), [_gap_text(r, lang) for r in part.itertuples()])
        for m, part in parts
    ]  # fmt: skip
    note = ""
    if panels:
        note = (
            "右侧为所需减历史（百分点），正数表示更难。历史取最近的、不长于规划期的窗口。"
            if lang == "zh"
            else "At the right: required less record, in points; plus is harder. The latest window is no longer than the plan."
        )
    where = (
        f"{result.plan.short[lang]}{'，' if lang == 'zh' else ', '}{in_scenario(result.scenario, lang)}"
    )
    figure = draw_panels(_title(table, lang), where, note, panels, lang, size)
    figure.set_label(required_alt(result, lang))
    return figure


def draw_panels(
    title: str, subtitle: str, note: str, panels: list, lang: str, size: tuple[float, float]
) -> Figure:
    """Return a figure of panels of dumbbells: required, record, best window.

    panels: (heading, rows, what each row draws: an object with required, record, best, or None, texts at the right).
    """
    names = mark_names(lang)
    line, heading = lines_height(1, SMALL), lines_height(1, TEXT) + 0.1
    key = key_lines(names, SMALL, size[0] - 0.24) * line + 0.1
    body = key + sum(heading + rows_height(rows) for _, rows, _, _ in panels) if panels else 0.5
    figure, box = framed(title, subtitle, note, size, body=body)
    if not panels:
        text = "没有可画的数据" if lang == "zh" else "No figures to draw"
        put(figure, box.left, box.top - 0.2, text, TEXT, color=GREY)
        return figure
    key_line(figure, box.left, box.top - 0.1, list(zip(MARKS, names, strict=True)), SMALL, box.width)
    width = names_room([row for _, rows, _, _ in panels for row in rows], box.width)
    top = box.top - key
    for head, rows, entries, right in panels:
        put(figure, box.left, top - 0.04, head, TEXT, va="top", weight="bold", color=GREY)
        panel = replace(box, top=top - heading, bottom=top - heading - rows_height(rows))
        limits = _limits(
            [v for e in entries if e is not None for v in (e.required, e.record, e.best) if pd.notna(v)]
        )
        ax, at = row_axes(figure, panel, rows, right, limits, names_width=width)
        ax.axvline(0, color="#8c8c8c", lw=0.8, zorder=1)
        for entry, y in zip(entries, at, strict=True):
            if entry is not None:
                _dumbbell(ax, entry, y)
        top = panel.bottom
    return figure


def _dumbbell(ax: Axes, entry, y: float) -> None:
    options = {"ls": "", "clip_on": False}
    if pd.notna(entry.record):
        ax.plot([entry.record, entry.required], [y, y], color="#bdbdbd", lw=3, zorder=2)
        ax.plot([entry.record], [y], zorder=4, gid="record", **options, **MARKS[1])
    if pd.notna(entry.best):
        ax.plot([entry.best], [y], zorder=3, gid="best", **options, **MARKS[2])
    ax.plot([entry.required], [y], zorder=5, gid="required", **options, **MARKS[0])


def _gap_text(row, lang: str) -> str:
    if pd.isna(row.gap):
        return "无历史" if lang == "zh" else "no record"
    text = number(row.gap, 1 if row.measure == "growth" else 2)
    return text if text.startswith("−") else f"+{text}"


def _limits(values: list[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(0.0, *values)
    pad = 0.04 * ((high - low) or 1)
    return low - pad * (low < 0), high + pad


def required_alt(result: PlanAssessment, lang: str) -> str:
    """Return one sentence that says what the chart of required growth shows."""
    table = required_data(result, check_lang(lang))
    text = _title(table, lang)
    known = table[table.gap.notna() & (table.measure == "growth")]
    if known.empty:
        return text + ("。" if lang == "zh" else ".")
    name, asked, had = known["name"].iloc[0], *(number(known[c].iloc[0], 1) for c in ("required", "record"))
    if lang == "zh":
        return f"{text}；差距最大的是{name}，需每年 {asked}%，历史为 {had}%。"
    return f"{text}; the widest gap is {name}, which needs {asked}% a year against {had}%."

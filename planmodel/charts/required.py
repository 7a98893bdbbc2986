"""The chart of required growth: what targets ask for a year beside what the region has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart
from planmodel.charts.frame import canvas, put
from planmodel.charts.lettering import lines_height
from planmodel.charts.rows import Row, key_line, key_lines, names_room, row_axes, rows_height, unique
from planmodel.charts.sentences import InScenario, chosen, promised
from planmodel.charts.style import GREY, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans.kinds import measured_falls
from planmodel.words import Joined, Phrase, Text, phrase, said
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
NUMERIC = ["required", "record", "best", "gap", "probability"]
MEASURES = ("growth", "pp")
MARKS: dict[str, dict[str, Any]] = {
    "required": {"marker": "D", "ms": 7, "color": TARGET},
    "record": {"marker": "o", "ms": 7, "color": MEDIAN},
    "best": {"marker": "o", "ms": 9.5, "mfc": "white", "mec": MEDIAN, "mew": 1.4},
}
"""Marks of the required change, of the record's mean and of its best window."""


@dataclass(frozen=True)
class Panel:
    """A part of the chart with its own axis: heading, rows, what each row draws (None: nothing), texts at the right."""

    head: str
    rows: list[Row]
    entries: Sequence[Any]
    right: list[str]


def comparable(result: PlanAssessment) -> tuple[Assessment, ...]:
    """Return the targets ahead, each once, whose required change a year stands beside a record or a probability."""
    return tuple(
        a
        for a in unique(result.assessments)
        if a.required is not None
        and a.required.measure in MEASURES
        and a.target.target_year > result.plan.base_year
        and (a.record is not None or a.probability is not None)
    )


def changes(assessment: Assessment) -> tuple[str, float, float | None, float | None, float | None]:
    """Return measure, required, record, best window and gap in % or points a year; the gap is turned so that more is harder."""
    asked, past = assessment.required, assessment.record
    if asked is None:
        raise ValueError("an assessment without a required change")
    scale = 100 if asked.measure == "growth" else 1
    required = scale * asked.value
    if past is None:
        return asked.measure, required, None, None, None
    sign = -1 if measured_falls(assessment.target) else 1
    mean = scale * past.mean
    best = None if past.best is None else scale * past.best
    return asked.measure, required, mean, best, sign * (required - mean)


def _data(result: PlanAssessment, lang: str) -> pd.DataFrame:
    rows = []
    for assessment in comparable(result):
        target = assessment.target
        words = said(promised(assessment, unit=True), lang)
        key = (target.id, target.indicator.id, target.indicator.name(lang), words)
        rows.append((*key, *changes(assessment), assessment.probability))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMERIC, float))
    order = ["measure", "gap", "required"]
    return table.sort_values(order, ascending=[True, False, False], kind="stable").reset_index(drop=True)


@styled
def required_chart(
    result: PlanAssessment,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return required change a year against the record's mean and best window, a row a target.

    One panel in % a year, one in points a year; the largest gap first. size: only the width is used. ax: axes to draw
    the first panel in. Data: one row a target: required, record and best window in % or points a year (measure), and the
    gap, required less record, turned so that more is harder.
    """
    table = _data(result, check_lang(lang))
    panels = [
        Panel(
            phrase(f"charts.required.head.{measure}", lang),
            [Row(n, p) for n, p in zip(part["name"], part.promise, strict=True)],
            list(part.itertuples()),
            [_gap_text(row, lang) for row in part.itertuples()],
        )
        for measure, part in ((m, table[table.measure == m]) for m in MEASURES)
        if len(part)
    ]
    heading = _title(table)
    below = Joined([result.plan.short, InScenario(result.scenario.name)], "commas")[lang]
    note = phrase("charts.required.note", lang) if panels else ""
    figure = draw_panels(chosen(title, heading, lang), below, note, panels, lang, size, ax)
    name = f"{result.plan.name}-{result.scenario.id}-required"
    return Chart(name, figure, table, _alt(heading, table)[lang], lang, result.plan.title[lang])


def _title(table: pd.DataFrame) -> Phrase:
    n_more, n_known = int((table.gap > 0).sum()), int(table.gap.notna().sum())
    return Phrase("charts.required.title" if n_known else "charts.required.none", n=n_known, more=n_more)


def _alt(heading: Text, table: pd.DataFrame) -> Phrase:
    known = table[table.gap.notna() & (table.measure == "growth")]
    if known.empty:
        return Phrase("charts.sentence", text=heading)
    first = known.iloc[0]
    return Phrase(
        "charts.required.alt", title=heading, name=first["name"], asked=first.required, had=first.record
    )


def draw_panels(
    title: str,
    subtitle: str,
    note: str,
    panels: list[Panel],
    lang: str,
    size: tuple[float, float],
    ax: Axes | None = None,
) -> Figure:
    """Return a figure of panels of dumbbells: required, record, best window; into given axes goes the first alone."""
    names = [phrase(f"charts.required.mark.{mark}", lang) for mark in MARKS]
    line, heading = lines_height(1, SMALL), lines_height(1, TEXT) + 0.1
    key = key_lines(names, SMALL, size[0] - 0.24) * line + 0.1
    body = key + sum(heading + rows_height(panel.rows) for panel in panels) if panels else 0.5
    figure, box = canvas(title, subtitle, note, size, body=body, ax=ax)
    if not panels:
        put(figure, box.left, box.top - 0.2, phrase("charts.nothing", lang), TEXT, color=GREY)
        return figure
    key_line(figure, box.left, box.top - 0.1, list(zip(MARKS.values(), names, strict=True)), SMALL, box.width)
    width = names_room([row for panel in panels for row in panel.rows], box.width)
    top = box.top - key
    for panel in panels if ax is None else panels[:1]:
        put(figure, box.left, top - 0.04, panel.head, TEXT, va="top", weight="bold", color=GREY)
        bottom = top - heading - rows_height(panel.rows) if ax is None else box.bottom
        place = replace(box, top=top - heading, bottom=bottom)
        drawn = [e for e in panel.entries if e is not None]
        limits = _limits([v for e in drawn for v in (e.required, e.record, e.best) if pd.notna(v)])
        axis, at = row_axes(figure, place, panel.rows, panel.right, limits, names_width=width)
        axis.axvline(0, color="#8c8c8c", lw=0.8, zorder=1)
        for entry, y in zip(panel.entries, at, strict=True):
            if entry is not None:
                _dumbbell(axis, entry, y)
        top = bottom
    return figure


def _dumbbell(ax: Axes, entry, y: float) -> None:
    options: dict[str, Any] = {"ls": "", "clip_on": False}
    if pd.notna(entry.record):
        ax.plot([entry.record, entry.required], [y, y], color="#bdbdbd", lw=3, zorder=2)
        ax.plot([entry.record], [y], zorder=4, gid="record", **options, **MARKS["record"])
    if pd.notna(entry.best):
        ax.plot([entry.best], [y], zorder=3, gid="best", **options, **MARKS["best"])
    ax.plot([entry.required], [y], zorder=5, gid="required", **options, **MARKS["required"])


def _gap_text(row, lang: str) -> str:
    if pd.isna(row.gap):
        return phrase("charts.required.no_record", lang)
    text = number(row.gap, 1 if row.measure == "growth" else 2)
    return text if text.startswith("−") else f"+{text}"


def _limits(values: list[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(0.0, *values)
    pad = 0.04 * ((high - low) or 1)
    return low - pad * (low < 0), high + pad

"""Small fans: one for each promise of a plan in a chart, and the sparkline of a row of a table."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pandas as pd

from planmodel.charts.chart import Chart, Sheet, drawn
from planmodel.charts.frame import Box
from planmodel.charts.letters import shorten, wrap
from planmodel.charts.marks import draw_target
from planmodel.charts.rows import unique
from planmodel.charts.sentences import InScenario, promised
from planmodel.charts.shown import Shown, is_level, shown
from planmodel.charts.style import FAN, GREY, INK, MEDIAN, SMALL, TARGET, TEXT
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.words import Phrase, phrase, said

CELL_HEIGHT, GAP = 1.9, 0.22
ROOMS = (0.5, 0.84)
WIDTH, HEIGHT, PAD = 120, 28, 3
"""Of a sparkline, in pixels."""


@drawn()
def fan_multiples(result: PlanAssessment, sheet: Sheet, *, bands: str = "central") -> Chart:
    """Return small fans of all assessable targets of a plan, each promise once.

    Where the scenario gives no probabilities: history and required path only. size: only the width is used.
    Data: target, indicator, name, probability, then those of fan_chart.
    """
    drawable = unique(result.assessable or [a for a in result.assessments if a.outlook is not None])
    each = [(assessment, shown(assessment, bands)) for assessment in drawable]
    heading = _title(result, drawable)
    below = Phrase("charts.multiples.subtitle", scenario=InScenario(result.scenario.name))
    columns = 3 if sheet.size[0] >= 6.5 else 2
    cells = sheet.panels(len(each), heading, below, columns=columns, height=CELL_HEIGHT, gap=GAP)
    for (assessment, seen), cell in zip(each, cells, strict=True):
        _draw_cell(cell, assessment, seen, sheet.lang)
    parts = [_rows(assessment, seen, sheet.lang) for assessment, seen in each]
    data = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    name = f"{result.plan.name}-{result.scenario.id}-fans"
    return sheet.chart(name, data, heading, source=result.plan.title)


def _title(result: PlanAssessment, drawable: tuple[Assessment, ...]) -> Phrase:
    likely = sum(a.probability is not None and a.probability >= 0.5 for a in drawable)
    key = "none" if not drawable else "title" if result.assessable else "no_chance"
    return Phrase(f"charts.multiples.{key}", name=result.plan.short, n=len(drawable), likely=likely)


def _draw_cell(cell: Box, assessment: Assessment, seen: Shown, lang: str) -> None:
    name = wrap(assessment.target.indicator.name(lang), cell.width, TEXT - 0.5, True, lines=2)
    box, detail = cell.head(name, TEXT - 0.5, weight="bold"), said(seen.unit_name, lang)
    if not is_level(assessment.target) or assessment.target.target_value is None:
        detail = phrase("charts.multiples.detail", lang, promise=promised(assessment), unit=seen.unit_name)
    box = box.head(shorten(detail, cell.width, SMALL - 1), SMALL - 1, 0.06, color=GREY)
    draw_target(box, seen, lang, small=True, rooms=ROOMS)


def _rows(assessment: Assessment, seen: Shown, lang: str) -> pd.DataFrame:
    table, indicator = seen.table, assessment.target.indicator
    keys = {"target": assessment.target.id, "indicator": indicator.id, "name": indicator.name(lang)}
    for place, (name, value) in enumerate((keys | {"probability": assessment.probability}).items()):
        table.insert(place, name, value)
    return table.astype({"probability": float})


def sparkline(assessment: Assessment, lang: str = "en") -> str:
    """Return a small inline SVG of a target: history dots, fan, required path and mark; '' with nothing to draw."""
    check_lang(lang)
    if assessment.history is None or assessment.history.values.empty:
        return ""
    seen = shown(assessment)
    if not len(seen.history) or len(seen.values) < 2:
        return ""
    key = "charts.sparkline.target" if seen.probability is None else "charts.sparkline.chance"
    fields = {"name": assessment.target.indicator, "year": seen.year, "mark": seen.mark_text or "–"}
    return _svg(seen, phrase(key, lang, chance=seen.probability, **fields))


def _svg(seen: Shown, title: str) -> str:
    years = [int(y) for y in seen.history.index] + [seen.year]
    if seen.base is not None and seen.base_year is not None:
        years.append(seen.base_year)
    first, last = min(years), max(years)
    low, high = min(seen.values), max(seen.values)

    def x(year: float) -> str:
        return f"{PAD + (WIDTH - 2 * PAD - 3) * (year - first) / max(last - first, 1):.1f}"

    def y(value: float) -> str:
        share = 0.5 if high == low else (min(max(value, low), high) - low) / (high - low)
        return f"{HEIGHT - PAD - (HEIGHT - 2 * PAD) * share:.1f}"

    def line(xs, ys, colour: str, more: str = "") -> str:
        return f'<polyline points="{points(xs, ys)}" fill="none" stroke="{colour}"{more}/>'

    def points(xs, ys) -> str:
        return " ".join(f"{x(a)},{y(b)}" for a, b in zip(xs, ys, strict=True))

    parts, past, fan = [], seen.history, seen.fan
    if fan is not None:
        for band in (1, 0):
            edge = points(fan.years, fan.high[band]) + " " + points(fan.years[::-1], fan.low[band][::-1])
            parts.append(f'<polygon points="{edge}" fill="{FAN[fan.coverages[band]]}"/>')
        parts.append(line(fan.years, fan.median, MEDIAN))
    if seen.path is not None and len(seen.path) > 1:
        parts.append(line(seen.path.index, seen.path, TARGET, ' stroke-dasharray="3 2"'))
    parts.append(line(past.index, past, INK))
    parts += [f'<circle cx="{x(a)}" cy="{y(b)}" r="1.6" fill="{INK}"/>' for a, b in past.items()]
    if seen.mark is not None:
        parts.append(_mark(seen, float(x(seen.year)), float(y(seen.mark))))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _mark(seen: Shown, x: float, y: float) -> str:
    if seen.comparator not in ("ge", "gt", "le", "lt"):
        fill = "#ffffff" if seen.comparator == "about" else TARGET
        return f'<path d="M{x:.1f} {y - 3:.1f}l3 3-3 3-3-3z" fill="{fill}" stroke="{TARGET}"/>'
    tip = -2.6 if seen.falls else 2.6
    return (
        f'<path d="M{x - 4:.1f} {y:.1f}h8" stroke="{TARGET}" stroke-width="1.8"/>'
        f'<path d="M{x - 2:.1f} {y:.1f}v{tip}M{x + 2:.1f} {y:.1f}v{tip}" stroke="{TARGET}"/>'
    )

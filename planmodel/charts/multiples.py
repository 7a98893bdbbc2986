"""Small multiples: one small fan for each promise of a plan."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart
from planmodel.charts.fan import draw_target
from planmodel.charts.frame import Box, framed, put
from planmodel.charts.lettering import lines_height, shorten, wrap
from planmodel.charts.rows import unique
from planmodel.charts.sentences import InScenario, chosen, promised
from planmodel.charts.shown import Shown, is_level, shown
from planmodel.charts.style import GREY, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.words import Joined, Phrase, phrase

CELL_HEIGHT, GAP = 1.9, 0.22
ROOMS = (0.5, 0.84)


def drawable(result: PlanAssessment) -> tuple[Assessment, ...]:
    """Return the assessable promises, each once; where a scenario gives no probabilities, those with an outlook."""
    return unique(result.assessable or [a for a in result.assessments if a.outlook is not None])


@styled
def fan_multiples(
    result: PlanAssessment,
    lang: str = "en",
    *,
    bands: str = "central",
    title: str | None = None,
    size: tuple[float, float] = SIZE,
) -> Chart:
    """Return small fans of all assessable targets of a plan, each promise once.

    Where the scenario gives no probabilities: history and required path only. size: only the width is used.
    Data: target, indicator, name, probability, then those of fan_chart.
    """
    check_lang(lang)
    each = [(assessment, shown(assessment, bands)) for assessment in drawable(result)]
    columns = 3 if size[0] >= 6.5 else 2 if size[0] >= 4.5 else 1
    body = max(1, -(-len(each) // columns)) * (CELL_HEIGHT + GAP) if each else 0.5
    heading = _title(result, [assessment for assessment, _ in each])
    below = phrase("charts.multiples.subtitle", lang, scenario=InScenario(result.scenario.name))
    figure, box = framed(chosen(title, heading, lang), below, "", size, body=body)
    width = (box.width - GAP * (columns - 1)) / columns
    for i, (assessment, seen) in enumerate(each):
        row, column = divmod(i, columns)
        left, top = box.left + column * (width + GAP), box.top - row * (CELL_HEIGHT + GAP)
        _cell(figure, Box(left, top - CELL_HEIGHT, left + width, top), assessment, seen, lang)
    data = (
        pd.concat([_rows(assessment, seen, lang) for assessment, seen in each], ignore_index=True)
        if each
        else pd.DataFrame()
    )
    name = f"{result.plan.name}-{result.scenario.id}-fans"
    alt = phrase("charts.sentence", lang, text=heading)
    return Chart(name, figure, data, alt, lang, result.plan.title[lang])


def _title(result: PlanAssessment, drawn: list[Assessment]) -> Phrase:
    fields = {"name": result.plan.short, "n": len(drawn)}
    if not drawn:
        return Phrase("charts.multiples.none", **fields)
    if not result.assessable:
        return Phrase("charts.multiples.no_chance", **fields)
    likely = sum(a.probability is not None and a.probability >= 0.5 for a in drawn)
    return Phrase("charts.multiples.title", likely=likely, **fields)


def _cell(figure: Figure, cell: Box, assessment: Assessment, seen: Shown, lang: str) -> None:
    name = wrap(assessment.target.indicator.name(lang), cell.width, TEXT - 0.5, True, lines=2)
    put(figure, cell.left, cell.top, name, TEXT - 0.5, weight="bold", va="top")
    y = cell.top - lines_height(name.count("\n") + 1, TEXT - 0.5)
    plain = is_level(assessment.target) and assessment.target.target_value is not None
    parts = Phrase("charts.multiples.detail", promise=promised(assessment), unit=seen.unit_name)
    detail = shorten((Joined([seen.unit_name]) if plain else parts)[lang], cell.width, SMALL - 1)
    put(figure, cell.left, y, detail, SMALL - 1, color=GREY, va="top")
    draw_target(
        figure, replace(cell, top=y - lines_height(1, SMALL - 1) - 0.06), seen, lang, small=True, rooms=ROOMS
    )


def _rows(assessment: Assessment, seen: Shown, lang: str) -> pd.DataFrame:
    target, table = assessment.target, seen.table
    probability = float("nan") if assessment.probability is None else assessment.probability
    keys = {
        "target": target.id, "indicator": target.indicator.id, "name": target.indicator.name(lang), "probability": probability,
    }  # fmt: skip
    return pd.concat([pd.DataFrame(keys, index=table.index), table], axis=1)

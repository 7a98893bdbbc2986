"""Small multiples: one small fan for each promise of a plan."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.fan import draw_target
from planmodel.charts.frame import framed, put
from planmodel.charts.lettering import lines_height, shorten, wrap
from planmodel.charts.rows import unique
from planmodel.charts.sentences import phrase
from planmodel.charts.shown import scenario_name, shown, tidy, unit_name
from planmodel.charts.style import GREY, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment

CELL_HEIGHT, GAP = 1.9, 0.22
ROOMS = (0.5, 0.84)


def drawable(result: PlanAssessment) -> tuple[Assessment, ...]:
    """Return the assessable promises, each once; where a scenario gives no probabilities, those with an outlook."""
    found = [a for a in result.assessments if a.outlook is not None]
    if result.assessable:
        found = list(result.assessable)
    return unique(found)


def _title(result: PlanAssessment, n: int, lang: str) -> str:
    name = result.plan.short[lang]
    if not n:
        return f"{name}：没有可画的目标" if lang == "zh" else f"{name}: no target to draw"
    if not result.assessable:
        return (
            f"{name}：{n} 项目标的历史与所需路径"
            if lang == "zh"
            else f"{name}: history and required path of {n} targets"
        )
    likely = sum(a.probability >= 0.5 for a in drawable(result))
    if lang == "zh":
        return f"{name}：{n} 项可评估目标，{likely} 项可能性过半"
    return f"{name}: {n} targets can be assessed, {likely} more likely met than not"


@styled
def fan_multiples(
    result: PlanAssessment, lang: str, bands: str = "central", *, size: tuple[float, float] = SIZE
) -> Figure:
    """Return small fans of all assessable targets of a plan, each promise once.

    Where the scenario gives no probabilities: history and required path only. size: only the width is used.
    """
    chosen = drawable(result)
    columns = 3 if size[0] >= 6.5 else 2 if size[0] >= 4.5 else 1
    n_rows = max(1, -(-len(chosen) // columns))
    scenario = scenario_name(result.scenario, lang)
    if lang == "zh":
        subtitle = f"{scenario.removesuffix('情景')}情景；点为历史，虚线为所需路径；扇形由内向外为 50%、80%、95% 区间"
    else:
        subtitle = f"{scenario} scenario; dots: history; dashed: required path; bands: 50, 80 and 95%"
    figure, box = framed(
        _title(result, len(chosen), check_lang(lang)),
        subtitle,
        "",
        size,
        body=n_rows * (CELL_HEIGHT + GAP) if chosen else 0.5,
    )
    width = (box.width - GAP * (columns - 1)) / columns
    for i, found in enumerate(chosen):
        row, column = divmod(i, columns)
        left = box.left + column * (width + GAP)
        top = box.top - row * (CELL_HEIGHT + GAP)
        cell = replace(box, left=left, right=left + width, top=top, bottom=top - CELL_HEIGHT)
        _cell(figure, cell, found, result, lang, bands)
    figure.set_label(multiples_alt(result, lang))
    return figure


def _cell(figure: Figure, cell, found: Assessment, result: PlanAssessment, lang: str, bands: str) -> None:
    plan = result.plan
    seen = shown(found, plan, bands)
    name = wrap(found.target.indicator.name(lang), cell.width, TEXT - 0.5, True, lines=2)
    put(figure, cell.left, cell.top, name, TEXT - 0.5, weight="bold", va="top")
    y = cell.top - lines_height(name.count("\n") + 1, TEXT - 0.5)
    promised = (
        ""
        if found.target.kind == "level" and found.target.target_value is not None
        else phrase(found, plan, lang)
    )
    parts = [p for p in (promised, unit_name(seen, plan, lang)) if p]
    detail = shorten(("，" if lang == "zh" else "; ").join(parts), cell.width, SMALL - 1)
    put(figure, cell.left, y, detail, SMALL - 1, color=GREY, va="top")
    body = replace(cell, top=y - lines_height(1, SMALL - 1) - 0.06)
    draw_target(figure, body, found, seen, plan, lang, small=True, rooms=ROOMS)


def multiples_data(result: PlanAssessment, lang: str, bands: str = "central") -> pd.DataFrame:
    """Return the figures of all small fans: target, indicator, name, probability, then those of fan_data."""
    parts = []
    for found in drawable(result):
        table = tidy(shown(found, result.plan, bands))
        target = found.target
        table.insert(0, "probability", float("nan") if found.probability is None else found.probability)
        table.insert(0, "name", target.indicator.name(lang))
        table.insert(0, "indicator", target.indicator.id)
        table.insert(0, "target", target.id)
        parts.append(table)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def multiples_alt(result: PlanAssessment, lang: str) -> str:
    """Return one sentence that says what the small fans show."""
    return _title(result, len(drawable(result)), lang) + ("。" if lang == "zh" else ".")

"""The chart of feasibility: the probability and verdict of each target of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from planmodel.charts.chart import Chart
from planmodel.charts.frame import canvas, put
from planmodel.charts.rows import Row, row_axes, rows_height, unique
from planmodel.charts.sentences import InScenario, chosen, promised
from planmodel.charts.style import (
    FAINT,
    GREY,
    INK,
    SIZE,
    TEXT,
    VERDICT_COLOURS,
    VERDICT_MARKS,
    colours_of,
    styled,
)
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.verdicts import VERDICTS
from planmodel.words import Joined, Phrase, percent, phrase, probability_words, said, word

COLUMNS = ("target", "indicator", "name", "promise", "probability", "verdict", "binding")


@styled
def probability_chart(
    result: PlanAssessment,
    lang: str = "en",
    *,
    title: str | None = None,
    colours: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return the probability of each assessable target, likeliest first; shape, colour and word give the verdict.

    Binding targets are bold, ringed and named so. colours: by verdict. size: only the width is used. ax: axes to draw in.
    Data: one row an assessable target, each promise once: probability (0-1), verdict, whether it binds.
    """
    table, own = _data(result, check_lang(lang)), colours_of(colours, VERDICT_COLOURS)
    entries = list(table.rename(columns={"name": "label"}).itertuples())
    binding = word("binding", lang)
    rows = [Row(e.label, f"{binding} · {e.promise}" if e.binding else e.promise, e.binding) for e in entries]
    below = Joined([result.plan.short, InScenario(result.scenario.name)], "commas")[lang]
    heading, note = _title(table), said(_note(result), lang)
    body = rows_height(rows) if rows else 0.5
    figure, box = canvas(chosen(title, heading, lang), below, note, size, body=body, ax=ax)
    counts = {verdict: int((table.verdict == verdict).sum()) for verdict in VERDICTS}
    counted = [
        Phrase("charts.probability.count", name=Phrase(f"terms.{v}"), n=n) for v, n in counts.items() if n
    ]
    alt = phrase("charts.sentence", lang, text=Joined([heading, *counted], "clauses"))
    name = f"{result.plan.name}-{result.scenario.id}-probability"
    chart = Chart(name, figure, table, alt, lang, result.plan.title[lang])
    if not rows:
        put(figure, box.left, box.top - 0.2, _why_none(result, lang), TEXT, color=GREY)
        return chart
    rules = result.plan.catalogue.rules
    chances = [f"{percent(e.probability)} {probability_words(e.probability, rules, lang)}" for e in entries]
    if box.width < 4.5:
        chances = [percent(e.probability) for e in entries]
    right = [f"{chance}\n{word(e.verdict, lang)}" for chance, e in zip(chances, entries, strict=True)]
    drawn = [own[e.verdict] for e in entries]
    axis, at = row_axes(figure, box, rows, right, (0, 100), percent=True, colours=drawn)
    axis.axvline(50, color="#8c8c8c", lw=0.8, zorder=1)
    for entry, y, colour in zip(entries, at, drawn, strict=True):
        chance = 100 * entry.probability
        axis.plot([0, chance], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
        edge = {"mec": INK, "mew": 1.8} if entry.binding else {"mec": colour, "mew": 0.5}
        mark: dict[str, Any] = {"marker": VERDICT_MARKS[entry.verdict], "ms": 9, "color": colour, **edge}
        axis.plot([chance], [y], ls="", clip_on=False, zorder=3, gid="probability", **mark)
    return chart


def _data(result: PlanAssessment, lang: str) -> pd.DataFrame:
    rows = []
    for assessment in unique(result.assessable):
        target = assessment.target
        key = (
            target.id,
            target.indicator.id,
            target.indicator.name(lang),
            said(promised(assessment, unit=True), lang),
        )
        rows.append((*key, assessment.probability, assessment.verdict, target.binding))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"probability": float})
    return table.sort_values("probability", ascending=False, kind="stable").reset_index(drop=True)


def _title(table: pd.DataFrame) -> Phrase:
    likely = int((table.probability >= 0.5).sum())
    key = "charts.probability.none" if table.empty else "charts.probability.title"
    return Phrase(key, n=len(table), likely=likely)


def _why_none(result: PlanAssessment, lang: str) -> str:
    """Return the reason most targets share for having no probability."""
    reasons = [a.reason[lang] for a in result.assessments if a.reason and a.outlook is not None]
    reasons = reasons or [a.reason[lang] for a in result.assessments if a.reason]
    return max(sorted(set(reasons)), key=reasons.count) if reasons else "–"


def _note(result: PlanAssessment) -> Phrase | None:
    if result.joint is None:
        return None
    parts = [Phrase("charts.probability.joint", n=len(result.assessable), joint=result.joint)]
    if result.joint_binding is not None:
        parts.append(Phrase("charts.probability.joint_binding", joint=result.joint_binding))
    return Phrase("charts.sentence", text=Joined(parts, "clauses"))

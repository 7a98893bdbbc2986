"""The chart of feasibility: the probability and verdict of each target of a plan."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, put
from planmodel.charts.rows import Row, row_axes, rows_height, unique
from planmodel.charts.sentences import in_scenario, phrase
from planmodel.charts.shown import chance_text
from planmodel.charts.style import FAINT, GREY, INK, SIZE, TEXT, VERDICT_COLOURS, VERDICT_MARKS, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.verdicts import VERDICTS
from planmodel.words import percent, word

COLUMNS = ("target", "indicator", "name", "promise", "probability", "verdict", "binding")


def probability_data(result: PlanAssessment, lang: str) -> pd.DataFrame:
    """Return one row an assessable target, each promise once: probability (0-1), verdict, whether it binds."""
    rows = []
    for found in unique(result.assessable):
        target = found.target
        words = phrase(found, result.plan, lang, unit=True)
        key = (target.id, target.indicator.id, target.indicator.name(lang), words)
        rows.append((*key, found.probability, found.verdict, target.binding))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"probability": float})
    return table.sort_values("probability", ascending=False, kind="stable").reset_index(drop=True)


def _title(table: pd.DataFrame, lang: str) -> str:
    likely = int((table.probability >= 0.5).sum())
    if table.empty:
        return "没有可给出概率的目标" if lang == "zh" else "No target has a probability"
    if lang == "zh":
        return f"{len(table)} 项可评估目标中，{likely} 项实现的可能性过半"
    return f"{likely} of {len(table)} targets that can be assessed are at least as likely met as not"


@styled
def probability_chart(result: PlanAssessment, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the probability of each assessable target, likeliest first; shape, colour and word give the verdict.

    Binding targets are bold, ringed and named so. size: only the width is used.
    """
    table = probability_data(result, check_lang(lang))
    entries = list(table.rename(columns={"name": "label"}).itertuples())
    rows = [
        Row(e.label, f"{word('binding', lang)} · {e.promise}" if e.binding else e.promise, e.binding)
        for e in entries
    ]
    where = (
        f"{result.plan.short[lang]}{'，' if lang == 'zh' else ', '}{in_scenario(result.scenario, lang)}"
    )
    body = rows_height(rows) if rows else 0.5
    figure, box = framed(_title(table, lang), where, _joint_note(result, lang), size, body=body)
    figure.set_label(probability_alt(result, lang))
    if not rows:
        put(figure, box.left, box.top - 0.2, _why_none(result, lang), TEXT, color=GREY)
        return figure
    chances = [
        chance_text(e.probability, result.plan, lang).replace("，", " ").replace(", ", " ") for e in entries
    ]
    right = [f"{chance}\n{word(e.verdict, lang)}" for chance, e in zip(chances, entries, strict=True)]
    if size[0] < 5:
        right = [f"{percent(e.probability)}\n{word(e.verdict, lang)}" for e in entries]
    colours = [VERDICT_COLOURS[e.verdict] for e in entries]
    ax, at = row_axes(figure, box, rows, right, (0, 100), percent=True, colours=colours)
    ax.axvline(50, color="#8c8c8c", lw=0.8, zorder=1)
    for entry, y, colour in zip(entries, at, colours, strict=True):
        chance = 100 * entry.probability
        ax.plot([0, chance], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
        edge = {"mec": INK, "mew": 1.8} if entry.binding else {"mec": colour, "mew": 0.5}
        mark = VERDICT_MARKS[entry.verdict]
        ax.plot(
            [chance],
            [y],
            ls="",
            marker=mark,
            ms=9,
            color=colour,
            clip_on=False,
            zorder=3,
            gid="probability",
            **edge,
        )
    return figure


def _why_none(result: PlanAssessment, lang: str) -> str:
    """Return the reason most targets share for having no probability."""
    reasons = [a.reason[lang] for a in result.assessments if a.reason and a.outlook is not None]
    reasons = reasons or [a.reason[lang] for a in result.assessments if a.reason]
    return max(sorted(set(reasons)), key=reasons.count) if reasons else "–"


def _joint_note(result: PlanAssessment, lang: str) -> str:
    if result.joint is None:
        return ""
    n, zh = len(result.assessable), lang == "zh"
    all_of, joint = f"{n} 项可评估目标（含重复表述）", percent(result.joint)
    text = (
        f"{all_of}全部实现的概率：{joint}"
        if zh
        else f"Chance that all {n} assessable targets (repeats included) are met: {joint}"
    )
    if result.joint_binding is not None:
        joint = percent(result.joint_binding)
        text += f"；约束性目标全部实现：{joint}" if zh else f"; all binding ones: {joint}"
    return text + ("。" if zh else ".")


def probability_alt(result: PlanAssessment, lang: str) -> str:
    """Return one sentence that says what the chart of probabilities shows."""
    table = probability_data(result, check_lang(lang))
    counts = [(word(v, lang), int((table.verdict == v).sum())) for v in VERDICTS]
    if lang == "zh":
        return "；".join([_title(table, lang), *(f"{name} {n} 项" for name, n in counts if n)]) + "。"
    return "; ".join([_title(table, lang), *(f"{n} {name}" for name, n in counts if n)]) + "."

"""Charts of a plan's feasibility: required growth against the record, and the probability of each target."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, lines_height, put, text_width
from planmodel.charts.rows import (
    Row,
    key_line,
    key_lines,
    names_room,
    row_axes,
    rows_height,
    unique,
)
from planmodel.charts.sentences import figure_text
from planmodel.charts.shown import chance_text, scenario_name
from planmodel.charts.style import (
    FAINT,
    GREY,
    INK,
    MEDIAN,
    SIZE,
    SMALL,
    TARGET,
    TEXT,
    VERDICT_COLOURS,
    VERDICT_MARKS,
    styled,
)
from planmodel.feasibility import VERDICTS, Assessment, PlanAssessment
from planmodel.semantics import falling
from planmodel.words import check_lang, percent, word
from planmodel.words import figure as number

REQUIRED_COLUMNS = (
    "target", "indicator", "name", "promise", "measure", "required", "record", "best", "gap", "probability",
)  # fmt: skip
PROBABILITY_COLUMNS = ("target", "indicator", "name", "promise", "probability", "verdict", "binding")
PANELS = {
    "growth": ("增速（% / 年）", "Growth, % a year"),
    "pp": ("占比（百分点 / 年）", "Shares, points a year"),
}


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


def required_data(result: PlanAssessment, lang: str) -> pd.DataFrame:
    """Return one row a target: required, record and best window in % or pp a year; gap: required less record.

    The gap is turned so that more is harder; rows are in the chart's order, the largest gap first.
    """
    rows = []
    for found in comparable(result):
        scale = 100 if found.required.measure == "growth" else 1
        past = found.record
        required = scale * found.required.value
        mean = None if past is None else scale * past.mean
        best = None if past is None or past.best is None else scale * past.best
        sign = -1 if falling(found.target) else 1
        rows.append(
            (
                found.target.id,
                found.target.indicator.id,
                found.target.indicator.name(lang),
                figure_text(found, result.plan, lang),
                found.required.measure,
                required,
                mean,
                best,
                None if mean is None else sign * (required - mean),
                found.probability,
            )
        )
    table = pd.DataFrame(rows, columns=list(REQUIRED_COLUMNS))
    numeric = ["required", "record", "best", "gap", "probability"]
    table[numeric] = table[numeric].astype(float)
    return table.sort_values(["measure", "gap", "required"], ascending=[True, False, False]).reset_index(
        drop=True
    )


def _required_title(table: pd.DataFrame, lang: str) -> str:
    known = table.gap.notna()
    n_more, n_known = int((table.gap > 0).sum()), int(known.sum())
    if not n_known:
        return (
            "所需增速：没有可比的历史记录" if lang == "zh" else "Required growth: no record to set it against"
        )
    if lang == "zh":
        return f"{n_known} 项目标中有 {n_more} 项所需增速高于历史"
    return f"{n_more} of {n_known} targets ask for more than the record"


def _where(result: PlanAssessment, lang: str) -> str:
    plan, scenario = result.plan, scenario_name(result.scenario.id, lang)
    if lang == "zh":
        return f"{plan.short[lang]}，{scenario.removesuffix('情景')}情景"
    return f"{plan.short[lang]}, {scenario} scenario"


@styled
def required_chart(result: PlanAssessment, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return required change a year against the record's mean and best window, a row a target.

    One panel in % a year, one in points a year; the largest gap first. size: only the width is used.
    """
    table = required_data(result, check_lang(lang))
    panels = [(m, table[table.measure == m]) for m in PANELS if (table.measure == m).any()]
    rows = {m: [Row(r.name_, r.promise) for r in _tuples(part)] for m, part in panels}
    heading = lines_height(1, TEXT) + 0.08
    names = (
        [word("required", lang).replace("增速", "变化"), word("record", lang), word("best", lang)]
        if lang == "zh"
        else ["required", "record (latest window)", "record (best window)"]
    )
    key = key_lines(names, SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.08
    body = key + sum(heading + rows_height(rows[m]) for m, _ in panels) + (0.4 if not panels else 0)
    figure, box = framed(
        _required_title(table, lang), _where(result, lang), _required_note(table, lang), size, body=body
    )
    marks = [
        {"marker": "D", "ms": 7, "color": TARGET},
        {"marker": "o", "ms": 7, "color": MEDIAN},
        {"marker": "o", "ms": 7, "mfc": "white", "mec": MEDIAN, "mew": 1.5},
    ]
    if not panels:
        put(figure, box.left, box.top - 0.2, "没有可画的数据" if lang == "zh" else "No figures to draw", TEXT)
        return figure
    key_line(figure, box.left, box.top - 0.1, list(zip(marks, names, strict=True)), SMALL, box.width)
    top = box.top - key
    width = names_room([row for part in rows.values() for row in part], box.width)
    for measure, part in panels:
        put(figure, box.left, top - 0.02, PANELS[measure][lang != "zh"], TEXT, va="top", weight="bold")
        top -= heading
        bottom = top - rows_height(rows[measure])
        values = part[["required", "record", "best"]].to_numpy()
        limits = _limits(values[values == values])
        right = [_gap_text(r, measure, lang) for r in _tuples(part)]
        panel = replace(box, top=top, bottom=bottom)
        ax, at = row_axes(figure, panel, rows[measure], right, limits, names_width=width)
        ax.axvline(0, color="#8c8c8c", lw=0.8, zorder=1)
        for r, y in zip(_tuples(part), at, strict=True):
            if r.record == r.record:
                ax.plot([r.record, r.required], [y, y], color="#bdbdbd", lw=3, zorder=2)
                ax.plot([r.record], [y], ls="", zorder=4, clip_on=False, **marks[1])
            if r.best == r.best:
                ax.plot([r.best], [y], ls="", zorder=3, clip_on=False, **marks[2] | {"ms": 9})
            ax.plot([r.required], [y], ls="", zorder=5, clip_on=False, **marks[0])
        top = bottom
    figure.set_label(required_alt(result, lang))
    return figure


def _tuples(table: pd.DataFrame) -> list:
    return list(table.rename(columns={"name": "name_"}).itertuples())


def _gap_text(row, measure: str, lang: str) -> str:
    if row.gap != row.gap:
        return "无历史" if lang == "zh" else "no record"
    change = row.required - row.record
    text = number(change, 1 if measure == "growth" else 2)
    return text if text.startswith("−") else f"+{text}"


def _required_note(table: pd.DataFrame, lang: str) -> str:
    if table.empty:
        return ""
    if lang == "zh":
        return "右侧数字：所需减历史（百分点）。历史取最近一个与规划期等长的窗口。"
    return (
        "At the right: required less record, in points. The record is the latest window as long as the plan."
    )


def _limits(values) -> tuple[float, float]:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    pad = 0.04 * ((high - low) or 1)
    return low - pad * (low < 0), high + pad


def required_alt(result: PlanAssessment, lang: str) -> str:
    """Return one sentence that says what the chart of required growth shows."""
    table = required_data(result, lang)
    text = _required_title(table, lang)
    known = table[table.gap.notna() & (table.measure == "growth")]
    if known.empty:
        return text + ("。" if lang == "zh" else ".")
    top = known.iloc[0]
    if lang == "zh":
        return f"{text}；差距最大的是{top['name']}，需年均 {number(top.required, 1)}%，历史为 {number(top.record, 1)}%。"
    return (
        f"{text}; the widest gap is {top['name']}, which needs {number(top.required, 1)}% a year "
        f"against {number(top.record, 1)}%."
    )


def probability_data(result: PlanAssessment, lang: str) -> pd.DataFrame:
    """Return one row an assessable target, each promise once: probability (0-1), verdict, whether it binds."""
    rows = [
        (
            a.target.id,
            a.target.indicator.id,
            a.target.indicator.name(lang),
            figure_text(a, result.plan, lang),
            a.probability,
            a.verdict,
            a.target.binding,
        )
        for a in unique(result.assessable)
    ]
    table = pd.DataFrame(rows, columns=list(PROBABILITY_COLUMNS)).astype({"probability": float})
    return table.sort_values("probability", ascending=False, kind="stable").reset_index(drop=True)


def _probability_title(table: pd.DataFrame, lang: str) -> str:
    likely = int((table.probability >= 0.5).sum())
    if table.empty:
        return "没有可给出概率的目标" if lang == "zh" else "No target has a probability"
    if lang == "zh":
        return f"{len(table)} 项可评估目标中，{likely} 项实现的可能性过半"
    return f"{likely} of {len(table)} targets that can be assessed are more likely met than not"


@styled
def probability_chart(result: PlanAssessment, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the probability of each assessable target, likeliest first; shape, colour and word give the verdict.

    size: only the width is used.
    """
    table = probability_data(result, check_lang(lang))
    rows = [
        Row(r.name_, r.promise + (f" · {word('binding', lang)}" if r.binding else ""), r.binding)
        for r in _tuples(table)
    ]
    figure, box = framed(
        _probability_title(table, lang),
        _where(result, lang),
        _joint_note(result, lang),
        size,
        body=rows_height(rows) if rows else 0.5,
    )
    figure.set_label(probability_alt(result, lang))
    if not rows:
        put(figure, box.left, box.top - 0.2, _why_none(result, lang), TEXT, color=GREY)
        return figure
    words = [
        chance_text(p, result.plan, lang).split("，" if lang == "zh" else ", ") for p in table.probability
    ]
    right = [f"{w[0]} {w[1]}" if size[0] >= 5 else w[0] for w in words]
    verdicts = [word(v, lang) for v in table.verdict]
    texts = [f"{r} · {v}" for r, v in zip(right, verdicts, strict=True)]
    if max(text_width(t, SMALL) for t in texts) > 0.42 * box.width:
        texts = [f"{w[0]} · {v}" for w, v in zip(words, verdicts, strict=True)]
    ax, at = row_axes(figure, box, rows, texts, (0, 100), percent=True)
    ax.axvline(50, color="#8c8c8c", lw=0.8, zorder=1)
    for r, y in zip(_tuples(table), at, strict=True):
        colour = VERDICT_COLOURS[r.verdict]
        ax.plot([0, 100 * r.probability], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
        ax.plot(
            [100 * r.probability],
            [y],
            ls="",
            marker=VERDICT_MARKS[r.verdict],
            ms=9,
            color=colour,
            mec=INK if r.binding else colour,
            mew=1.8 if r.binding else 0.5,
            clip_on=False,
            zorder=3,
        )
    return figure


def _why_none(result: PlanAssessment, lang: str) -> str:
    reasons = [a.reason.get(lang, "") for a in result.assessments if a.reason]
    return max(set(reasons), key=reasons.count) if reasons else "–"


def _joint_note(result: PlanAssessment, lang: str) -> str:
    if result.joint is None:
        return ""
    n = len(result.assessable)
    parts = [
        f"{n} 项（含重复表述）全部实现的概率：{percent(result.joint)}"
        if lang == "zh"
        else f"Chance that all {n} assessable targets (repeats included) are met: {percent(result.joint)}"
    ]
    if result.joint_binding is not None:
        joint = percent(result.joint_binding)
        parts.append(f"约束性目标全部实现：{joint}" if lang == "zh" else f"all binding ones: {joint}")
    return ("；" if lang == "zh" else "; ").join(parts) + ("。" if lang == "zh" else ".")


def probability_alt(result: PlanAssessment, lang: str) -> str:
    """Return one sentence that says what the chart of probabilities shows."""
    table = probability_data(result, lang)
    text = _probability_title(table, lang)
    if table.empty:
        return text + ("。" if lang == "zh" else ".")
    counts = [(word(v, lang), int((table.verdict == v).sum())) for v in VERDICTS]
    counts = [(name, n) for name, n in counts if n]
    if lang == "zh":
        return f"{text}；" + "，".join(f"{name} {n} 项" for name, n in counts) + "。"
    return f"{text}; " + ", ".join(f"{n} {name}" for name, n in counts) + "."

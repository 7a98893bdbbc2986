"""Charts that compare: the probabilities of targets across scenarios, and the indicators that plans share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, put
from planmodel.charts.lettering import lines_height
from planmodel.charts.required import changes, draw_panels
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height, unique
from planmodel.charts.sentences import phrase
from planmodel.charts.shown import scenario_name
from planmodel.charts.style import FAINT, GREY, SERIES, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.words import figure as number
from planmodel.words import percent

SCENARIO_COLUMNS = ("target", "indicator", "name", "promise", "scenario", "scenario_name", "probability")
PLAN_COLUMNS = (
    "indicator", "name", "basis", "measure", "plan", "plan_name", "target", "promise", "required", "record", "best",
    "gap", "probability",
)  # fmt: skip
HEADS = {
    ("growth", False): (
        "名义增速或实物量增速（% / 年）",
        "Growth as stated, current prices or counts, % a year",
    ),
    ("growth", True): ("实际增速（% / 年）", "Real growth, % a year"),
    ("pp", False): ("占比（百分点 / 年）", "Shares, points a year"),
}


def _names(
    results: Mapping[str, PlanAssessment], lang: str, names: Mapping[str, str] | None
) -> dict[str, str]:
    return {
        key: (names or {}).get(key) or scenario_name(result.scenario, lang) for key, result in results.items()
    }


def scenarios_data(results: Mapping[str, PlanAssessment], lang: str) -> pd.DataFrame:
    """Return one row a target and scenario with its probability (0-1).

    results: by scenario, of one plan. Rows are in the order of the first scenario's probabilities, highest first.
    """
    scenarios = {key: r for key, r in results.items() if r.assessable}
    rows, order = [], {}
    for key, result in scenarios.items():
        for found in unique(result.assessable):
            target = found.target
            order.setdefault(target.id, -found.probability)
            rows.append(
                (target.id, target.indicator.id, target.indicator.name(lang), phrase(found, result.plan, lang, unit=True),
                 key, scenario_name(result.scenario, lang), found.probability)
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(SCENARIO_COLUMNS)).astype({"probability": float})
    place = {target: i for i, target in enumerate(sorted(order, key=order.get))}
    return table.sort_values("target", key=lambda ids: ids.map(place), kind="stable").reset_index(drop=True)


def _scenarios_title(table: pd.DataFrame, names: Mapping[str, str], lang: str) -> str:
    means = table.groupby("scenario", sort=False).probability.mean()
    if len(means) < 2:
        return "没有可比较的情景" if lang == "zh" else "No scenarios to compare"
    low, high = names[means.idxmin()], names[means.idxmax()]
    n = table.target.nunique()
    if lang == "zh":
        return f"{n} 项目标的平均概率：{low} {percent(means.min())}，{high} {percent(means.max())}"
    return f"Mean chance of {n} targets: {percent(means.min())} ({low}), {percent(means.max())} ({high})"


@styled
def scenarios_chart(
    results: Mapping[str, PlanAssessment],
    lang: str,
    *,
    names: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return the probability of each target in each scenario, the dots of a target joined.

    results: by scenario, of one plan; scenarios that give no probabilities are left out and named in the note.
    names: by scenario, for the key (default: the scenario's own). size: only the width is used.
    """
    table = scenarios_data(results, check_lang(lang))
    names = _names(results, lang, names)
    drawn = list(dict.fromkeys(table.scenario))
    groups = list(table.groupby("target", sort=False))
    rows = [Row(part["name"].iloc[0], part.promise.iloc[0]) for _, part in groups]
    labels = [names[key] for key in drawn]
    key = key_lines(labels, SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.08
    left_out = [names[k] for k in results if k not in drawn]
    note = ""
    if left_out:
        note = (
            f"不给概率的情景：{'、'.join(left_out)}。"
            if lang == "zh"
            else f"No probabilities in: {', '.join(left_out)}."
        )
    plan = next(iter(results.values())).plan
    figure, box = framed(
        _scenarios_title(table, names, lang),
        plan.short[lang],
        note,
        size,
        body=key + rows_height(rows) if rows else 0.5,
    )
    figure.set_label(scenarios_alt(results, lang, names=names))
    if not rows:
        put(
            figure,
            box.left,
            box.top - 0.2,
            "没有可画的数据" if lang == "zh" else "No figures to draw",
            TEXT,
            color=GREY,
        )
        return figure
    marks = [{"marker": m, "ms": 7, "color": c} for c, m, _ in SERIES]
    looks = {k: marks[i % len(marks)] for i, k in enumerate(drawn)}
    key_line(figure, box.left, box.top - 0.1, [(looks[k], names[k]) for k in drawn], SMALL, box.width)
    right = [_span(part.probability) for _, part in groups]
    ax, at = row_axes(figure, replace(box, top=box.top - key), rows, right, (0, 100), percent=True)
    ax.axvline(50, color="#8c8c8c", lw=0.8, zorder=1)
    for (_, part), y in zip(groups, at, strict=True):
        chances = 100 * part.probability
        ax.plot([chances.min(), chances.max()], [y, y], color=FAINT, lw=3, zorder=2)
        for scenario, chance in zip(part.scenario, chances, strict=True):
            ax.plot([chance], [y], ls="", clip_on=False, zorder=4, mec="white", mew=0.6, **looks[scenario])
    return figure


def _span(probabilities: pd.Series) -> str:
    low, high = percent(probabilities.min()), percent(probabilities.max())
    return low if low == high else f"{low} – {high}"


def scenarios_alt(
    results: Mapping[str, PlanAssessment], lang: str, *, names: Mapping[str, str] | None = None
) -> str:
    """Return one sentence that says what the chart of scenarios shows."""
    table = scenarios_data(results, lang)
    return _scenarios_title(table, _names(results, lang, names), lang) + ("。" if lang == "zh" else ".")


def _plan_row(key: str, found: Assessment, result: PlanAssessment, lang: str) -> tuple:
    target = found.target
    basis = "real" if found.history is not None and found.history.real else "as stated"
    words = phrase(found, result.plan, lang, unit=True)
    about = (target.indicator.id, target.indicator.name(lang), basis, found.required.measure)
    return (*about, key, result.plan.short[lang], target.id, words, *changes(found), found.probability)


def plans_data(results: Mapping[str, PlanAssessment], lang: str) -> pd.DataFrame:
    """Return one row a target of the indicators that two or more plans share.

    required, record, best in % or pp a year (measure: growth or pp). Real growth and growth of levels as stated are
    kept apart (basis). results: by plan.
    """
    rows = [
        _plan_row(key, found, result, lang)
        for key, result in results.items()
        for found in unique(result.assessments)
        if found.required is not None
        and found.required.measure in ("growth", "pp")
        and found.target.target_year > result.plan.base_year
    ]
    table = pd.DataFrame(rows, columns=list(PLAN_COLUMNS))
    numeric = ["required", "record", "best", "gap", "probability"]
    table[numeric] = table[numeric].astype(float)
    shared = table.groupby(["indicator", "basis", "measure"]).plan.transform("nunique") >= 2
    table = table[shared]
    return table.sort_values(["measure", "basis", "indicator", "required"], kind="stable").reset_index(
        drop=True
    )


def _plans_title(table: pd.DataFrame, lang: str) -> str:
    n, plans = table.indicator.nunique(), table.plan.nunique()
    if table.empty:
        return "所选规划没有共同的指标" if lang == "zh" else "The plans share no indicator"
    known = table[table.gap.notna()]
    more = int((known.gap > 0).sum())
    if lang == "zh":
        return f"{plans} 个规划共有 {n} 项指标：{len(known)} 个目标中 {more} 个高于本地历史"
    s = "s" if n > 1 else ""
    return (
        f"{plans} plans share {n} indicator{s}: {more} of {len(known)} targets ask for more than the record"
    )


@styled
def plans_chart(
    results: Mapping[str, PlanAssessment], lang: str, *, size: tuple[float, float] = SIZE
) -> Figure:
    """Return the plans side by side for the indicators that two or more share: required, record, probability.

    results: by plan. size: only the width is used.
    """
    table = plans_data(results, check_lang(lang))
    panels = []
    for (measure, real), head in HEADS.items():
        part = table[(table.measure == measure) & ((table.basis == "real") == real)]
        if len(part):
            entries = _entries(part)
            right = [
                "" if e is None else percent(None if pd.isna(e.probability) else e.probability)
                for e in entries
            ]
            panels.append((head[lang != "zh"], _plan_rows(part), entries, right))
    scenarios = dict.fromkeys(scenario_name(r.scenario, lang) for r in results.values())
    subtitle = f"情景：{'、'.join(scenarios)}" if lang == "zh" else f"Scenario: {', '.join(scenarios)}"
    note = "右侧为实现概率。" if lang == "zh" else "At the right: the chance of meeting the target."
    figure = draw_panels(_plans_title(table, lang), subtitle, note if panels else "", panels, lang, size)
    figure.set_label(plans_alt(results, lang))
    return figure


def _plan_rows(part: pd.DataFrame) -> list[Row]:
    """Return a bold row for each indicator and under it one for each plan's target."""
    rows = []
    for _, group in part.groupby("indicator", sort=False):
        rows.append(Row(group["name"].iloc[0], bold=True))
        rows += [Row(p, promise) for p, promise in zip(group.plan_name, group.promise, strict=True)]
    return rows


def _entries(part: pd.DataFrame) -> list:
    """Return what is drawn in each row of _plan_rows: None for the names of indicators."""
    entries = []
    for _, group in part.groupby("indicator", sort=False):
        entries += [None, *group.itertuples()]
    return entries


def plans_alt(results: Mapping[str, PlanAssessment], lang: str) -> str:
    """Return one sentence that says what the chart of plans shows."""
    table = plans_data(results, lang)
    text = _plans_title(table, lang)
    if table.empty:
        return text + ("。" if lang == "zh" else ".")
    names = list(dict.fromkeys(table["name"]))
    spans = [
        f"{number(g.required.min(), 1)}–{number(g.required.max(), 1)}"
        for _, g in table.groupby("indicator", sort=False)
    ]
    if lang == "zh":
        return f"{text}；" + "，".join(f"{n} {s}" for n, s in zip(names, spans, strict=False)) + "。"
    return f"{text}; " + ", ".join(f"{n} {s}" for n, s in zip(names, spans, strict=False)) + "."

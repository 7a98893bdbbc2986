"""Charts that compare: the probabilities of targets across scenarios, and the indicators that plans share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from planmodel.charts.chart import Chart
from planmodel.charts.frame import canvas, put
from planmodel.charts.lettering import lines_height
from planmodel.charts.required import NUMERIC, Panel, changes, draw_panels
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height, unique
from planmodel.charts.sentences import chosen, promised
from planmodel.charts.style import FAINT, GREY, SERIES, SIZE, SMALL, TEXT, colours_of, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.words import Joined, Phrase, percent, phrase, said
from planmodel.words import figure as number

SCENARIO_COLUMNS = ("target", "indicator", "name", "promise", "scenario", "scenario_name", "probability")
PLAN_COLUMNS = (
    "indicator", "name", "basis", "measure", "plan", "plan_name", "target", "promise", "required", "record", "best",
    "gap", "probability",
)  # fmt: skip
PANELS = (("growth", "as stated"), ("growth", "real"), ("pp", "as stated"))
"""Measure and price basis of each part of the chart of plans."""


@styled
def scenarios_chart(
    results: Mapping[str, PlanAssessment],
    lang: str = "en",
    *,
    title: str | None = None,
    colours: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return the probability of each target in each scenario, the dots of a target joined.

    results: by scenario, of one plan; scenarios that give no probabilities are left out and named in the note.
    colours: by scenario. size: only the width is used. ax: axes to draw in. Data: one row a target and scenario with its
    probability (0-1), in the order of the first scenario's probabilities, highest first.
    """
    table = _scenarios_data(results, check_lang(lang))
    names = {key: result.scenario.name[lang] for key, result in results.items()}
    drawn, groups = list(dict.fromkeys(table.scenario)), list(table.groupby("target", sort=False))
    rows = [Row(part["name"].iloc[0], part.promise.iloc[0]) for _, part in groups]
    left_out = [name for key, name in names.items() if key not in drawn]
    note = phrase("charts.compared.left_out", lang, names=left_out) if left_out else ""
    key = key_lines([names[k] for k in drawn], SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.08
    body = key + rows_height(rows) if rows else 0.5
    plan, heading = next(iter(results.values())).plan, _scenarios_title(table, names)
    figure, box = canvas(chosen(title, heading, lang), plan.short[lang], note, size, body=body, ax=ax)
    alt = phrase("charts.sentence", lang, text=heading)
    chart = Chart(f"{plan.name}-scenarios", figure, table, alt, lang, plan.title[lang])
    if not rows:
        put(figure, box.left, box.top - 0.2, phrase("charts.nothing", lang), TEXT, color=GREY)
        return chart
    own = colours_of(colours, {k: SERIES[i % len(SERIES)][0] for i, k in enumerate(drawn)})
    looks: dict[str, dict[str, Any]] = {
        k: {"marker": SERIES[i % len(SERIES)][1], "ms": 7, "color": own[k]} for i, k in enumerate(drawn)
    }
    key_line(figure, box.left, box.top - 0.1, [(looks[k], names[k]) for k in drawn], SMALL, box.width)
    right = [_span(part.probability) for _, part in groups]
    axis, at = row_axes(figure, replace(box, top=box.top - key), rows, right, (0, 100), percent=True)
    axis.axvline(50, color="#8c8c8c", lw=0.8, zorder=1)
    for (_, part), y in zip(groups, at, strict=True):
        chances = 100 * part.probability
        axis.plot([chances.min(), chances.max()], [y, y], color=FAINT, lw=3, zorder=2)
        for scenario, chance in zip(part.scenario, chances, strict=True):
            axis.plot([chance], [y], ls="", clip_on=False, zorder=4, mec="white", mew=0.6, **looks[scenario])
    return chart


def _scenarios_data(results: Mapping[str, PlanAssessment], lang: str) -> pd.DataFrame:
    rows: list[tuple] = []
    order: dict[str, float] = {}
    for key, result in results.items():
        for assessment in unique(result.assessable):
            target = assessment.target
            order.setdefault(target.id, -(assessment.probability or 0.0))
            words = said(promised(assessment, unit=True), lang)
            about = (target.id, target.indicator.id, target.indicator.name(lang), words)
            rows.append((*about, key, result.scenario.name[lang], assessment.probability))
    table = pd.DataFrame(rows, columns=list(SCENARIO_COLUMNS)).astype({"probability": float})
    place = {target: i for i, target in enumerate(sorted(order, key=order.__getitem__))}
    return table.sort_values("target", key=lambda ids: ids.map(place), kind="stable").reset_index(drop=True)


def _scenarios_title(table: pd.DataFrame, names: Mapping[str, str]) -> Phrase:
    means = table.groupby("scenario", sort=False).probability.mean()
    if len(means) < 2:
        return Phrase("charts.compared.no_scenarios")
    low, high = means.idxmin(), means.idxmax()
    ends = {"low": means[low], "high": means[high], "lowest": names[low], "highest": names[high]}
    return Phrase("charts.compared.scenarios", n=table.target.nunique(), **ends)


def _span(probabilities: pd.Series) -> str:
    low, high = percent(probabilities.min()), percent(probabilities.max())
    return low if low == high else f"{low} – {high}"


def shared_promises(results: Mapping[str, PlanAssessment], lang: str) -> pd.DataFrame:
    """Return one row a target of the indicators that two or more plans share.

    required, record, best in % or pp a year (measure: growth or pp). Real growth and growth of levels as stated are
    kept apart (basis). results: by plan.
    """
    rows = [
        _plan_row(key, assessment, result, lang)
        for key, result in results.items()
        for assessment in unique(result.assessments)
        if assessment.required is not None
        and assessment.required.measure in ("growth", "pp")
        and assessment.target.target_year > result.plan.base_year
    ]
    table = pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype(dict.fromkeys(NUMERIC, float))
    table = table[table.groupby(["indicator", "basis", "measure"]).plan.transform("nunique") >= 2]
    order = ["measure", "basis", "indicator", "required"]
    return table.sort_values(order, kind="stable").reset_index(drop=True)


def _plan_row(key: str, assessment: Assessment, result: PlanAssessment, lang: str) -> tuple:
    target = assessment.target
    basis = "real" if assessment.history is not None and assessment.history.real else "as stated"
    words = said(promised(assessment, unit=True), lang)
    measure, *change = changes(assessment)
    about = (target.indicator.id, target.indicator.name(lang), basis, measure)
    return (*about, key, result.plan.short[lang], target.id, words, *change, assessment.probability)


@styled
def plans_chart(
    results: Mapping[str, PlanAssessment],
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
) -> Chart:
    """Return the plans side by side for the indicators that two or more share: required, record, probability.

    results: by plan. size: only the width is used. Data: see shared_promises.
    """
    table = shared_promises(results, check_lang(lang))
    panels = [
        _panel(part, f"charts.compared.head.{'real' if basis == 'real' else measure}", lang)
        for measure, basis, part in (
            (m, b, table[(table.measure == m) & (table.basis == b)]) for m, b in PANELS
        )
        if len(part)
    ]
    scenarios = list(dict.fromkeys(r.scenario.name[lang] for r in results.values()))
    below = phrase("charts.compared.scenario", lang, names=scenarios)
    note, heading = phrase("charts.compared.note", lang) if panels else "", _plans_title(table)
    figure = draw_panels(chosen(title, heading, lang), below, note, panels, lang, size)
    alt = Phrase("charts.sentence", text=Joined([heading, _spans(table)], "clauses"))
    source = Joined([result.plan.title for result in results.values()], "clauses")[lang]
    return Chart("plans", figure, table, alt[lang], lang, source)


def _panel(part: pd.DataFrame, key: str, lang: str) -> Panel:
    """A bold row for each indicator and under it one for each plan's target."""
    rows, entries = [], []
    for _, group in part.groupby("indicator", sort=False):
        rows.append(Row(group["name"].iloc[0], bold=True))
        rows += [Row(p, promise) for p, promise in zip(group.plan_name, group.promise, strict=True)]
        entries += [None, *group.itertuples()]
    right = ["" if e is None else percent(None if pd.isna(e.probability) else e.probability) for e in entries]
    return Panel(phrase(key, lang), rows, entries, right)


def _plans_title(table: pd.DataFrame) -> Phrase:
    known = table[table.gap.notna()]
    n, plans, more = table.indicator.nunique(), table.plan.nunique(), int((known.gap > 0).sum())
    key = "charts.compared.no_plans" if table.empty else "charts.compared.plans"
    return Phrase(key, n=n, plans=plans, known=len(known), more=more)


def _spans(table: pd.DataFrame) -> Joined:
    groups = table.groupby("indicator", sort=False)
    each = [
        f"{g['name'].iloc[0]} {number(g.required.min(), 1)}–{number(g.required.max(), 1)}" for _, g in groups
    ]
    return Joined(each, "commas")

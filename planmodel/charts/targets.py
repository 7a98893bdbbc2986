"""Charts of the targets of plans, a row a target: required growth beside the record, probabilities, scenarios and plans compared."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from planmodel.charts.chart import MOST_DRAWN, Chart, Sheet, bound_row, drawn, unique
from planmodel.charts.frame import robust_limits
from planmodel.charts.rows import Row
from planmodel.charts.sentences import in_scenario, labels
from planmodel.charts.style import (
    FAINT,
    INK,
    MEDIAN,
    TARGET,
    VERDICT_COLOURS,
    VERDICT_MARKS,
    Look,
    scenario_looks,
)
from planmodel.feasibility.assessments import VERDICTS, Assessment, PlanAssessment
from planmodel.tables.promises import promised
from planmodel.words import Joined, Phrase, Text, percent, phrase, probability_words, said, word
from planmodel.words import figure as number

ABOUT = ("target", "indicator", "name", "promise")
CHANGE = ("required", "record", "best", "gap", "probability")
PLAN_COLUMNS = ("indicator", "name", "basis", "measure", "plan", "plan_name", "target", "promise", *CHANGE)
MEASURES = {"%/year": "growth", "pp/year": "pp"}
STABLE: Look = {"kind": "stable", "ignore_index": True}
PANELS = (("growth", "as stated"), ("growth", "real"), ("pp", "as stated"))
"""Measure and price basis of each part of the chart of plans."""
MARKS: dict[str, Look] = {
    "required": {"marker": "D", "ms": 7, "color": TARGET},
    "record": {"marker": "o", "ms": 7, "color": MEDIAN},
    "best": {"marker": "o", "ms": 9.5, "mfc": "white", "mec": MEDIAN, "mew": 1.4},
}
"""Marks of the required change, of the record's mean and of its best window."""


def targets_table(
    result: PlanAssessment, chosen: Sequence[Assessment], lang: str, columns: Sequence[str], **more: object
) -> pd.DataFrame:
    """Return columns of the table of a result for chosen targets, in their order, with what charts say of them.

    required, record, best (window) and gap are in % or points a year (measure); the gap, required less record, is turned
    so that more is harder. basis: real, or as stated. promise: in words.
    """
    place, targets = {a.target.id: i for i, a in enumerate(result.assessments)}, [a.target for a in chosen]
    table = result.table.iloc[[place[target.id] for target in targets]]
    real = [a.history is not None and a.history.real for a in chosen]
    return table.assign(
        target=[target.id for target in targets], name=labels(chosen, lang),
        promise=[said(promised(a, unit=True), lang) for a in chosen], binding=[target.binding for target in targets],
        basis=["real" if each else "as stated" for each in real], measure=table.required_unit.map(MEASURES),
        gap=(table.required - table.record) * (1 - 2 * table.falling.astype(int)), best=table.record_best, **more,
    )[list(columns)]  # fmt: skip


def ahead(result: PlanAssessment) -> list[Assessment]:
    """Return the targets ahead, each once, that ask for a change in % or points a year."""
    return [
        a for a in unique(result.assessments)
        if a.required and a.required.measure in MEASURES.values() and a.target.target_year > result.plan.base_year
    ]  # fmt: skip


def _below(result: PlanAssessment) -> Joined:
    return Joined([result.plan.short, in_scenario(result.scenario.name)], "commas")


@drawn("ax")
def required_chart(result: PlanAssessment, sheet: Sheet) -> Chart:
    """Return required change a year against the record's mean and best window, a row a target.

    One panel in % a year, one in points a year; the largest gap first. size: only the width is used. ax: axes to draw
    the first panel in. Data: one row a target: required, record and best window in % or points a year (measure), and the
    gap, required less record, turned so that more is harder.
    """
    compared = [a for a in ahead(result) if a.record is not None or a.probability is not None]
    table = targets_table(result, compared, sheet.lang, (*ABOUT, "measure", *CHANGE))
    table = table.sort_values(["measure", "gap", "required"], ascending=[True, False, False], **STABLE)
    panels: dict[str, list[Row]] = {}
    for e in table.itertuples():
        row = Row(e.name, e.promise, right=_gap_text(e, sheet.lang), entry=e)
        panels.setdefault(sheet.say(f"charts.required.head.{e.measure}"), []).append(row)
    known = table[table.gap.notna()]
    counts, key = {"n": len(known), "more": (known.gap > 0).sum()}, "title" if len(known) else "none"
    heading = alt = Phrase(f"charts.required.{key}", **counts)
    for e in known[known.measure == "growth"].head(1).itertuples():
        alt = Phrase("charts.required.alt", title=heading, name=e.name, asked=e.required, had=e.record)
    _draw_panels(sheet, panels, heading, _below(result), Phrase("charts.required.note"))
    name = f"{result.plan.name}-{result.scenario.id}-required"
    return sheet.chart(name, table, alt, source=result.plan.title)


def _draw_panels(
    sheet: Sheet, panels: Mapping[str, list[Row]], title: Phrase, subtitle: Text, note: Phrase
) -> None:
    """Draw panels of dumbbells by heading: required, record, best window."""
    key = [(options, sheet.say(f"charts.required.mark.{mark}")) for mark, options in MARKS.items()]
    scaled = {heading: _scaled(rows) for heading, rows in panels.items()}
    for ax, (entry, low, high), y in sheet.row_panels(scaled, title, subtitle, note, key=key, lines=[0]):
        if pd.notna(entry.record):
            ends = np.clip([entry.record, entry.required], low, high)
            ax.plot(ends, [y, y], color="#bdbdbd", lw=3, zorder=2)
        for name, zorder in (("record", 4), ("best", 3), ("required", 5)):
            value = getattr(entry, name)
            if pd.notna(value):
                look: Look = {"zorder": zorder, "gid": name, **MARKS[name]}
                ax.plot([np.clip(value, low, high)], [y], ls="", clip_on=False, **look)


def _scaled(rows: list[Row]) -> tuple[list[Row], tuple[float, float]]:
    """Rows whose entries bear the ends of the scale that no outlier eats, and the limits of their axis.

    What lies beyond them is drawn at the end, and its figure stands at the right.
    """
    entries = [row.entry for row in rows if row.entry is not None]
    low, high = robust_limits([v for e in entries for v in (e.required, e.record, e.best) if pd.notna(v)])
    pad, scaled = 0.04 * ((high - low) or 1), []
    for row in rows:
        figures = [] if row.entry is None else [row.entry.record, row.entry.required]
        beyond = [
            f"← {number(v, 1)}" if v < low else f"{number(v, 1)} →" for v in figures if v < low or v > high
        ]
        entry = None if row.entry is None else (row.entry, low, high)
        scaled.append(replace(row, entry=entry, right="\n".join([row.right, *beyond])))
    return scaled, (low - pad * (low < 0), high + pad)


def _gap_text(row, lang: str) -> str:
    if pd.isna(row.gap):
        return phrase("charts.required.no_record", lang)
    text = number(row.gap, 1 if row.measure == "growth" else 2)
    return text if text.startswith("−") else f"+{text}"


@drawn("colours", "ax")
def probability_chart(result: PlanAssessment, sheet: Sheet) -> Chart:
    """Return the probability of each assessable target, likeliest first; shape, colour and word give the verdict.

    Binding targets are bold, ringed and named so. colours: by verdict. size: only the width is used. ax: axes to draw in.
    Data: one row an assessable target, each promise once: probability (0-1), verdict, whether it binds.
    """
    lang, own = sheet.lang, sheet.colours_of(VERDICT_COLOURS)
    table = targets_table(
        result, unique(result.assessable), lang, (*ABOUT, "probability", "verdict", "binding")
    )
    table = table.sort_values("probability", ascending=False, **STABLE)
    rules, rows = result.plan.catalogue.rules, []
    for e in table.itertuples():
        words = probability_words(e.probability, rules, lang)
        right = f"{percent(e.probability)} {words}\n{word(e.verdict, lang)}"
        rows.append(bound_row(e, right, own[e.verdict], lang))
    likely = int((table.probability >= 0.5).sum())
    key = "charts.probability.none" if table.empty else "charts.probability.title"
    heading = Phrase(key, n=len(table), likely=likely)
    texts = heading, _below(result), _note(result)
    nothing = "" if rows else _why_none(result, lang)
    for axis, entry, y in sheet.rows(rows, (0, 100), *texts, percent=True, lines=[50], nothing=nothing):
        chance, colour = 100 * entry.probability, own[entry.verdict]
        axis.plot([0, chance], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
        edge: Look = {"mec": INK, "mew": 1.8} if entry.binding else {"mec": colour, "mew": 0.5}
        mark: Look = {"marker": VERDICT_MARKS[entry.verdict], "ms": 9, "color": colour, **edge}
        axis.plot([chance], [y], ls="", clip_on=False, zorder=3, gid="probability", **mark)
    counts = [(Phrase(f"terms.{verdict}"), (table.verdict == verdict).sum()) for verdict in VERDICTS]
    counted = [Phrase("charts.probability.count", name=name, n=n) for name, n in counts if n]
    text = Joined([heading, *counted], "clauses")
    return sheet.chart(
        f"{result.plan.name}-{result.scenario.id}-probability", table, text, source=result.plan.title
    )


def _why_none(result: PlanAssessment, lang: str) -> str:
    """Return the reason most targets share for having no probability."""
    told = [a for a in result.assessments if a.reason]
    reasons = [a.reason[lang] for a in [a for a in told if a.outlook is not None] or told]
    return max(sorted(set(reasons)), key=reasons.count, default="–")


def _note(result: PlanAssessment) -> Phrase | None:
    if result.joint is None:
        return None
    parts = [Phrase("charts.probability.joint", n=len(result.assessable), joint=result.joint)]
    if result.joint_binding is not None:
        parts.append(Phrase("charts.probability.joint_binding", joint=result.joint_binding))
    return Phrase("charts.sentence", text=Joined(parts, "clauses"))


@drawn("colours", "ax")
def scenarios_chart(results: Mapping[str, PlanAssessment], sheet: Sheet) -> Chart:
    """Return the probability of each target in each scenario, the dots of a target joined.

    results: by scenario, of one plan; scenarios that give no probabilities are left out and named in the note.
    colours: by scenario. size: only the width is used. ax: axes to draw in. Data: one row a target and scenario with its
    probability (0-1), in the order of the first scenario's probabilities, highest first.
    """
    names = {key: result.scenario.name[sheet.lang] for key, result in results.items()}
    columns = sheet.lang, (*ABOUT, "scenario", "scenario_name", "probability")
    table = pd.concat(
        targets_table(result, unique(result.assessable), *columns, scenario=key, scenario_name=names[key])
        for key, result in results.items()
    )
    first = table.drop_duplicates("target").sort_values("probability", ascending=False, **STABLE)
    place = {target: i for i, target in enumerate(first.target)}
    table = table.sort_values("target", key=lambda ids: ids.map(place), **STABLE)
    shown = list(dict.fromkeys(table.scenario))
    left_out = [name for key, name in names.items() if key not in shown]
    note = Phrase("charts.compared.left_out", names=left_out) if left_out else ""
    looked = scenario_looks(shown)
    own = sheet.colours_of({key: look[0] for key, look in looked.items()})
    looks: dict[str, Look] = {k: {"marker": look[1], "ms": 7, "color": own[k]} for k, look in looked.items()}
    rows = []
    for _, part in table.groupby("target", sort=False):
        ends = dict.fromkeys([percent(part.probability.min()), percent(part.probability.max())])
        rows.append(Row(part["name"].iloc[0], part.promise.iloc[0], right=" – ".join(ends), entry=part))
    plan, heading = next(iter(results.values())).plan, _scenarios_title(table, names)
    key = [(looks[k], names[k]) for k in shown]
    texts, look = (heading, plan.short, note), Look(key=key, percent=True, lines=[50])
    for axis, part, y in sheet.rows(rows, (0, 100), *texts, **look):
        chances = 100 * part.probability
        axis.plot([chances.min(), chances.max()], [y, y], color=FAINT, lw=3, zorder=2)
        for scenario, chance in zip(part.scenario, chances, strict=True):
            axis.plot([chance], [y], ls="", clip_on=False, zorder=4, mec="white", mew=0.6, **looks[scenario])
    return sheet.chart(f"{plan.name}-scenarios", table, heading, source=plan.title)


def _scenarios_title(table: pd.DataFrame, names: Mapping[str, str]) -> Phrase:
    means = table.groupby("scenario", sort=False).probability.mean()
    if len(means) < 2:
        return Phrase("charts.compared.no_scenarios")
    low, high = means.idxmin(), means.idxmax()
    ends = {"low": means[low], "high": means[high], "lowest": names[low], "highest": names[high]}
    return Phrase("charts.compared.scenarios", n=table.target.nunique(), **ends)


@drawn()
def plans_chart(results: Mapping[str, PlanAssessment], sheet: Sheet) -> Chart:
    """Return the plans side by side for the indicators that two or more share: required, record, probability.

    results: by plan. size: only the width is used. Data: one row a target of these; required, record, best in % or pp a
    year (measure: growth or pp). Real growth and growth of levels as stated are kept apart (basis).
    """
    columns, panels = (sheet.lang, PLAN_COLUMNS), {}
    table = pd.concat(
        targets_table(result, ahead(result), *columns, plan=key, plan_name=result.plan.short[sheet.lang])
        for key, result in results.items()
    )
    table = table[table.groupby(["indicator", "basis", "measure"]).plan.transform("nunique") >= 2]
    table = table.sort_values(["measure", "basis", "indicator", "required"], **STABLE)
    for measure, basis in PANELS:
        part = table[(table.measure == measure) & (table.basis == basis)]
        if len(part):
            head = sheet.say(f"charts.compared.head.{'real' if basis == 'real' else measure}")
            panels[head] = _plans_rows(part)
    scenarios = list(dict.fromkeys(r.scenario.name[sheet.lang] for r in results.values()))
    below = Phrase("charts.compared.scenario", names=scenarios)
    known = table[table.gap.notna()]
    counts = {"n": table.indicator.nunique(), "plans": table.plan.nunique(), "known": len(known)}
    key = "charts.compared.no_plans" if table.empty else "charts.compared.plans"
    heading = Phrase(key, more=int((known.gap > 0).sum()), **counts)
    _draw_panels(sheet, panels, heading, below, Phrase("charts.compared.note"))
    spans = [
        f"{part['name'].iloc[0]} {number(part.required.min(), 1)}–{number(part.required.max(), 1)}"
        for _, part in table.groupby("indicator", sort=False)
    ][:MOST_DRAWN]
    text = Joined([heading, Joined(spans, "commas")], "clauses")
    source = Joined([result.plan.title for result in results.values()], "clauses")
    return sheet.chart("plans", table, text, source=source)


def _plans_rows(part: pd.DataFrame) -> list[Row]:
    """A bold row for each indicator and under it one for each plan's target."""
    rows: list[Row] = []
    for _, group in part.groupby("indicator", sort=False):
        rows.append(Row(group["name"].iloc[0], bold=True))
        for e in group.itertuples():
            chance = percent(None if pd.isna(e.probability) else e.probability)
            rows.append(Row(e.plan_name, e.promise, right=chance, entry=e))
    return rows

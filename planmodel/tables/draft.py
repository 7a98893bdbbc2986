"""What a reader sees of a draft: the answer, values for chances, what stands beside them, and the years on the way."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from planmodel.drafting import CHANCES, Draft
from planmodel.drafting.beside import announced_record
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.feasibility import read_by_year, widest
from planmodel.tables.promises import promise_text
from planmodel.tables.reading import NONE, Cell, Cells, Reading, base_text, in_unit
from planmodel.words import Joined, Phrase, Text, figure, percent, phrase, with_more

DIGITS = 4  # significant digits of a value for a chance; the one written keeps its own
SHORT = 0.05  # points of chance that are worth a word


def _value(name: str) -> Cell:
    def cell(row: Mapping, lang: str, _: Catalogue) -> str:
        value = row[name]
        rounded = value and round(float(f"{value:.{DIGITS}g}"), 2 if abs(value) >= 1 else 3)
        return figure(rounded)

    return cell


def _written(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The figure with comparator and unit; one of the plan itself is marked."""
    if row["value"] is None:
        return NONE
    held = {"kind": "level"} if row["kind"] == "keep" else {}
    text = promise_text({**row, "target_value": row["value"], "target_upper": None, **held}, lang, catalogue)
    text = phrase("drafting.cell.held", lang, text=text) if held else text
    return phrase("drafting.cell.printed", lang, text=text) if row["origin"] == "printed" else text


def _earlier(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The earlier target with its year and outturn."""
    if row["earlier_target"] is None:
        return NONE
    fields = {name: figure(row[f"earlier_{name}"]) for name in ("target", "outturn")}
    return phrase("drafting.cell.earlier", lang, year=row["earlier_year"], **fields)


def _others(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """From how much to how much a year plans of other regions ask for."""
    if row["others_low"] is None:
        return NONE
    low, high = (in_unit(f"others_{end}", "asks_unit")(row, lang, catalogue) for end in ("low", "high"))
    ends = low if low == high else f"{low}–{high}"
    return phrase("drafting.cell.others", lang, ends=ends, n=len(row["others"].split(", ")))


def _parent(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    text, asks = figure(row["parent_target"]), in_unit("parent_asks", "asks_unit")(row, lang, catalogue)
    return text if asks == NONE else with_more(text, asks, lang)


LADDER: Cells = {f"value_{100 * p:.0f}": _value(f"value_{100 * p:.0f}") for p in CHANCES}
DRAFT: Cells = {
    "number": None, "indicator": None, "base": base_text, **LADDER, "written": _written, "required": in_unit("required", "required_unit"),
    "record": None, "probability": None, "verdict": None,
}  # fmt: skip
"""Of the table of a draft: values for chances, the figure written, what it asks for beside the record, its own chance."""
BESIDE: Cells = {
    "number": None, "indicator": None, "written": _written, "earlier": _earlier, "parent": _parent, "others": _others,
    "precedent": "{precedent_share:percent}",
}  # fmt: skip
"""Of the same rows: what stands beside each figure."""
PROPOSED = {name: DRAFT[name] for name in ("number", "indicator", "base", "written", "required")}
BACKGROUND = {
    name: {**DRAFT, **BESIDE}[name]
    for name in dict.fromkeys(("number", "indicator", *LADDER, "record", "verdict", *BESIDE)) if name != "written"
}  # fmt: skip
"""Of a document: the figures, beside which stand their chances (`scenario_cells`), and what stands behind them."""
OPEN: Cells = {"number": None, "indicator": None, "reason": None}


def drafted(result: Draft) -> pd.DataFrame:
    """Return the table's rows that have values for chances."""
    return result.table.dropna(subset="value_50", ignore_index=True)


def left_open(result: Draft) -> pd.DataFrame:
    """Return the table's rows without a figure, each with its reason."""
    return result.table[result.table["value"].isna()].reset_index(drop=True)


def scenario_cells(result: Draft, lang: str) -> Cells:
    """Return the columns of the chances in all scenarios that a draft was tried in."""
    chances = {"{probability:percent}": result.scenario}
    chances |= {f"{{probability_{scenario.id}:percent}}": scenario for scenario in result.others}
    cells: Cells = {"number": None, "indicator": None, "written": _written}
    return {**cells, **{scenario.name[lang]: cell for cell, scenario in chances.items()}}


def read_milestones(result: Draft, lang: str) -> Reading:
    """Return the years on the way to the drafted figures, as read: those that a review holds the outturns against."""
    ids = {row.target.indicator.id for row in result.drafted}
    paths = plan_trajectories(result.plan, result.scenario, indicators=tuple(sorted(ids)))
    return read_by_year(paths.table, lang, ("number", "indicator", "unit"), result.plan.catalogue)


def read_milestones_in_parts(result: Draft, lang: str) -> list[Reading]:
    """Return the years on the way as read, those of the plan apart from those after it, with the rows that have any."""
    reading, parts = read_milestones(result, lang), []
    years = [name for name in reading.columns if name.isdigit()]
    for after in (False, True):
        own = [year for year in years if (int(year) > result.plan.period[1]) == after]
        rows = reading.data.dropna(subset=own, how="all") if own else reading.data.head(0)
        columns = [name for name in reading.columns if name in own or not name.isdigit()]
        parts += [replace(reading, data=rows, columns=tuple(columns))] if len(rows) else []
    return parts


def draft_answer(result: Draft) -> Text:
    """Return the answer in words: how many figures are written, the chance of all, contradictions, where scenarios matter."""
    written = result.drafted
    if not written:
        return Phrase("drafting.answer.none", n=len(result.rows))
    counts = {"n": len(written), "of": len(result.rows), "scenario": result.scenario.name}
    parts: list[object] = [Phrase("drafting.answer.written", **counts)]
    asked = sorted({row.asked for row in written if row.asked is not None})
    if asked and result.joint is not None:
        ends = "–".join(dict.fromkeys(percent(p) for p in (asked[0], asked[-1])))
        parts.append(Phrase("drafting.answer.joint", asked=ends, joint=result.joint))
        if result.joint_asked is not None and result.joint < result.joint_asked - SHORT:
            parts.append(Phrase("drafting.answer.short_of", asked=result.joint_asked, joint=result.joint))
    n = len(result.findings)
    parts.append(Phrase("drafting.answer.findings", n=n) if n else Phrase("drafting.answer.agrees"))
    chances = ([row.assessment.probability, *row.elsewhere.values()] for row in written)
    most = widest(zip((row.target.indicator for row in written), chances, strict=True))
    if most is not None and most["high"] - most["low"] >= SHORT:
        parts.append(Phrase("drafting.answer.most", **most))
    spans = [span for row in written for span in announced_record(result.plan, row.target)]
    if spans:
        each = [Phrase("drafting.answer.span", **span) for span in spans]
        parts.append(Phrase("drafting.answer.announced", each=each))
    return Joined(parts, "sentences")


def findings_lines(result: Draft, lang: str) -> list[str]:
    """Return what the audit finds of the figures, a line each."""
    key = "drafting.document.finding"
    return [phrase(key, lang, name=each.name, text=each.sentence) for each in result.findings]


def lights_rule(result: Draft) -> Text:
    """Return the rule by which a review would light the rows."""
    rules = result.plan.catalogue.rules["review"]
    chances = {"chance": rules["on_pace"]["expected"], "binding": rules["on_pace"]["binding"]}
    return Phrase("drafting.document.lights", on_pace=rules["pace"]["on_pace"], **chances)

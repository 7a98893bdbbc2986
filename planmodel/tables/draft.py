"""What a reader sees of a draft: the answer, values for chances, what stands beside them, and the years on the way."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planmodel.drafting import CHANCES, Draft
from planmodel.drafting.beside import announced_record
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.feasibility import read_by_year
from planmodel.tables.reading import (
    NONE,
    Cell,
    Cells,
    Reading,
    amount_text,
    in_unit,
    promise_text,
    unit_text,
)
from planmodel.words import Joined, Phrase, Text, figure, percent, phrase, with_unit

DIGITS = 4
"""Significant digits of a value for a chance; the one written keeps its own."""
SHORT = 0.05
"""Points of chance that are worth a word."""


def _value(name: str) -> Cell:
    def cell(row: Mapping, lang: str, _: Catalogue) -> str:
        value = row[name]
        return (
            NONE
            if value is None
            else figure(round(float(f"{value:.{DIGITS}g}"), 2 if abs(value) >= 1 else 3))
        )

    return cell


def _written(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The figure with comparator and unit; one of the plan itself is marked."""
    if row["value"] is None:
        return NONE
    kind = "level" if row["kind"] == "keep" else row["kind"]
    text = promise_text(
        {**row, "target_value": row["value"], "target_upper": None, "kind": kind}, lang, catalogue
    )
    text = phrase("drafting.cell.held", lang, text=text) if row["kind"] == "keep" else text
    return phrase("drafting.cell.printed", lang, text=text) if row["origin"] == "printed" else text


def _earlier(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The earlier target with its year and outturn."""
    if row["earlier_target"] is None:
        return NONE
    became = NONE if row["earlier_outturn"] is None else figure(row["earlier_outturn"])
    year, target = row["earlier_year"], figure(row["earlier_target"])
    return phrase("drafting.cell.earlier", lang, year=year, target=target, outturn=became)


def _others(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """From how much to how much a year plans of other regions ask for."""
    if row["others_low"] is None:
        return NONE
    ends = dict.fromkeys(
        amount_text(row[name], row["asks_unit"], lang, catalogue) for name in ("others_low", "others_high")
    )
    n = len(row["others"].split(", "))
    return phrase("drafting.cell.others", lang, ends="–".join(ends), n=n)


def _parent(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if row["parent_target"] is None:
        return NONE
    text = figure(row["parent_target"])
    asks = row["parent_asks"]
    return text if asks is None else f"{text} ({amount_text(asks, row['asks_unit'], lang, catalogue)})"


def _base(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if row["base"] is None or not row["base_unit"]:
        return NONE
    text = with_unit(
        figure(float(f"{row['base']:.{DIGITS + 2}g}")), unit_text(row["base_unit"], lang, catalogue), lang
    )
    return f"{text} ({row['base_year']})"


LADDER: Cells = {f"value_{100 * p:.0f}": _value(f"value_{100 * p:.0f}") for p in CHANCES}
DRAFT: Cells = {
    "number": None, "indicator": None, "base": _base, **LADDER, "written": _written, "required": in_unit("required", "asks_unit"),
    "record": None, "probability": None, "verdict": None,
}  # fmt: skip
"""Of the table of a draft: values for chances, the figure written, what it asks for beside the record, its own chance."""
BESIDE: Cells = {
    "number": None, "indicator": None, "written": _written, "earlier": _earlier, "parent": _parent, "others": _others,
    "precedent": "{precedent_share:percent}",
}  # fmt: skip
"""Of the same rows: what stands beside each figure."""
OPEN: Cells = {"number": None, "indicator": None, "reason": None}


def drafted(result: Draft) -> pd.DataFrame:
    """Return the table's rows that have values for chances."""
    table = result.table
    return _named(table[table["value_50"].notna()], table)


def left_open(result: Draft) -> pd.DataFrame:
    """Return the table's rows without a figure, each with its reason."""
    table = result.table
    return _named(table[table["value"].isna()], table)


def _named(part: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    part.attrs["name"] = table.attrs["name"]
    return part.reset_index(drop=True)


def scenario_cells(result: Draft, lang: str) -> Cells:
    """Return the columns of the chances in all scenarios that a draft was tried in."""
    cells: dict[str, Cell | str | None] = {"number": None, "indicator": None, "written": _written}
    chances = {"probability": result.scenario} | {
        f"probability_{scenario.id}": scenario for scenario in result.others
    }
    return cells | {scenario.name[lang]: f"{{{name}:percent}}" for name, scenario in chances.items()}


def read_milestones(result: Draft, lang: str, shape: str = "constant_growth") -> Reading:
    """Return the years on the way to the drafted figures, as read: those that a review holds the outturns against."""
    ids = {row.target.indicator.id for row in result.drafted}
    paths = plan_trajectories(result.plan, result.scenario, shape, indicators=tuple(sorted(ids)))
    return read_by_year(paths.table, lang, ("number", "indicator", "unit"), result.plan.catalogue)


def draft_answer(result: Draft) -> Text:
    """Return the answer in words: how many figures are written, the chance of all, contradictions, where scenarios matter."""
    written = result.drafted
    if not written:
        return Phrase("drafting.answer.none", n=len(result.rows))
    parts: list[object] = [
        Phrase("drafting.answer.written", n=len(written), of=len(result.rows), scenario=result.scenario.name)
    ]
    asked = sorted({row.asked for row in written if row.asked is not None})
    if asked and result.joint is not None:
        ends = "–".join(dict.fromkeys(percent(p) for p in (asked[0], asked[-1])))
        parts.append(Phrase("drafting.answer.joint", asked=ends, joint=result.joint))
        if result.joint_asked is not None and result.joint < result.joint_asked - SHORT:
            parts.append(Phrase("drafting.answer.short_of", asked=result.joint_asked, joint=result.joint))
    n = len(result.findings)
    parts.append(Phrase("drafting.answer.findings", n=n) if n else Phrase("drafting.answer.agrees"))
    spans = [
        (max(chances) - min(chances), row.target.indicator, min(chances), max(chances))
        for row in written
        if len(chances := [p for p in (row.assessment.probability, *row.elsewhere.values()) if p is not None])
        > 1
    ]
    if spans and max(spans, key=lambda span: span[0])[0] >= SHORT:
        _, name, low, high = max(spans, key=lambda span: span[0])
        parts.append(Phrase("drafting.answer.most", name=name, low=low, high=high))
    yearly = [span for row in written for span in announced_record(result.plan, row.target)]
    if yearly:
        each = [
            Phrase(
                "drafting.answer.span",
                first=s["first_year"],
                last=s["last_year"],
                n=s["n"],
                reached=float(s["reached"]),
            )
            for s in yearly
        ]
        parts.append(Phrase("drafting.answer.announced", each=each))
    return Joined(parts, "sentences")


def findings_lines(result: Draft, lang: str) -> list[str]:
    """Return what the audit finds of the figures, a line each."""
    return [
        phrase("drafting.document.finding", lang, name=finding.name, text=finding.sentence)
        for finding in result.findings
    ]


def lights_rule(result: Draft) -> Text:
    """Return the rule by which a review would light the rows."""
    rules = result.plan.catalogue.rules["review"]
    chances = {"chance": rules["on_pace"]["expected"], "binding": rules["on_pace"]["binding"]}
    return Phrase("drafting.document.lights", on_pace=rules["pace"]["on_pace"], **chances)

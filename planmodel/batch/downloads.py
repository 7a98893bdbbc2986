"""The tables of a report as files: CSV, parquet and workbooks; required growth is a live formula in its workbook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from planmodel.audit import Audit
from planmodel.batch.runs import Outcome
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.outlooks import Outlook
from planmodel.files.folders import write_atomically
from planmodel.plans import load_plan
from planmodel.plans.kinds import falling
from planmodel.report import Link, PlanEntry
from planmodel.review import Review
from planmodel.tables.links import in_language
from planmodel.tables.results import (
    assessments_table,
    final_table,
    review_table,
    targets_table,
)
from planmodel.words import word
from planmodel.workbooks.formulas import required_formula
from planmodel.workbooks.sheets import Sheet, workbook_bytes

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
QUANTILE_COLUMNS = [
    "plan", "table", "number", "part", "indicator", "scenario", "year", "unit", "quantile", "value",
]  # fmt: skip
MOST_CELLS = 600_000
"""A table of more cells is written as CSV and parquet only."""
FOLDER = "results"
TABLES: Mapping[str, tuple[str, str]] = {
    "targets": ("目标表", "Targets"),
    "assessments": ("评估结果", "Assessments"),
    "quantiles": ("分位数", "Quantiles"),
    "findings": ("自查发现", "Findings"),
    "implied": ("推算数", "Implied figures"),
    "review": ("执行评估", "Review"),
    "final_review": ("上期目标完成情况", "Earlier targets"),
    "dataset": ("全部运行结果", "Results of all runs"),
    "runs": ("运行清单", "List of runs"),
}
FORMS = {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet"}
FIGURES = {"targets": ("base_value", "target_value"), "review": ("target_value",)}
"""Columns of text that hold printed figures."""


def write_results(
    folder: Path,
    results: Mapping[str, Mapping[str, PlanAssessment]],
    audits: Mapping[str, Audit],
    reviews: Mapping[str, Review],
    lang: str,
) -> None:
    """Write the tidy tables as CSV, parquet and xlsx: targets, assessments, quantiles, findings, implied figures, reviews."""
    assessed = [r for each in results.values() for r in each.values()]
    tables = {
        "targets": [targets_table(load_plan(name)) for name in results],
        "assessments": [assessments_table(r, lang) for r in assessed],
        "quantiles": [_quantiles(r) for r in assessed],
        "findings": [in_language(a.table, lang, 4) for a in audits.values()],
        "implied": [in_language(a.implied_table, lang, 4) for a in audits.values()],
        "review": [review_table(r, lang) for r in reviews.values()],
        "final_review": [final_table(r, lang) for r in reviews.values()],
    }
    for name, parts in tables.items():
        filled = [part for part in parts if len(part)]
        table = pd.concat(filled, ignore_index=True) if filled else parts[0]
        sheet = Sheet(name, table, figures=FIGURES.get(name, ()))
        if name == "assessments":
            sheet = assessments_sheet(table, [found for r in assessed for found in r.assessments])
        _write(folder / name, table, sheet)
        temporary = folder / f".{name}.parquet.{os.getpid()}"
        table.to_parquet(temporary, index=False)
        os.replace(temporary, folder / f"{name}.parquet")


def assessments_sheet(table: pd.DataFrame, found: Iterable[Assessment]) -> Sheet:
    """Return the assessments with the inputs of `required` before it, and `required` as a formula of them.

    table: of `assessments_table`, a row an assessment. base is in the target's unit; growth is in %, as in the table.
    """
    found = tuple(found)
    made = table.drop(columns=["kind", "base_year", "base", "target_year", "target_value", "unit"])
    place = made.columns.get_loc("required")
    inputs = {
        "kind": [a.target.kind for a in found],
        "base_year": [a.base_year for a in found],
        "base": [a.base for a in found],
        "target_year": [a.target.target_year for a in found],
        "target_value": [a.target.target_digits for a in found],
        "unit": [a.target.unit for a in found],
    }
    for name, values in reversed(inputs.items()):
        made.insert(place, name, pd.Series(values, dtype=object))
    made["required"] = [a.required.in_unit("")[0] if a.required else None for a in found]
    return Sheet(
        "assessments",
        made,
        figures=("target_value",),
        formats={"required": "0.00", "required_from_latest": "0.00", "record": "0.00", "probability": "0.0%"},
        formulas={"required": [_formula(a) for a in found]},
    )


def _formula(found: Assessment) -> str:
    """The formula of a target's required figure, in % for growth; "" where there is none."""
    target = found.target
    if found.required is None or not target.target_digits:
        return ""
    formula = required_formula(
        target.kind,
        share=target.indicator.scale == "share",
        base=found.base,
        falling=falling(target),
        reduction=bool(target.indicator.reduction_of),
        columns={"target": "target_value"},
    )
    return f"=100*({formula[1:]})" if formula and found.required.measure == "growth" else formula


def _quantiles(result: PlanAssessment) -> pd.DataFrame:
    rows = []
    for found in result.assessments:
        if found.outlook is None:
            continue
        paths: Outlook = found.outlook
        target = found.target
        values = pd.DataFrame(paths.values, columns=paths.years).quantile(list(QUANTILES))
        for year in paths.years:
            rows += [
                {
                    "plan": target.plan, "table": target.table, "number": target.number, "part": target.part,
                    "indicator": target.indicator.id, "scenario": found.scenario, "year": int(year),
                    "unit": paths.unit, "quantile": q, "value": float(values.loc[q, year]),
                }
                for q in QUANTILES
            ]  # fmt: skip
    return pd.DataFrame(rows, columns=QUANTILE_COLUMNS)


def write_runs(folder: Path, outcomes: Iterable[Outcome]) -> None:
    """Write the list of runs (errors may name local paths: they stay in the pages), and the data set of their results as a workbook beside its CSV."""
    rows = [
        {
            "plan": o.run.plan, "scenario": o.run.scenario, "notebook": o.run.notebook, "lang": o.run.lang,
            "variant": o.run.variant, "page": f"pages/{o.run.path}.html", "ok": o.ok,
        }
        for o in outcomes
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    _write(folder / "runs", table, Sheet("runs", table, figures=()))
    dataset = folder / "dataset.csv"
    (folder / "dataset.xlsx").unlink(missing_ok=True)
    if dataset.is_file() and dataset.stat().st_size < 10 * MOST_CELLS:
        table = pd.read_csv(dataset, encoding="utf-8-sig")
        _write_workbook(dataset.with_suffix(".xlsx"), Sheet("dataset", table, figures=()))


def write_entry(folder: Path, entry: PlanEntry, lang: str) -> tuple[Link, ...]:
    """Write a plan's table of the index as CSV and xlsx; return the links to them from the index."""
    table = entry_table(entry, lang)
    name = f"{FOLDER}/index/{entry.id}.{lang}"
    chances = dict.fromkeys(table.select_dtypes("number").columns, "0%")
    _write(folder / name, table, Sheet(entry.short, table, title=entry.title, figures=(), formats=chances))
    return tuple(Link(f"{name}.{form}", FORMS[form]) for form in ("csv", "xlsx"))


def entry_table(entry: PlanEntry, lang: str) -> pd.DataFrame:
    """Return a plan's rows on the index as a table: what a reader sees, probabilities as numbers."""
    zh = lang == "zh"
    more = "（说明）" if zh else " (more)"
    rows = []
    for row in entry.rows:
        cells = {
            word("number", lang): row.number,
            word("indicator", lang): row.name,
            word("attribute", lang): row.attribute,
            word("source", lang): row.place,
        }
        for key in ("base", "target", "required", "record"):
            shown = getattr(row, key)
            cells[word(key, lang)] = shown.text
            cells[word(key, lang) + more] = "; ".join(shown.below)
        for scenario, chance in zip(entry.scenarios, row.chances, strict=True):
            name = f"{word('probability', lang)} · {scenario.name}"
            cells[name] = chance.probability
            cells[f"{name}{'（文字）' if zh else ' (words)'}"] = chance.words
        cells[word("verdict", lang)] = row.verdict_text
        cells[word("reason", lang)] = row.reason
        cells["备注" if zh else "Notes"] = "\n".join(row.notes)
        rows.append(cells)
    return pd.DataFrame(rows)


def links(folder: Path, lang: str) -> tuple[Link, ...]:
    """Return the links to the tables that a report has, in each form."""
    return tuple(
        Link(f"{FOLDER}/{name}.{form}", f"{titles[0 if lang == 'zh' else 1]} ({text})")
        for name, titles in TABLES.items()
        for form, text in FORMS.items()
        if (folder / FOLDER / f"{name}.{form}").is_file()
    )


def _write(path: Path, table: pd.DataFrame, sheet: Sheet) -> None:
    """Write a table as PATH.csv and its sheet as PATH.xlsx."""
    content = table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    write_atomically(path.with_name(f"{path.name}.csv"), content)
    _write_workbook(path.with_name(f"{path.name}.xlsx"), sheet)


def _write_workbook(path: Path, sheet: Sheet) -> None:
    if sheet.table.size > MOST_CELLS:
        path.unlink(missing_ok=True)
        return
    write_atomically(path, workbook_bytes([sheet]))

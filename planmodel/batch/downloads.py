"""The tables of a report as files: CSV, parquet and workbooks; required growth is a live formula in its workbook."""

from __future__ import annotations

import csv
import pickle
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planmodel.audit import Audit
from planmodel.batch.containment import temporary_folder
from planmodel.batch.runs import RESULTS, Outcome, Run
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.trajectories import PlanTrajectories
from planmodel.files.folders import unfinished, write_atomically
from planmodel.plans import Plan
from planmodel.plans.kinds import kind_of, required_formula
from planmodel.report import Link, PlanEntry
from planmodel.review import Review, Tornado
from planmodel.tables.reading import as_it_was, in_language, spreadsheet_csv
from planmodel.words import phrase, word
from planmodel.workbooks.sheets import Sheet, workbook_bytes

MOST_CELLS, AT_ONCE = 600_000, 60_000
"""A table of more cells is written as CSV and parquet only, and these from about so many cells at a time."""
TABLES = (
    "targets", "assessments", "quantiles", "findings", "implied", "review", "final_review", "dataset", "runs",
)  # fmt: skip
FORMS = {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet"}
FIGURES = {"targets": ("base_value", "target_value"), "review": ("target_value",)}
"""Columns of text that hold printed figures."""
INPUTS = ["kind", "base_year", "base", "target_year", "target_value", "unit"]
"""Columns of the assessments that stand before the formula of `required` in the workbook."""
FIGURED = ("base", "target", "required", "record")
"""What the index's table of a plan holds as numbers beside their texts."""
FORMATS = {"required": "0.00", "required_from_latest": "0.00", "record": "0.00", "probability": "0.0%"}


@dataclass(frozen=True)
class Judgement:
    """What a report says of a plan: assessments by scenario, audit, review, what would flip its lights and move its chance, and milestones."""

    plan: Plan
    results: Mapping[str, PlanAssessment]
    audit: Audit
    review: Review
    flips: pd.DataFrame
    tornado: Tornado | None
    paths: PlanTrajectories


class Parts:
    """A table that comes in parts; they wait in a file until all of it is written."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is written
        self.n, self.size, self.head = 0, 0, pd.DataFrame()

    def add(self, part: pd.DataFrame) -> None:
        pickle.dump(part, self.file, pickle.HIGHEST_PROTOCOL)
        self.head = pd.concat([self.head, part.head(0)]) if self.n else part.head(0)
        self.n, self.size = self.n + 1, self.size + part.size

    def tables(self, cells: int) -> Iterator[pd.DataFrame]:
        """Yield the table in pieces of a number of cells or somewhat more; columns have the types that all parts need."""
        self.file.seek(0)
        waiting: list[pd.DataFrame] = []
        for number in range(1, self.n + 1):
            waiting.append(pickle.load(self.file))
            if number == self.n or sum(part.size for part in waiting) > cells:
                table = pd.concat([part for part in waiting if len(part)] or waiting[:1], ignore_index=True)
                yield table.reindex(columns=self.head.columns).astype(self.head.dtypes)
                waiting.clear()


class Tables:
    """The tidy tables of a report, a plan after another: targets, assessments, quantiles, findings, implied figures, reviews."""

    def __init__(self, lang: str) -> None:
        self.lang, self.parts, self.formulas = lang, defaultdict[str, Parts](Parts), list[str]()

    def add(self, judgement: Judgement) -> None:
        """Add what a report says of a plan."""
        results = judgement.results.values()
        self.formulas.extend(formula for result in results for formula in formulas_of(result))
        for name, tables in {
            "targets": [judgement.plan.table],
            "assessments": [result.table for result in results],
            "quantiles": [result.quantiles for result in results],
            "findings": [judgement.audit.table],
            "implied": [judgement.audit.implied_table],
            "review": [judgement.review.table],
            "final_review": [judgement.review.final_table],
        }.items():
            digits = {} if name != "assessments" else {"digits": None}
            whole = name in ("targets", "quantiles")
            for table in tables:
                self.parts[name].add(table if whole else in_language(table, self.lang, **digits))

    def write(self, folder: Path) -> None:
        """Write each as CSV, parquet and xlsx; the workbook of assessments has their figures unrounded."""
        from pyarrow import Schema, Table, parquet, unify_schemas

        for name, parts in self.parts.items():
            path, exact = folder / RESULTS / name, name == "assessments"
            schemas = [Schema.from_pandas(part, preserve_index=False) for part in parts.tables(AT_ONCE)]
            schema = unify_schemas(schemas, promote_options="permissive")
            with (
                unfinished(path.with_name(f"{name}.csv")) as text,
                text.open("w", encoding="utf-8-sig", newline="") as out,
                unfinished(path.with_name(f"{name}.parquet")) as columns,
                parquet.ParquetWriter(columns, schema) as written,
            ):
                for number, part in enumerate(parts.tables(AT_ONCE)):
                    table = in_language(part, self.lang) if exact else part
                    out.write(spreadsheet_csv(table, header=not number))
                    written.write_table(Table.from_pandas(table, schema, preserve_index=False))
            workbook = path.with_name(f"{name}.xlsx")
            workbook.unlink(missing_ok=True)
            if parts.size <= MOST_CELLS:
                (table,) = parts.tables(MOST_CELLS)
                sheet = Sheet(name, table, figures=FIGURES.get(name, ()))
                _write_workbook(workbook, assessments_sheet(table, self.formulas) if exact else sheet)
            parts.file.close()


def assessments_sheet(table: pd.DataFrame, formulas: Sequence[str]) -> Sheet:
    """Return a table of assessments with the inputs of `required` before it, and `required` as a formula of them."""
    others = [name for name in table.columns if name not in INPUTS]
    place = others.index("required")
    table = table[[*others[:place], *INPUTS, *others[place:]]]
    return Sheet("assessments", table, figures=(), formats=FORMATS, formulas={"required": formulas})


def formulas_of(result: PlanAssessment) -> list[str]:
    """Return the formula of each target's required figure."""
    return [_formula(assessment) for assessment in result.assessments]


def _formula(assessment: Assessment) -> str:
    """The formula of a target's required figure, in % for growth; "" where there is none."""
    target = assessment.target
    if assessment.required is None or not target.target_digits:
        return ""
    formula = required_formula(target, assessment.base, target="target_value")
    if assessment.base_year != target.base_year and not kind_of(target).needs_base:
        formula = formula.replace(
            "{base_year}", str(target.base_year)
        )  # it counts from there; no column has it
    return f"=100*({formula[1:]})" if formula and assessment.required.measure == "growth" else formula


def write_runs(folder: Path, outcomes: Iterable[Outcome]) -> None:
    """Write the list of runs (errors may name local paths: they stay in the pages), and the data set of their results as a workbook beside its CSV."""
    named = ("plan", "scenario", "notebook", "lang", "variant", "page")
    table = pd.DataFrame([{name: getattr(o.run, name) for name in named} | {"ok": o.ok} for o in outcomes])
    _write(folder / RESULTS / "runs", table, Sheet("runs", table, figures=()))
    dataset = folder / RESULTS / "dataset.csv"
    dataset.with_suffix(".xlsx").unlink(missing_ok=True)
    if dataset.is_file() and dataset.stat().st_size < 10 * MOST_CELLS:
        table = pd.read_csv(dataset, encoding="utf-8-sig").map(as_it_was)
        _write_workbook(dataset.with_suffix(".xlsx"), Sheet("dataset", table, figures=()))


def write_entry(folder: Path, entry: PlanEntry) -> tuple[Link, ...]:
    """Write a plan's table of the index as CSV and xlsx; return the links to them from the index."""
    table, plan, lang = entry_table(entry), entry.plan, entry.lang
    name = f"{RESULTS}/index/{plan.name}.{lang}"
    heads = [f"{word('probability', lang)} · {scenario}" for scenario in entry.names]
    chances = dict.fromkeys(heads, "0%") | {word(name, lang): "#,##0.##" for name in FIGURED}
    sheet = Sheet(plan.short[lang], table, title=plan.title[lang], figures=(), formats=chances)
    _write(folder / name, table, sheet)
    return tuple(Link(f"{name}.{form}", FORMS[form]) for form in ("csv", "xlsx"))


def entry_table(entry: PlanEntry) -> pd.DataFrame:
    """Return a plan's rows on the index as a table: figures and probabilities as numbers, beside each what a reader sees."""
    rows, lang = [], entry.lang
    heads = [f"{word('probability', lang)} · {name}" for name in entry.names]
    for row in entry.rows:
        cells: dict[str, object] = {
            word("number", lang): row.number.replace("\u00a0", " "),
            word("indicator", lang): row.name,
            word("attribute", lang): row.attribute,
            word("source", lang): row.place,
        }
        for key in FIGURED:
            quantity = getattr(row, key)
            cells[word(key, lang)] = quantity.text if quantity.sort is None else quantity.sort
            cells[phrase("report.more", lang, name=word(key, lang))] = quantity.text
        for name, chance in zip(heads, row.chances, strict=True):
            cells[name] = chance.probability
            cells[phrase("report.in_words", lang, name=name)] = chance.words
        cells[word("verdict", lang)] = row.verdict_text
        cells[word("reason", lang)] = row.reason
        cells[phrase("report.notes", lang)] = "\n".join(row.notes)
        cells[word("known_to", lang)] = next((c.known_to for c in row.chances if c.known_to), "")
        rows.append(cells)
    return pd.DataFrame(rows)


def links(folder: Path, lang: str) -> tuple[Link, ...]:
    """Return the links to the tables that a report has, in each form."""
    return tuple(
        Link(f"{RESULTS}/{name}.{form}", f"{phrase(f'report.tables.{name}', lang)} ({text})")
        for name in TABLES
        for form, text in FORMS.items()
        if (folder / RESULTS / f"{name}.{form}").is_file()
    )


def _write(path: Path, table: pd.DataFrame, sheet: Sheet) -> None:
    """Write a table as PATH.csv and its sheet as PATH.xlsx."""
    write_atomically(path.with_name(f"{path.name}.csv"), spreadsheet_csv(table).encode("utf-8-sig"))
    _write_workbook(path.with_name(f"{path.name}.xlsx"), sheet)


def _write_workbook(path: Path, sheet: Sheet) -> None:
    if sheet.table.size > MOST_CELLS:
        path.unlink(missing_ok=True)
        return
    with temporary_folder() as aside:
        write_atomically(path, workbook_bytes([sheet], aside))


def write_csv(folder: Path, runs: Iterable[Run]) -> None:
    """Write the results of some runs as one CSV, a run at a time, in the order given; nothing where there are none.

    Columns are those of all runs; a run without one leaves it empty.
    """
    files = [(run, folder / run.results) for run in runs if (folder / run.results).is_file()]
    if not files:
        return
    from pyarrow.parquet import read_schema

    columns = list(dict.fromkeys(name for _, path in files for name in read_schema(path).names))
    target = folder / RESULTS / "dataset.csv"
    with unfinished(target) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(["plan", "scenario", *columns])
        for run, path in files:
            table = pd.read_parquet(path).reindex(columns=columns)
            table.insert(0, "scenario", run.scenario or "all")
            table.insert(0, "plan", run.plan)
            out.write(spreadsheet_csv(table, header=False))

"""Execute one run: the notebook with papermill over IPC, then its page."""

from __future__ import annotations

import errno
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # saves jsonschema 2 s of import

import nbformat

from planmodel.batch.runs import ALL_PLANS, End, Outcome, Run, index_name
from planmodel.lab import RESULTS_MIME
from planmodel.words import LANGS, phrase

if TYPE_CHECKING:
    from planmodel.report import Link

Product = tuple[Outcome, dict[str, bytes]]
"""A run's outcome and its files by path within the report."""
DATA_LINKS = re.compile(r'<p class="data-link">.*?</p>', re.DOTALL)
NOT_VARIED = ("plan", "plans", "scenario", "scenarios", "lang")
FURTHER, SKIPPED = "further", "skip-execution"
"""Tags: of a heading under which stands what is for whoever edits the notebook, and nbclient's of a cell that is not run."""


@dataclass(frozen=True)
class Settings:
    """How runs are executed: limits of one run in seconds and megabytes (0: none), forked kernels or stock ones."""

    seconds: float = 600
    megabytes: float = 0
    warm: bool = True


def execute(run: Run, notebook: bytes, settings: Settings) -> Product:
    """Return what a run made: notebook, page and results; where it failed, the notebook up to there as a log, and a page.

    Never raises for what the notebook does: a failure is an outcome.
    """
    outcome, executed = run_notebook(run, notebook, settings)
    try:
        return _product(outcome, executed)
    except Exception as error:  # noqa: BLE001 - a page that cannot be made costs only its run
        return failed(run, error), {}


def failed(run: Run, error: Exception, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a run that an error ended."""
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from planmodel.batch.kernels import KernelNotStarted

    name, said, cell = type(error).__name__, str(error), None
    if isinstance(error, PapermillExecutionError):  # of an error in a cell: papermill knows its name and text
        name, said, cell = error.ename, error.evalue, error.exec_count
    full = name == OSError.__name__ and said.startswith(f"[Errno {errno.ENOSPC}]")
    died = isinstance(error, DeadKernelError | KernelNotStarted)
    end = End.DIED if died else End.DISK_FULL if full else End.ERROR
    return Outcome(run, end, seconds, name, _beginning(said), cell)


def run_notebook(
    run: Run, notebook: bytes, settings: Settings
) -> tuple[Outcome, nbformat.NotebookNode | None]:
    """Return the outcome and what was kept of the notebook, None where that is nothing."""
    from planmodel.batch.kernels import Limits

    started = time.monotonic()
    limits = Limits(settings.seconds, settings.megabytes)
    try:
        folder = Path(tempfile.mkdtemp(prefix="pm-"))
    except OSError as error:
        return failed(run, error), None
    source, target = folder / f"{run.notebook}.ipynb", folder / "out.ipynb"
    try:
        source.write_text(nbformat.writes(_without_further(notebook)), encoding="utf-8")
        _papermill(source, target, run, settings, limits)
        outcome = Outcome(run, End.DONE, _since(started))
    except Exception as error:  # noqa: BLE001 - whatever a notebook brings about is an outcome
        outcome = failed(run, error, _since(started))
        if limits.broken:
            name, said = limits.broken
            outcome = Outcome(run, End.LIMIT, outcome.seconds, name, said[run.lang])
    finally:
        kept = _read(target)
        shutil.rmtree(folder, ignore_errors=True)
    return outcome, kept


def _without_further(notebook: bytes) -> nbformat.NotebookNode:
    """Return a notebook whose part for its editors is not run: its cells, made-up figures in them, are no part of a report."""
    book = nbformat.reads(notebook.decode(), as_version=4)
    for cell in _further(book.cells):
        cell.metadata["tags"] = [*cell.metadata.get("tags", ()), SKIPPED]
    return book


def _further(cells: Sequence[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the headings tagged `further` and the cells under them."""
    inside, below = False, []
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            inside = FURTHER in cell.metadata.get("tags", ())
        if inside:
            below.append(cell)
    return below


def _papermill(source: Path, target: Path, run: Run, settings: Settings, limits) -> None:
    import papermill
    from papermill.engines import papermill_engines

    from planmodel.batch.kernels import ENGINE, PlanmodelEngine

    papermill_engines.register(ENGINE, PlanmodelEngine)
    papermill.execute_notebook(
        str(source),
        str(target),
        parameters=dict(run.parameters),
        engine_name=ENGINE,
        kernel_name="python3",
        progress_bar=False,
        warm=settings.warm,
        limits=limits,
        save_cells=False,
    )


def _read(path: Path) -> nbformat.NotebookNode | None:
    """Return what was kept of a notebook, None where nothing is or it was cut short by a full disk."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        return None
    return _clean(notebook)


def _clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run or tells of this machine: papermill's metadata and times."""
    notebook.metadata.pop("papermill", None)
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cell-{position}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    for cell in _further(notebook.cells):
        if tags := [tag for tag in cell.metadata.pop("tags", ()) if tag != SKIPPED]:
            cell.metadata["tags"] = tags
    return notebook


def _product(outcome: Outcome, notebook: nbformat.NotebookNode | None) -> Product:
    run = outcome.run
    if notebook is None:
        cell = nbformat.v4.new_markdown_cell(phrase("batch.no_page", run.lang))
        return outcome, _pages(_clean(nbformat.v4.new_notebook(cells=[cell])), run)
    results = take_results(notebook)
    pages = _pages(notebook, run)
    kept = (nbformat.writes(_light(notebook)) + "\n").encode()
    if not outcome.ok:
        log = f"logs/{run.path}.ipynb"
        return replace(outcome, log=log), {**pages, log: kept}
    files = {run.notebook_file: kept, **pages}
    if results and not run.twin:
        files[run.results] = as_parquet(results, run)
    return outcome, files


def _light(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out of an executed notebook what stands beside its page (tables as files), and what its charts do without: what a
    reader of its own makes of them."""
    from planmodel.report.pictures import has_letters, lightened

    outputs = (o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs if "data" in o)
    for data in (output.data for output in outputs):
        if "image/svg+xml" in data:
            data.pop("text/html", None)
        if "text/html" in data:
            data["text/html"] = DATA_LINKS.sub("", data["text/html"])
        if has_letters(data.get("image/svg+xml", "")):
            data["image/svg+xml"] = lightened(data["image/svg+xml"])
    return notebook


def take_results(notebook: nbformat.NotebookNode) -> Mapping:
    """Take out the table that a notebook hands to the batch, empty where it hands none."""
    results: dict = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            results.update(output.get("data", {}).get(RESULTS_MIME, {}))
        cell.outputs = [o for o in cell.outputs if RESULTS_MIME not in o.get("data", {})]
    return results


def _pages(notebook: nbformat.NotebookNode, run: Run) -> dict[str, bytes]:
    """Return the page of a run, and before it the workbook of its tables that it links to."""
    from planmodel.report.tabular import with_files, workbook_of

    page = run_page(notebook, run)
    folder, workbook = run.page.rpartition("/")[0], workbook_of(page, run.plan, run.scenario)
    page, tables = with_files(page, run.notebook)
    files = {f"{folder}/{name}": content for name, content in tables.items()}
    files |= {f"pages/{run.path}.xlsx": workbook} if workbook else {}
    return {**files, run.page: page.encode()}


def run_page(notebook: nbformat.NotebookNode, run: Run) -> str:
    """Return the page of a run."""
    from planmodel.plans import load_plan
    from planmodel.plans.scenarios import load_scenario
    from planmodel.report import page_html
    from planmodel.report.addresses import FOLDER, addresses
    from planmodel.tables.promises import number_of

    (other,) = set(LANGS) - {run.lang}
    further = {cell.id for cell in _further(notebook.cells)}
    cells = [
        cell
        for cell in notebook.cells
        if cell.id not in further and other not in cell.metadata.get("tags", ())
    ]
    first = next((cell.source for cell in cells if cell.cell_type == "markdown"), "")
    title = [first.splitlines()[0].lstrip("# ") if first.startswith("#") else run.notebook]
    of, places = [phrase("report.all_plans", run.lang)], {}
    if run.plan != ALL_PLANS:
        plan = load_plan(run.plan)
        of, beside = [plan.short[run.lang]], f"../{_up(run)}{FOLDER}/{run.lang}/"
        places = {
            number_of(plan.target(key), run.lang): beside + place for key, place in addresses(plan).items()
        }
    if run.scenario:
        of.append(load_scenario(run.scenario).name[run.lang])
    shown = nbformat.from_dict({**notebook, "cells": cells})
    return page_html(
        shown, lang=run.lang, title=" · ".join((*title, *of)), links=page_links(run), workbook=f"{run.notebook}.xlsx",
        of=" · ".join(of), scenarios=scenario_links(run), places=places,
        notebook_file=f"../{_up(run)}{run.notebook_file}" if further else "",
    )  # fmt: skip


def _up(run: Run) -> str:
    """From the page of a run to the folder of all pages."""
    return "../" * run.path.count("/")


def scenario_links(run: Run) -> tuple[Link, ...]:
    """Return the links from a page to the same one in the batch's other scenarios; its own has no address."""
    from planmodel.plans.scenarios import load_scenario
    from planmodel.report import Link

    made = []
    for scenario in run.scenarios:
        path = "/".join(part for part in (run.lang, run.plan, scenario, run.variant, run.notebook) if part)
        href = "" if scenario == run.scenario else f"{_up(run)}{path}.html"
        made.append(Link(href, load_scenario(scenario).name[run.lang]))
    return tuple(made)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)


def _beginning(text: str) -> str:
    """Return the first lines of an error's text as one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[:3])[:300]


def as_parquet(results: Mapping, run: Run) -> bytes:
    """Return a run's results as parquet: its parameters as columns before the table's own.

    Plan and scenario are left out: they stand in the folder names, and readers add them. results: `columns`, `data` and
    `text`, the columns of text; one that is empty needs it to have the type it has in other runs.
    """
    import pandas as pd

    table = pd.DataFrame(results["data"], columns=results["columns"]).drop(
        columns=["plan", "scenario"], errors="ignore"
    )
    given: dict[str, object] = {"run": run.key, "notebook": run.notebook}
    given |= {
        name: value for name, value in run.parameters.items() if name not in NOT_VARIED and name not in table
    }
    for position, (name, value) in enumerate(given.items()):
        table.insert(position, name, value)
    for column in table.columns:
        if table[column].isna().all():
            table[column] = table[column].astype("string" if column in results.get("text", ()) else float)
    return table.to_parquet(index=False)


def page_links(run: Run) -> tuple[Link, ...]:
    """Return the links at the top of a page: the index, its sister pages, the other language."""
    from planmodel.report import Link, notebook_title
    from planmodel.report.addresses import plan_page

    up = _up(run)
    links = [Link(f"../{up}{index_name(run.lang, run.langs)}", phrase("report.index", run.lang))]
    if run.plan != ALL_PLANS:
        links.append(Link(f"../{up}{plan_page(run.plan, run.lang)}", phrase("report.to_plan", run.lang)))
    for name, scenario in run.sisters:
        path = "/".join(part for part in (run.lang, run.plan, scenario, run.variant, name) if part)
        if name != run.notebook:
            links.append(Link(f"{up}{path}.html", notebook_title(name, run.lang)))
    for lang in run.langs:
        if lang != run.lang:
            path = run.path.replace(run.lang, lang, 1)
            links.append(Link(f"{up}{path}.html", phrase("report.own_name", lang), lang))
    return tuple(links)

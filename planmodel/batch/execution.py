"""Execute one run: the notebook with papermill over IPC, then its page. The two steps can overlap with other runs."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.modules.setdefault("rfc3987_syntax", None)  # saves jsonschema 2 s of import; it then skips one IRI format

import nbformat

from planmodel.batch.dataset import DATASET, as_parquet, partition_of
from planmodel.batch.runs import Outcome, Run
from planmodel.files.folders import write_atomically
from planmodel.lab.notebook import RESULTS_MIME


@dataclass(frozen=True)
class Settings:
    """How runs are executed: limits of one run in seconds and megabytes (0: none), forked kernels or stock ones."""

    seconds: float = 600
    megabytes: float = 0
    warm: bool = True


@dataclass(frozen=True)
class Executed:
    """An executed run that has no page yet."""

    outcome: Outcome
    notebook: nbformat.NotebookNode | None
    results: Mapping = field(default_factory=dict)


def execute_notebook(run: Run, source: Path, folder: Path, settings: Settings | None = None) -> Outcome:
    """Return the outcome of a run; a failure is an outcome, with its notebook kept under logs/."""
    return finish(execute(run, source, settings or Settings()), folder)


def execute(run: Run, source: Path, settings: Settings) -> Executed:
    """Execute a run's notebook; never raises for what the notebook does."""
    from papermill.exceptions import PapermillExecutionError

    from planmodel.batch.kernels import Limits

    started = time.monotonic()
    try:
        folder = Path(tempfile.mkdtemp(prefix="pm-"))
    except OSError as error:
        return Executed(Outcome(run, False, 0.0, f"{type(error).__name__}: {error}"), None)
    target, limits = folder / "out.ipynb", Limits(settings.seconds, settings.megabytes)
    try:
        _papermill(source, target, run, settings, limits)
        notebook = _clean(nbformat.read(target, as_version=4))
        results = _take_results(notebook)
        return Executed(Outcome(run, True, _since(started)), notebook, results)
    except PapermillExecutionError as error:
        outcome = Outcome(
            run, False, _since(started), f"{error.ename}: {_first_line(error.evalue)}", error.exec_count
        )
    except Exception as error:  # noqa: BLE001 - whatever a notebook brings about is an outcome
        text = limits.broken or f"{type(error).__name__}: {_first_line(str(error))}"
        outcome = Outcome(run, False, _since(started), text)
    finally:
        kept = _read(target)
        shutil.rmtree(folder, ignore_errors=True)
    if kept is not None:
        _take_results(_clean(kept))
    return Executed(outcome, kept)


def _read(path: Path) -> nbformat.NotebookNode | None:
    """Return what was kept of a notebook that failed, None where nothing is or it was cut short by a full disk."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        return None


def finish(executed: Executed, folder: Path) -> Outcome:
    """Write what a run made; return its outcome."""
    outcome, files = product_of(executed)
    for path, content in files.items():
        write_atomically(folder / path, content)
    return outcome


def product_of(executed: Executed) -> tuple[Outcome, dict[str, bytes]]:
    """Return a run's outcome and its files by path within the report: notebook, page, results; or log and page."""
    run, outcome, notebook = executed.outcome.run, executed.outcome, executed.notebook
    if outcome.ok:
        files = {
            f"notebooks/{run.path}.ipynb": (nbformat.writes(notebook) + "\n").encode(),
            f"pages/{run.path}.html": _page(notebook, run).encode(),
        }
        if executed.results and not run.twin:
            files[f"{DATASET}/{partition_of(run)}"] = as_parquet(executed.results, run)
        return outcome, files
    if notebook is None:
        text = (
            "未能执行，见目录页。" if run.lang == "zh" else "This page could not be made; the index says why."
        )
        notebook = _clean(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]))
        return outcome, {f"pages/{run.path}.html": _page(notebook, run).encode()}
    log = f"logs/{run.path}.ipynb"
    files = {f"pages/{run.path}.html": _page(notebook, run).encode(), log: nbformat.writes(notebook).encode()}
    return replace(outcome, log=log), files


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


def _take_results(notebook: nbformat.NotebookNode) -> dict:
    """Take out the table that a notebook hands to the batch, empty where it hands none."""
    found: dict = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            found.update(output.get("data", {}).get(RESULTS_MIME, {}))
        cell.outputs = [o for o in cell.outputs if RESULTS_MIME not in o.get("data", {})]
    return found


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)


def _first_line(text: str) -> str:
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    return " ".join(lines[:3])[:300]


def _clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run or tells of this machine: papermill's metadata and times."""
    notebook.metadata.pop("papermill", None)
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cell-{position}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return notebook


def _page(notebook: nbformat.NotebookNode, run: Run) -> str:
    from planmodel.batch.addresses import page_links
    from planmodel.plans import load_plan
    from planmodel.plans.scenarios import load_scenario
    from planmodel.report import page_html

    title = (
        [load_plan(run.parameters["plan"]).short[run.lang]]
        if run.scenario or run.plan == run.parameters["plan"]
        else []
    )
    if run.scenario:
        title.append(load_scenario(run.scenario).name[run.lang])
    heading = next(
        (
            c.source
            for c in notebook.cells
            if c.cell_type == "markdown" and run.lang in c.metadata.get("tags", [])
        ),
        "",
    )
    title.insert(0, heading.lstrip("# ").splitlines()[0] if heading else run.notebook)
    other = "zh" if run.lang == "en" else "en"
    cells = [cell for cell in notebook.cells if other not in cell.metadata.get("tags", [])]
    shown = nbformat.from_dict({**notebook, "cells": cells})
    return page_html(shown, lang=run.lang, title=" · ".join(title), links=page_links(run))

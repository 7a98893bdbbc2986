"""Execute one run: the notebook with papermill over IPC, then its page. The two steps can overlap with other runs."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

sys.modules.setdefault("rfc3987_syntax", None)  # saves jsonschema 2 s of import; it then skips one IRI format

import nbformat

from planmodel.folders import write_atomically
from planmodel.notebook import RESULTS_MIME
from planmodel.runs import Outcome, Run

CELL_TIMEOUT_S = 300


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
    results: str = ""


def execute_notebook(run: Run, source: Path, folder: Path, settings: Settings | None = None) -> Outcome:
    """Return the outcome of a run; a failure is an outcome, with its notebook kept under logs/."""
    return finish(execute(run, source, settings or Settings()), folder)


def execute(run: Run, source: Path, settings: Settings) -> Executed:
    """Execute a run's notebook; never raises for what the notebook does."""
    from papermill.exceptions import PapermillExecutionError

    from planmodel.kernels import Limits

    started = time.time()
    folder = Path(tempfile.mkdtemp(prefix="pm-"))
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
    except Exception as error:
        text = limits.broken or f"{type(error).__name__}: {_first_line(str(error))}"
        outcome = Outcome(run, False, _since(started), text)
    finally:
        kept = nbformat.read(target, as_version=4) if target.is_file() else None
        shutil.rmtree(folder, ignore_errors=True)
    return Executed(outcome, None if kept is None else _clean(kept))


def finish(executed: Executed, folder: Path) -> Outcome:
    """Write a run's notebook, page and results; return its outcome. The record of the run is written last."""
    run, outcome = executed.outcome.run, executed.outcome
    if outcome.ok:
        write_atomically(folder / "notebooks" / f"{run.path}.ipynb", nbformat.writes(executed.notebook) + "\n")
        write_atomically(folder / "pages" / f"{run.path}.html", _page(executed.notebook, run))
        if executed.results:
            write_atomically(folder / "runs" / f"{run.key}.results.json", executed.results)
    else:
        outcome = _keep_log(executed, folder)
    return outcome


def _papermill(source: Path, target: Path, run: Run, settings: Settings, limits) -> None:
    import papermill
    from papermill.engines import papermill_engines

    from planmodel.kernels import ENGINE, PlanmodelEngine

    papermill_engines.register(ENGINE, PlanmodelEngine)
    papermill.execute_notebook(
        str(source),
        str(target),
        parameters=dict(run.parameters),
        engine_name=ENGINE,
        kernel_name="python3",
        progress_bar=False,
        execution_timeout=CELL_TIMEOUT_S,
        warm=settings.warm,
        limits=limits,
    )


def _take_results(notebook: nbformat.NotebookNode) -> str:
    """Take out the results that a notebook keeps for the batch, as one JSON text; empty where it keeps none."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            found.update(output.get("data", {}).get(RESULTS_MIME, {}))
        cell.outputs = [o for o in cell.outputs if RESULTS_MIME not in o.get("data", {})]
    return json.dumps(found, ensure_ascii=False) if found else ""


def _since(started: float) -> float:
    return round(time.time() - started, 2)


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
    from planmodel.plans import load_plan
    from planmodel.report import page_html
    from planmodel.scenarios import load_scenario
    from planmodel.site import page_links

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


def _keep_log(executed: Executed, folder: Path) -> Outcome:
    """Keep the notebook of a failed run, and a page that shows its error; return the outcome that names the log."""
    run, outcome = executed.outcome.run, executed.outcome
    if executed.notebook is None:
        text = (
            "未能执行，见目录页。" if run.lang == "zh" else "This page could not be made; the index says why."
        )
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        write_atomically(folder / "pages" / f"{run.path}.html", _page(_clean(notebook), run))
        return outcome
    write_atomically(folder / "pages" / f"{run.path}.html", _page(executed.notebook, run))
    name = f"logs/{run.path}.ipynb"
    write_atomically(folder / name, nbformat.writes(executed.notebook))
    return replace(outcome, log=name)

"""Execute one notebook with papermill over IPC, and write it with its page."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

sys.modules.setdefault("rfc3987_syntax", None)  # saves jsonschema 2 s of import; it then skips one IRI format

import nbformat

from planmodel.folders import write_atomically
from planmodel.runs import Outcome, Run

CELL_TIMEOUT_S = 300
START_TIMEOUT_S = 90
N_STARTS = 2


def execute_notebook(run: Run, source: Path, folder: Path) -> Outcome:
    """Return the outcome of a run; a failure is an outcome, with its notebook kept under logs/."""
    from papermill.exceptions import PapermillExecutionError

    started = time.time()
    runtime = Path(tempfile.mkdtemp(prefix="pm-"))
    target = runtime / "out.ipynb"
    try:
        for attempt in range(1, N_STARTS + 1):
            try:
                _papermill(source, target, run, runtime)
                break
            except RuntimeError as error:
                if "Kernel d" not in str(error) or attempt == N_STARTS:
                    raise
        notebook = _clean(nbformat.read(target, as_version=4))
        page = _page(notebook, run)
        write_atomically(folder / "notebooks" / f"{run.path}.ipynb", nbformat.writes(notebook) + "\n")
        write_atomically(folder / "pages" / f"{run.path}.html", page)
        return Outcome(run, True, round(time.time() - started, 2))
    except PapermillExecutionError as error:
        log = _keep_log(target, run, folder)
        return Outcome(
            run, False, _since(started), f"{error.ename}: {_first_line(error.evalue)}", error.exec_count, log
        )
    except Exception as error:
        log = _keep_log(target, run, folder)
        return Outcome(
            run, False, _since(started), f"{type(error).__name__}: {_first_line(str(error))}", None, log
        )
    finally:
        shutil.rmtree(runtime, ignore_errors=True)


def _papermill(source: Path, target: Path, run: Run, runtime: Path) -> None:
    import papermill
    from traitlets.config import Config

    os.environ["JUPYTER_RUNTIME_DIR"] = str(runtime)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters=dict(run.parameters),
            kernel_name="python3",
            progress_bar=False,
            start_timeout=START_TIMEOUT_S,
            execution_timeout=CELL_TIMEOUT_S,
            config=Config(
                {
                    "KernelManager": {"transport": "ipc", "ip": str(runtime / "k")},
                    "NotebookClient": {"shutdown_kernel": "immediate"},
                }
            ),
        )


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


def _keep_log(target: Path, run: Run, folder: Path) -> str:
    """Keep the notebook of a failed run, and a page that shows its error; return the notebook's path in the report."""
    if not target.is_file():
        text = (
            "未能执行，见目录页。" if run.lang == "zh" else "This page could not be made; the index says why."
        )
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        write_atomically(folder / "pages" / f"{run.path}.html", _page(_clean(notebook), run))
        return ""
    notebook = _clean(nbformat.read(target, as_version=4))
    write_atomically(folder / "pages" / f"{run.path}.html", _page(notebook, run))
    name = f"logs/{run.path}.ipynb"
    write_atomically(folder / name, nbformat.writes(notebook))
    return name

"""Batches: execute runs side by side, keep what is finished, write the report."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError
from planmodel.execution import execute_notebook
from planmodel.folders import choose_folder, write_atomically
from planmodel.notebook import check_parameters
from planmodel.plans import plan_names
from planmodel.runs import Outcome, Run, batch_key, notebooks_folder, plan_batch
from planmodel.scenarios import scenario_names
from planmodel.tables import data_folder


@dataclass(frozen=True)
class Report:
    """A finished batch: its folder, its index page and the runs that failed."""

    folder: Path
    index: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)


def run(
    *,
    plans: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = ("baseline", "low", "high"),
    langs: tuple[str, ...] = ("en",),
    notebooks: tuple[str, ...] = (),
    out: Path | None = None,
    jobs: int = 0,
    parameters: Mapping[str, object] | None = None,
) -> Report:
    """Execute the notebooks and write the report; what is finished already is not run again.

    Errors: PlanmodelError for any mistake in the names or parameters, before anything is written.
    """
    from planmodel.site import Site, write_site

    scenarios = scenario_names() if "all" in scenarios else tuple(dict.fromkeys(scenarios))
    plans = tuple(dict.fromkeys(plans)) or plan_names()
    parameters = dict(parameters or {})
    if jobs < 0:
        raise PlanmodelError(faults=[Fault("jobs", "0 or more", str(jobs))])
    runs = plan_batch(plans, scenarios, langs, notebooks, parameters)
    key = batch_key(runs)
    folder = choose_folder(out, key)
    started = time.time()
    site = Site(
        folder,
        key,
        plans,
        scenarios,
        langs,
        runs,
        check_parameters({**parameters, "plan": plans[0], "scenario": scenarios[0]}),
    )
    site.begin()
    done = {}
    for each in runs:
        outcome = _finished(folder, each)
        if outcome is not None:
            done[each.key] = outcome
    waiting = [each for each in runs if each.key not in done]
    if not waiting and site.finished():
        return Report(folder, folder / site.index_name(langs[0]), tuple(done[each.key] for each in runs))
    for outcome in _execute_all(waiting, folder, jobs or os.cpu_count() or 1):
        done[outcome.run.key] = outcome
        if outcome.ok:
            record = {**asdict(outcome), "run": asdict(outcome.run)}
            write_atomically(
                folder / "runs" / f"{outcome.run.key}.json", json.dumps(record, ensure_ascii=False, indent=1)
            )
    outcomes = tuple(done[each.key] for each in runs)
    index = write_site(site, outcomes, time.time() - started)
    return Report(folder, index, outcomes)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _until_stopped(futures, pool: ProcessPoolExecutor):
    """Yield finished futures; when the user stops the batch, end the workers and drop what waits."""
    try:
        yield from futures
    except KeyboardInterrupt:
        workers = list(pool._processes.values())
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        raise


def _finished(folder: Path, each: Run) -> Outcome | None:
    """Return the outcome of a run that an earlier try finished, None where its files are not all there."""
    try:
        record = json.loads((folder / "runs" / f"{each.key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or "seconds" not in record:
        return None
    files = (folder / "notebooks" / f"{each.path}.ipynb", folder / "pages" / f"{each.path}.html")
    return (
        Outcome(each, True, record["seconds"])
        if all(file.is_file() and file.stat().st_size for file in files)
        else None
    )


def _execute_all(runs: list[Run], folder: Path, jobs: int):
    """Yield the outcomes as they come; a worker that dies costs only its run."""
    from tqdm import tqdm

    if not runs:
        return
    environment = {
        "PLANMODEL_DATA": str(data_folder()),
        "OPENBLAS_NUM_THREADS": "1",
        "IPYKERNEL_CELL_NAME": "<cell>",
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        with ProcessPoolExecutor(
            min(jobs, len(runs)), mp_context=get_context("spawn"), initializer=_leave_interrupts_to_parent
        ) as pool:
            futures = {
                pool.submit(
                    execute_notebook, each, notebooks_folder() / f"{each.notebook}.ipynb", folder
                ): each
                for each in runs
            }
            bar = tqdm(as_completed(futures), total=len(runs), unit="page", disable=not sys.stderr.isatty())
            for future in _until_stopped(bar, pool):
                each = futures[future]
                try:
                    outcome = future.result()
                except Exception as error:
                    outcome = Outcome(each, False, 0.0, f"the worker died: {type(error).__name__}")
                if not outcome.ok:
                    print(f"failed: {each.path}: {outcome.error}", file=sys.stderr)
                yield outcome
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)

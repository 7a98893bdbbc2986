"""Batches: execute runs side by side, keep what is finished, write the report."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from planmodel.batch.execution import Settings
from planmodel.batch.grids import Grid
from planmodel.batch.runs import Inputs, Outcome, Run, batch_key, notebooks_folder, plan_batch
from planmodel.batch.temporary import environment, sweep_temporary
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.folders import choose_folder, claim, sweep, write_atomically
from planmodel.lab.study import DEFAULTS, check_parameters
from planmodel.plans import plan_names
from planmodel.plans.scenarios import scenario_names

FULL = f"OSError: [Errno {errno.ENOSPC}]"
"""How the error of a run begins that found the disk full: the rest would fare no better."""
NO_SPACE = (
    "No space left on the disk of {} or of the temporary files (TMPDIR). What is finished is kept; the same call goes "
    "on with the rest when there is room."
)
CHANGED = (
    "{} changed while the batch ran, so it stopped. What was finished before is kept: the same call is another batch now, "
    "and goes on with this one once the change is taken back."
)


@dataclass(frozen=True)
class Batch:
    """What shall run: the runs with what they were planned from."""

    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    langs: tuple[str, ...]
    runs: tuple[Run, ...]
    parameters: Mapping[str, object]

    @property
    def key(self) -> str:
        return batch_key(self.runs)


@dataclass(frozen=True)
class Report:
    """A finished batch: its folder, its index page and the runs that failed."""

    folder: Path
    index: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)


def prepare(
    *,
    plans: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = (),
    langs: tuple[str, ...] = (),
    notebooks: tuple[str, ...] = (),
    parameters: Mapping[str, object] | None = None,
    grid: Grid | None = None,
) -> Batch:
    """Return what a call asks for, checked; what it leaves open comes from the grid, then from the defaults.

    Errors: PlanmodelError for any mistake in the names or parameters, before anything is written.
    """
    plans = plans or (grid.plans if grid else ())
    scenarios = scenarios or (grid.scenarios if grid else ()) or ("baseline", "low", "high")
    langs = langs or (grid.langs if grid else ()) or ("en",)
    notebooks = notebooks or (grid.notebooks if grid else ())
    scenarios = scenario_names() if "all" in scenarios else tuple(dict.fromkeys(scenarios))
    plans = plan_names() if not plans or "all" in plans else tuple(dict.fromkeys(plans))
    parameters = dict(parameters or {})
    runs = plan_batch(plans, scenarios, langs, notebooks, parameters, grid)
    if not runs:
        raise PlanmodelError(faults=[Fault("grid", "at least one run", "every combination is excluded")])
    return Batch(plans, scenarios, langs, runs, parameters)


def run(
    *,
    plans: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = (),
    langs: tuple[str, ...] = (),
    notebooks: tuple[str, ...] = (),
    out: Path | None = None,
    jobs: int = 0,
    parameters: Mapping[str, object] | None = None,
    grid: Grid | None = None,
    settings: Settings | None = None,
    retry_failed: bool = False,
    scheduler: str = "",
) -> Report:
    """Execute the notebooks and write the report; what is finished already is not run again.

    A run that failed is listed and not run again, unless retry_failed. settings: limits of a run. scheduler: the
    address of a dask scheduler, empty: processes of this machine.

    Errors: PlanmodelError for any mistake in the names or parameters, before anything is written, and where another
    batch writes to the folder.
    """
    if jobs < 0:
        raise PlanmodelError(faults=[Fault("jobs", "0 or more", str(jobs))])
    inputs = Inputs()
    batch = prepare(
        plans=plans, scenarios=scenarios, langs=langs, notebooks=notebooks, parameters=parameters, grid=grid
    )
    folder = choose_folder(out, batch.key)
    with claim(folder):
        try:
            return _run(
                batch,
                inputs,
                folder,
                jobs or os.cpu_count() or 1,
                settings or Settings(),
                retry_failed,
                scheduler,
            )
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise PlanmodelError(NO_SPACE.format(folder)) from None


def _run(
    batch: Batch,
    inputs: Inputs,
    folder: Path,
    jobs: int,
    settings: Settings,
    retry_failed: bool,
    scheduler: str,
) -> Report:
    from planmodel.batch.site import Site, write_site

    sweep(folder)
    sweep_temporary()
    started = time.monotonic()
    known = {name: value for name, value in batch.parameters.items() if name in DEFAULTS}
    first = {**known, "plan": batch.plans[0], "scenario": batch.scenarios[0]}
    site = Site(
        folder, batch.key, batch.plans, batch.scenarios, batch.langs, batch.runs, check_parameters(first)
    )
    site.begin()
    done = {}
    for each in batch.runs:
        outcome = finished(folder, each)
        if outcome is not None and (outcome.ok or not retry_failed):
            done[each.key] = outcome
    waiting = [each for each in batch.runs if each.key not in done]
    index = folder / site.index_name(batch.langs[0])
    if not waiting and site.finished():
        return Report(folder, index, tuple(done[each.key] for each in batch.runs))
    for outcome in _execute(waiting, folder, jobs, settings, scheduler):
        if outcome.error.startswith(FULL):
            raise PlanmodelError(NO_SPACE.format(folder))
        if changed := inputs.changed():  # the run may have read the new ones: it is not what its key says
            raise PlanmodelError(CHANGED.format(changed))
        done[outcome.run.key] = outcome
        if not outcome.ok:
            print(f"failed: {outcome.run.path}: {outcome.error}", file=sys.stderr)
        if not (outcome.ok or outcome.log):
            continue  # no fault of the notebook, such as a full disk or a worker that was killed: the next call tries again
        record = {**asdict(outcome), "run": asdict(outcome.run)}
        text = json.dumps(record, ensure_ascii=False, indent=1)
        write_atomically(folder / "runs" / f"{outcome.run.key}.json", text)
    outcomes = tuple(done[each.key] for each in batch.runs)
    write_site(site, outcomes, time.monotonic() - started)
    return Report(folder, index, outcomes)


def finished(folder: Path, each: Run) -> Outcome | None:
    """Return the outcome of a run that an earlier try finished, None where its files are not all there."""
    try:
        record = json.loads((folder / "runs" / f"{each.key}.json").read_text(encoding="utf-8"))
        ok, seconds = record["ok"], record["seconds"]
        error, cell, log = record["error"], record["cell"], record["log"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    page = folder / "pages" / f"{each.path}.html"
    notebook = folder / "notebooks" / f"{each.path}.ipynb"
    files = [page, notebook] if ok else [page]
    if not all(file.is_file() and file.stat().st_size for file in files):
        return None
    return Outcome(each, ok, seconds, error, cell, log)


def _execute(
    runs: list[Run], folder: Path, jobs: int, settings: Settings, scheduler: str
) -> Iterator[Outcome]:
    """Yield the outcomes as they come, with progress on a terminal."""
    from tqdm import tqdm

    if not runs:
        return
    bar = tqdm(total=len(runs), unit="page", smoothing=0.05, disable=not sys.stderr.isatty())
    with bar, environment():
        for outcome in _outcomes(runs, folder, jobs, settings, scheduler):
            bar.update()
            yield outcome


def _outcomes(runs, folder: Path, jobs: int, settings: Settings, scheduler: str) -> Iterable[Outcome]:
    if scheduler:
        from planmodel.batch.cluster import execute_on_cluster

        return execute_on_cluster(runs, notebooks_folder(), folder, scheduler, settings)
    from planmodel.batch.workers import execute_all

    return execute_all(runs, notebooks_folder(), folder, jobs, settings)

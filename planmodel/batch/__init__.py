"""Batches: execute runs side by side, keep what is finished, write the report."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from planmodel.batch.execution import Product, Settings
from planmodel.batch.grids import Grid
from planmodel.batch.inputs import Inputs
from planmodel.batch.runs import End, Outcome, Run, batch_key, plan_batch
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.folders import choose_folder, claim, sweep, write_atomically
from planmodel.lab.study import DEFAULTS, check_parameters
from planmodel.plans import plan_names
from planmodel.plans.scenarios import scenario_names
from planmodel.words import Phrase, phrase


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
        expected, found = Phrase("batch.at_least_one_run"), Phrase("batch.all_excluded")
        raise PlanmodelError(faults=[Fault("grid", expected, found)])
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
        raise PlanmodelError(faults=[Fault("jobs", Phrase("batch.zero_or_more"), str(jobs))])
    inputs = Inputs()
    batch = prepare(
        plans=plans, scenarios=scenarios, langs=langs, notebooks=notebooks, parameters=parameters, grid=grid
    )
    jobs, settings = jobs or os.cpu_count() or 1, settings or Settings()
    if scheduler:
        from planmodel.batch.cluster import execute_on_cluster

        execute: Execute = partial(execute_on_cluster, scheduler=scheduler, settings=settings)
    else:
        from planmodel.batch.workers import execute_all

        execute = partial(execute_all, jobs=jobs, settings=settings)
    folder = choose_folder(out, batch.key)
    with claim(folder):
        try:
            return _run(batch, inputs, folder, execute, retry_failed)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise _no_space(folder) from None


Execute = Callable[[Sequence[Run]], Generator[Product, None, None]]
"""What executes runs and yields what they made as they end: processes of this machine, or a cluster."""


def _run(batch: Batch, inputs: Inputs, folder: Path, execute: Execute, retry_failed: bool) -> Report:
    from planmodel.batch.site import Site, write_site
    from planmodel.batch.workers import sweep_temporary

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
    with contextlib.closing(_executed(waiting, execute)) as products:
        for outcome, files in products:
            if outcome.end is End.DISK_FULL:
                raise _no_space(folder)
            if changed := inputs.changed():  # the run may have read the new ones: it is not what its key says
                raise PlanmodelError(Phrase("batch.changed", names=changed))
            for path, content in files.items():
                write_atomically(folder / path, content)
            done[outcome.run.key] = outcome
            if outcome.settled:
                write_atomically(folder / "runs" / f"{outcome.run.key}.json", _record(outcome))
            if not outcome.ok:
                said = phrase("batch.failed_run", outcome.run.lang, run=outcome.run.path, fault=outcome.fault)
                print(said, file=sys.stderr)
    outcomes = tuple(done[each.key] for each in batch.runs)
    write_site(site, outcomes, time.monotonic() - started)
    return Report(folder, index, outcomes)


def _no_space(folder: Path) -> PlanmodelError:
    return PlanmodelError(Phrase("batch.no_space", folder=folder))


def _executed(runs: Sequence[Run], execute: Execute) -> Generator[Product, None, None]:
    """Yield what runs made, with progress on a terminal; those that died are tried once more at the end."""
    from tqdm import tqdm

    died: list[Run] = []
    with tqdm(
        total=len(runs), unit="page", smoothing=0.05, disable=not runs or not sys.stderr.isatty()
    ) as bar:
        for again in (False, True):
            with contextlib.closing(execute(died if again else runs)) as products:
                for outcome, files in products:
                    if outcome.end is End.DIED and not again:
                        died.append(outcome.run)
                        continue
                    bar.update()
                    yield outcome, files


def _record(outcome: Outcome) -> str:
    record = {**asdict(outcome), "run": asdict(outcome.run)}
    return json.dumps(record, ensure_ascii=False, indent=1)


def finished(folder: Path, run: Run) -> Outcome | None:
    """Return the outcome of a run that an earlier try finished, None where its files are not all there."""
    try:
        record = json.loads((folder / "runs" / f"{run.key}.json").read_text(encoding="utf-8"))
        outcome = Outcome(**{**record, "run": run, "end": End(record["end"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    page = folder / "pages" / f"{run.path}.html"
    notebook = folder / "notebooks" / f"{run.path}.ipynb"
    files = [page, notebook] if outcome.ok else [page]
    return outcome if all(file.is_file() and file.stat().st_size for file in files) else None

"""Batches: execute runs side by side, keep what is finished, write the report; or say what would run."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from planmodel.batch.containment import sweep_temporary
from planmodel.batch.execution import Product, Settings
from planmodel.batch.grids import Grid
from planmodel.batch.inputs import Inputs
from planmodel.batch.runs import MANIFEST, Batch, End, Outcome, Run, plan_batch
from planmodel.errors import PlanmodelError
from planmodel.files.folders import batch_of, choose_folder, claimed, sweep, write_atomically
from planmodel.files.reading import data_folder
from planmodel.lab.study import DEFAULTS, check_parameters
from planmodel.plans import plan_names
from planmodel.plans.scenarios import in_order, scenario_names, usual_scenarios
from planmodel.words import Phrase, phrase

MOST_NAMED = 8
SECONDS_A_RUN = 1.2
START_SECONDS = 4.0
"""Where no earlier report tells: what a run and the start of a batch take on two cores of 2020 or so."""


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
    grid, parameters = grid or Grid(), dict(parameters or {})
    plans, scenarios = plans or grid.plans, scenarios or grid.scenarios or usual_scenarios()
    langs = langs or grid.langs or ("en",)
    scenarios = in_order(scenario_names()) if "all" in scenarios else tuple(dict.fromkeys(scenarios))
    plans = plan_names() if not plans or "all" in plans else tuple(dict.fromkeys(plans))
    runs = plan_batch(plans, scenarios, langs, notebooks or grid.notebooks, parameters, grid)
    if not runs:
        raise PlanmodelError.of("grid", Phrase("batch.at_least_one_run"), Phrase("batch.all_excluded"))
    return Batch(plans, scenarios, langs, runs, parameters)


def run(
    *,
    out: Path | None = None,
    jobs: int = 0,
    settings: Settings | None = None,
    retry_failed: bool = False,
    scheduler: str = "",
    **asked: Any,
) -> Report:
    """Execute the notebooks and write the report; what is finished already is not run again.

    asked: what `prepare` takes. A run that failed is listed and not run again, unless
    retry_failed. settings: limits of a run. scheduler: the address of a dask scheduler, empty: processes of this machine.

    Errors: PlanmodelError for any mistake in the names or parameters, before anything is written, and where another
    batch writes to the folder.
    """
    if jobs < 0:
        raise PlanmodelError.of("jobs", Phrase("batch.zero_or_more"), str(jobs))
    inputs, batch = Inputs(), prepare(**asked)
    inputs.plans = {name for each in batch.runs for name in each.reads}
    jobs, settings = jobs or os.cpu_count() or 1, settings or Settings()
    if scheduler:
        from planmodel.batch.cluster import execute_on_cluster

        execute: Execute = partial(execute_on_cluster, scheduler=scheduler, settings=settings)
    else:
        from planmodel.batch.workers import execute_all

        execute = partial(execute_all, jobs=jobs, settings=settings)
    with claimed(out, batch.key) as folder:
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

    sweep(folder)
    sweep_temporary()
    started = time.monotonic()
    known = {name: value for name, value in batch.parameters.items() if name in DEFAULTS}
    first = {**known, "plan": batch.plans[0], "scenario": batch.scenarios[0]}
    site = Site(folder, batch, check_parameters(first))
    site.begin()
    tried = {each.key: finished(folder, each) for each in batch.runs}
    done = {key: o for key, o in tried.items() if o is not None and (o.ok or not retry_failed)}
    waiting = [each for each in batch.runs if each.key not in done]
    index = folder / site.index_name(batch.langs[0])
    if not waiting and site.finished():
        return Report(folder, index, tuple(done[each.key] for each in batch.runs))
    site.reopen()
    with contextlib.closing(_executed(waiting, execute)) as products:
        for outcome, files in products:
            if outcome.end is End.DISK_FULL:
                raise _no_space(folder)
            inputs.check()  # the run may have read the new ones: it is not what its key says
            for path, content in files.items():
                write_atomically(folder / path, content)
            done[outcome.run.key] = outcome
            if outcome.settled:
                record = json.dumps(asdict(outcome), ensure_ascii=False, indent=1)
                write_atomically(folder / "runs" / f"{outcome.run.key}.json", record)
            if not outcome.ok:
                said = phrase("batch.failed_run", outcome.run.lang, run=outcome.run.path, fault=outcome.fault)
                print(said, file=sys.stderr)
    outcomes = tuple(done[each.key] for each in batch.runs)
    manifest = write_site(site, outcomes, time.monotonic() - started)
    inputs.check()  # the site reads them, too
    site.write(MANIFEST, manifest)
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


def finished(folder: Path, run: Run) -> Outcome | None:
    """Return the outcome of a run that an earlier try finished, None where its files are not all there."""
    try:
        record = json.loads((folder / "runs" / f"{run.key}.json").read_text(encoding="utf-8"))
        outcome = Outcome(**{**record, "run": run, "end": End(record["end"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    files = [folder / name for name in (run.page, run.notebook_file)[: 1 + outcome.ok]]
    return outcome if all(file.is_file() and file.stat().st_size for file in files) else None


def preview(batch: Batch, out: Path | None, jobs: int, retry_failed: bool = False, lang: str = "en") -> str:
    """Return in words what a batch would run, what of it is finished or failed, and roughly how long the rest takes.

    Times are medians of the earlier reports in outputs/ and of the folder named, by notebook.
    """
    folder = choose_folder(out, batch.key)
    known = batch_of(folder) == batch.key
    tried = {run.key: finished(folder, run) for run in batch.runs} if known else {}
    done = {key for key, outcome in tried.items() if outcome and outcome.ok}
    failed = {key for key, outcome in tried.items() if outcome and not outcome.ok}
    waiting = [run for run in batch.runs if run.key not in done and (retry_failed or run.key not in failed)]
    jobs = min(jobs or os.cpu_count() or 1, max(len(waiting), 1))
    usual = usual_seconds([folder, *sorted((data_folder().parent / "outputs").glob("*"))])
    seconds = sum(usual.get(run.notebook, SECONDS_A_RUN) for run in waiting) / jobs
    again = Phrase("publish.preview.tried_again" if retry_failed else "publish.preview.not_again")
    faulty = Phrase("publish.preview.failed", n=len(failed), again=again) if failed else ""
    head = Phrase("publish.preview.head", n=len(batch.runs), done=len(done), failed=faulty, batch=batch.key)
    lines: list[Phrase] = [head]
    for what, values in (
        ("notebooks", Counter(run.notebook for run in batch.runs)),
        ("plans", Counter(run.plan for run in batch.runs)),
        ("scenarios", Counter(run.scenario or "-" for run in batch.runs)),
        ("languages", Counter(run.lang for run in batch.runs)),
        ("variants", Counter(run.variant for run in batch.runs if run.variant)),
    ):
        counts = [f"{name} {count}" for name, count in list(values.items())[:MOST_NAMED]]
        more = Phrase("publish.preview.more", n=len(values) - MOST_NAMED) if len(values) > MOST_NAMED else ""
        if counts:
            name = Phrase(f"publish.preview.{what}")
            lines.append(Phrase("publish.preview.line", what=name, counts=counts, more=more))
    told = any(run.notebook in usual for run in waiting)
    basis = Phrase("publish.preview.told" if told else "publish.preview.guess")
    time = duration(seconds + START_SECONDS if waiting else 0)
    lines.append(Phrase("publish.preview.about", n=len(waiting), time=time, jobs=jobs, basis=basis))
    return "\n".join(line[lang] for line in lines)


def usual_seconds(folders: list[Path]) -> dict[str, float]:
    """Return the median seconds of a run by notebook, from the manifests of reports."""
    times: dict[str, list[float]] = {}
    for folder in folders:
        try:
            runs = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["runs"]
            for run in runs:
                if run["ok"]:
                    times.setdefault(run["run"].rpartition("/")[2], []).append(float(run["seconds"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return {name: median(values) for name, values in times.items()}


def duration(seconds: float) -> str:
    """Return a time for reading.

    >>> duration(42), duration(600), duration(9000)
    ('42 s', '10 min', '2 h 30 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"

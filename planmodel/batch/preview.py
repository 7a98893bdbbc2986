"""What a batch would run, and roughly how long it would take: nothing is executed."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from statistics import median

from planmodel.batch import Batch, finished
from planmodel.files.folders import batch_of, choose_folder
from planmodel.files.reading import data_folder

SECONDS_A_RUN = 1.2
START_SECONDS = 4.0
"""Where no earlier report tells: what a run and the start of a batch take on two cores of 2020 or so."""


def preview(batch: Batch, out: Path | None, jobs: int, retry_failed: bool = False) -> str:
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
    again = "tried again" if retry_failed else "not tried again without --retry-failed"
    faulty = f", {len(failed)} failed ({again})" if failed else ""
    lines = [f"{len(batch.runs)} runs, {len(done)} of them finished{faulty}; batch {batch.key}"]
    for what, values in (
        ("notebooks", Counter(run.notebook for run in batch.runs)),
        ("plans", Counter(run.plan for run in batch.runs)),
        ("scenarios", Counter(run.scenario or "-" for run in batch.runs)),
        ("languages", Counter(run.lang for run in batch.runs)),
        ("variants", Counter(run.variant for run in batch.runs if run.variant)),
    ):
        shown = [f"{name} {count}" for name, count in list(values.items())[:8]]
        more = f", and {len(values) - 8} more" if len(values) > 8 else ""
        if shown:
            lines.append(f"  {what}: {', '.join(shown)}{more}")
    told = any(run.notebook in usual for run in waiting)
    basis = "from earlier reports" if told else "a guess: no earlier report"
    lines.append(
        f"about {duration(seconds + START_SECONDS if waiting else 0)} for the {len(waiting)} left, {jobs} at a time ({basis})"
    )
    return "\n".join(lines)


def usual_seconds(folders: list[Path]) -> dict[str, float]:
    """Return the median seconds of a run by notebook, from the manifests of reports."""
    times: dict[str, list[float]] = {}
    for folder in folders:
        try:
            runs = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["runs"]
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

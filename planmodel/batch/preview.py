"""What a batch would run, and roughly how long it would take: nothing is executed."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from statistics import median

from planmodel.batch import Batch, finished
from planmodel.batch.addresses import MANIFEST
from planmodel.files.folders import batch_of, choose_folder
from planmodel.files.reading import data_folder
from planmodel.words import Phrase

MOST_NAMED = 8
SECONDS_A_RUN = 1.2
START_SECONDS = 4.0
"""Where no earlier report tells: what a run and the start of a batch take on two cores of 2020 or so."""


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

"""The list of all runs of a batch as pages to filter and sort: for batches too large for one index."""

from __future__ import annotations

import math
from pathlib import Path

from planmodel.batch.addresses import list_name, page_of
from planmodel.batch.dataset import DATASET
from planmodel.batch.runs import ALL_PLANS, Outcome
from planmodel.plans import load_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.report import Link, RunList, RunRow, notebook_title, runs_html
from planmodel.words import percent, phrase

ROWS_A_PAGE = 2000


def list_pages(outcomes: tuple[Outcome, ...], folder: Path, lang: str, index: str) -> dict[str, str]:
    """Return the pages that list the runs, all in one language, by file name."""
    chances = chances_by_run(folder)
    parts = [outcomes[i : i + ROWS_A_PAGE] for i in range(0, len(outcomes), ROWS_A_PAGE)]
    names = [list_name(lang, number) for number in range(1, len(parts) + 1)]
    failed = sum(not outcome.ok for outcome in outcomes)
    about = phrase("report.about_runs", lang, n=len(outcomes), failed=failed)
    pages = {}
    for name, part in zip(names, parts, strict=True):
        links = [Link(index, phrase("report.index", lang))]
        links += [Link(other, str(i)) for i, other in enumerate(names, 1) if len(names) > 1 and other != name]
        rows = tuple(
            _row(outcome, chances.get(outcome.run.twin or outcome.run.key, ()), lang) for outcome in part
        )
        pages[name] = runs_html(RunList(phrase("report.all_runs", lang), about, rows, tuple(links)), lang)
    return pages


def chances_by_run(folder: Path) -> dict[str, tuple[float, ...]]:
    """Return the probabilities of each run's assessable targets, by the run's key, from the data set."""
    from pyarrow import parquet

    by_run: dict[str, list[float]] = {}
    for path in sorted(
        (folder / DATASET).rglob("*.parquet")
    ):  # one by one: all at once would take their memory
        with parquet.ParquetFile(path) as file:
            if "probability" not in file.schema_arrow.names:
                continue
            columns = file.read(["run", "probability"], use_threads=False).to_pydict()
        for key, chance in zip(columns["run"], columns["probability"], strict=True):
            if chance is not None and not math.isnan(chance):
                by_run.setdefault(key, []).append(chance)
    return {key: tuple(chances) for key, chances in by_run.items()}


def _row(outcome: Outcome, chances: tuple[float, ...], lang: str) -> RunRow:
    run = outcome.run
    likely = sum(chance >= 0.5 for chance in chances) if chances else None
    mean = sum(chances) / len(chances) if chances else None
    return RunRow(
        plan=phrase("report.all_plans", lang) if run.plan == ALL_PLANS else load_plan(run.plan).short[lang],
        scenario=load_scenario(run.scenario).name[lang] if run.scenario else "",
        variant=run.variant,
        notebook=notebook_title(run.notebook, lang),
        href=page_of(run.path),
        state="done" if outcome.ok else "failed",
        seconds=outcome.seconds,
        likely=likely,
        likely_text="–" if likely is None else f"{likely} / {len(chances)}",
        chance=mean,
        chance_text=percent(mean),
        error=outcome.fault,
        log=outcome.log,
    )

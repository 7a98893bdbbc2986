"""The list of all runs of a batch as pages to filter and sort: for batches too large for one index."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from planmodel.batch.dataset import DATASET
from planmodel.batch.runs import ALL_PLANS, Outcome
from planmodel.plans import load_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.report import Link, RunList, RunRow, runs_html
from planmodel.report.labels import label
from planmodel.words import percent

ROWS_A_PAGE = 2000


def list_pages(
    outcomes: tuple[Outcome, ...], folder: Path, lang: str, index: str, titles: Mapping[str, str]
) -> dict[str, str]:
    """Return the pages that list the runs of a language, by file name; titles: of the notebooks."""
    own = [outcome for outcome in outcomes if outcome.run.lang == lang]
    chances = chances_by_run(folder)
    parts = [own[i : i + ROWS_A_PAGE] for i in range(0, len(own), ROWS_A_PAGE)]
    names = [page_name(lang, number) for number in range(1, len(parts) + 1)]
    about = (
        f"{len(own)} 次运行，{sum(not o.ok for o in own)} 次失败。点击表头排序；概率取自各次运行的可评估目标。"
        if lang == "zh"
        else f"{len(own)} runs, {sum(not o.ok for o in own)} failed. Click a heading to sort; probabilities are those of the "
        "targets that each run could assess."
    )
    pages = {}
    for name, part in zip(names, parts, strict=True):
        links = [Link(index, "目录" if lang == "zh" else "Index")]
        links += [Link(other, str(i)) for i, other in enumerate(names, 1) if len(names) > 1 and other != name]
        rows = tuple(
            _row(outcome, chances.get(outcome.run.twin or outcome.run.key, ()), titles, lang)
            for outcome in part
        )
        pages[name] = runs_html(RunList(label("all_runs", lang), about, rows, tuple(links)), lang)
    return pages


def page_name(lang: str, number: int = 1) -> str:
    """Return the file name of a page of the list."""
    return f"runs.{lang}.html" if number == 1 else f"runs.{lang}.{number}.html"


def chances_by_run(folder: Path) -> dict[str, tuple[float, ...]]:
    """Return the probabilities of each run's assessable targets, by the run's key, from the data set."""
    from pyarrow import parquet

    found: dict[str, list[float]] = {}
    for path in sorted(
        (folder / DATASET).rglob("*.parquet")
    ):  # one by one: all at once would take their memory
        with parquet.ParquetFile(path) as file:
            if "probability" not in file.schema_arrow.names:
                continue
            columns = file.read(["run", "probability"], use_threads=False).to_pydict()
        for key, chance in zip(columns["run"], columns["probability"], strict=True):
            if chance is not None and not math.isnan(chance):
                found.setdefault(key, []).append(chance)
    return {key: tuple(chances) for key, chances in found.items()}


def _row(outcome: Outcome, chances: tuple[float, ...], titles: Mapping[str, str], lang: str) -> RunRow:
    run = outcome.run
    likely = sum(chance >= 0.5 for chance in chances) if chances else None
    mean = sum(chances) / len(chances) if chances else None
    return RunRow(
        plan=load_plan(run.plan).short[lang]
        if run.plan != ALL_PLANS
        else ("各规划" if lang == "zh" else "all plans"),
        scenario=load_scenario(run.scenario).name[lang] if run.scenario else "",
        variant=run.variant,
        notebook=titles.get(run.notebook, run.notebook),
        href=f"pages/{run.path}.html",
        state="done" if outcome.ok else "failed",
        seconds=outcome.seconds,
        likely=likely,
        likely_text="–" if likely is None else f"{likely} / {len(chances)}",
        chance=mean,
        chance_text=percent(mean),
        error=outcome.fault,
        log=outcome.log,
    )

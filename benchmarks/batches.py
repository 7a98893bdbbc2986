"""Measure batches against their bars: `make benchmark-batches`.

Usage: python -m benchmarks.batches [PART ...] [--quick] [--out FOLDER]
Parts (default all): ways, what a run of notebook 2 costs beside papermill's own ways; size, 60 runs against 1,000;
sure, starts of kernels and interruptions. The ways take turns in rounds, so that another load of the machine hits all
alike; figures are medians of the rounds. Linux only. Takes half an hour on two idle cores, --quick four minutes. Prints
the summary and writes it with ways.csv, size.csv, memory.csv and sure.csv to FOLDER/<date>/, by default
benchmarks/results/batches where everything is measured, nowhere where it is not.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from benchmarks import ways
from benchmarks.summary import Bars

RESULTS = ways.ROOT / "benchmarks" / "results" / "batches"
PARTS = ("ways", "size", "sure")
ONE_BY_ONE = ("command line", "API", "function")
FASTER = {"command line": 7, "API": 4}
MOST_OVERHEAD_S, MOST_DEARER, MOST_MB, MOST_GROWTH_MB = 0.6, 0.15, 400, 40
CHECKS = {
    "300 kernel starts in a row on 4 workers: no failure": "test_kernels.py::test_300_starts_on_four_workers_without_a_failure",
    "20 interruptions at random moments: nothing lost, nothing run twice to a different result": (
        "test_large_batches.py::test_twenty_interruptions_at_random_moments_change_nothing"
    ),
    "a forked kernel gives the bytes of a stock one, pages included": (
        "test_kernels.py::test_a_forked_kernel_gives_the_bytes_of_the_stock_one"
    ),
}


@dataclass(frozen=True)
class Amount:
    """How much is measured: rounds, runs a round of the ways one by one, runs of a batch and of a large one."""

    n_rounds: int = 5
    n_single: int = 12
    n_batch: int = 60
    n_large: int = 1000
    n_pairs: int = 2


QUICK = Amount(n_rounds=2, n_single=2, n_batch=30, n_large=90, n_pairs=1)


def measure_ways(amount: Amount, step) -> tuple[pd.DataFrame, list[str], int]:
    """Return a row a way and round; notebooks whose outputs differ from the stock engine's; how many were compared."""
    rows, different, compared = [], [], 0
    for number in range(1, amount.n_rounds + 1):
        with tempfile.TemporaryDirectory(prefix="b-") as name:
            folders = {way: Path(name) / way for way in (*ONE_BY_ONE, "batch", "pages")}
            for folder in folders.values():
                folder.mkdir()
            first = ways.FIRST_SEED + number * amount.n_batch
            usages = {}
            for way, call in zip(
                ONE_BY_ONE, (ways.command_line, ways.python_api, ways.function), strict=True
            ):
                step(f"round {number}: {way}")
                usages[way] = call(amount.n_single, folders[way], first)
            step(f"round {number}: batch, with and without pages")
            usages["batch"] = ways.batch(amount.n_batch, folders["batch"], first)
            usages["batch without pages"] = ways.without_pages(amount.n_batch, folders["batch"], first)
            usages["page alone"] = ways.pages(amount.n_batch, folders["batch"] / "out" / "notebooks")
            for way in ("command line", "API"):
                for path in sorted(folders[way].glob("*.ipynb")):
                    compared += 1
                    (own,) = (folders["batch"] / "out" / "notebooks").rglob(f"seed={path.stem}/*.ipynb")
                    if outputs_of(path) != outputs_of(own):
                        different.append(f"{way} {path.stem}")
        rows += [{"round": number, "way": way, "wall": u.wall, "cpu": u.cpu} for way, u in usages.items()]
    return pd.DataFrame(rows), different, compared


def outputs_of(path: Path) -> list:
    """Return the outputs of a notebook's code cells, without what is handed to the batch."""
    import nbformat

    from planmodel.batch.execution import take_results

    notebook = nbformat.read(path, as_version=4)
    take_results(notebook)
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]


def measure_size(amount: Amount, step) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a row a batch, small ones between large ones, and the memory of the large ones over time."""
    rows, memory = [], []
    order = [amount.n_batch, amount.n_large] * amount.n_pairs + [amount.n_batch]
    for position, n in enumerate(order):
        step(f"batch of {n}")
        with tempfile.TemporaryDirectory(prefix="b-") as name:
            usage = ways.batch(n, Path(name))
        rows.append(
            {
                "runs": n,
                "wall": usage.wall,
                "cpu": usage.cpu,
                "coordinator_mb": usage.coordinator_mb,
                "growth_mb": usage.coordinator_growth(),
                "all_mb": max((row[2] for row in usage.memory), default=0),
                "exit": usage.exit,
                "left": "; ".join(usage.left),
            }
        )
        if n == amount.n_large:
            shown = usage.memory[:: max(len(usage.memory) // 200, 1)]
            memory += [dict(zip(MEMORY, (position, *row), strict=True)) for row in shown]
    return pd.DataFrame(rows), pd.DataFrame(memory, columns=MEMORY)


MEMORY = ["batch", "second", "coordinator_mb", "all_mb", "processes"]


def measure_sure(quick: bool, step) -> pd.DataFrame:
    """Return a row a check: tests of the suite, for what they prove is the bar."""
    rows = []
    for bar, test in CHECKS.items():
        if quick and "interruptions" in bar:
            continue
        step(bar)
        began = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{test}"]
        done = subprocess.run(command, cwd=ways.ROOT, capture_output=True, text=True, check=False)
        said = re.sub(r" in [0-9.]+s.*", "", (done.stdout.strip().splitlines() or ["no answer"])[-1])
        ok = done.returncode == 0 and "skipped" not in said
        rows.append(
            {"bar": bar, "ok": ok, "said": said, "seconds": time.perf_counter() - began, "test": test}
        )
    return pd.DataFrame(rows)


def bars_of_ways(bars: Bars, table: pd.DataFrame, different: list[str], compared: int) -> None:
    """Add the bars on speed: ratios are medians of the rounds' ratios, with the lowest and the highest."""
    wall, cpu = (table.pivot(index="round", columns="way", values=value) for value in ("wall", "cpu"))
    rounds = f"{len(wall)} rounds that take turns"
    for way, least in FASTER.items():
        ratio = wall[way] / wall["batch"]
        bars.add(
            f"at least {least} times faster a run (wall) than papermill's {way}, one after another",
            f"{ratio.median():.1f} times ({ratio.min():.1f} to {ratio.max():.1f}): {wall['batch'].median():.2f} s "
            f"against {wall[way].median():.2f} s",
            ratio.median() >= least,
            f"{rounds}; the batch with start, pages, tables and index",
        )
    for way, bar in (("batch without pages", MOST_OVERHEAD_S), ("batch", None)):
        over = cpu[way] - cpu["function"]
        bars.add(
            f"overhead above the same code as a function in one warm process, {way}"
            + (f": at most {bar} CPU s a run" if bar else ", as it is: CPU s a run"),
            f"{over.median():.2f} s ({over.min():.2f} to {over.max():.2f}): {cpu[way].median():.2f} s against "
            f"{cpu['function'].median():.2f} s",
            over.median() <= bar if bar else None,
            f"{rounds}; start of workers included",
        )
    page = cpu["page alone"]
    bars.add(
        "HTML page of a run, apart: CPU s",
        f"{page.median():.3f} s ({page.min():.3f} to {page.max():.3f})",
        None,
        "one exporter, as a worker keeps it",
    )
    bars.add(
        "outputs equal those of the stock engine",
        f"{compared - len(different)} of {compared} notebooks equal in every output" + said_some(different),
        not different and compared > 0,
        "notebooks of papermill's command line and API against those of the batch, same seeds",
    )


def bars_of_size(bars: Bars, table: pd.DataFrame) -> None:
    """Add the bars on large batches."""
    small, large = (table[table["runs"] == n] for n in sorted(set(table["runs"])))
    n_small, n_large = small["runs"].iloc[0], large["runs"].iloc[0]
    for value, words in (("wall", "wall"), ("cpu", "CPU")):
        before, after = small[value].median(), large[value].median()
        bars.add(
            f"{n_large:,} runs: {words} s a run at most {MOST_DEARER:.0%} above that of {n_small}",
            f"{after:.3f} s against {before:.3f} s: {after / before - 1:+.0%}",
            after <= (1 + MOST_DEARER) * before,
            f"{len(large)} large batches between {len(small)} small ones; a small one spreads its start over fewer runs",
        )
    bars.add(
        f"{n_large:,} runs: coordinator's memory under {MOST_MB} MB",
        f"{large['coordinator_mb'].max():.0f} MB at most, all processes {large['all_mb'].max():.0f} MB",
        large["coordinator_mb"].max() < MOST_MB,
        f"resident memory every {ways.WATCH_S} s",
    )
    bars.add(
        f"{n_large:,} runs: coordinator's memory flat",
        f"{large['growth_mb'].max():+.1f} MB from the second tenth of its time to the last",
        large["growth_mb"].max() <= MOST_GROWTH_MB,
        f"medians of the tenths, while it has workers; flat: at most {MOST_GROWTH_MB} MB",
    )
    left = [text for text in table["left"] if text]
    bars.add(
        "no leaked process, socket or temporary file; every batch ends well",
        f"{len(left)} of {len(table)} batches left something" + said_some(left),
        not left and (table["exit"] == 0).all(),
        "processes by a mark in their environment, sockets by /proc/net/unix, files by a folder of their own",
    )


def said_some(names: list[str]) -> str:
    return f": {', '.join(names[:5])}" if names else ""


NOTES = """
How to read it

- Every way runs notebook 2 on one plan with seeds of its own. `batch` is `planmodel run` on two jobs with everything:
  start, pages, tables, index. `batch without pages` are two processes that execute as its workers do. papermill's ways
  make no pages.
- wall and cpu are seconds a run; cpu counts every process. What else runs on the machine lengthens the wall seconds of
  all ways, and those of two jobs more than those of one: wall ratios measured beside a load are too low.
- The API's and the function's seconds leave their import out, the command line's and the batch's include it.
"""


def machine() -> str:
    """Return the machine and versions in words."""
    try:
        model = next(
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        )
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    packages = ", ".join(f"{name} {version(name)}" for name in ("papermill", "ipykernel", "pandas", "numpy"))
    return f"{os.cpu_count()} cores of {model}; Python {platform.python_version()}, {packages}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {' '.join(PARTS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="few rounds and runs, no interruptions")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the dated folder goes")
    said, began = parser.parse_args(), time.perf_counter()
    wrong = [part for part in said.parts if part not in PARTS]
    if wrong:
        parser.error(f"no part {' '.join(wrong)}; there are {' '.join(PARTS)}")
    parts, amount = said.parts or PARTS, QUICK if said.quick else Amount()
    load = os.getloadavg()[0]

    def step(words: str) -> None:
        print(f"{time.perf_counter() - began:5.0f} s  {words}", file=sys.stderr, flush=True)

    bars, tables = Bars(), {}
    if "ways" in parts:
        tables["ways"], different, compared = measure_ways(amount, step)
        bars_of_ways(bars, tables["ways"], different, compared)
    if "size" in parts:
        tables["size"], tables["memory"] = measure_size(amount, step)
        bars_of_size(bars, tables["size"])
    if "sure" in parts:
        tables["sure"] = measure_sure(said.quick, step)
        for row in tables["sure"].itertuples():
            bars.add(row.bar, row.said, row.ok, f"`{row.test}`, {row.seconds:.0f} s")
    date = datetime.date.today().isoformat()
    minutes = (time.perf_counter() - began) / 60
    text = (
        f"# Batches against their bars, {date}\n\n{bars.markdown()}\n{NOTES}\n{machine()}; {minutes:.0f} minutes; load "
        f"at the start {load:.1f}.{' A quick look: few rounds.' if said.quick else ''} Made by `make benchmark-batches`.\n"
    )
    whole = set(parts) == set(PARTS) and not said.quick
    if said.out or whole:
        folder = (said.out or RESULTS) / date
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.round(3).to_csv(folder / f"{name}.csv", index=False)
        (folder / "summary.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

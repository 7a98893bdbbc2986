"""Measure the forecasts against their bars: `make benchmark BENCHMARKS=folder REFERENCE=folder`.

Usage: python -m benchmarks.run BENCHMARK_FOLDER REFERENCE_FOLDER [--peers PYTHON] [--jobs N] [--out FOLDER]
Writes benchmarks/results/<date>/: tables, charts and summary.md. Rows of the data stay where they are: histories and
single forecasts pass through a temporary folder only.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from benchmarks import competitions, growth, joint, nominal, outlooks, pictures, speed, summary, targets
from tools import make_pooled

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".venv" / "bin" / "python"
NEEDED = {
    "BENCHMARKS": ("m1_yearly.csv", "tourism_yearly.csv", "m4_yearly_sample.csv.gz"),
    "REFERENCE": (
        "weo_growth_vintages.csv",
        "wdi_real_gdp_growth.csv",
        "china_city_sample.csv",
        "china_city_targets_sample.csv",
    ),
}
DIGITS = 4


def peer_forecasts(python: Path, series: list[dict]) -> pd.DataFrame:
    """Run the peers one set after the other (each uses both cores)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        competitions.write_series(series, folder / "series.csv")
        parts = []
        for which, interpreter in (("statsforecast", python), ("statsmodels", Path(sys.executable))):
            out, log = folder / f"{which}.csv", folder / f"{which}.log"
            process = competitions.start_peers(interpreter, folder / "series.csv", out, which, log)
            if process.wait() != 0:
                sys.exit(f"{which} failed: {log.read_text(encoding='utf-8')[-2000:]}")
            parts.append(pd.read_csv(out, dtype={"window": str}))
    return pd.concat(parts, ignore_index=True)


def speeds(python: Path) -> pd.DataFrame:
    """Time the methods one after the other, each in a process of its own."""
    rows = []
    for method in (*speed.OWN, speed.PEER):
        interpreter = python if method == speed.PEER else Path(sys.executable)
        done = subprocess.run(
            [str(interpreter), str(HERE / "speed.py"), method], capture_output=True, text=True, check=True
        )
        rows.append({"method": method, **json.loads(done.stdout)})
    table = pd.DataFrame(rows)
    table["ratio"] = table["seconds"] / table.loc[table["method"] == speed.PEER, "seconds"].iloc[0]
    return table[["method", "seconds", "ratio", "wall", "peak_mb", "start_mb"]]


def versions(python: Path) -> str:
    """Return the versions that the figures were made with."""
    code = "import importlib.metadata as m; print(m.version('statsforecast'), m.version('pandas'))"
    peer = subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    own = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "statsmodels"))
    return f"Python {platform.python_version()}, {own}; statsforecast {peer[0]} (pandas {peer[1]})"


def folders() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmarks", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--peers", type=Path, default=PEERS, help="Python of the peers' environment")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    found = parser.parse_args()
    for name, folder in (("BENCHMARKS", found.benchmarks), ("REFERENCE", found.reference)):
        missing = [each for each in NEEDED[name] if not (folder / each).is_file()]
        if missing:
            parser.error(f"{name}={folder} has no {', '.join(missing)}: name the folder that has them")
    if not found.peers.is_file():
        parser.error(f"no peers' environment at {found.peers}: `make benchmark` makes it")
    return found


def main() -> None:
    said, began = folders(), time.perf_counter()
    warnings.simplefilter("ignore", RuntimeWarning)

    def step(words: str) -> None:
        print(f"{time.perf_counter() - began:5.0f} s  {words}", file=sys.stderr, flush=True)

    step("speed")  # first: while nothing else runs, and what cannot start says so at once
    timed = speeds(said.peers)
    step("peers")
    series = make_pooled.load_series(said.benchmarks)
    peer_rows, peer_horizons = competitions.peers(series, peer_forecasts(said.peers, series))
    step("collections")
    rows, horizons = competitions.own(series, said.jobs)
    reference = said.reference.resolve()
    with get_context("fork").Pool(said.jobs) as pool:
        step("growth")
        grown = growth.table(pd.concat(pool.map(growth.score_origin, growth.tasks(reference), chunksize=1)))
        step("outlooks")
        published = outlooks.table(
            pd.concat(pool.map(outlooks.score_origin, outlooks.tasks(reference), chunksize=1))
        )
        dearer = outlooks.table(
            pd.concat(pool.map(outlooks.score_prices, outlooks.tasks(reference), chunksize=1))
        )
        step("nominal")
        amounts = nominal.table(
            pd.concat(pool.map(nominal.score_origin, nominal.tasks(reference), chunksize=1))
        )
        step("M4")
        sample = said.benchmarks / "m4_yearly_sample.csv.gz"
        aside = pool.starmap(
            competitions.kept_aside, [(sample, window) for window in competitions.WINDOWS], chunksize=1
        )
        step("targets")
        margins = pd.concat(pool.map(targets.margins_of_year, targets.tasks(reference), chunksize=1))
    skills, bins = targets.tables(margins.reset_index(drop=True))
    step("joint")
    together = joint.scored(reference)
    tables = {
        "collections": pd.DataFrame(rows + peer_rows),
        "horizons": pd.DataFrame(horizons + peer_horizons).astype({"horizon": int}),
        "growth": grown,
        "outlooks": published,
        "prices": dearer,
        "nominal": amounts,
        "joint": together,
        "m4": pd.DataFrame(aside),
        "targets": skills,
        "reliability": bins,
        "speed": timed,
    }
    date = datetime.date.today().isoformat()
    folder = said.out / date
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        numbers = table.select_dtypes(np.floating).columns
        table.assign(**table[numbers].round(DIGITS)).to_csv(folder / f"{name}.csv", index=False)
    shown = [name for name in skills["model"] if "chosen" in name or "prior of" in name]
    pictures.save(folder, tables["horizons"], grown, bins, ["engine", *dict.fromkeys(reversed(shown))])
    minutes = (time.perf_counter() - began) / 60
    text = summary.write(folder / "summary.md", date, versions(said.peers), minutes, **tables, jobs=said.jobs)
    step("done")
    print(text)


if __name__ == "__main__":
    main()

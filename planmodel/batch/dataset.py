"""The results of all runs as one partitioned data set: results/dataset/plan=.../scenario=.../KEY.parquet."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from planmodel.batch.runs import Run

DATASET = "results/dataset"
NOT_VARIED = ("plan", "plans", "scenario", "scenarios", "lang")


def partition_of(run: Run) -> str:
    """Return where a run's results stand within the data set."""
    return f"plan={run.plan}/scenario={run.scenario or 'all'}/{run.key}.parquet"


def as_parquet(results: Mapping, run: Run) -> bytes:
    """Return a run's results as parquet: its parameters as columns before the table's own.

    Plan and scenario are left out: they stand in the folder names, and readers add them. results: `columns`, `data` and
    `text`, the columns of text; one that is empty needs it to have the type it has in other runs.
    """
    table = pd.DataFrame(results["data"], columns=results["columns"]).drop(
        columns=["plan", "scenario"], errors="ignore"
    )
    given: dict[str, object] = {"run": run.key, "notebook": run.notebook}
    given |= {
        name: value for name, value in run.parameters.items() if name not in NOT_VARIED and name not in table
    }
    for position, (name, value) in enumerate(given.items()):
        table.insert(position, name, value)
    for column in table.columns:
        if table[column].isna().all():
            table[column] = table[column].astype("string" if column in results.get("text", ()) else float)
    out = io.BytesIO()
    table.to_parquet(out, index=False)
    return out.getvalue()


def write_csv(folder: Path, runs: Iterable[Run]) -> Path | None:
    """Write the results of some runs as one CSV, a run at a time, in the order given; None where there are none.

    Columns are those of all runs; a run without one leaves it empty.
    """
    files = [(run, folder / DATASET / partition_of(run)) for run in runs]
    files = [(run, path) for run, path in files if path.is_file()]
    if not files:
        return None
    from pyarrow import parquet

    columns = list(dict.fromkeys(name for _, path in files for name in parquet.read_schema(path).names))
    target = folder / "results" / "dataset.csv"
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(["plan", "scenario", *columns])
        for run, path in files:
            table = pd.read_parquet(path).reindex(columns=columns)
            table.insert(0, "scenario", run.scenario or "all")
            table.insert(0, "plan", run.plan)
            table.to_csv(out, index=False, header=False, lineterminator="\n")
    os.replace(temporary, target)
    return target

"""How far a batch moves each promise's chance, and which of the things it varies moves it most."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from planmodel.batch.runs import Outcome

TARGET = ["plan", "table", "number", "part", "indicator"]
FIXED = ("plan", "plans", "scenario", "scenarios", "lang")
SPREAD = (*TARGET, "n", "low", "high", "spread", "moved_by", "lowest", "highest")
"""What names a target, what is varied neither as a parameter nor beside it, and the columns of `spread`."""


def chances(folder: Path, outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return one row a run and target with a chance: the run's scenario and parameters, and the chance (0-1)."""
    from pyarrow import parquet

    parts = []
    for run in (o.run for o in outcomes if o.ok and not o.run.twin):
        path = folder / run.results
        names = parquet.read_schema(path).names if path.is_file() else []
        if run.scenario and {"probability", *TARGET[1:]} <= set(names):
            own = parquet.ParquetFile(path).read(columns=[*TARGET[1:], "probability"]).to_pandas()
            given = {name: str(value) for name, value in run.parameters.items() if name not in FIXED}
            parts.append(own.assign(**given, plan=run.plan, scenario=run.scenario))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*TARGET, "probability"])
    return table.dropna(subset="probability")


def spread(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a target: its lowest and highest chance, and what moves it most; the largest spread first.

    moved_by: of what is varied (scenario, parameters) that whose values' mean chances lie furthest apart; lowest, highest:
    the values at both ends. table: see `chances`.

    >>> keys = {"plan": "p", "table": "T1", "number": "1", "part": 1, "indicator": "gdp"}
    >>> rows = [keys | {"scenario": s, "seed": n, "probability": p} for s, n, p in
    ...         [("low", "1", 0.2), ("low", "2", 0.21), ("high", "1", 0.5), ("high", "2", 0.52)]]
    >>> spread(pd.DataFrame(rows))[["low", "high", "moved_by", "lowest", "highest"]].to_numpy().tolist()
    [[0.2, 0.52, 'scenario', 'low', 'high']]
    """
    varied = [
        name for name in table.columns.difference([*TARGET, "probability"]) if table[name].nunique() > 1
    ]
    rows = []
    for key, own in table.groupby(TARGET, sort=False):
        low, high = own.probability.min(), own.probability.max()
        means = {name: own.groupby(name).probability.mean() for name in varied if own[name].nunique() > 1}
        most = max(means, key=lambda name: means[name].max() - means[name].min(), default="")
        ends = (means[most].idxmin(), means[most].idxmax()) if most else ("", "")
        most, ends = (most, ends) if ends[0] != ends[1] else ("", ("", ""))
        rows.append((*key, len(own), low, high, high - low, most, *ends))
    made = pd.DataFrame(rows, columns=list(SPREAD))
    return made.sort_values("spread", ascending=False, kind="stable", ignore_index=True)

"""Evidence: how well such forecasts held on data not used for fitting, read from the newest benchmark results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import data_folder

OWN, OWN_MODEL, BASE_MODEL = "planmodel", "engine", "base rate"
EXTRAPOLATION, CLASS_AVERAGE = "extrapolation", "class_average"
MAD = "_mad"
"""Ends the name of a rival whose spread is a robust one; the better of the two is compared."""
ALL_ORIGINS = "all"
SPLITS = ("half", "cross", "all")
"""How planmodel was fitted: on the other half of the series, on the other collection, on all (what it ships with)."""
TABLES: Mapping[str, tuple[str, ...]] = {
    "collections": (
        "collection", "window", "method", "split", "n_series", "c80", "c95", "msis", "smape", "mase",
        "seconds_per_series",
    ),
    "horizons": ("collection", "method", "horizon", "c80", "c95", "width"),
    "growth": ("class", "origin", "n", "method", "crps", "cover80"),
    "targets": ("model", "n", "brier", "skill", "low", "high"),
    "reliability": ("model", "bin", "n", "stated", "observed", "low", "high"),
    "speed": ("method", "seconds", "ratio", "peak_mb"),
}  # fmt: skip
"""The columns of each table. In the files coverage (c80, c95, cover80) is in percent, probabilities are fractions."""
WORDS = ("collection", "window", "method", "split", "class", "origin", "model", "bin")
PERCENT = ("c80", "c95", "cover80")
MAY_BE_EMPTY = ("seconds_per_series", "peak_mb", "ratio", "smape", "mase")
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Evidence:
    """The tables of one day's benchmarks; see TABLES for their columns. All coverage here is a fraction."""

    date: str
    collections: pd.DataFrame
    horizons: pd.DataFrame
    growth: pd.DataFrame
    targets: pd.DataFrame
    reliability: pd.DataFrame
    speed: pd.DataFrame

    def compared(self, window: str = "full") -> pd.DataFrame:
        """Return one row a collection and method for a length of history, planmodel as fitted on other series."""
        table = self.collections[self.collections.window == window]
        order = table.split.map({name: place for place, name in enumerate(SPLITS)}).fillna(len(SPLITS))
        table = table.assign(order=order).sort_values("order", kind="stable")
        table = table.drop_duplicates(["collection", "method"]).drop(columns="order")
        return table.sort_values(["collection", "msis"], kind="stable").reset_index(drop=True)

    def five_years(self) -> pd.DataFrame:
        """Return the growth errors by class, origin and method; of a rival's two spreads the better one of the class."""
        table = self.growth[self.growth.origin != ALL_ORIGINS]
        table = table.assign(origin=table.origin.astype(int), loss=table.crps * table.n)
        sums = table.groupby(["class", "method"], sort=False)[["loss", "n"]].sum()
        table = table.assign(kept=table.method.str.removesuffix(MAD)).drop(columns="loss")
        mean = (sums.loss / sums.n).rename("mean").reset_index()
        mean["kept"] = mean.method.str.removesuffix(MAD)
        best = mean.loc[mean.groupby(["class", "kept"])["mean"].idxmin(), ["class", "method"]]
        table = table.merge(best, on=["class", "method"])
        return table.assign(method=table.kept).drop(columns="kept")


def results_folder() -> Path | None:
    """Return the newest folder of benchmark results: beside the data folder, else in the checkout; None: no such."""
    for root in (data_folder().parent, Path(__file__).resolve().parents[2]):
        folder = root / "benchmarks" / "results"
        dated = [p for p in folder.glob("*") if p.is_dir() and DATED.fullmatch(p.name)]
        if dated:
            return max(dated, key=lambda p: p.name)
    return None


def load_evidence(folder: Path | None = None) -> Evidence | None:
    """Return the evidence in a folder, by default the newest results; None where there are none.

    Errors: PlanmodelError with every table and column that is missing, and figures that cannot be.
    """
    folder = folder or results_folder()
    if folder is None:
        return None
    faults: list[Fault] = []
    tables = {name: _read(folder / f"{name}.csv", name, faults) for name in TABLES}
    if faults:
        raise PlanmodelError(f"The benchmark results of {folder.name} have faults:", faults)
    return Evidence(folder.name, **tables)


def _read(path: Path, name: str, faults: list[Fault]) -> pd.DataFrame | None:
    again = "Run the benchmarks again."
    if not path.is_file():
        faults.append(
            Fault("table", "a file with " + ", ".join(TABLES[name]), "no file", path.name, do=again)
        )
        return None
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=dict.fromkeys(WORDS, str))
    except (ValueError, OSError) as error:
        faults.append(Fault("table", "a table with commas", str(error), path.name, do=again))
        return None
    missing = [column for column in TABLES[name] if column not in table]
    if missing or table.empty:
        found = f"no {', '.join(missing)}" if missing else "no rows"
        faults.append(Fault("columns", ", ".join(TABLES[name]), found, path.name, do=again))
        return None
    for column in TABLES[name]:
        most = 100.0 if column in PERCENT else 1.0 if name == "reliability" and column != "n" else None
        _check(table[column], path.name, most, faults)
    found = table[list(TABLES[name])].copy()
    for column in PERCENT:
        if column in found and pd.api.types.is_numeric_dtype(found[column]):
            found[column] /= 100
    return found


def _check(values: pd.Series, file: str, most: float | None, faults: list[Fault]) -> None:
    if values.name in WORDS:
        wrong, expected = values.isna(), "a word"
    elif not pd.api.types.is_numeric_dtype(values):
        wrong, expected = pd.to_numeric(values, errors="coerce").isna(), "a number"
    elif most == 100 and values.max() <= 1:
        wrong, expected = values <= 1, "a percentage, 0 to 100"
    elif most is not None:
        wrong, expected = ~values.between(0, most), f"a number from 0 to {most:g}"
    elif values.name in MAY_BE_EMPTY:
        return
    else:
        wrong, expected = values.isna(), "a number"
    if wrong.any():
        first = wrong.idxmax()
        found = values[first]
        shown = repr(found) if isinstance(found, str) else str(found)
        faults.append(Fault(str(values.name), expected, shown, file, int(first) + 2))

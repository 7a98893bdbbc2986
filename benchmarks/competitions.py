"""Bands of the pooled engine on the competitions' annual series, beside the peers.

half: fitted on a random half of all series, scored on the other half, mean of the splits. half_own: the same within
the collection, which is then not told from the other. cross: fitted on one
collection, scored on the other. all: the table in the package, fitted on these same series, as draws of
forecast_many. peer: a method that is fitted to each series alone.
"""

from __future__ import annotations

import csv
import os
import subprocess
import time
from collections import defaultdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from benchmarks import scores
from planmodel.forecasts import forecast_many, pooled
from tools import make_pooled

COLLECTIONS = ("m1", "tourism")
BOTH = "both"
"""The series of both collections together, each of their years ahead counting alike."""
WINDOWS = ("full", "8", "5", "3")
LENGTHS = {"full": pooled.FULL, "8": 8, "5": 5, "3": 3}
LONG = 10
"""Training parts of at least this many values are scored."""
SPLITS, SEED = 50, 1000
BATCH = 500
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)
OWN = "planmodel"

_shared: dict = {}


def cut(each: dict, window: str) -> np.ndarray:
    """Return the training part of a series, or its last values."""
    y = each["y"][: each["n_train"]]
    return y if window == "full" else y[-int(window) :]


def score(bands: np.ndarray, actual: np.ndarray, scale: np.ndarray) -> dict[str, float]:
    """Score quantiles (n_series, n_years, 5) against what came (n_series, n_years)."""
    low95, low80, middle, high80, high95 = np.moveaxis(bands, 2, 0)
    return {
        "n_series": len(actual),
        "c80": 100 * scores.coverage(actual, low80, high80),
        "c95": 100 * scores.coverage(actual, low95, high95),
        "msis": scores.msis(actual, low95, high95, scale),
        "smape": scores.smape(actual, middle),
        "mase": scores.mase(actual, middle, scale),
    }


def by_horizon(bands: np.ndarray, actual: np.ndarray, scale: np.ndarray) -> list[dict[str, float]]:
    """Return coverage by year ahead, and the mean width of the 95 % band in mean absolute first differences."""
    low95, low80, _, high80, high95 = np.moveaxis(bands, 2, 0)
    return [
        {
            "horizon": h + 1,
            "c80": 100 * scores.coverage(actual[:, h], low80[:, h], high80[:, h]),
            "c95": 100 * scores.coverage(actual[:, h], low95[:, h], high95[:, h]),
            "width": float(((high95 - low95)[:, h] / scale).mean()),
        }
        for h in range(actual.shape[1])
    ]


def quantiles(part: dict, length: int, data: dict, at: np.ndarray) -> np.ndarray:
    """Return the quantiles that a fitted table states at some origins, (n, n_years, 5)."""
    table = {"lengths": {length: part}}
    down, up, grid = pooled.spread(table, length, data["scale"][at], data["features"][at])
    known = norm.ppf(make_pooled.PROBABILITIES)
    errors = np.array([np.interp(norm.ppf(QUANTILES), known, row) for row in grid])
    last, low = data["last"][at], data["low"][at][:, None, None]
    centre = (last + float(part["trend_kept"]) * (data["centre"][at] - last))[:, :, None]
    values = centre + np.where(errors > 0, up[:, :, None], down[:, :, None]) * errors
    return pooled.bend(values, centre, low, np.full_like(low, np.inf))


def _at(data: dict, keep: np.ndarray, collection: str) -> np.ndarray:
    """Return the origins of kept series at the end of long training parts."""
    wanted = np.array([e["collection"] == collection and e["n_train"] >= LONG for e in _shared["series"]])
    return np.flatnonzero(data["is_test"] & keep & wanted[data["who"]])


def _scored(part, length, data, keep, collection) -> tuple[dict, list[dict]]:
    """Score one fit on the kept series' origins at the end of the training part."""
    if collection == BOTH:
        each = [_scored(part, length, data, keep, name)[0] for name in COLLECTIONS]
        n_series = np.array([found["n_series"] for found in each])
        points = n_series * [_years(name) for name in COLLECTIONS]
        mean = {
            name: float(
                np.average([found[name] for found in each], weights=points if name[0] == "c" else n_series)
            )
            for name in each[0]
        }
        return {**mean, "n_series": n_series.sum()}, []
    at, n_years = _at(data, keep, collection), _years(collection)
    bands = quantiles(part, length, data, at)[:, :n_years]
    actual, scale = data["after"][at][:, :n_years], data["mean_change"][at]
    return score(bands, actual, scale), by_horizon(bands, actual, scale)


def _years(collection: str) -> int:
    return next(each["n_test"] for each in _shared["series"] if each["collection"] == collection)


def _one_fit(task) -> list[tuple]:
    """Fit and score one split at one window: a random half, of a collection or of both, or one collection whole."""
    window, kind, split, name = task
    length = LENGTHS[window]
    data, series = _shared["origins"][length], _shared["series"]
    inside = np.array([name in (each["collection"], BOTH) for each in series])
    half = inside if kind == "cross" else np.random.default_rng(SEED + split).random(len(series)) < 0.5
    fitted = (half & inside)[data["who"]]
    with np.errstate(all="ignore"):
        part = make_pooled.fit_length(data, fitted, length)
    if kind == "half_own":
        targets = [name]
    elif kind == "cross":
        targets = [other for other in COLLECTIONS if other != name]
    else:
        targets = [*COLLECTIONS, BOTH]
    rest = ~half[data["who"]]
    return [(target, window, kind, *_scored(part, length, data, rest, target)) for target in targets]


def own(series: list[dict], jobs: int) -> tuple[list[dict], list[dict]]:
    """Return rows of collections and of horizons for this model."""
    _shared.update(series=series)
    with np.errstate(all="ignore"):
        _shared.update(origins=make_pooled.rolling_origins(series))
    ways = [("half", split, BOTH) for split in range(SPLITS)]
    ways += [("half_own", split, name) for split in range(SPLITS) for name in COLLECTIONS]
    ways += [("cross", 0, name) for name in COLLECTIONS]
    tasks = [(window, *way) for window in WINDOWS for way in ways]
    with get_context("fork").Pool(jobs) as pool:
        done = [found for each in pool.imap(_one_fit, tasks, chunksize=4) for found in each]
    grouped = defaultdict(list)
    for collection, window, kind, scored, horizons in done:
        grouped[collection, window, kind].append((scored, horizons))
    rows, horizon_rows = [], []
    for (collection, window, kind), found in grouped.items():
        mean = pd.DataFrame([scored for scored, _ in found]).mean().to_dict()
        said = {"collection": collection, "window": window, "method": OWN, "split": kind}
        rows.append({**said, **mean, "n_series": round(mean["n_series"]), "seconds_per_series": np.nan})
        if kind == "half" and window == "full" and collection != BOTH:
            means = pd.concat(pd.DataFrame(h) for _, h in found).groupby("horizon").mean().reset_index()
            horizon_rows += [
                {"collection": collection, "method": OWN, **row} for row in means.to_dict("records")
            ]
    return rows + shipped(series), horizon_rows


def numbered(values: np.ndarray) -> pd.Series:
    """Return figures by their number, as the competitions name no years."""
    return pd.Series(values, pd.Index(np.arange(len(values))))


def shipped(series: list[dict]) -> list[dict]:
    """Score forecast_many with the package's table, 10,000 draws, as a user calls it."""
    rows = []
    for collection in COLLECTIONS:
        kept = [each for each in series if each["collection"] == collection and each["n_train"] >= LONG]
        n_years = kept[0]["n_test"]
        actual = np.array([each["y"][each["n_train"] :][:n_years] for each in kept])
        scale = np.array([each["scale"] for each in kept])
        for window in WINDOWS:
            histories = {each["name"]: numbered(cut(each, window)) for each in kept}
            began = time.perf_counter()
            found = forecast_many(histories, n_years)
            bands = np.array([found[each["name"]].quantile(QUANTILES).T for each in kept])
            seconds = (time.perf_counter() - began) / len(kept)
            said = {"collection": collection, "window": window, "method": OWN, "split": "all"}
            rows.append({**said, **score(bands, actual, scale), "seconds_per_series": seconds})
    return rows


def kept_aside(path: Path, window: str) -> dict[str, float]:
    """Score the package's table on the sample of M4, which no table is fitted to; window as in WINDOWS."""
    made = []
    for name, rows in pd.read_csv(path).groupby("unique_id", sort=False):
        y, n_train = rows["y"].to_numpy(float), int((rows["split"] == "train").sum())
        if n_train >= LONG:
            made.append(
                {"name": name, "y": y, "n_train": n_train, "scale": np.abs(np.diff(y[:n_train])).mean()}
            )
    n_years = len(made[0]["y"]) - made[0]["n_train"]
    bands = []
    for first in range(0, len(made), BATCH):
        found = forecast_many(
            {e["name"]: numbered(cut(e, window)) for e in made[first : first + BATCH]}, n_years, n_draws=4000
        )
        bands += [each.quantile(QUANTILES).T for each in found.values()]
    actual, scale = np.array([e["y"][e["n_train"] :] for e in made]), np.array([e["scale"] for e in made])
    return {"window": window, **score(np.array(bands), actual, scale)}


def write_series(series: list[dict], path: Path) -> None:
    """Write the histories as the peers read them (outside the project)."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["collection", "window", "unique_id", "t", "y", "h"])
        for each in series:
            if each["n_train"] < LONG:
                continue
            for window in WINDOWS:
                for t, y in enumerate(cut(each, window)):
                    writer.writerow(
                        [each["collection"], window, each["name"], t, repr(float(y)), each["n_test"]]
                    )


def start_peers(python: Path, source: Path, out: Path, which: str, log: Path) -> subprocess.Popen:
    script = Path(__file__).with_name("peers.py")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    with log.open("w") as file:
        return subprocess.Popen(
            [str(python), str(script), str(source), str(out), which],
            env=environment,
            stderr=file,
            stdout=file,
        )


def peers(series: list[dict], forecasts: pd.DataFrame) -> tuple[list[dict], list[dict]]:
    """Score the peers' forecasts; a method is scored on the series that it did not refuse (n_series says how many)."""
    actual = {each["name"]: each["y"][each["n_train"] :] for each in series}
    scales = {each["name"]: each["scale"] for each in series}
    kept = forecasts[forecasts["error"].isna()].sort_values(["unique_id", "h"])
    rows, horizon_rows = [], []
    columns = ["low95", "low80", "middle", "high80", "high95"]
    for (collection, window, method), found in kept.groupby(["collection", "window", "method"], sort=False):
        names = found["unique_id"].unique()
        n_years = int(found["h"].max())
        bands = found[columns].to_numpy().reshape(len(names), n_years, len(columns))
        came = np.array([actual[name][:n_years] for name in names])
        scale = np.array([scales[name] for name in names])
        said = {"collection": collection, "window": str(window), "method": method}
        seconds = float(found.groupby("unique_id")["seconds"].first().mean())
        rows.append({**said, "split": "peer", **score(bands, came, scale), "seconds_per_series": seconds})
        if window == "full":
            said = {"collection": collection, "method": method}
            horizon_rows += [{**said, **row} for row in by_horizon(bands, came, scale)]
    return rows, horizon_rows

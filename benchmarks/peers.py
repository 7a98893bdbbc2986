"""Forecasts of the peers, run in the peers' environment: no import of planmodel here.

Usage: python peers.py SERIES.csv OUT.csv statsforecast|statsmodels
SERIES.csv: collection, window, unique_id, t, y, h (years ahead), the histories as each method sees them. OUT.csv: one
row by history, method and year ahead: middle, the 80 and 95 % bands, the seconds of the history; rows with `error`
where a method refused it. A history is fitted alone, so that one that is refused does not stop the others.
"""

from __future__ import annotations

import csv
import os
import sys
import time
import warnings
from multiprocessing import Pool

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

LEVELS = (80, 95)
JOBS = 2
COLUMNS = (
    "collection", "window", "unique_id", "method", "h", "middle", "low80", "high80", "low95", "high95",
    "seconds", "error",
)  # fmt: skip


def _statsforecast(name: str):
    def forecast(y, h):
        from statsforecast import models

        found = getattr(models, name)().forecast(y=y, h=h, level=list(LEVELS))
        return tuple(found[part] for part in ("mean", "lo-80", "hi-80", "lo-95", "hi-95"))

    return forecast


def _ets(y, h):
    """Additive errors, additive damped trend, exact intervals."""
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    fitted = ETSModel(pd.Series(y), error="add", trend="add", damped_trend=True).fit(disp=0)
    found = fitted.get_prediction(start=len(y), end=len(y) + h - 1)
    bands = [found.summary_frame(alpha=1 - level / 100) for level in LEVELS]
    sides = [np.asarray(band[side]) for band in bands for side in ("pi_lower", "pi_upper")]
    return np.asarray(bands[0]["mean"]), *sides


def _theta(y, h):
    import pandas as pd
    from statsmodels.tsa.forecasting.theta import ThetaModel

    series = pd.Series(y, index=pd.period_range("1900", periods=len(y), freq="Y"))
    fitted = ThetaModel(series, period=1, deseasonalize=False).fit()
    bands = [fitted.prediction_intervals(h, alpha=1 - level / 100) for level in LEVELS]
    return np.asarray(fitted.forecast(h)), *(np.asarray(band[side]) for band in bands for side in band)


SETS = {
    "statsforecast": {
        name: _statsforecast(name)
        for name in ("AutoETS", "AutoARIMA", "AutoTheta", "DynamicOptimizedTheta", "RandomWalkWithDrift")
    },
    "statsmodels": {"statsmodels ETS(A,Ad,N)": _ets, "statsmodels Theta": _theta},
}


def run(task) -> list[dict]:
    """Forecast one history by every method of a set."""
    which, collection, window, name, y, h = task
    rows = []
    for method, forecast in SETS[which].items():
        said = {"collection": collection, "window": window, "unique_id": name, "method": method}
        began = time.perf_counter()
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found = np.array([np.asarray(part, dtype=float) for part in forecast(y, h)])
            if found.shape != (5, h) or not np.isfinite(found).all():
                raise ValueError("a forecast that is not finite")
        except Exception as error:  # noqa: BLE001  a refusal is a result
            rows.append({**said, "error": f"{type(error).__name__}: {error}"[:120]})
            continue
        seconds = time.perf_counter() - began
        for year in range(h):
            values = dict(zip(COLUMNS[5:10], map(float, found[:, year]), strict=True))
            rows.append({**said, "h": year + 1, **values, "seconds": round(seconds, 6)})
    return rows


def load(path: str, which: str) -> list[tuple]:
    histories: dict[tuple, list[float]] = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["collection"], row["window"], row["unique_id"], int(row["h"]))
            histories.setdefault(key, []).append(float(row["y"]))
    return [(which, *key[:3], np.array(y), key[3]) for key, y in histories.items()]


def main(source: str, out: str, which: str) -> None:
    tasks = load(source, which)
    run(tasks[0])  # imports and compiled code are not counted
    with (
        Pool(JOBS, initializer=run, initargs=(tasks[0],)) as pool,
        open(out, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for rows in pool.imap(run, tasks, chunksize=8):
            writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in SETS:
        sys.exit(__doc__)
    main(*sys.argv[1:])

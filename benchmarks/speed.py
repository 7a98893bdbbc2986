"""Seconds and memory for many series on one core; run in either environment: no import of planmodel at the top.

Usage: python speed.py planmodel|"planmodel with bands"|AutoETS
645 made series of 14 to 40 values, six years ahead: 10,000 draws of each, one series after the other (with bands: and their five quantiles), the
peer's bands by closed form. Prints one line of JSON: seconds of the processor on one core and of the clock (medians of
the runs, imports left out; other programs slow the clock only), memory at its peak and before the first run in MB.
"""

from __future__ import annotations

import json
import os
import sys
import time

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np

N_SERIES, N_YEARS, N_DRAWS, RUNS = 645, 6, 10_000, 5
FIRST_YEAR = 1980
PEER = "AutoETS"
OWN = ("planmodel", "planmodel with bands")


def made_series() -> list[np.ndarray]:
    """Return random walks with 3 % growth and 8 % noise a year."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(14, 41, size=N_SERIES)
    return [1000 * np.exp(np.cumsum(0.03 + 0.08 * rng.standard_normal(n))) for n in lengths]


def planmodel_run(series, with_bands: bool):
    import pandas as pd

    from planmodel.forecasts import forecast_many

    histories = {str(i): pd.Series(y, index=FIRST_YEAR + np.arange(len(y))) for i, y in enumerate(series)}

    def run():
        forecasts = forecast_many(histories, N_YEARS, n_draws=N_DRAWS)
        if with_bands:
            return [each.quantile([0.025, 0.1, 0.5, 0.9, 0.975]) for each in forecasts.values()]
        return [each.draws.shape for each in forecasts.values()]

    return run


def peer_run(series):
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS

    frame = pd.concat(
        pd.DataFrame({"unique_id": str(i), "ds": np.arange(len(y)), "y": y}) for i, y in enumerate(series)
    )

    def run():
        return StatsForecast(models=[AutoETS(season_length=1)], freq=1, n_jobs=1).forecast(
            df=frame, h=N_YEARS, level=[80, 95]
        )

    return run


def peak_mb() -> float:
    """Return the most memory this process has held.

    On Linux not by getrusage: its figure starts at that of the process that started this one.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))
    except FileNotFoundError:
        import resource  # not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main(method: str) -> None:
    series = made_series()
    run = peer_run(series) if method == PEER else planmodel_run(series, method == OWN[1])
    start, cpu, wall = peak_mb(), [], []
    for _ in range(RUNS):
        began = time.process_time(), time.perf_counter()
        run()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    seconds = {"seconds": sorted(cpu)[RUNS // 2], "wall": sorted(wall)[RUNS // 2]}
    print(json.dumps({**seconds, "peak_mb": peak_mb(), "start_mb": start}))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in (*OWN, PEER):
        sys.exit(__doc__)
    main(sys.argv[1])

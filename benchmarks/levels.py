"""Change from a level, on regions a class was not fitted to: five years ahead from 1, 3 and 8 figures, origin by origin.

Usage: python -m benchmarks.levels PANEL_FOLDER [--table FILE.json] [--part aside|design|all]
Prints by class: coverage of the 80 and 95 % bands, the CRPS over that of the better of no change and own trend (both
points, so that theirs is the absolute error), by number of figures. Errors of amounts and densities count in percent of the last figure.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from planmodel.forecasts.levels import EDGE, Record, change_of, restored, through, transformed
from scipy.special import ndtr, ndtri

AHEAD = 5
FIGURES = {1: 0, 3: 2, 8: 7}
MOST = 400
PROBABILITIES = (np.arange(200) + 0.5) / 200
BARS = {"cover80": (74.0, 87.0), "cover95": (91.0, 98.0), "ratio": (0.0, 0.95)}


def crps_of_quantiles(actual: float, values: np.ndarray) -> float:
    """Return the CRPS of a distribution by equally spaced quantiles: twice the mean pinball loss."""
    below = (actual < values) - PROBABILITIES
    return float(2 * np.mean(below * (values - actual)))


def quantiles_ahead(change, record: Record, year: int, horizon: int = AHEAD) -> np.ndarray:
    """Return equally spaced quantiles of the figure some years ahead."""
    centre, scale, errors = change.quantiles(record, year, horizon)
    values = restored(centre[-1] + scale[-1] * through(ndtri(PROBABILITIES), change.grid, errors[-1]), change.transform)
    if change.bound is not None:
        full, none = change.bounds(record.z, horizon)
        values = np.where(PROBABILITIES > 1 - full, 100.0, np.where(PROBABILITIES < none, 0.0, values))
    return values


def score(entry: dict, change, z: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """Return one row by window of the regions of z: n figures, held80, held95, crps, no_change, own_trend."""
    rows = []
    starts = [(region, year) for region in z for year in z.index if year >= first_year and year + AHEAD in z.index]
    order = np.random.default_rng(1).permutation(len(starts))
    for n, span in FIGURES.items():
        count = 0
        for place in order:
            region, year = starts[place]
            past = z.loc[year - span : year, region]
            actual = z.at[year + AHEAD, region]
            if len(past) <= span or past.isna().any() or np.isnan(actual):
                continue
            record = Record.of(past.index.to_numpy(), past.to_numpy())
            values = quantiles_ahead(change, record, year)
            true, last = (float(restored(np.array(v), change.transform)) for v in (actual, past.iloc[-1]))
            trend = float(restored(np.array(record.z + AHEAD * record.change), change.transform))
            size = abs(last) if change.transform == "log" else 1.0
            low80, high80, low95, high95 = np.quantile(values, [0.1, 0.9, 0.025, 0.975])
            slack = 1e-9 * max(abs(true), 1)
            rows.append({
                "n": n, "region": region, "year": year,
                "held80": low80 - slack <= true <= high80 + slack, "held95": low95 - slack <= true <= high95 + slack,
                "crps": crps_of_quantiles(true, values) / size, "no_change": abs(true - last) / size,
                "own_trend": abs(true - trend) / size if span else np.nan,
            })  # fmt: skip
            count += 1
            if count >= MOST:
                break
    return pd.DataFrame(rows)


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return coverage and ratio by number of figures, and whether the bars are met."""
    out = []
    for n, some in found.groupby("n"):
        rival = np.nanmin([some["no_change"].mean(), some["own_trend"].mean() if n > 1 else np.inf])
        row = {
            "figures": n, "windows": len(some), "regions": some["region"].nunique(),
            "cover80": 100 * some["held80"].mean(), "cover95": 100 * some["held95"].mean(),
            "crps": some["crps"].mean(), "ratio": some["crps"].mean() / rival if rival > 0 else np.nan,
        }  # fmt: skip
        row["met"] = all(low <= row[key] <= high for key, (low, high) in BARS.items())
        out.append(row)
    return pd.DataFrame(out)

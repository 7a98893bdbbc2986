"""Change from a level, on regions a class was not fitted to: five years ahead from 1, 3 and 8 figures, origin by origin.

Usage: python -m benchmarks.levels PANEL_FOLDER [OUT.csv]
PANEL_FOLDER: panels laid out as those of the estimate, of regions it did not see. Prints by class and number of figures:
coverage of the 80 and 95 % bands, the standard error of the first (regions count, not windows: those of one region are alike), and the CRPS over that of the better of no change and own trend (both are points, so that
theirs is the absolute error). Errors of amounts and densities count in parts of the last figure.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from planmodel.forecasts.levels import Record, restored, through

AHEAD = 5
FIGURES = {1: 0, 3: 2, 8: 7}
MOST = 250
PROBABILITIES = (np.arange(200) + 0.5) / 200
BARS = {"cover80": (74.0, 87.0), "cover95": (91.0, 98.0), "ratio": (0.0, 0.95)}


def crps_of_quantiles(actual: float, values: np.ndarray) -> float:
    """Return the CRPS of a distribution by equally spaced quantiles: twice the mean pinball loss."""
    below = (actual < values) - PROBABILITIES
    return float(2 * np.mean(below * (values - actual)))


def quantiles_ahead(change, record: Record, year: int, horizon: int = AHEAD) -> np.ndarray:
    """Return equally spaced quantiles of the figure some years ahead."""
    centre, scale, errors = change.quantiles(record, year, horizon)
    values = restored(
        centre[-1] + scale[-1] * through(ndtri(PROBABILITIES), change.grid, errors[-1]), change.transform
    )
    if change.bound is not None:
        full, none = change.bounds(record.z, horizon)
        values = np.where(PROBABILITIES > 1 - full, 100.0, np.where(PROBABILITIES < none, 0.0, values))
    return values


def score(change, z: pd.DataFrame, first_year: int, most: int = MOST) -> pd.DataFrame:
    """Return one row by window of the regions of z, so many at most: n figures, held80, held95, crps, no_change, own_trend."""
    rows = []
    starts = [
        (region, year) for region in z for year in z.index if year >= first_year and year + AHEAD in z.index
    ]
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
            if count >= most:
                break
    return pd.DataFrame(rows)


def clustered_error(held: pd.Series, region: pd.Series) -> float:
    """Return the standard error of a share of windows, as if each region were one case; nan for a single one.

    >>> held, region = pd.Series([True] * 4 + [False] * 4), pd.Series(list("aaaabbbb"))
    >>> clustered_error(held, region)
    0.5
    """
    sums = (held - held.mean()).groupby(region).sum()
    return (
        float((np.square(sums).sum() * len(sums) / (len(sums) - 1)) ** 0.5 / len(held))
        if len(sums) > 1
        else float("nan")
    )


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return coverage and ratio by class and number of figures, and whether the bars are met.

    Panels that a pool was scored on count alike, their errors in units of what no change errs.
    """
    out = []
    for (name, n), some in found.groupby(["class", "n"], sort=False):
        by_panel = some.groupby("panel")
        size = by_panel["no_change"].transform("mean").clip(lower=1e-12)
        errors = (
            some[["crps", "no_change", "own_trend"]].div(size, axis=0).groupby(some["panel"]).mean().mean()
        )
        rival = errors["no_change"] if n == 1 else min(errors["no_change"], errors["own_trend"])
        row = {
            "class": name, "figures": n, "windows": len(some), "regions": some["region"].nunique(),
            "cover80": 100 * by_panel["held80"].mean().mean(), "cover95": 100 * by_panel["held95"].mean().mean(),
            "error80": 100 * clustered_error(some["held80"], some["region"]), "ratio": errors["crps"] / rival,
        }  # fmt: skip
        row["met"] = all(low <= row[key] <= high for key, (low, high) in BARS.items())
        out.append(row)
    return pd.DataFrame(out)


def figures(table: pd.DataFrame) -> dict:
    """Return a class's scores for its table: means over the numbers of figures by windows, and whether they meet the bars."""
    names = {
        "coverage80": ("cover80", 1),
        "error80": ("error80", 1),
        "coverage95": ("cover95", 1),
        "crps_ratio": ("ratio", 2),
    }
    if table.empty:
        return dict.fromkeys([*names, "met"])
    means = {key: float(np.average(table[key], weights=table["windows"])) for key, _ in names.values()}
    met = all(low <= means[key] <= high for key, (low, high) in BARS.items())
    return {**{name: round(means[key], digits) for name, (key, digits) in names.items()}, "met": met}


def main(folder: Path, out: str = "") -> None:
    """Score the shipped classes on the panels of a folder."""
    from planmodel.forecasts.reference import load_class
    from tools.make_levels import definitions, load

    rows = []
    for one in definitions():
        if not (folder / f"{one['panel']}.csv").is_file():
            continue
        z = load(folder, one)
        for name in (one["class"], f"any_{one['kind']}"):
            group = load_class(name)
            if group.change is not None and group.transform == one["transform"]:
                found = score(group.change, z, int(one["first_year"]))
                rows.append(found.assign(**{"class": name, "panel": one["panel"]}))
    table = summary(pd.concat(rows))
    if out:
        table.to_csv(out, index=False)
    print(table.round(3).to_string())


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])

"""Estimate how published growth outlooks err, and how prices of GDP go on from their record: `make reference`.

Usage: python tools/make_outlooks.py REFERENCE_FOLDER
Writes planmodel/classes/outlooks.json and prices.json: coefficients and quantiles by origin, no rows. docs/reference.md says
what each is. Prices have no outlook but their last figure, in countries whose ten years before were calm.
An origin is a year that is over: it knows the outlooks of five years before and more, and what came of them.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.regression.quantile_regression import QuantReg
from statsmodels.tools.sm_exceptions import IterationLimitWarning

from planmodel.forecasts.nations import LEADS, PAST_YEARS, own_error, own_swing

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes"
COMMAND = "python tools/make_outlooks.py REFERENCE_FOLDER"
FIRST_ORIGIN, LAST_ORIGIN = 2000, 2025
GRID = [0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995]
CALM_FROM, CALM_YEARS, CALM_MEAN, CALM_MOST = 1985, 10, (-1.0, 6.0), 12.0
"""Prices count from this year on where they rose by so much a year on average, and by no more in any year (%), in ten years before;
an outcome counts as no more than the last (a collapse of a currency is no outlook)."""
FLOOR = 0.1
"""Added to errors before their logarithm, in points: an outlook that was right by chance is no certainty."""


def outlooks(path: Path) -> pd.DataFrame:
    """Return one row an autumn outlook: forecast and outcome of each lead, mean growth before; hundredths of logs."""
    table = pd.read_csv(path)
    for column in ("forecast_pct", "outturn_pct"):
        table[column] = 100 * np.log1p(table[column].clip(-90, 400) / 100)
    outturns = table.drop_duplicates(["region_id", "target_year"]).set_index(["region_id", "target_year"])
    outturns = outturns["outturn_pct"].to_dict()
    autumn = table[table["vintage"].str.endswith("-10")]
    rows = []
    for (country, vintage), group in autumn.groupby(["region_id", "vintage"]):
        year, said = int(vintage[:4]), dict(zip(group["target_year"], group["forecast_pct"], strict=True))
        if not all(year + lead in said for lead in LEADS):
            continue
        past = [outturns.get((country, year - back), np.nan) for back in range(1, PAST_YEARS + 1)]
        if np.isnan(past).all():
            continue
        row = {"country": country, "origin": year, "past": np.nanmean(past)}
        for lead in LEADS:
            row |= {f"f{lead}": said[year + lead], f"y{lead}": outturns.get((country, year + lead), np.nan)}
        rows.append(row)
    made = pd.DataFrame(rows)
    made["own"] = [_own(made, row.country, row.origin) for row in made.itertuples()]
    return made


def prices(path: Path) -> pd.DataFrame:
    """Return one row a country and year that was calm, like `outlooks`: the outlook of all leads is the last figure."""
    table = pd.read_csv(path).pivot(index="year", columns="region_id", values="value")
    growth, window = 100 * np.log1p(table.clip(-90, 400) / 100), table.rolling(CALM_YEARS)
    calm = window.mean().gt(CALM_MEAN[0]) & window.mean().lt(CALM_MEAN[1]) & window.max().lt(CALM_MOST)
    parts = {
        "past": growth.rolling(PAST_YEARS).mean(),
        "own": growth.diff().abs().rolling(CALM_YEARS - 1).apply(own_swing, raw=True),
        **{f"f{lead}": growth for lead in LEADS},
        **{f"y{lead}": growth.shift(-lead).clip(-CALM_MOST, CALM_MOST) for lead in LEADS},
    }
    made = pd.DataFrame({name: part.where(calm).loc[CALM_FROM:].stack() for name, part in parts.items()})
    return made.reset_index(names=["origin", "country"]).dropna(subset=["past", "own", "f1"])


def _own(made: pd.DataFrame, country: str, origin: int) -> float:
    known = made[(made["country"] == country) & (made["origin"] < origin)]
    return own_error(dict(zip(known["origin"], (known["y1"] - known["f1"]).abs(), strict=True)), origin)


def fit(made: pd.DataFrame, origin: int) -> dict:
    """Return the statistics of the outlooks whose outcomes were known at an origin.

    centre: outcome of each lead regressed on constant, outlook and past growth; mean: the same of the five-year means.
    scale, yearly: log size of the error of the five-year mean, and of years about it, on the log of the country's own
    misses, and quantiles of errors over that size.
    """
    known = made[made["origin"] + LEADS[-1] <= origin].dropna()
    outcomes = known[[f"y{lead}" for lead in LEADS]].to_numpy()
    outlooks = known[[f"f{lead}" for lead in LEADS]].to_numpy()
    past, misses = known["past"].to_numpy(), known["own"].to_numpy()
    centres = [_median(outcomes[:, at], outlooks[:, at], past) for at in range(len(LEADS))]
    mean = _median(outcomes.mean(axis=1), outlooks.mean(axis=1), past)
    error = outcomes.mean(axis=1) - _inputs(outlooks.mean(axis=1), past) @ mean
    expected = np.column_stack([_inputs(outlooks[:, at], past) @ centres[at] for at in range(len(LEADS))])
    about = outcomes - expected
    about -= about.mean(axis=1, keepdims=True)
    return {
        "n": len(known),
        "centre": np.round(centres, 4).tolist(),
        "mean": np.round(mean, 4).tolist(),
        **_sizes("scale", "quantiles", error[:, None], misses),
        **_sizes("yearly_scale", "yearly", about, misses),
    }


def _inputs(said: np.ndarray, past: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(said)), said, past])


def _median(outcome: np.ndarray, said: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Regress by absolute deviations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IterationLimitWarning)
        return QuantReg(outcome, _inputs(said, past)).fit(q=0.5, max_iter=5000).params


def _sizes(scale: str, quantiles: str, errors: np.ndarray, misses: np.ndarray) -> dict:
    """The size of errors, shape (n, n_years), by the country's own misses, and their quantiles over that size."""
    inputs = np.column_stack([np.ones(len(misses)), np.log(misses)])
    sizes = np.linalg.lstsq(inputs, np.log(np.abs(errors) + FLOOR).mean(axis=1), rcond=None)[0]
    scaled = errors / np.exp(inputs @ sizes)[:, None]
    return {
        scale: np.round(sizes, 4).tolist(),
        quantiles: np.round(np.quantile(scaled.ravel(), GRID), 3).tolist(),
    }


def main(reference: Path) -> None:
    made = outlooks(reference / "weo_growth_vintages.csv")
    words = {
        "source": "IMF World Economic Outlook, autumn vintages from 1990 on, and the outturns as known later",
        "sample": f"{made['country'].nunique()} countries",
    }
    _write("outlooks", made, words)
    made = prices(reference / "panels" / "wdi" / "gdp_deflator_inflation.csv")
    low, high = CALM_MEAN
    calm = f"prices up {low:g} to {high:g} % a year over ten years and never by {CALM_MOST:g} %"
    words = {
        "source": "World Bank, World Development Indicators, NY.GDP.DEFL.KD.ZG (CC BY 4.0)",
        "sample": f"{made['country'].nunique()} countries in years after calm ones: {calm}",
    }
    _write("prices", made, words)


def _write(name: str, made: pd.DataFrame, words: dict) -> None:
    origins = {str(origin): fit(made, origin) for origin in range(FIRST_ORIGIN, LAST_ORIGIN + 1)}
    entry = {**words, "command": COMMAND, "grid": GRID, "origins": origins}
    (OUT / f"{name}.json").write_text(
        json.dumps(entry, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

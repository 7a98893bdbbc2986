"""Estimate how published growth outlooks err, from the record of the World Economic Outlook: `make reference`.

Usage: python tools/make_outlooks.py REFERENCE_FOLDER
Writes planmodel/classes/outlooks.json: coefficients and quantiles by origin, no rows. docs/reference.md says what each is.
An origin is a year that is over: it knows the outlooks of five years before and more, and what came of them.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata
from statsmodels.regression.quantile_regression import QuantReg
from statsmodels.tools.sm_exceptions import IterationLimitWarning

from planmodel.forecasts.nations import LEADS, PAST_YEARS, own_error

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "outlooks.json"
COMMAND = "python tools/make_outlooks.py REFERENCE_FOLDER"
FIRST_ORIGIN, LAST_ORIGIN = 2000, 2025
GRID = [0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995]
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


def _own(made: pd.DataFrame, country: str, origin: int) -> float:
    known = made[(made["country"] == country) & (made["origin"] < origin)]
    return own_error(dict(zip(known["origin"], (known["y1"] - known["f1"]).abs(), strict=True)), origin)


def fit(made: pd.DataFrame, origin: int) -> dict:
    """Return the statistics of the outlooks whose outcomes were known at an origin."""
    known = made[made["origin"] + LEADS[-1] <= origin]
    centres, scales, scaled = [], [], []
    for lead in LEADS:
        outcome, said = known[f"y{lead}"].to_numpy(), known[f"f{lead}"].to_numpy()
        inputs = np.column_stack([np.ones(len(known)), said, known["past"]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", IterationLimitWarning)
            centre = QuantReg(outcome, inputs).fit(q=0.5, max_iter=5000).params
        error = outcome - inputs @ centre
        width = np.column_stack([np.ones(len(known)), np.log(known["own"])])
        scale = np.linalg.lstsq(width, np.log(np.abs(error) + FLOOR), rcond=None)[0]
        centres.append(centre)
        scales.append(scale)
        scaled.append(error / np.exp(width @ scale))
    normal = np.array([norm.ppf((rankdata(errors) - 0.5) / len(errors)) for errors in scaled])
    lags = np.corrcoef(normal)
    return {
        "n": len(known),
        "centre": np.round(centres, 4).tolist(),
        "scale": np.round(scales, 4).tolist(),
        "quantiles": np.round(np.quantile(np.concatenate(scaled), GRID), 3).tolist(),
        "correlation": [round(float(np.diag(lags, lag).mean()), 3) for lag in range(1, len(LEADS))],
    }


def main(reference: Path) -> None:
    made = outlooks(reference / "weo_growth_vintages.csv")
    entry = {
        "source": "IMF World Economic Outlook, autumn vintages from 1990 on, and the outturns as known later",
        "sample": f"{made['country'].nunique()} countries",
        "command": COMMAND,
        "grid": GRID,
        "origins": {str(origin): fit(made, origin) for origin in range(FIRST_ORIGIN, LAST_ORIGIN + 1)},
    }
    OUT.write_text(
        json.dumps(entry, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

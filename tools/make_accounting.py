"""Make the record of the growth accounting's assumptions from the Penn World Table: planmodel/classes/accounting.json.

Usage: python tools/make_accounting.py TABLE (the release's sheet of data as .csv or .xlsx: countrycode, year, pop, emp,
hc, rgdpna, rnna, rtfpna, labsh, delta, csh_i). Statistics only. Episodes are means over five years on end, those of
growth with a first growth year of 2001 or later; countries of a million people or more, China apart.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "accounting.json"
FIRST_YEAR, N_YEARS, FEWEST_PEOPLE, APART = 2001, 5, 1.0, "CHN"
GRID = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
GROWTH = {"productivity": "rtfpna", "human_capital": "hc", "population": "pop", "labour": "emp"}
LEVELS = {"labour_share": "labsh", "depreciation": "delta", "investment_share": "csh_i"}
DIGITS = 4


def wide(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column by year (rows) and country (columns)."""
    return table.pivot(index="year", columns="countrycode", values=column).sort_index()


def episodes(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return five-year means by last year and country: growth a year (fractions), shares, years of output."""
    found = {
        name: (wide(table, c) / wide(table, c).shift(N_YEARS)) ** (1 / N_YEARS) - 1
        for name, c in GROWTH.items()
    }
    found |= {name: wide(table, column).rolling(N_YEARS).mean() for name, column in LEVELS.items()}
    found["capital_output"] = (wide(table, "rnna") / wide(table, "rgdpna")).rolling(N_YEARS).mean()
    return {name: values[values.index >= FIRST_YEAR + N_YEARS - 1] for name, values in found.items()}


def statistics(values: pd.DataFrame) -> dict:
    """Return the quantiles over all episodes of the countries, and the latest episode of the one set apart."""
    others = values.drop(columns=APART, errors="ignore").stack().dropna()
    own = values[APART].dropna() if APART in values else pd.Series(dtype=float)
    return {
        "n_episodes": len(others),
        "n_members": int(others.index.get_level_values(1).nunique()),
        "last_years": [
            int(others.index.get_level_values(0).min()),
            int(others.index.get_level_values(0).max()),
        ],
        "quantiles": [round(float(x), DIGITS) for x in np.quantile(others, GRID)],
        "china": round(float(own.iloc[-1]), DIGITS) if len(own) else None,
        "china_low": round(float(own.min()), DIGITS) if len(own) else None,
        "china_high": round(float(own.max()), DIGITS) if len(own) else None,
    }


def main(path: Path) -> None:
    table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path, sheet_name="Data")
    large = table[table["year"] == table["year"].max()].query("pop >= @FEWEST_PEOPLE")["countrycode"]
    table = table[table["countrycode"].isin(large)]
    entry = {
        "url": "https://www.rug.nl/ggdc/productivity/pwt/",
        "date": "2019",
        "fewest_people_m": FEWEST_PEOPLE,
        "n_years": N_YEARS,
        "first_year": FIRST_YEAR,
        "command": f"python tools/make_accounting.py {path.name}",
        "grid": list(GRID),
        "records": {name: statistics(values) for name, values in episodes(table).items()},
    }
    OUT.write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {OUT.name}: {len(entry['records'])} records of {len(large)} countries.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

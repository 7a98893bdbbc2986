"""Print what prices of GDP did over five years in Chinese prefectures: the range in data/rules.yaml (audit, deflator).

The implied deflator of a year is (1 + nominal growth) / (1 + reported real growth) - 1; an episode is the mean of five
years running. Usage: python tools/make_deflators.py china_city_sample.csv
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

FIRST_END, LAST_END, N_YEARS = 2010, 2021, 5
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)


def episodes(cities: pd.DataFrame) -> pd.Series:
    """Return the mean implied deflator (% a year) of every five years running that end in 2010-2021."""
    cities = cities.sort_values(["city_code", "year"])
    by_city = cities.groupby("city_code")
    nominal = by_city["gdp_yi"].pct_change(fill_method=None)
    cities["deflator"] = 100 * ((1 + nominal) / (1 + cities["real_growth_pct"] / 100) - 1)
    cities.loc[by_city["year"].diff() != 1, "deflator"] = float("nan")
    mean = cities.groupby("city_code")["deflator"].transform(lambda values: values.rolling(N_YEARS).mean())
    return mean[cities["year"].between(FIRST_END, LAST_END)].dropna()


def main(path: Path) -> None:
    found = episodes(pd.read_csv(path))
    print(f"{len(found)} episodes of {N_YEARS} years ending {FIRST_END}-{LAST_END}, % a year")
    for share in SHARES:
        print(f"{100 * share:.0f}th percentile: {found.quantile(share):.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

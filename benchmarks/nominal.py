"""Yuan amounts five years ahead from five values, origin by origin: prefectures and provinces of China.

All is estimated from the years up to the origin: medians, deviations, implied prices (official ones from 2014 on, data/prices.csv),
the nation's outlook known then. Growth is the mean of log growth, in hundredths. The rival goes on as in the five
values, with the spread of its own past errors. Series of nine years are scored as far ahead as they go.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import scores
from planmodel.forecasts.class_paths import Deviation, own_path
from planmodel.forecasts.nations import load_nation
from planmodel.forecasts.reference import ReferenceClass, load_class
from tools.make_reference import FIT_YEARS, LEFT_OUT, MIN_COUNT, OUTLIER, fit_beside, fit_deviation

YEARS, RECORD, DRAWS, SEED = 5, 4, 1000, 1
COUNTRY, NBS, PROVINCES, CITIES = "china", "china_provinces_nbs", "china_provinces", "china_cities"
FIRST_ORIGIN, LAST_ORIGIN = 2003, 2020
SERIES = {
    "GDP": ("china_city_sample", "gdp_yi", "prefectures_nominal_gdp"),
    "services": ("china_city_sample", "va3_yi", "prefectures_nominal_services"),
    "GDP, to 2023": (CITIES, "gdp", "prefectures_nominal_gdp"),
    "services, to 2023": (CITIES, "services_va", "prefectures_nominal_services"),
    "provinces, GDP": (NBS, "gdp", "prefectures_nominal_gdp"),
    "provinces, wages": (PROVINCES, "average_wage", "provinces_nominal_income"),
    "provinces, household consumption": (PROVINCES, "household_consumption", "provinces_nominal_retail"),
    "provinces, tax revenue": (NBS, "tax_revenue", "provinces_nominal_revenue"),
    "provinces, investment": (PROVINCES, "fixed_investment", "provinces_nominal_investment"),
    "provinces, income": (NBS, "income_per_capita", "provinces_nominal_income"),
    "provinces, retail sales": (NBS, "retail_sales", "provinces_nominal_retail"),
    "provinces, budget revenue": (NBS, "budget_revenue", "provinces_nominal_revenue"),
}
"""What is scored: folder, column or file, the class that it is judged by."""
SHORT = {
    "provinces, income": (2020, 4),
    "provinces, retail sales": (2020, 4),
    "provinces, budget revenue": (2020, 4),
}
"""Series of 2016-2024: origin and years ahead; their class's deviations are the package's."""


@cache
def panel(reference: Path, folder: str, name: str) -> pd.DataFrame:
    """Return growth by year and region, hundredths of logs."""
    if folder == "china_city_sample":
        table = pd.read_csv(reference / f"{folder}.csv")
        table = table[~table["city_code"].isin(LEFT_OUT)]
        wide = table.pivot(index="year", columns="city_code", values=name)
    else:
        table = pd.read_csv(reference / "panels" / folder / f"{name}.csv")
        wide = table.pivot(index="year", columns="region_id", values="value")
    wide = wide.reindex(range(int(wide.index.min()), int(wide.index.max()) + 1))
    growth = 100 * np.log(wide.where(wide > 0)).diff()
    return growth.where(growth.abs() <= 100 * OUTLIER)


@cache
def implied_prices(reference: Path) -> dict[int, float]:
    """Prices of the prefectures by year: medians of nominal less real growth."""
    table = pd.read_csv(reference / "china_city_sample.csv")
    rates = table[~table["city_code"].isin(LEFT_OUT)].pivot(
        index="year", columns="city_code", values="real_growth_pct"
    )
    real, nominal = 100 * np.log1p(rates / 100), panel(reference, "china_city_sample", "gdp_yi")
    return (nominal.median(axis=1) - real.median(axis=1)).dropna().to_dict()


def fit(reference: Path, series: str, origin: int) -> ReferenceClass | None:
    """Return the class of a series as it could be estimated at an origin; None where too few years are known."""
    folder, name, used = SERIES[series]
    shipped, prices = load_class(used), implied_prices(reference)
    known = panel(reference, folder, name).loc[:origin]
    prices = {year: value for year, value in prices.items() if year <= origin}
    if shipped.medians is None:
        medians, nation = None, load_nation(COUNTRY, f"{origin + 1}-03")
        deflator = prices | dict(nation.prices.record if nation.prices else {})
        centre = pd.Series(
            {y: v + deflator[y] for y, v in nation.record.items() if y in deflator and y <= origin}
        )
    else:
        centre = (
            known.median(axis=1).where(known.count(axis=1) >= min(MIN_COUNT, known.shape[1] / 2)).dropna()
        )
        medians = centre.to_dict()
    if series in SHORT:
        deviation = shipped.deviation
    elif len(known.dropna(how="all")) <= RECORD:
        return None
    elif medians is None:
        deviation = Deviation(**fit_beside([known], centre))
    else:
        deviation = Deviation(**fit_deviation(known.sub(centre, axis=0).dropna(how="all").iloc[-FIT_YEARS:]))
    words = {
        "name_zh": "",
        "name_en": "",
        "source": "",
        "sample": "",
        "n_series": known.shape[1],
        "years": None,
    }
    return ReferenceClass(
        id=used, transform="log", medians=medians, deviation=deviation, outer=shipped.outer, level_sd=0.0,
        episodes=None, nation=COUNTRY, offset_fades=shipped.offset_fades, prices=prices, **words,
    )  # fmt: skip


def score_origin(task: tuple[Path, str, int]) -> pd.DataFrame:
    """Return one row by region: crps, whether bands held, width of the 80 % band, crps of the rival."""
    reference, series, origin = task
    ahead = SHORT.get(series, (0, YEARS))[1]
    growth = panel(reference, *SERIES[series][:2])
    later, before = (growth.rolling(n, min_periods=n).mean() for n in (ahead, RECORD))
    later = later.shift(-ahead)
    columns = ["series", "origin", "crps", "held80", "held95", "width80", "rival", "error"]
    group = fit(reference, series, origin) if origin in growth.index else None
    if group is None:
        return pd.DataFrame(columns=columns)
    errors = (later - before).loc[: origin - ahead] if series not in SHORT else later - before
    spread = float(np.nanstd(errors.to_numpy())) if errors.notna().to_numpy().sum() > MIN_COUNT else np.nan
    rng, nation = np.random.default_rng([SEED, origin]), load_nation(COUNTRY, f"{origin + 1}-03")
    paths, rows = group.growth(origin, ahead, DRAWS, rng, nation), []
    record = range(origin - RECORD + 1, origin + 1)
    past = {year: group.past(year, year, origin, nation) for year in record}
    both = pd.DataFrame({"actual": later.loc[origin], "past": before.loc[origin]}).dropna()
    for region, actual, lead in both.itertuples():
        spells = [(year, year, float(growth.at[year, region]) - past[year]) for year in record]
        draws = (paths + own_path(group.deviation, spells, origin, ahead).draws(DRAWS, rng)).mean(axis=1)
        low95, low80, middle, high80, high95 = np.quantile(draws, [0.025, 0.1, 0.5, 0.9, 0.975])
        crps, rival = float(scores.crps_draws(actual, draws)), float(scores.crps_normal(actual, lead, spread))
        rows.append(
            (series, origin, crps, low80 <= actual <= high80, low95 <= actual <= high95, high80 - low80, rival, middle - actual)
        )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def tasks(reference: Path) -> list[tuple[Path, str, int]]:
    made = []
    for series in SERIES:
        last = int(panel(reference, *SERIES[series][:2]).index.max()) - YEARS
        origins = [SHORT[series][0]] if series in SHORT else range(FIRST_ORIGIN, min(last, LAST_ORIGIN) + 1)
        made += [(reference, series, origin) for origin in origins]
    return made


def table(scored: pd.DataFrame) -> pd.DataFrame:
    """Return means by series and origin, and over all origins (`all`); share: crps over the rival's, where it has one."""
    pooled = pd.concat([scored, scored.assign(origin="all")])
    pooled["compared"] = pooled["crps"].where(pooled["rival"].notna())
    grouped = pooled.groupby(["series", "origin"], sort=False)
    made = grouped.agg(
        n=("crps", "size"), crps=("crps", "mean"), cover80=("held80", "mean"), cover95=("held95", "mean"),
        width80=("width80", "mean"), error=("error", "mean"), compared=("compared", "mean"), rival=("rival", "mean"),
    )  # fmt: skip
    made["share"] = made.pop("compared") / made.pop("rival")
    made[["cover80", "cover95"]] *= 100
    return made.reset_index()

"""Estimate the reference classes from data that stays outside the project: `make reference`.

Usage: python tools/make_reference.py REFERENCE_FOLDER BENCHMARK_FOLDER
Writes planmodel/classes/classes.json: statistics only, no rows. What each number means: docs/reference.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "classes.json"
COMMAND = "python tools/make_reference.py REFERENCE_FOLDER BENCHMARK_FOLDER"
LEFT_OUT = (
    331000,
    330800,
    430300,
)  # Taizhou, Quzhou, Xiangtan: a plan is not scored with its own region's rows
FIRST_ORIGIN = {"deviation": 1996, "common": 2003}
EPISODES_FROM = 2010
OWN_YEARS = (1, 2, 3, 5, 8)
HORIZONS = (1, 2, 3, 5, 8, 10)
EPISODE_HORIZONS = (1, 2, 3, 4, 5, 6, 8, 10)
GRID = [0.01, 0.02, 0.05, *np.round(np.arange(0.1, 0.95, 0.05), 2).tolist(), 0.95, 0.98, 0.99]
LEVEL_YEARS, DRIFT_YEARS, DRIFT_KEPT = 3, 10, 0.5
OUTLIER = 0.6  # changes of logs or logits beyond this in a year are breaks of the record, not growth
CITY = "Chinese prefectures, about half of them (replication file of an academic study)"
CITY_ZH = "中国地级市（约半数，学术论文数据）"
WDI = "World Bank, World Development Indicators, NY.GDP.MKTP.KD.ZG (CC BY 4.0)"


def log_growth(rates):
    return np.log1p(rates / 100)


def logit(shares):
    return np.log(shares / (100 - shares))


def centre_at(medians: pd.Series, origin: int, n_years: int) -> np.ndarray:
    """Class median expected in the years after `origin`: mean of its last years plus half of its drift."""
    known = medians.loc[:origin].dropna()
    level = known.iloc[-LEVEL_YEARS:].mean()
    before = known.loc[: known.index[-1] - DRIFT_YEARS].iloc[-LEVEL_YEARS:]
    drift = (level - before.mean()) / DRIFT_YEARS if len(before) == LEVEL_YEARS else 0.0
    lag = (LEVEL_YEARS - 1) / 2
    return level + DRIFT_KEPT * drift * (lag + np.arange(1, n_years + 1))


def block_means(growth: pd.DataFrame, n: int) -> pd.DataFrame:
    """Mean growth over the n years that end in each row's year; missing where a year is missing."""
    return growth.rolling(n, min_periods=n).mean()


def pairs(deviation: pd.DataFrame, n: int, horizon: int):
    before = block_means(deviation, n)
    after = block_means(deviation, horizon).shift(-horizon)
    both = pd.DataFrame({"x": before.stack(), "y": after.stack()}).dropna()
    return both["x"].to_numpy(), both["y"].to_numpy()


def deviation_statistics(deviation: pd.DataFrame) -> dict:
    weights, spread = {}, {}
    for n in OWN_YEARS:
        x, y = pairs(deviation, n, 5)
        weights[str(n)] = round(float(np.clip(np.cov(x, y)[0, 1] / x.var(ddof=1), 0, 1)), 3)
    for horizon in HORIZONS:
        x, y = pairs(deviation, min(horizon, 5), horizon)
        slope = np.cov(x, y)[0, 1] / x.var(ddof=1)
        spread[str(horizon)] = round(float((y - slope * x).std()), 5)
    return {"own_weight": weights, "deviation_sd": spread}


def common_statistics(medians: pd.Series, horizons) -> dict:
    errors = {}
    for horizon in horizons:
        rows = []
        for origin in range(FIRST_ORIGIN["common"], int(medians.index.max()) - horizon + 1):
            actual = medians.loc[origin + 1 : origin + horizon]
            if actual.notna().sum() == horizon and medians.loc[:origin].notna().sum() >= LEVEL_YEARS:
                rows.append(actual.mean() - centre_at(medians, origin, horizon).mean())
        if len(rows) >= 5:
            errors[str(horizon)] = round(float(np.sqrt(np.mean(np.square(rows)))), 5)
    return errors


def episodes(growth: pd.DataFrame, exp: bool) -> dict:
    table = {}
    for horizon in EPISODE_HORIZONS:
        blocks = block_means(growth, horizon).loc[EPISODES_FROM + horizon - 1 :].stack().dropna()
        values = np.expm1(blocks) if exp else blocks
        table[str(horizon)] = {
            "n": int(values.size),
            "quantiles": [round(float(v), 5) for v in np.quantile(values, GRID)],
        }
    return {"first_growth_year": EPISODES_FROM, "grid": GRID, "horizons": table}


def calendar_class(growth: pd.DataFrame, transform: str, **words) -> dict:
    growth = growth.where(growth.abs() <= OUTLIER)
    medians = growth.median(axis=1).where(growth.count(axis=1) >= 15)
    deviation = growth.sub(medians, axis=0).loc[FIRST_ORIGIN["deviation"] :]
    years = medians.dropna().index
    return {
        **words,
        "transform": transform,
        "n_series": int(growth.notna().any().sum()),
        "years": [int(years.min()), int(years.max())],
        "command": COMMAND,
        "medians": {str(year): round(float(value), 5) for year, value in medians.dropna().items()},
        **deviation_statistics(deviation),
        "common_sd": common_statistics(medians, (1, 2, 3, 5)),
        "episodes": episodes(growth, exp=transform == "log"),
    }


def collection_class(benchmarks: Path) -> dict:
    frames = []
    for name in ("m1_yearly.csv", "tourism_yearly.csv"):
        frame = pd.read_csv(benchmarks / name)
        frames.append(frame[(frame["split"] == "train") & (frame["y"] > 0)])
    wide = pd.concat(frames).pivot(index="t", columns="unique_id", values="y")
    growth = np.log(wide).diff()
    growth = growth.where(growth.abs() <= OUTLIER)
    centre = float(growth.stack().median())
    words = {
        "name_en": "annual economic and demographic series of the M1 and tourism competitions",
        "name_zh": "M1 与旅游预测竞赛年度序列",
        "measure": "growth of any positive annual series",
        "source": "M1 competition (Makridakis et al. 1982) and tourism competition (Athanasopoulos et al. 2011), training parts",
        "sample": "positive values of all annual series; changes of more than 0.6 in logs left out",
    }
    return {
        **words,
        "transform": "log",
        "n_series": int(wide.shape[1]),
        "years": None,
        "command": COMMAND,
        "centre": round(centre, 5),
        **deviation_statistics(growth - centre),
        "common_sd": {},
        "episodes": None,
    }


def main(reference: Path, benchmarks: Path) -> None:
    cities = pd.read_csv(reference / "china_city_sample.csv")
    cities = cities[~cities["city_code"].isin(LEFT_OUT)]
    wdi = pd.read_csv(reference / "wdi_real_gdp_growth.csv")

    def city(column):
        return cities.pivot(index="year", columns="city_code", values=column)

    sample = f"{CITY}; the prefectures of the plans in data/ left out"
    words = {"source": "academic replication file, statistical yearbooks", "sample": sample}
    share_words = {**words, "measure": "change of the logit of a share of GDP"}
    classes = {
        "countries_real_gdp": calendar_class(
            log_growth(wdi.pivot(index="year", columns="country_code", values="real_gdp_growth_pct")),
            "log",
            name_en="countries, real GDP growth",
            name_zh="世界各国实际GDP增长",
            measure="real growth",
            source=WDI,
            sample="all countries with data",
        ),
        "prefectures_real_gdp": calendar_class(
            log_growth(city("real_growth_pct")),
            "log",
            name_en="Chinese prefectures, reported real GDP growth",
            name_zh="中国地级市GDP实际增长（公布数）",
            measure="real growth",
            **words,
        ),
        "prefectures_nominal_gdp": calendar_class(
            np.log(city("gdp_yi")).diff(),
            "log",
            name_en="Chinese prefectures, nominal GDP",
            name_zh="中国地级市GDP名义增长",
            measure="nominal growth",
            **words,
        ),
        "prefectures_nominal_services": calendar_class(
            np.log(city("va3_yi")).diff(),
            "log",
            name_en="Chinese prefectures, nominal services value added",
            name_zh="中国地级市服务业增加值名义增长",
            measure="nominal growth",
            **words,
        ),
        "prefectures_services_share": calendar_class(
            logit(city("share3_pct")).diff(),
            "logit",
            name_en="Chinese prefectures, services share of GDP",
            name_zh="中国地级市服务业占GDP比重",
            **share_words,
        ),
        "annual_series": collection_class(benchmarks),
    }
    drifting = classes["prefectures_services_share"]
    classes["gdp_shares"] = {
        **{key: value for key, value in drifting.items() if key not in ("medians", "episodes", "common_sd")},
        "name_en": "shares of GDP, moving as the services share of Chinese prefectures does but without its drift",
        "name_zh": "占比类指标（波动参照地级市服务业占比，不含趋势）",
        "centre": 0.0,
        "common_sd": drifting["common_sd"],
        "episodes": None,
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(classes, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(classes)} classes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))

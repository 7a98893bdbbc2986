"""Estimate the reference classes from data that stays outside the project: `make reference`.

Usage: python tools/make_reference.py REFERENCE_FOLDER
Writes planmodel/classes/classes.json: statistics only, no rows. What each number means: docs/reference.md.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln

from planmodel.forecasts.class_paths import Deviation
from planmodel.forecasts.nations import load_nation

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "classes.json"
COMMAND = "python tools/make_reference.py REFERENCE_FOLDER"
LEFT_OUT = (
    331000,
    330800,
    430300,
)  # Taizhou, Quzhou, Xiangtan: a plan is not scored with its own region's rows
FIT_YEARS, CLIP = 15, 4.0
PRIOR = {"rho": (1.7, 1.0), "nu": (1.4, 1.0)}  # weak: logit of rho about .85, log of nu - 2 about 1.4
EPISODES_FROM, FEWEST_EPISODES = 2010, 15
EPISODE_HORIZONS = (1, 2, 3, 4, 5, 6, 8, 10)
GRID = [0.01, 0.02, 0.05, *np.round(np.arange(0.1, 0.95, 0.05), 2).tolist(), 0.95, 0.98, 0.99]
MIN_COUNT = 15
OUTLIER = 0.6  # changes of logs or logits beyond this in a year are breaks of the record, not growth
CITY = "Chinese prefectures, about half of them (replication file of an academic study)"
WDI = {
    "zh": "世界银行《世界发展指标》，NY.GDP.MKTP.KD.ZG（CC BY 4.0）",
    "en": "World Bank, World Development Indicators, NY.GDP.MKTP.KD.ZG (CC BY 4.0)",
}
PROVINCES = {"zh": "中国各省统计年鉴", "en": "statistical yearbooks of Chinese provinces"}
CITIES = {
    "zh": "学术论文复现数据、统计年鉴",
    "en": "academic replication file, statistical yearbooks",
}

NBS = "china_provinces_nbs"
AMOUNTS = {
    "income": (
        (f"{NBS}/income_per_capita", f"{NBS}/consumption_per_capita", "china_provinces/average_wage"),
        "income and wages per head, nominal", "人均收入与工资名义增长",
    ),
    "retail": ((f"{NBS}/retail_sales", "china_provinces/household_consumption"), "retail sales, nominal", "社会消费品零售名义增长"),
    "revenue": ((f"{NBS}/budget_revenue", f"{NBS}/tax_revenue"), "budget and tax revenue, nominal", "财政与税收收入名义增长"),
    "trade": ((f"{NBS}/goods_trade",), "goods trade, nominal", "货物进出口名义增长"),
    "investment": (("china_provinces/fixed_investment",), "fixed investment, nominal", "固定资产投资名义增长"),
}  # fmt: skip


def log_growth(rates):
    return np.log1p(rates / 100)


def logit(shares):
    return np.log(shares / (100 - shares))


def block_means(growth: pd.DataFrame, n: int) -> pd.DataFrame:
    """Mean growth over the n years that end in each row's year; missing where a year is missing."""
    return growth.rolling(n, min_periods=n).mean()


def fit_deviation(deviation: pd.DataFrame) -> dict:
    """Fit covariance and tails of members' deviations by marginal likelihood (see planmodel/forecasts/class_paths.py).

    deviation: years x members, hundredths of logs; each member has a scale of its own (inverse gamma), so that its
    record is multivariate t. Members with fewer than three values are left out.
    """
    scale = 1.4826 * np.nanmedian(np.abs(deviation.to_numpy()))
    scaled = np.clip(deviation / scale, -CLIP, CLIP)
    years = scaled.index.to_numpy()
    groups: dict[tuple, list] = {}
    for member in scaled:
        values = scaled[member].to_numpy()
        known = ~np.isnan(values)
        if known.sum() >= 3:
            groups.setdefault(tuple(known), []).append(values[known])
    groups = [(years[np.array(known)], np.array(values)) for known, values in groups.items()]

    def unpack(x) -> Deviation:
        return Deviation(np.exp(x[0]), 1 / (1 + np.exp(-x[3])), np.exp(x[1]), 2 + np.exp(x[2]), float(scale))

    def loss(x) -> float:
        found, total = unpack(x), 0.0
        for known, values in groups:
            root = np.linalg.cholesky(found.kernel(known, known))
            squares = (np.linalg.solve(root, values.T) ** 2).sum(axis=0)
            n = len(known)
            each = gammaln(found.nu / 2) - gammaln((found.nu + n) / 2) + n / 2 * np.log(found.nu)
            each += np.log(np.diag(root)).sum()
            total += each * len(values) + ((found.nu + n) / 2 * np.log1p(squares / found.nu)).sum()
        for place, name in ((3, "rho"), (2, "nu")):
            centre, width = PRIOR[name]
            total += 0.5 * ((x[place] - centre) / width) ** 2
        return total

    options = {"maxiter": 400, "xatol": 0.01, "fatol": 0.05}
    best = minimize(loss, [np.log(0.5), np.log(0.8), 1.4, 1.7], method="Nelder-Mead", options=options)
    return {name: round(float(value), 4) for name, value in asdict(unpack(best.x)).items()}


def episodes(growth: pd.DataFrame, exp: bool) -> dict | None:
    table = {}
    for horizon in EPISODE_HORIZONS:
        blocks = block_means(growth, horizon).loc[EPISODES_FROM + horizon - 1 :].stack().dropna()
        if blocks.size < FEWEST_EPISODES:
            continue
        values = np.expm1(blocks) if exp else blocks
        table[str(horizon)] = {
            "n": int(values.size),
            "quantiles": [round(float(v), 5) for v in np.quantile(values, GRID)],
        }
    return {"first_growth_year": EPISODES_FROM, "grid": GRID, "horizons": table} if table else None


def calendar_class(growth: pd.DataFrame, transform: str, outer: dict | None, **words) -> dict:
    growth = growth.where(growth.abs() <= OUTLIER)
    medians = growth.median(axis=1).where(growth.count(axis=1) >= MIN_COUNT)
    years = medians.dropna().index
    deviation = 100 * growth.sub(medians, axis=0)
    return {
        **words,
        "transform": transform,
        "n_series": int(growth.notna().any().sum()),
        "years": [int(years.min()), int(years.max())],
        "command": COMMAND,
        "medians": {str(year): round(100 * float(value), 3) for year, value in medians.dropna().items()},
        "deviation": fit_deviation(deviation.loc[years.max() - FIT_YEARS + 1 :]),
        "outer": outer,
        "episodes": episodes(growth, exp=transform == "log"),
    }


def fit_beside(parts: list[pd.DataFrame], nominal: pd.Series) -> dict:
    """Fit deviations of members from the nation: how they differ from each other, and as noise what a year does to all.

    parts: growth by year and member, hundredths of logs, one frame a panel. nominal: growth of the nation by year.
    """
    medians = [part.median(axis=1) for part in parts]
    deviation = pd.concat(
        [
            part.sub(m, axis=0).dropna(how="all").iloc[-FIT_YEARS:]
            for part, m in zip(parts, medians, strict=True)
        ],
        axis=1,
    )
    fitted = fit_deviation(deviation)
    years = pd.concat([m.sub(nominal).dropna().iloc[-FIT_YEARS:] for m in medians])
    shared = 1.4826 * float((years - years.median()).abs().median())
    return {**fitted, "N": round(fitted["N"] + (shared / fitted["scale"]) ** 2, 4)}


def follower(reference: Path, panels: tuple[str, ...], prices: dict, **words) -> dict:
    """A class of yuan amounts without a calendar of its own: it follows the nation's nominal growth (growth and prices).

    Several panels of a kind stand for more members.
    """
    folder = Path(__file__).resolve().parent.parent / "data"
    nation, known = (
        load_nation("china", "9999-12", folder=folder),
        {int(y): v for y, v in prices["prices"].items()},
    )
    deflator = known | dict(nation.prices.record)
    nominal = pd.Series(
        {year: growth + deflator[year] for year, growth in nation.record.items() if year in deflator}
    )
    parts = []
    for panel in panels:
        table = pd.read_csv(reference / "panels" / f"{panel}.csv").pivot(
            index="year", columns="region_id", values="value"
        )
        growth = 100 * np.log(table.where(table > 0)).diff()
        parts.append(growth.where(growth.abs() <= 100 * OUTLIER).add_prefix(panel))
    years = pd.concat(parts, axis=1).dropna(how="all").index
    return {
        **words,
        "transform": "log",
        "measure": "nominal growth less that of the nation",
        "source": PROVINCES,
        "sample": "about seven of ten provinces",
        "nation": "china",
        "n_series": int(max(part.notna().any().sum() for part in parts)),
        "years": [int(years.min()), int(years.max())],
        "command": COMMAND,
        "medians": None,
        "deviation": fit_beside(parts, nominal),
        "outer": {"class": "prefectures_nominal_gdp", "gap_from": None},
        "episodes": None,
        "offset_fades": True,
        **prices,
    }


def main(reference: Path) -> None:
    cities = pd.read_csv(reference / "china_city_sample.csv")
    cities = cities[~cities["city_code"].isin(LEFT_OUT)]
    wdi = pd.read_csv(reference / "wdi_real_gdp_growth.csv")

    def city(column):
        return cities.pivot(index="year", columns="city_code", values=column)

    sample = f"{CITY}; the prefectures of the plans in data/ left out"
    words = {"source": CITIES, "sample": sample}
    share_words = {**words, "measure": "change of the logit of a share of GDP"}
    classes = {
        "countries_real_gdp": calendar_class(
            log_growth(wdi.pivot(index="year", columns="country_code", values="real_gdp_growth_pct")),
            "log",
            None,
            name_en="countries, real GDP growth",
            name_zh="世界各国实际GDP增长",
            measure="real growth",
            source=WDI,
            sample="all countries with data",
        ),
        "prefectures_real_gdp": calendar_class(
            log_growth(city("real_growth_pct")),
            "log",
            {"class": "countries_real_gdp", "gap_from": None},
            name_en="Chinese prefectures, reported real GDP growth",
            name_zh="中国地级市GDP实际增长（公布数）",
            measure="real growth",
            nation="china",
            offset_fades=True,
            **words,
        ),
        "prefectures_nominal_gdp": calendar_class(
            np.log(city("gdp_yi")).diff(),
            "log",
            {"class": "countries_real_gdp", "gap_from": "prefectures_real_gdp"},
            name_en="Chinese prefectures, nominal GDP",
            name_zh="中国地级市GDP名义增长",
            measure="nominal growth",
            nation="china",
            offset_fades=True,
            **words,
        ),
        "prefectures_nominal_services": calendar_class(
            np.log(city("va3_yi")).diff(),
            "log",
            {"class": "countries_real_gdp", "gap_from": "prefectures_real_gdp"},
            name_en="Chinese prefectures, nominal services value added",
            name_zh="中国地级市服务业增加值名义增长",
            measure="nominal growth",
            nation="china",
            **words,
        ),
        "prefectures_services_share": calendar_class(
            logit(city("share3_pct")).diff(),
            "logit",
            None,
            name_en="Chinese prefectures, services share of GDP",
            name_zh="中国地级市服务业占GDP比重",
            **share_words,
        ),
    }
    nominal, real = (classes[f"prefectures_{basis}_gdp"]["medians"] for basis in ("nominal", "real"))
    prices = {
        "prices": {year: round(value - real[year], 3) for year, value in nominal.items() if year in real}
    }
    for name in ("prefectures_nominal_gdp", "prefectures_nominal_services"):
        classes[name] |= prices
    for name, (panels, name_en, name_zh) in AMOUNTS.items():
        classes[f"provinces_nominal_{name}"] = follower(
            reference, panels, prices, name_en=f"Chinese provinces, {name_en}", name_zh=f"中国省份{name_zh}"
        )
    shares = classes["prefectures_services_share"]
    yearly = pd.Series(shares["medians"]).to_numpy()
    five = np.convolve(yearly, np.full(5, 0.2), mode="valid")
    classes["gdp_shares"] = {
        **shares,
        "name_en": "shares of GDP, moving as the services share of Chinese prefectures does but without its drift",
        "name_zh": "占比类指标（波动参照地级市服务业占比，不含趋势）",
        "medians": None,
        "level_sd": round(float(five.std()), 3),
        "episodes": None,
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(classes, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, entry in classes.items():
        print(name, entry["n_series"], entry["years"], entry["deviation"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

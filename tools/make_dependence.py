"""Estimate how indicators of one region hang together, given their forecasts: `make reference`.

Usage: python tools/make_dependence.py REFERENCE_FOLDER
Writes planmodel/classes/dependence.json: correlations by pair of kinds, no rows. What is left after the forecast is the growth
of the next years less the median of the origin's regions and less the lasting part of the region's own lead; its
ranks within the origin stand as normal scores. docs/reference.md says more.
"""

from __future__ import annotations

import json
import sys
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "dependence.json"
COMMAND = "python tools/make_dependence.py REFERENCE_FOLDER"
SPANS = ((5, 4), (3, 3))
"""Years ahead and years of record, the first where a pair has enough of both."""
FIRST_ORIGIN, FEWEST_REGIONS, FEWEST_CELLS, BREAK = 2000, 10, 60, 60.0
PRIOR = 8
"""A pair counts as its cells over its years ahead, beside so many of the mean of its groups."""
REVISED = (2019, 2023)
"""Years in which the provinces' accounts as first published go over to a census."""
GROUPS = {
    "real": ("real_gdp", "real_services", "real_industry", "real_agriculture"),
    "accounts": ("gdp", "gdp_per_head", "services", "industry", "agriculture"),
    "amounts": (
        "income", "retail", "revenue", "trade", "investment", "foreign_investment", "tourism_receipts", "other_amount",
    ),
    "share": ("services_share", "industry_share", "agriculture_share"),
    "other": ("tourism_arrivals", "population", "employment", "count", "density", "energy", "other_share"),
    "prices": ("prices",),
}  # fmt: skip
P, N, C, W = "china_provinces", "china_provinces_nbs", "china_cities", "wdi"
PLACES = {P: "province", N: "province", C: "city", W: "country"}
WORLD = "wdi_real_gdp_growth"
"""Real growth of countries stands in a file of its own."""
SERIES = {
    "real_gdp": ((P, "growth_index_gdp"), (C, "gdp_real_2000prices"), (W, WORLD)),
    "real_services": ((P, "growth_index_services"),),
    "real_industry": ((P, "growth_index_secondary"),),
    "real_agriculture": ((P, "growth_index_primary"),),
    "gdp": ((N, "gdp"), (P, "gdp"), (C, "gdp")),
    "gdp_per_head": ((P, "gdp_per_capita"),),
    "services": ((P, "services_va"), (C, "services_va")),
    "industry": ((P, "secondary_va"), (P, "industry_va"), (C, "secondary_va")),
    "agriculture": ((P, "primary_va"), (C, "primary_va")),
    "services_share": ((P, "services_share"), (C, "services_share")),
    "industry_share": ((P, "secondary_share"), (C, "secondary_share")),
    "agriculture_share": ((P, "primary_share"), (C, "primary_share")),
    "income": ((N, "income_per_capita"), (N, "consumption_per_capita"), (P, "average_wage")),
    "retail": ((N, "retail_sales"), (P, "household_consumption")),
    "revenue": ((N, "budget_revenue"), (N, "tax_revenue"), (P, "budget_expenditure")),
    "trade": ((N, "goods_trade"), (W, "exports_current_usd")),
    "investment": ((P, "fixed_investment"), (P, "gross_fixed_capital_formation")),
    "foreign_investment": ((C, "fdi_used"),),
    "tourism_receipts": ((W, "tourism_receipts_usd"),),
    "tourism_arrivals": ((W, "tourist_arrivals"),),
    "prices": ((N, "cpi"),),
    "population": ((P, "population"), (C, "population_resident")),
    "employment": ((P, "employment"), (P, "services_employment")),
    "energy": ((P, "energy_consumption"), (P, "co2_emissions"), (P, "electricity_generation"), (C, "co2_emissions_edgar")),
    "count": ((P, "patents_granted"), (P, "hightech_industry_firms"), (P, "invention_patents_valid"), (P, "licensed_doctors")),
    "density": ((P, "hospital_beds_per_1000"), (P, "nurses_per_1000"), (C, "road_area_per_head")),
    "other_amount": ((P, "rd_expenditure"), (P, "tech_contract_value_sold"), (P, "hightech_industry_revenue"), (C, "loans")),
    "other_share": ((P, "rd_intensity"), (P, "services_employment_share"), (P, "urbanisation")),
}  # fmt: skip
"""Kind of indicator -> the panels that stand for it (folder, file)."""
ALIKE = {
    ("gdp", "gdp_per_head"): ("real_gdp", "gdp", "gdp_per_head"),
    ("industry", "industry"): ("real_services", "real_industry", "services", "industry_share"),
}
"""Two indicators of these kinds, a whole and the same by head or a large part of it, are taken to move as that pair does."""
LEAST = 1e-6
"""Smallest eigenvalue of a correlation matrix."""


def nearest(matrix: np.ndarray) -> np.ndarray:
    """Return the matrix with negative eigenvalues set to (almost) nothing, its diagonal 1 again."""
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= LEAST:
        return matrix
    made = (vectors * np.maximum(values, LEAST)) @ vectors.T
    size = np.sqrt(np.diag(made))
    made = (made + made.T) / 2 / np.outer(size, size)
    np.fill_diagonal(made, 1.0)
    return made


def growth(reference: Path, folder: str, name: str) -> pd.DataFrame:
    """Return growth by year and region, hundredths of logs (of logits for shares)."""
    if name == WORLD:
        table = pd.read_csv(reference / f"{WORLD}.csv")
        wide = table.pivot(index="year", columns="country_code", values="real_gdp_growth_pct")
        return 100 * np.log1p(wide.where(wide > -90) / 100)
    table = pd.read_csv(reference / "panels" / folder / f"{name}.csv")
    wide = table.pivot(index="year", columns="region_id", values="value")
    if name.startswith("growth_index") or name == "cpi":
        made = 100 * np.log(wide / 100)
    elif name.endswith("share") or name in ("urbanisation", "rd_intensity"):
        made = 100 * np.log(wide / (100 - wide)).diff()
    else:
        made = 100 * np.log(wide.where(wide > 0)).diff()
    if folder == P and name.split("_")[0] in ("gdp", "primary", "secondary", "services", "industry"):
        made[made.index.isin(REVISED)] = np.nan
    return made.where(made.abs() <= BREAK)


def left_over(yearly: pd.DataFrame, ahead: int, record: int) -> pd.Series:
    """Return normal scores, by origin and region, of what a forecast leaves over `ahead` years."""
    later = yearly.rolling(ahead, min_periods=ahead).mean().shift(-ahead)
    before = yearly.rolling(record, min_periods=record).mean()
    later, before = (part.sub(part.median(axis=1), axis=0) for part in (later, before))
    both = pd.DataFrame({"later": later.stack(), "before": before.stack()}).dropna()
    if both.empty:
        return both["later"]
    lead, outcome = both["before"], both["later"].clip(*both["later"].quantile([0.02, 0.98]))
    kept = float((lead * outcome).sum() / (lead**2).sum())
    rest = (both["later"] - kept * lead).unstack().loc[FIRST_ORIGIN:]
    rest = rest[rest.count(axis=1) >= FEWEST_REGIONS]
    ranks = rest.rank(axis=1).sub(0.5).div(rest.count(axis=1), axis=0)
    return ranks.stack().map(ndtri)


def scores(reference: Path) -> dict[int, dict[tuple[str, str, str], pd.Series]]:
    """Return what is left over by years ahead and by (kind, folder, file)."""
    found: dict[int, dict] = {}
    for ahead, record in SPANS:
        found[ahead] = {
            (kind, folder, name): left_over(growth(reference, folder, name), ahead, record)
            for kind, panels in SERIES.items()
            for folder, name in panels
        }
    return found


def pairs(found: dict, keep=lambda index: np.ones(len(index), bool)) -> pd.DataFrame:
    """Return one row a pair of series of one place: kinds, correlation, cells, years ahead.

    keep: which (origin, region) cells count.
    """
    rows = []
    names = sorted(found[SPANS[0][0]], key=lambda each: list(SERIES).index(each[0]))
    for first, second in combinations_with_replacement(names, 2):
        if first == second or PLACES[first[1]] != PLACES[second[1]]:
            continue
        for ahead, _ in SPANS:
            both = pd.concat([found[ahead][first], found[ahead][second]], axis=1, keys=["a", "b"]).dropna()
            both = both[keep(both.index)]
            if len(both) >= FEWEST_CELLS:
                moment = float(
                    (both["a"] * both["b"]).sum() / np.sqrt((both["a"] ** 2).sum() * (both["b"] ** 2).sum())
                )
                rows.append((first[0], second[0], moment, len(both), ahead))
                break
    return pd.DataFrame(rows, columns=["first", "second", "r", "n", "ahead"])


def fit(rows: pd.DataFrame) -> dict:
    """Return the table: correlation by pair of kinds, within a kind, and what holds for pairs without data.

    Series of one pair of kinds are averaged, each by its cells over its years ahead; a pair is drawn to the mean of its
    pair of groups.
    """
    group = {kind: name for name, kinds in GROUPS.items() for kind in kinds}
    rows = rows.assign(weight=rows["n"] / rows["ahead"], z=np.arctanh(rows["r"].clip(-0.97, 0.97)))
    rows["group"] = [
        tuple(sorted((group[a], group[b]))) for a, b in zip(rows["first"], rows["second"], strict=True)
    ]
    across = rows[rows["first"] != rows["second"]]
    mean = float(np.average(across["z"], weights=across["weight"]))
    usual = {
        name: float(np.average(each["z"], weights=each["weight"])) for name, each in across.groupby("group")
    }
    within = rows[rows["first"] == rows["second"]]
    alike = float(np.average(within["z"], weights=within["weight"]))
    kinds = list(SERIES)
    z, weight = np.zeros((len(kinds), len(kinds))), np.zeros((len(kinds), len(kinds)))
    for row in rows.itertuples():
        at = kinds.index(row.first), kinds.index(row.second)
        for i, j in {at, at[::-1]}:
            z[i, j] += row.weight * row.z
            weight[i, j] += row.weight
    prior = np.array([[usual.get(tuple(sorted((group[a], group[b]))), mean) for b in kinds] for a in kinds])
    np.fill_diagonal(prior, alike)
    r = np.tanh((z + PRIOR * prior) / (weight + PRIOR))
    same = {kind: round(float(value), 2) for kind, value in zip(kinds, np.diag(r), strict=True)}
    for (first, second), borrowers in ALIKE.items():
        same |= dict.fromkeys(borrowers, round(float(r[kinds.index(first), kinds.index(second)]), 2))
    np.fill_diagonal(r, 1.0)
    r = np.round(nearest(r), 3)
    return {
        "kinds": kinds,
        "correlation": {kind: r[i, :i].tolist() for i, kind in enumerate(kinds)},
        "within": same,
        "default": round(float(np.tanh(mean)), 2),
        "default_within": round(float(np.tanh(alike)), 2),
    }


def main(reference: Path) -> None:
    rows = pairs(scores(reference))
    entry = {
        "source": "statistical yearbooks of Chinese provinces and prefectures; World Bank, World Development Indicators",
        "sample": f"{rows['n'].sum()} pairs of outcomes of {len(rows)} pairs of series, origins from {FIRST_ORIGIN} on",
        "command": COMMAND,
        **fit(rows),
    }
    OUT.write_text(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

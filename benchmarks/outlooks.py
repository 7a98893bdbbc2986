"""Published outlooks corrected by planmodel, against the outlooks themselves: countries, autumn by autumn.

Each outlook is read with what was known in its year: the coefficients of that origin, the country's record before it, its
own earlier misses. Growth is the mean of log growth over the years ahead, in hundredths.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import scores
from planmodel.forecasts.nations import LEADS, PAST_YEARS, Nation
from tools.make_outlooks import outlooks, prices

FIRST_ORIGIN, LAST_ORIGIN, AHEAD, DRAWS, SEED = 2005, 2020, (3, 5), 10_000, 1
COLUMNS = ["origin", "n_years", "crps", "held", "width80", "error", "outlook_error"]
"""outlook_error: that of the published outlook; of prices, that of going on as in the last year."""


@cache
def rows(reference: Path) -> pd.DataFrame:
    """Return one row an autumn outlook of a country."""
    return outlooks(reference / "weo_growth_vintages.csv")


@cache
def records(reference: Path) -> dict[str, dict[int, float]]:
    """Return real growth by country and year as known later, hundredths of logs."""
    table = pd.read_csv(reference / "weo_growth_vintages.csv").drop_duplicates(["region_id", "target_year"])
    table["growth"] = 100 * np.log1p(table["outturn_pct"].clip(-90, 400) / 100)
    groups = table.dropna(subset="growth").groupby("region_id")
    return {country: dict(zip(each["target_year"], each["growth"], strict=True)) for country, each in groups}


def score_origin(task: tuple[Path, int]) -> pd.DataFrame:
    """Return one row by country and years ahead: crps, whether the 80 % band held, errors of median and outlook."""
    reference, origin = task
    rng, made = np.random.default_rng([SEED, origin]), []
    for row in rows(reference)[rows(reference)["origin"] == origin].itertuples():
        record = {year: growth for year, growth in records(reference)[row.country].items() if year < origin}
        said = {origin + lead: getattr(row, f"f{lead}") for lead in LEADS}
        if not record:
            continue
        nation = Nation(
            row.country, "IMF", f"{origin}-10", record, {origin: said[origin + 1]} | said, row.own
        )
        paths = nation.draws(origin, LEADS[-1], DRAWS, rng)
        actual = np.array([getattr(row, f"y{lead}") for lead in LEADS])
        for ahead in AHEAD:
            draws, outcome = paths[:, :ahead].mean(axis=1), actual[:ahead].mean()
            low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
            published = np.mean([said[origin + lead] for lead in LEADS[:ahead]])
            crps = float(scores.crps_draws(outcome, draws))
            made.append(
                (
                    origin,
                    ahead,
                    crps,
                    low <= outcome <= high,
                    high - low,
                    abs(outcome - middle),
                    abs(outcome - published),
                )
            )
    return pd.DataFrame(made, columns=COLUMNS).dropna()


@cache
def calm(reference: Path) -> pd.DataFrame:
    """Return one row a country and year after ten calm ones: prices of GDP before and after."""
    return prices(reference / "panels" / "wdi" / "gdp_deflator_inflation.csv").dropna()


def score_prices(task: tuple[Path, int]) -> pd.DataFrame:
    """Return one row by country: crps of the mean growth of prices over five years, whether the 80 % band held, its width."""
    reference, origin = task
    rng, made, longest = np.random.default_rng([SEED, origin]), [], LEADS[-1]
    for row in calm(reference)[calm(reference)["origin"] == origin].itertuples():
        before = (PAST_YEARS * row.past - row.f1) / (PAST_YEARS - 1)
        record = {origin - back: before for back in range(1, PAST_YEARS)} | {origin: row.f1}
        nation = Nation(row.country, "", f"{origin + 1}-03", record, {origin: row.f1}, row.own, "prices")
        draws = nation.draws(origin, longest, DRAWS // 5, rng).mean(axis=1)
        outcome = float(np.mean([getattr(row, f"y{lead}") for lead in LEADS]))
        low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
        crps, held = float(scores.crps_draws(outcome, draws)), low <= outcome <= high
        made.append((origin, longest, crps, held, high - low, abs(outcome - middle), abs(outcome - row.f1)))
    return pd.DataFrame(made, columns=COLUMNS)


def tasks(reference: Path) -> list[tuple[Path, int]]:
    return [(reference, origin) for origin in range(FIRST_ORIGIN, LAST_ORIGIN + 1)]


def table(scored: pd.DataFrame) -> pd.DataFrame:
    """Return means by origin and years ahead, and over origins: `2010-2019`, `all`."""
    decade = scored[scored["origin"].between(2010, 2019)].assign(origin="2010-2019")
    grouped = pd.concat([scored, decade, scored.assign(origin="all")]).groupby(
        ["origin", "n_years"], sort=False
    )
    made = grouped.agg(
        n=("crps", "size"), crps=("crps", "mean"), cover80=("held", "mean"), width80=("width80", "mean"),
        error=("error", "mean"), outlook_error=("outlook_error", "mean"),
    )  # fmt: skip
    made["cover80"] *= 100
    return made.assign(share=made["error"] / made["outlook_error"]).reset_index()

"""Five-year growth of countries and of Chinese cities, origin by origin, against two simple rivals.

Everything is estimated from what was known at the origin: the class's medians, the four numbers of the deviations (the
last 15 years), the level the class is drawn to, and the spread of each rival's own past errors. Growth is the mean of
log growth over the five years, in hundredths.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import scores
from planmodel.forecasts.class_paths import (
    CLASS_YEARS,
    PULL,
    RECORD_YEARS,
    ClassState,
    Deviation,
    class_state,
    own_path,
)
from planmodel.forecasts.nations import Nation, load_nation
from planmodel.forecasts.reference import OFFSET_PULL, OUTER_YEARS
from tools.make_reference import FIT_YEARS, LEFT_OUT, MIN_COUNT, OUTLIER, fit_deviation

YEARS, FIRST_ORIGIN, DRAWS, SEED = 5, 2010, 2000, 1
COUNTRY = "china"
"""The nation that the cities follow (data/outlooks, data/nations.csv)."""
PROPOSED = 0.7
"""The chance at which `planmodel draft` proposes targets where nothing else is asked."""
Z80 = 1.2815515594600038
FILES = {
    "countries": ("wdi_real_gdp_growth.csv", "country_code", "real_gdp_growth_pct"),
    "cities": ("china_city_sample.csv", "city_code", "real_growth_pct"),
}


@dataclass(frozen=True)
class Fitted:
    """A class as it could be estimated at an origin."""

    origin: int
    medians: pd.Series
    deviation: Deviation
    state: ClassState
    nation: Nation | None = None

    def paths(self, n_years: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
        """Return paths of the class: its own, or the nation's outlook known then plus the class's offset."""
        own = self.state.draws(n_years, n_draws, rng)
        return own if self.nation is None else own + self.nation.draws(self.origin, n_years, n_draws, rng)

    def own(self, record: pd.Series, n_years: int):
        """Return a member's coming deviation from the class, given its record of growth."""
        recent = record.loc[self.origin - RECORD_YEARS + 1 : self.origin].dropna()
        lead = (recent - self.medians.reindex(recent.index)).dropna()
        return own_path(self.deviation, [(y, y, v) for y, v in lead.items()], self.origin, n_years)


def growth_of(rates: pd.DataFrame) -> pd.DataFrame:
    """Return log growth in hundredths, years x members; breaks of the record left out."""
    growth = 100 * np.log1p(rates / 100)
    return growth.where(growth.abs() <= 100 * OUTLIER)


@cache
def panel(reference: Path, group: str) -> pd.DataFrame:
    """Return growth by year and member; the cities of this project's own plans are left out."""
    name, member, column = FILES[group]
    table = pd.read_csv(reference / name)
    if group == "cities":
        table = table[~table[member].isin(LEFT_OUT)]
    return growth_of(table.pivot(index="year", columns=member, values=column))


def _deviation(growth: pd.DataFrame, origin: int) -> tuple[pd.Series, Deviation]:
    known = growth.loc[:origin]
    medians = known.median(axis=1).where(known.count(axis=1) >= MIN_COUNT)
    deviation = known.sub(medians, axis=0).loc[origin - FIT_YEARS + 1 :]
    return medians.dropna(), Deviation(**fit_deviation(deviation))


@cache
def world(reference: Path, origin: int) -> tuple[pd.Series, Deviation]:
    """Return the medians and deviations of the countries at an origin."""
    return _deviation(panel(reference, "countries"), origin)


def fit(reference: Path, group: str, growth: pd.DataFrame, origin: int) -> Fitted:
    """Estimate a class from the years up to an origin."""
    wide, wide_deviation = world(reference, origin)
    if group == "countries":
        medians, deviation = wide, wide_deviation
        level = float(medians.iloc[-CLASS_YEARS:].mean())
    else:
        medians, deviation = _deviation(growth, origin)
        nation = load_nation(COUNTRY, f"{origin + 1}-03")
        if nation is not None:
            offsets = medians - pd.Series(nation.record)
            return Fitted(
                origin, medians, deviation, class_state(offsets.dropna().to_numpy(), 0.0, OFFSET_PULL), nation
            )
        level = float(wide.iloc[-OUTER_YEARS:].mean())
    state = class_state(medians.to_numpy(), level, PULL * (1 - wide_deviation.rho))
    return Fitted(origin, medians, deviation, state)


def _spreads(errors: pd.DataFrame) -> tuple[float, float]:
    """Return the standard deviation of errors, and the one that their median absolute deviation implies."""
    values = errors.stack().dropna()
    return float(values.std()), float(1.4826 * (values - values.median()).abs().median())


def score_origin(task: tuple[Path, str, int]) -> pd.DataFrame:
    """Return one row by member and method: crps, whether the 80 % band held, and a target proposed at 70 % was reached."""
    reference, group, origin = task
    growth = panel(reference, group)
    before = growth.rolling(YEARS, min_periods=YEARS).mean()
    after = before.shift(-YEARS)
    fitted = fit(reference, group, growth, origin)
    rng = np.random.default_rng([SEED, origin])
    paths = fitted.paths(YEARS, DRAWS, rng)

    closed = after.loc[: origin - YEARS]  # five-year growth that was known at the origin
    rivals = {"extrapolation": _spreads(closed - before.loc[closed.index])}
    average = fitted.medians.rolling(YEARS).mean()
    rivals["class_average"] = _spreads(closed.sub(average.reindex(closed.index), axis=0))

    both = pd.DataFrame({"actual": after.loc[origin], "past": before.loc[origin]}).dropna()
    centres = {
        "extrapolation": both["past"],
        "class_average": pd.Series(average.loc[origin], index=both.index),
    }
    rows = []
    for member, actual in both["actual"].items():
        draws = (paths + fitted.own(growth[member], YEARS).draws(DRAWS, rng)).mean(axis=1)
        low, target, high = np.quantile(draws, [0.1, 1 - PROPOSED, 0.9])
        crps = float(scores.crps_draws(actual, draws))
        rows.append((member, "planmodel", crps, low <= actual <= high, (high - low), float(actual >= target)))
        for name, centre in centres.items():
            for sd, suffix in zip(rivals[name], ("", "_mad"), strict=True):
                crps = float(scores.crps_normal(actual, centre[member], sd))
                held = abs(actual - centre[member]) <= Z80 * sd
                rows.append((member, name + suffix, crps, held, 2 * Z80 * sd, np.nan))
    found = pd.DataFrame(rows, columns=["member", "method", "crps", "held", "width", "reached"])
    return found.assign(**{"class": group, "origin": origin})


def tasks(reference: Path) -> list[tuple[Path, str, int]]:
    return [
        (reference, group, origin)
        for group in FILES
        for origin in range(FIRST_ORIGIN, int(panel(reference, group).index.max()) - YEARS + 1)
    ]


def table(found: pd.DataFrame) -> pd.DataFrame:
    """Return means by class, origin and method, and over all origins (origin `all`), each member counting alike."""
    pooled = pd.concat([found, found.assign(origin="all")])
    grouped = pooled.groupby(["class", "origin", "method"], sort=False)
    rows = grouped.agg(
        n=("crps", "size"),
        crps=("crps", "mean"),
        cover80=("held", "mean"),
        width80=("width", "mean"),
        reached70=("reached", "mean"),
    )
    rows[["cover80", "reached70"]] *= 100
    return rows.reset_index()[["class", "origin", "n", "method", "crps", "cover80", "width80", "reached70"]]

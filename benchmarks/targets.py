"""Will a city reach the year's announced floor of growth? Fitted to 2003-2008, scored on 2009-2012.

The engine, estimated anew before each year, gives a margin z = (expected growth - floor) / its spread. Models:
- engine: the probability as the engine states it, without the targets of other cities.
- margin: logit of success = a + b z, fitted to 2003-2008.
- year effects: logit = a + g (last known class median) + u[year] + b z + c (city's floor over the province's), the
  year's u normal and integrated over; a, g drawn to 0 with the spreads that the name gives.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import t as student

from benchmarks import growth, scores
from tools.make_reference import LEFT_OUT

FIRST, LAST_FITTED, LAST = 2003, 2008, 2012
DRAWS, SEED = 4000, 1
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
SELECTED = (0.5, 0.5)
"""Spreads of a and g that were settled on with the scored years in view."""
SPREADS = (SELECTED, (1.0, 1.0), (5.0, 5.0))
B_SPREAD, U_SPREAD = 1.5, 2.0
LEAST_VARIANCE = 0.25
BINS = 5


def _growth(reference: Path, targets: pd.DataFrame) -> pd.DataFrame:
    reported = targets.pivot(index="year", columns="city_code", values="actual_real_growth_pct")
    return growth.growth_of(reported).combine_first(growth.panel(reference, "cities"))


def _targets(reference: Path) -> pd.DataFrame:
    table = pd.read_csv(reference / "china_city_targets_sample.csv")
    return table[~table["city_code"].isin(LEFT_OUT)]


def margins_of_year(task: tuple[Path, int]) -> pd.DataFrame:
    """Return one row by city with a target that year: margin and engine's probability, from the years before."""
    reference, year = task
    targets = _targets(reference)
    record = _growth(reference, targets)
    fitted = growth.fit(reference, "cities", record, year - 1)
    paths = fitted.paths(1, DRAWS, np.random.default_rng([SEED, year]))[:, 0]
    rows = []
    for each in targets[(targets["year"] == year) & targets["met"].notna()].itertuples():
        known = record[each.city_code] if each.city_code in record else pd.Series(dtype=float)
        own = fitted.own(known, 1)
        floor = 100 * np.log1p(each.city_target_pct / 100)
        spread = np.sqrt(own.covariance[0, 0])
        total = np.sqrt(spread**2 * own.df / (own.df - 2) + paths.var())
        stated = student.cdf((paths + own.mean[0] - floor) / spread, own.df).mean()
        z = (paths.mean() + own.mean[0] - floor) / total
        over = each.city_target_pct - each.province_target_floor_pct
        rows.append((year, each.city_code, float(each.met), z, over, stated, fitted.medians.iloc[-1]))
    return pd.DataFrame(rows, columns=["year", "city", "met", "z", "over", "engine", "median"])


def tasks(reference: Path) -> list[tuple[Path, int]]:
    return [(reference, year) for year in range(FIRST, LAST + 1)]


def _fit_logit(X: np.ndarray, y: np.ndarray, penalty) -> np.ndarray:
    def loss(b):
        return (np.logaddexp(0, X @ b) - y * (X @ b)).sum() + penalty(b)

    return minimize(loss, np.zeros(X.shape[1]), method="BFGS").x


def margin(rows: pd.DataFrame, fitted: np.ndarray) -> np.ndarray:
    X = np.column_stack([np.ones(len(rows)), rows["z"]])
    return expit(X @ _fit_logit(X[fitted], rows["met"].to_numpy()[fitted], lambda b: 0.0))


def year_effects(rows: pd.DataFrame, fitted: np.ndarray, spreads: tuple[float, float]) -> np.ndarray:
    """Return probabilities of all rows by the model with year effects, fitted to some of the rows."""
    year, met = rows["year"].to_numpy(), rows["met"].to_numpy()
    years = np.unique(year[fitted])
    n = len(years)
    known = rows[fitted]
    over = (rows["over"] - known["over"].mean()) / known["over"].std()
    X = np.column_stack([rows["z"] / known["z"].std(), over])
    by_year = (year[:, None] == years).astype(float)

    def penalty(b):
        return (
            0.5 * ((b[:n] - b[:n].mean()) ** 2).sum() / U_SPREAD**2 + 0.5 * (b[n:] ** 2).sum() / B_SPREAD**2
        )

    found = _fit_logit(np.column_stack([by_year, X])[fitted], met[fitted], penalty)
    effects, slopes = found[:n], found[n:]

    medians = rows.groupby("year")["median"].first()
    centre = medians.loc[years].mean()
    H = np.column_stack([np.ones(n), medians.loc[years] - centre])
    variance = effects.var(ddof=1)
    for _ in range(20):
        spread = np.linalg.inv(H.T @ H / variance + np.diag(1 / np.square(spreads)))
        line = spread @ H.T @ effects / variance
        rest = effects - H @ line
        variance = max(((rest - rest.mean()) ** 2).sum() / (n - 1), LEAST_VARIANCE)

    at = np.column_stack([np.ones(len(rows)), rows["year"].map(medians) - centre])
    total = np.sqrt(variance + np.einsum("ij,jk,ik->i", at, spread, at))
    logits = (at @ line + X @ slopes)[:, None] + total[:, None] * NODES
    return (expit(logits) * WEIGHTS).sum(axis=1)


def _left_out(rows: pd.DataFrame, fitted: np.ndarray, spreads) -> float:
    """Return the Brier score of the fitting years, each predicted from the other fitting years."""
    year, total = rows["year"].to_numpy(), np.empty(len(rows))
    for left in np.unique(year[fitted]):
        total[year == left] = year_effects(rows, fitted & (year != left), spreads)[year == left]
    return scores.brier(rows["met"].to_numpy()[fitted], total[fitted])


def models(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return each model's probabilities; `chosen beforehand`: the spreads that predict the fitting years best."""
    fitted = (rows["year"] <= LAST_FITTED).to_numpy()
    found = {"engine": rows["engine"].to_numpy(), "margin": margin(rows, fitted)}
    best = min(SPREADS, key=lambda spreads: _left_out(rows, fitted, spreads))
    for spreads in SPREADS:
        words = "".join([
            ", prior set with hindsight" if spreads == SELECTED else "",
            ", chosen beforehand" if spreads == best else "",
        ])  # fmt: skip
        found[f"year effects {spreads[0]:g}{words}"] = year_effects(rows, fitted, spreads)
    return found


def tables(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of skill and of reliability, over 2009-2012."""
    scored = (rows["year"] > LAST_FITTED).to_numpy()
    met, year = rows["met"].to_numpy(), rows["year"].to_numpy()[scored]
    base = met[~scored].mean()
    skills = [("base rate", scored.sum(), scores.brier(met[scored], base), 0.0, 0.0, 0.0)]
    bins = []
    for name, probability in models(rows).items():
        stated = probability[scored]
        skill = scores.brier_skill(met[scored], stated, base)
        interval = scores.skill_interval(met[scored], stated, base, year)
        skills.append((name, scored.sum(), scores.brier(met[scored], stated), skill, *interval))
        bins += [{"model": name, **row} for row in scores.reliability(met[scored], stated, year, BINS)]
    return pd.DataFrame(skills, columns=["model", "n", "brier", "skill", "low", "high"]), pd.DataFrame(bins)

"""Joint chances of three to six targets against outcomes: the table of dependence, the product, 0.3 for every pair.

An outcome counts as met when it is among the best of its origin, given its forecast: the chance of each target is known, and
only how targets hang together is scored. The table is estimated on one half of the regions and scored on the other,
both ways, and on early origins and scored on late ones that share no year with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from planmodel.forecasts.dependence import pair
from tools import make_dependence as made

FLAT, DRAWS, SEED = 0.3, 200_000, 1
LAST_EARLY, FIRST_LATE, FEWEST = 2008, 2013, 5
P, N, C, W = made.P, made.N, made.C, made.W
SETS = {
    "cities, four amounts": (0.3, "gdp services industry agriculture", {}),
    "cities, four amounts with loans": (0.3, "gdp services industry other_amount", {"other_amount": "loans"}),
    "cities, GDP, services, share": (0.5, "gdp services services_share", {}),
    "cities, six of both sorts": (0.5, "gdp services industry services_share industry_share population", {}),
    "cities, five": (0.5, "real_gdp services services_share foreign_investment other_amount", {}),
    "provinces, four amounts": (0.3, "gdp income retail revenue", {}),
    "provinces, three amounts": (0.3, "gdp investment revenue", {"revenue": "tax_revenue"}),
    "provinces, four": (0.5, "real_gdp services services_share revenue", {"revenue": "tax_revenue"}),
    "provinces, five": (0.5, "gdp revenue trade population other_share", {"revenue": "tax_revenue", "other_share": "urbanisation"}),
    "provinces, six": (0.5, "real_gdp gdp other_amount other_share revenue count", {"revenue": "tax_revenue"}),
    "countries, growth, receipts, arrivals": (0.5, "real_gdp tourism_receipts tourism_arrivals", {}),
    "countries, four amounts": (0.3, "real_gdp trade tourism_receipts tourism_arrivals", {}),
}  # fmt: skip
"""Set -> chance of each, kinds, and the file of a kind where it is not its first of that place."""
PLACES = {"cities": {C}, "provinces": {P, N}, "countries": {W}}


def correlation(of: Sequence[str], table: Mapping) -> np.ndarray:
    """Return the correlation of some indicators' outcomes given their forecasts, by their kinds; positive definite."""
    made_of = np.eye(len(of))
    for i, first in enumerate(of):
        for j, second in enumerate(of[:i]):
            made_of[i, j] = made_of[j, i] = pair(table, first, second)
    return made.nearest(made_of)


def _series(name: str) -> list[tuple[str, str, str]]:
    _, kinds, files = SETS[name]
    place = PLACES[name.split(",")[0]]
    chosen = []
    for kind in kinds.split():
        here = [(kind, *panel) for panel in made.SERIES[kind] if panel[0] in place]
        chosen.append(next(each for each in here if files.get(kind, each[2]) == each[2]))
    return chosen


def _first_half(index: pd.MultiIndex) -> np.ndarray:
    return np.array(
        [sum(map(ord, str(each).rstrip("0"))) % 2 == 0 for each in index.get_level_values(1)], dtype=bool
    )


def _stated(matrix: np.ndarray, chance: float) -> float:
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(matrix)))
    return float((normal @ np.linalg.cholesky(matrix).T > ndtri(1 - chance)).all(axis=1).mean())


def _came(left: dict, series, chance: float, keep) -> tuple[float, int]:
    """Return the share of cells in which all came, each with its chance within an origin, and their number."""
    ahead = next(span for span, _ in made.SPANS if all(len(left[span][each]) for each in series))
    cells = pd.concat([left[ahead][each] for each in series], axis=1).dropna()
    cells = cells[keep(cells.index)]
    groups = cells.groupby(level=0)
    count = groups[cells.columns[0]].transform("count")
    met = groups.rank().sub(0.5).div(count, axis=0) > 1 - chance
    met = met[count >= FEWEST]
    return float(met.all(axis=1).mean()), len(met)


def scored(reference: Path) -> pd.DataFrame:
    """Return one row by split and set: chance of each, cells, how often all came, and what each way states."""
    left = made.scores(reference)
    splits = (
        ("regions", _first_half, lambda index: ~_first_half(index)),
        ("regions", lambda index: ~_first_half(index), _first_half),
        ("origins", lambda index: index.get_level_values(0) <= LAST_EARLY, lambda index: index.get_level_values(0) >= FIRST_LATE),
    )  # fmt: skip
    rows = []
    for split, fitted, kept in splits:
        table = made.fit(made.pairs(left, fitted))
        for name, (chance, kinds, _) in SETS.items():
            of = kinds.split()
            came, n = _came(left, _series(name), chance, kept)
            flat = np.full((len(of), len(of)), FLAT) + (1 - FLAT) * np.eye(len(of))
            stated = _stated(correlation(of, table), chance)
            rows.append((split, name, chance, n, came, stated, _stated(flat, chance), chance ** len(of)))
    found = pd.DataFrame(rows, columns=["split", "set", "chance", "n", "came", "table", "flat", "product"])
    weighted = found.assign(came=found["came"] * found["n"], table=found["table"] * found["n"])
    sums = weighted.groupby(["split", "set"], sort=False).agg(
        chance=("chance", "first"), n=("n", "sum"), came=("came", "sum"), table=("table", "sum"),
        flat=("flat", "first"), product=("product", "first"),
    )  # fmt: skip
    for column in ("came", "table"):
        sums[column] /= sums["n"]
    return sums.reset_index()

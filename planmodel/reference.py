"""Reference classes: what comparable series did, as small tables of statistics.

The tables (planmodel/classes/classes.json) are made by `make reference`; docs/reference.md says how.
Growth stands in logs (amounts) or logits (shares) a year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from planmodel.errors import PlanmodelError, unknown

LEVEL_YEARS, DRIFT_YEARS, DRIFT_KEPT = 3, 10, 0.5
"""The class is expected at the mean of its last years plus half of its past drift (as in make_reference)."""


@dataclass(frozen=True)
class ReferenceClass:
    """Statistics of a class of series; see docs/reference.md for each."""

    id: str
    name_zh: str
    name_en: str
    transform: str
    source: str
    sample: str
    n_series: int
    years: tuple[int, int] | None
    medians: Mapping[int, float]
    constant: float
    weights: Mapping[int, float]
    deviation_sd: Mapping[int, float]
    common_sd: Mapping[int, float]
    episodes: Mapping[str, object] | None

    def name(self, lang: str) -> str:
        return self.name_zh if lang == "zh" else self.name_en

    def centre(self, origin: int, n_years: int) -> np.ndarray:
        """Return the increments expected of the class in the years after origin, shape (n_years,).

        Formula: mean of the last three class medians known at the origin, plus half of the yearly drift over
        the ten years before, counted from the middle of those three.
        """
        known = np.array([value for year, value in sorted(self.medians.items()) if year <= origin])
        if known.size < LEVEL_YEARS:
            return np.full(n_years, self.constant)
        level = known[-LEVEL_YEARS:].mean()
        before = known[:-DRIFT_YEARS][-LEVEL_YEARS:]
        drift = (level - before.mean()) / DRIFT_YEARS if before.size == LEVEL_YEARS else 0.0
        return level + DRIFT_KEPT * drift * ((LEVEL_YEARS - 1) / 2 + np.arange(1, n_years + 1))

    def mean_over(self, first_year: int, last_year: int) -> float:
        """Return the class's mean increment over past years (its constant where it has no calendar)."""
        values = [self.medians[year] for year in range(first_year, last_year + 1) if year in self.medians]
        return (
            float(np.mean(values))
            if values
            else float(self.centre(last_year, 1)[0] if self.medians else self.constant)
        )

    def own_weight(self, n_years: int) -> float:
        """Return the share of a series' own deviation that lasts, after n_years of record (0-1)."""
        if n_years < 1:
            return 0.0
        known = sorted(self.weights)
        return float(np.interp(np.log(n_years), np.log(known), [self.weights[n] for n in known]))

    def spread(self) -> tuple[float, float]:
        """Return (yearly sd, lasting sd) of the errors: the variance of k years' sum is k a^2 + k^2 b^2.

        Both are solved from the table's errors of one and of five years.
        """
        one = self.deviation_sd[1] ** 2 + self.common_sd.get(1, 0.0) ** 2
        five = 25 * (self.deviation_sd[5] ** 2 + self.common_sd.get(5, 0.0) ** 2)
        lasting = max((five - 5 * one) / 20, 0.0)
        return float(np.sqrt(max(one - lasting, 0.0))), float(np.sqrt(lasting))

    def percentile(self, rate: float, n_years: int) -> float | None:
        """Return the percentage of the class's episodes of n_years that stayed below a mean rate (a fraction).

        None where the class keeps no episodes. The ends of the table give 0.5 and 99.5.

        >>> round(100 - load_class("prefectures_real_gdp").percentile(0.085, 5))
        57
        """
        if self.episodes is None:
            return None
        horizons = self.episodes["horizons"]
        nearest = min(horizons, key=lambda h: (abs(int(h) - n_years), int(h)))
        share = np.interp(
            rate, horizons[nearest]["quantiles"], self.episodes["grid"], left=0.005, right=0.995
        )
        return float(100 * share)


def _by_year(table: Mapping[str, float] | None) -> dict[int, float]:
    return {int(key): value for key, value in (table or {}).items()}


@cache
def _tables() -> dict:
    return json.loads(
        resources.files("planmodel").joinpath("classes/classes.json").read_text(encoding="utf-8")
    )


def class_names() -> tuple[str, ...]:
    """Return the ids of the reference classes.

    >>> "countries_real_gdp" in class_names()
    True
    """
    return tuple(_tables())


@cache
def load_class(name: str) -> ReferenceClass:
    """Return a reference class by id; raise with the nearest known names."""
    if name not in _tables():
        raise PlanmodelError(faults=[unknown("reference", str(name), class_names())])
    entry = _tables()[name]
    return ReferenceClass(
        id=name,
        years=tuple(entry["years"]) if entry["years"] else None,
        medians=_by_year(entry.get("medians")),
        constant=entry.get("centre", 0.0),
        weights=_by_year(entry["own_weight"]),
        deviation_sd=_by_year(entry["deviation_sd"]),
        common_sd=_by_year(entry["common_sd"]),
        **{
            key: entry[key]
            for key in ("name_zh", "name_en", "transform", "source", "sample", "n_series", "episodes")
        },
    )

"""What a chart of a target shows: history, base, target mark, required path and fan on one scale.

Growth promised on a real index is shown on that index with the base year at 100; sums and yearly flows are shown
as flows; all else as levels in the unit of the history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planmodel.arithmetic.paths import flow_path, trajectory
from planmodel.errors import UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.forecasts.fans import Fan, fan
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import FLOW_KINDS, end_level
from planmodel.plans.scenarios import Scenario
from planmodel.words import COMPARATOR_SIGNS, percent, probability_words, word
from planmodel.words import figure as number

TIDY = ("series", "year", "coverage", "value", "unit")


@dataclass(frozen=True)
class Shown:
    """Figures of one chart, all in `unit`.

    history: by year. mark: the figure to reach (mark_upper: upper end of a range) in the years mark_years; for sums
    the mean flow. path: the required path by year, None where the promise implies none. fan: from the last known
    year to the target year, None where nothing is forecast.
    """

    target: Target
    unit: str
    index: bool
    history: pd.Series
    base: float | None
    base_year: int
    mark: float | None
    mark_upper: float | None
    mark_years: tuple[int, int]
    path: pd.Series | None
    fan: Fan | None

    @property
    def values(self) -> list[float]:
        """Every figure but those of the outer bands."""
        parts = [self.history.to_numpy(), [] if self.path is None else self.path.to_numpy()]
        parts.append([v for v in (self.base, self.mark, self.mark_upper) if v is not None])
        if self.fan is not None:
            parts += [self.fan.median, self.fan.low[1], self.fan.high[1]]
        return [float(v) for part in parts for v in part if np.isfinite(v)]


def shown(
    found: Assessment, plan: Plan, bands: str = "central", path_shape: str = "constant_growth"
) -> Shown:
    """Return what a chart of an assessment shows; bands: central or shortest; path_shape: see paths.

    Shares take a linear path where constant growth is asked, as their required change is in points.
    Errors: PlanmodelError for an unknown kind of band or path shape.
    """
    target, history = found.target, found.history
    values = pd.Series(dtype=float) if history is None else history.values
    flow = target.kind in FLOW_KINDS
    base = found.base
    index = history is not None and history.real and base is not None
    scale = 100 / base if index else 1.0
    mark = end_level(target, base)
    upper = target.target_upper if target.kind == "level" else None
    years = (target.target_year, target.target_year)
    if (
        mark is None
        and base is not None
        and found.required is not None
        and found.required.measure == "growth"
    ):
        mark = base * (1 + found.required.value) ** target.n_years
    if flow and found.required is not None:
        mark, years = found.required.value, (target.base_year + 1, target.target_year)
    elif target.kind == "keep":
        years = (target.base_year + 1, target.target_year)
    unit = history.unit if history is not None and history.unit else target.unit
    units = plan.catalogue.units
    if mark is not None and target.kind in ("level", "keep", *FLOW_KINDS) and target.unit != unit:
        if target.unit in units and unit in units and units[target.unit].dimension == units[unit].dimension:
            mark = plan.catalogue.convert(mark, target.unit, unit)
            upper = None if upper is None else plan.catalogue.convert(upper, target.unit, unit)
        else:
            unit, values, base = target.unit, pd.Series(dtype=float), None
    return Shown(
        target,
        "index" if index else unit,
        index,
        values * scale,
        None if base is None else base * scale,
        found.base_year,
        None if mark is None else mark * scale,
        None if upper is None else upper * scale,
        years,
        _path(found, base, mark, scale, path_shape),
        _fan(found, scale, bands),
    )


def _path(found: Assessment, base, mark, scale: float, shape: str) -> pd.Series | None:
    target = found.target
    if mark is None:
        return None
    if target.kind in FLOW_KINDS or target.kind == "keep":
        years = np.arange(target.base_year + 1, target.target_year + 1)
        flows = np.full(len(years), mark)
        if target.kind == "cumulative_sum":
            path = flow_path(mark * len(years), base, target.base_year, target.target_year, shape)
            flows = np.diff(path.values)
        return pd.Series(flows * scale, index=years)
    if base is None or found.base_year >= target.target_year:
        return None
    if target.indicator.scale == "share" and shape == "constant_growth":
        shape = "linear"
    try:
        path = trajectory(base, mark, found.base_year, target.target_year, shape)
    except UndefinedGrowth:
        path = trajectory(base, mark, found.base_year, target.target_year, "linear")
    return pd.Series(path.values * scale, index=path.years)


def _fan(found: Assessment, scale: float, bands: str) -> Fan | None:
    if found.outlook is None or found.probability is None:
        return None
    ahead = found.outlook.forecast
    start = np.full((len(ahead.draws), 1), ahead.last_value)
    years = np.concatenate([[ahead.last_year], ahead.years])
    return fan(years, np.hstack([start, ahead.draws]) * scale, kind=bands)


def tidy(seen: Shown) -> pd.DataFrame:
    """Return every figure drawn: series, year, coverage (bands only), value, unit."""
    rows = [("history", year, None, value) for year, value in seen.history.items()]
    if seen.base is not None:
        rows.append(("base", seen.base_year, None, seen.base))
    if seen.path is not None:
        rows += [("required_path", year, None, value) for year, value in seen.path.items()]
    if seen.mark is not None:
        rows.append(("target", seen.target.target_year, None, seen.mark))
    if seen.mark_upper is not None:
        rows.append(("target_upper", seen.target.target_year, None, seen.mark_upper))
    if seen.fan is not None:
        rows += [("median", y, None, v) for y, v in zip(seen.fan.years, seen.fan.median, strict=True)]
        for coverage, low, high in zip(seen.fan.coverages, seen.fan.low, seen.fan.high, strict=True):
            for side, edge in (("band_low", low), ("band_high", high)):
                rows += [(side, y, coverage, v) for y, v in zip(seen.fan.years, edge, strict=True)]
    table = pd.DataFrame([(*row, seen.unit) for row in rows], columns=list(TIDY))
    return table.astype({"year": int, "coverage": float, "value": float})


def unit_name(seen: Shown, plan: Plan, lang: str) -> str:
    """Return the unit for reading; an index names the year that is 100."""
    if seen.unit == "index":
        year = seen.base_year
        return f"指数（{year} 年 = 100）" if lang == "zh" else f"index, {year} = 100"
    units = plan.catalogue.units
    return units[seen.unit].name(lang) if seen.unit in units else seen.unit


def value_text(value: float, seen: Shown) -> str:
    """Return a figure of a chart for reading, with % for shares."""
    return number(value, 1) if seen.index else number(value) + ("%" if seen.unit == "%" else "")


def mark_text(seen: Shown) -> str:
    """Return the target's figure with its comparator, as on the mark."""
    if seen.mark is None:
        return ""
    sign = COMPARATOR_SIGNS.get(seen.target.comparator, "")
    if seen.mark_upper is not None:
        return f"{number(seen.mark)}–{value_text(seen.mark_upper, seen)}"
    return sign + (number(seen.mark, 1) if seen.index else value_text(float(f"{seen.mark:.6g}"), seen))


def chance_text(probability: float, plan: Plan, lang: str) -> str:
    """Return a probability in figures and words."""
    words = probability_words(probability, plan.catalogue.rules, lang)
    return f"{percent(probability)}，{words}" if lang == "zh" else f"{percent(probability)}, {words}"


def region_name(target: Target, plan: Plan, lang: str) -> str:
    """Return the name of a target's region."""
    regions = plan.catalogue.regions
    return regions[target.region].name(lang) if target.region in regions else target.region


def scenario_name(scenario: Scenario, lang: str) -> str:
    """Return a scenario's name."""
    return scenario.name[lang]


def basis_name(found: Assessment, lang: str) -> str:
    """Return the price basis of what is drawn, empty where prices play no part."""
    if found.history is not None and found.history.real:
        basis = found.target.price_basis
        return word(basis if basis in ("real", "real_by_convention") else "real", lang)
    own = found.target.indicator.price_basis
    return word(own, lang) if own in ("nominal", "real", "real_by_convention") else ""

"""What a chart over time shows: history, base, target mark, required path and fan on one scale.

Growth promised on a real index is shown on that index with the base year at 100; sums and yearly flows are shown
as flows; what is to grow in step with another indicator as its lead over it; all else as levels in the unit of the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.paths import flow_path, trajectory
from planmodel.errors import UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.milestones import start_of_flow
from planmodel.feasibility.outlooks import Outlook
from planmodel.forecasts import Forecast
from planmodel.forecasts.fans import Fan, fan
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.kinds import end_level, kind_of, measured_comparator, measured_falls
from planmodel.plans.model import BOUNDS, DOWN
from planmodel.words import COMPARATOR_SIGNS, Phrase, by_language, percent, probability_words
from planmodel.words import figure as number

TIDY = ("series", "year", "coverage", "value", "unit")
INDEX = "index"
SAME = 1e-9
"""By how much figures may differ that are one: draws of a known year, the steps of an even path."""


@dataclass(frozen=True)
class Shown:
    """Figures of one chart, all in `unit`.

    history: by year. year: the last one of the promise, or of the fan. mark: the figure to reach (mark_upper: upper end
    of a range) in the years mark_years; for sums the mean flow. spans: every one of these years has to keep it. falls:
    it is kept at or below the mark. change: in points from a base whose level is not known. path: the required path by year, None where the promise implies none. fan: from the
    last known year on, None where nothing is forecast. catalogue: names of units, words of probabilities.
    """

    unit: str
    history: pd.Series
    year: int
    base: float | None = None
    base_year: int | None = None
    mark: float | None = None
    mark_upper: float | None = None
    mark_years: tuple[int, int] | None = None
    comparator: str = ""
    falls: bool = False
    spans: bool = False
    change: bool = False
    beside: Indicator | None = None
    path: pd.Series | None = None
    fan: Fan | None = None
    probability: float | None = None
    catalogue: Catalogue | None = field(default=None, repr=False)

    @property
    def values(self) -> list[float]:
        """Every figure but those of the outer bands."""
        parts = [self.history.to_numpy(), [] if self.path is None else self.path.to_numpy()]
        parts.append([v for v in (self.base, self.mark, self.mark_upper) if v is not None])
        if self.fan is not None:
            inner = min(1, len(self.fan.coverages) - 1)
            parts += [self.fan.median, *(edge[inner] for edge in (self.fan.low, self.fan.high) if inner >= 0)]
        return [float(v) for part in parts for v in part if np.isfinite(v)]

    @property
    def table(self) -> pd.DataFrame:
        """Every figure drawn: series, year, coverage (bands only), value, unit."""
        rows: list[tuple] = [("history", year, None, value) for year, value in self.history.items()]
        if self.base is not None:
            rows.append(("base", self.base_year, None, self.base))
        if self.path is not None:
            rows += [("required_path", year, None, value) for year, value in self.path.items()]
        marks = {"target": self.mark, "target_upper": self.mark_upper}
        rows += [(name, self.year, None, value) for name, value in marks.items() if value is not None]
        if self.fan is not None:
            rows += [("median", y, None, v) for y, v in zip(self.fan.years, self.fan.median, strict=True)]
            for coverage, low, high in zip(self.fan.coverages, self.fan.low, self.fan.high, strict=True):
                for side, edge in (("band_low", low), ("band_high", high)):
                    rows += [(side, y, coverage, v) for y, v in zip(self.fan.years, edge, strict=True)]
        table = pd.DataFrame([(*row, self.unit) for row in rows], columns=list(TIDY))
        return table.astype({"year": int, "coverage": float, "value": float})

    @property
    def unit_name(self) -> str | Phrase | Mapping[str, str]:
        """The unit for reading; an index names the year that is 100."""
        if self.unit == INDEX:
            return Phrase("charts.index", year=self.base_year)
        if self.beside is not None:
            return Phrase("charts.lead", name=self.beside, year=self.base_year)
        if self.change:
            return Phrase("charts.from_base", year=self.base_year)
        known = self.catalogue.units if self.catalogue else {}
        return Phrase("charts.name", name=known[self.unit]) if self.unit in known else self.unit

    @property
    def mark_text(self) -> str:
        """The target's figure with its comparator, as on the mark."""
        if self.mark is None:
            return ""
        if self.mark_upper is not None:
            return f"{number(self.mark)}–{self.value_text(self.mark_upper)}"
        rounded = self.mark if self.unit == INDEX else float(f"{self.mark:.6g}")
        return COMPARATOR_SIGNS.get(self.comparator, "") + self.value_text(rounded)

    @property
    def chance(self) -> tuple[str, Mapping[str, str] | str]:
        """The probability in figures and in words (no words without a catalogue)."""
        rules, p = self.catalogue.rules if self.catalogue else None, self.probability
        words = by_language(lambda lang: probability_words(p, rules, lang)) if rules and p is not None else ""
        return percent(self.probability), words

    def value_text(self, value: float) -> str:
        """Return a figure of the chart for reading, with % for shares."""
        sign = "%" if self.unit == "%" and not self.change else ""
        return number(value, 1 if self.unit == INDEX else None) + sign

    def band(self, coverage: float) -> tuple[float, float] | None:
        """Return the lower and upper end of a band in the last year, None where it is not drawn."""
        if self.fan is None or coverage not in self.fan.coverages:
            return None
        at = self.fan.coverages.index(coverage)
        return float(self.fan.low[at, -1]), float(self.fan.high[at, -1])

    def between(self, years: tuple[int, int] | None) -> Shown:
        """Return what lies in some years, first and last (None: all); a base or mark outside them goes."""
        if years is None:
            return self
        (first, last), fan, path = years, self.fan, self.path
        if fan is not None:
            inside = (fan.years >= first) & (fan.years <= last)
            cut = {name: getattr(fan, name)[..., inside] for name in ("years", "median", "low", "high")}
            fan = replace(fan, **cut) if inside.any() else None
        kept: dict[str, Any] = {} if self.year <= last else {"mark": None, "mark_upper": None, "year": last}
        if self.base_year is not None and not first <= self.base_year <= last:
            kept |= {"base": None}
        return replace(
            self, history=self.history.loc[first:last], path=None if path is None else path.loc[first:last], fan=fan,
            **kept,
        )  # fmt: skip


def shown(assessment: Assessment, bands: str = "central", path_shape: str = "constant_growth") -> Shown:
    """Return what a chart of an assessment shows; bands: central or shortest; path_shape: see paths.

    Shares take a linear path where constant growth is asked, as their required change is in points.
    Errors: PlanmodelError for an unknown kind of band or path shape.
    """
    target, history, catalogue = assessment.target, assessment.history, assessment.plan.catalogue
    if (
        assessment.beside is not None
        and assessment.outlook is not None
        and assessment.probability is not None
    ):
        return _lead(assessment, assessment.outlook, assessment.beside, bands)
    values = pd.Series(dtype=float) if history is None else history.values
    kind = kind_of(target)
    base, scale, index = assessment.base, 1.0, False
    if history is not None and history.chained and base is not None:
        scale, index = 100 / base, True
    mark, upper = end_level(target, base), target.target_upper if kind_of(target).is_level else None
    years = (target.target_year, target.target_year)
    asked = assessment.required
    if mark is None and base is not None and asked is not None and asked.measure == "growth":
        mark = base * (1 + asked.value) ** target.n_years
    if kind.flow and asked is not None:
        mark, years = asked.value, (target.base_year + 1, target.target_year)
    elif kind.path == "floor":
        years = (target.base_year + 1, target.target_year)
    unit, units = history.unit if history is not None and history.unit else target.unit, catalogue.units
    if mark is not None and kind.in_unit and target.unit != unit:
        if target.unit in units and unit in units and units[target.unit].dimension == units[unit].dimension:
            mark = catalogue.convert(mark, target.unit, unit)
            upper = None if upper is None else catalogue.convert(upper, target.unit, unit)
        else:
            unit, values, base = target.unit, pd.Series(dtype=float), None
    pointwise = target.indicator.scale in ("share", "rate")
    change = pointwise and history is not None and len(history) > 0 and not history.unit
    path = _path(assessment, base, mark, path_shape)
    outlook = None if assessment.probability is None else assessment.outlook
    return Shown(
        INDEX if index else unit, values * scale, target.target_year, base_year=assessment.base_year,
        base=None if base is None else base * scale, mark=None if mark is None else mark * scale,
        mark_upper=None if upper is None else upper * scale, mark_years=years, comparator=measured_comparator(target),
        falls=target.target_value is not None and measured_falls(target),
        spans=kind.path != "cumulated", change=change, path=None if path is None else path * scale,
        fan=None if outlook is None else fan_of(outlook.forecast, bands, scale),
        probability=assessment.probability, catalogue=catalogue,
    )  # fmt: skip


def _lead(assessment: Assessment, own: Outlook, other: Outlook, bands: str) -> Shown:
    """Growth since the base year over another indicator's, draw by draw, in %: in step is at 0.

    100 ((x_t / x_0) / (y_t / y_0) - 1)
    """
    target, plan = assessment.target, assessment.plan
    lead = 100 * (own.values / own.values[:, :1] / (other.values / other.values[:, :1]) - 1)
    n_known = max(int(np.cumprod(np.ptp(lead, axis=0) < SAME).sum()), 1)
    known = pd.Series(lead[0, 1:n_known], index=own.years[1:n_known])
    comparator = target.comparator if target.comparator in (*BOUNDS, "about") else "ge"
    return Shown(
        "%", known, target.target_year, base=0.0, base_year=own.base_year, mark=0.0, mark_years=(target.target_year,) * 2,
        comparator=comparator, falls=comparator in DOWN, beside=plan.catalogue.indicators[target.relative_to],
        fan=fan(own.years[n_known - 1 :], lead[:, n_known - 1 :], kind=bands),
        probability=assessment.probability, catalogue=plan.catalogue,
    )  # fmt: skip


def _path(assessment: Assessment, base: float | None, mark: float | None, shape: str) -> pd.Series | None:
    target, kind = assessment.target, kind_of(assessment.target)
    if mark is None:
        return None
    if kind.flow or kind.path == "floor":
        years = np.arange(target.base_year + 1, target.target_year + 1)
        flows = np.full(len(years), mark)
        if kind.path == "cumulated":
            total = mark * len(years)
            start = start_of_flow(target, base, total)
            path = flow_path(total, start, target.base_year, target.target_year, shape)
            flows = np.diff(path.values)
        return pd.Series(flows, index=years)
    if base is None or assessment.base_year >= target.target_year:
        return None
    if target.indicator.scale == "share" and shape == "constant_growth":
        shape = "linear"
    try:
        path = trajectory(base, mark, assessment.base_year, target.target_year, shape)
    except UndefinedGrowth:
        path = trajectory(base, mark, assessment.base_year, target.target_year, "linear")
    return pd.Series(path.values, index=path.years)


def fan_of(ahead: Forecast, bands: str = "central", scale: float = 1.0) -> Fan:
    """Return the fan of a forecast from its last known year on."""
    start = np.full((len(ahead.draws), 1), ahead.last_value)
    years = np.concatenate([[ahead.last_year], ahead.years])
    return fan(years, np.hstack([start, ahead.draws]) * scale, kind=bands)

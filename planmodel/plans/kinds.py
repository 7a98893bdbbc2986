"""Target semantics: what each kind of promise asks for, and when paths keep it.

A promise is judged on yearly values from its base year to its target year. Fractions inside; percent at the edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planmodel.arithmetic.growth import annual_rate, cagr
from planmodel.errors import NotAssessable
from planmodel.plans.model import NOT_FORECAST, Target

ROUNDING_SLACK = 1e-9
"""Relative room for float noise: 51.00 - 49.42 keeps a promise of 1.58."""
FLOW_KINDS = ("cumulative_sum", "annual_flow", "mean_annual_flow")
NO_FIGURE = {
    "missing": ("the cell is blank", "该栏空白"),
    "masked": ("the figure is masked (**)", "数字未公开（**）"),
    "assigned": ("assigned by the higher level, no figure given", "按上级任务，无具体数值"),
    "printed": ("no figure is printed", "未给出数值"),
}
SHOWN_ONLY = ("a ratio, rank or milestone is shown, not forecast", "比例、位次与事项类目标只列示，不预测")


@dataclass(frozen=True)
class Required:
    """What a promise asks for a year: a figure in the unit of `measure`.

    measure: growth (fraction a year), pp (points a year), units (units a year), flow (units in each or the mean
    year), headroom (units between the base and the floor).
    """

    value: float
    measure: str

    def in_unit(self, unit: str) -> tuple[float, str]:
        """Return the figure for printing: percent for growth, and the unit's name.

        >>> Required(0.0842, "growth").in_unit("亿元")
        (8.42, '%/year')
        """
        if self.measure == "growth":
            return 100 * self.value, "%/year"
        if self.measure == "pp":
            return self.value, "pp/year"
        return self.value, unit if self.measure == "headroom" else f"{unit}/year"


def falling(target: Target) -> bool:
    """Return True where the promise is kept at or below its figure.

    The comparator decides where it has a direction; a plain figure, "about" or a range counts in the better one.
    """
    if target.comparator in ("le", "lt", "ge", "gt"):
        return target.comparator in ("le", "lt")
    if target.kind == "cumulative_change_pct":
        return target.target_value < 0
    return target.indicator.direction == "lower"


REDUCTIONS = ("cumulative_change_pct", "change_pp", "change_units")
"""Kinds in which a "decrease of ..." is measured on what shall fall."""


def measured_falls(target: Target) -> bool:
    """Return True where the measured figures shall come down: of a "decrease of ...", those of what decreases."""
    reduction = bool(target.indicator.reduction_of) and target.kind in REDUCTIONS
    return falling(target) != reduction


def threshold(target: Target, about_tolerance: float) -> float:
    """Return the figure that must be reached: "about" gives way by the tolerance, a range by its easier end."""
    figure = target.target_value
    down = falling(target)
    if target.comparator == "about":
        give = about_tolerance * abs(figure)
        return figure + give if down else figure - give
    if target.comparator == "range":
        return target.target_upper if down else figure
    return figure


def _share(target: Target) -> bool:
    return target.indicator.scale == "share"


def reduction_rate(target: Target, total_pct: float) -> float:
    """Return the annual rate of a total change; a "decrease of" prints positive figures for a fall."""
    sign = -1 if target.indicator.reduction_of else 1
    return sign * annual_rate(sign * total_pct / 100, target.n_years)


def end_level(target: Target, base: float | None) -> float | None:
    """Return the level at the target year that the promise implies, None where it implies none.

    base: of a "decrease of ..." the figure of what shall fall, and so is the result.
    """
    value = target.target_value
    if target.kind in ("level", "keep"):
        return value
    if value is None or base is None:
        return None
    if target.kind == "multiple":
        return base * value
    if target.kind == "annual_growth":
        return base * (1 + value / 100) ** target.n_years
    sign = -1 if target.indicator.reduction_of else 1
    if target.kind == "cumulative_change_pct":
        return base * (1 + sign * value / 100)
    if target.kind in ("change_units", "change_pp"):
        return base + sign * value
    if target.kind == "change_pp_per_year":
        return base + value * target.n_years
    return None


def required(target: Target, base: float | None, n_years: int | None = None) -> Required:
    """Return what the promise asks for a year over n_years (default: base year to target year).

    level: CAGR by amount, index and density, pp a year by share. annual_growth: the rate. cumulative_sum: the
    mean flow. annual_flow, mean_annual_flow: the flow. cumulative_change_pct: the constant rate with that total.
    change_*: units or pp a year. multiple: CAGR. keep: the headroom between base and floor.

    Errors: NotAssessable without a figure, without a base where one is needed, or for kinds that are only shown.
    """
    value, n_years = target.target_value, n_years or target.n_years
    if target.kind in (*NOT_FORECAST, "relative"):
        raise NotAssessable(*SHOWN_ONLY)
    if value is None:
        raise NotAssessable(*NO_FIGURE.get(target.status, NO_FIGURE["printed"]))
    if target.kind == "annual_growth":
        return Required(value / 100, "growth")
    if target.kind == "cumulative_sum":
        return Required(value / n_years, "flow")
    if target.kind in ("annual_flow", "mean_annual_flow"):
        return Required(value, "flow")
    if target.kind == "cumulative_change_pct":
        return Required(reduction_rate(target, value), "growth")
    if target.kind == "multiple":
        return Required(cagr(1.0, value, n_years), "growth")
    if target.kind == "change_pp_per_year":
        return Required(value, "pp")
    if target.kind in ("change_pp", "change_units"):
        return Required(value / n_years, "pp" if target.kind == "change_pp" else "units")
    if base is None:
        raise NotAssessable("no base figure is printed or published", "没有基期数")
    if target.kind == "keep":
        return Required(value - base if falling(target) else base - value, "headroom")
    if _share(target):
        return Required((value - base) / n_years, "pp")
    if base == 0:
        return Required(value / n_years, "units")
    return Required(cagr(base, value, n_years), "growth")


def reached(target: Target, figures, about_tolerance: float):
    """Return whether figures (a number or an array, in the unit of the target) reach the target's."""
    limit, down = threshold(target, about_tolerance), falling(target)
    slack = ROUNDING_SLACK * max(1.0, abs(limit))
    if target.comparator in ("gt", "lt"):
        return figures < limit - slack if down else figures > limit + slack
    return figures <= limit + slack if down else figures >= limit - slack


def kept(target: Target, values: np.ndarray, about_tolerance: float) -> np.ndarray:
    """Return for each path whether the promise is kept: bool of shape (n_draws,).

    values: shape (n_draws, n_years + 1), base year first, in the unit of the target (growth kinds: any index); for a
    "decrease of ..." the values of what shall fall.
    """
    first, last, n_years = values[:, 0], values[:, -1], values.shape[1] - 1

    def holds(figures):
        return reached(target, figures, about_tolerance)

    kind = target.kind
    if kind == "level":
        return holds(last)
    if kind == "annual_growth":
        return holds(100 * ((last / first) ** (1 / n_years) - 1))
    if kind == "cumulative_sum":
        return holds(values[:, 1:].sum(axis=1))
    if kind == "mean_annual_flow":
        return holds(values[:, 1:].mean(axis=1))
    if kind in ("annual_flow", "keep"):
        return holds(values[:, 1:]).all(axis=1)
    sign = -1 if target.indicator.reduction_of else 1
    if kind == "cumulative_change_pct":
        return holds(sign * 100 * (last / first - 1))
    if kind == "multiple":
        return holds(last / first)
    if kind in ("change_units", "change_pp"):
        return holds(sign * (last - first))
    if kind == "change_pp_per_year":
        return holds(sign * (last - first) / n_years)
    raise NotAssessable(*SHOWN_ONLY)

"""Path shapes: the year-by-year way from a base to a target.

A trajectory is implied by a target; it is not a forecast. Every shape hits both ends exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planmodel.arguments import checked
from planmodel.errors import Fault, UndefinedGrowth, check_known, refuse
from planmodel.words import Phrase

LOADING = 2.0
STEEPNESS = 6.0


def _constant_growth(share, base, target):
    if not (base > 0 and target > 0):
        ends = {"base": f"{base:g}", "target": f"{target:g}"}
        raise UndefinedGrowth(Phrase("arithmetic.no_constant_path", **ends))
    return base * (target / base) ** share


def _of_progress(progress):
    return lambda share, base, target: base + (target - base) * progress(share)


def _logistic(share):
    def curve(x):
        return 1 / (1 + np.exp(-STEEPNESS * (x - 0.5)))

    return (curve(share) - curve(0.0)) / (curve(1.0) - curve(0.0))


PATH_SHAPES = {
    "constant_growth": _constant_growth,
    "linear": _of_progress(lambda share: share),
    "front_loaded": _of_progress(lambda share: 1 - (1 - share) ** LOADING),
    "back_loaded": _of_progress(lambda share: share**LOADING),
    "logistic": _of_progress(_logistic),
}
"""name -> function(share of the time elapsed, base, target) -> values of the same shape"""


@dataclass(frozen=True)
class Trajectory:
    """Values by year, base year first; `years` and `values` have one shape (n_years + 1,)."""

    years: np.ndarray
    values: np.ndarray
    shape: str

    @property
    def growth(self) -> np.ndarray:
        """Growth of each year after the base, labelled by its end year (fractions)."""
        return self.values[1:] / self.values[:-1] - 1


def check_shape(shape: str) -> str:
    """Return the name of a path shape, or raise with the nearest known names."""
    check_known("path_shape", [shape], PATH_SHAPES)
    return shape


@checked
def trajectory(
    base: float, target: float, base_year: int, target_year: int, shape: str = "constant_growth"
) -> Trajectory:
    """Return the path from base to target in annual steps.

    Formulas, with u the share of the time elapsed: constant growth base*(target/base)**u; the others
    base + (target - base) * p(u) with p = u, 1-(1-u)**2, u**2, or a logistic curve scaled to [0, 1].

    Errors: unknown shape; base year not before target year; constant growth through zero.

    >>> path = trajectory(100, 150, 2020, 2025, "linear")
    >>> path.values.tolist()
    [100.0, 110.0, 120.0, 130.0, 140.0, 150.0]
    """
    check_shape(shape)
    if target_year <= base_year:
        raise UndefinedGrowth(Phrase("arithmetic.no_path", first=base_year, last=target_year))
    years = np.arange(base_year, target_year + 1)
    share = (years - base_year) / (target_year - base_year)
    values = np.asarray(PATH_SHAPES[shape](share, float(base), float(target)), dtype=float)
    values[0], values[-1] = base, target
    return Trajectory(years, values, shape)


def through_nodes(
    base: float, base_year: int, nodes: Mapping[int, float], target: float, target_year: int, shape: str
) -> Trajectory:
    """Return the path from base to target that passes through nodes {year: value}, such as annual plan targets.

    The shape holds between one node and the next; without nodes it is `trajectory`.

    Errors: a node that is no finite number or does not lie between base year and target year; those of `trajectory`.

    >>> through_nodes(100, 2020, {2022: 130}, 160, 2025, "linear").values.tolist()
    [100.0, 115.0, 130.0, 140.0, 150.0, 160.0]
    """
    within = Phrase("arithmetic.nodes", first=base_year + 1, last=target_year - 1)
    leave_out, finite = Phrase("arithmetic.leave_out"), Phrase("arithmetic.finite")
    outside = [year for year in nodes if not base_year < year < target_year]
    faults = [Fault("nodes", within, str(year), do=leave_out) for year in outside]
    faults += [
        Fault(f"nodes, {y}", finite, str(value)) for y, value in nodes.items() if not np.isfinite(value)
    ]
    refuse(faults)
    stops = {base_year: base, **{year: nodes[year] for year in sorted(nodes)}, target_year: target}
    parts = [
        trajectory(value, then, year, until, shape)
        for (year, value), (until, then) in pairwise(stops.items())
    ]
    values = np.concatenate([parts[0].values[:1], *(part.values[1:] for part in parts)])
    return Trajectory(np.arange(base_year, target_year + 1), values, shape)


def flow_path(
    total: float, base_flow: float | None, base_year: int, target_year: int, shape: str
) -> Trajectory:
    """Return the cumulated flow by year that adds up to `total` over the years after the base year.

    Constant growth lets the yearly flow grow at one rate from `base_flow` (an even flow where that is
    unknown or not positive); the other shapes distribute the total by their progress curve.

    >>> flow_path(100, 10, 2020, 2025, "linear").values.tolist()
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> path = flow_path(100, 10, 2020, 2025, "constant_growth")
    >>> flows = np.diff(path.values); round(float(flows[0] / 10), 6) == round(float(flows[1] / flows[0]), 6)
    True
    """
    n_years = target_year - base_year
    if n_years < 1:
        raise UndefinedGrowth(Phrase("arithmetic.no_path", first=base_year, last=target_year))
    if check_shape(shape) != "constant_growth" or not (base_flow and base_flow > 0 and total > 0):
        even = "linear" if shape == "constant_growth" else shape
        return trajectory(0.0, total, base_year, target_year, even)
    from scipy.optimize import brentq

    steps = np.arange(1, n_years + 1)
    rate = brentq(lambda log_rate: base_flow * np.exp(log_rate * steps).sum() - total, -20, 20)
    values = np.concatenate([[0.0], np.cumsum(base_flow * np.exp(rate * steps))])
    values[-1] = total
    return Trajectory(np.arange(base_year, target_year + 1), values, shape)

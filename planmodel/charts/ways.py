"""What the chart of path shapes says: the scale of its figures, the past on that scale, distinct paths, the title."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planmodel.arithmetic.paths import Trajectory
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import FLOW_KINDS
from planmodel.plans.series import History
from planmodel.words import figure as number
from planmodel.words import word

FLAT = 1e-9


def measure_of(target: Target, path: Trajectory, history: History | None) -> str:
    """Return what the trajectory's values are: level, index, cumulated or flow."""
    if target.kind == "cumulative_sum":
        return "cumulated"
    if target.kind in FLOW_KINDS:
        return "flow"
    rate = target.kind in ("annual_growth", "cumulative_change_pct", "multiple")
    if rate and abs(path.values[0] - 100) < 1e-6:
        known = None if history is None or history.real else history.values.get(int(path.years[0]))
        return "level" if known is not None and abs(known - 100) < 1e-6 else "index"
    return "level"


def history_of(target: Target, path: Trajectory, history: History | None) -> pd.Series:
    """Return the past on the trajectory's scale, empty where it does not compare."""
    empty = pd.Series(dtype=float)
    if history is None or history.values.empty:
        return empty
    measure, year = measure_of(target, path, history), int(path.years[0])
    if measure == "index":
        known = history.values.get(year)
        return history.values * (100 / known) if history.real and known else empty
    if measure == "cumulated" or history.real:
        return empty
    return history.values


def unit_of(target: Target, path: Trajectory, history: History | None, plan: Plan, lang: str) -> str:
    if measure_of(target, path, history) == "index":
        year = int(path.years[0])
        return f"指数（{year} 年 = 100）" if lang == "zh" else f"index, {year} = 100"
    unit = history.unit if history is not None and history.unit in plan.catalogue.units else target.unit
    units = plan.catalogue.units
    name = units[unit].name(lang) if unit in units else unit
    if measure_of(target, path, history) == "cumulated":
        return f"{name}，累计" if lang == "zh" else f"{name}, sum so far"
    return name


def path_sentence(target: Target, path: Trajectory, lang: str) -> str:
    name, zh, words = target.indicator.name(lang), lang == "zh", word(path.shape, lang)
    start, step, end = (plain(float(path.values[i]), path) for i in (0, 1, -1))
    first, last = int(path.years[0]), int(path.years[-1])
    if np.ptp(path.values) <= FLAT * abs(path.values[0]):
        kind = word(target.kind, lang)
        return f"{name}：{kind} {end}，至 {last} 年" if zh else f"{name}: {end}, {kind}, to {last}"
    if target.kind == "cumulative_sum":
        if zh:
            return f"{name}：到 {last} 年累计 {end}；按{words}，{first + 1} 年应完成 {step}"
        return f"{name}: {end} in all by {last}; a {words} path asks for {step} in {first + 1}"
    if zh:
        return f"{name}：由 {first} 年 {start} 到 {last} 年 {end}；按{words}，{first + 1} 年应为 {step}"
    return (
        f"{name}: from {start} in {first} to {end} in {last}; a {words} path asks for {step} in {first + 1}"
    )


def plain(value: float, path: Trajectory) -> str:
    """Return a figure rounded as the path's figures are, without needless decimals."""
    digits = digits_of(path.values)
    return number(value if digits is None else round(value, digits))


def distinct(trajectories: Mapping[str, Trajectory], shape: str) -> dict[str, Trajectory]:
    """Return the paths that differ from one another; of equal ones the chosen shape stays, else the first."""
    kept: dict[str, Trajectory] = {}
    for name in sorted(trajectories, key=lambda n: n != shape):
        path = trajectories[name]
        if not any(np.allclose(path.values, other.values) for other in kept.values()):
            kept[name] = path
    return {name: trajectories[name] for name in trajectories if name in kept}


def digits_of(values) -> int | None:
    largest = float(np.max(np.abs(values)))
    return 0 if largest >= 10_000 else 1 if largest >= 100 else 2 if largest >= 1 else None

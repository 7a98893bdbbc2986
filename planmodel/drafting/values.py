"""Values for chances: which figure of a target is kept with a chance, and how a plan would print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planmodel.feasibility.outlooks import Outlook
from planmodel.plans.kinds import falling, is_reduction, kept, kind_of, reached, throughout
from planmodel.plans.model import Target

STEPS = (5, 1)
"""A printed figure ends in one of these times a power of ten: 50 or 100, half a point or a tenth."""
FINE = 0.5
"""A step is at most this part of the way between the values of two chances 20 points apart."""
COARSE = 0.1
"""And of an amount at most this part of it."""


def with_value(target: Target, value: float) -> Target:
    """Return a target that promises a figure.

    >>> from planmodel import load_plan
    >>> with_value(load_plan("taizhou-services-14fyp").target("T2/1/1"), 3400.0).target_printed
    '3400'
    """
    digits = f"{value:.12g}"
    return replace(
        target, status="printed", target_value=float(digits), target_upper=None, target_digits=digits,
        target_printed=digits, comparator="ge" if target.comparator == "range" else target.comparator,
    )  # fmt: skip


def sided(target: Target) -> Target:
    """Return a row with a unit and a comparator: at least its figure, or at most where lower is better."""
    unit = target.unit or (target.indicator.unit if kind_of(target).in_unit else "")
    comparator = target.comparator or ("le" if target.indicator.direction == "lower" else "ge")
    return replace(target, unit=unit, comparator=comparator)


def success_of(target: Target, outlook: Outlook, value: float, about_tolerance: float) -> np.ndarray:
    """Return which paths keep the promise of a value: bool of shape (n_draws,), as an assessment judges it."""
    trial = throughout(with_value(target, value), outlook.base, about_tolerance)
    return kept(trial, outlook.values, about_tolerance)


def values_for(
    target: Target, outlook: Outlook, chances: Sequence[float], about_tolerance: float
) -> np.ndarray:
    """Return the most ambitious values that the paths keep with some chances (0-1), in the target's own terms.

    The quantile at 1 - p of what the paths make of the figure (at p where lower is better); a promise about every year
    counts each path's worst year. A bound that the base keeps already is one of every year. "About" leaves its room.

    Errors: NotAssessable for kinds that are only shown.
    """
    trial = _sensed(target, outlook)
    found = _solved(trial, outlook, chances, about_tolerance)
    if target.kind == "level" and target.comparator in ("ge", "gt", "le", "lt") and outlook.base is not None:
        bounds = _solved(replace(trial, kind="keep"), outlook, chances, about_tolerance)
        held = [reached(with_value(target, value), outlook.base, about_tolerance) for value in found]
        found = np.where(held, bounds, found)
    return found


def _sensed(target: Target, outlook: Outlook) -> Target:
    """The target with the figure that the middle path makes, which says whether it is to rise or to fall."""
    return with_value(target, float(np.median(_figures(target, outlook))))


def _figures(target: Target, outlook: Outlook, down: bool = False) -> np.ndarray:
    """What each path makes of the figure promised, shape (n_draws,); of every year the worst."""
    kind = kind_of(target)
    assert kind.reads is not None
    figures = kind.reads(outlook.values) * (-1 if is_reduction(target) else 1)
    return (figures.max(axis=1) if down else figures.min(axis=1)) if kind.every_year else figures


def _solved(target: Target, outlook: Outlook, chances: Sequence[float], about_tolerance: float) -> np.ndarray:
    down = falling(target)
    figures = np.sort(_figures(target, outlook, down))
    ranks = np.ceil(np.asarray(chances) * len(figures)).astype(int).clip(1, len(figures))
    found = figures[ranks - 1] if down else figures[len(figures) - ranks]
    if target.comparator == "about":
        found = found / (1 + (about_tolerance if down else -about_tolerance) * np.sign(found))
    return found


def step_for(value: float, other: float, *, least: float | None = None) -> float:
    """Return the step that a value is rounded to, given that of a chance 20 points away; least: the finest there is.

    >>> step_for(3410, 3290), step_for(6.31, 5.4), step_for(61.2, 58.9), step_for(412.0, 410.9, least=1.0)
    (50.0, 0.1, 1.0, 1.0)
    """
    room = FINE * abs(value - other) or 1e-3 * abs(value) or 1.0
    room = room if least is not None else min(room, COARSE * abs(value) or room)
    power = 10.0 ** np.floor(np.log10(room))
    step = float(next(power * size for size in STEPS if power * size <= room * (1 + 1e-9)))
    return max(step, least or 0.0)


def rounded(value: float, step: float) -> float:
    """Return a value on the grid of a step, free of float noise.

    >>> rounded(3412.3, 50), rounded(6.349, 0.1)
    (3400.0, 6.3)
    """
    return float(f"{round(value / step) * step:.12g}")

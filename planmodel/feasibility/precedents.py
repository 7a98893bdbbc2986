"""Precedents: what a promise asks as a change over its years, and whether as much was done before, here or elsewhere.

The verdict says that and no more: how likely it is now, is another fact."""

from collections.abc import Mapping

import numpy as np

from planmodel.feasibility.assessments import Assessment
from planmodel.plans import Target, kind_of
from planmodel.plans.kinds import Required, measured_falls, reached
from planmodel.plans.series import History, Record
from planmodel.words import Phrase

HALVINGS = 60
STEEPEST = 10.0  # growth a year, as a factor, beyond which no flow is sought


def change_asked(target: Target, asked: Required, base: float | None, history: History) -> Required | None:
    """Return what a promise asks as growth or points a year over its years, by which episodes are counted; None: as none.

    A floor or ceiling: the change from its base that it allows. A flow: the growth from the last year known with which the
    years after it reach their mean. A change in units: the growth that makes it.
    """
    if asked.is_rate:
        return asked
    n_years = target.n_years
    if asked.measure == "flow":
        before = history.values[history.values.index <= target.base_year]
        if before.empty or before.iloc[-1] <= 0 or asked.value <= 0:
            return None
        return Required(_growth_of_flows(asked.value / float(before.iloc[-1]), n_years), "growth")
    if base is None or base <= 0:
        return None
    change = target.figure - base if asked.measure == "headroom" else asked.value * n_years
    if target.indicator.scale == "share":
        return Required(change / n_years, "pp")
    return Required((1 + change / base) ** (1 / n_years) - 1, "growth") if change > -base else None


def _growth_of_flows(mean: float, n_years: int) -> float:
    """The growth a year at which the mean of the coming flows is so many times the last one."""
    low, high, years = 1 / STEEPEST, STEEPEST, np.arange(1, n_years + 1)
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if np.mean(middle**years) < mean else (low, middle)
    return float(high - 1)


def done_before(
    target: Target, asked: Required, past: Record | None, history: History, about_tolerance: float
) -> bool:
    """Return True where the region did as much over as many years that ended by the base year.

    Growth and points: its best window, or its latest one where that is as long. A floor or ceiling: it held in as many years.
    A flow: the mean of as many years in a row.
    """
    n_years = target.n_years
    if asked.is_rate:
        if past is None:
            return False
        long_enough = past.last_year - past.first_year >= n_years
        best = past.best if past.best is not None else past.mean if long_enough else None
        sign = -1 if measured_falls(target) else 1
        return best is not None and sign * asked.value <= sign * best
    before = history.values[history.values.index <= target.base_year]
    years, values = before.index.to_numpy(), before.to_numpy()
    ends = [i for i in range(n_years - 1, len(years)) if years[i] - years[i - n_years + 1] == n_years - 1]
    windows = [values[end - n_years + 1 : end + 1] for end in ends]  # of so many years in a row
    if kind_of(target).every_year:
        return any(bool(np.all(reached(target, window, about_tolerance))) for window in windows)
    return asked.measure == "flow" and any(window.mean() >= asked.value for window in windows)


def verdict(assessment: Assessment, rules: Mapping) -> str:
    """Return the precedent of a target that has a chance; cut-offs from the rules (data/rules.yaml, verdict).

    done_here: the region itself did as much over as many years before the base year. Else by the share of its class's
    episodes that did: done_elsewhere, rare, without_precedent. Of a promise to grow in step with another, or above it, no
    episodes are counted: others do.
    """
    if assessment.probability is None:
        return "not_assessable"
    if assessment.done_here:
        return "done_here"
    share = assessment.precedent_share
    if share is None:
        return "done_elsewhere" if assessment.target.kind == "relative" else "rare"
    if share >= rules["elsewhere"]:
        return "done_elsewhere"
    return "rare" if share >= rules["rare"] else "without_precedent"


def apart(assessment: Assessment, rules: Mapping) -> Phrase | None:
    """Return why precedent and chance point apart, None where they do not."""
    chance, precedent = assessment.probability, verdict(assessment, rules)
    if chance is None:
        return None
    if precedent in ("done_here", "done_elsewhere") and chance < rules["apart"]["unlikely"]:
        return Phrase(f"feasibility.apart.{precedent}")
    if precedent in ("rare", "without_precedent") and chance >= rules["apart"]["likely"]:
        return Phrase("feasibility.apart.likely")
    return None

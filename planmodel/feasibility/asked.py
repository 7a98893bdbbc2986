"""What a promise asks, beside the record, the reference class and the latest figure; and whether as much was done before.

That is said before any forecast. The verdict is the precedent and no more: how likely a promise is to be kept, is another fact.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from planmodel.arithmetic.growth import annual_rate, cagr, rate_left
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.outlooks import MIDDLE
from planmodel.feasibility.quantities import POINTS, base_of, class_of, class_used, history_of, quantity_of
from planmodel.feasibility.system import System
from planmodel.forecasts.levels import transformed
from planmodel.forecasts.reference import ReferenceClass, load_class
from planmodel.plans import Plan, Target
from planmodel.plans.derived import equations
from planmodel.plans.kinds import (
    IN_POINTS,
    Required,
    end_level,
    kind_of,
    measured_falls,
    reached,
    required,
    throughout,
)
from planmodel.plans.model import BOUNDS, DERIVED
from planmodel.plans.series import History, Record, record
from planmodel.words import Phrase

HALVINGS = 60
STEEPEST = 10.0  # growth a year, as a factor, beyond which no flow is sought


def with_asked(
    system: System, target: Target, empty: Assessment
) -> tuple[Assessment, NotAssessable | UndefinedGrowth | None]:
    """Required, record and percentile: what can be said before any forecast, and what stood in the way."""
    plan, reference = system.plan, system.classes.get(quantity_of(system.plan, target))
    history, notes = history_of(plan, target, system.scenario)
    base, base_year = base_of(target, history, plan)
    if kind_of(target).growth and target.price_basis == "nominal" != target.indicator.growth_basis:
        notes += (Phrase("feasibility.nominal"),)
    notes += _of_base(plan, history, base_year)
    assessment = replace(empty, base=base, base_year=base_year, notes=notes, history=history)
    if target.target_value is None:
        return assessment, None
    judged = throughout(target, base, plan.catalogue.rules["about_tolerance"])
    try:
        n_years = max(target.target_year - base_year, 1) if target.kind == "level" else None
        asked = required(judged, base, n_years)
    except (NotAssessable, UndefinedGrowth) as problem:
        return assessment, problem
    past = None
    if asked.is_rate:
        points, down = asked.measure == "pp", measured_falls(target)
        past = record(history, target.n_years, until=target.base_year, share=points, down=down)
    group = reference or class_used(plan, quantity_of(plan, target), history)
    rate = change_asked(judged, asked, base, history)
    done = done_before(judged, asked, past, history, plan.catalogue.rules["about_tolerance"])
    assessment = replace(assessment, required=asked, record=past, reference=group, done_here=done)
    if group and rate is not None:
        percentile = _percentile(plan, target, group, n_years or target.n_years, rate, base, history.unit)
        assessment = replace(assessment, percentile=percentile)
    if len(history) and history.last_year > base_year and target.target_year > history.last_year:
        left = _from_latest(judged, history, base, base_year)
        assessment = replace(assessment, latest_year=history.last_year, required_from_latest=left)
        if group and left is not None and left.is_rate:
            n_years, latest = target.target_year - history.last_year, float(history.values.iloc[-1])
            percentile = _percentile(plan, target, group, n_years, left, latest, history.unit)
            assessment = replace(assessment, percentile_from_latest=percentile)
    return assessment, None


def _of_base(plan: Plan, history: History, year: int) -> tuple[Phrase, ...]:
    """What is to be said of a base: what it follows from where nobody printed it; that no other figure is known than one before the
    plan's base year."""
    if list(history.values.index) == [year] and year < plan.base_year:
        return (Phrase("feasibility.one_figure", year=year),)
    origin = history.origins.get(year)
    if origin is None or origin.vintage != DERIVED or not origin.note:
        return ()
    if origin.comparator in BOUNDS:
        about = {"year": year, "figure": origin.digits, "source": origin.source}
        return (Phrase("feasibility.base_at_least", **about),)
    texts = [each.text for each in equations(plan) if str(each.identity) == origin.note]
    return (Phrase("feasibility.base_follows", year=year, texts=texts),) if texts else ()


def class_rate(group: ReferenceClass, asked: Required, n_years: int, base: float | None) -> float | None:
    """Return required growth in a class's own terms: a fraction a year, logits for shares, units; None: another kind."""
    if asked.measure == "growth" and group.transform == "log":
        return asked.value
    if base is None:
        return None
    end = base + asked.value * n_years if asked.measure == "pp" else base * (1 + asked.value) ** n_years
    if group.transform == "unit":
        return (end - base) / n_years
    if group.transform == "logit" and asked.measure == "pp" and 0 <= base <= 100:
        first, last = transformed(np.array([base, end]), "logit")
        return float(last - first) / n_years
    return None


def _percentile(
    plan: Plan, target: Target, group: str, n_years: int, asked: Required, base: float | None, unit: str
) -> float | None:
    """The share of a class's episodes, in %, that did less than a promise asks; base: in `unit`."""
    own = plan.catalogue.indicators[quantity_of(plan, target).indicator].unit
    level = None
    if base is not None and plan.catalogue.alike(unit, own):
        level = plan.catalogue.convert(base, unit, own)
    if group == POINTS and quantity_of(plan, target).index:
        base = level = MIDDLE
    pool = class_of(plan.catalogue, replace(target.indicator, reference=""), target.region, real=False)
    percentile = None
    for table in (load_class(group), load_class(pool)):  # a class that keeps no episodes has its kind's
        rate = class_rate(table, asked, n_years, base)
        if percentile is None and rate is not None:
            percentile = table.percentile(rate, n_years, level)
    return 100 - percentile if measured_falls(target) and percentile is not None else percentile


def _from_latest(target: Target, history: History, base: float | None, base_year: int) -> Required | None:
    """What is asked a year from the latest observation on."""
    last, latest = history.last_year, float(history.values.iloc[-1])
    left = target.target_year - last
    try:
        if target.kind == "annual_growth":
            if base is None:
                return None
            mean = cagr(base, latest, last - base_year)
            n_years = target.target_year - base_year
            return Required(rate_left(target.figure / 100, n_years, [mean] * (last - base_year)), "growth")
        if (total_of := kind_of(target).total) is not None:
            known = history.values[history.values.index > target.base_year]
            if len(known) != last - target.base_year:
                return None
            total = total_of(target.figure, target.n_years)
            return Required(float(total - known.sum()) / left, "flow")
        goal = end_level(replace(target, base_year=base_year), base)
        if goal is not None and not kind_of(target).every_year:
            return required(replace(target, kind="level", target_value=goal), latest, left)
    except (NotAssessable, UndefinedGrowth):
        return None
    return None


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
    if target.indicator.scale in IN_POINTS:
        return Required(change / n_years, "pp")
    return Required(annual_rate(change / base, n_years), "growth") if change > -base else None


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

"""Feasibility: required growth against the record and the reference class, probability and verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.growth import rate_left
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.outlooks import (
    MIDDLE,
    N_DRAWS,
    POINTS,
    SEED,
    Outlook,
    base_of,
    check_forecastable,
    class_used,
    history_of,
    pool_of,
    quantity_of,
)
from planmodel.feasibility.places import promised_figures
from planmodel.feasibility.precedents import change_asked, done_before
from planmodel.feasibility.system import System
from planmodel.feasibility.verdicts import apart, verdict
from planmodel.forecasts.levels import transformed
from planmodel.forecasts.reference import ReferenceClass, load_class
from planmodel.plans import Plan, Target
from planmodel.plans.derived import in_words
from planmodel.plans.kinds import (
    Required,
    counted,
    end_level,
    in_step,
    kept,
    kind_of,
    measured_falls,
    required,
    throughout,
)
from planmodel.plans.known import until
from planmodel.plans.model import DERIVED
from planmodel.plans.own import own_plan
from planmodel.plans.parents import with_implied, with_parent
from planmodel.plans.scenarios import Scenario, load_scenario
from planmodel.plans.series import BOUNDS, History, record
from planmodel.words import Phrase

N_COMPARED = 2000
"""Draws at most of a comparison, which says differences between the same random numbers."""
EXTREME = 0.01
"""A chance below this, or as near to 1, says why."""
CIRCULAR = Phrase("feasibility.circular")
NO_SHOCKS = Phrase("feasibility.no_shocks")


def assess(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    as_of: str | int | None = None,
    reference: str | None = None,
) -> Assessment:
    """Return the assessment of one target; never raises for data that are missing: the reason says so.

    The same as in `assess_plan`: what identities and prices tie to its indicator is drawn with it. as_of: the moment of
    which it is known what was published (a year, a period or a day), default: all. The verdict's cut-offs stand in
    data/rules.yaml.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> result = assess(plan, plan.target("T2/1/1"), load_scenario("baseline"), as_of=2020)
    >>> round(100 * result.required.value, 2)
    8.42
    """
    plan, _ = as_known(plan, scenario, as_of, n_draws=n_draws, seed=seed, reference=reference)
    classes = {} if reference is None else {quantity_of(plan, target): reference}
    return assess_in(System(plan, scenario, n_draws, seed, classes), target)


def assess_by_class(
    used: Assessment,
    names: Iterable[str],
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    as_of: int | None = None,
) -> dict[str, Assessment]:
    """Return an assessed target's assessments by some classes. The chance by another class is that of the one in use and what
    the same draws, so many at most as N_COMPARED, say of the difference.
    """
    few = min(n_draws, N_COMPARED)

    def by(reference: str | None) -> Assessment:
        options: dict[str, Any] = {"n_draws": few, "seed": seed, "as_of": as_of, "reference": reference}
        return assess(used.plan, used.target, used.scenario, **options)

    now, before, made = used.probability, by(used.reference).probability, {}
    for name in names:
        by_it = used if name == used.reference else by(name)
        if by_it is not used and not (now is None or before is None or by_it.probability is None):
            by_it = replace(by_it, probability=uncertain(now + by_it.probability - before, few))
        made[name] = by_it
    return made


def assess_in(system: System, target: Target) -> Assessment:
    """The assessment of a target by the paths of a system."""
    plan, scenario, tolerance = system.plan, system.scenario, system.plan.catalogue.rules["about_tolerance"]
    target = counted(target, plan.base_year)
    target, given = (with_implied if target.status != "assigned" else with_parent)(plan, target)
    assessment = Assessment(target, scenario, target.base_year, plan=plan)
    try:
        assessment, problem = _figures(system, target, assessment)
        if given:
            assessment = replace(assessment, notes=(given, *assessment.notes))
        check_forecastable(plan, target)
        if problem is not None:
            raise problem
        if target.kind == "relative":
            paths, success = _in_step(system, target)
        else:
            paths = system.outlook(target)
            success = kept(throughout(target, assessment.base, tolerance), paths.values, tolerance)
        assessment = replace(
            assessment,
            notes=tuple(dict.fromkeys((*assessment.notes, *paths.notes))),
            own_weight=paths.forecast.own_weight,
            outlook=paths,
        )
        if scenario.follows_plan:
            raise NotAssessable(CIRCULAR)
    except NotAssessable as error:
        return replace(assessment, reason=error.reason)
    except UndefinedGrowth as error:
        return replace(assessment, reason=error.sentence)
    assessment, rules = (
        replace(assessment, probability=chance(success), success=success),
        plan.catalogue.rules,
    )
    why = [text for text in (apart(assessment, rules["verdict"]), _extreme(assessment)) if text]
    return replace(assessment, verdict=verdict(assessment, rules["verdict"]), notes=(*assessment.notes, *why))


def _extreme(assessment: Assessment) -> Phrase | None:
    """Why a chance is below 1 or above 99 %: where the paths end, None of other chances."""
    figures, p = promised_figures(assessment), assessment.probability
    if p is None or EXTREME <= p <= 1 - EXTREME:
        return None
    if figures is None:
        return Phrase("feasibility.extreme.plain")
    low, high = (float(f"{value:.3g}") for value in np.quantile(figures, (EXTREME, 1 - EXTREME)))
    return Phrase("feasibility.extreme.between", low=low, high=high, figure=assessment.target.figure)


def _figures(
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
    down, share = measured_falls(target), target.indicator.scale == "share"
    judged = throughout(target, base, plan.catalogue.rules["about_tolerance"])
    try:
        n_years = max(target.target_year - base_year, 1) if target.kind == "level" else None
        asked = required(judged, base, n_years)
    except (NotAssessable, UndefinedGrowth) as problem:
        return assessment, problem
    past = None
    if asked.measure in ("growth", "pp"):
        past = record(history, target.n_years, until=target.base_year, share=share, down=down)
    group = reference or class_used(plan, target, history)
    rate = change_asked(judged, asked, base, history)
    percentile = None
    if group and rate is not None:
        years_asked = n_years or target.n_years
        percentile = _percentile(plan, target, group, years_asked, rate, base, history.unit)
    done = done_before(judged, asked, past, history, plan.catalogue.rules["about_tolerance"])
    assessment = replace(
        assessment, required=asked, record=past, reference=group, percentile=percentile, done_here=done
    )
    if len(history) and history.last_year > base_year and target.target_year > history.last_year:
        left = _from_latest(judged, history, base, base_year)
        assessment = replace(assessment, latest_year=history.last_year, required_from_latest=left)
        if group and left is not None and left.measure in ("growth", "pp"):
            n_years, latest = target.target_year - history.last_year, float(history.values.iloc[-1])
            assessment = replace(
                assessment,
                percentile_from_latest=_percentile(plan, target, group, n_years, left, latest, history.unit),
            )
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
    texts = [in_words(plan, one) for one in plan.identities if str(one) == origin.note]
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
    units, own = plan.catalogue.units, plan.catalogue.indicators[quantity_of(plan, target).indicator].unit
    known = (
        base is not None and unit in units and own in units and units[unit].dimension == units[own].dimension
    )
    level = plan.catalogue.convert(float(base or 0.0), unit, own) if known else None
    if group == POINTS and quantity_of(plan, target).index:
        base = level = MIDDLE
    pool = pool_of(plan.catalogue, target)
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
            mean = (latest / base) ** (1 / (last - base_year)) - 1
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


def _in_step(system: System, target: Target) -> tuple[Outlook, np.ndarray]:
    """The paths of a promise relative to another indicator's growth, and which of them keep it: both are drawn together."""
    rate = replace(
        target, kind="annual_growth", target_value=0.0, target_digits="0", comparator="ge", unit="%"
    )
    other = system.plan.catalogue.indicators[target.relative_to]
    both = rate, replace(rate, indicator=other, base_value=None, definition="")
    ends = [history_of(system.plan, one, system.scenario)[0].known_to for one in both]
    if ends[0] != ends[1] and None not in ends:  # from the last year that both are known
        known = until(system.plan, min(end for end in ends if end is not None))
        system = System(known, system.scenario, system.n_draws, system.seed, system.classes)
    own, beside = (system.outlook(one) for one in both)
    if own.base_year != beside.base_year:
        raise NotAssessable(Phrase("feasibility.two_bases"))
    growth, its = (outlook.values[:, -1] / outlook.values[:, 0] for outlook in (own, beside))
    return own, in_step(target, growth, its, system.plan.catalogue.rules["about_tolerance"])


def assess_plan(
    plan: Plan,
    scenario: Scenario,
    *,
    indicators: tuple[str, ...] = (),
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    as_of: str | int | None = None,
    reference: str | None = None,
) -> PlanAssessment:
    """Return the assessments of a plan's targets (of some indicators, or all) and the joint probabilities.

    All are drawn in one system: row i of every outlook is one joint outcome, in which the plan's identities hold. as_of:
    see assess.
    """
    plan, _ = as_known(plan, scenario, as_of, n_draws=n_draws, seed=seed, reference=reference)
    classes = {} if reference is None else {quantity_of(plan, target): reference for target in plan.targets}
    system = System(plan, scenario, n_draws, seed, classes)
    assessments = tuple(assess_in(system, target) for target in plan.select(indicators))
    binding, _ = chances(a for a in assessments if a.target.binding)
    return PlanAssessment(plan, scenario, assessments, *chances(assessments), binding)


def chances(assessments: Iterable[Assessment]) -> tuple[float | None, float | None]:
    """Return the chance that all of some assessments of one system succeed, and the product of their single chances."""
    success = [a.success for a in assessments if a.success is not None]
    if not success:
        return None, None
    every = np.column_stack(success).all(axis=1)
    return chance(np.asarray(every)), float(np.prod([chance(one) for one in success]))


def chance(success: np.ndarray) -> float:
    """Return the share of draws that succeed; none or all of them leaves half a draw to the other side.

    >>> chance(np.array([False] * 99)), chance(np.array([True, False]))
    (0.005, 0.5)
    """
    return uncertain(float(success.mean()), len(success))


def uncertain(share: float, n_draws: int) -> float:
    """Return a share of draws (0-1) as a chance, half a draw from 0 and from 1 at least.

    >>> uncertain(0.0, 99), uncertain(1.2, 99)
    (0.005, 0.995)
    """
    least = 0.5 / (n_draws + 1)
    return float(np.clip(share, least, 1 - least))


def assess_series(
    history: pd.Series,
    value: float,
    target_year: int,
    *,
    scenario: Scenario | str | None = None,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    **promise: Any,
) -> PlanAssessment:
    """Return the assessment of a series of one's own: that it reaches a value by a year.

    scenario: one, or the name of a file (default: without shocks or price changes). promise: what else `planmodel.plans.own.own_plan` takes: name, kind,
    comparator, scale, direction, unit, reference, base_year.

    >>> result = assess_series(pd.Series({2016: 80, 2017: 85, 2018: 91, 2019: 95, 2020: 100}), 130, 2025, name="Sales")
    >>> result["own"].required.in_unit("")[0].__round__(2), result["own"].outlook.values.shape
    (5.39, (10000, 6))
    """
    plan = own_plan(history, value, target_year, **promise)
    chosen = load_scenario(scenario) if isinstance(scenario, str) else scenario or Scenario.of(NO_SHOCKS)
    return assess_plan(plan, chosen, n_draws=n_draws, seed=seed)

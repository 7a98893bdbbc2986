"""Assessing: what targets ask for, how likely they are to be kept, and the verdict on each."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.growth import Interval
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.asked import apart, verdict, with_asked
from planmodel.feasibility.assessments import Assessment, PlanAssessment, promised_figures
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.outlooks import N_DRAWS, SEED, Outlook, check_forecastable
from planmodel.feasibility.quantities import history_of, quantity_of
from planmodel.feasibility.system import System
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import both_grow, counted, in_step, kept, required, throughout
from planmodel.plans.known import until
from planmodel.plans.own import own_plan
from planmodel.plans.scenarios import Scenario, load_scenario
from planmodel.plans.unprinted import with_implied, with_parent
from planmodel.words import Phrase, percent, yearly

N_COMPARED = 2000
"""Draws at most of a comparison, which says differences between the same random numbers."""
N_FIGURES = 20  # of an interval, each judged on as many of the draws
EXTREME = 0.01  # a chance below this, or as near to 1, says why
CIRCULAR = Phrase("feasibility.circular")
NO_SHOCKS = Phrase("feasibility.no_shocks")


def assess(plan: Plan, target: Target, scenario: Scenario, **options: Any) -> Assessment:
    """Return the assessment of one target; never raises for data that are missing: the reason says so.

    The same as in `assess_plan`, whose options it takes (n_draws, seed, as_of, reference): what identities and prices tie to
    its indicator is drawn with it. The verdict's cut-offs stand in data/rules.yaml.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> result = assess(plan, plan.target("T2/1/1"), load_scenario("baseline"), as_of=2020)
    >>> round(100 * result.required.value, 2)
    8.42
    """
    return assess_in(_system(plan, scenario, (target,), **options), target)


def _system(
    plan: Plan, scenario: Scenario, targets: Iterable[Target], *, n_draws: int = N_DRAWS, seed: int = SEED,
    as_of: str | int | None = None, reference: str | None = None,
) -> System:  # fmt: skip
    """The system of a plan as it is known at a moment; reference: a class for these targets."""
    plan, _ = as_known(plan, scenario, as_of, n_draws=n_draws, seed=seed, reference=reference)
    classes = {} if reference is None else {quantity_of(plan, target): reference for target in targets}
    return System(plan, scenario, n_draws, seed, classes)


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
    """Return the assessment of a target by the paths of a system, in whose plan as it is known it stands."""
    plan, scenario, tolerance = system.plan, system.scenario, system.plan.catalogue.rules["about_tolerance"]
    target = counted(target, plan.base_year)
    target, over, given = with_implied(plan, target)
    target, assigned = with_parent(plan, target)
    given = given or assigned
    assessment = Assessment(target, scenario, target.base_year, plan=plan)
    try:
        assessment, problem = with_asked(system, target, assessment)
        if given:
            assessment = replace(assessment, notes=(given, *assessment.notes))
        check_forecastable(plan, target)
        _check_open(plan, assessment)
        if problem is not None:
            raise problem
        beside = None
        if target.kind == "relative":
            paths, beside, success = _in_step(system, target)
        else:
            paths = system.outlook(target)
            judged = throughout(target, assessment.base, tolerance)
            success = kept(judged, paths.values, tolerance)
            if over is not None and over.low < over.high:
                success, ends = _over(judged, over, assessment, paths.values, tolerance)
                paths = replace(paths, notes=(*ends, *paths.notes))
        notes, weight = tuple(dict.fromkeys((*assessment.notes, *paths.notes))), paths.forecast.own_weight
        assessment = replace(assessment, notes=notes, own_weight=weight, outlook=paths, beside=beside)
        if scenario.follows_plan:
            raise NotAssessable(CIRCULAR)
    except (NotAssessable, UndefinedGrowth) as error:
        return replace(assessment, reason=error.reason)
    assessment = replace(assessment, probability=chance(success), success=success)
    rules = plan.catalogue.rules["verdict"]
    why = [text for text in (apart(assessment, rules), _extreme(assessment)) if text]
    return replace(assessment, verdict=verdict(assessment, rules), notes=(*assessment.notes, *why))


def _check_open(plan: Plan, assessment: Assessment) -> None:
    """Raise NotAssessable for a target whose year is over at the moment, without the figure of that year: it is asked for."""
    year, known = assessment.target.target_year, assessment.known_to
    if plan.moment is not None and year <= plan.moment.last_full_year and (known is None or known < year):
        raise NotAssessable(Phrase("feasibility.year_over", year=year))


def _over(
    target: Target, over: Interval, assessment: Assessment, values: np.ndarray, tolerance: float
) -> tuple[np.ndarray, tuple[Phrase, ...]]:
    """Which paths keep a promise of which an interval is known, its figures evenly over them; and what differs at its ends."""
    ends = [replace(target, target_value=end) for end in (over.low, over.high)]
    success = np.empty(len(values), dtype=bool)
    for at, figure in enumerate(np.linspace(over.low, over.high, 2 * N_FIGURES + 1)[1::2]):
        one = replace(target, target_value=float(figure))
        success[at::N_FIGURES] = kept(one, values[at::N_FIGURES], tolerance)
    asked = [required(end, assessment.base).in_unit("") for end in ends]
    rates = [yearly(*one) for one in asked if one[1] in ("%/year", "pp/year")]
    chances_at = [percent(chance(kept(end, values, tolerance))) for end in ends]
    if chances_at[0] == chances_at[1]:
        return success, ()
    return success, (Phrase("feasibility.over", asked=rates, any=bool(rates), chances=chances_at),)


def _extreme(assessment: Assessment) -> Phrase | None:
    """Why a chance is below 1 or above 99 %: where the paths end, None of other chances."""
    figures, p = promised_figures(assessment), assessment.probability
    if p is None or EXTREME <= p <= 1 - EXTREME:
        return None
    if figures is None:
        return Phrase("feasibility.extreme.plain")
    low, high = (float(f"{value:.3g}") for value in np.quantile(figures, (EXTREME, 1 - EXTREME)))
    return Phrase("feasibility.extreme.between", low=low, high=high, figure=assessment.target.figure)


def _in_step(system: System, target: Target) -> tuple[Outlook, Outlook, np.ndarray]:
    """The paths of a promise relative to another indicator's growth, the other's, and which keep it: both are drawn together."""
    both = both_grow(target, system.plan.catalogue.indicators[target.relative_to])
    ends = [history_of(system.plan, one, system.scenario)[0].known_to for one in both]
    if ends[0] != ends[1] and None not in ends:  # from the last year that both are known
        known = until(system.plan, min(end for end in ends if end is not None))
        system = System(known, system.scenario, system.n_draws, system.seed, system.classes)
    own, beside = (system.outlook(one) for one in both)
    if own.base_year != beside.base_year:
        raise NotAssessable(Phrase("feasibility.two_bases"))
    growth, its = (outlook.values[:, -1] / outlook.values[:, 0] for outlook in (own, beside))
    return own, beside, in_step(target, growth, its, system.plan.catalogue.rules["about_tolerance"])


@checked
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

    All are drawn in one system: row i of every outlook is one joint outcome, in which the plan's identities hold. as_of: the
    moment of which it is known what was published (a year, a period or a day), default: all.
    """
    options: dict[str, Any] = {"n_draws": n_draws, "seed": seed, "as_of": as_of, "reference": reference}
    system = _system(plan, scenario, plan.targets, **options)
    plan, targets = system.plan, system.plan.select(indicators)
    judged = {id(target): assess_in(system, target) for target in system.by_kin(targets)}
    assessments = tuple(judged[id(target)] for target in targets)
    binding, _ = chances(a for a in assessments if a.target.binding)
    return PlanAssessment(plan, scenario, assessments, *chances(assessments), binding)


def chances(assessments: Iterable[Assessment]) -> tuple[float | None, float | None]:
    """Return the chance that all of some assessments of one system succeed, and the product of their single chances."""
    both, product = None, 1.0
    for success in (a.success for a in assessments):  # a plan may have thousands, and each its draws
        if success is not None:
            both = success if both is None else both & success
            product *= chance(success)
    return (None, None) if both is None else (chance(both), product)


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


@checked
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
    >>> result.quantiles[["plan", "indicator"]].iloc[0].tolist()
    ['own', 'own']
    """
    plan = own_plan(history, value, target_year, **promise)
    chosen = load_scenario(scenario) if isinstance(scenario, str) else scenario or Scenario.of(NO_SHOCKS)
    return assess_plan(plan, chosen, n_draws=n_draws, seed=seed)

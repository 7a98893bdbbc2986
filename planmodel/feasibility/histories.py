"""What is known of a plan's region at a moment: the one plan that assessments, fans, reviews and drivers stand on."""

from __future__ import annotations

from dataclasses import replace

from planmodel.arithmetic.periods import Moment
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.feasibility.underway import YearEstimate, estimate_year, with_estimates
from planmodel.plans import Plan
from planmodel.plans.derived import with_derived, with_splices, with_wholes
from planmodel.plans.known import known_at, moment_of
from planmodel.plans.scenarios import Scenario


def as_known(
    plan: Plan,
    scenario: Scenario,
    as_of: str | int | Moment | None = None,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    reference: str | None = None,
) -> tuple[Plan, tuple[YearEstimate, ...]]:
    """Return the plan with what was known at a moment, and the estimates of the year under way that it holds.

    Figures published by then, carried onto revised bases, those that follow from them, and the year under way. Without
    as_of all that is known; a plan as of a moment is returned as it is.

    >>> from planmodel import load_plan, load_scenario
    >>> known, _ = as_known(load_plan("linhai-14fyp"), load_scenario("baseline"), 2022)
    >>> known.moment.text, max(o.last_year for o in known.observations)
    ('2022', 2022)
    """
    if plan.moment is not None and (not as_of or as_of == plan.moment or str(as_of) == plan.moment.text):
        return plan, ()
    months = plan.catalogue.rules["review"]["release_months"]
    moment = as_of if isinstance(as_of, Moment) else moment_of(plan, as_of, months)
    known = with_wholes(known_at(plan, moment, months), moment.known_on if as_of else None)
    known = replace(with_derived(with_splices(known), scenario), moment=moment)
    estimates = _estimates(known, scenario, moment, n_draws, seed, reference)
    return with_estimates(known, estimates), estimates


def _estimates(
    plan: Plan, scenario: Scenario, moment: Moment, n_draws: int, seed: int, reference: str | None
) -> tuple[YearEstimate, ...]:
    """The years under way, once for each series that the targets stand on."""
    if moment.last_full_year == moment.year:
        return ()
    by_series: dict[tuple, YearEstimate] = {}
    for target in plan.targets:
        if target.target_year <= plan.base_year:
            continue
        options = {"n_draws": n_draws, "seed": seed}
        estimate = estimate_year(plan, target, scenario, reference=reference, **options)
        if estimate is not None and estimate.year == moment.year:
            series = (target.indicator.id, target.region, target.definition, estimate.unit == "index")
            by_series.setdefault(series, estimate)
    return tuple(by_series.values())

"""The review of a plan under way or finished: where each target stands, its light, and what would flip it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planmodel.arithmetic.periods import Moment, parse_moment
from planmodel.errors import Fault, PlanmodelError
from planmodel.feasibility import assess_plan
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.joint import chances
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.plans import Plan
from planmodel.plans.known import known_at, latest_period, latest_publication
from planmodel.plans.scenarios import Scenario
from planmodel.review.derived import with_derived
from planmodel.review.final import FinalRow, final_review
from planmodel.review.flips import Swing, extra_growth, tornado
from planmodel.review.lights import LIGHTS, RULES, lit, near_path
from planmodel.review.methods import METHODS, Method
from planmodel.review.positions import standing
from planmodel.review.splices import with_splices
from planmodel.review.standings import LABELS, Standing
from planmodel.review.underway import YearEstimate, estimate_year, with_estimate

__all__ = [
    "LABELS",
    "LIGHTS",
    "METHODS",
    "RULES",
    "FinalRow",
    "Method",
    "Review",
    "Standing",
    "Swing",
    "extra_growth",
    "final_review",
    "near_path",
    "review",
    "tornado",
]


@dataclass(frozen=True)
class Review:
    """A plan as of a moment.

    known: the plan with what was known then, estimates of the year under way included. standings: binding targets first,
    otherwise in the document's order; targets that ended before the plan are in `final`. assessment: the updated
    probabilities; joint ones among them. at_start: those of the base year.
    """

    plan: Plan
    moment: Moment
    scenario: Scenario
    shape: str
    known: Plan
    standings: tuple[Standing, ...]
    assessment: PlanAssessment
    at_start: PlanAssessment
    estimates: tuple[YearEstimate, ...]
    final: tuple[FinalRow, ...]

    @property
    def chance_of_all(self) -> tuple[int, float | None, float | None]:
        """How many targets have a probability at both moments, and the chance that all of them are met: then, now."""
        pairs = [
            (before, now)
            for before, now in zip(self.at_start.assessments, self.assessment.assessments, strict=True)
            if before.success is not None and now.success is not None
        ]
        then, now = (chances([pair[i] for pair in pairs])[0] for i in (0, 1))
        return len(pairs), then, now

    def count(self, light: str) -> int:
        """Return how many targets have a light."""
        return sum(found.light == light for found in self.standings)


def review(
    plan: Plan,
    scenario: Scenario,
    as_of: str | int | None = None,
    *,
    shape: str = "constant_growth",
    indicators: tuple[str, ...] = (),
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    reference: str | None = None,
) -> Review:
    """Return where each target of a plan stands at a moment, from what was known then.

    as_of: a period (2023, 2023Q3, 2023-09) or a day (2024-03-15); default: the latest period with a figure, and all that
    was published of it.

    Errors: PlanmodelError for another as_of, one before the base year is over, an unknown path shape or indicator.

    >>> from planmodel import load_plan, load_scenario
    >>> result = review(load_plan("linhai-14fyp"), load_scenario("baseline"), "2024", indicators=("gdp",), n_draws=500)
    >>> [(s.target.id, s.year, round(s.value, 2), s.light, s.label) for s in result.standings if s.target.table == "T2"]
    [('T2/1/1', 2024, 121.66, 'off', 'lagging')]
    """
    rules = plan.catalogue.rules["review"]
    moment = _moment(plan, as_of, rules["release_months"])
    known = with_derived(with_splices(known_at(plan, moment, rules["release_months"])), scenario)
    options = {"n_draws": n_draws, "seed": seed, "reference": reference}
    estimates = _estimates(known, scenario, indicators, moment, options)
    for found in estimates:
        known = with_estimate(known, found)
    start = known_at(
        plan, parse_moment(str(plan.base_year), rules["release_months"]), rules["release_months"]
    )
    at_start = assess_plan(start, scenario, indicators=indicators, as_of=plan.base_year, **options)
    now = assess_plan(known, scenario, indicators=indicators, **options)
    standings = []
    for found, before in zip(now.assessments, at_start.assessments, strict=True):
        if found.target.target_year <= plan.base_year:
            continue
        here = standing(known, found, scenario, shape, moment.year)
        here = replace(here, probability_at_start=before.probability)
        standings.append(lit(here, rules))
    standings.sort(key=lambda s: not s.target.binding)
    return Review(
        plan, moment, scenario, shape, known, tuple(standings), now, at_start, estimates, final_review(plan)
    )


def _moment(plan: Plan, as_of: str | int | None, release_months: int) -> Moment:
    if as_of in (None, 0, ""):
        latest = latest_period(plan)
        as_of = str(plan.base_year) if latest is None else f"{latest.last_year}-{latest.last_month:02d}"
        if as_of.endswith("-12"):
            as_of = as_of[:4]
        moment = parse_moment(as_of, release_months)
        if moment.last_full_year < plan.base_year:
            moment = parse_moment(str(plan.base_year), release_months)
        return replace(moment, known_on=max(moment.known_on, latest_publication(plan, release_months)))
    moment = parse_moment(as_of, release_months)
    if moment.last_full_year < plan.base_year:
        expected = f"{plan.base_year} or later: the plan's base year must be over"
        raise PlanmodelError(faults=[Fault("as of", expected, moment.text)])
    return moment


def _estimates(
    plan: Plan, scenario: Scenario, indicators: tuple[str, ...], moment: Moment, options: dict
) -> tuple[YearEstimate, ...]:
    """The years under way, once for each series that the targets stand on."""
    if moment.last_full_year == moment.year:
        return ()
    found: dict[tuple, YearEstimate] = {}
    for target in plan.select(indicators):
        if target.target_year <= plan.base_year:
            continue
        estimate = estimate_year(plan, target, scenario, **options)
        if estimate is not None and estimate.year == moment.year:
            key = (target.indicator.id, target.region, target.definition, estimate.unit == "index")
            found.setdefault(key, estimate)
    return tuple(found.values())

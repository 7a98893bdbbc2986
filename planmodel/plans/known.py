"""What was known at a moment: a plan with the observations that had been published by then."""

from dataclasses import replace
from datetime import date

from planmodel.arithmetic.periods import Moment, Period, parse_moment, parse_period, publication_day
from planmodel.plans.model import Observation, Plan, once

REVISED_AFTER_MONTHS = 12
"""How much later than a first release a revision without a date is taken to be published."""


def known_at(plan: Plan, moment: Moment, release_months: int) -> Plan:
    """Return the plan with the observations known at a moment.

    An observation counts where its period is over and it was published by the moment's day; what the plan itself prints
    needs no date. One without a date of publication is taken to be published release_months after its period, a revised
    one a year later.

    >>> from planmodel import load_plan
    >>> from planmodel.arithmetic.periods import parse_moment
    >>> plan = load_plan("linhai-14fyp")
    >>> [max(o.last_year for o in known_at(plan, parse_moment(year, 6), 6).observations) for year in ("2021", "2024")]
    [2021, 2024]
    """

    def known(o: Observation) -> bool:
        period = parse_period(o.period)
        if period is None or period.last > moment.last:
            return False
        return o.vintage == "plan" or published_by(o, period, release_months) <= moment.known_on

    return replace(plan, observations=tuple(filter(known, plan.observations)))


def moment_of(plan: Plan, as_of: str | int | None, release_months: int) -> Moment:
    """Return the moment of a period or day as text; of nothing: the latest period with a figure, and all that was published.

    Errors: PlanmodelError for other text.
    """
    if as_of not in (None, 0, ""):
        return parse_moment(str(as_of), release_months)
    moment, latest = parse_moment(str(plan.base_year), release_months), latest_period(plan)
    if latest is not None and latest.last >= moment.last:
        text = f"{latest.last_year}-{latest.last_month:02d}".removesuffix("-12")
        moment = parse_moment(text, release_months)
    known_on = max(moment.known_on, latest_publication(plan, release_months), _date(plan))
    return replace(moment, known_on=known_on)


def start_of(plan: Plan, release_months: int) -> Moment:
    """Return the plan's own moment: figures up to its base year, as published by its date."""
    moment = parse_moment(str(plan.base_year), release_months)
    return replace(moment, known_on=max(moment.known_on, _date(plan)))


def before_plan(plan: Plan) -> bool:
    """Return True for a plan as of a moment before its own date."""
    return plan.moment is not None and plan.moment.known_on < _date(plan)


def _date(plan: Plan) -> date:
    return publication_day(plan.date) or date.min


@once
def until(plan: Plan, last_year: int) -> Plan:
    """Return the plan with the figures up to a year, whenever they were published."""
    return replace(plan, observations=tuple(o for o in plan.observations if o.last_year <= last_year))


def known_by(plan: Plan, as_of: str) -> Plan:
    """Return the plan with what was known at a moment as text: 2023, 2023Q3, a month or a day; empty or 0: everything."""
    if as_of in ("", "0"):
        return plan
    months = plan.catalogue.rules["review"]["release_months"]
    return known_at(plan, parse_moment(as_of, months), months)


def published_by(observation: Observation, period: Period, release_months: int) -> date:
    """Return the day by which an observation was surely published: the last one its date of publication allows."""
    if day := publication_day(observation.published):
        return day
    later = REVISED_AFTER_MONTHS if observation.vintage == "revised" else 0
    return Period(0, period.last + release_months + later).end


def latest_publication(plan: Plan, release_months: int) -> date:
    """Return the day by which all observations of a plan were published."""
    periods = ((o, parse_period(o.period)) for o in plan.observations)
    return max((published_by(o, p, release_months) for o, p in periods if p), default=date.min)


def latest_period(plan: Plan) -> Period | None:
    """Return the latest period with an observation of something that the plan's targets or identities stand on."""
    names = {(t.indicator.id, t.indicator.reduction_of, t.relative_to, t.region) for t in plan.targets}
    own = {(name, region) for *several, region in names for name in several}
    own |= {(term.indicator, term.region or plan.region) for each in plan.identities for term in each.terms}
    periods = [parse_period(o.period) for o in plan.observations if (o.indicator, o.region) in own]
    return max((p for p in periods if p), key=lambda p: p.last, default=None)

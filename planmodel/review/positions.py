"""Positions: where a target is at a moment, against its milestone, its final figure and the time gone by."""

from dataclasses import fields, replace
from typing import Any

import numpy as np

from planmodel.arithmetic.growth import cagr
from planmodel.arithmetic.periods import Moment
from planmodel.arithmetic.tracking import progress
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.milestones import Milestones, milestones
from planmodel.feasibility.quantities import history_of
from planmodel.plans import ESTIMATE, Plan, Target, kind_of
from planmodel.plans.derived import revised_base
from planmodel.plans.kinds import Required, both_grow, change_a_year, figures_of, in_step, kept
from planmodel.plans.model import fields_of
from planmodel.plans.promises import OPEN_FIGURE, Outturn, met_by, outturn
from planmodel.plans.scenarios import Scenario
from planmodel.review.methods import Place, track
from planmodel.review.standings import Standing
from planmodel.words import Phrase

FIELDS = tuple(field.name for field in fields(Standing))


def standing_of(
    plan: Plan, assessment: Assessment, scenario: Scenario, shape: str, moment: Moment
) -> Standing:
    """Return where a target is at a moment, from the plan's observations.

    Sums count the plan's years so far and need each of them; flows and floors are judged by their worst year; growth
    promises by the path of their index; levels and changes by the path of the level.
    """
    target, year = assessment.target, moment.year
    empty = Standing(target, assessment, reason=assessment.reason)
    if target.target_year <= year:
        ended = outturn(plan, target)
        if printed := ended.observation:
            return Standing(
                target, assessment, ended.reason or {}, printed.last_year, value=ended.value, unit=target.unit,
                measure=target.kind, origin=printed, outturn=ended,
            )  # fmt: skip
    try:
        if target.kind == "relative":
            known = _beside(plan, target, scenario, year)
        else:
            goal = milestones(plan, target, scenario, shape)
            known = _located(plan, assessment, goal, year)
    except NotAssessable as error:
        return replace(empty, reason=error.reason)
    except UndefinedGrowth as error:
        return replace(empty, reason=Phrase("review.undefined", why=error.message))
    old = known.get("outturn") is None and known["year"] < moment.last_full_year
    return replace(empty, **{"reason": {}, "old": old, **known})


def _beside(plan: Plan, target: Target, scenario: Scenario, year: int) -> dict[str, Any]:
    """A promise to grow in step with another indicator: its index, 100 in the base year, beside the other's."""
    both = both_grow(target, plan.catalogue.indicators[target.relative_to])
    own, beside = (history_of(plan, one, scenario)[0] for one in both)
    base = target.base_year
    years = [int(y) for y in own.values.index if base < y <= year and y in beside.values.index]
    if not years or base not in own.values.index or base not in beside.values.index:
        raise NotAssessable(Phrase("review.no_outturn_yet"))
    latest = years[-1]
    value, milestone = (float(100 * h.values[latest] / h.values[base]) for h in (own, beside))
    ahead = bool(in_step(target, value, milestone, plan.catalogue.rules["about_tolerance"]))
    estimated = any(h.origins[latest].vintage == ESTIMATE or latest in h.spreads for h in (own, beside))
    over = latest == target.target_year and not estimated
    return {
        "outturn": Outturn(target, value, ahead, own.origins[latest]) if over else None,
        "year": latest,
        "value": value,
        "unit": "index",
        "measure": "index",
        "origin": own.origins[latest],
        "milestone": milestone,
        "milestone_reached": ahead,
        "elapsed": (latest - base) / target.n_years,
        "pace": _ratio(value - 100, milestone - 100) if milestone > 100 else None,
        "so_far": Required(cagr(100, value, latest - base), "growth"),
    }


def _ended(place: Place, met: bool | None, figure: float | None = None) -> dict[str, Any]:
    """The outturn where the target year is over."""
    if not place.over:
        return {}
    ended = Outturn(place.target, place.value if figure is None else figure, met, place.origin)
    return {"outturn": ended} if met is not None else {"outturn": ended, "reason": OPEN_FIGURE}


def _so_far(place: Place, base: float) -> Required:
    """The rate since a base."""
    n_years = place.year - place.base_year
    if kind_of(place.target).flow:
        return Required(place.value / n_years, "flow")
    growing = base > 0 and place.value > 0
    return change_a_year(place.target, place.goal.unit, base, place.value, n_years, growing)


def _located(plan: Plan, assessment: Assessment, goal: Milestones, year: int) -> dict[str, Any]:
    """What is known of a target with a path: the fields of its standing."""
    target, history, kind = goal.target, goal.history, kind_of(goal.target)
    base_year = target.base_year if kind.flow or kind.every_year else int(goal.path.years[0])
    years = [int(y) for y in history.values.index if base_year < y <= min(year, target.target_year)]
    if not years:
        raise NotAssessable(_nothing(plan, target, base_year))
    latest = years[-1]
    if latest < target.target_year <= min(year, history.last_year):
        raise NotAssessable(Phrase("review.no_final_figure", year=target.target_year))
    value, milestone = _value(goal, base_year, latest), float(goal.path.values[goal.path.years == latest][0])
    rules, origin = plan.catalogue.rules, history.origins[latest]
    place = Place(assessment, goal, base_year, latest, value, milestone, origin, rules)
    known = fields_of(FIELDS, goal, place)
    if kind.every_year:
        return known | _every_year(place)
    if goal.measure == "flow":  # a mean over the plan: only its end decides
        pace = _ratio(milestone, value) if place.down else _ratio(value, milestone)
        ended = _ended(place, place.reached(value))
        return known | {"pace": pace, "so_far": Required(value, "flow")} | ended
    known |= _ended(place, *_final(place)) if place.over else {}
    if goal.measure == "cumulated" and place.down:
        return known | _below_ceiling(place)
    return known | _on_the_way(plan, place)


def _nothing(plan: Plan, target: Target, base_year: int) -> Phrase:
    """Why there is no outturn: none at all, or only by another definition."""
    seen = plan.observed(target.indicator.id, target.region)
    others = {o.definition for o in seen if o.whole_years and o.last_year > base_year} - {target.definition}
    if not others:
        return Phrase("review.no_outturn_yet")
    return Phrase("review.other_definition", names=[d or Phrase("review.standard") for d in sorted(others)])


def _every_year(place: Place) -> dict[str, Any]:
    """A promise of every year: the years that missed it, and those without a figure; at the end all must be known."""
    values, last = place.goal.history.values, place.year - place.estimated
    years = range(place.base_year + 1, last + 1)
    missed = tuple(y for y in years if y in values.index and not place.reached(float(values[y])))
    unknown = tuple(y for y in years if y not in values.index)
    if place.assessment.target.kind == "level":  # a bound that the base kept: years between may stay unknown
        met = met_by(place.target, place.value, place.origin.comparator, place.rules["about_tolerance"])
        met = False if missed and place.target.target_year not in missed else met
        return {"kept_so_far": not missed, "missed": missed} | _ended(place, met)
    if unknown and not missed and place.year == place.target.target_year:
        raise NotAssessable(Phrase("review.every_year_needed", year=unknown[0]))
    return {"kept_so_far": not missed, "missed": missed, "unknown": unknown} | _ended(place, not missed)


def _below_ceiling(place: Place) -> dict[str, Any]:
    """A ceiling on a sum: what is used of it; passed for good once the sum so far lies above."""
    ceiling = place.target.target_value
    return {
        "progress": _ratio(place.value, ceiling),
        "planned": _ratio(place.milestone, ceiling),
        "pace": _ratio(place.milestone, place.value),
        "so_far": _so_far(place, 0.0),
        "kept_so_far": place.reached(place.value),
    }


def _on_the_way(plan: Plan, place: Place) -> dict[str, Any]:
    """Way and pace from base to target; no way where the target asks for none."""
    kind, goal, value, base, end = kind_of(place.target), place.goal, place.value, place.base, place.end
    done = place.reached(value) if kind.in_unit else value <= end if place.down else value >= end
    cleared = end == base or not kind.spans and place.reached(base)
    way, planned = (None if cleared else progress(base, x, end) for x in (value, place.milestone))
    revised = revised_base(goal.history, place.base_year) if goal.measure == "level" and base > 0 else None
    return {
        "progress": way,
        "planned": planned,
        "pace": _ratio(way, planned),
        "reached_now": done,
        "so_far": _so_far(place, revised or base),
        "revision": revised and revised / (_printed(plan, place.target, goal.unit) or base),
        "tracked": () if place.over else track(place, done),
    }


def _printed(plan: Plan, target: Target, unit: str) -> float | None:
    """The printed base in a unit, None where there is none in its dimension."""
    if target.base_value is None or not plan.catalogue.alike(target.base_unit, unit):
        return None
    return plan.catalogue.convert(target.base_value, target.base_unit, unit)


def _value(goal: Milestones, base_year: int, latest: int) -> float:
    """The figure that is set against the milestone of the latest year."""
    values = goal.history.values
    if goal.measure == "index":
        if base_year not in values.index:
            raise NotAssessable(Phrase("review.no_base_year", year=base_year))
        return float(100 * values[latest] / values[base_year])
    known = values[(values.index > base_year) & (values.index <= latest)]
    if goal.measure == "level" or kind_of(goal.target).every_year:
        return float(known.iloc[-1])
    missing = sorted(set(range(base_year + 1, latest + 1)) - set(known.index))
    if missing:
        raise NotAssessable(Phrase("feasibility.gap", year=missing[0]))
    return float(known.sum() if goal.measure == "cumulated" else known.mean())


def _final(place: Place) -> tuple[bool | None, float]:
    """Whether the promise was kept at the end, and its outturn in the target's unit."""
    target, goal, kind = place.target, place.goal, kind_of(place.target)
    if kind.in_unit or kind.reads is None:
        comparator = "" if kind.spans else place.origin.comparator
        return met_by(target, place.value, comparator, place.rules["about_tolerance"]), place.value
    values = goal.history.values
    ends = np.full((1, int(goal.path.years[-1]) - place.base_year + 1), np.nan)
    ends[0, [0, -1]] = values.get(place.base_year, goal.path.values[0]), values[place.year]
    met = bool(kept(target, ends, place.rules["about_tolerance"])[0])
    return met, float(figures_of(target, ends)[0])


def _ratio(part: float | None, whole: float | None) -> float | None:
    """A share, without the dust of floating point that would tip it over a cut-off."""
    return None if part is None or not whole else round(part / whole, 12)

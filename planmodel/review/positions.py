"""Positions: where a target is at a moment, against its milestone, its final figure and the time gone by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planmodel.arithmetic.periods import Moment
from planmodel.arithmetic.tracking import progress
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.milestones import Milestones, milestones
from planmodel.feasibility.outlooks import history_of
from planmodel.plans import ESTIMATE, Plan, Target, kind_of
from planmodel.plans.kinds import Required, falling, kept, measured_falls, reached
from planmodel.plans.outturns import OPEN_FIGURE, Outturn, met_by, outturn
from planmodel.plans.scenarios import Scenario
from planmodel.review.derived import revised_base
from planmodel.review.methods import Way, track
from planmodel.review.standings import Standing
from planmodel.words import Phrase

SLACK = 1e-9
"""Relative room for float noise between a figure and its milestone."""


def standing_of(
    plan: Plan, assessment: Assessment, scenario: Scenario, shape: str, moment: Moment
) -> Standing:
    """Return where a target is at a moment, from the plan's observations.

    Sums count the plan's years so far and need each of them; flows and floors are judged by their worst year; growth
    promises by the path of their index; levels and changes by the path of the level.
    """
    target, kind, year = assessment.target, kind_of(assessment.target), moment.year
    empty = Standing(target, assessment, reason=assessment.reason)
    if target.target_year <= year:
        ended = outturn(plan, target)
        if ended.observation is not None:
            return _ended(empty, ended)
    try:
        if kind.growth and not kind.figure:  # in step with another indicator
            standing = _beside(empty, plan, scenario, year)
        else:
            standing = _located(empty, plan, _from_100(milestones(plan, target, scenario, shape)), year)
    except NotAssessable as error:
        return replace(empty, reason=error.reason)
    except UndefinedGrowth as error:
        return replace(empty, reason=Phrase("review.undefined", why=error.message))
    return replace(standing, old=standing.outturn is None and standing.year < moment.last_full_year)


def _ended(empty: Standing, ended: Outturn) -> Standing:
    return replace(
        empty,
        outturn=ended,
        reason=ended.reason or {},
        year=ended.observation.last_year,
        value=ended.value,
        unit=empty.target.unit,
        measure=empty.target.kind,
        origin=ended.observation,
    )


def _from_100(goal: Milestones) -> Milestones:
    """An index with its base year at 100."""
    if goal.unit != "index" or goal.measure != "level":
        return goal
    scale = 100 / float(goal.path.values[0])
    path = replace(goal.path, values=goal.path.values * scale)
    history = replace(goal.history, values=goal.history.values * scale)
    return replace(goal, path=path, history=history, measure="index")


def _beside(empty: Standing, plan: Plan, scenario: Scenario, year: int) -> Standing:
    """A promise to grow in step with another indicator: its index, 100 in the base year, beside the other's."""
    target = empty.target
    rate = replace(
        target, kind="annual_growth", target_value=0.0, target_digits="0", comparator="ge", unit="%"
    )
    other = plan.catalogue.indicators[target.relative_to]
    own, _ = history_of(plan, rate, scenario)
    beside, _ = history_of(plan, replace(rate, indicator=other, base_value=None, definition=""), scenario)
    base = target.base_year
    years = [int(y) for y in own.values.index if base < y <= year and y in beside.values.index]
    if not years or base not in own.values.index or base not in beside.values.index:
        raise NotAssessable(Phrase("review.no_outturn_yet"))
    latest = years[-1]
    value, milestone = (float(100 * h.values[latest] / h.values[base]) for h in (own, beside))
    ahead = value >= milestone - SLACK * milestone
    estimated = ESTIMATE in (own.origins[latest].vintage, beside.origins[latest].vintage)
    over = latest == target.target_year and not estimated
    return replace(
        empty,
        reason={},
        outturn=Outturn(target, value, ahead, own.origins[latest]) if over else None,
        year=latest,
        value=value,
        unit="index",
        measure="index",
        origin=own.origins.get(latest),
        milestone=milestone,
        milestone_reached=ahead,
        elapsed=(latest - base) / target.n_years,
        pace=_ratio(value - 100, milestone - 100) if milestone > 100 else None,
        so_far=Required((value / 100) ** (1 / (latest - base)) - 1, "growth"),
    )


def _located(empty: Standing, plan: Plan, goal: Milestones, year: int) -> Standing:
    target, history, kind = empty.target, goal.history, kind_of(empty.target)
    base_year, last_year = int(goal.path.years[0]), target.target_year
    if kind.flow or kind.every_year:
        base_year = target.base_year
    years = [int(y) for y in history.values.index if base_year < y <= min(year, last_year)]
    if not years:
        raise NotAssessable(_nothing(plan, target, base_year))
    latest = years[-1]
    if latest < last_year <= min(year, history.last_year):
        raise NotAssessable(Phrase("review.no_final_figure", year=last_year))
    value = _value(target, goal, base_year, latest)
    milestone = float(goal.path.values[list(goal.path.years).index(latest)])
    down = falling(target) if kind.flow else measured_falls(target)
    slack = SLACK * max(1.0, abs(milestone))
    origin = history.origins.get(latest)
    standing = replace(
        empty,
        reason={},
        year=latest,
        value=value,
        unit=goal.unit,
        measure=goal.measure,
        origin=origin,
        path=goal.path,
        milestone=milestone,
        milestone_reached=bool(value <= milestone + slack if down else value >= milestone - slack),
        elapsed=(latest - base_year) / (last_year - base_year),
    )
    over = latest == last_year and not standing.estimated
    tolerance = plan.catalogue.rules["about_tolerance"]
    if kind.every_year:
        standing = _every_year(standing, goal, base_year, tolerance)
        return _finished(standing, standing.kept_so_far) if over else standing
    if goal.measure == "flow":  # a mean over the plan: only its end decides
        pace = _ratio(milestone, value) if down else _ratio(value, milestone)
        standing = replace(standing, pace=pace, so_far=Required(value, "flow"))
        return _finished(standing, bool(reached(target, value, tolerance))) if over else standing
    if over:
        figure, met = _final(target, goal, value, base_year, latest, tolerance)
        if not kind.spans:
            met = met_by(target, value, origin.comparator, tolerance)
        reason = {} if met is not None else OPEN_FIGURE
        standing = replace(standing, outturn=Outturn(target, figure, met, origin), reason=reason)
    if goal.measure == "cumulated" and down:
        return _below_ceiling(standing, tolerance)
    return _on_the_way(standing, plan, goal, base_year, down, tolerance)


def _nothing(plan: Plan, target: Target, base_year: int) -> Phrase:
    """Why there is no outturn: none at all, or only by another definition."""
    others = {
        o.definition
        for o in plan.observations
        if (o.indicator, o.region) == (target.indicator.id, target.region)
        and o.whole_years
        and o.last_year > base_year
        and o.definition != target.definition
    }
    if not others:
        return Phrase("review.no_outturn_yet")
    return Phrase("review.other_definition", names=[d or Phrase("review.standard") for d in sorted(others)])


def _finished(standing: Standing, met: bool) -> Standing:
    return replace(standing, outturn=Outturn(standing.target, standing.value, met, standing.origin))


def _every_year(standing: Standing, goal: Milestones, base_year: int, tolerance: float) -> Standing:
    """A promise of every year: the years that missed it, and those without a figure; at the end all must be known."""
    target, values, latest = standing.target, goal.history.values, standing.year
    years = [y for y in range(base_year + 1, latest + 1) if not (standing.estimated and y == latest)]
    missed = tuple(y for y in years if y in values.index and not reached(target, float(values[y]), tolerance))
    unknown = tuple(y for y in years if y not in values.index)
    if unknown and not missed and latest == target.target_year:
        raise NotAssessable(Phrase("review.every_year_needed", year=unknown[0]))
    return replace(standing, kept_so_far=not missed, missed=missed, unknown=unknown)


def _below_ceiling(standing: Standing, tolerance: float) -> Standing:
    """A ceiling on a sum: what is used of it; passed for good once the sum so far lies above."""
    target, value, milestone = standing.target, standing.value, standing.milestone
    return replace(
        standing,
        progress=_ratio(value, target.target_value),
        planned=_ratio(milestone, target.target_value),
        pace=_ratio(milestone, value),
        so_far=_so_far(target, 0.0, value, standing.year - target.base_year, flow=True),
        kept_so_far=bool(reached(target, value, tolerance)),
    )


def _on_the_way(
    standing: Standing, plan: Plan, goal: Milestones, base_year: int, down: bool, tolerance: float
) -> Standing:
    """Way and pace from base to target; no way where the target asks for none."""
    target, value, history = standing.target, standing.value, goal.history
    base, end = float(goal.path.values[0]), float(goal.path.values[-1])
    kind = kind_of(target)
    if kind.in_unit:
        done = bool(reached(target, value, tolerance))
    else:
        done = value <= end if down else value >= end
    cleared = end == base or not kind.spans and bool(reached(target, base, tolerance))
    way, planned = (None if cleared else progress(base, x, end) for x in (value, standing.milestone))
    revised = revised_base(history, base_year) if goal.measure == "level" and base > 0 else None
    tracked = ()
    if standing.outturn is None:
        rules = plan.catalogue.rules["review"]
        tracked = track(Way(standing, history, base, end), done, rules["pace"])
    return replace(
        standing,
        progress=way,
        planned=planned,
        pace=_ratio(way, planned),
        reached_now=done,
        so_far=_so_far(target, revised or base, value, standing.year - base_year, kind.flow),
        revision=None if revised is None else revised / (_printed(plan, target, goal.unit) or base),
        tracked=tracked,
    )


def _printed(plan: Plan, target: Target, unit: str) -> float | None:
    """The printed base in a unit, None where there is none in its dimension."""
    units = plan.catalogue.units
    if target.base_value is None or unit not in units:
        return None
    if units[target.base_unit].dimension != units[unit].dimension:
        return None
    return plan.catalogue.convert(target.base_value, target.base_unit, unit)


def _value(target: Target, goal: Milestones, base_year: int, latest: int) -> float:
    """The figure that is set against the milestone of the latest year."""
    values = goal.history.values
    if goal.measure == "index":
        if base_year not in values.index:
            raise NotAssessable(Phrase("review.no_base_year", year=base_year))
        return float(100 * values[latest] / values[base_year])
    if goal.measure == "level":
        return float(values[latest])
    known = values[(values.index > base_year) & (values.index <= latest)]
    missing = sorted(set(range(base_year + 1, latest + 1)) - set(known.index))
    if kind_of(target).every_year:
        return float(known.iloc[-1])
    if missing:
        raise NotAssessable(Phrase("feasibility.gap", year=missing[0]))
    return float(known.sum() if goal.measure == "cumulated" else known.mean())


def _final(
    target: Target, goal: Milestones, value: float, base_year: int, latest: int, tolerance: float
) -> tuple[float, bool]:
    """The outturn of a target year that is over, in the target's unit, and whether the promise was kept."""
    kind, values = kind_of(target), goal.history.values
    if kind.in_unit:
        return value, bool(reached(target, value, tolerance))
    ends = np.full((1, int(goal.path.years[-1]) - base_year + 1), np.nan)
    ends[0, [0, -1]] = values.get(base_year, goal.path.values[0]), values[latest]
    return float(kind.reads(ends)[0]), bool(kept(target, ends, tolerance)[0])


def _ratio(part: float | None, whole: float | None) -> float | None:
    """A share, without the dust of floating point that would tip it over a cut-off."""
    return None if part is None or not whole else round(part / whole, 12)


def _so_far(target: Target, base: float, value: float, n_years: int, flow: bool) -> Required:
    if flow:
        return Required(value / n_years, "flow")
    if target.indicator.scale == "share":
        return Required((value - base) / n_years, "pp")
    if base > 0 and value > 0:
        return Required((value / base) ** (1 / n_years) - 1, "growth")
    return Required((value - base) / n_years, "units")

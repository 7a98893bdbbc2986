"""Positions: where a target is at a moment, against its milestone, its final figure and the time gone by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planmodel.arithmetic.tracking import progress
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.milestones import Milestones, milestones
from planmodel.feasibility.outlooks import history_of
from planmodel.plans import ESTIMATE, Plan, Target
from planmodel.plans.kinds import FLOW_KINDS, Required, falling, kept, measured_falls, reached
from planmodel.plans.outturns import OPEN_FIGURE, Outturn, met_by, outturn
from planmodel.plans.scenarios import Scenario
from planmodel.review.methods import methods_of
from planmodel.review.splices import revised_base
from planmodel.review.standings import Standing

NOTHING_YET = ("no outturn after the base year", "基期以后没有实际数")
EVERY_YEAR = ("annual_flow", "keep")


def standing(plan: Plan, found: Assessment, scenario: Scenario, shape: str, year: int) -> Standing:
    """Return where a target is, from the plan's observations; `year` is the year of the review.

    Sums count the plan's years so far and need each of them; flows and floors are judged by their worst year; growth
    promises by the path of their index; levels and changes by the path of the level.
    """
    target = found.target
    empty = Standing(target, found, reason=found.reason)
    if target.target_year <= year:
        ended = outturn(plan, target)
        if ended.met is not None or ended.observation is not None:
            return _ended(empty, ended)
    try:
        if target.kind == "relative":
            return _beside(empty, plan, scenario, year)
        goal = _from_100(milestones(plan, target, scenario, shape))
        return _located(empty, plan, goal, year)
    except NotAssessable as error:
        return replace(empty, reason=error.reason)
    except UndefinedGrowth as error:
        return replace(empty, reason={"en": str(error), "zh": f"增长率无定义：{error}"})


def _ended(empty: Standing, ended: Outturn) -> Standing:
    return replace(
        empty,
        outturn=ended,
        reason=ended.reason or {},
        year=ended.observation.last_year if ended.observation else None,
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
        raise NotAssessable(*NOTHING_YET)
    latest = years[-1]
    value, milestone = (float(100 * h.values[latest] / h.values[base]) for h in (own, beside))
    ahead = value >= milestone - 1e-9 * milestone
    over = latest == target.target_year and ESTIMATE not in (
        own.origins[latest].vintage,
        beside.origins[latest].vintage,
    )
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
    target, history = empty.target, goal.history
    base_year, last_year = int(goal.path.years[0]), target.target_year
    if goal.measure in ("cumulated", "flow") or target.kind == "keep":
        base_year = target.base_year
    years = [int(y) for y in history.values.index if base_year < y <= min(year, last_year)]
    if not years:
        raise NotAssessable(*_nothing(plan, target, base_year))
    latest = years[-1]
    if latest < last_year <= min(year, history.last_year):
        raise NotAssessable(f"no figure for the target year {last_year}", f"没有目标年（{last_year} 年）数")
    value = _value(target, goal, base_year, latest)
    milestone = float(goal.path.values[list(goal.path.years).index(latest)])
    down = falling(target) if goal.measure in ("cumulated", "flow") else measured_falls(target)
    slack = 1e-9 * max(1.0, abs(milestone))
    origin = history.origins.get(latest)
    here = replace(
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
    over = latest == last_year and not here.estimated
    tolerance = plan.catalogue.rules["about_tolerance"]
    if target.kind in EVERY_YEAR:
        here = _every_year(here, goal, base_year, tolerance)
        return _finished(here, here.kept_so_far) if over else here
    if goal.measure == "flow":  # a mean over the plan: only its end decides
        pace = _ratio(milestone, value) if down else _ratio(value, milestone)
        here = replace(here, pace=pace, so_far=Required(value, "flow"))
        return _finished(here, bool(reached(target, value, tolerance))) if over else here
    if over:
        figure, met = _final(target, goal, value, base_year, latest, tolerance)
        if target.kind == "level":
            met = met_by(target, value, origin.comparator, tolerance)
        reason = {} if met is not None else OPEN_FIGURE
        here = replace(here, outturn=Outturn(target, figure, met, origin), reason=reason)
    if goal.measure == "cumulated" and down:
        return _below_ceiling(here, tolerance)
    return _on_the_way(here, plan, goal, base_year, down, tolerance)


def _nothing(plan: Plan, target: Target, base_year: int) -> tuple[str, str]:
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
        return NOTHING_YET
    named = sorted(others)
    return (
        f"outturns after the base year count by another definition: {', '.join(d or 'the standard one' for d in named)}",
        f"基期以后的实际数口径不同：{'、'.join(d or '标准口径' for d in named)}",
    )


def _finished(here: Standing, met: bool | None) -> Standing:
    return replace(here, outturn=Outturn(here.target, here.value, met, here.origin))


def _every_year(here: Standing, goal: Milestones, base_year: int, tolerance: float) -> Standing:
    """A promise of every year: the years that missed it, and those without a figure; at the end all must be known."""
    target, values = here.target, goal.history.values
    years = [y for y in range(base_year + 1, here.year + 1) if not (here.estimated and y == here.year)]
    missed = tuple(y for y in years if y in values.index and not reached(target, float(values[y]), tolerance))
    unknown = tuple(y for y in years if y not in values.index)
    if unknown and not missed and here.year == target.target_year:
        raise NotAssessable(
            f"a promise of every year, and no figure for {unknown[0]}",
            f"须逐年达到，但缺少 {unknown[0]} 年数据",
        )
    return replace(here, kept_so_far=not missed, missed=missed, unknown=unknown)


def _below_ceiling(here: Standing, tolerance: float) -> Standing:
    """A ceiling on a sum: what is used of it; passed for good once the sum so far lies above."""
    kept_so_far = bool(reached(here.target, here.value, tolerance))
    return replace(
        here,
        progress=_ratio(here.value, here.target.target_value),
        planned=_ratio(here.milestone, here.target.target_value),
        pace=_ratio(here.milestone, here.value),
        so_far=_so_far(here.target, 0.0, here.value, here.year - here.target.base_year, flow=True),
        kept_so_far=kept_so_far,
    )


def _on_the_way(
    here: Standing, plan: Plan, goal: Milestones, base_year: int, down: bool, tolerance: float
) -> Standing:
    """Way and pace from base to target; no way where the target asks for none."""
    target, value, history = here.target, here.value, goal.history
    base, end = float(goal.path.values[0]), float(goal.path.values[-1])
    flow = goal.measure == "cumulated"
    done = value <= end if down else value >= end
    if flow or target.kind == "level":
        done = reached(target, value, tolerance)
    cleared = end == base or target.kind == "level" and bool(reached(target, base, tolerance))
    way, planned = (None if cleared else progress(base, x, end) for x in (value, here.milestone))
    revised = revised_base(history, base_year) if goal.measure == "level" and base > 0 else None
    return replace(
        here,
        progress=way,
        planned=planned,
        pace=_ratio(way, planned),
        reached_now=bool(done),
        so_far=_so_far(target, revised or base, value, here.year - base_year, flow),
        revision=None if revised is None else revised / (_printed(plan, target, goal.unit) or base),
        methods=()
        if here.outturn is not None
        else methods_of(here, history, base, end, bool(done), plan.catalogue.rules["review"]["pace"]),
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
            raise NotAssessable(f"no figure for the base year {base_year}", f"没有基期（{base_year} 年）数")
        return float(100 * values[latest] / values[base_year])
    if goal.measure == "level":
        return float(values[latest])
    known = values[(values.index > base_year) & (values.index <= latest)]
    missing = sorted(set(range(base_year + 1, latest + 1)) - set(known.index))
    if goal.measure == "cumulated" or target.kind == "mean_annual_flow":
        if missing:
            raise NotAssessable(
                f"no figure for {missing[0]} within the plan", f"规划期内缺少 {missing[0]} 年数据"
            )
        return float(known.sum() if goal.measure == "cumulated" else known.mean())
    return float(known.iloc[-1])


def _final(target: Target, goal: Milestones, value: float, base_year: int, latest: int, tolerance: float):
    """The outturn of a target year that is over, in the target's unit, and whether the promise was kept."""
    values = goal.history.values
    if target.kind in ("level", *FLOW_KINDS):
        return value, bool(reached(target, value, tolerance))
    path = np.array([[values.get(base_year, goal.path.values[0]), float(values[latest])]])
    n_years = int(goal.path.years[-1]) - base_year
    if target.kind == "annual_growth":
        mean = float(100 * ((path[0, -1] / path[0, 0]) ** (1 / n_years) - 1))
        return mean, bool(reached(target, mean, tolerance))
    if target.kind == "change_pp_per_year":
        mean = float(path[0, -1] - path[0, 0]) / n_years
        return mean, bool(reached(target, mean, tolerance))
    return value, bool(kept(target, path, tolerance)[0])


def _ratio(part: float | None, whole: float | None) -> float | None:
    """A share, without the dust of floating point that would tip it over a cut-off."""
    return None if part is None or not whole else round(part / whole, 12)


def _so_far(target: Target, base: float, value: float, n_years: int, flow: bool) -> Required | None:
    if flow:
        return Required(value / n_years, "flow")
    if target.indicator.scale == "share":
        return Required((value - base) / n_years, "pp")
    if base > 0 and value > 0:
        return Required((value / base) ** (1 / n_years) - 1, "growth")
    return Required((value - base) / n_years, "units")

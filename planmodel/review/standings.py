"""Standings: where each target is at a moment, against its milestone, its final figure and the time gone by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from planmodel.assessments import Assessment
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.milestones import Milestones, milestones
from planmodel.outlooks import history_of
from planmodel.outturns import Outturn, outturn
from planmodel.paths import Trajectory
from planmodel.plans import DERIVED, ESTIMATE, Observation, Plan, Target
from planmodel.review.methods import Method, disagreement, methods_of
from planmodel.review.splices import revision_of
from planmodel.scenarios import Scenario
from planmodel.semantics import FLOW_KINDS, Required, falling, kept, measured_falls, reached
from planmodel.tracking import progress

NOTHING_YET = ("no outturn after the base year", "基期以后没有实际数")
LABELS = ("ahead", "faster", "on_pace", "lagging")
"""The labels of China's mid-term evaluations; their cut-offs are data (rules.yaml, review.pace)."""


@dataclass(frozen=True)
class Standing:
    """Where a target is; figures in `unit` as `measure` says (see planmodel.milestones), None where not known.

    year: of the latest figure. milestone: the path's figure of that year. elapsed, progress: shares of the time and of
    the way from base to target. pace: the way covered over the way that the path has covered by then. so_far: the rate
    since the base. kept_so_far: False once a promise of every year is broken. outturn: set where the target year is over.
    probability_at_start: from what was known in the base year. revision: the revised base over the printed one, where the
    series was spliced: `so_far` then counts from the revised base, the path stays as printed.
    """

    target: Target
    assessment: Assessment
    reason: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    value: float | None = None
    unit: str = ""
    measure: str = ""
    origin: Observation | None = None
    path: Trajectory | None = field(default=None, repr=False)
    milestone: float | None = None
    milestone_reached: bool | None = None
    elapsed: float | None = None
    progress: float | None = None
    pace: float | None = None
    so_far: Required | None = None
    reached_now: bool = False
    kept_so_far: bool = True
    label: str = ""
    light: str = "not_assessable"
    rule: str = "no_outturn"
    methods: tuple[Method, ...] = ()
    disagreement: Mapping[str, str] = field(default_factory=dict)
    outturn: Outturn | None = None
    probability_at_start: float | None = None
    revision: float | None = None

    @property
    def left(self) -> Required | None:
        """What is asked a year from the latest figure on."""
        return None if self.outturn is not None else self.assessment.required_from_latest

    @property
    def derived(self) -> bool:
        """True where a figure since the base year follows from others (planmodel.review.derived)."""
        history = self.assessment.history
        if self.year is None or history is None:
            return False
        return any(
            o.vintage == DERIVED and year > self.target.base_year for year, o in history.origins.items() if o
        )

    @property
    def estimated(self) -> bool:
        """True where the latest figure is an estimate of a year under way."""
        return self.origin is not None and self.origin.vintage == ESTIMATE


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
        return _with(empty, reason=error.reason)
    except UndefinedGrowth as error:
        return _with(empty, reason={"en": str(error), "zh": f"增长率无定义：{error}"})


def _ended(empty: Standing, ended: Outturn) -> Standing:
    return _with(
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
    return _with(
        empty,
        reason={},
        year=latest,
        value=value,
        unit="index",
        measure="index",
        origin=own.origins.get(latest),
        milestone=milestone,
        milestone_reached=value >= milestone,
        elapsed=(latest - base) / target.n_years,
        pace=_ratio(value - 100, milestone - 100),
        so_far=Required((value / 100) ** (1 / (latest - base)) - 1, "growth"),
    )


def _located(empty: Standing, plan: Plan, goal: Milestones, year: int) -> Standing:
    target, history = empty.target, goal.history
    base_year, last_year = int(goal.path.years[0]), target.target_year
    if goal.measure in ("cumulated", "flow") or target.kind == "keep":
        base_year = target.base_year
    years = [int(y) for y in history.values.index if base_year < y <= min(year, last_year)]
    if not years:
        raise NotAssessable(*NOTHING_YET)
    latest = years[-1]
    value = _value(target, goal, base_year, latest)
    tolerance = plan.catalogue.rules["about_tolerance"]
    down = measured_falls(target)
    if goal.measure == "cumulated":
        down = False
    milestone = float(goal.path.values[list(goal.path.years).index(latest)])
    slack = 1e-9 * max(1.0, abs(milestone))
    ahead = value <= milestone + slack if down else value >= milestone - slack
    here = _with(
        empty,
        reason={},
        year=latest,
        value=value,
        unit=goal.unit,
        measure=goal.measure,
        origin=history.origins.get(latest),
        path=goal.path,
        milestone=milestone,
        milestone_reached=bool(ahead),
        elapsed=(latest - base_year) / (last_year - base_year),
    )
    if target.kind in ("keep", "annual_flow"):
        here = _with(here, kept_so_far=bool(reached(target, value, tolerance)))
        if latest == last_year:
            here = _with(here, outturn=Outturn(target, value, here.kept_so_far, here.origin))
        return here
    if goal.measure == "flow":  # a mean over the plan: only its end decides
        met = bool(reached(target, value, tolerance))
        if latest == last_year:
            here = _with(here, outturn=Outturn(target, value, met, here.origin))
        return _with(here, pace=_ratio(value, milestone), so_far=Required(value, "flow"))
    base, end = float(goal.path.values[0]), float(goal.path.values[-1])
    revision = revision_of(plan, history, base) if goal.measure == "level" and base > 0 else None
    way = None if end == base else progress(base, value, end)
    planned = None if end == base else progress(base, milestone, end)
    done = value <= end if down else value >= end
    if goal.measure == "cumulated" or target.kind == "level":
        done = bool(reached(target, value, tolerance))
    if latest == last_year:
        here = _with(
            here, outturn=Outturn(target, *_final(target, goal, value, base_year, tolerance), here.origin)
        )
    flow = goal.measure == "cumulated"
    return _with(
        here,
        progress=way,
        pace=_ratio(way, planned),
        reached_now=bool(done),
        so_far=_so_far(target, base * (revision or 1.0), value, latest - base_year, flow),
        revision=revision,
        methods=methods_of(here, history, base, end, bool(done), plan.catalogue.rules["review"]["pace"]),
    )


def _with(standing: Standing, **changes) -> Standing:
    made = replace(standing, **changes)
    return replace(made, disagreement=disagreement(made.methods)) if "methods" in changes else made


def _value(target: Target, goal: Milestones, base_year: int, latest: int) -> float:
    """The figure that is set against the milestone of the latest year."""
    values = goal.history.values
    if goal.measure == "index":
        if base_year not in values.index:
            raise NotAssessable(f"no figure for the base year {base_year}", f"没有基期（{base_year} 年）数")
        return float(100 * values[latest] / values[base_year])
    if goal.measure == "level" and target.kind != "keep":
        return float(values[latest])
    known = values[(values.index > base_year) & (values.index <= latest)]
    missing = sorted(set(range(base_year + 1, latest + 1)) - set(known.index))
    if goal.measure == "cumulated" or target.kind == "mean_annual_flow":
        if missing:
            raise NotAssessable(
                f"no figure for {missing[0]} within the plan", f"规划期内缺少 {missing[0]} 年数据"
            )
        return float(known.sum() if goal.measure == "cumulated" else known.mean())
    return float(known.max() if falling(target) else known.min())


def _final(target: Target, goal: Milestones, value: float, base_year: int, tolerance: float):
    """The outturn of a target year that is over, in the target's unit, and whether the promise was kept."""
    values = goal.history.values
    if target.kind in ("level", *FLOW_KINDS):
        return value, bool(reached(target, value, tolerance))
    path = np.array([[values.get(base_year, goal.path.values[0]), float(values.iloc[-1])]])
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

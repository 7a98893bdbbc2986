"""Which targets the growth accounting can read, and the real growth of output that each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from planmodel.arithmetic.growth import cagr, mean_growth
from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.feasibility.milestones import real_nominal
from planmodel.feasibility.outlooks import history_of
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import NO_FIGURE, end_level
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import REAL, level_history, record

GDP, PER_HEAD, SERVICES, SHARE = "gdp", "gdp_per_capita", "services_va", "services_share"
READABLE = (GDP, PER_HEAD, SERVICES)
"""Indicators that are output, or output per head: what a production function explains."""
KINDS = ("annual_growth", "level", "multiple")
FEWEST_YEARS = 3
NOTHING_TO_READ = (
    "no target of the plan period is one of GDP, GDP per head or services value added: sales, trade and the like are "
    + "turnover, not output, and have no production function",
    "规划期内没有可读的地区生产总值、人均地区生产总值或服务业增加值目标：零售额、进出口额等是流转额，不是增加值，没有对应的生产函数",
)
NO_SUCH_INDICATOR = (
    "none of the chosen indicators is GDP, GDP per head or services value added",
    "所选指标不是地区生产总值、人均地区生产总值或服务业增加值",
)


@dataclass(frozen=True)
class Goal:
    """A target read as growth of output a year, real and not per head (a fraction), with the steps that lead to it.

    stated: the growth that the target itself asks for. output: gdp, or services where reading=sector.
    """

    target: Target
    stated: float
    growth: float
    output: str
    steps: tuple[Mapping[str, str], ...]
    share_target: bool = True

    @property
    def n_years(self) -> int:
        return self.target.n_years


@dataclass(frozen=True)
class Past:
    """Growth of the same output before the base year (a fraction a year), and how it was come by."""

    growth: float
    first_year: int
    last_year: int
    notes: tuple[Mapping[str, str], ...] = ()


def growth_targets(plan: Plan, indicators: tuple[str, ...] = ()) -> tuple[Target, ...]:
    """Return the targets that can be read, the first to be asked first: headline, rates before levels, tables before prose.

    Errors: NotAssessable with the reason where there is none; PlanmodelError for an indicator without a target.
    """
    own = [t for t in plan.select(indicators) if t.region == plan.region and t.target_year > plan.base_year]
    output = [t for t in own if t.indicator.id in READABLE and t.kind in KINDS]
    found = [t for t in output if t.target_value is not None]
    if not found:
        if indicators and not output:
            raise NotAssessable(*NO_SUCH_INDICATOR)
        raise NotAssessable(NO_FIGURE[output[0].status]) if output else NotAssessable(*NOTHING_TO_READ)
    order = sorted(
        found,
        key=lambda t: (
            t.indicator.id != plan.headline,
            READABLE.index(t.indicator.id),
            t.target_year > plan.period[1],
            KINDS.index(t.kind),
            t.table == "text",
        ),
    )
    seen, kept = set(), []
    for target in order:
        key = (target.indicator.id, target.kind, target.target_value, target.target_year)
        if key not in seen:
            seen.add(key)
            kept.append(target)
    return tuple(kept)


def goal_of(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    *,
    population: float,
    services_share: float | None = None,
    reading: str = "economy",
) -> Goal:
    """Return the real growth of output that a target asks for.

    Nominal targets are deflated by the scenario. Per head: GDP grows by the population as well. Services: with
    reading=economy the GDP growth that they imply, (1+gs) / (s1/s0)^(1/n) - 1, along the share from the base year (s0) to
    the plan's end (s1: services_share, else the plan's target, else unchanged), as if services' prices moved with
    GDP's; with reading=sector the growth of services themselves.

    Errors: NotAssessable where the growth or the base share is missing.
    """
    stated, real, steps = _real_growth(plan, target, scenario)
    name = target.indicator
    if name.id == PER_HEAD:
        growth = (1 + real) * (1 + population) - 1
        steps.append(
            _said(
                f"with population growing {_pct(population)} a year GDP grows {_pct(growth)}",
                f"人口年均增长 {_pct(population)}，地区生产总值年均增长 {_pct(growth)}",
            )
        )
        return Goal(target, stated, growth, GDP, tuple(steps))
    if name.id != SERVICES or reading == "sector":
        return Goal(target, stated, real, GDP if name.id == GDP else SERVICES, tuple(steps))
    before = _base_share(plan, target)
    after, source = _end_share(plan, target, before, services_share)
    growth = (1 + real) / (after / before) ** (1 / target.n_years) - 1
    moves = f"{before:.1f}% to {after:.1f}%", f"{before:.1f}% 到 {after:.1f}%"
    steps.append(
        _said(
            f"the share of services in GDP from {moves[0]} ({source['en']}), services' prices moving with GDP's: "
            f"GDP grows {_pct(growth)} a year",
            f"服务业占比由 {moves[1]}（{source['zh']}），并设服务业价格与 GDP 同步：地区生产总值年均增长 {_pct(growth)}",
        )
    )
    return Goal(target, stated, growth, GDP, tuple(steps), source["en"] != UNCHANGED["en"])


UNCHANGED = {"en": "no target of the share: taken as unchanged", "zh": "规划未定占比目标，按不变计"}


def _real_growth(plan: Plan, target: Target, scenario: Scenario) -> tuple[float, float, list]:
    if target.kind in ("annual_growth", "multiple") and target.price_basis in REAL:
        rate = (
            target.target_value / 100
            if target.kind == "annual_growth"
            else cagr(1, target.target_value, target.n_years)
        )
        return (
            rate,
            rate,
            [_said(f"{_pct(rate)} a year at comparable prices", f"按可比价年均增长 {_pct(rate)}")],
        )
    both = real_nominal(plan, target, scenario)
    steps = [
        _said(f"{_pct(both.nominal)} a year at current prices", f"按现价年均增长 {_pct(both.nominal)}"),
        _said(
            f"less prices at {_pct(both.deflator)} a year (scenario): {_pct(both.real)} real",
            f"扣除情景价格涨幅 {_pct(both.deflator)}：可比价年均增长 {_pct(both.real)}",
        ),
    ]
    return both.nominal, both.real, steps


def levels_of(plan: Plan, indicator: str, region: str, as_of: int | None = None) -> pd.Series:
    """Return the levels of an indicator by year; empty where the catalogue does not have it."""
    if indicator not in plan.catalogue.indicators:
        return pd.Series(dtype=float)
    return level_history(plan, indicator, region, as_of=as_of).values


def _base_share(plan: Plan, target: Target) -> float:
    year = target.base_year
    shares = levels_of(plan, SHARE, target.region, year)
    if year in shares.index:
        return float(shares[year])
    levels = [levels_of(plan, name, target.region, year) for name in (SERVICES, GDP)]
    if all(year in values.index for values in levels):
        return float(100 * levels[0][year] / levels[1][year])
    raise NotAssessable(
        f"no share of services in GDP is known for {year}: GDP growth cannot be inferred; try reading=sector",
        f"没有 {year} 年服务业占 GDP 比重，无法由服务业目标推算 GDP 增速；可用 reading=sector",
    )


def _end_share(
    plan: Plan, target: Target, before: float, given: float | None
) -> tuple[float, Mapping[str, str]]:
    if given is not None:
        return 100 * given, {"en": "set by the user", "zh": "用户设定"}
    for other in plan.targets:
        if (
            other.indicator.id == SHARE
            and other.region == target.region
            and other.target_year == target.target_year
        ):
            level = end_level(other, before) if other.target_value is not None else None
            if level:
                return level, {"en": "target of the plan", "zh": "规划目标"}
    return before, UNCHANGED


def past_growth(plan: Plan, goal: Goal, scenario: Scenario) -> Past | None:
    """Return real growth of the goal's output over about as many years up to the base year; None without a record.

    Published real growth where it covers three years or more, else nominal levels less the scenario's deflator.
    """
    base_year = min(goal.target.base_year, plan.base_year)
    n_years = min(goal.n_years, plan.period[1] - plan.period[0] + 1)
    indicator = plan.catalogue.indicators.get(goal.output)
    if indicator is None:
        return None
    asked = replace(
        goal.target,
        indicator=indicator,
        kind="annual_growth",
        price_basis="real_by_convention",
        definition="",
    )
    try:
        history, notes = history_of(plan, asked, scenario, base_year)
        found = record(history, n_years, until=base_year)
        if found is None or found.last_year - found.first_year < FEWEST_YEARS:
            return _deflated_past(plan, indicator.id, goal, scenario, base_year, n_years) or _past(
                found, notes
            )
    except (NotAssessable, PlanmodelError):
        return None
    return _past(found, notes)


def _past(found, notes) -> Past | None:
    return None if found is None else Past(found.mean, found.first_year, found.last_year, tuple(notes))


def _deflated_past(plan, indicator, goal, scenario, base_year, n_years) -> Past | None:
    levels = level_history(plan, indicator, goal.target.region, as_of=base_year)
    found = record(levels, n_years, until=base_year)
    if found is None or found.last_year - found.first_year < FEWEST_YEARS:
        return None
    years = range(found.first_year + 1, found.last_year + 1)
    prices = float(mean_growth(scenario.deflator(list(years))))
    note = _said(
        "no published real growth over these years: nominal levels less the scenario's deflator",
        "这些年份没有公布的可比价增速：以名义值扣除情景价格涨幅",
    )
    return Past((1 + found.mean) / (1 + prices) - 1, found.first_year, found.last_year, (note,))


def _pct(rate: float) -> str:
    return f"{100 * rate:.2f}%".replace("-", "−")


def _said(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}

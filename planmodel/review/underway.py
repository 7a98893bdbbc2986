"""The year under way: its figure estimated from cumulative months and quarters, with how far it may be off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planmodel.arithmetic.periods import parse_period
from planmodel.errors import NotAssessable
from planmodel.feasibility.outlooks import N_DRAWS, SEED, history_of, measured, outlook
from planmodel.forecasts import Forecast
from planmodel.plans import ESTIMATE, Observation, Plan, Target
from planmodel.plans.catalogue import Indicator
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import PREFERENCE, REAL, History

NORMAL_SPAN = 1.6448536
"""Half the central 90 % of a standard normal."""


@dataclass(frozen=True)
class YearEstimate:
    """A year's figure from its first months.

    growth: of the year (fraction). months: how many are known. known_share: the part of a year that they are, by the
    months of the year before where those are known, else by the calendar. spread: standard deviation of the logarithm of
    the estimate, None where no forecast tells how far the months left may be off. inflated: real growth was published, and
    the scenario's deflator made it nominal.
    """

    target: Target
    year: int
    growth: float
    value: float
    unit: str
    months: int
    known_share: float
    spread: float | None
    observation: Observation
    inflated: bool = False


def estimate_year(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    reference: str | None = None,
) -> YearEstimate | None:
    """Return the year after the last full one, estimated from its months; None where there are none that can be used.

    The months left are taken to grow as the months known did, give or take the error of a forecast one year ahead, so
    that with s the share of the year that is known: spread = (1 - s) x spread of that forecast. Growth of the months
    known: as published, else their sum (a stock: their last figure) over the same months of the year before; where only
    real growth is published for a nominal level, that growth and the scenario's deflator.
    Not for shares: a share of some months is not a share of the year.
    """
    history, _ = history_of(plan, target, scenario)
    indicator = measured(plan, target)
    if history.real and any(origin.measure == "value" for origin in history.origins.values()):
        # no published chain of real growth: the nominal level is estimated, and deflated with the others
        target = replace(
            target, kind="level", unit=indicator.unit, base_value=None, price_basis=indicator.price_basis
        )
        history, _ = history_of(plan, target, scenario)
    if history.values.empty or indicator.scale not in ("amount", "density") or (history.values <= 0).any():
        return None
    last = history.last_year
    prices = float(scenario.deflator(np.array([last + 1]))[0])
    seen = _best(plan, target, history, indicator, last + 1, prices)
    if seen is None:
        return None
    growth, months, share, origin, inflated = seen
    spread = None
    try:
        ahead = outlook(
            plan, _level_of(target, last), scenario, n_draws=n_draws, seed=seed, reference=reference
        )
        spread = (1 - share) * _spread(ahead.forecast)
    except NotAssessable:
        pass
    value = float(history.values.iloc[-1]) * (1 + growth)
    return YearEstimate(
        target, last + 1, growth, value, history.unit, months, share, spread, origin, inflated
    )


def with_estimate(plan: Plan, found: YearEstimate) -> Plan:
    """Return the plan with an estimated year among its observations, so that forecasts go on from it."""
    growth = found.unit == "index"
    indicator = measured(plan, found.target).id
    value = 100 * found.growth if growth else found.value
    estimate = replace(
        found.observation,
        indicator=indicator,
        period=str(found.year),
        first_year=found.year,
        last_year=found.year,
        measure="growth" if growth else "value",
        value=value,
        digits=f"{value:.6g}",
        unit="%" if growth else found.unit,
        comparator="about",
        vintage=ESTIMATE,
        target="",
        spread=found.spread or 0.0,
    )
    return replace(plan, observations=(*plan.observations, estimate))


def _level_of(target: Target, last: int) -> Target:
    """The target as one of the year after the last: what can be said of a year ahead, whatever was promised."""
    return replace(target, target_year=last + 1) if target.target_year <= last else target


def _spread(forecast: Forecast) -> float:
    """Standard deviation of the first year's logarithm, from the central 90 % of the draws."""
    low, high = np.quantile(np.log(forecast.draws[:, 0]), (0.05, 0.95))
    return float(high - low) / (2 * NORMAL_SPAN)


def _adds_up(indicator: Indicator) -> bool:
    """Return True where the months of a year sum to it: amounts, and money a head; not means such as a concentration."""
    return indicator.scale == "amount" or indicator.flow == "flow" and indicator.price_basis != "none"


def _best(plan: Plan, target: Target, history: History, indicator: Indicator, year: int, prices: float):
    """Growth of the months known of a year, how many, their share of a year, where it stands, whether it was inflated.

    The most months win, then figures on the history's own price basis.
    """
    stock, adds_up = indicator.flow == "stock", _adds_up(indicator)
    own = [
        (parse_period(o.period), o)
        for o in plan.observations
        if o.indicator == indicator.id
        and o.region == target.region
        and o.definition == target.definition
        and not o.whole_years
        and o.first_year in (year, year - 1)
    ]
    now, before = (
        {} if history.real else _sums(plan, history, own, stock, adds_up, each) for each in (year, year - 1)
    )
    found = []
    for period, o in own:
        begins = period.first_month == 1 or stock
        real = o.price_basis in REAL
        if o.measure == "growth" and period.first_year == year and begins and (real or not history.real):
            inflated = real and not history.real
            growth = (1 + o.value / 100) * (1 + prices * inflated) - 1
            found.append((period.last_month, not inflated, PREFERENCE[o.vintage], o.published, growth, o))
    for months, (value, o) in now.items():
        if months in before and before[months][0] > 0:
            growth = value / before[months][0] - 1
            found.append((months, True, PREFERENCE[o.vintage], o.published, growth, o))
    if not found:
        return None
    months, own, _, _, growth, origin = max(found, key=lambda each: each[:4])
    whole = float(history.values.get(year - 1, np.nan))
    share = months / 12
    if not stock and adds_up and months in before and 0 < before[months][0] < whole:
        share = before[months][0] / whole
    return growth, months, share, origin, not own


def _sums(
    plan: Plan, history: History, own, stock: bool, adds_up: bool, year: int
) -> dict[int, tuple[float, Observation]]:
    """Sums from January to each month that the periods of a year add up to (a stock: the figure at that month's end).

    Of a mean, such as a concentration, only what is printed from January on.
    """
    runs: dict[tuple[int, int], tuple[float, Observation]] = {}
    ordered = sorted(own, key=lambda each: (PREFERENCE[each[1].vintage], each[1].published))
    for period, o in ordered:
        if o.measure in ("value", "sum") and period.first_year == year:
            value = plan.catalogue.convert(o.value, o.unit, history.unit)
            runs[period.first_month, period.last_month] = (value, o)
    if stock:
        return {last: found for (_, last), found in runs.items()}
    sums = {last: found for (first, last), found in runs.items() if first == 1}
    for (first, last), (value, o) in sorted(runs.items()) if adds_up else ():
        if first - 1 in sums and last not in sums:
            sums[last] = (sums[first - 1][0] + value, o)
    return sums

"""What is known of a plan's region at a moment: the one plan that assessments, fans, reviews and drivers stand on.

The year under way is estimated from its cumulative months and quarters, with how far it may be off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from planmodel.arithmetic.periods import Moment, Period, parse_period
from planmodel.errors import NotAssessable
from planmodel.feasibility.outlooks import N_DRAWS, SEED, paths_of
from planmodel.feasibility.quantities import history_of, quantity_of
from planmodel.plans import ESTIMATE, Observation, Plan, Target
from planmodel.plans.catalogue import Indicator
from planmodel.plans.derived import measured, with_derived, with_splices, with_wholes
from planmodel.plans.known import known_at, moment_of
from planmodel.plans.model import fields_of
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import PREFERENCE, History

NORMAL_SPAN = 1.6448536  # half the central 90 % of a standard normal
ESTIMATE_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "region", "year", "months", "known_share", "growth", "inflated",
    "spread", "value", "unit", "published", "source",
)  # fmt: skip


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
    options = {"n_draws": n_draws, "seed": seed, "reference": reference}
    estimates = tuple(_estimates(known, scenario, moment, **options))
    years = [estimate.of_year(known) for estimate in estimates]
    return replace(known, observations=(*known.observations, *years)), estimates


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

    def of_year(self, plan: Plan) -> Observation:
        """Return the estimate as a figure of the whole year, from which forecasts go on."""
        growth = self.unit == "index"
        value = 100 * self.growth if growth else self.value
        return replace(
            self.observation, indicator=measured(plan, self.target).id, period=str(self.year), first_year=self.year,
            last_year=self.year, measure="growth" if growth else "value", value=value, digits=f"{value:.6g}",
            unit="%" if growth else self.unit, comparator="about", vintage=ESTIMATE, target="", spread=self.spread or 0.0,
        )  # fmt: skip

    def row(self) -> dict:
        """Return the row of the table of estimates."""
        row = fields_of(ESTIMATE_COLUMNS, self.target, self.observation, self)
        return row | {"indicator": self.target.indicator.id}


def _estimates(plan: Plan, scenario: Scenario, moment: Moment, **options: Any) -> Iterator[YearEstimate]:
    """The years under way, once for each series that the targets stand on."""
    seen = set()
    for target in plan.targets if moment.last_full_year != moment.year else ():
        if target.target_year > plan.base_year:
            estimate = _estimate_year(plan, target, scenario, **options)
            if estimate is not None and estimate.year == moment.year:
                series = (target.indicator.id, target.region, target.definition, estimate.unit == "index")
                if series not in seen:
                    seen.add(series)
                    yield estimate


def _estimate_year(plan: Plan, target: Target, scenario: Scenario, **options: Any) -> YearEstimate | None:
    """Return the year after the last full one, estimated from its months; None where there are none that can be used.

    The months left are taken to grow as the months known did, give or take the error of a forecast one year ahead, so
    that with s the share of the year that is known: spread = (1 - s) x spread of that forecast. Growth of the months
    known: as published, else their sum (a stock: their last figure) over the same months of the year before; where only
    real growth is published for a nominal level, that growth and the scenario's deflator.
    Not for shares: a share of some months is not a share of the year.
    """
    history, _ = history_of(plan, target, scenario)
    indicator = measured(plan, target)
    if history.real and history.from_levels:
        # no published chain of real growth: the nominal level is estimated, and deflated with the others
        basis = indicator.price_basis
        target = replace(target, kind="level", unit=indicator.unit, base_value=None, price_basis=basis)
        history, _ = history_of(plan, target, scenario)
    if history.values.empty or indicator.scale not in ("amount", "density") or (history.values <= 0).any():
        return None
    last = history.last_year
    prices = float(scenario.deflator(np.array([last + 1]))[0])
    known = Months(plan, target, history, indicator, last + 1)
    best = known.best(prices)
    if best is None:
        return None
    months, inflated, growth, origin = best
    share, spread = known.share(months), None
    try:
        forecast = paths_of(plan, quantity_of(plan, target), last + 1, scenario, **options).forecast
        low, high = np.quantile(np.log(forecast.draws[:, 0]), (0.05, 0.95))
        spread = (1 - share) * float(high - low) / (2 * NORMAL_SPAN)
    except NotAssessable:
        pass
    value = float(history.values.iloc[-1]) * (1 + growth)
    of_year = (last + 1, growth, value, history.unit, months, share, spread)
    return YearEstimate(target, *of_year, origin, inflated)


Sums = Mapping[int, tuple[float, Observation]]
"""Sums from January to each month, by the month, with the figure that completes them."""


@dataclass(frozen=True)
class Months:
    """The months and quarters of a year, and of the year before, that are known of a target's indicator."""

    plan: Plan
    target: Target
    history: History
    indicator: Indicator
    year: int

    @property
    def stock(self) -> bool:
        return self.indicator.flow == "stock"

    @property
    def adds_up(self) -> bool:
        """True where the months of a year sum to it: amounts, and money a head; not means such as a concentration."""
        own = self.indicator
        return own.scale == "amount" or own.flow == "flow" and own.price_basis != "none"

    @cached_property
    def own(self) -> list[tuple[Period, Observation]]:
        """The figures of both years with their periods."""
        seen = self.plan.observed(self.indicator.id, self.target.region)
        own = (o for o in seen if o.definition == self.target.definition and not o.whole_years)
        both = ((parse_period(o.period), o) for o in own if o.first_year in (self.year, self.year - 1))
        return [(period, o) for period, o in both if period]

    def best(self, prices: float) -> tuple[int, bool, float, Observation] | None:
        """Return how many months are known, whether they were inflated, their growth, and where it stands.

        The most months win, then figures on the history's own price basis. prices: the deflator's growth in the year.
        """
        now, before = (self.sums(year) for year in (self.year, self.year - 1))
        choices = []
        for period, o in self.own:
            begins, real = period.first_month == 1 or self.stock, self.indicator.deflated(o.price_basis)
            of_year = o.measure == "growth" and period.first_year == self.year
            if of_year and begins and real >= self.history.real:
                inflated = real and not self.history.real
                growth = (1 + o.value / 100) * (1 + prices * inflated) - 1
                choices.append((period.last_month, inflated, growth, o))
        for month, (value, o) in now.items():
            if month in before and before[month][0] > 0:
                choices.append((month, False, value / before[month][0] - 1, o))

        def rank(choice: tuple[int, bool, float, Observation]) -> tuple:
            months, inflated, _, origin = choice
            return months, not inflated, PREFERENCE[origin.vintage], origin.published

        return max(choices, key=rank, default=None)

    def share(self, months: int) -> float:
        """Return the part of a year that the months known are: of the year before where those are known, else by the calendar."""
        before = self.sums(self.year - 1).get(months, (0.0,))[0]
        whole = float(self.history.values.get(self.year - 1, np.nan))
        adds_up = self.adds_up and not self.stock and 0 < before < whole
        return before / whole if adds_up else months / 12

    def sums(self, year: int) -> Sums:
        """Return the sums from January on that the periods of a year add up to (a stock: the figure at a month's end).

        Of a mean, such as a concentration, only what is printed from January on. None of an index.
        """
        if self.history.chained:
            return {}
        runs: dict[tuple[int, int], tuple[float, Observation]] = {}
        for period, o in sorted(self.own, key=lambda each: (PREFERENCE[each[1].vintage], each[1].published)):
            if o.measure in ("value", "sum") and period.first_year == year:
                value = self.plan.catalogue.convert(o.value, o.unit, self.history.unit)
                runs[period.first_month, period.last_month] = (value, o)
        if self.stock:
            return {last: figure for (_, last), figure in runs.items()}
        sums = {last: figure for (first, last), figure in runs.items() if first == 1}
        for (first, last), (value, o) in sorted(runs.items()) if self.adds_up else ():
            if first - 1 in sums and last not in sums:
                sums[last] = (sums[first - 1][0] + value, o)
        return sums

"""Histories: one value a year of an indicator in a region, out of everything that was printed.

Two kinds: levels as printed (statements of nominal growth fill in years without a level), and an index chained
from statements of growth (100 in its last year). Both may have gaps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from planmodel.plans.model import (
    BOUNDS,
    CHANGE_MEASURES,
    DERIVED,
    ESTIMATE,
    GROWTH_MEASURES,
    SPLICED,
    Observation,
    Plan,
    once,
)

BY_PREFERENCE = (ESTIMATE, DERIVED, "unknown", "preliminary", "plan", "final", "revised", SPLICED)
PREFERENCE = {vintage: place for place, vintage in enumerate(BY_PREFERENCE, -2)}
FEWEST_YEARS = 2  # that make a record of several years
UNPUBLISHED = (DERIVED, ESTIMATE)  # vintages of figures that nobody published
INDEX = "index"  # the unit of a history that is chained from growth


@dataclass(frozen=True)
class History:
    """Values by year (Series, int index), the observation behind each year, and the years that were derived.

    spreads: by year, how far the logarithm may be off where it stands on an estimate (standard deviation, against the
    base year).
    """

    values: pd.Series
    origins: dict[int, Observation] = field(repr=False)
    derived: tuple[int, ...] = ()
    unit: str = ""
    real: bool = False
    spreads: Mapping[int, float] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def last_year(self) -> int:
        return int(self.values.index[-1])

    @property
    def known_to(self) -> int | None:
        """The last year with a figure, None without one."""
        return self.last_year if len(self.values) else None

    @property
    def chained(self) -> bool:
        """True where it is an index chained from growth, of which no level is known."""
        return self.unit == INDEX

    @property
    def from_levels(self) -> bool:
        """True where an index was made from levels, not from published growth."""
        return any(origin.measure == "value" for origin in self.origins.values())

    def estimated(self, first: int, last: int) -> tuple[int, ...]:
        """Return the years from first to last that no published figure stands behind."""
        known = sorted(self.origins.items())
        return tuple(year for year, o in known if first <= year <= last and o.vintage in UNPUBLISHED)


@dataclass(frozen=True)
class Record:
    """Past change a year: its mean over the latest window, and over the best that is as long as what is asked, or longer.

    Growth is a fraction a year; change of a share is in pp a year. shorter: the best of half that length or more (change, first
    and last year), where it is better: it is said, and is no precedent.
    """

    mean: float
    first_year: int
    last_year: int
    best: float | None
    best_last_year: int | None
    best_first_year: int | None = None
    shorter: tuple[float, int, int] | None = None


def _relevant(plan: Plan, indicator: str, region: str, definition: str, as_of: int | None):
    for o in plan.observed(indicator, region):
        if o.definition == definition and o.whole_years and (as_of is None or o.last_year <= as_of):
            yield o


def _rank(observation: Observation, base_year: int) -> tuple:
    vintage, decimals = observation.vintage, len(observation.digits.partition(".")[2])
    own = vintage == SPLICED or vintage == "plan" and observation.last_year == base_year
    return own, PREFERENCE[vintage], observation.comparator == "", decimals, observation.published


@once
def level_history(
    plan: Plan, indicator: str, region: str, *, definition: str = "", as_of: int | None = None, unit: str = ""
) -> History:
    """Return the levels of an indicator by year, in `unit` (default: the catalogue's).

    Where a year has several figures: one moved onto a revised basis, else in the base year the plan's own, else revised before final before the plan's
    before preliminary, plain figures before rounded words, more decimals, then the latest published. Statements of nominal growth
    and of changes carry a level to a year without one.

    >>> from planmodel import load_plan
    >>> float(level_history(load_plan("taizhou-services-14fyp"), "services_va", "taizhou", as_of=2020).values[2020])
    2669.73
    """
    catalogue = plan.catalogue
    own = catalogue.indicators[indicator]
    unit = unit or own.unit
    chosen: dict[int, Observation] = {}
    statements, changes = [], []
    for observation in _relevant(plan, indicator, region, definition, as_of):
        if observation.measure == "value" and len(observation.period) == 4:
            year = observation.last_year
            if year not in chosen or _rank(observation, plan.base_year) > _rank(chosen[year], plan.base_year):
                chosen[year] = observation
        elif observation.measure in GROWTH_MEASURES and not own.deflated(observation.price_basis):
            statements.append(observation)
        elif observation.measure in CHANGE_MEASURES and {observation.unit, unit} <= set(catalogue.units):
            here, there = catalogue.units[observation.unit], catalogue.units[unit]
            if here.dimension == there.dimension or (here.dimension, there.dimension) == ("pp", "percent"):
                changes.append((observation, observation.value * here.factor / there.factor))
    levels = {year: catalogue.convert(o.value, o.unit, unit) for year, o in chosen.items()}
    if own.scale == "rate":
        statements = []
    known = {y: Step(float(np.log(v)), chosen[y], chosen[y].spread) for y, v in levels.items() if v > 0}
    derived = _extend(known, statements, plan.base_year)
    steps = {year: step for year, step in derived.items() if year not in levels}
    levels |= {year: float(np.exp(step.log)) for year, step in steps.items()}
    origins = chosen | {year: step.origin for year, step in steps.items() if step.origin is not None}
    spreads = {year: step.spread for year, step in (known | steps).items() if step.spread}
    carried = _by_changes(levels, changes, 100.0 if unit == "%" else np.inf)
    levels |= {year: value for year, (value, _) in carried.items()}
    origins |= {year: origin for year, (_, origin) in carried.items()}
    values = pd.Series(levels, dtype=float).sort_index()
    return History(values, origins, tuple(sorted((*steps, *carried))), unit, spreads=spreads)


def _by_changes(
    levels: Mapping[int, float], changes: list[tuple[Observation, float]], most: float
) -> dict[int, tuple[float, Observation]]:
    """Levels of years that a stated change joins to a known one, each with the statement; above 0 and up to `most` only."""
    joined: dict[int, tuple[float, Observation]] = {}
    changes = sorted(changes, key=lambda each: each[0].last_year)
    for o, change in sorted(changes, key=lambda each: each[0].last_year - each[0].first_year):
        start, end = o.first_year - 1, o.last_year
        if (start in levels) != (end in levels) and not joined.keys() & {start, end}:
            total = change * (end - start if o.measure == "mean_change_pp" else 1)
            year, value = (end, levels[start] + total) if start in levels else (start, levels[end] - total)
            if 0 < value <= most:
                joined[year] = value, o
    return joined


@once
def growth_history(
    plan: Plan,
    indicator: str,
    region: str,
    *,
    definition: str = "",
    as_of: int | None = None,
    real: bool = True,
) -> History:
    """Return an index (100 in its last year) chained from the statements of growth, real or at current prices.

    Where statements fall into several chains, the one that reaches the plan's base year is taken, else the longest.

    >>> from planmodel import load_plan
    >>> growth_history(load_plan("linhai-14fyp"), "gdp", "linhai", as_of=2020).values.round(1).to_dict()
    {2010: 51.6, 2015: 73.7, 2019: 96.7, 2020: 100.0}
    """
    known, own = _relevant(plan, indicator, region, definition, as_of), plan.catalogue.indicators[indicator]
    statements = [o for o in known if o.measure in GROWTH_MEASURES and own.deflated(o.price_basis) == real]
    if not statements:
        return History(pd.Series(dtype=float), {}, unit=INDEX, real=real)
    ends = {o.last_year: o for o in reversed(ordered(statements, plan.base_year))}
    starts = {o.first_year - 1 for o in statements} | set(ends)
    chains: list[dict[int, Step]] = []
    for start in [plan.base_year] * (plan.base_year in starts) + sorted(ends, reverse=True):
        if not any(start in chain for chain in chains):
            root = {start: Step(0.0, None)}
            chains.append(root | _extend(root, statements, plan.base_year))
    chain = max(chains, key=lambda years: (plan.base_year in years, max(years) - min(years), max(years)))
    top = chain[max(chain)].log
    values = pd.Series({y: float(100 * np.exp(step.log - top)) for y, step in chain.items()}).sort_index()
    by_end = sorted(statements, key=lambda o: (o.last_year, -PREFERENCE[o.vintage]))
    starting = {o.first_year - 1: o for o in reversed(by_end)}
    origins = {y: step.origin or ends.get(y) or starting[y] for y, step in chain.items()}
    spreads = {y: step.spread for y, step in chain.items() if step.spread}
    return History(values, origins, unit=INDEX, real=real, spreads=spreads)


@dataclass(frozen=True)
class Step:
    """A year of a chain: its log level, the figure that led there (None: where it starts), and how far it may be off."""

    log: float
    origin: Observation | None
    spread: float = 0.0


def _extend(known: dict[int, Step], statements: list[Observation], base_year: int) -> dict[int, Step]:
    """Carry log levels to other years along growth statements: short spans first, better vintages first."""
    steps, left = dict(known), ordered(statements, base_year)

    def joins(o: Observation) -> bool:
        return (o.first_year - 1 in steps) != (o.last_year in steps)

    while (statement := next(filter(joins, left), None)) is not None:
        start, end = statement.first_year - 1, statement.last_year
        year, origin, sign = (end, start, 1) if start in steps else (start, end, -1)
        spread = float(np.hypot(steps[origin].spread, statement.spread))
        steps[year] = Step(steps[origin].log + sign * log_growth(statement), statement, spread)
    return {year: step for year, step in steps.items() if year not in known}


def log_growth(statement: Observation) -> float:
    """Return what a statement of growth says of its whole period, in logs."""
    n_years = statement.last_year - statement.first_year + 1
    return float(np.log1p(statement.value / 100)) * (n_years if statement.measure == "mean_growth" else 1)


def ordered(statements: list[Observation], base_year: int) -> list[Observation]:
    """Growth statements in the order in which they are used."""

    def order(o: Observation) -> tuple:
        return o.last_year - o.first_year, *(-int(x) for x in _rank(o, base_year)[:4])

    return sorted((o for o in statements if o.value > -100), key=order)


def window_start(years: list[int], n_years: int) -> int:
    """Return the earlier year whose distance from the last is nearest to n_years (of two, the longer).

    >>> window_start([2015, 2020, 2021], 5)
    2015
    """
    return min(years[:-1], key=lambda year: (abs(years[-1] - year - n_years), year))


def record(
    history: History, n_years: int, *, until: int | None = None, share: bool = False, down: bool = False
) -> Record | None:
    """Return the record: the window of about n_years that ends at or before `until`, and the best of n_years or more.

    share: change in pp a year instead of growth. down: the best is the lowest. "Exceeded 50" is a bound and makes no record where
    two plain figures do; nor do years after `until`, and one year none of several. None without two values.
    """
    values = history.values
    if len(values) < 2 or (not share and (values <= 0).any()):
        return None
    past = [int(year) for year in values.index if until is None or year <= until]
    plain = [y for y in past if y not in history.origins or history.origins[y].comparator not in BOUNDS]
    past = plain if len(plain) >= 2 else past
    starts = [year for year in past if past[-1] - year >= min(n_years, FEWEST_YEARS)]
    if not starts:
        return None
    last = past[-1]
    first = window_start([*starts, last], n_years)

    def change(start: int, end: int) -> float:
        if share:
            return float(values[end] - values[start]) / (end - start)
        return float((values[end] / values[start]) ** (1 / (end - start)) - 1)

    def best(least: float, most: float) -> tuple[float, int, int] | None:
        """The best of the windows of such lengths, of equal ones the latest and shortest."""
        fitting = [(start, end) for start, end in combinations(past, 2) if least <= end - start <= most]
        spans = [(change(start, end), start, end) for start, end in fitting]
        return max(spans, key=lambda span: (-span[0] if down else span[0], span[2], span[1]), default=None)

    mean, fair = change(first, last), best(n_years, math.inf)
    short = best(max(n_years / 2, FEWEST_YEARS), n_years - 1)
    known = mean if fair is None else fair[0]
    if short and not (short[0] < known if down else short[0] > known):
        short = None
    if fair is None:
        return Record(mean, first, last, None, None, None, short)
    return Record(mean, first, last, fair[0], fair[2], fair[1], short)

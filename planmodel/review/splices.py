"""Splices: a series across a revision of its basis, carried backwards by growth rates and marked as such."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planmodel.errors import PlanmodelError
from planmodel.plans import Plan, Target
from planmodel.series import History


@dataclass(frozen=True)
class Splice:
    """A level series on a new basis: `values` by year, `derived` the years carried back, `ratio` new over old at `year`."""

    values: pd.Series
    derived: tuple[int, ...]
    year: int
    ratio: float


def splice(old: pd.Series, new: pd.Series) -> Splice:
    """Return a level series on the new basis, carried backwards by the growth rates of the old one.

    Formula: x_new(t-1) = x_new(t) / (x_old(t) / x_old(t-1)), from the first year that both have. Growth before the link
    stays what it was; levels change by one ratio.

    Errors: PlanmodelError where no year has both, or a figure is not positive.

    >>> old = pd.Series({2018: 100.0, 2019: 110.0, 2020: 121.0})
    >>> made = splice(old, pd.Series({2020: 127.05, 2021: 140.0}))
    >>> made.values.round(2).to_dict(), made.derived, round(made.ratio, 4)
    ({2018: 105.0, 2019: 115.5, 2020: 127.05, 2021: 140.0}, (2018, 2019), 1.05)
    """
    both = sorted(set(old.index) & set(new.index))
    if not both:
        raise PlanmodelError("The two series have no year in common: nothing links them.")
    year = int(both[0])
    if not (old > 0).all() or not (new > 0).all():
        raise PlanmodelError("A series with zero or negative figures has no growth to carry it back by.")
    ratio = float(new[year] / old[year])
    earlier = old[old.index < year] * ratio
    values = pd.concat([earlier, new.sort_index()]).sort_index()
    return Splice(values, tuple(int(y) for y in earlier.index), year, ratio)


def spliced(plan: Plan, target: Target, history: History, indicator: str) -> Splice | None:
    """Return the history with its base year on the revised basis, None where no revision of the base is known.

    The figures after the base year are on the basis of their time; where the base year was revised, growth since then is
    counted from the revised base.
    """
    revised = [
        o
        for o in plan.observations
        if o.indicator == indicator
        and o.region == target.region
        and o.definition == target.definition
        and o.measure == "value"
        and o.vintage == "revised"
        and o.period == str(target.base_year)
    ]
    if not revised or history.real or target.base_year not in history.values.index:
        return None
    latest = max(revised, key=lambda o: o.published)
    figure = plan.catalogue.convert(latest.value, latest.unit, history.unit)
    before = history.values[history.values.index <= target.base_year]
    after = history.values[history.values.index > target.base_year].copy()
    after[target.base_year] = figure
    if figure == before[target.base_year] or (before <= 0).any() or (after <= 0).any():
        return None
    return splice(before, after)

"""Splices: a series across a revision of its basis, carried backwards by growth rates and marked as such."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from planmodel.errors import PlanmodelError
from planmodel.plans import SPLICED, Observation, Plan
from planmodel.plans.series import History, level_history


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


def with_splices(plan: Plan) -> Plan:
    """Return the plan with each series whose base year was revised carried onto the revised basis, marked as spliced.

    Figures up to the base year as printed are replaced by the revised base and the years before it, moved by the same
    ratio; those after it are on the basis of their time already. Growth since the base is then counted on one basis.
    Amounts and densities only: a share is not moved by a ratio.
    """
    made = []
    for key in dict.fromkeys((o.indicator, o.region, o.definition) for o in plan.observations):
        made += _spliced(plan, *key)
    return replace(plan, observations=(*plan.observations, *made)) if made else plan


def _spliced(plan: Plan, indicator: str, region: str, definition: str) -> list[Observation]:
    own = plan.catalogue.indicators[indicator]
    revised = [
        o
        for o in plan.observations
        if (o.indicator, o.region, o.definition) == (indicator, region, definition)
        and o.measure == "value"
        and o.vintage == "revised"
        and o.period == str(plan.base_year)
    ]
    if not revised or own.scale not in ("amount", "density"):
        return []
    latest = max(revised, key=lambda o: o.published)
    history = level_history(plan, indicator, region, definition=definition)
    figure = plan.catalogue.convert(latest.value, latest.unit, history.unit)
    before = history.values[history.values.index <= plan.base_year]
    old = before.get(plan.base_year)
    if old is None or figure == old or figure <= 0 or (before <= 0).any():
        return []
    moved = splice(before, pd.Series({plan.base_year: figure})).values
    return [
        replace(
            latest,
            period=str(year),
            first_year=int(year),
            last_year=int(year),
            value=float(value),
            digits=f"{value:.6g}",
            unit=history.unit,
            vintage=SPLICED,
            note=f"moved by {figure / old:.6g} with the revision of {plan.base_year}",
        )
        for year, value in moved.items()
    ]


def revised_base(history: History, base_year: int) -> float | None:
    """Return the base on the revised basis, None where the series was not spliced."""
    origin = history.origins.get(base_year)
    if origin is None or origin.vintage != SPLICED or history.real:
        return None
    return float(history.values[base_year])

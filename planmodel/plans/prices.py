"""Price bases read off levels: a printed rate is real only where the levels beside it leave room for prices."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from planmodel.arithmetic.growth import Interval, growth, printed
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import Observation, Plan, Target

Printed = TypeVar("Printed", Target, Observation)
BY_CONVENTION = "real_by_convention"
FEWEST_YEARS = 3  # over fewer years prices may well have stood still
HALF = Interval(-0.005, 0.005)
"""Room for a rate that was rounded before the levels were: half a hundredth of a point."""


def with_bases(plan: Plan) -> Plan:
    """Return the plan with rates that are real by convention read as nominal where its own levels say so.

    For an indicator, where a rate over three years or more is printed beside the levels of its two ends, and the growth of the
    levels is that rate: all its rates that are real by convention only. Linhai's income: 30,547 to 46,388 yuan, 8.7 % a year.

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> plan.target("T2/3/1").price_basis, plan.target("T2/1/1").price_basis
    ('nominal', 'real_by_convention')
    """
    agrees: dict[tuple[str, str, str], bool] = {}
    for key, same in _compared(plan):
        agrees[key] = agrees.get(key, True) and same
    nominal = {key for key, same in agrees.items() if same}
    if not nominal:
        return plan

    def read(row: Printed, indicator: str) -> Printed:
        moved = row.price_basis == BY_CONVENTION and (indicator, row.region, row.definition) in nominal
        return replace(row, price_basis="nominal") if moved else row

    targets = (read(t, t.indicator.id) if kind_of(t).figure == "percent" else t for t in plan.targets)
    observations = tuple(read(o, o.indicator) for o in plan.observations)
    return replace(plan, targets=tuple(targets), observations=observations)


def _compared(plan: Plan) -> Iterator[tuple[tuple[str, str, str], bool]]:
    """Rates that are real by convention beside the levels of their two ends: of what, and whether the levels say the same."""
    own = [o for o in plan.observations if o.vintage == "plan"]
    values = [o for o in own if o.measure == "value" and len(o.period) == 4]
    levels = {(o.indicator, o.region, o.definition, o.last_year): o for o in values}
    for seen in own:
        if seen.measure == "mean_growth" and seen.price_basis == BY_CONVENTION:
            key, years = (seen.indicator, seen.region, seen.definition), (seen.first_year - 1, seen.last_year)
            base, end = (_level(plan, levels.get((*key, year)), key, year) for year in years)
            if base and end and years[1] - years[0] >= FEWEST_YEARS:
                made = growth(base, end, years[1] - years[0]).times(100)
                yield key, (printed(seen.digits) + HALF).meets(made)


def _level(plan: Plan, seen: Observation | None, key: tuple[str, str, str], year: int) -> Interval | None:
    """The level of a year as it was printed, else the base that a target prints."""
    unit, known = plan.catalogue.indicators[key[0]].unit, plan.catalogue
    if seen is not None:
        return printed(seen.digits).times(known.convert(1.0, seen.unit, unit))
    for target in plan.series.get(key[:2], ()):
        same = (target.definition, target.base_year) == (key[2], year)
        if same and target.base_digits and known.alike(target.base_unit, unit):
            return printed(target.base_digits).times(known.convert(1.0, target.base_unit, unit))
    return None

"""The least that the places of parts leave for a whole: a district that is third of its city leaves two at least as large."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from planmodel.plans.loading import neighbours
from planmodel.plans.model import DERIVED, Observation, Plan
from planmodel.plans.series import level_history


def with_wholes(plan: Plan, known_on: date | None = None) -> Plan:
    """Return the plan with the least that the places of its parts leave for the whole, in years without a figure of its own.

    A district that is third of its city leaves two at least as large: the city has three times its figure or more. Out of the plans
    of its parts in the same data folder, as published by a day.
    """
    regions = plan.catalogue.regions
    if not any(region.parent == plan.region for region in regions.values()):
        return plan
    parts = (part for part in neighbours(plan).values() if regions[part.region].parent == plan.region)
    least = tuple(o for part in parts for o in _by_places(plan, part, known_on))
    return replace(plan, observations=(*plan.observations, *least)) if least else plan


def _by_places(plan: Plan, part: Plan, known_on: date | None) -> Iterator[Observation]:
    for o in part.observations:
        own = plan.catalogue.indicators.get(o.indicator)
        if (
            o.measure != "rank"
            or o.region != part.region
            or own is None
            or own.scale != "amount"
            or o.value < 1
        ):
            continue
        history = level_history(part, o.indicator, o.region, definition=o.definition)
        figures = level_history(plan, o.indicator, plan.region, definition=o.definition).values
        unknown = known_on is not None and o.published > known_on.isoformat()
        if unknown or o.last_year in figures.index or o.last_year not in history.values.index:
            continue
        value = round(o.value) * float(history.values[o.last_year])
        digits, note = f"{value:.6g}", f"place {round(o.value)} of its parts: {o.region}"
        yield replace(
            o, region=plan.region, measure="value", value=value, digits=digits, unit=history.unit, comparator="ge",
            vintage=DERIVED, target="", note=note, source=f"{part.name}: {o.source}",
        )  # fmt: skip

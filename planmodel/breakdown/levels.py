"""Levels of a whole and its parts by year: as published, or as a published share of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from planmodel.plans import Observation, Plan
from planmodel.plans.series import level_history

SECTORS = ("primary_va", "secondary_va", "services_va")
"""The three sectors, which make up GDP by definition."""
SHARES_OF = {
    "primary_va": "primary_share",
    "secondary_va": "secondary_share",
    "services_va": "services_share",
}
"""Sectors whose share of GDP is published under its own name."""

PLAIN = ("", "eq")


@dataclass(frozen=True)
class Levels:
    """Levels by year in one unit, the years that are a share times the whole, and the observations behind them."""

    values: dict[int, float]
    from_share: frozenset[int]
    origins: dict[int, Observation]
    unit: str


def levels_of(plan: Plan, indicator: str, region: str, definition: str = "", unit: str = "") -> Levels:
    """Return the published levels of an indicator in a region; a sector's missing years as its share of GDP.

    >>> from planmodel import load_plan
    >>> levels = levels_of(load_plan("linhai-14fyp"), "services_va", "linhai")
    >>> round(levels.values[2020], 1), 2020 in levels.from_share, 2018 in levels.from_share
    (365.5, True, False)
    """
    history = level_history(plan, indicator, region, definition=definition, unit=unit)
    values = {int(y): float(v) for y, v in history.values.items() if y not in history.derived}
    origins = {year: history.origins[year] for year in values}
    derived = set()
    share = SHARES_OF.get(indicator, "")
    if share in plan.catalogue.indicators and "gdp" in plan.catalogue.indicators and not definition:
        gdp = level_history(plan, "gdp", region, unit=history.unit)
        shares = level_history(plan, share, region)
        for year in shares.values.index:
            plain = year not in (*gdp.derived, *shares.derived) and shares.origins[year].comparator in PLAIN
            if plain and year in gdp.values.index and year not in values:
                values[int(year)] = float(shares.values[year] * gdp.values[year]) / 100
                origins[int(year)] = shares.origins[year]
                derived.add(int(year))
    return Levels(values, frozenset(derived), origins, history.unit)


def sectors_of(plan: Plan, whole: str, region: str = "") -> tuple[str, ...]:
    """Return the parts that make up a whole without overlap: of a sum among the plan's identities; of GDP the three sectors.

    Empty where nothing says so: indicators that are part_of another may overlap.

    >>> from planmodel import load_plan
    >>> sectors_of(load_plan("jiaojiang-commerce-14fyp"), "trade")
    ('exports', 'imports')
    """
    region = region or plan.region
    known = plan.catalogue.indicators
    sectors: tuple[str, ...] = ()
    for identity in plan.identities:
        regions = {term.region or plan.region for term in identity.terms}
        if not identity.ratio and identity.left.indicator == whole and regions == {region}:
            sectors = tuple(term.indicator for term in identity.parts)
            break
    if not sectors and whole == "gdp" and all(name in known for name in SECTORS):
        sectors = SECTORS
    return sectors if all(one_dimension(plan, whole, name) for name in sectors) else ()


def one_dimension(plan: Plan, whole: str, part: str) -> bool:
    """Return whether two indicators are counted in units of one dimension."""
    units, known = plan.catalogue.units, plan.catalogue.indicators
    here, there = known[whole].unit, known[part].unit
    return bool(here and there) and units[here].dimension == units[there].dimension

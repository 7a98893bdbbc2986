"""Quantities: what a target is measured on, the history of it, the base that counts, and the class it is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planmodel.forecasts.reference import class_for, class_names, load_class
from planmodel.plans import DERIVED, SPLICED, Observation, Plan, Target, kind_of
from planmodel.plans.catalogue import REAL, Catalogue, Indicator
from planmodel.plans.derived import measured, price_changes, price_spread
from planmodel.plans.model import grouped, once
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import INDEX, History, growth_history, level_history
from planmodel.words import Phrase, Text

MAX_BASE_AGE = 10
COUNTRIES = "countries_real_gdp"
"""The class of real growth where no class of the region's own country is at hand."""
POINTS = "any_share"  # the class of changes in points of a share of which no level is known


@dataclass(frozen=True)
class Quantity:
    """What a forecast speaks of: an indicator of a region by one definition.

    real: its growth at constant prices. index: its growth at current prices, where no two levels are known, or the change
    of a share of which no level is.
    """

    indicator: str
    region: str
    definition: str = ""
    real: bool = False
    index: bool = False

    @property
    def key(self) -> str:
        """What names its noise: the same for levels and for real growth, which move together."""
        return f"{self.region}/{self.indicator}"


@once
def quantity_of(plan: Plan, target: Target) -> Quantity:
    """Return what a target is measured on."""
    indicator, growth = measured(plan, target), kind_of(target).growth
    real = growth and indicator.deflated(target.price_basis)
    quantity = Quantity(indicator.id, target.region, target.definition, real)
    points = indicator.scale == "share" and kind_of(target).change
    if real or indicator.scale == "rate" or not (points or growth and indicator.scale != "share"):
        return quantity
    levels = level_history(plan, indicator.id, target.region, definition=target.definition)
    return replace(quantity, index=len(levels) < (1 if points else 2))


@once
def targets_by_quantity(plan: Plan) -> Mapping[Quantity, Sequence[Target]]:
    """Return the targets of each quantity, in the document's order."""
    return grouped(plan.targets, lambda target: quantity_of(plan, target))


def history_of(plan: Plan, target: Target, scenario: Scenario) -> tuple[History, tuple[Text, ...]]:
    """Return the history a target is measured on, and notes on how it was made: levels in the target's unit, or an index."""
    quantity, known = quantity_of(plan, target), plan.catalogue
    unit = known.indicators[quantity.indicator].unit
    own = target.unit if known.alike(target.unit, unit) else unit
    return quantity_history(plan, quantity, scenario, unit=own)


def quantity_history(
    plan: Plan, quantity: Quantity, scenario: Scenario, *, unit: str = ""
) -> tuple[History, tuple[Text, ...]]:
    """Return the history of a quantity, and notes on how it was made.

    Levels in a unit (default: the catalogue's), or an index chained from published growth. Where growth is published, or
    levels are known, only at the other price basis, the nation's prices lead over (noted).
    """
    of = (plan, quantity.indicator, quantity.region)
    about: dict = {"definition": quantity.definition}
    if quantity.real and len(chained := growth_history(*of, **about)) >= 2:
        guessed = chained.estimated(plan.base_year + 1, chained.last_year)
        return chained, (Phrase("feasibility.estimated", years=list(guessed)),) if guessed else ()
    levels = level_history(*of, unit=unit, **about)
    if quantity.index and plan.catalogue.indicators[quantity.indicator].scale == "share":
        return _from_base(plan, quantity, 0.0, ""), (Phrase("feasibility.no_level"),)
    if not quantity.real and not quantity.index:
        return levels, ()
    nominal = levels if len(levels) >= 2 else growth_history(*of, real=False, **about)
    if len(nominal) >= 2 and quantity.index:
        return nominal, ()
    if len(nominal) >= 2:
        return _at_prices(plan, quantity, scenario, nominal, -1), (Phrase("feasibility.deflated"),)
    if quantity.index and len(volume := growth_history(*of, **about)) >= 2:
        return _at_prices(plan, quantity, scenario, volume, 1), (Phrase("feasibility.inflated"),)
    if levels.values.empty and (quantity.real or quantity.index):
        return _from_base(plan, quantity, 100.0, INDEX), (Phrase("feasibility.no_level"),)
    if quantity.real and len(levels) == 1:  # where real growth starts; the level itself is at current prices
        return replace(levels, values=levels.values / levels.values * 100, unit=INDEX, real=True), ()
    return levels, ()


def _from_base(plan: Plan, quantity: Quantity, value: float, unit: str) -> History:
    """A history of the base year alone, for changes from a level that nobody printed."""
    indicator, year = plan.catalogue.indicators[quantity.indicator], plan.base_year
    start = Observation(
        indicator.id, quantity.region, str(year), year, year, "value", value, f"{value:g}", unit,
        price_basis=indicator.price_basis, definition=quantity.definition, vintage=DERIVED,
    )  # fmt: skip
    return History(pd.Series({year: value}), {year: start}, (year,), unit, quantity.real)


def _at_prices(plan: Plan, quantity: Quantity, scenario: Scenario, history: History, sign: int) -> History:
    """An index at the other price basis: with the prices of the nation (sign 1) or without them (-1)."""
    years = [int(year) for year in history.values.index]
    prices = price_changes(plan, quantity.region, scenario, range(years[0] + 1, years[-1] + 1))
    level = np.concatenate([[0.0], np.cumsum(prices)])[np.array(years) - years[0]]
    moved = history.values * np.exp(sign * level)
    after = [year for year in years if year > plan.base_year]
    added = [price_spread(year - plan.base_year) for year in after]
    off = np.hypot([history.spreads.get(year, 0.0) for year in after], added)
    spreads = dict(zip(after, off.tolist(), strict=True))
    return replace(history, values=100 * moved / moved.iloc[-1], unit=INDEX, real=sign < 0, spreads=spreads)


def base_of(target: Target, history: History, plan: Plan) -> tuple[float | None, int]:
    """Return the base figure and its year: as printed, else from the history at or before the base year.

    What is promised as a change counts from the revised base where the base was revised.
    """
    year, unit, origin = target.base_year, target.base_unit, history.origins.get(target.base_year)
    moved = kind_of(target).rebased and origin is not None and origin.vintage == SPLICED
    rate = kind_of(target).flow or target.kind == "annual_growth" and unit == "%"
    level = not history.chained and plan.catalogue.alike(unit, history.unit)
    if target.base_value is not None and level and not moved and not rate:
        return plan.catalogue.convert(target.base_value, unit, history.unit), year
    earlier = history.values[(history.values.index >= year - MAX_BASE_AGE) & (history.values.index <= year)]
    return (None, year) if earlier.empty else (float(earlier.iloc[-1]), int(earlier.index[-1]))


def class_of_real_growth(country: str) -> str:
    """Return the class that real growth of a country's regions is judged by: one of that country, else of countries.

    >>> class_of_real_growth("china"), class_of_real_growth("rwanda")
    ('prefectures_real_gdp', 'countries_real_gdp')
    """
    classes = map(load_class, class_names())
    return next((c.id for c in classes if c.nation == country and c.basis == "real"), COUNTRIES)


def class_used(plan: Plan, quantity: Quantity, history: History) -> str:
    """Return the class that a quantity is judged by: that of its indicator, of points where no level of a share is known."""
    indicator = plan.catalogue.indicators[quantity.indicator]
    if quantity.index and indicator.scale == "share":
        return POINTS
    return class_of(plan.catalogue, indicator, quantity.region, history.real)


def class_of(catalogue: Catalogue, indicator: Indicator, region: str, real: bool) -> str:
    """Return the class that an indicator of a region is judged by: of real growth by the country, else the nearest one."""
    country = catalogue.country_of(region)
    if real or indicator.price_basis in REAL:
        return class_of_real_growth(country)
    nominal, level = indicator.price_basis == "nominal", catalogue.regions[region].level
    return class_for(indicator.reference, indicator.scale, nominal, level, country)


def class_notes(name: str) -> tuple[Text, ...]:
    """Return what is to be said of a class where it is used: that it is a pool, or that it missed its bars."""
    group = load_class(name)
    notes: tuple[Text, ...] = ()
    if group.about.get("level") == "any":
        notes += (Phrase("feasibility.pooled", name=group),)
    if group.about.get("met") is False:
        notes += (Phrase("feasibility.class_off", coverage=group.about["coverage80"]),)
    return notes

"""Outlooks: the paths a target's indicator may take, from its base year to its target year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.streams import Drawn, stream
from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.feasibility.room import Room
from planmodel.forecasts import Forecast, forecast, shocked
from planmodel.forecasts.nations import Nation, load_nation
from planmodel.forecasts.reference import class_for, class_names, load_class
from planmodel.plans import ESTIMATE, SPLICED, Observation, Plan, Target, kind_of
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.derived import measured, price_changes, price_spread
from planmodel.plans.kinds import NO_FIGURE, SHOWN_ONLY
from planmodel.plans.known import before_plan
from planmodel.plans.model import DERIVED, grouped, once
from planmodel.plans.scenarios import NO_OUTLOOK, Scenario
from planmodel.plans.series import INDEX, REAL, History, growth_history, level_history
from planmodel.words import Phrase, Text

N_DRAWS = 10_000
SEED = 20210101
MAX_BASE_AGE = 10
FIGURES_OUT = "03"
"""The month in which a year's figures are out."""
COUNTRIES = "countries_real_gdp"
"""The class of real growth where no class of the region's own country is at hand."""
POINTS, MIDDLE = "any_share", 50.0
"""The class of changes in points of a share of which no level is known, and the level that stands for it."""
USUAL_SPREAD = 3.0
"""Of mean growth over five years in the class of prefectures, points a year: what a point of a scenario's shock is a third of."""
KEPT_FORECASTS = 32 * 2**20
"""Bytes of draws that are kept for whoever asks for the same forecast again."""


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


@dataclass(frozen=True)
class Paths:
    """Paths of a quantity: values of shape (n_draws, n_years), known years the same in every draw.

    years: from the first year that a base may be of. In the catalogue's unit, or an index for real growth. known: values
    by year up to the last one known, gaps filled; before: those by draw. ahead: of the years after, by draw. published:
    publisher and vintage of the nation's outlook, empty: none.
    """

    history: History
    known: pd.Series
    years: np.ndarray
    before: np.ndarray = field(repr=False)
    ahead: np.ndarray = field(repr=False)
    forecast: Forecast = field(repr=False)
    notes: tuple[Text, ...] = ()
    published: str = ""

    @property
    def values(self) -> np.ndarray:
        """All years, made anew whenever they are asked for."""
        return np.hstack([np.ascontiguousarray(self.before), self.ahead])

    @property
    def size(self) -> int:
        """The memory it takes, in bytes, its forecast's draws with it where they are others."""
        draws = {id(each): each.nbytes for each in (self.ahead, self.forecast.draws)}
        return sum(draws.values()) + (self.before.nbytes if self.before.strides[0] else 0)

    @property
    def last_year(self) -> int:
        return int(self.known.index[-1])


@dataclass(frozen=True)
class Outlook:
    """Paths of a target's indicator.

    values: shape (n_draws, n_years + 1), base year first, in `unit` (an index for real growth); years known
    already are the same in every draw. They are made anew whenever they are asked for: a plan may have thousands. base: figure at base_year, None where the history starts later. published: publisher
    and vintage of the nation's outlook that they stand on, empty: none.
    """

    target: Target
    history: History
    base: float | None
    base_year: int
    years: np.ndarray
    values: np.ndarray = field(repr=False)
    unit: str
    forecast: Forecast = field(repr=False)
    notes: tuple[Text, ...] = ()
    published: str = ""


Drawn.field_of(Outlook, "values")


@once
def quantity_of(plan: Plan, target: Target) -> Quantity:
    """Return what a target is measured on."""
    indicator, growth = measured(plan, target), kind_of(target).growth
    real = growth and target.price_basis in REAL
    quantity = Quantity(indicator.id, target.region, target.definition, real)
    points = indicator.scale == "share" and kind_of(target).change
    if real or indicator.scale == "rate" or not (points or growth and indicator.scale != "share"):
        return quantity
    levels = level_history(plan, indicator.id, target.region, definition=target.definition)
    return replace(quantity, index=len(levels) < (1 if points else 2))


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
    if real:
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


def known_on(plan: Plan, last_year: int, estimated: bool = False) -> str:
    """Return the month up to which outlooks count: the plan's date, or when the last year's figures were out.

    A moment before the plan's date moves it back. estimated: the last year is under way at the plan's moment.
    """
    moment = plan.moment
    if moment is not None and before_plan(plan):
        return f"{moment.last_full_year + 1}-{FIGURES_OUT}"
    out = moment.known_on.isoformat()[:7] if moment and estimated else f"{last_year + 1}-{FIGURES_OUT}"
    return max(plan.date[:7], out)


def nation_of(
    plan: Plan, country: str, group: str, scenario: Scenario, last_year: int, estimated: bool = False
) -> Nation | None:
    """Return the country whose outlook a class follows, None where there is none or the scenario wants none.

    Errors: NotAssessable for a class of another country's regions, or where the scenario's publisher had none by then.
    """
    chosen = load_class(group)
    if chosen.nation and country and chosen.nation != country:
        raise NotAssessable(Phrase("feasibility.other_country", name=chosen))
    if not chosen.basis or not country or scenario.outlook == NO_OUTLOOK:
        return None
    when, folder = known_on(plan, last_year, estimated), plan.folder.parent.parent
    nation = load_nation(country, when, publisher=scenario.outlook, folder=folder)
    if nation is None and scenario.outlook:
        raise NotAssessable(Phrase("feasibility.no_outlook", name=scenario.outlook, when=when))
    return nation


def check_forecastable(plan: Plan, target: Target) -> None:
    """Raise NotAssessable, with the reason, for a target that no forecast can speak about."""
    if kind_of(target).shown_only:
        raise NotAssessable(SHOWN_ONLY)
    if target.status != "printed" and target.target_value is None:
        raise NotAssessable(NO_FIGURE[target.status])
    if target.target_year <= plan.base_year:
        raise NotAssessable(Phrase("feasibility.past", year=target.target_year))


def paths_of(
    plan: Plan,
    quantity: Quantity,
    last_year: int,
    scenario: Scenario,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    reference: str | None = None,
    seen: int = 0,
) -> Paths:
    """Return the paths of a quantity by itself up to a year, a year ahead of what is known at least.

    plan: as it is known (planmodel.feasibility.histories). reference: another reference class than the catalogue's. seen: the last
    year known of anything tied to it: what a scenario says of growth up to then has come or has not.
    Random numbers come from (seed, region and indicator): the same in every scenario.

    Errors: NotAssessable with the reason where there is no history, no class that fits, or nothing to forecast.
    """
    indicator = plan.catalogue.indicators[quantity.indicator]
    history, notes = quantity_history(plan, quantity, scenario)
    values = history.values
    if values.empty:
        raise NotAssessable(Phrase("feasibility.no_observation"))
    points = quantity.index and indicator.scale == "share"
    group = reference or class_used(plan, quantity, history)
    country, last = plan.catalogue.country_of(quantity.region), history.last_year
    nation = nation_of(plan, country, group, scenario, last, history.origins[last].vintage == ESTIMATE)
    scale = "amount" if history.real else indicator.scale
    if (values <= 0).any() and scale not in ("share", "rate"):
        raise NotAssessable(Phrase("feasibility.not_positive"))
    ahead = np.arange(last + 1, max(last_year, last + 1) + 1)
    try:
        result = _forecast(
            values + MIDDLE if points else values, len(ahead), scale=scale, key=quantity.key, n_draws=n_draws, seed=seed,
            reference=group, nation=nation, volatility=scenario.volatility,
        )  # fmt: skip
        moved = scenario.shocks_for(plan, indicator.id, scale, ahead) * (ahead > seen)
        if moved.any():
            moved = moved * (1.0 if indicator.price_basis == "nominal" or scale == "share" else _felt(result))
            draws = shocked(result.draws, moved, scale, result.last_value)
            result = replace(result, draws=np.clip(draws, 0.0, 100.0) if scale == "share" else draws)
    except NotAssessable:
        raise
    except PlanmodelError as error:
        raise NotAssessable(error.sentence) from None
    if points:
        result = replace(result, draws=result.draws - MIDDLE, last_value=float(values.iloc[-1]))
    known = values.reindex(range(int(values.index[0]), last + 1)).interpolate()
    first = min(plan.base_year - MAX_BASE_AGE, last, _first_bases(plan).get(quantity.indicator, last))
    known = known[known.index >= first]
    before, drawn = np.broadcast_to(known.to_numpy(), (n_draws, len(known))), result.draws
    years = np.concatenate([known.index.to_numpy(), ahead])
    spreads = {year: spread for year, spread in history.spreads.items() if year > plan.base_year}
    if spreads:  # an estimated year is off by the same factor as all that follows
        noise = stream(seed, f"{quantity.key}/under way").standard_normal(n_draws)
        off = np.array([spreads.get(min(int(year), last), 0.0) for year in years])
        factors = np.exp(off * noise[:, None])
        before, drawn = before * factors[:, : len(known)], drawn * factors[:, len(known) :]
    published = "" if nation is None else nation.text
    return Paths(history, known, years, before, drawn, result, (*notes, *class_notes(group)), published)


KEPT: Room[tuple[Any, Forecast]] = Room(KEPT_FORECASTS, lambda kept: kept[1].draws.nbytes)


@once
def _first_bases(plan: Plan) -> Mapping[str, int]:
    """The earliest base year of the targets of each indicator."""
    by_indicator = grouped(plan.targets, lambda target: target.indicator.id)
    return {name: min(target.base_year for target in own) for name, own in by_indicator.items()}


@once
def targets_by_quantity(plan: Plan) -> Mapping[Quantity, Sequence[Target]]:
    """Return the targets of each quantity, in the document's order."""
    return grouped(plan.targets, lambda target: quantity_of(plan, target))


def _felt(result: Forecast) -> float:
    """Return how much of a shock to growth an indicator without prices feels: in proportion to its own spread, at most all.

    A point of growth is a third of the error of five-year growth in the class of prefectures (scenario high): life
    expectancy, employment or doctors are moved by as large a part of theirs.
    """
    if result.draws.min() <= 0:
        return 1.0
    low, high = np.quantile(np.log(result.draws[:, -1]), (0.16, 0.84))
    return min(1.0, 100 * float(high - low) / 2 / len(result.years) / USUAL_SPREAD)


def _forecast(
    values: pd.Series, n_years: int, *, reference: str, nation: Nation | None, **options: Any
) -> Forecast:
    """Return a forecast, kept for the other targets of the series and for who looks again; its draws are for reading."""
    group, country = load_class(reference), nation and (*vars(nation).values(),)
    key = (id(group), repr(country), n_years, *values.items(), *options.values())
    if (kept := KEPT.get(key)) is None:
        no_shocks = np.zeros(n_years)
        result = forecast(values, n_years, reference=reference, nation=nation, shocks=no_shocks, **options)
        result.draws.flags.writeable = False
        KEPT.put({key: (kept := (group, result))})
    return kept[1]

"""Outlooks: the paths a target's indicator may take, from its base year to its target year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.streams import stream
from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.forecasts import Forecast, forecast
from planmodel.forecasts.nations import Nation, load_nation
from planmodel.forecasts.reference import class_names, load_class
from planmodel.plans import SPLICED, Plan, Target, kind_of
from planmodel.plans.catalogue import Indicator
from planmodel.plans.kinds import NO_FIGURE, SHOWN_ONLY, is_reduction
from planmodel.plans.scenarios import NO_OUTLOOK, Scenario
from planmodel.plans.series import REAL, History, level_history, real_history
from planmodel.words import Phrase, Text

N_DRAWS = 10_000
SEED = 20210101
MAX_BASE_AGE = 10
FIGURES_OUT = "03"
"""The month in which a year's figures are out."""
COUNTRIES = "countries_real_gdp"
"""The class of real growth where no class of the region's own country is at hand."""

KEPT_FORECASTS = 32


@dataclass(frozen=True)
class Outlook:
    """Paths of a target's indicator.

    values: shape (n_draws, n_years + 1), base year first, in `unit` (an index for real growth); years known
    already are the same in every draw. base: figure at base_year, None where the history starts later. published: publisher
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

    @property
    def key(self) -> str:
        return f"{self.target.region}/{self.target.indicator.id}"


def measured(plan: Plan, target: Target) -> Indicator:
    """Return the indicator whose values decide: for a "decrease of ..." over the plan, what shall fall."""
    if is_reduction(target):
        return plan.catalogue.indicators[target.indicator.reduction_of]
    return target.indicator


def history_of(
    plan: Plan, target: Target, scenario: Scenario, as_of: int | None = None
) -> tuple[History, tuple[Text, ...]]:
    """Return the history a target is measured on, and notes on how it was made.

    Levels in the target's unit; for real growth an index chained from published rates, or, where none are
    published, nominal levels less the scenario's deflator (noted).
    """
    indicator = measured(plan, target)
    real = kind_of(target).growth and target.price_basis in REAL
    if real:
        history = real_history(plan, indicator.id, target.region, definition=target.definition, as_of=as_of)
        if len(history) >= 2:
            return history, ()
    dimensions = {u.id: u.dimension for u in plan.catalogue.units.values()}
    unit = (
        target.unit
        if target.unit and dimensions[target.unit] == dimensions.get(indicator.unit)
        else indicator.unit
    )
    history = level_history(
        plan, indicator.id, target.region, definition=target.definition, as_of=as_of, unit=unit
    )
    if not real or len(history) < 2:
        return history, ()
    years = history.values.index.to_numpy()
    prices = np.cumprod(1 + scenario.deflator(np.arange(years[0] + 1, years[-1] + 1)))
    index = history.values.to_numpy() / np.concatenate([[1.0], prices])[years - years[0]]
    deflated = replace(
        history,
        values=pd.Series(100 * index / index[-1], index=history.values.index),
        unit="index",
        real=True,
    )
    return deflated, (Phrase("feasibility.deflated"),)


def base_of(target: Target, history: History, plan: Plan) -> tuple[float | None, int]:
    """Return the base figure and its year: as printed, else from the history at or before the base year.

    What is promised as a change counts from the revised base where the base was revised.
    """
    units = plan.catalogue.units
    origin = history.origins.get(target.base_year)
    moved = kind_of(target).rebased and origin is not None and origin.vintage == SPLICED
    if (
        target.base_value is not None
        and not moved
        and not history.real
        and target.base_unit in units
        and history.unit in units
        and units[target.base_unit].dimension == units[history.unit].dimension
        and not kind_of(target).flow
        and not (target.kind == "annual_growth" and target.base_unit == "%")
    ):
        return plan.catalogue.convert(target.base_value, target.base_unit, history.unit), target.base_year
    earlier = [
        year for year in history.values.index if target.base_year - MAX_BASE_AGE <= year <= target.base_year
    ]
    if not earlier:
        return None, target.base_year
    return float(history.values[earlier[-1]]), int(earlier[-1])


def class_of_real_growth(country: str) -> str:
    """Return the class that real growth of a country's regions is judged by: one of that country, else of countries.

    >>> class_of_real_growth("china"), class_of_real_growth("rwanda")
    ('prefectures_real_gdp', 'countries_real_gdp')
    """
    own = (
        name
        for name in class_names()
        if load_class(name).nation == country and load_class(name).basis == "real"
    )
    return next(own, COUNTRIES)


def reference_of(plan: Plan, indicator: Indicator, region: str, real: bool) -> str:
    """Return the class that an indicator of a region is judged by: of real growth by the country, else as the catalogue says."""
    return class_of_real_growth(plan.catalogue.country_of(region)) if real else indicator.reference


def known_on(plan: Plan, last_year: int, as_of: int | None) -> str:
    """Return the month up to which outlooks count: the plan's date, or when the last year's figures were out; as_of moves it."""
    if as_of:
        return f"{as_of + 1}-{FIGURES_OUT}"
    return max(plan.date[:7], f"{last_year + 1}-{FIGURES_OUT}")


def nation_of(
    plan: Plan, country: str, group: str, scenario: Scenario, last_year: int, as_of: int | None
) -> Nation | None:
    """Return the country whose outlook a class follows, None where there is none or the scenario wants none.

    Errors: NotAssessable for a class of another country's regions, or where the scenario's publisher had none by then.
    """
    chosen = load_class(group)
    if chosen.nation and country and chosen.nation != country:
        raise NotAssessable(Phrase("feasibility.other_country", name=chosen))
    if chosen.basis != "real" or not country or scenario.outlook == NO_OUTLOOK:
        return None
    when, folder = known_on(plan, last_year, as_of), plan.folder.parent.parent
    nation = load_nation(country, when, publisher=scenario.outlook, folder=folder)
    if nation is None and scenario.outlook:
        raise NotAssessable(Phrase("feasibility.no_outlook", name=scenario.outlook, when=when))
    return nation


def check_forecastable(plan: Plan, target: Target) -> None:
    """Raise NotAssessable, with the reason, for a target that no forecast can speak about."""
    if kind_of(target).shown_only:
        raise NotAssessable(SHOWN_ONLY)
    if target.status != "printed":
        raise NotAssessable(NO_FIGURE[target.status])
    if target.target_year <= plan.base_year:
        raise NotAssessable(Phrase("feasibility.past", year=target.target_year))


def outlook(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    as_of: int | None = None,
    reference: str | None = None,
) -> Outlook:
    """Return the paths of a target's indicator in a scenario.

    as_of: use only observations up to that year. reference: another reference class than the catalogue's.
    Random numbers come from (seed, region and indicator): the same in every scenario.

    Errors: NotAssessable with the reason where there is no history, no class that fits, or nothing to forecast.
    """
    check_forecastable(plan, target)
    flow = kind_of(target).flow
    history, notes = history_of(plan, target, scenario, as_of)
    values = history.values
    if values.empty:
        raise NotAssessable(Phrase("feasibility.no_observation"))
    indicator = measured(plan, target)
    group = reference or reference_of(plan, indicator, target.region, history.real)
    if not group:
        raise NotAssessable(Phrase("feasibility.no_class", n=len(values)))
    country = plan.catalogue.country_of(target.region)
    nation = nation_of(plan, country, group, scenario, history.last_year, as_of)
    base, base_year = base_of(target, history, plan)
    if base is None and not flow:
        raise NotAssessable(Phrase("feasibility.no_base", n=MAX_BASE_AGE, year=target.base_year))
    if flow:
        base_year = target.base_year
    elif base_year != target.base_year:
        notes += (Phrase("feasibility.counted_from", year=target.base_year, base_year=base_year),)
    if (values <= 0).any() and indicator.scale != "share":
        raise NotAssessable(Phrase("feasibility.not_positive"))
    last = history.last_year
    spread = history.origins[last].spread
    if last >= target.target_year and not (spread and last == target.target_year and len(values) > 1):
        raise NotAssessable(Phrase("feasibility.known", year=last))
    known = values.reindex(range(int(values.index[0]), last + 1)).interpolate()
    if (
        last == target.target_year
    ):  # the last year is under way: the forecast only says which class and model stand behind
        values, last = values.iloc[:-1], int(values.index[-2])
    n_ahead = target.target_year - last
    ahead = np.arange(last + 1, target.target_year + 1)
    scale = "amount" if history.real else indicator.scale
    try:
        result = _forecast(
            values,
            n_ahead,
            scale=scale,
            key=f"{target.region}/{indicator.id}",
            n_draws=n_draws,
            seed=seed,
            reference=group,
            nation=nation,
            shocks=scenario.shocks_for(plan, indicator.id, scale, ahead),
            volatility=scenario.volatility,
        )
    except NotAssessable:
        raise
    except PlanmodelError as error:
        raise NotAssessable(error.sentence) from None
    years = np.arange(base_year, target.target_year + 1)
    paths = np.empty((n_draws, len(years)))
    for column, year in enumerate(years):
        if year > history.last_year:
            paths[:, column] = result.draws[:, year - last - 1]
        else:
            paths[:, column] = known.get(year, np.nan)
    if spread:  # an estimated year is off by the same factor as all that follows from it
        noise = stream(seed, f"{target.region}/{indicator.id}/under way").standard_normal(n_draws)
        paths[:, years >= history.last_year] *= np.exp(spread * noise)[:, None]
    if base is not None and base_year <= last:
        paths[:, 0] = base
    missing = [int(year) for year, column in zip(years, paths.T, strict=True) if np.isnan(column).any()]
    if [year for year in missing if year > base_year or not flow]:
        raise NotAssessable(Phrase("feasibility.gap", year=missing[0]))
    published = "" if nation is None else nation.text
    return Outlook(target, history, base, base_year, years, paths, history.unit, result, notes, published)


_kept: dict[tuple, tuple[Any, Forecast]] = {}


def _forecast(
    values: pd.Series,
    n_years: int,
    *,
    reference: str,
    nation: Nation | None,
    shocks: np.ndarray,
    **options: Any,
) -> Forecast:
    """Return a forecast, kept for the other targets of the series and for who looks again; its draws are for reading."""
    group = load_class(reference)
    country = nation and (*vars(nation).values(),)
    key = (id(group), repr(country), n_years, *values.items(), *shocks.tolist(), *options.values())
    if key not in _kept:
        result = forecast(values, n_years, reference=reference, nation=nation, shocks=shocks, **options)
        result.draws.flags.writeable = False
        while len(_kept) >= KEPT_FORECASTS:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = group, result
    return _kept[key][1]

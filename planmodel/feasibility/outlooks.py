"""Outlooks: the paths a target's indicator may take, from its base year to its target year."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.streams import Drawn, stream
from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.feasibility.quantities import MAX_BASE_AGE, Quantity, class_notes, class_used, quantity_history
from planmodel.feasibility.room import Room
from planmodel.forecasts import Forecast, forecast, shocked
from planmodel.forecasts.nations import Nation, load_nation
from planmodel.forecasts.reference import load_class
from planmodel.plans import ESTIMATE, Plan, Target, kind_of
from planmodel.plans.kinds import NO_FIGURE, SHOWN_ONLY
from planmodel.plans.known import before_plan
from planmodel.plans.model import grouped, once
from planmodel.plans.scenarios import NO_OUTLOOK, Scenario
from planmodel.plans.series import History
from planmodel.words import Phrase, Text

N_DRAWS = 10_000
SEED = 20210101
FIGURES_OUT = "03"  # the month in which a year's figures are out
MIDDLE = 50.0  # the level that stands for a share of which none is known
USUAL_SPREAD = 3.0
"""Of mean growth over five years in the class of prefectures, points a year: what a point of a scenario's shock is a third of."""
USUAL_SHARE = 0.6  # the same of shares, points a year at one half: 0.2 points are a third of it
PROGRESS = ("share", "density")
"""Scales of which a shock moves progress: what is better low the other way round."""
KEPT_FORECASTS = 32 * 2**20
"""Bytes of draws that are kept for whoever asks for the same forecast again."""


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

    values: shape (n_draws, n_years + 1), base year first, in `unit` (an index for real growth); years known already are the
    same in every draw. They are made anew whenever they are asked for: a plan may have thousands. base: figure at base_year,
    None where the history starts later. published: publisher and vintage of the nation's outlook that they stand on, empty: none.
    """

    target: Target = field(repr=False)
    history: History = field(repr=False)
    base: float | None
    base_year: int
    years: np.ndarray
    values: np.ndarray = field(repr=False)
    unit: str
    forecast: Forecast = field(repr=False)
    notes: tuple[Text, ...] = field(default=(), repr=False)
    published: str = ""

    @property
    def start(self) -> float | None:
        """The figure that a promise is judged from: the base, else the latest known before it (a base that is drawn)."""
        before = self.history.values[self.history.values.index <= self.base_year]
        return self.base if self.base is not None or before.empty else float(before.iloc[-1])


Drawn.field_of(Outlook, "values")


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
        of = (quantity.indicator, quantity.region)
        seen_otherwise = any((o.indicator, o.region) == of for o in plan.observations)
        raise NotAssessable(Phrase(f"feasibility.{'no_level' if seen_otherwise else 'no_observation'}"))
    points = quantity.index and indicator.scale == "share"
    group = reference or class_used(plan, quantity, history)
    country, last = plan.catalogue.country_of(quantity.region), history.last_year
    nation = nation_of(plan, country, group, scenario, last, history.origins[last].vintage == ESTIMATE)
    scale = "amount" if history.real else indicator.scale
    if (values <= 0).any() and scale not in ("share", "rate"):
        raise NotAssessable(Phrase("feasibility.not_positive"))
    counted = plan.catalogue.units.get(history.unit)
    if (
        scale == "rate" and counted and counted.factor != 1
    ):  # classes of rates know percent: natural increase in per mille is another thing
        raise NotAssessable(Phrase("feasibility.no_rates", unit=history.unit))
    ahead = np.arange(last + 1, max(last_year, last + 1) + 1)
    try:
        result = _forecast(
            values + MIDDLE if points else values, len(ahead), scale=scale, key=quantity.key, n_draws=n_draws, seed=seed,
            reference=group, nation=nation, volatility=scenario.volatility,
        )  # fmt: skip
        moved = scenario.shocks_for(plan, indicator.id, scale, ahead) * (ahead > seen)
        if moved.any():
            less = (
                indicator.direction == "lower" and scale in PROGRESS
            )  # unemployment falls less where shares rise less
            part = 1.0 if indicator.price_basis != "none" else felt(result, scale)
            moved = moved * (-part if less else part)
            draws = shocked(result.draws, moved, scale, result.last_value)
            result = replace(result, draws=np.clip(draws, 0.0, 100.0) if scale == "share" else draws)
    except NotAssessable:
        raise
    except PlanmodelError as error:
        raise NotAssessable(error.reason) from None
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


def felt(result: Forecast, scale: str) -> float:
    """Return how much of a shock an indicator without prices feels: in proportion to its own spread, at most all.

    A point of growth is a third of the error of five-year growth in the class of prefectures (scenario high), 0.2 points of a
    share of one half a third of what such shares miss: life expectancy, doctors or forests are moved by as large a part of theirs.

    >>> z = np.linspace(-1.5, 1.5, 2001)[:, None]  # over two years
    >>> shares = Forecast(np.array([2021, 2022]), 90 + 0.216 * z, 2020, 90.0, "gdp_shares", 0.5, 5, "class")
    >>> round(felt(shares, "share"), 2)
    0.51
    """
    last, half = result.draws[:, -1], result.last_value * (100 - result.last_value) / 2500
    if scale == "share" and half > 0:
        last, usual = last / half, USUAL_SHARE
    elif scale != "share" and result.draws.min() > 0:
        last, usual = 100 * np.log(last), USUAL_SPREAD
    else:
        return 1.0
    low, high = np.quantile(last, (0.16, 0.84))
    return min(1.0, float(high - low) / 2 / len(result.years) / usual)


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

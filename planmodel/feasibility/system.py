"""The system of a plan's quantities: drawn together, and in agreement with identities and prices in every draw.

Each quantity has a forecast of its own. Their draws are put side by side by the dependence of their kinds, and then moved the
least that makes all ties between them hold (planmodel.feasibility.ties).
"""

import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from operator import attrgetter
from typing import Any

import numpy as np

from planmodel.arithmetic.growth import mean_growth
from planmodel.arithmetic.streams import stream
from planmodel.errors import NotAssessable
from planmodel.feasibility.outlooks import (
    N_DRAWS,
    SEED,
    Outlook,
    Paths,
    check_forecastable,
    known_on,
    paths_of,
)
from planmodel.feasibility.quantities import (
    MAX_BASE_AGE,
    Quantity,
    base_of,
    history_of,
    quantity_history,
    quantity_of,
    targets_by_quantity,
)
from planmodel.feasibility.room import Room
from planmodel.feasibility.ties import PRICES, Tie, anchored, is_price, over, project
from planmodel.forecasts.dependence import loadings
from planmodel.forecasts.nations import Nation, load_prices, price_draws
from planmodel.plans import Plan, Target, kind_of
from planmodel.plans.catalogue import dependence_kind
from planmodel.plans.derived import equations
from planmodel.plans.model import grouped_by_each
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import growth_history, level_history
from planmodel.words import Phrase

FEW_TIES = 2  # so many identities are named in a note, more only counted
PRICES_LASTING, PRICES_YEARLY = 0.03, 0.01
"""Standard deviation of the price change of one region's indicator about the nation's: of its mean, and of a year, in logs."""
ROOM = 64 * 2**20
"""Bytes for the paths of all systems: those of one plan of a hundred indicators."""
HELD: Room[Paths] = Room(ROOM, attrgetter("size"))  # paths by system and quantity


@dataclass(frozen=True)
class System:
    """The quantities of a plan in a scenario: `outlook` of a target, `paths` of a quantity; made when they are looked at.

    plan: as it is known at a moment (planmodel.feasibility.histories). Row i of all paths is one joint outcome. classes:
    reference classes other than the catalogue's. Random numbers come from the seed, region and indicator: the same in every scenario.
    """

    plan: Plan
    scenario: Scenario
    n_draws: int = N_DRAWS
    seed: int = SEED
    classes: Mapping[Quantity, str] = field(default_factory=dict)
    _failed: dict[Quantity, NotAssessable] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        weakref.finalize(self, HELD.forget, id(self)).atexit = False  # its paths go with it

    def outlook(self, target: Target) -> Outlook:
        """Return the paths of a target's indicator, from its base year to its target year.

        Errors: NotAssessable with the reason where there is no history, no class that fits, or nothing to forecast.
        """
        check_forecastable(self.plan, target)
        flow = kind_of(target).flow
        history, _ = history_of(self.plan, target, self.scenario)
        paths = self.paths(quantity_of(self.plan, target), target.target_year)
        base, base_year = base_of(target, history, self.plan)
        notes, last = paths.notes, paths.last_year
        if base is None and not flow:
            raise NotAssessable(Phrase("feasibility.no_base", n=MAX_BASE_AGE, year=target.base_year))
        if base_year != target.base_year and not flow:
            notes += (Phrase("feasibility.through", year=target.base_year, base_year=base_year),)
        if base_year != target.base_year:  # the base year itself is drawn
            base, base_year = None, target.base_year
        under_way = last in paths.history.spreads and last == target.target_year
        if last >= target.target_year and not under_way:
            why = "known" if target.target_year in paths.history.values.index else "year_over"
            raise NotAssessable(Phrase(f"feasibility.{why}", year=target.target_year))
        years = np.arange(base_year, target.target_year + 1)
        convert = self.plan.catalogue.convert
        units = 1.0 if history.chained else convert(1.0, paths.history.unit, history.unit)
        start = base if base_year <= last else None
        missing = years[~np.isin(years, paths.years)]
        missing = missing[missing > base_year] if start is not None else missing
        if len(missing) and (missing[-1] > base_year or not flow):
            raise NotAssessable(Phrase("feasibility.gap", year=int(missing[0])))
        ahead = paths.years[(paths.years > last) & (paths.years <= max(target.target_year, last + 1))]
        of = partial(self._values, quantity_of(self.plan, target), target.target_year, units)
        values: Any = partial(of, years, start)
        draws: Any = partial(of, ahead)
        last_value = units * paths.forecast.last_value
        made = replace(paths.forecast, years=ahead, draws=draws, last_value=last_value)
        start_of = (target, history, base, base_year)
        return Outlook(*start_of, years, values, history.unit, made, notes, paths.published)

    def _values(
        self, quantity: Quantity, last: int, units: float, years: np.ndarray, start: float | None = None
    ) -> np.ndarray:
        """The paths of a quantity over some years, times `units`; start: the first year's figure, where it is known."""
        paths = self.paths(quantity, last)
        values = np.full((self.n_draws, len(years)), np.nan)
        values[:, np.isin(years, paths.years)] = units * paths.values[:, np.isin(paths.years, years)]
        if start is not None:
            values[:, 0] = start
        return values

    def paths(self, quantity: Quantity, year: int = 0) -> Paths:
        """Return the paths of a quantity, up to the last year that the plan promises something of its kin for.

        year: that they must reach at least. Errors: NotAssessable.
        """
        made = self._failed.get(quantity) or HELD.get((id(self), quantity))
        if made is None or isinstance(made, Paths) and made.years[-1] < year:
            kin = self._kin(quantity)
            last = max(year, *(self._horizons.get(member, 0) for member in kin))
            known = (quantity_history(self.plan, member, self.scenario)[0].known_to for member in kin)
            seen = max((to for to in known if to is not None), default=0)
            alone = {member: self._alone(member, last, seen) for member in kin}
            drawn = {member: paths for member, paths in alone.items() if isinstance(paths, Paths)}
            self._failed.update({m: why for m, why in alone.items() if isinstance(why, NotAssessable)})
            settled = drawn | self._settled(drawn)
            HELD.put({(id(self), member): paths for member, paths in settled.items()})
            made = self._failed.get(quantity) or HELD.get((id(self), quantity))
        if not isinstance(made, Paths):
            assert made is not None
            raise made
        return made

    def by_kin(self, targets: Iterable[Target]) -> list[Target]:
        """Return targets so that those whose quantities are tied stand together: their paths are then made once."""
        first: dict[Quantity, int] = {}
        for place, target in enumerate(given := list(targets)):
            if (quantity := quantity_of(self.plan, target)) not in first:
                first |= {member: first.get(member, place) for member in self._kin(quantity)}
        return sorted(given, key=lambda target: first[quantity_of(self.plan, target)])

    @cached_property
    def _horizons(self) -> dict[Quantity, int]:
        """The last year that something is promised of each quantity for."""
        promised = targets_by_quantity(self.plan)
        return {quantity: max(target.target_year for target in own) for quantity, own in promised.items()}

    @cached_property
    def _ties(self) -> Mapping[Quantity, Sequence[int]]:
        """The places of the identities that each quantity is a term of."""
        return grouped_by_each(range(len(self._identities)), lambda at: self._identities[at].terms)

    def _tied(self, quantities: Iterable[Quantity]) -> list[Tie]:
        """The identities that some quantities are terms of, in the plan's order."""
        places = {at for quantity in quantities for at in self._ties.get(quantity, ())}
        return [self._identities[at] for at in sorted(places)]

    @cached_property
    def _identities(self) -> tuple[Tie, ...]:
        return tuple(
            Tie(tuple(Quantity(*key) for key in each.keys), (1, -1) if each.ratio else (), each.text)
            for each in equations(self.plan)
        )

    def _kin(self, quantity: Quantity) -> tuple[Quantity, ...]:
        """A quantity and all that identities and prices tie to it, directly or not."""
        kin, ahead = {quantity: None}, [quantity]
        while ahead:
            one = ahead.pop()
            tied = [term for tie in self._tied([one]) for term in tie.terms]
            if self._priced(one):
                tied.append(replace(one, real=not one.real))
            new = [term for term in tied if term not in kin]
            kin |= dict.fromkeys(new)
            ahead += new
        return tuple(kin)

    def _priced(self, quantity: Quantity) -> bool:
        """Return True for an amount of which levels and real growth are published, of two years each at least."""
        if self.plan.catalogue.indicators[quantity.indicator].scale != "amount":
            return False
        of = (self.plan, quantity.indicator, quantity.region)
        about: dict = {"definition": quantity.definition}
        return len(growth_history(*of, **about)) > 1 and len(level_history(*of, **about)) > 1

    def _alone(self, quantity: Quantity, last_year: int, seen: int = 0) -> Paths | NotAssessable:
        """The paths of a quantity by its own forecast, in the order of its score; seen: the last year known of its kin."""
        options: dict[str, Any] = {"n_draws": self.n_draws, "seed": self.seed, "seen": seen}
        group = self.classes.get(quantity)
        try:
            paths = paths_of(self.plan, quantity, last_year, self.scenario, reference=group, **options)
        except NotAssessable as error:
            return error
        ahead = np.asfortranarray(paths.ahead)
        height = (np.log(ahead) if ahead.min() > 0 else ahead).mean(axis=1)
        order = np.empty(self.n_draws, dtype=int)
        order[_ascending(*self._scored(quantity))] = np.argsort(height, kind="stable")
        before = paths.before[order] if paths.before.strides[0] else paths.before
        drawn = paths.ahead[order]
        return replace(paths, before=before, ahead=drawn, forecast=replace(paths.forecast, draws=drawn))

    def _kind(self, quantity: Quantity) -> str:
        if is_price(quantity):
            return PRICES
        return dependence_kind(self.plan.catalogue.indicators[quantity.indicator], quantity.real)

    def _scored(self, quantity: Quantity) -> tuple:
        """What normal scores of a quantity's draws depend on: those of two correlate as their kinds do."""
        lower = self.plan.catalogue.indicators[quantity.indicator].direction == "lower"
        return self.seed, self.n_draws, quantity.key, self._kind(quantity), self.scenario.dependence, lower

    def _settled(self, drawn: Mapping[Quantity, Paths]) -> dict[Quantity, Paths]:
        """Paths of tied quantities moved the least that makes every tie hold as it does in the last year known."""
        priced = [q for q in drawn if not q.real and replace(q, real=True) in drawn]
        prices = {q: replace(q, definition=q.definition + PRICES) for q in priced}
        by_price = [Tie((q, replace(q, real=True), prices[q]), (1, 1), self._price_text(q)) for q in priced]
        end = min((int(p.years[-1]) for p in drawn.values()), default=0)
        known = (anchored(each, drawn) for each in (*self._tied(drawn), *by_price))
        ties = [tie for tie in known if tie and tie.since < end]
        if not ties:
            return {}
        years = np.arange(min(tie.since for tie in ties), end + 1)
        logs = {
            q: np.log(over(years, drawn[q]))
            for q in dict.fromkeys(t for tie in ties for t in tie.terms if t in drawn)
        }
        logs |= self._prices(prices.values(), years)
        settled = project(logs, ties, years)
        agreed = {}
        for quantity in [q for q in logs if q in drawn]:
            paths = drawn[quantity]
            ahead = paths.years[paths.years > paths.last_year]
            moved, values = np.intersect1d(years, ahead), paths.ahead.copy()
            values[:, np.isin(ahead, moved)] = np.exp(settled[quantity][:, np.isin(years, moved)])
            own = [tie.text for tie in ties if quantity in tie.terms]
            note = Phrase("feasibility.agrees", texts=own)
            if len(own) > FEW_TIES:
                note = Phrase("feasibility.agrees_all", n=len(own))
            drawn_as = replace(paths.forecast, draws=values)
            agreed[quantity] = replace(paths, ahead=values, notes=(*paths.notes, note), forecast=drawn_as)
        return agreed

    def _price_text(self, quantity: Quantity) -> Phrase:
        """What the notes say of prices; of a country without a record of them, whose they are."""
        if self._prices_known(self.plan.catalogue.country_of(quantity.region), self.plan.base_year):
            return Phrase("feasibility.prices")
        first, last = self.plan.period
        prices = mean_growth(self.scenario.deflator(range(first, last + 1)))
        return Phrase("feasibility.scenario_prices", percent=round(100 * float(prices), 2))

    def _prices(self, prices: Iterable[Quantity], years: np.ndarray) -> dict[Quantity, np.ndarray]:
        """Logarithms of price indices: the nation's known prices, then the scenario's deflator, as uncertain as the nation's
        are, and those of one indicator of one region beside them."""
        national, indices = dict[str, np.ndarray](), {}
        for price in prices:
            country = self.plan.catalogue.country_of(price.region)
            if country not in national:
                national[country] = self._national_prices(country, years)
            own = stream(self.seed, f"{PRICES}/{price.key}").standard_normal((self.n_draws, len(years)))
            lasting = PRICES_LASTING * _normal_scores(*self._scored(price))[:, None]
            indices[price] = np.cumsum(national[country] + PRICES_YEARLY * own + lasting, axis=1)
        return indices

    def _prices_known(self, country: str, year: int) -> Nation | None:
        """A country's prices as they were known when figures up to a year were out; None where none are on file."""
        return load_prices(country, known_on(self.plan, year), self.plan.folder.parent.parent)

    def _national_prices(self, country: str, years: np.ndarray) -> np.ndarray:
        """Changes of a nation's prices, in logarithms; of none known the scenario's deflator."""
        expected, nation = np.log1p(self.scenario.deflator(years)), self._prices_known(country, int(years[0]))
        if nation is None:
            return np.broadcast_to(expected, (self.n_draws, len(years)))
        drawn = price_draws(nation, int(years[0]) - 1, len(years), self.n_draws, self.seed) / 100
        return drawn + np.where(years > max(nation.record), expected - np.median(drawn, axis=0), 0.0)


@lru_cache(maxsize=4)
def _factors(seed: int, n_draws: int) -> np.ndarray:
    """What moves all quantities, whatever the plan: shape (n_factors, n_draws)."""
    return stream(seed, "factors").standard_normal((len(loadings(PRICES)), n_draws))


def _normal_scores(
    seed: int, n_draws: int, key: str, kind: str, dependence: float | None, lower: bool
) -> np.ndarray:
    """Normal scores of a quantity's draws. dependence: on one common factor, better with better; None: as the kinds do."""
    own = stream(seed, f"score/{key}/{kind}").standard_normal(n_draws)
    if dependence is not None:
        factor = stream(seed, "common factor").standard_normal(n_draws)
        return (-1 if lower else 1) * np.sqrt(dependence) * factor + np.sqrt(1 - dependence) * own
    load = loadings(kind)
    return load @ _factors(seed, n_draws) + np.sqrt(max(0.0, 1.0 - load @ load)) * own


@lru_cache(maxsize=128)
def _ascending(*scored) -> np.ndarray:
    """The order of a quantity's scores, the same in most scenarios: for reading."""
    return np.argsort(_normal_scores(*scored), kind="stable")

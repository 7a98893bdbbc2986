"""Figures nobody published: what identities, sums and places leave, real growth estimated, revised series spliced; all marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from planmodel.arithmetic.growth import PRICES, PRICES_POWER, USUAL_OFFSET, Interval, fill_growth, total
from planmodel.errors import UndefinedGrowth
from planmodel.forecasts.nations import national_record
from planmodel.plans.catalogue import Indicator
from planmodel.plans.kinds import is_reduction, kind_of
from planmodel.plans.loading import neighbours
from planmodel.plans.model import (
    DERIVED,
    GROWTH_MEASURES,
    SPLICED,
    Identity,
    Observation,
    Plan,
    Target,
    Term,
    once,
)
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import UNPUBLISHED, History, growth_history, level_history, log_growth, ordered
from planmodel.words import Phrase

NO_NATION = 0.1  # how far growth usually lies from nothing where no record of a nation is known


def measured(plan: Plan, target: Target) -> Indicator:
    """Return the indicator whose values decide: for a "decrease of ..." over the plan, what shall fall."""
    if is_reduction(target):
        return plan.catalogue.indicators[target.indicator.reduction_of]
    return target.indicator


def with_derived(plan: Plan, scenario: Scenario) -> Plan:
    """Return the plan with derived observations from its base year on, which give way to published ones.

    A term follows from the plan's identities where all others are published for a year (the base year too). What was summed over
    several years is spread evenly over those of them without a figure. Real growth of years without a published rate is estimated (see _real_growth). scenario: prices of years that the nation's record leaves out.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = with_derived(load_plan("taizhou-services-14fyp"), load_scenario("baseline"))
    >>> [(o.period, o.digits) for o in plan.observations if o.vintage == "derived" and o.indicator == "services_share"]
    [('2021', '50.7975')]
    """
    terms = [o for equation in equations(plan) for o in _by_identity(plan, equation)]
    plan = replace(plan, observations=(*plan.observations, *terms))
    plan = replace(plan, observations=(*plan.observations, *_parts_of_sums(plan)))
    series: dict[tuple[str, str, str], int] = {}
    for target in plan.targets:
        if kind_of(target).growth and target.target_year > plan.base_year:
            if target.indicator.deflated(target.price_basis):
                key = measured(plan, target).id, target.region, target.definition
                series.setdefault(key, target.base_year)
            if target.relative_to:
                series.setdefault((target.relative_to, target.region, ""), target.base_year)
    growth = [o for key, base_year in series.items() for o in _real_growth(plan, *key, base_year, scenario)]
    return replace(plan, observations=(*plan.observations, *growth))


@dataclass(frozen=True)
class Equation:
    """An identity as arithmetic, left side first: its terms as (indicator, region, definition), and what takes each unit to the base
    unit of its dimension, percent and per mille to fractions. text: by the names of its terms."""

    identity: Identity
    keys: tuple[tuple[str, str, str], ...]
    indicators: tuple[Indicator, ...]
    factors: tuple[float, ...]
    text: Phrase

    @property
    def ratio(self) -> bool:
        return self.identity.ratio

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.identity.terms

    def solve(self, at: int, *others: Interval) -> Interval:
        """Return the term at a place, in its own unit, from all others in order.

        Errors: UndefinedGrowth where a figure of zero leaves it open.
        """
        if self.ratio:
            one, two = others
            left, top, bottom = self.factors
            if at == 1:
                return (one * two).times(left * bottom / top)
            return (one / two).times(top / bottom / left) if at == 0 else self.whole(one, two)
        factors = [factor / self.factors[0] for factor in self.factors]
        parts = others if at == 0 else others[1:]
        by = [factor for place, factor in enumerate(factors) if place not in (0, at)]
        made = total([part.times(factor) for part, factor in zip(parts, by, strict=True)])
        return made if at == 0 else (others[0] - made).times(1 / factors[at])

    def whole(self, share: Interval, part: Interval) -> Interval:
        """Return the whole that a share and its part give, where the identity is a ratio."""
        left, top, bottom = self.factors
        return (part / share).times(top / left / bottom)

    def sides(self, left: Interval, *parts: Interval) -> tuple[Interval, Interval]:
        """Return what must meet: the left side that the parts give, and the printed one."""
        return self.solve(0, *parts), left

    def follows(self, at: int, others: Sequence[Interval]) -> Interval | None:
        """Return the term at a place as `solve` does, None where it is open or a part is nothing."""
        try:
            made = self.solve(at, *others)
        except UndefinedGrowth:
            return None
        return made if self.ratio or made.low > 0 else None


@once
def equations(plan: Plan) -> tuple[Equation, ...]:
    """Return the plan's identities in the units of the catalogue; terms are meant by the standard definition."""
    return tuple(equation_of(identity, plan) for identity in plan.identities)


def equation_of(identity: Identity, plan: Plan) -> Equation:
    """Return an identity as arithmetic, of the plan's region where a term names none."""
    known = plan.catalogue
    keys = tuple((term.indicator, term.region or plan.region, "") for term in identity.terms)
    indicators = tuple(known.indicators[term.indicator] for term in identity.terms)
    units = [known.units[indicator.unit] for indicator in indicators]
    factors = tuple(unit.factor * (0.01 if unit.dimension == "percent" else 1.0) for unit in units)
    whole, *parts = (
        Phrase("feasibility.tie.at", name=own, region=known.regions[term.region]) if term.region else own
        for own, term in zip(indicators, identity.terms, strict=True)
    )
    text = Phrase(f"feasibility.tie.{'ratio' if identity.ratio else 'sum'}", whole=whole, parts=parts)
    return Equation(identity, keys, indicators, factors, text)


def _by_identity(plan: Plan, equation: Equation) -> Iterator[Observation]:
    """Each term of an identity in the base year and later, where all others are published and it is not.

    A share and its whole give the part: finance of 4.0 % of 2,340.
    """
    histories = [level_history(plan, *key[:2]) for key in equation.keys]
    for at, ((_, region, _), own) in enumerate(zip(equation.keys, equation.indicators, strict=True)):
        others = [h for place, h in enumerate(histories) if place != at]
        years = set.intersection(*(set(h.values.index) - set(h.derived) for h in others))
        for year in sorted(int(y) for y in years - set(histories[at].values.index) if y >= plan.base_year):
            origins = [h.origins[year] for h in others]
            known = (float(h.values[year]) for h in others)
            made = equation.follows(at, [Interval(value, value) for value in known])
            if made is None or any(origin.vintage in UNPUBLISHED for origin in origins):
                continue
            yield Observation(
                own.id, region, str(year), year, year, "value", made.low, f"{made.low:.6g}", own.unit,
                price_basis=own.price_basis, vintage=DERIVED, published=max(origin.published for origin in origins),
                source="; ".join(dict.fromkeys(origin.source for origin in origins)), note=str(equation.identity),
            )  # fmt: skip


def _parts_of_sums(plan: Plan) -> Iterator[Observation]:
    """The years after the base year that a published sum or mean covers and that have no figure of their own."""
    for o in plan.observations:
        if o.measure not in ("sum", "mean") or not o.whole_years or o.first_year <= plan.base_year:
            continue
        history = level_history(plan, o.indicator, o.region, definition=o.definition)
        if not {o.unit, history.unit} <= set(plan.catalogue.units):
            continue
        years = range(o.first_year, o.last_year + 1)
        known = history.values[[y for y in years if y in history.values.index and y not in history.derived]]
        missing = [year for year in years if year not in known.index]
        times = 1 if o.measure == "sum" else len(years)
        total = times * plan.catalogue.convert(o.value, o.unit, history.unit)
        each = (total - float(known.sum())) / max(len(missing), 1)
        if each < 0:
            continue
        for year in missing:
            yield replace(
                o, period=str(year), first_year=year, last_year=year, measure="value", value=each, digits=f"{each:.6g}",
                unit=history.unit, comparator=o.comparator or "about", vintage=DERIVED, target="",
                note=f"a part of the {o.measure} of {o.period}",
            )  # fmt: skip


def price_changes(plan: Plan, region: str, scenario: Scenario, years: Sequence[int]) -> np.ndarray:
    """Return price changes of past years in logs: of the region's nation where they are known, else the scenario's."""
    _, known = national_record(plan.catalogue.country_of(region), plan.folder.parent.parent)
    assumed = np.log1p(scenario.deflator(np.asarray(years, dtype=int)))
    return np.array([known.get(year, other) for year, other in zip(years, assumed, strict=True)])


def price_spread(n_years: int) -> float:
    """Return how far a region's prices may have moved from its nation's over some years (logs)."""
    return PRICES * n_years**PRICES_POWER


def _real_growth(
    plan: Plan, indicator: str, region: str, definition: str, base_year: int, scenario: Scenario
) -> Iterator[Observation]:
    """Real growth after the base year, from one known year to the next, where published rates leave a gap.

    An estimate that agrees with published means over several years: the nation's growth, the region's usual offset from
    it, and levels at current prices less the nation's prices (`fill_growth`).
    """
    own = [o for o in plan.observed(indicator, region) if o.definition == definition and o.whole_years]
    deflated = plan.catalogue.indicators[indicator].deflated
    real = [o for o in own if o.measure in GROWTH_MEASURES and deflated(o.price_basis)]
    statements = [o for o in real if o.value > -100]
    levels = level_history(plan, indicator, region, definition=definition)
    nominal = plan.catalogue.indicators[indicator].price_basis == "nominal"
    priced = [int(y) for y in levels.values.index if nominal and y not in levels.derived]
    if not statements or (levels.values <= 0).any():
        return
    nodes = {o.first_year - 1 for o in statements} | {o.last_year for o in statements} | set(priced)
    known = growth_history(plan, indicator, region, definition=definition).values
    ahead = [year for year in sorted(nodes) if year > base_year]
    open_years = [year for year in ahead if base_year not in known.index or year not in known.index]
    if not open_years:
        return
    first, last = min(*nodes, base_year), ahead[-1]
    years = range(first + 1, last + 1)
    growth, _ = national_record(plan.catalogue.country_of(region), plan.folder.parent.parent)
    usual = np.array([growth.get(year, 0.0) for year in years])
    best = {(o.first_year, o.last_year): o for o in reversed(ordered(statements, plan.base_year))}
    sums = [(o.first_year - 1 - first, o.last_year - first, log_growth(o)) for o in best.values()]
    hints = [
        (
            a - first, b - first,
            float(np.log(levels.values[b] / levels.values[a]) - price_changes(plan, region, scenario, range(a + 1, b + 1)).sum()),
        )
        for a, b in pairwise(y for y in priced if first <= y <= last)
    ]  # fmt: skip
    filled, errors = fill_growth(usual, sums, hints, USUAL_OFFSET if growth else NO_NATION)
    joined = {base_year} | (set(known.index) if base_year in known.index else set())
    for year in open_years:
        if year in joined:
            continue
        start = max(y for y in joined if y < year)
        inside = slice(start - first, year - first)
        total, off = float(filled[inside].sum()), float(np.sqrt(errors[inside, inside].sum()))
        pct = 100 * float(np.expm1(total))
        at_year = (o for o in statements if year in (o.first_year - 1, o.last_year))
        near = levels.origins.get(year) or next(at_year)
        one = year == start + 1
        yield Observation(
            indicator, region, str(year) if one else f"{start + 1}..{year}", start + 1, year,
            "growth" if one else "total_growth", pct, f"{pct:.4g}", "%", "about", "real_by_convention", definition, DERIVED,
            near.published, near.source, note="estimated: published means, levels less the nation's prices, the nation's growth",
            spread=off,
        )  # fmt: skip
        joined |= _reached(year, statements)


def _reached(year: int, statements: list[Observation]) -> set[int]:
    """The years that statements join to a year."""
    joined = {year}
    while more := {y for o in statements if len(ends := {o.first_year - 1, o.last_year} & joined) == 1
                   for y in {o.first_year - 1, o.last_year} - ends}:  # fmt: skip
        joined |= more
    return joined


def with_splices(plan: Plan) -> Plan:
    """Return the plan with each revised series carried onto its revised basis, marked as spliced.

    Where a year has a figure on both bases, the years before it move as that year did: x_new(t) = x_old(t) x_new / x_old
    for amounts and densities, the same in logits for shares; between two such years by the line between their moves. The
    plan's base year counts whatever the size of its revision, another year where it is worth a note (rules.yaml, audit:
    vintage_gap): statistics of one year are settled as a matter of course. Years after the last are on the new basis.
    """
    series = dict.fromkeys((o.indicator, o.region, o.definition) for o in plan.observations)
    moved = [o for key in series for o in _spliced(plan, *key)]
    return replace(plan, observations=(*plan.observations, *moved)) if moved else plan


def _spliced(plan: Plan, indicator: str, region: str, definition: str) -> Iterator[Observation]:
    scale = plan.catalogue.indicators[indicator].scale
    revised: dict[int, Observation] = {}
    series = [o for o in plan.observed(indicator, region) if o.definition == definition]
    for o in series:
        if o.measure == "value" and len(o.period) == 4 and o.vintage in ("revised", SPLICED):
            if o.vintage == SPLICED:
                return
            revised[o.last_year] = max(o, revised.get(o.last_year, o), key=lambda one: one.published)
    if not revised or scale not in ("amount", "density", "share"):
        return
    first = replace(plan, observations=tuple(o for o in series if o not in revised.values()))
    history = level_history(first, indicator, region, definition=definition)
    old, share = history.values, scale == "share"
    convert = plan.catalogue.convert
    new = {y: convert(o.value, o.unit, history.unit) for y, o in revised.items() if y in old.index}
    if not new or min(*old, *new.values()) <= 0 or share and max(*old, *new.values()) >= 100:
        return

    def height(x):
        return np.log(x / (100 - x)) if share else np.log(x)

    gap = plan.catalogue.rules["audit"]["vintage_gap"]
    breaks = {}
    for year, value in sorted(new.items()):
        room = 0.0 if year == plan.base_year else gap["points"] if share else gap["relative"] * old[year]
        if abs(value - old[year]) > room:
            breaks[year] = height(value) - height(old[year])
    if not breaks:
        return
    last = max(breaks)
    for year in (int(y) for y in old.index if y <= last and (y in breaks or y not in revised)):
        z = height(old[year]) + np.interp(year, list(breaks), list(breaks.values()))
        value = new[year] if year in breaks else float(100 / (1 + np.exp(-z)) if share else np.exp(z))
        nearest = min(breaks, key=lambda one: (one < year, abs(one - year)))
        yield replace(
            revised[nearest], period=str(year), first_year=year, last_year=year, value=value, digits=f"{value:.6g}",
            unit=history.unit, vintage=SPLICED, note=f"moved with the revision of {nearest}",
        )  # fmt: skip


def revised_base(history: History, base_year: int) -> float | None:
    """Return the base on the revised basis, None where the series was not spliced."""
    origin = history.origins.get(base_year)
    if origin is None or origin.vintage != SPLICED or history.chained:
        return None
    return float(history.values[base_year])


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
    known = plan.catalogue.indicators
    for o in part.observations:
        counted = o.indicator in known and known[o.indicator].scale == "amount"
        if o.measure != "rank" or o.region != part.region or not counted or o.value < 1:
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

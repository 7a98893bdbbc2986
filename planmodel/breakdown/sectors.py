"""What the sectors of a whole contribute to its growth: in the past, and by what a plan asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from planmodel.arithmetic.apportion import contributions
from planmodel.breakdown.contributions import REST, SectorGrowth, Slice
from planmodel.breakdown.levels import PLAIN, SHARES_OF, Levels, levels_of, sectors_of
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.series import PREFERENCE, REAL, level_history

COVERED = 0.003
"""By how much of the whole published parts may miss it through rounding; beyond that they are of another vintage."""
LONGEST, OLDEST = 6, 10
"""Longest span of one figure, and how long before the base year a span may start, in years."""


def wholes_of(plan: Plan) -> tuple[str, ...]:
    """Return the indicators of a plan's region that are known to consist of parts: GDP first, then sums."""
    sums = [i.left.indicator for i in plan.identities if not i.ratio and i.left.region in ("", plan.region)]
    return tuple(whole for whole in dict.fromkeys(["gdp", *sums]) if sectors_of(plan, whole))


def growth_by_sector(plan: Plan) -> dict[str, tuple[SectorGrowth, ...]]:
    """Return the contributions to GDP, and to each other whole whose parts have targets.

    >>> from planmodel import load_plan
    >>> list(growth_by_sector(load_plan("jiaojiang-commerce-14fyp")))
    ['gdp', 'trade']
    """
    by_whole = {whole: sector_growth(plan, whole) for whole in wholes_of(plan)}
    return {
        whole: growths
        for whole, growths in by_whole.items()
        if growths and (whole == "gdp" or any(growth.planned for growth in growths))
    }


def sector_growth(plan: Plan, whole: str = "gdp") -> tuple[SectorGrowth, ...]:
    """Return what the sectors of a whole contribute to its growth: past spans in order, then what the plan asks.

    Errors: none; without figures the result is empty.

    >>> from planmodel import load_plan
    >>> growths = sector_growth(load_plan("taizhou-services-14fyp"))
    >>> [(g.base_year, g.last_year, g.prices, g.planned, round(100 * g.growth, 2)) for g in growths]
    [(2020, 2021, 'nominal', False, 9.95), (2020, 2021, 'real', False, 8.2), (2020, 2025, 'nominal', True, 7.48)]
    """
    parts = sectors_of(plan, whole)
    if not parts:
        return ()
    unit = plan.catalogue.indicators[whole].unit
    levels = {name: levels_of(plan, name, plan.region, unit=unit) for name in (whole, *parts)}
    past = [*_nominal(plan, whole, parts, levels), *_real(plan, whole, parts, levels)]
    past = [growth for growth in past if growth.base_year >= plan.base_year - OLDEST]
    past.sort(key=lambda growth: (growth.last_year, growth.prices))
    return (*past, *_planned(plan, whole, parts, levels), *_planned_real(plan, whole, parts, levels))


def _nominal(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    total = levels[whole].values
    known = {year: _consistent(year, total[year], parts, levels) for year in sorted(total)}
    years = [year for year, names in known.items() if names]
    for start, end in pairwise(years):
        names = tuple(name for name in parts if name in known[start] and name in known[end])
        if names and end - start <= LONGEST and total[start] > 0 and total[end] > 0:
            before, after = ({n: levels[n].values[year] for n in names} for year in (start, end))
            growth, slices = _between(parts, before, after, (total[start], total[end]), end - start)
            yield SectorGrowth(plan.name, whole, start, end, "nominal", False, growth, slices)


def _consistent(
    year: int, total: float, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> tuple[str, ...]:
    """The parts known in a year; where all are but miss the whole, those published as levels."""
    names = tuple(name for name in parts if year in levels[name].values)
    if len(names) == len(parts):
        covered = sum(levels[name].values[year] for name in names)
        if abs(covered - total) > COVERED * total:
            return tuple(name for name in names if year not in levels[name].from_share)
    return names


def _between(
    parts: tuple[str, ...],
    before: Mapping[str, float],
    after: Mapping[str, float],
    totals: tuple[float, float],
    n_years: int,
) -> tuple[float, tuple[Slice, ...]]:
    """The growth of a whole and its slices between two years, from levels."""
    made = contributions(list(before.values()), list(after.values()), *totals, n_years)
    slices = [
        Slice(name, b / totals[0], _rate(b, after[name], n_years), points)
        for (name, b), points in zip(before.items(), made, strict=True)
    ]
    growth = (totals[1] / totals[0]) ** (1 / n_years) - 1
    if len(before) < len(parts):
        b, a = (total - sum(known.values()) for total, known in zip(totals, (before, after), strict=True))
        slices.append(Slice(_unnamed(parts, before), b / totals[0], _rate(b, a, n_years), growth - sum(made)))
    return growth, tuple(slices)


def _rate(before: float, after: float, n_years: int) -> float | None:
    return (after / before) ** (1 / n_years) - 1 if after > 0 and before > 0 else None


def _unnamed(parts: tuple[str, ...], named: Iterable[str]) -> str:
    """What stands for the parts that are not named: the only one left, or the rest."""
    missing = [name for name in parts if name not in set(named)]
    return missing[0] if len(missing) == 1 else REST


def _weighted(
    parts: tuple[str, ...], rates: Mapping[str, tuple[float | None, float]], growth: float | None
) -> tuple[Slice, ...]:
    """The slices of a year by shares of the year before and rates; the parts without both are what is left of the growth."""
    slices = [
        Slice(name, share, rate, share * rate) for name, (share, rate) in rates.items() if share is not None
    ]
    if slices and growth is not None and len(slices) < len(parts):
        share, left = 1 - sum(s.share for s in slices), growth - sum(s.contribution for s in slices)
        name = _unnamed(parts, [s.id for s in slices])
        slices.append(Slice(name, share, left / share if share > 0 else None, left))
    return tuple(slices)


def _real(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    """Years with published real growth of the whole and of sectors whose shares of the year before are known."""
    rates = {name: _rates(plan, name) for name in (whole, *parts)}
    for year, growth in sorted(rates[whole].items()):
        known = {
            n: (_share(plan, whole, n, year - 1, levels), rates[n][year]) for n in parts if year in rates[n]
        }
        if slices := _weighted(parts, known, growth):
            yield SectorGrowth(plan.name, whole, year - 1, year, "real", False, growth, slices)


def _rates(plan: Plan, indicator: str) -> dict[int, float]:
    """Published real growth by year (fractions), the best vintage of each."""
    best: dict[int, Observation] = {}
    for o in plan.observations:
        if (
            (o.indicator, o.region, o.measure) == (indicator, plan.region, "growth")
            and o.price_basis in REAL
            and o.whole_years
            and not o.definition
            and (o.last_year not in best or PREFERENCE[o.vintage] > PREFERENCE[best[o.last_year].vintage])
        ):
            best[o.last_year] = o
    return {year: o.value / 100 for year, o in best.items()}


def _share(plan: Plan, whole: str, part: str, year: int, levels: Mapping[str, Levels]) -> float | None:
    """A part's share of the whole: of its level, else as published."""
    if year in levels[part].values and year in levels[whole].values:
        return levels[part].values[year] / levels[whole].values[year]
    if whole == "gdp" and part in SHARES_OF and SHARES_OF[part] in plan.catalogue.indicators:
        shares = level_history(plan, SHARES_OF[part], plan.region)
        if year in shares.values.index and shares.origins[year].comparator in PLAIN:
            return float(shares.values[year]) / 100
    return None


def _planned(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    """What the plan's targets for the whole and its sectors ask; an end that is not printed follows from a share."""
    base, last = plan.base_year, plan.period[1]
    ends = {name: end for name in (whole, *parts) if (end := _end(plan, name, levels[whole].unit))}
    named = [target for _, target in ends.values()]
    formula = ""
    for part in parts:
        share = _share_target(plan, whole, part)
        if share is None:
            continue
        if whole not in ends and part in ends:
            ends[whole] = ends[part][0] / share[0], share[1]
            formula = f"{ends[part][0]:g} / {100 * share[0]:g}% = {ends[whole][0]:.6g}"
            named.append(share[1])
        elif whole in ends and part not in ends:
            ends[part] = ends[whole][0] * share[0], share[1]
            formula = f"{ends[whole][0]:g} × {100 * share[0]:g}% = {ends[part][0]:.6g}"
            named.append(share[1])
    total = levels[whole].values.get(base)
    names = [name for name in parts if name in ends and base in levels[name].values]
    if total is not None and whole in ends and names:
        before, after = {n: levels[n].values[base] for n in names}, {n: ends[n][0] for n in names}
        growth, slices = _between(parts, before, after, (total, ends[whole][0]), last - base)
        ids = tuple(target.id for target in named)
        yield SectorGrowth(plan.name, whole, base, last, "nominal", True, growth, slices, ids, formula)


def _planned_real(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    """Growth targets at comparable prices, weighted with the shares of the base year: the first year's contributions."""
    asked = {name: target for name in (whole, *parts) if (target := _growth_target(plan, name))}
    rates = {name: target.figure / 100 for name, target in asked.items()}
    base, growth = plan.base_year, rates.get(whole)
    known = {n: (_share(plan, whole, n, base, levels), rates[n]) for n in parts if n in rates}
    if slices := _weighted(parts, known, growth):
        ids = tuple(target.id for target in asked.values())
        yield SectorGrowth(plan.name, whole, base, base + 1, "real", True, growth, slices, ids)


def _own(plan: Plan, indicator: str, kind: str) -> list[Target]:
    """The plan's targets of an indicator for its region and last year, table rows first."""
    own = [
        t
        for t in plan.targets
        if (t.indicator.id, t.region, t.target_year) == (indicator, plan.region, plan.period[1])
        and t.kind == kind
        and t.target_value is not None
        and not t.definition
    ]
    return sorted(own, key=lambda t: t.table == "text")


def _end(plan: Plan, indicator: str, unit: str) -> tuple[float, Target] | None:
    """The level that a target sets, in a unit, and the target."""
    own = _own(plan, indicator, "level")
    return (plan.catalogue.convert(own[0].figure, own[0].unit, unit), own[0]) if own else None


def _share_target(plan: Plan, whole: str, part: str) -> tuple[float, Target] | None:
    """A part's target share of the whole by the plan's ratio identities."""
    for identity in plan.identities:
        terms = [t.indicator for t in identity.parts]
        if identity.ratio and terms == [part, whole] and not any(t.region for t in identity.terms):
            own = _own(plan, identity.left.indicator, "level")
            if own and own[0].unit == "%" and own[0].figure > 0:
                return own[0].figure / 100, own[0]
    return None


def _growth_target(plan: Plan, indicator: str) -> Target | None:
    return next((t for t in _own(plan, indicator, "annual_growth") if t.price_basis in REAL), None)

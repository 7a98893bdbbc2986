"""Contributions of sectors to growth, past and planned, in percentage points of the growth of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from planmodel.arithmetic.apportion import contributions
from planmodel.breakdown.levels import PLAIN, SHARES_OF, Levels, levels_of, sectors_of
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.series import PREFERENCE, REAL, level_history

COVERED = 0.003
"""By how much of the whole published parts may miss it through rounding; beyond that they are of another vintage."""
LONGEST, OLDEST = 6, 10
"""Longest span of one figure, and how long before the base year a span may start, in years."""
REST, NOISE = "rest", 1e-12


@dataclass(frozen=True)
class Slice:
    """A sector's part in the growth of the whole: contribution = share before * growth (fractions a year)."""

    id: str
    share: float
    growth: float | None
    contribution: float


@dataclass(frozen=True)
class SectorGrowth:
    """The growth of a whole by sector over first_year..last_year (mean a year).

    prices: nominal (levels at current prices, shares of the first year) or real (published rates at comparable prices,
    weights: shares of the year before). growth: of the whole, None where only some sectors are known. gap: what the
    sectors leave of it, from rounding; with it they add up to the growth exactly. formula: how an end that the plan
    does not print follows from its targets.
    """

    whole: str
    base_year: int
    last_year: int
    prices: str
    planned: bool
    growth: float | None
    slices: tuple[Slice, ...]
    targets: tuple[str, ...] = ()
    formula: Mapping[str, str] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """The growth that no sector explains; 0 where the growth of the whole is not known."""
        left = 0.0 if self.growth is None else self.growth - sum(s.contribution for s in self.slices)
        return left if abs(left) > NOISE else 0.0

    @property
    def n_years(self) -> int:
        return self.last_year - self.base_year


def wholes_of(plan: Plan) -> tuple[str, ...]:
    """Return the indicators of a plan's region that are known to consist of parts: GDP first, then sums."""
    sums = [i.left.indicator for i in plan.identities if not i.ratio and i.left.region in ("", plan.region)]
    return tuple(whole for whole in dict.fromkeys(["gdp", *sums]) if sectors_of(plan, whole))


def sector_growth(plan: Plan, whole: str = "gdp") -> tuple[SectorGrowth, ...]:
    """Return what the sectors of a whole contribute to its growth: past spans in order, then what the plan asks.

    Errors: none; without figures the result is empty.

    >>> from planmodel import load_plan
    >>> found = sector_growth(load_plan("taizhou-services-14fyp"))
    >>> [(g.base_year, g.last_year, g.prices, g.planned, round(100 * g.growth, 2)) for g in found]
    [(2020, 2021, 'nominal', False, 9.95), (2020, 2021, 'real', False, 8.2), (2020, 2025, 'nominal', True, 7.48)]
    """
    parts = sectors_of(plan, whole)
    if not parts:
        return ()
    unit = plan.catalogue.indicators[whole].unit
    levels = {name: levels_of(plan, name, plan.region, unit=unit) for name in (whole, *parts)}
    past = [*_nominal(plan, whole, parts, levels), *_real(plan, whole, parts, levels)]
    past = [g for g in past if g.base_year >= plan.base_year - OLDEST]
    past.sort(key=lambda g: (g.last_year, g.prices))
    return (*past, *_planned(plan, whole, parts, levels))


def _nominal(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    total = levels[whole].values
    known = {year: _consistent(year, total[year], parts, levels) for year in sorted(total)}
    years = [year for year, names in known.items() if names]
    for start, end in pairwise(years):
        names = tuple(name for name in parts if name in known[start] and name in known[end])
        if not names or end - start > LONGEST or not (total[start] > 0 and total[end] > 0):
            continue
        before, after = ([levels[n].values[year] for n in names] for year in (start, end))
        yield _made(whole, parts, names, start, end, before, after, total[start], total[end])


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


def _made(
    whole, parts, names, start, end, before, after, total_before, total_after, *, planned=False, **options
) -> SectorGrowth:
    n_years = end - start
    made = contributions(before, after, total_before, total_after, n_years)
    slices = [
        Slice(n, b / total_before, (a / b) ** (1 / n_years) - 1 if a > 0 and b > 0 else None, c)
        for n, b, a, c in zip(names, before, after, made, strict=True)
    ]
    growth = (total_after / total_before) ** (1 / n_years) - 1
    if len(names) < len(parts):
        b, a = total_before - sum(before), total_after - sum(after)
        rate = (a / b) ** (1 / n_years) - 1 if a > 0 and b > 0 else None
        missing = [name for name in parts if name not in names]
        name = missing[0] if len(missing) == 1 else REST
        slices.append(Slice(name, b / total_before, rate, growth - sum(made)))
    return SectorGrowth(whole, start, end, "nominal", planned, growth, tuple(slices), **options)


def _real(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    """Years with published real growth of the whole and of sectors whose shares of the year before are known."""
    rates = {name: _rates(plan, name) for name in (whole, *parts)}
    for year in sorted(rates[whole]):
        shares = {n: _share(plan, whole, n, year - 1, levels) for n in parts if year in rates[n]}
        slices = [
            Slice(name, share, rates[name][year], share * rates[name][year])
            for name, share in shares.items()
            if share is not None
        ]
        if not slices:
            continue
        growth = rates[whole][year]
        if len(slices) < len(parts):
            share = 1 - sum(s.share for s in slices)
            left = growth - sum(s.contribution for s in slices)
            missing = [n for n in parts if n not in {s.id for s in slices}]
            name = missing[0] if len(missing) == 1 else REST
            slices.append(Slice(name, share, left / share if share > 0 else None, left))
        yield SectorGrowth(whole, year - 1, year, "real", False, growth, tuple(slices))


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
    ends = {name: _target(plan, name, levels[whole].unit) for name in (whole, *parts)}
    formula: dict[str, str] = {}
    total, named = levels[whole].values.get(base), [ends[n][1] for n in parts if ends[n]]
    total_end = ends[whole][0] if ends[whole] else None
    if ends[whole]:
        named.insert(0, ends[whole][1])
    for part in parts:
        share = _share_target(plan, whole, part)
        if share is None:
            continue
        if total_end is None and ends[part]:
            total_end = ends[part][0] / share[0]
            text = f"{ends[part][0]:g} / {100 * share[0]:g}% = {total_end:.6g}"
            formula = {"en": text, "zh": text}
            named.append(share[1])
        elif total_end is not None and not ends[part]:
            ends[part] = (total_end * share[0], share[1])
            text = f"{total_end:g} × {100 * share[0]:g}% = {ends[part][0]:.6g}"
            formula = {"en": text, "zh": text}
            named.append(share[1])
    names = tuple(n for n in parts if ends[n] and base in levels[n].values)
    if total is not None and total_end is not None and names:
        before, after = [levels[n].values[base] for n in names], [ends[n][0] for n in names]
        options = {"targets": tuple(t.id for t in named), "formula": formula}
        yield _made(whole, parts, names, base, last, before, after, total, total_end, planned=True, **options)
    yield from _planned_real(plan, whole, parts, levels)


def _planned_real(
    plan: Plan, whole: str, parts: tuple[str, ...], levels: Mapping[str, Levels]
) -> Iterator[SectorGrowth]:
    """Growth targets at comparable prices, weighted with the shares of the base year: the first year's contributions."""
    found = {n: _growth_target(plan, n) for n in (whole, *parts)}
    slices = []
    for name in parts:
        share = _share(plan, whole, name, plan.base_year, levels)
        if found[name] and share is not None:
            rate = found[name].target_value / 100
            slices.append(Slice(name, share, rate, share * rate))
    if not slices:
        return
    growth = found[whole].target_value / 100 if found[whole] else None
    if growth is not None and len(slices) < len(parts):
        share, left = 1 - sum(s.share for s in slices), growth - sum(s.contribution for s in slices)
        missing = [n for n in parts if n not in {s.id for s in slices}]
        slices.append(
            Slice(missing[0] if len(missing) == 1 else REST, share, left / share if share > 0 else None, left)
        )
    targets = tuple(t.id for t in found.values() if t)
    yield SectorGrowth(
        whole, plan.base_year, plan.base_year + 1, "real", True, growth, tuple(slices), targets
    )


def _own(plan: Plan, indicator: str, kinds: tuple[str, ...]) -> list[Target]:
    """The plan's targets of an indicator for its region and last year, table rows first."""
    found = [
        t
        for t in plan.targets
        if (t.indicator.id, t.region, t.target_year) == (indicator, plan.region, plan.period[1])
        and t.kind in kinds
        and t.target_value is not None
        and not t.definition
    ]
    return sorted(found, key=lambda t: t.table == "text")


def _target(plan: Plan, indicator: str, unit: str) -> tuple[float, Target] | None:
    found = _own(plan, indicator, ("level",))
    return (plan.catalogue.convert(found[0].target_value, found[0].unit, unit), found[0]) if found else None


def _share_target(plan: Plan, whole: str, part: str) -> tuple[float, Target] | None:
    """A part's target share of the whole by the plan's ratio identities."""
    for identity in plan.identities:
        terms = [t.indicator for t in identity.parts]
        if identity.ratio and terms == [part, whole] and not any(t.region for t in identity.terms):
            found = _own(plan, identity.left.indicator, ("level",))
            if found and found[0].unit == "%" and found[0].target_value > 0:
                return found[0].target_value / 100, found[0]
    return None


def _growth_target(plan: Plan, indicator: str) -> Target | None:
    found = [t for t in _own(plan, indicator, ("annual_growth",)) if t.price_basis in REAL]
    return found[0] if found else None

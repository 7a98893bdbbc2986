"""A target broken down over districts or sectors by shares: parts that add up to the whole in printed figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planmodel.arithmetic.apportion import apportion, shares_between
from planmodel.arithmetic.growth import cagr
from planmodel.breakdown.annual import Line, line_of
from planmodel.breakdown.levels import Levels, levels_of, one_dimension, sectors_of
from planmodel.breakdown.weights import ROUNDING, Shares, check_shares
from planmodel.errors import Fault, PlanmodelError, UndefinedGrowth, unknown
from planmodel.plans import Plan, Target, load_plan, plan_names
from planmodel.plans.scenarios import Scenario

DIMENSIONS = ("districts", "sectors")
REST = "rest"
"""The part that stands for all that are not named."""
DIVISIBLE = ("level", "index", "cumulated", "flow", "mean_flow")


class NoParts(PlanmodelError):
    """A target that cannot be broken down; `reason` says why in each language."""

    def __init__(self, fault: Fault, en: str, zh: str):
        super().__init__(faults=[fault])
        self.reason = {"en": en, "zh": zh}


@dataclass(frozen=True)
class Part:
    """A part: its figure by year (base year first where the whole has one), its shares, and its growth a year."""

    id: str
    name: Mapping[str, str]
    figures: Mapping[int, Decimal]
    shares: Mapping[int, float]
    growth: float | None


@dataclass(frozen=True)
class Split:
    """A target's line and its parts. figures of a cumulated sum are the flows of each year, and `total` their sum."""

    line: Line
    by: str
    shares: Shares
    parts: tuple[Part, ...]
    whole: Mapping[int, Decimal]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.whole)


def split(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    shape: str,
    by: str,
    shares: Shares | None = None,
    *,
    rest: bool = False,
) -> Split:
    """Return a target by districts or sectors, year by year; parts add up to each printed figure exactly.

    by: districts (regions whose parent is the target's region) or sectors (the parts of a sum in the plan's identities,
    of GDP the three sectors, else indicators that are part_of the target's).
    shares: default those of the latest year in which the parts are published and add up. rest: what the named parts do
    not cover is a part of its own. Parts of a sum are parts of each year's flow.

    Errors: PlanmodelError with the reason where shares are missing, do not add up, or the target is no amount.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> given = Shares({"jiaojiang": 0.25, "rest": 0.75}, {"jiaojiang": 0.30, "rest": 0.70})
    >>> found = split(plan, plan.target("T2/1/1"), load_scenario("baseline"), "linear", "districts", given)
    >>> [(part.id, str(part.figures[2025])) for part in found.parts]
    [('jiaojiang', '1200'), ('rest', '2800')]
    """
    known = parts_of(plan, target, by)
    line = line_of(plan, target, scenario, shape, plan)
    if target.indicator.scale != "amount" or line.measure not in DIVISIBLE or line.measure == "index":
        raise _no_amount(target, line)
    if shares is None:
        shares = published_shares(plan, target, by, rest=rest)
    faults = [unknown("shares", name, (*known, REST)) for name in shares.first if name not in (*known, REST)]
    faults += check_shares(shares)
    if faults:
        raise PlanmodelError(faults=faults)
    whole: dict[int, Decimal] = {}
    if line.measure == "level":
        whole[line.base_year] = line.base
    for found in line.years:
        whole[found.year] = found.figure if found.flow is None else found.flow
    names = list(shares.first)
    years = list(whole)
    start = line.base_year if line.base_year is not None else target.base_year
    steps = target.target_year - start
    rows = shares_between([shares.first[n] for n in names], [shares.last[n] for n in names], steps)
    made: dict[str, dict[int, Decimal]] = {name: {} for name in names}
    for year in years:
        decimals = max(0, -whole[year].as_tuple().exponent)
        row = apportion(whole[year], rows[year - start], decimals)
        for name, figure in zip(names, row, strict=True):
            made[name][year] = figure
    parts = tuple(
        Part(
            name,
            known.get(name, {"en": "Rest", "zh": "其余"}),
            made[name],
            {year: rows[year - start][i] for year in years},
            _growth(whole, {year: rows[year - start][i] for year in years}),
        )
        for i, name in enumerate(names)
    )
    return Split(line, by, shares, parts, whole)


def _growth(whole: Mapping[int, Decimal], shares: Mapping[int, float]) -> float | None:
    """The growth a year that a part needs, from unrounded figures."""
    first, last = min(whole), max(whole)
    try:
        return cagr(float(whole[first]) * shares[first], float(whole[last]) * shares[last], last - first)
    except (UndefinedGrowth, ZeroDivisionError):
        return None


def parts_of(plan: Plan, target: Target, by: str) -> dict[str, dict[str, str]]:
    """Return the possible parts of a target by id with their names: districts or sectors.

    Errors: PlanmodelError where the catalogue has none.
    """
    catalogue = plan.catalogue
    if by not in DIMENSIONS:
        raise PlanmodelError(faults=[unknown("by", by, DIMENSIONS)])
    if by == "districts":
        found = [r for r in catalogue.regions.values() if r.parent == target.region and r.level != "area"]
        where, column = "regions.csv", f"rows with parent {target.region}"
    else:
        names = sectors_of(plan, target.indicator.id, target.region)
        found = [catalogue.indicators[name] for name in names]
        found = found or [
            i
            for i in catalogue.indicators.values()
            if i.part_of == target.indicator.id and one_dimension(plan, target.indicator.id, i.id)
        ]
        where, column = "indicators.csv", f"rows with part_of {target.indicator.id}"
    if not found:
        fault = Fault(by, column, "none", where, do="Add its parts to the catalogue.")
        region = catalogue.regions[target.region]
        of = region if by == "districts" else target.indicator
        zh = "县（市、区）" if by == "districts" else "分项"
        raise NoParts(fault, f"the catalogue has no {by} of {of.name_en}", f"目录中没有{of.name_zh}的{zh}")
    return {one.id: {"en": one.name_en, "zh": one.name_zh} for one in found}


def published_shares(plan: Plan, target: Target, by: str, *, rest: bool = False) -> Shares:
    """Return the shares of the parts in the latest year, up to the base year, that has figures for them.

    A district's figures may stand in the observations of its own plan. Without `rest`, the parts must make up the whole.

    Errors: PlanmodelError that says which parts have no figure, or by how much they miss the whole.
    """
    names = parts_of(plan, target, by)
    indicator = target.indicator
    whole = levels_of(plan, indicator.id, target.region, target.definition)
    found: dict[str, Levels] = {}
    for name in names:
        region = name if by == "districts" else target.region
        series = name if by == "sectors" else indicator.id
        for source in (plan, *(_plans_of(region, plan) if by == "districts" else ())):
            levels = levels_of(source, series, region, target.definition, whole.unit)
            if levels.values:
                found[name] = levels
                break
    years = [year for year in sorted(whole.values) if year <= target.base_year]
    best: tuple[int, dict[str, float]] = (0, {})
    for year in years:
        here = {n: h.values[year] for n, h in found.items() if year in h.values}
        if len(here) >= len(best[1]) and here:
            best = (year, here)
    year, figures = best
    missing = [name for name in names if name not in figures]
    if not figures or (missing and not rest):
        raise _missing(target, by, missing, year)
    total = whole.values[year]
    gap = (total - sum(figures.values())) / total
    if not missing and abs(gap) * 100 > ROUNDING * len(figures):
        raise _off(sum(figures.values()), total, year, whole.unit)
    if missing:
        if gap <= 0:
            raise _off(sum(figures.values()), total, year, whole.unit)
        figures = {**figures, REST: total - sum(figures.values())}
    all_of = sum(figures.values())
    first = {name: value / all_of for name, value in figures.items()}
    origins = [whole.origins[year], *(found[n].origins[year] for n in figures if n in found)]
    return Shares(first, first, year, tuple(dict.fromkeys(o.source for o in origins)))


def _plans_of(region: str, plan: Plan):
    return [
        load_plan(name) for name in plan_names() if name != plan.name and load_plan(name).region == region
    ]


def _no_amount(target: Target, line: Line) -> NoParts:
    why = {"floor": "a floor", "index": "growth without a level", "final": "no base figure"}
    why |= dict.fromkeys(("printed", "none"), "no figure")
    found = f"a target of scale {target.indicator.scale}"
    if target.indicator.scale == "amount":
        found = why[line.measure]
    expected = "a level, sum or flow of an amount, as only these have parts"
    return NoParts(
        Fault("target", expected, f"{target.id}: {found}"),
        f"{target.indicator.name_en} is no level, sum or flow with figures by year",
        f"{target.indicator.name_zh}不是逐年有数的总量",
    )


def _missing(target: Target, by: str, missing: list[str], year: int) -> NoParts:
    when = f"for {year}" if year else "for any year up to the base year"
    shown = ", ".join(missing[:6]) + (", ..." if len(missing) > 6 else "")
    do = "Give --shares, add observations" + (", or --rest for what is not named." if year else ".")
    indicator, zh = target.indicator, {"districts": "各县（市、区）", "sectors": "各分项"}[by]
    return NoParts(
        Fault(
            "shares", f"a figure of {indicator.id} for each of the {by}", f"none {when} for {shown}", do=do
        ),
        f"no figures of {indicator.name_en} are published for all its {by}",
        f"没有公布{zh}的{indicator.name_zh}",
    )


def _off(parts: float, total: float, year: int, unit: str) -> NoParts:
    found = f"{parts:g} against {total:g} {unit} in {year}"
    return NoParts(
        Fault("shares", "published parts that make up the whole", found, do="Give --shares."),
        f"the published parts do not make up the whole ({found})",
        f"公布的各部分之和与总数不符（{year}年 {parts:g} 与 {total:g} {unit}）",
    )


def first_divisible(plan: Plan, indicator: str, scenario: Scenario, shape: str) -> Target:
    """Return the first target of an indicator (empty: of any), in the plan's own region, that can be broken down.

    Errors: PlanmodelError where there is none, with the reason of the first.
    """
    targets = [t for t in plan.select((indicator,) if indicator else ()) if t.target_year > plan.base_year]
    own = sorted(targets, key=lambda t: t.region != plan.region)
    lines = [line_of(plan, target, scenario, shape, plan) for target in own]
    for line in lines:
        if line.measure in DIVISIBLE and line.measure != "index" and line.target.indicator.scale == "amount":
            return line.target
    if not lines:
        fault = Fault("indicator", f"one with a target in the plan's period ({plan.name})", indicator)
        raise NoParts(fault, "it has no target in the plan's period", "规划期内没有该指标的目标")
    raise _no_amount(lines[0].target, lines[0])

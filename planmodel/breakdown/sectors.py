"""What the sectors of a whole contribute to its growth, in percentage points: in the past, and by what a plan asks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from planmodel.arithmetic.apportion import contributions
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.catalogue import REAL, load_catalogue
from planmodel.plans.model import grouped
from planmodel.plans.series import PREFERENCE, level_history
from planmodel.words import Phrase, figure, in_percent
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "whole", "base_year", "last_year", "prices", "planned", "growth", "sector", "share", "sector_growth",
    "contribution", "targets", "formula",
)  # fmt: skip
"""Of the table of contributions; those before `formula` are those that others script against."""
REST, GAP = "rest", "gap"
"""What stands for the parts that are not named, and for what the parts leave of the growth."""
SHARES_OF = {f"{sector}_va": f"{sector}_share" for sector in ("primary", "secondary", "services")}
"""The three sectors, which make up GDP by definition, and the names under which their shares of it are published."""
PLAIN = ("", "eq")
NOISE = 1e-12
COVERED = 0.003
"""By how much of the whole published parts may miss it through rounding; beyond that they are of another vintage."""
LONGEST, OLDEST = 6, 10
"""Longest span of one figure, and how long before the base year a span may start, in years."""


@dataclass(frozen=True)
class Slice:
    """A sector's part in the growth of the whole: contribution = share before * growth (fractions a year)."""

    id: str
    share: float
    growth: float | None
    contribution: float


@dataclass(frozen=True, repr=False)
class SectorGrowth(Card):
    """The growth of a whole by sector over first_year..last_year (mean a year).

    prices: nominal (levels at current prices, shares of the first year) or real (published rates at comparable prices,
    weights: shares of the year before). growth: of the whole, None where only some sectors are known. gap: what the
    sectors leave of it, from rounding; with it they add up to the growth exactly. formula: how an end that the plan
    does not print follows from its targets.
    """

    plan: str
    whole: str
    base_year: int
    last_year: int
    prices: str
    planned: bool
    growth: float | None
    slices: tuple[Slice, ...]
    targets: tuple[str, ...] = ()
    formula: str = ""

    @property
    def gap(self) -> float:
        """The growth that no sector explains; 0 where the growth of the whole is not known."""
        left = 0.0 if self.growth is None else self.growth - sum(s.contribution for s in self.slices)
        return left if abs(left) > NOISE else 0.0

    @property
    def n_years(self) -> int:
        return self.last_year - self.base_year

    @property
    def years(self) -> str:
        """The years of the growth: 2021, or 2021–2025."""
        return str(self.last_year) if self.n_years == 1 else f"{self.base_year + 1}–{self.last_year}"

    @property
    def table(self) -> pd.DataFrame:
        """One row a sector: share (0-1) before, growth in % a year, contribution in points; with the row `gap` they add up."""
        return contributions_table([self])

    def _card(self, lang: str) -> tuple[object, Rows]:
        names, kind = load_catalogue().indicators, "target" if self.planned else "outturn"
        title = Phrase(
            "breakdown.card.growth", plan=self.plan, whole=names.get(self.whole, self.whole), years=self.years,
            kind=Phrase(f"terms.{kind}"), prices=Phrase(f"breakdown.prices.{self.prices}"),
        )  # fmt: skip
        total = None if self.growth is None else in_percent(100 * self.growth, 2)
        rows: list[tuple[object, object]] = [(Phrase("columns.heads.growth_a_year"), total)]
        for part in self.slices:
            points = Phrase("columns.points", figure=figure(100 * part.contribution, 2))
            rows.append((names.get(part.id) or Phrase(f"breakdown.part.{part.id}"), points))
        return title, rows


def contributions_table(growths: Iterable[SectorGrowth]) -> pd.DataFrame:
    """Return one row a span and sector: share (0-1) before, growth in % a year, contribution in points.

    The contributions of a span, the row `gap` among them, add up to the growth of the whole.
    """
    rows: list[dict[str, object]] = []
    for growth in growths:
        row = vars(growth) | {"growth": _percent(growth.growth), "targets": "; ".join(growth.targets)}
        for part in growth.slices:
            figures = {"share": part.share, "contribution": 100 * part.contribution}
            rows.append(row | figures | {"sector": part.id, "sector_growth": _percent(part.growth)})
        if growth.growth is not None:
            rows.append(row | {"sector": GAP, "contribution": 100 * growth.gap})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(("growth", "share", "sector_growth", "contribution"), float))


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction


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
    share, known = SHARES_OF.get(indicator, ""), plan.catalogue.indicators
    if share in known and "gdp" in known and not definition:
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
    region, known = region or plan.region, plan.catalogue.indicators
    sectors: tuple[str, ...] = tuple(SHARES_OF) if whole == "gdp" and set(SHARES_OF) <= set(known) else ()
    for identity in plan.identities:
        regions = {term.region or plan.region for term in identity.terms}
        if not identity.ratio and identity.left.indicator == whole and regions == {region}:
            sectors = tuple(term.indicator for term in identity.parts)
            break
    alike = plan.catalogue.alike
    return sectors if all(alike(known[whole].unit, known[name].unit) for name in sectors) else ()


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
    by_whole = ((whole, sector_growth(plan, whole)) for whole in wholes_of(plan))
    return {whole: of for whole, of in by_whole if of and (whole == "gdp" or any(g.planned for g in of))}


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
    by = _Sum(plan, whole, parts, {n: levels_of(plan, n, plan.region, unit=unit) for n in (whole, *parts)})
    past = [g for g in (*by.nominal(), *by.real()) if g.base_year >= plan.base_year - OLDEST]
    past.sort(key=lambda growth: (growth.last_year, growth.prices))
    return (*past, *by.planned(), *by.planned_real())


Amounts = Mapping[str, float]  # by part of a whole


@dataclass(frozen=True)
class _Sum:
    """A whole of the plan's region with its parts and their levels."""

    plan: Plan
    whole: str
    parts: tuple[str, ...]
    levels: Mapping[str, Levels]

    def nominal(self) -> Iterator[SectorGrowth]:
        """Spans between years whose parts are known."""
        total = self.levels[self.whole].values
        known = {year: names for year in sorted(total) if (names := self._known(year, total[year]))}
        for start, end in pairwise(known):
            names = [name for name in self.parts if name in known[start] and name in known[end]]
            if names and end - start <= LONGEST and total[start] > 0 and total[end] > 0:
                before, after = ({n: self.levels[n].values[year] for n in names} for year in (start, end))
                yield self._between(start, end, before, after, (total[start], total[end]))

    def _known(self, year: int, total: float) -> list[str]:
        """The parts known in a year; where all are but miss the whole, those published as levels."""
        names = [name for name in self.parts if year in self.levels[name].values]
        covered = sum(self.levels[name].values[year] for name in names)
        if len(names) == len(self.parts) and abs(covered - total) > COVERED * total:
            return [name for name in names if year not in self.levels[name].from_share]
        return names

    def real(self) -> Iterator[SectorGrowth]:
        """Years with published real growth of the whole and of sectors whose shares of the year before are known."""
        rates = {name: _rates(self.plan, name) for name in (self.whole, *self.parts)}
        for year, growth in sorted(rates[self.whole].items()):
            known = {name: rates[name][year] for name in self.parts if year in rates[name]}
            yield from self._weighted(year - 1, known, growth)

    def planned(self) -> Iterator[SectorGrowth]:
        """What the plan's targets for the whole and its sectors ask; an end that is not printed follows from a share."""
        plan, whole, levels = self.plan, self.whole, self.levels
        base, last, unit = plan.base_year, plan.period[1], levels[whole].unit
        goals = {n: own[0] for n in (whole, *self.parts) if (own := _own(plan, n, "level"))}
        ends = {n: plan.catalogue.convert(goal.figure, goal.unit, unit) for n, goal in goals.items()}
        named, formula = list(goals.values()), ""
        for part in self.parts:
            goal = self._share_target(part)
            if goal is None or (whole in ends) == (part in ends):
                continue
            share, of, made = goal.figure / 100, *((part, whole) if part in ends else (whole, part))
            ends[made] = ends[of] / share if of == part else ends[of] * share
            sign = "/" if of == part else "×"
            formula = f"{ends[of]:g} {sign} {100 * share:g}% = {ends[made]:.6g}"
            named.append(goal)
        total = levels[whole].values.get(base)
        before = {n: levels[n].values[base] for n in self.parts if n in ends and base in levels[n].values}
        if total is not None and whole in ends and before:
            ids = tuple(target.id for target in named)
            yield self._between(base, last, before, ends, (total, ends[whole]), ids, formula)

    def planned_real(self) -> Iterator[SectorGrowth]:
        """Growth targets at comparable prices, weighted with the shares of the base year: the first year's contributions."""
        plan, whole, base = self.plan, self.whole, self.plan.base_year
        asked: dict[str, Target] = {}
        for name in (whole, *self.parts):
            for target in _own(plan, name, "annual_growth"):
                if target.price_basis in REAL:
                    asked.setdefault(name, target)
        rates = {name: target.figure / 100 for name, target in asked.items()}
        growth = rates.pop(whole, None)
        yield from self._weighted(base, rates, growth, tuple(target.id for target in asked.values()))

    def _between(
        self,
        start: int,
        end: int,
        before: Amounts,
        after: Amounts,
        totals: tuple[float, float],
        *targets: Any,
    ) -> SectorGrowth:
        """The growth of the whole and its slices between two years, from levels; targets: their ids and the formula."""
        ends, n_years = [after[name] for name in before], end - start
        made = contributions(list(before.values()), ends, *totals, n_years)
        growth = (totals[1] / totals[0]) ** (1 / n_years) - 1
        known = list(zip(before, before.values(), ends, made, strict=True))
        if len(before) < len(self.parts):
            rest = totals[0] - sum(before.values()), totals[1] - sum(ends), growth - sum(made)
            known.append((self._unnamed(before), *rest))
        rates = {n: (a / b) ** (1 / n_years) - 1 if a > 0 and b > 0 else None for n, b, a, _ in known}
        slices = [Slice(name, b / totals[0], rates[name], points) for name, b, _, points in known]
        span = (self.plan.name, self.whole, start, end, "nominal", bool(targets))
        return SectorGrowth(*span, growth, tuple(slices), *targets)

    def _weighted(
        self, year: int, rates: Amounts, growth: float | None, *targets: Any
    ) -> Iterator[SectorGrowth]:
        """A year's growth by rates and the shares of the year before; what lacks either is what is left."""
        shares = {name: self._share(name, year) for name in rates}
        slices = [Slice(n, s, rates[n], s * rates[n]) for n, s in shares.items() if s is not None]
        if slices and growth is not None and len(slices) < len(self.parts):
            share, left = 1 - sum(s.share for s in slices), growth - sum(s.contribution for s in slices)
            name = self._unnamed([s.id for s in slices])
            slices.append(Slice(name, share, left / share if share > 0 else None, left))
        if slices:
            span = (self.plan.name, self.whole, year, year + 1, "real", bool(targets))
            yield SectorGrowth(*span, growth, tuple(slices), *targets)

    def _unnamed(self, named: Iterable[str]) -> str:
        """What stands for the parts that are not named: the only one left, or the rest."""
        missing = [name for name in self.parts if name not in set(named)]
        return missing[0] if len(missing) == 1 else REST

    def _share(self, part: str, year: int) -> float | None:
        """A part's share of the whole: of its level, else as published."""
        own, total = self.levels[part].values, self.levels[self.whole].values
        if year in own and year in total:
            return own[year] / total[year]
        if self.whole == "gdp" and SHARES_OF.get(part) in self.plan.catalogue.indicators:
            shares = level_history(self.plan, SHARES_OF[part], self.plan.region)
            if year in shares.values.index and shares.origins[year].comparator in PLAIN:
                return float(shares.values[year]) / 100
        return None

    def _share_target(self, part: str) -> Target | None:
        """The target for a part's share of the whole, in percent, by the plan's ratio identities."""
        for identity in self.plan.identities:
            terms = [t.indicator for t in identity.parts]
            if identity.ratio and terms == [part, self.whole] and not any(t.region for t in identity.terms):
                own = _own(self.plan, identity.left.indicator, "level")
                if own and own[0].unit == "%" and own[0].figure > 0:
                    return own[0]
        return None


def _rates(plan: Plan, indicator: str) -> dict[int, float]:
    """Published real growth by year (fractions), the best vintage of each."""
    seen = [o for o in plan.observed(indicator, plan.region) if (o.measure, o.definition) == ("growth", "")]
    real = [o for o in seen if o.price_basis in REAL and o.whole_years]
    by_year = grouped(real, lambda o: o.last_year)
    return {y: max(own, key=lambda o: PREFERENCE[o.vintage]).value / 100 for y, own in by_year.items()}


def _own(plan: Plan, indicator: str, kind: str) -> list[Target]:
    """The plan's targets of an indicator for its region and last year, table rows first."""
    wanted, series = (plan.period[1], kind, ""), plan.series.get((indicator, plan.region), ())
    own = (t for t in series if (t.target_year, t.kind, t.definition) == wanted)
    return sorted((t for t in own if t.target_value is not None), key=lambda t: t.table == "text")

"""A target broken down over districts or sectors by shares: parts that add up to the whole in printed figures."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.apportion import apportion, decimals_of, shares_between
from planmodel.arithmetic.growth import cagr
from planmodel.breakdown.annual import Line, line_of
from planmodel.breakdown.sectors import REST, Levels, levels_of, sectors_of
from planmodel.errors import Fault, PlanmodelError, Say, UndefinedGrowth, check_known, refuse, unknown
from planmodel.files.reading import number, read_table
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import Indicator, Region, unit_name
from planmodel.plans.loading import neighbours
from planmodel.plans.scenarios import Scenario
from planmodel.words import Joined, Phrase, by_language, thousands
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "target", "indicator", "by", "part", "name", "unit", "year", "figure", "share", "growth", "shares_of",
    "figure_printed",
)  # fmt: skip
"""Of the table of a split; those before `figure_printed` are those that others script against."""
DIMENSIONS = ("districts", "sectors")
DIVISIBLE = ("level", "cumulated", "flow", "mean_flow")  # measures of lines that have parts
NONE = Phrase("breakdown.fault.none")
ROUNDING = 0.06  # how far shares in % may be off 100 a part: each is printed with one decimal


def _fault(what: str, expected: str, found: Say, do: str = "", file: str = "", **fields: object) -> Fault:
    """Return a fault; expected, do: the keys of their sentences, which have the same fields."""
    wanted, then = (Phrase(f"breakdown.fault.{key}", **fields) if key else "" for key in (expected, do))
    return Fault(what, wanted, found, file, do=then)


class NoParts(PlanmodelError):
    """A target that cannot be broken down; `why` says it in each language."""

    def __init__(self, fault: Fault, why: Mapping[str, str]):
        super().__init__(faults=[fault])
        self.why = why


@dataclass(frozen=True)
class Shares:
    """Shares of the parts of a whole, fractions that add up to 1; at the target year others where `last` is given.

    first, last: by part, as a mapping or a pandas series. year: of the figures they come from, None where the user gave
    them; older: of the parts that have none so new, which divide what the newer leave. sources: where those stand.

    >>> Shares({"jiaojiang": 0.25, "rest": 0.75}).last["rest"]
    0.75
    """

    first: Mapping[str, float]
    last: Mapping[str, float] = field(default_factory=dict)
    year: int | None = None
    sources: tuple[str, ...] = ()
    older: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", dict(self.first))
        object.__setattr__(self, "last", dict(self.last) or self.first)

    @property
    def when(self) -> Phrase:
        """The years of the figures that they come from."""
        key = "breakdown.shares_of.year" if self.older is None else "breakdown.shares_of.years"
        return Phrase(key, year=self.year, older=self.older)

    @property
    def constant(self) -> bool:
        return self.first == self.last

    def faults(self, known: Iterable[str]) -> list[Fault]:
        """Return the faults: parts that are none, negative shares, and sums that are off 100 % by more than rounding."""
        names = (*known, REST)
        faults = [unknown("shares", name, names) for name in self.first if name not in names]
        rows = {"shares": self.first} | ({} if self.constant else {"target shares": self.last})
        for what, row in rows.items():
            below = {f"{what}, {name}": value for name, value in row.items() if not value >= 0}
            faults += [_fault(part, "negative", f"{100 * value:g}") for part, value in below.items()]
            total = 100 * sum(row.values())
            if not abs(total - 100) <= ROUNDING * max(len(row), 1):
                faults.append(_fault(what, "whole", f"{total:.6g}", "do_whole"))
        return faults


def given_shares(given: list[str]) -> Shares:
    """Return the shares of --shares: a CSV file, or entries such as jiaojiang=25 rest=75, or with the last year's
    jiaojiang=25:30.

    The file has the columns part, share (in %) or weight (any amount), and may have target_share.

    Errors: PlanmodelError with every fault.

    >>> given_shares(["jiaojiang=25:30", "rest=75:70"]).last["rest"]
    0.7
    """
    faults: list[Fault] = []
    one_file = len(given) == 1 and "=" not in given[0]
    rows = _of_file(Path(given[0]), faults) if one_file else _of_entries(given, faults)
    if not faults and not rows:
        faults.append(_fault("--shares", "parts", NONE))
    refuse(faults)
    return Shares({n: a / 100 for n, (a, _) in rows.items()}, {n: b / 100 for n, (_, b) in rows.items()})


Percents = dict[str, tuple[float, float]]
"""Parts with their shares in %: of the first and of the last year."""


def _of_entries(given: list[str], faults: list[Fault]) -> Percents:
    rows: Percents = {}
    for entry in given:
        name, _, text = entry.partition("=")
        try:
            figures = [float(part) for part in text.split(":")]
        except ValueError:
            figures = []
        if name and name not in rows and len(figures) in (1, 2) and all(map(math.isfinite, figures)):
            rows[name] = figures[0], figures[-1]
        else:
            faults.append(_fault("--shares", "entry", repr(entry)))
    return rows


def _of_file(path: Path, faults: list[Fault]) -> Percents:
    table = read_table(path, ("part",), ("share", "weight", "target_share"))
    rows: dict[str, tuple[float, float | None]] = {}
    weights = bool(table) and not table[0]["share"]
    for row in table:
        first = number(row, "weight" if weights else "share", faults, required=True)
        last = number(row, "target_share", faults)
        if row["part"] in rows:
            once, do = Phrase("breakdown.fault.once"), Phrase("breakdown.fault.do_once")
            faults.append(row.fault("part", once, do))
        rows[row["part"]] = first or 0.0, last
    if weights and not faults:
        total = sum(first for first, _ in rows.values())
        if total <= 0:
            faults.append(_fault("weight", "zero", f"{total:g}", file=path.name))
        rows = {name: (100 * first / (total or 1), last) for name, (first, last) in rows.items()}
    if len({last is None for _, last in rows.values()}) > 1:
        faults.append(_fault("target_share", "every_row", Phrase("breakdown.fault.some"), file=path.name))
    return {name: (first, first if last is None else last) for name, (first, last) in rows.items()}


def parts_of(plan: Plan, target: Target, by: str) -> dict[str, Mapping[str, str]]:
    """Return the possible parts of a target by id with their names: districts or sectors.

    Errors: PlanmodelError where the catalogue has none.
    """
    catalogue, indicator = plan.catalogue, target.indicator
    check_known("by", [by], DIMENSIONS)
    parts: list[Region] | list[Indicator]
    whole: Region | Indicator
    if by == "districts":
        file, column, of, whole = "regions.csv", "parent", target.region, catalogue.regions[target.region]
        parts = [r for r in catalogue.regions.values() if r.parent == target.region and r.level != "area"]
    else:
        file, column, of, whole = "indicators.csv", "part_of", indicator.id, indicator
        own = [i for i in catalogue.indicators.values() if i.part_of == indicator.id]
        named = [catalogue.indicators[name] for name in sectors_of(plan, indicator.id, target.region)]
        parts = named or [i for i in own if catalogue.alike(indicator.unit, i.unit)]
    if not parts:
        fault = _fault(by, "rows", NONE, "do_catalogue", file, column=column, of=of)
        raise NoParts(fault, Phrase(f"breakdown.no_parts.{by}", of=whole))
    return {part.id: by_language(part.name) for part in parts}


def published_shares(plan: Plan, target: Target, by: str, *, rest: bool = False) -> Shares:
    """Return the shares of the parts in the latest year, up to the base year, that has figures for them.

    A part with a newer figure has the newer share; the others divide what is left as they did. A district's figures may stand
    in the observations of its own plan. Without `rest`, the parts must make up the whole.

    Errors: PlanmodelError that says which parts have no figure, or by how much they miss the whole.
    """
    names = parts_of(plan, target, by)
    whole = levels_of(plan, target.indicator.id, target.region, target.definition)
    levels = {name: _levels_of_part(plan, target, by, name, whole.unit) for name in names}
    totals = {year: total for year, total in whole.values.items() if year <= target.base_year and total > 0}
    known = {
        year: {name: part.values[year] / total for name, part in levels.items() if year in part.values}
        for year, total in totals.items()
    }
    newest = max((year for year, shares in known.items() if shares), default=0)
    year = max(known, key=lambda year: (len(known[year]), year), default=0) if newest else 0
    shares = dict(known.get(year, {}))
    missing = [name for name in names if name not in shares]
    if not shares or (missing and not rest):
        shown = ", ".join(missing[:6]) + (", ..." if len(missing) > 6 else "")
        when = Phrase("breakdown.fault.year", year=year) if year else Phrase("breakdown.fault.no_year")
        none = Phrase("breakdown.fault.figures_none", when=when, parts=shown)
        do = "do_rest" if year else "do_shares"
        fault = _fault("shares", "figures", none, do, indicator=target.indicator.id, by=by)
        raise NoParts(fault, Phrase(f"breakdown.unpublished.{by}", name=target.indicator))
    covered = sum(shares.values())
    if covered >= 1 if missing else abs(1 - covered) * 100 > ROUNDING * len(shares):
        total = totals[year]
        fields = {"parts": f"{total * covered:g}", "total": f"{total:g}", "unit": whole.unit, "year": year}
        fault = _fault("shares", "make_up", Phrase("breakdown.fault.against", **fields), "do_given")
        raise NoParts(fault, Phrase("breakdown.mismatch", **fields))
    shares = shares | {REST: 1 - covered} if missing else {n: share / covered for n, share in shares.items()}
    fresh = known[newest]
    left, others = 1 - sum(fresh.values()), sum(share for name, share in shares.items() if name not in fresh)
    older = year if newest > year and left > 0 and others > 0 else None
    if older is not None:
        named = [name for name in (*names, REST) if name in fresh or name in shares]
        shares = {n: fresh[n] if n in fresh else left * shares[n] / others for n in named}
    used = (newest, older) if older is not None else (year,)
    origins = (each.origins[y] for y in used for each in (whole, *levels.values()) if y in each.origins)
    return Shares(shares, year=used[0], sources=tuple(dict.fromkeys(o.source for o in origins)), older=older)


def _levels_of_part(plan: Plan, target: Target, by: str, name: str, unit: str) -> Levels:
    """Return the published levels of a part: a district's own plan may have them where this one has none."""
    region, series = (name, target.indicator.id) if by == "districts" else (target.region, name)
    own = levels_of(plan, series, region, target.definition, unit)
    if own.values or by != "districts":
        return own
    others = (other for other in neighbours(plan).values() if other.region == region)
    known = (levels_of(other, series, region, target.definition, unit) for other in others)
    return next((levels for levels in known if levels.values), own)


@dataclass(frozen=True)
class Part:
    """A part: its figure by year (base year first where the whole has one), its shares, and its growth a year."""

    id: str
    name: Mapping[str, str]
    figures: Mapping[int, Decimal]
    shares: Mapping[int, float]
    growth: float | None = None


@dataclass(frozen=True, repr=False)
class Split(Card):
    """A target's line and its parts. figures of a cumulated sum are the flows of each year, and `whole` their sum."""

    line: Line
    by: str
    shares: Shares
    parts: tuple[Part, ...]
    whole: Mapping[int, Decimal]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.whole)

    @property
    def total(self) -> Part:
        """The whole as a part of its own."""
        return Part("total", Phrase("breakdown.total"), self.whole, dict.fromkeys(self.years, 1.0))

    @property
    def table(self) -> pd.DataFrame:
        """One row a part and year, and the whole (part: total); growth is what a part needs, % a year."""
        target, year = self.line.target, self.shares.year
        row = {"plan": target.plan, "target": target.id, "indicator": target.indicator.id, "by": self.by}
        row |= {"unit": self.line.unit, "shares_of": "" if year is None else str(year)}
        rows = []
        for part in (*self.parts, self.total):
            growth = None if part.growth is None else 100 * part.growth
            own = row | {"part": part.id, "name": part.name, "growth": growth}
            for year, figure in part.figures.items():
                printed = {"figure": figure, "figure_printed": str(figure)}
                rows.append(own | printed | {"year": year, "share": part.shares[year]})
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        return table.astype(dict.fromkeys(("figure", "share", "growth"), float))

    def _card(self, lang: str) -> tuple[object, Rows]:
        unit, first, last = unit_name(self.line.unit, lang), self.years[0], self.years[-1]
        name = self.line.target.indicator
        return Phrase(f"breakdown.card.split.{self.by}", name=name, unit=unit), [
            (part.name, ", ".join(f"{year}: {thousands(part.figures[year])}" for year in (first, last)))
            for part in (*self.parts, self.total)
        ]


@checked
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
    >>> result = split(plan, plan.target("T2/1/1"), load_scenario("baseline"), "linear", "districts", given)
    >>> [(part.id, str(part.figures[2025])) for part in result.parts]
    [('jiaojiang', '1200'), ('rest', '2800')]
    """
    known = parts_of(plan, target, by)
    line = line_of(plan, target, scenario, shape, plan)
    if not divisible(line):
        raise _no_amount(line)
    shares = shares or published_shares(plan, target, by, rest=rest)
    refuse(shares.faults(known))
    start = line.base_year if line.base_year is not None else target.base_year
    whole = {start: line.base} if line.measure == "level" and line.base is not None else {}
    figures = {due.year: due.figure if due.flow is None else due.flow for due in line.years}
    whole |= {year: figure for year, figure in figures.items() if figure is not None}
    names = list(shares.first)
    ends = [[by_part[name] for name in names] for by_part in (shares.first, shares.last)]
    rows = shares_between(ends[0], ends[1], target.target_year - start)
    made = {y: apportion(value, rows[y - start], decimals_of(str(value))) for y, value in whole.items()}
    parts = []
    for place, name in enumerate(names):
        own = {year: rows[year - start][place] for year in whole}
        printed = {year: figures[place] for year, figures in made.items()}
        called = known.get(name, Phrase("breakdown.others"))
        parts.append(Part(name, called, printed, own, _growth(whole, own)))
    return Split(line, by, shares, tuple(parts), whole)


def _growth(whole: Mapping[int, Decimal], shares: Mapping[int, float]) -> float | None:
    """The growth a year that a part needs, from unrounded figures."""
    first, last = min(whole), max(whole)
    try:
        return cagr(float(whole[first]) * shares[first], float(whole[last]) * shares[last], last - first)
    except (UndefinedGrowth, ZeroDivisionError):
        return None


def divisible(line: Line) -> bool:
    """Return True for a level, sum or flow of an amount, which alone have parts."""
    return line.target.indicator.scale == "amount" and line.measure in DIVISIBLE


def _no_amount(line: Line) -> NoParts:
    target, scale = line.target, line.target.indicator.scale
    why = Phrase("breakdown.fault.scale", scale=scale)
    if scale == "amount":
        why = Phrase(f"breakdown.fault.of_measure.{line.measure}")
    found = Phrase("breakdown.fault.of_target", id=target.id, why=why)
    return NoParts(_fault("target", "amount", found), Phrase("breakdown.no_amount", name=target.indicator))


def first_divisible(plan: Plan, indicator: str, scenario: Scenario, shape: str) -> Target:
    """Return the first target of an indicator (empty: of any, the headline's first), in the plan's own region, that can be
    broken down.

    Errors: PlanmodelError where there is none, with the reason of the first.
    """
    targets = [t for t in plan.select((indicator,) if indicator else ()) if t.target_year > plan.base_year]
    targets.sort(key=lambda t: (t.region != plan.region, t.indicator.id != plan.headline))
    lines = [line_of(plan, target, scenario, shape, plan) for target in targets]
    if not lines:
        fault = _fault("indicator", "in_period", indicator, plan=plan.name)
        raise NoParts(fault, Phrase("breakdown.none_in_period"))
    for line in lines:
        if divisible(line):
            return line.target
    raise _no_amount(lines[0])


def first_split(
    plan: Plan, scenario: Scenario, shape: str, indicators: Iterable[str] = ()
) -> tuple[Split | None, Mapping[str, str]]:
    """Return the first of some targets by districts, else by sectors, with the rest as a part; else None, and why.

    indicators: whose targets; default: any, the headline's first.
    """
    reasons: dict[Mapping[str, str], None] = {}
    for name in tuple(indicators) or ("",):
        for by in DIMENSIONS:
            try:
                target = first_divisible(plan, name, scenario, shape)
                return split(plan, target, scenario, shape, by, rest=True), {}
            except NoParts as error:
                reasons[error.why] = None
    return None, Joined(reasons, "clauses")

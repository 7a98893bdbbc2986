"""Shares of the parts of a whole: as published, or as a user gives them, checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planmodel.breakdown.levels import Levels, levels_of, one_dimension, sectors_of
from planmodel.errors import Fault, PlanmodelError, Say, unknown
from planmodel.files.reading import number, read_table
from planmodel.plans import Plan, Target, load_plan, plan_names
from planmodel.words import Phrase, by_language

DIMENSIONS = ("districts", "sectors")
REST = "rest"
"""The part that stands for all that are not named."""
ROUNDING = 0.06
"""How far shares in % may be off 100 a part: each is printed with one decimal."""


class NoParts(PlanmodelError):
    """A target that cannot be broken down; `reason` says why in each language."""

    def __init__(self, fault: Fault, reason: Mapping[str, str]):
        super().__init__(faults=[fault])
        self.reason = reason


@dataclass(frozen=True)
class Shares:
    """Shares of the parts of a whole, fractions that add up to 1; at the target year others where `last` is given.

    first, last: by part, as a mapping or a pandas series. year: of the figures they come from, None where the user gave
    them. sources: where those stand.

    >>> Shares({"jiaojiang": 0.25, "rest": 0.75}).last["rest"]
    0.75
    """

    first: Mapping[str, float]
    last: Mapping[str, float] = field(default_factory=dict)
    year: int | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", dict(self.first))
        object.__setattr__(self, "last", dict(self.last) or self.first)

    @property
    def constant(self) -> bool:
        return self.first == self.last


def check_shares(shares: Shares) -> list[Fault]:
    """Return the faults of shares: negative ones, and sums that are off 100 % by more than rounding."""
    faults = []
    rows = [("shares", shares.first), ("target shares", shares.last)]
    for what, row in rows[:1] if shares.constant else rows:
        faults += [
            Fault(f"{what}, {name}", Phrase("breakdown.fault.negative"), f"{100 * value:g}")
            for name, value in row.items()
            if not value >= 0
        ]
        total = 100 * sum(row.values())
        if not abs(total - 100) <= ROUNDING * max(len(row), 1):
            whole, do = Phrase("breakdown.fault.whole"), Phrase("breakdown.fault.do_whole")
            faults.append(Fault(what, whole, f"{total:.6g}", do=do))
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
        faults.append(Fault("--shares", Phrase("breakdown.fault.parts"), Phrase("breakdown.fault.none")))
    if faults:
        raise PlanmodelError(faults=faults)
    return Shares({n: a / 100 for n, a, _ in rows}, {n: b / 100 for n, _, b in rows})


Rows = list[tuple[str, float, float]]
"""Parts with their shares in %: of the first and of the last year."""


def _of_entries(given: list[str], faults: list[Fault]) -> Rows:
    rows: Rows = []
    for entry in given:
        name, _, text = entry.partition("=")
        figures = [figure for part in text.split(":") if (figure := _float(part)) is not None]
        if (
            not name
            or len(figures) != text.count(":") + 1
            or len(figures) > 2
            or name in [r[0] for r in rows]
        ):
            faults.append(Fault("--shares", Phrase("breakdown.fault.entry"), repr(entry)))
        else:
            rows.append((name, figures[0], figures[-1]))
    return rows


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _of_file(path: Path, faults: list[Fault]) -> Rows:
    table = read_table(path, ("part",), ("share", "weight", "target_share"))
    rows: list[tuple[str, float, float | None]] = []
    weights = bool(table) and not table[0]["share"]
    for row in table:
        first = number(row, "weight" if weights else "share", faults, required=True)
        last = number(row, "target_share", faults)
        if row["part"] in [name for name, _, _ in rows]:
            faults.append(
                row.fault("part", Phrase("breakdown.fault.once"), Phrase("breakdown.fault.do_once"))
            )
        rows.append((row["part"], first or 0.0, last))
    if weights and not faults:
        total = sum(first for _, first, _ in rows)
        if total <= 0:
            faults.append(Fault("weight", Phrase("breakdown.fault.zero"), f"{total:g}", path.name))
        rows = [(name, 100 * first / (total or 1), last) for name, first, last in rows]
    if len({last is None for _, _, last in rows}) > 1:
        every, some = Phrase("breakdown.fault.every_row"), Phrase("breakdown.fault.some")
        faults.append(Fault("target_share", every, some, path.name))
    return [(name, first, first if last is None else last) for name, first, last in rows]


def parts_of(plan: Plan, target: Target, by: str) -> dict[str, Mapping[str, str]]:
    """Return the possible parts of a target by id with their names: districts or sectors.

    Errors: PlanmodelError where the catalogue has none.
    """
    catalogue, indicator = plan.catalogue, target.indicator
    if by not in DIMENSIONS:
        raise PlanmodelError(faults=[unknown("by", by, DIMENSIONS)])
    names: dict[str, Mapping[str, str]]
    if by == "districts":
        districts = [r for r in catalogue.regions.values() if r.parent == target.region and r.level != "area"]
        names = {r.id: by_language(r.name) for r in districts}
    else:
        ids = sectors_of(plan, indicator.id, target.region) or [
            i.id
            for i in catalogue.indicators.values()
            if i.part_of == indicator.id and one_dimension(plan, indicator.id, i.id)
        ]
        names = {i: by_language(catalogue.indicators[i].name) for i in ids}
    if not names:
        column, of = ("parent", target.region) if by == "districts" else ("part_of", indicator.id)
        rows, do = (
            Phrase("breakdown.fault.rows", column=column, of=of),
            Phrase("breakdown.fault.do_catalogue"),
        )
        file = "regions.csv" if by == "districts" else "indicators.csv"
        whole = catalogue.regions[of] if by == "districts" else indicator
        fault = Fault(by, rows, Phrase("breakdown.fault.none"), file, do=do)
        raise NoParts(fault, Phrase(f"breakdown.no_parts.{by}", of=whole))
    return names


def published_shares(plan: Plan, target: Target, by: str, *, rest: bool = False) -> Shares:
    """Return the shares of the parts in the latest year, up to the base year, that has figures for them.

    A district's figures may stand in the observations of its own plan. Without `rest`, the parts must make up the whole.

    Errors: PlanmodelError that says which parts have no figure, or by how much they miss the whole.
    """
    names = parts_of(plan, target, by)
    whole = levels_of(plan, target.indicator.id, target.region, target.definition)
    levels = {
        name: known for name in names if (known := _levels_of_part(plan, target, by, name, whole.unit)).values
    }
    year, figures = 0, dict[str, float]()
    for each in sorted(year for year in whole.values if year <= target.base_year):
        here = {name: known.values[each] for name, known in levels.items() if each in known.values}
        if len(here) >= max(len(figures), 1):
            year, figures = each, here
    missing = [name for name in names if name not in figures]
    if not figures or (missing and not rest):
        raise _missing(target, by, missing, year)
    total, covered = whole.values[year], sum(figures.values())
    gap = (total - covered) / total
    if gap <= 0 if missing else abs(gap) * 100 > ROUNDING * len(figures):
        raise _off(covered, total, year, whole.unit)
    origins = [whole.origins[year], *(levels[name].origins[year] for name in figures)]
    if missing:
        figures[REST] = total - covered
    all_of = sum(figures.values())
    first = {name: value / all_of for name, value in figures.items()}
    return Shares(first, year=year, sources=tuple(dict.fromkeys(o.source for o in origins)))


def _levels_of_part(plan: Plan, target: Target, by: str, name: str, unit: str) -> Levels:
    """Return the published levels of a part: a district's own plan may have them where this one has none."""
    region, series = (name, target.indicator.id) if by == "districts" else (target.region, name)
    levels = levels_of(plan, series, region, target.definition, unit)
    if by == "districts" and not levels.values:
        others = (
            levels_of(other, series, region, target.definition, unit) for other in _plans_of(region, plan)
        )
        levels = next((other for other in others if other.values), levels)
    return levels


def _plans_of(region: str, plan: Plan) -> Iterator[Plan]:
    plans = (load_plan(name) for name in plan_names() if name != plan.name)
    return (other for other in plans if other.region == region)


def _missing(target: Target, by: str, missing: list[str], year: int) -> NoParts:
    when: Say = Phrase("breakdown.fault.year", year=year) if year else Phrase("breakdown.fault.no_year")
    shown = ", ".join(missing[:6]) + (", ..." if len(missing) > 6 else "")
    fault = Fault(
        "shares",
        Phrase("breakdown.fault.figures", indicator=target.indicator.id, by=by),
        Phrase("breakdown.fault.figures_none", when=when, parts=shown),
        do=Phrase("breakdown.fault.do_rest" if year else "breakdown.fault.do_shares"),
    )
    return NoParts(fault, Phrase(f"breakdown.unpublished.{by}", name=target.indicator))


def _off(parts: float, total: float, year: int, unit: str) -> NoParts:
    fields = {"parts": f"{parts:g}", "total": f"{total:g}", "unit": unit, "year": year}
    found, do = Phrase("breakdown.fault.against", **fields), Phrase("breakdown.fault.do_given")
    return NoParts(
        Fault("shares", Phrase("breakdown.fault.make_up"), found, do=do),
        Phrase("breakdown.mismatch", **fields),
    )

"""Begin a plan to be drafted: the histories of a region's indicators, and a blank target for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planmodel.documents.grammar import entry, pattern
from planmodel.documents.newcomers import Newcomers, key
from planmodel.errors import Fault, PlanmodelError
from planmodel.plans import Plan
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.columns import rows_in
from planmodel.plans.kinds import kind_of
from planmodel.plans.loading import Source, free_folder, read_source
from planmodel.plans.model import Identity
from planmodel.plans.promises import promises
from planmodel.words import LANGS, Phrase

TABLE, BARE = "T1", ("%", "percent", "per cent")


@dataclass(frozen=True)
class Series:
    """What a sheet of histories holds of one indicator. unit: as written, empty: none. growth: figures are growth of a year in %.

    figures: texts by year, plain numbers. place: file and row.
    """

    name: str
    unit: str
    growth: bool
    figures: Mapping[int, str]
    place: str


@dataclass(frozen=True)
class Beginning:
    """The parts of a new plan, and what is new in its catalogue.

    taken: the indicators that names mean which are written otherwise in the catalogue. small: names of shares whose figures all
    lie below 1 %: fractions, perhaps.
    """

    source: Source
    new: Newcomers
    taken: Mapping[str, Indicator]
    small: tuple[str, ...] = ()


def begin(
    name: str, region: str, period: tuple[int, int], today: str, catalogue: Catalogue, plans: Sequence[Plan], series: Sequence[Series] = ()
) -> Beginning:  # fmt: skip
    """Return the parts of a plan with blank targets for a region and period, counted from the year before.

    Its rows are the series given, by the catalogue's names, ids or units (what it lacks is added); without any, those of the
    region's last plan that have a history. The figures that other plans of the region print come with it. today: the plan's
    date.

    Errors: PlanmodelError for a name or region that cannot be, or where no history is found at all; FileExistsError where
    the plan is there.
    """
    folder, base_year = free_folder(name, region), period[0] - 1
    begun = _Rows(catalogue, base_year)
    for one in series:  # units first: they may be of the currency in which the region counts
        begun.new.unit(one.unit)
    begun.new.catalogue = replace(catalogue, indicators=begun.new.known.for_region(region).indicators)
    for one in series:
        begun.take(one)
    if begun.faults:
        raise PlanmodelError(faults=begun.faults)
    own = [plan for plan in plans if plan.region == region and plan.base_year < base_year]
    held = {cells["indicator"] for cells in begun.observations.values()}
    for plan in own:
        for row in read_source(plan.folder, []).observations or ():
            # what the sheet holds, it holds alone
            if row["region"] in ("", region) and row["indicator"] not in held:
                cells = {**row.cells, "region": "", "target": ""}
                begun.observations.setdefault(_key(cells), cells)
    observations, rows = begun.observations, begun.rows
    if not series:
        known_of = {cells["indicator"] for cells in observations.values()}
        rows = _rows_again(max(own, key=lambda plan: plan.period, default=None), known_of)
    if not rows:
        wanted, do = Phrase("drafting.fault.history"), Phrase("drafting.fault.do_history")
        raise PlanmodelError(faults=[Fault("region", wanted, repr(region), do=do)])
    known = begun.new.known
    bases = _bases(observations.values(), base_year)
    each = enumerate(rows.values(), 1)
    targets = [_target(number, cells, bases, base_year, period[1]) for number, cells in each]
    terms = {cells["indicator"] for cells in (*rows.values(), *observations.values())}
    head = _head(known, region, period, today, _identities(plans, terms))
    tables = rows_in("targets", targets), rows_in("observations", observations.values())
    percent = [one for one in series if one.unit in BARE and not one.growth]
    small = (one.name for one in percent if all(0 < abs(float(text)) < 1 for text in one.figures.values()))
    return Beginning(Source(name, folder, head, *tables), begun.new, begun.taken, tuple(small))


class _Rows:
    """Rows of a new plan's tables while a sheet's series are taken, with every fault."""

    def __init__(self, catalogue: Catalogue, base_year: int):
        self.new, self.base_year = Newcomers(catalogue), base_year
        self.observations: dict[tuple[str, ...], dict[str, str]] = {}
        self.rows: dict[tuple[str, str], dict[str, str]] = {}
        self.in_unit: dict[str, Indicator] = {}  # of the catalogue, that the sheet has in another unit
        self.taken: dict[str, Indicator] = {}
        self.faults: list[Fault] = []

    def take(self, one: Series) -> None:
        """Add a series: its figures, its blank target, and what the catalogue lacks of it."""
        bare = pattern("real").sub("", one.name) if one.growth else one.name
        constant = not one.growth and pattern("constant").search(one.name)
        id = "" if constant else self.new.found(bare, one.unit)
        indicator = self.in_unit.get(id) or self.new.catalogue.indicators.get(id)
        if not one.unit and not one.growth and indicator is None:
            return self._fault(one, "unit", Phrase("drafting.fault.unit"), Phrase("drafting.fault.do_unit"))
        unit = self._unit(one, indicator)
        if indicator is not None and not one.growth and one.unit in BARE and not self._fits(unit, indicator):
            return self._fault(one, "unit", Phrase("drafting.fault.whole"), Phrase("drafting.fault.do_whole"))
        known = self.new.known.units
        other = indicator is not None and not one.growth and not self._fits(unit, indicator)
        if indicator is None or other:
            percent = unit in known and known[unit].dimension == "percent"
            figures = [known[unit].factor * float(text) for text in one.figures.values()] if percent else ()
            indicator = self.new.indicator(one.name, unit, one.growth, figures)
            self.in_unit |= {id: indicator} if id else {}
        elif key(one.name) not in map(key, (indicator.id, indicator.name_zh, indicator.name_en)):
            self.taken[one.name] = indicator
        falls = bool(indicator.reduction_of) and unit == "%"
        growth, measured = one.growth or falls, indicator.reduction_of if falls else indicator.id
        kind = "cumulative_change_pct" if falls else "annual_growth" if growth else "level"
        if (indicator.id, kind) in self.rows:
            once = Phrase("drafting.fault.once", name=indicator)
            self._fault(one, "row", once, Phrase("drafting.fault.do_once"))
        for year, text in one.figures.items():
            other_sign = text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}"
            if year <= self.base_year:
                cells = {
                    "indicator": measured, "period": str(year), "measure": "growth" if growth else "value",
                    "value": other_sign if falls else text, "unit": unit, "printed": text, "vintage": "unknown",
                    "source": one.place,
                }  # fmt: skip
                self.observations[_key(cells)] = cells
        self.rows[indicator.id, kind] = {"indicator": indicator.id, "kind": kind, "unit": unit}

    def _fault(self, one: Series, what: str, wanted: Phrase, do: Phrase) -> None:
        file, _, row = one.place.rpartition(", ")
        self.faults.append(Fault(what, wanted, repr(one.name), file, int(row), do))

    def _unit(self, one: Series, indicator: Indicator | None) -> str:
        """The id of a series' unit; its indicator's where none is written."""
        if one.growth:
            return "%"
        unit = self.new.unit(one.unit)
        if indicator is None or not indicator.unit or (unit and self._fits(unit, indicator)):
            return unit
        counted = indicator.price_basis == "none" and indicator.scale in ("amount", "density")
        things = counted and unit == entry("counter") and self.new.known.units[indicator.unit].factor == 1
        return indicator.unit if not unit or things else unit

    def _fits(self, unit: str, indicator: Indicator) -> bool:
        units = self.new.known.units
        own = "percent" if indicator.reduction_of and unit == "%" else units[indicator.unit or unit].dimension
        return units[unit].dimension == own


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    names = ("indicator", "period", "measure", "definition", "vintage", "source")
    return tuple(cells.get(name, "") for name in names)


def _rows_again(last: Plan | None, known: set[str]) -> dict[tuple[str, str], dict[str, str]]:
    """What the last plan's rows promise, without their figures, by indicator and kind; of indicators with a history."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for target in promises(last.targets) if last else ():
        assert last is not None
        measured = target.indicator.reduction_of or target.indicator.id
        ahead = target.region == last.region and target.target_year > last.base_year
        if ahead and kind_of(target).reads is not None and target.unit and measured in known:
            cells = {
                "indicator": target.indicator.id, "kind": target.kind, "unit": target.unit, "attribute": target.attribute,
                "comparator": "" if target.comparator == "range" else target.comparator, "price_basis": target.price_basis,
                "definition": target.definition,
            }  # fmt: skip
            rows.setdefault((target.indicator.id + target.definition, target.kind), cells)
    return rows


def _bases(
    observations: Iterable[Mapping[str, str]], base_year: int
) -> dict[tuple[str, str], Mapping[str, str]]:
    """The levels of the base year, by indicator and definition."""
    plain = (cells for cells in observations if cells["measure"] == "value" and not cells.get("comparator"))
    known = (cells for cells in plain if cells["period"] == str(base_year))
    return {(cells["indicator"], cells.get("definition", "")): cells for cells in known}


def _target(
    number: int, cells: Mapping[str, str], bases: Mapping, base_year: int, year: int
) -> dict[str, str]:
    """The cells of a blank target; its base where one is known and printed beside levels."""
    known = bases.get((cells["indicator"], cells.get("definition", "")))
    base = known if cells["kind"] in ("level", "keep") else None
    row = {
        "table": TABLE, "number": str(number), "part": "1", "base_year": str(base_year), "target_year": str(year),
        "status": "missing", "attribute": "none", "source": f"{TABLE} {number}", **cells,
    }  # fmt: skip
    if (
        base is not None and base["unit"] == cells["unit"] and float(base["value"]) > 0
    ):  # growth has no other base
        row |= {"base_value": base["value"], "base_printed": base["value"], "base_unit": base["unit"]}
    return row


def _identities(plans: Iterable[Plan], terms: set[str]) -> list[str]:
    """The identities that plans state of indicators of the whole region, where all terms are there."""
    by_text: dict[str, Identity] = {}
    for plan in plans:
        for identity in plan.identities:
            if all(not term.region and term.indicator in terms for term in identity.terms):
                by_text.setdefault(identity.text, identity)
    return list(by_text)


def _head(
    catalogue: Catalogue, region: str, period: tuple[int, int], today: str, identities: list[str]
) -> dict[str, Any]:
    about = {"region": catalogue.regions[region], "first": period[0], "last": period[1]}
    texts = {name: Phrase(f"drafting.head.{name}", **about) for name in ("title", "short", "issuer")}
    head: dict[str, Any] = {name: {lang: text[lang] for lang in LANGS} for name, text in texts.items()}
    head |= {"document_number": None, "date": today, "draft": True, "period": list(period)}
    head |= {"base_year": period[0] - 1, "region": region}
    return head | ({"identities": identities} if identities else {})

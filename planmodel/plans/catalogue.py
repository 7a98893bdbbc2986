"""The catalogue shared by all plans: indicators, regions, units, and the rules kept as data."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from planmodel.arguments import is_number
from planmodel.errors import Fault, PlanmodelError
from planmodel.files import reading
from planmodel.files.reading import Entries, Row, data_folder, one_of, read_yaml, stamp
from planmodel.words import LANGS, Phrase
from planmodel.words.cards import Card, Rows

SCALES = ("amount", "share", "density", "index", "rate")
DIRECTIONS = ("higher", "lower")
BASES = ("nominal", "real", "real_by_convention", "none")
REAL = ("real", "real_by_convention")
"""Price bases at comparable prices."""
THEMES = ("growth", "structure", "innovation", "people", "environment")
"""What an indicator is about, in the order in which plans speak of it."""
NEEDED = ("scale", "direction", "price_basis", "growth_basis", "level")
"""Columns of the catalogue that may not be empty, of those that choose from a list."""
NUMBERS = (
    ("about_tolerance", 0, 100, ""),
    ("verdict", 0, 1, "elsewhere rare apart.unlikely apart.likely"),
    ("audit", -100, 1e6, """overshoot.relative overshoot.points deflator.low deflator.high deflator.from_past whole_off_past
        vintage_gap.relative vintage_gap.points beyond_record.growth beyond_record.points beyond_record.percentile scale_slip"""),
    ("review", 0, 120, """release_months pace.faster pace.on_pace pace.far_behind on_pace.expected on_pace.binding
        likely.expected likely.binding unlikely.expected unlikely.binding"""),
)  # fmt: skip
"""Parts of data/rules.yaml with the lowest and the highest that their numbers may be, and the entries that are numbers."""
BOUNDS = "outturn_bounds"  # the rules that are pairs of numbers
LEVELS = ("union", "country", "province", "prefecture", "county", "area")
"""Levels of regions that classes of comparable series know; others (levels.csv) are like one of them."""
HOME = "gdp"  # the indicator whose unit tells the currency that the catalogue counts in
MARKUP = re.compile(r"[`*_\[\]<>|\\\n]")
"""What a unit's name and a word for a probability may not hold: sentences set them as they stand."""


class Named:
    """A mixin for what has a name in each language: `name_zh`, `name_en`."""

    def name(self, lang: str) -> str:
        """Return the name in a language."""
        return str(getattr(self, f"name_{lang}"))


@dataclass(frozen=True)
class Unit(Named):
    """A unit: `factor` times the base unit of its dimension; its id is its Chinese name."""

    id: str
    name_en: str
    dimension: str
    factor: float

    @property
    def name_zh(self) -> str:
        return self.id


@dataclass(frozen=True, repr=False)
class Indicator(Named, Card):
    """What is measured; `reference` names the class, or the family of classes, a short history shrinks towards, empty: its kind's.

    theme: where the file names none, structure for a share and growth for all else.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    scale: str
    direction: str
    price_basis: str
    growth_basis: str
    flow: str
    part_of: str
    reduction_of: str
    reference: str
    note: str
    dependence: str = ""
    theme: str = THEMES[0]

    def deflated(self, basis: str) -> bool:
        """Return whether growth at a price basis is real growth of levels at current prices; what is counted at constant prices grows as it is."""
        return basis in REAL and self.price_basis not in REAL

    def _card(self, lang: str) -> tuple[object, Rows]:
        return self, [
            (Phrase("terms.indicator"), self.id),
            (Phrase("terms.unit"), unit_name(self.unit, lang)),
            (Phrase("plans.card.scale"), Phrase(f"plans.scales.{self.scale}")),
            (Phrase("terms.reference"), self.reference),
            (Phrase("plans.card.note"), self.note),
        ]


INDICATOR_COLUMNS = tuple(name for name in Indicator.__annotations__ if name != "id")
REAL_KINDS = {
    "gdp": "real_gdp", "gdp_per_head": "real_gdp", "services": "real_services", "industry": "real_industry",
    "agriculture": "real_agriculture",
}  # fmt: skip
KIND_OF_SCALE = {"share": "other_share", "amount": "count"}


def dependence_kind(indicator: Indicator, real: bool = False) -> str:
    """Return the kind that an indicator depends on others by (planmodel.forecasts.dependence): the catalogue's, else by scale.

    real: at comparable prices; kinds without a real reading stay what they are.

    >>> indicators = load_catalogue().indicators
    >>> dependence_kind(indicators["labour_productivity"], real=True), dependence_kind(indicators["pm25"])
    ('real_gdp', 'density')
    """
    kind = indicator.dependence
    if not kind and indicator.scale == "amount" and indicator.price_basis != "none":
        kind = "other_amount"
    kind = kind or KIND_OF_SCALE.get(indicator.scale, "density")
    return REAL_KINDS.get(kind, kind) if real or indicator.price_basis in REAL else kind


@dataclass(frozen=True)
class Region(Named):
    """A region and its parent (empty for a country)."""

    id: str
    name_zh: str
    name_en: str
    level: str
    parent: str
    currency: str = ""


@dataclass(frozen=True, repr=False)
class Catalogue:
    """Indicators, regions and units by id, and the rules (verdict cut-offs, tolerances). tables: the rows they were made from."""

    indicators: Mapping[str, Indicator]
    regions: Mapping[str, Region]
    units: Mapping[str, Unit]
    rules: Mapping[str, Any]
    owners: Mapping[str, str] = field(default_factory=dict)
    """English names of bodies that are responsible for targets, where there is a standard one."""
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Catalogue of {len(self.indicators)} indicators, {len(self.regions)} regions, {len(self.units)} units"

    def owner_name(self, owner: str, lang: str) -> str:
        """Return the name of a body: as printed, in English where a standard one is on file (owners.csv)."""
        return {"en": self.owners}.get(lang, {}).get(owner, owner)

    def country_of(self, region: str) -> str:
        """Return the country a region lies in; empty where none is known."""
        return next((name for name in self.upwards(region) if self.regions[name].level == "country"), "")

    def currency_of(self, region: str) -> str:
        """Return the currency of a region, its own or that of one above; empty where none is stated."""
        own = (self.regions[name].currency for name in self.upwards(region))
        return next((currency for currency in own if currency), "")

    def upwards(self, region: str) -> Iterator[str]:
        """Yield a region and those above it, the nearest first."""
        while region in self.regions:
            yield region
            region = self.regions[region].parent

    def above(self, region: str) -> Iterator[str]:
        """Yield the regions above one, the nearest first."""
        return islice(self.upwards(region), 1, None)

    def for_region(self, region: str) -> Catalogue:
        """Return the catalogue as a region counts: amounts of money in its own currency, in the unit of the nearest size.

        An indicator keeps its unit where no unit of that currency is known.
        """
        gdp = self.indicators.get(HOME)
        home = self.units[gdp.unit].dimension if gdp and gdp.unit in self.units else ""
        own = self.currency_of(region)
        if not own or not home or own == home:
            return self

        def converted(indicator: Indicator) -> Indicator:
            unit = self.units.get(indicator.unit)
            parts = unit.dimension.split("/") if unit else []
            if unit is None or home not in parts:
                return indicator
            dimension = "/".join(own if part == home else part for part in parts)
            near = [each for each in self.units.values() if each.dimension == dimension]
            size = min(near, key=lambda each: abs(math.log(each.factor / unit.factor)), default=unit)
            return replace(indicator, unit=size.id)

        return replace(self, indicators={name: converted(each) for name, each in self.indicators.items()})

    def alike(self, unit: str, other: str) -> bool:
        """Return whether two units are known and of one dimension."""
        here, there = self.units.get(unit), self.units.get(other)
        return here is not None and there is not None and here.dimension == there.dimension

    def convert(self, value: float, unit: str, to: str) -> float:
        """Return a value in another unit of the same dimension."""
        if unit == to:
            return value
        here, there = self.units[unit], self.units[to]
        if here.dimension != there.dimension:
            expected = Phrase("plans.catalogue.unit", dimension=there.dimension, unit=to)
            raise PlanmodelError.of("unit", expected, f"{unit} ({here.dimension})")
        return value * here.factor / there.factor


def unit_name(unit: str, lang: str) -> str:
    """Return the name of a unit of the data folder; one that is not there, as it is."""
    try:
        units = load_catalogue().units
    except PlanmodelError:
        return unit
    return units[unit].name(lang) if unit in units else unit


def _keyed(
    rows: Iterable[Row],
    first: str,
    faults: list[Fault],
    chosen: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> dict[str, Row]:
    """Return rows by their column `first`; chosen: what cells of a column must be one of, if not empty."""
    keyed: dict[str, Row] = {}
    for row in rows:
        key = row[first]
        if not key or key in keyed:
            faults.append(row.fault(first, Phrase("plans.catalogue.own_name")))
        keyed[key] = row
        if "name_en" in row.cells and not (row["name_en"] or row.cells.get("name_zh")):
            faults.append(row.fault("name_en", Phrase("plans.catalogue.name")))
        for column, known in chosen.items():
            one_of(row, column, known, faults, optional=column not in NEEDED)
    return keyed


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Return the catalogue of a data folder; raise with every fault of its files. Changed files are read again.

    >>> load_catalogue().indicators["services_va"].name_en
    'Services value added'
    """
    folder = folder or data_folder()
    return _load(folder, stamp(folder))


COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "units": (("unit", "name_en", "dimension", "factor"), ()),
    "indicators": (("indicator", *INDICATOR_COLUMNS[:-2]), INDICATOR_COLUMNS[-2:]),
    "levels": (("level", "name_zh", "name_en", "like"), ()),
    "regions": (("region", "name_zh", "name_en", "level", "parent"), ("currency",)),
    "owners": (("owner", "name_en"), ()),
}
"""The columns that each table of the catalogue must have, and those it may have."""
OPTIONAL = ("levels", "owners")


@lru_cache(maxsize=8)
def _load(folder: Path, _: tuple) -> Catalogue:
    faults: list[Fault] = []
    tables = {
        name: reading.read_table(folder / f"{name}.csv", *columns)
        for name, columns in COLUMNS.items()
        if name not in OPTIONAL or (folder / f"{name}.csv").is_file()
    }
    catalogue = catalogue_of(tables, {}, faults)
    if faults:
        raise PlanmodelError(Phrase("plans.catalogue.faults"), faults)
    return replace(catalogue, rules=_rules(folder / "rules.yaml"))


def _check_above(row: Row, column: str, table: Mapping[str, Row], faults: list[Fault]) -> None:
    """Add the fault of a row that stands, over others, above itself."""
    above, seen = row, {id(row)}
    while above[column] in table:
        above = table[above[column]]
        if id(above) in seen:
            faults.append(row.fault(column, Phrase("plans.catalogue.above_itself")))
            return
        seen.add(id(above))


def catalogue_of(
    tables: Mapping[str, tuple[Row, ...]], rules: Mapping[str, Any], faults: list[Fault]
) -> Catalogue:
    """Return the catalogue of some tables by name; their faults are added. A name in Chinese may be missing."""
    from planmodel.forecasts.dependence import kinds
    from planmodel.forecasts.reference import families, reference_names

    units = {}
    for name, row in _keyed(tables["units"], "unit", faults).items():
        factor = reading.number(row, "factor", faults, required=True)
        for column in ("unit", "name_en"):
            if MARKUP.search(row[column]):
                faults.append(row.fault(column, Phrase("plans.catalogue.no_markup")))
        if factor is not None and factor <= 0:
            faults.append(row.fault("factor", Phrase("plans.catalogue.positive")))
            factor = None
        units[name] = Unit(name, row["name_en"], row["dimension"], factor or 1.0)
    chosen: dict[str, Collection[str]] = {
        "scale": SCALES, "direction": DIRECTIONS, "price_basis": BASES, "growth_basis": BASES, "flow": ("stock", "flow"),
        "unit": units, "reference": (*reference_names(), *families()), "dependence": kinds(), "theme": THEMES,
    }  # fmt: skip
    table = _keyed(tables["indicators"], "indicator", faults, chosen)
    for row in table.values():
        for column in ("part_of", "reduction_of"):
            one_of(row, column, table, faults, optional=True)
            _check_above(row, column, table, faults)
    indicators = {}
    for name, row in table.items():
        own = {column: row[column] for column in INDICATOR_COLUMNS}
        own |= {"name_zh": row["name_zh"] or row["name_en"], "name_en": row["name_en"] or row["name_zh"]}
        own["theme"] = row["theme"] or THEMES[row["scale"] == "share"]
        indicators[name] = Indicator(name, **own)
    own_levels = _keyed(tables.get("levels", ()), "level", faults, {"like": LEVELS})
    levels = {**{level: level for level in LEVELS}, **{name: row["like"] for name, row in own_levels.items()}}
    regions = {}
    table = _keyed(tables["regions"], "region", faults, {"level": levels})
    for name, row in table.items():
        level = levels.get(row["level"], row["level"])
        one_of(row, "parent", table, faults, optional=level in LEVELS[:2])
        _check_above(row, "parent", table, faults)
        names = row["name_zh"] or row["name_en"], row["name_en"] or row["name_zh"]
        regions[name] = Region(name, *names, level, row["parent"], row["currency"])
    owners = {name: row["name_en"] for name, row in _keyed(tables.get("owners", ()), "owner", faults).items()}
    return Catalogue(indicators, regions, units, rules, owners, tables)


def _leaves(place: str, value: object) -> Iterator[tuple[str, object]]:
    """The entries of rules below a place, of bounds their two ends."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{place}.{name}", inner)
    elif isinstance(value, list) and len(value) == 2 and BOUNDS in place:
        yield from ((place, end) for end in value)
    else:
        yield place, value


def _rules(path: Path) -> dict[str, Any]:
    """Return the rules, checked: tolerance, verdict cut-offs, words for probabilities up to 1."""
    rules = read_yaml(path)
    entries = Entries(rules, path.name, [])
    for part, low, high, names in NUMBERS:
        for place in [f"{part}.{name}" for name in names.split()] or [part]:
            value: Any = rules
            for key in place.split("."):
                value = value.get(key) if isinstance(value, dict) else None
            if not is_number(value) or not low <= value <= high:
                entries.fault(place, Phrase("errors.between", low=f"{low:g}", high=f"{high:g}"), value)
        for place, value in _leaves(part, rules.get(part)):
            if value is not None and not is_number(value):
                entries.fault(place, Phrase("plans.catalogue.number"), value)
    entries.take("words", _rising, Phrase("plans.catalogue.words"), needed=True)
    entries.take("identities", _texts, Phrase("plans.head.lines"))
    entries.take(
        "divided", lambda of: isinstance(of, list) and all(map(_texts, of)), Phrase("plans.catalogue.lists")
    )
    if entries.faults:
        raise PlanmodelError(Phrase("plans.catalogue.rules"), entries.faults)
    return rules


def _texts(listed: Any) -> bool:
    return isinstance(listed, list) and all(isinstance(each, str) for each in listed)


def _rising(words: Any) -> bool:
    """Return whether words for probabilities stand in rising order, up to more than 1."""
    listed = words if isinstance(words, list) else [None]
    if not all(isinstance(each, dict) and {"below", *LANGS} <= set(each) for each in listed):
        return False
    ends = [w["below"] for w in words]
    if not all(map(is_number, ends)) or any(MARKUP.search(str(w[lang])) for w in words for lang in LANGS):
        return False
    return bool(ends) and ends == sorted(ends) and ends[-1] > 1

"""The catalogue shared by all plans: indicators, regions, units, and the rules kept as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import Row, data_folder, number, one_of, read_table, read_yaml, stamp
from planmodel.words import Phrase
from planmodel.words.cards import Card, Rows

SCALES = ("amount", "share", "density", "index", "rate")
DIRECTIONS = ("higher", "lower")
BASES = ("nominal", "real", "real_by_convention", "none")
AUDIT_RULES = (
    ("overshoot", "relative"), ("overshoot", "points"), ("deflator", "low"), ("deflator", "high"),
    ("deflator", "from_past"), ("whole_off_past",), ("vintage_gap", "relative"), ("vintage_gap", "points"),
    ("beyond_record", "growth"),
    ("beyond_record", "points"), ("beyond_record", "percentile"), ("scale_slip",),
)  # fmt: skip
REVIEW_RULES = (
    ("release_months",), ("pace", "faster"), ("pace", "on_pace"), ("pace", "far_behind"),
    *((light, attribute) for light in ("on_pace", "likely", "unlikely") for attribute in ("expected", "binding")),
)  # fmt: skip
LEVELS = ("country", "province", "prefecture", "county", "area")


@dataclass(frozen=True)
class Unit:
    """A unit: `factor` times the base unit of its dimension."""

    id: str
    name_en: str
    dimension: str
    factor: float

    def name(self, lang: str) -> str:
        return self.id if lang == "zh" else self.name_en


@dataclass(frozen=True, repr=False)
class Indicator(Card):
    """What is measured; `reference` names the class a short history shrinks towards, empty: none fits."""

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

    def name(self, lang: str) -> str:
        return self.name_zh if lang == "zh" else self.name_en

    def _card(self, lang: str) -> tuple[object, Rows]:
        return self, [
            (Phrase("terms.indicator"), self.id),
            (Phrase("terms.unit"), unit_name(self.unit, lang)),
            (Phrase("plans.card.scale"), self.scale),
            (Phrase("terms.reference"), self.reference),
            (Phrase("plans.card.note"), self.note),
        ]


@dataclass(frozen=True)
class Region:
    """A region and its parent (empty for a country)."""

    id: str
    name_zh: str
    name_en: str
    level: str
    parent: str

    def name(self, lang: str) -> str:
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True)
class Catalogue:
    """Indicators, regions and units by id, and the rules (verdict cut-offs, tolerances)."""

    indicators: Mapping[str, Indicator]
    regions: Mapping[str, Region]
    units: Mapping[str, Unit]
    rules: Mapping[str, Any]
    owners: Mapping[str, str] = field(default_factory=dict)
    """English names of bodies that are responsible for targets, where there is a standard one."""

    def owner_name(self, owner: str, lang: str) -> str:
        """Return the name of a body: as printed, in English where a standard one is on file (owners.csv)."""
        return owner if lang == "zh" else self.owners.get(owner, owner)

    def convert(self, value: float, unit: str, to: str) -> float:
        """Return a value in another unit of the same dimension."""
        if unit == to:
            return value
        here, there = self.units[unit], self.units[to]
        if here.dimension != there.dimension:
            raise PlanmodelError(
                faults=[Fault("unit", f"a unit of {there.dimension} ({to})", f"{unit} ({here.dimension})")]
            )
        return value * here.factor / there.factor


def unit_name(unit: str, lang: str) -> str:
    """Return the name of a unit of the data folder; one that is not there, as it is."""
    try:
        units = load_catalogue().units
    except PlanmodelError:
        return unit
    return units[unit].name(lang) if unit in units else unit


def _table(
    path: Path, key: str, columns: tuple[str, ...], optional: tuple[str, ...], faults: list[Fault]
) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in read_table(path, columns, optional):
        if not row[key] or row[key] in rows:
            faults.append(row.fault(key, "a name that no other row has"))
        rows[row[key]] = row
    return rows


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Return the catalogue of a data folder; raise with every fault of its files. Changed files are read again.

    >>> load_catalogue().indicators["services_va"].name_en
    'Services value added'
    """
    folder = folder or data_folder()
    return _load(folder, stamp(folder))


@lru_cache(maxsize=8)
def _load(folder: Path, _: tuple) -> Catalogue:
    faults: list[Fault] = []
    units = {}
    for name, row in _table(
        folder / "units.csv", "unit", ("unit", "name_en", "dimension", "factor"), (), faults
    ).items():
        factor = number(row, "factor", faults, required=True)
        if factor is not None and factor <= 0:
            faults.append(row.fault("factor", "a positive number"))
        units[name] = Unit(name, row["name_en"], row["dimension"], factor or 1.0)
    fields = tuple(name for name in Indicator.__annotations__ if name != "id")
    indicators = {}
    table = _table(folder / "indicators.csv", "indicator", ("indicator", *fields), (), faults)
    from planmodel.forecasts.reference import class_names

    for name, row in table.items():
        one_of(row, "scale", SCALES, faults)
        one_of(row, "direction", DIRECTIONS, faults)
        one_of(row, "price_basis", BASES, faults)
        one_of(row, "growth_basis", BASES, faults)
        one_of(row, "flow", ("stock", "flow"), faults, optional=True)
        one_of(row, "unit", units, faults, optional=True)
        one_of(row, "part_of", table, faults, optional=True)
        one_of(row, "reduction_of", table, faults, optional=True)
        one_of(row, "reference", class_names(), faults, optional=True)
        for column in ("name_zh", "name_en"):
            if not row[column]:
                faults.append(row.fault(column, "a name", found="an empty cell"))
        indicators[name] = Indicator(name, **{field: row[field] for field in fields})
    regions = {}
    columns = ("region", "name_zh", "name_en", "level", "parent")
    table = _table(folder / "regions.csv", "region", columns, (), faults)
    for name, row in table.items():
        one_of(row, "level", LEVELS, faults)
        one_of(row, "parent", table, faults, optional=row["level"] == "country")
        if row["parent"] == name:
            faults.append(row.fault("parent", "another region"))
        regions[name] = Region(name, *(row[column] for column in columns[1:]))
    owners = {}
    if (folder / "owners.csv").is_file():
        table = _table(folder / "owners.csv", "owner", ("owner", "name_en"), (), faults)
        owners = {name: row["name_en"] for name, row in table.items()}
        faults += [
            row.fault("name_en", "a name", found="an empty cell")
            for row in table.values()
            if not row["name_en"]
        ]
    if faults:
        raise PlanmodelError("The catalogue has faults:", faults)
    return Catalogue(indicators, regions, units, _rules(folder / "rules.yaml"), owners)


def _rules(path: Path) -> dict:
    """Return the rules, checked: tolerance, verdict cut-offs, words for probabilities up to 1."""
    rules = read_yaml(path)
    faults = []

    def number_at(*keys: str, low: float = 0, high: float = 100) -> None:
        value = rules
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if type(value) not in (int, float) or not low <= value <= high:
            faults.append(
                Fault(
                    ".".join(keys),
                    f"a number from {low:g} to {high:g}",
                    repr(value),
                    path.name,
                    do="Correct the entry.",
                )
            )

    number_at("about_tolerance")
    number_at("verdict", "within_record", "percentile")
    for name in ("within_record", "beyond_record"):
        for attribute in ("expected", "binding"):
            number_at("verdict", name, "probability", attribute)
    for keys in AUDIT_RULES:
        number_at("audit", *keys, low=-100, high=1e6)
    for keys in REVIEW_RULES:
        number_at("review", *keys, high=120)
    words = rules.get("words")
    good = (
        isinstance(words, list)
        and words
        and all(isinstance(w, dict) and {"below", "zh", "en"} <= set(w) for w in words)
    )
    if (
        not good
        or [w["below"] for w in words] != sorted(w["below"] for w in words)
        or words[-1]["below"] <= 1
    ):
        faults.append(
            Fault(
                "words", "rising `below` up to more than 1, each with zh and en", repr(words)[:60], path.name
            )
        )
    if faults:
        raise PlanmodelError("The rules have faults:", faults)
    return rules

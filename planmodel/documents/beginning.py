"""Begin a plan to be drafted: the histories of a region's indicators, and a blank target for each."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planmodel.documents.subjects import SURE, Names
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.folders import write_atomically
from planmodel.files.reading import Row
from planmodel.files.texts import read_text
from planmodel.plans import Plan
from planmodel.plans.catalogue import Catalogue, Indicator, Unit
from planmodel.plans.columns import OBSERVATIONS, TARGETS, names_of
from planmodel.plans.kinds import kind_of
from planmodel.plans.loading import Source, free_folder, read_source
from planmodel.plans.model import Identity
from planmodel.plans.promises import promises
from planmodel.words import LANGS, Phrase, by_language

TABLE = "T1"


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
    """The parts of a new plan, and the catalogue with the indicators and units that are new in it."""

    source: Source
    catalogue: Catalogue
    indicators: tuple[Indicator, ...]
    units: tuple[Unit, ...]


def begin(
    name: str,
    region: str,
    period: tuple[int, int],
    today: str,
    catalogue: Catalogue,
    plans: Sequence[Plan],
    series: Sequence[Series] = (),
) -> Beginning:
    """Return the parts of a plan with blank targets for a region and period, counted from the year before.

    Its rows are the series given, by the catalogue's names, ids or units (what it lacks is added); without any, those of the
    region's last plan that have a history. The figures that other plans of the region print come with it. today: the plan's
    date.

    Errors: PlanmodelError for a name or region that cannot be, or where no history is found at all; FileExistsError where
    the plan is there.
    """
    folder, base_year = free_folder(name, region), period[0] - 1
    added: dict[str, Indicator] = {}
    units: dict[str, Unit] = {}
    observations: dict[tuple[str, ...], dict[str, str]] = {}
    own = [plan for plan in plans if plan.region == region and plan.base_year < base_year]
    for plan in own:
        for row in read_source(plan.folder, []).observations or ():
            if row["region"] in ("", region):
                cells = {**row.cells, "region": "", "target": ""}
                observations.setdefault(_key(cells), cells)
    rows: dict[tuple[str, str], dict[str, str]] = {}
    names = Names(catalogue)
    if not series:
        known_of = {cells["indicator"] for cells in observations.values()}
        rows = _rows_again(max(own, key=lambda plan: plan.period, default=None), known_of)
    for one in series:
        known_id = found_indicator(one.name, one.unit, names)
        indicator = catalogue.indicators.get(known_id) or added.get(one.name)
        unit = _unit(one, indicator, {**catalogue.units, **units})
        if unit not in catalogue.units:
            units[unit] = Unit(unit, unit, unit, 1.0)
        if indicator is None:
            indicator = new_indicator(one, {**catalogue.units, **units}[unit])
            added[one.name] = indicator
        falls = bool(indicator.reduction_of) and unit == "%"
        growth, measured = one.growth or falls, indicator.reduction_of if falls else indicator.id
        for year, text in one.figures.items():
            cells = {
                "indicator": measured, "period": str(year), "measure": "growth" if growth else "value",
                "value": _negated(text) if falls else text, "unit": unit, "printed": text, "vintage": "unknown", "source": one.place,
            }  # fmt: skip
            observations[_key(cells)] = cells
        kind = "cumulative_change_pct" if falls else "annual_growth" if growth else "level"
        rows.setdefault((indicator.id, kind), {"indicator": indicator.id, "kind": kind, "unit": unit})
    if not rows:
        wanted, do = Phrase("drafting.fault.history"), Phrase("drafting.fault.do_history")
        raise PlanmodelError(faults=[Fault("region", wanted, repr(region), do=do)])
    known = replace(
        catalogue,
        indicators={**catalogue.indicators, **{each.id: each for each in added.values()}},
        units={**catalogue.units, **units},
    )
    bases = _bases(observations.values(), base_year)
    targets = [
        _target(number, cells, bases, base_year, period[1]) for number, cells in enumerate(rows.values(), 1)
    ]
    terms = {cells["indicator"] for cells in (*rows.values(), *observations.values())}
    head = _head(known, region, period, today, _identities(plans, terms))
    source = Source(
        name,
        folder,
        head,
        _as_rows(targets, "targets.csv"),
        _as_rows(observations.values(), "observations.csv"),
    )
    return Beginning(source, known, tuple(added.values()), tuple(units.values()))


def found_indicator(name: str, unit: str, names: Names) -> str:
    """Return the id of the indicator that a name surely means: its id, its name in a language, or one nearly so; empty: none.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> known = Names(load_catalogue())
    >>> found_indicator("Gross Domestic Product", "", known), found_indicator("GDP", "", known), found_indicator("Yak butter", "", known)
    ('gdp', 'gdp', '')
    """
    ids = {_plain(id): id for id in names.catalogue.indicators}
    if _plain(name) in ids:
        return ids[_plain(name)]
    match = names.find(name, unit)
    return match.id if match.sure >= SURE else ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _negated(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}"


def _unit(one: Series, indicator: Indicator | None, units: Mapping[str, Unit]) -> str:
    """The id of a series' unit; its indicator's where none is written; one that is not known as it is written."""
    if one.growth:
        return "%"
    if not one.unit and indicator is not None:
        return indicator.unit
    names = {_plain(text) or text: unit.id for unit in units.values() for text in (unit.name_en, unit.id)}
    return names.get(_plain(one.unit) or one.unit, one.unit or one.name)


def new_indicator(one: Series, unit: Unit) -> Indicator:
    """Return the indicator of a series that the catalogue lacks: what its unit and figures say of it, better high."""
    slug = re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKC", one.name).casefold()).strip("_")
    if not slug or not one.name.isascii():
        slug = f"own_{zlib.crc32(one.name.encode()):08x}"
    dimension = unit.dimension
    money = dimension.isupper() and len(dimension) == 3
    scale = "amount"
    if "/" in dimension:
        scale = "density"
    elif dimension == "percent" and not one.growth:
        within = all(0 <= float(text) <= 100 for text in one.figures.values())
        scale = "share" if within else "rate"
    basis = "nominal" if money or dimension.startswith("CNY/") else "none"
    own = unit.id
    if one.growth:  # levels are not known: an index
        scale, own, basis = "index", "", "none"
    note = str(Phrase("drafting.new_indicator")["en"])
    return Indicator(slug, one.name, one.name, own, scale, "higher", basis, basis, "", "", "", "", note)


def append_rows(path: Path, added: Sequence[Indicator | Unit]) -> None:
    """Write new indicators or units behind those of a catalogue's file."""
    text = read_text(path)
    header = next(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [getattr(one, "id" if column == header[0] else column) for column in header] for one in added
    )
    marked = path.read_bytes().startswith(b"\xef\xbb\xbf")
    whole = text.rstrip("\n") + "\n" + out.getvalue()
    write_atomically(path, whole.encode("utf-8-sig" if marked else "utf-8"))


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        cells.get(name, "") for name in ("indicator", "period", "measure", "definition", "vintage", "source")
    )


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
    return {
        (cells["indicator"], cells.get("definition", "")): cells
        for cells in observations
        if cells["measure"] == "value" and cells["period"] == str(base_year) and not cells.get("comparator")
    }


def _target(
    number: int, cells: Mapping[str, str], bases: Mapping, base_year: int, year: int
) -> dict[str, str]:
    """The cells of a blank target; its base where one is known and printed beside levels."""
    base = (
        bases.get((cells["indicator"], cells.get("definition", "")))
        if cells["kind"] in ("level", "keep")
        else None
    )
    row = {
        "table": TABLE, "number": str(number), "part": "1", "base_year": str(base_year), "target_year": str(year),
        "status": "missing", "attribute": "none", "source": f"{TABLE} {number}", **cells,
    }  # fmt: skip
    if base is not None and base["unit"] == cells["unit"]:
        row |= {"base_value": base["value"], "base_printed": base["value"], "base_unit": base["unit"]}
    return row


def _identities(plans: Iterable[Plan], terms: set[str]) -> list[str]:
    """The identities that plans state of indicators of the whole region, where all terms are there."""
    found: dict[str, Identity] = {}
    for plan in plans:
        for identity in plan.identities:
            if all(not term.region and term.indicator in terms for term in identity.terms):
                found.setdefault(identity.text, identity)
    return list(found)


def _head(
    catalogue: Catalogue, region: str, period: tuple[int, int], today: str, identities: list[str]
) -> dict[str, Any]:
    about = {"region": catalogue.regions[region], "first": period[0], "last": period[1]}
    texts = {
        name: by_language(Phrase(f"drafting.head.{name}", **about).__getitem__)
        for name in ("title", "short", "issuer")
    }
    head: dict[str, Any] = {name: {lang: text[lang] for lang in LANGS} for name, text in texts.items()}
    head |= {
        "document_number": None,
        "date": today,
        "draft": True,
        "period": list(period),
        "base_year": period[0] - 1,
    }
    return head | {"region": region} | ({"identities": identities} if identities else {})


def _as_rows(cells: Iterable[Mapping[str, str]], file: str) -> tuple[Row, ...]:
    names = names_of(TARGETS if file.startswith("targets") else OBSERVATIONS)
    return tuple(
        Row({name: each.get(name, "") for name in names}, file, line) for line, each in enumerate(cells, 2)
    )

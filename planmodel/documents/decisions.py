"""From proposals to a plan: the sheet in which a person accepts, corrects or drops each, and the plan made of it."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import pandas as pd

from planmodel.documents.newcomers import Newcomers, append_rows
from planmodel.documents.proposals import TARGET, Proposal, Reading
from planmodel.documents.subjects import SURE
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import Row, check_name, data_folder
from planmodel.plans.catalogue import Catalogue, Indicator, Unit, load_catalogue
from planmodel.plans.columns import TABLES, names_of
from planmodel.plans.kinds import KINDS
from planmodel.plans.loading import Source, build_plan
from planmodel.words import LANGS, Phrase
from planmodel.words.phrases import group
from planmodel.workbooks.form import both, plan_workbook
from planmodel.workbooks.opening import open_workbook
from planmodel.workbooks.reading import read_workbook
from planmodel.workbooks.sheets import Sheet
from planmodel.workbooks.updating import Imported, save_source

ACCEPT, DROP = "accept", "drop"
NEW_SHEETS = {"new_indicators": "indicators.csv", "new_units": "units.csv"}
"""Sheets with rows for the catalogue, by the file they go to."""
INDICATOR = ["indicator", *[f.name for f in fields(Indicator) if f.name != "id"]]
MOST_QUOTED = 300


@dataclass(frozen=True)
class PlanRows:
    """The rows of a plan as proposals make them.

    decisions: by table, of each row accept or nothing; looks: what a person should look at. made: the proposal of each row.
    new: rows that the catalogue would need.
    """

    source: Source
    decisions: Mapping[str, tuple[str, ...]]
    looks: Mapping[str, tuple[str, ...]]
    made: Mapping[str, tuple[Proposal, ...]]
    new: Newcomers


def rows_of(readings: Sequence[Reading], catalogue: Catalogue | None = None) -> PlanRows:
    """Return the rows that proposals make; those that are whole and surely named are accepted beforehand.

    readings: of the parts of one document; the head is that of the first.
    """
    catalogue = catalogue or load_catalogue()
    new, head = Newcomers(catalogue), readings[0].head
    rows: dict[str, list[dict[str, str]]] = {"targets": [], "observations": []}
    made: dict[str, list[Proposal]] = {"targets": [], "observations": []}
    prose = 0
    for n, reading in enumerate(readings):
        for p in reading.proposals:
            unit = new.unit(p.unit)
            own = _indicator(p, unit, new)
            if p.row == TARGET:
                prose += not p.table
                table = f"T{int(p.table[1:]) + 100 * n}" if p.table else "text"
                number = p.number if p.table else str(prose)
                rows["targets"].append(_target(p, own, unit, table, number, head, new))
                made["targets"].append(p)
            elif p.value is not None and p.year:
                rows["observations"].append(_observation(p, own, unit))
                made["observations"].append(p)
    _number_parts(rows["targets"])
    extended = new.known
    file = {
        name: tuple(Row(cells, name, line) for line, cells in enumerate(of, 2)) for name, of in rows.items()
    }
    source = Source(readings[0].name, Path(), _head(head), file["targets"], file["observations"])
    looks = {name: _looks(source, name, extended) for name in rows}
    once: set[tuple[str, ...]] = set()
    decisions = {
        name: tuple(
            ACCEPT if not look and _is_clear(p, name, cells, once) else ""
            for p, cells, look in zip(made[name], rows[name], looks[name], strict=True)
        )
        for name in rows
    }
    return PlanRows(source, decisions, looks, {k: tuple(v) for k, v in made.items()}, new)


def _is_clear(p: Proposal, table: str, cells: Mapping[str, str], once: set[tuple[str, ...]]) -> bool:
    """Return whether a row may be taken without a look: an indicator that is surely named, and not said before."""
    if p.sure < SURE or p.sort in ("project", "input"):
        return False
    if table == "targets":
        return True
    key = (cells["indicator"], cells["region"], cells["period"], cells["measure"])
    if key in once:
        return False
    once.add(key)
    return True


def _indicator(p: Proposal, unit: str, new: Newcomers) -> str:
    """Return the id of a proposal's indicator; one that the catalogue surely lacks, or has in another unit, is made."""
    known = new.known
    own = new.catalogue.indicators.get(p.id) if p.sure >= SURE else None
    in_unit = KINDS[p.kind].in_unit if p.row == TARGET else p.kind == "level"
    if own and not (in_unit and unit and own.unit):
        return own.id
    if own and known.units[unit].dimension == known.units[own.unit].dimension:
        return own.id
    growth = p.kind in ("annual_growth", "multiple", "relative")
    return new.indicator(p.indicator, unit, growth, (), p.kind in ("cumulative_sum", "annual_flow")).id


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"


def _source_of(p: Proposal) -> str:
    where, _, number = p.place.partition(":")
    return " ".join(part for part in (p.section, f"({'p.' if where == 'page' else 'l.'} {number})") if part)


def _target(
    p: Proposal,
    indicator: str,
    unit: str,
    table: str,
    number: str,
    head: Mapping[str, object],
    new: Newcomers,
) -> dict[str, str]:
    """Return a proposal as a row of targets.csv."""
    own = new.catalogue.indicators.get(indicator)
    value = p.value
    falls = p.direction == "down" and not (own and own.reduction_of)
    if (
        falls
        and value is not None
        and p.kind in KINDS
        and KINDS[p.kind].figure in ("percent", "points", "change")
    ):
        value = -abs(value)
    base_year = p.base_year or head.get("base_year") or (p.year - 1 if p.year else "")
    if p.year and isinstance(base_year, int) and base_year >= p.year:
        base_year = p.year - 1
    base_unit = new.unit(p.base_unit or p.unit) if p.base_value is not None else ""
    cells = {
        "table": table, "number": number, "part": str(p.part), "indicator": indicator, "region": p.region,
        "base_year": str(base_year), "base_printed": p.base_printed, "base_value": _digits(p.base_value), "base_unit": base_unit,
        "target_year": str(p.year or ""), "target_printed": p.printed, "target_value": _digits(value), "target_upper": _digits(p.upper),
        "unit": unit, "comparator": p.comparator if p.value is not None else "", "kind": p.kind, "status": p.status, "attribute": p.attribute,
        "relative_to": new.found(p.relative_to) if p.relative_to else "", "source": _source_of(p),
        "note": "" if p.table else p.quote.strip()[:MOST_QUOTED],
    }  # fmt: skip
    return {name: cells.get(name, "") for name in names_of(TABLES["targets"])}


def _observation(p: Proposal, indicator: str, unit: str) -> dict[str, str]:
    """Return a proposal as a row of observations.csv."""
    measure = {"annual_growth": "growth", "change_pp": "change_pp", "change_units": "change_units"}.get(
        p.kind, "value"
    )
    cells = {
        "indicator": indicator, "region": p.region, "period": p.period or str(p.year), "measure": measure, "value": _digits(p.value),
        "unit": unit, "printed": p.printed, "vintage": "plan", "source": _source_of(p), "note": p.quote.strip()[:MOST_QUOTED],
    }  # fmt: skip
    return {name: cells.get(name, "") for name in names_of(TABLES["observations"])}


def _number_parts(rows: Sequence[dict[str, str]]) -> None:
    """Number the figures of one row of a table through."""
    seen: Counter[tuple[str, str]] = Counter()
    for cells in rows:
        key = (cells["table"], cells["number"])
        seen[key] += 1
        cells["part"] = str(seen[key])


def _head(head: Mapping[str, object]) -> dict[str, object]:
    """Return what a document says of itself as the head of a plan; what it does not say is empty."""
    title = str(head["title"])
    short = re.sub(r"国民经济和社会发展|规划|纲要|\(.*\)|（.*）", "", title)[:20] or title[:20]
    issuer = str(head["issuer"])
    made: dict[str, object] = {
        "title": dict.fromkeys(LANGS, title), "short": dict.fromkeys(LANGS, short), "issuer": dict.fromkeys(LANGS, issuer or "?"),
        "document_number": head["document_number"] or None, "date": head["date"] or str(head["first_year"] or ""), "draft": head["draft"],
        "period": [head["first_year"] or head["last_year"] or "", head["last_year"] or ""],
        "base_year": head["base_year"] or (int(str(head["last_year"])) - 1 if head["last_year"] else ""), "region": head["region"],
    }  # fmt: skip
    return made


def _looks(source: Source, table: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return of each row what its checks say, empty where they say nothing."""
    faults: list[Fault] = []
    rows: tuple[Row, ...] = getattr(source, table) or ()
    region = str((source.head or {}).get("region") or "") or next(iter(catalogue.regions))
    alone = replace(source, head={**(source.head or {}), "region": region}, targets=(), observations=())
    alone = replace(alone, targets=rows) if table == "targets" else replace(alone, observations=rows)
    build_plan(alone, catalogue, faults)
    by_line: dict[int, list[str]] = {}
    for fault in faults:
        if fault.row and fault.file == table:
            by_line.setdefault(fault.row, []).append(
                both(Phrase("documents.look", what=fault.what, expected=fault.expected), " / ")
            )
    return tuple("; ".join(by_line.get(row.line, ())) for row in rows)


def _heads() -> dict[str, str]:
    return {key: f"({key}) {text['zh']}" for key, text in group("documents.sheet.heads.").items()}


def proposals_workbook(readings: Sequence[Reading], catalogue: Catalogue | None = None) -> bytes:
    """Return proposals as a workbook: a plan's own, and before each row whether it is taken, as written, the quote and its place."""
    catalogue = catalogue or load_catalogue()
    made = rows_of(readings, catalogue)
    heads = _heads()
    beside = {
        name: {
            heads["decision"]: list(made.decisions[name]),
            heads["sure"]: [f"{p.sure:.2f}" if p.sure else "" for p in made.made[name]],
            heads["written"]: [p.indicator for p in made.made[name]],
            heads["near"]: [p.id for p in made.made[name]],
            heads["quote"]: [p.quote.strip()[:MOST_QUOTED] for p in made.made[name]],
            heads["look"]: list(made.looks[name]),
        }
        for name in ("targets", "observations")
    }
    used = {
        cells["indicator"]
        for table in ("targets", "observations")
        for cells in (r.cells for r in getattr(made.source, table))
    }
    indicators = pd.DataFrame(
        [astuple(i) for i in made.new.indicators.values() if i.id in used], columns=INDICATOR, dtype=object
    )
    units = pd.DataFrame(
        [astuple(u) for u in made.new.units.values()],
        columns=["unit", "name_en", "dimension", "factor"],
        dtype=object,
    )
    more = [Sheet("new_indicators", indicators, figures=()), Sheet("new_units", units, figures=())]
    return plan_workbook(made.source, made.new.known, beside, more, {heads["decision"]: [ACCEPT, DROP]})


@dataclass(frozen=True)
class Made:
    """A plan made of proposals: the plan, the rows added to the catalogue, and how many proposals were taken and not."""

    imported: Imported
    indicators: tuple[str, ...]
    units: tuple[str, ...]
    taken: int
    dropped: int
    open: int


def plan_from(path: Path, name: str, region: str = "", folder: Path | None = None) -> Made:
    """Make a plan of the proposals that a person has accepted in a workbook, and the rows of the catalogue that it needs.

    region: where the workbook does not name it, or instead of what it names.

    Errors: PlanmodelError with every fault by sheet, row and column; nothing is written then.
    """
    data = folder or data_folder()
    catalogue = load_catalogue(data)
    decisions, rows = _decided(path)
    counts: Counter[str] = Counter(d for by_row in decisions.values() for d in by_row.values())
    new = _new(rows, catalogue, path.name)
    extended = replace(
        catalogue,
        indicators={**catalogue.indicators, **new["indicators.csv"]},
        units={**catalogue.units, **new["units.csv"]},
    )
    faults: list[Fault] = []
    book = read_workbook(path, extended, faults)

    def taken(table: str) -> tuple[Row, ...]:
        rows: tuple[Row, ...] = getattr(book.source, table) or ()
        return tuple(row for row in rows if decisions.get(table, {}).get(row.line, "") == ACCEPT)

    head = dict(book.source.head or {})
    head["region"] = region or head.get("region")
    home = data / "plans" / check_name("plan", name)
    if home.exists():
        raise PlanmodelError.of(
            "plan", Phrase("commands.data.free"), repr(name), do=Phrase("commands.data.choose")
        )
    targets, observations = taken("targets"), taken("observations")
    source = replace(
        book.source, name=name, folder=home, head=head, targets=targets, observations=observations
    )
    if build_plan(replace(source, head=copy.deepcopy(head)), extended, faults) is None:
        raise PlanmodelError(Phrase("workbooks.fault.faults", file=path.name), map(book.place, faults))
    used = {cell for row in (*targets, *observations) for cell in row.cells.values()}
    indicators = [i for key, i in new["indicators.csv"].items() if key in used]
    units = [u for key, u in new["units.csv"].items() if key in used | {i.unit for i in indicators}]
    for file, added in (("units.csv", units), ("indicators.csv", indicators)):
        if added:
            append_rows(data / file, added)
    done = save_source(source, extended)
    names = tuple(i.id for i in indicators), tuple(u.id for u in units)
    return Made(done, *names, counts[ACCEPT], counts[DROP], counts[""])


def _decided(path: Path) -> tuple[dict[str, dict[int, str]], dict[str, list[dict[str, str]]]]:
    """Return the decisions of a workbook by table and row, and the rows of its sheets for the catalogue."""
    _, book = open_workbook(path)
    decisions: dict[str, dict[int, str]] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for sheet in book.worksheets:
        name = sheet.title.partition(" ")[0].lower()
        if name not in ("targets", "observations", *NEW_SHEETS):
            continue
        lines = [
            [str(v).strip() if v is not None else "" for v in line]
            for line in sheet.iter_rows(values_only=True)
        ]
        head = lines[0] if lines else []
        if name in NEW_SHEETS:
            rows[name] = [dict(zip(head, line, strict=True)) for line in lines[1:] if any(line)]
        else:
            at = next((k for k, text in enumerate(head) if text.startswith("(decision)")), None)
            if at is None:
                raise PlanmodelError.of(
                    "(decision)",
                    Phrase("documents.sheet.column"),
                    Phrase("documents.sheet.none"),
                    f"{path.name}, sheet {sheet.title}",
                )
            decisions[name] = {
                n: line[at].partition(" ")[0].lower() for n, line in enumerate(lines[1:], 2) if any(line)
            }
    return decisions, rows


def _new(rows: Mapping[str, list[dict[str, str]]], catalogue: Catalogue, file: str) -> dict[str, dict]:
    """Return the rows of a workbook that the catalogue does not have, by its file and their id."""
    indicators = {
        row["indicator"]: Indicator(*(row.get(column, "") for column in INDICATOR))
        for row in rows.get("new_indicators", ())
        if row.get("indicator") and row["indicator"] not in catalogue.indicators
    }
    units = {}
    for line, row in enumerate(rows.get("new_units", ()), 2):
        if row.get("unit") and row["unit"] not in catalogue.units:
            try:
                units[row["unit"]] = Unit(
                    row["unit"],
                    row.get("name_en") or row["unit"],
                    row.get("dimension") or row["unit"],
                    float(row["factor"]),
                )
            except (ValueError, KeyError):
                raise PlanmodelError.of(
                    "factor",
                    Phrase("files.a_number"),
                    repr(row.get("factor", "")),
                    f"{file}, sheet new_units",
                    line,
                ) from None
    return {"indicators.csv": indicators, "units.csv": units}

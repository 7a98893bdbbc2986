"""Read a plan's files and collect every fault at once."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

from planmodel.catalogue import BASES, Catalogue, Indicator
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.plans import (
    ATTRIBUTES,
    COMPARATORS,
    GROWTH_KINDS,
    KINDS,
    MEASURES,
    NOT_FORECAST,
    STATUSES,
    VINTAGES,
    Observation,
    Plan,
    Target,
)
from planmodel.tables import Row, number, one_of, read_table, read_yaml, year

TARGET_COLUMNS = (
    "table", "number", "part", "indicator", "region", "base_year", "base_printed", "base_value", "base_unit",
    "target_year", "target_printed", "target_value", "target_upper", "unit", "comparator", "kind", "status",
    "attribute", "price_basis", "relative_to", "definition", "source", "note",
)  # fmt: skip
OBSERVATION_COLUMNS = (
    "indicator", "region", "period", "measure", "value", "unit", "printed", "comparator", "price_basis",
    "definition", "vintage", "published", "source", "url", "target", "note",
)  # fmt: skip
PERIOD = re.compile(r"(\d{4})(?:Q[1-4]|-(\d\d)(?:\.\.\1-(\d\d))?|\.\.(\d{4}))?")
IDENTITY = re.compile(r"(\w+) = (\w+)((?: [+/] \w+)+)")
WITHOUT_VALUE = ("milestone", "relative")
GROWTH_MEASURES = ("growth", "mean_growth", "total_growth")


def read_plan(folder: Path, catalogue: Catalogue) -> tuple[Plan | None, tuple[Fault, ...]]:
    """Return the plan of a folder, None where it cannot be built, and every fault of its files."""
    faults: list[Fault] = []
    parts = {}
    for file, read in (("plan.yaml", _head), ("targets.csv", _rows), ("observations.csv", _rows)):
        try:
            parts[file] = read(folder / file, catalogue, faults)
        except PlanmodelError as error:
            faults += error.faults
    head = parts.get("plan.yaml") or {}
    region = head.get("region", "")
    targets, observations = [], []
    seen: dict[str, Row] = {}
    for row in parts.get("targets.csv", ()):
        target = _target(row, folder.name, region, catalogue, faults)
        if target and target.id in seen:
            faults.append(
                row.fault(
                    "part",
                    "each table, number and part once",
                    f"It repeats row {seen[target.id].line}.",
                    target.id,
                )
            )
        elif target:
            seen[target.id] = row
            targets.append(target)
    _one_unit(targets, seen, catalogue, faults)
    known: dict[tuple, Row] = {}
    for row in parts.get("observations.csv", ()):
        if row["target"] and row["target"] not in seen and "targets.csv" in parts:
            faults.append(row.unknown("target", seen))
        observation = _observation(row, region, catalogue, faults)
        if observation:
            key = tuple(row.cells.values())
            if key in known:
                faults.append(
                    row.fault(
                        "row", "each row once", "Remove one of the two.", f"row {known[key].line} again"
                    )
                )
            known[key] = row
            observations.append(observation)
    if faults:
        return None, tuple(faults)
    head = {**head, "period": tuple(head["period"]), "identities": tuple(head.get("identities") or ())}
    names = (
        "title",
        "short",
        "issuer",
        "document_number",
        "draft",
        "period",
        "base_year",
        "region",
        "identities",
    )
    plan = Plan(
        name=folder.name,
        date=str(head["date"]),
        targets=tuple(targets),
        headline=head.get("headline") or "",
        observations=(*_printed_bases(targets), *observations),
        catalogue=catalogue,
        folder=folder,
        **{key: head.get(key) for key in names},
    )
    return plan, ()


def _rows(path: Path, catalogue: Catalogue, faults: list[Fault]) -> tuple[Row, ...]:
    return read_table(path, TARGET_COLUMNS if path.name == "targets.csv" else OBSERVATION_COLUMNS)


def _head(path: Path, catalogue: Catalogue, faults: list[Fault]) -> dict:
    head = read_yaml(path)
    optional = ("document_number", "url", "identities", "headline", "notes", "accepted")
    required = ("title", "short", "issuer", "date", "draft", "period", "base_year", "region")

    def fault(what, expected):
        faults.append(Fault(what, expected, repr(head.get(what)), path.name, do="Correct the entry."))

    for key in required:
        if key not in head:
            fault(key, "an entry")
    faults.extend(
        unknown(str(key), str(key), required + optional, file=path.name)
        for key in head
        if key not in required + optional
    )
    for key in ("title", "short", "issuer"):
        if key in head and not (
            isinstance(head[key], dict) and all(isinstance(head[key].get(lang), str) for lang in ("zh", "en"))
        ):
            fault(key, "a text in zh and one in en")
    if "draft" in head and not isinstance(head["draft"], bool):
        fault("draft", "true or false")
    if "date" in head and not _is_date(str(head["date"])):
        fault("date", "a date such as 2021-03-09")
    period = head.get("period")
    if "period" in head and not (
        isinstance(period, list)
        and len(period) == 2
        and all(type(y) is int for y in period)
        and period[0] <= period[1]
    ):
        fault("period", "the first and last year, such as [2021, 2025]")
    if "base_year" in head and type(head["base_year"]) is not int:
        fault("base_year", "a year such as 2020")
    region = head.get("region")
    if "region" in head and not (isinstance(region, str) and region in catalogue.regions):
        faults.append(unknown("region", str(region), catalogue.regions, file=path.name))
    if "headline" in head and head["headline"] not in catalogue.indicators:
        faults.append(unknown("headline", str(head["headline"]), catalogue.indicators, file=path.name))
    for identity in head.get("identities") or ():
        match = IDENTITY.fullmatch(str(identity))
        if not match or ("/" in match[3] and "+" in match[3]):
            faults.append(
                Fault(
                    "identities", "a = b / c or a = b + c", repr(identity), path.name, do="Correct the entry."
                )
            )
            continue
        for name in re.findall(r"\w+", str(identity)):
            if name not in catalogue.indicators:
                faults.append(unknown("identities", name, catalogue.indicators, file=path.name))
    return head


def _is_date(text: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        return True
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _target(row: Row, plan: str, region: str, catalogue: Catalogue, faults: list[Fault]) -> Target | None:
    before = len(faults)
    units = catalogue.units
    indicator = catalogue.indicators.get(one_of(row, "indicator", catalogue.indicators, faults))
    kind = one_of(row, "kind", KINDS, faults)
    status = one_of(row, "status", STATUSES, faults)
    if not re.fullmatch(r"T\d+|text", row["table"]):
        faults.append(row.fault("table", "T1, T2, ... or text"))
    if not re.fullmatch(r"\d+[a-z]?", row["number"]):
        faults.append(row.fault("number", "a number as printed, such as 4 or 4a"))
    if not re.fullmatch(r"[1-9]\d*", row["part"], re.ASCII):
        faults.append(row.fault("part", "1, 2, ..."))
    base_year, target_year = year(row, "base_year", faults), year(row, "target_year", faults)
    if base_year and target_year and base_year >= target_year:
        faults.append(row.fault("base_year", f"a year before the target year {target_year}"))
    base, value = number(row, "base_value", faults), number(row, "target_value", faults)
    upper = number(row, "target_upper", faults)
    one_of(row, "region", catalogue.regions, faults, optional=True)
    one_of(row, "base_unit", units, faults, optional=base is None)
    one_of(row, "unit", units, faults, optional=kind in (*NOT_FORECAST, "relative") or status != "printed")
    one_of(row, "attribute", ATTRIBUTES, faults)
    one_of(row, "price_basis", BASES, faults, optional=True)
    one_of(row, "relative_to", catalogue.indicators, faults, optional=kind != "relative")
    one_of(row, "comparator", COMPARATORS, faults, optional=value is None)
    if status == "printed" and kind not in WITHOUT_VALUE and not row["target_value"]:
        faults.append(row.fault("target_value", "a number, as status is printed", found="an empty cell"))
    if status in STATUSES and status != "printed" and value is not None:
        faults.append(row.fault("status", "printed, as the row has a target_value"))
    if (upper is None) == (row["comparator"] == "range"):
        faults.append(row.fault("target_upper", "a number exactly where the comparator is range"))
    if upper is not None and value is not None and upper <= value:
        faults.append(row.fault("target_upper", f"more than target_value {value:g}"))
    if not row["source"]:
        faults.append(row.fault("source", "where it stands", found="an empty cell"))
    if indicator and indicator.scale == "share":
        for column, figure, unit in (
            ("base_value", base, row["base_unit"]),
            ("target_value", value, row["unit"]),
        ):
            if figure is not None and unit == "%" and kind in ("level", "keep") and not 0 <= figure <= 100:
                faults.append(row.fault(column, "a share between 0 and 100"))
    if (
        indicator
        and base is not None
        and base <= 0
        and indicator.scale in ("amount", "density")
        and (kind in ("multiple", "cumulative_change_pct") or (kind == "level" and base < 0))
    ):
        faults.append(row.fault("base_value", "a positive base, as growth is counted from it"))
    if len(faults) == before and indicator is not None:
        _check_units(row, indicator, kind, base, catalogue, faults)
    if len(faults) > before or indicator is None:
        return None
    basis = row["price_basis"] or (indicator.growth_basis if kind in GROWTH_KINDS else indicator.price_basis)
    return Target(
        plan, row["table"], row["number"], int(row["part"]), indicator, row["region"] or region,
        base_year, row["base_printed"], base, row["base_value"], row["base_unit"],
        target_year, row["target_printed"], value, upper, row["target_value"], row["unit"],
        row["comparator"], kind, status, row["attribute"], basis, row["relative_to"], row["definition"],
        row["source"], row["note"],
    )  # fmt: skip


def _check_units(
    row: Row, indicator: Indicator, kind: str, base: float | None, catalogue: Catalogue, faults: list
) -> None:
    """A base must be in a unit of its indicator; a growth target's base may be a growth rate."""
    units = catalogue.units
    if not indicator.unit:
        if kind not in (*NOT_FORECAST, "relative"):
            faults.append(row.fault("unit", "an indicator that has a unit in indicators.csv"))
        return
    if base is None:
        return
    fits = {units[indicator.unit].dimension}
    if kind in GROWTH_KINDS:
        fits.add("percent")
    if indicator.reduction_of:
        fits.add(units[catalogue.indicators[indicator.reduction_of].unit].dimension)
    if units[row["base_unit"]].dimension not in fits:
        faults.append(row.fault("base_unit", f"a unit of {' or '.join(sorted(fits))}, like {indicator.unit}"))


def _one_unit(targets: list[Target], rows: dict[str, Row], catalogue: Catalogue, faults: list[Fault]) -> None:
    """Levels of one indicator must share the dimension of its catalogue unit."""
    for target in targets:
        if (
            target.kind not in ("level", "cumulative_sum", "annual_flow", "mean_annual_flow", "keep")
            or not target.unit
        ):
            continue
        expected = catalogue.units[target.indicator.unit].dimension if target.indicator.unit else ""
        if catalogue.units[target.unit].dimension != expected:
            faults.append(
                rows[target.id].fault(
                    "unit", f"a unit of {expected}, like {target.indicator.unit} of {target.indicator.id}"
                )
            )


def _observation(row: Row, region: str, catalogue: Catalogue, faults: list[Fault]) -> Observation | None:
    before = len(faults)
    one_of(row, "indicator", catalogue.indicators, faults)
    one_of(row, "region", catalogue.regions, faults, optional=True)
    one_of(row, "unit", catalogue.units, faults)
    one_of(row, "measure", MEASURES, faults)
    one_of(row, "comparator", COMPARATORS, faults, optional=True)
    one_of(row, "price_basis", BASES, faults, optional=True)
    one_of(row, "vintage", VINTAGES, faults)
    period = PERIOD.fullmatch(row["period"])
    if not period:
        faults.append(row.fault("period", "2020, 2016..2020, 2023Q3 or 2023-01..2023-09"))
    value = number(row, "value", faults, required=True)
    if not row["source"]:
        faults.append(row.fault("source", "where it stands", found="an empty cell"))
    if not row["source"] or len(faults) > before:
        return None
    indicator = catalogue.indicators[row["indicator"]]
    if (
        row["measure"] == "value"
        and indicator.scale == "share"
        and row["unit"] == "%"
        and not 0 <= value <= 100
    ):
        faults.append(row.fault("value", "a share between 0 and 100"))
    if row["measure"] == "value" and not indicator.unit:
        faults.append(row.fault("unit", "an indicator that has a unit in indicators.csv"))
    elif (
        row["measure"] == "value"
        and catalogue.units[row["unit"]].dimension != catalogue.units[indicator.unit].dimension
    ):
        faults.append(
            row.fault("unit", f"a unit of {catalogue.units[indicator.unit].dimension}, like {indicator.unit}")
        )
    first = int(period[1])
    last = int(period[4] or first)
    if last < first:
        faults.append(row.fault("period", "a first year not after the last"))
    basis = row["price_basis"] or (
        indicator.growth_basis if row["measure"] in GROWTH_MEASURES else indicator.price_basis
    )
    names = ("definition", "vintage", "published", "source", "url", "target", "note")
    return Observation(
        row["indicator"], row["region"] or region, row["period"], first, last, row["measure"], value, row["value"],
        row["unit"], row["comparator"], basis, **{name: row[name] for name in names},
    )  # fmt: skip


def _printed_bases(targets: list[Target]) -> tuple[Observation, ...]:
    """Return the observations that stand as bases in the plan's rows, once each."""
    found: dict[tuple, Observation] = {}
    for target in targets:
        if target.base_value is None:
            continue
        growth = target.base_unit == "%" and target.indicator.scale in ("amount", "density", "index")
        name = target.indicator.id
        if target.indicator.reduction_of and target.base_unit != target.indicator.unit:
            name = target.indicator.reduction_of
        key = (
            name,
            target.region,
            target.base_year,
            growth,
            target.base_digits,
            target.base_unit,
            target.definition,
        )
        observation = Observation(
            name, target.region, str(target.base_year), target.base_year, target.base_year,
            "growth" if growth else "value", target.base_value, target.base_digits, target.base_unit, "",
            target.indicator.growth_basis if growth else target.indicator.price_basis, target.definition, "plan", "",
            target.source, "", "", "",
        )  # fmt: skip
        earlier = found.get(key)
        found[key] = replace(earlier, source=f"{earlier.source}; {target.source}") if earlier else observation
    return tuple(found.values())


def group_faults(faults: tuple[Fault, ...]) -> dict[str, list[Fault]]:
    """Return the faults by file, for a listing."""
    groups: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[fault.file].append(fault)
    return dict(groups)

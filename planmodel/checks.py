"""Read a plan's files and collect every fault at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from planmodel.catalogue import Catalogue
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.plans import Plan
from planmodel.rows import (
    OBSERVATION_COLUMNS,
    TARGET_COLUMNS,
    check_one_unit,
    observation_of,
    printed_bases,
    target_of,
)
from planmodel.tables import Row, read_table, read_yaml

IDENTITY = re.compile(r"(\w+) = (\w+)((?: [+/] \w+)+)")


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
        target = target_of(row, folder.name, region, catalogue, faults)
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
    check_one_unit(targets, seen, catalogue, faults)
    known: dict[tuple, Row] = {}
    for row in parts.get("observations.csv", ()):
        if row["target"] and row["target"] not in seen and "targets.csv" in parts:
            faults.append(row.unknown("target", seen))
        observation = observation_of(row, region, catalogue, faults)
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
        observations=(*printed_bases(targets), *observations),
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
            isinstance(head[key], dict)
            and all(isinstance(head[key].get(lang), str) and head[key][lang].strip() for lang in ("zh", "en"))
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
        and all(type(y) is int and 1900 <= y <= 2200 for y in period)
        and period[0] <= period[1]
    ):
        fault("period", "the first and last year, such as [2021, 2025]")
    if "base_year" in head and not (type(head["base_year"]) is int and 1900 <= head["base_year"] <= 2200):
        fault("base_year", "a year such as 2020")
    elif (
        "period" in head
        and not any(f.what == "period" for f in faults)
        and head.get("base_year", 0) > period[0]
    ):
        fault("base_year", f"a year not after the first plan year {period[0]}")
    region = head.get("region")
    if "region" in head and not (isinstance(region, str) and region in catalogue.regions):
        faults.append(unknown("region", str(region), catalogue.regions, file=path.name))
    headline = head.get("headline")
    if "headline" in head and not (isinstance(headline, str) and headline in catalogue.indicators):
        faults.append(unknown("headline", str(head["headline"]), catalogue.indicators, file=path.name))
    if not isinstance(head.get("identities") or [], list):
        fault("identities", "a list of lines such as a = b / c")
        head["identities"] = []
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

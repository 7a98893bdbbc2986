"""Read a plan's files and collect every fault at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from planmodel.catalogue import Catalogue
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.identities import parse
from planmodel.plans import Claim, Node, Plan, Target
from planmodel.rows import (
    NODE_COLUMNS,
    OBSERVATION_COLUMNS,
    OPTIONAL_TARGET_COLUMNS,
    TARGET_COLUMNS,
    check_one_unit,
    node_of,
    observation_of,
    printed_bases,
    target_of,
)
from planmodel.tables import Row, read_table, read_yaml


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
    nodes = _nodes(folder, {target.id: target for target in targets}, catalogue, faults)
    _check_rows_of_claims(head, targets, faults)
    if faults:
        return None, tuple(faults)
    names = ("title", "short", "issuer", "document_number", "draft", "base_year", "region")
    plan = Plan(
        name=folder.name,
        date=str(head["date"]),
        period=tuple(head["period"]),
        identities=tuple(parse(line) for line in head.get("identities") or ()),
        headline=head.get("headline") or "",
        claims=tuple(_claim(claim) for claim in head.get("claims") or ()),
        accepted={entry["finding"]: entry["reason"] for entry in head.get("accepted") or ()},
        targets=tuple(targets),
        observations=(*printed_bases(targets), *observations),
        nodes=nodes,
        catalogue=catalogue,
        folder=folder,
        **{key: head.get(key) for key in names},
    )
    return plan, ()


def _nodes(
    folder: Path, targets: dict[str, Target], catalogue: Catalogue, faults: list[Fault]
) -> tuple[Node, ...]:
    """The annual plan targets of nodes.csv, none where there is no such file."""
    path = folder / "nodes.csv"
    if not path.is_file():
        return ()
    try:
        rows = read_table(path, NODE_COLUMNS)
    except PlanmodelError as error:
        faults += error.faults
        return ()
    nodes: dict[tuple, Node] = {}
    for row in rows:
        node = node_of(row, targets, catalogue, faults)
        if node and (node.target, node.year) in nodes:
            faults.append(
                row.fault("year", "each target and year once", "Remove one of the two.", str(node.year))
            )
        elif node:
            nodes[node.target, node.year] = node
    return tuple(nodes.values())


def _rows(path: Path, catalogue: Catalogue, faults: list[Fault]) -> tuple[Row, ...]:
    if path.name == "targets.csv":
        return read_table(path, TARGET_COLUMNS, OPTIONAL_TARGET_COLUMNS)
    return read_table(path, OBSERVATION_COLUMNS)


def _head(path: Path, catalogue: Catalogue, faults: list[Fault]) -> dict:
    head = read_yaml(path)
    optional = ("document_number", "url", "identities", "headline", "claims", "notes", "accepted")
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
    for line in head.get("identities") or ():
        found = parse(str(line))
        if found is None:
            expected = "a = b / c or a = b + c, a region after @"
            faults.append(Fault("identities", expected, repr(line), path.name, do="Correct the entry."))
            continue
        for term in found.terms:
            if term.indicator not in catalogue.indicators:
                faults.append(unknown("identities", term.indicator, catalogue.indicators, file=path.name))
            elif not catalogue.indicators[term.indicator].unit:
                fault("identities", f"indicators that have a unit, {term.indicator} has none")
            if term.region and term.region not in catalogue.regions:
                faults.append(unknown("identities", term.region, catalogue.regions, file=path.name))
    _check_claims(head, path, faults)
    _check_accepted(head, path, faults)
    return head


def _check_claims(head: dict, path: Path, faults: list[Fault]) -> None:
    for claim in _entries(head, "claims", ("table", "source"), path, faults):
        for key in ("missed", "met"):
            rows = claim.get(key)
            good = isinstance(rows, list) and all(isinstance(row, str | int) for row in rows)
            if not good and not (key == "met" and rows == "rest") and rows is not None:
                expected = "a list of row numbers" + (" or the word rest" if key == "met" else "")
                faults.append(
                    Fault(f"claims, {key}", expected, repr(rows), path.name, do="Correct the entry.")
                )
                claim[key] = []


def _check_rows_of_claims(head: dict, targets: list, faults: list[Fault]) -> None:
    rows: dict[str, set[str]] = {}
    for target in targets:
        rows.setdefault(target.table, set()).add(target.number)
    for entry in head.get("claims") or ():
        claim = _claim(entry)
        if claim.table not in rows:
            faults.append(unknown("claims, table", str(claim.table), rows, file="plan.yaml"))
            continue
        for number in (*claim.missed, *claim.met):
            if number not in rows[claim.table]:
                faults.append(unknown("claims, row", number, rows[claim.table], file="plan.yaml"))


def _check_accepted(head: dict, path: Path, faults: list[Fault]) -> None:
    for entry in _entries(head, "accepted", ("finding", "reason"), path, faults):
        if not all(isinstance(entry[key], str) and entry[key].strip() for key in ("finding", "reason")):
            expected = "a finding's id and the reason why it stands"
            faults.append(Fault("accepted", expected, repr(entry), path.name, do="Fill in both."))


def _entries(head: dict, key: str, needed: tuple[str, ...], path: Path, faults: list[Fault]) -> list[dict]:
    """Return the entries of a list of mappings that have the keys needed; the others are faults and left out."""
    entries = head.get(key) or []
    good = (
        [e for e in entries if isinstance(e, dict) and set(needed) <= set(e)]
        if isinstance(entries, list)
        else []
    )
    if not isinstance(entries, list) or len(good) < len(entries):
        expected = f"a list of entries, each with {' and '.join(needed)}"
        faults.append(Fault(key, expected, repr(entries)[:80], path.name, do="Correct the entry."))
    head[key] = good
    return good


def _claim(entry: dict) -> Claim:
    def rows(key: str) -> tuple[str, ...]:
        found = entry.get(key) or ()
        return () if found == "rest" else tuple(str(row) for row in found)

    return Claim(entry["table"], rows("missed"), rows("met"), entry.get("met") == "rest", entry["source"])


def _is_date(text: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        return True
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False

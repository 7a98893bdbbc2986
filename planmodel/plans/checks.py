"""Read a plan's parts, from files or elsewhere, and collect every fault at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import Row, read_table, read_yaml
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.heads import HEAD_FILE, check_head, check_rows_of_claims, claim_of
from planmodel.plans.identities import parse
from planmodel.plans.model import Node, Plan, Target
from planmodel.plans.nodes import NODE_COLUMNS, node_of
from planmodel.plans.rows import (
    OBSERVATION_COLUMNS,
    OPTIONAL_TARGET_COLUMNS,
    TARGET_COLUMNS,
    check_one_unit,
    observation_of,
    printed_bases,
    target_of,
)

TABLES = {
    "targets": (TARGET_COLUMNS, OPTIONAL_TARGET_COLUMNS),
    "observations": (OBSERVATION_COLUMNS, ()),
    "nodes": (NODE_COLUMNS, ()),
}
"""Columns and optional columns of a plan's tables."""
OPTIONAL_TABLES = ("nodes",)


@dataclass(frozen=True)
class Source:
    """What a plan is made of before it is checked; a part that could not be read is None."""

    name: str
    folder: Path
    head: dict | None
    targets: tuple[Row, ...] | None
    observations: tuple[Row, ...] | None
    nodes: tuple[Row, ...] | None = ()


def read_plan(folder: Path, catalogue: Catalogue) -> tuple[Plan | None, tuple[Fault, ...]]:
    """Return the plan of a folder, None where it cannot be built, and every fault of its files."""
    faults: list[Fault] = []
    source = read_source(folder, faults)
    plan = build_plan(source, catalogue, faults)
    return plan, tuple(faults)


def read_source(folder: Path, faults: list[Fault]) -> Source:
    """Return the parts of a plan's folder as they stand in its files."""

    def read(file: str, function, *arguments):
        try:
            return function(folder / file, *arguments)
        except PlanmodelError as error:
            faults.extend(error.faults)
            return None

    head = read(HEAD_FILE, read_yaml)
    tables = {
        name: read(f"{name}.csv", read_table, *columns)
        if name not in OPTIONAL_TABLES or (folder / f"{name}.csv").is_file()
        else ()
        for name, columns in TABLES.items()
    }
    return Source(folder.name, folder, head, **tables)


def build_plan(source: Source, catalogue: Catalogue, faults: list[Fault]) -> Plan | None:
    """Return the plan of some parts, None where there are faults; those found are added."""
    head = source.head or {}
    if source.head is not None:
        check_head(head, catalogue, faults)
    region = head.get("region", "")
    targets, observations = [], []
    seen: dict[str, Row] = {}
    for row in source.targets or ():
        target = target_of(row, source.name, region, catalogue, faults)
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
    for row in source.observations or ():
        if row["target"] and row["target"] not in seen and source.targets is not None:
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
    nodes = _nodes(source, {target.id: target for target in targets}, catalogue, faults)
    check_rows_of_claims(head, targets, faults)
    if faults:
        return None
    names = ("title", "short", "issuer", "document_number", "draft", "base_year", "region")
    return Plan(
        name=source.name,
        date=str(head["date"]),
        period=tuple(head["period"]),
        identities=tuple(parse(line) for line in head.get("identities") or ()),
        headline=head.get("headline") or "",
        claims=tuple(claim_of(claim) for claim in head.get("claims") or ()),
        accepted={entry["finding"]: entry["reason"] for entry in head.get("accepted") or ()},
        targets=tuple(targets),
        observations=(*printed_bases(targets), *observations),
        nodes=nodes,
        catalogue=catalogue,
        folder=source.folder,
        **{key: head.get(key) for key in names},
    )


def _nodes(
    source: Source, targets: dict[str, Target], catalogue: Catalogue, faults: list[Fault]
) -> tuple[Node, ...]:
    """The annual plan targets, one a target and year."""
    nodes: dict[tuple, Node] = {}
    for row in source.nodes or ():
        node = node_of(row, targets, catalogue, faults)
        if node and (node.target, node.year) in nodes:
            faults.append(
                row.fault("year", "each target and year once", "Remove one of the two.", str(node.year))
            )
        elif node:
            nodes[node.target, node.year] = node
    return tuple(nodes.values())

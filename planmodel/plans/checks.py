"""Read a plan's parts, from files or elsewhere, and collect every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import Row, read_table, read_yaml
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.columns import OPTIONAL_TABLES, TABLES, names_of
from planmodel.plans.heads import HEAD_FILE, check_head, check_rows_of_claims, claim_of
from planmodel.plans.model import Node, Observation, Plan, Target, identity_of
from planmodel.plans.rows import node_of, observation_of, printed_bases, target_of
from planmodel.words import Phrase


@dataclass(frozen=True)
class Source:
    """What a plan is made of before it is checked; a part that could not be read is None."""

    name: str
    folder: Path
    head: dict[str, Any] | None
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

    def read(file: str, function: Callable[..., Any], *arguments: object) -> Any:
        try:
            return function(folder / file, *arguments)
        except PlanmodelError as error:
            faults.extend(error.faults)
            return None

    head = read(HEAD_FILE, read_yaml)
    tables = {
        name: read(f"{name}.csv", read_table, names_of(columns), names_of(columns, optional=True))
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
    lines: dict[str, Row] = {}
    targets: list[Target] = []
    for row in source.targets or ():
        target = target_of(row, source.name, region, catalogue, faults)
        if target and target.id in lines:
            do = Phrase("plans.cell.repeats", row=lines[target.id].line)
            faults.append(row.fault("part", Phrase("plans.cell.target_once"), do, target.id))
        elif target:
            lines[target.id] = row
            targets.append(target)
    observations = _observations(source, region, lines, catalogue, faults)
    nodes: dict[tuple[str, int], Node] = {}
    for row in source.nodes or ():
        node = node_of(row, {target.id: target for target in targets}, catalogue, faults)
        if node and (node.target, node.year) in nodes:
            do = Phrase("plans.cell.remove_one")
            faults.append(row.fault("year", Phrase("plans.cell.node_once"), do, str(node.year)))
        elif node:
            nodes[node.target, node.year] = node
    check_rows_of_claims(head, targets, faults)
    if faults:
        return None
    names = ("title", "short", "issuer", "document_number", "draft", "base_year", "region")
    own: dict[str, Any] = {key: head.get(key) for key in names}
    return Plan(
        name=source.name,
        date=str(head["date"]),
        period=tuple(head["period"]),
        identities=tuple(
            identity for line in head.get("identities") or () if (identity := identity_of(line))
        ),
        headline=head.get("headline") or "",
        claims=tuple(claim_of(claim) for claim in head.get("claims") or ()),
        accepted={entry["finding"]: entry["reason"] for entry in head.get("accepted") or ()},
        targets=tuple(targets),
        observations=(*printed_bases(targets), *observations),
        nodes=tuple(nodes.values()),
        catalogue=catalogue,
        folder=source.folder,
        **own,
    )


def _observations(
    source: Source, region: str, targets: dict[str, Row], catalogue: Catalogue, faults: list[Fault]
) -> list[Observation]:
    """The observations, each row once."""
    observations: dict[tuple[str, ...], tuple[Row, Observation]] = {}
    for row in source.observations or ():
        if row["target"] and row["target"] not in targets and source.targets is not None:
            faults.append(row.unknown("target", targets))
        observation, key = observation_of(row, region, catalogue, faults), tuple(row.cells.values())
        if observation and key in observations:
            again = Phrase("plans.cell.row_again", row=observations[key][0].line)
            faults.append(
                row.fault("row", Phrase("plans.cell.row_once"), Phrase("plans.cell.remove_one"), again)
            )
        elif observation:
            observations[key] = row, observation
    return [observation for _, observation in observations.values()]

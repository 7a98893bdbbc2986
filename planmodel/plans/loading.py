"""Load a plan by name, or begin a new one: its parts are read from files or elsewhere, with every fault at once."""

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import takewhile
from pathlib import Path
from typing import Any

from planmodel.arguments import checked
from planmodel.errors import Fault, Hint, PlanmodelError, unknown
from planmodel.files.folders import aside
from planmodel.files.reading import Row, check_name, data_folder, once_a_file, read_table, read_yaml, stamp
from planmodel.files.texts import read_text
from planmodel.plans import columns
from planmodel.plans.catalogue import HOME, Catalogue, load_catalogue
from planmodel.plans.columns import HEAD_FILE, names_of
from planmodel.plans.model import Node, Observation, Plan, Target, identity_of
from planmodel.plans.prices import with_bases
from planmodel.plans.rows import agree, node_of, observation_of, printed_bases, same_fact, target_of
from planmodel.words import LANGS, Phrase, group

RESERVED = ("all", "all-plans", "con", "nul", "aux", "prn")
MOST_FAULTS = 5000  # where a plan has more, the rest of its rows is not looked at
EXAMPLE = Path(str(resources.files("planmodel").joinpath("plans/example")))
"""Its files; NAME and REGION stand for those asked for."""
MOST_KEPT = 1024  # how many plans are kept in memory once they were read
REGION = re.compile(r"^region:[ \t]*([a-z0-9_-]+)[ \t]*(?:#.*)?$", re.MULTILINE)
"""The line that names a plan's region, as it is written nearly always."""


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
        name: read(f"{name}.csv", read_table, names_of(each), names_of(each, optional=True))
        for name, each in columns.TABLES.items()
        if name not in columns.OPTIONAL_TABLES or os.path.isfile(folder / f"{name}.csv")
    }
    return Source(folder.name, folder, head, **tables)


def build_plan(source: Source, catalogue: Catalogue, faults: list[Fault]) -> Plan | None:
    """Return the plan of some parts, None where there are faults; those found are added."""
    head = source.head or {}
    if source.head is not None:
        columns.check_head(head, catalogue, faults)
    region = str(head.get("region", ""))
    catalogue = catalogue.for_region(region)
    targets: dict[str, Target] = {}
    lines: dict[object, int] = {}

    def rows(table: Iterable[Row] | None) -> Iterator[Row]:
        return takewhile(lambda row: len(faults) <= MOST_FAULTS, table or ())

    for row in rows(source.targets):
        target = target_of(row, source.name, region, catalogue, faults)
        if target and target.id in targets:
            do = Phrase("plans.cell.repeats", row=lines[target.id])
            faults.append(row.fault("part", Phrase("plans.cell.target_once"), do, target.id))
        elif target:
            targets[target.id], lines[target.id] = target, row.line
    observations: list[Observation] = []
    seen: dict[Hashable, tuple[Observation, int]] = {}
    for row in rows(source.observations):
        if row["target"] and row["target"] not in targets and source.targets is not None:
            faults.append(row.unknown("target", targets))
        observation, cells = observation_of(row, region, catalogue, faults), tuple(row.cells.values())
        if observation and cells in lines:
            again, do = Phrase("plans.cell.row_again", row=lines[cells]), Phrase("plans.cell.remove_one")
            faults.append(row.fault("row", Phrase("plans.cell.row_once"), do, again))
        elif observation:
            observations.append(observation)
            lines[cells] = row.line
            other, line = seen.setdefault(same_fact(observation), (observation, row.line))
            if not agree(observation, other, catalogue):
                again = Phrase("plans.cell.figure_again", printed=other.digits, row=line)
                do = Phrase("plans.cell.which_figure")
                faults.append(row.fault("value", again, do))
    nodes: dict[tuple[str, int], Node] = {}
    for row in rows(source.nodes):
        node = node_of(row, targets, catalogue, faults)
        if node and (node.target, node.year) in nodes:
            do = Phrase("plans.cell.remove_one")
            faults.append(row.fault("year", Phrase("plans.cell.node_once"), do, str(node.year)))
        elif node:
            nodes[node.target, node.year] = node
    if source.targets is not None:
        columns.check_rows_of_claims(head, targets.values(), faults)
    once_a_file(faults)
    if faults:
        return None
    names = ("title", "short", "issuer", "document_number", "draft", "base_year", "region")
    own: dict[str, Any] = {key: head.get(key) for key in names}
    own |= {"date": str(head["date"]), "period": tuple(head["period"])}
    own["headline"] = head.get("headline") or ""
    own["identities"] = tuple(filter(None, map(identity_of, head.get("identities") or ())))
    own["claims"] = tuple(map(columns.claim_of, head.get("claims") or ()))
    own["accepted"] = {entry["finding"]: entry["reason"] for entry in head.get("accepted") or ()}
    own |= {"targets": tuple(targets.values()), "nodes": tuple(nodes.values())}
    observed = (*printed_bases(targets.values()), *observations)
    return Plan(source.name, **own, observations=observed, catalogue=catalogue, folder=source.folder)


def plan_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all plans in the data folder.

    >>> "linhai-14fyp" in plan_names()
    True
    """
    folder = (folder or data_folder()) / "plans"
    paths = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(path.name for path in paths if path.is_dir() and path.name[0] != "."))


def plan_folder(name: str, folder: Path | None = None) -> Path:
    """Return a plan's folder, or raise with the nearest known names."""
    path = (folder or data_folder()) / "plans" / check_name("plan", name)
    if not path.is_dir():
        raise PlanmodelError(faults=[unknown("plan", name, plan_names(folder))])
    return path


@checked
def load_plan(name: str, folder: Path | None = None) -> Plan:
    """Return a plan by name, checked; raise PlanmodelError with every fault of its files. Changed files are read again.

    `folder`: the data folder (default: the project's). The result is frozen.

    >>> plan = load_plan("taizhou-services-14fyp")
    >>> target = plan.target("T2/1/1")
    >>> target.base_value, target.target_value
    (2669.73, 4000.0)
    """
    folder = folder or data_folder()
    path = plan_folder(name, folder)
    return _load(name, path, folder, (stamp(folder), stamp(path)))


def sound_plans(folder: Path | None = None) -> tuple[tuple[Plan, ...], dict[str, PlanmodelError]]:
    """Return the plans of a data folder that can be loaded, and of each other one why not: one bad file stops no other plan."""
    plans, errors = [], {}
    for name in plan_names(folder):
        try:
            plans.append(load_plan(name, folder))
        except PlanmodelError as error:
            errors[name] = error
    return tuple(plans), errors


def neighbours(plan: Plan) -> dict[str, Plan]:
    """Return the plans of the same data folder for the region that a plan's lies in and for its parts, by name.

    Those with faults are left out: that is said where they are read.
    """
    folder, regions = plan.folder.parent.parent, plan.catalogue.regions
    near = {region.id for region in regions.values() if region.parent == plan.region}
    near |= {regions[plan.region].parent} - {""}
    plans, catalogue = {}, stamp(folder)
    for name in plan_names(folder) if near else ():
        path = folder / "plans" / name
        with contextlib.suppress(PlanmodelError, OSError):
            head = (path / HEAD_FILE).stat()
            if name != plan.name and _region(path / HEAD_FILE, head.st_size, head.st_mtime_ns) in near:
                plans[name] = _load(name, path, folder, (catalogue, stamp(path)))
    return plans


@lru_cache(maxsize=MOST_KEPT)
def _region(head: Path, *_: int) -> str:
    """The region that a plan's file names."""
    named = REGION.search(read_text(head))
    return named[1] if named else str(read_yaml(head).get("region", ""))


@lru_cache(maxsize=MOST_KEPT)
def _kept(path: Path) -> dict[tuple, Plan]:
    """The last version of a plan that was read, by what tells versions apart."""
    return {}


def _load(name: str, path: Path, folder: Path, version: tuple) -> Plan:
    kept = _kept(path)
    if version not in kept:
        plan, faults = read_plan(path, load_catalogue(folder))
        if faults or plan is None:
            raise PlanmodelError(Phrase("plans.faults", name=name, n=len(faults)), faults)
        kept.clear()
        kept[version] = with_bases(plan)
    return kept[version]


def example(name: str, region: str) -> Source:
    """Return the example plan as parts, unwritten.

    Errors: as of `write_plan`.
    """
    folder = free_folder(name, region)
    with tempfile.TemporaryDirectory() as elsewhere:
        made = write_plan(name, region, Path(elsewhere) / name)
        return replace(read_source(made, []), folder=folder)


def write_plan(name: str, region: str, folder: Path | None = None) -> Path:
    """Write a valid example plan, in the region's currency and in Chinese or English, and return its folder.

    folder: where, if not among the plans.

    Errors: PlanmodelError for a bad name or unknown region; FileExistsError where the plan exists.
    """
    folder = folder or free_folder(name, region)
    catalogue = load_catalogue().for_region(region)
    lang = LANGS[0] if catalogue.country_of(region) == "china" else LANGS[1]
    gdp = catalogue.indicators.get(HOME)
    said = {f"{key.upper()}_": text[lang] for key, text in group("plans.example.").items()}
    said |= {"NAME": name, "REGION": region, "AMOUNT_": gdp.unit if gdp else ""}
    with aside(folder) as made:
        for file in sorted(EXAMPLE.glob("*.*")):
            text = file.read_text(encoding="utf-8")
            for token, word in said.items():
                text = text.replace(token, word)
            encoding = "utf-8" if file.name == HEAD_FILE else "utf-8-sig"
            (made / file.name).write_bytes(text.encode(encoding))
        made.rename(folder)
    return folder


def free_folder(name: str, region: str) -> Path:
    """Return the folder of a new plan; raise where it cannot have its name or region, or is there."""
    check_name("plan", name)
    if name in RESERVED:
        other, do = Phrase("plans.new.other_name"), Phrase("plans.new.reserved")
        raise PlanmodelError.of("plan", other, repr(name), do=do)
    regions = load_catalogue().regions
    if region not in regions:
        new = Phrase("plans.new.region", hint=Hint(region, regions))
        raise PlanmodelError(faults=[replace(unknown("region", region, regions), do=new)])
    folder = data_folder() / "plans" / name
    if folder.exists():
        raise FileExistsError(folder)
    return folder

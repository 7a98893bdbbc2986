"""A new plan: a small valid example to fill in (the files in example/)."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

from planmodel.errors import PlanmodelError, unknown
from planmodel.files.reading import check_name, data_folder
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.checks import Source, read_source
from planmodel.plans.heads import HEAD_FILE
from planmodel.words import Phrase

RESERVED = ("all-plans", "con", "nul", "aux", "prn")
EXAMPLE = Path(str(resources.files("planmodel").joinpath("plans/example")))
"""Its files; NAME and REGION stand for those asked for."""


def write_plan(name: str, region: str) -> Path:
    """Write a valid example plan and return its folder.

    Errors: PlanmodelError for a bad name or unknown region; FileExistsError where the plan exists.
    """
    folder = _free(name, region)
    folder.mkdir(parents=True)
    for file in sorted(EXAMPLE.glob("*.*")):
        text = file.read_text(encoding="utf-8").replace("NAME", name).replace("REGION", region)
        encoding = "utf-8" if file.name == HEAD_FILE else "utf-8-sig"
        (folder / file.name).write_bytes(text.encode(encoding))
    return folder


def example(name: str, region: str) -> Source:
    """Return the example plan as parts, unwritten.

    Errors: as of `write_plan`.
    """
    folder, source = _free(name, region), read_source(EXAMPLE, [])
    return replace(source, name=name, folder=folder, head={**(source.head or {}), "region": region})


def _free(name: str, region: str) -> Path:
    """Return the folder of a new plan; raise where it cannot have its name or region, or is there."""
    check_name("plan", name)
    if name in RESERVED:
        raise PlanmodelError.of(
            "plan", Phrase("plans.new.other_name"), repr(name), do=Phrase("plans.new.reserved")
        )
    known = load_catalogue().regions
    if region not in known:
        raise PlanmodelError(faults=[unknown("region", region, known)])
    folder = data_folder() / "plans" / name
    if folder.exists():
        raise FileExistsError(folder)
    return folder

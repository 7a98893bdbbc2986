"""Load plans by name from the data folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from planmodel.errors import PlanmodelError, unknown
from planmodel.files.reading import check_name, data_folder, stamp
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.checks import read_plan
from planmodel.plans.model import Plan
from planmodel.plans.prices import with_bases
from planmodel.words import Phrase


def plan_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all plans in the data folder.

    >>> "linhai-14fyp" in plan_names()
    True
    """
    folder = (folder or data_folder()) / "plans"
    return (
        tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."))
        if folder.is_dir()
        else ()
    )


def plan_folder(name: str, folder: Path | None = None) -> Path:
    """Return a plan's folder, or raise with the nearest known names."""
    check_name("plan", name)
    known = plan_names(folder)
    if name not in known:
        raise PlanmodelError(faults=[unknown("plan", name, known)])
    return (folder or data_folder()) / "plans" / name


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


@lru_cache(maxsize=64)
def _load(name: str, path: Path, folder: Path, _: tuple) -> Plan:
    plan, faults = read_plan(path, load_catalogue(folder))
    if faults or plan is None:
        raise PlanmodelError(Phrase("plans.faults", name=name, n=len(faults)), faults)
    return with_bases(plan)

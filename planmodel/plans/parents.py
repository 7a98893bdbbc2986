"""Targets that a higher level assigns: the figure of its own plan stands for one that is not given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import Row, number, read_table, stamp, year
from planmodel.plans.model import Plan, Target
from planmodel.words import Phrase, figure

FILE = "assigned.csv"
COLUMNS = ("region", "indicator", "kind", "base_year", "target_year", "value", "unit", "source")
Key = tuple[str, str, str, int]
"""Region, indicator, kind and target year."""


def with_parent(plan: Plan, target: Target) -> tuple[Target, Phrase | None]:
    """Return an assigned target with the figure that the nearest higher level set for itself, and what is to be said of it.

    The target as it is, and nothing, where it is not assigned or no higher level's figure is known (data/assigned.csv).

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> judged, note = with_parent(plan, plan.target("T2/13/1"))
    >>> judged.target_value, note["en"]
    (13.5, 'assigned by the higher level without a figure: judged by that of China, 13.5%')
    """
    if target.status != "assigned":
        return target, None
    folder, regions = plan.folder.parent.parent, plan.catalogue.regions
    known = _load(folder, stamp(folder))
    region = regions.get(target.region)
    while region is not None and region.parent:
        region = regions.get(region.parent)
        key = ("" if region is None else region.id, target.indicator.id, target.kind, target.target_year)
        if region is not None and key in known:
            value, unit = known[key]
            text = f"{figure(value)}{unit}" if unit == "%" else f"{figure(value)} {unit}".strip()
            note = Phrase("plans.assigned", region=region, figure=text)
            digits = figure(value)
            made = replace(
                target, status="printed", target_value=value, target_digits=digits, unit=unit, comparator="ge"
            )
            return made, note
    return target, None


@lru_cache(maxsize=8)
def _load(folder: Path, _: tuple) -> Mapping[Key, tuple[float, str]]:
    faults: list[Fault] = []
    known: dict[Key, tuple[float, str]] = {}
    if (folder / FILE).is_file():
        for row in read_table(folder / FILE, COLUMNS):
            _put(known, row, faults)
    if faults:
        raise PlanmodelError(Phrase("plans.assigned_file"), faults)
    return known


def _put(known: dict[Key, tuple[float, str]], row: Row, faults: list[Fault]) -> None:
    when, value = year(row, "target_year", faults), number(row, "value", faults, required=True)
    if when is not None and value is not None:
        known[row["region"], row["indicator"], row["kind"], when] = value, row["unit"]

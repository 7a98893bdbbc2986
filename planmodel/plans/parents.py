"""What other levels and other rows say: figures of targets that give none, and the least that a part leaves for its whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import Row, number, read_table, stamp, year
from planmodel.plans.derived import in_words, solved
from planmodel.plans.kinds import end_level, from_year, kind_of
from planmodel.plans.loading import neighbours
from planmodel.plans.model import DERIVED, REAL, Identity, Observation, Plan, Target
from planmodel.plans.series import level_history
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
            value, unit, base_year = known[key]
            text = f"{figure(value)}{unit}" if unit == "%" else f"{figure(value)} {unit}".strip()
            note = Phrase("plans.assigned", region=region, figure=text)
            own = from_year(target, base_year)
            return replace(
                own, target_value=value, target_digits=figure(value), unit=unit, comparator="ge"
            ), note
    return target, None


def with_implied(plan: Plan, target: Target) -> tuple[Target, Phrase | None]:
    """Return a blank or masked level with the figure that the rest of the plan implies, and what is to be said of it.

    By its own growth from a known base to the same year (real growth gives no level at current prices), else by an identity of which
    all other terms have targets for the year. The target as it is, and nothing, where neither gives one.

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> with_implied(plan, plan.target("T2/1/1"))[1] is None
    True
    """
    if target.status not in ("missing", "masked") or target.kind != "level":
        return target, None
    of = (target.indicator.id, target.region, target.definition, target.target_year)
    for other in plan.series.get(of[:2], ()):
        kind = kind_of(other)
        same = (other.definition, other.target_year) == of[2:]
        priced = other.price_basis in REAL and target.indicator.price_basis == "nominal"
        if not same or other.target_value is None or kind.needs_base or kind.end is None or priced:
            continue
        unit = target.unit if target.unit in plan.catalogue.units else target.indicator.unit
        history = level_history(
            plan, target.indicator.id, target.region, definition=target.definition, unit=unit
        )
        value = end_level(other, history.values.get(other.base_year))
        if value is not None:
            kind_name, rate = Phrase(f"terms.{other.kind}"), figure(other.target_value)
            note = Phrase("plans.implied", figure=figure(value), kind=kind_name, rate=rate)
            return _with_figure(target, value, unit, other.comparator), note
    for identity in plan.identities:
        value = _by_targets(plan, target, identity)
        if value is not None:
            note = Phrase("plans.implied_by", figure=figure(value), identity=in_words(plan, identity))
            return _with_figure(target, value, target.indicator.unit, "eq"), note
    return target, None


def _with_figure(target: Target, value: float, unit: str, comparator: str) -> Target:
    digits = f"{value:.4g}"
    return replace(target, target_value=float(digits), target_digits=digits, unit=unit, comparator=comparator)


def _by_targets(plan: Plan, target: Target, identity: Identity) -> float | None:
    """What an identity makes of a target from the levels that are promised of all its other terms for the year."""
    terms = [(term.indicator, term.region or plan.region) for term in identity.terms]
    own = (target.indicator.id, target.region)
    if target.definition or terms.count(own) != 1 or target.indicator.unit not in plan.catalogue.units:
        return None
    promised = {
        term: (one.target_value, one.unit)
        for term in terms
        for one in reversed(plan.series.get(term, ()))
        if one.kind == "level" and one.target_year == target.target_year and not one.definition
        and one.target_value is not None and one.unit in plan.catalogue.units
    }  # fmt: skip
    others = [promised[term] for term in terms if term != own and term in promised]
    if len(others) != len(terms) - 1:
        return None
    return solved(plan, identity, terms.index(own), others, target.indicator.unit)


def with_wholes(plan: Plan, known_on: date | None = None) -> Plan:
    """Return the plan with the least that the places of its parts leave for the whole, in years without a figure of its own.

    A district that is third of its city leaves two at least as large: the city has three times its figure or more. Out of the plans
    of its parts in the same data folder, as published by a day.
    """
    regions = plan.catalogue.regions
    if not any(region.parent == plan.region for region in regions.values()):
        return plan
    parts = (part for part in neighbours(plan).values() if regions[part.region].parent == plan.region)
    least = tuple(o for part in parts for o in _by_places(plan, part, known_on))
    return replace(plan, observations=(*plan.observations, *least)) if least else plan


def _by_places(plan: Plan, part: Plan, known_on: date | None) -> Iterator[Observation]:
    for o in part.observations:
        own = plan.catalogue.indicators.get(o.indicator)
        if (
            o.measure != "rank"
            or o.region != part.region
            or own is None
            or own.scale != "amount"
            or o.value < 1
        ):
            continue
        history = level_history(part, o.indicator, o.region, definition=o.definition)
        figures = level_history(plan, o.indicator, plan.region, definition=o.definition).values
        unknown = known_on is not None and o.published > known_on.isoformat()
        if unknown or o.last_year in figures.index or o.last_year not in history.values.index:
            continue
        value = round(o.value) * float(history.values[o.last_year])
        digits, note = f"{value:.6g}", f"place {round(o.value)} of its parts: {o.region}"
        yield replace(
            o, region=plan.region, measure="value", value=value, digits=digits, unit=history.unit, comparator="ge",
            vintage=DERIVED, target="", note=note, source=f"{part.short['zh']} {o.source}",
        )  # fmt: skip


@lru_cache(maxsize=8)
def _load(folder: Path, _: tuple) -> Mapping[Key, tuple[float, str, int]]:
    faults: list[Fault] = []
    known: dict[Key, tuple[float, str, int]] = {}
    if (folder / FILE).is_file():
        for row in read_table(folder / FILE, COLUMNS):
            _put(known, row, faults)
    if faults:
        raise PlanmodelError(Phrase("plans.assigned_file"), faults)
    return known


def _put(known: dict[Key, tuple[float, str, int]], row: Row, faults: list[Fault]) -> None:
    start, when = year(row, "base_year", faults), year(row, "target_year", faults)
    value = number(row, "value", faults, required=True)
    if start is not None and when is not None and value is not None:
        known[row["region"], row["indicator"], row["kind"], when] = value, row["unit"], start

"""Promises: which targets say the same thing twice, and which of them stands for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

from planmodel.plans.model import Target

Item = TypeVar("Item")


def same_promise(target: Target) -> Hashable:
    """Return a key that targets of a plan share where they make the same promise.

    Indicator, region, definition, kind, unit, target year and figure. A figure that is blank in a table and masked in prose is
    one figure; of what is printed without a number (a milestone), the words count.

    >>> from planmodel import load_plan
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> same_promise(plan.target("T2/1/1")) == same_promise(plan.target("text/15/1"))  # 4000, above 4000
    True
    """
    figure: Any = (target.target_value, target.target_upper)
    if target.target_value is None and target.status == "printed":
        figure = target.target_printed
    return (
        target.indicator.id,
        target.region,
        target.definition,
        target.kind,
        target.unit,
        target.target_year,
        figure,
    )


def promises(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return targets, or what has a `target`, each promise once: of several the first in a table, else the first of all.

    >>> from planmodel import load_plan
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> own = [target for target in plan.targets if target.target_year > plan.base_year]
    >>> len(own), len(promises(own))
    (89, 70)
    """
    items = tuple(items)
    first: dict[Hashable, int] = {}
    for place, item in enumerate(items):
        target: Any = getattr(item, "target", item)
        key = same_promise(target)
        before: Any = None if key not in first else items[first[key]]
        if before is None or getattr(before, "target", before).table == "text" != target.table:
            first[key] = place
    chosen = set(first.values())
    return tuple(item for place, item in enumerate(items) if place in chosen)

"""What if a figure were another: a plan with some figures changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from planmodel.audit.statements import measure_of
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.plans import Observation, Plan
from planmodel.plans.rows import printed_bases

FORM = "services_va.target, services_va.growth, services_va.base, services_va.2015, services_va@taizhou.target or T2/1/1.target"
PLACE = re.compile(r"(?P<name>[\w/]+(?:@\w+)?)\.(?P<what>target|base|growth|\d{4})")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def changes_in(text: str | Iterable[str]) -> dict[str, str]:
    """Return the changes in `place=number` entries, or in a text that separates them by commas or spaces.

    >>> changes_in("services_va.target=1434, exports.2020=153.76")
    {'services_va.target': '1434', 'exports.2020': '153.76'}
    """
    entries = text.replace(",", " ").replace("，", " ").split() if isinstance(text, str) else list(text)
    faults = [
        Fault("set", f"PLACE=NUMBER, with a place such as {FORM}", repr(entry))
        for entry in entries
        if "=" not in entry
    ]
    if faults:
        raise PlanmodelError("" if len(faults) == 1 else "The changes have faults:", faults)
    return dict(entry.split("=", 1) for entry in entries)


def change_figures(plan: Plan, changes: Mapping[str, str]) -> Plan:
    """Return the plan with figures replaced; each place is an indicator or a target's key, a dot, and what.

    An indicator is meant by the standard definition, in the plan's region or the one after @. target: the level
    promised for the end of the plan (with a target's key: its figure, whatever the kind). growth: the average growth
    promised to the end of the plan. base: the base that rows print. A year: what the plan prints for it; without
    that, what is published. Numbers stand in the unit of the figures they replace.

    Errors: PlanmodelError for a place that is not there, for figures in several units and for what is no number, all
    at once.

    >>> from planmodel import load_plan
    >>> changed = change_figures(load_plan("xiangtan-services-14fyp"), {"services_va.target": "1601"})
    >>> changed.target("text/2/1").target_value
    1601.0
    """
    faults: list[Fault] = []
    for place, number in changes.items():
        match = PLACE.fullmatch(place)
        number = str(number)
        if not match:
            faults.append(Fault("set", f"a place such as {FORM}", repr(place)))
        elif not NUMBER.fullmatch(number):
            faults.append(Fault(f"set, {place}", "a number, such as 1434 or 7.5", repr(number)))
        else:
            try:
                plan = _changed(plan, match["name"], match["what"], number)
            except PlanmodelError as error:
                faults += error.faults
    if faults:
        raise PlanmodelError("" if len(faults) == 1 else "The changes have faults:", faults)
    return plan


def _changed(plan: Plan, name: str, what: str, number: str) -> Plan:
    n_bases = len(printed_bases(list(plan.targets)))
    others = plan.observations[n_bases:]
    indicator, _, region = name.partition("@")
    region = region or plan.region
    rows = [t for t in plan.targets if t.id == name]
    targets = rows or [
        t for t in plan.targets if (t.indicator.id, t.region, t.definition) == (indicator, region, "")
    ]
    seen = [
        o
        for o in others
        if (o.indicator, o.region, o.definition, o.measure) == (indicator, region, "", "value")
    ]
    if not targets and not seen:
        known = (
            {t.indicator.id for t in plan.targets}
            | {o.indicator for o in others}
            | {t.id for t in plan.targets}
        )
        if indicator in known:
            where = f"a region with a figure of {indicator}"
            raise PlanmodelError(faults=[Fault(f"set, {name}", where, region)])
        raise PlanmodelError(faults=[unknown("set", indicator, known)])
    changed_rows, changed_bases, changed_seen = [], [], []
    if what == "target":
        changed_rows = [
            t for t in targets if rows or (measure_of(t) == "value" and t.target_year == plan.period[1])
        ]
    elif what == "growth":
        changed_rows = [t for t in targets if measure_of(t) == "growth" and t.target_year == plan.period[1]]
    elif what == "base":
        changed_bases = [t for t in targets if t.base_value is not None]
        same_rows = {(t.table, t.number, t.base_digits) for t in changed_bases}
        changed_bases = [t for t in plan.targets if (t.table, t.number, t.base_digits) in same_rows]
    else:
        year = [o for o in seen if o.period == what]
        changed_seen = [o for o in year if o.vintage == "plan"]
        changed_bases = [t for t in targets if t.base_value is not None and t.base_year == int(what)]
        changed_seen = changed_seen if changed_seen or changed_bases else year
    changed_rows = [t for t in changed_rows if t.target_value is not None]
    units = {
        *(t.unit for t in changed_rows),
        *(t.base_unit for t in changed_bases),
        *(o.unit for o in changed_seen),
    }
    if len(units) != 1:
        raise PlanmodelError(faults=[_fault(name, what, units, seen)])
    return _with(plan, others, changed_rows, changed_bases, changed_seen, number)


def _fault(name: str, what: str, units: set[str], seen: list[Observation]) -> Fault:
    if units:
        do = "Name the row, such as T2/1/1.target."
        return Fault(f"set, {name}.{what}", "figures in one unit", " and ".join(sorted(units)), do=do)
    years = sorted({o.period for o in seen})
    expected = (
        f"a year with a figure ({', '.join(years) or 'none'})"
        if what.isdigit()
        else f"a {what} that is printed"
    )
    return Fault(f"set, {name}.{what}", expected, "none")


def _with(plan: Plan, others: tuple[Observation, ...], rows, bases, seen, number: str) -> Plan:
    value = float(number)
    new: dict[str, Any] = {
        "target_value": value,
        "target_digits": number,
        "target_printed": number,
        "target_upper": None,
    }
    targets = []
    for t in plan.targets:
        if t in rows:
            new["target_printed"] = number + "%" * ("%" in t.target_printed)
            t = replace(t, **new, comparator="eq" if t.comparator == "range" else t.comparator)
        if t in bases:
            t = replace(t, base_value=value, base_digits=number, base_printed=number)
        targets.append(t)
    others = tuple(replace(o, value=value, digits=number) if o in seen else o for o in others)
    return replace(plan, targets=tuple(targets), observations=(*printed_bases(targets), *others))

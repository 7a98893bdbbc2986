"""What if a figure were another: a plan with some figures changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.plans import Plan, Target
from planmodel.rows import printed_bases

FORM = "services_va.target, services_va.growth, services_va.base, T2/1/1.target or services_va.2015"
PLACE = re.compile(r"(?P<name>[\w/]+)\.(?P<what>target|base|growth|\d{4})")
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

    target: the level promised (with a target's key: its figure, whatever the kind). growth: the average growth promised.
    base: the base of the rows. A year: what was measured in it. Numbers stand in the unit of the figure they replace.

    Errors: PlanmodelError for a place that is not there and for what is no number, all at once.

    >>> from planmodel import load_plan
    >>> changed = change_figures(load_plan("xiangtan-services-14fyp"), {"services_va.target": "1434"})
    >>> changed.target("text/2/1").target_value
    1434.0
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
    chosen = [t for t in plan.targets if name in (t.id, t.indicator.id)]
    if not chosen and not any(o.indicator == name for o in others):
        known = (
            {t.indicator.id for t in plan.targets}
            | {o.indicator for o in others}
            | {t.id for t in plan.targets}
        )
        raise PlanmodelError(faults=[unknown("set", name, known)])
    if what.isdigit():
        year = int(what)
        hit = [o for o in others if o.indicator == name and o.measure == "value" and o.period == what]
        bases = [t for t in chosen if t.base_value is not None and t.base_year == year]
        if not hit and not bases:
            years = sorted({o.period for o in others if o.indicator == name and o.measure == "value"})
            raise PlanmodelError(
                faults=[Fault(f"set, {name}", f"a year with a figure ({', '.join(years)})", what)]
            )
        others = tuple(replace(o, value=float(number), digits=number) if o in hit else o for o in others)
        targets = _with_base(plan.targets, bases, number)
    elif what == "base":
        bases = [t for t in chosen if t.base_value is not None]
        if not bases:
            raise PlanmodelError(faults=[Fault(f"set, {name}", "a row that prints a base", "none")])
        targets = _with_base(plan.targets, bases, number)
    else:
        kinds = ("annual_growth",) if what == "growth" else ("level", "keep")
        hit = [t for t in chosen if t.target_value is not None and (t.kind in kinds or t.id == name)]
        if t_end := [t for t in hit if t.target_year == plan.period[1]]:
            hit = t_end
        if not hit:
            raise PlanmodelError(faults=[Fault(f"set, {name}", f"a {what} that the plan prints", "none")])
        targets = tuple(
            replace(t, target_value=float(number), target_digits=number, target_printed=number)
            if t in hit
            else t
            for t in plan.targets
        )
    return replace(plan, targets=targets, observations=(*printed_bases(list(targets)), *others))


def _with_base(targets: tuple[Target, ...], chosen: list[Target], number: str) -> tuple[Target, ...]:
    return tuple(
        replace(t, base_value=float(number), base_digits=number, base_printed=number) if t in chosen else t
        for t in targets
    )

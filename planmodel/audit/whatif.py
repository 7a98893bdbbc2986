"""What if a figure were another: a plan with some figures changed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from planmodel.arguments import checked
from planmodel.audit.statements import measure_of
from planmodel.errors import Fault, PlanmodelError, refuse, unknown
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.rows import printed_bases
from planmodel.words import Phrase

FORM = "services_va.target, services_va.growth, services_va.base, services_va.2015, services_va@taizhou.target or T2/1/1.target"
PLACE = re.compile(r"(?P<name>[\w/]+(?:@\w+)?)\.(?P<what>target|base|growth|\d{4})")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def changes_in(text: str | Iterable[str]) -> dict[str, str]:
    """Return the changes in `place=number` entries, or in a text that separates them by commas or spaces.

    >>> changes_in("services_va.target=1434, exports.2020=153.76")
    {'services_va.target': '1434', 'exports.2020': '153.76'}
    """
    entries = text.replace(",", " ").replace("\uff0c", " ").split() if isinstance(text, str) else list(text)
    expected = Phrase("audit.whatif.entry", form=FORM)
    strange = [Fault("set", expected, repr(entry)) for entry in entries if "=" not in entry]
    refuse(strange, Phrase("audit.whatif.faults"))
    return dict(entry.split("=", 1) for entry in entries)


@checked
def change_figures(plan: Plan, changes: Mapping[str, str | float]) -> Plan:
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
        if not match:
            faults.append(Fault("set", Phrase("audit.whatif.place", form=FORM), repr(place)))
        elif not NUMBER.fullmatch(str(number)):
            faults.append(Fault(f"set, {place}", Phrase("audit.whatif.number"), repr(str(number))))
        else:
            try:
                plan = _changed(plan, match["name"], match["what"], str(number))
            except PlanmodelError as error:
                faults += error.faults
    refuse(faults, Phrase("audit.whatif.faults"))
    return plan


def _changed(plan: Plan, name: str, what: str, number: str) -> Plan:
    """Return the plan with one figure changed wherever it is printed: in targets, bases and observations."""
    others = plan.observations[len(printed_bases(plan.targets)) :]
    indicator, _, region = name.partition("@")
    key = (indicator, region or plan.region, "")
    rows = [t for t in plan.targets if t.id == name]
    targets = rows or [t for t in plan.targets if (t.indicator.id, t.region, t.definition) == key]
    seen = [o for o in others if (o.indicator, o.region, o.definition, o.measure) == (*key, "value")]
    if not targets and not seen:
        known = {o.indicator for o in others}.union(*((t.indicator.id, t.id) for t in plan.targets))
        elsewhere = Fault(f"set, {name}", Phrase("audit.whatif.region", name=indicator), key[1])
        raise PlanmodelError(faults=[elsewhere if indicator in known else unknown("set", indicator, known)])
    goals: list[Target] = []
    bases: list[Target] = []
    figures: list[Observation] = []
    if what in ("target", "growth"):
        wanted = ("value" if what == "target" else "growth", plan.period[1])
        any_kind = bool(rows) and what == "target"
        goals = [t for t in targets if any_kind or (measure_of(t), t.target_year) == wanted]
        goals = [t for t in goals if t.target_value is not None] or [t for t in goals if t.unit]
    elif what == "base":
        same = {(t.table, t.number, t.base_digits) for t in targets if t.base_value is not None}
        bases = [t for t in plan.targets if (t.table, t.number, t.base_digits) in same]
    else:
        year = [o for o in seen if o.period == what]
        own = [o for o in year if o.vintage == "plan"]
        bases = [t for t in targets if t.base_value is not None and t.base_year == int(what)]
        figures = own if own or bases else year
    units = {*(t.unit for t in goals), *(t.base_unit for t in bases), *(o.unit for o in figures)}
    if len(units) != 1:
        raise PlanmodelError(faults=[_no_figure(f"set, {name}.{what}", what, units, seen)])
    value, changed = float(number), []
    for t in plan.targets:
        if t in goals:
            printed: dict[str, Any] = {"target_value": value, "target_digits": number, "target_upper": None}
            comparator = "eq" if t.comparator == "range" else t.comparator
            comparator = comparator or ("le" if t.indicator.direction == "lower" else "ge")
            text = number + "%" * ("%" in t.target_printed)
            t = replace(t, **printed, target_printed=text, comparator=comparator, status="printed")
        if t in bases:
            t = replace(t, base_value=value, base_digits=number, base_printed=number)
        changed.append(t)
    rest = (replace(o, value=value, digits=number) if o in figures else o for o in others)
    return replace(plan, targets=tuple(changed), observations=(*printed_bases(changed), *rest))


def _no_figure(place: str, what: str, units: set[str], seen: list[Observation]) -> Fault:
    if units:
        expected, found = Phrase("audit.whatif.one_unit"), Phrase("audit.whatif.units", units=sorted(units))
        return Fault(place, expected, found, do=Phrase("audit.whatif.name_row"))
    none = Phrase("audit.whatif.none")
    years: list = sorted({o.period for o in seen}) or [none]
    year = what.isdigit()
    expected = Phrase("audit.whatif.year", years=years) if year else Phrase("audit.whatif.printed", what=what)
    return Fault(place, expected, none)

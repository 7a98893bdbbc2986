"""A row against itself: targets that the base already meets, slips of the unit, breaks of definition."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding
from planmodel.audit.implied import level_by_identity
from planmodel.audit.statements import OUTTURN, TARGET, Statement, is_level
from planmodel.audit.texts import amount, in_unit_of, level, shown
from planmodel.plans.kinds import falling
from planmodel.words import Phrase

FLOWS = ("sum", "flow")


def met_at_base(facts: Facts) -> Iterator[Finding]:
    """A target that the base already meets, or that lies below it though higher is better."""
    seen = set()
    for goal in facts.find(world=TARGET):
        flow, what = goal.measure in FLOWS, (goal.key, goal.last, goal.measure)
        if goal.measure not in ("value", *FLOWS) or what in seen:
            continue
        asked = goal.figure.times(1 / (goal.n_years if goal.measure == "sum" else 1))
        for base in facts.bases(goal, published=True):
            if flow and (goal.promise.indicator.flow == "stock" or not base.own):
                continue
            if base.comparator == "eq" and _beyond(base.figure, asked, falling(goal.promise)):
                seen.add(what)
                yield _met_finding(goal, base, asked.middle, facts)
                break


def reached_before(facts: Facts) -> Iterator[Finding]:
    """A target below what the plan itself prints for one of the five years before its base."""
    seen = set()
    for goal in facts.find(world=TARGET, measure="value"):
        target = goal.promise
        if not is_level(target) or goal.key in seen or goal.indicator.scale != "amount":
            continue
        years = range(target.base_year - 5, target.base_year)
        past = [s for year in years for s in facts.levels(goal.key, year, OUTTURN)]
        better = [s for s in past if _beyond(s.figure, goal.figure, falling(target))]
        if better:
            seen.add(goal.key)
            best = better[-1]
            same = best.unit == goal.unit
            figures = {} if same else {"converted": in_unit_of(goal, best, facts.catalogue)}
            yield facts.finding(
                "note",
                (goal, best),
                Phrase(
                    "audit.reached_before.same_unit" if same else "audit.reached_before.other_unit",
                    target=amount(goal, facts.catalogue),
                    year=goal.last,
                    best=amount(best, facts.catalogue),
                    best_year=best.last,
                    **figures,
                ),
                lead="colon",
                gap=best.middle - goal.middle,
            )


def floor_above_base(facts: Facts) -> Iterator[Finding]:
    """A floor to be kept in every year that the base does not keep."""
    for goal in facts.find(world=TARGET, measure="value"):
        if is_level(goal.promise):
            continue
        computed = level_by_identity(goal, facts)
        bases = facts.bases(goal) or (() if computed is None else (computed,))
        short = [s for s in bases if _beyond(goal.figure, s.figure, falling(goal.promise))]
        if short:
            base = short[0]
            yield facts.finding(
                "contradiction" if base.own else "tension",
                (goal, base),
                Phrase(
                    "audit.floor_above_base.line",
                    floor=amount(goal, facts.catalogue),
                    base=amount(base, facts.catalogue),
                    year=base.last,
                ),
                gap=base.middle - goal.middle,
            )


def scale_slip(facts: Facts) -> Iterator[Finding]:
    """A target a hundred times its base or more, or a hundredth: a slip of the unit is likely."""
    factor = facts.rules["scale_slip"]
    for goal in facts.find(world=TARGET, measure="value"):
        for base in facts.bases(goal):
            if not (base.positive and goal.positive):
                continue
            ratio = goal.figure / base.figure
            if ratio.low >= factor or ratio.high <= 1 / factor:
                yield facts.finding(
                    "tension",
                    (goal, base),
                    Phrase(
                        "audit.scale_slip.target",
                        base=amount(base, facts.catalogue),
                        target=amount(goal, facts.catalogue),
                        factor=f"{ratio.middle:.3g}",
                    ),
                    gap=ratio.middle,
                    unit="times",
                    reconcile=Phrase("audit.scale_slip.check"),
                )
                break
    yield from _outturn_slips(facts)


def definition_break(facts: Facts) -> Iterator[Finding]:
    """An outturn that counts by another definition than the target and its base."""
    targets = {target.id: target for target in facts.plan.targets if is_level(target)}
    for seen in facts.plan.observations:
        target = targets.get(seen.target)
        if target is None or seen.definition == target.definition or seen.measure != "value":
            continue
        indicator = target.indicator.id
        ends = facts.levels((indicator, seen.region, seen.definition), seen.last_year, OUTTURN)
        bases = facts.levels((indicator, target.region, target.definition), target.base_year, OUTTURN)
        if not ends or not bases:
            continue
        end, base = ends[0], bases[0]
        yield facts.finding(
            "note",
            (base, end),
            Phrase(
                "audit.definition_break.line",
                base=shown(base),
                first=base.last,
                end=shown(end),
                last=end.last,
                definition=_definition(seen.definition),
            ),
            period=f"{base.last}-{end.last}",
        )


def unit_of_row(facts: Facts) -> Iterator[Finding]:
    """A figure in a unit that is not its row's: a level in a row of percent changes.

    A target printed with its own % sign says nothing of the row's unit.
    """
    units = facts.catalogue.units
    for target in facts.plan.targets:
        row = [t for t in facts.plan.targets if (t.table, t.number) == (target.table, target.number)]
        dimensions = {units[t.unit].dimension for t in row if t.unit in units}
        if target.unit not in units or "%" in target.target_printed or dimensions != {"percent"}:
            continue
        inside = {target.indicator.id, target.indicator.reduction_of}
        for seen in facts.find(world=OUTTURN, measure="value", own=False):
            in_row = seen.indicator.id in inside and target.source in seen.places
            if in_row and units[seen.unit].dimension != "percent":
                yield facts.finding(
                    "note",
                    (seen,),
                    Phrase(
                        "audit.unit_of_row.line",
                        row_unit=units[target.unit],
                        figure=seen.text,
                        year=seen.last,
                        unit=units[seen.unit],
                    ),
                    lead="colon",
                    about=target.indicator,
                    period=f"{target.base_year}-{target.target_year}",
                    reconcile=Phrase("audit.unit_of_row.agrees"),
                )
                break


def _beyond(one: Interval, other: Interval, down: bool) -> bool:
    """True where all of a figure is better than all of another: above, or below where less is better."""
    return one.high < other.low if down else one.low > other.high


def _met_finding(goal: Statement, base: Statement, asked: float, facts: Facts) -> Finding:
    floor, flow = not is_level(goal.promise) or goal.floor, goal.measure in FLOWS
    catalogue = facts.catalogue
    figures: dict[str, object] = {"target": shown(goal), "base": shown(base), "year": base.last}
    if flow:
        key = "flow" if goal.measure == "flow" else "sum"
        figures |= {"target": amount(goal, catalogue), "base": amount(base, catalogue)}
        figures |= {"each": level(asked, base, catalogue)} if key == "sum" else {}
    elif floor:
        key = "ceiling" if falling(goal.promise) else "floor"
    else:
        key = "level"
        figures |= {"target_year": goal.last}
    return facts.finding(
        "note" if floor or flow or not base.own else "tension",
        (goal, base),
        Phrase(f"audit.met_at_base.{key}", **figures),
        lead="colon",
        gap=base.middle - asked,
        reconcile=Phrase("audit.met_at_base.agrees", base=shown(base)) if key == "level" else None,
    )


def _outturn_slips(facts: Facts) -> Iterator[Finding]:
    """Outturns of earlier targets that are several times off both the target and its base, all in one row."""
    factor = facts.rules["outturn_slip"]
    for goal in facts.find(world=TARGET, measure="value"):
        bases, ends = facts.bases(goal), facts.levels(goal.key, goal.last, OUTTURN)
        if goal.indicator.scale not in ("density", "rate") or not bases or not ends:
            continue
        base, end = bases[0], ends[0]
        if not (goal.positive and base.positive and end.positive):
            continue
        times = [end.figure / other.figure for other in (base, goal)]
        if not all(r.low >= factor for r in times) and not all(r.high <= 1 / factor for r in times):
            continue
        ratio = end.middle / base.middle
        size = max(ratio, 1 / ratio)
        yield facts.finding(
            "note",
            (goal, base, end),
            Phrase(
                "audit.scale_slip.outturn",
                base=shown(base),
                first=base.last,
                target=shown(goal),
                end=shown(end),
                last=end.last,
                factor=f"{size:.3g}",
            ),
            lead="colon",
            gap=size,
            unit="times",
            reconcile=Phrase("audit.scale_slip.check_both"),
        )


def _definition(name: str) -> object:
    return name or Phrase("audit.definition_break.standard")

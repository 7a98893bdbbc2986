"""A row against itself: targets that the base already meets, slips of the unit, breaks of definition."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding
from planmodel.audit.implied import level_by_identity
from planmodel.audit.statements import OUTTURN, TARGET, Statement, is_level
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
            line = Phrase("audit.reached_before.same_unit", target=goal, best=best)
            if best.unit != goal.unit:
                line = Phrase(
                    "audit.reached_before.other_unit", target=goal, best=best, converted=best.beside(goal)
                )
            yield facts.finding("note", (goal, best), line, lead="colon", gap=best.middle - goal.middle)


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
            line = Phrase("audit.floor_above_base.line", floor=goal, base=base)
            severity = "contradiction" if base.own else "tension"
            yield facts.finding(severity, (goal, base), line, gap=base.middle - goal.middle)


def scale_slip(facts: Facts) -> Iterator[Finding]:
    """A target a hundred times its base or more, or a hundredth: a slip of the unit is likely."""
    for goal in facts.find(world=TARGET, measure="value"):
        for base in facts.bases(goal):
            if _times_off((goal, base), facts.rules["scale_slip"]):
                ratio = (goal.figure / base.figure).middle
                line = Phrase("audit.scale_slip.target", base=base, target=goal, factor=f"{ratio:.3g}")
                check = Phrase("audit.scale_slip.check")
                yield facts.finding("tension", (goal, base), line, gap=ratio, unit="times", reconcile=check)
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
        if ends and bases:
            end, base = ends[0], bases[0]
            definition = seen.definition or Phrase("audit.definition_break.standard")
            line = Phrase("audit.definition_break.line", base=base, end=end, definition=definition)
            yield facts.finding("note", (base, end), line, period=f"{base.last}-{end.last}")


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
            unit = units[seen.unit]
            in_row = seen.indicator.id in inside and target.source in seen.places
            if in_row and unit.dimension != "percent":
                line = Phrase("audit.unit_of_row.line", row_unit=units[target.unit], figure=seen, unit=unit)
                yield facts.finding(
                    "note", (seen,), line, lead="colon", about=target.indicator,
                    period=f"{target.base_year}-{target.target_year}", reconcile=Phrase("audit.unit_of_row.agrees"),
                )  # fmt: skip
                break


def _beyond(one: Interval, other: Interval, down: bool) -> bool:
    """True where all of a figure is better than all of another: above, or below where less is better."""
    return one.high < other.low if down else one.low > other.high


def _times_off(statements: tuple[Statement, ...], factor: float) -> bool:
    """True where the first figure is a number of times all the others, or such a fraction of them."""
    first, *others = statements
    if not all(statement.positive for statement in statements):
        return False
    ratios = [first.figure / other.figure for other in others]
    return all(r.low >= factor for r in ratios) or all(r.high <= 1 / factor for r in ratios)


def _met_finding(goal: Statement, base: Statement, asked: float, facts: Facts) -> Finding:
    floor, flow = not is_level(goal.promise), goal.measure in FLOWS
    each, reconcile = {}, None
    if flow:
        key, each = goal.measure, {"each": base.level(asked)} if goal.measure == "sum" else {}
    elif floor or goal.floor:
        key = "ceiling" if falling(goal.promise) else "floor"
    else:
        key, reconcile = "level", Phrase("audit.met_at_base.agrees", base=base)
    line = Phrase(f"audit.met_at_base.{key}", target=goal, base=base, **each)
    severity = "tension" if key == "level" and base.own else "note"
    return facts.finding(
        severity, (goal, base), line, lead="colon", gap=base.middle - asked, reconcile=reconcile
    )


def _outturn_slips(facts: Facts) -> Iterator[Finding]:
    """Outturns of earlier targets that are several times off both the target and its base, all in one row."""
    for goal in facts.find(world=TARGET, measure="value"):
        bases, ends = facts.bases(goal), facts.levels(goal.key, goal.last, OUTTURN)
        if goal.indicator.scale not in ("density", "rate") or not bases or not ends:
            continue
        base, end = bases[0], ends[0]
        if _times_off((end, base, goal), facts.rules["outturn_slip"]):
            ratio = end.middle / base.middle
            size = max(ratio, 1 / ratio)
            line = Phrase("audit.scale_slip.outturn", base=base, target=goal, end=end, factor=f"{size:.3g}")
            yield facts.finding(
                "note", (goal, base, end), line, lead="colon", gap=size, unit="times",
                reconcile=Phrase("audit.scale_slip.check_both"),
            )  # fmt: skip

"""A row against itself: targets that the base already meets, slips of the unit, breaks of definition."""

from collections.abc import Iterator, Mapping

from planmodel.arithmetic.growth import Interval
from planmodel.audit.facts import Facts
from planmodel.audit.implied import level_by_identity
from planmodel.audit.results import Finding
from planmodel.audit.statements import OUTTURN, TARGET, Statement
from planmodel.plans.kinds import falling, kind_of
from planmodel.words import Phrase

FLOWS = ("sum", "flow")


def met_at_base(facts: Facts) -> Iterator[Finding]:
    """A target that the base already meets, or that lies below it though higher is better."""
    seen = set()
    for goal in facts.find(world=TARGET):
        flow, what, down = goal.measure in FLOWS, (goal.key, goal.last, goal.measure), falling(goal.promise)
        if goal.measure not in ("value", *FLOWS) or what in seen:
            continue
        asked = goal.figure.times(1 / (goal.n_years if goal.measure == "sum" else 1))
        counts = not flow or goal.promise.indicator.flow != "stock"
        bases = [b for b in facts.bases(goal, published=True) if counts and (b.own or not flow)]
        met = [b for b in bases if b.comparator == "eq" and _beyond(b.figure, asked, down)]
        if not met:
            continue
        seen.add(what)
        base, each, severity = met[0], {}, "note"
        agrees: Mapping[str, str] = {}
        if flow:
            key = goal.measure
            each = {"each": base.level(asked.middle)} if key == "sum" else {}
        elif not kind_of(goal.promise).is_level or goal.floor:
            key = "ceiling" if down else "floor"
        else:
            key, agrees = "level", Phrase("audit.met_at_base.agrees", base=base)
            severity = "tension" if base.own else "note"
        line = Phrase(f"audit.met_at_base.{key}", target=goal, base=base, **each)
        gap = base.middle - asked.middle
        yield Finding(severity, (goal, base), line, lead="colon", gap=gap, reconcile=agrees)


def reached_before(facts: Facts) -> Iterator[Finding]:
    """A target below what the plan itself prints for one of the five years before its base."""
    seen = set()
    for goal in _goals(facts):
        target = goal.promise
        if not kind_of(target).is_level or goal.key in seen or goal.indicator.scale != "amount":
            continue
        years = range(target.base_year - 5, target.base_year)
        past = [s for year in years for s in facts.levels(goal.key, year, OUTTURN)]
        better = [s for s in past if _beyond(s.figure, goal.figure, falling(target))]
        if better:
            seen.add(goal.key)
            best = better[-1]
            converted = {} if best.unit == goal.unit else {"converted": best.beside(goal)}
            key = f"audit.reached_before.{'other_unit' if converted else 'same_unit'}"
            line = Phrase(key, target=goal, best=best, **converted)
            yield Finding("note", (goal, best), line, lead="colon", gap=best.middle - goal.middle)


def floor_above_base(facts: Facts) -> Iterator[Finding]:
    """A floor to be kept in every year that the base does not keep."""
    for goal in _goals(facts):
        if kind_of(goal.promise).is_level:
            continue
        computed = level_by_identity(goal, facts)
        for base in facts.bases(goal) or (() if computed is None else (computed,)):
            if _beyond(goal.figure, base.figure, falling(goal.promise)):
                implied = Phrase("audit.implied_figure", figure=base.amount)
                shown = implied if base is computed else base.amount
                line = Phrase("audit.floor_above_base.line", floor=goal, base=base, shown=shown)
                severity = "contradiction" if base.own else "tension"
                yield Finding(severity, (goal, base), line, gap=base.middle - goal.middle)
                break


def scale_slip(facts: Facts) -> Iterator[Finding]:
    """A target a hundred times its base or more, or a hundredth: a slip of the unit is likely."""
    for goal in _goals(facts):
        for base in facts.bases(goal):
            if _times_off(facts.rules["scale_slip"], goal, base):
                ratio = (goal.figure / base.figure).middle
                line = Phrase("audit.scale_slip.target", base=base, target=goal, factor=f"{ratio:.3g}")
                check = Phrase("audit.scale_slip.check")
                yield Finding("tension", (goal, base), line, gap=ratio, unit="times", reconcile=check)
                break
    for goal in _goals(facts):  # outturns several times off both the target and its base, all in one row
        bases, ends = facts.bases(goal), facts.levels(goal.key, goal.last, OUTTURN)
        if goal.indicator.scale not in ("density", "rate") or not bases or not ends:
            continue
        base, end = bases[0], ends[0]
        if _times_off(facts.rules["outturn_slip"], end, base, goal):
            ratio = end.middle / base.middle
            size, check = max(ratio, 1 / ratio), Phrase("audit.scale_slip.check_both")
            line = Phrase("audit.scale_slip.outturn", base=base, target=goal, end=end, factor=f"{size:.3g}")
            told = (goal, base, end)
            yield Finding("note", told, line, lead="colon", gap=size, unit="times", reconcile=check)


def definition_break(facts: Facts) -> Iterator[Finding]:
    """An outturn that counts by another definition than the target and its base."""
    targets = {target.id: target for target in facts.plan.targets if kind_of(target).is_level}
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
            yield Finding("note", (base, end), line, period=f"{base.last}-{end.last}")


def unit_of_row(facts: Facts) -> Iterator[Finding]:
    """A figure in a unit that is not its row's: a level in a row of percent changes.

    A target printed with its own % sign says nothing of the row's unit.
    """
    units = facts.catalogue.units
    for target in facts.plan.targets:
        row = facts.plan.rows[target.table, target.number]
        dimensions = {units[t.unit].dimension for t in row if t.unit in units}
        if target.unit not in units or "%" in target.target_printed or dimensions != {"percent"}:
            continue
        inside = {target.indicator.id, target.indicator.reduction_of}
        for seen in facts.by_place.get(target.source, ()):
            if seen.world != OUTTURN or seen.measure != "value" or seen.indicator.id not in inside:
                continue
            if (unit := units[seen.unit]).dimension != "percent":
                line = Phrase("audit.unit_of_row.line", row_unit=units[target.unit], figure=seen, unit=unit)
                yield Finding(
                    "note", (seen,), line, lead="colon", of=target.indicator,
                    period=f"{target.base_year}-{target.target_year}", reconcile=Phrase("audit.unit_of_row.agrees"),
                )  # fmt: skip
                break


def _goals(facts: Facts) -> tuple[Statement, ...]:
    return facts.find(world=TARGET, measure="value")


def _beyond(one: Interval, other: Interval, down: bool) -> bool:
    """True where all of a figure is better than all of another: above, or below where less is better."""
    return one.high < other.low if down else one.low > other.high


def _times_off(factor: float, first: Statement, *others: Statement) -> bool:
    """True where the first figure is a number of times all the others, or such a fraction of them."""
    if not all(statement.positive for statement in (first, *others)):
        return False
    ratios = [first.figure / other.figure for other in others]
    return all(r.low >= factor for r in ratios) or all(r.high <= 1 / factor for r in ratios)

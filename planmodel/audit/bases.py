"""A row against itself: targets that the base already meets, units that do not fit, breaks of definition."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement
from planmodel.audit.texts import both, in_unit_of, level, name, shown, shown_unit, subject
from planmodel.plans.kinds import falling

FLOWS = ("sum", "flow")


def met_at_base(facts: Facts) -> Iterator[Finding]:
    """A target that the base already meets, or that lies below it though higher is better."""
    seen = set()
    for goal in facts.find(world=TARGET):
        target = goal.target
        if goal.measure not in ("value", *FLOWS) or (goal.key, goal.last, goal.measure) in seen:
            continue
        down = falling(target)
        for base in facts.levels(goal.key, target.base_year, OUTTURN, published=True):
            n = goal.n_years if goal.measure == "sum" else 1
            asked = goal.figure.times(1 / n)
            if goal.measure in FLOWS and (target.indicator.flow == "stock" or not base.own):
                continue
            ahead = base.figure.high < asked.low if down else base.figure.low > asked.high
            if base.comparator != "eq" or not ahead:
                continue
            seen.add((goal.key, goal.last, goal.measure))
            yield _met_finding(goal, base, asked.middle, facts)
            break


def reached_before(facts: Facts) -> Iterator[Finding]:
    """A target below what the plan itself prints for one of the five years before its base."""
    seen = set()
    for goal in facts.find(world=TARGET, measure="value"):
        target = goal.target
        if target.kind != "level" or goal.key in seen or goal.indicator.scale != "amount":
            continue
        down = falling(target)
        past = [
            s
            for year in range(target.base_year - 5, target.base_year)
            for s in facts.levels(goal.key, year, OUTTURN)
        ]
        better = [
            s for s in past if (s.figure.high < goal.figure.low if down else s.figure.low > goal.figure.high)
        ]
        if better:
            seen.add(goal.key)
            best = better[-1]
            same = "" if best.unit == goal.unit else f" = {in_unit_of(best, goal, facts)}"
            yield Finding(
                "reached_before",
                "note",
                subject(goal, facts),
                period(goal),
                (goal, best),
                both(
                    f"{name(goal, facts, 'zh')}：{goal.last} 年目标 {shown_unit(goal, facts, 'zh')}，{best.last} 年已为 {shown_unit(best, facts, 'zh')}{same}",
                    f"{name(goal, facts, 'en')}: target {shown_unit(goal, facts, 'en')} in {goal.last}, {best.last} already had "
                    f"{shown_unit(best, facts, 'en')}{same}",
                ),
                best.figure.middle - goal.figure.middle,
                goal.indicator.unit,
            )


def floor_above_base(facts: Facts) -> Iterator[Finding]:
    """A floor to be kept in every year that the base does not keep."""
    for goal in facts.find(world=TARGET, measure="value"):
        if goal.target.kind != "keep":
            continue
        bases = facts.levels(goal.key, goal.target.base_year, OUTTURN) or _computed_base(goal, facts)
        for base in bases:
            below = (
                base.figure.low > goal.figure.high
                if falling(goal.target)
                else base.figure.high < goal.figure.low
            )
            if below:
                yield Finding(
                    "floor_above_base",
                    "contradiction" if base.own else "tension",
                    subject(goal, facts),
                    period(goal),
                    (goal, base),
                    both(
                        f"要求保持 {shown_unit(goal, facts, 'zh')}，而 {base.last} 年为 {shown_unit(base, facts, 'zh')}",
                        f"{shown_unit(goal, facts, 'en')} is to be kept, {base.last} had {shown_unit(base, facts, 'en')}",
                    ),
                    base.figure.middle - goal.figure.middle,
                    "pp" if goal.indicator.scale == "share" else goal.indicator.unit,
                )
                break


def definition_break(facts: Facts) -> Iterator[Finding]:
    """An outturn that counts by another definition than the target and its base."""
    targets = {target.id: target for target in facts.plan.targets}
    for seen in facts.plan.observations:
        target = targets.get(seen.target)
        if (
            target is None
            or target.kind != "level"
            or seen.definition == target.definition
            or seen.measure != "value"
        ):
            continue
        ends = facts.levels((target.indicator.id, seen.region, seen.definition), seen.last_year, OUTTURN)
        bases = facts.levels(
            (target.indicator.id, target.region, target.definition), target.base_year, OUTTURN
        )
        if not ends or not bases:
            continue
        end, base = ends[0], bases[0]
        yield Finding(
            "definition_break",
            "note",
            subject(end, facts),
            f"{base.last}-{end.last}",
            (base, end),
            both(
                f"{base.last} 年 {shown(base)} 与 {end.last} 年 {shown(end)} 口径不同，不能直接相减",
                f"{shown(base)} in {base.last} and {shown(end)} in {end.last} count by different definitions "
                f"({seen.definition or 'standard'}): their difference says nothing",
            ),
        )


def unit_of_row(facts: Facts) -> Iterator[Finding]:
    """A figure in a unit that is not its row's: a level in a row of percent changes.

    A target printed with its own % sign says nothing of the row's unit.
    """
    units = facts.catalogue.units
    for target in facts.plan.targets:
        inside = {target.indicator.id, target.indicator.reduction_of} - {""}
        dimension = units[target.unit].dimension if target.unit in units else ""
        row = [t for t in facts.plan.targets if (t.table, t.number) == (target.table, target.number)]
        others = {units[t.unit].dimension for t in row if t.unit in units}
        if dimension != "percent" or "%" in target.target_printed or others != {"percent"}:
            continue
        for seen in facts.statements:
            same_row = target.source in seen.source.split("; ")
            if (
                seen.world == OUTTURN
                and seen.measure == "value"
                and seen.indicator.id in inside
                and same_row
                and units[seen.unit].dimension != "percent"
            ):
                yield _unit_finding(target, seen, facts)
                break


def _computed_base(goal: Statement, facts: Facts) -> tuple[Statement, ...]:
    """The base of a share from an identity, where no figure of its own is known."""
    from planmodel.audit.implied import level_by_identity

    found = level_by_identity(goal, goal.target.base_year, OUTTURN, facts)
    return () if found is None else (found,)


def _met_finding(goal: Statement, base: Statement, asked: float, facts: Facts) -> Finding:
    floor = goal.target.kind == "keep" or goal.floor
    flow = goal.measure in FLOWS
    gap = base.figure.middle - asked
    where = (f"{base.last} 年", f"in {base.last}")
    if flow:
        each = level(asked, base, facts)
        mean = ("", "") if goal.measure == "flow" else (f"（年均 {each}）", f" ({each} a year)")
        zh = f"目标 {shown_unit(goal, facts, 'zh')}{mean[0]}，低于 {where[0]}的 {shown_unit(base, facts, 'zh')}"
        en = f"The target of {shown_unit(goal, facts, 'en')}{mean[1]} asks for less than {shown_unit(base, facts, 'en')} {where[1]}"
    elif floor:
        word = ("上限", "ceiling") if falling(goal.target) else ("底线", "floor")
        zh = f"{word[0]} {shown(goal)}，{where[0]}已为 {shown(base)}"
        en = f"A {word[1]} of {shown(goal)}, {where[1]} it stood at {shown(base)}"
    else:
        zh = f"{where[0]}已为 {shown(base)}，{goal.last} 年目标为 {shown(goal)}：基期已达到"
        en = f"{shown(base)} {where[1]}, target {shown(goal)} in {goal.last}: met before the plan begins"
    return Finding(
        "met_at_base",
        "note" if floor or flow or not base.own else "tension",
        subject(goal, facts),
        period(goal),
        (goal, base),
        both(f"{name(goal, facts, 'zh')}：{zh}", f"{name(goal, facts, 'en')}: {en}"),
        gap,
        "pp" if goal.indicator.scale == "share" else goal.indicator.unit,
        {}
        if floor or flow
        else both(
            f"只有目标优于 {shown(base)} 才需努力",
            f"Only a target better than {shown(base)} asks for anything",
        ),
    )


def _unit_finding(target, seen: Statement, facts: Facts) -> Finding:
    unit = {lang: facts.catalogue.units[target.unit].name(lang) for lang in ("zh", "en")}
    return Finding(
        "unit_of_row",
        "note",
        f"{target.indicator.id}",
        f"{target.base_year}-{target.target_year}",
        (seen,),
        both(
            f"{target.indicator.name_zh}：该行单位为 {unit['zh']}，而 {seen.text} 显然是 {seen.last} 年的水平（{seen.unit}）",
            f"{target.indicator.name_en}: the row's unit is {unit['en']}, but {seen.text} is evidently the level of {seen.last} "
            f"({facts.catalogue.units[seen.unit].name_en})",
        ),
        reconcile=both(
            "宜分列水平与变化率，各用其单位", "Print the level and the change apart, each in its unit"
        ),
    )

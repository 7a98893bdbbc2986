"""Slips of the unit: targets and outturns that are many times off what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts
from planmodel.audit.texts import both, name, shown, shown_unit, subject


def scale_slip(facts: Facts) -> Iterator[Finding]:
    """A target a hundred times its base or more, or a hundredth: a slip of the unit is likely."""
    factor = facts.rules["scale_slip"]
    for goal in facts.find(world=TARGET, measure="value"):
        for base in facts.levels(goal.key, goal.target.base_year, OUTTURN):
            if base.figure.low <= 0 or goal.figure.low <= 0:
                continue
            ratio = goal.figure / base.figure
            if ratio.low >= factor or ratio.high <= 1 / factor:
                yield Finding(
                    "scale_slip",
                    "tension",
                    subject(goal, facts),
                    period(goal),
                    (goal, base),
                    both(
                        f"{shown_unit(base, facts, 'zh')} → {shown_unit(goal, facts, 'zh')}，相差 {ratio.middle:.3g} 倍",
                        f"{shown_unit(base, facts, 'en')} → {shown_unit(goal, facts, 'en')} is a factor of {ratio.middle:.3g}",
                    ),
                    ratio.middle,
                    "times",
                    both("请核对单位", "Check the units"),
                )
                break
    yield from _outturn_slips(facts)


def _outturn_slips(facts: Facts) -> Iterator[Finding]:
    """Outturns of earlier targets that are several times off both the target and its base, all in one row."""
    factor = facts.rules["outturn_slip"]
    for goal in facts.find(world=TARGET, measure="value"):
        if goal.indicator.scale not in ("density", "rate"):
            continue
        bases = facts.levels(goal.key, goal.target.base_year, OUTTURN)
        ends = facts.levels(goal.key, goal.last, OUTTURN)
        if not bases or not ends or min(s.figure.low for s in (goal, bases[0], ends[0])) <= 0:
            continue
        base, end = bases[0], ends[0]
        times = [end.figure / other.figure for other in (base, goal)]
        up = all(ratio.low >= factor for ratio in times)
        if not up and not all(ratio.high <= 1 / factor for ratio in times):
            continue
        ratio = end.figure.middle / base.figure.middle
        size = max(ratio, 1 / ratio)
        yield Finding(
            "scale_slip",
            "note",
            subject(goal, facts),
            period(goal),
            (goal, base, end),
            both(
                f"{name(goal, facts, 'zh')}：{base.last} 年 {shown(base)}、目标 {shown(goal)}，{end.last} 年完成 {shown(end)}，"
                f"与基期相差 {size:.3g} 倍",
                f"{name(goal, facts, 'en')}: {shown(base)} in {base.last}, target {shown(goal)}, outturn {shown(end)} in "
                f"{end.last}: a factor of {size:.3g} from its base",
            ),
            size,
            "times",
            both("请核对单位和口径", "Check the unit and the definition"),
        )

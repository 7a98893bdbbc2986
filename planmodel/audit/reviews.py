"""What a plan's text says of earlier targets against the table that reviews them."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.audit.findings import Finding
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement
from planmodel.audit.texts import both, shown, shown_unit, subject
from planmodel.plans import Target
from planmodel.plans.outturns import row_met, rows_of, said_of


def own_review(facts: Facts) -> Iterator[Finding]:
    """Rows that the text calls met or missed, where the table says otherwise or says nothing."""
    for claim in facts.plan.claims:
        for number, found in rows_of(facts.plan, claim.table).items():
            said, _ = said_of(facts.plan, claim.table, number)
            met = row_met(found)
            if said is None or met == said or said is False and met is None:
                continue
            parts = [
                f"{_text(o.target.target_digits, o.target.unit)} → {'–' if o.value is None else _text(f'{o.value:g}', o.target.unit)}"
                for o in found
            ]
            some = any(o.met for o in found)
            short = sum(o.met is False for o in found)
            if met is None:
                severity, zh, en = (
                    "note",
                    "表中没有可比的完成数",
                    "the table prints no outturn that can be held against it",
                )
            elif said:
                severity = "tension" if some else "contradiction"
                zh = "按表计算未全部达到" if some else "按表计算未达到"
                en = (
                    f"by the table {'one part' if short == 1 else f'{short} parts'} fell short"
                    if some
                    else "by the table it fell short"
                )
            else:
                severity, zh, en = "contradiction", "按表计算已达到", "by the table it was met"
            words = ("未达预期", "fell short") if said is False else ("已完成", "was met")
            target = found[0].target
            statements = tuple(s for o in found for s in facts.statements if s.target is o.target)
            yield Finding(
                "own_review",
                severity,
                target.indicator.id,
                f"{claim.table}-{number}",
                statements or _any(facts, target),
                both(
                    f"{target.indicator.name_zh}：正文称{words[0]}（{claim.source}），{zh}：目标 → 完成 {'，'.join(parts)}",
                    f"{target.indicator.name_en}: the text ({claim.source}) says it {words[1]}, {en}: target → outturn {', '.join(parts)}",
                ),
            )


def outturn_elsewhere(facts: Facts) -> Iterator[Finding]:
    """A blank outturn in the review of earlier targets, though the plan prints the figure elsewhere."""
    tables = {t.table for t in facts.plan.targets if t.target_year <= facts.plan.base_year}
    for table in sorted(tables):
        for found in rows_of(facts.plan, table).values():
            level = next((o.target for o in found if o.target.kind == "level"), None)
            if level is None or any(o.observation is not None for o in found):
                continue
            key = (level.indicator.id, level.region, level.definition)
            goals = facts.levels(key, level.target_year, TARGET)
            for year in (level.target_year, level.target_year - 1):
                seen = [s for s in facts.levels(key, year, OUTTURN) if s.source != level.source]
                if seen and goals:
                    yield _elsewhere(goals[0], seen[0], facts)
                    break


def base_elsewhere(facts: Facts) -> Iterator[Finding]:
    """A blank base in a table of targets, though the plan prints the figure elsewhere."""
    based = {t.table for t in facts.plan.targets if t.base_value is not None and t.table != "text"}
    rows: dict[tuple[str, str], list[Target]] = {}
    for target in facts.plan.targets:
        if target.table in based and target.target_year > facts.plan.base_year:
            rows.setdefault((target.table, target.number), []).append(target)
    for (table, _), row in rows.items():
        target = next((t for t in row if t.kind == "level"), None)
        if target is None or any(t.base_printed for t in row):
            continue
        same = [t for t in facts.plan.targets if (t.table, t.indicator.id) == (table, target.indicator.id)]
        if any(t.base_printed for t in same):
            continue
        key = (target.indicator.id, target.region, target.definition)
        for year in (target.base_year, target.base_year - 1):
            seen = [s for s in facts.levels(key, year, OUTTURN) if target.source not in s.source.split("; ")]
            if seen:
                yield _base_finding(target, seen[0], facts)
                break


def _base_finding(target: Target, seen: Statement, facts: Facts) -> Finding:
    return Finding(
        "base_elsewhere",
        "note",
        target.indicator.id,
        str(target.base_year),
        (seen,),
        both(
            f"{target.indicator.name_zh}：{target.source}的 {target.base_year} 年基期值空白，正文给出 {seen.last} 年 "
            f"{shown_unit(seen, facts, 'zh')}",
            f"{target.indicator.name_en}: the base of {target.base_year} is blank in {target.source}, the text prints "
            f"{shown_unit(seen, facts, 'en')} for {seen.last}",
        ),
        reconcile=both("宜在表中补列基期值", "Print the base in the table"),
    )


def _elsewhere(goal: Statement, seen: Statement, facts: Facts) -> Finding:
    changes = facts.find(
        indicator=goal.indicator.id, region=goal.region, measure="change", world=TARGET, last=goal.last
    )
    gap = seen.figure.middle - goal.figure.middle
    planned = abs(changes[0].figure.middle) if changes else None
    far = planned is not None and abs(gap) > planned
    tail = (
        (
            f"，与目标之差大于整个规划期的预定变动 {planned:g}：口径可能不同",
            f", further from it than the whole planned change of {planned:g}: the definitions may differ",
        )
        if far
        else ("", "")
    )
    return Finding(
        "outturn_elsewhere",
        "tension" if far else "note",
        subject(goal, facts),
        str(goal.last),
        (goal, seen),
        both(
            f"表中目标 {shown(goal)} 的完成数空白，正文给出 {seen.last} 年 {shown(seen)}{tail[0]}",
            f"The outturn of the target {shown(goal)} is blank in the table, the text prints {shown(seen)} for {seen.last}{tail[1]}",
        ),
        gap,
        "pp" if goal.indicator.scale == "share" else goal.indicator.unit,
    )


def _text(digits: str, unit: str) -> str:
    return f"{digits}%" if unit == "%" else digits


def _any(facts: Facts, target) -> tuple[Statement, ...]:
    return facts.find(indicator=target.indicator.id, region=target.region)[:1]

"""What a plan's text says of earlier targets against the table that reviews them."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding
from planmodel.audit.statements import OUTTURN, TARGET, Statement, is_level
from planmodel.plans import Target
from planmodel.plans.outturns import Outturn, row_met, rows_of, said_of
from planmodel.words import Phrase


def own_review(facts: Facts) -> Iterator[Finding]:
    """Rows that the text calls met or missed, where the table says otherwise or says nothing."""
    for claim in facts.plan.claims:
        for number, row in rows_of(facts.plan, claim.table).items():
            claimed, _ = said_of(facts.plan, claim.table, number)
            met, target = row_met(row), row[0].target
            if claimed is None or met == claimed or claimed is False and met is None:
                continue
            severity, by_table = _by_table(row, met, claimed)
            statements = [s for outturn in row for s in facts.statements if s.target is outturn.target]
            said = Phrase("audit.own_review.said_met" if claimed else "audit.own_review.said_missed")
            parts = [_target_and_outturn(outturn) for outturn in row]
            yield facts.finding(
                severity,
                statements or facts.find(indicator=target.indicator.id, region=target.region)[:1],
                Phrase(
                    "audit.own_review.line", place=claim.source, said=said, by_table=by_table, parts=parts
                ),
                lead="colon",
                about=target.indicator,
                period=f"{claim.table}-{number}",
            )


def outturn_elsewhere(facts: Facts) -> Iterator[Finding]:
    """A blank outturn in the review of earlier targets, though the plan prints the figure elsewhere."""
    tables = {t.table for t in facts.plan.targets if t.target_year <= facts.plan.base_year}
    for table in sorted(tables):
        for row in rows_of(facts.plan, table).values():
            target = next((outturn.target for outturn in row if is_level(outturn.target)), None)
            if target is None or any(outturn.observation is not None for outturn in row):
                continue
            goals = facts.levels(_key(target), target.target_year, TARGET)
            seen = _elsewhere(target, target.target_year, facts)
            if seen is not None and goals:
                yield _outturn_finding(goals[0], seen, facts)


def base_elsewhere(facts: Facts) -> Iterator[Finding]:
    """A blank base in a table of targets, though the plan prints the figure elsewhere."""
    based = {t.table for t in facts.plan.targets if t.base_value is not None and t.table != "text"}
    rows: dict[tuple[str, str], list[Target]] = {}
    for target in facts.plan.targets:
        if target.table in based and target.target_year > facts.plan.base_year:
            rows.setdefault((target.table, target.number), []).append(target)
    for (table, _), row in rows.items():
        level = next((t for t in row if is_level(t)), None)
        if level is None or any(t.base_printed for t in row):
            continue
        same = [t for t in facts.plan.targets if (t.table, t.indicator.id) == (table, level.indicator.id)]
        seen = None if any(t.base_printed for t in same) else _elsewhere(level, level.base_year, facts)
        if seen is not None:
            line = Phrase("audit.base_elsewhere.line", target=level, figure=seen)
            agrees = Phrase("audit.base_elsewhere.agrees")
            yield facts.finding(
                "note", (seen,), line, lead="colon", period=str(level.base_year), reconcile=agrees
            )


def _key(target: Target) -> tuple[str, str, str]:
    return target.indicator.id, target.region, target.definition


def _elsewhere(target: Target, year: int, facts: Facts) -> Statement | None:
    """Return the level that the plan prints outside a row, of the year or the one before."""
    levels = [*facts.levels(_key(target), year, OUTTURN), *facts.levels(_key(target), year - 1, OUTTURN)]
    return next((s for s in levels if target.source not in s.places), None)


def _by_table(row: tuple[Outturn, ...], met: bool | None, claimed: bool) -> tuple[str, Phrase]:
    """Return the severity, and what the table's figures say of a row."""
    short = sum(outturn.met is False for outturn in row)
    if met is None:
        return "note", Phrase("audit.own_review.unknown")
    if not claimed:
        return "contradiction", Phrase("audit.own_review.met")
    if any(outturn.met for outturn in row):
        return "tension", Phrase("audit.own_review.partly", short=short)
    return "contradiction", Phrase("audit.own_review.missed")


def _target_and_outturn(outturn: Outturn) -> Phrase:
    unit = "%" if outturn.target.unit == "%" else ""
    end = "–" if outturn.value is None else f"{outturn.value:g}{unit}"
    return Phrase("audit.own_review.part", target=f"{outturn.target.target_digits}{unit}", outturn=end)


def _outturn_finding(goal: Statement, seen: Statement, facts: Facts) -> Finding:
    changes = facts.find(
        indicator=goal.indicator.id, region=goal.region, measure="change", world=TARGET, last=goal.last
    )
    gap = seen.middle - goal.middle
    planned = abs(changes[0].middle) if changes else None
    if planned is not None and abs(gap) > planned:
        line = Phrase("audit.outturn_elsewhere.far", target=goal, figure=seen, planned=f"{planned:g}")
        return facts.finding("tension", (goal, seen), line, gap=gap)
    return facts.finding(
        "note", (goal, seen), Phrase("audit.outturn_elsewhere.line", target=goal, figure=seen), gap=gap
    )

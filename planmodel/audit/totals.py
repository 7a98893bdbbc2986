"""Totals over several years against annual flows, promised and past."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.texts import FOLLOWS, PRINTED, both, in_unit_of, level, shown, side, subject
from planmodel.intervals import Interval

INFINITY = float("inf")


def cumulative(facts: Facts) -> Iterator[Finding]:
    """A promised total against a promised yearly flow; a past total against the years it contains."""
    for total in facts.find(measure="sum", world=TARGET):
        flows = facts.find(indicator=total.indicator.id, region=total.region, definition=total.definition,
                           measure="flow", world=TARGET, first=total.first, last=total.last)  # fmt: skip
        tried = {flow: judge(lambda a, b, n=total.n_years: (a, b.times(n)), (total, flow)) for flow in flows}
        if tried and "" not in tried.values():
            flow, severity = next(iter(tried.items()))
            yield _flow_finding(severity, total, flow, facts)
    for total in facts.find(measure="sum", world=OUTTURN):
        inside: dict[int, list[Statement]] = {}
        for value in facts.find(indicator=total.indicator.id, region=total.region, definition=total.definition,
                                measure="value", world=OUTTURN):  # fmt: skip
            if total.first <= value.last <= total.last:
                inside.setdefault(value.last, []).append(value)
        if not inside or total.indicator.flow == "stock":
            continue
        every = len(inside) == total.n_years
        compare = _every_year if every else _some_years
        tried = {known: judge(compare, (total, *known)) for known in product(*inside.values())}
        if "" not in tried.values():
            known, severity = next(iter(tried.items()))
            yield _past_finding(severity, total, known, every, facts)


def _every_year(total: Interval, *known: Interval) -> tuple[Interval, Interval]:
    return total, Interval(sum(k.low for k in known), sum(k.high for k in known))


def _some_years(total: Interval, *known: Interval) -> tuple[Interval, Interval]:
    return total, Interval(sum(k.low for k in known), INFINITY)


def _flow_finding(severity: str, total: Statement, flow: Statement, facts: Facts) -> Finding:
    n = total.n_years
    amount = flow.figure.middle * n
    each = level(total.figure.middle / n, flow, facts)
    made = level(amount, total, facts)
    return Finding(
        "cumulative",
        severity,
        subject(total, facts),
        period(total),
        (total, flow),
        both(
            f"每年 {shown(flow)}，{n} 年合计 {made}，累计目标为 {shown(total)}",
            f"{shown(flow)} a year makes {made} in {n} years, the total is {shown(total)}",
        ),
        total.figure.middle - amount,
        total.indicator.unit,
        both(f"若每年 {each}，或合计 {made}，则一致", f"Agrees with {each} a year, or a total of {made}"),
        (side(PRINTED, total.figure), side(FOLLOWS, flow.figure.times(n))),
        total.indicator.unit,
    )


def _past_finding(
    severity: str, total: Statement, known: tuple[Statement, ...], every: bool, facts: Facts
) -> Finding:
    added = sum(k.figure.middle for k in known)
    sum_ = " + ".join(in_unit_of(k, total, facts) for k in known)
    made = level(added, total, facts)
    return Finding(
        "cumulative",
        severity,
        subject(total, facts),
        period(total),
        (total, *known),
        both(f"{sum_} = {made}，合计为 {shown(total)}", f"{sum_} = {made}, the total is {shown(total)}"),
        total.figure.middle - added,
        total.indicator.unit,
        both(
            f"若合计{'为' if every else '不低于'} {made}，则一致",
            f"Agrees with a total of {made}{'' if every else ' or more'}",
        ),
    )

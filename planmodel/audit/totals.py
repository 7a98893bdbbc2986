"""Totals over several years against annual flows, promised and past."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.texts import FOLLOWS, PRINTED, both, in_unit_of, level, shown, side, subject, years

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


def peak_between(facts: Facts) -> Iterator[Finding]:
    """A past total whose unprinted years must on average lie above both printed ends, or below both."""
    for total in facts.find(measure="sum", world=OUTTURN, comparator="eq"):
        key = (total.indicator.id, total.region, total.definition)
        seen = {
            year: [s for s in facts.levels(key, year, OUTTURN) if s.comparator == "eq"]
            for year in range(total.first - 1, total.last + 1)
        }
        ends = (seen[total.first - 1], seen[total.last])
        inside = [found for year, found in seen.items() if found and year >= total.first]
        n_open = total.n_years - len(inside)
        if total.indicator.flow == "stock" or not all(ends) or n_open < 2:
            continue
        verdicts = []
        for known in product(*inside):
            rest = Interval(
                (total.figure.low - sum(s.figure.high for s in known)) / n_open,
                (total.figure.high - sum(s.figure.low for s in known)) / n_open,
            )
            printed = [*seen[total.first - 1], *known]
            above = rest.low > max(s.figure.high for s in printed)
            below = 0 <= rest.low and rest.high < min(s.figure.low for s in printed)
            verdicts.append((above, below, rest, known))
        if all(above or below for above, below, *_ in verdicts):
            above, _, rest, _ = verdicts[0]
            yield _between_finding(total, ends[0][0], ends[1][0], n_open, rest, above, facts)


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


def _between_finding(
    total: Statement, base: Statement, end: Statement, n_open: int, rest: Interval, above: bool, facts: Facts
) -> Finding:
    mean = level(rest.middle, total, facts)
    n_years = years(total.n_years, "en")
    since, to = in_unit_of(base, total, facts), in_unit_of(end, total, facts)
    grew = "增长" if end.figure.middle > base.figure.middle else "下降"
    far = max if above else min
    return Finding(
        "peak_between",
        "note",
        subject(total, facts),
        period(total),
        (total, base, end),
        both(
            f"{total.n_years} 年合计 {shown(total)}，未列的 {n_open} 年年均 {mean}，{'高' if above else '低'}于两端的 "
            f"{since}（{base.last} 年）和 {to}（{end.last} 年）：期间先{'升后降' if above else '降后升'}，并非逐年{grew}",
            f"{shown(total)} in {n_years} leaves {mean} on average for the {n_open} years that are not printed, "
            f"{'more' if above else 'less'} than {since} in {base.last} and {to} in {end.last}: it "
            f"{'rose and fell again' if above else 'fell and rose again'} in between",
        ),
        rest.middle - far(base.figure.middle, end.figure.middle),
        total.indicator.unit,
    )

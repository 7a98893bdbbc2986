"""Totals over several years against annual flows, promised and past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding, Side
from planmodel.audit.statements import INFINITY, OUTTURN, TARGET, Statement, disagreement
from planmodel.audit.texts import FOLLOWS, PRINTED, years
from planmodel.words import Phrase


def cumulative(facts: Facts) -> Iterator[Finding]:
    """A promised total against a promised yearly flow; a past total against the years it contains."""
    for total in facts.find(measure="sum", world=TARGET):
        flows = facts.find(key=total.key, measure="flow", world=TARGET, first=total.first, last=total.last)
        worst = disagreement(lambda a, b, n=total.n_years: (a, b.times(n)), product((total,), flows))
        if worst:
            yield _flow_finding(*worst, facts)
    for total in _past_totals(facts):
        inside = [levels for levels in _levels_by_year(total, facts) if levels]
        every = len(inside) == total.n_years
        compare = _every_year if every else _some_years
        worst = disagreement(compare, product((total,), *inside)) if inside else None
        if worst:
            yield _past_finding(*worst, every, facts)


def peak_between(facts: Facts) -> Iterator[Finding]:
    """A past total whose unprinted years must on average lie above both printed ends, or below both."""
    for total in _past_totals(facts, comparator="eq"):
        levels = [[s for s in versions if s.comparator == "eq"] for versions in _levels_by_year(total, facts)]
        bases = [s for s in facts.levels(total.key, total.first - 1, OUTTURN) if s.comparator == "eq"]
        inside = [versions for versions in levels if versions]
        n_open = total.n_years - len(inside)
        if not bases or not levels[-1] or n_open < 2:
            continue
        chances = [_open_years(total, known, [*bases, *known], n_open) for known in product(*inside)]
        if all(way for way, _ in chances):
            yield _between_finding(total, bases[0], levels[-1][0], n_open, *chances[0], facts)


def _past_totals(facts: Facts, **wanted) -> list[Statement]:
    totals = facts.find(measure="sum", world=OUTTURN, **wanted)
    return [total for total in totals if total.indicator.flow != "stock"]


def _levels_by_year(total: Statement, facts: Facts) -> list[tuple[Statement, ...]]:
    """The printed levels of each year that a total contains."""
    return [facts.levels(total.key, year, OUTTURN) for year in range(total.first, total.last + 1)]


def _sum(figures: Sequence[Interval]) -> Interval:
    return Interval(sum(figure.low for figure in figures), sum(figure.high for figure in figures))


def _every_year(total: Interval, *known: Interval) -> tuple[Interval, Interval]:
    return total, _sum(known)


def _some_years(total: Interval, *known: Interval) -> tuple[Interval, Interval]:
    return total, Interval(_sum(known).low, INFINITY)


def _open_years(
    total: Statement, known: tuple[Statement, ...], printed: list[Statement], n_open: int
) -> tuple[str, Interval]:
    """Return whether the mean of the years that are not printed lies above or below all that are, and the mean."""
    rest = (total.figure - _sum([s.figure for s in known])).times(1 / n_open)
    if rest.low > max(s.figure.high for s in printed):
        return "above", rest
    return "below" if 0 <= rest.low and rest.high < min(s.figure.low for s in printed) else "", rest


def _flow_finding(chosen: tuple[Statement, ...], severity: str, facts: Facts) -> Finding:
    total, flow = chosen
    n, made = total.n_years, total.level(flow.middle * total.n_years)
    return facts.finding(
        severity, chosen, Phrase("audit.cumulative.flow", flow=flow, made=made, total=total),
        gap=total.middle - flow.middle * n, unit=total.indicator.unit,
        reconcile=Phrase("audit.cumulative.flow_agrees", each=flow.level(total.middle / n), made=made),
        sides=(Side(PRINTED, total.figure), Side(FOLLOWS, flow.figure.times(n))), sides_unit=total.indicator.unit,
    )  # fmt: skip


def _past_finding(chosen: tuple[Statement, ...], severity: str, every: bool, facts: Facts) -> Finding:
    total, *known = chosen
    added = sum(s.middle for s in known)
    sum_, made = " + ".join(s.beside(total) for s in known), total.level(added)
    reconcile = Phrase("audit.cumulative.agrees" if every else "audit.cumulative.agrees_more", made=made)
    return facts.finding(
        severity, chosen, Phrase("audit.cumulative.past", sum=sum_, made=made, total=total),
        gap=total.middle - added, unit=total.indicator.unit, reconcile=reconcile,
    )  # fmt: skip


def _between_finding(
    total: Statement, base: Statement, end: Statement, n_open: int, way: str, rest: Interval, facts: Facts
) -> Finding:
    line = Phrase(
        f"audit.peak_between.{way}", total=total, years=years(total.n_years), n_open=n_open,
        mean=total.level(rest.middle), base=base.beside(total), base_year=base.last, end=end.beside(total),
        end_year=end.last, grew=end.middle > base.middle,
    )  # fmt: skip
    nearer = (max if way == "above" else min)(base.middle, end.middle)
    return facts.finding(
        "note", (total, base, end), line, gap=rest.middle - nearer, unit=total.indicator.unit
    )

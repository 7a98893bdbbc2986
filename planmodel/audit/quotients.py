"""Promised growth of a ratio and of its numerator: what the denominator must then do."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.structure import whole_of, years_of
from planmodel.audit.texts import both, name, percent, shown
from planmodel.growth import cagr
from planmodel.identities import Identity
from planmodel.intervals import Interval

INFINITY = float("inf")


def falling_denominator(facts: Facts) -> Iterator[Finding]:
    """A ratio promised to grow faster than its numerator: productivity faster than GDP, so employment falls."""
    for line in facts.plan.identities:
        ratio, top, bottom = line.terms[0], line.parts[0], line.parts[1]
        if not line.ratio:
            continue
        for rate in _growth(ratio, facts):
            tops = [s for s in _growth(top, facts) if _alike(s, rate)]
            if not tops or any((s.first, s.last) == (rate.first, rate.last) for s in _growth(bottom, facts)):
                continue
            if any(not judge(_not_falling, (rate, s)) for s in tops):
                continue
            yield _finding(line, rate, tops[0], facts)


def _growth(term, facts: Facts) -> tuple[Statement, ...]:
    region = term.region or facts.plan.region
    found = facts.find(indicator=term.indicator, region=region, definition="", measure="growth", world=TARGET)
    return tuple(s for s in found if s.first > facts.plan.base_year)


def _alike(one: Statement, two: Statement) -> bool:
    return (one.first, one.last, one.basis) == (two.first, two.last, two.basis)


def _left(ratio: Interval, top: Interval) -> Interval:
    """Return the growth of the denominator that growth of the ratio and of the numerator leave."""
    return Interval((1 + top.low) / (1 + ratio.high) - 1, (1 + top.high) / (1 + ratio.low) - 1)


def _not_falling(ratio: Interval, top: Interval) -> tuple[Interval, Interval]:
    return _left(ratio, top), Interval(0.0, INFINITY)


def _past(line: Identity, facts: Facts) -> tuple[int, int, float] | None:
    """Return first year, last year and growth of the denominator by the levels printed up to the base, over three years or more."""
    whole = whole_of(line, facts)
    known = {}
    for world, year in years_of(facts):
        found = [facts.values_of(term, year, OUTTURN) for term in line.terms[:2]]
        if world == OUTTURN and year <= facts.plan.base_year and all(found):
            known[year] = whole(found[0][0].point, found[1][0].point).middle
    first, last = min(known, default=0), max(known, default=0)
    return (first, last, cagr(known[first], known[last], last - first)) if last - first >= 3 else None


def _finding(line: Identity, rate: Statement, top: Statement, facts: Facts) -> Finding:
    left = _left(rate.point, top.point).middle
    zh, en = (facts.catalogue.indicators[line.parts[1].indicator].name(lang) for lang in ("zh", "en"))
    up_to = ("至少", " at least") if rate.comparator in ("ge", "gt") else ("", "")
    past = _past(line, facts)
    rose = past is not None and past[2] > 0
    fall, turn = percent(-left), ("上升", "rose") if rose else ("下降", "fell")
    tail_zh = tail_en = ""
    if past is not None:
        tail_zh = f"；按所列水平推算，{past[0] + 1}–{past[1]} 年年均{turn[0]} {percent(abs(past[2]))}"
        tail_en = (
            f"; by the printed levels it {turn[1]} {percent(abs(past[2]))} a year in {past[0] + 1}–{past[1]}"
        )
    return Finding(
        "falling_denominator",
        "tension" if rose else "note",
        str(line.parts[1]),
        period(rate),
        (rate, top),
        both(
            f"{name(rate, facts, 'zh')}年均增长 {shown(rate)}、{name(top, facts, 'zh')}年均增长 {shown(top)}，"
            f"意味着{zh}年均{up_to[0]}下降 {fall}{tail_zh}",
            f"{name(rate, facts, 'en')} growing {shown(rate)} a year beside {shown(top)} for {name(top, facts, 'en')} "
            f"makes {en} fall by{up_to[1]} {fall} a year{tail_en}",
        ),
        100 * left,
        "%/year",
        both(
            f"若{name(top, facts, 'zh')}年均增长不低于 {percent(rate.figure.middle)}，或{name(rate, facts, 'zh')}"
            f"不高于 {percent(top.figure.middle)}，则{zh}不减",
            f"{en} does not fall with {percent(rate.figure.middle)} or more for {name(top, facts, 'en')}, or with "
            f"{percent(top.figure.middle)} or less for {name(rate, facts, 'en')}",
        ),
    )

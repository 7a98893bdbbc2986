"""What printed figures leave for a term of an identity that is not printed: a denominator's growth, the rest of a sum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from planmodel.arithmetic.growth import cagr
from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.structure import factor_of, whole_of, years_of
from planmodel.audit.texts import both, in_unit_of, level, name, percent, shown
from planmodel.plans.identities import Identity

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


def empty_rest(facts: Facts) -> Iterator[Finding]:
    """Parts that make up all of their whole, so that nothing is left for the part that is not printed."""
    for line in facts.plan.identities:
        if line.ratio:
            continue
        for world, year in years_of(facts):
            whole, *parts = (facts.values_of(term, year, world) for term in line.terms)
            blank = [term for term, found in zip(line.parts, parts, strict=True) if not found]
            if len(blank) != 1 or not whole:
                continue
            units = [factor_of(term, facts) for term, found in zip(line.parts, parts, strict=True) if found]
            rest = _rest([unit / factor_of(line.left, facts) for unit in units])
            tried = {
                chosen: judge(_something_left(rest), chosen)
                for chosen in product(whole, *filter(None, parts))
                if rest(*(s.figure for s in chosen)).high <= 0
            }
            versions = math.prod(len(found) for found in (whole, *filter(None, parts)))
            if len(tried) == versions:
                mildest = min(tried.items(), key=lambda item: ("", "tension", "contradiction").index(item[1]))
                yield _rest_finding(blank[0], *mildest, rest, year, facts)


def _rest(factors: list[float]):
    def left(whole: Interval, *parts: Interval) -> Interval:
        ends = [part.times(factor) for part, factor in zip(parts, factors, strict=True)]
        return Interval(whole.low - sum(e.high for e in ends), whole.high - sum(e.low for e in ends))

    return left


def _something_left(rest):
    return lambda *figures: (rest(*figures), Interval(0.0, INFINITY))


def _rest_finding(blank, chosen, severity: str, rest, year: int, facts: Facts) -> Finding:
    whole, *parts = chosen
    zh, en = (facts.catalogue.indicators[blank.indicator].name(lang) for lang in ("zh", "en"))
    over = round(-rest(*(s.point for s in chosen)).middle, 9)
    added = level(whole.figure.middle + over, whole, facts)
    sum_ = " + ".join(in_unit_of(part, whole, facts) for part in parts)
    return Finding(
        "empty_rest",
        severity or "note",
        str(blank),
        str(year),
        chosen,
        both(
            f"{name(whole, facts, 'zh')} {shown(whole)}，已列的部分 {sum_} = {added}，没有给{zh}留下余地",
            f"{name(whole, facts, 'en')} {shown(whole)}: the parts that are printed, {sum_} = {added}, leave nothing for {en}",
        ),
        over if over > 0 else None,
        whole.indicator.unit if over > 0 else "",
        both(
            f"只有{name(whole, facts, 'zh')}超过 {added} 时才有余地",
            f"Only what {name(whole, facts, 'en')} has above {added} is left for it",
        ),
    )


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

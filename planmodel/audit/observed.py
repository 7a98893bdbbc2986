"""Measured figures by themselves: out of all bounds, far off the years beside them, out before their time, of two minds."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise, product
from typing import Any

from planmodel.arithmetic.periods import parse_period, publication_day
from planmodel.audit.facts import Facts
from planmodel.audit.results import Finding
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, digits
from planmodel.plans.model import grouped
from planmodel.words import Phrase

LEVELS = ("value", "sum", "flow")
POINTS = ("share", "rate")  # scales on which a change is counted in points


def outturn_bounds(facts: Facts) -> Iterator[Finding]:
    """A measured figure beyond what such a figure can well be (data/rules.yaml: by indicator, else by scale; growth of a year)."""
    bounds = facts.rules.get("outturn_bounds", {})
    for seen in facts.find(world=OUTTURN, own=False):
        growth = seen.measure == "growth" and seen.n_years == 1
        if not growth and seen.measure not in LEVELS:
            continue
        first, last = (bounds.get("growth") if growth else _of(bounds, seen)) or (None, None)
        scale = 100 if growth else 1
        low = -math.inf if first is None else first / scale
        high = math.inf if last is None else last / scale
        if seen.figure.high < low or seen.figure.low > high:
            off = seen.middle - (low if seen.figure.high < low else high)
            shown = [digits(scale * end) for end in (low, high) if math.isfinite(end)]
            key = "between" if len(shown) == 2 else "from" if math.isfinite(low) else "to"
            ends = {"ends": shown, "low": shown[0], "high": shown[-1]}
            line = Phrase(f"audit.outturn_bounds.{key}", figure=seen.amount, period=seen.period, **ends)
            check = Phrase("audit.outturn_bounds.check")
            yield Finding("tension", (seen,), line, lead="colon", gap=scale * off, reconcile=check)


def outturn_jump(facts: Facts) -> Iterator[Finding]:
    """A level so many times off those of the years beside it, that a slip is likelier than a change (data/rules.yaml).

    From one year to the next by the factor, over n years by its n^0.5th power; points of a share likewise. Of few things counted, and
    where a printed rate says the same, it is silent.
    """
    seen = facts.find(world=OUTTURN, measure="value", own=False)
    for series in grouped(seen, lambda one: one.key).values():
        by_year = grouped(series, lambda one: one.last)
        years = sorted(by_year)
        both = {(one, other): product(by_year[one], by_year[other]) for one, other in pairwise(years)}
        far = {pair: all(_is_far(facts, *two) for two in each) for pair, each in both.items()}
        own = {year: [off for pair, off in far.items() if year in pair] for year in years}
        for year in (year for year in years if own[year] and all(own[year])):
            others = sorted({other for pair in far if year in pair for other in pair} - {year})
            rivals = [other for other in others if all(own[other])]
            worst = all((len(own[year]), year) > (len(own[other]), other) for other in rivals)
            if worst and not _in_row(facts, by_year[year][0]):
                yield _jump(by_year[year][0], [by_year[other][0] for other in others])


def _in_row(facts: Facts, seen: Statement) -> bool:
    """True for the outturn of a density's target beside its base: the rule scale_slip looks at the row."""
    goals = facts.find(key=seen.key, world=TARGET, measure="value", last=seen.last)
    return seen.indicator.scale in ("density", "rate") and any(facts.bases(goal) for goal in goals)


def _is_far(facts: Facts, one: Statement, other: Statement) -> bool:
    most, n_years = _of(facts.rules.get("outturn_jump", {}), one), other.last - one.last
    if most is None or one.floor or other.floor:
        return False
    if one.indicator.scale in POINTS:
        return bool(abs(other.middle - one.middle) > most * n_years**0.5)
    if not (one.positive and other.positive):
        return False
    counted = one.indicator.price_basis == "none" and one.indicator.scale == "amount"
    if counted and max(one.middle, other.middle) < facts.rules.get("outturn_fewest", 0):
        return False
    if abs(math.log(other.middle / one.middle)) <= math.log(most) * n_years**0.5:
        return False
    rates = facts.find(key=one.key, world=OUTTURN, own=False, first=one.last + 1, last=other.last)
    said = [rate for rate in rates if rate.measure in (*RATES, "multiple")]
    return not any(rate.between(one.figure, other.figure).meets(rate.reading("lenient")) for rate in said)


def _jump(seen: Statement, others: Sequence[Statement]) -> Finding:
    share = seen.indicator.scale in POINTS
    nearest = min(others, key=lambda other: abs(other.last - seen.last))
    size = seen.middle - nearest.middle if share else seen.middle / nearest.middle
    beside = [Phrase("audit.outturn_jump.other", figure=other.amount, year=other.last) for other in others]
    line = Phrase("audit.outturn_jump.line", figure=seen.amount, year=seen.last, beside=beside)
    check, unit = Phrase("audit.outturn_jump.check"), "" if share else "times"
    return Finding("tension", (seen, *others), line, lead="colon", gap=size, unit=unit, reconcile=check)


def outturn_early(facts: Facts) -> Iterator[Finding]:
    """A figure of a year published more than some days before the year was over, or of one that has not begun."""
    days = facts.rules.get("outturn_early", math.inf)
    for seen in facts.plan.observations:
        period, day = parse_period(seen.period), publication_day(seen.published)
        if period is None or not seen.whole_years:
            continue
        future = date(period.first_year, 1, 1) > date.today()
        if not future and (day is None or (period.end - day).days <= days):
            continue
        when = {"first": seen.first_year, "last": seen.last_year}
        same = facts.find(indicator=seen.indicator, own=False, region=seen.region, **when)
        for statement in [s for s in same if seen.source in s.places][:1]:
            fields = {"figure": statement.amount, "period": seen.period, "day": seen.published}
            line = Phrase(f"audit.outturn_early.{'future' if future else 'line'}", **fields)
            yield Finding("tension", (statement,), line, lead="colon")


def one_vintage(facts: Facts) -> Iterator[Finding]:
    """Two published figures of one fact and one vintage that no rounding brings together: only one can be it."""
    relative, points = (facts.rules["vintage_gap"][key] for key in ("relative", "points"))
    published = [s for s in facts.find(world=OUTTURN, comparator="eq", own=False) if not s.own]
    by_fact = grouped(published, lambda s: (s.key, s.measure, s.first, s.last, s.basis, s.vintage))
    for same in by_fact.values():
        for one, other in combinations(same, 2):
            scale, share = 100 if one.measure in RATES else 1, one.indicator.scale == "share"
            room = points / scale if share or scale == 100 else relative * abs(one.middle)
            if abs(one.middle - other.middle) > room and not one.figure.meets(other.figure):
                figures, vintage = [one.amount, other.amount], Phrase(f"terms.vintages.{one.vintage}")
                fields = {"period": one.period, "figures": figures, "vintage": vintage}
                line, gap = Phrase("audit.one_vintage.line", **fields), scale * (other.middle - one.middle)
                yield Finding("tension", (one, other), line, lead="comma", gap=gap)
                break


def beyond_size(facts: Facts) -> Iterator[Finding]:
    """A figure larger than anything of its unit (data/rules.yaml, by dimension), or than a thousand times all known of it."""
    largest, times = facts.rules.get("largest", {}), facts.rules["scale_slip"]
    units, seen = facts.catalogue.units, set()
    for s in facts.find(own=False):
        unit = units.get(s.indicator.unit)
        if s.measure not in LEVELS or unit is None or (s.key, s.last) in seen:
            continue
        limit = largest.get(unit.dimension, largest.get("others"))
        if limit is not None and s.figure.low * unit.factor > limit:
            line = Phrase("audit.beyond_size.absolute", figure=s.amount, limit=digits(limit / unit.factor))
        elif (most := _most(facts, s)) and s.figure.low > times * s.n_years * most.middle:
            known = {"most": most.amount, "year": most.last, "factor": digits(s.middle / most.middle, 2)}
            line = Phrase("audit.beyond_size.relative", figure=s.amount, **known)
        else:
            continue
        seen.add((s.key, s.last))
        check = Phrase("audit.scale_slip.check")
        yield Finding("tension", (s,), line, lead="colon", reconcile=check)


def _most(facts: Facts, goal: Statement) -> Statement | None:
    """The largest figure known of a target's indicator that is no base of its: that is a matter of another rule."""
    if goal.world != TARGET:
        return None
    known = [s for s in facts.find(key=goal.key, world=OUTTURN, measure="value", own=False) if s.positive]
    if goal.measure == "value" and any(s.last == goal.promise.base_year for s in known):
        return None
    return max(known, key=lambda s: s.middle, default=None)


def _of(table: Mapping[str, Any], seen: Statement) -> Any:
    """What a table of rules says for a figure: by its indicator, else by its scale."""
    return table.get("indicators", {}).get(seen.indicator.id, table.get(seen.indicator.scale))

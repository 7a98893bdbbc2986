"""Shares, parts and wholes: levels against the plan's identities, and the wholes that several of them imply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

from planmodel.arithmetic.growth import cagr
from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Finding
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.texts import (
    FOLLOWS,
    PRINTED,
    both,
    in_unit_of,
    level,
    name,
    percent,
    shown,
    side,
    subject,
)
from planmodel.plans.identities import Identity, Term

INFINITY = float("inf")


def identity(facts: Facts) -> Iterator[Finding]:
    """Printed figures of one year against an identity of the plan: a share and its levels, a whole and its parts."""
    for line in facts.plan.identities:
        right = right_side(line, facts)
        for world, year in years_of(facts):
            sides = [facts.values_of(term, year, world) for term in line.terms]
            tried = {
                chosen: judge(against_left(right), chosen)
                for chosen in (product(*sides) if all(sides) else ())
            }
            worst = _agreed(tried)
            if worst:
                yield _identity_finding(line, worst[1], worst[0], year, facts)


def shared_whole(facts: Facts) -> Iterator[Finding]:
    """Two shares of one whole with their levels: GDP by services and GDP by finance."""
    ratios = [line for line in facts.plan.identities if line.ratio]
    for one, two in combinations(ratios, 2):
        if one.parts[1] != two.parts[1]:
            continue
        first, second = whole_of(one, facts), whole_of(two, facts)
        for world, year in years_of(facts):
            sides = [
                facts.values_of(t, year, world) for t in (one.left, one.parts[0], two.left, two.parts[0])
            ]
            tried = {
                chosen: judge(_side_by_side(first, second), chosen)
                for chosen in (product(*sides) if all(sides) else ())
            }
            worst = _agreed(tried)
            if worst and all(s.figure.middle > 0 for s in worst[0]):
                yield _shared_finding(worst[1], worst[0], (first, second), one.parts[1], (world, year), facts)


def part_exceeds(facts: Facts) -> Iterator[Finding]:
    """A part larger than its whole, by the catalogue's part_of. Parts may overlap: only identities add them up."""
    for world, year in years_of(facts):
        parts: dict[tuple, list[Statement]] = {}
        for part in facts.find(measure="value", world=world, last=year, definition=""):
            whole = part.indicator.part_of
            if whole and facts.catalogue.indicators[whole].unit == part.indicator.unit:
                parts.setdefault((whole, part.region, part.indicator.id), []).append(part)
        for (whole, region, _), versions in parts.items():
            totals = facts.levels((whole, region, ""), year, world)
            tried = {chosen: judge(_fits_in, chosen) for chosen in product(totals, versions)}
            worst = _agreed(tried)
            if worst:
                yield _excess_finding(worst[1], *worst[0], year, facts)


def implied_whole(facts: Facts) -> Iterator[Finding]:
    """A share target with a level target: what the whole must then do, beside what it did."""
    end, base = facts.plan.period[1], facts.plan.base_year
    for line in facts.plan.identities:
        if not line.ratio or facts.values_of(line.parts[1], end, TARGET):
            continue
        whole = whole_of(line, facts)
        pairs = {
            (world, year): [facts.values_of(t, year, world) for t in (line.left, line.parts[0])]
            for world, year in years_of(facts)
        }
        known = {
            year: whole(found[0][0].point, found[1][0].point).middle
            for (world, year), found in pairs.items()
            if world == OUTTURN and year <= base and all(found)
        }
        ahead = pairs.get((TARGET, end), [(), ()])
        if not all(ahead) or base not in known or base - min(known) < 3:
            continue
        share, part = ahead[0][0], ahead[1][0]
        first, goal = min(known), whole(share.point, part.point).middle
        rate, before = cagr(known[base], goal, end - base), cagr(known[first], known[base], base - first)
        if share.floor or part.floor or abs(rate - before) * 100 <= facts.rules["whole_off_past"]:
            continue
        own = cagr(pairs[OUTTURN, base][1][0].figure.middle, part.figure.middle, end - base)
        zh, en = (facts.catalogue.indicators[line.parts[1].indicator].name(lang) for lang in ("zh", "en"))
        amount = level(goal, part, facts)
        yield Finding(
            "implied_whole",
            "note",
            str(line.parts[1]),
            f"{base + 1}-{end}",
            (part, share),
            both(
                f"{name(part, facts, 'zh')} {shown(part)}、占比 {shown(share)}，意味着{zh}约 {amount}，年均 {percent(rate)}，"
                f"而分子年均 {percent(own)}；{first + 1}–{base} 年{zh}年均 {percent(before)}",
                f"{name(part, facts, 'en')} of {shown(part)} at {shown(share)} makes {en} about {amount}: {percent(rate)} a year, "
                f"beside {percent(own)} for the part; in {first + 1}–{base} it grew {percent(before)} a year",
            ),
            100 * (rate - before),
            "pp/year",
        )


def years_of(facts: Facts) -> list[tuple[str, int]]:
    """Return every world and year in which the plan prints a level."""
    return sorted({(s.world, s.last) for s in facts.statements if s.measure == "value" and s.own})


def factor_of(term: Term, facts: Facts) -> float:
    """Return the factor from an indicator's unit to the base unit of its dimension; percent and per mille to fractions."""
    unit = facts.catalogue.units[facts.catalogue.indicators[term.indicator].unit]
    return unit.factor * (0.01 if unit.dimension == "percent" else 1.0)


def right_side(line: Identity, facts: Facts) -> Callable[..., Interval]:
    """Return the function from the parts' intervals to the left side's, each in its own unit."""
    left, *parts = (factor_of(term, facts) for term in line.terms)
    if line.ratio:
        return lambda top, bottom: (top / bottom).times(parts[0] / parts[1] / left)

    def total(*intervals: Interval) -> Interval:
        ends = [interval.times(factor / left) for interval, factor in zip(intervals, parts, strict=True)]
        return Interval(sum(e.low for e in ends), sum(e.high for e in ends))

    return total


def whole_of(line: Identity, facts: Facts) -> Callable[[Interval, Interval], Interval]:
    """Return the function from a share and its part to the whole, for an identity that is a ratio."""
    left, part, whole = (factor_of(term, facts) for term in line.terms)
    return lambda share, top: (top / share).times(part / left / whole)


def against_left(right: Callable[..., Interval]) -> Callable[..., tuple[Interval, Interval]]:
    """Return the comparison of an identity's left side with what its right side gives."""
    return lambda left, *parts: (right(*parts), left)


def _side_by_side(first: Callable, second: Callable) -> Callable[..., tuple[Interval, Interval]]:
    return lambda share, part, share2, part2: (first(share, part), second(share2, part2))


def _agreed(tried: dict[tuple, str]) -> tuple[tuple, str] | None:
    """Return the plainest combination of versions and the mildest severity, None where one agrees or there is none."""
    if not tried or "" in tried.values():
        return None
    mildest = min(tried.values(), key=lambda severity: severity == "contradiction")
    chosen = min(tried, key=lambda statements: sum(s.comparator != "eq" for s in statements))
    return chosen, mildest


def _fits_in(total: Interval, part: Interval) -> tuple[Interval, Interval]:
    return Interval(part.low, INFINITY), Interval(-INFINITY, total.high)


def _identity_finding(line: Identity, severity: str, chosen, year: int, facts: Facts) -> Finding:
    left, *parts = chosen
    value = right_side(line, facts)(*(part.point for part in parts)).middle
    amount = level(value, left, facts)
    sign = " / " if line.ratio else " + "
    sum_ = sign.join(in_unit_of(part, parts[0] if line.ratio else left, facts) for part in parts)
    gap = value - left.figure.middle
    fits = [f"{name(left, facts, 'zh')} {amount}"], [f"{name(left, facts, 'en')} {amount}"]
    if not line.ratio:
        for i, part in enumerate(parts):
            other = part.figure.middle - gap
            text = level(other, part, facts)
            fits[0].append(f"{name(part, facts, 'zh')} {text}")
            fits[1].append(f"{name(part, facts, 'en')} {text}")
    return Finding(
        "identity",
        severity,
        subject(left, facts),
        str(year),
        tuple(chosen),
        both(f"{sum_} = {amount}，文中为 {shown(left)}", f"{sum_} = {amount}, {shown(left)} is printed"),
        gap,
        "pp" if left.indicator.scale == "share" else left.indicator.unit,
        both(
            "若" + " 或 ".join(fits[0]) + "，则一致" + _overshot(severity)[0],
            "Agrees with " + " or ".join(fits[1]) + _overshot(severity)[1],
        ),
        (
            side(PRINTED, left.figure),
            side(FOLLOWS, right_side(line, facts)(*(part.figure for part in parts))),
        ),
        left.indicator.unit,
    )


def _overshot(severity: str) -> tuple[str, str]:
    """What a tension adds: another version of a figure is a floor, which may be passed."""
    if severity == "contradiction":
        return "", ""
    return "；或以“以上”表述的数字大幅超出时相容", "; or where a figure printed as a floor is passed by far"


def _shared_finding(severity: str, chosen, wholes, whole: Term, when, facts: Facts) -> Finding:
    share, part, share2, part2 = chosen
    one, two = (
        f(a.point, b.point).middle for f, (a, b) in zip(wholes, ((share, part), (share2, part2)), strict=True)
    )
    zh, en = (facts.catalogue.indicators[whole.indicator].name(lang) for lang in ("zh", "en"))
    first, second = level(one, part, facts), level(two, part2, facts)
    fitting = level(part2.figure.middle * one / two, part2, facts)
    rate = level(share2.figure.middle * two / one, share2, facts)
    return Finding(
        "shared_whole",
        severity,
        subject(part2, facts),
        str(when[1]),
        (part2, share2, part, share),
        both(
            f"{name(part, facts, 'zh')} {shown(part)} 占 {shown(share)}，则{zh}为 {first}；"
            f"{name(part2, facts, 'zh')} {shown(part2)} 占 {shown(share2)}，则为 {second}",
            f"{name(part, facts, 'en')} of {shown(part)} at {shown(share)} makes {en} {first}; "
            f"{name(part2, facts, 'en')} of {shown(part2)} at {shown(share2)} makes it {second}",
        ),
        100 * (two / one - 1),
        "%",
        both(
            f"若{name(part2, facts, 'zh')}为 {fitting}，或其占比为 {rate}，则一致{_overshot(severity)[0]}",
            f"Agrees with {name(part2, facts, 'en')} of {fitting}, or with a share of {rate}{_overshot(severity)[1]}",
        ),
        tuple(
            side(
                both(f"{zh}，按{b.indicator.name_zh}", f"{en} by {b.indicator.name_en}"),
                f(a.figure, b.figure),
                value=f(a.point, b.point).middle,
            )
            for f, (a, b) in zip(wholes, ((share, part), (share2, part2)), strict=True)
        ),
        facts.catalogue.indicators[whole.indicator].unit,
    )


def _excess_finding(severity: str, total: Statement, part: Statement, year: int, facts: Facts) -> Finding:
    amount = in_unit_of(part, total, facts)
    return Finding(
        "part_exceeds",
        severity,
        subject(part, facts),
        str(year),
        (part, total),
        both(
            f"{name(part, facts, 'zh')} {amount} 大于其所属的{name(total, facts, 'zh')} {shown(total)}",
            f"{name(part, facts, 'en')} of {amount} is more than {name(total, facts, 'en')} of {shown(total)}, of which it is a part",
        ),
        part.figure.middle - total.figure.middle,
        total.indicator.unit,
    )

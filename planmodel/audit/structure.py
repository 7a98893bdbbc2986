"""Shares, parts and wholes: levels against the plan's identities, and what they leave for a term that is not printed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations, product

from planmodel.arithmetic.growth import cagr
from planmodel.arithmetic.intervals import Interval
from planmodel.audit.equations import Equation
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding, Side
from planmodel.audit.statements import INFINITY, OUTTURN, TARGET, Statement, disagreement, judge
from planmodel.audit.texts import FOLLOWS, PRINTED
from planmodel.plans.identities import Term
from planmodel.words import Joined, Phrase, Text

NOT_NEGATIVE = Interval(0.0, INFINITY)
MILDER = ("", "tension", "contradiction")


def identity(facts: Facts) -> Iterator[Finding]:
    """Printed figures of one year against an identity of the plan: a share and its levels, a whole and its parts."""
    for equation in facts.equations:
        for world, year in facts.printed_years:
            versions = product(*facts.versions(equation.terms, year, world))
            worst = disagreement(equation.against_left, versions)
            if worst:
                yield _identity_finding(equation, *worst, facts)


def shared_whole(facts: Facts) -> Iterator[Finding]:
    """Two shares of one whole with their levels: GDP by services and GDP by finance."""
    ratios = [equation for equation in facts.equations if equation.ratio]
    for one, two in combinations(ratios, 2):
        if one.terms[2] != two.terms[2]:
            continue
        for world, year in facts.printed_years:
            versions = product(*facts.versions((*one.terms[:2], *two.terms[:2]), year, world))
            worst = disagreement(partial(_two_wholes, one, two), versions)
            if worst and all(statement.middle > 0 for statement in worst[0]):
                yield _shared_finding(one, two, *worst, facts)


def _two_wholes(
    one: Equation, two: Equation, share: Interval, part: Interval, share2: Interval, part2: Interval
) -> tuple[Interval, Interval]:
    return one.whole(share, part), two.whole(share2, part2)


def part_exceeds(facts: Facts) -> Iterator[Finding]:
    """A part larger than its whole, by the catalogue's part_of. Parts may overlap: only identities add them up."""
    indicators = facts.catalogue.indicators
    for world, year in facts.printed_years:
        parts: dict[tuple, list[Statement]] = {}
        for part in facts.find(measure="value", world=world, last=year, definition=""):
            whole = part.indicator.part_of
            if whole and indicators[whole].unit == part.indicator.unit:
                parts.setdefault((whole, part.region, part.indicator.id), []).append(part)
        for (whole, region, _), versions in parts.items():
            worst = disagreement(at_most, product(versions, facts.levels((whole, region, ""), year, world)))
            if worst:
                part, total = worst[0]
                line = Phrase("audit.part_exceeds.line", part=part, amount=part.beside(total), whole=total)
                yield facts.finding(
                    worst[1], (part, total), line, gap=part.middle - total.middle, unit=total.indicator.unit
                )


def at_most(part: Interval, whole: Interval) -> tuple[Interval, Interval]:
    """Return what must meet where a part may not exceed its whole."""
    return Interval(part.low, INFINITY), Interval(-INFINITY, whole.high)


def implied_whole(facts: Facts) -> Iterator[Finding]:
    """A share target with a level target: what the whole must then do, beside what it did."""
    end, base = facts.plan.period[1], facts.plan.base_year
    for equation in facts.equations:
        if not equation.ratio or all(facts.versions(equation.terms[2:], end, TARGET)):
            continue
        wholes, ahead = _wholes(equation, facts), facts.versions(equation.terms[:2], end, TARGET)
        first = min(wholes, default=base)
        if not all(ahead) or base not in wholes or base - first < 3:
            continue
        share, part = (versions[0] for versions in ahead)
        goal = equation.whole(share.point, part.point).middle
        rate, before = cagr(wholes[base], goal, end - base), cagr(wholes[first], wholes[base], base - first)
        if share.floor or part.floor or abs(rate - before) * 100 <= facts.rules["whole_off_past"]:
            continue
        now = facts.levels(part.key, base, OUTTURN)[0]
        line = Phrase(
            "audit.implied_whole.line", part=part, share=share, whole=equation.indicators[2], amount=part.level(goal),
            rate=rate, own=cagr(now.middle, part.middle, end - base), first=first + 1, last=base, before=before,
        )  # fmt: skip
        yield facts.finding(
            "note", (part, share), line, subject=str(equation.terms[2]), period=f"{base + 1}-{end}",
            gap=100 * (rate - before), unit="pp/year",
        )  # fmt: skip


def falling_denominator(facts: Facts) -> Iterator[Finding]:
    """A ratio promised to grow faster than its numerator: productivity faster than GDP, so employment falls."""
    for equation in facts.equations:
        if not equation.ratio:
            continue
        ratios, tops, bottoms = (_promised_growth(term, facts) for term in equation.terms)
        for rate in ratios:
            beside = [s for s in tops if (s.period, s.basis) == (rate.period, rate.basis)]
            printed = any(s.period == rate.period for s in bottoms)
            if beside and not printed and all(judge(_not_falling, (rate, s)) for s in beside):
                yield _falling_finding(equation, rate, beside[0], facts)


def empty_rest(facts: Facts) -> Iterator[Finding]:
    """Parts that make up all of their whole, so that nothing is left for the part that is not printed."""
    for equation in facts.equations:
        for world, year in facts.printed_years:
            terms = facts.versions(equation.terms, year, world)
            blank = [at for at, versions in enumerate(terms) if not versions]
            if equation.ratio or len(blank) != 1 or blank == [0]:
                continue
            rest, not_negative = (
                partial(_rest, equation, blank[0]),
                partial(_not_negative, equation, blank[0]),
            )
            severities = {chosen: judge(not_negative, chosen) for chosen in product(*filter(None, terms))}
            if all(rest(*(s.figure for s in chosen)).high <= 0 for chosen in severities):
                mildest = min(severities, key=lambda chosen: MILDER.index(severities[chosen]))
                over = round(-rest(*(s.point for s in mildest)).middle, 9)
                yield _rest_finding(equation, blank[0], mildest, severities[mildest], over, facts)


def _rest(equation: Equation, at: int, *printed: Interval) -> Interval:
    """Return what the printed terms leave for the one at a place."""
    return equation.rest([*printed[:at], None, *printed[at:]])


def _not_negative(equation: Equation, at: int, *printed: Interval) -> tuple[Interval, Interval]:
    return _rest(equation, at, *printed), NOT_NEGATIVE


def _wholes(equation: Equation, facts: Facts) -> dict[int, float]:
    """Return the wholes that printed shares and parts give, by year up to the base year."""
    wholes = {}
    for world, year in facts.printed_years:
        share, part = facts.versions(equation.terms[:2], year, world)
        if world == OUTTURN and year <= facts.plan.base_year and share and part:
            wholes[year] = equation.whole(share[0].point, part[0].point).middle
    return wholes


def _overshot(severity: str) -> Phrase | str:
    """What a tension adds: another version of a figure is a floor, which may be passed."""
    return "" if severity == "contradiction" else Phrase("audit.overshot")


def _identity_finding(
    equation: Equation, chosen: tuple[Statement, ...], severity: str, facts: Facts
) -> Finding:
    left, *parts = chosen
    value = equation.right(*(part.point for part in parts)).middle
    gap, like = value - left.middle, parts[0] if equation.ratio else left
    sum_ = (" / " if equation.ratio else " + ").join(part.beside(like) for part in parts)
    fits = [(left, value)] + [(part, part.middle - gap) for part in parts if not equation.ratio]
    figures = [Phrase("audit.name_figure", name=s.name, figure=s.level(figure)) for s, figure in fits]
    follows = equation.right(*(part.figure for part in parts))
    return facts.finding(
        severity, chosen, Phrase("audit.identity.line", sum=sum_, value=left.level(value), printed=left), gap=gap,
        reconcile=Phrase("audit.identity.agrees", figures=figures, overshot=_overshot(severity)),
        sides=(Side(PRINTED, left.figure), Side(FOLLOWS, follows)), sides_unit=left.indicator.unit,
    )  # fmt: skip


def _shared_finding(
    one: Equation, two: Equation, chosen: tuple[Statement, ...], severity: str, facts: Facts
) -> Finding:
    share, part, share2, part2 = chosen
    whole = one.indicators[2]
    halves = ((one, share, part), (two, share2, part2))
    first, second = (equation.whole(s.point, p.point).middle for equation, s, p in halves)
    line = Phrase(
        "audit.shared_whole.line", part=part, share=share, part2=part2, share2=share2, whole=whole,
        first=part.level(first), second=part2.level(second),
    )  # fmt: skip
    fits = {
        "level": part2.level(part2.middle * first / second),
        "share": share2.level(share2.middle * second / first),
    }
    sides = [
        Side(
            Phrase("audit.shared_whole.side", whole=whole, part=p.indicator),
            by.whole(s.figure, p.figure),
            value,
        )
        for (by, s, p), value in zip(halves, (first, second), strict=True)
    ]
    return facts.finding(
        severity, (part2, share2, part, share), line, gap=100 * (second / first - 1), unit="%", sides=sides,
        sides_unit=whole.unit,
        reconcile=Phrase("audit.shared_whole.agrees", part=part2, overshot=_overshot(severity), **fits),
    )  # fmt: skip


def _promised_growth(term: Term, facts: Facts) -> list[Statement]:
    rates = facts.find(key=facts.key_of(term), measure="growth", world=TARGET)
    return [rate for rate in rates if rate.first > facts.plan.base_year]


def _left(ratio: Interval, top: Interval) -> Interval:
    """Return the growth of the denominator that growth of the ratio and of the numerator leave."""
    return Interval((1 + top.low) / (1 + ratio.high) - 1, (1 + top.high) / (1 + ratio.low) - 1)


def _not_falling(ratio: Interval, top: Interval) -> tuple[Interval, Interval]:
    return _left(ratio, top), NOT_NEGATIVE


def _falling_finding(equation: Equation, rate: Statement, top: Statement, facts: Facts) -> Finding:
    left, wholes = _left(rate.point, top.point).middle, _wholes(equation, facts)
    first, last = min(wholes, default=0), max(wholes, default=0)
    past = cagr(wholes[first], wholes[last], last - first) if last - first >= 3 else None
    rose = past is not None and past > 0
    names = {"ratio": rate, "top": top, "bottom": equation.indicators[2]}
    key = "at_least" if rate.comparator in ("ge", "gt") else "by"
    line: Text = Phrase(f"audit.falling_denominator.{key}", fall=-left, **names)
    if past is not None:
        key = f"audit.falling_denominator.{'rose' if rose else 'fell'}"
        line = Joined([line, Phrase(key, growth=abs(past), first=first + 1, last=last)], "clauses")
    return facts.finding(
        "tension" if rose else "note", (rate, top), line, subject=str(equation.terms[2]), gap=100 * left,
        unit="%/year", reconcile=Phrase("audit.falling_denominator.agrees", **names),
    )  # fmt: skip


def _rest_finding(
    equation: Equation, at: int, chosen: tuple[Statement, ...], severity: str, over: float, facts: Facts
) -> Finding:
    whole, *parts = chosen
    sum_, added = " + ".join(part.beside(whole) for part in parts), whole.level(whole.middle + over)
    return facts.finding(
        severity or "note",
        chosen,
        Phrase("audit.empty_rest.line", total=whole, sum=sum_, added=added, rest=equation.indicators[at]),
        lead="blank",
        subject=str(equation.terms[at]),
        gap=over if over > 0 else None,
        unit=whole.indicator.unit,
        reconcile=Phrase("audit.empty_rest.agrees", whole=whole, added=added),
    )

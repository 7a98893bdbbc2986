"""What adds up: shares, parts and wholes by the plan's identities, and totals over years against the flows they contain."""

import math
from collections.abc import Iterator, Mapping
from itertools import combinations, product

from planmodel.arithmetic.growth import Interval, cagr, total
from planmodel.audit.facts import Facts, Key
from planmodel.audit.results import FOLLOWS, PRINTED, Finding, Side
from planmodel.audit.statements import (
    INFINITY,
    NOT_NEGATIVE,
    OUTTURN,
    TARGET,
    Statement,
    disagreement,
    judge,
    years,
)
from planmodel.plans.catalogue import Indicator
from planmodel.plans.derived import Equation
from planmodel.plans.model import UP, grouped
from planmodel.words import Joined, Phrase, Text

WHOLE = Interval(100.0, 100.0)
MILDER = ("", "tension", "contradiction")


def identity(facts: Facts) -> Iterator[Finding]:
    """Printed figures of one year against an identity, of the plan or of all: a share and its levels, a whole and its parts."""
    for equation, (world, year) in product((*facts.equations, *facts.standing), facts.printed_years):
        worst = disagreement(equation.sides, product(*facts.versions(equation.keys, year, world)))
        if worst is None:
            continue
        (left, *parts), severity = worst
        value = equation.solve(0, *(part.point for part in parts)).middle
        gap, like = value - left.middle, parts[0] if equation.ratio else left
        sum_ = (" / " if equation.ratio else " + ").join(part.beside(like) for part in parts)
        fits = [(left, value)] + [(part, part.middle - gap) for part in parts if not equation.ratio]
        figures = [Phrase("audit.name_figure", name=s.name, figure=s.level(figure)) for s, figure in fits]
        follows = equation.solve(0, *(part.figure for part in parts))
        yield Finding(
            severity, worst[0], Phrase("audit.identity.line", sum=sum_, value=left.level(value), printed=left), gap=gap,
            reconcile=Phrase("audit.identity.agrees", figures=figures, overshot=_overshot(severity)),
            sides=(Side(PRINTED, left.figure), Side(FOLLOWS, follows)), sides_unit=left.indicator.unit,
        )  # fmt: skip


def sectors(facts: Facts) -> Iterator[Finding]:
    """Shares that divide one whole among them (data/rules.yaml, divided) and do not make 100 %."""
    for names, (world, year) in product(facts.catalogue.rules.get("divided") or (), facts.printed_years):
        keys = [(name, facts.plan.region, "") for name in names]
        worst = disagreement(
            lambda *parts: (total(parts), WHOLE), product(*facts.versions(keys, year, world))
        )
        if worst:
            parts, severity = worst
            added, sum_ = sum(s.middle for s in parts), " + ".join(str(s) for s in parts)
            line = Phrase(
                "audit.sectors.line", names=[s.name for s in parts], sum=sum_, added=parts[0].level(added)
            )
            yield Finding(severity, parts, line, gap=added - 100, unit="pp")


def shared_whole(facts: Facts) -> Iterator[Finding]:
    """Two shares of one whole with their levels: GDP by services and GDP by finance."""
    pairs = [pair for pair in combinations(facts.ratios, 2) if pair[0].terms[2] == pair[1].terms[2]]
    for (one, two), (world, year) in product(pairs, facts.printed_years):

        def wholes_of(s: Interval, p: Interval, s2: Interval, p2: Interval, one=one, two=two):
            return one.whole(s, p), two.whole(s2, p2)

        worst = disagreement(wholes_of, product(*facts.versions((*one.keys[:2], *two.keys[:2]), year, world)))
        if worst is None or any(statement.middle <= 0 for statement in worst[0]):
            continue
        (share, part, share2, part2), severity = worst
        whole, halves = one.indicators[2], ((one, share, part), (two, share2, part2))
        first, second = (by.whole(s.point, p.point).middle for by, s, p in halves)
        level, rate = part2.level(part2.middle * first / second), share2.level(share2.middle * second / first)
        fits = {"level": level, "share": rate}
        labels = (Phrase("audit.shared_whole.side", whole=whole, part=p.indicator) for _, _, p in halves)
        wholes = (by.whole(s.figure, p.figure) for by, s, p in halves)
        yield Finding(
            severity, (part2, share2, part, share),
            Phrase(
                "audit.shared_whole.line", part=part, share=share, part2=part2, share2=share2, whole=whole,
                first=part.level(first), second=part2.level(second),
            ),
            gap=100 * (second / first - 1), unit="%", sides=tuple(map(Side, labels, wholes, (first, second))),
            reconcile=Phrase("audit.shared_whole.agrees", part=part2, overshot=_overshot(severity), **fits),
            sides_unit=whole.unit,
        )  # fmt: skip


def part_exceeds(facts: Facts) -> Iterator[Finding]:
    """A part larger than its whole, by the catalogue's part_of. Parts may overlap: only identities add them up."""
    indicators = facts.catalogue.indicators
    for world, year in facts.printed_years:
        printed = facts.find(measure="value", world=world, last=year, definition="")
        parts = (s for s in printed if s.indicator.part_of)
        parts = (s for s in parts if indicators[s.indicator.part_of].unit == s.indicator.unit)
        by_whole = grouped(parts, lambda part: (part.indicator.part_of, part.region, part.indicator.id))
        for (whole, region, _), versions in by_whole.items():
            worst = disagreement(at_most, product(versions, facts.levels((whole, region, ""), year, world)))
            if worst:
                (part, all_), severity = worst
                line = Phrase("audit.part_exceeds.line", part=part, amount=part.beside(all_), whole=all_)
                gap, unit = part.middle - all_.middle, all_.indicator.unit
                yield Finding(severity, (part, all_), line, gap=gap, unit=unit)


def at_most(part: Interval, whole: Interval) -> tuple[Interval, Interval]:
    """Return what must meet where a part may not exceed its whole."""
    return Interval(part.low, INFINITY), Interval(-INFINITY, whole.high)


def implied_whole(facts: Facts) -> Iterator[Finding]:
    """A share target with a level target: what the whole must then do, beside what it did."""
    end, base = facts.plan.period[1], facts.plan.base_year
    for equation in facts.ratios:
        *ahead, printed = facts.versions(equation.keys, end, TARGET)
        wholes = _wholes(equation, facts)
        first = min(wholes, default=base)
        if printed or not all(ahead) or base not in wholes or base - first < 3:
            continue
        share, part = (versions[0] for versions in ahead)
        if not (share.positive and part.positive):
            continue
        goal = equation.whole(share.point, part.point).middle
        rate, before = cagr(wholes[base], goal, end - base), cagr(wholes[first], wholes[base], base - first)
        if share.floor or part.floor or abs(rate - before) * 100 <= facts.rules["whole_off_past"]:
            continue
        own = cagr(facts.levels(part.key, base, OUTTURN)[0].middle, part.middle, end - base)
        line = Phrase(
            "audit.implied_whole.line", part=part, share=share, whole=equation.indicators[2], amount=part.level(goal),
            rate=rate, own=own, first=first + 1, last=base, before=before,
        )  # fmt: skip
        yield Finding(
            "note", (part, share), line, gap=100 * (rate - before), unit="pp/year", subject=str(equation.terms[2]),
            period=f"{base + 1}-{end}",
        )  # fmt: skip


def crowded_whole(facts: Facts) -> Iterator[Finding]:
    """Promised parts of a whole that fill nearly all of it, or more, while others are not named.

    Levels count as levels, shares of a common whole by it: 11 % of a GDP that services of 1500 at 50 % make 3000. Parts are those of the catalogue's part_of.
    """
    most, indicators = facts.rules.get("crowded", math.inf), facts.catalogue.indicators
    end, region = facts.plan.period[1], facts.plan.region
    shares = {equation.keys[1][0]: equation for equation in facts.ratios}
    subjects = {equation.keys[0][0]: equation.keys[1][0] for equation in facts.ratios}
    summed = {equation.keys[0][0] for equation in facts.equations if not equation.ratio}
    promised = facts.find(world=TARGET, measure="value", last=end, region=region, definition="")
    inside = grouped(promised, lambda part: part.indicator.part_of)
    for whole in (indicators[name] for name in inside if name):
        goals = facts.levels((whole.id, region, ""), end, TARGET)
        parts: dict[str, tuple[Statement, float]] = {}
        for part in inside[whole.id] if goals else ():
            level = _level_in(part, whole, goals[0], facts, shares)
            if level is not None:
                parts.setdefault(subjects.get(part.indicator.id, part.indicator.id), (part, level))
        if len(parts) < 3 or whole.id in summed:  # its identity is a matter of other rules
            continue
        goal, total_ = goals[0], sum(level for _, level in parts.values())
        share = total_ / goal.middle
        if share < most:
            continue
        named = [Phrase("audit.crowded_whole.part", name=s.name, figure=s) for s, _ in parts.values()]
        line = Phrase("audit.crowded_whole.line", parts=named, share=share, whole=goal)
        severity = "tension" if share > 1 else "note"
        yield Finding(
            severity, (goal, *(s for s, _ in parts.values())), line, lead="colon", gap=100 * share, unit="%",
            reconcile=Phrase("audit.crowded_whole.agrees"),
        )  # fmt: skip


def _level_in(
    part: Statement, whole: Indicator, goal: Statement, facts: Facts, shares: Mapping[str, Equation]
) -> float | None:
    """A promised part in the unit of its whole: its level, or its share of what the whole itself has a promised share of."""
    if part.indicator.unit == whole.unit:
        return part.middle
    equation = shares.get(whole.id)
    own = facts.versions(equation.keys[:1], goal.last, TARGET)[0] if equation is not None else ()
    if not own or not own[0].positive or part.indicator.scale != "share" or not goal.positive:
        return None
    return goal.middle * part.middle / own[0].middle


def falling_denominator(facts: Facts) -> Iterator[Finding]:
    """A ratio promised to grow faster than its numerator: productivity faster than GDP, so employment falls.

    Of another price basis it is a note: prices may make up for it.
    """

    def promised(key: Key) -> list[Statement]:
        rates = facts.find(key=key, measure="growth", world=TARGET)
        return [rate for rate in rates if rate.first > facts.plan.base_year]

    def left(ratio: Interval, top: Interval) -> Interval:
        """Of the growth of the numerator, for the denominator."""
        return Interval((1 + top.low) / (1 + ratio.high) - 1, (1 + top.high) / (1 + ratio.low) - 1)

    for equation in facts.ratios:
        ratios, tops, bottoms = map(promised, equation.keys)
        for rate in ratios:
            beside = [s for s in tops if s.period == rate.period]
            falls = [judge(lambda *both: (left(*both), NOT_NEGATIVE), (rate, s)) for s in beside]
            if not falls or not all(falls) or any(s.period == rate.period for s in bottoms):
                continue
            top, wholes = beside[0], _wholes(equation, facts)
            fall = left(rate.point, top.point).middle
            first, last = min(wholes, default=0), max(wholes, default=0)
            past = cagr(wholes[first], wholes[last], last - first) if last - first >= 3 else None
            rose = past is not None and past > 0
            tiny = abs(fall) * 100 < facts.rules.get("tiny_fall", 0.0)
            names = {"ratio": rate, "top": top, "bottom": equation.indicators[2]}
            key = "at_least" if rate.comparator in UP else "by"
            line: Text = Phrase(f"audit.falling_denominator.{key}", fall=-fall, **names)
            if past is not None:
                key = f"audit.falling_denominator.{'rose' if rose else 'fell'}"
                line = Joined([line, Phrase(key, growth=abs(past), first=first + 1, last=last)], "clauses")
            yield Finding(
                "tension" if rose and rate.basis == top.basis and not tiny else "note", (rate, top), line, subject=str(equation.terms[2]), gap=100 * fall,
                unit="%/year", reconcile=Phrase("audit.falling_denominator.agrees", **names),
            )  # fmt: skip


def empty_rest(facts: Facts) -> Iterator[Finding]:
    """Parts that make up all of their whole, so that nothing is left for the part that is not printed."""
    for equation, (world, year) in product(facts.equations, facts.printed_years):
        terms = facts.versions(equation.keys, year, world)
        at, *more = [at for at, versions in enumerate(terms) if not versions] or [0]
        if equation.ratio or more or at == 0:
            continue

        def rest(*printed: Interval, equation: Equation = equation, at: int = at) -> Interval:
            return equation.solve(at, *printed).times(equation.factors[at] / equation.factors[0])

        severities = {
            chosen: judge(lambda *of, rest=rest: (rest(*of), NOT_NEGATIVE), chosen)
            for chosen in product(*filter(None, terms))
        }
        if any(rest(*(s.figure for s in chosen)).high > 0 for chosen in severities):
            continue
        whole, *parts = mildest = min(severities, key=lambda chosen: MILDER.index(severities[chosen]))
        over = round(-rest(*(s.point for s in mildest)).middle, 9)
        sum_, added = " + ".join(part.beside(whole) for part in parts), whole.level(whole.middle + over)
        fields = {"total": whole, "sum": sum_, "added": added, "rest": equation.indicators[at]}
        line = Phrase("audit.empty_rest.line", **fields)
        yield Finding(
            severities[mildest] or "note", mildest, line, lead="blank", subject=str(equation.terms[at]),
            gap=over if over > 0 else None, unit=whole.indicator.unit,
            reconcile=Phrase("audit.empty_rest.agrees", whole=whole, added=added),
        )  # fmt: skip


def cumulative(facts: Facts) -> Iterator[Finding]:
    """A promised total against a promised yearly flow; a past total against the years it contains."""
    for goal in facts.find(measure="sum", world=TARGET):
        n = goal.n_years
        flows = facts.find(key=goal.key, measure="flow", world=TARGET, first=goal.first, last=goal.last)
        worst = disagreement(lambda a, b, n=n: (a, b.times(n)), product((goal,), flows))
        if worst:
            (_, flow), severity = worst
            made, each = goal.level(flow.middle * n), flow.level(goal.middle / n)
            yield Finding(
                severity, worst[0], Phrase("audit.cumulative.flow", flow=flow, made=made, total=goal),
                gap=goal.middle - flow.middle * n, unit=goal.indicator.unit,
                reconcile=Phrase("audit.cumulative.flow_agrees", each=each, made=made),
                sides=(Side(PRINTED, goal.figure), Side(FOLLOWS, flow.figure.times(n))), sides_unit=goal.indicator.unit,
            )  # fmt: skip
    for all_, by_year in _past_totals(facts):
        inside = [levels for levels in by_year if levels]
        every = len(inside) == all_.n_years

        def compare(whole: Interval, *known: Interval, every: bool = every) -> tuple[Interval, Interval]:
            added = total(known)
            return whole, added if every else Interval(added.low, INFINITY)

        worst = disagreement(compare, product((all_,), *inside)) if inside else None
        if worst:
            (_, *known), severity = worst
            added = sum(s.middle for s in known)
            sum_, made = " + ".join(s.beside(all_) for s in known), all_.level(added)
            yield Finding(
                severity, worst[0], Phrase("audit.cumulative.past", sum=sum_, made=made, total=all_),
                gap=all_.middle - added, unit=all_.indicator.unit,
                reconcile=Phrase(f"audit.cumulative.{'agrees' if every else 'agrees_more'}", made=made),
            )  # fmt: skip


def peak_between(facts: Facts) -> Iterator[Finding]:
    """A past total whose unprinted years must on average lie above both printed ends, or below both."""
    for all_, by_year in _past_totals(facts, comparator="eq"):
        before = facts.levels(all_.key, all_.first - 1, OUTTURN)
        bases, *levels = [[s for s in versions if s.comparator == "eq"] for versions in (before, *by_year)]
        inside = [versions for versions in levels if versions]
        n_open = all_.n_years - len(inside)
        if not bases or not levels[-1] or n_open < 2:
            continue
        chances = []
        for known in product(*inside):
            rest = (all_.figure - total([s.figure for s in known])).times(1 / n_open)
            printed = [s.figure for s in (*bases, *known)]
            above = rest.low > max(figure.high for figure in printed)
            below = 0 <= rest.low and rest.high < min(figure.low for figure in printed)
            chances.append(("above" if above else "below" if below else "", rest))
        if not all(way for way, _ in chances):
            continue
        (way, rest), base, end = chances[0], bases[0], levels[-1][0]
        line = Phrase(
            f"audit.peak_between.{way}", total=all_, years=years(all_.n_years), n_open=n_open,
            mean=all_.level(rest.middle), base=base.beside(all_), base_year=base.last, end=end.beside(all_),
            end_year=end.last, grew=end.middle > base.middle,
        )  # fmt: skip
        nearer = (max if way == "above" else min)(base.middle, end.middle)
        yield Finding("note", (all_, base, end), line, gap=rest.middle - nearer, unit=all_.indicator.unit)


def _wholes(equation: Equation, facts: Facts) -> dict[int, float]:
    """Return the wholes that printed shares and parts give, by year up to the base year."""
    wholes = {}
    for world, year in facts.printed_years:
        share, part = facts.versions(equation.keys[:2], year, world)
        known = share and part and share[0].positive and part[0].positive
        if world == OUTTURN and year <= facts.plan.base_year and known:
            wholes[year] = equation.whole(share[0].point, part[0].point).middle
    return wholes


def _overshot(severity: str) -> Phrase | str:
    """What a tension adds: another version of a figure is a floor, which may be passed."""
    return "" if severity == "contradiction" else Phrase("audit.overshot")


def _past_totals(facts: Facts, **wanted) -> Iterator[tuple[Statement, list[tuple[Statement, ...]]]]:
    """Past totals of flows, with the printed levels of each year that they contain."""
    for all_ in facts.find(measure="sum", world=OUTTURN, **wanted):
        if all_.indicator.flow != "stock":
            span = range(all_.first, all_.last + 1)
            yield all_, [facts.levels(all_.key, year, OUTTURN) for year in span]

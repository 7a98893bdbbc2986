"""Stated growth and change against the levels beside them; real rates beside nominal levels, by the price change between."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from planmodel.arithmetic.growth import Interval, cagr, growth
from planmodel.arithmetic.growth import implied_deflator as price_change
from planmodel.audit.facts import Facts
from planmodel.audit.implied import levels_by_identities
from planmodel.audit.results import FOLLOWS, PRINTED, Finding, ImpliedDeflator, Side
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, disagreement, judge, years
from planmodel.plans.catalogue import REAL
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import grouped
from planmodel.words import Phrase

Pair = tuple[Statement, Statement]
Past = tuple[Interval, Statement]
"""The deflators of an indicator's own past, and the real rate they come from."""


def stated_growth(facts: Facts) -> Iterator[Finding]:
    """Promised growth or change against base and target."""
    yield from _against_levels(facts, TARGET)


def past_growth(facts: Facts) -> Iterator[Finding]:
    """Growth or change of past years against the levels at both ends."""
    yield from _against_levels(facts, OUTTURN)


def _against_levels(facts: Facts, world: str) -> Iterator[Finding]:
    """What follows from the levels, what is printed, and which rate, end or base would agree."""
    for rate, pairs, real in _beside_levels(facts, world):
        if real:
            continue
        versions = [(rate, *pair) for pair in pairs if rate.measure == "change" or _positive(pair)]
        worst = disagreement(lambda stated, *ends, by=rate: (by.between(*ends), stated), versions)
        if worst is None:
            continue
        (_, base, end), severity = worst
        exact = rate.between(base.point, end.point).middle
        key, follows, scale, unit = _in_words(rate, exact)
        since = base if base.vintage != "implied" else Phrase("audit.implied_figure", figure=base)
        fits = {"end": end.level(rate.after(base.figure).middle)}
        fits["base"] = base.level(rate.before(end.figure).middle)
        made = rate.between(base.figure, end.figure).times(scale)
        yield Finding(
            severity if base.own else "tension", (rate, base, end),
            Phrase(f"audit.rate.{key}", base=since, end=end, years=years(rate.n_years), follows=follows, stated=rate),
            gap=scale * (exact - rate.middle), unit=unit, reconcile=Phrase("audit.rate.agrees", follows=follows, **fits),
            sides=(Side(PRINTED, rate.figure.times(scale)), Side(FOLLOWS, made, exact * scale)), sides_unit=unit,
        )  # fmt: skip


def _in_words(rate: Statement, exact: float) -> tuple[str, object, float, str]:
    """Return the sentence for a rate (its key), what follows for reading, and scale and unit of the gap."""
    if rate.measure == "growth":
        return "growth", Phrase("audit.rate.percent", rate=exact), 100, "pp/year"
    if rate.measure == "total":
        return "total", Phrase("audit.rate.percent_total", rate=exact), 100, "pp"
    if rate.measure == "multiple":
        return "multiple", f"{exact:.3g}", 1, "times"
    if rate.target is not None and "mean_change_pp" in kind_of(rate.target).outturns:  # points a year
        return "change_a_year", f"{exact / rate.n_years:.4g}", 1 / rate.n_years, "pp/year"
    return "change", f"{exact:.4g}", 1, rate.difference_unit


def _beside_levels(facts: Facts, world: str) -> Iterator[tuple[Statement, list[Pair], bool]]:
    """Every stated growth or change, the pairs of levels it can be held against, and whether it is real, they nominal."""
    for rate in facts.find(world=world):
        if rate.measure not in (*RATES, "change", "multiple"):
            continue
        bases = facts.levels(rate.key, rate.first - 1, OUTTURN, published=world == TARGET)
        ends = facts.levels(rate.key, rate.last, world)
        pairs = list(product(bases or _unprinted_bases(rate, facts), ends))
        pairs.sort(key=lambda pair: sum(s.places != rate.places for s in pair))
        if pairs:
            nominal = any(s.indicator.price_basis == "nominal" for pair in pairs for s in pair)
            yield rate, pairs, rate.basis in REAL and nominal


def _unprinted_bases(rate: Statement, facts: Facts) -> list[Statement]:
    """Bases that are not printed: of a promise the last level less its stated change, of a past rate by identities."""
    year = rate.first - 1
    if rate.world == TARGET and rate.measure == "change":
        changes = facts.find(key=rate.key, measure="change", world=OUTTURN, first=rate.first, last=rate.last)
        ends = facts.levels(rate.key, rate.last, OUTTURN)
        return [end.computed(c.before(end.figure), year, places=c.places) for c in changes for end in ends]
    if rate.world == TARGET or rate.definition or rate.measure == "change":
        return []
    base = levels_by_identities(facts, year).get(rate.key[:2])
    return [] if base is None else [base]


def _positive(pair: Pair) -> bool:
    """True where there is growth between a pair of levels."""
    return all(statement.positive for statement in pair)


def two_horizons(facts: Facts) -> Iterator[Finding]:
    """A promise to a near year and one to a far year, from one base: what the first leaves for the years between."""
    room, seen = facts.rules.get("horizons", math.inf), set()
    rates = [goal for goal in facts.find(world=TARGET) if goal.measure in ("growth", "multiple", "total")]
    groups = grouped(rates, lambda goal: (goal.key, goal.first, goal.basis))
    for near, far in (pair for goals in groups.values() for pair in product(goals, goals)):
        what = (near.key, near.last, far.last)
        n_years = far.last - near.last
        ends = [s.after(Interval(1.0, 1.0)).middle for s in (near, far)]
        if n_years < 1 or min(ends) <= 0 or what in seen:
            continue
        first, rest = cagr(1.0, ends[0], near.n_years), cagr(ends[0], ends[1], n_years)
        if abs(rest - first) * 100 > room:
            seen.add(what)
            said = Phrase("audit.times", figure=far) if far.measure == "multiple" else far
            fields = {"near": near, "far": said, "first": near.last, "last": far.last, "growth": rest}
            line, period = Phrase("audit.two_horizons.line", **fields), f"{near.first}-{far.last}"
            gap = 100 * (rest - first)
            yield Finding("note", (near, far), line, lead="colon", gap=gap, unit="pp/year", period=period)


def deflator(facts: Facts) -> Iterator[Finding]:
    """A real rate beside nominal levels: is the price change that reconciles them plausible?

    A floor on the end allows any higher price change, a floor on the rate any lower one: what a floor explains is no
    finding.
    """
    rules = facts.rules["deflator"]
    usual, room = Interval(*(rules[end] / 100 for end in ("low", "high"))), rules["from_past"] / 100
    for rate, pairs, past in _real_rates(facts):
        allowed = [usual]
        if rate.world == TARGET and past is not None:
            allowed.append(Interval(past[0].low - room, past[0].high + room))
        if any(all(_allows(prices, rate, *pair) for prices in allowed) for pair in pairs):
            continue
        (base, end), beside = pairs[0], "usual" if past is None else "past"
        real, nominal = rate.middle, cagr(base.middle, end.middle, rate.n_years)
        needed, expected = price_change(nominal, real), usual if past is None else past[0]
        then = expected.middle
        factors = ((1 + real) * (1 + prices) for prices in (usual.low, then, usual.high))
        low, fits, high = (end.level(base.middle * factor**rate.n_years) for factor in factors)
        convention = "by_convention" if rate.basis == "real_by_convention" else "real"
        past_of: dict[str, object] = {"by_convention": Phrase(f"audit.deflator.{convention}")}
        if past is None:
            gap, unit = needed, "%/year"
            agrees = Phrase("audit.deflator.agrees_usual", **vars(usual), least=low, most=high)
        else:
            gap, unit, rest = needed - then, "pp/year", (1 + nominal) / (1 + then) - 1
            past_of |= {"past": past[1], "prices": then}
            agrees = Phrase("audit.deflator.agrees", prices=then, end=fits, rate=rest)
        yield Finding(
            "tension", (rate, base, end),
            Phrase(f"audit.deflator.beside.{beside}", base=base, end=end, nominal=nominal, real=rate, needed=needed, **past_of),
            gap=100 * gap, unit=unit, sides_unit="%/year",
            reconcile=agrees,
            sides=(
                Side(Phrase("audit.deflator.needed"), _deflators(rate, base, end).times(100), 100 * needed),
                Side(Phrase(f"audit.deflator.{beside}"), expected.times(100)),
            ),
        )  # fmt: skip


def _allows(prices: Interval, rate: Statement, base: Statement, end: Statement) -> bool:
    """True where a price change within an interval may reconcile a real rate with nominal levels."""
    figures = (rate, base, end)
    return judge(lambda *of: (_price_change(rate.n_years, *of), prices), figures) != "contradiction"


def implied_deflators(facts: Facts) -> tuple[ImpliedDeflator, ...]:
    """Return the price change that reconciles each real rate of two years or more with the nominal levels beside it.

    Formula: (1+n)/(1+r) - 1, n the growth a year of the levels; each period once, the plan's promises first.
    """
    made: dict[tuple, ImpliedDeflator] = {}
    for rate, ((base, end), *_), past in _real_rates(facts):
        if rate.n_years > 1:
            nominal = cagr(base.middle, end.middle, rate.n_years)
            before = None if past is None else past[0].middle
            implied = ImpliedDeflator((rate, base, end), nominal, _deflators(rate, base, end), before)
            made.setdefault((rate.key, rate.first, rate.last, rate.world), implied)
    return tuple(made.values())


def _real_rates(facts: Facts) -> Iterator[tuple[Statement, list[Pair], Past | None]]:
    """Each real rate with the nominal levels of its ends, and the latest deflators of three years or more before it."""
    pasts: dict[tuple[str, str], Past] = {}
    seen: list[tuple[Statement, list[Pair]]] = []
    for world in (TARGET, OUTTURN):
        for rate, pairs, real in _beside_levels(facts, world):
            growing = [pair for pair in pairs if _positive(pair)]
            if not real or rate.measure not in RATES or not growing:
                continue
            known = pasts.get(rate.key[:2])
            long = world == OUTTURN and rate.measure == "growth" and rate.n_years >= 3
            if long and (known is None or rate.last > known[1].last):
                pasts[rate.key[:2]] = _deflators(rate, *growing[0]), rate
            seen.append((_yearly(rate), growing))
    for rate, pairs in seen:
        past = pasts.get(rate.key[:2])
        yield rate, pairs, past if past is not None and past[1].last < rate.first else None


def _yearly(rate: Statement) -> Statement:
    """Return a total growth as the growth a year that adds up to it."""
    if rate.measure == "growth":
        return rate
    n = rate.n_years
    figure = Interval(*(max(1 + end, 0.0) ** (1 / n) - 1 for end in (rate.figure.low, rate.figure.high)))
    text = f"{100 * figure.middle:.2f}"
    return replace(rate, measure="growth", figure=figure, text=text, spare=rate.spare / n)


def _price_change(n_years: int, real: Interval, base: Interval, end: Interval) -> Interval:
    """Return the deflators (fractions a year) that a real rate and two nominal levels allow."""
    nominal = growth(base, end, n_years)
    return Interval(price_change(nominal.low, real.high), price_change(nominal.high, real.low))


def _deflators(rate: Statement, base: Statement, end: Statement) -> Interval:
    return _price_change(rate.n_years, rate.figure, base.figure, end.figure)

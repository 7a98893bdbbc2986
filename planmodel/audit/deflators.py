"""Real rates beside nominal levels: the price change that reconciles them, and whether it is plausible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from planmodel.arithmetic.growth import cagr, implied_deflator
from planmodel.arithmetic.intervals import Interval, growth
from planmodel.audit.findings import Finding, ImpliedDeflator
from planmodel.audit.stated import period, rates_beside_levels, real_beside_nominal
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.texts import both, level, percent, shown, side, subject


def deflator(facts: Facts) -> Iterator[Finding]:
    """A real rate beside nominal levels: is the price change that reconciles them plausible?

    A floor on the end allows any higher price change, a floor on the rate any lower one: what a floor explains is no
    finding.
    """
    usual, past = _usual(facts), _past_deflators(facts)
    for rate, found in _pairs(facts):
        if any(
            judge(_against(usual, rate.n_years), (rate, base, end)) != "contradiction"
            and not _off_its_past(rate, prices, past, facts, base, end)
            for base, end, prices in found
        ):
            continue
        base, end, prices = found[0]
        yield _deflator_finding(rate, base, end, prices, past.get(rate.key[:2]), facts)


def implied_deflators(facts: Facts) -> tuple[ImpliedDeflator, ...]:
    """Return the price change that reconciles each real rate of two years or more with the nominal levels beside it.

    Formula: (1+n)/(1+r) - 1, n the growth a year of the levels; each period once, the plan's promises first.
    """
    past, made = _past_deflators(facts), {}
    for rate, found in _pairs(facts):
        base, end, prices = found[0]
        key = (rate.key, rate.first, rate.last, rate.world)
        if rate.n_years < 2 or key in made:
            continue
        nominal = cagr(base.figure.middle, end.figure.middle, rate.n_years)
        known = past.get(rate.key[:2])
        before = known[0].middle if known is not None and known[1].last < rate.first else None
        made[key] = ImpliedDeflator(
            rate.indicator.id, rate.region, rate.first, rate.last, rate.world, nominal, rate.figure.middle,
            implied_deflator(nominal, rate.figure.middle), prices, before, (rate, base, end),
        )  # fmt: skip
    return tuple(made.values())


def _pairs(
    facts: Facts,
) -> Iterator[tuple[Statement, list[tuple[Statement, Statement, Interval]]]]:
    """Each real rate with the nominal levels of its ends and the deflators that they allow."""
    for world in (TARGET, OUTTURN):
        for rate, pairs in rates_beside_levels(facts, world):
            if not real_beside_nominal(rate, pairs) or rate.measure not in ("growth", "total"):
                continue
            rate = yearly(rate)
            found = [
                (base, end, _deflators(rate, base, end))
                for base, end in pairs
                if base.figure.low > 0 and end.figure.low > 0
            ]
            if found:
                yield rate, found


def yearly(rate: Statement) -> Statement:
    """Return a total growth as the growth a year that adds up to it."""
    if rate.measure == "growth":
        return rate
    n = rate.n_years
    ends = (max(1 + end, 0.0) ** (1 / n) - 1 for end in (rate.figure.low, rate.figure.high))
    figure = Interval(*ends)
    return replace(
        rate, measure="growth", figure=figure, text=f"{100 * figure.middle:.2f}", spare=rate.spare / n
    )


def _usual(facts: Facts) -> Interval:
    return Interval(*(facts.rules["deflator"][end] / 100 for end in ("low", "high")))


def _price_change(read: tuple[Interval, ...], n_years: int) -> Interval:
    """Return the deflators (fractions a year) that a real rate and two nominal levels allow."""
    real, base, end = read
    nominal = growth(base, end, n_years)
    return Interval(implied_deflator(nominal.low, real.high), implied_deflator(nominal.high, real.low))


def _against(allowed: Interval, n_years: int) -> Callable[..., tuple[Interval, Interval]]:
    return lambda *read: (_price_change(read, n_years), allowed)


def _deflators(rate: Statement, base: Statement, end: Statement) -> Interval:
    return _price_change((rate.figure, base.figure, end.figure), rate.n_years)


def _past_deflators(facts: Facts) -> dict[tuple[str, str], tuple[Interval, Statement]]:
    """The latest implied deflator of each indicator's own past, over three years or more, with its real rate."""
    found: dict[tuple[str, str], tuple[Interval, Statement]] = {}
    for rate, pairs in rates_beside_levels(facts, OUTTURN):
        positive = [pair for pair in pairs if pair[0].figure.low > 0 and pair[1].figure.low > 0]
        if (
            rate.measure != "growth"
            or rate.n_years < 3
            or not positive
            or not real_beside_nominal(rate, pairs)
        ):
            continue
        known = found.get(rate.key[:2])
        if known is None or rate.last > known[1].last:
            found[rate.key[:2]] = (_deflators(rate, *positive[0]), rate)
    return found


def _off_its_past(rate: Statement, prices: Interval, past, facts: Facts, *ends: Statement) -> bool:
    """True where a promise needs a deflator that differs from its own past by more than the rule allows."""
    known = past.get(rate.key[:2])
    if rate.world != TARGET or known is None or known[1].last >= rate.first:
        return False
    room = facts.rules["deflator"]["from_past"] / 100
    allowed = Interval(known[0].low - room, known[0].high + room)
    return judge(_against(allowed, rate.n_years), (rate, *ends)) == "contradiction"


def _deflator_finding(
    rate: Statement, base: Statement, end: Statement, prices: Interval, past, facts: Facts
) -> Finding:
    nominal = cagr(base.figure.middle, end.figure.middle, rate.n_years)
    exact = implied_deflator(nominal, rate.figure.middle)
    head = f"{shown(base)} → {shown(end)}"
    before_zh = before_en = ""
    if past is not None and past[1].last < rate.first:
        before_zh = f"，而 {past[1].first}–{past[1].last} 年为 {percent(past[0].middle)}"
        before_en = f", where {past[1].first}–{past[1].last} had {percent(past[0].middle)}"
    real = rate.figure.middle
    usual = _usual(facts)
    prices_then = past[0].middle if before_en else usual.middle
    fits = level(base.figure.middle * ((1 + real) * (1 + prices_then)) ** rate.n_years, end, facts)
    fitting_rate = (1 + nominal) / (1 + prices_then) - 1
    return Finding(
        "deflator",
        "tension",
        subject(rate, facts),
        period(rate),
        (rate, base, end),
        both(
            f"{head} 按现价年均增长 {percent(nominal)}，所列实际增速为 {shown(rate)}：两者相容须价格年均变动 "
            f"{percent(exact)}{before_zh}",
            f"{head} is {percent(nominal)} a year at current prices, {shown(rate)} in real terms is stated: reconciled by a "
            f"deflator of {percent(exact)} a year{before_en}",
        ),
        100 * (exact - prices_then) if before_en else 100 * exact,
        "pp/year" if before_en else "%/year",
        both(
            f"价格年均变动 {percent(prices_then)} 时，期末约为 {fits}，或实际增速约为 {percent(fitting_rate, 1)}",
            f"With prices changing by {percent(prices_then)} a year the end is about {fits}, or the real rate about {percent(fitting_rate, 1)}",
        ),
        (
            side(both("所需价格变动", "deflator needed"), prices, 100, exact),
            side(both("以往", "its past"), past[0], 100)
            if before_en
            else side(both("通常范围", "usual range"), usual, 100),
        ),
        "%/year",
    )

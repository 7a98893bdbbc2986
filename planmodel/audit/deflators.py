"""Real rates beside nominal levels: the price change that reconciles them, and whether it is plausible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from planmodel.arithmetic.growth import cagr, implied_deflator
from planmodel.arithmetic.intervals import Interval, growth
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding, Side
from planmodel.audit.rates import positive, rates_beside_levels, real_beside_nominal
from planmodel.audit.results import ImpliedDeflator
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, judge
from planmodel.words import Phrase

Past = Mapping[tuple[str, str], tuple[Interval, Statement]]
Reconciled = tuple[Statement, Statement, Interval]
"""Base and end at current prices, and the deflators that they and the rate allow."""


def deflator(facts: Facts) -> Iterator[Finding]:
    """A real rate beside nominal levels: is the price change that reconciles them plausible?

    A floor on the end allows any higher price change, a floor on the rate any lower one: what a floor explains is no
    finding.
    """
    usual, pasts = _usual(facts), _past_deflators(facts)
    for rate, reconciled in _real_rates(facts):
        past = _past_of(rate, pasts)
        if any(
            judge(_against(usual, rate.n_years), (rate, base, end)) != "contradiction"
            and not _off_its_past(rate, past, facts, base, end)
            for base, end, _ in reconciled
        ):
            continue
        yield _finding(rate, reconciled[0], past, facts)


def implied_deflators(facts: Facts) -> tuple[ImpliedDeflator, ...]:
    """Return the price change that reconciles each real rate of two years or more with the nominal levels beside it.

    Formula: (1+n)/(1+r) - 1, n the growth a year of the levels; each period once, the plan's promises first.
    """
    pasts, made = _past_deflators(facts), {}
    for rate, reconciled in _real_rates(facts):
        base, end, prices = reconciled[0]
        key = (rate.key, rate.first, rate.last, rate.world)
        if rate.n_years < 2 or key in made:
            continue
        nominal, past = cagr(base.middle, end.middle, rate.n_years), _past_of(rate, pasts)
        before = None if past is None else past[0].middle
        made[key] = ImpliedDeflator((rate, base, end), nominal, prices, before)
    return tuple(made.values())


def _real_rates(facts: Facts) -> Iterator[tuple[Statement, list[Reconciled]]]:
    """Each real rate with the nominal levels of its ends and the deflators that they allow."""
    for world in (TARGET, OUTTURN):
        for rate, pairs in rates_beside_levels(facts, world):
            if real_beside_nominal(rate, pairs) and rate.measure in RATES and positive(pairs):
                rate = _yearly(rate)
                yield rate, [(*pair, _deflators(rate, *pair)) for pair in positive(pairs)]


def _yearly(rate: Statement) -> Statement:
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


def _price_change(real: Interval, base: Interval, end: Interval, n_years: int) -> Interval:
    """Return the deflators (fractions a year) that a real rate and two nominal levels allow."""
    nominal = growth(base, end, n_years)
    return Interval(implied_deflator(nominal.low, real.high), implied_deflator(nominal.high, real.low))


def _against(allowed: Interval, n_years: int) -> Callable[..., tuple[Interval, Interval]]:
    return lambda real, base, end: (_price_change(real, base, end, n_years), allowed)


def _deflators(rate: Statement, base: Statement, end: Statement) -> Interval:
    return _price_change(rate.figure, base.figure, end.figure, rate.n_years)


def _past_deflators(facts: Facts) -> Past:
    """The latest implied deflator of each indicator's own past, over three years or more, with its real rate."""
    latest: dict[tuple[str, str], tuple[Interval, Statement]] = {}
    for rate, pairs in rates_beside_levels(facts, OUTTURN):
        if rate.measure != "growth" or rate.n_years < 3 or not real_beside_nominal(rate, pairs):
            continue
        known = latest.get(rate.key[:2])
        if positive(pairs) and (known is None or rate.last > known[1].last):
            latest[rate.key[:2]] = (_deflators(rate, *positive(pairs)[0]), rate)
    return latest


def _past_of(rate: Statement, pasts: Past) -> tuple[Interval, Statement] | None:
    """Return the deflator of an indicator's past and its rate, where they end before this rate begins."""
    past = pasts.get(rate.key[:2])
    return past if past is not None and past[1].last < rate.first else None


def _off_its_past(rate: Statement, past: tuple[Interval, Statement] | None, facts: Facts, *ends) -> bool:
    """True where a promise needs a deflator that differs from its own past by more than the rule allows."""
    if rate.world != TARGET or past is None:
        return False
    room = facts.rules["deflator"]["from_past"] / 100
    allowed = Interval(past[0].low - room, past[0].high + room)
    return judge(_against(allowed, rate.n_years), (rate, *ends)) == "contradiction"


def _finding(
    rate: Statement, reconciled: Reconciled, past: tuple[Interval, Statement] | None, facts: Facts
) -> Finding:
    base, end, prices = reconciled
    real, nominal = rate.middle, cagr(base.middle, end.middle, rate.n_years)
    needed = implied_deflator(nominal, real)
    expected = _usual(facts) if past is None else past[0]
    then = expected.middle
    fits = base.middle * ((1 + real) * (1 + then)) ** rate.n_years
    past_of = {} if past is None else {"past": past[1], "prices": then}
    beside = "usual" if past is None else "past"
    line = Phrase(
        f"audit.deflator.beside.{beside}", base=base, end=end, nominal=nominal, real=rate, needed=needed, **past_of
    )  # fmt: skip
    agrees = Phrase(
        "audit.deflator.agrees", prices=then, end=end.level(fits), rate=(1 + nominal) / (1 + then) - 1
    )
    sides = (
        Side(Phrase("audit.deflator.needed"), prices.times(100), 100 * needed),
        Side(Phrase(f"audit.deflator.{beside}"), expected.times(100)),
    )
    gap, unit = (needed, "%/year") if past is None else (needed - then, "pp/year")
    return facts.finding(
        "tension", (rate, base, end), line, gap=100 * gap, unit=unit, reconcile=agrees, sides=sides,
        sides_unit="%/year",
    )  # fmt: skip

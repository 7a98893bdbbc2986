"""Stated growth and change against the levels beside them, for promises and for the past."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding, Side
from planmodel.audit.implied import levels_by_identities
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, disagreement
from planmodel.audit.texts import FOLLOWS, PRINTED, years
from planmodel.plans.series import REAL
from planmodel.words import Phrase

Pair = tuple[Statement, Statement]


def stated_growth(facts: Facts) -> Iterator[Finding]:
    """Promised growth or change against base and target."""
    yield from _against_levels(facts, TARGET)


def past_growth(facts: Facts) -> Iterator[Finding]:
    """Growth or change of past years against the levels at both ends."""
    yield from _against_levels(facts, OUTTURN)


def _against_levels(facts: Facts, world: str) -> Iterator[Finding]:
    for rate, pairs in rates_beside_levels(facts, world):
        if real_beside_nominal(rate, pairs):
            continue
        versions = [(rate, *pair) for pair in pairs if rate.measure == "change" or _positive(pair)]
        worst = disagreement(lambda stated, *ends, by=rate: (by.between(*ends), stated), versions)
        if worst is not None:
            (_, base, end), severity = worst
            yield _finding(severity if base.own else "tension", rate, base, end, facts)


def rates_beside_levels(facts: Facts, world: str) -> Iterator[tuple[Statement, list[Pair]]]:
    """Every stated growth or change with the pairs of levels it can be held against, first and last year."""
    for rate in facts.find(world=world):
        if rate.measure not in (*RATES, "change", "multiple"):
            continue
        bases = facts.levels(rate.key, rate.first - 1, OUTTURN, published=world == TARGET)
        bases = bases or _less_past_change(rate, facts) or _by_identities(rate, facts)
        ends = facts.levels(rate.key, rate.last, world)
        pairs = sorted(product(bases, ends), key=lambda pair: sum(s.places != rate.places for s in pair))
        if pairs:
            yield rate, pairs


def positive(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs of levels between which there is growth."""
    return [pair for pair in pairs if _positive(pair)]


def _positive(pair: Pair) -> bool:
    return all(statement.positive for statement in pair)


def real_beside_nominal(rate: Statement, pairs: list[Pair]) -> bool:
    """Return True where a real rate stands beside levels at current prices."""
    return rate.basis in REAL and any(s.indicator.price_basis == "nominal" for pair in pairs for s in pair)


def _less_past_change(rate: Statement, facts: Facts) -> tuple[Statement, ...]:
    """The base that outturns give where none is printed: the last level less its stated change."""
    if rate.world != TARGET or rate.measure != "change":
        return ()
    changes = facts.find(key=rate.key, measure="change", world=OUTTURN, first=rate.first, last=rate.last)
    return tuple(
        end.computed(change.before(end.figure), rate.first - 1, places=change.places)
        for change in changes
        for end in facts.levels(rate.key, rate.last, OUTTURN)
    )


def _by_identities(rate: Statement, facts: Facts) -> tuple[Statement, ...]:
    """The base of a past rate that the identities give from other figures of that year."""
    if rate.world != OUTTURN or rate.definition or rate.measure == "change":
        return ()
    base = levels_by_identities(facts, rate.first - 1).get((rate.indicator.id, rate.region))
    return () if base is None else (base,)


def _finding(severity: str, rate: Statement, base: Statement, end: Statement, facts: Facts) -> Finding:
    """What follows from the levels, what is printed, and which rate, end or base would agree."""
    exact = rate.between(base.point, end.point).middle
    key, follows, scale, unit = _in_words(rate, exact)
    since = base if base.vintage != "implied" else Phrase("audit.implied_figure", figure=base)
    line = Phrase(
        f"audit.rate.{key}", base=since, end=end, years=years(rate.n_years), follows=follows, stated=rate
    )
    fits = {
        "end": end.level(rate.after(base.figure).middle),
        "base": base.level(rate.before(end.figure).middle),
    }
    implied = rate.between(base.figure, end.figure).times(scale)
    return facts.finding(
        severity, (rate, base, end), line, gap=scale * (exact - rate.middle), unit=unit,
        reconcile=Phrase("audit.rate.agrees", follows=follows, **fits),
        sides=(Side(PRINTED, rate.figure.times(scale)), Side(FOLLOWS, implied, exact * scale)), sides_unit=unit,
    )  # fmt: skip


def _in_words(rate: Statement, exact: float) -> tuple[str, object, float, str]:
    """Return the sentence for a rate (its key), what follows for reading, and scale and unit of the gap."""
    if rate.measure == "growth":
        return "growth", Phrase("audit.rate.percent", rate=exact), 100, "pp/year"
    if rate.measure == "total":
        return "total", Phrase("audit.rate.percent_total", rate=exact), 100, "pp"
    if rate.measure == "multiple":
        return "multiple", f"{exact:.3g}", 1, "times"
    if rate.yearly_change:
        return "change_a_year", f"{exact / rate.n_years:.4g}", 1 / rate.n_years, "pp/year"
    unit = "pp" if rate.indicator.scale == "share" else rate.indicator.unit
    return "change", f"{exact:.4g}", 1, unit

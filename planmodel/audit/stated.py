"""Stated growth and change against the levels beside them, for promises and for the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

from planmodel.arithmetic.intervals import Interval, compound, growth
from planmodel.audit.findings import Finding
from planmodel.audit.implied import levels_by_identities
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.texts import FOLLOWS, PRINTED, both, level, percent, shown, side, subject, years
from planmodel.plans.series import REAL


def stated_growth(facts: Facts) -> Iterator[Finding]:
    """Promised growth or change against base and target."""
    yield from _rates(facts, TARGET, "stated_growth")


def past_growth(facts: Facts) -> Iterator[Finding]:
    """Growth or change of past years against the levels at both ends."""
    yield from _rates(facts, OUTTURN, "past_growth")


def _rates(facts: Facts, world: str, rule: str) -> Iterator[Finding]:
    for rate, pairs in rates_beside_levels(facts, world):
        if real_beside_nominal(rate, pairs):
            continue
        verdicts = {}
        for base, end in pairs:
            if rate.measure != "change" and (base.figure.low <= 0 or end.figure.low <= 0):
                continue
            verdicts[base, end] = judge(_beside_stated(rate), (rate, base, end))
        if not verdicts or "" in verdicts.values():
            continue
        (base, end), severity = min(verdicts.items(), key=lambda item: item[1] == "contradiction")
        severity = severity if base.own else "tension"
        yield _rate_finding(rule, severity, rate, base, end, facts)


def rates_beside_levels(
    facts: Facts, world: str
) -> Iterator[tuple[Statement, list[tuple[Statement, Statement]]]]:
    """Every stated growth or change with the pairs of levels it can be held against, first and last year."""
    for rate in facts.statements:
        if (
            rate.world != world
            or rate.measure not in ("growth", "total", "change", "multiple")
            or not rate.own
        ):
            continue
        bases = facts.levels(rate.key, rate.first - 1, OUTTURN, published=world == TARGET)
        bases = bases or _backcast(rate, facts) or _derived(rate, facts)
        ends = facts.levels(rate.key, rate.last, world)
        pairs = sorted(product(bases, ends), key=lambda pair: sum(s.source != rate.source for s in pair))
        if pairs:
            yield rate, pairs


def _backcast(rate: Statement, facts: Facts) -> tuple[Statement, ...]:
    """The base that outturns give where none is printed: the last level less its stated change."""
    if rate.world != TARGET or rate.measure != "change":
        return ()
    found = []
    for change in facts.find(indicator=rate.indicator.id, region=rate.region, definition=rate.definition,
                             measure="change", world=OUTTURN, first=rate.first, last=rate.last):  # fmt: skip
        for end in facts.levels(rate.key, rate.last, OUTTURN):
            base = end.figure - change.figure
            text = f"{base.middle:.4g}"
            year = rate.first - 1
            found.append(
                replace(
                    end,
                    first=year,
                    last=year,
                    figure=base,
                    text=text,
                    vintage="implied",
                    source=change.source,
                )
            )
    return tuple(found)


def _derived(rate: Statement, facts: Facts) -> tuple[Statement, ...]:
    """The base of a past rate that the identities give from other figures of that year."""
    if rate.world != OUTTURN or rate.definition or rate.measure == "change":
        return ()
    found = levels_by_identities(facts, rate.first - 1).get((rate.indicator.id, rate.region))
    return () if found is None else (found,)


def real_beside_nominal(rate: Statement, pairs) -> bool:
    return rate.basis in REAL and any(s.indicator.price_basis == "nominal" for pair in pairs for s in pair)


def _implied(rate: Statement, base: Interval, end: Interval) -> Interval:
    if rate.measure == "change":
        return end - base
    if rate.measure == "multiple":
        return end / base
    if rate.measure == "total":
        ratio = end / base
        return Interval(ratio.low - 1, ratio.high - 1)
    return growth(base, end, rate.n_years)


def _beside_stated(rate: Statement) -> Callable[..., tuple[Interval, Interval]]:
    return lambda stated, first, last: (_implied(rate, first, last), stated)


def _rate_finding(
    rule: str, severity: str, rate: Statement, base: Statement, end: Statement, facts: Facts
) -> Finding:
    """The finding in words: what follows from the levels, what is printed, and which rate, end or base would agree."""
    implied, stated = _implied(rate, base.figure, end.figure), rate.figure
    derived = ("（推算）", " (implied)") if base.vintage == "implied" else ("", "")
    head = [f"{shown(base)}{mark} → {shown(end)}" for mark in derived]
    exact = _implied(rate, base.point, end.point).middle
    follows, zh, en, scale, unit = _amount(rate, exact)
    n_years = rate.n_years
    ends = {
        "change": lambda: (base.figure + stated, end.figure - stated),
        "multiple": lambda: (base.figure * stated, end.figure / stated),
        "total": lambda: (compound(base.figure, stated, 1), compound(end.figure, stated, -1)),
        "growth": lambda: (compound(base.figure, stated, n_years), compound(end.figure, stated, -n_years)),
    }[rate.measure]()
    to, since = level(ends[0].middle, end, facts), level(ends[1].middle, base, facts)
    return Finding(
        rule,
        severity,
        subject(rate, facts),
        period(rate),
        (rate, base, end),
        both(
            f"{head[0]}，{n_years} 年{zh} {follows}，文中为 {shown(rate)}",
            f"{head[1]} in {years(n_years, 'en')} is {en.format(follows)}, {shown(rate)} is printed",
        ),
        scale * (exact - stated.middle),
        unit,
        both(
            f"若改为 {follows}，或期末为 {to}，或基期为 {since}，则一致",
            f"Agrees with {follows}, or with an end of {to}, or with a base of {since}",
        ),
        (side(PRINTED, stated, scale), side(FOLLOWS, implied, scale, exact)),
        unit,
    )


def _amount(rate: Statement, implied: float) -> tuple[str, str, str, float, str]:
    """Return what follows for reading, the words around it in zh and en, and scale and unit of the gap."""
    if rate.measure == "growth":
        return percent(implied), "年均增长", "{} a year", 100, "pp/year"
    if rate.measure == "total":
        return percent(implied, 1), "累计增长", "{} in all", 100, "pp"
    if rate.measure == "multiple":
        return f"{implied:.3g}", "倍数为", "{} times the base", 1, "times"
    points = rate.indicator.scale == "share"
    if rate.target is not None and rate.target.kind == "change_pp_per_year":
        return (
            f"{implied / rate.n_years:.4g}",
            "年均变动",
            "a change of {} a year",
            1 / rate.n_years,
            "pp/year",
        )
    return f"{implied:.4g}", "合计变动", "a change of {}", 1, "pp" if points else rate.indicator.unit


def period(statement: Statement) -> str:
    return str(statement.last) if statement.first == statement.last else f"{statement.first}-{statement.last}"

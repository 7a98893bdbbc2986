"""Stated growth and change against the levels beside them, for promises and for the past; real against nominal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from planmodel.audit.findings import Finding
from planmodel.audit.implied import levels_by_identities
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.texts import FOLLOWS, PRINTED, both, level, percent, shown, side, subject, years
from planmodel.growth import cagr, implied_deflator
from planmodel.intervals import Interval, compound, growth
from planmodel.series import REAL


def stated_growth(facts: Facts) -> Iterator[Finding]:
    """Promised growth or change against base and target."""
    yield from _rates(facts, TARGET, "stated_growth")


def past_growth(facts: Facts) -> Iterator[Finding]:
    """Growth or change of past years against the levels at both ends."""
    yield from _rates(facts, OUTTURN, "past_growth")


def deflator(facts: Facts) -> Iterator[Finding]:
    """A real rate beside nominal levels: is the price change that reconciles them plausible?

    A floor beside a real rate leaves every price change open: it is no finding.
    """
    usual = Interval(*(facts.rules["deflator"][end] / 100 for end in ("low", "high")))
    past = _past_deflators(facts)
    for world in (TARGET, OUTTURN):
        for rate, pairs in _beside(facts, world):
            if not _real_beside_nominal(rate, pairs) or rate.measure != "growth":
                continue
            found = [
                (base, end, _deflators(rate, base, end))
                for base, end in pairs
                if base.figure.low > 0 and end.figure.low > 0
            ]
            if not found or any(
                judge(lambda *read: (_price_change(read, rate.n_years), usual), (rate, base, end))
                != "contradiction"
                and not _off_its_past(rate, prices, past, facts, base, end)
                for base, end, prices in found
            ):
                continue
            base, end, prices = found[0]
            yield _deflator_finding(rate, base, end, prices, past.get(rate.key[:2]), facts)


def _rates(facts: Facts, world: str, rule: str) -> Iterator[Finding]:
    for rate, pairs in _beside(facts, world):
        if _real_beside_nominal(rate, pairs):
            continue
        verdicts = {}
        for base, end in pairs:
            if rate.measure != "change" and (base.figure.low <= 0 or end.figure.low <= 0):
                continue
            verdicts[base, end] = judge(
                lambda stated, first, last: (_implied(rate, first, last), stated), (rate, base, end)
            )
        if not verdicts or "" in verdicts.values():
            continue
        (base, end), severity = min(verdicts.items(), key=lambda item: item[1] == "contradiction")
        severity = severity if base.own else "tension"
        yield _rate_finding(rule, severity, rate, base, end, facts)


def _beside(facts: Facts, world: str) -> Iterator[tuple[Statement, list[tuple[Statement, Statement]]]]:
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
            found.append(
                Statement(
                    end.indicator,
                    end.region,
                    "value",
                    rate.first - 1,
                    rate.first - 1,
                    OUTTURN,
                    base,
                    f"{base.middle:.4g}",
                    end.unit,
                    "eq",
                    end.basis,
                    end.definition,
                    "plan",
                    change.source,
                )  # fmt: skip
            )
    return tuple(found)


def _derived(rate: Statement, facts: Facts) -> tuple[Statement, ...]:
    """The base of a past rate that the identities give from other figures of that year."""
    if rate.world != OUTTURN or rate.definition or rate.measure == "change":
        return ()
    found = levels_by_identities(facts, rate.first - 1).get((rate.indicator.id, rate.region))
    return () if found is None else (found,)


def _real_beside_nominal(rate: Statement, pairs) -> bool:
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


def _rate_finding(
    rule: str, severity: str, rate: Statement, base: Statement, end: Statement, facts: Facts
) -> Finding:
    implied, stated = (
        _implied(rate, base.figure, end.figure).middle,
        _implied(rate, base.figure, base.figure + rate.figure).middle
        if rate.measure == "change"
        else rate.figure.middle,
    )
    n, scale = rate.n_years, 100 if rate.measure in ("growth", "total") else 1
    head = f"{shown(base)} → {shown(end)}"
    zh_head = head
    if base.vintage == "implied":
        zh_head, head = f"{shown(base)}（推算）→ {shown(end)}", f"{shown(base)} (implied) → {shown(end)}"
    if rate.measure == "change":
        unit_zh, unit_en = ("个百分点", " points") if rate.indicator.scale == "share" else ("", "")
        by_year = rate.target is not None and rate.target.kind == "change_pp_per_year"
        amount = implied / n if by_year else implied
        zh = f"{zh_head}，{'年均' if by_year else '合计'}变动 {amount:.4g}{unit_zh}，文中为 {shown_change(rate)}{unit_zh}"
        en = f"{head} in {years(n, 'en')} is {amount:.4g}{unit_en}{' a year' if by_year else ''}, {shown_change(rate)}{unit_en} is printed"
        gap, gap_unit = (
            (implied - stated) / (n if by_year else 1),
            "pp" if rate.indicator.scale == "share" else rate.unit,
        )
        ends = (base.figure + rate.figure, end.figure - rate.figure)
        fits = (f"{amount:.4g}", level(ends[0].middle, end, facts), level(ends[1].middle, base, facts))
    elif rate.measure == "multiple":
        zh = f"{zh_head} 为 {implied:.3g} 倍，文中为 {rate.text} 倍"
        en = f"{head} is {implied:.3g} times the base, {rate.text} times is printed"
        gap, gap_unit = implied - stated, "times"
        ends = (base.figure * rate.figure, end.figure / rate.figure)
        fits = (f"{implied:.3g}", level(ends[0].middle, end, facts), level(ends[1].middle, base, facts))
    else:
        total = rate.measure == "total"
        rate_text = percent(implied, 1 if total else 2)
        zh = f"{zh_head}，{n} 年{'累计增长' if total else '年均增长'} {rate_text}，文中为 {shown(rate)}"
        en = f"{head} in {years(n, 'en')} is {rate_text}{' in all' if total else ' a year'}, {shown(rate)} is printed"
        gap, gap_unit = 100 * (implied - stated), "pp" if total else "pp/year"
        span = 1 if total else n
        ends = (compound(base.figure, rate.figure, span), compound(end.figure, rate.figure, -span))
        fits = (rate_text, level(ends[0].middle, end, facts), level(ends[1].middle, base, facts))
    return Finding(
        rule,
        severity,
        subject(rate, facts),
        period(rate),
        (rate, base, end),
        both(zh, en),
        gap,
        gap_unit,
        both(
            f"若改为 {fits[0]}，或期末为 {fits[1]}，或基期为 {fits[2]}，则一致",
            f"Agrees with {fits[0]}, or with an end of {fits[1]}, or with a base of {fits[2]}",
        ),
        (
            side(PRINTED, rate.figure, scale),
            side(FOLLOWS, _implied(rate, base.figure, end.figure), scale),
        ),
        gap_unit,
    )


def shown_change(rate: Statement) -> str:
    return shown(rate).rstrip("%")


def period(statement: Statement) -> str:
    return str(statement.last) if statement.first == statement.last else f"{statement.first}-{statement.last}"


def _price_change(read: tuple[Interval, ...], n_years: int) -> Interval:
    """Return the deflators (fractions a year) that a real rate and two nominal levels allow."""
    real, base, end = read
    nominal = growth(base, end, n_years)
    return Interval(implied_deflator(nominal.low, real.high), implied_deflator(nominal.high, real.low))


def _deflators(rate: Statement, base: Statement, end: Statement) -> Interval:
    return _price_change((rate.figure, base.figure, end.figure), rate.n_years)


def _past_deflators(facts: Facts) -> dict[tuple[str, str], tuple[Interval, Statement]]:
    """The latest implied deflator of each indicator's own past, over three years or more, with its real rate."""
    found: dict[tuple[str, str], tuple[Interval, Statement]] = {}
    for rate, pairs in _beside(facts, OUTTURN):
        positive = [pair for pair in pairs if pair[0].figure.low > 0 and pair[1].figure.low > 0]
        if (
            rate.measure != "growth"
            or rate.n_years < 3
            or not positive
            or not _real_beside_nominal(rate, pairs)
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
    return judge(lambda *read: (_price_change(read, rate.n_years), allowed), (rate, *ends)) == "contradiction"


def _deflator_finding(
    rate: Statement, base: Statement, end: Statement, prices: Interval, past, facts: Facts
) -> Finding:
    nominal = cagr(base.figure.middle, end.figure.middle, rate.n_years)
    head = f"{shown(base)} → {shown(end)}"
    before_zh = before_en = ""
    if past is not None and past[1].last < rate.first:
        before_zh = f"，而 {past[1].first}–{past[1].last} 年为 {percent(past[0].middle)}"
        before_en = f", where {past[1].first}–{past[1].last} had {percent(past[0].middle)}"
    real = rate.figure.middle
    usual = Interval(*(facts.rules["deflator"][end] / 100 for end in ("low", "high")))
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
            f"{percent(prices.middle)}{before_zh}",
            f"{head} is {percent(nominal)} a year at current prices, {shown(rate)} in real terms is stated: reconciled by a "
            f"deflator of {percent(prices.middle)} a year{before_en}",
        ),
        100 * (prices.middle - prices_then) if before_en else 100 * prices.middle,
        "pp/year" if before_en else "%/year",
        both(
            f"价格年均变动 {percent(prices_then)} 时，期末约为 {fits}，或实际增速约为 {percent(fitting_rate, 1)}",
            f"With prices changing by {percent(prices_then)} a year the end is about {fits}, or the real rate about {percent(fitting_rate, 1)}",
        ),
        (
            side(both("所需价格变动", "deflator needed"), prices, 100),
            side(both("以往", "its past"), past[0], 100)
            if before_en
            else side(both("通常范围", "usual range"), usual, 100),
        ),
        "%/year",
    )

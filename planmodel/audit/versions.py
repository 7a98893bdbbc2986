"""One fact in several versions: within the plan, under two definitions, and beside published figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from planmodel.arithmetic.growth import cagr
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding, Side
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, judge
from planmodel.words import Phrase, Text

POWERS = (10, 100, 1000, 10000)
"""Factors between two figures that tell of a slip of the unit."""


def versions(facts: Facts) -> Iterator[Finding]:
    """One fact printed twice with figures that no rounding or comparator brings together."""
    for same in _same(facts, definitions=True):
        severities = {pair: judge(lambda a, b: (a, b), pair) for pair in combinations(same, 2)}
        clashing = tuple(dict.fromkeys(s for pair, severity in severities.items() if severity for s in pair))
        if clashing:
            worst = "contradiction" if "contradiction" in severities.values() else "tension"
            figures = [s.amount for s in clashing]
            line = Phrase("audit.versions.line", period=_when(same[0]), figures=figures)
            yield _finding(worst, clashing, line, facts, _reconcile(clashing, facts))


def two_definitions(facts: Facts) -> Iterator[Finding]:
    """One fact by the standard definition and by another: a reader may take them for one."""
    for same in _same(facts, definitions=False):
        plain = [s for s in same if not s.definition]
        other = [s for s in same if s.definition]
        pair = next(
            (pair for pair in product(plain, other) if not pair[0].figure.meets(pair[1].figure)), None
        )
        if pair is not None:
            one, two = (s.amount for s in pair)
            marked = Phrase("audit.two_definitions.other", figure=two, definition=pair[1].definition)
            severity = "tension" if pair[0].world == TARGET else "note"
            line = Phrase("audit.versions.line", period=_when(pair[0]), figures=[one, marked])
            yield _finding(severity, pair, line, facts)


def vintages(facts: Facts) -> Iterator[Finding]:
    """The plan's figure of a past year beside a published one of another vintage."""
    relative, points = (facts.rules["vintage_gap"][key] for key in ("relative", "points"))
    for own in facts.find(world=OUTTURN, measure="value", comparator="eq"):
        room = points if own.indicator.scale == "share" else relative * abs(own.middle)
        others = facts.find(
            own=False, key=own.key, measure="value", last=own.last, world=OUTTURN, comparator="eq"
        )
        far = [
            other
            for other in dict.fromkeys(others)
            if not other.own and abs(other.middle - own.middle) > room and not other.figure.meets(own.figure)
        ]
        if far:
            published = [Phrase("audit.vintages.published", figure=s.amount, vintage=s.vintage) for s in far]
            sentence = Phrase(
                "audit.vintages.line", period=_when(own), printed=own.amount, published=published
            )
            yield _finding("note", (own, *far), sentence, facts)


def _same(facts: Facts, definitions: bool) -> Iterator[list[Statement]]:
    """Yield the statements of each fact that the plan states in more than one way."""
    groups: dict[tuple, dict[tuple, Statement]] = {}
    for s in facts.find():
        what = (s.indicator.id, s.region, s.measure, s.first, s.last, s.world, s.basis)
        key = (*what, s.definition) if definitions else what
        groups.setdefault(key, {}).setdefault((s.text, s.unit, s.comparator, s.definition), s)
    yield from (list(same.values()) for same in groups.values() if len(same) > 1)


def _when(statement: Statement) -> str:
    return statement.period.replace("-", "–")


def _finding(
    severity: str, same: Sequence[Statement], sentence: Text, facts: Facts, reconcile: Text | None = None
) -> Finding:
    first = same[0]
    rate = first.measure in RATES
    scale = 100 if rate else 1
    return facts.finding(
        severity,
        same,
        sentence,
        lead="comma",
        gap=scale * (same[-1].middle - first.middle),
        reconcile=reconcile,
        sides=[
            Side(Phrase("audit.places", places=s.places), s.figure.times(scale), comparator=s.comparator)
            for s in same
        ],
        sides_unit="%" if rate else first.indicator.unit,
    )


def _reconcile(same: tuple[Statement, ...], facts: Facts) -> Text | None:
    """Say which version adds up by an identity of the plan, a power of ten between them, or the growth each asks for."""
    return _fitting(same, facts) or _total_of_years(same) or _power(same) or _growth_asked(same, facts)


def _fitting(same: tuple[Statement, ...], facts: Facts) -> Text | None:
    """The one version that agrees with an identity of the plan."""
    first = same[0]
    for equation in facts.equations:
        keys = [facts.key_of(term) for term in equation.terms]
        if first.measure != "value" or first.key not in keys:
            continue
        at, sides = keys.index(first.key), facts.versions(equation.terms, first.last, first.world)
        fitting = [
            version
            for version in same
            if any(
                judge(equation.against_left, chosen) == ""
                for chosen in product(*sides[:at], (version,), *sides[at + 1 :])
            )
        ]
        if all(sides) and len(fitting) == 1:
            return Phrase("audit.versions.fitting", figure=fitting[0], identity=equation.words())
    return None


def _total_of_years(same: tuple[Statement, ...]) -> Text | None:
    """Of two promised flows the larger may be the total of the plan's years, the smaller the figure of one."""
    if len(same) != 2 or same[0].world != TARGET or same[0].measure != "value":
        return None
    each, total = sorted(same, key=lambda s: s.middle)
    n = each.promise.n_years
    exact = each.middle * n
    yearly = each.indicator.flow == "flow" and each.indicator.scale == "amount" and n > 1
    if not yearly or abs(total.middle - exact) > 1e-6 * exact:
        return None
    return Phrase("audit.versions.total", total=total, each=each, n=n)


def _power(same: tuple[Statement, ...]) -> Text | None:
    """A power of ten between the figures: a slip of the unit."""
    ratio = same[-1].middle / same[0].middle if same[0].middle else 0
    powers = [p for p in POWERS if ratio > 0 and abs(max(ratio, 1 / ratio) / p - 1) < 1e-6]
    return Phrase("audit.versions.power", power=powers[0]) if powers else None


def _growth_asked(same: tuple[Statement, ...], facts: Facts) -> Text | None:
    """The growth from the base that each promised version asks for."""
    first = same[0]
    if first.world != TARGET or first.measure != "value" or first.indicator.scale == "share":
        return None
    bases = facts.bases(first, published=True)
    if not bases or not all(s.positive for s in (bases[0], *same)):
        return None
    base, n = bases[0], first.promise.n_years
    asked = [Phrase("audit.versions.asked", figure=s, growth=cagr(base.middle, s.middle, n)) for s in same]
    return Phrase("audit.versions.from_base", base=base.level(base.middle), asked=asked)

"""One fact in several versions: within the plan, under two definitions, and beside published figures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from planmodel.arithmetic.growth import cagr
from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement, judge
from planmodel.audit.structure import against_left, right_side
from planmodel.audit.texts import LANGS, both, in_words, level, name, shown, shown_unit, side, subject


def versions(facts: Facts) -> Iterator[Finding]:
    """One fact printed twice with figures that no rounding or comparator brings together."""
    for same in _same(facts, definitions=True):
        clashing: dict[Statement, None] = {}
        severities = set()
        for one, two in combinations(same, 2):
            severity = judge(lambda a, b: (a, b), (one, two))
            if severity:
                clashing |= {one: None, two: None}
                severities.add(severity)
        if clashing:
            worst = "contradiction" if "contradiction" in severities else "tension"
            yield _version_finding("versions", worst, tuple(clashing), facts)


def two_definitions(facts: Facts) -> Iterator[Finding]:
    """One fact by the standard definition and by another: a reader may take them for one."""
    for same in _same(facts, definitions=False):
        plain = [s for s in same if not s.definition]
        other = [s for s in same if s.definition]
        pair = next(((a, b) for a, b in product(plain, other) if not a.figure.meets(b.figure)), None)
        if pair is not None:
            severity = "tension" if pair[0].world == TARGET else "note"
            yield _version_finding("two_definitions", severity, pair, facts)


def vintages(facts: Facts) -> Iterator[Finding]:
    """The plan's figure of a past year beside a published one of another vintage."""
    relative, points = (facts.rules["vintage_gap"][key] for key in ("relative", "points"))
    for own in facts.find(world=OUTTURN, measure="value"):
        others = facts.find(
            indicator=own.indicator.id, own=False, region=own.region, definition=own.definition, measure="value",
            last=own.last, world=OUTTURN,
        )  # fmt: skip
        room = points if own.indicator.scale == "share" else relative * abs(own.figure.middle)
        far = [
            other
            for other in others
            if not other.own
            and other.comparator == "eq"
            and abs(other.figure.middle - own.figure.middle) > room
            and not other.figure.meets(own.figure)
        ]
        if far and own.comparator == "eq":
            yield _version_finding("vintages", "note", (own, *dict.fromkeys(far)), facts)


def _same(facts: Facts, definitions: bool) -> Iterator[list[Statement]]:
    """Yield the statements of each fact that the plan states in more than one way."""
    groups: dict[tuple, dict[tuple, Statement]] = {}
    for s in facts.statements:
        if s.own:
            what = (s.indicator.id, s.region, s.measure, s.first, s.last, s.world, s.basis)
            key = (*what, s.definition) if definitions else what
            groups.setdefault(key, {}).setdefault((s.text, s.unit, s.comparator, s.definition), s)
    yield from (list(same.values()) for same in groups.values() if len(same) > 1)


def _version_finding(rule: str, severity: str, same: tuple[Statement, ...], facts: Facts) -> Finding:
    first = same[0]
    words = {lang: [shown_unit(s, facts, lang) for s in same] for lang in LANGS}
    if rule == "two_definitions":
        words = {
            lang: [
                f"{text} ({s.definition})"
                if s.definition and lang == "en"
                else f"{text}（另一口径）"
                if s.definition
                else text
                for text, s in zip(words[lang], same, strict=True)
            ]
            for lang in LANGS
        }
    if rule == "vintages":
        words = {
            lang: [words[lang][0]]
            + [f"{text} ({s.vintage})" for text, s in zip(words[lang][1:], same[1:], strict=True)]
            for lang in LANGS
        }
    when = period(first).replace("-", "–")
    gap = same[-1].figure.middle - first.figure.middle
    rate = first.measure in ("growth", "total")
    verb = (
        ("规划为 {0}，已公布的为 {1}", "the plan prints {0}, published is {1}")
        if rule == "vintages"
        else None
    )
    zh = (
        verb[0].format(words["zh"][0], "、".join(words["zh"][1:]))
        if verb
        else "、".join(words["zh"]) + " 并存"
    )
    en = (
        verb[1].format(words["en"][0], ", ".join(words["en"][1:]))
        if verb
        else " and ".join(words["en"]) + " are both printed"
    )
    return Finding(
        rule,
        severity,
        subject(first, facts),
        period(first),
        same,
        both(f"{name(first, facts, 'zh')}，{when} 年：{zh}", f"{name(first, facts, 'en')}, {when}: {en}"),
        100 * gap if first.measure in ("growth", "total") else gap,
        "pp"
        if first.indicator.scale == "share" or first.measure in ("growth", "total")
        else first.indicator.unit,
        _reconcile(same, facts) if rule == "versions" else {},
        tuple(side(both(s.source, s.source), s.figure, 100 if rate else 1) for s in same),
        "%" if rate else first.indicator.unit,
    )


def _five_times(same: tuple[Statement, ...]) -> tuple[Statement, Statement] | None:
    """Return the smaller and the larger of two promised flows where the larger is the smaller times the plan's years."""
    if len(same) != 2 or same[0].world != TARGET or same[0].measure != "value":
        return None
    each, all_ = sorted(same, key=lambda s: s.figure.middle)
    yearly = each.indicator.flow == "flow" and each.indicator.scale == "amount" and each.target.n_years > 1
    exact = each.figure.middle * each.target.n_years
    return (each, all_) if yearly and abs(all_.figure.middle - exact) <= 1e-6 * exact else None


def _reconcile(same: tuple[Statement, ...], facts: Facts) -> dict[str, str]:
    """Say which version adds up by an identity of the plan, a power of ten between them, or the growth each asks for."""
    first = same[0]
    for line in facts.plan.identities:
        terms = [(t.indicator, t.region or facts.plan.region) for t in line.terms]
        place = (first.indicator.id, first.region)
        if first.measure != "value" or first.definition or place not in terms:
            continue
        at = terms.index(place)
        sides = [facts.values_of(t, first.last, first.world) for t in line.terms]
        right = right_side(line, facts)
        if not all(sides):
            continue
        fitting = []
        for version in same:
            options = [[version] if i == at else side for i, side in enumerate(sides)]
            if any(judge(against_left(right), chosen) == "" for chosen in product(*options)):
                fitting.append(version)
        if len(fitting) == 1:
            return both(
                f"只有 {shown(fitting[0])} 符合“{in_words(line, facts, 'zh')}”",
                f"Only {shown(fitting[0])} agrees with {in_words(line, facts, 'en')}",
            )
    total = _five_times(same)
    if total is not None:
        each, all_ = total
        n = each.target.n_years
        return both(
            f"{shown(all_)} 恰为 {n} 年每年 {shown(each)} 的合计：其一或为累计数",
            f"{shown(all_)} is {n} times {shown(each)}: one may be the total of {n} years, the other a year's figure",
        )
    ratio = same[-1].figure.middle / first.figure.middle if first.figure.middle else 0
    for power in (10, 100, 1000, 10000):
        if ratio > 0 and abs(max(ratio, 1 / ratio) / power - 1) < 1e-6:
            return both(f"相差 {power} 倍：请核对单位", f"A factor of {power} apart: check the unit")
    if first.world == TARGET and first.measure == "value":
        bases = facts.levels(first.key, first.target.base_year, OUTTURN, published=True)
        if (
            bases
            and bases[0].figure.low > 0
            and min(s.figure.low for s in same) > 0
            and first.indicator.scale != "share"
        ):
            n = first.target.n_years
            asked = [
                f"{shown(s)}: {100 * cagr(bases[0].figure.middle, s.figure.middle, n):.2f}%" for s in same
            ]
            return both(
                f"自 {level(bases[0].figure.middle, bases[0], facts)} 起，所需年均增速：" + "；".join(asked),
                f"From {level(bases[0].figure.middle, bases[0], facts)} they ask for, a year: "
                + "; ".join(asked),
            )
    return {}

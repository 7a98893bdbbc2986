"""One fact in several places: in versions, under two definitions, beside published figures, in the text and in its table."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product
from typing import Any

from planmodel.arithmetic.growth import cagr
from planmodel.audit.facts import Facts, in_figures
from planmodel.audit.results import Finding, Side
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, judge
from planmodel.plans import Target
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import grouped
from planmodel.plans.promises import Outturn, rows_of
from planmodel.words import Joined, Phrase, Text

POWERS = (10, 100, 1000, 10000)  # factors between two figures that tell of a slip of the unit


def versions(facts: Facts) -> Iterator[Finding]:
    """One fact printed twice with figures that no rounding or comparator brings together."""
    for same in _same(facts, definitions=True):
        severities = {pair: judge(lambda a, b: (a, b), pair) for pair in combinations(same, 2)}
        clashing = tuple(dict.fromkeys(s for pair, severity in severities.items() if severity for s in pair))
        if clashing:
            worst = "contradiction" if "contradiction" in severities.values() else "tension"
            total = _total(clashing)
            agrees = _fitting(clashing, facts) or total or _explained(clashing, facts)
            worst = "tension" if total else worst  # its own line reconciles it
            yield _finding(worst, clashing, [s.amount for s in clashing], agrees)


def two_definitions(facts: Facts) -> Iterator[Finding]:
    """One fact by the standard definition and by another: a reader may take them for one. What one sentence does to several is one finding."""
    by_sentence: dict[tuple, list[tuple[Statement, Statement]]] = {}
    for same in _same(facts, definitions=False):
        pairs = product([s for s in same if not s.definition], [s for s in same if s.definition])
        for plain, other in pairs:
            if not plain.figure.meets(other.figure):
                sentence = (plain.world, plain.period, str(plain), str(other), other.definition, other.places)
                by_sentence.setdefault(sentence, []).append((plain, other))
                break
    for (plain, other), *more in by_sentence.values():
        severity = "tension" if plain.world == TARGET else "note"
        marked = Phrase("audit.two_definitions.other", figure=other.amount, definition=other.definition)
        line: Text = Phrase("audit.versions.line", period=_when(plain), figures=[plain.amount, marked])
        if more:
            also = Phrase("audit.two_definitions.also", names=[s.name for s, _ in more])
            line = Joined([line, also], "clauses")
        yield _finding(severity, (plain, other, *chain(*more)), sentence=line, n_sides=2)


def vintages(facts: Facts) -> Iterator[Finding]:
    """The plan's figure of a past year beside a published one of another vintage."""
    relative, points = (facts.rules["vintage_gap"][key] for key in ("relative", "points"))
    plain: dict[str, Any] = {"world": OUTTURN, "measure": "value", "comparator": "eq"}
    for own in facts.find(**plain):
        room = points if own.indicator.scale == "share" else relative * abs(own.middle)
        published = facts.find(own=False, key=own.key, last=own.last, **plain)
        others = [s for s in dict.fromkeys(published) if not s.own]
        far = [s for s in others if abs(s.middle - own.middle) > room and not s.figure.meets(own.figure)]
        if far:
            named = ((s.amount, Phrase(f"terms.vintages.{s.vintage}")) for s in far)
            each = [Phrase("audit.vintages.published", figure=of, vintage=vintage) for of, vintage in named]
            fields = {"period": _when(own), "printed": own.amount, "published": each}
            yield _finding("note", (own, *far), sentence=Phrase("audit.vintages.line", **fields))


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
    severity: str,
    same: Sequence[Statement],
    figures: Sequence[object] = (),
    agrees: Text | None = None,
    sentence: Text | None = None,
    n_sides: int | None = None,
) -> Finding:
    """The figures of one fact side by side; the sentence says that all are printed, where it is not another."""
    first, rate = same[0], same[0].measure in RATES
    scale = 100 if rate else 1
    sides = [
        Side(Phrase("audit.places", places=s.places), s.figure.times(scale), comparator=s.comparator)
        for s in same[:n_sides]
    ]
    return Finding(
        severity, same, sentence or Phrase("audit.versions.line", period=_when(first), figures=figures), lead="comma",
        gap=scale * (same[:n_sides][-1].middle - first.middle), reconcile=agrees or {}, sides=tuple(sides),
        sides_unit="%" if rate else first.indicator.unit,
    )  # fmt: skip


def _fitting(same: tuple[Statement, ...], facts: Facts) -> Text | None:
    """The one version that agrees with an identity of the plan."""
    first = same[0]
    for equation in facts.equations_of.get(first.key, ()) if first.measure == "value" else ():
        at, sides = equation.keys.index(first.key), facts.versions(equation.keys, first.last, first.world)

        def fits(version: Statement, equation=equation, at=at, sides=sides) -> bool:
            chosen = product(*sides[:at], (version,), *sides[at + 1 :])
            return any(judge(equation.sides, each) == "" for each in chosen)

        fitting = [version for version in same if fits(version)]
        if all(sides) and len(fitting) == 1:
            return Phrase("audit.versions.fitting", figure=fitting[0], identity=in_figures(equation))
    return None


def _total(same: tuple[Statement, ...]) -> Text | None:
    """The total of years beside the figure of one."""
    first = same[0]
    flow = first.indicator.flow == "flow" and first.indicator.scale == "amount"
    if first.world == TARGET and first.measure == "value" and len(same) == 2 and flow:
        each, total = sorted(same, key=lambda s: s.middle)
        n = each.promise.n_years
        if n > 1 and abs(total.middle - each.middle * n) <= 1e-6 * each.middle * n:
            return Phrase("audit.versions.total", total=total, each=each, n=n)
    return None


def _explained(same: tuple[Statement, ...], facts: Facts) -> Text | None:
    """A slip of the unit, or the growth that each promised version asks for."""
    first, goals = same[0], same[0].world == TARGET and same[0].measure == "value"
    ratio = same[-1].middle / first.middle if first.middle else 0
    powers = [p for p in POWERS if ratio > 0 and abs(max(ratio, 1 / ratio) / p - 1) < 1e-6]
    if powers:
        return Phrase("audit.versions.power", power=powers[0])
    bases = facts.bases(first, published=True) if goals and first.indicator.scale != "share" else ()
    if not bases or not all(s.positive for s in (bases[0], *same)):
        return None
    base, n = bases[0], first.promise.n_years
    asked = [Phrase("audit.versions.asked", figure=s, growth=cagr(base.middle, s.middle, n)) for s in same]
    return Phrase("audit.versions.from_base", base=base.level(base.middle), asked=asked)


def own_review(facts: Facts) -> Iterator[Finding]:
    """Rows that the text calls met or missed, where the table says otherwise or says nothing."""
    for claim in facts.plan.claims:
        for number, row in rows_of(facts.plan, claim.table).items():
            claimed, met, target = row.said, row.met, row.outturns[0].target
            if claimed is None or met == claimed or claimed is False and met is None:
                continue
            statements = [s for outturn in row.outturns for s in facts.by_target.get(outturn.target.id, ())]
            severity, by_table = "contradiction", Phrase("audit.own_review.missed")
            if met is None:
                severity, by_table = "note", Phrase("audit.own_review.unknown")
            elif not claimed:
                by_table = Phrase("audit.own_review.met")
            elif any(outturn.met for outturn in row.outturns):
                short = sum(outturn.met is False for outturn in row.outturns)
                severity, by_table = "tension", Phrase("audit.own_review.partly", short=short)
            said = Phrase(f"audit.own_review.{'said_met' if claimed else 'said_missed'}")
            parts = [_target_and_outturn(outturn) for outturn in row.outturns]
            fields = {"place": claim.source, "parts": parts, "said": said, "by_table": by_table}
            line = Phrase("audit.own_review.line", **fields)
            about = statements or facts.find(indicator=target.indicator.id, region=target.region)[:1]
            period = f"{claim.table}-{number}"
            yield Finding(severity, about, line, lead="colon", of=target.indicator, period=period)


def _target_and_outturn(outturn: Outturn) -> Phrase:
    points, percent = kind_of(outturn.target).change, outturn.target.unit == "%"

    def shown(text: str) -> Phrase | str:
        if points and percent:
            return Phrase("columns.points", figure=text)
        return f"{text}%" if percent else text

    end = "–" if outturn.value is None else shown(f"{outturn.value:g}")
    return Phrase("audit.own_review.part", target=shown(outturn.target.target_digits), outturn=end)


def outturn_elsewhere(facts: Facts) -> Iterator[Finding]:
    """A blank outturn in the review of earlier targets, though the plan prints the figure elsewhere."""
    for table in sorted({t.table for t in facts.plan.targets if t.target_year <= facts.plan.base_year}):
        for row in rows_of(facts.plan, table).values():
            target = next(
                (outturn.target for outturn in row.outturns if kind_of(outturn.target).is_level), None
            )
            if target is None or any(outturn.observation is not None for outturn in row.outturns):
                continue
            goals = facts.levels(_key(target), target.target_year, TARGET)
            seen = _elsewhere(target, target.target_year, facts)
            if seen is None or not goals:
                continue
            goal, gap = goals[0], seen.middle - goals[0].middle
            of: dict[str, Any] = {"indicator": goal.indicator.id, "region": goal.region, "last": goal.last}
            changes = facts.find(**of, measure="change", world=TARGET)
            severity, line = "note", Phrase("audit.outturn_elsewhere.line", target=goal, figure=seen)
            if changes and abs(gap) > (planned := abs(changes[0].middle)):
                far = Phrase("audit.outturn_elsewhere.far", target=goal, figure=seen, planned=f"{planned:g}")
                severity, line = "tension", far
            yield Finding(severity, (goal, seen), line, gap=gap)


def base_elsewhere(facts: Facts) -> Iterator[Finding]:
    """A blank base in a table of targets, though the plan prints the figure elsewhere."""
    targets = facts.plan.targets
    based = {t.table for t in targets if t.base_value is not None and t.table != "text"}
    printed = {(t.table, t.indicator.id) for t in targets if t.base_printed}
    ahead = [t for t in targets if t.table in based and t.target_year > facts.plan.base_year]
    for row in grouped(ahead, lambda target: (target.table, target.number)).values():
        level = next((t for t in row if kind_of(t).is_level), None)
        if level is None or any(t.base_printed for t in row) or (level.table, level.indicator.id) in printed:
            continue
        seen = _elsewhere(level, level.base_year, facts)
        if seen is not None:
            line = Phrase("audit.base_elsewhere.line", target=level, figure=seen)
            agrees, period = Phrase("audit.base_elsewhere.agrees"), str(level.base_year)
            yield Finding("note", (seen,), line, lead="colon", period=period, reconcile=agrees)


def _key(target: Target) -> tuple[str, str, str]:
    return target.indicator.id, target.region, target.definition


def _elsewhere(target: Target, year: int, facts: Facts) -> Statement | None:
    """Return the level that the plan prints outside a row, of the year or the one before."""
    levels = [*facts.levels(_key(target), year, OUTTURN), *facts.levels(_key(target), year - 1, OUTTURN)]
    return next((s for s in levels if target.source not in s.places), None)

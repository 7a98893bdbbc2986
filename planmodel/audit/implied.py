"""What a plan implies without printing it: bases, wholes, and figures for blank and masked targets."""

from __future__ import annotations

from dataclasses import replace

from planmodel.arithmetic.intervals import Interval, compound
from planmodel.audit.findings import Implied
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement
from planmodel.audit.structure import right_side, whole_of
from planmodel.audit.texts import both, level, shown, shown_unit, years
from planmodel.errors import UndefinedGrowth
from planmodel.plans.identities import Identity
from planmodel.plans.series import REAL

ROUNDS = 3
"""How many steps of inference are taken: growth gives a level, a level a whole, a whole another share."""


def implied(facts: Facts) -> tuple[Implied, ...]:
    """Return the levels that the plan implies for its base year and end, blank and masked rows first.

    By a stated growth from the base (or back from the target), and by the plan's identities; what is printed is left
    out. Real growth gives no nominal level.
    """
    known: dict[tuple[str, str, int, str], Statement] = {}
    made: dict[tuple[str, str, int, str], tuple[Statement, dict]] = {}
    years_ = ((facts.plan.base_year, OUTTURN), (facts.plan.period[1], TARGET))
    for s in sorted(facts.statements, key=lambda s: s.floor):
        level = s.measure == "value" and not s.definition and (s.last, s.world) in years_
        if level and (s.own or (s.world == OUTTURN and s.comparator == "eq")):
            known.setdefault((s.indicator.id, s.region, s.last, s.world), s)
    for key, found in _from_next_year(facts).items():
        if key not in known:
            known[key] = found[0]
            made[key] = found
    for _ in range(ROUNDS):
        fresh = {**_by_growth(facts, known), **_by_identities(facts, known, years_)}
        fresh = {key: found for key, found in fresh.items() if key not in known}
        if not fresh:
            break
        for key, (statement, formula) in fresh.items():
            known[key] = statement
            made[key] = (statement, formula)
    blank: dict[tuple[str, str, int, str], list[str]] = {}
    for target in facts.plan.targets:
        if target.status in ("missing", "masked") and target.kind == "level" and not target.definition:
            key = (target.indicator.id, target.region, target.target_year, TARGET)
            blank.setdefault(key, []).append(target.id)
    promised = {target.indicator.id for target in facts.plan.targets}
    found = [
        Implied(
            s.indicator.id, s.region, s.last, s.world, s.figure, s.unit, formula, tuple(blank.get(key, ()))
        )
        for key, (s, formula) in made.items()
        if facts.plan.region in (s.region, facts.catalogue.regions[s.region].parent)
        and (s.world == TARGET or s.indicator.id in promised)
    ]
    return tuple(sorted(found, key=lambda i: (not i.targets, i.world == OUTTURN)))


def levels_by_identities(facts: Facts, year: int) -> dict[tuple[str, str], Statement]:
    """Return the levels of a past year that the plan does not print but that its identities give from what it prints."""
    known = {
        (s.indicator.id, s.region, year, OUTTURN): s
        for s in facts.find(measure="value", last=year, world=OUTTURN, definition="", comparator="eq")
    }
    made: dict[tuple[str, str], Statement] = {}
    for _ in range(ROUNDS):
        fresh = {
            k: v[0] for k, v in _by_identities(facts, known, ((year, OUTTURN),)).items() if k not in known
        }
        if not fresh:
            break
        known |= fresh
        made |= {key[:2]: statement for key, statement in fresh.items()}
    return made


def level_by_identity(goal: Statement, year: int, world: str, facts: Facts) -> Statement | None:
    """Return a level that an identity gives where none is printed; published figures of other regions count."""
    for line in facts.plan.identities:
        if (line.left.indicator, line.left.region or facts.plan.region) != (goal.indicator.id, goal.region):
            continue
        sides = [
            facts.levels((t.indicator, t.region or facts.plan.region, ""), year, world, published=True)
            for t in line.parts
        ]
        if all(sides):
            parts = [side[0] for side in sides]
            figure = right_side(line, facts)(*(part.figure for part in parts))
            unit = goal.unit
            text = level(figure.middle, goal, facts).rstrip("%")
            published = all(part.own for part in parts)
            return replace(
                goal, figure=figure, text=text, unit=unit, first=year, last=year, world=world, comparator="eq",
                vintage="plan" if published else "computed", source="; ".join(part.source for part in parts), target=None,
            )  # fmt: skip
    return None


def _by_growth(facts: Facts, known) -> dict:
    found = {}
    base_year, end = facts.plan.base_year, facts.plan.period[1]
    for rate in facts.find(world=TARGET):
        if rate.measure not in ("growth", "multiple", "change") or rate.definition or rate.last != end:
            continue
        if rate.basis in REAL and rate.indicator.price_basis == "nominal" or rate.first != base_year + 1:
            continue
        here = (rate.indicator.id, rate.region, base_year, OUTTURN)
        there = (rate.indicator.id, rate.region, end, TARGET)
        base, goal = known.get(here), known.get(there)
        here, there = (
            (rate.indicator.id, rate.region, base_year, OUTTURN),
            (
                rate.indicator.id,
                rate.region,
                end,
                TARGET,
            ),
        )
        if base is not None and goal is None:
            figure = _grown(base.figure, rate, 1)
            found[there] = _made(base, end, TARGET, figure, facts, rate, base)
        elif goal is not None and base is None:
            found[here] = _made(goal, base_year, OUTTURN, _grown(goal.figure, rate, -1), facts, rate, goal)
    return found


def _from_next_year(facts: Facts) -> dict:
    """Base-year levels from published levels and nominal growth of the year after."""
    found = {}
    year = facts.plan.base_year + 1
    for rate in facts.find(own=False, world=OUTTURN, measure="growth", first=year, last=year):
        if rate.definition or rate.basis in REAL and rate.indicator.price_basis == "nominal":
            continue
        for end in facts.levels(rate.key, year, OUTTURN, published=True)[:1]:
            if end.figure.low > 0:
                figure = compound(end.figure, rate.figure, -1)
                found[rate.indicator.id, rate.region, year - 1, OUTTURN] = _made(
                    end, year - 1, OUTTURN, figure, facts, rate, end
                )
    return found


def _grown(start: Interval, rate: Statement, way: int) -> Interval:
    if rate.measure == "change":
        return start + rate.figure if way > 0 else start - rate.figure
    if rate.measure == "multiple":
        return start * rate.figure if way > 0 else start / rate.figure
    return compound(start, rate.figure, way * rate.n_years)


def _by_identities(facts: Facts, known, years_) -> dict:
    found = {}
    for line in facts.plan.identities:
        for year, world in years_:
            keys = [(t.indicator, t.region or facts.plan.region, year, world) for t in line.terms]
            have = [known.get(key) for key in keys]
            missing = [i for i, statement in enumerate(have) if statement is None]
            if len(missing) != 1:
                continue
            try:
                given = _solve(line, missing[0], have, facts)
            except UndefinedGrowth:  # a figure of zero
                continue
            if given is not None:
                indicator = facts.catalogue.indicators[keys[missing[0]][0]]
                model = replace(
                    next(s for s in have if s is not None),
                    indicator=indicator, region=keys[missing[0]][1], unit=indicator.unit, comparator="eq",
                )  # fmt: skip
                statement = replace(
                    model, figure=given, text=f"{given.middle:.4g}", target=None, vintage="implied", spare=0.0
                )
                statement = replace(statement, source="; ".join(s.source for s in have if s is not None))
                found.setdefault(keys[missing[0]], (statement, _formula(line, have, facts)))
    return found


def _formula(line: Identity, have, facts: Facts) -> dict[str, str]:
    """Write an identity with the names of its terms, and the figures of those that are known."""
    texts = {}
    for lang in ("zh", "en"):
        terms = [
            facts.catalogue.indicators[term.indicator].name(lang) + (f" {shown(s)}" if s is not None else "")
            for term, s in zip(line.terms, have, strict=True)
        ]
        texts[lang] = f"{terms[0]} = {(' / ' if line.ratio else ' + ').join(terms[1:])}"
    return texts


def _solve(line: Identity, missing: int, have, facts: Facts) -> Interval | None:
    """Return the missing term of an identity, None where it has no meaning."""
    figures = [s.figure if s is not None else None for s in have]
    if missing == 0:
        return right_side(line, facts)(*figures[1:])
    if line.ratio:
        if missing == 2:
            return whole_of(line, facts)(figures[0], figures[1]) if figures[0].low > 0 else None
        unit = whole_of(line, facts)(Interval(1.0, 1.0), Interval(1.0, 1.0)).middle
        return (figures[0] * figures[2]).times(1 / unit)
    rest = [figure for i, figure in enumerate(figures) if i not in (0, missing)]
    total = figures[0]
    left = Interval(total.low - sum(f.high for f in rest), total.high - sum(f.low for f in rest))
    same = len({facts.catalogue.indicators[t.indicator].unit for t in line.terms}) == 1
    return left if same and left.low > 0 else None


def _made(
    model: Statement, year: int, world: str, figure: Interval, facts: Facts, rate: Statement, start: Statement
):
    statement = replace(
        model, figure=figure, text=f"{figure.middle:.4g}", unit=model.indicator.unit, first=year, last=year,
        world=world, comparator="eq", target=None, vintage="implied", spare=0.0,
    )  # fmt: skip
    n = rate.n_years
    step, word = shown(rate), "年均" if rate.measure == "growth" else ""
    return statement, both(
        f"{start.last} 年 {shown_unit(start, facts, 'zh')}，{n} 年{word} {step}",
        f"{shown_unit(start, facts, 'en')} in {start.last}, {step}{' a year' if word == '年均' else ''} in {years(n, 'en')}",
    )

"""What a plan implies without printing it: bases, wholes, and figures for blank and masked targets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from planmodel.audit.facts import Facts, in_figures
from planmodel.audit.results import Implied
from planmodel.audit.statements import OUTTURN, TARGET, Statement, years
from planmodel.plans.catalogue import REAL
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import grouped, once
from planmodel.words import Phrase, Text

ROUNDS = 3
"""How many steps of inference are taken: growth gives a level, a level a whole, a whole another share."""
Key = tuple[str, str, int, str]  # indicator, region, year, world
Inferred = dict[Key, tuple[Statement, Phrase]]
"""Levels that are not printed, each with the formula it comes from."""


def implied(facts: Facts) -> tuple[Implied, ...]:
    """Return the levels that the plan implies for its base year and end, blank and masked rows first.

    By a stated growth from the base (or back from the target), and by the plan's identities; what is printed is left
    out. Real growth gives no nominal level.
    """
    plan = facts.plan
    ends = ((plan.base_year, OUTTURN), (plan.period[1], TARGET))
    known: dict[Key, Statement] = {}
    for s in sorted(facts.statements, key=lambda s: s.floor):
        plain = s.measure == "value" and not s.definition and (s.last, s.world) in ends
        if plain and (s.own or (s.world == OUTTURN and s.comparator == "eq")):
            known.setdefault(_key(s), s)
    inferred = {key: own for key, own in _from_next_year(facts) if key not in known}
    known |= {key: statement for key, (statement, _) in inferred.items()}
    for _ in range(ROUNDS):
        fresh = dict(_by_growth(facts, known)) | _by_identities(facts, known, ends)
        known |= {key: statement for key, (statement, _) in fresh.items()}
        inferred |= fresh
    empty = [
        t
        for t in plan.targets
        if t.status in ("missing", "masked") and kind_of(t).is_level and not t.definition
    ]
    blank = grouped(empty, lambda t: (t.indicator.id, t.region, t.target_year, TARGET))
    promised = {target.indicator.id for target in plan.targets}
    figures = [
        Implied(
            *key,
            figure=s.figure,
            unit=s.unit,
            formula=formula,
            targets=tuple(t.id for t in blank.get(key, ())),
        )
        for key, (s, formula) in inferred.items()
        if plan.region in (s.region, facts.catalogue.regions[s.region].parent)
        and (s.world == TARGET or s.indicator.id in promised)
    ]
    return tuple(sorted(figures, key=lambda figure: (not figure.targets, figure.world == OUTTURN)))


@once
def levels_by_identities(facts: Facts, year: int) -> dict[tuple[str, str], Statement]:
    """Return the levels of a past year that the plan does not print but that its identities give from what it prints."""
    printed = facts.find(measure="value", last=year, world=OUTTURN, definition="", comparator="eq")
    known = {_key(s): s for s in printed}
    inferred: dict[tuple[str, str], Statement] = {}
    for _ in range(ROUNDS):
        fresh = {key: s for key, (s, _) in _by_identities(facts, known, ((year, OUTTURN),)).items()}
        known |= fresh
        inferred |= {key[:2]: s for key, s in fresh.items()}
    return inferred


def level_by_identity(goal: Statement, facts: Facts) -> Statement | None:
    """Return the base of a target by an identity where none is printed; published figures of other regions count."""
    year = goal.promise.base_year
    for equation in facts.equations_of.get((*goal.key[:2], ""), ()):
        if equation.keys[0][:2] != goal.key[:2]:
            continue
        sides = facts.versions(equation.keys[1:], year, OUTTURN, published=True)
        if all(sides):
            parts = [side[0] for side in sides]
            figure = equation.solve(0, *(part.figure for part in parts))
            vintage = "plan" if all(part.own for part in parts) else "computed"
            text = goal.level(figure.middle).rstrip("%")
            made = goal.computed(figure, year, OUTTURN, _places(parts))
            return replace(made, text=text, unit=goal.unit, vintage=vintage)
    return None


def _key(statement: Statement) -> Key:
    return statement.indicator.id, statement.region, statement.last, statement.world


def _places(statements: Iterable[Statement]) -> tuple[str | Text, ...]:
    return tuple(place for statement in statements for place in statement.places)


def _by_growth(
    facts: Facts, known: Mapping[Key, Statement]
) -> Iterator[tuple[Key, tuple[Statement, Phrase]]]:
    """Ends from bases, and bases from ends, by the growth, multiple or change that is promised between them."""
    base_year, end_year = facts.plan.base_year, facts.plan.period[1]
    for rate in facts.find(world=TARGET, first=base_year + 1, last=end_year, definition=""):
        if rate.measure not in ("growth", "multiple", "change") or _real_only(rate):
            continue
        ends = ((base_year, OUTTURN), (end_year, TARGET))
        base, end = (known.get((rate.indicator.id, rate.region, *when)) for when in ends)
        if base and not end:
            yield _grown(base.computed(rate.after(base.figure), *ends[1]), rate, base)
        elif end and not base:
            yield _grown(end.computed(rate.before(end.figure), *ends[0]), rate, end)


def _from_next_year(facts: Facts) -> Iterator[tuple[Key, tuple[Statement, Phrase]]]:
    """Base-year levels from published levels and nominal growth of the year after."""
    year = facts.plan.base_year + 1
    for rate in facts.find(own=False, world=OUTTURN, measure="growth", first=year, last=year, definition=""):
        for end in facts.levels(rate.key, year, OUTTURN, published=True)[:1]:
            if end.positive and not _real_only(rate):
                yield _grown(end.computed(rate.before(end.figure), year - 1), rate, end)


def _real_only(rate: Statement) -> bool:
    return rate.basis in REAL and rate.indicator.price_basis == "nominal"


def _grown(made: Statement, rate: Statement, start: Statement) -> tuple[Key, tuple[Statement, Phrase]]:
    """A level with its formula: where it starts and how it moves."""
    key = "audit.implied.a_year" if rate.measure == "growth" else "audit.implied.in_all"
    step = Phrase("audit.times", figure=rate) if rate.measure == "multiple" else rate
    formula = Phrase(key, start=start.amount, year=start.last, years=years(rate.n_years), step=step)
    return _key(made), (made, formula)


def _by_identities(facts: Facts, known: Mapping[Key, Statement], ends: Iterable[tuple[int, str]]) -> Inferred:
    """The one term of an identity that is not known in a year."""
    inferred: Inferred = {}
    for equation in facts.equations:
        for year, world in ends:
            keys = [(indicator, region, year, world) for indicator, region, _ in equation.keys]
            terms = [known.get(key) for key in keys]
            printed = [s for s in terms if s is not None]
            at = next((at for at, s in enumerate(terms) if s is None), -1)
            if len(terms) - len(printed) != 1 or keys[at] in inferred:
                continue
            if equation.ratio and at == 2 and not printed[0].positive:
                continue
            figure = equation.follows(at, [s.figure for s in printed])
            if figure is not None:
                made = replace(printed[0], indicator=equation.indicators[at], region=keys[at][1])
                made = made.computed(figure, year, world, _places(printed))
                inferred[keys[at]] = made, in_figures(equation, terms)
    return inferred

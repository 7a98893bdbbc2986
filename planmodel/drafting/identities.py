"""Identities kept to the last digit: which drafted levels are chosen, and which follow from them."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from planmodel.plans.model import Identity, Plan, Target

Term = tuple[str, str]  # an indicator in a region
Following = tuple[Identity, list[Term], Term]
"""An identity, its terms, and the one that follows from the others."""
DIGITS = 3  # significant digits of a ratio of two figures that are not moved
Rank = Callable[[Target], float]  # how much a row wants to be chosen rather than to follow


def levels_of(targets: Iterable[Target], year: int) -> dict[Term, Target]:
    """Return the levels, and floors, promised for a year by what an identity may call them; the first row of several."""
    by_term: dict[Term, Target] = {}
    for target in targets:
        if target.kind in ("level", "keep") and target.target_year == year and not target.definition:
            by_term.setdefault((target.indicator.id, target.region), target)
    return by_term


def settled(
    plan: Plan, levels: Mapping[Term, Target], values: Mapping[str, float], fixed: Iterable[str], rank: Rank
) -> dict[str, float]:
    """Return values by target id in which the plan's identities hold exactly, and which of them follow.

    values: by target id, in the row's unit. A sum gives any of its terms, a ratio its upper term (share x whole), so that
    no figure needs endless digits; where that is fixed, or the ratio a mere
    floor, it gives the ratio, to DIGITS. fixed: rows that are not moved.
    rank: rows of the lowest rank follow. An identity with a term that has no row, or with no row left to follow, stays as
    it is.
    """
    ties = [(identity, terms_of(plan, identity)) for identity in plan.identities]
    ties = [(identity, terms) for identity, terms in ties if all(term in levels for term in terms)]
    kept = set(fixed)
    choices = [
        [term for term in _may_follow(identity, terms, levels) if levels[term].id not in kept]
        for identity, terms in ties
    ]
    wholes = {terms[2] for identity, terms in ties if identity.ratio}
    size = {term: abs(float(values[row.id])) * float(_factor(plan, row)) for term, row in levels.items()}
    follows: list[Following] = []
    sums_first = sorted(range(len(ties)), key=lambda one: ties[one][0].ratio)
    for at in sums_first:  # a share can give way to its part
        identity, choice = ties[at][0], choices[at]
        if not identity.ratio:  # the whole, or the largest part where shares are of the whole
            choice = sorted(choice, key=lambda one: (rank(levels[one]), one in wholes, -size[one]))
        for term in choice:
            tried = _in_order([*follows, (*ties[at], term)])
            if tried is not None:
                follows = tried
                break
    amounts = {term: Decimal(repr(values[row.id])) * _factor(plan, row) for term, row in levels.items()}
    made = {}
    for identity, terms, term in follows:
        amounts[term] = _follows(identity, [amounts[one] for one in terms], terms.index(term))
        if identity.ratio and term == terms[0]:
            amounts[term] = Decimal(f"{amounts[term]:.{DIGITS}g}")
        made[levels[term].id] = float(amounts[term] / _factor(plan, levels[term]))
    return made


def terms_of(plan: Plan, identity: Identity) -> list[Term]:
    """Return the terms of an identity, each with its region."""
    return [(term.indicator, term.region or plan.region) for term in identity.terms]


def _factor(plan: Plan, target: Target) -> Decimal:
    unit = plan.catalogue.units[target.unit]
    return Decimal(repr(unit.factor)) / (100 if unit.dimension == "percent" else 1)


def _may_follow(identity: Identity, terms: list[Term], levels: Mapping[Term, Target]) -> list[Term]:
    if not identity.ratio:
        return terms
    return terms[:2] if levels[terms[0]].kind == "keep" else terms[1::-1]


def _follows(identity: Identity, amounts: list[Decimal], at: int) -> Decimal:
    if identity.ratio:
        return amounts[0] * amounts[2] if at == 1 else amounts[1] / amounts[2]
    return sum(amounts[1:], Decimal(0)) if at == 0 else amounts[0] - (sum(amounts[1:]) - amounts[at])


def _in_order(follows: list[Following]) -> list[Following] | None:
    """The identities in an order in which each term follows from what is known by then; None where there is none."""
    by_term = {one[2]: one for one in follows}
    if len(by_term) < len(follows):
        return None
    needs = {term: by_term.keys() & (set(terms) - {term}) for term, (_, terms, _) in by_term.items()}
    try:
        return [by_term[term] for term in TopologicalSorter(needs).static_order()]
    except CycleError:
        return None

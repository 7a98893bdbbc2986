"""What stands beside a drafted target: the earlier plan's target and its outturn, a higher level's, and other plans'."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility.quantities import base_of, history_of
from planmodel.files.reading import shipped
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import Required, kind_of, required
from planmodel.plans.loading import sound_plans
from planmodel.plans.promises import Outturn, outturn, promises
from planmodel.plans.scenarios import Scenario
from planmodel.plans.unprinted import with_parent


@dataclass(frozen=True)
class Promised:
    """A target of a plan, and what it asks for a year; None where that cannot be said."""

    plan: Plan
    target: Target
    asks: Required | None


@dataclass(frozen=True)
class Beside:
    """Of one drafted target. earlier: the last target of the region for a year that has passed, with what became of it.

    parent: what the nearest higher level promises, or sets, for the same year. others: what plans of other regions ask of
    the same indicator in the same measure, each plan's first.
    """

    earlier: Promised | None = None
    outturn: Outturn | None = None
    parent: Promised | None = None
    others: tuple[Promised, ...] = ()


def announced_record(plan: Plan, target: Target) -> tuple[Mapping, ...]:
    """Return how many growth targets that a country's regions announced for one year were reached, by span of years.

    Only for one year's growth of the indicator that the record is of (announced.json); nothing for other targets.
    """
    record = shipped("announced")
    alike = target.n_years == 1 and kind_of(target).growth and target.indicator.id == record["indicator"]
    here = plan.catalogue.country_of(target.region) == record["country"]
    return tuple(record["spans"]) if alike and here else ()


def siblings_of(plan: Plan) -> tuple[Plan, ...]:
    """Return the other plans of the same data folder; one that cannot be read is left out (`planmodel check` says why)."""
    plans, _ = sound_plans(plan.folder.parent.parent)
    return tuple(other for other in plans if other.name != plan.name)


def beside(plan: Plan, target: Target, siblings: Sequence[Plan], scenario: Scenario) -> Beside:
    """Return what stands beside a target of a plan.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> facts = beside(plan, plan.target("T2/1/1"), siblings_of(plan), load_scenario("baseline"))
    >>> facts.earlier.target.target_printed, facts.earlier.target.target_year, facts.outturn.met
    ('2700', 2020, False)
    """
    same = list(_promised((plan, *siblings), target, scenario))
    past = [
        one for one in same
        if one.target.region == target.region and one.target.target_year <= plan.base_year
    ]  # fmt: skip
    past.sort(key=lambda one: (one.target.kind != target.kind, -one.target.target_year))
    earlier = past[0] if past else None
    others: dict[str, Promised] = {}
    for one in same:
        elsewhere = one.plan is not plan and one.target.region != target.region
        if elsewhere and one.asks is not None and one.target.target_year > one.plan.base_year:
            others.setdefault(one.plan.name, one)
    became = None if earlier is None else outturn(earlier.plan, earlier.target)
    return Beside(earlier, became, _parent(plan, target, same), tuple(others.values()))


def _alike(one: Target, other: Target) -> bool:
    """True where both speak of one indicator by one definition and figure: as a rate at the same prices, or as a level."""
    same = (one.indicator.id, one.definition) == (other.indicator.id, other.definition)
    if kind_of(one).growth or kind_of(other).growth:
        return same and one.price_basis == other.price_basis and kind_of(one).growth == kind_of(other).growth
    return same and kind_of(one).flow == kind_of(other).flow


def _promised(plans: Sequence[Plan], like: Target, scenario: Scenario) -> Iterator[Promised]:
    for plan in plans:
        for target in promises(t for t in plan.targets if t.target_value is not None and _alike(t, like)):
            yield Promised(plan, target, _asks(plan, target, scenario))


def _asks(plan: Plan, target: Target, scenario: Scenario) -> Required | None:
    history, _ = history_of(plan, target, scenario)
    try:
        return required(target, base_of(target, history, plan)[0])
    except (NotAssessable, UndefinedGrowth):
        return None


def _parent(plan: Plan, target: Target, same: Sequence[Promised]) -> Promised | None:
    set_above, note = with_parent(plan, target)
    if note is not None:
        return Promised(plan, set_above, None)
    wanted = [(region, target.target_year) for region in plan.catalogue.above(target.region)]
    known = {(one.target.region, one.target.target_year): one for one in reversed(same)}
    return next((known[key] for key in wanted if key in known), None)

"""The audit: a plan checked against itself, by small rules in one registry; docs/rules/ has a page for each.

To read, from the bottom: statements (a figure and what its print allows), results, facts (all statements of a plan), implied; the
rules: structure, versions, observed, rates, bases, reach; whatif (other figures).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from planmodel.arguments import checked
from planmodel.audit import bases, observed, rates, reach, structure, versions
from planmodel.audit.facts import Facts, facts_of
from planmodel.audit.implied import implied
from planmodel.audit.results import CHANGES, SEVERITIES, Audit, Comparison, Finding, Side, Unheard
from planmodel.audit.statements import OUTTURN, Statement, disagreement, judge
from planmodel.audit.whatif import change_figures, changes_in
from planmodel.errors import PlanmodelError
from planmodel.plans import Plan
from planmodel.plans.loading import neighbours
from planmodel.plans.series import UNPUBLISHED
from planmodel.words import LANGS

Heard = TypeVar("Heard")
Rule = Callable[[Facts], Iterator[Finding]]
RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        versions.versions, rates.stated_growth, rates.past_growth, structure.identity, structure.sectors, structure.shared_whole,
        structure.part_exceeds, structure.cumulative, versions.own_review, bases.floor_above_base, rates.deflator,
        structure.empty_rest, structure.falling_denominator, bases.met_at_base, bases.reached_before, reach.parent_region,
        reach.beyond_record, reach.as_fraction, reach.leap, structure.peak_between, bases.scale_slip, versions.outturn_elsewhere,
        versions.base_elsewhere, versions.two_definitions, bases.definition_break, bases.unit_of_row,
        structure.implied_whole, versions.vintages, observed.outturn_bounds, observed.outturn_jump, observed.one_vintage,
        observed.outturn_early, observed.beyond_size, rates.two_horizons, structure.crowded_whole,
    )
}  # fmt: skip
"""The rules by name. The name is the first part of a finding's id; their order is that of findings of one severity."""
DOUBTS = ("outturn_bounds", "outturn_jump", "one_vintage", "beyond_size")
"""Rules by which a measured figure is doubted by itself, whatever the day is."""


@checked
def audit(
    plan: Plan,
    siblings: Mapping[str, Plan] | None = None,
    rules: Mapping[str, Rule] = RULES,
    indicators: tuple[str, ...] = (),
) -> Audit:
    """Return all findings of a plan, worst first, those the plan accepts last, and the figures it implies.

    siblings: other plans, for targets of a part beside its parent's (default: those of the same data folder).
    rules: functions of Facts by name; one that fails costs only itself and is named in `unheard`. indicators: ids of those
    whose findings and figures are kept (default: all).

    >>> from planmodel import load_plan
    >>> result = audit(load_plan("jiaojiang-commerce-14fyp"))
    >>> next(f for f in result.findings if f.id == "past_growth/trade/2016-2020").arithmetic["en"]
    '151.45 → 164.80 in five years is 1.70% a year, 2.58% is printed'
    """
    facts = facts_of(plan, neighbours(plan) if siblings is None else siblings)
    findings: dict[tuple, Finding] = {}
    unheard: list[Unheard] = []

    def heard(name: str, look: Callable[[Facts], Iterable[Heard]]) -> list[Heard]:
        """What one look at the plan finds; where it fails, why."""
        try:
            return list(look(facts))
        except Exception as error:  # noqa: BLE001  whatever ails one rule, the others are heard
            why = dict.fromkeys(LANGS, f"{type(error).__name__}: {error}")
            unheard.append(Unheard(name, error.reason if isinstance(error, PlanmodelError) else why))
            return []

    for name, rule in rules.items():
        for found in heard(name, rule):
            finding = replace(found, rule=name)
            accepted = replace(finding, accepted=plan.accepted.get(finding.id, ""))
            findings.setdefault((finding.id, finding.arithmetic["en"]), accepted)
    figures, deflators = heard("implied", implied), heard("implied_deflators", rates.implied_deflators)
    known = sorted(findings.values(), key=lambda f: (bool(f.accepted), SEVERITIES.index(f.severity)))
    unused = set(plan.accepted) - {finding.id for finding in known}

    def chosen(*names: str) -> bool:
        return not indicators or bool(set(indicators) & set(names))

    return Audit(
        plan,
        findings=tuple(f for f in known if chosen(*f.indicators)),
        implied=tuple(i for i in figures if chosen(i.indicator)),
        deflators=tuple(d for d in deflators if chosen(d.rate.indicator.id)),
        unused=tuple(sorted(unused)),
        unheard=tuple(unheard),
    )


def doubted(plan: Plan) -> dict[tuple, Finding]:
    """Return the open findings about measured figures by themselves, by indicator, region, definition and year.

    >>> from planmodel import load_plan
    >>> doubted(load_plan("linhai-14fyp"))
    {}
    """
    published = tuple(o for o in plan.observations if o.vintage not in UNPUBLISHED)
    findings = audit(
        replace(plan, observations=published), {}, {name: RULES[name] for name in DOUBTS}
    ).findings
    pairs = [(finding, finding.statements[0]) for finding in reversed(findings) if not finding.accepted]
    return {(*about.key, about.last): finding for finding, about in pairs if about.world == OUTTURN}


@checked
def compare(plan: Plan, changes: Mapping[str, str | float]) -> Comparison:
    """Return what changing figures does to the findings; one that stays with other figures counts as changed.

    >>> from planmodel import load_plan
    >>> tried = compare(load_plan("xiangtan-services-14fyp"), {"services_va.target": "1601"})
    >>> [finding.id for finding in tried.gone]
    ['deflator/services_va/2021-2025', 'implied_whole/gdp/2021-2025']
    """
    before, after = audit(plan), audit(change_figures(plan, changes))
    old = {finding.id: finding.arithmetic["en"] for finding in before.findings}
    fresh = {finding.id for finding in after.findings}
    by_change: dict[str, list[Finding]] = {name: [] for name in CHANGES}
    by_change["gone"] = [finding for finding in before.findings if finding.id not in fresh]
    for finding in after.findings:
        same = "kept" if finding.arithmetic["en"] == old.get(finding.id) else "changed"
        by_change[same if finding.id in old else "new"].append(finding)
    return Comparison(dict(changes), before, after, **{name: tuple(own) for name, own in by_change.items()})

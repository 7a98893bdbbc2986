"""The audit: a plan checked against itself, by small rules in one registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from planmodel.audit.deflators import implied_deflators
from planmodel.audit.findings import SEVERITIES, Audit, Finding, Implied, ImpliedDeflator
from planmodel.audit.implied import implied
from planmodel.audit.registry import RULES
from planmodel.audit.statements import Facts, Statement, facts_of
from planmodel.audit.whatif import change_figures, changes_in
from planmodel.plans import Plan, load_plan, plan_names

__all__ = [
    "RULES",
    "SEVERITIES",
    "Audit",
    "Comparison",
    "Facts",
    "Finding",
    "Implied",
    "ImpliedDeflator",
    "Statement",
    "audit",
    "change_figures",
    "changes_in",
    "compare",
    "facts_of",
    "siblings_of",
]


def audit(plan: Plan, siblings: Mapping[str, Plan] | None = None) -> Audit:
    """Return all findings of a plan, worst first, those the plan accepts last, and the figures it implies.

    siblings: the other plans, for targets of a part beside its parent's (default: those of the same data folder).

    >>> from planmodel import load_plan
    >>> found = audit(load_plan("jiaojiang-commerce-14fyp"))
    >>> next(f for f in found.findings if f.id == "past_growth/trade/2016-2020").arithmetic["en"]
    '151.45 → 164.80 in five years is 1.70% a year, 2.58% is printed'
    """
    facts = facts_of(plan, siblings_of(plan) if siblings is None else siblings)
    found: dict[tuple, Finding] = {}
    for rule in RULES.values():
        for finding in rule(facts):
            accepted = plan.accepted.get(finding.id, "")
            found.setdefault(
                (finding.id, finding.arithmetic["en"]),
                replace(finding, accepted=accepted) if accepted else finding,
            )
    order = list(RULES)
    findings = sorted(
        found.values(), key=lambda f: (bool(f.accepted), SEVERITIES.index(f.severity), order.index(f.rule))
    )
    unused = set(plan.accepted) - {finding.id for finding in findings}
    return Audit(plan, tuple(findings), implied(facts), implied_deflators(facts), tuple(sorted(unused)))


@dataclass(frozen=True)
class Comparison:
    """Two audits of a plan, before and after some figures were changed: which findings go, come, change and stay."""

    before: Audit
    after: Audit
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    kept: tuple[Finding, ...]


def compare(plan: Plan, changes: Mapping[str, str]) -> Comparison:
    """Return what changing figures does to the findings; one that stays with other figures counts as changed.

    >>> from planmodel import load_plan
    >>> tried = compare(load_plan("xiangtan-services-14fyp"), {"services_va.target": "1601"})
    >>> [finding.id for finding in tried.gone]
    ['deflator/services_va/2021-2025', 'implied_whole/gdp/2021-2025']
    """
    before, after = audit(plan), audit(change_figures(plan, changes))
    old = {finding.id: finding.arithmetic for finding in before.findings}
    fresh = {finding.id for finding in after.findings}
    known = [finding for finding in after.findings if finding.id in old]
    return Comparison(
        before,
        after,
        tuple(finding for finding in before.findings if finding.id not in fresh),
        tuple(finding for finding in after.findings if finding.id not in old),
        tuple(finding for finding in known if finding.arithmetic != old[finding.id]),
        tuple(finding for finding in known if finding.arithmetic == old[finding.id]),
    )


def siblings_of(plan: Plan) -> dict[str, Plan]:
    """Return the other plans of a plan's data folder."""
    folder = plan.folder.parent.parent
    return {name: load_plan(name, folder) for name in plan_names(folder) if name != plan.name}

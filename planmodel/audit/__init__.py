"""The audit: a plan checked against itself, by small rules in one registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planmodel.audit.deflators import implied_deflators
from planmodel.audit.facts import Facts, facts_of
from planmodel.audit.findings import SEVERITIES, Finding, Side
from planmodel.audit.implied import implied
from planmodel.audit.registry import RULES, Rule
from planmodel.audit.results import Audit, Comparison, Implied, ImpliedDeflator, Unheard
from planmodel.audit.statements import Statement, disagreement, judge
from planmodel.audit.whatif import change_figures, changes_in
from planmodel.errors import PlanmodelError
from planmodel.plans import Plan, load_plan, plan_names
from planmodel.words import LANGS, by_language

__all__ = [
    "RULES", "SEVERITIES", "Audit", "Comparison", "Facts", "Finding", "Implied", "ImpliedDeflator", "Rule", "Side",
    "Statement", "Unheard", "audit", "change_figures", "changes_in", "compare", "disagreement", "facts_of", "judge",
    "siblings_of",
]  # fmt: skip


def audit(
    plan: Plan,
    siblings: Mapping[str, Plan] | None = None,
    rules: Mapping[str, Rule] = RULES,
    indicators: tuple[str, ...] = (),
) -> Audit:
    """Return all findings of a plan, worst first, those the plan accepts last, and the figures it implies.

    siblings: the other plans, for targets of a part beside its parent's (default: those of the same data folder).
    rules: functions of Facts by name; one that fails costs only itself and is named in `unheard`. indicators: ids of those
    whose findings and figures are kept (default: all).

    >>> from planmodel import load_plan
    >>> result = audit(load_plan("jiaojiang-commerce-14fyp"))
    >>> next(f for f in result.findings if f.id == "past_growth/trade/2016-2020").arithmetic["en"]
    '151.45 → 164.80 in five years is 1.70% a year, 2.58% is printed'
    """
    facts = facts_of(plan, siblings_of(plan) if siblings is None else siblings)
    findings: dict[tuple, Finding] = {}
    unheard = []
    for name, rule in rules.items():
        try:
            heard = [replace(finding, rule=name) for finding in rule(facts)]
        except Exception as error:  # noqa: BLE001  whatever ails one rule, the others are heard
            unheard.append(Unheard(name, _why(error)))
            continue
        for finding in heard:
            accepted = replace(finding, accepted=plan.accepted.get(finding.id, ""))
            findings.setdefault((finding.id, finding.arithmetic["en"]), accepted)
    order = list(rules)
    unused = set(plan.accepted) - {finding.id for finding in findings.values()}
    chosen = set(indicators)
    return Audit(
        plan=plan,
        findings=tuple(
            sorted(
                (f for f in findings.values() if not chosen or chosen & set(f.indicators)),
                key=lambda f: (bool(f.accepted), SEVERITIES.index(f.severity), order.index(f.rule)),
            )
        ),
        implied=tuple(i for i in implied(facts) if not chosen or i.indicator in chosen),
        deflators=tuple(d for d in implied_deflators(facts) if not chosen or d.rate.indicator.id in chosen),
        unused=tuple(sorted(unused)),
        unheard=tuple(unheard),
    )


def compare(plan: Plan, changes: Mapping[str, str]) -> Comparison:
    """Return what changing figures does to the findings; one that stays with other figures counts as changed.

    >>> from planmodel import load_plan
    >>> tried = compare(load_plan("xiangtan-services-14fyp"), {"services_va.target": "1601"})
    >>> [finding.id for finding in tried.gone]
    ['deflator/services_va/2021-2025', 'implied_whole/gdp/2021-2025']
    """
    before, after = audit(plan), audit(change_figures(plan, changes))
    old = {finding.id: finding.arithmetic["en"] for finding in before.findings}
    fresh = {finding.id for finding in after.findings}
    known = [finding for finding in after.findings if finding.id in old]
    return Comparison(
        changes=dict(changes),
        before=before,
        after=after,
        gone=tuple(finding for finding in before.findings if finding.id not in fresh),
        new=tuple(finding for finding in after.findings if finding.id not in old),
        changed=tuple(finding for finding in known if finding.arithmetic["en"] != old[finding.id]),
        kept=tuple(finding for finding in known if finding.arithmetic["en"] == old[finding.id]),
    )


def siblings_of(plan: Plan) -> dict[str, Plan]:
    """Return the other plans of a plan's data folder."""
    folder = plan.folder.parent.parent
    return {name: load_plan(name, folder) for name in plan_names(folder) if name != plan.name}


def _why(error: Exception) -> dict[str, str]:
    """Return in each language why a rule failed."""
    if isinstance(error, PlanmodelError):
        return by_language(error.text)
    return dict.fromkeys(LANGS, f"{type(error).__name__}: {error}")

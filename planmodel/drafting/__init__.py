"""Drafting: which figure to write. The value of each target for a chance, chosen, rounded, and agreed with the others."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from planmodel.arguments import checked
from planmodel.audit import Finding, audit
from planmodel.drafting.beside import beside, siblings_of
from planmodel.drafting.results import Draft, Drafted
from planmodel.drafting.values import BINDING, CHANCES, HIGH, JOINT, LOW, Work, values_for, with_value
from planmodel.errors import Fault, refuse, unknown
from planmodel.feasibility import assess_in, chances
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.feasibility.system import System
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import kind_of
from planmodel.plans.promises import plan_targets, same_promise
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase

USUAL = 0.7  # the chance of a row where none is asked for
NOTHING_TO_ASK = Phrase("drafting.nothing_to_ask")
SEVERE = ("contradiction", "tension")
BLANK: Mapping[str, Any] = dict.fromkeys(("target_digits", "target_printed"), "") | {
    "status": "missing", "target_value": None, "target_upper": None,
}  # fmt: skip


@checked
def draft(
    plan: Plan,
    scenario: Scenario,
    *,
    chance: float | Mapping[str, float] = 0.7,
    joint: float | None = None,
    redraft: bool = False,
    scenarios: Iterable[Scenario] = (),
    indicators: tuple[str, ...] = (),
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    as_of: str | int | None = None,
) -> Draft:
    """Return a draft of a plan's targets: figures for its blank rows, and what stands beside all of them.

    chance: of each figure (0-1), or by target, indicator or "binding", with "" for the rest. joint: the chance that all
    drafted figures are met together (or "joint" among the chances); single ones are then moved by equal odds until it comes.
    redraft: rows with a figure get a new one too. scenarios: others to try the figures in. as_of: see
    planmodel.feasibility.assess.

    Values for a chance are quantiles of what the paths make of the target, in the system in which assess_plan draws them.
    Those written are rounded as plans print them; identities of the plan hold exactly; growth follows from its level.

    Errors: PlanmodelError for a chance below 1 or above 99 %, or by a name that no row has.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> made = draft(plan, load_scenario("baseline"), indicators=("services_va",), redraft=True, as_of=2020, n_draws=1000)
    >>> row = made["T2/1/1"]
    >>> row.origin, 0.6 < row.assessment.probability < 0.8  # 53 % of the whole, as the share beside it says
    ('follows', True)
    """
    by_row = {"": float(chance)} if isinstance(chance, int | float) else {"": USUAL, **chance}
    joint = by_row.pop(JOINT, None) if joint is None else joint
    targets = plan_targets(plan, indicators)
    _check(by_row, joint, targets)
    blank = tuple(t for t in targets if redraft or t.target_value is None)
    trial = replace(plan, targets=tuple(_trial(t) if t in blank else t for t in plan.targets))

    def system(of: Scenario) -> System:
        return System(as_known(trial, of, as_of, n_draws=n_draws, seed=seed)[0], of, n_draws, seed)

    work = Work(system(scenario), blank, plan)
    single = work.asked(by_row) if joint is None else work.for_joint(by_row, joint)
    written = work.written(single)
    filled = _filled(plan, written)
    known = replace(work.plan, targets=filled.targets)
    asked = {t.id: t for t in (*known.targets, *work.blank)}  # as they stood when they were blank
    systems, siblings = {s.id: system(s) for s in scenarios}, siblings_of(plan)
    rows = []
    for target in (known.target(t.id) for t in targets):
        origin = "printed" if target.target_value is not None else "none"
        assessment = replace(assess_in(work.system, target), plan=known)
        if origin == "none":
            reason = NOTHING_TO_ASK if target.id in work.outlooks else work.reasons.get(target.id)
            assessment = replace(assessment, reason=reason or assessment.reason)
        origin = written[target.id][1] if target.id in written else origin
        ladder, others = work.ladder(asked[target.id]), beside(plan, target, siblings, scenario)
        elsewhere = {name: assess_in(other, target).probability for name, other in systems.items()}
        rows.append(Drafted(assessment, ladder, single.get(target.id), origin, others, elsewhere))
    assessments = tuple(row.assessment for row in rows)
    binding, _ = chances(a for a in assessments if a.target.binding)
    met, _ = chances(a for a in assessments if a.target.id in written)
    assessed = PlanAssessment(known, scenario, assessments, *chances(assessments), binding)
    findings = _new_findings((plan, _without(plan, blank)), filled)
    return Draft(filled, scenario, tuple(rows), met, joint, assessed, findings, tuple(scenarios))


def chances_in(text: str | Iterable[str]) -> dict[str, float]:
    """Return chances by row, under "" that of the rest, of entries such as `0.7` and `binding=0.9`, or a text of them.

    Errors: PlanmodelError with every entry that is none.

    >>> chances_in("0.7, binding=0.9"), chances_in(["gdp=0.5"])
    ({'': 0.7, 'binding': 0.9}, {'gdp': 0.5})
    """
    entries = text.replace(",", " ").replace("\uff0c", " ").split() if isinstance(text, str) else list(text)
    by_row: dict[str, float] = {}
    faults = []
    for entry in entries:
        name, _, figure = entry.rpartition("=")
        try:
            chance = float(figure)
        except ValueError:
            chance = math.nan
        if math.isnan(chance) or name.strip() in by_row:
            faults.append(Fault("chance", Phrase("drafting.fault.entry"), repr(entry)))
        else:
            by_row[name.strip()] = chance
    refuse(faults)
    return by_row


def _check(by_row: Mapping[str, float], joint: float | None, targets: Iterable[Target]) -> None:
    names = {"", BINDING, *(name for t in targets for name in (t.id, t.indicator.id))}
    faults = [unknown("chance", name, names - {""}) for name in by_row if name not in names]
    asked = {**{f"chance {name}".strip(): value for name, value in by_row.items()}, "joint": joint}
    expected = Phrase("drafting.fault.chance", low=LOW, high=HIGH)
    for name, value in asked.items():
        if value is not None and not LOW <= value <= HIGH:
            faults.append(Fault(name, expected, f"{value:g}"))
    refuse(faults)


def _trial(target: Target) -> Target:
    """A blank row as one with a figure, so that it is drawn; the figure itself is never used."""
    return target if kind_of(target).reads is None else with_value(target, 1.0)


def _filled(plan: Plan, written: Mapping[str, tuple[Target, str]]) -> Plan:
    """The plan with the rows of a draft, in all versions of the same promise."""
    rows = {same_promise(t): written[t.id][0] for t in plan.targets if t.id in written}

    def like(target: Target) -> Target:
        row = rows.get(same_promise(target))
        if row is None:
            return target
        as_row = {name: getattr(row, name) for name in ("kind", "comparator", "unit")}
        return replace(with_value(target, row.figure), **as_row)

    return replace(plan, targets=tuple(like(target) for target in plan.targets))


def _without(plan: Plan, blank: Iterable[Target]) -> Plan:
    """The plan with rows blank."""
    gone = {t.id for t in blank}
    targets = (replace(t, **BLANK) if t.id in gone else t for t in plan.targets)
    return replace(plan, targets=tuple(targets))


def _new_findings(before: Iterable[Plan], after: Plan) -> tuple[Finding, ...]:
    """The contradictions and tensions that figures bring."""
    known, new = {finding.id for plan in before for finding in audit(plan).findings}, audit(after).findings
    return tuple(f for f in new if f.severity in SEVERE and not f.accepted and f.id not in known)

"""Figures that set scenarios and plans side by side."""

from __future__ import annotations

from planmodel import charts
from planmodel.feasibility import assess
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.lab.figures.targets import chosen, nothing
from planmodel.lab.study import Study


def _by_scenario(study: Study, found: Assessment) -> dict[str, Assessment]:
    return {
        s.id: assess(study.plan, found.target, s, **study.options)
        for s in study.scenarios
        if not s.follows_plan
    }


def show_scenario_fans(study: Study, result: PlanAssessment) -> None:
    """Show the chosen targets in each scenario."""
    drawn = 0
    for found in chosen(study, result):
        each = _by_scenario(study, found)
        if any(a.outlook is None for a in each.values()):
            continue
        charts.scenario_fans(each, study.lang)._ipython_display_()
        drawn += 1
    if not drawn:
        nothing(study)


def show_mixed_fans(study: Study, result: PlanAssessment) -> None:
    """Show the fan that mixes the scenarios by their weights."""
    drawn = 0
    weights = {s.id: s.weight for s in study.scenarios if not s.follows_plan and s.weight > 0}
    for found in chosen(study, result):
        each = {key: value for key, value in _by_scenario(study, found).items() if key in weights}
        if not each or any(a.outlook is None for a in each.values()):
            continue
        mixed = charts.mixed_fan(each, weights, study.lang, seed=study.seed, bands=study.bands)
        mixed._ipython_display_()
        drawn += 1
    if not drawn:
        nothing(study)


def show_scenarios(study: Study, results: dict[str, PlanAssessment]) -> None:
    """Show the probability of each target in each scenario."""
    if not any(r.assessable for r in results.values()):
        return nothing(study)
    charts.scenarios_chart(results, study.lang)._ipython_display_()


def show_plans(study: Study, results: dict[str, PlanAssessment]) -> None:
    """Show the indicators that several plans share, side by side."""
    chart = charts.plans_chart(results, study.lang)
    if chart.data.empty:
        return nothing(study)
    chart._ipython_display_()

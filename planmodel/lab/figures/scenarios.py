"""Figures that set scenarios and plans side by side."""

from __future__ import annotations

from planmodel import charts
from planmodel.feasibility import assess
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.lab.figures.targets import chosen, nothing
from planmodel.lab.notebook import show
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
        names = {s.id: s.name[study.lang] for s in study.scenarios}
        figure = charts.scenario_fans(each, study.plan, study.lang, names=names)
        data = charts.scenario_fans_data(each, study.plan, study.lang)
        show(
            figure,
            data,
            charts.scenario_fans_alt(each, study.plan, study.lang, names=names),
            study.lang,
            "scenario-fans",
        )
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
        names = {s.id: s.name[study.lang] for s in study.scenarios}
        figure = charts.mixed_fan(
            each, weights, study.plan, study.lang, seed=study.seed, names=names, bands=study.bands
        )
        data = charts.mixed_fan_data(each, weights, study.plan, study.lang, seed=study.seed)
        alt = charts.mixed_fan_alt(each, weights, study.plan, study.lang, seed=study.seed)
        show(figure, data, alt, study.lang, "mixed-fan")
        drawn += 1
    if not drawn:
        nothing(study)


def show_scenarios(study: Study, results: dict[str, PlanAssessment]) -> None:
    """Show the probability of each target in each scenario."""
    if not any(r.assessable for r in results.values()):
        return nothing(study)
    names = {s.id: s.name[study.lang] for s in study.scenarios}
    show(
        charts.scenarios_chart(results, study.lang, names=names),
        charts.scenarios_data(results, study.lang),
        charts.scenarios_alt(results, study.lang, names=names),
        study.lang,
        "scenarios",
    )


def show_plans(study: Study, results: dict[str, PlanAssessment]) -> None:
    """Show the indicators that several plans share, side by side."""
    if charts.plans_data(results, study.lang).empty:
        return nothing(study)
    show(
        charts.plans_chart(results, study.lang),
        charts.plans_data(results, study.lang),
        charts.plans_alt(results, study.lang),
        study.lang,
        "plans",
    )

"""What the figures of one plan's targets show."""

from __future__ import annotations

from planmodel import charts
from planmodel.errors import NotAssessable
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.milestones import path_shapes
from planmodel.lab.notebook import say, show
from planmodel.lab.study import Study
from planmodel.lab.views import featured

N_LARGE = 1


def chosen(study: Study, result: PlanAssessment) -> tuple[Assessment, ...]:
    """Return the targets that get a large chart: those of the chosen indicators, else the plan's first."""
    return featured(result, 12 if study.indicators else N_LARGE)


def nothing(study: Study) -> None:
    """Say that there is nothing to draw."""
    say(
        "*没有可画的指标：缺少基期数、目标数或历史数据。*"
        if study.lang == "zh"
        else "*Nothing to draw: no base, target or history.*"
    )


def show_trajectories(study: Study, result: PlanAssessment) -> None:
    """Show the path shapes of each chosen target."""
    drawn = 0
    for found in chosen(study, result):
        try:
            paths = path_shapes(study.plan, found.target, study.scenario, study.path_shape, study.as_of)
        except NotAssessable:
            continue
        real = paths[study.path_shape].at_base_prices(study.scenario)
        charts.trajectory_chart(paths, study.lang, shape=study.path_shape, real=real)._ipython_display_()
        drawn += 1
    if not drawn:
        nothing(study)


def show_required(study: Study, result: PlanAssessment) -> None:
    """Show required growth beside the record, target by target."""
    charts.required_chart(result, study.lang)._ipython_display_()


def show_probabilities(study: Study, result: PlanAssessment) -> None:
    """Show the probability and verdict of each assessable target."""
    if not result.assessable:
        return nothing(study)
    charts.probability_chart(result, study.lang)._ipython_display_()


def show_result(study: Study, result, chart, data, alt, name: str) -> None:
    """Show a chart of a result, with its data and its text."""
    show(chart(result, study.lang), data(result, study.lang), alt(result, study.lang), study.lang, name)


def show_multiples(study: Study, result: PlanAssessment) -> None:
    """Show small fans of the whole plan."""
    if not featured(result):
        return nothing(study)
    charts.fan_multiples(result, study.lang, bands=study.bands)._ipython_display_()


def show_fans(study: Study, result: PlanAssessment) -> None:
    """Show one large fan of each chosen target."""
    if not chosen(study, result):
        nothing(study)
    for found in chosen(study, result):
        chart = charts.fan_chart(found, study.lang, bands=study.bands, path_shape=study.path_shape)
        chart._ipython_display_()

"""What the figures of one plan's targets show."""

from __future__ import annotations

from planmodel import charts
from planmodel.arithmetic.paths import trajectory
from planmodel.errors import NotAssessable
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.milestones import milestones
from planmodel.lab.notebook import say, show
from planmodel.lab.study import Study
from planmodel.lab.views import featured, number_of, shapes_of

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
        target = found.target
        try:
            path = milestones(study.plan, target, study.scenario, study.path_shape, study.as_of)
        except NotAssessable:
            continue
        paths = (
            shapes_of(study, target) if path.measure in ("level", "index") else {study.path_shape: path.path}
        )
        figure = charts.trajectory_chart(
            target,
            paths,
            path.history,
            study.plan,
            study.lang,
            shape=study.path_shape,
            real=_real(study, found, path),
        )
        data = charts.trajectory_data(target, paths, path.history, study.plan, study.lang)
        alt = charts.trajectory_alt(target, paths, path.history, study.plan, study.lang)
        show(figure, data, alt, study.lang, f"trajectory-{number_of(target, 'en')}")
        drawn += 1
    if not drawn:
        nothing(study)


def _real(study: Study, found: Assessment, path):
    """The level path at constant prices of the base year, for a nominal target on levels."""
    basis = found.target.price_basis
    if (
        path.measure != "level"
        or basis != "nominal"
        or found.target.indicator.scale not in ("amount", "density")
    ):
        return None
    steps = path.path.years[1:]
    prices = float((1 + study.scenario.deflator(steps)).prod())
    first, last = path.path.values[0], path.path.values[-1] / prices
    return trajectory(first, last, int(path.path.years[0]), int(path.path.years[-1]), path.path.shape)


def show_required(study: Study, result: PlanAssessment) -> None:
    """Show required growth beside the record, target by target."""
    show_result(study, result, charts.required_chart, charts.required_data, charts.required_alt, "required")


def show_probabilities(study: Study, result: PlanAssessment) -> None:
    """Show the probability and verdict of each assessable target."""
    if not result.assessable:
        return nothing(study)
    show_result(
        study,
        result,
        charts.probability_chart,
        charts.probability_data,
        charts.probability_alt,
        "probability",
    )


def show_result(study: Study, result, chart, data, alt, name: str) -> None:
    """Show a chart of a result, with its data and its text."""
    show(chart(result, study.lang), data(result, study.lang), alt(result, study.lang), study.lang, name)


def show_multiples(study: Study, result: PlanAssessment) -> None:
    """Show small fans of the whole plan."""
    if not featured(result):
        return nothing(study)
    show(
        charts.fan_multiples(result, study.lang, bands=study.bands),
        charts.multiples_data(result, study.lang, bands=study.bands),
        charts.multiples_alt(result, study.lang),
        study.lang,
        "fans",
    )


def show_fans(study: Study, result: PlanAssessment) -> None:
    """Show one large fan of each chosen target."""
    if not chosen(study, result):
        nothing(study)
    for found in chosen(study, result):
        figure = charts.fan_chart(
            found, study.plan, study.lang, bands=study.bands, path_shape=study.path_shape
        )
        data = charts.fan_data(found, study.plan, study.lang, bands=study.bands, path_shape=study.path_shape)
        show(
            figure,
            data,
            charts.fan_alt(found, study.plan, study.lang),
            study.lang,
            f"fan-{number_of(found.target, 'en')}",
        )

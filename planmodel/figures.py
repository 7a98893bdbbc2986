"""The figures of the notebooks: each draws a chart, with its data and its text alternative, and shows it."""

from __future__ import annotations

from planmodel import charts
from planmodel.assessments import Assessment, PlanAssessment
from planmodel.audit import Audit
from planmodel.errors import NotAssessable
from planmodel.evidence import Evidence
from planmodel.feasibility import assess
from planmodel.milestones import milestones
from planmodel.notebook import Study, csv_link, say, show, table
from planmodel.paths import trajectory
from planmodel.results import findings_table
from planmodel.review import Review
from planmodel.views import (
    asked_of,
    closest,
    featured,
    findings_view,
    fitting_classes,
    headline,
    number_of,
    shapes_of,
    tornado_of,
)

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
    _show(study, result, charts.required_chart, charts.required_data, charts.required_alt, "required")


def show_probabilities(study: Study, result: PlanAssessment) -> None:
    """Show the probability and verdict of each assessable target."""
    if not result.assessable:
        return nothing(study)
    _show(
        study,
        result,
        charts.probability_chart,
        charts.probability_data,
        charts.probability_alt,
        "probability",
    )


def _show(study: Study, result, chart, data, alt, name: str) -> None:
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


def show_coverage(study: Study, evidence: Evidence | None) -> None:
    """Show how many outcomes the bands held by year ahead."""
    _show_evidence(
        study, evidence, charts.coverage_chart, charts.coverage_data, charts.coverage_alt, "coverage"
    )


def show_sharpness(study: Study, evidence: Evidence | None) -> None:
    """Show the interval score of each method."""
    _show_evidence(
        study, evidence, charts.sharpness_chart, charts.sharpness_data, charts.sharpness_alt, "sharpness"
    )


def show_growth_crps(study: Study, evidence: Evidence | None) -> None:
    """Show the errors of five-year growth by origin."""
    _show_evidence(
        study,
        evidence,
        charts.growth_crps_chart,
        charts.growth_crps_data,
        charts.growth_crps_alt,
        "growth-crps",
    )


def show_reliability(study: Study, evidence: Evidence | None) -> None:
    """Show stated probabilities against what came true."""
    _show_evidence(
        study,
        evidence,
        charts.reliability_chart,
        charts.reliability_data,
        charts.reliability_alt,
        "reliability",
    )


def _show_evidence(study: Study, evidence: Evidence | None, chart, data, alt, name: str) -> None:
    if evidence is None:
        return say("*尚无检验结果。*" if study.lang == "zh" else "*No benchmark results yet.*")
    lang = study.lang
    return show(chart(evidence, lang), data(evidence, lang), alt(evidence, lang), lang, name)


def show_findings(study: Study, result: Audit) -> None:
    """Show the findings as a table, and with their ids as files to download."""
    table(findings_view(study, result.findings))
    if result.findings:
        from IPython.display import HTML, display

        data = findings_table(result.plan, result.findings, study.lang)
        display(HTML(csv_link(data, study.lang, "findings-with-ids")))


def show_disagreements(study: Study, result: Audit) -> None:
    """Show the figures that should be one figure and are not."""
    if not any(len(found.sides) > 1 and not found.accepted for found in result.findings):
        return
    lang = study.lang
    figure, data = charts.audit_chart(result, lang), charts.audit_data(result, lang)
    show(figure, data, charts.audit_alt(result, lang), lang, "audit")


def show_classes(study: Study, result: PlanAssessment) -> None:
    """Show each reference class that fits the plan's headline target, with what the target asks for."""
    found = headline(result)
    if found is None:
        return nothing(study)
    until = found.target.target_year
    for group in fitting_classes(found):
        if not group.medians:
            continue
        asked = asked_of(group, found)
        base = {"base": asked.base} if asked else {}
        figure = charts.class_chart(group, study.lang, until=until, asked=asked)
        data = charts.class_data(group, study.lang, until, **base)
        alt = charts.class_alt(group, study.lang, until=until, asked=asked)
        show(figure, data, alt, study.lang, f"class-{group.id}")
    return None


def show_review(study: Study, result: Review) -> None:
    """Show how far each judged target is on its way, with its light."""
    lang = study.lang
    figure, data = charts.lights_chart(result, lang), charts.lights_data(result, lang)
    show(figure, data, charts.lights_alt(result, lang), lang, "review")


def show_standing(study: Study, result: Review) -> None:
    """Show the target that matters most: the plan's headline where it has a light, else the one most in danger."""
    here = closest(result)
    if here is None:
        return nothing(study)
    lang = study.lang
    figure = charts.standing_chart(here, result.known, lang)
    data = charts.standing_data(here, result.known, lang)
    show(
        figure,
        data,
        charts.standing_alt(here, result.known, lang),
        lang,
        f"standing-{number_of(here.target, 'en')}",
    )
    return None


def show_swings(study: Study, result: Review) -> None:
    """Show how far each assumption moves the probability of the target most in danger."""
    here, swings = tornado_of(result, n_draws=study.n_draws, seed=study.seed)
    if here is None:
        return nothing(study)
    lang = study.lang
    show(
        charts.tornado_chart(here, swings, lang),
        charts.tornado_data(swings, lang),
        charts.tornado_alt(here, swings, lang),
        lang,
        f"tornado-{number_of(here.target, 'en')}",
    )
    return None

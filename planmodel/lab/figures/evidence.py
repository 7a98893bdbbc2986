"""Figures of the evidence: how well forecasts held, and what each reference class says."""

from __future__ import annotations

from planmodel import charts
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.lab.figures.targets import nothing
from planmodel.lab.notebook import say, show
from planmodel.lab.study import Study
from planmodel.lab.views import asked_of, fitting_classes, headline
from planmodel.tables.evidence import Evidence


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

"""What the comparison notebook says: scenarios of one plan, and plans side by side."""

from __future__ import annotations

import pandas as pd

from planmodel.feasibility import assess_plan
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.lab.study import Study
from planmodel.plans.promises import promises
from planmodel.tables.cells import number_of, promise, rate, record_text
from planmodel.words import percent, plain, word


def assess_scenarios(study: Study) -> dict[str, PlanAssessment]:
    """Return the plan's assessments by scenario."""
    return {
        s.id: assess_plan(study.plan, s, indicators=study.indicators, **study.options)
        for s in study.scenarios
    }


def assess_plans(study: Study) -> dict[str, PlanAssessment]:
    """Return the assessments of all chosen plans in the first scenario."""
    return {plan.name: assess_plan(plan, study.scenarios[0], **study.options) for plan in study.plans}


def comparison_table(study: Study, results: dict[str, PlanAssessment]) -> pd.DataFrame:
    """Return a row a target and a column a scenario: probability and verdict."""
    lang, rows = study.lang, []
    names = {scenario.id: scenario.name[lang] for scenario in study.scenarios}
    for position, found in enumerate(next(iter(results.values())).assessments):
        chances = {names[key]: r.assessments[position] for key, r in results.items()}
        if all(a.probability is None for a in chances.values()):
            continue
        rows.append(
            {
                word("number", lang): number_of(found.target, lang),
                word("indicator", lang): found.target.indicator.name(lang),
                word("target", lang): promise(found.target, study.plan.catalogue.units, lang),
                **{name: f"{percent(a.probability)} {word(a.verdict, lang)}" for name, a in chances.items()},
            }
        )
    return pd.DataFrame(rows)


def plans_answer(study: Study, by_plan: dict[str, PlanAssessment]) -> str:
    """Return in words how the plans stand side by side, empty where there is only one."""
    if len(by_plan) < 2:
        return ""
    zh, lang = study.lang == "zh", study.lang
    each = [
        f"{plain(r.plan.short[lang])} {len(r.assessable)}" + ("项" if zh else "") + f" ({percent(r.joint)})"
        for r in by_plan.values()
    ]
    name = plain(study.scenarios[0].name[lang])
    if zh:
        return f"“{name}”下各规划可评估的目标数及其全部实现的概率：{'，'.join(each)}。以下各情景比较以{plain(study.plan.short[lang])}为例。"
    return (
        f"In the scenario “{name}”, targets that can be assessed, and the chance that all of them are met: "
        f"{', '.join(each)}. The comparison of scenarios is for {plain(study.plan.short[lang])}."
    )


def comparison_answer(study: Study, results: dict[str, PlanAssessment]) -> str:
    """Return in words how much the scenario matters: joint chances, and the target that moves most."""
    zh, lang = study.lang == "zh", study.lang
    joint = {plain(study.scenarios[i].name[lang]): result.joint for i, result in enumerate(results.values())}
    listed = ("，" if zh else ", ").join(f"{name} {percent(value)}" for name, value in joint.items())
    spans, once = [], promises(a.target for a in next(iter(results.values())).assessments)
    for found in zip(*(r.assessments for r in results.values()), strict=True):
        known = [a.probability for a in found if a.probability is not None]
        if len(known) > 1 and found[0].target in once:
            spans.append(
                (max(known) - min(known), plain(found[0].target.indicator.name(lang)), min(known), max(known))
            )
    if not spans:
        return (
            "所选规划没有可在各情景下评估的目标。"
            if zh
            else "No target of this plan can be assessed in the chosen scenarios."
        )
    _, name, low, high = max(spans)
    if zh:
        return (
            f"可评估目标全部实现的概率：{listed}。对情景最敏感的是{name}：{percent(low)} 至 {percent(high)}。"
        )
    return (
        f"The chance that all assessable targets are met: {listed}. The most sensitive to the scenario is "
        f"{name[0].lower() + name[1:] if name[1:2].islower() else name}, from {percent(low)} to {percent(high)}."
    )


def plans_table(results: dict[str, PlanAssessment], lang: str) -> pd.DataFrame:
    """Return plans side by side: targets, assessable ones, verdicts and joint chances."""
    zh, rows = lang == "zh", []
    for result in results.values():
        own = [a for a in result.assessments if a.target.target_year > result.plan.base_year]
        rows.append(
            {
                word("plan", lang): result.plan.short[lang],
                "目标数" if zh else "Targets": len(own),
                "可评估" if zh else "Assessable": len(result.assessable),
                **{
                    word(v, lang): sum(a.verdict == v for a in own)
                    for v in ("within_record", "stretch", "beyond_record")
                },
                "全部实现" if zh else "All met": percent(result.joint),
                "约束性全部实现" if zh else "All binding met": percent(result.joint_binding),
            }
        )
    return pd.DataFrame(rows)


def shared_table(results: dict[str, PlanAssessment], lang: str) -> pd.DataFrame:
    """Return the indicators that two or more of the plans promise, a row a plan and target."""
    rows, plans_of = [], {}
    for name, result in results.items():
        for target in promises(a.target for a in result.assessments if a.required is not None):
            plans_of.setdefault((target.indicator.id, target.kind), set()).add(name)
    for key, names in sorted(plans_of.items()):
        if len(names) < 2:
            continue
        for result in results.values():
            once = promises(a.target for a in result.assessments)
            for found in result.assessments:
                target = found.target
                past = target.target_year <= result.plan.base_year
                if (
                    (target.indicator.id, target.kind) != key
                    or found.required is None
                    or past
                    or target not in once
                ):
                    continue
                units = result.plan.catalogue.units
                rows.append(
                    {
                        word("indicator", lang): target.indicator.name(lang),
                        word("plan", lang): result.plan.short[lang],
                        word("target", lang): promise(target, units, lang),
                        word("required", lang): rate(found.required, lang, target.unit, units),
                        word("record", lang): record_text(found, lang),
                        word("probability", lang): percent(found.probability),
                        word("verdict", lang): word(found.verdict, lang),
                    }
                )
    return pd.DataFrame(rows)

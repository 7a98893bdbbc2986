"""What the feasibility and fan notebooks say: assessments in tables and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planmodel.feasibility import assess
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.selection import featured, risks
from planmodel.forecasts.reference import class_names, load_class
from planmodel.lab.study import Study
from planmodel.plans import Target
from planmodel.tables.cells import number_of, promise
from planmodel.tables.reading import read
from planmodel.words import percent, plain, probability_words, word

FEASIBILITY = (
    "number", "indicator", "base", "target", "binding", "required", "required_from_latest", "record", "record_best",
    "reference_percentile", "probability", "verdict", "remark",
)  # fmt: skip
"""The columns of the table of feasibility, as read."""


def feasibility_table(study: Study, result: PlanAssessment) -> pd.DataFrame:
    """Return one row a target of the plan's period: required, record, class, probability, verdict."""
    table = result.table
    judged = table["probability"].notna() | table["required"].notna()
    own = table[judged & (table["target_year"] > study.plan.base_year)]
    return read(own, study.lang, FEASIBILITY, catalogue=study.plan.catalogue).text


def feasibility_answer(study: Study, result: PlanAssessment) -> str:
    """Return the answer in words: how many can be assessed, the joint chance, and what carries the risk."""
    lang, zh = study.lang, study.lang == "zh"
    rules = study.plan.catalogue.rules
    own = [a for a in result.assessments if a.target.target_year > study.plan.base_year]
    good = result.assessable
    if not good:
        reasons = {a.reason.get(lang, "") for a in own if a.reason}
        return ("无可评估的目标：" if zh else "No target can be assessed: ") + "; ".join(sorted(reasons)[:3])
    listed = "、".join(
        f"{plain(a.target.indicator.name(lang))}（{percent(a.probability)}）" for a in risks(result)
    )
    if not zh:
        listed = ", ".join(
            f"{plain(a.target.indicator.name(lang))} ({percent(a.probability)})" for a in risks(result)
        )
    counts = {v: sum(a.verdict == v for a in good) for v in ("within_record", "stretch", "beyond_record")}
    verdicts = ("、" if zh else ", ").join(f"{n} {word(v, lang)}" for v, n in counts.items() if n)
    binding = ""
    if result.joint_binding is not None:
        binding = (
            f"约束性目标全部实现的概率为 {percent(result.joint_binding)}。"
            if zh
            else f" The chance that all assessable binding targets are met is {percent(result.joint_binding)}."
        )
    elif any(a.target.binding for a in own):
        binding = "约束性目标均无法评估。" if zh else " None of the binding targets can be assessed."
    if zh:
        return (
            f"在“{plain(study.scenario.name[lang])}”下，规划期 {len(own)} 项目标中 {len(good)} 项可以评估：{verdicts}。"
            f"可评估目标全部实现的概率为 {percent(result.joint)}（{probability_words(result.joint, rules, lang)}；"
            f"若各项独立则为 {percent(result.product)}）。{binding}风险最大的是：{listed}。"
        )
    return (
        f"In the scenario “{plain(study.scenario.name[lang])}”, {len(good)} of the {len(own)} targets of the plan period can be "
        f"assessed: {verdicts}. The chance that all of these are met is {percent(result.joint)} "
        f"({probability_words(result.joint, rules, lang)}; {percent(result.product)} if they were independent).{binding} "
        f"Most of the risk lies with {listed}."
    )


def classes_table(study: Study, target: Target) -> pd.DataFrame:
    """Return how the choice of the reference class changes a target's probability and verdict."""
    lang, zh, rows = study.lang, study.lang == "zh", []
    options = {**study.options, "reference": None}
    chosen = assess(study.plan, target, study.scenario, **options)
    for name in class_names():
        group = load_class(name)
        if (group.transform == "logit") != (target.indicator.scale == "share"):
            continue
        found = assess(study.plan, target, study.scenario, **{**options, "reference": name})
        rows.append(
            {
                word("reference", lang): group.name(lang) + (" ●" if name == chosen.reference else ""),
                "序列数" if zh else "Series": str(group.n_series),
                "本地区权重" if zh else "Weight of own lead or lag": "–"
                if found.own_weight is None
                else f"{100 * found.own_weight:.0f}%",
                word("percentile", lang): "–" if found.percentile is None else f"{found.percentile:.0f}",
                word("probability", lang): percent(found.probability),
                word("verdict", lang): word(found.verdict, lang),
            }
        )
    return pd.DataFrame(rows)


def not_assessable_table(study: Study, result: PlanAssessment) -> pd.DataFrame:
    """Return the targets that cannot be assessed, with the reason of each."""
    lang, units = study.lang, study.plan.catalogue.units
    return pd.DataFrame(
        [
            {
                word("number", lang): number_of(a.target, lang),
                word("indicator", lang): a.target.indicator.name(lang),
                word("target", lang): promise(a.target, units, lang),
                word("reason", lang): a.reason.get(lang, ""),
                word("source", lang): a.target.source,
            }
            for a in result.assessments
            if a.probability is None
        ]
    )


def fan_table(study: Study, result: PlanAssessment) -> pd.DataFrame:
    """Return the quantiles of the paths by target and year, rounded to four figures."""
    rows = []
    for found in featured(result, 99):
        if found.outlook is None:
            continue
        quantiles = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
        values = np.quantile(found.outlook.values, quantiles, axis=0)
        rows += [
            {"target": found.target.id, "year": int(year), "unit": found.outlook.unit}
            | {f"q{100 * q:g}": float(f"{v:.4g}") for q, v in zip(quantiles, column, strict=True)}
            for year, column in zip(found.outlook.years, values.T, strict=True)
        ]
    return pd.DataFrame(rows)

"""What the notebooks say: tables and sentences made from results, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planmodel.errors import NotAssessable
from planmodel.feasibility import Assessment, PlanAssessment, assess, assess_plan
from planmodel.milestones import milestones, real_nominal
from planmodel.notebook import Study
from planmodel.paths import PATH_SHAPES, Trajectory
from planmodel.plans import Plan, Target
from planmodel.reference import class_names, load_class
from planmodel.words import figure, percent, probability_words, promise, with_unit, word


def number_of(target: Target, lang: str) -> str:
    """Return a target's number as printed: T2-1, prose 5."""
    table = word("text", lang) if target.table == "text" else target.table
    return f"{table}\u00a0{target.number}" + (f"({target.part})" if target.part > 1 else "")


def rate(asked, lang: str, unit: str, units) -> str:
    """Return a required quantity for reading: 8.4 %, 0.46 pp, 20 units a year."""
    if asked is None:
        return "–"
    zh = lang == "zh"
    if asked.measure == "growth":
        return f"{figure(100 * asked.value, 1)}%"
    if asked.measure == "pp":
        return f"{figure(asked.value, 2)}{'个百分点' if zh else ' pp'}"
    text = with_unit(figure(asked.value), units[unit].name(lang) if unit in units else unit, lang)
    if asked.measure == "headroom":
        return f"余量 {text}" if zh else f"headroom {text}"
    return f"{text}/年" if zh else f"{text} a year"


def record_text(found: Assessment, lang: str) -> str:
    """Return the record for reading: mean with its years, and the best window."""
    past = found.record
    if past is None:
        return "–"
    share = found.target.indicator.scale == "share"
    value, digits = (past.mean, 2) if share else (100 * past.mean, 1)
    suffix = ("个百分点" if lang == "zh" else " pp") if share else "%"
    return f"{figure(value, digits)}{suffix} ({past.first_year}–{past.last_year})"


def _unique(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return targets without those that only repeat another's figure; table rows win over prose."""
    seen, kept = set(), []
    for target in sorted(targets, key=lambda t: t.table == "text"):
        key = (target.indicator.id, target.region, target.kind, target.target_value, target.target_year)
        if target.target_value is None or key not in seen:
            seen.add(key)
            kept.append(target)
    return tuple(target for target in targets if target in kept)


def plan_targets(study: Study) -> tuple[Target, ...]:
    """Return the chosen targets of the plan's own period, each promise once."""
    return _unique(
        tuple(t for t in study.plan.select(study.indicators) if t.target_year > study.plan.base_year)
    )


def featured(result: PlanAssessment, n: int = 1) -> tuple[Assessment, ...]:
    """Return the first n assessable targets, each promise once; else any with a history.

    The plan's headline indicator comes first, then table rows, then prose.
    """
    pool = result.assessable or tuple(
        a for a in result.assessments if a.history is not None and a.required is not None
    )
    order = _unique(tuple(a.target for a in pool))
    chosen = sorted((a for a in pool if a.target in order), key=lambda a: _place(a.target, result.plan))
    return tuple(chosen[:n])


def _place(target: Target, plan: Plan) -> tuple[bool, bool]:
    return target.indicator.id != plan.headline, target.table == "text"


def milestones_table(study: Study) -> pd.DataFrame:
    """Return the annual milestones of the chosen targets by the study's path shape, a row a target."""
    lang, rows = study.lang, []
    measures = {
        "level": ("水平", "level"),
        "index": ("指数", "index"),
        "cumulated": ("累计", "sum so far"),
        "flow": ("年度量", "flow"),
    }
    for target in plan_targets(study):
        try:
            found = milestones(study.plan, target, study.scenario, study.path_shape, study.as_of)
        except NotAssessable:
            continue
        units = study.plan.catalogue.units
        unit = (
            units[found.unit].name(lang)
            if found.unit in units
            else ("基年=100" if lang == "zh" else "base = 100")
        )
        rows.append(
            {
                word("number", lang): number_of(target, lang),
                word("indicator", lang): target.indicator.name(lang),
                word("unit", lang): f"{unit}, {measures[found.measure][0 if lang == 'zh' else 1]}",
                **{
                    str(year): figure(value)
                    for year, value in zip(found.path.years, _rounded(found.path), strict=True)
                },
            }
        )
    table = pd.DataFrame(rows)
    years = sorted(column for column in table.columns if column.isdigit())
    return table[[c for c in table.columns if not c.isdigit()] + years].fillna("–") if len(table) else table


def _rounded(path: Trajectory) -> list[float]:
    digits = 2 if max(abs(path.values)) < 1000 else 1
    return [round(float(value), digits) for value in path.values]


def shapes_of(study: Study, target: Target) -> dict[str, Trajectory]:
    """Return the trajectories of one target by path shape."""
    return {
        name: milestones(study.plan, target, study.scenario, name, study.as_of).path for name in PATH_SHAPES
    }


def shapes_table(study: Study, target: Target) -> pd.DataFrame:
    """Return a target's milestones by path shape, with the growth of the first and of the last year."""
    lang, rows = study.lang, []
    for name, path in shapes_of(study, target).items():
        growth = (
            [f"{figure(100 * g, 1)}%" for g in (path.growth[0], path.growth[-1])]
            if (path.values > 0).all()
            else ["–", "–"]
        )
        rows.append(
            {
                "路径" if lang == "zh" else "Path shape": word(name, lang),
                **{str(year): figure(value) for year, value in zip(path.years, _rounded(path), strict=True)},
                "首年增速" if lang == "zh" else "First year": growth[0],
                "末年增速" if lang == "zh" else "Last year": growth[1],
            }
        )
    return pd.DataFrame(rows)


def real_nominal_table(study: Study) -> pd.DataFrame:
    """Return growth targets read both ways under the scenario's deflator."""
    zh, rows = study.lang == "zh", []
    for target in plan_targets(study):
        try:
            both = real_nominal(study.plan, target, study.scenario)
        except NotAssessable:
            continue
        end = "–" if both.nominal_end is None else figure(both.nominal_end, 1)
        rows.append(
            {
                word("number", study.lang): number_of(target, study.lang),
                word("indicator", study.lang): target.indicator.name(study.lang),
                "所列口径" if zh else "Stated in": word(target.price_basis, study.lang),
                "名义增速" if zh else "Nominal": f"{figure(100 * both.nominal, 1)}%",
                "价格涨幅（情景）" if zh else "Prices (scenario)": f"{figure(100 * both.deflator, 1)}%",
                "实际增速" if zh else "Real": f"{figure(100 * both.real, 1)}%",
                "期末现价" if zh else "Nominal end level": end,
                "过去隐含价格涨幅" if zh else "Past implied prices": "–"
                if both.past_deflator is None
                else f"{figure(100 * both.past_deflator, 1)}%",
            }
        )
    return pd.DataFrame(rows)


def trajectories_answer(study: Study) -> str:
    """Return the answer in a sentence: what the first target asks for, and how many have a path."""
    zh, lang = study.lang == "zh", study.lang
    targets = plan_targets(study)
    paths = []
    for target in sorted(targets, key=lambda t: _place(t, study.plan)):
        try:
            paths.append(milestones(study.plan, target, study.scenario, study.path_shape, study.as_of))
        except NotAssessable:
            continue
    if not paths:
        return (
            "所选目标均无路径可画：缺少基期数或目标数。"
            if zh
            else "None of the chosen targets has a path: figures or bases are missing."
        )
    first = paths[0]
    growth = ""
    values = first.path.values
    n_years = len(values) - 1
    if first.target.indicator.scale == "share":
        change = (values[-1] - values[0]) / n_years
        growth = f"，年均{figure(change, 2)}个百分点" if zh else f", {figure(change, 2)} points a year"
    elif values[0] > 0:
        change = 100 * ((values[-1] / values[0]) ** (1 / n_years) - 1)
        growth = f"，年均增长{figure(change, 1)}%" if zh else f", {figure(change, 1)} % a year"
    name, units = first.target.indicator.name(lang), study.plan.catalogue.units
    goal = (
        promise(first.target, units, lang) if first.measure == "level" else figure(_rounded(first.path)[-1])
    )
    index = ""
    if first.measure == "index":
        index = (
            f"（以{first.path.years[0]}年为100）" if zh else f" (an index with {first.path.years[0]} = 100)"
        )
    way = ", ".join(
        f"{year}: {figure(value)}"
        for year, value in list(zip(first.path.years, _rounded(first.path), strict=True))[1:-1]
    )
    if zh:
        return (
            f"**{name}**由{first.path.years[0]}年的{figure(values[0])}到{first.path.years[-1]}年的"
            f"{goal}{index}{growth}；{word(study.path_shape, lang)}路径的年度节点为 {way}。"
            f"所选 {len(targets)} 项目标中，{len(paths)} 项可以画出路径。"
        )
    return (
        f"**{name}** goes from {figure(values[0])} in {first.path.years[0]} to {goal} in "
        f"{first.path.years[-1]}{index}{growth}. On a path of {word(study.path_shape, lang)} its milestones are {way}. "
        f"{len(paths)} of the {len(targets)} targets chosen have a path."
    )


def feasibility_table(study: Study, result: PlanAssessment) -> pd.DataFrame:
    """Return one row a target of the plan's period: required, record, class, probability, verdict."""
    lang, zh = study.lang, study.lang == "zh"
    units, rules = study.plan.catalogue.units, study.plan.catalogue.rules
    rows = []
    for found in result.assessments:
        target = found.target
        if target.target_year <= study.plan.base_year or found.probability is None and found.required is None:
            continue
        chance = percent(found.probability)
        if found.probability is not None:
            chance += f" {probability_words(found.probability, rules, lang)}"
        best = "–"
        if found.record is not None and found.record.best is not None:
            share = target.indicator.scale == "share"
            best = figure(found.record.best, 2) if share else f"{figure(100 * found.record.best, 1)}%"
        rows.append(
            {
                word("number", lang): number_of(target, lang),
                word("indicator", lang): target.indicator.name(lang),
                word("base", lang): f"{figure(found.base)} ({found.base_year})"
                if found.base is not None
                else "–",
                word("target", lang): promise(target, units, lang),
                ("约束" if zh else "Binding"): "●" if target.binding else "",
                word("required", lang): rate(found.required, lang, target.unit, units),
                word("required_from_latest", lang): rate(found.required_from_latest, lang, target.unit, units)
                + (f" ({found.latest_year})" if found.required_from_latest else ""),
                word("record", lang): record_text(found, lang),
                word("best", lang): best,
                word("percentile", lang): "–" if found.percentile is None else f"{found.percentile:.0f}",
                word("probability", lang): chance,
                word("verdict", lang): word(found.verdict, lang),
                word("reason", lang): found.reason.get(lang, "")
                or "; ".join(note[lang] for note in found.notes),
            }
        )
    return pd.DataFrame(rows)


def risks(result: PlanAssessment, n: int = 3) -> tuple[Assessment, ...]:
    """Return the targets least likely to be met, each indicator once; binding ones first where equally likely."""
    order = sorted(result.assessable, key=lambda a: (a.probability, not a.target.binding))
    seen, chosen = set(), []
    for found in order:
        if found.target.indicator.id not in seen:
            seen.add(found.target.indicator.id)
            chosen.append(found)
    return tuple(chosen[:n])


def feasibility_answer(study: Study, result: PlanAssessment) -> str:
    """Return the answer in words: how many can be assessed, the joint chance, and what carries the risk."""
    lang, zh = study.lang, study.lang == "zh"
    rules = study.plan.catalogue.rules
    own = [a for a in result.assessments if a.target.target_year > study.plan.base_year]
    good = result.assessable
    if not good:
        reasons = {a.reason.get(lang, "") for a in own if a.reason}
        return ("无可评估的目标：" if zh else "No target can be assessed: ") + "; ".join(sorted(reasons)[:3])
    listed = "、".join(f"{a.target.indicator.name(lang)}（{percent(a.probability)}）" for a in risks(result))
    if not zh:
        listed = ", ".join(
            f"{a.target.indicator.name(lang)} ({percent(a.probability)})" for a in risks(result)
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
            f"在“{study.scenario.name[lang]}”下，规划期 {len(own)} 项目标中 {len(good)} 项可以评估：{verdicts}。"
            f"可评估目标全部实现的概率为 {percent(result.joint)}（{probability_words(result.joint, rules, lang)}；"
            f"若各项独立则为 {percent(result.product)}）。{binding}风险最大的是：{listed}。"
        )
    return (
        f"In the scenario “{study.scenario.name[lang]}”, {len(good)} of the {len(own)} targets of the plan period can be "
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


def comparison_answer(study: Study, results: dict[str, PlanAssessment]) -> str:
    """Return in words how much the scenario matters: joint chances, and the target that moves most."""
    zh, lang = study.lang == "zh", study.lang
    joint = {study.scenarios[i].name[lang]: result.joint for i, result in enumerate(results.values())}
    listed = ("，" if zh else ", ").join(f"{name} {percent(value)}" for name, value in joint.items())
    spans = []
    for found in zip(*(r.assessments for r in results.values()), strict=True):
        known = [a.probability for a in found if a.probability is not None]
        if len(known) > 1:
            spans.append(
                (max(known) - min(known), found[0].target.indicator.name(lang), min(known), max(known))
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
        for target in _unique(tuple(a.target for a in result.assessments if a.required is not None)):
            plans_of.setdefault((target.indicator.id, target.kind), set()).add(name)
    for key, names in sorted(plans_of.items()):
        if len(names) < 2:
            continue
        for name in results:
            result = results[name]
            unique = _unique(tuple(a.target for a in result.assessments))
            for found in result.assessments:
                target = found.target
                past = target.target_year <= result.plan.base_year
                if (
                    (target.indicator.id, target.kind) != key
                    or found.required is None
                    or past
                    or target not in unique
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

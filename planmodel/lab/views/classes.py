"""What the calibration notebook says of the reference classes, and of how their choice changes a verdict."""

from __future__ import annotations

import pandas as pd

from planmodel.charts.classes import Asked, amount, reached, readable
from planmodel.feasibility import assess, class_rate
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.selection import featured
from planmodel.forecasts.reference import ReferenceClass, class_names, load_class
from planmodel.lab.study import Study
from planmodel.tables.cells import promise, rate
from planmodel.words import percent, plain, word


def headline(result: PlanAssessment) -> Assessment | None:
    """Return the plan's headline target: its headline indicator's first, else the first that can be assessed."""
    found = featured(result)
    return found[0] if found else None


def fitting_classes(found: Assessment) -> tuple[ReferenceClass, ...]:
    """Return the classes that fit a target's scale, the one in use first."""
    share = found.target.indicator.scale == "share"
    classes = [load_class(name) for name in class_names()]
    classes = [c for c in classes if c.transform == "any" or (c.transform == "logit") == share]
    return tuple(sorted(classes, key=lambda c: c.id != found.reference))


def asked_of(group: ReferenceClass, found: Assessment) -> Asked | None:
    """Return what a target asks of a class in its own terms, None where the two do not compare."""
    if found.required is None or group.transform == "any":
        return None
    n_years = found.target.n_years
    value = class_rate(group, found.required, n_years, found.base)
    share = group.transform == "logit" and found.base is not None and 0 < found.base < 100
    base = {"base": found.base} if share else {}
    return None if value is None else Asked(value, n_years, **base)


def class_choices(study: Study, result: PlanAssessment) -> dict[str, Assessment]:
    """Return the headline target's assessment by each class that fits it, the one in use first; empty: no target."""
    found = headline(result)
    if found is None:
        return {}
    options = {**study.options}
    options.pop("reference")
    return {
        group.id: assess(study.plan, found.target, study.scenario, reference=group.id, **options)
        for group in fitting_classes(found)
    }


def _expected(group: ReferenceClass, found: Assessment) -> float | None:
    """Mean class growth from the target's last known year to its target year, in hundredths."""
    if not group.medians or found.history is None or found.history.values.empty:
        return None
    origin, last = found.history.last_year, found.target.target_year
    if last <= origin:
        return None
    behind = max(origin - max(group.medians), 0)
    return float(group.state(origin).mean(behind + last - origin)[behind:].mean())


def class_table(study: Study, result: PlanAssessment) -> pd.DataFrame:
    """Return one row a class that fits the headline target: what it expects, what others reached, the verdict."""
    lang, zh, rows = study.lang, study.lang == "zh", []
    used = headline(result)
    origin = (
        used.history.last_year if used is not None and used.history is not None and len(used.history) else ""
    )
    known = f"预计年均（截至 {origin} 年）" if zh else f"Expected a year (as known in {origin})"
    for name, found in class_choices(study, result).items():
        group = load_class(name)
        asked, expected = asked_of(group, found), _expected(group, found)
        share = reached(group, asked) if asked else None
        base = {"base": asked.base} if asked else {}
        rows.append(
            {
                word("reference", lang): group.name(lang) + (" ●" if name == used.reference else ""),
                "序列数" if zh else "Series": str(group.n_series),
                "年份" if zh else "Years": f"{group.years[0]}–{group.years[1]}" if group.years else "–",
                known: "–"
                if expected is None
                else amount(group, float(readable(group, expected, **base)), lang),
                "达到所需增速的比例" if zh else "Reached what is required": percent(share),
                "本地区权重" if zh else "Weight of own lead or lag": percent(found.own_weight)
                if found.own_weight is not None and found.own_weight > 0
                else "–",
                word("probability", lang): percent(found.probability),
                word("verdict", lang): word(found.verdict, lang),
            }
        )
    if not rows:
        return pd.DataFrame({word("reason", lang): ["没有可比较的目标" if zh else "no target to compare"]})
    return pd.DataFrame(rows)


def classes_answer(study: Study, result: PlanAssessment) -> str:
    """Return in words how the choice of the class changes the verdict of the plan's headline target."""
    lang, zh = study.lang, study.lang == "zh"
    used, each = headline(result), class_choices(study, result)
    known = {name: a for name, a in each.items() if a.probability is not None}
    if used is None or used.probability is None or not known:
        return (
            "该规划没有可评估的目标，无法比较参照类。"
            if zh
            else "No target of this plan can be assessed, so the classes cannot be compared."
        )
    units = study.plan.catalogue.units
    name = plain(used.target.indicator.name(lang))
    goal = plain(promise(used.target, units, lang))
    needs = rate(used.required, lang, used.target.unit, units)
    own = plain(load_class(used.reference).name(lang)) if used.reference else "–"
    others = sorted(
        (a.probability, plain(load_class(n).name(lang))) for n, a in known.items() if n != used.reference
    )
    between = ""
    if others:
        (low, low_name), (high, high_name) = others[0], others[-1]
        between = (
            f"；换用其他参照类，最低 {percent(low)}，为{low_name}，最高 {percent(high)}，为{high_name}"
            if zh
            else f"; with the others it goes from {percent(low)} ({low_name}) to {percent(high)} ({high_name})"
        )
    verdicts = list(dict.fromkeys(word(a.verdict, lang) for a in known.values()))
    if zh:
        change = (
            f"判断随参照类而变：{'、'.join(verdicts)}" if len(verdicts) > 1 else f"判断不变：{verdicts[0]}"
        )
        return (
            f"**{name}**：目标 {goal}，所需为{needs}。所用参照类为“{own}”，实现概率为 {percent(used.probability)}，"
            f"{word(used.verdict, lang)}{between}。{change}。"
        )
    change = (
        f"The verdict depends on the class: {', '.join(verdicts)}"
        if len(verdicts) > 1
        else f"The verdict is the same with each class: {verdicts[0]}"
    )
    return (
        f"**{name}**: {goal} asks for {needs}{' a year' if needs.endswith(('%', 'pp')) else ''}. With the class used "
        f"here ({own}) the chance is {percent(used.probability)}, {word(used.verdict, lang)}{between}. {change}."
    )


def key_choices(study: Study, result: PlanAssessment) -> pd.DataFrame:
    """Return the headline target's probability and verdict by class, for tests that compare."""
    rows = [
        (found.target.id, name, found.probability, found.verdict)
        for name, found in class_choices(study, result).items()
    ]
    return pd.DataFrame(rows, columns=["target", "class", "probability", "verdict"]).round(4)

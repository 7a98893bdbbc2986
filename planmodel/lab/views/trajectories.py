"""What the trajectories notebook says: milestones, path shapes, real and nominal."""

from __future__ import annotations

import pandas as pd

from planmodel.arithmetic.paths import PATH_SHAPES, Trajectory
from planmodel.errors import NotAssessable
from planmodel.feasibility.milestones import milestones, real_nominal
from planmodel.feasibility.selection import place, plan_targets
from planmodel.lab.study import Study
from planmodel.plans import Target
from planmodel.tables.cells import number_of, promise
from planmodel.words import figure, plain, word


def milestones_table(study: Study) -> pd.DataFrame:
    """Return the annual milestones of the chosen targets by the study's path shape, a row a target."""
    lang, rows = study.lang, []
    measures = {
        "level": ("水平", "level"),
        "index": ("指数", "index"),
        "cumulated": ("累计", "sum so far"),
        "flow": ("年度量", "flow"),
    }
    for target in plan_targets(study.plan, study.indicators):
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
    for target in plan_targets(study.plan, study.indicators):
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
    targets = plan_targets(study.plan, study.indicators)
    paths = []
    for target in sorted(targets, key=lambda t: place(t, study.plan)):
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
    name, units = plain(first.target.indicator.name(lang)), study.plan.catalogue.units
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
            f"所选 {len(targets)} 项（去重后）目标中，{len(paths)} 项可以画出路径。"
        )
    return (
        f"**{name}** goes from {figure(values[0])} in {first.path.years[0]} to {goal} in "
        f"{first.path.years[-1]}{index}{growth}. On a path of {word(study.path_shape, lang)} its milestones are {way}. "
        f"{len(paths)} of the {len(targets)} different promises chosen have a path."
    )

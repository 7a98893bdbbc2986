"""What the growth accounting says: what would have to be true, beside what others and the region itself had."""

from __future__ import annotations

import pandas as pd

from planmodel.arithmetic.accounting import Needed
from planmodel.arithmetic.capital_paths import capital_path
from planmodel.drivers import Drivers, drivers, swings
from planmodel.feasibility.outlooks import REAL_CLASS
from planmodel.forecasts.reference import load_class
from planmodel.lab.study import Study
from planmodel.lab.views.assumptions import amount, flag, needed_text, record_cells, record_of, standing
from planmodel.tables.cells import number_of, promise
from planmodel.words import plain, word

OUTPUTS = {"gdp": ("地区生产总值", "GDP"), "services_va": ("服务业增加值", "services value added")}
ARTICLES = {
    "investment_share": "an investment share",
    "productivity": "productivity growth",
    "labour": "growth of employment",
}
CLOSE = 5e-4
"""Growth that differs by less than this is called the same: half a tenth of a point."""


def drivers_of(study: Study) -> Drivers:
    """Return the growth accounting of the study's plan."""
    return drivers(study.plan, study.scenario, study.assumptions, study.indicators)


def drivers_answer(result: Drivers, lang: str) -> str:
    """Return the answer in words: what the target asks for, what the assumptions give, and what would close the gap."""
    zh = lang == "zh"
    if result.goal is None:
        why = result.reason[lang]
        return f"不作增长核算：{plain(why)}。" if zh else f"No growth accounting: {plain(why)}."
    goal, target = result.goal, result.goal.target
    years, output = f"{target.base_year + 1}–{target.target_year}", OUTPUTS[goal.output][0 if zh else 1]
    asked, reached = f"{100 * goal.growth:.1f}%", f"{100 * result.reached:.1f}%"
    steps = ("；" if zh else "; ").join(plain(step[lang]) for step in goal.steps)
    name = plain(target.indicator.name(lang))
    figures = plain(promise(target, result.plan.catalogue.units, lang))
    if zh:
        said = f"目标“{name} {figures}”（{number_of(target, lang)}）要求 {years} 年{output}可比价年均增长 **{asked}**（{steps}）。"
        said += f"按下列假定，增长为 **{reached}**。"
    else:
        said = f"The target {name}, {figures} ({number_of(target, lang)}), asks for real growth of {output} of **{asked}** a year over {years} ({steps})."
        said += f" With the assumptions below it comes to **{reached}**."
    if result.reached >= goal.growth - CLOSE:
        said += "假定已足以支撑目标。" if zh else " The assumptions carry the target."
    else:
        said += "\n\n" + _one_at_a_time(result, lang)
    return "\n\n".join(part for part in (said, _against_past(result, lang)) if part)


def _one_at_a_time(result: Drivers, lang: str) -> str:
    zh, parts, cannot = lang == "zh", [], []
    for term in ("investment_share", "productivity", "labour"):
        need, name = result.need(term), word(term, lang) if zh else ARTICLES[term]
        if not need.attainable:
            cannot.append(_cannot(need, name, lang))
            continue
        text, now = f"**{needed_text(need, lang)}**", amount(term, getattr(result.assumptions, term), lang)
        where = flag(term, need.value, result, lang)
        parts.append(
            f"{name}为 {text}（假定 {now}，{where}）" if zh else f"{name} of {text} (assumed {now}; {where})"
        )
    said = ""
    if parts and zh:
        said = "其余不变，只靠一项补足，须" + "；或".join(parts) + "。"
    elif parts:
        said = "One of these alone would close the gap: " + "; or ".join(parts) + ". "
    return (said + "".join(cannot)).strip()


def _cannot(need: Needed, name: str, lang: str) -> str:
    """Return why one term alone does not close the gap."""
    value = "" if need.value is None else amount(need.term, need.value, lang)
    if lang == "zh":
        why = (
            f"须把产出的 {value} 用于投资"
            if value
            else "须用于投资的超过全部产出"
            if need.term == "investment_share"
            else "年均 50% 以内无解"
        )
        return f"单靠{name}**做不到**：{why}。"
    bare = name.removeprefix("an ").capitalize()
    why = (
        "it would take more than all output" + (f" ({value})" if value else "")
        if need.term == "investment_share"
        else "no rate within 50% a year does it"
    )
    return f"{bare} alone **cannot** close it: {why}. "


def _against_past(result: Drivers, lang: str) -> str:
    past, own = result.past, result.past_productivity
    if past is None or own is None:
        return ""
    years, rate = f"{past.first_year + 1}–{past.last_year}", f"{100 * past.growth:.1f}%"
    shift = (
        result.goal.stated
        if result.goal.target.indicator.id == "services_va" and result.goal.output == "gdp"
        else None
    )
    notes = "".join(f"（{plain(n['zh'])}）" if lang == "zh" else f" ({plain(n['en'])})" for n in past.notes)
    if lang == "zh":
        text = f"本地区 {years} 年年均增长 {rate}{notes}，同样假定下对应全要素生产率年均 {100 * own:.1f}%。"
        if shift is not None and result.goal.growth < past.growth:
            text += "目标隐含的 GDP 增速低于历史：服务业目标主要靠占比提高，而不是经济更快增长。"
        return text
    text = f"The region grew {rate} a year over {years}{notes}: with the same assumptions that is productivity growth of {100 * own:.1f}% a year."
    if shift is not None and result.goal.growth < past.growth:
        text += " The GDP growth that is implied is below the record: the services target rests on a rising share rather than on faster growth."
    return text


def goals_view(result: Drivers, lang: str) -> pd.DataFrame:
    """Return the targets of output: as promised, as real growth, and where that stands in the reference class."""
    zh, units = lang == "zh", result.plan.catalogue.units
    group = load_class(REAL_CLASS)
    rows = []
    for goal in result.goals:
        place = group.percentile(goal.growth, goal.n_years) if goal.output == "gdp" else None
        rows.append(
            {
                word("number", lang): number_of(goal.target, lang),
                word("indicator", lang): goal.target.indicator.name(lang),
                word("target", lang): promise(goal.target, units, lang),
                "年份" if zh else "Years": f"{goal.target.base_year + 1}–{goal.target.target_year}",
                "产出实际年均增长" if zh else "Real growth of output a year": f"{100 * goal.growth:.2f}%",
                "读法" if zh else "Reading": ("；" if zh else "; ").join(step[lang] for step in goal.steps),
                group.name(lang): "–"
                if place is None
                else (f"高于 {place:.0f}% 的时段" if zh else f"above {place:.0f}% of episodes"),
            }
        )
    for target, reason in result.unread:
        rows.append(
            {
                word("number", lang): number_of(target, lang),
                word("indicator", lang): target.indicator.name(lang),
                word("target", lang): promise(target, units, lang),
                "读法" if zh else "Reading": reason[lang],
            }
        )
    return pd.DataFrame(rows).fillna("–") if rows else pd.DataFrame()


def needs_view(result: Drivers, lang: str) -> pd.DataFrame:
    """Return what each term alone would have to be, beside what is assumed and what others had."""
    zh, rows = lang == "zh", []
    for need in result.needs:
        record = record_of(need.term, result)
        rows.append(
            {
                "只靠这一项" if zh else "This alone": word(need.term, lang),
                "假定" if zh else "Assumed": amount(need.term, getattr(result.assumptions, need.term), lang),
                "须为" if zh else "Would have to be": needed_text(need, lang),
                "判断" if zh else "Verdict": flag(need.term, need.value, result, lang),
                **record_cells(need.term, record, result, lang),
                "须为之数在各国" if zh else "Among countries": standing(need.term, need.value, result, lang),
            }
        )
    return pd.DataFrame(rows)


def drivers_swings_view(result: Drivers, lang: str) -> pd.DataFrame:
    """Return how the productivity growth that is needed moves when one assumption moves by half the countries' quartile range."""
    if result.goal is None:
        return pd.DataFrame()
    zh = lang == "zh"
    rows = [
        {
            "假定" if zh else "Assumption": word(swing.name, lang),
            "较低" if zh else "Lower": amount(swing.name, swing.low, lang),
            "须有生产率增速" if zh else "Productivity growth it takes": needed_text(swing.needed_low, lang),
            "较高" if zh else "Higher": amount(swing.name, swing.high, lang),
            "须有生产率增速 " if zh else "Productivity growth it takes ": needed_text(
                swing.needed_high, lang
            ),
        }
        for swing in swings(result)
    ]
    return pd.DataFrame(rows)


def path_text(result: Drivers, lang: str) -> str:
    """Return what happens to the capital-output ratio over the plan, with investment as assumed and as needed."""
    if result.goal is None:
        return ""
    n, last = result.goal.n_years, result.goal.target.target_year
    path = capital_path(result.assumptions, n)
    first, final = (f"{100 * g:.1f}%" for g in (path.growth[0], path.growth[-1]))
    ends = f"{path.capital_output[0]:.2f}", f"{path.capital_output[-1]:.2f}"
    if lang == "zh":
        return (
            f"逐年推算：当年投资形成下一年的资本。按假定，资本产出比由 {ends[0]} 升至 {last} 年的 {ends[1]}，"
            f"增长由首年的 {first} 变为末年的 {final}：资本积累越快，同样的投资率带来的增长越小。"
            if path.capital_output[-1] > path.capital_output[0]
            else f"逐年推算：当年投资形成下一年的资本。按假定，资本产出比由 {ends[0]} 变为 {last} 年的 {ends[1]}，增长由首年的 {first} 变为末年的 {final}。"
        )
    more = (
        " The more capital there is, the less growth the same investment share buys."
        if path.capital_output[-1] > path.capital_output[0]
        else ""
    )
    return (
        f"Year by year: the investment of a year is capital of the next. As assumed the capital-output ratio goes from {ends[0]} "
        f"to {ends[1]} in {last}, and growth from {first} in the first year to {final} in the last.{more}"
    )

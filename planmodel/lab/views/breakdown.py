"""What the breakdown says: a plan by year, who owes what, parts of a target, contributions to growth."""

from __future__ import annotations

import pandas as pd

from planmodel.arithmetic.periods import parse_moment
from planmodel.breakdown import Breakdown, Line, break_down
from planmodel.feasibility.selection import place
from planmodel.lab.study import Study
from planmodel.plans import Plan
from planmodel.plans.known import known_at
from planmodel.plans.promises import promises
from planmodel.tables.cells import number_of, promise
from planmodel.words import figure, plain, thousands, word

MEASURES = {
    "level": ("当年达到", "level"),
    "index": ("指数（基年=100）", "index, base year = 100"),
    "cumulated": ("累计完成", "sum so far"),
    "flow": ("每年", "each year"),
    "mean_flow": ("年均", "each year on average"),
    "floor": ("每年保持", "held in every year"),
    "final": ("只有期末数", "final figure only"),
    "printed": ("按规划原文", "as printed"),
    "none": ("未列数字", "no figure"),
}
DUE = "●"
"""Stands in the year by which a target without a figure is due."""


def broken_down(study: Study) -> Breakdown:
    """Return the breakdown of the study's plan by its path shape, with outturns known at its moment."""
    return break_down(
        study.plan,
        study.scenario,
        study.path_shape,
        indicators=study.indicators,
        known=known_of(study),
    )


def known_of(study: Study) -> Plan:
    """Return the study's plan with what was known at its moment; all observations where it names none."""
    if study.as_at in ("", "0"):
        return study.plan
    months = study.plan.catalogue.rules["review"]["release_months"]
    return known_at(study.plan, parse_moment(study.as_at, months), months)


def shown_lines(result: Breakdown) -> tuple[Line, ...]:
    """Return the lines without targets that only repeat another's figure, binding ones first."""
    return promises(result.lines)


def owners_text(line: Line, plan: Plan, lang: str) -> str:
    """Return the bodies of a target for reading, the leading one first."""
    names = [plan.catalogue.owner_name(owner, lang) for owner in line.target.owner]
    return ("、" if lang == "zh" else "; ").join(names)


def target_name(line: Line, plan: Plan, lang: str) -> str:
    """Return the name of a target's indicator, with its region where that is not the plan's."""
    target = line.target
    name = target.indicator.name(lang)
    if target.region == plan.region:
        return name
    region = plan.catalogue.regions[target.region].name(lang)
    return f"{name}（{region}）" if lang == "zh" else f"{name} ({region})"


def undivided_view(result: Breakdown, lang: str) -> pd.DataFrame:
    """Return the targets without a figure for each year, with the reason: one row a target."""
    zh, plan, rows = lang == "zh", result.plan, []
    owned = any(line.target.owner for line in result.lines)
    for line in shown_lines(result):
        if line.by_year:
            continue
        target = line.target
        row = {
            word("number", lang): number_of(target, lang),
            word("indicator", lang): target_name(line, plan, lang),
        }
        if owned:
            row[word("owner", lang)] = owners_text(line, plan, lang)
        row |= {
            word("target", lang): promise(target, plan.catalogue.units, lang),
            "期限" if zh else "Due": str(target.target_year),
            word("reason", lang): _reason(line, lang),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def breakdown_view(result: Breakdown, lang: str, owner: str = "", *, by_year: bool = False) -> pd.DataFrame:
    """Return the annual table: one row a target, a column a year, binding targets first.

    owner: only the targets of a body, with its role. by_year: only targets with a figure for each year.
    """
    zh, plan, rows = lang == "zh", result.plan, []
    units = plan.catalogue.units
    owned = any(line.target.owner for line in result.lines)
    stated = any(line.target.attribute != "none" for line in result.lines)
    for line in shown_lines(result):
        target = line.target
        if owner and owner not in target.owner or by_year and not line.by_year:
            continue
        goal = promise(target, units, lang)
        if target.target_year != plan.period[1] and target.target_value is not None:
            goal += f"（{target.target_year}年）" if zh else f" by {target.target_year}"
        base = "" if line.base is None or line.measure == "cumulated" else thousands(line.base)
        row = {
            word("number", lang): number_of(target, lang),
            word("indicator", lang): target_name(line, plan, lang),
        }
        if owner:
            row[word("role", lang)] = word("leads" if target.owner[0] == owner else "takes_part", lang)
        if owned:
            row[word("owner", lang)] = owners_text(line, plan, lang)
        if stated:
            row[word("attribute", lang)] = word(target.attribute, lang)
        row |= {
            word("unit", lang): units[line.unit].name(lang) if line.unit in units else "",
            word("measure", lang): MEASURES[line.measure][0 if zh else 1],
            word("base", lang): base
            + (f" ({line.base_year})" if base and line.base_year != plan.base_year else ""),
            **{str(year): _cell(line, year) for year in result.years},
            word("target", lang): goal,
            word("asked", lang): asked_text(line, lang),
            word("latest", lang): _latest(line),
            word("remarks", lang): _reason(line, lang),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _cell(line: Line, year: int) -> str:
    found = line.of(year)
    if found is None:
        done = not line.years and line.target.status == "printed" and line.target.target_year == year
        return DUE if done else ""
    return "" if found.figure is None else thousands(found.figure)


def asked_text(line: Line, lang: str) -> str:
    """Return what a target asks for a year: one rate, or the first and the last year's where they differ."""
    zh = lang == "zh"
    asked = [found.asked for found in line.years if found.asked is not None]
    if not asked:
        return ""
    if asked[0].measure == "growth":
        texts = [f"{figure(100 * a.value, 1)}%" for a in asked]
    elif asked[0].measure == "pp":
        texts = [f"{figure(a.value, 2)}{'个百分点' if zh else ' pp'}" for a in asked]
    else:
        texts = [figure(round(a.value, 2)) for a in asked]
    return texts[0] if len(set(texts)) == 1 else f"{texts[0]} → {texts[-1]}"


def _latest(line: Line) -> str:
    known = [found for found in line.years if found.outturn is not None]
    if not known:
        return ""
    about = "≈" if known[-1].derived else ""
    return f"{about}{figure(known[-1].outturn)} ({known[-1].year})"


def _reason(line: Line, lang: str) -> str:
    notes = [line.reason[lang]] if line.reason else []
    nodes = [str(found.year) for found in line.years if found.node]
    if nodes:
        notes.append(("年度计划：" if lang == "zh" else "annual plan: ") + ", ".join(nodes))
    return ("；" if lang == "zh" else "; ").join(notes)


def asked_view(result: Breakdown, lang: str) -> pd.DataFrame:
    """Return what each year asks: growth in %, points or units over the year before, the flow of a sum."""
    rows, zh = [], lang == "zh"
    names = {"growth": "%", "pp": "个百分点" if zh else "pp"}
    units = result.plan.catalogue.units
    for line in shown_lines(result):
        asked = [found.asked for found in line.years if found.asked is not None]
        if not asked:
            continue
        unit = units[line.unit].name(lang) if line.unit in units else ""
        cells = {}
        for year in result.years:
            found = line.of(year)
            if found is None or found.asked is None:
                cells[str(year)] = ""
            elif found.flow is not None:
                cells[str(year)] = thousands(found.flow)
            elif found.asked.measure == "growth":
                cells[str(year)] = f"{100 * found.asked.value:.1f}".replace("-", "−")
            else:
                cells[str(year)] = f"{found.asked.value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
        rows.append(
            {
                word("number", lang): number_of(line.target, lang),
                word("indicator", lang): target_name(line, result.plan, lang),
                word("unit", lang): names.get(asked[0].measure, unit),
                **cells,
                word("target", lang): promise(line.target, units, lang),
            }
        )
    return pd.DataFrame(rows)


def breakdown_notes(result: Breakdown, lang: str) -> tuple[str, ...]:
    """Return the notes under the table: what its figures are, which targets bind, who leads."""
    zh, lines = lang == "zh", shown_lines(result)
    binding = sum(line.target.binding for line in lines)
    stated = any(line.target.attribute != "none" for line in lines)
    owned = sum(bool(line.target.owner) for line in lines)
    shape = word(result.shape, lang)
    if zh:
        notes = [
            (
                f"各年数为由基期到目标按“{shape}”路径推得的年度节点，经过年度计划目标（如有）；期末数即规划所列数。"
                "节点由规划自身的目标推算，不是另行下达的任务。"
            ),
            "指数以基年为100；累计为规划期内累计数，各年增量相加等于规划所列总数；“每年保持”“每年”指各年均须达到。",
            f"“年均所需”为各年所需增速（占比为百分点，累计数为当年量）；“最新数”为已公布的实际数及年份，≈ 为由其他公布数推算。{DUE} 为应完成年份。",
            f"约束性目标 {binding} 项，列在最前。" if stated else "规划未注明哪些目标为约束性。",
        ]
        if owned:
            notes.append(f"责任单位按规划原文，首位为牵头单位；{len(lines) - owned} 项目标规划未列责任单位。")
        else:
            notes.append("规划未列各项目标的责任单位。")
        return tuple(notes)
    notes = [
        (
            f"Figures by year are milestones from the base to the target on a path of {shape}, through annual plan targets where "
            "there are any; the final one is the plan's own. They follow from the plan's own targets; no authority has set them."
        ),
        (
            "An index has its base year at 100. Sums count from the start of the plan; the yearly amounts add up to the printed "
            "total. “Each year” and “held in every year” must hold in every single year."
        ),
        (
            "“Asked a year” is growth over the year before (points for shares, the year's amount for sums); “Latest figure” is the "
            f"published outturn with its year, ≈ one that follows from other published figures. {DUE} marks the year by which a target without a figure is due."
        ),
        f"{binding} targets are binding and come first."
        if stated
        else "The plan does not say which targets are binding.",
    ]
    if owned:
        notes.append(
            "Responsible bodies as the plan prints them, the leading one first; for "
            f"{len(lines) - owned} targets it names none."
        )
    else:
        notes.append("The plan names no bodies responsible for its targets.")
    return tuple(notes)


def breakdown_answer(result: Breakdown, lang: str) -> str:
    """Return the answer in a sentence: how many targets have figures by year, and what the first of them asks."""
    zh, plan, lines = lang == "zh", result.plan, shown_lines(result)
    by_year = [line for line in lines if line.by_year]
    final, none = (sum(line.measure == measure for line in lines) for measure in ("final", "none"))
    printed = len(lines) - len(by_year) - final - none
    if not by_year:
        return (
            f"所选 {len(lines)} 项目标均不能分解到年：缺少基期数或目标数。"
            if zh
            else f"None of the {len(lines)} targets chosen can be broken down by year: bases or figures are missing."
        )
    ways = [line for line in by_year if line.measure in ("level", "index")]
    first = min(ways or by_year, key=lambda line: place(line.target, plan))
    units = plan.catalogue.units
    unit = units[first.unit].name(lang) if first.unit in units else ""
    steps = ", ".join(f"{f.year}: {thousands(f.figure)}" for f in first.years if f.year in result.years)
    name = plain(first.target.indicator.name(lang))
    late = next((f for f in reversed(first.years) if f.outturn is not None and f.year in result.years), None)
    owned = sum(bool(line.target.owner) for line in lines)
    rest = _not_by_year(final, none, printed, zh)
    if zh:
        index = "（指数，基年=100）" if first.measure == "index" else f"（{unit}）"
        text = f"{len(lines)} 项目标（去重后）中，{len(by_year)} 项可以分解到年{rest}。**{name}**{index}各年应达到 {steps}"
        text += (
            f"；{late.year}年实际{'约' if late.derived else ''}为 {figure(late.outturn)}。" if late else "。"
        )
        return text + (
            f"{owned} 项列有责任单位，共 {len(result.owners)} 家。"
            if owned
            else "规划未列各项目标的责任单位。"
        )
    index = " (index, base year = 100)" if first.measure == "index" else f" ({unit})"
    text = (
        f"Of {len(lines)} different promises, {len(by_year)} can be broken down by year{rest}. **{name}**{index} "
        f"is due to reach {steps}"
    )
    text += (
        f"; the outturn of {late.year} was {'about ' if late.derived else ''}{figure(late.outturn)}."
        if late
        else "."
    )
    return text + (
        f" The plan names {len(result.owners)} responsible bodies, for {owned} of the targets."
        if owned
        else " The plan names no bodies responsible for its targets."
    )


def _not_by_year(final: int, none: int, printed: int, zh: bool) -> str:
    """How many targets have no figure for each year, by why; nothing said of none."""
    texts = (
        (final, "{} 项没有基期、只有期末数", "{} have no base and keep their final figure only"),
        (none, "{} 项未列数字", "{} print no figure"),
        (printed, "{} 项为比例、位次、事项等", "{} are ratios, ranks, milestones and the like"),
    )
    said = [(zh_text if zh else en_text).format(n) for n, zh_text, en_text in texts if n]
    if not said:
        return ""
    return f"，{'，'.join(said)}" if zh else f"; {', '.join(said)}"


def owners_view(result: Breakdown, lang: str) -> pd.DataFrame:
    """Return the responsible bodies: how many targets each leads and shares, and which; empty where none is named."""
    zh, rows = lang == "zh", []
    for owner in result.owners:
        own = [line for line in shown_lines(result) if owner in line.target.owner]
        leads = sum(line.target.owner[0] == owner for line in own)
        rows.append(
            {
                word("owner", lang): result.plan.catalogue.owner_name(owner, lang),
                word("leads", lang): leads,
                word("takes_part", lang): len(own) - leads,
                "目标" if zh else "Targets": ("、" if zh else "; ").join(
                    target_name(line, result.plan, lang) for line in own
                ),
            }
        )
    return pd.DataFrame(rows)

"""Titles, subtitles and alternative texts of charts: sentences made from the figures."""

from __future__ import annotations

from planmodel.charts.shown import (
    Shown,
    basis_name,
    chance_text,
    mark_text,
    region_name,
    scenario_name,
    unit_name,
    value_text,
)
from planmodel.feasibility.assessments import Assessment
from planmodel.plans import Plan
from planmodel.plans.kinds import FLOW_KINDS
from planmodel.plans.scenarios import Scenario
from planmodel.words import figure as number
from planmodel.words import with_unit

JOIN = {"zh": "，", "en": ", "}
STOP = {"zh": "。", "en": ". "}
BOUNDS = {
    "ge": ("{}以上", "at least {}"),
    "gt": ("超过 {}", "more than {}"),
    "le": ("{}以内", "at most {}"),
    "lt": ("低于 {}", "less than {}"),
    "about": ("{}左右", "about {}"),
}
KINDS = {
    "annual_growth": ("年均增长 {}", "{} a year"),
    "cumulative_sum": ("累计 {}", "{} in all"),
    "annual_flow": ("每年 {}", "{} every year"),
    "mean_annual_flow": ("年均 {}", "a mean of {} a year"),
    "cumulative_change_pct": ("累计变化 {}", "a total change of {}"),
    "change_units": ("累计增加 {}", "a change of {}"),
    "change_pp": ("累计提高 {}", "a change of {}"),
    "change_pp_per_year": ("每年提高 {}", "{} a year"),
    "keep": ("保持 {}", "staying at {}"),
}


def rate_text(value: float, measure: str, lang: str) -> str:
    """Return a change a year; growth as a fraction, shares in points.

    >>> rate_text(0.0842, "growth", "en"), rate_text(-0.46, "pp", "zh")
    ('8.4% a year', '每年降低 0.46 个百分点')
    """
    if measure == "growth":
        digits = 1 if abs(value) >= 0.0005 else 2
        if lang == "zh":
            return f"年均{'下降' if value < 0 else '增长'} {number(100 * abs(value), digits)}%"
        return f"{number(100 * value, digits)}% a year"
    if lang == "zh":
        return f"每年{'降低' if value < 0 else '提高'} {number(abs(value), 2)} 个百分点"
    return f"{number(value, 2)} points a year"


def phrase(found: Assessment, plan: Plan, lang: str, *, unit: bool = False) -> str:
    """Return the promise in a few words: at least 53%, 2 times the base; `unit` adds the unit of an amount.

    A target year other than the plan's last is named where the unit is.
    """
    target, zh = found.target, lang == "zh"
    if target.target_value is None or target.kind in ("ratio", "rank", "milestone", "relative"):
        return target.target_printed or "–"
    upper = f"–{number(target.target_upper)}" if target.target_upper is not None else ""
    units = plan.catalogue.units
    own = units[target.unit].name(lang) if target.unit in units else ""
    text = f"{number(target.target_value)}{upper}"
    points = target.kind in ("change_pp", "change_pp_per_year")
    if target.kind == "multiple":
        text = f"{found.base_year} 年的 {text} 倍" if zh else f"{text} times the {found.base_year} level"
    elif points:
        text = f"{text} 个百分点" if zh else f"{text} points"
    elif own == "%" or target.kind in ("annual_growth", "cumulative_change_pct"):
        text += "%"
    elif unit and own:
        text = f"{text} {own}" if zh else with_unit(text, own, lang)
    bound = BOUNDS.get(target.comparator, ("{}", "{}"))[not zh]
    text = bound.format(text + " " * (zh and text[-1] in "0123456789%" and bound.startswith("{}")))
    text = KINDS.get(target.kind, ("{}", "{}"))[not zh].format(text)
    if unit and target.target_year != plan.period[1]:
        text += f"（{target.target_year} 年）" if zh else f" by {target.target_year}"
    return " ".join(text.split())


def ask_sentence(found: Assessment, plan: Plan, lang: str) -> str:
    """Return what a promise asks for beside the record, without the indicator's name."""
    target, asked, past, zh = found.target, found.required, found.record, lang == "zh"
    if target.kind == "relative":
        other = plan.catalogue.indicators[target.relative_to].name(lang)
        return f"要求与{other}同步" if zh else f"to grow in step with {other}"
    words = phrase(found, plan, lang)
    if asked is None:
        return f"目标为“{words}”" if zh else f"{words} promised"
    if asked.measure in ("growth", "pp"):
        rate = rate_text(asked.value, asked.measure, lang)
        if target.kind in ("annual_growth", "change_pp_per_year"):
            ask = f"要求{words}" if zh else f"{words} promised"
        else:
            reach = "达到 " if target.kind in ("level", "multiple") and not words.startswith("超") else ""
            ask = f"{reach}{words}，需{rate}" if zh else f"{words} needs {rate}"
        if past is None:
            return ask
        had = rate_text(past.mean, asked.measure, lang)
        if not zh:
            return f"{ask}; the record is {had.removesuffix(' a year').removesuffix(' points')}"
        same = had[:4] == rate[:4]
        return f"{ask}，历史为 {had[4:].removesuffix(' 个百分点').strip()}" if same else f"{ask}，历史为{had}"
    if asked.measure == "headroom":
        base = number(found.base)
        return f"{words}；基期为 {base}" if zh else f"{words}; the base year stood at {base}"
    if target.kind == "cumulative_sum":
        each = number(asked.value)
        return f"{words}，相当于每年 {each}" if zh else f"{words} means {each} a year"
    return f"要求{words}" if zh else f"{words} promised"


def title(found: Assessment, plan: Plan, lang: str) -> str:
    """Return the title of a chart of one target: what it asks for beside the record."""
    name, text = found.target.indicator.name(lang), ask_sentence(found, plan, lang)
    return f"{name}：{text}" if lang == "zh" else f"{name}: {text}"


def in_scenario(scenario: Scenario, lang: str) -> str:
    """Return a scenario's name with the word scenario."""
    name = scenario_name(scenario, lang)
    return f"{name.removesuffix('情景')}情景" if lang == "zh" else f"{name} scenario"


def subtitle(found: Assessment, seen: Shown, plan: Plan, lang: str, scenario: str | None = None) -> str:
    """Return indicator, unit, price basis, region and scenario; `scenario` replaces the scenario's name."""
    target = found.target
    unit = unit_name(seen, plan, lang)
    if target.kind in FLOW_KINDS:
        unit += "/年" if lang == "zh" else " a year"
    parts = [target.indicator.name(lang), unit, basis_name(found, lang), region_name(target, plan, lang)]
    parts.append(in_scenario(found.scenario, lang) if scenario is None else scenario)
    return JOIN[lang].join(part for part in parts if part)


def note(found: Assessment, lang: str) -> str:
    """Return the footnotes of a chart: why there is no fan, what was assumed, and that history is short."""
    zh = lang == "zh"
    parts = [n[lang] for n in found.notes]
    if found.probability is None and found.reason:
        parts.insert(0, f"未画扇形：{found.reason[lang]}" if zh else f"No fan: {found.reason[lang]}")
    n_values = 0 if found.history is None else len(found.history)
    if found.probability is not None and n_values <= 2:
        few = "one past figure" if n_values == 1 else f"{n_values} past figures"
        parts.append(
            f"历史数据仅 {n_values} 个，扇形主要依据参照类"
            if zh
            else f"only {few}: the fan rests mostly on the reference class"
        )
    return STOP[lang].join(part[0].upper() + part[1:] for part in parts if part) + STOP[lang].strip() * bool(
        parts
    )


def fan_sentence(found: Assessment, seen: Shown, plan: Plan, lang: str) -> str:
    """Return the alternative text of a fan chart."""
    zh, year = lang == "zh", found.target.target_year
    parts = [title(found, plan, lang)]
    if len(seen.history):
        first, last = int(seen.history.index[0]), int(seen.history.index[-1])
        span = f"{first}–{last}" if first != last else f"{last}"
        value = value_text(float(seen.history.iloc[-1]), seen)
        parts.append(f"{span} 年历史数据，末值 {value}" if zh else f"history {span} ends at {value}")
    if seen.fan is not None:
        low, high = (_rounded(float(edge[1, -1]), seen) for edge in (seen.fan.low, seen.fan.high))
        parts.append(
            f"{year} 年八成区间 {low} 至 {high}"
            if zh
            else f"the 80% band for {year} runs from {low} to {high}"
        )
    if seen.mark is not None:
        mark = mark_text(seen)
        parts.append(f"{year} 年目标 {mark}" if zh else f"the target for {year} is {mark}")
    if found.probability is not None:
        chance = chance_text(found.probability, plan, lang)
        parts.append(f"实现概率 {chance}" if zh else f"the chance of meeting it is {chance}")
    elif found.reason:
        parts.append(f"不给概率：{found.reason[lang]}" if zh else f"no chance is given: {found.reason[lang]}")
    return ("；" if zh else "; ").join(parts) + ("。" if zh else ".")


def _rounded(value: float, seen: Shown) -> str:
    size = abs(value)
    if seen.unit == "%" or seen.index:
        return number(value, 1) + ("%" if seen.unit == "%" else "")
    return number(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else None)

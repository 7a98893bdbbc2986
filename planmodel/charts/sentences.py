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
from planmodel.feasibility import Assessment
from planmodel.plans import Plan
from planmodel.semantics import Required
from planmodel.words import COMPARATOR_SIGNS, promise
from planmodel.words import figure as number

JOIN = {"zh": "，", "en": ", "}
STOP = {"zh": "。", "en": ". "}


def rate_text(value: float, measure: str, lang: str) -> str:
    """Return a required or recorded change a year; growth as a fraction, shares in points.

    >>> rate_text(0.0842, "growth", "en"), rate_text(0.46, "pp", "zh")
    ('8.4% a year', '每年 0.46 个百分点')
    """
    if measure == "growth":
        digits = 1 if abs(value) >= 0.0005 else 2
        text = f"{number(100 * value, digits)}%"
        return f"年均 {text}" if lang == "zh" else f"{text} a year"
    text = number(value, 2)
    return f"每年 {text} 个百分点" if lang == "zh" else f"{text} points a year"


def figure_text(found: Assessment, plan: Plan, lang: str) -> str:
    """Return the promised figure, short: with comparator and %, without the unit of an amount."""
    target = found.target
    if target.target_value is None:
        return target.target_printed
    if target.kind == "multiple":
        return f"{number(target.target_value)} 倍" if lang == "zh" else f"{number(target.target_value)} times"
    if target.kind != "level":
        return promise(target, plan.catalogue.units, lang)
    upper = f"–{number(target.target_upper)}" if target.target_upper is not None else ""
    percent = "%" if target.unit == "%" else ""
    return f"{COMPARATOR_SIGNS.get(target.comparator, '')}{number(target.target_value)}{upper}{percent}"


def ask_sentence(found: Assessment, plan: Plan, lang: str) -> str:
    """Return what a promise asks for beside the record, without the indicator's name."""
    target, asked, past = found.target, found.required, found.record
    if target.kind == "relative":
        other = plan.catalogue.indicators[target.relative_to].name(lang)
        return f"要求与{other}同步" if lang == "zh" else f"to grow in step with {other}"
    if asked is None:
        text = target.target_printed or "–"
        return f"目标为“{text}”" if lang == "zh" else f"the promise reads “{text}”"
    if asked.measure in ("growth", "pp"):
        rate = rate_text(asked.value, asked.measure, lang)
        if target.kind == "annual_growth":
            sign = COMPARATOR_SIGNS.get(target.comparator, "")
            ask = f"目标{rate.replace('年均 ', f'年均 {sign}')}" if lang == "zh" else f"promised {sign}{rate}"
        elif lang == "zh":
            ask = f"达到 {figure_text(found, plan, lang)} 需{rate}"
        else:
            ask = f"{figure_text(found, plan, lang)} needs {rate}"
        if past is None:
            return ask
        had = rate_text(past.mean, asked.measure, lang)
        return f"{ask}，历史为{had}" if lang == "zh" else f"{ask}; the record is {had}"
    if asked.measure == "headroom":
        room = number(abs(asked.value))
        if lang == "zh":
            return f"{figure_text(found, plan, lang)}，与基期相距 {room}"
        return f"{figure_text(found, plan, lang)}; the base year leaves {room} of room"
    return _flow_sentence(found, asked, plan, lang)


def _flow_sentence(found: Assessment, asked: Required, plan: Plan, lang: str) -> str:
    target = found.target
    figure = promise(target, plan.catalogue.units, lang)
    if target.kind != "cumulative_sum":
        return f"目标为{figure}" if lang == "zh" else f"promised {figure}"
    if lang == "zh":
        return f"{figure}，相当于每年 {number(asked.value)}"
    return f"{figure} means {number(asked.value)} a year"


def title(found: Assessment, plan: Plan, lang: str) -> str:
    """Return the title of a chart of one target: what it asks for beside the record."""
    name, text = found.target.indicator.name(lang), ask_sentence(found, plan, lang)
    return f"{name}：{text}" if lang == "zh" else f"{name}: {text}"


def subtitle(found: Assessment, seen: Shown, plan: Plan, lang: str, scenario: str | None = None) -> str:
    """Return indicator, unit, price basis, region and scenario; `scenario` replaces the scenario's name."""
    name = found.target.indicator.name(lang)
    if scenario is None:
        label = scenario_name(found.scenario, lang)
        scenario = f"{label}情景" if lang == "zh" else f"{label} scenario"
        scenario = scenario.replace("情景情景", "情景")
    parts = [
        name,
        unit_name(seen, plan, lang),
        basis_name(found, lang),
        region_name(found.target, plan, lang),
        scenario,
    ]
    return JOIN[lang].join(part for part in parts if part)


def note(found: Assessment, lang: str) -> str:
    """Return the footnotes of a chart: why there is no fan, what was assumed, and that history is short."""
    parts = [n[lang] for n in found.notes]
    if found.probability is None and found.reason:
        parts.insert(
            0, f"未画扇形：{found.reason[lang]}" if lang == "zh" else f"No fan: {found.reason[lang]}"
        )
    n_values = 0 if found.history is None else len(found.history)
    if found.probability is not None and n_values <= 2:
        if lang == "zh":
            parts.append(f"历史数据仅 {n_values} 个，扇形主要依据参照类")
        else:
            s = "s" if n_values > 1 else ""
            parts.append(f"only {n_values} past figure{s}: the fan rests mostly on the reference class")
    if not parts:
        return ""
    text = STOP[lang].join(part[0].upper() + part[1:] for part in parts)
    return text + STOP[lang].strip()


def fan_sentence(found: Assessment, seen: Shown, plan: Plan, lang: str) -> str:
    """Return the alternative text of a fan chart."""
    target = found.target
    mark = mark_text(seen)
    parts = [title(found, plan, lang)]
    if len(seen.history):
        first, last = int(seen.history.index[0]), int(seen.history.index[-1])
        span = f"{first}–{last}" if first != last else f"{last}"
        value = value_text(float(seen.history.iloc[-1]), seen)
        parts.append(
            f"{span} 年历史数据，末值 {value}" if lang == "zh" else f"history {span} ends at {value}"
        )
    if seen.fan is not None:
        low, high = (value_text(float(edge[1, -1]), seen) for edge in (seen.fan.low, seen.fan.high))
        low, high = (_rounded(float(edge[1, -1]), seen) for edge in (seen.fan.low, seen.fan.high))
        parts.append(
            f"{target.target_year} 年八成区间 {low} 至 {high}"
            if lang == "zh"
            else f"the 80% band for {target.target_year} runs from {low} to {high}"
        )
    if mark:
        parts.append(
            f"{target.target_year} 年目标 {mark}"
            if lang == "zh"
            else f"the target for {target.target_year} is {mark}"
        )
    if found.probability is not None:
        chance = chance_text(found.probability, plan, lang)
        parts.append(f"实现概率 {chance}" if lang == "zh" else f"the chance of meeting it is {chance}")
    elif found.reason:
        parts.append(
            f"不给概率：{found.reason[lang]}" if lang == "zh" else f"no chance: {found.reason[lang]}"
        )
    return ("；" if lang == "zh" else "; ").join(parts) + ("。" if lang == "zh" else ".")


def _rounded(value: float, seen: Shown) -> str:
    digits = 1 if seen.unit == "%" or seen.index else None
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else None
    return number(value, digits) + ("%" if seen.unit == "%" else "")

"""Words and figures in both languages: labels, verdicts, words for probabilities, number formats."""

from __future__ import annotations

import math
from calendar import month_name
from collections.abc import Mapping
from decimal import Decimal

from planmodel.errors import PlanmodelError, unknown
from planmodel.plans import Target

LANGS = ("zh", "en")

WORDS: Mapping[str, tuple[str, str]] = {
    "within_record": ("在历史范围内", "within the record"),
    "stretch": ("需要努力", "a stretch"),
    "beyond_record": ("超出历史范围", "beyond the record"),
    "not_assessable": ("无法评估", "not assessable"),
    "contradiction": ("矛盾", "contradiction"),
    "tension": ("存疑", "tension"),
    "note": ("提示", "note"),
    "accepted": ("已认可", "accepted"),
    "finding": ("发现", "Finding"),
    "severity": ("程度", "Severity"),
    "arithmetic": ("算式", "Arithmetic"),
    "reconcile": ("怎样才一致", "What would reconcile it"),
    "expected": ("预期性", "expected"),
    "binding": ("约束性", "binding"),
    "none": ("未注明", "not stated"),
    "printed": ("已列明", "printed"),
    "missing": ("空白", "blank"),
    "masked": ("未公开", "masked"),
    "assigned": ("上级下达", "assigned"),
    "nominal": ("现价（名义）", "current prices"),
    "real": ("可比价（实际）", "comparable prices"),
    "real_by_convention": ("可比价（按惯例）", "comparable prices, by convention"),
    "level": ("期末水平", "level"),
    "annual_growth": ("年均增长", "average growth a year"),
    "cumulative_sum": ("五年累计", "sum over the plan"),
    "annual_flow": ("每年", "every year"),
    "mean_annual_flow": ("年均", "mean a year"),
    "cumulative_change_pct": ("累计变化", "total change"),
    "change_units": ("累计增减", "change"),
    "change_pp": ("累计提高百分点", "change in points"),
    "change_pp_per_year": ("年均提高百分点", "points a year"),
    "multiple": ("倍数", "multiple"),
    "keep": ("保持", "floor or ceiling"),
    "relative": ("与他项同步", "in step with"),
    "ratio": ("比例", "ratio"),
    "rank": ("位次", "rank"),
    "milestone": ("事项", "milestone"),
    "constant_growth": ("匀速增长", "constant growth"),
    "linear": ("等量增加", "linear"),
    "front_loaded": ("前高后低", "front-loaded"),
    "back_loaded": ("前低后高", "back-loaded"),
    "logistic": ("S 形", "logistic"),
    "central": ("等尾区间", "central"),
    "shortest": ("最短区间", "shortest"),
    "target": ("目标", "Target"),
    "base": ("基期", "Base"),
    "required": ("所需增速", "Required"),
    "required_from_latest": ("自最新数起所需", "Required from latest"),
    "record": ("历史记录", "Record"),
    "best": ("历史最好", "Best window"),
    "probability": ("实现概率", "Probability"),
    "verdict": ("判断", "Verdict"),
    "reason": ("说明", "Reason"),
    "reference": ("参照类", "Reference class"),
    "percentile": ("参照类百分位", "Percentile in class"),
    "indicator": ("指标", "Indicator"),
    "number": ("序号", "No."),
    "unit": ("单位", "Unit"),
    "scenario": ("情景", "Scenario"),
    "plan": ("规划", "Plan"),
    "source": ("出处", "Source"),
    "attribute": ("属性", "Attribute"),
    "median": ("中位数", "median"),
    "history": ("历史数据", "history"),
    "draft": ("征求意见稿", "consultation draft"),
    "year": ("年份", "Year"),
    "text": ("正文", "text"),
    "light": ("信号", "Light"),
    "met": ("已实现", "met"),
    "on_pace": ("符合进度", "on pace"),
    "at_risk": ("存在风险", "at risk"),
    "off": ("难以实现", "off"),
    "missed": ("未实现", "missed"),
    "label": ("进展", "Progress label"),
    "label_ahead": ("提前完成", "ahead of schedule"),
    "label_faster": ("快于预期", "faster than expected"),
    "label_on_pace": ("总体符合预期", "broadly on pace"),
    "label_lagging": ("滞后", "lagging"),
    "latest": ("最新数", "Latest figure"),
    "due": ("当年应达到", "Due by the path"),
    "elapsed": ("时间进度", "Time gone"),
    "progress": ("目标进度", "Way covered"),
    "so_far": ("基期以来年均", "Since the base, a year"),
    "left": ("剩余年份年均需", "Needed from here, a year"),
    "binding_short": ("约束", "Binding"),
    "growth_ratio": ("增速比", "Growth ratio"),
    "five_changes": ("五年变化外推", "Last five changes"),
    "projected_share": ("外推完成度", "Projected share"),
    "time_progress": ("进度与时序", "Progress to time"),
    "class_speed": ("参照类难度", "Speed in class"),
    "on_track": ("在轨", "on track"),
    "acceleration_needed": ("需加速", "acceleration needed"),
    "limited_progress": ("进展有限", "limited progress"),
    "deterioration": ("倒退", "deterioration"),
    "on_course": ("可达到", "on course"),
    "small_miss": ("略有差距", "small miss"),
    "large_miss": ("差距较大", "large miss"),
    "wrong_way": ("背离目标", "wrong way"),
    "reaches": ("可达到", "reaches it"),
    "partly": ("部分完成", "part of the way"),
    "hardly": ("几无进展", "hardly any"),
    "role": ("角色", "Role"),
    "leads": ("牵头", "leads"),
    "takes_part": ("配合", "takes part"),
    "remarks": ("备注", "Remarks"),
    "owner": ("责任单位", "Responsible body"),
    "measure": ("计算方式", "Counted as"),
    "asked": ("年均所需", "Asked a year"),
    "outturn": ("实际", "outturn"),
    "ahead": ("提前完成", "ahead of schedule"),
    "faster": ("快于预期", "faster than expected"),
    "lagging": ("滞后", "lagging"),
    "usual": ("常见", "usual"),
    "demanding": ("较难", "demanding"),
    "rare": ("罕见", "rare"),
    "labour_share": ("劳动收入份额", "Labour's share of income"),
    "depreciation": ("折旧率", "Depreciation"),
    "capital_output": ("资本产出比", "Capital-output ratio"),
    "investment_share": ("投资率", "Investment share"),
    "productivity": ("全要素生产率增速", "Productivity growth (TFP)"),
    "human_capital": ("人均人力资本增速", "Human capital growth"),
    "participation": ("劳动参与增速", "Participation growth"),
    "working_age": ("劳动年龄人口占比增速", "Working-age share growth"),
    "population": ("常住人口增速", "Population growth"),
    "labour": ("就业人员增速", "Labour growth (employed)"),
    "services_growth": ("服务业增加值增速", "Services growth"),
}


def moment_words(text: str, lang: str) -> str:
    """Return a moment of a review for reading: a year, quarter, month or day; other text as it is.

    >>> moment_words("2023-09", "zh"), moment_words("2023Q3", "zh"), moment_words("2024-03-15", "en")
    ('2023 年 9 月', '2023 年三季度', '15 March 2024')
    """
    zh, text = lang == "zh", text.rpartition("..")[2]
    if text.isdigit():
        return f"{text} 年" if zh else text
    year, quarter, number = text.partition("Q")
    if quarter:
        return f"{year} 年{'一二三四'[int(number) - 1]}季度" if zh else f"Q{number} {year}"
    year, month, *day = text.split("-")
    if zh:
        return f"{year} 年 {int(month)} 月" + (f" {int(day[0])} 日" if day else "")
    return (f"{int(day[0])} " if day else "") + f"{month_name[int(month)]} {year}"


def word(key: str, lang: str) -> str:
    """Return a label.

    >>> word("stretch", "en"), word("binding", "zh")
    ('a stretch', '约束性')
    """
    return WORDS[key][0 if lang == "zh" else 1]


def plain(text: str) -> str:
    """Return text that markdown shows as it stands, markup and formulas included.

    >>> plain("a *b* <i>")
    'a \\\\*b\\\\* \\\\<i\\\\>'
    """
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|$~&" else c for c in text)


def check_lang(lang: str) -> str:
    """Return the language, or raise naming the known ones."""
    if lang not in LANGS:
        raise PlanmodelError(faults=[unknown("lang", str(lang), LANGS)])
    return lang


def probability_words(probability: float, rules: Mapping, lang: str) -> str:
    """Return the words for a probability, the same everywhere (data/rules.yaml)."""
    for entry in rules["words"]:
        if probability < entry["below"]:
            return entry[lang]
    return rules["words"][-1][lang]


def figure(value: float | None, digits: int | None = None) -> str:
    """Return a number for reading: thousands grouped, no needless decimals; a dash for None.

    >>> figure(2669.73), figure(4000.0), figure(0.0312), figure(None), figure(8.4222, 1)
    ('2,669.73', '4,000', '0.0312', '–', '8.4')
    """
    if value is None or math.isnan(value):
        return "–"
    if digits is not None:
        text = f"{value:,.{digits}f}"
    elif abs(value) >= 1000:
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.4g}"
        if "e" in text:
            text = f"{value:,.6f}".rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # no minus before a zero
    return text.replace("-", "−")


def thousands(value: Decimal) -> str:
    """Return a figure with the decimals it has, thousands grouped.

    >>> thousands(Decimal("2669.70")), thousands(Decimal("-0.5"))
    ('2,669.70', '−0.5')
    """
    return f"{value:,}".replace("-", "−")


def percent(probability: float | None) -> str:
    """Return a probability for reading; never a false 0 or 100.

    >>> percent(0.371), percent(0.0003), percent(0.9999), percent(None)
    ('37%', '<1%', '>99%', '–')
    """
    if probability is None:
        return "–"
    if probability < 0.01:
        return "<1%"
    if probability > 0.99:
        return ">99%"
    return f"{100 * probability:.0f}%"


def _without_figure(target: Target, lang: str) -> str:
    if target.status != "printed":
        return word(target.status, lang)
    if lang == "zh":
        return target.target_printed
    if target.kind == "relative":
        name = target.relative_to.replace("_", " ")
        return f"in step with {name.upper() if name == 'gdp' else name}"
    return f"done by {target.target_year}"


COMPARATOR_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "", "about": "≈", "range": ""}


def with_unit(text: str, unit: str, lang: str) -> str:
    """Return a figure with its unit; a unit that starts with a number stands in brackets in English.

    >>> with_unit("4,000", "100 million yuan", "en"), with_unit("53", "%", "en"), with_unit("4,000", "亿元", "zh")
    ('4,000 (100 million yuan)', '53%', '4,000亿元')
    """
    if unit in ("%", "") or lang == "zh":
        return f"{text}{unit}"
    return f"{text} ({unit})" if unit[0].isdigit() else f"{text} {unit}"


def promise(target: Target, units: Mapping, lang: str) -> str:
    """Return a target's figure with comparator and unit, for reading."""
    if target.target_value is None:
        return _without_figure(target, lang)
    unit = units[target.unit].name(lang) if target.unit in units else ""
    upper = f"–{figure(target.target_upper)}" if target.target_upper is not None else ""
    text = with_unit(
        f"{COMPARATOR_SIGNS.get(target.comparator, '')}{figure(target.target_value)}{upper}", unit, lang
    )
    if target.kind == "level":
        return text
    return f"{text} ({word(target.kind, lang)})" if lang == "en" else f"{text}（{word(target.kind, lang)}）"

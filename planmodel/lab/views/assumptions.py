"""Assumptions of the growth accounting for reading, beside what other countries, China and the region itself had."""

from __future__ import annotations

import pandas as pd

from planmodel.arithmetic.accounting import Needed
from planmodel.drivers import Drivers, load_records
from planmodel.drivers.assumed import NAMES
from planmodel.drivers.goals import levels_of
from planmodel.drivers.records import Record
from planmodel.tables.cells import promise
from planmodel.words import figure, plain, word

AT_PARITIES = ("investment_share", "capital_output")
"""The table values these at purchasing-power parities, the assumptions at national prices."""
ROUNDED = 5e-4
ORIGINS = {
    "user": ("用户设定", "set by the user"),
    "region": ("本地区", "the region's own"),
    "parent": ("上级地区", "a region above"),
    "general": ("全国", "national"),
}


def amount(name: str, value: float | None, lang: str, digits: int = 1) -> str:
    """Return an assumption's figure for reading: 42.6%, 3 years.

    >>> amount("capital_output", 3.0, "en"), amount("investment_share", 0.426, "zh")
    ('3 years', '42.6%')
    """
    if value is None:
        return "–"
    if name == "capital_output":
        return f"{figure(round(value, 2))} {'年' if lang == 'zh' else 'years'}"
    return f"{figure(100 * value, digits)}%"


def needed_text(need: Needed, lang: str) -> str:
    """Return what one term would have to be, or why nothing would do."""
    zh = lang == "zh"
    if need.attainable:
        return amount(need.term, need.value, lang)
    if need.why == "above_output":
        how = "" if need.value is None else f" ({amount(need.term, need.value, lang)})"
        return f"做不到：投资须超过全部产出{how}" if zh else f"not attainable: more than all output{how}"
    if need.why == "met_without":
        return "不投资也能达到" if zh else "met without any investment"
    return "做不到（年均 50% 以内）" if zh else "not attainable within 50% a year"


def record_of(name: str, result: Drivers) -> Record | None:
    """Return the record of a term; none where services are a sector of their own: the table is of whole economies."""
    return None if result.given.reading == "sector" else load_records().get(name)


def standing(name: str, value: float | None, result: Drivers, lang: str) -> str:
    """Return where a figure stands among the countries' five-year means."""
    record = record_of(name, result)
    if record is None or value is None:
        return "无可比记录" if lang == "zh" else "no record"
    here = record.percentile(value)
    if lang == "zh":
        return "低于 99% 的时段" if here < 1 else f"高于 {min(here, 99):.0f}% 的时段"
    return "below 99% of episodes" if here < 1 else f"above {min(here, 99):.0f}% of episodes"


def flag(name: str, value: float | None, result: Drivers, lang: str) -> str:
    """Return in words whether a figure lies outside what was published for China or what countries had."""
    if value is None:
        return "–"
    share, zh, record = result.assumed.get(name), lang == "zh", record_of(name, result)
    if record is None:
        return "无可比记录" if zh else "no record"
    if share is not None and share.low is not None:
        if share.low <= value <= share.high:
            return "在公布范围内" if zh else "within the published range"
        return "超出公布范围" if zh else "outside the published range"
    if record.outside(value):
        return "超出各国 5%–95%" if zh else "outside countries' 5–95%"
    measured = share is not None and share.value == value and share.origin != "user"
    compared = name not in AT_PARITIES and not measured and record.china is not None
    if compared and not _within(value, record.china_low, record.china_high):
        return "超出中国以往" if zh else "beyond China's own record"
    return "在以往范围内" if zh else "within the record"


def _within(value: float, low: float, high: float) -> bool:
    """Return True between two ends, give or take what is rounded away in print."""
    return low - ROUNDED <= value <= high + ROUNDED


def record_cells(name: str, record: Record | None, result: Drivers, lang: str) -> dict[str, str]:
    """Return what countries and China had, as the cells of a row."""
    zh, share = lang == "zh", result.assumed.get(name)
    spread = china = "–"
    if record is not None:
        spread = f"{amount(name, record.quantile(0.05), lang)} … {amount(name, record.quantile(0.95), lang)}"
        if record.china is not None:
            ends = f"{amount(name, record.china_low, lang)} … {amount(name, record.china_high, lang)}"
            china = f"{amount(name, record.china, lang)} ({ends})"
    if record is not None and share is not None and share.low is not None:
        china = f"{amount(name, share.low, lang)} … {amount(name, share.high, lang)} ({share.range_years.replace('-', '–')})"
    return {
        "各国五年平均 5%–95%" if zh else "Countries' five-year means, 5–95%": spread,
        "中国：最近（范围）" if zh else "China: latest (range)": china,
    }


def assumptions_view(result: Drivers, lang: str) -> pd.DataFrame:
    """Return each assumption with its source and date, its record, and whether it lies outside."""
    zh, rows = lang == "zh", []
    for name in NAMES:
        one = result.assumed[name]
        record = record_of(name, result)
        dated = ", ".join(text for text in (one.year.replace("-", "–"), one.date) if text)
        rows.append(
            {
                "假定" if zh else "Assumption": word(name, lang),
                "取值" if zh else "Value": amount(name, one.value, lang, 2 if name == "population" else 1),
                "判断" if zh else "Verdict": flag(name, one.value, result, lang),
                "来自" if zh else "From": ORIGINS[one.origin][0 if zh else 1],
                word("source", lang): one.source[lang],
                "数据年份，发布" if zh else "Year, published": dated or "–",
                **record_cells(name, record, result, lang),
            }
        )
    return pd.DataFrame(rows)


def own_record_view(result: Drivers, lang: str) -> pd.DataFrame:
    """Return what the region itself has a record of: growth, productivity left over, investment ratio, labour productivity."""
    zh, rows, region = lang == "zh", [], result.plan.region
    head = ("本地区记录", "数值", "说明") if zh else ("The region's own record", "Figure", "Note")

    def add(name: str, value: str, note: str) -> None:
        rows.append(dict(zip(head, (name, value, note), strict=True)))

    past = result.past
    if past is not None:
        years = f"{past.first_year + 1}–{past.last_year}"
        notes = ("；" if zh else "; ").join(note[lang] for note in past.notes)
        add(
            "实际增长" if zh else "Real growth",
            f"{100 * past.growth:.1f}%",
            f"{years}{'；' if zh else '; '}{notes}".rstrip("；; "),
        )
        if result.past_productivity is not None:
            note = (
                "余项：投资率、就业等取与假定相同的数"
                if zh
                else "what is left with investment and labour as assumed"
            )
            add(
                "其中全要素生产率" if zh else "of which productivity",
                f"{100 * result.past_productivity:.1f}%",
                f"{years}; {note}" if not zh else f"{years}；{note}",
            )
    investment = levels_of(result.plan, "fixed_investment", region)
    gdp = levels_of(result.plan, "gdp", region)
    both = [year for year in investment.index if year in gdp.index]
    if both:
        year = both[-1]
        note = (
            "含土地购置与旧资产，口径大于资本形成，不用作投资率"
            if zh
            else "includes land and used assets: more than capital formation, so not used as the investment share"
        )
        add(
            "固定资产投资／GDP" if zh else "Fixed-asset investment over GDP",
            f"{100 * investment[year] / gdp[year]:.0f}%",
            f"{year}{'；' if zh else '; '}{note}",
        )
    if past is not None:
        for observation in result.plan.observations:
            same = (observation.indicator, observation.region, observation.measure) == (
                "labour_productivity",
                region,
                "mean_growth",
            )
            if same and (observation.first_year - 1, observation.last_year) == (
                past.first_year,
                past.last_year,
            ):
                implied = (1 + past.growth) / (1 + observation.value / 100) - 1
                note = (
                    f"劳动生产率年均 {observation.value:g}%"
                    if zh
                    else f"labour productivity grew {observation.value:g}% a year"
                )
                add(
                    "隐含就业增长" if zh else "Employment that implies",
                    f"{figure(100 * implied, 1)}%",
                    f"{observation.period.replace('..', '–')}{'；' if zh else '; '}{note}",
                )
                break
    goal = result.goal
    if goal is not None and goal.output == "gdp":
        for target in result.plan.targets:
            if (
                (target.indicator.id, target.region, target.kind)
                == ("labour_productivity", region, "annual_growth")
                and target.target_year == goal.target.target_year
                and target.target_value
            ):
                implied = (1 + goal.growth) / (1 + target.target_value / 100) - 1
                note = (
                    f"规划另定劳动生产率 {promise(target, result.plan.catalogue.units, lang)}，与本目标同时实现时的就业增速"
                    if zh
                    else f"the plan also promises labour productivity {promise(target, result.plan.catalogue.units, lang)}: employment growth if both come true"
                )
                add(
                    "规划隐含就业增长" if zh else "Employment the plan implies",
                    f"{figure(100 * implied, 1)}%",
                    note,
                )
    return pd.DataFrame(rows, columns=list(head))


def drivers_sources(result: Drivers, lang: str) -> str:
    """Return the sources of the assumptions and of the record, with their addresses."""
    zh, table = lang == "zh", load_records()
    seen: dict[str, str] = {}
    for name in NAMES:
        one = result.assumed[name]
        if one.url:
            seen.setdefault(one.url, f"{plain(one.source[lang])}, {one.date}")
    seen[table.url] = f"{plain(table.source[lang])}{'：' if zh else ': '}{plain(table.sample[lang])}"
    cited = "\n".join(f"- {text} <{url}>" for url, text in seen.items())
    model = (
        "方法：世界银行长期增长模型（Loayza、Pennings 2022）"
        if zh
        else "Method: World Bank, Long Term Growth Model (Loayza and Pennings 2022)"
    )
    return f"{model} <https://www.worldbank.org/LTGM>\n\n{cited}"

"""What stands above the columns of a plan's workbook, in both languages, and the words that its cells choose from."""

from __future__ import annotations

from collections.abc import Mapping

from planmodel.plans import ATTRIBUTES, COMPARATORS, KINDS, MEASURES, STATUSES, VINTAGES
from planmodel.plans.catalogue import BASES, Catalogue
from planmodel.words import word

COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "table": (
        "表",
        "T1、T2：文件中的表，按顺序；text：正文",
        "T1, T2: the document's tables in order; text: its prose",
    ),
    "number": (
        "序号",
        "表中所印序号，分行 4a、4b；正文目标按顺序编号",
        "As printed in the table, sub-rows 4a, 4b; in prose a running number",
    ),
    "part": ("分项", "同一行有几个数时 1、2、…", "1, 2, ...: several figures of one row"),
    "indicator": (
        "指标",
        "从清单中选；全部指标见 lists 表",
        "Choose from the list; all indicators are on the sheet lists",
    ),
    "region": ("地区", "空：规划所在地区", "Empty: the plan's region"),
    "base_year": ("基年", "基期数所在年份", "Year of the base figure"),
    "base_printed": (
        "基期（原文）",
        "原文所印，含括号、单位、符号",
        "As printed, brackets, units and marks included",
    ),
    "base_value": (
        "基期数",
        "只填数字，保留原文小数位（164.80）",
        "The number with its printed decimals (164.80)",
    ),
    "base_unit": ("基期单位", "有基期数时必填", "Needed beside a base_value"),
    "target_year": ("目标年", "最后一个计入的年份", "Last year that counts"),
    "target_printed": (
        "目标（原文）",
        "原文所印的数及用语",
        "The promise as printed, just the figure with its words",
    ),
    "target_value": (
        "目标数",
        "只填数字；百分数填 6.8，单位选 %",
        "The number; for percent type 6.8 and choose the unit %",
    ),
    "target_upper": ("目标上限", "仅区间目标（2~3家 的 3）", "Only for a range (the 3 of 2-3)"),
    "unit": ("单位", "数字的单位", "Unit of the figure"),
    "comparator": ("比较符", "以上、不低于 ge；超过 gt；约 about", "As the words beside the figure say"),
    "kind": ("目标类型", "承诺的是什么量", "The quantity promised"),
    "status": ("状态", "空白、**、按上级任务的行也要保留", "Blank and masked rows are kept too"),
    "attribute": ("属性", "预期性、约束性或未注明", "Expected, binding, or not stated"),
    "price_basis": ("价格口径", "空：按指标目录", "Empty: as the catalogue says"),
    "relative_to": ("参照指标", "仅“与…同步”类", "Only for kind relative: the indicator named"),
    "definition": ("统计口径", "空：标准口径", "Empty: the standard definition; else a short label"),
    "source": ("出处", "必填：表二 第12行；二(五)", "Needed: document section, and the row of a table"),
    "note": ("备注", "", "Anything a reader must know"),
    "owner": (
        "责任单位",
        "用 ; 分隔，牵头单位在前",
        "Who is responsible; bodies separated by ;, the leading one first",
    ),
    "period": (
        "时期",
        "2020；2016..2020；2023Q3；2023-01..2023-09",
        "2020; 2016..2020; 2023Q3; 2023-01..2023-09",
    ),
    "measure": ("度量", "数值、增速、累计等", "Value, growth, sum ..."),
    "value": ("数值", "只填数字，保留原文小数位", "The number with its printed decimals"),
    "printed": ("原文", "原文所印", "As printed"),
    "vintage": ("数据版本", "规划所印、初步、最终、修订", "Which publication the figure comes from"),
    "published": ("发布日期", "2024-03-15、2024-03 或 2024", "2024-03-15, 2024-03 or 2024"),
    "url": ("网址", "", "Address of a published figure"),
    "target": ("对应目标", "是哪一目标的实际数：T1/4a/1", "The target it belongs to: T1/4a/1"),
    "year": ("年份", "", "The year"),
    "entry": ("项目", "", "What the entry is"),
    "missed": ("正文称未完成的行", "行号，逗号分隔", "Rows said to have fallen short, separated by commas"),
    "met": ("正文称已完成的行", "行号，逗号分隔；rest：其余各行", "Rows said to be met; rest: all not named"),
    "finding": ("发现", "planmodel audit 所示编号", "The id as planmodel audit prints it"),
    "reason": ("理由", "", "Why it stands"),
}
"""By column: its Chinese name, and a line of help in Chinese and English."""
ENTRIES: Mapping[str, tuple[str, str]] = {
    "plan": ("文件夹名：小写字母、数字、-", "Name of its folder: lower-case letters, digits, -"),
    "title_zh": ("规划名称（中文）", "Title in Chinese"),
    "title_en": ("规划名称（英文）", "Title in English"),
    "short_zh": ("简称（中文）", "Short title in Chinese"),
    "short_en": ("简称（英文）", "Short title in English"),
    "issuer_zh": ("发文机关（中文）", "Issuer in Chinese"),
    "issuer_en": ("发文机关（英文）", "Issuer in English"),
    "document_number": ("文号；没有则空", "Document number, empty where there is none"),
    "date": ("文件日期，如 2021-03-09", "Date of the document, such as 2021-03-09"),
    "draft": ("是否征求意见稿", "Whether it is a draft"),
    "first_year": ("规划期首年", "First plan year"),
    "last_year": ("规划期末年", "Last plan year"),
    "base_year": ("基年", "Base year"),
    "region": ("地区", "Region"),
    "url": ("发布网址", "Where it was published"),
    "headline": ("首要指标（可空）", "The indicator shown first (optional)"),
    "identity": (
        "恒等式，一行一个：a = b / c 或 a = b + c",
        "An identity, one a row: a = b / c or a = b + c",
    ),
    "notes": ("说明", "Notes"),
}
"""Entries of the sheet `plan`, in its order, in Chinese and English."""
COMPARATOR_WORDS = {
    "ge": "以上、不低于 ≥", "gt": "超过 >", "le": "以下、不超过 ≤", "lt": "低于 <", "eq": "达到 =", "about": "约、左右 ≈",
    "range": "区间",
}  # fmt: skip
MEASURE_WORDS = {
    "value": "数值", "growth": "同比增速", "mean_growth": "年均增速", "total_growth": "累计增速", "sum": "合计", "mean": "平均",
    "change_pp": "变化（百分点）", "change_units": "增减量", "mean_change_pp": "年均变化（百分点）", "rank": "位次",
}  # fmt: skip
VINTAGE_WORDS = {
    "plan": "规划所印", "preliminary": "初步", "final": "最终", "revised": "修订", "unknown": "不详",
}  # fmt: skip
CHOSEN: Mapping[str, str] = {
    "indicator": "indicators", "relative_to": "indicators", "headline": "indicators", "region": "regions",
    "base_unit": "units", "unit": "units", "comparator": "comparators", "kind": "kinds", "status": "statuses",
    "attribute": "attributes", "price_basis": "bases", "measure": "measures", "vintage": "vintages", "draft": "truth",
}  # fmt: skip
"""The columns and entries whose cells choose from a list, and that list's name."""

USES: Mapping[str, str] = {
    **dict.fromkeys(("base_value", "target_value", "target_upper", "value"), "number"),
    **dict.fromkeys(("base_year", "target_year", "year"), "year"),
    **dict.fromkeys(("period", "published"), "date"),
    **dict.fromkeys(("table", "number", "part", "target", "entry", *CHOSEN), "code"),
}
"""What the cells of a column hold; a column not named holds text."""
UNIT_OF = {"base_value": "base_unit", "target_value": "unit", "target_upper": "unit", "value": "unit"}
"""The column that holds the unit of a figure."""
SHEETS: Mapping[str, str] = {
    "guide": "说明", "plan": "规划", "targets": "目标", "observations": "观测值", "nodes": "年度节点", "claims": "正文说法",
    "accepted": "已认可的发现", "lists": "清单",
}  # fmt: skip
"""The sheets of a plan's workbook, in its order, with their Chinese names."""
HEAD_TABLES = {"claims": ("table", "missed", "met", "source"), "accepted": ("finding", "reason")}
"""Entries of the head that are tables, with their columns."""


def choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the lists: by name, each id with the text that a cell shows for it.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> choices(load_catalogue())["kinds"]["level"]
    'level 期末水平'
    """

    def with_words(ids, words=None) -> dict[str, str]:
        return {i: f"{i} {words[i] if words else word(i, 'zh')}" for i in ids}

    return {
        "indicators": {i.id: f"{i.id} {i.name_zh}" for i in catalogue.indicators.values()},
        "regions": {r.id: f"{r.id} {r.name_zh}" for r in catalogue.regions.values()},
        "units": {u: u for u in catalogue.units},
        "comparators": with_words(COMPARATORS, COMPARATOR_WORDS),
        "kinds": with_words(KINDS),
        "statuses": with_words(STATUSES),
        "attributes": with_words(ATTRIBUTES),
        "bases": {b: f"{b} {'不适用' if b == 'none' else word(b, 'zh')}" for b in BASES},
        "measures": with_words(MEASURES, MEASURE_WORDS),
        "vintages": with_words(VINTAGES, VINTAGE_WORDS),
        "truth": {"true": "true 是", "false": "false 否"},
    }


def heading(column: str) -> str:
    """Return what stands above a column: its name and the Chinese one.

    >>> heading("base_value")
    'base_value 基期数'
    """
    return f"{column} {COLUMNS[column][0]}" if column in COLUMNS else column


def column_of(header: str, known: tuple[str, ...]) -> str:
    """Return the column that a header names: by its id, by id and more words, or by the Chinese name alone.

    >>> [column_of(text, ("unit", "value")) for text in ("unit", "value 数值", "单位", "Unit", "units")]
    ['unit', 'value', 'unit', 'unit', 'units']
    """
    text = " ".join(header.split())
    first = text.partition(" ")[0].lower()
    if first in known:
        return first
    named = [name for name in known if name in COLUMNS and COLUMNS[name][0] == text]
    return named[0] if len(named) == 1 else first if text.isascii() else text


def chosen(text: str, among: Mapping[str, str], names: Mapping[str, str] | None = None) -> str:
    """Return the id that a cell means: the id, id and name as the list shows them, or a name that only one has.

    >>> among = {"gdp": "gdp 地区生产总值", "trade": "trade 进出口"}
    >>> [chosen(text, among) for text in ("gdp", "trade 进出口", "地区生产总值", "gpd")]
    ['gdp', 'trade', 'gdp', 'gpd']
    """
    if text in among:
        return text
    first = text.partition(" ")[0]
    if first in among:
        return first
    found = [key for key, shown in among.items() if shown.partition(" ")[2] == text]
    found = found or [key for key, name in (names or {}).items() if name.lower() == text.lower()]
    return found[0] if len(found) == 1 else text

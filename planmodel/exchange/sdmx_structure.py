"""The data structure of the SDMX export: dimensions, attributes, code lists, and the message a registry loads."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.exchange.interchange import INDEX, QUANTILES, quantile_name
from planmodel.plans import ATTRIBUTES, COMPARATORS, KINDS, MEASURES, STATUSES, VINTAGES, Plan
from planmodel.plans.catalogue import BASES, Catalogue, Unit
from planmodel.plans.scenarios import Scenario
from planmodel.words.phrases import texts_of

AGENCY, STRUCTURE, VERSION = "PLANMODEL", "PLANS", "1.0.0"
STRUCTURE_ID = f"{AGENCY}:{STRUCTURE}({VERSION})"
NOT_APPLICABLE = "_Z"
SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)
UNIT_CODES = {"percent": "PT", "pp": "PP", "person": "PS", INDEX: "IX"}
"""Codes of dimensions whose own name is no code; currencies have their ISO 4217 code."""

# The codes of these lists are those of the lists of the same name that SDMX keeps for all domains.
FREQ = {"A": ("年度", "annual"), "Q": ("季度", "quarterly"), "M": ("月度", "monthly")}
OBS_STATUS = {
    "A": ("正常值", "normal value"),
    "E": ("估计值", "estimated value"),
    "F": ("预测值", "forecast value"),
    "P": ("初步值", "provisional value"),
    "O": ("缺失", "missing value"),
    "L": ("缺失：有数但未采集", "missing value; data exist but were not collected"),
    "M": ("缺失：不存在", "missing value; data cannot exist"),
    "Q": ("缺失：不公开", "missing value; suppressed"),
}
FIGURE = {
    "observation": ("观测值", "observation: a figure that was measured"),
    "target": ("目标", "target: a figure that the plan promises"),
    "trajectory": ("路径", "trajectory: implied by base and target, no forecast"),
    "fan": ("扇形图", "fan: quantile of the draws of a forecast"),
}
VINTAGE_WORDS = {
    "plan": ("规划所载", "printed in the plan"),
    "preliminary": ("初步数", "preliminary"),
    "final": ("最终数", "final"),
    "revised": ("修订数", "revised"),
    "unknown": ("不详", "unknown"),
}
MEASURE_WORDS = {
    "value": ("数值", "value"),
    "growth": ("增速", "growth over the year before, %"),
    "mean_growth": ("年均增速", "growth a year on average, %"),
    "total_growth": ("累计增速", "growth over the whole period, %"),
    "sum": ("合计", "sum"),
    "mean": ("平均", "mean"),
    "mean_change_pp": ("年均变化百分点", "change a year in percentage points"),
    "level": ("水平", "level"),
    "cumulative_sum": ("规划期累计", "sum over the plan"),
    "index": ("指数", "index, 100 in the base period"),
    "cumulated": ("累计至今", "sum so far"),
    "flow": ("年度流量", "flow of the year"),
}
COMPARATOR_WORDS = {
    "ge": ("不低于", "at least"),
    "gt": ("超过", "more than"),
    "le": ("不高于", "at most"),
    "lt": ("低于", "less than"),
    "eq": ("等于", "equal to"),
    "about": ("左右", "about"),
    "range": ("区间", "from OBS_VALUE to UPPER_VALUE"),
}


@dataclass(frozen=True)
class Component:
    """A column of the data: a dimension, the measure or an attribute; coded by a list, or of a data type."""

    id: str
    role: str
    codelist: str
    data_type: str
    zh: str
    en: str


def _component(role: str, id: str, representation: str, zh: str, en: str) -> Component:
    coded = representation.startswith("CL_")
    return Component(id, role, representation if coded else "", "" if coded else representation, zh, en)


COMPONENTS = (
    _component("dimension", "FREQ", "CL_FREQ", "频率", "Frequency"),
    _component("dimension", "REF_AREA", "CL_AREA", "地区", "Reference area"),
    _component("dimension", "INDICATOR", "CL_INDICATOR", "指标", "Indicator"),
    _component("dimension", "MEASURE", "CL_MEASURE", "度量", "What is measured or promised of the indicator"),
    _component("dimension", "PLAN", "CL_PLAN", "规划", "Plan"),
    _component("dimension", "FIGURE", "CL_FIGURE", "数据类别", "Observation, target, trajectory or fan"),
    _component("dimension", "TARGET", "String", "目标编号", "Target: table-number-part, within the plan"),
    _component("dimension", "SCENARIO", "CL_SCENARIO", "情景", "Scenario"),
    _component("dimension", "PATH_SHAPE", "CL_PATH_SHAPE", "路径形状", "Path shape of a trajectory"),
    _component("dimension", "QUANTILE", "CL_QUANTILE", "分位数", "Quantile of a fan"),
    _component(
        "dimension", "OBS_NO", "Integer", "同项序号", "1; 2, 3, ... where one figure is printed again"
    ),
    _component("time", "TIME_PERIOD", "ObservationalTimePeriod", "时期", "Time period"),
    _component("measure", "OBS_VALUE", "Double", "数值", "Observation value, with the decimals printed"),
    _component("attribute", "OBS_STATUS", "CL_OBS_STATUS", "观测状态", "Observation status"),
    _component("attribute", "UNIT_MEASURE", "CL_UNIT_MEASURE", "计量单位", "Unit of measure"),
    _component("attribute", "UNIT_MULT", "Integer", "单位倍数", "Unit multiplier: power of ten"),
    _component("attribute", "UNIT", "String", "原单位", "Unit as printed, an id of units.csv"),
    _component(
        "attribute", "DECIMALS", "Integer", "小数位数", "Decimals printed; empty: a calculated figure"
    ),
    _component(
        "attribute", "BASE_PER", "String", "基期", "Base period of an index, or base year of a target"
    ),
    _component("attribute", "PRICE_BASIS", "CL_PRICE_BASIS", "价格口径", "Price basis"),
    _component("attribute", "COMPARATOR", "CL_COMPARATOR", "比较符", "Comparator"),
    _component("attribute", "UPPER_VALUE", "Double", "区间上限", "Upper end of a range"),
    _component("attribute", "TARGET_ATTRIBUTE", "CL_TARGET_ATTRIBUTE", "目标属性", "Expected or binding"),
    _component(
        "attribute", "TARGET_STATUS", "CL_TARGET_STATUS", "目标状态", "Printed, blank, masked or assigned"
    ),
    _component(
        "attribute", "RELATIVE_TO", "CL_INDICATOR", "参照指标", "Indicator that the target keeps step with"
    ),
    _component("attribute", "DEFINITION", "String", "统计口径", "Definition, where not the standard one"),
    _component("attribute", "VINTAGE", "CL_VINTAGE", "数据版本", "Vintage"),
    _component("attribute", "PUBLISHED", "String", "发布日期", "Date of publication: a day, month or year"),
    _component("attribute", "SOURCE", "String", "出处", "Source: document and section, or title of the page"),
    _component("attribute", "SOURCE_URL", "String", "网址", "Address of a published figure"),
    _component(
        "attribute", "OUTTURN_OF", "String", "对应目标", "Target that the observation is the outturn of"
    ),
    _component("attribute", "PRINTED", "String", "原文", "The figure as printed"),
    _component("attribute", "COMMENT_OBS", "String", "备注", "Comment"),
)
DIMENSIONS = tuple(c.id for c in COMPONENTS if c.role in ("dimension", "time"))
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in COMPONENTS))


def quantile_code(name: str) -> str:
    """Return the code of a quantile: its percentile, with _ for the decimal point.

    >>> quantile_code("0.025"), quantile_code("0.5"), quantile_of("P2_5")
    ('P2_5', 'P50', '0.025')
    """
    return f"P{100 * float(name):.6g}".replace(".", "_")


def quantile_of(code: str) -> str:
    """Return the quantile behind a code."""
    return quantile_name(float(code[1:].replace("_", ".")) / 100)


def unit_code(unit: Unit) -> tuple[str, int]:
    """Return UNIT_MEASURE and UNIT_MULT of a unit: the code of its dimension, and the power of ten of its factor.

    A factor that is no power of ten (hours, in minutes) gives the unit a code of its own.

    >>> unit_code(Unit("亿元", "100 million yuan", "CNY", 1e8)), unit_code(Unit("小时", "hours", "time", 60))
    (('CNY', 8), ('HOURS', 0))
    """
    power = round(math.log10(unit.factor))
    if not math.isclose(10.0**power, unit.factor):
        return _code(unit.name_en), 0
    return UNIT_CODES.get(unit.dimension) or _code(unit.dimension), power


def _code(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper().replace("/", " per ".upper())).strip("_")


def code_lists(
    catalogue: Catalogue, plans: Iterable[Plan], scenarios: Iterable[Scenario]
) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the code lists: list id -> code -> names in Chinese and English."""
    none = {NOT_APPLICABLE: ("不适用", "not applicable")}
    kinds = {name: _words(name, MEASURE_WORDS) for name in (*MEASURES, *KINDS, "index", "cumulated", "flow")}
    return {
        "CL_FREQ": FREQ,
        "CL_AREA": {r.id: (r.name_zh, r.name_en) for r in catalogue.regions.values()},
        "CL_INDICATOR": {i.id: (i.name_zh, i.name_en) for i in catalogue.indicators.values()},
        "CL_MEASURE": kinds,
        "CL_PLAN": {plan.name: (plan.title["zh"], plan.title["en"]) for plan in plans},
        "CL_FIGURE": FIGURE,
        "CL_SCENARIO": none | {s.id: (s.name["zh"], s.name["en"]) for s in scenarios},
        "CL_PATH_SHAPE": none | {name: _term(name) or (name, name) for name in PATH_SHAPES},
        "CL_QUANTILE": none
        | {
            quantile_code(quantile_name(q)): (f"{100 * q:g}% 分位数", f"quantile {quantile_name(q)}")
            for q in QUANTILES
        },
        "CL_OBS_STATUS": OBS_STATUS,
        "CL_UNIT_MEASURE": _unit_measures(catalogue),
        "CL_PRICE_BASIS": {name: _words(name) for name in BASES}
        | {"none": ("不涉及价格", "no prices: a count or a share")},
        "CL_COMPARATOR": {name: _words(name, COMPARATOR_WORDS) for name in COMPARATORS},
        "CL_TARGET_ATTRIBUTE": {name: _words(name) for name in ATTRIBUTES},
        "CL_TARGET_STATUS": {name: _words(name) for name in STATUSES},
        "CL_VINTAGE": {name: _words(name, VINTAGE_WORDS) for name in VINTAGES},
    }


def _words(name: str, own: dict | None = None) -> tuple[str, str]:
    return (own or {}).get(name) or _term(name) or (name, name.replace("_", " "))


def _unit_measures(catalogue: Catalogue) -> dict[str, tuple[str, str]]:
    """Each code with the names of its unit without multiplier: 元 for 亿元."""
    found = {UNIT_CODES[INDEX]: ("指数", "index")}
    for unit in sorted(catalogue.units.values(), key=lambda u: abs(math.log10(u.factor))):
        zh = re.sub("[万亿]", "", unit.id) or unit.dimension
        en = re.sub(r"\b(10 thousand|100 million|trillion) ", "", unit.name_en)
        found.setdefault(unit_code(unit)[0], (zh, en))
    return dict(sorted(found.items()))


def structure_message(
    catalogue: Catalogue,
    plans: Iterable[Plan],
    scenarios: Iterable[Scenario],
    prepared: datetime | None = None,
) -> dict:
    """Return the data structure definition with concepts and code lists, as an SDMX-JSON 2.0 structure message.

    plans, scenarios: those whose codes the data use. prepared: the time of the message (default: now).
    """
    lists = code_lists(catalogue, plans, scenarios)
    prepared = prepared or datetime.now(UTC)
    return {
        "meta": {
            "schema": SCHEMA,
            "id": f"{STRUCTURE}_STRUCTURE",
            "test": False,
            "prepared": prepared.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "contentLanguages": ["en", "zh"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "conceptSchemes": [
                _maintained("CONCEPTS", "规划数据的概念", "Concepts of plan data")
                | {"concepts": [_named(c.id, c.zh, c.en) for c in COMPONENTS]}
            ],
            "codelists": [
                _maintained(name, *_list_name(name))
                | {"codes": [_item(catalogue, name, code, *names) for code, names in codes.items()]}
                for name, codes in lists.items()
            ],
            "dataStructures": [
                _maintained(STRUCTURE, "发展规划", "Development plans")
                | {"dataStructureComponents": _components()}
            ],
        },
    }


def _named(id: str, zh: str, en: str) -> dict:
    return {"id": id, "name": en, "names": {"en": en, "zh": zh}}


def _maintained(id: str, zh: str, en: str) -> dict:
    return _named(id, zh, en) | {"agencyID": AGENCY, "version": VERSION}


def _list_name(name: str) -> tuple[str, str]:
    found = next(c for c in COMPONENTS if c.codelist == name)
    return found.zh, found.en


def _item(catalogue: Catalogue, name: str, code: str, zh: str, en: str) -> dict:
    parent = catalogue.regions[code].parent if name == "CL_AREA" else ""
    return _named(code, zh, en) | ({"parent": parent} if parent else {})


def _components() -> dict:
    def part(component: Component) -> dict:
        urn = f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CONCEPTS({VERSION}).{component.id}"
        if component.codelist:
            listed = f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{component.codelist}({VERSION})"
            representation = {"enumeration": listed}
        else:
            representation = {"format": {"dataType": component.data_type}}
        return {"id": component.id, "conceptIdentity": urn, "localRepresentation": representation}

    of = {
        role: [part(c) for c in COMPONENTS if c.role == role]
        for role in ("dimension", "time", "measure", "attribute")
    }
    for number, dimension in enumerate(of["dimension"]):
        dimension["position"] = number
    attributes = [
        part | {"usage": "optional", "attributeRelationship": {"observation": {}}} for part in of["attribute"]
    ]
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": of["dimension"],
            "timeDimension": of["time"][0],
        },
        "measureList": {"id": "MeasureDescriptor", "measures": of["measure"]},
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }


def _term(name: str) -> tuple[str, str] | None:
    """A term of the field in both languages, None where it is none."""
    entry = texts_of("terms").get(name)
    return (entry["zh"], entry["en"]) if entry else None

"""Small hand-made data for the tests: two plans and four indicators, written to a folder or built in memory.

A row is a dict of the columns that matter to a test; the rest comes from the complete rows below.
"""

import csv
import io
import re
from dataclasses import replace

import yaml

from planmodel import load_plan
from planmodel.plans import Target
from planmodel.plans.catalogue import Indicator
from planmodel.plans.scenarios import Scenario, Shock

INDICATOR_COLUMNS = (
    "indicator", "name_zh", "name_en", "unit", "scale", "direction", "price_basis", "growth_basis", "flow",
    "part_of", "reduction_of", "reference", "note",
)  # fmt: skip
INDICATORS = (
    ("services_va", "服务业增加值", "Services value added", "亿元", "amount", "higher", "nominal",
     "real_by_convention", "flow", "", "", "prefectures_nominal_services", ""),
    ("services_share", "服务业占比", "Services share", "%", "share", "higher", "none", "none", "", "", "",
     "prefectures_services_share", ""),
    ("investment", "投资", "Investment", "亿元", "amount", "higher", "nominal", "nominal", "flow", "", "",
     "annual_series", ""),
    ("pm25", "细颗粒物浓度", "PM2.5", "微克/立方米", "density", "lower", "none", "none", "", "", "",
     "annual_series", ""),
)  # fmt: skip
AUDIT_INDICATORS = (
    *INDICATORS,
    ("gdp", "地区生产总值", "GDP", "亿元", "amount", "higher", "nominal", "real_by_convention", "flow", "", "", "", ""),
    ("finance_va", "金融业增加值", "Finance value added", "亿元", "amount", "higher", "nominal", "real_by_convention",
     "flow", "gdp", "", "", ""),
    ("finance_share", "金融业占比", "Finance share", "%", "share", "higher", "none", "none", "", "", "", "", ""),
    ("trade", "进出口总额", "Trade", "亿元", "amount", "higher", "nominal", "nominal", "flow", "", "", "", ""),
    ("exports", "出口", "Exports", "亿元", "amount", "higher", "nominal", "nominal", "flow", "trade", "", "", ""),
    ("imports", "进口", "Imports", "亿元", "amount", "higher", "nominal", "nominal", "flow", "trade", "", "", ""),
    ("transit", "过境贸易", "Transit trade", "亿元", "amount", "higher", "nominal", "nominal", "flow", "trade", "", "", ""),
    ("productivity", "劳动生产率", "Productivity", "万元/人", "density", "higher", "nominal", "real_by_convention", "flow",
     "", "", "", ""),
    ("employment", "从业人员", "Employment", "万人", "amount", "higher", "none", "none", "stock", "", "", "", ""),
    ("parks", "园区", "Parks", "家", "amount", "higher", "none", "none", "stock", "", "", "", ""),
    ("energy", "单位能耗", "Energy intensity", "吨/万元", "density", "lower", "none", "none", "", "", "", "", ""),
    ("energy_reduction", "单位能耗降低", "Reduction of energy intensity", "%", "rate", "higher", "none", "none", "", "",
     "energy", "", ""),
    *((f"{name}_share", name, f"{name.title()} share", "%", "share", "higher", "none", "none", "", "", "", "", "")
      for name in ("farm", "works", "shops")),
    *((name, name, name.title(), "家", "amount", "higher", "none", "none", "", "", "", "", "")
      for name in ("schools", "public", "private")),
)  # fmt: skip
REGIONS = """region,name_zh,name_en,level,parent
china,中国,China,country,
example,例市,Example,county,china
district,例区,Example District,area,example
"""
UNITS = """unit,name_en,dimension,factor
%,%,percent,1
个百分点,percentage points,pp,1
亿元,100 million yuan,CNY,100000000
万元,10 thousand yuan,CNY,10000
亿美元,100 million US dollars,USD,100000000
微克/立方米,micrograms per cubic metre,ug/m3,1
家,firms,count,1
万元/人,10 thousand yuan per person,CNY/person,10000
万人,10 thousand persons,person,10000
吨/万元,tonnes per 10 thousand yuan,t/CNY,0.0001
"""
RULES = {
    "about_tolerance": 0.02,
    "identities": ["schools = public + private"],
    "divided": [["farm_share", "works_share", "shops_share"]],
    "verdict": {
        "elsewhere": 0.10,
        "rare": 0.01,
        "apart": {"unlikely": 0.2, "likely": 0.6},
    },
    "words": [{"below": 1.01, "zh": "有", "en": "some"}],
    "audit": {
        "overshoot": {"relative": 0.10, "points": 1.0},
        "deflator": {"low": -1.8, "high": 5.0, "from_past": 1.0},
        "whole_off_past": 2.0,
        "vintage_gap": {"relative": 0.01, "points": 0.5},
        "beyond_record": {"growth": 5.0, "points": 1.0, "percentile": 99.5},
        "scale_slip": 100,
        "as_fraction": 3,
        "outturn_slip": 5,
        "leap": 5,
        "outturn_bounds": {
            "amount": [0, None],
            "share": [0, 100],
            "growth": [-60, 150],
            "indicators": {"pm25": [1, 500]},
        },
        "outturn_jump": {"amount": 5, "density": 5, "share": 15, "indicators": {"parks": 10}},
        "horizons": 2.0,
        "crowded": 0.75,
        "outturn_fewest": 20,
        "outturn_early": 31,
        "largest": {"CNY": 1e16, "others": 1e12},
    },
    "review": {
        "release_months": 6,
        "pace": {"faster": 1.05, "on_pace": 0.9, "far_behind": 0.6},
        "on_pace": {"expected": 0.5, "binding": 0.66},
        "likely": {"expected": 0.8, "binding": 0.9},
        "unlikely": {"expected": 0.1, "binding": 0.2},
    },
}
HEAD = {
    "title": {"zh": "例市规划", "en": "Plan of Example"},
    "short": {"zh": "例市", "en": "Example"},
    "issuer": {"zh": "例市人民政府", "en": "Government of Example"},
    "document_number": None,
    "date": "2021-03",
    "draft": False,
    "period": [2021, 2025],
    "base_year": 2020,
    "region": "example",
}
TARGET = {
    "table": "T1", "number": "1", "part": "1", "indicator": "services_va", "region": "", "base_year": "2020",
    "base_printed": "100", "base_value": "100", "base_unit": "亿元", "target_year": "2025",
    "target_printed": "150", "target_value": "150", "target_upper": "", "unit": "亿元", "comparator": "eq",
    "kind": "level", "status": "printed", "attribute": "expected", "price_basis": "", "relative_to": "",
    "definition": "", "source": "表1", "note": "",
}  # fmt: skip
SHARE_TARGET = TARGET | {
    "number": "2", "indicator": "services_share", "base_printed": "50.7", "base_value": "50.7",
    "base_unit": "%",
    "target_printed": "53", "target_value": "53", "unit": "%",
}  # fmt: skip
INVESTMENT_TARGET = TARGET | {
    "number": "3", "indicator": "investment", "base_printed": "", "base_value": "", "base_unit": "",
    "target_printed": "[1000]", "target_value": "1000", "kind": "cumulative_sum",
}  # fmt: skip
PM25_TARGET = TARGET | {
    "number": "4", "indicator": "pm25", "base_printed": "30", "base_value": "30", "base_unit": "微克/立方米",
    "target_printed": "25", "target_value": "25", "unit": "微克/立方米", "attribute": "binding",
}  # fmt: skip
OBSERVATION = {
    "indicator": "services_va", "region": "", "period": "2015", "measure": "value", "value": "70",
    "unit": "亿元", "printed": "70", "comparator": "", "price_basis": "", "definition": "", "vintage": "plan",
    "published": "",
    "source": "一", "url": "", "target": "", "note": "",
}  # fmt: skip
OBSERVATIONS = (
    OBSERVATION,
    OBSERVATION | {"indicator": "services_share", "value": "47.9", "unit": "%", "printed": "47.9"},
    OBSERVATION | {"indicator": "investment", "value": "120", "printed": "120"},
    OBSERVATION | {"indicator": "investment", "period": "2020", "value": "170", "printed": "170"},
    OBSERVATION | {"indicator": "pm25", "value": "38", "unit": "微克/立方米", "printed": "38"},
)
TARGETS = (TARGET, SHARE_TARGET, INVESTMENT_TARGET, PM25_TARGET)
SCENARIO = {
    "name": {"zh": "基准", "en": "Baseline"},
    "author": "tests",
    "rationale": {"zh": "无", "en": "none"},
    "deflator_pct": 1.5,
}


def csv_text(columns, rows):
    """Return rows (dicts or tuples) as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[column] for column in columns] if isinstance(row, dict) else row)
    return out.getvalue()


def with_printed(row):
    """Return a row whose printed texts follow figures that a test has changed; words without a figure stay."""
    pairs = {"base_printed": "base_value", "target_printed": "target_value", "printed": "value"}
    stale = {
        text: row[figure]
        for text, figure in pairs.items()
        if row.get(figure) and row[figure] not in re.findall(r"-?[\d.]+", row[text]) != []
    }
    if row.get("target_upper"):
        stale["target_printed"] = f"{row['target_value']}~{row['target_upper']}"
    return row | stale


def write_data(folder, targets=TARGETS, observations=OBSERVATIONS, indicators=INDICATORS, **head):
    """Write a data folder with two plans, `example` (the rows given) and `other`, and a scenario."""
    rules = yaml.safe_dump(RULES, allow_unicode=True)
    files = {
        "indicators.csv": csv_text(INDICATOR_COLUMNS, indicators),
        "regions.csv": REGIONS,
        "units.csv": UNITS,
        "rules.yaml": rules,
        "scenarios/baseline.yaml": yaml.safe_dump(SCENARIO, allow_unicode=True),
    }
    plans = {"example": (targets, observations, HEAD | head), "other": ((TARGET,), (), HEAD)}
    for name, (rows, seen, top) in plans.items():
        files[f"plans/{name}/plan.yaml"] = yaml.safe_dump(top, allow_unicode=True)
        files[f"plans/{name}/targets.csv"] = csv_text(tuple(TARGET), map(with_printed, rows))
        files[f"plans/{name}/observations.csv"] = csv_text(tuple(OBSERVATION), map(with_printed, seen))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


def small_plan(folder, targets=TARGETS, observations=OBSERVATIONS, **options):
    """Return the plan `example` of a folder that is written for it."""
    return load_plan("example", write_data(folder, targets, observations, **options))


def observed(**cells):
    """Return one row of observations.csv."""
    return OBSERVATION | {key: str(value) for key, value in cells.items()}


GROWTH_KINDS = ("annual_growth", "cumulative_change_pct")
POINTS = ("change_pp", "change_pp_per_year", "mean_change_pp")


def row_of(cells, number):
    """Return a row of targets.csv from its short form: indicator, base, target (figures as printed), other columns.

    Units are the indicator's, or those of the kind; a row has no base but for the one given.
    """
    cells = dict(cells)
    name, kind = cells.pop("indicator", "trade"), cells.get("kind", "level")
    base, goal = cells.pop("base", ""), cells.pop("target", "")
    unit = next(i[3] for i in AUDIT_INDICATORS if i[0] == name)
    row = TARGET | {
        "number": str(number), "indicator": name, "source": f"row {number}", "base_printed": base,
        "base_value": base, "base_unit": unit if base else "", "target_printed": goal, "target_value": goal,
        "unit": "%" if kind in GROWTH_KINDS else "个百分点" if kind in POINTS else unit,
    }  # fmt: skip
    return row | {key: str(value) for key, value in cells.items()}


def seen_of(cells, number):
    """Return a row of observations.csv from its short form: indicator, period, value as printed, other columns."""
    cells = dict(cells)
    name, measure = cells.pop("indicator", "trade"), cells.get("measure", "value")
    unit = next(i[3] for i in AUDIT_INDICATORS if i[0] == name)
    row = {
        "indicator": name, "printed": str(cells.get("value")), "source": f"text {number}",
        "unit": "%" if "growth" in measure else "个百分点" if measure in POINTS else unit,
    }  # fmt: skip
    return OBSERVATION | row | {key: str(value) for key, value in cells.items()}


def audit_plan(folder, targets=(), observations=(), **head):
    """Return a plan of rows in short form (row_of, seen_of), written to a folder, with the indicators of the audit."""
    return small_plan(
        folder,
        tuple(row_of(cells, number) for number, cells in enumerate(targets, 1)),
        tuple(seen_of(cells, number) for number, cells in enumerate(observations, 1)),
        indicators=AUDIT_INDICATORS,
        **head,
    )


def indicator(**fields):
    """Return an indicator in memory: an amount in 亿元, higher is better, but for the fields given."""
    return replace(Indicator(*INDICATORS[0]), **fields)


def target(scale="amount", direction="higher", reduction_of="", **fields):
    """Return a target in memory: 100 in 2020 to 150 in 2025, but for the fields given."""
    plain = Target(
        plan="example", table="T1", number="1", part=1,
        indicator=indicator(scale=scale, direction=direction, reduction_of=reduction_of), region="example",
        base_year=2020, base_printed="100", base_value=100.0, base_digits="100", base_unit="亿元",
        target_year=2025, target_printed="150", target_value=150.0, target_upper=None, target_digits="150",
        unit="亿元", comparator="eq", kind="level", status="printed", attribute="expected",
        price_basis="nominal",
        relative_to="", definition="", source="表1", note="",
    )  # fmt: skip
    return replace(plain, **fields)


def scenario(shocks=(), **fields):
    """Return a scenario in memory without shocks, prices rising 1.5 % a year, but for the fields given."""
    plain = Scenario(
        "test", {"zh": "测试", "en": "Test"}, "tests", {"zh": "无", "en": "none"}, tuple(shocks), {0: 1.5},
        1.0, 0.5, 0.0, False,
    )  # fmt: skip
    return replace(plain, **fields)


def shock(pp, first_year, last_year, scales=("amount", "density", "index", "rate"), indicators=()):
    """Return a shock in memory."""
    return Shock(pp, first_year, last_year, tuple(scales), tuple(indicators))

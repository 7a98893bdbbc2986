"""A new plan: a small valid example to fill in."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

from planmodel.errors import PlanmodelError, unknown
from planmodel.files.reading import Row, check_name, data_folder
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.checks import Source
from planmodel.plans.columns import OBSERVATIONS, TARGETS, names_of
from planmodel.words import Phrase

RESERVED = ("all-plans", "con", "nul", "aux", "prn")
HEAD = """\
# What each entry means: docs/data.md. Check with: planmodel check {name}
title: {{zh: 示例规划（请改写）, en: Example plan (replace this)}}
short: {{zh: 示例, en: Example}}
issuer: {{zh: 示例市人民政府, en: Government of Example}}
document_number: null
date: 2021-01-01
draft: true
period: [2021, 2025]
base_year: 2020
region: {region}
identities:
  - services_share = services_va / gdp
"""
_COMMON = {
    "table": "T1",
    "part": "1",
    "base_year": "2020",
    "target_year": "2025",
    "status": "printed",
    "attribute": "expected",
}
EXAMPLE_TARGETS = (
    {
        "number": "1", "indicator": "gdp", "base_printed": "1000", "base_value": "1000", "base_unit": "亿元",
        "target_printed": "6以上", "target_value": "6", "unit": "%", "comparator": "ge", "kind": "annual_growth",
    },
    {
        "number": "2", "indicator": "services_va", "base_printed": "450.0", "base_value": "450.0", "base_unit": "亿元",
        "target_printed": "700", "target_value": "700", "unit": "亿元", "comparator": "eq", "kind": "level",
    },
    {
        "number": "3", "indicator": "services_share", "base_printed": "45.0", "base_value": "45.0", "base_unit": "%",
        "target_printed": "", "target_value": "", "unit": "%", "comparator": "", "kind": "level", "status": "missing",
    },
)  # fmt: skip
EXAMPLE_OBSERVATIONS = (
    {
        "indicator": "services_va",
        "period": "2015",
        "measure": "value",
        "value": "300.0",
        "unit": "亿元",
        "printed": "300.0",
    },
    {
        "indicator": "gdp",
        "period": "2016..2020",
        "measure": "mean_growth",
        "value": "6.5",
        "unit": "%",
        "printed": "年均增长6.5%",
    },
)


def write_plan(name: str, region: str, folder: Path | None = None) -> Path:
    """Write a valid example plan and return its folder.

    Errors: PlanmodelError for a bad name or unknown region; FileExistsError where the plan exists.
    """
    data = folder or data_folder()
    check_new(name, region, data)
    target = data / "plans" / name
    target.mkdir(parents=True)
    (target / "plan.yaml").write_text(HEAD.format(name=name, region=region), encoding="utf-8")
    _write(target / "targets.csv", names_of(TARGETS), example_targets())
    _write(target / "observations.csv", names_of(OBSERVATIONS), example_observations())
    return target


def example(name: str, region: str, folder: Path | None = None) -> Source:
    """Return the example plan as parts, unwritten.

    Errors: as of `write_plan`.
    """
    data = folder or data_folder()
    check_new(name, region, data)
    home = data / "plans" / name
    if home.exists():
        raise FileExistsError(home)

    def rows(file: str, cells) -> tuple[Row, ...]:
        return tuple(Row(each, file, line) for line, each in enumerate(cells, 2))

    head = yaml.safe_load(HEAD.format(name=name, region=region))
    targets, observations = example_targets(), example_observations()
    return Source(name, home, head, rows("targets.csv", targets), rows("observations.csv", observations))


def check_new(name: str, region: str, data: Path) -> None:
    """Raise where a new plan cannot have a name or a region."""
    check_name("plan", name)
    if name in RESERVED:
        raise PlanmodelError.of(
            "plan", Phrase("plans.new.other_name"), repr(name), do=Phrase("plans.new.reserved")
        )
    known = load_catalogue(data).regions
    if region not in known:
        raise PlanmodelError(faults=[unknown("region", region, known)])


def example_targets() -> list[dict[str, str]]:
    return [{**_COMMON, "source": f"表一 第{row['number']}行", **row} for row in EXAMPLE_TARGETS]


def example_observations() -> list[dict[str, str]]:
    return [{"vintage": "plan", "source": "一 发展基础", **row} for row in EXAMPLE_OBSERVATIONS]


def _write(path: Path, columns: tuple[str, ...], rows) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

"""Breakdowns as tidy tables: the columns that others script against."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from planmodel.breakdown.annual import Breakdown
from planmodel.breakdown.contributions import SectorGrowth
from planmodel.breakdown.shares import Split
from planmodel.plans import Plan, Target

BREAKDOWN_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "region", "owner", "attribute", "kind", "comparator",
    "target_printed", "target_year", "measure", "unit", "base_year", "base", "year", "figure", "flow", "asked",
    "asked_unit", "node", "outturn", "derived", "reason",
)  # fmt: skip
SPLIT_COLUMNS = (
    "plan", "target", "indicator", "by", "part", "name", "unit", "year", "figure", "share", "growth", "shares_of",
)  # fmt: skip
CONTRIBUTION_COLUMNS = (
    "plan", "whole", "base_year", "last_year", "prices", "planned", "growth", "sector", "share", "sector_growth",
    "contribution", "targets",
)  # fmt: skip
GAP = "gap"
"""The row that holds what the sectors leave of the growth of the whole."""
DIGITS = 4


def breakdown_table(result: Breakdown, lang: str = "en") -> pd.DataFrame:
    """Return one row a target and year; figures are text with the decimals of print, asked is in % a year, pp or units.

    A target without figures by year has one row with its reason. node: an annual plan sets the figure.

    >>> from planmodel import load_plan, load_scenario
    >>> from planmodel.breakdown import break_down
    >>> found = breakdown_table(break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline")))
    >>> found.loc[(found.table == "T2") & (found.number == "1"), "figure"].tolist()
    ['2895', '3138', '3403', '3689', '4000']
    """
    rows = []
    for line in result.lines:
        target = line.target
        head = _key(target) | {
            "owner": "; ".join(target.owner),
            "measure": line.measure,
            "unit": line.unit,
            "base_year": line.base_year,
            "base": "" if line.base is None else str(line.base),
            "reason": line.reason.get(lang, ""),
        }
        for found in line.years:
            asked, unit = (None, "") if found.asked is None else found.asked.in_unit(line.unit)
            rows.append(
                head
                | {
                    "year": found.year,
                    "figure": "" if found.figure is None else str(found.figure),
                    "flow": "" if found.flow is None else str(found.flow),
                    "asked": asked,
                    "asked_unit": unit,
                    "node": found.node,
                    "outturn": found.outturn,
                    "derived": found.derived,
                }
            )
        if not line.years:
            rows.append(head | {"figure": "", "flow": "", "asked_unit": "", "node": False, "derived": False})
    table = pd.DataFrame(rows, columns=list(BREAKDOWN_COLUMNS))
    for column in ("asked", "outturn"):
        table[column] = table[column].astype(float).round(DIGITS)
    return table.astype({"year": "Int64", "base_year": "Int64"})


def split_table(plan: Plan, found: Split, lang: str = "en") -> pd.DataFrame:
    """Return one row a part and year, and the whole (part: total); growth is what a part needs, % a year."""
    target, unit = found.line.target, found.line.unit
    head = {
        "plan": plan.name,
        "target": target.id,
        "indicator": target.indicator.id,
        "by": found.by,
        "unit": unit,
    }
    head["shares_of"] = "" if found.shares.year is None else str(found.shares.year)
    rows = [
        head
        | {
            "part": part.id,
            "name": part.name[lang],
            "year": year,
            "figure": str(figure),
            "share": part.shares[year],
            "growth": None if part.growth is None else 100 * part.growth,
        }
        for part in found.parts
        for year, figure in part.figures.items()
    ]
    total = "合计" if lang == "zh" else "Total"
    rows += [
        head | {"part": "total", "name": total, "year": year, "figure": str(figure), "share": 1.0}
        for year, figure in found.whole.items()
    ]
    table = pd.DataFrame(rows, columns=list(SPLIT_COLUMNS))
    for column in ("share", "growth"):
        table[column] = table[column].astype(float).round(DIGITS)
    return table


def contributions_table(plan: Plan, found: Iterable[SectorGrowth]) -> pd.DataFrame:
    """Return one row a span and sector: share (0-1) before, growth in % a year, contribution in points.

    The contributions of a span, the row `gap` among them, add up to the growth of the whole.
    """
    rows = []
    for growth in found:
        head = {
            "plan": plan.name,
            "whole": growth.whole,
            "base_year": growth.base_year,
            "last_year": growth.last_year,
            "prices": growth.prices,
            "planned": growth.planned,
            "growth": None if growth.growth is None else 100 * growth.growth,
            "targets": "; ".join(growth.targets),
        }
        for part in growth.slices:
            rate = None if part.growth is None else 100 * part.growth
            rows.append(
                head
                | {
                    "sector": part.id,
                    "share": part.share,
                    "sector_growth": rate,
                    "contribution": 100 * part.contribution,
                }
            )
        if growth.growth is not None:
            rows.append(head | {"sector": GAP, "contribution": 100 * growth.gap})
    table = pd.DataFrame(rows, columns=list(CONTRIBUTION_COLUMNS))
    for column in ("growth", "share", "sector_growth", "contribution"):
        table[column] = table[column].astype(float)
    return table


def _key(target: Target) -> dict:
    names = (
        "plan", "table", "number", "part", "region", "attribute", "kind", "comparator", "target_printed", "target_year",
    )  # fmt: skip
    return {name: getattr(target, name) for name in names} | {"indicator": target.indicator.id}

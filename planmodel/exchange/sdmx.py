"""SDMX-CSV 2.0: observations, targets, trajectories and fans of plans, one row a figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from planmodel.arithmetic.periods import Period, parse_period
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.exchange.interchange import INDEX, Series
from planmodel.exchange.sdmx_structure import (
    COLUMNS,
    COMPONENTS,
    DIMENSIONS,
    NOT_APPLICABLE,
    STRUCTURE_ID,
    UNIT_CODES,
    quantile_code,
    quantile_of,
    unit_code,
)
from planmodel.plans import Observation, Plan, Target
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.plans.kinds import KINDS
from planmodel.words import Phrase

FIGURES = ("observation", "target", "trajectory", "fan")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
STATUS_OF_VINTAGE = {"preliminary": "P", "estimate": "E"}
STATUS_OF_TARGET = {"printed": "M", "missing": "O", "masked": "Q", "assigned": "L"}
"""Status of a target without a figure: M (there is none: a milestone), else why the figure is missing."""


def time_period(period: str) -> str:
    """Return a period as SDMX writes it: year, quarter, month, or a time range (first day / duration).

    >>> [time_period(p) for p in ("2023", "2023Q3", "2023-09", "2023-01..2023-09", "2016..2020")]
    ['2023', '2023-Q3', '2023-09', '2023-01-01/P9M', '2016-01-01/P5Y']
    """
    if ".." not in period:
        return period.replace("Q", "-Q")
    span = _span(period, period)
    months = span.last - span.first + 1
    length = f"{months}M" if "-" in period else f"{months // 12}Y"
    return f"{span.first_year}-{span.first_month:02}-01/P{length}"


def _span(period: str, text: str) -> Period:
    span = parse_period(period)
    if span is None:
        raise PlanmodelError(faults=[Fault("TIME_PERIOD", Phrase("exchange.fault.periods"), repr(text))])
    return span


def period_of(text: str) -> str:
    """Return the period of an SDMX time period, as the tables write it.

    Errors: PlanmodelError for other text.

    >>> [period_of(t) for t in ("2023-Q3", "2023-01-01/P9M", "2016-01-01/P5Y")]
    ['2023Q3', '2023-01..2023-09', '2016..2020']
    """
    span = re.fullmatch(r"(\d{4})-(\d\d)-01/P(\d+)([MY])", text)
    period = text.replace("-Q", "Q")
    if span:
        year, month, length = int(span[1]), int(span[2]), int(span[3])
        last = 12 * year + month - 1 + length - 1
        period = f"{year}..{year + length - 1}"
        if span[4] == "M":
            period = f"{year}-{month:02}..{last // 12}-{last % 12 + 1:02}"
    _span(period, text)
    return period


def _frequency(period: str) -> str:
    if "Q" in period:
        return "Q"
    return "M" if "-" in period else "A"


def to_sdmx(
    plans: Iterable[Plan], series: Iterable[Series], indicators: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return a table of text, a row a figure: observations and targets of plans, trajectories and fans of series.

    indicators: only these (default: all). Printed figures keep their decimals; dimensions that do not apply are _Z.

    >>> from planmodel import load_plan
    >>> table = to_sdmx([load_plan("jiaojiang-commerce-14fyp")], [])
    >>> columns = ["INDICATOR", "TIME_PERIOD", "DECIMALS", "UNIT_MEASURE", "UNIT_MULT"]
    >>> table.loc[table.OBS_VALUE == "164.80", columns].values.tolist()
    [['trade', '2020', '2', 'CNY', '8']]
    """
    plans, series = list(plans), list(series)
    catalogue = plans[0].catalogue if plans else load_catalogue()
    rows = []
    for plan in plans:
        wanted = set(indicators) | {
            catalogue.indicators[name].reduction_of for name in indicators if name in catalogue.indicators
        }
        seen: Counter = Counter()
        for observation in plan.observations:
            if not indicators or observation.indicator in wanted:
                row = _observation_row(plan, observation)
                key = tuple(row.get(name, "") for name in DIMENSIONS)
                seen[key] += 1
                rows.append(row | {"OBS_NO": str(seen[key])})
        rows += [
            _target_row(plan, target)
            for target in plan.targets
            if not indicators or target.indicator.id in wanted
        ]
    rows += [row for item in series if item.figure in ("trajectory", "fan") for row in _series_rows(item)]
    head = {"STRUCTURE": "datastructure", "STRUCTURE_ID": STRUCTURE_ID, "ACTION": "I"}
    table = [head | {"OBS_NO": "1"} | row | _unit(row["UNIT"], catalogue) for row in rows]
    for row in table:
        row.update({name: row.get(name) or NOT_APPLICABLE for name in DIMENSIONS})
    return pd.DataFrame(table, columns=list(COLUMNS), dtype=str).fillna("")


def _unit(unit: str, catalogue: Catalogue) -> dict[str, str]:
    if unit == INDEX:
        return {"UNIT_MEASURE": UNIT_CODES[INDEX], "UNIT_MULT": "0"}
    if not unit:
        return {}
    code, power = unit_code(catalogue.units[unit])
    return {"UNIT_MEASURE": code, "UNIT_MULT": str(power)}


def _decimals(digits: str) -> str:
    return str(len(digits.partition(".")[2])) if digits and "e" not in digits.lower() else ""


def _observation_row(plan: Plan, seen: Observation) -> dict[str, str]:
    return {
        "FREQ": _frequency(seen.period), "REF_AREA": seen.region, "INDICATOR": seen.indicator, "MEASURE": seen.measure,
        "PLAN": plan.name, "FIGURE": "observation", "TIME_PERIOD": time_period(seen.period), "OBS_VALUE": seen.digits,
        "OBS_STATUS": STATUS_OF_VINTAGE.get(seen.vintage, "A"), "UNIT": seen.unit, "DECIMALS": _decimals(seen.digits),
        "PRICE_BASIS": seen.price_basis, "COMPARATOR": seen.comparator, "DEFINITION": seen.definition,
        "VINTAGE": seen.vintage, "PUBLISHED": seen.published, "SOURCE": seen.source, "SOURCE_URL": seen.url,
        "OUTTURN_OF": seen.target, "COMMENT_OBS": seen.note,
    }  # fmt: skip


def _target_row(plan: Plan, target: Target) -> dict[str, str]:
    first = target.base_year + 1
    span = KINDS[target.kind].spans and first < target.target_year
    digits = target.target_digits
    return {
        "FREQ": "A", "REF_AREA": target.region, "INDICATOR": target.indicator.id, "MEASURE": target.kind,
        "PLAN": plan.name, "FIGURE": "target", "TARGET": _target_code(target.id),
        "TIME_PERIOD": time_period(f"{first}..{target.target_year}" if span else str(target.target_year)),
        "OBS_VALUE": digits, "OBS_STATUS": "A" if digits else STATUS_OF_TARGET[target.status], "UNIT": target.unit,
        "DECIMALS": _decimals(digits), "BASE_PER": str(target.base_year), "PRICE_BASIS": target.price_basis,
        "COMPARATOR": target.comparator,
        "UPPER_VALUE": "" if target.target_upper is None else repr(target.target_upper).removesuffix(".0"),
        "TARGET_ATTRIBUTE": target.attribute, "TARGET_STATUS": target.status, "RELATIVE_TO": target.relative_to,
        "DEFINITION": target.definition, "SOURCE": target.source, "PRINTED": target.target_printed,
        "COMMENT_OBS": target.note, "PUBLISHED": plan.date,
    }  # fmt: skip


def _series_rows(series: Series):
    for year, value in series.values:
        yield {
            "FREQ": "A", "REF_AREA": series.region, "INDICATOR": series.indicator, "MEASURE": series.measure,
            "PLAN": series.plan, "FIGURE": series.figure, "TARGET": _target_code(series.target),
            "SCENARIO": series.scenario, "TIME_PERIOD": str(year), "OBS_VALUE": repr(value).removesuffix(".0"),
            "PATH_SHAPE": series.variant if series.figure == "trajectory" else "",
            "QUANTILE": quantile_code(series.variant) if series.figure == "fan" else "",
            "OBS_STATUS": "E" if series.figure == "trajectory" else "F", "UNIT": series.unit,
            "BASE_PER": str(series.base_period or ""),
        }  # fmt: skip


def _target_code(key: str) -> str:
    return key.replace("/", "-")


@dataclass(frozen=True)
class Received:
    """What a table held: observations by plan, and the series of targets, trajectories and fans."""

    observations: dict[str, tuple[Observation, ...]]
    series: tuple[Series, ...]


def from_sdmx(table: pd.DataFrame) -> Received:
    """Return what to_sdmx wrote: observations as they were, and targets, trajectories and fans as series.

    table: cells as text (read_csv with dtype=str, keep_default_na=False). Columns in any order.

    Errors: PlanmodelError for another structure, a missing column, or a figure that is none.
    """
    faults = [
        Fault(
            name,
            Phrase("exchange.fault.column"),
            Phrase("exchange.fault.no_column"),
            do=Phrase("exchange.fault.do_sdmx"),
        )
        for name in ("STRUCTURE_ID", *(c.id for c in COMPONENTS))
        if name not in table.columns
    ]
    if not faults:
        faults = [
            Fault("STRUCTURE_ID", STRUCTURE_ID, repr(name), do=Phrase("exchange.fault.do_structure"))
            for name in sorted(set(table["STRUCTURE_ID"]) - {STRUCTURE_ID})
        ]
        faults += [unknown("FIGURE", name, FIGURES) for name in sorted(set(table["FIGURE"]) - set(FIGURES))]
        faults += [
            Fault("OBS_VALUE", Phrase("exchange.fault.number"), repr(cell), row=number)
            for number, cell in enumerate(table["OBS_VALUE"], 2)
            if cell and not NUMBER.fullmatch(cell)
        ]
    if faults:
        raise PlanmodelError(Phrase("exchange.fault.unreadable"), faults)
    observations: dict[str, list[Observation]] = {}
    series: dict[Series, list[tuple[int, float]]] = {}
    for row in table.to_dict("records"):
        row |= {name: "" for name in DIMENSIONS if row[name] == NOT_APPLICABLE}
        if row["FIGURE"] == "observation":
            observations.setdefault(row["PLAN"], []).append(_observation(row))
            continue
        last_year = _span(period_of(row["TIME_PERIOD"]), row["TIME_PERIOD"]).last_year
        upper = [("upper", row["UPPER_VALUE"])] if row["UPPER_VALUE"] else []
        for figure, cell in [(row["FIGURE"], row["OBS_VALUE"]), *upper]:
            if cell:
                series.setdefault(_bare(row, figure), []).append((last_year, float(cell)))
    return Received(
        {plan: tuple(own) for plan, own in observations.items()},
        tuple(replace(bare, values=tuple(sorted(values))) for bare, values in series.items()),
    )


def _observation(row: dict[str, str]) -> Observation:
    period = period_of(row["TIME_PERIOD"])
    span = _span(period, period)
    return Observation(
        row["INDICATOR"], row["REF_AREA"], period, span.first_year, span.last_year, row["MEASURE"],
        float(row["OBS_VALUE"]), row["OBS_VALUE"], row["UNIT"], row["COMPARATOR"], row["PRICE_BASIS"],
        row["DEFINITION"], row["VINTAGE"], row["PUBLISHED"], row["SOURCE"], row["SOURCE_URL"], row["OUTTURN_OF"],
        row["COMMENT_OBS"],
    )  # fmt: skip


def _bare(row: dict[str, str], figure: str) -> Series:
    """Return the series that a row belongs to, without its values."""
    variant = quantile_of(row["QUANTILE"]) if row["QUANTILE"] else row["PATH_SHAPE"]
    base_period = int(row["BASE_PER"]) if row["UNIT"] == INDEX else None
    return Series(
        row["PLAN"], row["TARGET"].replace("-", "/"), row["INDICATOR"], row["REF_AREA"], row["SCENARIO"], figure,
        row["MEASURE"], variant, row["UNIT"], base_period, (),
    )  # fmt: skip

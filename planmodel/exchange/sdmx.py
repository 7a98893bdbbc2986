"""SDMX-CSV 2.0: observations, targets, trajectories and fans of plans, one row a figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from planmodel.arithmetic.periods import Period, parse_period
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.exchange import INDEX, Series, missing_columns
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
STATUS_OF_SERIES = {"trajectory": "E", "fan": "F"}
OF_ALL = {
    "REF_AREA": "region", "UNIT": "unit", "PRICE_BASIS": "price_basis", "COMPARATOR": "comparator",
    "DEFINITION": "definition", "SOURCE": "source", "COMMENT_OBS": "note",
}  # fmt: skip
OF_OBSERVATION = OF_ALL | {
    "INDICATOR": "indicator", "MEASURE": "measure", "OBS_VALUE": "digits", "VINTAGE": "vintage", "PUBLISHED": "published",
    "SOURCE_URL": "url", "OUTTURN_OF": "target",
}  # fmt: skip
OF_TARGET = OF_ALL | {
    "MEASURE": "kind", "OBS_VALUE": "target_digits", "TARGET_ATTRIBUTE": "attribute", "TARGET_STATUS": "status",
    "RELATIVE_TO": "relative_to", "PRINTED": "target_printed",
}  # fmt: skip
OF_SERIES = {
    "PLAN": "plan", "INDICATOR": "indicator", "REF_AREA": "region", "SCENARIO": "scenario", "MEASURE": "measure",
    "UNIT": "unit",
}  # fmt: skip
"""By column, the attribute of an observation, a target or a series that stands in it as it is."""


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
        raise PlanmodelError.of("TIME_PERIOD", Phrase("exchange.fault.periods"), repr(text))
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
    known = [catalogue.indicators[name] for name in indicators if name in catalogue.indicators]
    wanted = {*indicators, *(indicator.reduction_of for indicator in known)}
    rows = []
    for plan in plans:
        seen: Counter = Counter()
        for observation in plan.observations:
            if not indicators or observation.indicator in wanted:
                row = _observation_row(plan, observation)
                key = tuple(row.get(name, "") for name in DIMENSIONS)
                seen[key] += 1
                rows.append(row | {"OBS_NO": str(seen[key])})
        targets = [t for t in plan.targets if not indicators or t.indicator.id in wanted]
        rows += [_target_row(plan, target) for target in targets]
    rows += [row for item in series if item.figure in STATUS_OF_SERIES for row in _series_rows(item)]
    head = {"STRUCTURE": "datastructure", "STRUCTURE_ID": STRUCTURE_ID, "ACTION": "I", "OBS_NO": "1"}
    table = [head | row | _unit(row["UNIT"], catalogue) for row in rows]
    for row in table:
        row.update({name: row.get(name) or NOT_APPLICABLE for name in DIMENSIONS})
    return pd.DataFrame(table, columns=list(COLUMNS), dtype=str).fillna("")


def _unit(unit: str, catalogue: Catalogue) -> dict[str, str]:
    if not unit:
        return {}
    code, power = (UNIT_CODES[INDEX], 0) if unit == INDEX else unit_code(catalogue.units[unit])
    return {"UNIT_MEASURE": code, "UNIT_MULT": str(power)}


def _decimals(digits: str) -> str:
    return str(len(digits.partition(".")[2])) if digits and "e" not in digits.lower() else ""


def _cells(of: object, columns: Mapping[str, str]) -> dict[str, str]:
    return {column: getattr(of, name) for column, name in columns.items()}


def _observation_row(plan: Plan, seen: Observation) -> dict[str, str]:
    period = seen.period
    return _cells(seen, OF_OBSERVATION) | {
        "FREQ": "Q" if "Q" in period else "M" if "-" in period else "A", "PLAN": plan.name, "FIGURE": "observation",
        "TIME_PERIOD": time_period(period), "OBS_STATUS": STATUS_OF_VINTAGE.get(seen.vintage, "A"),
        "DECIMALS": _decimals(seen.digits),
    }  # fmt: skip


def _target_row(plan: Plan, target: Target) -> dict[str, str]:
    first, digits = target.base_year + 1, target.target_digits
    span = KINDS[target.kind].spans and first < target.target_year
    return _cells(target, OF_TARGET) | {
        "FREQ": "A", "INDICATOR": target.indicator.id, "PLAN": plan.name, "FIGURE": "target",
        "TARGET": target.id.replace("/", "-"),
        "TIME_PERIOD": time_period(f"{first}..{target.target_year}" if span else str(target.target_year)),
        "OBS_STATUS": "A" if digits else STATUS_OF_TARGET[target.status], "DECIMALS": _decimals(digits),
        "BASE_PER": str(target.base_year), "PUBLISHED": plan.date,
        "UPPER_VALUE": "" if target.target_upper is None else repr(target.target_upper).removesuffix(".0"),
    }  # fmt: skip


def _series_rows(series: Series) -> Iterator[dict[str, str]]:
    quantile = series.figure == "fan"
    row = _cells(series, OF_SERIES) | {
        "FREQ": "A", "FIGURE": series.figure, "TARGET": series.target.replace("/", "-"),
        "PATH_SHAPE": "" if quantile else series.variant, "QUANTILE": quantile_code(series.variant) if quantile else "",
        "OBS_STATUS": STATUS_OF_SERIES[series.figure], "BASE_PER": str(series.base_period or ""),
    }  # fmt: skip
    for year, value in series.values:
        yield row | {"TIME_PERIOD": str(year), "OBS_VALUE": repr(value).removesuffix(".0")}


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
    needed = ("STRUCTURE_ID", *(c.id for c in COMPONENTS))
    faults = missing_columns(needed, table.columns, Phrase("exchange.fault.do_sdmx"))
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
        period = period_of(row["TIME_PERIOD"])
        span = _span(period, period)
        if row["FIGURE"] == "observation":
            cells: dict[str, Any] = {name: row[column] for column, name in OF_OBSERVATION.items()}
            cells |= {"period": period, "first_year": span.first_year, "last_year": span.last_year}
            made = Observation(**cells, value=float(row["OBS_VALUE"]))
            observations.setdefault(row["PLAN"], []).append(made)
            continue
        variant = quantile_of(row["QUANTILE"]) if row["QUANTILE"] else row["PATH_SHAPE"]
        bare = Series(
            **{name: row[column] for column, name in OF_SERIES.items()}, target=row["TARGET"].replace("-", "/"),
            figure=row["FIGURE"], variant=variant, base_period=int(row["BASE_PER"]) if row["UNIT"] == INDEX else None,
            values=(),
        )  # fmt: skip
        for one, cell in ((bare, row["OBS_VALUE"]), (replace(bare, figure="upper"), row["UPPER_VALUE"])):
            if cell:
                series.setdefault(one, []).append((span.last_year, float(cell)))
    return Received(
        {plan: tuple(own) for plan, own in observations.items()},
        tuple(replace(bare, values=tuple(sorted(values))) for bare, values in series.items()),
    )

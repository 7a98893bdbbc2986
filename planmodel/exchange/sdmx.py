"""SDMX-CSV 2.0: observations, targets, trajectories and fans of plans, one row a figure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from planmodel.arithmetic.periods import parse_period
from planmodel.exchange import INDEX, Series
from planmodel.plans import KINDS, Observation, Plan, Target
from planmodel.plans.catalogue import Catalogue, Unit, load_catalogue
from planmodel.words import Phrase

AGENCY, STRUCTURE, VERSION = "PLANMODEL", "PLANS", "1.0.0"
STRUCTURE_ID = f"{AGENCY}:{STRUCTURE}({VERSION})"
NOT_APPLICABLE = "_Z"
UNIT_CODES = {"percent": "PT", "pp": "PP", "person": "PS", INDEX: "IX"}
"""Codes of dimensions whose own name is no code; currencies have their ISO 4217 code."""
Names = Mapping[str, str]  # what something is called, by language


@dataclass(frozen=True)
class Component:
    """A column of the data: a dimension, the measure or an attribute; coded by a list (CL_...), or of a data type."""

    id: str
    role: str
    representation: str

    @property
    def codelist(self) -> str:
        return self.representation if self.representation.startswith("CL_") else ""

    @property
    def names(self) -> Names:
        return Phrase(f"exchange.components.{self.id}")


REPRESENTATIONS = {
    "dimension": {"FREQ": "CL_FREQ", "REF_AREA": "CL_AREA", "INDICATOR": "CL_INDICATOR", "MEASURE": "CL_MEASURE", "PLAN": "CL_PLAN", "FIGURE": "CL_FIGURE", "TARGET": "String", "SCENARIO": "CL_SCENARIO", "PATH_SHAPE": "CL_PATH_SHAPE", "QUANTILE": "CL_QUANTILE", "OBS_NO": "Integer"},
    "time": {"TIME_PERIOD": "ObservationalTimePeriod"},
    "measure": {"OBS_VALUE": "Double"},
    "attribute": {"OBS_STATUS": "CL_OBS_STATUS", "UNIT_MEASURE": "CL_UNIT_MEASURE", "UNIT_MULT": "Integer", "UNIT": "String", "DECIMALS": "Integer", "BASE_PER": "String", "PRICE_BASIS": "CL_PRICE_BASIS", "COMPARATOR": "CL_COMPARATOR", "UPPER_VALUE": "Double", "TARGET_ATTRIBUTE": "CL_TARGET_ATTRIBUTE", "TARGET_STATUS": "CL_TARGET_STATUS", "RELATIVE_TO": "CL_INDICATOR", "DEFINITION": "String", "VINTAGE": "CL_VINTAGE", "PUBLISHED": "String", "SOURCE": "String", "SOURCE_URL": "String", "OUTTURN_OF": "String", "PRINTED": "String", "COMMENT_OBS": "String"},
}  # fmt: skip
"""By role, each component with its code list or data type, in the order of the columns."""
COMPONENTS = tuple(Component(id, role, of[id]) for role, of in REPRESENTATIONS.items() for id in of)
DIMENSIONS = tuple(c.id for c in COMPONENTS if c.role in ("dimension", "time"))
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in COMPONENTS))


def quantile_code(name: str) -> str:
    """Return the code of a quantile: its percentile, with _ for the decimal point.

    >>> quantile_code("0.025"), quantile_code("0.5")
    ('P2_5', 'P50')
    """
    return f"P{100 * float(name):.6g}".replace(".", "_")


def unit_code(unit: Unit) -> tuple[str, int]:
    """Return UNIT_MEASURE and UNIT_MULT of a unit: the code of its dimension, and the power of ten of its factor.

    A factor that is no power of ten (hours, in minutes) gives the unit a code of its own.

    >>> unit_code(Unit("e8", "100 million yuan", "CNY", 1e8)), unit_code(Unit("h", "hours", "time", 60))
    (('CNY', 8), ('HOURS', 0))
    """
    power = round(math.log10(unit.factor))
    if not math.isclose(10.0**power, unit.factor):
        return _code(unit.name_en), 0
    return UNIT_CODES.get(unit.dimension) or _code(unit.dimension), power


def _code(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper().replace("/", " per ".upper())).strip("_")


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

    >>> [time_period(p) for p in ("2023", "2023Q3", "2023-09", "2023-01..2023-09", "2016..2020", "2101..2200")]
    ['2023', '2023-Q3', '2023-09', '2023-01-01/P9M', '2016-01-01/P5Y', '2101-01-01/P100Y']
    """
    if ".." not in period:
        return period.replace("Q", "-Q")
    span = parse_period(period)
    assert span is not None  # it was read
    months = span.last - span.first + 1
    length = f"{months}M" if "-" in period else f"{months // 12}Y"
    return f"{span.first_year}-{span.first_month:02}-01/P{length}"


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

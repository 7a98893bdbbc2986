"""Rows of a plan's tables: a target or an observation made of its cells, with every fault of the row."""

from __future__ import annotations

import re
from dataclasses import replace

from planmodel.arithmetic.periods import is_publication_date, parse_period
from planmodel.errors import Fault
from planmodel.files.reading import Row, number, one_of, year
from planmodel.plans.catalogue import BASES, Catalogue, Indicator
from planmodel.plans.kinds import KINDS, WITHOUT_FIGURE, Kind, kind_of
from planmodel.plans.model import (
    ATTRIBUTES,
    COMPARATORS,
    MEASURES,
    STATUSES,
    VINTAGES,
    Observation,
    Target,
)

TARGET_COLUMNS = (
    "table", "number", "part", "indicator", "region", "base_year", "base_printed", "base_value", "base_unit",
    "target_year", "target_printed", "target_value", "target_upper", "unit", "comparator", "kind", "status",
    "attribute", "price_basis", "relative_to", "definition", "source", "note",
)  # fmt: skip


OPTIONAL_TARGET_COLUMNS = ("owner",)


OBSERVATION_COLUMNS = (
    "indicator", "region", "period", "measure", "value", "unit", "printed", "comparator", "price_basis",
    "definition", "vintage", "published", "source", "url", "target", "note",
)  # fmt: skip


GROWTH_MEASURES = ("growth", "mean_growth", "total_growth")
OVER_YEARS = ("mean_growth", "total_growth", "mean_change_pp")


def target_of(row: Row, plan: str, region: str, catalogue: Catalogue, faults: list[Fault]) -> Target | None:
    before = len(faults)
    units = catalogue.units
    indicator = catalogue.indicators.get(one_of(row, "indicator", catalogue.indicators, faults))
    kind = KINDS.get(one_of(row, "kind", KINDS, faults), Kind(""))
    status = one_of(row, "status", STATUSES, faults)
    if not re.fullmatch(r"T\d+|text", row["table"]):
        faults.append(row.fault("table", "T1, T2, ... or text"))
    if not re.fullmatch(r"\d+[a-z]?", row["number"]):
        faults.append(row.fault("number", "a number as printed, such as 4 or 4a"))
    if not re.fullmatch(r"[1-9]\d*", row["part"], re.ASCII):
        faults.append(row.fault("part", "1, 2, ..."))
    base_year, target_year = year(row, "base_year", faults), year(row, "target_year", faults)
    if base_year and target_year and base_year >= target_year:
        faults.append(row.fault("base_year", f"a year before the target year {target_year}"))
    base, value = number(row, "base_value", faults), number(row, "target_value", faults)
    upper = number(row, "target_upper", faults)
    one_of(row, "region", catalogue.regions, faults, optional=True)
    one_of(row, "base_unit", units, faults, optional=base is None)
    one_of(row, "unit", units, faults, optional=not kind.figure or status != "printed")
    one_of(row, "attribute", ATTRIBUTES, faults)
    one_of(row, "price_basis", BASES, faults, optional=True)
    one_of(row, "relative_to", catalogue.indicators, faults, optional=kind.id != "relative")
    one_of(row, "comparator", COMPARATORS, faults, optional=value is None)
    if status == "printed" and kind.id not in WITHOUT_FIGURE and not row["target_value"]:
        faults.append(row.fault("target_value", "a number, as status is printed", found="an empty cell"))
    if status in STATUSES and status != "printed" and value is not None:
        faults.append(row.fault("status", "printed, as the row has a target_value"))
    if (upper is None) == (row["comparator"] == "range"):
        faults.append(row.fault("target_upper", "a number exactly where the comparator is range"))
    if upper is not None and value is not None and upper <= value:
        faults.append(row.fault("target_upper", f"more than target_value {value:g}"))
    if kind.id == "annual_growth" and value is not None and value <= -100:
        faults.append(row.fault("target_value", "growth above -100 %"))
    if not row["source"]:
        faults.append(row.fault("source", "where it stands", found="an empty cell"))
    if indicator and indicator.scale == "share":
        for column, figure, unit in (
            ("base_value", base, row["base_unit"]),
            ("target_value", value, row["unit"]),
        ):
            if figure is not None and unit == "%" and kind.needs_base and not 0 <= figure <= 100:
                faults.append(row.fault(column, "a share between 0 and 100"))
    if (
        indicator
        and base is not None
        and base <= 0
        and indicator.scale in ("amount", "density")
        and (kind.positive_base or (kind.id == "level" and base < 0))
    ):
        faults.append(row.fault("base_value", "a positive base, as growth is counted from it"))
    if len(faults) == before and indicator is not None:
        _check_units(row, indicator, kind, base, catalogue, faults)
    owner = _owners(row, faults)
    if len(faults) > before or indicator is None:
        return None
    basis = row["price_basis"] or (indicator.growth_basis if kind.growth else indicator.price_basis)
    return Target(
        plan, row["table"], row["number"], int(row["part"]), indicator, row["region"] or region,
        base_year, row["base_printed"], base, row["base_value"], row["base_unit"],
        target_year, row["target_printed"], value, upper, row["target_value"], row["unit"],
        row["comparator"], kind.id, status, row["attribute"], basis, row["relative_to"], row["definition"],
        row["source"], row["note"], owner,
    )  # fmt: skip


def _owners(row: Row, faults: list[Fault]) -> tuple[str, ...]:
    """The bodies of the cell, the leading one first; a comma inside brackets belongs to a name: 各县〔市、区〕."""
    if not row["owner"]:
        return ()
    names = tuple(name.strip() for name in row["owner"].split(";"))
    bare = re.sub(r"[〔(（\[].*?[〕)）\]]", "", row["owner"])
    if not all(names) or re.search(r"[；，,、\n]", bare):
        faults.append(row.fault("owner", "bodies separated by ;, the leading one first"))
    elif len(set(names)) < len(names):
        faults.append(row.fault("owner", "each body once", "Remove one of the two."))
    return names


def _check_units(
    row: Row, indicator: Indicator, kind: Kind, base: float | None, catalogue: Catalogue, faults: list
) -> None:
    """A base must be in a unit of its indicator; a growth target's base may be a growth rate."""
    units = catalogue.units
    if not indicator.unit:
        if kind.figure:
            faults.append(row.fault("unit", "an indicator that has a unit in indicators.csv"))
        return
    if base is None:
        return
    fits = {units[indicator.unit].dimension}
    if kind.growth:
        fits.add("percent")
    if indicator.reduction_of:
        fits.add(units[catalogue.indicators[indicator.reduction_of].unit].dimension)
    if units[row["base_unit"]].dimension not in fits:
        faults.append(row.fault("base_unit", f"a unit of {' or '.join(sorted(fits))}, like {indicator.unit}"))


def check_one_unit(
    targets: list[Target], rows: dict[str, Row], catalogue: Catalogue, faults: list[Fault]
) -> None:
    """Levels of one indicator must share the dimension of its catalogue unit."""
    for target in targets:
        if not kind_of(target).in_unit or not target.unit:
            continue
        expected = catalogue.units[target.indicator.unit].dimension if target.indicator.unit else ""
        if catalogue.units[target.unit].dimension != expected:
            faults.append(
                rows[target.id].fault(
                    "unit", f"a unit of {expected}, like {target.indicator.unit} of {target.indicator.id}"
                )
            )


def observation_of(row: Row, region: str, catalogue: Catalogue, faults: list[Fault]) -> Observation | None:
    before = len(faults)
    one_of(row, "indicator", catalogue.indicators, faults)
    one_of(row, "region", catalogue.regions, faults, optional=True)
    one_of(row, "unit", catalogue.units, faults)
    one_of(row, "measure", MEASURES, faults)
    one_of(row, "comparator", COMPARATORS, faults, optional=True)
    one_of(row, "price_basis", BASES, faults, optional=True)
    one_of(row, "vintage", VINTAGES, faults)
    period = parse_period(row["period"])
    if period is None:
        faults.append(
            row.fault("period", "2020, 2016..2020, 2023Q3 or 2023-01..2023-09, the first not after the last")
        )
    if row["published"] and not is_publication_date(row["published"]):
        faults.append(row.fault("published", "a date: 2024-03-15, 2024-03 or 2024"))
    value = number(row, "value", faults, required=True)
    if not row["source"]:
        faults.append(row.fault("source", "where it stands", found="an empty cell"))
    if not row["source"] or len(faults) > before:
        return None
    indicator = catalogue.indicators[row["indicator"]]
    if row["measure"] in GROWTH_MEASURES and value <= -100:
        faults.append(row.fault("value", "growth above -100 %"))
    if row["measure"] in GROWTH_MEASURES and row["unit"] != "%":
        faults.append(row.fault("unit", f"%, as the measure is {row['measure']}"))
    if row["measure"] in OVER_YEARS and not (period.whole_years and period.first_year < period.last_year):
        faults.append(
            row.fault(
                "measure", "growth or value for one year or some months", f"A {row['measure']} spans years."
            )
        )
    if (
        row["measure"] == "value"
        and indicator.scale == "share"
        and row["unit"] == "%"
        and not 0 <= value <= 100
    ):
        faults.append(row.fault("value", "a share between 0 and 100"))
    if row["measure"] == "value" and not indicator.unit:
        faults.append(row.fault("unit", "an indicator that has a unit in indicators.csv"))
    elif (
        row["measure"] == "value"
        and catalogue.units[row["unit"]].dimension != catalogue.units[indicator.unit].dimension
    ):
        faults.append(
            row.fault("unit", f"a unit of {catalogue.units[indicator.unit].dimension}, like {indicator.unit}")
        )
    basis = row["price_basis"] or (
        indicator.growth_basis if row["measure"] in GROWTH_MEASURES else indicator.price_basis
    )
    names = ("definition", "vintage", "published", "source", "url", "target", "note")
    return Observation(
        row["indicator"], row["region"] or region, row["period"], period.first_year, period.last_year, row["measure"],
        value, row["value"],
        row["unit"], row["comparator"], basis, **{name: row[name] for name in names},
    )  # fmt: skip


def printed_bases(targets: list[Target]) -> tuple[Observation, ...]:
    """Return the observations that stand as bases in the plan's rows, once each."""
    found: dict[tuple, Observation] = {}
    for target in targets:
        if target.base_value is None:
            continue
        growth = target.base_unit == "%" and target.indicator.scale in ("amount", "density", "index")
        name = target.indicator.id
        if target.indicator.reduction_of and target.base_unit != target.indicator.unit:
            name = target.indicator.reduction_of
        key = (
            name,
            target.region,
            target.base_year,
            growth,
            target.base_digits,
            target.base_unit,
            target.definition,
        )
        observation = Observation(
            name, target.region, str(target.base_year), target.base_year, target.base_year,
            "growth" if growth else "value", target.base_value, target.base_digits, target.base_unit, "",
            target.indicator.growth_basis if growth else target.indicator.price_basis, target.definition, "plan", "",
            target.source, "", "", "", places=(target.source,),
        )  # fmt: skip
        earlier = found.get(key)
        if earlier:
            places = (*earlier.places, target.source)
            observation = replace(earlier, source="; ".join(places), places=places)
        found[key] = observation
    return tuple(found.values())

"""Rows of a plan's tables: a target, an observation or a node made of its cells, with every fault of the row."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from planmodel.arithmetic.growth import printed
from planmodel.arithmetic.periods import calendar, parse_period, publication_day
from planmodel.errors import QUOTED, Fault, Say
from planmodel.files.reading import Row
from planmodel.plans.as_printed import CHANGE, FALL, LEVEL, REDUCTION, can_say, comparator_said
from planmodel.plans.catalogue import REAL, Catalogue, Indicator
from planmodel.plans.columns import NODES, OBSERVATIONS, TARGETS, read_cells
from planmodel.plans.kinds import KINDS, WITHOUT_FIGURE, Kind, kind_of
from planmodel.plans.model import CHANGE_MEASURES, DOWN, GROWTH_MEASURES, UP, Node, Observation, Target
from planmodel.words import Phrase

OVER_YEARS = ("mean_growth", "total_growth", "mean_change_pp")
MEASURED = ("final", "revised")
"""Vintages of what was measured: out after the end of its period only."""
WITH_NODES = ("level", "index", "cumulated")
"""Paths from base to target: only on these a node can lie."""
MOST_YEARS = 100  # of a promise
Check = tuple[object, str, Say] | tuple[object, str, Say, Say]
"""Whether a row is wrong, the column, what was expected, and what to do."""


def _add(row: Row, faults: list[Fault], checks: Iterable[Check]) -> bool:
    """Add the faults of a row's cells beside each other; return whether there were any."""
    wrong = [row.fault(column, expected, *do) for is_wrong, column, expected, *do in checks if is_wrong]
    faults += wrong
    return bool(wrong)


def target_of(row: Row, plan: str, region: str, catalogue: Catalogue, faults: list[Fault]) -> Target | None:
    """Return the target of a row, None where it has faults."""
    before = len(faults)
    cells = read_cells(row, TARGETS, catalogue, faults)
    owner = _owners(row, faults)
    kind = KINDS.get(cells["kind"], Kind(""))
    indicator = catalogue.indicators.get(cells["indicator"])
    base_year, target_year = cells["base_year"], cells["target_year"]
    base, value, upper = cells["base_value"], cells["target_value"], cells["target_upper"]
    is_printed, scale = cells["status"] == "printed", indicator.scale if indicator else ""
    comparator = comparator_said(row["target_printed"])
    if value is not None and not row["comparator"]:
        cells["comparator"] = "range" if upper is not None else comparator or "eq"
    sides = (comparator in UP and cells["comparator"] in DOWN) or (
        comparator in DOWN and cells["comparator"] in UP
    )

    def no_share(figure: float | None, unit: str) -> bool:
        is_share = scale == "share" and unit == "%" and kind.needs_base
        return is_share and figure is not None and not 0 <= figure <= 100

    from_base = kind.positive_base or kind.id == "level" and (base or 0) < 0
    growth_from = scale in ("amount", "density") and from_base
    checks: list[Check] = [
        (
            base_year and target_year and base_year >= target_year,
            "base_year", Phrase("plans.cell.before_target", year=target_year),
        ),
        (
            is_printed and kind.id and kind.id not in WITHOUT_FIGURE and not row["target_value"],
            "target_value", Phrase("plans.cell.as_printed"),
        ),
        (cells["status"] in ("missing", "masked", "assigned") and value is not None, "status", Phrase("plans.cell.as_figure")),
        ((upper is None) == (cells["comparator"] == "range"), "target_upper", Phrase("plans.cell.upper")),
        (
            upper is not None and value is not None and upper <= value,
            "target_upper", Phrase("plans.cell.more_than", value=f"{value or 0:g}"),
        ),
        (
            sides and not (kind.change or kind.growth), "comparator",
            Phrase("plans.cell.comparator_said", comparator=comparator, printed=row["target_printed"][:QUOTED]),
        ),
        (kind.id == "annual_growth" and value is not None and value <= -100, "target_value", Phrase("plans.cell.growth")),
        (kind.id in ("multiple", "rank") and value is not None and value <= 0, "target_value", Phrase("plans.cell.above_zero")),
        (kind.id == "relative" and cells["relative_to"] == cells["indicator"], "relative_to", Phrase("plans.cell.other_indicator")),
        (
            base_year and target_year and target_year - base_year > MOST_YEARS,
            "target_year", Phrase("plans.cell.years_ahead", n=MOST_YEARS, year=base_year),
        ),
        (no_share(base, cells["base_unit"]), "base_value", Phrase("plans.cell.share")),
        (no_share(value, cells["unit"]), "target_value", Phrase("plans.cell.share")),
        (base is not None and base <= 0 and growth_from, "base_value", Phrase("plans.cell.positive_base")),
        *_senses(cells, kind, indicator),
    ]  # fmt: skip
    _add(row, faults, checks)
    if len(faults) > before or indicator is None:
        return None
    sense = _sense(indicator, kind.growth or kind.change)
    said = (
        *_as_said(row, "base_value", "base_printed", cells["base_unit"], LEVEL, catalogue),
        *_as_said(row, "target_value", "target_printed", cells["unit"], sense, catalogue),
        *_as_said(row, "target_upper", "target_printed", cells["unit"], sense, catalogue),
    )
    if _add(row, faults, said):
        return None
    basis = cells["price_basis"] or (indicator.growth_basis if kind.growth else indicator.price_basis)
    own = {
        "plan": plan, "part": int(cells["part"]), "indicator": indicator, "region": cells["region"] or region,
        "base_digits": row["base_value"], "target_digits": row["target_value"], "price_basis": basis, "owner": owner,
    }  # fmt: skip
    target = Target(**_fields(Target, cells | own))
    return None if _add(row, faults, _unit_checks(target, catalogue)) else target


def _senses(cells: Mapping[str, Any], kind: Kind, indicator: Indicator | None) -> Iterable[Check]:
    """What contradicts itself in a promised fall: its sign, its comparator and the direction that is better."""
    value, comparator = cells["target_value"], cells["comparator"]
    if indicator is None or not value or not (kind.reduction or kind.signed):
        return
    size, least = f"{abs(value):g}", comparator in UP
    if indicator.reduction_of and kind.reduction:
        yield value < 0, "target_value", Phrase("plans.cell.fall_positive", size=size)
        most = value > 0 and comparator in DOWN
        yield most, "comparator", Phrase("plans.cell.fall_at_most", size=size)
        yield value >= 100 and cells["unit"] == "%", "target_value", Phrase("plans.cell.fall_of_all")
    elif indicator.direction == "lower":
        yield value > 0 and least, "target_value", Phrase("plans.cell.rise", size=size)
    else:
        yield value < 0 and comparator in DOWN, "comparator", Phrase("plans.cell.loss", size=size)


def _sense(indicator: Indicator, change: bool) -> str:
    """How a text beside a figure of an indicator is read (planmodel.plans.as_printed)."""
    if not change:
        return LEVEL
    return REDUCTION if indicator.reduction_of else FALL if indicator.direction == "lower" else CHANGE


def _as_said(
    row: Row, column: str, beside: str, unit: str, sense: str, catalogue: Catalogue
) -> Iterable[Check]:
    """A figure that the text printed for it cannot say."""
    if row[column] and row[beside] and unit in catalogue.units:
        wrong = can_say(row[beside], row[column], unit, catalogue.units, sense) is False
        about = {"printed": row[beside][:QUOTED], "column": row.place(beside), "unit": catalogue.units[unit]}
        yield wrong, column, Phrase("plans.cell.as_said", **about), Phrase("plans.cell.figure_or_text")


def _fields(made: type, values: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: values[field.name] for field in fields(made) if field.name in values}


def _owners(row: Row, faults: list[Fault]) -> tuple[str, ...]:
    """The bodies of the cell, the leading one first; a comma inside brackets belongs to a name."""
    if not row["owner"]:
        return ()
    names = tuple(name.strip() for name in row["owner"].split(";"))
    bare = re.sub(r"[\u3014(\uff08\[].*?[\u3015)\uff09\]]", "", row["owner"])
    if not all(names) or re.search(r"[\uff1b\uff0c,\u3001\n]", bare):
        faults.append(row.fault("owner", Phrase("plans.cell.owners")))
    elif len(set(names)) < len(names):
        faults.append(row.fault("owner", Phrase("plans.cell.owner_once"), Phrase("plans.cell.remove_one")))
    return names


def _unit_checks(target: Target, catalogue: Catalogue) -> Iterable[Check]:
    """A base must be in a unit of its indicator (a growth target's may be a rate), and so must a level promised."""
    indicator, kind, units = target.indicator, kind_of(target), catalogue.units
    if not indicator.unit:
        return [(bool(kind.figure), "unit", Phrase("plans.cell.with_unit"))]
    own = units[indicator.unit].dimension
    fits = {own} | ({"percent"} if kind.growth else set())
    if indicator.reduction_of:
        fits.add(units[catalogue.indicators[indicator.reduction_of].unit].dimension)
    like = Phrase("plans.cell.unit_of", names=sorted(fits), unit=indicator.unit)
    level = Phrase("plans.cell.unit_of_indicator", name=own, unit=indicator.unit, indicator=indicator.id)
    points = {"pp", "percent"}
    asked = {"percent": {"percent"}, "points": points, "change": points if own == "percent" else {own}}.get(
        kind.figure
    )
    of_kind = Phrase("plans.cell.unit_of_kind", names=sorted(asked or ()), kind=Phrase(f"terms.{kind.id}"))
    wrong = asked and target.unit and units[target.unit].dimension not in asked
    summed = kind.total is not None and indicator.scale == "share"
    return [
        (target.base_value is not None and units[target.base_unit].dimension not in fits, "base_unit", like),
        (kind.in_unit and target.unit and units[target.unit].dimension != own, "unit", level),
        (wrong, "unit", of_kind),
        (summed, "kind", Phrase("plans.cell.no_sum"), Phrase("plans.cell.no_sum_do")),
    ]


def observation_of(row: Row, region: str, catalogue: Catalogue, faults: list[Fault]) -> Observation | None:
    """Return the observation of a row, None where it has faults."""
    before = len(faults)
    cells = read_cells(row, OBSERVATIONS, catalogue, faults)
    period = parse_period(row["period"])
    if len(faults) > before or period is None:
        return None
    indicator, measure, value = catalogue.indicators[row["indicator"]], cells["measure"], cells["value"]
    level, growth = measure == "value", measure in GROWTH_MEASURES
    own = catalogue.units[indicator.unit].dimension if indicator.unit else ""
    checks: list[Check] = [
        (growth and value <= -100, "value", Phrase("plans.cell.growth")),
        (growth and cells["unit"] != "%", "unit", Phrase("plans.cell.percent", measure=measure)),
        (
            level and indicator.scale == "share" and cells["unit"] == "%" and not 0 <= value <= 100,
            "value", Phrase("plans.cell.share"),
        ),
        (level and not own, "unit", Phrase("plans.cell.with_unit")),
        (
            level and own and catalogue.units[cells["unit"]].dimension != own,
            "unit", Phrase("plans.cell.unit_of", names=[own], unit=indicator.unit),
        ),
    ]  # fmt: skip
    if not _add(row, faults, checks):
        sense = _sense(indicator, growth or measure in CHANGE_MEASURES)
        _add(row, faults, _as_said(row, "value", "printed", cells["unit"], sense, catalogue))
    day = publication_day(row["published"])
    out = date(period.first_year, period.first_month, 1) if cells["vintage"] not in MEASURED else period.end
    if day and day < out:
        faults.append(row.fault("published", Phrase("plans.cell.published_after", day=f"{out}")))
    if measure in OVER_YEARS and not (period.whole_years and period.first_year < period.last_year):
        do = Phrase("plans.cell.spans", measure=measure)
        faults.append(row.fault("measure", Phrase("plans.cell.one_year"), do))
    made = {
        "region": cells["region"] or region, "first_year": period.first_year, "last_year": period.last_year,
        "period": calendar(row["period"]),
        "digits": row["value"],
        "price_basis": cells["price_basis"] or (indicator.growth_basis if growth else indicator.price_basis),
    }  # fmt: skip
    return Observation(**_fields(Observation, cells | made))


def same_fact(seen: Observation) -> Hashable:
    """Return a key that observations share where one publication says them of one thing, in one vintage."""
    what = (seen.indicator, seen.region, seen.period, seen.measure, seen.price_basis, seen.definition)
    return (*what, seen.vintage, seen.source, seen.published)


def agree(one: Observation, other: Observation, catalogue: Catalogue) -> bool:
    """Return whether two figures of one fact are one figure, printed with more or fewer decimals; a bound is none."""
    if {one.comparator, other.comparator} - {"", "eq"}:
        return True
    here, there = (printed(o.digits).times(catalogue.units[o.unit].factor) for o in (one, other))
    return here.meets(there)


def node_of(
    row: Row, targets: Mapping[str, Target], catalogue: Catalogue, faults: list[Fault]
) -> Node | None:
    """Return the node of a row, None where it has faults: it needs a path to lie on, a unit of it, and a size that fits."""
    before = len(faults)
    target = targets.get(row["target"])
    if target is None:
        faults.append(row.unknown("target", targets))
    cells = read_cells(row, NODES, catalogue, faults)
    if target is None or len(faults) > before:
        return None
    between = Phrase("plans.cell.between", first=target.base_year, last=target.target_year, id=target.id)
    checks: list[Check] = [(not target.base_year < cells["year"] < target.target_year, "year", between)]
    path, units = kind_of(target).path, catalogue.units
    if target.status != "printed" or path not in WITH_NODES:
        checks.append((True, "target", Phrase("plans.cell.with_path", id=target.id)))
        _add(row, faults, checks)
        return None
    dimension = units[cells["unit"]].dimension
    sense = CHANGE if dimension == "percent" else LEVEL
    checks += _as_said(row, "value", "printed", cells["unit"], sense, catalogue)
    own = sorted({units[u].dimension for u in (target.unit, target.indicator.unit) if u in units})
    if path == "cumulated":
        checks.append((dimension not in own, "unit", Phrase("plans.cell.flow_of_year", names=own)))
    elif target.kind == "annual_growth" and target.price_basis in REAL:
        checks.append((dimension != "percent", "unit", Phrase("plans.cell.growth_of_year")))
    elif dimension != "percent" and dimension not in own:
        checks.append((True, "unit", Phrase("plans.cell.growth_or_unit", names=own)))
    elif target.kind == "level" and units[target.unit].dimension == dimension and target.target_value:
        ratio = catalogue.convert(cells["value"], cells["unit"], target.unit) / target.target_value
        slip = catalogue.rules["audit"]["scale_slip"]
        if ratio and not 1 / slip < abs(ratio) < slip:
            size = Phrase("plans.cell.size", printed=target.target_printed)
            faults.append(row.fault("value", size, Phrase("plans.cell.check_unit")))
    _add(row, faults, checks)
    return None if len(faults) > before else Node(**_fields(Node, cells))


def printed_bases(targets: Iterable[Target]) -> tuple[Observation, ...]:
    """Return the observations that stand as bases in the plan's rows, once each."""
    made: dict[tuple, Observation] = {}
    for target in targets:
        if target.base_value is None:
            continue
        indicator, growth = target.indicator, target.base_is_rate
        falls = indicator.reduction_of and target.base_unit != indicator.unit
        base = Observation(
            indicator=indicator.reduction_of if falls else indicator.id, region=target.region,
            period=str(target.base_year), first_year=target.base_year, last_year=target.base_year,
            measure="growth" if growth else "value", value=target.base_value, digits=target.base_digits,
            unit=target.base_unit, price_basis=indicator.growth_basis if growth else indicator.price_basis,
            definition=target.definition, vintage="plan", source=target.source, places=(target.source,),
        )  # fmt: skip
        key = (base.indicator, base.region, base.period, growth, base.digits, base.unit, base.definition)
        if key in made:
            places = (*made[key].places, target.source)
            base = replace(made[key], source="; ".join(places), places=places)
        made[key] = base
    return tuple(made.values())

"""A plan of one's own: a series and one promise about it, without files."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from planmodel.arguments import checked
from planmodel.errors import Fault, quoted, refuse, unknown
from planmodel.forecasts import checked_history
from planmodel.forecasts.reference import POOLED, class_for, reference_names
from planmodel.plans.catalogue import DIRECTIONS, SCALES, Catalogue, Indicator, Region, Unit, load_catalogue
from planmodel.plans.kinds import KINDS
from planmodel.plans.model import CHOICES, Observation, Plan, Target
from planmodel.words import LANGS, Phrase, said

OWN = "own"  # the id of the plan, its indicator and its region
FIRST_YEAR, LAST_YEAR = 1900, 2200


@checked
def own_plan(
    history: pd.Series,
    value: float,
    target_year: int,
    *,
    name: str | Mapping[str, str] = "",
    base_year: int | None = None,
    kind: str = "level",
    comparator: str = "",
    scale: str = "amount",
    direction: str = "higher",
    unit: str = "",
    reference: str = "",
) -> Plan:
    """Return a plan with one target: that a series reaches a figure by a year; it is shown and judged as any plan.

    history: figures by year (int index, gaps allowed), percent for shares. value: of the kind (annual_growth: % a year).
    name: one text, or one a language (default: the series' own). base_year: default the last of the history up to the target year. scale: amount, share, density, index, rate. unit: one
    of the catalogue, or any text. comparator: default ge, le where lower is better. reference: a class of comparable series (default:
    all annual series; of a share, or of one figure alone, any of its kind).

    Errors: PlanmodelError with every fault.

    >>> own_plan(pd.Series({2018: 90.0, 2020: 100.0}), 150, 2025, name="Sales").targets[0]
    Sales: ≥150 by 2025
      Target     own T1/1/1
      Kind       level
      Base       100 (2020)
      Attribute  not stated
      Source     Sales
    """
    history = checked_history(history, scale if scale in SCALES else "amount")
    comparator = comparator or ("le" if direction == "lower" else "ge")
    if not reference and scale in SCALES:
        by_kind = scale == "share" or len(history) == 1
        reference = class_for("", scale, False, "area", "") if by_kind else POOLED
    given = {"kind": (kind, KINDS), "comparator": (comparator, CHOICES["comparators"]), "scale": (scale, SCALES),
             "direction": (direction, DIRECTIONS), "reference": (reference or POOLED, reference_names())}  # fmt: skip
    strange = ((what, text, known) for what, (text, known) in given.items() if text not in known)
    faults: list[Fault] = [unknown(*each) for each in strange]
    years = history.index.tolist()
    if base_year is not None and base_year not in years:
        faults.append(Fault("base_year", Phrase("plans.own.base_year", years=years), repr(base_year)))
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        within = Phrase("plans.own.years", first=FIRST_YEAR, last=LAST_YEAR)
        faults.append(Fault("history", within, str(years[:5])))
    elif not FIRST_YEAR < target_year <= LAST_YEAR:
        within = Phrase("plans.own.years", first=FIRST_YEAR + 1, last=LAST_YEAR)
        faults.append(Fault("target_year", within, quoted(target_year)))
    refuse(faults)
    named = name or history.name or Phrase("plans.own.name")
    names = {lang: said(named, lang) for lang in LANGS}
    past = [year for year in years if year < target_year]
    base_year = base_year or (past[-1] if past else target_year - 1)
    level = unit or ("%" if scale in ("share", "rate") else "")
    catalogue = _catalogue(names, level, scale, direction, reference)
    percent = KINDS[kind].figure in ("percent", "points")
    base = float(history[base_year]) if base_year in history.index else None
    target = Target(
        plan=OWN, table="T1", number="1", part=1, indicator=catalogue.indicators[OWN], region=OWN, base_year=base_year,
        base_printed="" if base is None else f"{base:g}", base_value=base, base_digits="" if base is None else repr(base),
        base_unit=level, target_year=target_year, target_printed=f"{value:g}", target_value=float(value),
        target_upper=None, target_digits=f"{value:g}", unit="%" if percent else level, comparator=comparator, kind=kind,
        status="printed", attribute="none", price_basis="none", relative_to="", definition="", source=names["en"], note="",
    )  # fmt: skip
    observations = tuple(
        Observation(
            indicator=OWN, region=OWN, period=str(year), first_year=year, last_year=year, measure="value", value=figure,
            digits=repr(figure), unit=level, vintage="final", source=names["en"],
        )
        for year, figure in zip(years, map(float, history), strict=True)
    )  # fmt: skip
    return Plan(
        name=OWN, title=names, short=names, issuer=names,
        document_number=None, date=str(base_year), draft=False, period=(base_year + 1, target_year), base_year=base_year,
        region=OWN, identities=(), headline=OWN, claims=(), accepted={}, targets=(target,), observations=observations, nodes=(),
        catalogue=catalogue, folder=Path(),
    )  # fmt: skip


def _catalogue(names: Mapping[str, str], unit: str, scale: str, direction: str, reference: str) -> Catalogue:
    """The catalogue of the data folder with the indicator, region and unit of one's own."""
    known, own = load_catalogue(), (OWN, names["zh"], names["en"])
    indicator = Indicator(*own, unit, scale, direction, "none", "none", "", "", "", reference, "")
    indicators = {**known.indicators, OWN: indicator}
    regions = {**known.regions, OWN: Region(*own, "area", "")}
    units = ({unit: Unit(unit, unit, unit, 1.0)} if unit else {}) | dict(known.units)
    return replace(known, indicators=indicators, regions=regions, units=units)

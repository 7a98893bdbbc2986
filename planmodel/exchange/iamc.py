"""IAMC layout: one row a series (model, scenario, region, variable, unit) and a column a year, as pyam reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from planmodel import __version__
from planmodel.errors import Fault, PlanmodelError
from planmodel.exchange.interchange import FIGURES, INDEX, Series, distinct_names, significant, unit_labels
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.words import Phrase

INDEX_COLUMNS = ("Model", "Scenario", "Region", "Variable", "Unit")
MODEL = re.compile(r"planmodel (\S+) (\S+)")
UNIT_OF_INDEX = re.compile(r"index \((\d{4}) = 100\)")
SMALL_WORDS = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "with"]
)


def model_name(plan: str) -> str:
    """Return the model column of a plan: program, version and plan, as each plan has results of its own.

    >>> model_name("linhai-14fyp").endswith(" linhai-14fyp")
    True
    """
    return f"planmodel {__version__} {plan}"


def title_case(name: str) -> str:
    """Return a name as the variables of the IAMC layout are written.

    >>> title_case("R&D expenditure as a share of GDP"), title_case("constant_growth")
    ('R&D Expenditure as a Share of GDP', 'Constant Growth')
    """
    words = name.replace("_", " ").replace("|", "/").split(" ")
    return " ".join(
        word if number and word in SMALL_WORDS else word[:1].upper() + word[1:]
        for number, word in enumerate(words)
    )


def _titles(catalogue: Catalogue) -> dict[str, str]:
    return distinct_names({i.id: title_case(i.name_en) for i in catalogue.indicators.values()})


def _variable(series: Series, title: str) -> str:
    parts = [title, series.target, title_case(series.figure), title_case(series.measure)]
    if series.figure == "fan":
        parts.append(f"Quantile {series.variant}")
    elif series.variant:
        parts.append(title_case(series.variant))
    return "|".join(parts)


def to_iamc(series: Iterable[Series], catalogue: Catalogue | None = None) -> pd.DataFrame:
    """Return series in the IAMC layout: Model, Scenario, Region, Variable, Unit, and the years as columns.

    Variables: indicator, target key, figure, measure, and path shape or quantile, joined by |. Units by their English
    names. Years without a figure are missing.

    >>> from planmodel.exchange.interchange import Series
    >>> path = Series("p", "T1/1/1", "gdp", "linhai", "low", "trajectory", "level", "linear", "%", None, ((2020, 1.5),))
    >>> to_iamc([path]).iloc[0, 1:5].tolist()
    ['low', 'linhai', 'Gross Domestic Product|T1/1/1|Trajectory|Level|Linear', '%']
    """
    catalogue = catalogue or load_catalogue()
    titles, units = _titles(catalogue), unit_labels(catalogue)
    series = list(series)
    rows, keys = [], []
    for item in series:
        unit = f"index ({item.base_period} = 100)" if item.unit == INDEX else units[item.unit]
        variable = _variable(item, titles[item.indicator])
        keys.append((model_name(item.plan), item.scenario, item.region, variable, unit))
        rows.append(dict(item.values))
    years = sorted({year for row in rows for year in row})
    index = pd.DataFrame(keys, columns=list(INDEX_COLUMNS), dtype=str)
    return index.join(pd.DataFrame(rows, columns=years, index=index.index, dtype=float))


def meta_table(results: Iterable[PlanAssessment], n_draws: int, seed: int) -> pd.DataFrame:
    """Return the meta indicators, one row a model and scenario, as pyam's load_meta reads them.

    Of the plan: its name, title, region, years, draws, seed, joint probabilities. Of each target, with the first
    levels of its variables in the name: verdict, probability, comparator, attribute, price basis.
    """
    rows = []
    for result in results:
        plan = result.plan
        titles = _titles(plan.catalogue)
        row = {
            "Model": model_name(plan.name),
            "Scenario": result.scenario.id,
            "Plan": plan.name,
            "Title": plan.title["en"],
            "Plan Region": plan.region,
            "First Year": plan.period[0],
            "Last Year": plan.period[1],
            "Version": __version__,
            "Draws": n_draws,
            "Seed": seed,
            "Joint Probability": _rounded(result.joint),
            "Joint Probability|Binding": _rounded(result.joint_binding),
        }
        for assessed in result.assessments:
            target = assessed.target
            stem = f"{titles[target.indicator.id]}|{target.id}"
            row |= {
                f"Verdict|{stem}": assessed.verdict,
                f"Probability|{stem}": _rounded(assessed.probability),
                f"Known To|{stem}": None if assessed.probability is None else assessed.known_to,
                f"Comparator|{stem}": target.comparator or None,
                f"Attribute|{stem}": target.attribute,
                f"Price Basis|{stem}": target.price_basis or None,
            }
        rows.append(row)
    return pd.DataFrame(rows).dropna(axis=1, how="all")


def _rounded(value: float | None) -> float | None:
    return None if value is None else significant(value)


def from_iamc(table: pd.DataFrame, catalogue: Catalogue | None = None) -> tuple[Series, ...]:
    """Return the series of a table in the IAMC layout, written by to_iamc or by pyam after reading it.

    Column names in any case; years as numbers or text; rows and columns in any order.

    Errors: PlanmodelError with every row that cannot be read: row, column, expected, found.
    """
    catalogue = catalogue or load_catalogue()
    columns = {str(name).strip().lower(): name for name in table.columns}
    faults = [
        Fault(
            name,
            Phrase("exchange.fault.column"),
            Phrase("exchange.fault.no_column"),
            do=Phrase("exchange.fault.do_iamc"),
        )
        for name in INDEX_COLUMNS
        if name.lower() not in columns
    ]
    years = {}
    for label, name in columns.items():
        year = re.fullmatch(r"(\d{4})(?:\.0)?", label)
        if year:
            years[int(year[1])] = name
        elif label not in [column.lower() for column in INDEX_COLUMNS]:
            faults.append(Fault(label, Phrase("exchange.fault.columns"), repr(name)))
    if faults:
        raise PlanmodelError(Phrase("exchange.fault.layout"), faults)
    read = _Reader(catalogue)
    index = [columns[name.lower()] for name in INDEX_COLUMNS]
    result = []
    for number, (_, row) in enumerate(table.iterrows(), 2):
        cells = [str(row[name]) for name in index]
        figures = [(year, read.value(number, year, row[years[year]])) for year in sorted(years)]
        made = read.series(
            number, cells, tuple((year, value) for year, value in figures if value is not None)
        )
        if made is not None:
            result.append(made)
    if read.faults:
        raise PlanmodelError(Phrase("exchange.fault.faults"), read.faults)
    return tuple(result)


class _Reader:
    """Rows of the layout made series again; what cannot be read is collected in `faults`."""

    def __init__(self, catalogue: Catalogue):
        self.indicators = {title: name for name, title in _titles(catalogue).items()}
        self.units = {label: name for name, label in unit_labels(catalogue).items()}
        self.regions = catalogue.regions
        self.faults: list[Fault] = []

    def fault(self, row: int, column: str, expected: Phrase, cell: object) -> None:
        self.faults.append(Fault(column, expected, repr(cell), row=row, do=Phrase("exchange.fault.do_cell")))

    def value(self, row: int, year: int, cell: Any) -> float | None:
        if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
            return None
        try:
            value = float(cell)
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            self.fault(row, str(year), Phrase("exchange.fault.number"), cell)
        return value

    def series(self, row: int, cells: list[str], values: tuple[tuple[int, float], ...]) -> Series | None:
        model, scenario, region, variable, unit = cells
        named, index, parts = MODEL.fullmatch(model), UNIT_OF_INDEX.fullmatch(unit), variable.split("|")
        figure = parts[2].lower() if len(parts) in (4, 5) and parts[0] in self.indicators else ""
        if not named:
            self.fault(row, "Model", Phrase("exchange.fault.model"), model)
        if region not in self.regions:
            self.fault(row, "Region", Phrase("exchange.fault.region"), region)
        if not index and unit not in self.units:
            self.fault(row, "Unit", Phrase("exchange.fault.unit"), unit)
        if figure not in FIGURES:
            self.fault(row, "Variable", Phrase("exchange.fault.variable"), variable)
        if not named or figure not in FIGURES or not (index or unit in self.units):
            return None
        variant = parts[4] if len(parts) == 5 else ""
        variant = variant.removeprefix("Quantile ") if figure == "fan" else _word(variant)
        return Series(
            named[2], parts[1], self.indicators[parts[0]], region, scenario, figure, _word(parts[3]), variant,
            INDEX if index else self.units[unit], int(index[1]) if index else None, values,
        )  # fmt: skip


def _word(title: str) -> str:
    """The id behind a title: the reverse of title_case."""
    return title.lower().replace(" ", "_")


def read_iamc(path: Path) -> pd.DataFrame:
    """Return the data of a CSV file or of an Excel file (sheet `data`) in the IAMC layout, figures to the last bit."""
    if path.suffix.lower() in (".xlsx", ".xls"):
        sheets = pd.read_excel(path, sheet_name=None)
        names = [name for name in sheets if name.lower().startswith("data")] or list(sheets)[:1]
        return sheets[names[0]]
    return pd.read_csv(path, dtype=str, keep_default_na=False)

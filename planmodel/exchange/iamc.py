"""IAMC layout: one row a series (model, scenario, region, variable, unit) and a column a year, as pyam reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from planmodel import __version__
from planmodel.errors import Fault, PlanmodelError
from planmodel.exchange import FIGURES, INDEX, Series, missing_columns, significant
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.words import Phrase

INDEX_COLUMNS = ("Model", "Scenario", "Region", "Variable", "Unit")
MODEL = re.compile(r"planmodel (\S+) (\S+)")
UNIT_OF_INDEX = re.compile(r"index \((\d{4}) = 100\)")
YEAR = re.compile(r"\d{4}(\.0)?")
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


def _word(title: str) -> str:
    """The id behind a title: the reverse of title_case."""
    return title.lower().replace(" ", "_")


def distinct_names(names: dict[str, str]) -> dict[str, str]:
    """Return names by id; where two share one, the id is added, so that a name leads back to its id.

    >>> distinct_names({"pc": "items", "each": "items", "firm": "firms"})
    {'pc': 'items (pc)', 'each': 'items (each)', 'firm': 'firms'}
    """
    listed = list(names.values())
    return {key: name if listed.count(name) == 1 else f"{name} ({key})" for key, name in names.items()}


def _titles(catalogue: Catalogue) -> dict[str, str]:
    return distinct_names({i.id: title_case(i.name_en) for i in catalogue.indicators.values()})


def _units(catalogue: Catalogue) -> dict[str, str]:
    return distinct_names({unit.id: unit.name_en for unit in catalogue.units.values()})


def to_iamc(series: Iterable[Series], catalogue: Catalogue | None = None) -> pd.DataFrame:
    """Return series in the IAMC layout: Model, Scenario, Region, Variable, Unit, and the years as columns.

    Variables: indicator, target key, figure, measure, and path shape or quantile, joined by |. Units by their English
    names. Years without a figure are missing.

    >>> from planmodel.exchange import Series
    >>> path = Series("p", "T1/1/1", "gdp", "linhai", "low", "trajectory", "level", "linear", "%", None, ((2020, 1.5),))
    >>> to_iamc([path]).iloc[0, 1:5].tolist()
    ['low', 'linhai', 'Gross Domestic Product|T1/1/1|Trajectory|Level|Linear', '%']
    """
    catalogue = catalogue or load_catalogue()
    titles, units = _titles(catalogue), _units(catalogue)
    rows, keys = [], []
    for item in series:
        unit = f"index ({item.base_period} = 100)" if item.unit == INDEX else units[item.unit]
        variant = f"Quantile {item.variant}" if item.figure == "fan" else title_case(item.variant)
        parts = (
            titles[item.indicator],
            item.target,
            title_case(item.figure),
            title_case(item.measure),
            variant,
        )
        variable = "|".join(part for part in parts if part)
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

    def rounded(value: float | None) -> float | None:
        return None if value is None else significant(value)

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
            "Joint Probability": rounded(result.joint),
            "Joint Probability|Binding": rounded(result.joint_binding),
        }
        for assessed in result.assessments:
            target = assessed.target
            known = {
                "Verdict": assessed.verdict,
                "Probability": rounded(assessed.probability),
                "Comparator": target.comparator or None,
                "Attribute": target.attribute,
                "Price Basis": target.price_basis or None,
                "Known To": None if assessed.probability is None else assessed.known_to,
            }
            stem = f"{titles[target.indicator.id]}|{target.id}"
            row |= {f"{name}|{stem}": value for name, value in known.items()}
        rows.append(row)
    return pd.DataFrame(rows).dropna(axis=1, how="all")


def from_iamc(table: pd.DataFrame, catalogue: Catalogue | None = None) -> tuple[Series, ...]:
    """Return the series of a table in the IAMC layout, written by to_iamc or by pyam after reading it.

    Column names in any case; years as numbers or text; rows and columns in any order.

    Errors: PlanmodelError with every row that cannot be read: row, column, expected, found.
    """
    catalogue = catalogue or load_catalogue()
    columns = {str(name).strip().lower(): name for name in table.columns}
    names = {name.lower(): name for name in INDEX_COLUMNS}
    faults = missing_columns(
        INDEX_COLUMNS, [names.get(label, "") for label in columns], Phrase("exchange.fault.do_iamc")
    )
    years = {int(float(label)): name for label, name in columns.items() if YEAR.fullmatch(label)}
    faults += [
        Fault(label, Phrase("exchange.fault.columns"), repr(name))
        for label, name in columns.items()
        if label not in names and not YEAR.fullmatch(label)
    ]
    if faults:
        raise PlanmodelError(Phrase("exchange.fault.layout"), faults)
    indicators = {title: name for name, title in _titles(catalogue).items()}
    units = {label: name for name, label in _units(catalogue).items()}
    result = []
    for number, row in enumerate(table.to_dict("records"), 2):
        values: list[tuple[int, float]] = []
        wrong: dict[str, tuple[str, object]] = {}
        for year, name in sorted(years.items()):
            if pd.isna(row[name]) or row[name] == "":
                continue
            value = _number(row[name])
            wrong |= {} if math.isfinite(value) else {str(year): ("number", row[name])}
            values.append((year, value))
        cells = {name: str(row[columns[name.lower()]]) for name in INDEX_COLUMNS}
        model, scenario, region, variable, unit = cells.values()
        named, index = MODEL.fullmatch(model), UNIT_OF_INDEX.fullmatch(unit)
        title, target, figure, measure, variant = [*variable.split("|"), *[""] * 5][:5]
        shaped, figure = 3 <= variable.count("|") <= 4 and title in indicators, figure.lower()
        right = {
            "Model": named,
            "Region": region in catalogue.regions,
            "Unit": index or unit in units,
            "Variable": shaped and figure in FIGURES,
        }
        wrong |= {name: (name.lower(), cells[name]) for name, good in right.items() if not good}
        for column, (expected, cell) in wrong.items():
            wanted, do = Phrase(f"exchange.fault.{expected}"), Phrase("exchange.fault.do_cell")
            faults.append(Fault(column, wanted, repr(cell), row=number, do=do))
        if named and not wrong:
            variant = variant.removeprefix("Quantile ") if figure == "fan" else _word(variant)
            period, unit = (int(index[1]), INDEX) if index else (None, units[unit])
            indicator = indicators[title]
            result.append(
                Series(
                    named[2], target, indicator, region, scenario, figure, _word(measure), variant, unit, period,
                    tuple(values),
                )
            )  # fmt: skip
    if faults:
        raise PlanmodelError(Phrase("exchange.fault.faults"), faults)
    return tuple(result)


def _number(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError:
        return math.nan


def read_iamc(path: Path) -> pd.DataFrame:
    """Return the data of a CSV file or of an Excel file (sheet `data`) in the IAMC layout, figures to the last bit."""
    if path.suffix.lower() in (".xlsx", ".xls"):
        sheets = pd.read_excel(path, sheet_name=None)
        names = [name for name in sheets if name.lower().startswith("data")] or list(sheets)[:1]
        return sheets[names[0]]
    return pd.read_csv(path, dtype=str, keep_default_na=False)

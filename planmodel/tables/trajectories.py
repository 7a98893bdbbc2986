"""What a reader sees of trajectories: milestones by year, path shapes, growth at both prices, and the answer."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planmodel.feasibility.milestones import Milestones
from planmodel.feasibility.trajectories import PlanTrajectories
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.cells import NONE, Cell, Cells, promise, unit_text
from planmodel.tables.reading import Reading, read
from planmodel.words import Joined, Phrase, Text, figure, phrase

KEY = ["plan", "table", "number", "part", "indicator", "path_shape", "measure", "unit"]
BY_TARGET = ("number", "indicator", "unit")
BY_SHAPE = ("path_shape",)


def _unit(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    base_100 = Phrase("trajectories.base_100") if row["unit"] == "index" else None
    unit, measure = (
        base_100 or unit_text(row["unit"], lang, catalogue),
        Phrase(f"trajectories.measure.{row['measure']}"),
    )
    return phrase("trajectories.unit", lang, unit=unit, measure=measure)


PRICES: Cells = {
    "number": None, "indicator": None, "price_basis": "{price_basis:term}", "nominal": "{nominal:in_percent.1}",
    "deflator": "{deflator:in_percent.1}", "real": "{real:in_percent.1}", "nominal_end": "{nominal_end:figure.1}",
    "past_deflator": "{past_deflator:in_percent.1}",
}  # fmt: skip
"""Of the table of growth at current and at comparable prices."""
OWN: Cells = {"unit": _unit, "path_shape": "{path_shape:term}"}


def by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of milestones with a column a year, and the growth of the first and of the last year in %."""
    wide = table.pivot(index=KEY, columns="year", values="value").reset_index()
    order = table[KEY].drop_duplicates()
    wide = order.merge(wide, on=KEY, how="left")
    years = sorted(name for name in wide.columns if not isinstance(name, str))
    for name, pair in {"first_growth": years[:2], "last_growth": years[-2:]}.items():
        before, after = (wide[year].where(wide[year] > 0) for year in pair)
        wide[name] = 100 * (after / before - 1)
    wide.columns = [str(name) for name in wide.columns]
    wide.attrs["name"] = table.attrs.get("name", "milestones")
    return wide


def read_by_year(table: pd.DataFrame, lang: str, columns: tuple[str, ...], catalogue: Catalogue) -> Reading:
    """Return milestones as read: the columns named, then a column a year; of path shapes the growth at both ends too."""
    if table.empty:
        return read(table, lang, columns)
    wide = by_year(table)
    cells = {name: OWN.get(name) for name in columns} | {
        year: _year(year) for year in wide.columns if year.isdigit()
    }
    if columns == BY_SHAPE:
        cells |= {name: f"{{{name}:in_percent.1}}" for name in ("first_growth", "last_growth")}
    return read(wide, lang, cells, catalogue=catalogue)


def _year(year: str) -> Cell:
    def cell(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        largest = max(abs(value) for name, value in row.items() if name.isdigit() and value is not None)
        return NONE if row[year] is None else figure(round(row[year], 2 if largest < 1000 else 1))

    return cell


def trajectories_answer(result: PlanTrajectories) -> Text:
    """Return the answer in a sentence: what the first target asks for, and how many have a path."""
    if not result.milestones:
        return Phrase("trajectories.none")
    (first,) = result.first()
    values, years = first.path.values, [int(year) for year in first.path.years]
    shown = [figure(round(float(value), 2 if abs(values).max() < 1000 else 1)) for value in values]
    way = [f"{year}: {value}" for year, value in zip(years, shown, strict=True)][1:-1]
    goal = promise(first.target, result.plan.catalogue) if first.measure == "level" else shown[-1]
    index = Phrase("trajectories.index", year=years[0]) if first.measure == "index" else ""
    fields = {"first": years[0], "last": years[-1], "start": figure(values[0]), "goal": goal, "index": index}
    fields |= {"shape": Phrase(f"terms.{result.shape}"), "way": way, "growth": _growth(first) or ""}
    parts = [
        Phrase("trajectories.way", name=first.target.indicator, **fields),
        Phrase("trajectories.count", n=len(result.targets), with_path=len(result.milestones)),
    ]
    return Joined(parts, "sentences")


def _growth(goal: Milestones) -> Phrase | None:
    values = goal.path.values
    n_years = len(values) - 1
    if goal.target.indicator.scale == "share":
        return Phrase("trajectories.points", change=float((values[-1] - values[0]) / n_years))
    if n_years < 1 or values[0] <= 0:
        return None
    return Phrase("trajectories.growth", rate=float((values[-1] / values[0]) ** (1 / n_years) - 1))

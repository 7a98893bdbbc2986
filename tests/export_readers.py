"""Readers of the exports, for the tests alone: a program of another office would have its own."""

import re
from dataclasses import replace

import pandas as pd

from planmodel.arithmetic.periods import parse_period
from planmodel.exchange import INDEX, Series, quantile_name
from planmodel.exchange.iamc import INDEX_COLUMNS, titles_of, units_of
from planmodel.exchange.sdmx import DIMENSIONS, NOT_APPLICABLE, OF_OBSERVATION, OF_SERIES, STRUCTURE_ID
from planmodel.plans import Observation

MODEL = re.compile(r"planmodel (\S+) (\S+)")
UNIT_OF_INDEX = re.compile(r"index \((\d{4}) = 100\)")
YEAR = re.compile(r"\d{4}(\.0)?")


def read_iamc(path):
    """The data of a CSV file or of an Excel file in the IAMC layout, figures to the last bit."""
    if path.suffix == ".xlsx":
        sheets = pd.read_excel(path, sheet_name=None)
        return next(sheet for name, sheet in sheets.items() if name.lower().startswith("data"))
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def from_iamc(table, catalogue):
    """The series of a table as to_iamc or pyam writes it: names in any case, rows and columns in any order."""
    columns = {str(name).strip().lower(): name for name in table.columns}
    years = {int(float(label)): name for label, name in columns.items() if YEAR.fullmatch(label)}
    assert {c for c in columns if not YEAR.fullmatch(c)} == {name.lower() for name in INDEX_COLUMNS}
    indicators = {title: name for name, title in titles_of(catalogue).items()}
    units = {label: name for name, label in units_of(catalogue).items()}
    made = []
    for row in table.to_dict("records"):
        model, scenario, region, variable, unit = (str(row[columns[n.lower()]]) for n in INDEX_COLUMNS)
        known = {year: row[name] for year, name in sorted(years.items())}
        values = tuple((y, float(v)) for y, v in known.items() if not (pd.isna(v) or v == ""))
        title, target, figure, measure, variant = [*variable.split("|"), ""][:5]
        figure, index = figure.lower(), UNIT_OF_INDEX.fullmatch(unit)
        variant = variant.removeprefix("Quantile ") if figure == "fan" else _word(variant)
        period, unit = (int(index[1]), INDEX) if index else (None, units[unit])
        name = MODEL.fullmatch(model)[2]
        known = (
            name,
            target,
            indicators[title],
            region,
            scenario,
            figure,
            _word(measure),
            variant,
            unit,
            period,
        )
        made.append(Series(*known, values))
    return tuple(made)


def _word(title):
    return title.lower().replace(" ", "_")


def period_of(text):
    """The period of an SDMX time period, as the tables write it."""
    span = re.fullmatch(r"(\d{4})-(\d\d)-01/P(\d+)([MY])", text)
    if not span:
        return text.replace("-Q", "Q")
    year, month, length = int(span[1]), int(span[2]), int(span[3])
    last = 12 * year + month - 1 + length - 1
    if span[4] == "M":
        return f"{year}-{month:02}..{last // 12}-{last % 12 + 1:02}"
    return f"{year}..{year + length - 1}"


def quantile_of(code):
    return quantile_name(float(code[1:].replace("_", ".")) / 100)


def from_sdmx(table):
    """The observations by plan, and the series of targets, trajectories and fans, that to_sdmx wrote."""
    assert set(table["STRUCTURE_ID"]) <= {STRUCTURE_ID}
    observations, series = {}, {}
    for row in table.to_dict("records"):
        row |= {name: "" for name in DIMENSIONS if row[name] == NOT_APPLICABLE}
        period = period_of(row["TIME_PERIOD"])
        span = parse_period(period)
        if row["FIGURE"] == "observation":
            cells = {name: row[column] for column, name in OF_OBSERVATION.items()}
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
    by_plan = {plan: tuple(own) for plan, own in observations.items()}
    return by_plan, tuple(replace(bare, values=tuple(sorted(values))) for bare, values in series.items())

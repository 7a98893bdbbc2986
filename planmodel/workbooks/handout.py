"""The annual breakdown as a workbook to hand out: one sheet for all, what each year asks, one sheet a body."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from planmodel.breakdown import Breakdown, SectorGrowth, Split, contributions_table
from planmodel.drafting import Draft
from planmodel.plans import Plan
from planmodel.tables.breakdown import (
    annual_columns,
    annual_table,
    asked_columns,
    asked_table,
    breakdown_notes,
    parts_columns,
    parts_table,
)
from planmodel.tables.draft import BESIDE, DRAFT, OPEN, drafted, left_open, read_milestones, scenario_cells
from planmodel.tables.reading import Cells, head, in_language, read
from planmodel.words import Phrase, Text, phrase
from planmodel.workbooks.sheets import Sheet, figure, workbook_bytes

WIDTHS = {
    "number": 10, "role": 8, "indicator": 28, "owner": 24, "attribute": 9, "unit": 11, "counted_as": 14, "base": 12,
    "target": 20, "asked": 14, "latest": 14, "remarks": 26,
}  # fmt: skip
YEAR_WIDTH = 9.5
FIGURES = ("base", "asked", "latest")  # columns of figures, beside those of the years


def breakdown_sheets(result: Breakdown, lang: str) -> tuple[Sheet, ...]:
    """Return the sheets of a breakdown: all targets, what each year asks, and one sheet for each body named."""
    title, notes = _title(result), [note[lang] for note in breakdown_notes(result)]
    years = [str(year) for year in result.years]
    widths = {head(name, lang): width for name, width in WIDTHS.items()} | dict.fromkeys(years, YEAR_WIDTH)

    def sheet(name: str, title: Text, table: pd.DataFrame, columns: Cells, **given: Any) -> Sheet:
        text = read(table, lang, columns, catalogue=result.plan.catalogue).text
        return Sheet(name, text, title=title[lang], widths=widths, ruled=True, **given)

    def annual(name: str, title: Text, owner: str = "") -> Sheet:
        table = annual_table(result, owner)
        marked = [row for row, attribute in enumerate(table["attribute"]) if attribute == "binding"]
        figures, own = [*years, *(head(column, lang) for column in FIGURES)], notes[:-1] if owner else notes
        columns = annual_columns(result, owner)
        return sheet(name, title, table, columns, notes=tuple(own), figures=figures, marked=marked)

    of_asked = Phrase("breakdown.sheet.of_asked", title=title)
    asked = sheet(
        phrase("breakdown.sheet.asked", lang), of_asked, asked_table(result), asked_columns(result),
        notes=tuple(notes[:1]), figures=years,
    )  # fmt: skip
    bodies = {owner: result.plan.catalogue.owner_name(owner, lang) for owner in result.owners}
    titles = {owner: Phrase("breakdown.sheet.of_owner", title=title, owner=n) for owner, n in bodies.items()}
    of_bodies = (annual(name, titles[owner], owner) for owner, name in bodies.items())
    return annual(phrase("breakdown.sheet.annual", lang), title), asked, *of_bodies


def breakdown_workbook(result: Breakdown, lang: str) -> bytes:
    """Return the workbook of a breakdown, ruled and ready to print, the same bytes for the same breakdown."""
    return workbook_bytes(breakdown_sheets(result, lang))


def _title(result: Breakdown) -> Text:
    plan: object = result.plan.title
    if result.plan.draft:
        plan = Phrase("breakdown.sheet.draft", plan=plan, draft=Phrase("terms.draft"))
    known = result.known_until
    until = Phrase("breakdown.sheet.known", year=known) if known else ""
    return Phrase("breakdown.sheet.title", plan=plan, shape=Phrase(f"terms.{result.shape}"), known=until)


def draft_workbook(result: Draft, lang: str) -> bytes:
    """Return the workbook of a draft: values for chances, what stands beside them, chances by scenario, the years, the numbers."""
    catalogue, rows, title = result.plan.catalogue, drafted(result), result.plan.title[lang]
    readings = {
        "values": read(rows, lang, {**DRAFT, "probability": "{probability:percent}"}, catalogue=catalogue),
        "beside": read(rows, lang, BESIDE, catalogue=catalogue),
        "scenarios": read(rows, lang, scenario_cells(result, lang), catalogue=catalogue),
        "milestones": read_milestones(result, lang),
        "open": read(left_open(result), lang, OPEN, catalogue=catalogue),
    }
    sheets = [
        Sheet(
            phrase(f"drafting.document.{name}", lang),
            reading.text,
            title=title,
            figures=[name for name in reading.text.columns[1:] if reading.text[name].map(figure).any()],
            ruled=True,
        )
        for name, reading in readings.items()
        if len(reading.data)
    ]
    numbers = Sheet(phrase("drafting.sheet_name", lang), in_language(result.table, lang))
    return workbook_bytes([*sheets, numbers])


def split_sheet(plan: Plan, result: Split, lang: str) -> Sheet:
    """Return a target by districts or sectors as a sheet."""
    by, unit = Phrase(f"breakdown.sheet.{result.by}"), plan.catalogue.units[result.line.unit]
    source = phrase("breakdown.sheet.given", lang)
    if result.shares.year is not None:
        cited = "; ".join(result.shares.sources)
        source = phrase("breakdown.sheet.published", lang, when=result.shares.when, sources=cited)
    of = {"plan": plan.title, "name": result.line.target.indicator, "by": by, "unit": unit}
    text = read(parts_table(result), lang, parts_columns(result), catalogue=plan.catalogue).text
    title = phrase("breakdown.sheet.split", lang, **of)
    notes = (source, phrase("breakdown.sheet.exact", lang))
    return Sheet(by[lang], text, title=title, notes=notes, figures=list(map(str, result.years)))


def contributions_sheet(plan: Plan, growths: Iterable[SectorGrowth], lang: str) -> Sheet:
    """Return the contributions to growth as a sheet, one row a span and sector."""
    title = phrase("breakdown.sheet.of_growth", lang, plan=plan.title)
    return Sheet(phrase("breakdown.sheet.contributions", lang), contributions_table(growths), title=title)

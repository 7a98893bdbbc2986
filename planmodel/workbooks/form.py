"""A plan as a workbook to fill in: drop-downs, help on each header, and a guide in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from planmodel.plans.catalogue import Catalogue
from planmodel.plans.checks import Source
from planmodel.plans.columns import TABLES
from planmodel.words import LANGS, Phrase, phrase, word
from planmodel.words.phrases import group
from planmodel.workbooks.columns import (
    CHOSEN,
    ENTRIES,
    HEAD_TABLES,
    NAMES,
    SHEETS,
    USES,
    both,
    choices,
    heading,
)
from planmodel.workbooks.sheets import Book, Sheet, sheet_name

FREE_ROWS = 500
"""Rows below the last one that have drop-downs and checks too."""
FREE_IDENTITIES = 3
PLAN_COLUMNS = ("entry", "value", f"({NAMES['help']} help)")
WIDE = {
    "indicator": 32, "source": 24, "note": 40, "target_printed": 22, "reason": 60, "finding": 32, "missed": 32,
}  # fmt: skip
CHECKS: Mapping[str, Mapping[str, object]] = {
    "year": {"validate": "integer", "criteria": "between", "minimum": 1900, "maximum": 2200},
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15},
}
BLUE, GREY = "#2F6DA8", "#9AA5B1"
Lists = Mapping[str, Mapping[str, str]]


def plan_workbook(source: Source, catalogue: Catalogue) -> bytes:
    """Return a plan's parts as an xlsx workbook: what it holds comes back by `import_workbook`."""
    lists = choices(catalogue)
    head = source.head or {}
    tables = {name: [row.cells for row in getattr(source, name) or ()] for name in TABLES}
    tables |= {name: rows_of(head, name) for name in HEAD_TABLES if head.get(name)}
    sheets = {"guide": _guide(), "plan": _plan(source, lists), "lists": _lists(lists, catalogue)}
    for name, rows in tables.items():
        sheets[name] = _table(name, _columns(name), rows, lists)
    ranges = _ranges(sheets["lists"], lists)
    book = Book()
    for name in SHEETS:
        if name not in sheets:
            continue
        ws = book.add(sheets[name])
        ws.set_tab_color(GREY if name in ("guide", "lists") else BLUE)
        if name in tables:
            _checks_of_columns(ws, sheets[name], ranges)
        elif name == "plan":
            _entries(book, ws, sheets[name], ranges)
    return book.content()


def rows_of(head: Mapping, name: str) -> list[dict[str, str]]:
    """Return the entries of a head that are a table, as rows of text."""

    def text(value: object) -> str:
        return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value or "")

    return [
        {column: text(entry.get(column)) for column in HEAD_TABLES[name]} for entry in head.get(name) or ()
    ]


def entries_of(name: str, head: Mapping) -> list[tuple[str, str]]:
    """Return a head as entries and values in the order of the sheet `plan`; identities one a row."""
    values: dict[str, object] = {"plan": name}
    for key in ("title", "short", "issuer"):
        values |= {f"{key}_{lang}": (head.get(key) or {}).get(lang) for lang in LANGS}
    values["first_year"], values["last_year"] = head.get("period") or (None, None)
    if "draft" in head:
        values["draft"] = str(bool(head["draft"])).lower()
    rows = []
    for entry in ENTRIES:
        if entry == "identity":
            rows += [("identity", str(line)) for line in head.get("identities") or ()]
            rows += [("identity", "")] * FREE_IDENTITIES
        else:
            value = values.get(entry, head.get(entry))
            rows.append((entry, "" if value is None else str(value)))
    return rows


def _columns(name: str) -> tuple[str, ...]:
    return HEAD_TABLES.get(name) or tuple(column.name for column in TABLES[name])


def _shown(column: str, text: str, lists: Lists) -> str:
    return lists[CHOSEN[column]].get(text, text) if column in CHOSEN else text


def _table(name: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, str]], lists: Lists) -> Sheet:
    help_ = group("workbooks.help.")
    data = {heading(c): [_shown(c, row.get(c, ""), lists) for row in rows] for c in columns}
    figures = [c for c in columns if USES.get(c) in ("number", "year") or c == "part"]
    return Sheet(
        f"{name} {SHEETS[name]}",
        pd.DataFrame(data, dtype=object),
        help={heading(c): f"{NAMES[c]}：{both(help_[c], chr(10))}" for c in columns if c in NAMES},
        widths={heading(c): _width(c) for c in columns},
        formats={heading(c): "@" for c in columns if c not in figures},
        figures=[heading(c) for c in figures],
    )


def _width(column: str) -> float:
    wide = 20 if column in CHOSEN and "unit" not in column else 0
    return WIDE.get(column) or wide or max(len(column), 2 * len(NAMES.get(column, ""))) + 4


def _plan(source: Source, lists: Lists) -> Sheet:
    rows, texts = entries_of(source.name, source.head or {}), group("workbooks.entries.")
    data = {
        heading(PLAN_COLUMNS[0]): [entry for entry, _ in rows],
        heading(PLAN_COLUMNS[1]): [_shown(entry, value, lists) for entry, value in rows],
        PLAN_COLUMNS[2]: [both(texts[entry], "  ") for entry, _ in rows],  # not read
    }
    return _plain("plan", pd.DataFrame(data, dtype=object), (20, 70, 76))


def _guide() -> Sheet:
    lines = group("workbooks.guide.lines.").values()
    data = {phrase("workbooks.guide.head", lang): [line[lang] for line in lines] for lang in LANGS}
    return _plain("guide", pd.DataFrame(data), (74, 84))


def _lists(lists: Lists, catalogue: Catalogue) -> Sheet:
    columns: dict[str, list[str]] = {}
    for name, among in lists.items():
        columns[name] = list(among.values())
        if name == "indicators":
            columns["indicator (English)"] = [i.name_en for i in catalogue.indicators.values()]
            columns["unit of the indicator"] = [i.unit for i in catalogue.indicators.values()]
        elif name == "regions":
            columns["region (English)"] = [r.name_en for r in catalogue.regions.values()]
        elif name == "units":
            columns["unit (English)"] = [u.name_en for u in catalogue.units.values()]
        elif name in ("kinds", "statuses", "attributes"):
            columns[f"{name} (English)"] = [word(key, "en") for key in among]
    return _plain(
        "lists", pd.DataFrame({name: pd.Series(texts, dtype=object) for name, texts in columns.items()})
    )


def _plain(name: str, table: pd.DataFrame, widths: tuple[float, ...] = ()) -> Sheet:
    """Return a sheet that is no table of the plan: without filter."""
    wide = dict(zip(table.columns, widths, strict=False))
    return Sheet(f"{name} {SHEETS[name]}", table, widths=wide, figures=(), filtered=False)


def _ranges(sheet: Sheet, lists: Lists) -> dict[str, str]:
    letters = {name: xl_col_to_name(i) for i, name in enumerate(sheet.names)}
    return {
        name: f"='{sheet_name(sheet.name)}'!${letters[name]}$2:${letters[name]}${len(among) + 1}"
        for name, among in lists.items()
    }


def _check(what: str, ranges: Mapping[str, str]) -> Mapping[str, object] | None:
    """Return the check of a column's or an entry's cells, None where any text will do."""
    use = "list" if what in CHOSEN else USES.get(what, "")
    if use == "list":
        check: Mapping[str, object] = {
            "validate": "list",
            "source": ranges[CHOSEN[what]],
            "error_type": "warning",
        }
    elif use in CHECKS:
        check = CHECKS[use]
    else:
        return None
    return {**check, "error_title": what, "error_message": both(Phrase(f"workbooks.checks.{use}"))}


def _checks_of_columns(ws: Worksheet, sheet: Sheet, ranges: Mapping[str, str]) -> None:
    for position, header in enumerate(sheet.names):
        if check := _check(header.partition(" ")[0], ranges):
            ws.data_validation(1, position, len(sheet.table) + FREE_ROWS, position, check)
    ws.freeze_panes(1, 4 if sheet.name.startswith("targets") else 1)


def _entries(book: Book, ws: Worksheet, sheet: Sheet, ranges: Mapping[str, str]) -> None:
    """Give the values of the sheet `plan` their checks; a year is a number, all else text."""
    for row, (entry, value) in enumerate(sheet.table.iloc[:, :2].to_numpy(), 1):
        is_year = USES.get(entry) == "year"
        look = {"valign": "top", "text_wrap": True, "align": "left"} | (
            {} if is_year else {"num_format": "@"}
        )
        book.put(ws, row, 1, value, look, as_figure=is_year)
        if check := _check(entry, ranges):
            ws.data_validation(row, 1, row, 1, check)

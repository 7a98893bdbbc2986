"""A plan as a workbook to fill in: drop-downs, help on each header, and a guide in both languages."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from planmodel.files.reading import in_languages
from planmodel.plans.catalogue import COLUMNS as COLUMNS_OF
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.columns import COLUMNS, HEAD, HEAD_TABLES, TABLES, Column, lists_of
from planmodel.plans.loading import Source
from planmodel.plans.numerals import words as figure_words
from planmodel.words import LANGS, Phrase, group, phrase, word
from planmodel.workbooks.sheets import Book, Sheet, sheet_name

SHEETS = {key: text["zh"] for key, text in group("workbooks.sheets.").items()}
"""The sheets of a plan's workbook, in its order, with their Chinese names."""
NAMES = {key: text["zh"] for key, text in group("workbooks.heads.").items()}
"""The Chinese names of columns."""
ENTRIES = tuple(group("workbooks.entries."))  # entries of the sheet `plan`, in its order
NAMED = ("indicators", "regions", "units")  # lists whose words stand in the catalogue
ADDED = ("units", "regions", "indicators")
"""Sheets for what the catalogue lacks; a unit may be named by an indicator beside it."""
MADE_FROM = "planmodel-source"
"""The property of a workbook that holds the fingerprint of the files it was made from."""
FREE_ROWS = 500  # rows below the last one that have drop-downs and checks too
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


def choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the lists: by name, each id with the text that a cell shows for it.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> choices(load_catalogue())["kinds"]["level"].split()[0]
    'level'
    """
    return {
        "indicators": {i.id: f"{i.id} {i.name_zh}" for i in catalogue.indicators.values()},
        "regions": {r.id: f"{r.id} {r.name_zh}" for r in catalogue.regions.values()},
        "units": {u: u for u in catalogue.units},
        **{name: _with_words(ids, name) for name, ids in lists_of(catalogue).items() if name not in NAMED},
    }


def called(catalogue: Catalogue) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return by list how a cell may call each id: by the names in the catalogue, or by one of the words beside it.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> called(load_catalogue())["comparators"]["ge"][:3]
    ('\u4ee5\u4e0a、\u4e0d\u4f4e\u4e8e ≥', '\u4ee5\u4e0a', '\u4e0d\u4f4e\u4e8e')
    """
    lists = choices(catalogue)
    words = group("workbooks.synonyms.")

    def names(kind: str, key: str, shown: str) -> tuple[str, ...]:
        if kind in NAMED:
            own = getattr(catalogue, kind)[key]
            return (own.name_zh, own.name_en)
        told = shown.partition(" ")[2]
        more = [word for text in words.get(f"{kind}.{key}", {}).values() for word in text.split("、")]
        if kind == "comparators":
            more += [word for place in ("before", "after") for word in figure_words()[place].get(key, ())]
        return tuple(dict.fromkeys([told, *re.split("[、 ]", told), *more]))

    return {kind: {key: names(kind, key, shown) for key, shown in of.items()} for kind, of in lists.items()}


def _with_words(ids: Iterable[str], kind: str = "") -> dict[str, str]:
    """Return ids with the Chinese words beside them: the workbook's own, those of a kind of terms, or the terms."""
    known = group("terms.") | group(f"terms.{kind}.") | group(f"workbooks.{kind}.")
    return {i: f"{i} {known[i]['zh']}" for i in ids}


def both(text: Mapping[str, str], between: str = " ") -> str:
    """Return a text in Chinese and English, as cells and messages of a workbook have it."""
    return between.join(text[lang] for lang in LANGS)


def heading(column: str) -> str:
    """Return what stands above a column: its name and the Chinese one.

    >>> heading("base_value").split()[0]
    'base_value'
    """
    return f"{column} {NAMES[column]}" if column in NAMES else column


def column_of(header: str, known: tuple[str, ...]) -> str:
    """Return the column that a header names: by its id, by id and more words, or by the Chinese name alone.

    >>> [column_of(text, ("unit", "value")) for text in ("unit", "value of it", NAMES["unit"], "Unit", "units")]
    ['unit', 'value', 'unit', 'unit', 'units']
    """
    text = " ".join(header.split())
    first = text.partition(" ")[0].lower()
    if first in known:
        return first
    named = [name for name in known if NAMES.get(name) == text]
    return named[0] if len(named) == 1 else first if text.isascii() else text


def plan_workbook(
    source: Source,
    catalogue: Catalogue,
    beside: Mapping[str, Mapping[str, list[str]]] | None = None,
    added: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
    choose: Mapping[str, list[str]] | None = None,
) -> bytes:
    """Return a plan's parts as an xlsx workbook: what it holds comes back by `import_workbook`.

    beside: columns before those of a table, heads in brackets: they are not read. choose: what their cells choose from.
    added: rows that the catalogue lacks, by sheet.
    """
    lists = choices(catalogue)
    head = source.head or {}
    tables = {name: [row.cells for row in getattr(source, name) or ()] for name in TABLES}
    tables |= {name: _rows(head, name) for name in HEAD_TABLES if head.get(name)}
    sheets = {"guide": _guide(), "plan": _plan(source, lists), "lists": _lists(lists, catalogue)}
    for name, rows in tables.items():
        sheets[name] = _table(name, rows, lists, (beside or {}).get(name, {}))
    for name in ADDED:
        new = pd.DataFrame((added or {}).get(name, ()), columns=list(names_on(name)), dtype=object).fillna("")
        sheets[name] = _plain(name, new, (18,) * 14)
    ranges = _ranges(sheets["lists"], lists)
    book = Book()
    book.note(MADE_FROM, fingerprint(source))
    for name in SHEETS:
        if name not in sheets:
            continue
        ws = book.add(sheets[name])
        ws.set_tab_color(GREY if name in ("guide", "lists", *ADDED) else BLUE)
        if name in tables:
            _checks_of_columns(ws, sheets[name], ranges, choose or {})
        elif name == "plan":
            _entries(book, ws, sheets[name], ranges)
    return book.content()


def fingerprint(source: Source) -> str:
    """Return what tells whether a plan's files say the same: a hash of its head and the cells of its tables."""
    tables = {name: [sorted(row.cells.items()) for row in getattr(source, name) or ()] for name in TABLES}
    return hashlib.sha256(repr((sorted((source.head or {}).items()), tables)).encode()).hexdigest()[:16]


def names_on(sheet: str) -> tuple[str, ...]:
    """Return the columns of a sheet that is a table of the plan, of its head, or of what the catalogue lacks."""
    if sheet in ADDED:
        needed, optional = COLUMNS_OF[sheet]
        return (*needed, *optional)
    return tuple(column.name for column in TABLES.get(sheet) or HEAD[sheet])


def _rows(head: Mapping, name: str) -> list[dict[str, str]]:
    """The entries of a head that are a table, as rows of text."""

    def text(value: object) -> str:
        return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value or "")

    return [{column: text(entry.get(column)) for column in names_on(name)} for entry in head.get(name) or ()]


def _entries_of(source: Source) -> Iterable[tuple[str, str]]:
    """A head as entries and values in the order of the sheet `plan`; identities one a row."""
    head = source.head or {}
    values: dict[str, object] = {"plan": source.name}
    for key, columns in HEAD.items():
        value: Any = head.get(key)
        value = in_languages(value) if columns[-1].name.endswith(f"_{LANGS[-1]}") else value
        parts = [value.get(lang) for lang in LANGS] if isinstance(value, Mapping) else value
        own = parts if len(columns) > 1 else [value]
        values |= zip((column.name for column in columns), own or (), strict=False)
    for entry in ENTRIES:
        if entry == "identity":
            yield from (("identity", str(line)) for line in head.get("identities") or ())
            yield from [("identity", "")] * FREE_IDENTITIES
        else:
            text = "" if (value := values.get(entry)) is None else str(value)
            yield entry, text.lower() if isinstance(value, bool) else text


def column_named(name: str) -> Column:
    """Return a column or an entry by name; one that is not known holds text."""
    return COLUMNS.get(name, Column(name))


def _shown(name: str, text: str, lists: Lists) -> str:
    among = column_named(name).among
    return lists[among].get(text, text) if among else text


def _table(
    name: str, rows: Iterable[Mapping[str, str]], lists: Lists, beside: Mapping[str, list[str]]
) -> Sheet:
    help_, columns = group("workbooks.help."), names_on(name)
    data = dict(beside) | {heading(c): [_shown(c, row.get(c, ""), lists) for row in rows] for c in columns}
    figures = [c for c in columns if COLUMNS[c].holds in ("number", "year") or c == "part"]
    return Sheet(
        f"{name} {SHEETS[name]}",
        pd.DataFrame(data, dtype=object),
        help={heading(c): f"{NAMES[c]}：{both(help_[c], chr(10))}" for c in columns if c in NAMES},
        widths={heading(c): _width(c) for c in columns},
        formats={heading(c): "@" for c in columns if c not in figures},
        figures=[heading(c) for c in figures],
    )


def _width(column: str) -> float:
    wide = 20 if COLUMNS[column].among and "unit" not in column else 0
    return WIDE.get(column) or wide or max(len(column), 2 * len(NAMES.get(column, ""))) + 4


def _plan(source: Source, lists: Lists) -> Sheet:
    rows, texts = list(_entries_of(source)), group("workbooks.entries.")
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
        if name in NAMED:
            known = getattr(catalogue, name)
            columns[f"{name.removesuffix('s')} (English)"] = [each.name_en for each in known.values()]
        if name == "indicators":
            columns["unit of the indicator"] = [i.unit for i in catalogue.indicators.values()]
        elif name in ("kinds", "statuses", "attributes"):
            columns[f"{name} (English)"] = [word(key, "en") for key in among]
    series = {name: pd.Series(texts, dtype=object) for name, texts in columns.items()}
    return _plain("lists", pd.DataFrame(series))


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
    column = column_named(what)
    use, check = column.holds, CHECKS.get(column.holds)
    if column.among:
        use, check = "list", {"validate": "list", "source": ranges[column.among], "error_type": "warning"}
    message = both(Phrase(f"workbooks.checks.{use}")) if check else ""
    return check and {**check, "error_title": what, "error_message": message}


def _checks_of_columns(
    ws: Worksheet, sheet: Sheet, ranges: Mapping[str, str], choose: Mapping[str, list[str]]
) -> None:
    for position, header in enumerate(sheet.names):
        listed = {"validate": "list", "source": choose[header]} if header in choose else None
        if check := listed or _check(header.partition(" ")[0], ranges):
            ws.data_validation(1, position, len(sheet.table) + FREE_ROWS, position, check)
    ws.freeze_panes(1, 4 if sheet.name.startswith("targets") else 1)


def _entries(book: Book, ws: Worksheet, sheet: Sheet, ranges: Mapping[str, str]) -> None:
    """Give the values of the sheet `plan` their checks; a year is a number, all else text."""
    for row, (entry, value) in enumerate(sheet.table.iloc[:, :2].to_numpy(), 1):
        is_year = column_named(entry).holds == "year"
        look = {"valign": "top", "text_wrap": True, "align": "left"}
        book.put(ws, row, 1, value, look if is_year else look | {"num_format": "@"}, as_figure=is_year)
        if check := _check(entry, ranges):
            ws.data_validation(row, 1, row, 1, check)

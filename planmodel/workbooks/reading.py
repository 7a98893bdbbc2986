"""Read a plan's workbook as a person saved it; every fault names sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.errors import Fault, Say, unknown
from planmodel.files.reading import Row
from planmodel.plans.catalogue import COLUMNS as COLUMNS_OF
from planmodel.plans.catalogue import Catalogue, catalogue_of
from planmodel.plans.columns import HEAD, HEAD_FILE, HEAD_TABLES, OPTIONAL_TABLES, TABLES, Column, names_of
from planmodel.plans.loading import Source
from planmodel.words import LANGS, Phrase, id_of, phrase
from planmodel.workbooks.cells import Refused, form_of, text_of
from planmodel.workbooks.form import (
    ADDED,
    ENTRIES,
    MADE_FROM,
    SHEETS,
    called,
    column_named,
    column_of,
    heading,
    names_on,
)
from planmodel.workbooks.opening import open_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_WITHIN = 10
TRUTH = {
    "true": True, "false": False, "yes": True, "no": False,
    phrase("workbooks.truth.true", "zh"): True, phrase("workbooks.truth.false", "zh"): False,
}  # fmt: skip
NO_SUCH = Phrase("workbooks.fault.no_such")
SEPARATORS = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True)
class Workbook:
    """What a workbook holds: the plan's parts, where they stand, and which it does not have.

    columns: those that each table has. missing: optional sheets that are not there. rows: of the head, by sheet. made_from:
    the fingerprint of the files that it was written from, empty where it was not written from any. hidden: rows that were read
    though the workbook hides them, by sheet. added: units, regions and indicators that the catalogue lacks, by table;
    catalogue: the one that has them.
    """

    file: str
    source: Source
    columns: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    sheets: Mapping[str, str]
    rows: Mapping[str, tuple[Row, ...]]
    made_from: str = ""
    hidden: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    catalogue: Catalogue | None = None
    added: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def place(self, fault: Fault) -> Fault:
        """Return a fault of the head as one of the cell that it came from."""
        if fault.file != HEAD_FILE:
            return fault
        key, _, column = str(fault.what).partition(", ")
        key, found = key.partition(",")[0], str(fault.found)
        sheet = key if key in HEAD_TABLES else "plan"
        file = f"{self.file}, sheet {self.sheets.get(sheet, sheet)}"
        if sheet not in self.sheets:
            return replace(fault, file=file)
        column = "missed" if column == "row" else column or "value"
        word = found.strip("'\"")
        entries = [each.name for each in HEAD.get(key, ())]
        own = [row for row in self.rows[sheet] if sheet != "plan" or row["entry"] in entries]
        near = [row for row in own if word and any(word in text for text in row.cells.values())]
        told = [row for row in own if row["value"] and row["value"] in found]
        empty = [row for row in own if f"{key}_zh" in entries and not row["value"]]
        row = next(iter(empty or near or told or own), Row({}, file, 0))
        what = row["entry"] or column
        if sheet != "plan" and column not in row.letters:
            what = column = next((c for c, text in row.cells.items() if word in text), column)
        letter = row.letters.get(column, "")
        return replace(fault, file=file, row=row.line or None, what=f"{letter} ({what})" if letter else what)


def read_workbook(path: Path, catalogue: Catalogue, faults: list[Fault]) -> Workbook:
    """Return what a workbook holds; the faults of its shape and cells are added.

    Errors: PlanmodelError for a file that is no workbook of a plan, or that cannot be opened.
    """
    formulas, values = open_workbook(path)
    sheets = {}
    for ws in formulas.worksheets:
        name = ws.title.strip()
        first = name.partition(" ")[0].lower()
        sheet = first if first in SHEETS else next((key for key, zh in SHEETS.items() if zh == name), "")
        if sheet and sheet not in sheets:
            sheets[sheet] = ws.title
    needed = ("plan", *(name for name in TABLES if name not in OPTIONAL_TABLES))
    for name in needed:
        if name not in sheets:
            others = [ws.title for ws in formulas.worksheets[:8]]
            do = Phrase("workbooks.fault.do_copy", names=", ".join(others))
            wanted = Phrase("workbooks.fault.sheet", name=name)
            faults.append(Fault("sheet", wanted, NO_SUCH, path.name, do=do))
    added = {}
    for name in ADDED:  # units first: indicators name them
        if name in sheets:
            grid = _Grid(path.name, formulas[sheets[name]], values[sheets[name]], catalogue, faults)
            added[name] = _added(grid.table(name) or (), name, catalogue, faults)
            tables_of = {**catalogue.tables, name: (*catalogue.tables[name], *added[name])}
            catalogue = catalogue_of(tables_of, catalogue.rules, faults) if added[name] else catalogue
    grids = {
        name: _Grid(path.name, formulas[sheets[name]], values[sheets[name]], catalogue, faults)
        for name in (*TABLES, "plan", *HEAD_TABLES)
        if name in sheets
    }
    rows = {name: grid.entries() if name == "plan" else grid.table(name) for name, grid in grids.items()}
    head, entries = None, rows.get("plan")
    if entries is not None:
        head = _head(entries, faults)
        in_tables = (name for name in HEAD_TABLES if name in rows)
        head |= {name: [_entry(row.cells) for row in rows[name] or ()] for name in in_tables}
    own = next((row["value"] for row in entries or () if row["entry"] == "plan"), "")
    tables = {name: rows.get(name, None if name in needed else ()) for name in TABLES}
    columns = {name: tuple(grid.places) for name, grid in grids.items()}
    missing = tuple(name for name in (*OPTIONAL_TABLES, *HEAD_TABLES) if name not in sheets)
    source = Source(own, path.parent, head, **tables)
    made_from = next((str(p.value) for p in formulas.custom_doc_props.props if p.name == MADE_FROM), "")
    held = {name: of or () for name, of in rows.items()}
    hidden = {grid.formulas.title: grid.hidden for grid in grids.values() if grid.hidden}
    return Workbook(path.name, source, columns, missing, sheets, held, made_from, hidden, catalogue, added)


@dataclass
class _Grid:
    """A sheet while it is read."""

    file: str
    formulas: Worksheet
    values: Worksheet
    catalogue: Catalogue
    faults: list[Fault]
    places: dict[str, int] = field(default_factory=dict)
    top: int = 1

    def __post_init__(self):
        filled = (at for at in self.formulas._cells.items() if at[1].value is not None)
        self.cells = {place: cell for place, cell in filled if str(cell.value).strip()}
        self.known = called(self.catalogue)
        self.sheet = f"{self.file}, sheet {self.formulas.title}"

    def fault(self, what: str, expected: str, found: Say, row: int | None, do: str) -> None:
        expected_, do_ = (Phrase(f"workbooks.fault.{key}") for key in (expected, do))
        self.faults.append(Fault(what, expected_, found, self.sheet, row, do_))

    def find_header(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> bool:
        """Find the header and the column of each name; its faults are added. False where a column is missing."""
        from openpyxl.utils import get_column_letter

        known = tuple(dict.fromkeys((*required, *optional)))
        above: dict[int, dict[int, str]] = {row: {} for row in range(1, HEADER_WITHIN + 1)}
        for (row, column), cell in sorted((at, cell) for at, cell in self.cells.items() if at[0] in above):
            above[row][column] = str(cell.value).strip()

        def scored(row: int) -> tuple[int, int]:
            return sum(column_of(text, known) in known for text in above[row].values()), -row

        self.top = max(above, key=scored)
        before = len(self.faults)
        for column, header in above[self.top].items():
            if header[0] in "(（":
                continue
            name, letter = column_of(header, known), get_column_letter(column)
            if name not in known:
                what = f"{letter} ({header})"
                self.faults.append(unknown(what, name, known, file=self.sheet, row=self.top))
            elif name in self.places:
                twice = Phrase("workbooks.fault.twice")
                self.fault(f"{letter} ({name})", "column_once", twice, self.top, "do_remove")
            else:
                self.places[name] = column
        self.letters = {name: get_column_letter(column) for name, column in self.places.items()}
        for column in sorted({c for (r, c) in self.cells if r > self.top} - set(above[self.top])):
            none = Phrase("workbooks.fault.no_header")
            self.fault(get_column_letter(column), "header", none, self.top, "do_header")
        for name in required:
            if name not in self.places:
                self.fault(heading(name), "column", NO_SUCH, self.top, "do_column")
        used = set(self.places.values())
        for area in self.formulas.merged_cells.ranges:
            if area.max_row >= self.top and used & set(range(area.min_col, area.max_col + 1)):
                merged = Phrase("workbooks.fault.merged")
                self.fault(str(area), "unmerged", merged, area.min_row, "do_unmerge")
        return len(self.faults) == before

    def text(self, row: int, name: str, column: Column, unit: str | None = None) -> str:
        """Return a cell's text; what cannot be read is a fault and empty."""
        place = (row, self.places[name])
        cell = self.cells.get(place)
        if cell is None:
            return ""
        value, counted = cell.value, cell.data_type == "f"
        try:
            if counted:
                result = self.values._cells.get(place)
                value = result.value if result is not None else None
                if value is None and (result is None or result.data_type not in ("s", "str")):
                    raise Refused("result", "never_counted", "calculate")
            if place in self.values._cells and self.values._cells[place].data_type == "e":
                raise Refused("value", "error", "formula", value=value)
            return self.chosen(column, text_of(value, form_of(cell), column.holds, unit, counted))
        except Refused as reason:
            what = f"{self.letters[name]} ({name})"
            self.faults.append(Fault(what, reason.expected, reason.found, self.sheet, row, reason.do))
            return ""

    def lines(self) -> list[int]:
        """Return the rows below the header that hold something in a named column."""
        used = set(self.places.values())
        return sorted({row for row, column in self.cells if row > self.top and column in used})

    @property
    def hidden(self) -> tuple[int, ...]:
        """The rows that are read though the sheet, or a filter or a group in it, hides them."""
        rows = self.formulas.row_dimensions
        off = self.formulas.sheet_state != "visible"
        return tuple(line for line in self.lines() if off or (line in rows and rows[line].hidden))

    def table(self, name: str) -> tuple[Row, ...] | None:
        """Return the rows of a table, None where its header has faults."""
        columns = needed = names_on(name)
        if name in TABLES or name in ADDED:
            needed = names_of(TABLES[name]) if name in TABLES else COLUMNS_OF[name][0]
        if not self.find_header(needed, columns):
            return None
        rows, names = [], [name for name in columns if name in self.places]
        for line in self.lines():
            cells: dict[str, str] = {}
            for column in sorted(map(column_named, names), key=lambda column: bool(column.unit)):
                cells[column.name] = self.text(line, column.name, column, cells.get(column.unit))
            if any(cells.values()):
                rows.append(Row({name: cells[name] for name in names}, self.sheet, line, self.letters))
        return tuple(rows)

    def chosen(self, column: Column, text: str) -> str:
        """Return the id that a cell means: the id, id and name as the list shows them, or a name that only one has."""
        return id_of(text, self.known[column.among]) if column.among and text else text

    def entries(self) -> tuple[Row, ...] | None:
        """Return the rows of the sheet `plan`, each an entry and its value; None where its header has faults."""
        if not self.find_header(("entry", "value")):
            return None
        entries = []
        for line in self.lines():
            entry = column_of(self.text(line, "entry", Column("entry", "code")), ENTRIES)
            cells = {"entry": entry, "value": self.text(line, "value", column_named(entry))}
            entries.append(Row(cells, self.sheet, line, self.letters))
        return tuple(entries)


def _added(rows: Iterable[Row], name: str, catalogue: Catalogue, faults: list[Fault]) -> tuple[Row, ...]:
    """Return the rows that the catalogue lacks; one that says other than the catalogue is a fault."""
    first = COLUMNS_OF[name][0][0]
    known = {row[first]: row for row in catalogue.tables.get(name, ())}
    new = []
    for row in rows:
        key = row[first]
        if key not in known:
            new.append(row)
            continue
        for column, text in row.cells.items():
            if text and text != known[key][column]:
                same = Phrase("workbooks.fault.as_catalogue", text=known[key][column])
                faults.append(row.fault(column, same, Phrase("workbooks.fault.do_catalogue", name=name)))
    return tuple(new)


def _head(rows: Iterable[Row], faults: list[Fault]) -> dict:
    """Return the head that the entries give, as plan.yaml would hold it."""
    values: dict[str, str] = {}
    identities = []
    for row in rows:
        entry, value, what = row["entry"], row["value"], row.place("entry")
        if entry not in ENTRIES:
            faults.append(unknown(what, entry, ENTRIES, file=row.file, row=row.line))
        elif entry == "identity":
            identities += [value] if value else []
        elif entry in values:
            once = Phrase("workbooks.fault.entry_once")
            twice = Phrase("workbooks.fault.entry_twice", entry=entry)
            faults.append(Fault(what, once, twice, row.file, row.line, Phrase("workbooks.fault.do_remove")))
        else:
            values[entry] = value

    def said(column: Column) -> Any:
        text = values.get(column.name, "")
        if column.holds == "year" and text.isascii() and text.isdigit():
            return int(text)
        return TRUTH.get(text.lower(), text) if column.among == "truth" else text

    head: dict = {"identities": identities}
    for key, columns in HEAD.items():
        parts = [said(column) for column in columns]
        if len(parts) == 2 and key not in HEAD_TABLES:
            head[key] = parts if key == "period" else dict(zip(LANGS, parts, strict=True))
        elif len(parts) == 1 and key != "identities" and (parts[0] or not columns[0].optional):
            head[key] = parts[0]
    return head


def _entry(cells: Mapping[str, str]) -> dict:
    """Return a row of the sheets `claims` and `accepted` as an entry of the head."""
    entry: dict = {name: text for name, text in cells.items() if text}
    for name in ("missed", "met"):
        if name in entry and entry[name] != "rest":
            entry[name] = [text for text in SEPARATORS.split(entry[name]) if text]
    return entry

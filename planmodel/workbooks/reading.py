"""Read a plan's workbook as a person saved it; every fault names sheet, row and column."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from planmodel.errors import Fault, PlanmodelError, Say, unknown
from planmodel.files.reading import Row
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.checks import Source
from planmodel.plans.columns import OPTIONAL_TABLES, TABLES, names_of
from planmodel.plans.heads import HEAD_FILE
from planmodel.words import LANGS, Phrase, phrase
from planmodel.workbooks.cells import Refused, text_of
from planmodel.workbooks.columns import (
    CHOSEN,
    ENTRIES,
    HEAD_TABLES,
    SHEETS,
    UNIT_OF,
    USES,
    choices,
    chosen,
    column_of,
    heading,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES = 300_000_000
HEADER_WITHIN = 10
TEXTS = ("title", "short", "issuer")
TRUTH = {
    "true": True, "false": False, "yes": True, "no": False,
    phrase("workbooks.truth.true", "zh"): True, phrase("workbooks.truth.false", "zh"): False,
}  # fmt: skip
NO_SUCH = Phrase("workbooks.fault.no_such")
SEPARATORS = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True)
class Workbook:
    """What a workbook holds: the plan's parts, where they stand, and which it does not have.

    columns: those that each table has. missing: optional sheets that are not there. rows: of the head's entries, by sheet
    and entry.
    """

    file: str
    source: Source
    columns: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    sheets: Mapping[str, str]
    rows: Mapping[str, tuple[tuple[int, Mapping[str, str], Mapping[str, str]], ...]]

    def place(self, fault: Fault) -> Fault:
        """Return a fault of the head as one of the cell that it came from."""
        if fault.file != HEAD_FILE:
            return fault
        what, found = str(fault.what), str(fault.found)
        key, _, column = what.partition(", ")
        key = key.partition(",")[0]
        sheet = key if key in HEAD_TABLES else "plan"
        file = f"{self.file}, sheet {self.sheets.get(sheet, sheet)}"
        if sheet not in self.sheets:
            return replace(fault, file=file)
        column = "missed" if column == "row" else column or "value"
        word = found.strip("'\"")
        entries = _entries_of(key)
        own = [row for row in self.rows[sheet] if sheet != "plan" or row[1]["entry"] in entries]
        near = [row for row in own if word and any(word in text for text in row[1].values())]
        told = [row for row in own if row[1].get("value") and row[1]["value"] in found]
        empty = [row for row in own if key in TEXTS and not row[1]["value"]]
        line, cells, letters = next(iter(empty or near or told or own), (None, {}, {}))
        what = cells.get("entry") or column
        if sheet != "plan" and column not in letters:
            what = column = next((c for c, text in cells.items() if word in text), column)
        letter = letters.get(column, "")
        return replace(fault, file=file, row=line, what=f"{letter} ({what})" if letter else what)


def _entries_of(key: str) -> tuple[str, ...]:
    if key == "period":
        return ("first_year", "last_year")
    return ("identity",) if key == "identities" else (key, f"{key}_zh", f"{key}_en")


def read_workbook(path: Path, catalogue: Catalogue, faults: list[Fault]) -> Workbook:
    """Return what a workbook holds; the faults of its shape and cells are added.

    Errors: PlanmodelError for a file that is no workbook of a plan, or that cannot be opened.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of openpyxl, for what it leaves out: drop-downs, pictures
        formulas, values = _open(path, False), _open(path, True)
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
            faults.append(
                Fault("sheet", Phrase("workbooks.fault.sheet", name=name), NO_SUCH, path.name, do=do)
            )
    known = choices(catalogue)
    grids = {
        name: _Grid(path.name, formulas[title], values[title], known, catalogue, faults)
        for name, title in sheets.items()
        if name in needed or name in OPTIONAL_TABLES or name in HEAD_TABLES
    }
    tables: dict[str, tuple[Row, ...] | None] = {}
    columns: dict[str, tuple[str, ...]] = {}
    for name, known_columns in TABLES.items():
        tables[name] = None if name in needed else ()
        if name in grids:
            tables[name] = grids[name].table(names_of(known_columns), names_of(known_columns, optional=True))
            columns[name] = tuple(grids[name].places)
    rows: dict[str, tuple[tuple[int, Mapping[str, str], Mapping[str, str]], ...]] = {}
    head: dict | None = None
    if "plan" in grids:
        entries = grids["plan"].entries()
        rows["plan"] = entries or ()
        head = None if entries is None else _head(entries, faults, f"{path.name}, sheet {sheets['plan']}")
    for name in HEAD_TABLES:
        if name in grids:
            read = grids[name].table(HEAD_TABLES[name], ())
            rows[name] = tuple((row.line, row.cells, row.letters) for row in read or ())
            if head is not None:
                head[name] = [_entry(cells) for _, cells, _ in rows[name]]
    own = next((cells["value"] for _, cells, _ in rows.get("plan", ()) if cells["entry"] == "plan"), "")
    missing = tuple(name for name in (*OPTIONAL_TABLES, *HEAD_TABLES) if name not in sheets)
    return Workbook(path.name, Source(own, path.parent, head, **tables), columns, missing, sheets, rows)


def _open(path: Path, values: bool):
    """Return the workbook of a file, its formulas or their results; raise what the file is instead."""
    from openpyxl import load_workbook

    def refusal(found: str, do: str = "save", **fields: object) -> PlanmodelError:
        told, help_ = Phrase(f"workbooks.file.{found}", **fields), Phrase(f"workbooks.file.do.{do}")
        return PlanmodelError(
            faults=[Fault("file", Phrase("workbooks.file.wanted"), told, path.name, do=help_)]
        )

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise refusal("missing", "name") from None
    except IsADirectoryError:
        raise refusal("folder", "workbook") from None
    if not raw:
        raise refusal("empty")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise refusal("protected", "unlock")
        raise refusal("old")
    if not raw.startswith(b"PK"):
        text = b"\x00" not in raw[:4000]
        raise refusal("text" if text else "other")
    try:
        with ZipFile(path) as file:
            names = set(file.namelist())
            size = sum(member.file_size for member in file.infolist())
        if "xl/workbook.xml" not in names:
            raise refusal("ods" if "content.xml" in names else "other")
        if size > MOST_BYTES:
            raise refusal("large", "remove", megabytes=f"{size / 1e6:.0f}")
        return load_workbook(path, data_only=values)
    except (
        BadZipFile,
        OSError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
    ) as error:
        raise refusal("damaged", error=type(error).__name__) from None


@dataclass
class _Grid:
    """A sheet while it is read."""

    file: str
    formulas: Worksheet
    values: Worksheet
    known: Mapping[str, Mapping[str, str]]
    catalogue: Catalogue
    faults: list[Fault]
    places: dict[str, int] = field(default_factory=dict)
    top: int = 1

    def __post_init__(self):
        self.cells = {place: cell for place, cell in self.formulas._cells.items() if _holds(cell.value)}
        self.last = max((row for row, _ in self.cells), default=0)
        self.sheet = f"{self.file}, sheet {self.formulas.title}"

    def fault(self, what: str, expected: Say, found: Say, row: int | None, do: Say) -> None:
        self.faults.append(Fault(what, expected, found, self.sheet, row, do))

    def find_header(self, required: tuple[str, ...], optional: tuple[str, ...]) -> bool:
        """Find the header and the column of each name; its faults are added. False where a column is missing."""
        from openpyxl.utils import get_column_letter

        known = (*required, *optional)

        def names(row: int) -> dict[int, str]:
            return {
                c: str(cell.value).strip()
                for (r, c), cell in sorted(self.cells.items())
                if r == row and _holds(cell.value)
            }

        scored = [
            (sum(column_of(n, known) in known for n in names(row).values()), -row)
            for row in range(1, HEADER_WITHIN + 1)
        ]
        self.top = -max(scored)[1]
        before = len(self.faults)
        for column, header in names(self.top).items():
            if header[0] in "(（":
                continue
            name, letter = column_of(header, known), get_column_letter(column)
            if name not in known:
                self.faults.append(
                    unknown(f"{letter} ({header})", name, known, file=self.sheet, row=self.top)
                )
            elif name in self.places:
                once, twice = Phrase("workbooks.fault.column_once"), Phrase("workbooks.fault.twice")
                do = Phrase("workbooks.fault.do_remove")
                self.fault(f"{letter} ({name})", once, twice, self.top, do)
            else:
                self.places[name] = column
        bare = {c for (r, c) in self.cells if r > self.top} - set(names(self.top))
        for column in sorted(bare):
            wanted, none = Phrase("workbooks.fault.header"), Phrase("workbooks.fault.no_header")
            self.fault(get_column_letter(column), wanted, none, self.top, Phrase("workbooks.fault.do_header"))
        for name in required:
            if name not in self.places:
                wanted, do = Phrase("workbooks.fault.column"), Phrase("workbooks.fault.do_column")
                self.fault(heading(name), wanted, NO_SUCH, self.top, do)
        used = set(self.places.values())
        for area in self.formulas.merged_cells.ranges:
            if area.max_row >= self.top and used & set(range(area.min_col, area.max_col + 1)):
                unmerged, merged = Phrase("workbooks.fault.unmerged"), Phrase("workbooks.fault.merged")
                self.fault(str(area), unmerged, merged, area.min_row, Phrase("workbooks.fault.do_unmerge"))
        return len(self.faults) == before

    def letters(self) -> dict[str, str]:
        from openpyxl.utils import get_column_letter

        return {name: get_column_letter(column) for name, column in self.places.items()}

    def text(self, row: int, column: str, use: str, unit: str | None = None) -> str:
        """Return a cell's text; what cannot be read is a fault and empty."""
        place = (row, self.places[column])
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
            return text_of(value, cell.number_format, use, unit, counted)
        except Refused as reason:
            what = f"{self.letters()[column]} ({column})"
            self.fault(what, reason.expected, reason.found, row, reason.do)
            return ""

    def lines(self) -> list[int]:
        """Return the rows below the header that hold something in a named column."""
        used = set(self.places.values())
        return sorted({row for row, column in self.cells if row > self.top and column in used})

    def table(self, required: tuple[str, ...], optional: tuple[str, ...]) -> tuple[Row, ...] | None:
        """Return the rows of a table, None where its header has faults."""
        if not self.find_header(required, optional):
            return None
        rows, letters = [], self.letters()
        for line in self.lines():
            cells: dict[str, str] = {}
            names = [name for name in (*required, *optional) if name in self.places]
            for name in sorted(names, key=lambda name: name in UNIT_OF):
                unit = cells.get(UNIT_OF.get(name, ""))
                cells[name] = self.choice(name, self.text(line, name, USES.get(name, "text"), unit))
            if any(cells.values()):
                rows.append(Row({name: cells[name] for name in names}, self.sheet, line, letters))
        return tuple(rows)

    def choice(self, name: str, text: str) -> str:
        if name not in CHOSEN or not text:
            return text
        english = {}
        if CHOSEN[name] in ("indicators", "regions", "units"):
            english = {key: each.name_en for key, each in getattr(self.catalogue, CHOSEN[name]).items()}
        return chosen(text, self.known[CHOSEN[name]], english)

    def entries(self) -> tuple[tuple[int, dict[str, str], dict[str, str]], ...] | None:
        """Return the rows of the sheet `plan`: line, entry and value, letters; None where its header has faults."""
        if not self.find_header(("entry", "value"), ()):
            return None
        entries, letters = [], self.letters()
        for line in self.lines():
            entry = column_of(self.text(line, "entry", "code"), ENTRIES)
            value = self.text(line, "value", USES.get(entry, "text"))
            entries.append((line, {"entry": entry, "value": self.choice(entry, value)}, letters))
        return tuple(entries)


def _holds(value) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _head(rows, faults: list[Fault], sheet: str) -> dict:
    """Return the head that the entries give, as plan.yaml would hold it."""
    values: dict[str, str] = {}
    identities = []
    for line, cells, letters in rows:
        entry, value = cells["entry"], cells["value"]
        what = f"{letters['entry']} (entry)"
        if entry not in ENTRIES:
            faults.append(unknown(what, entry, ENTRIES, file=sheet, row=line))
        elif entry == "identity":
            identities += [value] if value else []
        elif entry in values:
            once, twice = (
                Phrase("workbooks.fault.entry_once"),
                Phrase("workbooks.fault.entry_twice", entry=entry),
            )
            faults.append(Fault(what, once, twice, sheet, line, Phrase("workbooks.fault.do_remove")))
        else:
            values[entry] = value

    def year(name: str):
        text = values.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else text

    head: dict = {}
    for key in TEXTS:
        head[key] = {lang: values.get(f"{key}_{lang}", "") for lang in LANGS}
    for key in ("document_number", "url"):
        head[key] = values.get(key) or None
    head["date"], head["region"] = values.get("date", ""), values.get("region", "")
    head["draft"] = TRUTH.get(values.get("draft", "").lower(), values.get("draft", ""))
    head["period"], head["base_year"] = [year("first_year"), year("last_year")], year("base_year")
    if values.get("headline"):
        head["headline"] = values["headline"]
    head["identities"] = identities
    if values.get("notes"):
        head["notes"] = values["notes"]
    return head


def _entry(cells: Mapping[str, str]) -> dict:
    """Return a row of the sheets `claims` and `accepted` as an entry of the head."""
    entry: dict = {name: text for name, text in cells.items() if text}
    for name in ("missed", "met"):
        if name in entry and entry[name] != "rest":
            entry[name] = [text for text in SEPARATORS.split(entry[name]) if text]
    return entry

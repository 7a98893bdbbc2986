"""Read the data files as a person saved them: any of the usual encodings, every fault at once."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from planmodel.errors import Fault, PlanmodelError, unknown

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells as text, stripped, and its line number in the file.

    letters: of the columns, where the table stands in a workbook.
    """

    cells: dict[str, str]
    file: str
    line: int
    letters: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(
        self, column: str, expected: str, do: str = "Correct the cell.", found: str | None = None
    ) -> Fault:
        found = repr(self[column]) if found is None else found
        return Fault(self.place(column), expected, found, self.file, self.line, do)

    def unknown(self, column: str, known) -> Fault:
        return unknown(self.place(column), self[column], known, file=self.file, row=self.line)

    def place(self, column: str) -> str:
        """Return a column as an error names it: with its letter in a workbook."""
        return f"{self.letters[column]} ({column})" if column in self.letters else column


def data_folder() -> Path:
    """Return the folder that holds plans, catalogue and scenarios.

    In order: the environment variable PLANMODEL_DATA; `data/` here or in a folder above; the checkout's own.
    """
    named = os.environ.get("PLANMODEL_DATA")
    if named:
        if not Path(named).is_dir():
            raise PlanmodelError(faults=[Fault("PLANMODEL_DATA", "an existing folder", repr(named))])
        return Path(named)
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).resolve().parents[2]):
        if (folder / "data" / "indicators.csv").is_file():
            return folder / "data"
    raise PlanmodelError(
        "No data folder found. Work inside the project, or set PLANMODEL_DATA to its data folder."
    )


def stamp(folder: Path) -> tuple:
    """Return what tells whether files of a folder changed: names, sizes and times. Loaded data are kept by it."""
    files = sorted(path for path in folder.glob("*.*") if path.is_file())
    return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8 with or without BOM, else GB18030; line ends made \\n."""
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise PlanmodelError(faults=[Fault("file", "a file", "a folder", path.name)]) from None
    except FileNotFoundError:
        raise PlanmodelError(
            faults=[
                Fault(
                    "file",
                    "an existing file",
                    "",
                    str(path.name),
                    do=f"Add {path.name} to {path.parent.name}/.",
                )
            ]
        ) from None
    if not raw.strip():
        raise _empty(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
        raise PlanmodelError(
            faults=[
                Fault(
                    "encoding", "UTF-8 or GB18030", "UTF-16 or binary", path.name, do="Save it as CSV UTF-8."
                )
            ]
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
        if not text.strip("\ufeff \n\t"):
            raise _empty(path)
        return text
    raise PlanmodelError(
        faults=[
            Fault("encoding", "UTF-8 or GB18030", "another encoding", path.name, do="Save it as CSV UTF-8.")
        ]
    )


def _empty(path: Path) -> PlanmodelError:
    return PlanmodelError(
        faults=[Fault("file", "some content", "an empty file", path.name, do="Fill it in.")]
    )


class _Loader(yaml.SafeLoader):
    """The safe loader, with dates left as text: they are checked where they are used."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    """Read a mapping; a name that stands twice is a fault, not the last one."""
    loader.flatten_mapping(node)
    names = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for name in names:
        if names.count(name) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"{name!r} twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
YAML_LINES = re.compile("\n|\x85|\u2028|\u2029")


def read_table(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Return the rows of a CSV file; raise with all faults of its shape."""
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        do = "Close the quote, or double it where it is part of the text."
        raise PlanmodelError(
            faults=[Fault("quote", "each quote closed", str(error), path.name, reader.line_num, do)]
        ) from None
    header = [name.strip() for name in lines[0][1]]
    known = (*columns, *optional)
    faults = [
        Fault(name, "this column", "none of that name", path.name, 1, "Add the column.")
        for name in columns
        if name not in header
    ]
    faults += [
        unknown(name or "(unnamed column)", name, known, file=path.name, row=1)
        for name in header
        if name not in known
    ]
    faults += [
        Fault(name, "each column once", "it twice", path.name, 1, "Remove one.")
        for name in set(header)
        if header.count(name) > 1
    ]
    rows = []
    for line, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            faults.append(
                Fault(
                    "row",
                    f"{len(header)} cells",
                    str(len(cells)),
                    path.name,
                    line,
                    "Quote cells that hold commas.",
                )
            )
        rows.append(Row({k: v.strip() for k, v in zip(header, cells, strict=False)}, path.name, line))
    if faults:
        raise PlanmodelError(f"{path.name} cannot be read:", faults)
    return tuple(rows)


def read_yaml(path: Path) -> dict:
    """Return a YAML file's mapping, read without ever running what it holds."""
    text = read_text(path)
    try:
        content = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        lines = YAML_LINES.split(text)
        tab = line is not None and line <= len(lines) and "\t" in lines[line - 1]
        found = "a tab" if tab else str(getattr(error, "problem", None) or "something else")
        do = "Indent with spaces." if tab else "Correct the line; tags such as !!python are refused."
        raise PlanmodelError(faults=[Fault("YAML", "plain YAML", found, path.name, line, do)]) from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"[:80]
        do = "Correct the file; tags such as !!int are not needed."
        raise PlanmodelError(faults=[Fault("YAML", "plain YAML", found, path.name, do=do)]) from None
    if not isinstance(content, dict):
        raise PlanmodelError(faults=[Fault("YAML", "names with values", type(content).__name__, path.name)])
    return content


def number(row: Row, column: str, faults: list[Fault], required: bool = False) -> float | None:
    """Return a cell as a float, None where it is empty; a fault where it is text, NaN or infinite."""
    text = row[column]
    if not text:
        if required:
            faults.append(row.fault(column, "a number", found="an empty cell"))
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        faults.append(row.fault(column, "a number without separators or units"))
        return None
    return value


def year(row: Row, column: str, faults: list[Fault], required: bool = True) -> int | None:
    """Return a cell as a year between 1900 and 2200."""
    text = row[column]
    if not text and not required:
        return None
    if not (text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200):
        faults.append(row.fault(column, "a year such as 2025"))
        return None
    return int(text)


def one_of(row: Row, column: str, known, faults: list[Fault], optional: bool = False) -> str:
    """Return a cell that must be one of the known words."""
    text = row[column]
    if not (text in known or (optional and not text)):
        faults.append(row.unknown(column, known))
    return text


def check_name(what: str, name: str) -> str:
    """Return a name that is safe as a file or folder name, or raise."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise PlanmodelError(
            faults=[
                Fault(
                    what,
                    "lower-case letters, digits, - and _",
                    repr(name),
                    do="Use a name without paths, spaces or dots.",
                )
            ]
        )
    return name

"""Read the data files as a person saved them: any of the usual encodings, every fault at once."""

import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from planmodel.arguments import is_number
from planmodel.arithmetic.periods import calendar
from planmodel.errors import Fault, PlanmodelError, Say, quoted, unknown
from planmodel.files.texts import CONTROL, read_text
from planmodel.words import LANGS, Phrase

DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+,\d{1,2}|\d{4,},\d+|0,\d+|\d+,\d{4,}|\d{1,3}(?:\.\d{3})+,\d+)")
"""A figure with a comma before its decimals; 1,500 may be one with thousands set off."""
PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
SMALLEST, LARGEST = 1e-12, 1e15  # numbers of a size that anything is counted in
COUNTED = Phrase("files.counted")
DECIMAL_POINT = Phrase("files.decimal_point")
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

    def fault(self, column: str, expected: Say, do: Say = "", found: Say = "") -> Fault:
        """Return the fault of a cell; it is named as it stands, or as empty."""
        found = found or (repr(self[column]) if self[column] else Phrase("errors.empty_cell"))
        do = do or Phrase("errors.correct_cell")
        return Fault(self.place(column), expected, found, self.file, self.line, do)

    def unknown(self, column: str, known: Collection[str]) -> Fault:
        """Return the fault of a cell that should hold a known name."""
        return unknown(self.place(column), self[column], known, file=self.file, row=self.line)

    def place(self, column: str) -> str:
        """Return a column as an error names it: with its letter in a workbook."""
        return f"{self.letters[column]} ({column})" if column in self.letters else column


@dataclass
class Entries:
    """The entries of a YAML file, read one by one, with every fault collected."""

    content: dict[str, Any]
    file: str
    faults: list[Fault]

    def fault(self, what: str, expected: Say, found: object, do: Say = "") -> None:
        """Add the fault of an entry."""
        do = do or Phrase("errors.correct_entry")
        told = Phrase("errors.nothing") if found is None else quoted(found)
        self.faults.append(Fault(what, expected, told, self.file, do=do))

    def take(
        self, key: str, good: Callable[[Any], bool], expected: Say, default: Any = None, needed: bool = False
    ) -> Any:
        """Return an entry, or the default where it is missing or, with a fault, where it is not good.

        needed: a missing one is a fault too.
        """
        value = self.content.get(key, default)
        if good is is_text and key in self.content:
            self.content[key] = value = in_languages(value)
        if (needed or key in self.content) and not good(value):
            self.fault(key, expected, value)
            return default
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """Return a number between two ends; a missing one is a fault where there is no default."""
        value: Any = self.content.get(key, default)
        if not is_number(value) or not low <= value <= high:
            self.fault(key, Phrase("errors.between", low=f"{low:g}", high=f"{high:g}"), value)
            return float(default or 0)
        return float(value)

    def known(self, key: str, names: Collection[str]) -> Any:
        """Return an entry that must be one of some names, or nothing."""
        value = self.content.get(key)
        if key in self.content and not (isinstance(value, str) and value in names):
            self.faults.append(unknown(key, str(value), names, file=self.file))
        return value

    def only(self, names: Collection[str]) -> None:
        """Add a fault for each entry of another name."""
        others = (str(key) for key in self.content if key not in names)
        self.faults += [unknown(key, key, names, file=self.file) for key in others]


def is_text(value: object) -> bool:
    """Return True for a text in every language, none of them blank."""
    texts = [value.get(lang) for lang in LANGS] if isinstance(value, Mapping) else [None]
    return all(isinstance(text, str) and text.strip() for text in texts)


def in_languages(value: object) -> object:
    """Return a text by language: one text, or one language alone, stands for every language.

    >>> in_languages("Plan"), in_languages({"en": "Plan", "zh": ""}), in_languages({"zh": "规划"})
    ({'zh': 'Plan', 'en': 'Plan'}, {'zh': 'Plan', 'en': 'Plan'}, {'zh': '规划', 'en': '规划'})
    """
    if isinstance(value, str) and value.strip():
        return dict.fromkeys(LANGS, value)
    if isinstance(value, Mapping) and set(value) <= set(LANGS):
        known = next((value[lang] for lang in reversed(LANGS) if value.get(lang)), None)
        return {lang: value.get(lang) or known for lang in LANGS} if known else value
    return value


def data_folder() -> Path:
    """Return the folder that holds plans, catalogue and scenarios.

    In order: the environment variable PLANMODEL_DATA; `data/` here or in a folder above; the checkout's own.
    """
    named = os.environ.get("PLANMODEL_DATA")
    if named:
        if not Path(named).is_dir():
            raise PlanmodelError.of("PLANMODEL_DATA", Phrase("files.existing_folder"), repr(named))
        return Path(named)
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).resolve().parents[2]):
        if (folder / "data" / "indicators.csv").is_file():
            return folder / "data"
    raise PlanmodelError(Phrase("files.no_data"))


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether files of a folder changed: names, sizes and times. Loaded data are kept by it."""
    try:
        with os.scandir(folder) as entries:
            files = [(each.name, each.stat()) for each in entries if "." in each.name and each.is_file()]
    except OSError:  # no such folder
        return ()
    return tuple(sorted((name, about.st_size, about.st_mtime_ns) for name, about in files))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, with dates left as text: they are checked where they are used."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    """Read a mapping; a name that stands twice is a fault, not the last one."""
    loader.flatten_mapping(node)
    seen = set()
    for key, _ in node.value:
        name = loader.construct_object(key, deep=True)
        if name in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{name!r} twice", node.start_mark)
        seen.add(name)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
MOST_DEPTH, MOST_NODES = 50, 200_000
"""How deep YAML may be nested, and how many entries it may have, those that an alias repeats counted each time."""


def _bounded(text: str) -> None:
    """Raise for YAML that is nested without end or that grows without end by aliases of aliases."""
    open_sizes, sizes, names = [0], dict[str, int](), list[str | None]()

    def close(size: int, anchor: str | None) -> None:
        if anchor:
            sizes[anchor] = size
        open_sizes[-1] += size

    for event in yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            open_sizes.append(1)
            names.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            close(open_sizes.pop(), names.pop())
        elif isinstance(event, yaml.AliasEvent):
            close(sizes.get(event.anchor, 1), None)
        elif isinstance(event, yaml.ScalarEvent):
            close(1, event.anchor)
            if control := CONTROL.search(event.value):
                problem = f"control character {control[0]!r}"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        if len(open_sizes) > MOST_DEPTH or sum(open_sizes) > MOST_NODES:
            raise yaml.MarkedYAMLError(problem="too much of it", problem_mark=event.start_mark)


YAML_LINES = re.compile("\n|\x85|\u2028|\u2029")
SEPARATORS = (",", ";", "\t", "|")


def _lines(path: Path, text: str, known: Collection[str]) -> list[tuple[int, list[str]]]:
    """Return the cells of each line with its number; the separator is the one that finds most of the columns.

    A first line such as `sep=;`, as spreadsheets write it, is none of the table.
    """
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?[,;\s]*', first)

    def columns_by(separator: str) -> int:
        header = next(csv.reader(io.StringIO(first), delimiter=separator), [])
        return len({name.strip() for name in header} & set(known))

    separator = named[1] if named else max(SEPARATORS, key=columns_by)
    reader = csv.reader(io.StringIO(rest if named else text), strict=True, delimiter=separator)
    try:
        return [(reader.line_num + bool(named), cells) for cells in reader]
    except csv.Error as error:
        quotes, do, line = Phrase("files.quotes"), Phrase("files.close_quote"), reader.line_num + bool(named)
        raise PlanmodelError.of("quote", quotes, str(error), path.name, line, do) from None


def read_table(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Return the rows of a CSV file, separated by commas, semicolons or tabs; raise with all faults of its shape."""
    known, faults = (*columns, *optional), list[Fault]()

    def fault(what: Say, expected: Say, found: Say, do: str, line: int = 1) -> None:
        faults.append(Fault(what, expected, found, path.name, line, Phrase(do)))

    lines = _lines(path, read_text(path), known)
    header = [name.strip() for name in lines[0][1]] if lines else []
    for name in columns:
        if name not in header:
            fault(name, Phrase("files.column"), Phrase("files.no_column"), "files.add_column")
    faults += [
        unknown(name or Phrase("files.unnamed_column"), name, known, file=path.name, row=1)
        for name in header
        if name not in known
    ]
    for name, times in Counter(header).items():
        if times > 1:
            fault(name, Phrase("files.once"), Phrase("files.twice"), "files.remove_one")
    rows = []
    for line, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            fault("row", Phrase("files.cells", n=len(header)), str(len(cells)), "files.quote_commas", line)
        rows.append(Row({k: v.strip() for k, v in zip(header, cells, strict=False)}, path.name, line))
    if faults:
        raise PlanmodelError(Phrase("files.unreadable", name=path.name), faults)
    return tuple(rows)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a YAML file's mapping, read without ever running what it holds."""
    text, expected = read_text(path), Phrase("files.yaml")
    try:
        _bounded(text)
        content = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        lines = YAML_LINES.split(text)
        tab = line is not None and line <= len(lines) and "\t" in lines[line - 1]
        problem = str(getattr(error, "problem", None) or "") or Phrase("files.something_else")
        found = Phrase("files.a_tab") if tab else problem
        do = Phrase("files.indent") if tab else Phrase("files.correct_line")
        raise PlanmodelError.of("YAML", expected, found, path.name, line, do) from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"
        raise PlanmodelError.of("YAML", expected, found, path.name, do=Phrase("files.correct_file")) from None
    if not isinstance(content, dict):
        raise PlanmodelError.of("YAML", Phrase("files.mapping"), type(content).__name__, path.name)
    return content


@cache
def shipped(name: str) -> dict[str, Any]:
    """Return a table of statistics that the package ships: planmodel/classes/NAME.json."""
    return json.loads((Path(__file__).parents[1] / "classes" / f"{name}.json").read_text(encoding="utf-8"))


def number(row: Row, column: str, faults: list[Fault], required: bool = False) -> float | None:
    """Return a cell as a float, None where it is empty; a fault where it is no plain number (1e3 is none) or of no size that is counted."""
    text = row[column]
    if not text:
        faults += [row.fault(column, Phrase("files.a_number"))] if required else []
        return None
    if not PLAIN_NUMBER.fullmatch(text):
        plain = DECIMAL_POINT if DECIMAL_COMMA.fullmatch(text) else Phrase("files.plain_number")
        faults.append(row.fault(column, plain))
        return None
    value = float(text)
    counted = value == 0 or SMALLEST <= abs(value) <= LARGEST
    faults += [] if counted else [row.fault(column, COUNTED)]
    return value if counted else None


def once_a_file(faults: list[Fault]) -> None:
    """Leave one fault a file of those that are one mistake of the program that saved it: decimal commas."""
    commas = [fault for fault in faults if fault.expected == DECIMAL_POINT]
    first = {fault.file: fault for fault in reversed(commas)}
    faults[:] = [f for f in faults if f.expected != DECIMAL_POINT or first[f.file] is f]


def year(row: Row, column: str, faults: list[Fault]) -> int | None:
    """Return a cell as a year between 1900 and 2200; a fiscal year is the one it ends in."""
    text = calendar(row[column])
    if not (text.isascii() and text.isdigit() and 1900 <= int(text) <= 2200):
        faults.append(row.fault(column, Phrase("files.year")))
        return None
    return int(text)


def one_of(row: Row, column: str, known: Collection[str], faults: list[Fault], optional: bool = False) -> str:
    """Return a cell that must be one of the known words."""
    text = row[column]
    if not (text in known or (optional and not text)):
        faults.append(row.unknown(column, known))
    return text


def check_name(what: str, name: str) -> str:
    """Return a name that is safe as a file or folder name, or raise."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise PlanmodelError.of(what, Phrase("files.name"), repr(name), do=Phrase("files.use_name"))
    return name

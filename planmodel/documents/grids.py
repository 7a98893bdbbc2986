"""Tables of indicators as grids: columns and what their heads say they hold, rows with their cells; those with tabs between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planmodel.documents.grammar import ended, pattern, plain
from planmodel.documents.passages import lines_of

NUMBER = re.compile(r"\d{1,3}[a-z]?\.?|[IVX]+\.\d+|\d+(?:\.\d+)+")
VALUED = ("base", "target", "record")
"""Roles of columns with figures; the others: number, group, name, unit, attribute, year (of the base), skip."""
LONGEST_CELL = 48


@dataclass(frozen=True)
class Column:
    """A column: what its cells are (see VALUED), of which year, whether they are growth rates, and the unit in its head."""

    role: str
    year: int | None = None
    growth: bool = False
    unit: str = ""
    head: str = ""


def is_value(text: str) -> bool:
    """Return whether a cell holds a figure, or a mark for none.

    >>> is_value("[-9.88]"), is_value("7以上"), is_value("--"), is_value("2025年")
    (True, True, True, False)
    """
    return len(text) <= LONGEST_CELL and bool(pattern("zh.value").fullmatch(plain(text).strip()))


def is_promise(text: str) -> bool:
    """Return whether a cell holds a goal in words: as assigned, in step with another, still to come."""
    return bool(pattern("zh.cells").match(plain(text)))


def is_unit(text: str) -> bool:
    """Return whether a cell holds a unit.

    >>> is_unit("万元/人"), is_unit("微克/立方米"), is_unit("指标")
    (True, True, False)
    """
    bare = plain(text).strip()
    known = pattern("zh.unit_cell").fullmatch(bare) or pattern("en.unit_cell").fullmatch(bare)
    return len(text) <= LONGEST_CELL and bool(known)


def is_name(text: str) -> bool:
    """Return whether a cell can name an indicator.

    >>> is_name("城镇化率"), is_name("Exports"), is_name("约束性"), is_name("万元")
    (True, True, False, False)
    """
    letters = re.search(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}", text)
    other = is_value(text) or is_promise(text) or pattern("zh.binding").fullmatch(text)
    return bool(letters) and not other and not pattern("zh.unit_cell").fullmatch(plain(text).strip())


def says(what: str, head: str, anywhere: bool = False) -> bool:
    """Return whether a head says what a column holds, in either language."""
    chinese, other = re.sub(r"\s", "", head), head.strip().lower()
    zh, en = pattern(f"zh.columns.{what}"), pattern(f"en.columns.{what}")
    return bool((zh.search(chinese) if anywhere else zh.fullmatch(chinese)) or en.fullmatch(other))


def columns_of(heads: Sequence[str], first: int | None) -> tuple[Column, ...]:
    """Return the columns that heads name; first: the first year of the promises, where that is known.

    >>> [c.role for c in columns_of(["序号", "指标", "单位", "2020年", "2025年", "年均", "属性"], 2021)]
    ['number', 'name', 'unit', 'base', 'target', 'target', 'attribute']
    """
    years = [int(y) for head in heads for y in pattern("zh.year_head").findall(head)]
    last = max(years, default=None)
    made: list[Column] = []
    for head in (ended(plain(head)) for head in heads):
        match = pattern("zh.year_head").search(head)
        year = int(match[1]) if match else None
        unit = re.search(r"[(]([^()]*)[)]", re.sub(r"\s", "", head))
        of = unit[1] if unit and is_unit(unit[1]) else ""
        growth = says("growth", head, anywhere=True)
        role = next((role for role in ("number", "unit", "group", "year") if says(role, head)), "")
        if role:
            pass
        elif says("attribute", head, anywhere=True):
            role = "attribute"
        elif says("record", head, anywhere=True):
            role, year = "record", year or (last if growth else None)
            before = year is not None and last is not None and year < last
            if not growth and (before or (year is None and not says("done", head, anywhere=True))):
                role = "base"
        elif says("target", head, anywhere=not says("name", head)):
            role, year = "target", year or last
        elif year:
            start = first if first and any(y >= first for y in years) else last
            role = "target" if start and year >= start else "base"
        elif growth:
            role, year = "target", last
        else:
            role = "name" if says("name", head, anywhere=True) else "skip"
        made.append(Column(role, year, growth, of, head))
    return tuple(made)


@dataclass(frozen=True)
class Cell:
    """A cell of a table and its place in the document's text; marks: of each letter, where they do not stand in a row."""

    text: str
    start: int
    end: int
    marks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """A row: its number, name, unit and attribute, and its cells; places: their columns, empty where they are not known.

    own: how many of the cells stand in the line of the name. year: of its base, where a column says it.
    """

    number: str
    name: Cell
    unit: str
    attribute: str
    cells: tuple[Cell, ...]
    places: tuple[int, ...] = ()
    own: int = 0
    year: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table: where it stands, its title, the columns of its figures, and its rows."""

    start: int
    end: int
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def valued(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that hold figures."""
    return tuple(c for c in columns if c.role in VALUED)


def grid_of(
    columns: Sequence[Column], rows: Sequence[Mapping[int, Cell]], start: int, end: int
) -> Grid | None:
    """Return the table of rows whose cells stand under known columns; nothing where no row has a name and a figure."""
    places = [k for k, c in enumerate(columns) if c.role in VALUED]
    lines: list[Line] = []
    for cells in rows:
        said = {columns[k].role: cell for k, cell in cells.items() if cell.text}
        held = [(n, cells[k]) for n, k in enumerate(places) if k in cells and cells[k].text]
        if "name" in said and held:
            told = {role: cell.text for role, cell in said.items()}
            number = told.get("number", "").rstrip(".、")
            number = number if NUMBER.fullmatch(number) else str(len(lines) + 1)
            year = told.get("year", "")
            lines.append(
                Line(
                    number, said["name"], told.get("unit", ""), told.get("attribute", ""), tuple(c for _, c in held),
                    tuple(n for n, _ in held), year=int(year) if re.fullmatch(r"(?:19|20)\d\d", year) else None,
                )
            )  # fmt: skip
    return Grid(start, end, "", valued(columns), tuple(lettered(lines))) if lines else None


def lettered(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield rows; those that share a number are told apart by letters."""
    of, seen = Counter(line.number for line in lines), Counter[str]()
    for line in lines:
        letter = chr(ord("a") + seen[line.number] % 26) if of[line.number] > 1 else ""
        seen[line.number] += 1
        yield replace(line, number=line.number + letter)


def tabbed(text: str, first: int | None) -> Iterator[Grid]:
    """Yield the tables whose cells stand between tabs; first: the first year of the document's promises."""
    rows: list[tuple[int, str]] = []
    for at, line in [*lines_of(text), (len(text), "")]:
        if "\t" in line:
            rows.append((at, line))
            continue
        if len(rows) >= 2 and (grid := _real(rows, first)):
            yield grid
        rows = []


def _real(rows: Sequence[tuple[int, str]], first: int | None) -> Grid | None:
    """Return the table of lines with tabs: heads stand above the first row that holds figures."""
    matrix: list[list[Cell]] = []
    for at, line in rows:
        cells = []
        for part in line.split("\t"):
            cells.append(Cell(part.strip(), at + len(part) - len(part.lstrip()), at + len(part.rstrip())))
            at += len(part) + 1
        matrix.append(cells)

    def is_row(cells: Sequence[Cell]) -> bool:
        figures = [c for c in cells[1:] if is_value(c.text) and not re.fullmatch(r"(?:19|20)\d\d", c.text)]
        return bool(figures) and not all(c.text == cells[0].text for c in cells)

    top = next((n for n, cells in enumerate(matrix) if n and is_row(cells)), len(matrix))
    body = [dict(enumerate(cells)) for cells in matrix[top:]]
    heads = []
    for k in range(max(map(len, matrix))):
        texts = [cells[k].text for cells in matrix[:top] if k < len(cells) and cells[k].text]
        heads.append(" ".join(dict.fromkeys(texts)))
    columns = list(columns_of(heads, first))
    roles = [c.role for c in columns]
    if "target" not in roles:
        return None
    if "name" not in roles:
        free = [
            k for k, role in enumerate(roles) if role in ("skip", "group") and any(k in r and is_name(r[k].text) for r in body)
        ]  # fmt: skip
        if not free:
            return None
        ahead = [k for k in free if k < min(roles.index(role) for role in VALUED if role in roles)]
        columns[[*free[:1], *ahead][-1]] = Column("name")
    return grid_of(columns, body, rows[0][0], rows[-1][0] + len(rows[-1][1]))

"""Tables of indicators in a document's text: their columns, and their rows cell by cell, however they are laid out.

In a text a table may stand one cell a line, one row a line, or both; empty cells leave no trace. A row is then its cells
in order, and which column each belongs to is decided where the row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planmodel.documents.grammar import pattern, plain
from planmodel.documents.passages import HEADING, lines_of

ROLES = ("number", "group", "name", "unit", "attribute", "base", "target", "record", "skip")
YEAR_HEAD = re.compile(r"((?:19|20)\d\d)\s*年?")
VALUE = re.compile(
    r"[≥≤><＞＜≧≦约~±]*\s*[\[(〔【]?\s*[≥≤><约+\-−]*\d[\d.,]*\s*[%‰]?(?:\s*[-—~～至、]\s*\d[\d.,]*%?)*\s*[\])〕】]?\s*%?(?:以上|左右|以内|以下|及以上|上下)?"
    r"[*＊†‡①-⑳]{0,2}"
    r"|[-—–/]{1,3}|\*+\d*"
)
DATED = re.compile(r"((?:19|20)\d\d)年[:：]?\s*(?=\d|$)")
NOTE = re.compile(r"\s*(?:注|备注|说明|资料来源|来源)\s*[:：\d]")
LONGEST_CELL, MOST_HEADS = 48, 40


@dataclass(frozen=True)
class Cell:
    """A cell of a table and its place in the document's text; marks: of each letter, where they do not stand in a row."""

    text: str
    start: int
    end: int
    marks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column: what its cells are (see ROLES), of which year, whether they are growth rates, and the unit in its head."""

    role: str
    year: int | None = None
    growth: bool = False
    unit: str = ""
    head: str = ""


@dataclass(frozen=True)
class Line:
    """A row: its number, name, unit and attribute, and its cells; places: their columns, empty where they are not known.

    own: how many of the cells stand in the line of the name.
    """

    number: str
    name: Cell
    unit: str
    attribute: str
    cells: tuple[Cell, ...]
    places: tuple[int, ...] = ()
    own: int = 0


@dataclass(frozen=True)
class Grid:
    """A table: where it stands, its title, the columns of its figures, and its rows."""

    start: int
    end: int
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def is_value(text: str) -> bool:
    """Return whether a cell holds a figure, or a mark for none.

    >>> is_value("[-9.88]"), is_value("7以上"), is_value("--"), is_value("2025年")
    (True, True, True, False)
    """
    return len(text) <= LONGEST_CELL and bool(VALUE.fullmatch(plain(text).strip()))


def is_promise(text: str) -> bool:
    """Return whether a cell holds a goal in words: as assigned, in step with another, still to come."""
    return bool(pattern("zh.cells").match(plain(text)))


def is_unit(text: str) -> bool:
    """Return whether a cell holds a unit.

    >>> is_unit("万元/人"), is_unit("微克/立方米"), is_unit("指标")
    (True, True, False)
    """
    return len(text) <= LONGEST_CELL and bool(_unit_pattern().fullmatch(plain(text).strip()))


def _unit_pattern() -> re.Pattern[str]:
    from planmodel.documents.grammar import any_of, rules

    words = rules()["zh"]
    one = rf"(?:{any_of(words['multipliers'])})?(?:{any_of(words['units'])})"
    return re.compile(
        rf"{one}(?:[/·](?:{any_of(words['multipliers'])})?(?:{any_of(words['units'])})?)*(?:标煤|标准煤)?|标煤|标准煤|--|(?:\d|例|人)?/1?0?[十百千万]+(?:人|户)?"
    )


def _says(what: str, head: str, anywhere: bool = False) -> bool:
    """Return whether a head says what a column holds, in either language."""
    chinese, other = re.sub(r"\s", "", head), head.strip().lower()
    zh, en = pattern(f"zh.columns.{what}"), pattern(f"en.columns.{what}")
    return bool((zh.search(chinese) if anywhere else zh.fullmatch(chinese)) or en.fullmatch(other))


def columns_of(heads: Sequence[str], first: int | None) -> tuple[Column, ...]:
    """Return the columns that heads name; first: the first year of the promises, where that is known.

    >>> [c.role for c in columns_of(["序号", "指标", "单位", "2020年", "2025年", "年均", "属性"], 2021)]
    ['number', 'name', 'unit', 'base', 'target', 'target', 'attribute']
    """
    years = [int(y) for head in heads for y in YEAR_HEAD.findall(head)]
    last = max(years, default=None)
    made: list[Column] = []
    for head in map(plain, heads):
        found = YEAR_HEAD.search(head)
        year = int(found[1]) if found else None
        unit = re.search(r"[(]([^()]*)[)]", re.sub(r"\s", "", head))
        of = unit[1] if unit and is_unit(unit[1]) else ""
        growth = _says("growth", head, anywhere=True)
        if _says("number", head):
            role = "number"
        elif _says("unit", head):
            role = "unit"
        elif _says("group", head):
            role = "group"
        elif _says("attribute", head, anywhere=True):
            role = "attribute"
        elif _says("record", head, anywhere=True):
            role, year = "record", year or (last if growth else None)
        elif _says("target", head, anywhere=not _says("name", head)):
            role, year = "target", year or last
        elif year:
            start = first if first and any(y >= first for y in years) else last
            role = "target" if start and year >= start else "base"
        elif growth:
            role, year = "target", last
        elif _says("name", head, anywhere=True):
            role = "name"
        else:
            role = "skip"
        before = year is not None and last is not None and year < last
        if (
            role == "record"
            and not growth
            and (before or (year is None and not _says("done", head, anywhere=True)))
        ):
            role = "base"
        made.append(Column(role, year, growth, of, re.sub(r"\s", "", head)))
    return tuple(made)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    line: int

    @property
    def cell(self) -> Cell:
        return Cell(self.text, self.start, self.start + len(self.text))


def _tabbed(text: str, first: int | None) -> Iterator[Grid]:
    """Yield the tables whose cells stand between tabs: their columns are known."""
    rows: list[tuple[int, str]] = []
    for at, line in [*lines_of(text), (len(text), "")]:
        if line.count("\t") >= 1:
            rows.append((at, line))
            continue
        if len(rows) >= 2:
            yield from _real(text, rows, first)
        rows = []


def _real(text: str, rows: Sequence[tuple[int, str]], first: int | None) -> Iterator[Grid]:
    """Yield the table of rows whose cells are told apart: heads stand above the first row that holds figures."""
    matrix = []
    for at, line in rows:
        cells = []
        for part in line.split("\t"):
            cells.append(Cell(part.strip(), at + len(part) - len(part.lstrip()), at + len(part.rstrip())))
            at += len(part) + 1
        matrix.append(cells)
    width = max(map(len, matrix))

    def is_row(cells: Sequence[Cell]) -> bool:
        figures = [c for c in cells[1:] if is_value(c.text) and not re.fullmatch(r"(?:19|20)\d\d", c.text)]
        return bool(figures) and not all(c.text == cells[0].text for c in cells)

    top = next((n for n, cells in enumerate(matrix) if n and is_row(cells)), 0)
    if not top:
        return
    heads = []
    for k in range(width):
        texts = [cells[k].text for cells in matrix[:top] if k < len(cells) and cells[k].text]
        heads.append(" ".join(dict.fromkeys(texts)))
    columns = list(columns_of(heads, first))
    if not any(c.role == "target" for c in columns):
        return
    if not any(c.role == "name" for c in columns):
        free = [
            k
            for k, c in enumerate(columns)
            if c.role in ("skip", "group") and any(len(r) > k and _is_name(r[k].text) for r in matrix[top:])
        ]
        if not free:
            return
        columns[free[-1]] = Column("name", head=columns[free[-1]].head)
    valued = [k for k, c in enumerate(columns) if c.role in ("base", "target", "record")]
    lines: list[Line] = []
    for cells in matrix[top:]:
        said = {
            c.role: cells[k]
            for k, c in enumerate(columns)
            if k < len(cells)
            and cells[k].text
            and c.role not in ("base", "target", "record", "skip", "group")
        }
        held = [(n, cells[k]) for n, k in enumerate(valued) if k < len(cells) and cells[k].text]
        if "name" in said and held:
            number = said["number"].text.rstrip(".、") if "number" in said else ""
            number = number if re.fullmatch(r"\d+[a-z]?", number) else str(len(lines) + 1)
            told = {role: said[role].text if role in said else "" for role in ("unit", "attribute")}
            lines.append(
                Line(
                    number,
                    said["name"],
                    told["unit"],
                    told["attribute"],
                    tuple(c for _, c in held),
                    tuple(n for n, _ in held),
                )
            )
    if lines:
        yield Grid(rows[0][0], rows[-1][0] + len(rows[-1][1]), "", _valued(columns), tuple(_lettered(lines)))


def _lettered(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield rows; those that share a number are told apart by letters."""
    for n, line in enumerate(lines):
        same = [k for k, other in enumerate(lines) if other.number == line.number]
        yield (
            replace(line, number=f"{line.number}{chr(ord('a') + same.index(n) % 26)}")
            if len(same) > 1
            else line
        )


def _tokens(text: str, left_out: Sequence[tuple[int, int]] = ()) -> tuple[list[_Token], list[bool]]:
    """Return the cells that lines of a text may hold, and of each line whether it is prose."""
    tokens, prose = [], []
    for number, (at, line) in enumerate(lines_of(text)):
        bare = plain(line).strip()
        cells = [
            (m.start(), m[0])
            for m in re.finditer(r"\S+(?: (?=[A-Za-z(])\S+)*" if "\t" not in line else r"[^\t]+", line)
        ]
        is_prose = (
            bool(re.search(r"[。;]", bare)) or max((len(c) for _, c in cells), default=0) > LONGEST_CELL
        )
        is_prose = is_prose or any(start <= at < end for start, end in left_out)
        prose.append(is_prose)
        if not is_prose:
            tokens += [
                _Token(cell.strip(), at + start + len(cell) - len(cell.lstrip()), number)
                for start, cell in cells
                if cell.strip()
            ]
    return tokens, prose


def grids(text: str, first: int | None = None) -> Iterator[Grid]:
    """Yield the tables of indicators in a text; first: the first year of the document's promises."""
    taken = list(_tabbed(text, first))
    yield from taken
    tokens, prose = _tokens(text, [(grid.start, grid.end) for grid in taken])
    i = 0
    while i < len(tokens):
        head = _head(tokens, i, prose)
        if head is None:
            i += 1
            continue
        body, names = head
        end = _end(tokens, body, prose)
        columns = columns_of(_flat_heads(names), first)
        lines = tuple(_lines(tokens[body:end], columns))
        if (
            any(c.role in ("base", "target", "record") for c in columns)
            and sum(bool(l.cells) for l in lines) >= 2
        ):
            title = _title(tokens, i)
            begin = tokens[i].start
            yield Grid(
                begin, tokens[end - 1].start + len(tokens[end - 1].text), title, _valued(columns), lines
            )
            i = end
        else:
            i += 1


def _valued(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(c for c in columns if c.role in ("base", "target", "record"))


def _is_head(text: str) -> bool:
    bare = re.sub(r"\s", "", plain(text))
    return (
        len(bare) <= 16
        and not HEADING.match(bare)
        and bool(
            pattern("zh.columns").fullmatch(bare)
            or re.fullmatch(r"(?:19|20)\d\d年?(?:\S{0,8})|[((]\S{1,6}[))]", bare)
        )
    )


def _head(tokens: list[_Token], i: int, prose: list[bool]) -> tuple[int, list[str]] | None:
    """Return where the body of a table begins and the heads above it, where a table begins at a token."""
    if not any(_says(role, tokens[i].text) for role in ("number", "group", "name")):
        return None
    heads: list[str] = []
    j = i
    while j < min(len(tokens), i + MOST_HEADS + 1) and _is_head(tokens[j].text):
        if any(prose[tokens[max(j - 1, i)].line : tokens[j].line]):
            break
        heads.append(tokens[j].text)
        j += 1
    if len(heads) > MOST_HEADS:
        return None
    bare = [re.sub(r"\s", "", plain(h)) for h in heads]
    named = any(pattern("zh.columns.name").search(h) for h in bare)
    figured = any(YEAR_HEAD.search(h) or pattern("zh.columns.target").search(h) for h in bare)
    return (j, heads) if len(heads) >= 3 and named and figured and j < len(tokens) else None


def _flat_heads(heads: list[str]) -> list[str]:
    """Return one head a column: words of one head that stand apart are joined, heads above several go before each.

    >>> _flat_heads(["指标", "2015年", "规划目标", "完成情况", "指标", "属性", "2020年", "年均", "2020年", "年均"])[2:4]
    ['规划目标2020年', '规划目标年均']
    """
    made = list(heads)
    for k in range(len(made) - 1, 0, -1):
        if (made[k - 1], made[k]) in (("指标", "属性"), ("指标", "名称"), ("指标", "类型"), ("指标", "性质")):
            made[k - 1 : k + 1] = [made[k - 1] + made[k]]
    for k in range(len(made) - 1, 0, -1):
        if re.fullmatch(r"(?:19|20)\d\d年?", made[k - 1]) and re.fullmatch(
            r"[\u4e00-\u9fff]{0,4}值", made[k]
        ):
            made[k - 1 : k + 1] = [made[k - 1] + made[k]]
    above = [
        k
        for k, h in enumerate(made)
        if re.fullmatch(pattern("zh.columns.above").pattern, re.sub(r"\s", "", plain(h)))
    ]
    if not above:
        return made
    below = made[max(above) + 1 :]
    tail = [h for h in below if YEAR_HEAD.search(h) or pattern("zh.columns.growth").search(plain(h))]
    each = len(tail) // len(above)
    if not each or len(tail) % len(above):
        return made
    rest = [h for h in below if h not in tail]
    groups = [made[k] + tail[n * each + m] for n, k in enumerate(above) for m in range(each)]
    return [*made[: above[0]], *groups, *rest]


def _title(tokens: list[_Token], i: int) -> str:
    """Return the line above a table, where it is its title."""
    if i == 0:
        return ""
    above = [t.text for t in tokens[max(0, i - 6) : i] if t.line >= tokens[i].line - 8]
    joined = " ".join(above)
    found = re.search(r"(?:表|专栏)?\s*[一二三四五六七八九十\d]*\s*\S*(?:指标|目标)\S*$", joined)
    return found[0].strip() if found else (above[-1] if above else "")


def _end(tokens: list[_Token], body: int, prose: list[bool]) -> int:
    """Return where the body of a table ends: at prose, a note, a heading, or the head of another table."""
    j = body
    while j < len(tokens):
        token = tokens[j]
        before = tokens[j - 1].line
        if any(prose[before : token.line]) or NOTE.match(token.text):
            break
        heading = HEADING.match(plain(token.text))
        if heading and heading.lastgroup != "three" and len(token.text) > heading.end():
            break
        if (
            j > body
            and j + 1 < len(tokens)
            and re.fullmatch(r"表\s*[一二三四五六七八九十\d]+\S*", token.text)
        ):
            break
        j += 1
    return j


def _lines(tokens: list[_Token], columns: Sequence[Column]) -> Iterator[Line]:
    """Yield the rows of a body: numbered ones begin at the next number, others at a name."""
    starts = _numbered(tokens)
    if starts:
        for n, at in enumerate(starts):
            stop = starts[n + 1] if n + 1 < len(starts) else len(tokens)
            own = re.match(r"(\d{1,3})[.、．](?=[^\d\s])", tokens[at].text)
            if own:  # the number stands before the name
                cut = replace(
                    tokens[at], text=tokens[at].text[own.end() :], start=tokens[at].start + own.end()
                )
                yield from _rows([cut, *tokens[at + 1 : stop]], own[1])
            else:
                yield from _rows(tokens[at + 1 : stop], tokens[at].text.rstrip(".、"))
        return
    by_line: dict[int, list[_Token]] = {}
    for token in tokens:
        by_line.setdefault(token.line, []).append(token)
    if len(by_line) < 0.6 * len(tokens):  # a row a line
        number = 0
        for line in by_line.values():
            for row in _rows(line, ""):
                number += 1
                yield Line(str(number), row.name, row.unit, row.attribute, row.cells, (), row.own)
        return
    for number, row in enumerate(_rows(tokens, ""), 1):
        yield Line(str(number), row.name, row.unit, row.attribute, row.cells, (), row.own)


def _numbered(tokens: list[_Token]) -> list[int]:
    """Return where rows begin whose numbers count up from 1."""
    starts: list[int] = []
    for i, token in enumerate(tokens[:-1]):
        own = re.match(rf"{len(starts) + 1}[.、．](?=[^\d\s])", token.text)
        if (own and _is_name(token.text)) or (
            token.text.rstrip(".、") == str(len(starts) + 1) and _is_name(tokens[i + 1].text)
        ):
            starts.append(i)
    return starts if len(starts) >= 2 else []


def _is_name(text: str) -> bool:
    return (
        bool(re.search(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}", text))
        and not is_value(text)
        and not is_unit(text)
        and not is_promise(text)
        and not pattern("zh.binding").fullmatch(text)
    )


def _rows(tokens: Sequence[_Token], number: str) -> Iterator[Line]:
    """Yield the rows of some tokens: names, then a unit, figures and an attribute; a second name begins a row below."""
    rows: list[Line] = []
    names: list[_Token] = []
    unit, attribute, dated = "", "", None
    cells: list[Cell] = []

    def done() -> None:
        nonlocal names, unit, attribute, cells
        if names and (cells or unit or attribute or not rows):
            name = _name(names)
            own = sum(lines[cell.start] == names[-1].line for cell in cells)
            rows.append(Line("", name, unit, attribute, tuple(cells), (), own))
        names, unit, attribute, cells = [], "", "", []

    lines: dict[int, int] = {}
    for token in tokens:
        text = token.text
        if pattern("zh.binding").fullmatch(plain(text)):
            attribute = text
        elif names and DATED.fullmatch(plain(text)):
            dated = token
        elif names and (is_value(text) or is_promise(text) or DATED.match(plain(text))):
            cell = Cell(
                f"{dated.text}{text}" if dated else text,
                dated.start if dated else token.start,
                token.start + len(text),
            )
            lines[cell.start] = token.line
            cells.append(cell)
            dated = None
        elif names and not cells and is_unit(text):
            unit += "" if text == "--" else text
        elif _is_name(text) or names:
            if cells or attribute:
                done()
            if _is_name(text) or names:
                names.append(token)
    done()
    valued = [row for row in rows if row.cells]
    kept = valued or rows[:1]
    for k, row in enumerate(kept):
        letter = chr(ord("a") + k) if len(kept) > 1 else ""
        yield Line(
            number + letter if number else "", row.name, row.unit, row.attribute, row.cells, (), row.own
        )


def _name(names: Sequence[_Token]) -> Cell:
    """Return the name of a row: its last word, with those before it where it goes on from them."""
    kept = [names[-1]]
    for earlier in reversed(names[:-1]):
        joined = earlier.text.count("(") + earlier.text.count("（") > earlier.text.count(
            ")"
        ) + earlier.text.count("）")
        if not joined and not re.match(r"[（(的率量数比]", kept[0].text):
            break
        kept.insert(0, earlier)
    return Cell("".join(t.text for t in kept), kept[0].start, kept[-1].start + len(kept[-1].text))

"""Tables that a text flattens: one cell a line, one row a line, or both; empty cells leave no trace.

A row is then its cells in order, and which column each belongs to is decided where the row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from planmodel.documents.grammar import narrow, pattern, plain
from planmodel.documents.grids import (
    LONGEST_CELL,
    Cell,
    Grid,
    Line,
    columns_of,
    is_name,
    is_promise,
    is_unit,
    is_value,
    lettered,
    says,
    valued,
)
from planmodel.documents.passages import lines_of

MOST_HEADS = 40


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    line: int


def _tokens(text: str, left_out: Sequence[tuple[int, int]] = ()) -> tuple[list[_Token], list[bool]]:
    """Return the cells that lines of a text may hold, and of each line whether it is prose."""
    tokens, prose = [], []
    for number, (at, line) in enumerate(lines_of(text)):
        apart = r"\S+(?: (?=[A-Za-z(])\S+)*" if "\t" not in line else r"[^\t\s][^\t]*"
        cells = list(re.finditer(apart, line))
        sentence = re.search("[。;]", plain(line)) or any(len(m[0]) > LONGEST_CELL for m in cells)
        prose.append(bool(sentence) or any(start <= at < end for start, end in left_out))
        if not prose[-1]:
            tokens += [_Token(m[0].rstrip(), at + m.start(), number) for m in cells]
    return tokens, prose


def flattened(text: str, left_out: Sequence[tuple[int, int]], first: int | None = None) -> Iterator[Grid]:
    """Yield the tables that stand in a text cell by cell, without the parts left out; first: the first year of its promises."""
    tokens, prose = _tokens(text, left_out)
    i = 0
    while i < len(tokens):
        head = _head(tokens, i, prose)
        if head:
            body, names = head
            end = _end(tokens, body, prose)
            columns = valued(columns_of(_flat_heads(names), first))
            lines = tuple(_lines(tokens[body:end]))
            if columns and sum(bool(line.cells) for line in lines) >= 2:
                last = tokens[end - 1]
                yield Grid(tokens[i].start, last.start + len(last.text), _title(tokens, i), columns, lines)
                i = end
                continue
        i += 1


def _bare(text: str) -> str:
    return re.sub(r"\s", "", plain(text))


def _is_head(text: str) -> bool:
    bare = _bare(text)
    known = pattern("zh.year_or_unit").fullmatch(bare) or pattern("zh.columns").fullmatch(bare)
    return len(bare) <= 16 and not pattern("heading").match(bare) and bool(known)


def _head(tokens: list[_Token], i: int, prose: list[bool]) -> tuple[int, list[str]] | None:
    """Return where the body of a table begins and the heads above it, where a table begins at a token."""
    if not any(says(role, tokens[i].text) for role in ("number", "group", "name")):
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
    bare = list(map(_bare, heads))
    named = any(pattern("zh.columns.name").search(h) for h in bare)
    figured = any(pattern("zh.year_head").search(h) or pattern("zh.columns.target").search(h) for h in bare)
    return (j, heads) if len(heads) >= 3 and named and figured and j < len(tokens) else None


def _flat_heads(heads: list[str]) -> list[str]:
    """Return one head a column: words of one head that stand apart are joined, heads above several go before each.

    >>> _flat_heads(["指标", "2015年", "规划目标", "完成情况", "指标", "属性", "2020年", "年均", "2020年", "年均"])[2:4]
    ['规划目标2020年', '规划目标年均']
    """
    made = list(heads)
    for k in range(len(made) - 1, 0, -1):
        split = pattern("zh.split_head").fullmatch(f"{made[k - 1]} {made[k]}")
        year = pattern("zh.year_alone").fullmatch(made[k - 1])
        if split or (year and pattern("zh.value_head").fullmatch(made[k])):
            made[k - 1 : k + 1] = [made[k - 1] + made[k]]
    above = [k for k, head in enumerate(made) if pattern("zh.columns.above").fullmatch(_bare(head))]
    if not above:
        return made
    below, dated, growth = made[max(above) + 1 :], pattern("zh.year_head"), pattern("zh.columns.growth")
    tail = [head for head in below if dated.search(head) or growth.search(plain(head))]
    each = len(tail) // len(above)
    if not each or len(tail) % len(above):
        return made
    rest = [head for head in below if head not in tail]
    groups = [made[k] + tail[n * each + m] for n, k in enumerate(above) for m in range(each)]
    return [*made[: above[0]], *groups, *rest]


def _title(tokens: list[_Token], i: int) -> str:
    """Return the line above a table, where it is its title."""
    if i == 0:
        return ""
    above = [t.text for t in tokens[max(0, i - 6) : i] if t.line >= tokens[i].line - 8]
    joined = " ".join(above)
    match = pattern("zh.table_title").search(joined)
    return match[0].strip() if match else (above[-1] if above else "")


def _end(tokens: list[_Token], body: int, prose: list[bool]) -> int:
    """Return where the body of a table ends: at prose, a note, a heading, or the head of another table."""
    j = body
    while j < len(tokens):
        token = tokens[j]
        before = tokens[j - 1].line
        if any(prose[before : token.line]) or pattern("zh.table_note").match(token.text):
            break
        heading = pattern("heading").match(plain(token.text))
        if heading and heading.lastgroup != "three" and len(token.text) > heading.end():
            break
        another = pattern("zh.table_number").fullmatch(token.text)
        if another and body < j < len(tokens) - 1:
            break
        j += 1
    return j


def _lines(tokens: list[_Token]) -> Iterator[Line]:
    """Yield the rows of a body: numbered ones begin at the next number, others at a name."""
    starts = _numbered(tokens)
    for at, stop in zip(starts, [*starts[1:], len(tokens)], strict=False):
        own = re.match(r"(\d{1,3})[.、．](?=[^\d\s])", tokens[at].text)
        if own:  # the number stands before the name
            name = replace(tokens[at], text=tokens[at].text[own.end() :], start=tokens[at].start + own.end())
            yield from _rows([name, *tokens[at + 1 : stop]], own[1])
        else:
            yield from _rows(tokens[at + 1 : stop], tokens[at].text.rstrip(".、"))
    if starts:
        return
    by_line = [list(line) for _, line in groupby(tokens, key=lambda token: token.line)]
    a_row_a_line = len(by_line) < 0.6 * len(tokens)
    rows = [row for line in (by_line if a_row_a_line else [tokens]) for row in _rows(line, "")]
    for number, row in enumerate(rows, 1):
        yield replace(row, number=str(number))


def _numbered(tokens: list[_Token]) -> list[int]:
    """Return where rows begin whose numbers count up from 1."""
    starts: list[int] = []
    for i, token in enumerate(tokens[:-1]):
        number = len(starts) + 1
        own = re.match(rf"{number}[.、．](?=[^\d\s])", token.text)
        alone = token.text.rstrip(".、") == str(number)
        if (own and is_name(token.text)) or (alone and is_name(tokens[i + 1].text)):
            starts.append(i)
    return starts if len(starts) >= 2 else []


def _rows(tokens: Sequence[_Token], number: str) -> Iterator[Line]:
    """Yield the rows of some tokens: names, then a unit, figures and an attribute; a second name begins a row below."""
    rows: list[Line] = []
    names: list[_Token] = []
    unit, attribute, dated = "", "", None
    cells: list[Cell] = []

    def done() -> None:
        nonlocal names, unit, attribute, cells
        if names and (cells or unit or attribute or not rows):
            own = sum(lines[cell.start] == names[-1].line for cell in cells)
            rows.append(Line("", _name(names), unit, attribute, tuple(cells), (), own))
        names, unit, attribute, cells = [], "", "", []

    lines: dict[int, int] = {}
    for token in tokens:
        text = token.text
        if pattern("zh.binding").fullmatch(plain(text)):
            attribute = text
        elif names and pattern("zh.dated").fullmatch(plain(text)):
            dated = token
        elif names and (is_value(text) or is_promise(text) or pattern("zh.dated").match(plain(text))):
            first, ahead = (dated.start, dated.text) if dated else (token.start, "")
            lines[first] = token.line
            cells.append(Cell(ahead + text, first, token.start + len(text)))
            dated = None
        elif names and not cells and is_unit(text):
            unit += "" if text == "--" else text
        elif is_name(text) or names:
            if cells or attribute:
                done()
            if is_name(text) or names:
                names.append(token)
    done()
    kept = [replace(row, number=number) for row in [row for row in rows if row.cells] or rows[:1]]
    yield from lettered(kept) if number else kept


def _name(names: Sequence[_Token]) -> Cell:
    """Return the name of a row: its last word, with those before it where it goes on from them."""
    kept = [names[-1]]
    for earlier in reversed(names[:-1]):
        words = narrow(earlier.text)
        if words.count("(") <= words.count(")") and not pattern("zh.name_goes_on").match(kept[0].text):
            break
        kept.insert(0, earlier)
    return Cell("".join(t.text for t in kept), kept[0].start, kept[-1].start + len(kept[-1].text))

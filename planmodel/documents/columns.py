"""Columns of tables of indicators: what their heads say they hold, and what a cell can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planmodel.documents.grammar import ended, pattern, plain

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
        found = pattern("zh.year_head").search(head)
        year = int(found[1]) if found else None
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

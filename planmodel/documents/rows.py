"""Rows of tables as proposals: which column each cell belongs to, and what its figure promises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from planmodel.documents.english import english
from planmodel.documents.grammar import PERCENT, entry, is_chinese, named, pattern, plain
from planmodel.documents.grids import Cell, Column, Grid, Line, is_unit, is_value
from planmodel.documents.passages import Frame, Passage, plan_years
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal

FIGURE = re.compile(r"[+\-−]?\d[\d,]*(?:\.\d+)?")
NOTE_MARK = re.compile(r"[*＊†‡①-⑳]+$")
BRACKETED = re.compile(r"[\[(〔【]\s*(?P<inner>[^\[\]]*?)\s*[\])〕】]")
UNIT_END = re.compile(r"\s*[(（]\s*([^()（）]+(?:/[^()（）]+)?)\s*[)）]\s*$")


@dataclass(frozen=True)
class Figured:
    """What a cell prints: its figures, sign included, whether in brackets, with a percent sign, of which year."""

    values: tuple[float, ...]
    prints: tuple[str, ...]
    bracket: bool
    percent: bool
    comparator: str
    year: int | None
    upper: float | None = None


def figured(text: str) -> Figured:
    """Return what a cell prints.

    >>> figured("[21.2、20.3]").values, figured("≥93.3").comparator, figured("2019年0.546").year
    ((21.2, 20.3), 'ge', 2019)
    """
    bare = plain(text).strip()
    bare = NOTE_MARK.sub("", bare) if re.search(r"\d", text) else bare
    dated = pattern("zh.dated").match(bare)
    rest = bare[dated.end() :] if dated else bare
    bracket = BRACKETED.fullmatch(re.sub(r"[^\])〕】]*$", "", rest)) if rest[:1] in "[(〔【" else None
    inner = bracket["inner"] if bracket else rest
    prints = FIGURE.findall(inner)
    comparator = next((name for name, words in named("zh.before") if words.match(inner.lstrip())), "")
    comparator = next((name for name, words in named("zh.after") if words.search(rest)), comparator)
    upper = None
    spread = pattern("zh.spread").fullmatch(inner)
    if spread:
        prints, upper, comparator = [spread[1]], float(spread[2].replace(",", "")), "range"
    values = tuple(float(p.replace(",", "").replace("−", "-")) for p in prints)
    year = int(dated[1]) if dated else None
    return Figured(values, tuple(prints), bool(bracket), "%" in rest, comparator, year, upper)


def aligned(line: Line, columns: Sequence[Column], unit: str) -> dict[int, Cell]:
    """Return the cells of a row by column: those that the fewest oddities speak against, where places are not known."""
    if line.places:
        return dict(zip(line.places, line.cells, strict=True))
    cells = line.cells[: len(columns)]
    facts = [figured(cell.text) for cell in cells]
    levels = [f.values[0] for f in facts if f.values and not f.bracket]
    best: tuple[float, tuple[int, ...]] = (1e9, ())
    for places in combinations(range(len(columns)), len(cells)):
        used = [columns[place] for place in places]
        cost = sum(_odd(fact, column, unit, levels) for fact, column in zip(facts, used, strict=True))
        roles = [c.role for c in used]
        cost += 3.0 * ("target" not in roles)
        cost += "base" not in roles and any(c.role == "base" for c in columns)
        cost += 0.5 * ("record" not in roles and any(c.role == "record" for c in columns))
        if "record" in roles:
            for growth in (False, True):
                of = [c.role for c in used if c.growth == growth]
                cost += 0.5 * (("target" in of) != ("record" in of))
        cost += 0.1 * sum(c.growth for c in used)
        if line.own and line.own == len(cells):
            alone = "target" not in roles and places == (0,) and not facts[0].bracket
            cost += 1.5 * (places != tuple(range(len(cells)))) - 3.0 * alone
        elif line.own == 0 and len(cells) == 1 and roles == ["base"]:
            cost += 2
        if cost < best[0]:
            best = (cost, places)
    return dict(zip(best[1], cells, strict=True))


def _odd(fact: Figured, column: Column, unit: str, levels: Sequence[float]) -> float:
    """Return how odd a cell is in a column."""
    if not fact.values:
        return 0.0
    if column.growth:
        value, level = fact.values[0], next(iter(levels), 0.0)
        near = level and value != level and 0.35 < abs(value / level) < 3
        near = near and not (fact.bracket or fact.percent)
        return (1.0 if near else 0.0) + (3.0 if not fact.bracket and abs(value) > 60 else 0.0)
    odd = 1.0 if fact.bracket else 0.0
    return odd + (2.0 if fact.percent and unit not in ("%", "") else 0.0)


def table_rows(grid: Grid, number: int, frame: Frame) -> Iterator[Proposal]:
    """Yield the proposals of a table; number: which of the document's tables it is."""
    for line in grid.lines:
        yield from _Row(grid, line, f"T{number}", frame).read()


class _Row:
    """A row of a table while it is read."""

    def __init__(self, grid: Grid, line: Line, table: str, frame: Frame):
        self.grid, self.line, self.table, self.frame = grid, line, table, frame
        self.name = NOTE_MARK.sub("", line.name.text.strip())
        self.unit = line.unit
        match = UNIT_END.search(plain(self.name))
        if match and is_unit(match[1]):
            of = match[1].replace(" ", "") if is_chinese(match[1]) else match[1].strip()
            self.unit, self.name = self.unit or of, self.name[: match.start()].strip()
        self.attribute = entry("zh.attributes").get(plain(line.attribute).strip(), "none")
        placed = aligned(line, grid.columns, self.unit)
        self.held = [(grid.columns[place], cell, figured(cell.text)) for place, cell in placed.items()]
        of_targets = [(c, f) for c, _, f in self.held if c.role == "target"]
        self.has_level = any(not c.growth and f.values and not f.bracket for c, f in of_targets)
        self.base = self.based()

    def read(self) -> Iterator[Proposal]:
        part = 0
        for column, cell, fact in self.held:
            if column.role == "target":
                in_words = re.search(r"[A-Za-z]{2,}\s[A-Za-z\d]", cell.text) and not is_chinese(cell.text)
                for made in self.said(cell, column) if in_words else self.targets(cell, column, fact):
                    part += 1
                    yield replace(made, number=self.line.number, part=part, attribute=self.attribute)
        ahead = [c.year for c in self.grid.columns if c.role == "target"]
        if ahead and not any(c.role == "target" for c, _, _ in self.held):
            yield self.target(self.line.name, ahead[0], kind=self.plain_kind(), status="missing", printed="")
        for column, cell, fact in self.held:
            if column.role == "record" and len(fact.values) == 1:
                grows = column.growth and not fact.bracket
                yield self.made(
                    OBSERVATION, "record", cell, kind="annual_growth" if grows else "level", value=fact.values[0],
                    printed=cell.text, year=fact.year or column.year, unit="%" if grows else self.unit,
                )  # fmt: skip

    def based(self) -> dict[str, Any]:
        """Return the base of a row: its figure, print, unit and year."""
        bases = [(c, cell, f) for c, cell, f in reversed(self.held) if c.role == "base"]
        for column, cell, fact in bases:
            if len(fact.values) == 1 and not column.growth:
                return {
                    "base_value": fact.values[0], "base_printed": cell.text.strip(), "base_unit": self.unit,
                    "base_year": fact.year or column.year or self.line.year,
                }  # fmt: skip
        years = [c.year for c in self.grid.columns if c.role == "base" and c.year]
        span = plan_years(self.grid.title)
        year = years[-1] if years else span[0] - 1 if span else self.frame.base
        words = [cell.text for _, cell, fact in reversed(bases) if not fact.values][:1]
        printed = words[0] if words and not is_value(words[0]) else ""
        return {"base_year": year, "base_printed": printed} if year else {}

    def said(self, cell: Cell, column: Column) -> Iterator[Proposal]:
        """Return what a cell promises in sentences."""
        marks = cell.marks or range(cell.start, cell.end)
        passage = Passage(plain(cell.text), marks, self.grid.title, "goals", column.year)
        return english(passage, self.frame, self.name, self.table)

    def targets(self, cell: Cell, column: Column, fact: Figured) -> Iterator[Proposal]:
        """Yield what a cell promises, a proposal a figure."""
        text = plain(cell.text).strip()
        if re.fullmatch(r"[-—–/]{1,3}", text):
            return
        if re.fullmatch(r"\*+\S*", text):
            yield self.target(cell, column.year, kind=self.plain_kind(), status="masked")
        elif not fact.values:
            other = pattern("zh.cell_beside").match(text)
            if other:
                of = other["slower"] or other[1]
                yield self.target(cell, column.year, kind="relative", relative_to=of)
            elif pattern("zh.cell_assigned").search(text):
                yield self.target(cell, column.year, kind=self.plain_kind(), status="assigned")
            return
        for value, name in zip(fact.values, self.parts(len(fact.values)), strict=False):
            kind, unit = self.worded(text) or self.kind(fact, value, column)
            falls = kind in ("cumulative_change_pct", "change_pp") and pattern("falls").search(self.name)
            yield self.target(
                cell, column.year, kind=kind, unit=unit, value=value, upper=fact.upper, indicator=name,
                comparator=fact.comparator or "eq", direction="down" if falls else "",
            )  # fmt: skip

    def parts(self, n: int) -> list[str]:
        """Return the names of the figures of one cell: those that the row's name lists."""
        listed = re.search(r"[(（]([^()（）]*[、,，][^()（）]*)[)）]", self.name)
        items = re.split(r"[、，]|,(?!\d{3})", listed[1]) if listed else []
        if n > 1 and listed and len(items) == n:
            rest = pattern("zh.name_filler").sub("", self.name[: listed.start()])
            return [item + rest for item in items]
        return [self.name] * n

    def plain_kind(self) -> str:
        """Return the kind that the name of a row tells."""
        if pattern("falls").search(self.name):
            in_points = pattern("zh.name_rate_falls").search(self.name)
            return "change_pp" if in_points else "cumulative_change_pct"
        if pattern("rates").search(self.name[-4:] if is_chinese(self.name) else self.name):
            return "annual_growth"
        if pattern("zh.mean_growth").match(self.name):
            return "mean_annual_flow"
        return "cumulative_sum" if pattern("zh.name_total").match(self.name) else "level"

    def worded(self, text: str) -> tuple[str, str] | None:
        """Return the kind and the unit that the words in a cell tell, where there are some."""
        if pattern("zh.points").search(text):
            return "change_pp", entry("zh.written.points")
        if "%" in text and pattern("falls").search(text) and not pattern("zh.upto_letter").search(text):
            return "cumulative_change_pct", "%"
        if "%" in text and pattern("rates").search(text):
            return "annual_growth", "%"
        if pattern("zh.cell_sum").search(text):
            return "cumulative_sum", self.unit
        return ("annual_flow", self.unit) if pattern("zh.cell_yearly").search(text) else None

    def kind(self, fact: Figured, value: float, column: Column) -> tuple[str, str]:
        """Return the kind and the unit of a figure of a row."""
        unit, own, before = self.unit, self.plain_kind(), self.base.get("base_value")
        if pattern("zh.points").search(unit) or unit.startswith("percentage point"):
            return "change_pp", unit
        share = unit in PERCENT or (not unit and bool(pattern("row_share").search(self.name)))
        if own in ("annual_growth", "cumulative_change_pct", "change_pp"):
            return ("cumulative_change_pct" if fact.bracket and own == "annual_growth" else own), unit or "%"
        if fact.bracket:
            if fact.percent:
                return "cumulative_change_pct", "%"
            if share:
                points = entry("zh.written.points") if column.growth and self.has_level else unit
                return "change_pp", column.unit or points
            return ("change_units" if value < 0 or self.has_level else "cumulative_sum"), unit
        if column.growth:
            if pattern("zh.total").search(column.head) and not pattern("zh.mean_growth").search(column.head):
                return "cumulative_sum", unit
            if unit in PERCENT and before and fact.comparator and 0.35 < value / before < 3:
                return "level", unit  # a bound of the rate itself stands in the last column
            if unit in PERCENT and not fact.percent:
                return "change_pp_per_year", column.unit or "%"
            return "annual_growth", "%"
        if own == "level" and isinstance(before, float):
            floor = fact.comparator == "ge" and before >= value
            if floor or (fact.comparator == "le" and before <= value and share):
                return "keep", unit
        return own, unit or ("%" if fact.percent else "")

    def target(self, cell: Cell, year: int | None, **given: Any) -> Proposal:
        given = {"printed": cell.text.strip(), "unit": self.unit} | given
        return self.made(TARGET, "outcome", cell, year=year, **self.base, **given)

    def made(self, row: str, sort: str, cell: Cell, **given: Any) -> Proposal:
        name = self.line.name
        start, end = min(name.start, cell.start), max(name.end, cell.end)
        given = {"indicator": self.name, "comparator": ""} | given
        return Proposal(
            row, "", start, end, cell.start, sort=sort, section=self.grid.title, attribute=self.attribute,
            table=self.table, number=self.line.number, basis="table", **given,
        )  # fmt: skip

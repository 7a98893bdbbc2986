"""Columns of a plan's tables and entries of its head: what they hold, and what is asked of each by itself."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planmodel.arithmetic.periods import calendar, parse_period, publication_day
from planmodel.errors import Fault, unknown
from planmodel.files.reading import Entries, Row, is_text, number, one_of, year
from planmodel.plans.catalogue import BASES, Catalogue
from planmodel.plans.kinds import KINDS, Kind
from planmodel.plans.model import CHOICES, Claim, Target, Term, grouped, identity_of
from planmodel.words import Phrase

HEAD_FILE = "plan.yaml"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    holds: text, code (an id or a mark), number, year or date. among: the list that its cells choose from. good: what a text
    must be (words/plans.yaml says it under `cell`). needed: whether a cell may not be empty, of its row. unit: the column with
    the unit of its figures. optional: a file may do without the column.
    """

    name: str
    holds: str = "text"
    among: str = ""
    good: Callable[[str], object] | None = None
    needed: bool | Callable[[Row], object] = False
    unit: str = ""
    optional: bool = False

    def read(self, row: Row, lists: Mapping[str, Collection[str]], faults: list[Fault]) -> Any:
        """Return the cell of a row: a number or year, or None; else its text."""
        needed, text = bool(self.needed(row) if callable(self.needed) else self.needed), row[self.name]
        if self.among:
            return one_of(row, self.name, lists[self.among], faults, optional=not needed)
        if self.holds == "number":
            return number(row, self.name, faults, required=needed)
        if self.holds == "year":
            return year(row, self.name, faults)
        if (needed and not text) or (text and self.good and not self.good(text)):
            faults.append(row.fault(self.name, Phrase(f"plans.cell.{self.name}")))
        return text


def _chosen(name: str, among: str, needed: bool | Callable[[Row], object] = True) -> Column:
    return Column(name, "code", among, needed=needed)


def _code(name: str, pattern: str) -> Column:
    return Column(name, "code", good=re.compile(pattern).fullmatch, needed=True)


REGION = Column("region", "code", "regions")
BASIS = Column("price_basis", "code", "bases")
SOURCE = Column("source", needed=True)
TARGETS = (
    _code("table", r"T\d+|text"),
    _code("number", r"\d+[a-z]?"),
    _code("part", r"[1-9][0-9]*"),
    _chosen("indicator", "indicators"),
    REGION,
    Column("base_year", "year"),
    Column("base_printed"),
    Column("base_value", "number", unit="base_unit"),
    _chosen("base_unit", "units", lambda row: row["base_value"]),
    Column("target_year", "year"),
    Column("target_printed"),
    Column("target_value", "number", unit="unit"),
    Column("target_upper", "number", unit="unit"),
    _chosen(
        "unit", "units", lambda row: row["status"] == "printed" and KINDS.get(row["kind"], Kind("")).figure
    ),
    _chosen("comparator", "comparators", False),
    _chosen("kind", "kinds"),
    _chosen("status", "statuses"),
    _chosen("attribute", "attributes"),
    BASIS,
    _chosen("relative_to", "indicators", lambda row: row["kind"] == "relative"),
    Column("definition"),
    SOURCE,
    Column("note"),
    Column("owner", optional=True),
)
OBSERVATIONS = (
    _chosen("indicator", "indicators"),
    REGION,
    Column("period", "date", good=parse_period, needed=True),
    _chosen("measure", "measures"),
    Column("value", "number", needed=True, unit="unit"),
    _chosen("unit", "units"),
    Column("printed"),
    _chosen("comparator", "comparators", False),
    BASIS,
    Column("definition"),
    _chosen("vintage", "vintages"),
    Column("published", "date", good=publication_day),
    SOURCE,
    Column("url"),
    Column("target", "code"),
    Column("note"),
)
NODES = (
    Column("target", "code"),
    Column("year", "year"),
    Column("value", "number", needed=True, unit="unit"),
    _chosen("unit", "units"),
    Column("printed"),
    SOURCE,
    Column("url"),
    Column("note"),
)
HEAD: Mapping[str, tuple[Column, ...]] = {
    "title": (Column("title_zh"), Column("title_en")),
    "short": (Column("short_zh"), Column("short_en")),
    "issuer": (Column("issuer_zh"), Column("issuer_en")),
    "document_number": (Column("document_number", optional=True),),
    "date": (Column("date", "date"),),
    "draft": (Column("draft", "code", "truth"),),
    "period": (Column("first_year", "year"), Column("last_year", "year")),
    "base_year": (Column("base_year", "year"),),
    "region": (REGION,),
    "url": (Column("url", optional=True),),
    "headline": (Column("headline", "code", "indicators", optional=True),),
    "identities": (Column("identity", optional=True),),
    "claims": (Column("table", "code", optional=True), Column("missed"), Column("met"), SOURCE),
    "accepted": (Column("finding", optional=True), Column("reason")),
    "notes": (Column("notes", optional=True),),
}
"""Entries of a plan's head in their order, with the cells that say each in a workbook; claims and accepted are tables there.
A plan may do without an entry whose first cell is optional."""
HEAD_TABLES = ("claims", "accepted")
TABLES = {"targets": TARGETS, "observations": OBSERVATIONS, "nodes": NODES}
"""The columns of a plan's tables, by the name of the file."""
OPTIONAL_TABLES = ("nodes",)
COLUMNS: Mapping[str, Column] = {
    column.name: column for columns in (*HEAD.values(), *TABLES.values()) for column in columns
}
"""Every column and entry by name: one that stands in several tables holds the same in each."""


def names_of(columns: tuple[Column, ...], optional: bool = False) -> tuple[str, ...]:
    """Return the names of the columns that a file must have, or of those it may have.

    >>> names_of(TARGETS, optional=True), names_of(NODES)[:3]
    (('owner',), ('target', 'year', 'value'))
    """
    return tuple(column.name for column in columns if column.optional == optional)


def rows_in(table: str, rows: Iterable[Mapping[str, str]]) -> tuple[Row, ...]:
    """Return rows of texts by column as those of a table's file; what they do not say is empty.

    >>> rows_in("nodes", [{"target": "T1/1/1", "year": "2023"}])[0]["value"]
    ''
    """
    names = names_of(TABLES[table])
    whole = ({name: row.get(name, "") for name in names} for row in rows)
    return tuple(Row(cells, f"{table}.csv", line) for line, cells in enumerate(whole, 2))


def lists_of(catalogue: Catalogue) -> dict[str, Collection[str]]:
    """Return what the cells of a column may choose from, by the name of the list."""
    own = {"indicators": catalogue.indicators, "regions": catalogue.regions, "units": catalogue.units}
    return {**CHOICES, **own, "kinds": KINDS, "bases": BASES, "truth": ("true", "false")}


def read_cells(
    row: Row, columns: tuple[Column, ...], catalogue: Catalogue, faults: list[Fault]
) -> dict[str, Any]:
    """Return the cells of a row by column, with the faults of each added."""
    lists = lists_of(catalogue)
    return {column.name: column.read(row, lists, faults) for column in columns}


def check_head(head: dict[str, Any], catalogue: Catalogue, faults: list[Fault]) -> None:
    """Add the faults of a plan's head; entries that cannot be used are emptied."""
    entries = Entries(head, HEAD_FILE, faults)
    for key, columns in HEAD.items():
        if key not in head and not columns[0].optional:
            entries.fault(key, Phrase("plans.head.entry"), None)
    entries.only(HEAD)
    for key in ("title", "short", "issuer"):
        entries.take(key, is_text, Phrase("plans.head.text"))
    entries.take("draft", lambda value: isinstance(value, bool), Phrase("plans.head.truth"))
    entries.take("date", lambda value: publication_day(str(value)) is not None, Phrase("plans.head.date"))
    for key in ("period", "base_year"):
        head |= {key: _calendar(head[key])} if key in head else {}
    period = entries.take("period", _is_period, Phrase("plans.head.period"))
    base_year = entries.take("base_year", _is_year, Phrase("plans.head.base_year"))
    if period and base_year and base_year > period[0]:
        entries.fault("base_year", Phrase("plans.head.base_before", year=period[0]), base_year)
    entries.known("region", catalogue.regions)
    entries.known("headline", catalogue.indicators)
    lines = Phrase("plans.head.lines")
    head["identities"] = entries.take("identities", lambda value: isinstance(value or [], list), lines)
    for line in head["identities"] or ():
        identity = identity_of(str(line))
        if identity is None:
            entries.fault("identities", Phrase("plans.head.identity"), line)
            continue
        for term in identity.terms:
            _check_term(term, catalogue, entries)
    for claim in _entries(entries, "claims", ("table", "source")):
        _check_claim(claim, entries)
    for entry in _entries(entries, "accepted", ("finding", "reason")):
        if not all(isinstance(entry[key], str) and entry[key].strip() for key in ("finding", "reason")):
            entries.fault("accepted", Phrase("plans.head.accepted"), entry, Phrase("plans.head.fill_in"))


def _check_term(term: Term, catalogue: Catalogue, entries: Entries) -> None:
    if term.indicator not in catalogue.indicators:
        entries.faults.append(unknown("identities", term.indicator, catalogue.indicators, file=HEAD_FILE))
    elif not catalogue.indicators[term.indicator].unit:
        has_unit = Phrase("plans.head.has_unit", name=term.indicator)
        entries.fault("identities", has_unit, entries.content["identities"])
    if term.region and term.region not in catalogue.regions:
        entries.faults.append(unknown("identities", term.region, catalogue.regions, file=HEAD_FILE))


def _check_claim(claim: dict[str, Any], entries: Entries) -> None:
    for key, expected in (("missed", Phrase("plans.head.rows")), ("met", Phrase("plans.head.rows_or_rest"))):
        rows = claim.get(key)
        good = isinstance(rows, list) and all(isinstance(row, str | int) for row in rows)
        if not good and not (key == "met" and rows == "rest") and rows is not None:
            entries.fault(f"claims, {key}", expected, rows)
            claim[key] = []


def check_rows_of_claims(head: dict[str, Any], targets: Iterable[Target], faults: list[Fault]) -> None:
    """Add a fault for each row that a claim names and the plan's targets do not have."""
    tables = grouped(targets, lambda target: target.table)
    rows = {table: {target.number for target in own} for table, own in tables.items()}
    for claim in map(claim_of, head.get("claims") or ()):
        if claim.table not in rows:
            faults.append(unknown("claims, table", str(claim.table), rows, file=HEAD_FILE))
            continue
        for named in (*claim.missed, *claim.met):
            if named not in rows[claim.table]:
                faults.append(unknown("claims, row", named, rows[claim.table], file=HEAD_FILE))


def _entries(entries: Entries, key: str, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the entries of a list of mappings that have the keys needed; the others are faults and left out."""
    listed = entries.content.get(key) or []
    some = listed if isinstance(listed, list) else [None]
    good = [e for e in some if isinstance(e, dict) and set(needed) <= set(e)]
    if len(good) < len(some):
        entries.fault(key, Phrase("plans.head.list", first=needed[0], second=needed[1]), listed)
    entries.content[key] = good
    return good


def claim_of(entry: dict[str, Any]) -> Claim:
    """Return a claim of its entry."""

    def rows(key: str) -> tuple[str, ...]:
        listed = entry.get(key) or ()
        return () if listed == "rest" else tuple(str(row) for row in listed)

    return Claim(entry["table"], rows("missed"), rows("met"), entry.get("met") == "rest", entry["source"])


def _calendar(value: Any) -> Any:
    """Return fiscal years as the years they end in, in a list too; all else as it is."""
    if isinstance(value, list):
        return [_calendar(each) for each in value]
    text = calendar(value) if isinstance(value, str) and "/" in value else ""
    return int(text) if text.isascii() and text.isdigit() else value


def _is_year(value: object) -> bool:
    return type(value) is int and 1900 <= value <= 2200


def _is_period(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_year, value)) and value[0] <= value[1]

"""From proposals to a plan: the sheet in which a person accepts, corrects or drops each, and the plan made of it."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import shorten

from planmodel.documents.grammar import entry, is_chinese, pattern
from planmodel.documents.newcomers import Newcomers
from planmodel.documents.proposals import TARGET, Proposal, Reading
from planmodel.documents.subjects import POSSIBLE, SURE
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.files.reading import Row, check_name, data_folder
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.plans.columns import rows_in
from planmodel.plans.kinds import KINDS
from planmodel.plans.loading import Source, build_plan
from planmodel.words import LANGS, Phrase, by_language, group, phrase
from planmodel.workbooks.form import both, plan_workbook
from planmodel.workbooks.opening import open_workbook
from planmodel.workbooks.reading import read_workbook
from planmodel.workbooks.updating import Imported, extend_catalogue, save_source

ACCEPT, DROP = "accept", "drop"
MOST_QUOTED, LONGEST_PRINT, SHORT = 300, 80, 40


@dataclass(frozen=True)
class PlanRows:
    """The rows of a plan as proposals make them.

    decisions: by table, of each row accept or nothing; looks: what a person should look at. made: the proposal of each row.
    new: rows that the catalogue would need.
    """

    source: Source
    decisions: Mapping[str, tuple[str, ...]]
    looks: Mapping[str, tuple[str, ...]]
    made: Mapping[str, tuple[Proposal, ...]]
    new: Newcomers


def rows_of(readings: Sequence[Reading]) -> PlanRows:
    """Return the rows that proposals make; those that are whole and surely named are accepted beforehand.

    readings: of the parts of one document; the head is that of the first.
    """
    new = Newcomers(load_catalogue())
    head = dict(readings[0].head)
    head["region"] = head["region"] or new.region(str(head["title"]))
    ahead = [p.year for reading in readings for p in reading.targets if p.year]
    if head["first_year"] and not head["last_year"]:
        head["last_year"] = max(ahead, default=None)
    rows: dict[str, list[dict[str, str]]] = {"targets": [], "observations": []}
    made: dict[str, list[Proposal]] = {"targets": [], "observations": []}
    prose = 0
    for n, reading in enumerate(readings):
        for p in reading.proposals:
            plain = p.kind == "level" and p.value  # a coefficient counts in ones
            unit = new.unit(p.unit or (entry("zh.written.multiple") if plain else ""))
            own = _indicator(p, unit, new)
            if p.row == TARGET:
                prose += not p.table
                table = f"T{int(p.table[1:]) + 100 * n}" if p.table else "text"
                number = p.number if p.table else str(prose)
                rows["targets"].append(_target(p, own, unit, table, number, head, new))
                made["targets"].append(p)
            elif p.value is not None and p.year:
                rows["observations"].append(_observation(p, own, unit))
                made["observations"].append(p)
    _number_parts(rows["targets"])
    extended = new.known
    tables = {name: rows_in(name, of) for name, of in rows.items()}
    source = Source(readings[0].name, Path(), _head(head), **tables)
    looks = {name: _looks(source, name, extended) for name in rows}
    margin = both(Phrase("documents.margin"), " / ")
    by_margin = [p.basis == "by_margin" for p in made["targets"]]
    looks["targets"] = tuple(
        margin if no_kind else look for no_kind, look in zip(by_margin, looks["targets"], strict=True)
    )
    decisions: dict[str, tuple[str, ...]] = {}
    once: set[tuple[str, ...]] = set()
    for name, of in rows.items():
        each = zip(made[name], of, looks[name], strict=True)
        clear = (not look and _is_clear(p, name, cells, once) for p, cells, look in each)
        decisions[name] = tuple(ACCEPT if taken else "" for taken in clear)
    return PlanRows(source, decisions, looks, {k: tuple(v) for k, v in made.items()}, new)


def _is_clear(p: Proposal, table: str, cells: Mapping[str, str], once: set[tuple[str, ...]]) -> bool:
    """Return whether a row may be taken without a look: of an indicator that is surely named, or of a table's that is surely new,
    and not said before.
    """
    surely = p.sure >= SURE or (p.table and p.row == TARGET and p.sure < POSSIBLE)
    if not surely or p.sort in ("project", "input"):
        return False
    if table == "targets":
        return True
    key = (cells["indicator"], cells["region"], cells["period"], cells["measure"])
    if key in once:
        return False
    once.add(key)
    return True


def _indicator(p: Proposal, unit: str, new: Newcomers) -> str:
    """Return the id of a proposal's indicator; one that the catalogue surely lacks, or has in another unit, is made."""
    own = new.catalogue.indicators.get(p.id) if p.sure >= SURE else None
    in_unit = KINDS[p.kind].in_unit if p.row == TARGET else p.kind == "level"
    if own and (not (in_unit and unit and own.unit) or new.known.alike(unit, own.unit)):
        return own.id
    growth = p.kind in ("annual_growth", "multiple", "relative")
    return new.indicator(p.indicator, unit, growth, (), p.kind in ("cumulative_sum", "annual_flow")).id


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"


def _source_of(p: Proposal) -> str:
    where, _, number = p.place.partition(":")
    return " ".join(part for part in (p.section, f"({'p.' if where == 'page' else 'l.'} {number})") if part)


def _target(
    p: Proposal, indicator: str, unit: str, table: str, number: str, head: Mapping[str, object], new: Newcomers
) -> dict[str, str]:  # fmt: skip
    """Return a proposal as a row of targets.csv."""
    own = new.catalogue.indicators.get(indicator)
    value, printed = p.value, p.printed
    falls = p.direction == "down" and not (own and own.reduction_of)
    changes = p.kind in KINDS and KINDS[p.kind].figure in ("percent", "points", "change")
    if falls and value is not None and changes:
        value, quote = -abs(value), " ".join(p.quote.split())
        printed = quote if len(quote) <= LONGEST_PRINT else printed  # that it falls stands before the figure
    base_year = p.base_year or head.get("base_year") or (p.year - 1 if p.year else "")
    if p.year and isinstance(base_year, int) and base_year >= p.year:
        base_year = p.year - 1
    base_unit = new.unit(p.base_unit or p.unit) if p.base_value is not None else ""
    return {
        "table": table, "number": number, "part": str(p.part), "indicator": indicator, "region": p.region,
        "base_year": str(base_year), "base_printed": p.base_printed, "base_value": _digits(p.base_value), "base_unit": base_unit,
        "target_year": str(p.year or ""), "target_printed": printed, "target_value": _digits(value), "target_upper": _digits(p.upper),
        "unit": unit, "comparator": p.comparator if p.value is not None else "", "kind": p.kind, "status": p.status, "attribute": p.attribute,
        "relative_to": new.found(p.relative_to) if p.relative_to else "", "source": _source_of(p),
        "note": "" if p.table else p.quote.strip()[:MOST_QUOTED],
    }  # fmt: skip


def _observation(p: Proposal, indicator: str, unit: str) -> dict[str, str]:
    """Return a proposal as a row of observations.csv."""
    measures = {"annual_growth": "growth", "change_pp": "change_pp", "change_units": "change_units"}
    measure = measures.get(p.kind, "value")
    return {
        "indicator": indicator, "region": p.region, "period": p.period or str(p.year), "measure": measure, "value": _digits(p.value),
        "unit": unit, "printed": p.printed, "vintage": "plan", "source": _source_of(p), "note": p.quote.strip()[:MOST_QUOTED],
    }  # fmt: skip


def _number_parts(rows: Sequence[dict[str, str]]) -> None:
    """Number the figures of one row of a table through."""
    seen: Counter[tuple[str, str]] = Counter()
    for cells in rows:
        key = (cells["table"], cells["number"])
        seen[key] += 1
        cells["part"] = str(seen[key])


def short_title(title: str) -> str:
    """Return what a plan's title says first, without the words that all of them have.

    >>> short_title("临海市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要"), short_title("湖州市“十四五”服务业发展规划（草案）")
    ('临海市“十四五”', '湖州市“十四五”服务业')
    >>> short_title("Vision 2031: Five Year Development Plan of the State")
    'Vision 2031: Five Year Development Plan…'
    """
    short = pattern("zh.plan_named").sub(lambda named: entry("zh.written.plan").format(named[1]), title)
    short = pattern("zh.title_filler").sub("", short).strip() or title
    if len(short) <= SHORT:
        return short
    return f"{short[: SHORT // 2]}…" if is_chinese(short) else shorten(short, SHORT, placeholder="…")


def _head(head: Mapping[str, object]) -> dict[str, object]:
    """Return what a document says of itself as the head of a plan; what it does not say is empty."""
    title = str(head["title"])
    short = short_title(title)
    issuer = by_language(lambda lang: str(head["issuer"]) or phrase("documents.no_issuer", lang))
    return {
        "title": dict.fromkeys(LANGS, title), "short": dict.fromkeys(LANGS, short), "issuer": issuer,
        "document_number": head["document_number"] or None, "date": head["date"] or str(head["first_year"] or ""), "draft": head["draft"],
        "period": [head["first_year"] or head["last_year"] or "", head["last_year"] or ""],
        "base_year": head["base_year"] or (int(str(head["last_year"])) - 1 if head["last_year"] else ""), "region": head["region"],
    }  # fmt: skip


def _looks(source: Source, table: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return of each row what its checks say, empty where they say nothing."""
    faults: list[Fault] = []
    rows: tuple[Row, ...] = getattr(source, table) or ()
    region = str((source.head or {}).get("region") or "") or next(iter(catalogue.regions))
    alone = replace(source, head={**(source.head or {}), "region": region}, targets=(), observations=())
    alone = replace(alone, targets=rows) if table == "targets" else replace(alone, observations=rows)
    build_plan(alone, catalogue, faults)
    by_line: dict[int, list[str]] = {}
    for fault in faults:
        if fault.row and fault.file == f"{table}.csv":
            told = Phrase("documents.look", what=fault.what, expected=fault.expected)
            by_line.setdefault(fault.row, []).append(both(told, " / "))
    return tuple("; ".join(by_line.get(row.line, ())) for row in rows)


def proposals_workbook(readings: Sequence[Reading]) -> bytes:
    """Return proposals as a workbook: a plan's own, and before each row whether it is taken, as written, the quote and its place."""
    made = rows_of(readings)
    heads = {key: f"({key}) {text['zh']}" for key, text in group("documents.sheet.heads.").items()}
    beside = {
        name: {
            heads["decision"]: list(made.decisions[name]),
            heads["sure"]: [f"{p.sure:.2f}" if p.sure else "" for p in made.made[name]],
            heads["written"]: [p.indicator for p in made.made[name]],
            heads["near"]: [p.id for p in made.made[name]],
            heads["quote"]: [p.quote.strip()[:MOST_QUOTED] for p in made.made[name]],
            heads["look"]: list(made.looks[name]),
        }
        for name in ("targets", "observations")
    }
    used = {cell for name in beside for row in getattr(made.source, name) for cell in row.cells.values()}
    choose = {heads["decision"]: [ACCEPT, DROP]}
    return plan_workbook(made.source, made.new.known, beside, made.new.rows(used), choose)


@dataclass(frozen=True)
class Made:
    """A plan made of proposals: the plan, the rows added to the catalogue, and how many proposals were taken and not."""

    imported: Imported
    added: Mapping[str, tuple[str, ...]]
    taken: int
    dropped: int
    open: int


def plan_from(path: Path, name: str, region: str = "", folder: Path | None = None) -> Made:
    """Make a plan of the proposals that a person has accepted in a workbook, and the rows of the catalogue that it needs.

    region: where the workbook does not name it, or instead of what it names.

    Errors: PlanmodelError with every fault by sheet, row and column; nothing is written then.
    """
    data = folder or data_folder()
    faults: list[Fault] = []
    decisions = _decided(path, faults)
    counts: Counter[str] = Counter(d for by_row in decisions.values() for d in by_row.values())
    book = read_workbook(path, load_catalogue(data), faults)
    extended = book.catalogue or load_catalogue(data)

    def taken(table: str) -> tuple[Row, ...]:
        rows: tuple[Row, ...] = getattr(book.source, table) or ()
        return tuple(row for row in rows if decisions.get(table, {}).get(row.line, "") == ACCEPT)

    head = dict(book.source.head or {})
    head["region"] = region or head.get("region")
    home = data / "plans" / check_name("plan", name)
    if home.exists():
        free, do = Phrase("commands.data.free"), Phrase("commands.data.choose")
        raise PlanmodelError.of("plan", free, repr(name), do=do)
    rows = {table: taken(table) for table in ("targets", "observations")}
    source = replace(book.source, name=name, folder=home, head=head, **rows)
    if build_plan(replace(source, head=copy.deepcopy(head)), extended, faults) is None:
        placed = dict.fromkeys(map(book.place, faults))
        raise PlanmodelError(Phrase("workbooks.fault.faults", file=path.name), placed)
    used = {str(head["region"]), *(cell for of in rows.values() for row in of for cell in row.cells.values())}
    used |= {extended.indicators[id].unit for id in used & set(extended.indicators)}
    added = {of: [row.cells for row in new if row[of[:-1]] in used] for of, new in book.added.items()}
    extend_catalogue(data, added)
    done = save_source(source, extended)
    ids = {table: tuple(row[table[:-1]] for row in new) for table, new in added.items()}
    return Made(done, ids, counts[ACCEPT], counts[DROP], counts[""])


def _decided(path: Path, faults: list[Fault]) -> dict[str, dict[int, str]]:
    """Return the decisions of a workbook by table and row; what is neither one nor empty is a fault."""
    _, book = open_workbook(path)
    decisions: dict[str, dict[int, str]] = {}
    for sheet in book.worksheets:
        name = sheet.title.partition(" ")[0].lower()
        if name in ("targets", "observations"):
            head, *lines = sheet.iter_rows(values_only=True)
            at = next((k for k, text in enumerate(head) if str(text).startswith("(decision)")), None)
            if at is None:
                wanted, none = Phrase("documents.sheet.column"), Phrase("documents.sheet.none")
                raise PlanmodelError.of("(decision)", wanted, none, f"{path.name}, sheet {sheet.title}")
            said = {n: str(line[at] or "").strip() for n, line in enumerate(lines, 2) if any(line)}
            by_row = {n: text.partition(" ")[0].lower() for n, text in said.items()}
            faults += [
                unknown(
                    "(decision)", said[n], (ACCEPT, DROP), file=f"{path.name}, sheet {sheet.title}", row=n
                )
                for n, word in by_row.items()
                if word not in ("", ACCEPT, DROP)
            ]
            decisions[name] = by_row
    return decisions

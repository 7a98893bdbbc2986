"""Make or update a plan's files from a workbook: nothing is written unless all of it is sound."""

import copy
import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from planmodel.drafting import Draft, Drafted
from planmodel.errors import Fault, PlanmodelError, Say
from planmodel.files.folders import aside, write_atomically
from planmodel.files.reading import NAME, check_name, data_folder, in_languages
from planmodel.files.texts import read_text
from planmodel.plans import Plan
from planmodel.plans.catalogue import COLUMNS as CATALOGUE
from planmodel.plans.catalogue import Catalogue, load_catalogue
from planmodel.plans.columns import HEAD, HEAD_FILE, HEAD_TABLES, OPTIONAL_TABLES, TABLES, names_of
from planmodel.plans.loading import RESERVED, Source, build_plan, read_plan, read_source
from planmodel.plans.promises import same_promise
from planmodel.words import Phrase, percent
from planmodel.workbooks.form import fingerprint
from planmodel.workbooks.reading import Workbook, read_workbook

KEYS = {
    "targets": ("table", "number", "part"),
    "observations": ("indicator", "region", "period", "measure", "definition", "vintage", "source"),
    "nodes": ("target", "year"),
}
"""By which columns a row is the same row before and after."""
SHOWN_CHANGES = 12
TAKEN = ".imported"  # beside a plan's files: which workbook they were last imported from

EMPTY = Phrase("errors.empty_cell")  # what a cell is once it was refused: told once


@dataclass(frozen=True)
class Imported:
    """A plan made from a workbook, and what changed: one line a change, none where its files say the same already.

    stale: the plan's files were changed since the workbook was written, so that it undoes that. hidden: rows that were read though
    the workbook hides them, by sheet.
    """

    plan: Plan
    folder: Path
    new: bool
    changes: tuple[Say, ...]
    stale: bool = False
    hidden: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def import_workbook(
    path: Path, name: str = "", dry_run: bool = False, folder: Path | None = None, force: bool = False
) -> Imported:
    """Make or update the plan that a workbook holds; with dry_run only say what would change.

    name: of the plan's folder (default: the workbook's entry `plan`, else the file's name). folder: the data folder.
    What the workbook does not speak of (sheets and optional columns that it lacks, comments of plan.yaml) stays.

    force: also where another plan than the workbook's own would be replaced, or changes made since it was written undone.

    Errors: PlanmodelError with every fault by sheet, row and column; nothing is written then.
    """
    data = folder or data_folder()
    catalogue = load_catalogue(data)
    faults: list[Fault] = []
    book = read_workbook(path, catalogue, faults)
    if not name and not book.source.name and not NAME.fullmatch(path.stem):
        wanted, none, do = (Phrase(f"workbooks.fault.{key}") for key in ("name", "no_name", "do_name"))
        raise PlanmodelError.of("plan", wanted, none, path.name, do=do)
    named = name
    name = check_name("plan", name or book.source.name or path.stem)
    if name in RESERVED:
        other, do = Phrase("workbooks.fault.other_name"), Phrase("workbooks.fault.do_other_name")
        raise PlanmodelError.of("plan", other, repr(name), do=do)
    home = data / "plans" / name
    old = _earlier(home)
    if old and named and book.source.name and book.source.name != name and not force:
        own = Phrase("workbooks.over.own", own=book.source.name)
        held = Phrase("workbooks.over.other", name=name)
        raise PlanmodelError.of("--name", own, held, path.name, do=Phrase("workbooks.over.force"))
    source = _with_what_stays(book, replace(book.source, name=name, folder=home), old)
    plan, files, changes = _built(source, book.catalogue or catalogue, old, faults)
    if plan is None:
        placed = [(fault, (fault.file, fault.row, str(fault.what))) for fault in map(book.place, faults)]
        refused = {place for fault, place in placed if fault.found != EMPTY}
        told = (fault for fault, place in placed if fault.found != EMPTY or place not in refused)
        raise PlanmodelError(Phrase("workbooks.fault.faults", file=path.name), told)
    made_from = book.made_from
    stale = bool(old and changes and made_from and fingerprint(old) not in _sources(home, made_from))
    if stale and not (force or dry_run):
        written, do = Phrase("workbooks.stale.written"), Phrase("workbooks.stale.do")
        found = Phrase("workbooks.stale.changed", name=name, n=len(changes))
        raise PlanmodelError.of("file", written, found, path.name, do=do)
    first = {name: CATALOGUE[name][0][0] for name in book.added}
    changes += tuple(f"{of}.csv: + {row[first[of]]}" for of, rows in book.added.items() for row in rows)
    if not dry_run:
        extend_catalogue(data, {name: [row.cells for row in rows] for name, rows in book.added.items()})
    if files and not dry_run:
        _write(home, files, plan, made_from)
    return Imported(plan, home, old is None, changes, stale, book.hidden)


def save_source(source: Source, catalogue: Catalogue, old: Source | None = None) -> Imported:
    """Write the files of a plan's parts where they differ from its earlier ones (None: it is new); all of them or none.

    Errors: PlanmodelError with every fault; nothing is written then.
    """
    faults: list[Fault] = []
    plan, files, changes = _built(source, catalogue, old, faults)
    if plan is None:
        raise PlanmodelError(faults=faults)
    if files:
        _write(source.folder, files, plan)
    return Imported(plan, source.folder, old is None, changes)


def _built(
    source: Source, catalogue: Catalogue, old: Source | None, faults: list[Fault]
) -> tuple[Plan | None, dict[str, bytes], tuple[Say, ...]]:
    """The plan of some parts (None: its faults are added), the files that change, and the changes in words."""
    head = copy.deepcopy(source.head) or {}
    plan = build_plan(source, catalogue, faults)
    return (None, {}, ()) if plan is None else (plan, *_files(source.folder, head, source, old))


def accept_draft(result: Draft) -> Imported:
    """Write the figures of a draft into the plan's rows, each with where it is from in its note; all else stays.

    Errors: PlanmodelError where the plan's files have faults.
    """
    faults: list[Fault] = []
    old = read_source(result.plan.folder, faults)
    if faults:
        raise PlanmodelError(faults=faults)
    written = {row.target.id: row for row in result.drafted}
    same = {same_promise(row.target): row for row in result.drafted}
    rows = []
    for row in old.targets or ():
        key = "/".join(_key("targets", row.cells))
        made = written.get(key) or same.get(same_promise(result.plan.target(key)))
        accepted = _accepted(made, result, row["note"]) if made else {}
        rows.append(replace(row, cells={**row.cells, **accepted}))
    return save_source(replace(old, targets=tuple(rows)), result.plan.catalogue, old)


def _accepted(row: Drafted, result: Draft, note: str) -> dict[str, str]:
    """The cells of a drafted row."""
    target, p = row.target, row.assessment.probability
    origin = Phrase(f"drafting.origin.{row.origin}", chance=percent(p), scenario=result.scenario.id)["en"]
    return {
        "target_value": target.target_digits, "target_printed": target.target_printed, "target_upper": "",
        "comparator": target.comparator, "kind": target.kind, "status": target.status, "unit": target.unit,
        "note": " ".join(text for text in (note.split(origin.partition(":")[0] + ":")[0].strip(), origin) if text),
    }  # fmt: skip


def extend_catalogue(data: Path, added: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Add rows to the catalogue's files, by table, in their own columns and encoding."""
    for name, rows in added.items():
        path = data / f"{name}.csv"
        if rows:
            header, mark = _header(path), path.read_bytes().startswith(b"\xef\xbb\xbf")
            new = _as_csv(rows, header, mark=False).decode().partition("\n")[2]
            text = read_text(path).rstrip("\n") + "\n" + new
            write_atomically(path, text.encode("utf-8-sig" if mark else "utf-8"))


def _sources(home: Path, made_from: str) -> tuple[str, ...]:
    """The fingerprints of files that a workbook knows: those it was written from, and what its last import made of them."""
    try:
        return made_from, str(json.loads((home / TAKEN).read_text(encoding="utf-8"))[made_from])
    except (OSError, ValueError, KeyError, TypeError):
        return (made_from,)


def _earlier(home: Path) -> Source | None:
    if not home.exists():
        return None
    faults: list[Fault] = []
    old = read_source(home, faults)
    if faults:
        raise PlanmodelError(Phrase("workbooks.fault.unreadable", plan=home.name), faults)
    return old


def _with_what_stays(book: Workbook, source: Source, old: Source | None) -> Source:
    """Return the workbook's parts with those of the earlier plan that it does not speak of."""
    if old is None:
        return source
    head = source.head
    if head is not None:
        earlier = old.head or {}
        kept = {n: copy.deepcopy(earlier[n]) for n in HEAD_TABLES if n in book.missing and earlier.get(n)}
        head = {**head, **kept}
    tables = {}
    for name, of_table in TABLES.items():
        rows = getattr(source, name)
        if name in book.missing:
            rows = getattr(old, name)
        elif rows is not None:
            known = {_key(name, row.cells): row for row in getattr(old, name) or ()}
            for column in names_of(of_table, optional=True):
                if column not in book.columns[name] and any(column in row.cells for row in known.values()):
                    before = [known.get(_key(name, row.cells)) for row in rows]
                    cells = ({column: earlier[column]} if earlier else {} for earlier in before)
                    rows = tuple(
                        replace(row, cells=row.cells | own) for row, own in zip(rows, cells, strict=True)
                    )
        tables[name] = rows
    return replace(source, head=head, **tables)


def _key(name: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in KEYS[name])


def _files(
    home: Path, head: dict, source: Source, old: Source | None
) -> tuple[dict[str, bytes], tuple[Say, ...]]:
    """Return the files that change, and the changes in words."""
    files: dict[str, bytes] = {}
    changes: list[Say] = []
    said = _meaning(head)
    before = _meaning(old.head or {}) if old else {}
    if said != before:
        text = read_text(home / HEAD_FILE) if old else ""
        files[HEAD_FILE] = updated_yaml(text, before, said).encode()
        changed = [key for key in HEAD if said.get(key) != before.get(key)]
        if old:
            changes.append(Phrase("workbooks.change.entries", file=HEAD_FILE, names=changed))
    for name, of_table in TABLES.items():
        columns, optional = names_of(of_table), names_of(of_table, optional=True)
        rows = [row.cells for row in getattr(source, name) or ()]
        earlier = [row.cells for row in getattr(old, name) or ()] if old else []
        path = home / f"{name}.csv"
        header = _header(path) if old and path.is_file() else columns
        header = (*header, *(c for c in optional if c not in header and any(row.get(c) for row in rows)))
        needed = not old and (rows or name not in OPTIONAL_TABLES)
        if _as_lists(rows, header) == _as_lists(earlier, header) and not needed:
            continue
        mark = not path.is_file() or path.read_bytes().startswith(b"\xef\xbb\xbf")
        files[path.name] = _as_csv(rows, header, mark)
        if old:
            changes += _differences(name, rows, earlier, header)
    return files, tuple(changes)


def _header(path: Path) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader(io.StringIO(read_text(path)))))


def _as_lists(rows, header) -> list[list[str]]:
    return [[row.get(column, "") for column in header] for row in rows]


def _as_csv(rows, header: tuple[str, ...], mark: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([header, *_as_lists(rows, header)])
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _differences(name: str, rows, earlier, header) -> list[Say]:
    """Return what changed in a table: a line of counts, then a line a row, the first of them."""
    was: dict[tuple, list] = {}
    for cells in earlier:
        was.setdefault(_key(name, cells), []).append(cells)
    changed, added, empty = list[Say](), list[Say](), Phrase("workbooks.change.empty")
    for cells in rows:
        key = _key(name, cells)
        same = was.get(key) or []
        if not same:
            added.append(f"+ {_title(key)}")
            continue
        before = cells if cells in same else same[0]
        same.remove(before)
        other = (column for column in header if before.get(column, "") != cells.get(column, ""))
        pairs = [(c, before.get(c) or empty, cells.get(c) or empty) for c in other]
        cell = "workbooks.change.cell"
        parts = [Phrase(cell, column=column, before=old, after=new) for column, old, new in pairs]
        if parts:
            changed.append(Phrase("workbooks.change.row", row=_title(key), parts=parts))
    removed: list[Say] = [f"- {_title(key)}" for key, left in was.items() for _ in left]
    named = {"changed": changed, "added": added, "removed": removed}
    counts = [Phrase(f"workbooks.change.{word}", n=len(rows)) for word, rows in named.items() if rows]
    lines = [*changed, *added, *removed]
    told = Phrase(
        "workbooks.change.table", file=f"{name}.csv", counts=counts or [Phrase("workbooks.change.order")]
    )
    more = (
        [Phrase("workbooks.change.more", n=len(lines) - SHOWN_CHANGES)] if len(lines) > SHOWN_CHANGES else []
    )
    return [told, *lines[:SHOWN_CHANGES], *more]


def _title(key: tuple[str, ...]) -> str:
    return "/".join(part for part in key if part)


def _meaning(head: Mapping) -> dict:
    """Return a head without empty entries, its figures and texts as they count."""
    kept = {}
    for key, value in head.items():
        if value in (None, "", []):
            continue
        if key in ("title", "short", "issuer"):
            value = in_languages(value)
        if key in ("date", "document_number", "url", "notes"):
            value = str(value).strip()
        if key == "claims":
            value = [
                {k: [str(r) for r in v] if isinstance(v, list) else v for k, v in each.items() if v}
                for each in value
            ]
        if key == "identities":
            value = [str(line) for line in value]
        kept[key] = value
    return kept


def updated_yaml(text: str, before: Mapping, after: Mapping) -> str:
    """Return the text of plan.yaml with the entries that changed written anew; the others and all comments stay.

    >>> print(updated_yaml("# about\\ndraft: true # for now\\nregion: x\\n", {"draft": True, "region": "x"}, {"draft": True, "region": "y"}))
    # about
    draft: true # for now
    region: y
    <BLANKLINE>
    """
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    entries, lines = yaml.load(text) or CommentedMap(), text.splitlines()
    starts = {key: entries.lc.key(key)[0] for key in entries}
    added: list[str] = []
    for key in reversed(dict.fromkeys([*starts, *(key for key in HEAD if key in after)])):
        if before.get(key) == after.get(key):
            continue
        new = _dumped(yaml, key, after[key]) if key in after else []
        if key not in starts:
            added = [*new, *added]
            continue
        start, end = starts[key], min((i for i in starts.values() if i > starts[key]), default=len(lines))
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1  # comments before the next entry stay
        lines[start:end] = new
    return "\n".join([*lines, *added]).rstrip("\n") + "\n"


def _dumped(yaml: YAML, key: str, value: object) -> list[str]:
    if key == "period" and isinstance(value, list):
        value = CommentedSeq(value)
        value.fa.set_flow_style()
    out = io.StringIO()
    yaml.dump({key: value}, out)
    return out.getvalue().splitlines()


def _write(home: Path, files: Mapping[str, bytes], plan: Plan, made_from: str = "") -> None:
    """Write the files beside the plan, read them back, and only then put them in place; made_from: by which workbook."""
    with aside(home) as made:
        for path in home.iterdir() if home.exists() else ():
            if path.is_file():
                (made / path.name).write_bytes(path.read_bytes())
        for file, content in files.items():
            (made / file).write_bytes(content)
        again, faults = read_plan(made, plan.catalogue)
        if again is None or replace(again, folder=plan.folder) != plan:
            raise RuntimeError(f"the files of {home.name} would not hold what the workbook says: {faults}")
        if made_from:
            taken = {made_from: fingerprint(read_source(made, []))}
            (made / TAKEN).write_text(json.dumps(taken) + "\n", encoding="utf-8")
        if not home.exists():
            made.rename(home)
            return
        for file in (*([TAKEN] if made_from else []), *files):
            os.replace(made / file, home / file)

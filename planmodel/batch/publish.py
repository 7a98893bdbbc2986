"""Publications: a report as a zip or a folder for any static host; the same inputs give the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from planmodel.batch.runs import MANIFEST, RESULTS, index_name, page_of
from planmodel.charts.letters import font_faces
from planmodel.errors import Fault, Hint, PlanmodelError, Say
from planmodel.files.folders import is_free, sweep, undisturbed, unfinished, write_atomically, write_zip
from planmodel.report import notebook_title
from planmodel.report.pictures import FIRST_CHINESE, PAGE
from planmodel.report.sanitize import ANSI, PageContent, local_paths, machine, target_of
from planmodel.words import Phrase, phrase

SUMS = "sha256sums.txt"
FORMAT = 1
NOT_PUBLIC = "runs"
AS_IT_IS = {"encoding": "utf-8", "errors": "surrogateescape"}
OF_PLANS = ("plans", "documents")
"""Folders whose files the batch writes for each plan: one that is not there is missing, not misnamed."""
MOST_NAMED = 5
"""Missing pages that a message names."""
TWINS = {"text/html": {"image/svg+xml"}, "text/plain": {"image/svg+xml", "text/html"}, "narrow": {"alt"}}
"""Forms of a notebook's output that a publication leaves out beside others: they say the same, a chart's for phones only in pages."""
TIMES = ("created", "seconds")
WHEN = re.compile(r'<(div|th|td|p) class="when\b[^>]*>.*?</\1>\n?', re.DOTALL)
ON_TOP = re.compile(r"</h1>|$")
ANCHOR = re.compile(r'<a\b[^>]*\bhref="?([^"\s>]*)[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Publication:
    """A published report: the zip or folder, the paths of its files as they stand in it, and the pages missing or failed."""

    path: Path
    files: tuple[str, ...]
    missing: tuple[str, ...] = ()


def publish(report: Path, out: Path | None = None, *, partial: bool = False) -> Publication:
    """Write what a reader of a report can reach as a zip or a folder, without anything that differs from run to run.

    out: a name that ends in .zip, or a folder; None: a zip beside the report. An earlier publication is replaced, a
    zip in one step. Times are left out; the index bears SOURCE_DATE_EPOCH where the environment sets it.
    partial: publish though pages are missing or failed; the index then names those it lacks, and nothing links to them.

    Errors: PlanmodelError where there is no finished report, where `out` holds anything else, for pages that are missing
    or failed, with links that lead nowhere, or with local paths. Nothing is written then.
    """
    report = report.resolve()
    made = time_shown(os.environ.get("SOURCE_DATE_EPOCH", ""))
    _read_manifest(report)
    out = (out or report.with_name(f"{report.name}.zip")).resolve()
    _check_out(out, report)
    with undisturbed(report):
        manifest = _read_manifest(report)
        names, lost, faults = _reachable(report, manifest)
        missing = tuple(sorted({page_of(run["run"]) for run in manifest["runs"] if not run["ok"]} | lost))
        if missing and not partial:
            named = [*missing[:MOST_NAMED], *["…"] * (len(missing) > MOST_NAMED)]
            found = Phrase("publish.missing", n=len(missing), pages=named)
            do = Phrase("publish.retry_or_partial")
            faults.insert(0, Fault(report.name, Phrase("publish.all_pages"), found, do=do))
        if faults:
            head = Phrase("publish.cannot", report=report.name, n=len(faults)) if len(faults) > 1 else ""
            raise PlanmodelError(head, faults)
        members = _members(report, manifest, names, lost, made)
        write = _write_zip if out.suffix.lower() == ".zip" and not out.is_dir() else _write_folder
        return Publication(out, write(out, members), missing)


def time_shown(epoch: str) -> str:
    """Return the time that a published index bears, empty where SOURCE_DATE_EPOCH is.

    >>> time_shown("1767225600"), time_shown("")
    ('2026-01-01 00:00 UTC', '')
    """
    if not epoch:
        return ""
    try:
        return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        raise _refusal("SOURCE_DATE_EPOCH", "epoch", repr(epoch)) from None


def without_times(html: str, made: str = "") -> str:
    r"""Return an index or list of runs without the elements of class "when"; made: the time of the report to show.

    >>> without_times('<dl><div class="when"><dt>Run</dt><dd>2026-02-03 04:05 UTC</dd></div>\n<div>8</div></dl>')
    '<dl><div>8</div></dl>'
    >>> without_times('<td>a</td><td class="when" data-sort="2.35">2.35</td></tr>', "2026-01-01 00:00 UTC")
    '<td>a</td></tr>'
    """

    def kept(element: re.Match) -> str:
        return re.sub(r"<dd>.*?</dd>", f"<dd>{made}</dd>", element[0]) if made and element[1] == "div" else ""

    return WHEN.sub(kept, html)


def _refusal(what: Say, expected: str, found: Say, do: Say = "") -> PlanmodelError:
    """Return the error for one fault; expected: a key of publish.yaml."""
    return PlanmodelError.of(what, Phrase(f"publish.{expected}"), found, do=do)


def _read_manifest(report: Path) -> dict:
    """Return the manifest of a finished report."""
    named = {"name": report.name or str(report), "manifest": MANIFEST}
    how: Say = Phrase("publish.make")
    if not report.is_dir():
        known = [path.parent.name for path in report.parent.glob(f"*/{MANIFEST}")]
        found = Phrase("publish.file_named" if report.is_file() else "publish.no_folder", **named)
        raise _refusal("report", "report", found, Hint(report.name, known) if known else how)
    try:
        manifest = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _refusal("report", "report", Phrase("publish.without", **named), how) from None
    except ValueError:
        raise _refusal("report", "report", Phrase("publish.no_json", **named), how) from None
    if isinstance(manifest, dict) and "publication" in manifest:
        copy = Phrase("publish.copy")
        raise _refusal("report", "a_report", Phrase("publish.publication", **named), copy)
    if isinstance(manifest, dict) and manifest.get("state") == "running":
        wait = Phrase("publish.wait")
        raise _refusal("report", "finished", Phrase("publish.unfinished", **named), wait)
    try:
        whole = all(isinstance(run["run"], str) and "ok" in run for run in manifest["runs"])
        whole = whole and bool(manifest["languages"]) and manifest["state"].startswith("finished")
    except (KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise _refusal("report", "report", Phrase("publish.foreign", **named), how)
    return manifest


def _check_out(out: Path, report: Path) -> None:
    another = Phrase("publish.name_another")
    if out.is_relative_to(report):
        raise _refusal("--out", "outside", out.name, another)
    if (out.is_dir() and is_free(out)) or not out.exists() or is_publication(out):
        return
    found = Phrase("publish.other_files" if out.is_dir() else "publish.other_file", name=out.name)
    raise _refusal("--out", "free", found, another)


def is_publication(path: Path) -> bool:
    """Return True where a zip or folder was written by `publish`."""
    try:
        if path.is_dir():
            text = (path / MANIFEST).read_bytes()
        else:
            with ZipFile(path) as file:
                text = file.read(MANIFEST)
        return "publication" in json.loads(text)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, BadZipFile, zlib.error):
        return False


def _reachable(report: Path, manifest: dict) -> tuple[set[str], set[str], list[Fault]]:
    """Return the paths of the files to publish, of those that are missing, and what stands against it: links, local paths."""
    langs, runs = tuple(manifest["languages"]), manifest["runs"]
    indexes = [index_name(lang, langs) for lang in langs]
    pages = {page_of(run["run"]) for run in runs}
    made = {
        name for run in runs if run["ok"] for name in (page_of(run["run"]), f"notebooks/{run['run']}.ipynb")
    }
    results = [path.relative_to(report).as_posix() for path in (report / RESULTS).rglob("*")]
    faults: list[Fault] = []

    def fault(name: str, what: Say, expected: str, found: Say, do: str = "") -> None:
        advice = Phrase(f"publish.{do}") if do else ""
        faults.append(Fault(what, Phrase(f"publish.{expected}"), found, name, do=advice))

    nothing = Phrase("publish.none")
    for name in indexes:
        if not _is_public(report, name):
            fault(name, "file", "of_manifest", nothing, "again")
    names = {name for name in (*indexes, *made, *pages, *results) if _is_public(report, name)}
    lost = made - names
    own = (report, Path.cwd(), Path.home(), Path(sys.prefix), Path(__file__).resolve().parents[2])
    waiting = sorted(name for name in names if name.endswith(".html"))
    while waiting:
        name = waiting.pop(0)
        text = (report / name).read_text(encoding="utf-8", errors="replace")
        if name in indexes and not WHEN.search(text):
            fault(name, Phrase("publish.time"), "when", Phrase("publish.earlier"), "again")
        page = PageContent(text)
        for link in page.links:
            target = target_of(name, link)
            if target is None or target in names or target in lost or target == MANIFEST:
                continue
            if _is_public(report, target):
                names.add(target)
                if target.endswith(".html"):
                    waiting.append(target)
            elif target in pages or target.partition("/")[0] in OF_PLANS:
                lost.add(target)
            else:
                fault(name, Phrase("publish.link", link=repr(link)), "of_site", nothing)
        for path in local_paths(page.texts, own):
            fault(name, Phrase("publish.text_or_link"), "no_path", repr(path), "take_out")
    return names, lost, faults


def _is_public(report: Path, name: str) -> bool:
    """Return True for a file within the report that is not hidden, temporary, or a batch's own record."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] in ("/", NOT_PUBLIC):
        return False
    if any(part.startswith(".") or part.endswith(("~", ".tmp")) for part in parts):
        return False
    path = report / name
    return path.is_file() and path.resolve().is_relative_to(report)


def _members(
    report: Path, manifest: dict, names: set[str], lost: set[str], made: str
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file in the order of their names, and at the end the list of their hashes."""
    sums, langs = [], tuple(manifest["languages"])
    indexes = {index_name(lang, langs): lang for lang in langs}
    for name in sorted({*names, MANIFEST}):
        content = _manifest(manifest) if name == MANIFEST else _content(report, name, made)
        if lost and name.endswith(".html"):
            content = _without_lost(content.decode(**AS_IT_IS), name, lost, indexes.get(name, "")).encode(
                **AS_IT_IS
            )
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        yield name, content
    yield SUMS, "".join(sums).encode()


def _content(report: Path, name: str, made: str) -> bytes:
    content = (report / name).read_bytes()
    if name.endswith(".html") and not name.startswith("pages/"):
        return without_times(content.decode(**AS_IT_IS), made).encode(**AS_IT_IS)
    if name.endswith(".ipynb"):
        try:
            notebook = json.loads(content)
        except ValueError:
            found = Phrase("publish.other_text")
            raise PlanmodelError.of(Phrase("publish.notebook"), "JSON", found, name) from None
        return json.dumps(_without_local_paths(notebook), ensure_ascii=False, separators=(",", ":")).encode()
    return content


def _without_lost(html: str, name: str, lost: Collection[str], lang: str) -> str:
    """Return a page without links to pages that are missing; an index (lang) names those of its language on top."""

    def kept(link: re.Match) -> str:
        return link[2] if target_of(name, unescape(link[1])) in lost else link[0]

    html = ANCHOR.sub(kept, html)
    if not lang:
        return html
    own = sorted(page for page in lost if page.endswith(".html") and PurePosixPath(page).parts[1] == lang)
    named = [
        Phrase("publish.page", name=notebook_title(p.stem, lang), of=p.parts[2:-1])
        for p in map(PurePosixPath, own)
    ]
    said = escape(phrase("publish.lacks", lang, n=len(own), pages=named))
    codes = ",".join(f"U+{ord(letter):X}" for letter in sorted(set(said)) if ord(letter) >= FIRST_CHINESE)
    letters = f"<style>{font_faces(said, family=PAGE, only=codes)}</style>" if codes else ""
    notice = f'\n{letters}<p class="notice">{said}</p>'
    return ON_TOP.sub(lambda end: end[0] + notice, html, count=1) if own else html


def _manifest(manifest: dict) -> bytes:
    kept = {name: value for name, value in manifest.items() if name not in TIMES}
    kept["runs"] = [{name: v for name, v in run.items() if name not in TIMES} for run in manifest["runs"]]
    return _json(_without_local_paths({"publication": FORMAT, **kept}))


def _json(value) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _without_local_paths(value):
    """Return JSON with local folders and terminal colours taken out of its texts, pictures apart.

    What is there as a picture or a table is not there a second time.
    """
    if isinstance(value, str):
        return machine(ANSI.sub("", value))  # a colour before a path would hide it
    if isinstance(value, list):
        return [_without_local_paths(each) for each in value]
    if isinstance(value, dict):
        return {
            key: each
            if key.startswith("image/") and not isinstance(each, dict)
            else _without_local_paths(each)
            for key, each in value.items()
            if not TWINS.get(key, set()) & set(value)
        }
    return value


def _write_zip(out: Path, members: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Write a zip whole or not at all."""
    sweep(out.parent, below=False)
    with unfinished(out) as temporary:
        return write_zip(temporary, members)


def _write_folder(out: Path, members: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Write a folder file by file; of an earlier publication remove what is no longer in it, and nothing else.

    A manifest marks the folder from the start: a publication that was stopped can be given again.
    """
    sweep(out)
    before = _files_of(out)
    names: list[str] = []
    if not (out / MANIFEST).exists():
        write_atomically(out / MANIFEST, _json({"publication": FORMAT, "state": "running"}))
    for name, content in members:
        if name == SUMS:
            _remove(out, before - {*names, SUMS})
        write_atomically(out / name, content)
        names.append(name)
    return tuple(names)


def _files_of(out: Path) -> set[str]:
    try:
        lines = (out / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return set()
    return {line.partition("  ")[2] for line in lines}


def _remove(out: Path, names: Iterable[str]) -> None:
    for name in names:
        path = out / name
        if not path.is_file() or not path.resolve().is_relative_to(out):
            continue
        path.unlink()
        for folder in path.parents:
            if folder == out or any(folder.iterdir()):
                break
            folder.rmdir()

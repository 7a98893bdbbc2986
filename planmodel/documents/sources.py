"""Documents as one text: paragraphs as lines, the cells of tables between tabs, from the usual kinds of files."""

from __future__ import annotations

import csv
import io
import logging
import re
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from planmodel.documents.grammar import pattern
from planmodel.documents.layouts import Segment, laid_out
from planmodel.errors import PlanmodelError
from planmodel.files.texts import CONTROL, content_of, decoded
from planmodel.words import Phrase
from planmodel.workbooks.cells import shown

ENDINGS = (".txt", ".md", ".html", ".docx", ".pdf", ".xlsx", ".csv")
OLD_OFFICE, PICTURES = b"\xd0\xcf\x11\xe0", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
MOST_UNPACKED, MOST_XML, MOST_CELLS = 400_000_000, 40_000_000, 2_000_000
WORD, MOST_TAGS = "word/document.xml", 500_000
"""The part of a Word file that is read, and how many tags it may open: of a thousand pages."""
FEW_LETTERS = 20
LINE, LETTER, GAP = 3, 5, 0.7
"""Words of a page whose tops are that near (points) stand in a line; the width of a letter; a gap between columns, in heights."""
BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "section", "article", "blockquote", "pre", "dd", "dt", "br",
    "title", "header", "footer", "ul", "ol", "center", "figcaption",
}  # fmt: skip
IS_HTML = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html)", re.IGNORECASE)
UNSEEN = {"script", "style", "noscript", "template", "head", "nav"}


@dataclass(frozen=True)
class Document:
    """A document's text; pages: where each page begins, where it has some; notes: what could not be read, as phrases."""

    name: str
    text: str
    pages: tuple[int, ...] = ()
    notes: tuple[Phrase, ...] = ()

    def place(self, at: int) -> str:
        """Return where a letter stands: page:3 or line:120.

        >>> Document("a", "x\\ny").place(2), Document("a", "x\\ny", (0, 2)).place(2)
        ('line:2', 'page:2')
        """
        if self.pages:
            return f"page:{bisect_right(self.pages, at)}"
        return f"line:{self.text.count(chr(10), 0, at) + 1}"


def document(path: str | Path) -> Document:
    """Return a document's text, whatever usual kind of file it is.

    Errors: PlanmodelError for what is no document, or none that can be read.
    """
    path = Path(path)
    raw = content_of(path)
    if raw.startswith(b"%PDF") or b"%PDF-" in raw[:1024]:
        return _guarded(_pdf, raw, path)
    if raw.startswith(b"PK"):
        return _guarded(_packed, raw, path)
    if raw.startswith(OLD_OFFICE):
        kind = "protected" if "EncryptedPackage".encode("utf-16-le") in raw else "old_office"
        raise _refused(path, Phrase(f"documents.source.{kind}"), Phrase(f"documents.source.do.{kind}"))
    if raw.startswith(PICTURES):
        raise _refused(path, Phrase("documents.source.picture"), Phrase("documents.source.do_picture"))
    text, ending = _decoded(raw, path), path.suffix.lower()
    if ending in (".html", ".htm", ".xhtml") or IS_HTML.match(text[:500]):
        return _guarded(_html, text.encode("utf-8"), path)
    if ending in (".csv", ".tsv"):
        text = _lines(csv.reader(io.StringIO(text), delimiter="\t" if ending == ".tsv" else ","))
    elif ending in (".md", ".markdown"):
        text = _markdown(text)
    return Document(path.stem, text)


def _refused(path: Path, found: object, do: object = "") -> PlanmodelError:
    expected = Phrase("documents.source.document", endings=[ending.lstrip(".") for ending in ENDINGS])
    return PlanmodelError.of("file", expected, found, path.name, do=do)  # type: ignore[arg-type]


def _guarded(read: Callable[[bytes, Path], Document], raw: bytes, path: Path) -> Document:
    """Return what a library reads; whatever it raises at a damaged file is one error."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            document = read(raw, path)
    except PlanmodelError:
        raise
    except (Exception, RecursionError) as error:  # noqa: BLE001 - libraries raise anything at damaged files
        damaged = Phrase("documents.source.damaged", what=f"{type(error).__name__}: {error}"[:80])
        raise _refused(path, damaged, Phrase("documents.source.do_damaged")) from None
    if not document.text.strip() and not document.notes:
        raise _refused(path, Phrase("files.empty"))
    return document


def _decoded(raw: bytes, path: Path) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    raw = raw.replace(b"\x0c", b"\n").replace(b"\x0b", b"\n")
    return decoded(raw, path.name)


def _clean(text: object) -> str:
    """Return a cell's or a paragraph's text in one line."""
    return re.sub(r"\s+", " ", CONTROL.sub("", "" if text is None else str(text))).strip()


def _lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as lines, their cells between tabs; a row of one text alone is a paragraph."""
    made = []
    for row in rows:
        cells = [_clean(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        whole = len(set(filter(None, cells))) == 1 and len(cells) > 1
        made.append(cells[-1] if whole and len(cells[-1]) > 20 else "\t".join(cells))
    return "\n".join(made)


def _padded(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows of a table, all of one width, so that each line has tabs."""
    width = max(map(len, rows), default=0)
    return "\n".join("\t".join([*map(_clean, row), *[""] * (width - len(row))]) for row in rows)


def _markdown(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        if re.fullmatch(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?:\s*:?-{2,}:?\s*)?", line):
            continue
        if re.match(r"\s*\|.*\|", line):
            line = "\t".join(_clean(cell) for cell in line.strip().strip("|").split("|"))
        line = re.sub(r"^\s{0,3}#{1,6}\s+|^\s*[*+-]\s+(?=\S)", "", line)
        lines.append(re.sub(r"\*\*(\S[^*]*?)\*\*|\[([^\]]*)\]\([^)]*\)", lambda m: m[1] or m[2] or "", line))
    return "\n".join(lines)


def _html(raw: bytes, path: Path) -> Document:
    from lxml import html

    tree = html.document_fromstring(raw, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    made: list[str] = []

    def walk(node) -> None:
        if not isinstance(node.tag, str) or node.tag in UNSEEN:
            return
        if node.tag == "table" and not node.xpath(".//table"):
            made.append("\n" + _padded(_spanned(node)) + "\n")
            return
        block = node.tag in BLOCKS or node.tag in ("table", "tr")
        if block:
            made.append("\n")
        made.append(re.sub(r"\s+", " ", node.text or ""))
        for child in node:
            walk(child)
            made.append(re.sub(r"\s+", " ", child.tail or ""))
        if block:
            made.append("\n")

    walk(tree)
    title = _clean(tree.findtext(".//title"))
    text = re.sub(r"\n[ \n]*\n", "\n\n", CONTROL.sub("", "".join(made)))
    text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
    return Document(path.stem, f"{title}\n{text}" if title and title not in text[:300] else text)


def _spanned(table) -> list[list[str]]:
    """Return the cells of an HTML table; one over several rows or columns stands in each."""
    held: dict[tuple[int, int], str] = {}
    rows = table.xpath(".//tr")
    for r, row in enumerate(rows):
        c = 0
        for cell in row.xpath("./td|./th"):
            while (r, c) in held:
                c += 1
            text = _clean(" ".join(cell.itertext()))
            spans = [re.match(r"\d{1,3}", cell.get(name, "1")) for name in ("rowspan", "colspan")]
            down, across = (max(1, int(span[0])) if span else 1 for span in spans)
            for i in range(min(down, len(rows) - r)):
                for j in range(min(across, 100)):
                    held[r + i, c + j] = text
            c += across
    width = max((c for _, c in held), default=-1) + 1
    return [[held.get((r, c), "") for c in range(width)] for r in range(len(rows))]


def _packed(raw: bytes, path: Path) -> Document:
    try:
        with ZipFile(io.BytesIO(raw)) as packed:
            sizes = {info.filename: info.file_size for info in packed.infolist()}
            xml = sum(sizes[name] for name in sizes if name.endswith(".xml"))
            large = xml > MOST_XML or sum(sizes.values()) > MOST_UNPACKED
            large = large or WORD in sizes and packed.read(WORD).count(b"<") > 2 * MOST_TAGS
    except BadZipFile:
        broken, do = Phrase("documents.source.broken"), Phrase("documents.source.do_damaged")
        raise _refused(path, broken, do) from None
    if large:
        raise _refused(path, Phrase("documents.source.large", n=sum(sizes.values()) // 10**6))
    if WORD in sizes:
        return _word(raw, path)
    if "xl/workbook.xml" in sizes:
        return _excel(raw, path)
    raise _refused(path, Phrase("documents.source.archive"))


def _word(raw: bytes, path: Path) -> Document:
    from docx import Document as Word
    from docx.table import Table

    word = Word(io.BytesIO(raw))
    made = []
    for part in word.iter_inner_content():
        if isinstance(part, Table):
            made.append("\n" + _padded([[cell.text for cell in row.cells] for row in part.rows]) + "\n")
        else:
            made.append(_clean(part.text))
    return Document(path.stem, "\n".join(made))


def _excel(raw: bytes, path: Path) -> Document:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    made: list[str] = []
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise _refused(path, Phrase("documents.source.cells", n=sheet.max_row * sheet.max_column))
        filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        held = {(cell.row, cell.column): shown(cell) for cell in filled}
        for area in sheet.merged_cells.ranges:
            held |= dict.fromkeys(area.cells, held.get((area.min_row, area.min_col), ""))
        height, width = (max((place[k] for place in held), default=0) for k in (0, 1))
        rows = [[held.get((r, c), "") for c in range(1, width + 1)] for r in range(1, height + 1)]
        made += ["", sheet.title, *_lines(rows).split("\n"), ""]
    return Document(path.stem, "\n".join(made))


def _pdf(raw: bytes, path: Path) -> Document:
    import pdfplumber

    made: list[str] = []
    starts: list[int] = []
    scanned: list[int] = []
    at = 0
    with pdfplumber.open(io.BytesIO(raw)) as book:
        for number, page in enumerate(book.pages, 1):
            text = "\n".join(_page(page))
            if len(re.sub(r"\s", "", text)) < FEW_LETTERS and page.images:
                scanned.append(number)
            text = CONTROL.sub("", text)
            starts.append(at)
            made.append(text)
            at += len(text) + 1
            page.close()
    pages = [str(n) for n in scanned[:20]]
    notes = (Phrase("documents.source.scanned", pages=pages, n=len(scanned)),) if scanned else ()
    return Document(path.stem, "\n".join(made), tuple(starts), notes)


def _page(page) -> Iterator[str]:
    """Yield the text of a page from above to below, its ruled tables with tabs."""
    text = page.extract_text() or ""
    if not (pattern("zh.columns.name").search(text) or pattern("en.columns.name").search(text.lower())):
        yield text
        return
    if len(page.lines) + len(page.rects) + len(page.curves) < 4:
        yield from _columns(page)
        return
    top = 0.0
    for table in sorted(page.find_tables(), key=lambda t: t.bbox[1]):
        _left, above, _right, below = table.bbox
        rows = [[cell or "" for cell in row] for row in table.extract()]
        if len(rows) < 2 or max(map(len, rows)) < 3 or above < top:
            continue
        if above - top > 1:
            yield page.within_bbox((0, top, page.width, above), strict=False).extract_text() or ""
        joined = re.compile(r"(?<=[\u4e00-\u9fff])\s*\n\s*(?=[\u4e00-\u9fff])")
        yield _padded([[joined.sub("", cell) for cell in row] for row in rows])
        top = min(below, page.height)
    if page.height - top > 1:
        yield page.within_bbox((0, top, page.width, page.height), strict=False).extract_text() or ""


def _columns(page) -> Iterator[str]:
    """Yield the text of a page without rules; tables that stand in columns below heads with tabs."""
    from pdfplumber.utils import cluster_objects

    lines = []
    for words in cluster_objects(page.extract_words(), "top", LINE):
        segments: list[Segment] = []
        for word in sorted(words, key=lambda word: word["x0"]):
            last, at, end = segments[-1] if segments else None, word["x0"] / LETTER, word["x1"] / LETTER
            gap = (at - last.end) * LETTER / (word["bottom"] - word["top"]) if last else GAP
            if last and gap < GAP:
                joint = " " if gap > 0.1 else ""
                segments[-1] = replace(last, end=end, text=f"{last.text}{joint}{word['text']}")
            else:
                segments.append(Segment(at, end, word["text"], closed=True))
        lines.append(segments)
    at = 0
    for table in laid_out(lines):
        yield from (" ".join(segment.text for segment in line) for line in lines[at : table.first])
        heads = [column.head for column in table.columns]
        filled = [cells for cells in table.rows if cells]
        rows = ([cells[k].text if k in cells else "" for k in range(len(heads))] for cells in filled)
        yield _padded([heads, *rows])
        at = table.last
    yield from (" ".join(segment.text for segment in line) for line in lines[at:])

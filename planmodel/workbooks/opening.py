"""Open a workbook that may be anything: what it is instead is told, and what it holds is bounded before it is read.

Spreadsheets write a cell for each that was ever coloured: empty cells are left out before the workbook is read.
"""

import io
import re
import warnings
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.texts import content_of
from planmodel.words import Phrase

MOST_UNPACKED, MOST_READ = 200_000_000, 25_000_000
"""Bytes of XML that a workbook may have, and that may be left of it without empty cells; a plan of 1,000 targets has 2 million."""
LONGEST_TAG = 100_000
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
EMPTY = rb"<(?:\w+:)?c\s[^<>]*+(?<=/)>|<(?:\w+:)?c\s[^<>]*+></(?:\w+:)?c>"
EMPTY_CELLS = re.compile(EMPTY)
EMPTY_ROWS = re.compile(rb"<(?:\w+:)?row\s[^<>]*+(?:(?<=/)>|>(?:%s|\s)*+</(?:\w+:)?row>)" % EMPTY)
PLACELESS_ROW, PLACELESS_CELL = (
    re.compile(rb"<(?:\w+:)?%s(?![^<>]*\br=)[\s/>]" % tag) for tag in (b"row", b"c")
)
"""What stands where the one before it puts it: none can be left out then."""
LONG_TAG = re.compile(rb"<[^<>]{%d}" % LONGEST_TAG)


def open_workbook(path: Path):
    """Return the workbook of a file with its formulas, and with their results.

    Errors: PlanmodelError with what the file is instead, or that it is too large.
    """
    from openpyxl import load_workbook

    raw = content_of(path)
    if not raw:
        raise _refusal(path, "empty")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise _refusal(path, "protected", "unlock")
        raise _refusal(path, "old")
    if not raw.startswith(b"PK"):
        raise _refusal(path, "other" if b"\x00" in raw[:4000] else "text")
    try:
        lean = _lean(path, raw)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, for what it leaves out: drop-downs, pictures
            return load_workbook(io.BytesIO(lean)), load_workbook(io.BytesIO(lean), data_only=True)
    except PlanmodelError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever zip, XML and openpyxl raise for a file that is damaged
        raise _refusal(path, "damaged", error=type(error).__name__) from None


def _refusal(path: Path, found: str, do: str = "save", **fields: object) -> PlanmodelError:
    told, help_ = Phrase(f"workbooks.file.{found}", **fields), Phrase(f"workbooks.file.do.{do}")
    return PlanmodelError(faults=[Fault("file", Phrase("workbooks.file.wanted"), told, path.name, do=help_)])


def _lean(path: Path, raw: bytes) -> bytes:
    """Return the workbook's parts that are read, without empty cells and rows, as a zip."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(raw)) as file, ZipFile(made, "w", ZIP_STORED) as out:
        members = {member.filename: member for member in file.infolist()}
        if "xl/workbook.xml" not in members:
            raise _refusal(path, "ods" if "content.xml" in members else "other")
        parts = [name for name in members if name.endswith((".xml", ".rels"))]
        size = sum(members[name].file_size for name in parts)
        left = MOST_READ
        for name in parts:
            content = b"" if size > MOST_UNPACKED else file.read(name)
            if name == "xl/workbook.xml" and STRICT in content:
                raise _refusal(path, "strict", "transitional")
            if LONG_TAG.search(content):
                raise _refusal(path, "damaged", error="XML")
            if name.startswith("xl/worksheets/") and not PLACELESS_ROW.search(content):
                content = EMPTY_ROWS.sub(b"", content)
                content = content if PLACELESS_CELL.search(content) else EMPTY_CELLS.sub(b"", content)
            left -= len(content)
            if size > MOST_UNPACKED or left < 0:
                raise _refusal(path, "large", "remove", megabytes=f"{size / 1e6:.0f}")
            out.writestr(name, content)
    return made.getvalue()

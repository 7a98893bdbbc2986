"""Zip files without times: the same members give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write_zip(file: Path | BinaryIO, members: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """Write members (name, content) to a zip, in their order and dated 1980-01-01; return their names.

    >>> import io
    >>> first, second = io.BytesIO(), io.BytesIO()
    >>> write_zip(first, [("a.txt", b"x")]), write_zip(second, [("a.txt", b"x")]), first.getvalue() == second.getvalue()
    (('a.txt',), ('a.txt',), True)
    """
    with ZipFile(file, "w") as made:
        for name, content in members:
            member = ZipInfo(name, LONG_AGO)
            member.create_system, member.external_attr = 3, 0o100644 << 16
            made.writestr(member, content, ZIP_DEFLATED, 9)
        return tuple(made.namelist())

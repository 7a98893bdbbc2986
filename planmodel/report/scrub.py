"""Take out of a notebook's text what belongs to one machine or one run: paths, addresses, colours, random ids."""

from __future__ import annotations

import re
import sys
import tempfile
from functools import cache
from pathlib import Path

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
STYLER = re.compile(r"\bT_[0-9a-f]{5,}(?=_|\b)")
ROOTS = ("home", "Users", "root", "tmp", "var", "usr", "opt", "mnt", "srv", "private", "Volumes", "workspace")
END = r"[^\s/\\:;,'\"`<>()\[\]{}|]"


@cache
def _paths() -> re.Pattern:
    own = {str(Path(p).resolve()) for p in (Path.cwd(), Path.home(), tempfile.gettempdir(), sys.prefix)}
    own |= {str(Path(__file__).resolve().parents[2]), sys.base_prefix}
    named = [re.escape(p) for p in sorted(own, key=len, reverse=True) if len(p) > 1]
    starts = "|".join([*named, *(f"/{root}(?=/)" for root in ROOTS), r"[A-Za-z]:[\\/](?=\w)"])
    return re.compile(rf"(?:file://)?(?<![\w./+=-])(?:{starts})(?:[\\/]?{END}*[\\/])*({END}*)")


def plain(text: str) -> str:
    r"""Return text without terminal colours, local folders, memory addresses and overwritten lines.

    >>> plain("\x1b[31mbad\x1b[0m /tmp/plans/a.csv <Plan at 0x7f00aa11>")
    'bad a.csv <Plan>'
    >>> plain("https://example.org/tmp/a.csv 10%\rdone")
    'done'
    """
    text = ANSI.sub("", text).replace("\r\n", "\n")
    text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return machine(CONTROL.sub("", text))


def machine(text: str) -> str:
    """Return text with local folders and memory addresses taken out; file names stay."""
    return _paths().sub(r"\1", ADDRESS.sub("", text))


def html(text: str) -> str:
    """Return HTML output with local folders and addresses taken out and random table ids numbered."""
    seen: dict[str, str] = {}
    text = STYLER.sub(lambda name: seen.setdefault(name[0], f"T_{len(seen) + 1}"), text)
    return machine(CONTROL.sub("", text))

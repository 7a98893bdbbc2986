"""What a run may leave: no process, no folder, and no more printed text than a reader could look at.

Every kernel has a mark in its environment, which what it starts inherits, in a session of its own or not: what still bears the mark
when the run is over is ended. Marks and temporary folders bear the number of the process they belong to.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planmodel.files.folders import sweep_folders, temporary_root
from planmodel.words import LANGS, Phrase

VARIABLE, TEMPORARY = "PLANMODEL_RUN", "pm-b"
"""The variable that holds the mark; how temporary folders begin, before the number of their process."""
MOST_PRINTED, MOST_SHOWN = 200_000, 30_000_000
"""Characters that a cell may print, and that one table or picture may have."""
LEFT_OUT = Phrase("batch.printed", n=MOST_PRINTED)
_numbers = itertools.count()


def temporary_folder() -> tempfile.TemporaryDirectory:
    """Return a folder that is there until it is cleaned up, or swept by a later start where this process is killed."""
    prefix = f"{TEMPORARY}{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, dir=temporary_root(), ignore_cleanup_errors=True)


def end_strays(mark: str = "") -> None:
    """End the processes that bear a mark, or without one those of processes that are gone."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError, ValueError):
            if process.pid == os.getpid():
                continue
            own = process.environ().get(VARIABLE, "")
            owner = own.partition("-")[0]
            if own and (own == mark if mark else owner.isdigit() and not psutil.pid_exists(int(owner))):
                process.kill()


@contextlib.contextmanager
def contained() -> Iterator[str]:
    """Yield a mark that no other run has; what bears it at the end is ended."""
    mark = f"{os.getpid()}-{next(_numbers)}"
    try:
        yield mark
    finally:
        end_strays(mark)


def sweep_temporary() -> None:
    """Remove the temporary folders of processes that are gone, and end what their runs had started."""
    if not Path("/proc").is_dir():
        return
    sweep_folders(Path(temporary_root()), TEMPORARY)
    end_strays()


class Printed:
    """How much the cells of a notebook have printed; what goes beyond is left out, and that is said once."""

    def __init__(self) -> None:
        self.letters = dict[int, int]()

    def bounded(self, message: dict[str, Any], cell: int) -> bool:
        """Return whether a kernel's message is kept; its text is cut where the cell has printed enough."""
        content = message["content"]
        if message["msg_type"] == "stream":
            said, text = self.letters.get(cell, 0), content["text"]
            self.letters[cell] = said + len(text)
            content["text"] = _cut(text, MOST_PRINTED - said)
            return said < MOST_PRINTED
        if message["msg_type"] == "error":
            content["evalue"], *content["traceback"] = map(_cut, (content["evalue"], *content["traceback"]))
        for kind, value in list((content.get("data") or {}).items()):
            if isinstance(value, str) and len(value) > MOST_SHOWN:
                del content["data"][kind]
                content["data"]["text/plain"] = LEFT_OUT[LANGS[-1]]
        return True


def _cut(text: str, most: int = MOST_PRINTED) -> str:
    return text if len(text) <= most else f"{text[: max(most, 0)]}\n{LEFT_OUT[LANGS[-1]]}\n"

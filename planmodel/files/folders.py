"""Folders of reports: which one a batch writes to, and files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import data_folder


def choose_folder(out: Path | None, key: str) -> Path:
    """Return the folder to write: a named one if free or of the same batch, else outputs/report, report-2, ...

    Errors: PlanmodelError where the named folder holds another batch or other files.
    """
    if out is not None:
        if is_free(out) or batch_of(out) == key:
            return out
        found = "another batch" if batch_of(out) else "other files"
        raise PlanmodelError(
            faults=[
                Fault(
                    "--out",
                    "a new or empty folder",
                    f"{out.name}, which holds {found}",
                    do="Name another; a change of data, notebooks, package or options makes another batch.",
                )
            ]
        )
    root = data_folder().parent / "outputs"
    for number in range(1, 10_000):
        folder = root / ("report" if number == 1 else f"report-{number}")
        if is_free(folder) or batch_of(folder) == key:
            return folder
    raise PlanmodelError("outputs/ holds 9,999 reports: delete some.")


def is_free(folder: Path) -> bool:
    return not folder.exists() or (
        folder.is_dir() and all(p.name == LOCK or is_left_over(p) for p in folder.iterdir())
    )


def is_left_over(path: Path) -> bool:
    """Return True for a file that a killed batch left half written: hidden, with the number of a process that is gone."""
    number = path.name.rpartition(".")[2]
    hidden = path.name.startswith(".") and path.name != LOCK and number.isdigit()
    return hidden and path.is_file() and not Path(f"/proc/{number}").exists()


def batch_of(folder: Path) -> str | None:
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["batch"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(text.encode() if isinstance(text, str) else text)
    os.replace(temporary, path)


SOCKET_LENGTH, BELOW = 107, len("/pm-b4194304-xxxxxxxx/pm-xxxxxxxx/k-5")
"""The longest path of a socket, and what batches and kernels add to the folder for temporary files."""


def temporary_root() -> str:
    """Return the folder for temporary files; /tmp where its own path leaves sockets no room.

    Errors: PlanmodelError where neither can be used.
    """
    try:
        named = tempfile.gettempdir()
    except OSError:
        named = os.environ.get("TMPDIR", "")
    room = len(os.fsencode(named)) + BELOW <= SOCKET_LENGTH
    found = named if room or os.name != "posix" else "/tmp"
    if not os.access(found, os.W_OK | os.X_OK):
        expected = "a folder for temporary files with a short path that can be written"
        raise PlanmodelError(faults=[Fault("TMPDIR", expected, named, do="Set TMPDIR to one.")])
    return found


LOCK = ".lock"


@contextlib.contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Hold a folder for one batch; the claim ends with the process, however it ends.

    Errors: PlanmodelError where another batch is at work in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LOCK).touch()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        found = f"{folder} ({error.strerror})"
        do = "Name another folder."
        raise PlanmodelError(
            faults=[Fault("--out", "a folder that can be made and written", found, do=do)]
        ) from None
    try:
        import fcntl
    except ImportError:  # not on Windows: there nobody is warned
        yield
        return
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PlanmodelError(
                faults=[
                    Fault(
                        "--out",
                        "a folder that no other batch is writing",
                        folder.name,
                        do="Wait for it, or name another folder.",
                    )
                ]
            ) from None
        yield


@contextlib.contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Keep batches from writing to a report while it is read.

    Errors: PlanmodelError where a batch is at work in it.
    """
    try:
        import fcntl

        lock = (folder / LOCK).open()
    except (ImportError, OSError):  # not on Windows, or no batch of this machine ever claimed it
        yield
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlanmodelError(
                faults=[
                    Fault(
                        "report",
                        "a finished report",
                        f"{folder.name}, which a batch is writing",
                        do="Wait for its end.",
                    )
                ]
            ) from None
        yield


def sweep(folder: Path) -> None:
    """Remove what a batch that was killed left half written."""
    for path in folder.rglob(".*"):
        if is_left_over(path):
            path.unlink(missing_ok=True)

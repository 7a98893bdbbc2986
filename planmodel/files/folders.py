"""Folders of reports: which one a batch writes to, files written whole or not at all, and zips."""

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import data_folder
from planmodel.words import Phrase

LOCK = ".lock"
UNFINISHED = re.compile(r"\.planmodel-unfinished-(\d+)-[0-9a-f]{12}")
"""How a file is called while it is written, with the number of the process that writes it."""
ASIDE = ".planmodel-import-"
"""How the folder begins in which a plan's files are made before they are put in place; the number of its process follows."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""When every member of a zip was made: the same members give the same bytes."""
SOCKET_LENGTH, BELOW = 107, len("/pm-b4194304-xxxxxxxx/pymp-xxxxxxxx/listener-xxxxxxxx")
"""The longest path of a socket, and what batches and kernels add to the folder for temporary files."""


class Busy(PlanmodelError):
    """Another process holds the folder."""


@contextlib.contextmanager
def claimed(out: Path | None, key: str) -> Iterator[Path]:
    """Hold the folder to write for one batch (see `choose_folder`, `claim`); one that another holds is passed over.

    Errors: PlanmodelError as of both; Busy where the folder that was named is held.
    """
    held: set[Path] = set()
    while True:
        folder = choose_folder(out, key, held)
        try:
            with claim(folder):
                if is_free(folder) or batch_of(folder) == key:  # still: another may have come and gone
                    yield folder
                    return
        except Busy:
            if out is not None or folder in held:
                raise
            held.add(folder)


def choose_folder(out: Path | None, key: str, taken: Collection[Path] = ()) -> Path:
    """Return the folder to write: a named one if free or of the same batch, else outputs/report, report-2, ...

    taken: folders that are not to be had.

    Errors: PlanmodelError where the named folder holds another batch or other files.
    """
    if out is not None:
        if is_free(out) or batch_of(out) == key:
            return out
        held = "batch.another_batch" if batch_of(out) else "batch.other_files"
        found, do = Phrase(held, name=out.name), Phrase("batch.name_another_folder")
        raise PlanmodelError(faults=[Fault("--out", Phrase("batch.new_folder"), found, do=do)])
    root = data_folder().parent / "outputs"
    for number in range(1, 10_000):
        folder = root / ("report" if number == 1 else f"report-{number}")
        if folder not in taken and (is_free(folder) or batch_of(folder) == key):
            return folder
    raise PlanmodelError(Phrase("batch.full_of_reports"))


def is_free(folder: Path) -> bool:
    """Return True where a folder is not there, or holds nothing but what batches leave."""
    if not folder.is_dir():
        return not folder.exists()
    return all(path.name == LOCK or is_left_over(path) for path in folder.iterdir())


def is_left_over(path: Path) -> bool:
    """Return True for what a process of this package that is gone left half written (`unfinished`), for nothing else."""
    made = UNFINISHED.fullmatch(path.name)
    return made is not None and path.is_file() and _is_gone(made[1])


def _is_gone(number: str) -> bool:
    """Return True where no process has a number; False where nothing tells."""
    return number.isdigit() and Path("/proc").is_dir() and not Path(f"/proc/{number}").exists()


def batch_of(folder: Path) -> str | None:
    """Return the key of the batch that a folder holds, None where it holds none."""
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["batch"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Yield the file to write; it takes its name when all of it is there, and nothing stays where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12]
    temporary = path.with_name(f".planmodel-unfinished-{os.getpid()}-{name}")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        error.filename = str(path)  # not that of a file that nobody has named
        raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all."""
    with unfinished(path) as temporary:
        temporary.write_bytes(text.encode() if isinstance(text, str) else text)


@contextlib.contextmanager
def aside(home: Path) -> Iterator[Path]:
    """Yield an empty folder of the name of another, hidden beside it, to make there what shall stand in it; it goes away at the end."""
    around = home.parent / f"{ASIDE}{os.getpid()}-{home.name}"
    sweep_folders(home.parent, ASIDE)
    try:
        (around / home.name).mkdir(parents=True)
        yield around / home.name
    except OSError as error:
        error.filename = str(home)
        raise
    finally:
        shutil.rmtree(around, ignore_errors=True)


def temporary_root() -> str:
    """Return the folder for temporary files; /tmp where its own path leaves sockets no room.

    Errors: PlanmodelError where neither can be used.
    """
    try:
        named = tempfile.gettempdir()
    except OSError:
        named = os.environ.get("TMPDIR", "")
    room = len(os.fsencode(named)) + BELOW <= SOCKET_LENGTH
    root = named if room or os.name != "posix" else "/tmp"
    if not os.access(root, os.W_OK | os.X_OK):
        expected, do = Phrase("batch.temporary"), Phrase("batch.set_tmpdir")
        raise PlanmodelError(faults=[Fault("TMPDIR", expected, named, do=do)])
    return root


@contextlib.contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Hold a folder for one batch; the claim ends with the process, however it ends.

    Errors: PlanmodelError where the folder cannot be written, and where another batch is at work in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LOCK).touch()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        expected, do = Phrase("batch.folder_to_write"), Phrase("batch.name_another")
        found = f"{folder} ({error.strerror})"
        raise PlanmodelError(faults=[Fault("--out", expected, found, do=do)]) from None
    expected, do = Phrase("batch.free_folder"), Phrase("batch.wait_or_name")
    with _held(folder, Fault("--out", expected, folder.name, do=do)):
        yield


@contextlib.contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Keep batches from writing to a report while it is read.

    Errors: PlanmodelError where a batch is at work in it.
    """
    if not os.access(folder / LOCK, os.W_OK):
        yield  # no batch of this machine, or none of this user, can be writing
        return
    expected, do = Phrase("batch.finished_report"), Phrase("batch.wait")
    found = Phrase("batch.being_written", name=folder.name)
    with _held(folder, Fault("report", expected, found, do=do)):
        yield


@contextlib.contextmanager
def _held(folder: Path, refusal: Fault) -> Iterator[None]:
    """Hold the lock of a folder, or raise the refusal where another process does."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(faults=[refusal]) from None
    try:
        yield
    finally:
        lock.release()


def sweep(folder: Path, below: bool = True) -> None:
    """Remove what a process that was killed left half written in a folder, and in those below."""
    for path in folder.rglob(".*") if below else folder.glob(".*"):
        if is_left_over(path):
            path.unlink(missing_ok=True)


def sweep_folders(folder: Path, prefix: str) -> None:
    """Remove the folders PREFIX-number-... that processes which are gone left behind."""
    for path in folder.glob(f"{prefix}*-*"):
        if _is_gone(path.name.removeprefix(prefix).partition("-")[0]):
            shutil.rmtree(path, ignore_errors=True)


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

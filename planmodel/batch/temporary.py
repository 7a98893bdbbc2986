"""What the processes of a batch inherit, and the temporary folders they use."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from planmodel.files.folders import temporary_root
from planmodel.files.reading import data_folder

TEMPORARY = "pm-b"
"""How the temporary folders of batches begin; the number of the process that made it follows."""


def make_temporary() -> str:
    """Return a new folder for what a worker and its kernels have that is temporary."""
    return tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-", dir=temporary_root())


def sweep_temporary() -> None:
    """Remove the temporary folders of batches that were killed: those that bear the number of a process that is gone."""
    for path in Path(temporary_root()).glob(f"{TEMPORARY}*-*"):
        number = path.name.removeprefix(TEMPORARY).partition("-")[0]
        if number.isdigit() and Path("/proc").is_dir() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(path, ignore_errors=True)


def environment(temporary: str) -> dict[str, str]:
    """Return the environment of a worker: the data folder, one thread of algebra, one place for temporary files."""
    return {
        **os.environ,
        "PLANMODEL_DATA": str(data_folder()),
        "OPENBLAS_NUM_THREADS": "1",
        "IPYKERNEL_CELL_NAME": "<cell>",
        "TMPDIR": temporary,
        "JUPYTER_RUNTIME_DIR": temporary,
    }


@contextmanager
def settings_of(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for what is started within."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)

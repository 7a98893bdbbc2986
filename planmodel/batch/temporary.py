"""What the workers of a batch inherit, and the temporary folders they use."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planmodel.files.folders import temporary_root
from planmodel.files.reading import data_folder

TEMPORARY = "pm-b"
"""How the temporary folders of batches begin; the number of the process follows."""


def sweep_temporary() -> None:
    """Remove the temporary folders of batches that were killed: those that bear the number of a process that is gone."""
    for path in Path(temporary_root()).glob(f"{TEMPORARY}*-*"):
        number = path.name.removeprefix(TEMPORARY).partition("-")[0]
        if number.isdigit() and Path("/proc").is_dir() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def environment() -> Iterator[None]:
    """Set what workers inherit: the data folder, one thread of algebra, one place for temporary files."""
    temporary = tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-", dir=temporary_root())
    wanted = {
        "PLANMODEL_DATA": str(data_folder()),
        "OPENBLAS_NUM_THREADS": "1",
        "IPYKERNEL_CELL_NAME": "<cell>",
        "TMPDIR": temporary,
        "JUPYTER_RUNTIME_DIR": temporary,
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        shutil.rmtree(temporary, ignore_errors=True)

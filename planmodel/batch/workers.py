"""Workers: processes that execute runs one after another and make their pages."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.connection import Connection
from queue import SimpleQueue

from planmodel.batch.containment import temporary_folder
from planmodel.batch.execution import Product, Settings, execute, failed
from planmodel.batch.inputs import notebook_path
from planmodel.batch.runs import End, Outcome, Run
from planmodel.batch.warm import kill_group
from planmodel.files.reading import data_folder
from planmodel.tables.reading import FOR_PAGES
from planmodel.words import phrase

GRACE_S = 200
"""How long after its time limit a run may still be at its worker: two starts of a kernel that fail take 180 s."""


def execute_all(runs: Sequence[Run], *, jobs: int, settings: Settings) -> Generator[Product, None, None]:
    """Yield what runs made as they end, on `jobs` processes; a worker that dies costs only its run.

    The order is not that of the runs; what each run computes depends on its parameters alone.
    """
    if not runs:
        return
    workers = [Worker() for _ in range(min(jobs, len(runs)))]
    idle: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def product(run: Run) -> Product:
        worker = idle.get()
        try:
            return worker.execute(run, notebook_path(run.notebook, run.lang).read_bytes(), settings)
        except OSError as error:  # no notebook, no room for temporary files
            return failed(run, error), {}
        finally:
            idle.put(worker)

    with ThreadPoolExecutor(len(workers)) as pool:
        try:
            for future in as_completed([pool.submit(product, run) for run in runs]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.stop()
    for worker in workers:
        worker.close()


class Worker:
    """A process that executes runs, started for the first one and again where it died.

    It has a group of processes of its own, so that Ctrl-C does not reach it, and ends when this process does, its
    kernels with it.
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None
        self.closed, self.lock = False, threading.Lock()

    def execute(self, run: Run, notebook: bytes, settings: Settings) -> Product:
        """Return what a run made, given its notebook.

        Errors: OSError where no process can be started.
        """
        started = time.monotonic()
        process = self._started()
        late = False
        try:
            self.connection.send((run, notebook, settings))
            late = not self.connection.poll(settings.seconds + GRACE_S if settings.seconds else None)
            if not late:
                return self.connection.recv()
        except (EOFError, OSError):
            pass
        seconds = round(time.monotonic() - started, 2)
        self._bury(process)
        if late:
            said = phrase("batch.late", run.lang, seconds=f"{settings.seconds:g}")
            return Outcome(run, End.LIMIT, seconds, "TimeLimit", said), {}
        said = phrase("batch.died", run.lang, code=process.returncode)
        return Outcome(run, End.DIED, seconds, "WorkerDied", said), {}

    def _started(self) -> subprocess.Popen:
        with self.lock:
            if self.closed:
                raise BrokenPipeError("the worker is closed")
            if self.process is None:
                self.temporary = temporary_folder()
                here, there = socket.socketpair()
                with there:
                    self.process = subprocess.Popen(
                        [sys.executable, "-P", "-m", __name__, str(there.fileno())],
                        pass_fds=(there.fileno(),),
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,  # a pipe that the caller reads ends with the caller
                        env=environment(self.temporary.name),
                        start_new_session=True,
                    )
                self.connection = Connection(here.detach())
            return self.process

    def _bury(self, process: subprocess.Popen) -> None:
        kill_group(process.pid)
        process.wait()
        self.connection.close()
        self.temporary.cleanup()
        self.process = None

    def stop(self) -> None:
        """Kill the process for good; a run that it is at ends as one whose worker died."""
        with self.lock:
            self.closed = True
            if self.process:
                kill_group(self.process.pid)

    def close(self) -> None:
        """End the process where it has nothing to do, and clear what it left."""
        self.stop()
        if self.process:
            self._bury(self.process)


def environment(temporary: str) -> dict[str, str]:
    """Return the environment of a worker: the data folder, one thread of algebra, one place for temporary files."""
    return {
        **os.environ,
        "PLANMODEL_DATA": str(data_folder()),
        "OPENBLAS_NUM_THREADS": "1",
        "IPYKERNEL_CELL_NAME": "<cell>",
        FOR_PAGES: "1",
        "TMPDIR": temporary,
        "JUPYTER_RUNTIME_DIR": temporary,
    }


def _work(connection: Connection) -> None:
    """Execute what comes until the other end is gone."""
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what fails is in the outcome
    orders: SimpleQueue = SimpleQueue()
    threading.Thread(target=_read, args=(connection, orders), daemon=True).start()
    while True:
        connection.send(execute(*orders.get()))


def _read(connection: Connection, orders: SimpleQueue) -> None:
    """Pass on what comes; leave at once when the other end is gone, the kernels with this process."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            orders.put(connection.recv())
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    _work(Connection(int(sys.argv[1])))

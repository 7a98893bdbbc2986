"""Workers: processes that execute runs one after another, and make the pages of finished ones meanwhile."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

from planmodel.batch.execution import Settings, execute, finish
from planmodel.batch.runs import Outcome, Run, notebook_path

PAGES_WAITING = 2
"""How many executed runs may wait for their pages before a worker takes the next."""
WATCH_S = 5
GRACE_S = 200
"""How long after its time limit a run may still be at its worker: two starts of a kernel that fail take 180 s."""
N_LOST = 2
"""How often a run is tried again whose worker died while it made pages."""


def execute_all(
    runs: Iterable[Run], sources: Path, folder: Path, jobs: int, settings: Settings
) -> Iterator[Outcome]:
    """Yield the outcomes of runs as they come, on `jobs` processes; a worker that dies costs only its run.

    sources: the folder of the notebooks. The order of the outcomes is not that of the runs; what each run computes
    depends on its parameters alone.
    """
    waiting, tries = deque(runs), Counter()
    workers = [_Worker(sources, folder, settings) for _ in range(min(jobs, len(waiting)))]
    try:
        while workers:
            for worker in workers:
                if worker.free and waiting:
                    worker.give(waiting.popleft())
            for connection in wait([worker.connection for worker in workers], WATCH_S):
                worker = next(w for w in workers if w.connection is connection)
                try:
                    what, value = connection.recv()
                except (EOFError, OSError):
                    workers.remove(worker)
                    running, lost = worker.bury()
                    tries.update(run.key for run in lost)
                    dead = [run for run in lost if tries[run.key] > N_LOST] + ([running] if running else [])
                    said = (
                        LATE.format(settings.seconds) if worker.late else DIED.format(worker.process.exitcode)
                    )
                    yield from (Outcome(run, False, 0.0, said) for run in dead)
                    waiting.extendleft(run for run in lost if tries[run.key] <= N_LOST)
                    if waiting:
                        workers.append(_Worker(sources, folder, settings))
                    continue
                if what == "free":
                    worker.running = None
                else:
                    worker.finishing.pop(value.run.key, None)
                    yield value
            for worker in workers:
                worker.look()
            idle = [worker for worker in workers if worker.idle and not waiting]
            for worker in idle:
                worker.close()
                workers.remove(worker)
    finally:
        for worker in workers:
            worker.kill()


@dataclass
class _Worker:
    """The coordinator's end of one worker process."""

    sources: Path
    folder: Path
    settings: Settings
    running: Run | None = None
    given: float = 0.0
    late: bool = False
    finishing: dict[str, Run] = field(default_factory=dict)

    def __post_init__(self):
        context = get_context("spawn")
        self.connection, there = context.Pipe()
        self.process = context.Process(
            target=_work, args=(there, self.sources, self.folder, self.settings, os.getpid()), daemon=False
        )
        with uninterrupted():
            self.process.start()
        there.close()

    @property
    def free(self) -> bool:
        return self.running is None and len(self.finishing) <= PAGES_WAITING

    @property
    def idle(self) -> bool:
        return self.running is None and not self.finishing

    def give(self, run: Run) -> None:
        self.running, self.given = run, time.monotonic()
        self.finishing[run.key] = run
        with contextlib.suppress(OSError):
            self.connection.send(run)

    def look(self) -> None:
        """Kill a worker that is still at a run when its watch over the kernel must have ended it."""
        limit = self.settings.seconds
        if self.running and limit and time.monotonic() - self.given > limit + GRACE_S:
            self.late = True
            self.process.kill()

    def bury(self) -> tuple[Run | None, list[Run]]:
        """Return the run that was executed when the worker died, and those whose pages were lost with it."""
        self.process.join()
        return self.running, [run for run in self.finishing.values() if run is not self.running]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.send(None)
        self.process.join()
        self.connection.close()

    def kill(self) -> None:
        """End the worker and what it started; its kernels die with it."""
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Start what shall not hear Ctrl-C, from its first moment on: what is ignored here is ignored by children."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


LATE = "TimeLimit: longer than {:g} s, and its worker did not end it"
DIED = "WorkerDied: the process that ran it ended with {}"


def _work(connection: Connection, sources: Path, folder: Path, settings: Settings, parent: int) -> None:
    """Execute the runs that come until None does; pages are made by a thread of their own."""
    from planmodel.batch.warm import die_with_parent

    die_with_parent()
    if os.getppid() != parent:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what fails is in the outcome
    lock = threading.Lock()

    def tell(what: str, value=None) -> None:
        with lock:
            connection.send((what, value))

    def complete(executed) -> None:
        try:
            outcome = finish(executed, folder)
        except Exception as error:  # noqa: BLE001 - a page that cannot be made costs only its run
            outcome = Outcome(executed.outcome.run, False, 0.0, f"{type(error).__name__}: {error}")
        tell("done", outcome)

    with ThreadPoolExecutor(1) as pages:
        while (run := connection.recv()) is not None:
            executed = execute(run, notebook_path(run.notebook, run.lang, sources), settings)
            pages.submit(complete, executed)
            tell("free")


def _leave(*_) -> None:
    raise SystemExit(1)

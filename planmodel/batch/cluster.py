"""Clusters: the runs of a batch on the workers of a dask.distributed scheduler, their files written here.

Workers need the same planmodel and data, and nothing of a shared file system: notebooks travel with the runs, files
come back with the outcomes. dask sends a run whose worker is lost to another. docs/cluster.md says how to start one.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from queue import Empty, SimpleQueue

from planmodel.batch.execution import Product, Settings
from planmodel.batch.inputs import differing, inputs_digest, notebook_path
from planmodel.batch.runs import End, Outcome, Run
from planmodel.batch.workers import Worker
from planmodel.errors import Fault, PlanmodelError
from planmodel.words import Joined, Phrase, phrase

CONNECT_TIMEOUT_S = 15
WATCH_S = 2
RESULT_TIMEOUT_S = 30
N_RETRIES = 2
"""How often a run is tried again where a worker could not start a process, say for want of disk space."""
RUNS_PER_THREAD, LEAST_RUNS = 2, 4
"""How many runs are with the scheduler at a time: more would only fill memory."""
_idle: list[tuple[str, Worker]] = []
"""Processes of this dask worker that have no run, each with the hash of the code that it once imported."""


def execute_on_cluster(
    runs: Sequence[Run], *, scheduler: str, settings: Settings, sources: Path | None = None
) -> Generator[Product, None, None]:
    """Yield what runs made as they end, executed by the workers of the scheduler at an address.

    sources: the folder of the notebooks (default: beside the data). Without any worker the batch waits. The order is
    not that of the runs.

    Errors: PlanmodelError where no scheduler answers, where it is lost, and where a worker has other data or code.
    """
    if not runs:
        return
    waiting, inputs = deque(runs), inputs_digest()
    sent: dict[str, tuple[Run, Future]] = {}
    ready: SimpleQueue = SimpleQueue()
    client = _connect(scheduler)
    room = _Room(client, scheduler)
    try:
        while waiting or sent:
            room.look()
            while waiting and len(sent) < room.n_runs:
                run = waiting.popleft()
                notebook = notebook_path(run.notebook, run.lang, sources).read_bytes()
                name = f"planmodel-{run.key}-{client.id}"
                future = client.submit(
                    fulfil, run, notebook, settings, inputs, key=name, pure=False, retries=N_RETRIES
                )
                sent[name] = run, future
                future.add_done_callback(ready.put)
            with contextlib.suppress(Empty):
                future = ready.get(timeout=WATCH_S)
                product = _product(sent[future.key][0], future, scheduler, inputs)
                if product is None:
                    future.add_done_callback(ready.put)
                    continue
                del sent[future.key], future
                yield product
    finally:
        with contextlib.suppress(Exception):
            client.cancel([future for _, future in sent.values()])
        client.close()


def fulfil(
    run: Run, notebook: bytes, settings: Settings, inputs: Mapping[str, str]
) -> tuple[Mapping[str, str], Product | None, str]:
    """Execute a run in a process beside this dask worker: a task. Calls side by side have a process each.

    Not in the worker itself: one that stays up for weeks would go on with the code that it once imported. inputs: the
    hashes of the coordinator's data and code. Returns the hashes here, what the run made (None where they differ), and
    the worker's name.
    """
    from distributed import get_worker

    name = f"{get_worker().address} ({socket.gethostname()})"
    own = inputs_digest()
    if own != inputs:
        return own, None, name
    try:
        code, worker = _idle.pop()
    except IndexError:
        code, worker = own["code"], Worker()
    if code != own["code"]:
        worker.close()
        worker = Worker()
    try:
        return own, worker.execute(run, notebook, settings), name
    finally:
        _idle.append((own["code"], worker))


def _product(run: Run, future, scheduler: str, inputs: Mapping[str, str]) -> Product | None:
    """Return what a run made, None where that was lost with a worker and is being made again."""
    from distributed import KilledWorker

    try:
        own, product, worker = future.result(timeout=RESULT_TIMEOUT_S)
    except KilledWorker as error:
        said = phrase("batch.workers_died", run.lang, n=error.allowed_failures + 1)
        return Outcome(run, End.DIED, 0.0, "WorkerDied", said), {}
    except TimeoutError:
        return None
    except (CancelledError, OSError):
        raise _lost(scheduler) from None
    except Exception as error:  # noqa: BLE001 - whatever a worker without this module raises
        problem = " ".join(f"{type(error).__name__}: {error}".split())[:300].rstrip(".")
        unfit = Phrase("batch.cluster.unfit", worker=scheduler, problem=problem)
        raise PlanmodelError(Joined([unfit, Phrase("batch.goes_on")])) from None
    if product is None:
        parts = differing(inputs, own)
        expected = Phrase("batch.cluster.same", parts=parts)
        found = Phrase("batch.cluster.other", parts=parts, worker=worker)
        do = Joined([Phrase("batch.cluster.same_checkout"), Phrase("batch.goes_on")])
        raise PlanmodelError(faults=[Fault("--scheduler", expected, found, do=do)])
    return product


def _connect(scheduler: str):
    """Return a client of the scheduler at an address."""
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError:
        raise PlanmodelError(Phrase("batch.cluster.extra")) from None
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":  # what matters is said in the errors here
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        get_address_host_port(
            scheduler
        )  # a client made with a wrong one would hold up the end of the program
    except ValueError as error:
        raise _no_scheduler(scheduler, error) from None
    made: Future = Future()

    def make() -> None:
        try:
            made.set_result(
                Client(scheduler, timeout=CONNECT_TIMEOUT_S, set_as_default=False, name="planmodel")
            )
        except BaseException as error:  # noqa: BLE001 - raised where the future is read
            made.set_exception(error)

    # In a thread: a port that accepts and says nothing holds the client for good, whatever its timeout.
    threading.Thread(target=make, daemon=True).start()
    try:
        return made.result(CONNECT_TIMEOUT_S + 1)
    except Exception as error:  # noqa: BLE001 - a wrong address, port or protocol each raises its own kind
        raise _no_scheduler(scheduler, error) from None


def _no_scheduler(scheduler: str, error: Exception) -> PlanmodelError:
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    expected = Phrase("batch.cluster.scheduler", seconds=CONNECT_TIMEOUT_S)
    found, do = f"{scheduler!r} ({reason.rstrip('.')})", Phrase("batch.cluster.start_one")
    return PlanmodelError(faults=[Fault("--scheduler", expected, found, do=do)])


def _lost(scheduler: str) -> PlanmodelError:
    said = [Phrase("batch.cluster.lost", scheduler=scheduler), Phrase("batch.goes_on")]
    return PlanmodelError(Joined(said))


class _Room:
    """How many runs may be with the scheduler, by its workers now; says once when there are none."""

    def __init__(self, client, scheduler: str):
        self.client, self.scheduler = client, scheduler
        self.n_runs, self.said, self.looked = LEAST_RUNS, False, 0.0

    def look(self) -> None:
        if time.monotonic() - self.looked < WATCH_S:
            return
        try:
            n_threads = sum(self.client.nthreads().values())
        except Exception:  # noqa: BLE001 - a lost connection raises many kinds
            raise _lost(self.scheduler) from None
        self.looked = time.monotonic()
        self.n_runs = max(LEAST_RUNS, RUNS_PER_THREAD * n_threads)
        if not n_threads and not self.said:
            said = phrase("batch.cluster.no_worker", "en", scheduler=self.scheduler)
            print(said, file=sys.stderr, flush=True)
        self.said = not n_threads

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
from concurrent.futures import CancelledError
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from planmodel.batch.execution import Product, Settings, failed
from planmodel.batch.inputs import differing, inputs_digest, notebook_path
from planmodel.batch.runs import End, Outcome, Run
from planmodel.batch.workers import Worker
from planmodel.errors import PlanmodelError
from planmodel.words import Joined, Phrase, phrase

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_TIMEOUT_S = 15
WATCH_S, POLL_S = 2, 0.02
RUNS_PER_THREAD, LEAST_RUNS = 2, 4
"""How many runs are with the scheduler at a time: more would only fill memory."""
_idle: list[tuple[str, Worker]] = []
"""Processes of this dask worker that have no run, each with the hash of the code that it once imported."""


def execute_on_cluster(
    runs: Sequence[Run], *, scheduler: str, settings: Settings
) -> Generator[Product, None, None]:
    """Yield what runs made as they end, executed by the workers of the scheduler at an address.

    Without any worker the batch says so once and waits. The order is not that of the runs.

    Errors: PlanmodelError where no scheduler answers, where it is lost, and where a worker has other data or code.
    """
    if not runs:
        return
    client, inputs, waiting = _connect(scheduler), inputs_digest(), deque(runs)
    from distributed import as_completed

    sent: dict[str, Run] = {}
    done = as_completed(with_results=True, raise_errors=False, loop=client.loop)
    room, alone, look, n_threads = LEAST_RUNS, False, 0.0, 0
    with contextlib.closing(client):
        while waiting or sent:
            if time.monotonic() > look:
                n_threads = _n_threads(client, scheduler, n_threads)
                look = time.monotonic() + WATCH_S
                if not n_threads and not alone:
                    said = phrase("batch.cluster.no_worker", runs[0].langs[0], scheduler=scheduler)
                    print(said, file=sys.stderr, flush=True)
                room, alone = max(LEAST_RUNS, RUNS_PER_THREAD * n_threads), not n_threads
            while waiting and len(sent) < room:
                run = waiting.popleft()
                notebook = notebook_path(run.notebook, run.lang).read_bytes()
                key = f"planmodel-{run.key}-{client.id}"
                sent[key] = run
                order = (fulfil, run, notebook, settings, inputs)
                done.add(client.submit(*order, key=key, pure=False))
            if done.has_ready():
                future, _ = next(done)
                yield _product(sent.pop(future.key), future, scheduler, inputs)
            else:
                time.sleep(POLL_S)


def _n_threads(client: Client, scheduler: str, before: int) -> int:
    """Return how many threads the workers have together; as many as before while the scheduler is there and too busy to answer."""
    try:
        return sum(client.nthreads().values())
    except Exception:  # noqa: BLE001 - a lost connection raises many kinds
        if client.status == "running":
            return before
        raise _lost(scheduler) from None


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
    except OSError as error:  # no room for temporary files
        return own, (failed(run, error), {}), name
    finally:
        _idle.append((own["code"], worker))


def _product(run: Run, future: Future, scheduler: str, inputs: Mapping[str, str]) -> Product:
    """Return what a run made, given its future, which is done."""
    from distributed import KilledWorker

    if future.status not in ("finished", "error"):
        raise _lost(scheduler)
    try:
        own, product, worker = future.result()
    except KilledWorker as error:
        said = phrase("batch.workers_died", run.lang, n=error.allowed_failures + 1)
        return Outcome(run, End.DIED, error="WorkerDied", message=said), {}
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
        raise PlanmodelError.of("--scheduler", expected, found, do=do)
    return product


def _connect(scheduler: str) -> Client:
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
        get_address_host_port(scheduler)  # a client of a wrong one would hold up the end of the program
    except ValueError as error:
        raise _no_scheduler(scheduler, error) from None
    made: SimpleQueue[Client | Exception] = SimpleQueue()

    def make() -> None:
        try:
            made.put(Client(scheduler, timeout=CONNECT_TIMEOUT_S, set_as_default=False, name="planmodel"))
        except Exception as error:  # noqa: BLE001 - a wrong address, port or protocol each raises its own kind
            made.put(error)

    # In a thread: a port that accepts and says nothing holds the client for good, whatever its timeout.
    threading.Thread(target=make, daemon=True).start()
    try:
        client = made.get(timeout=CONNECT_TIMEOUT_S + 1)
    except Empty:
        client = TimeoutError()
    if isinstance(client, Exception):
        raise _no_scheduler(scheduler, client)
    return client


def _no_scheduler(scheduler: str, error: Exception) -> PlanmodelError:
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    expected = Phrase("batch.cluster.scheduler", seconds=CONNECT_TIMEOUT_S)
    found, do = f"{scheduler!r} ({reason.rstrip('.')})", Phrase("batch.cluster.start_one")
    return PlanmodelError.of("--scheduler", expected, found, do=do)


def _lost(scheduler: str) -> PlanmodelError:
    said = [Phrase("batch.cluster.lost", scheduler=scheduler), Phrase("batch.goes_on")]
    return PlanmodelError(Joined(said))

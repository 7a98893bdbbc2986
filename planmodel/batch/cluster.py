"""Clusters: the runs of a batch on the workers of a dask.distributed scheduler, their files written here.

Workers need the same planmodel and data, and nothing of a shared file system: notebooks travel with the runs, files
come back with the outcomes. docs/cluster.md says how to start one.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from pathlib import Path
from queue import Empty, SimpleQueue

from planmodel.batch.execution import Settings
from planmodel.batch.remote import Order, fulfil
from planmodel.batch.runs import Outcome, Run, inputs_digest, notebook_path
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.folders import write_atomically

CONNECT_TIMEOUT_S = 15
WATCH_S = 2
RESULT_TIMEOUT_S = 30
N_RETRIES = 2
"""How often a run is tried again where a worker could not start its helper, say for want of disk space."""
RUNS_PER_THREAD, LEAST_RUNS = 2, 4
"""How many runs are with the scheduler at a time: more would only fill memory."""
GOES_ON = "What is finished is kept; the same call goes on with the rest."


def execute_on_cluster(
    runs: Iterable[Run], sources: Path, folder: Path, scheduler: str, settings: Settings
) -> Iterator[Outcome]:
    """Yield the outcomes of runs as they come, executed by the workers of the scheduler at an address.

    sources: the folder of the notebooks. A run whose worker is lost is done again by another; without any worker the
    batch waits. The order of the outcomes is not that of the runs.

    Errors: PlanmodelError where no scheduler answers, where it is lost, and where a worker has other data or code.
    """
    waiting, sent, ready = deque(runs), {}, SimpleQueue()
    inputs = inputs_digest()
    client = _connect(scheduler)
    room = _Room(client, scheduler)
    try:
        while waiting or sent:
            room.look()
            while waiting and len(sent) < room.n_runs:
                run = waiting.popleft()
                order = Order(run, notebook_path(run.notebook, run.lang, sources).read_bytes(), settings)
                future = client.submit(
                    fulfil,
                    pickle.dumps(order),
                    inputs,
                    key=f"planmodel-{run.key}-{client.id}",
                    pure=False,
                    retries=N_RETRIES,
                )
                sent[future.key] = run, future
                future.add_done_callback(ready.put)
            with contextlib.suppress(Empty):
                future = ready.get(timeout=WATCH_S)
                run, _ = sent[future.key]
                found = _result(run, future, scheduler, inputs)
                if found is None:
                    future.add_done_callback(ready.put)
                    continue
                outcome, files = found
                for path, content in files.items():
                    write_atomically(folder / path, content)
                del sent[future.key], future
                yield outcome
    finally:
        with contextlib.suppress(Exception):
            client.cancel([future for _, future in sent.values()])
        client.close()


def _connect(scheduler: str):
    """Return a client of the scheduler at an address."""
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError:
        raise PlanmodelError(
            "--scheduler needs the package distributed, which is not installed: pip install 'planmodel[cluster]'"
        ) from None
    _hush()
    try:
        get_address_host_port(
            scheduler
        )  # a client made with a wrong one would hold up the end of the program
    except ValueError as error:
        raise _no_scheduler(scheduler, error) from None
    # In a thread: a port that accepts and says nothing holds the client for good, whatever its timeout.
    made: Future = Future()
    options = {"timeout": CONNECT_TIMEOUT_S, "set_as_default": False, "name": "planmodel"}
    threading.Thread(target=_make, args=(made, lambda: Client(scheduler, **options)), daemon=True).start()
    try:
        return made.result(CONNECT_TIMEOUT_S + 1)
    except Exception as error:  # noqa: BLE001 - a wrong address, port or protocol each raises its own kind
        raise _no_scheduler(scheduler, error) from None


def _no_scheduler(scheduler: str, error: Exception) -> PlanmodelError:
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    return PlanmodelError(
        faults=[
            Fault(
                "--scheduler",
                f"the address of a dask scheduler that answers within {CONNECT_TIMEOUT_S} s",
                f"{scheduler!r} ({reason.rstrip('.')})",
                do="Start one with `dask scheduler`, or correct the address; docs/cluster.md says how.",
            )
        ]
    )


def _make(made: Future, make) -> None:
    """Set a future to what a call returns or raises."""
    try:
        made.set_result(make())
    except BaseException as error:  # noqa: BLE001 - raised where the future is read
        made.set_exception(error)


def _hush() -> None:
    """Keep the client's log off the terminal: what matters is said in the errors here."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


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
            print(
                f"planmodel: the scheduler at {self.scheduler} has no worker; waiting for one. Start one with "
                f"`dask worker {self.scheduler} --nthreads 1`, or stop with Ctrl-C.",
                file=sys.stderr,
                flush=True,
            )
        self.said = not n_threads


def _result(
    run: Run, future, scheduler: str, inputs: Mapping[str, str]
) -> tuple[Outcome, dict[str, bytes]] | None:
    """Return a run's outcome and files, None where its result was lost with a worker and is being made again."""
    from distributed import KilledWorker

    try:
        what, value, worker = future.result(timeout=RESULT_TIMEOUT_S)
    except KilledWorker as error:
        n_workers = error.allowed_failures + 1
        return Outcome(run, False, 0.0, f"WorkerDied: {n_workers} workers died while they ran it"), {}
    except TimeoutError:
        return None
    except (CancelledError, OSError):
        raise _lost(scheduler) from None
    except Exception as error:  # noqa: BLE001 - whatever a worker without this module raises
        raise _unfit("a worker", f"{type(error).__name__}: {error}") from None
    value = pickle.loads(value)
    if what == "died":
        return Outcome(run, False, 0.0, f"WorkerDied: the process that ran it ended with {value}"), {}
    if what == "unfit":
        raise _unfit(f"the worker {worker}", value)
    if what == "other":
        differ = " and ".join(name for name in inputs if value.get(name) != inputs[name]) or "data or code"
        raise PlanmodelError(
            faults=[
                Fault(
                    "--scheduler",
                    f"workers with the same {differ} as here",
                    f"other {differ} on the worker {worker}",
                    do=f"Give it the same checkout and data (PLANMODEL_DATA names the folder). {GOES_ON}",
                )
            ]
        )
    return value


def _lost(scheduler: str) -> PlanmodelError:
    return PlanmodelError(f"The scheduler at {scheduler} does not answer any more. {GOES_ON}")


def _unfit(worker: str, problem: str) -> PlanmodelError:
    problem = " ".join(problem.split())[:300].rstrip(".")
    return PlanmodelError(
        f"Nothing can be executed on {worker}: {problem}. Install the same planmodel there as here. {GOES_ON}"
    )

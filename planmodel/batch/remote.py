"""The worker's end of a cluster: a dask worker hands each run to a process of its own, which executes it.

Not in the worker itself: its threads may end, and a warm parent ends with the thread that started it; and a worker
that stays up for weeks would go on with the code that it once imported. The helper ends with its worker, however that
ends, and its warm parent and kernels with it. It speaks pickles over its standard input and output.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmodel.batch.execution import Settings
    from planmodel.batch.runs import Run

N_HELPERS = 3
"""With how many helpers a run is tried: the first may have old code, one may die."""
END_TIMEOUT_S = 10
_idle: list[Helper] = []


@dataclass(frozen=True)
class Order:
    """One run to execute, with the bytes of its notebook."""

    run: Run
    notebook: bytes
    settings: Settings


def fulfil(order: bytes, inputs: Mapping[str, str]) -> tuple[str, bytes, str]:
    """Execute a pickled order in a helper; return what came of it, the pickled value, and the worker's name.

    inputs: the hashes of the coordinator's data and code. What came of it: `done` (value: outcome, files by path),
    `other` (the hashes here differ; value: they), `unfit` (value: why nothing can be executed here) or `died` (value:
    the exit code of the helper). A task of dask; side by side calls have a helper each.
    """
    from distributed import get_worker

    worker = f"{get_worker().address} ({socket.gethostname()})"
    code = None
    for _ in range(N_HELPERS):
        try:
            helper = _idle.pop()
        except IndexError:
            helper = Helper()
        try:
            what, value = helper.ask(order, inputs)
        except (EOFError, OSError, pickle.UnpicklingError):
            code = helper.close()
            continue
        if what == "done":
            _idle.append(helper)
        else:
            helper.close()
        if what != "stale":
            return what, value, worker
    return "died", pickle.dumps(code), worker


class Helper:
    """The worker's end of a process that executes runs, one at a time."""

    def __init__(self):
        # The installed package, as the worker has it, even where another checkout is the working folder.
        environment = {**os.environ, "PYTHONSAFEPATH": "1"}
        command = [sys.executable, "-m", "planmodel.batch.remote"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    def ask(self, order: bytes, inputs: Mapping[str, str]) -> tuple[str, bytes]:
        pickle.dump((order, dict(inputs)), self.process.stdin)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)

    def close(self) -> int | None:
        """End the process; return its exit code."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        return self.process.returncode


def serve() -> None:
    """Answer orders until the worker closes the pipe or dies; then leave at once, in the middle of a run too."""
    orders, answers = _take_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    queue: SimpleQueue = SimpleQueue()
    threading.Thread(target=_read, args=(orders, queue), daemon=True).start()
    with contextlib.ExitStack() as stack:
        try:
            from planmodel.batch.runs import inputs_digest
            from planmodel.batch.temporary import environment

            stack.enter_context(environment())
            tempfile.tempdir = None  # read TMPDIR again
            begun, problem = inputs_digest(), ""
        except Exception as error:  # noqa: BLE001 - told to the coordinator
            begun, problem = {}, f"{type(error).__name__}: {error}"
        while True:
            what, value = _answer(*queue.get(), begun) if not problem else (queue.get() and "unfit", problem)
            pickle.dump((what, pickle.dumps(value)), answers)
            answers.flush()


def _answer(order: bytes, wanted: Mapping[str, str], begun: Mapping[str, str]) -> tuple[str, object]:
    """Execute an order where data and code are those of the coordinator; `begun`: the hashes when code was imported."""
    from planmodel.batch.execution import execute, product_of
    from planmodel.batch.runs import Outcome, inputs_digest

    try:
        inputs = inputs_digest()
        if inputs != wanted:
            return "other", inputs
        if inputs["code"] != begun["code"]:
            return "stale", None
        order = pickle.loads(order)
        with tempfile.TemporaryDirectory(prefix="pm-") as folder:
            source = Path(folder) / f"{order.run.notebook}.ipynb"
            source.write_bytes(order.notebook)
            executed = execute(order.run, source, order.settings)
    except Exception as error:  # noqa: BLE001 - told to the coordinator
        return "unfit", f"{type(error).__name__}: {error}"
    try:
        return "done", product_of(executed)
    except Exception as error:  # noqa: BLE001 - a page that cannot be made costs only its run
        return "done", (Outcome(order.run, False, 0.0, f"{type(error).__name__}: {error}"), {})


def _take_pipes():
    """Return private ends of standard input and output, which no child inherits; what is printed goes to stderr."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, answers


def _read(orders, queue: SimpleQueue) -> None:
    """Queue what comes; when the worker is gone, end this process, gently at first."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            queue.put(pickle.load(orders))
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_TIMEOUT_S / 2)
    os._exit(1)


def _leave(*_) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    serve()

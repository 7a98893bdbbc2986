"""A warm parent: a process that has imported the libraries and forks a kernel from itself when asked. Linux only.

The parent has one thread and never starts a kernel in itself; a forked kernel finds every import done. Client and
parent speak one JSON line each way over a socket pair; the parent ends when its client does, its kernels with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping

PR_SET_PDEATHSIG = 1
ANSWER_TIMEOUT_S = 60
REHEARSAL_DRAWS = 100
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONSAFEPATH": "1"}
"""The parent's environment: one thread, no warning of the debugger, no modules from the current folder."""
PRELOAD = (
    "planmodel.lab.figures",
    "planmodel.lab.views",
    "planmodel.tables.results",
    "planmodel.tables.evidence",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.display",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "matplotlib.backends.backend_svg",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pyarrow.pandas_compat",
    "tornado.platform.asyncio",
    "tornado.queues",
)
"""Imported before the first fork. Not matplotlib_inline.backend_inline: imported before the fork, pictures vanish."""


def can_fork() -> bool:
    """Return True where kernels can be forked: on Linux with process descriptors."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class WarmParent:
    """The client's end: starts the parent once, asks it for kernels, ends it."""

    def __init__(self, environment: Mapping[str, str] | None = None):
        here, there = socket.socketpair()
        with there:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "planmodel.batch.warm", str(there.fileno())],
                pass_fds=(there.fileno(),),
                stdin=subprocess.DEVNULL,
                env={**os.environ, **SETTINGS, **(environment or {})},
            )
        self.lock = threading.Lock()
        here.settimeout(ANSWER_TIMEOUT_S)
        self.stream = here.makefile("rw", encoding="utf-8")
        self.socket = here

    def fork(self, arguments: list[str], environment: Mapping[str, str], folder: str | None) -> int:
        """Return the process id of a fresh kernel; raise RuntimeError where the parent does not answer."""
        request = {"arguments": arguments, "environment": dict(environment), "folder": folder}
        with self.lock:
            try:
                self.stream.write(json.dumps(request) + "\n")
                self.stream.flush()
                answer = self.stream.readline()
            except OSError as error:
                raise RuntimeError(f"Kernel didn't start: the warm parent is gone ({error})") from None
        if not answer:
            raise RuntimeError("Kernel didn't start: the warm parent is gone")
        return int(json.loads(answer)["pid"])

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End the parent and every kernel it still has."""
        self.stream.close()
        self.socket.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def die_with_parent() -> None:
    """Have the kernel of the operating system kill this process when its parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def serve(descriptor: int) -> None:
    """Import the libraries, then fork a kernel for every request until the client ends."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _reap)
    _preload()
    connection = socket.socket(fileno=descriptor)
    with (
        contextlib.suppress(BrokenPipeError, ConnectionResetError),  # the client is gone
        connection,
        connection.makefile("rw", encoding="utf-8") as stream,
    ):
        for line in stream:
            request = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _become_kernel(request, connection)
            stream.write(json.dumps({"pid": pid}) + "\n")
            stream.flush()


def _reap(*_) -> None:
    """Take note of kernels that ended, so that they leave no zombie and their time is counted."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _preload() -> None:
    import gc
    import importlib

    sys.modules.setdefault("rfc3987_syntax", None)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in PRELOAD:
        importlib.import_module(name)
    from planmodel.charts import use_style
    from planmodel.errors import PlanmodelError
    from planmodel.plans import load_plan, plan_names

    use_style()
    for name in plan_names():
        with contextlib.suppress(PlanmodelError):  # the run that needs the faulty file says so
            load_plan(name)
    with contextlib.suppress(PlanmodelError):
        _rehearse()
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    """Do once what most notebooks do, on one plan with few draws: fonts, tables and templates are then in memory."""
    import pandas as pd

    from planmodel import charts
    from planmodel.feasibility import assess_plan
    from planmodel.lab.study import DEFAULTS
    from planmodel.plans import load_plan
    from planmodel.plans.scenarios import load_scenario
    from planmodel.workbooks.sheets import Sheet, workbook_bytes

    plan, scenario = load_plan(str(DEFAULTS["plan"])), load_scenario(str(DEFAULTS["scenario"]))
    result = assess_plan(plan, scenario, n_draws=REHEARSAL_DRAWS)
    workbook_bytes([Sheet("", pd.DataFrame({"": [""]}))])
    for lang in ("en", "zh"):
        charts.svg(charts.required_chart(result, lang).figure)


def _become_kernel(request: dict, connection: socket.socket) -> None:
    """Run a kernel in the forked child, which never returns."""
    status = 1
    try:
        os.setsid()
        die_with_parent()
        for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        connection.close()
        sink = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(sink, stream)
        os.environ.clear()
        os.environ.update(request["environment"])
        if request["folder"]:
            os.chdir(request["folder"])
        import numpy

        numpy.random.seed()  # Python's own random numbers are seeded anew at a fork, NumPy's are not
        if not os.path.exists(request["arguments"][1]):
            raise SystemExit(1)  # the client has gone and taken the connection file along
        sys.argv = ["ipykernel_launcher", *request["arguments"]]
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(request["arguments"])
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0
    except BaseException as error:  # noqa: BLE001 - the child must not return
        os.write(2, f"kernel: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve(int(sys.argv[1]))

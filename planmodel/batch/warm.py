"""Warm kernels: forked from a process that has imported the libraries, the forkserver of the standard library. Linux only.

The server starts with the first kernel and again if it was lost; it has one thread and never runs a kernel in itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping
from multiprocessing import get_context, set_start_method
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from planmodel.files.folders import temporary_root

REHEARSAL_DRAWS = 100
MARK = "PLANMODEL_WARM"
SETTINGS = {
    MARK: "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
"""The server's environment: a sign that it shall prepare, one thread, no warning of the debugger, figures shown inline."""
SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of Linux."""
KERNEL_COLUMNS = 20
"""The columns of a frame that pandas shows where it is imported in a kernel; elsewhere it takes a terminal's width."""
PACKAGES = ("planmodel.charts", "planmodel.lab", "planmodel.tables")
MODULES = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.display", "IPython.core.logger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "matplotlib.backends.backend_svg", "pandas.io.formats.csvs",
    "pandas.io.formats.html", "pyarrow.pandas_compat", "tornado.platform.asyncio", "tornado.queues",
)  # fmt: skip
"""Imported before the first fork, with every module of the packages.

Not matplotlib_inline.backend_inline: imported before the fork, pictures vanish.
"""


def kill_group(pid: int) -> None:
    """Kill a process, the group of processes that it leads, and all it started that is still there."""
    import psutil

    below: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        below = psutil.Process(pid).children(recursive=True)  # in groups and sessions of their own, too
    with contextlib.suppress(OSError, AttributeError):  # no groups on Windows
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    for process in below:
        with contextlib.suppress(psutil.Error):
            process.kill()


def can_fork() -> bool:
    """Return True where kernels can be forked."""
    return sys.platform == "linux"


def start_kernel(
    arguments: list[str], environment: Mapping[str, str], folder: str | None
) -> tuple[BaseProcess, Connection]:
    """Return the process of a fresh kernel, and the lease it lives by: it is killed once that is closed.

    Errors: OSError or EOFError where the server does not answer.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    theirs, ours = context.Pipe(duplex=False)
    given = (theirs, arguments, dict(environment), folder)
    process = context.Process(target=_become_kernel, args=given, name="MainProcess")
    with theirs, _conditions():
        process.start()
    return process, ours


@contextlib.contextmanager
def _conditions() -> Iterator[None]:
    """Set what a start needs: the server's environment, room for the path of its socket, and no main module.

    multiprocessing would run the main module, a user's script, again in each kernel.
    """
    main, folder, environment = sys.modules["__main__"], tempfile.tempdir, os.environ.copy()
    sys.modules["__main__"], tempfile.tempdir = types.ModuleType("__main__"), temporary_root()
    os.environ.update(SETTINGS)
    try:
        yield
    finally:
        sys.modules["__main__"], tempfile.tempdir = main, folder
        for name in set(SETTINGS) - set(environment):
            del os.environ[name]
        os.environ.update(environment)


def _become_kernel(
    lease: Connection, arguments: list[str], environment: Mapping[str, str], folder: str | None
) -> None:
    """Run a kernel in the forked process."""
    os.setsid()
    _keep_orphans()
    _die_with(lease)
    sink = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what the caller reads ends with the caller
        os.dup2(sink, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = _path
    if folder:
        os.chdir(folder)
    import numpy

    numpy.random.seed()  # Python's own random numbers are seeded anew at a fork, NumPy's are not
    if not os.path.exists(arguments[1]):
        return  # the client has gone and taken the connection file along
    set_start_method(None, force=True)  # a notebook finds the usual one
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(arguments)


def _keep_orphans() -> None:
    """Make this process the parent of what its children leave behind, so that it is found and ended with it."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def _die_with(lease: Connection) -> None:
    """Have the system kill this group of processes when the other end of a pipe is closed: by its owner's end, too."""
    import fcntl  # not on Windows, where this module is only asked whether it can fork

    descriptor = lease.fileno()
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([lease], 0):  # closed before this was set
        os._exit(1)


def _prepare() -> None:
    """Import and do once what most notebooks do: fonts, tables and templates are then in memory."""
    import gc
    import importlib
    import pkgutil

    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    for name in MODULES:
        importlib.import_module(name)
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    import pandas as pd

    from planmodel.charts import use_style
    from planmodel.errors import PlanmodelError
    from planmodel.plans import load_plan, plan_names

    pd.set_option("display.max_columns", KERNEL_COLUMNS)
    use_style()
    for name in plan_names():
        with contextlib.suppress(PlanmodelError):  # the run that needs the faulty file says so
            load_plan(name)
    with contextlib.suppress(Exception):  # it only saves time
        _rehearse()
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    """Assess one plan with few draws, draw it and write a workbook."""
    import pandas as pd

    from planmodel import charts
    from planmodel.feasibility import assess_plan
    from planmodel.lab.study import DEFAULTS
    from planmodel.plans import load_plan
    from planmodel.plans.scenarios import load_scenario
    from planmodel.words import LANGS
    from planmodel.workbooks.sheets import Sheet, workbook_bytes

    plan, scenario = load_plan(str(DEFAULTS["plan"])), load_scenario(str(DEFAULTS["scenario"]))
    result = assess_plan(plan, scenario, n_draws=REHEARSAL_DRAWS)
    workbook_bytes([Sheet("", pd.DataFrame({"": [""]}))])
    for lang in LANGS:
        charts.svg(charts.required_chart(result, lang).figure)


_path = list(sys.path)
"""Of the server: a kernel does not look for modules where its client does."""
if os.environ.pop(MARK, ""):  # this is the server, which imports the module before it forks
    _prepare()

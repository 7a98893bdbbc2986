"""Kernels for papermill: forked from a warm parent where that works, the stock ones elsewhere; both over IPC.

`papermill --engine planmodel` uses the engine here; the batch uses it with limits of time and memory.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty

sys.modules.setdefault("rfc3987_syntax", None)  # saves jsonschema 2 s of import; it then skips one IRI format

from jupyter_client import AsyncKernelClient
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from planmodel.batch.warm import WarmParent, can_fork
from planmodel.files.folders import temporary_root

ENGINE = "planmodel"
PROVISIONER = "planmodel-warm"
START_TIMEOUT_S = 90
N_STARTS = 2
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
WATCH_S = 0.2
_parent: WarmParent | None = None
_starting = threading.Lock()


def warm_parent() -> WarmParent:
    """Return this process's warm parent, started on first use and again if it was lost.

    It ends with the thread that starts it: start it from a thread that lasts.
    """
    global _parent
    with _starting:
        if _parent is None or not _parent.alive:
            _parent = WarmParent()
            atexit.register(_parent.close)
        return _parent


class WarmProvisioner(KernelProvisionerBase):
    """A kernel forked from the warm parent, held by a process descriptor (no mix-up of reused process ids)."""

    pid: int | None = None
    descriptor: int | None = None

    @property
    def has_process(self) -> bool:
        return self.descriptor is not None

    async def pre_launch(self, **options):
        """Write the connection file; the command is what the forked kernel gets as its arguments."""
        manager = self.parent
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        command = manager.format_kernel_cmd(extra_arguments=options.pop("extra_arguments", []))
        return await super().pre_launch(cmd=command, **options)

    async def launch_kernel(self, cmd, **options):
        arguments = cmd[cmd.index("-f") :] if "-f" in cmd else cmd[1:]
        self.pid = warm_parent().fork(arguments, options.get("env") or os.environ, options.get("cwd"))
        with contextlib.suppress(ProcessLookupError):
            self.descriptor = os.pidfd_open(self.pid)
        if self.descriptor is None:
            raise RuntimeError("Kernel died before it could be reached")
        await self._listening()
        return self.connection_info

    async def _listening(self) -> None:
        """Wait until the kernel has its sockets: a client that comes too early tries again a tenth of a second later."""
        info, over = self.connection_info, time.monotonic() + START_TIMEOUT_S
        if info.get("transport") != "ipc":
            return
        sockets = [Path(f"{info['ip']}-{info[f'{name}_port']}") for name in CHANNELS]
        while time.monotonic() < over and await self.poll() is None:
            if all(path.exists() for path in sockets):
                return
            await asyncio.sleep(0.002)

    async def poll(self) -> int | None:
        if self.descriptor is None:
            return 0
        ended, _, _ = select.select([self.descriptor], [], [], 0)
        return 0 if ended else None

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
        return 0

    async def send_signal(self, signum: int) -> None:
        if self.descriptor is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and what it started: it leads a group of processes of its own."""
        if self.descriptor is not None:
            kill_group(self.pid)
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        return None


class QuickClient(AsyncKernelClient):
    """A client that is ready when its kernel has answered on both channels, without waiting for silence."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask until one question is answered on the shell and its end is seen on the output channel."""
        over = time.monotonic() + (timeout or START_TIMEOUT_S)
        while time.monotonic() < over:
            question = self.kernel_info()
            if await self._answered(question):
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answered(self, question: str) -> bool:
        try:
            reply = await self.get_shell_msg(timeout=1)
            while reply["parent_header"].get("msg_id") != question:
                reply = await self.get_shell_msg(timeout=1)
            self._handle_kernel_info_reply(reply)
            while True:
                said = await self.get_iopub_msg(timeout=1)
                idle = said["msg_type"] == "status" and said["content"]["execution_state"] == "idle"
                if idle and said["parent_header"].get("msg_id") == question:
                    return True
        except Empty:
            return False


class Client(PapermillNotebookClient):
    """Papermill's client with a forked kernel where `warm`, and a watch on its time and memory."""

    def __init__(self, manager, *, warm: bool, limits: Limits, **options):
        super().__init__(manager, **options)
        self.warm, self.limits = warm, limits

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        if self.warm:
            factory = KernelProvisionerFactory.instance()
            factory.provisioners.setdefault(
                PROVISIONER,
                EntryPoint(
                    PROVISIONER,
                    "planmodel.batch.kernels:WarmProvisioner",
                    KernelProvisionerFactory.GROUP_NAME,
                ),
            )
            manager.client_factory = QuickClient
            spec = manager.kernel_spec
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return manager

    async def _async_cleanup_kernel(self) -> None:
        """End a forked kernel at once: the manager would look for its end every tenth of a second."""
        provisioner = getattr(self.km, "provisioner", None)
        if isinstance(provisioner, WarmProvisioner) and provisioner.has_process:
            await provisioner.kill()
            await provisioner.wait()
        await super()._async_cleanup_kernel()

    _cleanup_kernel = run_sync(_async_cleanup_kernel)

    def execute(self, **options):
        with self.limits.watch(lambda: getattr(getattr(self.km, "provisioner", None), "pid", None)):
            return super().execute(**options)


class Limits:
    """Limits of one run: seconds in all and megabytes of memory, 0: none. `broken` says which one ended it."""

    def __init__(self, seconds: float = 0, megabytes: float = 0):
        self.seconds, self.megabytes, self.broken = seconds, megabytes, ""

    @contextlib.contextmanager
    def watch(self, pid):
        """Kill the kernel where it breaks a limit; `pid` returns its process id or None."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(pid, over), daemon=True)
        if self.seconds or self.megabytes:
            watcher.start()
        try:
            yield
        finally:
            over.set()
            if watcher.is_alive():
                watcher.join()

    def _watch(self, pid, over: threading.Event) -> None:
        started = time.monotonic()
        while not over.wait(WATCH_S):
            kernel = pid()
            if kernel is None:
                continue
            if self.seconds and time.monotonic() - started > self.seconds:
                self.broken = f"TimeLimit: longer than {self.seconds:g} s"
            elif self.megabytes and memory_of(kernel) > self.megabytes:
                self.broken = f"MemoryLimit: more than {self.megabytes:g} MB"
            if self.broken:
                kill_group(kernel)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(kernel, signal.SIGKILL)
                return


def kill_group(pid: int) -> None:
    """Kill the group of processes that a kernel leads, if it is still there."""
    with contextlib.suppress(OSError, AttributeError):  # no groups on Windows
        os.killpg(pid, signal.SIGKILL)


def memory_of(pid: int) -> float:
    """Return the memory of a process and of all it started in megabytes, 0 where it cannot be read.

    Pages that processes share count in each: a notebook that forks is charged with them more than once.
    """
    import psutil

    found = 0.0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        found = process.memory_info().rss / 1e6
        for each in process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                found += each.memory_info().rss / 1e6
    return found


class PlanmodelEngine(NBClientEngine):
    """Papermill's engine with kernels over IPC, forked from a warm parent where possible, and a retried start."""

    warm: bool = can_fork()

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        log_output=False,
        stdout_file=None,
        stderr_file=None,
        start_timeout=START_TIMEOUT_S,
        execution_timeout=None,
        warm=None,
        limits=None,
        save_cells=True,
        **options,
    ):
        options = merge_kwargs(
            remove_args(["input_path", "timeout", "startup_timeout"], **options),
            timeout=execution_timeout,
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        limits = limits or Limits()
        output = nb_man.output_path
        if not save_cells:
            nb_man.output_path = None
        warm = cls.warm if warm is None else warm and can_fork()
        try:
            return cls._started(nb_man, warm, limits, options)
        finally:
            if not save_cells:
                nb_man.output_path = output
                nb_man.save()

    @classmethod
    def _started(cls, nb_man, warm, limits, options):
        """Execute with a kernel; one that does not come up is started once more."""
        from traitlets.config import Config

        for attempt in range(1, N_STARTS + 1):
            runtime = Path(tempfile.mkdtemp(prefix="pm-", dir=temporary_root()))
            over_ipc = {"transport": "ipc", "ip": str(runtime / "k")} if os.name == "posix" else {}
            config = Config(
                {
                    "KernelManager": {**over_ipc, "connection_file": str(runtime / "kernel.json")},
                    "NotebookClient": {"shutdown_kernel": "immediate"},
                }
            )
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return Client(nb_man, warm=warm, limits=limits, config=config, **options).execute()
            except RuntimeError as error:
                if limits.broken or "Kernel d" not in str(error) or attempt == N_STARTS or _began(nb_man):
                    raise
            finally:
                shutil.rmtree(runtime, ignore_errors=True)
        return None


def _began(nb_man) -> bool:
    """Return True where a cell has run: the kernel did start, and its death is the notebook's."""
    return any(cell.get("execution_count") for cell in nb_man.nb.cells)

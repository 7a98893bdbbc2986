"""Kernels for papermill: forked from a warm process where that works, the stock ones elsewhere; both over IPC.

`papermill --engine planmodel` uses the engine here; the batch uses it with limits of time and memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty
from typing import Any

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # saves jsonschema 2 s of import

from jupyter_client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import remove_args
from traitlets.config import Config

from planmodel.batch.containment import VARIABLE, Printed, contained, sweep_temporary, temporary_folder
from planmodel.batch.warm import can_fork, kill_group, start_kernel
from planmodel.words import Phrase

ENGINE = "planmodel"
PROVISIONER = "planmodel-warm"
START_TIMEOUT_S = 90
WATCH_S = 0.2
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class Limits:
    """Limits of one run: seconds in all and megabytes of memory, 0: none.

    broken: the limit that ended it, as the name of an error and what it says; None where none did.
    """

    def __init__(self, seconds: float = 0, megabytes: float = 0):
        self.seconds, self.megabytes = seconds, megabytes
        self.broken: tuple[str, Phrase] | None = None

    @contextlib.contextmanager
    def watch(self, pid: Callable[[], int | None]) -> Iterator[None]:
        """Kill the kernel where it breaks a limit; `pid` returns its process id or None."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(pid, over), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _watch(self, pid: Callable[[], int | None], over: threading.Event) -> None:
        started = time.monotonic()
        while (self.seconds or self.megabytes) and not over.wait(WATCH_S):
            kernel = pid()
            if kernel is None:
                continue
            if self.seconds and time.monotonic() - started > self.seconds:
                self.broken = "TimeLimit", Phrase("batch.time_limit", seconds=f"{self.seconds:g}")
            elif self.megabytes and memory_of(kernel) > self.megabytes:
                self.broken = "MemoryLimit", Phrase("batch.memory_limit", megabytes=f"{self.megabytes:g}")
            if self.broken:
                kill_group(kernel)
                return


def memory_of(pid: int) -> float:
    """Return the memory of a process and of all it started in megabytes, 0 where it cannot be read.

    Pages that processes share count in each: a notebook that forks is charged with them more than once.
    """
    import psutil

    megabytes = 0.0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        megabytes = process.memory_info().rss / 1e6
        for each in process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                megabytes += each.memory_info().rss / 1e6
    return megabytes


class KernelNotStarted(RuntimeError):
    """A kernel that did not come up: no cell has run."""


class WarmProvisioner(KernelProvisionerBase):
    """A kernel forked from the warm process; it lives until its lease is closed."""

    process: BaseProcess | None = None
    lease: Connection | None = None

    @property
    def has_process(self) -> bool:
        return self.process is not None

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Write the connection file; the command is what the forked kernel gets as its arguments."""
        manager = self.parent
        assert manager is not None
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        command = manager.format_kernel_cmd(extra_arguments=options.pop("extra_arguments", []))
        return await super().pre_launch(cmd=command, **options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        arguments = cmd[cmd.index("-f") :] if "-f" in cmd else cmd[1:]
        environment = options.get("env") or os.environ
        self.process, self.lease = start_kernel(arguments, environment, options.get("cwd"))
        await self._listening()
        return self.connection_info

    async def _listening(self) -> None:
        """Wait until the kernel has its sockets: a client that comes too early tries again a tenth of a second later."""
        info, over = dict(self.connection_info), time.monotonic() + START_TIMEOUT_S
        if info.get("transport") != "ipc":
            return
        sockets = [Path(f"{info['ip']}-{info[f'{name}_port']}") for name in CHANNELS]
        while time.monotonic() < over and await self.poll() is None:
            if all(path.exists() for path in sockets):
                return
            await asyncio.sleep(0.002)

    async def poll(self) -> int | None:
        return self.process.exitcode if self.process else 0

    async def wait(self) -> int | None:
        while (code := await self.poll()) is None:
            await asyncio.sleep(0.01)
        if self.process and self.lease:
            self.lease.close()
            self.process.close()
            self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        if self.pid and await self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and what it started, and see its end: the manager would look for it more slowly."""
        if self.pid:
            kill_group(self.pid)
            while await self.poll() is None:
                await asyncio.sleep(0.002)

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

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
                break
        raise KernelNotStarted(f"no answer from a new kernel within {timeout or START_TIMEOUT_S:g} s")

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
        self.warm, self.limits, self.printed = warm, limits, Printed()
        self.mark = ""

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        if self.warm:
            group = KernelProvisionerFactory.GROUP_NAME
            entry = EntryPoint(PROVISIONER, f"{__name__}:{WarmProvisioner.__name__}", group)
            KernelProvisionerFactory.instance().provisioners.setdefault(PROVISIONER, entry)
            manager.client_factory = QuickClient
            spec = manager.kernel_spec
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return manager

    async def async_start_new_kernel(self, **options):
        try:
            environment = {**(options.pop("env", None) or os.environ), VARIABLE: self.mark}
            await super().async_start_new_kernel(env=environment, **options)
        except (EOFError, OSError, RuntimeError) as error:
            raise KernelNotStarted(str(error) or type(error).__name__) from error

    start_new_kernel = run_sync(async_start_new_kernel)

    async def async_start_new_kernel_client(self):
        try:
            return await super().async_start_new_kernel_client()
        except RuntimeError as error:
            raise KernelNotStarted(str(error)) from error

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    def execute(self, **options):
        def pid():
            return getattr(getattr(self.km, "provisioner", None), "pid", None)

        with contained() as self.mark, self.limits.watch(pid):
            return super().execute(**options)

    def output(self, outs, msg, display_id, cell_index):
        kept = self.printed.bounded(msg, cell_index)
        return super().output(outs, msg, display_id, cell_index) if kept else None


class PlanmodelEngine(NBClientEngine):
    """Papermill's engine with kernels over IPC, forked from a warm process where possible, and a retried start."""

    warm: bool = can_fork()

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        *,
        start_timeout=START_TIMEOUT_S,
        execution_timeout=None,
        warm=None,
        limits=None,
        save_cells=True,
        **options,
    ):
        """Execute with a kernel; one that does not come up is started once more.

        warm: whether to fork it (default: where that works). save_cells: whether to write the notebook after each cell.
        """
        options = remove_args(["input_path", "timeout", "startup_timeout"], **options) | {
            "timeout": execution_timeout,
            "startup_timeout": start_timeout,
            "kernel_name": kernel_name,
            "log": logger,
            "warm": can_fork() and (cls.warm if warm is None else warm),
            "limits": limits or Limits(),
        }
        sweep_temporary()
        output, nb_man.output_path = nb_man.output_path, nb_man.output_path if save_cells else None
        try:
            return _execute(nb_man, options)
        except KernelNotStarted:
            if options["limits"].broken:
                raise
            return _execute(nb_man, options)
        finally:
            nb_man.output_path = output
            if not save_cells:
                nb_man.save()


def _execute(nb_man, options: dict[str, Any]):
    """Execute with a fresh kernel, whose sockets stand in a folder of their own."""
    with temporary_folder() as runtime:
        over_ipc = {"transport": "ipc", "ip": f"{runtime}/k"} if os.name == "posix" else {}
        config = Config(
            {
                "KernelManager": {**over_ipc, "connection_file": f"{runtime}/kernel.json"},
                "NotebookClient": {"shutdown_kernel": "immediate"},
            }
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Client(nb_man, config=config, **options).execute()

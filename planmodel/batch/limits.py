"""Limits of one run: seconds and memory, held by a watch over its kernel."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

from planmodel.words import Phrase

WATCH_S = 0.2


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
        if self.seconds or self.megabytes:
            watcher.start()
        try:
            yield
        finally:
            over.set()
            if watcher.is_alive():
                watcher.join()

    def _watch(self, pid: Callable[[], int | None], over: threading.Event) -> None:
        started = time.monotonic()
        while not over.wait(WATCH_S):
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


def kill_group(pid: int) -> None:
    """Kill a process and the group of processes that it leads, if they are still there."""
    with contextlib.suppress(OSError, AttributeError):  # no groups on Windows
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


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

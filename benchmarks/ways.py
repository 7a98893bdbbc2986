"""Ways to run notebook 2 for many parameter sets, each measured in seconds of wall and processor a run.

All ways run the same notebook on the same plan with seeds of their own; a `Usage` is one measurement.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "en" / "2_feasibility.ipynb"
PLAN = "taizhou-services-14fyp"
FIRST_SEED = 1000
TOKEN = "PLANMODEL_BENCHMARK"
WATCH_S = 0.5
PR_SET_CHILD_SUBREAPER = 36
ORPHANS_S = 10
"""How long processes that lost their parent may take to end."""


@dataclass(frozen=True)
class Usage:
    """Seconds a run on the clock and of the processor, every process counted; imports included unless said."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class BatchUsage(Usage):
    """A batch; memory: (second, MB of the coordinator, MB of all its processes, processes) while it ran.

    left: processes, sockets and temporary files that outlived it.
    """

    exit: int
    memory: tuple[tuple[float, float, float, int], ...] = field(repr=False)
    left: tuple[str, ...] = ()

    @property
    def coordinator_mb(self) -> float:
        """The most memory that the coordinator held."""
        return max((row[1] for row in self.memory), default=0.0)

    def coordinator_growth(self) -> float:
        """Return by how many MB the coordinator grew from the second to the last tenth of its time at work.

        The writing of the index at the end, done once, is left out: the samples after the last one with workers.
        """
        held = [row[1] for row in self.memory if row[3] > 2]
        tenth = max(len(held) // 10, 1)
        first, last = sorted(held[tenth : 2 * tenth] or held), sorted(held[-tenth:])
        return last[len(last) // 2] - first[len(first) // 2] if held else 0.0


def command_line(n: int, folder: Path, first: int = FIRST_SEED) -> Usage:
    """Return what a run costs by `papermill` from the shell, one after another."""
    with measured(n) as usage:
        for seed in range(first, first + n):
            command = [sys.executable, "-m", "papermill", "-k", "python3", "--no-progress-bar", str(NOTEBOOK)]
            command += [str(folder / f"{seed}.ipynb"), "-p", "plan", PLAN, "-p", "seed", str(seed)]
            subprocess.run(command, check=True, capture_output=True, cwd=NOTEBOOK.parent)
    return usage()


API = """
import json, resource, sys, time, warnings
import papermill
notebook, folder, plan, first, n = json.loads(sys.argv[1])
def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)
wall, before = time.perf_counter(), cpu()
for seed in range(first, first + n):
    papermill.execute_notebook(notebook, f"{folder}/{seed}.ipynb", progress_bar=False, kernel_name="python3",
                               parameters={"plan": plan, "seed": seed})
print(json.dumps([(time.perf_counter() - wall) / n, (cpu() - before) / n]))
"""


def python_api(n: int, folder: Path, first: int = FIRST_SEED) -> Usage:
    """Return what a run costs by papermill.execute_notebook with its own engine, one after another, import left out."""
    return _in_python(API, [str(NOTEBOOK), str(folder), PLAN, first, n])


FUNCTION = """
import contextlib, io, json, resource, sys, time
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance().display_pub.publish = lambda *args, **options: None
notebook, folder, plan, first, n = json.loads(sys.argv[1])
cells = [c for c in json.load(open(notebook, encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
code = [compile("".join(c["source"]), "cell", "exec") for c in cells]
def run(seed):
    space = {}
    exec(code[0], space)
    space.update(plan=plan, seed=seed)
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in code[1:]:
            exec(cell, space)
run(1), run(2)
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
wall, before = time.perf_counter(), cpu()
for seed in range(first, first + n):
    run(seed)
print(json.dumps([(time.perf_counter() - wall) / n, (cpu() - before) / n]))
"""


def function(n: int, folder: Path, first: int = FIRST_SEED) -> Usage:
    """Return what the notebook's cells cost as plain code in one warm process, figures made and thrown away."""
    return _in_python(FUNCTION, [str(NOTEBOOK), str(folder), PLAN, first, n], OPENBLAS_NUM_THREADS="1")


PAGES = """
import json, resource, sys, time
from pathlib import Path
import nbformat
from planmodel.batch.execution import run_page
from planmodel.batch.runs import plan_batch
folder, plan, n = Path(json.loads(sys.argv[1])[0]), *json.loads(sys.argv[1])[1:]
(run,) = plan_batch((plan,), ("baseline",), ("en",), ("2_feasibility",), {})
made = [nbformat.read(path, as_version=4) for path in sorted(folder.rglob("*.ipynb"))[:n]]
run_page(made[0], run)
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
wall, before = time.perf_counter(), cpu()
for each in made:
    run_page(each, run)
print(json.dumps([(time.perf_counter() - wall) / len(made), (cpu() - before) / len(made)]))
"""


def pages(n: int, notebooks: Path) -> Usage:
    """Return what the HTML page of an executed notebook costs, by the exporter that a worker keeps."""
    return _in_python(PAGES, [str(notebooks), PLAN, n])


EXECUTE = """
import json, sys
from pathlib import Path
from planmodel.batch.execution import Settings, run_notebook
from planmodel.batch.runs import plan_batch
notebook, plan, seeds = json.loads(sys.argv[1])
for seed in seeds:
    (run,) = plan_batch((plan,), ("baseline",), ("en",), ("2_feasibility",), {"seed": seed})
    outcome, _ = run_notebook(run, Path(notebook).read_bytes(), Settings())
    assert outcome.ok, outcome.fault
"""


def without_pages(n: int, folder: Path, first: int = FIRST_SEED, jobs: int = 2) -> Usage:
    """Return what a run costs where two processes execute as a batch's workers do, and write no page, index or table."""
    from planmodel.batch.workers import environment

    seeds = range(first, first + n)
    with measured(n) as usage, tempfile.TemporaryDirectory(prefix="b-") as temporary:
        processes = [
            subprocess.Popen([sys.executable, "-c", EXECUTE, json.dumps(given)], env=environment(temporary))
            for given in ([str(NOTEBOOK), PLAN, list(seeds[i::jobs])] for i in range(jobs))
        ]
        codes = [process.wait() for process in processes]
    if any(codes):
        raise RuntimeError("a run without pages failed")
    return usage()


def batch(n: int, folder: Path, first: int = FIRST_SEED, jobs: int = 2) -> BatchUsage:
    """Return what a run costs by `planmodel run`, everything included: start, pages, tables, index."""
    grid = folder / "grid.yaml"
    grid.write_text(
        f"plans: [{PLAN}]\nscenarios: [baseline]\nnotebooks: [{NOTEBOOK.stem}]\n"
        f"parameters:\n  seed: {{from: {first}, to: {first + n - 1}}}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "planmodel", "run", "--grid", str(grid), "--jobs", str(jobs)]
    temporary = Path(tempfile.mkdtemp(prefix="b-"))  # short: the sockets of kernels stand in it
    environment = {**os.environ, "TMPDIR": str(temporary), TOKEN: str(temporary)}
    rows: list[tuple[float, float, float, int]] = []
    with measured(n) as usage:
        process = subprocess.Popen(
            [*command, "--out", str(folder / "out")], stdout=subprocess.DEVNULL, env=environment
        )
        watcher = threading.Thread(target=_watch, args=(process, rows), daemon=True)
        watcher.start()
        process.wait()
    watcher.join()
    left = (*_processes(str(temporary)), *_sockets(str(temporary)), *(p.name for p in temporary.iterdir()))
    temporary.rmdir() if not left else None
    spent = usage()
    return BatchUsage(spent.wall, spent.cpu, process.returncode, tuple(rows), left)


@contextlib.contextmanager
def measured(n: int) -> Iterator:
    """Measure a block that starts processes and waits for them; yields a function that tells the usage afterwards.

    Processes that lose their parent, such as the kernels of a worker that was ended, become children of this one
    (Linux), so that their seconds count.
    """
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    began, before, usages = time.perf_counter(), cpu(), []
    yield lambda: usages[0]
    wall = (time.perf_counter() - began) / n
    over = time.perf_counter() + ORPHANS_S
    with contextlib.suppress(ChildProcessError):  # none left
        while time.perf_counter() < over:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.02)
    usages.append(Usage(wall, (cpu() - before) / n))


def _in_python(code: str, given: list, **environment: str) -> Usage:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, json.dumps(given)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True, cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip
    return Usage(*json.loads(done.stdout.splitlines()[-1]))


def _watch(process: subprocess.Popen, rows: list) -> None:
    """Note the memory of a batch and its processes until it ends."""
    import psutil

    began = time.perf_counter()
    while process.poll() is None:
        held = []
        with contextlib.suppress(psutil.Error):
            coordinator = psutil.Process(process.pid)
            own = coordinator.memory_info().rss / 1e6
            for each in coordinator.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    held.append(each.memory_info().rss / 1e6)
            rows.append((round(time.perf_counter() - began, 1), own, own + sum(held), len(held)))
        time.sleep(WATCH_S)


def _processes(token: str) -> list[str]:
    import psutil

    commands = []
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if each.environ().get(TOKEN) == token and each.status() != psutil.STATUS_ZOMBIE:
                commands.append(" ".join(each.cmdline()))
    return commands


def _sockets(folder: str) -> list[str]:
    table = Path("/proc/net/unix")
    return [line for line in table.read_text().splitlines() if folder in line] if table.is_file() else []

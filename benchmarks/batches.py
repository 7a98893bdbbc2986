"""What a run costs: papermill's command line, its Python API, the batch, and the same code as a function.

Usage: python -m benchmarks.batches [N_RUNS] [N_STOCK]     (default 60 and 5)
Notebook 2 with varied seeds; ratios within one call of this program. Prints a line each and a JSON text at the end.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "2_feasibility.ipynb"
PLAN = "taizhou-services-14fyp"
FIRST_SEED = 1000


def command_line(n: int) -> float:
    """Return seconds a run of `papermill` from the shell, one after another."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for i in range(n):
            command = [sys.executable, "-m", "papermill", "-k", "python3", "--no-progress-bar", str(NOTEBOOK)]
            command += [f"{folder}/{i}.ipynb", "-p", "plan", PLAN, "-p", "seed", str(FIRST_SEED + i)]
            subprocess.run(command, check=True, capture_output=True, cwd=NOTEBOOK.parent)
    return (time.perf_counter() - started) / n


def python_api(n: int) -> float:
    """Return seconds a run of papermill.execute_notebook with its own engine, one after another."""
    code = (
        "import sys, time, tempfile, papermill\n"
        f"n, folder = {n}, tempfile.mkdtemp()\n"
        "started = time.perf_counter()\n"
        "for i in range(n):\n"
        f"    papermill.execute_notebook({str(NOTEBOOK)!r}, f'{{folder}}/{{i}}.ipynb', progress_bar=False,\n"
        f"        kernel_name='python3', parameters={{'plan': {PLAN!r}, 'seed': {FIRST_SEED} + i}})\n"
        "print((time.perf_counter() - started) / n)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def function(n: int) -> dict:
    """Return wall and CPU seconds a run of the notebook's cells as plain code in one warm process."""
    import ast

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    code = (
        "import json, resource, sys, time, io, contextlib\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.display_pub.publish = lambda *args, **options: None\n"
        f"cells = json.load(open({str(NOTEBOOK)!r}, encoding='utf-8'))['cells']\n"
        "code = [''.join(c['source']) for c in cells if c['cell_type'] == 'code']\n"
        "def run(seed):\n"
        f"    space = {{'plan': {PLAN!r}, 'scenario': 'baseline', 'indicators': '', 'reference': '', 'as_of': 0,\n"
        "             'n_draws': 10000, 'seed': seed, 'lang': 'en'}\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n"
        "        for cell in code[1:]:\n"
        "            exec(compile(cell, 'cell', 'exec'), space)\n"
        "run(1); run(2)\n"
        "cpu = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])\n"
        "wall, used = time.perf_counter(), cpu()\n"
        f"for i in range({n}): run({FIRST_SEED} + i)\n"
        f"print(json.dumps({{'wall': (time.perf_counter() - wall) / {n}, 'cpu': (cpu() - used) / {n}}}))\n"
    )
    ast.parse(code)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def batch(n: int, folder: Path, *, pages: bool = True) -> dict:
    """Return wall and CPU seconds a run of `planmodel run`, and the coordinator's largest memory in MB."""
    grid = folder / "grid.yaml"
    grid.write_text(
        f"plans: [{PLAN}]\nscenarios: [baseline]\nnotebooks: [2_feasibility]\n"
        f"parameters:\n  seed: {{from: {FIRST_SEED}, to: {FIRST_SEED + n - 1}}}\n",
        encoding="utf-8",
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "planmodel",
        "run",
        "--grid",
        str(grid),
        "--out",
        str(folder / f"out{n}"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    process.wait()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "wall": (time.perf_counter() - started) / n,
        "cpu": cpu / n,
        "coordinator_mb": peak[0],
        "exit": process.returncode,
    }


def _watch(process: subprocess.Popen, peak: list[float]) -> None:
    import psutil

    while process.poll() is None:
        try:
            peak[0] = max(peak[0], psutil.Process(process.pid).memory_info().rss / 1e6)
        except psutil.Error:
            return
        time.sleep(0.2)


def main(n_runs: int, n_stock: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = {
            "command_line": command_line(n_stock),
            "python_api": python_api(n_stock),
            "function": function(min(n_runs, 20)),
            "batch": batch(n_runs, Path(name)),
        }
    wall = found["batch"]["wall"]
    found["ratio_to_command_line"] = found["command_line"] / wall
    found["ratio_to_python_api"] = found["python_api"] / wall
    found["cpu_overhead"] = found["batch"]["cpu"] - found["function"]["cpu"]
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*(numbers + [60, 5][len(numbers) :]))

"""Kernels: forked ones give what stock ones give, limits hold, starts are sure, nothing is left behind."""

import errno
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import nbformat
import psutil
import pytest

from planmodel.batch import FULL
from planmodel.batch.execution import Settings, execute, product_of
from planmodel.batch.kernels import Limits, PlanmodelEngine, warm_parent
from planmodel.batch.runs import Run, plan_batch
from planmodel.batch.warm import can_fork
from planmodel.batch.workers import execute_all
from planmodel.errors import PlanmodelError
from planmodel.files.folders import claim, temporary_root

NOTEBOOKS = Path(__file__).parent.parent / "notebooks" / "en"
PLAN = "quzhou-services-2023-2027"
linux = pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only")


def notebook(folder, name, *cells):
    """Write a notebook with a parameters cell and some code cells; return its path."""
    parameters = nbformat.v4.new_code_cell('plan = ""  # a plan\nlang = "en"  # language')
    parameters.metadata["tags"] = ["parameters"]
    made = nbformat.v4.new_notebook(cells=[parameters, *(nbformat.v4.new_code_cell(c) for c in cells)])
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = folder / f"{name}.ipynb"
    nbformat.write(made, path)
    return path


def run_of(name, key="k"):
    return Run(name, PLAN, "", "en", {"plan": PLAN, "lang": "en"}, key, langs=("en",))


def said_by(executed):
    """What a notebook printed, cell by cell."""
    cells = [cell for cell in executed.notebook.cells if cell.cell_type == "code"]
    return ["".join(o.get("text", "") for o in cell.outputs) for cell in cells if cell.outputs]


@linux
@pytest.mark.parametrize(
    "name",
    [
        "2_feasibility",
        pytest.param("3_fans", marks=pytest.mark.slow),
        pytest.param("6_audit", marks=pytest.mark.slow),
    ],
)
def test_a_forked_kernel_gives_the_bytes_of_the_stock_one(name):
    (run,) = plan_batch(
        (PLAN,), ("baseline",), ("zh",), (name,), {"n_draws": 500} if name != "6_audit" else {}
    )
    forked, stock = (execute(run, NOTEBOOKS / f"{name}.ipynb", Settings(warm=warm)) for warm in (True, False))
    assert forked.outcome.ok and stock.outcome.ok, (forked.outcome.error, stock.outcome.error)
    assert product_of(forked)[1] == product_of(stock)[1]


@linux
def test_forks_do_not_share_random_numbers_nor_state(tmp_path):
    cells = ["import random, numpy; print(random.random(), numpy.random.rand())"]
    cells.append("import planmodel; print(hasattr(planmodel, 'left')); planmodel.left = 1")
    path = notebook(tmp_path, "draws", *cells)
    one, two = (said_by(execute(run_of("draws"), path, Settings())) for _ in range(2))
    assert all(x != y for x, y in zip(one[0].split(), two[0].split(), strict=True))
    assert one[1] == two[1] == "False\n"


@linux
@pytest.mark.parametrize(
    "code, settings, said",
    [
        ("import time; time.sleep(60)", Settings(seconds=2), "TimeLimit: longer than 2 s"),
        ("x = bytearray(600_000_000); import time; time.sleep(60)", Settings(megabytes=400), "MemoryLimit: more than 400"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Settings(), "DeadKernelError"),
        ("1 / 0", Settings(), "ZeroDivisionError: division by zero"),
    ],
)  # fmt: skip
def test_a_run_that_breaks_is_an_outcome_with_its_log_and_the_next_one_works(code, settings, said, tmp_path):
    path = notebook(tmp_path, "breaks", "print('before')", code)
    executed = execute(run_of("breaks"), path, settings)
    outcome, files = product_of(executed)
    assert not outcome.ok and said in outcome.error
    assert outcome.log in files and b"before" in files[outcome.log]
    assert execute(run_of("fine"), notebook(tmp_path, "fine", "print(1)"), Settings()).outcome.ok


def test_a_broken_limit_names_itself_and_none_is_no_limit():
    limits = Limits()
    with limits.watch(lambda: None):
        pass
    assert limits.broken == ""


@linux
def test_a_lost_parent_is_started_again(tmp_path):
    path = notebook(tmp_path, "fine", "print(1)")
    assert execute(run_of("fine"), path, Settings()).outcome.ok
    first = warm_parent()
    first.process.kill()
    first.process.wait()
    assert execute(run_of("fine"), path, Settings()).outcome.ok
    assert warm_parent() is not first


@linux
def test_kernels_and_parent_end_with_their_process(tmp_path):
    path = notebook(tmp_path, "slow", "import time; time.sleep(60)")
    code = (
        "from pathlib import Path; import os, sys, threading, time\n"
        "from planmodel.batch.execution import Settings, execute\n"
        "from planmodel.batch.kernels import warm_parent\n"
        "from planmodel.batch.runs import Run\n"
        "print(warm_parent().process.pid, flush=True)\n"
        f"threading.Timer(4, lambda: os.kill(os.getpid(), 9)).start()\n"
        f"given = {{'plan': '{PLAN}', 'lang': 'en'}}\n"
        f"execute(Run('slow', '{PLAN}', '', 'en', given), Path({str(path)!r}), Settings())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == -9
    parent = int(done.stdout.split()[0])
    threading.Event().wait(0.5)
    left = [
        p
        for p in psutil.process_iter(["status", "cmdline", "ppid"])
        if p.info["status"] != psutil.STATUS_ZOMBIE
    ]
    assert not [p for p in left if p.pid == parent or p.info["ppid"] == parent]
    assert not [
        p for p in left if "planmodel.batch.warm" in (p.info["cmdline"] or ()) and p.info["ppid"] == 1
    ]


def test_papermill_knows_the_engine_by_name(tmp_path):
    path = notebook(tmp_path, "fine", "print(lang)")
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        "planmodel",
        "-k",
        "python3",
        "--no-progress-bar",
    ]
    done = subprocess.run(
        [*command, str(path), str(tmp_path / "out.ipynb"), "-p", "lang", "zh"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "zh" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_the_engine_falls_back_to_stock_kernels(tmp_path, monkeypatch):
    monkeypatch.setattr(PlanmodelEngine, "warm", False)
    monkeypatch.setattr("planmodel.batch.kernels.WarmParent", None)
    path = notebook(tmp_path, "fine", "print(1)")
    assert execute(run_of("fine"), path, Settings(warm=False)).outcome.ok


def test_a_worker_that_dies_costs_its_run_only(tmp_path):
    notebook(tmp_path, "fine", "print(1)")
    kill = "import os, psutil, time; psutil.Process(os.getppid()).parent().kill(); time.sleep(60)"
    notebook(tmp_path, "deadly", kill)
    runs = [run_of("fine", "a"), run_of("deadly", "b"), run_of("fine", "c"), run_of("fine", "d")]
    outcomes = {o.run.key: o for o in execute_all(runs, tmp_path, tmp_path / "out", 1, Settings(seconds=20))}
    assert set(outcomes) == {"a", "b", "c", "d"}
    assert [outcomes[key].ok for key in "acd"] == [True, True, True]
    assert not outcomes["b"].ok


def test_a_folder_is_one_batch_at_a_time(tmp_path):
    with claim(tmp_path):
        code = f"from pathlib import Path; from planmodel.files.folders import claim\nwith claim(Path({str(tmp_path)!r})): pass"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "no other batch is writing" in done.stderr
    with claim(tmp_path):
        pass


@pytest.mark.slow
@linux
def test_300_starts_on_four_workers_without_a_failure(tmp_path):
    notebook(tmp_path, "tiny", "print(1)")
    before = set(os.listdir("/tmp"))
    runs = [run_of("tiny", f"{i:03}") for i in range(300)]
    outcomes = list(execute_all(runs, tmp_path, tmp_path / "out", 4, Settings()))
    assert len(outcomes) == 300 and all(outcome.ok for outcome in outcomes)
    assert not [name for name in set(os.listdir("/tmp")) - before if name.startswith("pm-")]


def test_claims_are_faults_a_user_can_act_on(tmp_path):
    with claim(tmp_path), pytest.raises(PlanmodelError, match="another folder"):
        code = [sys.executable, "-c", "pass"]
        subprocess.run(code, check=True)
        with claim(tmp_path):
            pass


@linux
@pytest.mark.parametrize("settings", [Settings(seconds=60, megabytes=400), Settings(seconds=3)])
def test_what_a_notebook_started_counts_and_ends_with_it(settings, tmp_path):
    code = "import subprocess, sys, time\n"
    code += "child = subprocess.Popen([sys.executable, '-c', 'x = bytearray(500_000_000); import time; time.sleep(100)'])\n"
    path = notebook(tmp_path, "child", code + "print(child.pid, flush=True); time.sleep(50)")
    executed = execute(run_of("child"), path, settings)
    assert executed.outcome.error.startswith("MemoryLimit" if settings.megabytes else "TimeLimit")
    (child,) = map(int, said_by(executed))
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


@linux
def test_a_process_left_by_a_notebook_that_ended_well_ends_too(tmp_path):
    path = notebook(
        tmp_path, "child", "import subprocess; print(subprocess.Popen(['sleep', '100']).pid, flush=True)"
    )
    executed = execute(run_of("child"), path, Settings())
    (child,) = map(int, said_by(executed))
    assert executed.outcome.ok
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


@pytest.mark.slow
@linux
def test_a_worker_that_hangs_is_ended_and_costs_its_run_only(tmp_path, monkeypatch):
    monkeypatch.setattr("planmodel.batch.workers.GRACE_S", 4)
    monkeypatch.setattr("planmodel.batch.workers.WATCH_S", 0.2)
    stop = "import os, psutil, signal, time; worker = psutil.Process(os.getppid()).parent()\n"
    notebook(tmp_path, "hangs", stop + "worker.send_signal(signal.SIGSTOP); time.sleep(60)")
    notebook(tmp_path, "fine", "print(1)")
    runs = [run_of("hangs", "a"), run_of("fine", "b")]
    outcomes = {o.run.key: o for o in execute_all(runs, tmp_path, tmp_path / "out", 1, Settings(seconds=6))}
    assert outcomes["b"].ok and not outcomes["a"].ok
    assert outcomes["a"].error == "TimeLimit: longer than 6 s, and its worker did not end it"


def test_a_cell_may_take_as_long_as_the_run(tmp_path, monkeypatch):
    given = {}
    monkeypatch.setattr("papermill.execute_notebook", lambda *args, **options: given.update(options))
    execute(run_of("fine"), notebook(tmp_path, "fine", "print(1)"), Settings(seconds=0))
    assert given["limits"].seconds == 0 and given.get("execution_timeout") is None


def test_sockets_stand_where_their_path_fits(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 120)
    long.mkdir()
    for folder, found in ((Path("/tmp"), "/tmp"), (long, "/tmp"), (Path("/not-there"), None)):
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        if found:
            assert temporary_root() == found
        else:  # a short one that is not there
            with pytest.raises(PlanmodelError, match="TMPDIR"):
                temporary_root()


@linux
def test_a_kernel_starts_below_a_long_temporary_folder(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert execute(run_of("fine"), notebook(tmp_path, "fine", "print(1)"), Settings()).outcome.ok


def test_a_full_disk_is_an_outcome_wherever_it_strikes(tmp_path, monkeypatch):
    path = notebook(tmp_path, "fine", "print(1)")

    def cut_short(source, target, *_):
        target.write_text('{"cells": [{"cell_type": "m')
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("planmodel.batch.execution._papermill", cut_short)
    executed = execute(run_of("fine"), path, Settings())
    assert executed.outcome.error.startswith(FULL) and executed.notebook is None

    def no_folder(**_):
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/pm-x")

    monkeypatch.setattr(tempfile, "mkdtemp", no_folder)
    assert execute(run_of("fine"), path, Settings()).outcome.error.startswith(FULL)

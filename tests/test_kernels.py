"""Kernels: forked ones give what stock ones give, limits hold, starts are sure, nothing is left behind."""

import ast
import errno
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from planmodel.batch.containment import TEMPORARY, Printed
from planmodel.batch.execution import Settings, execute
from planmodel.batch.inputs import notebook_path, notebooks_folder
from planmodel.batch.kernels import Limits, PlanmodelEngine
from planmodel.batch.runs import End, Run, plan_batch
from planmodel.batch.warm import can_fork
from planmodel.batch.workers import Worker, execute_all
from planmodel.errors import PlanmodelError
from planmodel.files.folders import claim, temporary_root

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


def executed(name, path, settings=None):
    """The outcome of a notebook and its files."""
    return execute(run_of(name), path.read_bytes(), settings or Settings())


def said_by(files):
    """What a notebook printed, cell by cell."""
    (kept,) = (content for name, content in files.items() if name.endswith(".ipynb"))
    cells = [cell for cell in nbformat.reads(kept.decode(), as_version=4).cells if cell.cell_type == "code"]
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
    notebook = notebook_path(name, "zh").read_bytes()
    forked, stock = (execute(run, notebook, Settings(warm=warm)) for warm in (True, False))
    assert forked[0].ok and stock[0].ok, (forked[0].fault, stock[0].fault)
    assert forked[1] == stock[1]


@linux
def test_forks_do_not_share_random_numbers_nor_state(tmp_path):
    cells = ["import random, numpy; print(random.random(), numpy.random.rand())"]
    cells.append("import planmodel; print(hasattr(planmodel, 'left')); planmodel.left = 1")
    path = notebook(tmp_path, "draws", *cells)
    one, two = (said_by(executed("draws", path)[1]) for _ in range(2))
    assert all(x != y for x, y in zip(one[0].split(), two[0].split(), strict=True))
    assert one[1] == two[1] == "False\n"


@linux
@pytest.mark.parametrize(
    "code, settings, end, said",
    [
        ("import time; time.sleep(60)", Settings(seconds=1), End.LIMIT, "TimeLimit: longer than 1 s"),
        ("x = bytearray(600_000_000); import time; time.sleep(60)", Settings(megabytes=400), End.LIMIT, "MemoryLimit: more than 400 MB"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Settings(), End.DIED, "DeadKernelError: Kernel died"),
        ("1 / 0", Settings(), End.ERROR, "ZeroDivisionError: division by zero"),
        ("open('/dev/full', 'w', 1).write('\\n')", Settings(), End.DISK_FULL, "OSError: [Errno 28] No space left on device"),
    ],
)  # fmt: skip
def test_a_run_that_breaks_is_an_outcome_with_its_log_and_the_next_one_works(
    code, settings, end, said, tmp_path
):
    outcome, files = executed("breaks", notebook(tmp_path, "breaks", "print('before')", code), settings)
    assert (outcome.end, outcome.fault) == (end, said)
    assert outcome.log in files and b"before" in files[outcome.log]
    assert executed("fine", notebook(tmp_path, "fine", "print(1)"))[0].ok


def test_a_batch_leaves_out_what_is_for_the_editors_of_a_notebook(tmp_path):
    path = notebook(tmp_path, "further", "print('ANALYSIS')")
    book = nbformat.read(path, as_version=4)
    heading, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    book.cells.append(heading("## Go on", metadata={"tags": ["further"]}))
    book.cells.append(code("made_up = 1 / 0", metadata={"tags": ["own"]}))
    book.cells += [heading("## Sources"), code("print('SOURCES', 'made_up' in globals())")]
    nbformat.write(book, path)
    outcome, files = executed("further", path)
    assert outcome.ok and said_by(files) == ["ANALYSIS\n", "SOURCES False\n"]
    page, link = (
        files[f"{folder}/{run_of('further').path}.{end}"].decode()
        for folder, end in (("pages", "html"), ("notebooks", "ipynb"))
    )
    kept = nbformat.reads(link, as_version=4).cells
    assert [cell.metadata.get("tags") for cell in kept if "made_up = " in cell.source] == [["own"]]
    assert (
        "ANALYSIS" in page
        and "SOURCES" in page
        and "Go on</h2>" not in page
        and "made_up" not in page.split("SOURCES")[0]
    )
    (href,) = re.findall(r'<p class="further"><a href="(.*?)"', page)
    place = Path("pages", run_of("further").path).parent / href
    assert os.path.normpath(place) == f"notebooks/{run_of('further').path}.ipynb"


@pytest.mark.parametrize(
    "path", sorted(notebooks_folder().glob("*/*.ipynb")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_nothing_in_a_report_stands_on_what_is_for_the_editors_of_a_notebook(path):
    cells, inside = nbformat.read(path, as_version=4).cells, False
    made, kept = set(), set()
    for cell in cells:
        if cell.source.startswith("## "):
            inside = "further" in cell.metadata.get("tags", ())
        if cell.cell_type != "code":
            continue
        names = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name | ast.alias)]
        stored = {
            (n.asname or n.name) if isinstance(n, ast.alias) else n.id
            for n in names
            if not isinstance(getattr(n, "ctx", None), ast.Load)
        }
        read = {n.id for n in names if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        assert inside or not read & (made - kept), read & (made - kept)
        (made if inside else kept).update(stored)
    assert made


def test_a_broken_limit_names_itself_and_none_is_no_limit():
    limits = Limits()
    with limits.watch(lambda: None):
        pass
    assert limits.broken is None


SERVER = "import os; print(os.getppid())"
"""A cell of a forked kernel that prints its parent: the forkserver."""


@linux
def test_a_lost_server_is_started_again(tmp_path):
    path = notebook(tmp_path, "server", SERVER)
    first = int(said_by(executed("server", path)[1])[0])
    os.kill(first, 9)
    outcome, files = executed("server", path)
    assert outcome.ok and int(said_by(files)[0]) != first


@linux
def test_kernels_and_their_server_end_with_their_process(tmp_path):
    seen = tmp_path / "seen"
    path = notebook(
        tmp_path,
        "slow",
        f"import os, subprocess, time; child = subprocess.Popen(['sleep', '99']).pid\n"
        f"open({str(seen)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}} {{child}} ')\ntime.sleep(99)",
    )
    code = (
        "import sys; from test_kernels import executed; from pathlib import Path\n"
        "if __name__ == '__main__': executed('slow', Path(sys.argv[1]))"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parent) as process:
        wait_for(lambda: seen.is_file() and seen.read_text().endswith(" "))
        process.kill()
    for pid in map(int, seen.read_text().split()):
        wait_for(lambda pid=pid: ended(pid))


def wait_for(state, seconds=180):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not state():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def ended(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@linux
def test_papermill_knows_the_engine_by_name_and_a_kernel_does_not_run_its_callers_script(tmp_path):
    path = notebook(tmp_path, "fine", "import multiprocessing; print(multiprocessing.get_start_method())")
    script = tmp_path / "script.py"
    script.write_text(
        "import papermill\nprint('once')\n"
        f"papermill.execute_notebook({str(path)!r}, {str(tmp_path / 'out.ipynb')!r}, engine_name='planmodel',\n"
        "    kernel_name='python3', progress_bar=False)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "once\n"), done.stderr[-2000:]
    assert '"fork\\n"' in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_the_engine_falls_back_to_stock_kernels(tmp_path, monkeypatch):
    monkeypatch.setattr(PlanmodelEngine, "warm", False)
    monkeypatch.setattr("planmodel.batch.kernels.start_kernel", None)
    assert executed("fine", notebook(tmp_path, "fine", "print(1)"), Settings(warm=False))[0].ok


WORKER = "import os, psutil, signal, time; worker = psutil.Process(os.getppid()).parent()\n"
"""Beginning of a cell of a forked kernel: the kernel's parent is the forkserver, whose parent is the worker."""


@linux
def test_a_worker_that_dies_or_hangs_costs_its_run_only(tmp_path, monkeypatch):
    monkeypatch.setattr("planmodel.batch.workers.GRACE_S", 1)
    fine = notebook(tmp_path, "fine", "print(1)").read_bytes()
    deadly = notebook(tmp_path, "deadly", WORKER + "worker.kill(); time.sleep(60)").read_bytes()
    stop = WORKER + "worker.send_signal(signal.SIGSTOP); time.sleep(60)"
    hangs = notebook(tmp_path, "hangs", stop).read_bytes()
    worker = Worker()
    try:
        assert worker.execute(run_of("fine"), fine, Settings())[0].ok
        outcome, _ = worker.execute(run_of("deadly"), deadly, Settings())
        assert (outcome.end, outcome.settled) == (End.DIED, False)
        assert outcome.fault == "WorkerDied: the process that ran it ended with -9"
        assert worker.execute(run_of("fine"), fine, Settings())[0].ok
        outcome, _ = worker.execute(run_of("hangs"), hangs, Settings(seconds=3))
        assert outcome.end is End.LIMIT
        assert outcome.fault == "TimeLimit: longer than 3 s, and its worker did not end it"
    finally:
        worker.close()
    assert not Path(worker.temporary.name).exists()


def test_a_folder_is_one_batch_at_a_time(tmp_path):
    with claim(tmp_path):
        code = f"from pathlib import Path; from planmodel.files.folders import claim\nwith claim(Path({str(tmp_path)!r})): pass"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "no other batch is writing" in done.stderr
    with claim(tmp_path):
        pass


@pytest.mark.slow
@linux
def test_300_starts_on_four_workers_without_a_failure(tmp_path, monkeypatch):
    notebook(tmp_path, "tiny", "print(1)")
    monkeypatch.setattr("planmodel.batch.workers.notebook_path", lambda name, _: tmp_path / f"{name}.ipynb")
    runs = [run_of("tiny", f"{i:03}") for i in range(300)]
    ends = [outcome.end for outcome, _ in execute_all(runs, jobs=4, settings=Settings())]
    assert ends == [End.DONE] * 300
    assert not list(Path(temporary_root()).glob(f"{TEMPORARY}{os.getpid()}-*"))


def test_claims_are_faults_a_user_can_act_on(tmp_path):
    with claim(tmp_path), pytest.raises(PlanmodelError, match="another folder"):
        code = [sys.executable, "-c", "pass"]
        subprocess.run(code, check=True)
        with claim(tmp_path):
            pass


@linux
@pytest.mark.parametrize("settings", [Settings(seconds=60, megabytes=400), Settings(seconds=2)])
def test_what_a_notebook_started_counts_and_ends_with_it(settings, tmp_path):
    code = "import subprocess, sys, time\n"
    code += "child = subprocess.Popen([sys.executable, '-c', 'x = bytearray(500_000_000); import time; time.sleep(100)'])\n"
    path = notebook(tmp_path, "child", code + "print(child.pid, flush=True); time.sleep(50)")
    outcome, files = executed("child", path, settings)
    assert outcome.end is End.LIMIT
    assert outcome.error == ("MemoryLimit" if settings.megabytes else "TimeLimit")
    assert ended(int(said_by(files)[0]))


@linux
def test_a_process_left_by_a_notebook_that_ended_well_ends_too(tmp_path):
    code = "import subprocess; print(subprocess.Popen(['sleep', '100']).pid, flush=True)"
    outcome, files = executed("child", notebook(tmp_path, "child", code))
    assert outcome.ok and ended(int(said_by(files)[0]))


def test_a_cell_may_take_as_long_as_the_run(tmp_path, monkeypatch):
    given = {}
    monkeypatch.setattr("papermill.execute_notebook", lambda *args, **options: given.update(options))
    executed("fine", notebook(tmp_path, "fine", "print(1)"), Settings(seconds=0))
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
    assert executed("fine", notebook(tmp_path, "fine", "print(1)"))[0].ok


def test_a_full_disk_is_an_outcome_wherever_it_strikes(tmp_path, monkeypatch):
    path = notebook(tmp_path, "fine", "print(1)")

    def cut_short(source, target, *_):
        target.write_text('{"cells": [{"cell_type": "m')
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("planmodel.batch.execution._papermill", cut_short)
    outcome, files = executed("fine", path)
    assert outcome.end is End.DISK_FULL and outcome.log == "" and len(files) == 1

    def no_folder(**_):
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/pm-x")

    monkeypatch.setattr(tempfile, "mkdtemp", no_folder)
    assert executed("fine", path)[0].end is End.DISK_FULL


ALONE = """import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
if os.fork() == 0:  # twice, so that nobody waits for it
    os.setsid()
    if os.fork() == 0:
        open({seen!r}, "a").write(f"{{os.getpid()}} ")
        time.sleep(300)
    os._exit(0)
open({seen!r}, "a").write(f"{{child.pid}} ")
while len(open({seen!r}).read().split()) < 2: time.sleep(0.01)
"""


def _alive(pids):
    found = []
    for pid in pids:
        try:
            found += [pid] if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else []
        except psutil.NoSuchProcess:
            pass
    return found


@linux
@pytest.mark.parametrize(
    "after", ["pass", "1 / 0", pytest.param("import time; time.sleep(60)", marks=pytest.mark.slow)]
)
def test_what_a_notebook_started_ends_with_its_run(after, tmp_path):
    """In sessions and groups of their own, forked once or twice: no process outlives the run, however that ends."""
    seen = tmp_path / "seen"
    path = notebook(tmp_path, "alone", ALONE.format(seen=str(seen)), after)
    executed("alone", path, Settings(seconds=5 if "sleep" in after else 0))
    pids = [int(pid) for pid in seen.read_text().split()]
    over = time.monotonic() + 180
    while _alive(pids) and time.monotonic() < over:
        time.sleep(0.05)
    assert len(pids) == 2 and _alive(pids) == []


@linux
def test_a_cell_that_prints_without_end_makes_a_page_of_bounded_size(tmp_path):
    loud = "for _ in range(40): print('x' * 1_000_000)"
    outcome, files = executed("loud", notebook(tmp_path, "loud", loud, "print('after')"))
    assert outcome.ok
    for content in files.values():
        assert len(content) < 2_000_000
    said = said_by(files)
    assert said[0].rstrip().endswith("a cell may show 200,000 characters") and said[1] == "after\n"


def test_an_error_that_says_without_end_is_cut():
    content = {"ename": "ValueError", "evalue": "q" * 5_000_000, "traceback": ["first", "q" * 5_000_000]}
    assert Printed().bounded({"msg_type": "error", "content": content}, 0)
    assert len(content["evalue"]) < 201_000 and content["evalue"].endswith("characters\n")
    assert content["traceback"][0] == "first" and max(map(len, content["traceback"])) < 201_000


@linux
def test_leftovers_of_papermill_and_of_imports_are_swept_at_the_next_start(tmp_path, monkeypatch):
    from planmodel.batch.containment import sweep_temporary
    from planmodel.files.folders import ASIDE, sweep_folders

    monkeypatch.setattr("planmodel.batch.containment.temporary_root", lambda: str(tmp_path))
    gone, mine = tmp_path / "pm-b4194303-x", tmp_path / f"pm-b{os.getpid()}-x"
    aside, other = tmp_path / f"{ASIDE}4194303-plan", tmp_path / ".plan.20231105"
    for folder in (gone, mine, aside, other):
        folder.mkdir()
    sweep_temporary()
    sweep_folders(tmp_path, ASIDE)
    assert sorted(tmp_path.iterdir()) == sorted([mine, other])

"""A batch on a cluster: a real scheduler and workers on this machine, started as docs/cluster.md says."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from planmodel.batch import cluster
from planmodel.commands.cli import main
from planmodel.errors import PlanmodelError
from planmodel.files.reading import data_folder
from planmodel.words import phrase

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

N_SEEDS = 4
DASK = shutil.which("dask", path=Path(sys.executable).parent) or "dask"


def until(found, seconds=600):
    """What `found` returns once it is true."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
    return value


def family(process):
    """A process and all it started, directly or not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(process.pid)
        return [parent, *parent.children(recursive=True)]
    return []


class Cluster:
    """A scheduler and its workers, each a process, with one folder for everything temporary."""

    def __init__(self, folder):
        self.folder, self.processes, self.seen = folder, [], set()
        # A short folder: the sockets of kernels stand in it.
        self.environment = {**os.environ, "TMPDIR": str(folder), "PLANMODEL_DATA": str(data_folder())}
        named = folder / "scheduler.json"
        self.start(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--dashboard-address",
            "127.0.0.1:0",
            "--scheduler-file",
            str(named),
        )
        self.address = json.loads(until(lambda: named.is_file() and named.read_text()))["address"]

    def start(self, what, *options, **environment):
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [DASK, what, *options], env={**self.environment, **environment}, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def start_worker(self, **environment):
        return self.start("worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", **environment)

    def look(self):
        self.seen.update(each for process in self.processes for each in family(process))

    def command(self, out):
        return [*command(self.folder, out), "--scheduler", self.address]

    def run(self, out):
        return subprocess.run(
            self.command(out), capture_output=True, text=True, timeout=200, env=self.environment, check=False
        )

    def close(self):
        """End it; return the processes and files that are left behind."""
        self.look()
        scheduler, *workers = self.processes
        for some in (workers, [scheduler]):  # a worker whose scheduler went first waits for it
            for process in some:
                process.terminate()
            for process in some:
                process.wait(30)
        _, left = psutil.wait_procs(self.seen, timeout=15)
        for process in left:
            process.kill()
        return [str(each) for each in left], [path.name for path in self.folder.glob("pm-*")]


def options(out):
    given = [
        "--plans",
        "quzhou-services-2023-2027",
        "--scenarios",
        "baseline",
        "--notebooks",
        "2_feasibility",
    ]
    return ["run", *given, "--draws", "500", "--out", str(out)]


def command(folder, out):
    """The call of a batch that varies the seed."""
    (folder / "grid.yaml").write_text(f"parameters:\n  seed: {{from: 1, to: {N_SEEDS}}}\n")
    return [sys.executable, "-m", "planmodel", *options(out), "--grid", str(folder / "grid.yaml")]


def made(out):
    """Every page, notebook and table of a report's runs by its path."""
    files = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for part in ("pages", "notebooks", "results")
        for path in (out / part).rglob("*")
        if path.is_file()
    }
    assert sum(name.endswith(".ipynb") for name in files) == N_SEEDS
    return files


@contextlib.contextmanager
def started():
    with tempfile.TemporaryDirectory(prefix="c-") as folder:
        running = Cluster(Path(folder))
        try:
            yield running
        finally:
            left = running.close()
    assert left == ([], [])


@pytest.fixture(scope="module")
def two_workers():
    with started() as running:
        running.workers = [running.start_worker(), running.start_worker()]
        yield running


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The same batch without a cluster."""
    folder = tmp_path_factory.mktemp("local")
    subprocess.run(command(folder, folder / "out"), check=True, timeout=200)
    return made(folder / "out")


def test_a_cluster_makes_the_same_bytes(two_workers, local, tmp_path):
    done = two_workers.run(tmp_path / "out")
    two_workers.look()
    assert done.returncode == 0, done.stderr
    assert made(tmp_path / "out") == local


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(two_workers, local, tmp_path):
    batch = subprocess.Popen(two_workers.command(tmp_path / "out"), env=two_workers.environment)
    with batch:
        until(lambda: list((tmp_path / "out" / "runs").glob("*.json")))
        nanny, *others = family(two_workers.workers[0])
        two_workers.look()
        worker = next(each for each in nanny.children() if "spawn_main" in " ".join(each.cmdline()))
        assert any("planmodel.batch.workers" in each.cmdline() for each in worker.children())
        for process in (nanny, worker):  # what they started must find its end itself
            process.send_signal(signal.SIGKILL)
        assert batch.wait(200) == 0
    assert made(tmp_path / "out") == local
    assert psutil.wait_procs(others, timeout=15)[1] == []


@pytest.mark.slow
def test_without_any_worker_the_batch_waits_and_says_so_once(tmp_path):
    with started() as running:
        with subprocess.Popen(
            running.command(tmp_path / "out"), env=running.environment, stderr=subprocess.PIPE, text=True
        ) as batch:
            assert "has no worker" in batch.stderr.readline()
            time.sleep(2.5 * cluster.WATCH_S)
            running.start_worker()
            rest = batch.stderr.read()
            running.look()
        assert (batch.returncode, rest) == (0, "")


@pytest.mark.slow
def test_ctrl_c_cancels_what_waits_and_a_second_call_goes_on(tmp_path):
    with started() as running:
        running.start_worker()
        with subprocess.Popen(
            running.command(tmp_path / "out"), env=running.environment, stderr=subprocess.PIPE, text=True
        ) as batch:
            kept = until(lambda: list((tmp_path / "out" / "runs").glob("*.json")))
            batch.send_signal(signal.SIGINT)
            said = batch.stderr.read()
        assert (batch.returncode, said.count("\n")) == (130, 1), said
        before = kept[0].stat().st_mtime_ns
        done = running.run(tmp_path / "out")
        assert done.returncode == 0, done.stderr
        assert kept[0].stat().st_mtime_ns == before
        made(tmp_path / "out")


def test_a_scheduler_that_is_busy_is_not_lost():
    class Client:
        status = "running"

        def nthreads(self):
            raise OSError("Timed out")

    client = Client()
    assert cluster._n_threads(client, "tls://there", 3) == 3
    client.status = "connecting"
    with pytest.raises(PlanmodelError, match="does not answer any more"):
        cluster._n_threads(client, "tls://there", 3)


@pytest.mark.slow
def test_a_scheduler_that_is_lost_is_one_clear_error(tmp_path):
    with started() as running:
        running.start_worker()
        with subprocess.Popen(
            running.command(tmp_path / "out"), env=running.environment, stderr=subprocess.PIPE, text=True
        ) as batch:
            until(lambda: list((tmp_path / "out" / "runs").glob("*.json")))
            running.look()
            running.processes[0].kill()
            said = batch.stderr.read()
        assert batch.returncode == 2
        assert (
            said
            == f"planmodel: The scheduler at {running.address} does not answer any more. {phrase('batch.goes_on', 'en')}\n"
        )


@pytest.mark.slow
@pytest.mark.parametrize("what", ["data", "code"])
def test_a_worker_with_other_data_or_code_is_refused(tmp_path, what):
    root = Path(cluster.__file__).parents[2]
    if what == "data":
        shutil.copytree(data_folder(), tmp_path / "data")
        with (tmp_path / "data" / "indicators.csv").open("a") as file:
            file.write("\n")
        shutil.copytree(root / "benchmarks" / "results", tmp_path / "benchmarks" / "results")
        environment = {"PLANMODEL_DATA": str(tmp_path / "data")}
    else:
        shutil.copytree(root / "planmodel", tmp_path / "planmodel")
        shutil.copy(root / "requirements.lock", tmp_path)
        with (tmp_path / "planmodel" / "errors.py").open("a") as file:
            file.write("\n")
        environment = {"PYTHONPATH": str(tmp_path)}
    with started() as running:
        running.start_worker(**environment)
        done = running.run(tmp_path / "out")
        assert done.returncode == 2
        assert f"with the same {what} as here, found other {what} on the worker tcp://" in done.stderr
        assert "Traceback" not in done.stderr and done.stderr.splitlines()[-1].startswith(
            "planmodel: --scheduler"
        )
        assert not list((tmp_path / "out").glob("pages/**/*.html"))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "foo://a:1"])
def test_without_a_scheduler_there_is_one_clear_error(tmp_path, monkeypatch, capsys, address):
    monkeypatch.setattr(cluster, "CONNECT_TIMEOUT_S", 1)
    assert main([*options(tmp_path / "out"), "--scheduler", address]) == 2
    said = capsys.readouterr().err
    assert repr(address) in said
    assert "Start one with `dask scheduler`" in said
    assert said.count("\n") == 1


def test_without_the_extra_the_error_names_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main([*options(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "pip install 'planmodel[cluster]'" in capsys.readouterr().err

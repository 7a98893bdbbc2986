"""Batches of many runs: results in one call, the list of runs, failed runs, interruptions at any moment."""

import contextlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest
from browser import SCROLL_WIDTH, each_in_browser, unfolded

from planmodel.batch import prepare, site
from planmodel.batch.execution import as_parquet
from planmodel.batch.grids import read_grid
from planmodel.batch.runs import DATASET, End, Outcome, Run
from planmodel.batch.spread import chances, spread
from planmodel.commands.cli import main
from planmodel.feasibility import assess_plan
from planmodel.files.folders import LOCK
from planmodel.files.reading import data_folder
from planmodel.plans import load_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.report.addresses import addresses
from planmodel.tables.reading import in_language

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of POSIX and /proc")

PLAN = "quzhou-services-2023-2027"
NOTEBOOK = "2_feasibility"
SCENARIOS, SEEDS, LANGS = ("baseline", "low"), (1, 2, 3), ("en", "zh")
N_RUNS = len(SCENARIOS) * len(SEEDS) * len(LANGS)
N_DRAWS = 300
QUICK_S = 15
"""Of the processor, for a call that finds everything done."""
PATIENCE_S = 600
"""How long a state is waited for: a machine may be busy with other work."""
TOKEN = "PLANMODEL_TEST_TOKEN"
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STOPPED = 130


class Calls:
    """Calls of one batch: their options, a folder for all that is temporary, and the processes they leave."""

    def __init__(self, folder, *options):
        self.folder, self.options = folder, ("run", *options)
        self.temporary = Path(tempfile.mkdtemp(prefix="c-"))  # short: the sockets of kernels stand in it
        self.environment = {
            **os.environ,
            "PLANMODEL_DATA": str(data_folder()),
            "SOURCE_DATE_EPOCH": "1700000000",
            "TMPDIR": str(self.temporary),
            TOKEN: str(self.temporary),
        }

    def start(self, *more):
        """Start a call in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "planmodel", *self.options, "--out", str(self.folder), *more],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *more):
        """Call and wait; return exit code, output and errors."""
        with self.start(*more) as process:
            out, err = process.communicate(timeout=PATIENCE_S)
        return process.returncode, out, err

    def processes(self):
        """The processes that any call started and that still live, by the mark in their environment."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if (
                    process.environ().get(TOKEN) == str(self.temporary)
                    and process.status() != psutil.STATUS_ZOMBIE
                ):
                    found.append(process)
        return found

    def wait_for_end(self, seconds=PATIENCE_S):
        """Wait until all processes of the calls have ended; fail where they do not."""
        end = time.monotonic() + seconds
        while left := self.processes():
            assert time.monotonic() < end, [(p.pid, p.cmdline()) for p in left]
            time.sleep(0.05)

    def close(self):
        """End what is left, remove the temporary folder; return what was left in it."""
        for process in self.processes():
            process.kill()
        left = sorted(path.name for path in self.temporary.iterdir())
        shutil.rmtree(self.temporary, ignore_errors=True)
        return left


def small_batch(folder, scenarios=SCENARIOS, seeds=SEEDS, langs=LANGS):
    """The calls of a batch that varies the seed."""
    folder.mkdir(exist_ok=True)
    grid = folder / "grid.yaml"
    grid.write_text(
        f"scenarios: [{', '.join(scenarios)}]\nparameters: {{seed: [{', '.join(map(str, seeds))}]}}\n"
    )
    options = ["--plans", PLAN, "--notebooks", NOTEBOOK, "--lang", *langs, "--draws", str(N_DRAWS)]
    return Calls(folder / "out", *options, "--grid", str(grid))


def records(folder):
    """What tells whether the record of a run was written again, by its name."""
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (folder / "runs").glob("*.json")
    }


def times(folder):
    return {
        path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.name != LOCK
    }


def without_seconds(folder):
    """The content of every file but manifest and lock by its path, without the seconds that runs took."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name in ("manifest.json", LOCK):
            continue
        content = path.read_bytes()
        if name.startswith("runs/"):
            content = re.sub(rb'"seconds": [0-9.]+', b"", content)
        elif name.startswith("runs."):
            content = re.sub(rb'<td class="when".*?</td>', b"", content)
        found[name] = content
    return found


def links_of(page):
    text = page.read_text(encoding="utf-8")
    return [link for link in re.findall(r'href="([^"#]+)"', text) if not link.startswith(("data:", "http"))]


# A batch of 12 runs


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """The calls, what the first one said, and what a second one said meanwhile."""
    calls = small_batch(tmp_path_factory.mktemp("batch"))
    with calls.start() as process:
        end = time.monotonic() + PATIENCE_S
        while not (calls.folder / "manifest.json").exists() and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        meanwhile = calls.run()
        out, err = process.communicate(timeout=PATIENCE_S)
    calls.wait_for_end()
    yield calls, (process.returncode, out, err), meanwhile
    assert calls.close() == []


@pytest.fixture(scope="module")
def folder(batch):
    calls, (code, _, err), _ = batch
    assert code == 0, err[-3000:]
    return calls.folder


@pytest.fixture(scope="module")
def table(folder):
    return pd.read_parquet(folder / "results" / "dataset")


def test_a_large_batch_ends_well_and_names_its_index(batch, folder):
    _, (code, out, err), _ = batch
    assert (code, out, err) == (0, f"{folder / 'index.html'}\n", "")
    for part, ending, n in (
        ("pages", "html", N_RUNS), ("notebooks", "ipynb", N_RUNS), ("runs", "json", N_RUNS),
        ("results/dataset", "parquet", N_RUNS // len(LANGS)),
    ):  # fmt: skip
        assert len(list((folder / part).rglob(f"*.{ending}"))) == n, part


def test_a_second_batch_at_the_same_time_is_refused(batch):
    _, _, (code, out, err) = batch
    assert code == 2 and out == ""
    assert (
        err.startswith("planmodel: --out: expected a folder that no other batch is writing")
        and err.count("\n") == 1
    )


def test_nothing_temporary_is_left(batch, folder):
    assert list(batch[0].temporary.iterdir()) == []
    assert [path for path in folder.rglob(".*") if path.name != LOCK] == []


def test_results_are_read_in_one_call_each_run_once(table, folder):
    n_targets = len(load_plan(PLAN).targets)
    assert len(table) == len(SCENARIOS) * len(SEEDS) * n_targets
    assert {"plan", "scenario", "run", "notebook", "seed", "n_draws", "probability"} <= set(table.columns)
    assert "lang" not in table.columns
    runs = table.groupby("run").agg(
        {"plan": "nunique", "scenario": "nunique", "seed": "nunique", "number": "size"}
    )
    assert (runs[["plan", "scenario", "seed"]] == 1).all(axis=None) and set(runs["number"]) == {n_targets}
    pairs = {(str(s), int(seed)) for s, seed in table[["scenario", "seed"]].drop_duplicates().to_numpy()}
    assert pairs == {(scenario, seed) for scenario in SCENARIOS for seed in SEEDS}
    recorded = {path.stem for path in (folder / "runs").glob("*.json")}
    assert set(table["run"]) <= recorded and set(table["n_draws"]) == {N_DRAWS}


@pytest.mark.parametrize(("scenario", "seed"), [("baseline", 3), ("low", 1)])
def test_results_are_what_the_model_says(scenario, seed, table):
    found = table[(table["scenario"] == scenario) & (table["seed"] == seed)]
    result = assess_plan(load_plan(PLAN), load_scenario(scenario), n_draws=N_DRAWS, seed=seed)
    said = in_language(result.table)
    for column in ("number", "required", "probability", "verdict"):
        pd.testing.assert_series_equal(
            found[column].reset_index(drop=True), said[column], check_names=False, check_dtype=False
        )


def test_the_csv_is_equal_to_the_data_set(table, folder):
    given = pd.read_csv(folder / "results" / "dataset.csv", dtype=str, keep_default_na=False)
    assert list(given.columns[:3]) == ["plan", "scenario", "run"] and set(given.columns) == set(table.columns)
    stored = table[given.columns].astype({"plan": str, "scenario": str})
    for name in given:
        if stored[name].dtype.kind in "if":
            given[name] = given[name].map(lambda text: float(text or "nan")).astype(stored[name].dtype)
        elif stored[name].dtype.kind == "b":
            stored[name] = stored[name].map(str)
    stored = stored.fillna({name: "" for name in stored if stored[name].dtype.kind not in "if"})
    given, stored = (each.sort_values("run", kind="stable", ignore_index=True) for each in (given, stored))
    pd.testing.assert_frame_equal(given, stored, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("lang", LANGS)
def test_the_list_of_runs_has_each_run_of_its_language_once(lang, folder, table):
    page = folder / f"runs.{lang}.html"
    text = page.read_text(encoding="utf-8")
    rows = re.findall(r'<tr data-verdict="(\w+)">(.*?)</tr>', text, re.DOTALL)
    assert len(rows) == len(SCENARIOS) * len(SEEDS) and {state for state, _ in rows} == {"done"}
    pages = [re.search(r'href="([^"]+)"', row)[1] for _, row in rows]
    assert len(set(pages)) == len(rows) and all(link.startswith(f"pages/{lang}/{PLAN}/") for link in pages)
    for link in links_of(page):
        assert (folder / link).is_file(), link
    index = "index.html" if lang == "en" else "index.zh.html"
    assert index in links_of(page) and page.name in links_of(folder / index)
    # The figures are those of the results, for a page in either language.
    part = table[(table["scenario"] == "low") & (table["seed"] == 2)]["probability"].dropna()
    (row,) = [row for _, row in rows if f"/low/seed=2/{NOTEBOOK}.html" in row]
    assert f"{(part >= 0.5).sum()} / {len(part)}" in row
    assert float(re.findall(r'data-sort="([^"]*)"', row)[5]) == pytest.approx(part.mean())


def test_links_of_all_pages_lead_somewhere(folder):
    pages = sorted(folder.rglob("*.html"))
    assert len([page for page in pages if page.parents[1].name != "plans"]) == N_RUNS + 2 + 2
    for page in pages:
        links = links_of(page)
        assert links
        for link in links:
            assert (page.parent / link).resolve().is_file(), f"{page.relative_to(folder)}: {link}"
    page = folder / "pages" / "zh" / PLAN / "low" / "seed=3" / f"{NOTEBOOK}.html"
    other = folder / "pages" / "en" / PLAN / "low" / "seed=3" / f"{NOTEBOOK}.html"
    assert other in {(page.parent / link).resolve() for link in links_of(page)}


def seconds_of_children():
    """What the calls that have ended took of the processor, however busy it was."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_second_call_does_nothing_and_is_quick_and_sweeps_what_a_killed_one_left(batch, folder):
    left = batch[0].temporary / "pm-b4194303-x"  # of a process that is gone
    left.mkdir()
    before, used = times(folder), seconds_of_children()
    code, out, err = batch[0].run()
    assert seconds_of_children() - used < QUICK_S
    assert not left.exists()
    assert (code, out, err) == (0, f"{folder / 'index.html'}\n", "")
    assert times(folder) == before


def test_a_dry_run_finds_it_finished(batch, folder):
    before = times(folder)
    code, out, _ = batch[0].run("--dry-run")
    assert (
        code == 0 and out.startswith(f"{N_RUNS} runs, {N_RUNS} of them finished;") and "for the 0 left" in out
    )
    assert times(folder) == before


def test_a_lost_page_is_made_again_and_nothing_else(batch, folder):
    lost = folder / "pages" / "en" / PLAN / "baseline" / "seed=2" / f"{NOTEBOOK}.html"
    content, before = lost.read_bytes(), times(folder)
    lost.unlink()
    assert batch[0].run()[0] == 0
    assert lost.read_bytes() == content
    changed = {path for path, made in times(folder).items() if before[path] != made}
    runs = [p for p in changed if p.relative_to(folder).parts[0] in ("pages", "notebooks", "runs")]
    assert {(p.parent, p.stem) for p in runs if p.suffix in (".html", ".xlsx")} == {(lost.parent, lost.stem)}
    assert sorted(p.suffix for p in runs if p.suffix not in (".xlsx", ".csv")) == [".html", ".ipynb", ".json"]


def test_another_batch_leaves_a_finished_one_alone(folder, capsys):
    before = times(folder)
    assert main(["run", "--plans", PLAN, "--out", str(folder)]) == 2
    assert "another batch" in capsys.readouterr().err
    assert times(folder) == before


def test_a_long_list_is_cut_into_pages_that_lead_to_each_other(folder, monkeypatch):
    grid = read_grid(folder.parent / "grid.yaml")
    planned = prepare(
        plans=(PLAN,), notebooks=(NOTEBOOK,), langs=LANGS, parameters={"n_draws": N_DRAWS}, grid=grid
    )
    monkeypatch.setattr(site, "ROWS_A_PAGE", 2)
    outcomes = tuple(
        Outcome(run, End.DONE) if i != 4 else Outcome(run, End.ERROR, error="E", message="<b>")
        for i, run in enumerate(run for run in planned.runs if run.lang == "en")
    )
    pages = site.list_pages(outcomes, folder, "en", "index.html")
    assert list(pages) == ["runs.en.html", "runs.en.2.html", "runs.en.3.html"]
    assert [text.count("<tr data-verdict") for text in pages.values()] == [2, 2, 2]
    for name, text in pages.items():
        header = re.search(r"<header.*?</header>", text, re.DOTALL)[0]
        assert set(re.findall(r'href="([^"]+)"', header)) == {"index.html", *pages} - {name}
    moved = spread(chances(folder, outcomes))
    with_spread = site.list_pages(outcomes, folder, "en", "index.html", moved)
    first, *others = with_spread.values()
    assert others == list(pages.values())[1:] and first != pages["runs.en.html"]
    plan = load_plan(PLAN)
    assert all(f"{addresses(plan)[f'{r.table}/{r.number}/{r.part}']}" in first for r in moved.itertuples())
    assert (moved.high - moved.low == moved.spread).all() and moved.spread.is_monotonic_decreasing
    whole = "".join(pages.values())
    assert whole.count("E: &lt;b&gt;") == 1


def stored(folder, *tables):
    """Write a data set of some tables, one a run."""
    for number, each in enumerate(tables):
        run = Run("1_tiny", PLAN, "", "en", {"plan": PLAN, "seed": number, "lang": "en"}, f"key{number}")
        path = folder / run.results
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            as_parquet(
                {
                    "columns": list(each),
                    "data": list(zip(*each.values(), strict=True)),
                    "text": ["note"],
                },
                run,
            )
        )
    return folder / DATASET


def test_results_without_probabilities_have_no_chances_on_the_list(tmp_path):
    stored(tmp_path, {"value": [1.5, 2.5]})
    assert site.chances_by_run(tmp_path) == {}


def test_a_column_that_is_empty_in_one_run_and_text_in_another_can_be_read(tmp_path):
    found = pd.read_parquet(
        stored(tmp_path, {"note": [None], "value": [1.0]}, {"note": ["x"], "value": [2.0]})
    )
    assert found["note"].dropna().tolist() == ["x"] and found["seed"].tolist() == [0, 1]


def test_a_column_of_numbers_may_be_empty_in_one_run(tmp_path):
    found = pd.read_parquet(stored(tmp_path, {"value": [None]}, {"value": [2.0]}))
    assert found["value"].isna().tolist() == [True, False]


@pytest.mark.browser
def test_index_and_list_fit_a_phone(folder, tmp_path):
    names = ("index.html", "runs.en.html", "runs.zh.html")
    said, _ = each_in_browser(tmp_path, [(unfolded(folder / name), SCROLL_WIDTH) for name in names])
    assert dict(zip(names, said, strict=True)) == dict.fromkeys(names, "390")


@pytest.mark.browser
def test_the_list_is_sorted_and_filtered_in_a_browser(folder, tmp_path):
    rows = "[...page.querySelectorAll('section:last-of-type table.main tbody tr')]"
    keys = f"{rows}.map((r) => r.cells[5].dataset.sort).join()"
    press = "page.querySelectorAll('section:last-of-type table.main th button')[5].click()"
    typed = (
        "(() => { const box = page.querySelector('section:last-of-type .controls input'); box.value = 'seed=3'; "
        f"box.dispatchEvent(new Event('input')); return {rows}.filter((r) => !r.hidden).length; }})()"
    )
    looks, text = (
        (f"({press}, {keys})", f"({press}, {press}, {keys})", typed),
        unfolded(folder / "runs.en.html"),
    )
    (up, down, left), _ = each_in_browser(tmp_path, [(text, look) for look in looks], 1280)
    found = [float(key) for key in up.split(",")]
    assert len(found) == len(SCENARIOS) * len(SEEDS) and found == sorted(found) and found[0] < found[-1]
    assert [float(key) for key in down.split(",")] == found[::-1]
    assert left == str(len(SCENARIOS))


# Failed runs


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """A small project with a notebook that fails for one seed while a file is there."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(data_folder(), root / "data")
    (root / "notebooks").mkdir()
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    parameters = nbformat.v4.new_code_cell(
        f'plan = "{PLAN}"  # a plan\nn_draws = 300  # draws\nseed = 1  # seed\nlang = "en"  # language'
    )
    parameters.metadata["tags"] = ["parameters"]
    code = (
        "from pathlib import Path\n"
        f"if seed == 2 and Path({str(root / 'broken')!r}).exists():\n"
        "    raise ValueError('broken seed 2')\nprint(seed)"
    )
    made.cells = [parameters, nbformat.v4.new_code_cell(code)]
    nbformat.write(made, root / "notebooks" / "1_tiny.ipynb")
    (root / "broken").write_text("")
    (root / "grid.yaml").write_text("scenarios: baseline\nparameters: {seed: [1, 2, 3]}\n")
    calls = Calls(root / "out", "--plans", PLAN, "--grid", str(root / "grid.yaml"), "--jobs", "1")
    calls.environment["PLANMODEL_DATA"] = str(root / "data")
    yield root, calls
    assert calls.close() == []


def test_a_failed_run_is_kept_until_it_is_asked_for_again(failing):
    root, calls = failing
    out = calls.folder
    failed = f"en/{PLAN}/seed=2/1_tiny"
    code, _, err = calls.run()
    assert code == 1 and err == f"failed: {failed}: ValueError: broken seed 2\n"
    text = (out / "runs.en.html").read_text(encoding="utf-8")
    assert text.count('<tr data-verdict="failed">') == 1 and text.count('<tr data-verdict="done">') == 2
    assert f'href="logs/{failed}.ipynb"' in text and "ValueError: broken seed 2" in text
    assert "broken seed 2" in (out / "index.html").read_text(encoding="utf-8")
    kept = records(out)
    assert len(kept) == 3

    (root / "broken").unlink()  # without --retry-failed nobody looks again
    code, _, err = calls.run()
    assert (code, err) == (1, "") and records(out) == kept

    code, _, err = calls.run("--retry-failed")
    assert (code, err) == (0, "")
    last = records(out)
    changed = [name for name in kept if last[name] != kept[name]]
    assert len(changed) == 1 and failed in (out / "manifest.json").read_text(encoding="utf-8")
    assert 'data-verdict="failed"' not in (out / "runs.en.html").read_text(encoding="utf-8")
    assert (out / "notebooks" / f"{failed}.ipynb").is_file()

    before = times(out)
    assert calls.run("--retry-failed")[0] == 0
    assert times(out) == before


# Interruptions


def interrupt(calls, number, moment, *options):
    """Start a call, end its group by a signal at a moment: after some seconds, or once something is so.

    Returns False where it had ended before.
    """
    with calls.start(*options) as process:
        end = time.monotonic() + (moment if isinstance(moment, float) else PATIENCE_S)
        while (
            process.poll() is None and time.monotonic() < end and (isinstance(moment, float) or not moment())
        ):
            time.sleep(0.01)
        if process.poll() is not None:
            process.communicate()
            return False
        os.killpg(process.pid, number)
        process.communicate(timeout=PATIENCE_S)
    calls.wait_for_end()
    assert process.returncode in (0, -number, STOPPED if number == signal.SIGINT else -number)
    return process.returncode != 0  # it may have ended between the moment and the signal


def check_interrupted(calls, kept):
    """No record was lost or written again; return those there are now."""
    now = records(calls.folder)
    assert {name: now.get(name) for name in kept} == kept
    return now


def check_whole(calls, kept, reference):
    """A last call ends the batch: everything as in one that was not disturbed, nothing left behind."""
    code, _, err = calls.run()
    assert (code, err) == (0, "")
    calls.wait_for_end()
    check_interrupted(calls, kept)
    found = without_seconds(calls.folder)
    assert sorted(found) == sorted(reference)
    assert [name for name in found if found[name] != reference[name]] == []
    assert [path.name for path in calls.temporary.iterdir()] == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A batch of 2 runs that nothing disturbs."""
    calls = small_batch(tmp_path_factory.mktemp("whole"), ("baseline",), (1, 2), ("en",))
    code, _, err = calls.run()
    assert code == 0, err[-3000:]
    assert calls.close() == []
    return without_seconds(calls.folder)


def test_three_interruptions_change_nothing(undisturbed, tmp_path):
    """Killed once the folder is claimed, told to end while a kernel is at work, stopped after the first run."""
    calls = small_batch(tmp_path / "batch", ("baseline",), (1, 2), ("en",))
    moments = (
        lambda: (calls.folder / "manifest.json").is_file(),
        lambda: any(calls.temporary.glob("pm-b*/pm-*/k-*")),
        lambda: records(calls.folder),
    )
    kept = {}
    try:
        for number, moment in zip(SIGNALS, moments, strict=True):
            interrupt(calls, number, moment, "--jobs", "1")
            kept = check_interrupted(calls, kept)
        assert kept
        check_whole(calls, kept, undisturbed)
    finally:
        calls.close()


@pytest.mark.slow
def test_twenty_interruptions_at_random_moments_change_nothing(folder, tmp_path):
    """As many batches as it takes: one that ends before it is interrupted is compared and the next one begins."""
    chance, reference = random.Random(20260101), without_seconds(folder)
    n_interruptions = n_batches = 0
    while n_interruptions < 20:
        calls, kept = small_batch(tmp_path / f"batch-{n_batches}"), {}
        n_batches += 1
        try:
            while n_interruptions < 20 and interrupt(calls, chance.choice(SIGNALS), chance.uniform(0.2, 9)):
                n_interruptions += 1
                kept = check_interrupted(calls, kept)
            check_whole(calls, kept, reference)
        finally:
            calls.close()

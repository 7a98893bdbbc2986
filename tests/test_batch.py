"""Batches: what is planned, what is kept, and a whole run on a small selection."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from browser import SAME_GLYPHS, SCROLL_WIDTH, each_in_browser, in_browser, unfolded

from planmodel.batch import inputs, prepare, runs
from planmodel.batch.grids import read_grid
from planmodel.commands.cli import main
from planmodel.errors import PlanmodelError
from planmodel.files import folders
from planmodel.files.reading import data_folder

PLANS = ("quzhou-services-2023-2027", "jiaojiang-commerce-14fyp")
ROOT = Path(__file__).parent.parent


def planned(plans=PLANS, scenarios=("baseline", "low"), langs=("en",), notebooks=(), **parameters):
    return runs.plan_batch(plans, scenarios, langs, notebooks, parameters)


def parameters_of(notebook):
    return runs.parameter_names(inputs.notebook_path(notebook, "en"))


def test_a_run_for_each_plan_scenario_and_notebook_and_one_for_all_plans():
    paths = [each.path for each in planned()]
    names = runs.reported()
    n_single = sum("scenario" in parameters_of(name) for name in names)
    assert n_single >= 3 and len(names) > n_single
    assert len(paths) == len(set(paths)) == n_single * 2 * 2 + (len(names) - n_single) * 2 + 1
    assert "en/all-plans/4_comparison" in paths


def test_the_key_changes_with_a_parameter_and_only_then():
    first, again, other = planned(), planned(), planned(seed=1)
    assert [r.key for r in first] == [r.key for r in again]
    drawing = {r.key for r in first if "seed" in parameters_of(r.notebook)}
    assert drawing
    assert not drawing & {r.key for r in other}


def test_all_faults_of_a_batch_at_once():
    with pytest.raises(PlanmodelError) as error:
        planned(plans=("quzhou",), scenarios=("lo",), langs=("en", 3))
    assert len(error.value.faults) == 3


def test_folder_of_another_batch_is_not_touched(tmp_path):
    (tmp_path / "manifest.json").write_text('{"batch": "abc"}')
    with pytest.raises(PlanmodelError, match="another batch"):
        folders.choose_folder(tmp_path, "xyz")
    assert folders.choose_folder(tmp_path, "abc") == tmp_path


def test_batches_that_start_at_once_without_a_folder_get_one_each(project):
    with (
        folders.claimed(None, "a") as one,
        folders.claimed(None, "b") as two,
        folders.claimed(None, "a") as three,
    ):
        assert [folder.name for folder in (one, two, three)] == ["report", "report-2", "report-3"]
        with pytest.raises(folders.Busy), folders.claimed(one, "a"):
            pass
    with folders.claimed(None, "c") as again:
        assert again == one


def test_a_finished_report_that_is_made_again_is_not_finished_before_it_is(tmp_path):
    from planmodel.batch.site import Site

    site = Site(tmp_path, SimpleNamespace(key="k", langs=("en",)), None)
    site.begin()
    manifest, index = tmp_path / "manifest.json", tmp_path / site.index_name("en")
    manifest.write_text('{"batch": "k", "state": "finished", "runs": []}')
    index.write_text("all of it")
    assert site.finished()
    site.reopen()
    assert not site.finished() and json.loads(manifest.read_text()) == {
        "batch": "k",
        "state": "running",
        "runs": [],
    }


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(PlanmodelError, match="other files"):
        folders.choose_folder(tmp_path, "xyz")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A small project of its own: two plans, two scenarios, both languages; one more notebook that fails."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(data_folder(), root / "data")
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    broken = nbformat.read(root / "notebooks" / "en" / "1_trajectories.ipynb", as_version=4)
    broken.cells.insert(4, nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(broken, root / "notebooks" / "5_broken.ipynb")
    command = [
        sys.executable,
        "-m",
        "planmodel",
        "run",
        "--out",
        str(root / "out"),
        "--draws",
        "500",
        "--plans",
        PLANS[0],
    ]
    command += [
        "--scenarios",
        "baseline",
        "plan-as-stated",
        "--lang",
        "en",
        "zh",
        "--notebooks",
        "2_feasibility",
        "3_fans",
        "5_broken",
    ]
    environment = {"PLANMODEL_DATA": str(root / "data")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=500,
        env={**os.environ, **environment},
        cwd=root,
        check=False,
    )
    return root, command, done, {**os.environ, **environment}


def test_a_failing_notebook_is_shown_and_stops_nothing(report):
    root, _, done, _ = report
    assert done.returncode == 1, done.stderr[-3000:]
    index = (root / "out" / "index.html").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in index
    assert "failed: en/quzhou-services-2023-2027/baseline/5_broken" in done.stderr
    assert (root / "out" / "logs" / "en" / PLANS[0] / "baseline" / "5_broken.ipynb").is_file()
    assert (root / "out" / "pages" / "en" / PLANS[0] / "baseline" / "3_fans.html").is_file()


def test_results_are_tidy_and_equal_in_both_forms(report):
    folder = report[0] / "out" / "results"
    for name in ("targets", "assessments", "quantiles"):
        stored = pd.read_parquet(folder / f"{name}.parquet")
        as_csv = pd.read_csv(folder / f"{name}.csv")
        assert len(stored) == len(as_csv) > 0
        as_xlsx = pd.read_excel(folder / f"{name}.xlsx")
        assert len(as_xlsx) == len(as_csv) and set(as_csv.columns) <= set(as_xlsx.columns)
    for path in folder.glob("*.csv"):
        assert path.with_suffix(".xlsx").is_file(), f"{path.name} as a workbook too"
    table = pd.read_csv(folder / "assessments.csv")
    assert set(table["scenario"]) == {"baseline", "plan-as-stated"}
    assert table.loc[table["scenario"] == "plan-as-stated", "probability"].isna().all()


def test_the_manifest_names_inputs_versions_and_runs(report):
    manifest = json.loads((report[0] / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["state"] == "finished with failures"
    assert f"data/plans/{PLANS[0]}/targets.csv" in manifest["inputs"]
    assert manifest["versions"]["planmodel"]
    assert sum(not run["ok"] for run in manifest["runs"]) == 4


def test_the_same_batch_goes_on_where_it_stopped(report):
    root, command, _, environment = report
    page = root / "out" / "pages" / "en" / PLANS[0] / "baseline" / "3_fans.html"
    lost = root / "out" / "pages" / "zh" / PLANS[0] / "baseline" / "2_feasibility.html"
    before, made = lost.read_bytes(), page.stat().st_mtime_ns
    lost.unlink()
    subprocess.run(command, capture_output=True, timeout=500, env=environment, cwd=root, check=False)
    assert page.stat().st_mtime_ns == made
    assert lost.read_bytes() == before


def test_another_batch_does_not_overwrite(report, monkeypatch, capsys):
    root, _, _, _ = report
    monkeypatch.setenv("PLANMODEL_DATA", str(root / "data"))
    before = (root / "out" / "index.html").read_bytes()
    assert main(["run", "--out", str(root / "out"), "--plans", PLANS[0], "--seed", "7"]) == 2
    assert "another batch" in capsys.readouterr().err
    assert (root / "out" / "index.html").read_bytes() == before


@pytest.mark.slow
def test_a_plan_that_nothing_can_be_said_of_still_gets_its_report(tmp_path, monkeypatch, capsys):
    shutil.copytree(data_folder(), tmp_path / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "data"))
    assert main(["new", "masked"]) == 0
    folder = tmp_path / "data" / "plans" / "masked"
    for name in ("targets.csv", "observations.csv"):
        rows = (folder / name).read_text(encoding="utf-8-sig").splitlines()
        (folder / name).write_text(rows[0] + "\n", encoding="utf-8")
    assert (
        main(
            [
                "run",
                "--plans",
                "masked",
                "--scenarios",
                "baseline",
                "--out",
                str(tmp_path / "out"),
                "--draws",
                "200",
            ]
        )
        == 0
    )
    assert (tmp_path / "out" / "index.html").is_file()


def pages(report):
    return sorted((report[0] / "out").rglob("*.html"))


def test_pages_ask_no_server_and_tell_no_local_path(report):
    found = pages(report)
    assert len([page for page in found if page.parents[1].name != "plans"]) == 2 + 3 * 2 * 2
    for page in found:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=[\"'](https?:)?//", text)
        assert str(report[0]) not in text
        assert str(ROOT) not in text


def test_links_between_pages_lead_somewhere(report):
    for page in pages(report):
        for link in re.findall(r'href="([^":#]+)"', page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_plan_as_stated_shows_no_probability(report):
    text = (
        report[0] / "out" / "pages" / "en" / PLANS[0] / "plan-as-stated" / "2_feasibility.html"
    ).read_text(encoding="utf-8")
    assert "would be circular" in text
    assert not re.search(r"\d+% (unlikely|likely|about even|remote)", text)


@pytest.mark.browser
def test_pages_fit_a_phone_and_draw_their_glyphs(report, tmp_path):
    look, found = f"[{SCROLL_WIDTH}, {SAME_GLYPHS}].join()", pages(report)
    said, _ = each_in_browser(tmp_path, [(unfolded(page), look) for page in found])
    assert dict(zip(found, said, strict=True)) == dict.fromkeys(found, "390,false")


@pytest.mark.browser
def test_glyph_check_can_fail(report, tmp_path):
    bare = unfolded(report[0] / "out" / "index.zh.html").replace("planmodel", "nothing")
    blank = SAME_GLYPHS.replace("planmodel, sans-serif", "Blank").replace("fillText(letter", 'fillText("□"')
    assert in_browser(tmp_path, bare, blank)[0] == "true"


def test_a_notebook_that_draws_nothing_runs_alone():
    paths = [each.path for each in planned(notebooks=("6_audit",), n_draws=500, seed=1)]
    assert paths == [f"en/{plan}/6_audit" for plan in PLANS]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a notebook of a user's own, which has a parameter that planmodel does not know."""
    shutil.copytree(data_folder(), tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    cell = nbformat.v4.new_code_cell('plan = ""\nweight = 1', metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "notebooks" / "own.ipynb")
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "data"))
    return tmp_path


def test_a_notebook_of_ones_own_varies_its_own_parameter(project):
    grid = project / "grid.yaml"
    grid.write_text(f"plans: {PLANS[0]}\nparameters: {{weight: [1, 2]}}\n")
    assert [(r.variant, r.parameters["weight"]) for r in prepare(grid=read_grid(grid)).runs] == [
        ("weight=1", 1),
        ("weight=2", 2),
    ]
    grid.write_text("parameters: {weigth: [1, 2]}\n")
    with pytest.raises(PlanmodelError, match="Did you mean 'weight'"):
        prepare(grid=read_grid(grid))


def test_what_a_batch_reads_is_held_to_what_it_was(project):
    held, file = inputs.Inputs(), project / "data" / "indicators.csv"
    before = file.read_bytes()
    assert held.changed() == ()
    (project / "data" / ".~lock.indicators.csv#").write_text("open in LibreOffice")
    (project / "data" / "~$indicators.xlsx").write_text("open in Excel")
    file.touch()
    assert held.changed() == ()
    held.plans, others = PLANS[:1], project / "data" / "plans" / PLANS[1] / "targets.csv"
    others.write_bytes(others.read_bytes() + b"\n")
    assert held.changed() == ()  # no run reads it
    held.plans = PLANS
    others.write_bytes(others.read_bytes() + b"\n")
    assert [str(part) for part in held.changed()] == ["data"]
    held = inputs.Inputs()
    file.write_bytes(before + b"\n")
    with (project / "notebooks" / "own.ipynb").open("a") as notebook:
        notebook.write("\n")
    assert [str(part) for part in held.changed()] == ["data", "notebooks"]
    file.unlink()
    assert "data" in map(str, held.changed())


def test_a_batch_stops_when_what_it_reads_changes(project, monkeypatch, capsys):
    done = []

    def execute(waiting, **_):
        for number, each in enumerate(waiting):
            if number:
                (project / "data" / "indicators.csv").write_bytes(b"")
            done.append(each)
            yield runs.Outcome(each, runs.End.DONE), {}

    monkeypatch.setattr("planmodel.batch.workers.execute_all", execute)
    assert main(["run", "--plans", *PLANS, "--notebooks", "own", "--out", str(project / "out")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("planmodel: data changed while the batch ran") and said.count("\n") == 1
    assert [p.stem for p in (project / "out" / "runs").iterdir()] == [done[0].key]


def test_a_batch_whose_data_change_while_the_site_is_written_is_not_finished(project, monkeypatch, capsys):
    def write_site(site, *_):
        (project / "data" / "indicators.csv").write_bytes(b"")
        return "{}"

    monkeypatch.setattr("planmodel.batch.workers.execute_all", lambda *_, **__: (_ for _ in ()))
    monkeypatch.setattr("planmodel.batch.finished", lambda _, run: runs.Outcome(run, runs.End.DONE))
    monkeypatch.setattr("planmodel.batch.site.write_site", write_site)
    assert main(["run", "--plans", *PLANS, "--notebooks", "own", "--out", str(project / "out")]) == 2
    assert capsys.readouterr().err.startswith("planmodel: data changed while the batch ran")
    assert json.loads((project / "out" / "manifest.json").read_text())["state"] == "running"


@pytest.mark.parametrize("lasting", [False, True])
def test_what_died_is_tried_once_more(project, monkeypatch, capsys, lasting):
    tried = []

    def execute(waiting, **_):
        for each in waiting:
            tried.append(each.plan)
            died = each.plan == PLANS[0] and (lasting or tried.count(each.plan) == 1)
            end = runs.End.DIED if died else runs.End.DONE
            yield runs.Outcome(each, end, error="WorkerDied" if died else ""), {}

    monkeypatch.setattr("planmodel.batch.workers.execute_all", execute)
    monkeypatch.setattr("planmodel.batch.site.write_site", lambda *_: "{}")
    own = ["--notebooks", "own", "--out", str(project / "out")]
    assert main(["run", "--plans", *PLANS, *own]) == (1 if lasting else 0)
    assert tried == [*PLANS, PLANS[0]]
    assert capsys.readouterr().err.count("failed: ") == lasting
    records = list((project / "out" / "runs").iterdir())
    assert (
        len(records) == 2 - lasting
    )  # a worker's death is no fault of the notebook: the next call tries again


def test_a_full_disk_is_one_message_that_says_what_is_kept(project, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planmodel.batch._run", full)
    assert main(["run", "--plans", PLANS[0], "--notebooks", "own", "--out", str(project / "out")]) == 2
    said = capsys.readouterr().err
    assert "What is finished is kept" in said and said.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_named(project, capsys):
    (project / "file").write_text("")
    assert (
        main(["run", "--plans", PLANS[0], "--notebooks", "own", "--out", str(project / "file" / "out")]) == 2
    )
    said = capsys.readouterr().err
    assert said.startswith("planmodel: --out: expected a folder that can be made and written")


def test_a_limit_that_is_no_number_is_refused(capsys):
    assert main(["run", "--time-limit", "nan", "--memory-limit", "-1"]) == 2
    said = capsys.readouterr().err
    assert "--time-limit: expected 0 or more, found nan" in said and "--memory-limit" in said

"""Grids: what a YAML file combines, which runs come of it, and what a dry run says of them."""

import json
import re
import shutil
from pathlib import Path

import pytest
from test_architecture import PACKAGE

from planmodel.batch import (
    SECONDS_A_RUN,
    START_SECONDS,
    duration,
    finished,
    inputs,
    prepare,
    preview,
    runs,
    usual_seconds,
)
from planmodel.batch.execution import page_links
from planmodel.batch.grids import read_grid
from planmodel.batch.runs import ALL_PLANS, MOST_COMPARED, plan_batch, safe_name
from planmodel.commands.cli import main
from planmodel.errors import PlanmodelError
from planmodel.files.reading import data_folder
from planmodel.plans import plan_names
from planmodel.plans.scenarios import in_order, scenario_names
from planmodel.report.addresses import plan_page

PLAN, OTHER = "quzhou-services-2023-2027", "jiaojiang-commerce-14fyp"
FEASIBILITY, AUDIT = "2_feasibility", "6_audit"


@pytest.fixture
def grid(tmp_path):
    """Read a grid from its text."""

    def read(text):
        (tmp_path / "grid.yaml").write_text(text, encoding="utf-8")
        return read_grid(tmp_path / "grid.yaml")

    return read


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the data in a project of its own, whose outputs/ a test may fill."""
    root = tmp_path / "project"
    shutil.copytree(data_folder(), root / "data")
    monkeypatch.setenv("PLANMODEL_DATA", str(root / "data"))
    return root


def planned(
    grid=None, plans=(PLAN,), scenarios=("baseline",), langs=("en",), notebooks=(FEASIBILITY,), **parameters
):
    return plan_batch(plans, scenarios, langs, notebooks, parameters, grid)


def values(grid, name="seed"):
    return [variant[name] for variant in grid.variants]


# Values


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("7", [7]),
        ("gdp", ["gdp"]),
        ("[3, 1, 3, 2]", [3, 1, 2]),
        ("{from: 1, to: 4}", [1, 2, 3, 4]),
        ("{from: 1, to: 4, step: 2}", [1, 3]),
        ("{from: 5, to: 5}", [5]),
        ("{from: -1, to: 1}", [-1, 0, 1]),
        ("{from: 0, to: 3, step: 0.5}", [0, 0.5, 1, 1.5, 2, 2.5, 3]),
        ("{from: 0, to: 1, step: 0.1}", [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
        ("{from: 0.7, to: 0.9, step: 0.1}", [0.7, 0.8, 0.9]),
    ],
)
def test_values_of_a_parameter(given, expected, grid):
    found = values(grid(f"parameters: {{seed: {given}}}"))
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_a_thousand_tenths_do_not_drift(grid):
    found = values(grid("parameters: {seed: {from: 0, to: 100, step: 0.1}}"))
    assert len(found) == 1001 and found == [i / 10 for i in range(1001)]


def test_parameters_are_crossed(grid):
    found = grid("parameters: {seed: [1, 2, 3], as_of: [2019, 2020]}")
    assert found.names == ("seed", "as_of")
    pairs = [(v["seed"], v["as_of"]) for v in found.variants]
    assert pairs == [(1, 2019), (1, 2020), (2, 2019), (2, 2020), (3, 2019), (3, 2020)]


def test_sets_belong_together_and_are_crossed_with_the_rest(grid):
    text = "parameters: {seed: [1, 2]}\nsets: [{as_of: 2019, bands: central}, {as_of: 2020, bands: shortest}]"
    found = grid(text)
    assert [(v["as_of"], v["bands"], v["seed"]) for v in found.variants] == [
        (2019, "central", 1),
        (2019, "central", 2),
        (2020, "shortest", 1),
        (2020, "shortest", 2),
    ]
    assert set(found.names) == {"as_of", "bands", "seed"}


def test_an_empty_set_leaves_one_variant_and_names_may_stand_alone(grid):
    found = grid("plans: quzhou-services-2023-2027\nscenarios: [low, low, high]\nlanguages: zh")
    assert (found.plans, found.scenarios, found.langs) == ((PLAN,), ("low", "high"), ("zh",))
    assert found.variants == ({},) and found.notebooks == () and found.names == ()


# Which runs


def test_all_stands_for_every_plan_and_scenario(grid):
    batch = prepare(
        grid=grid(f"plans: all\nscenarios: all\nnotebooks: {FEASIBILITY}"), parameters={"n_draws": 300}
    )
    assert batch.plans == plan_names() and batch.scenarios == in_order(scenario_names())
    assert len(batch.runs) == len(plan_names()) * len(scenario_names())


def test_the_call_comes_before_the_grid_and_the_grid_before_the_defaults(grid):
    given = grid(f"plans: {OTHER}\nscenarios: [low, high]\nlanguages: [zh, en]\nnotebooks: {FEASIBILITY}")
    batch = prepare(grid=given)
    assert (batch.plans, batch.scenarios, batch.langs) == ((OTHER,), ("low", "high"), ("zh", "en"))
    batch = prepare(grid=given, plans=(PLAN,), scenarios=("baseline",), langs=("en",), notebooks=(AUDIT,))
    assert [run.path for run in batch.runs] == [f"en/{PLAN}/{AUDIT}"]
    batch = prepare(grid=grid(f"notebooks: {AUDIT}"))
    assert (batch.plans, batch.scenarios) == (plan_names(), ("baseline", "low", "high"))


def test_a_run_for_each_plan_scenario_language_and_variant(grid):
    found = planned(
        grid("parameters: {seed: {from: 1, to: 4}, as_of: [0, 2022]}"),
        plans=(PLAN, OTHER),
        scenarios=("baseline", "low"),
        langs=("en", "zh"),
    )
    assert len(found) == len({run.path for run in found}) == len({run.key for run in found}) == 2 * 2 * 2 * 8
    assert f"zh/{OTHER}/low/as_of=2022,seed=3/{FEASIBILITY}" in {run.path for run in found}
    for run in found:
        assert run.variant == f"as_of={run.parameters['as_of']},seed={run.parameters['seed']}"
        assert run.parameters["plan"] == run.plan and run.parameters["scenario"] == run.scenario


def test_a_varied_parameter_comes_before_the_one_of_the_call(grid):
    found = planned(grid("parameters: {seed: [1, 2]}"), seed=9, n_draws=300)
    assert [(run.parameters["seed"], run.parameters["n_draws"]) for run in found] == [(1, 300), (2, 300)]


def test_a_notebook_varies_only_what_it_has_and_runs_once_without_it(grid):
    found = planned(
        grid("parameters: {seed: [1, 2], path_shape: [linear, logistic], indicators: ['', retail_sales]}"),
        notebooks=("1_trajectories", FEASIBILITY, "5_calibration", AUDIT),
        plans=(OTHER,),
    )
    variants = {}
    for run in found:
        variants.setdefault(run.notebook, []).append(run.variant)
    assert {name: len(each) for name, each in variants.items()} == {
        "1_trajectories": 4,
        FEASIBILITY: 4,
        "5_calibration": 2,
        AUDIT: 2,
    }
    assert variants[AUDIT] == ["indicators=", "indicators=retail_sales"]
    assert all("path_shape" in v for v in variants["1_trajectories"])
    found = planned(grid("parameters: {seed: [1, 2, 3]}"), notebooks=(FEASIBILITY, AUDIT))
    assert [run.variant for run in found] == ["seed=1", "seed=2", "seed=3", ""]
    assert "seed" not in found[-1].parameters


def test_all_plans_together_are_not_varied(grid):
    found = planned(grid("parameters: {seed: [1, 2]}"), plans=(PLAN, OTHER), notebooks=("4_comparison",))
    assert [run.variant for run in found if run.plan == ALL_PLANS] == [""]
    assert len(found) == 2 * 2 + 1


def test_the_twin_of_a_run_is_the_same_in_the_first_language(grid):
    found = planned(grid("parameters: {seed: [1, 2]}"), langs=("zh", "en"))
    first = {run.key: run for run in found if run.lang == "zh"}
    assert all(run.twin == "" for run in first.values())
    for run in found:
        if run.lang == "en":
            assert first[run.twin].variant == run.variant
    assert len({run.twin for run in found if run.lang == "en"}) == 2


def test_a_page_compares_the_first_scenarios_only(grid, monkeypatch):
    monkeypatch.setattr(runs, "MOST_COMPARED", 2)
    (run,) = planned(scenarios=scenario_names(), notebooks=("4_comparison",))
    assert run.parameters["scenarios"] == ", ".join(scenario_names()[:2])
    assert MOST_COMPARED >= 6


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ("{seed: 2}", {(p, s, n) for p in (PLAN, OTHER) for s in ("baseline", "low") for n in (1, 3)}),
        ("{seed: [1, 3]}", {(p, s, 2) for p in (PLAN, OTHER) for s in ("baseline", "low")}),
        ("{scenario: low}", {(p, "baseline", n) for p in (PLAN, OTHER) for n in (1, 2, 3)}),
        (
            "{plan: quzhou-services-2023-2027, scenario: [baseline, low], seed: [2, 3]}",
            {(OTHER, s, n) for s in ("baseline", "low") for n in (1, 2, 3)}
            | {(PLAN, s, 1) for s in ("baseline", "low")},
        ),
    ],
)
def test_combinations_left_out(entry, left, grid):
    found = planned(
        grid(f"parameters: {{seed: [1, 2, 3]}}\nexclude: [{entry}]"),
        plans=(PLAN, OTHER),
        scenarios=("baseline", "low"),
    )
    assert {(run.plan, run.scenario, run.parameters["seed"]) for run in found} == left


def test_one_notebook_left_out_for_one_plan(grid):
    text = f"parameters: {{seed: [1, 2]}}\nexclude: [{{notebook: {AUDIT}, plan: {PLAN}}}, {{seed: 2}}]"
    found = planned(grid(text), plans=(PLAN, OTHER), notebooks=(FEASIBILITY, AUDIT))
    assert [(run.notebook, run.plan, run.variant) for run in found] == [
        (FEASIBILITY, PLAN, "seed=1"),
        (FEASIBILITY, OTHER, "seed=1"),
        (AUDIT, OTHER, ""),  # has no seed: nothing to leave out
    ]


def test_the_example_of_the_documents_is_a_grid(grid):
    text = (PACKAGE.parent / "docs" / "batches.md").read_text(encoding="utf-8")
    found = prepare(
        grid=grid(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1]), parameters={"n_draws": 300}
    ).runs
    one, two = (
        [run for run in found if run.plan == plan and run.scenario == "low"]
        for plan in (PLAN, "linhai-14fyp")
    )
    per_seed = 2 * 2 + 2 * 2 * 2  # languages, sets; path shapes only where a notebook has them
    assert (len(one), len(two)) == (4 * per_seed, 2 * per_seed)
    stated = {run.notebook for run in found if run.scenario == "plan-as-stated"}
    assert len({run.path for run in found}) == len(found) and stated == {FEASIBILITY}


def test_links_between_pages_lead_to_runs_of_the_batch(grid):
    text = "parameters: {seed: [1, 2], path_shape: [linear, logistic]}\nexclude: [{scenario: low, seed: 2}]"
    found = planned(
        grid(text), plans=(PLAN, OTHER), scenarios=("baseline", "low"), langs=("en", "zh"), notebooks=()
    )
    pages = {Path(f"pages/{run.path}.html") for run in found} | {Path("index.html"), Path("index.zh.html")}
    pages |= {Path(plan_page(plan, lang)) for plan in (PLAN, OTHER) for lang in ("en", "zh")}
    for run in found:
        here = Path(f"pages/{run.path}.html").parent
        for link in page_links(run):
            assert Path(*normal(here / link.href)) in pages, (run.path, link.href)


def normal(path):
    """The parts of a path without `..`."""
    parts = []
    for part in path.parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return parts


# Keys


def keys(**parameters):
    return [run.key for run in planned(**parameters)]


def test_keys_are_stable_and_change_with_a_parameter(grid):
    assert keys() == keys()
    assert keys() != keys(seed=5) != keys(seed=6) != keys(seed=6, n_draws=300)
    given = grid("parameters: {seed: [5, 6]}")
    assert keys(grid=given) == keys(seed=5) + keys(seed=6)  # however a value is given
    assert keys(langs=("en", "zh"))[:1] == keys()  # whatever else the batch holds


@pytest.mark.parametrize("what", ["data", "code"])
def test_keys_change_with_data_and_with_the_package(what, monkeypatch):
    before, digests = keys(), runs.inputs_digest()
    monkeypatch.setattr(runs, "inputs_digest", lambda: digests)
    assert keys() == before
    if what == "data":
        monkeypatch.setattr(inputs.DataRead, "digest", lambda self, plans: "other")
    else:
        monkeypatch.setattr(runs, "inputs_digest", lambda: {**digests, what: "other"})
    assert keys() != before


def test_the_key_changes_with_the_plans_that_a_run_reads_alone(project):
    known = {plan: keys(plans=(plan,)) for plan in (PLAN, OTHER, "linhai-14fyp", "taizhou-services-14fyp")}
    file = project / "data" / "plans" / "jiaojiang-commerce-14fyp" / "targets.csv"
    file.write_bytes(file.read_bytes() + b"\n")
    changed = {plan for plan, before in known.items() if keys(plans=(plan,)) != before}
    assert changed == {
        "jiaojiang-commerce-14fyp",
        "taizhou-services-14fyp",
    }  # the district, and the city it lies in


def test_the_digests_see_a_change_of_data_package_or_lock(project, monkeypatch):
    (project / "planmodel" / "report").mkdir(parents=True)
    (project / "planmodel" / "arithmetic").mkdir()
    (project / "planmodel" / "arithmetic" / "growth.py").write_text("x = 1\n")
    (project / "planmodel" / "report" / "base.css").write_text("p {}\n")
    (project / "requirements.lock").write_text("pandas==3.1\n")
    monkeypatch.setattr(inputs, "PROJECT", project)
    seen = [runs.inputs_digest()]
    assert seen[0] == runs.inputs_digest()
    for path, part in (
        ("data/scenarios/low.yaml", "data"),
        ("planmodel/arithmetic/growth.py", "code"),
        ("planmodel/report/base.css", "code"),
        ("requirements.lock", "code"),
    ):
        with (project / path).open("a") as file:
            file.write("\n")
        seen.append(runs.inputs_digest())
        assert [name for name in seen[-1] if seen[-1][name] != seen[-2][name]] == [part]


def test_the_key_changes_with_the_notebook(project):
    (project / "notebooks").mkdir()
    shutil.copy(PACKAGE.parent / "notebooks" / "en" / f"{FEASIBILITY}.ipynb", project / "notebooks")
    before = keys()
    path = project / "notebooks" / f"{FEASIBILITY}.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert keys() != before


# Names of folders


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("as_of=2020,seed=7", "as_of=2020,seed=7"),
        ("step=0.5", "step=0.5"),
        ("changes=T2/1/1.target=5", "changes=T2_1_1.target=5-5eb5fabd5d57"),
        ("a=../../x", "a=.._.._x-2738df042268"),
        ("reference=\\:*?<>|\"'", "reference=_________-c024bae263dd"),
        ("indicators=服务业", "indicators=服务业"),
        ("", ""),
    ],
)
def test_names_are_safe_for_folders(text, name):
    assert safe_name(text) == name


def test_long_names_are_cut_and_stay_apart():
    one, two = (safe_name("indicators=" + "gdp, " * 40 + end) for end in "ab")
    assert one != two and len(one) <= 80 and one[:60] == two[:60] and re.fullmatch(r"[\w=,.+-]+", one)


# Mistakes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("paramters: {seed: 1}", ["paramters: expected a known name", "Did you mean 'parameters'?"]),
        ("parameters: {seed: []}", ["seed: expected a list of plain values, found []"]),
        ("parameters: {seed: [1, [2]]}", ["seed: expected a list of plain values"]),
        ("parameters: {seed: {from: 1}}", ["seed: expected a range such as {from: 0, to: 3, step: 0.5}"]),
        ("parameters: {seed: {from: 3, to: 1}}", ["a range such as", "'to': 1"]),
        ("parameters: {seed: {from: 1, to: 3, step: 0}}", ["a range such as", "'step': 0"]),
        ("parameters: {seed: {from: 1, to: 3, step: -1}}", ["a range such as"]),
        ("parameters: {seed: {from: 1, to: 3, by: 1}}", ["a range such as", "'by': 1"]),
        ("parameters: {seed: {from: a, to: 3}}", ["a range such as", "'from': 'a'"]),
        ("parameters: {seed: {from: false, to: true}}", ["a range such as"]),
        ("parameters: [seed, as_of]", ["parameters: expected names with values"]),
        ("plans: {a: b}", ["plans: expected a list of names"]),
        ("scenarios: [1, 2]", ["scenarios: expected a list of names, found [1, 2]"]),
        ("sets: {seed: 1}", ["sets: expected a list of entries such as {plan: name, seed: 1}"]),
        ("languages: [en, fr]", ["languages: expected a known name, found 'fr'"]),
        ("exclude: [plan]", ["exclude: expected a list of entries"]),
        ("exclude: [{}]", ["exclude: expected a list of entries"]),
        (
            "parameters: {seed: {from: 1, to: 2000}, as_of: {from: 1, to: 2000}}",
            ["at most 1,000,000 combinations, found 4,000,000"],
        ),
        ("", ["some content, found an empty file"]),
        ("- plans", ["names with values, found list"]),
        ("plans: a\nplans: b", ["twice"]),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_says_what_to_do(text, said, grid):
    with pytest.raises(PlanmodelError) as error:
        grid(text)
    assert len(error.value.faults) == 1
    for part in ("grid.yaml", *said):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2: x", "'2'"),  # a name that is no text
        ("parameters: {seed: {from: 1, to: .inf}}", "a range such as"),
        ("parameters: {seed: {from: .nan, to: 3}}", "a range such as"),
        ("parameters: {scenario: [low, high]}", "scenarios"),  # has an entry of its own; is ignored
        ("parameters: {lang: [en, zh]}", "languages"),
        ("sets: [{plan: linhai-14fyp}]", "plans"),
        ("parameters: {seed: [1, 2]}\nexclude: [{sed: 1}]", "'seed'"),  # leaves nothing out
        (f"parameters: {{seed: [1, 2]}}\nexclude: [{{plan: {PLAN[:6]}}}]", PLAN),
        (
            "sets: [{indicators: [services_va, tax_revenue]}]",
            "indicators",
        ),  # a list: every run fails at its end
    ],
)
def test_a_mistake_that_would_go_unnoticed(text, said, grid):
    with pytest.raises(PlanmodelError, match=said):
        planned(grid(text))


def test_a_range_without_end_is_refused_at_once(grid):
    with pytest.raises(PlanmodelError, match="at most 1,000,000"):
        grid("parameters: {seed: {from: 1, to: 1000000000000}}")


def test_variants_that_differ_have_folders_that_differ(grid):
    found = planned(grid("parameters: {indicators: ['services_va tax_revenue', 'services_va，tax_revenue']}"))
    assert len({run.path for run in found}) == len({run.key for run in found}) == 2


def test_all_mistakes_of_a_file_at_once(grid):
    text = "plan: a\nscenarios: 5\nparameters: {seed: [], as_of: {from: 1}}\nsets: 1\nexclude: [2]"
    with pytest.raises(PlanmodelError) as error:
        grid(text)
    assert {fault.what for fault in error.value.faults} == {
        "plan",
        "scenarios",
        "seed",
        "as_of",
        "sets",
        "exclude",
    }
    assert str(error.value).startswith("The grid grid.yaml has faults:")
    assert "Did you mean 'plans'" in str(error.value)


def test_parameters_that_no_notebook_has_and_values_that_do_not_fit(grid):
    with pytest.raises(PlanmodelError, match="Did you mean 'seed'"):
        planned(grid("parameters: {sed: [1, 2]}"))
    with pytest.raises(PlanmodelError, match="path_shape"):
        planned(grid("sets: [{path_shape: linear}]"))  # not of the notebook that was chosen
    with pytest.raises(PlanmodelError) as error:
        planned(grid("parameters: {seed: [1, x, -2], n_draws: [300, 5], as_of: [0, 0.5]}"))
    found = [fault.found for fault in error.value.faults]
    assert sorted(found) == ["'x'", "-2", "0.5", "5"]


def test_faults_of_names_come_all_at_once(grid):
    given = grid(
        "plans: [quzhou, jiaojiang]\nscenarios: lo\nnotebooks: 2_feasability\nparameters: {seed: [1]}"
    )
    with pytest.raises(PlanmodelError) as error:
        prepare(grid=given)
    assert len(error.value.faults) == 4
    for name in (PLAN, OTHER, "'low'", "'2_feasibility'"):
        assert name in str(error.value)


def test_a_grid_that_leaves_everything_out_is_refused(grid):
    given = grid(f"notebooks: {FEASIBILITY}\nparameters: {{seed: [1, 2]}}\nexclude: [{{seed: [1, 2]}}]")
    with pytest.raises(PlanmodelError, match="at least one run, found every combination is excluded"):
        prepare(grid=given, plans=(PLAN,))


# Dry runs


def batch_of(grid, text="parameters: {seed: {from: 1, to: 3}}"):
    return prepare(
        grid=grid(text),
        plans=(PLAN,),
        scenarios=("baseline", "low"),
        langs=("en", "zh"),
        notebooks=(FEASIBILITY, AUDIT),
        parameters={"n_draws": 300},
    )


def store(folder, batch, n_done):
    """Write what a batch leaves that finished some of its runs."""
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"batch": batch.key, "state": "running"}))
    for run in batch.runs[:n_done]:
        for part, end in (("pages", "html"), ("notebooks", "ipynb")):
            path = folder / part / f"{run.path}.{end}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        record = {"end": "done", "seconds": 1.0, "error": "", "message": "", "cell": None, "log": ""}
        path = folder / "runs" / f"{run.key}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(record))


def seconds_said(text):
    return int(re.search(r"about (\d+) s for", text)[1])


def test_a_preview_counts_and_guesses(project, grid):
    batch = batch_of(grid)
    said = preview(batch, None, 2).splitlines()
    assert len(batch.runs) == 2 * (2 * 3 + 1)
    assert said == [
        f"14 runs, 0 of them finished; batch {batch.key}",
        f"  notebooks: {FEASIBILITY} 12, {AUDIT} 2",
        f"  plans: {PLAN} 14",
        "  scenarios: baseline 6, low 6, - 2",
        "  languages: en 7, zh 7",
        "  variants: seed=1 4, seed=2 4, seed=3 4",
        f"about {14 * SECONDS_A_RUN / 2 + START_SECONDS:.0f} s for the 14 left, 2 at a time (a guess: no earlier report)",
    ]
    assert not (project / "outputs").exists()


def test_a_preview_shows_some_of_many_variants(project, grid):
    said = preview(batch_of(grid, "parameters: {seed: {from: 1, to: 20}}"), None, 1)
    assert "seed=8 4, and 12 more\n" in said and "seed=9 " not in said


def test_a_preview_takes_times_from_earlier_reports(project, grid):
    batch = batch_of(grid)
    times = {"report": [8.0, 10.0], "report-2": [30.0]}
    for name, each in times.items():
        (project / "outputs" / name).mkdir(parents=True)
        entries = [{"run": f"en/{PLAN}/low/{FEASIBILITY}", "ok": True, "seconds": s} for s in each]
        entries.append({"run": f"en/{PLAN}/{AUDIT}", "ok": False, "seconds": 500})
        (project / "outputs" / name / "manifest.json").write_text(
            json.dumps({"batch": name, "runs": entries})
        )
    (project / "outputs" / "report-3").mkdir()
    (project / "outputs" / "report-3" / "manifest.json").write_text("{")
    assert usual_seconds(sorted((project / "outputs").iterdir())) == {FEASIBILITY: 10.0}
    said = preview(batch, None, 4)
    minutes = round((12 * 10 + 2 * SECONDS_A_RUN) / 4 + START_SECONDS)
    assert seconds_said(said) == minutes and said.endswith("4 at a time (from earlier reports)")


def test_a_preview_counts_the_failed_apart(project, grid):
    batch = batch_of(grid)
    store(project / "out", batch, 5)
    path = project / "out" / "runs" / f"{batch.runs[0].key}.json"
    path.write_text(path.read_text().replace('"done"', '"error"'))
    said = preview(batch, project / "out", 2)
    assert "4 of them finished, 1 failed (not tried again" in said and "for the 9 left" in said
    said = preview(batch, project / "out", 2, retry_failed=True)
    assert "1 failed (tried again)" in said and "for the 10 left" in said


def test_a_preview_refuses_what_the_batch_would(capsys):
    assert main(["run", "--dry-run", "--jobs", "-1"]) == 2
    assert "--jobs" in capsys.readouterr().err


def test_a_preview_counts_what_is_finished(project, grid):
    batch = batch_of(grid)
    store(project / "out", batch, 5)
    assert finished(project / "out", batch.runs[4]).ok and finished(project / "out", batch.runs[5]) is None
    said = preview(batch, project / "out", 2)
    assert said.startswith("14 runs, 5 of them finished;") and "for the 9 left, 2 at a time" in said
    (project / "out" / "pages" / f"{batch.runs[0].path}.html").write_text("")  # cut off: not finished
    assert "14 runs, 4 of them finished" in preview(batch, project / "out", 2)
    store(project / "outputs" / "report", batch, 14)
    said = preview(batch, None, 2)
    assert "14 runs, 14 of them finished" in said and "about 0 s for the 0 left" in said


def test_a_folder_whose_first_file_was_cut_off_is_free(project, grid):
    (project / "out").mkdir()
    (project / "out" / ".planmodel-unfinished-4194303-0123456789ab").write_text(
        "{"
    )  # killed within the first write
    assert "14 runs, 0 of them finished" in preview(batch_of(grid), project / "out", 2)


def test_a_preview_of_a_folder_with_another_batch_is_refused(project, grid):
    batch = batch_of(grid)
    store(project / "out", batch, 1)
    with pytest.raises(PlanmodelError, match="another batch"):
        preview(batch_of(grid, "parameters: {seed: [1, 9]}"), project / "out", 1)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (89, "89 s"), (91, "2 min"), (5399, "1 h 30 min"), (7200, "2 h 0 min")]
)
def test_durations(seconds, said):
    assert duration(seconds) == said


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_dry_run_writes_nothing(project, capsys):
    path = project / "grid.yaml"
    path.write_text(
        f"plans: {PLAN}\nscenarios: low\nnotebooks: {FEASIBILITY}\nparameters: {{seed: [1, 2]}}\n"
    )
    before = files(project)
    assert main(["run", "--grid", str(path), "--dry-run", "--lang", "en", "zh", "--draws", "300"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("4 runs, 0 of them finished") and printed.err == ""
    assert main(["run", "--grid", str(path), "--dry-run", "--out", str(project / "out"), "--jobs", "1"]) == 0
    assert "2 runs" in capsys.readouterr().out
    assert files(project) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plans: quzhou\n", PLAN),
        ("parameters: {seed: {from: 2, to: 1}}\n", "a range such as"),
        ("parameters: {sed: 1}\n", "'seed'"),
        ("parameters: {seed: -1}\n", "a whole number"),
        ("plan: x\n", "'plans'"),
        ("plans: [\n", "YAML"),
        ("languages: fr\n", "lang"),
        (
            f"notebooks: {FEASIBILITY}\nexclude: [{{notebook: {FEASIBILITY}}}]\n",
            "every combination is excluded",
        ),
        (None, "grid.yaml"),
    ],
)
@pytest.mark.parametrize("dry", [True, False])
def test_a_mistake_is_one_message_and_exit_code_2(text, said, dry, project, capsys):
    if text is not None:
        (project / "grid.yaml").write_text(text)
    before = files(project)
    command = ["run", "--grid", str(project / "grid.yaml"), *(["--dry-run"] if dry else [])]
    assert main(command) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("planmodel: ") and said in printed.err
    assert "Traceback" not in printed.err
    assert files(project) == before

"""The notebooks, found by glob: their shape, their parameters, runs in warm kernels and from the shell. nbval runs them too (make test-all)."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from papermill import execute_notebook, inspect_notebook
from papermill.engines import papermill_engines

from planmodel.batch.kernels import ENGINE, PlanmodelEngine
from planmodel.batch.warm import can_fork
from planmodel.lab.cells import parameters_given, unquoted
from planmodel.lab.study import DEFAULTS
from planmodel.words import LANGS

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*/*.ipynb"))
MAX_LINES = 10
KEPT = "NBVAL_CHECK_OUTPUT"


def load(path):
    return nbformat.read(path, as_version=4)


def code(path):
    """The code cells, all but the default of the language."""
    cells = [c.source for c in load(path).cells if c.cell_type == "code"]
    return [re.sub('^lang = "(en|zh)"', "lang = ...", source, flags=re.MULTILINE) for source in cells]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 8
    names = [{path.name for path in NOTEBOOKS if path.parent.name == lang} for lang in LANGS]
    assert names[0] == names[1], "each notebook is there in both languages"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: f"{p.parent.name}-{p.stem}")
class TestShape:
    def test_one_parameters_cell_with_known_names_plain_defaults_and_comments(self, path):
        cells = [c for c in load(path).cells if "parameters" in c.metadata.get("tags", [])]
        assert len(cells) == 1
        for line, node in zip(cells[0].source.splitlines(), ast.parse(cells[0].source).body, strict=True):
            name, value = node.targets[0].id, ast.literal_eval(node.value)
            assert value == (path.parent.name if name == "lang" else DEFAULTS[name])
            assert "#" in line and line.count("=") == 1, "papermill reads no other"

    def test_no_definitions_and_short_cells(self, path):
        for cell in load(path).cells:
            if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
                continue
            assert len(cell.source.splitlines()) <= MAX_LINES
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While)

    def test_code_is_the_same_in_both_languages(self, path):
        other = FOLDER / {"en": "zh", "zh": "en"}[path.parent.name] / path.name
        assert code(path) == code(other)

    def test_prose_is_in_one_language(self, path):
        text = "\n".join(c.source for c in load(path).cells if c.cell_type == "markdown")
        chinese = len(re.findall("[\u4e00-\u9fff]", text))
        assert chinese > 50 if path.parent.name == "zh" else chinese == 0

    def test_only_compared_results_are_kept(self, path):
        kept = [c for c in load(path).cells if c.cell_type == "code" and c.outputs]
        assert kept
        assert all(c.source.startswith(f"# {KEPT}") for c in kept)
        text = path.read_text(encoding="utf-8")
        assert "papermill" not in json.dumps(load(path).metadata)
        assert "\\u4e" not in text


def papermill(path, out, *parameters):
    command = [sys.executable, "-m", "papermill", "-k", "python3", "--no-progress-bar", str(path), str(out)]
    for name, value in parameters:
        command += ["-p", name, value]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


OTHER = {"plan": "quzhou-services-2023-2027", "lang": "zh", "n_draws": 500}
"""Parameters that are the default of no notebook."""


def check_other(path):
    """A notebook that was run with the other parameters shows them and complains of nothing."""
    outputs = [o for c in load(path).cells if c.cell_type == "code" for o in c.outputs]
    assert any("衢州" in str(o.get("data", "")) for o in outputs)
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]


@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=[pytest.mark.slow] * (number > 0)) for number, p in enumerate(NOTEBOOKS)],
    ids=lambda p: f"{p.parent.name}-{p.stem}",
)  # fmt: skip
def test_papermill_from_the_shell(path, tmp_path):
    done = papermill(path, tmp_path / "out.ipynb", *((name, str(value)) for name, value in OTHER.items()))
    assert done.returncode == 0, done.stderr[-2000:]
    check_other(tmp_path / "out.ipynb")


def run_warm(path, out, given):
    """Run a notebook by papermill in a kernel that is forked where that works."""
    papermill_engines.register(ENGINE, PlanmodelEngine)
    engine = {"engine_name": ENGINE, "kernel_name": "python3", "warm": can_fork()}
    execute_notebook(path, out, given, progress_bar=False, **engine)


def kept(path):
    """The lines that the cells whose results are compared have printed."""
    cells = [c for c in load(path).cells if c.cell_type == "code" and c.source.startswith(f"# {KEPT}")]
    said = ["".join(o.text for o in cell.outputs if o.output_type == "stream") for cell in cells]
    assert all(said)
    return "".join(said).splitlines()


in_english = pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if p.parent.name == "en"], ids=lambda p: p.stem
)  # the code is the same in both languages


@in_english
def test_each_notebook_runs_with_its_defaults_and_gives_the_results_that_it_keeps(path, tmp_path):
    run_warm(path, tmp_path / "out.ipynb", {})
    assert kept(tmp_path / "out.ipynb") == kept(path)


@in_english
def test_each_notebook_runs_with_other_parameters(path, tmp_path):
    given = {name: value for name, value in OTHER.items() if name in inspect_notebook(path)}
    run_warm(path, tmp_path / "out.ipynb", given)
    check_other(tmp_path / "out.ipynb")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ((("plan", "linhai"),), "linhai-14fyp"),
        ((("scenaro", "low"),), "scenario"),
        ((("n_draws", "true"),), "whole number"),
        ((("indicators", "services_vv"),), "services_va"),
    ],
)
@pytest.mark.slow
def test_a_mistake_in_papermill_is_one_clear_error(parameters, said, tmp_path):
    path = next(p for p in NOTEBOOKS if p.stem == "2_feasibility")
    done = papermill(path, tmp_path / "out.ipynb", *parameters)
    assert done.returncode != 0
    shown = [
        o
        for c in load(tmp_path / "out.ipynb").cells
        if c.cell_type == "code"
        for o in c.outputs
        if o.output_type == "error"
    ]
    assert shown[0].ename == "PlanmodelError"
    assert said in "".join(shown[0].traceback)
    assert "File " not in "".join(shown[0].traceback)


# The parameters cell: one clear line for a mistake at every run, in a warm kernel too.

CELL = 'plan = "taizhou-services-14fyp"\nbands = "{bands}"\nseed = 1\nlang = "en"'
OPEN = "study = open_study(globals())"


def namespace(*cells, **more):
    """The globals() of a notebook in which some cells were run."""
    names = {"In": ["", *cells], **more}
    for cell in cells:
        assigned = [node for node in ast.parse(cell).body if ast.unparse(node) != OPEN]
        names |= {node.targets[0].id: ast.literal_eval(node.value) for node in assigned}
    return names


def test_parameters_are_those_of_the_cell_as_it_stands_now():
    first, then = CELL.format(bands="central"), CELL.format(bands="shortest")
    assert parameters_given(namespace(first, OPEN))["bands"] == "central"
    wrong = namespace(first + '\nscenaro = "low"', OPEN)
    assert wrong["scenaro"] == parameters_given(wrong)["scenaro"]
    again = namespace(first + '\nscenaro = "low"', OPEN, then, OPEN)
    assert "scenaro" in again and "scenaro" not in parameters_given(again)
    assert parameters_given(again)["bands"] == "shortest"


def test_what_papermill_hands_over_counts_as_written_in_the_cell():
    given = parameters_given(
        namespace(CELL.format(bands="central"), '# Parameters\nseed = 2\nscenaro = "low"', OPEN)
    )
    assert given["seed"] == 2 and given["scenaro"] == "low"


def test_variables_of_ones_own_are_no_parameters():
    names = namespace(
        CELL.format(bands="central"), OPEN, 'n_drows = 4\nreference = "mine"', OPEN, startup="of IPython"
    )
    assert set(parameters_given(names)) == {"plan", "bands", "seed", "lang"}
    called = namespace(CELL.format(bands="central"), 'bands = "shortest"\n' + OPEN)
    assert parameters_given(called)["bands"] == "shortest"
    assert parameters_given({"plan": "x", "mine": 3}) == {"plan": "x"}, "outside of notebooks"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("central", 'bands = "central"'),
        ("linhai-fyp", 'bands = "linhai-fyp"'),
        ("linhai-14fyp", 'bands = "linhai-14fyp"'),  # no Python at all
        ("a b", 'bands = "a b"'),
        ("a, b", 'bands = "a, b"'),
        ("2 * seed", ""),
    ],
)
def test_a_word_without_quotes_is_one_line(value, said):
    faults = unquoted(CELL.replace('"{bands}"', value), {"seed": 1})
    assert [str(fault.do) for fault in faults] == ([f"Write {said}."] if said else [])
    assert not unquoted(f"x = {value}", {})


def test_mistakes_are_one_line_in_a_kernel_and_gone_when_corrected(tmp_path):
    manager, client = start_new_kernel(kernel_name="python3")
    try:

        def run(*cells):
            said = []
            for cell in cells:
                client.execute_interactive(cell, timeout=60, output_hook=said.append)
            return ["".join(m["content"]["traceback"]) for m in said if m["msg_type"] == "error"]

        load = "from planmodel.lab import open_study"
        assert run(load, CELL.replace('"{bands}"', "central").replace('"en"', '"zh"')) == [
            'PlanmodelError: bands：应为带引号的文字，实为 central。写作 bands = "central"。'
        ]
        (wrong,) = run(CELL.format(bands="central") + '\nscenaro = "low"', OPEN)
        assert "Did you mean 'scenario'" in wrong and "File" not in wrong
        assert run(CELL.format(bands="central"), OPEN, "x = 1", OPEN) == []
        assert (
            "\n" not in wrong and run(CELL.replace('"{bands}"', "2 x") + "\n")[0].count("\n") > 1
        )  # Python's own
        (other,) = run("y = central")
        assert "NameError" in other
    finally:
        manager.shutdown_kernel(now=True)
        client.stop_channels()

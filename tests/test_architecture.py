"""Imports go one way: a module may import modules of its own layer or below, never above."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import planmodel

PACKAGE = Path(planmodel.__file__).parent

# From the bottom to the top. A new module needs a place here.
LAYERS = (
    ("errors",),
    ("growth", "paths", "twopiece", "tracking", "accounting", "capital_paths", "intervals", "apportion"),
    ("class_paths",),
    ("tables", "zips", "formulas", "sheets", "reference", "identities", "periods"),
    ("catalogue", "plans", "rows", "nodes", "heads", "checks", "series", "known"),
    ("smoothing",),
    ("pooled",),
    ("forecasts", "scenarios"),
    (
        "semantics",
        "outlooks",
        "assessments",
        "verdicts",
        "joint",
        "milestones",
        "feasibility",
        "outturns",
        "underway",
        "review",
        "drivers",
        "scores",
    ),
    (
        "fans",
        "words",
        "audit",
        "results",
        "evidence",
        "breakdown",
        "interchange",
        "iamc",
        "sdmx",
        "sdmx_structure",
    ),
    ("charts",),
    ("study", "notebook", "views", "figures", "handout", "report"),
    (
        "grids",
        "runs",
        "folders",
        "warm",
        "kernels",
        "engine",
        "dataset",
        "execution",
        "workers",
        "cluster",
        "remote",
        "listing",
        "downloads",
        "site",
        "batch",
        "preview",
        "publish",
        "new",
        "workbooks",
    ),
    ("commands", "cli", "__main__"),
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
FORMULAS = LAYERS[1]
NAMES = sorted(
    path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
)
MODULES = [name for name in NAMES if name != "__init__"]


def files_of(name):
    path = PACKAGE / f"{name}.py"
    return [path] if path.is_file() else sorted((PACKAGE / name).rglob("*.py"))


def imported(nodes):
    """The full names that import statements name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def own(names):
    """The modules of the package among full names."""
    return {
        parts[1]
        for parts in (name.split(".") for name in names)
        if parts[0] == "planmodel" and len(parts) > 1 and parts[1] in MODULES
    }


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def all_imports(name):
    return {full for path in files_of(name) for full in imported(ast.walk(tree(path)))}


def imports_at_load(name):
    """What importing the module imports: statements outside of functions and of `if TYPE_CHECKING`."""
    return {full for path in files_of(name) for full in imported(tree(path).body)}


def test_every_module_has_a_layer():
    assert [name for name in MODULES if name not in LAYER] == []
    assert len(LAYER) == sum(map(len, LAYERS))


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name):
    upwards = [other for other in own(all_imports(name)) if LAYER[other] > LAYER[name]]
    assert upwards == [], f"{name} imports {upwards}, which stand above it"


def test_imports_at_load_have_no_circle():
    graph = {name: own(imports_at_load(name)) - {name} for name in MODULES}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


def test_the_check_sees_imports_inside_functions():
    code = ast.parse("def f():\n    from planmodel.cli import main\n    import planmodel.batch\n")
    assert own(imported(ast.walk(code))) == {"cli", "batch"} and own(imported(code.body)) == set()


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_know_nothing_of_files_plots_or_pandas(name):
    packages = {full.split(".")[0] for full in all_imports(name)}
    assert packages <= {
        "__future__",
        "collections",
        "itertools",
        "dataclasses",
        "decimal",
        "math",
        "numpy",
        "scipy",
        "planmodel",
    }
    calls = {
        node.func.id
        for path in files_of(name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input"}
    assert own(all_imports(name)) <= {"errors", *FORMULAS}


@pytest.mark.parametrize("name", [name for name in MODULES if LAYER.get(name, 99) < LAYER["charts"]])
def test_below_the_charts_nothing_draws(name):
    assert "matplotlib" not in {full.split(".")[0] for full in all_imports(name)}

"""Imports go one way: a room may import rooms below it, a module may be in no circle."""

import ast
import functools
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import planmodel

PACKAGE = Path(planmodel.__file__).parent

ROOMS = (
    "words",
    "errors",
    "arguments",
    "arithmetic",
    "files",
    "forecasts",
    "plans",
    "feasibility",
    "audit",
    "review",
    "drivers",
    "breakdown",
    "drafting",
    "tables",
    "workbooks",
    "documents",
    "charts",
    "lab",
    "exchange",
    "report",
    "batch",
    "commands",
    "__main__",
)
"""From the bottom to the top: a folder, or a module of its own. A new one needs a place here."""
CORE = ROOMS[: ROOMS.index("feasibility") + 1] + ("tables", "charts", "lab")
EXTRAS = {
    "jupyter_client",
    "nbclient",
    "nbformat",
    "nbconvert",
    "papermill",
    "openpyxl",
    "xlsxwriter",
    "docx",
    "lxml",
    "pdfplumber",
    "dask",
    "distributed",
}
"""Packages that the core does without, but for imports inside functions."""
FILES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


@functools.cache
def tree(name):
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def imported(nodes):
    """The full names that import statements name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(names):
    """The modules of the package among full names."""
    for name in names:
        found = name if name in FILES else name.rpartition(".")[0]
        if found in FILES:
            yield found


def room_of(name):
    return name.split(".")[1] if "." in name else ""


def test_every_module_has_a_room():
    assert {room_of(name) for name in FILES} - {""} == set(ROOMS)


def test_imports_go_down():
    link = ("tables", "workbooks")  # where the writer is there
    upwards = [
        f"{name} imports {other}, which stands above it"
        for name in FILES
        for other in own(imported(ast.walk(tree(name))))
        if "planmodel" not in (name, other)
        and ROOMS.index(room_of(other)) > ROOMS.index(room_of(name))
        and (room_of(name), room_of(other)) != link
    ]
    assert upwards == []


def test_no_module_is_in_a_circle():
    graph = {name: set(own(imported(ast.walk(tree(name))))) - {name, "planmodel"} for name in FILES}
    assert set(TopologicalSorter(graph).static_order()) >= set(FILES) - {"planmodel"}


def test_the_check_sees_imports_inside_functions():
    code = ast.parse("def f():\n    from planmodel.commands.cli import main\n    import planmodel.batch\n")
    assert set(own(imported(ast.walk(code)))) == {"planmodel.commands.cli", "planmodel.batch"}


def test_the_core_needs_no_extras_at_load():
    for name in filter(lambda name: room_of(name) in CORE, FILES):
        packages = {full.split(".")[0] for full in imported(tree(name).body)}
        assert not packages & EXTRAS, name


@pytest.mark.parametrize("name", [name for name in FILES if room_of(name) == "arithmetic"])
def test_formulas_know_nothing_of_files_plots_or_pandas(name):
    packages = {full.split(".")[0] for full in imported(ast.walk(tree(name)))}
    allowed = {
        "__future__",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "hashlib",
        "itertools",
        "math",
        "re",
    }
    assert packages <= allowed | {"numpy", "scipy", "planmodel"}
    calls = {
        node.func.id
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input"}


def test_below_the_charts_nothing_draws():
    for name in filter(lambda name: room_of(name) in ROOMS[: ROOMS.index("charts")], FILES):
        assert "matplotlib" not in {full.split(".")[0] for full in imported(ast.walk(tree(name)))}, name


def test_the_rooms_of_the_core_say_in_which_order_they_are_read():
    for room in ("arithmetic", "forecasts", "plans", "feasibility", "audit"):
        said = ast.get_docstring(tree(f"planmodel.{room}")).rpartition("To read")[2]
        order = [word for word in re.findall(r"\w+", said) if f"planmodel.{room}.{word}" in FILES]
        modules = {name.split(".")[2] for name in FILES if name.startswith(f"planmodel.{room}.")}
        assert set(order) == modules, room
        for name in modules:
            used = set(own(imported(ast.walk(tree(f"planmodel.{room}.{name}"))))) & set(FILES)
            below = [other.split(".")[2] for other in used if other.startswith(f"planmodel.{room}.")]
            assert all(order.index(other) < order.index(name) for other in below), (
                f"{name} is read before {below}"
            )

"""Grids: which plans, scenarios and parameter values a batch combines, and which combinations it leaves out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.files.reading import read_yaml

KEYS = ("plans", "scenarios", "languages", "notebooks", "parameters", "sets", "exclude")
ENTRIES = {
    "plan": "plans",
    "plans": "plans",
    "scenario": "scenarios",
    "scenarios": "scenarios",
    "lang": "languages",
}
"""Parameters that have an entry of their own in the file."""
MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class Grid:
    """The axes of a batch. Empty axes are left to the command line.

    variants: the combinations of parameter values. exclude: combinations left out; each is a set of values that must
    all fit.
    """

    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    langs: tuple[str, ...]
    notebooks: tuple[str, ...]
    variants: tuple[Mapping[str, object], ...]
    exclude: tuple[Mapping[str, object], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary."""
        return tuple(dict.fromkeys(name for variant in self.variants for name in variant))

    def excluded(self, name: str) -> tuple[object, ...]:
        """Return the values of a name that combinations are left out by."""
        found = [entry[name] for entry in self.exclude if name in entry]
        return tuple(
            value for values in found for value in (values if isinstance(values, list) else [values])
        )

    def excludes(self, values: Mapping[str, object]) -> bool:
        """Return True where a combination fits one that is left out."""
        return any(
            all(
                values.get(name) in (wanted if isinstance(wanted, list) else [wanted])
                for name, wanted in e.items()
            )
            for e in self.exclude
        )


def read_grid(path: Path) -> Grid:
    """Return the grid of a YAML file; raise with every fault.

    plans, scenarios, languages, notebooks: lists of names (`all` for every plan or scenario). parameters: a value, a
    list, or a range {from: 0, to: 3, step: 0.5} for each name; all are crossed. sets: a list of sets of values that
    belong together, crossed with the rest. exclude: a list of combinations to leave out.
    """
    content = read_yaml(path)
    faults: list[Fault] = [
        unknown(str(key), str(key), KEYS, file=path.name) for key in content if key not in KEYS
    ]

    def names(key: str) -> tuple[str, ...]:
        found = content.get(key, [])
        found = [found] if isinstance(found, str) else found
        if not (isinstance(found, list) and all(isinstance(name, str) for name in found)):
            faults.append(Fault(key, "a list of names", repr(found), path.name, do="Correct the entry."))
            return ()
        return tuple(dict.fromkeys(found))

    def mappings(key: str) -> list[dict]:
        found = content.get(key) or []
        if not (isinstance(found, list) and all(isinstance(entry, dict) and entry for entry in found)):
            expected = "a list of entries such as {plan: name, seed: 1}"
            faults.append(Fault(key, expected, repr(found)[:80], path.name, do="Correct the entry."))
            return []
        return found

    parameters = content.get("parameters") or {}
    if not isinstance(parameters, dict):
        faults.append(Fault("parameters", "names with values", repr(parameters), path.name))
        parameters = {}
    axes = {str(name): _values(str(name), given, path, faults) for name, given in parameters.items()}
    sets = mappings("sets") or [{}]
    varied = [*axes, *(str(name) for entry in sets for name in entry)]
    for name in dict.fromkeys(name for name in varied if name in ENTRIES):
        expected = "a notebook parameter without an entry of its own"
        faults.append(Fault(name, expected, name, path.name, do=f"Use {ENTRIES[name]}."))
    for name, value in ((name, value) for entry in sets for name, value in entry.items()):
        if isinstance(value, dict | list):
            faults.append(Fault(f"sets, {name}", "a plain value", repr(value)[:80], path.name))
    count = len(sets)
    for values in axes.values():
        count *= max(len(values), 1)
    if count > MOST_RUNS:
        faults.append(Fault("parameters", f"at most {MOST_RUNS:,} combinations", f"{count:,}", path.name))
    grid = [names(key) for key in KEYS[:4]]
    exclude = tuple(mappings("exclude"))
    known = ("plan", "scenario", "notebook", *varied)
    excluded = dict.fromkeys(str(name) for entry in exclude for name in entry)
    faults += [unknown("exclude", name, known, file=path.name) for name in excluded if name not in known]
    if faults:
        raise PlanmodelError(f"The grid {path.name} has faults:", faults)
    variants = tuple(
        {**dict(zip(axes, values, strict=True)), **entry}
        for entry in sets
        for values in product(*axes.values())
    )
    return Grid(*grid, variants, exclude)


def _values(name: str, given: object, path: Path, faults: list[Fault]) -> list:
    """Return the values of an axis: a list, a range or one value."""
    if isinstance(given, list):
        if not given or any(isinstance(value, dict | list) for value in given):
            faults.append(Fault(name, "a list of plain values", repr(given)[:80], path.name))
        return list(dict.fromkeys(given)) if all(not isinstance(v, dict | list) for v in given) else []
    if not isinstance(given, dict):
        return [given]
    ends = {"from", "to"} <= set(given) <= {"from", "to", "step"}
    numbers = all(type(value) in (int, float) and math.isfinite(value) for value in given.values())
    if not ends or not numbers or given.get("step", 1) <= 0 or given["to"] < given["from"]:
        expected = "a range such as {from: 0, to: 3, step: 0.5}"
        faults.append(Fault(name, expected, repr(given), path.name, do="Correct the entry."))
        return []
    start, end, step = (Decimal(str(given.get(key, 1))) for key in ("from", "to", "step"))
    count = int((end - start) / step) + 1
    if count > MOST_RUNS:
        faults.append(Fault(name, f"at most {MOST_RUNS:,} values", f"{count:,}", path.name))
        return []
    values = [start + step * i for i in range(count)]
    return [int(value) if value == value.to_integral() else float(value) for value in values]

"""Grids: which plans, scenarios and parameter values a batch combines, and which combinations it leaves out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError, Say, unknown
from planmodel.files.reading import read_yaml
from planmodel.words import LANGS, Phrase

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

    plans: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    variants: tuple[Mapping[str, object], ...] = ({},)
    exclude: tuple[Mapping[str, object], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that vary."""
        return tuple(dict.fromkeys(name for variant in self.variants for name in variant))

    def excluded(self, name: str) -> tuple[object, ...]:
        """Return the values of a name that combinations are left out by."""
        return tuple(value for entry in self.exclude if name in entry for value in _several(entry[name]))

    def excludes(self, values: Mapping[str, object]) -> bool:
        """Return True where a combination fits one that is left out."""
        return any(
            all(values.get(name) in _several(given) for name, given in entry.items())
            for entry in self.exclude
        )


def _several(given: object) -> list:
    """Return a list as it is, and one value as a list."""
    return given if isinstance(given, list) else [given]


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

    def refuse(what: str, expected: Say, found: str, do: Say = "") -> None:
        faults.append(Fault(what, expected, found[:80], path.name, do=do))

    def names(key: str) -> tuple[str, ...]:
        given = _several(content.get(key, []))
        if not all(isinstance(name, str) for name in given):
            refuse(key, Phrase("batch.names"), repr(content[key]), Phrase("batch.correct_entry"))
            return ()
        return tuple(dict.fromkeys(given))

    def entries(key: str) -> list[dict]:
        given = content.get(key) or []
        if not (isinstance(given, list) and all(isinstance(entry, dict) and entry for entry in given)):
            refuse(key, Phrase("batch.entries"), repr(given), Phrase("batch.correct_entry"))
            return []
        return given

    def values(name: str, given: object) -> list:
        """The values of an axis: a list, a range or one value."""
        if isinstance(given, list):
            if not given or any(isinstance(value, dict | list) for value in given):
                refuse(name, Phrase("batch.plain_values"), repr(given))
                return []
            return list(dict.fromkeys(given))
        if not isinstance(given, dict):
            return [given]
        if not _is_range(given):
            refuse(name, Phrase("batch.range"), repr(given), Phrase("batch.correct_entry"))
            return []
        start, end, step = (Decimal(str(given.get(key, 1))) for key in ("from", "to", "step"))
        count = int((end - start) / step) + 1
        if count > MOST_RUNS:
            refuse(name, Phrase("batch.most_values", n=MOST_RUNS), f"{count:,}")
            return []
        steps = [start + step * i for i in range(count)]
        return [int(value) if value == value.to_integral() else float(value) for value in steps]

    parameters = content.get("parameters") or {}
    if not isinstance(parameters, dict):
        refuse("parameters", Phrase("batch.names_with_values"), repr(parameters))
        parameters = {}
    axes = {str(name): values(str(name), given) for name, given in parameters.items()}
    sets = entries("sets") or [{}]
    varied = [*axes, *(str(name) for entry in sets for name in entry)]
    for name in dict.fromkeys(name for name in varied if name in ENTRIES):
        refuse(name, Phrase("batch.no_own_entry"), name, Phrase("batch.use", name=ENTRIES[name]))
    for name, value in ((name, value) for entry in sets for name, value in entry.items()):
        if isinstance(value, dict | list):
            refuse(f"sets, {name}", Phrase("batch.plain_value"), repr(value))
    count = len(sets) * math.prod(max(len(axis), 1) for axis in axes.values())
    if count > MOST_RUNS:
        refuse("parameters", Phrase("batch.most_combinations", n=MOST_RUNS), f"{count:,}")
    plans, scenarios, langs, notebooks = (names(key) for key in KEYS[:4])
    faults += [unknown("languages", name, LANGS, file=path.name) for name in langs if name not in LANGS]
    exclude = tuple(entries("exclude"))
    known = ("plan", "scenario", "notebook", *varied)
    left_out = dict.fromkeys(str(name) for entry in exclude for name in entry)
    faults += [unknown("exclude", name, known, file=path.name) for name in left_out if name not in known]
    if faults:
        raise PlanmodelError(Phrase("batch.grid_faults", file=path.name), faults)
    crossed = [dict(zip(axes, chosen, strict=True)) for chosen in product(*axes.values())]
    variants = tuple({**chosen, **entry} for entry in sets for chosen in crossed)
    return Grid(plans, scenarios, langs, notebooks, variants, exclude)


def _is_range(given: Mapping) -> bool:
    """Return True for {from: 0, to: 3, step: 0.5}, with or without the step."""
    ends = {"from", "to"} <= set(given) <= {"from", "to", "step"}
    numbers = all(type(value) in (int, float) and math.isfinite(value) for value in given.values())
    return ends and numbers and given.get("step", 1) > 0 and given["to"] >= given["from"]

"""Runs: one notebook with one set of parameters each, planned and checked before anything is executed."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.evidence import results_folder
from planmodel.notebook import parameters_problem
from planmodel.plans import plan_names
from planmodel.scenarios import scenario_names
from planmodel.tables import data_folder

ALL_PLANS = "all-plans"
ALWAYS = ("n_draws", "seed")
"""Parameters that every batch has, whether or not one of its notebooks draws."""


PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """One notebook with one set of parameters; `scenario` is empty where the notebook compares scenarios.

    langs: the languages of the batch, the first one first. sisters: (notebook, scenario) of the pages beside this one.
    """

    notebook: str
    plan: str
    scenario: str
    lang: str
    parameters: Mapping[str, object] = field(hash=False)
    key: str = ""
    langs: tuple[str, ...] = ()
    sisters: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """lang/plan/scenario/notebook: where its files stand below notebooks/, pages/ and logs/."""
        return "/".join(part for part in (self.lang, self.plan, self.scenario, self.notebook) if part)


@dataclass(frozen=True)
class Outcome:
    """What became of a run; `error` is one line, empty where it succeeded."""

    run: Run
    ok: bool
    seconds: float
    error: str = ""
    cell: int | None = None
    log: str = ""


def notebooks_folder() -> Path:
    """Return the folder of the notebooks, beside the data folder."""
    folder = data_folder().parent / "notebooks"
    return folder if folder.is_dir() else PROJECT / "notebooks"


def notebook_names() -> tuple[str, ...]:
    """Return the names of the notebooks, in order.

    >>> notebook_names()[0]
    '1_trajectories'
    """
    return tuple(sorted(path.stem for path in notebooks_folder().glob("*.ipynb")))


def parameter_names(path: Path) -> tuple[str, ...]:
    """Return the names that a notebook's parameters cell assigns."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    source = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if len(source) != 1:
        raise PlanmodelError(
            faults=[
                Fault(
                    "cells",
                    "one cell tagged parameters",
                    str(len(source)),
                    path.name,
                    do="Tag the parameters cell.",
                )
            ]
        )
    return tuple(n.targets[0].id for n in ast.parse(source[0]).body if isinstance(n, ast.Assign))


def plan_batch(plans, scenarios, langs, notebooks, parameters: Mapping[str, object]) -> tuple[Run, ...]:
    """Return the runs of a batch, each checked; raise with every fault before anything is executed.

    A notebook with a `scenario` parameter runs for each plan and scenario; one without, for each plan with all
    scenarios; one with `plans`, once more for all plans together.
    """
    known = {
        "plans": (plans, plan_names()),
        "scenarios": (scenarios, scenario_names()),
        "notebooks": (notebooks, notebook_names()),
    }
    faults = [
        unknown(what, name, names)
        for what, (given, names) in known.items()
        for name in given
        if name not in names
    ]
    if not plans or not scenarios:
        what = "plans" if not plans else "scenarios"
        faults.append(Fault(what, "at least one", "none", do=f"Add one to data/{what}/."))
    if faults:
        raise PlanmodelError("The batch has faults:", faults)
    data = digest_of([*sorted(p for p in data_folder().rglob("*") if p.is_file()), *evidence_files()])
    package = sorted(
        p for p in (PROJECT / "planmodel").rglob("*") if p.suffix in (".py", ".json", ".j2", ".css", ".html")
    )
    code = digest_of([*package, *(p for p in (PROJECT / "requirements.lock",) if p.is_file())])
    runs: list[Run] = []
    for name in notebooks or notebook_names():
        path = notebooks_folder() / f"{name}.ipynb"
        names = parameter_names(path)
        source = digest_of([path])
        own = {key: value for key, value in parameters.items() if key in names}
        joined = ", ".join(scenarios)
        for lang in langs:
            sets = []
            for plan in plans:
                given = {"plan": plan, "lang": lang} | ({"scenarios": joined} if "scenarios" in names else {})
                if "scenario" in names:
                    sets += [(plan, scenario, given | {"scenario": scenario}) for scenario in scenarios]
                else:
                    sets.append((plan, "", given))
            if "plans" in names and "scenario" not in names and len(plans) > 1:
                sets.append(
                    (
                        ALL_PLANS,
                        "",
                        {"plan": plans[0], "plans": ", ".join(plans), "scenarios": joined, "lang": lang},
                    )
                )
            for plan, scenario, given in sets:
                chosen = {**own, **given}
                text = json.dumps([name, source, data, code, sorted(chosen.items())], ensure_ascii=False)
                runs.append(
                    Run(
                        name,
                        plan,
                        scenario,
                        lang,
                        chosen,
                        hashlib.sha256(text.encode()).hexdigest()[:16],
                        langs,
                    )
                )
    anywhere = {
        key
        for name in notebooks or notebook_names()
        for key in parameter_names(notebooks_folder() / f"{name}.ipynb")
    }
    faults += [
        unknown("parameter", key, anywhere) for key in parameters if key not in anywhere and key not in ALWAYS
    ]
    if not faults:
        faults = [fault for run in runs for fault in parameters_problem(run.parameters)]
    if faults:
        raise PlanmodelError("The batch has faults:", dict.fromkeys(faults))
    return tuple(replace(each, sisters=_sisters(each, runs)) for each in runs)


def _sisters(each: Run, runs: list[Run]) -> tuple[tuple[str, str], ...]:
    """Pages of the same plan and language, in the same scenario or in none."""
    same = [other for other in runs if (other.plan, other.lang) == (each.plan, each.lang)]
    first = next((other.scenario for other in same if other.scenario), "")
    return tuple((o.notebook, o.scenario) for o in same if o.scenario in ("", each.scenario or first))


def evidence_files() -> list[Path]:
    """Return the files of the newest benchmark results, which the calibration page shows."""
    folder = results_folder()
    return sorted(folder.glob("*.csv")) if folder else []


def file_hashes() -> dict[str, str]:
    """Return the hash of every input file, by its path within the project."""
    root = data_folder().parent
    files = [
        *sorted(p for p in data_folder().rglob("*") if p.is_file()),
        *sorted(notebooks_folder().glob("*.ipynb")),
        *evidence_files(),
    ]
    return {
        f"{p.parent.relative_to(root) if p.is_relative_to(root) else p.parent.name}/{p.name}": digest_of([p])[
            :16
        ]
        for p in files
    }


def digest_of(paths) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def batch_key(runs: tuple[Run, ...]) -> str:
    """Return the identity of a batch: the hash of its runs' keys."""
    return hashlib.sha256(" ".join(sorted(run.key for run in runs)).encode()).hexdigest()[:16]

"""Batches: plan the notebook runs, execute them with papermill, keep what is finished."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.notebook import check_parameters, parameters_problem
from planmodel.plans import plan_names
from planmodel.scenarios import scenario_names
from planmodel.tables import data_folder

CELL_TIMEOUT_S = 300
START_TIMEOUT_S = 90
ALL_PLANS = "all-plans"
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


@dataclass(frozen=True)
class Report:
    """A finished batch: its folder, its index page and the runs that failed."""

    folder: Path
    index: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)


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
    if faults:
        raise PlanmodelError("The batch has faults:", faults)
    data = _digest(sorted(p for p in data_folder().rglob("*") if p.is_file()))
    package = sorted(
        p for p in (PROJECT / "planmodel").rglob("*") if p.suffix in (".py", ".json", ".j2", ".css", ".html")
    )
    code = _digest([*package, *(p for p in (PROJECT / "requirements.lock",) if p.is_file())])
    runs: list[Run] = []
    for name in notebooks or notebook_names():
        path = notebooks_folder() / f"{name}.ipynb"
        names = parameter_names(path)
        source = _digest([path])
        for key in parameters:
            if key not in names and key not in ("n_draws", "seed"):
                faults.append(unknown(f"parameter of {name}", key, names))
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


def file_hashes() -> dict[str, str]:
    """Return the hash of every input file, by its path within the project."""
    root = data_folder().parent
    files = sorted(p for p in data_folder().rglob("*") if p.is_file()) + sorted(
        notebooks_folder().glob("*.ipynb")
    )
    return {
        f"{p.parent.relative_to(root) if p.is_relative_to(root) else p.parent.name}/{p.name}": _digest([p])[
            :16
        ]
        for p in files
    }


def _digest(paths) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def batch_key(runs: tuple[Run, ...]) -> str:
    """Return the identity of a batch: the hash of its runs' keys."""
    return hashlib.sha256(" ".join(sorted(run.key for run in runs)).encode()).hexdigest()[:16]


def choose_folder(out: Path | None, key: str) -> Path:
    """Return the folder to write: a named one if free or of the same batch, else outputs/report, report-2, ...

    Errors: PlanmodelError where the named folder holds another batch or other files.
    """
    if out is not None:
        if _free(out) or _batch_of(out) == key:
            return out
        found = "another batch" if _batch_of(out) else "other files"
        raise PlanmodelError(
            faults=[Fault("--out", "a new or empty folder", f"{out.name}, which holds {found}")]
        )
    root = data_folder().parent / "outputs"
    for number in range(1, 10_000):
        folder = root / ("report" if number == 1 else f"report-{number}")
        if _free(folder) or _batch_of(folder) == key:
            return folder
    raise PlanmodelError("outputs/ holds 9,999 reports: delete some.")


def _free(folder: Path) -> bool:
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def _batch_of(folder: Path) -> str | None:
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["batch"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(text.encode() if isinstance(text, str) else text)
    os.replace(temporary, path)


def run(
    *,
    plans: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = ("baseline", "low", "high"),
    langs: tuple[str, ...] = ("en",),
    notebooks: tuple[str, ...] = (),
    out: Path | None = None,
    jobs: int = 0,
    parameters: Mapping[str, object] | None = None,
) -> Report:
    """Execute the notebooks and write the report; what is finished already is not run again.

    Errors: PlanmodelError for any mistake in the names or parameters, before anything is written.
    """
    from planmodel.site import Site, write_site

    scenarios = scenario_names() if "all" in scenarios else tuple(dict.fromkeys(scenarios))
    plans = tuple(dict.fromkeys(plans)) or plan_names()
    parameters = dict(parameters or {})
    if jobs < 0:
        raise PlanmodelError(faults=[Fault("jobs", "0 or more", str(jobs))])
    runs = plan_batch(plans, scenarios, langs, notebooks, parameters)
    key = batch_key(runs)
    folder = choose_folder(out, key)
    started = time.time()
    site = Site(
        folder, key, plans, scenarios, langs, runs, check_parameters({**parameters, "plan": plans[0]})
    )
    site.begin()
    done = {}
    for each in runs:
        outcome = _finished(folder, each)
        if outcome is not None:
            done[each.key] = outcome
    waiting = [each for each in runs if each.key not in done]
    for outcome in _execute_all(waiting, folder, jobs or os.cpu_count() or 1):
        done[outcome.run.key] = outcome
        if outcome.ok:
            record = {**asdict(outcome), "run": asdict(outcome.run)}
            write_atomically(
                folder / "runs" / f"{outcome.run.key}.json", json.dumps(record, ensure_ascii=False, indent=1)
            )
    outcomes = tuple(done[each.key] for each in runs)
    index = write_site(site, outcomes, time.time() - started)
    return Report(folder, index, outcomes)


def _finished(folder: Path, each: Run) -> Outcome | None:
    """Return the outcome of a run that an earlier try finished, None where its files are not all there."""
    try:
        record = json.loads((folder / "runs" / f"{each.key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    files = (folder / "notebooks" / f"{each.path}.ipynb", folder / "pages" / f"{each.path}.html")
    return Outcome(each, True, record["seconds"]) if all(file.is_file() for file in files) else None


def _execute_all(runs: list[Run], folder: Path, jobs: int):
    """Yield the outcomes as they come; a worker that dies costs only its run."""
    from tqdm import tqdm

    if not runs:
        return
    environment = {
        "PLANMODEL_DATA": str(data_folder()),
        "OPENBLAS_NUM_THREADS": "1",
        "IPYKERNEL_CELL_NAME": "<cell>",
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        with ProcessPoolExecutor(min(jobs, len(runs)), mp_context=get_context("spawn")) as pool:
            futures = {pool.submit(execute, each, notebooks_folder(), folder): each for each in runs}
            bar = tqdm(as_completed(futures), total=len(runs), unit="page", disable=not sys.stderr.isatty())
            for future in bar:
                each = futures[future]
                try:
                    outcome = future.result()
                except Exception as error:
                    outcome = Outcome(each, False, 0.0, f"the worker died: {type(error).__name__}")
                if not outcome.ok:
                    print(f"failed: {each.path}: {outcome.error}", file=sys.stderr)
                yield outcome
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def execute(each: Run, notebooks: Path, folder: Path) -> Outcome:
    """Execute one run with papermill, write its notebook and page, and return the outcome (in a worker)."""
    from planmodel.execution import execute_notebook

    return execute_notebook(each, notebooks / f"{each.notebook}.ipynb", folder)

"""Runs: one notebook with one set of parameters each, planned and checked before anything is executed."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from planmodel.batch.grids import Grid
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.files.reading import data_folder
from planmodel.lab.study import DEFAULTS, parameters_problem
from planmodel.plans import plan_names
from planmodel.plans.scenarios import scenario_names
from planmodel.tables.evidence import results_folder
from planmodel.words import LANGS

ALL_PLANS = "all-plans"
ALWAYS = ("n_draws", "seed")
"""Parameters that every batch has, whether or not one of its notebooks draws."""
MOST_COMPARED = 12
"""How many scenarios a page sets side by side: the first ones of a batch."""


PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One notebook with one set of parameters; `scenario` is empty where the notebook compares scenarios.

    variant: what a grid varies beside plan and scenario, as text. langs: the languages of the batch, the first one
    first. twin: the key of the same run in the first language, empty for that one. sisters: (notebook, scenario) of the pages beside this one.
    """

    notebook: str
    plan: str
    scenario: str
    lang: str
    parameters: Mapping[str, object] = field(hash=False)
    key: str = ""
    variant: str = ""
    langs: tuple[str, ...] = ()
    twin: str = ""
    sisters: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """lang/plan/scenario/variant/notebook: where its files stand below notebooks/, pages/ and logs/."""
        parts = (self.lang, self.plan, self.scenario, self.variant, self.notebook)
        return "/".join(part for part in parts if part)


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


def notebook_files(folder: Path | None = None) -> list[Path]:
    """Return the files of the notebooks: one folder a language, and a user's own beside these."""
    folder = folder or notebooks_folder()
    return sorted(path for place in ("", *LANGS) for path in (folder / place).glob("*.ipynb"))


def notebook_names() -> tuple[str, ...]:
    """Return the names of the notebooks, in order.

    >>> notebook_names()[0]
    '1_trajectories'
    """
    return tuple(sorted({path.stem for path in notebook_files()}))


def notebook_path(name: str, lang: str, folder: Path | None = None) -> Path:
    """Return the file of a notebook in a language; one that is there in another only serves for both.

    >>> notebook_path("1_trajectories", "zh").parent.name
    'zh'
    """
    folder = folder or notebooks_folder()
    places = [folder / place / f"{name}.ipynb" for place in (lang, "", *LANGS)]
    return next((path for path in places if path.is_file()), places[0])


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


def plan_batch(
    plans, scenarios, langs, notebooks, parameters: Mapping[str, object], grid: Grid | None = None
) -> tuple[Run, ...]:
    """Return the runs of a batch, each checked; raise with every fault before anything is executed.

    A notebook with a `scenario` parameter runs for each plan and scenario; one without, for each plan with all
    scenarios (the first MOST_COMPARED); one with `plans`, once more for all plans together. A grid multiplies all but the last by its variants.
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
    for what, names in (
        ("plan", plan_names()),
        ("scenario", scenario_names()),
        ("notebook", notebook_names()),
    ):
        wanted = grid.excluded(what) if grid else ()
        faults += [unknown(f"exclude, {what}", str(name), names) for name in wanted if name not in names]
    if not plans or not scenarios:
        what = "plans" if not plans else "scenarios"
        faults.append(Fault(what, "at least one", "none", do=f"Add one to data/{what}/."))
    if faults:
        raise PlanmodelError("The batch has faults:", faults)
    inputs = inputs_digest()
    variants = grid.variants if grid else ({},)
    runs: dict[str, Run] = {}
    used: set[str] = set()
    for name in notebooks or notebook_names():
        for lang in langs:
            names = parameter_names(notebook_path(name, lang))
            used.update(names)
            own = {key: value for key, value in parameters.items() if key in names}
            for plan, scenario, given in _sets(names, plans, scenarios, lang):
                for variant in variants if plan != ALL_PLANS else ({},):
                    varied = {key: value for key, value in variant.items() if key in names}
                    if grid and grid.excludes(
                        {"plan": plan, "scenario": scenario, "notebook": name, **varied}
                    ):
                        continue
                    chosen = {**own, **varied, **given}
                    text = ",".join(f"{key}={value}" for key, value in sorted(varied.items()))
                    key = run_key(name, chosen, inputs)
                    twin = "" if lang == langs[0] else run_key(name, {**chosen, "lang": langs[0]}, inputs)
                    run = Run(name, plan, scenario, lang, chosen, key, safe_name(text), langs, twin)
                    runs.setdefault(key, run)
    faults += [unknown("parameter", key, used) for key in parameters if key not in used and key not in ALWAYS]
    faults += [unknown("grid, parameters", k, used) for k in (grid.names if grid else ()) if k not in used]
    if not faults:
        faults = _faults_of(tuple(runs.values()))
    if faults:
        raise PlanmodelError("The batch has faults:", dict.fromkeys(faults))
    sisters: dict[tuple, list[Run]] = {}
    for each in runs.values():
        sisters.setdefault((each.plan, each.lang, each.variant), []).append(each)
    return tuple(
        replace(each, sisters=_sisters(each, sisters[each.plan, each.lang, each.variant]))
        for each in runs.values()
    )


def _sets(names, plans, scenarios, lang: str) -> list[tuple[str, str, dict]]:
    """Return plan, scenario and fixed parameters of every run of a notebook that has these parameter names."""
    joined = ", ".join(scenarios[:MOST_COMPARED])
    sets = []
    for plan in plans:
        given = {"plan": plan, "lang": lang} | ({"scenarios": joined} if "scenarios" in names else {})
        if "scenario" in names:
            sets += [(plan, scenario, given | {"scenario": scenario}) for scenario in scenarios]
        else:
            sets.append((plan, "", given))
    if "plans" in names and "scenario" not in names and len(plans) > 1:
        given = {"plan": plans[0], "plans": ", ".join(plans), "scenarios": joined, "lang": lang}
        sets.append((ALL_PLANS, "", given))
    return sets


def _faults_of(runs: tuple[Run, ...]) -> list[Fault]:
    """Return the faults of the runs' parameters; each set of values is checked once, whatever it is combined with.

    A parameter that only the notebook knows is its own affair.
    """
    seen, faults = set(), []
    for run in runs:
        fresh = {
            name: value
            for name, value in run.parameters.items()
            if name in DEFAULTS
            and (name in ("plan", "indicators", "changes") or (name, repr(value)) not in seen)
        }
        seen.update((name, repr(value)) for name, value in run.parameters.items())
        text = repr(sorted(fresh.items()))
        if text not in seen:
            seen.add(text)
            faults += parameters_problem(fresh)
    return faults


def run_key(notebook: str, parameters: Mapping[str, object], inputs: Mapping[str, str]) -> str:
    """Return a run's identity: the hash of its notebook, its parameters, the data, the package and the lock."""
    source = digest_of([notebook_path(notebook, str(parameters.get("lang", LANGS[-1])))])
    parts = [notebook, source, inputs["data"], inputs["code"], sorted(parameters.items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


def inputs_digest() -> dict[str, str]:
    """Return the hashes of everything a run reads beside its notebook: data, and package with lock."""
    return {"data": digest_of(data_files()), "code": digest_of(code_files())}


def data_files() -> list[Path]:
    """Return the files of the data folder and of the benchmarks; not what programs hide there while a table is open."""
    root = data_folder()
    found = sorted(p for p in root.rglob("*") if p.is_file())
    shown = [p for p in found if not any(part.startswith((".", "~")) for part in p.relative_to(root).parts)]
    return [*shown, *evidence_files()]


def code_files() -> list[Path]:
    """Return the files of the package, and the lock of what it depends on."""
    package = sorted(
        p for p in (PROJECT / "planmodel").rglob("*") if p.suffix in (".py", ".json", ".j2", ".css", ".html")
    )
    return [*package, *(p for p in (PROJECT / "requirements.lock",) if p.is_file())]


class Inputs:
    """What the runs of a batch read, held to what it was when the batch began."""

    def __init__(self):
        self.stamp, self.digests = self._stamp(), self._digests()

    def _files(self) -> dict[str, list[Path]]:
        return {"data": data_files(), "notebooks": notebook_files(), "code": code_files()}

    def _stamp(self) -> list[tuple]:
        looked = [(p, p.stat()) for files in self._files().values() for p in files]
        return [(p, seen.st_size, seen.st_mtime_ns, seen.st_ino) for p, seen in looked]

    def _digests(self) -> dict[str, str]:
        return {name: digest_of(files) for name, files in self._files().items()}

    def changed(self) -> str:
        """Return what is not as it was when the batch began, empty where all is; file times are looked at first."""
        try:
            stamp = self._stamp()
            if stamp == self.stamp:
                return ""
            digests = self._digests()
        except OSError as error:  # a file that went while it was looked at
            return Path(error.filename or "data").name
        self.stamp = stamp
        return " and ".join(name for name in digests if digests[name] != self.digests[name])


def safe_name(text: str) -> str:
    """Return a text as the name of a folder: what does not fit is replaced, what is long is cut, both are marked by a hash.

    >>> safe_name("as_of=2020,seed=7"), safe_name("indicators=a, b")
    ('as_of=2020,seed=7', 'indicators=a,_b-e0fee678b669')
    """
    name = re.sub(r"[^\w=.,+-]", "_", text)
    if name == text and len(name) <= 80:
        return name
    return f"{name[:60]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _sisters(each: Run, same: list[Run]) -> tuple[tuple[str, str], ...]:
    """Pages of the same plan, language and variant, in the same scenario or in none."""
    first = next((other.scenario for other in same if other.scenario), "")
    return tuple((o.notebook, o.scenario) for o in same if o.scenario in ("", each.scenario or first))


def evidence_files() -> list[Path]:
    """Return the files of the newest benchmark results, which the calibration page shows."""
    folder = results_folder()
    return sorted(folder.glob("*.csv")) if folder else []


def file_hashes() -> dict[str, str]:
    """Return the hash of every input file, by its path within the project."""
    root = data_folder().parent
    files = [*data_files(), *notebook_files()]
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

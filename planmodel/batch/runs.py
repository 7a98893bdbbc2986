"""Runs: one notebook with one set of parameters each, planned and checked before anything is executed; where files stand."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from pathlib import Path

from planmodel.batch.grids import Grid
from planmodel.batch.inputs import (
    DataRead,
    inputs_digest,
    notebook_files,
    notebook_path,
    run_key,
)
from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.lab.study import DEFAULTS, parameters_problem
from planmodel.plans import plan_names
from planmodel.plans.scenarios import scenario_names
from planmodel.words import LANGS, Phrase

ALL_PLANS = "all-plans"
ALWAYS = ("n_draws", "seed")
"""Parameters that every batch has, whether or not one of its notebooks draws."""
MANIFEST, RESULTS, DATASET = "manifest.json", "results", "results/dataset"
MOST_COMPARED = 12
"""How many scenarios a page sets side by side: the first ones of a batch."""


@dataclass(frozen=True)
class Run:
    """One notebook with one set of parameters; `scenario` is empty where the notebook compares scenarios.

    variant: what a grid varies beside plan and scenario, as text. langs: the languages of the batch, the first one
    first. twin: the key of the same run in the first language, empty for that one. reads: plans. sisters: (notebook, scenario) of the
    pages beside this one. scenarios: those in which its notebook runs beside it, its own among them.
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
    reads: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """lang/plan/scenario/variant/notebook: where its files stand below notebooks/, pages/ and logs/."""
        parts = (self.lang, self.plan, self.scenario, self.variant, self.notebook)
        return "/".join(part for part in parts if part)

    @property
    def page(self) -> str:
        return page_of(self.path)

    @property
    def notebook_file(self) -> str:
        return f"notebooks/{self.path}.ipynb"

    @property
    def results(self) -> str:
        """Where its results stand in the data set."""
        return f"{DATASET}/plan={self.plan}/scenario={self.scenario or 'all'}/{self.key}.parquet"


class End(StrEnum):
    """How a run ended."""

    DONE = "done"
    ERROR = "error"  # raised by the notebook, or while its page was made
    LIMIT = "limit"  # of time or memory
    DISK_FULL = "disk_full"
    DIED = "died"  # its kernel or its worker, by something from outside


@dataclass(frozen=True)
class Outcome:
    """What became of a run: how it ended, and where it failed the name of the error's class and what it says.

    cell: the number of the cell that failed. log: where the notebook stands up to there, within the report.
    """

    run: Run
    end: End
    seconds: float = 0.0
    error: str = ""
    message: str = ""
    cell: int | None = None
    log: str = ""

    @property
    def ok(self) -> bool:
        return self.end is End.DONE

    @property
    def fault(self) -> str:
        """The error in one line, empty where the run succeeded."""
        return f"{self.error}: {self.message}" if self.error else ""

    @property
    def settled(self) -> bool:
        """False where the notebook is not to blame, such as a worker that was killed: the next call tries again."""
        return self.ok or bool(self.log)


@dataclass(frozen=True)
class Batch:
    """What shall run: the runs with what they were planned from."""

    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    langs: tuple[str, ...]
    runs: tuple[Run, ...]
    parameters: Mapping[str, object]

    @property
    def key(self) -> str:
        """The identity of a batch: the hash of its runs' keys."""
        return hashlib.sha256(" ".join(sorted(run.key for run in self.runs)).encode()).hexdigest()[:16]


def notebook_names() -> tuple[str, ...]:
    """Return the names of the notebooks, in order.

    >>> notebook_names()[0]
    '1_trajectories'
    """
    return tuple(sorted({path.stem for path in notebook_files()}))


def reported() -> tuple[str, ...]:
    """Return the notebooks that make a report: all but those whose metadata say `"planmodel": {"report": false}`.

    Those are run where they are named.

    >>> "draft" in notebook_names(), "draft" in reported()
    (True, False)
    """
    heads = [
        (p.stem, json.loads(p.read_text(encoding="utf-8")).get("metadata", {})) for p in notebook_files()
    ]
    aside = {name for name, head in heads if not head.get("planmodel", {}).get("report", True)}
    return tuple(name for name in notebook_names() if name not in aside)


def parameter_names(path: Path) -> tuple[str, ...]:
    """Return the names that a notebook's parameters cell assigns."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    source = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if len(source) != 1:
        expected, do = Phrase("batch.parameters_cell"), Phrase("batch.tag_the_cell")
        raise PlanmodelError.of("cells", expected, str(len(source)), path.name, do=do)
    assigned = (node.targets[0] for node in ast.parse(source[0]).body if isinstance(node, ast.Assign))
    return tuple(target.id for target in assigned if isinstance(target, ast.Name))


def plan_batch(
    plans: Sequence[str],
    scenarios: Sequence[str],
    langs: Sequence[str],
    notebooks: Sequence[str],
    parameters: Mapping[str, object],
    grid: Grid | None = None,
) -> tuple[Run, ...]:
    """Return the runs of a batch, each checked; raise with every fault before anything is executed.

    A notebook with a `scenario` parameter runs for each plan and scenario; one without, for each plan with all
    scenarios (the first MOST_COMPARED); one with `plans`, once more for all plans together. A grid multiplies all but
    the last by its variants.
    """
    grid = grid or Grid()
    _check_names(plans, scenarios, langs, notebooks, grid)
    inputs, data = inputs_digest(), DataRead()
    runs: dict[str, Run] = {}
    used: set[str] = set()
    for notebook, lang in product(notebooks or reported(), langs):
        names = parameter_names(notebook_path(notebook, lang))
        used.update(names)
        own = {name: value for name, value in parameters.items() if name in names}
        for plan, scenario, given in _sets(names, plans, scenarios, lang):
            for variant in grid.variants if plan != ALL_PLANS else ({},):
                varied = {name: value for name, value in variant.items() if name in names}
                if grid.excludes({"plan": plan, "scenario": scenario, "notebook": notebook, **varied}):
                    continue
                chosen = {**own, **varied, **given}
                named = (chosen["plan"], *re.split(r"[,\s]+", str(chosen.get("plans", ""))))
                reads = data.plans(notebook_path(notebook, lang), named)
                key = run_key(notebook, chosen, inputs | {"data": data.digest(reads)})
                first, twin = {**chosen, "lang": langs[0]}, ""
                if lang != langs[0]:
                    its = data.digest(data.plans(notebook_path(notebook, langs[0]), named))
                    twin = run_key(notebook, first, inputs | {"data": its})
                text = safe_name(",".join(f"{name}={value}" for name, value in sorted(varied.items())))
                run = Run(notebook, plan, scenario, lang, chosen, key, text, tuple(langs), twin, reads=reads)
                runs.setdefault(key, run)
    unused = [unknown("parameter", name, used) for name in parameters if name not in (*used, *ALWAYS)]
    unused += [unknown("grid, parameters", name, used) for name in grid.names if name not in used]
    if faults := unused or _faults_of(runs.values()):
        raise PlanmodelError(Phrase("batch.faults"), dict.fromkeys(faults))
    return _beside_each_other(runs.values())


def _check_names(
    plans: Sequence[str], scenarios: Sequence[str], langs: Sequence[str], notebooks: Sequence[str], grid: Grid
) -> None:
    """Refuse names that are not known, all at once, and a batch without plans or scenarios."""
    faults = [unknown("lang", name, LANGS) for name in langs if name not in LANGS]
    for what, given, known in (
        ("plan", plans, plan_names()),
        ("scenario", scenarios, scenario_names()),
        ("notebook", notebooks, notebook_names()),
    ):
        faults += [unknown(f"{what}s", name, known) for name in given if name not in known]
        left_out = [str(name) for name in grid.excluded(what)]
        faults += [unknown(f"exclude, {what}", name, known) for name in left_out if name not in known]
        if not given and what != "notebook":
            do = Phrase("batch.add_one", folder=f"data/{what}s/")
            faults.append(Fault(f"{what}s", Phrase("batch.at_least_one"), "0", do=do))
    if faults:
        raise PlanmodelError(Phrase("batch.faults"), faults)


def _sets(
    names: Sequence[str], plans: Sequence[str], scenarios: Sequence[str], lang: str
) -> list[tuple[str, str, dict[str, object]]]:
    """Return plan, scenario and fixed parameters of every run of a notebook that has these parameter names."""
    joined = ", ".join(scenarios[:MOST_COMPARED])
    sets: list[tuple[str, str, dict[str, object]]] = []
    for plan in plans:
        given: dict[str, object] = {"plan": plan, "lang": lang}
        given |= {"scenarios": joined} if "scenarios" in names else {}
        if "scenario" in names:
            sets += [(plan, scenario, given | {"scenario": scenario}) for scenario in scenarios]
        else:
            sets.append((plan, "", given))
    if "plans" in names and "scenario" not in names and len(plans) > 1:
        together = {"plan": plans[0], "plans": ", ".join(plans), "scenarios": joined, "lang": lang}
        sets.append((ALL_PLANS, "", dict(together)))
    return sets


def _faults_of(runs: Iterable[Run]) -> list[Fault]:
    """Return the faults of the runs' parameters; each set of values is checked once, whatever it is combined with.

    A parameter that only the notebook knows is its own affair.
    """
    seen: set[object] = set()
    checked: dict[str, tuple[Fault, ...]] = {}
    for run in runs:
        known = {name: value for name, value in run.parameters.items() if name in DEFAULTS}
        again = {name for name, value in known.items() if (name, repr(value)) in seen}
        fresh = {n: v for n, v in known.items() if n in ("plan", "indicators", "changes") or n not in again}
        seen.update((name, repr(value)) for name, value in known.items())
        text = repr(sorted(fresh.items()))
        if text not in checked:
            checked[text] = parameters_problem(fresh)
    return [fault for faults in checked.values() for fault in faults]


def safe_name(text: str) -> str:
    """Return a text as the name of a folder: what does not fit is replaced, what is long cut, both marked by a hash.

    >>> safe_name("as_of=2020,seed=7"), safe_name("indicators=a, b")
    ('as_of=2020,seed=7', 'indicators=a,_b-e0fee678b669')
    """
    name = re.sub(r"[^\w=.,+-]", "_", text)
    if name == text and len(name) <= 80:
        return name
    return f"{name[:60]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _beside_each_other(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs with their sisters (of the same plan, language and variant, in the same scenario or in none) and scenarios."""
    groups: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.plan, run.lang, run.variant), []).append(run)

    def sisters(run: Run) -> tuple[tuple[str, str], ...]:
        same = groups[run.plan, run.lang, run.variant]
        scenario = run.scenario or next((other.scenario for other in same if other.scenario), "")
        return tuple((other.notebook, other.scenario) for other in same if other.scenario in ("", scenario))

    def scenarios(run: Run) -> tuple[str, ...]:
        same = groups[run.plan, run.lang, run.variant]
        return tuple(other.scenario for other in same if other.notebook == run.notebook and run.scenario)

    return tuple(replace(run, sisters=sisters(run), scenarios=scenarios(run)) for run in runs)


def page_of(path: str) -> str:
    """Return where the page of a run stands in the report, by the run's path."""
    return f"pages/{path}.html"


def index_name(lang: str, langs: tuple[str, ...]) -> str:
    """Return the file name of the index in a language; the first language has the plain name."""
    return "index.html" if lang == langs[0] else f"index.{lang}.html"


def list_name(lang: str, number: int = 1) -> str:
    """Return the file name of a page of the list of runs."""
    return f"runs.{lang}.html" if number == 1 else f"runs.{lang}.{number}.html"


def document_name(plan: str, lang: str) -> str:
    """Return where the Word document of a plan's review stands in the report."""
    return f"documents/{plan}-review.{lang}.docx"

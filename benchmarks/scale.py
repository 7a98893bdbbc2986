"""How the cost of each command grows with the number of targets of a plan and of plans, on made plans.

Usage: python -m benchmarks.scale [--quick] [--out FILE.json]
Prints seconds of the processor, megabytes at the peak, and ratios: of ten times as many targets against ten times the cost of
the targets alone (1.0: linear; what a command costs without any target is taken off), of four times as many plans.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from planmodel.batch.warm import SUBREAPER
from planmodel.lab.study import DEFAULTS

HERE = Path(__file__).resolve().parent.parent
SMALL, LARGE = 500, 5000
FEW, MANY = 50, 200
LINEAR, QUADRUPLE, MEGABYTES, INDEX_MEGABYTES = 1.3, 4.5, 1024, 500
"""Bars: of ten times the targets, of four times the plans, of memory, and of the coordinator's memory."""
REGION, BASE_YEAR, LAST_YEAR = "madeland", 2020, 2025
INDICATORS_A_REGION = 40
COMMANDS = {
    "check": ("check", "made"),
    "targets": ("targets", "made", "--format", "csv"),
    "audit": ("audit", "made"),
    "assess": ("assess", "made", "--format", "csv"),
    "drivers": ("drivers", "made"),
    "review": ("review", "made", "--format", "csv", "--as-of", "2022"),
    "breakdown": ("breakdown", "made", "--format", "csv"),
    "export iamc": ("export", "made", "--format", "iamc", "--scenarios", "baseline", "--out", "made.csv"),
    "export sdmx": ("export", "made", "--format", "sdmx", "--scenarios", "baseline", "--out", "made.csv"),
    "workbook": ("workbook", "made", "made.xlsx"),
    "import": ("import", "given.xlsx"),
    "run": ("run", "--plans", "made", "--scenarios", "baseline", "--out", "report"),
}  # fmt: skip


def write_data(folder: Path, plans: dict[str, int], seed: int = 0) -> Path:
    """Write a data folder with made plans of so many targets each; catalogue, scenarios and rules are the project's.

    Forty indicators a region, of several scales, kinds and price bases; three past figures each, one after the base year.
    """
    shutil.copytree(HERE / "data", folder, ignore=shutil.ignore_patterns("plans"), dirs_exist_ok=True)
    parts = -(-max(plans.values(), default=1) // INDICATORS_A_REGION)
    _append(folder / "indicators.csv", [_indicator(number) for number in range(INDICATORS_A_REGION)])
    regions = [[REGION, "造地", "Madeland", "prefecture", "zhejiang"]]
    regions += [[f"part_{n}", f"第{n}片", f"Part {n}", "area", REGION] for n in range(parts)]
    _append(folder / "regions.csv", regions)
    for name, n_targets in plans.items():
        _write_plan(folder / "plans" / name, name, n_targets, random.Random(f"{seed}/{name}"))
    return folder


def _indicator(number: int) -> list[str]:
    scale, unit, basis, flow = (
        ("amount", "亿元", "nominal", "flow"), ("share", "%", "none", ""), ("amount", "家", "none", "stock"),
        ("density", "微克/立方米", "none", ""),
    )[number % 4]  # fmt: skip
    real = "real_by_convention" if basis == "nominal" else "none"
    lower = "lower" if scale == "density" else "higher"
    names = [f"made_{number}", f"造指标{number}", f"Made indicator {number}"]
    return [*names, unit, scale, lower, basis, real, flow, "", "", "", "", ""]


def _append(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_plan(folder: Path, name: str, n_targets: int, rng: random.Random) -> None:
    folder.mkdir(parents=True)
    both = {"zh": f"造规划{name}", "en": f"Made plan {name}"}
    head = {
        "title": both, "short": both, "issuer": both, "document_number": None, "date": "2021-03-01", "draft": False,
        "period": [BASE_YEAR + 1, LAST_YEAR], "base_year": BASE_YEAR, "region": REGION,
    }  # fmt: skip
    (folder / "plan.yaml").write_text(yaml.safe_dump(head, allow_unicode=True), encoding="utf-8")
    targets, seen = [], []
    for number in range(n_targets):
        part, own = divmod(number, INDICATORS_A_REGION)
        row, figures = _target(number, own, f"part_{part}", rng)
        targets.append(row)
        seen += figures
    for file, rows in (("targets", targets), ("observations", seen)):
        with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _target(number: int, own: int, region: str, rng: random.Random) -> tuple[dict, list[dict]]:
    """A target and its observations: a level, or growth of every eighth."""
    fields = _indicator(own)
    unit, scale, basis = fields[3], fields[4], fields[6]
    base = rng.uniform(20, 60) if scale == "share" else rng.uniform(50, 500)
    yearly = {"share": 1.01, "density": 0.97}.get(scale, 1.06)
    figures = {year: base * yearly ** (year - BASE_YEAR) for year in (2015, 2018, 2019, 2021)}
    growth = own % 8 == 0
    goal = f"{rng.uniform(4, 9):.1f}" if growth else f"{base * yearly ** rng.uniform(3, 7):.2f}"
    target = {
        "table": "T1", "number": str(number), "part": "1", "indicator": fields[0], "region": region,
        "base_year": str(BASE_YEAR), "base_printed": f"{base:.2f}", "base_value": f"{base:.2f}", "base_unit": unit,
        "target_year": str(LAST_YEAR), "target_printed": goal, "target_value": goal, "target_upper": "",
        "unit": "%" if growth else unit, "comparator": "le" if scale == "density" else "ge",
        "kind": "annual_growth" if growth else "level", "status": "printed",
        "attribute": "binding" if number % 5 == 0 else "expected",
        "price_basis": "" if growth or basis == "none" else basis, "relative_to": "", "definition": "",
        "source": f"row {number}", "note": "",
    }  # fmt: skip
    about = {
        "indicator": fields[0], "region": region, "measure": "value", "unit": unit, "comparator": "", "price_basis": "",
        "definition": "", "source": "made", "url": "", "target": "", "note": "",
    }  # fmt: skip
    rows = [
        about | {"period": str(year), "value": f"{figure:.2f}", "printed": f"{figure:.2f}",
                 "vintage": "final" if year > BASE_YEAR else "plan", "published": "2022-03-01" if year > BASE_YEAR else ""}
        for year, figure in figures.items()
    ]  # fmt: skip
    return target, rows


def measured(data: Path, command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return seconds of the processor, of a command (or of Python code after -c) and all that it starts, and megabytes of its largest process."""
    code = (
        "import contextlib,ctypes,json,os,resource,subprocess,sys\n"
        f"ctypes.CDLL(None).prctl({SUBREAPER},1,0,0,0)\n"  # what a killed parent leaves is counted here
        "done=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE)\n"
        "if done.returncode not in (0,1): sys.exit(done.stderr.decode()[-2000:])\n"
        "with contextlib.suppress(ChildProcessError):\n"
        "  while True: os.wait()\n"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([used.ru_utime+used.ru_stime,used.ru_maxrss/1024]))"
    )
    env = {**os.environ, "PLANMODEL_DATA": str(data), "PYTHONPATH": str(HERE), "OPENBLAS_NUM_THREADS": "1"}
    planmodel = () if command[0] == "-c" else ("-m", "planmodel")
    call = [sys.executable, "-c", code, sys.executable, *planmodel, *command]
    done = subprocess.run(call, check=False, cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return seconds, megabytes


def targets_table(sizes: Sequence[int], commands: Sequence[str]) -> list[dict]:
    """Return a row a command: cost at one target and at each size, and how much more than linear it grows."""
    rows = []
    for name in commands:
        row: dict = {"command": name}
        for n_targets in (INDICATORS_A_REGION, *sizes):
            with tempfile.TemporaryDirectory(prefix="pm-scale-") as own:
                data = write_data(Path(own) / "data", {"made": n_targets})
                _beforehand(name, data, Path(own))
                row[f"s_{n_targets}"], row[f"mb_{n_targets}"] = measured(data, COMMANDS[name], Path(own))
        small, large = sizes
        start = row[f"s_{INDICATORS_A_REGION}"]
        own, more = row[f"s_{small}"] - start, row[f"s_{large}"] - start
        steps = (large - INDICATORS_A_REGION) / (small - INDICATORS_A_REGION)
        row["ratio"] = round(more / (steps * own), 2) if own > 0.05 else None
        row["raw_ratio"] = round(row[f"s_{large}"] / row[f"s_{small}"] / (large / small), 2)
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


def _beforehand(name: str, data: Path, folder: Path) -> None:
    """Make what a command needs: the default plan of a study, a workbook to import."""
    default = Path("plans", str(DEFAULTS["plan"]))
    shutil.copytree(HERE / "data" / default, data / default)
    if name == "import":
        measured(data, ("workbook", "made", "given.xlsx"), folder)


def plans_table(sizes: Sequence[int], n_targets: int = INDICATORS_A_REGION) -> list[dict]:
    """Return a row a number of plans: cost of the audit of all."""
    rows = []
    for n_plans in sizes:
        with tempfile.TemporaryDirectory(prefix="pm-scale-") as own:
            data = write_data(Path(own) / "data", {f"made-{n}": n_targets for n in range(n_plans)})
            seconds, megabytes = measured(data, ("audit",), Path(own))
        rows.append({"plans": n_plans, "s": seconds, "mb": megabytes})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def index_table(n_plans: int, n_targets: int = INDICATORS_A_REGION) -> dict:
    """Return the cost of the index and the pages of so many plans, without the runs of their notebooks."""
    code = (
        "import sys;from pathlib import Path;from planmodel.batch import prepare;from planmodel.batch.runs import End,Outcome\n"
        "from planmodel.batch.site import Site,write_site;from planmodel.lab.study import check_parameters\n"
        "batch=prepare(scenarios=('baseline',))\n"
        "first=check_parameters({'plan':batch.plans[0],'scenario':'baseline'})\n"
        "write_site(Site(Path('report'),batch,first),tuple(Outcome(run,End.DONE) for run in batch.runs if run.notebook!='7_review'),0.0)"
    )
    with tempfile.TemporaryDirectory(prefix="pm-scale-") as own:
        data = write_data(Path(own) / "data", {f"made-{n}": n_targets for n in range(n_plans)})
        _beforehand("index", data, Path(own))
        seconds, megabytes = measured(data, ("-c", code), Path(own))
    row = {"index of plans": n_plans, "s": seconds, "mb": megabytes}
    print(json.dumps(row), flush=True)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="200 and 1,000 targets, 10 and 40 plans, without reports"
    )
    parser.add_argument("--commands", nargs="+", default=list(COMMANDS), choices=list(COMMANDS))
    parser.add_argument("--no-plans", action="store_true")
    parser.add_argument("--sizes", nargs=2, type=int)
    parser.add_argument("--out")
    given = parser.parse_args()
    sizes = given.sizes or ((200, 1000) if given.quick else (SMALL, LARGE))
    found = {"targets": targets_table(sizes, given.commands)}
    if not given.no_plans:
        found["plans"] = plans_table((10, 40) if given.quick else (FEW, MANY))
        found["index"] = [index_table(40 if given.quick else MANY)]
    if given.out:
        Path(given.out).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

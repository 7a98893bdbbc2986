"""Commands on reports: run, publish."""

from __future__ import annotations

import re
from pathlib import Path

from planmodel.commands.common import EXIT_FAILED, EXIT_OK, language
from planmodel.commands.parameters import NUMBERS, argument, command, option, several
from planmodel.errors import Fault, PlanmodelError
from planmodel.words import LANGS, Phrase

OPTIONS_OF = {
    "plan": "--plans", "plans": "--plans", "scenario": "--scenarios", "scenarios": "--scenarios", "lang": "--lang",
    "n_draws": "--draws", "seed": "--seed",
}  # fmt: skip
"""Parameters of notebooks that have an option of their own."""


@command(
    several("--plans", metavar="PLAN...", help="plans"),
    several("--scenarios", metavar="SCENARIO...", help="scenarios"),
    several("--lang", "langs", type=LANGS, help="langs"),
    several("--notebooks", metavar="NOTEBOOK...", help="notebooks"),
    option("--grid", default="", metavar="FILE", help="grid"),
    option("--dry-run", is_flag=True, help="dry_run"),
    option("--out", default="", metavar="FOLDER", help="out_folder"),
    option("--jobs", type=int, default=0, help="jobs"),
    option("--retry-failed", is_flag=True, help="retry_failed"),
    option("--time-limit", type=float, default=600, metavar="SECONDS", help="of_one_notebook"),
    option("--memory-limit", type=float, default=0, metavar="MB", help="memory_limit"),
    option("--stock-kernels", is_flag=True, help="stock_kernels"),
    option("--scheduler", default="", metavar="ADDRESS", help="scheduler"),
    option("-p", "others", nargs=2, multiple=True, metavar="NAME VALUE", help="parameter"),
    *NUMBERS,
)
def run(plans, scenarios, langs, notebooks, grid, dry_run, out, jobs, retry_failed, time_limit, memory_limit,
        stock_kernels, scheduler, others, n_draws, seed) -> int:  # fmt: skip
    """Execute the notebooks for plans and scenarios and write the report."""
    from planmodel.batch import prepare
    from planmodel.batch import run as run_batch
    from planmodel.batch.execution import Settings
    from planmodel.batch.grids import read_grid

    limits = {"--jobs": jobs, "--time-limit": time_limit, "--memory-limit": memory_limit}
    faults = [
        Fault(
            "-p",
            Phrase("commands.run.no_option"),
            name,
            do=Phrase("commands.run.use", option=OPTIONS_OF[name]),
        )
        for name, _ in others
        if name in OPTIONS_OF
    ]
    faults += [
        Fault(name, Phrase("commands.at_least_0"), str(value))
        for name, value in limits.items()
        if not value >= 0  # not a number neither
    ]
    if faults:
        raise PlanmodelError(faults=faults)
    folder = Path(out) if out else None
    asked = {
        "plans": plans,
        "scenarios": scenarios,
        "langs": tuple(dict.fromkeys(langs)),
        "notebooks": notebooks,
        "parameters": {"n_draws": n_draws, "seed": seed, **{name: _value(value) for name, value in others}},
        "grid": read_grid(Path(grid)) if grid else None,
    }
    if dry_run:
        from planmodel.batch.preview import preview

        print(preview(prepare(**asked), folder, jobs, retry_failed, language()))
        return EXIT_OK
    report = run_batch(
        **asked,
        out=folder,
        jobs=jobs,
        settings=Settings(time_limit, memory_limit, not stock_kernels),
        retry_failed=retry_failed,
        scheduler=scheduler,
    )
    print(report.index)
    return EXIT_FAILED if report.failures else EXIT_OK


def _value(text: str) -> object:
    """Return a parameter's value: whole numbers as such, everything else as text."""
    return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else text


@command(
    argument("report", "FOLDER"),
    option("--out", default="", metavar="FOLDER|FILE.zip", help="publication"),
)
def publish(report: str, out: str) -> None:
    """Write a report (a folder of `planmodel run`) as a zip or a folder for any web server, the same bytes each time."""
    from planmodel.batch.publish import publish as write

    print(write(Path(report), Path(out) if out else None).path)

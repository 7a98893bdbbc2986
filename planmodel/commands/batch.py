"""Commands on reports: run, publish."""

from __future__ import annotations

import re
from pathlib import Path

from planmodel.commands.common import EXIT_FAILED, EXIT_OK, add_numbers
from planmodel.errors import Fault, PlanmodelError
from planmodel.words import LANGS

OPTIONS_OF = {"plan": "--plans", "plans": "--plans", "scenario": "--scenarios", "scenarios": "--scenarios"}
OPTIONS_OF |= {"lang": "--lang", "n_draws": "--draws", "seed": "--seed"}


def add(commands) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser(
        "run", help="execute the notebooks for plans and scenarios and write the report"
    )
    command.add_argument("--plans", nargs="+", default=[], help="plans (default: all)")
    command.add_argument(
        "--scenarios", nargs="+", default=[], help="scenarios, or 'all' (default: baseline low high)"
    )
    command.add_argument(
        "--lang", nargs="+", choices=LANGS, default=[], help="one language or both (default: en)"
    )
    command.add_argument(
        "--notebooks", nargs="+", default=[], help="some of 1_trajectories 2_feasibility ... (default: all)"
    )
    command.add_argument(
        "--grid", default="", metavar="FILE", help="a YAML file with lists and ranges of values to combine"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="say what would run and roughly how long, and stop"
    )
    command.add_argument(
        "--out", default="", metavar="FOLDER", help="folder to write (default: outputs/report)"
    )
    command.add_argument(
        "--jobs", type=int, default=0, help="notebooks at a time (default: as many as cores)"
    )
    command.add_argument("--retry-failed", action="store_true", help="run again what failed before")
    command.add_argument(
        "--time-limit", type=float, default=600, metavar="SECONDS", help="of one notebook (default: 600)"
    )
    command.add_argument(
        "--memory-limit", type=float, default=0, metavar="MB", help="of one notebook (default: none)"
    )
    command.add_argument(
        "--stock-kernels", action="store_true", help="start kernels the ordinary way instead of forking them"
    )
    command.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="a dask scheduler, such as tcp://host:8786"
    )
    command.add_argument(
        "-p",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="another notebook parameter",
    )
    add_numbers(command)
    command.set_defaults(run=_run)

    command = commands.add_parser(
        "publish", help="write a report as a zip or a folder for any web server, the same bytes each time"
    )
    command.add_argument("report", metavar="FOLDER", help="a report that `planmodel run` wrote")
    command.add_argument(
        "--out",
        default="",
        metavar="FOLDER|FILE.zip",
        help="what to write (default: a zip beside the report)",
    )
    command.set_defaults(run=_publish)


def _run(options) -> int:
    from planmodel.batch import prepare, run
    from planmodel.batch.execution import Settings
    from planmodel.batch.grids import read_grid

    faults = [
        Fault("-p", "a parameter without an option of its own", name, do=f"Use {OPTIONS_OF[name]}.")
        for name, _ in options.p
        if name in OPTIONS_OF
    ]
    for name in ("jobs", "time_limit", "memory_limit"):
        if not getattr(options, name) >= 0:  # not a number neither
            faults.append(Fault(f"--{name.replace('_', '-')}", "0 or more", str(getattr(options, name))))
    if faults:
        raise PlanmodelError(faults=faults)
    grid = read_grid(Path(options.grid)) if options.grid else None
    fixed = {"n_draws": options.n_draws, "seed": options.seed}
    asked = {
        "plans": tuple(options.plans),
        "scenarios": tuple(options.scenarios),
        "langs": tuple(dict.fromkeys(options.lang)),
        "notebooks": tuple(options.notebooks),
        "parameters": {**fixed, **{name: _value(value) for name, value in options.p}},
        "grid": grid,
    }
    if options.dry_run:
        from planmodel.batch.preview import preview

        out = Path(options.out) if options.out else None
        print(preview(prepare(**asked), out, options.jobs, options.retry_failed))
        return EXIT_OK
    report = run(
        **asked,
        out=Path(options.out) if options.out else None,
        jobs=options.jobs,
        settings=Settings(options.time_limit, options.memory_limit, not options.stock_kernels),
        retry_failed=options.retry_failed,
        scheduler=options.scheduler,
    )
    print(report.index)
    return EXIT_FAILED if report.failures else EXIT_OK


def _value(text: str) -> object:
    """Return a parameter's value: whole numbers as such, everything else as text."""
    return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else text


def _publish(options) -> int:
    from planmodel.batch.publish import publish

    print(publish(Path(options.report), Path(options.out) if options.out else None).path)
    return EXIT_OK

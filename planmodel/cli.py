"""The command line: planmodel plans | check | targets | audit | assess | review | run | publish | new."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import planmodel
from planmodel.errors import Fault, PlanmodelError
from planmodel.words import LANGS

EXIT_OK, EXIT_FAILED, EXIT_MISTAKE, EXIT_STOPPED = 0, 1, 2, 130
OPTIONS_OF = {"plan": "--plans", "plans": "--plans", "scenario": "--scenarios", "scenarios": "--scenarios"}
OPTIONS_OF |= {"lang": "--lang", "n_draws": "--draws", "seed": "--seed"}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="planmodel",
        description="Development-plan targets projected, tested and charted.",
        epilog="Exit codes: 0 done, 1 a notebook failed or an audit found contradictions, 2 a mistake in the call or the data "
        "(one clear message).",
    )
    parser.add_argument("--version", action="version", version=f"planmodel {planmodel.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("plans", help="list the plans, or the scenarios with --scenarios")
    command.add_argument("--scenarios", action="store_true", help="list the scenarios instead")
    command.set_defaults(run=_plans)

    command = commands.add_parser("check", help="list every fault of the data files, all at once")
    command.add_argument(
        "plan", nargs="*", help="a plan's name or folder (default: all plans, and the scenarios)"
    )
    command.set_defaults(run=_check)

    command = commands.add_parser("targets", help="print a plan's targets")
    command.add_argument("plan", help="a plan's name")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text")
    command.set_defaults(run=_targets)

    command = commands.add_parser("audit", help="find where plans contradict themselves")
    command.add_argument("plan", nargs="*", help="plans' names (default: all)")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text")
    command.add_argument("--lang", choices=LANGS, default="en", help="language of the findings (default: en)")
    command.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="PLACE=NUMBER",
        help="what if a figure were another: services_va.target=1601, exports.2020=153.76, T2/1/1.target=...",
    )
    command.set_defaults(run=_audit)

    command = commands.add_parser(
        "assess", help="required growth, record, probability and verdict of each target"
    )
    command.add_argument("plan", help="a plan's name")
    command.add_argument("--scenario", default="baseline", help="a scenario's name (default: baseline)")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text")
    command.add_argument("--indicators", nargs="+", default=[], help="indicator ids (default: all)")
    command.add_argument(
        "--as-of", type=int, default=0, metavar="YEAR", help="use observations up to this year only"
    )
    command.add_argument("--reference", default="", help="another reference class than the catalogue's")
    _numbers(command)
    command.add_argument("--lang", choices=LANGS, default="en", help="language of reasons (default: en)")
    command.set_defaults(run=_assess)

    command = commands.add_parser(
        "review", help="where each target stands: milestone, progress, rate left, probability and light"
    )
    command.add_argument("plan", help="a plan's name")
    command.add_argument(
        "--as-of",
        default="",
        metavar="PERIOD",
        help="2023, 2023Q3, 2023-09, or a day (default: the latest period with a figure)",
    )
    command.add_argument("--scenario", default="baseline", help="a scenario's name (default: baseline)")
    command.add_argument(
        "--shape", default="constant_growth", dest="path_shape", help="the path of the milestones"
    )
    command.add_argument("--indicators", nargs="+", default=[], help="indicator ids (default: all)")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text")
    command.add_argument(
        "--final", action="store_true", help="the review of the earlier plan's table instead"
    )
    _numbers(command)
    command.add_argument("--lang", choices=LANGS, default="en", help="language (default: en)")
    command.set_defaults(run=_review)

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
    _numbers(command)
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

    command = commands.add_parser("new", help="write a valid example plan to fill in")
    command.add_argument("name", help="the new plan's name: lower-case letters, digits and -")
    command.add_argument(
        "--region", default="taizhou", help="its region, an id of regions.csv (default: taizhou)"
    )
    command.set_defaults(run=_new)
    return parser


def _numbers(command: argparse.ArgumentParser) -> None:
    from planmodel.outlooks import N_DRAWS, SEED

    command.add_argument(
        "--draws", type=int, default=N_DRAWS, dest="n_draws", help=f"number of draws (default: {N_DRAWS})"
    )
    command.add_argument(
        "--seed", type=int, default=SEED, help=f"seed of the random numbers (default: {SEED})"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code. A user's mistake is one message on stderr and exit code 2."""
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except PlanmodelError as error:
        print(f"planmodel: {error}", file=sys.stderr)
        return EXIT_MISTAKE
    except BrokenPipeError:
        sys.stderr.close()
        return EXIT_OK
    except OSError as error:
        print(f"planmodel: {error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        print(
            "planmodel: stopped. What is finished is kept; the same call goes on with the rest.",
            file=sys.stderr,
        )
        return EXIT_STOPPED


def _plans(options) -> int:
    from planmodel.plans import load_plan, plan_names
    from planmodel.scenarios import load_scenario, scenario_names

    if options.scenarios:
        for name in scenario_names():
            scenario = load_scenario(name)
            print(f"{name:18} {scenario.name['zh']}  {scenario.name['en']}")
        return EXIT_OK
    for name in plan_names():
        plan = load_plan(name)
        draft = " (draft)" if plan.draft else ""
        print(
            f"{name:28} {plan.period[0]}-{plan.period[1]}  {len(plan.targets):4} targets  {plan.title['en']}{draft}"
        )
    return EXIT_OK


def _check(options) -> int:
    from planmodel.catalogue import load_catalogue
    from planmodel.checks import read_plan
    from planmodel.plans import plan_folder, plan_names

    catalogue = load_catalogue()
    found = False
    for name in options.plan or plan_names():
        folder = Path(name).resolve() if Path(name).is_dir() else plan_folder(name)
        plan, faults = read_plan(folder, catalogue)
        found = found or bool(faults)
        if plan is not None:
            print(
                f"{folder.name}: no faults ({len(plan.targets)} targets, {len(plan.observations)} observations)"
            )
            continue
        print(f"{folder.name}: {len(faults)} fault{'s' if len(faults) != 1 else ''}")
        for fault in faults:
            print(f"  {fault}")
    if not options.plan:
        found = _check_scenarios() or found
    return EXIT_MISTAKE if found else EXIT_OK


def _check_scenarios() -> bool:
    from planmodel.scenarios import load_scenario, scenario_names

    found = False
    for name in scenario_names():
        try:
            load_scenario(name)
        except PlanmodelError as error:
            found = True
            print(f"scenario {name}: {len(error.faults)} fault{'s' if len(error.faults) != 1 else ''}")
            for fault in error.faults:
                print(f"  {fault}")
    return found


def _print(table, form: str) -> None:
    if form == "csv":
        table.to_csv(sys.stdout, index=False, lineterminator="\n")
    elif form == "json":
        print(table.to_json(orient="records", force_ascii=False, indent=1))
    else:
        print(table.to_string(index=False, na_rep="-", max_colwidth=40))


def _targets(options) -> int:
    from planmodel.plans import load_plan
    from planmodel.results import targets_table

    table = targets_table(load_plan(options.plan))
    if options.format == "text":
        table = table[
            [
                "table",
                "number",
                "part",
                "name_zh",
                "name_en",
                "base_printed",
                "target_printed",
                "unit",
                "kind",
                "status",
            ]
        ]
    _print(table, options.format)
    return EXIT_OK


def _audit(options) -> int:
    import pandas as pd

    from planmodel.audit import audit, changes_in, compare
    from planmodel.plans import load_plan, plan_names
    from planmodel.results import findings_table
    from planmodel.views import audit_text

    plans = [load_plan(name) for name in dict.fromkeys(options.plan) or plan_names()]
    changes = changes_in(options.set)
    if changes and len(plans) != 1:
        raise PlanmodelError(faults=[Fault("--set", "one plan", f"{len(plans)} plans", do="Name the plan.")])
    tried = compare(plans[0], changes) if changes else None
    results = [tried.after] if tried else [audit(plan) for plan in plans]
    if options.format == "text":
        print("\n\n".join(audit_text(result, options.lang, tried) for result in results))
    else:
        tables = [findings_table(result.plan, result.findings, options.lang) for result in results]
        filled = [table for table in tables if len(table)] or tables[:1]
        _print(pd.concat(filled, ignore_index=True), options.format)
        for unused in [f"{result.plan.name}: {name}" for result in results for name in result.unused]:
            print(f"accepted, but no longer found: {unused}", file=sys.stderr)
    return EXIT_FAILED if any(result.contradictions for result in results) else EXIT_OK


def _assess(options) -> int:
    from planmodel.feasibility import assess_plan
    from planmodel.notebook import check_parameters
    from planmodel.results import assessments_table

    study = check_parameters(
        {
            "plan": options.plan,
            "scenario": options.scenario,
            "indicators": options.indicators,
            "as_of": options.as_of,
            "reference": options.reference,
            "n_draws": options.n_draws,
            "seed": options.seed,
            "lang": options.lang,
        }
    )
    result = assess_plan(study.plan, study.scenario, indicators=study.indicators, **study.options)
    table = assessments_table(result, options.lang)
    if options.format == "text":
        table = table.drop(columns=["plan", "scenario"])
    _print(table, options.format)
    return EXIT_OK


def _review(options) -> int:
    from planmodel.notebook import check_parameters
    from planmodel.results import final_table, review_table
    from planmodel.review import review
    from planmodel.views import final_answer, final_view, review_answer, review_view

    names = ("plan", "scenario", "indicators", "path_shape", "as_of", "n_draws", "seed", "lang")
    study = check_parameters({name: getattr(options, name) for name in names})
    result = review(
        study.plan,
        study.scenario,
        study.as_at,
        shape=study.path_shape,
        indicators=study.indicators,
        n_draws=study.n_draws,
        seed=study.seed,
    )
    lang = study.lang
    if options.format != "text":
        _print(final_table(result, lang) if options.final else review_table(result, lang), options.format)
        return EXIT_OK
    answer, view = (final_answer, final_view) if options.final else (review_answer, review_view)
    print(answer(result, lang).replace("\\", ""))
    table = view(result, lang)
    if len(table):
        print()
        _print(table, "text")
    return EXIT_OK


def _run(options) -> int:
    from planmodel.batch import prepare, run
    from planmodel.execution import Settings
    from planmodel.grids import read_grid

    faults = [
        Fault("-p", "a parameter without an option of its own", name, do=f"Use {OPTIONS_OF[name]}.")
        for name, _ in options.p
        if name in OPTIONS_OF
    ]
    for name in ("jobs", "time_limit", "memory_limit"):
        if getattr(options, name) < 0:
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
        from planmodel.preview import preview

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
    from planmodel.publish import publish

    print(publish(Path(options.report), Path(options.out) if options.out else None).path)
    return EXIT_OK


def _new(options) -> int:
    from planmodel.new import write_plan

    try:
        folder = write_plan(options.name, options.region)
    except FileExistsError:
        raise PlanmodelError(
            faults=[
                Fault(
                    "plan",
                    "a name that is free",
                    repr(options.name),
                    do="Choose another, or delete its folder.",
                )
            ]
        ) from None
    print(f"Wrote {folder.name}/ with an example. Fill it in, then: planmodel check {folder.name}")
    return EXIT_OK

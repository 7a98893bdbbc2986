"""Commands on the data files: plans, check, targets, new, workbook, import."""

from __future__ import annotations

import sys
from pathlib import Path

from planmodel.commands.common import EXIT_MISTAKE, EXIT_OK, print_table
from planmodel.errors import Fault, PlanmodelError


def add(commands) -> None:
    """Add the commands to the parser."""
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

    command = commands.add_parser("new", help="write a valid example plan to fill in")
    command.add_argument("name", help="the new plan's name: lower-case letters, digits and -")
    command.add_argument(
        "--region", default="taizhou", help="its region, an id of regions.csv (default: taizhou)"
    )
    command.add_argument(
        "--xlsx", action="store_true", help="write NAME.xlsx here instead: a workbook for `planmodel import`"
    )
    command.set_defaults(run=_new)

    command = commands.add_parser("workbook", help="write a plan as a workbook (xlsx) to edit")
    command.add_argument("plan", help="a plan's name")
    command.add_argument("file", nargs="?", help="the workbook to write (default: PLAN.xlsx here)")
    command.set_defaults(run=_workbook)

    command = commands.add_parser("import", help="make or update a plan from a workbook (xlsx)")
    command.add_argument("file", help="the workbook")
    command.add_argument("--name", default="", help="the plan's name (default: as the workbook says)")
    command.add_argument("--dry-run", action="store_true", help="only check, and say what would change")
    command.set_defaults(run=_import)


def _plans(options) -> int:
    from planmodel.plans import load_plan, plan_names
    from planmodel.plans.scenarios import load_scenario, scenario_names

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
    from planmodel.plans import plan_folder, plan_names
    from planmodel.plans.catalogue import load_catalogue
    from planmodel.plans.checks import read_plan

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
        found = _check_assumptions() or found
    return EXIT_MISTAKE if found else EXIT_OK


def _check_scenarios() -> bool:
    from planmodel.plans.scenarios import load_scenario, scenario_names

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


def _check_assumptions() -> bool:
    from planmodel.drivers import load_assumptions
    from planmodel.drivers.assumed import FILE
    from planmodel.files.reading import data_folder

    if not (data_folder() / FILE).is_file():
        return False
    try:
        load_assumptions()
    except PlanmodelError as error:
        print(f"{FILE}: {len(error.faults)} fault{'s' if len(error.faults) != 1 else ''}")
        for fault in error.faults:
            print(f"  {fault}")
        return True
    return False


def _targets(options) -> int:
    from planmodel.plans import load_plan
    from planmodel.tables.results import targets_table

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
    print_table(table, options.format)
    return EXIT_OK


def _new(options) -> int:
    from planmodel.plans.new import example, write_plan

    try:
        if options.xlsx:
            file = Path(f"{options.name}.xlsx")
            _write_workbook(file, example(options.name, options.region))
            print(f"Wrote {file} with an example. Fill it in, then: planmodel import {file}")
            return EXIT_OK
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


def _workbook(options) -> int:
    from planmodel.plans import load_plan
    from planmodel.plans.checks import read_source

    plan = load_plan(options.plan)
    file = Path(options.file or f"{plan.name}.xlsx")
    _write_workbook(file, read_source(plan.folder, []))
    print(f"Wrote {file}. Change it, then: planmodel import {file}")
    return EXIT_OK


def _write_workbook(file: Path, source) -> None:
    """Write a plan's workbook where no file stands yet."""
    from planmodel.plans.catalogue import load_catalogue
    from planmodel.workbooks import plan_workbook

    if file.suffix.lower() != ".xlsx":
        raise PlanmodelError(faults=[Fault("file", "a name that ends in .xlsx", repr(file.name))])
    content = plan_workbook(source, load_catalogue())
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError:
        do = "Name another, or delete it."
        raise PlanmodelError(
            faults=[Fault("file", "a new file", f"{file.name}, which exists", do=do)]
        ) from None


def _import(options) -> int:
    from planmodel.workbooks import import_workbook

    file = Path(options.file)
    try:
        done = import_workbook(file, options.name, options.dry_run)
    except PlanmodelError as error:
        if len(error.faults) < 2:
            raise
        print(f"{file.name}: {len(error.faults)} faults, nothing was written", file=sys.stderr)
        for fault in error.faults:
            print(f"  {fault}", file=sys.stderr)
        return EXIT_MISTAKE
    name, dry = done.plan.name, options.dry_run
    counts = f"{len(done.plan.targets)} targets, {len(done.plan.observations)} observations"
    if done.new:
        print(f"{'Would make' if dry else 'Made'} {name} ({counts}). Next: planmodel audit {name}")
    elif not done.changes:
        print(f"{name} says the same already ({counts}).")
    else:
        print(f"{'Would change' if dry else 'Changed'} {name} ({counts}):")
        for line in done.changes:
            print(f"  {line}")
    return EXIT_OK

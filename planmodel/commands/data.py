"""Commands on the data files: plans, check, targets, new, workbook, import."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from planmodel.commands import parameters as cli
from planmodel.errors import FEW_NAMES, Fault, PlanmodelError, listed, shortened, unknown
from planmodel.words import Phrase, phrase, said

if TYPE_CHECKING:
    from planmodel.plans import Plan
    from planmodel.workbooks.updating import Imported

REGION = "taizhou"  # of the example plan, where none is named
TARGET_COLUMNS = [
    "table", "number", "part", "name_zh", "name_en", "base_printed", "target_printed", "unit", "kind", "status",
]  # fmt: skip
"""Of the table of targets, where it is printed for reading."""
LONGEST = 30  # years of a plan that is begun
CLASS_COLUMNS = (
    "class", "scale", "n_regions", "years", "grade", "coverage80", "crps_ratio", "met",
)  # fmt: skip
"""Of the table of classes, where it is printed for reading."""
SHOWN = 50
"""How many faults are listed, where all are asked for, as far as a message holds them."""


def _say(key: str, **fields: object) -> None:
    print(phrase(f"commands.data.{key}", cli.language(), **fields))


@cli.command(cli.option("--scenarios", is_flag=True, help="list_scenarios"))
def plans(scenarios: bool) -> int:
    from planmodel.plans import sound_plans
    from planmodel.plans.scenarios import load_scenario, scenario_names

    if scenarios:
        for name in scenario_names():
            scenario = load_scenario(name)
            print(f"{name:18} {scenario.name['zh']}  {scenario.name['en']}")
        return cli.EXIT_OK
    plans, faulty = sound_plans()
    for plan in plans:
        period, n, draft = f"{plan.period[0]}-{plan.period[1]}", len(plan.targets), " (draft)" * plan.draft
        print(f"{plan.name:28} {period}  {n:4} targets  {plan.title['en']}{draft}")
    for error in faulty.values():
        print(error.text(cli.language()), file=sys.stderr)
    return cli.EXIT_MISTAKE if faulty else cli.EXIT_OK


@cli.command(cli.FORM)
def classes(form: str) -> None:
    from planmodel.feasibility.classes import classes_table
    from planmodel.plans.catalogue import load_catalogue

    table = classes_table(load_catalogue())
    shown = table[list(CLASS_COLUMNS)].assign(met=table["met"].fillna("-"))
    cli.print_table(shown if form == "text" else table, form)


@cli.command(cli.argument("plans", "[PLAN]...", nargs=-1))
def check(plans: tuple[str, ...]) -> int:
    from planmodel.drivers import load_assumptions
    from planmodel.drivers.assumed import FILE
    from planmodel.files.reading import data_folder
    from planmodel.plans import plan_folder, plan_names
    from planmodel.plans.catalogue import load_catalogue
    from planmodel.plans.loading import read_plan
    from planmodel.plans.scenarios import load_scenario, scenario_names

    catalogue, faulty = load_catalogue(), list[object]()

    def loads(name: object, load: Callable, *given: object) -> None:
        """List the faults of what a function loads."""
        try:
            load(*given)
        except PlanmodelError as error:
            faulty.append(name)
            _say("faults", name=name, n=len(error.faults))
            print("\n".join(listed(error.faults, cli.language(), SHOWN)))

    def load(name: str) -> None:
        folder = Path(name).resolve() if Path(name).is_dir() else plan_folder(name)
        plan, faults = read_plan(folder, catalogue)
        if plan is None:
            raise PlanmodelError(faults=faults)
        counts = {"targets": len(plan.targets), "observations": len(plan.observations)}
        _say("no_faults", name=folder.name, **counts)

    known, strange = plan_names(), list[Fault]()
    for name in dict.fromkeys(plans or known):
        if name not in known and not os.path.isdir(name):
            faulty.append(shortened(name))
            strange.append(unknown("plan", name, known))
            continue
        loads(Path(name).resolve().name if Path(name).is_dir() else name, load, name)
    if not plans:
        for name in scenario_names():
            loads(Phrase("commands.data.scenario", name=name), load_scenario, name)
        if (data_folder() / FILE).is_file():
            loads(FILE, load_assumptions)
    if strange:
        print("planmodel:", PlanmodelError(faults=strange).text(cli.language()).strip(), file=sys.stderr)
    if faulty:
        print(phrase("commands.data.faulty", cli.language(), names=faulty[:SHOWN]), file=sys.stderr)
    return cli.EXIT_MISTAKE if faulty else cli.EXIT_OK


@cli.command(cli.PLAN, cli.FORM)
def targets(plan: str, form: str) -> None:
    from planmodel.plans import load_plan

    table = load_plan(plan).table
    cli.print_table(table[TARGET_COLUMNS] if form == "text" else table, form)


@cli.command(
    cli.argument("name"),
    cli.option("--region", help="region"),
    cli.option("--period", default="", metavar="YEARS", help="period"),
    cli.option("--histories", default="", metavar="FILE", help="histories"),
    cli.option("--xlsx", is_flag=True, help="xlsx"),
    cli.option("--from", "proposals", metavar="FILE", help="from_proposals"),
)
def new(name, region, period, histories, xlsx, proposals) -> int | None:
    from planmodel.plans.loading import example, write_plan

    if proposals:
        return _told(Path(proposals), lambda: _of_proposals(Path(proposals), name, region or ""))
    region = region or REGION
    if period or histories:
        _begin(name, region, period, histories)
        return cli.EXIT_OK
    if xlsx:
        file = Path(f"{name}.xlsx")
        _write_workbook(file, example(name, region))
        _say("new_workbook", file=file)
        return cli.EXIT_OK
    try:
        folder = write_plan(name, region)
    except FileExistsError:
        raise cli.mistake("plan", "data.free", repr(name), Phrase("commands.data.choose")) from None
    _say("new_folder", folder=cli.from_here(folder), name=folder.name)
    return cli.EXIT_OK


def _begin(name: str, region: str, period: str, histories: str) -> None:
    """Write a plan with the histories of its indicators and blank targets."""
    from datetime import date

    from planmodel.documents.beginning import begin
    from planmodel.documents.histories import read_histories
    from planmodel.files.reading import data_folder
    from planmodel.plans import sound_plans
    from planmodel.plans.catalogue import load_catalogue
    from planmodel.workbooks.updating import extend_catalogue, save_source

    match = re.fullmatch(r"(\d{4})[-\u2013\u2014](\d{4})", period.strip())
    if match is None or not match[1] <= match[2]:
        raise cli.mistake("--period", "data.period", repr(period))
    years = int(match[1]), int(match[2])
    if years[1] - years[0] >= LONGEST:
        raise PlanmodelError.of("--period", Phrase("drafting.fault.span", n=LONGEST), repr(period))
    series = read_histories(Path(histories)) if histories else ()
    plans, _ = sound_plans()
    try:
        start = begin(name, region, years, date.today().isoformat(), load_catalogue(), plans, series)
    except FileExistsError:
        raise cli.mistake("plan", "data.free", repr(name), Phrase("commands.data.choose")) from None
    done = save_source(start.source, start.new.known)
    extend_catalogue(data_folder(), start.new.rows())
    _say("made", name=done.plan.name, counts=_counts(done.plan))
    for added, key in ((start.new.units, "new_units"), (start.new.indicators, "new_indicators")):
        if added:
            _say(key, n=len(added), names=", ".join(f"{one.id} ({one.name_en})" for one in added.values()))
    for written, indicator in start.taken.items():
        _say("taken_as", name=written, indicator=indicator, id=indicator.id)
    if start.small:
        _say("small_shares", names=", ".join(start.small))
    _say("draft_it", name=done.plan.name)


@cli.command(cli.PLAN, cli.argument("file", "[FILE]", required=False))
def workbook(plan: str, file: str | None) -> None:
    from planmodel.plans import load_plan
    from planmodel.plans.loading import read_source

    loaded = load_plan(plan)
    path = Path(file or f"{loaded.name}.xlsx")
    _write_workbook(path, read_source(loaded.folder, []))
    _say("workbook", file=path)


def _write_workbook(file: Path, source) -> None:
    """Write a plan's workbook where no file stands yet."""
    from planmodel.plans.catalogue import load_catalogue
    from planmodel.workbooks.form import plan_workbook

    if file.suffix.lower() != ".xlsx":
        raise cli.mistake("file", "file.ending", repr(file.name), ending=".xlsx")
    if os.path.lexists(file):
        exists, do = Phrase("commands.file.exists", name=file.name), Phrase("commands.file.name_another")
        raise cli.mistake("file", "file.new", exists, do) from None
    cli.write_file(file, plan_workbook(source, load_catalogue()))


@cli.command(
    cli.argument("file"),
    cli.option("--name", default="", help="name"),
    cli.option("--dry-run", is_flag=True, help="dry_import"),
    cli.FORCE,
    name="import",
)
def import_(file: str, name: str, dry_run: bool, force: bool) -> int:
    from planmodel.workbooks.updating import import_workbook

    return _told(Path(file), lambda: import_workbook(Path(file), name, dry_run, force=force), dry_run)


def _of_proposals(path: Path, name: str, region: str) -> Imported:
    """Make a plan of accepted proposals, and say what was taken and added to the catalogue."""
    from planmodel.documents import plan_from

    made, lang = plan_from(path, name, region), cli.language()
    print(phrase("documents.taken", lang, taken=made.taken, dropped=made.dropped, open=made.open))
    for table, names in made.added.items():
        if names:
            print(phrase("documents.new_rows", lang, file=f"{table}.csv", n=len(names), names=names[:8]))
    return made.imported


def _counts(plan: Plan) -> Phrase:
    """Return how many targets and observations a plan has."""
    return Phrase("commands.data.counts", targets=len(plan.targets), observations=len(plan.observations))


def _told(path: Path, work: Callable[[], Imported], dry_run: bool = False) -> int:
    """Say what became of a workbook, or every fault of it."""
    try:
        done = work()
    except PlanmodelError as error:
        if len(error.faults) < 2:
            raise
        nothing = phrase("commands.data.nothing_written", cli.language(), name=path.name, n=len(error.faults))
        print(nothing, file=sys.stderr)
        print("\n".join(listed(error.faults, cli.language(), SHOWN)), file=sys.stderr)
        return cli.EXIT_MISTAKE
    plan = done.plan
    kind = ("would_make" if dry_run else "made") if done.new else "same"
    if done.changes and not done.new:
        kind = "would_change" if dry_run else "changed"
    _say(kind, name=plan.name, counts=_counts(plan))
    if done.stale and dry_run:
        _say("stale", name=plan.name)
    for sheet, rows in done.hidden.items():
        runs = [
            [row for _, row in run] for _, run in groupby(enumerate(rows), lambda place: place[1] - place[0])
        ]
        spans = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
        shown = [*spans[:FEW_NAMES], *(["..."] if len(spans) > FEW_NAMES else [])]
        hidden = phrase("commands.data.hidden", cli.language(), sheet=sheet, n=len(rows), rows=shown)
        print(hidden, file=sys.stderr)
    for line in () if done.new else done.changes:
        print(f"  {said(line, cli.language())}")
    return cli.EXIT_OK

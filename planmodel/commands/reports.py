"""Commands on whole plans and reports: run, publish, export."""

import json
import re
import sys
from functools import cache, partial
from pathlib import Path

from planmodel.commands import parameters as cli
from planmodel.errors import Fault, check_known, refuse
from planmodel.words import LANGS, Phrase, id_of, phrase

OPTIONS_OF = {
    "plan": "--plans", "plans": "--plans", "scenario": "--scenarios", "scenarios": "--scenarios", "lang": "--lang",
    "n_draws": "--draws", "seed": "--seed",
}  # fmt: skip
"""Parameters of notebooks that have an option of their own."""
FORMATS = ("iamc", "iamc-meta", "sdmx", "sdmx-structure")
BESIDE = {"iamc": ("iamc-meta", "-meta.csv"), "sdmx": ("sdmx-structure", "-structure.json")}
"""What is written beside the data, and how its name ends."""
SHEETS = {"iamc": ".csv or .xlsx", "sdmx": ".csv"}
"""How the name of a file may end; a workbook has the sheets data and meta."""


@cli.command(
    cli.several("--plans", metavar="PLAN...", help="plans"),
    cli.several("--scenarios", metavar="SCENARIO...", help="scenarios"),
    cli.several("--lang", "langs", type=LANGS, help="langs"),
    cli.several("--notebooks", metavar="NOTEBOOK...", help="notebooks"),
    cli.option("--grid", default="", metavar="FILE", help="grid"),
    cli.option("--dry-run", is_flag=True, help="dry_run"),
    cli.option("--out", default="", metavar="FOLDER", help="out_folder"),
    cli.option("--jobs", type=int, default=0, help="jobs"),
    cli.option("--retry-failed", is_flag=True, help="retry_failed"),
    cli.option("--time-limit", type=float, default=600, metavar="SECONDS", help="of_one_notebook"),
    cli.option("--memory-limit", type=float, default=0, metavar="MB", help="memory_limit"),
    cli.option("--stock-kernels", is_flag=True, help="stock_kernels"),
    cli.option("--scheduler", default="", metavar="ADDRESS", help="scheduler"),
    cli.option("-p", "others", nargs=2, multiple=True, metavar="NAME VALUE", help="parameter"),
    *cli.NUMBERS,
)
def run(plans, scenarios, langs, notebooks, grid, dry_run, out, jobs, retry_failed, time_limit, memory_limit,
        stock_kernels, scheduler, others, n_draws, seed) -> int:  # fmt: skip
    from planmodel.batch import prepare, preview
    from planmodel.batch import run as run_batch
    from planmodel.batch.execution import Settings
    from planmodel.batch.grids import read_grid

    limits = {"--jobs": jobs, "--time-limit": time_limit, "--memory-limit": memory_limit}
    expected, own = Phrase("commands.run.no_option"), [name for name, _ in others if name in OPTIONS_OF]
    faults = [
        Fault("-p", expected, name, do=Phrase("commands.run.use", option=OPTIONS_OF[name])) for name in own
    ]
    below = {name: value for name, value in limits.items() if not value >= 0}  # not a number neither
    faults += [Fault(name, Phrase("commands.at_least_0"), str(value)) for name, value in below.items()]
    refuse(faults)
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
        print(preview(prepare(**asked), folder, jobs, retry_failed, cli.language()))
        return cli.EXIT_OK
    how = {"jobs": jobs, "retry_failed": retry_failed, "scheduler": scheduler}
    settings = Settings(time_limit, memory_limit, not stock_kernels)
    report = run_batch(**asked, out=folder, settings=settings, **how)
    print(cli.from_here(report.index))
    return cli.EXIT_FAILED if report.failures else cli.EXIT_OK


def _value(text: str) -> object:
    """Return a parameter's value: whole numbers as such, null as nothing, everything else as text."""
    if text in ("null", "None"):
        return None
    return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text) else text


@cli.command(
    cli.argument("report", "FOLDER"),
    cli.option("--out", default="", metavar="FOLDER|FILE.zip", help="publication"),
    cli.option("--partial", is_flag=True, help="partial"),
)
def publish(report: str, out: str, partial: bool) -> None:
    from planmodel.batch.publish import publish as write

    made = write(Path(report), Path(out) if out else None, partial=partial)
    print(cli.from_here(made.path))
    if made.missing:
        shipped = phrase("publish.shipped", cli.language(), n=len(made.missing), pages=made.missing)
        print(f"planmodel: {shipped}", file=sys.stderr)


@cli.command(
    cli.argument("plans", "PLAN...", nargs=-1, required=True),
    cli.option("--format", "form", type=FORMATS, required=True, help="layout"),
    cli.several("--scenarios", metavar="SCENARIO...", help="scenarios"),
    cli.several("--shape", "shapes", metavar="SHAPE...", help="shapes"),
    cli.INDICATORS,
    cli.option("--out", default="", metavar="FILE", help="out_data"),
    cli.FORCE,
    *cli.NUMBERS,
)
def export(plans, form, scenarios, shapes, indicators, out, force, n_draws, seed) -> None:
    from planmodel.arithmetic.paths import PATH_SHAPES
    from planmodel.lab.study import check_parameters
    from planmodel.plans.scenarios import scenario_names, usual_scenarios

    allowed, path = SHEETS.get(form, ""), Path(out)
    if out and (not path.suffix or path.suffix.lower() not in allowed.split(" or ")):
        raise cli.mistake("--out", "file.ending" if allowed else "file.none", repr(out), ending=allowed)
    if out:
        cli.place_of(out)
    names = scenario_names() if scenarios == ("all",) else scenarios or usual_scenarios()
    chosen = {"plans": list(dict.fromkeys(plans)), "scenarios": list(dict.fromkeys(names))}
    study = check_parameters({**chosen, "n_draws": n_draws, "seed": seed})
    shapes = tuple(PATH_SHAPES) if shapes == ("all",) else shapes or ("constant_growth",)
    text, workbook = _writers(study, shapes, _known(study.plans, indicators))
    if not out:
        sys.stdout.write(text(form))
    elif path.suffix.lower() == ".xlsx":
        print(cli.write_file(path, workbook(), force=force))
    else:
        companion, ending = BESIDE[form]
        for file, kind in ((path, form), (path.with_name(path.stem + ending), companion)):
            print(cli.write_file(file, text(kind), force=force))


def _known(plans, indicators: tuple[str, ...]) -> tuple[str, ...]:
    """Return the indicators; one that no plan has a target of is refused."""
    known = {target.indicator.id: target.indicator for plan in plans for target in plan.targets}
    indicators = tuple(id_of(name, known) for name in indicators)
    check_known("indicators", indicators, known, Phrase("commands.export.no_plan"))
    return indicators


def _writers(study, shapes: tuple[str, ...], indicators: tuple[str, ...]):
    """Return the functions that give the text of a format and the workbook; what both need is made once."""
    from planmodel.exchange import check_shapes, plan_series
    from planmodel.exchange.iamc import meta_table, to_iamc
    from planmodel.exchange.sdmx import to_sdmx
    from planmodel.exchange.sdmx_structure import structure_message
    from planmodel.feasibility import assess_plan
    from planmodel.workbooks.sheets import Sheet, workbook_bytes

    check_shapes(shapes)
    catalogue = study.plan.catalogue

    @cache
    def results():
        assess = partial(assess_plan, indicators=indicators, n_draws=study.n_draws, seed=study.seed)
        return [assess(plan, scenario) for plan in study.plans for scenario in study.scenarios]

    def series():
        return [item for result in results() for item in plan_series(result, shapes)]

    def text(form: str) -> str:
        if form == "sdmx-structure":
            message = structure_message(catalogue, study.plans, study.scenarios)
            return json.dumps(message, ensure_ascii=False, indent=1) + "\n"
        return table(form).to_csv(index=False, lineterminator="\n")

    def table(form: str):
        if form == "iamc":
            return to_iamc(series(), catalogue)
        if form == "iamc-meta":
            return meta_table(results(), study.n_draws, study.seed)
        return to_sdmx(study.plans, series(), indicators)

    def workbook() -> bytes:
        return workbook_bytes([Sheet("data", table("iamc")), Sheet("meta", table("iamc-meta"))])

    return text, workbook

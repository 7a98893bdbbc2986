"""The command export: plans in the layouts of other offices."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from planmodel.commands.common import EXIT_OK, add_numbers, write_file
from planmodel.errors import Fault, PlanmodelError

FORMATS = ("iamc", "iamc-meta", "sdmx", "sdmx-structure")
BESIDE = {"iamc": ("iamc-meta", "-meta.csv"), "sdmx": ("sdmx-structure", "-structure.json")}
"""What is written beside the data, and how its name ends."""
SHEETS = {"iamc": ".csv or .xlsx", "sdmx": ".csv"}
"""How the name of a file may end; a workbook has the sheets data and meta."""


def add(commands) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser(
        "export", help="trajectories, fans, targets and observations for pyam (IAMC layout) or as SDMX-CSV"
    )
    command.add_argument("plans", nargs="+", metavar="PLAN", help="plans' names")
    command.add_argument("--format", choices=FORMATS, required=True, help="what to write")
    command.add_argument(
        "--scenarios", nargs="+", default=[], help="scenarios, or 'all' (default: baseline low high)"
    )
    command.add_argument(
        "--shape",
        nargs="+",
        default=["constant_growth"],
        help="path shapes, or 'all' (default: constant_growth)",
    )
    command.add_argument("--indicators", nargs="+", default=[], help="indicator ids (default: all)")
    command.add_argument(
        "--out",
        default="",
        metavar="FILE",
        help="file to write: .csv, with the meta table or the structure beside it, or for iamc .xlsx with sheets data "
        "and meta (default: print the data only)",
    )
    add_numbers(command)
    command.set_defaults(run=_export)


def _export(options) -> int:
    from planmodel.arithmetic.paths import PATH_SHAPES
    from planmodel.lab.study import check_parameters
    from planmodel.plans.scenarios import scenario_names

    out = Path(options.out) if options.out else None
    allowed = SHEETS.get(options.format, "")
    if out and (not out.suffix or out.suffix.lower() not in allowed.split(" or ")):
        wanted = f"a name that ends in {allowed}" if allowed else "no file: this format is printed"
        raise PlanmodelError(faults=[Fault("--out", wanted, repr(options.out))])
    names = options.scenarios or ["baseline", "low", "high"]
    names = list(scenario_names()) if names == ["all"] else names
    study = check_parameters(
        {
            "plans": list(dict.fromkeys(options.plans)),
            "scenarios": list(dict.fromkeys(names)),
            "n_draws": options.n_draws,
            "seed": options.seed,
        }
    )
    shapes = tuple(PATH_SHAPES) if options.shape == ["all"] else tuple(options.shape)
    text, workbook = _writers(study, shapes, _known(study.plans, options.indicators))
    if not out:
        sys.stdout.write(text(options.format))
        return EXIT_OK
    if out.suffix.lower() == ".xlsx":
        print(write_file(out, workbook()))
        return EXIT_OK
    companion, ending = BESIDE[options.format]
    for path, form in ((out, options.format), (out.with_name(out.stem + ending), companion)):
        print(write_file(path, text(form)))
    return EXIT_OK


def _known(plans, indicators: list[str]) -> tuple[str, ...]:
    """Return the indicators; one that no plan has a target of is refused."""
    from planmodel.errors import unknown

    known = {target.indicator.id for plan in plans for target in plan.targets}
    faults = [unknown("indicators", name, known) for name in indicators if name not in known]
    if faults:
        raise PlanmodelError("No plan has a target of that name." if len(faults) > 1 else "", faults)
    return tuple(indicators)


def _writers(study, shapes: tuple[str, ...], indicators: tuple[str, ...]):
    """Return the functions that give the text of a format and the workbook; what both need is made once."""
    from functools import cache

    from planmodel.exchange.iamc import meta_table, to_iamc
    from planmodel.exchange.interchange import check_shapes, export_results, plan_series
    from planmodel.exchange.sdmx import to_sdmx
    from planmodel.exchange.sdmx_structure import structure_message
    from planmodel.workbooks.sheets import Sheet, workbook_bytes

    check_shapes(shapes)
    catalogue = study.plan.catalogue

    @cache
    def results():
        numbers = {"n_draws": study.n_draws, "seed": study.seed}
        return export_results(study.plans, study.scenarios, indicators=indicators, **numbers)

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

"""The command export: plans in the layouts of other offices."""

from __future__ import annotations

import json
import sys
from functools import cache, partial
from pathlib import Path

from planmodel.commands.common import mistake, write_file
from planmodel.commands.parameters import INDICATORS, NUMBERS, argument, command, option, several
from planmodel.errors import PlanmodelError, unknown
from planmodel.words import Phrase

FORMATS = ("iamc", "iamc-meta", "sdmx", "sdmx-structure")
BESIDE = {"iamc": ("iamc-meta", "-meta.csv"), "sdmx": ("sdmx-structure", "-structure.json")}
"""What is written beside the data, and how its name ends."""
SHEETS = {"iamc": ".csv or .xlsx", "sdmx": ".csv"}
"""How the name of a file may end; a workbook has the sheets data and meta."""


@command(
    argument("plans", "PLAN...", nargs=-1, required=True),
    option("--format", "form", type=FORMATS, required=True, help="layout"),
    several("--scenarios", metavar="SCENARIO...", help="scenarios"),
    several("--shape", "shapes", metavar="SHAPE...", help="shapes"),
    INDICATORS,
    option("--out", default="", metavar="FILE", help="out_data"),
    *NUMBERS,
)
def export(plans, form, scenarios, shapes, indicators, out, n_draws, seed) -> None:
    """Trajectories, fans, targets and observations for pyam (IAMC layout) or as SDMX-CSV."""
    from planmodel.arithmetic.paths import PATH_SHAPES
    from planmodel.lab.study import check_parameters
    from planmodel.plans.scenarios import scenario_names

    allowed, path = SHEETS.get(form, ""), Path(out)
    if out and (not path.suffix or path.suffix.lower() not in allowed.split(" or ")):
        raise mistake("--out", "file.ending" if allowed else "file.none", repr(out), ending=allowed)
    names = scenario_names() if scenarios == ("all",) else scenarios or ("baseline", "low", "high")
    chosen = {"plans": list(dict.fromkeys(plans)), "scenarios": list(dict.fromkeys(names))}
    study = check_parameters({**chosen, "n_draws": n_draws, "seed": seed})
    shapes = tuple(PATH_SHAPES) if shapes == ("all",) else shapes or ("constant_growth",)
    text, workbook = _writers(study, shapes, _known(study.plans, indicators))
    if not out:
        sys.stdout.write(text(form))
    elif path.suffix.lower() == ".xlsx":
        print(write_file(path, workbook()))
    else:
        companion, ending = BESIDE[form]
        for file, kind in ((path, form), (path.with_name(path.stem + ending), companion)):
            print(write_file(file, text(kind)))


def _known(plans, indicators: tuple[str, ...]) -> tuple[str, ...]:
    """Return the indicators; one that no plan has a target of is refused."""
    known = {target.indicator.id for plan in plans for target in plan.targets}
    faults = [unknown("indicators", name, known) for name in indicators if name not in known]
    if faults:
        raise PlanmodelError(Phrase("commands.export.no_plan") if len(faults) > 1 else "", faults)
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

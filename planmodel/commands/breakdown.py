"""The command breakdown: a plan by year as a table or a workbook; a target by districts or sectors; contributions."""

from __future__ import annotations

import sys

from planmodel.commands.common import EXIT_OK, table_text, write_file
from planmodel.errors import Fault, PlanmodelError
from planmodel.words import LANGS


def add(commands) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser(
        "breakdown", help="what is due in which year, and who owes it; by districts or sectors with --by"
    )
    command.add_argument("plan", help="a plan's name")
    command.add_argument("--scenario", default="baseline", help="a scenario's name (default: baseline)")
    command.add_argument(
        "--shape", default="constant_growth", dest="path_shape", help="the path of the milestones"
    )
    command.add_argument(
        "--as-of", default="", metavar="PERIOD", help="outturns known by 2023, 2023Q3, ... (default: all)"
    )
    command.add_argument("--indicators", nargs="+", default=[], help="indicator ids (default: all)")
    command.add_argument("--owner", default="", help="only the targets of a body, as the plan prints it")
    command.add_argument("--by", choices=("districts", "sectors"), help="break one indicator's target down")
    command.add_argument("--indicator", default="", help="with --by: which (default: the plan's headline)")
    command.add_argument(
        "--shares",
        nargs="+",
        default=[],
        metavar="PART=SHARE",
        help="with --by: shares in %%, jiaojiang=15 or moving jiaojiang=15:17, or a CSV file (default: published ones)",
    )
    command.add_argument(
        "--rest", action="store_true", help="with --by: what no published figure covers is a part of its own"
    )
    command.add_argument(
        "--contributions", action="store_true", help="what each sector contributes to growth instead"
    )
    command.add_argument("--format", choices=("text", "csv", "json", "xlsx"), default="text")
    command.add_argument("--out", default="", metavar="FILE", help="write here instead of printing")
    command.add_argument("--lang", choices=LANGS, default="en", help="language (default: en)")
    command.set_defaults(run=_breakdown)


def _breakdown(options) -> int:
    from planmodel.lab.study import check_parameters

    _check(options)
    names = ("plan", "scenario", "indicators", "path_shape", "as_of", "lang")
    study = check_parameters({name: getattr(options, name) for name in names})
    if options.by:
        _parts(options, study)
    elif options.contributions:
        _contributions(options, study)
    else:
        _annual(options, study)
    return EXIT_OK


def _check(options) -> None:
    """Refuse options that do not go together."""
    faults = []
    for name in ("indicator", "shares", "rest"):
        if getattr(options, name) and not options.by:
            faults.append(Fault(f"--{name}", "--by districts or --by sectors beside it", "none"))
    if options.by and options.contributions:
        faults.append(Fault("--contributions", "no --by beside it", options.by))
    if options.owner and (options.by or options.contributions):
        faults.append(Fault("--owner", "the annual table", "another"))
    if options.format == "xlsx" and not options.out:
        faults.append(
            Fault("--out", "a file to write", "none", do=f"Add --out {options.plan}-breakdown.xlsx.")
        )
    if options.out.endswith(".xlsx") and options.format != "xlsx":
        faults.append(Fault("--format", "xlsx, as the file is named so", options.format))
    if faults:
        raise PlanmodelError(faults=faults)


def _annual(options, study) -> None:
    from dataclasses import replace

    from planmodel.breakdown import breakdown_table
    from planmodel.errors import unknown
    from planmodel.lab.views import breakdown_answer, breakdown_view, broken_down
    from planmodel.report.handout import breakdown_workbook

    result = broken_down(study)
    if options.owner:
        if options.owner not in result.owners:
            raise PlanmodelError(faults=[unknown("--owner", options.owner, result.owners)])
        lines = tuple(line for line in result.lines if options.owner in line.target.owner)
        result = replace(result, lines=lines)
    if options.format == "xlsx":
        _write(options.out, breakdown_workbook(result, study.lang))
    elif options.format == "text":
        text = breakdown_answer(result, study.lang).replace("\\", "").replace("**", "")
        _print(options, breakdown_view(result, study.lang), text)
    else:
        _print(options, breakdown_table(result, study.lang))


def _parts(options, study) -> None:
    from planmodel.breakdown import first_divisible, given_shares, split, split_table
    from planmodel.lab.views import split_rows, split_text
    from planmodel.report.handout import split_sheet
    from planmodel.workbooks.sheets import workbook_bytes

    plan, scenario = study.plan, study.scenario
    target = first_divisible(plan, options.indicator or plan.headline, scenario, study.path_shape)
    shares = given_shares(options.shares) if options.shares else None
    found = split(plan, target, scenario, study.path_shape, options.by, shares, rest=options.rest)
    if options.format == "xlsx":
        _write(options.out, workbook_bytes([split_sheet(plan, found, study.lang)]))
    elif options.format == "text":
        text = split_text(study, found, "").replace("\\", "").replace("**", "")
        _print(options, split_rows(found, study.lang), text)
    else:
        _print(options, split_table(plan, found, study.lang))


def _contributions(options, study) -> None:
    from planmodel.breakdown import contributions_table
    from planmodel.lab.views import growth_by_sector, sectors_answer
    from planmodel.report.handout import contributions_sheet
    from planmodel.workbooks.sheets import workbook_bytes

    growths = [g for found in growth_by_sector(study).values() for g in found]
    if options.format == "xlsx":
        _write(options.out, workbook_bytes([contributions_sheet(study.plan, growths, study.lang)]))
    elif options.format == "text":
        columns = [
            "whole",
            "base_year",
            "last_year",
            "prices",
            "planned",
            "growth",
            "sector",
            "sector_growth",
            "contribution",
        ]
        text = sectors_answer(study).replace("\\", "")
        table = contributions_table(study.plan, growths)[columns].round(2)
        _print(options, table[(table.sector != "gap") | (table.contribution.abs() > 0)], text)
    else:
        _print(options, contributions_table(study.plan, growths))


def _write(out: str, content: bytes) -> None:
    print(write_file(out, content))


def _print(options, table, text: str = "") -> None:
    """Print a table, or write it to --out."""
    said = f"{text}\n\n" if text else ""
    if len(table) or options.format != "text" or options.out:
        said += table_text(table, options.format)
    if options.out:
        print(write_file(options.out, said))
    else:
        sys.stdout.write(said)

"""The command assess: required growth, record, probability and verdict."""

from __future__ import annotations

from planmodel.commands.common import EXIT_OK, add_numbers, print_table
from planmodel.words import LANGS


def add(commands) -> None:
    """Add the commands to the parser."""
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
    add_numbers(command)
    command.add_argument("--lang", choices=LANGS, default="en", help="language of reasons (default: en)")
    command.set_defaults(run=_assess)


def _assess(options) -> int:
    from planmodel.feasibility import assess_plan
    from planmodel.lab.study import check_parameters
    from planmodel.tables.results import assessments_table

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
    print_table(table, options.format)
    return EXIT_OK

"""The command drivers: what would have to be true for a growth target."""

from __future__ import annotations

from planmodel.commands.common import EXIT_OK, print_table
from planmodel.words import LANGS


def add(commands) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser(
        "drivers", help="what investment, productivity or labour would have to be for a growth target"
    )
    command.add_argument("plan", help="a plan's name")
    command.add_argument(
        "--scenario", default="baseline", help="a scenario's name: its deflator (default: baseline)"
    )
    command.add_argument(
        "--indicator",
        "--indicators",
        nargs="+",
        default=[],
        dest="indicators",
        metavar="INDICATOR",
        help="gdp, gdp_per_capita or services_va (default: the plan's headline target of these)",
    )
    command.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        dest="assumptions",
        metavar="NAME=VALUE",
        help="assumptions in percent, such as investment_share=43 productivity=0.8 capital_output=3",
    )
    command.add_argument("--format", choices=("text", "csv", "json"), default="text")
    command.add_argument("--lang", choices=LANGS, default="en", help="language (default: en)")
    command.set_defaults(run=_drivers)


def _drivers(options) -> int:
    from planmodel.drivers import drivers
    from planmodel.lab.study import check_parameters
    from planmodel.tables.drivers import ASSUMPTIONS, NEEDS, drivers_answer
    from planmodel.tables.links import in_language
    from planmodel.tables.reading import read

    names = ("plan", "scenario", "indicators", "lang")
    given = {name: getattr(options, name) for name in names} | {"assumptions": ", ".join(options.assumptions)}
    study = check_parameters(given)
    lang = study.lang
    result = drivers(study.plan, study.scenario, study.assumptions, study.indicators)
    if options.format != "text":
        print_table(in_language(result.table, lang, 4), options.format)
        return EXIT_OK
    print(drivers_answer(result)[lang].replace("\\", "").replace("**", ""))
    if result.goal is not None:
        for table, columns in ((result.table, NEEDS), (result.assumptions_table, ASSUMPTIONS)):
            print()
            print_table(read(table, lang, columns).text, "text")
    return EXIT_OK

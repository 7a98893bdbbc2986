"""The command audit: where plans contradict themselves."""

from __future__ import annotations

import sys

from planmodel.commands.common import EXIT_FAILED, EXIT_OK, print_table
from planmodel.errors import Fault, PlanmodelError
from planmodel.words import LANGS


def add(commands) -> None:
    """Add the commands to the parser."""
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


def _audit(options) -> int:
    import pandas as pd

    from planmodel.audit import audit, changes_in, compare
    from planmodel.lab.views import audit_text
    from planmodel.plans import load_plan, plan_names
    from planmodel.tables.results import findings_table

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
        print_table(pd.concat(filled, ignore_index=True), options.format)
        for unused in [f"{result.plan.name}: {name}" for result in results for name in result.unused]:
            print(f"accepted, but no longer found: {unused}", file=sys.stderr)
    return EXIT_FAILED if any(result.contradictions for result in results) else EXIT_OK

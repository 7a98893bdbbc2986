"""Commands on one plan's figures: audit, assess, drivers, review."""

from __future__ import annotations

import sys

from planmodel.commands.common import EXIT_FAILED, EXIT_OK, mistake, print_table, unmarked, write_file
from planmodel.commands.parameters import (
    FORM,
    INDICATORS,
    LANG,
    NUMBERS,
    PLAN,
    SCENARIO,
    SHAPE,
    argument,
    command,
    option,
    several,
)
from planmodel.words import Phrase, phrase

SHOWN = (
    "table", "number", "part", "indicator", "required", "required_unit", "required_from_latest", "record", "reference",
    "reference_percentile", "probability", "verdict", "reason",
)  # fmt: skip
"""Columns of the assessments where they are printed for reading."""


@command(
    argument("plans", "[PLAN]...", nargs=-1),
    FORM,
    LANG,
    several("--set", "places", metavar="PLACE=NUMBER...", help="changes"),
)
def audit(plans: tuple[str, ...], form: str, lang: str, places: tuple[str, ...]) -> int:
    """Find where plans (default: all) contradict themselves."""
    import pandas as pd

    from planmodel.audit import audit, changes_in, compare
    from planmodel.plans import load_plan, plan_names
    from planmodel.tables.audit import audit_text
    from planmodel.tables.reading import in_language

    loaded = [load_plan(name) for name in dict.fromkeys(plans) or plan_names()]
    changes = changes_in(places)
    if changes and len(loaded) != 1:
        several_plans, do = Phrase("commands.audit.plans", n=len(loaded)), Phrase("commands.audit.name_it")
        raise mistake("--set", "audit.one_plan", several_plans, do)
    tried = compare(loaded[0], changes) if changes else None
    results = [tried.after] if tried else [audit(plan) for plan in loaded]
    if form == "text":
        print("\n\n".join(audit_text(result, lang, tried) for result in results))
    else:
        tables = [in_language(result.table, lang) for result in results]
        filled = [table for table in tables if len(table)] or tables[:1]
        print_table(pd.concat(filled, ignore_index=True), form)
        for result in results:
            for name in result.unused:
                print(
                    phrase("commands.audit.unused", lang, plan=result.plan.name, name=name), file=sys.stderr
                )
            for unheard in result.unheard:
                print(f"{result.plan.name}: {unheard.text[lang]}", file=sys.stderr)
    return EXIT_FAILED if any(result.contradictions for result in results) else EXIT_OK


@command(
    PLAN,
    SCENARIO,
    FORM,
    INDICATORS,
    option("--as-of", default="", metavar="PERIOD", help="as_of_known"),
    option("--reference", default="", help="reference"),
    *NUMBERS,
    LANG,
)
def assess(form: str, lang: str, **given) -> None:
    """Required growth, record, probability and verdict of each target."""
    from planmodel.feasibility import assess_plan
    from planmodel.lab.study import check_parameters
    from planmodel.tables.reading import in_language

    study = check_parameters({**given, "lang": lang})
    result = assess_plan(study.plan, study.scenario, indicators=study.indicators, **study.options)
    table = in_language(result.table, lang)
    print_table(table[list(SHOWN)] if form == "text" else table, form)


@command(
    PLAN,
    SCENARIO,
    several("--indicator", "--indicators", "indicators", metavar="ID...", help="outputs"),
    several("--set", "assumptions", metavar="NAME=VALUE...", help="assumptions"),
    FORM,
    LANG,
)
def drivers(form: str, assumptions: tuple[str, ...], **given) -> None:
    """What investment, productivity or labour would have to be for a growth target."""
    from planmodel.drivers import drivers
    from planmodel.lab.study import check_parameters
    from planmodel.tables.drivers import ASSUMPTIONS, NEEDS, drivers_answer
    from planmodel.tables.reading import in_language, read

    study = check_parameters({**given, "assumptions": ", ".join(assumptions)})
    result = drivers(study.plan, study.scenario, study.assumptions, study.indicators)
    if form != "text":
        return print_table(in_language(result.table, study.lang), form)
    print(unmarked(drivers_answer(result)[study.lang]))
    for table, columns in ((result.table, NEEDS), (result.assumptions_table, ASSUMPTIONS)):
        if result.goals:
            print()
            print_table(read(table, study.lang, columns).text, form)


@command(
    PLAN,
    option("--as-of", default="", metavar="PERIOD", help="as_of"),
    SCENARIO,
    SHAPE,
    INDICATORS,
    FORM,
    option("--final", is_flag=True, help="final"),
    option("--docx", default="", metavar="FILE", help="docx"),
    *NUMBERS,
    LANG,
)
def review(form: str, final: bool, docx: str, **given) -> None:
    """Where each target stands: milestone, progress, rate left, probability and light."""
    from planmodel.lab.study import check_parameters
    from planmodel.review import review
    from planmodel.tables.reading import in_language, read
    from planmodel.tables.review import REVIEW, final_answer, final_reading, judged, review_answer

    study = check_parameters(given)
    lang = study.lang
    result = review(
        study.plan,
        study.scenario,
        study.as_at,
        shape=study.path_shape,
        indicators=study.indicators,
        n_draws=study.n_draws,
        seed=study.seed,
    )
    if docx:
        from planmodel.report.document import review_document

        return print(write_file(docx, review_document(result, lang), ".docx"))
    if form != "text":
        table = result.final_table if final else result.table
        return print_table(in_language(table, lang), form)
    print(unmarked((final_answer if final else review_answer)(result)[lang]))
    rows = judged(result.table)
    reading = (
        final_reading(result, lang) if final else read(rows, lang, REVIEW, catalogue=study.plan.catalogue)
    )
    if len(reading.text):
        print()
        print_table(reading.text, form)

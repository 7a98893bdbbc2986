"""Commands on one plan's figures: audit, assess, draft, drivers, review."""

import sys

from planmodel.commands import parameters as cli
from planmodel.errors import PlanmodelError
from planmodel.words import Phrase, phrase, unmarked

WIDEST = 24  # letters of a cell of the assessments where they are printed for reading


@cli.command(
    cli.argument("plans", "[PLAN]...", nargs=-1),
    cli.FORM,
    cli.LANG,
    cli.several("--set", "places", metavar="PLACE=NUMBER...", help="changes"),
    cli.option("--deflators", is_flag=True, help="deflators"),
)
def audit(plans: tuple[str, ...], form: str, lang: str, places: tuple[str, ...], deflators: bool) -> int:
    import pandas as pd

    from planmodel.audit import audit, changes_in, compare
    from planmodel.plans import load_plan, sound_plans
    from planmodel.tables.audit import audit_text
    from planmodel.tables.reading import in_language

    faulty: dict[str, PlanmodelError] = {}
    loaded = [load_plan(name) for name in dict.fromkeys(plans)]
    if not plans:
        sound, faulty = sound_plans()
        loaded = list(sound)
    for error in faulty.values():
        print(error.text(lang), file=sys.stderr)
    if not loaded:
        return cli.EXIT_MISTAKE
    changes = changes_in(places)
    if changes and len(loaded) != 1:
        several_plans, do = Phrase("commands.audit.plans", n=len(loaded)), Phrase("commands.audit.name_it")
        raise cli.mistake("--set", "audit.one_plan", several_plans, do)
    tried = compare(loaded[0], changes) if changes else None
    results = [tried.after] if tried else [audit(plan) for plan in loaded]
    if form == "text":
        print("\n\n".join(audit_text(result, lang, tried) for result in results))
    else:
        tables = [result.deflators_table if deflators else result.table for result in results]
        filled = [in_language(table, lang) for table in [t for t in tables if len(t)] or tables[:1]]
        cli.print_table(pd.concat(filled, ignore_index=True), form)
        for result in results:
            plan = result.plan.name
            unused = [phrase("commands.audit.unused", lang, plan=plan, name=name) for name in result.unused]
            unheard = [f"{plan}: {unheard.text[lang]}" for unheard in result.unheard]
            sys.stderr.writelines(f"{line}\n" for line in (*unused, *unheard))
    if faulty:
        return cli.EXIT_MISTAKE
    return cli.EXIT_FAILED if any(result.contradictions for result in results) else cli.EXIT_OK


@cli.command(
    cli.PLAN,
    cli.SCENARIO,
    cli.FORM,
    cli.INDICATORS,
    cli.option("--as-of", default="", metavar="PERIOD", help="as_of_known"),
    cli.option("--reference", default="", help="reference"),
    cli.several("--set", "places", metavar="PLACE=NUMBER...", help="changes"),
    *cli.NUMBERS,
    cli.LANG,
)
def assess(form: str, places: tuple[str, ...], **given) -> None:
    from planmodel.audit import change_figures, changes_in
    from planmodel.feasibility import assess_plan
    from planmodel.lab.study import check_parameters
    from planmodel.tables.feasibility import IN_SHORT, judged
    from planmodel.tables.reading import by_reason, in_language, read

    study = check_parameters(given)
    plan = change_figures(study.plan, changes_in(places))
    result = assess_plan(plan, study.scenario, indicators=study.indicators, **study.options)
    if form != "text":
        return cli.print_table(in_language(result.table, study.lang), form)
    table = judged(result)
    shown = read(table[table["probability"].notna()], study.lang, IN_SHORT).told
    if len(shown):
        cli.print_table(
            shown.map(lambda text: f"{text[: WIDEST - 1]}…" if len(text) > WIDEST else text), form
        )
    unknown = result.table.query("probability.isna() and reason != ''")
    for row in by_reason(unknown, study.lang).data.itertuples():
        about = {"reason": row.reason, "n": row.n_targets, "numbers": [row.numbers]}
        print(phrase("commands.assess.unknown", study.lang, **about))


@cli.command(
    cli.PLAN,
    cli.several("--chance", "asked", metavar="P|NAME=P...", help="chance"),
    cli.option("--joint", type=float, default=0.0, metavar="P", help="joint"),
    cli.SCENARIO,
    cli.several("--scenarios", "others", metavar="SCENARIO...", help="beside"),
    cli.INDICATORS,
    cli.option("--as-of", default="", metavar="PERIOD", help="as_of_known"),
    cli.option("--redraft", is_flag=True, help="redraft"),
    cli.option("--accept", is_flag=True, help="accept"),
    cli.form_option("text", "csv", "json", "xlsx", "docx"),
    cli.option("--out", default="", metavar="FILE", help="out_file"),
    cli.FORCE,
    *cli.NUMBERS,
    cli.LANG,
)
def draft(asked, joint, others, redraft, accept, form, out, force, **given) -> None:
    from planmodel.drafting import chances_in, draft
    from planmodel.lab.study import check_parameters
    from planmodel.plans.scenarios import usual_scenarios
    from planmodel.tables.draft import DRAFT, OPEN, draft_answer, drafted, findings_lines, left_open
    from planmodel.tables.reading import in_language, read

    ending = out.lower().rpartition(".")[2]
    form = ending if form == "text" and ending in ("xlsx", "docx", "csv", "json") else form
    if form in ("xlsx", "docx") and not out:
        raise cli.mistake("--out", "draft.out", Phrase("commands.nothing"))
    if out:
        cli.place_of(out, f".{form}" if form in ("xlsx", "docx") else "")
    beside = others or [name for name in usual_scenarios() if name != given["scenario"]]
    study = check_parameters({**given, "scenarios": list(beside)})
    result = draft(
        study.plan, study.scenario, chance=chances_in(asked), joint=joint or None, redraft=redraft,
        scenarios=[s for s in study.scenarios if s.id != study.scenario.id], indicators=study.indicators,
        n_draws=study.n_draws, seed=study.seed, as_of=study.as_of,
    )  # fmt: skip
    if form == "xlsx":
        from planmodel.workbooks.handout import draft_workbook

        print(cli.write_file(out, draft_workbook(result, study.lang), ".xlsx", force))
    elif form == "docx":
        from planmodel.report.document import draft_document

        print(cli.write_file(out, draft_document(result, study.lang), ".docx", force))
    elif form == "text":
        parts = ((drafted(result), DRAFT), (left_open(result), OPEN))
        tables = [read(each, study.lang, cells, catalogue=study.plan.catalogue).told for each, cells in parts]
        findings = "\n".join(findings_lines(result, study.lang))
        text = cli.blocks(unmarked(draft_answer(result)[study.lang]), *tables, findings)
        cli.print_or_write(text, out, force)
    else:
        cli.print_or_write(cli.table_text(in_language(result.table, study.lang), form), out, force)
    if accept:
        from planmodel.workbooks.updating import accept_draft

        done = accept_draft(result)
        written = {"n": len(result.drafted), "file": done.folder / "targets.csv"}
        print(phrase("commands.draft.written", study.lang, **written))


@cli.command(
    cli.PLAN,
    cli.SCENARIO,
    cli.several("--indicator", "--indicators", "indicators", metavar="ID...", help="outputs"),
    cli.several("--set", "assumptions", metavar="NAME=VALUE...", help="assumptions"),
    cli.FORM,
    cli.LANG,
)
def drivers(form: str, assumptions: tuple[str, ...], **given) -> None:
    from planmodel.drivers import drivers
    from planmodel.lab.study import check_parameters
    from planmodel.tables.drivers import ASSUMPTIONS, NEEDS, drivers_answer
    from planmodel.tables.reading import in_language, read

    study = check_parameters({**given, "assumptions": ", ".join(assumptions)})
    result = drivers(study.plan, study.scenario, study.assumptions, study.indicators)
    if form != "text":
        return cli.print_table(in_language(result.table, study.lang), form)
    parts = ((result.table, NEEDS), (result.assumptions_table, ASSUMPTIONS)) if result.goals else ()
    tables = [read(table, study.lang, columns).told for table, columns in parts]
    sys.stdout.write(cli.blocks(unmarked(drivers_answer(result)[study.lang]), *tables))


@cli.command(
    cli.PLAN,
    cli.option("--as-of", default="", metavar="PERIOD", help="as_of"),
    cli.SCENARIO,
    cli.SHAPE,
    cli.INDICATORS,
    cli.FORM,
    cli.option("--final", is_flag=True, help="final"),
    cli.option("--docx", default="", metavar="FILE", help="docx"),
    cli.FORCE,
    *cli.NUMBERS,
    cli.LANG,
)
def review(form: str, final: bool, docx: str, force: bool, **given) -> None:
    from planmodel.lab.study import check_parameters
    from planmodel.review import review
    from planmodel.tables.reading import in_language, read
    from planmodel.tables.review import REVIEW, final_answer, final_reading, judged, review_answer

    if docx:
        cli.place_of(docx, ".docx")
    study = check_parameters(given)
    lang = study.lang
    result = review(
        study.plan, study.scenario, study.as_at, shape=study.path_shape, indicators=study.indicators,
        n_draws=study.n_draws, seed=study.seed,
    )  # fmt: skip
    if docx:
        from planmodel.report.document import review_document

        return print(cli.write_file(docx, review_document(result, lang), ".docx", force))
    if form != "text":
        return cli.print_table(in_language(result.final_table if final else result.table, lang), form)
    answer = (final_answer if final else review_answer)(result)[lang]
    rows = read(judged(result.table), lang, REVIEW, catalogue=study.plan.catalogue)
    reading = final_reading(result, lang) if final else rows
    sys.stdout.write(cli.blocks(unmarked(answer), reading.text))

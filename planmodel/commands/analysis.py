"""Commands on one plan's figures: audit, assess, drivers, review, breakdown."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

from planmodel.commands.parameters import (
    EXIT_FAILED,
    EXIT_MISTAKE,
    EXIT_OK,
    FORCE,
    FORM,
    INDICATORS,
    LANG,
    NUMBERS,
    PLAN,
    SCENARIO,
    SHAPE,
    argument,
    command,
    form_option,
    mistake,
    option,
    place_of,
    print_table,
    several,
    table_text,
    write_file,
)
from planmodel.errors import Fault, PlanmodelError, Say, unknown
from planmodel.words import Phrase, id_of, phrase, unmarked

WIDEST = 24
"""Letters of a cell of the assessments where they are printed for reading."""
SECTOR_COLUMNS = [
    "whole", "base_year", "last_year", "prices", "planned", "growth", "sector", "sector_growth", "contribution",
]  # fmt: skip
"""Of the contributions, where they are printed for reading."""


@command(
    argument("plans", "[PLAN]...", nargs=-1),
    FORM,
    LANG,
    several("--set", "places", metavar="PLACE=NUMBER...", help="changes"),
    option("--deflators", is_flag=True, help="deflators"),
)
def audit(plans: tuple[str, ...], form: str, lang: str, places: tuple[str, ...], deflators: bool) -> int:
    """Find where plans (default: all) contradict themselves."""
    import pandas as pd

    from planmodel.audit import audit, changes_in, compare
    from planmodel.plans import load_plan, sound_plans
    from planmodel.tables.audit import audit_text
    from planmodel.tables.reading import in_language

    faulty: dict[str, PlanmodelError] = {}
    loaded = [load_plan(name) for name in dict.fromkeys(plans)]
    if not plans:
        found, faulty = sound_plans()
        loaded = list(found)
    for error in faulty.values():
        print(error.text(lang), file=sys.stderr)
    if not loaded:
        return EXIT_MISTAKE
    changes = changes_in(places)
    if changes and len(loaded) != 1:
        several_plans, do = Phrase("commands.audit.plans", n=len(loaded)), Phrase("commands.audit.name_it")
        raise mistake("--set", "audit.one_plan", several_plans, do)
    tried = compare(loaded[0], changes) if changes else None
    results = [tried.after] if tried else [audit(plan) for plan in loaded]
    if form == "text":
        print("\n\n".join(audit_text(result, lang, tried) for result in results))
    else:
        tables = [result.deflators_table if deflators else result.table for result in results]
        filled = [in_language(table, lang) for table in [t for t in tables if len(t)] or tables[:1]]
        print_table(pd.concat(filled, ignore_index=True), form)
        for result in results:
            plan = result.plan.name
            unused = [phrase("commands.audit.unused", lang, plan=plan, name=name) for name in result.unused]
            unheard = [f"{plan}: {unheard.text[lang]}" for unheard in result.unheard]
            sys.stderr.writelines(f"{line}\n" for line in (*unused, *unheard))
    if faulty:
        return EXIT_MISTAKE
    return EXIT_FAILED if any(result.contradictions for result in results) else EXIT_OK


@command(
    PLAN,
    SCENARIO,
    FORM,
    INDICATORS,
    option("--as-of", default="", metavar="PERIOD", help="as_of_known"),
    option("--reference", default="", help="reference"),
    several("--set", "places", metavar="PLACE=NUMBER...", help="changes"),
    *NUMBERS,
    LANG,
)
def assess(form: str, places: tuple[str, ...], **given) -> None:
    """Required growth, record, probability and verdict of each target."""
    from planmodel.audit import change_figures, changes_in
    from planmodel.feasibility import assess_plan
    from planmodel.lab.study import check_parameters
    from planmodel.tables.feasibility import IN_SHORT, judged, reasons
    from planmodel.tables.reading import in_language, read

    study = check_parameters(given)
    plan = change_figures(study.plan, changes_in(places))
    result = assess_plan(plan, study.scenario, indicators=study.indicators, **study.options)
    if form != "text":
        return print_table(in_language(result.table, study.lang), form)
    table = judged(result)
    shown = read(table[table["probability"].notna()], study.lang, IN_SHORT).text
    if len(shown):
        print_table(shown.map(lambda text: f"{text[: WIDEST - 1]}…" if len(text) > WIDEST else text), form)
    for reason, numbers in reasons(result, study.lang).items():
        print(phrase("commands.assess.unknown", study.lang, reason=reason, n=len(numbers), numbers=numbers))


@command(
    PLAN,
    several("--chance", "asked", metavar="P|NAME=P...", help="chance"),
    option("--joint", type=float, default=0.0, metavar="P", help="joint"),
    SCENARIO,
    several("--scenarios", "others", metavar="SCENARIO...", help="beside"),
    INDICATORS,
    option("--as-of", default="", metavar="PERIOD", help="as_of_known"),
    option("--redraft", is_flag=True, help="redraft"),
    option("--accept", is_flag=True, help="accept"),
    form_option("text", "csv", "json", "xlsx", "docx"),
    option("--out", default="", metavar="FILE", help="out_file"),
    FORCE,
    *NUMBERS,
    LANG,
)
def draft(asked, joint, others, redraft, accept, form, out, force, **given) -> None:
    """Values of each target for its chance, rounded and in agreement."""
    from planmodel.drafting import chances_in, draft
    from planmodel.lab.study import check_parameters
    from planmodel.plans.scenarios import usual_scenarios
    from planmodel.tables.draft import DRAFT, OPEN, draft_answer, drafted, findings_lines, left_open
    from planmodel.tables.reading import in_language, read

    ending = out.lower().rpartition(".")[2]
    form = ending if form == "text" and ending in ("xlsx", "docx", "csv", "json") else form
    if form in ("xlsx", "docx") and not out:
        raise mistake("--out", "draft.out", Phrase("commands.nothing"))
    if out:
        place_of(out, f".{form}" if form in ("xlsx", "docx") else "")
    beside = others or [name for name in usual_scenarios() if name != given["scenario"]]
    study = check_parameters({**given, "scenarios": list(beside)})
    result = draft(
        study.plan, study.scenario, chance=chances_in(asked), joint=joint or None, redraft=redraft,
        scenarios=[s for s in study.scenarios if s.id != study.scenario.id], indicators=study.indicators,
        n_draws=study.n_draws, seed=study.seed, as_of=study.as_of,
    )  # fmt: skip
    if form == "xlsx":
        from planmodel.workbooks.handout import draft_workbook

        print(write_file(out, draft_workbook(result, study.lang), ".xlsx", force))
    elif form == "docx":
        from planmodel.report.document import draft_document

        print(write_file(out, draft_document(result, study.lang), ".docx", force))
    elif form == "text":
        tables = ((drafted(result), DRAFT), (left_open(result), OPEN))
        rows = [read(each, study.lang, cells, catalogue=study.plan.catalogue) for each, cells in tables]
        found = "\n".join(findings_lines(result, study.lang))
        answer = unmarked(draft_answer(result)[study.lang])
        parts = filter(
            None, (answer, *(table_text(each.text, form) for each in rows if len(each.data)), found)
        )
        _print_or_write("\n\n".join(part.rstrip("\n") for part in parts) + "\n", out, force)
    else:
        _print_or_write(table_text(in_language(result.table, study.lang), form), out, force)
    if accept:
        from planmodel.workbooks.updating import accept_draft

        done = accept_draft(result)
        written = {"n": len(result.drafted), "file": done.folder / "targets.csv"}
        print(phrase("commands.draft.written", study.lang, **written))


def _print_or_write(text: str, out: str, force: bool) -> None:
    if out:
        print(write_file(out, text, force=force))
    else:
        sys.stdout.write(text)


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
    FORCE,
    *NUMBERS,
    LANG,
)
def review(form: str, final: bool, docx: str, force: bool, **given) -> None:
    """Where each target stands: milestone, progress, rate left, probability and light."""
    from planmodel.lab.study import check_parameters
    from planmodel.review import review
    from planmodel.tables.reading import in_language, read
    from planmodel.tables.review import REVIEW, final_answer, final_reading, judged, review_answer

    if docx:
        place_of(docx, ".docx")
    study = check_parameters(given)
    plan, lang = study.plan, study.lang
    numbers: dict[str, Any] = {"n_draws": study.n_draws, "seed": study.seed}
    numbers |= {"shape": study.path_shape, "indicators": study.indicators}
    result = review(plan, study.scenario, study.as_at, **numbers)
    if docx:
        from planmodel.report.document import review_document

        return print(write_file(docx, review_document(result, lang), ".docx", force))
    if form != "text":
        return print_table(in_language(result.final_table if final else result.table, lang), form)
    print(unmarked((final_answer if final else review_answer)(result)[lang]))
    rows = read(judged(result.table), lang, REVIEW, catalogue=plan.catalogue)
    reading = final_reading(result, lang) if final else rows
    if len(reading.data):
        print()
        print_table(reading.text, form)


@dataclass(frozen=True)
class Breakdown:
    """What the command breakdown was asked for, beside the parameters of the study."""

    plan: str
    form: str
    out: str
    owner: str
    by: str | None
    indicator: str
    shares: tuple[str, ...]
    rest: bool
    contributions: bool
    force: bool

    def check(self) -> None:
        """Refuse options that do not go together."""
        nothing, other = Phrase("commands.nothing"), Phrase("commands.breakdown.other")
        add_out = Phrase("commands.breakdown.add_out", plan=self.plan)
        rules: list[tuple[object, str, str, Say, Say]] = [
            (self.indicator and not self.by, "indicator", "with_by", nothing, ""),
            (self.shares and not self.by, "shares", "with_by", nothing, ""),
            (self.rest and not self.by, "rest", "with_by", nothing, ""),
            (self.by and self.contributions, "contributions", "without_by", self.by or "", ""),
            (self.owner and (self.by or self.contributions), "owner", "annual", other, ""),
            (self.form == "xlsx" and not self.out, "out", "out", nothing, add_out),
            (self.out.endswith(".xlsx") and self.form != "xlsx", "format", "xlsx", self.form, ""),
        ]
        faults = [
            Fault(f"--{name}", Phrase(f"commands.breakdown.{wanted}"), found, do=do)
            for broken, name, wanted, found, do in rules
            if broken
        ]
        if faults:
            raise PlanmodelError(faults=faults)

    def print(self, table, text: str = "") -> None:
        """Print a table below a text, or write it to --out."""
        said = f"{text}\n\n" if text else ""
        if len(table) or self.form != "text" or self.out:
            said += table_text(table, self.form)
        if self.out:
            self.write(said)
        else:
            sys.stdout.write(said)

    def write(self, content: str | bytes) -> None:
        """Write to --out and say where."""
        print(write_file(self.out, content, force=self.force))

    def annual(self, study) -> None:
        """The plan by year."""
        from planmodel.breakdown import break_down
        from planmodel.plans.known import known_by
        from planmodel.tables.breakdown import annual_columns, annual_table, as_printed, breakdown_answer
        from planmodel.tables.reading import in_language, read
        from planmodel.workbooks.handout import breakdown_workbook

        how = {"indicators": study.indicators, "known": known_by(study.plan, study.as_at)}
        result = break_down(study.plan, study.scenario, study.path_shape, **how)
        if self.owner:
            if self.owner not in result.owners:
                raise PlanmodelError(faults=[unknown("--owner", self.owner, result.owners)])
            lines = tuple(line for line in result.lines if self.owner in line.target.owner)
            result = replace(result, lines=lines)
        if self.form == "xlsx":
            self.write(breakdown_workbook(result, study.lang))
        elif self.form == "text":
            table = read(annual_table(result), study.lang, annual_columns(result)).text
            self.print(table, unmarked(breakdown_answer(result)[study.lang]))
        else:
            self.print(in_language(as_printed(result.table), study.lang))

    def parts(self, study) -> None:
        """A target by districts or sectors."""
        from planmodel.breakdown import first_divisible, given_shares, split
        from planmodel.tables.breakdown import as_printed, parts_answer, parts_columns, parts_table
        from planmodel.tables.reading import in_language, read
        from planmodel.workbooks.handout import split_sheet
        from planmodel.workbooks.sheets import workbook_bytes

        plan, lang, how = study.plan, study.lang, (study.scenario, study.path_shape)
        indicator = id_of(self.indicator, plan.catalogue.indicators)
        target = first_divisible(plan, indicator, *how)
        shares = given_shares(list(self.shares)) if self.shares else None
        result = split(plan, target, *how, self.by or "", shares, rest=self.rest)
        if self.form == "xlsx":
            self.write(workbook_bytes([split_sheet(plan, result, lang)]))
        elif self.form == "text":
            table = read(parts_table(result), lang, parts_columns(result)).text
            self.print(table, unmarked(parts_answer(result, {}, plan)[lang]))
        else:
            self.print(in_language(as_printed(result.table), lang))

    def sectors(self, study) -> None:
        """The contributions to growth."""
        from planmodel.breakdown import contributions_table, growth_by_sector
        from planmodel.plans.known import known_by
        from planmodel.tables.breakdown import growth_answer
        from planmodel.workbooks.handout import contributions_sheet
        from planmodel.workbooks.sheets import workbook_bytes

        by_whole = growth_by_sector(known_by(study.plan, study.as_at))
        growths = [growth for each in by_whole.values() for growth in each]
        if self.form == "xlsx":
            sheet = contributions_sheet(study.plan, growths, study.lang)
            self.write(workbook_bytes([sheet]))
        elif self.form == "text":
            table = contributions_table(growths)[SECTOR_COLUMNS].round(2)
            shown = table[(table.sector != "gap") | (table.contribution.abs() > 0)]
            self.print(shown, unmarked(growth_answer(by_whole, study.plan)[study.lang]))
        else:
            self.print(contributions_table(growths))


@command(
    PLAN,
    SCENARIO,
    SHAPE,
    option("--as-of", default="", metavar="PERIOD", help="known_by"),
    INDICATORS,
    option("--owner", default="", help="owner"),
    option("--by", type=("districts", "sectors"), help="by"),
    option("--indicator", default="", help="indicator"),
    several("--shares", metavar="PART=SHARE...", help="shares"),
    option("--rest", is_flag=True, help="rest"),
    option("--contributions", is_flag=True, help="contributions"),
    form_option("text", "csv", "json", "xlsx"),
    option("--out", default="", metavar="FILE", help="out_file"),
    FORCE,
    LANG,
)
def breakdown(plan, scenario, path_shape, as_of, indicators, lang, **given) -> None:
    """What is due in which year, and who owes it; by districts or sectors with --by."""
    from planmodel.lab.study import check_parameters

    asked = Breakdown(plan, **given)
    asked.check()
    names = {"plan": plan, "scenario": scenario, "indicators": indicators, "as_of": as_of, "lang": lang}
    study = check_parameters({**names, "path_shape": path_shape})
    show = asked.parts if asked.by else asked.sectors if asked.contributions else asked.annual
    show(study)

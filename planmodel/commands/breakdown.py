"""The command breakdown: a plan by year as a table or a workbook; a target by districts or sectors; contributions."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from planmodel.commands.common import table_text, unmarked, write_file
from planmodel.commands.parameters import (
    INDICATORS,
    LANG,
    PLAN,
    SCENARIO,
    SHAPE,
    command,
    form_option,
    option,
    several,
)
from planmodel.errors import Fault, PlanmodelError, Say, unknown
from planmodel.words import Phrase

SECTOR_COLUMNS = [
    "whole", "base_year", "last_year", "prices", "planned", "growth", "sector", "sector_growth", "contribution",
]  # fmt: skip
"""Of the contributions, where they are printed for reading."""


@dataclass(frozen=True)
class Options:
    """What the command was asked for, beside the parameters of the study."""

    plan: str
    form: str
    out: str
    owner: str
    by: str | None
    indicator: str
    shares: tuple[str, ...]
    rest: bool
    contributions: bool

    def check(self) -> None:
        """Refuse options that do not go together."""
        faults = []

        def fault(option: str, wanted: str, found: Say, do: Say = "") -> None:
            faults.append(Fault(option, Phrase(f"commands.breakdown.{wanted}"), found, do=do))

        nothing = Phrase("commands.nothing")
        for name in ("indicator", "shares", "rest"):
            if getattr(self, name) and not self.by:
                fault(f"--{name}", "with_by", nothing)
        if self.by and self.contributions:
            fault("--contributions", "without_by", self.by)
        if self.owner and (self.by or self.contributions):
            fault("--owner", "annual", Phrase("commands.breakdown.other"))
        if self.form == "xlsx" and not self.out:
            fault("--out", "out", nothing, Phrase("commands.breakdown.add_out", plan=self.plan))
        if self.out.endswith(".xlsx") and self.form != "xlsx":
            fault("--format", "xlsx", self.form)
        if faults:
            raise PlanmodelError(faults=faults)

    def print(self, table, text: str = "") -> None:
        """Print a table below a text, or write it to --out."""
        said = f"{text}\n\n" if text else ""
        if len(table) or self.form != "text" or self.out:
            said += table_text(table, self.form)
        if self.out:
            print(write_file(self.out, said))
        else:
            sys.stdout.write(said)


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
    LANG,
)
def breakdown(plan, scenario, path_shape, as_of, indicators, lang, **given) -> None:
    """What is due in which year, and who owes it; by districts or sectors with --by."""
    from planmodel.lab.study import check_parameters

    options = Options(plan, **given)
    options.check()
    names = {"plan": plan, "scenario": scenario, "indicators": indicators}
    study = check_parameters({**names, "path_shape": path_shape, "as_of": as_of, "lang": lang})
    show = _parts if options.by else _contributions if options.contributions else _annual
    show(options, study)


def _annual(options: Options, study) -> None:
    from planmodel.breakdown import break_down
    from planmodel.plans.known import known_by
    from planmodel.tables.breakdown import annual_columns, annual_table, as_printed, breakdown_answer
    from planmodel.tables.reading import in_language, read
    from planmodel.workbooks.handout import breakdown_workbook

    plan, scenario, lang, known = study.plan, study.scenario, study.lang, known_by(study.plan, study.as_at)
    result = break_down(plan, scenario, study.path_shape, indicators=study.indicators, known=known)
    if options.owner:
        if options.owner not in result.owners:
            raise PlanmodelError(faults=[unknown("--owner", options.owner, result.owners)])
        lines = tuple(line for line in result.lines if options.owner in line.target.owner)
        result = replace(result, lines=lines)
    if options.form == "xlsx":
        print(write_file(options.out, breakdown_workbook(result, lang)))
    elif options.form == "text":
        table = read(annual_table(result), lang, annual_columns(result)).text
        options.print(table, unmarked(breakdown_answer(result)[lang]))
    else:
        options.print(in_language(as_printed(result.table), lang))


def _parts(options: Options, study) -> None:
    from planmodel.breakdown import first_divisible, given_shares, split
    from planmodel.tables.breakdown import as_printed, parts_answer, parts_columns, parts_table
    from planmodel.tables.reading import in_language, read
    from planmodel.workbooks.handout import split_sheet
    from planmodel.workbooks.sheets import workbook_bytes

    plan, scenario, lang = study.plan, study.scenario, study.lang
    target = first_divisible(plan, options.indicator or plan.headline, scenario, study.path_shape)
    shares = given_shares(list(options.shares)) if options.shares else None
    result = split(plan, target, scenario, study.path_shape, options.by or "", shares, rest=options.rest)
    if options.form == "xlsx":
        print(write_file(options.out, workbook_bytes([split_sheet(plan, result, lang)])))
    elif options.form == "text":
        table = read(parts_table(result), lang, parts_columns(result)).text
        options.print(table, unmarked(parts_answer(result, {}, plan)[lang]))
    else:
        options.print(in_language(as_printed(result.table), lang))


def _contributions(options: Options, study) -> None:
    from planmodel.breakdown import contributions_table, growth_by_sector
    from planmodel.plans.known import known_by
    from planmodel.tables.breakdown import growth_answer
    from planmodel.workbooks.handout import contributions_sheet
    from planmodel.workbooks.sheets import workbook_bytes

    by_whole = growth_by_sector(known_by(study.plan, study.as_at))
    growths = [growth for each in by_whole.values() for growth in each]
    if options.form == "xlsx":
        sheet = contributions_sheet(study.plan, growths, study.lang)
        print(write_file(options.out, workbook_bytes([sheet])))
    elif options.form == "text":
        table = contributions_table(growths)[SECTOR_COLUMNS].round(2)
        shown = table[(table.sector != "gap") | (table.contribution.abs() > 0)]
        options.print(shown, unmarked(growth_answer(by_whole, study.plan)[study.lang]))
    else:
        options.print(contributions_table(growths))

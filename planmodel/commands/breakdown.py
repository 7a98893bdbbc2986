"""The command breakdown: a plan by year, a target by districts or sectors, growth by what contributes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from planmodel.commands import parameters as cli
from planmodel.errors import Fault, Say, check_known, refuse
from planmodel.words import Phrase, Text, id_of, unmarked

if TYPE_CHECKING:
    import pandas as pd

    from planmodel.lab.study import Study

SECTOR_COLUMNS = [
    "whole", "base_year", "last_year", "prices", "planned", "growth", "sector", "sector_growth", "contribution",
]  # fmt: skip
"""Of the contributions, where they are printed for reading."""


class Made(NamedTuple):
    """A breakdown: the answer, its table as it is read and as files have it, and its workbook, made when they are asked for."""

    answer: Text
    shown: Callable[[], pd.DataFrame]
    table: Callable[[], pd.DataFrame]
    workbook: Callable[[], bytes]


@cli.command(
    cli.PLAN,
    cli.SCENARIO,
    cli.SHAPE,
    cli.option("--as-of", default="", metavar="PERIOD", help="known_by"),
    cli.INDICATORS,
    cli.option("--owner", default="", help="owner"),
    cli.option("--by", type=("districts", "sectors"), help="by"),
    cli.option("--indicator", default="", help="indicator"),
    cli.several("--shares", metavar="PART=SHARE...", help="shares"),
    cli.option("--rest", is_flag=True, help="rest"),
    cli.option("--contributions", is_flag=True, help="contributions"),
    cli.form_option("text", "csv", "json", "xlsx"),
    cli.option("--out", default="", metavar="FILE", help="out_file"),
    cli.FORCE,
    cli.LANG,
)
def breakdown(form, out, force, owner, by, indicator, shares, rest, contributions, **given) -> None:
    from planmodel.lab.study import check_parameters

    nothing, other = Phrase("commands.nothing"), Phrase("commands.breakdown.other")
    add_out = Phrase("commands.breakdown.add_out", plan=given["plan"])
    rules: list[tuple[object, str, str, Say, Say]] = [
        (indicator and not by, "indicator", "with_by", nothing, ""),
        (shares and not by, "shares", "with_by", nothing, ""),
        (rest and not by, "rest", "with_by", nothing, ""),
        (by and contributions, "contributions", "without_by", by or "", ""),
        (owner and (by or contributions), "owner", "annual", other, ""),
        (form == "xlsx" and not out, "out", "out", nothing, add_out),
        (out.endswith(".xlsx") and form != "xlsx", "format", "xlsx", form, ""),
    ]
    faults = [
        Fault(f"--{name}", Phrase(f"commands.breakdown.{wanted}"), found, do=do)
        for broken, name, wanted, found, do in rules
        if broken
    ]
    refuse(faults)
    study = check_parameters(given)
    if by:
        made = _by_part(study, by, indicator, shares, rest)
    else:
        made = _by_sector(study) if contributions else _by_year(study, owner)
    if form == "xlsx":
        print(cli.write_file(out, made.workbook(), force=force))
    elif form == "text":
        cli.print_or_write(cli.blocks(unmarked(made.answer[study.lang]), made.shown()), out, force)
    else:
        cli.print_or_write(cli.table_text(made.table(), form), out, force)


def _by_year(study: Study, owner: str) -> Made:
    """The plan by year, all of it or what a body owes."""
    from planmodel.breakdown import break_down
    from planmodel.plans.known import known_by
    from planmodel.tables.breakdown import annual_columns, annual_table, as_printed, breakdown_answer
    from planmodel.tables.reading import in_language, read
    from planmodel.workbooks.handout import breakdown_workbook

    known, shape = known_by(study.plan, study.as_at), study.path_shape
    result = break_down(study.plan, study.scenario, shape, indicators=study.indicators, known=known)
    if owner:
        check_known("--owner", [owner], result.owners)
        result = replace(result, lines=tuple(line for line in result.lines if owner in line.target.owner))
    return Made(
        breakdown_answer(result),
        lambda: read(annual_table(result), study.lang, annual_columns(result)).text,
        lambda: in_language(as_printed(result.table), study.lang),
        lambda: breakdown_workbook(result, study.lang),
    )


def _by_part(study: Study, by: str, indicator: str, shares: tuple[str, ...], rest: bool) -> Made:
    """A target by districts or sectors."""
    from planmodel.breakdown import first_divisible, given_shares, split
    from planmodel.tables.breakdown import as_printed, parts_answer, parts_columns, parts_table
    from planmodel.tables.reading import in_language, read
    from planmodel.workbooks.handout import split_sheet
    from planmodel.workbooks.sheets import workbook_bytes

    plan, how = study.plan, (study.scenario, study.path_shape)
    target = first_divisible(plan, id_of(indicator, plan.catalogue.indicators), *how)
    given = given_shares(list(shares)) if shares else None
    result = split(plan, target, *how, by, given, rest=rest)
    return Made(
        parts_answer(result, {}, plan),
        lambda: read(parts_table(result), study.lang, parts_columns(result)).text,
        lambda: in_language(as_printed(result.table), study.lang),
        lambda: workbook_bytes([split_sheet(plan, result, study.lang)]),
    )


def _by_sector(study: Study) -> Made:
    """The contributions of sectors to growth."""
    from planmodel.breakdown import contributions_table, growth_by_sector
    from planmodel.plans.known import known_by
    from planmodel.tables.breakdown import growth_answer
    from planmodel.workbooks.handout import contributions_sheet
    from planmodel.workbooks.sheets import workbook_bytes

    by_whole = growth_by_sector(known_by(study.plan, study.as_at))
    growths = [growth for each in by_whole.values() for growth in each]

    def shown() -> pd.DataFrame:
        table = contributions_table(growths)[SECTOR_COLUMNS].round(2)
        return table[(table.sector != "gap") | (table.contribution.abs() > 0)]

    return Made(
        growth_answer(by_whole, study.plan),
        shown,
        lambda: contributions_table(growths),
        lambda: workbook_bytes([contributions_sheet(study.plan, growths, study.lang)]),
    )

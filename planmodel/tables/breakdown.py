"""Breakdowns for reading: a plan by year, who owes what, contributions to growth, a target by its parts; the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from planmodel.breakdown import Breakdown, Line, SectorGrowth, Split
from planmodel.breakdown.annual import COLUMNS
from planmodel.breakdown.lines import BY_YEAR
from planmodel.feasibility.selection import place
from planmodel.plans import Plan
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.cells import Cell, missing, number_text, promise_text, unit_text
from planmodel.words import (
    Joined,
    Phrase,
    Text,
    by_language,
    figure,
    in_percent,
    phrase,
    said,
    thousands,
    with_unit,
    word,
    yearly,
)

DUE = "●"
"""Stands in the year by which a target without a figure is due."""
PRINTED = ("base", "figure", "flow")
OF_A_YEAR = (
    "year",
    "figure",
    "figure_printed",
    "flow",
    "flow_printed",
    "asked",
    "node",
    "outturn",
    "derived",
)
"""Columns of a breakdown that speak of one year; the others speak of the target."""
DIGITS = {"%/year": 1}
"""Decimals of what a year asks; of points and units two."""
Shown = Mapping[str, Cell | None]
"""Columns for `read`, with the cells of this subject."""


def as_printed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of a breakdown or a split as files have it: figures as text, with the decimals of print."""
    printed = {name: table[f"{name}_printed"] for name in PRINTED if f"{name}_printed" in table}
    made = table.assign(**printed)
    return made[list(COLUMNS)] if "base" in printed else made.drop(columns="figure_printed")


def annual_table(result: Breakdown, owner: str = "") -> pd.DataFrame:
    """Return one row a promise, and a column a year with the figure due in it, as printed; binding targets first.

    owner: only the targets of a body, with its role. by_year: whether each year has a figure. asked: what a year needs;
    asked_last: the last year's, where the years differ. latest: the last known figure.

    >>> from planmodel import load_plan, load_scenario
    >>> from planmodel.breakdown import break_down
    >>> table = annual_table(break_down(load_plan("taizhou-services-14fyp"), load_scenario("baseline")))
    >>> table.loc[table.number == "1", ["2021", "2025", "asked"]].round(2).values.tolist()[0]
    ['2895', '4000', 8.42]
    """
    rows = []
    for line, years in _by_target(result):
        if owner and owner not in line["owner"].split("; "):
            continue
        line["role"] = "leads" if line["owner"].split("; ")[0] == owner else "takes_part"
        asked = [due["asked"] for due in years if not missing(due["asked"])]
        same = len({round(value, DIGITS.get(line["asked_unit"], 2)) for value in asked}) <= 1
        latest: Mapping = next((due for due in reversed(years) if not missing(due["outturn"])), {})
        nodes = ", ".join(str(due["year"]) for due in years if due["node"])
        notes = [line["reason"], Phrase("breakdown.nodes", years=nodes) if nodes else ""]
        due_by = line["target_year"] if not years and line["status"] == "printed" else None
        rows.append(
            line
            | {str(year): DUE if year == due_by else "" for year in result.years}
            | {str(due["year"]): due["figure_printed"] for due in years}
            | {
                "asked": asked[0] if asked else None,
                "asked_last": None if same else asked[-1],
                "latest": latest.get("outturn"),
                "latest_year": latest.get("year"),
                "latest_derived": latest.get("derived", False),
                "remarks": Joined(notes, "clauses"),
            }
        )
    return _framed(rows)


def asked_table(result: Breakdown) -> pd.DataFrame:
    """Return one row a promise with a path, and a column a year with what it asks: growth in %, points, units, or the flow."""
    rows = []
    for line, years in _by_target(result):
        asked = {
            str(due["year"]): due["flow_printed"] or due["asked"]
            for due in years
            if not missing(due["asked"])
        }
        if asked:
            rows.append(line | dict.fromkeys(map(str, result.years), "") | asked)
    return _framed(rows)


def _framed(rows: list[dict]) -> pd.DataFrame:
    """A table of promises; without any it still can be asked which have a figure for each year."""
    return pd.DataFrame(rows) if rows else pd.DataFrame({"by_year": pd.Series(dtype=bool)})


def _by_target(result: Breakdown) -> Iterable[tuple[dict, list[dict]]]:
    """Return of each promise what is said of the target, and what is due in its years."""
    table = replace(result, lines=result.promises).table
    for _, own in table.groupby(["table", "number", "part"], sort=False):
        years = own.to_dict("records")
        line = {name: value for name, value in years[0].items() if name not in OF_A_YEAR}
        line |= {"by_year": own["measure"].iloc[0] in BY_YEAR, "plan_base_year": result.plan.base_year}
        line["plan_year"] = result.plan.period[1]
        yield line, [due for due in years if not missing(due["year"])]


def owners_table(result: Breakdown) -> pd.DataFrame:
    """Return one row a responsible body: how many targets it leads and shares, and which; no row where none is named."""
    rows = []
    for owner in result.owners:
        own = annual_table(result, owner)
        leads = int((own["role"] == "leads").sum()) if len(own) else 0
        targets = Phrase("breakdown.bodies", names=list(own["name"]) if len(own) else [])
        rows.append({"owner": owner, "leads": leads, "takes_part": len(own) - leads, "targets": targets})
    return pd.DataFrame(rows, columns=["owner", "leads", "takes_part", "targets"])


def annual_columns(result: Breakdown, owner: str = "") -> Shown:
    """Return the columns of the table by year; bodies and attributes where the plan names any."""
    years: Shown = {str(year): _printed(str(year)) for year in result.years}
    return {
        "number": number_text,
        "indicator": _name,
        **({"role": lambda row, lang, catalogue: word(row["role"], lang)} if owner else {}),
        **_owned(result),
        **({"attribute": None} if any(line.target.attribute != "none" for line in result.lines) else {}),
        "unit": _unit,
        "counted_as": lambda row, lang, catalogue: phrase(f"breakdown.measure.{row['measure']}", lang),
        "base": _base,
        **years,
        "target": _goal,
        "asked": _asked,
        "latest": _latest,
        "remarks": lambda row, lang, catalogue: said(row["remarks"], lang),
    }  # fmt: skip


def undivided_columns(result: Breakdown) -> Shown:
    """Return the columns of the targets without a figure for each year."""
    return {
        "number": number_text,
        "indicator": _name,
        **_owned(result),
        "target": _promise,
        "deadline": lambda row, lang, catalogue: str(row["target_year"]),
        "reason": lambda row, lang, catalogue: said(row["remarks"], lang),
    }


def asked_columns(result: Breakdown) -> Shown:
    """Return the columns of what each year asks."""
    years: Shown = {str(year): _asked_in(str(year)) for year in result.years}
    return {"number": number_text, "indicator": _name, "unit": _asked_unit, **years, "target": _promise}


OWNERS: Shown = {
    "owner": lambda row, lang, catalogue: catalogue.owner_name(row["owner"], lang),
    "leads": None,
    "takes_part": None,
    "targets": None,
}


def _owned(result: Breakdown) -> Shown:
    def owners(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        names = [catalogue.owner_name(owner, lang) for owner in row["owner"].split("; ") if owner]
        return phrase("breakdown.bodies", lang, names=names)

    return {"owner": owners} if any(line.target.owner for line in result.lines) else {}


def _name(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return said(row["name"], lang)


def _unit(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return catalogue.units[row["unit"]].name(lang) if row["unit"] in catalogue.units else ""


def _printed(name: str) -> Cell:
    """The cell of a figure as printed, with its thousands grouped."""
    return lambda row, lang, catalogue: _grouped(row[name])


def _grouped(printed: str) -> str:
    return printed if printed in ("", DUE) else thousands(Decimal(printed))


def _base(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if not row["base_printed"] or row["measure"] == "cumulated":
        return ""
    year = "" if row["base_year"] == row["plan_base_year"] else f" ({row['base_year']:.0f})"
    return _grouped(row["base_printed"]) + year


def _promise(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return promise_text({**row, "unit": row["target_unit"]}, lang, catalogue)


def _goal(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    goal = _promise(row, lang, catalogue)
    if row["target_year"] == row["plan_year"] or missing(row["target_value"]):
        return goal
    return phrase("breakdown.by_year", lang, goal=goal, year=row["target_year"])


def _asked(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """What a year asks: one rate, or the first and the last year's where they differ."""
    ends = [row["asked"], row["asked_last"]]
    return " → ".join(_rate(value, row["asked_unit"], lang) for value in ends if not missing(value))


def _rate(value: float, unit: str, lang: str) -> str:
    return said(yearly(value, unit), lang) if unit in ("%/year", "pp/year") else figure(round(value, 2))


def _asked_in(year: str) -> Cell:
    """The cell of what one year asks: a flow as printed, a rate with one decimal, else two at most."""

    def text(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        value = row[year]
        if isinstance(value, str):
            return _grouped(value)
        shown = f"{value:.1f}" if row["asked_unit"] == "%/year" else f"{value:.2f}".rstrip("0").rstrip(".")
        return shown.replace("-", "−")

    return text


def _asked_unit(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if row["asked_unit"] in ("%/year", "pp/year"):
        return phrase(
            f"breakdown.asked_in.{row['asked_unit'].partition('/')[0].replace('%', 'percent')}", lang
        )
    return _unit(row, lang, catalogue)


def _latest(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if missing(row["latest"]):
        return ""
    return f"{'≈' if row['latest_derived'] else ''}{figure(row['latest'])} ({row['latest_year']:.0f})"


def breakdown_notes(result: Breakdown) -> tuple[Text, ...]:
    """Return the notes under the table: what its figures are, which targets bind, who leads."""
    lines = result.promises
    stated = any(line.target.attribute != "none" for line in lines)
    owned = sum(bool(line.target.owner) for line in lines)
    binding = sum(line.target.binding for line in lines)
    return (
        Phrase("breakdown.note.path", shape=Phrase(f"terms.{result.shape}")),
        Phrase("breakdown.note.measures"),
        Phrase("breakdown.note.asked", sign=DUE),
        Phrase("breakdown.note.binding", n=binding) if stated else Phrase("breakdown.note.unstated"),
        Phrase("breakdown.note.owned", n=len(lines) - owned) if owned else Phrase("breakdown.note.unowned"),
    )


def breakdown_answer(result: Breakdown) -> Text:
    """Return the answer: how many targets have figures by year, and what the first of them asks."""
    plan, lines = result.plan, result.promises
    by_year = [line for line in lines if line.by_year]
    if not by_year:
        return Phrase("breakdown.answer.none", n=len(lines))
    ways = [line for line in by_year if line.measure in ("level", "index")]
    first = min(ways or by_year, key=lambda line: place(line.target, plan))
    due = [each for each in first.years if each.year in result.years]
    late = next((each for each in reversed(due) if each.outturn is not None), None)
    unit: object = plan.catalogue.units.get(first.unit, "")
    owned = sum(bool(line.target.owner) for line in lines)
    some = Phrase(
        "breakdown.answer.some",
        n=len(lines),
        by_year=len(by_year),
        rest=_not_by_year(lines),
        name=first.target.indicator,
        unit=Phrase("breakdown.answer.index") if first.measure == "index" else unit,
        steps=", ".join(f"{each.year}: {thousands(each.figure)}" for each in due if each.figure is not None),
        late=late
        and Phrase("breakdown.answer.late", year=late.year, derived=late.derived, figure=late.outturn)
        or "",
    )
    bodies = Phrase("breakdown.answer.owned", n=owned, bodies=len(result.owners))
    return Joined([some, bodies if owned else Phrase("breakdown.note.unowned")])


def _not_by_year(lines: Iterable[Line]) -> Text | str:
    """How many targets have no figure for each year, by why; nothing said of none."""
    measures = [line.measure for line in lines]
    counts = {
        "final": measures.count("final"),
        "blank": measures.count("none"),
        "printed": measures.count("printed"),
    }
    parts = [Phrase(f"breakdown.answer.{why}", n=n) for why, n in counts.items() if n]
    return Phrase("breakdown.answer.rest", parts=parts) if parts else ""


def part_name(plan: Plan, name: str) -> object:
    """Return what a part of a whole is called: an indicator, the rest, or what rounding leaves."""
    return plan.catalogue.indicators.get(name) or Phrase(f"breakdown.part.{name}")


def spans_table(growths: Iterable[SectorGrowth], plan: Plan) -> pd.DataFrame:
    """Return one row a span and whole: growth a year in %, and each part's contribution in points; they add up."""
    rows = []
    for growth in growths:
        parts = [(part.id, part.contribution) for part in growth.slices]
        if abs(growth.gap) >= 0.00005:
            parts.append(("gap", growth.gap))
        pieces = [
            Phrase("breakdown.piece", name=part_name(plan, name), points=100 * value) for name, value in parts
        ]
        rows.append(
            {
                "whole": by_language(plan.catalogue.indicators[growth.whole].name),
                "years": growth.years,
                "outturn_or_target": Phrase("terms.target" if growth.planned else "terms.outturn"),
                "prices": Phrase(f"breakdown.prices.{growth.prices}"),
                "growth": None if growth.growth is None else 100 * growth.growth,
                "contributions": Joined(pieces, "clauses"),
                "from": growth.formula or ", ".join(growth.targets),
            }
        )
    return pd.DataFrame(rows)


def _percent_cell(name: str, digits: int) -> Cell:
    return lambda row, lang, catalogue: in_percent(row[name], digits)


SPANS: Shown = {
    "whole": None,
    "years": None,
    "outturn_or_target": None,
    "prices": None,
    "growth_a_year": _percent_cell("growth", 2),
    "contributions": None,
    "from": None,
}


def growth_answer(by_whole: Mapping[str, tuple[SectorGrowth, ...]], plan: Plan) -> Text:
    """Return what drove growth and what the plan asks of each sector; what is missing, plainly."""
    if not by_whole:
        return Phrase("breakdown.growth.none")
    said_of: list[Text] = []
    for whole, growths in by_whole.items():
        name, planned = plan.catalogue.indicators[whole], [growth for growth in growths if growth.planned]
        past = [growth for growth in growths if not growth.planned]
        said_of += [_drove(growth, name, plan) for growth in (*past[-1:], *planned)]
        if not planned:
            said_of.append(Phrase("breakdown.growth.no_targets", whole=name))
    return Joined(said_of)


def _drove(growth: SectorGrowth, whole: object, plan: Plan) -> Text:
    top = max(growth.slices, key=lambda part: part.contribution)
    fields = {"whole": whole, "sector": part_name(plan, top.id), "points": 100 * top.contribution}
    if growth.growth is None:
        return Phrase("breakdown.growth.open", **fields, year=growth.last_year, base_year=growth.base_year)
    return Phrase(
        "breakdown.growth.target" if growth.planned else "breakdown.growth.outturn",
        **fields,
        years=growth.years,
        one=growth.n_years == 1,
        growth=growth.growth,
        prices=Phrase(f"breakdown.prices.{growth.prices}"),
        share=in_percent(100 * top.contribution / growth.growth, 0) if growth.growth > 0 else "",
    )


def parts_table(result: Split | None) -> pd.DataFrame:
    """Return one row a part, and the whole last: shares in the first and last year, figures by year, growth in % a year."""
    if result is None:
        return pd.DataFrame()
    table = as_printed(result.table)
    rows = []
    for _, own in table.groupby("part", sort=False):
        years = own.to_dict("records")
        row = {
            "part_name": years[0]["name"],
            "share": 100 * years[0]["share"],
            "share_last": 100 * years[-1]["share"],
        }
        rows.append(
            row | {str(each["year"]): each["figure"] for each in years} | {"growth": years[0]["growth"]}
        )
    return pd.DataFrame(rows)


def parts_columns(result: Split) -> Shown:
    """Return the columns of a target's parts."""

    def growth(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        return (
            ""
            if row["part_name"] == Phrase("breakdown.total")
            else _percent_cell("growth", 1)(row, lang, catalogue)
        )

    def share(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        if row["part_name"] == Phrase("breakdown.total"):
            return "100%"
        ends = [in_percent(row[name]) for name in ("share", "share_last")]
        return " → ".join(dict.fromkeys(ends))

    years: Shown = {str(year): _printed(str(year)) for year in result.years}
    return {"part_name": None, "share": share, **years, "growth_a_year": growth}


def parts_answer(result: Split | None, why: Mapping[str, str], plan: Plan) -> Text:
    """Return what the parts of a target are, or plainly what is missing."""
    if result is None:
        command = f"planmodel breakdown {plan.name} --by districts --shares PART=SHARE ..."
        return Phrase("breakdown.parts.none", why=why, command=command)
    last, given = result.years[-1], result.shares.year is None
    shares = Phrase("breakdown.parts.shares_of", year=result.shares.year)
    parts = [
        Phrase("breakdown.parts.part", name=part.name, figure=thousands(part.figures[last]))
        for part in result.parts
    ]
    answer = Phrase(
        f"breakdown.parts.{result.by}",
        name=result.line.target.indicator,
        year=last,
        goal=figure_in_unit(result.whole[last], result.line.unit, plan),
        shares=Phrase("breakdown.parts.shares_given") if given else shares,
        parts=parts,
    )
    rest = any(part.id == "rest" for part in result.parts)
    return Joined([answer, Phrase("breakdown.parts.rest") if rest else ""])


def figure_in_unit(value: Decimal, unit: str, plan: Plan) -> Mapping[str, str]:
    """Return a printed figure with its unit, by language."""
    return by_language(lambda lang: with_unit(thousands(value), unit_text(unit, lang, plan.catalogue), lang))

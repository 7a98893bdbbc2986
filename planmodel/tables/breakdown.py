"""Breakdowns for reading: a plan by year, who owes what, contributions to growth, a target by its parts; the answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from planmodel.breakdown import Breakdown, SectorGrowth, Split
from planmodel.breakdown.annual import BY_YEAR, COLUMNS
from planmodel.plans import Plan
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.promises import place
from planmodel.tables.promises import missing, promise_from, unit_text
from planmodel.tables.reading import Cell, Cells, coded, usual
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
    with_more,
    with_unit,
    yearly,
)

DUE = "●"  # stands in the year by which a target without a figure is due
PRINTED = ("base", "figure", "flow")
OF_A_YEAR = (
    "year", "figure", "figure_printed", "flow", "flow_printed", "asked", "node", "outturn", "derived",
)  # fmt: skip
"""Columns of a breakdown that speak of one year; the others speak of the target."""
LATEST = {"": "outturn", "_year": "year", "_derived": "derived"}
"""What is said of the last known figure: ends of columns, and the columns of its year."""
DIGITS = {"%/year": 1}  # decimals of what a year asks; of points and units two
A_YEAR = {"%/year": "breakdown.asked_in.percent", "pp/year": "breakdown.asked_in.pp"}


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
        owners = line["owner"].split("; ")
        if owner and owner not in owners:
            continue
        asked = [due["asked"] for due in years if not missing(due["asked"])]
        same = len({round(value, DIGITS.get(line["asked_unit"], 2)) for value in asked}) <= 1
        known: list[Mapping] = [due for due in years if not missing(due["outturn"])]
        latest = known[-1] if known else {"derived": False}
        nodes = ", ".join(str(due["year"]) for due in years if due["node"])
        notes = [line["reason"], Phrase("breakdown.nodes", years=nodes) if nodes else ""]
        figures = dict.fromkeys(map(str, result.years), "")
        if not years and line["status"] == "printed" and str(line["target_year"]) in figures:
            figures[str(line["target_year"])] = DUE
        figures |= {str(due["year"]): due["figure_printed"] for due in years}
        ends = {"asked": asked[0] if asked else None, "asked_last": None if same else asked[-1]}
        ends |= {f"latest{end}": latest.get(name) for end, name in LATEST.items()}
        role = "leads" if owners[0] == owner else "takes_part"
        rows.append(line | {"role": role} | figures | ends | {"remarks": Joined(notes, "clauses")})
    return _framed(rows)


def asked_table(result: Breakdown) -> pd.DataFrame:
    """Return one row a promise with a path, and a column a year with what it asks: growth in %, points, units, or the flow."""
    rows = []
    for line, years in _by_target(result):
        asked = [due for due in years if not missing(due["asked"])]
        if asked:
            figures = {str(due["year"]): due["flow_printed"] or due["asked"] for due in asked}
            rows.append(line | dict.fromkeys(map(str, result.years), "") | figures)
    return _framed(rows)


def _framed(rows: list[dict]) -> pd.DataFrame:
    """A table of promises; without any it still can be asked which have a figure for each year, and who leads."""
    empty = {"by_year": pd.Series(dtype=bool), "role": [], "name": []}
    return pd.DataFrame(rows or empty)


def _by_target(result: Breakdown) -> Iterator[tuple[dict, list[dict]]]:
    """Return of each promise what is said of the target, and what is due in its years."""
    table = replace(result, lines=result.promises).table
    for _, own in table.groupby(["table", "number", "part"], sort=False):
        years = own.to_dict("records")
        line = {name: value for name, value in years[0].items() if name not in OF_A_YEAR}
        line |= {"by_year": line["measure"] in BY_YEAR, "plan_base_year": result.plan.base_year}
        line["plan_year"] = result.plan.period[1]
        yield line, [due for due in years if not missing(due["year"])]


def owners_table(result: Breakdown) -> pd.DataFrame:
    """Return one row a responsible body: how many targets it leads and shares, and which; no row where none is named."""
    rows = []
    for owner in result.owners:
        own = annual_table(result, owner)
        leads = int((own["role"] == "leads").sum())
        targets = Phrase("breakdown.bodies", names=list(own["name"]))
        rows.append((owner, leads, len(own) - leads, targets))
    return pd.DataFrame(rows, columns=list(OWNERS))


def _named(result: Breakdown, owner: str = "") -> Cells:
    """The columns by which a target is known; its bodies where the plan names any."""
    owned = any(line.target.owner for line in result.lines)
    cells = {"number": None, "indicator": "{name}", **({"role": "{role:term}"} if owner else {})}
    return {**cells, **({"owner": _owners} if owned else {})}


def annual_columns(result: Breakdown, owner: str = "") -> Cells:
    """Return the columns of the table by year; bodies and attributes where the plan names any."""
    stated = any(line.target.attribute != "none" for line in result.lines)
    return {
        **_named(result, owner), **({"attribute": None} if stated else {}), "unit": _unit,
        "counted_as": coded("measure", "breakdown.measure."), "base": _base, **_by_year(result, _grouped),
        "target": _goal, "asked": _asked, "latest": _latest, "remarks": None,
    }  # fmt: skip


def undivided_columns(result: Breakdown) -> Cells:
    """Return the columns of the targets without a figure for each year."""
    return {**_named(result), "target": _promise, "deadline": "{target_year}", "reason": usual("remarks")}


def asked_columns(result: Breakdown) -> Cells:
    """Return the columns of what each year asks."""
    return {
        "number": None, "indicator": "{name}", "unit": _asked_unit, **_by_year(result, _asked_in), "target": _promise,
    }  # fmt: skip


OWNERS: Cells = {
    "owner": lambda row, lang, catalogue: catalogue.owner_name(row["owner"], lang),
    **dict.fromkeys(("leads", "takes_part", "targets")),
}


def _owners(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    names = [catalogue.owner_name(owner, lang) for owner in row["owner"].split("; ") if owner]
    return phrase("breakdown.bodies", lang, names=names)


def _by_year(result: Breakdown | Split, text) -> Cells:
    """A column a year; text: of the cell, from its value and the row."""

    def column(year: str) -> Cell:
        return lambda row, lang, catalogue: text(row[year], row)

    return {str(year): column(str(year)) for year in result.years}


def _grouped(printed: str, row: Mapping) -> str:
    """A figure as printed, with its thousands grouped."""
    return printed if printed in ("", DUE) else thousands(Decimal(printed))


def _asked_in(value: str | float, row: Mapping) -> str:
    """What one year asks: a flow as printed, a rate with one decimal, else two at most."""
    if isinstance(value, str):
        return _grouped(value, row)
    shown = f"{value:.1f}" if row["asked_unit"] == "%/year" else f"{value:.2f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")


def _unit(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return catalogue.units[row["unit"]].name(lang) if row["unit"] in catalogue.units else ""


def _asked_unit(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    known = A_YEAR.get(row["asked_unit"])
    return phrase(known, lang) if known else _unit(row, lang, catalogue)


def _base(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if not row["base_printed"] or row["measure"] == "cumulated":
        return ""
    text = _grouped(row["base_printed"], row)
    return (
        text
        if row["base_year"] == row["plan_base_year"]
        else with_more(text, f"{row['base_year']:.0f}", lang)
    )


_promise = promise_from(unit="target_unit")


def _goal(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    goal = _promise(row, lang, catalogue)
    if row["target_year"] == row["plan_year"] or missing(row["target_value"]):
        return goal
    return phrase("breakdown.by_year", lang, goal=goal, year=row["target_year"])


def _asked(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """What a year asks: one rate, or the first and the last year's where they differ."""
    ends, unit = [row[name] for name in ("asked", "asked_last") if not missing(row[name])], row["asked_unit"]
    texts = (yearly(value, unit) if unit in A_YEAR else figure(round(value, 2)) for value in ends)
    return " → ".join(said(text, lang) for text in texts)


def _latest(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if missing(row["latest"]):
        return ""
    text = f"{'≈' if row['latest_derived'] else ''}{figure(row['latest'])}"
    return with_more(text, f"{row['latest_year']:.0f}", lang)


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
    seen = (each for each in due if each.outturn is not None)
    late = [Phrase("breakdown.answer.late", **vars(each) | {"figure": each.outturn}) for each in seen]
    index, unit = Phrase("breakdown.answer.index"), plan.catalogue.units.get(first.unit, "")
    measures = [line.measure for line in lines]
    counts = {"final": "final", "blank": "none", "printed": "printed"}  # why there is no figure for each year
    numbers = {why: measures.count(name) for why, name in counts.items()}
    rest = [Phrase(f"breakdown.answer.{why}", n=n) for why, n in numbers.items() if n]
    some = Phrase(
        "breakdown.answer.some", n=len(lines), by_year=len(by_year), name=first.target.indicator,
        steps=Joined(
            [Phrase("charts.at.year", year=each.year, text=thousands(each.figure)) for each in due if each.figure is not None],
            "list",
        ),
        rest=Phrase("breakdown.answer.rest", parts=rest) if rest else "",
        unit=index if first.measure == "index" else unit, late=late[-1] if late else "",
    )  # fmt: skip
    owned = sum(bool(line.target.owner) for line in lines)
    bodies = Phrase("breakdown.answer.owned", n=owned, bodies=len(result.owners))
    return Joined([some, bodies if owned else Phrase("breakdown.note.unowned")])


def part_name(plan: Plan, name: str) -> object:
    """Return what a part of a whole is called: an indicator, the rest, or what rounding leaves."""
    return plan.catalogue.indicators.get(name) or Phrase(f"breakdown.part.{name}")


SPANS: Cells = {
    **dict.fromkeys(("whole", "years", "outturn_or_target", "prices")), "growth_a_year": "{growth:in_percent.2}",
    **dict.fromkeys(("contributions", "from")),
}  # fmt: skip


def spans_table(growths: Iterable[SectorGrowth], plan: Plan) -> pd.DataFrame:
    """Return one row a span and whole: growth a year in %, and each part's contribution in points; they add up."""
    rows = []
    for growth in growths:
        gap = [("gap", growth.gap)] if abs(growth.gap) >= 0.00005 else []
        parts = [*((part.id, part.contribution) for part in growth.slices), *gap]
        named = ((part_name(plan, name), 100 * value) for name, value in parts)
        pieces = [Phrase("breakdown.piece", name=name, points=points) for name, points in named]
        rows.append({
            "whole": by_language(plan.catalogue.indicators[growth.whole].name), "years": growth.years,
            "outturn_or_target": Phrase("terms.target" if growth.planned else "terms.outturn"),
            "prices": Phrase(f"breakdown.prices.{growth.prices}"),
            "growth": None if growth.growth is None else 100 * growth.growth,
            "contributions": Joined(pieces, "clauses"), "from": growth.formula or ", ".join(growth.targets),
        })  # fmt: skip
    return pd.DataFrame(rows)


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
    share = in_percent(100 * top.contribution / growth.growth, 0) if growth.growth > 0 else ""
    prices = Phrase(f"breakdown.prices.{growth.prices}")
    return Phrase(
        "breakdown.growth.target" if growth.planned else "breakdown.growth.outturn", **fields, years=growth.years,
        one=growth.n_years == 1, growth=growth.growth, prices=prices, share=share,
    )  # fmt: skip


def parts_table(result: Split | None) -> pd.DataFrame:
    """Return one row a part, and the whole last: shares in the first and last year, figures by year, growth in % a year."""
    if result is None:
        return pd.DataFrame()
    rows = [
        {"part_name": part.name}
        | {name: 100 * part.shares[result.years[at]] for name, at in (("share", 0), ("share_last", -1))}
        | {str(year): str(value) for year, value in part.figures.items()}
        | {"growth": None if part.growth is None else 100 * part.growth}
        for part in (*result.parts, result.total)
    ]
    return pd.DataFrame(rows).astype({"growth": float})


def parts_columns(result: Split) -> Cells:
    """Return the columns of a target's parts."""

    def but_total(total: str, *names: str) -> Cell:
        def text(row: Mapping, lang: str, catalogue: Catalogue) -> str:
            whole = row["part_name"] == result.total.name
            return total if whole else " → ".join(dict.fromkeys(in_percent(row[name]) for name in names))

        return text

    share, growth = but_total("100%", "share", "share_last"), but_total("", "growth")
    return {"part_name": None, "share": share, **_by_year(result, _grouped), "growth_a_year": growth}


def parts_answer(result: Split | None, why: Mapping[str, str], plan: Plan) -> Text:
    """Return what the parts of a target are, or plainly what is missing."""
    if result is None:
        command = f"planmodel breakdown {plan.name} --by districts --shares PART=SHARE ..."
        return Phrase("breakdown.parts.none", why=why, command=command)
    last, year, unit = result.years[-1], result.shares.year, result.line.unit
    shares = Phrase(f"breakdown.parts.shares.{'given' if year is None else 'of'}", when=result.shares.when)
    parts = pieces(result)
    whole = thousands(result.whole[last])
    goal = by_language(lambda lang: with_unit(whole, unit_text(unit, lang, plan.catalogue), lang))
    fields = {"name": result.line.target.indicator, "year": last, "goal": goal, "shares": shares}
    answer = Phrase(f"breakdown.parts.{result.by}", parts=parts, **fields)
    rest = any(part.id == "rest" for part in result.parts)
    return Joined([answer, Phrase("breakdown.parts.rest") if rest else ""])


def pieces(result: Split) -> list[Phrase]:
    """Return each part of a target with its figure in the last year."""
    key, last = "breakdown.parts.part", result.years[-1]
    return [Phrase(key, name=part.name, figure=thousands(part.figures[last])) for part in result.parts]

"""The growth accounting as it is read: its columns, its answer in words, its sources."""

from collections.abc import Mapping
from functools import partial, reduce

from planmodel.arithmetic.accounting import capital_path
from planmodel.drivers import NAMES, Drivers
from planmodel.files.reading import shipped
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.promises import missing, number_of, promise
from planmodel.tables.reading import NONE, Cell, Cells, coded
from planmodel.words import (
    Joined,
    Phrase,
    Text,
    by_language,
    figure,
    in_percent,
    link,
    phrase,
    said,
    with_more,
)

RISE = 0.05  # points by which a share rises at least, where growth is said to rest on it
CLOSE = 5e-4
"""Growth that differs by less than this is called the same: half a tenth of a point."""


def amount(value: float | None, unit: str, lang: str, digits: int = 1) -> str:
    """Return a figure of the accounting for reading: 42.6%, 3 years.

    >>> amount(3.0, "years", "en"), amount(42.6, "%", "zh")
    ('3 years', '42.6%')
    """
    if unit == "years" and value is not None and not missing(value):
        return phrase("drivers.years", lang, figure=figure(round(value, 2)))
    return in_percent(value, digits)


def needed_text(value: float | None, why: str, unit: str, lang: str) -> str:
    """Return what one term would have to be, or why nothing would do."""
    if not why:
        return amount(value, unit, lang)
    if why == "above_output" and not missing(value):
        return phrase("drivers.above_output_by", lang, amount=amount(value, unit, lang))
    return phrase(f"drivers.{why}", lang)


def _of(name: str, **digits: int) -> Cell:
    """The cell of a figure in the unit beside it; digits: of rows by name, where they are not 1."""
    return lambda row, lang, _: amount(row[name], row["unit"], lang, digits.get(row.get("name", ""), 1))


def _needed(side: str = "") -> Cell:
    return lambda row, lang, _: needed_text(row[f"needed{side}_pct"], row[f"why{side}"], "%", lang)


def _china(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    ends = _range(row, "china", lang)
    if row["china_years"] is not None:
        return with_more(ends, row["china_years"].replace("-", "–"), lang)
    return ends if row["china"] is None else with_more(amount(row["china"], row["unit"], lang), ends, lang)


def _range(row: Mapping, name: str, lang: str) -> str:
    ends = [amount(row[f"{name}_{end}"], row["unit"], lang) for end in ("low", "high")]
    return NONE if ends[0] == NONE else " – ".join(ends)


def _among_countries(row: Mapping, lang: str, _: Catalogue) -> str:
    here = row["percentile"]
    if here is None:
        return phrase("drivers.flag.no_record", lang)
    return phrase("drivers.below_all", lang) if here < 1 else _above(min(here, 99), lang)


def _above(percentile: float | None, lang: str) -> str:
    return NONE if percentile is None else phrase("drivers.above", lang, place=f"{percentile:.0f}")


def _dated(row: Mapping, lang: str, _: Catalogue) -> str:
    return ", ".join(text for text in (row["year"].replace("-", "–"), row["date"]) if text) or NONE


def _years(row: Mapping, lang: str, _: Catalogue) -> str:
    return "–".join(dict.fromkeys(f"{row[name]:.0f}" for name in ("first_year", "last_year")))


BESIDE: Cells = {
    "flag": coded("flag", "drivers.flag."), "countries": lambda row, lang, _: _range(row, "countries", lang), "china": _china,
}  # fmt: skip
"""What others had."""
NEEDS: Cells = {
    "term": "{term:term}", "assumed": _of("assumed_pct"), "needed": _needed(), **BESIDE, "among_countries": _among_countries,
}  # fmt: skip
"""Of `Drivers.table`."""
ASSUMPTIONS: Cells = {
    "assumption": "{name:term}", "value": _of("value", population=2), "flag": BESIDE["flag"],
    "origin": coded("origin", "drivers.origin."), "source": None, "dated": _dated, **BESIDE,
}  # fmt: skip
"""Of `Drivers.assumptions_table`."""
GOALS: Cells = {
    "number": None, "indicator": None, "target": None, "years": _years, "real_growth": "{growth_pct:in_percent.2}",
    "steps": lambda row, lang, _: said(row["reason"] or row["steps"], lang),
    "among_prefectures": lambda row, lang, _: _above(row["class_percentile"], lang),
}  # fmt: skip
"""Of `Drivers.goals_table`."""
OWN_RECORD: Cells = {
    "own_record": coded("name", "drivers.own."), "figure": _of("value", investment=0), "years": _years, "note": "{note}",
}  # fmt: skip
"""Of `own_record`."""
SWINGS: Cells = {
    "assumption": "{name:term}", "lower": _of("low"), "needed_low": _needed("_low"), "higher": _of("high"),
    "needed_high": _needed("_high"),
}  # fmt: skip
"""Of `swings`."""


def drivers_answer(result: Drivers) -> Text:
    """Return the answer in words: what the target asks for, what the assumptions give, and what would close the gap."""
    goal = result.goal
    if goal is None:
        return Phrase("drivers.answer.none", reason=result.reason)
    target, reached = goal.target, result.reached
    asked = Phrase(
        "drivers.answer.asked",
        name=target.indicator, promise=promise(target, result.plan.catalogue),
        number=by_language(lambda lang: number_of(target, lang)), output=Phrase(f"drivers.output.{goal.output}"),
        first=target.base_year + 1, last=target.target_year, growth=goal.growth, reached=reached, steps=goal.steps,
    )  # fmt: skip
    if reached >= goal.growth - CLOSE:
        parts: list[Text] = [Joined([asked, Phrase("drivers.answer.carries")])]
    else:
        parts = [asked, _one_at_a_time(result)]
    return Joined([*parts, _against_past(result, goal.growth)], "paragraphs")


def _one_at_a_time(result: Drivers) -> Text:
    ways, cannot = [], []
    rows = result.table.set_index("term").loc[["investment_share", "productivity", "labour"]]
    for row in rows.itertuples():
        figures = (row.needed_pct, row.assumed_pct)
        needed, assumed = (by_language(partial(amount, value, row.unit)) for value in figures)
        fields = {"term": Phrase(f"drivers.answer.term.{row.Index}"), "amount": needed}
        if row.attainable:
            flag = Phrase(f"drivers.flag.{row.flag}")
            ways.append(Phrase("drivers.answer.way", assumed=assumed, flag=flag, **fields))
        else:
            why = row.why + ("_by" if row.why == "above_output" and not missing(row.needed_pct) else "")
            cannot.append(Phrase(f"drivers.answer.cannot.{why}", **fields))
    if not ways:
        return Joined(cannot)
    either = reduce(lambda first, then: Phrase("drivers.answer.or", first=first, then=then), ways)
    return Joined([Phrase("drivers.answer.alone", ways=either), *cannot])


def _against_past(result: Drivers, growth: float) -> Text | None:
    past, goal = result.past, result.goal
    if past is None or goal is None or result.past_productivity is None:
        return None
    fields = {"first": past.first_year + 1, "last": past.last_year, "growth": past.growth}
    notes = Phrase("drivers.answer.note", notes=past.notes) if past.notes else ""
    text = Phrase("drivers.answer.past", notes=notes, productivity=result.past_productivity, **fields)
    by_share = goal.share_rise > RISE and growth < past.growth
    return Joined([text, Phrase("drivers.answer.by_share") if by_share else None])


def path_answer(result: Drivers) -> Text:
    """Return what happens to the capital-output ratio over the plan, and to growth, with investment as assumed."""
    if result.goal is None:
        return Joined([])
    path = capital_path(result.assumptions, result.goal.n_years)
    ratios, growth = path.capital_output, path.growth
    fields = {"ratio": ratios[0], "end": ratios[-1], "growth": growth[0], "final": growth[-1]}
    key = "drivers.path.rises" if ratios[-1] > ratios[0] else "drivers.path.falls"
    return Phrase(key, last=result.goal.target.target_year, **fields)


def drivers_sources(result: Drivers) -> Text:
    """Return the publishers of the figures that are assumed, and of the record, with their addresses where they have one."""
    table = shipped("accounting")
    cited: dict[str, Phrase] = {}
    for one in (result.assumed[name] for name in NAMES if result.assumed[name].year):
        address = f" {link(one.url)}" if one.url else ""
        dated = Phrase("drivers.sources.dated", source=one.source, date=one.date, url=address)
        cited.setdefault(one.url or one.source["en"], dated)
    years = {name: table[name] for name in ("n_years", "first_year")}
    sample = Phrase("drivers.sources.sample", millions=f"{table['fewest_people_m']:g}", **years)
    record = {"source": Phrase("drivers.sources.table"), "sample": sample, "url": link(table["url"])}
    cited[table["url"]] = Phrase("drivers.sources.record", **record)
    return Joined([Phrase("drivers.sources.method"), Joined(cited.values(), "lines")], "paragraphs")

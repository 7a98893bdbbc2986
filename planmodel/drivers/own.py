"""What the region itself has a record of: growth, what productivity it leaves over, investment, employment."""

from __future__ import annotations

import pandas as pd

from planmodel.drivers.goals import GDP, levels_of
from planmodel.drivers.results import Drivers
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase

COLUMNS = ("name", "value", "unit", "first_year", "last_year", "note")


def own_record(result: Drivers) -> pd.DataFrame:
    """Return one row a figure, % (a year): growth, productivity, investment, employment past and promised.

    investment: fixed-asset investment over GDP, which is no investment share. employment, promised_employment: what growth
    and labour productivity together imply.
    """
    plan, region, past, goal = result.plan, result.plan.region, result.past, result.goal
    rows: list[tuple] = []

    def add(name: str, value: float, years: tuple[int, int], note: object = "") -> None:
        rows.append((name, 100 * value, "%" if name == "investment" else "%/year", *years, note))

    if past is not None:
        years = past.first_year + 1, past.last_year
        add("growth", past.growth, years, Joined(past.notes, "clauses"))
        if result.past_productivity is not None:
            add("productivity", result.past_productivity, years, Phrase("drivers.own.note.productivity"))
    investment, gdp = (levels_of(plan, name, region) for name in ("fixed_investment", GDP))
    both = [int(year) for year in investment.index if year in gdp.index]
    if both:
        last = both[-1]
        note = Phrase("drivers.own.note.investment")
        add("investment", float(investment[last] / gdp[last]), (last, last), note)
    if past is not None:
        asked = ("labour_productivity", region, "mean_growth", past.first_year + 1, past.last_year)
        for seen in plan.observations:
            if (seen.indicator, seen.region, seen.measure, seen.first_year, seen.last_year) == asked:
                note = Phrase("drivers.own.note.employment", rate=f"{seen.value:g}")
                add("employment", (1 + past.growth) / (1 + seen.value / 100) - 1, asked[3:], note)
                break
    if goal is not None and goal.output == GDP:
        promised = ("labour_productivity", region, "annual_growth", goal.target.target_year)
        for target in plan.targets:
            key = (target.indicator.id, target.region, target.kind, target.target_year)
            if key == promised and target.target_value:
                rate = f"{COMPARATOR_SIGNS.get(target.comparator, '')}{target.target_value:g}"
                years = target.base_year + 1, target.target_year
                value = (1 + goal.growth) / (1 + target.target_value / 100) - 1
                add("promised_employment", value, years, Phrase("drivers.own.note.promised", rate=rate))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.attrs["name"] = "own-record"
    return table

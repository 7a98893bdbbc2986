"""What a reader sees of comparisons: chances by scenario, plans side by side, and the answers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans import load_plan
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.promises import promises
from planmodel.tables.cells import NONE, Cell
from planmodel.tables.feasibility import share_cell
from planmodel.tables.reading import Reading, read
from planmodel.words import Joined, Phrase, Text, percent, word

Results = Mapping[str, PlanAssessment]
KEY = ["table", "number", "part"]


def _plan(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return load_plan(row["plan"]).short[lang]


PLANS: Mapping[str, Cell | None] = {
    "plan": _plan,
    "n_targets": None,
    "n_assessable": None,
    "within_record": None,
    "stretch": None,
    "beyond_record": None,
    "joint": share_cell("joint"),
    "joint_binding": share_cell("joint_binding"),
}
"""Of the table of plans side by side."""
SHARED: Mapping[str, Cell | None] = {
    "indicator": None,
    "plan": _plan,
    "target": None,
    "required": None,
    "record": None,
    "probability": share_cell("probability"),
    "verdict": None,
}
"""Of the table of what several plans promise."""


def read_scenarios(table: pd.DataFrame, results: Results, lang: str) -> Reading:
    """Return the chances of targets as read, a column a scenario; table: see comparing.scenarios_table."""
    first = table.drop_duplicates(KEY).reset_index(drop=True)
    for key, result in results.items():
        own = table[table.scenario == key].set_index(KEY)
        chances = [own.loc[tuple(place)] for place in first[KEY].to_numpy()]
        first[result.scenario.name[lang]] = [f"{_percent(row)} {word(row.verdict, lang)}" for row in chances]
    columns = ("number", "indicator", "target", *(result.scenario.name[lang] for result in results.values()))
    plan = next(iter(results.values())).plan
    return read(first, lang, columns, name=f"{plan.name}-scenarios", catalogue=plan.catalogue)


def _percent(row: pd.Series) -> str:
    return NONE if pd.isna(row.probability) else percent(row.probability)


def plans_answer(results: Results) -> Text:
    """Return in words how the plans stand side by side, empty where there is only one."""
    if len(results) < 2:
        return Joined([])
    each = [
        Phrase("compared.plan", name=result.plan.short, n=len(result.assessable), joint=result.joint)
        for result in results.values()
    ]
    scenario = next(iter(results.values())).scenario.name
    return Phrase("compared.plans", scenario=scenario, each=Joined(each, "commas"))


def comparison_answer(results: Results) -> Text:
    """Return in words how much the scenario matters: joint chances, and the target that moves most."""
    listed = [Phrase("compared.joint", name=r.scenario.name, joint=r.joint) for r in results.values()]
    first, spans = next(iter(results.values())), []
    once = {a.target.id for a in promises(first.assessments)}
    for each in zip(*(r.assessments for r in results.values()), strict=True):
        known = [a.probability for a in each if a.probability is not None]
        if len(known) > 1 and each[0].target.id in once:
            spans.append((max(known) - min(known), min(known), max(known), each[0].target.indicator))
    if not spans:
        return Phrase("compared.none")
    _, low, high, name = max(spans, key=lambda span: span[0])
    parts = [
        Phrase("compared.all_met", plan=first.plan.short, each=Joined(listed, "commas")),
        Phrase("compared.most", name=name, low=low, high=high),
    ]
    return Joined(parts, "sentences")

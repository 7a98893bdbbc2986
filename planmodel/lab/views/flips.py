"""What would flip the lights of the targets in danger: rates, points of growth, and how far each assumption counts."""

from __future__ import annotations

import pandas as pd

from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.lab.views.review import in_danger, judged
from planmodel.review import Review, Standing, extra_growth, near_path, tornado
from planmodel.review.flips import MOST_POINTS, Swing
from planmodel.tables.cells import number_of, rate
from planmodel.words import figure, percent, word

MOST_FLIPS = 12


def flips_view(result: Review, lang: str, *, n_draws: int = N_DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Return what would flip the targets in danger: the rate that breaks even, and the growth that puts them on pace.

    On pace takes a lower probability near the path than behind it (rules.yaml, review).
    """
    units, rules, zh, rows = (
        result.plan.catalogue.units,
        result.plan.catalogue.rules["review"],
        lang == "zh",
        [],
    )
    for here in in_danger(result)[:MOST_FLIPS]:
        target = here.target
        rule = "on_pace" if near_path(here, rules["pace"]) else "likely"
        wanted = rules[rule]["binding" if target.binding else "expected"]
        extra = (
            None
            if here.assessment.probability is None
            else extra_growth(result.known, target, result.scenario, wanted, n_draws=n_draws, seed=seed)
        )
        chance = here.assessment.probability
        points = "–" if chance is None else f">{MOST_POINTS:g}"
        if extra is not None:
            points = f"{'+' if extra > 0 else ''}{figure(extra, 1)}"
        rows.append(
            {
                word("number", lang): number_of(target, lang),
                word("indicator", lang): target.indicator.name(lang),
                word("light", lang): word(here.light, lang),
                word("so_far", lang): rate(here.so_far, lang, target.unit, units),
                "恰好达到目标年均需" if zh else "Breaks even at, a year": rate(
                    here.left, lang, target.unit, units
                ),
                word("probability", lang): percent(chance),
                "转为符合进度需概率" if zh else "On pace takes": "–" if chance is None else percent(wanted),
                "为此每年需调整（百分点）" if zh else "Points a year to add for it": points,
            }
        )
    return pd.DataFrame(rows)


def tornado_of(
    result: Review, *, n_draws: int = N_DRAWS, seed: int = SEED
) -> tuple[Standing | None, tuple[Swing, ...]]:
    """Return the swings of the target most in danger that has a probability, else of the first that has one."""
    for here in (*in_danger(result), *judged(result)):
        if here.assessment.probability is not None and here.outturn is None:
            swings = tornado(result.known, here.target, result.scenario, n_draws=n_draws, seed=seed)
            return here, swings
    return None, ()


def swings_view(swings: tuple[Swing, ...], lang: str) -> pd.DataFrame:
    """Return how far each assumption moves a probability, the largest swing first."""
    zh = lang == "zh"
    return pd.DataFrame(
        [
            {
                "假设" if zh else "Assumption": swing.name[lang],
                "取值一"
                if zh
                else "One way": f"{swing.low[lang]}{'：' if zh else ': '}{percent(swing.probability_low)}",
                "取值二"
                if zh
                else "The other": f"{swing.high[lang]}{'：' if zh else ': '}{percent(swing.probability_high)}",
            }
            for swing in swings
        ]
    )

"""What would flip a light: the growth that breaks even, and how far each assumption moves the probability."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from planmodel.feasibility.assessing import N_COMPARED, assess, assess_by_class
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.outlooks import SEED
from planmodel.forecasts import shocked
from planmodel.forecasts.reference import ReferenceClass, beside, load_class
from planmodel.plans import Plan, kind_of
from planmodel.plans.catalogue import SCALES
from planmodel.plans.kinds import kept, measured_falls
from planmodel.plans.model import KEY, framed
from planmodel.plans.scenarios import Scenario, Shock
from planmodel.plans.series import History
from planmodel.review.methods import wanted
from planmodel.review.reviews import Review
from planmodel.review.standings import Standing
from planmodel.words import Phrase, by_language, percent
from planmodel.words.cards import Card, Rows

MOST_FLIPS = 12
MOST_POINTS = 10.0
N_HALVINGS = 12
POINTS, SHARE_POINTS = 1.0, 0.2
"""By how much the growth of an amount, and of a share, is moved in a tornado, a year."""
FLIP_COLUMNS = (
    *KEY, "indicator", "light", "so_far", "so_far_unit", "required_from_latest", "required_unit", "probability", "wanted", "points",
    "most_points", "known_to",
)  # fmt: skip


class Swing(NamedTuple):
    """An assumption, its two settings in words, and the probability at each."""

    assumption: Mapping[str, str]
    low: Mapping[str, str]
    high: Mapping[str, str]
    probability_low: float
    probability_high: float


TORNADO_COLUMNS = (*KEY, "indicator", "probability", *Swing._fields, "known_to")


@dataclass(frozen=True, repr=False)
class Tornado(Card):
    """How far each assumption moves the probability of a standing's target, the largest swing first."""

    standing: Standing
    swings: tuple[Swing, ...]

    def _card(self, lang: str) -> tuple[object, Rows]:
        now = self.standing.assessment.probability
        ends = ((of, percent(low), percent(high)) for of, _, _, low, high in self.swings)
        rows = [(of, f"{low} – {high}") for of, low, high in ends]
        return self.standing.target.indicator, [(Phrase("terms.probability"), percent(now)), *rows]

    @property
    def table(self) -> pd.DataFrame:
        """One row an assumption: its two settings in words and the probability at each, beside that of the review."""
        row = self.standing.row()
        own = {name: row[name] for name in (*KEY, "indicator", "probability", "known_to")}
        rows = [own | swing._asdict() for swing in self.swings]
        return framed(rows, TORNADO_COLUMNS, f"{self.standing.name}-swings")


def shifted(scenario: Scenario, points: float) -> Scenario:
    """Return a scenario with so many points of growth (of a share) a year added to every year still open."""
    return replace(scenario, shocks=(*scenario.shocks, Shock(points, 1, 99, SCALES)))


def tornado(result: Review) -> Tornado | None:
    """Return the tornado of the target most in danger that has a probability, else of the first that has one."""
    open_ = [s for s in (*result.in_danger, *result.judged) if s.outturn is None]
    known = [s for s in open_ if s.assessment.probability is not None]
    certain = (percent(0.0), percent(1.0))  # either way, nothing moves such a chance
    for standing in sorted(known, key=lambda s: percent(s.assessment.probability) in certain):
        n_draws = min(result.n_draws, N_COMPARED)
        return Tornado(standing, swings(standing.assessment, n_draws=n_draws, seed=result.seed))
    return None


def swings(start: Assessment, *, n_draws: int = N_COMPARED, seed: int = SEED) -> tuple[Swing, ...]:
    """Return how far each assumption moves the probability of an assessed target, the largest swing first.

    Growth of the years left +- a point; the spread of forecasts x 0.75 and x 1.25; the latest figure revised by 1 %
    either way; the price path +- a point (where it decides); the least and the most favourable of the classes of the
    same price basis. What moves nothing that a reader sees is left out. What each changes is drawn with the same random numbers and added to the probability. Empty where the
    target has none.
    """
    plan, target, scenario, history = start.plan, start.target, start.scenario, start.history
    if start.probability is None or history is None:
        return ()

    def drawn(plan: Plan, scenario: Scenario) -> float | None:
        return assess(plan, target, scenario, n_draws=n_draws, seed=seed).probability

    now, before = start.probability, drawn(plan, scenario) or 0.0

    def chance(plan: Plan, scenario: Scenario) -> float | None:
        after = drawn(plan, scenario)
        return None if after is None else float(np.clip(now + after - before, 0.0, 1.0))

    def dearer(points: float) -> dict[int, float]:
        return {year: rate + points for year, rate in scenario.deflator_pct.items()}

    share = target.indicator.scale == "share"
    step = SHARE_POINTS if share else POINTS
    changed: Mapping[str, Callable[[int], tuple[Plan, Scenario]]] = {
        "growth": lambda sign: (plan, shifted(scenario, sign * step)),
        "spread": lambda sign: (plan, replace(scenario, volatility=scenario.volatility * (1 + 0.25 * sign))),
        "revision": lambda sign: (_revised(plan, history, 0.01 * sign), scenario),
        "prices": lambda sign: (plan, replace(scenario, deflator_pct=dearer(sign * POINTS))),
    }
    made = []
    for name, change in changed.items():
        low, high = (chance(*change(sign)) for sign in (-1, 1))
        if low is not None and high is not None and percent(low) != percent(high):
            key, given = f"review.swings.{name}", {"share": share, "points": step}
            down, up = (Phrase(f"{key}.setting", up=up, **given) for up in (False, True))
            made.append(Swing(Phrase(f"{key}.name"), down, up, low, high))
    classes = _fitting(history, share, start.reference)
    by_it = assess_by_class(start, [group.id for group in classes], n_draws=n_draws, seed=seed)
    chances = [(p, group) for group in classes if (p := by_it[group.id].probability) is not None]
    if len({percent(p) for p, _ in chances}) > 1:
        (low, least), (high, most) = (end(chances, key=lambda pair: pair[0]) for end in (min, max))
        names = [by_language(group.name) for group in (least, most)]
        made.append(Swing(Phrase("review.swings.class.name"), names[0], names[1], low, high))
    return tuple(sorted(made, key=lambda swing: -abs(swing.probability_high - swing.probability_low)))


def _fitting(history: History, share: bool, used: str) -> list[ReferenceClass]:
    """The reference classes of the same scale and price basis."""
    transform, basis = "logit" if share else "log", "real" if history.real else "nominal"
    classes = [load_class(name) for name in beside(used)]
    return [c for c in classes if c.transform == transform and c.basis in ("", basis)]


def _revised(plan: Plan, history: History, change: float) -> Plan:
    """The plan with the latest figure of a history moved by a fraction."""
    origin = history.origins.get(history.last_year)
    if origin is None or origin.last_year != history.last_year:
        return plan
    value = origin.value * (1 + change) if origin.measure == "value" else origin.value + 100 * change
    moved = replace(origin, value=value, digits=f"{value:.6g}")
    return replace(plan, observations=tuple(moved if o is origin else o for o in plan.observations))


def flips(result: Review) -> pd.DataFrame:
    """Return what would flip the targets in danger, one row a target, the first twelve.

    required_from_latest: the rate that just reaches the final figure. points: of growth a year (of a share) to add for the
    probability `wanted` that on pace takes (rules.yaml, review); None where most_points are not enough, or without a
    probability.
    """
    rules, rows = result.plan.catalogue.rules["review"], []
    for standing in result.in_danger[:MOST_FLIPS]:
        row = standing.row() | {"most_points": MOST_POINTS}
        if standing.assessment.probability is not None:
            row["wanted"] = wanted(standing, rules)
            row["points"] = extra_growth(standing.assessment, row["wanted"])
        rows.append(row)
    return framed(rows, FLIP_COLUMNS, f"{result.name}-flips")


def extra_growth(start: Assessment, wanted: float) -> float | None:
    """Return the points of growth a year (of a share) to add to the paths of an assessed target for a wanted probability.

    Negative where there is room. None without a probability, or where ten points are not enough.
    """
    target, outlook = start.target, start.outlook
    if start.probability is None or outlook is None or not kind_of(target).figure:
        return None
    ahead = outlook.years > outlook.history.last_year
    scale = "amount" if outlook.history.real else target.indicator.scale
    last = float(outlook.history.values.iloc[-1])

    def enough(points: float) -> bool:
        values = outlook.values.copy()
        values[:, ahead] = shocked(values[:, ahead], np.full(ahead.sum(), points), scale, last)
        return float(kept(target, values, start.plan.catalogue.rules["about_tolerance"]).mean()) >= wanted

    sign = -1 if measured_falls(target) else 1
    low, high = -MOST_POINTS, MOST_POINTS
    if not enough(sign * high) or enough(sign * low):
        return None
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(sign * middle) else (middle, high)
    return float(np.round(sign * high, 2))

"""What would flip a light: the growth that breaks even, and how far each assumption moves the probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from planmodel.feasibility import assess
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.forecasts.reference import class_names, load_class
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import measured_falls
from planmodel.plans.scenarios import Scenario, Shock

ALL_SCALES = ("amount", "density", "index", "rate", "share")
MOST_POINTS = 10.0
N_HALVINGS = 12


@dataclass(frozen=True)
class Swing:
    """An assumption, its two settings in words, and the probability at each; ordered by effect in a tornado."""

    name: Mapping[str, str]
    low: Mapping[str, str]
    high: Mapping[str, str]
    probability_low: float
    probability_high: float

    @property
    def size(self) -> float:
        return abs(self.probability_high - self.probability_low)


def shifted(scenario: Scenario, points: float) -> Scenario:
    """Return a scenario with so many points of growth (of a share) a year added to every year still open."""
    shock = Shock(points, 1, 99, ALL_SCALES, ())
    return replace(scenario, shocks=(*scenario.shocks, shock))


def tornado(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    *,
    points: float = 1.0,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> tuple[Swing, ...]:
    """Return how far each assumption moves a target's probability, the largest swing first.

    Growth of the years left +- `points`; the spread of forecasts x 0.75 and x 1.25; the latest figure revised by 1 %
    either way; the price path +- `points` (where it decides); the least and the most favourable of the classes of the
    same price basis.
    The same random numbers throughout. Empty where the target has no probability.
    """

    def chance(plan: Plan, scenario: Scenario, reference: str | None = None) -> float | None:
        return assess(plan, target, scenario, n_draws=n_draws, seed=seed, reference=reference).probability

    start = assess(plan, target, scenario, n_draws=n_draws, seed=seed)
    if start.probability is None:
        return ()
    share = target.indicator.scale == "share"
    unit = ("pp" if share else "point" if points == 1 else "points", "个百分点")
    swings: list[tuple] = []

    def add(name: tuple[str, str], low: tuple[str, str], high: tuple[str, str], count: Callable) -> None:
        at = count(-1), count(1)
        if None not in at:
            swings.append((name, low, high, *at))

    step = 0.2 * points if share else points
    add(
        ("growth of the years left", "剩余年份增速"),
        (f"−{step:g} {unit[0]} a year", f"每年低 {step:g} {unit[1]}"),
        (f"+{step:g} {unit[0]} a year", f"每年高 {step:g} {unit[1]}"),
        lambda sign: chance(plan, shifted(scenario, sign * step)),
    )
    add(
        ("spread of the forecast", "预测离散程度"),
        ("a quarter less", "小四分之一"),
        ("a quarter more", "大四分之一"),
        lambda sign: chance(plan, replace(scenario, volatility=scenario.volatility * (1 + 0.25 * sign))),
    )
    add(
        ("revision of the latest figure", "最新数修订"),
        ("1% down", "下调 1%"),
        ("1% up", "上调 1%"),
        lambda sign: chance(_revised(plan, start, 0.01 * sign), scenario),
    )
    add(
        ("price rise a year", "年价格涨幅"),
        (f"−{points:g} point{'' if points == 1 else 's'}", f"低 {points:g} 个百分点"),
        (f"+{points:g} point{'' if points == 1 else 's'}", f"高 {points:g} 个百分点"),
        lambda sign: chance(
            plan,
            replace(
                scenario,
                deflator_pct={year: rate + sign * points for year, rate in scenario.deflator_pct.items()},
            ),
        ),
    )
    found = [
        Swing(*({"en": text[0], "zh": text[1]} for text in (name, low, high)), *at)
        for name, low, high, *at in swings
        if at[0] != at[1]
    ]
    basis = "real" if start.history.real else "nominal"
    by_class = {
        name: probability
        for name in class_names()
        if load_class(name).transform == ("logit" if share else "log")
        and load_class(name).basis in ("", basis)
        and (probability := chance(plan, scenario, name)) is not None
    }
    if len(by_class) > 1:
        least, most = min(by_class, key=by_class.get), max(by_class, key=by_class.get)
        name = {"en": "reference class", "zh": "参照类"}
        least_name, most_name = (
            {lang: load_class(c).name(lang) for lang in ("en", "zh")} for c in (least, most)
        )
        found.append(Swing(name, least_name, most_name, by_class[least], by_class[most]))
    return tuple(sorted(found, key=lambda swing: -swing.size))


def _revised(plan: Plan, start: Assessment, change: float) -> Plan:
    """The plan with the latest figure of a target's history moved by a fraction."""
    history = start.history
    origin = history.origins.get(history.last_year)
    if origin is None or origin.last_year != history.last_year:
        return plan
    value = origin.value * (1 + change) if origin.measure == "value" else origin.value + 100 * change
    moved = replace(origin, value=value, digits=f"{value:.6g}")
    return replace(plan, observations=tuple(moved if o is origin else o for o in plan.observations))


def extra_growth(
    plan: Plan,
    target: Target,
    scenario: Scenario,
    wanted: float,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> float | None:
    """Return the points of growth a year (of a share) to add to the scenario for a wanted probability.

    Negative where there is room. None without a probability, or where ten points are not enough.
    """

    def chance(points: float) -> float | None:
        return assess(plan, target, shifted(scenario, points), n_draws=n_draws, seed=seed).probability

    if chance(0.0) is None:
        return None
    sign = -1 if target.kind != "relative" and measured_falls(target) else 1
    low, high = -MOST_POINTS, MOST_POINTS
    if chance(sign * high) < wanted or chance(sign * low) >= wanted:
        return None
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(sign * middle) >= wanted else (middle, high)
    return float(np.round(sign * high, 2))

"""Exports for other systems: the annual series of plans, as the layouts of other offices (IAMC, SDMX) take them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.errors import NotAssessable, UndefinedGrowth, check_known
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.milestones import milestones
from planmodel.forecasts.fans import QUANTILES, quantiles
from planmodel.words import Phrase

SIGNIFICANT_DIGITS = 15
"""As many as every spreadsheet and reader keeps: a figure read back is the figure written, to the last bit."""
INDEX = "index"


@dataclass(frozen=True)
class Series:
    """One annual series of a target. `values`: (year, figure) with rising years, in `unit`.

    figure: history, base, target, upper (end of a range), trajectory or fan. measure: level, index, flow, cumulated
    (the sum so far) or change (since the base year, where no level is known); for target and upper the kind of target.
    variant: path shape or quantile, else empty.
    unit: id of units.csv, or index, which is 100 in base_period.
    """

    plan: str
    target: str
    indicator: str
    region: str
    scenario: str
    figure: str
    measure: str
    variant: str
    unit: str
    base_period: int | None
    values: tuple[tuple[int, float], ...]


def significant(value: float) -> float:
    """Return a figure with 15 significant digits.

    >>> significant(0.1 + 0.2), significant(164.8)
    (0.3, 164.8)
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def quantile_name(quantile: float) -> str:
    """Return a quantile as text.

    >>> [quantile_name(q) for q in (0.025, 0.5)]
    ['0.025', '0.5']
    """
    return f"{quantile:.6g}"


def check_shapes(shapes: Iterable[str]) -> tuple[str, ...]:
    """Return the names of path shapes, each once; raise with the nearest known for every unknown one."""
    names = tuple(dict.fromkeys(shapes))
    check_known("path_shape", names, PATH_SHAPES, Phrase("exchange.fault.shapes"))
    return names


def plan_series(result: PlanAssessment, shapes: Iterable[str] = ("constant_growth",)) -> tuple[Series, ...]:
    """Return history, base, target, trajectories and fan of each assessed target, in the plan's order.

    Real growth is an index that is 100 in the base year, in history, trajectory and fan alike. A fan is there where a
    probability is. What a target does not have (blank, no base) is left out.

    Errors: PlanmodelError for an unknown path shape.

    >>> from planmodel import assess_plan, load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> result = assess_plan(plan, load_scenario("baseline"), indicators=("services_va",), n_draws=200)
    >>> path = [s for s in plan_series(result) if s.target == "T2/1/1" and s.figure == "trajectory"][0]
    >>> path.values[0], path.values[-1]
    ((2020, 2669.73), (2025, 4000.0))
    """
    names = check_shapes(shapes)
    made = (series for assessed in result.assessments for series in _series_of(result, assessed, names))
    return tuple(series for series in made if series.values)


def _series_of(result: PlanAssessment, assessed: Assessment, shapes: tuple[str, ...]) -> Iterator[Series]:
    # as printed: without the figure that a higher level assigns
    target, history = result.plan.target(assessed.target.id), assessed.history
    own = (target.plan, target.id, target.indicator.id, target.region, result.scenario.id)

    def series(figure, measure, unit, values, variant="", base_period=None, scale=1.0) -> Series:
        known = ((int(year), value) for year, value in values if value is not None and np.isfinite(value))
        kept = tuple((year, significant(value * scale)) for year, value in known)
        return Series(*own, figure, measure, variant, unit, base_period, kept)

    # An index of real growth, 100 in its last year, is brought to 100 in the base year.
    real = history is not None and history.chained and len(history) > 0
    scale, period, measure = 1.0, None, INDEX if real else "level"
    if history is not None and len(history) and not history.unit:  # points since the base year
        measure = "change"
    if history is not None and real:
        scale = 100 / assessed.base if assessed.base else 1.0
        period = assessed.base_year if assessed.base else history.last_year
    if history is not None and history.unit:
        yield series("history", measure, history.unit, history.values.items(), "", period, scale)
    if target.base_unit:
        base = [(target.base_year, target.base_value)]
        yield series("base", "growth" if target.base_is_rate else "level", target.base_unit, base)
    if target.unit:
        for figure, value in (("target", target.target_value), ("upper", target.target_upper)):
            yield series(figure, target.kind, target.unit, [(target.target_year, value)])
    for shape in shapes:
        try:
            way = milestones(result.plan, target, result.scenario, shape)
        except (NotAssessable, UndefinedGrowth):
            continue
        points = zip(way.path.years.tolist(), way.path.values.tolist(), strict=True)
        if way.measure == INDEX:
            yield series("trajectory", INDEX, INDEX, points, shape, int(way.path.years[0]))
        elif way.measure == "level" and way.history.chained:
            yield series("trajectory", INDEX, INDEX, points, shape, period, scale)
        else:
            known = way.measure if way.unit else "change"
            yield series("trajectory", known, way.unit or target.unit, points, shape)
    if assessed.outlook is not None and assessed.probability is not None:
        ahead = assessed.outlook
        for q, row in zip(QUANTILES, quantiles(ahead.values, QUANTILES), strict=True):
            points = zip(ahead.years.tolist(), row.tolist(), strict=True)
            yield series("fan", measure, ahead.unit or target.unit, points, quantile_name(q), period, scale)

"""Figures nobody published: what follows from published ones, and a series carried onto a revised basis; all marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from planmodel.feasibility.outlooks import measured
from planmodel.plans import DERIVED, SPLICED, Observation, Plan, Target, kind_of
from planmodel.plans.model import Identity
from planmodel.plans.scenarios import Scenario
from planmodel.plans.series import REAL, History, level_history, real_history


def with_derived(plan: Plan, scenario: Scenario) -> Plan:
    """Return the plan with derived observations after its base year, which give way to published ones.

    A share or a sum follows from the plan's identities where its terms are published for a year. Real growth of years
    without a published rate follows from nominal levels less the scenario's deflator.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = with_derived(load_plan("taizhou-services-14fyp"), load_scenario("baseline"))
    >>> [(o.period, o.digits) for o in plan.observations if o.vintage == "derived" and o.indicator == "services_share"]
    [('2021', '50.7975')]
    """
    terms = [o for identity in plan.identities for o in _by_identity(plan, identity)]
    plan = replace(plan, observations=(*plan.observations, *terms))
    growth: dict[tuple, Observation] = {}
    for target in plan.targets:
        if kind_of(target).growth and target.price_basis in REAL and target.target_year > plan.base_year:
            for o in _real_growth(plan, target, scenario):
                growth.setdefault((o.indicator, o.region, o.definition, o.period), o)
    return replace(plan, observations=(*plan.observations, *growth.values()))


def _by_identity(plan: Plan, identity: Identity) -> Iterator[Observation]:
    """The left side of an identity in years after the base year where its parts are published and it is not."""
    indicators = plan.catalogue.indicators
    left = indicators[identity.left.indicator]
    if identity.ratio and left.scale != "share":
        return
    region = identity.left.region or plan.region
    histories = [
        level_history(plan, term.indicator, term.region or plan.region)
        for term in (*identity.parts, identity.left)
    ]
    if any(h.unit not in plan.catalogue.units for h in histories):
        return
    *parts, whole = histories
    years = set.intersection(*(set(h.values.index) - set(h.derived) for h in parts))
    for year in sorted(int(y) for y in years - set(whole.values.index) if y > plan.base_year):
        figures = [plan.catalogue.convert(h.values[year], h.unit, parts[0].unit) for h in parts]
        if identity.ratio:
            value = 100 * figures[0] / figures[1]
        else:
            value = plan.catalogue.convert(sum(figures), parts[0].unit, left.unit)
        source = "; ".join(dict.fromkeys(h.origins[year].source for h in parts))
        yield Observation(
            left.id, region, str(year), year, year, "value", float(value), f"{value:.6g}", left.unit, "",
            left.price_basis, "", DERIVED, max(h.origins[year].published for h in parts), source, "", "", str(identity),
        )  # fmt: skip


def _real_growth(plan: Plan, target: Target, scenario: Scenario) -> Iterator[Observation]:
    """Real growth between the years with a nominal level, where published rates leave a gap after the base year."""
    indicator = measured(plan, target)
    levels = level_history(plan, indicator.id, target.region, definition=target.definition)
    real = real_history(plan, indicator.id, target.region, definition=target.definition)
    years = [int(y) for y in levels.values.index if y >= target.base_year and y not in levels.derived]
    if len(real) < 2 or (levels.values <= 0).any() or indicator.price_basis != "nominal":
        return
    if years and set(range(target.base_year, years[-1] + 1)) <= set(real.values.index):
        return
    for start, end in pairwise(years):
        prices = float(np.prod(1 + scenario.deflator(np.arange(start + 1, end + 1))))
        growth = 100 * (float(levels.values[end] / levels.values[start]) / prices - 1)
        period = str(end) if end == start + 1 else f"{start + 1}..{end}"
        measure = "growth" if end == start + 1 else "total_growth"
        origin = levels.origins[end]
        yield Observation(
            indicator.id, target.region, period, start + 1, end, measure, growth, f"{growth:.4g}", "%", "about",
            "real_by_convention", target.definition, DERIVED, origin.published, origin.source, "", "",
            "nominal levels less the scenario's deflator",
        )  # fmt: skip


def with_splices(plan: Plan) -> Plan:
    """Return the plan with each series whose base year was revised carried onto the revised basis, marked as spliced.

    Formula: x_new(t-1) = x_new(t) / (x_old(t) / x_old(t-1)): figures up to the base year as printed are replaced by the
    revised base and the years before it, moved by the same ratio; those after it are on the basis of their time already.
    Growth since the base is then counted on one basis. Amounts and densities only: a share is not moved by a ratio.
    """
    series = dict.fromkeys((o.indicator, o.region, o.definition) for o in plan.observations)
    moved = [o for key in series for o in _spliced(plan, *key)]
    return replace(plan, observations=(*plan.observations, *moved)) if moved else plan


def _spliced(plan: Plan, indicator: str, region: str, definition: str) -> Iterator[Observation]:
    revised = [
        o
        for o in plan.observations
        if (o.indicator, o.region, o.definition) == (indicator, region, definition)
        and o.measure == "value"
        and o.vintage == "revised"
        and o.period == str(plan.base_year)
    ]
    if not revised or plan.catalogue.indicators[indicator].scale not in ("amount", "density"):
        return
    latest = max(revised, key=lambda o: o.published)
    history = level_history(plan, indicator, region, definition=definition)
    figure = plan.catalogue.convert(latest.value, latest.unit, history.unit)
    before = history.values[history.values.index <= plan.base_year]
    old = before.get(plan.base_year)
    if old is None or figure == old or figure <= 0 or (before <= 0).any():
        return
    for year, value in (before * (figure / old)).items():
        value = figure if year == plan.base_year else float(value)
        yield replace(
            latest,
            period=str(year),
            first_year=int(year),
            last_year=int(year),
            value=value,
            digits=f"{value:.6g}",
            unit=history.unit,
            vintage=SPLICED,
            note=f"moved by {figure / old:.6g} with the revision of {plan.base_year}",
        )


def revised_base(history: History, base_year: int) -> float | None:
    """Return the base on the revised basis, None where the series was not spliced."""
    origin = history.origins.get(base_year)
    if origin is None or origin.vintage != SPLICED or history.real:
        return None
    return float(history.values[base_year])

"""Reference classes: a target by each of them, how its chance and verdict change, and the library of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planmodel.feasibility.asked import class_rate
from planmodel.feasibility.assessing import assess, assess_by_class
from planmodel.feasibility.assessments import Assessment, PlanAssessment, featured
from planmodel.feasibility.quantities import class_of
from planmodel.forecasts.reference import ReferenceClass, beside, load_class, reference_names
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.model import framed
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase, percent, word
from planmodel.words.cards import Card, Rows

HALF = 50.0
LIBRARY_COLUMNS = (
    "class", "family", "level", "scale", "panel", "n_regions", "years", "grade", "coverage80", "coverage95", "crps_ratio",
    "met", "name_zh", "name_en", "indicators", "error80",
)  # fmt: skip
SCORES = ("coverage80", "error80", "coverage95", "crps_ratio", "met")
REFERENCE_COLUMNS = (
    "reference", "n_series", "own_weight", "percentile", "probability", "verdict", "chosen", "known_to",
)  # fmt: skip
COLUMNS = (
    "target", "class", "probability", "verdict", "used", "n_series", "first_year", "last_year", "expected", "expected_unit",
    "known_until", "reached", "own_weight",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a target asks of a class: mean growth in its own terms (fraction of a log or logit class), over n_years.

    base: the share it starts from, in percent, for classes of shares.
    """

    rate: float
    n_years: int
    base: float = HALF


@dataclass(frozen=True, repr=False)
class ByClass(Card):
    """A plan's headline target, assessed by each class that fits it, the one in use first; empty without a target."""

    used: Assessment | None
    assessments: Mapping[str, Assessment]

    def _card(self, lang: str) -> tuple[object, Rows]:
        if self.used is None:
            return Phrase("calibration.class.no_target"), []
        return self.used.target.indicator, [
            (load_class(name), f"{percent(one.probability)}, {word(one.verdict, lang)}")
            for name, one in self.assessments.items()
        ]

    @property
    def calendar(self) -> tuple[tuple[ReferenceClass, Asked | None], ...]:
        """The classes with growth by year, and what the target asks of each."""
        groups = [(load_class(name), one) for name, one in self.assessments.items()]
        return tuple((group, asked_of(group, one)) for group, one in groups if group.medians)

    @property
    def until(self) -> int:
        """The target's last year, 0 without a target."""
        return self.used.target.target_year if self.used else 0

    @property
    def table(self) -> pd.DataFrame:
        """One row a class: chance and verdict with it, what it expects a year, and the share that reached what is asked.

        expected: % or points a year from the target's last known year (known_until) on. reached, own_weight: 0-1.
        """
        rows = []
        for name, one in self.assessments.items():
            group, asked = load_class(name), asked_of(load_class(name), one)
            expected, used = _expected(group, one), self.used is not None and name == self.used.reference
            if expected is not None:
                expected = float(readable(group, expected, HALF if asked is None else asked.base))
            share = None if asked is None else reached(group, asked)
            chance, known = (one.probability, one.verdict, used), (unit_of(group), one.known_to, share)
            own = (group.n_series, *(group.years or (None, None)), expected)
            rows.append((one.target.id, name, *chance, *own, *known, one.own_weight or None))
        return pd.DataFrame(rows, columns=list(COLUMNS))


def by_class(result: PlanAssessment, **options) -> ByClass:
    """Return the assessment of a plan's headline target by each class that fits it.

    options: n_draws, seed.
    """
    headline = next(iter(featured(result)), None)
    if headline is None:
        return ByClass(None, {})
    options.pop("reference", None)
    names = [group.id for group in fitting_classes(headline)]
    return ByClass(headline, assess_by_class(headline, names, **options))


def fitting_classes(one: Assessment) -> tuple[ReferenceClass, ...]:
    """Return the classes that fit a target's scale, the one in use first; of those that only follow a nation no other."""
    share = one.target.indicator.scale == "share"
    classes = [load_class(name) for name in beside(one.reference)]
    classes = [c for c in classes if c.transform == "any" or (c.transform == "logit") == share]
    classes = [c for c in classes if c.medians or not c.outer or c.id == one.reference]
    return tuple(sorted(classes, key=lambda c: c.id != one.reference))


def asked_of(group: ReferenceClass, one: Assessment) -> Asked | None:
    """Return what a target asks of a class in its own terms, None where the two do not compare."""
    if one.required is None or group.transform == "any":
        return None
    rate = class_rate(group, one.required, one.target.n_years, one.base)
    if rate is None:
        return None
    share = group.transform == "logit" and one.base is not None and 0 < one.base < 100
    return Asked(rate, one.target.n_years, one.base if share and one.base is not None else HALF)


def readable(group: ReferenceClass, hundredths, base: float = HALF) -> np.ndarray:
    """Return growth in hundredths of logs as % a year, of logits as points a year at a share of `base` percent.

    >>> from planmodel.forecasts.reference import load_class
    >>> round(float(readable(load_class("countries_real_gdp"), 100 * np.log(1.05))), 2)
    5.0
    """
    x = np.asarray(hundredths, dtype=float) / 100
    if group.transform != "logit":
        return 100 * np.expm1(x)
    return 100 / (1 + np.exp(-(np.log(base / (100 - base)) + x))) - base


def unit_of(group: ReferenceClass) -> str:
    """Return the unit of a class's growth in tables."""
    return "pp/year" if group.transform == "logit" else "%/year"


def reached(group: ReferenceClass, asked: Asked) -> float | None:
    """Return the share of the class's episodes that grew at least as asked; None where it keeps none."""
    base = asked.base if group.transform == "logit" else None
    percentile = group.percentile(asked.rate, asked.n_years, base)
    return None if percentile is None else 1 - percentile / 100


def _expected(group: ReferenceClass, one: Assessment) -> float | None:
    """Mean class growth from the target's last known year to its target year, in hundredths."""
    if not group.medians or one.history is None or one.history.values.empty:
        return None
    origin, last = one.history.last_year, one.target.target_year
    if last <= origin:
        return None
    behind = max(origin - max(group.medians), 0)
    return float(group.state(origin).mean(behind + last - origin)[behind:].mean())


def by_reference(plan: Plan, target: Target | None, scenario: Scenario, **options: Any) -> pd.DataFrame:
    """Return one row a reference class that fits a target (None: no rows): its chance by it; chosen: the one in use.

    percentile: 0-100; own_weight, probability: 0-1.
    """
    rows: list[tuple] = []
    if target is not None:
        options.pop("reference", None)
        used = assess(plan, target, scenario, **options)
        names = [group.id for group in fitting_classes(used)]
        for name, by_it in assess_by_class(used, names, **options).items():
            about = (by_it.own_weight, by_it.percentile, by_it.probability, by_it.verdict)
            rows.append((name, load_class(name).n_series, *about, name == used.reference, by_it.known_to))
    return framed(rows, REFERENCE_COLUMNS, f"{plan.name}-{scenario.id}-classes")


def classes_table(catalogue: Catalogue) -> pd.DataFrame:
    """Return one row a class: coverage in percent, five years ahead, of regions by a fit without them; error80: its standard error, as
    few regions have; met: the bars.

    crps_ratio: CRPS over that of the better of no change and own trend. indicators: those that a region of the catalogue is
    judged by this class on, other than for real growth.
    """
    users: dict[str, dict[str, None]] = {}
    places = {(r.level, catalogue.country_of(r.id)): r.id for r in catalogue.regions.values()}
    for indicator in catalogue.indicators.values():
        for region in places.values():
            users.setdefault(class_of(catalogue, indicator, region, real=False), {})[indicator.id] = None
    rows = []
    for name in reference_names():
        group = load_class(name)
        about, grown = group.about, group.change is None
        rows.append({
            "class": name, "family": about.get("family", ""), "level": about.get("level", ""), "scale": group.transform,
            "panel": group.sample if grown else about["panel"], "n_regions": group.n_series,
            "years": "-".join(map(str, group.years or ())), "grade": about.get("grade", ""),
            **{key: about.get(key) for key in SCORES}, "name_zh": group.name_zh, "name_en": group.name_en,
            "indicators": " ".join(users.get(name, ())),
        })  # fmt: skip
    return framed(rows, LIBRARY_COLUMNS, "classes")

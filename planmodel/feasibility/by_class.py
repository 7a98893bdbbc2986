"""The plan's headline target by reference class: how its chance and verdict change with the class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planmodel.feasibility import assess_by_class, class_rate
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.selection import featured
from planmodel.forecasts.reference import ReferenceClass, beside, load_class
from planmodel.words import Phrase, percent, word
from planmodel.words.cards import Card, Rows

HALF = 50.0
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
            base = HALF if asked is None else asked.base
            expected = _expected(group, one)
            first, last = group.years or (None, None)
            rows.append(
                {
                    "target": one.target.id,
                    "class": name,
                    "probability": one.probability,
                    "verdict": one.verdict,
                    "used": self.used is not None and name == self.used.reference,
                    "n_series": group.n_series,
                    "first_year": first,
                    "last_year": last,
                    "expected": None if expected is None else float(readable(group, expected, base)),
                    "expected_unit": unit_of(group),
                    "known_until": one.known_to,
                    "reached": None if asked is None else reached(group, asked),
                    "own_weight": one.own_weight or None,
                }
            )
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
    percentile = group.percentile(
        asked.rate, asked.n_years, asked.base if group.transform == "logit" else None
    )
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

"""Kinds of target: one row each, with what the promise asks for, and when paths keep it.

A promise is judged on yearly values from its base year to its target year. Fractions inside; percent at the edges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planmodel.arithmetic.growth import annual_rate, cagr
from planmodel.errors import NotAssessable
from planmodel.plans.catalogue import Indicator
from planmodel.plans.model import BOUNDS, DOWN, NO_FIGURE, STRICT, Target
from planmodel.words import Phrase

CHANGE: dict[str, Any] = {
    "reads": lambda values: values[:, -1] - values[:, 0],
    "end": lambda base, value, n: base + value,
    "path": "level", "formula": "{sign}{target}/{n}", "change": True, "reduction": True, "rebased": True,
}  # fmt: skip
"""What kinds have in common that promise a change of the level."""
ROUNDING_SLACK = 1e-9  # relative room for float noise: 51.00 - 49.42 keeps a promise of 1.58
SHOWN_ONLY = Phrase("plans.reason.shown_only")
NO_BASE = Phrase("plans.reason.no_base")


@dataclass(frozen=True)
class Required:
    """What a promise asks for a year: a figure in the unit of `measure`.

    measure: growth (fraction a year), pp (points a year), units (units a year), flow (units in each or the mean
    year), headroom (units between the base and the floor).
    """

    value: float
    measure: str

    @property
    def is_rate(self) -> bool:
        """True of growth or points a year, by which records and episodes are counted."""
        return self.measure in ("growth", "pp")

    def in_unit(self, unit: str) -> tuple[float, str]:
        """Return the figure for printing: percent for growth, and the unit's name.

        >>> Required(0.0842, "growth").in_unit("tonnes")
        (8.42, '%/year')
        """
        if self.measure == "growth":
            return 100 * self.value, "%/year"
        if self.measure == "pp":
            return self.value, "pp/year"
        return self.value, unit if self.measure == "headroom" else f"{unit}/year"


IN_POINTS = ("share", "rate")  # scales on which a level changes by points, not by growth


def change_a_year(
    target: Target, unit: str, before: float, after: float, n_years: int, growing: bool = True
) -> Required:
    """Return the change a year between two levels that a target is measured on, in `unit`.

    In points where the target is, and of shares and rates in %; else as growth, or in units a year where not growing, and of other
    rates, which may be negative. Errors: UndefinedGrowth.
    """
    change, scale = (after - before) / n_years, target.indicator.scale
    points = kind_of(target).figure == "points"  # of a level that nobody printed, too
    if points or scale == "share" or scale == "rate" and unit == "%":
        return Required(change, "pp")
    if not growing or scale == "rate" and unit != "index":
        return Required(change, "units")
    return Required(cagr(before, after, n_years), "growth")


def _level_asks(target: Target, base: float, n_years: int) -> Required:
    return change_a_year(target, target.unit, base, target.figure, n_years, base != 0)


def _as_printed(value: float, n_years: int) -> float:
    return value


@dataclass(frozen=True)
class Kind:
    """What one kind of target promises, and how it is read; the label is the term of the same name (words/terms.yaml).

    figure: what its number is: unit (of the indicator), change (in that unit), percent, points, times; empty: shown only.
    asks: what it asks for a year, of (target, base, n_years); None: nothing. needs_base: that needs a base.
    reads: the figures of paths, shape (n_draws, n_years + 1), that the promise speaks of; None: they are not judged alone.
    end: the level at the target year, of (base, value, n_years); None: its own figure (needs_base), or none. total: its sum over the years.
    outturns: measures of an observation that say what became of it, each with its figure, of (value, n_years).
    path: of milestones: level, index (where there is no level to count from), cumulated, flow, floor; empty: none.
    formula: what it asks for in a spreadsheet, of {base}, {target}, {n} years, {sign} and {plus}: - for a "decrease of".
    flow: a sum or mean of yearly figures. every_year: each year counts. growth: read at the prices of growth rates.
    change: of the level, in its unit or points. reduction: a "decrease of ..." is measured on what falls.
    rebased: counted from the revised base where the base was revised. spans: speaks of all years, not of the last.
    as_growth: can be read as growth of a level. positive_base: growth is counted from the base. signed: a negative
    figure is to be kept from above.
    """

    id: str
    figure: str = ""
    asks: Callable[[Target, float, int], Required] | None = None
    reads: Callable[[np.ndarray], np.ndarray] | None = None
    end: Callable[[float, float, int], float] | None = None
    total: Callable[[float, int], float] | None = None
    outturns: Mapping[str, Callable[[float, int], float]] = field(default_factory=dict)
    path: str = ""
    formula: str = ""
    needs_base: bool = False
    flow: bool = False
    every_year: bool = False
    growth: bool = False
    change: bool = False
    reduction: bool = False
    rebased: bool = False
    spans: bool = True
    as_growth: bool = False
    positive_base: bool = False
    signed: bool = False

    @property
    def shown_only(self) -> bool:
        """True where it is shown, but neither drawn nor compared."""
        return not self.figure and not self.growth

    @property
    def in_unit(self) -> bool:
        """True where the figure is one of the indicator, in its unit."""
        return self.figure == "unit"

    @property
    def is_level(self) -> bool:
        """True where it is the level of the last year, and not a floor for all years."""
        return self.path == "level" and self.in_unit


KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind(
            "level", "unit", _level_asks,
            reads=lambda values: values[:, -1],
            outturns={"value": _as_printed},
            path="level", formula="({target}/{base})^(1/{n})-1",
            needs_base=True, spans=False, as_growth=True,
        ),
        Kind(
            "annual_growth", "percent",
            lambda target, base, n: Required(target.figure / 100, "growth"),
            reads=lambda values: 100 * ((values[:, -1] / values[:, 0]) ** (1 / (values.shape[1] - 1)) - 1),
            end=lambda base, value, n: base * (1 + value / 100) ** n,
            outturns={"mean_growth": _as_printed},
            path="index", formula="{target}/100",
            growth=True, rebased=True, as_growth=True,
        ),
        Kind(
            "cumulative_sum", "unit",
            lambda target, base, n: Required(target.figure / n, "flow"),
            reads=lambda values: values[:, 1:].sum(axis=1),
            total=_as_printed,
            outturns={"sum": _as_printed},
            path="cumulated", formula="{target}/{n}",
            flow=True,
        ),
        Kind(
            "annual_flow", "unit",
            lambda target, base, n: Required(target.figure, "flow"),
            reads=lambda values: values[:, 1:],
            outturns={"mean": _as_printed},
            path="flow", formula="{target}",
            flow=True, every_year=True,
        ),
        Kind(
            "mean_annual_flow", "unit",
            lambda target, base, n: Required(target.figure, "flow"),
            reads=lambda values: values[:, 1:].mean(axis=1),
            total=lambda value, n: value * n,
            outturns={"mean": _as_printed, "sum": lambda value, n: value / n},
            path="flow", formula="{target}",
            flow=True,
        ),
        Kind(
            "cumulative_change_pct", "percent",
            lambda target, base, n: Required(annual_rate(target.figure / 100, n), "growth"),
            reads=lambda values: 100 * (values[:, -1] / values[:, 0] - 1),
            end=lambda base, value, n: base * (1 + value / 100),
            outturns={"total_growth": _as_printed},
            path="index", formula="(1{plus}{target}/100)^(1/{n})-1",
            growth=True, reduction=True, rebased=True, positive_base=True, signed=True,
        ),
        Kind(
            "change_units", "change",
            lambda target, base, n: Required(target.figure / n, "units"),
            outturns={"change_units": _as_printed}, **CHANGE,
        ),
        Kind(
            "change_pp", "points",
            lambda target, base, n: Required(target.figure / n, "pp"),
            outturns={"change_pp": _as_printed}, **CHANGE,
        ),
        Kind(
            "change_pp_per_year", "points",
            lambda target, base, n: Required(target.figure, "pp"),
            outturns={"mean_change_pp": _as_printed, "change_pp": lambda value, n: value / n},
            **CHANGE | {
                "reads": lambda values: (values[:, -1] - values[:, 0]) / (values.shape[1] - 1),
                "end": lambda base, value, n: base + value * n,
                "formula": "{sign}{target}",
            },
        ),
        Kind(
            "multiple", "times",
            lambda target, base, n: Required(cagr(1.0, target.figure, n), "growth"),
            reads=lambda values: values[:, -1] / values[:, 0],
            end=lambda base, value, n: base * value,
            outturns={"total_growth": lambda value, n: 1 + value / 100},
            path="index", formula="{target}^(1/{n})-1",
            growth=True, rebased=True, as_growth=True, positive_base=True,
        ),
        Kind(
            "keep", "unit",
            lambda target, base, n: Required(
                target.figure - base if falling(target) else base - target.figure, "headroom"
            ),
            reads=lambda values: values[:, 1:],
            outturns={"value": _as_printed},
            path="floor", formula="{base}-{target}",
            needs_base=True, every_year=True,
        ),
        Kind("relative", growth=True),
        Kind("ratio", spans=False),
        Kind("rank", spans=False),
        Kind("milestone", spans=False),
    )
}  # fmt: skip
"""By id, which is `target.kind`. A new kind is a row here, its label in words/terms.yaml, and its case in
tests/cases/semantics.yaml."""
WITHOUT_FIGURE = ("milestone", "relative")  # kinds that may be printed without a number


def kind_of(target: Target) -> Kind:
    """Return the row of a target's kind."""
    return KINDS[target.kind]


def falling(target: Target) -> bool:
    """Return True where the promise is kept at or below its figure.

    The comparator decides where it has a direction; a plain figure, "about" or a range counts in the better one. Of a fall
    of what is better low, "or more" belongs to its size: -10 % or more is kept at -10 or below.
    """
    if _is_fall(target):
        return True
    if target.comparator in BOUNDS:
        return target.comparator in DOWN
    if kind_of(target).signed:
        return target.figure < 0
    return target.indicator.direction == "lower"


def _is_fall(target: Target) -> bool:
    """Return True where a change below zero is promised of what is better low."""
    change = kind_of(target).change or kind_of(target).figure == "percent"
    return change and target.indicator.direction == "lower" and (target.target_value or 0) < 0


def throughout(target: Target, base: float | None, about_tolerance: float) -> Target:
    """Return the target as it is judged: a bound of the level that its base keeps already holds in every year.

    Unemployment below 5.5 % from 5.2 is a ceiling, not a way up; a floor below the base is no way down.
    """
    bound = target.kind == "level" and target.comparator in BOUNDS
    known = bound and target.target_value is not None and base is not None
    return replace(target, kind="keep") if known and reached(target, base, about_tolerance) else target


def counted(target: Target, base_year: int) -> Target:
    """Return the target as its change counts: from the plan's base year, though the figure printed beside it is of an earlier one.

    Life expectancy of 77.3 in 2019 and "[1] year" over 2021-25: from the 77.93 of 2020.
    """
    moved = kind_of(target).change and target.base_year < base_year < target.target_year
    return from_year(target, base_year) if moved else target


def from_year(target: Target, base_year: int) -> Target:
    """Return the target counted from another year than the one its row prints a figure of; that figure goes."""
    if base_year == target.base_year:
        return target
    gone: dict[str, Any] = {"base_value": None, "base_digits": "", "base_printed": "", "base_unit": ""}
    return replace(target, base_year=base_year, **gone)


def is_reduction(target: Target) -> bool:
    """Return True for a "decrease of ...": it prints positive figures for a fall, measured on what falls."""
    return bool(target.indicator.reduction_of) and kind_of(target).reduction


def measured_falls(target: Target) -> bool:
    """Return True where the measured figures shall come down: of a "decrease of ...", those of what decreases."""
    return falling(target) != is_reduction(target)


def measured_comparator(target: Target) -> str:
    """Return the comparator as it holds for the measured figures: a fall by 15 or more from 91 is kept at 76 or below.

    >>> from planmodel import load_plan
    >>> measured_comparator(load_plan("taizhou-services-14fyp").target("T2/1/1"))
    'eq'
    """
    if target.comparator not in BOUNDS:
        return target.comparator
    return ("l" if measured_falls(target) else "g") + ("t" if target.comparator in STRICT else "e")


def threshold(target: Target, about_tolerance: float) -> float:
    """Return the figure that must be reached: "about" gives way by the tolerance, a range by its easier end."""
    figure, upper, down = target.figure, target.target_upper, falling(target)
    if target.comparator == "about":
        give = about_tolerance * abs(figure)
        return figure + give if down else figure - give
    return upper if target.comparator == "range" and upper is not None and down else figure


def _sign(target: Target) -> int:
    return -1 if is_reduction(target) else 1


def end_level(target: Target, base: float | None) -> float | None:
    """Return the level at the target year that the promise implies, None where it implies none.

    base: of a "decrease of ..." the figure of what shall fall, and so is the result.
    """
    kind, value = kind_of(target), target.target_value
    if kind.needs_base:
        return value
    if kind.end is None or value is None or base is None:
        return None
    return kind.end(base, _sign(target) * value, target.n_years)


def required(target: Target, base: float | None, n_years: int | None = None) -> Required:
    """Return what the promise asks for a year over n_years (default: base year to target year).

    level: CAGR by amount, index and density, pp a year by share and rate. annual_growth: the rate. cumulative_sum: the
    mean flow. annual_flow, mean_annual_flow: the flow. cumulative_change_pct: the constant rate with that total.
    change_*: units or pp a year. multiple: CAGR. keep: the headroom between base and floor. Of a "decrease of ..." it is said of
    what is measured: a fall is negative.

    Errors: NotAssessable without a figure, without a base where one is needed, or for kinds that are only shown.
    """
    kind = kind_of(target)
    if kind.asks is None:
        raise NotAssessable(SHOWN_ONLY)
    if target.target_value is None:
        raise NotAssessable(NO_FIGURE[target.status])
    if kind.needs_base and base is None:
        raise NotAssessable(NO_BASE)
    measured = replace(target, target_value=_sign(target) * target.target_value)
    return kind.asks(measured, base or 0.0, n_years or target.n_years)


def required_formula(target: Target, base: float | None, /, **columns: str) -> str:
    """Return what `required` asks for as the template of a spreadsheet's formula, "" where it asks for no figure.

    Growth is a fraction; points, units and flows are in the target's unit. base: None where there is none. columns: the
    table's names for base, target, base_year and target_year, where they are others.

    >>> from planmodel import load_plan
    >>> required_formula(load_plan("taizhou-services-14fyp").target("T2/1/1"), 2669.73, target="target_value")
    '=({target_value}/{base})^(1/({target_year}-{base_year}))-1'
    """
    kind = kind_of(target)
    if not kind.formula or kind.needs_base and base is None:
        return ""
    formula = kind.formula
    if kind.id == "level" and target.indicator.scale in IN_POINTS:
        formula = "({target}-{base})/{n}"
    elif kind.id == "level" and base == 0:
        formula = "{target}/{n}"
    elif kind.id == "keep" and falling(target):
        formula = "{target}-{base}"
    places = ("base", "target", "base_year", "target_year")
    names = {name: f"{{{columns.get(name, name)}}}" for name in places}
    years = f"({names['target_year']}-{names['base_year']})"
    sign, plus = ("-", "-") if is_reduction(target) else ("", "+")
    return "=" + formula.format(**names, n=years, sign=sign, plus=plus)


def reached(target: Target, figures, about_tolerance: float):
    """Return whether figures (a number or an array, in the unit of the target) reach the target's."""
    limit, down = threshold(target, about_tolerance), falling(target)
    slack = ROUNDING_SLACK * max(1.0, abs(limit))
    if target.comparator in STRICT:
        return figures < limit - slack if down else figures > limit + slack
    return figures <= limit + slack if down else figures >= limit - slack


def both_grow(target: Target, other: Indicator) -> tuple[Target, Target]:
    """Return the growth of a promise relative to another indicator, and the other's, as targets of their own."""
    own = replace(
        target, kind="annual_growth", target_value=0.0, target_digits="0", comparator="ge", unit="%"
    )
    return own, replace(own, indicator=other, base_value=None, definition="")


def in_step(target: Target, growth, other, about_tolerance: float):
    """Return whether growth (last over first, a number or an array) keeps a promise made relative to another indicator's.

    Above: more than it (gt); not above: at most as much (le, lt). "About" in step may fall short by the tolerance; else as much.

    >>> from planmodel import load_plan
    >>> in_step(load_plan("linhai-14fyp").target("T2/23/1"), 1.30, 1.31, 0.02)
    False
    """
    slack = ROUNDING_SLACK * other
    if target.comparator in DOWN:
        return growth < other - slack if target.comparator == "lt" else growth <= other + slack
    if target.comparator == "gt":
        return growth > other + slack
    give = about_tolerance if target.comparator == "about" else 0.0
    return growth >= (1 - give) * other - slack


def figures_of(target: Target, values: np.ndarray) -> np.ndarray:
    """Return what each path makes of the figure promised, in the target's own terms: the level, the mean growth, the sum, ...

    values: shape (n_draws, n_years + 1), base year first; of promises about every year the result has a column a year.

    Errors: NotAssessable for kinds that are only shown.
    """
    kind = kind_of(target)
    if kind.reads is None:
        raise NotAssessable(SHOWN_ONLY)
    return _sign(target) * kind.reads(values)


def kept(target: Target, values: np.ndarray, about_tolerance: float) -> np.ndarray:
    """Return for each path whether the promise is kept: bool of shape (n_draws,).

    values: shape (n_draws, n_years + 1), base year first, in the unit of the target (growth kinds: any index); for a
    "decrease of ..." the values of what shall fall.
    """
    holds = reached(target, figures_of(target, values), about_tolerance)
    return holds.all(axis=1) if kind_of(target).every_year else holds

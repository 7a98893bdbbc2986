"""Figures of targets that print none: what the higher level's plan sets itself, or what the rest of the plan implies."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain, product
from pathlib import Path

from planmodel.arithmetic.growth import Interval, compound, printed
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import number, read_table, stamp, year
from planmodel.plans.catalogue import REAL
from planmodel.plans.derived import equations
from planmodel.plans.kinds import end_level, from_year, kind_of
from planmodel.plans.model import DERIVED, GROWTH_MEASURES, Plan, Target
from planmodel.plans.series import History, level_history
from planmodel.words import Phrase, figure, significant

FILE = "assigned.csv"
COLUMNS = ("region", "indicator", "kind", "base_year", "target_year", "value", "unit", "source")
MASK = re.compile(r"(?=[\d*.]*\d)(?=[\d*.]*\*)[\d*][\d*.]*(?<!\.)")
"""A figure of which some digits are masked."""
Key = tuple[str, str, str, int]  # region, indicator, kind and target year


def with_parent(plan: Plan, target: Target) -> tuple[Target, Phrase | None]:
    """Return an assigned target with the figure that the nearest higher level set for itself, and what is to be said of it.

    The target as it is, and nothing, where it is not assigned or no higher level's figure is known (data/assigned.csv).

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> judged, note = with_parent(plan, plan.target("T2/13/1"))
    >>> judged.target_value, note["en"]
    (13.5, 'assigned by the higher level without a figure: judged by that of China, 13.5%')
    """
    if target.status != "assigned":
        return target, None
    folder = plan.folder.parent.parent
    known = _load(folder, stamp(folder))
    for region in plan.catalogue.above(target.region):
        key = (region, target.indicator.id, target.kind, target.target_year)
        if key in known:
            value, unit, base_year = known[key]
            text = f"{figure(value)}{unit}" if unit == "%" else f"{figure(value)} {unit}".strip()
            note = Phrase("plans.assigned", region=plan.catalogue.regions[region], figure=text)
            own = replace(from_year(target, base_year), unit=unit, comparator="ge")
            return replace(own, target_value=value, target_digits=figure(value)), note
    return target, None


def with_implied(plan: Plan, target: Target) -> tuple[Target, Interval | None, Phrase | None]:
    """Return a blank or masked target with the figure that the rest of the plan implies, the interval it may lie in, and what is to
    be said of it.

    What a mask leaves of its digits (5** is 500 to 599); of a level, its own growth from a known base to the same year, as wide as the
    base is rounded (real growth gives no level at current prices); else an identity of which all other terms have targets for the
    year, as wide as those. The figure is the middle. The target as it is, and nothing, where none gives one.

    >>> from planmodel import load_plan
    >>> plan = load_plan("linhai-14fyp")
    >>> with_implied(plan, plan.target("T2/1/1"))[1] is None
    True
    """
    if target.status not in ("missing", "masked"):
        return target, None, None
    made = next(chain(_by_digits(target), _by_promises(plan, target), _by_identities(plan, target)), None)
    if made is None:
        return target, None, None
    (judged, over), about = made
    low, high = (figure(significant(end, 4)) for end in (over.low, over.high))
    text = low if low == high else Phrase("plans.implied.between", low=low, high=high)
    return judged, over, Phrase("plans.implied.figure", figure=text, about=about)


Made = tuple[tuple[Target, Interval], Phrase]


def _with_figure(target: Target, over: Interval, unit: str, comparator: str) -> tuple[Target, Interval]:
    digits = f"{over.middle:.4g}"
    made = replace(target, target_value=float(digits), target_digits=digits, unit=unit, comparator=comparator)
    return made, over


def _by_digits(target: Target) -> Iterator[Made]:
    """What a mask leaves of a figure: 5** is 500 to 599. One of stars alone says nothing, not even how many digits it has."""
    match = MASK.search(target.target_printed)
    if match is not None and not kind_of(target).shown_only:
        low, high = (match[0].replace("*", digit) for digit in "09")
        over = Interval(float("1" + low[1:] if low[0] != match[0][0] else low), float(high))
        about = Phrase("plans.implied.mask", printed=match[0])
        yield _with_figure(target, over, target.unit, target.comparator or "eq"), about


def _by_promises(plan: Plan, target: Target) -> Iterator[Made]:
    """Levels from the growth that is promised of the same indicator to the same year."""
    of = (target.indicator.id, target.region, target.definition, target.target_year)
    unit = target.unit if target.unit in plan.catalogue.units else target.indicator.unit
    for other in plan.series.get(of[:2], ()):
        kind = kind_of(other)
        same = target.kind == "level" and (other.definition, other.target_year) == of[2:]
        priced = other.price_basis in REAL and target.indicator.price_basis == "nominal"
        if not same or other.target_value is None or kind.needs_base or kind.end is None or priced:
            continue
        history = level_history(plan, *of[:2], definition=target.definition, unit=unit)
        if other.base_year not in history.values.index:
            continue
        base, rate = _allowed(history, other.base_year), other.target_value
        each = product((rate, other.target_upper or rate), (base.low, base.high))
        ends = [end_level(replace(other, target_value=value), level) for value, level in each]
        known = [end for end in ends if end is not None]
        if known:
            about = Phrase("plans.implied.promise", kind=Phrase(f"terms.{other.kind}"), rate=figure(rate))
            yield _with_figure(target, Interval(min(known), max(known)), unit, other.comparator), about


def _allowed(history: History, year: int) -> Interval:
    """What the printed digits behind a level allow; of one that published growth led to, with those of the growth."""
    value, origin = float(history.values[year]), history.origins[year]
    if year not in history.derived and origin.vintage != DERIVED and origin.value:
        return printed(origin.digits).times(value / origin.value)
    if year not in history.derived or origin.measure not in GROWTH_MEASURES:
        return Interval(value, value)
    start, end = origin.first_year - 1, origin.last_year
    step = printed(origin.digits).times(0.01)
    n_years = (end - start if origin.measure == "mean_growth" else 1) * (1 if year == end else -1)
    return compound(_allowed(history, start if year == end else end), step, n_years)


def _by_identities(plan: Plan, target: Target) -> Iterator[Made]:
    """Levels that identities give from those that are promised of all their other terms for the year."""
    own = (target.indicator.id, target.region)
    if target.kind != "level" or target.definition or target.indicator.unit not in plan.catalogue.units:
        return

    units = plan.catalogue.units

    def promised(term: tuple[str, ...]) -> Interval | None:
        levels = (
            _meant(plan, one) for one in plan.series.get((term[0], term[1]), ())
            if one.kind == "level" and one.target_year == target.target_year and not one.definition
            and one.target_value is not None and one.unit in units
        )  # fmt: skip
        return next(levels, None)

    for equation in equations(plan):
        others = [value for key in equation.keys if key[:2] != own and (value := promised(key)) is not None]
        at = [place for place, key in enumerate(equation.keys) if key[:2] == own]
        if len(at) == 1 and len(others) == len(equation.keys) - 1:
            made = equation.follows(at[0], others)
            if made is not None:
                about = Phrase("plans.implied.identity", identity=equation.text)
                yield _with_figure(target, made, target.indicator.unit, "eq"), about


def _meant(plan: Plan, target: Target) -> Interval:
    """What a promised level may mean, in its indicator's unit: "about" by the tolerance, a range from end to end."""
    value, give = target.figure, plan.catalogue.rules["about_tolerance"]
    low, high = (value, value) if target.target_upper is None else (value, target.target_upper)
    if target.comparator == "about":
        low, high = value * (1 - give), value * (1 + give)
    return Interval(low, high).times(plan.catalogue.convert(1.0, target.unit, target.indicator.unit))


@lru_cache(maxsize=8)
def _load(folder: Path, _: tuple) -> Mapping[Key, tuple[float, str, int]]:
    faults: list[Fault] = []
    known: dict[Key, tuple[float, str, int]] = {}
    for row in read_table(folder / FILE, COLUMNS) if (folder / FILE).is_file() else ():
        start, when = year(row, "base_year", faults), year(row, "target_year", faults)
        value = number(row, "value", faults, required=True)
        if start is not None and when is not None and value is not None:
            known[row["region"], row["indicator"], row["kind"], when] = value, row["unit"], start
    if faults:
        raise PlanmodelError(Phrase("plans.assigned_file"), faults)
    return known

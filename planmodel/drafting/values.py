"""Values for chances: which figure of a target is kept with a chance, how a plan would print it, and what the figures
of all blank rows are so that they agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import nan

import numpy as np

from planmodel.arguments import checked
from planmodel.drafting.identities import Term, levels_of, settled, terms_of
from planmodel.errors import NotAssessable, PlanmodelError, UndefinedGrowth, quoted
from planmodel.feasibility import chance
from planmodel.feasibility.outlooks import Outlook
from planmodel.feasibility.quantities import quantity_of
from planmodel.feasibility.system import System
from planmodel.plans.kinds import falling, figures_of, is_reduction, kept, kind_of, reached, throughout
from planmodel.plans.model import BOUNDS, STRICT, Plan, Target
from planmodel.words import Phrase, significant

CHANCES = (0.9, 0.7, 0.5, 0.3)  # the chances for which values are given
LOW, HIGH = 0.01, 0.99  # between which a chance can be asked for
APART = 0.2  # the other chance whose value says how finely a figure is to be printed
RATE_STEP = 0.1  # of a rate that follows from a level, in points
BINDING, JOINT = "binding", "joint"
"""Among chances by row: what stands for all binding rows, and for all rows together."""
MOVES, ROUNDS = (-6.0, 8.0), 12
"""Log odds between which single chances are moved for a joint one, and how often that is halved."""
KEPT = 1000
"""Rows whose figures are kept sorted while chances are tried; of more each is sorted anew."""
Sorted = dict[tuple, np.ndarray]
STEPS = (5, 1)
"""A printed figure ends in one of these times a power of ten: 50 or 100, half a point or a tenth."""
FINE = 0.5
"""A step is at most this part of the way between the values of two chances 20 points apart."""
COARSE = 0.1  # and of an amount at most this part of it


def with_value(target: Target, value: float) -> Target:
    """Return a target that promises a figure.

    >>> from planmodel import load_plan
    >>> with_value(load_plan("taizhou-services-14fyp").target("T2/1/1"), 3400.0).target_printed
    '3400'
    """
    digits = f"{value:.12g}"
    return replace(
        target, status="printed", target_value=float(digits), target_upper=None, target_digits=digits,
        target_printed=digits, comparator="ge" if target.comparator == "range" else target.comparator,
    )  # fmt: skip


def sided(target: Target) -> Target:
    """Return a row with a unit and a comparator: at least its figure, or at most where lower is better."""
    unit = target.unit or (target.indicator.unit if kind_of(target).in_unit else "")
    comparator = target.comparator or ("le" if target.indicator.direction == "lower" else "ge")
    return replace(target, unit=unit, comparator=comparator)


def success_of(target: Target, outlook: Outlook, value: float, about_tolerance: float) -> np.ndarray:
    """Return which paths keep the promise of a value: bool of shape (n_draws,), as an assessment judges it."""
    trial = throughout(with_value(target, value), outlook.start, about_tolerance)
    return kept(trial, outlook.values, about_tolerance)


@checked
def values_for(
    target: Target,
    outlook: Outlook,
    chances: Sequence[float],
    about_tolerance: float,
    known: Sorted | None = None,
) -> np.ndarray:
    """Return the most ambitious values that the paths keep with some chances (0-1), in the target's own terms.

    The quantile at 1 - p of what the paths make of the figure (at p where lower is better); a promise about every year
    counts each path's worst year. A bound that the base keeps already is one of every year. "About" leaves its room.
    known: where what was sorted once is kept for the next time.

    Errors: NotAssessable for kinds that are only shown; PlanmodelError for a chance below 0 or above 1.
    """
    if strange := [each for each in chances if not 0 <= each <= 1]:
        raise PlanmodelError.of("chances", Phrase("drafting.fault.chance", low=0, high=1), quoted(strange[0]))
    known = {} if known is None else known

    def solved(trial: Target) -> np.ndarray:
        down = falling(trial)
        figures = _figures(trial, outlook, down, known)
        ranks = np.ceil(np.asarray(chances) * len(figures)).astype(int).clip(1, len(figures))
        values = figures[ranks - 1] if down else figures[len(figures) - ranks]
        if trial.comparator == "about":
            values = values / (1 + (about_tolerance if down else -about_tolerance) * np.sign(values))
        return values

    # the figure that the middle path makes says whether it is to rise or to fall
    trial = with_value(target, float(np.median(_figures(target, outlook, False, known))))
    values = solved(trial)
    if target.kind == "level" and target.comparator in BOUNDS and outlook.start is not None:
        held = [reached(with_value(target, value), outlook.start, about_tolerance) for value in values]
        values = np.where(held, solved(replace(trial, kind="keep")), values) if any(held) else values
    return values


def _figures(target: Target, outlook: Outlook, down: bool, known: Sorted) -> np.ndarray:
    """What each path makes of the figure promised, sorted, shape (n_draws,); of every year the worst."""
    every_year = kind_of(target).every_year
    key = target.id, target.target_year, target.kind, down and every_year
    if key not in known:
        figures = figures_of(target, outlook.values)
        figures = np.sort((figures.max(axis=1) if down else figures.min(axis=1)) if every_year else figures)
        if len(known) >= KEPT:
            return figures
        known[key] = figures
    return known[key]


def step_for(value: float, other: float, *, least: float | None = None) -> float:
    """Return the step that a value is rounded to, given that of a chance 20 points away; least: the finest there is.

    >>> step_for(3410, 3290), step_for(6.31, 5.4), step_for(61.2, 58.9), step_for(412.0, 410.9, least=1.0)
    (50.0, 0.1, 1.0, 1.0)
    """
    room = FINE * abs(value - other) or 1e-3 * abs(value) or 1.0
    room = room if least is not None else min(room, COARSE * abs(value) or room)
    power = 10.0 ** np.floor(np.log10(room))
    step = float(next(power * size for size in STEPS if power * size <= room * (1 + 1e-9)))
    return max(step, least or 0.0)


def rounded(value: float, step: float) -> float:
    """Return a value on the grid of a step, free of float noise.

    >>> rounded(3412.3, 50), rounded(6.349, 0.1)
    (3400.0, 6.3)
    """
    return significant(round(value / step) * step, 12)


class Work:
    """The blank rows of a plan in one system: their outlooks, values for chances, and figures that agree."""

    def __init__(self, system: System, blank: tuple[Target, ...], printed: Plan):
        self.plan, self.system = system.plan, system
        self.tolerance: float = self.plan.catalogue.rules["about_tolerance"]
        self.sorted: Sorted = {}
        self.outlooks: dict[str, Outlook] = {}
        self.reasons: dict[str, Mapping[str, str]] = {}
        self.blank = tuple(t for b in blank if self.drawn(t := sided(self.plan.target(b.id))))
        anew = {t.id for t in blank}
        self.printed = tuple(t for t in printed.targets if t.id not in anew)

    def drawn(self, target: Target) -> bool:
        """Return whether a target can be drawn; its outlook, or the reason, is kept."""
        if kind_of(target).reads is not None and target.id not in {**self.outlooks, **self.reasons}:
            try:
                self.outlooks[target.id] = self.system.outlook(target)
            except (NotAssessable, UndefinedGrowth) as error:
                self.reasons[target.id] = error.reason
        return target.id in self.outlooks

    def values(self, target: Target, wanted: Sequence[float]) -> list[float]:
        values = values_for(target, self.outlooks[target.id], wanted, self.tolerance, self.sorted)
        return [float(value) for value in values]

    def ladder(self, target: Target) -> tuple[float, ...]:
        """The values for CHANCES; none where it cannot be drawn, and no number where a fall would be a rise."""
        if not self.drawn(target):
            return ()
        turns = kind_of(target).signed or kind_of(target).reduction
        values = self.values(target, CHANCES)
        return tuple(nan if turns and _asks_nothing(with_value(target, value)) else value for value in values)

    def asked(self, by_row: Mapping[str, float]) -> dict[str, float]:
        """The single chance of each blank row."""

        def of(target: Target) -> float:
            names = (target.id, target.indicator.id, *([BINDING] if target.binding else []), "")
            return next(by_row[name] for name in names if name in by_row)

        return {target.id: of(target) for target in self.blank}

    def for_joint(self, by_row: Mapping[str, float], joint: float) -> dict[str, float]:
        """The single chances, moved by equal odds, whose figures are met together with a chance."""
        start = self.asked(by_row)
        low, high = MOVES
        for _ in range(ROUNDS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._met(_moved(start, middle)) < joint else (low, middle)
        return _moved(start, high)

    def _met(self, single: Mapping[str, float]) -> float:
        rows = [row for row, _ in self.written(single).values()]
        met = [success_of(row, self.outlooks[row.id], row.figure, self.tolerance) for row in rows]
        return chance(np.logical_and.reduce(met)) if met else 1.0

    def written(self, single: Mapping[str, float]) -> dict[str, tuple[Target, str]]:
        """The blank rows with the figures that are written, and where each is from (ORIGINS), by id."""
        made = {target.id: (self._chosen(target, single[target.id]), "chosen") for target in self.blank}
        made = {name: row for name, row in made.items() if not _asks_nothing(row[0])}
        usual = float(np.median([*single.values()])) if single else 0.5
        for year in sorted({target.target_year for target in self.blank}):
            levels = levels_of(self._figures(made), year)
            hidden = self._hidden(levels, year, usual)
            figures = {t.id: t.figure for t in (levels | hidden).values()}
            fixed = [t.id for t in levels.values() if t.id not in made]
            for name, value in settled(self.plan, levels | hidden, figures, fixed, self._rank).items():
                if name in made:
                    made[name] = self._held(with_value(made[name][0], value)), "follows"
        for target in (t for t in self.blank if t.id in made):
            rate = self._of_level(target, self._figures(made))
            if rate is not None:
                made[target.id] = with_value(target, rate), "level"
                if _asks_nothing(made[target.id][0]):
                    del made[target.id]
        return made

    def _figures(self, made: Mapping[str, tuple[Target, str]]) -> list[Target]:
        """The rows, drafted and printed, with a figure in a known unit."""
        rows = (*(row for row, _ in made.values()), *self.printed)
        return [t for t in rows if t.target_value is not None and t.unit in self.plan.catalogue.units]

    def _chosen(self, target: Target, asked: float) -> Target:
        """A row with the value for a chance, rounded; where the base has it already, as one to be held in every year."""
        history, kind = self.outlooks[target.id].history.values, kind_of(target)
        two = asked, asked - APART if asked > 0.5 else asked + APART
        value, other = self.values(target, two)
        counted = target.indicator.scale == "amount" and kind.in_unit and (history == history.round()).all()
        least = 1.0 if counted else RATE_STEP if kind.figure in ("percent", "points") else None
        row = self._held(with_value(target, rounded(value, step_for(value, other, least=least))))
        if row.kind == target.kind:
            return row
        value, other = self.values(row, two)
        return with_value(row, rounded(value, step_for(value, other, least=least)))

    def _held(self, row: Target) -> Target:
        """A level that the base has already as one that is to be held in every year, and the other way round."""
        base = self.outlooks[row.id].start
        if row.kind not in ("level", "keep") or base is None:
            return row
        if not reached(row, base, self.tolerance):
            return replace(row, kind="level")
        side = row.comparator if row.comparator in STRICT else "le" if falling(row) else "ge"
        return replace(row, kind="keep", comparator=side)

    def _hidden(self, levels: Mapping[Term, Target], year: int, asked: float) -> dict[Term, Target]:
        """Wholes of shares that no row promises, by the same chance: what two shares are of is one whole."""
        whole_rows = {}
        wholes = {terms_of(self.plan, identity)[2] for identity in self.plan.identities if identity.ratio}
        for name, region in sorted(wholes - set(levels)):
            indicator = self.plan.catalogue.indicators[name]
            row = replace(
                self.blank[0], table="", number=f"{name}@{region}@{year}", indicator=indicator, region=region, kind="level",
                base_value=None, base_unit="", unit=indicator.unit, target_year=year, definition="", comparator="eq",
            )  # fmt: skip
            if self.drawn(row):
                whole_rows[name, region] = replace(self._chosen(row, asked), kind="level")
        return whole_rows

    def _rank(self, target: Target) -> float:
        """Rows that rather follow come first: no row at all, neither the headline nor binding, prose before tables."""
        head, promised = target.indicator.id == self.plan.headline, target.table != "text"
        return 4 * head + 2 * target.binding + promised if target.table else -1

    def _of_level(self, target: Target, rows: Iterable[Target]) -> float | None:
        """What the level of the same quantity, promised for the same year, makes of a growth or change; None: there is none."""
        kind, outlook = kind_of(target), self.outlooks[target.id]
        if kind.end is None or kind.reads is None or outlook.base is None:
            return None
        own = quantity_of(self.plan, target)
        for other in rows:
            same_year = other.kind in ("level", "keep") and other.target_year == target.target_year
            if not same_year or quantity_of(self.plan, other) != own:
                continue
            level = self.plan.catalogue.convert(other.figure, other.unit, outlook.unit)
            path = np.array([[outlook.base, *[level] * target.n_years]])
            made = float(figures_of(target, path)[0])
            return rounded(made, RATE_STEP) if kind.growth else significant(made, 10)
        return None


def _asks_nothing(row: Target) -> bool:
    """True where a growth or a change promises no more than what is there, or less: such a figure is not written."""
    kind, nothing = kind_of(row), 1.0 if row.kind == "multiple" else 0.0
    down = row.indicator.direction == "lower" and not is_reduction(row)
    return (kind.growth or kind.change) and (row.figure >= nothing if down else row.figure <= nothing)


def _moved(single: Mapping[str, float], logit: float) -> dict[str, float]:
    """Chances moved by equal log odds, within what can be asked for."""
    odds = {name: np.log(p / (1 - p)) + logit for name, p in single.items()}
    return {name: float(np.clip(1 / (1 + np.exp(-each)), LOW, HIGH)) for name, each in odds.items()}

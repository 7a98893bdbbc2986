"""How a standing is judged: the tracking methods side by side, one row of METHODS each, and the light.

Lights: met, on pace, at risk, off or not assessable; the cut-offs are data (rules.yaml, review).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planmodel.arithmetic.tracking import (
    five_changes_class,
    five_changes_miss,
    growth_ratio,
    growth_ratio_class,
    progress,
    projected_share,
    projected_share_class,
)
from planmodel.errors import UndefinedGrowth
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.milestones import Milestones
from planmodel.plans import ESTIMATE, Observation, Target, kind_of
from planmodel.plans.kinds import falling, measured_falls, reached
from planmodel.review.standings import Standing, Tracked
from planmodel.words import Phrase

LIGHTS = ("met", "on_pace", "at_risk", "off", "not_assessable")
N_CHANGES = 5
SLACK = 1e-9  # relative room for float noise between a figure and its milestone
GOOD, MIXED, BAD = SENSES = ("good", "mixed", "bad")  # what grades say in common terms


@dataclass(frozen=True)
class Place:
    """The latest figure of a target beside its milestone, in the measure of its path from base to end."""

    assessment: Assessment
    goal: Milestones
    base_year: int
    year: int
    value: float
    milestone: float
    origin: Observation
    rules: Mapping[str, Any]

    @property
    def target(self) -> Target:
        return self.goal.target

    @property
    def base(self) -> float:
        return float(self.goal.path.values[0])

    @property
    def end(self) -> float:
        return float(self.goal.path.values[-1])

    @property
    def years(self) -> tuple[int, int, int]:
        """Years gone since the path's base, years left, and both together."""
        path = self.goal.path.years
        gone, whole = self.year - int(path[0]), int(path[-1] - path[0])
        return gone, whole - gone, whole

    @property
    def elapsed(self) -> float:
        """The share of the time that is gone."""
        return (self.year - self.base_year) / (self.target.target_year - self.base_year)

    @property
    def estimated(self) -> bool:
        """True where the figure stands on an estimate: a year under way, or one nobody published on the way to it."""
        return self.origin.vintage == ESTIMATE or self.year in self.goal.history.spreads

    @property
    def over(self) -> bool:
        """True where it is the outturn of the target year."""
        return self.year == self.target.target_year and not self.estimated

    @property
    def down(self) -> bool:
        """True where less is better."""
        return falling(self.target) if kind_of(self.target).flow else measured_falls(self.target)

    @property
    def milestone_reached(self) -> bool:
        slack = SLACK * max(1.0, abs(self.milestone))
        ahead = self.milestone - self.value if self.down else self.value - self.milestone
        return ahead >= -slack

    def reached(self, figure: float) -> bool:
        return bool(reached(self.target, figure, self.rules["about_tolerance"]))

    def recent(self) -> list[float]:
        """Return the figures of the last five changes; years without one lie on a straight line between."""
        if self.goal.measure == "cumulated":
            raise UndefinedGrowth(Phrase("review.no_changes"))
        values = self.goal.history.values
        values = values[(values.index <= self.year) & (values.index >= self.year - N_CHANGES)]
        if len(values) < 2:
            raise UndefinedGrowth(Phrase("review.few_changes"))
        last = float(values.iloc[-1])
        scale = self.value / last if last else 1.0
        whole = values.reindex(range(int(values.index[0]), self.year + 1)).interpolate()
        return [float(value) * scale for value in whole]


Grade = Callable[[float, bool, Mapping[str, float]], str]
"""A function of a method's figure, whether the final figure is reached, and the cut-offs of the labels."""


@dataclass(frozen=True)
class Method:
    """A tracking method: its figure, its grade, and what each of its grades says in common terms.

    Sources: planmodel.arithmetic.tracking. Words: the method's name stands in columns.yaml, what it assumes in
    review.yaml (methods), its grades in terms.yaml.
    """

    figure: Callable[[Place], float | None]
    grade: Grade
    senses: Mapping[str, str]
    is_percentile: bool = False


def pace_label(way: float, done: bool, pace: Mapping[str, float]) -> str:
    """Return the label of China's mid-term evaluations for the way covered over the way due.

    >>> rules = {"faster": 1.05, "on_pace": 0.9}
    >>> [pace_label(way, done, rules) for way, done in ((1.2, True), (1.2, False), (0.95, False), (0.5, False))]
    ['ahead', 'faster', 'on_pace', 'lagging']
    """
    if done:
        return "ahead"
    return "faster" if way >= pace["faster"] else "on_pace" if way >= pace["on_pace"] else "lagging"


def unless_met(grade: Callable[[float], str]) -> Grade:
    """Return a grade that gives way to a final figure reached already."""
    return lambda figure, done, pace: "met" if done else grade(figure)


METHODS: Mapping[str, Method] = {
    "growth_ratio": Method(
        lambda way: growth_ratio(way.base, way.value, way.end, way.years[0], way.years[2]),
        unless_met(growth_ratio_class),
        {"met": GOOD, "on_track": GOOD, "acceleration_needed": MIXED, "limited_progress": BAD, "deterioration": BAD},
    ),
    "five_changes": Method(
        lambda way: five_changes_miss(way.recent(), way.end, way.years[1]),
        unless_met(five_changes_class),
        {"met": GOOD, "on_course": GOOD, "small_miss": MIXED, "large_miss": BAD, "wrong_way": BAD},
    ),
    "projected_share": Method(
        lambda way: projected_share(way.base, way.value, way.end, way.years[0], way.years[2]),
        unless_met(projected_share_class),
        {"met": GOOD, "reaches": GOOD, "partly": MIXED, "hardly": BAD},
    ),
    "time_progress": Method(
        lambda way: progress(way.base, way.value, way.end) / way.elapsed,
        pace_label,
        {"ahead": GOOD, "faster": GOOD, "on_pace": GOOD, "lagging": BAD},
    ),
    "class_speed": Method(
        lambda way: way.assessment.percentile_from_latest,
        unless_met(lambda figure: "usual" if figure <= 50 else "demanding" if figure <= 90 else "rare"),
        {"met": GOOD, "usual": GOOD, "demanding": MIXED, "rare": BAD},
        is_percentile=True,
    ),
}  # fmt: skip
"""name -> the method."""


def track(way: Place, done: bool) -> tuple[Tracked, ...]:
    """Return what every method says of a place on its way; done: the final figure is reached."""
    said = []
    for name, method in METHODS.items():
        try:
            figure = method.figure(way)
        except UndefinedGrowth as error:
            said.append(Tracked(name, None, reason=error.message))
            continue
        if figure is None:
            said.append(Tracked(name, None, reason=Phrase("review.no_figure")))
        else:
            grade = method.grade(figure, done, way.rules["review"]["pace"])
            said.append(Tracked(name, figure, grade, method.senses[grade]))
    return tuple(said)


def lit(standing: Standing, rules: Mapping) -> Standing:
    """Return a standing with its label and its light, and the rule that gave it.

    In this order: the outturn of a target year that is over; a broken promise of every year; a final figure reached
    already; the probability with the pace; the pace alone. Binding targets have the stricter cut-offs. Far behind its path, a
    target is off where a miss is as likely as being kept has to be near it (binding and expected change sides: stricter).
    """
    light, rule = _light(standing, rules)
    return replace(standing, label=_label(standing, rules["pace"]), light=light, rule=rule)


def _label(standing: Standing, pace: Mapping[str, float]) -> str:
    if standing.year is None or standing.outturn is not None:
        return ""
    if kind_of(standing.target).every_year:
        return "on_pace" if standing.kept_so_far else "lagging"
    done = standing.reached_now and not standing.estimated
    if standing.pace is None:
        return "ahead" if done else "on_pace" if standing.milestone_reached else "lagging"
    return pace_label(standing.pace, done, pace)


def near_path(standing: Standing, pace: Mapping[str, float]) -> bool:
    """Return True where the latest figure is at its milestone or beyond, or the pace near enough to one."""
    near = standing.pace is not None and standing.pace >= pace["on_pace"]
    return bool(standing.milestone_reached or near)


def wanted(standing: Standing, rules: Mapping) -> float:
    """Return the probability that on pace takes: less near the path, more behind it."""
    cut_offs = rules["on_pace" if near_path(standing, rules["pace"]) else "likely"]
    return cut_offs[_strictness(standing)]


def _strictness(standing: Standing) -> str:
    return "binding" if standing.target.binding else "expected"


def _light(standing: Standing, rules: Mapping) -> tuple[str, str]:
    """The light and the rule that gave it (review.yaml says each in words)."""
    if standing.outturn is not None:
        if standing.outturn.met is None:
            return "not_assessable", "no_outturn"
        return ("met" if standing.outturn.met else "off"), "ended"
    if standing.year is None:
        return "not_assessable", "no_outturn"
    if not standing.kept_so_far:
        return "off", "exceeded" if kind_of(standing.target).path == "cumulated" else "broken"
    if standing.reached_now and not standing.estimated:
        return "met", "reached"
    near, chance = near_path(standing, rules["pace"]), standing.assessment.probability
    far = not near and standing.pace is not None and standing.pace < rules["pace"]["far_behind"]
    if chance is None:
        return ("on_pace" if near else "off" if far else "at_risk"), "pace_only"
    strictness = _strictness(standing)
    if chance < rules["unlikely"][strictness]:
        return "off", "unlikely"
    if chance >= rules["likely"][strictness]:
        return "on_pace", "likely"
    if near and chance >= rules["on_pace"][strictness]:
        return "on_pace", "pace_and_likely"
    if far and 1 - chance >= rules["on_pace"]["expected" if standing.target.binding else "binding"]:
        return "off", "far_behind"
    return "at_risk", "not_likely" if near else "behind"

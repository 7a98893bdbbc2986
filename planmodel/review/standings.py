"""Standings: what a review says of one target at a moment. Results only; planmodel.review.positions makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planmodel.arithmetic.paths import Trajectory
from planmodel.feasibility.assessments import Assessment
from planmodel.plans import DERIVED, ESTIMATE, Observation, Target
from planmodel.plans.kinds import Required
from planmodel.plans.outturns import Outturn

LABELS = ("ahead", "faster", "on_pace", "lagging")
"""The labels of China's mid-term evaluations; their cut-offs are data (rules.yaml, review.pace)."""


GOOD, MIXED, BAD = "good", "mixed", "bad"
SENSE = {
    "met": GOOD, "on_track": GOOD, "acceleration_needed": MIXED, "limited_progress": BAD, "deterioration": BAD,
    "on_course": GOOD, "small_miss": MIXED, "large_miss": BAD, "wrong_way": BAD,
    "reaches": GOOD, "partly": MIXED, "hardly": BAD,
    "ahead": GOOD, "faster": GOOD, "on_pace": GOOD, "lagging": BAD,
    "usual": GOOD, "demanding": MIXED, "rare": BAD,
}  # fmt: skip
"""What each class of a method says in common terms."""


@dataclass(frozen=True)
class Method:
    """A tracking method's figure and class; without a class, the reason why it cannot speak."""

    name: str
    figure: float | None
    verdict: str = ""
    reason: str = ""

    @property
    def sense(self) -> str:
        """good, mixed or bad; empty without a class."""
        return SENSE.get(self.verdict, "")


@dataclass(frozen=True)
class Standing:
    """Where a target is; figures in `unit` as `measure` says (see planmodel.feasibility.milestones), None where not known.

    year: of the latest figure. milestone: the path's figure of that year. elapsed, progress: shares of the time and of
    the way from base to target; planned: the share of the way that the path has covered by then; pace: their ratio. so_far: the rate
    since the base. kept_so_far: False once a promise of every year is broken (missed: in these years) or a ceiling on a sum is
    passed. unknown: years so far without a figure, of a promise of every year. outturn: set where the target year is over.
    probability_at_start: from what was known in the base year. revision: the revised base over the printed one, where the
    series was spliced: `so_far` then counts from the revised base, the path stays as printed.
    """

    target: Target
    assessment: Assessment
    reason: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    value: float | None = None
    unit: str = ""
    measure: str = ""
    origin: Observation | None = None
    path: Trajectory | None = field(default=None, repr=False)
    milestone: float | None = None
    milestone_reached: bool | None = None
    elapsed: float | None = None
    progress: float | None = None
    planned: float | None = None
    pace: float | None = None
    so_far: Required | None = None
    reached_now: bool = False
    kept_so_far: bool = True
    missed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    label: str = ""
    light: str = "not_assessable"
    rule: str = "no_outturn"
    methods: tuple[Method, ...] = ()
    outturn: Outturn | None = None
    probability_at_start: float | None = None
    revision: float | None = None

    @property
    def left(self) -> Required | None:
        """What is asked a year from the latest figure on."""
        if self.outturn is not None or not self.kept_so_far:
            return None
        if self.target.kind == "annual_flow" and self.year is not None:
            return Required(self.target.target_value, "flow")
        return self.assessment.required_from_latest

    @property
    def methods_disagree(self) -> bool:
        """True where the tracking methods that can speak do not all say the same: good, mixed or bad."""
        return len({method.sense for method in self.methods if method.sense}) > 1

    @property
    def derived(self) -> bool:
        """True where a figure since the base year follows from others (planmodel.review.derived)."""
        history = self.assessment.history
        if self.year is None or history is None:
            return False
        return any(
            o.vintage == DERIVED and year > self.target.base_year for year, o in history.origins.items() if o
        )

    @property
    def estimated(self) -> bool:
        """True where the latest figure is an estimate of a year under way."""
        return self.origin is not None and self.origin.vintage == ESTIMATE

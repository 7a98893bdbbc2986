"""The review of a plan under way or finished: where each target stands at a moment, from what was known then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from planmodel.arguments import checked
from planmodel.arithmetic.periods import Moment
from planmodel.audit import Finding, doubted
from planmodel.errors import Fault, PlanmodelError
from planmodel.feasibility import assess_plan, chances
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.feasibility.histories import ESTIMATE_COLUMNS, YearEstimate, as_known
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.plans import Plan, kind_of
from planmodel.plans.known import moment_of, start_of
from planmodel.plans.model import framed
from planmodel.plans.promises import FINAL_COLUMNS, PART_COLUMNS, FinalRow, final_review, promises, repeated
from planmodel.plans.scenarios import Scenario
from planmodel.review import standings
from planmodel.review.methods import LIGHTS, METHODS, lit
from planmodel.review.positions import standing_of
from planmodel.review.standings import Standing
from planmodel.words import Joined, Phrase
from planmodel.words.cards import Card, Rows

COLUMNS = (
    *standings.COLUMNS, *METHODS, "methods_disagree", *standings.LATER, *(f"{name}_figure" for name in METHODS),
    "known_to", "known_to_at_start", "repeats",
)  # fmt: skip
"""Of the table of a review; those up to `reason` are those that others script against."""


@dataclass(frozen=True, repr=False)
class Review(Card):
    """A plan as of a moment.

    known: the plan with what was known then, estimates of the year under way included. standings: binding targets first,
    otherwise in the document's order; targets that ended before the plan are in `final`. assessment: the updated
    probabilities; joint ones among them. at_start: those of the base year. n_draws, seed: of all that is counted on.
    """

    plan: Plan
    moment: Moment
    scenario: Scenario
    shape: str
    known: Plan
    standings: tuple[Standing, ...]
    assessment: PlanAssessment
    at_start: PlanAssessment
    estimates: tuple[YearEstimate, ...]
    final: tuple[FinalRow, ...]
    n_draws: int = N_DRAWS
    seed: int = SEED

    def _card(self, lang: str) -> tuple[object, Rows]:
        n, then, now = self.chance_of_all
        joint = Phrase("review.card.then_now", then=then, now=now) if n else None
        title = Phrase("review.card.title", plan=self.plan.short, moment=self.moment.text)
        return title, [
            (Phrase("terms.scenario"), self.scenario.name),
            (Phrase("review.card.targets"), len(self.promises)),
            (Phrase("terms.light"), Joined(self.counted(), "commas")),
            (Phrase("review.card.joint"), joint),
            (Phrase("review.card.final"), len(self.final) or None),
        ]

    @property
    def name(self) -> str:
        """What the names of its files begin with."""
        return f"{self.plan.name}-{self.scenario.id}"

    @property
    def table(self) -> pd.DataFrame:
        """One row a target: rates in % or points a year (the units say which), shares of the way and probabilities 0-1.

        light, rule, label and the grades of the methods are codes (planmodel/words/terms.yaml); why: the light's reasons.
        repeats: the target whose promise it says again, empty where it stands for it.
        """
        own, again = {"as_of": self.moment.text}, repeated(self.standings)
        rows = [one.row() | own | {"repeats": again[one.target.id]} for one in self.standings]
        return framed(rows, COLUMNS, f"{self.name}-review")

    @property
    def final_table(self) -> pd.DataFrame:
        """One row a row of the earlier plan's table: met by its figures, as the text says, and whether the two differ."""
        rows = [row.row() | {"plan": self.plan.name} for row in self.final]
        return framed(rows, FINAL_COLUMNS, f"{self.name}-final")

    @property
    def parts_table(self) -> pd.DataFrame:
        """One row a part of a row of the earlier plan's table: what was promised, the outturn in its unit, met or not."""
        rows = [part.row() for row in self.final for part in row.outturns]
        return framed(rows, PART_COLUMNS, f"{self.name}-parts")

    @property
    def estimates_table(self) -> pd.DataFrame:
        """One row a series whose year under way is estimated: growth, share known and spread are fractions."""
        rows = [estimate.row() for estimate in self.estimates]
        return framed(rows, ESTIMATE_COLUMNS, f"{self.name}-estimates")

    @property
    def chance_of_all(self) -> tuple[int, float | None, float | None]:
        """How many targets have a probability at both moments, and the chance that all of them are met: then, now."""
        both = zip(self.at_start.assessments, self.assessment.assessments, strict=True)
        pairs = [pair for pair in both if all(one.success is not None for one in pair)]
        then, now = (chances([pair[i] for pair in pairs])[0] for i in (0, 1))
        return len(pairs), then, now

    def count(self, light: str) -> int:
        """Return how many promises have a light."""
        return sum(standing.light == light for standing in self.promises)

    def counted(self, lights: Sequence[str] = LIGHTS) -> list[Phrase]:
        """Return how many promises have each of some lights, in words, but for none."""
        counts = [(Phrase(f"terms.{light}"), self.count(light)) for light in lights]
        return [Phrase("review.counted", name=name, n=n) for name, n in counts if n]

    @property
    def judged(self) -> tuple[Standing, ...]:
        """The standings that have a light, binding targets first."""
        return tuple(s for s in self.standings if s.light != "not_assessable")

    @property
    def promises(self) -> tuple[Standing, ...]:
        """The standings with each promise once, though table and text may both make it."""
        return promises(self.standings)

    @property
    def in_danger(self) -> tuple[Standing, ...]:
        """The standings off or at risk that can still be kept, each promise once: binding first, then the least likely."""
        order = ("off", "at_risk")

        def rank(s: Standing) -> tuple:
            return not s.target.binding, order.index(s.light), s.assessment.probability or 0.0

        return tuple(sorted((s for s in self.promises if s.light in order and not s.is_lost), key=rank))

    @property
    def featured(self) -> Standing | None:
        """The standing to look at first: the plan's headline indicator, else the one most in danger, else the first judged."""
        own = [s for s in self.judged if s.target.indicator.id == self.plan.headline]
        return next((s for s in (*own, *self.in_danger, *self.judged) if s.path is not None), None)


@checked
def review(
    plan: Plan,
    scenario: Scenario,
    as_of: str | int | None = None,
    *,
    shape: str = "constant_growth",
    indicators: tuple[str, ...] = (),
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    reference: str | None = None,
    strict: bool = True,
) -> Review:
    """Return where each target of a plan stands at a moment, from what was known then.

    as_of: a period (2023, 2023Q3, 2023-09) or a day (2024-03-15); default: the latest period with a figure, and all that
    was published of it. strict: refuse a moment before the base year is over; else its end is taken, where nothing can be
    judged yet (a batch may look from any year).

    Errors: PlanmodelError for another as_of, one before the base year is over, an unknown path shape or indicator.

    >>> from planmodel import load_plan, load_scenario
    >>> result = review(load_plan("linhai-14fyp"), load_scenario("baseline"), "2024", indicators=("gdp",), n_draws=500)
    >>> [(s.target.id, s.year, round(s.value, 2), s.light, s.label) for s in result.standings if s.target.table == "T2"]
    [('T2/1/1', 2024, 123.85, 'off', 'lagging')]
    """
    rules = plan.catalogue.rules["review"]
    release_months = rules["release_months"]
    moment = _moment(plan, as_of, release_months, strict)
    options: dict[str, Any] = {"n_draws": n_draws, "seed": seed, "reference": reference}
    known, estimates = as_known(plan, scenario, moment, **options)
    then, _ = as_known(plan, scenario, start_of(plan, release_months), **options)
    at_start, now = (assess_plan(p, scenario, indicators=indicators, **options) for p in (then, known))
    own = {target.indicator.id for target in plan.select(indicators)}
    estimates = tuple(estimate for estimate in estimates if estimate.target.indicator.id in own)
    made, doubts = [], doubted(known)
    for assessment, before in zip(now.assessments, at_start.assessments, strict=True):
        if assessment.target.target_year > plan.base_year:
            standing = _doubted(standing_of(known, assessment, scenario, shape, moment), doubts)
            chance, year = before.probability, before.known_to
            made.append(replace(lit(standing, rules), probability_at_start=chance, known_to_at_start=year))
    made.sort(key=lambda standing: not standing.target.binding)
    return Review(
        plan, moment, scenario, shape, known, tuple(made), now, at_start, estimates, final_review(plan), n_draws, seed,
    )  # fmt: skip


def _doubted(standing: Standing, doubts: Mapping[tuple, Finding]) -> Standing:
    """A standing with what the audit doubts of its outturns; without what it would be judged by where it stands on one."""
    target, year = standing.target, standing.year
    key = (target.indicator.id, target.region, target.definition)
    years = [y for y in range(target.base_year + 1, (year or 0) + 1) if (*key, y) in doubts]
    if not years:
        return standing
    finding = doubts[*key, years[-1]]
    doubt = Phrase("review.doubted", year=years[-1], line=finding.line, id=finding.id)
    if years[-1] == year or kind_of(target).flow or kind_of(target).every_year:
        return Standing(target, standing.assessment, reason=doubt, doubt=doubt)
    return replace(standing, doubt=doubt)


def _moment(plan: Plan, as_of: str | int | None, release_months: int, strict: bool) -> Moment:
    moment = moment_of(plan, as_of, release_months)
    if moment.last_full_year >= plan.base_year:
        return moment
    if not strict:
        return start_of(plan, release_months)
    expected = Phrase("review.from_base_year", year=plan.base_year)
    raise PlanmodelError(faults=[Fault(Phrase("review.moment"), expected, moment.text)])

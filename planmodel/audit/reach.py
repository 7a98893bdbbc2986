"""Targets that ask for more than the region, its reference class, or the region it lies in ever did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planmodel.arithmetic.growth import cagr
from planmodel.audit.facts import Facts, facts_of
from planmodel.audit.findings import Finding
from planmodel.audit.statements import OUTTURN, TARGET, Statement, is_level, judge
from planmodel.audit.structure import at_most
from planmodel.audit.texts import years
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility import class_rate
from planmodel.feasibility.outlooks import reference_of
from planmodel.forecasts.reference import ReferenceClass, load_class
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import Required, falling, kind_of, required
from planmodel.plans.series import REAL, Record, growth_history, level_history, record
from planmodel.words import Joined, Phrase


def beyond_record(facts: Facts) -> Iterator[Finding]:
    """Required growth well above the region's best window, or above 99 % of the episodes of the reference class."""
    seen, rules = set(), facts.rules["beyond_record"]
    for goal in facts.find(world=TARGET):
        target = goal.promise
        if not kind_of(target).as_growth or (goal.key, goal.last) in seen:
            continue
        try:
            asked, past, table, percentile = _asked(target, facts)
        except (NotAssessable, UndefinedGrowth):
            continue
        if asked.measure not in ("growth", "pp"):
            continue
        down, growth = falling(target), asked.measure == "growth"
        if percentile is not None and down:
            percentile = 100 - percentile
        best = None if past is None else past.mean if past.best is None else past.best
        room = rules["growth" if growth else "points"]
        room *= 1 if past is None or past.best is not None else 2  # a record shorter than the plan says less
        lead = None
        if best is not None:
            lead = (100 if growth else 1) * (best - asked.value if down else asked.value - best)
        over_class = percentile is not None and percentile >= rules["percentile"]
        if (lead is not None and lead <= 0) or not (over_class or lead is not None and lead > room):
            continue
        seen.add((goal.key, goal.last))
        yield facts.finding(
            "tension" if over_class else "note",
            (goal,),
            Joined(_beyond(goal, asked, past, table if over_class else None), "commas"),
            lead="blank",
            gap=lead,
            unit="pp/year",
        )


def leap(facts: Facts) -> Iterator[Finding]:
    """A target several times its base where nothing is known that it could be held against."""
    seen = set()
    for goal in facts.find(world=TARGET, measure="value"):
        target = goal.promise
        plain = is_level(target) and goal.indicator.scale in ("amount", "density")
        if not plain or falling(target) or goal.last > facts.plan.period[1] or goal.key in seen:
            continue
        bases = [base for base in facts.bases(goal) if base.positive]
        least = (goal.figure / bases[0].figure).low if bases else 0.0
        if not facts.rules["leap"] <= least < facts.rules["scale_slip"] or _known(target, facts):
            continue
        seen.add(goal.key)
        base, times, n_years = bases[0], goal.middle / bases[0].middle, target.n_years
        line = Phrase(
            "audit.leap.line", base=base, target=goal, years=years(n_years), times=f"{times:.3g}",
            growth=cagr(base.middle, goal.middle, n_years),
        )  # fmt: skip
        yield facts.finding("note", (goal, base), line, lead="colon", gap=times, unit="times")


def parent_region(facts: Facts) -> Iterator[Finding]:
    """A part's target above its parent's; a parent's target below what its parts already had."""
    for part_plan, whole_plan in _parts_and_wholes(facts):
        parts, wholes = _named(part_plan), _named(whole_plan)
        for goal in wholes.find(world=TARGET, measure="value", region=whole_plan.region, definition=""):
            if goal.indicator.scale == "amount":
                finding = _over(goal, parts, facts) or _below_rank(goal, parts, facts)
                if finding is not None:
                    yield finding


def _asked(
    target: Target, facts: Facts
) -> tuple[Required, Record | None, ReferenceClass | None, float | None]:
    """Return what a target asks for, the region's record, its reference class and the percentile in it."""
    plan = facts.plan
    real = not is_level(target) and target.price_basis in REAL
    history = (growth_history if real else level_history)(
        plan, target.indicator.id, target.region, definition=target.definition, as_of=target.base_year
    )
    base = history.values.get(target.base_year)
    if base is not None and is_level(target):
        base = plan.catalogue.convert(float(base), target.indicator.unit, target.unit)
    asked = required(target, base)
    share = asked.measure == "pp"
    past = record(history, target.n_years, share=share, down=falling(target)) if len(history) > 1 else None
    group = reference_of(plan, target.indicator, target.region, real)
    table = load_class(group) if group else None
    rate = None if table is None else class_rate(table, asked, target.n_years, base)
    percentile = None if table is None or rate is None else table.percentile(rate, target.n_years)
    return asked, past, table, percentile


def _known(target: Target, facts: Facts) -> bool:
    """True where a record or a reference class can judge a target."""
    _, past, _, percentile = _asked(target, facts)
    return past is not None or percentile is not None


def _beyond(
    goal: Statement, asked: Required, past: Record | None, table: ReferenceClass | None
) -> Iterator[Phrase]:
    """What a target asks for, what the region did at best, and what nearly all of its class stayed below."""

    def a_year(value: float) -> Phrase:
        return Phrase(f"audit.beyond_record.{asked.measure}", value=value)

    yield Phrase("audit.beyond_record.asked", target=goal, growth=a_year(asked.value))
    if past is not None and (past.best is None or past.best_last_year is None):
        yield Phrase("audit.beyond_record.known", record=past, growth=a_year(past.mean))
    elif past is not None and past.best is not None and past.best_last_year is not None:
        n, last = goal.promise.n_years, past.best_last_year
        best = a_year(past.best)
        yield Phrase("audit.beyond_record.best", first=last - n, last=last, years=years(n), growth=best)
    if table is not None:
        yield Phrase("audit.beyond_record.of_class", name=table)


def _parts_and_wholes(facts: Facts) -> list[tuple[Plan, Plan]]:
    """The plans of parts and wholes that this plan belongs to."""
    regions, own = facts.catalogue.regions, facts.plan
    pairs = []
    for other in facts.siblings.values():
        if regions[other.region].parent == own.region:
            pairs.append((other, own))
        if regions[own.region].parent == other.region:
            pairs.append((own, other))
    return pairs


def _named(plan: Plan) -> Facts:
    """The facts of a plan, with its short name before each place."""
    facts = facts_of(plan)
    named = (
        replace(s, places=tuple(f"{plan.short['zh']} {place}" for place in s.places))
        for s in facts.statements
    )
    return Facts(plan, tuple(named))


def _over(goal: Statement, parts: Facts, facts: Facts) -> Finding | None:
    """A part that plans more than the whole it lies in."""
    for part in parts.levels((goal.indicator.id, parts.plan.region, ""), goal.last, TARGET):
        severity = judge(at_most, (part, goal))
        if severity:
            region = facts.catalogue.regions[part.region]
            line = Phrase("audit.parent_region.over", region=region, part=part, whole=goal)
            agrees = Phrase("audit.parent_region.agrees", whole=goal.level(part.middle))
            gap = part.middle - goal.middle
            return _in_part(
                part, facts.finding(severity, (part, goal), line, lead="colon", gap=gap, reconcile=agrees)
            )
    return None


def _below_rank(goal: Statement, parts: Facts, facts: Facts) -> Finding | None:
    """A part that ranks third leaves two parts at least as large: its parent has at least three times its figure."""
    regions = facts.catalogue.regions
    for rank in parts.find(indicator=goal.indicator.id, region=parts.plan.region, measure="rank"):
        for part in parts.levels(rank.key, rank.last, OUTTURN):
            nth = round(rank.middle)
            least = part.figure.times(nth)
            if nth < 1 or least.low <= goal.figure.high or rank.last >= goal.last:
                continue
            made = goal.level(least.middle)
            line = Phrase(
                "audit.parent_region.below_rank", region=regions[part.region], part=part, rank=nth,
                whole=regions[goal.region], least=made, target=goal,
            )  # fmt: skip
            agrees = Phrase("audit.parent_region.rank_agrees", least=made)
            gap = least.middle - goal.middle
            return _in_part(
                part,
                facts.finding("tension", (goal, part, rank), line, lead="colon", gap=gap, reconcile=agrees),
            )
    return None


def _in_part(part: Statement, finding: Finding) -> Finding:
    """The finding under the part's region, which its sentence names."""
    return replace(finding, subject=f"{part.indicator.id}@{part.region}", elsewhere=None)

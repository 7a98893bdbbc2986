"""Targets that ask for more than the region, its reference class, or the region it lies in ever did."""

from collections.abc import Iterator
from dataclasses import replace

from planmodel.arithmetic.growth import cagr
from planmodel.audit.facts import Facts, facts_of
from planmodel.audit.results import Finding
from planmodel.audit.statements import OUTTURN, RATES, TARGET, Statement, digits, judge, years
from planmodel.audit.structure import at_most
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility import class_rate
from planmodel.feasibility.quantities import class_of
from planmodel.forecasts.reference import ReferenceClass, load_class
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import Required, falling, kind_of, required
from planmodel.plans.model import once
from planmodel.plans.series import Record, growth_history, level_history, record
from planmodel.words import Joined, Phrase, Text


def beyond_record(facts: Facts) -> Iterator[Finding]:
    """Required growth well above the region's best window, or above 99 % of the episodes of the reference class."""
    seen, rules = set(), facts.rules["beyond_record"]
    for goal in facts.find(world=TARGET):
        target = goal.promise
        if not kind_of(target).as_growth or (goal.key, goal.last) in seen:
            continue
        try:
            asked, past, group, percentile = _reach(facts.plan, target)
        except (NotAssessable, UndefinedGrowth):
            continue
        if not asked.is_rate:
            continue
        growth, short = asked.measure == "growth", past is not None and past.best is None
        room = rules["growth" if growth else "points"] * (2 if short else 1)  # a short record says less
        lead = None
        if past is not None:
            best = past.mean if past.best is None else past.best
            lead = (100 if growth else 1) * (best - asked.value if falling(target) else asked.value - best)
        if percentile is not None and falling(target):
            percentile = 100 - percentile
        over_class = percentile is not None and percentile >= rules["percentile"]
        if (lead is not None and lead <= 0) or not (over_class or lead is not None and lead > room):
            continue
        seen.add((goal.key, goal.last))
        line = Joined(_beyond(goal, asked, past, group if over_class else None), "commas")
        severity = "tension" if over_class else "note"
        yield Finding(severity, (goal,), line, lead="blank", gap=lead, unit="pp/year")


def as_fraction(facts: Facts) -> Iterator[Finding]:
    """A percentage below 1 where a hundred times it is like what is known: 0.52 typed for 52 %."""
    most, seen = facts.rules.get("as_fraction", 0), set()
    for goal in facts.find(world=TARGET):
        share = goal.measure == "value" and goal.unit == "%"
        printed = abs(goal.middle) * (1 if share else 100)
        if not (share or goal.measure in RATES) or not 0 < printed < 1 or (goal.key, goal.last) in seen:
            continue
        if share:
            levels = facts.find(own=False, key=goal.key, world=OUTTURN, measure="value")
            known = max(levels, key=lambda s: s.last, default=None)
            ratio, told = known.middle / printed if known else 0, (goal, known) if known else (goal,)
            line = Phrase("audit.as_fraction.level", goal=goal, known=known, year=known.last if known else "")
        else:
            if facts.bases(goal) and facts.levels(goal.key, goal.last, TARGET):
                continue  # the rules of growth judge it
            try:
                asked, past, _, _ = _reach(facts.plan, goal.promise)
            except (NotAssessable, UndefinedGrowth):
                continue
            ratio, told = abs(past.mean / asked.value) if past and asked.value else 0, (goal,)
            line = Phrase("audit.as_fraction.growth", goal=goal, known=abs(past.mean) if past else 0)
        if most and 100 / most <= ratio <= 100 * most:
            seen.add((goal.key, goal.last))
            agrees = Phrase("audit.as_fraction.agrees", percent=f"{digits(100 * printed)}%")
            yield Finding("tension", told, line, lead="colon", reconcile=agrees)


def leap(facts: Facts) -> Iterator[Finding]:
    """A target several times its base where nothing is known that it could be held against."""
    seen = set()
    for goal in facts.find(world=TARGET, measure="value"):
        target = goal.promise
        plain = kind_of(target).is_level and goal.indicator.scale in ("amount", "density")
        if not plain or falling(target) or goal.last > facts.plan.period[1] or goal.key in seen:
            continue
        bases = [base for base in facts.bases(goal) if base.positive]
        least = (goal.figure / bases[0].figure).low if bases else 0.0
        if not facts.rules["leap"] <= least < facts.rules["scale_slip"]:
            continue
        _, past, _, percentile = _reach(facts.plan, target)
        if past is None and percentile is None:
            seen.add(goal.key)
            base, times, n_years = bases[0], goal.middle / bases[0].middle, target.n_years
            line = Phrase(
                "audit.leap.line", base=base, target=goal, years=years(n_years), times=f"{times:.3g}",
                growth=cagr(base.middle, goal.middle, n_years),
            )  # fmt: skip
            yield Finding("note", (goal, base), line, lead="colon", gap=times, unit="times")


def parent_region(facts: Facts) -> Iterator[Finding]:
    """A part's target above its parent's; a parent's target below what its parts already had."""
    own, regions = facts.plan, facts.catalogue.regions
    for other in facts.siblings.values():
        for part_plan, whole_plan in ((other, own), (own, other)):
            if regions[part_plan.region].parent != whole_plan.region:
                continue
            parts, wholes = _named(part_plan), _named(whole_plan)
            for goal in wholes.find(world=TARGET, measure="value", region=whole_plan.region, definition=""):
                if goal.indicator.scale == "amount":
                    yield from list(_over(goal, parts))[:1] or list(_below_rank(goal, parts))[:1]


def _reach(plan: Plan, target: Target) -> tuple[Required, Record | None, ReferenceClass | None, float | None]:
    """Return what a target asks for, the region's record, its reference class and the percentile in it."""
    level = kind_of(target).is_level
    real = not level and target.indicator.deflated(target.price_basis)
    history = (growth_history if real else level_history)(
        plan, target.indicator.id, target.region, definition=target.definition, as_of=target.base_year
    )
    base = history.values.get(target.base_year)
    if base is not None and level:
        base = plan.catalogue.convert(float(base), target.indicator.unit, target.unit)
    asked, n_years = required(target, base), target.n_years
    down, share = falling(target), asked.measure == "pp"
    past = record(history, n_years, share=share, down=down) if len(history) > 1 else None
    group = load_class(class_of(plan.catalogue, target.indicator, target.region, real))
    if group.about.get("level") == "any":  # what any share or count did says too little against a plan
        return asked, past, None, None
    rate = class_rate(group, asked, n_years, base)
    return asked, past, group, None if rate is None else group.percentile(rate, n_years, base)


def _beyond(
    goal: Statement, asked: Required, past: Record | None, group: ReferenceClass | None
) -> Iterator[Phrase]:
    """What a target asks for, what the region did at best, and what nearly all of its class stayed below."""

    def a_year(value: float) -> Phrase:
        return Phrase(f"audit.beyond_record.{asked.measure}", value=value)

    yield Phrase("audit.beyond_record.asked", target=goal, growth=a_year(asked.value))
    if past is not None and past.best is not None:
        first, last = past.best_first_year or 0, past.best_last_year or 0
        at_best = {"first": first, "last": last, "years": years(last - first), "growth": a_year(past.best)}
        yield Phrase("audit.beyond_record.best", **at_best)
    elif past is not None:
        yield Phrase("audit.beyond_record.known", record=past, growth=a_year(past.mean))
    if past is not None and past.shorter is not None:
        change, first, last = past.shorter
        shorter = {"first": first, "last": last, "years": years(last - first), "growth": a_year(change)}
        yield Phrase("audit.beyond_record.shorter", **shorter)
    if group is not None:
        yield Phrase("audit.beyond_record.of_class", name=group)


@once
def _named(plan: Plan) -> Facts:
    """The facts of a plan, with its short name before each place."""

    def of_plan(place: str | Text) -> Phrase:
        return Phrase("audit.place_in", plan=plan.short, place=place)

    facts = facts_of(plan)
    named = (replace(s, places=tuple(map(of_plan, s.places))) for s in facts.statements)
    return Facts(plan, tuple(named))


def _over(goal: Statement, parts: Facts) -> Iterator[Finding]:
    """A part that plans more than the whole it lies in."""
    for part in parts.levels((goal.indicator.id, parts.plan.region, ""), goal.last, TARGET):
        if severity := judge(at_most, (part, goal)):
            agrees = Phrase("audit.parent_region.agrees", whole=goal.level(part.middle))
            region = parts.catalogue.regions[part.region]
            line = Phrase("audit.parent_region.over", region=region, part=part, whole=goal)
            yield _in_part(severity, (part, goal), line, part, part.middle - goal.middle, agrees)


def _below_rank(goal: Statement, parts: Facts) -> Iterator[Finding]:
    """A part that ranks third leaves two parts at least as large: its parent has at least three times its figure."""
    regions = parts.catalogue.regions
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
            yield _in_part("tension", (goal, part, rank), line, part, least.middle - goal.middle, agrees)


def _in_part(
    severity: str, figures: tuple, line: Phrase, part: Statement, gap: float, agrees: Phrase
) -> Finding:
    """The finding under the part's region, which its sentence names."""
    subject = f"{part.indicator.id}@{part.region}"
    return Finding(severity, figures, line, "colon", gap, reconcile=agrees, subject=subject, named=False)

"""Targets that ask for more than the region, or its reference class, ever did."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.arithmetic.growth import cagr
from planmodel.audit.findings import Finding
from planmodel.audit.stated import period
from planmodel.audit.statements import OUTTURN, TARGET, Facts, Statement
from planmodel.audit.texts import both, name, percent, shown, shown_unit, subject, years
from planmodel.errors import NotAssessable, UndefinedGrowth
from planmodel.feasibility import class_rate
from planmodel.feasibility.outlooks import reference_of
from planmodel.forecasts.reference import ReferenceClass, load_class
from planmodel.plans import Target
from planmodel.plans.kinds import Required, falling, required
from planmodel.plans.series import REAL, Record, level_history, real_history, record


def beyond_record(facts: Facts) -> Iterator[Finding]:
    """Required growth well above the region's best window, or above 99 % of the episodes of the reference class."""
    seen = set()
    for goal in facts.find(world=TARGET):
        target = goal.target
        if target.kind not in ("level", "annual_growth", "multiple") or (goal.key, goal.last) in seen:
            continue
        try:
            asked, base, past, table = _asked(goal.target, facts)
            rate = None if table is None else class_rate(table, asked, target.n_years, base)
            percentile = None if rate is None else table.percentile(rate, target.n_years)
        except (NotAssessable, UndefinedGrowth):
            continue
        if asked.measure not in ("growth", "pp"):
            continue
        down, scale = falling(target), 100 if asked.measure == "growth" else 1
        if percentile is not None and down:
            percentile = 100 - percentile
        best = None if past is None else past.mean if past.best is None else past.best
        room = facts.rules["beyond_record"]["growth" if asked.measure == "growth" else "points"]
        room *= 1 if past is None or past.best is not None else 2  # a record shorter than the plan says less
        lead = None if best is None else scale * (best - asked.value if down else asked.value - best)
        over_class = percentile is not None and percentile >= facts.rules["beyond_record"]["percentile"]
        if (lead is not None and lead <= 0) or not (over_class or lead is not None and lead > room):
            continue
        seen.add((goal.key, goal.last))
        yield _finding(goal, asked, past, best, table if over_class else None, lead, facts)


def leap(facts: Facts) -> Iterator[Finding]:
    """A target several times its base where nothing is known that it could be held against."""
    factor = facts.rules["leap"]
    seen = set()
    for goal in facts.find(world=TARGET, measure="value"):
        target = goal.target
        amount = target.kind == "level" and goal.indicator.scale in ("amount", "density")
        if not amount or falling(target) or goal.last > facts.plan.period[1] or goal.key in seen:
            continue
        bases = [s for s in facts.levels(goal.key, target.base_year, OUTTURN) if s.figure.low > 0]
        ratio = goal.figure / bases[0].figure if bases else None
        if ratio is None or not factor <= ratio.low < facts.rules["scale_slip"] or _known(target, facts):
            continue
        seen.add(goal.key)
        base, exact = bases[0], goal.figure.middle / bases[0].figure.middle
        n = target.n_years
        rate = percent(cagr(base.figure.middle, goal.figure.middle, n), 1)
        yield Finding(
            "leap",
            "note",
            subject(goal, facts),
            period(goal),
            (goal, base),
            both(
                f"{name(goal, facts, 'zh')}：{shown(base)} → {shown(goal)}，{n} 年为基期的 {exact:.3g} 倍，年均 {rate}；"
                f"没有可比的历史数据",
                f"{name(goal, facts, 'en')}: {shown(base)} → {shown(goal)} in {years(n, 'en')} is {exact:.3g} times the base, "
                f"{rate} a year; no record is known to hold it against",
            ),
            exact,
            "times",
        )


def _known(target: Target, facts: Facts) -> bool:
    """True where a record or a reference class can judge a target."""
    asked, base, past, table = _asked(target, facts)
    rate = None if table is None else class_rate(table, asked, target.n_years, base)
    return past is not None or rate is not None and table.percentile(rate, target.n_years) is not None


def _asked(
    target: Target, facts: Facts
) -> tuple[Required, float | None, Record | None, ReferenceClass | None]:
    plan = facts.plan
    real = target.kind != "level" and target.price_basis in REAL
    key = {"definition": target.definition, "as_of": target.base_year}
    history = (real_history if real else level_history)(plan, target.indicator.id, target.region, **key)
    base = history.values.get(target.base_year)
    if base is not None and target.kind == "level":
        base = plan.catalogue.convert(float(base), target.indicator.unit, target.unit)
    asked = required(target, base)
    share = asked.measure == "pp"
    past = record(history, target.n_years, share=share, down=falling(target)) if len(history) > 1 else None
    group = reference_of(plan, target.indicator, target.region, real)
    return asked, base, past, load_class(group) if group else None


def _finding(goal: Statement, asked: Required, past, best, table, lead, facts: Facts) -> Finding:
    growth = asked.measure == "growth"

    def rate(value: float, lang: str) -> str:
        if growth:
            return f"{100 * value:.1f}%".replace("-", "−") + (" a year" if lang == "en" else "")
        return f"{value:.2f} 个百分点" if lang == "zh" else f"{value:.2f} points a year"

    zh = f"{name(goal, facts, 'zh')} {shown_unit(goal, facts, 'zh')} 须年均 {rate(asked.value, 'zh')}"
    en = f"{name(goal, facts, 'en')} {shown_unit(goal, facts, 'en')} asks for {rate(asked.value, 'en')}"
    if best is not None:
        last = past.last_year if past.best is None else past.best_last_year
        span = f"{past.first_year}–{last}" if past.best is None else f"{last - goal.target.n_years}–{last}"
        if past.best is None:
            zh += f"，本地区已知的 {span} 年为 {rate(best, 'zh')}"
            en += f", the region's known record is {rate(best, 'en')} in {span}"
        else:
            n = years(goal.target.n_years, "en")
            zh += f"，本地区已知最好的 {goal.target.n_years} 年（{span}）为 {rate(best, 'zh')}"
            en += f", the region's best known {n} had {rate(best, 'en')} ({span})"
    if table is not None:
        zh += f"，且高于参照类“{table.name('zh')}”99% 以上的同长度区间"
        en += f", and more than 99% of the episodes of the class '{table.name('en')}' stayed below it"
    return Finding(
        "beyond_record",
        "note" if table is None else "tension",
        subject(goal, facts),
        period(goal),
        (goal,),
        both(zh, en),
        lead,
        "pp/year",
    )

"""What the review says: where targets stand, and which are in danger."""

from __future__ import annotations

import pandas as pd

from planmodel.lab.study import Study
from planmodel.plans import kind_of
from planmodel.plans.promises import promises
from planmodel.review import RULES, Review, Standing, review
from planmodel.tables.cells import number_of, promise, rate
from planmodel.words import figure, moment_words, percent, plain, with_unit, word

COUNTED = ("met", "on_pace", "at_risk", "off")


def reviewed(study: Study, *, strict: bool = False) -> Review:
    """Return the review of the study's plan at its moment.

    A moment before the plan's base year is over is taken as its end, where nothing can be judged yet: a batch may look
    from any year. strict: refuse it.
    """
    early = study.as_of is not None and study.as_of < study.plan.base_year and not strict
    return review(
        study.plan,
        study.scenario,
        str(study.plan.base_year) if early else study.as_at,
        shape=study.path_shape,
        indicators=study.indicators,
        n_draws=study.n_draws,
        seed=study.seed,
        reference=study.reference,
    )


def judged(result: Review) -> tuple[Standing, ...]:
    """Return the standings that have a light, binding targets first."""
    return tuple(s for s in result.standings if s.light != "not_assessable")


def in_danger(result: Review) -> tuple[Standing, ...]:
    """Return the standings off or at risk that can still be kept, binding first, then the least likely; each promise once."""
    order = {"off": 0, "at_risk": 1}
    found = [s for s in promises(result.standings) if s.light in order and not is_lost(s)]
    return tuple(
        sorted(found, key=lambda s: (not s.target.binding, order[s.light], s.assessment.probability or 0.0))
    )


def is_lost(here: Standing) -> bool:
    """Return True where nothing that is still to come can keep the promise."""
    return here.light == "off" and (here.outturn is not None or not here.kept_so_far)


def closest(result: Review) -> Standing | None:
    """Return the standing to look at first: the plan's headline indicator, else the one most in danger, else the first judged."""
    seen = [s for s in judged(result) if s.path is not None]
    own = [s for s in seen if s.target.indicator.id == result.plan.headline]
    urgent = [s for s in in_danger(result) if s.path is not None]
    return next(iter((*own, *urgent, *seen)), None)


def moment_text(result: Review, lang: str) -> str:
    """Return the moment for reading: as of 2024, 截至 2024 年."""
    text = moment_words(result.moment.text, lang)
    return f"截至 {text}" if lang == "zh" else f"As of {text}"


def review_answer(result: Review, lang: str) -> str:
    """Return the answer in words: how many stand how, the joint chance, and what is most urgent."""
    zh, good = lang == "zh", judged(result)
    binding = [s for s in result.standings if s.target.binding]
    when = moment_text(result, lang)
    if not good:
        return (
            f"{when}，规划期 {len(result.standings)} 项目标均没有可据以判断的实际数，尚不能判断。"
            if zh
            else f"{when}, none of the plan period's targets ({len(result.standings)}) has an outturn to judge by: "
            "nothing can be said yet."
        )
    counts = [(word(light, lang), result.count(light)) for light in COUNTED]
    listed = ("，" if zh else ", ").join(f"{text} {n} 项" if zh else f"{n} {text}" for text, n in counts if n)
    said = (
        f"{when}，规划期 {len(result.standings)} 项目标中 {len(good)} 项可以判断：{listed}。"
        if zh
        else f"{when}, {len(good)} of the plan period's {_targets(len(result.standings))} can be judged: {listed}."
    )
    old = sorted(s.year for s in good if is_old(s, result))
    if old:
        n, year, more = len(old), old[-1], old[0] < old[-1]
        said += (
            f"其中 {n} 项的最新数为 {year} 年{'或更早' if more else ''}。"
            if zh
            else f" Of these {n} stand{'s' if n == 1 else ''} on a figure of {year}{' or earlier' if more else ''}."
        )
    if binding:
        own = sum(s.light != "not_assessable" for s in binding)
        said += (
            f"约束性目标 {len(binding)} 项，可判断 {own} 项。"
            if zh
            else f" Binding targets: {len(binding)}, of which {own} can be judged."
        )
    n, then, now = result.chance_of_all
    if n > 1:
        said += (
            f"前后均有概率的 {n} 项目标全部实现的概率为 {percent(now)}（基期时为 {percent(then)}）。"
            if zh
            else f" The chance that all {n} targets with a probability at both moments are met is {percent(now)} "
            f"({percent(then)} in the base year)."
        )
    lost = [plain(s.target.indicator.name(lang)) for s in promises(result.standings) if is_lost(s)]
    if lost:
        names = ("、" if zh else ", ").join(dict.fromkeys(lost))
        said += f"已确定未达到：{names}。" if zh else f" Missed for certain: {names}."
    urgent = in_danger(result)[:3]
    if urgent:
        names = ("；" if zh else "; ").join(_urgent(s, result, lang) for s in urgent)
        said += f"最需关注：{names}。" if zh else f" Most urgent: {names}."
    return said


def _targets(n: int) -> str:
    return f"{n} target{'' if n == 1 else 's'}"


def is_old(here: Standing, result: Review) -> bool:
    """Return True where a later year is over than that of the latest figure, of a target still open."""
    return here.year is not None and here.outturn is None and here.year < result.moment.last_full_year


def _urgent(here: Standing, result: Review, lang: str) -> str:
    units = result.plan.catalogue.units
    name, light = plain(here.target.indicator.name(lang)), word(here.light, lang)
    so_far, left = (rate(x, lang, here.target.unit, units) for x in (here.so_far, here.left))
    if here.so_far is None or here.left is None:
        return f"{name}（{light}）" if lang == "zh" else f"{name} ({light})"
    if lang == "zh":
        return f"{name}（{light}：基期以来年均 {so_far}，剩余年份年均需 {left}）".replace("/年", "")
    return f"{name} ({light}: {so_far} a year since the base, {left} a year needed from here)".replace(
        " a year a year", " a year"
    )


def review_view(result: Review, lang: str) -> pd.DataFrame:
    """Return one row a target with a light: latest figure beside milestone, progress beside time, rate left, light."""
    units, rows = result.plan.catalogue.units, []
    for here in judged(result):
        target, chance = here.target, here.assessment.probability
        rows.append(
            {
                word("number", lang): number_of(target, lang),
                word("indicator", lang): target.indicator.name(lang),
                word("binding_short", lang): "●" if target.binding else "",
                word("target", lang): promise(target, units, lang) + in_year(target.target_year, lang),
                word("latest", lang): _latest(here, units, lang),
                word("due", lang): "–"
                if here.milestone is None
                else _figure(here, here.milestone, units, lang),
                word("elapsed", lang): _share(here.elapsed),
                word("progress", lang): _share(here.progress),
                word("so_far", lang): rate(here.so_far, lang, target.unit, units),
                word("left", lang): "–" if here.light == "met" else rate(here.left, lang, target.unit, units),
                word("probability", lang): "–"
                if chance is None
                else percent(chance)
                if here.probability_at_start is None
                else f"{percent(here.probability_at_start)} → {percent(chance)}",
                word("label", lang): _label(here, result, lang),
                word("light", lang): word(here.light, lang),
                word("reason", lang): _why(here, result, lang),
            }
        )
    return pd.DataFrame(rows)


def _why(here: Standing, result: Review, lang: str) -> str:
    """The rule of the light, and what the latest figure stands on."""
    zh, said = lang == "zh", [RULES[here.rule][lang]]
    if here.rule == "ended":
        met = here.outturn.met
        said = [
            ("目标年已过，达到目标" if met else "目标年已过，未达到目标")
            if zh
            else f"the target year is over: {'met' if met else 'missed'}"
        ]
    if here.missed:
        years = ("、" if zh else ", ").join(map(str, here.missed))
        said.append(f"{years} 年未达到" if zh else f"missed in {years}")
    if here.unknown:
        years = ("、" if zh else ", ").join(map(str, here.unknown))
        said.append(f"缺 {years} 年数" if zh else f"no figure for {years}")
    if is_old(here, result):
        said.append(f"{here.year} 年以后没有公布数" if zh else f"nothing published after {here.year}")
    if here.revision is not None:
        own = not kind_of(here.target).rebased
        change = figure(100 * (here.revision - 1), 1)
        said.append(
            f"基期数已修订 {change}%：{'基期以来增速按修订后口径，路径仍按规划所列基期' if own else '增速与路径均按修订后口径'}"
            if zh
            else f"the base was revised by {change}%: growth since then"
            + (
                " is counted on the revised basis, the path from the printed base"
                if own
                else " and the path are counted on the revised basis"
            )
        )
    if here.derived:
        said.append("部分年份由其他数字推算" if zh else "some years derived from other figures")
    return ("；" if zh else "; ").join(said)


def _latest(here: Standing, units, lang: str) -> str:
    if here.value is None:
        return "–"
    zh, mark, text = lang == "zh", "", _figure(here, here.value, units, lang)
    if here.estimated:
        mark = "，估计" if zh else ", estimate"
    elif here.origin is not None and here.origin.vintage == "derived":
        mark = "，推算" if zh else ", derived"
    if here.measure in ("cumulated", "cumulative_sum"):
        text = f"累计 {text}" if zh else f"{text} so far"
    elif here.target.kind == "mean_annual_flow":
        text = f"年均 {text}" if zh else f"{text} a year"
    return text + in_year(here.year, lang, mark)


def in_year(year: int, lang: str, mark: str = "") -> str:
    """Return a year in brackets, as each language sets it."""
    return f"（{year} 年{mark}）" if lang == "zh" else f" ({year}{mark})"


def _label(here: Standing, result: Review, lang: str) -> str:
    """The progress label; of an old figure with its year."""
    if not here.label:
        return "–"
    return word(f"label_{here.label}", lang) + (in_year(here.year, lang) if is_old(here, result) else "")


def _figure(here: Standing, value: float, units, lang: str) -> str:
    """A figure in the standing's measure; an index counts from 100 in the base year."""
    if here.unit == "index":
        return f"{figure(value, 1)}（基期=100）" if lang == "zh" else f"{figure(value, 1)} (base 100)"
    unit = units[here.unit].name(lang) if here.unit in units else here.unit
    return with_unit(figure(float(f"{value:.6g}")), unit, lang)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{figure(100 * value, 0)}%"


def unjudged_view(result: Review, lang: str) -> pd.DataFrame:
    """Return the targets that cannot be judged, with the reason of each."""
    units = result.plan.catalogue.units
    return pd.DataFrame(
        [
            {
                word("number", lang): number_of(s.target, lang),
                word("indicator", lang): s.target.indicator.name(lang),
                word("binding_short", lang): "●" if s.target.binding else "",
                word("target", lang): promise(s.target, units, lang)
                + ("" if s.target.target_value is None else in_year(s.target.target_year, lang)),
                word("probability", lang): percent(s.assessment.probability),
                word("reason", lang): s.reason.get(lang, "") or RULES[s.rule][lang],
            }
            for s in result.standings
            if s.light == "not_assessable"
        ]
    )

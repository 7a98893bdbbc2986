"""What the review says: where targets stand, which are in danger, what would flip them; and finished tables row by row."""

from __future__ import annotations

import pandas as pd

from planmodel.notebook import Study
from planmodel.outlooks import N_DRAWS, SEED
from planmodel.review import METHODS, RULES, FinalRow, Review, Standing, extra_growth, review, tornado
from planmodel.review.flips import Swing
from planmodel.underway import YearEstimate
from planmodel.views.cells import number_of, rate
from planmodel.words import figure, percent, plain, promise, with_unit, word

MOST_FLIPS = 12
COUNTED = ("met", "on_pace", "at_risk", "off")


def reviewed(study: Study) -> Review:
    """Return the review of the study's plan at its moment."""
    return review(
        study.plan,
        study.scenario,
        study.as_at,
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
    """Return the standings that are off or at risk, binding first, then the least likely; each promise once."""
    order = {"off": 0, "at_risk": 1}
    found, seen = [], set()
    for here in result.standings:
        key = (here.target.indicator.id, here.target.region, here.target.kind, here.target.target_value)
        if here.light in order and key not in seen:
            seen.add(key)
            found.append(here)
    return tuple(
        sorted(found, key=lambda s: (not s.target.binding, order[s.light], s.assessment.probability or 0.0))
    )


def closest(result: Review) -> Standing | None:
    """Return the standing to look at first: the plan's headline indicator, else the one most in danger, else the first judged."""
    seen = [s for s in judged(result) if s.path is not None]
    own = [s for s in seen if s.target.indicator.id == result.plan.headline]
    urgent = [s for s in in_danger(result) if s.path is not None]
    return next(iter((*own, *urgent, *seen)), None)


def moment_text(result: Review, lang: str) -> str:
    """Return the moment for reading: as of 2024, 截至 2024 年."""
    text = result.moment.text
    if lang == "zh":
        return f"截至 {text} 年" if text.isdigit() else f"截至 {text}"
    return f"As of {text}"


def review_answer(result: Review, lang: str) -> str:
    """Return the answer in words: how many stand how, the joint chance, and what is most urgent."""
    zh, good = lang == "zh", judged(result)
    binding = [s for s in result.standings if s.target.binding]
    when = moment_text(result, lang)
    if not good:
        return (
            f"{when}，规划期 {len(result.standings)} 项目标均没有基期以后的实际数，尚不能判断。"
            if zh
            else f"{when}, none of the {len(result.standings)} targets of the plan period has an outturn after the base year: "
            "nothing can be judged yet."
        )
    counts = [(word(light, lang), result.count(light)) for light in COUNTED]
    listed = ("，" if zh else ", ").join(f"{text} {n} 项" if zh else f"{n} {text}" for text, n in counts if n)
    said = (
        f"{when}，规划期 {len(result.standings)} 项目标中 {len(good)} 项可以判断：{listed}。"
        if zh
        else f"{when}, {len(good)} of the {len(result.standings)} targets of the plan period can be judged: {listed}."
    )
    if binding:
        own = sum(s.light != "not_assessable" for s in binding)
        said += (
            f"约束性目标 {len(binding)} 项，可判断 {own} 项。"
            if zh
            else f" Of the {len(binding)} binding ones {own} can be judged."
        )
    if result.assessment.joint is not None:
        chances = (percent(result.assessment.joint), percent(result.at_start.joint))
        said += (
            f"可评估目标全部实现的概率为 {chances[0]}（基期时为 {chances[1]}）。"
            if zh
            else f" The chance that all targets with a probability are met is {chances[0]} ({chances[1]} in the base year)."
        )
    urgent = in_danger(result)[:3]
    if urgent:
        names = ("；" if zh else "; ").join(_urgent(s, result, lang) for s in urgent)
        said += f"最需关注：{names}。" if zh else f" Most urgent: {names}."
    return said


def _urgent(here: Standing, result: Review, lang: str) -> str:
    units = result.plan.catalogue.units
    name, light = plain(here.target.indicator.name(lang)), word(here.light, lang)
    so_far, left = (rate(x, lang, here.target.unit, units) for x in (here.so_far, here.left))
    if here.so_far is None or here.left is None:
        return f"{name}（{light}）" if lang == "zh" else f"{name} ({light})"
    if lang == "zh":
        return f"{name}（{light}：基期以来 {so_far}，剩余年份需 {left}）"
    return f"{name} ({light}: {so_far} a year since the base, {left} a year is left)".replace(
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
                word("target", lang): f"{promise(target, units, lang)} ({target.target_year})",
                word("latest", lang): _latest(here, units, lang),
                word("due", lang): "–"
                if here.milestone is None
                else _figure(here, here.milestone, units, lang),
                word("elapsed", lang): _share(here.elapsed),
                word("progress", lang): _share(here.progress),
                word("so_far", lang): rate(here.so_far, lang, target.unit, units),
                word("left", lang): rate(here.left, lang, target.unit, units),
                word("probability", lang): "–"
                if chance is None
                else percent(chance)
                if here.probability_at_start is None
                else f"{percent(here.probability_at_start)} → {percent(chance)}",
                word("label", lang): word(f"label_{here.label}", lang) if here.label else "–",
                word("light", lang): word(here.light, lang),
                word("reason", lang): _why(here, result, lang),
            }
        )
    return pd.DataFrame(rows)


def _why(here: Standing, result: Review, lang: str) -> str:
    """The rule of the light, and what the latest figure stands on."""
    zh, said = lang == "zh", [RULES[here.rule][lang]]
    if here.year is not None and here.outturn is None and here.year < result.moment.last_full_year:
        said.append(f"{here.year} 年以后没有公布数" if zh else f"nothing published after {here.year}")
    if here.revision is not None:
        change = figure(100 * (here.revision - 1), 1)
        said.append(
            f"基期数已修订 {change}%：基期以来增速按修订后口径，路径仍按规划所列基期"
            if zh
            else f"the base was revised by {change} %: growth since then is counted on the revised basis, the path from the printed base"
        )
    if here.derived:
        said.append("部分年份由其他数字推算" if zh else "some years derived from other figures")
    return ("；" if zh else "; ").join(said)


def _latest(here: Standing, units, lang: str) -> str:
    if here.value is None:
        return "–"
    mark = ""
    if here.estimated:
        mark = "，估计" if lang == "zh" else ", estimate"
    elif here.origin is not None and here.origin.vintage == "derived":
        mark = "，推算" if lang == "zh" else ", derived"
    return f"{_figure(here, here.value, units, lang)} ({here.year}{mark})"


def _figure(here: Standing, value: float, units, lang: str) -> str:
    """A figure in the standing's measure; an index counts from 100 in the base year."""
    if here.unit == "index":
        return f"{figure(value, 1)}（基期=100）" if lang == "zh" else f"{figure(value, 1)} (base 100)"
    unit = units[here.unit].name(lang) if here.unit in units else here.unit
    return with_unit(figure(value), unit, lang)


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
                word("target", lang): promise(s.target, units, lang),
                word("probability", lang): percent(s.assessment.probability),
                word("reason", lang): s.reason.get(lang, "") or RULES[s.rule][lang],
            }
            for s in result.standings
            if s.light == "not_assessable"
        ]
    )


def methods_view(result: Review, lang: str) -> pd.DataFrame:
    """Return what each tracking method says of each target, and, where they disagree, why."""
    rows = []
    for here in judged(result):
        if not here.methods:
            continue
        row = {
            word("number", lang): number_of(here.target, lang),
            word("indicator", lang): here.target.indicator.name(lang),
        }
        for method in here.methods:
            row[word(method.name, lang)] = (
                "–"
                if not method.verdict
                else f"{_score(method.name, method.figure)} {word(method.verdict, lang)}"
            )
        row["判断是否一致" if lang == "zh" else "Do they agree?"] = _agreement(here, lang)
        rows.append(row)
    return pd.DataFrame(rows)


SENSES = {"good": ("有利", "favourable"), "mixed": ("居中", "in between"), "bad": ("不利", "unfavourable")}


def _agreement(here: Standing, lang: str) -> str:
    """Which methods say what, where they disagree; what each assumes stands in methods_text."""
    zh = lang == "zh"
    if not here.disagreement:
        return "一致" if zh else "agree"
    said = []
    for sense, words in SENSES.items():
        names = [word(m.name, lang) for m in here.methods if m.sense == sense]
        if names:
            said.append(words[not zh] + ("：" if zh else ": ") + ("、" if zh else ", ").join(names))
    return ("；" if zh else "; ").join(said)


def _score(name: str, value: float) -> str:
    if name == "class_speed":
        return f"P{value:.0f}"
    return f"{figure(100 * value, 0)}%"


def methods_text(lang: str) -> str:
    """Return what each method counts and assumes, one line a method."""
    zh = lang == "zh"
    return "\n".join(
        f"- {word(name, lang)}{'：' if zh else ': '}{text[lang]}" for name, text in METHODS.items()
    )


def flips_view(result: Review, lang: str, *, n_draws: int = N_DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Return what would flip the targets in danger: the rate that breaks even, and the growth that makes them likely."""
    units, rules, zh, rows = (
        result.plan.catalogue.units,
        result.plan.catalogue.rules["review"],
        lang == "zh",
        [],
    )
    for here in in_danger(result)[:MOST_FLIPS]:
        target = here.target
        wanted = rules["on_pace"]["binding" if target.binding else "expected"]
        extra = (
            None
            if here.assessment.probability is None
            else extra_growth(result.known, target, result.scenario, wanted, n_draws=n_draws, seed=seed)
        )
        points = "–" if extra is None else f"{'+' if extra > 0 else ''}{figure(extra, 1)}"
        rows.append(
            {
                word("number", lang): number_of(target, lang),
                word("indicator", lang): target.indicator.name(lang),
                word("light", lang): word(here.light, lang),
                word("so_far", lang): rate(here.so_far, lang, target.unit, units),
                "恰好达到目标所需（年）" if zh else "Breaks even at, a year": rate(
                    here.left, lang, target.unit, units
                ),
                f"使概率达到 {percent(wanted)} 需每年再增（百分点）"
                if zh
                else f"Points a year to add for {percent(wanted)}": points,
                word("probability", lang): percent(here.assessment.probability),
            }
        )
    return pd.DataFrame(rows)


def tornado_of(
    result: Review, *, n_draws: int = N_DRAWS, seed: int = SEED
) -> tuple[Standing | None, tuple[Swing, ...]]:
    """Return the swings of the target most in danger that has a probability, else of the first that has one."""
    for here in (*in_danger(result), *judged(result)):
        if here.assessment.probability is not None and here.outturn is None:
            swings = tornado(result.known, here.target, result.scenario, n_draws=n_draws, seed=seed)
            return here, swings
    return None, ()


def swings_view(swings: tuple[Swing, ...], lang: str) -> pd.DataFrame:
    """Return how far each assumption moves a probability, the largest swing first."""
    zh = lang == "zh"
    return pd.DataFrame(
        [
            {
                "假设" if zh else "Assumption": swing.name[lang],
                "取值一"
                if zh
                else "One way": f"{swing.low[lang]}{'：' if zh else ': '}{percent(swing.probability_low)}",
                "取值二"
                if zh
                else "The other": f"{swing.high[lang]}{'：' if zh else ': '}{percent(swing.probability_high)}",
            }
            for swing in swings
        ]
    )


def estimates_view(result: Review, lang: str) -> pd.DataFrame:
    """Return the years under way that were estimated from their months."""
    zh = lang == "zh"
    return pd.DataFrame(
        [
            {
                word("indicator", lang): found.target.indicator.name(lang),
                word("year", lang): str(found.year),
                "已知月份" if zh else "Months known": str(found.months),
                "占全年" if zh else "Share of a year": f"{100 * found.known_share:.0f}%",
                "全年增速（估计）"
                if zh
                else "Growth of the year, estimate": f"{figure(100 * found.growth, 1)}%"
                + _inflated(found, zh),
                "标准差" if zh else "Standard deviation": "–"
                if found.spread is None
                else f"{figure(100 * found.spread, 1)}{'个百分点' if zh else ' points'}",
            }
            for found in result.estimates
        ]
    )


def _inflated(found: YearEstimate, zh: bool) -> str:
    if not found.inflated:
        return ""
    return "（实际增速加情景价格涨幅）" if zh else " (real growth and the scenario's price rise)"


def final_answer(result: Review, lang: str) -> str:
    """Return what became of the earlier plan's targets, and where the text says otherwise."""
    zh, rows = lang == "zh", result.final
    if not rows:
        return "本规划没有上期目标完成情况表。" if zh else "The plan prints no review of earlier targets."
    met, missed = (sum(row.met is state for row in rows) for state in (True, False))
    open_rows, said = len(rows) - met - missed, [row for row in rows if row.said is not None]
    differ = [row for row in rows if row.differs]
    text = (
        f"上期规划 {len(rows)} 行目标：按表内数字实现 {met} 行，未实现 {missed} 行，无法判断 {open_rows} 行。"
        if zh
        else f"Of the {len(rows)} rows of the earlier plan {met} were met by the table's figures, {missed} were missed, "
        f"{open_rows} cannot be judged."
    )
    if not said:
        return text + ("正文没有逐项说明完成情况。" if zh else " The text does not say which rows were met.")
    if not differ:
        return text + ("与正文所述一致。" if zh else " The text says the same of every row.")
    listed = ("、" if zh else ", ").join(
        f"{row.table} {row.number} {plain(row.outturns[0].target.indicator.name(lang))}" for row in differ
    )
    return text + (f"与正文所述不一致的是：{listed}。" if zh else f" The text says otherwise of {listed}.")


def final_view(result: Review, lang: str) -> pd.DataFrame:
    """Return each row of the earlier plan's table: target and outturn, met or not, what the text says, any difference."""
    units, zh = result.plan.catalogue.units, lang == "zh"
    rows = []
    for row in result.final:
        first = row.outturns[0].target
        rows.append(
            {
                word("number", lang): f"{row.table}\u00a0{row.number}",
                word("indicator", lang): ("、" if zh else "; ").join(
                    dict.fromkeys(o.target.indicator.name(lang) for o in row.outturns)
                ),
                word("binding_short", lang): "●" if first.binding else "",
                ("目标 → 实际" if zh else "Target → outturn"): ("；" if zh else "; ").join(
                    f"{promise(o.target, units, lang)} → {'–' if o.value is None else figure(o.value)}"
                    for o in row.outturns
                ),
                ("按表计算" if zh else "By the table"): _met(row.met, lang),
                ("正文所述" if zh else "The text says"): _met(row.said, lang)
                if row.said is not None
                else "–",
                ("差异" if zh else "Differs"): _difference(row, lang),
            }
        )
    return pd.DataFrame(rows)


def _met(met: bool | None, lang: str) -> str:
    return word("not_assessable" if met is None else "met" if met else "missed", lang)


def _difference(row: FinalRow, lang: str) -> str:
    if row.differs:
        parts = sum(o.met is False for o in row.outturns)
        if row.met is False and parts < len(row.outturns):
            return (
                f"● {parts} 项分目标未达到"
                if lang == "zh"
                else f"● {parts} of {len(row.outturns)} parts missed"
            )
        return "●"
    reasons = dict.fromkeys(o.reason[lang] for o in row.outturns if o.reason)
    return "; ".join(reasons) if row.met is None else ""

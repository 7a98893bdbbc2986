"""Fans across scenarios: one target in several scenarios, and the fan of their mixture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.fan import draw_target
from planmodel.charts.frame import framed
from planmodel.charts.marks import draw_axes, draw_history, draw_mark, draw_path, value_range, year_range
from planmodel.charts.sentences import fan_sentence, note, subtitle, title
from planmodel.charts.shown import Shown, chance_text, mark_text, scenario_name, shown, tidy
from planmodel.charts.style import SERIES, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.errors import Fault, PlanmodelError, check_lang
from planmodel.feasibility.assessments import Assessment
from planmodel.forecasts.fans import COVERAGES, mix
from planmodel.plans import Plan
from planmodel.words import Joined, percent

BAND = 1
"""Position of the 80 % band among the coverages."""


def _with_chance(by_scenario: Mapping[str, Assessment]) -> dict[str, Assessment]:
    return {key: a for key, a in by_scenario.items() if a.probability is not None and a.outlook is not None}


def _name(key: str, found: Assessment, names: Mapping[str, str] | None, lang: str) -> str:
    return (names or {}).get(key) or scenario_name(found.scenario, lang)


def scenario_fans_data(by_scenario: Mapping[str, Assessment], plan: Plan, lang: str) -> pd.DataFrame:
    """Return the figures drawn: scenario (empty for history, base, path and target), then those of fan_data."""
    check_lang(lang)
    parts = []
    for key, found in (_with_chance(by_scenario) or dict(by_scenario)).items():
        table = tidy(shown(found, plan))
        banded = table.series.isin(["median", "band_low", "band_high"])
        ends = (table.coverage == COVERAGES[BAND]) & (table.year == found.target.target_year)
        table = table[~banded | (table.series == "median") | ends]
        banded = banded[table.index]
        table = table if not parts else table[banded]
        table.insert(0, "scenario", banded[table.index].map({True: key, False: ""}))
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _scenarios_title(by_scenario: Mapping[str, Assessment], lang: str, names) -> str:
    found = _with_chance(by_scenario)
    first = next(iter(by_scenario.values()))
    name = first.target.indicator.name(lang)
    if not found:
        return f"{name}：各情景均不给概率" if lang == "zh" else f"{name}: no scenario gives a probability"
    low, high = (pick(found, key=lambda k: found[k].probability) for pick in (min, max))
    if len(found) == 1:
        chance = percent(found[low].probability)
        return f"{name}：实现概率 {chance}" if lang == "zh" else f"{name}: the chance is {chance}"
    texts = [f"{_name(k, found[k], names, lang)}" for k in (low, high)]
    chances = [percent(found[k].probability) for k in (low, high)]
    if lang == "zh":
        return f"{name}：实现概率从 {chances[0]}（{texts[0]}）到 {chances[1]}（{texts[1]}）"
    return f"{name}: the chance runs from {chances[0]} ({texts[0]}) to {chances[1]} ({texts[1]})"


@styled
def scenario_fans(
    by_scenario: Mapping[str, Assessment],
    plan: Plan,
    lang: str,
    *,
    names: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return one target's median in each scenario and its 80 % band in the target year, named at the line ends.

    Bands by year would cover one another: they stand as bars side by side after the target year.

    by_scenario: assessments of one target; those without a probability are left out. names: by scenario.
    """
    check_lang(lang)
    found = _with_chance(by_scenario)
    first = next(iter((found or by_scenario).values()))
    seen = {key: shown(a, plan) for key, a in found.items()}
    base = next(iter(seen.values())) if seen else shown(first, plan)
    text = subtitle(
        first,
        base,
        plan,
        lang,
        "竖条为目标年八成区间" if lang == "zh" else "bars: 80% bands of the target year",
    )
    figure, box = framed(_scenarios_title(by_scenario, lang, names), text, note(first, lang), size)
    figure.set_label(scenario_fans_alt(by_scenario, plan, lang, names=names))
    if not base.values:
        draw_target(figure, box, first, base, plan, lang)
        return figure
    labels = []
    if base.mark is not None:
        labels.append(
            (base.mark, ("目标 " if lang == "zh" else "target ") + mark_text(base), TARGET, TEXT, True)
        )
    colours = [s for s in SERIES if s[0] != TARGET]
    for i, (key, one) in enumerate(seen.items()):
        line = f"{_name(key, found[key], names, lang)} {percent(found[key].probability)}"
        labels.append((float(one.fan.median[-1]), line, colours[i % len(colours)][0], SMALL, False))
    first_year, last_year = year_range(base)
    step = 0.035 * (last_year - first_year)
    beyond = step * (len(seen) + 0.5)
    ax = draw_axes(figure, box, base, labels, lang, span=_span(seen, base), beyond=beyond)
    for i, one in enumerate(seen.values()):
        colour, marker, dash = colours[i % len(colours)]
        fan = one.fan
        at = last_year + step * (i + 1)
        ends = [fan.low[BAND, -1], fan.high[BAND, -1]]
        ax.plot(
            [at, at], ends, color=colour, lw=3.5, alpha=0.45, solid_capstyle="butt", zorder=3, gid=f"band-{i}"
        )
        ax.plot([at], [fan.median[-1]], ls="", color=colour, marker=marker, ms=5, zorder=5, gid=f"end-{i}")
        ax.plot(fan.years, fan.median, color=colour, lw=1.5, ls=dash, zorder=4, gid=f"median-{i}")
    draw_history(ax, base)
    draw_path(ax, base)
    draw_mark(ax, base)
    return figure


def _span(seen: Mapping[str, Shown], base: Shown) -> tuple[float, float]:
    ranges = []
    for one in seen.values() or [base]:
        fan = one.fan
        if fan is not None:
            keep = slice(0, BAND + 1)
            fan = replace(fan, coverages=fan.coverages[keep], low=fan.low[keep], high=fan.high[keep])
        ranges.append(value_range(replace(one, fan=fan))[:2])
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def scenario_fans_alt(
    by_scenario: Mapping[str, Assessment], plan: Plan, lang: str, *, names: Mapping[str, str] | None = None
) -> str:
    """Return one sentence that says what the scenario fans show."""
    text = _scenarios_title(by_scenario, lang, names)
    found = _with_chance(by_scenario)
    each = [f"{_name(k, a, names, lang)} {chance_text(a.probability, plan, lang)}" for k, a in found.items()]
    if not each:
        return text + ("。" if lang == "zh" else ".")
    return f"{text}；{'；'.join(each)}。" if lang == "zh" else f"{text}; {'; '.join(each)}."


def mixture(by_scenario: Mapping[str, Assessment], weights: Mapping[str, float], seed: int) -> Assessment:
    """Return the assessment of the mixture: draws of each scenario as many as its weight says.

    Errors: PlanmodelError for a weight without a scenario, or where no weight is left.
    """
    missing = [key for key in weights if key not in by_scenario]
    if missing:
        faults = [Fault("weight", f"one of {', '.join(by_scenario)}", key) for key in missing]
        raise PlanmodelError("A weight names a scenario that was not assessed.", faults)
    found = {k: a for k, a in _with_chance(by_scenario).items() if weights.get(k, 0) > 0}
    shares = [weights[key] for key in found]
    if not found:
        raise PlanmodelError(
            faults=[Fault("weight", "a scenario with a probability and a weight above 0", "none")]
        )
    first = next(iter(found.values()))
    ahead = mix([a.outlook.forecast.draws for a in found.values()], shares, seed)
    values = mix([a.outlook.values for a in found.values()], shares, seed)
    success = mix([a.success[:, None] for a in found.values()], shares, seed)[:, 0]
    outlook = replace(first.outlook, values=values, forecast=replace(first.outlook.forecast, draws=ahead))
    names = Joined([each.scenario.name for each in found.values()], "list")
    mixed = replace(first.scenario, id="+".join(found), name=names)
    return replace(first, scenario=mixed, outlook=outlook, success=success, probability=float(success.mean()))


def _weights_text(by_scenario, weights: Mapping[str, float], lang: str, names) -> str:
    used = {k: w for k, w in weights.items() if w > 0 and k in _with_chance(by_scenario)}
    total = sum(used.values())
    each = [f"{_name(k, by_scenario[k], names, lang)} {w / total:.0%}" for k, w in used.items()]
    return f"权重：{'、'.join(each)}" if lang == "zh" else f"weights: {', '.join(each)}"


@styled
def mixed_fan(
    by_scenario: Mapping[str, Assessment],
    weights: Mapping[str, float],
    plan: Plan,
    lang: str,
    seed: int = 0,
    *,
    names: Mapping[str, str] | None = None,
    bands: str = "central",
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return the fan of a mixture of scenarios, with the weights in its subtitle.

    weights: by scenario, any positive numbers; scenarios without a probability are left out.
    Errors: PlanmodelError as in `mixture`.
    """
    check_lang(lang)
    mixed = mixture(by_scenario, weights, seed)
    seen = shown(mixed, plan, bands)
    text = subtitle(mixed, seen, plan, lang, _weights_text(by_scenario, weights, lang, names))
    figure, box = framed(title(mixed, plan, lang), text, note(mixed, lang), size)
    draw_target(figure, box, mixed, seen, plan, lang)
    figure.set_label(mixed_fan_alt(by_scenario, weights, plan, lang, seed, names=names))
    return figure


def mixed_fan_data(
    by_scenario: Mapping[str, Assessment],
    weights: Mapping[str, float],
    plan: Plan,
    lang: str,
    seed: int = 0,
    *,
    bands: str = "central",
) -> pd.DataFrame:
    """Return the figures of the mixed fan, as fan_data does."""
    check_lang(lang)
    return tidy(shown(mixture(by_scenario, weights, seed), plan, bands))


def mixed_fan_alt(
    by_scenario: Mapping[str, Assessment],
    weights: Mapping[str, float],
    plan: Plan,
    lang: str,
    seed: int = 0,
    *,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return one sentence that says what the mixed fan shows, with the weights."""
    mixed = mixture(by_scenario, weights, seed)
    text = fan_sentence(mixed, shown(mixed, plan), plan, lang)
    extra = _weights_text(by_scenario, weights, lang, names)
    return f"{text[:-1]}；{extra}。" if lang == "zh" else f"{text[:-1]}; {extra}."

"""Fans across scenarios: one target in several scenarios, and the fan of their mixture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from planmodel.charts.chart import Chart
from planmodel.charts.fan import draw_target, target_name
from planmodel.charts.frame import EndLabel, canvas
from planmodel.charts.marks import draw_axes, draw_history, draw_mark, draw_path, value_range, year_range
from planmodel.charts.sentences import chosen, fan_sentence, note, subtitle
from planmodel.charts.sentences import title as title_of
from planmodel.charts.shown import Shown, shown
from planmodel.charts.style import COLOURS, SERIES, SIZE, SMALL, TARGET, TEXT, colours_of, styled
from planmodel.errors import Fault, PlanmodelError, check_lang
from planmodel.feasibility.assessments import Assessment
from planmodel.forecasts.fans import COVERAGES, mix
from planmodel.words import Joined, Phrase, percent, phrase

BAND = 1
"""Position of the 80 % band among the coverages."""


def _with_chance(by_scenario: Mapping[str, Assessment]) -> dict[str, Assessment]:
    return {key: a for key, a in by_scenario.items() if a.probability is not None and a.outlook is not None}


@styled
def scenario_fans(
    by_scenario: Mapping[str, Assessment],
    lang: str = "en",
    *,
    title: str | None = None,
    years: tuple[int, int] | None = None,
    colours: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return one target's median in each scenario and its 80 % band in the target year, named at the line ends.

    Bands by year would cover one another: they stand as bars side by side after the target year.

    by_scenario: assessments of one target; those without a probability are left out. years: first and last to show.
    colours: by scenario, or by the names of style.COLOURS. Data: scenario (empty for history, base, path and target),
    series, year, coverage, value, unit.
    """
    check_lang(lang)
    judged = _with_chance(by_scenario)
    first = next(iter((judged or by_scenario).values()))
    seen = {key: shown(a) for key, a in judged.items()} or {"": shown(first)}
    if years is not None:
        seen = {key: one.between(*years) for key, one in seen.items()}
    base, others = next(iter(seen.values())), [look for look in SERIES if look[0] != TARGET]
    fans = {key: one.fan for key, one in seen.items() if one.fan is not None}
    looks = {key: others[i % len(others)] for i, key in enumerate(seen)}
    own = colours_of(colours, {**COLOURS, **{key: look[0] for key, look in looks.items()}})
    heading = _title(by_scenario)
    below = subtitle(first, base, Phrase("charts.scenarios.bars"))[lang]
    figure, box = canvas(chosen(title, heading, lang), below, note(first)[lang], size, ax=ax)
    chances = [
        Phrase("charts.scenarios.chance", name=a.scenario.name, figures=one.chance[0], words=one.chance[1])
        for a, one in ((a, seen[key]) for key, a in judged.items())
    ]
    alt = Phrase("charts.sentence", text=Joined([heading, *chances], "clauses"))
    chart = Chart(
        target_name(first, "scenario-fans"), figure, _data(seen), alt[lang], lang, first.plan.title[lang]
    )
    if not base.values:
        draw_target(figure, box, base, lang)
        return chart
    labels: list[EndLabel] = []
    if base.mark is not None:
        mark = phrase("charts.target", lang, mark=base.mark_text)
        labels.append((base.mark, mark, own["target"], TEXT, True))
    for key, fan in fans.items():
        line = f"{judged[key].scenario.name[lang]} {percent(judged[key].probability)}"
        labels.append((float(fan.median[-1]), line, own[key], SMALL, False))
    first_year, last_year = year_range(base)
    step = 0.035 * (last_year - first_year)
    ax = draw_axes(figure, box, base, labels, lang, span=_span(seen), beyond=step * (len(fans) + 0.5))
    for i, (key, fan) in enumerate(fans.items()):
        (_, marker, dash), colour = looks[key], own[key]
        at, ends = last_year + step * (i + 1), [fan.low[BAND, -1], fan.high[BAND, -1]]
        bar: dict[str, Any] = {
            "lw": 3.5,
            "alpha": 0.45,
            "solid_capstyle": "butt",
            "zorder": 3,
            "gid": f"band-{i}",
        }
        ax.plot([at, at], ends, color=colour, **bar)
        ax.plot([at], [fan.median[-1]], ls="", color=colour, marker=marker, ms=5, zorder=5, gid=f"end-{i}")
        ax.plot(fan.years, fan.median, color=colour, lw=1.5, ls=dash, zorder=4, gid=f"median-{i}")
    draw_history(ax, base, own)
    draw_path(ax, base, "", own)
    draw_mark(ax, base, own)
    return chart


def _data(seen: Mapping[str, Shown]) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for key, one in seen.items():
        table = one.table
        fanned = table.series.isin(["median", "band_low", "band_high"])
        ends = (table.coverage == COVERAGES[BAND]) & (table.year == one.year)
        kept = (table.series == "median") | ends | (~fanned if not parts else False)
        part = table[kept].copy()
        part.insert(0, "scenario", fanned[kept].map({True: key, False: ""}))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _title(by_scenario: Mapping[str, Assessment]) -> Phrase:
    judged = _with_chance(by_scenario)
    name = next(iter(by_scenario.values())).target.indicator
    if not judged:
        return Phrase("charts.scenarios.no_chance", name=name)
    low, high = (pick(judged.values(), key=lambda a: a.probability or 0.0) for pick in (min, max))
    if len(judged) == 1:
        return Phrase("charts.scenarios.one", name=name, chance=low.probability)
    chances, names = (low.probability, high.probability), (low.scenario.name, high.scenario.name)
    return Phrase(
        "charts.scenarios.from_to",
        name=name,
        low=chances[0],
        high=chances[1],
        lowest=names[0],
        highest=names[1],
    )


def _span(seen: Mapping[str, Shown]) -> tuple[float, float]:
    ranges = []
    for one in seen.values():
        fan = one.fan
        if fan is not None:
            keep = slice(0, BAND + 1)
            fan = replace(fan, coverages=fan.coverages[keep], low=fan.low[keep], high=fan.high[keep])
        ranges.append(value_range(replace(one, fan=fan))[:2])
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def mixture(by_scenario: Mapping[str, Assessment], weights: Mapping[str, float], seed: int) -> Assessment:
    """Return the assessment of the mixture: draws of each scenario as many as its weight says.

    Errors: PlanmodelError for a weight without a scenario, or where no weight is left.
    """
    missing = [key for key in weights if key not in by_scenario]
    if missing:
        expected = Phrase("charts.mixed.one_of", names=list(by_scenario))
        raise PlanmodelError(
            Phrase("charts.mixed.unknown"), [Fault("weight", expected, key) for key in missing]
        )
    judged = {k: a for k, a in _with_chance(by_scenario).items() if weights.get(k, 0) > 0}
    shares = [weights[key] for key in judged]
    if not judged:
        raise PlanmodelError(
            faults=[Fault("weight", Phrase("charts.mixed.positive"), Phrase("charts.mixed.none"))]
        )
    first = next(iter(judged.values()))
    outlooks = [a.outlook for a in judged.values() if a.outlook is not None]
    kept = [a.success[:, None] for a in judged.values() if a.success is not None]
    ahead = mix([outlook.forecast.draws for outlook in outlooks], shares, seed)
    values = mix([outlook.values for outlook in outlooks], shares, seed)
    success = mix(kept, shares, seed)[:, 0]
    outlook = replace(outlooks[0], values=values, forecast=replace(outlooks[0].forecast, draws=ahead))
    names = Joined([a.scenario.name for a in judged.values()], "list")
    mixed = replace(first.scenario, id="+".join(judged), name=names)
    return replace(first, scenario=mixed, outlook=outlook, success=success, probability=float(success.mean()))


@styled
def mixed_fan(
    by_scenario: Mapping[str, Assessment],
    weights: Mapping[str, float],
    lang: str = "en",
    seed: int = 0,
    *,
    bands: str = "central",
    title: str | None = None,
    years: tuple[int, int] | None = None,
    colours: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return the fan of a mixture of scenarios, with the weights in its subtitle. Data, title, ...: as fan_chart.

    weights: by scenario, any positive numbers; scenarios without a probability are left out.
    Errors: PlanmodelError as in `mixture`.
    """
    check_lang(lang)
    mixed = mixture(by_scenario, weights, seed)
    seen = shown(mixed, bands)
    seen = seen if years is None else seen.between(*years)
    used = {k: weights[k] for k in _with_chance(by_scenario) if weights.get(k, 0) > 0}
    shares = [
        Phrase(
            "charts.mixed.share",
            name=by_scenario[key].scenario.name,
            share=f"{weight / sum(used.values()):.0%}",
        )
        for key, weight in used.items()
    ]
    weighed = Phrase("charts.mixed.weights", shares=shares)
    heading = title_of(mixed)
    below = subtitle(mixed, seen, weighed)[lang]
    figure, box = canvas(chosen(title, heading, lang), below, note(mixed)[lang], size, ax=ax)
    draw_target(figure, box, seen, lang, colours=colours_of(colours))
    alt = fan_sentence(mixed, seen, weighed)[lang]
    return Chart(target_name(mixed, "mixed-fan"), figure, seen.table, alt, lang, mixed.plan.title[lang])

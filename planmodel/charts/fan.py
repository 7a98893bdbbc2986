"""Fan charts: a target, a forecast or anyone's quantiles; all of a plan; one target in several scenarios; their mixture."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from planmodel.charts.chart import Chart, Narrow, Sheet, drawn, file_name, unique, with_left_out
from planmodel.charts.frame import Box, EndLabel
from planmodel.charts.inline import page_fan
from planmodel.charts.letters import wrap
from planmodel.charts.marks import draw_target, value_range, year_range
from planmodel.charts.sentences import drawn_clauses, fan_clauses, in_scenario, note, subtitle
from planmodel.charts.sentences import title as title_of
from planmodel.charts.shown import Shown, fan_of, shown
from planmodel.charts.style import COLOURS, GREY, INK, SMALL, TEXT, Look, scenario_looks
from planmodel.errors import Fault, PlanmodelError, check_known
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.forecasts import Forecast
from planmodel.forecasts.fans import COVERAGES, Fan, mix
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import BOUNDS, DOWN
from planmodel.tables.promises import number_of, promised
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase, percent, phrase, said

MOST_PANELS = 15
"""Small fans of one picture: a page of more weighs too much to load, and more are not looked at."""
CELL_HEIGHT, GAP = 1.9, 0.22
ROOMS = (0.5, 0.84)
"""Of small fans: height, the room between them, and the least rooms at the sides of their axes."""
BAND = 1  # position of the 80 % band among the coverages


@drawn("years", "colours", "ax")
def fan_chart(
    x: Assessment | Forecast | Fan | pd.DataFrame,
    sheet: Sheet,
    *,
    bands: str = "central",
    path_shape: str = "constant_growth",
    history: pd.Series | None = None,
    target: float | None = None,
    comparator: str = "ge",
    unit: str = "",
    source: str | None = None,
) -> Chart:
    """Return the fan chart of a plan's target, of a forecast or of a table of quantiles.

    x: an Assessment (without a probability it shows history and required path, and says why); a Forecast or Fan; or a
    frame of quantiles by year: years as index or column `year`, columns named q2.5, q10, ... or 0.025, 0.1, ...
    bands: central or shortest (of draws). path_shape: of a target's required path (shares: linear).

    Of what is no Assessment: history: past figures by year; its name is the chart's. target: the figure to reach in the
    last year, at least or at most (comparator: ge, gt, le, lt, eq, about); of draws, the share that reaches it is said.
    unit: for the subtitle.

    title: in place of the one that says what is found. years: first and last to show. colours: by name, see
    style.COLOURS. size: inches. ax: axes to draw in. source: of the figures (default: the plan; of a series of one's own none).

    Data: series (history, base, required_path, target, median, band_low, band_high), year, coverage, value, unit.
    Errors: PlanmodelError for an unknown language, kind of band, path shape, colour or comparator, or a frame that holds
    no pair of quantiles.

    >>> from planmodel.forecasts import forecast
    >>> past = pd.Series({2015: 1756.45, 2020: 2669.73}, name="Services")
    >>> chart = fan_chart(forecast(past, 5, reference="prefectures_nominal_services"), history=past, target=4000)
    >>> chart.name, chart.alt[-49:]
    ('services-fan', ' 2025 is ≥4,000; the chance of meeting it is 44%.')
    """
    if isinstance(x, Assessment):
        return _one_fan(sheet, x, shown(x, bands, path_shape), "fan", source=source)
    seen, fan = _bare(x, bands, history, target, comparator, unit)
    label = str(history.name) if history is not None and history.name else ""
    below = [unit, Phrase("charts.fan.bands", bands=[f"{c:.0%}" for c in fan.coverages])]
    made, chances = drawn_clauses(replace(seen, history=seen.history.iloc[:0]))[0], []
    if seen.probability is not None:
        made = Phrase("charts.fan.reach", year=seen.year, mark=seen.mark_text, figures=seen.chance[0])
        chances = [Phrase("charts.fan.chance_figure", figures=seen.chance[0])]
    seen = seen.between(sheet.years)
    title, text = (
        Phrase("charts.titled", name=label, text=words) if label else words
        for words in (made, Joined([*drawn_clauses(seen), *chances], "clauses"))
    )
    draw_target(sheet.open(title, Joined(below, "commas")), seen, sheet.lang, sheet.colours_of(COLOURS))
    return sheet.chart(file_name(label.lower(), "fan"), seen.table, text, source=source or "")


def _one_fan(
    sheet: Sheet,
    x: Assessment,
    seen: Shown,
    what: str,
    weighed: Phrase | None = None,
    source: str | None = None,
) -> Chart:
    """The fan chart of a target; weighed: what stands in the place of its scenario."""
    heading, below = title_of(x), subtitle(x, seen, weighed)
    seen, colours = seen.between(sheet.years), sheet.colours_of(COLOURS)
    draw_target(sheet.open(heading, below, note(x)), seen, sheet.lang, colours)
    text = Joined([*fan_clauses(x, seen), weighed], "clauses")
    chart = sheet.chart(_name(x, what), seen.table, text, source=x.plan.title if source is None else source)
    narrow = page_fan(seen, sheet.lang, chart.alt)  # the promise's own, which says its figures year by year
    return (
        replace(chart, narrow=lambda: Narrow(sheet.texts, (narrow,)))
        if narrow and sheet.ax is None
        else chart
    )


def _name(assessment: Assessment, what: str) -> str:
    """The name of the files of a chart of one target."""
    return file_name(assessment.target.plan, assessment.scenario.id, what, number_of(assessment.target, "en"))


def _bare(
    x, bands: str, history: pd.Series | None, target: float | None, comparator: str, unit: str
) -> tuple[Shown, Fan]:
    """What a chart of a forecast, a fan or a frame of quantiles shows."""
    check_known("comparator", [comparator], COMPARATOR_SIGNS)
    past = pd.Series(dtype=float) if history is None else history.dropna()
    probability = None
    if isinstance(x, Forecast):
        fan = fan_of(x, bands)
        if target is not None and comparator in BOUNDS:
            kept = x.draws[:, -1] <= target if comparator in DOWN else x.draws[:, -1] >= target
            probability = float(kept.mean())
    else:
        fan = x if isinstance(x, Fan) else fan_of_quantiles(x)
    year, how = int(fan.years[-1]), Look(comparator=comparator, falls=comparator in DOWN)
    seen = Shown(
        unit, past, year, mark=target, mark_years=(year, year), fan=fan, probability=probability, **how
    )
    return seen, fan


def fan_of_quantiles(table: pd.DataFrame) -> Fan:
    """Return the fan of a frame with a column a quantile, or in any form that Fan.of takes.

    >>> fan = fan_of_quantiles(pd.DataFrame({"year": [2021, 2022], "q10": [1, 1], "q50": [2, 3], "q90": [4, 6]}))
    >>> fan.low.tolist(), fan.median.tolist(), fan.high.tolist()
    ([[1, 1]], [2, 3], [[4, 6]])
    """
    known = {share: name for name in table.columns if (share := _share(name)) is not None}
    if not known:
        return Fan.of(table)
    years = table.get("year", table.index)
    parts = [pd.DataFrame({"year": years, "quantile": q, "value": table[name]}) for q, name in known.items()]
    return Fan.of(pd.concat(parts, ignore_index=True))


def _share(name: object) -> float | None:
    """Return the quantile that a column's name says: 0.025, "q2.5", "q025" and "p97.5" are shares, "year" is none."""
    text = str(name).lower().lstrip("qp")
    try:
        value = float(text)
    except ValueError:
        return None
    if "." not in text and len(text) > 1:
        value /= 10 ** len(text)
    return round(value if value <= 1 and "." in text or value < 1 else value / 100, 6)


@drawn()
def fan_multiples(result: PlanAssessment, sheet: Sheet, *, bands: str = "central") -> Chart:
    """Return small fans of all assessable targets of a plan, each promise once.

    Where the scenario gives no probabilities: history and required path only. size: only the width is used. Of many the first
    are drawn (MOST_PANELS). Data, of those drawn: target, indicator, name, probability, then those of fan_chart.
    """
    drawable = unique(result.assessable or [a for a in result.assessments if a.outlook is not None])
    each = [(assessment, shown(assessment, bands)) for assessment in drawable[:MOST_PANELS]]
    counts = {"n": len(drawable), "likely": sum((a.probability or 0.0) >= 0.5 for a in drawable)}
    key = "none" if not drawable else "title" if result.assessable else "no_chance"
    heading = Phrase(f"charts.multiples.{key}", name=result.plan.short, **counts)
    below = Phrase("charts.multiples.subtitle", scenario=in_scenario(result.scenario.name))
    columns = 3 if sheet.size[0] >= 6.5 else 2
    texts = with_left_out((heading, below), len(drawable), MOST_PANELS)
    cells = sheet.panels(len(each), *texts, columns=columns, height=CELL_HEIGHT, gap=GAP)
    parts = [pd.DataFrame()]
    for (assessment, seen), cell in zip(each, cells, strict=True):
        _draw_cell(cell, assessment, seen, sheet.lang)
        target, table = assessment.target, seen.table
        own: Look = {"target": target.id, "indicator": target.indicator.id}
        own |= {"name": target.indicator.name(sheet.lang), "probability": assessment.probability}
        parts.append(table.assign(**own)[[*own, *table]].astype({"probability": float}))
    name = f"{result.plan.name}-{result.scenario.id}-fans"
    data = pd.concat(parts[1:] or parts, ignore_index=True)
    return sheet.chart(name, data, heading, source=result.plan.title)


def _draw_cell(cell: Box, assessment: Assessment, seen: Shown, lang: str) -> None:
    name = wrap(assessment.target.indicator.name(lang), cell.width, TEXT - 0.5, lines=2)
    box, detail = cell.head(name, TEXT - 0.5, color=INK), said(seen.unit_name, lang)
    if not kind_of(assessment.target).is_level or assessment.target.target_value is None:
        detail = phrase("charts.multiples.detail", lang, promise=promised(assessment), unit=seen.unit_name)
    box = box.head(wrap(detail, cell.width, SMALL - 1, lines=2), SMALL - 1, 0.06, color=GREY)
    draw_target(box, seen, lang, small=True, rooms=ROOMS)


@drawn("years", "colours", "ax")
def scenario_fans(by_scenario: Mapping[str, Assessment], sheet: Sheet) -> Chart:
    """Return one target's median in each scenario and its 80 % band in the target year, named at the line ends.

    Bands by year would cover one another: they stand as bars side by side after the target year.

    by_scenario: assessments of one target; those without a probability are left out. years: first and last to show.
    colours: by scenario, or by the names of style.COLOURS. Data: scenario (empty for history, base, path and target),
    series, year, coverage, value, unit.
    """
    judged = _with_chance(by_scenario)
    first = next(iter((judged or by_scenario).values()))
    seen = {key: shown(a).between(sheet.years) for key, a in (judged or {"": first}).items()}
    base = next(iter(seen.values()))
    fans = {key: one.fan for key, one in seen.items() if one.fan is not None}
    looks = scenario_looks(seen)
    own = sheet.colours_of({**COLOURS, **{key: look[0] for key, look in looks.items()}})
    heading = _from_to(by_scenario)
    box = sheet.open(heading, subtitle(first, base, Phrase("charts.scenarios.bars")), note(first))
    labels: list[EndLabel] = []
    if base.mark is not None:
        mark = sheet.say("charts.target", mark=base.mark_text)
        labels.append((base.mark, mark, own["target"], TEXT, True))
    for key, fan in fans.items():
        line = f"{judged[key].scenario.name[sheet.lang]} {percent(judged[key].probability)}"
        labels.append((float(fan.median[-1]), line, own[key], SMALL, False))
    first_year, last_year = year_range(base)
    step, span = 0.035 * (last_year - first_year), _span(seen) if base.values else None
    around: Look = {"labels": labels, "span": span, "beyond": step * (len(fans) + 0.5)}
    ax = draw_target(box, replace(base, fan=None), sheet.lang, own, path_named=False, **around)
    if ax is not None:
        for i, (key, fan) in enumerate(fans.items()):
            _, marker, dash = looks[key]
            look: Look = {"color": own[key]}
            at, ends = last_year + step * (i + 1), [fan.low[BAND, -1], fan.high[BAND, -1]]
            ax.plot(
                [at, at], ends, lw=3.5, alpha=0.45, solid_capstyle="butt", zorder=3, gid=f"band-{i}", **look
            )
            ax.plot([at], [fan.median[-1]], ls="", marker=marker, ms=5, zorder=5, gid=f"end-{i}", **look)
            ax.plot(fan.years, fan.median, lw=1.5, ls=dash, zorder=4, gid=f"median-{i}", **look)
    named = [(a.scenario.name, *seen[key].chance) for key, a in judged.items()]
    chances = [Phrase("charts.scenarios.chance", name=n, figures=f, words=w) for n, f, w in named]
    text = Joined([heading, *chances], "clauses")
    return sheet.chart(_name(first, "scenario-fans"), _data(seen), text, source=first.plan.title)


def _with_chance(
    by_scenario: Mapping[str, Assessment], weights: Mapping[str, float] | None = None
) -> dict[str, Assessment]:
    known = {key: a for key, a in by_scenario.items() if a.probability is not None and a.outlook is not None}
    return known if weights is None else {key: a for key, a in known.items() if weights.get(key, 0) > 0}


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


def _from_to(by_scenario: Mapping[str, Assessment]) -> Phrase:
    judged = sorted(_with_chance(by_scenario).values(), key=lambda a: a.probability or 0.0)
    name = next(iter(by_scenario.values())).target.indicator
    if not judged:
        return Phrase("charts.scenarios.no_chance", name=name)
    if len(judged) == 1:
        return Phrase("charts.scenarios.one", name=name, chance=judged[0].probability)
    low, high = judged[0], max(judged, key=lambda a: a.probability or 0.0)
    ends = {"lowest": low.scenario.name, "highest": high.scenario.name}
    return Phrase("charts.scenarios.from_to", name=name, low=low.probability, high=high.probability, **ends)


def _span(seen: Mapping[str, Shown]) -> tuple[float, float]:
    ranges = []
    for one in seen.values():
        inner = {name: getattr(one.fan, name)[: BAND + 1] for name in ("coverages", "low", "high") if one.fan}
        ranges.append(value_range(replace(one, fan=one.fan and replace(one.fan, **inner)))[:2])
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def mixture(by_scenario: Mapping[str, Assessment], weights: Mapping[str, float], seed: int) -> Assessment:
    """Return the assessment of the mixture: draws of each scenario as many as its weight says.

    Errors: PlanmodelError for a weight without a scenario, or where no weight is left.
    """
    expected = Phrase("charts.mixed.one_of", names=list(by_scenario))
    missing = [Fault("weight", expected, key) for key in weights if key not in by_scenario]
    if missing:
        raise PlanmodelError(Phrase("charts.mixed.unknown"), missing)
    judged = _with_chance(by_scenario, weights)
    if not judged:
        none = Fault("weight", Phrase("charts.mixed.positive"), Phrase("charts.mixed.none"))
        raise PlanmodelError(faults=[none])
    shares, each = [weights[key] for key in judged], [*judged.values()]

    def mixed(parts: Iterable[np.ndarray]) -> np.ndarray:
        return mix(list(parts), shares, seed)

    outlooks = [a.outlook for a in each if a.outlook is not None]
    ahead = replace(outlooks[0].forecast, draws=mixed(outlook.forecast.draws for outlook in outlooks))
    outlook = replace(outlooks[0], values=mixed(outlook.values for outlook in outlooks), forecast=ahead)
    others = [a.beside for a in each if a.beside is not None]
    beside = replace(others[0], values=mixed(one.values for one in others)) if others else None
    success = mixed(a.success[:, None] for a in each if a.success is not None)[:, 0]
    names = Joined([a.scenario.name for a in each], "list")
    scenario = replace(each[0].scenario, id="+".join(judged), name=names)
    drawn: Look = {"outlook": outlook, "beside": beside, "success": success}
    return replace(each[0], scenario=scenario, probability=float(success.mean()), **drawn)


@drawn("years", "colours", "ax")
def mixed_fan(
    by_scenario: Mapping[str, Assessment], weights: Mapping[str, float], sheet: Sheet, seed: int = 0, *,
    bands: str = "central",
) -> Chart:  # fmt: skip
    """Return the fan of a mixture of scenarios, with the weights in its subtitle. Data, title, ...: as fan_chart.

    weights: by scenario, any positive numbers; scenarios without a probability are left out.
    Errors: PlanmodelError as in `mixture`.
    """
    mixed = mixture(by_scenario, weights, seed)
    used = {key: weights[key] for key in _with_chance(by_scenario, weights)}
    each = [(by_scenario[key].scenario.name, weight / sum(used.values())) for key, weight in used.items()]
    shares = [Phrase("charts.mixed.share", name=name, share=f"{share:.0%}") for name, share in each]
    weighed = Phrase("charts.mixed.weights", shares=shares)
    return _one_fan(sheet, mixed, shown(mixed, bands), "mixed-fan", weighed)

"""Fan charts: history, the bands of what may come, a required path and a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart, file_name
from planmodel.charts.frame import Box, EndLabel, canvas, put
from planmodel.charts.lettering import wrap
from planmodel.charts.marks import draw_axes, draw_fan, draw_history, draw_mark, draw_path, value_range
from planmodel.charts.sentences import chosen, drawn_clauses, fan_sentence, note, subtitle
from planmodel.charts.sentences import title as title_of
from planmodel.charts.shown import Shown, fan_of, shown
from planmodel.charts.style import COLOURS, GREY, SIZE, SMALL, TEXT, colours_of, styled
from planmodel.errors import PlanmodelError, check_lang, unknown
from planmodel.feasibility.assessments import Assessment
from planmodel.forecasts import Forecast
from planmodel.forecasts.fans import Fan
from planmodel.tables.reading import number_of
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase, said, word

WORDS_WIDTH = 0.82
"""Inches for the words of a probability beside a small chart."""
LOWER = ("le", "lt")


@styled
def fan_chart(
    x: Assessment | Forecast | Fan | pd.DataFrame,
    lang: str = "en",
    *,
    bands: str = "central",
    path_shape: str = "constant_growth",
    history: pd.Series | None = None,
    target: float | None = None,
    comparator: str = "ge",
    unit: str = "",
    title: str | None = None,
    years: tuple[int, int] | None = None,
    colours: Mapping[str, str] | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
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
    style.COLOURS. size: inches. ax: axes to draw in. source: of the figures (default: the plan).

    Data: series (history, base, required_path, target, median, band_low, band_high), year, coverage, value, unit.
    Errors: PlanmodelError for an unknown language, kind of band, path shape, colour or comparator, or a frame that holds
    no pair of quantiles.

    >>> from planmodel.forecasts import forecast
    >>> past = pd.Series({2015: 1756.45, 2020: 2669.73}, name="Services")
    >>> chart = fan_chart(forecast(past, 5, reference="prefectures_nominal_services"), history=past, target=4000)
    >>> chart.name, chart.alt[-49:]
    ('services-fan', ' 2025 is ≥4,000; the chance of meeting it is 44%.')
    """
    check_lang(lang)
    own = colours_of(colours)
    made: Phrase
    below: Joined
    foot: Joined | str
    if isinstance(x, Assessment):
        seen = shown(x, bands, path_shape)
        made, below, foot = title_of(x), subtitle(x, seen), note(x)
        name = target_name(x, "fan")
        source = x.plan.title[lang] if source is None else source
    else:
        seen = _bare(x, bands, history, target, comparator, unit)
        label = str(history.name) if history is not None and history.name else ""
        made, below, foot = _of_series(seen, label)
        name = file_name(label.lower(), "fan")
        source = label if source is None else source
    if years is not None:
        seen = seen.between(*years)
    alt = fan_sentence(x, seen) if isinstance(x, Assessment) else _sentence(seen, label)
    figure, box = canvas(chosen(title, made, lang), said(below, lang), said(foot, lang), size, ax=ax)
    draw_target(figure, box, seen, lang, colours=own)
    return Chart(name, figure, seen.table, alt[lang], lang, source)


def target_name(assessment: Assessment, what: str) -> str:
    """Return the name of the files of a chart of one target."""
    return file_name(assessment.target.plan, assessment.scenario.id, what, number_of(assessment.target, "en"))


def _of_series(seen: Shown, label: str) -> tuple[Phrase, Joined, str]:
    """Title, subtitle and note of a chart without a plan."""
    coverages = (
        Phrase("charts.fan.bands", bands=[f"{c:.0%}" for c in seen.fan.coverages]) if seen.fan else None
    )
    fields = {"year": seen.year, "mark": seen.mark_text, "figures": seen.chance[0]}
    ahead = drawn_clauses(replace(seen, history=seen.history.iloc[:0]))
    made = ahead[0] if seen.probability is None else Phrase("charts.fan.reach", **fields)
    return (
        (Phrase("charts.titled", name=label, text=made) if label else made),
        Joined([seen.unit, coverages], "commas"),
        "",
    )


def _sentence(seen: Shown, label: str) -> Phrase:
    text = Joined([*drawn_clauses(seen), *_chance(seen)], "clauses")
    return Phrase("charts.sentence", text=Phrase("charts.titled", name=label, text=text) if label else text)


def _chance(seen: Shown) -> list[Phrase]:
    return [] if seen.probability is None else [Phrase("charts.fan.chance_figure", figures=seen.chance[0])]


def _bare(
    x, bands: str, history: pd.Series | None, target: float | None, comparator: str, unit: str
) -> Shown:
    """What a chart of a forecast, a fan or a frame of quantiles shows."""
    if comparator not in COMPARATOR_SIGNS:
        raise PlanmodelError(faults=[unknown("comparator", comparator, COMPARATOR_SIGNS)])
    past = pd.Series(dtype=float) if history is None else history.dropna()
    probability = None
    if isinstance(x, Forecast):
        fan = fan_of(x, bands)
        if target is not None and comparator in ("ge", "gt", *LOWER):
            kept = x.draws[:, -1] <= target if comparator in LOWER else x.draws[:, -1] >= target
            probability = float(kept.mean())
    else:
        fan = x if isinstance(x, Fan) else fan_of_quantiles(x)
    year = int(fan.years[-1])
    return Shown(
        unit, past, year, mark=target, mark_years=(year, year), comparator=comparator, falls=comparator in LOWER, fan=fan,
        probability=probability,
    )  # fmt: skip


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


def draw_target(
    figure: Figure,
    box: Box,
    seen: Shown,
    lang: str,
    *,
    small: bool = False,
    rooms: tuple[float, float] = (0.0, 0.0),
    path_named: bool = True,
    colours: Mapping[str, str] = COLOURS,
) -> Axes | None:
    """Draw what is shown into a box of a figure: the body of fan charts and small multiples.

    rooms: least widths at the left and right of the axes, so that small charts line up. path_named: write its name along
    the required path (never on a small chart).
    """
    if not seen.values:
        middle = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        put(figure, *middle, said(Phrase("charts.nothing"), lang), TEXT, ha="center", color=GREY)
        return None
    low, high, cut = value_range(seen)
    labels = _labels(seen, lang, small, high, colours)
    ax = draw_axes(figure, box, seen, labels, lang, span=(low, high), small=small, rooms=rooms)
    draw_fan(ax, seen, colours)
    draw_history(ax, seen, colours, small=small)
    draw_path(ax, seen, lang if path_named and not small else "", colours)
    draw_mark(ax, seen, colours, small=small)
    if cut and small:
        text = said(Phrase("charts.cut_small"), lang)
        ax.text(0.04, 0.99, text, size=SMALL - 2, color=GREY, va="top", transform=ax.transAxes)
    elif cut:
        ax.set_title(said(Phrase("charts.cut"), lang), size=SMALL - 1, color=GREY, loc="right", pad=2)
    return ax


def _labels(seen: Shown, lang: str, small: bool, top: float, colours: Mapping[str, str]) -> list[EndLabel]:
    """Return the labels at the right: target with probability, band names, median."""
    labels: list[EndLabel] = []
    points, fan, height, chance = SMALL - 0.5 if small else TEXT, seen.fan, None, []
    if seen.probability is not None:
        figures, words = seen.chance[0], said(seen.chance[1], lang)
        chance = [figures, *([wrap(words, WORDS_WIDTH, points, True) if small else words] if words else [])]
    if seen.mark is not None:
        height = seen.mark if seen.mark_upper is None else (seen.mark + seen.mark_upper) / 2
        labels.append((height, "\n".join([seen.mark_text, *chance]), colours["target"], points, True))
    elif chance and fan is not None:
        labels.append((float(fan.median[-1]), "\n".join(chance), colours["target"], points, True))
    if fan is None or small:
        return labels
    edges = fan.high if height is None or height < fan.median[-1] else fan.low
    for coverage, edge in zip(fan.coverages, edges, strict=True):
        labels.append((min(float(edge[-1]), top), f"{coverage:.0%}", GREY, TEXT - 2, False))
    labels.append((float(fan.median[-1]), word("median", lang), colours["median"], TEXT - 2, False))
    return labels

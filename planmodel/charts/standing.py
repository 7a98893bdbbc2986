"""The chart of one target under way: outturns beside its milestones, the outlook, and the rate that is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from planmodel.charts.chart import Chart
from planmodel.charts.fan import draw_target
from planmodel.charts.frame import canvas, halo
from planmodel.charts.lettering import text_width
from planmodel.charts.sentences import note, subtitle
from planmodel.charts.shown import Shown, shown
from planmodel.charts.style import INK, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.review import Standing
from planmodel.tables.reading import number_of
from planmodel.words import Phrase, in_percent, phrase
from planmodel.words import figure as number

YEARS_BEFORE = 3
"""How many years before the base year the chart begins."""


@styled
def standing_chart(
    standing: Standing,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return the chart of a target under way; milestones are open marks on the dashed path.

    title: in place of the chart's own. size: inches. ax: axes to draw in.
    Data: series, year, coverage (bands only), value, unit.
    """
    figures, own = _shown(standing), _title(standing)
    below = subtitle(standing.assessment, figures, summed=standing.measure == "cumulated")[check_lang(lang)]
    heading = own[lang] if title is None else title
    figure, box = canvas(heading, below, note(standing.assessment)[lang], size, ax=ax)
    drawn = draw_target(figure, box, figures, lang, path_named=standing.path is None)
    if drawn is not None and standing.path is not None and figures.path is not None:
        _draw_milestones(drawn, standing, figures, figures.path, lang)
    alt = Phrase("charts.standing.alt", text=own, light=Phrase(f"terms.{standing.light}"))
    name = f"{standing.name}-standing-{number_of(standing.target, 'en')}"
    return Chart(name, figure, figures.table, phrase("charts.sentence", lang, text=alt), lang)


def _shown(standing: Standing) -> Shown:
    """What the chart shows: history from shortly before the base, the path with its milestones, the outlook."""
    target, figures = standing.target, shown(standing.assessment)
    first = max((y for y in figures.history.index if y <= target.base_year - YEARS_BEFORE), default=None)
    if first is not None:
        figures = replace(figures, history=figures.history[figures.history.index >= first])
    if standing.path is None:
        return figures
    path = pd.Series(standing.path.values, index=standing.path.years)
    history = standing.assessment.history
    if standing.measure != "cumulated" or history is None:
        return replace(figures, path=path)
    values = history.values
    flows = values[(values.index > target.base_year) & (values.index <= standing.year)]
    return replace(
        figures,
        unit=standing.unit,
        history=pd.concat([pd.Series({target.base_year: 0.0}), flows.cumsum()]),
        base=None,
        mark=target.target_value,
        mark_years=(target.target_year, target.target_year),
        path=path,
        fan=None,
    )


def _title(standing: Standing) -> Phrase:
    """The latest figure beside the one due, and the rate left."""
    name, value, due = standing.target.indicator, standing.value, standing.milestone
    if due is None or value is None:
        return Phrase("charts.standing.name", name=name)
    digits = 1 if standing.unit == "index" else None
    title = Phrase(
        "charts.standing.sum" if standing.measure == "cumulated" else "charts.standing.figure",
        name=name,
        year=standing.year,
        value=number(_rounded(value), digits),
        due=number(_rounded(due), digits),
        above=value >= due,
    )
    left = standing.left
    if left is None or left.measure not in ("growth", "pp"):
        return title
    rate = in_percent(100 * left.value) if left.measure == "growth" else number(left.value, 2)
    return Phrase(f"charts.standing.left.{left.measure}", text=title, rate=rate)


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def _draw_milestones(ax: Axes, standing: Standing, figures: Shown, path: pd.Series, lang: str) -> None:
    """Open marks on the path, and a line from the latest figure to the one due."""
    year, value, milestone = standing.year, standing.value, standing.milestone
    ax.plot(
        path.index, path, ls="", marker="o", ms=4, mfc="white", mec=TARGET, mew=1, zorder=5, gid="milestones"
    )
    if year is None or value is None or milestone is None or year not in path.index:
        return
    if standing.measure not in ("level", "index", "cumulated"):
        return
    ax.plot([year, year], [value, milestone], color=TARGET, lw=1, zorder=4)
    above = value >= milestone
    due = phrase("charts.standing.due", lang, value=figures.value_text(_rounded(milestone)))
    first, last = ax.get_xlim()
    room = (last - year) / (last - first) * ax.get_window_extent().width / ax.figure.dpi
    rising = path.iloc[-1] >= path.iloc[0]
    late = room < text_width(due, SMALL) + 0.15 or rising != above  # beside the path, not on it
    latest = figures.value_text(_rounded(value))
    options: dict[str, Any] = {"textcoords": "offset points", "size": SMALL - 0.5, "va": "center"}
    for text, y, xytext, side, colour in (
        (due, milestone, (-5 if late else 5, -10 if above else 10), "right" if late else "left", TARGET),
        (latest, value, (-3, 10 if above else -11), "center", INK),
    ):
        ax.annotate(
            text, (year, y), xytext=xytext, ha=side, color=colour, path_effects=halo(2), zorder=9, **options
        )

"""Charts of what happened: errors of five-year growth by origin, and how often stated probabilities came true."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart, without_figures
from planmodel.charts.frame import canvas, value_ticks, year_ticks
from planmodel.charts.lettering import lines_height
from planmodel.charts.panels import head, panel_axes, panel_boxes, panels_height
from planmodel.charts.rows import key_line, key_lines
from planmodel.charts.style import GREY, MEDIAN, SERIES, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.tables.evidence import CLASS_AVERAGE, EXTRAPOLATION, OWN, OWN_MODEL, Evidence, named
from planmodel.words import Joined, Phrase, phrase, said

METHODS = (OWN, EXTRAPOLATION, CLASS_AVERAGE)
HEIGHT = 2.9


@styled
def growth_crps_chart(
    evidence: Evidence, lang: str = "en", *, title: str | None = None, size: tuple[float, float] = SIZE
) -> Chart:
    """Return the mean CRPS of five-year growth by origin, a panel a class.

    size: inches; only the width is used. Data: one row a class, origin and method: mean CRPS (points), members (n),
    what the 80 % band held (0-1).
    """
    data = evidence.five_years()
    data.insert(1, "class_name", [said(named(key), check_lang(lang)) for key in data["class"]])
    gain = evidence.growth_gain()
    says = Phrase("calibration.growth.none")
    if len(gain):
        says = Phrase("calibration.growth.title", won=gain.won.sum(), origins=gain.origins.sum())
    if data.empty:
        return without_figures("growth-crps", says, lang, data.columns, size)
    figure = _draw_growth(data, says[lang] if title is None else title, lang, size)
    changes = [
        Phrase(
            "calibration.growth.changed", name=named(name), change=f"{-100 * value:+.0f}".replace("-", "−")
        )
        for name, value in zip(gain["class"], gain.gain, strict=True)
    ]
    alt = phrase("charts.sentence", lang, text=Joined([says, *changes], "clauses"))
    return Chart("growth-crps", figure, data, alt, lang)


def _draw_growth(data: pd.DataFrame, title: str, lang: str, size: tuple[float, float]) -> Figure:
    groups = list(data.groupby("class_name", sort=False))
    columns = 2 if size[0] >= 5 and len(groups) > 1 else 1
    methods = list(dict.fromkeys(data.method))
    drawn = sorted(methods, key=lambda m: METHODS.index(m) if m in METHODS else len(METHODS))[: len(SERIES)]
    looks = dict(zip(drawn, SERIES, strict=False))
    names = [said(named(method), lang) for method in drawn]
    key = key_lines(names, SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.16
    where, body = phrase("calibration.growth.where", lang), key + panels_height(len(groups), columns)
    figure, box = canvas(title, where, "", size, body=body)
    marks = [{"color": looks[m][0], "marker": looks[m][1], "ms": 6} for m in drawn]
    key_line(figure, box.left, box.top - 0.1, list(zip(marks, names, strict=True)), SMALL, box.width)
    places = panel_boxes(replace(box, top=box.top - key), len(groups), columns)
    for (name, part), place in zip(groups, places, strict=True):
        inner = head(figure, place, str(name))
        first, last = int(part.origin.min()), int(part.origin.max())
        years = year_ticks(first, last, (last, first), inner.width - 0.5)
        top = 1.08 * float(part.crps.max())
        ticks, texts = value_ticks(0, top, 4)
        across = (years, [str(y) for y in years], (first - 0.5, last + 0.5))
        ax = panel_axes(figure, inner, across, (list(ticks), texts, (0, top)), [])
        for method in reversed(drawn):
            line = part[part.method == method].sort_values("origin")
            colour, mark, dash = looks[method]
            width = 2 if method == OWN else 1.3
            ax.plot(line.origin, line.crps, color=colour, marker=mark, ms=3.5, ls=dash, lw=width, gid=method)
    return figure


@styled
def reliability_chart(
    evidence: Evidence, lang: str = "en", *, title: str | None = None, size: tuple[float, float] = SIZE
) -> Chart:
    """Return stated probabilities against the share that came true, with intervals, a panel a model.

    size: inches; only the width is used. Data: one row a model and bin: stated, observed with its interval (0-1), n.
    """
    data = evidence.reliability.copy()
    data.insert(1, "model_name", [said(named(key), check_lang(lang)) for key in data.model])
    inside, n = evidence.held()
    says = Phrase("calibration.reliability.none")
    if n:
        says = Phrase("calibration.reliability.title", inside=inside, n=n)
    if data.empty:
        return without_figures("reliability", says, lang, data.columns, size)
    figure = _draw_reliability(
        data, evidence.shown_models(), says[lang] if title is None else title, lang, size
    )
    return Chart("reliability", figure, data, phrase("charts.sentence", lang, text=says), lang)


def _draw_reliability(
    data: pd.DataFrame, models: list[str], title: str, lang: str, size: tuple[float, float]
) -> Figure:
    columns = 2 if size[0] >= 5 and len(models) > 1 else 1
    where, note = (phrase(f"calibration.reliability.{name}", lang) for name in ("where", "note"))
    figure, box = canvas(title, where, note, size, body=panels_height(len(models), columns, HEIGHT))
    ticks = [0, 20, 40, 60, 80, 100]
    across = (ticks, [f"{t}%" for t in ticks], (-3, 103))
    for model, place in zip(models, panel_boxes(box, len(models), columns, HEIGHT), strict=True):
        part = data[data.model == model]
        ax = panel_axes(figure, head(figure, place, part.model_name.iloc[0]), across, across, [])
        ax.grid(axis="both")
        ax.plot([0, 100], [0, 100], color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=2)
        colour = MEDIAN if model == OWN_MODEL else GREY
        percent = 100 * part[["stated", "low", "high", "observed"]]
        ax.vlines(percent.stated, percent.low, percent.high, color=colour, lw=1.6, zorder=3)
        sizes = 14 + 70 * part.n / data.n.max()
        ax.scatter(
            percent.stated, percent.observed, s=sizes, color=colour, zorder=4, clip_on=False, gid=model
        )
    return figure

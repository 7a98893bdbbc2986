"""Fan charts: one target's history, the bands of its outlook, its required path and its mark."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.frame import Box, framed, put
from planmodel.charts.lettering import wrap
from planmodel.charts.marks import draw_axes, draw_fan, draw_history, draw_mark, draw_path, value_range
from planmodel.charts.sentences import fan_sentence, note, subtitle, title
from planmodel.charts.shown import Shown, chance_text, mark_text, shown, tidy
from planmodel.charts.style import GREY, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment
from planmodel.plans import Plan
from planmodel.words import word

WORDS_WIDTH = 0.82
"""Inches for the words of a probability beside a small chart."""


@styled
def fan_chart(
    found: Assessment,
    plan: Plan,
    lang: str,
    bands: str = "central",
    path_shape: str = "constant_growth",
    *,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return the fan chart of one target; without a probability it shows history and required path, and says why.

    bands: central or shortest. path_shape: constant_growth, linear, ... (shares: linear). size: inches.
    Errors: PlanmodelError for an unknown language, kind of band or path shape.
    """
    seen = shown(found, plan, bands, path_shape)
    figure, box = framed(
        title(found, plan, check_lang(lang)), subtitle(found, seen, plan, lang), note(found, lang), size
    )
    draw_target(figure, box, found, seen, plan, lang)
    figure.set_label(fan_sentence(found, seen, plan, lang))
    return figure


def fan_data(
    found: Assessment, plan: Plan, lang: str, bands: str = "central", path_shape: str = "constant_growth"
) -> pd.DataFrame:
    """Return the figures of the fan chart: series, year, coverage (bands only), value, unit."""
    check_lang(lang)
    return tidy(shown(found, plan, bands, path_shape))


def fan_alt(found: Assessment, plan: Plan, lang: str, bands: str = "central") -> str:
    """Return one sentence that says what the fan chart shows."""
    return fan_sentence(found, shown(found, plan, bands), plan, check_lang(lang))


def draw_target(
    figure: Figure,
    box: Box,
    found: Assessment,
    seen: Shown,
    plan: Plan,
    lang: str,
    *,
    small: bool = False,
    rooms: tuple[float, float] = (0.0, 0.0),
    path_named: bool = True,
) -> Axes | None:
    """Draw one target into a box of a figure: the body of fan charts and small multiples.

    rooms: least widths at the left and right of the axes, so that small charts line up. path_named: write its name along
    the required path (never on a small chart).
    """
    if not seen.values:
        text = "没有可画的数据" if lang == "zh" else "No figures to draw"
        put(
            figure,
            (box.left + box.right) / 2,
            (box.bottom + box.top) / 2,
            text,
            TEXT,
            ha="center",
            color=GREY,
        )
        return None
    low, high, cut = value_range(seen)
    labels = _labels(found, seen, plan, lang, small, high)
    ax = draw_axes(figure, box, seen, labels, lang, span=(low, high), small=small, rooms=rooms)
    draw_fan(ax, seen)
    draw_history(ax, seen, small=small)
    draw_path(ax, seen, lang if path_named and not small else "")
    draw_mark(ax, seen, small=small)
    if cut:
        text = "95% 区间超出图外" if lang == "zh" else "95% band runs off the chart"
        if small:
            ax.text(0.04, 0.99, "95% ↑", size=SMALL - 2, color=GREY, va="top", transform=ax.transAxes)
        else:
            ax.set_title(text, size=SMALL - 1, color=GREY, loc="right", pad=2)
    return ax


def _labels(found: Assessment, seen: Shown, plan: Plan, lang: str, small: bool, top: float) -> list:
    """Return the labels at the right: target with probability, band names, median."""
    labels = []
    points = SMALL - 0.5 if small else TEXT
    chance = []
    if found.probability is not None:
        figures, words = chance_text(found.probability, plan, lang).split("，" if lang == "zh" else ", ")
        chance = [figures, wrap(words, WORDS_WIDTH, points, True) if small else words]
    if seen.mark is not None:
        height = seen.mark if seen.mark_upper is None else (seen.mark + seen.mark_upper) / 2
        labels.append((height, "\n".join([mark_text(seen), *chance]), TARGET, points, True))
    elif chance and seen.fan is not None:
        labels.append((float(seen.fan.median[-1]), "\n".join(chance), TARGET, points, True))
    fan = seen.fan
    if fan is None or small:
        return labels
    above = seen.mark is None or height < fan.median[-1]
    edges = fan.high if above else fan.low
    for coverage, edge in zip(fan.coverages, edges, strict=True):
        labels.append((min(float(edge[-1]), top), f"{coverage:.0%}", GREY, TEXT - 2, False))
    labels.append((float(fan.median[-1]), word("median", lang), MEDIAN, TEXT - 2, False))
    return labels

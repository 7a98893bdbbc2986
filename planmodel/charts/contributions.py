"""The chart of contributions: what capital, labour, human capital and productivity add to growth, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.chart import Chart, without_figures
from planmodel.charts.frame import EDGE, canvas
from planmodel.charts.lettering import lines_height, text_width
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height
from planmodel.charts.style import SIZE, SMALL, styled
from planmodel.drivers import Case, Drivers
from planmodel.errors import check_lang
from planmodel.words import Phrase, Text, in_percent, phrase
from planmodel.words import figure as number

PARTS: Mapping[str, tuple[str, str, str]] = {
    "capital": ("#0d3f6e", "white", ""),
    "labour": ("#e0a458", "#1c1c1c", "//"),
    "human_capital": ("#c9b3d6", "#1c1c1c", "\\\\"),
    "productivity": ("#00755a", "white", ""),
}
"""factor -> colour, colour of its figures, hatch; in the order of the bars."""
BAR = 0.13
COLUMNS = ("case", "name", "factor", "points", "growth_pct")


@styled
def contributions_chart(
    result: Drivers,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return stacked bars, a row a case: record, as assumed, and the target met by one term alone.

    size: inches; only the width is used. Data: case, name, factor, points of growth a year, the case's growth in %.
    Without a target of output it says why.
    """
    check_lang(lang)
    name = f"{result.plan.name}-{result.scenario.id}-contributions"
    if not result.goals:
        return without_figures(name, result.reason, lang, COLUMNS, size, ax)
    says = _says(result)
    names = {case.name: _name(case, result) for case in result.cases}
    data = result.contributions
    data.insert(1, "name", data.case.map({case: text[lang] for case, text in names.items()}))
    figure = _draw(data, result, says[lang] if title is None else title, lang, size, ax)
    points = data[data.case == "assumed"].set_index("factor").points
    parts = [
        Phrase(
            "drivers.contributions.part",
            factor=Phrase(f"drivers.contributions.factor.{name}"),
            points=points[name],
        )
        for name in PARTS
    ]
    alt = phrase("drivers.contributions.alt", lang, title=says, parts=parts)
    return Chart(name, figure, data, alt, lang)


def _name(case: Case, result: Drivers) -> Text:
    if case.name == "past" and result.past is not None:
        return Phrase(
            "drivers.contributions.past", first=result.past.first_year + 1, last=result.past.last_year
        )
    return Phrase(f"drivers.contributions.case.{case.name}")


def _held(case: Case) -> Text:
    """What is held in a case, or what it takes."""
    term = {"by_investment": "investment_share", "by_labour": "labour"}.get(case.name, "productivity")
    return Phrase(f"drivers.contributions.held.{term}", value=getattr(case.assumptions, term))


def _says(result: Drivers) -> Phrase:
    """How far growth as assumed is from what is asked for."""
    asked, reached = result.asked.growth, result.reached
    gap = 100 * (asked - reached)
    way = "met" if abs(gap) < 0.05 else "short" if gap > 0 else "above"
    return Phrase(f"drivers.contributions.{way}", asked=asked, reached=reached, points=abs(gap))


def _draw(
    data: pd.DataFrame, result: Drivers, title: str, lang: str, size: tuple[float, float], ax: Axes | None
) -> Figure:
    table = data.pivot_table("points", "case", "factor", sort=False)
    names = data.drop_duplicates("case").set_index("case").name
    held = {case.name: _held(case)[lang] for case in result.cases}
    rows = [Row(names[case], held[case], case.startswith("by_")) for case in table.index]
    factors = [phrase(f"drivers.contributions.factor.{name}", lang) for name in PARTS]
    where = phrase("drivers.contributions.where", lang, plan=result.plan.short)
    note = phrase("drivers.contributions.note", lang)
    figure, box = canvas(
        title, where, note, size, body=_key_height(factors, size[0] - 2 * EDGE) + rows_height(rows), ax=ax
    )
    looks = [{"marker": "s", "ms": 8, "color": colour} for colour, _, _ in PARTS.values()]
    key_line(figure, box.left, box.top - 0.1, list(zip(looks, factors, strict=True)), SMALL, box.width)
    low = float(table.clip(upper=0).sum(axis=1).min())
    high = float(table.clip(lower=0).sum(axis=1).max())
    right = [in_percent(value) for value in data.drop_duplicates("case").growth_pct]
    panel = replace(box, top=box.top - _key_height(factors, box.width))
    ax, at = row_axes(figure, panel, rows, right, (1.1 * low, 1.03 * high or 1.0))
    ax.axvline(0, color="#8c8c8c", lw=0.8, zorder=4)
    for case, y in zip(table.index, at, strict=True):
        _bars(ax, table.loc[case], y)
    return figure


def _key_height(factors: list[str], width: float) -> float:
    return key_lines(factors, SMALL, width) * lines_height(1, SMALL) + 0.12


def _bars(ax: Axes, points: pd.Series, y: float) -> None:
    ends = {True: 0.0, False: 0.0}
    scale = ax.get_window_extent().width / ax.figure.dpi / (ax.get_xlim()[1] - ax.get_xlim()[0])
    for name, (colour, ink, hatch) in PARTS.items():
        value = float(points[name])
        start = ends[value >= 0]
        look: dict[str, Any] = {
            "color": colour,
            "edgecolor": "white",
            "lw": 0.6,
            "hatch": hatch,
            "zorder": 3,
            "gid": name,
        }
        ax.barh(y, value, left=start, height=2 * BAR, **look)
        ends[value >= 0] = start + value
        text = number(value, 1)
        if abs(value) * scale > text_width(text, SMALL - 0.5) + 0.06:
            box = {"facecolor": colour, "edgecolor": "none", "pad": 0.6} if hatch else None
            place: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 5, "bbox": box}
            ax.text(start + value / 2, y, text, size=SMALL - 0.5, color=ink, **place)

"""The chart of a target's parts: a row a part, its figure in the base year and in the target year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matplotlib.axes import Axes

from planmodel.breakdown import Part, Split
from planmodel.breakdown.sectors import REST
from planmodel.charts.chart import Chart
from planmodel.charts.frame import canvas
from planmodel.charts.lettering import lines_height
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height
from planmodel.charts.style import MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.plans import Plan
from planmodel.tables.reading import number_of
from planmodel.words import Joined, Phrase, in_percent, phrase, thousands

MARKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "ms": 7, "color": MEDIAN},
    {"marker": "D", "ms": 7, "color": TARGET},
)


@styled
def split_chart(
    result: Split,
    plan: Plan,
    lang: str = "en",
    *,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
    ax: Axes | None = None,
) -> Chart:
    """Return a dumbbell a part: its figure in the first and in the last year; at the right the last, and growth a year.

    size: inches; only the width is used. Data: the figures of each part by year, and of the whole.
    """
    own, parts, (first, *_, last) = _title(result), result.parts, result.years
    names = [str(first), phrase("breakdown.chart.target_year", check_lang(lang), year=last)]
    key = key_lines(names, SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.12
    rows = [Row(part.name[lang], _shares(part, first, last)) for part in parts]
    right = [_right(part, last, lang) for part in parts]
    unit, total = plan.catalogue.units[result.line.unit], thousands(result.whole[last])
    subtitle = phrase("breakdown.chart.in_all", lang, unit=unit, total=total)
    published = phrase("breakdown.chart.published", lang, year=result.shares.year)
    note = phrase("breakdown.chart.given", lang) if result.shares.year is None else published
    heading, body = own[lang] if title is None else title, key + rows_height(rows)
    figure, box = canvas(heading, subtitle, note, size, body=body, ax=ax)
    key_line(figure, box.left, box.top - 0.1, list(zip(MARKS, names, strict=True)), SMALL, box.width)
    high = max(float(part.figures[year]) for part in parts for year in (first, last))
    drawn, at = row_axes(figure, replace(box, top=box.top - key), rows, right, (0, 1.04 * (high or 1)))
    for part, y in zip(parts, at, strict=True):
        ends = [float(part.figures[year]) for year in (first, last)]
        drawn.plot(ends, [y, y], color="#bdbdbd", lw=3, zorder=2)
        for value, mark in zip(ends, MARKS, strict=True):
            drawn.plot([value], [y], ls="", clip_on=False, zorder=4, gid="part", **mark)
    pieces = [
        Phrase("breakdown.parts.part", name=part.name, figure=thousands(part.figures[last])) for part in parts
    ]
    text = Joined([own, Joined(pieces, "list")], "clauses")
    name = f"{plan.name}-{result.by}-{number_of(result.line.target, 'en')}"
    return Chart(name, figure, result.table, phrase("charts.sentence", lang, text=text), lang)


def _title(result: Split) -> Phrase:
    """Which part bears most of the target."""
    last = result.years[-1]
    top = max(result.parts, key=lambda part: (part.id != REST, part.figures[last]))
    return Phrase(
        "breakdown.chart.bears",
        whole=result.line.target.indicator,
        year=last,
        part=top.name,
        figure=thousands(top.figures[last]),
        share=top.shares[last],
    )


def _shares(part: Part, first: int, last: int) -> str:
    ends = [in_percent(100 * part.shares[year]) for year in (first, last)]
    return " → ".join(dict.fromkeys(ends))


def _right(part: Part, last: int, lang: str) -> str:
    text = thousands(part.figures[last])
    return (
        text
        if part.growth is None
        else f"{text}\n{phrase('breakdown.chart.a_year', lang, growth=part.growth)}"
    )

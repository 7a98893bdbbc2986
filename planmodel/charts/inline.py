"""Charts that are elements of a page, drawn at a phone's width: a promise's fan, and the chances of a plan as a strip of dots.

Each year (each dot) bears its figures as a title: what a browser shows under the pointer, and a page's script on a touch.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from planmodel.charts.frame import value_ticks, year_ticks
from planmodel.charts.letters import text_width
from planmodel.charts.marks import band_colour, value_range, year_range
from planmodel.charts.shown import Shown
from planmodel.charts.style import GREY, INK, MEDIAN, TARGET, VERDICT_COLOURS
from planmodel.plans.model import BOUNDS
from planmodel.words import Joined, Phrase, figure, percent

WIDTH, HEIGHT, LETTERS = 360, 200, 11.5
"""Of a fan, in pixels: the width of a phone, so that its letters are as large there as the page's."""
TOP, FOOT, POINTS = 12, 22, 72 / 96
WIDER = 1.12  # as a page's letters may be than the package's
DOT, PILE = 9, 270  # pixels from dot to dot in a strip


def page_fan(seen: Shown, lang: str, alt: str) -> str:
    """Return the SVG of what a chart over time shows: history, bands, median, required path and target; '' with nothing to draw.

    alt: its text alternative.
    """
    if len(seen.values) < 2:
        return ""
    low, high, _ = value_range(seen)
    first, last = year_range(seen)
    ticks, names = value_ticks(low, high, 4)
    mark = [seen.mark_text, percent(seen.probability)] if seen.probability is not None else [seen.mark_text]
    left = WIDER * max(map(_wide, names)) + 6
    right = WIDTH - WIDER * max(_wide(text, True) for text in mark) - 14

    def x(year: float) -> float:
        return left + 6 + (right - left - 6) * (year - first) / max(last - first, 1)

    def y(value: float) -> float:
        return HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * (min(max(value, low), high) - low) / (high - low)

    def points(years: Iterable[float], values: Iterable[float]) -> str:
        return " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(years, values, strict=True))

    def line(years: Iterable[float], values: Iterable[float], colour: str, more: str = "") -> str:
        return f'<polyline points="{points(years, values)}" fill="none" stroke="{colour}" {more}/>'

    parts = [
        f'<path d="M{left:.1f} {y(t):.1f}H{right:.1f}" stroke="#e6e6e6"/>{_text(left - 4, y(t) + 4, name, "end")}'
        for t, name in zip(ticks, names, strict=True)
    ]
    base_years = [year for year in (seen.base_year,) if year is not None and first <= year <= last]
    parts += [
        _text(x(year), HEIGHT - 5, str(year), "middle")
        for year in year_ticks(first, last, (seen.year, *base_years), (right - left) / 96, LETTERS * POINTS)
    ]
    for year in base_years:
        parts.append(f'<path d="M{x(year):.1f} {TOP}V{HEIGHT - FOOT}" stroke="#999" stroke-dasharray="1 3"/>')
    if (fan := seen.fan) is not None:
        for band in reversed(range(len(fan.coverages))):
            edge = f"{points(fan.years, fan.high[band])} {points(fan.years[::-1], fan.low[band][::-1])}"
            parts.append(f'<polygon points="{edge}" fill="{band_colour(fan.coverages[band])}"/>')
        parts.append(line(fan.years, fan.median, MEDIAN, 'stroke-width="1.3"'))
    if seen.path is not None and len(seen.path) > 1:
        parts.append(line(seen.path.index, seen.path, TARGET, 'stroke-width="1.6" stroke-dasharray="5 3"'))
    parts.append(line(seen.history.index, seen.history, INK, 'stroke-width="1.3"'))
    for a, b in seen.history.items():
        parts.append(f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="2.8" fill="{INK}"/>')
    if seen.base is not None and seen.base_year is not None:
        at = f'cx="{x(seen.base_year):.1f}" cy="{y(seen.base):.1f}"'
        parts.append(f'<circle {at} r="4" fill="#fff" stroke="{INK}" stroke-width="1.5"/>')
    if seen.mark is not None:
        parts.append(_mark(seen, x(seen.year), y(seen.mark)))
        height = min(max(y(seen.mark), TOP + 6), HEIGHT - FOOT - 16)
        for i, text in enumerate(mark):
            parts.append(_text(right + 10, height + 4 + 14 * i, text, "start", TARGET, bold=True))
    step = (right - left) / max(last - first, 1)
    parts += [
        f'<rect x="{max(x(year) - step / 2, 0):.1f}" y="0" width="{step:.1f}" height="{HEIGHT}" fill="#fff" fill-opacity="0">'
        f"<title>{escape(said)}</title></rect>"
        for year in range(first, last + 1)
        if (said := of_year(seen, year)[lang])
    ]
    return _svg(HEIGHT, alt, parts)


def of_year(seen: Shown, year: int) -> Joined:
    """Return what a chart shows of a year, in words: the figure known, or the middle and the 80 % band; the path; the target."""
    parts: list[Phrase] = []
    if year in seen.history.index:
        parts.append(Phrase("charts.at.known", value=seen.value_text(float(seen.history[year]))))
    elif seen.fan is not None and year in seen.fan.years:
        place, fan = int(np.flatnonzero(seen.fan.years == year)[0]), seen.fan
        band = min(1, len(fan.coverages) - 1)
        ends = {"low": float(fan.low[band][place]), "high": float(fan.high[band][place])} if band >= 0 else {}
        texts = {name: seen.value_text(float(f"{value:.4g}")) for name, value in ends.items()}
        median = seen.value_text(float(f"{fan.median[place]:.4g}"))
        parts.append(Phrase("charts.at.fan", median=median, coverage=fan.coverages[band], **texts))
    if seen.path is not None and year in seen.path.index and year != seen.base_year:
        parts.append(Phrase("charts.at.path", value=figure(float(f"{seen.path[year]:.4g}"))))
    return Joined([Phrase("charts.at.year", year=year, text=Joined(parts, "clauses"))] if parts else [])


def chances_strip(dots: Sequence[tuple[float, str, bool, bool, str, str]], alt: str) -> str:
    """Return the SVG of chances as dots from 0 to 100 %, dots of like chances piled up, over one another in a high pile; '' without any.

    dots: chance (0-1), verdict, whether binding (ringed), whether due without an outturn (hollow), what it says, address.
    """
    if not dots:
        return ""
    wide = WIDTH - 2 * DOT
    columns = [round(chance * wide / DOT) for chance, *_ in dots]
    most = max(Counter(columns).values())
    pitch = min(DOT, PILE / most)
    height = DOT + pitch * (most - 1) + 24
    parts, piled = [], Counter[int]()
    for share in (0, 0.25, 0.5, 0.75, 1):
        at, grey = DOT + wide * share, "#8c8c8c" if share == 0.5 else "#e6e6e6"
        parts.append(f'<path d="M{at:g} 0V{height - 18}" stroke="{grey}"/>')
        anchor = "start" if not share else "end" if share == 1 else "middle"
        parts.append(_text(at + (share == 1) * DOT - (not share) * DOT, height - 4, f"{share:.0%}", anchor))
    for column, (_, verdict, binding, due, text, href) in zip(columns, dots, strict=True):
        x, y = DOT + column * DOT, height - 19 - DOT / 2 - pitch * piled[column]
        piled[column] += 1
        colour = VERDICT_COLOURS[verdict]
        edge = f' stroke="{INK if binding else colour}" stroke-width="1.6"' if binding or due else ""
        dot = f'<circle cx="{x}" cy="{y:.4g}" r="{3 if due else 3.6}" fill="{"#fff" if due else colour}"{edge}><title>{escape(text)}</title></circle>'
        parts.append(f"<a href={quoteattr(href)} aria-label={quoteattr(text)}>{dot}</a>" if href else dot)
    return _svg(height, alt, parts, "group")


def _svg(height: float, alt: str, parts: Sequence[str], role: str = "img") -> str:
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="{role}" aria-label={quoteattr(alt)}>{"".join(parts)}</svg>'


def _wide(text: str, bold: bool = False) -> float:
    """The width of a line in pixels."""
    return 96 * text_width(text, LETTERS * POINTS, bold)


def _text(x: float, y: float, text: str, anchor: str, colour: str = GREY, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}'
    return f'<text {place} font-size="{LETTERS}">{escape(text)}</text>'


def _mark(seen: Shown, x: float, y: float) -> str:
    """The target: a floor or ceiling as a bar with ticks on its far side, a figure as a diamond."""
    if seen.comparator not in BOUNDS:
        fill = "#fff" if seen.comparator == "about" else TARGET
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 5-5 5-5-5z" fill="{fill}" stroke="{TARGET}" stroke-width="1.4"/>'
    tip, ticks = (-5 if seen.falls else 5), "".join(f"M{x + d:.1f} {y:.1f}v{{0}}" for d in (-5, 0, 5))
    bar = f'<path d="M{x - 8:.1f} {y:.1f}h16" stroke="{TARGET}" stroke-width="2.4"/>'
    return f'{bar}<path d="{ticks.format(tip)}" stroke="{TARGET}"/>'

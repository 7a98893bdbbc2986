"""Sparklines: a fan of a few pixels for a row of a table, as SVG text."""

from __future__ import annotations

from xml.sax.saxutils import escape

from planmodel.charts.shown import Shown, shown
from planmodel.charts.style import FAN, INK, MEDIAN, TARGET
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment
from planmodel.words import phrase

WIDTH, HEIGHT, PAD = 120, 28, 3


def sparkline(assessment: Assessment, lang: str = "en") -> str:
    """Return a small inline SVG of a target: history dots, fan, required path and mark; '' with nothing to draw."""
    check_lang(lang)
    if assessment.history is None or assessment.history.values.empty:
        return ""
    seen = shown(assessment)
    if not len(seen.history) or len(seen.values) < 2:
        return ""
    fields = {
        "name": assessment.target.indicator,
        "year": seen.year,
        "mark": seen.mark_text or "–",
        "chance": seen.probability,
    }
    key = "charts.sparkline.target" if seen.probability is None else "charts.sparkline.chance"
    return _svg(seen, phrase(key, lang, **fields))


def _svg(seen: Shown, title: str) -> str:
    years = [int(y) for y in seen.history.index] + [seen.year]
    if seen.base is not None and seen.base_year is not None:
        years.append(seen.base_year)
    first, last = min(years), max(years)
    low, high = min(seen.values), max(seen.values)

    def x(year: float) -> str:
        return f"{PAD + (WIDTH - 2 * PAD - 3) * (year - first) / max(last - first, 1):.1f}"

    def y(value: float) -> str:
        share = 0.5 if high == low else (min(max(value, low), high) - low) / (high - low)
        return f"{HEIGHT - PAD - (HEIGHT - 2 * PAD) * share:.1f}"

    def points(xs, ys) -> str:
        return " ".join(f"{x(a)},{y(b)}" for a, b in zip(xs, ys, strict=True))

    parts = []
    if seen.fan is not None:
        fan = seen.fan
        for band in (1, 0):
            edge = points(fan.years, fan.high[band]) + " " + points(fan.years[::-1], fan.low[band][::-1])
            parts.append(f'<polygon points="{edge}" fill="{FAN[fan.coverages[band]]}"/>')
        parts.append(f'<polyline points="{points(fan.years, fan.median)}" fill="none" stroke="{MEDIAN}"/>')
    if seen.path is not None and len(seen.path) > 1:
        way = points(seen.path.index, seen.path)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{TARGET}" stroke-dasharray="3 2"/>')
    past = seen.history
    parts.append(f'<polyline points="{points(past.index, past)}" fill="none" stroke="{INK}"/>')
    parts += [f'<circle cx="{x(a)}" cy="{y(b)}" r="1.6" fill="{INK}"/>' for a, b in past.items()]
    if seen.mark is not None:
        parts.append(_mark(seen, float(x(seen.year)), float(y(seen.mark))))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _mark(seen: Shown, x: float, y: float) -> str:
    if seen.comparator not in ("ge", "gt", "le", "lt"):
        shape = f"M{x:.1f} {y - 3:.1f}l3 3-3 3-3-3z"
        fill = "#ffffff" if seen.comparator == "about" else TARGET
        return f'<path d="{shape}" fill="{fill}" stroke="{TARGET}"/>'
    tip = -2.6 if not seen.falls else 2.6
    return (
        f'<path d="M{x - 4:.1f} {y:.1f}h8" stroke="{TARGET}" stroke-width="1.8"/>'
        f'<path d="M{x - 2:.1f} {y:.1f}v{-tip}M{x + 2:.1f} {y:.1f}v{-tip}" stroke="{TARGET}"/>'
    )

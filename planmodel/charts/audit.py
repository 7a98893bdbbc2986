"""The chart of an audit: figures that should be one figure, and are not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from planmodel.arithmetic.growth import Interval
from planmodel.audit import Audit, Finding, Side
from planmodel.audit.statements import RATES
from planmodel.charts.chart import Chart
from planmodel.charts.frame import Box, axes, framed, put, value_ticks
from planmodel.charts.lettering import lines_height, shorten, spread, text_width, wrap
from planmodel.charts.style import FAINT, FAN, GREY, INK, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.errors import check_lang
from planmodel.plans.catalogue import Catalogue
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase, phrase, said, with_unit, word
from planmodel.words import figure as number

COLUMNS = (
    "finding",
    "severity",
    "indicator",
    "name",
    "period",
    "side",
    "low",
    "high",
    "unit",
    "value",
    "text",
    "apart",
)
DRAWN = ("contradiction", "tension")
MOST = 12
"""Rows drawn; the note counts the rest."""
SAID = 4
"""Rows told in the text alternative."""
NAMES, NARROW = 2.15, 5.0
"""Inches of the column of names; figures narrower than NARROW have the name above its row."""
NAME, TINY = TEXT - 0.5, SMALL - 0.5
BAR, BRACKET, TICKS, PAD = 0.15, 0.09, 0.24, 0.11
"""Inches that bars, bracket and ticks take, and the space above and below a row."""
RISE = 0.36 / 72
"""Inches from the baseline to the middle of a line, at one point."""
MARKS: Mapping[str, tuple[dict[str, Any], str, Any]] = {
    "contradiction": ({"marker": "X", "ms": 7, "mfc": TARGET, "mec": TARGET}, TARGET, "-"),
    "tension": ({"marker": "D", "ms": 5.5, "mfc": "white", "mec": GREY, "mew": 1.4}, GREY, (0, (3, 2))),
}
"""Mark, colour and dash of each severity."""
UNITS = {"pp": "charts.audit.points", "pp/year": "charts.audit.points_a_year", "times": "audit.unit.times"}
"""The names of units that are not in the catalogue."""


@styled
def audit_chart(
    result: Audit, lang: str = "en", *, title: str | None = None, size: tuple[float, float] = SIZE
) -> Chart:
    """Return the figures that should be one figure, a row a finding, each on a scale of its own.

    A bar is what the printed decimals allow; the bracket is how far the figures are apart. Contradictions first, at
    most MOST rows. size: inches; only the width is used. Data: one row a side of each disagreement (also those past the
    last row): low and high in `unit`, the finding's own; value where it stands for one figure; text and apart as drawn.
    """
    findings = disagreements(result)
    told = [_told(finding, result.plan.catalogue, check_lang(lang)) for finding in findings]
    heading = _title(result, findings)[lang] if title is None else title
    sides = [
        (t.finding.id, t.finding.severity, t.finding.about.id, t.name, t.period, m.label, m.figure.low, m.figure.high,
         t.finding.sides_unit, m.value, m.text, t.apart)
        for t in told for m in t.marks
    ]  # fmt: skip
    data = pd.DataFrame(sides, columns=list(COLUMNS)).astype(dict.fromkeys(("low", "high", "value"), float))
    figure = _draw(told[:MOST], heading, _note(result, findings)[lang], lang, size)
    return Chart(f"{result.plan.name}-audit", figure, data, _alt(heading, told)[lang], lang)


def disagreements(result: Audit) -> tuple[Finding, ...]:
    """Return the open contradictions, then the open tensions, that set two or more figures side by side."""
    return tuple(f for severity in DRAWN for f in result.of(severity) if len(f.sides) > 1)


# What is said


@dataclass(frozen=True)
class Mark:
    """A side as drawn: its figure in words, its interval, and its single value (None where it is a range)."""

    text: str
    label: str
    figure: Interval
    value: float | None
    digits: int

    @property
    def at(self) -> float:
        """Where its text belongs."""
        return self.figure.middle if self.value is None else self.value


@dataclass(frozen=True)
class Told:
    """A disagreement in words: its sides in their order, and how far the outermost are apart."""

    finding: Finding
    name: str
    period: str
    unit: str
    percent: bool
    marks: tuple[Mark, ...]
    apart: str

    @property
    def drawn(self) -> tuple[Mark, ...]:
        """The sides, lowest first."""
        return _lowest_first(self.marks)


def _lowest_first(marks):
    return tuple(sorted(marks, key=lambda mark: (mark.figure.low, mark.figure.high)))


def _told(finding: Finding, catalogue: Catalogue, lang: str) -> Told:
    """Put a finding into words.

    A printed figure is shown as printed; one that follows from others by its middle; a range, a bar wider than the gap
    beside it, by its ends. Shares and rates are in percent, and points apart.
    """
    unit, rate = finding.sides_unit, any(s.measure in RATES for s in finding.statements)
    percent = unit in ("%", "%/year") or unit in ("pp", "pp/year") and rate
    sides = _lowest_first(finding.sides)
    most = max([2, *(d for side in sides if (d := _decimals(side.figure)) is not None)])
    least = sides[-1].figure.low - sides[0].figure.high
    marks = tuple(_mark(side, most, least, percent, lang) for side in finding.sides)
    named = said(Phrase(UNITS[unit]) if unit in UNITS else catalogue.units.get(unit, unit), lang)
    own, between = ("", phrase("charts.audit.points", lang)) if percent else (named, named)
    apart = _apart(_lowest_first(marks), between, lang)
    period = finding.period.replace("-", "–") if finding.period.replace("-", "").isdigit() else finding.period
    return Told(finding, finding.name[lang], period, own, percent, marks, apart)


def _decimals(figure: Interval) -> int | None:
    """Return the decimals of a figure that is exact or just rounded, None for one that follows from others.

    >>> _decimals(Interval(2.575, 2.585)), _decimals(Interval(280, 280)), _decimals(Interval(520.5, 520.7))
    (2, 0, None)
    """
    width = figure.high - figure.low
    for digits in range(7):
        off = abs(figure.middle - round(figure.middle, digits))
        unit = 10.0**-digits
        if off < 1e-6 * unit and (width < 1e-9 * max(abs(figure.high), 1) or abs(width / unit - 1) < 1e-6):
            return digits
    return None


def _mark(side: Side, most: int, least: float, percent: bool, lang: str) -> Mark:
    figure, label, sign = side.figure, side.label[lang], "%" if percent else ""
    low, high, half = figure.low, figure.high, (figure.high - figure.low) / 2
    decimals, value, comparator = _decimals(figure), figure.middle, COMPARATOR_SIGNS.get(side.comparator, "")
    if side.value is not None:
        decimals, value, comparator = 0 if abs(side.value) >= 1000 else 2, side.value, ""
    elif decimals is None and math.isinf(half):
        ends = [end for end in (low, high) if math.isfinite(end)]
        text = f"{'≥' if math.isinf(high) else '≤'}{number(ends[0])}{sign}" if ends else "–"
        return Mark(text, label, figure, None, 2)
    elif decimals is None and 2 * half > least:
        decimals = min(most, max(0, math.ceil(-math.log10(half / 5))))
        key = "charts.audit.range" if low >= 0 else "charts.audit.range_below_zero"
        text = phrase(key, lang, low=number(low, decimals), high=number(high, decimals))
        return Mark(text + sign, label, figure, None, decimals)
    elif decimals is None:
        decimals, comparator = min(most, max(0, math.ceil(-math.log10(half)))), ""
    return Mark(comparator + number(value, decimals) + sign, label, figure, value, decimals)


def gap(drawn: Sequence[Mark]) -> tuple[float, float, bool] | None:
    """Return from where to where the lowest and the highest side are apart, and whether that is the least it can be.

    From value to value; between the nearer ends where one is a range. None where they meet.
    """
    low, high = drawn[0], drawn[-1]
    if low.value is None or high.value is None:
        start, end, least = low.figure.high, high.figure.low, True
    else:
        start, end, least = low.value, high.value, False
    return (start, end, least) if start < end else None


def _apart(drawn: Sequence[Mark], unit: str, lang: str) -> str:
    """Return how far the sides are apart, with the unit; empty where they meet."""
    ends = gap(drawn)
    if ends is None:
        return ""
    start, end, least = ends
    size = end - start
    digits = max(drawn[0].digits, drawn[-1].digits, math.ceil(-math.log10(size)))
    if least:
        size = math.floor(size * 10**digits + 1e-9) / 10**digits
    if abs(size - round(size, digits)) < 1e-9:
        digits = next(d for d in range(digits + 1) if abs(size - round(size, d)) < 1e-9)
    key = "charts.audit.at_least_apart" if least else "charts.audit.apart"
    return phrase(key, lang, amount=with_unit(number(size, digits), unit, lang))


def _title(result: Audit, findings: tuple[Finding, ...]) -> Phrase:
    plan, n = result.plan.short, sum(finding.severity == "contradiction" for finding in findings)
    if not findings:
        return Phrase("charts.audit.none", plan=plan)
    two = max(len(finding.sides) for finding in findings) == 2
    values = Phrase("charts.audit.two_values" if two else "charts.audit.several_values")
    if not n:
        return Phrase("charts.audit.doubts", plan=plan, n=len(findings), values=values)
    title = Phrase("charts.audit.title", plan=plan, n=n, values=values)
    more = len(findings) - n
    return Phrase("charts.audit.title_more", title=title, n=more) if more else title


def _note(result: Audit, findings: tuple[Finding, ...]) -> Joined:
    """What is found but not drawn."""
    past = max(0, len(findings) - MOST)
    other = sum(len(result.of(severity)) for severity in DRAWN) - len(findings)
    counts = {"charts.audit.not_drawn": past, "charts.audit.no_figures": other}
    return Joined([Phrase(key, n=n) for key, n in counts.items() if n])


def _alt(title: str, told: list[Told]) -> Joined:
    """Say what the chart shows: the first rows in words."""
    lines: list[Phrase] = []
    for t in told[:SAID]:
        sides = [Phrase("charts.audit.side", text=m.text, label=m.label) for m in t.drawn]
        says = Joined([Joined(sides, "beside"), t.apart], "commas")
        lines.append(Phrase("charts.audit.row", name=t.name, period=t.period, sides=says))
    if len(told) > SAID:
        lines.append(Phrase("charts.audit.more", n=len(told) - SAID))
    sentences = [title, Joined(lines, "clauses")] if lines else [title]
    return Joined([Phrase("charts.sentence", text=text) for text in sentences])


# What is drawn


@dataclass(frozen=True)
class _Block:
    """The text of a side: its value, and its label beside it or under it; in inches."""

    value: str
    label: str
    beside: bool
    width: float
    height: float


@dataclass(frozen=True)
class _Row:
    """One disagreement laid out: what is written, in lines that fit, and the room it takes."""

    told: Told
    name: str
    detail: tuple[str, ...]
    lanes: tuple[tuple[tuple[Mark, ...], tuple[_Block, ...]], ...]
    words: str
    head: float
    right: float

    def height(self, narrow: bool) -> float:
        return (self.head + 0.06 + self.right if narrow else max(self.head, self.right)) + 2 * PAD


def _draw(told: list[Told], title: str, note: str, lang: str, size: tuple[float, float]) -> Figure:
    narrow = size[0] < NARROW
    rows = [_laid_out(t, lang, size[0] - 0.24, narrow) for t in told]
    body = sum(row.height(narrow) for row in rows) if rows else 0.5
    subtitle = phrase("charts.audit.subtitle", lang) if rows else ""
    figure, box = framed(title, subtitle, note, size, body=body)
    if not rows:
        put(figure, box.left, box.top - 0.2, phrase("charts.audit.nothing", lang), TEXT, color=GREY)
    top = box.top
    for row in rows:
        bottom = top - row.height(narrow)
        _rule(figure, box, top)
        head = _write_head(figure, box.left, top - PAD, row, lang)
        panel = replace(box, top=top - PAD, bottom=bottom + PAD)
        if narrow:
            panel = replace(panel, top=head - 0.06)
        else:
            panel = replace(panel, left=box.left + NAMES + 0.2)
        _draw_row(figure, panel, row)
        top = bottom
    return figure


def _laid_out(told: Told, lang: str, width: float, narrow: bool) -> _Row:
    column, room = (width, width) if narrow else (NAMES, width - NAMES - 0.2)
    name = wrap(told.name, column, NAME, lines=3)
    about = Joined([told.period, told.unit], "commas")[lang]
    severity = 0.2 + text_width(word(told.finding.severity, lang), TINY, True) + 0.12
    detail: tuple[str, ...] = (about,)
    if severity + text_width(about, TINY) > column:
        detail = ("", *wrap(about, column, TINY, lines=2).split("\n"))
    head = lines_height(name.count("\n") + 1, NAME) + lines_height(len(detail), TINY)
    drawn = told.drawn
    together = len(drawn) <= (2 if narrow else 3)
    lanes = [drawn] if together else [(mark,) for mark in drawn]
    blocks = [tuple(_block(m, room / len(lane) - 0.1) for m in lane) for lane in lanes]
    words = wrap(told.apart, room, SMALL, lines=2)
    right = sum(max(b.height for b in lane) + BAR for lane in blocks) + TICKS
    right += BRACKET + lines_height(words.count("\n") + 1, SMALL) if words else 0.0
    return _Row(told, name, detail, tuple(zip(lanes, blocks, strict=True)), words, head, right)


def _block(mark: Mark, width: float) -> _Block:
    value, label = text_width(mark.text, SMALL, True), text_width(mark.label, TINY)
    if value + 0.07 + label <= width:
        return _Block(mark.text, mark.label, True, value + 0.07 + label, lines_height(1, SMALL))
    below = wrap(mark.label, width, TINY, lines=3)
    text = shorten(mark.text, width, SMALL, True)
    height = lines_height(1, SMALL) + lines_height(below.count("\n") + 1, TINY)
    return _Block(text, below, False, max(text_width(text, SMALL, True), text_width(below, TINY)), height)


def _rule(figure: Figure, box: Box, y: float) -> None:
    width, height = figure.get_size_inches()
    ends = [box.left / width, box.right / width], [y / height] * 2
    figure.add_artist(Line2D(*ends, transform=figure.transFigure, color=FAINT, lw=0.8))


def _write_head(figure: Figure, left: float, top: float, row: _Row, lang: str) -> float:
    """Write name, severity with its mark, period and unit; return the height under them."""
    put(figure, left, top, row.name, NAME, va="top", color=INK, gid="name")
    y = top - lines_height(row.name.count("\n") + 1, NAME)
    options, colour, _ = MARKS[row.told.finding.severity]
    line, severity = lines_height(1, TINY), word(row.told.finding.severity, lang)
    width, height = figure.get_size_inches()
    place = [(left + 0.07) / width], [(y - line / 2) / height]
    figure.add_artist(Line2D(*place, ls="", transform=figure.transFigure, **options))
    bold = {"va": "baseline", "weight": "bold", "gid": "severity"}
    put(figure, left + 0.2, y - line / 2 - RISE * TINY, severity, TINY, color=colour, **bold)
    beside = 0.2 + text_width(severity, TINY, True) + 0.12 if len(row.detail) == 1 else 0.0
    for i, text in enumerate(row.detail):
        if text:
            at = y - (i + 0.5) * line - RISE * TINY
            put(figure, left + beside, at, text, TINY, va="baseline", color=GREY)
    return y - len(row.detail) * line


def _draw_row(figure: Figure, box: Box, row: _Row) -> None:
    """Draw the sides on an axis of their own: texts, bars, the bracket of the gap, ticks."""
    drawn = tuple(mark for lane, _ in row.lanes for mark in lane)
    low, high = _limits([m.figure for m in drawn])
    box = replace(box, bottom=box.top - row.right)
    inner = replace(box, bottom=box.bottom + TICKS)
    ax = axes(figure, inner)
    ax.set_gid(row.told.finding.id)
    ax.set_xlim(low, high)
    ax.set_ylim(inner.top - inner.bottom, 0)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    _ticks(ax, low, high, box.width, "%" if row.told.percent else "")
    y = 0.0
    for lane, blocks in row.lanes:
        room = max(block.height for block in blocks)
        wanted = [(min(max(m.at, low), high) - low) / (high - low) * box.width for m in lane]
        centres = spread(wanted, [block.width + 0.1 for block in blocks], -0.05, box.width + 0.05)
        y += room
        for mark, block, x, centre in zip(lane, blocks, wanted, centres, strict=True):
            _write_block(figure, box.left + centre, box.top - y, block)
            foot = min(max(x, centre - block.width / 2), centre + block.width / 2)
            at = y + BAR / 2
            if abs(foot - x) > 0.03:
                ends = [low + v / box.width * (high - low) for v in (foot, x)]
                ax.plot(ends, [y, at], color=FAINT, lw=0.8, zorder=1)
            _bar(ax, mark, at, low, high)
        y += BAR
    apart = gap(drawn)
    if row.words and apart:
        _bracket(ax, apart[:2], y - BAR / 2, y + BRACKET - 0.03, row.told.finding.severity)
        half = text_width(row.words, SMALL) / 2
        centre = (sum(apart[:2]) / 2 - low) / (high - low) * box.width
        centre = min(max(centre, half), box.width - half)
        colour = MARKS[row.told.finding.severity][1]
        x, top = box.left + centre, box.top - y - BRACKET
        put(figure, x, top, row.words, SMALL, ha="center", va="top", color=colour, gid="gap")


def _limits(figures: list[Interval]) -> tuple[float, float]:
    """The ends of a row's axis: the finite ends of its figures with room around, more where one has no end."""
    ends = [end for figure in figures for end in (figure.low, figure.high) if math.isfinite(end)] or [0.0]
    low, high = min(ends), max(ends)
    span = (high - low) or abs(high) or 1.0
    open_low, open_high = (any(math.isinf(getattr(f, end)) for f in figures) for end in ("low", "high"))
    return low - (0.3 if open_low else 0.08) * span, high + (0.3 if open_high else 0.08) * span


def _ticks(ax: Axes, low: float, high: float, width: float, percent: str) -> None:
    """Set as many round ticks as have room for their figures."""
    for n in (4, 3, 2, 1):
        ticks, names = value_ticks(low, high, n)
        names = [f"{name}{percent}" for name in names]
        places = [(tick - low) / (high - low) * width for tick in ticks]
        rooms = [text_width(name, TINY) for name in names]
        fits = [
            room / 2 - 0.05 <= x <= width - room / 2 + 0.05 for x, room in zip(places, rooms, strict=True)
        ]
        kept = [i for i, fit in enumerate(fits) if fit]
        if all(places[j] - places[i] > max(rooms) + 0.15 for i, j in pairwise(kept)):
            break
    ax.set_xticks([ticks[i] for i in kept], [names[i] for i in kept])
    ax.tick_params(axis="x", length=2.5, pad=1.5, labelsize=TINY)


def _write_block(figure: Figure, x: float, y: float, block: _Block) -> None:
    """Write a side's value and label, centred at x, above y."""
    bold, first = {"color": INK, "weight": "bold", "gid": "value"}, lines_height(1, SMALL)
    baseline = y + block.height - first / 2 - RISE * SMALL
    if block.beside:
        left, value = x - block.width / 2, text_width(block.value, SMALL, True)
        put(figure, left, baseline, block.value, SMALL, va="baseline", **bold)
        put(figure, left + value + 0.07, baseline, block.label, TINY, va="baseline", color=GREY, gid="side")
        return
    put(figure, x, baseline, block.value, SMALL, ha="center", va="baseline", **bold)
    top = y + block.height - first
    put(figure, x, top, block.label, TINY, ha="center", va="top", color=GREY, gid="side")


def _bar(ax: Axes, mark: Mark, y: float, low: float, high: float) -> None:
    """Draw what a figure allows as a bar, its value as a dot; a bar without end runs to the edge with an arrowhead."""
    start, end = max(mark.figure.low, low), min(mark.figure.high, high)
    ax.plot([start, end], [y, y], color=FAN[0.5], lw=6, solid_capstyle="butt", zorder=3, gid="bar")
    if mark.value is not None:
        ax.plot([mark.value], [y], ls="", marker="o", ms=5, color=MEDIAN, zorder=4, gid="dot")
        return
    for x, open_end, shape in (
        (start, math.isinf(mark.figure.low), "<"),
        (end, math.isinf(mark.figure.high), ">"),
    ):
        options: dict[str, Any] = (
            {"marker": shape, "ms": 7} if open_end else {"marker": "|", "ms": 9, "mew": 1.6}
        )
        ax.plot([x], [y], ls="", color=MEDIAN, zorder=4, clip_on=False, gid="end", **options)


def _bracket(ax: Axes, ends: tuple[float, float], top: float, foot: float, severity: str) -> None:
    """Draw how far figures are apart, under the lowest lane of bars (longer stems would cross the texts)."""
    _, colour, dash = MARKS[severity]
    for x in ends:
        ax.plot([x, x], [top, foot], color=colour, lw=1, zorder=2, solid_capstyle="butt")
    ax.plot(ends, [foot, foot], color=colour, lw=1.1, ls=dash, zorder=2, gid="gap")

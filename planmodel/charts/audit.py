"""The chart of an audit: figures that should be one figure, and are not."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Audit, Finding
from planmodel.charts.disagreements import (
    MOST,
    Mark,
    audit_alt,
    disagreements,
    gap,
    gap_words,
    in_percent,
    marks,
    name_of,
    note_of,
    period_of,
    title_of,
    unit_of,
)
from planmodel.charts.frame import Box, axes, framed, put, value_ticks
from planmodel.charts.lettering import lines_height, shorten, spread, text_width, wrap
from planmodel.charts.style import FAINT, FAN, GREY, INK, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.errors import check_lang
from planmodel.words import word

NAMES, NARROW = 2.15, 5.0
"""Inches of the column of names; figures narrower than NARROW have the name above its row."""
NAME, TINY = TEXT - 0.5, SMALL - 0.5
BAR, BRACKET, TICKS, PAD = 0.15, 0.09, 0.24, 0.11
"""Inches that bars, bracket and ticks take, and the space above and below a row."""
RISE = 0.36 / 72
"""Inches from the baseline to the middle of a line, at one point."""
MARKS = {
    "contradiction": ({"marker": "X", "ms": 7, "mfc": TARGET, "mec": TARGET}, TARGET, "-"),
    "tension": ({"marker": "D", "ms": 5.5, "mfc": "white", "mec": GREY, "mew": 1.4}, GREY, (0, (3, 2))),
}
"""Mark, colour and dash of each severity."""


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

    found: Finding
    name: str
    detail: tuple[str, ...]
    lanes: tuple[tuple[tuple[Mark, ...], tuple[_Block, ...]], ...]
    words: str
    head: float
    right: float

    def height(self, narrow: bool) -> float:
        return (self.head + 0.06 + self.right if narrow else max(self.head, self.right)) + 2 * PAD


@styled
def audit_chart(audit: Audit, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the figures that should be one figure, a row a finding, each on a scale of its own.

    A bar is what the printed decimals allow; the bracket is how far the figures are apart. Contradictions first, at
    most MOST rows. size: only the width is used.
    """
    title, found = title_of(audit, check_lang(lang)), disagreements(audit)[:MOST]
    subtitle = ""
    if found and lang == "zh":
        subtitle = "横条：按印出的小数位可取的范围；点：数值。各行刻度不同，不一定从零开始"
    elif found:
        subtitle = "Bar: what the printed decimals allow; dot: the figure. Each row has its own scale, not always from zero"
    narrow = size[0] < NARROW
    rows = [_laid_out(f, audit, lang, size[0] - 0.24, narrow) for f in found]
    body = sum(row.height(narrow) for row in rows) if rows else 0.5
    figure, box = framed(title, subtitle, note_of(audit, lang), size, body=body)
    if not rows:
        text = "没有可画的数据" if lang == "zh" else "No figures to draw"
        put(figure, box.left, box.top - 0.2, text, TEXT, color=GREY)
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
    figure.set_label(audit_alt(audit, lang))
    return figure


def _laid_out(found: Finding, audit: Audit, lang: str, width: float, narrow: bool) -> _Row:
    column, room = (width, width) if narrow else (NAMES, width - NAMES - 0.2)
    name = wrap(name_of(found, audit, lang), column, NAME, lines=3)
    about = ("，" if lang == "zh" else ", ").join(
        t for t in (period_of(found), unit_of(found, audit, lang)) if t
    )
    severity = 0.2 + text_width(word(found.severity, lang), TINY, True) + 0.12
    detail = ("", about)
    if severity + text_width(about, TINY) > column:
        detail = ("", *wrap(about, column, TINY, lines=2).split("\n"))
    else:
        detail = (about,)
    head = lines_height(name.count("\n") + 1, NAME) + lines_height(len(detail), TINY)
    drawn = marks(found, lang)
    together = len(drawn) <= (2 if narrow else 3)
    lanes = [drawn] if together else [(mark,) for mark in drawn]
    blocks = [tuple(_block(m, room / len(lane) - 0.1) for m in lane) for lane in lanes]
    words = wrap(gap_words(found, audit, lang), room, SMALL, lines=2)
    right = sum(max(b.height for b in lane) + BAR for lane in blocks) + TICKS
    right += BRACKET + lines_height(words.count("\n") + 1, SMALL) if words else 0.0
    return _Row(found, name, detail, tuple(zip(lanes, blocks, strict=True)), words, head, right)


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
    options, colour, _ = MARKS[row.found.severity]
    line, severity = lines_height(1, TINY), word(row.found.severity, lang)
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
    ax.set_gid(row.found.id)
    ax.set_xlim(low, high)
    ax.set_ylim(inner.top - inner.bottom, 0)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    _ticks(ax, low, high, box.width, "%" if in_percent(row.found) else "")
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
        _bracket(ax, apart[:2], y - BAR / 2, y + BRACKET - 0.03, row.found.severity)
        half = text_width(row.words, SMALL) / 2
        centre = (sum(apart[:2]) / 2 - low) / (high - low) * box.width
        centre = min(max(centre, half), box.width - half)
        colour = MARKS[row.found.severity][1]
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
        options = {"marker": shape, "ms": 7} if open_end else {"marker": "|", "ms": 9, "mew": 1.6}
        ax.plot([x], [y], ls="", color=MEDIAN, zorder=4, clip_on=False, gid="end", **options)


def _bracket(ax: Axes, ends: tuple[float, float], top: float, foot: float, severity: str) -> None:
    """Draw how far figures are apart, under the lowest lane of bars (longer stems would cross the texts)."""
    _, colour, dash = MARKS[severity]
    for x in ends:
        ax.plot([x, x], [top, foot], color=colour, lw=1, zorder=2, solid_capstyle="butt")
    ax.plot(ends, [foot, foot], color=colour, lw=1.1, ls=dash, zorder=2, gid="gap")

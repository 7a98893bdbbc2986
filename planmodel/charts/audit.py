"""The chart of an audit: figures that should be one figure, and are not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from planmodel.arithmetic.growth import Interval
from planmodel.audit import Audit, Finding, Side
from planmodel.audit.statements import RATES
from planmodel.charts.chart import Chart, Sheet, drawn
from planmodel.charts.frame import Box, value_ticks
from planmodel.charts.letters import lines_height, shorten, spread, text_height, text_width, wrap
from planmodel.charts.rows import Row, Rows
from planmodel.charts.style import FAINT, FAN, GREY, INK, MEDIAN, SMALL, TARGET, Look
from planmodel.plans.catalogue import Catalogue
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase, phrase, said, with_unit, word
from planmodel.words import figure as number

COLUMNS = (
    "finding", "severity", "indicator", "name", "period", "side", "low", "high", "unit", "value", "text", "apart",
)  # fmt: skip
DRAWN = ("contradiction", "tension")
MOST = 12  # rows drawn; the note counts the rest
SAID = 4  # rows told in the text alternative
TINY = SMALL - 0.5
BAR, BRACKET, TICKS, PAD = 0.15, 0.09, 0.24, 0.11
"""Inches that bars, bracket and ticks take, and the space above and below a row."""
LANE = 1.1  # inches that a side needs to stand beside others
RISE = 0.36 / 72  # inches from the baseline to the middle of a line, at one point
MARKS: Mapping[str, tuple[str, Any]] = {"contradiction": (TARGET, "-"), "tension": (GREY, (0, (3, 2)))}
"""Colour and dash of each severity."""
UNITS = {"pp": "charts.audit.points", "pp/year": "charts.audit.points_a_year", "times": "audit.unit.times"}
"""The names of units that are not in the catalogue."""


@drawn()
def audit_chart(result: Audit, sheet: Sheet) -> Chart:
    """Return the figures that should be one figure, a row a finding, each on a scale of its own.

    A bar is what the printed decimals allow; the bracket is how far the figures are apart. Contradictions first, at
    most MOST rows. size: inches; only the width is used. Data: one row a side of each disagreement (also those past the
    last row): low and high in `unit`, the finding's own; value where it stands for one figure; text and apart as drawn.
    """
    shown = [_Disagreement(finding, result.plan.catalogue, sheet) for finding in disagreements(result)]
    sides = [
        (r.finding.id, r.finding.severity, r.finding.about.id, r.name, r.period, m.label, m.figure.low, m.figure.high,
         r.finding.sides_unit, m.value, m.text, r.apart)
        for r in shown for m in r.marks
    ]  # fmt: skip
    data = pd.DataFrame(sides, columns=list(COLUMNS)).astype(dict.fromkeys(("low", "high", "value"), float))
    heading, below = _title(result, shown), Phrase("charts.audit.subtitle") if shown else ""
    other = sum(len(result.of(severity)) for severity in DRAWN) - len(shown)
    counts = {"charts.not_drawn": len(shown[MOST:]), "charts.audit.no_figures": other}
    note = Joined([Phrase(key, n=n) for key, n in counts.items() if n])
    rows = Rows([one.row(sheet.lang) for one in shown[:MOST]], sheet.width, scale=False)
    box = sheet.open(heading, below, note, body=rows.height if shown else 0.5)
    if not shown:
        sheet.nothing(sheet.say("charts.audit.nothing"), box)
    for one, body in zip(shown, rows.bodies(box), strict=False):
        one.draw(body)
    lines = [one.says() for one in shown[:SAID]]
    if len(shown) > SAID:
        lines.append(Phrase("charts.audit.more", n=len(shown) - SAID))
    sentences = [heading if sheet.title is None else sheet.title, Joined(lines, "clauses")]
    return sheet.chart(f"{result.plan.name}-audit", data, *sentences[: len(lines) + 1])


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


def _lowest_first(marks):
    return tuple(sorted(marks, key=lambda mark: (mark.figure.low, mark.figure.high)))


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
    digits = next((d for d in range(digits) if abs(size - round(size, d)) < 1e-9), digits)
    key = "charts.audit.at_least_apart" if least else "charts.audit.apart"
    return phrase(key, lang, amount=with_unit(number(size, digits), unit, lang))


def _title(result: Audit, shown: Sequence[_Disagreement]) -> Phrase:
    plan, n = result.plan.short, sum(one.finding.severity == "contradiction" for one in shown)
    if not shown:
        return Phrase("charts.audit.none", plan=plan)
    two = max(len(one.marks) for one in shown) == 2
    values = Phrase("charts.audit.two_values" if two else "charts.audit.several_values")
    if not n:
        return Phrase("charts.audit.doubts", plan=plan, n=len(shown), values=values)
    title = Phrase("charts.audit.title", plan=plan, n=n, values=values)
    return Phrase("charts.audit.title_more", title=title, n=len(shown) - n) if shown[n:] else title


# What is drawn


class _Block:
    """The text of a side: its value, and its label beside it or under it, with the room they take."""

    def __init__(self, mark: Mark, width: float):
        self.mark, line = mark, lines_height(1, SMALL)
        value, label = text_width(mark.text, SMALL, True), text_width(mark.label, TINY)
        self.beside = value + 0.07 + label <= width
        self.value, self.label = mark.text, mark.label
        self.width, self.height = value + 0.07 + label, line
        if not self.beside:
            self.value = shorten(mark.text, width, SMALL, True)
            self.label = wrap(mark.label, width, TINY, lines=3)
            self.width = max(text_width(self.value, SMALL, True), text_width(self.label, TINY))
            self.height += text_height(self.label, TINY)

    def write(self, box: Box, x: float, y: float) -> None:
        """Write value and label, centred at x, above y."""
        line, top = lines_height(1, SMALL), y + self.height
        bold: Look = {"color": INK, "weight": "bold", "gid": "value"}
        faint: Look = {"color": GREY, "gid": "side"}
        if self.beside:
            left, value = x - self.width / 2, text_width(self.value, SMALL, True)
            _on_line(box, left, top - line / 2, self.value, SMALL, **bold)
            _on_line(box, left + value + 0.07, top - line / 2, self.label, TINY, SMALL, **faint)
        else:
            _on_line(box, x, top - line / 2, self.value, SMALL, ha="center", **bold)
            box.put(x, top - line, self.label, TINY, ha="center", va="top", **faint)


def _on_line(box: Box, x: float, y: float, text: str, size: float, line: float = 0.0, **options) -> None:
    """Write text on the baseline of a line with its middle at y; line: the size of the line's larger text."""
    box.put(x, y - RISE * (line or size), text, size, va="baseline", **options)


class _Disagreement:
    """A disagreement in words, and its picture.

    A printed figure is shown as printed; one that follows from others by its middle; a range, a bar wider than the gap
    beside it, by its ends. Shares and rates are in percent, and points apart.
    """

    def __init__(self, finding: Finding, catalogue: Catalogue, sheet: Sheet):
        self.finding, self.name, period = finding, finding.name[sheet.lang], finding.period
        self.period = period.replace("-", "–") if period.replace("-", "").isdigit() else period
        unit, rate = finding.sides_unit, any(s.measure in RATES for s in finding.statements)
        self.percent = unit in ("%", "%/year") or unit in ("pp", "pp/year") and rate
        sides = _lowest_first(finding.sides)
        most = max([2, *(d for side in sides if (d := _decimals(side.figure)) is not None)])
        least = sides[-1].figure.low - sides[0].figure.high
        self.marks = [_mark(side, most, least, self.percent, sheet.lang) for side in finding.sides]
        self.ordered = _lowest_first(self.marks)
        self.unit = said(
            Phrase(UNITS[unit]) if unit in UNITS else catalogue.units.get(unit, unit), sheet.lang
        )
        apart_in = sheet.say("charts.audit.points") if self.percent else self.unit
        self.apart = _apart(self.ordered, apart_in, sheet.lang)

    def says(self) -> Phrase:
        """The disagreement as a clause."""
        marks = [Phrase("charts.audit.side", text=m.text, label=m.label) for m in self.ordered]
        sides = Joined([Joined(marks, "beside"), self.apart], "commas")
        return Phrase("charts.audit.row", name=self.name, period=self.period, sides=sides)

    def row(self, lang: str) -> Row:
        """The row of the disagreement: how far its figures are apart and how bad it is stand at the right."""
        about = Joined([self.period, "" if self.percent else self.unit], "commas")[lang]
        right, colour = f"{self.apart}\n{word(self.finding.severity, lang)}", MARKS[self.finding.severity][0]
        return Row(self.name, about, right=right, colour=colour, entry=self, body=self.height)

    def _lanes(self, width: float) -> list[list[_Block]]:
        """The texts of the sides, side by side where there is room."""
        together = len(self.ordered) * LANE <= width
        lanes = [self.ordered] if together else [(mark,) for mark in self.ordered]
        return [[_Block(mark, width / len(lane) - 0.1) for mark in lane] for lane in lanes]

    def height(self, width: float) -> float:
        """The inches that the picture takes at a width."""
        texts = sum(max(block.height for block in lane) + BAR for lane in self._lanes(width))
        return texts + TICKS + BRACKET + PAD

    def draw(self, box: Box) -> None:
        """Draw the sides on an axis of their own: texts, bars, the bracket of the gap, ticks."""
        spare = (box.height - self.height(box.width)) / 2
        box = box.inset(top=spare + PAD, bottom=spare)
        low, high = _limits([mark.figure for mark in self.marks])
        inch = (high - low) / box.width
        ax = box.inset(bottom=TICKS).axes()
        ax.set_gid(self.finding.id)
        ax.set(xlim=(low, high), ylim=(box.height - TICKS, 0), yticks=[])
        ax.spines["left"].set_visible(False)
        _ticks(ax, low, high, box.width, "%" if self.percent else "")
        y = 0.0
        for lane in self._lanes(box.width):
            wanted = [(min(max(block.mark.at, low), high) - low) / inch for block in lane]
            centres = spread(wanted, [block.width + 0.1 for block in lane], -0.05, box.width + 0.05)
            y += max(block.height for block in lane)
            for block, x, centre in zip(lane, wanted, centres, strict=True):
                block.write(box, box.left + centre, box.top - y)
                foot = min(max(x, centre - block.width / 2), centre + block.width / 2)
                if abs(foot - x) > 0.03:
                    stem = [low + foot * inch, low + x * inch], [y, y + BAR / 2]
                    ax.plot(*stem, color=FAINT, lw=0.8, zorder=1)
                _bar(ax, block.mark, y + BAR / 2, low, high)
            y += BAR
        if ends := gap(self.ordered):  # under the lowest lane: longer stems would cross the texts
            colour, dash = MARKS[self.finding.severity]
            foot = y + BRACKET - 0.03
            for x in ends[:2]:
                ax.plot([x, x], [y - BAR / 2, foot], color=colour, lw=1, zorder=2, solid_capstyle="butt")
            ax.plot(ends[:2], [foot, foot], color=colour, lw=1.1, ls=dash, zorder=2, gid="gap")


def _limits(figures: Sequence[Interval]) -> tuple[float, float]:
    """The ends of a row's axis: the finite ends of its figures with room around, more where one has no end."""
    ends = [end for figure in figures for end in (figure.low, figure.high)]
    finite = [end for end in ends if math.isfinite(end)] or [0.0]
    low, high = min(finite), max(finite)
    span = (high - low) or abs(high) or 1.0
    below, above = (0.3 if end in ends else 0.08 for end in (-math.inf, math.inf))
    return low - below * span, high + above * span


def _ticks(ax: Axes, low: float, high: float, width: float, percent: str) -> None:
    """Set as many round ticks as have room for their figures."""
    for n in (4, 3, 2, 1):
        ticks = [(tick, f"{name}{percent}") for tick, name in zip(*value_ticks(low, high, n), strict=True)]
        widest = max((text_width(name, TINY) for _, name in ticks), default=0.0)
        kept = []
        for tick, name in ticks:
            x, half = (tick - low) / (high - low) * width, text_width(name, TINY) / 2 - 0.05
            if half <= x <= width - half:
                kept.append((tick, name, x))
        if all(b[2] - a[2] > widest + 0.15 for a, b in pairwise(kept)):
            break
    ax.set_xticks([tick for tick, _, _ in kept], [name for _, name, _ in kept])
    ax.tick_params(axis="x", length=2.5, pad=1.5, labelsize=TINY)


def _bar(ax: Axes, mark: Mark, y: float, low: float, high: float) -> None:
    """Draw what a figure allows as a bar, its value as a dot; a bar without end runs to the edge with an arrowhead."""
    start, end = max(mark.figure.low, low), min(mark.figure.high, high)
    ax.plot([start, end], [y, y], color=FAN[0.5], lw=6, solid_capstyle="butt", zorder=3, gid="bar")
    if mark.value is not None:
        ax.plot([mark.value], [y], ls="", marker="o", ms=5, color=MEDIAN, zorder=4, gid="dot")
        return
    for x, own, arrow in ((start, mark.figure.low, "<"), (end, mark.figure.high, ">")):
        look: Look = {"marker": arrow, "ms": 7} if math.isinf(own) else {"marker": "|", "ms": 9, "mew": 1.6}
        options: Look = {"color": MEDIAN, "clip_on": False, "gid": "end", **look}
        ax.plot([x], [y], ls="", zorder=4, **options)

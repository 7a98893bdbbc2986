"""The chart of an audit: figures that should be one figure, and are not."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from planmodel.audit.findings import Audit, Finding, Side
from planmodel.charts.frame import Box, axes, framed, put, value_ticks
from planmodel.charts.lettering import lines_height, shorten, spread, text_width, wrap
from planmodel.charts.style import FAINT, FAN, GREY, INK, MEDIAN, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.intervals import Interval
from planmodel.words import COMPARATOR_SIGNS, check_lang, with_unit, word
from planmodel.words import figure as number

COLUMNS = ("finding", "severity", "indicator", "name", "period", "side", "low", "high", "unit")
DRAWN = ("contradiction", "tension")
MOST = 12
"""Rows drawn; the note counts the rest."""
NAMES, NARROW = 2.15, 5.0
"""Inches of the column of names; figures narrower than NARROW have the name above its row."""
NAME, TINY = TEXT - 0.5, SMALL - 0.5
BAR, BRACKET, TICKS, PAD = 0.15, 0.09, 0.24, 0.11
MARKS = {
    "contradiction": ({"marker": "X", "ms": 7, "mfc": TARGET, "mec": TARGET}, TARGET, "-"),
    "tension": ({"marker": "D", "ms": 5.5, "mfc": "white", "mec": GREY, "mew": 1.4}, GREY, (0, (3, 2))),
}
"""Mark, colour and dash of each severity."""
POINTS, POINTS_A_YEAR = ("个百分点", "points"), ("个百分点/年", "points a year")
RATES = ("growth", "total")


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


def disagreements(audit: Audit) -> tuple[Finding, ...]:
    """Return the open contradictions, then the open tensions, that set two or more figures side by side."""
    return tuple(f for severity in DRAWN for f in audit.of(severity) if len(f.sides) > 1)


def audit_data(audit: Audit, lang: str) -> pd.DataFrame:
    """Return one row a side of each disagreement, in the order of the chart (also those past its last row).

    low and high are in `unit`, the finding's own (a unit's id, %, pp, pp/year, %/year or times).
    """
    check_lang(lang)
    rows = [
        (f.id, f.severity, f.statements[0].indicator.id, _name(f, audit, lang), _period(f), side.label[lang],
         side.figure.low, side.figure.high, f.sides_unit)
        for f in disagreements(audit) for side in f.sides
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table[["low", "high"]] = table[["low", "high"]].astype(float)
    return table


def _name(found: Finding, audit: Audit, lang: str) -> str:
    first = found.statements[0]
    name = first.indicator.name(lang)
    if first.region == audit.plan.region:
        return name
    region = audit.plan.catalogue.regions[first.region].name(lang)
    return f"{name}（{region}）" if lang == "zh" else f"{name} ({region})"


def _period(found: Finding) -> str:
    return found.period.replace("-", "–") if found.period.replace("-", "").isdigit() else found.period


def _digits(figure: Interval) -> int | None:
    """Return the decimals of a figure that is exact or just rounded, None for one that follows from others.

    >>> _digits(Interval(2.575, 2.585)), _digits(Interval(280, 280)), _digits(Interval(520.5, 520.7))
    (2, 0, None)
    """
    width = figure.high - figure.low
    for digits in range(7):
        apart = abs(figure.middle - round(figure.middle, digits))
        unit = 10.0**-digits
        if apart < 1e-6 * unit and (width < 1e-9 * max(abs(figure.high), 1) or abs(width / unit - 1) < 1e-6):
            return digits
    return None


def marks(found: Finding, lang: str) -> tuple[Mark, ...]:
    """Return the sides of a finding, lowest first, each with its figure in words.

    A printed figure is shown as printed; one that follows from others by its middle; a range, a bar wider than the
    gap beside it, by its ends.
    """
    sides = sorted(found.sides, key=lambda side: (side.figure.low, side.figure.high))
    digits = [_digits(side.figure) for side in sides]
    most = max([2, *(d for d in digits if d is not None)])
    least = sides[-1].figure.low - sides[0].figure.high
    return tuple(_mark(s, d, most, least, found, lang) for s, d in zip(sides, digits, strict=True))


def _mark(side: Side, digits: int | None, most: int, least: float, found: Finding, lang: str) -> Mark:
    figure, label, percent = side.figure, side.label[lang], "%" if _in_percent(found) else ""
    low, high, half = figure.low, figure.high, (figure.high - figure.low) / 2
    if digits is not None:
        text = _sign(side, found) + number(figure.middle, digits) + percent
        return Mark(text, label, figure, figure.middle, digits)
    if math.isinf(half):
        ends = [end for end in (low, high) if math.isfinite(end)]
        sign, text = "≥" if math.isinf(high) else "≤", number(ends[0]) + percent if ends else ""
        return Mark(sign + text if ends else "–", label, figure, None, 2)
    digits = min(most, max(0, math.ceil(-math.log10(half))))
    if 2 * half <= least:
        return Mark(number(figure.middle, digits) + percent, label, figure, figure.middle, digits)
    ends = number(low, digits), number(high, digits)
    join = "–" if low >= 0 else " 至 " if lang == "zh" else " to "
    return Mark(join.join(ends) + percent, label, figure, None, digits)


def _sign(side: Side, found: Finding) -> str:
    """The comparator printed with a figure, found by its place: floors stand as exact figures."""
    here = {s.comparator for s in found.statements if s.source and s.source in side.label.values()}
    return COMPARATOR_SIGNS.get(here.pop(), "") if len(here) == 1 else ""


def _in_percent(found: Finding) -> bool:
    rate = any(statement.measure in RATES for statement in found.statements)
    return found.sides_unit in ("%", "%/year") or found.sides_unit in ("pp", "pp/year") and rate


def gap(drawn: tuple[Mark, ...]) -> tuple[float, float, bool] | None:
    """Return from where to where the lowest and the highest side are apart, and whether that is the least it can be.

    From value to value; of a range its nearer end. None where they meet.
    """
    low, high = drawn[0], drawn[-1]
    start = low.figure.high if low.value is None else low.value
    end = high.figure.low if high.value is None else high.value
    return (start, end, low.value is None or high.value is None) if start < end else None


def gap_words(found: Finding, audit: Audit, lang: str) -> str:
    """Return how far the sides are apart, with the unit; empty where they meet."""
    drawn = marks(found, lang)
    apart = gap(drawn)
    if apart is None:
        return ""
    start, end, least = apart
    digits = max(drawn[0].digits, drawn[-1].digits, math.ceil(-math.log10(end - start)))
    size = end - start
    if least:
        size = math.floor(size * 10**digits + 1e-9) / 10**digits
    elif abs(size - round(size, digits)) < 1e-9:
        digits = next(d for d in range(digits + 1) if abs(size - round(size, d)) < 1e-9)
    unit, text = _unit(found, audit, lang, of_gap=True), number(size, digits)
    if lang == "zh":
        return f"{'至少' if least else ''}相差 {text}{'' if unit == '%' else ' '}{unit}"
    return f"{'at least ' if least else ''}{with_unit(text, unit, lang)} apart"


def _unit(found: Finding, audit: Audit, lang: str, *, of_gap: bool = False) -> str:
    """The unit of a finding's sides, or of the gap between them (points between shares and rates)."""
    unit, units = found.sides_unit, audit.plan.catalogue.units
    if _in_percent(found):
        return POINTS[lang != "zh"] if of_gap else ""
    names = {"pp": POINTS, "pp/year": POINTS_A_YEAR, "times": ("倍", "times")}
    if unit in names:
        return names[unit][lang != "zh"]
    return units[unit].name(lang) if unit in units else unit


def _title(audit: Audit, lang: str) -> str:
    found, plan, zh = disagreements(audit), audit.plan.short[lang], lang == "zh"
    if not found:
        return f"{plan}：没有可并列比较的不一致数字" if zh else f"{plan}: no figure stands beside another value"
    n = sum(f.severity == "contradiction" for f in found)
    m = len(found) - n
    two = max(len(f.sides) for f in found) == 2
    if zh:
        values = "两个值" if two else "多个值"
        if not n:
            return f"{plan}：{m} 处同一数字疑有{values}"
        return f"{plan}：{n} 处同一数字出现{values}" + (f"，另 {m} 处存疑" if m else "")
    values = f"{'two' if two else 'several'} values"
    if not n:
        return f"{plan}: {m} {'place' if m == 1 else 'places'} where one figure may have {values}"
    title = f"{plan}: {n} {'place' if n == 1 else 'places'} where one figure has {values}"
    return title + (f", {m} more in doubt" if m else "")


def _note(audit: Audit, lang: str) -> str:
    """What is found but not drawn."""
    shown = disagreements(audit)
    past = max(0, len(shown) - MOST)
    other = sum(len(audit.of(severity)) for severity in DRAWN) - len(shown)
    parts = []
    if past:
        parts.append(f"另有 {past} 处未画出。" if lang == "zh" else f"{past} more not drawn.")
    if other and lang == "zh":
        parts.append(f"另有 {other} 处矛盾或存疑不是两个数字之差，见清单。")
    elif other:
        many = f"{other} more contradictions or tensions are" if other > 1 else "1 more finding is"
        parts.append(f"{many} not a matter of two figures: see the list.")
    return (" " if lang == "en" else "").join(parts)


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
    title, found = _title(audit, check_lang(lang)), disagreements(audit)[:MOST]
    subtitle = ""
    if found and lang == "zh":
        subtitle = "横条：按印出的小数位可取的范围；点：数值。各行刻度不同，不一定从零开始"
    elif found:
        subtitle = "Bar: what the printed decimals allow; dot: the figure. Each row has its own scale, not always from zero"
    narrow = size[0] < NARROW
    rows = [_laid_out(f, audit, lang, size[0] - 0.24, narrow) for f in found]
    body = sum(row.height(narrow) for row in rows) if rows else 0.5
    figure, box = framed(title, subtitle, _note(audit, lang), size, body=body)
    if not rows:
        put(figure, box.left, box.top - 0.2, "没有可画的数据" if lang == "zh" else "No figures to draw", TEXT, color=GREY)
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
    name = wrap(_name(found, audit, lang), column, NAME, lines=3)
    about = ("，" if lang == "zh" else ", ").join(t for t in (_period(found), _unit(found, audit, lang)) if t)
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
    figure.add_artist(
        Line2D([(left + 0.07) / width], [(y - line / 2) / height], ls="", transform=figure.transFigure, **options)
    )
    put(figure, left + 0.2, y - line / 2, severity, TINY, va="center", color=colour, weight="bold", gid="severity")
    beside = 0.2 + text_width(severity, TINY, True) + 0.12
    for i, text in enumerate(row.detail):
        x = left + (beside if len(row.detail) == 1 else 0)
        if text:
            put(figure, x, y - (i + 0.5) * line, text, TINY, va="center", color=GREY)
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
    _ticks(ax, low, high, box.width, "%" if _in_percent(row.found) else "")
    y, placed = 0.0, {}
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
            placed[mark] = at
        y += BAR
    apart = gap(drawn)
    if row.words and apart:
        _bracket(ax, apart[:2], (placed[drawn[0]], placed[drawn[-1]]), y + BRACKET, row.found.severity)
        half = max(text_width(row.words, SMALL) / 2, 0)
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
        fits = [room / 2 - 0.05 <= x <= width - room / 2 + 0.05 for x, room in zip(places, rooms, strict=True)]
        kept = [i for i, fit in enumerate(fits) if fit]
        if all(places[j] - places[i] > max(rooms) + 0.15 for i, j in zip(kept, kept[1:], strict=False)):
            break
    ax.set_xticks([ticks[i] for i in kept], [names[i] for i in kept])
    ax.tick_params(axis="x", length=2.5, pad=1.5, labelsize=TINY)


def _write_block(figure: Figure, x: float, y: float, block: _Block) -> None:
    """Write a side's value and label, centred at x, above y."""
    if block.beside:
        left, value = x - block.width / 2, text_width(block.value, SMALL, True)
        middle = y + block.height / 2
        put(figure, left, middle, block.value, SMALL, va="center", color=INK, weight="bold", gid="value")
        put(figure, left + value + 0.07, middle, block.label, TINY, va="center", color=GREY, gid="side")
        return
    first = lines_height(1, SMALL)
    top = y + block.height
    put(figure, x, top - first / 2, block.value, SMALL, ha="center", va="center", color=INK, weight="bold", gid="value")
    put(figure, x, top - first, block.label, TINY, ha="center", va="top", color=GREY, gid="side")


def _bar(ax: Axes, mark: Mark, y: float, low: float, high: float) -> None:
    """Draw what a figure allows as a bar, its value as a dot; a bar without end runs to the edge with an arrowhead."""
    start, end = max(mark.figure.low, low), min(mark.figure.high, high)
    ax.plot([start, end], [y, y], color=FAN[0.5], lw=6, solid_capstyle="butt", zorder=3, gid="bar")
    if mark.value is not None:
        ax.plot([mark.value], [y], ls="", marker="o", ms=5, color=MEDIAN, zorder=4, gid="dot")
        return
    for x, open_end, shape in ((start, math.isinf(mark.figure.low), "<"), (end, math.isinf(mark.figure.high), ">")):
        options = {"marker": shape, "ms": 7} if open_end else {"marker": "|", "ms": 9, "mew": 1.6}
        ax.plot([x], [y], ls="", color=MEDIAN, zorder=4, clip_on=False, gid="end", **options)


def _bracket(ax: Axes, ends: tuple[float, float], tops: tuple[float, float], y: float, severity: str) -> None:
    _, colour, dash = MARKS[severity]
    foot = y - 0.02
    for x, top in zip(ends, tops, strict=True):
        ax.plot([x, x], [top, foot], color=colour, lw=1, zorder=2, solid_capstyle="butt")
    ax.plot(ends, [foot, foot], color=colour, lw=1.1, ls=dash, zorder=2, gid="gap")


def audit_alt(audit: Audit, lang: str) -> str:
    """Return one paragraph that says what the chart of an audit shows: up to four rows in words."""
    text, found = _title(audit, check_lang(lang)), disagreements(audit)
    zh = lang == "zh"
    said = []
    for one in found[:4]:
        values = [f"{m.text}（{m.label}）" if zh else f"{m.text} ({m.label})" for m in marks(one, lang)]
        about = f"{_name(one, audit, lang)}（{_period(one)}）" if zh else f"{_name(one, audit, lang)} ({_period(one)})"
        words = gap_words(one, audit, lang)
        parts = ["、".join(values) if zh else " and ".join(values), *([words] if words else [])]
        said.append(f"{about}：{'，'.join(parts)}" if zh else f"{about}: {', '.join(parts)}")
    rest = len(found) - len(said)
    if rest:
        said.append(f"另有 {rest} 处" if zh else f"and {rest} more")
    if zh:
        return f"{text}。" + ("；".join(said) + "。" if said else "")
    return f"{text}." + (" " + "; ".join(said) + "." if said else "")

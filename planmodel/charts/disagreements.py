"""What the chart of an audit says: sides with their values, gaps in words, title, note and data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Audit, Finding, Side
from planmodel.errors import check_lang
from planmodel.words import COMPARATOR_SIGNS, with_unit
from planmodel.words import figure as number

COLUMNS = ("finding", "severity", "indicator", "name", "period", "side", "low", "high", "unit")
DRAWN = ("contradiction", "tension")
MOST = 12
"""Rows drawn; the note counts the rest."""
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
        (f.id, f.severity, f.statements[0].indicator.id, name_of(f, audit, lang), period_of(f), side.label[lang],
         side.figure.low, side.figure.high, f.sides_unit)
        for f in disagreements(audit) for side in f.sides
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table[["low", "high"]] = table[["low", "high"]].astype(float)
    return table


def name_of(found: Finding, audit: Audit, lang: str) -> str:
    first = found.statements[0]
    name = first.indicator.name(lang)
    if first.region == audit.plan.region:
        return name
    region = audit.plan.catalogue.regions[first.region].name(lang)
    return f"{name}（{region}）" if lang == "zh" else f"{name} ({region})"


def period_of(found: Finding) -> str:
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
    figure, label, percent = side.figure, side.label[lang], "%" if in_percent(found) else ""
    low, high, half = figure.low, figure.high, (figure.high - figure.low) / 2
    if side.value is not None:
        most_digits = 0 if abs(side.value) >= 1000 else 2
        return Mark(number(side.value, most_digits) + percent, label, figure, side.value, most_digits)
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
    digits = min(most, max(0, math.ceil(-math.log10(half / 5))))
    ends = number(low, digits), number(high, digits)
    join = "–" if low >= 0 else " 至 " if lang == "zh" else " to "
    return Mark(join.join(ends) + percent, label, figure, None, digits)


def _sign(side: Side, found: Finding) -> str:
    """The comparator printed with a figure, found by its place: floors stand as exact figures."""
    here = {s.comparator for s in found.statements if s.source and s.source in side.label.values()}
    return COMPARATOR_SIGNS.get(here.pop(), "") if len(here) == 1 else ""


def in_percent(found: Finding) -> bool:
    rate = any(statement.measure in RATES for statement in found.statements)
    return found.sides_unit in ("%", "%/year") or found.sides_unit in ("pp", "pp/year") and rate


def gap(drawn: tuple[Mark, ...]) -> tuple[float, float, bool] | None:
    """Return from where to where the lowest and the highest side are apart, and whether that is the least it can be.

    From value to value; between the nearer ends where one is a range. None where they meet.
    """
    low, high = drawn[0], drawn[-1]
    least = low.value is None or high.value is None
    start, end = (low.figure.high, high.figure.low) if least else (low.value, high.value)
    return (start, end, least) if start < end else None


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
    if abs(size - round(size, digits)) < 1e-9:
        digits = next(d for d in range(digits + 1) if abs(size - round(size, d)) < 1e-9)
    unit, text = unit_of(found, audit, lang, of_gap=True), number(size, digits)
    if lang == "zh":
        return f"{'至少' if least else ''}相差 {text}{'' if unit == '%' else ' '}{unit}"
    return f"{'at least ' if least else ''}{with_unit(text, unit, lang)} apart"


def unit_of(found: Finding, audit: Audit, lang: str, *, of_gap: bool = False) -> str:
    """The unit of a finding's sides, or of the gap between them (points between shares and rates)."""
    unit, units = found.sides_unit, audit.plan.catalogue.units
    if in_percent(found):
        return POINTS[lang != "zh"] if of_gap else ""
    names = {"pp": POINTS, "pp/year": POINTS_A_YEAR, "times": ("倍", "times")}
    if unit in names:
        return names[unit][lang != "zh"]
    return units[unit].name(lang) if unit in units else unit


def title_of(audit: Audit, lang: str) -> str:
    found, plan, zh = disagreements(audit), audit.plan.short[lang], lang == "zh"
    if not found:
        return f"{plan}：未发现同一数字出现两个值" if zh else f"{plan}: no figure found with two values"
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


def note_of(audit: Audit, lang: str) -> str:
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


def audit_alt(audit: Audit, lang: str) -> str:
    """Return one paragraph that says what the chart of an audit shows: up to four rows in words."""
    text, found = title_of(audit, check_lang(lang)), disagreements(audit)
    zh = lang == "zh"
    said = []
    for one in found[:4]:
        values = [f"{m.text}（{m.label}）" if zh else f"{m.text} ({m.label})" for m in marks(one, lang)]
        about = (
            f"{name_of(one, audit, lang)}（{period_of(one)}）"
            if zh
            else f"{name_of(one, audit, lang)} ({period_of(one)})"
        )
        words = gap_words(one, audit, lang)
        parts = ["、".join(values) if zh else " and ".join(values), *([words] if words else [])]
        said.append(f"{about}：{'，'.join(parts)}" if zh else f"{about}: {', '.join(parts)}")
    rest = len(found) - len(said)
    if rest:
        said.append(f"另有 {rest} 处" if zh else f"and {rest} more")
    if zh:
        return f"{text}。" + ("；".join(said) + "。" if said else "")
    return f"{text}." + (" " + "; ".join(said) + "." if said else "")

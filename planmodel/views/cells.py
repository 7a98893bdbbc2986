"""Figures of a target set for reading, one cell each."""

from __future__ import annotations

from planmodel.assessments import Assessment
from planmodel.plans import Target
from planmodel.words import figure, with_unit, word


def number_of(target: Target, lang: str) -> str:
    """Return a target's number as printed: T2-1, prose 5."""
    table = word("text", lang) if target.table == "text" else target.table
    return f"{table}\u00a0{target.number}" + (f"({target.part})" if target.part > 1 else "")


def rate(asked, lang: str, unit: str, units) -> str:
    """Return a required quantity for reading: 8.4 %, 0.46 pp, 20 units a year."""
    if asked is None:
        return "–"
    zh = lang == "zh"
    if asked.measure == "growth":
        return f"{figure(100 * asked.value, 1)}%"
    if asked.measure == "pp":
        return f"{figure(asked.value, 2)}{'个百分点' if zh else ' pp'}"
    text = with_unit(figure(asked.value), units[unit].name(lang) if unit in units else unit, lang)
    if asked.measure == "headroom":
        return f"余量 {text}" if zh else f"headroom {text}"
    return f"{text}/年" if zh else f"{text} a year"


def record_text(found: Assessment, lang: str) -> str:
    """Return the record for reading: mean with its years, and the best window."""
    past = found.record
    if past is None:
        return "–"
    share = found.target.indicator.scale == "share"
    value, digits = (past.mean, 2) if share else (100 * past.mean, 1)
    suffix = ("个百分点" if lang == "zh" else " pp") if share else "%"
    return f"{figure(value, digits)}{suffix} ({past.first_year}–{past.last_year})"

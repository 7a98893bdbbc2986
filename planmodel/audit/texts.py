"""How the audit writes figures: as printed where they are printed, in both languages."""

from __future__ import annotations

import re

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.findings import Finding, Implied, Side
from planmodel.audit.statements import Facts, Statement
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.identities import Identity
from planmodel.words import COMPARATOR_SIGNS, figure, with_unit

LANGS = ("zh", "en")
UNIT_NAMES = {
    "pp": ("个百分点", "pp"),
    "pp/year": ("个百分点/年", "pp a year"),
    "%/year": ("%/年", "% a year"),
    "times": ("倍", "times"),
}


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def shown(statement: Statement) -> str:
    """Return a figure as printed, with its comparator, in percent where it is a rate or a share.

    Units are left out: `shown_unit` adds them.
    """
    sign = COMPARATOR_SIGNS.get(statement.comparator, "")
    rate = statement.measure in ("growth", "total")
    percent = "%" if rate or (statement.unit == "%" and statement.measure != "change") else ""
    return f"{sign}{statement.text}{percent}"


def shown_unit(statement: Statement, facts: Facts, lang: str) -> str:
    """Return a figure as printed with its unit."""
    sign = COMPARATOR_SIGNS.get(statement.comparator, "")
    unit = facts.catalogue.units.get(statement.unit)
    name = "%" if statement.measure in ("growth", "total") else unit.name(lang) if unit else ""
    return with_unit(f"{sign}{statement.text}", name, lang)


def level(value: float, statement: Statement, facts: Facts) -> str:
    """Return a computed level (catalogue unit) in the unit and about the precision of a printed one."""
    units, indicator = facts.catalogue.units, statement.indicator
    if statement.unit in units and indicator.unit in units:
        value *= units[indicator.unit].factor / units[statement.unit].factor
    percent = "%" if statement.unit == "%" else ""
    return figure(float(f"{value:.4g}")) + percent


def in_unit_of(statement: Statement, other: Statement, facts: Facts) -> str:
    """Return a figure as printed, converted where its unit is not that of another."""
    if statement.unit == other.unit or statement.indicator.unit != other.indicator.unit:
        return shown(statement)
    return level(statement.figure.middle, other, facts)


def percent(fraction: float, decimals: int = 2) -> str:
    """Return a rate in percent.

    >>> percent(0.016998)
    '1.70%'
    """
    return f"{100 * fraction:.{decimals}f}%".replace("-", "−")


def years(n: int, lang: str) -> str:
    if lang == "zh":
        return f"{n} 年"
    words = {
        1: "one year",
        2: "two years",
        3: "three years",
        4: "four years",
        5: "five years",
        6: "six years",
    }
    return words.get(n, f"{n} years")


def name(statement: Statement, facts: Facts, lang: str) -> str:
    """Return what a statement is about: the indicator, and its region where it is not the plan's."""
    text = statement.indicator.name(lang)
    if statement.region == facts.plan.region:
        return text
    region = facts.catalogue.regions[statement.region].name(lang)
    return f"{text}（{region}）" if lang == "zh" else f"{text} ({region})"


def in_words(line: Identity, facts: Facts, lang: str) -> str:
    """Return an identity with the names of its indicators."""
    left, *parts = (facts.catalogue.indicators[term.indicator].name(lang) for term in line.terms)
    return f"{left} = {(' / ' if line.ratio else ' + ').join(parts)}"


def subject(statement: Statement, facts: Facts) -> str:
    """Return how findings name it: the indicator's id, with its region where it is not the plan's."""
    at = "" if statement.region == facts.plan.region else f"@{statement.region}"
    return f"{statement.indicator.id}{at}"


PRINTED, FOLLOWS = both("文中所列", "printed"), both("由此推算", "follows")


def side(label: dict[str, str], interval: Interval, scale: float = 1.0, value: float | None = None) -> Side:
    """Return one side of a disagreement, multiplied into its unit of display."""
    return Side(label, interval.times(scale), None if value is None else value * scale)


def bare(text: str, name: str) -> str:
    """Return a finding's line without the indicator's name before it, where that stands beside it.

    >>> bare("Goods exports, 2020: 153.9 and 153.76 are both printed", "Goods exports")
    '2020: 153.9 and 153.76 are both printed'
    >>> bare("Port cargo (Toumen port): 376 → 2000", "Port cargo")
    'Toumen port: 376 → 2000'
    >>> bare("Services of 4000 at 53% make GDP 7,547", "Services")
    'Services of 4000 at 53% make GDP 7,547'
    >>> bare("单位能耗降低：表中没有完成数", "单位能耗")
    '单位能耗降低：表中没有完成数'
    """
    rest = text.removeprefix(name)
    if (
        rest == text or rest[:1].isalnum() or rest.startswith(" of ")
    ):  # another name, or the subject of the sentence
        return text
    rest = rest.lstrip(",:，： ")
    return re.sub(r"^[(（]([^)）]+)[)）]([:：])", r"\1\2", rest)  # the region stays, without its brackets


def gap_text(found: Finding, catalogue: Catalogue, lang: str) -> str:
    """Return the size of a gap with its unit, a dash where it has none."""
    if found.gap is None:
        return "–"
    value = figure(float(f"{found.gap:.3g}"))
    return with_unit(value, unit_text(found.gap_unit, catalogue, lang), lang)


def unit_text(unit: str, catalogue: Catalogue, lang: str) -> str:
    if unit in UNIT_NAMES:
        zh, en = UNIT_NAMES[unit]
        return zh if lang == "zh" else en
    return catalogue.units[unit].name(lang) if unit in catalogue.units else unit


def interval_text(interval: Interval) -> str:
    """Return an interval for reading with no more digits than tell its ends apart.

    >>> interval_text(Interval(3282.684, 3285.717)), interval_text(Interval(18.58, 18.6)), interval_text(Interval(2.0, 2.0))
    ('3,283–3,286', '18.58–18.6', '2')
    """
    low, high = interval.low, interval.high
    for digits in range(3, 8):
        ends = [float(f"{end:.{digits}g}") for end in (low, high)]
        if ends[0] != ends[1] or digits == 7:
            break
    if abs(high - low) < 1e-9 * max(abs(high), 1):
        return figure(float(f"{low:.4g}"))
    return f"{figure(float(f'{low:.{max(digits, 4)}g}'))}–{figure(float(f'{high:.{max(digits, 4)}g}'))}"


def implied_text(found: Implied, catalogue: Catalogue, lang: str) -> str:
    """Return an implied figure with its unit."""
    return with_unit(interval_text(found.figure), unit_text(found.unit, catalogue, lang), lang)

"""Titles, subtitles and alternative texts of charts over time: sentences made from the figures."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from planmodel.charts.shown import INDEX, Shown
from planmodel.feasibility.assessments import Assessment
from planmodel.forecasts.fans import Fan
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import BOUNDS
from planmodel.tables.promises import promised
from planmodel.words import Joined, Phrase, by_language, in_percent, phrase
from planmodel.words import figure as number

BASES = ("nominal", "real", "real_by_convention")
FEW = 2
"""Past figures at or below which the reader is told that a fan rests on the reference class."""


def in_scenario(name: Mapping[str, str]) -> Mapping[str, str]:
    """Return a scenario's name with the word scenario, once."""
    ending = Phrase("charts.scenario")
    return by_language(lambda lang: name[lang].removesuffix(ending[lang]) + ending[lang])


def change_text(value: float, measure: str) -> Phrase:
    """Return a change a year in words; growth as a fraction, shares in points.

    >>> str(change_text(0.0842, "growth")), str(change_text(-0.46, "pp"))
    ('8.4% a year', '−0.46 points a year')
    """
    return Phrase(f"charts.change.{measure}.{'down' if value < 0 else 'up'}", value=_figure(value, measure))


def _figure(value: float, measure: str) -> str:
    """Growth with %; points without their unit, which the sentence names."""
    if measure == "pp":
        return number(value, 2)
    return in_percent(100 * value, 1 if abs(value) >= 0.0005 else 2)


def asks(assessment: Assessment, *, unit: bool = False) -> Phrase:
    """Return what a promise asks for beside the record, without the indicator's name; unit: see promised."""
    target, asked, past = assessment.target, assessment.required, assessment.record
    kind = kind_of(target)
    if target.relative_to:
        how, other = target.comparator, assessment.plan.catalogue.indicators[target.relative_to]
        return Phrase(f"charts.asks.relative.{how if how in BOUNDS else 'about'}", other=other)
    words = promised(assessment, unit=unit)
    if asked is None:
        return Phrase("charts.asks.quoted", words=words)
    if asked.is_rate:
        if target.target_value is not None and math.isclose(asked.in_unit("")[0], target.target_value):
            ask = Phrase("charts.asks.promised", words=words)
        else:
            to_reach = kind.as_growth and target.comparator != "gt"
            key = "reach" if to_reach else "needs"
            ask = Phrase(
                f"charts.asks.{'amount.' * unit}{key}",
                words=words,
                rate=change_text(asked.value, asked.measure),
            )
        if past is None:
            return ask
        same = (past.mean < 0) == (asked.value < 0)
        key = f"charts.had.{asked.measure}.{'same' if same else 'down' if past.mean < 0 else 'up'}"
        return Phrase("charts.asks.record", ask=ask, had=Phrase(key, value=_figure(past.mean, asked.measure)))
    if asked.measure == "headroom":
        return Phrase("charts.asks.headroom", words=words, base=assessment.base)
    if kind.path == "cumulated":
        return Phrase("charts.asks.each", words=words, each=asked.value)
    return Phrase("charts.asks.promised", words=words)


def title(assessment: Assessment) -> Phrase:
    """Return the title of a chart of one target: what it asks for beside the record."""
    return Phrase("charts.titled", name=assessment.target.indicator, text=asks(assessment))


def subtitle(assessment: Assessment, seen: Shown, last: object = None, *, summed: bool = False) -> Joined:
    """Return indicator, unit, price basis, region and scenario; `last` stands in the scenario's place.

    summed: the chart shows the sum so far, not the flow.
    """
    target, regions = assessment.target, assessment.plan.catalogue.regions
    unit = seen.unit_name
    if kind_of(target).flow:
        unit = Phrase("charts.sum_so_far" if summed else "charts.flow", unit=unit)
    region = Phrase("charts.name", name=regions.get(target.region, target.region))
    scene = in_scenario(assessment.scenario.name) if last is None else last
    return Joined(
        [Phrase("charts.name", name=target.indicator), unit, _basis(assessment), region, scene], "commas"
    )


def _is_real(assessment: Assessment) -> bool:
    return assessment.history is not None and assessment.history.real


def _basis(assessment: Assessment) -> Phrase | None:
    """Return the price basis of what is drawn, None where prices play no part."""
    if _is_real(assessment):
        basis = assessment.target.price_basis
        return Phrase(f"terms.{basis if basis in BASES[1:] else 'real'}")
    own = assessment.target.indicator.price_basis
    return Phrase(f"terms.{own}") if own in BASES else None


def labels(assessments: Sequence[Assessment], lang: str) -> list[str]:
    """Return the names of rows: the indicator's, with the price basis where a name stands more than once on several of them."""
    names = [a.target.indicator.name(lang) for a in assessments]
    bases = [
        "" if _basis(a) is None else phrase(f"charts.basis.{BASES[_is_real(a)]}", lang) for a in assessments
    ]
    pairs = set(zip(names, bases, strict=True))
    several = {name for name, n in Counter(name for name, _ in pairs).items() if n > 1}
    return [
        phrase("charts.on_basis", lang, name=name, basis=basis) if basis and name in several else name
        for name, basis in zip(names, bases, strict=True)
    ]


def note(assessment: Assessment) -> Joined:
    """Return the footnotes of a chart: why there is no fan, what was assumed, and that history is short."""
    parts: list[object] = list(assessment.notes)
    n_values = 0 if assessment.history is None else len(assessment.history)
    if assessment.probability is None and assessment.reason:
        parts.insert(0, Phrase("charts.no_fan", reason=assessment.reason))
    elif assessment.probability is not None and n_values <= FEW:
        parts.append(Phrase("charts.one_figure" if n_values == 1 else "charts.short_history", n=n_values))
    if assessment.probability is not None:
        parts.append(Phrase("terms.known_in", year=assessment.known_to))
    return Joined([Phrase("charts.footnote", text=part) for part in parts], "sentences")


def fan_clauses(assessment: Assessment, seen: Shown) -> list[Phrase]:
    """Return what the text alternative of a target's fan chart says."""
    clauses = [title(assessment), *drawn_clauses(seen)]
    if assessment.probability is not None:
        figures, words = seen.chance
        clauses.append(Phrase("charts.fan.chance", figures=figures, words=words))
    elif assessment.reason:
        clauses.append(Phrase("charts.fan.no_chance", reason=assessment.reason))
    return clauses


def drawn_clauses(seen: Shown) -> list[Phrase]:
    """Return what a chart over time shows: where the history ends, the band and the mark of the last year."""
    clauses = []
    if len(seen.history):
        first, last = int(seen.history.index[0]), int(seen.history.index[-1])
        span = f"{first}–{last}" if first != last else f"{last}"
        value = seen.value_text(float(seen.history.iloc[-1]))
        clauses.append(Phrase("charts.fan.history", span=span, value=value))
    if seen.fan is not None and seen.fan.coverages:
        clauses.append(_band(seen, seen.fan))
    if seen.mark is not None:
        clauses.append(Phrase("charts.fan.target", year=seen.year, mark=seen.mark_text))
    return clauses


def _band(seen: Shown, fan: Fan) -> Phrase:
    coverage = 0.8 if 0.8 in fan.coverages else fan.coverages[-1]
    low, high = (_rounded(value, seen) for value in seen.band(coverage) or ())
    key = "charts.fan.band" if coverage == 0.8 else "charts.fan.other_band"
    return Phrase(key, year=int(fan.years[-1]), low=low, high=high, coverage=coverage)


def _rounded(value: float, seen: Shown) -> str:
    size = abs(value)
    if seen.unit in ("%", INDEX):
        return number(value, 1) + "%" * (seen.unit == "%" and not seen.change)
    return number(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else None)

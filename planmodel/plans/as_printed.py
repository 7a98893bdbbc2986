"""A figure beside the text that a document prints for it: whether it can be what the text says."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache, lru_cache

from planmodel.plans.catalogue import Unit
from planmodel.plans.numerals import PART, TIMES, Amount, amounts, says, sized, words

LEVEL, CHANGE, FALL, REDUCTION = "level", "change", "fall", "reduction"
SHARES = ("percent", "pp")  # dimensions in which a part of a whole is a figure


def can_say(text: str, digits: str, unit: str, units: Mapping[str, Unit], sense: str = LEVEL) -> bool | None:
    """Return whether a text can say a figure in a unit; None where it says nothing certain of one.

    A figure may stand in another size or unit than the text's (3.54万元: 35,400 yuan), a part as percent, a multiple as growth.
    sense: of a change "down by 5" is -5; of a fall, a change of what is better low, the row may say the minus; a "decrease of ..."
    has a positive figure for it.

    >>> from planmodel.plans.catalogue import load_catalogue
    >>> units = load_catalogue().units
    >>> can_say("103.61 billion yuan", "1036.1", "亿元", units), can_say("103.61 billion yuan", "103.61", "亿元", units)
    (True, False)
    >>> can_say("down by two thirds", "-66.7", "%", units, CHANGE), can_say("as the province sets", "5", "%", units)
    (True, None)
    >>> can_say("up by 50 % on 2025", "1.5", "倍", units), can_say("150 % of 2025", "1.5", "倍", units)
    (True, True)
    """
    own = units[unit]
    alike = tuple(other for other in units.values() if other.dimension == own.dimension)
    return _can_say(text, digits, own, alike, sense)


def comparator_said(text: str) -> str:
    """Return the comparator that a text says of its figures; empty where it says none, or several.

    >>> comparator_said("\u2265 93.3"), comparator_said("at most 5 %"), comparator_said("4000")
    ('ge', 'le', '')
    """
    said = {amount.comparator for amount in amounts(text) if amount.certain and amount.comparator}
    return said.pop() if len(said) == 1 else ""


@lru_cache(maxsize=1024)
def _can_say(text: str, digits: str, own: Unit, units: tuple[Unit, ...], sense: str) -> bool | None:
    figures, rises = amounts(text), says("rises", text)
    certain = (amount for amount in figures if amount.certain)
    if "\u00b1" in text or not any(any(_sizes(amount, own, units, rises)) for amount in certain):
        return None
    value, signs = Fraction(digits), _signs(text, sense)
    for amount in figures:
        for size, exact in _sizes(amount, own, units, rises):
            room = Fraction(0) if exact else Fraction(1, 10 ** len(digits.partition(".")[2])) / 2
            if any(abs(sign * size - value) <= room for sign in signs[amount.negative]):
                return True
    return False


def _signs(text: str, sense: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The signs that words allow a figure without a minus, and one with it."""
    either, falls, rises = (1, -1), says("falls", text), says("rises", text)
    bare = re.fullmatch(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]\s*", text)
    if sense == REDUCTION:
        return either if rises else (1,), either
    if sense == FALL or bare or (falls and (rises or sense == LEVEL)):
        return either, either if falls else (-1,)
    return ((-1,), either) if falls else ((1,), (-1,))


def _sizes(
    amount: Amount, own: Unit, units: tuple[Unit, ...], rises: bool
) -> Iterator[tuple[Fraction, bool]]:
    """What an amount can be in a unit, each with whether it is so exactly."""
    for number in amount.readings:
        if amount.mark == PART:
            if own.dimension in SHARES:
                yield 100 * number / _factor(own), False
            continue
        if amount.mark == TIMES and own.dimension in SHARES:
            yield from ((100 * (number - 1), True), (100 * number, True))
            continue
        if own.dimension == "multiple" and amount.mark in (TIMES, "%"):
            times = number if amount.mark == TIMES else number / 100
            yield times, True
            if rises:
                yield times + 1, True
            continue
        known = list(_converted(number, amount, own, units))
        yield from known or _scaled(number, amount, own)


@cache
def _factor(unit: Unit) -> Fraction:
    return Fraction(repr(unit.factor))


@lru_cache
def _names(own: Unit, units: tuple[Unit, ...]) -> dict[str, Fraction]:
    """The sizes of the units of a dimension by their names, of one's own without its words for size, too."""
    base, power = sized(own.id)
    names = {base: _factor(own) / Fraction(10) ** power}
    for unit in units:
        names |= {unit.id: _factor(unit), unit.name_en.lower(): _factor(unit)}
    return names


def _converted(
    number: Fraction, amount: Amount, own: Unit, units: tuple[Unit, ...]
) -> Iterator[tuple[Fraction, bool]]:
    """The amount where the text names its unit, after any part of the words for size."""
    names = _names(own, units)
    powers = words()["places"] | words()["myriads"]
    run = re.match(rf"\s*[{''.join(powers)}]*", amount.behind)
    for end in range(len(run[0]) + 1 if run else 1):
        rest, spoken = amount.behind[end:].lstrip(" -"), amount.behind[:end].strip()
        best = max((name for name in names if rest.startswith(name)), key=len, default="")
        if best and not re.match("[a-z]", rest[len(best) :] if best.isascii() else ""):
            ratio = names[best] * Fraction(10) ** sum(powers[c] for c in spoken) / _factor(own)
            yield number * ratio, True


def _scaled(number: Fraction, amount: Amount, own: Unit) -> Iterator[tuple[Fraction, bool]]:
    """The amount where the text names no unit that is known: as it stands, or by its words for size."""
    _, power = sized(own.id)
    for each in amount.powers:
        if each == 0:
            yield number, True
        else:
            yield number * Fraction(10) ** each / _factor(own), True
            yield number * Fraction(10) ** (each - power), True

"""Numbers of printed text: every figure that stands in it, in numerals or words, Chinese or Western."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

TIMES, PART, TENTHS = "times", "part", "tenths"
FORMS = {0xFF01 + n: 0x21 + n for n in range(94)} | dict.fromkeys(map(ord, "\u2212\u2010\u2011"), "-")
FORMS |= dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u3000"), " ")
"""Full-width characters, minus signs and blanks, each as the plain one: a text keeps its length."""
INDIAN = r"\d{1,2}(?:,\d\d)+,\d{3}(?!\d)(?:\.\d+)?"  # digits grouped as in India: 1,00,000
NUMBER = re.compile(INDIAN + r"|\d{1,3}(?:([,.' ])\d{3}(?!\d)(?:\1\d{3}(?!\d))*)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
YEAR = re.compile(r"(?:19|20|21)\d\d")
QUOTED = re.compile('\u201c[^\u201d]*\u201d|\u2018[^\u2019]*\u2019|\u300a[^\u300b]*\u300b|"[^"]*"')
BRACKETS = re.compile(r"[\[\u3014\u3010][^\]\u3015\u3011]*[\]\u3015\u3011]")
CLOSING = re.compile(r"[,;\u3001\uff0c\uff1b\u3002]|\d")


@dataclass(frozen=True)
class Amount:
    """One figure of a text: characters start to end hold it, without what stands behind.

    readings: what its digits can say (384,281 has two). powers: of ten, as the words behind it say (billion: 9; none: 0); several
    where one of them may belong to the unit. mark: %, points or per mille, as the id of a unit; `times`, a multiple; `part`,
    a part of a whole; or nothing. behind: the text from its powers on. comparator: as the words beside it say, empty: plain. negative: a minus stands before it.
    total: in square brackets, of the whole period. certain: False of what may be a name, an order, a year or a quotation.
    """

    start: int
    end: int
    readings: tuple[Fraction, ...]
    powers: tuple[int, ...] = (0,)
    mark: str = ""
    behind: str = ""
    comparator: str = ""
    negative: bool = False
    total: bool = False
    certain: bool = True

    @property
    def value(self) -> float:
        """The figure by its first reading and with the words for its size; percent as percent, parts as fractions."""
        size = float(self.readings[0] * Fraction(10) ** self.powers[-1])
        return -size if self.negative else size


@cache
def words() -> Mapping[str, Any]:
    """Return the words of figures (numerals.yaml)."""
    return yaml.safe_load((Path(__file__).parent / "numerals.yaml").read_text(encoding="utf-8"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Any of the words of a list, the longest first; Western ones by themselves, those with a star as beginnings."""
    listed = words()[name] if "." not in name else words()[name.split(".")[0]][name.split(".")[1]]
    alternatives = []
    for word in sorted(map(str, listed), key=len, reverse=True):
        ends = r"(?![a-z])" if re.search("[a-z]$", word) else ""
        starts = r"(?<![a-z])" if re.match("[a-z]", word) else ""
        alternatives.append(starts + re.escape(word.rstrip("*")) + ends)
    return re.compile("|".join(alternatives))


def says(name: str, text: str) -> bool:
    """Return whether a text has one of the words of a list.

    >>> says("falls", "reduced by 10 %"), says("rises", "reduced by 10 %")
    (True, False)
    """
    return bool(_pattern(name).search(text.translate(FORMS).lower()))


@lru_cache(maxsize=1024)
def amounts(text: str) -> tuple[Amount, ...]:
    """Return every figure of a text in its order; figures of years, names and quotations are not certain.

    >>> [(a.value, a.comparator) for a in amounts("over 1.5 million visitors, about two thirds of them by train")]
    [(1500000.0, 'gt'), (0.6666666666666666, 'about')]
    >>> [(a.value, a.mark, a.total) for a in amounts("[-50%]")]
    [(-50.0, '%', True)]
    >>> [a.value for a in amounts("15 lakh crore or 1,00,000")]
    [15000000000000.0, 100000.0]
    >>> [a.value for a in amounts("384,281 Milliarden")], len(amounts("384,281")[0].readings)
    ([384281000000000.0], 2)
    >>> [(a.value, a.certain) for a in amounts("PM2.5 of 35 by 2025")]
    [(2.5, False), (35.0, True), (2025.0, False)]
    """
    plain = text.translate(FORMS).lower()
    by_place: dict[int, Amount] = {}
    taken = 0
    for amount in sorted(_all(plain, text), key=lambda a: (a.start, -a.end)):
        if amount.start >= taken:
            by_place[amount.start] = amount
            taken = amount.end
    listed = [_beside(amount, plain) for amount in by_place.values()]
    for at in reversed(range(len(listed) - 1)):
        here, there = listed[at], listed[at + 1]
        between = plain[here.end : there.start].strip()
        if here.powers == (0,) and not here.mark and _pattern("joints").fullmatch(between):
            listed[at] = replace(here, powers=tuple(sorted({0, *there.powers}))[-2:])
    return tuple(listed)


def _all(plain: str, text: str) -> Iterator[Amount]:
    """Every figure, those inside of others too."""
    for match in NUMBER.finditer(plain):
        before, behind = text[: match.start()][-1:], text[match.end() :]
        name = before.isascii() and before.isalpha() or re.match(r"[A-Z](?![A-Za-z])", behind)
        yield Amount(match.start(), match.end(), tuple(_readings(match[0])), certain=not name)
    small, big = ("".join(c for c, power in words()["myriads"].items() if power == n) for n in (4, 8))
    for match in re.finditer(rf"(?<![\d.,])(\d+)[{big}](\d{{1,4}})(?=[{small}])", plain):
        yield Amount(match.start(), match.end(), (Fraction(int(match[1]) * 10**4 + int(match[2])),))
    for kind, mark in (("multiples", TIMES), ("parts", PART), ("fixed", "")):
        for match in _pattern(kind).finditer(plain):
            value = Fraction(words()[kind][match[0]])
            yield Amount(match.start(), match.end(), (value,), mark=mark, certain=mark != "" or value > 0)
    yield from _western(plain)
    yield from _chinese(plain)


def _readings(digits: str) -> Iterator[Fraction]:
    """What digits can say: a comma or point before three digits may group thousands or begin decimals."""
    bare = digits.replace(" ", "").replace("'", "")
    marks = [c for c in bare if c in ",."]
    if not marks or re.fullmatch(INDIAN, bare):
        yield Fraction(bare.replace(",", ""))
        return
    last = marks[-1]
    above, _, below = bare.rpartition(last)
    decimal = Fraction(f"{re.sub('[,.]', '', above)}.{below}")
    groups = len(marks) == marks.count(last) and re.fullmatch(r"\d{1,3}(?:[,.]\d{3})+", bare)
    whole = Fraction(re.sub("[,.]", "", bare))
    if groups and len(marks) > 1:
        yield whole
    elif groups and not bare.startswith("0"):
        yield from (whole, decimal) if last == "," else (decimal, whole)
    else:
        yield decimal


def _western(plain: str) -> Iterator[Amount]:
    numbers = words()["western"]
    one = _pattern("western").pattern
    for match in re.finditer(rf"({one}|(?<![a-z])an?)[ -]({_pattern('fractions').pattern})", plain):
        yield Amount(
            match.start(),
            match.end(),
            (Fraction(numbers.get(match[1], 1), words()["fractions"][match[2]]),),
            mark=PART,
        )
    for match in re.finditer(rf"({one}|\d+) (?:{_pattern('out_of').pattern}) ({one}|\d+)(?= [a-z])", plain):
        part, whole = (int(word) if word.isdigit() else numbers[word] for word in match.groups())
        if part < whole <= 1000:
            yield Amount(match.start(), match.end(), (Fraction(part, whole),), mark=PART)
    for match in re.finditer(rf"(?:{one})(?:(?:[ -]| and )(?:{one}))*", plain):
        total = part = 0
        for word in re.findall(one, match[0]):
            value = numbers[word]
            if value >= 100:
                part = max(part, 1) * value
                total, part = (total + part, 0) if value == 1000 else (total, part)
            else:
                part += value
        yield Amount(match.start(), match.end(), (Fraction(total + part),), certain=match[0] != "one")


def _chinese(plain: str) -> Iterator[Amount]:
    digits, places, myriads = words()["digits"], words()["places"], words()["myriads"]
    one = "".join((*digits, *places))
    number = rf"[{one}{''.join(myriads)}]+(?:{words()['point']}[{''.join(digits)}]+)?"
    part = rf"(?<![\d.])({number})({words()['part_of']})(?:({number})|(\d+(?:\.\d+)?))"
    for match in re.finditer(part, plain):
        below, above = worth(match[1]), Fraction(match[4]) if match[4] else worth(match[3])
        if below in (100, 1000):
            yield Amount(match.start(), match.end(), (above,), mark="%" if below == 100 else "\u2030")
        elif below:
            yield Amount(match.start(), match.end(), (above / below,), mark=PART)
    for match in re.finditer(rf"(?<![\d.{words()['more']}{one}{''.join(myriads)}]){number}", plain):
        behind, ahead = plain[match.end() :], plain[: match.start()]
        counts = _pattern("counted").match(behind) or _pattern("marks").match(behind) or len(match[0]) > 2
        order = re.search(rf"(?:{_pattern('ordered').pattern})$", ahead)
        certain = (counts or order or not behind.strip()) and not _pattern("names").match(behind)
        bare = match[0].rstrip("".join(myriads))
        value = worth(match[0]) / 10 ** sum(myriads[c] for c in match[0][len(bare) :])
        yield Amount(match.start(), match.start() + len(bare), (value,), certain=bool(certain))


def worth(text: str) -> Fraction:
    """Return the number of a Chinese numeral, digit by digit or with its places.

    >>> [int(worth(text)) for text in ("十二", "两千三百", "百", "二〇三五")]
    [12, 2300, 100, 2035]
    """
    digits, places, myriads = words()["digits"], words()["places"], words()["myriads"]
    text, _, decimals = text.partition(words()["point"])
    total = section = digit = 0
    if not any(c in places or c in myriads for c in text):
        total = int("".join(str(digits[c]) for c in text) or 0)
    else:
        for c in text:
            if c in digits:
                digit = digits[c]
            elif c in places:
                section += (digit or 1) * 10 ** places[c]
                digit = 0
            else:
                size = 10 ** myriads[c]
                above = total if total > size else 0
                total = above + (total - above + section + digit or 1) * size
                section = digit = 0
        total += section + digit
    return total + Fraction("0." + "".join(str(digits[c]) for c in decimals)) if decimals else Fraction(total)


@cache
def sized(unit: str) -> tuple[str, int]:
    """Return the name of a unit without the words for size that it begins with, and their power of ten.

    >>> sized("千亿块"), sized("bn gadgets"), sized("lakh crore INR"), sized("tonnes")
    (('块', 11), ('gadgets', 9), ('INR', 12), ('tonnes', 0))
    """
    sizes, scales = words()["places"] | words()["myriads"], words()["scales"]
    name = unit.lstrip("".join(sizes))
    power = sum(sizes[c] for c in unit[: len(unit) - len(name)])
    while " " in name and (first := name.partition(" ")[0].lower()) in scales:
        name, power = name.partition(" ")[2], power + scales[first]
    return (name, power) if name else (unit, 0)


def _beside(amount: Amount, plain: str) -> Amount:
    """The amount with what the text beside it says."""

    def within(pattern: re.Pattern[str]) -> bool:
        return any(m.start() < amount.start < m.end() for m in pattern.finditer(plain))

    ahead, behind = plain[: amount.start], plain[amount.end :]
    negative = ahead.endswith("-") and _is_minus(ahead[:-1])
    odd = _pattern("odd").match(behind)
    rest = behind[odd.end() :] if odd else behind
    powers, scale = amount.powers, None
    myriads = "".join((*words()["places"], *words()["myriads"]))
    if not amount.mark and powers == (0,):
        if scale := re.match(rf"\s*([{myriads}]+)", rest):
            steps = [(words()["places"] | words()["myriads"])[c] for c in scale[1]]
            ends = (sum(steps[:-1]), sum(steps)) if scale[1][-1] in words()["places"] else (sum(steps),)
            powers = tuple(dict.fromkeys(ends))
        elif scale := re.match(rf"(?:[\s-]*(?:{_pattern('scales').pattern})\.?)+", rest):  # lakh crore: 12
            powers = (sum(words()["scales"][each] for each in _pattern("scales").findall(scale[0])),)
    after = rest[scale.end() :] if scale else rest
    mark = amount.mark
    if not mark and (sign := re.match(rf"[\s-]*(?:{_pattern('marks').pattern})", after)):
        mark = words()["marks"][sign[0].strip(" -")]
    readings = amount.readings
    if mark == TENTHS:
        readings, mark = tuple(r / 10 for r in readings), PART
    return replace(
        amount, readings=readings, powers=powers, mark=mark, behind=rest, negative=negative,
        comparator=_comparator(ahead.rstrip("-"), behind, bool(odd)),
        total=within(BRACKETS), certain=amount.certain and not _dated(amount, ahead, behind) and not within(QUOTED),
    )  # fmt: skip


def _is_minus(ahead: str) -> bool:
    """Whether a dash is a minus: nothing stands before it, or a sign, or a word and no figure yet."""
    return not ahead or ahead[-1] in " ([:,;=<>\u2264\u2265\u3001\u3014\uff1a" or not re.search(r"\d", ahead)


def _comparator(ahead: str, behind: str, odd: bool) -> str:
    ahead = ahead.rstrip(" ([")
    near = CLOSING.split(behind)[0]
    lengths: dict[str, int] = {}
    for name in words()["before"]:
        if match := re.search(rf"(?:{_pattern(f'before.{name}').pattern})(?: (?:the|a|an))?$", ahead):
            lengths[name] = len(match[0])
    if lengths:
        return max(lengths, key=lambda name: lengths[name])
    after = (name for name in words()["after"] if _pattern(f"after.{name}").search(near))
    return next(after, "gt" if odd else "")


def _dated(amount: Amount, ahead: str, behind: str) -> bool:
    """Whether a figure is that of a year or a day, or an order."""
    whole = not ahead.strip(" []") and not behind.strip(" []")
    digits = str(amount.readings[0])
    if whole or amount.mark:
        return False
    if YEAR.fullmatch(digits):
        after = re.match(rf"\s*(?:[-/\u2013\u2014]\s*\d|{words()['year']}|$|[,.;)])", behind)
        return bool(after or re.search(rf"(?:{_pattern('years_after').pattern})\s*$", ahead))
    return False

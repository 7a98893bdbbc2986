"""Clauses of Chinese prose, and the figures in them that count or measure something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from planmodel.documents.figures import Figure, figures
from planmodel.documents.grammar import entry, first_of, hide, named, pattern

NAMES = re.compile(r"“[^“”]*”|‘[^‘’]*’|《[^《》]*》|「[^「」]*」|『[^『』]*』|\"[^\"]*\"")
BRACKETS = re.compile(r"\([^()]*\)|〔[^〔〕]*〕|\[[^\[\]]*\]|【[^【】]*】|〈[^〈〉]*〉")
NUMBER_GOES_ON = {",": r"\d{3}(?!\d)", ":": r"1(?![\d:])"}
SENTENCE, CLAUSE = re.compile(r"[。!?;]"), re.compile(r"[,:]|——")


@dataclass(frozen=True)
class Part:
    """A figure in its clause and the words around it, names and brackets hidden.

    left: between the figure before and this one, from `at` on; before: of the sentence; after: up to its end. written, told:
    left and before as written; noun: what the figure counts, as written, up to `end`, where that stands behind it. clause:
    where its clause begins.
    """

    figure: Figure
    at: int
    end: int
    left: str
    written: str
    before: str
    told: str
    after: str
    noun: str
    before_noun: bool
    clause: int

    @property
    def bare_unit(self) -> str:
        """The unit without what multiplies it."""
        return self.figure.unit.removeprefix(self.figure.multiplier)

    @property
    def travels(self) -> bool:
        """Whether the figure is the time to a place that stands before it."""
        return bool(is_time(self.figure.unit) and pattern("zh.to_place").search(self.left))


def hidden(text: str) -> str:
    """Return a text of the same length in which names, brackets, codes and years cannot be taken for figures."""
    return hide(text, BRACKETS, NAMES, pattern("zh.no_figure"))


def pieces(
    masked: str, ends: re.Pattern[str], start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int]]:
    """Yield where sentences or clauses stand; a comma between thousands and the colon of a ratio end none."""
    end = len(masked) if end is None else end
    at = start
    for match in ends.finditer(masked, start, end):
        inside = re.match(NUMBER_GOES_ON.get(match[0], "$"), masked[match.end() :])
        if inside and masked[match.start() - 1 : match.start()].isdigit():
            continue
        yield at, match.start()
        at = match.end()
    yield at, end


def is_time(unit: str) -> bool:
    """Return whether a unit is one of travel or of service."""
    return bool(pattern("zh.hours").fullmatch(unit))


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage, as written and with what is no figure hidden."""

    text: str
    masked: str
    start: int
    end: int

    def verb(self, start: int, end: int) -> str:
        """Return the sort of the last verb of a part: level, sum, underway, or nothing."""
        verbs = [
            (m.end(), -n, name)
            for n, (name, words) in enumerate(named("zh.promise"))
            for m in words.finditer(self.masked, start, end)
        ]
        return max(verbs)[2] if verbs else ""

    def beyond(self, figure: Figure) -> int:
        """Return where a figure ends with the bracket behind it."""
        bracket = BRACKETS.match(self.text, figure.end)
        return min(bracket.end(), self.end) if bracket else figure.end

    def figured(self, start: int, end: int) -> list[Part]:
        """Return the figures of a clause that count or measure something."""
        bare = [
            replace(f, start=f.start + start, end=f.end + start, number_end=f.number_end + start)
            for f in figures(self.masked[start:end])
        ]
        kept = [
            Figure(m.start(1), m.end(), float(m[1]), None, ":", "", False, m.end())
            for m in pattern("zh.ratio").finditer(self.text, start, end)
        ]
        for i, bare_figure in enumerate(bare):
            later = bare[i + 1 :]
            figure = self._with_unit(bare_figure, later, self.masked[start : bare_figure.start])
            if figure and self._counts(figure, start, end) and not self._is_size(figure, kept, later):
                kept.append(figure)
        kept.sort(key=lambda figure: figure.start)
        parts = []
        before = start
        for figure, after in zip_longest(kept, kept[1:]):
            ahead = after.start if after else end
            noun_end = figure.end
            sized = pattern("zh.sizes").fullmatch(figure.unit.removeprefix(figure.multiplier))
            works = sized and pattern("zh.works_ahead").match(self.masked[figure.end : ahead])
            behind = works or pattern("zh.grade").match(self.masked, figure.end)
            is_before = self._is_before_noun(before, figure, ahead)
            if is_before or behind:
                stop = pattern("zh.next_item").search(self.masked[figure.end : ahead]) if after else None
                noun_end = figure.end + stop.start() if stop else ahead
            parts.append(
                Part(
                    figure, before, noun_end, self.masked[before : figure.start], self.text[before : figure.start],
                    self.masked[self.start : figure.start], self.text[self.start : figure.start],
                    self.masked[figure.end : self.end], self.text[figure.end : noun_end], is_before, start,
                )
            )  # fmt: skip
            before = max(noun_end, self.beyond(figure))
        for i in reversed(range(len(parts) - 1)):
            one, following = parts[i], pattern("zh.grade_alone").match(parts[i + 1].noun)
            if following and pattern("zh.grade_alone").fullmatch(
                one.noun.strip()
            ):  # 3 of the nation, 5 of the province
                parts[i] = replace(one, noun=one.noun.strip() + parts[i + 1].noun[following.end() :])
        return parts

    def _with_unit(self, figure: Figure, behind: Sequence[Figure], left: str) -> Figure | None:
        """Return a figure with its unit, which may stand behind a later one of a list; None where there is none and needs to be."""
        left = pattern("zh.from_figure").sub("", left)
        alone = not (figure.worded or figure.multiplier) and pattern("zh.unitless").search(left)
        if alone or figure.unit.removeprefix(figure.multiplier):
            return figure
        big = pattern("zh.hundred_millions").search(figure.multiplier)
        if big and pattern("zh.grade").match(self.masked, figure.number_end):
            return None if behind else replace(figure, unit=figure.multiplier + entry("zh.written.money"))
        people = next((unit for words, unit in entry("zh.counted_in").items() if words in left[-12:]), "")
        if people and figure.multiplier and pattern("zh.no_noun").match(self.masked[figure.end :] or ","):
            return replace(figure, unit=figure.multiplier + people)
        later = next((f for f in behind if f.unit.removeprefix(f.multiplier)), None)
        if later is None or not pattern("zh.listed").fullmatch(self.masked[figure.end : later.start]):
            return None
        unit = later.unit.removeprefix(later.multiplier)
        return replace(figure, unit=figure.multiplier + unit if figure.multiplier else later.unit)

    def _counts(self, figure: Figure, start: int, end: int) -> bool:
        """Return whether a figure counts or measures something: it is no age, order, grade or lapse of time."""
        left, after = self.masked[start : figure.start], self.masked[figure.number_end : end]
        unit, behind = figure.unit.removeprefix(figure.multiplier), self.masked[self.beyond(figure) : end]
        noun = pattern("zh.noun").match(behind)
        if pattern("zh.hundred_millions").search(figure.multiplier) and pattern("zh.grade").match(after):
            return not pattern("zh.many_such").search(left)
        from_to = pattern("zh.rises_from").search(left) and pattern("zh.rises_to").match(behind)
        if from_to or pattern("zh.order").match(after):
            return False
        if pattern("zh.of_order").fullmatch(unit):
            of_years = pattern("zh.years_of").search(self.text[start : figure.start])
            grown = (figure.value or 0) % 1 and pattern("zh.growth").search(left[-8:])  # half a year more
            return bool(pattern("zh.of_years").fullmatch(unit) and (of_years or grown))
        if pattern("zh.lapse").fullmatch(unit) and (noun or figure.worded):
            return False
        if pattern("zh.times").fullmatch(unit) and pattern("zh.growth").search(left[-8:]):
            return True
        if is_time(unit) and noun:
            return bool(pattern("zh.circle").match(behind))
        if pattern("zh.age").fullmatch(unit) and noun:
            return False
        if figure.worded and pattern("zh.villages").match(after):
            return False
        if figure.worded and figure.multiplier and pattern("zh.named_so").search(behind):
            return False
        few = (figure.value or 0) < 2 or bool(pattern("zh.worded").match(unit))
        return not (figure.worded and unit != "%" and not figure.multiplier and few)

    def _is_size(self, figure: Figure, before: Sequence[Figure], behind: Sequence[Figure]) -> bool:
        """Return whether a sum of money only says which things are counted: projects of more than so much."""
        after = self.masked[figure.end : self.end]
        between = self.masked[figure.end : behind[0].start] if behind else "、"
        noun = pattern("zh.noun").match(after)
        apart = re.search("[、,]", between)
        gone = pattern("zh.ended").search(self.masked[self.start : figure.start]) or pattern(
            "zh.ended_behind"
        ).match(after)
        if noun and gone and figure.comparator in ("ge", "le"):
            return True
        if figure.comparator in ("ge", "le") and behind and noun:
            if behind[0].unit == "%":
                return not apart
            if not (apart or first_of("zh.promise", between) or pattern("zh.rises_to").match(after)):
                return True
        if not pattern("zh.money").search(figure.unit) or not noun or pattern("zh.no_noun").match(after):
            return False
        if not re.search("[、,]", between) and not first_of("zh.promise", between):
            return True
        if behind and pattern("zh.sized").match(after) and not pattern("zh.money").search(behind[0].unit):
            return True
        earlier = self.masked[before[-1].end : figure.start] if before else ""
        listed = not earlier.strip() or re.search("[、,]", earlier)
        return not listed and not pattern("zh.yuan").search(before[-1].unit)

    def _is_before_noun(self, before: int, figure: Figure, ahead: int) -> bool:
        """Return whether what a figure counts stands behind it."""
        beyond = self.beyond(figure)
        after, left = self.masked[beyond : self.end], self.masked[before : figure.start]
        if not pattern("zh.noun").match(self.masked[beyond:ahead]):
            return False
        if pattern("zh.no_noun").match(after) or pattern("zh.predicate").match(after):
            return False
        if is_time(figure.unit) and pattern("zh.circle").match(after):
            return True
        if pattern("zh.grade").match(after) and pattern("zh.becomes").search(left):
            return False
        left = pattern("zh.this_year").sub("", left.rstrip()[-24:])
        return bool(pattern("zh.before_noun").search(left))

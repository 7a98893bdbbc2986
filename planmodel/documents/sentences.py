"""Sentences of an English passage: whether one promises or records, the years it names, and which of them a figure is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from planmodel.documents.figures import Western, western_figures
from planmodel.documents.grammar import hide, named, pattern
from planmodel.documents.passages import LONGEST_SENTENCE, Frame, Passage

NEAR, BESIDE = 80, 12
"""How far the words that tell of a figure may stand from it, and how far the year that it was known in."""


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text stand."""
    at = 0
    for end in [*(m.end() for m in pattern("en.sentence").finditer(text)), len(text)]:
        if 0 < end - at <= LONGEST_SENTENCE:
            yield at, end
        at = end


class Sentence:
    """A sentence; hidden: without codes, bare: without years too. record, promise: whether it tells of the past, of what will be.

    years: where each stands that a figure may be for; base_year: what a change is compared with; goal_year: the end of a span.
    """

    def __init__(self, passage: Passage, frame: Frame, start: int, end: int, titled: bool):
        self.passage, self.frame, self.start = passage, frame, start
        self.text = passage.text[start:end]
        self.hidden = hide(self.text, pattern("en.codes"))
        self.bare = hide(self.hidden, pattern("en.year"))
        first, matches = frame.first or 9999, pattern("en.based").finditer(self.hidden)
        based = [m for m in matches if m["than"] or int(m["year"]) < first]
        span = pattern("en.between").search(self.hidden)
        self.goal_year = int(span[2]) if span else None
        self.base_year = int(span[1]) if span else int(based[0]["year"]) if based else None
        taken = span.start(1) if span else based[0].start("year") if based else -1
        begins = {m.end() for m in pattern("en.starting").finditer(self.hidden)}  # from 2027
        self.named = [
            (m.start(1), int(m[1]) if len(m[1]) == 4 else 2000 + int(m[1])) for m in pattern("en.year").finditer(self.hidden)
        ]  # fmt: skip
        self.years = [(at, y) for at, y in self.named if at != taken and (span or at + 4 not in begins)]
        self.record = not titled and self._is_record()
        told = pattern("en.promise").search(self.hidden) or pattern("en.imperative").match(self.hidden)
        item = passage.state == "tasks" and not passage.text.rstrip().endswith(".")  # of a list
        self.promise = bool(told) or item or passage.state == "goals"
        verbless = not any(words.search(self.bare) for _, words in named("en.verbs"))
        goes_on = passage.text[start - 1 : start] == ";" and (
            verbless or pattern("en.pronoun").search(self.bare)
        )
        self.goes_on = bool(goes_on or pattern("en.goes_on").match(self.bare))  # from the one before

    @property
    def last_year(self) -> int | None:
        """The year of promises that name none."""
        return self.passage.year or self.frame.last

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the sentence stands in the document's text."""
        return self.passage.place(self.start + start, self.start + end)

    def _is_record(self) -> bool:
        """Return whether the sentence tells of the past, what it says beside the point left aside."""
        plain, told = re.split("[,;(]", self.hidden)[0], pattern("en.besides").sub("", self.hidden)
        if pattern("en.imperative").match(plain) and not pattern("en.past").search(plain):
            return False
        future = any(self.frame.first and y >= self.frame.first for _, y in self.years)
        future = future and bool(pattern("en.promise").search(self.hidden))
        ahead = pattern("en.modal").search(self.hidden) or (future and pattern("en.aims").search(self.hidden))
        if pattern("en.past").search(told) and not ahead:
            return True
        return self.passage.state == "record" and not future

    def figures(self) -> list[Western]:
        """Return the figures of the sentence; a unit may stand behind the last of a list."""
        figures: list[Western] = []
        for figure in reversed(list(western_figures(self.bare))):
            later = figures[0] if figures else None
            listed = later and pattern("en.list").fullmatch(self.text[figure.end : later.start])
            if later and listed and not figure.unit:
                figure = replace(figure, unit=later.unit, counted=later.counted)
            figures.insert(0, figure)
        return figures

    def near(self, figure: Western) -> str:
        """Return the words before a figure."""
        return self.bare[max(0, figure.start - NEAR) : figure.start]

    def known(self, figure: Western) -> bool:
        """Return whether a figure was there before: a rise starts from it, it is there now, or was in a past year."""
        before, after = self.near(figure), self.hidden[figure.end :]
        if pattern("en.from").search(before):
            return True
        now = pattern("en.now").search(before) or pattern("en.now_behind").match(after)
        then = pattern("en.then").match(after) or pattern("en.known_at").search(self.hidden[: figure.start])
        past = then and self.frame.first and int(then["year"]) < self.frame.first
        return not self.record and bool(now or past)

    def year_beside(self, figure: Western) -> int | None:
        """Return the past year right before a figure or the year behind it, and leave it to that figure."""
        past = (self.frame.first or 0) - 1
        near = [y for at, y in reversed(self.named) if y <= past and 0 <= figure.start - at - 4 < BESIDE]
        beside = [(at, y) for at, y in self.named if 0 <= at - figure.end < BESIDE]
        near += [y for at, y in beside if not re.search(r"\d", self.text[figure.end : at])]
        self.years = [(at, y) for at, y in self.years if y not in near[:1]]
        return next(iter(near), None)

    def year_of(self, figure: Western, ahead: int) -> int | None:
        """Return the year of a figure: the next one before the next figure, else the last one before it. ahead: where the next begins."""
        if self.goal_year:
            return self.goal_year

        def of_next(at: int) -> bool:
            """Whether a year belongs to the next figure: 300 and, by 2040, 200."""
            if pattern("en.known_at").search(self.text[: at + 4] + ":"):
                return at > figure.end
            joined = figure.end <= at < ahead and " and" in self.text[figure.end : at]
            return bool(joined and pattern("en.to_next").fullmatch(self.text[at + 4 : ahead]))

        years = [(at, y) for at, y in self.years if not of_next(at)]
        behind = [y for at, y in years if figure.end <= at <= ahead + 4]
        closed = self.text.rfind(")", 0, figure.at)  # a year in brackets is for what they stand behind
        closed = closed if self.text[closed + 1 : figure.start].strip(": ") else -1
        before = [
            y for at, y in years if at < figure.at and not self.text.rfind("(", 0, closed + 1) <= at < closed
        ]
        later = [y for at, y in years if at > figure.end]
        known = behind[:1] or before[-1:] or later[:1]
        if known or self.record:
            return known[0] if known else self.passage.past
        return self.last_year

"""Targets and figures of the record in English: prose, and the goals that cells of tables hold in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from planmodel.documents.figures import Western, western_figures
from planmodel.documents.grammar import named, pattern
from planmodel.documents.passages import Frame, Passage
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal
from planmodel.documents.sentences import NEAR, Sentence, sentences
from planmodel.documents.wording import POINTS, Words, clean, said
from planmodel.plans.model import BOUNDS
from planmodel.plans.numerals import amounts


def english(passage: Passage, frame: Frame, subject: str = "", table: str = "") -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record; subject: the indicator, where a table names it."""
    carried = ("", "")
    for sentence, goes_on in sentences(passage, frame, bool(subject)):
        reader = _Reader(sentence, subject, table)
        if goes_on:
            reader.carried, sentence.promise = carried, sentence.promise or bool(carried[1])
        yield from reader.read()
        carried = reader.carried


class _Reader:
    """A sentence while it is read."""

    def __init__(self, sentence: Sentence, subject: str, table: str):
        self.sentence, self.subject, self.table = sentence, subject, table
        self.text, self.bare, self.record = sentence.text, sentence.bare, sentence.record
        self.carried, self.since = ("", ""), 0

    def read(self) -> Iterator[Proposal]:
        """Yield the proposals of the sentence."""
        made: list[Proposal] = []
        last, seen, start, fresh = 0, -1, None, False  # where the goal before ends, and what is known; that
        mode, noun = self.carried
        found = self.sentence.figures()
        for figure, later in zip_longest(found, found[1:]):
            since = self.text[seen : figure.start]
            if (
                seen >= 0
                and ")" not in since
                and self.text.rfind("(", 0, seen) > self.text.rfind(")", 0, seen)
            ):
                continue  # (2024: 19 %; the nation: 16 %)
            listed = seen >= 0 and pattern("en.list").fullmatch(since)
            known = bool(listed) or self.sentence.known(figure)
            if not self.counts(figure, bool(last)) and not (known and figure.digits[0].isdigit()):
                continue
            if known and not figure.moves:
                start, seen, fresh = self.start_of(figure, made), figure.end, True
                continue
            if known:
                start, figure, fresh = figure, figure.moved(), True  # from 12 to 15 %
            new_mode, new_noun = self.told(figure, last, noun)
            again = made and not figure.comparator and new_noun in ("", noun)
            if again and pattern("en.same_again").fullmatch(self.text[last : figure.start]):
                sign = made[-1].comparator  # at least 80 % by 2030 and 82 % by 2035
                figure = replace(figure, comparator=sign if sign in BOUNDS else "")
            start = start if fresh or new_noun in ("", noun) else None
            mode, noun = new_mode or mode, new_noun or noun
            self.carried = mode, noun
            self.since, last, fresh = last, figure.end, False
            if (self.subject or noun) and (self.record or self.subject or mode or self.sentence.promise):
                made.append(
                    self.proposal(figure, later.start if later else len(self.text), mode, noun, start)
                )
        for p, name in zip(made, self.each(made), strict=True):
            alike = (q.unit for q in made if q.indicator == p.indicator and q.kind == p.kind == "level")
            unit = next(
                (of for of in alike if p.unit in ("", "%") and of.startswith(p.unit) and of != p.unit), p.unit
            )
            if p.base_value == 100 and p.base_year and p.unit == "%":
                unit = f"% of {p.base_year}"
            yield replace(p, unit=unit, indicator=name)
        if not self.record:
            yield from self.multiples()

    def told(self, figure: Western, last: int, noun: str) -> tuple[str, str]:
        """Return what is said of a figure, and of what: of the noun before where it is a part of that or grows."""
        if part := self.part_of(figure, noun):
            return "reach" if figure.unit == "%" else "", part
        mode, new = said(Words(self.text, self.bare, figure, last, noun, bool(self.subject)))
        of = pattern("en.that_of").search(self.text, last, figure.start)
        if noun and new and of:  # the rate of infants, and that of children
            new = f"{pattern('en.inner').split(noun)[0]} {of['of']} {new}"
        return mode, "" if noun and pattern("en.just_growth").fullmatch(new) else new

    def each(self, made: Sequence[Proposal]) -> list[str]:
        """Return the name of each figure: those of a list, respectively, where there are as many."""
        names = [p.indicator for p in made]
        if not made or not pattern("en.in_order").search(self.text):
            return names
        items = [part.strip() for part in pattern("en.split").split(names[0])]
        return items if len(items) == len(made) else names

    def part_of(self, figure: Western, noun: str) -> str:
        """Return the name of a part of what was named before: two thirds of which are to come from business."""
        before, after = self.bare[: figure.start], self.text[figure.end :]
        of = pattern("en.of_it").match(after)
        if not noun or not (of or pattern("en.whose").search(before)):
            return ""
        does = pattern("en.does").match(after, of.end() if of else 0)
        share = "share of " if figure.unit == "%" else ""
        return f"{share}{noun}{does['where']} {does['what']}" if does else f"{share}{noun}"

    def counts(self, figure: Western, goes_on: bool) -> bool:
        """Return whether a figure counts or measures something. goes_on: one before it does."""
        before = self.bare[max(0, figure.at - NEAR) : figure.at].rstrip("€£$ ") + " "
        after = self.bare[figure.end :]
        lapse = pattern("en.lapse").search(before) or pattern("en.lapse_behind").match(after)
        lapse = pattern("en.times").match(figure.unit) and lapse
        sized = "%" not in figure.unit and pattern("en.sized").search(before)
        if pattern("en.aside").search(before) or lapse or sized:
            return False
        if figure.part:
            ahead = any(pattern(f"en.{key}").search(before) for key in ("in_parts", "reaching", "whose"))
            behind = pattern("en.of_all").match(after) or pattern("en.one_in").search(figure.digits)
            again = goes_on and pattern("en.again").match(after)
            return bool(ahead or behind or again or figure.comparator)
        if figure.unit or self.subject or (figure.value == 0 and not figure.digits.isdigit()):
            return True
        if (
            figure.comparator
            and self.sentence.promise
            or pattern("en.alone").match(self.bare[: figure.start])
        ):
            return True
        if pattern("en.thing").match(after):
            made = pattern("en.makes").search(before) or (
                self.sentence.promise and pattern("en.made").match(after)
            )
            if made or (goes_on and pattern("en.and_more").search(before)):
                return True
            if self.sentence.promise and ("," in figure.digits or figure.value >= 100):
                return True
        measured = "." in figure.digits or figure.value >= 13 or not re.search(r"\d", figure.digits)
        reached = pattern("en.reaching").search(before) or (goes_on and pattern("en.and_more").search(before))
        alone = reached and not re.match(r"\s*[)\]]", after)
        return bool(alone or pattern("en.labels_it").search(before)) and measured

    def start_of(self, figure: Western, made: list[Proposal]) -> Western | None:
        """Return the figure that a rise or a fall starts from; goals before it that wait for one take it instead."""
        year = self.sentence.year_beside(figure)
        self.sentence.base_year = year or self.sentence.base_year
        goal = next(
            (y for _, y in self.sentence.years), self.sentence.passage.year or self.sentence.frame.last
        )
        if made and year and made[-1].year == year:
            made[-1] = replace(made[-1], year=goal)
        if not made or pattern("en.then_to").match(self.text[figure.end :]):
            return figure
        for n, p in enumerate(made):
            if p.indicator == made[-1].indicator and p.base_value is None:
                made[n] = replace(
                    p, base_value=figure.value, base_printed=figure.digits, base_unit=p.unit, base_year=year or p.base_year
                )  # fmt: skip
        return None

    def proposal(self, figure: Western, ahead: int, mode: str, noun: str, start: Western | None) -> Proposal:
        """Return the proposal of a figure; ahead: where the next one begins."""
        unit = figure.unit
        if not unit and (own := pattern("en.own_unit").match(self.text, figure.end)):
            unit = own[1]
        if unit == "%" and (of := pattern("en.of_average").match(self.text, figure.end)):
            unit = f"% {of[0].strip()}"
        counts = not (figure.counted or figure.money) and figure.value and noun
        if counts and self.text[figure.end :].lstrip().startswith(noun):
            things = (word for word in reversed(noun.split()) if not pattern("en.done").fullmatch(word))
            unit = f"{unit} {next(things, '')}".strip()
        elif counts and figure.unit and (many := pattern("en.plural").match(self.text, figure.end)):
            unit = f"{unit} {many[1]}"  # million passengers
        kind, direction = self.kind(mode, unit, figure)
        if kind in ("annual_growth", "annual_flow", "change_pp_per_year"):
            unit = pattern("en.yearly_end").sub("", unit)
        words = pattern("en.lead").search(self.bare[: figure.at])
        year = pattern("en.year").search(self.text, figure.end, ahead)
        end = year.end() if year and year.start() - figure.end < 30 else figure.end
        base_value, base_unit = (start.value, unit) if start else (None, "")
        indexed = any(
            figure.end <= m.start() < ahead for m in pattern("en.based").finditer(self.sentence.hidden)
        )
        of_level = kind == "level" and unit == "%" and mode.endswith("_to")
        if indexed and not start and of_level and self.sentence.base_year:
            base_value, base_unit = 100.0, f"% of {self.sentence.base_year}"
        sign = figure.comparator
        if sign in ("gt", "lt") and pattern("en.negated").search(self.bare[: figure.at]):
            sign = "le" if sign == "gt" else "ge"  # not more than
        planned = figure.money and pattern("en.planned").search(self.bare[: figure.start])
        sort = "record" if self.record else "input" if planned else "output" if mode == "make" else "outcome"
        lead = pattern("en.lead_over").match(self.text, figure.end) if unit.startswith(POINTS) else None
        lead = None if lead and pattern("en.year").search(lead[0]) else lead
        span = self.sentence.passage.place(
            self.sentence.start + (words.start() if words else figure.start), self.sentence.start + end
        )
        place = self.sentence.passage.place(self.sentence.start + figure.at, self.sentence.start + figure.end)
        made = Proposal(
            OBSERVATION if self.record else TARGET, "", *span, place[0], figure.printed, self.subject or noun, kind,
            sort, section=self.sentence.passage.section,
            value=figure.value, upper=figure.upper, year=self.sentence.year_of(figure, ahead),
            comparator="range" if figure.upper else sign or "eq", unit=unit, direction=direction,
            base_year=self.sentence.base_year if kind != "annual_growth" else None, base_value=base_value,
            base_printed=start.digits if start else "", base_unit=base_unit, table=self.table,
            basis=f"english_{mode or 'stated'}",
        )  # fmt: skip
        return made.over(lead["other"], "lt" if lead["under"] else "gt") if lead else made

    def kind(self, mode: str, unit: str, figure: Western) -> tuple[str, str]:
        """Return the kind of a figure, and down where it is the size of a fall."""
        mode = mode if figure.value else "reach"
        behind = pattern("en.clause_end").split(self.bare[figure.end :])[0][:NEAR]
        ahead = self.bare[max(self.since, figure.start - 60) : figure.start].rpartition(",")[2]
        near = ahead + self.bare[figure.start : figure.end] + behind
        down = "down" if mode == "fall_by" else ""
        yearly = bool(
            pattern("en.yearly").search(f"{near if mode == 'make' else behind} {unit}")
            or pattern("en.annual").search(ahead)
        )
        if unit.startswith(POINTS) and mode.endswith("by"):
            return ("change_pp_per_year" if yearly else "change_pp"), down
        if unit.startswith("%"):
            growth = pattern("en.growing").search(near)
            to_level = pattern("en.just_to").search(ahead) and pattern("en.rate_of").search(ahead)
            moves = mode[:4] in ("rise", "fall") and yearly and not to_level
            if moves or (growth and not figure.part and (yearly or not mode.endswith("_to"))):
                return "annual_growth", down
            if mode.endswith("by"):
                return "cumulative_change_pct", down
        always = pattern("en.always").search(f"{figure.printed} {behind}")
        if figure.comparator in BOUNDS and always and not mode.endswith("by"):
            return "keep", down
        if mode == "make" and not (unit.startswith("%") or " per " in unit):
            mean = yearly and pattern("en.mean_flow").search(near)
            return ("mean_annual_flow" if mean else "annual_flow" if yearly else "cumulative_sum"), ""
        return ("change_units" if mode.endswith("by") else "level"), down

    def multiples(self) -> Iterator[Proposal]:
        """Yield what is to double, triple or halve."""
        for found in pattern("en.multiplied").finditer(self.sentence.hidden):
            if not (self.subject or self.sentence.years or self.sentence.promise):
                continue
            after = pattern("en.thing_ends").split(self.text[found.end() :])[0]
            told = max((f.end for f in western_figures(self.bare) if f.end < found.start()), default=0)
            told = told if clean(self.text[told : found.start()]) else 0
            before = self.text[told : found.start()]
            ahead = pattern("en.verbs.fall").sub("", before)
            ends = {name: m.end() for name, words in named("en.before") for m in words.finditer(before)}
            sign = next((name for name, end in ends.items() if not before[end:].strip()), "eq")
            of_it = (
                "" if " " in found[0] else clean(after)
            )  # double the exports, but four times today's level
            indicator = self.subject or of_it or clean(ahead)
            if not indicator:
                continue
            behind = [at + 4 for at, _ in self.sentence.years if at > found.end()]
            first = pattern("en.to_be").search(self.text, 0, found.start())
            start, end = (first or found).start(), (behind[-1] if behind else found.end())
            span = self.sentence.passage.place(self.sentence.start + start, self.sentence.start + end)
            last = (
                self.sentence.years[-1][1]
                if self.sentence.years
                else self.sentence.passage.year or self.sentence.frame.last
            )
            yield Proposal(
                TARGET, "", *span, self.sentence.passage.place(self.sentence.start + found.start(), self.sentence.start + found.end())[0], found[0],
                indicator, "multiple", "outcome", section=self.sentence.passage.section, value=amounts(found[0])[0].value,
                year=self.sentence.goal_year or last, comparator=sign, unit="times", base_year=self.sentence.base_year, table=self.table,
                basis="in_words",
            )  # fmt: skip

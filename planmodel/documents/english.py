"""Targets and figures of the record in English: prose, and the goals that cells of tables hold in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from planmodel.documents.figures import Western, western_figures
from planmodel.documents.grammar import named, pattern
from planmodel.documents.kinds import LARGEST_RATE
from planmodel.documents.passages import Frame, Passage
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal
from planmodel.documents.sentences import NEAR, Sentence, pieces
from planmodel.documents.wording import POINTS, Words, clean, said
from planmodel.plans.model import BOUNDS
from planmodel.plans.numerals import amounts


def english(passage: Passage, frame: Frame, subject: str = "", table: str = "") -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record; subject: the indicator, where a table names it."""
    carried = ("", "")
    for start, end in pieces(passage.text):
        sentence = _Reader(passage, frame, start, end, subject, table)
        if sentence.goes_on:
            sentence.carried, sentence.promise = carried, sentence.promise or bool(carried[1])
        yield from sentence.read()
        carried = sentence.carried


class _Reader(Sentence):
    """A sentence while it is read. subject, table: of the cell that it stands in."""

    def __init__(self, passage: Passage, frame: Frame, start: int, end: int, subject: str, table: str):
        super().__init__(passage, frame, start, end, bool(subject))
        self.subject, self.table = subject, table
        self.carried, self.since = ("", ""), 0

    def read(self) -> Iterator[Proposal]:
        """Yield the proposals of the sentence."""
        made: list[Proposal] = []
        mode, noun = self.carried
        start, last = None, 0
        for figure, ahead, known in self.goals(made):
            new_mode, new_noun = self.told(figure, last, noun)
            goes_on = new_noun in ("", noun)
            if made and goes_on and pattern("en.same_again").fullmatch(self.text[last : figure.start]):
                sign = figure.comparator or made[-1].comparator  # at least 80 % by 2030 and 82 % by 2035
                figure = replace(figure, comparator=sign if sign in BOUNDS else figure.comparator)
            start = known or (start if goes_on else None)
            mode, noun = new_mode or mode, new_noun or noun
            self.carried, self.since, last = (mode, noun), last, figure.end
            if (self.subject or noun) and (self.record or self.subject or mode or self.promise):
                made.append(self.proposal(figure, ahead, mode, noun, start))
        for p, name in zip(made, self.each(made), strict=True):
            units = [q.unit for q in made if q.indicator == p.indicator and q.kind == p.kind == "level"]
            longer = (of for of in units if of.startswith(p.unit) and of != p.unit)
            unit = next(longer, p.unit) if p.unit in ("", "%") else p.unit
            indexed = p.base_unit == f"% of {p.base_year}"
            yield replace(p, indicator=name, unit=p.base_unit if indexed else unit)
        if not self.record:
            yield from self.multiples()

    def goals(self, made: list[Proposal]) -> Iterator[tuple[Western, int, Western | None]]:
        """Yield the figures that are no known ones, where each one's words end, and the figure known before it.

        made: the proposals of those before; what is known behind them becomes their base.
        """
        figures, start = self.figures(), None
        seen = last = 0  # where what is known ends, and what is not
        for figure, later in zip_longest(figures, figures[1:]):
            since = self.text[seen : figure.start]
            if seen and ")" not in since and self.text.rfind("(", 0, seen) > self.text.rfind(")", 0, seen):
                continue  # (2024: 19 %; the nation: 16 %)
            known = bool(seen and pattern("en.list").fullmatch(since)) or self.known(figure)
            if not self.counts(figure, bool(last)) and not (known and figure.digits[0].isdigit()):
                continue
            if known and not figure.moves:
                start, seen = self.start_of(figure, made), figure.end
                continue
            if known:
                start, figure = figure, figure.moved()  # from 12 to 15 %
            yield figure, later.start if later else len(self.text), start
            start, last = None, figure.end

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
        sized = figure.comparator and "%" not in figure.unit and pattern("en.sized").search(before)
        if pattern("en.aside").search(before) or lapse or sized:
            return False
        if figure.part:
            ahead = any(pattern(f"en.{key}").search(before) for key in ("in_parts", "reaching", "whose"))
            behind = pattern("en.of_all").match(after) or pattern("en.one_in").search(figure.digits)
            again = goes_on and pattern("en.again").match(after)
            return bool(ahead or behind or again or figure.comparator)
        if figure.unit or self.subject or (figure.value == 0 and not figure.digits.isdigit()):
            return True
        if figure.comparator and self.promise or pattern("en.alone").match(self.bare[: figure.start]):
            return True
        if pattern("en.thing").match(after):
            made = pattern("en.makes").search(before) or (self.promise and pattern("en.made").match(after))
            if made or (goes_on and pattern("en.and_more").search(before)):
                return True
            if self.promise and ("," in figure.digits or figure.value >= 100):
                return True
        measured = "." in figure.digits or figure.value >= 13 or not re.search(r"\d", figure.digits)
        reached = pattern("en.reaching").search(before) or (goes_on and pattern("en.and_more").search(before))
        alone = reached and not re.match(r"\s*[)\]]", after)
        return bool(alone or pattern("en.labels_it").search(before)) and measured

    def start_of(self, figure: Western, made: list[Proposal]) -> Western | None:
        """Return the figure that a rise or a fall starts from; goals before it that wait for one take it instead."""
        year = self.year_beside(figure)
        self.base_year = year or self.base_year
        goal = next((y for _, y in self.years), self.last_year)
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
        indexed = any(figure.end <= m.start() < ahead for m in pattern("en.based").finditer(self.hidden))
        of_level = kind == "level" and unit == "%" and mode.endswith("_to")
        if indexed and not start and of_level and self.base_year:
            base_value, base_unit = 100.0, f"% of {self.base_year}"
        sign = figure.comparator
        if sign in ("gt", "lt") and pattern("en.negated").search(self.bare[: figure.at]):
            sign = "le" if sign == "gt" else "ge"  # not more than
        planned = figure.money and pattern("en.planned").search(self.bare[: figure.start])
        sort = "record" if self.record else "input" if planned else "output" if mode == "make" else "outcome"
        lead = pattern("en.lead_over").match(self.text, figure.end) if unit.startswith(POINTS) else None
        lead = None if lead and pattern("en.year").search(lead[0]) else lead
        span = self.place(words.start() if words else figure.start, end)
        made = Proposal(
            OBSERVATION if self.record else TARGET, "", *span, self.place(figure.at, figure.end)[0], figure.printed, self.subject or noun, kind,
            sort, section=self.passage.section,
            value=figure.value, upper=figure.upper, year=self.year_of(figure, ahead),
            comparator="range" if figure.upper else sign or "eq", unit=unit, direction=direction,
            base_year=self.base_year if kind != "annual_growth" else None, base_value=base_value,
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
            sizeable = figure.part or figure.value > LARGEST_RATE or self.base_year  # over all years
            if moves or (growth and (yearly or not (sizeable or mode.endswith("_to")))):
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
        for match in pattern("en.multiplied").finditer(self.hidden):
            if not (self.subject or self.years or self.promise):
                continue
            after = pattern("en.thing_ends").split(self.text[match.end() :])[0]
            told = max((f.end for f in western_figures(self.bare) if f.end < match.start()), default=0)
            before = self.text[told : match.start()]
            before = before if clean(before) else self.text[: match.start()]
            ends = {name: m.end() for name, words in named("en.before") for m in words.finditer(before)}
            sign = next((name for name, end in ends.items() if not before[end:].strip()), "eq")
            of_it = "" if " " in match[0] else clean(after)  # double exports, but four times those of today
            indicator = self.subject or of_it or clean(pattern("en.verbs.fall").sub("", before))
            if not indicator:
                continue
            behind = [at + 4 for at, _ in self.years if at > match.end()]
            first = pattern("en.to_be").search(self.text, 0, match.start()) or match
            last = self.years[-1][1] if self.years else self.last_year
            yield Proposal(
                TARGET, "", *self.place(first.start(), (behind or [match.end()])[-1]), self.place(*match.span())[0], match[0],
                indicator, "multiple", "outcome", section=self.passage.section, value=amounts(match[0])[0].value,
                year=self.goal_year or last, comparator=sign, unit="times", base_year=self.base_year, table=self.table,
                basis="in_words",
            )  # fmt: skip

"""Targets and figures of the record in English: prose, and the goals that cells of tables hold in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from planmodel.documents.figures import Western, western_figures
from planmodel.documents.grammar import hide, named, pattern
from planmodel.documents.passages import LONGEST_SENTENCE, Frame, Passage
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal
from planmodel.documents.wording import POINTS, Words, clean, said
from planmodel.plans.model import BOUNDS
from planmodel.plans.numerals import amounts

NEAR = 80


def english(passage: Passage, frame: Frame, subject: str = "", table: str = "") -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record; subject: the indicator, where a table names it."""
    at, carried = 0, ("", "")
    for end in [*(m.end() for m in pattern("en.sentence").finditer(passage.text)), len(passage.text)]:
        if 0 < end - at <= LONGEST_SENTENCE:
            sentence = _Sentence(passage, frame, at, end, subject, table)
            verbless = not any(words.search(sentence.bare) for _, words in named("en.verbs"))
            goes_on = passage.text[at - 1 : at] == ";" and (
                verbless or pattern("en.pronoun").search(sentence.bare)
            )
            if goes_on or pattern("en.goes_on").match(sentence.bare):
                sentence.carried, sentence.promise = carried, sentence.promise or bool(carried[1])
            yield from sentence.read()
            carried = sentence.carried
        at = end


class _Sentence:
    """A sentence while it is read."""

    def __init__(self, passage: Passage, frame: Frame, start: int, end: int, subject: str, table: str):
        self.passage, self.frame, self.start, self.subject, self.table = passage, frame, start, subject, table
        self.carried, self.since = ("", ""), 0
        self.text = passage.text[start:end]
        self.hidden = hide(self.text, pattern("en.codes"))
        self.bare = hide(self.hidden, pattern("en.year"))
        based = list(pattern("en.based").finditer(self.hidden))
        based = [m for m in based if m["than"] or int(m["year"]) < (frame.first or 9999)]
        span = pattern("en.between").search(self.hidden)
        self.goal_year = int(span[2]) if span else None
        self.base_year = int(span[1]) if span else int(based[0]["year"]) if based else None
        taken = span.start(1) if span else based[0].start("year") if based else -1
        begins = {m.end() for m in pattern("en.starting").finditer(self.hidden)}  # from 2027
        self.years = [
            (m.start(1), int(m[1]) if len(m[1]) == 4 else 2000 + int(m[1]))
            for m in pattern("en.year").finditer(self.hidden)
            if m.start(1) != taken and (span or m.end(1) not in begins)
        ]
        self.record = not subject and self.is_record()
        told = pattern("en.promise").search(self.hidden) or pattern("en.imperative").match(self.hidden)
        item = passage.state == "tasks" and not passage.text.rstrip().endswith(".")  # of a list
        self.promise = bool(told) or item or passage.state == "goals"

    def is_record(self) -> bool:
        """Return whether the sentence tells of the past."""
        plain = re.split("[,;(]", self.hidden)[0]
        if pattern("en.imperative").match(plain) and not pattern("en.past").search(plain):
            return False
        future = any(self.frame.first and y >= self.frame.first for _, y in self.years)
        future = future and bool(pattern("en.promise").search(self.hidden))
        told = pattern("en.modal").search(self.hidden) or (future and pattern("en.aims").search(self.hidden))
        if pattern("en.past").search(self.hidden) and not told:
            return True
        return self.passage.state == "record" and not future

    def read(self) -> Iterator[Proposal]:
        """Yield the proposals of the sentence."""
        found: list[Western] = []
        for figure in reversed(list(western_figures(self.bare))):
            later = found[0] if found else None  # a unit may stand behind the last of a list
            listed = later and pattern("en.list").fullmatch(self.text[figure.end : later.start])
            if later and listed and not figure.unit:
                figure = replace(figure, unit=later.unit, counted=later.counted)
            found.insert(0, figure)
        made: list[Proposal] = []
        last, start = 0, None
        mode, noun = self.carried
        for n, figure in enumerate(found):
            later = found[n + 1] if n + 1 < len(found) else None
            begins = pattern("en.from").search(self.bare[max(0, figure.start - NEAR) : figure.start])
            if not self.counts(figure, bool(last)) and not (begins and figure.digits[0].isdigit()):
                continue
            if begins:
                if not figure.moves:
                    start = self.start_of(figure, made)
                    continue
                start, figure = figure, figure.moved()  # from 12 to 15 %
            words = Words(self.text, self.bare, figure, last, noun, bool(self.subject))
            new_mode, new_noun = said(words)
            of = pattern("en.that_of").search(self.text, last, figure.start)
            if noun and new_noun and of:  # the rate of infants, and that of children
                new_noun = f"{pattern('en.inner').split(noun)[0]} {of['of']} {new_noun}"
            if noun and pattern("en.just_growth").fullmatch(new_noun):
                new_noun = ""
            if made and pattern("en.known_at").search(self.text[: figure.start]):
                new_mode = new_noun = ""
            if figure.unit == "%" and (share := self.part_of(figure, noun)):
                new_mode, new_noun = "reach", share
            again = made and not figure.comparator and new_noun in ("", noun)
            if again and pattern("en.same_again").fullmatch(self.text[last : figure.start]):
                sign = made[-1].comparator  # at least 80 % by 2030 and 82 % by 2035
                figure = replace(figure, comparator=sign if sign in BOUNDS else "")
            mode, noun = new_mode or mode, new_noun or noun
            self.carried = mode, noun
            self.since, last = last, figure.end
            if (self.subject or noun) and (self.record or self.subject or mode or self.promise):
                ahead = later.start if later else len(self.text)
                made.append(self.proposal(figure, ahead, mode, noun, start))
                self.join_base(made)
            start = None
        for p, name in zip(made, self.each(made), strict=True):
            same = next(
                (q.unit for q in made if q.unit and q.indicator == p.indicator and q.kind == p.kind), ""
            )
            unit = same if not p.unit and p.kind == "level" else p.unit
            if p.base_value == 100 and p.base_year and p.unit == "%":
                unit = f"% of {p.base_year}"
            yield replace(p, unit=unit, indicator=name)
        if not self.record:
            yield from self.multiples()

    def each(self, made: Sequence[Proposal]) -> list[str]:
        """Return the name of each figure: those of a list, respectively, where there are as many."""
        names = [p.indicator for p in made]
        if not made or not pattern("en.in_order").search(self.text):
            return names
        items = [part.strip() for part in pattern("en.split").split(names[0])]
        return items if len(items) == len(made) == names.count(names[0]) else names

    def part_of(self, figure: Western, noun: str) -> str:
        """Return the name of a part of what was named before: two thirds of which are to come from business."""
        before, after = self.bare[: figure.start], self.text[figure.end :]
        of = pattern("en.of_it").match(after)
        if not noun or not (of or pattern("en.whose").search(before)):
            return ""
        does = pattern("en.does").match(after, of.end() if of else 0)
        return f"share of {noun}{does['where']} {does['what']}" if does else f"share of {noun}"

    def counts(self, figure: Western, goes_on: bool) -> bool:
        """Return whether a figure counts or measures something. goes_on: one before it does."""
        before = self.bare[max(0, figure.at - NEAR) : figure.at].rstrip("€£$ ") + " "
        after = self.bare[figure.end :]
        lapse = pattern("en.times").match(figure.unit) and pattern("en.lapse").search(before)
        if pattern("en.aside").search(before) or lapse:
            return False
        if figure.part:
            ahead = any(pattern(f"en.{key}").search(before) for key in ("in_parts", "reaching", "whose"))
            behind = pattern("en.of_all").match(after) or pattern("en.one_in").search(figure.digits)
            again = goes_on and pattern("en.again").match(after)
            return bool(ahead or behind or again or figure.comparator)
        if figure.unit or self.subject:
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
        return bool(pattern("en.reaching").search(before)) and measured and not re.match(r"\s*[)\]]", after)

    def start_of(self, figure: Western, made: list[Proposal]) -> Western | None:
        """Return the figure that a rise or a fall starts from; where only a goal before it is there, that is completed."""
        year = next((y for at, y in self.years if 0 <= at - figure.end < 12), None)
        if year:
            self.base_year = year
            self.years = [(at, y) for at, y in self.years if y != year]
        goal = next((y for _, y in self.years), self.passage.year or self.frame.last)
        if made and year and made[-1].year == year:
            made[-1] = replace(made[-1], year=goal)
        if not made or pattern("en.then_to").match(self.text[figure.end :]):
            return figure
        made[-1] = _with_base(made[-1], figure.value, figure.digits, year)
        return None

    def join_base(self, made: list[Proposal]) -> None:
        """Make a figure of a year before the document's the base of the promise before it: 80 % by 2030 (2024: 52 %)."""
        if len(made) < 2 or self.record:
            return
        goal, known = made[-2:]
        alike = known.indicator == goal.indicator and known.unit == goal.unit.partition(" of the ")[0]
        if not alike or goal.base_value is not None or known.value is None or known.year is None:
            return
        if known.year < (self.frame.first or goal.year or 0):
            made[-2:] = [_with_base(goal, known.value, known.printed, known.year)]

    def proposal(self, figure: Western, ahead: int, mode: str, noun: str, start: Western | None) -> Proposal:
        """Return the proposal of a figure; ahead: where the next one begins."""
        unit = figure.unit
        if not unit and (own := pattern("en.own_unit").match(self.text, figure.end)):
            unit = own[1]
        if unit == "%" and (of := pattern("en.of_average").match(self.text, figure.end)):
            unit = f"% {of[0].strip()}"
        if (
            not figure.counted
            and not figure.money
            and noun
            and self.text[figure.end :].lstrip().startswith(noun)
        ):
            unit = f"{unit} {next((word for word in reversed(noun.split()) if not word.endswith('ed')), '')}".strip()
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
        span = self.passage.place(self.start + (words.start() if words else figure.start), self.start + end)
        place = self.passage.place(self.start + figure.at, self.start + figure.end)
        made = Proposal(
            OBSERVATION if self.record else TARGET, "", *span, place[0], figure.printed, self.subject or noun, kind,
            sort, section=self.passage.section,
            value=figure.value, upper=figure.upper, year=self.year(figure, ahead),
            comparator="range" if figure.upper else sign or "eq", unit=unit, direction=direction,
            base_year=self.base_year if kind != "annual_growth" else None, base_value=base_value,
            base_printed=start.digits if start else "", base_unit=base_unit, table=self.table,
            basis=f"english_{mode or 'stated'}",
        )  # fmt: skip
        return made.over(lead["other"], "lt" if lead["under"] else "gt") if lead else made

    def kind(self, mode: str, unit: str, figure: Western) -> tuple[str, str]:
        """Return the kind of a figure, and down where it is the size of a fall."""
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
            if moves or (growth and (yearly or not mode.endswith("_to"))):
                return "annual_growth", down
            if mode.endswith("by"):
                return "cumulative_change_pct", down
            always = figure.comparator in BOUNDS and pattern("en.always").search(behind)
            return ("keep" if always else "level"), down
        if mode == "make":
            mean = yearly and pattern("en.mean_flow").search(near)
            return ("mean_annual_flow" if mean else "annual_flow" if yearly else "cumulative_sum"), ""
        return ("change_units" if mode.endswith("by") else "level"), down

    def year(self, figure: Western, ahead: int) -> int | None:
        """Return the year of a figure: the next one before the next figure, else the last one before it."""
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
        before = [y for at, y in years if at < figure.at]
        later = [y for at, y in years if at > figure.end]
        known = behind[:1] or before[-1:] or later[:1]
        if known or self.record:
            return known[0] if known else self.passage.past
        return self.passage.year or self.frame.last

    def multiples(self) -> Iterator[Proposal]:
        """Yield what is to double, triple or halve."""
        for found in pattern("en.multiplied").finditer(self.hidden):
            if not (self.subject or self.years or self.promise):
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
            behind = [at + 4 for at, _ in self.years if at > found.end()]
            first = pattern("en.to_be").search(self.text, 0, found.start())
            start, end = (first or found).start(), (behind[-1] if behind else found.end())
            span = self.passage.place(self.start + start, self.start + end)
            last = self.years[-1][1] if self.years else self.passage.year or self.frame.last
            yield Proposal(
                TARGET, "", *span, self.passage.place(self.start + found.start(), self.start + found.end())[0], found[0],
                indicator, "multiple", "outcome", section=self.passage.section, value=amounts(found[0])[0].value,
                year=self.goal_year or last, comparator=sign, unit="times", base_year=self.base_year, table=self.table,
                basis="in_words",
            )  # fmt: skip


def _with_base(goal: Proposal, value: float, printed: str, year: int | None) -> Proposal:
    return replace(goal, base_value=value, base_printed=printed, base_unit=goal.unit, base_year=year)

"""Targets and figures of the record in Chinese prose: a sentence by its clauses, a clause by its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planmodel.documents.clauses import BRACKETS, CLAUSE, NAMES, SENTENCE, Part, Sentence, hidden, pieces
from planmodel.documents.figures import figures, number_of
from planmodel.documents.grammar import PERCENT, entry, first_of, hide, pattern
from planmodel.documents.kinds import CHANGES, based_in, comparator_of, grows, is_promised, kind_of, sort_of
from planmodel.documents.naming import bare, counted, split_subjects, theme, whose_own
from planmodel.documents.passages import LONGEST_SENTENCE, Frame, Passage, plan_years, year_of
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal
from planmodel.plans.numerals import amounts

BEHIND = ("ge", "about", "le", "gt")
"""Comparators that may stand behind the last figure of a list for all of it."""


@dataclass
class _Said:
    """What the clauses before have said: for those that leave it out."""

    subjects: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    verb: str = ""
    unit: str = ""
    text: str = ""
    kind: str = ""
    clause: int = -1
    doing: str = ""
    whole: str = ""

    @property
    def subject(self) -> str:
        """The last of the subjects."""
        return self.subjects[-1] if self.subjects else ""


def prose(passage: Passage, frame: Frame) -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record."""
    masked, named, said = hidden(passage.text), list[str](), _Said()
    behind: dict[int, _Said] = {}
    for start, end in pieces(masked, SENTENCE):
        if end - start <= LONGEST_SENTENCE:
            reader = _Reader(passage, frame, masked, start, end, named, behind)
            if start and masked[start - 1] == ";":
                reader.said = replace(said, verb="")
            yield from reader.read()
            said = reader.said
    for bracket in BRACKETS.finditer(passage.text) if len(passage.text) < 10 * LONGEST_SENTENCE else ():
        start, end = bracket.start() + 1, bracket.end() - 1
        inside = passage.text[start:end]
        if first_of("zh.promise", inside) or pattern("zh.aside").search(inside):
            reader = _Reader(passage, frame, " " * start + hidden(inside), start, end, named, behind)
            reader.said = behind.get(start - 1, _Said())
            yield from reader.read()


class _Reader:
    """A sentence while it is read."""

    def __init__(
        self, passage: Passage, frame: Frame, masked: str, start: int, end: int, named: list[str], behind: dict[int, _Said]
    ):  # fmt: skip
        """named: the subjects that the passage has named so far; behind: what brackets add to, by where they begin."""
        self.passage, self.frame = passage, frame
        self.sentence = Sentence(passage.text, masked, start, end)
        self.said = _Said()
        self.theme, self.named, self.behind = "", named, behind

    def read(self) -> Iterator[Proposal]:
        for start, end in pieces(self.sentence.masked, CLAUSE, self.sentence.start, self.sentence.end):
            yield from self.clause(start, end)

    def clause(self, start: int, end: int) -> Iterator[Proposal]:
        """Yield the proposals of a clause."""
        yield from self.without_figure(start, end)
        parts, verb = self.sentence.figured(start, end), self.sentence.verb(start, end)
        if not parts:
            text = bare(self.sentence.text[start:end])
            self.theme = theme(text, self.theme)
            if beside := pattern("zh.beside_other").search(text):  # faster than another
                text = bare(text[: beside.start()])
            grown = list(pattern("zh.growth").finditer(text))
            text = text[grown[-1].end() :] if grown and len(text) - grown[-1].end() > 2 else text
            if text:
                self.said = _Said((), self.said.subjects, verb, "", text)
            return
        groups: list[list[Part]] = []
        for part in parts:
            listed = not part.before_noun and pattern("zh.listed").fullmatch(part.left)
            if groups and listed and not groups[-1][-1].before_noun:
                groups[-1].append(part)
            else:
                groups.append([part])
        carried = "" if verb else self.said.verb
        made: list[Proposal] = []
        for group in groups:
            carried = self.sentence.verb(group[0].at, group[0].figure.start) or carried
            made += self.group(group, carried)
        yield from _spread(made)

    def group(self, group: Sequence[Part], verb: str) -> Iterator[Proposal]:
        """Yield the proposals of figures that share what stands before them."""
        first, said = group[0], self.said
        if first.before_noun:
            yield from self.proposal(first, counted(first), verb)
            return
        subjects = self.subjects(first, len(group))
        if first.noun and len(group) == 1:
            subjects = [subject + pattern("zh.works_end").sub("", counted(first)) for subject in subjects]
        elif first.travels:
            subjects = [subject + entry("zh.written.time") for subject in subjects]
        unit = first.figure.unit
        newly = pattern("zh.newly").match(subjects[0]) if subjects else None
        doing = newly[0] if newly else ""
        goes_on = unit == said.unit or first.clause == said.clause
        goes_on = goes_on and not pattern("zh.promise.sum").match(subjects[0])
        if not doing and said.doing and goes_on and not first_of("zh.promise", first.written):
            doing = said.doing
            subjects = [doing + subject for subject in subjects]
        listed = [replace(part, at=first.at, left=first.left, written=first.written) for part in group]
        if len(group) == 1:
            listed *= len(subjects)
        kind = self.kind(listed[-1], subjects[-1], verb)[0] if subjects else ""
        made: list[Proposal] = []
        for i, part in enumerate(listed):
            made += self.proposal(part, subjects[i if len(subjects) == len(listed) else 0], verb)
        if len({p.kind for p in made}) == 1 and made[-1].comparator in BEHIND:
            made = [replace(p, comparator=made[-1].comparator) if p.comparator == "eq" else p for p in made]
        years = pattern("zh.years_each").search(first.told)
        dated = re.findall(r"\d{4}", years[1]) if years else []
        if len(dated) == len(made):
            flow = "cumulative_sum" if kind == "level" and verb else kind
            made = [replace(p, year=int(year), kind=flow) for p, year in zip(made, dated, strict=True)]
        yield from made
        own = tuple(filter(None, subjects))
        self.named[:0] = own
        if own:
            each = pattern("zh.respectively").search(first.written)
            earlier = () if each or own == said.subjects else (said.earlier + said.subjects)[-3:]
            last = group[-1].figure
            self.said = _Said(own, earlier, verb, last.unit, "", kind, first.clause, doing, said.whole)
            self.behind[last.end] = replace(self.said, clause=-1)

    def kind(self, part: Part, subject: str, verb: str) -> tuple[str, str]:
        said, frame = self.said, self.frame
        goes_on = part.figure.unit == said.unit or part.clause == said.clause
        carried = said.kind == "cumulative_sum" and goes_on
        return kind_of(part, subject, verb, carried, frame.first, frame.last)

    def subjects(self, first: Part, n: int) -> list[str]:
        """Return what figures are of: the subjects before the first of them, as many as figures, or one for all."""
        said, left, before = self.said, first.written, self.said.subject
        if of := pattern("zh.bound_of").search(left):
            return [entry("zh.written.share_of").format(bare(left[: of.start()]), of["whole"])]
        if of := pattern("zh.of_average").search(left):
            return [entry("zh.written.ratio_to").format(bare(left[: of.start()]) or before, of["whole"])]
        if lead := pattern("zh.lead_over").search(left.rstrip()):
            return [bare(left[: lead.start()]) or before]
        if beside := pattern("zh.beside_it").match(left):
            return [before + beside[1]]
        less = pattern("zh.grown_first").match(left)
        subject = bare(pattern("zh.from_figure").sub("", left[less.end("word") :] if less else left))
        if pattern("zh.investment").fullmatch(subject) and (topic := self.topic()):
            return [topic + entry("zh.written.invested")]
        plainer = pattern("zh.doing_more").sub("", subject)
        subject = plainer if len(plainer) > 2 and not pattern("zh.land").match(plainer) else subject
        doing = len(subject) <= 8 and pattern("zh.done_alone").fullmatch(subject)
        if doing and said.subjects:
            thing = pattern("zh.done_first").sub("", before)
            return [subject + thing if thing != before else pattern("zh.done_last").sub("", before) + subject]
        each = bool(pattern("zh.each").search(left))
        if not subject:
            both = [*said.earlier, *said.subjects][-max(n, 2) :]
            if n == 1 and said.subjects and pattern("zh.both").search(left):
                return both
            if each and n > 1:
                return both if len(both) == n else split_subjects(said.text, n)
            return [before or said.text[-30:]]
        if whole := self.completed(subject):
            return [whole]
        kin = left[:1] == "、" or pattern("zh.of_which").match(left)
        head = pattern("zh.per_head").match(before) if kin else None
        if head and not pattern("zh.per_head").match(subject) and not pattern("zh.measures").search(subject):
            subject = head[0] + subject
        if n == 1:
            subject = self.of_kin(subject, first)
        split, respectively = pattern("zh.split"), pattern("zh.respectively").search(left)
        items = split.split(pattern("zh.underway").sub("", said.text))
        dated = pattern("zh.years_each").search(first.told)
        if n > 1 and respectively and not dated and not split.search(subject) and len(items) >= n:
            return [item + subject for item in items[:n]]
        each = each and bool("、" in subject or pattern("zh.both").search(left))
        return split_subjects(subject, n if n > 1 else 0) if n > 1 or each else [whose_own(subject)]

    def of_kin(self, subject: str, part: Part) -> str:
        """Return the name of a part of what was named before with the measure of that: of which maize 90 %, other roads 9 km."""
        said, left, unit = self.said, part.written, part.figure.unit
        listed, of_which = left[:1] == "、", said.clause < 0 or pattern("zh.of_which").match(left)
        whole = said.whole if listed else said.subject if of_which else ""
        if whole and unit in PERCENT and left.rstrip().endswith(entry("zh.part_of")):
            return entry("zh.written.share_of").format(subject, whole)
        if unit != said.unit or said.kind != "level" or pattern("zh.measures").search(subject[-3:]):
            return subject
        if whole and unit in PERCENT:
            said.whole = whole
            return subject + whole
        measure = pattern("zh.measured").search(whole or said.subject) if whole or listed else None
        return subject + measure[0] if measure and measure.start() else subject

    def completed(self, subject: str) -> str:
        """Return a subject that leaves out whose it is with what was named before; nothing where it is whole itself."""
        said, theme, before = self.said, self.theme, self.said.subject
        if pattern("zh.part_of").match(subject):
            return (before or said.text) + subject
        if pattern("zh.generic").fullmatch(subject):
            whole = next((one for one in self.named if one.endswith(subject) and one != subject), "")
            number = pattern("zh.number_of").fullmatch(subject)
            heading = "" if pattern("zh.of_sector").search(subject) else self.heading()
            return whole or (theme or heading or before * bool(number)) + subject
        level = pattern("zh.of_level")
        if before and level.fullmatch(subject):  # "2 of the nation, 5 of the province"
            return subject + level.sub("", before.removeprefix(said.doing), count=1)
        return ""

    def heading(self) -> str:
        """Return the thing that the paragraph begins with, in a short sentence of its own: an industry."""
        found = pattern("zh.heading_thing").match(self.passage.text)
        thing = pattern("zh.doing").sub("", bare(found[1])) if found else ""
        return "" if pattern("zh.split").search(thing) else thing

    def topic(self) -> str:
        """Return what the paragraph is about, where it begins with its name."""
        found = re.match(r"\s*\d{1,2}[、.]([^。,;:]{2,24})[。:]", self.passage.text)
        return found[1] if found else ""

    def year(self, at: int) -> tuple[int | None, str]:
        """Return the year that a sentence names before a place, and goal or past."""
        start = self.sentence.start
        text = self.sentence.text[start : self.sentence.end]
        known: list[tuple[int, int]] = []
        for found in pattern("zh.year").finditer(text):
            ahead = text[: found.start()]
            since = pattern("zh.since").search(ahead[-3:])
            if not since and "《" not in ahead[-12:]:
                known.append((start + found.start(), year_of(found[1])))
        for found in pattern("zh.roc_year").finditer(text) if self.frame.roc else ():
            known.append((start + found.start(), int(found[1]) + 1911))
        for found in pattern("zh.plan").finditer(text):
            if span := plan_years(found[0]):
                known.append((start + found.start(), span[1]))
        known = sorted(k for k in known if k[0] < at)
        if not known:
            return None, ""
        year = known[-1][1]
        return year, "past" if self.frame.first is not None and year < self.frame.first else "goal"

    def proposal(self, part: Part, subject: str, verb: str) -> Iterator[Proposal]:
        """Yield the proposal of one figure and subject, where it is one."""
        figure = part.figure
        year, when = self.year(figure.start)
        record = self.is_record(part, year, when)
        comparator = comparator_of(part)
        kind, direction = self.kind(part, subject, verb)
        goals = self.passage.state == "goals"
        titled = figure.worded and figure.start < self.passage.title
        value, word = figure.value, figure.start
        if kind == "multiple" and value is not None and (growth := grows(part)):  # up by 1.5 times
            value, word = value + 1, self.sentence.text.rfind(growth["word"], self.sentence.start, word)
        if not record and (titled or not is_promised(part, subject, verb, comparator, goals)):
            return
        lead = pattern("zh.lead_over").search(part.left.rstrip()) if kind == "relative" else None
        aside = (lead and record) or pattern("zh.than_last_year").search(part.left) and not bare(part.left)
        if aside or (record and not subject):
            return
        blanks = len(part.left) - len(part.left.lstrip(" ,、"))
        end = max(part.end if part.before_noun else figure.end, figure.start + 1)
        span = self.passage.place(part.at + blanks, end)
        place = self.passage.place(figure.start, max(figure.number_end, figure.start + 1))
        unit = "" if kind == "ratio" else figure.unit.replace(" ", "")
        base = pattern("zh.base").search(part.told)
        then = base["year"] if base else None
        if kind in CHANGES:
            then = then or based_in(part.written + self.sentence.text[figure.start : figure.number_end])
        if record:
            year = year if when == "past" else self.passage.past
        made = Proposal(
            OBSERVATION if record else TARGET, "", *span, place[0], self.sentence.text[word : figure.end].strip(),
            subject, kind, "record" if record else sort_of(part, subject, verb), section=self.passage.section,
            value=value, upper=figure.upper, year=year if record else year or self.passage.year or self.frame.last,
            comparator=comparator, unit=unit, status="masked" if figure.value is None else "printed", direction=direction,
            base_value=float(base["value"].replace(",", "")) if base else None, base_printed=base["value"] if base else "",
            base_unit=unit if base else "", base_year=int(then) if then else None, basis="before_noun" if part.before_noun else "after_subject",
        )  # fmt: skip
        yield made.over(lead["other"], first_of("zh.beside", lead[0]) or "gt") if lead else made

    def is_record(self, part: Part, year: int | None, when: str) -> bool:
        """Return whether a figure is one of the record: by its year, the words before it, or the section."""
        state = self.passage.state
        here = part.before[part.clause - self.sentence.start :]
        if when == "past" or pattern("zh.past_here").search(here):
            return True
        if when == "goal":
            return state == "record" and year == self.passage.past
        told = pattern("zh.past").search(part.before)
        return state == "record" or bool(told or not (state or pattern("zh.goal").search(part.told)))

    def without_figure(self, start: int, end: int) -> Iterator[Proposal]:
        """Yield promises that print no figure: multiples in words, full coverage, beside another indicator, as assigned."""
        text, masked, said = self.sentence.text[start:end], self.sentence.masked[start:end], self.said
        year, when = self.year(end)
        if self.passage.state == "record" or pattern("zh.past").search(masked) or when == "past":
            return

        def made(subject: str, found: re.Match[str], kind: str, basis: str, **given: Any) -> Proposal:
            first, last = start + found.start(), start + found.end()
            place = self.passage.place(first, last)[0]
            return Proposal(
                TARGET, "", *self.passage.place(start, last), place, self.sentence.text[first:last], subject, kind, "outcome",
                section=self.passage.section, basis=basis, year=year or self.passage.year or self.frame.last, **given,
            )  # fmt: skip

        if found := pattern("zh.multiples").search(masked):
            ahead = text[: found.start()]
            based = based_in(ahead)
            last = max((f.number_end for f in figures(masked[: found.start()])), default=0)
            ahead = ahead[last:]
            own = bare(pattern("zh.base_year").sub("", ahead))
            both, earlier = pattern("zh.both").search(ahead), said.earlier[-1:] * (len(said.subjects) == 1)
            subjects = earlier + said.subjects if both else said.subjects[-1:]
            value, base_year = float(amounts(found[0])[0].value), int(based) if based else None
            sign = first_of("zh.after", masked[found.end() :][:3]) or "eq"
            times = {"value": value, "unit": entry("zh.written.multiple"), "comparator": sign}
            for each in split_subjects(own, 0) if own else subjects:
                yield made(each, found, "multiple", "in_words", base_year=base_year, **times)
        if not self.passage.state:
            return
        if found := pattern("zh.rank").search(hide(text, BRACKETS, NAMES)):
            behind = pattern("zh.ranks").split(text[found.end() :])[0]
            own = bare(text[: found.start()]) or bare(behind) or said.text
            n = 1.0 if found["first"] else number_of((found["ahead"] or found["best"])[:-1])
            comparator = "eq" if found["first"] else "le"
            for each in split_subjects(own, 0) if own and n else ():
                figure = {"value": n, "unit": entry("zh.written.rank"), "comparator": comparator}
                yield made(each, found, "rank", "in_words", **figure)
        if found := pattern("zh.whole").search(masked):
            own = bare(pattern("zh.covered").sub("", text[: found.end()]))
            own = self.theme or said.text if not own or pattern("zh.place_first").match(own) else own
            of_a_year = self.frame.first is not None and self.frame.first == self.frame.last
            if own and (when == "goal" or (pattern("zh.realized").search(masked) and not of_a_year)):
                own += entry("zh.written.coverage")
                yield made(own, found, "level", "in_words", value=100.0, unit="%", comparator="eq")
        if found := pattern("zh.to_zero").search(masked):
            own = bare(text[: found.start()])
            if own and pattern("zh.ensured").search(masked):
                yield made(own, found, "level", "in_words", value=0.0, comparator="eq")
        if found := pattern("zh.assigned").search(masked):
            if own := bare(text[: found.start()]) or said.text:
                yield made(own, found, "level", "assigned", status="assigned")
            return
        for words in entry("zh.relative").split():
            found = re.search(words, masked)
            if found and pattern("zh.comparable").search(text[: found.start()]):
                sign, other = first_of("zh.beside", found[0]) or "eq", found["other"].strip()
                own = bare(text[: found.start()])
                yield made(own, found, "relative", "relative", comparator=sign, relative_to=other)
                return


def _spread(made: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals of a clause; what stands behind the last figure of a list counts for all of it."""

    def alike(p: Proposal, last: Proposal) -> bool:
        units = {pattern("zh.size").sub("", one.unit) for one in (p, last)}
        return p.comparator == "eq" and p.kind == last.kind and len(units) == 1

    for i, each in enumerate(made):
        *middle, last = made[i:]
        bound = last.comparator in BEHIND
        behind = bound and last.basis == each.basis == "after_subject"
        listed = behind and all(alike(p, last) for p in middle)
        yield replace(each, comparator=last.comparator) if listed else each

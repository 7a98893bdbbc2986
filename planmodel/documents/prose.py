"""Targets and figures of the record in Chinese prose: a sentence by its clauses, a clause by its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from planmodel.documents.clauses import BRACKETS, CLAUSE, SENTENCE, Part, Sentence, hidden, pieces
from planmodel.documents.grammar import entry, first_of, hide, pattern
from planmodel.documents.kinds import CHANGES, based_in, comparator_of, grows, is_promised, kind_of, sort_of
from planmodel.documents.naming import Context, Said, bare, counted, subjects_of, theme
from planmodel.documents.passages import LONGEST_SENTENCE, Frame, Passage, plan_years, year_of
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal
from planmodel.documents.unfigured import IN_SECTIONS, Clause, multiples

BEHIND = ("ge", "about", "le", "gt")
"""Comparators that may stand behind the last figure of a list for all of it."""


def prose(passage: Passage, frame: Frame) -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record."""
    masked, named, said = hidden(passage.text), list[str](), Said()
    behind: dict[int, Said] = {}
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
            reader.said = behind.get(start - 1, Said())
            yield from reader.read()


class _Reader:
    """A sentence while it is read."""

    def __init__(
        self, passage: Passage, frame: Frame, masked: str, start: int, end: int, named: list[str], behind: dict[int, Said]
    ):  # fmt: skip
        """named: the subjects that the passage has named so far; behind: what brackets add to, by where they begin."""
        self.passage, self.frame = passage, frame
        self.sentence = Sentence(passage.text, masked, start, end)
        self.said = Said()
        self.theme, self.named, self.behind = "", named, behind

    @property
    def context(self) -> Context:
        """What a clause stands in."""
        return Context(self.said, self.theme, self.passage.text, self.named)

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
                self.said = Said((), self.said.subjects, verb, "", text)
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
        subjects = subjects_of(first, len(group), self.context)
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
            self.said = Said(own, earlier, verb, last.unit, "", kind, first.clause, doing, said.whole)
            self.behind[last.end] = replace(self.said, clause=-1)

    def kind(self, part: Part, subject: str, verb: str) -> tuple[str, str]:
        said, frame = self.said, self.frame
        goes_on = part.figure.unit == said.unit or part.clause == said.clause
        carried = said.kind == "cumulative_sum" and goes_on
        return kind_of(part, subject, verb, carried, frame.first, frame.last)

    def year(self, at: int) -> tuple[int | None, str]:
        """Return the year that a sentence names before a place, and goal or past."""
        start = self.sentence.start
        text = hide(self.sentence.text[start : self.sentence.end], BRACKETS)
        known: list[tuple[int, int]] = []
        for match in pattern("zh.year").finditer(text):
            ahead = text[: match.start()]
            since = pattern("zh.since").search(ahead[-3:])
            if not since and "《" not in ahead[-12:]:
                known.append((start + match.start(), year_of(match[1])))
        for match in pattern("zh.roc_year").finditer(text) if self.frame.roc else ():
            known.append((start + match.start(), int(match[1]) + 1911))
        for match in pattern("zh.plan").finditer(text):
            beside = pattern("zh.since").search(text[: match.start()][-1:]) or pattern("zh.then").match(
                text, match.end()
            )
            if (span := plan_years(match[0])) and not beside:
                known.append((start + match.start(), span[1]))
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
        forecast = (
            self.passage.state == "record" and when == "goal" and pattern("zh.forecast").search(part.before)
        )
        aside = (
            forecast
            or (lead and record)
            or pattern("zh.than_last_year").search(part.left)
            and not bare(part.left)
        )
        if aside or (record and not subject):
            return
        blanks = len(part.left) - len(part.left.lstrip(" ,、"))
        end = max(part.end if part.before_noun else figure.end, figure.start + 1)
        span = self.passage.place(part.at + blanks, end)
        place = self.passage.place(figure.start, max(figure.number_end, figure.start + 1))
        unit = "" if kind == "ratio" else figure.unit.replace(" ", "")
        base = pattern("zh.base").search(part.told) or pattern("zh.known").match(
            self.sentence.text, figure.end
        )
        per = pattern("zh.per_before").search(part.left)
        unit = (
            f"{unit}/{per[1] or per['time']}" if per else unit or entry("zh.written.rank") * (kind == "rank")
        )
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
        if state not in ("goals", "tasks") and pattern("zh.placed_here").search(here):
            return True
        if when == "goal":
            return state == "record" and year == self.passage.past
        told = pattern("zh.past").search(part.before)
        return state == "record" or bool(told or not (state or pattern("zh.goal").search(part.told)))

    def without_figure(self, start: int, end: int) -> Iterator[Proposal]:
        """Yield the promises of a clause that print no figure."""
        frame, masked = self.frame, self.sentence.masked[start:end]
        year, when = self.year(end)
        if self.passage.state == "record" or pattern("zh.past").search(masked) or when == "past":
            return
        one_year = frame.first is not None and frame.first == frame.last
        clause = Clause(self.sentence.text[start:end], masked, self.context, when == "goal", one_year)
        for rule in (multiples, *IN_SECTIONS) if self.passage.state else (multiples,):
            for subject, match, fields in rule(clause):
                first, last = start + match.start(), start + match.end()
                yield Proposal(
                    TARGET, "", *self.passage.place(start, last), self.passage.place(first, last)[0],
                    self.sentence.text[first:last], subject, sort="outcome", section=self.passage.section,
                    year=year or self.passage.year or frame.last, **fields,
                )  # fmt: skip


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

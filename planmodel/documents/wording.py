"""How an English sentence words a figure: what happens (rise_by, rise_to, fall_by, fall_to, reach, make), and to what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from planmodel.documents.figures import Western
from planmodel.documents.grammar import HIDDEN, named, pattern
from planmodel.plans.model import BOUNDS

POINTS = ("percentage", "pp", "point")
"""How units of points begin."""


@dataclass
class Words:
    """The words around a figure, and what they are.

    text, bare: its sentence, and that without codes and years. last: where the figure before it ends; noun: what that is of.
    titled: whether a table names the subject.
    """

    text: str
    bare: str
    figure: Western
    last: int
    noun: str
    titled: bool

    def __post_init__(self) -> None:
        start = self.figure.start
        self.before, self.after = self.bare[:start], self.text[self.figure.end :]
        self.tail = self.bare[self.last : start]
        self.here = clean(pattern("en.upto").sub("", self.text[self.last : start].strip()))  # the noun in it
        self.alone = bool(pattern("en.alone").match(self.before))  # behind the first word: Build 300 homes
        self._find_verb()
        self._find_things()

    def _find_verb(self) -> None:
        """Find the last verb before the figure: where it ends and begins, its sort, and the mode that it gives the figure.

        The first word of a list's item is one, whatever it is.
        """
        figure, before = self.figure, self.before
        sorts = (*named("en.verbs"), ("rise", pattern("en.multiplied")))
        verbs = [(m.end(), m.start(), sort) for sort, words in sorts for m in words.finditer(before)]
        self.clause_end = max(verbs)[1] if verbs else figure.start
        if not verbs or max(verbs)[1] < self.last:  # a verb that is not known, behind will or to
            others = pattern("en.other_verb").finditer(before, self.last)
            verbs += [(m.end(), m.start(), "reach") for m in others]
        self.end, self.begin, self.sort = max(verbs, default=(0, 0, ""))
        if self.alone and "%" not in figure.unit and self.sort in ("", "reach"):
            self.end, self.begin, self.sort = len(before), 0, "make"
        way = pattern("en.way").search(before.rstrip() + " ")
        self.way = way[1] if way else ""  # to, by, of, at
        by = self.way == "by" or pattern("en.by_much").search(before)
        by = by or (self.sort == "fall" and not way and figure.comparator not in BOUNDS)
        self.mode = f"{self.sort}_{'by' if by else 'to'}" if self.sort in ("rise", "fall") else self.sort

    def _find_things(self) -> None:
        """Find what stands behind the figure: things, with what a part of them will do, up to beyond; whether it is of them."""
        figure, behind = self.figure, pattern("en.behind").match(self.after)
        self.things = clean(pattern("en.ends").split(behind[1])[0]) if behind else ""
        self.beyond = self.after.find(self.things) + len(self.things)
        of_them = behind and (behind[0].lstrip().startswith("of ") or figure.part)
        self.of = bool(of_them and figure.counted and "GDP" not in figure.counted)
        whole = self.things and of_them and figure.unit == "%"
        does = pattern("en.does").match(self.after, self.beyond) if whole else None
        self.does = bool(does and does["modal"])
        if does and self.does:
            self.things = f"{self.things}{does['where']} {does['what']}"
        counted = pattern("en.yearly_end").sub("", figure.counted)
        self.people = counted if re.fullmatch(r"[a-z]{4,}", counted) else ""  # what the unit counts
        match = pattern("en.beside").match(self.after) or pattern("en.purpose").search(self.after)
        self.beside = clean(match[1]) if match else ""  # as it will be, or what it is for


Said = tuple[str, str] | None


def _labelled(w: Words) -> Said:
    """Literacy: 85 %; jobs created: 2,100."""
    if not w.here or not re.search(r":\s*$", w.tail) or pattern("en.modal").search(w.tail):
        return None
    return "make" if "%" not in w.figure.unit and pattern("en.done").search(w.here) else "reach", w.here


def _done_to_them(w: Words) -> Said:
    """300 homes will be built; 6,000 workers will be trained."""
    if w.things and w.figure.unit != "%" and pattern("en.passive").match(w.after, w.beyond):
        return "make", w.things
    return None


def _change_behind(w: Words) -> Said:
    """A 20 % reduction in emissions."""
    if done := pattern("en.change").match(w.after):
        return "fall_by" if pattern("en.fall").fullmatch(done[1]) else "rise_by", clean(done[2])
    return ("make", w.people) if w.people and pattern("en.passive").match(w.after) else None


def _lower_than(w: Words) -> Said:
    """Emissions will be 45 % lower in 2030 than in 2005."""
    than = pattern("en.than_then").match(w.after)
    shares = w.figure.unit == "%" or w.figure.unit.startswith(POINTS)
    if than and (shares or (not w.figure.unit and w.after[than.end() :].startswith(" than"))):
        return "fall_by" if than["down"] else "rise_by", clean(w.text[: w.clause_end])
    return None


def _things_counted(w: Words) -> Said:
    """Connect 300 villages; the creation of 300 places."""
    if not w.things or w.figure.counted or w.figure.money or "%" in w.figure.unit:
        return None
    if pattern("en.making").search(w.before):
        return "make", w.things
    if pattern("en.aimed").search(w.before):
        return "reach", w.things
    if w.titled or pattern("en.to_what").search(w.before):
        return None
    made = w.sort == "make" or (not w.sort and pattern("en.done").search(w.things))
    return "make" if made else "", w.things


def _without_verb(w: Words) -> Said:
    """Three quarters of all schools; 150 km of road sealed; at least 12 % of GDP for health."""
    if w.sort:
        return None
    worded = w.here and pattern("en.open").sub("", w.tail)[3:]
    if (w.of and (w.last or not worded)) or (w.people and pattern("en.making").search(w.before)):
        done = "%" not in w.figure.unit and pattern("en.done").search(w.things)
        return "make" if done else "reach" if w.alone else "", w.things if w.of else w.people
    told = "" if worded or w.last else w.beside
    return "", told or (w.here if worded or not w.last else "") or ("" if w.noun else w.people)


def _further(w: Words) -> Said:
    """Raise exports by 5 % and imports to 12 %: of the verb of the figure before."""
    if not w.last or w.begin >= w.last:
        return None
    listed = w.sort == "make" and not w.of and pattern("en.and_one").search(w.tail)
    if listed or pattern("en.or_else").search(w.tail):  # 9 billion, or 38 % of the income
        return "", ""
    if w.of and w.things and w.figure.unit == "%" and not w.way:
        return "reach", w.things
    moved_to = w.way in ("to", "by")
    moved = f"{w.sort}_{w.way}" if moved_to and w.mode != w.sort else ""
    here = w.here if pattern("en.open").sub("", w.here) else ""
    return moved, w.things if w.of and not (moved_to and here) else here


def _object(w: Words) -> Said:
    """Increase exports to 30 %; build 300 homes."""
    thing = pattern("en.upto").sub("", w.bare[w.end : w.figure.start].strip())
    if w.sort == "make" and not re.search(r"[A-Za-z]{4}", thing):
        spent = pattern("en.spent").match(w.after)
        if spent and not w.things and not w.people:
            return w.mode, clean(pattern("en.ends").split(spent[1])[0])
        return w.mode, w.things if w.of or not w.figure.counted else clean(f"{w.people} {w.things}")
    alone = pattern("en.participle").fullmatch(thing) or not pattern("en.open").sub("", thing).strip("be")
    told = "" if alone else clean(thing)
    return (w.mode, told) if told else None


def _ahead(w: Words) -> Said:
    """Exports will increase to 30 %."""
    if w.does or (w.things and pattern("en.of_own").match(w.after)):  # protect 20 % of its land
        return w.mode, w.things
    clause = pattern("en.and_then").split(w.text[w.last : w.begin])[-1] if w.last else w.text[: w.begin]
    if w.last and pattern("en.apposed").search(clause):
        return w.mode, ""
    other = "" if w.noun else w.things or w.people
    return w.mode, clean(clause) or (w.things if w.of else "") or w.beside or other


RULES: tuple[Callable[[Words], Said], ...] = (
    _labelled, _done_to_them, _change_behind, _lower_than, _things_counted, _without_verb, _further, _object, _ahead,
)  # fmt: skip
"""What is asked in turn: the first that has an answer decides."""


def said(words: Words) -> tuple[str, str]:
    """Return what a figure's sentence says happens, and to what; either is empty where it goes on from the figure before."""
    return next(answer for rule in RULES if (answer := rule(words)) is not None)


def clean(noun: str) -> str:
    """Return a subject without the words around it.

    >>> clean("and the share of renewables in the mix to be "), clean("(iv) By 2030, exports from 26%")
    ('share of renewables in the mix', 'exports')
    >>> clean("The pay gap will narrow by"), clean("Average annual growth in output of")
    ('pay gap', 'output')
    """
    noun = pattern("en.moved_on").sub("", pattern("en.aside_on").sub("", noun))
    noun = pattern("en.parts").split(noun.replace(HIDDEN, "").rstrip(" :"))[-1]
    noun = pattern("en.enumerated").sub("", re.sub(r"\s+", " ", noun)).strip(" ,–-(")
    for key in ("front", "ahead", "growth"):
        noun = pattern(f"en.{key}").sub("", noun)
    for _ in range(6):
        noun = pattern("en.tail_end").sub("", pattern("en.drop").sub("", f"{noun} ").strip())
    return pattern("en.until").sub("", noun.strip(" :")).strip(" ,–-()")[:160]

"""Targets and figures of the record in English: prose, and the goals that cells of tables hold in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from planmodel.documents.grammar import any_of, named, pattern, rules
from planmodel.documents.passages import LONGEST_SENTENCE, Frame, Passage
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal
from planmodel.plans.numerals import words as numerals

HIDDEN = "\x01"
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
YEAR = re.compile(
    r"(?<![\d,.–-])(?:(?:19|20)\d\d\s?[-–/]\s?)?((?:19|20)\d\d|(?<=\d{4}[-–/])\d\d)(?![\d%]|,\d{3})"
)
BASED = re.compile(
    r"(?:compared\s+(?:to|with)|relative\s+to|from|on|below|above|against|versus|over|since|of)\s+(?:the\s+)?((?:19|20)\d\d)"
    r"(?:\s+(?:levels?|baseline|values?|figures?))?(?!\s*(?:to|and|[-–])\s*(?:the\s+)?\d)"
)
BETWEEN = re.compile(r"(?:between|from)\s+((?:19|20)\d\d)\s+(?:and|to|until)\s+((?:19|20)\d\d)")
SENTENCE = re.compile(
    r"(?<!\bNo)(?<!\bapprox)(?<=[A-Za-z\d%)\]”\"’])[.;!?](?=\s|$)|•|●|▪|(?<=[;.])\s+(?=\([ivxa-h]+\)\s)"
)
YEARLY = re.compile(
    r"\b(?:annual(?:ly)?|per\s+(?:year|annum)|(?:a|each|every)\s+year|yearly|p\.?\s?a\.?)\b", re.IGNORECASE
)
CODES = re.compile(
    r"(?<![\w/])(?!k?m[23]\b|CO2)[A-Za-z]+-?\d[\d.]*[A-Za-z]*|\b\d+(?:st|nd|rd|th)\b|\b(?:SDG|Goal|Figure|Table|Chapter|Section"
    r"|Article|Annex|Page|Target|Action|No\.|Box|Part|Phase|Vision|Agenda|Objective|Pillar)s?\s+\d[\d.]*|\b\d+-(?:year|month|day|to)\b\S*"
    r"|\b\d+(?:\s?[-–]\s?|-\s+to\s+)\d+(?:-year\S*|\s+years?(?:\s+old|-olds?))|^\s*\(?\d{1,2}(?:\.\d+)*[.)]?\s+(?=[A-Z])"
    r"|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\bwithin\s+\d+\s+(?:km|kilomet|minutes|hours|metres|miles|days)\S*",
    re.IGNORECASE,
)  # fmt: skip
ENUMERATED = re.compile(r"^\s*(?:[-–•]\s*|\(?(?:[ivx]+|[a-h]|\d{1,2}(?:\.\d+)*)[.)]\s+)")
OPEN = re.compile(
    r"\b(?:and|to|by|at|least|or|the|in|further|from|a|of|reach|then|about|more|than|less)\b|[\x01\W\d]",
    re.IGNORECASE,
)
FALLING = ("reduction", "cut", "decrease", "decline", "drop", "fall")
CHANGE = re.compile(
    r"\s?(reduction|cut|decrease|decline|drop|fall|increase|rise|improvement)\s+(?:in|of)\s+"
    r"([a-z][\w\s-]{2,50}?)(?=\s(?:by|in|from|over|compared|and|relative)\b|[,.;]|$)"
)
FROM = re.compile(
    r"\b(?:from|(?:down|up)\s+from|compared\s+(?:with|to)|against|above\s+the)\s*$", re.IGNORECASE
)


@cache
def _figure() -> re.Pattern[str]:
    words = rules()["en"]
    unit, per, scale, money = (
        any_of(words["units"]),
        words["per"],
        any_of(words["scale"]),
        any_of(words["money"]),
    )
    before = "|".join(f"(?P<{name}>{found.pattern})" for name, found in named("en.before"))
    after = "|".join(f"(?P<after_{name}>{found.pattern})" for name, found in named("en.after"))
    small = "|".join(word for word, n in numerals()["western"].items() if 1 < n < 100)
    percent = r"(?:%|per\scent|percent)"
    return re.compile(
        rf"(?:\b(?:{before})\s+)?(?:between\s+)?(?P<money>{money})?\s?(?:(?<![\d.,])(?P<low>{NUMBER})(?!\d)|\b(?P<word>{small})\b(?=\s[a-z]))"
        rf"(?:\s?{percent}?\s?(?:-|–|—|to|and)\s?(?P<high>{NUMBER})(?=\s?(?:{percent}|{scale}|{unit})))?"
        rf"\s?(?P<scale>{scale})?\s?(?:(?:new|additional|more|extra|further|affordable)\s)?"
        rf"(?P<unit>(?:per\s\d[\d,]+(?:\s(?:live\sbirths|births|people|persons|inhabitants|residents|population|women|children))?)"
        rf"|(?:{unit})(?![a-z])(?:\s(?:{per}))?(?:\sof\s(?:the\s)?(?:GDP|GNI|national\sincome))?|(?:{money})(?![a-z]))?(?:\s(?:{after}))?",
        re.IGNORECASE,
    )


def english(passage: Passage, frame: Frame, subject: str = "", table: str = "") -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record; subject: the indicator, where a table names it."""
    at = 0
    for end in [*(m.end() for m in SENTENCE.finditer(passage.text)), len(passage.text)]:
        if 0 < end - at <= LONGEST_SENTENCE:
            yield from _Sentence(passage, frame, at, end, subject, table).read()
        at = end


class _Sentence:
    """A sentence while it is read."""

    def __init__(self, passage: Passage, frame: Frame, start: int, end: int, subject: str, table: str):
        self.passage, self.frame, self.start, self.subject, self.table = passage, frame, start, subject, table
        self.text = passage.text[start:end]
        self.hidden = CODES.sub(lambda m: HIDDEN * len(m[0]), self.text)
        self.bare = YEAR.sub(lambda m: HIDDEN * len(m[0]), self.hidden)
        known = {
            m.span(1): int(m[1]) if len(m[1]) == 4 else 2000 + int(m[1]) for m in YEAR.finditer(self.hidden)
        }
        self.based = BETWEEN.search(self.hidden) or BASED.search(self.hidden)
        self.base_year = int(self.based[1]) if self.based else None
        self.years = [
            (at, y) for at, y in sorted(known.items()) if not self.based or at != self.based.span(1)
        ]
        self.record = not subject and self.is_record()
        self.promise = bool(pattern("en.promise").search(self.hidden)) or passage.state == "goals"

    def is_record(self) -> bool:
        """Return whether the sentence tells of the past."""
        future = any(self.frame.first and y >= self.frame.first for _, y in self.years)
        future = future and bool(pattern("en.promise").search(self.hidden))
        if pattern("en.past").search(self.hidden):
            modal = re.search(r"\b(?:will|shall|should|must|is to|are to|to be)\b", self.hidden)
            told = modal or (future and re.search(r"\b(?:target|goal|aim)\b", self.hidden))
            return not told or (self.passage.state == "record" and not future)
        return self.passage.state == "record" and not future

    def read(self) -> Iterator[Proposal]:
        """Yield the proposals of the sentence."""
        found = [m for m in _figure().finditer(self.bare) if m["low"] or m["word"]]
        made: list[Proposal] = []
        mode, noun, last, start = "", "", 0, None
        for n, match in enumerate(found):
            ahead = found[n + 1].start() if n + 1 < len(found) else len(self.text)
            if not self.counts(match):
                continue
            before = self.bare[: match.start()]
            joint = self.text[match.end("low") : match.start("high")] if match["high"] else ""
            if FROM.search(before) and not re.search(r"\bto\b", joint):
                start = self.start_of(match, made)
                continue
            if FROM.search(before):
                start = (_number(match), match["low"])
            new_mode, new_noun = self.said(match, last)
            mode, noun = new_mode or mode, new_noun or noun
            last = match.end()
            if (self.subject or noun) and (self.record or self.subject or mode or self.promise):
                made.append(self.proposal(match, ahead, mode, noun, start))
            start = None
        for p in made:
            also = next((q.unit for q in made if q.unit), "") if not p.unit and p.kind == "level" else ""
            yield replace(
                p,
                unit=also
                or (
                    f"% of {p.base_year}" if p.base_value == 100 and p.base_year and p.unit == "%" else p.unit
                ),
            )
        if not self.record:
            yield from self.multiples()

    def counts(self, match: re.Match[str]) -> bool:
        """Return whether a figure counts or measures something."""
        before, after = self.bare[: match.start()], self.bare[match.end() :]
        if re.search(r"\bper\s*$", before) or (match["word"] and not (match["unit"] or match["scale"])):
            return False
        if _unit(match, self.text) or self.subject:
            return True
        made = re.search(rf"\b(?:{pattern('en.make').pattern})\s+(?:\S+\s+)?$", before, re.IGNORECASE)
        if made and re.match(r"\s?[a-z]{3}", after):
            return True
        if (
            re.match(r"\s?[a-z][a-z-]{2,}", after)
            and ("," in (match["low"] or "") or _number(match) >= 100)
            and self.promise
        ):
            return True
        told = re.search(
            r"\b(?:to|of|by|than|under|below|over|above|reach|exceed)\s*$", self.bare[: match.start("low")]
        )
        return (
            bool(told) and ("." in match["low"] or _number(match) >= 13) and not re.match(r"\s*[)\]]", after)
        )

    def start_of(self, match: re.Match[str], made: list[Proposal]) -> tuple[float, str] | None:
        """Return the figure that a rise or a fall starts from; where the goal stands before it, that is completed."""
        year = next((y for (at, _), y in self.years if 0 <= at - match.end() < 12), None)
        if year:
            self.base_year = year
            self.years = [(at, y) for at, y in self.years if y != year]
        if not made:
            return _number(match), match["low"] or match["word"]
        goal = next((y for _, y in self.years), self.passage.year or self.frame.last)
        made[-1] = replace(
            made[-1], base_value=_number(match), base_printed=match["low"], base_unit=made[-1].unit, base_year=year,
            year=goal if made[-1].year == year else made[-1].year,
        )  # fmt: skip
        return None

    def said(self, match: re.Match[str], last: int) -> tuple[str, str]:
        """Return how a figure is promised (rise_by, rise_to, fall_by, fall_to, reach, make) and of what."""
        before, after = self.bare[: match.start()], self.text[match.end() :]
        verbs = [
            (m.end(), m.start(), sort)
            for sort in ("rise", "fall", "reach", "make")
            for m in re.finditer(rf"\b(?:{pattern('en.' + sort).pattern})\b", before, re.IGNORECASE)
        ]
        counted = re.match(r"\s?(?:of\s+(?:all\s+|the\s+)?)?([a-z][\w’'-]*(?:\s+[a-z&][\w’'-]*){0,5})", after)
        whole = re.match(r"\s?of\s", after) and counted and match["unit"] and "GDP" not in match["unit"]
        named = match["unit"] if match["unit"] and re.fullmatch(r"[a-z]{4,}", match["unit"]) else ""
        things = (
            re.split(r"\s(?:by|in|with|across|over|for|to|on|will|is|are|were)\s", counted[1])[0]
            if counted
            else ""
        )
        if done := CHANGE.match(after):
            return ("fall_by" if done[1] in FALLING else "rise_by"), _clean(done[2])
        if (
            not match["unit"]
            and not match["scale"]
            and things
            and not self.subject
            and re.match(r"\s?[a-z]", after)
        ):
            own = max(verbs)[2] if verbs else ""
            return ("make" if own == "make" else ""), _clean(things)
        tail = self.bare[last : match.start()] if last else before
        if not verbs:
            if whole and counted or (named and re.search(r"\bof\s*$", before)):
                return "", _clean(counted[1]) if whole and counted else named
            return "", (_clean(tail) if OPEN.sub("", tail)[3:] or not last else "") or named
        end, begin, sort = max(verbs)
        way = re.search(r"\b(to|by|of|at)\s*(?:the\s+index\s+value\s+of\s*)?$", before.rstrip() + " ")
        by = (way and way[1] == "by") or re.search(r"\bby\s+(?:an?\s+\w+\s+)*(?:of\s+)?$", before)
        compared = any(match[name] for name in ("ge", "le", "gt", "lt"))
        mode = (
            sort
            if sort in ("reach", "make")
            else f"{sort}_{'by' if by or (sort == 'fall' and not way and not compared) else 'to'}"
        )
        if last and begin < last:  # a further figure of the same verb
            further = (
                f"{sort}_{way[1]}" if way and way[1] in ("to", "by") and sort in ("rise", "fall") else ""
            )
            return further, _clean(tail) if OPEN.sub("", tail) else ""
        thing = re.sub(
            r"\bfrom\b[^a-z]*\d.*$|\b(?:to|by|of|at|from|for)\s*$", "", self.bare[end : match.start()].strip()
        )
        if sort == "make" and not re.search(r"[A-Za-z]{4}", thing):
            noun = " ".join(
                filter(None, ["" if whole else named or match["unit"] or "", counted[1] if counted else ""])
            )
            return mode, _clean(re.split(r"\s(?:by|in|with|across|over|for|to|and)\s", noun)[0])
        if OPEN.sub("", thing).strip("be"):
            return mode, _clean(thing)
        return mode, _clean(counted[1]) if whole and counted and not _clean(self.text[:begin])[
            12:
        ] else _clean(self.text[:begin])

    def proposal(
        self, match: re.Match[str], ahead: int, mode: str, noun: str, start: tuple[float, str] | None
    ) -> Proposal:
        """Return the proposal of a figure."""
        figure, unit = _number(match), _unit(match, self.text)
        upper = float(match["high"].replace(",", "")) if match["high"] else None
        if upper is not None and start:
            figure, upper = upper, None
        if upper is not None and upper <= figure:
            upper = None
        if not unit and noun and self.text[match.end() :].lstrip().startswith(noun):
            unit = next((word for word in reversed(noun.split()) if not word.endswith("ed")), "")
        kind, direction = self.kind(mode, unit, match)
        comparator = next((name for name, _ in named("en.before") if match[name]), "")
        comparator = comparator or next(
            (name for name, _ in named("en.after") if match[f"after_{name}"]), "eq"
        )
        words = list(
            re.finditer(
                r"\b(?:to|by|no|not|at|under|below|less|more|from|between)\b[^,;]{0,24}$",
                self.bare[: match.start()],
            )
        )
        year = YEAR.search(self.text, match.end(), ahead)
        end = year.end() if year and year.start() - match.end() < 30 else match.end()
        base_value, base_printed, base_unit = (*start, unit) if start else (None, "", "")
        if not start and kind == "level" and unit == "%" and self.base_year and mode.endswith("_to"):
            base_value, base_unit = 100.0, f"% of {self.base_year}"
        span = self.passage.place(
            self.start + (words[-1].start() if words else match.start()), self.start + end
        )
        place = self.passage.place(
            self.start + match.start("low" if match["low"] else "word"), self.start + match.end()
        )
        return Proposal(
            OBSERVATION if self.record else TARGET, "", *span, place[0], match[0].strip(), self.subject or noun, kind,
            "record" if self.record else "output" if mode == "make" else "outcome", section=self.passage.section,
            value=figure, upper=upper, year=self.year(match, ahead), comparator="range" if upper else comparator, unit=unit,
            direction=direction, base_year=self.base_year if kind != "annual_growth" else None, base_value=base_value,
            base_printed=base_printed, base_unit=base_unit, table=self.table, basis=f"english_{mode or 'stated'}",
        )  # fmt: skip

    def kind(self, mode: str, unit: str, match: re.Match[str]) -> tuple[str, str]:
        """Return the kind of a figure, and down where it is the size of a fall."""
        near = self.bare[max(0, match.start() - 60) : match.end() + 25]
        down = "down" if mode == "fall_by" else ""
        if unit.startswith("percentage") or unit == "pp":
            return "change_pp", down
        if unit.startswith("%"):
            growth = re.search(r"\bgrow(?:th|s|ing)?\b", near, re.IGNORECASE)
            if (
                (growth and not mode.endswith("_to"))
                or (mode.endswith("by") and YEARLY.search(near))
                or (growth and YEARLY.search(near))
            ):
                return "annual_growth", down
            return ("cumulative_change_pct" if mode.endswith("by") else "level"), down
        if mode == "make":
            return ("annual_flow" if YEARLY.search(near) else "cumulative_sum"), ""
        return ("change_units" if mode.endswith("by") else "level"), down

    def year(self, match: re.Match[str], ahead: int) -> int | None:
        """Return the year of a figure: the next one before the next figure, else the last one before it."""
        if self.based and self.based.re is BETWEEN:
            return int(self.based[2])
        behind = [y for (at, _), y in self.years if match.end() <= at <= ahead + 4]
        before = [y for (at, _), y in self.years if at < match.start()]
        later = [y for (at, _), y in self.years if at > match.end()]
        known = behind[:1] or before[-1:] or later[:1]
        if self.record:
            return known[0] if known else self.passage.past
        return known[0] if known else self.passage.year or self.frame.last

    def multiples(self) -> Iterator[Proposal]:
        """Yield what is to double, triple or halve."""
        words = rules()["en"]["multiples"]
        for found in re.finditer(
            rf"\b(?:{'|'.join(words)}|by (?:at least )?(?:a |one )?half)\b", self.hidden, re.IGNORECASE
        ):
            if not (self.subject or self.years or self.promise):
                continue
            after = re.split(
                r"\b(?:by|between|from|compared|relative|over|to)\b|[,.;]", self.text[found.end() :]
            )[0]
            indicator = (
                self.subject
                or _clean(after)
                or _clean(re.sub(rf"\b{pattern('en.fall').pattern}\b", "", self.text[: found.start()]))
            )
            if not indicator:
                continue
            behind = [span[1] for span, _ in self.years if span[0] > found.end()]
            first = (
                max(self.text.rfind("To be", 0, found.start()), 0)
                if "To be" in self.text[: found.start()]
                else found.start()
            )
            place = self.passage.place(self.start + found.start(), self.start + found.end())
            yield Proposal(
                TARGET, "", *self.passage.place(self.start + first, self.start + (behind[-1] if behind else found.end())), place[0],
                found[0], indicator, "multiple", "outcome", section=self.passage.section, value=float(words.get(found[0].lower(), 0.5)),
                year=int(self.based[2]) if self.based and self.based.re is BETWEEN else self.years[-1][1] if self.years else self.passage.year or self.frame.last,
                comparator="eq", unit="times", base_year=self.base_year, table=self.table, basis="in_words",
            )  # fmt: skip


def _clean(noun: str) -> str:
    """Return a subject without the words around it.

    >>> _clean("and the share of renewables in the mix to be "), _clean("(iv) By 2030, exports from 26%")
    ('share of renewables in the mix', 'exports')
    """
    noun = re.split(
        r"[.;:]\s|,\s(?=(?:we|the government|and|by|while|with|which)\b)", noun.replace(HIDDEN, "")
    )[-1]
    noun = ENUMERATED.sub("", re.sub(r"\s+", " ", noun)).strip(" ,–-(")
    for key in ("front", "ahead"):
        noun = re.sub(rules()["en"][key], "", noun, flags=re.IGNORECASE)
    for _ in range(6):
        noun = re.sub(rules()["en"]["drop"], "", noun, flags=re.IGNORECASE)
        noun = re.sub(rf"\s*\b(?:{any_of(rules()['en']['tail'])})$", "", noun, flags=re.IGNORECASE)
    noun = noun.strip(" :")
    return re.sub(r"\s*\b(?:by|in|until)\s+(?:the\s+(?:end\s+of\s+)?(?:year\s+)?)?$", "", noun).strip(
        " ,–-()"
    )[:160]


def _number(match: re.Match[str]) -> float:
    """Return the number of a figure, in digits or in words."""
    return (
        float(match["low"].replace(",", ""))
        if match["low"]
        else float(numerals()["western"][match["word"].lower()])
    )


def _unit(match: re.Match[str], text: str) -> str:
    """Return a unit as printed: per cent as %, a currency before its scale behind it."""
    unit = re.sub(r"\s+", " ", match["unit"] or "")
    unit = re.sub(r"per cent|percent(?!age)", "%", unit, flags=re.IGNORECASE)
    if not unit and match["low"] and re.match(r"\s?(?:%|per cent|percent)", text[match.end("low") :]):
        unit = "%"
    return " ".join(part for part in (match["scale"] or "", (match["money"] or "").strip(), unit) if part)

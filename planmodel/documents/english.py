"""Targets and figures of the record in English: prose, and the goals that cells of tables hold in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from planmodel.documents.grammar import any_of, first_of, named, pattern, rules
from planmodel.documents.passages import Frame, Passage
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
YEAR = re.compile(
    r"(?<![\d,.–-])(?:(?:19|20)\d\d\s?[-–/]\s?)?((?:19|20)\d\d|(?<=\d{4}[-–/])\d\d)(?![\d%]|,\d{3})"
)
BASED = re.compile(
    r"(?:compared\s+(?:to|with)|relative\s+to|from|on|below|above|against|versus|over|since|of)\s+(?:the\s+)?((?:19|20)\d\d)(?:\s+(?:levels?|baseline|values?|figures?))?(?!\s*(?:to|and|[-–])\s*(?:the\s+)?\d)"
)
BETWEEN = re.compile(r"(?:between|from)\s+((?:19|20)\d\d)\s+(?:and|to|until)\s+((?:19|20)\d\d)")
SENTENCE = re.compile(r"(?<!\bNo)(?<!\bapprox)(?<=[a-z\d%)\]”\"’])[.;!?](?=\s|$)|•|●|▪")
YEARLY = re.compile(
    r"\b(?:annual(?:ly)?|per\s+(?:year|annum)|(?:a|each|every)\s+year|yearly|p\.?\s?a\.?)\b", re.IGNORECASE
)
CODES = re.compile(r"(?<![\w/])(?!k?m[23]\b|CO2)[A-Za-z]+-?\d[\d.]*[A-Za-z]*|\b\d+(?:st|nd|rd|th)\b|\b(?:SDG|Goal|Figure|Table|Chapter|Section|Article|Annex|Page|Target|Action|No\.|Box|Part|Phase|Vision|Agenda)s?\s+\d[\d.]*|\b\d+-(?:year|month|day|to)\b\S*|\b\d+-\s+to\s+\d+-year\S*|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b", re.IGNORECASE)  # fmt: skip


@cache
def _figure() -> re.Pattern[str]:
    words = rules()["en"]
    unit, per = any_of(words["units"]), words["per"]
    compare = "|".join(f"(?P<{name}>{found.pattern})" for name, found in named("en.before"))
    after = "|".join(f"(?P<after_{name}>{found.pattern})" for name, found in named("en.after"))
    return re.compile(
        rf"(?:\b(?:{compare})\s+)?(?:between\s+)?(?P<money>{any_of(words['money'])})?\s?(?<![\d.,])(?P<low>{NUMBER})(?!\d)"
        rf"(?:\s?(?:%|per\scent|percent)?\s?(?:-|–|—|to|and)\s?(?P<high>{NUMBER})(?=\s?(?:%|per\scent|percent|{any_of(words['scale'])}|{unit})))?"
        rf"\s?(?P<scale>{any_of(words['scale'])})?\s?(?:(?:new|additional|more|extra|further|affordable)\s)?(?P<unit>(?:per\s\d[\d,]+(?:\s(?:live\sbirths|births|people|persons|inhabitants|residents|population|women|children))?)|(?:{unit})(?![a-z])(?:\s(?:{per}))?(?:\sof\s(?:the\s)?(?:GDP|GNI|national\sincome))?|(?:{any_of(words['money'])})(?![a-z]))?(?:\s(?:{after}))?",
        re.IGNORECASE,
    )


def english(passage: Passage, frame: Frame, subject: str = "", table: str = "") -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record; subject: the indicator, where a table names it."""
    masked = CODES.sub(lambda m: "\x01" * len(m[0]), passage.text)
    at = 0
    for end in [*(m.start() + 1 for m in SENTENCE.finditer(passage.text)), len(passage.text)]:
        if end > at:
            yield from _sentence(passage, masked, at, end, frame, subject, table)
        at = end


def _sentence(
    passage: Passage, masked: str, start: int, end: int, frame: Frame, subject: str, table: str
) -> Iterator[Proposal]:
    text, hidden = passage.text[start:end], masked[start:end]
    years = {m.span(1): int(m[1]) if len(m[1]) == 4 else 2000 + int(m[1]) for m in YEAR.finditer(hidden)}
    plainer = YEAR.sub(lambda m: "\x01" * len(m[0]), hidden)
    based = BETWEEN.search(hidden) or BASED.search(hidden)
    base_year = int(based[1]) if based else None
    base_span = based.span(1) if based else (-1, -1)
    goal_years = [(span, y) for span, y in sorted(years.items()) if span != base_span]
    record = _record(passage, hidden, [y for _, y in goal_years], frame, bool(subject))
    mode, noun = "", ""
    made: list[Proposal] = []
    last_end = 0
    found = [m for m in _figure().finditer(plainer) if m["low"]]
    from_value: tuple[float, str] | None = None
    for n, match in enumerate(found):
        figure, unit = _number(match["low"]), _unit(match, text)
        left = plainer[last_end : match.start()]
        ahead = found[n + 1].start() if n + 1 < len(found) else len(text)
        counts = re.search(
            rf"\b(?:{pattern('en.make').pattern})\s+(?:\S+\s+)?$", plainer[: match.start()], re.IGNORECASE
        ) and re.match(r"\s?[a-z]{3}", plainer[match.end() :])
        if (
            not unit
            and not counts
            and not (
                subject
                or re.search(
                    r"\b(?:to|of|by|than|under|below|over|above|reach|exceed)\s*$",
                    plainer[: match.start("low")],
                )
            )
        ):
            continue
        if (
            not unit
            and not counts
            and (figure < 13 or re.search(r"^\s*[)\]]", plainer[match.end() :]))
            and not subject
        ):
            continue
        if re.search(r"\bper\s*$", plainer[: match.start()]):
            continue
        if (
            re.search(r"\bfrom\s*$", plainer[: match.start()])
            and n + 1 < len(found)
            and re.match(r"[^.;]{0,30}\bto\b", plainer[match.end() :])
        ):
            from_value = (figure, match["low"])
            start_year = next((y for (a, _), y in goal_years if 0 <= a - match.end() < 12), None)
            base_year = start_year or base_year
            continue
        last_end = match.end()
        new_mode, new_noun = _said(plainer, text, match, left, n, subject)
        mode, noun = new_mode or mode, new_noun or noun
        year = _year_for(goal_years, match, ahead, passage, frame, based)
        kind, direction = _kind(mode, unit, plainer, match, left)
        comparator = (
            next((name for name, _ in named("en.before") if match[name]), "")
            or next((name for name, _ in named("en.after") if match[f"after_{name}"]), "")
            or "eq"
        )
        upper = _number(match["high"]) if match["high"] else None
        if upper is not None and upper > figure:
            comparator = "range"
        else:
            upper = None
        indicator = subject or noun
        if not indicator or not (record or subject or mode or pattern("en.promise").search(hidden)):
            continue
        span = passage.place(
            start + _quote_start(plainer, match, last=made), start + _quote_end(text, match, ahead)
        )
        place = passage.place(start + match.start("low"), start + match.end("low"))
        made.append(
            Proposal(
                OBSERVATION if record else TARGET, "", *span, place[0], match[0].strip(), indicator, kind,
                "record" if record else ("output" if mode == "make" else "outcome"), section=passage.section,
                value=figure, upper=upper, year=year, comparator=comparator, unit=unit, direction=direction,
                base_year=base_year if base_year and kind != "annual_growth" else None, table=table, basis=f"english_{mode or 'stated'}",
                **_base(kind, unit, base_year, from_value, mode),
            )
        )  # fmt: skip
        from_value = None
    for p in made:
        if p.unit == "" and p.kind == "level" and (also := next((q.unit for q in made if q.unit), "")):
            p = replace(p, unit=also)
        if p.base_value == 100 and p.base_year and p.unit == "%":
            p = replace(p, unit=f"% of {p.base_year}")
        yield p
    if not record:
        yield from _multiples(passage, hidden, text, start, years, frame, subject, table)


def _record(passage: Passage, hidden: str, years: list[int], frame: Frame, given: bool) -> bool:
    """Return whether a sentence tells of the past."""
    if given:
        return False
    future = any(frame.first and y >= frame.first for y in years) and bool(
        pattern("en.promise").search(hidden)
    )
    if pattern("en.past").search(hidden):
        return not future or not re.search(r"\b(?:will|shall|target|goal|aim|to be)\b", hidden)
    return passage.state == "record" and not future


def _said(plainer: str, text: str, match: re.Match[str], left: str, n: int, subject: str) -> tuple[str, str]:
    """Return how a figure is promised (rise_by, rise_to, fall_by, fall_to, reach, make) and of what."""
    before = plainer[: match.start()]
    verbs = [
        (m.end(), m.start(), sort)
        for sort in ("rise", "fall", "reach", "make")
        for m in re.finditer(rf"\b(?:{pattern('en.' + sort).pattern})\b", before, re.IGNORECASE)
    ]
    verb = max(verbs, default=None)
    way = re.search(r"\b(to|by|of|at|from)\s*(?:the\s+index\s+value\s+of\s*)?$", before.rstrip() + " ")
    by = bool(way and way[1] == "by") or bool(re.search(r"\bby\s+(?:an?\s+\w+\s+)*$", before))
    after = text[match.end() :]
    counted = re.match(r"\s?((?:of\s+(?:all\s+|the\s+)?)?[a-z][\w’'-]*(?:\s+[a-z&][\w’'-]*){0,5})", after)
    if verb is None:
        if match["unit"] and re.match(r"\s?of\s", after) and counted:
            return "", _clean(counted[1])
        return "", _clean(before)
    end, begin, sort = verb
    if n and not re.search(r"\w{3}", re.sub(r"\b(?:and|to|by|at|least|or|the|in|\x01)\b|\x01", "", left)):
        return "", ""
    mode = (
        sort
        if sort in ("reach", "make")
        else f"{sort}_{'by' if by else 'to' if way and way[1] == 'to' else 'by' if sort == 'fall' and not way else 'to'}"
    )
    between = re.sub(r"\bfrom\b[^a-z]*\d.*$", "", text[end : match.start()])
    thing = re.sub(r"\b(?:to|by|of|at|from|for)\s*$", "", between.strip())
    if sort == "make" and not re.search(r"[A-Za-z]{4}", thing):
        noun = (match["unit"] or "") + (f" {counted[1]}" if counted else "")
        return mode, _clean(re.split(r"\s(?:by|in|with|across|over|for|to|and)\s", noun)[0])
    if re.search(r"[A-Za-z]{3}", re.sub(r"\b(?:at|least|the|a|an|to|by|of|be|further)\b", "", thing)):
        return mode, _clean(thing)
    return mode, _clean(text[:begin])


def _clean(noun: str) -> str:
    """Return a subject without the words around it.

    >>> _clean("and the share of renewables in the mix to be ")
    'share of renewables in the mix'
    """
    noun = re.split(
        r"[.;:]\s|,\s(?=(?:we|the government|and|by|while|with|which)\b)", noun.replace("\x01", "")
    )[-1]
    noun = re.sub(r"\s+", " ", noun).strip(" ,–-(")
    noun = re.sub(
        r"^(?:by|in|until|from|over|between)\s+(?:the\s+)?(?:end\s+of\s+)?(?:year\s+)?\d{4}(?:\s?(?:-|–|and|to)\s?\d{2,4})?,?\s+",
        "",
        noun,
        flags=re.IGNORECASE,
    )
    noun = re.sub(
        r"\s+from\b[^a-z]*\d.*$|\s+(?:will|shall|should|is|are)\s+(?:have|be|projected|expected|planned|forecast|set|targeted)\b.*$",
        "",
        noun,
    )
    for _ in range(6):
        noun = re.sub(rules()["en"]["drop"], "", noun, flags=re.IGNORECASE)
        noun = re.sub(
            r"\s*\b(?:will|shall|should|to|be|is|are|must|has|have|at|by|of|from|the|a|in|and|per|reach|reached|increase|grow|grew|rise|rose|fell|fall|aims?|average annual|an average|\d{4})$",
            "",
            noun,
            flags=re.IGNORECASE,
        )
    noun = re.sub(r"\s*\b(?:by|in|until)\s+(?:the\s+(?:end\s+of\s+)?(?:year\s+)?)?$", "", noun)
    return noun.strip(" ,–-()")[:160]


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _unit(match: re.Match[str], text: str) -> str:
    """Return a unit as printed: per cent as %, a currency before its scale behind it."""
    unit = re.sub(r"\s+", " ", match["unit"] or "")
    unit = re.sub(r"per cent|percent(?!age)", "%", unit, flags=re.IGNORECASE)
    if not unit and re.match(r"\s?(?:%|per cent|percent)", text[match.end("low") :]):
        unit = "%"
    parts = [match["scale"] or "", (match["money"] or "").strip(), unit]
    return " ".join(part for part in parts if part)


def _kind(mode: str, unit: str, plainer: str, match: re.Match[str], left: str) -> tuple[str, str]:
    near = plainer[max(0, match.start() - 60) : match.end() + 25]
    points = unit.startswith("percentage") or unit == "pp"
    down = "down" if mode.startswith("fall") and mode.endswith("by") else ""
    if points:
        return "change_pp", down
    if unit.startswith("%"):
        if (
            re.search(r"\bgrow(?:th|s|ing)?\b", near, re.IGNORECASE)
            and not mode.endswith("_to")
            or (mode.endswith("by") and YEARLY.search(near))
        ):
            return "annual_growth", down
        return ("cumulative_change_pct" if mode.endswith("by") else "level"), down
    if mode == "make":
        return ("annual_flow" if YEARLY.search(near) else "cumulative_sum"), ""
    return ("change_units" if mode.endswith("by") else "level"), down


def _base(
    kind: str, unit: str, base_year: int | None, start: tuple[float, str] | None, mode: str
) -> dict[str, Any]:
    """Return the base that a sentence prints; a share "to 95 % compared to 1999" counts from 100."""
    if start:
        return {"base_value": start[0], "base_printed": start[1], "base_unit": unit}
    if kind == "level" and unit == "%" and base_year and mode.endswith("_to"):
        return {"base_value": 100.0, "base_unit": f"% of {base_year}"}
    return {}


def _year_for(
    years: list[tuple[tuple[int, int], int]],
    match: re.Match[str],
    ahead: int,
    passage: Passage,
    frame: Frame,
    based: re.Match[str] | None,
) -> int | None:
    """Return the year of a figure: the next one before the next figure, else the last one before it."""
    if based and based.re is BETWEEN:
        return int(based[2])
    behind = [y for (start, _), y in years if match.end() <= start <= ahead + 4]
    if behind:
        return behind[0]
    before = [y for (start, _), y in years if start < match.start()]
    if before:
        return before[-1]
    later = [y for (start, _), y in years if start > match.end()]
    return later[0] if later else passage.year or frame.last


def _quote_start(plainer: str, match: re.Match[str], last: list[Proposal]) -> int:
    words = list(
        re.finditer(
            r"\b(?:to|by|no|not|at|under|below|less|more|from|between)\b[^,;]{0,24}$",
            plainer[: match.start()],
        )
    )
    return words[-1].start() if words else match.start()


def _quote_end(text: str, match: re.Match[str], ahead: int) -> int:
    year = YEAR.search(text, match.end(), ahead)
    return year.end() if year and year.start() - match.end() < 30 else match.end()


def _multiples(
    passage: Passage,
    hidden: str,
    text: str,
    start: int,
    years: dict[tuple[int, int], int],
    frame: Frame,
    subject: str,
    table: str,
) -> Iterator[Proposal]:
    """Yield what is to double, triple or halve."""
    words = rules()["en"]["multiples"]
    for found in re.finditer(rf"\b(?:{'|'.join(words)})\b", hidden, re.IGNORECASE):
        if not (subject or years or pattern("en.promise").search(hidden)):
            continue
        between = BETWEEN.search(hidden)
        based = between or BASED.search(hidden)
        goal = [y for _, y in sorted(years.items()) if not based or str(y) != based[1]]
        after = re.split(r"\b(?:by|between|from|compared|relative|over)\b|[,.;]", text[found.end() :])[0]
        indicator = subject or _clean(after) or _clean(text[: found.start()])
        if not indicator:
            continue
        end = next((b for (a, b) in sorted(years, reverse=True) if a > found.end()), found.end())
        first = text.rfind("To be", 0, found.start()) if "To be" in text[: found.start()] else found.start()
        span, place = (
            passage.place(start + max(first, 0), start + end),
            passage.place(start + found.start(), start + found.end()),
        )
        yield Proposal(
            TARGET, "", *span, place[0], found[0], indicator, "multiple", "outcome", section=passage.section,
            value=float(words[found[0].lower()]), year=goal[-1] if goal else passage.year or frame.last, comparator="eq",
            unit="times", base_year=int(based[1]) if based else None, table=table, basis="in_words",
        )  # fmt: skip


def state_of(heading: str) -> str:
    """Return what a heading's section holds.

    >>> state_of("Goals and targets for 2030"), state_of("Progress so far")
    ('goals', 'record')
    """
    return first_of("en.heads", heading.lower())

"""Passages: paragraphs of a document's text, wrapped lines joined, with the section they stand in and what it holds."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planmodel.documents.figures import number_of
from planmodel.documents.grammar import ended, first_of, is_chinese, pattern, plain, roc_years

LONGEST_HEADING = 60
LONGEST_SENTENCE = 3000
"""What is longer is no sentence."""
WRAPPED_SHARE = 0.3


@dataclass(frozen=True)
class Frame:
    """What a document is about: the years of its promises, the year before them; roc: years count from 1912."""

    first: int | None = None
    last: int | None = None
    base: int | None = None
    roc: bool = False


@dataclass(frozen=True)
class Passage:
    """A paragraph in plain letters; marks: the place of each letter in the document's text.

    state: record, goals, tasks or nothing; year: of the promises of its section, where that says it;
    past: of its record; title: the length of the heading it begins with.
    """

    text: str
    marks: Sequence[int]
    section: str = ""
    state: str = ""
    year: int | None = None
    past: int | None = None
    title: int = 0

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the passage stands in the document's text."""
        return self.marks[start], self.marks[max(start, end - 1)] + 1


def year_of(text: str) -> int:
    """Return the year that digits or Chinese numerals print.

    >>> year_of("2035"), year_of("二〇三五")
    (2035, 2035)
    """
    return int(number_of(text))


def plan_years(text: str) -> tuple[int, int] | None:
    """Return the first and the last year of the five-year plan that a text names.

    >>> plan_years("“十四五”时期"), plan_years("第十五个五年规划"), plan_years("十分")
    ((2021, 2025), (2026, 2030), None)
    """
    match = pattern("zh.plan_named").search(text)
    last = 2025 + 5 * (int(number_of(match[1])) - 14) if match else 0
    return (last - 4, last) if match else None


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line of a text with its place."""
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _width(line: str) -> int:
    return sum(2 if letter > "\u2e7f" else 1 for letter in line.strip())


def paragraphs(text: str, left_out: Sequence[tuple[int, int]] = ()) -> Iterator[Passage]:
    """Yield the paragraphs of a text without the parts left out; lines that only the page's width ends are joined."""
    out = {at for at, _ in lines_of(text) if any(first <= at < last for first, last in left_out)}
    lines = [(at, line) for at, line in lines_of(text) if at not in out]
    widths = [_width(line) for _, line in lines if line.strip()]
    full = statistics.quantiles(widths, n=10)[8] if len(widths) > 10 else 10**9
    open_lines = sum(
        w > 0.8 * full and line.strip()[-1] not in "。.!?！？；;：:" for (_, line), w in zip(
            [each for each in lines if each[1].strip()], widths, strict=True))  # fmt: skip
    wrapped = full < 200 and open_lines > WRAPPED_SHARE * len(widths)
    made: list[str] = []
    marks: list[int] = []
    for at, line in lines:
        bare = line.strip()
        if wrapped and re.fullmatch(r"[-—– ]*\d{1,4}[-—– ]*", bare):
            continue  # the number of a page
        if made and (not wrapped or not bare or pattern("heading").match(plain(line)) or bare[0] in "—–•·▪●"):
            yield Passage("".join(made), marks)
            made, marks = [], []
        lead = len(line) - len(line.lstrip())
        if made and not is_chinese("".join(made)[-20:] + bare[:20]):
            made.append(" ")
            marks.append(at)
        made += plain(bare)
        marks += range(at + lead, at + lead + len(bare))
        if not wrapped or _width(line) < 0.75 * full:
            if made:
                yield Passage("".join(made), marks)
            made, marks = [], []
    if made:
        yield Passage("".join(made), marks)


def frame_of(text: str, year: int | None = None) -> Frame:
    """Return the years that a document's promises are for: those of its title, or of the work it announces.

    year: the last one, where a person says it.
    """
    words = ended(plain(text))
    roc = roc_years(text)
    head = [ended(plain(line)).strip() for line in text.split("\n") if line.strip()]
    titles = [
        line for line in head[:60] if len(line) <= 100 and pattern("title").search(line) and not line.endswith(("。", "."))
    ]  # fmt: skip
    span: tuple[int | None, int | None] | None = None
    for line in titles:
        ours = pattern("zh.roc_years").search(line) if roc else None
        both, one = pattern("years").search(line), re.search(r"[A-Za-z]\D*\b(20\d\d)\b", line)
        if ours:
            span = (int(ours[1]) + 1911, int(ours[2]) + 1911)
        elif both:
            span = (int(both[1]), int(both[2]))
        else:
            span = plan_years(line) or ((None, int(one[1])) if one else None)
        if span:
            break
    if not span and (work := pattern("zh.work_of_year").findall(words)):
        last = max(map(int, work))
        span = (last, last)
    if not span:
        spans = Counter(plan_years(match[0]) for match in pattern("zh.plan_named").finditer(words))
        span = max(spans, key=lambda years: (spans[years], years), default=None)  # the one named most
    if not span:
        known = [int(match) for match in pattern("zh.as_of").findall(words)]
        span = (max(known) + 1, None) if known else None
    if year:
        span = (span[0], year) if span and span[0] and span[0] <= year else (year, year)
    start, end = span or (None, None)
    base = start - 1 if start else None
    if (
        end and not start and (dated := pattern("en.by_year").findall(words))
    ):  # the first year that it promises for
        start = min([end, *(int(goal) for goal in dated)])
    return Frame(start, end, base, roc)


def sections(passages: Iterator[Passage], frame: Frame) -> Iterator[Passage]:
    """Yield passages with their section, what it holds and its years, as the headings above and lead-ins tell."""
    heads: dict[str, str] = {}
    state, year, past, listed = "", None, frame.base, None
    upper: tuple[str, int | None] = ("", None)
    for passage in passages:
        passage = passage if is_chinese(passage.text) else replace(passage, text=ended(passage.text))
        title, level = _heading(passage.text)
        if title and level != "three":
            heads = {k: v for k, v in heads.items() if k < level and level == "two" and k == "one"}
            heads[level] = title.strip()
            told = first_of("zh.heads", title) or first_of("en.heads", title.lower())
            own = _goal_year(title, frame)
            if level == "one":
                upper = (told, own)
            elif told == "record" and upper[0] in ("goals", "tasks"):
                told = ""  # "make sure that new results are reached" is none of the record
            western = not is_chinese(title)
            state = told or upper[0] or ("" if western else "tasks" if "one" in heads else state)
            year = own or upper[1]
            past = _past_year(title, frame) or frame.base
        elif not heads and not state and pattern("zh.past").search(passage.text[:200]):
            state = "record"
        then = plan_years(passage.text) if pattern("zh.plan_named").match(passage.text.lstrip()) else None
        here = "record" if then and frame.first and then[1] < frame.first else state
        item = pattern("en.item").match(passage.text)
        listed = listed if item else None  # the year of the list that an item stands in
        lead = _lead(passage.text)
        placed = replace(passage, section=" ".join(heads.values()), state=here, title=len(title))
        yield replace(placed, year=listed or year, past=past)
        if passage.text.rstrip().endswith(":") and not is_chinese(passage.text):
            listed = _goal_year(passage.text, frame)
        if lead:
            state = lead
            year = _goal_year(re.split("[。;]", passage.text.rstrip())[-1], frame) or year


def _heading(text: str) -> tuple[str, str]:
    """Return the level and the text of the heading that a paragraph begins with; nothing where it begins with none."""
    match = pattern("heading").match(text)
    western = not is_chinese(text)
    alone = western and len(text) <= LONGEST_HEADING and not text.rstrip().endswith((".", ";", ",", "%"))
    if alone and ((match and match.lastgroup == "head") or first_of("en.heads", text.lower())):
        return text.strip(), "one"
    if match is None or match.lastgroup == "head":
        return "", ""
    end = re.search("[。;:]", text)
    title = text[: end.start() if end else len(text)]
    return (title, str(match.lastgroup)) if len(title) <= LONGEST_HEADING else ("", "")


def _lead(text: str) -> str:
    """Return what a paragraph announces: goals or tasks."""
    tail = text[-60:]
    if first_of("zh.lead", tail) == "tasks":
        return "tasks"
    return "goals" if text.rstrip().endswith(":") and first_of("zh.lead", tail) == "goals" else ""


def _goal_year(text: str, frame: Frame) -> int | None:
    """Return the year of promises that a heading or a lead-in names, not before the document's first."""
    years = [
        year_of(written) for written in pattern("zh.year" if is_chinese(text) else "en.year").findall(text)
    ]
    named = plan_years(text)
    years += [named[1]] if named else []
    good = [year for year in years if frame.first is None or year >= frame.first]
    return max(good) if good else None


def _past_year(text: str, frame: Frame) -> int | None:
    years = [year_of(written) for written in pattern("zh.year").findall(text)]
    years = [year for year in years if frame.first is None or year < frame.first]
    return max(years) if years else None

"""Targets and figures of the record in Chinese prose: a sentence by its clauses, a clause by its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from planmodel.documents.figures import Figure, figures
from planmodel.documents.grammar import any_of, first_of, named, pattern, rules
from planmodel.documents.passages import LONGEST_SENTENCE, YEAR, Frame, Passage, plan_years, year_of
from planmodel.documents.proposals import OBSERVATION, TARGET, Proposal

HIDDEN = "\x01"
NAMES = re.compile(r"“[^“”]*”|‘[^‘’]*’|《[^《》]*》|「[^「」]*」|『[^『』]*』|\"[^\"]*\"")
BRACKETS = re.compile(r"\([^()]*\)|〔[^〔〕]*〕|\[[^\[\]]*\]|【[^【】]*】|〈[^〈〉]*〉")
NOT_FIGURES = re.compile(
    r"[A-Za-z_][A-Za-z_.]*-?\d[\d.]*[A-Za-z]*|\d+(?:\.\d+)?(?=[GDAKSPVHC](?![A-Za-z]))[A-Za-z]|\d[\d.]*(?:[+×x*]\s*[\dNX]+)+|第\s*[\d一二三四五六七八九十百]+(?:个五年)?"
    r"|(?<!\d)(?:19|20)\d\d\s*(?:[—–\-~～至、]\s*(?:19|20)\d\d\s*)?(?:年(?:代|度|末|底|初)?|(?=[^\d.%万亿千百余多\s\u4e00-\u9fff]))|(?:\d{1,2}|[一二三四五六七八九十]+)月(?:份|底|末|初|\d{1,2}日)?|[二一][〇零O九][〇零一二三四五六七八九O]{2}年"
    r"|\d+(?:\.\d+)?(?:号|届|强|版|周年|时代|世纪|类|线城|级|[大纵横核带轴廊](?!\d))|\d\.0(?!\d|\s*[%个亿万元至~-])|±\s*[\d.]+%?|[十百千]强|\d+:\d+(?::\d+)*|\d+\s*(?:中|届)?全会|十[二三四五六七八九]五|[一二三四五六七八九十]+[、.](?=\S)|(?<![\d.])\d{1,2}[、.](?=[^\d\s])"
)
SENTENCE = re.compile(r"[。!?;]")
CLAUSE = re.compile(r"[,:]|——")
LISTED = re.compile(r"\s*(?:、|和|与|以及|及|,)\s*")
SPLIT = re.compile(r"、|和|与|以及|及(?!以上)")
GOAL = re.compile(r"目标|力争|确保|到?\d{4}年|以期|努力|争取")
WORDED = re.compile(
    r"年|天|日|次|期|位|批|起|方|类|项|届|线|度|点|片|口|门|班|组|级|张|种|条|人|对|头|支|分钟|小时|倍"
)
NOUN = re.compile(r"的?[\u4e00-\u9fffA-Za-z“《0-9\x01]")
STOP = re.compile(r"[、,。;:!?)]|(?:和|与|及)(?=[^、,]*\d)|并(?!网)|的?(?:目标|任务)?$")
LONGEST_WORD = 16
MONEY = re.compile(r"元$")
SHARED_END = re.compile(
    "(?:总?产[量值]|增加值|总?收入|总额|产能|面积|数量|里程|余额|增速|用量|消费量|人数|覆盖率|普及率|达标率|利用率|入学率|参保率|占比|比重)$"
)
OF_WHOM = re.compile("农村|乡村|城镇|城市")
STARTS, RISES = (
    re.compile(r"(?:由|从)(?:\d{3,4}年的?|\x01+的?)?$"),
    re.compile(r"[^,;]{0,8}?(?:提高|提升|增加|增长|上升|下降|降低|降|升|减少|扩大)[到至]"),
)
ORDER = re.compile(r"[级型号强类版届线代后]|周年|位一体|全会|余?年来")
TIMES_AND_PLACES = ("年", "线", "届", "点")


@dataclass(frozen=True)
class _Part:
    """A figure in its clause: what stands before and behind it, as hidden and as written."""

    figure: Figure
    left: tuple[int, int]
    right: tuple[int, int]
    before_noun: bool


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


def hidden(text: str) -> str:
    """Return a text of the same length in which names, brackets, codes and years cannot be taken for figures."""

    def hide(match: re.Match[str]) -> str:
        return HIDDEN * len(match[0])

    for found in (BRACKETS, NAMES, NOT_FIGURES):
        text = found.sub(hide, text)
    return text


def prose(passage: Passage, frame: Frame) -> Iterator[Proposal]:
    """Yield what the sentences of a passage promise or record."""
    masked = hidden(passage.text)
    for start, end in _parts(masked, SENTENCE):
        if end - start <= LONGEST_SENTENCE:
            yield from _Sentence(passage, frame, masked, start, end).read()
    for bracket in BRACKETS.finditer(passage.text) if len(passage.text) < 10 * LONGEST_SENTENCE else ():
        inner = (bracket.start() + 1, bracket.end() - 1)
        if first_of("zh.promise", passage.text[inner[0] : inner[1]]) or "占" in bracket[0]:
            inside = " " * inner[0] + hidden(passage.text[slice(*inner)])
            yield from _Sentence(passage, frame, inside, *inner).read()


def _parts(
    masked: str, ends: re.Pattern[str], start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int]]:
    end = len(masked) if end is None else end
    at = start
    for found in ends.finditer(masked, start, end):
        if (
            found[0] == ","
            and re.match(r"\d{3}(?!\d)", masked[found.end() :])
            and masked[found.start() - 1 : found.start()].isdigit()
        ):
            continue
        yield at, found.start()
        at = found.end()
    yield at, end


@cache
def _edge(key: str) -> re.Pattern[str]:
    words = any_of(rules()["zh"][key])
    return re.compile(rf"(?:{words})" if key == "leading" else rf"(?:{words})$")


def _without_front(text: str) -> str:
    """Return a text without the words before a subject."""
    while (found := _edge("leading").match(text)) and found.end():
        text = text[found.end() :]
    return text


def _without_back(text: str) -> str:
    """Return a text without the words between a subject and its figure."""
    while (found := _edge("trailing").search(text, max(0, len(text) - LONGEST_WORD))) and found[0]:
        text = text[: found.start()]
    return text


@cache
def _verbs(sort: str) -> str:
    return any_of(rules()["zh"]["promise"][sort])


def bare(text: str) -> str:
    """Return a subject without the words around it that say when, how far and how surely.

    >>> bare("到2025年,全市服务业增加值力争突破"), bare("其中城镇新增就业")
    ('服务业增加值', '城镇新增就业')
    """
    text = re.sub(r"\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+", "", text.strip())
    for _ in range(3):
        text = _without_back(_without_front(text)).strip(" 、,和与及的")
    return text


class _Sentence:
    """A sentence while it is read."""

    def __init__(self, passage: Passage, frame: Frame, masked: str, start: int, end: int):
        self.passage, self.frame, self.masked = passage, frame, masked
        self.text, self.start, self.end = passage.text, start, end
        self.said = _Said()
        self.last_kind = ""

    def read(self) -> Iterator[Proposal]:
        for start, end in _parts(self.masked, CLAUSE, self.start, self.end):
            yield from self.clause(start, end)

    def clause(self, start: int, end: int) -> Iterator[Proposal]:
        """Yield the proposals of a clause."""
        yield from self.without_figure(start, end)
        parts = self.figured(start, end)
        if not parts:
            text = bare(self.text[start:end])
            verbs = list(pattern("zh.growth").finditer(text))
            text = text[verbs[-1].end() :] if verbs and len(text) - verbs[-1].end() > 2 else text
            if text:
                self.said = _Said((), self.said.subjects, self.verb(start, end), "", text)
            return
        groups: list[list[_Part]] = []
        for part in parts:
            between = self.masked[slice(*part.left)]
            if (
                groups
                and not part.before_noun
                and not groups[-1][-1].before_noun
                and LISTED.fullmatch(between)
            ):
                groups[-1].append(part)
            else:
                groups.append([part])
        carried = self.said.verb if parts and not self.verb(start, end) else ""
        made: list[Proposal] = []
        for group in groups:
            carried = self.verb(*group[0].left) or carried
            made += self.group(group, carried, start, end)
        yield from _spread(made)

    def verb(self, start: int, end: int) -> str:
        """Return the sort of the last verb of a part: level, sum, underway, or nothing."""
        best, at = "", -1
        for name, words in named("zh.promise"):
            for found in words.finditer(self.masked, start, end):
                if found.end() > at:
                    best, at = name, found.end()
        return best

    def figured(self, start: int, end: int) -> list[_Part]:
        """Return the figures of a clause that count or measure something."""
        found = [
            replace(f, start=f.start + start, end=f.end + start, number_end=f.number_end + start)
            for f in figures(self.masked[start:end])
        ]
        kept: list[Figure] = []
        for i, bare_figure in enumerate(found):
            figure = self.with_unit(bare_figure, found[i + 1 :])
            if figure and self.counts(figure, start, end) and not self.is_size(figure, kept, found[i + 1 :]):
                kept.append(figure)
        parts = []
        before = start
        for i, figure in enumerate(kept):
            ahead = kept[i + 1].start if i + 1 < len(kept) else end
            noun_end = figure.end
            is_before = self.is_before_noun(before, figure, ahead)
            if is_before:
                stop = re.search(
                    r"[、,]|和(?=[^、,]*\d)|及(?=[^、,]*\d)" if i + 1 < len(kept) else r"$",
                    self.masked[figure.end : ahead],
                )
                noun_end = figure.end + (stop.start() if stop else ahead - figure.end)
            parts.append(_Part(figure, (before, figure.start), (figure.end, noun_end), is_before))
            before = noun_end
        return parts

    def with_unit(self, figure: Figure, behind: Sequence[Figure]) -> Figure | None:
        """Return a figure with its unit, which may stand behind a later one of a list; None where there is none."""
        if figure.unit.removeprefix(figure.multiplier):
            return figure
        later = next((f for f in behind if f.unit.removeprefix(f.multiplier)), None)
        if later is None or not LISTED.fullmatch(self.masked[figure.end : later.start]):
            return None
        unit = later.unit.removeprefix(later.multiplier)
        return replace(figure, unit=figure.multiplier + unit if figure.multiplier else later.unit)

    def counts(self, figure: Figure, start: int, end: int) -> bool:
        """Return whether a figure counts or measures something: it is no age, order, grade or lapse of time."""
        after, unit = self.masked[figure.number_end : end], figure.unit.removeprefix(figure.multiplier)
        if ORDER.match(after) or (
            STARTS.search(self.masked[start : figure.start]) and RISES.match(self.masked[figure.end : end])
        ):
            return False
        if unit in TIMES_AND_PLACES:
            return unit in ("年", "点") and bool(
                pattern("zh.years_of").search(self.text[start : figure.start])
            )
        if unit in ("天", "日", "米", "度", "级") and (
            NOUN.match(self.masked[figure.end : end]) or figure.worded
        ):
            return False
        if unit in ("小时", "分钟") and NOUN.match(after):
            return bool(re.match(r"[^、,]{0,12}圈", after))
        if unit == "岁" and NOUN.match(self.masked[figure.end : end]):
            return False
        if figure.worded and re.match("(?:村|镇|乡|县|街道|社区)的", after):
            return False
        few = (figure.value or 0) < 2 or bool(WORDED.match(unit))
        return not (figure.worded and unit != "%" and not figure.multiplier and few)

    def is_size(self, figure: Figure, before: Sequence[Figure], behind: Sequence[Figure]) -> bool:
        """Return whether a sum of money only says which things are counted: projects of more than so much."""
        after = self.masked[figure.end : self.end]
        if figure.comparator in ("ge", "le") and behind and behind[0].unit == "%" and NOUN.match(after):
            return not re.search("[、,]", self.masked[figure.end : behind[0].start])
        if not MONEY.search(figure.unit) or not NOUN.match(after) or STOP.match(after):
            return False
        if behind:
            between = self.masked[figure.end : behind[0].start]
            if not re.search("[、,]", between) and not first_of("zh.promise", between):
                return True
        between = self.masked[before[-1].end : figure.start] if before else ""
        return bool(between.strip()) and not re.search("[、,]", between) and "元" not in before[-1].unit

    def is_before_noun(self, before: int, figure: Figure, ahead: int) -> bool:
        """Return whether what a figure counts stands behind it."""
        if not NOUN.match(self.masked[figure.end : ahead]) or STOP.match(self.masked[figure.end : self.end]):
            return False
        left = re.sub(r"(?:今年|年内|全年|本年度?)$", "", self.masked[before : figure.start].rstrip()[-24:])
        if left.endswith("、"):
            return True
        if not left.strip(" 、,和与及以") or re.search(r"(?:等|的|约|各|超过|突破|至少|不少于|其中)$", left):
            return True
        return bool(
            re.search(
                rf"(?:{'|'.join(p.pattern for _, p in named('zh.promise'))})(?:了|好|出|不少于|不低于|超过|约|至少|全国|省级|国家级|全省)?$",
                left,
            )
        )

    def group(self, group: Sequence[_Part], verb: str, start: int, end: int) -> Iterator[Proposal]:
        """Yield the proposals of figures that share what stands before them."""
        first = group[0]
        left = self.text[slice(*first.left)]
        if first.before_noun:
            yield from self.proposal(first.figure, self.noun(first), verb, first, start, end)
            return
        subjects = self.subjects(left, len(group), start)
        unit, said = first.figure.unit, self.said
        newly = re.match(rf"新(?:{_verbs('sum')}|增|建|及|和|维修|改|扩)*", subjects[0]) if subjects else None
        doing = newly[0] if newly else ""
        if (
            not doing
            and said.doing
            and not first_of("zh.promise", left)
            and (unit == said.unit or start == said.clause)
        ):
            doing = said.doing
            subjects = [doing + subject for subject in subjects]
        shared = re.search(r"分别", left)
        if len(group) == 1 and len(subjects) > 1:
            for subject in subjects:
                yield from self.proposal(first.figure, subject, verb, first, start, end)
        else:
            for i, part in enumerate(group):
                subject = subjects[i] if len(subjects) == len(group) else (subjects[0] if subjects else "")
                yield from self.proposal(part.figure, subject, verb, first, start, end)
        own = tuple(s for s in subjects if s)
        if own:
            self.said = _Said(
                own,
                () if shared else (self.said.subjects + self.said.earlier)[:3],
                verb,
                group[-1].figure.unit,
                "",
                self.last_kind,
                start,
                doing,
            )

    def noun(self, part: _Part) -> str:
        """Return what a figure before its noun counts."""
        noun = self.text[slice(*part.right)].strip(" 的")
        if part.figure.unit in ("小时", "分钟"):
            return noun + "时间"
        if part.figure.unit in ("%", "‰"):
            return noun.removeprefix("以上").strip("的") + "的比例"
        noun = re.sub(r"(?:等)?(?:按时|全面|如期|全部)?(?:完工|建成|投产|投用|投入使用|开工建设)$", "", noun)
        noun = (
            re.sub(r"等?(?:工程|项目)?(?:的)?(?:建设|任务|目标)?$", "", noun)
            if len(noun) > 6 and "等" in noun
            else noun
        )
        if len(noun) > 16 and "的" in noun:
            noun = noun.rpartition("的")[2] or noun
        left = self.masked[slice(*part.left)]
        done = re.findall(_verbs("sum"), left)
        new = done[-1] if done and done[-1].startswith("新") else ""
        return new + re.sub(r"(?:建设|任务)$|[和与及、]+$", "", noun)

    def subjects(self, left: str, n: int, start: int) -> list[str]:
        """Return what figures are of: the subjects before them, as many as figures, or one for all."""
        subject = bare(re.sub(r"(?:由|从)[^由从,]{0,8}\d[^由从,]*$", "", left))
        if re.fullmatch("(?:完成|总|年度|计划)*投资", subject) and (topic := self.topic()):
            return [topic + "投资"]
        plainer = re.sub(rf"^(?:{_verbs('level')}|{_verbs('underway')}|完成|并|和|、)+", "", subject)
        subject = plainer if len(plainer) > 2 and not plainer.startswith("用地") else subject
        if len(subject) <= 8 and re.fullmatch(_verbs("sum"), subject) and self.said.subjects:
            return [re.sub(rf"(?:{_verbs('sum')})$", "", self.said.subjects[-1]) + subject]
        each = bool(re.search(r"分别|均|都|各(?:自)?(?=达|增)", left))
        if not subject:
            said = self.said
            if each and n == 1 and said.subjects:
                return list((*said.earlier, *said.subjects)[-2:])
            if each and n > 1:
                both = (*said.earlier, *said.subjects)[-n:]
                return list(both) if len(both) == n else split_subjects(said.text, n)
            if said.subjects:
                return [said.subjects[-1]]
            return [said.text[-30:]] if said.text else [""]
        if (
            subject[0] == "占"
            or re.match(r"占|比重|比例|人均", subject)
            and self.said.subjects
            and len(subject) < 16
            and subject[0] == "占"
        ):
            base = self.said.subjects[-1] if self.said.subjects else self.said.text
            return [base + subject]
        if n > 1 or each:
            return split_subjects(subject, n if n > 1 else 0)
        return [subject]

    def ends(self, at: int) -> int:
        """Return where the clause of a place ends."""
        found = CLAUSE.search(self.masked, at, self.end)
        return found.start() if found else self.end

    def topic(self) -> str:
        """Return what the paragraph is about, where it begins with its name."""
        found = re.match(r"\s*\d{1,2}[、.]([^。,;:]{2,24})[。:]", self.text)
        return found[1] if found else ""

    def year(self, at: int) -> tuple[int | None, str]:
        """Return the year that a sentence names before a place, and goal or past."""
        years = list(YEAR.finditer(self.text[self.start : self.end]))
        known: list[tuple[int, int, str]] = []
        for found in years:
            before = self.text[self.start : self.start + found.start()][-3:]
            if (
                re.search(r"比|较|自|以来|从|由|截至|截止", before)
                or "《" in self.text[self.start : self.start + found.start()][-12:]
            ):
                continue
            known.append((self.start + found.start(), year_of(found[1]), found[0]))
        ours = self.text[self.start : self.end] if self.frame.roc else ""
        for found in re.finditer(r"(?<!\d)(9\d|1\d\d)(?=年)", ours):
            if ours[: found.start()][-1:] not in ("比", "较", "自"):
                known.append((self.start + found.start(), int(found[1]) + 1911, found[0]))
        for found in re.finditer(
            r"“?十[一二三四五六七八九]五”?(?:时期|期间|期?末)?", self.text[self.start : self.end]
        ):
            span = plan_years(found[0])
            if span:
                known.append((self.start + found.start(), span[1], found[0]))
        known = sorted(k for k in known if k[0] < at)
        if not known:
            return None, ""
        year = known[-1][1]
        past = self.frame.first is not None and year < self.frame.first
        return year, "past" if past else "goal"

    def proposal(
        self, figure: Figure, subject: str, verb: str, part: _Part, start: int, end: int
    ) -> Iterator[Proposal]:
        """Yield the proposal of one figure and subject, where it is one."""
        left = self.masked[slice(*part.left)]
        said_year, when = self.year(figure.start)
        state = self.passage.state
        past = when == "past" or self.is_past(start, figure.start, when)
        record = (
            past
            or (state == "record" and when != "goal")
            or (state == "record" and said_year == self.passage.past)
        )
        if (
            not state
            and not record
            and not (when == "goal" or GOAL.search(self.text[self.start : figure.start]))
        ):
            record = True
        comparator = (
            figure.comparator
            or _before(left if not part.before_noun else left[-8:])
            or ("range" if figure.upper else "eq")
        )
        if figure.upper is not None:
            comparator = "range"
        if left.rstrip().endswith("前") and comparator == "eq":
            comparator = "le"
        kind, direction = self.kind(figure, subject, left, verb, part, start)
        self.last_kind = kind
        sort = self.sort(figure, subject, verb, part, left)
        if not record and not self.accepted(figure, subject, verb, part, left, comparator, kind):
            return
        aside = re.search("[比较](?:上年|去年)", left) and not bare(left)
        if aside or (record and not subject):
            return
        span = self.passage.place(
            part.left[0] + len(left) - len(left.lstrip(" ,、")),
            max(part.right[1] if part.before_noun else figure.end, figure.start + 1),
        )
        place = self.passage.place(figure.start, max(figure.number_end, figure.start + 1))
        printed = self.text[figure.start : figure.end].strip()
        base = self.base(figure.start, figure.unit)
        yield Proposal(
            OBSERVATION if record else TARGET, "", *span, place[0], printed, subject, kind, "record" if record else sort,
            section=self.passage.section, value=figure.value, upper=figure.upper,
            year=(said_year if when == "past" else self.passage.past) if record else said_year or self.passage.year or self.frame.last,
            comparator=comparator, unit=_unit(figure.unit), status="masked" if figure.value is None else "printed",
            direction=direction, base_value=base[0], base_printed=base[1], base_unit=_unit(figure.unit) if base[1] else "",
            basis="before_noun" if part.before_noun else "after_subject",
        )  # fmt: skip

    def is_past(self, start: int, at: int, when: str) -> bool:
        """Return whether the words before a place tell of the past: those of the sentence, or of the clause."""
        if pattern("zh.past_here").search(self.masked, start, at):
            return True
        return when != "goal" and bool(pattern("zh.past").search(self.masked, self.start, at))

    def base(self, at: int, unit: str) -> tuple[float | None, str]:
        """Return the figure that a rise or fall starts from: from A to B."""
        found = re.search(
            r"(?:由|从)(?:\d{4}年的?)?(\d[\d.,]*)\S{0,6}?(?:提高|提升|增加|增长|上升|下降|降低|降|升|减少|扩大)[到至]$",
            self.text[self.start : at],
        )
        return (float(found[1].replace(",", "")), found[1]) if found else (None, "")

    def kind(
        self, figure: Figure, subject: str, left: str, verb: str, part: _Part, start: int
    ) -> tuple[str, str]:
        """Return the kind of a promise, and down where its figure is the size of a fall."""
        tail = left[-14:]
        growth = re.search(
            rf"(?P<word>{pattern('zh.growth').pattern})(?P<upto>[到至为])?(?:约|近|超过?|突破|不低于|不少于|达到?|最多|至少|\s|\d\S)*$",
            tail,
        )
        upto = bool(growth and growth["upto"]) or bool(re.search(r"[增降升][到至]\S{0,2}$", tail))
        fall = bool(growth and pattern("zh.fall").fullmatch(growth["word"]))
        mean = pattern("zh.mean").search(left)
        lead = _without_front(left.strip(" ,、和"))
        open_left = part.before_noun or not bare(left) or bool(re.match(_verbs("sum"), lead))
        one_year = self.frame.first is not None and self.frame.first == self.frame.last
        yearly = pattern("zh.yearly").search(
            self.masked, self.start if open_left else part.left[0], figure.start
        )
        unit = figure.unit
        if part.before_noun:
            growth = None
        if "百分点" in unit:
            return ("change_pp_per_year" if mean or yearly else "change_pp"), "down" if fall else ""
        if unit in ("%", "‰"):
            if growth and not upto:
                if fall:
                    return ("annual_growth" if mean else "cumulative_change_pct"), "down"
                if (
                    re.search(r"累计|比\d{4}年|较\d{4}年", self.text[self.start : figure.start])
                    and self.frame.first != self.frame.last
                ):
                    return "cumulative_change_pct", ""
                return "annual_growth", ""
            if re.search(r"(?:增速|增幅|涨幅|增长率|增长|成长率|年增率|上涨率|增加率)$", subject):
                return "annual_growth", ""
            return "level", ""
        if unit == "倍":
            return "multiple", ""
        if left.rstrip().endswith("前") and unit in ("位", "名", "家", "个", "强"):
            return "rank", ""
        if growth and not upto and not re.search("新增", left) and growth["word"] != "扩大":
            return "change_units", "down" if fall else ""
        steady = re.search("稳定在|保持在|保持|维持|不低于", left)
        if yearly and steady and not part.before_noun:
            return "keep", ""
        if mean:
            return "mean_annual_flow", ""
        if yearly:
            return ("cumulative_sum" if one_year else "annual_flow"), ""
        if part.before_noun:
            done = re.match(
                r"[^,]*(?:完工|竣工|建成)(?:投[产用运]|使用)*$",
                self.masked[figure.end : self.ends(figure.end)],
            )
            return ("cumulative_sum" if verb == "sum" or done else "level"), ""
        if re.match(_verbs("sum"), lead) or re.search("新增|新建|累计", left):
            return "cumulative_sum", ""
        own = first_of("zh.promise", left)
        if own and verb == "sum" and not left.rstrip().endswith("完成"):
            return "cumulative_sum", ""
        if (
            not own
            and self.said.kind == "cumulative_sum"
            and (unit == self.said.unit or start == self.said.clause)
        ):
            return "cumulative_sum", ""
        if (
            "元" in unit
            and re.search("投资(?:约)?$", left.rstrip())
            and not re.search("固定资产|完成额", left)
        ):
            return "cumulative_sum", ""
        return "level", ""

    def sort(self, figure: Figure, subject: str, verb: str, part: _Part, left: str) -> str:
        """Return what sort of thing is promised: outcome, output, project or input."""
        unit = figure.unit.removeprefix(figure.multiplier)
        if unit in ("%", "‰", "倍") or "百分点" in unit:
            return "outcome"
        if "元" in unit:
            tight = left.rstrip()
            return (
                "input"
                if re.search(r"投资$|资金$", tight)
                and not re.search("完成|固定资产|实现", tight)
                or pattern("zh.invested").search(subject[:12])
                and "完成" not in left
                else "outcome"
            )
        if part.before_noun:
            sized = unit in rules()["zh"]["sizes"].split()
            return (
                "project"
                if sized and pattern("zh.works").search(subject) and "新" not in left[-6:]
                else "output"
            )
        if unit in ("人", "人次", "岁", "年") or not verb:
            return "outcome"
        return "output"

    def accepted(
        self, figure: Figure, subject: str, verb: str, part: _Part, left: str, comparator: str, kind: str
    ) -> bool:
        """Return whether a figure is promised: by its verb, its comparator, or the list of goals it stands in."""
        if not subject or len(subject) > 60 or (figure.worded and figure.start < self.passage.title):
            return False
        if (
            not part.before_noun
            and re.match(r"的[\u4e00-\u9fff]", self.masked[figure.end : self.end])
            and "%" not in figure.unit
        ):
            return False  # it tells which ones: villages of 500 people or more
        if pattern("zh.described").match(bare(left) or subject):
            return False
        goals = self.passage.state == "goals"
        if part.before_noun:
            return verb in ("level", "sum") or (goals and verb != "underway")
        if figure.worded and not figure.multiplier:
            return verb in ("level", "sum")
        tail = _without_back(left.rstrip()) != left.rstrip()
        if (
            verb == "underway"
            and not tail
            and comparator == "eq"
            and not pattern("zh.measures").search(subject[-3:])
        ):
            return False
        return (
            goals
            or verb in ("level", "sum")
            or tail
            or comparator != "eq"
            or bool(pattern("zh.measures").search(subject[-3:]))
        )

    def without_figure(self, start: int, end: int) -> Iterator[Proposal]:
        """Yield promises that print no figure: multiples in words, full coverage, beside another indicator, as assigned."""
        text, masked = self.text[start:end], self.masked[start:end]
        year, when = self.year(end)
        past = self.passage.state == "record" or pattern("zh.past").search(masked)
        if past or when == "past":
            return

        def made(subject: str, match: tuple[int, int], kind: str, basis: str, **given: Any) -> Proposal:
            first, last = start + match[0], start + match[1]
            return Proposal(
                TARGET, "", *self.passage.place(start, last), self.passage.place(first, last)[0], self.text[first:last],
                subject, kind, "outcome", section=self.passage.section, basis=basis,
                year=year or self.passage.year or self.frame.last, **given,
            )  # fmt: skip

        known = rules()["zh"]["multiples"]
        if found := re.search("|".join(sorted(known, key=len, reverse=True)), masked):
            ahead = text[: found.start()]
            based = re.search(r"(?:比|较|在)(\d{4})年", ahead)
            own = bare(re.sub(r"(?:比|较)(?:19|20)\d\d年(?:再)?(?:实现)?", "", ahead))
            said = self.said.subjects if re.search("均|都|分别", ahead) else self.said.subjects[-1:]
            for each in split_subjects(own, 0) if own else said:
                yield made(
                    each, found.span(), "multiple", "in_words", value=float(known[found[0]]), unit="倍",
                    comparator="eq", base_year=int(based[1]) if based else None,
                )  # fmt: skip
        if not self.passage.state:
            return
        if found := pattern("zh.whole").search(masked):
            about = re.sub(
                r"(?:力争|确保|争取)?(?:全部|基本)?(?:实现|达到|做到)|(?:的)?全(?:面)?覆盖$",
                "",
                text[: found.end()],
            )
            own = bare(about) or self.said.text
            of_a_year = self.frame.first is not None and self.frame.first == self.frame.last
            if own and (when == "goal" or ("实现" in masked and not of_a_year)):
                yield made(
                    own + "覆盖率", found.span(), "level", "in_words", value=100.0, unit="%", comparator="eq"
                )
        if found := pattern("zh.assigned").search(masked):
            own = bare(text[: found.start()]) or self.said.text
            if own:
                yield made(own, found.span(), "level", "assigned", status="assigned")
            return
        for words in rules()["zh"]["relative"].split():
            found = re.search(words, masked)
            if found and re.search("增|收入|提高|投资|贸易|支出", text[: found.start()]):
                sign = "gt" if re.search("快于|高于", found[0]) else "ge" if "不低于" in found[0] else "eq"
                given = {"comparator": sign, "relative_to": found["other"].strip()}
                yield made(bare(text[: found.start()]), found.span(), "relative", "relative", **given)
                return


def _before(left: str) -> str:
    """Return the comparator that the words before a figure end in."""
    left = left.rstrip(" 到至")
    for name, words in named("zh.before"):
        found = None
        for found in words.finditer(left):
            pass
        if found and len(left) - found.end() <= 2 and not re.search(r"\d", left[found.end() :]):
            return name
    return ""


def _unit(unit: str) -> str:
    """Return a unit as printed, without blanks."""
    return unit.replace(" ", "")


def _spread(made: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals of a clause; what stands behind the last figure of a list counts for all of it."""
    for i, each in enumerate(made):
        later = made[i + 1 :]
        last = later[-1] if later else None
        if (
            each.comparator == "eq"
            and last
            and last.comparator in ("ge", "about", "le", "gt")
            and last.basis == each.basis == "after_subject"
        ):
            same = all(
                p.unit.lstrip("万亿千百") == each.unit.lstrip("万亿千百") and p.kind == each.kind
                for p in later
            )
            if same and all(p.comparator == "eq" or p is last for p in later):
                each = replace(each, comparator=last.comparator)
        yield each


def split_subjects(subject: str, n: int) -> list[str]:
    """Return the subjects that a list names: n of them, or as many as there are for 0.

    >>> split_subjects("城镇和农村常住居民人均可支配收入", 2)
    ['城镇常住居民人均可支配收入', '农村常住居民人均可支配收入']
    >>> split_subjects("一二三产增加值", 3)[1], split_subjects("进出口总额", 0)
    ('第二产业增加值', ['进出口总额'])
    """
    sectors = re.match(r"([一二三、]{2,5})(?:次)?产(?:业)?", subject)
    if sectors:
        letters = sectors[1].replace("、", "")
        if n in (0, len(letters)):
            return [f"第{letter}产业{subject[sectors.end() :]}" for letter in letters]
    items = [item for item in SPLIT.split(subject) if item]
    if n and len(items) != n:
        items = [item for item in re.split("、", subject) if item]
        if len(items) != n:
            return [subject]
    if len(items) < 2:
        return [subject]
    last = items[-1]
    shared = SHARED_END.search(last)
    bare_ones = [
        item for item in items[:-1] if len(item) < len(last) and not pattern("zh.measures").search(item)
    ]
    if shared and shared.start() and len(bare_ones) == len(items) - 1 and not OF_WHOM.match(last):
        return [*(item + shared[0] for item in bare_ones), last]
    short = [item for item in items[:-1] if len(item) <= 4 and not pattern("zh.measures").search(item)]
    if short and len(short) == len(items) - 1 and len(last) > len(short[0]) + 2:
        return [item + last[len(short[0]) :] for item in short] + [last]
    return [item.strip() for item in items]

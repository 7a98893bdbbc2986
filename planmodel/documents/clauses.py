"""Clauses of Chinese prose, and the figures in them that count or measure something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest

from planmodel.documents.figures import Figure, figures
from planmodel.documents.grammar import any_of, first_of, hide, named, pattern, rules

NAMES = re.compile(r"“[^“”]*”|‘[^‘’]*’|《[^《》]*》|「[^「」]*」|『[^『』]*』|\"[^\"]*\"")
BRACKETS = re.compile(r"\([^()]*\)|〔[^〔〕]*〕|\[[^\[\]]*\]|【[^【】]*】|〈[^〈〉]*〉")
NOT_FIGURES = re.compile(
    r"[A-Za-z_][A-Za-z_.]*-?\d[\d.]*[A-Za-z]*|\d+(?:\.\d+)?(?=[GDAKSPVHC](?![A-Za-z]))[A-Za-z]|\d[\d.]*(?:[+×x*]\s*[\dNX]+)+|第\s*[\d一二三四五六七八九十百]+(?:个五年)?"
    r"|(?<!\d)(?:19|20)\d\d\s*(?:[—–\-~～至、]\s*(?:19|20)\d\d\s*)?(?:年(?:代|度|末|底|初)?|(?=[^\d.%万亿千百余多\s\u4e00-\u9fff]))|(?:\d{1,2}|[一二三四五六七八九十]+)月(?:份|底|末|初|\d{1,2}日)?|[二一][〇零O九][〇零一二三四五六七八九O]{2}年"
    r"|\d+(?:\.\d+)?(?:号|届|强|版|周年|时代|世纪|类|线城|级|[大纵横核带轴廊](?!\d))|\d\.0(?!\d|\s*[%个亿万元至~-])|±\s*[\d.]+%?|[十百千]强|\d+:\d+(?::\d+)*|\d+\s*(?:中|届)?全会|十[二三四五六七八九]五|[一二三四五六七八九十]+[、.](?=\S)|(?<![\d.])\d{1,2}[、.](?=[^\d\s])"
)
SENTENCE, CLAUSE = re.compile(r"[。!?;]"), re.compile(r"[,:]|——")
LISTED = re.compile(r"\s*(?:、|和|与|以及|及|,)\s*")
WORDED = re.compile(
    r"年|天|日|次|期|位|批|起|方|类|项|届|线|度|点|片|口|门|班|组|级|张|种|条|人|对|头|支|分钟|小时|倍"
)
NOUN = re.compile(r"的?[\u4e00-\u9fffA-Za-z“《0-9\x01]")
STOP = re.compile(r"[、,。;:!?)]|(?:和|与|及)(?=[^、,]*\d)|并(?!网)|的?(?:目标|任务)?$")
STARTS = re.compile(r"(?:由|从)(?:\d{3,4}年的?|\x01+的?)?$")
RISES = re.compile(r"[^,;]{0,8}?(?:提高|提升|增加|增长|上升|下降|降低|降|升|减少|扩大)[到至]")
GRADE = re.compile(r"级(?!别)")
"""Behind a sum: of the size of a thing, such as an industry of a hundred billion."""
CIRCLE = re.compile(r"[^,]{0,24}圈|[^、,]{0,12}(?:融入|联系|到达|直达|通达|可达|抵达|互达|覆盖)[^,]")
TO_PLACE = re.compile(r"(?:^|[,、\x01])(?:到|至|距|抵)[\u4e00-\u9fff]{2,10}$")
"""What stands around a time of travel or of service."""
WORKS = re.compile(r"[\u4e00-\u9fff]{2,16}(?:工程|项目|建设|改造|修复|治理)(?:任务)?$")
PREDICATE = re.compile(r"(?:全部|均|都)[\u4e00-\u9fff]")
ORDER = re.compile(r"[级型号强类版届线代后]|周年|位一体|全会|余?年来")
TIMES = ("小时", "分钟")
TIMES_AND_PLACES = ("年", "线", "届", "点")


@dataclass(frozen=True)
class Part:
    """A figure in its clause and the words around it, names and brackets hidden.

    left: between the figure before and this one, from `at` on; before: of the sentence; after: up to its end. written, told:
    left and before as written; noun: what the figure counts, as written, up to `end`, where that stands behind it. clause:
    where its clause begins.
    """

    figure: Figure
    at: int
    end: int
    left: str
    written: str
    before: str
    told: str
    after: str
    noun: str
    before_noun: bool
    clause: int

    @property
    def bare_unit(self) -> str:
        """The unit without what multiplies it."""
        return self.figure.unit.removeprefix(self.figure.multiplier)

    @property
    def travels(self) -> bool:
        """Whether the figure is the time to a place that stands before it."""
        return self.figure.unit in TIMES and bool(TO_PLACE.search(self.left))


def hidden(text: str) -> str:
    """Return a text of the same length in which names, brackets, codes and years cannot be taken for figures."""
    return hide(text, BRACKETS, NAMES, NOT_FIGURES)


def pieces(
    masked: str, ends: re.Pattern[str], start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int]]:
    """Yield where sentences or clauses stand; a comma between thousands ends none."""
    end = len(masked) if end is None else end
    at = start
    for found in ends.finditer(masked, start, end):
        thousands = found[0] == "," and re.match(r"\d{3}(?!\d)", masked[found.end() :])
        if thousands and masked[found.start() - 1 : found.start()].isdigit():
            continue
        yield at, found.start()
        at = found.end()
    yield at, end


@cache
def verbs(sort: str) -> str:
    """Return the pattern of the verbs of promises of a sort: level, sum or underway."""
    return any_of(rules()["zh"]["promise"][sort])


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage, as written and with what is no figure hidden."""

    text: str
    masked: str
    start: int
    end: int

    def verb(self, start: int, end: int) -> str:
        """Return the sort of the last verb of a part: level, sum, underway, or nothing."""
        found = [
            (m.end(), -n, name)
            for n, (name, words) in enumerate(named("zh.promise"))
            for m in words.finditer(self.masked, start, end)
        ]
        return max(found)[2] if found else ""

    def figured(self, start: int, end: int) -> list[Part]:
        """Return the figures of a clause that count or measure something."""
        found = [
            replace(f, start=f.start + start, end=f.end + start, number_end=f.number_end + start)
            for f in figures(self.masked[start:end])
        ]
        kept: list[Figure] = []
        for i, bare_figure in enumerate(found):
            figure = self._with_unit(bare_figure, found[i + 1 :])
            if (
                figure
                and self._counts(figure, start, end)
                and not self._is_size(figure, kept, found[i + 1 :])
            ):
                kept.append(figure)
        parts = []
        before = start
        for figure, later in zip_longest(kept, kept[1:]):
            ahead = later.start if later else end
            noun_end = figure.end
            behind = GRADE.match(self.masked, figure.end) or (
                figure.unit.removeprefix(figure.multiplier) in rules()["zh"]["sizes"].split()
                and WORKS.match(self.masked[figure.end : ahead])
            )
            is_before = self._is_before_noun(before, figure, ahead)
            if is_before or behind:
                ends = r"[、,]|和(?=[^、,]*\d)|及(?=[^、,]*\d)" if later else "$"
                stop = re.search(ends, self.masked[figure.end : ahead])
                noun_end = figure.end + stop.start() if stop else ahead
            parts.append(
                Part(
                    figure, before, noun_end, self.masked[before : figure.start], self.text[before : figure.start],
                    self.masked[self.start : figure.start], self.text[self.start : figure.start],
                    self.masked[figure.end : self.end], self.text[figure.end : noun_end], is_before, start,
                )
            )  # fmt: skip
            before = noun_end
        return parts

    def _with_unit(self, figure: Figure, behind: Sequence[Figure]) -> Figure | None:
        """Return a figure with its unit, which may stand behind a later one of a list; None where there is none."""
        if figure.unit.removeprefix(figure.multiplier):
            return figure
        if "亿" in figure.multiplier and GRADE.match(self.masked, figure.number_end):
            return None if behind else replace(figure, unit=figure.multiplier + "元")
        later = next((f for f in behind if f.unit.removeprefix(f.multiplier)), None)
        if later is None or not LISTED.fullmatch(self.masked[figure.end : later.start]):
            return None
        unit = later.unit.removeprefix(later.multiplier)
        return replace(figure, unit=figure.multiplier + unit if figure.multiplier else later.unit)

    def _counts(self, figure: Figure, start: int, end: int) -> bool:
        """Return whether a figure counts or measures something: it is no age, order, grade or lapse of time."""
        left, after = self.masked[start : figure.start], self.masked[figure.number_end : end]
        unit, noun = figure.unit.removeprefix(figure.multiplier), NOUN.match(self.masked[figure.end : end])
        grown = "亿" in figure.multiplier and GRADE.match(after)
        if grown:
            return not re.search("[\\d一二三四五六七八九十几两多]+[个大]$", left)
        if ORDER.match(after) or (STARTS.search(left) and RISES.match(self.masked[figure.end : end])):
            return False
        if unit in TIMES_AND_PLACES:
            of_years = pattern("zh.years_of").search(self.text[start : figure.start])
            return unit in ("年", "点") and bool(of_years)
        if unit in ("天", "日", "米", "度", "级") and (noun or figure.worded):
            return False
        if unit in TIMES and NOUN.match(after):
            return bool(CIRCLE.match(after))
        if unit == "岁" and noun:
            return False
        if figure.worded and re.match("(?:村|镇|乡|县|街道|社区)的", after):
            return False
        few = (figure.value or 0) < 2 or bool(WORDED.match(unit))
        return not (figure.worded and unit != "%" and not figure.multiplier and few)

    def _is_size(self, figure: Figure, before: Sequence[Figure], behind: Sequence[Figure]) -> bool:
        """Return whether a sum of money only says which things are counted: projects of more than so much."""
        after = self.masked[figure.end : self.end]
        between = self.masked[figure.end : behind[0].start] if behind else "、"
        if figure.comparator in ("ge", "le") and behind and behind[0].unit == "%" and NOUN.match(after):
            return not re.search("[、,]", between)
        if not figure.unit.endswith("元") or not NOUN.match(after) or STOP.match(after):
            return False
        if not re.search("[、,]", between) and not first_of("zh.promise", between):
            return True
        earlier = self.masked[before[-1].end : figure.start] if before else ""
        return bool(earlier.strip()) and not re.search("[、,]", earlier) and "元" not in before[-1].unit

    def _is_before_noun(self, before: int, figure: Figure, ahead: int) -> bool:
        """Return whether what a figure counts stands behind it."""
        after = self.masked[figure.end : self.end]
        if not NOUN.match(self.masked[figure.end : ahead]) or STOP.match(after) or PREDICATE.match(after):
            return False
        if figure.unit in TIMES and CIRCLE.match(after):
            return True
        if GRADE.match(after) and re.search(
            r"[\u4e00-\u9fff]{2}(?:成为|达到|迈入|跻身|进入)$", self.masked[before : figure.start]
        ):
            return False
        left = re.sub(r"(?:今年|年内|全年|本年度?)$", "", self.masked[before : figure.start].rstrip()[-24:])
        if left.endswith(("、", "和", "与", "及")) or not left.strip(" 、,和与及以"):
            return True
        if re.search(r"(?:等|的|约|各|超过|突破|至少|不少于|其中)$", left):
            return True
        all_verbs = "|".join(p.pattern for _, p in named("zh.promise"))
        return bool(
            re.search(
                rf"(?:{all_verbs})(?:了|好|出|不少于|不低于|超过|约|至少|全国|省级|国家级|全省)?$", left
            )
        )

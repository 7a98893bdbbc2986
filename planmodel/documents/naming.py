"""What figures of Chinese prose are of: subjects as words name them, made whole with what the clauses before have said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planmodel.documents.clauses import Part, is_time
from planmodel.documents.grammar import PERCENT, entry, first_of, pattern

LONGEST_WORD, LONGEST_NAME = 16, 14


def without_front(text: str) -> str:
    """Return a text without the words before a subject."""
    while (match := pattern("zh.leading").match(text)) and match.end():
        text = text[match.end() :]
    return text


def without_back(text: str) -> str:
    """Return a text without the words between a subject and its figure."""
    while (match := pattern("zh.ends_before").search(text, max(0, len(text) - LONGEST_WORD))) and match[0]:
        text = text[: match.start()]
    return text


def bare(text: str) -> str:
    """Return a subject without the words around it that say when, how far and how surely.

    >>> bare("到2025年,全市服务业增加值力争突破"), bare("其中城镇新增就业")
    ('服务业增加值', '城镇新增就业')
    """
    text = re.sub(r"\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+", "", text.strip())
    for _ in range(3):
        text = without_back(without_front(text)).strip(entry("zh.around"))
    return text


def theme(text: str, known: str = "") -> str:
    """Return the thing that clauses without a figure are about, for the measures that follow; nothing where they name none.

    known: what those before are about; who acts stays the theme of its sentence.

    >>> theme("食品产业以龙头企业为引领"), theme("大力推进村级卫生室建设"), theme("港口发展全面加快"), theme("生态更美")
    ('食品产业', '村级卫生室', '港口', '')
    """
    text = pattern("zh.doing").sub("", bare(text))
    acting, work = pattern("zh.acts").match(text), pattern("zh.work").match(text)
    if acting or (work and not pattern("zh.is_actor").search(known)):
        return bare((acting or work)[1])  # type: ignore[index]
    return known


def whose_own(name: str) -> str:
    """Return a long name without what describes the thing; measures of something keep it.

    >>> whose_own("具有国际影响力的先进制造示范工厂"), whose_own("服务业增加值占全市生产总值的比重")
    ('先进制造示范工厂', '服务业增加值占全市生产总值的比重')
    """
    thing = name.rpartition(entry("zh.of"))[2]
    measure = pattern("zh.measures").search(thing[-3:]) or pattern("zh.promise.sum").match(thing)
    return thing if len(name) > LONGEST_NAME and len(thing) >= 4 and not measure else name


def counted(part: Part) -> str:
    """Return what a figure before its noun counts."""
    of, unit = entry("zh.of"), part.figure.unit
    noun = part.noun.strip(" " + of)
    if is_time(unit):
        place = pattern("zh.underway").sub("", bare(part.written))
        return f"{place if len(place) <= LONGEST_NAME else ''}{noun}{entry('zh.written.time')}"
    noun = pattern("zh.graded").sub("", noun) if pattern("zh.grade").match(part.after) else noun
    if unit in PERCENT:
        return pattern("zh.or_more").sub("", noun).strip(of) + entry("zh.written.share")
    noun = pattern("zh.finished").sub("", noun)
    if len(noun) > 6 and pattern("zh.and_others").search(noun):
        noun = pattern("zh.others_end").sub("", noun)
    noun = whose_own(noun)
    done = pattern("zh.promise.sum").findall(part.left)
    new = done[-1] if done and pattern("zh.new").match(done[-1]) else ""
    return new + pattern("zh.noun_end").sub("", noun)


def split_subjects(subject: str, n: int) -> list[str]:
    """Return the subjects that a list names: n of them, or as many as there are for 0.

    >>> split_subjects("城镇和农村常住居民人均可支配收入", 2)
    ['城镇常住居民人均可支配收入', '农村常住居民人均可支配收入']
    >>> split_subjects("各项存贷款余额", 2)
    ['各项存款余额', '各项贷款余额']
    >>> split_subjects("一二三产增加值", 3)[1], split_subjects("进出口总额", 0)
    ('第二产业增加值', ['进出口总额'])
    """
    sectors = pattern("zh.sectors").match(subject)
    if sectors:
        letters, tail = sectors[1].replace("、", ""), subject[sectors.end() :]
        if n in (0, len(letters)):
            return [entry("zh.written.sector").format(letter) + tail for letter in letters]
    for both, each in entry("zh.two_in_one").items() if n == 2 else ():
        if both in subject:
            return [subject.replace(both, one) for one in each.split()]
    items = [item for item in pattern("zh.split").split(subject) if item]
    if n and len(items) != n:
        items = [item for item in re.split("、", subject) if item]
        if len(items) != n:
            return [subject]
    if len(items) < 2:
        return [subject]
    if per := pattern("zh.per").match(items[0]):  # energy and emissions per unit of GDP
        items = [item if pattern("zh.per").match(item) else per[0] + item for item in items]
    *others, last = items
    of = last.find(entry("zh.part_of"))
    if of > 0 and not any(entry("zh.part_of") in item for item in others):  # steel and cement of the nation's
        return [*(item + last[of:] for item in others), last]
    shared, measured = pattern("zh.measured").search(last), pattern("zh.measures")
    of_others = all(len(item) < len(last) and not measured.search(item) for item in others)
    if shared and shared.start() and of_others and not pattern("zh.of_whom").match(last):
        return [*(item + shared[0] for item in others), last]
    whose = pattern("zh.number_named").fullmatch(items[0])
    alone = [len(item) <= 2 for item in items[1:] if len(item) <= 5 and measured.search(item)]
    if whose and len(alone) == len(items) - 1 and any(alone):  # the number of firms, their worth and finance
        return [items[0], *(whose[1] + item for item in items[1:])]
    shortest = min(map(len, others))
    short = shortest <= 4 and all(not measured.search(item) for item in others)
    if short and len(last) > shortest + 2:
        return [*(item + last[shortest:] for item in others), last]
    return [item.strip() for item in items]


@dataclass
class Said:
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


@dataclass(frozen=True)
class Context:
    """What a clause stands in: what those before have said, their theme, the paragraph, and the subjects that it has named."""

    said: Said
    theme: str
    paragraph: str
    named: Sequence[str]


def subjects_of(first: Part, n: int, context: Context) -> list[str]:
    """Return what figures are of: the subjects before the first of them, as many as figures, or one for all."""
    said, left, before = context.said, first.written, context.said.subject
    if beside := _beside_another(left, before):
        return [beside]
    less = pattern("zh.grown_first").match(left)
    subject = bare(pattern("zh.from_figure").sub("", left[less.end("word") :] if less else left))
    if pattern("zh.investment").fullmatch(subject) and (topic := _topic(context.paragraph)):
        return [topic + entry("zh.written.invested")]
    plainer = pattern("zh.doing_more").sub("", subject)
    subject = plainer if len(plainer) > 1 and not pattern("zh.land").match(plainer) else subject
    if said.subjects and len(subject) <= 8 and pattern("zh.done_alone").fullmatch(subject):
        thing = pattern("zh.done_first").sub("", before)
        return [subject + thing if thing != before else pattern("zh.done_last").sub("", before) + subject]
    if not subject:
        return _again(left, n, said)
    if whole := completed(subject, context):
        return [whole]
    kin = left[:1] == "、" or pattern("zh.of_which").match(left)
    head = pattern("zh.per_head").match(before) if kin else None
    own = pattern("zh.measures").search(subject) and first.figure.unit != said.unit
    if head and not pattern("zh.per_head").match(subject) and not own:
        subject = head[0] + subject
    return _each(subject, first, n, said) if n > 1 else _one(_of_kin(subject, first, said), left)


def _beside_another(left: str, before: str) -> str:
    """Return the subject of a figure that is told beside another: a share or a ratio of it, or by how much it leads."""
    if of := pattern("zh.bound_of").search(left):
        return entry("zh.written.share_of").format(bare(left[: of.start()]), of["whole"])
    if of := pattern("zh.of_average").search(left):
        return entry("zh.written.ratio_to").format(bare(left[: of.start()]) or before, of["whole"])
    if lead := pattern("zh.lead_over").search(left.rstrip()):
        return bare(left[: lead.start()]) or before
    beside = pattern("zh.beside_it").match(left)
    return before + beside[1] if beside else ""


def _topic(paragraph: str) -> str:
    """Return what a paragraph is about, where it begins with its name."""
    match = re.match(r"\s*\d{1,2}[、.]([^。,;:]{2,24})[。:]", paragraph)
    return match[1] if match else ""


def _again(left: str, n: int, said: Said) -> list[str]:
    """Return the subjects of figures that have none before them: those named before."""
    both = [*said.earlier, *said.subjects][-max(n, 2) :]
    if n == 1 and said.subjects and pattern("zh.both").search(left):
        return both
    if n > 1 and pattern("zh.each").search(left):
        return both if len(both) == n else split_subjects(said.text, n)
    return [said.subject or said.text[-30:]]


def completed(subject: str, context: Context) -> str:
    """Return a subject that leaves out whose it is with what was named before; nothing where it is whole itself."""
    said, before = context.said, context.said.subject
    if pattern("zh.part_of").match(subject):
        return (before or said.text) + subject
    if pattern("zh.generic").fullmatch(subject):
        whole = next((one for one in context.named if one.endswith(subject) and one != subject), "")
        number = pattern("zh.number_of").fullmatch(subject)
        shared = before.find(subject[0]) if subject[0] in entry("zh.shared_letters") else -1
        if shared >= 2:  # the total number of visitors, and the total receipts
            return before[:shared] + subject
        heading = "" if pattern("zh.of_sector").search(subject) else _heading(context.paragraph)
        return whole or (context.theme or heading or before * bool(number)) + subject
    level = pattern("zh.of_level")
    if before and level.fullmatch(subject):  # "2 of the nation, 5 of the province"
        return subject + level.sub("", before.removeprefix(said.doing), count=1)
    return ""


def _heading(paragraph: str) -> str:
    """Return the thing that a paragraph begins with, in a short sentence of its own: an industry."""
    match = pattern("zh.heading_thing").match(paragraph)
    thing = pattern("zh.doing").sub("", bare(match[1])) if match else ""
    if not match and (match := pattern("zh.numbered_thing").match(paragraph)):
        thing = "" if first_of("zh.promise", match[1]) else bare(match[1])
    return "" if pattern("zh.split").search(thing) else thing


def _of_kin(subject: str, part: Part, said: Said) -> str:
    """Return the name of a part of what was named before with the measure of that: of which maize 90 %, other roads 9 km."""
    left, unit = part.written, part.figure.unit
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


def _one(subject: str, left: str) -> list[str]:
    """Return the subjects of one figure: those of a list that it tells of each, else one."""
    each = pattern("zh.each").search(left) and ("、" in subject or pattern("zh.both").search(left))
    return split_subjects(subject, 0) if each else [whose_own(subject)]


def _each(subject: str, first: Part, n: int, said: Said) -> list[str]:
    """Return the subjects of several figures: of a list before them, or of one in the clause before."""
    split, respectively = pattern("zh.split"), pattern("zh.respectively").search(first.written)
    items = split.split(pattern("zh.underway").sub("", said.text))
    dated = pattern("zh.years_each").search(first.told)
    if respectively and not dated and not split.search(subject) and len(items) >= n:
        return [item + subject for item in items[:n]]
    return split_subjects(subject, n)

"""Subjects: what the figures of a clause are of, as its words name it."""

from __future__ import annotations

import re

from planmodel.documents.clauses import Part, is_time
from planmodel.documents.grammar import PERCENT, entry, pattern

LONGEST_WORD, LONGEST_NAME = 16, 14


def without_front(text: str) -> str:
    """Return a text without the words before a subject."""
    while (found := pattern("zh.leading").match(text)) and found.end():
        text = text[found.end() :]
    return text


def without_back(text: str) -> str:
    """Return a text without the words between a subject and its figure."""
    while (found := pattern("zh.ends_before").search(text, max(0, len(text) - LONGEST_WORD))) and found[0]:
        text = text[: found.start()]
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

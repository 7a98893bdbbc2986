"""Subjects: what the figures of a clause are of, as its words name it."""

from __future__ import annotations

import re
from functools import cache

from planmodel.documents.clauses import GRADE, TIMES, Part, verbs
from planmodel.documents.grammar import any_of, pattern, rules

SPLIT = re.compile(r"、|和|与|以及|及(?!以上)")
LONGEST_WORD, LONGEST_NAME = 16, 14
SHARED_END = re.compile(
    "(?:总?产[量值]|增加值|总?收入|总额|产能|面积|数量|里程|余额|增速|用量|消费量|人数|覆盖率|普及率|达标率|利用率|入学率|参保率|占比|比重)$"
)
ACTING = re.compile(
    r"(?:产业|行业|集群|园区|开发区|新区|景区|小镇|港区?|机场|平台|基地|市场|企业|事业|农业|工业)$"
)
ACTOR = re.compile(
    rf"([^、,]{{1,12}}{ACTING.pattern[:-1]})"
    r"(?:以|要|将|围绕|依托|聚焦|紧密|紧扣|立足|坚持|重点|积极|加快|突出|瞄准|按照|抓住|全面)"
)
WORK = re.compile(r"([^、,]{2,12}?)(?:的)?(?:建设|发展|培育|推广|扶持|工作|力度|工程)(?:$|[^者区局厅目]{2})")
COUNTED = re.compile(r"(.{2,}?)(?:数量|总数|个数|数|规模|总量)$")
OF_WHOM = re.compile("农村|乡村|城镇|城市")


@cache
def _edge(key: str) -> re.Pattern[str]:
    words = any_of(rules()["zh"][key])
    return re.compile(rf"(?:{words})" if key == "leading" else rf"(?:{words})$")


def without_front(text: str) -> str:
    """Return a text without the words before a subject."""
    while (found := _edge("leading").match(text)) and found.end():
        text = text[found.end() :]
    return text


def without_back(text: str) -> str:
    """Return a text without the words between a subject and its figure."""
    while (found := _edge("trailing").search(text, max(0, len(text) - LONGEST_WORD))) and found[0]:
        text = text[: found.start()]
    return text


def bare(text: str) -> str:
    """Return a subject without the words around it that say when, how far and how surely.

    >>> bare("到2025年,全市服务业增加值力争突破"), bare("其中城镇新增就业")
    ('服务业增加值', '城镇新增就业')
    """
    text = re.sub(r"\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+", "", text.strip())
    for _ in range(3):
        text = without_back(without_front(text)).strip(" 、,和与及的")
    return text


def theme(text: str, known: str = "") -> str:
    """Return the thing that clauses without a figure are about, for the measures that follow; nothing where they name none.

    known: what those before are about; who acts stays the theme of its sentence.

    >>> theme("食品产业以龙头企业为引领"), theme("大力推进村级卫生室建设"), theme("港口发展全面加快"), theme("生态更美")
    ('食品产业', '村级卫生室', '港口', '')
    """
    text = re.sub(rf"^(?:{verbs('underway')}|{verbs('level')}|完成)+", "", bare(text))
    acting, work = ACTOR.match(text), WORK.match(text)
    if acting or (work and not ACTING.search(known)):
        return bare((acting or work)[1])  # type: ignore[index]
    return known


def whose_own(name: str) -> str:
    """Return a long name without what describes the thing; measures of something keep it.

    >>> whose_own("具有国际影响力的先进制造示范工厂"), whose_own("服务业增加值占全市生产总值的比重")
    ('先进制造示范工厂', '服务业增加值占全市生产总值的比重')
    """
    thing = name.rpartition("的")[2]
    measure = pattern("zh.measures").search(thing[-3:]) or re.match(verbs("sum"), thing)
    return thing if len(name) > LONGEST_NAME and len(thing) >= 4 and not measure else name


def counted(part: Part) -> str:
    """Return what a figure before its noun counts."""
    noun, unit = part.noun.strip(" 的"), part.figure.unit
    if unit in TIMES:
        place = re.sub(rf"^(?:{verbs('underway')}|{verbs('level')})+", "", bare(part.written))
        return f"{place if len(place) <= LONGEST_NAME else ''}{noun}时间"
    noun = re.sub("^级(?:的)?|(?:的)?(?:行列|方阵)$", "", noun) if GRADE.match(part.after) else noun
    if unit in ("%", "‰"):
        return noun.removeprefix("以上").strip("的") + "的比例"
    noun = re.sub(r"(?:等)?(?:按时|全面|如期|全部)?(?:完工|建成|投产|投用|投入使用|开工建设)$", "", noun)
    if len(noun) > 6 and "等" in noun:
        noun = re.sub(r"等?(?:工程|项目)?(?:的)?(?:建设|任务|目标)?$", "", noun)
    noun = whose_own(noun)
    done = re.findall(verbs("sum"), part.left)
    new = done[-1] if done and done[-1].startswith("新") else ""
    return new + re.sub(r"(?:建设|任务)$|[和与及、]+$", "", noun)


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
    *others, last = items
    shared, measured = SHARED_END.search(last), pattern("zh.measures")
    of_others = all(len(item) < len(last) and not measured.search(item) for item in others)
    if shared and shared.start() and of_others and not OF_WHOM.match(last):
        return [*(item + shared[0] for item in others), last]
    whose = COUNTED.fullmatch(items[0])
    alone = [len(item) <= 2 for item in items[1:] if len(item) <= 5 and measured.search(item)]
    if whose and len(alone) == len(items) - 1 and any(alone):  # the number of firms, their worth and finance
        return [items[0], *(whose[1] + item for item in items[1:])]
    if (
        all(len(item) <= 4 and not measured.search(item) for item in others)
        and len(last) > len(others[0]) + 2
    ):
        return [*(item + last[len(others[0]) :] for item in others), last]
    return [item.strip() for item in items]

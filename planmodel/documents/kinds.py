"""What a figure of Chinese prose promises: its kind, what sort of thing it is, and whether it is promised at all."""

from __future__ import annotations

import re

from planmodel.documents.clauses import CLAUSE, Part, verbs
from planmodel.documents.grammar import first_of, named, pattern, rules
from planmodel.documents.naming import bare, without_back, without_front

PERCENT = ("%", "‰")
RATE_NAMES = re.compile(r"(?:增速|增幅|涨幅|增长率|增长|成长率|年增率|上涨率|增加率)$")


def comparator_of(part: Part) -> str:
    """Return how a figure is compared: by the words behind it, or those before it."""
    if part.figure.upper is not None:
        return "range"
    left = part.left[-8:] if part.before_noun else part.left
    sign = part.figure.comparator or _before(left) or "eq"
    return "le" if sign == "eq" and part.left.rstrip().endswith("前") else sign


def _before(left: str) -> str:
    """Return the comparator that the words before a figure end in."""
    left = left.rstrip(" 到至")
    for name, words in named("zh.before"):
        *_, last = [None, *words.finditer(left)]
        if last and len(left) - last.end() <= 2 and not re.search(r"\d", left[last.end() :]):
            return name
    return ""


def kind_of(
    part: Part, subject: str, verb: str, carried_sum: bool, first: int | None, last: int | None
) -> tuple[str, str]:
    """Return the kind of a promise, and down where its figure is the size of a fall.

    carried_sum: a sum was promised of the same unit before; first, last: the years of the document's promises.
    """
    left, unit = part.left, part.figure.unit
    tail, tight = left[-14:], left.rstrip()
    growth = re.search(
        rf"(?P<word>{pattern('zh.growth').pattern})(?P<upto>[到至为])?(?:约|近|超过?|突破|不低于|不少于|达到?|最多|至少|\s|\d\S)*$",
        tail,
    )
    upto = bool(growth and growth["upto"]) or bool(re.search(r"[增降升][到至]\S{0,2}$", tail))
    falls = "down" if growth and pattern("zh.fall").fullmatch(growth["word"]) else ""
    mean = pattern("zh.mean").search(left)
    lead = without_front(left.strip(" ,、和"))
    open_left = part.before_noun or not bare(left) or bool(re.match(verbs("sum"), lead))
    one_year = first is not None and first == last
    yearly = pattern("zh.yearly").search(part.before if open_left else left)
    if part.before_noun:
        growth = None
    if "百分点" in unit:
        return ("change_pp_per_year" if mean or yearly else "change_pp"), falls
    if unit in PERCENT:
        if growth and not upto:
            since = re.search(r"累计|比\d{4}年|较\d{4}年", part.told) and first != last
            cumulative = not mean if falls else since
            return ("cumulative_change_pct" if cumulative else "annual_growth"), falls
        return ("annual_growth" if RATE_NAMES.search(subject) else "level"), ""
    if unit == "倍":
        return "multiple", ""
    if tight.endswith("前") and unit in ("位", "名", "家", "个", "强"):
        return "rank", ""
    if growth and not upto and "新增" not in left and growth["word"] != "扩大":
        return "change_units", falls
    if yearly and not part.before_noun and re.search("稳定在|保持|维持|不低于", left):
        return "keep", ""
    if mean:
        return "mean_annual_flow", ""
    if yearly:
        return ("cumulative_sum" if one_year else "annual_flow"), ""
    if part.before_noun:
        clause = CLAUSE.split(part.after, maxsplit=1)[0]
        done = re.match(r"[^,]*(?:完工|竣工|建成)(?:投[产用运]|使用)*$", clause)
        within = one_year and re.search("年内|全年|今年|当年|本年", left)
        return ("cumulative_sum" if verb == "sum" or done or within else "level"), ""
    own = first_of("zh.promise", left)
    summed = (
        re.match(verbs("sum"), lead)
        or re.search("新增|新建|累计", left)
        or (own and verb == "sum" and not tight.endswith("完成"))
        or (not own and carried_sum)
        or ("元" in unit and re.search("投资(?:约)?$", tight) and not re.search("固定资产|完成额", left))
    )
    return ("cumulative_sum" if summed else "level"), ""


def sort_of(part: Part, subject: str, verb: str) -> str:
    """Return what sort of thing is promised: outcome, output, project or input."""
    unit, left = part.bare_unit, part.left
    if unit in (*PERCENT, "倍") or "百分点" in unit:
        return "outcome"
    if "元" in unit:
        tight = left.rstrip()
        planned = re.search(r"投资$|资金$", tight) and not re.search("完成|固定资产|实现", tight)
        planned = planned or (pattern("zh.invested").search(subject[:12]) and "完成" not in left)
        return "input" if planned else "outcome"
    if part.before_noun:
        sized = unit in rules()["zh"]["sizes"].split() and pattern("zh.works").search(subject)
        return "project" if sized and "新" not in left[-6:] else "output"
    return "outcome" if unit in ("人", "人次", "岁", "年") or not verb else "output"


def is_promised(part: Part, subject: str, verb: str, comparator: str, goals: bool) -> bool:
    """Return whether a figure is promised: by its verb, its comparator, or the list of goals it stands in."""
    figure = part.figure
    if not subject or len(subject) > 60 or pattern("zh.described").match(bare(part.left) or subject):
        return False
    if not part.before_noun and re.match(r"的[\u4e00-\u9fff]", part.after) and "%" not in figure.unit:
        return False  # it tells which ones: villages of 500 people or more
    if part.travels:
        return True
    done = verb in ("level", "sum")
    if part.before_noun:
        return done or (goals and verb != "underway")
    if figure.worded and not figure.multiplier:
        return done
    tail = without_back(part.left.rstrip()) != part.left.rstrip()
    told = tail or comparator != "eq" or bool(pattern("zh.measures").search(subject[-3:]))
    return told or (verb != "underway" and (goals or done))

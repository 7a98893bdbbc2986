"""What a figure of Chinese prose promises: its kind, what sort of thing it is, and whether it is promised at all."""

from __future__ import annotations

import re

from planmodel.documents.clauses import CLAUSE, Part
from planmodel.documents.grammar import PERCENT, entry, first_of, named, pattern
from planmodel.documents.naming import bare, without_back, without_front
from planmodel.documents.passages import plan_years

LARGEST_RATE = 15
"""In per cent: what is raised by more is so over the whole time, not each year."""
CHANGES = ("change_pp", "change_units", "cumulative_change_pct", "multiple")
"""Kinds that a base year may be printed for."""


def based_in(text: str) -> str:
    """Return the year that a promise is compared with; nothing where none is named.

    >>> based_in("装机较2025年增加"), based_in("产值在2020年基础上"), based_in("规模是2024年的3倍"), based_in("到2030年")
    ('2025', '2020', '2024', '')
    """
    match = pattern("zh.base_year").search(text)
    if not match and (plan := pattern("zh.base_plan").search(text)) and (span := plan_years(plan[0])):
        return str(span[1])
    return match["since"] or match["beside"] if match else ""


def comparator_of(part: Part) -> str:
    """Return how a figure is compared: by the words behind it, or those before it."""
    if part.figure.upper is not None:
        return "range"
    left = part.left[-8:] if part.before_noun else part.left
    of = pattern("zh.bound_of").search(left)
    sign = part.figure.comparator or _before(of["word"] if of else left) or "eq"
    return "le" if sign == "eq" and pattern("zh.among").search(part.left.rstrip()) else sign


def _before(left: str) -> str:
    """Return the comparator that the words before a figure end in."""
    left = pattern("zh.per_before").sub("", left.rstrip(entry("zh.until")))
    for name, words in named("zh.before"):
        *_, last = [None, *words.finditer(left)]
        if last and len(left) - last.end() <= 2 and not re.search(r"\d", left[last.end() :]):
            return name
    return ""


def grows(part: Part) -> re.Match[str] | None:
    """Return the word before a figure by which something grows or falls; nothing where it moves to the figure."""
    growth = pattern("zh.grown").search(part.left[-14:])
    return None if growth and (growth["upto"] or pattern("zh.moved_to").search(part.left[-14:])) else growth


def kind_of(
    part: Part, subject: str, verb: str, carried_sum: bool, first: int | None, last: int | None
) -> tuple[str, str]:
    """Return the kind of a promise, and down where its figure is the size of a fall.

    carried_sum: a sum was promised of the same unit before; first, last: the years of the document's promises.
    """
    left, unit = part.left, part.figure.unit
    tight = left.rstrip()
    growth = grows(part)
    falls = "down" if growth and pattern("zh.fall").fullmatch(growth["word"]) else ""
    mean = pattern("zh.mean").search(left)
    lead = without_front(left.strip(entry("zh.between")))
    open_left = part.before_noun or not bare(left) or bool(pattern("zh.promise.sum").match(lead))
    one_year = first is not None and first == last
    yearly = pattern("zh.yearly").search(part.before if open_left else left)
    yearly = None if pattern("zh.total").search(left) else yearly
    if unit == ":":
        return "ratio", ""
    if pattern("zh.points").search(unit):
        if pattern("zh.lead_over").search(tight):
            return "relative", ""
        return ("change_pp_per_year" if mean or yearly else "change_pp"), falls
    if pattern("zh.grown_first").match(left) and not part.before_noun:
        return ("cumulative_change_pct" if unit in PERCENT else "change_units"), "down"
    if unit in PERCENT:
        if growth and not part.before_noun:
            over = (
                pattern("zh.raised").fullmatch(growth["word"])
                and not yearly
                and (part.figure.value or 0) > LARGEST_RATE
            )
            since = (over or pattern("zh.since_then").search(part.told)) and first != last
            cumulative = not mean if falls else since and not mean
            return ("cumulative_change_pct" if cumulative else "annual_growth"), falls
        return ("annual_growth" if pattern("zh.rate").search(subject) else "level"), ""
    if pattern("zh.times").fullmatch(unit):
        return "multiple", ""
    if thing := pattern("zh.grown_thing").search(part.written.rstrip()):
        return "change_units", "down" if pattern("zh.fall").fullmatch(thing["word"]) else ""
    if pattern("zh.among").search(tight) and (not unit or pattern("zh.placed").fullmatch(unit)):
        return "rank", ""
    added = pattern("zh.added").search(left) or (growth and pattern("zh.enlarged").fullmatch(growth["word"]))
    if growth and not added and not part.before_noun:
        return "change_units", falls
    if yearly and not part.before_noun and pattern("zh.steady").search(left):
        return "keep", ""
    if mean:
        return "mean_annual_flow", ""
    if yearly:
        return ("cumulative_sum" if one_year else "annual_flow"), ""
    if part.before_noun:
        clause = CLAUSE.split(part.after, maxsplit=1)[0]
        done = pattern("zh.done").match(clause)
        within = one_year and pattern("zh.within_year").search(left)
        return ("cumulative_sum" if verb == "sum" or done or within else "level"), ""
    if pattern("zh.all_there").search(left):
        return "level", ""
    own = first_of("zh.promise", left)
    invested = pattern("zh.yuan").search(unit) and pattern("zh.investing").search(tight)
    summed = (
        pattern("zh.promise.sum").match(lead)
        or pattern("zh.summed").search(left)
        or (own and verb == "sum" and not pattern("zh.completed_last").search(tight))
        or (not own and carried_sum)
        or (invested and not pattern("zh.fixed_assets").search(left))
    )
    return ("cumulative_sum" if summed else "level"), ""


def sort_of(part: Part, subject: str, verb: str) -> str:
    """Return what sort of thing is promised: outcome, output, project or input."""
    unit, left = part.bare_unit, part.left
    if pattern("zh.relative_unit").fullmatch(unit):
        return "outcome"
    if pattern("zh.yuan").search(unit):
        tight = left.rstrip()
        planned = pattern("zh.funds").search(tight) and not pattern("zh.spent").search(tight)
        called = pattern("zh.invested").search(subject[:12]) and not pattern("zh.completed").search(left)
        return "input" if planned or called else "outcome"
    if part.before_noun:
        sized = pattern("zh.sizes").fullmatch(unit) and pattern("zh.works").search(subject)
        return "project" if sized and not pattern("zh.new").search(left[-6:]) else "output"
    return "outcome" if pattern("zh.people_or_years").fullmatch(unit) or not verb else "output"


def is_promised(part: Part, subject: str, verb: str, comparator: str, goals: bool) -> bool:
    """Return whether a figure is promised: by its verb, its comparator, or the list of goals it stands in."""
    figure = part.figure
    if not subject or len(subject) > 60 or pattern("zh.described").match(bare(part.left) or subject):
        return False
    if not part.before_noun and pattern("zh.which_ones").match(part.after) and "%" not in figure.unit:
        return False  # it tells which ones: villages of 500 people or more
    if part.travels:
        return True
    if pattern("zh.among").search(part.left.rstrip()) and pattern("zh.noun").match(part.after):
        return False  # the first five of them are told something
    done = verb in ("level", "sum")
    if part.before_noun:
        share = figure.unit in PERCENT or pattern("zh.yearly").search(part.left)
        return done or bool(share) or (goals and verb != "underway")
    if figure.worded and not figure.multiplier:
        return done or bool(pattern("zh.times").fullmatch(figure.unit))
    tail = without_back(part.left.rstrip()) != part.left.rstrip()
    yearly = pattern("zh.yearly").search(part.left)
    told = tail or yearly or comparator != "eq" or bool(pattern("zh.measures").search(subject[-3:]))
    return bool(told) or (verb != "underway" and (goals or done))

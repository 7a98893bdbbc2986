"""Where a plan's own pages stand in a report, and where in them each promise does: known from the plan alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import THEMES
from planmodel.plans.promises import merged

FOLDER = "plans"
MOST = 24
"""Promises on a page."""
PRINTED = "zh"
"""The language of the documents: what is quoted from them stands on pages in that language."""
EARLIER = "earlier"
"""The theme of what was promised for years up to the base year."""


def plan_page(plan: str, lang: str) -> str:
    """Return where the page of a plan stands.

    >>> plan_page("linhai-14fyp", "en")
    'plans/en/linhai-14fyp.html'
    """
    return f"{FOLDER}/{lang}/{plan}.html"


def theme_of(plan: Plan, target: Target) -> str:
    """Return what a promise is about; of one up to the base year that it is an earlier one."""
    return target.indicator.theme if target.target_year > plan.base_year else EARLIER


def promise_pages(plan: Plan) -> dict[str, tuple[tuple[Target, ...], ...]]:
    """Return the promises of a plan by the file that holds them, beside its page: by theme, a few on each.

    >>> from planmodel import load_plan
    >>> {name: len(each) for name, each in promise_pages(load_plan("jiaojiang-commerce-14fyp")).items()}
    {'jiaojiang-commerce-14fyp-growth.html': 8, 'jiaojiang-commerce-14fyp-structure.html': 9}
    """
    return dict(_pages(plan))


def _pages(plan: Plan) -> Iterator[tuple[str, tuple[tuple[Target, ...], ...]]]:
    for theme in (*THEMES, EARLIER):
        own = [each for each in merged(plan.targets) if theme_of(plan, each[0]) == theme]
        parts = -(-len(own) // MOST)
        for part in range(parts):
            start, end = (len(own) * i // parts for i in (part, part + 1))
            number = f"-{part + 1}" if part else ""
            yield f"{plan.name}-{theme}{number}.html", tuple(own[start:end])


def anchor(target_id: str) -> str:
    """Return a target's key as the name of a place on a page.

    >>> anchor("T2/1/1")
    'T2-1-1'
    """
    return re.sub(r"\W+", "-", target_id)


def addresses(plan: Plan) -> dict[str, str]:
    """Return the place of each target's promise, beside the plan's page, by the target's key.

    >>> from planmodel import load_plan
    >>> addresses(load_plan("taizhou-services-14fyp"))["text/15/1"]
    'taizhou-services-14fyp-growth.html#T2-1-1'
    """
    return {
        target.id: f"{page}#{anchor(each[0].id)}"
        for page, promises in promise_pages(plan).items()
        for each in promises
        for target in each
    }

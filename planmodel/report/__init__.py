"""HTML for readers: one self-contained page a notebook, and the index over all plans and scenarios."""

from planmodel.report.entries import build_entry
from planmodel.report.index import index_html, notebook_title, runs_html
from planmodel.report.model import (
    Chance,
    Failure,
    Link,
    PlanEntry,
    RunList,
    RunRow,
    SiteIndex,
    TargetRow,
)
from planmodel.report.pages import page_html
from planmodel.report.tabular import workbook_of

__all__ = [
    "Chance",
    "Failure",
    "Link",
    "PlanEntry",
    "RunList",
    "RunRow",
    "SiteIndex",
    "TargetRow",
    "build_entry",
    "index_html",
    "notebook_title",
    "page_html",
    "runs_html",
    "workbook_of",
]

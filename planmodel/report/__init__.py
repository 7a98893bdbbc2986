"""HTML for readers: a page a notebook, a page a plan with a place for each promise, and the index over all plans."""

from planmodel.report.entries import PlanEntry, notebook_title
from planmodel.report.index import PlanPart, SiteIndex, index_html, runs_html
from planmodel.report.pages import Link, page_html
from planmodel.report.pictures import with_notice
from planmodel.report.plan_pages import plan_html, plan_links, promise_htmls
from planmodel.report.tabular import workbook_of

__all__ = [
    "Link",
    "PlanEntry",
    "PlanPart",
    "SiteIndex",
    "index_html",
    "notebook_title",
    "page_html",
    "plan_html",
    "plan_links",
    "promise_htmls",
    "runs_html",
    "with_notice",
    "workbook_of",
]

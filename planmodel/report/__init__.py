"""HTML for readers: one self-contained page a notebook, and the index over all plans and scenarios."""

from planmodel.report.index import PlanEntry, SiteIndex, index_html, notebook_title, runs_html
from planmodel.report.pages import Link, page_html
from planmodel.report.tabular import workbook_of

__all__ = [
    "Link",
    "PlanEntry",
    "SiteIndex",
    "index_html",
    "notebook_title",
    "page_html",
    "runs_html",
    "workbook_of",
]

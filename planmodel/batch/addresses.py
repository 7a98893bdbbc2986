"""Where the files of a report stand, and which pages link to one another."""

from __future__ import annotations

from planmodel.batch.runs import Run
from planmodel.report import Link, notebook_title
from planmodel.words import phrase

MANIFEST = "manifest.json"


def page_of(path: str) -> str:
    """Return where the page of a run stands, by the run's path."""
    return f"pages/{path}.html"


def index_name(lang: str, langs: tuple[str, ...]) -> str:
    """Return the file name of the index in a language; the first language has the plain name."""
    return "index.html" if lang == langs[0] else f"index.{lang}.html"


def list_name(lang: str, number: int = 1) -> str:
    """Return the file name of a page of the list of runs."""
    return f"runs.{lang}.html" if number == 1 else f"runs.{lang}.{number}.html"


def document_name(plan: str, lang: str) -> str:
    """Return where the Word document of a plan's review stands in the report."""
    return f"documents/{plan}-review.{lang}.docx"


def page_links(run: Run) -> tuple[Link, ...]:
    """Return the links at the top of a page: the index, its sister pages, the other language."""
    up = "../" * run.path.count("/")
    links = [Link(f"../{up}{index_name(run.lang, run.langs)}", phrase("report.index", run.lang))]
    for name, scenario in run.sisters:
        path = "/".join(part for part in (run.lang, run.plan, scenario, run.variant, name) if part)
        if name != run.notebook:
            links.append(Link(f"{up}{path}.html", notebook_title(name, run.lang)))
    for lang in run.langs:
        if lang != run.lang:
            path = run.path.replace(run.lang, lang, 1)
            links.append(Link(f"{up}{path}.html", phrase("report.own_name", lang), lang))
    return tuple(links)

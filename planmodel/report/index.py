"""The index page: all plans and scenarios at a glance, failures beside them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

import jinja2
from markupsafe import Markup

from planmodel.errors import check_lang
from planmodel.report.lettering import with_letters
from planmodel.report.model import RunList, SiteIndex
from planmodel.report.pages import LANG_TAGS, TEMPLATES, stylesheet
from planmodel.report.sanitize import clean
from planmodel.words import figure, phrase, word
from planmodel.words.phrases import texts_of


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@cache
def _script() -> tuple[str, str]:
    """The script that filters and sorts, and its hash for the page's content security policy."""
    text = (TEMPLATES / "index_script.j2").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"sha256-{digest}"


def notebook_title(name: str, lang: str) -> str:
    """Return a notebook's short title; one without a title of its own shows its file name.

    >>> notebook_title("3_fans", "en"), notebook_title("my_notebook", "en")
    ('Fan charts', 'my_notebook')
    """
    return phrase(f"report.titles.{name}", lang) if f"titles.{name}" in texts_of("report") else name


def runs_html(entry: RunList, lang: str) -> str:
    """Return a page that lists runs, to filter and sort; self-contained like the index."""
    return _render("runs.html.j2", lang, list=entry)


def index_html(entry: SiteIndex, lang: str) -> str:
    """Return the index page, self-contained; every text in `entry` is shown as text, sparklines are cleaned SVG.

    Errors: PlanmodelError for a language that is not known.
    """
    return _render("index.html.j2", lang, site=entry)


def _render(template: str, lang: str, **content) -> str:
    check_lang(lang)
    script, digest = _script()
    page = (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            lang_tag=LANG_TAGS[lang],
            css=Markup(stylesheet("base", "index")),
            script=Markup(script),
            digest=digest,
            label=lambda key, **fields: phrase(f"report.{key}", lang, **fields),
            thousands=figure,
            word=lambda key: word(key, lang),
            svg=lambda text: Markup(clean(text)),
            **content,
        )
    )
    return with_letters(page)

"""One self-contained HTML page from an executed notebook."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from planmodel.errors import check_lang
from planmodel.plans.catalogue import load_catalogue
from planmodel.report import pictures
from planmodel.report.cells import Body
from planmodel.report.tabular import linked, unspaced, with_columns, with_workbook
from planmodel.words import phrase, word

TEMPLATES = Path(__file__).parent / "templates"
LANG_TAGS = {"zh": "zh-CN", "en": "en"}
ABOUT = "about"
"""The tag of a cell whose output stands at the end of a page (parameters)."""
REGION = re.compile(r'(role="region" aria-label="[^"]*)"')
"""A box of a table: each has a name of its own."""
PART = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
HEADING = re.compile(r"<(/?)h([1-6])\b")
BLANKS = re.compile(r"\s*([{};,>]|/\* \w+ \*/)\s*")


class Link(NamedTuple):
    """An address and its text; `lang` marks a language switch (the other language's page)."""

    href: str
    text: str
    lang: str = ""


@cache
def stylesheet(*names: str) -> str:
    """Return style sheets of the templates folder as one text, without the blanks that only its writers need."""
    text = "\n".join((TEMPLATES / f"{name}.css").read_text(encoding="utf-8").strip() for name in names)
    return BLANKS.sub(r"\1", text).replace(": ", ":").replace(";}", "}")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _chance_words(lang: str) -> list[str]:
    """The words for probabilities, each with where it begins and ends."""
    words = load_catalogue().rules["words"]
    ends = [0.0, *(min(each["below"], 1.0) for each in words)]
    spans = zip(words, ends, ends[1:], strict=False)
    return [f"{each[lang]} {100 * low:.0f}–{100 * high:.0f}%" for each, low, high in spans]


@cache
def _script(name: str) -> tuple[str, str]:
    """A script of the templates folder, and the hash by which a page's security policy names it."""
    lines = (TEMPLATES / f"{name}.js").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line.strip() for line in lines)
    return text, f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def rendered(
    template: str,
    lang: str,
    style: str,
    links: Iterable[Link] = (),
    *,
    script: str = "",
    letters: bool = True,
    **content: Any,
) -> str:
    """Return a page from a template. links: those in the bar on top. script: what alone may run. letters: with those in it.

    Errors: PlanmodelError for a language that is not known.
    """
    page = _environment().get_template(f"{template}.html.j2")
    links = tuple(links)
    text, digest = _script(script) if script else ("", "")
    html = page.render(
        lang_tag=LANG_TAGS[check_lang(lang)],
        css=Markup(stylesheet("base", style)),
        links=[link for link in links if not link.lang],
        languages=[link for link in links if link.lang],
        script=Markup(text),
        digest=digest,
        **_words(lang) | content,
    )
    return pictures.with_letters(html) if letters else html


def part(template: str, lang: str, **content: Any) -> Markup:
    """Return a part of a page from a template, to be put into one."""
    return Markup(_environment().get_template(f"{template}.html.j2").render(**_words(lang) | content))


def _words(lang: str) -> dict[str, Any]:
    """What templates say in a language."""
    return {
        "lang": lang,
        "label": lambda key, **fields: phrase(f"report.{key}", lang, **fields),
        "separator": phrase("report.separator", lang),
        "word": lambda key: word(key, lang),
        "chance_words": _chance_words(lang),
    }


def _parts(body: Body, cells: Iterable[Mapping]) -> str:
    """Return the cells as HTML: in their order, what they stand on at the end."""
    parts: list[str] = []
    about: list[str] = []
    for cell in cells:
        (about if ABOUT in cell["metadata"].get("tags", ()) else parts).append(body.cell(cell))
    head = body.label("parameters")
    said = "".join(about).replace(f"<caption>{head}</caption>", "")
    return "".join(parts) + (f"<h2>{head}</h2>\n{said}" if said else "")


def _with_contents(body: str, heading: str, label: str) -> str:
    """Return the text of a page with what it is of above its first heading and, under it, links to its parts."""
    titles: dict[str, str] = {}

    def named(part: re.Match) -> str:
        titles[f"s{len(titles) + 1}"] = part[1]
        return f'<h2 id="s{len(titles)}">{part[1]}</h2>'

    text = PART.sub(named, body)
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in titles.items())
    contents = (
        f'<nav aria-label="{label}"><ul class="contents">{links}</ul></nav>\n' if len(titles) > 2 else ""
    )
    first = next(iter(titles), "")
    text = text.replace(
        f'<section class="text">\n<h2 id="{first}">',
        f'{contents}<section class="text">\n<h2 id="{first}">',
        1,
    )
    return text.replace("<h1", f'<p class="of">{escape(heading)}</p>\n<h1', 1) if heading else text


def _one_h1(body: str, title: str) -> str:
    """Return the text of a page with exactly one h1: the first; later ones become h2; the title where there is none."""
    seen = 0

    def demote(heading: re.Match) -> str:
        nonlocal seen
        if heading[2] != "1":
            return heading[0]
        seen += not heading[1]
        return heading[0] if seen == 1 else f"<{heading[1]}h2"

    body = HEADING.sub(demote, body)
    return body if seen else f"<h1>{escape(title)}</h1>\n{body}"


def page_html(
    notebook: Mapping, *, lang: str, title: str, links: Iterable[Link] = (), workbook: str = "", of: str = "",
    scenarios: Iterable[Link] = (), places: Mapping[str, str] = MappingProxyType({}), notebook_file: str = "",
) -> str:  # fmt: skip
    """Return an executed notebook as one HTML page that asks no server for anything.

    links: the pages in the bar on top; one with a `lang` is a language switch. workbook: the name of a file beside the
    page with all its tables (`workbook_of`), which then needs none beside each table. of: the plan and scenario, above the
    heading. scenarios: the same page in each, the one at hand without an address. places: where a target's number in a
    table leads. notebook_file: where the notebook is for who goes on with it, empty: nowhere. Cells tagged zh or en
    show on pages in that language, those tagged ABOUT at the end. The notebook is not changed, and the same notebook always gives the same text.

    Errors: PlanmodelError for a language that is not known.
    """
    body = Body(check_lang(lang), title)
    text = linked(_one_h1(_parts(body, notebook["cells"]), title), places)
    text = _with_contents(text, of, body.label("contents"))
    page = rendered(
        "page",
        lang,
        "page",
        links,
        script="figures",
        letters=False,
        title=title,
        failed=body.failed,
        scenarios=tuple(scenarios),
        notebook_file=notebook_file,
        body=Markup(text),
    )
    numbers = count(1)
    page = REGION.sub(lambda region: f'{region[1]} {next(numbers)}"', page)
    page = pictures.with_letters(with_workbook(page, workbook, lang))
    return pictures.with_shared_looks(unspaced(with_columns(page)))

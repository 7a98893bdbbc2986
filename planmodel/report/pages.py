"""One self-contained HTML page from an executed notebook."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from html import escape
from itertools import count, groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from planmodel.errors import check_lang
from planmodel.plans.catalogue import load_catalogue
from planmodel.report import pictures, sanitize
from planmodel.report.sanitize import clean
from planmodel.report.tabular import boxed, linked, unspaced, with_columns, with_workbook
from planmodel.words import LANGS, phrase, word

TEMPLATES = Path(__file__).parent / "templates"
LANG_TAGS = {"zh": "zh-CN", "en": "en"}
HIDDEN = "hide"
ABOUT, FURTHER = "about", "further"
"""Tags: of a cell whose output stands at the end of a page (parameters), of a heading under which all is folded."""
NO_CODE = {"hide", "hide-input", "hide_input", "parameters", "injected-parameters"}
NOT_OURS = "papermill-error-cell-tag"
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
REGION = re.compile(r'(role="region" aria-label="[^"]*)"')
"""A box of a table: each has a name of its own."""
PART = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
HEADING = re.compile(r"<(/?)h([1-6])\b")
COLOURS = {
    **dict.fromkeys(("c", "c1", "cm", "ch"), "c"),
    **dict.fromkeys(("k", "kn", "kc", "kd", "ow"), "k"),
    **dict.fromkeys(("s", "s1", "s2", "sa", "si", "sd", "sh"), "s"),
    **dict.fromkeys(("mi", "mf", "mh", "nb", "bp"), "m"),
}
"""Parts of code that have a colour of their own (page.css): comments, words of the language, texts, numbers and built-ins."""
BLANKS = re.compile(r"\s*([{};,>]|/\* \w+ \*/)\s*")
RAW = re.compile(r"<style scoped>")
"""What begins a frame as pandas shows it."""
BARE = re.compile(r'<a (href="([^"]+)"[^>]*>)(?=\2</a>)')
"""A link whose text is its address: paper then says it once."""
DOLLARS = re.compile(r"^\s*(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))\s*$")


class Link(NamedTuple):
    """An address and its text; `lang` marks a language switch (the other language's page)."""

    href: str
    text: str
    lang: str = ""


class Body:
    """The cells of a notebook as HTML, in one language; `failed` where one of them has an error."""

    def __init__(self, lang: str, title: str):
        self.lang, self.title, self.failed, self.n_charts = lang, title, False, 0

    def label(self, key: str) -> str:
        return escape(phrase(f"report.{key}", self.lang))

    def cell(self, cell: Mapping) -> str:
        """Return a cell as HTML, empty where nothing of it is shown."""
        tags = set(cell["metadata"].get("tags", ()))
        if NOT_OURS in tags or cell["cell_type"] == "raw":
            return ""
        if cell["cell_type"] == "markdown":
            if HIDDEN in tags or (tags & set(LANGS) and self.lang not in tags):
                return ""
            return self.text(sanitize.machine(cell["source"]), cell.get("attachments"))
        outputs = [o for o in _merged(cell["outputs"]) if HIDDEN not in tags or o["output_type"] == "error"]
        parts = [self.output(output, cell) for output in outputs]
        if cell["source"].strip() and not NO_CODE & tags:
            code = coloured(sanitize.machine(cell["source"]))
            summary = f"<summary>{self.label('code')}</summary>"
            parts.append(f'<details class="code">{summary}\n{code}\n</details>\n')
        return f'<div class="cell">{"".join(parts)}</div>\n' if parts else ""

    def text(self, source: str, attachments: Mapping | None = None) -> str:
        return f'<section class="text">\n{boxed(markdown(source, attachments), self.lang)}</section>\n'

    def output(self, output: Mapping, cell: Mapping) -> str:
        """Return an output as HTML: of several forms the first known one."""
        if output["output_type"] == "stream":
            text = f"<pre tabindex=0>{escape(sanitize.plain(output['text']))}</pre>"
            if output["name"] == "stdout":
                return text.replace("<pre", '\n<pre class="output"', 1) + "\n"
            return f'\n<details class="log"><summary>{self.label("messages")}</summary>{text}</details>\n'
        if output["output_type"] == "error":
            first, self.failed = "" if self.failed else ' id="error"', True
            name, value = (sanitize.plain(str(output.get(key, ""))) for key in ("ename", "evalue"))
            message = f"<strong>{escape(name)}</strong>: {escape(value.strip())}"
            return f'\n<div class="error"{first} role="note">{message}</div>\n'
        for kind, show in SHOWN.items():
            if kind in output["data"]:
                content = output["data"][kind]
                return show(self, content if isinstance(content, str) else "".join(content), output, cell)
        return ""

    def html(self, content: str, *_: Mapping) -> str:
        """Return HTML in a box; a frame as pandas shows it, heads in code, is folded: what is read stands beside it."""
        shown = (
            f'<div class="result">{boxed(clean(sanitize.without_machine_ids(content)), self.lang)}</div>\n'
        )
        return self.folded(shown) if RAW.search(content) else f"\n{shown}"

    def latex(self, content: str, *_: Mapping) -> str:
        return f'\n<div class="formula">{clean(mathml(DOLLARS.sub("", content), True))}</div>\n'

    def plain(self, content: str, *_: Mapping) -> str:
        """Return a value as Python writes it, folded as a frame of numbers is; of an empty one nothing."""
        if not content.strip():
            return ""
        return self.folded(f'<pre class="output">{escape(sanitize.plain(content))}</pre>\n')

    def folded(self, shown: str) -> str:
        return f'\n<details class="log"><summary>{self.label("numbers")}</summary>{shown}</details>\n'

    def svg(self, content: str, output: Mapping, cell: Mapping) -> str:
        """Return an SVG as the page shows it: one with text as elements, any other as an image."""
        if not pictures.has_letters(content):
            return self.image("image/svg+xml", base64.b64encode(content.encode()).decode(), output, cell)
        self.n_charts += 1
        drawn = pictures.figure(content, self.alt(output, cell), self.n_charts)
        narrow = output.get("metadata", {}).get("image/svg+xml", {}).get("narrow")
        paper = pictures.on_paper(drawn, self.n_charts)
        return f"\n<figure>{drawn}{paper}{self.narrow(narrow) if narrow else ''}</figure>\n"

    def narrow(self, narrow: Mapping) -> str:
        """Return a chart as a phone shows it, in place of its picture: title, subtitle, parts under one another, note."""
        whole, (title, *others) = self.n_charts, [escape(str(text)) for text in narrow["texts"]]
        parts = []
        for part in narrow["parts"]:
            self.n_charts += isinstance(part, str)
            parts.append(pictures.part(part, self.n_charts, whole))
        below = [f"<p>{text}</p>" * bool(text) for text in others]
        above = f"<p><b>{title}</b></p>" * bool(title)
        return f'<div class="narrow">{above}{"".join(below[:1])}{"".join(parts)}{"".join(below[1:])}</div>'

    def image(self, kind: str, content: str, output: Mapping, cell: Mapping) -> str:
        """Return an image with width and height, so that the page does not jump while it loads."""
        sizes = output.get("metadata", {}).get(kind, {})
        pairs = [(name, sizes.get(name)) for name in ("width", "height")]
        size = "".join(f' {name}="{round(n)}"' for name, n in pairs if isinstance(n, int | float))
        source, alt = escape(content.replace("\n", "")), escape(self.alt(output, cell))
        return f'\n<figure><img src="data:{kind};base64,{source}" alt="{alt}"{size}></figure>\n'

    def alt(self, output: Mapping, cell: Mapping) -> str:
        metadata = output.get("metadata", {})
        for each in (*(metadata.get(kind, {}) for kind in IMAGES), metadata, cell["metadata"]):
            if each.get("alt"):
                return sanitize.plain(str(each["alt"]))
        return f"{phrase('report.chart', self.lang)}: {self.title}"


SHOWN: dict[str, Callable[..., str]] = {
    "image/svg+xml": Body.svg,
    "text/html": Body.html,
    "text/markdown": lambda body, content, *_: body.text(sanitize.machine(content)),
    "image/png": lambda body, *shown: body.image("image/png", *shown),
    "image/jpeg": lambda body, *shown: body.image("image/jpeg", *shown),
    "text/latex": Body.latex,
    "text/plain": Body.plain,
}
"""How each form of an output is shown, the preferred ones first."""


def _merged(outputs: Iterable[Mapping]) -> Iterator[Mapping]:
    """Yield outputs, consecutive texts of one stream as one (their split differs from run to run)."""
    for name, group in groupby(outputs, lambda output: output.get("name")):
        if name is None:
            yield from group
        else:
            yield {"output_type": "stream", "name": name, "text": "".join(output["text"] for output in group)}


def coloured(code: str) -> str:
    """Return code as HTML, coloured in few letters.

    >>> coloured("import a")
    '<pre tabindex=0><i class=k>import</i> a\\n</pre>'
    """
    tokens, names = _lexer()
    shown = []
    for colour, group in groupby(tokens(code), lambda token: COLOURS.get(names.get(token[0], ""))):
        text = escape("".join(part for _, part in group), quote=False)
        shown.append(f"<i class={colour}>{text}</i>" if colour else text)
    return f"<pre tabindex=0>{''.join(shown)}</pre>"


@cache
def _lexer() -> tuple[Callable, Mapping]:
    from IPython.lib.lexers import IPython3Lexer
    from pygments.token import STANDARD_TYPES

    return IPython3Lexer().get_tokens, STANDARD_TYPES


@cache
def mathml(tex: str, block: bool) -> str:
    """Return TeX as MathML, or the TeX itself as text where it cannot be read.

    >>> mathml("g", False)
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>g</mi></mrow></math>'
    """
    from latex2mathml.converter import convert

    try:
        return convert(tex.strip(), display="block" if block else "inline")
    except Exception:  # noqa: BLE001 - the library raises many kinds; the reader still gets the formula
        return f"<code>{escape(tex.strip())}</code>"


@cache
def _renderer_class() -> Any:
    modules: dict[str, Any] = sys.modules
    modules.setdefault(
        "rfc3987_syntax", None
    )  # jsonschema pulls it: two seconds to import, and it checks no notebook
    from nbconvert.filters.markdown_mistune import IPythonRenderer

    class Renderer(IPythonRenderer):
        """nbconvert's renderer with MathML for TeX, and images only from attachments."""

        def block_math(self, body):
            return f'<span class="formula">{mathml(body, True)}</span>'

        def inline_math(self, body):
            return mathml(body, False)

        def latex_environment(self, name, body):
            plain = name.startswith(("equation", "displaymath"))
            return self.block_math(body if plain else rf"\begin{{{name}}}{body}\end{{{name}}}")

    return Renderer


def markdown(source: str, attachments: Mapping | None = None) -> str:
    """Return a markdown cell as clean HTML.

    >>> markdown("Growth of **8.4 %** a year")
    '<p>Growth of <strong>8.4 %</strong> a year</p>\\n'
    """
    renderer = _renderer_class()(escape=False, attachments=dict(attachments or {}), exclude_anchor_links=True)
    from nbconvert.filters.markdown_mistune import MarkdownWithMath

    return BARE.sub(r'<a class="bare" \1', clean(MarkdownWithMath(renderer=renderer).render(source)))


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
    """Return the cells as HTML: in their order, what goes further folded, what they stand on at the end."""
    order: list[tuple[bool, list[str]]] = [(False, [])]
    about: list[str] = []
    for cell in cells:
        tags, made = cell["metadata"].get("tags", ()), body.cell(cell)
        if cell["cell_type"] == "markdown" and cell["source"].startswith("## "):
            order.append((FURTHER in tags, []))
        (about if ABOUT in tags else order[-1][1]).append(made)
    parts = ["".join(made) for _, made in order]
    summary = f'<details class="further"><summary>{body.label("further")}</summary>\n'
    text = "".join(
        f"{summary}{part}</details>\n" if folded else part
        for (folded, _), part in zip(order, parts, strict=True)
    )
    head = body.label("parameters")
    said = "".join(about).replace(f"<caption>{head}</caption>", "")
    return text + (f"<h2>{head}</h2>\n{said}" if said else "")


def _with_contents(body: str, heading: str, label: str) -> str:
    """Return the text of a page with what it is of above its first heading and, under it, links to its parts."""
    found: dict[str, str] = {}

    def named(part: re.Match) -> str:
        found[f"s{len(found) + 1}"] = part[1]
        return f'<h2 id="s{len(found)}">{part[1]}</h2>'

    folded = re.split(
        r"(<details class=\"further\">.*?</details>\n(?=<section|<h2|$))", body, flags=re.DOTALL
    )
    text = "".join(part if i % 2 else PART.sub(named, part) for i, part in enumerate(folded))
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in found.items())
    contents = (
        f'<nav aria-label="{label}"><ul class="contents">{links}</ul></nav>\n' if len(found) > 2 else ""
    )
    first = next(iter(found), "")
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
    scenarios: Iterable[Link] = (), places: Mapping[str, str] = MappingProxyType({}),
) -> str:  # fmt: skip
    """Return an executed notebook as one HTML page that asks no server for anything.

    links: the pages in the bar on top; one with a `lang` is a language switch. workbook: the name of a file beside the
    page with all its tables (`workbook_of`), which then needs none beside each table. of: the plan and scenario, above the
    heading. scenarios: the same page in each, the one at hand without an address. places: where a target's number in a
    table leads. Cells tagged zh or en show on pages in that language, those tagged ABOUT at the end; what stands below a
    heading tagged FURTHER is folded. The notebook is not changed, and the same notebook always gives the same text.

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
        body=Markup(text),
    )
    numbers = count(1)
    page = REGION.sub(lambda region: f'{region[1]} {next(numbers)}"', page)
    page = pictures.with_letters(with_workbook(page, workbook, lang))
    return pictures.with_shared_looks(unspaced(with_columns(page)))

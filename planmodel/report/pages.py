"""One self-contained HTML page from an executed notebook."""

from __future__ import annotations

import base64
import re
import sys
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from planmodel.errors import check_lang
from planmodel.report import pictures, sanitize
from planmodel.report.sanitize import clean
from planmodel.report.tabular import boxed, unspaced, with_columns, with_workbook
from planmodel.words import LANGS, phrase

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"
LANG_TAGS = {"zh": "zh-CN", "en": "en"}
HIDDEN = "hide"
NO_CODE = {"hide", "hide-input", "hide_input", "parameters", "injected-parameters"}
NOT_OURS = "papermill-error-cell-tag"
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
SHOWN = ("text/html", "text/markdown", *IMAGES, "text/latex", "text/plain")
HEADING = re.compile(r"<(/?)h([1-6])\b")
TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>')
COLOURS = {
    **dict.fromkeys(("c", "c1", "cm", "ch"), "c"),
    **dict.fromkeys(("k", "kn", "kc", "kd", "ow"), "k"),
    **dict.fromkeys(("s", "s1", "s2", "sa", "si", "sd", "sh"), "s"),
    **dict.fromkeys(("mi", "mf", "mh", "nb", "bp"), "m"),
}
"""Parts of code that have a colour of their own (page.css): comments, words of the language, texts, numbers and built-ins."""
BLANKS = re.compile(r"\s*([{};,>]|/\* \w+ \*/)\s*")
DOLLARS = re.compile(r"^\s*(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))\s*$")


class Link(NamedTuple):
    """An address and its text; `lang` marks a language switch (the other language's page)."""

    href: str
    text: str
    lang: str = ""


class Page:
    """What the template asks for, beside the notebook."""

    def __init__(self, lang: str, title: str, links: tuple[Link, ...]):
        self.lang, self.title, self.css = lang, title, stylesheet("base", "page")
        self.lang_tag = LANG_TAGS[lang]
        self.links = tuple(link for link in links if not link.lang)
        self.languages = tuple(link for link in links if link.lang)
        self.errors: list = []
        self.n_charts = 0

    @property
    def failed(self) -> bool:
        return bool(self.errors)

    def label(self, key: str) -> str:
        return phrase(f"report.{key}", self.lang)

    def shows_code(self, cell) -> bool:
        return bool(cell.source.strip()) and not NO_CODE & set(cell.metadata.get("tags", ()))

    def alt(self, output, cell) -> str:
        metadata = output.get("metadata", {})
        for each in (*(metadata.get(kind, {}) for kind in IMAGES), metadata, cell.metadata):
            if each.get("alt"):
                return sanitize.plain(str(each["alt"]))
        return f"{self.label('chart')}: {self.title}"

    def picture(self, output, cell) -> str:
        """Return an SVG as the page shows it: one with text as elements, any other as an image."""
        from markupsafe import Markup

        svg, alt = output.data["image/svg+xml"], self.alt(output, cell)
        if pictures.has_letters(svg):
            self.n_charts += 1
            return Markup(pictures.figure(svg, alt, self.n_charts))
        source = base64.b64encode(svg.encode()).decode()
        size = self.size(output, "image/svg+xml")
        return Markup(f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt)}"{size}>')

    def size(self, output, kind: str) -> str:
        """Return width and height as attributes, so that the page does not jump while it loads."""
        from markupsafe import Markup

        sizes = output.get("metadata", {}).get(kind, {})
        pairs = [(name, sizes.get(name)) for name in ("width", "height")]
        return Markup("".join(f' {name}="{round(n)}"' for name, n in pairs if isinstance(n, int | float)))


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
def _renderer_class():
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


def markdown(source: str, attachments: dict | None = None) -> str:
    """Return a markdown cell as clean HTML.

    >>> markdown("Growth of **8.4 %** a year")
    '<p>Growth of <strong>8.4 %</strong> a year</p>\\n'
    """
    from nbconvert.filters.markdown_mistune import MarkdownWithMath

    known = {name: data for name, data in (attachments or {}).items()}
    renderer = _renderer_class()(escape=False, attachments=known, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


@cache
def stylesheet(*names: str) -> str:
    """Return style sheets of the templates folder as one text, without the blanks that only its writers need."""
    text = "\n".join((TEMPLATES / f"{name}.css").read_text(encoding="utf-8").strip() for name in names)
    return BLANKS.sub(r"\1", text).replace(": ", ":").replace(";}", "}")


@cache
def _exporter():
    # jsonschema pulls rfc3987_syntax, which takes two seconds to import and checks no notebook.
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from traitlets.config import Config

    class Exporter(HTMLExporter):
        """nbconvert's exporter, without parsing the finished page once more."""

        def from_notebook_node(self, nb, resources=None, **kw):
            coloured = Highlight2HTML(pygments_lexer="ipython3", parent=self)
            self.register_filter("highlight_code", lambda *given, **more: _short(coloured(*given, **more)))
            return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    config = Config()
    config.HTMLExporter.preprocessors = []
    config.NbConvertBase.display_data_priority = list(SHOWN)
    exporter = Exporter(
        config=config, template_name="page", extra_template_basedirs=[str(TEMPLATES)], embed_images=False
    )
    return exporter


def _short(code: str) -> str:
    """Coloured code in few letters.

    >>> _short('<div class="highlight"><pre><span></span><span class="kn">import</span> <span class="nn">a</span>\\n</pre></div>')
    '<pre><i class=k>import</i> a\\n</pre>'
    """
    code = code[code.index("<pre>") : code.index("</pre>")].replace("<span></span>", "", 1) + "</pre>"
    return TOKEN.sub(
        lambda part: f"<i class={COLOURS[part[1]]}>{part[2]}</i>" if part[1] in COLOURS else part[2], code
    )


def _prepared(notebook, page: Page):
    """Return a copy of the notebook with only what is shown, cleaned; the caller's stays as it is."""
    import nbformat

    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", ()))
        is_text = cell.cell_type == "markdown"
        other_language = is_text and tags & set(LANGS) and page.lang not in tags
        if NOT_OURS in tags or cell.cell_type == "raw" or other_language or (is_text and HIDDEN in tags):
            continue
        copy = nbformat.NotebookNode(
            id=f"cell-{len(cells) + 1}",
            cell_type=cell.cell_type,
            source=sanitize.machine(cell.source),
            metadata=nbformat.NotebookNode(tags=sorted(tags), alt=cell.metadata.get("alt", "")),
        )
        if is_text:
            copy.attachments = cell.get("attachments", {})
        else:
            copy.execution_count = None
            outputs = [_output(output) for output in _merged(cell.get("outputs", ()))]
            copy.outputs = [o for o in outputs if HIDDEN not in tags or o.output_type == "error"]
            for output in copy.outputs:
                if output.output_type == "error":
                    output.first = not page.errors
                    page.errors.append(output)
        cells.append(copy)
    return nbformat.NotebookNode(cells=cells, metadata=nbformat.NotebookNode(), nbformat=4, nbformat_minor=5)


def _merged(outputs):
    """Yield outputs, consecutive texts of one stream as one (their split differs from run to run)."""
    held = None
    for output in outputs:
        if output.output_type == "stream" and held is not None and held["name"] == output.name:
            held["text"] += output.text
            continue
        if held is not None:
            yield held
        held = dict(output) if output.output_type == "stream" else None
        if held is None:
            yield output
    if held is not None:
        yield held


def _output(output):
    import nbformat

    kind = output["output_type"]
    if kind == "stream":
        return nbformat.NotebookNode(
            output_type=kind, name=output["name"], text=sanitize.plain(output["text"])
        )
    if kind == "error":
        name, value = (sanitize.plain(str(output.get(key, ""))) for key in ("ename", "evalue"))
        return nbformat.NotebookNode(output_type=kind, ename=name, evalue=value.strip(), traceback=[])
    data = {}
    for mime, content in output.get("data", {}).items():
        if mime in SHOWN:
            content = "".join(content) if isinstance(content, list | tuple) else content
            rule = {
                "text/html": sanitize.without_machine_ids,
                "text/plain": sanitize.plain,
                "text/markdown": sanitize.machine,
            }
            data[mime] = rule.get(mime, str)(content)
    return nbformat.NotebookNode(
        output_type="display_data",
        data=nbformat.NotebookNode(data),
        metadata=nbformat.from_dict(dict(output.get("metadata", {}))),
    )


def _one_h1(body: str, title: str) -> str:
    """Return the page with exactly one h1: the first; later ones become h2; the title where there is none."""
    start = body.index('<main id="main">') + len('<main id="main">')
    seen = 0

    def demote(heading: re.Match) -> str:
        nonlocal seen
        if heading[2] != "1":
            return heading[0]
        seen += not heading[1]
        return heading[0] if seen == 1 else f"<{heading[1]}h2"

    main = HEADING.sub(demote, body[start:])
    return body[:start] + ("" if seen else f"\n<h1>{escape(title)}</h1>") + main


def page_html(
    notebook: NotebookNode, *, lang: str, title: str, links: tuple[Link, ...] = (), workbook: str = ""
) -> str:
    """Return an executed notebook as one HTML page that asks no server for anything.

    links: the pages in the bar on top; one with a `lang` is a language switch. workbook: the name of a file beside the
    page with all its tables (`workbook_of`), which then needs none beside each table. Cells tagged zh or en show on pages
    in that language. The notebook is not changed, and the same notebook always gives the same text.

    Errors: PlanmodelError for a language that is not known.
    """
    page = Page(check_lang(lang), title, tuple(links))
    exporter = _exporter()
    exporter.register_filter("page_markdown", lambda text, files=None: boxed(markdown(text, files), lang))
    exporter.register_filter("page_html", lambda text: boxed(clean(text), lang))
    exporter.register_filter("page_latex", lambda text: clean(mathml(DOLLARS.sub("", text), True)))
    exporter.environment.globals["page"] = page
    body, _ = exporter.from_notebook_node(_prepared(notebook, page), {"metadata": {"name": title}})
    text = unspaced(with_columns(with_workbook(_one_h1(body, title), workbook, lang)))
    return pictures.with_shared_looks(pictures.with_letters(text))

"""The cells of an executed notebook as HTML: texts, outputs of every form, code folded."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from html import escape
from itertools import groupby
from typing import Any

from planmodel.report import pictures, sanitize
from planmodel.report.sanitize import clean
from planmodel.report.tabular import boxed
from planmodel.words import LANGS, phrase

HIDDEN = "hide"
NO_CODE = {"hide", "hide-input", "hide_input", "parameters", "injected-parameters"}
NOT_OURS = "papermill-error-cell-tag"
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
COLOURS = {
    **dict.fromkeys(("c", "c1", "cm", "ch"), "c"),
    **dict.fromkeys(("k", "kn", "kc", "kd", "ow"), "k"),
    **dict.fromkeys(("s", "s1", "s2", "sa", "si", "sd", "sh"), "s"),
    **dict.fromkeys(("mi", "mf", "mh", "nb", "bp"), "m"),
}
"""Parts of code that have a colour of their own (page.css): comments, words of the language, texts, numbers and built-ins."""
RAW = re.compile(r"<style scoped>")
"""What begins a frame as pandas shows it."""
BARE = re.compile(r'<a (href="([^"]+)"[^>]*>)(?=\2</a>)')
"""A link whose text is its address: paper then says it once."""
AFTER_MARK = re.compile(r"([\u3000-\u303f\uff00-\uffef]</(?:strong|em)>) ")
"""A blank that Markdown needs behind bold text and Chinese does not."""
DOLLARS = re.compile(r"^\s*(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))\s*$")


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
        return phrase("charts.titled", self.lang, name=phrase("report.chart", self.lang), text=self.title)


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

    html = BARE.sub(r'<a class="bare" \1', clean(MarkdownWithMath(renderer=renderer).render(source)))
    return AFTER_MARK.sub(r"\1", html).replace("<pre><code", '<pre tabindex="0"><code')

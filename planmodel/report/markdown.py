"""Markdown of a notebook cell to clean HTML; TeX becomes MathML, so that no page needs a script for it."""

from __future__ import annotations

from functools import cache
from html import escape

from planmodel.report.sanitize import clean


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

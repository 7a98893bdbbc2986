"""Charts in pages: elements of the page itself, in the page's letters, and no larger than they must be."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from planmodel.charts.letters import OWN
from planmodel.report.sanitize import clean

STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
ROOT = re.compile(r'<svg style="[^"]*"')
FIGURE = re.compile(r"<figure><svg\b.*?</figure>", re.DOTALL)
MARK = "/* looks */"
PLACE = re.compile(r' (d|x|y|width|height|points)="([^"]*)"')
LOOKS = re.compile(r' style="([^"]*)"')
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
BETWEEN = re.compile(r">\s+<")
ID = re.compile(r' id="([^"]*)"')
REFERENCE = re.compile(r'(url\(#|href="#)([^")]+)')


def has_letters(svg: str) -> bool:
    """Return True for a picture whose text is text: it needs the page's letters."""
    return "<text" in svg


def figure(svg: str, alt: str, number: int) -> str:
    """Return a picture as an element of a page; number: its place there, which keeps its ids its own.

    >>> mark = '<svg style="x"><style class="chart-letters"></style><g id="a">\\n <path id="b" d="M 1.236 2.04 \\nL -0.01 3\\n"/></g>'
    >>> print(figure(mark + '<use xlink:href="#b"/><text x="1.29">1.29</text></svg>', "<i>", 3))
    <svg role="img" aria-label="&lt;i&gt;"><path id="c3-b" d="M1.2 2L0 3"/><use href="#c3-b"/><text x="1.3">1.29</text></svg>
    """
    svg = svg.replace(f"{OWN}; ", "").replace(OWN, "")
    svg = STYLE.sub("", ROOT.sub("<svg", svg[svg.index("<svg") :], count=1)).replace("xlink:href", "href")
    svg = LOOKS.sub(lambda style: style[0].replace(": ", ":").replace("; ", ";"), PLACE.sub(_short, svg))
    used = {name for _, name in REFERENCE.findall(svg)}
    svg = ID.sub(lambda name: f' id="c{number}-{name[1]}"' if name[1] in used else "", svg)
    svg = REFERENCE.sub(rf"\1c{number}-\2", BETWEEN.sub("><", svg))
    return clean(svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1), chart=True)


def _short(attribute: re.Match) -> str:
    """A place or a path with a tenth of a unit (an eightieth of a millimetre as printed), and no blanks it can do without."""
    name, value = attribute.groups()
    value = NUMBER.sub(
        lambda number: f"{float(number[0]):.1f}".replace("-0.0", "0").removesuffix(".0"), value
    )
    value = re.sub(r"\s*([A-Za-z])\s*", r"\1", value) if name == "d" else value
    return f' {name}="{" ".join(value.split())}"'


def with_shared_looks(page: str) -> str:
    """Return a page whose pictures name the looks that they share, which stand once, at the mark in its style sheet."""
    counts = Counter(look for picture in FIGURE.findall(page) for look in LOOKS.findall(picture))
    names = {look: f"l{n}" for n, (look, count) in enumerate(counts.most_common(), 1) if count > 1}

    def named(look: re.Match) -> str:
        return f' class="{names[look[1]]}"' if look[1] in names else look[0]

    page = FIGURE.sub(lambda picture: LOOKS.sub(named, picture[0]), page)
    return page.replace(MARK, "\n".join(f".{name} {{ {look} }}" for look, name in names.items()), 1)

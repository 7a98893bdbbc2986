"""The letters of a page, in the page: subsets of the package's fonts, for machines without Chinese ones."""

from __future__ import annotations

import re
from html import unescape

from planmodel.charts.letters import TEXT, font_faces

MARK = "/* letters */"
FIRST_CHINESE = 0x2E80
BOLD = re.compile(r"font-weight: ?700")
TAG = re.compile(r"<[^>]*>")
SHOWN = re.compile(r'\b(?:placeholder|data-text)="([^"]*)"')
"""Attributes that a reader sees as text of the page."""
PAGE, CHARTS = "planmodel", "planmodel-charts"
"""The font families: Chinese characters of the whole page, and of its charts all others and all that is bold.

Charts are measured with the package's fonts, so that they bring their Latin letters too; the page's own are the machine's.
"""


def with_letters(html: str) -> str:
    """Return a page with the shapes of its letters put in at the mark in its style sheet.

    The family stands first in the page's list of fonts and is held to Chinese characters: named last, browsers keep the
    boxes they drew before it was loaded. The same page always gives the same bytes.
    """
    latin: set[str] = set()
    bold: set[str] = set()
    for style, text in TEXT.findall(html):
        characters = set(unescape(text))
        if BOLD.search(style):
            bold |= characters
        else:
            latin |= {c for c in characters if ord(c) < FIRST_CHINESE}
    rest = TEXT.sub(lambda text: "" if BOLD.search(text[1]) else text[0], html)
    text = TAG.sub("", rest) + "".join(SHOWN.findall(rest))
    chinese = {c for c in unescape(text) if ord(c) >= FIRST_CHINESE}
    faces = [
        font_faces(chinese, family=PAGE, only=f"U+{FIRST_CHINESE:X}-FFFF"),
        font_faces(latin, bold, family=CHARTS),
    ]
    return html.replace(MARK, "\n".join(face for face in faces if face), 1)

"""The Chinese letters of a page, in the page: a subset of the package's font, for machines without one."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from importlib import resources

FAMILY = "planmodel"
MARK = "/* letters */"
FIRST_CHINESE = 0x2E80


def with_letters(html: str) -> str:
    """Return a page with its Chinese characters' shapes put in at the mark in its style sheet.

    The family stands first in the page's list of fonts and holds Chinese characters only: named last, browsers keep
    the boxes they drew before it was loaded. The same page always gives the same bytes.
    """
    letters = tuple(sorted({ord(c) for c in html if ord(c) >= FIRST_CHINESE}))
    return html.replace(MARK, _face(letters) if letters else "", 1)


@lru_cache(maxsize=64)
def _face(letters: tuple[int, ...]) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = []
    options.name_IDs = []
    options.hinting = False
    options.notdef_outline = True
    source = resources.files("planmodel").joinpath("fonts/NotoSansSC-Regular.ttf").read_bytes()
    font = TTFont(io.BytesIO(source), lazy=True, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    content = base64.b64encode(buffer.getvalue()).decode()
    return (
        f"@font-face {{ font-family: {FAMILY}; src: url(data:font/woff;base64,{content}) format('woff'); font-display: block; "
        "unicode-range: U+2E80-FFFF; }"
    )

"""Letters of pictures that are text: the package's fonts, cut down to the characters in use, for any machine."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from html import unescape
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.text import Text

FONTS = Path(__file__).parent.parent / "fonts"
REGULAR, BOLD = FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoSansSC-Bold.ttf"

FAMILY = "planmodel"
FAMILIES = f"{FAMILY}, 'Noto Sans SC', 'DejaVu Sans', sans-serif"
"""The fonts of a chart's text, the package's own first; what it lacks comes from the machine."""
OWN = "font-family: 'Noto Sans SC', 'DejaVu Sans'"
FLAT = re.compile(r' transform="rotate\(-0 [^"]*"')
EDGED = re.compile(r'(<g id="edged-\d+-([\d.]+)">\s*(?:<!--.*?-->\s*)?<text style=")', re.DOTALL)
TEXT = re.compile(r'<text style="([^"]*)"[^>]*>([^<]*)</text>')


def font_faces(regular: Iterable[str], bold: Iterable[str] = ()) -> str:
    """Return the @font-face rules that hold some characters in regular and bold, the same bytes for the same ones.

    Neither kerning nor hinting is kept: text then takes the width that it was measured with.
    """
    faces = []
    for weight, characters in ((400, regular), (700, bold)):
        codes = tuple(sorted({ord(c) for text in characters for c in text}))
        if codes:
            faces.append(
                f"@font-face {{ font-family: {FAMILY}; font-weight: {weight}; font-display: block; "
                f"src: url(data:font/woff;base64,{_subset(weight == 700, codes)}) format('woff'); }}"
            )
    return "\n".join(faces)


def lettered(svg: str) -> str:
    """Return a picture with the letters of its own text, in a style element of class `chart-letters`.

    A page that holds its letters itself leaves the element out.
    """
    svg = FLAT.sub("", svg.replace(f"{OWN}; ", "").replace(OWN, ""))
    svg = svg.replace("<svg ", f'<svg style="font-family: {FAMILIES}" ', 1)
    svg = EDGED.sub(
        r"\1paint-order: stroke; stroke: #ffffff; stroke-width: \2px; stroke-linejoin: round; ", svg
    )
    used: dict[bool, list[str]] = {False: [], True: []}
    for style, text in TEXT.findall(svg):
        used["font-weight: 700" in style].append(unescape(text))
    faces = font_faces(used[False], used[True])
    start = svg.index(">", svg.index("<svg")) + 1
    return f'{svg[:start]}\n <style class="chart-letters">{faces}</style>{svg[start:]}' if faces else svg


@contextmanager
def edged_letters(figure: Figure) -> Iterator[None]:
    """Take the white edges off a figure's texts for as long as it is written: as text they are drawn by their style."""
    edged = [
        (text, text.get_path_effects(), text.get_gid())
        for text in figure.findobj(Text)
        if text.get_path_effects()
    ]
    for i, (text, effects, _) in enumerate(edged):
        text.set_path_effects([])
        text.set_gid(f"edged-{i}-{effects[0]._gc['linewidth']:g}")
    try:
        yield
    finally:
        for text, effects, gid in edged:
            text.set_path_effects(effects)
            text.set_gid(gid)


@cache
def _content(bold: bool) -> bytes:
    return (BOLD if bold else REGULAR).read_bytes()


@lru_cache(maxsize=64)
def _subset(bold: bool, codes: tuple[int, ...]) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.layout_features, options.name_IDs, options.hinting = [], [], False
    options.notdef_outline, options.drop_tables = (
        True,
        [*options.drop_tables, "GPOS", "GSUB", "GDEF", "vhea", "vmtx"],
    )
    font = TTFont(io.BytesIO(_content(bold)), lazy=True, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()

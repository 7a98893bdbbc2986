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

UNITS_PER_EM = 256
"""How finely outlines are kept: a fifth of the bytes of 1,000 units is saved, and no screen or print shows it."""
TOLERANCE = 0.75
"""How far a curve may run from its own, in these units: fewer points say the same."""
FAMILY = "planmodel"
FAMILIES = f"{FAMILY}, 'Noto Sans SC', 'DejaVu Sans', sans-serif"
"""The fonts of a chart's text, the package's own first; what it lacks comes from the machine."""
OWN = "font-family: 'Noto Sans SC', 'DejaVu Sans'"
FLAT = re.compile(r' transform="rotate\(-0 [^"]*"')
EDGED = re.compile(r'(<g id="edged-\d+-([\d.]+)">\s*(?:<!--.*?-->\s*)?<text style=")', re.DOTALL)
TEXT = re.compile(r'<text style="([^"]*)"[^>]*>([^<]*)</text>')


def font_faces(
    regular: Iterable[str], bold: Iterable[str] = (), *, family: str = FAMILY, only: str = ""
) -> str:
    """Return the @font-face rules that hold some characters in regular and bold, the same bytes for the same ones.

    family: their name. only: the range of characters that they are for (unicode-range), all by default.
    Neither kerning nor hinting is kept: text then takes the width that it was measured with.
    """
    faces, limit = [], f"unicode-range: {only}; " if only else ""
    for weight, characters in ((400, regular), (700, bold)):
        codes = tuple(sorted({ord(c) for text in characters for c in text}))
        if codes:
            faces.append(
                f"@font-face {{ font-family: {family}; font-weight: {weight}; font-display: block; {limit}"
                f"src: url(data:font/woff2;base64,{_subset(weight == 700, codes)}) format('woff2'); }}"
            )
    return "\n".join(faces)


def lettered(svg: str) -> str:
    """Return a picture with the letters of its own text, in a style element of class `chart-letters`.

    A page that holds its letters itself leaves the element out.
    """
    svg = with_edges(FLAT.sub("", svg.replace(f"{OWN}; ", "").replace(OWN, "")))
    svg = svg.replace("<svg ", f'<svg style="font-family: {FAMILIES}" ', 1)
    used: dict[bool, list[str]] = {False: [], True: []}
    for style, text in TEXT.findall(svg):
        used["font-weight: 700" in style].append(unescape(text))
    faces = font_faces(used[False], used[True])
    start = svg.index(">", svg.index("<svg")) + 1
    return f'{svg[:start]}\n <style class="chart-letters">{faces}</style>{svg[start:]}' if faces else svg


def with_edges(svg: str) -> str:
    """Return a picture with the white edges that `edged_letters` took off its texts, as a style of theirs."""
    return EDGED.sub(
        r"\1paint-order: stroke; stroke: #ffffff; stroke-width: \2px; stroke-linejoin: round; ", svg
    )


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
        text.set_gid(f"edged-{i}-{vars(effects[0])['_gc']['linewidth']:g}")
    try:
        yield
    finally:
        for text, effects, gid in edged:
            text.set_path_effects(effects)
            text.set_gid(gid)


@cache
def _font(bold: bool):
    """The package's font, and the names of its outlines by character."""
    from fontTools.ttLib import TTFont

    font = TTFont(BOLD if bold else REGULAR)
    return font, font.getBestCmap()


@lru_cache(maxsize=10_000)
def _outline(bold: bool, name: str) -> tuple[bytes, int, int, int, int]:
    """An outline on the coarser grid: its bytes, width, left side, how many points and contours it has."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.qu2cuPen import Qu2CuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    font, _ = _font(bold)
    table, scale = font["glyf"], UNITS_PER_EM / font["head"].unitsPerEm
    width = round(scale * font["hmtx"][name][0])
    drawn, pen = DecomposingRecordingPen(font.getGlyphSet()), TTGlyphPen(None)
    font.getGlyphSet()[name].draw(drawn)
    if not drawn.value:
        return b"", width, 0, 0, 0
    curves = Qu2CuPen(Cu2QuPen(pen, TOLERANCE, all_quadratic=True), TOLERANCE, all_cubic=True)
    drawn.replay(TransformPen(curves, (scale, 0, 0, scale, 0, 0)))
    glyph = pen.glyph(dropImpliedOnCurves=True)
    glyph.recalcBounds(table)
    n_points, n_contours = len(glyph.coordinates), glyph.numberOfContours
    return glyph.compile(table, recalcBBoxes=False), width, glyph.xMin, n_points, n_contours


@lru_cache(maxsize=64)
def _subset(bold: bool, codes: tuple[int, ...]) -> str:
    """The font of some characters as WOFF2 in base64; an outline is made once a process, so that a page takes no time."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables._g_l_y_f import Glyph
    from fontTools.ttLib.woff2 import WOFF2FlavorData

    source, known = _font(bold)
    scale, lines = UNITS_PER_EM / source["head"].unitsPerEm, source["hhea"]
    characters = {code: known[code] for code in codes if code in known}
    order = [".notdef", *dict.fromkeys(characters.values())]
    outlines = {name: _outline(bold, name) for name in order}
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(characters)
    builder.setupHorizontalMetrics({name: (each[1], each[2]) for name, each in outlines.items()})
    ascent, descent = round(scale * lines.ascent), round(scale * lines.descent)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Bold" if bold else "Regular"})
    builder.setupPost(keepGlyphNames=False)
    builder.setupMaxp()
    font = builder.font
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphs = {name: Glyph(each[0]) for name, each in outlines.items()}
    font["glyf"].glyphOrder = order
    font["maxp"].maxPoints = max(each[3] for each in outlines.values())
    font["maxp"].maxContours = max(each[4] for each in outlines.values())
    font["head"].created = font["head"].modified = source["head"].modified
    font.recalcTimestamp, font.recalcBBoxes, font.flavor = False, False, "woff2"
    font.flavorData = WOFF2FlavorData(transformedTables={"glyf", "loca", "hmtx"})
    out = io.BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()

"""Letters: text measured before it is drawn, broken into lines, moved apart; and the fonts of pictures that are text.

Lengths are inches unless they say otherwise. A picture carries the package's fonts, cut down to the characters in use.
"""

import base64
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from html import unescape
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.text import Text
from scipy.optimize import isotonic_regression

FONTS = Path(__file__).parent.parent / "fonts"
REGULAR, BOLD = FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoSansSC-Bold.ttf"

UNITS_PER_EM, COARSE, FULL_WIDTH = 256, 64, 0x2E80
"""How finely outlines are kept, and those of Chinese alone, each an em wide (from that code on): no screen or print shows it."""
TOLERANCE = 0.75
"""How far a curve may run from its own, in these units: fewer points say the same."""
FAMILY = "planmodel"
FAMILIES = f"{FAMILY}, 'Noto Sans SC', 'DejaVu Sans', sans-serif"
"""The fonts of a chart's text, the package's own first; what it lacks comes from the machine."""
OWN = "font-family: 'Noto Sans SC', 'DejaVu Sans'"
FLAT = re.compile(r' transform="rotate\(-0 [^"]*"')
EDGED = re.compile(r'(<g id="edged-\d+-([\d.]+)">\s*(?:<!--.*?-->\s*)?<text style=")', re.DOTALL)
TEXT = re.compile(r'<text style="([^"]*)"[^>]*>([^<]*)</text>')

MACHINE = re.compile(
    r"CJK|Han |Hei|Song|Ming|PingFang|WenQuan|Fallback|Unifont|Arial Unicode|Sans (?:TC|HK|JP)"
)
LONGEST = 400  # letters of a line that is cut: no sheet has room for more
LINE = 1.4  # line height in font sizes
NO_START = "，。；：、）)%％”,.;:!?·"


@cache
def _face(bold: bool) -> tuple[FT2Font, FT2Font]:
    spare = mpl.get_data_path() + f"/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"
    faces = FT2Font(str(BOLD if bold else REGULAR)), FT2Font(spare)
    for face in faces:
        face.set_size(100, 72)
    return faces


@cache
def _advance(character: str, bold: bool) -> float:
    """The width of a character in font sizes; one that only the machine's fonts may have is square, or half of that."""
    for face in _face(bold):
        if face.get_char_index(ord(character)):
            return face.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.6


@cache
def _lacking(character: str) -> bool:
    return character != "\n" and not any(face.get_char_index(ord(character)) for face in _face(False))


@cache
def _machine_fonts() -> tuple[str, ...]:
    """The names of the machine's fonts that are likely to have rare Chinese characters."""
    return tuple(sorted({font.name for font in fontManager.ttflist if MACHINE.search(font.name)}))


@contextmanager
def rare_letters(figure: Figure, as_text: bool) -> Iterator[None]:
    """Let the machine's fonts draw the characters that the package's lack, as well as they can, and warn of none.

    as_text: text stays text, which the reader's machine draws: the file is the same on every machine.
    """
    texts = [] if as_text else [each for each in figure.findobj(Text) if any(map(_lacking, each.get_text()))]
    families = {text: text.get_fontfamily() for text in texts}
    for text, family in families.items():
        text.set_fontfamily([*family, *_machine_fonts()])
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            yield
    finally:
        for text, family in families.items():
            text.set_fontfamily(family)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one or more lines at a font size in points.

    >>> text_width("ab", 10) < text_width("abc", 10) == text_width("abc\\na", 10)
    True
    """
    return max(sum(_advance(c, bold) for c in line) for line in text.split("\n")) * size / 72


def lines_height(n_lines: int, size: float) -> float:
    """Return the height of lines at a font size in points."""
    return n_lines * size * LINE / 72


def text_height(text: str, size: float) -> float:
    """Return the height of a text of one or more lines, 0 without text."""
    return lines_height(text.count("\n") + 1, size) if text else 0.0


def wrap(text: str, width: float, size: float, bold: bool = False, lines: int = 3) -> str:
    """Break text into lines of at most `width`; Chinese breaks anywhere, other scripts at spaces.

    What exceeds `lines` lines ends in an ellipsis.

    >>> wrap("one two three", 0.5, 10).split("\\n")
    ['one', 'two', 'three']
    """
    words = re.findall(r"\s+|[\u2e80-\uffef“”]|[^\s\u2e80-\uffef“”]+", text)
    pieces: list[str] = []
    for piece in words:
        if pieces and piece[0] in NO_START and not piece.isspace():
            pieces[-1] += piece
        else:
            pieces += _broken(piece, width, size, bold)
    done, line = [], ""
    for piece in pieces:
        if line and text_width((line + piece).rstrip(), size, bold) > 0.981 * width:
            done.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece if line else piece.lstrip()
    done.append(line.rstrip())
    if len(done) > lines:
        done = [*done[: lines - 1], " ".join(done[lines - 1 :])]
    return "\n".join(shorten(line, width, size, bold) for line in done)


def _broken(word: str, width: float, size: float, bold: bool) -> list[str]:
    """Return a word in parts that fit a width."""
    if text_width(word, size, bold) <= width:
        return [word]
    letters = max(1, int(len(word) * width / text_width(word, size, bold) * 0.9))
    return [word[at : at + letters] for at in range(0, len(word), letters)]


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Cut a line to a width: first what is in brackets, then the end, with an ellipsis.

    >>> shorten("Goods trade (exports plus imports)", 1.0, 10)
    'Goods trade'
    """
    if text_width(text, size, bold) <= width:
        return text
    text = re.sub(r"\s*[(（][^)）]*[)）]", "", text)
    if text_width(text, size, bold) <= width:
        return text
    text = text[:LONGEST]
    while text and text_width(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip(" ,，、") + "…"


def spread(wanted, heights, low: float, high: float) -> np.ndarray:
    """Return centres as near as can be to `wanted` at which things of these heights do not overlap.

    wanted, heights: shape (n,), any one unit; the result keeps their order of `wanted` and stays in [low, high]
    where there is room.

    >>> spread([5.0, 5.0, 9.0], [2.0, 2.0, 2.0], 0, 10).tolist()
    [4.0, 6.0, 9.0]
    """
    wanted, heights = np.asarray(wanted, float), np.asarray(heights, float)
    order = np.argsort(wanted, kind="stable")
    offsets = np.cumsum(heights[order]) - heights[order] / 2
    flat = isotonic_regression(wanted[order] - offsets).x if len(order) else wanted
    flat = np.clip(flat, low, max(low, high - heights.sum()))
    placed = np.empty(len(wanted))
    placed[order] = flat + offsets
    return placed


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


def lettered(svg: str, letters: bool = True) -> str:
    """Return a picture with the letters of its own text, in a style element of class `chart-letters`.

    letters: with the element; a page that holds its letters itself leaves it out.
    """
    svg = with_edges(FLAT.sub("", svg.replace(f"{OWN}; ", "").replace(OWN, "")))
    svg = svg.replace("<svg ", f'<svg style="font-family: {FAMILIES}" ', 1)
    if not letters:
        return svg
    used: dict[bool, list[str]] = {False: [], True: []}
    for style, text in TEXT.findall(svg):
        used["font-weight: 700" in style].append(unescape(text))
    faces = font_faces(used[False], used[True])
    start = svg.index(">", svg.index("<svg")) + 1
    return f'{svg[:start]}\n <style class="chart-letters">{faces}</style>{svg[start:]}' if faces else svg


def with_edges(svg: str) -> str:
    """Return a picture with the white edges that `edged_letters` took off its texts, as a style of theirs."""
    edge = r"\1paint-order: stroke; stroke: #ffffff; stroke-width: \2px; stroke-linejoin: round; "
    return EDGED.sub(edge, svg)


@contextmanager
def edged_letters(figure: Figure) -> Iterator[None]:
    """Take the white edges off a figure's texts for as long as it is written: as text they are drawn by their style."""
    texts = [text for text in figure.findobj(Text) if text.get_path_effects()]
    edged = [(text, text.get_path_effects(), text.get_gid()) for text in texts]
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
def _outline(bold: bool, name: str, units: int) -> tuple[bytes, int, int, int, int]:
    """An outline on the coarser grid: its bytes, width, left side, how many points and contours it has."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.qu2cuPen import Qu2CuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    font, _ = _font(bold)
    table, scale = font["glyf"], units / font["head"].unitsPerEm
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
    units = COARSE if min(codes) >= FULL_WIDTH else UNITS_PER_EM
    scale, lines = units / source["head"].unitsPerEm, source["hhea"]
    characters = {code: known[code] for code in codes if code in known}
    order = [".notdef", *dict.fromkeys(characters.values())]
    outlines = {name: _outline(bold, name, units) for name in order}
    builder = FontBuilder(units, isTTF=True)
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

"""Lettering: text measured before it is drawn, broken into lines, shortened, and moved apart.

All lengths are inches unless they say otherwise.
"""

from __future__ import annotations

import re
from functools import cache

import matplotlib as mpl
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags

from planmodel.charts.letters import BOLD, REGULAR

LINE = 1.4
"""Line height in font sizes."""
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
    own, spare = _face(bold)
    face = own if own.get_char_index(ord(character)) else spare
    return face.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one or more lines at a font size in points.

    >>> text_width("ab", 10) < text_width("abc", 10) == text_width("abc\\na", 10)
    True
    """
    return max(sum(_advance(c, bold) for c in line) for line in text.split("\n")) * size / 72


def lines_height(n_lines: int, size: float) -> float:
    """Return the height of lines at a font size in points."""
    return n_lines * size * LINE / 72


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
            pieces.append(piece)
    done, line = [], ""
    for piece in pieces:
        if line and text_width((line + piece).rstrip(), size, bold) > 0.985 * width:
            done.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece if line else piece.lstrip()
    done.append(line.rstrip())
    if len(done) > lines:
        done = [*done[: lines - 1], " ".join(done[lines - 1 :])]
    return "\n".join(shorten(line, width, size, bold) for line in done)


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
    blocks: list[list[float]] = []
    for value in wanted[order] - offsets:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    flat = np.concatenate([np.full(n, value) for value, n in blocks]) if blocks else np.empty(0)
    flat = np.clip(flat, low, max(low, high - heights.sum()))
    placed = np.empty(len(wanted))
    placed[order] = flat + offsets
    return placed

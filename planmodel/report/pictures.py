"""Charts and letters in pages: charts are elements of the page itself, and no larger than they must be.

Letters are subsets of the package's fonts, in the page, for machines without Chinese ones.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from html import escape, unescape
from itertools import pairwise
from typing import Any

from planmodel.charts.letters import OWN, TEXT, font_faces
from planmodel.report.sanitize import clean

STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
ROOT = re.compile(r'<svg style="[^"]*"')
FIGURE = re.compile(r"<figure><svg\b.*?</figure>", re.DOTALL)
LOOKS_MARK, LETTERS_MARK = "/* looks */", "/* letters */"
SEGMENT = re.compile(r"([A-Za-z])([^A-Za-z]*)")
PLACE = re.compile(r' (d|x|y|width|height|points)="([^"]*)"')
USUAL = re.compile(r"(?:text-anchor:start|stroke-dashoffset:0);?")
LOOKS = re.compile(r' style="([^"]*)"')
QUOTED = re.compile(r'(?<= )(class|clip-path|href|id|x|y)="([\w.#()-]+)"(?=[ >])')
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
BETWEEN = re.compile(r">\s+<")
TAG, ANY_TAG = re.compile(r"<[a-zA-Z][^>]*>"), re.compile(r"<[^>]*>")
ID = re.compile(r' id="([^"]*)"')
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
TEXT_AT = re.compile(r'<text\b[^>]*? x="([\d.]+)" y="([\d.]+)"')
HIGHEST, PIECE = 0.93, 0.2
"""Heights in widths: of a picture that paper holds whole, and of a piece of a higher one."""
CLOSE, ABOVE = 15.0, 13.0
"""Points between the lines of one row, and from a piece's end to the first line below it."""
FIRST_CHINESE = 0x2E80
BOLD = re.compile(r"font-weight: ?700")
SHOWN = re.compile(r'\b(?:placeholder|data-text)="([^"]*)"')
"""Attributes that a reader sees as text of the page."""
PAGE, CHARTS = "planmodel", "planmodel-charts"
"""The font families: Chinese characters of the whole page, and of its charts all others.

Charts are measured with the package's fonts, so that they bring their Latin letters too; the page's own are the machine's.
"""
NOTICE = re.compile(r'(<main id="main">\n)(?:<p class="notice due">[^<]*</p>\n)?')
CHINESE_FACE = re.compile(rf"@font-face {{ font-family: {PAGE};[^}}]*}}")
SHAPE = re.compile(
    r'<defs><path id="([^"]+)" d="M(-?[\d.]+) ?(-?[\d.]+)([^"A-Z]*)"(?: style="([^"]*)")?/></defs>'
)
USE = re.compile(r'<use href="#([^"]+)" x="([^"]+)" y="([^"]+)"(?: style="([^"]*)")?/>')
NOTHING = re.compile(r'<path d="M[^"a-z]*"[^>]*/>')
SAME_CLIP = re.compile(r'(<g clip-path="[^"]*">)((?:(?!</?g\b).)*)</g>\1')
CLIP = re.compile(
    r'<clipPath id="([^"]+)"><rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"/></clipPath>'
)
STRAIGHT = re.compile(r'(<path d="M(-?[\d.]+) ?(-?[\d.]+)([hv])(-?[\d.]+)") clip-path="url\(#([^)]+)\)"')
ALIKE = re.compile(r'<path d="[^"]*" (style="fill:none;(?:(?!opacity)[^"])*")/>(?:<path d="[^"]*" \1/>)+')
"""Lines of one look, one after the other: one line with breaks."""
WAY = re.compile(r' d="([^"]*)"')
ROLE = re.compile(r' (?:role|aria-label)="[^"]*"')
HALF = 130
"""Points from which a part of a chart is as wide as the screen, not as it is: half of a phone's width."""
MOVED = re.compile(r' transform="translate\((\S+) (\S+)\)"(?=[^>]*>[^<]*</text>)')
REFERENCE = re.compile(r'(url\(#|href="#)([^")]+)')


def has_letters(svg: str) -> bool:
    """Return True for a picture whose text is text: it needs the page's letters."""
    return "<text" in svg


def figure(svg: str, alt: str, number: int) -> str:
    """Return a picture as an element of a page; number: its place there, which keeps its ids its own: all in it is #cN.

    >>> mark = '<svg style="x"><style class="chart-letters"></style><g id="a">\\n <path id="b" d="M 1.236 2.04 \\nL -0.01 3\\n"/></g>'
    >>> print(figure(mark + '<use xlink:href="#b"/><text x="1.29">1.29</text></svg>', "<i>", 3))
    <svg role="img" aria-label="&lt;i&gt;"><g id="c3"><path id="c3-1" d="M1.2 2l-1.2 1"/><use href="#c3-1"/><text x="1.3">1.29</text></g></svg>
    """
    svg = svg.replace(f"{OWN}; ", "").replace(OWN, "")
    svg = STYLE.sub("", ROOT.sub("<svg", svg[svg.index("<svg") :], count=1)).replace("xlink:href", "href")
    svg = lightened(svg)
    used = dict.fromkeys(name for _, name in REFERENCE.findall(svg))
    ids = {name: f"c{number}-{n}" for n, name in enumerate(used, 1)}
    svg = ID.sub(lambda name: f' id="{ids[name[1]]}"' if name[1] in ids else "", svg)
    svg = REFERENCE.sub(lambda name: f"{name[1]}{ids[name[2]]}", svg)
    label = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    head, _, rest = ROLE.sub("", svg).replace("<svg", f"<svg {label}", 1).partition(">")
    return clean(f'{head}><g id="c{number}">{rest.removesuffix("</svg>")}</g></svg>', chart=True)


def part(part: Any, number: int, whole: int) -> str:
    """Return a part of a chart's narrow or printed form: a picture of its own, or a piece of the whole one (left, top, width, height).

    >>> part([0, 48.5, 255, 90], 2, 1)
    '<svg aria-hidden="true" viewBox="0 48.5 255 90" width="100%"><use href="#c1"/></svg>'
    """
    if isinstance(part, str):
        return figure(part, "", number)
    left, top, width, height = map(float, part)
    size = '"100%"' if width > HALF else f'"{width:g}pt"'
    piece = f'<use href="#c{whole}"/>'
    return (
        f'<svg aria-hidden="true" viewBox="{left:g} {top:g} {width:g} {height:g}" width={size}>{piece}</svg>'
    )


def on_paper(drawn: str, number: int) -> str:
    """Return a picture that is higher than most of a sheet in pieces for paper, so that its letters need not shrink, else nothing.

    A piece ends above a text at the left edge that begins a row: one that does not follow another closely. number: see `figure`.
    """
    box = VIEW_BOX.search(drawn)
    width, height = (float(box[1]), float(box[2])) if box else (0.0, 0.0)
    places = sorted((float(x), float(y)) for x, y in TEXT_AT.findall(drawn))
    rows = sorted(y for x, y in places if x < places[0][0] + 1)
    ends = [y - ABOVE for before, y in pairwise(rows) if y - before > CLOSE] + [height]
    if height <= HIGHEST * width or len(ends) < 3:
        return ""
    pieces, top = "", 0.0
    for end, after in zip(ends, [*ends[1:], math.inf], strict=True):
        if after - top > PIECE * width * (1 if top else 2):  # no title stands alone
            pieces += part([0, round(top, 1), width, round(end - top, 1)], 0, number)
            top = end
    return f'<div class="pieces">{pieces}</div>'


def _in_place(svg: str) -> str:
    """Return a picture whose shapes that are used once stand where they are used.

    >>> _in_place('<defs><path id="a" d="M1-2h3"/></defs><use href="#a" x="1" y="9.5" style="fill:red"/>')
    '<path d="M2 7.5h3" style="fill:red"/>'
    """
    counts = Counter(name for _, name in REFERENCE.findall(svg))
    shapes = {shape[1]: shape for shape in SHAPE.finditer(svg) if counts[shape[1]] == 1}
    placed = {use[1] for use in USE.finditer(svg)} & set(shapes)

    def place(use: re.Match) -> str:
        if use[1] not in placed:
            return use[0]
        _, x, y, rest, own = shapes[use[1]].groups()
        at = [f"{float(a) + float(b):.1f}".removesuffix(".0") for a, b in ((x, use[2]), (y, use[3]))]
        look = ";".join(filter(None, (own, use[4])))
        return f'<path d="M{" ".join(at)}{rest}"' + (f' style="{look}"/>' if look else "/>")

    svg = SHAPE.sub(lambda shape: "" if shape[1] in placed else shape[0], svg)
    return USE.sub(place, svg)


def _unclipped(svg: str) -> str:
    """Return a picture whose straight lines within their clip do without it.

    >>> _unclipped('<clipPath id="a"><rect x="0" y="0" width="9" height="9"/></clipPath><path d="M1 2h3" clip-path="url(#a)"/>')[-18:]
    '<path d="M1 2h3"/>'
    """
    boxes = {name: tuple(map(float, sides)) for name, *sides in CLIP.findall(svg)}

    def bare(line: re.Match) -> str:
        x, y, step = (float(line[i]) for i in (2, 3, 5))
        left, top, width, height = boxes.get(line[6], (0.0, 0.0, 0.0, 0.0))
        ends = [(x, y), (x + step, y) if line[4] == "h" else (x, y + step)]
        inside = all(left <= a <= left + width and top <= b <= top + height for a, b in ends)
        return line[1] if inside else line[0]

    return STRAIGHT.sub(bare, svg)


def lightened(svg: str) -> str:
    """Return a picture with places to a tenth of a unit, without blanks, names and clips that only its writer needs.

    >>> lightened('<svg><g>\\n <path d="M 1.236 2.04 \\nL -0.01 3\\n"/></g></svg>')
    '<svg><g><path d="M1.2 2l-1.2 1"/></g></svg>'
    """
    svg = MOVED.sub(r' x="\1" y="\2"', svg)
    svg = LOOKS.sub(lambda style: _look(style[1]), PLACE.sub(_short, svg))
    svg = _unclipped(_in_place(NOTHING.sub("", BETWEEN.sub("><", svg))))
    svg = ALIKE.sub(lambda each: f'<path d="{"".join(WAY.findall(each[0]))}" {each[1]}/>', svg)
    for _ in range(2):  # of a run of three, the first two are joined first
        svg = SAME_CLIP.sub(r"\1\2", svg)
    return svg


def _look(style: str) -> str:
    """A style attribute without blanks and what holds anyway."""
    style = USUAL.sub("", style.replace(": ", ":").replace("; ", ";")).removesuffix(";")
    return f' style="{style.replace("#ffffff", "#fff")}"'


def _short(attribute: re.Match) -> str:
    """A place or a path with a tenth of a unit (an eightieth of a millimetre as printed), and no blanks it can do without."""
    name, value = attribute.groups()
    value = NUMBER.sub(
        lambda number: f"{float(number[0]):.1f}".replace("-0.0", "0").removesuffix(".0"), value
    )
    return f' {name}="{_path(value) if name == "d" else " ".join(value.split())}"'


def _path(value: str) -> str:
    """A path by steps from point to point, each to the tenth of a unit where its point lies; one of arcs as it is.

    >>> _path("M 10 10 L 20 10 L 20.5 12 C 1 2 3 4 5 6 z M 1 1")
    'M10 10h10l.5 2c-19.5-10-17.5-8-15.5-6zm-9-9'
    """
    segments = [(command, numbers.split()) for command, numbers in SEGMENT.findall(value)]
    if not {command for command, _ in segments} <= set("MLCQzZ"):
        return re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(value.split()))
    steps: list[tuple[str, list[int]]] = []
    at = start = (0, 0)
    for command, numbers in segments:
        places = [round(10 * float(number)) for number in numbers]
        points = list(zip(places[::2], places[1::2], strict=True))
        moves = [(x - at[0], y - at[1]) for x, y in points]
        at = points[-1] if points else start
        if command == "M":
            start = at
        if not steps:
            steps.append((command, places))
        elif command == "L" and 0 in moves[0] and len(moves) == 1:
            steps.append(("h", [moves[0][0]]) if moves[0][1] == 0 else ("v", [moves[0][1]]))
        else:
            steps.append((command.lower(), [step for move in moves for step in move]))
    text, last = "", ""
    for command, tenths in steps:
        numbers = [f"{n / 10:g}".replace("0.", ".") if -10 < n < 10 else f"{n / 10:g}" for n in tenths]
        joined = "".join(n if n[0] == "-" or not i else f" {n}" for i, n in enumerate(numbers))
        repeated = command == last and command in "lcq"
        text += joined if repeated and joined[0] == "-" else f" {joined}" if repeated else command + joined
        last = command
    return text


def with_shared_looks(page: str) -> str:
    """Return a page whose pictures name the looks that they share, which stand once, at the mark in its style sheet.

    Pictures then do without the quotation marks that HTML needs no more than the blanks.
    """
    counts = Counter(look for picture in FIGURE.findall(page) for look in LOOKS.findall(picture))
    names = {look: f"l{n}" for n, (look, count) in enumerate(counts.most_common(), 1) if count > 1}

    def named(look: re.Match) -> str:
        return f' class="{names[look[1]]}"' if look[1] in names else look[0]

    def unquoted(tag: re.Match) -> str:
        return QUOTED.sub(r"\1=\2", tag[0])

    page = FIGURE.sub(lambda picture: TAG.sub(unquoted, LOOKS.sub(named, picture[0])), page)
    return page.replace(LOOKS_MARK, "\n".join(f".{name}{{{look}}}" for look, name in names.items()), 1)


def with_letters(html: str) -> str:
    """Return a page with the shapes of its letters put in at the mark in its style sheet.

    The family stands first in the page's list of fonts and is held to Chinese characters: named last, browsers keep the
    boxes they drew before it was loaded. Bold Chinese is the same letters, as wide, made bold by the browser. The same page
    always gives the same bytes.
    """
    of_charts: dict[bool, set[str]] = {False: set(), True: set()}
    for style, text in TEXT.findall(html):
        of_charts[bool(BOLD.search(style))] |= {c for c in unescape(text) if ord(c) < FIRST_CHINESE}
    faces = [_chinese(html), font_faces(of_charts[False], of_charts[True], family=CHARTS)]
    return html.replace(LETTERS_MARK, "\n".join(face for face in faces if face), 1)


def _chinese(html: str) -> str:
    """The shapes of the Chinese characters of a page."""
    text = ANY_TAG.sub("", html) + "".join(SHOWN.findall(html))
    chinese = {c for c in unescape(text) if ord(c) >= FIRST_CHINESE}
    return font_faces(chinese, family=PAGE, only=f"U+{FIRST_CHINESE:X}-FFFF")


def with_notice(page: str, text: str) -> str:
    """Return a finished page with a notice above all, in place of one that is there; empty: without.

    >>> with_notice('<main id="main">\\n<p class="notice due">Old</p>\\n<h1>', "Due <2025>")
    '<main id="main">\\n<p class="notice due">Due &lt;2025&gt;</p>\\n<h1>'
    """
    notice = f'<p class="notice due">{escape(text)}</p>\n' * bool(text)
    page = NOTICE.sub(lambda before: before[1] + notice, page, count=1)
    return CHINESE_FACE.sub(lambda _: _chinese(page), page, count=1)

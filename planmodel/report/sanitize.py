"""What may stand in a page: HTML of known, inert elements, texts that tell nothing of one machine or one run, links.

HTML is built anew from tokens: every text and attribute is escaped, every element closed; all else shows as text or not.
"""

from __future__ import annotations

import posixpath
import re
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

HTML_TAGS = (
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 "
    "h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td "
    "tfoot th thead time tr u ul var wbr"
)
SVG_TAGS = (
    "svg g path rect circle ellipse line polyline polygon text tspan defs linearGradient radialGradient stop clipPath "
    "title desc symbol marker pattern"
)
MATH_TAGS = (
    "math mrow mi mo mn mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd "
    "mstyle mpadded mphantom menclose mfenced mlabeledtr semantics"
)
VOID = {"br", "hr", "img", "col", "wbr"}
DROPPED = {
    "script", "iframe", "object", "embed", "noscript", "template", "textarea", "select", "xmp", "noembed",
    "noframes", "foreignobject", "metadata", "annotation", "annotation-xml", "head", "plaintext", "video", "audio", "canvas",
}  # fmt: skip
TAGS = {tag.lower(): tag for tag in f"{HTML_TAGS} {SVG_TAGS} {MATH_TAGS}".split()}
GRAPHIC = {tag.lower() for tag in f"{SVG_TAGS} {MATH_TAGS} use".split()}
ATTRIBUTE_NAMES = """
class id title lang dir role tabindex open start colspan rowspan scope headers span alt width height
datetime href download src style viewBox preserveAspectRatio d x y x1 y1 x2 y2 cx cy r rx ry points dx dy transform
fill fill-opacity fill-rule stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin
stroke-opacity opacity offset stop-color stop-opacity gradientUnits gradientTransform clip-path font-size
font-weight patternUnits font-family text-anchor dominant-baseline focusable markerWidth markerHeight refX refY orient xmlns
display mathvariant stretchy fence separator form accent accentunder linethickness columnalign rowalign
columnspacing rowspacing lspace rspace minsize maxsize movablelimits displaystyle scriptlevel depth voffset
notation close separators symmetric largeop
"""
ATTRIBUTES = {name.lower(): name for name in ATTRIBUTE_NAMES.split()}
LINK = re.compile(r"(?:https?://|mailto:|#|(?![a-z][a-z0-9+.-]*:)(?!//|\\))", re.IGNORECASE)
DOWNLOAD = re.compile(
    r"data:text/csv;charset=utf-8,[^\x00-\x1f]*$|"
    r"data:(?:text/csv|application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet);base64,[A-Za-z0-9+/=]*$"
)
IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml|webp);base64,[A-Za-z0-9+/=\s]+$")
ACTIVE_STYLE = re.compile(
    r"url\s*\((?!#[\w.:-]+\))|image-set|@import|expression|behavior|position\s*:\s*fixed|[\\<]|/\*",
    re.IGNORECASE,
)
URL_REFERENCE = re.compile(r"url\((?!#[\w.:-]+\))", re.IGNORECASE)
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
STYLER = re.compile(r"\bT_[0-9a-f]{5,}(?=_|\b)")
ROOTS = ("home", "Users", "root", "tmp", "var", "usr", "opt", "mnt", "srv", "private", "Volumes", "workspace")
END = r"[^\s/\\:;,'\"`<>()\[\]{}|]"
LINKS = ("href", "src", "xlink:href", "poster")
WEB_ADDRESS = re.compile(r"https?://\S+")


class _Cleaner(HTMLParser):
    def __init__(self, chart: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.chart, self.tags = chart, {**TAGS, "use": "use"} if chart else TAGS
        self.out: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.dropped: list[str] = []
        self.style: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        if self.dropped or tag in DROPPED:
            self.dropped.append(tag) if tag in DROPPED else None
        elif tag == "style":
            self.style = None if any(name == "scoped" for name, _ in attrs) else []
            self.dropped.append(tag)
        elif tag in self.tags:
            kept = self._attributes(tag, attrs)
            if kept is None:
                return
            bare = self.chart and tag == "g" and not kept
            self.out.append("" if bare else f"<{self.tags[tag]}{kept}>")
            if tag not in VOID:
                self.open.append((tag, "" if bare else f"</{self.tags[tag]}>"))

    def handle_startendtag(self, tag, attrs):
        before = len(self.open)
        self.handle_starttag(tag, attrs)
        if tag in GRAPHIC and len(self.open) > before:
            self.open.pop()
            self.out[-1] = self.out[-1][:-1] + "/>" if self.out[-1] else ""
        elif tag in GRAPHIC:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if self.dropped:
            if tag == self.dropped[-1]:
                self.dropped.pop()
                if tag == "style" and self.style is not None:
                    text = "".join(self.style)
                    self.out.append("" if ACTIVE_STYLE.search(text) else f"<style>{text}</style>")
                    self.style = None
        elif any(tag == each for each, _ in self.open):
            last = ""
            while last != tag:
                last, closing = self.open.pop()
                self.out.append(closing)

    def handle_data(self, data):
        if self.style is not None:
            self.style.append(data)
        elif not self.dropped:
            self.out.append(escape(data, quote=False))

    def close(self):
        super().close()
        while self.open:
            self.out.append(self.open.pop()[1])

    def _attributes(self, tag: str, attrs) -> str | None:
        """Return the attributes that may stay, None where the element may not (an image from elsewhere)."""
        kept, outward = {}, False
        for name, value in attrs:
            value = value or ""
            if name in kept or not (name in ATTRIBUTES or name.startswith(("aria-", "data-"))):
                continue
            if name == "href":
                value = value.strip()
                if tag == "use" and value.startswith("#"):
                    kept[name] = value
                    continue
                file = any(other == "download" for other, _ in attrs) and DOWNLOAD.match(value)
                if tag != "a" or "\n" in value or not (file or LINK.match(value)):
                    continue
                outward = value.lower().startswith("http")
            elif name == "src":
                if tag != "img" or not IMAGE.match(value):
                    continue
            elif name == "style":
                if ACTIVE_STYLE.search(value) or tag == "tr":
                    continue
            elif URL_REFERENCE.search(value):
                continue
            kept[ATTRIBUTES.get(name, name)] = value
        if tag == "img":
            if "src" not in kept:
                self.out.append(escape(kept.get("alt", ""), quote=False))
                return None
            kept.setdefault("alt", "")
        if tag == "use" and "href" not in kept:
            return None
        if outward:
            kept["rel"] = "noreferrer"
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def clean(text: str, *, chart: bool = False) -> str:
    """Return HTML with only known, inert elements and attributes; scripts go, unknown elements leave their text.

    chart: elements may be used again within the picture; groups that say nothing are left out.

    >>> clean('<p onclick="x()">a<script>alert(1)</script><b>b</p><a href="javascript:x">c</a>')
    '<p>a<b>b</b></p><a>c</a>'
    """
    cleaner = _Cleaner(chart)
    cleaner.feed(text)
    cleaner.close()
    return "".join(cleaner.out)


@cache
def _paths() -> re.Pattern:
    own = {str(Path(p).resolve()) for p in (Path.cwd(), Path.home(), tempfile.gettempdir(), sys.prefix)}
    own |= {str(Path(__file__).resolve().parents[2]), sys.base_prefix}
    named = [re.escape(p) for p in sorted(own, key=len, reverse=True) if len(p) > 1]
    starts = "|".join([*named, *(f"/{root}(?=/)" for root in ROOTS), r"[A-Za-z]:[\\/](?=\w)"])
    return re.compile(rf"(?:file://)?(?<![\w./+=-])(?:{starts})(?:[\\/]?{END}*[\\/])*({END}*)")


def plain(text: str) -> str:
    r"""Return text without terminal colours, local folders, memory addresses and overwritten lines.

    >>> plain("\x1b[31mbad\x1b[0m /tmp/plans/a.csv <Plan at 0x7f00aa11>")
    'bad a.csv <Plan>'
    >>> plain("https://example.org/tmp/a.csv 10%\rdone")
    'done'
    """
    text = ANSI.sub("", text).replace("\r\n", "\n")
    text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return machine(CONTROL.sub("", text))


def machine(text: str) -> str:
    """Return text with local folders and memory addresses taken out; file names stay."""
    return _paths().sub(r"\1", ADDRESS.sub("", text))


def without_machine_ids(text: str) -> str:
    """Return HTML output with local folders and addresses taken out and random table ids numbered."""
    seen: dict[str, str] = {}
    text = STYLER.sub(lambda name: seen.setdefault(name[0], f"T_{len(seen) + 1}"), text)
    return machine(CONTROL.sub("", text))


class PageContent(HTMLParser):
    """A page's links, each once, and its texts and attributes; script, style and embedded data are neither."""

    def __init__(self, html: str):
        super().__init__()
        self.links: dict[str, None] = {}
        self.texts: list[str] = []
        self._code = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._code = tag in ("script", "style")
        for name, value in attrs:
            if value and name in LINKS:
                self.links[value] = None
            if value and not value.startswith("data:"):
                self.texts.append(value)

    def handle_endtag(self, tag):
        self._code = False

    def handle_data(self, data):
        if not self._code:
            self.texts.append(data)

    def handle_comment(self, data):
        self.texts.append(data)


def target_of(page: str, link: str) -> str | None:
    """Return the path in the site that a page's link names, None where it leaves the site or stays on the page.

    >>> target_of("pages/en/a/1.html", "../../../index.zh.html#top"), target_of("index.html", "https://example.org")
    ('index.zh.html', None)
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))


def local_paths(texts: Iterable[str], own: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return the absolute local paths and file: addresses in texts, each once; own: further folders to look for.

    >>> local_paths(["see file:///data/a.csv or https://example.org/home/b", "in '/Users/me/c.csv'", "T2/1/1 km/h"])
    ('file:///data/a.csv', '/Users/me/c.csv')
    """
    named = [re.escape(str(path)) + r"(?![\w.-])" for path in own if len(path.parts) > 2]
    starts = "|".join([*named, rf"/(?:{'|'.join(ROOTS)})/[\w.-]", r"[A-Z]:[\\/]\w"])
    pattern = re.compile(rf"\b(?i:file):/[^\s'\"<>]*|(?<![\w./:~-])(?:{starts})[^\s'\"<>]*")
    paths = (path for text in texts for path in pattern.findall(WEB_ADDRESS.sub("", text)))
    return tuple(dict.fromkeys(paths))

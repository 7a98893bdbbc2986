"""HTML that can be trusted: only known elements and attributes pass, well-formed; all else shows as text or not.

What comes out is built anew from tokens: every text and attribute is escaped, every element closed.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

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

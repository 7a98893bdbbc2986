"""What a finished page tells: the files it links to, and any path of the machine that made it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from planmodel.report.scrub import ROOTS

LINKS = ("href", "src", "xlink:href", "poster")
WEB_ADDRESS = re.compile(r"https?://\S+")


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

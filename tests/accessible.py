"""What a reader with other eyes or hands needs of a page, and which letters it may hold: the checks of axe that matter here."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

VOID = {
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "use",
    "path",
    "circle",
    "rect",
    "polyline",
    "polygon",
    "i",
}
NAMED = {"a", "button", "select", "input", "summary", "figure", "nav", "output"}
OPEN = ("td", "th", "tr", "tbody", "thead", "li", "p")
"""Elements whose end HTML may leave out."""
CHINESE = re.compile(r"[\u3400-\u9fff\u3001-\u3011\uff01-\uff5e]+")
ENGLISH = re.compile(r"[A-Za-z][a-z]+(?:[ -][A-Za-z][a-z]+){2,}")
HALF = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")


class _Page(HTMLParser):
    """The elements of a page with their attributes and the text in each."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict, list[str], tuple[str, ...]]] = []
        self.open: list[int] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        above = tuple(self.elements[i][0] for i in self.open)
        self.elements.append((tag, dict(attrs), [], above))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open = [i for i in self.open if i != len(self.elements) - 1]

    def handle_endtag(self, tag):
        while self.open and any(self.elements[i][0] == tag for i in self.open):
            if self.elements[self.open.pop()][0] == tag:
                return

    def handle_data(self, data):
        for i in self.open:
            self.elements[i][2].append(data)


def faults_of(html: str) -> list[str]:
    """Return what stands against a page: its language, names, headings, landmarks, ids, tables and scrolling boxes."""
    page, faults = _Page(html), []

    def all_of(*tags):
        return [(t, a, " ".join("".join(text).split())) for t, a, text, _ in page.elements if t in tags]

    lang = next((a.get("lang") for t, a, _ in all_of("html")), None)
    faults += [f"lang of the page: {lang}"] * (lang not in ("en", "zh-CN"))
    titles = [text for _, _, text in all_of("title")]
    faults += ["title"] * (not titles or not titles[0])
    faults += ["one main landmark"] * (len(all_of("main")) != 1)
    levels = [int(t[1]) for t, _, _ in all_of("h1", "h2", "h3", "h4", "h5", "h6")]
    faults += [f"{levels.count(1)} h1"] * (levels.count(1) != 1)
    faults += [f"h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1]
    for tag, attrs, text in all_of("a", "button", "summary", "select", "input"):
        name = text or attrs.get("aria-label") or attrs.get("title")
        if tag == "a" and "href" not in attrs:
            continue
        faults += [f"{tag} without a name: {attrs}"] * (not name)
    faults += [f"img without alt: {a}" for _, a, _ in all_of("img") if "alt" not in a]
    for _, attrs, _ in all_of("svg"):
        hidden = attrs.get("aria-hidden") == "true"
        faults += [f"svg without a name: {attrs}"] * (not hidden and not attrs.get("aria-label"))
    faults += ["a head of a table without a word" for _, _, text in all_of("th") if not text]
    ids = [a["id"] for _, a, _, _ in page.elements if "id" in a]
    faults += [f"id twice: {name}" for name in {n for n in ids if ids.count(n) > 1}]
    named = [a["href"][1:] for _, a, _ in all_of("a") if a.get("href", "").startswith("#")]
    faults += [f"no place #{name}" for name in named if name not in ids]
    for tag, attrs, _, above in page.elements:
        faults += [f"{tag} is not a child of a list"] * (tag == "li" and not {"ul", "ol"} & set(above))
        if attrs.get("role") == "region":
            faults += ["a region without name or keys"] * (
                not attrs.get("aria-label") or attrs.get("tabindex") != "0"
            )
    regions = [a["aria-label"] for _, a, _, _ in page.elements if a.get("role") == "region"]
    faults += ["regions of one name"] * (len(set(regions)) != len(regions))
    faults += ["code that keys do not scroll"] * any(a.get("tabindex") != "0" for _, a, _ in all_of("pre"))
    return faults


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1-21 (WCAG 2.1, relative luminance).

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """

    def luminance(colour: str) -> float:
        colour = colour.lstrip("#")
        colour = "".join(c * 2 for c in colour) if len(colour) == 3 else colour
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def foreign(html: str, lang: str, own: set[str]) -> list[str]:
    """Return what stands on a page in the other language, but for what is quoted; own: names and quotes of the data.

    zh: three English words in a row, or a half-width mark between Chinese characters.
    """
    page, found = _Page(html), []
    quotes = sorted((text for text in own if text), key=len, reverse=True)
    hidden = {"style", "script", "pre", "code"}
    texts: list[str] = []
    for tag, attrs, text, above in page.elements:
        leaf = tag not in hidden and not hidden & set(above) and "hreflang" not in attrs
        texts += [
            attrs[name]
            for name in ("aria-label", "title", "placeholder", "data-text")
            if leaf and attrs.get(name)
        ]
        if leaf and tag in (
            "p",
            "li",
            "h1",
            "h2",
            "h3",
            "dt",
            "dd",
            "th",
            "td",
            "text",
            "summary",
            "option",
            "figcaption",
        ):
            texts.append("".join(text))
    for text in texts:
        for quote in quotes:
            text = text.replace(quote, " ")
        marks = (CHINESE,) if lang == "en" else (ENGLISH, HALF)
        found += [match[0] for mark in marks for match in mark.finditer(text)]
    return found

"""Cards: how an object shows itself, as a few lines of text or a small table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from planmodel.words import LANGS, said
from planmodel.words.figures import width_of

Rows = Iterable[tuple[object, object]]
"""Labels and texts; a text that is None or empty is left out."""
WIDTH = 200  # characters shown of one text


class Card:
    """A mixin for results: fill in `_card`, and the object shows itself in a few lines, and as HTML in a notebook.

    A dataclass needs `@dataclass(frozen=True, repr=False)`, or its own repr wins. The language is the object's `lang` where it
    has one, else English; `card("zh")` shows it in another.

    >>> class Town(Card):
    ...     def _card(self, lang):
    ...         return "Town <A>", [("people", 1200), ("mayor", None)]
    >>> Town()
    Town <A>
      people  1200
    >>> Town()._repr_html_()
    '<table class="card"><caption>Town &lt;A&gt;</caption><tr><th>people</th><td style="text-align: left">1200</td></tr></table>'
    """

    def _card(self, lang: str) -> tuple[object, Rows]:
        """Return the title and the rows; texts may be phrases."""
        raise NotImplementedError

    def card(self, lang: str) -> Shown:
        """Return what the object shows in a language."""
        title, rows = self._card(lang)
        texts = [(said(label, lang), said(text, lang)) for label, text in rows]
        shown = tuple((label, _short(text)) for label, text in texts if text)
        return Shown(said(title, lang), shown, self._below(lang))

    def _below(self, lang: str) -> str:
        """Return HTML to stand below the table: none, unless an object has more to show."""
        return ""

    def __repr__(self) -> str:
        return repr(self.card(_language(self)))

    def _repr_html_(self) -> str:
        return self.card(_language(self))._repr_html_()


@dataclass(frozen=True, repr=False)
class Shown:
    """A title and rows of label and text, in one language; html: what stands below them."""

    title: str
    rows: tuple[tuple[str, str], ...]
    html: str = ""

    def __repr__(self) -> str:
        width = max((width_of(label) for label, _ in self.rows), default=0)
        lines = [f"  {label}{' ' * (width - width_of(label))}  {text}" for label, text in self.rows]
        return "\n".join([self.title, *lines])

    def _repr_html_(self) -> str:
        row = '<tr><th>{}</th><td style="text-align: left">{}</td></tr>'
        rows = "".join(row.format(escape(of), escape(text)) for of, text in self.rows)
        return f'<table class="card"><caption>{escape(self.title)}</caption>{rows}</table>{self.html}'


def _language(shown: object) -> str:
    lang = getattr(shown, "lang", "en")
    return lang if lang in LANGS else "en"


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"

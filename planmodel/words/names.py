"""Names as people type them: the id that a text means among known things."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping

from planmodel.words.phrases import LANGS


def same(text: str) -> str:
    """Return a text without what two spellings of a name may differ in: width of characters, case, blanks.

    >>> same("河流Ⅰ-Ⅲ类 ＧＤＰ") == same("河流I-III类 gdp")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").casefold().split())


def id_of(text: str, known: Mapping[str, object] | Collection[str]) -> str:
    """Return the id that a text means: an id, an id and its name behind it, or a name that only one has; else the text.

    known: ids; or by id what has a name in each language (`name(lang)`), or its names.
    """
    return ids_of([text], known)[0]


def ids_of(texts: Iterable[str], known: Mapping[str, object] | Collection[str]) -> tuple[str, ...]:
    """Return the id that each text means, as `id_of` does."""
    called: dict[str, set[str]] = {}
    for name, thing in known.items() if isinstance(known, Mapping) else ():
        for each in names_of(thing):
            called.setdefault(same(each), set()).add(name)

    def one(text: str) -> str:
        text = text.strip()
        first = text.partition(" ")[0]
        if text in known or first in known:
            return text if text in known else first
        own = called.get(same(text), set())
        return next(iter(own)) if len(own) == 1 else text

    return tuple(map(one, texts))


def names_of(thing: object) -> list[str]:
    """Return the names of a thing in every language, its short one and its title included; none of what has no names."""
    names = [each for each in thing if isinstance(each, str)] if isinstance(thing, tuple) else []
    for each in (getattr(thing, kind, None) for kind in ("name", "short", "title")):
        if isinstance(each, Mapping):
            names += [str(each[lang]) for lang in LANGS]
        elif callable(each) and not isinstance(thing, str):
            names += [each(lang) for lang in LANGS]
    return names

"""Words: sentences and terms in both languages, kept as data, and figures set for reading.

A key and its fields stand in code, the sentences in YAML files. One file a room beside this module, both languages side by side:
`key: {zh: ..., en: ...}`, or one text for both. A text holds fields in braces: `{name}`, `{p:percent}`, `{n:target|targets}`
(one or many; true or false), `{names:list}`. And the way back: the id that a name means, as people type it.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from planmodel.words.figures import (
    COMPARATOR_SIGNS,
    figure,
    in_percent,
    link,
    percent,
    plain,
    probability_words,
    significant,
    thousands,
    unmarked,
)

LANGS = ("zh", "en")
FOLDER = Path(__file__).parent
HAN = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
SINGULAR = re.compile(r"\b([a-z]+?)(ies|s)\b")
"""The first plural of an English unit: items, square metres a day."""


@cache
def texts_of(room: str) -> Mapping[str, str | Mapping[str, str]]:
    """Return the texts of a room's file by key, nested keys joined by dots."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load((FOLDER / f"{room}.yaml").read_text(encoding="utf-8"), loader)
    return dict(_flat(content))


def _flat(content: Mapping, above: str = "") -> Iterator[tuple[str, str | Mapping[str, str]]]:
    for key, value in content.items():
        key = f"{above}{key}"
        if isinstance(value, Mapping) and not set(value) <= set(LANGS):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value


class Text(Mapping[str, str]):
    """A text in every language: `text["zh"]` says it. A text of data is a plain mapping of the same form."""

    def _say(self, lang: str) -> str:
        raise NotImplementedError

    def __getitem__(self, lang: str) -> str:
        if lang not in LANGS:
            raise KeyError(lang)
        return self._say(lang)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGS)

    def __len__(self) -> int:
        return len(LANGS)

    def __str__(self) -> str:
        return self["en"]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self['en']!r})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self["en"])


class Phrase(Text):
    """The key of a sentence and its fields: numbers, texts, other phrases, or what has a `name(lang)`.

    >>> Phrase("terms.rare")["en"], str(Phrase("terms.binding")), Phrase("terms.binding")["zh"]
    ('rare', 'binding', '约束性')
    """

    def __init__(self, key: str, **fields: object):
        self.key, self.fields = key, fields

    def _say(self, lang: str) -> str:
        return _Sentence(lang).vformat(_text(self.key, lang), (), self.fields)


class Joined(Text):
    """Several texts as one; empty ones are left out. kind: list, commas, clauses, sentences or lines.

    >>> Joined([Phrase("terms.rare"), Phrase("terms.binding")], "clauses")["en"]
    'rare; binding'
    """

    def __init__(self, parts: Iterable[object], kind: str = "sentences"):
        self.parts, self.kind = tuple(part for part in parts if part), kind

    def _say(self, lang: str) -> str:
        return join(self.parts, lang, self.kind)

    def __bool__(self) -> bool:
        return bool(self.parts)


def by_language(say: Callable[[str], str]) -> dict[str, str]:
    """Return what a function of the language says, by language.

    >>> by_language(lambda lang: word("rare", lang))["en"]
    'rare'
    """
    return {lang: say(lang) for lang in LANGS}


def place_words(text: str, lang: str) -> str:
    """Return where a figure stands as the document says it; in English the numbers of a Chinese one's sections, tables and rows.

    >>> place_words("三(一)5 现代金融", "en"), place_words("一(一) 表二 第11行", "en"), place_words("GDP (2020).pdf", "en")
    ('section 3(1)5', 'section 1(1), table 2, row 11', 'GDP (2020).pdf')
    """
    if lang == "zh" or not HAN.search(text):
        return text
    digits = _text("columns.place.digits", lang)

    def counted(match: re.Match[str]) -> str:
        tens, ten, ones = match[0].rpartition(digits[-1])
        return f"{(10 * (digits.find(tens) + 1 if tens else 1) if ten else 0) + (digits.index(ones) + 1 if ones else 0)}"

    parts = []
    for token in text.split():
        for name, pattern in group("columns.place.parts.").items():
            if match := re.fullmatch(pattern[lang], token):
                n = re.sub(f"[{digits}]+", counted, match[1])
                parts.append(phrase(f"columns.place.words.{name}", lang, n=n))
    return ", ".join(parts) or text


def moment_words(text: str, lang: str) -> str:
    """Return a moment of a review for reading: a year, quarter, month or day; other text as it is.

    >>> moment_words("2023-09", "en"), moment_words("2023Q3", "en"), moment_words("2024-03-15", "en")
    ('September 2023', 'Q3 2023', '15 March 2024')
    """
    text = text.rpartition("..")[2]
    if text.isdigit():
        return phrase("moments.year", lang, year=text)
    year, _, quarter = text.partition("Q")
    if quarter:
        return phrase("moments.quarter", lang, year=year, quarter=Phrase(f"moments.quarters.{quarter}"))
    year, month, *days = text.split("-")
    month_name = Phrase(f"moments.months.{int(month)}")
    for day in days:
        return phrase("moments.day", lang, day=int(day), year=year, month=month_name)
    return phrase("moments.month", lang, year=year, month=month_name)


def with_unit(text: str, unit: str, lang: str) -> str:
    """Return a figure with its unit; a unit that starts with a number stands in brackets in English.

    >>> with_unit("4,000", "100 million yuan", "en"), with_unit("53", "%", "en"), with_unit("4,000", "yuan", "zh")
    ('4,000 (100 million yuan)', '53%', '4,000 yuan')
    >>> with_unit("≥1", "items", "en"), with_unit("1", "square metres a day", "en"), with_unit("1", "个", "zh")
    ('≥1 item', '1 square metre a day', '1个')
    """
    unit = of_unit(text.lstrip("≥≤><≈"), unit)
    if unit in ("%", ""):
        return f"{text}{unit}"
    western = lang == "zh" and unit[0].isascii() and unit[0].isalpha()
    return phrase("columns.with_unit", lang, text=text, unit=f" {unit}" if western else unit)


def with_more(text: str, more: str, lang: str) -> str:
    """Return a text with more in brackets behind it.

    >>> with_more("5%", "2020", "en"), with_more("5%", "2020", "zh")
    ('5% (2020)', '5%（2020）')
    """
    return phrase("columns.with_more", lang, text=text, more=more)


def of_unit(text: str, unit: str) -> str:
    """Return a unit as it stands behind a figure: 1 of it in the singular.

    >>> of_unit("1", "places"), of_unit("2", "places"), of_unit("1", "个")
    ('place', 'places', '个')
    """
    if text != "1" or unit[:1].isdigit() or unit.startswith("per "):
        return unit
    return SINGULAR.sub(lambda plural: plural[1] + ("y" if plural[2] == "ies" else ""), unit, count=1)


def phrase(key: str, lang: str, **fields: object) -> str:
    """Return a sentence in a language.

    >>> phrase("terms.binding", "zh")
    '约束性'
    """
    return Phrase(key, **fields)[lang]


def yearly(value: float, unit: str) -> Phrase | str:
    """Return a change a year for reading, without the word that it is yearly: growth (%/year) or points (pp/year).

    >>> yearly(8.4222, "%/year"), str(yearly(-0.46, "pp/year"))
    ('8.4%', '−0.46 pp')
    """
    return Phrase("columns.points", figure=figure(value, 2)) if unit == "pp/year" else in_percent(value)


def word(key: str, lang: str) -> str:
    """Return a term of the field (terms.yaml).

    >>> word("rare", "en"), word("binding", "zh")
    ('rare', '约束性')
    """
    return phrase(f"terms.{key}", lang)


def join(parts: Iterable[object], lang: str, kind: str = "list") -> str:
    """Return texts and phrases as one text; empty ones are left out. kind: list, commas, clauses, sentences or lines.

    >>> join(["a", None, Phrase("terms.rare")], "en"), join(["甲", "乙"], "zh", "clauses")
    ('a, rare', '甲；乙')
    """
    return _text(f"separators.{kind}", lang).join(filter(None, (said(part, lang) for part in parts)))


def said(value: object, lang: str) -> str:
    """Return a value as a sentence shows it: a text by language in this one, a named thing by its name."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return value[lang]
    name = getattr(value, "name", None)
    return name(lang) if callable(name) else str(value)


def filled(template: str, lang: str, fields: Mapping) -> str:
    """Return a template filled as a sentence's text is; a dash where one of its fields is empty.

    >>> filled("{first}–{last:figure.1}", "en", {"first": 2.0, "last": 5}), filled("{x:percent}", "en", {"x": None})
    ('2.0–5.0', '–')
    """
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    if not all(said(fields[name], lang) for name in names):
        return "–"
    return _Sentence(lang).vformat(template, (), fields)


class _Sentence(string.Formatter):
    """Fills the fields of a sentence in one language."""

    def __init__(self, lang: str):
        self.lang = lang

    def vformat(self, format_string: str, args: object, kwargs: Mapping) -> str:
        """Fill the fields; a blank of the text that would stand between two Chinese characters goes."""
        said = ""
        for literal, name, spec, _ in self.parse(format_string):
            apart = literal[:1] == " " and HAN.match(said[-1:]) and HAN.match(literal[1:2])
            said += literal[1:] if apart else literal
            if name is not None:
                value = self.get_field(name, (), kwargs)[0]
                field = self.format_field(value, self.vformat(spec, (), kwargs) if spec else "")
                said = said[:-1] if said[-1:] == " " and HAN.match(said[-2:-1]) and HAN.match(field) else said
                said += field
        return said

    def format_field(self, value: object, spec: str) -> str:
        """Apply the formats of a field, which stand behind one another separated by blanks."""
        if "|" in spec:
            one, many = spec.split("|")
            return one if value is True or (not isinstance(value, bool) and value == 1) else many
        for name in spec.split(" ") if spec else ():
            name, _, digits = name.partition(".")
            value = FORMATS[name](value, int(digits) if digits else None, self.lang)
        return said(value, self.lang) if value is not None else "–"


def _each(change):
    """Return a format that changes one text, or each of several."""

    def apply(value, _, lang: str):
        if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
            return change(said(value, lang))
        return [change(said(item, lang)) for item in value]

    return apply


FORMATS = {
    "figure": lambda value, digits, lang: figure(value, digits),
    "significant": lambda value, digits, lang: figure(significant(value, digits)),
    "percent": lambda value, digits, lang: percent(value),
    "rate": lambda value, digits, lang: in_percent(value and 100 * value, 1 if digits is None else digits),
    "in_percent": lambda value, digits, lang: in_percent(value, digits),
    "whole": lambda value, digits, lang: f"{value:.0f}",
    "term": lambda value, digits, lang: word(str(value), lang),
    "moment": lambda value, digits, lang: moment_words(str(value), lang),
    "place": lambda value, digits, lang: (
        place_words(value, lang)
        if isinstance(value, str)
        else [place_words(said(one, lang), lang) for one in value]
    ),
    "plain": _each(plain),
    "unsigned": _each(lambda text: text.removeprefix("−")),
    "spaced": _each(lambda text: text + " " * text.endswith((*string.digits, "%"))),
    "bracketed": _each(lambda text: f"({text})" if text[:1].isdigit() else text),
    "small": _each(lambda text: text[:1].lower() + text[1:] if not text[:2].isupper() else text),
    "capital": _each(lambda text: text[:1].upper() + text[1:]),
    **{
        kind: (lambda value, digits, lang, kind=kind: join(value, lang, kind))
        for kind in texts_of("separators")
    },
}
"""name -> function(value, digits or None, language): how a field may be set."""


def group(above: str) -> dict[str, Phrase]:
    """Return the phrases below a key that ends in a dot, by the rest of their keys, in the order of the file.

    >>> {key: text["en"] for key, text in group("exchange.FREQ.").items()}
    {'A': 'annual', 'Q': 'quarterly', 'M': 'monthly'}
    """
    room, _, above = above.partition(".")
    keys = [key for key in texts_of(room) if key.startswith(above)]
    return {key.removeprefix(above): Phrase(f"{room}.{key}") for key in keys}


def _text(key: str, lang: str) -> str:
    room, _, name = key.partition(".")
    entry = texts_of(room)[name]
    return entry if isinstance(entry, str) else entry[lang]


def same(text: str) -> str:
    """Return a text without what two spellings of a name may differ in: width of characters, case, blanks.

    >>> same("河流Ⅰ-Ⅲ类 ＧＤＰ") == same("河流I-III类 gdp")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").casefold().split())


def id_of(text: str, known: Mapping[str, object] | Collection[str]) -> str:
    """Return the id that a text means: an id in any case, an id and its name behind it, or a name that only one has; else the text.

    known: ids; or by id what has a name in each language (`name(lang)`), or its names.
    """
    return ids_of([text], known)[0]


def ids_of(texts: Iterable[str], known: Mapping[str, object] | Collection[str]) -> tuple[str, ...]:
    """Return the id that each text means, as `id_of` does."""
    called = {same(name): {name} for name in known}
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

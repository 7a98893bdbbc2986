"""Indicators and regions of the catalogue that names in a document mean, with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from planmodel.documents.grammar import entry, pattern, plain
from planmodel.plans.catalogue import Catalogue

MOST_KEPT = 8192
SURE, POSSIBLE = 0.8, 0.55
"""From where an id is taken, and from where it is worth showing."""


@dataclass(frozen=True)
class Match:
    """The id of an indicator and how sure it is, 0-1."""

    id: str
    sure: float


@lru_cache(maxsize=MOST_KEPT)
def essence(name: str) -> str:
    """Return what a name of an indicator says, without place, growth and the many words for the same.

    >>> essence("全市地区生产总值(GDP)增长"), essence("R&D经费支出占GDP比重")
    ('gdp', 'rd经费占gdp比重')
    """
    text = re.sub(r"[\s“”\"'、,.，。·&-]", "", plain(name)).lower()
    for old, new in entry("same").items():
        text = re.sub(old, new, text)
    return text


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset([text])


@dataclass(frozen=True)
class _Essence:
    """An essence with its pairs of letters and the words in it that tell indicators apart."""

    text: str
    pairs: frozenset[str]
    apart: tuple[frozenset[str], ...]

    @classmethod
    @lru_cache(maxsize=MOST_KEPT)
    def of(cls, text: str) -> _Essence:
        apart = tuple(frozenset(w for w in words.split() if w in text) for words in entry("apart"))
        return cls(text, _pairs(text), apart)

    def alike(self, other: _Essence) -> float:
        """Return how alike two essences are, 0-1: the pairs of letters in common, less where words tell them apart or begin otherwise."""
        if self.text == other.text:
            return 1.0
        common = len(self.pairs & other.pairs)
        if not common:
            return 0.0
        told = sum(a != b for a, b in zip(self.apart, other.apart, strict=True))
        told += self.text[:2] not in other.text and other.text[:2] not in self.text  # of other things
        return 2 * common / (len(self.pairs) + len(other.pairs)) * 0.75**told


def alike(one: str, other: str) -> float:
    """Return how alike two names of indicators are, 0-1.

    >>> alike("全市GDP", "地区生产总值"), alike("城镇居民收入", "农村居民收入") < 0.6
    (1.0, True)
    """
    return _Essence.of(essence(one)).alike(_Essence.of(essence(other)))


class Names:
    """The names of a catalogue's indicators, to find the one that a document means."""

    def __init__(self, catalogue: Catalogue):
        self.catalogue = catalogue
        self._known = [
            (indicator.id, _Essence.of(essence(name)), _Essence.of(plain(name).lower()))
            for indicator in catalogue.indicators.values()
            for name in (indicator.name_zh, indicator.name_en)
        ]
        self._kept: dict[str, Match] = {}

    def find(self, name: str, unit: str = "") -> Match:
        """Return the indicator that a name means most likely; nothing where none is near. unit: speaks against one of another kind."""
        own = essence(name)
        if own not in self._kept:
            mine, printed = _Essence.of(own), _Essence.of(plain(name).lower())
            near = [(mine.alike(each), whole, id) for id, each, whole in self._known]
            ranked = ((s, printed.alike(whole), -len(id), id) for s, whole, id in near if s >= POSSIBLE)
            score, _, _, best = max(ranked, default=(0.0, 0.0, 0, ""))
            self._kept[own] = Match(best, round(score, 2))
        match = self._kept[own]
        if not match.id or not unit:
            return match
        of, printed_in = self.catalogue.indicators[match.id].unit, self.catalogue.units.get(unit)
        fits = not of or printed_in is None or printed_in.dimension in ("percent", "pp")
        if fits or self.catalogue.alike(unit, of):
            return match
        return Match(match.id, round(match.sure * 0.8, 2))


def region_of(text: str, catalogue: Catalogue) -> str:
    """Return the region of the catalogue that a text names, the longest; nothing where it names none."""
    plainer = plain(text)
    lengths: Mapping[str, int] = {
        region.id: len(name)
        for region in catalogue.regions.values()
        for name in (region.name_zh, pattern("zh.region_end").sub("", region.name_zh), region.name_en)
        if len(name) >= 2 and name in plainer
    }
    return max(lengths, key=lambda id: lengths[id], default="")

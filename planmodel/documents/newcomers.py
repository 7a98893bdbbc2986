"""Newcomers: indicators and units that a document or a sheet names and the catalogue lacks, each made once."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from typing import Any

from planmodel.documents.grammar import entry, pattern, plain
from planmodel.documents.subjects import SURE, Names, alike, region_of
from planmodel.forecasts.reference import load_class, shipped
from planmodel.plans.catalogue import THEMES, Catalogue, Indicator, Region, Unit
from planmodel.plans.numerals import sized, words
from planmodel.words import LANGS, Phrase

SHARED = "structure"
GROWN = "any_count"
"""The pool of what is known by its growth alone: the one of indices holds what hardly grows."""


def key(text: str) -> str:
    """Return a name without what writes it differently: case, width, blanks and marks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold()) or text


class Newcomers:
    """A catalogue, and the indicators and units that are new to it."""

    def __init__(self, catalogue: Catalogue):
        self.catalogue, self.names = catalogue, Names(catalogue)
        self.indicators: dict[str, Indicator] = {}
        self.units: dict[str, Unit] = {}
        self.regions: dict[str, Region] = {}
        self._ids = {key(id): id for id in catalogue.indicators}

    @property
    def known(self) -> Catalogue:
        """The catalogue with what is new."""
        old = self.catalogue
        return replace(
            old, indicators={**old.indicators, **self.indicators}, units={**old.units, **self.units},
            regions={**old.regions, **self.regions},
        )  # fmt: skip

    def rows(self, used: Collection[str] | None = None) -> dict[str, list[dict[str, str]]]:
        """Return what is new as rows of the catalogue's tables. used: cells of a plan that name it (None: all of it)."""
        indicators = [i for i in self.indicators.values() if used is None or i.id in used]
        also = {i.unit for i in indicators}
        units = [u for u in self.units.values() if used is None or u.id in used or u.id in also]
        regions = list(self.regions.values())
        tables: dict[str, list[Any]] = {"units": units, "regions": regions, "indicators": indicators}

        def cells(table: str, one: Any) -> dict[str, str]:
            texts = {k: f"{v:.15g}" if isinstance(v, float) else str(v) for k, v in asdict(one).items()}
            return {table[:-1]: texts.pop("id"), **texts}

        return {table: [cells(table, one) for one in of] for table, of in tables.items()}

    def region(self, title: str) -> str:
        """Return the region that a document's title begins with; one that the catalogue lacks is made, its level by its name.

        >>> from planmodel.plans.catalogue import load_catalogue
        >>> new = Newcomers(load_catalogue())
        >>> made = new.region("Lakeside County Development Plan 2025-2030")
        >>> made, new.regions[made].level, new.region("A better tomorrow")
        ('lakeside_county', 'county', '')
        """
        if known := region_of(title, self.catalogue):
            return known
        match = pattern("region").match(title.strip())
        if not match:
            return ""
        name = (match["name"] or match["western"] or match["state"]).strip()
        countries = [region.id for region in self.catalogue.regions.values() if region.level == "country"]
        parent = countries[0] if match["name"] and len(countries) == 1 else ""
        level = next((level for ends, level in entry("levels").items() if re.search(ends, name)), "country")
        made = Region(_slug(name), name, name, level, parent, "")
        self.regions[made.id] = made
        return made.id

    def found(self, name: str, unit: str = "") -> str:
        """Return the id of the indicator that a name surely means: its id, its name in a language, or one nearly so.

        >>> from planmodel.plans.catalogue import load_catalogue
        >>> known = Newcomers(load_catalogue())
        >>> known.found("Gross Domestic Product"), known.found("GDP"), known.found("Yak butter")
        ('gdp', 'gdp', '')
        """
        if key(name) in self._ids:
            return self._ids[key(name)]
        match = self.names.find(name, unit)
        return match.id if match.sure >= SURE else ""

    def unit(self, printed: str) -> str:
        """Return the unit of the catalogue that a printed one is; one that it lacks is made.

        >>> from planmodel.plans.catalogue import load_catalogue
        >>> new = Newcomers(load_catalogue())
        >>> new.unit("% of GDP"), new.unit("million gadgets"), new.units["million gadgets"].factor
        ('%', 'million gadgets', 1000000.0)
        """
        text = pattern("thousands").sub("thousand", plain(printed)).strip()
        text = entry("plan_units").get(text, text)
        known = {**self.catalogue.units, **self.units}
        if not text or text in known:
            return text
        text = _money(text)
        if text in known:
            return text
        if (scale := words()["scales"].get(text.lower())) is not None:  # of things that the name tells
            self.units[text] = Unit(text, text, known[entry("counter")].dimension, 10.0**scale)
            return text
        if re.match(r"%|per ?cent", text, re.IGNORECASE):
            return "%"
        named = {key(name): unit.id for unit in known.values() for name in (unit.name_en, unit.id)}
        if key(text) in named:
            return named[key(text)]
        base, power = sized(text)
        of = known.get(named.get(key(base), base)) or Unit(base, base, base, 1.0)
        self.units[text] = Unit(text, text, of.dimension, 10.0**power * of.factor)
        return text

    def indicator(
        self, name: str, unit: str, growth: bool = False, figures: Iterable[float] = (), summed: bool = False
    ) -> Indicator:
        """Return a new indicator, to be checked by a person; its class is the one that its name means, else that of its kind.

        Percent is a share where all figures lie in 0-100, else a rate; what is per head or "per" something is a density, what is
        known by its growth alone is an index in %, all else is an amount; lower is better where the name says so (grammar.yaml,
        lower). unit: of the catalogue or new. figures: those in percent. summed: over the years, a flow.

        >>> from planmodel.plans.catalogue import load_catalogue
        >>> new = Newcomers(load_catalogue())
        >>> made = new.indicator("Infant deaths", new.unit("per 1,000"))
        >>> made.id, made.scale, made.direction
        ('infant_deaths', 'density', 'lower')
        """
        name = re.sub(r"\s+", " ", name).strip()
        id = _slug(name)
        if id in self.catalogue.indicators or (id in self.indicators and self._other(id, unit, growth)):
            id = f"{id}_{zlib.crc32(unit.encode()):08x}"
        old = self.indicators.get(id)
        if old is None or (not growth and unit and (not old.unit or old.scale == "index")):
            of = self.known.units.get(unit)
            money, constant = (
                of and re.fullmatch(r"[A-Z]{3}(?:/.*)?", of.dimension),
                pattern("constant").search(name),
            )
            basis = "none" if not money else "real" if constant else "nominal"
            per = pattern("density").search(f"{name} {unit} {of.dimension if of else ''}")
            scale = "index" if growth else "density" if per else "amount"
            if of and of.dimension in ("percent", "pp") and not growth:
                scale = "share" if all(0 <= figure <= 100 for figure in figures) else "rate"
            lower = re.search(entry("lower"), name, re.IGNORECASE)
            like = self.found(pattern("prices").sub("", name), unit) if constant else ""
            self.indicators[id] = Indicator(
                id, name, name, "%" if growth else unit, scale, "lower" if lower else "higher", basis, basis,
                "flow" if summed else "", "", "", _family(name, scale) or (GROWN if growth else ""), str(Phrase("drafting.new_indicator")["en"]),
                dependence=self.catalogue.indicators[like].dependence if like in self.catalogue.indicators else "",
                theme=_theme(name) or (SHARED if scale == "share" else THEMES[0]),
            )  # fmt: skip
        return self.indicators[id]

    def _other(self, id: str, unit: str, growth: bool) -> bool:
        """Return whether a new indicator's unit is of another kind than a further one of its name."""
        old = self.indicators[id]
        both = old.unit and unit and not growth and old.scale != "index"
        return bool(both) and not self.known.alike(old.unit, unit)


def _family(name: str, scale: str) -> str:
    """Return the family of classes of change from a level that a name surely means, of its kind of figures; empty: none.

    >>> _family("Under-five mortality", "density"), _family("Maternal mortality", "share"), _family("Yaks", "amount")
    ('child_mortality', '', '')
    """
    scores = {"": SURE}
    for id, about in shipped("levels")["classes"].items():
        if about["family"] and (load_class(id).transform == "logit") == (scale == "share"):
            names = (re.split("[:\uff1a]", about[f"name_{lang}"])[-1].strip() for lang in LANGS)
            score = max(alike(name, each) for each in names)
            scores[about["family"]] = max(score, scores.get(about["family"], 0.0))
    return max(scores, key=lambda family: scores[family])


def _theme(name: str) -> str:
    """Return what a name is about, empty where it does not say.

    >>> _theme("Under-five mortality"), _theme("Forest cover"), _theme("Widgets sold")
    ('people', 'environment', '')
    """
    return next(
        (theme for theme, words in entry("themes").items() if re.search(words, name, re.IGNORECASE)), ""
    )


def _money(text: str) -> str:
    """Return a unit with the code of its currency behind the words for its size; any other as it is.

    >>> _money("₹ crore"), _money("UGX trillion"), _money("RM mil"), _money("€m"), _money("million tonnes")
    ('crore INR', 'trillion UGX', 'million MYR', 'million EUR', 'million tonnes')
    """
    parts = re.sub(r"([^\W\d_.]*[$€£₹₦₱₽₫₺฿₴৳₸₩₪₵¢])", r" \1 ", text).split()
    codes = [
        entry("currencies").get(part.lower(), part if re.fullmatch("[A-Z]{3}", part) else "")
        for part in parts
    ]
    short = entry("money_sizes")
    sizes = [short.get(part.lower(), part) for part, code in zip(parts, codes, strict=True) if not code]
    money = [code for code in codes if code]
    return (
        " ".join([*sizes, *money])
        if len(money) == 1 and set(map(str.lower, sizes[1:])) <= set(words()["scales"])
        else text
    )


def _slug(name: str) -> str:
    """Return a name as an id."""
    id = re.sub(r"[^a-z0-9]+", "_", name.casefold())[:40].strip("_") if name.isascii() else ""
    return id or f"own_{zlib.crc32(name.encode()):08x}"

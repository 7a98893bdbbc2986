"""Reference classes: what comparable series did, as small tables of statistics.

The tables stand in planmodel/classes/ and are made by `make reference`; docs/reference.md says how. Growth stands in
hundredths of logs (amounts) or logits (shares) a year.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.errors import NotAssessable, PlanmodelError, unknown
from planmodel.files.reading import check_name, data_folder, shipped, stamp
from planmodel.files.texts import read_text
from planmodel.forecasts.class_paths import CLASS_YEARS, PULL, ClassState, Deviation, class_state
from planmodel.forecasts.levels import Change, change_of, transformed
from planmodel.forecasts.nations import Nation, prices_of
from planmodel.words import Phrase
from planmodel.words.cards import Card, Rows

POOLED = "annual_series"
"""The class of all annual series: no calendar and no growth of its own, but errors pooled over many series."""
OUTER_YEARS = 10
OFFSET_YEARS, OFFSET_PULL = 15, 0.3
"""A class's offset from its nation is drawn to nothing, or to its median of 15 years, three tenths of the way a year."""
FEWEST_YEARS = 3
GROWN = ("amount", "share", "coverage")
"""Kinds that classes of growth speak of too."""
POOL_OF = {("count", True): "any_count_china", ("amount", False): "any_amount_usd"}
"""Pools by kind, and whether the region is in China; others are any_<kind>."""
_LOCAL = ("city", "province", "municipality", "country")
NEAREST = {
    **dict.fromkeys(("country", "union"), ("country", "province", "city", "municipality")),
    "province": ("province", "city", "country", "municipality"),
    **dict.fromkeys(("prefecture", "county", "area"), _LOCAL),
}
"""Levels of classes, the nearest to a region's level first."""
LONGER = 1.3
"""Episodes are counted for so many times their longest years at most."""
NOMINAL_PULL, AHEAD = 0.2, 5
"""Yuan amounts are drawn a fifth of the way a year to what the nation's growth and prices are expected to be over five years."""


@dataclass(frozen=True, repr=False)
class ReferenceClass(Card):
    """Statistics of a class of series; see docs/reference.md for each.

    medians: growth by year, None for a class without a calendar; level_sd is then the spread of its lasting growth.
    outer: the wider class its growth is drawn to, None: its own long mean. nation: the country whose growth it follows at an offset,
    which fades, or is drawn to its own median. prices: of the class's regions by year, before those of the nation are at hand;
    a nominal class without medians follows the nation's nominal growth, or the path of its outer class where no nation is known.
    """

    id: str
    name_zh: str
    name_en: str
    transform: str
    source: str | Mapping[str, str] = ""
    sample: str = ""
    n_series: int = 0
    years: tuple[int, int] | None = None
    medians: Mapping[int, float] | None = None
    deviation: Deviation | None = None
    outer: Mapping[str, str] | None = None
    episodes: Mapping[str, Any] | None = None
    level_sd: float = 0.0
    nation: str = ""
    offset_fades: bool = False
    change: Change | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    """Of a class of change from a level: its change, and family, level, kind, grade and scores (classes/levels.json)."""
    prices: Mapping[int, float] | None = None

    def _card(self, lang: str) -> tuple[object, Rows]:
        return self, [
            ("id", self.id),
            (Phrase("forecasts.class.series"), self.n_series),
            (Phrase("forecasts.class.years"), "–".join(str(year) for year in self.years or ())),
            (Phrase("forecasts.class.sample"), self.sample),
            (Phrase("terms.source"), self.source),
        ]

    def name(self, lang: str) -> str:
        return {"zh": self.name_zh, "en": self.name_en}[lang]

    @property
    def basis(self) -> str:
        """real, nominal, or empty where the name does not say (shares, counts, classes of one's own).

        >>> load_class("prefectures_nominal_gdp").basis, load_class("gdp_shares").basis
        ('nominal', '')
        """
        return next((basis for basis in ("real", "nominal") if basis in self.id.split("_")), "")

    def known(self, origin: int) -> np.ndarray:
        """Return the medians known at an origin, oldest first; raise NotAssessable where there are none."""
        if self.medians and origin < min(self.medians) + FEWEST_YEARS - 1:
            first = min(self.medians)
            raise NotAssessable(Phrase("forecasts.fault.class_from", name=self.id, first=first, last=origin))
        return np.array([value for year, value in sorted((self.medians or {}).items()) if year <= origin])

    def state(self, origin: int) -> ClassState:
        """Return the class's state at an origin: its level and trend, and the level it is drawn to.

        Drawn to: the mean of the wider class's last ten medians, plus this class's own mean gap over the same ten
        years where `gap_from` is named; else the mean of its own last 25 years. Pull: half of what does not last.
        """
        return _state(self.id, origin)

    def growth(
        self, origin: int, n_years: int, n_draws: int, rng: np.random.Generator, nation: Nation | None = None
    ) -> np.ndarray:
        """Return paths of the class's growth after an origin, (n_draws, n_years).

        nation: the class is then the nation's path plus the class's own offset from it.
        """
        if beside := self._nominal(origin, nation):
            medians, level = beside
            values = np.array([value for _, value in sorted(medians.items())])
            state = class_state(values, level, NOMINAL_PULL, trend_shares=(0.0,))
            return state.draws(n_years, n_draws, rng)
        if nation is not None and self.basis != "nominal":
            ahead = (origin, n_years, n_draws, rng)
            return nation.draws(*ahead) + self._offset(*ahead, nation)
        if self.medians is None and self.outer:
            return load_class(self.outer["class"]).growth(origin, n_years, n_draws, rng, nation)
        if self.medians is None:
            return np.repeat(self.level_sd * rng.standard_normal((n_draws, 1)), n_years, axis=1)
        behind = max(origin - max(self.medians), 0)
        return self.state(origin).draws(behind + n_years, n_draws, rng)[:, behind:]

    def offsets(self, origin: int, nation: Nation) -> tuple[int, np.ndarray]:
        """Return the class's medians less the nation's growth, oldest first, and the last of their years.

        Errors: NotAssessable where the two have no year in common up to the origin.
        """
        medians = self.medians or {}
        both = [year for year in sorted(medians) if year in nation.record and year <= origin]
        if not both:
            first = max(min(medians, default=origin), min(nation.record))
            raise NotAssessable(Phrase("forecasts.fault.class_from", name=self.id, first=first, last=origin))
        return both[-1], np.array([medians[year] - nation.record[year] for year in both])

    def _offset_state(self, origin: int, nation: Nation) -> tuple[int, ClassState]:
        last, offsets = self.offsets(origin, nation)
        outer = 0.0 if self.offset_fades else float(np.median(offsets[-OFFSET_YEARS:]))
        return last, class_state(offsets, outer, OFFSET_PULL)

    def _offset(self, origin: int, n_years: int, n_draws: int, rng, nation: Nation) -> np.ndarray:
        if self.nation != nation.country:
            return np.zeros((n_draws, n_years))
        last, state = self._offset_state(origin, nation)
        return state.draws(origin - last + n_years, n_draws, rng)[:, origin - last :]

    def _nominal(self, origin: int, nation: Nation | None) -> tuple[dict[int, float], float] | None:
        """Growth by year up to an origin of a class of yuan amounts, and the nation's nominal growth that it is drawn to.

        None for other classes, and where the nation or its prices are not known. After the class's last median it is the
        nation's growth plus the offset that lasts.
        """
        if nation is None or self.basis != "nominal" or self.nation != nation.country:
            return None
        official = nation.prices.record if nation.prices else {}
        record = {y: v for y, v in (self.prices or {}).items() if y <= origin} | dict(official)
        growth = {y: v + record[y] for y, v in nation.record.items() if y in record and y <= origin}
        if len(growth) < FEWEST_YEARS:
            return None
        prices, ahead = prices_of(nation.country, record), range(origin + 1, origin + AHEAD + 1)
        medians = {y: v for y, v in (self.medians or growth).items() if y <= origin}
        offsets = [medians[y] - growth[y] for y in sorted(medians) if y in growth]
        if not offsets:
            return None
        lasting = 0.0 if self.offset_fades else float(np.median(offsets[-OFFSET_YEARS:]))
        medians |= {y: v + lasting for y, v in growth.items() if y > max(medians)}
        level = float((nation.expected(ahead, origin) + prices.expected(ahead, origin)).mean()) + lasting
        return medians, level

    def past(self, first_year: int, last_year: int, origin: int, nation: Nation | None = None) -> float:
        """Return the class's summed growth over past years; years after its last median as it, or the nation, has them."""
        years = range(first_year, last_year + 1)
        beside = self._nominal(origin, nation)
        if beside:
            first, last = min(beside[0]), max(beside[0])
            return float(sum(beside[0][min(max(year, first), last)] for year in years))
        if nation is not None and self.basis != "nominal":
            return self._past_beside(years, origin, nation)
        if self.medians is None and self.outer:
            return load_class(self.outer["class"]).past(first_year, last_year, origin, nation)
        if self.medians is None:
            return 0.0
        newest, oldest = min(max(self.medians), origin), min(self.medians)
        later = self.state(origin).mean(last_year - newest) if last_year > newest else np.empty(0)
        known = sum(self.medians[max(year, oldest)] for year in years if year <= newest)
        return float(known + sum(later[year - newest - 1] for year in years if year > newest))

    def _past_beside(self, years: range, origin: int, nation: Nation) -> float:
        """The nation's growth plus the offset: as it was, and after the class's last median as it is expected."""
        own = (self.medians or {}) if self.nation == nation.country else {}
        medians = {year: value for year, value in own.items() if year <= origin}
        later = [year for year in years if year not in medians]
        growth = dict(zip(later, nation.expected(later, origin), strict=True))
        if medians and later and later[-1] > max(medians):
            last, state = self._offset_state(origin, nation)
            mean = state.mean(later[-1] - last)
            growth |= {year: growth[year] + mean[year - last - 1] for year in later if year > last}
        return float(sum(medians.get(year, growth.get(year, 0.0)) for year in years))

    def percentile(self, rate: float, n_years: int, base: float | None = None) -> float | None:
        """Return the percentage of the class's episodes of n_years that stayed below a mean rate (a fraction; logits of a share).

        base: the level they start from, in the catalogue's unit; counts where the class says how change depends on it. None where the
        class keeps no episodes, or none nearly as long. The ends of the table give 0.5 and 99.5.

        >>> round(100 - load_class("prefectures_real_gdp").percentile(0.085, 5))
        57
        """
        if self.change is not None:
            start = np.nan if base is None else float(transformed(np.array([base]), self.transform)[0])
            change = n_years * (np.log1p(rate) if self.transform == "log" else rate)
            return 100 * self.change.below(start, float(change), n_years)
        if self.episodes is None:
            return None
        horizons = self.episodes["horizons"]
        if n_years > LONGER * max(map(int, horizons)):
            return None
        nearest = min(horizons, key=lambda h: (abs(int(h) - n_years), int(h)))
        known = horizons[nearest]["quantiles"], self.episodes["grid"]
        return float(100 * np.interp(rate, *known, left=0.005, right=0.995))


def _tables() -> dict:
    """The classes of growth: the package's, and those of the data folder (data/classes)."""
    own = {}
    with contextlib.suppress(PlanmodelError):  # no data folder
        folder = data_folder() / "classes"
        own = _user_tables(folder, stamp(folder)) if folder.is_dir() else {}
    return shipped("classes") | {POOLED: shipped("pooled")["class"]} | own


@lru_cache(maxsize=8)
def _user_tables(folder: Path, _: tuple) -> dict:
    """Return the classes that users defined in data/classes/ (tools/make_class.py)."""
    tables = {}
    for path in sorted(folder.glob("*.json")):
        try:
            tables[check_name("class", path.stem)] = json.loads(read_text(path))
        except ValueError as error:
            expected = Phrase("forecasts.fault.made_class")
            raise PlanmodelError.of("JSON", expected, str(error), path.name) from None
    return tables


def class_names() -> tuple[str, ...]:
    """Return the ids of the reference classes.

    >>> "countries_real_gdp" in class_names()
    True
    """
    return tuple(_tables())


def level_names() -> tuple[str, ...]:
    """Return the ids of the classes of change from a level, the pools last.

    >>> level_names()[-1].startswith("any_")
    True
    """
    return tuple(shipped("levels")["classes"])


def reference_names() -> tuple[str, ...]:
    """Return the ids of all classes, of growth and of change from a level."""
    return class_names() + level_names()


def beside(used: str) -> tuple[str, ...]:
    """Return the classes to show beside the one in use, itself among them: those of growth, or of a level its kind's pool."""
    if used not in level_names():
        return class_names()
    kind = load_class(used).about["kind"]
    return tuple(dict.fromkeys((used, f"any_{kind}", *(class_names() if kind in GROWN else ()))))


def class_for(reference: str, scale: str, nominal: bool, level: str, country: str) -> str:
    """Return the class of a family that is nearest to a region, or the pool of a kind where no family is named or none fits.

    reference: a class (returned as it is, but for one of another country's regions), a family, or empty. Nearest: the same
    country's classes by level, then those of others.

    >>> class_for("doctors", "density", False, "county", "china"), class_for("doctors", "density", False, "country", "rwanda")
    ('provinces_doctors', 'countries_doctors')
    >>> class_for("", "amount", True, "county", "china"), class_for("", "amount", True, "country", "rwanda")
    ('any_amount', 'any_amount_usd')
    >>> class_for("prefectures_nominal_gdp", "amount", True, "country", "rwanda")
    'any_amount_usd'
    """
    known = reference in level_names() or reference in class_names()
    if known and (not country or load_class(reference).nation in ("", country)):
        return reference
    classes = shipped("levels")["classes"]
    of_family = {name: one for name, one in classes.items() if one["family"] == reference != ""}
    fit = [name for name, one in of_family.items() if one["nation"] in ("", country)]
    if fit:
        order = NEAREST.get(level, _LOCAL) + ("any",)
        return min(fit, key=lambda name: (not classes[name]["nation"], order.index(classes[name]["level"])))
    kind = "amount" if nominal and scale in ("amount", "density") else "count" if scale == "amount" else scale
    return POOL_OF.get((kind, country == "china"), f"any_{kind}")


def families() -> tuple[str, ...]:
    """Return the families of classes of change from a level.

    >>> "doctors" in families()
    True
    """
    named = (one["family"] for one in shipped("levels")["classes"].values())
    return tuple(dict.fromkeys(filter(None, named)))


@cache
def load_class(name: str) -> ReferenceClass:
    """Return a reference class by id; raise with the nearest known names."""
    levels, tables = shipped("levels"), _tables()
    if name in levels["classes"]:
        about = levels["classes"][name]
        entry = {key: about[key] for key in ("name_zh", "name_en", "transform", "source", "years")}
        entry |= {"sample": about["panel"], "n_series": about["n_regions"], "about": about}
        entry["change"] = change_of(about, np.array(levels["grid"]), np.array(levels["spans"]))
    elif name in tables:
        entry = tables[name]
    else:
        raise PlanmodelError(faults=[unknown("reference", str(name), reference_names())])
    own: dict[str, Any] = {f.name: entry[f.name] for f in fields(ReferenceClass) if entry.get(f.name)}
    made: dict[str, Callable[[Any], Any]] = {
        "years": tuple, "medians": _without_gaps, "deviation": lambda of: Deviation(**of),
        "prices": lambda of: {int(year): value for year, value in of.items()},
    }  # fmt: skip
    return ReferenceClass(id=name, **{key: made.get(key, lambda of: of)(value) for key, value in own.items()})


def _without_gaps(medians: Mapping[str, float]) -> dict[int, float]:
    """Return the medians by year, a missing year between its neighbours."""
    known = sorted(int(year) for year in medians)
    years = np.arange(known[0], known[-1] + 1)
    values = np.interp(years, known, [medians[str(year)] for year in known])
    return {int(year): float(value) for year, value in zip(years, values, strict=True)}


@cache
def _state(name: str, origin: int) -> ClassState:
    group = load_class(name)
    wider = group if group.outer is None else load_class(group.outer["class"])
    if wider.deviation is None:
        raise PlanmodelError.of("outer", Phrase("forecasts.fault.with_deviations"), wider.id)
    medians, pull = group.known(origin), PULL * (1 - wider.deviation.rho)
    if group.outer is None:
        return class_state(medians, float(medians[-CLASS_YEARS:].mean()), pull)
    level = float(wider.known(origin)[-OUTER_YEARS:].mean())
    if group.outer["gap_from"]:
        own, other = group.medians or {}, load_class(group.outer["gap_from"]).medians or {}
        both = [year for year in sorted(own) if year in other and year <= origin][-OUTER_YEARS:]
        level += float(np.mean([own[year] - other[year] for year in both]))
    return class_state(medians, level, pull)

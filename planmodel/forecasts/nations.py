"""Nations: what is known of a country's growth at a moment, and what a published outlook expects of it.

Growth is real, in hundredths of logs a year. An outlook is corrected by what became of such outlooks: the outcome is
regressed on the outlook and on the growth of the five years before (median regression, by year ahead), its error
scaled by how far the country's outlooks of one year ahead used to miss. Coefficients stand by origin in
planmodel/classes/outlooks.json (tools/make_outlooks.py): an outlook of 2020 is read as one could read it in 2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from planmodel.arithmetic.streams import stream
from planmodel.errors import Fault, PlanmodelError
from planmodel.files.reading import data_folder, number, read_table, shipped, stamp, year
from planmodel.forecasts.levels import through
from planmodel.words import Phrase

LEADS = (1, 2, 3, 4, 5)
AUTUMN = "-10"
VINTAGE = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
PAST_YEARS = 5
ERROR_YEARS, USUAL_ERROR, USUAL_WEIGHT = 10, 2.5, 2
"""A country's misses count ten years back, beside two of the usual size (points)."""
NOWCAST = 0.3
"""Error of the outlook of a year under way, as a share of one of the year after it."""
SWINGS, USUAL_SWING = 9, 1.5
"""Changes of prices count nine years back, beside two of the usual size (points)."""
FIGURES_OUT = "03"
"""The month in which a year's figures are out."""
LONGEST = 40
"""Years of prices that are drawn whatever is asked, so that all who ask get the same."""
OUTLOOK_COLUMNS = ("region", "publisher", "vintage", "year", "growth_pct", "source")
RECORD_COLUMNS = ("region", "year", "growth_pct", "source")
PRICE_COLUMNS = ("region", "year", "deflator_pct", "source")


@dataclass(frozen=True)
class Nation:
    """A country at a moment: its record of real growth and the outlook known then, in hundredths of logs a year.

    record: by year. outlook: by year, of `vintage` (year-month). error: how far its outlooks of one year ahead used to
    miss, points. measure: `outlooks` of growth, or `prices` of GDP, whose record ends with the last known year.
    prices: those of the country at the same moment, None where none are on file.
    """

    country: str
    publisher: str
    vintage: str
    record: Mapping[int, float] = field(repr=False)
    outlook: Mapping[int, float] = field(repr=False)
    error: float
    measure: str = "outlooks"
    prices: Nation | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """Publisher and vintage: IMF 2020-10."""
        return f"{self.publisher} {self.vintage}"

    @property
    def _statistics(self) -> Mapping:
        """How outlooks were known to err in the base year; before the first and after the last estimate the nearest."""
        origins = shipped(self.measure)["origins"]
        return origins[str(min(max(self.base_year, int(min(origins))), int(max(origins))))]

    @property
    def base_year(self) -> int:
        """The last year that was over or nearly over at the vintage: leads count from it."""
        return _base_year(self.vintage)

    def known(self, origin: int) -> int:
        """Return the last year whose growth counts as known at an origin: the origin, or the year before the outlook's."""
        if self.measure == "prices":
            return max(self.record)
        return max((y for y in self.record if y <= max(origin, self.base_year - 1)), default=min(self.record))

    def expected(self, years: Iterable[int], origin: int) -> np.ndarray:
        """Return the growth of some years: of known ones as it was, of others as it is expected at an origin.

        The regressions of single years give the shape, that of the five-year mean gives the level.
        """
        last, statistics = self.known(origin), self._statistics
        past = float(np.mean([v for year, v in self.record.items() if last - PAST_YEARS < year <= last]))
        published = [self._published(self.base_year + lead) for lead in LEADS]
        each = zip(statistics["centre"], published, strict=True)
        centres = np.array([np.dot(centre, (1.0, growth, past)) for centre, growth in each])
        centres += np.dot(statistics["mean"], (1.0, float(np.mean(published)), past)) - centres.mean()

        def expected(year: int) -> float:
            if year <= last and year in self.record:
                return self.record[year]
            lead = year - self.base_year
            return self._published(year) if lead < 1 else centres[min(lead, LEADS[-1]) - 1]

        return np.array([expected(year) for year in years])

    def _published(self, year: int) -> float:
        return self.outlook[min(max(year, min(self.outlook)), max(self.outlook))]

    def draws(self, origin: int, n_years: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
        """Return paths of growth after an origin, (n_draws, n_years).

        One error of the mean is shared by all years ahead, years vary about it, and those of the first five add up to nothing;
        a year under way errs by a part of one year's error, a known one not at all.
        """
        years = np.arange(origin + 1, origin + n_years + 1)
        leads, statistics = years - self.base_year, self._statistics
        scales = (statistics["scale"], statistics["yearly_scale"])
        shared, yearly = (np.exp(np.dot(scale, (1.0, np.log(self.error)))) for scale in scales)
        n_ahead = max(int(leads[-1]), LEADS[-1])
        normal = rng.standard_normal((n_draws, n_ahead + 1))
        scores = ndtri(shipped("outlooks")["grid"])
        about = yearly * through(normal[:, 1:], scores, statistics["yearly"])
        about[:, : LEADS[-1]] -= about[:, : LEADS[-1]].mean(axis=1, keepdims=True)
        errors = np.zeros((n_draws, n_years))
        ahead, under_way = leads >= 1, (leads < 1) & (years > self.known(origin))
        lasting = shared * through(normal[:, :1], scores, statistics["quantiles"])
        errors[:, ahead] = (lasting + about)[:, leads[ahead] - 1]
        errors[:, under_way] = NOWCAST * yearly * normal[:, :1]
        return self.expected(years, origin) + errors


def own_error(misses: Mapping[int, float], origin: int) -> float:
    """Return how far a country's outlooks of one year ahead used to miss: by origin, those of the ten years before.

    >>> own_error({2018: 0.5, 2019: 3.5, 2001: 20.0}, 2020)
    2.25
    """
    recent = [m for year, m in misses.items() if origin - ERROR_YEARS <= year < origin and np.isfinite(m)]
    return float((sum(recent) + USUAL_WEIGHT * USUAL_ERROR) / (len(recent) + USUAL_WEIGHT))


def load_nation(
    country: str, known_on: str, *, publisher: str = "", folder: Path | None = None
) -> Nation | None:
    """Return a country as it was known at a date (year-month): the newest outlook by then, and its record.

    publisher: whose outlook (default: anyone's). None where no outlook of the country was published by then, or where it
    has no record. Files: data/outlooks/*.csv, data/nations.csv.

    >>> nation = load_nation("china", "2021-03")
    >>> nation.vintage, [round(float(g), 1) for g in nation.expected(range(2021, 2026), 2020)]
    ('2020-10', [6.7, 4.7, 4.6, 4.4, 4.1])
    """
    outlooks, records, _ = _files(folder)
    record = records.get(country, {})
    own = (key for key in outlooks if key[0] == country and publisher in ("", key[1]))
    known = [key for key in own if key[2] <= known_on]
    if not known or not record:
        return None
    newest = max(known, key=lambda key: key[2])
    _, publisher, vintage = newest
    misses = {}
    for key in known:
        ahead = int(key[2][:4]) + 1
        if key[1] == publisher and key[2].endswith(AUTUMN) and ahead in outlooks[key] and ahead in record:
            misses[ahead - 1] = abs(record[ahead] - outlooks[key][ahead])
    error, prices = own_error(misses, _base_year(vintage)), load_prices(country, known_on, folder)
    return Nation(country, publisher, vintage, record, outlooks[newest], error, prices=prices)


def national_record(country: str, folder: Path | None = None) -> tuple[dict[int, float], dict[int, float]]:
    """Return a country's real growth and its price changes by year, in logs; empty where nothing is recorded.

    >>> growth, prices = national_record("china")
    >>> [round(100 * prices[year], 1) for year in (2021, 2024)]
    [4.4, -0.8]
    """
    _, *records = _files(folder)
    growth, prices = ({y: value / 100 for y, value in of.get(country, {}).items()} for of in records)
    return growth, prices


def own_swing(changes: Iterable[float]) -> float:
    """Return how far a country's prices used to change their pace from year to year, points.

    >>> own_swing([0.0, 3.0])
    1.5
    """
    recent = np.abs(np.asarray(list(changes), dtype=float))[-SWINGS:]
    return float((recent.sum() + USUAL_WEIGHT * USUAL_SWING) / (len(recent) + USUAL_WEIGHT))


def load_prices(country: str, known_on: str, folder: Path | None = None) -> Nation | None:
    """Return a country's prices of GDP as known at a date (year-month); None where no figure was out by then.

    Log growth in hundredths: `expected` and `draws` as for growth. File: data/prices.csv.

    >>> load_prices("china", "2021-03").expected([2020, 2021, 2025], 2019).round(1).tolist()
    [0.5, 1.8, 2.1]
    """
    known = _files(folder)[2].get(country, {})
    record = {year: value for year, value in known.items() if f"{year + 1}-{FIGURES_OUT}" <= known_on}
    return prices_of(country, record) if record else None


def prices_of(country: str, record: Mapping[int, float]) -> Nation:
    """Return prices that are known up to the end of a record (log growth by year, hundredths)."""
    last = max(record)
    changes = np.diff([value for _, value in sorted(record.items())])
    vintage = f"{last + 1}-{FIGURES_OUT}"
    return Nation(country, "", vintage, record, {last: record[last]}, own_swing(changes), "prices")


def price_draws(prices: Nation, origin: int, n_years: int, n_draws: int, seed: int) -> np.ndarray:
    """Return paths of prices after an origin, (n_draws, n_years), log growth in hundredths; known years as they were.

    One stream by country: row i is the same path for all indicators of a country, whatever their origin or horizon.
    """
    last, rng = max(prices.record), stream(seed, f"prices/{prices.country}")
    ahead = prices.draws(last, max(LONGEST, origin + n_years - last), n_draws, rng)
    seen = range(origin + 1, min(origin + n_years, last) + 1)
    before = np.array([prices.record.get(year, 0.0) for year in seen])
    first = max(origin - last, 0)
    known = np.broadcast_to(before, (n_draws, len(before)))
    return np.hstack([known, ahead[:, first : first + n_years - len(before)]])


def _base_year(vintage: str) -> int:
    return int(vintage[:4]) - (vintage[5:] < "07")


Years = dict[int, float]
Files = tuple[dict[tuple[str, str, str], Years], dict[str, Years], dict[str, Years]]


@lru_cache(maxsize=8)
def _load(folder: Path, *_: tuple) -> Files:
    """Outlooks by (country, publisher, vintage), growth and prices by country; each by year, in hundredths of logs."""
    faults: list[Fault] = []
    known: Files = ({}, {}, {})
    outlooks = sorted((folder / "outlooks").glob("*.csv"))
    tables: dict[Path, tuple[str, ...]] = dict.fromkeys(outlooks, OUTLOOK_COLUMNS)
    tables |= {folder / "nations.csv": RECORD_COLUMNS, folder / "prices.csv": PRICE_COLUMNS}
    for path, columns in tables.items():
        for row in read_table(path, columns) if path.is_file() else ():
            if columns == OUTLOOK_COLUMNS:
                if not VINTAGE.fullmatch(row["vintage"]):
                    faults.append(row.fault("vintage", Phrase("forecasts.vintage")))
                values = known[0].setdefault((row["region"], row["publisher"], row["vintage"]), {})
            else:
                values = (known[1] if columns == RECORD_COLUMNS else known[2]).setdefault(row["region"], {})
            column = columns[-2]
            when, growth = year(row, "year", faults), number(row, column, faults, required=True)
            if when is None or growth is None:
                continue
            if not -90 < growth < 400:
                faults.append(row.fault(column, Phrase("forecasts.growth_pct")))
            elif when in values:
                faults.append(row.fault("year", Phrase("forecasts.year_once")))
            else:
                values[when] = 100 * float(np.log1p(growth / 100))
    if faults:
        raise PlanmodelError(Phrase("forecasts.nations"), faults)
    return known


def _files(folder: Path | None) -> Files:
    folder = folder or data_folder()
    return _load(folder, stamp(folder), stamp(folder / "outlooks"))

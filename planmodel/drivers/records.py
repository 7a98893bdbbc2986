"""The record of each assumption: what other countries had, as quantiles of five-year means.

The table planmodel/classes/accounting.json is made by tools/make_accounting.py from the Penn World Table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from planmodel.words import Phrase, Text

OUTSIDE = 5.0
"""A value beyond this percentile at either end is flagged."""


@dataclass(frozen=True)
class Record:
    """Quantiles of what countries had (fractions a year, shares, or years of output), and China's own episodes.

    china: its latest five-year mean; china_low, china_high: the lowest and highest of its episodes.
    """

    name: str
    grid: tuple[float, ...]
    quantiles: Sequence[float]
    n_members: int
    n_episodes: int
    last_years: Sequence[int]
    china: float | None
    china_low: float | None
    china_high: float | None

    def quantile(self, share: float) -> float:
        """Return the value that a share of the episodes (0-1) did not exceed."""
        return float(np.interp(share, self.grid, self.quantiles))

    def percentile(self, value: float) -> float:
        """Return the percentage of episodes below a value; the ends of the table give 0.5 and 99.5.

        >>> load_records().records["productivity"].percentile(0.0033)
        50.0
        """
        return float(100 * np.interp(value, self.quantiles, self.grid, left=0.005, right=0.995))

    def outside(self, value: float) -> bool:
        """Return True beyond the 5th or 95th percentile."""
        return not OUTSIDE <= self.percentile(value) <= 100 - OUTSIDE


@dataclass(frozen=True)
class RecordTable:
    """The records by name, with their source and sample as texts."""

    source: Text
    url: str
    sample: Text
    records: Mapping[str, Record]


@cache
def load_records() -> RecordTable:
    """Return the records of the growth accounting's terms; `working_age` and `participation` have none."""
    text = resources.files("planmodel").joinpath("classes", "accounting.json").read_text(encoding="utf-8")
    table = json.loads(text)
    grid = tuple(table["grid"])
    records = {name: Record(name=name, grid=grid, **entry) for name, entry in table["records"].items()}
    people, years = table["fewest_people_m"], {name: table[name] for name in ("n_years", "first_year")}
    sample = Phrase("drivers.sources.sample", millions=f"{people:g}", **years)
    return RecordTable(Phrase("drivers.sources.table"), table["url"], sample, records)

"""Scenarios: what is assumed beside the record. One YAML file each in data/scenarios/."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from planmodel.errors import Fault, PlanmodelError, unknown
from planmodel.files.reading import check_name, data_folder, read_yaml, stamp
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.model import Plan
from planmodel.words import Joined, Phrase, Text, figure
from planmodel.words.cards import Card, Rows

KEYS = (
    "name", "author", "rationale", "shocks", "deflator_pct", "volatility", "weight", "dependence", "follows_plan",
)  # fmt: skip
SHOCK_KEYS = ("pp", "first_year", "last_year", "scales", "indicators")
GROWTH_SCALES = ("amount", "density", "index", "rate")


@dataclass(frozen=True)
class Shock:
    """Growth added in some years: `pp` a year from first to last year.

    Years below 100 count the plan's years: 1 is the first. `scales` and `indicators` say what it moves.
    """

    pp: float
    first_year: int
    last_year: int
    scales: tuple[str, ...]
    indicators: tuple[str, ...]

    @property
    def text(self) -> Text:
        """The shock in words: -2 pp 2021–2022; what it moves stands behind where that is not all growth."""
        first, last = self.first_year, self.last_year
        fields = {"pp": figure(self.pp), "first": first, "last": last}
        if first < 100:
            one, several = (
                Phrase("plans.shock.plan_year", **fields),
                Phrase("plans.shock.plan_years", **fields),
            )
            several = Phrase("plans.shock.throughout", **fields) if (first, last) == (1, 99) else several
        else:
            one, several = Phrase("plans.shock.year", **fields), Phrase("plans.shock.years", **fields)
        moved = self.indicators or (() if self.scales == GROWTH_SCALES else self.scales)
        text = one if first == last else several
        return Phrase("plans.shock.of", text=text, names=moved) if moved else text


@dataclass(frozen=True, repr=False)
class Scenario(Card):
    """Named assumptions; `deflator_pct` by year with a default under 0; `weight` is its share in a mixed fan."""

    id: str
    name: Mapping[str, str]
    author: str
    rationale: Mapping[str, str]
    shocks: tuple[Shock, ...]
    deflator_pct: Mapping[int, float]
    volatility: float
    weight: float
    dependence: float
    follows_plan: bool

    def _card(self, lang: str) -> tuple[object, Rows]:
        default, years = self.deflator_pct[0], [year for year in self.deflator_pct if year]
        prices = Phrase("plans.card.a_year", figure=default)
        if years:
            listed = [f"{year}: {figure(self.deflator_pct[year])}%" for year in years]
            prices = Phrase("plans.card.in_years", years=listed, figure=default)
        return self.name, [
            (Phrase("terms.scenario"), self.id),
            (Phrase("plans.card.shocks"), Joined([shock.text for shock in self.shocks], "clauses")),
            (Phrase("plans.card.deflator"), prices),
            (Phrase("plans.card.volatility"), figure(self.volatility)),
            (Phrase("plans.card.dependence"), figure(self.dependence)),
            (Phrase("plans.card.weight"), figure(self.weight)),
        ]

    def shocks_for(self, plan: Plan, indicator: str, scale: str, years: np.ndarray) -> np.ndarray:
        """Return the pp added in each year, shape of `years`."""
        added = np.zeros(len(years))
        for shock in self.shocks:
            if scale not in shock.scales or (shock.indicators and indicator not in shock.indicators):
                continue
            first, last = (
                y if y >= 100 else plan.period[0] + y - 1 for y in (shock.first_year, shock.last_year)
            )
            added += np.where((years >= first) & (years <= last), shock.pp, 0.0)
        return added

    def deflator(self, years) -> np.ndarray:
        """Return the price change of each year as a fraction."""
        default = self.deflator_pct[0]
        return np.array([self.deflator_pct.get(int(year), default) for year in years]) / 100


def scenario_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all scenarios in the data folder.

    >>> scenario_names()[:2]
    ('baseline', 'delayed-start')
    """
    return tuple(sorted(path.stem for path in ((folder or data_folder()) / "scenarios").glob("*.yaml")))


def load_scenario(name: str, folder: Path | None = None) -> Scenario:
    """Return a scenario by name; raise PlanmodelError with every fault of its file. A changed file is read again."""
    check_name("scenario", name)
    folder = folder or data_folder()
    known = scenario_names(folder)
    if name not in known:
        raise PlanmodelError(faults=[unknown("scenario", name, known)])
    return _load(name, folder, (stamp(folder), stamp(folder / "scenarios")))


@lru_cache(maxsize=256)
def _load(name: str, folder: Path, _: tuple) -> Scenario:
    file = f"{name}.yaml"
    entry = read_yaml(folder / "scenarios" / file)
    faults = [unknown(str(key), str(key), KEYS, file=file) for key in entry if key not in KEYS]

    def fault(what: str, expected: str, found) -> None:
        faults.append(Fault(what, expected, repr(found), file, do="Correct the entry."))

    for key in ("name", "rationale"):
        if not (
            isinstance(entry.get(key), dict)
            and all(isinstance(entry[key].get(lang), str) for lang in ("zh", "en"))
        ):
            fault(key, "a text in zh and one in en", entry.get(key))
    if not isinstance(entry.get("author"), str):
        fault("author", "who wrote it", entry.get("author"))
    numbers = {}
    for key, default, low, high in (
        ("volatility", 1.0, 0.05, 5.0),
        ("weight", 0.0, 0.0, 1.0),
        ("dependence", 0.0, 0.0, 0.99),
    ):
        value = entry.get(key, default)
        if not _is_number(value) or not low <= value <= high:
            fault(key, f"a number from {low:g} to {high:g}", value)
            value = default
        numbers[key] = float(value)
    follows = entry.get("follows_plan", False)
    if not isinstance(follows, bool):
        fault("follows_plan", "true or false", follows)
    deflator = entry.get("deflator_pct", 0.0)
    deflator = {0: deflator} if _is_number(deflator) else deflator
    if isinstance(deflator, dict) and "default" in deflator:
        deflator = {
            0: deflator["default"],
            **{key: value for key, value in deflator.items() if key != "default"},
        }
    if not (
        isinstance(deflator, dict)
        and 0 in deflator
        and all(
            type(key) is int and _is_number(value) and -20 <= value <= 50 for key, value in deflator.items()
        )
    ):
        fault(
            "deflator_pct",
            "a number from -20 to 50, or years with such numbers and a default",
            entry.get("deflator_pct"),
        )
        deflator = {0: 0.0}
    shocks = []
    indicators = load_catalogue(folder).indicators
    listed = entry.get("shocks") or ()
    if not isinstance(listed, list | tuple):
        fault("shocks", "a list", listed)
        listed = ()
    for position, shock in enumerate(listed, 1):
        needed = ("pp", "first_year", "last_year")
        if not isinstance(shock, dict) or not all(_is_number(shock.get(key)) for key in needed):
            fault(f"shock {position}", "pp, first_year and last_year as numbers", shock)
            continue
        faults += [
            unknown(str(key), str(key), SHOCK_KEYS, file=file) for key in shock if key not in SHOCK_KEYS
        ]
        if not -50 <= shock["pp"] <= 50:
            fault("pp", "between -50 and 50 points a year", shock["pp"])
        if not all(
            type(shock[key]) is int and (1 <= shock[key] < 100 or 1900 <= shock[key] <= 2200)
            for key in needed[1:]
        ):
            fault(f"shock {position}", "years such as 2021, or plan years from 1 to 99", shock)
        elif shock["first_year"] > shock["last_year"]:
            fault(f"shock {position}", "a first_year not after last_year", shock)
        chosen = {}
        for key, known in (("scales", (*GROWTH_SCALES, "share")), ("indicators", indicators)):
            names = shock.get(key) or ()
            if not (isinstance(names, list | tuple) and all(isinstance(name, str) for name in names)):
                fault(key, "a list of names", names)
                names = ()
            faults += [unknown(key, str(name), known, file=file) for name in names if name not in known]
            chosen[key] = tuple(names)
        chosen["scales"] = chosen["scales"] or GROWTH_SCALES
        shocks.append(Shock(float(shock["pp"]), int(shock["first_year"]), int(shock["last_year"]), **chosen))
    if faults:
        raise PlanmodelError(f"The scenario {name} has faults:", faults)
    return Scenario(
        name,
        entry["name"],
        entry["author"],
        entry["rationale"],
        tuple(shocks),
        deflator,
        follows_plan=follows,
        **numbers,
    )


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)

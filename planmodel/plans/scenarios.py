"""Scenarios: what is assumed beside the record. One YAML file each in data/scenarios/, or made in code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.arguments import checked, is_number
from planmodel.errors import PlanmodelError, check_known, refuse, unknown
from planmodel.files.reading import Entries, check_name, data_folder, is_text, read_yaml, stamp
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.model import Plan
from planmodel.words import LANGS, Joined, Phrase, Text, figure, in_percent
from planmodel.words.cards import Card, Rows

KEYS = (
    "name", "author", "rationale", "shocks", "deflator_pct", "volatility", "weight", "dependence", "follows_plan", "outlook",
)  # fmt: skip
NO_OUTLOOK = "none"  # as a scenario's outlook: classes go their own way, whatever was published
SHOCK_KEYS = ("pp", "first_year", "last_year", "scales", "indicators")
GROWTH_SCALES = ("amount", "density", "index", "rate")
RANGES = {"volatility": (0.05, 5.0, 1.0), "weight": (0.0, 1.0, 0.0)}
"""Entries that are numbers: the lowest, the highest, the default."""
PRICES = (-20, 50)
POINTS = (-50, 50)
USUAL = ("baseline", "low", "high")


@dataclass(frozen=True)
class Shock:
    """Growth added in some years: `pp` a year from first to last year.

    Years below 100 count the plan's years: 1 is the first. `scales` and `indicators` say what it moves.
    """

    pp: float
    first_year: int
    last_year: int
    scales: tuple[str, ...] = GROWTH_SCALES
    indicators: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """The shock in words: -2 pp 2021–2022; what it moves stands behind where that is not all growth."""
        first, last = self.first_year, self.last_year
        years = f"{'plan_year' if first < 100 else 'year'}{'s' if last > first else ''}"
        when = "throughout" if (first, last) == (1, 99) else years
        text = Phrase(f"plans.shock.{when}", pp=figure(self.pp), first=first, last=last)
        known = load_catalogue().indicators
        moved: list[object] = [known.get(name, name) for name in self.indicators]
        if not moved and self.scales != GROWTH_SCALES:
            moved = [Phrase(f"plans.scales.{scale}") for scale in self.scales]
        return Phrase("plans.shock.of", text=text, names=moved) if moved else text


@dataclass(frozen=True, repr=False)
class Scenario(Card):
    """Named assumptions; `deflator_pct` by year with a default under 0; `weight` is its share in a mixed fan.

    dependence: None: as the kinds of the indicators do; a number: one common factor of that weight, better with better.
    outlook: whose outlook of the nation it stands on (a publisher of data/outlooks), empty: the newest, or none.
    """

    id: str
    name: Mapping[str, str]
    author: str
    rationale: Mapping[str, str]
    shocks: tuple[Shock, ...]
    deflator_pct: Mapping[int, float]
    volatility: float
    weight: float
    follows_plan: bool
    dependence: float | None = None
    outlook: str = ""

    @classmethod
    def of(cls, name: str | Mapping[str, str], **entries: Any) -> Scenario:
        """Return a scenario made in code; entries: those of a file, without its author and rationale.

        name: one text, or one a language. The id is made of it.

        Errors: PlanmodelError with every fault.

        >>> mine = Scenario.of("Slow start", deflator_pct=2, shocks=[{"pp": -1, "first_year": 2021, "last_year": 2022}])
        >>> mine.id, mine.shocks[0].pp, mine.deflator([2021]).tolist()
        ('slow-start', -1.0, [0.02])
        """
        names = name if isinstance(name, Mapping) else dict.fromkeys(LANGS, name)
        given = Entries({"author": "", "rationale": names} | entries | {"name": dict(names)}, "", [])
        return _checked(_slug(str(names["en"])), given, load_catalogue().indicators)

    def with_shock(
        self, pp: float, first_year: int, last_year: int | None = None, *, indicators: tuple[str, ...] = ()
    ) -> Scenario:
        """Return the scenario with growth added: pp points a year from first to last year, of some indicators or all.

        Years below 100 count the plan's years. The change stands in the name.

        >>> load_scenario("baseline").with_shock(-2, 2021, 2022).name["en"]
        'Baseline, −2 pp 2021–2022'
        """
        last_year = first_year if last_year is None else last_year
        entry = {"pp": pp, "first_year": first_year, "last_year": last_year, "indicators": list(indicators)}
        given = Entries({"shocks": [entry]}, "", [])
        (shock,) = _shocks(given, load_catalogue().indicators) or (None,)
        if given.faults or shock is None:
            raise PlanmodelError(faults=given.faults)
        return self._changed(shock.text, shocks=(*self.shocks, shock))

    def with_deflator(self, pct: float | Mapping[int, float]) -> Scenario:
        """Return the scenario with other price changes, in %: one for every year, or by year (the others stay).

        >>> load_scenario("baseline").with_deflator({2021: 3}).deflator([2021, 2022]).round(3).tolist()
        [0.03, 0.015]
        """
        all_years = {**self.deflator_pct, **pct} if isinstance(pct, Mapping) else pct
        given = Entries({"deflator_pct": all_years}, "", [])
        prices = _deflator(given)
        refuse(given.faults)
        new = {year: prices[year] for year in pct} if isinstance(pct, Mapping) else prices
        return self._changed(Phrase("plans.scenario.prices", text=_prices(new)), deflator_pct=prices)

    def _changed(self, change: Text, **fields: Any) -> Scenario:
        name = Phrase("plans.scenario.changed", name=self.name, change=change)
        return replace(self, id=f"{self.id}-{_slug(change['en'])}", name=name, **fields)

    def _card(self, lang: str) -> tuple[object, Rows]:
        return self.name, [
            (Phrase("terms.scenario"), self.id),
            (Phrase("plans.card.shocks"), Joined([shock.text for shock in self.shocks], "clauses")),
            (Phrase("plans.card.deflator"), _prices(self.deflator_pct)),
            (Phrase("plans.card.volatility"), figure(self.volatility)),
            (Phrase("plans.card.dependence"), None if self.dependence is None else figure(self.dependence)),
            (Phrase("plans.card.weight"), figure(self.weight)),
            (Phrase("plans.card.outlook"), self.outlook),
        ]

    def shocks_for(self, plan: Plan, indicator: str, scale: str, years: np.ndarray) -> np.ndarray:
        """Return the pp added in each year, shape of `years`."""
        added = np.zeros(len(years))
        for shock in self.shocks:
            if scale not in shock.scales or (shock.indicators and indicator not in shock.indicators):
                continue
            ends = (shock.first_year, shock.last_year)
            first, last = (y if y >= 100 else plan.period[0] + y - 1 for y in ends)
            added += np.where((years >= first) & (years <= last), shock.pp, 0.0)
        return added

    @property
    def push(self) -> float:
        """Points of growth that the shocks of the plan's own years add in its first five, all together."""
        by_plan = (s for s in self.shocks if s.first_year < 100 and not s.indicators)
        of_all = (s for s in by_plan if s.scales == GROWTH_SCALES)
        return sum(s.pp * max(min(s.last_year, 5) - s.first_year + 1, 0) for s in of_all)

    def deflator(self, years) -> np.ndarray:
        """Return the price change of each year as a fraction."""
        default = self.deflator_pct[0]
        return np.array([self.deflator_pct.get(int(year), default) for year in years]) / 100


def _prices(deflator_pct: Mapping[int, float]) -> Text:
    """Price changes in words: by year, then the default under 0."""
    years = [f"{year}: {in_percent(pct, None)}" for year, pct in deflator_pct.items() if year]
    default = Phrase("plans.card.a_year", figure=deflator_pct[0]) if 0 in deflator_pct else None
    if years and default:
        return Phrase("plans.card.in_years", years=years, figure=deflator_pct[0])
    return default or Joined(years, "list")


def _slug(text: str) -> str:
    """Return a text as an id, the sign of a figure kept.

    >>> _slug("−2 pp 2021–2022")
    'minus-2-pp-2021-2022'
    """
    text = re.sub(r"[−-](?=\d)", "minus ", text.lower(), count=1)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:80] or "own"


def scenario_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all scenarios in the data folder.

    >>> scenario_names()[:2]
    ('baseline', 'delayed-start')
    """
    return tuple(sorted(path.stem for path in ((folder or data_folder()) / "scenarios").glob("*.yaml")))


def usual_scenarios(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the scenarios that are taken where none is named: baseline, low and high as far as they are there, else all."""
    known = scenario_names(folder)
    return tuple(name for name in USUAL if name in known) or known


def in_order(names: Iterable[str], folder: Path | None = None) -> tuple[str, ...]:
    """Return names of scenarios by weight, the heaviest first; of equal weight the most severe, and last what follows the plan.

    >>> in_order(scenario_names())[:3]
    ('baseline', 'low', 'high')
    """
    known = {name: load_scenario(name, folder) for name in names}
    return tuple(sorted(known, key=lambda n: (known[n].follows_plan, -known[n].weight, known[n].push, n)))


@checked
def load_scenario(name: str, folder: Path | None = None) -> Scenario:
    """Return a scenario by name; raise PlanmodelError with every fault of its file. A changed file is read again."""
    check_name("scenario", name)
    folder = folder or data_folder()
    check_known("scenario", [name], scenario_names(folder))
    return _load(name, folder, (stamp(folder), stamp(folder / "scenarios")))


@lru_cache(maxsize=256)
def _load(name: str, folder: Path, _: tuple) -> Scenario:
    entries = Entries(read_yaml(folder / "scenarios" / f"{name}.yaml"), f"{name}.yaml", [])
    return _checked(name, entries, load_catalogue(folder).indicators)


def _checked(name: str, entries: Entries, indicators: Mapping[str, object]) -> Scenario:
    """Return the scenario of some entries, or raise with every fault."""
    entries.only(KEYS)

    def of(kind: type) -> Callable[[Any], bool]:
        return lambda value: isinstance(value, kind)

    text, author = Phrase("plans.head.text"), Phrase("plans.scenario.author")
    truth, outlook = Phrase("plans.head.truth"), Phrase("plans.scenario.outlook")
    scenario = Scenario(
        name,
        name=entries.take("name", is_text, text, needed=True),
        author=entries.take("author", of(str), author, needed=True),
        rationale=entries.take("rationale", is_text, text, needed=True),
        shocks=_shocks(entries, indicators),
        deflator_pct=_deflator(entries),
        follows_plan=entries.take("follows_plan", of(bool), truth, False),
        outlook=entries.take("outlook", of(str), outlook, ""),
        dependence=entries.number("dependence", 0.0, 0.99) if "dependence" in entries.content else None,
        **{key: entries.number(key, *bounds) for key, bounds in RANGES.items()},
    )
    if entries.faults:
        raise PlanmodelError(Phrase("plans.scenario.faults", name=name), entries.faults)
    return scenario


def _deflator(entries: Entries) -> dict[int, float]:
    """Price changes by year, the default under 0."""

    def good(value: Any) -> bool:
        years = value if isinstance(value, Mapping) else {0: value}
        return ("default" in years or 0 in years) and all(
            (year == "default" or type(year) is int) and is_number(pct) and PRICES[0] <= pct <= PRICES[1]
            for year, pct in years.items()
        )

    value = entries.take("deflator_pct", good, Phrase("plans.scenario.prices_by_year"), 0.0)
    years = value if isinstance(value, Mapping) else {0: value}
    return {0 if year == "default" else year: pct for year, pct in years.items()}


def _shocks(entries: Entries, indicators: Mapping[str, object]) -> tuple[Shock, ...]:
    """The shocks that are sound; the others are faults."""
    expected = Phrase("plans.scenario.list")
    listed = entries.take("shocks", lambda value: isinstance(value or [], list | tuple), expected)
    shocks = [_shock(position, shock, entries, indicators) for position, shock in enumerate(listed or (), 1)]
    return tuple(shock for shock in shocks if shock is not None)


def _shock(position: int, given: Any, entries: Entries, indicators: Mapping[str, object]) -> Shock | None:
    what, needed = f"shock {position}", ("pp", "first_year", "last_year")
    if not isinstance(given, dict) or not all(is_number(given.get(key)) for key in needed):
        entries.fault(what, Phrase("plans.scenario.numbers"), given)
        return None
    own = Entries(given, entries.file, entries.faults)
    own.only(SHOCK_KEYS)
    if not POINTS[0] <= given["pp"] <= POINTS[1]:
        own.fault("pp", Phrase("plans.scenario.points", low=POINTS[0], high=POINTS[1]), given["pp"])
    years = [given[key] for key in needed[1:]]
    if not all(type(year) is int and (1 <= year < 100 or 1900 <= year <= 2200) for year in years):
        own.fault(what, Phrase("plans.scenario.years"), given)
    elif years[0] > years[1]:
        own.fault(what, Phrase("plans.scenario.in_order"), given)
    scales = _names(own, "scales", (*GROWTH_SCALES, "share"))
    chosen = _names(own, "indicators", indicators)
    return Shock(float(given["pp"]), int(years[0]), int(years[1]), scales or GROWTH_SCALES, chosen)


def _names(entries: Entries, key: str, known: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
    def good(value: Any) -> bool:
        return isinstance(value or (), list | tuple) and all(isinstance(name, str) for name in value or ())

    names = tuple(entries.take(key, good, Phrase("plans.scenario.names")) or ())
    entries.faults += [unknown(key, name, known, file=entries.file) for name in names if name not in known]
    return names

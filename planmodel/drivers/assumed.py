"""What the growth accounting assumes (data/assumptions.yaml, the region's own, the user's), and what countries had of it.

The table of records, planmodel/classes/accounting.json, is made by tools/make_accounting.py from the Penn World Table.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.arguments import is_number
from planmodel.arithmetic.accounting import LABOUR, Assumptions, check_assumptions
from planmodel.errors import Fault, PlanmodelError, quoted, refuse, unknown
from planmodel.files.reading import Entries, data_folder, is_text, read_yaml, shipped, stamp
from planmodel.plans import Plan
from planmodel.plans.catalogue import load_catalogue
from planmodel.words import Phrase

FILE = "assumptions.yaml"
NAMES = tuple(field.name for field in fields(Assumptions))
READINGS = ("economy", "sector")
RANGES: Mapping[str, tuple[float, float]] = {
    "labour_share": (5, 95), "depreciation": (0.5, 30), "capital_output": (0.2, 20),
    "investment_share": (2, 100), "services_share": (2, 100),
    **dict.fromkeys(("productivity", "human_capital", *LABOUR, "labour"), (-20.0, 20.0)),
}  # fmt: skip
"""What a user may say, in percent (a year); capital_output in years of output. services_share: at the plan's end."""
AS_FRACTION = ("labour_share", "investment_share", "services_share")
SECTOR_NEEDS = ("labour_share", "capital_output", "investment_share", "labour")
OUTSIDE = 5.0  # a value beyond this percentile of the record at either end is flagged
FORM = "investment_share=43, productivity=0.8"


@dataclass(frozen=True)
class Assumed:
    """One assumption: a fraction (a year), or years of output; where it comes from.

    origin: user, region (its own figure), parent (that of a region above) or general. country: whose a general one is.
    """

    name: str
    value: float
    unit: str
    year: str
    source: Mapping[str, str]
    url: str
    date: str
    origin: str
    low: float | None = None
    high: float | None = None
    range_years: str = ""
    country: str = ""


@dataclass(frozen=True)
class Given:
    """What the user says: fractions by name (RANGES), and how a services target is read."""

    values: Mapping[str, float]
    reading: str = "economy"


def assumptions_in(text: str | Iterable[str]) -> Given:
    """Return the assumptions in `name=value` entries, or in a text that separates them by commas.

    Percent and percent a year; shares may also be fractions below 1 (0.43 is 43 %). reading=sector takes a services
    target as the output of a production function of services.

    Errors: PlanmodelError with every fault: unknown names, what is no number or out of range, labour given twice.

    >>> assumptions_in("labour_share=0.5, investment_share=43%, capital_output=3").values
    {'labour_share': 0.5, 'investment_share': 0.43, 'capital_output': 3.0}
    """
    entries = re.split("[,，;；]", text) if isinstance(text, str) else text
    values: dict[str, float] = {}
    reading = "economy"
    faults: list[Fault] = []
    for entry in (e.strip() for e in entries):
        if not entry:
            continue
        name, sign, printed = (part.strip() for part in entry.partition("="))
        if not sign:
            faults.append(Fault("assumptions", Phrase("drivers.fault.entry", form=FORM), repr(entry)))
        elif name in values:
            once, twice = Phrase("drivers.fault.one_value"), Phrase("drivers.fault.two")
            faults.append(Fault(f"assumptions, {name}", once, twice))
        elif name == "reading":
            reading = printed
            if printed not in READINGS:
                readings = Phrase("drivers.fault.or", names=READINGS)
                faults.append(Fault("assumptions, reading", readings, repr(printed)))
        elif name not in RANGES:
            faults.append(unknown("assumptions", name, (*RANGES, "reading")))
        else:
            values[name] = _fraction(name, printed, faults)
    if "labour" in values and any(name in values for name in LABOUR if name != "population"):
        either, both = Phrase("drivers.fault.labour_or_parts"), Phrase("drivers.fault.both")
        faults.append(Fault("assumptions, labour", either, both, do=Phrase("drivers.fault.leave_out")))
    missing = [f"{name}=..." for name in SECTOR_NEEDS if name not in values]
    if reading == "sector" and missing and not faults:
        own = Phrase("drivers.fault.own", names=SECTOR_NEEDS)
        add = Phrase("drivers.fault.add", entries=missing)
        faults.append(Fault("assumptions, reading=sector", own, "", do=add))
    refuse(faults, Phrase("drivers.fault.several"))
    return Given(values, reading)


def _fraction(name: str, printed: str, faults: list[Fault]) -> float:
    low, high = RANGES[name]
    unit = "years" if name == "capital_output" else "percent" if "share" in name else "percent_a_year"
    expected = Phrase(f"drivers.fault.within.{unit}", low=f"{low:g}", high=f"{high:g}")
    try:
        value = float(printed.replace("−", "-").removesuffix("%"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.append(Fault(f"assumptions, {name}", expected, repr(printed)))
        return math.nan
    if name in AS_FRACTION and 0 < value < 1 and not printed.endswith("%"):
        value *= 100
    if not low <= value <= high:
        meant = low <= 100 * value <= high and 0 < value < 1
        do = Phrase("drivers.fault.percent_meant", value=f"{100 * value:g}") if meant else ""
        faults.append(Fault(f"assumptions, {name}", expected, printed, do=do))
    return value if name == "capital_output" else value / 100


def load_assumptions(folder: Path | None = None) -> Mapping[str, Mapping[str, Assumed]]:
    """Return the figures of data/assumptions.yaml by region ("" for those of everywhere) and name.

    Errors: PlanmodelError with every fault: what is missing, out of range, without source or date.

    >>> load_assumptions()[""]["capital_output"].value
    3.0
    """
    folder = folder or data_folder()
    return _load(folder / FILE, stamp(folder))


@lru_cache(maxsize=8)
def _load(path: Path, _: tuple) -> dict[str, dict[str, Assumed]]:
    content = read_yaml(path)
    faults: list[Fault] = []
    general = _figures(content.get("assumptions"), "general", "", faults)
    nothing = Phrase("drivers.fault.figure"), Phrase("drivers.fault.nothing"), FILE, None
    entered = content.get("assumptions") or ()
    faults += [Fault(name, *nothing, Phrase("drivers.fault.add_it")) for name in NAMES if name not in entered]
    regions = content.get("regions") or {}
    if not isinstance(regions, dict):
        faults.append(Fault("regions", Phrase("drivers.fault.regions"), quoted(regions), FILE))
        regions = {}
    country = str(content.get("country") or "")
    figures = {"": {name: replace(each, country=country) for name, each in general.items()}}
    known = load_catalogue(path.parent).regions if (path.parent / "regions.csv").is_file() else regions
    for region, entries in regions.items():
        if region in known:
            figures[str(region)] = _figures(entries, "region", f"regions.{region}.", faults)
        else:
            faults.append(unknown("regions", str(region), known, file=FILE))
    if faults:
        raise PlanmodelError(Phrase("drivers.fault.several"), faults)
    check_assumptions(Assumptions(**{name: general[name].value for name in NAMES}))
    return figures


def _figures(entries: object, origin: str, where: str, faults: list[Fault]) -> dict[str, Assumed]:
    """The figures of everywhere or of a region; where: before their names in a fault."""
    if not isinstance(entries, dict):
        faults.append(Fault(f"{where}assumptions", Phrase("drivers.fault.entries"), quoted(entries), FILE))
        return {}
    figures, expected = {}, Phrase("drivers.fault.source")
    for name, content in entries.items():
        if name not in NAMES:
            faults.append(unknown(f"{where}{name}", str(name), NAMES, file=FILE))
            continue
        entry = Entries(dict(content) if isinstance(content, dict) else {}, FILE, [])
        scale = 1.0 if name == "capital_output" else 100.0
        value = entry.number("value", *RANGES[name]) / scale
        source = entry.take("source", is_text, expected, needed=True)
        entry.take("date", bool, expected, needed=True)
        seen = entry.take("range", _is_range, Phrase("drivers.fault.seen")) or {}
        faults += [replace(fault, what=f"{where}{name}.{fault.what}") for fault in entry.faults]
        if not entry.faults:
            texts = {key: str(entry.content.get(key) or "") for key in ("unit", "year", "url", "date")}
            ends = {end: seen[end] / scale for end in ("low", "high") if end in seen}
            own: dict[str, Any] = {**texts, **ends, "range_years": str(seen.get("years", ""))}
            figures[name] = Assumed(name, value, source=source, origin=origin, **own)
    return figures


def _is_range(seen: object) -> bool:
    """Return whether what was seen elsewhere has numbers as its ends, or none."""
    if not isinstance(seen, dict):
        return False
    ends = [seen[end] for end in ("low", "high") if end in seen]
    return all(map(is_number, ends)) and ends == sorted(ends)


def assumed_for(plan: Plan, given: Given) -> dict[str, Assumed]:
    """Return every assumption for a plan's region: the user's, else its own, else its parents', else the general one.

    Labour given as a whole sets the participation. With reading=sector, population and working age stand still.

    >>> from planmodel import load_plan
    >>> assumed = assumed_for(load_plan("linhai-14fyp"), assumptions_in("investment_share=45"))
    >>> [(round(assumed[n].value, 4), assumed[n].origin) for n in ("investment_share", "population", "working_age")]
    [(0.45, 'user'), (0.008, 'region'), (-0.007, 'parent')]
    """
    figures, assumed = load_assumptions(), {}
    lineage = [figures[region] for region in plan.catalogue.upwards(plan.region) if region in figures]
    for name in NAMES:
        general = figures[""][name]
        own = next((of_region[name] for of_region in lineage if name in of_region), general)
        if own.origin == "region" and name not in figures.get(plan.region, {}):
            own = replace(own, origin="parent")
        assumed[name] = replace(own, low=general.low, high=general.high, range_years=general.range_years)
    users = dict(given.values)
    if given.reading == "sector":
        users |= {"population": 0.0, "working_age": 0.0}
    if "labour" in users:
        moved = [users.get(name, assumed[name].value) for name in ("population", "working_age")]
        users["participation"] = (1 + users["labour"]) / ((1 + moved[0]) * (1 + moved[1])) - 1
    by_user = Phrase("drivers.set_by_user")
    for name in set(users) & set(assumed):
        one = replace(assumed[name], value=users[name], source=by_user, origin="user")
        assumed[name] = replace(one, year="", url="", date="")
    return assumed


def foreign(plan: Plan, assumed: Mapping[str, Assumed]) -> tuple[str, ...]:
    """Return the assumptions that are figures of another country than the plan's."""
    country = plan.catalogue.country_of(plan.region)
    general = {name: each.country for name, each in assumed.items() if each.origin == "general"}
    return tuple(name for name, of in general.items() if of and country not in ("", of))


def numbers_of(assumed: Mapping[str, Assumed]) -> Assumptions:
    """Return the numbers alone, checked."""
    return check_assumptions(Assumptions(**{name: assumed[name].value for name in NAMES}))


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

        >>> load_records()["productivity"].percentile(0.0033)
        50.0
        """
        return float(100 * np.interp(value, self.quantiles, self.grid, left=0.005, right=0.995))

    def outside(self, value: float) -> bool:
        """Return True beyond the 5th or 95th percentile."""
        return not OUTSIDE <= self.percentile(value) <= 100 - OUTSIDE


@cache
def load_records() -> Mapping[str, Record]:
    """Return the records of the growth accounting's terms by name; `working_age` and `participation` have none."""
    table = shipped("accounting")
    grid = tuple(table["grid"])
    return {name: Record(name=name, grid=grid, **entry) for name, entry in table["records"].items()}

"""What the growth accounting assumes: the figures of data/assumptions.yaml, the region's own, and the user's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

from planmodel.arithmetic.accounting import LABOUR, Assumptions, check_assumptions
from planmodel.errors import Fault, PlanmodelError, did_you_mean, unknown
from planmodel.files.reading import data_folder, read_yaml, stamp
from planmodel.plans import Plan
from planmodel.plans.catalogue import load_catalogue

FILE = "assumptions.yaml"
NAMES = tuple(field.name for field in fields(Assumptions))
READINGS = ("economy", "sector")
RANGES: Mapping[str, tuple[float, float]] = {
    "labour_share": (5, 95),
    "depreciation": (0.5, 30),
    "capital_output": (0.2, 20),
    "investment_share": (2, 100),
    "services_share": (2, 100),
    **dict.fromkeys(("productivity", "human_capital", *LABOUR, "labour"), (-20.0, 20.0)),
}
"""What a user may say, in percent (a year); capital_output in years of output. services_share: at the plan's end."""
AS_FRACTION = ("labour_share", "investment_share", "services_share")
SECTOR_NEEDS = ("labour_share", "capital_output", "investment_share", "labour")
FORM = "investment_share=43, productivity=0.8"


@dataclass(frozen=True)
class Assumed:
    """One assumption: a fraction (a year), or years of output; where it comes from.

    origin: user, region (its own figure), parent (that of a region above) or general.
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
    entries = (
        text.replace("，", ",").replace(";", ",").replace("；", ",").split(",")
        if isinstance(text, str)
        else text
    )
    values: dict[str, float] = {}
    reading, faults = "economy", []
    for entry in (e.strip() for e in entries):
        if not entry:
            continue
        name, sign, printed = (part.strip() for part in entry.partition("="))
        if not sign:
            faults.append(Fault("assumptions", f"NAME=VALUE, such as {FORM}", repr(entry)))
        elif name in values:
            faults.append(Fault(f"assumptions, {name}", "one value", "two"))
        elif name == "reading":
            reading = printed
            if printed not in READINGS:
                faults.append(Fault("assumptions, reading", " or ".join(READINGS), repr(printed)))
        elif name not in RANGES:
            do = did_you_mean(name, (*RANGES, "reading"))
            faults.append(Fault("assumptions", "a known name", repr(name), do=do))
        else:
            values[name] = _fraction(name, printed, faults)
    if "labour" in values and any(name in values for name in LABOUR if name != "population"):
        do = "Leave out labour, or its parts participation and working_age."
        faults.append(Fault("assumptions, labour", "labour or its parts", "both", do=do))
    if reading == "sector" and not faults:
        missing = [name for name in SECTOR_NEEDS if name not in values]
        if missing:
            do = f"Add {', '.join(f'{name}=...' for name in missing)}: figures of services, not of the whole economy."
            faults.append(
                Fault("assumptions, reading=sector", f"{', '.join(SECTOR_NEEDS)} of services", "", do=do)
            )
    if faults:
        raise PlanmodelError("" if len(faults) == 1 else "The assumptions have faults:", faults)
    return Given(values, reading)


def _fraction(name: str, printed: str, faults: list[Fault]) -> float:
    low, high = RANGES[name]
    unit = (
        "years of output" if name == "capital_output" else "percent" + ("" if "share" in name else " a year")
    )
    expected = f"{low:g} to {high:g} {unit}"
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
        do = f"Percent is meant: {100 * value:g}." if low <= 100 * value <= high and 0 < value < 1 else ""
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
    content, faults = read_yaml(path), []
    general = _figures(content.get("assumptions"), "general", "", faults)
    faults += [
        Fault(name, "a figure", "nothing", FILE, do="Add it.") for name in NAMES if name not in general
    ]
    regions = content.get("regions") or {}
    if not isinstance(regions, dict):
        faults.append(Fault("regions", "regions with their figures", repr(regions)[:40], FILE))
        regions = {}
    found = {"": general}
    known = load_catalogue(path.parent).regions if (path.parent / "regions.csv").is_file() else regions
    for region, entries in regions.items():
        if region not in known:
            faults.append(unknown("regions", str(region), known, file=FILE))
            continue
        found[str(region)] = _figures(entries, "region", f"regions.{region}.", faults)
    if faults:
        raise PlanmodelError("The assumptions have faults:", faults)
    check_assumptions(Assumptions(**{name: general[name].value for name in NAMES}))
    return found


def _figures(entries: object, origin: str, where: str, faults: list[Fault]) -> dict[str, Assumed]:
    if not isinstance(entries, dict):
        faults.append(Fault(f"{where}assumptions", "names with figures", repr(entries)[:40], FILE))
        return {}
    found = {}
    for name, entry in entries.items():
        if name not in NAMES:
            faults.append(
                Fault(f"{where}{name}", "a known name", repr(name), FILE, do=did_you_mean(str(name), NAMES))
            )
            continue
        entry = entry if isinstance(entry, dict) else {}
        value, source = entry.get("value"), entry.get("source")
        low, high = RANGES[name]
        if type(value) not in (int, float) or not low <= value <= high:
            faults.append(Fault(f"{where}{name}.value", f"{low:g} to {high:g}", repr(value), FILE))
            continue
        if not (isinstance(source, dict) and source.get("zh") and source.get("en") and entry.get("date")):
            faults.append(
                Fault(f"{where}{name}", "a source in zh and en, and its date", "", FILE, do="Add them.")
            )
            continue
        scale = 1.0 if name == "capital_output" else 100.0
        seen = entry.get("range") or {}
        found[name] = Assumed(
            name, value / scale, str(entry.get("unit", "")), str(entry.get("year", "")), source,
            str(entry.get("url") or ""), str(entry["date"]), origin,
            *(None if seen.get(end) is None else seen[end] / scale for end in ("low", "high")),
            str(seen.get("years", "")),
        )  # fmt: skip
    return found


def assumed_for(plan: Plan, given: Given) -> dict[str, Assumed]:
    """Return every assumption for a plan's region: the user's, else its own, else its parents', else the general one.

    Labour given as a whole sets the participation. With reading=sector, population and working age stand still.

    >>> from planmodel import load_plan
    >>> found = assumed_for(load_plan("linhai-14fyp"), assumptions_in("investment_share=45"))
    >>> [(round(found[name].value, 4), found[name].origin) for name in ("investment_share", "population", "working_age")]
    [(0.45, 'user'), (0.008, 'region'), (-0.007, 'parent')]
    """
    figures, found = load_assumptions(), {}
    lineage, region = [], plan.region
    while region:
        lineage.append(region)
        region = plan.catalogue.regions[region].parent if region in plan.catalogue.regions else ""
    for name in NAMES:
        general = figures[""][name]
        own = next((figures[r][name] for r in lineage if name in figures.get(r, {})), None)
        if own is not None and name not in figures.get(plan.region, {}):
            own = replace(own, origin="parent")
        found[name] = (
            replace(own, low=general.low, high=general.high, range_years=general.range_years)
            if own
            else general
        )
        if name in given.values:
            found[name] = _users(found[name], given.values[name])
    if given.reading == "sector":
        found |= {name: _users(found[name], 0.0) for name in ("population", "working_age")}
    if "labour" in given.values:
        others = (1 + found["population"].value) * (1 + found["working_age"].value)
        found["participation"] = _users(found["participation"], (1 + given.values["labour"]) / others - 1)
    return found


def _users(base: Assumed, value: float) -> Assumed:
    return replace(
        base,
        value=value,
        year="",
        source={"zh": "用户设定", "en": "set by the user"},
        url="",
        date="",
        origin="user",
    )


def numbers_of(assumed: Mapping[str, Assumed]) -> Assumptions:
    """Return the numbers alone, checked."""
    return check_assumptions(Assumptions(**{name: assumed[name].value for name in NAMES}))

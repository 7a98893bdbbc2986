"""Plans: targets and observations as a document prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from planmodel.catalogue import Catalogue, Indicator, load_catalogue
from planmodel.errors import PlanmodelError, unknown
from planmodel.identities import Identity
from planmodel.tables import check_name, data_folder, stamp

KINDS = (
    "level", "annual_growth", "cumulative_sum", "annual_flow", "mean_annual_flow", "cumulative_change_pct",
    "change_units", "change_pp", "change_pp_per_year", "multiple", "keep", "relative", "ratio", "rank", "milestone",
)  # fmt: skip
NOT_FORECAST = ("ratio", "rank", "milestone")
STATUSES = ("printed", "missing", "masked", "assigned")
COMPARATORS = ("ge", "gt", "le", "lt", "eq", "about", "range")
ATTRIBUTES = ("expected", "binding", "none")
MEASURES = (
    "value", "growth", "mean_growth", "total_growth", "sum", "mean", "change_pp", "change_units", "mean_change_pp",
    "rank",
)  # fmt: skip
VINTAGES = ("plan", "preliminary", "final", "revised", "unknown")
ESTIMATE = "estimate"
"""The vintage of a year under way that was estimated from its months; never in a file."""
DERIVED = "derived"
"""The vintage of a figure that follows from published ones; never in a file."""
SPLICED = "spliced"
"""The vintage of a figure moved onto the basis of a revised base year; never in a file."""
GROWTH_KINDS = ("annual_growth", "cumulative_change_pct", "multiple", "relative")


@dataclass(frozen=True)
class Target:
    """One figure that a plan promises. Numbers are as printed, in `unit`; `*_printed` is the text."""

    plan: str
    table: str
    number: str
    part: int
    indicator: Indicator
    region: str
    base_year: int
    base_printed: str
    base_value: float | None
    base_digits: str
    base_unit: str
    target_year: int
    target_printed: str
    target_value: float | None
    target_upper: float | None
    target_digits: str
    unit: str
    comparator: str
    kind: str
    status: str
    attribute: str
    price_basis: str
    relative_to: str
    definition: str
    source: str
    note: str
    owner: tuple[str, ...] = ()
    """The bodies responsible, as printed; the first leads. Empty: the plan names none."""

    @property
    def id(self) -> str:
        """table/number/part, the key within the plan."""
        return f"{self.table}/{self.number}/{self.part}"

    @property
    def n_years(self) -> int:
        return self.target_year - self.base_year

    @property
    def binding(self) -> bool:
        return self.attribute == "binding"


@dataclass(frozen=True)
class Observation:
    """One figure that was measured; the first and last year of its period."""

    indicator: str
    region: str
    period: str
    first_year: int
    last_year: int
    measure: str
    value: float
    digits: str
    unit: str
    comparator: str
    price_basis: str
    definition: str
    vintage: str
    published: str
    source: str
    url: str
    target: str
    note: str
    spread: float = 0.0
    """Standard deviation of the logarithm of an estimate (vintage `estimate`); 0 for what was measured."""

    @property
    def whole_years(self) -> bool:
        """True where the period is a year or a run of years, not a quarter or some months."""
        return len(self.period) == 4 or ".." in self.period and "-" not in self.period


@dataclass(frozen=True)
class Node:
    """A target of an annual plan, on the way of a plan's target: a level in `unit`, or growth of that year in %."""

    target: str
    year: int
    value: float
    unit: str
    printed: str
    source: str
    url: str
    note: str


@dataclass(frozen=True)
class Claim:
    """What the text says of an earlier plan's table: rows (numbers) that fell short, and rows met.

    rest_met: every row not named was met, says the text.
    """

    table: str
    missed: tuple[str, ...]
    met: tuple[str, ...]
    rest_met: bool
    source: str


@dataclass(frozen=True)
class Plan:
    """A plan: its document, its targets in the document's order, and what was measured.

    headline: the indicator shown first and largest, empty: the first that can be assessed. nodes: annual plan targets. claims: what the text says
    of earlier targets. accepted: findings of the audit (by id) that the plan's keepers accept, each with a reason.
    """

    name: str
    title: Mapping[str, str]
    short: Mapping[str, str]
    issuer: Mapping[str, str]
    document_number: str | None
    date: str
    draft: bool
    period: tuple[int, int]
    base_year: int
    region: str
    identities: tuple[Identity, ...]
    headline: str
    claims: tuple[Claim, ...]
    accepted: Mapping[str, str]
    targets: tuple[Target, ...]
    observations: tuple[Observation, ...]
    nodes: tuple[Node, ...]
    catalogue: Catalogue = field(repr=False)
    folder: Path = field(repr=False)

    def target(self, key: str) -> Target:
        """Return the target with the key table/number/part."""
        for target in self.targets:
            if target.id == key:
                return target
        raise PlanmodelError(faults=[unknown("target", key, [target.id for target in self.targets])])

    def select(self, indicators: tuple[str, ...] | list[str] = ()) -> tuple[Target, ...]:
        """Return the targets of some indicators (ids), or all; unknown ids are refused."""
        known = {target.indicator.id for target in self.targets}
        faults = [unknown("indicators", name, known) for name in indicators if name not in known]
        if faults:
            raise PlanmodelError(f"{self.name} has no target of that name.", faults)
        return tuple(t for t in self.targets if not indicators or t.indicator.id in indicators)


def plan_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all plans in the data folder.

    >>> "linhai-14fyp" in plan_names()
    True
    """
    folder = (folder or data_folder()) / "plans"
    return (
        tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."))
        if folder.is_dir()
        else ()
    )


def plan_folder(name: str, folder: Path | None = None) -> Path:
    """Return a plan's folder, or raise with the nearest known names."""
    check_name("plan", name)
    known = plan_names(folder)
    if name not in known:
        raise PlanmodelError(faults=[unknown("plan", name, known)])
    return (folder or data_folder()) / "plans" / name


def load_plan(name: str, folder: Path | None = None) -> Plan:
    """Return a plan by name, checked; raise PlanmodelError with every fault of its files. Changed files are read again.

    `folder`: the data folder (default: the project's). The result is frozen.

    >>> plan = load_plan("taizhou-services-14fyp")
    >>> target = plan.target("T2/1/1")
    >>> target.base_value, target.target_value, target.unit
    (2669.73, 4000.0, '亿元')
    """
    folder = folder or data_folder()
    path = plan_folder(name, folder)
    return _load(name, path, folder, (stamp(folder), stamp(path)))


@lru_cache(maxsize=64)
def _load(name: str, path: Path, folder: Path, _: tuple) -> Plan:
    from planmodel.checks import read_plan

    plan, faults = read_plan(path, load_catalogue(folder))
    if faults or plan is None:
        raise PlanmodelError(
            f"The plan {name} has {len(faults)} fault{'s' if len(faults) > 1 else ''}:", faults
        )
    return plan

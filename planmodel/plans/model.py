"""Plans: targets and observations as a document prints them, and identities between its indicators."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from planmodel.arithmetic.periods import Moment
from planmodel.errors import NotAssessable, PlanmodelError, unknown
from planmodel.plans.catalogue import Catalogue, Indicator, unit_name
from planmodel.words import COMPARATOR_SIGNS, Phrase, figure, with_unit, word
from planmodel.words.cards import Card, Rows

UP, DOWN, STRICT = ("ge", "gt"), ("le", "lt"), ("gt", "lt")
BOUNDS = (*UP, *DOWN)  # comparators of a figure that may be passed: upwards, downwards
CHOICES: Mapping[str, tuple[str, ...]] = {
    "statuses": ("printed", "missing", "masked", "assigned"),
    "comparators": (*BOUNDS, "eq", "about", "range"),
    "attributes": ("expected", "binding", "none"),
    "measures": (
        "value", "growth", "mean_growth", "total_growth", "sum", "mean", "change_pp", "change_units", "mean_change_pp",
        "rank",
    ),
    "vintages": ("plan", "preliminary", "final", "revised", "unknown"),
}  # fmt: skip
"""What cells of a plan's tables choose from, whatever the catalogue."""
NO_FIGURE = {
    status: Phrase(f"plans.reason.{'no_figure' if status == 'printed' else status}")
    for status in CHOICES["statuses"]
}
"""Why a target has no figure, by its status."""
GROWTH_MEASURES = ("growth", "mean_growth", "total_growth")
CHANGE_MEASURES = ("change_pp", "change_units", "mean_change_pp")
KEY = ("plan", "table", "number", "part")  # columns that name a target in every table
TABLE_COLUMNS = (
    "plan", "table", "number", "part", "indicator", "name_zh", "name_en", "unit", "scale", "base_year", "base_value",
    "base_unit", "base_printed", "target_year", "target_value", "target_upper", "target_printed", "comparator", "kind",
    "status", "attribute", "direction", "price_basis", "source",
)  # fmt: skip
"""Of the table of a plan's targets."""
ESTIMATE = "estimate"
"""The vintage of a year under way that was estimated from its months; never in a file."""
DERIVED = "derived"  # the vintage of a figure that follows from published ones; never in a file
SPLICED = "spliced"
"""The vintage of a figure moved onto the basis of a revised base year; never in a file."""
Options = ParamSpec("Options")
Owner = TypeVar("Owner")
Found = TypeVar("Found")
TERM = r"\w+(?:@\w+)?"
LINE = re.compile(rf"({TERM}) = ({TERM})((?: [+/] {TERM})+)")


@dataclass(frozen=True)
class Term:
    """An indicator in a region; an empty region is the plan's."""

    indicator: str
    region: str = ""

    def __str__(self) -> str:
        return f"{self.indicator}@{self.region}" if self.region else self.indicator


@dataclass(frozen=True)
class Identity:
    """left = parts[0] / parts[1] where `ratio`, else left = the sum of the parts."""

    left: Term
    parts: tuple[Term, ...]
    ratio: bool
    text: str

    @property
    def terms(self) -> tuple[Term, ...]:
        return (self.left, *self.parts)

    def __str__(self) -> str:
        return self.text


def identity_of(line: str) -> Identity | None:
    """Return the identity of a line such as `a = b / c` or `a = b + c`, None where it is none.

    >>> equation = identity_of("trade = exports + imports")
    >>> equation.ratio, [str(term) for term in equation.terms]
    (False, ['trade', 'exports', 'imports'])
    >>> identity_of("share@centre = services_va@centre / services_va").left
    Term(indicator='share', region='centre')
    >>> identity_of("a = b / c + d") is None, identity_of("a = b / c / d") is None
    (True, True)
    """
    match = LINE.fullmatch(line)
    if not match or "/" in match[3] and ("+" in match[3] or match[3].count("/") > 1):
        return None
    left, *parts = (Term(*name.split("@")) for name in re.findall(TERM, line))
    return Identity(left, tuple(parts), "/" in match[3], line)


def framed(rows: Iterable, columns: Iterable[str], name: str) -> pd.DataFrame:
    """Return rows as a table with these columns; name: of its files."""
    return called(pd.DataFrame(list(rows), columns=list(columns)), name)


def called(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table with a name for its files."""
    table.attrs["name"] = name
    return table


def grouped(items: Iterable[Found], key: Callable[[Found], Any]) -> dict[Any, list[Found]]:
    """Return items by a key of theirs, in their order.

    >>> grouped(["gdp", "trade", "gas"], lambda name: name[0])
    {'g': ['gdp', 'gas'], 't': ['trade']}
    """
    return grouped_by_each(items, lambda item: (key(item),))


def grouped_by_each(items: Iterable[Found], keys: Callable[[Found], Iterable]) -> dict[Any, list[Found]]:
    """Return items by each of several keys of theirs, in their order."""
    groups: dict[Any, list[Found]] = {}
    for item in items:
        for key in dict.fromkeys(keys(item)):
            groups.setdefault(key, []).append(item)
    return groups


def once(
    function: Callable[Concatenate[Owner, Options], Found],
) -> Callable[Concatenate[Owner, Options], Found]:
    """Keep what a pure function of a frozen object and of names returns, as long as the object is there: it is for reading."""

    @wraps(function)
    def known(owner: Owner, *names: Options.args, **options: Options.kwargs) -> Found:
        kept = vars(owner).setdefault("_kept", {})
        key = function, names, tuple(options.items())
        if key not in kept:
            kept[key] = function(owner, *names, **options)
        return kept[key]

    return known


def fields_of(columns: Iterable[str], *objects: object) -> dict[str, Any]:
    """Return what objects hold under the names of columns, an indicator by its id; the last that has one counts.

    >>> fields_of(("indicator", "region", "year"), Term("gdp"), Term("trade", "centre"))
    {'indicator': 'trade', 'region': 'centre'}
    """
    held = {name: getattr(each, name) for each in objects for name in columns if hasattr(each, name)}
    return {name: of.id if isinstance(of, Indicator) else of for name, of in held.items()}


@dataclass(frozen=True, repr=False)
class Target(Card):
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
    def figure(self) -> float:
        """The promised figure; raise NotAssessable, with the reason, where there is none."""
        if self.target_value is None:
            raise NotAssessable(NO_FIGURE[self.status])
        return self.target_value

    @property
    def base_is_rate(self) -> bool:
        """True where the figure printed as its base is a rate of growth."""
        return self.base_unit == "%" and self.indicator.scale in ("amount", "density", "index")

    @property
    def n_years(self) -> int:
        return self.target_year - self.base_year

    @property
    def binding(self) -> bool:
        return self.attribute == "binding"

    def _card(self, lang: str) -> tuple[object, Rows]:
        promised, base = self.target_printed if self.status == "printed" else word(self.status, lang), ""
        if self.target_value is not None:
            upper = "" if self.target_upper is None else f"–{figure(self.target_upper)}"
            text = f"{COMPARATOR_SIGNS.get(self.comparator, '')}{figure(self.target_value)}{upper}"
            promised = with_unit(text, unit_name(self.unit, lang), lang)
        if self.base_value is not None:
            counted = with_unit(figure(self.base_value), unit_name(self.base_unit, lang), lang)
            base = Phrase("plans.card.base", figure=counted, year=self.base_year)[lang]
        title = Phrase("plans.card.by", name=self.indicator, figure=promised, year=self.target_year)
        return title, [
            (Phrase("terms.target"), f"{self.plan} {self.id}"),
            (Phrase("plans.card.kind"), word(self.kind, lang)),
            (Phrase("terms.base"), base),
            (Phrase("terms.attribute"), word(self.attribute, lang)),
            (
                Phrase("plans.card.price_basis"),
                word(self.price_basis, lang) if self.price_basis not in ("", "none") else "",
            ),
            (Phrase("terms.source"), self.source),
        ]


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
    comparator: str = ""
    price_basis: str = "none"
    definition: str = ""
    vintage: str = "unknown"
    published: str = ""
    source: str = ""
    url: str = ""
    target: str = ""
    note: str = ""
    spread: float = 0.0
    """Standard deviation of the logarithm of an estimate (vintage `estimate`); 0 for what was measured."""
    places: tuple[str, ...] = field(default=(), compare=False)
    """Of a base: where the rows that print it stand."""

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


@dataclass(frozen=True, repr=False)
class Plan(Card):
    """A plan: its document, its targets in the document's order, and what was measured.

    headline: the indicator shown first and largest, empty: the first that can be assessed. nodes: annual plan targets. claims: what the text says
    of earlier targets. accepted: findings of the audit (by id) that the plan's keepers accept, each with a reason. moment:
    of what was known, where the observations are those of a moment (planmodel.feasibility.histories); None: all.
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
    moment: Moment | None = None

    def _card(self, lang: str) -> tuple[object, Rows]:
        first, last, n = *self.period, len(self.targets)
        binding = sum(target.binding for target in self.targets)
        return self.title, [
            (Phrase("terms.plan"), self.name),
            (Phrase("plans.card.issuer"), self.issuer),
            (Phrase("plans.card.region"), self.catalogue.regions.get(self.region, self.region)),
            (Phrase("plans.card.period"), Phrase("plans.card.years", first=first, last=last)),
            (Phrase("plans.card.base_year"), self.base_year),
            (Phrase("plans.card.targets"), Phrase("plans.card.n_targets", n=n, binding=binding)),
            (Phrase("plans.card.observations"), len(self.observations)),
        ]

    @property
    def table(self) -> pd.DataFrame:
        """One row a target, in the document's order; figures as printed (text), in the units named beside them.

        >>> from planmodel import load_plan
        >>> table = load_plan("linhai-14fyp").table.set_index(["table", "number", "part"])
        >>> table.loc[("T2", "3", 1), ["base_value", "target_value", "comparator"]].tolist()
        ['11.01', '7', 'ge']
        """
        rows = []
        for target in self.targets:
            printed = {"base_value": target.base_digits, "target_value": target.target_digits}
            rows.append(vars(target.indicator) | vars(target) | printed | {"indicator": target.indicator.id})
        return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))

    def target(self, key: str) -> Target:
        """Return the target with the key table/number/part."""
        if key not in self._by_id:
            raise PlanmodelError(faults=[unknown("target", key, list(self._by_id))])
        return self._by_id[key]

    @cached_property
    def _by_id(self) -> Mapping[str, Target]:
        return {target.id: target for target in reversed(self.targets)}

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Sequence[Target]]:
        """The targets by table and number, in the document's order."""
        return grouped(self.targets, lambda target: (target.table, target.number))

    @cached_property
    def series(self) -> Mapping[tuple[str, str], Sequence[Target]]:
        """The targets by indicator and region, in the document's order."""
        return grouped(self.targets, lambda target: (target.indicator.id, target.region))

    def observed(self, indicator: str, region: str) -> Sequence[Observation]:
        """Return what was measured of an indicator in a region, in the order of the files."""
        return self._observed.get((indicator, region), ())

    @cached_property
    def _observed(self) -> Mapping[tuple[str, str], Sequence[Observation]]:
        return grouped(self.observations, lambda o: (o.indicator, o.region))

    @cached_property
    def nodes_of(self) -> Mapping[str, Sequence[Node]]:
        """The targets of annual plans by the target whose way they are on."""
        return grouped(self.nodes, lambda node: node.target)

    @cached_property
    def outturns(self) -> Mapping[str, Sequence[Observation]]:
        """The observations that are printed in a row of targets, by table/number."""
        return grouped((o for o in self.observations if o.target), lambda o: o.target.rpartition("/")[0])

    def select(self, indicators: tuple[str, ...] | list[str] = ()) -> tuple[Target, ...]:
        """Return the targets of some indicators (ids), or all; unknown ids are refused."""
        known = {target.indicator.id: target.indicator for target in self.targets}
        faults = [unknown("indicators", name, known) for name in indicators if name not in known]
        if faults:
            raise PlanmodelError(Phrase("plans.no_target", name=self.name), faults)
        return tuple(t for t in self.targets if not indicators or t.indicator.id in indicators)

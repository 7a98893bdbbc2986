"""Drafts: a plan's targets chosen by their chance, as a set that agrees with itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd

from planmodel.audit import Finding, audit
from planmodel.drafting.beside import Beside, beside, siblings_of
from planmodel.drafting.identities import Term, levels_of, settled, terms_of
from planmodel.drafting.values import rounded, sided, step_for, success_of, values_for, with_value
from planmodel.errors import Fault, NotAssessable, PlanmodelError, UndefinedGrowth, unknown
from planmodel.feasibility import assess_in, chance, chances
from planmodel.feasibility.assessments import Assessment, PlanAssessment, plan_targets
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.outlooks import N_DRAWS, SEED, Outlook, quantity_of
from planmodel.feasibility.system import System
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import falling, is_reduction, kind_of, reached, required
from planmodel.plans.promises import same_promise
from planmodel.plans.scenarios import Scenario
from planmodel.words import Joined, Phrase, percent
from planmodel.words.cards import Card, Rows

CHANCES = (0.9, 0.7, 0.5, 0.3)
"""The chances for which values are given."""
LOW, HIGH = 0.01, 0.99
"""Between which a chance can be asked for."""
APART = 0.2
"""The other chance whose value says how finely a figure is to be printed."""
RATE_STEP = 0.1
"""Of a rate that follows from a level, in points."""
USUAL = 0.7
"""The chance of a row where none is asked for."""
MOVES, ROUNDS = (-6.0, 8.0), 12
"""Log odds between which single chances are moved for a joint one, and how often that is halved."""
BINDING, JOINT = "binding", "joint"
"""Among chances by row: what stands for all binding rows, and for all rows together."""
NOTHING_TO_ASK = Phrase("drafting.nothing_to_ask")
SEVERE = ("contradiction", "tension")
ORIGINS = ("printed", "chosen", "follows", "level", "none")
"""Where the figure of a drafted row is from: the plan; its chance; an identity of the plan; the level beside it; there is none."""
KEY = (
    "plan", "table", "number", "part", "indicator", "region", "kind", "comparator", "target_year", "attribute", "status",
)  # fmt: skip
COLUMNS = (
    *KEY, "unit", "base", "base_year", "base_unit", "known_to", *(f"value_{100 * p:.0f}" for p in CHANCES),
    *(f"asks_{100 * p:.0f}" for p in CHANCES), "asks_unit", "chance_asked", "value", "origin", "probability", "required",
    "record", "record_unit", "record_first", "record_last", "verdict", "precedent_share", "earlier_plan", "earlier_year",
    "earlier_target", "earlier_outturn", "earlier_met", "parent_plan", "parent_target", "parent_asks", "others", "others_low", "others_high",
    "reason", "notes",
)  # fmt: skip
"""Of the table of a draft. value_N: kept with a chance of N %; asks_N: what it asks for a year, in asks_unit. value: the one
written, with its own `probability`. others: plans of other regions with a target for the same, which ask from others_low to
others_high a year."""
NUMBERS = tuple(name for name in COLUMNS if name.startswith(("value", "asks_")) and name != "asks_unit") + (
    "base", "chance_asked", "probability", "required", "record", "precedent_share", "earlier_target", "earlier_outturn",
    "parent_target", "parent_asks", "others_low", "others_high",
)  # fmt: skip


@dataclass(frozen=True)
class Drafted:
    """One row of a draft. ladder: values for CHANCES of the row as it stood, in its unit; asked: the chance asked for.

    assessment: of the figure written, or of the row without one, with its reason. origin: see ORIGINS.
    """

    assessment: Assessment
    ladder: tuple[float, ...] = ()
    asked: float | None = None
    origin: str = "none"
    beside: Beside = field(default_factory=Beside, repr=False)
    elsewhere: Mapping[str, float | None] = field(default_factory=dict)
    """The chance of the figure in other scenarios, by id."""

    @property
    def target(self) -> Target:
        return self.assessment.target


@dataclass(frozen=True, repr=False)
class Draft(Card):
    """A draft of a plan's targets in a scenario.

    plan: with the figures of the draft in it. joint: the chance that all rows written by the draft are met, from the same
    draws, and joint_asked what was asked for; assessment: of all its rows. findings: contradictions and tensions that the plan without those figures does not
    have. others: the scenarios it was tried in besides.
    """

    plan: Plan
    scenario: Scenario
    rows: tuple[Drafted, ...]
    joint: float | None
    joint_asked: float | None
    assessment: PlanAssessment
    findings: tuple[Finding, ...]
    others: tuple[Scenario, ...] = ()

    @property
    def drafted(self) -> tuple[Drafted, ...]:
        """The rows whose figures are of the draft."""
        return tuple(row for row in self.rows if row.origin not in ("printed", "none"))

    def _card(self, lang: str) -> tuple[object, Rows]:
        n, written = len(self.rows), len(self.drafted)
        return Phrase("drafting.card.title", plan=self.plan.short, scenario=self.scenario.name), [
            (Phrase("drafting.card.rows"), Phrase("drafting.card.written", n=n, written=written)),
            (Phrase("drafting.card.joint"), None if self.joint is None else percent(self.joint)),
            (Phrase("drafting.card.findings"), len(self.findings) or Phrase("drafting.card.none")),
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a target: values for chances, the figure written, its chance, and what stands beside it (see COLUMNS);
        probability_S: the chance of the figure in another scenario.
        """
        columns = [*COLUMNS, *(f"probability_{scenario.id}" for scenario in self.others)]
        table = pd.DataFrame([_row(row, self.plan) for row in self.rows], columns=columns)
        table.attrs["name"] = f"{self.plan.name}-{self.scenario.id}-draft"
        numbers = dict.fromkeys((*NUMBERS, *columns[len(COLUMNS) :]), float)
        return table.astype(
            numbers
            | dict.fromkeys(("base_year", "known_to", "earlier_year", "record_first", "record_last"), "Int64")
        )

    def __getitem__(self, key: str) -> Drafted:
        """Return a row by its target's key, or the first of an indicator. Errors: PlanmodelError with the nearest names."""
        for row in self.rows:
            if key in (row.target.id, row.target.indicator.id):
                return row
        raise PlanmodelError(
            faults=[
                unknown(
                    "target", key, [name for r in self.rows for name in (r.target.id, r.target.indicator.id)]
                )
            ]
        )


def draft(
    plan: Plan,
    scenario: Scenario,
    *,
    chance: float | Mapping[str, float] = 0.7,
    joint: float | None = None,
    redraft: bool = False,
    scenarios: Iterable[Scenario] = (),
    indicators: tuple[str, ...] = (),
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    as_of: str | int | None = None,
) -> Draft:
    """Return a draft of a plan's targets: figures for its blank rows, and what stands beside all of them.

    chance: of each figure (0-1), or by target, indicator or "binding", with "" for the rest. joint: the chance that all
    drafted figures are met together (or "joint" among the chances); single ones are then moved by equal odds until it comes.
    redraft: rows with a figure get a new one too. scenarios: others to try the figures in. as_of: see
    planmodel.feasibility.assess.

    Values for a chance are quantiles of what the paths make of the target, in the system in which assess_plan draws them.
    Those written are rounded as plans print them; identities of the plan hold exactly; growth follows from its level.

    Errors: PlanmodelError for a chance below 1 or above 99 %, or by a name that no row has.

    >>> from planmodel import load_plan, load_scenario
    >>> plan = load_plan("taizhou-services-14fyp")
    >>> made = draft(plan, load_scenario("baseline"), indicators=("services_va",), redraft=True, as_of=2020, n_draws=1000)
    >>> row = made["T2/1/1"]
    >>> row.origin, 0.6 < row.assessment.probability < 0.8  # 53 % of the whole, as the share beside it says
    ('follows', True)
    """
    by_row = {"": float(chance)} if isinstance(chance, int | float) else {"": USUAL, **chance}
    joint = by_row.pop(JOINT, None) if joint is None else joint
    targets = plan_targets(plan, indicators)
    _check(by_row, joint, targets)
    blank = tuple(t for t in targets if redraft or t.target_value is None)
    trial = replace(plan, targets=tuple(_trial(t) if t in blank else t for t in plan.targets))

    def system(of: Scenario) -> System:
        return System(as_known(trial, of, as_of, n_draws=n_draws, seed=seed)[0], of, n_draws, seed)

    work = _Work(system(scenario), blank, plan)
    single = work.asked(by_row) if joint is None else work.for_joint(by_row, joint)
    written = work.written(single)
    filled = _filled(plan, written)
    known = replace(work.plan, targets=filled.targets)
    asked = {t.id: t for t in (*known.targets, *work.blank)}  # as they stood when they were blank
    systems, siblings = {s.id: system(s) for s in scenarios}, siblings_of(plan)
    rows = []
    for target in (known.target(t.id) for t in targets):
        origin = "printed" if target.target_value is not None else "none"
        assessment = replace(assess_in(work.system, target), plan=known)
        if origin == "none":
            reason = NOTHING_TO_ASK if target.id in work.outlooks else work.reasons.get(target.id)
            assessment = replace(assessment, reason=reason or assessment.reason)
        rows.append(
            Drafted(
                assessment,
                work.ladder(asked[target.id]),
                single.get(target.id),
                written[target.id][1] if target.id in written else origin,
                beside(plan, target, siblings, scenario),
                {name: assess_in(other, target).probability for name, other in systems.items()},
            )
        )
    found = tuple(row.assessment for row in rows)
    binding, _ = chances(a for a in found if a.target.binding)
    return Draft(
        filled,
        scenario,
        tuple(rows),
        chances(row.assessment for row in rows if row.target.id in written)[0],
        joint,
        PlanAssessment(known, scenario, found, *chances(found), binding),
        _new_findings((plan, _without(plan, blank)), filled),
        tuple(scenarios),
    )


def chances_in(text: str | Iterable[str]) -> dict[str, float]:
    """Return chances by row, under "" that of the rest, of entries such as `0.7` and `binding=0.9`, or a text of them.

    Errors: PlanmodelError with every entry that is none.

    >>> chances_in("0.7, binding=0.9"), chances_in(["gdp=0.5"])
    ({'': 0.7, 'binding': 0.9}, {'gdp': 0.5})
    """
    entries = text.replace(",", " ").replace("\uff0c", " ").split() if isinstance(text, str) else list(text)
    pairs = [entry.rpartition("=")[::2] for entry in entries]
    names = [name.strip() for name, _ in pairs]
    bad = [
        entry for entry, name, (_, value) in zip(entries, names, pairs, strict=True)
        if not _is_float(value) or names.count(name) > 1
    ]  # fmt: skip
    if bad:
        raise PlanmodelError(
            faults=[Fault("chance", Phrase("drafting.fault.entry"), repr(entry)) for entry in bad]
        )
    return {name.strip(): float(value) for name, value in pairs}


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _check(by_row: Mapping[str, float], joint: float | None, targets: Iterable[Target]) -> None:
    names = {"", BINDING, *(name for t in targets for name in (t.id, t.indicator.id))}
    faults = [unknown("chance", name, names - {""}) for name in by_row if name not in names]
    asked = {f"chance {name}".strip(): value for name, value in by_row.items()} | (
        {} if joint is None else {"joint": joint}
    )
    expected = Phrase("drafting.fault.chance", low=LOW, high=HIGH)
    faults += [
        Fault(name, expected, f"{value:g}") for name, value in asked.items() if not LOW <= value <= HIGH
    ]
    if faults:
        raise PlanmodelError(faults=faults)


def _trial(target: Target) -> Target:
    """A blank row as one with a figure, so that it is drawn; the figure itself is never used."""
    return target if kind_of(target).reads is None else with_value(target, 1.0)


def _filled(plan: Plan, written: Mapping[str, tuple[Target, str]]) -> Plan:
    """The plan with the rows of a draft, in all versions of the same promise."""
    rows = {same_promise(t): written[t.id][0] for t in plan.targets if t.id in written}

    def like(target: Target) -> Target:
        row = rows.get(same_promise(target))
        if row is None:
            return target
        return replace(
            with_value(target, row.figure), kind=row.kind, comparator=row.comparator, unit=row.unit
        )

    return replace(plan, targets=tuple(like(target) for target in plan.targets))


def _without(plan: Plan, blank: Iterable[Target]) -> Plan:
    """The plan with rows blank."""
    gone = {t.id for t in blank}
    missing = partial(
        replace, status="missing", target_value=None, target_upper=None, target_digits="", target_printed=""
    )
    return replace(plan, targets=tuple(missing(t) if t.id in gone else t for t in plan.targets))


def _new_findings(before: Iterable[Plan], after: Plan) -> tuple[Finding, ...]:
    """The contradictions and tensions that figures bring."""
    known = {finding.id for plan in before for finding in audit(plan).findings}
    return tuple(
        f for f in audit(after).findings if f.severity in SEVERE and not f.accepted and f.id not in known
    )


class _Work:
    """The blank rows of a plan in one system: their outlooks, values for chances, and figures that agree."""

    def __init__(self, system: System, blank: tuple[Target, ...], printed: Plan):
        self.plan, self.system = system.plan, system
        self.tolerance: float = self.plan.catalogue.rules["about_tolerance"]
        self.outlooks: dict[str, Outlook] = {}
        self.reasons: dict[str, Mapping[str, str]] = {}
        self.blank = tuple(t for b in blank if self.drawn(t := sided(self.plan.target(b.id))))
        anew = {t.id for t in blank}
        self.printed = tuple(t for t in printed.targets if t.id not in anew)

    def drawn(self, target: Target) -> bool:
        """Return whether a target can be drawn; its outlook is kept."""
        if kind_of(target).reads is None:
            return False
        try:
            self.outlooks[target.id] = self.system.outlook(target)
        except NotAssessable as error:
            self.reasons[target.id] = error.reason
        except UndefinedGrowth as error:
            self.reasons[target.id] = error.sentence
        return target.id in self.outlooks

    def values(self, target: Target, wanted: Iterable[float]) -> list[float]:
        found = values_for(target, self.outlooks[target.id], tuple(wanted), self.tolerance)
        return [float(value) for value in found]

    def ladder(self, target: Target) -> tuple[float, ...]:
        """The values for CHANCES; none where it cannot be drawn, and no number where a fall would be a rise."""
        if target.id not in self.outlooks and not self.drawn(target):
            return ()
        turns = kind_of(target).signed or kind_of(target).reduction
        found = self.values(target, CHANCES)
        return tuple(nan if turns and _asks_nothing(with_value(target, value)) else value for value in found)

    def asked(self, by_row: Mapping[str, float]) -> dict[str, float]:
        """The single chance of each blank row."""

        def of(target: Target) -> float:
            names = (target.id, target.indicator.id, *([BINDING] if target.binding else []), "")
            return next(by_row[name] for name in names if name in by_row)

        return {target.id: of(target) for target in self.blank}

    def for_joint(self, by_row: Mapping[str, float], joint: float) -> dict[str, float]:
        """The single chances, moved by equal odds, whose figures are met together with a chance."""
        start = self.asked(by_row)
        low, high = MOVES
        for _ in range(ROUNDS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._met(_moved(start, middle)) < joint else (low, middle)
        return _moved(start, high)

    def _met(self, single: Mapping[str, float]) -> float:
        rows = [row for row, _ in self.written(single).values()]
        met = [success_of(row, self.outlooks[row.id], row.figure, self.tolerance) for row in rows]
        return chance(np.logical_and.reduce(met)) if met else 1.0

    def written(self, single: Mapping[str, float]) -> dict[str, tuple[Target, str]]:
        """The blank rows with the figures that are written, and where each is from (ORIGINS), by id."""
        made = {target.id: (self._chosen(target, single[target.id]), "chosen") for target in self.blank}
        made = {name: row for name, row in made.items() if not _asks_nothing(row[0])}
        usual = float(np.median([*single.values()])) if single else 0.5
        for year in sorted({target.target_year for target in self.blank}):
            levels = levels_of(self._figures(made), year)
            hidden = self._hidden(levels, year, usual)
            figures = {t.id: t.figure for t in (levels | hidden).values()}
            fixed = [t.id for t in levels.values() if t.id not in made]
            for name, value in settled(self.plan, levels | hidden, figures, fixed, self._rank).items():
                if name in made:
                    made[name] = self._held(with_value(made[name][0], value)), "follows"
        for target in (t for t in self.blank if t.id in made):
            rate = self._of_level(target, self._figures(made))
            if rate is not None:
                made[target.id] = with_value(target, rate), "level"
                if _asks_nothing(made[target.id][0]):
                    del made[target.id]
        return made

    def _figures(self, made: Mapping[str, tuple[Target, str]]) -> list[Target]:
        """The rows, drafted and printed, with a figure in a known unit."""
        rows = (*(row for row, _ in made.values()), *self.printed)
        return [t for t in rows if t.target_value is not None and t.unit in self.plan.catalogue.units]

    def _chosen(self, target: Target, asked: float) -> Target:
        """A row with the value for a chance, rounded; where the base has it already, as one to be held in every year."""
        outlook = self.outlooks[target.id]
        value, other = self.values(target, (asked, asked - APART if asked > 0.5 else asked + APART))
        history = outlook.history.values
        counted = (
            target.indicator.scale == "amount"
            and kind_of(target).in_unit
            and bool((history == history.round()).all())
        )
        step = step_for(
            value,
            other,
            least=1.0 if counted else RATE_STEP if kind_of(target).figure in ("percent", "points") else None,
        )
        row = self._held(with_value(target, rounded(value, step)))
        if row.kind == target.kind:
            return row
        held, _ = self.values(row, (asked, asked))
        return with_value(row, rounded(held, step))

    def _held(self, row: Target) -> Target:
        """A level that the base has already as one that is to be held in every year, and the other way round."""
        base = self.outlooks[row.id].base
        if row.kind not in ("level", "keep") or base is None:
            return row
        if not reached(row, base, self.tolerance):
            return replace(row, kind="level")
        side = row.comparator if row.comparator in ("gt", "lt") else "le" if falling(row) else "ge"
        return replace(row, kind="keep", comparator=side)

    def _hidden(self, levels: Mapping[Term, Target], year: int, asked: float) -> dict[Term, Target]:
        """Wholes of shares that no row promises, by the same chance: what two shares are of is one whole."""
        found = {}
        wholes = {terms_of(self.plan, identity)[2] for identity in self.plan.identities if identity.ratio}
        for name, region in sorted(wholes - set(levels)):
            indicator = self.plan.catalogue.indicators[name]
            row = replace(
                self.blank[0], table="", number=f"{name}@{region}", indicator=indicator, region=region, kind="level",
                base_value=None, base_unit="", unit=indicator.unit, target_year=year, definition="", comparator="eq",
            )  # fmt: skip
            if self.drawn(row):
                found[name, region] = replace(self._chosen(row, asked), kind="level")
        return found

    def _rank(self, target: Target) -> float:
        """Rows that rather follow come first: no row at all, neither the headline nor binding, prose before tables."""
        return (
            -1
            if not target.table
            else 4 * (target.indicator.id == self.plan.headline)
            + 2 * target.binding
            + (target.table != "text")
        )

    def _of_level(self, target: Target, rows: Iterable[Target]) -> float | None:
        """What the level of the same quantity, promised for the same year, makes of a growth or change; None: there is none."""
        kind, outlook = kind_of(target), self.outlooks[target.id]
        if kind.end is None or kind.reads is None or outlook.base is None:
            return None
        own = quantity_of(self.plan, target)
        for other in rows:
            level = other.kind in ("level", "keep") and other.target_year == target.target_year
            if not level or quantity_of(self.plan, other) != own:
                continue
            path = np.full(
                (1, target.n_years + 1), self.plan.catalogue.convert(other.figure, other.unit, outlook.unit)
            )
            path[0, 0] = outlook.base
            made = float(kind.reads(path)[0]) * (-1 if is_reduction(target) else 1)
            return rounded(made, RATE_STEP) if kind.growth else float(f"{made:.10g}")
        return None


def _asks_nothing(row: Target) -> bool:
    """True where a growth or a change promises no more than what is there, or less: such a figure is not written."""
    kind, nothing = kind_of(row), 1.0 if row.kind == "multiple" else 0.0
    down = row.indicator.direction == "lower" and not is_reduction(row)
    return (kind.growth or kind.change) and (row.figure >= nothing if down else row.figure <= nothing)


def _moved(single: Mapping[str, float], logit: float) -> dict[str, float]:
    """Chances moved by equal log odds, within what can be asked for."""
    return {
        name: float(np.clip(1 / (1 + np.exp(-(np.log(p / (1 - p)) + logit))), LOW, HIGH))
        for name, p in single.items()
    }


def _row(row: Drafted, plan: Plan) -> dict[str, Any]:
    """One row of the table."""
    target, found = row.target, row.assessment
    cells: dict[str, Any] = {name: getattr(target, name) for name in (*KEY, "unit")} | {
        "indicator": target.indicator.id
    }
    cells |= {
        name: getattr(found, name)
        for name in ("base", "base_year", "known_to", "probability", "verdict", "precedent_share")
    }
    needed = [_asks(target, value, found.base) for value in row.ladder]
    for p, value, asks in zip(CHANCES, row.ladder, needed, strict=False):
        cells |= {f"value_{100 * p:.0f}": value, f"asks_{100 * p:.0f}": asks[0]}
        cells |= {"asks_unit": asks[1]} if asks[1] else {}
    past, share = found.record, target.indicator.scale == "share"
    cells |= {
        "base_unit": "" if found.history is None or found.history.chained else found.history.unit,
        "chance_asked": row.asked,
        "value": target.target_value,
        "origin": row.origin,
        "required": None if found.required is None else found.required.in_unit(target.unit)[0],
        "record": None if past is None else (1 if share else 100) * past.mean,
        "record_unit": "" if past is None else "pp/year" if share else "%/year",
        "record_first": None if past is None else past.first_year,
        "record_last": None if past is None else past.last_year,
        "reason": found.reason or "",
        "notes": Joined(found.notes, "clauses") if found.notes else "",
    }
    return (
        cells | _beside(row.beside, target) | {f"probability_{name}": p for name, p in row.elsewhere.items()}
    )


def _asks(target: Target, value: float, base: float | None) -> tuple[float | None, str]:
    """What a value asks for a year, with its unit."""
    if isnan(value):
        return None, ""
    try:
        return required(with_value(target, value), base).in_unit(target.unit)
    except (NotAssessable, UndefinedGrowth):
        return None, ""


def _beside(found: Beside, target: Target) -> dict[str, Any]:
    cells: dict[str, Any] = {"earlier_plan": "", "parent_plan": "", "others": "", "earlier_met": None}
    if found.earlier is not None:
        earlier, became = found.earlier.target, found.outturn
        cells |= {
            "earlier_plan": found.earlier.plan.name,
            "earlier_year": earlier.target_year,
            "earlier_target": earlier.target_value,
            "earlier_outturn": None if became is None else became.value,
            "earlier_met": None if became is None else became.met,
        }
    if found.parent is not None:
        above, asks = found.parent.target, found.parent.asks
        cells |= {
            "parent_plan": found.parent.plan.name,
            "parent_target": above.target_value,
            "parent_asks": None if asks is None else asks.in_unit(target.unit)[0],
        }
    asked = [one.asks.in_unit(target.unit)[0] for one in found.others if one.asks is not None]
    if asked:
        names = ", ".join(one.plan.name for one in found.others)
        cells |= {"others": names, "others_low": min(asked), "others_high": max(asked)}
    return cells

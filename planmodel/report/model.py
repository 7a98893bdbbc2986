"""What the index page shows: frozen, in one language, figures already set for reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """An address and its text; `lang` marks a language switch (the other language's page)."""

    href: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Chance:
    """A probability in one scenario: for sorting, in figures, in words, and known to which year; empty where there is none."""

    scenario: str
    probability: float | None
    text: str
    words: str
    href: str = ""
    known_to: str = ""


@dataclass(frozen=True)
class Quantity:
    """A figure set for reading, small lines under it (year, period), and the value to sort by."""

    text: str
    below: tuple[str, ...] = ()
    sort: float | None = None


@dataclass(frozen=True)
class TargetRow:
    """One target of a plan. `chances` has one entry a scenario; `verdict` is a key, of the first scenario."""

    id: str
    number: str
    name: str
    attribute: str
    place: str
    base: Quantity
    target: Quantity
    required: Quantity
    record: Quantity
    chances: tuple[Chance, ...]
    verdict: str
    verdict_text: str
    reason: str = ""
    notes: tuple[str, ...] = ()
    sparkline: str = ""

    @property
    def assessable(self) -> bool:
        return self.verdict != "not_assessable"


@dataclass(frozen=True)
class ScenarioColumn:
    """A scenario's name, and the chances that all (binding) assessable targets of the plan are met."""

    id: str
    name: str
    rationale: str
    joint: str
    joint_binding: str
    href: str = ""


@dataclass(frozen=True)
class LightCount:
    """How many targets have a light: its key, its word, the number."""

    light: str
    text: str
    n: int


@dataclass(frozen=True)
class PlanEntry:
    """A plan on the index: its summary, its targets in the document's order, its pages.

    pages: one entry a notebook: its title, and a link a scenario. risks: the targets least likely to be met. n_assessable,
    n_own, n_earlier: different promises that can be assessed, of the plan's own period, of the period before.
    contradictions: how many were found in the plan; None where nobody looked. audit_page: where they stand.
    lights: how many targets stand how at the moment of the review (empty: nothing can be judged). review_page, review_document: where.
    downloads: the table of targets as files.
    """

    id: str
    title: str
    short: str
    issuer: str
    region: str
    period: str
    date: str
    draft: bool
    scenarios: tuple[ScenarioColumn, ...]
    rows: tuple[TargetRow, ...]
    n_assessable: int
    n_binding: int
    n_own: int
    n_earlier: int
    risks: tuple[TargetRow, ...]
    pages: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    contradictions: int | None = None
    audit_page: str = ""
    moment: str = ""
    lights: tuple[LightCount, ...] = ()
    review_page: str = ""
    review_document: str = ""
    downloads: tuple[Link, ...] = ()

    @property
    def assessable(self) -> tuple[TargetRow, ...]:
        return tuple(row for row in self.rows if row.assessable)

    @property
    def not_assessable(self) -> tuple[TargetRow, ...]:
        return tuple(row for row in self.rows if not row.assessable)


@dataclass(frozen=True)
class Failure:
    """A run that failed: which page of which plan and scenario, the error's name, one line, a link to its log."""

    notebook: str
    scenario: str
    error: str
    message: str
    log: str = ""
    plan: str = ""


@dataclass(frozen=True)
class SiteIndex:
    """Everything on the index page, in one language.

    created: when it was run, as text. n_runs: how many pages were to be made, failed ones included.
    links: pages of no single plan (method, calibration). languages: links with `lang` to this page in others.
    downloads: tables and manifest. calibration: the page on how well earlier probabilities held.
    """

    title: str
    created: str
    version: str
    seed: int
    n_draws: int
    plans: tuple[PlanEntry, ...]
    failures: tuple[Failure, ...] = ()
    n_runs: int | None = None
    links: tuple[Link, ...] = ()
    languages: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    calibration: Link | None = None
    remark: str = ""


@dataclass(frozen=True)
class RunRow:
    """One run on the list of runs; likely: how many targets are more likely met than not, chance: their mean chance."""

    plan: str
    scenario: str
    variant: str
    notebook: str
    href: str
    state: str
    seconds: float
    likely: int | None = None
    likely_text: str = "–"
    chance: float | None = None
    chance_text: str = "–"
    error: str = ""
    log: str = ""


@dataclass(frozen=True)
class RunList:
    """A page of runs, in one language. links: the index and the list's other pages."""

    title: str
    about: str
    rows: tuple[RunRow, ...]
    links: tuple[Link, ...]

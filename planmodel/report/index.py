"""The index of a report: all plans and scenarios at a glance, failures beside them; and the list of all its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from planmodel.report.entries import PlanEntry
from planmodel.report.pages import Link, part, rendered
from planmodel.report.sanitize import clean
from planmodel.words import figure


@dataclass(frozen=True)
class PlanPart:
    """What the index says of a plan, as it stands there: of many plans no more is held than this."""

    name: str
    short: str
    n_promises: int
    listed: Markup
    section: Markup

    @classmethod
    def of(cls, entry: PlanEntry) -> PlanPart:
        """Return the part of a plan, every text in it shown as text."""
        plan, lang = entry.plan, entry.lang
        content = {"entry": entry, "plan": plan, "svg": lambda text: Markup(clean(text, chart=True))}
        listed, section = (part(name, lang, **content) for name in ("index_rows", "index_plan"))
        return cls(plan.name, plan.short[lang], len(entry.rows), listed, section)


@dataclass(frozen=True)
class SiteIndex:
    """Everything on the index page, in one language.

    created: when it was run, as text. failures: rows of text: plan, notebook, scenario, error, message, log. n_runs: how
    many pages were to be made, failed ones included. links: pages of no single plan (method, calibration). languages:
    links with `lang` to this page in others. downloads: tables and manifest. calibration: the page on how well earlier
    probabilities held.
    """

    title: str
    created: str
    version: str
    seed: int
    n_draws: int
    plans: tuple[PlanPart, ...]
    failures: tuple[Mapping[str, str], ...] = ()
    n_runs: int | None = None
    links: tuple[Link, ...] = ()
    languages: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    calibration: Link | None = None
    remark: str = ""

    @property
    def n_promises(self) -> int:
        return sum(plan.n_promises for plan in self.plans)


def runs_html(
    lang: str, title: str, about: str, rows: list[dict], links: list[Link], spreads: list[dict], varied: str
) -> str:
    """Return a page that lists runs, to filter and sort; self-contained like the index.

    spreads: how far each promise's chance moves: plan, name, href, span, spread, moved_by. varied: what the batch varies.
    rows: plan, scenario, variant, notebook, href, state, seconds, likely and chance (each with a text), error, log.
    """
    return rendered(
        "runs", lang, "index", links, script="index", title=title, about=about, rows=rows, spreads=spreads,
        varied=varied,
    )  # fmt: skip


def index_html(entry: SiteIndex, lang: str) -> str:
    """Return the index page, self-contained; every text in `entry` is shown as text.

    Errors: PlanmodelError for a language that is not known.
    """
    return rendered(
        "index", lang, "index", [*entry.links, *entry.languages], script="index", title=entry.title, site=entry,
        thousands=figure,
    )  # fmt: skip

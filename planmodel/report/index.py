"""The index of a report: all plans and scenarios at a glance, failures beside them; and the list of all its runs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from markupsafe import Markup

from planmodel.audit import Audit
from planmodel.audit.statements import amount_of
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.promises import promises
from planmodel.report.pages import TEMPLATES, Link, rendered
from planmodel.report.sanitize import clean
from planmodel.review import LIGHTS, Review
from planmodel.tables.reading import bare_amount, missing, number_text, promise_text, unit_text
from planmodel.words import Joined, figure, percent, phrase, probability_words, said, with_unit, word
from planmodel.words.phrases import texts_of

N_RISKS = 3
IN_BRACKETS = re.compile(r"(.+?)\s?[(（](.+)[)）]$")
Row = Mapping[Hashable, Any]
"""A row of the table of assessments."""


class Quantity(NamedTuple):
    """A figure set for reading, small lines under it (year, period), and the value to sort by."""

    text: str
    below: tuple[str, ...] = ()
    sort: float | None = None


@dataclass(frozen=True)
class PlanEntry:
    """A plan on the index page, in one language.

    results: by scenario id; the first one gives the verdicts. pages: address by (notebook, scenario id), the first
    notebook is where probabilities link to. sparklines: SVG by target id. audit: its contradictions are counted, its
    findings and implied figures stand beside their rows. review: its lights are counted. downloads: the table as files.
    """

    plan: Plan
    results: Mapping[str, PlanAssessment]
    pages: Mapping[tuple[str, str], str]
    sparklines: Mapping[str, str]
    lang: str
    audit: Audit | None = None
    audit_page: str = ""
    review: Review | None = None
    review_page: str = ""
    review_document: str = ""
    downloads: tuple[Link, ...] = ()

    @cached_property
    def rows(self) -> tuple[SimpleNamespace, ...]:
        """The targets in the document's order, each as it is read."""
        by_target: dict[str, dict[str, Row]] = {}
        for key, result in self.results.items():
            rows = result.table.to_dict("records")
            for assessment, row in zip(result.assessments, rows, strict=True):
                by_target.setdefault(assessment.target.id, {})[key] = row
        remarks = self._remarks()
        return tuple(
            self._row(target, by_target[target.id], remarks.get(target.id, []))
            for target in self.plan.targets
            if target.id in by_target
        )

    @property
    def names(self) -> list[str]:
        """The names of the scenarios."""
        return [result.scenario.name[self.lang] for result in self.results.values()]

    @property
    def assessable(self) -> tuple[SimpleNamespace, ...]:
        return tuple(row for row in self.rows if row.verdict != "not_assessable")

    @property
    def not_assessable(self) -> tuple[SimpleNamespace, ...]:
        return tuple(row for row in self.rows if row.verdict == "not_assessable")

    @property
    def counts(self) -> dict[str, int]:
        """Different promises that can be assessed, of the plan's own period and of the one before; binding targets."""
        targets = [self.plan.target(row.id) for row in self.rows]
        good = [self.plan.target(row.id) for row in self.assessable]
        own = [target for target in targets if target.target_year > self.plan.base_year]
        earlier = [target for target in targets if target not in own]
        counted = {"assessable": good, "own": own, "earlier": earlier}
        return {name: len(promises(each)) for name, each in counted.items()} | {
            "binding": sum(target.binding for target in good)
        }

    @property
    def lights(self) -> dict[str, int]:
        """How many targets stand how at the moment of the review, by light."""
        counts = {light: self.review.count(light) for light in LIGHTS} if self.review else {}
        return {light: n for light, n in counts.items() if n and light != "not_assessable"}

    @property
    def risks(self) -> tuple[SimpleNamespace, ...]:
        """The least likely targets in the first scenario, each indicator once."""
        known = [row for row in self.rows if row.chances and row.chances[0].probability is not None]
        chosen: dict[str, SimpleNamespace] = {}
        for row in sorted(known, key=lambda row: row.chances[0].probability):
            chosen.setdefault(row.name, row)
        return tuple(chosen.values())[:N_RISKS]

    @property
    def links(self) -> tuple[tuple[str, tuple[Link, ...]], ...]:
        """The pages: a notebook's title, and a link a scenario in their order; one of no single scenario bears the title."""
        names = dict(zip(self.results, self.names, strict=True))
        order = ["", *names]
        linked = []
        for notebook in dict.fromkeys(notebook for notebook, _ in self.pages):
            title = notebook_title(notebook, self.lang)
            own = sorted(
                (order.index(key) if key in order else -1, {"": title, **names}.get(key, key), href)
                for (name, key), href in self.pages.items()
                if name == notebook
            )
            linked.append((title, tuple(Link(href, text) for _, text, href in own)))
        return tuple(linked)

    def page_of(self, scenario: str) -> str:
        """Return where the probabilities in a scenario link to, empty where there is no page."""
        return next((href for (_, key), href in self.pages.items() if key == scenario), "")

    def _remarks(self) -> dict[str, list[str]]:
        """What the audit says of single rows, by target id: open contradictions and tensions, and implied figures."""
        remarks: dict[str, list[str]] = {}
        audit, lang = self.audit, self.lang
        if audit is None:
            return remarks
        for finding in (*audit.of("contradiction"), *audit.of("tension")):
            for target in dict.fromkeys(s.target for s in finding.statements if s.target is not None):
                if target.plan == audit.plan.name:
                    line = finding.line if finding.about == target.indicator else finding.arithmetic
                    text = phrase(
                        "report.audit_remark", lang, severity=word(finding.severity, lang), text=line
                    )
                    remarks.setdefault(target.id, []).append(text)
        for implied in audit.implied:
            amount = amount_of(implied.figure, implied.unit, audit.plan.catalogue)
            text = phrase("report.implied_remark", lang, figure=amount, formula=implied.formula)
            for target_id in implied.targets:
                remarks.setdefault(target_id, []).append(text)
        return remarks

    def _row(self, target: Target, by_scenario: Mapping[str, Row], remarks: list[str]) -> SimpleNamespace:
        lang, rules = self.lang, self.plan.catalogue.rules
        first = next(iter(by_scenario.values()))
        # A target that only some scenarios can assess stands in the main table, with the others' reason in its row.
        row = next((row for row in by_scenario.values() if not missing(row["probability"])), first)
        chances = []
        for key in self.results:
            own, chance = by_scenario.get(key, {}), SimpleNamespace(probability=None, words="", known_to="")
            if not missing(own.get("probability")):
                chance.probability = own["probability"]
                chance.words = probability_words(chance.probability, rules, lang)
                chance.known_to = phrase("terms.known_in", lang, year=f"{own['known_to']:.0f}")
            chance.text, chance.href = percent(chance.probability), self.page_of(key)
            chances.append(chance)
        notes = row["notes"].parts if isinstance(row["notes"], Joined) else ()
        return SimpleNamespace(
            id=target.id,
            number=number_text(row, lang),
            name=target.indicator.name(lang),
            attribute=word(target.attribute, lang) if target.attribute != "none" else "",
            place=target.source if target.table == "text" else "",
            base=self._base(row, target),
            target=self._promise(row),
            required=self._required(row),
            record=self._record(row),
            chances=chances,
            verdict=row["verdict"],
            verdict_text=word(row["verdict"], lang),
            reason=said(first["reason"], lang),
            notes=tuple(dict.fromkeys((*remarks, *(said(note, lang) for note in notes)))),
            sparkline=self.sparklines.get(target.id, ""),
        )

    def _amount(self, row: Row, name: str, unit: str) -> str:
        return bare_amount(row[name], unit, self.lang, self.plan.catalogue)

    def _promise(self, row: Row) -> Quantity:
        """The promise in its own words, what stands in brackets (unit, kind) on lines below."""
        text, below = promise_text(row, self.lang, self.plan.catalogue), [str(row["target_year"])]
        if missing(row["target_value"]):
            return Quantity(text, tuple(below))
        if brackets := IN_BRACKETS.match(text):
            text, below = brackets[1], re.split(r"\) \(|）（", brackets[2]) + below
        return Quantity(text, tuple(below), row["target_value"])

    def _base(self, row: Row, target: Target) -> Quantity:
        """The base as printed, else from the history; an index chained from growth rates is no base to show."""
        if target.base_value is not None:
            value, year, unit = target.base_value, target.base_year, target.base_unit or target.unit
        elif not missing(row["base"]) and row["base_unit"]:
            value, year, unit = row["base"], row["base_year"], row["base_unit"]
        else:
            return Quantity(target.base_printed or "–", (str(target.base_year),) * bool(target.base_printed))
        name = unit_text(unit, self.lang, self.plan.catalogue)
        if name[:1].isdigit():
            return Quantity(figure(value), (name, str(year)), value)
        return Quantity(with_unit(figure(value), name, self.lang), (str(year),), value)

    def _required(self, row: Row) -> Quantity:
        value, unit = row["required"], row["required_unit"]
        if missing(value):
            return Quantity("–")
        below = [phrase("report.a_year" if unit.endswith("/year") else "report.headroom", self.lang)]
        if not missing(row["required_from_latest"]):
            since = self._amount(row, "required_from_latest", unit)
            below.append(phrase("report.since", self.lang, year=f"{row['latest_year']:.0f}", figure=since))
        return Quantity(self._amount(row, "required", unit), tuple(below), value)

    def _record(self, row: Row) -> Quantity:
        value, unit = row["record"], row["record_unit"]
        if missing(value):
            return Quantity("–")
        below = [f"{row['record_first']:.0f}–{row['record_last']:.0f}"]
        if not missing(row["record_best"]) and row["record_best"] != value:
            below.append(phrase("report.best", self.lang, figure=self._amount(row, "record_best", unit)))
        return Quantity(self._amount(row, "record", unit), tuple(below), value)


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
    plans: tuple[PlanEntry, ...]
    failures: tuple[Mapping[str, str], ...] = ()
    n_runs: int | None = None
    links: tuple[Link, ...] = ()
    languages: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    calibration: Link | None = None
    remark: str = ""


def notebook_title(name: str, lang: str) -> str:
    """Return a notebook's short title; one without a title of its own shows its file name.

    >>> notebook_title("3_fans", "en"), notebook_title("my_notebook", "en")
    ('Fan charts', 'my_notebook')
    """
    return phrase(f"report.titles.{name}", lang) if f"titles.{name}" in texts_of("report") else name


def runs_html(lang: str, title: str, about: str, rows: list[dict], links: list[Link]) -> str:
    """Return a page that lists runs, to filter and sort; self-contained like the index.

    rows: plan, scenario, variant, notebook, href, state, seconds, likely and chance (each with a text), error, log.
    """
    return _filtered("runs", lang, links, title=title, about=about, rows=rows)


def index_html(entry: SiteIndex, lang: str) -> str:
    """Return the index page, self-contained; every text in `entry` is shown as text, sparklines are cleaned SVG.

    Errors: PlanmodelError for a language that is not known.
    """
    links = [*entry.links, *entry.languages]
    return _filtered("index", lang, links, title=entry.title, site=entry, percent=percent, thousands=figure)


def _filtered(template: str, lang: str, links: list[Link], **content: Any) -> str:
    """Return a page whose security policy names the hash of the one script that filters and sorts."""
    script = (TEMPLATES / "index_script.j2").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return rendered(
        template,
        lang,
        "index",
        links,
        script=Markup(script),
        digest=f"sha256-{digest}",
        word=partial(word, lang=lang),
        svg=lambda text: Markup(clean(text)),
        **content,
    )

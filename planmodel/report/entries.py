"""A plan as its pages show it: its promises, each once and as it is read, with counts, answers and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

from planmodel.audit import Audit
from planmodel.audit.statements import amount_of
from planmodel.charts.inline import chances_strip
from planmodel.charts.sentences import asks, labels, promised
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import THEMES
from planmodel.plans.promises import merged
from planmodel.report.addresses import EARLIER, FOLDER, addresses, anchor, plan_page, theme_of
from planmodel.report.pages import Link
from planmodel.review import LIGHTS, Review
from planmodel.tables.reading import bare_amount, missing, number_of, promise_text, unit_text
from planmodel.words import (
    Joined,
    Phrase,
    Text,
    figure,
    percent,
    phrase,
    probability_words,
    said,
    with_unit,
    word,
)
from planmodel.words.phrases import texts_of

N_RISKS, MOST_RISKS = 3, 5
"""Promises named as most at risk, and how many at most where more are less likely than not."""
IN_BRACKETS = re.compile(r"(.+?)\s?[(（](.+)[)）]$")
Row = Mapping[Hashable, Any]
"""A row of the table of assessments."""


class Quantity(NamedTuple):
    """A figure set for reading, small lines under it (year, period), and the value to sort by."""

    text: str
    below: tuple[str, ...] = ()
    sort: float | None = None

    @property
    def line(self) -> str:
        """The figure and what stands under it in one line."""
        return " · ".join((self.text, *self.below))


@dataclass(frozen=True)
class PlanEntry:
    """A plan in a report, in one language.

    results: by scenario id; the first one gives the verdicts. pages: address by (notebook, scenario id), from the top of
    the report. audit: its contradictions are counted, its findings and implied figures stand beside their promises.
    review: its lights are counted. downloads: the table as files. today: the day from which it is said what is due: a promise
    whose target year is over without its outturn has no chance and no light, only what was seen from the data there are.
    """

    plan: Plan
    results: Mapping[str, PlanAssessment]
    pages: Mapping[tuple[str, str], str]
    lang: str
    audit: Audit | None = None
    audit_page: str = ""
    review: Review | None = None
    review_page: str = ""
    review_document: str = ""
    downloads: tuple[Link, ...] = ()
    today: date | None = None

    @cached_property
    def rows(self) -> tuple[SimpleNamespace, ...]:
        """The promises in the document's order, each as it is read."""
        by_target: dict[str, list[tuple[Assessment, Row]]] = {}
        for result in self.results.values():
            for assessment, row in zip(result.assessments, result.table.to_dict("records"), strict=True):
                by_target.setdefault(assessment.target.id, []).append((assessment, row))
        remarks, places = self._remarks(), addresses(self.plan)
        rows = tuple(
            self._row(
                each, by_target, [text for t in each for text in remarks.get(t.id, [])], places[each[0].id]
            )
            for each in merged(target for target in self.plan.targets if target.id in by_target)
        )
        for row, label in zip(rows, labels([row.assessment for row in rows], self.lang), strict=True):
            row.label = label
        return rows

    @property
    def page(self) -> str:
        """Where the plan's own page stands in the report."""
        return plan_page(self.plan.name, self.lang)

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
    def own(self) -> tuple[SimpleNamespace, ...]:
        """The promises of the plan's own period."""
        return tuple(row for row in self.rows if row.theme != EARLIER)

    @property
    def by_theme(self) -> dict[str, list[SimpleNamespace]]:
        """The promises that can be judged by what they are about, the least likely first."""
        each = {theme: [row for row in self.assessable if row.theme == theme] for theme in (*THEMES, EARLIER)}
        return {theme: sorted(rows, key=lambda row: row.chance) for theme, rows in each.items() if rows}

    @property
    def unjudged(self) -> dict[str, list[SimpleNamespace]]:
        """The promises that cannot be judged by the reason why, the most frequent first."""
        each: dict[str, list[SimpleNamespace]] = {}
        for row in self.not_assessable:
            each.setdefault(row.reason, []).append(row)
        return dict(sorted(each.items(), key=lambda item: -len(item[1])))

    @property
    def counts(self) -> dict[str, int]:
        """Promises of the plan's own period, binding ones, and those that can be judged."""
        good = [row for row in self.own if row.chance is not None]
        return {
            "own": len(self.own),
            "earlier": len(self.rows) - len(self.own),
            "binding": sum(row.binding for row in self.own),
            "assessable": len(good),
            "judged_binding": sum(row.binding for row in good),
        }

    @property
    def lights(self) -> dict[str, int]:
        """How many targets stand how at the moment of the review, by light."""
        standings = self.review.promises if self.review else ()
        counts = Counter(standing.light for standing in standings if not self._is_due(standing.assessment))
        return {light: counts[light] for light in LIGHTS[:-1] if counts[light]}

    def _is_due(self, assessment: Assessment) -> bool:
        return self.today is not None and assessment.is_due(self.today.year)

    @property
    def risks(self) -> tuple[SimpleNamespace, ...]:
        """The least likely promises in the first scenario, each indicator once, binding ones first where equal."""
        return self._least_likely(self.assessable)

    @staticmethod
    def _least_likely(rows: Iterable[SimpleNamespace]) -> tuple[SimpleNamespace, ...]:
        chosen: dict[str, SimpleNamespace] = {}
        for row in sorted(rows, key=lambda row: (row.chance, not row.binding)):
            chosen.setdefault(row.name, row)
        likely = [row for row in chosen.values() if row.chance < 0.5]
        return tuple(chosen.values())[: max(N_RISKS, min(len(likely), MOST_RISKS))]

    def _risk(self, rows: Sequence[SimpleNamespace], key: str, joint: float | None) -> Phrase:
        """Where the risk lies among some promises, in a sentence."""
        risks = [
            Phrase("report.answer.risk_of", name=row.name, chance=row.chance)
            for row in self._least_likely(rows)[:N_RISKS]
        ]
        return Phrase(
            f"report.answer.{key}",
            scenario=next(iter(self.results.values())).scenario.name,
            n=len(rows),
            likely=sum(row.chance >= 0.5 for row in rows),
            together="" if joint is None else Phrase("report.answer.binding", joint=joint),
            risks=risks,
            years=sorted({row.year for row in rows}),
            known=max((row.known for row in rows if row.known), default=""),
        )

    @property
    def answers(self) -> tuple[Text, ...]:
        """What the plan promises, where the risk lies, and whether it agrees with itself: a sentence each."""
        (first, last), first_result = self.plan.period, next(iter(self.results.values()))
        counts = self.counts
        how = Phrase("report.answer.some_binding", **counts) if counts["binding"] else ""
        answers = [Phrase("report.answer.promises", first=first, last=last, how=how, **counts)]
        own = [row for row in self.own if row.chance is not None]
        joint, due = first_result.joint_binding, [row for row in own if row.due]
        if due:
            answers.append(self._risk(due, "due", joint))
        if still := [row for row in own if not row.due]:
            answers.append(self._risk(still, "still" if due else "risk", None if due else joint))
        if self.audit is not None:
            open_ones = self.audit.contradictions
            key = "disagrees" if open_ones else "agrees"
            fields = {"line": open_ones[0].line, "name": open_ones[0].about} if open_ones else {}
            tensions = len(self.audit.of("tension"))
            answers.append(Phrase(f"report.answer.{key}", n=len(open_ones), tensions=tensions, **fields))
        return tuple(answers)

    @property
    def strip(self) -> str:
        """The chances as a strip of dots, each leading to its promise."""
        good = sorted(self.assessable, key=lambda row: (not row.binding, row.chance))
        dots = [
            (r.chance, r.verdict, r.binding, r.due, f"{r.label}: {r.promise} – {r.chance_text}", r.href)
            for r in good
        ]
        alt = Joined(self.answers)[self.lang]
        return chances_strip(dots, alt)

    @property
    def known(self) -> Text:
        """To which years the figures behind the chances are known."""
        years = Counter(row.known for row in self.assessable if row.known is not None)
        if not years:
            return Joined([])
        return Phrase(
            "report.known", last=max(years), n=years[max(years)], first=min(years), more=len(years) > 1
        )

    @property
    def due(self) -> Text:
        """Which target years are over on the day of the report without the figure in the data, and for how many promises."""
        waiting = [row for row in self.own if row.due]
        years = sorted({row.year for row in waiting})
        return (
            Phrase("report.due", years=years, n=len(waiting), plan=self.plan.name) if waiting else Joined([])
        )

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

    def _remarks(self) -> dict[str, list[str]]:
        """What the audit says of single targets, by id: open contradictions and tensions, and implied figures."""
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

    def _row(
        self, each: Sequence[Target], by_target: Mapping[str, list], remarks: list[str], address: str
    ) -> SimpleNamespace:
        """A promise as it is read; each: the targets that make it."""
        lang, rules, target = self.lang, self.plan.catalogue.rules, each[0]
        # One that only some scenarios can judge is judged, with the others' reason beside it; so with text and table.
        known_ones = (
            by_target[t.id] for t in each if any(a.probability is not None for a, _ in by_target[t.id])
        )
        by_scenario = next(known_ones, by_target[target.id])
        assessment, row = next((own for own in by_scenario if own[0].probability is not None), by_scenario[0])
        chances = []
        for one, _ in by_scenario:
            known = "" if one.probability is None else phrase("terms.known_in", lang, year=one.known_to)
            words = "" if one.probability is None else probability_words(one.probability, rules, lang)
            chances.append(
                SimpleNamespace(
                    scenario=one.scenario, probability=one.probability, text=percent(one.probability), words=words,
                    known_to=known,
                )
            )  # fmt: skip
        own_notes = row["notes"].parts if isinstance(row["notes"], Joined) else ()
        binding = any(t.binding for t in each)
        judged = self.review.judged if self.review else ()
        known, due = assessment.known_to, self._is_due(assessment)
        return SimpleNamespace(
            id=target.id,
            ids=tuple(t.id for t in each),
            anchor=anchor(target.id),
            beside=address,
            href=f"{FOLDER}/{lang}/{address}",
            theme=theme_of(self.plan, target),
            year=target.target_year,
            due=due,
            assessment=assessment,
            binding=binding,
            number=", ".join(number_of(t, lang) for t in each),
            name=target.indicator.name(lang),
            attribute=word("binding" if binding else target.attribute, lang)
            if binding or target.attribute != "none"
            else "",
            place=target.source if target.table == "text" else "",
            places=tuple(dict.fromkeys(t.source for t in each if t.source)),
            base=self._base(row, target),
            target=self._promise(row),
            required=self._required(row),
            record=self._record(row),
            chances=chances,
            chance=next((c.probability for c in chances if c.probability is not None), None),
            chance_text=next((c.text for c in chances if c.probability is not None), percent(None)),
            known=None if known is None else int(known),
            promise=said(promised(assessment, unit=True), lang),
            asks=said(asks(assessment, unit=True), lang),
            light="" if due else next((s.light for s in judged if s.target.id in {t.id for t in each}), ""),
            verdict=row["verdict"],
            verdict_text=word(row["verdict"], lang),
            reason=said(by_scenario[0][1]["reason"], lang),
            notes=tuple(dict.fromkeys((*remarks, *(said(note, lang) for note in own_notes)))),
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


def notebook_title(name: str, lang: str) -> str:
    """Return a notebook's short title; one without a title of its own shows its file name.

    >>> notebook_title("3_fans", "en"), notebook_title("my_notebook", "en")
    ('Fan charts', 'my_notebook')
    """
    return phrase(f"report.titles.{name}", lang) if f"titles.{name}" in texts_of("report") else name

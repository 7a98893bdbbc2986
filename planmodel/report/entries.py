"""A plan as its pages show it: its promises, each once and as it is read, with counts, answers and links."""

from __future__ import annotations

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
from planmodel.charts.sentences import asks, labels
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import THEMES
from planmodel.plans.promises import merged
from planmodel.report.addresses import EARLIER, FOLDER, PRINTED, addresses, anchor, plan_page, theme_of
from planmodel.report.pages import Link
from planmodel.review import LIGHTS, Review
from planmodel.tables.promises import missing, number_of, promise_text, promised, unit_text
from planmodel.tables.reading import NONE, bare_amount, in_unit
from planmodel.words import (
    Joined,
    Phrase,
    Text,
    figure,
    join,
    percent,
    phrase,
    probability_words,
    said,
    texts_of,
    with_unit,
    word,
)

N_RISKS, MOST_RISKS = 3, 5
"""Promises named as most at risk, and how many at most where more are less likely than not."""
REQUIRED, RECORD = (
    in_unit("required", "required_unit"),
    in_unit("record", "record_unit", "{record_first:whole}–{record_last:whole}"),
)
Row = Mapping[Hashable, Any]
"""A row of the table of assessments."""


class Quantity(NamedTuple):
    """A figure set for reading, with its year or period, and the figure alone."""

    text: str
    sort: float | None = None


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
        own, binding = [row for row in self.own if row.chance is not None], sum(r.binding for r in self.own)
        how = Phrase("report.answer.some_binding", binding=binding) if binding else ""
        made = {"first": first, "last": last, "own": len(self.own), "assessable": len(own), "how": how}
        answers = [Phrase("report.answer.promises", **made)]
        joint, due = first_result.joint_binding, [row for row in own if row.due]
        if due:
            answers.append(self._risk(due, "due", joint))
        if still := [row for row in own if not row.due]:
            key = "one_still" if len(still) == 1 else "still"
            answers.append(self._risk(still, key if due else "risk", None if due else joint))
        if self.audit is not None:
            open_ones = self.audit.contradictions
            key = "disagrees" if open_ones else "agrees"
            fields = {"line": open_ones[0].line, "name": open_ones[0].about} if open_ones else {}
            n = len(self.audit.of("tension"))
            doubts = Phrase(f"report.answer.doubts.{key}", n=n) if n else ""
            answers.append(Phrase(f"report.answer.{key}", n=len(open_ones), doubts=doubts, **fields))
        return tuple(answers)

    @property
    def strip(self) -> str:
        """The chances as a strip of dots, each leading to its promise."""
        good = sorted(self.assessable, key=lambda row: (not row.binding, row.chance))
        dots = [
            (r.chance, r.verdict, r.binding, r.due, phrase("report.dot", self.lang, **vars(r)), r.href)
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
        lang, target, ids = self.lang, each[0], [t.id for t in each]
        # One that only some scenarios can judge is judged, with the others' reason beside it; so with text and table.
        judging = (by_target[i] for i in ids if any(a.probability is not None for a, _ in by_target[i]))
        by_scenario = next(judging, by_target[target.id])
        assessment, row = next((own for own in by_scenario if own[0].probability is not None), by_scenario[0])
        binding, due = any(t.binding for t in each), self._is_due(assessment)
        attribute = "binding" if binding else target.attribute
        notes = row["notes"].parts if isinstance(row["notes"], Joined) else ()
        standings = self.review.judged if self.review else ()
        return SimpleNamespace(
            id=target.id,
            ids=tuple(ids),
            anchor=anchor(target.id),
            beside=address,
            href=f"{FOLDER}/{lang}/{address}",
            theme=theme_of(self.plan, target),
            year=target.target_year,
            due=due,
            assessment=assessment,
            binding=binding,
            number=join((number_of(t, lang) for t in each), lang),
            name=target.indicator.name(lang),
            attribute=word(attribute, lang) if attribute != "none" else "",
            place=target.source if target.table == "text" else "",
            places=tuple(dict.fromkeys(t.source for t in each if t.source)),
            **self._quantities(row, target),
            chances=[self._chance(one) for one, _ in by_scenario],
            chance=assessment.probability,
            chance_text=percent(assessment.probability),
            known=assessment.known_to,
            promise=said(promised(assessment, unit=True), lang),
            asks=said(asks(assessment, unit=True), lang),
            light="" if due else next((s.light for s in standings if s.target.id in ids), ""),
            verdict=row["verdict"],
            verdict_text=word(row["verdict"], lang),
            reason=said(by_scenario[0][1]["reason"], lang),
            notes=tuple(dict.fromkeys((*remarks, *(said(note, lang) for note in notes)))),
        )

    def _chance(self, one: Assessment) -> SimpleNamespace:
        """The chance in one scenario as it is read; without one a dash."""
        chance, text, known, words = one.probability, percent(one.probability), "", ""
        if chance is not None:
            known = phrase("terms.known_in", self.lang, year=one.known_to)
            words = probability_words(chance, self.plan.catalogue.rules, self.lang)
        return SimpleNamespace(
            scenario=one.scenario, probability=chance, text=text, words=words, known_to=known
        )

    def _quantities(self, row: Row, target: Target) -> dict[str, Quantity]:
        """Base, promise, what it asks and the record, each in a line, with the figure alone.

        The base is as printed, else from the history: an index chained from growth rates is no base to show. What a document
        prints in place of a figure stands on pages in its language.
        """
        lang, catalogue = self.lang, self.plan.catalogue
        row = {name: None if missing(value) else value for name, value in row.items()}
        base, year, unit = row["base"], row["base_year"], row["base_unit"]
        if target.base_value is not None:
            base, year, unit = target.base_value, target.base_year, target.base_unit or target.unit
        printed, since, best = target.base_printed if lang == PRINTED else "", "", ""
        if base is not None and unit:
            printed = with_unit(figure(base), unit_text(unit, lang, catalogue), lang)
        if row["required_from_latest"] is not None:
            left = bare_amount(row["required_from_latest"], row["required_unit"], lang, catalogue)
            since = phrase("report.since", lang, year=row["latest_year"], figure=left)
        if row["record_best"] not in (None, row["record"]):
            best = bare_amount(row["record_best"], row["record_unit"], lang, catalogue)
            best = phrase("report.best", lang, figure=best)
        texts = {
            "base": (printed, str(year)) if printed else (NONE,),
            "target": (promise_text(row, lang, catalogue), str(target.target_year)),
            "required": (REQUIRED(row, lang, catalogue), since),
            "record": (RECORD(row, lang, catalogue), best),
        }
        values = {"base": base if unit else None, "target": row["target_value"]}
        values |= {name: row[name] for name in ("required", "record")}
        return {name: Quantity(" · ".join(filter(None, each)), values[name]) for name, each in texts.items()}


def notebook_title(name: str, lang: str) -> str:
    """Return a notebook's short title; one without a title of its own shows its file name.

    >>> notebook_title("3_fans", "en"), notebook_title("my_notebook", "en")
    ('Fan charts', 'my_notebook')
    """
    return phrase(f"report.titles.{name}", lang) if f"titles.{name}" in texts_of("report") else name

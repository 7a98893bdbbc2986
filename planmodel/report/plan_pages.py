"""The page of a plan: what it promises, how likely, what is at risk; and the pages where each promise has its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
from markupsafe import Markup

from planmodel.charts.inline import page_fan
from planmodel.charts.sentences import drawn_clauses, fan_clauses, title
from planmodel.charts.shown import Shown, shown
from planmodel.feasibility.assessments import PRECEDENTS, Assessment, featured
from planmodel.feasibility.trajectories import PlanTrajectories
from planmodel.forecasts.reference import load_class
from planmodel.report.addresses import FOLDER, PRINTED, plan_page, promise_pages, theme_of
from planmodel.report.entries import PlanEntry
from planmodel.report.pages import Link, rendered
from planmodel.report.sanitize import clean
from planmodel.tables.promises import KEY
from planmodel.tables.reading import read, spreadsheet_csv
from planmodel.tables.review import FLIPS, REVIEW
from planmodel.words import Joined, figure, phrase, word

UP = "../../"
"""From a plan's pages to the top of the report."""


def plan_html(entry: PlanEntry, links: tuple[Link, ...] = ()) -> str:
    """Return the page of a plan. links: in the bar on top, from where the page stands."""
    return _page(
        "plan",
        entry,
        links,
        title=entry.plan.title[entry.lang],
        headline=_headline(entry),
        verdicts=PRECEDENTS,
    )


def promise_htmls(
    entry: PlanEntry, paths: PlanTrajectories, flips: pd.DataFrame, links: tuple[Link, ...] = ()
) -> dict[str, str | bytes]:
    """Return the pages of a plan's promises by their place in the report, each with the figures of its charts as CSV.

    paths: the milestones. flips: see planmodel.review.flips. links: see plan_html.
    """
    plan, lang, pages = entry.plan, entry.lang, promise_pages(entry.plan)
    files: dict[str, str | bytes] = {}
    names = {page: _name(entry, page, each[0]) for page, each in pages.items()}
    facts = _Facts(entry, paths, flips)
    rows = {row.id: row for row in entry.rows}
    for page, promises in pages.items():
        own = [rows[each[0].id] for each in promises if each[0].id in rows]
        for row in own:
            row.facts, row.title = facts.of(row), title(row.assessment)[lang]
            row.seen, row.fan = _fan(row.assessment, lang, row.due)
        themes = [Link(other, name, "here" * (other == page)) for other, name in names.items()]
        data = page.replace(".html", ".csv")
        about = {"rows": own, "themes": themes, "data": data, "back": f"{plan.name}.html"}
        switched = tuple(link._replace(href=link.href.replace(f"{plan.name}.html", page)) for link in links)
        heading = f"{plan.short[lang]} · {names[page]}"
        files[f"{FOLDER}/{lang}/{page}"] = _page("promises", entry, switched, title=heading, **about)
        files[f"{FOLDER}/{lang}/{data}"] = spreadsheet_csv(_figures(own)).encode("utf-8-sig")
    return files


def plan_links(entry: PlanEntry, index: str, langs: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the bar on a plan's pages: the index, the plan's page, the other languages."""
    own = [
        Link(f"{UP}{index}", phrase("report.index", entry.lang)),
        Link(f"{entry.plan.name}.html", entry.plan.short[entry.lang]),
    ]
    others = [lang for lang in langs if lang != entry.lang]
    return (
        *own,
        *(Link(f"{UP}{plan_page(entry.plan.name, o)}", phrase("report.own_name", o), o) for o in others),
    )


def _page(template: str, entry: PlanEntry, links: tuple[Link, ...], **content: Any) -> str:
    lang = entry.lang
    return rendered(
        template, lang, "index", links, script="figures", entry=entry, up=UP,
        svg=lambda text: Markup(clean(text, chart=True)), **content,
    )  # fmt: skip


def _name(entry: PlanEntry, page: str, first: tuple) -> str:
    """The name of a page of promises: its theme, and its number where there are several."""
    theme = theme_of(entry.plan, first[0])
    number = page.removesuffix(".html").rpartition("-")[2]
    return phrase(f"report.themes.{theme}", entry.lang) + (f" {number}" if number.isdigit() else "")


def _headline(entry: PlanEntry) -> SimpleNamespace | None:
    """The chart to look at first: the plan's headline promise, else the first that can be judged."""
    for assessment in featured(next(iter(entry.results.values()))):
        row = next((row for row in entry.rows if assessment.target.id in row.ids), None)
        if row is not None and (fan := _fan(assessment, entry.lang, row.due)[1]):
            return SimpleNamespace(beside=row.beside, title=title(assessment)[entry.lang], fan=fan)
    return None


def _fan(assessment: Assessment, lang: str, due: bool) -> tuple[Shown | None, str]:
    """What a promise's chart shows, and its picture; empty where there is nothing to draw. due: without a chance."""
    if assessment.history is None or assessment.target.target_value is None and assessment.beside is None:
        return None, ""
    seen = shown(assessment)
    clauses = [title(assessment), *drawn_clauses(seen)] if due else fan_clauses(assessment, seen)
    drawn = replace(seen, probability=None) if due else seen
    return seen, page_fan(drawn, lang, Joined(clauses, "clauses")[lang])


def _figures(rows: list[SimpleNamespace]) -> pd.DataFrame:
    """The figures of the charts on a page, one row a promise, series and year."""
    parts = [
        row.seen.table.assign(target=row.id, indicator=row.assessment.target.indicator.id)
        for row in rows
        if row.fan
    ]
    empty = pd.DataFrame(columns=["target", "indicator", "series", "year", "coverage", "value", "unit"])
    return pd.concat(parts, ignore_index=True)[list(empty.columns)] if parts else empty


class _Facts:
    """What is said of a promise beside its chart: a name and a text each, by what is known of the plan."""

    def __init__(self, entry: PlanEntry, paths: PlanTrajectories, flips: pd.DataFrame):
        self.entry, self.lang, self.catalogue = entry, entry.lang, entry.plan.catalogue
        self.paths = {one.target.id: one for one in paths.milestones}
        self.standings = self._read(entry.review.table, REVIEW) if entry.review else {}
        self.flips = self._read(flips, FLIPS)

    def _read(self, table: pd.DataFrame, columns: Mapping) -> dict[str, Mapping[str, str]]:
        """The cells of a table as read, by target and column."""
        made = read(table, self.lang, columns, catalogue=self.catalogue)
        ids = ["/".join(map(str, key)) for key in table[list(KEY[1:])].itertuples(index=False, name=None)]
        cells = made.text.set_axis(list(columns), axis=1).to_dict("records")
        return dict(zip(ids, cells, strict=True))

    def of(self, row: SimpleNamespace) -> list[tuple[str, str]]:
        """Return what is known of a promise, names and texts; what is not known is left out."""
        lang, target = self.lang, row.assessment.target
        standing = next((self.standings[i] for i in row.ids if i in self.standings), {})
        flip = {} if row.due else next((self.flips[i] for i in row.ids if i in self.flips), {})
        judged = standing and standing["latest"] != "–"
        texts = {
            word("target", lang): self._printed(row),
            word("base", lang): row.base.text,
            word("required", lang): row.required.text,
            word("record", lang): row.record.text,
            phrase("report.path", lang): self._path(row),
            word("verdict", lang): self._verdict(row),
            phrase("report.stands", lang): phrase(
                f"report.{'seen' if row.due else 'standing'}", lang, **standing
            )
            if judged
            else "",
            phrase("report.change", lang): phrase("report.flip", lang, **flip) if flip else "",
            word("owner", lang): Joined([self.catalogue.owner_name(o, lang) for o in target.owner], "list")[
                lang
            ],
            word("source", lang): self._where(row),
        }
        return [(name, text) for name, text in texts.items() if text and text != "–"]

    def _printed(self, row: SimpleNamespace) -> str:
        """The promise with its unit and year, and as the document prints it."""
        printed = list(
            dict.fromkeys(
                t.target_printed for t in self.entry.plan.targets if t.id in row.ids and t.target_printed
            )
        )
        as_printed = (
            phrase("report.printed", self.lang, texts=printed) if printed and self.lang == PRINTED else ""
        )
        return Joined([row.target.text, as_printed, row.attribute], "clauses")[self.lang]

    def _where(self, row: SimpleNamespace) -> str:
        """Where in the document the promise stands, by number; the headings in their own language."""
        return (
            phrase("report.where", self.lang, number=row.number, places=row.places)
            if self.lang == PRINTED and row.places != (row.number,)
            else row.number
        )

    def _path(self, row: SimpleNamespace) -> str:
        """The year-by-year way that the promise implies."""
        own = next((self.paths[i] for i in row.ids if i in self.paths), None)
        if own is None:
            return ""
        steps = zip(own.path.years, own.path.values, strict=True)
        years = " → ".join(f"{year}: {figure(float(f'{value:.4g}'))}" for year, value in steps)
        return years

    def _verdict(self, row: SimpleNamespace) -> str:
        """The precedent, and what the class did."""
        a = row.assessment
        if a.probability is None:
            return ""
        parts = [row.verdict_text]
        if a.reference:
            group, share = load_class(a.reference), a.precedent_share
            key = "report.class" if share is None else "report.class_share"
            parts.append(phrase(key, self.lang, name=group, n=group.n_series, share=share or 0.0))
        return Joined(parts, "clauses")[self.lang]

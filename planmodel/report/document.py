"""Reviews and drafts as Word documents: what is circulated; the same bytes for the same result."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from planmodel.charts import fan_multiples, lights_chart, standing_chart, tornado_chart
from planmodel.charts.chart import unique
from planmodel.drafting import Draft
from planmodel.report.paper import Paper
from planmodel.review import Review, Tornado, flips, tornado
from planmodel.tables import draft as drafts
from planmodel.tables import review as reviews
from planmodel.tables.reading import read
from planmodel.words import Text, join, phrase, word

FANS, ABREAST = 12, 3
"""Outlooks that a sheet holds, and those beside each other."""
COMPACT = (
    "number", "indicator", "binding", "target", "latest", "due", "so_far", "left", "probability", "light", "reason",
)  # fmt: skip
"""The columns of the table of lights that fit a sheet of paper."""


def review_document(
    result: Review,
    lang: str,
    flipped: pd.DataFrame | None = None,
    sensitivity: Tornado | None = None,
    due: Text | None = None,
) -> bytes:
    """Return a review as a docx file: the answer, what would flip the lights, the earlier plan, each target, the methods.

    flipped, sensitivity: planmodel.review.flips and tornado of it, where they are there already. due: what has become due since its moment.

    Errors: PlanmodelError for an unknown language.
    """
    plan, table, catalogue = result.plan, result.table, result.plan.catalogue
    title = phrase("report.review_title", lang)
    paper = Paper(lang, plan, f"{plan.title[lang]}: {title}", "review.document.")
    paper.text(phrase("review.document.subtitle", lang, title=title, moment=result.moment.text), "Subtitle")
    paper.text(reviews.review_answer(result)[lang])
    if due and due[lang]:
        paper.text(due[lang])
    if result.judged:
        paper.picture(lights_chart, result)
    if result.featured is not None:
        paper.picture(standing_chart, result.featured)
    if flipped is None:
        flipped, sensitivity = flips(result), tornado(result)
    if sensitivity is not None or len(flipped):
        paper.heading("flips")
        paper.table(read(flipped, lang, reviews.FLIPS, catalogue=catalogue))
        if sensitivity is not None:
            paper.picture(tornado_chart, sensitivity)
    paper.heading("final")
    paper.text(reviews.final_answer(result)[lang])
    if result.final:
        paper.table(reviews.final_reading(result, lang))
    paper.heading("unjudged")
    paper.table(read(reviews.unjudged_counts(result), lang, catalogue=catalogue))
    paper.heading("basis")
    for line in _basis(result, lang):
        paper.text(line)
    if result.judged:
        paper.turn()
        paper.heading("targets")
        columns = {name: reviews.REVIEW[name] for name in COMPACT}
        paper.table(read(reviews.judged(table), lang, columns, catalogue=catalogue))
    if len(reviews.tracked(table)):
        paper.heading("methods")
        for line in reviews.methods_text()[lang].splitlines():
            paper.text(line.removeprefix("- "), "List Bullet")
        paper.table(read(reviews.tracked(table), lang, reviews.TRACKED, catalogue=catalogue))
    return paper.content()


def draft_document(result: Draft, lang: str) -> bytes:
    """Return a draft of targets as a docx file: the answer with all values, outlooks, then what stands behind them by year.

    Errors: PlanmodelError for an unknown language.
    """
    plan, catalogue, rows = result.plan, result.plan.catalogue, drafts.drafted(result)
    paper = Paper(lang, plan, plan.title[lang], "drafting.document.")
    paper.text(phrase("drafting.document.subtitle", lang, scenario=result.scenario.name), "Subtitle")
    paper.text(drafts.draft_answer(result)[lang])
    paper.table(
        read(rows, lang, {**drafts.PROPOSED, **drafts.scenario_cells(result, lang)}, catalogue=catalogue)
    )
    if result.findings:
        paper.heading("findings")
        for line in drafts.findings_lines(result, lang):
            paper.text(line, "List Bullet")
    if len(drafts.left_open(result)):
        paper.heading("open")
        paper.table(read(drafts.left_open(result), lang, drafts.OPEN, catalogue=catalogue))
    fans = unique(row.assessment for row in result.drafted if row.assessment.outlook is not None)
    if fans:
        paper.heading("fans")
    sheets = max(1, -(-len(fans) // FANS))
    each = max(1, -(-len(fans) // (ABREAST * sheets))) * ABREAST
    for first in range(0, len(fans), each):
        some = fans[first : first + each]
        counted = {"first": first + 1, "last": first + len(some), "n": len(fans)}
        title = phrase("drafting.document.some", lang, **counted)
        paper.picture(fan_multiples, replace(result.assessment, assessments=some), title=title)
    if len(rows):
        paper.turn()
        paper.heading("background")
        paper.text(phrase("drafting.document.how", lang))
        paper.table(read(rows, lang, drafts.BACKGROUND, catalogue=catalogue))
        paper.heading("milestones")
        paper.text(drafts.lights_rule(result)[lang])
        for reading in drafts.read_milestones_in_parts(result, lang):
            paper.table(reading, keys=3)
    return paper.content()


def _basis(result: Review, lang: str) -> list[str]:
    """Scenario, path and moment; the document; the sources of the latest figures."""
    plan, moment = result.plan, result.moment
    fields = {"shape": word(result.shape, lang), "moment": moment.text, "known": moment.known_on}
    given = phrase("review.document.given", lang, scenario=result.scenario.name, **fields)
    cited = {(s.origin.source, s.origin.url) for s in result.standings if s.origin and s.origin.url}
    about = [plan.title, plan.issuer, plan.date]
    return [given, join(about, lang, "commas"), *(f"{source} {url}" for source, url in sorted(cited))]

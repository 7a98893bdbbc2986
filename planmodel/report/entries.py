"""A plan as an entry of the index: its tables of numbers set for reading, in one language."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from planmodel.audit import Audit
from planmodel.audit.statements import amount_of
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.promises import promises
from planmodel.report.index import notebook_title
from planmodel.report.model import Chance, LightCount, Link, PlanEntry, Quantity, ScenarioColumn, TargetRow
from planmodel.review import LIGHTS, Review
from planmodel.tables.reading import bare_amount, missing, number_text, promise_text, unit_text
from planmodel.words import Joined, figure, percent, phrase, probability_words, said, with_unit, word

N_RISKS = 3
IN_BRACKETS = re.compile(r"(.+?)\s?[(（](.+)[)）]$")
Row = Mapping[Hashable, Any]
"""A row of the table of assessments."""


def build_entry(
    plan: Plan,
    results: Mapping[str, PlanAssessment],
    pages: Mapping[tuple[str, str], str],
    sparklines: Mapping[str, str],
    lang: str,
    *,
    audit: Audit | None = None,
    audit_page: str = "",
    review: Review | None = None,
    review_page: str = "",
    review_document: str = "",
) -> PlanEntry:
    """Return the plan's entry on the index page.

    results: by scenario id; the first one gives the verdicts. pages: address by (notebook, scenario id), the first
    notebook is where probabilities link to. sparklines: SVG by target id.
    audit: its contradictions are counted, its findings and implied figures stand beside their rows. review: its lights
    are counted.
    """
    check_lang(lang)
    names = {key: result.scenario.name[lang] for key, result in results.items()}
    notebooks = list(dict.fromkeys(notebook for notebook, _ in pages))
    titles = {notebook: notebook_title(notebook, lang) for notebook in notebooks}
    first_page = {key: next((pages[n, key] for n in notebooks if (n, key) in pages), "") for key in results}
    by_target: dict[str, dict[str, Row]] = {}
    for key, result in results.items():
        rows = result.table.to_dict("records")
        for assessment, row in zip(result.assessments, rows, strict=True):
            by_target.setdefault(assessment.target.id, {})[key] = row
    remarks = _remarks(audit, lang)
    shown = tuple(
        _row(target, by_target[target.id], first_page, remarks.get(target.id, ()), plan.catalogue, lang,
             sparklines.get(target.id, ""))
        for target in plan.targets
        if target.id in by_target
    )  # fmt: skip
    targets = [plan.target(row.id) for row in shown]
    own = [target for target in targets if target.target_year > plan.base_year]
    assessable = [plan.target(row.id) for row in shown if row.assessable]
    return PlanEntry(
        id=plan.name,
        title=plan.title[lang],
        short=plan.short[lang],
        issuer=plan.issuer[lang],
        region=plan.catalogue.regions[plan.region].name(lang),
        period=f"{plan.period[0]}–{plan.period[1]}",
        date=str(plan.date),
        draft=plan.draft,
        scenarios=tuple(
            ScenarioColumn(
                key,
                names[key],
                result.scenario.rationale[lang],
                percent(result.joint),
                percent(result.joint_binding),
                first_page[key],
            )
            for key, result in results.items()
        ),
        rows=shown,
        n_assessable=len(promises(assessable)),
        n_binding=sum(target.binding for target in assessable),
        n_own=len(promises(own)),
        n_earlier=len(promises(target for target in targets if target not in own)),
        risks=_risks(shown),
        pages=tuple(
            (title, _links(notebook, pages, {"": title, **names})) for notebook, title in titles.items()
        ),
        contradictions=None if audit is None else len(audit.contradictions),
        audit_page=audit_page,
        moment="" if review is None else review.moment.text,
        lights=_lights(review, lang),
        review_page=review_page,
        review_document=review_document,
    )


def _lights(review: Review | None, lang: str) -> tuple[LightCount, ...]:
    if review is None:
        return ()
    counts = ((light, review.count(light)) for light in LIGHTS if light != "not_assessable")
    return tuple(LightCount(light, word(light, lang), n) for light, n in counts if n)


def _remarks(audit: Audit | None, lang: str) -> dict[str, list[str]]:
    """What the audit says of single rows, by target id: open contradictions and tensions, and implied figures."""
    remarks: dict[str, list[str]] = {}
    if audit is None:
        return remarks
    for finding in (*audit.of("contradiction"), *audit.of("tension")):
        targets = (s.target for s in finding.statements if s.target is not None)
        for target in dict.fromkeys(target for target in targets if target.plan == audit.plan.name):
            line = finding.line if finding.about == target.indicator else finding.arithmetic
            text = phrase("report.audit_remark", lang, severity=word(finding.severity, lang), text=line)
            remarks.setdefault(target.id, []).append(text)
    for implied in audit.implied:
        amount = amount_of(implied.figure, implied.unit, audit.plan.catalogue)
        text = phrase("report.implied_remark", lang, figure=amount, formula=implied.formula)
        for target_id in implied.targets:
            remarks.setdefault(target_id, []).append(text)
    return remarks


def _links(notebook: str, pages: Mapping[tuple[str, str], str], names: Mapping[str, str]) -> tuple[Link, ...]:
    """A notebook's pages in the order of the scenarios; a page of no single scenario bears its title."""
    order = list(names)
    own = sorted(
        (order.index(key) if key in order else -1, names.get(key, key), href)
        for (name, key), href in pages.items()
        if name == notebook
    )
    return tuple(Link(href, text) for _, text, href in own)


def _risks(rows: tuple[TargetRow, ...]) -> tuple[TargetRow, ...]:
    """The least likely targets in the first scenario, each indicator once."""
    chosen: dict[str, TargetRow] = {}
    known = [(row.chances[0].probability, row) for row in rows if row.chances]
    for _, row in sorted(((p, row) for p, row in known if p is not None), key=lambda pair: pair[0]):
        chosen.setdefault(row.name, row)
    return tuple(chosen.values())[:N_RISKS]


def _row(
    target: Target,
    by_scenario: Mapping[str, Row],
    first_page: Mapping[str, str],
    remarks: Iterable[str],
    catalogue: Catalogue,
    lang: str,
    sparkline: str,
) -> TargetRow:
    first = next(iter(by_scenario.values()))
    # A target that only some scenarios can assess stands in the main table, with the others' reason in its row.
    assessed = [row for row in by_scenario.values() if not missing(row["probability"])]
    row = first if not missing(first["probability"]) or not assessed else assessed[0]
    chances = []
    for key, href in first_page.items():
        own = by_scenario.get(key, {})
        p = None if missing(own.get("probability")) else own["probability"]
        words = "" if p is None else probability_words(p, catalogue.rules, lang)
        known = "" if p is None else phrase("terms.known_in", lang, year=f"{own['known_to']:.0f}")
        chances.append(Chance(key, p, percent(p), words, href, known))
    notes = row["notes"].parts if isinstance(row["notes"], Joined) else ()
    return TargetRow(
        id=target.id,
        number=number_text(row, lang),
        name=target.indicator.name(lang),
        attribute=word(target.attribute, lang) if target.attribute != "none" else "",
        place=target.source if target.table == "text" else "",
        base=_base(row, target, catalogue, lang),
        target=_promise(row, catalogue, lang),
        required=_required(row, catalogue, lang),
        record=_record(row, catalogue, lang),
        chances=tuple(chances),
        verdict=row["verdict"],
        verdict_text=word(row["verdict"], lang),
        reason=said(first["reason"], lang),
        notes=tuple(dict.fromkeys((*remarks, *(said(note, lang) for note in notes)))),
        sparkline=sparkline,
    )


def _promise(row: Row, catalogue: Catalogue, lang: str) -> Quantity:
    """The promise in its own words, what stands in brackets (unit, kind) on lines below."""
    text, below = promise_text(row, lang, catalogue), [str(row["target_year"])]
    if missing(row["target_value"]):
        return Quantity(text, tuple(below))
    brackets = IN_BRACKETS.match(text)
    if brackets:
        text, below = brackets[1], re.split(r"\) \(|）（", brackets[2]) + below
    return Quantity(text, tuple(below), row["target_value"])


def _base(row: Row, target: Target, catalogue: Catalogue, lang: str) -> Quantity:
    """The base as printed, else from the history; an index chained from growth rates is no base to show."""
    if target.base_value is not None:
        value, year, unit = target.base_value, target.base_year, target.base_unit or target.unit
    elif not missing(row["base"]) and row["base_unit"]:
        value, year, unit = row["base"], row["base_year"], row["base_unit"]
    else:
        return Quantity(target.base_printed or "–", (str(target.base_year),) if target.base_printed else ())
    name = unit_text(unit, lang, catalogue)
    if name[:1].isdigit():
        return Quantity(figure(value), (name, str(year)), value)
    return Quantity(with_unit(figure(value), name, lang), (str(year),), value)


def _required(row: Row, catalogue: Catalogue, lang: str) -> Quantity:
    value, unit = row["required"], row["required_unit"]
    if missing(value):
        return Quantity("–")
    below = [phrase("report.a_year" if unit.endswith("/year") else "report.headroom", lang)]
    if not missing(row["required_from_latest"]):
        since = bare_amount(row["required_from_latest"], unit, lang, catalogue)
        below.append(phrase("report.since", lang, year=f"{row['latest_year']:.0f}", figure=since))
    return Quantity(bare_amount(value, unit, lang, catalogue), tuple(below), value)


def _record(row: Row, catalogue: Catalogue, lang: str) -> Quantity:
    value, unit = row["record"], row["record_unit"]
    if missing(value):
        return Quantity("–")
    below = [f"{row['record_first']:.0f}–{row['record_last']:.0f}"]
    if not missing(row["record_best"]) and row["record_best"] != value:
        best = bare_amount(row["record_best"], unit, lang, catalogue)
        below.append(phrase("report.best", lang, figure=best))
    return Quantity(bare_amount(value, unit, lang, catalogue), tuple(below), value)

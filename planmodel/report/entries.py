"""Assessments of a plan as an entry of the index: figures set for reading, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planmodel.audit import Audit
from planmodel.audit.texts import interval_amount
from planmodel.errors import check_lang
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.plans import Plan, Target
from planmodel.plans.kinds import Required
from planmodel.report.labels import label
from planmodel.report.model import Chance, LightCount, Link, PlanEntry, Quantity, ScenarioColumn, TargetRow
from planmodel.review import LIGHTS, Review
from planmodel.tables.cells import promise
from planmodel.words import figure, percent, probability_words, with_unit, word

N_RISKS = 3
IN_BRACKETS = re.compile(r"(.+?)\s?[(（](.+)[)）]$")


def build_entry(
    plan: Plan,
    results: Mapping[str, PlanAssessment],
    pages: Mapping[tuple[str, str], str],
    sparklines: Mapping[str, str],
    lang: str,
    *,
    page_titles: Mapping[str, str] | None = None,
    audit: Audit | None = None,
    audit_page: str = "",
    review: Review | None = None,
    review_page: str = "",
    review_document: str = "",
) -> PlanEntry:
    """Return the plan's entry on the index page.

    results: by scenario id; the first one gives the verdicts. pages: address by (notebook, scenario id), the first
    notebook is where probabilities link to. sparklines: SVG by target id. page_titles: by notebook, else its name.
    audit: its contradictions are counted, its findings and implied figures stand beside their rows. review: its lights
    are counted.
    """
    check_lang(lang)
    names = {key: result.scenario.name[lang] for key, result in results.items()}
    notebooks = list(dict.fromkeys(notebook for notebook, _ in pages))
    first_page = {key: next((pages[n, key] for n in notebooks if (n, key) in pages), "") for key in results}
    by_target: dict[str, dict[str, Assessment]] = {}
    for key, result in results.items():
        for found in result.assessments:
            by_target.setdefault(found.target.id, {})[key] = found
    remarks = _remarks(audit, lang)
    rows = tuple(
        _row(plan, by_target[target.id], results, first_page, sparklines.get(target.id, ""), remarks, lang)
        for target in plan.targets
        if target.id in by_target
    )
    titles = page_titles or {}
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
        rows=rows,
        n_binding=sum(row.assessable and plan.target(row.id).binding for row in rows),
        n_own=sum(plan.target(row.id).target_year > plan.base_year for row in rows),
        risks=_risks(rows),
        pages=tuple(
            (
                titles.get(notebook, notebook),
                _links(notebook, pages, {"": titles.get(notebook, notebook), **names}),
            )
            for notebook in notebooks
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


def _remarks(audit: Audit | None, lang: str) -> dict[str, tuple[str, ...]]:
    """What the audit says of single rows, by target id: open contradictions and tensions, and implied figures."""
    remarks: dict[str, list[str]] = {}
    if audit is None:
        return {}
    for found in (*audit.of("contradiction"), *audit.of("tension")):
        own = [
            s.target for s in found.statements if s.target is not None and s.target.plan == audit.plan.name
        ]
        for target in dict.fromkeys(own):
            line = (found.line if found.about == target.indicator else found.arithmetic)[lang]
            text = label("audit_remark", lang).format(severity=word(found.severity, lang), text=line)
            remarks.setdefault(target.id, []).append(text)
    for found in audit.implied:
        amount = interval_amount(found.figure, found.unit, audit.plan.catalogue)[lang]
        text = label("implied_remark", lang).format(figure=amount, formula=found.formula[lang])
        for target in found.targets:
            remarks.setdefault(target, []).append(text)
    return {target: tuple(texts) for target, texts in remarks.items()}


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
    known = (row for row in rows if row.chances and row.chances[0].probability is not None)
    for row in sorted(known, key=lambda row: row.chances[0].probability):
        chosen.setdefault(row.name, row)
    return tuple(chosen.values())[:N_RISKS]


def _row(
    plan: Plan, by_scenario: Mapping, results, first_page, sparkline: str, remarks: Mapping, lang: str
) -> TargetRow:
    first = next(iter(by_scenario.values()))
    assessed = [a for a in by_scenario.values() if a.probability is not None]
    # A target that only some scenarios can assess stands in the main table, with the others' reason in its row.
    shown = first if first.probability is not None or not assessed else assessed[0]
    target, units, rules = first.target, plan.catalogue.units, plan.catalogue.rules
    chances = []
    for key in results:
        found = by_scenario.get(key)
        p = found.probability if found else None
        words = "" if p is None else probability_words(p, rules, lang)
        chances.append(Chance(key, p, percent(p), words, first_page[key]))
    return TargetRow(
        id=target.id,
        number=_number(target, lang),
        name=target.indicator.name(lang),
        attribute=word(target.attribute, lang) if target.attribute != "none" else "",
        place=target.source if target.table == "text" else "",
        base=_base(shown, units, lang),
        target=_target(target, units, lang),
        required=_required(shown, units, lang),
        record=_record(shown, lang),
        chances=tuple(chances),
        verdict=shown.verdict,
        verdict_text=word(shown.verdict, lang),
        reason=first.reason.get(lang, ""),
        notes=tuple(dict.fromkeys((*remarks.get(target.id, ()), *(note[lang] for note in shown.notes)))),
        sparkline=sparkline,
    )


def _number(target: Target, lang: str) -> str:
    table = word("text", lang) if target.table == "text" else target.table
    several = f" ({target.part})" if target.part > 1 else ""
    return f"{table} {target.number}{several}"


def _unit(name: str, units: Mapping, lang: str) -> str:
    return units[name].name(lang) if name in units else name


def _target(target: Target, units: Mapping, lang: str) -> Quantity:
    """The promise in its own words, what stands in brackets (unit, kind) on lines below."""
    text, below = promise(target, units, lang), [str(target.target_year)]
    found = IN_BRACKETS.match(text) if target.target_value is not None else None
    if found:
        text, below = found[1], re.split(r"\) \(|）（", found[2]) + below
    return Quantity(text, tuple(below), target.target_value)


def _base(found: Assessment, units: Mapping, lang: str) -> Quantity:
    """The base as printed, else from the history; an index chained from growth rates is no base to show."""
    target, history = found.target, found.history
    if target.base_value is not None:
        value, year, unit = target.base_value, target.base_year, target.base_unit or target.unit
    elif found.base is not None and history is not None and not history.real:
        value, year, unit = found.base, found.base_year, history.unit
    else:
        return Quantity(target.base_printed or "–", (str(target.base_year),) if target.base_printed else ())
    name = _unit(unit, units, lang)
    if name[:1].isdigit():
        return Quantity(figure(value), (name, str(year)), value)
    return Quantity(with_unit(figure(value), name, lang), (str(year),), value)


def rate_text(value: float, measure: str, unit: str, lang: str) -> str:
    """Return a yearly figure for reading: 8.4%, 0.46 pp, 1,200 units.

    >>> rate_text(0.0842, "growth", "", "en"), rate_text(0.46, "pp", "", "zh"), rate_text(1200, "flow", "亿元", "zh")
    ('8.4%', '0.46个百分点', '1,200亿元')
    """
    if measure == "growth":
        return f"{figure(100 * value, 1)}%"
    if measure == "pp":
        return f"{figure(value, 2)} pp" if lang == "en" else f"{figure(value, 2)}个百分点"
    return with_unit(figure(float(f"{value:.4g}")), unit, lang)


def _required(found: Assessment, units: Mapping, lang: str) -> Quantity:
    asked: Required | None = found.required
    if asked is None:
        return Quantity("–")
    unit = _unit(found.target.unit, units, lang)
    text = rate_text(asked.value, asked.measure, unit, lang)
    below = [label("headroom" if asked.measure == "headroom" else "a_year", lang)]
    latest = found.required_from_latest
    if latest is not None and found.latest_year:
        since = rate_text(latest.value, latest.measure, unit, lang)
        below.append(label("since", lang).format(year=found.latest_year, figure=since))
    sort = 100 * asked.value if asked.measure == "growth" else asked.value
    return Quantity(text, tuple(below), sort)


def _record(found: Assessment, lang: str) -> Quantity:
    past = found.record
    if past is None:
        return Quantity("–")
    measure = "pp" if found.target.indicator.scale == "share" else "growth"
    below = [f"{past.first_year}–{past.last_year}"]
    if past.best is not None and past.best_last_year != past.last_year:
        best = rate_text(past.best, measure, "", lang)
        below.append(label("best", lang).format(figure=best))
    sort = past.mean if measure == "pp" else 100 * past.mean
    return Quantity(rate_text(past.mean, measure, "", lang), tuple(below), sort)

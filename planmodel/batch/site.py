"""The report as a folder: manifest, tidy results, and an index page in each language."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import planmodel
from planmodel.audit import Audit, audit
from planmodel.batch import downloads
from planmodel.batch.addresses import MANIFEST, document_name, index_name, list_name, page_of
from planmodel.batch.dataset import write_csv
from planmodel.batch.inputs import file_hashes
from planmodel.batch.listing import list_pages
from planmodel.batch.runs import ALL_PLANS, Outcome, Run
from planmodel.charts import sparkline
from planmodel.feasibility import assess_plan
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.files.folders import write_atomically
from planmodel.lab.study import Study
from planmodel.plans import load_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.report import Failure, Link, PlanEntry, SiteIndex, build_entry, index_html, notebook_title
from planmodel.review import Review, review
from planmodel.words import phrase

MOST_COLUMNS = 6
"""How many scenarios the index compares; a batch of more lists all its runs on a page of its own."""
FIRST_PAGE, CALIBRATION_PAGE, AUDIT_PAGE, REVIEW_PAGE = (
    "2_feasibility", "5_calibration", "6_audit", "7_review",
)  # fmt: skip
PACKAGES = (
    "planmodel", "pandas", "numpy", "scipy", "statsmodels", "matplotlib", "openpyxl", "papermill", "nbconvert",
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A batch and the folder that holds its report; `study` carries draws, seed and cut-off date."""

    folder: Path
    key: str
    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    langs: tuple[str, ...]
    runs: tuple[Run, ...]
    study: Study

    def begin(self) -> None:
        """Claim the folder: write the manifest that names the batch."""
        if not (self.folder / MANIFEST).exists():
            self._write(MANIFEST, json.dumps({"batch": self.key, "state": "running"}) + "\n")

    def finished(self) -> bool:
        """Return True where the report is there and complete: nothing is written again."""
        try:
            state = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))["state"]
        except (OSError, ValueError, KeyError):
            return False
        return state == "finished" and all(
            (self.folder / self.index_name(lang)).is_file() for lang in self.langs
        )

    @property
    def large(self) -> bool:
        """True where the index shows only some of the runs: a page of its own lists all."""
        return len(self.scenarios) > MOST_COLUMNS or any(run.variant for run in self.runs)

    @property
    def columns(self) -> tuple[str, ...]:
        """The scenarios that the index compares."""
        return self.scenarios[:MOST_COLUMNS]

    def index_name(self, lang: str) -> str:
        return index_name(lang, self.langs)

    def shown(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """Return the outcomes that the index links to: of its scenarios, and of variants the first stands for all."""
        own = [o for o in outcomes if o.run.scenario in ("", *self.columns)]
        first = {(o.run.plan, o.run.scenario, o.run.notebook): o for o in reversed(own)}
        return tuple(o for o in own if o is first[o.run.plan, o.run.scenario, o.run.notebook])

    def _write(self, name: str, content: str | bytes) -> None:
        write_atomically(self.folder / name, content)


@dataclass(frozen=True)
class Findings:
    """What the index shows of one plan: assessments by scenario, audit and review."""

    results: Mapping[str, PlanAssessment]
    audit: Audit
    review: Review


def creation_time() -> datetime:
    """Return the time that a report bears: now, or SOURCE_DATE_EPOCH where the environment sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


def write_site(site: Site, outcomes: tuple[Outcome, ...], seconds: float) -> Path:
    """Write results, index pages and manifest; return the index of the first language."""
    plans = {name: _find(site, name) for name in site.plans}
    downloads.write_results(
        site.folder / downloads.FOLDER,
        {name: each.results for name, each in plans.items()},
        {name: each.audit for name, each in plans.items()},
        {name: each.review for name, each in plans.items()},
        site.langs[0],
    )
    write_csv(site.folder, [o.run for o in outcomes if o.ok])
    downloads.write_runs(site.folder / downloads.FOLDER, outcomes)
    for name, each in plans.items():
        _write_documents(site, name, each.review)
    created = creation_time().strftime("%Y-%m-%d %H:%M UTC")
    for lang in site.langs:
        own = tuple(outcome for outcome in outcomes if outcome.run.lang == lang)
        if site.large:
            for name, page in list_pages(own, site.folder, lang, site.index_name(lang)).items():
                site._write(name, page)
        site._write(site.index_name(lang), index_html(_index(site, plans, own, created, lang), lang))
    site._write(MANIFEST, _manifest(site, outcomes, created, seconds))
    return site.folder / site.index_name(site.langs[0])


def _find(site: Site, name: str) -> Findings:
    plan, study = load_plan(name), site.study
    results = {
        s: assess_plan(plan, load_scenario(s), indicators=study.indicators, **study.options)
        for s in site.columns
    }
    reviewed = review(
        plan,
        load_scenario(site.scenarios[0]),
        study.as_at,
        shape=study.path_shape,
        indicators=study.indicators,
        n_draws=study.n_draws,
        seed=study.seed,
        reference=study.reference,
        strict=False,
    )
    return Findings(results, audit(plan), reviewed)


def _write_documents(site: Site, name: str, reviewed: Review) -> None:
    from planmodel.report.document import review_document

    for lang in site.langs:
        document = review_document(reviewed, lang)
        site._write(document_name(name, lang), document)


def _index(
    site: Site, plans: Mapping[str, Findings], outcomes: tuple[Outcome, ...], created: str, lang: str
) -> SiteIndex:
    """Return the index of a language; outcomes: those in this language."""
    done = tuple(o for o in outcomes if o.ok)
    shown = site.shown(done)
    together = [page_of(o.run.path) for o in done if o.run.plan == ALL_PLANS]
    calibration = [o.run for o in done if o.run.notebook == CALIBRATION_PAGE and o.run.plan in site.plans]
    calibration.sort(key=lambda run: site.plans.index(run.plan))
    links = [Link(page, phrase("report.side_by_side", lang)) for page in together]
    if site.large:
        links.insert(0, Link(list_name(lang), phrase("report.all_runs", lang)))
    return SiteIndex(
        title=phrase("report.title", lang),
        created=created,
        version=planmodel.__version__,
        seed=site.study.seed,
        n_draws=site.study.n_draws,
        plans=tuple(_entry(site, name, each, shown, lang) for name, each in plans.items()),
        failures=tuple(_failure(outcome, lang) for outcome in outcomes if not outcome.ok),
        remark=phrase("report.large", lang) if site.large else "",
        n_runs=len(outcomes),
        links=tuple(links),
        calibration=next(
            (Link(page_of(run.path), notebook_title(CALIBRATION_PAGE, lang)) for run in calibration), None
        ),
        languages=tuple(
            Link(site.index_name(other), phrase("report.own_name", other), other)
            for other in site.langs
            if other != lang
        ),
        downloads=(*downloads.links(site.folder, lang), Link(MANIFEST, phrase("report.manifest", lang))),
    )


def _entry(site: Site, name: str, findings: Findings, outcomes: tuple[Outcome, ...], lang: str) -> PlanEntry:
    pages = {(o.run.notebook, o.run.scenario): page_of(o.run.path) for o in outcomes if o.run.plan == name}
    order = sorted(pages, key=lambda key: (key[0] != FIRST_PAGE, key))
    first = next(iter(findings.results.values()))
    entry = build_entry(
        first.plan,
        findings.results,
        {key: pages[key] for key in order},
        {a.target.id: sparkline(a, lang) for a in first.assessments},
        lang,
        audit=findings.audit,
        audit_page=pages.get((AUDIT_PAGE, ""), ""),
        review=findings.review,
        review_page=pages.get((REVIEW_PAGE, site.scenarios[0]), ""),
        review_document=document_name(name, lang),
    )
    return replace(entry, downloads=downloads.write_entry(site.folder, entry, lang))


def _failure(outcome: Outcome, lang: str) -> Failure:
    run = outcome.run
    return Failure(
        notebook_title(run.notebook, lang),
        load_scenario(run.scenario).name[lang] if run.scenario else "",
        outcome.error,
        outcome.message,
        outcome.log,
        load_plan(run.plan).short[lang] if run.plan != ALL_PLANS else "",
    )


def _manifest(site: Site, outcomes: tuple[Outcome, ...], created: str, seconds: float) -> str:
    manifest = {
        "batch": site.key,
        "state": "finished" if all(o.ok for o in outcomes) else "finished with failures",
        "created": created,
        "seconds": round(seconds, 1),
        "plans": site.plans,
        "scenarios": site.scenarios,
        "languages": site.langs,
        "seed": site.study.seed,
        "n_draws": site.study.n_draws,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "inputs": file_hashes(),
        "runs": [
            {
                "run": o.run.path,
                "key": o.run.key,
                "parameters": dict(o.run.parameters),
                "ok": o.ok,
                "seconds": o.seconds,
                "error": o.fault,
                "cell": o.cell,
                "log": o.log,
            }
            for o in outcomes
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"

"""The report as a folder: manifest, tidy results, and an index page in each language."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import planmodel
from planmodel.audit import audit
from planmodel.batch import downloads
from planmodel.batch.dataset import write_csv
from planmodel.batch.inputs import file_hashes
from planmodel.batch.listing import list_pages, page_name
from planmodel.batch.runs import ALL_PLANS, Outcome, Run
from planmodel.feasibility import assess_plan
from planmodel.files.folders import write_atomically
from planmodel.lab.study import Study
from planmodel.lab.views import reviewed
from planmodel.plans import load_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.review import Review

MOST_COLUMNS = 6
"""How many scenarios the index compares; a batch of more lists all its runs on a page of its own."""
LARGE = (
    "这是一批较大的运行：下表按上列种子与路径数计算前几个情景，链接通向各情景的第一组参数；全部运行见“全部运行”。",
    "This is a large batch: the tables show its first scenarios with the seed and number of paths named above, links lead "
    + "to the first set of parameters of each; the page “All runs” lists everything.",
)
FIRST_PAGE = "2_feasibility"
CALIBRATION_PAGE = "5_calibration"
AUDIT_PAGE = "6_audit"
REVIEW_PAGE = "7_review"
TITLES = {
    "1_trajectories": ("路径", "Trajectories"),
    "2_feasibility": ("可行性", "Feasibility"),
    "3_fans": ("扇形图", "Fan charts"),
    "4_comparison": ("比较", "Comparison"),
    CALIBRATION_PAGE: ("校准", "Calibration"),
    AUDIT_PAGE: ("自查", "Audit"),
    REVIEW_PAGE: ("执行评估", "Review"),
    "8_drivers": ("增长动因", "Drivers"),
    "9_breakdown": ("年度分解", "Annual breakdown"),
}
PACKAGES = (
    "planmodel",
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "matplotlib",
    "openpyxl",
    "papermill",
    "nbconvert",
)


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
        if not (self.folder / "manifest.json").exists():
            write_atomically(
                self.folder / "manifest.json", json.dumps({"batch": self.key, "state": "running"}) + "\n"
            )

    def finished(self) -> bool:
        """Return True where the report is there and complete: nothing is written again."""
        try:
            state = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))["state"]
        except (OSError, ValueError, KeyError):
            return False
        return state == "finished" and all(
            (self.folder / self.index_name(lang)).is_file() for lang in self.langs
        )

    @property
    def large(self) -> bool:
        """True where the index shows only some of the runs: a page of its own lists all."""
        return len(self.scenarios) > MOST_COLUMNS or any(run.variant for run in self.runs)

    def index_name(self, lang: str) -> str:
        return index_name(lang, self.langs)


def index_name(lang: str, langs: tuple[str, ...]) -> str:
    """Return the file name of the index in a language; the first language has the plain name."""
    return "index.html" if lang == langs[0] else f"index.{lang}.html"


def creation_time() -> datetime:
    """Return the time that a report bears: now, or SOURCE_DATE_EPOCH where the environment sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


def notebook_title(name: str, lang: str) -> str:
    """Return a notebook's short title; one without a title of its own shows its file name."""
    return TITLES[name][0 if lang == "zh" else 1] if name in TITLES else name


def page_links(run: Run):
    """Return the links at the top of a page: the index, its sister pages, the other language."""
    from planmodel.report import Link

    up = "../" * run.path.count("/")
    links = [Link(f"../{up}{index_name(run.lang, run.langs)}", "目录" if run.lang == "zh" else "Index")]
    for name, scenario in run.sisters:
        path = "/".join(part for part in (run.lang, run.plan, scenario, run.variant, name) if part)
        if name != run.notebook:
            links.append(Link(f"{up}{path}.html", notebook_title(name, run.lang)))
    for lang in run.langs:
        if lang != run.lang:
            links.append(
                Link(
                    f"{up}{run.path.replace(run.lang, lang, 1)}.html",
                    "中文" if lang == "zh" else "English",
                    lang,
                )
            )
    return tuple(links)


def write_site(site: Site, outcomes: tuple[Outcome, ...], seconds: float) -> Path:
    """Write results, index pages and manifest; return the index of the first language."""
    results = {
        name: {
            s: assess_plan(
                load_plan(name), load_scenario(s), indicators=site.study.indicators, **site.study.options
            )
            for s in site.scenarios[:MOST_COLUMNS]
        }
        for name in site.plans
    }
    audits = {name: audit(load_plan(name)) for name in site.plans}
    reviews = {name: _review(site, name) for name in site.plans}
    downloads.write_results(site.folder / downloads.FOLDER, results, audits, reviews, site.langs[0])
    write_csv(site.folder, [o.run for o in outcomes if o.ok])
    downloads.write_runs(site.folder / downloads.FOLDER, outcomes)
    for name, found in reviews.items():
        _write_documents(site, name, found)
    created = creation_time().strftime("%Y-%m-%d %H:%M UTC")
    for lang in site.langs:
        if site.large:
            titles = {name: notebook_title(name, lang) for name in {o.run.notebook for o in outcomes}}
            pages = list_pages(outcomes, site.folder, lang, site.index_name(lang), titles)
            for name, page in pages.items():
                write_atomically(site.folder / name, page)
        write_atomically(
            site.folder / site.index_name(lang),
            _index(site, results, audits, reviews, outcomes, created, lang),
        )
    write_atomically(site.folder / "manifest.json", _manifest(site, outcomes, created, seconds))
    return site.folder / site.index_name(site.langs[0])


def _review(site: Site, name: str) -> Review:
    """The review of a plan in the batch's first scenario, as of its moment."""
    plan, scenario = load_plan(name), load_scenario(site.scenarios[0])
    return reviewed(replace(site.study, plan=plan, scenario=scenario))


def document_name(plan: str, lang: str) -> str:
    """Return where the Word document of a plan's review stands in the report."""
    return f"documents/{plan}-review.{lang}.docx"


def _write_documents(site: Site, name: str, found: Review) -> None:
    from planmodel.report.document import review_document

    for lang in site.langs:
        document = review_document(found, lang, n_draws=site.study.n_draws, seed=site.study.seed)
        write_atomically(site.folder / document_name(name, lang), document)


def _index(
    site: Site, results, audits, reviews, outcomes: tuple[Outcome, ...], created: str, lang: str
) -> str:
    from planmodel.charts import sparkline
    from planmodel.report import Failure, Link, SiteIndex, build_entry, index_html

    zh = lang == "zh"
    own = [o for o in outcomes if o.run.lang == lang]
    shown = {o.run.key for o in own if o.run.scenario in ("", *site.scenarios[:MOST_COLUMNS])}
    if site.large:  # of the variants the first one found stands for all
        first = {}
        for o in own:
            first.setdefault((o.run.plan, o.run.scenario, o.run.notebook), o.run.key)
        shown &= set(first.values())
    entries = []
    for name, each in results.items():
        first = next(iter(each.values()))
        pages = {
            (o.run.notebook, o.run.scenario): f"pages/{o.run.path}.html"
            for o in own
            if o.ok and o.run.plan == name and o.run.key in shown
        }
        order = sorted(pages, key=lambda key: (key[0] != FIRST_PAGE, key))
        entry = build_entry(
            first.plan,
            each,
            {key: pages[key] for key in order},
            {a.target.id: sparkline(a, lang) for a in first.assessments},
            lang,
            page_titles={o.run.notebook: notebook_title(o.run.notebook, lang) for o in own},
            audit=audits[name],
            audit_page=pages.get((AUDIT_PAGE, ""), ""),
            review=reviews[name],
            review_page=pages.get((REVIEW_PAGE, site.scenarios[0]), ""),
            review_document=document_name(name, lang),
        )
        entries.append(replace(entry, downloads=downloads.write_entry(site.folder, entry, lang)))
    failures = tuple(
        Failure(
            notebook_title(o.run.notebook, lang),
            load_scenario(o.run.scenario).name[lang] if o.run.scenario else "",
            o.error,
            o.message,
            o.log,
            load_plan(o.run.plan).short[lang] if o.run.plan != ALL_PLANS else "",
        )
        for o in own
        if not o.ok
    )
    together = [o for o in own if o.run.plan == ALL_PLANS and o.ok]
    calibration = [o for o in own if o.ok and o.run.notebook == CALIBRATION_PAGE and o.run.plan in site.plans]
    calibration.sort(key=lambda o: site.plans.index(o.run.plan))
    return index_html(
        SiteIndex(
            title="规划目标测算报告" if zh else "Plan targets, projected and tested",
            created=created,
            version=planmodel.__version__,
            seed=site.study.seed,
            n_draws=site.study.n_draws,
            plans=tuple(entries),
            failures=failures,
            remark=LARGE[0 if zh else 1] if site.large else "",
            n_runs=len(own),
            links=(
                *((Link(page_name(lang), "全部运行" if zh else "All runs"),) if site.large else ()),
                *(
                    Link(f"pages/{o.run.path}.html", "各规划比较" if zh else "Plans side by side")
                    for o in together
                ),
            ),
            calibration=next(
                (
                    Link(f"pages/{o.run.path}.html", notebook_title(CALIBRATION_PAGE, lang))
                    for o in calibration
                ),
                None,
            ),
            languages=tuple(
                Link(site.index_name(other), "中文" if other == "zh" else "English", other)
                for other in site.langs
                if other != lang
            ),
            downloads=(
                *downloads.links(site.folder, lang),
                Link(
                    "manifest.json",
                    "清单（输入、版本、运行）" if zh else "Manifest (inputs, versions, runs)",
                ),
            ),
        ),
        lang,
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

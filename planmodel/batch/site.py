"""The report as a folder: manifest, tidy results, an index page in each language, and lists of all runs."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import pandas as pd

import planmodel
from planmodel.audit import audit
from planmodel.batch import downloads
from planmodel.batch.downloads import Judgement
from planmodel.batch.inputs import file_hashes
from planmodel.batch.runs import (
    ALL_PLANS,
    DATASET,
    MANIFEST,
    RESULTS,
    Batch,
    Outcome,
    document_name,
    index_name,
    list_name,
)
from planmodel.batch.spread import chances, spread
from planmodel.feasibility import assess_plan
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.files.folders import write_atomically
from planmodel.lab.study import Study
from planmodel.plans import load_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.report import (
    Link,
    PlanEntry,
    PlanPart,
    SiteIndex,
    index_html,
    notebook_title,
    plan_html,
    plan_links,
    promise_htmls,
    runs_html,
    with_notice,
)
from planmodel.report.addresses import addresses, plan_page
from planmodel.review import flips, review, tornado
from planmodel.tables.promises import number_text
from planmodel.tables.reading import spreadsheet_csv
from planmodel.words import Phrase, join, percent, phrase

WHEN = "%Y-%m-%d %H:%M UTC"
MOST_COLUMNS = 6
"""How many scenarios the index compares; a batch of more lists all its runs on a page of its own."""
ROWS_A_PAGE = 2000
FIRST_PAGE, CALIBRATION_PAGE, AUDIT_PAGE, REVIEW_PAGE = (
    "2_feasibility", "5_calibration", "6_audit", "7_review",
)  # fmt: skip
PACKAGES = (
    "planmodel", "pandas", "numpy", "scipy", "statsmodels", "matplotlib", "openpyxl", "papermill", "nbconvert",
)  # fmt: skip


RUNNING = "running"
"""The state of a report that is being written."""


@dataclass(frozen=True)
class Site:
    """A batch and the folder that holds its report; `study` carries draws, seed and cut-off date."""

    folder: Path
    batch: Batch
    study: Study

    def begin(self) -> None:
        """Claim the folder: write the manifest that names the batch."""
        if not (self.folder / MANIFEST).exists():
            self.write(MANIFEST, json.dumps({"batch": self.batch.key, "state": RUNNING}) + "\n")

    def reopen(self) -> None:
        """Take back that the report is finished: what is being written may be cut short."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            manifest = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if manifest["state"] != RUNNING:
                self.write(MANIFEST, _text(manifest | {"state": RUNNING}))

    def finished(self) -> bool:
        """Return True where the report is there and complete: nothing is written again."""
        try:
            state = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))["state"]
        except (OSError, ValueError, KeyError):
            return False
        indexes = (self.folder / self.index_name(lang) for lang in self.batch.langs)
        return state == "finished" and all(index.is_file() for index in indexes)

    @property
    def large(self) -> bool:
        """True where the index shows only some of the runs: a page of its own lists all."""
        return len(self.batch.scenarios) > MOST_COLUMNS or any(run.variant for run in self.batch.runs)

    @property
    def columns(self) -> tuple[str, ...]:
        """The scenarios that the index compares."""
        return self.batch.scenarios[:MOST_COLUMNS]

    def index_name(self, lang: str) -> str:
        return index_name(lang, self.batch.langs)

    def shown(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes that the index links to: of its scenarios, and of variants the first stands for all."""
        own = [o for o in outcomes if o.run.scenario in ("", *self.columns)]
        first = {(o.run.plan, o.run.scenario, o.run.notebook): o for o in reversed(own)}
        return [o for o in own if o is first[o.run.plan, o.run.scenario, o.run.notebook]]

    def write(self, name: str, content: str | bytes) -> None:
        write_atomically(self.folder / name, content)


def creation_time() -> datetime:
    """Return the time that a report bears: now, or SOURCE_DATE_EPOCH where the environment sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


def write_site(site: Site, outcomes: tuple[Outcome, ...], seconds: float) -> str:
    """Write results, Word documents and index pages; return the manifest, which says that all is there."""
    langs, created = site.batch.langs, creation_time()
    tables = downloads.Tables(langs[0])
    own = {lang: [outcome for outcome in outcomes if outcome.run.lang == lang] for lang in langs}
    shown = {lang: site.shown([outcome for outcome in own[lang] if outcome.ok]) for lang in langs}
    written = []
    for name in site.batch.plans:
        written.append(_write_plan(site, name, tables, shown, created))
        gc.collect()  # what it held: its parts refer to each other
    parts = {lang: [each[lang] for each in written] for lang in langs}
    tables.write(site.folder)
    downloads.write_csv(site.folder, [o.run for o in outcomes if o.ok])
    downloads.write_runs(site.folder, outcomes)
    moved = spread(chances(site.folder, outcomes)) if site.large else None
    if moved is not None:
        site.write(f"{RESULTS}/spread.csv", spreadsheet_csv(moved).encode("utf-8-sig"))
    for lang in langs:
        if site.large:
            for name, page in list_pages(own[lang], site.folder, lang, site.index_name(lang), moved).items():
                site.write(name, page)
        site.write(
            site.index_name(lang), index_html(_index(site, parts[lang], own[lang], created, lang), lang)
        )
    return _manifest(site, outcomes, f"{created:{WHEN}}", seconds)


def _write_plan(
    site: Site, name: str, tables: downloads.Tables, shown: Mapping[str, Sequence[Outcome]], created: datetime
) -> dict[str, PlanPart]:
    """Write what the report says of a plan; return its parts of the indexes, by language, and hold no more of it."""
    from planmodel.report.document import review_document

    judgement, parts = _judge(site, name), {}
    tables.add(judgement)
    for lang, outcomes in shown.items():
        entry = _entry(site, judgement, outcomes, _today(site, judgement, created), lang)
        document = review_document(judgement.review, lang, judgement.flips, judgement.tornado, entry.due)
        site.write(document_name(name, lang), document)
        links = plan_links(entry, site.index_name(lang), site.batch.langs)
        pages = promise_htmls(entry, judgement.paths, judgement.flips, links)
        for path, content in {entry.page: plan_html(entry, links), **pages}.items():
            site.write(path, content)
        for page in (page for (notebook, _), page in entry.pages.items() if notebook == REVIEW_PAGE):
            # what is due goes by the day of the report, not by that of the run
            site.write(page, with_notice((site.folder / page).read_text("utf-8"), entry.due[lang]))
        parts[lang] = PlanPart.of(entry)
    return parts


def _judge(site: Site, name: str) -> Judgement:
    plan, study = replace(load_plan(name)), site.study  # what is kept of it goes with it
    chosen = {"indicators": study.indicators, **study.options}
    results = {s: assess_plan(plan, load_scenario(s), **chosen) for s in site.columns}
    first, moment = load_scenario(site.batch.scenarios[0]), study.as_at
    chosen.pop("as_of")
    reviewed = review(plan, first, moment, shape=study.path_shape, strict=False, **chosen)
    paths = plan_trajectories(plan, first, study.path_shape, as_of=study.as_of)
    return Judgement(plan, results, audit(plan), reviewed, flips(reviewed), tornado(reviewed), paths)


def _today(site: Site, judgement: Judgement, created: datetime) -> date:
    """The day from which it is said what is due: when the report is made, or the day after the moment it looks from."""
    after = judgement.review.moment.last + 1
    return date(after // 12, after % 12 + 1, 1) if site.study.as_at else created.date()


def _index(
    site: Site, plans: list[PlanPart], outcomes: list[Outcome], created: datetime, lang: str
) -> SiteIndex:
    """Return the index of a language; outcomes: those in this language."""
    batch, study, done = site.batch, site.study, [o for o in outcomes if o.ok]
    links = [Link(list_name(lang), phrase("report.all_runs", lang))] if site.large else []
    links += [Link(o.run.page, phrase("report.side_by_side", lang)) for o in done if o.run.plan == ALL_PLANS]
    calibration = {o.run.plan: o.run.page for o in reversed(done) if o.run.notebook == CALIBRATION_PAGE}
    title = notebook_title(CALIBRATION_PAGE, lang)
    others = [other for other in batch.langs if other != lang]
    return SiteIndex(
        title=phrase("report.title", lang),
        created=f"{created:{WHEN}}",
        version=planmodel.__version__,
        seed=study.seed,
        n_draws=study.n_draws,
        plans=tuple(plans),
        failures=tuple(_names(o, lang, plans="") for o in outcomes if not o.ok),
        remark=phrase("report.large", lang) if site.large else "",
        n_runs=len(outcomes),
        links=tuple(links),
        calibration=next((Link(calibration[p], title) for p in batch.plans if p in calibration), None),
        languages=tuple(Link(site.index_name(o), phrase("report.own_name", o), o) for o in others),
        downloads=(*downloads.links(site.folder, lang), Link(MANIFEST, phrase("report.manifest", lang))),
    )


def _entry(
    site: Site, judgement: Judgement, outcomes: Sequence[Outcome], today: date, lang: str
) -> PlanEntry:
    name = judgement.plan.name
    pages = {(o.run.notebook, o.run.scenario): o.run.page for o in outcomes if o.run.plan == name}
    order = sorted(pages, key=lambda key: (key[0] != FIRST_PAGE, key))
    entry = PlanEntry(
        judgement.plan,
        judgement.results,
        {key: pages[key] for key in order},
        lang,
        audit=judgement.audit,
        audit_page=pages.get((AUDIT_PAGE, ""), ""),
        review=judgement.review,
        review_page=pages.get((REVIEW_PAGE, site.batch.scenarios[0]), ""),
        review_document=document_name(name, lang),
        today=today,
    )
    return replace(entry, downloads=downloads.write_entry(site.folder, entry))


def _names(outcome: Outcome, lang: str, plans: str) -> dict:
    """What a reader sees of a run: the names of plan, scenario and notebook, what went wrong; plans: the name of all."""
    run = outcome.run
    return {
        "plan": load_plan(run.plan).short[lang] if run.plan != ALL_PLANS else plans,
        "scenario": load_scenario(run.scenario).name[lang] if run.scenario else "",
        "notebook": notebook_title(run.notebook, lang),
        "error": outcome.error,
        "message": outcome.message,
        "log": outcome.log,
    }


def list_pages(
    outcomes: Sequence[Outcome], folder: Path, lang: str, index: str, moved: pd.DataFrame | None = None
) -> dict[str, str]:
    """Return the pages that list the runs, all in one language, by file name.

    moved: see planmodel.batch.spread; it stands on the first.
    """
    chances = chances_by_run(folder)
    parts = [outcomes[i : i + ROWS_A_PAGE] for i in range(0, len(outcomes), ROWS_A_PAGE)]
    names = [list_name(lang, number) for number in range(1, len(parts) + 1)]
    failed = sum(not outcome.ok for outcome in outcomes)
    about = phrase("report.about_runs", lang, n=len(outcomes), failed=failed)
    pages: dict[str, str] = {}
    for name, part in zip(names, parts, strict=True):
        links = [Link(index, phrase("report.index", lang))]
        links += [Link(other, str(i)) for i, other in enumerate(names, 1) if other != name]
        rows = [_row(outcome, chances.get(outcome.run.twin or outcome.run.key, []), lang) for outcome in part]
        spreads = _spreads(moved, lang) if moved is not None and not pages else []
        pages[name] = runs_html(
            lang, phrase("report.all_runs", lang), about, rows, links, spreads, _varied(outcomes, lang)
        )
    return pages


def _varied(outcomes: Sequence[Outcome], lang: str) -> str:
    """What a batch varies, each with its values."""
    values: dict[str, dict[str, None]] = {}
    for run in (outcome.run for outcome in outcomes):
        for name, value in {**run.parameters, "scenario": run.scenario, "plan": run.plan}.items():
            if name not in ("plans", "scenarios", "lang") and value != "":
                values.setdefault(name, {})[str(value)] = None
    varied = [
        Phrase("report.varied", name=name, values=list(each))
        for name, each in values.items()
        if len(each) > 1
    ]
    return join(varied, lang, "clauses")


def _spreads(moved: pd.DataFrame, lang: str) -> list[dict]:
    """The rows of the table of spreads, as read."""
    plans = {name: load_plan(name) for name in moved.plan.unique()}
    return [
        {
            "plan": plans[e.plan].short[lang],
            "name": plans[e.plan].catalogue.indicators[e.indicator].name(lang),
            "number": number_text(e._asdict(), lang),
            "href": plan_page(e.plan, lang).rpartition("/")[0] + "/" + addresses(plans[e.plan])[f"{e.table}/{e.number}/{e.part}"],
            "span": f"{percent(e.low)} – {percent(e.high)}",
            "spread": e.spread,
            "moved_by": phrase("report.moved", lang, name=e.moved_by, low=e.lowest, high=e.highest) if e.moved_by else "",
        }
        for e in moved.itertuples()
    ]  # fmt: skip


def chances_by_run(folder: Path) -> dict[str, list[float]]:
    """Return the probabilities of each run's assessable targets, by the run's key, from the data set."""
    from pyarrow.parquet import read_schema

    files = sorted((folder / DATASET).rglob("*.parquet"))
    own = [path for path in files if "probability" in read_schema(path).names]
    tables = ((path.stem, pd.read_parquet(path, columns=["probability"])) for path in own)
    return {key: table.probability.dropna().tolist() for key, table in tables}


def _row(outcome: Outcome, chances: list[float], lang: str) -> dict:
    """A row of the list of runs; likely: how many targets are more likely met than not, chance: their mean chance."""
    likely = sum(chance >= 0.5 for chance in chances) if chances else None
    mean = sum(chances) / len(chances) if chances else None
    return _names(outcome, lang, phrase("report.all_plans", lang)) | {
        "variant": outcome.run.variant,
        "href": outcome.run.page,
        "state": "done" if outcome.ok else "failed",
        "seconds": outcome.seconds,
        "likely": likely,
        "likely_text": "–" if likely is None else f"{likely} / {len(chances)}",
        "chance": mean,
        "chance_text": percent(mean),
        "error": outcome.fault,
    }


def _manifest(site: Site, outcomes: tuple[Outcome, ...], created: str, seconds: float) -> str:
    manifest = {
        "batch": site.batch.key,
        "state": "finished" if all(o.ok for o in outcomes) else "finished with failures",
        "created": created,
        "seconds": round(seconds, 1),
        "plans": site.batch.plans,
        "scenarios": site.batch.scenarios,
        "languages": site.batch.langs,
        "seed": site.study.seed,
        "n_draws": site.study.n_draws,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "inputs": file_hashes(),
        "runs": [
            {"run": o.run.path, "key": o.run.key, "parameters": dict(o.run.parameters), "ok": o.ok, "seconds": o.seconds,
             "error": o.fault, "cell": o.cell, "log": o.log}
            for o in outcomes
        ],
    }  # fmt: skip
    return _text(manifest)


def _text(manifest: Mapping[str, object]) -> str:
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"

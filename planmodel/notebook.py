"""What the notebooks call: open a study from the parameters cell, show charts and tables, close with sources."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from planmodel.audit import change_figures, changes_in
from planmodel.errors import Fault, PlanmodelError, did_you_mean, unknown
from planmodel.fans import BAND_KINDS
from planmodel.outlooks import N_DRAWS, SEED
from planmodel.paths import PATH_SHAPES
from planmodel.periods import parse_moment
from planmodel.plans import Plan, load_plan, plan_names
from planmodel.reference import class_names
from planmodel.scenarios import Scenario, load_scenario, scenario_names
from planmodel.words import LANGS, plain, word

RESULTS_MIME = "application/vnd.planmodel.results+json"
"""The output by which a notebook hands its results to the batch."""
DRAWS_RANGE = (100, 1_000_000)
DEFAULTS: Mapping[str, object] = {
    "plan": "taizhou-services-14fyp",
    "plans": "",
    "scenario": "baseline",
    "scenarios": "baseline, low, high",
    "indicators": "",
    "path_shape": "constant_growth",
    "bands": "central",
    "reference": "",
    "changes": "",
    "as_of": 0,
    "n_draws": N_DRAWS,
    "seed": SEED,
    "lang": "en",
}
"""Every parameter a notebook may have, with its default; a notebook's own cell holds those it uses."""

_checked_names = False
_of_study, _lang = "", "en"
"""Of the study that is open: the beginning of its files' names, and its language."""


@dataclass(frozen=True)
class Study:
    """The checked parameters of a notebook, with what they name loaded; `given` are the names it has itself.

    as_of: the last full year of the moment `as_at`, which may be a month or a day.
    """

    plan: Plan
    plans: tuple[Plan, ...]
    scenario: Scenario
    scenarios: tuple[Scenario, ...]
    indicators: tuple[str, ...]
    path_shape: str
    bands: str
    reference: str | None
    changes: Mapping[str, str]
    as_of: int | None
    as_at: str
    n_draws: int
    seed: int
    lang: str
    given: tuple[str, ...]

    @property
    def options(self) -> dict:
        """The arguments that assess_plan takes."""
        return {
            "n_draws": self.n_draws,
            "seed": self.seed,
            "as_of": self.as_of,
            "reference": self.reference,
        }


def names_in(value: object) -> tuple[str, ...]:
    """Return the names in a list, or in a text that separates them by commas or spaces.

    >>> names_in("low, high"), names_in(["low"]), names_in("")
    (('low', 'high'), ('low',), ())
    """
    if isinstance(value, str):
        return tuple(value.replace(",", " ").replace("，", " ").split())
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def check_parameters(parameters: Mapping[str, object]) -> Study:
    """Return the study of some parameters (the rest by default); raise with every fault at once.

    Errors: PlanmodelError for unknown names (with the nearest known) and values of the wrong type.
    """
    faults: list[Fault] = []
    for name in parameters:
        if name not in DEFAULTS:
            do = f"{did_you_mean(name, DEFAULTS)} A variable of your own belongs below this cell."
            faults.append(Fault("parameter", "a known name", repr(name), do=do))
    given = {**DEFAULTS, **{name: value for name, value in parameters.items() if name in DEFAULTS}}

    def whole(name: str, low: int, high: int) -> int:
        value = given[name]
        if type(value) is not int or not low <= value <= high:
            faults.append(Fault(name, f"a whole number from {low} to {high}", repr(value)))
            return int(DEFAULTS[name])
        return value

    def chosen(name: str, known, optional: bool = False) -> str:
        value = given[name]
        if not (isinstance(value, str) and (value in known or (optional and not value))):
            faults.append(unknown(name, str(value), known))
            return str(DEFAULTS[name])
        return value

    def several(name: str, known) -> tuple[str, ...]:
        values = names_in(given[name])
        faults.extend(unknown(name, str(value), known) for value in values if value not in known)
        return tuple(value for value in values if value in known)

    plan_name = chosen("plan", plan_names())
    names = several("plans", plan_names())
    scenario_name = chosen("scenario", scenario_names())
    if "scenarios" not in parameters:
        given["scenarios"] = scenario_name
    scenario_list = several("scenarios", scenario_names())
    shape, bands = chosen("path_shape", PATH_SHAPES), chosen("bands", BAND_KINDS)
    reference = chosen("reference", class_names(), optional=True)
    lang = chosen("lang", LANGS)
    moment = given["as_of"]
    if isinstance(moment, str) and moment and not moment.isdigit():
        as_of = 0
        try:
            as_of = parse_moment(moment, 0).last_full_year
        except PlanmodelError as error:
            faults += error.faults
    else:
        given["as_of"] = int(moment or 0) if isinstance(moment, str) else moment
        as_of = whole("as_of", 0, 2200)
        if 0 < as_of < 1900:
            faults.append(Fault("as_of", "0, or a year such as 2023", repr(moment)))
    n_draws, seed = whole("n_draws", *DRAWS_RANGE), whole("seed", 0, 2**63 - 1)
    indicators = names_in(given["indicators"])
    if not isinstance(given["changes"], str):
        faults.append(Fault("changes", "a text such as services_va.target=1434", repr(given["changes"])))
    if faults:
        raise PlanmodelError("The parameters have faults:", faults)
    plan = load_plan(plan_name)
    plan.select(indicators)
    changes = changes_in(given["changes"])
    change_figures(plan, changes)
    return Study(
        plan=plan,
        plans=tuple(load_plan(name) for name in names) or (plan,),
        scenario=load_scenario(scenario_name),
        scenarios=tuple(load_scenario(name) for name in scenario_list),
        indicators=indicators,
        path_shape=shape,
        bands=bands,
        reference=reference or None,
        changes=changes,
        as_of=as_of or None,
        as_at=str(moment or ""),
        n_draws=n_draws,
        seed=seed,
        lang=lang,
        given=tuple(name for name in DEFAULTS if name in parameters),
    )


def parameters_problem(parameters: Mapping[str, object]) -> tuple[Fault, ...]:
    """Return the faults of some parameters, none where a study can be opened with them."""
    try:
        check_parameters(parameters)
    except PlanmodelError as error:
        return error.faults or (Fault("parameters", "values that fit", str(error)),)
    return ()


def open_study(namespace: Mapping[str, object]) -> Study:
    """Return the study of a notebook's parameters, given its globals(), and set the chart style.

    The first call in a kernel also refuses plain values that are no parameter: a mistyped `-p` of papermill.
    """
    global _checked_names, _of_study, _lang
    parameters = {name: value for name, value in namespace.items() if name in DEFAULTS}
    if not _checked_names:
        plain = (str, int, float, bool, list, dict, tuple, type(None))
        parameters |= {
            name: value
            for name, value in namespace.items()
            if type(value) in plain and not name.startswith("_") and name not in ("In", "Out")
        }
    study = check_parameters(parameters)
    _checked_names = True
    _of_study, _lang = _file_name(study), study.lang
    from planmodel.charts import use_style

    use_style()
    return study


def _file_name(study: Study) -> str:
    """Return what the names of a study's files begin with: the plans side by side, or the plan and the scenario."""
    if "plans" in study.given and len(study.plans) > 1:
        return "plans"
    scenario = (study.scenario.id,) if "scenario" in study.given else ()
    return "-".join((study.plan.name, *scenario))


def show(figure, data: pd.DataFrame, alt: str, lang: str, name: str = "chart") -> None:
    """Display a figure as SVG with a text alternative, and the figures behind it as a CSV to download."""
    from IPython.display import HTML, display

    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    display(
        {"image/svg+xml": svg[svg.index("<svg") :], "text/plain": alt},
        raw=True,
        metadata={"image/svg+xml": {"alt": alt}},
    )
    display(HTML(csv_link(data, lang, name)))


def csv_link(data: pd.DataFrame, lang: str, name: str) -> str:
    """Return a line of links that hold a table: as CSV (UTF-8 with BOM, as spreadsheets expect) and as a workbook."""
    from planmodel.sheets import XLSX_MIME, Sheet, workbook_bytes

    name = "-".join(part for part in (_of_study, name) if part)
    contents = {
        "csv": ("text/csv", data.to_csv(index=False).encode("utf-8-sig")),
        "xlsx": (XLSX_MIME, workbook_bytes([Sheet(name, data)])),
    }
    links = " ".join(
        f'<a download="{name}.{form}" href="data:{mime};base64,{base64.b64encode(content).decode()}">{form.upper()}</a>'
        for form, (mime, content) in contents.items()
    )
    return f'<p class="data-link">{"数据：" if lang == "zh" else "Data:"} {links}</p>'


def table(data: pd.DataFrame, name: str = "") -> None:
    """Display a table, every cell escaped, with links to it as files; a dash where it has no rows.

    name: of the files (default: the name that the view gave it).
    """
    from IPython.display import HTML, display

    if data.empty:
        return say("–")
    html = data.to_html(index=False, escape=True, border=0, na_rep="–")
    display(HTML(html + csv_link(data, _lang, name or data.attrs.get("name", "table"))))
    return None


def keep_results(data: pd.DataFrame) -> None:
    """Hand a table to the batch that runs the notebook; nothing is shown. Columns of plan and scenario may be there."""
    from IPython.display import display

    table = json.loads(data.to_json(orient="split", index=False))
    numbers = data.select_dtypes(["number", "bool"]).columns
    text = [name for name in data.columns if name not in numbers]
    display({RESULTS_MIME: {**table, "text": text}, "text/plain": ""}, raw=True)


def say(text: str) -> None:
    """Display a paragraph of markdown."""
    from IPython.display import Markdown, display

    display(Markdown(text))


def parameters_table(study: Study) -> pd.DataFrame:
    """Return the notebook's own parameters as a small table."""
    zh, lang = study.lang == "zh", study.lang
    every = "全部" if zh else "all"
    rows = {
        "plan": ("规划", "Plan", study.plan.title[lang]),
        "plans": ("并列规划", "Plans side by side", ", ".join(plan.short[lang] for plan in study.plans)),
        "scenario": ("情景", "Scenario", study.scenario.name[lang]),
        "scenarios": ("比较情景", "Scenarios compared", ", ".join(s.name[lang] for s in study.scenarios)),
        "indicators": ("指标", "Indicators", ", ".join(study.indicators) or every),
        "path_shape": ("路径", "Path shape", word(study.path_shape, lang)),
        "bands": ("区间", "Bands", word(study.bands, lang)),
        "reference": ("参照类", "Reference class", study.reference or ("按指标" if zh else "by indicator")),
        "changes": (
            "假设改动",
            "Figures changed",
            ", ".join(f"{k} = {v}" for k, v in study.changes.items()) or ("无" if zh else "none"),
        ),
        "as_of": ("数据截至", "Known up to", study.as_at or ("全部" if zh else "everything")),
        "n_draws": ("抽样次数", "Draws", study.n_draws),
        "seed": ("种子", "Seed", study.seed),
    }
    shown = [rows[name] for name in study.given if name in rows]
    made = pd.DataFrame(
        {
            "参数" if zh else "Parameter": [row[0 if zh else 1] for row in shown],
            "取值" if zh else "Value": [str(row[2]) for row in shown],
        }
    )
    made.attrs["name"] = "parameters"
    return made


def sources_text(study: Study) -> str:
    """Return the closing paragraph: document, sources of published figures, versions and seed."""
    plan, lang = study.plan, study.lang
    urls = sorted({(o.source, o.url) for o in plan.observations if o.url})
    cited = "\n".join(f"- {plain(source)} <{url}>" for source, url in urls)
    zh = lang == "zh"
    title, issuer = plain(plan.title[lang]), plain(plan.issuer[lang])
    head = f"{title}, {issuer}, {plain(plan.document_number or '')} {plan.date}".replace(",  ", ", ")
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("planmodel", "pandas", "numpy", "statsmodels", "matplotlib")
    )
    return (
        f"**{'出处' if zh else 'Sources'}**: {head}\n\n{cited}\n\n"
        f"{'版本' if zh else 'Versions'}: {versions}; {'种子' if zh else 'seed'} {study.seed}"
    )

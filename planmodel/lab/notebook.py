"""What the notebooks call: open a study from the parameters cell, show charts and tables, close with sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd

from planmodel.drivers import Given
from planmodel.lab.study import DEFAULTS, Study, check_parameters
from planmodel.tables.links import data_links
from planmodel.words import plain, said, word

RESULTS_MIME = "application/vnd.planmodel.tables.results+json"
"""The output by which a notebook hands its results to the batch."""
_checked_names = False
_of_study, _lang = "", "en"
"""Of the study that is open: the beginning of its files' names, and its language."""


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
            if type(value) in plain
            and not name.startswith("_")
            and not name.isupper()
            and name not in ("In", "Out")
        }
    study = check_parameters(parameters)
    _checked_names = True
    _of_study, _lang = _file_name(study), study.lang
    from planmodel.charts import use_style

    use_style()
    _show_figures_as_svg()
    return study


def _show_figures_as_svg() -> None:
    """Let figures of one's own show as SVG, their letters as text: a page holds them in a tenth of the bytes of a PNG."""
    from IPython import get_ipython
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    if get_ipython() is not None:
        set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})


def _file_name(study: Study) -> str:
    """Return what the names of a study's files begin with: the plans side by side, or the plan and the scenario."""
    if "plans" in study.given and len(study.plans) > 1:
        return "plans"
    scenario = (study.scenario.id,) if "scenario" in study.given else ()
    return "-".join((study.plan.name, *scenario))


def show(figure, data: pd.DataFrame, alt: str, lang: str, name: str = "chart") -> None:
    """Display a figure as SVG with a text alternative, and the figures behind it as files to download."""
    from IPython.display import HTML, display

    from planmodel.charts.style import svg as drawn

    svg = drawn(figure)
    display(
        {"image/svg+xml": svg[svg.index("<svg") :], "text/plain": alt},
        raw=True,
        metadata={"image/svg+xml": {"alt": alt}},
    )
    display(HTML(csv_link(data, lang, f"{name}-chart" if name != "chart" else name)))


def csv_link(data: pd.DataFrame, lang: str, name: str) -> str:
    """Return the links to a table's files, called by the study that is open."""
    return data_links(data, lang, "-".join(part for part in (_of_study, name) if part))


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


def say(text: str | Mapping[str, str], lang: str = "en") -> None:
    """Display a paragraph of markdown; a text by language in the one named."""
    from IPython.display import Markdown, display

    display(Markdown(said(text, lang)))


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
        "assumptions": ("假定", "Assumptions", given_text(study.assumptions, zh)),
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


def given_text(given: Given, zh: bool) -> str:
    """Return what the user assumes, for the table of parameters."""
    years = ("capital_output",)
    said = [
        f"{name} = {value:g}" if name in years else f"{name} = {100 * value:g}%"
        for name, value in given.values.items()
    ]
    if given.reading != "economy":
        said.append(f"reading = {given.reading}")
    return ", ".join(said) or ("按 data/assumptions.yaml" if zh else "as in data/assumptions.yaml")


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

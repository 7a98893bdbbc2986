"""What the notebooks call: open a study from the parameters cell, say and show, hand results over, close with sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd

from planmodel.charts import Chart, use_style
from planmodel.charts.letters import edged_letters, with_edges
from planmodel.errors import PlanmodelError
from planmodel.lab.parameters import parameters_given
from planmodel.lab.study import Study, check_parameters
from planmodel.words import LANGS, Joined, Phrase, phrase, plain, said

RESULTS_MIME = "application/vnd.planmodel.tables.results+json"
"""The output by which a notebook hands its results to the batch."""
PACKAGES = ("planmodel", "pandas", "numpy", "statsmodels", "matplotlib")


def open_study(namespace: Mapping[str, object]) -> Study:
    """Return the study of a notebook's parameters, given its globals(), and set the chart style.

    Errors: PlanmodelError, in the notebook's language, for a mistyped name or value in the parameters cell or among
    papermill's -p.
    """
    lang = str(namespace.get("lang", ""))
    try:
        study = check_parameters(parameters_given(namespace))
    except PlanmodelError as error:
        error.lang = lang if lang in LANGS else error.lang
        raise
    use_style()
    _show_figures_as_svg()
    return study


def _show_figures_as_svg() -> None:
    """Let figures of one's own show as SVG, their letters as text: a page holds them in a tenth of the bytes of a PNG."""
    from IPython import get_ipython
    from IPython.core.pylabtools import print_figure
    from matplotlib import pyplot
    from matplotlib.figure import Figure
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    def shown(figure: Figure) -> str:
        with edged_letters(figure):
            return with_edges(print_figure(figure, "svg", metadata={"Date": None, "Creator": None}))

    shell = get_ipython()
    if shell is not None:
        set_matplotlib_formats("svg")
        shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, shown)
        pyplot.switch_backend(pyplot.get_backend())
        pyplot.uninstall_repl_displayhook()  # it draws each figure once more, before it is shown


def say(text: str | Mapping[str, str], lang: str = "en") -> None:
    """Display a paragraph of markdown, a text by language in the one named; nothing where it is empty."""
    from IPython.display import Markdown, display

    if said(text, lang):
        display(Markdown(said(text, lang)))


def show(*charts: Chart, lang: str = "en") -> None:
    """Display charts one below the other; say so where there is none, or nothing in it."""
    drawn = [chart for chart in charts if not chart.data.empty]
    for chart in drawn:
        chart._ipython_display_()
    if not drawn:
        say(Phrase("lab.nothing"), lang)


def keep_results(data: pd.DataFrame) -> None:
    """Hand a table to the batch that runs the notebook; nothing is shown. Columns of plan and scenario may be there."""
    from IPython.display import display

    table = json.loads(data.to_json(orient="split", index=False))
    numbers = data.select_dtypes(["number", "bool"]).columns
    text = [name for name in data.columns if name not in numbers]
    display({RESULTS_MIME: {**table, "text": text}, "text/plain": ""}, raw=True)


def parameters_table(study: Study) -> pd.DataFrame:
    """Return the notebook's own parameters as a small table."""
    rows = study.card(study.lang).rows
    made = pd.DataFrame(rows, columns=[phrase(f"lab.{name}", study.lang) for name in ("parameter", "value")])
    made.attrs["name"] = "parameters"
    return made


def sources_text(study: Study) -> str:
    """Return the closing paragraph: document, sources of published figures, versions and seed."""
    plan, lang = study.plan, study.lang
    urls = sorted({(o.source, o.url) for o in plan.observations if o.url})
    cited = "\n".join(f"- {plain(source)} <{url}>" for source, url in urls)
    document = [
        plain(plan.title[lang]),
        plain(plan.issuer[lang]),
        plain(plan.document_number or ""),
        plan.date,
    ]
    head = phrase("lab.sources", lang, document=Joined(document, "commas"))
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    key = "lab.versions_seed" if "seed" in study.given else "lab.versions"
    return f"{head}\n\n{cited}\n\n" + phrase(key, lang, versions=versions, seed=study.seed)

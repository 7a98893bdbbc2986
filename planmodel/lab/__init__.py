"""What the notebooks call: open a study from the parameters cell, say and show, hand results over, close with sources."""

import json
import re
from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd

from planmodel.charts import Chart, use_style
from planmodel.charts.chart import image_of
from planmodel.charts.letters import edged_letters, with_edges
from planmodel.lab.cells import parameters_given
from planmodel.lab.study import Study, check_parameters
from planmodel.tables.reading import no_rows, read
from planmodel.words import Joined, Phrase, figure, link, phrase, plain, said
from planmodel.words.cards import Card

RESULTS_MIME = "application/vnd.planmodel.tables.results+json"
"""The output by which a notebook hands its results to the batch."""
PACKAGES = ("planmodel", "pandas", "numpy", "statsmodels", "matplotlib")
NOTHING = re.compile("<td>(NaN|None|NaT|&lt;NA&gt;)</td>")
WIDEST = 100  # letters of a cell of a frame


def open_study(namespace: Mapping[str, object]) -> Study:
    """Return the study of a notebook's parameters, given its globals(), and set the chart style.

    Errors: PlanmodelError, in the notebook's language, for a mistyped name or value in the parameters cell or among
    papermill's -p.
    """
    study = check_parameters(parameters_given(namespace))
    use_style()
    _show_for_reading(study.lang)
    return study


def _show_for_reading(lang: str) -> None:
    """Let frames and series show their numbers as tables do, and results speak a language; what they hold stays as it is.

    Figures of one's own show as SVG, their letters as text: a page holds them in a tenth of the bytes of a PNG.
    """
    from IPython import get_ipython
    from IPython.core.pylabtools import print_figure
    from matplotlib import pyplot
    from matplotlib.figure import Figure
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    def shown(figure: Figure) -> str:
        with edged_letters(figure):
            return with_edges(print_figure(figure, "svg", metadata={"Date": None, "Creator": None}))

    def described(figure: Figure) -> str:
        said_on = [(a.get_title(), a.get_ylabel(), *a.get_legend_handles_labels()[1]) for a in figure.axes]
        texts = dict.fromkeys(text for each in said_on for text in each if text)
        return image_of(shown(figure), ", ".join(texts) or phrase("lab.figure", lang))

    shell = get_ipython()
    if shell is None:
        return
    pd.set_option("display.float_format", figure, "display.max_colwidth", WIDEST)
    set_matplotlib_formats("svg")
    forms = shell.display_formatter.formatters
    forms["text/html"].for_type(pd.DataFrame, lambda frame: frame_html(frame, lang))
    forms["text/html"].for_type(
        pd.Series, lambda series: frame_html(series.to_frame(series.name or ""), lang)
    )
    forms["text/html"].for_type(Card, lambda card: card.card(getattr(card, "lang", lang))._repr_html_())
    forms["text/html"].for_type(Figure, described)
    forms["image/svg+xml"].for_type(Figure, shown)
    pyplot.switch_backend(pyplot.get_backend())
    pyplot.uninstall_repl_displayhook()  # it draws each figure once more, before it is shown


def frame_html(frame: pd.DataFrame, lang: str) -> str:
    """Return a frame as pandas shows it, without the names of what is missing; of one without rows that there are none.

    >>> "NaN" in frame_html(pd.DataFrame({"a": [1.5, None]}), "en"), frame_html(pd.DataFrame({"a": []}), "en")
    (False, '<p class="none">(none)</p>')
    """
    return NOTHING.sub("<td></td>", frame._repr_html_()) if len(frame) else no_rows(lang)


def say(text: str | Mapping[str, str], lang: str = "en") -> None:
    """Display a paragraph of markdown, a text by language in the one named; nothing where it is empty."""
    from IPython.display import Markdown, display

    if said(text, lang):
        display(Markdown(said(text, lang)))


def show(*charts: Chart, lang: str = "en") -> None:
    """Display charts one below the other; of one with nothing in it, and where there is none, say so."""
    for chart in charts:
        if chart.data.empty:
            say(f"*{plain(chart.alt)}*", lang)
        else:
            chart._ipython_display_()
    if not charts:
        say(Phrase("lab.nothing"), lang)


def keep_results(data: pd.DataFrame) -> None:
    """Hand a table to the batch that runs the notebook; nothing is shown. Columns of plan and scenario may be there."""
    from IPython.display import display

    table = json.loads(data.to_json(orient="split", index=False))
    numbers = data.select_dtypes(["number", "bool"]).columns
    text = [name for name in data.columns if name not in numbers]
    display({RESULTS_MIME: {**table, "text": text}, "text/plain": ""}, raw=True)


def sources_text(study: Study) -> str:
    """Return the closing paragraph: document, sources of published figures, versions and seed."""
    plan, lang = study.plan, study.lang
    urls = sorted({(o.source, o.url) for o in plan.observations if o.url})
    cited = "\n".join(f"- {plain(source)} {link(url)}" for source, url in urls)
    names = (plan.title[lang], plan.issuer[lang], plan.document_number or "")
    document = [*map(plain, names), plan.date]
    head = phrase("lab.sources", lang, document=Joined(document, "commas"))
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    key = "lab.versions_seed" if "seed" in study.given else "lab.versions"
    return f"{head}\n\n{cited}\n\n" + phrase(key, lang, versions=versions, seed=study.seed)

"""What the notebooks call: open a study from the parameters cell, say and show, hand results over, close with sources.

Loading it makes IPython say in one line where a parameter's quotes are missing.

IPython keeps the text of every cell that was run, so that each run is judged by the parameters cell as it stands then: a
name that was mistyped once and is corrected is forgotten, and variables of one's own, elsewhere, are never taken for
parameters. A value without its quotes is told in one line.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import pandas as pd

from planmodel.charts import Chart, use_style
from planmodel.charts.chart import image_of
from planmodel.charts.letters import edged_letters, with_edges
from planmodel.errors import Fault, PlanmodelError
from planmodel.lab.study import DEFAULTS, Study, check_parameters
from planmodel.tables.reading import no_rows, read
from planmodel.words import LANGS, Joined, Phrase, figure, link, phrase, plain, said
from planmodel.words.cards import Card

RESULTS_MIME = "application/vnd.planmodel.tables.results+json"
"""The output by which a notebook hands its results to the batch."""
PACKAGES = ("planmodel", "pandas", "numpy", "statsmodels", "matplotlib")
INJECTED = "# Parameters"
"""How the cell begins that papermill puts below the parameters cell."""
NOTHING = re.compile("<td>(NaN|None|NaT|&lt;NA&gt;)</td>")
WIDEST = 100  # letters of a cell of a frame
BARE = re.compile(r"^(\w+) *= *([^\W\d][\w\-, ]*?) *(?:#.*)?$", re.MULTILINE)
"""A name and a value of words without quotes; Python reads some of them, others (linhai-14fyp) not."""
WORD, LANG = re.compile(r"[^\W\d]\w*"), re.compile(r"^lang *= *[\"']?(\w+)", re.MULTILINE)
ENOUGH = 3
"""Parameters at or above which a cell that does nothing else is the parameters cell; plan and language alone are, too."""


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


def parameters_given(namespace: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters of a notebook by name, mistyped ones included, given its globals().

    Those of the latest parameters cell, of papermill's cell below it, and of the cell that calls; without a history of
    cells, whatever has the name of a parameter.
    """
    history = namespace.get("In")
    cells = [str(cell) for cell in history] if isinstance(history, Sequence) else []
    names = _names(cells)
    if names is None:
        names = list(DEFAULTS)
    elif cells:
        names += [name for name in _assigned(cells[-1]) if name in DEFAULTS]
    return {name: namespace[name] for name in names if name in namespace}


def _names(cells: Sequence[str]) -> list[str] | None:
    """The names that the latest parameters cell and papermill's give; None without such a cell."""
    names = None
    for source in cells:
        if source.startswith(INJECTED):
            names = [*(names or []), *_assigned(source)]
        elif is_parameters(source):
            names = list(_assigned(source))
    return names


def is_parameters(source: str) -> bool:
    """Return True for a cell that only assigns, to some parameters at least, the plan or the language among them.

    >>> is_parameters('plan = "a"\\nlang = "en"\\nsed = 1\\nseed = 1'), is_parameters('seed = 1\\nmine = 2')
    (True, False)
    """
    body = _body(source)
    known = {name for name in _assigned(source) if name in DEFAULTS}
    only = bool(body) and all(isinstance(node, ast.Assign) for node in body)
    named = known & {"plan", "lang"}
    return only and bool(named) and (len(known) >= ENOUGH or len(named) == 2)


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _assigned(source: str) -> dict[str, ast.expr]:
    """Names assigned at the top of a cell, with what is assigned."""
    assigned = (node for node in _body(source) if isinstance(node, ast.Assign))
    named = ((target, node.value) for node in assigned for target in node.targets)
    return {target.id: value for target, value in named if isinstance(target, ast.Name)}


def unquoted(source: str, known: Mapping[str, object]) -> list[Fault]:
    """Return the faults of a parameters cell whose values are words without quotes, whether Python can read them or not.

    >>> print(unquoted("plan = linhai-14fyp  # a plan\\nseed = 1\\nlang = 'en'", {})[0])
    plan: expected text in quotes, found linhai-14fyp. Write plan = "linhai-14fyp".
    """
    if not is_parameters(BARE.sub(r'\1 = "\2"', source)):
        return []
    faults = []
    for name, text in BARE.findall(source):
        words = WORD.findall(text)
        if any(word not in known and not hasattr(builtins, word) for word in words):
            do = Phrase("lab.quote_it", name=name, text=text)
            faults.append(Fault(name, Phrase("lab.quoted"), text, do=do))
    return faults


def watch_quotes() -> None:
    """Make this kernel say in one line that a parameter's quotes are missing; elsewhere than in IPython do nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and refuse_unquoted not in shell.input_transformers_post:
        shell.input_transformers_post.append(refuse_unquoted)


def refuse_unquoted(lines: list[str]) -> list[str]:
    """Return the lines of a cell as they are; raise for a parameters cell with words for texts, before it is run."""
    source, shell = "".join(lines), sys.modules["IPython"].get_ipython()
    faults = unquoted(source, shell.user_ns)
    if faults:
        error = PlanmodelError("", faults)
        lang = LANG.search(source)
        error.lang = lang[1] if lang and lang[1] in LANGS else "en"
        raise error
    return lines


watch_quotes()

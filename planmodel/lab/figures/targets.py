"""How a figure, its data and its text alternative are shown; goes when all charts are objects."""

from __future__ import annotations

import pandas as pd

from planmodel.charts.style import svg
from planmodel.lab.notebook import say
from planmodel.lab.study import Study
from planmodel.tables.links import data_links
from planmodel.words import Phrase


def nothing(study: Study) -> None:
    """Say that there is nothing to draw."""
    say(Phrase("lab.nothing"), study.lang)


def show(figure, data: pd.DataFrame, alt: str, lang: str, name: str = "chart") -> None:
    """Display a figure as SVG with a text alternative, and the figures behind it as files to download."""
    from IPython.display import HTML, display

    text = svg(figure)
    display(
        {"image/svg+xml": text[text.index("<svg") :], "text/plain": alt},
        raw=True,
        metadata={"image/svg+xml": {"alt": alt}},
    )
    display(HTML(data_links(data, lang, f"{name}-chart")))
